import type { ClientBase } from 'pg';
import { settingsForManyAccounts } from './settings.js';

/** A row of one of {@link pageSets}; its `source_name` says of which organization it speaks. */
export type PageRow = Readonly<Record<string, unknown>>;

/** All that the HTML page shows beside the verdicts, set by set. */
export interface PageRows {
  readonly sets: Readonly<Record<PageSet, readonly PageRow[]>>;
  /** Null where this database keeps no history yet. */
  readonly drift: readonly PageRow[] | null;
  /** UTC, as text: from when on changes are in it. */
  readonly changesSince: string;
}

/** How far back changes of verdicts and the history go. CloudTrail keeps as many days. */
const changeDays = 90;

const utc = (column: string): string => `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;

/** As `from delegation.x as x`, one query each; all of every source. */
const pageSets = {
  organizations: `select
      organizations.source_name,
      organizations.organization_id,
      organizations.management_account_id,
      organizations.asking_account_id,
      organizations.partition,
      organizations.feature_set,
      organizations.service_control_policy_status as scp_status,
      organizations.root_id,
      ${utc('organizations.sync_time')} as sync_time,
      organizations.was_read,
      organizations.is_absent,
      organizations.read_error,
      coalesce(settings.max_age_hours, 24) as max_age_hours,
      settings.events_lookback_days as lookback_days
    from delegation.organizations
    left join delegation.settings on settings.source_name = organizations.source_name
    order by organizations.organization_id, organizations.source_name`,
  regions: `select enabled_regions.source_name, enabled_regions.region
    from delegation.enabled_regions
    order by enabled_regions.region collate "C"`,
  accounts: `select accounts.source_name, accounts.account_id as id, accounts.account_name as name, accounts.account_state as state, accounts.id_path
    from delegation.accounts
    order by accounts.account_id collate "C"`,
  units: `select units.source_name, units.organizational_unit_id as id, units.name, units.ou_path as path, units.id_path, units.parent_id
    from delegation.organizational_units as units
    order by units.id_path collate "C"`,
  policies: `select
      policy._cq_source_name as source_name,
      policy.id,
      policy.name,
      policy.type,
      coalesce(policy.aws_managed, false) as is_aws_managed,
      case
        -- AWS attaches it everywhere, lets nobody detach it, and so it is not asked.
        when policy.id = 'p-RCPFullAWSAccess' then 'everywhere'
        when unread.source_name is not null then 'unread'
        else 'listed'
      end as attachment,
      coalesce(targets.ids, '{}') as targets
    from delegation.current_aws_organizations_policies as policy
    left join (
      select target._cq_source_name as source_name, target.policy_id, array_agg(target.target_id order by target.target_id collate "C") as ids
      from delegation.current_aws_organizations_policy_targets as target
      group by target._cq_source_name, target.policy_id
    ) as targets on targets.source_name = policy._cq_source_name and targets.policy_id = policy.id
    left join (
      select distinct reads.source_name, reads.scope
      from delegation.reads
      where reads.table_name = 'aws_organizations_policy_targets' and reads.outcome not in ('ok', 'absent')
    ) as unread on unread.source_name = policy._cq_source_name and unread.scope in ('', policy.id)
    order by policy.type collate "C", policy.name collate "C", policy.id collate "C"`,
  // The accounts of a class are the same in each of its rows.
  guardrails: `select
      class.source_name,
      class.class_id,
      class.control,
      class.denial,
      class.reason,
      case when row_number() over (partition by class.source_name, class.class_id order by class.control collate "C") = 1 then class.account_ids end as account_ids
    from delegation.class_guardrails as class
    order by class.class_id, class.control collate "C"`,
  services: `select
      services.source_name,
      services.service_id as id,
      services.service_name as name,
      services.category,
      services.is_security_service as is_security,
      services.methods,
      coalesce(services.is_regional, false) as is_regional,
      services.group_id as "group",
      services.group_name,
      delegation.as_list(services.service_principals) as principals,
      services.max_delegated_admins::integer as max_administrators,
      coalesce(not services.must_be_same_account_across_regions, false) as may_differ,
      catalogue.notes,
      services.administrator_power as power,
      services.administrator_can as can,
      services.administrator_cannot as cannot,
      service_use.is_used,
      coalesce(service_use.use_reason, service_use.use_read_error) as use_reason,
      service_use.owner_names as owners,
      ${utc('trusted.since')} as trusted_since,
      trusted.service_id is not null as is_trusted
    from delegation.services
    left join delegation.current_aws_delegation_services as catalogue
      on catalogue._cq_source_name = services.source_name and catalogue.service_id = services.service_id
    left join delegation.service_use
      on service_use.source_name = services.source_name and service_use.service_id = services.service_id
    left join (
      select trusted_access.source_name, trusted_access.service_id, min(trusted_access.date_enabled) as since
      from delegation.trusted_access
      group by trusted_access.source_name, trusted_access.service_id
    ) as trusted on trusted.source_name = services.source_name and trusted.service_id = services.service_id
    order by not services.is_security_service, services.category collate "C", services.service_name collate "C"`,
  delegations: `select
      delegations.source_name,
      delegations.service_id as service,
      delegations.service_name,
      delegations.category,
      delegations.method,
      delegations.region,
      delegations.delegated_account_id as account,
      delegations.account_name,
      delegations.ou_path as path,
      delegations.account_state as state,
      delegations.is_management_account as is_management,
      ${utc('delegations.since')} as since,
      delegations.status,
      delegations.is_held,
      delegations.service_principal as principal
    from delegation.delegations
    order by delegations.category <> 'security', delegations.service_name collate "C", delegations.method collate "C", delegations.delegated_account_id collate "C", delegations.region collate "C"`,
  questions: `select
      service_regions.source_name,
      service_regions.service_id as service,
      service_regions.method,
      service_regions.region,
      service_regions.was_read,
      service_regions.unknown_cause as cause,
      service_regions.read_error as error
    from delegation.service_regions
    order by 2, 3, 4`,
  openQuestions: `select
      open_questions.source_name,
      open_questions.service_id as service,
      open_questions.service_name,
      open_questions.method,
      open_questions.unknown_cause as cause,
      min(open_questions.read_error) as error,
      array_agg(open_questions.region order by open_questions.region collate "C") as regions
    from delegation.open_questions
    group by 1, 2, 3, 4, 5, case when open_questions.region is null then open_questions.read_error end
    order by 5 desc, 3, 4`,
  enrolments: `select
      configurations.source_name,
      configurations.service_id as service,
      configurations.admin_account_id as account,
      configurations.enrolment,
      configurations.setting,
      case when configurations.enrolment is null then min(configurations.enrolment_problem) end as problem,
      array_agg(configurations.region order by configurations.region collate "C") as regions
    from delegation.organization_configurations as configurations
    where configurations.enrolment is not null or configurations.enrolment_cause is not null
    group by 1, 2, 3, 4, 5
    order by 2, 3, 4`,
  scopes: `select administrators.source_name, administrators.service_id as service, administrators.admin_account_id as account, administrators.scope
    from delegation.service_administrators as administrators
    where administrators.scope is not null
    order by 2, 3`,
  // Of an owner that is half of the organization a number says enough.
  owners: `select
      owners.source_name,
      owners.owner,
      min(owners.selectors) as selectors,
      coalesce((array_agg(owners.account_id order by owners.account_id collate "C") filter (where owners.account_id is not null))[1:50], '{}') as accounts,
      max(owners.account_count)::integer as account_count
    from delegation.owners
    group by owners.source_name, owners.owner
    order by owners.owner collate "C"`,
  policyStates: `select resource_policies.source_name, resource_policies.status, resource_policies.reason, resource_policies.is_absent
    from delegation.resource_policies`,
  grants: `select
      grants.source_name,
      grants.statement_index as statement,
      grants.sid,
      grants.principal,
      grants.is_not_principal,
      grants.delegated_account_id as account,
      grants.action_group as "group",
      grants.policy_types,
      grants.resources,
      grants.not_resources,
      grants.conditions,
      grants.is_denied,
      grants.is_conditional,
      grants.is_policy_work,
      array_agg(distinct grants.action) as actions
    from delegation.resource_policy_grants as grants
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14
    order by 2, 4, 7`,
  principals: `select
      principals.source_name,
      principals.principal,
      principals.account_id as account,
      principals.account_name,
      principals.ou_path as path,
      principals.is_found,
      principals.is_pattern,
      principals.is_management_account as is_management,
      principals.statements
    from delegation.resource_policy_principals as principals
    order by principals.account_name collate "C", principals.principal collate "C"`,
  approvals: `select
      approvals.source_name,
      approvals.has_approval,
      approvals.has_delegation,
      coalesce(approvals.service_id, approvals.approved_service) as service,
      approvals.service_name,
      coalesce(approvals.method, approvals.approved_method) as method,
      coalesce(approvals.delegated_account_id, approvals.approved_principal) as account,
      approvals.granted_principal as principal,
      approvals.approved_by,
      to_char(approvals.approved_on, 'YYYY-MM-DD') as approved_on,
      to_char(approvals.review_by, 'YYYY-MM-DD') as review_by,
      approvals.reason,
      coalesce(array_agg(distinct coalesce(approvals.region, approvals.approved_region)) filter (where coalesce(approvals.region, approvals.approved_region) is not null), '{}') as regions
    from delegation.approvals
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
    order by 2, 3 desc, 5, 7, 6`,
  changes: `select
      changes.source_name,
      ${utc('changes.changed_at')} as at,
      changes.region,
      changes.event_id,
      changes.action,
      changes.category,
      changes.service_name,
      changes.principal,
      changes.session_name as session,
      changes.source_ip_address as address,
      changes.target_type,
      changes.target_id as target,
      changes.target_name,
      changes.was_allowed,
      changes.error_code,
      changes.before,
      changes.after,
      changes.is_significant,
      changes.is_in_window,
      changes.approved_by,
      changes.risk
    from delegation.changes
    order by changes.changed_at desc, changes.event_id collate "C"`,
  // A message that differs only by Region or account is told once.
  reads: `select
      reads.source_name,
      reads.table_name as "table",
      reads.operation,
      reads.outcome,
      reads.error_code as code,
      min(reads.error_message) as message,
      count(*)::integer as count,
      coalesce(array_agg(distinct reads.region) filter (where reads.region <> ''), '{}') as regions,
      array_agg(distinct reads.account_id) as accounts,
      coalesce(sum(reads.request_count), 0)::integer as requests,
      coalesce(sum(reads.row_count), 0)::integer as rows
    from delegation.reads
    group by 1, 2, 3, 4, 5, case when reads.outcome in ('denied', 'failed') then reads.error_message end
    order by array_position(array['failed', 'denied', 'skipped'], reads.outcome), 2, 3, 4, 5`,
  tables: `select
      table_reads.source_name,
      table_reads.table_name as name,
      table_reads.was_read,
      table_reads.is_absent,
      table_reads.unknown_cause as cause,
      table_reads.read_error as error
    from delegation.table_reads
    -- The reads do not count themselves.
    where table_reads.table_name <> 'aws_delegation_reads'
    order by table_reads.was_read, 2`,
} as const;

export type PageSet = keyof typeof pageSets | 'resultChanges';

/** In the transaction that is open, so that verdicts and what they are about are of one moment. */
export async function loadPage(client: ClientBase): Promise<PageRows> {
  await client.query(settingsForManyAccounts);
  // What many of the sets stand on is worked out once.
  await client.query('select delegation.note_views()');
  const rowsOf = async (sql: string): Promise<PageRow[]> => (await client.query<PageRow>(sql)).rows;
  const sets = { resultChanges: await resultChanges(client) } as Record<PageSet, PageRow[]>;
  for (const [name, sql] of Object.entries(pageSets)) sets[name as keyof typeof pageSets] = await rowsOf(sql);
  const [since] = await rowsOf(`select ${utc(`now() at time zone 'UTC' - interval '${changeDays} days'`)} as since`);
  const history = await drift(client);
  await client.query('select delegation.forget_views()');
  return { sets, drift: history, changesSince: String(since?.['since']) };
}

/** The first run is no change; what is the same but for its resource is one row. */
async function resultChanges(client: ClientBase): Promise<PageRow[]> {
  const { rows: found } = await client.query<{ is_there: boolean }>(
    `select to_regclass('aws_policy_result_changes') is not null as is_there`,
  );
  if (found[0]?.is_there !== true) return [];
  const { rows } = await client.query<PageRow>(
    `select
      organization_id,
      ${utc("changed_at at time zone 'UTC'")} as at,
      check_id as rule,
      old_status as before,
      new_status as after,
      count(*)::integer as count,
      min(resource_id) as resource,
      min(reason) as reason
    from aws_policy_result_changes
    where changed_at >= now() - interval '${changeDays} days'
    group by organization_id, changed_at, check_id, old_status, new_status
    order by changed_at desc, check_id, old_status, new_status`,
  );
  return rows;
}

async function drift(client: ClientBase): Promise<PageRow[] | null> {
  const { rows: found } = await client.query<{ is_there: boolean }>(
    `select to_regprocedure('delegation.drift(timestamptz, timestamptz)') is not null as is_there`,
  );
  if (found[0]?.is_there !== true) return null;
  const { rows } = await client.query<PageRow>(
    `select
      source_name,
      organization_id,
      ${utc("at at time zone 'UTC'")} as at,
      kind,
      service_id as service,
      service_name,
      method,
      account_id as account,
      account_name,
      rule_id as rule,
      case when count(*) = 1 then min(resource_id) end as resource,
      before,
      after,
      min(event_id) as event_id,
      ${utc("min(event_time) at time zone 'UTC'")} as event_time,
      min(actor) as actor,
      count(*)::integer as count,
      coalesce(array_agg(distinct region) filter (where region is not null), '{}') as regions
    from delegation.drift(now() - interval '${changeDays} days', now())
    group by source_name, organization_id, at, kind, service_id, service_name, method, account_id, account_name, rule_id, before, after, event_id
    order by at desc, kind, service_name, account_name`,
  );
  return rows;
}
