-- id:          delegated_admin_hosts_no_workloads
-- title:       No delegated administrator lives among workloads
-- severity:    high
-- frameworks:  cis_aws_7.0: 2.1.3; aws_sra: ou_structure
-- reads:       aws_organizations, aws_organizations_accounts, aws_organizations_organizational_units, aws_organizations_service_access, aws_organizations_delegated_administrators, aws_organizations_delegated_services, aws_organization_resource_policies, aws_organization_resource_policy_statements, aws_*_organization_admin_accounts, aws_ec2_regions, aws_delegation_services, aws_delegation_settings
-- why:         Whoever breaks into a workload of such an account, or deploys to it, has its power over the whole organization. And
--              the SCPs made for workloads are not those that an administrator needs.
-- decides:     Each ACTIVE member that holds something, by any method, is in none of the `workload_ous` of the spec nor below one,
--              and not directly at the root, where no OU sets it apart. Without `workload_ous` nothing is judged, the root
--              included: the spec has not said how this organization is laid out. An OU of the spec that does not exist lets nobody
--              pass. The management account is judged by management_account_holds_no_delegation; accounts that are not ACTIVE, or of
--              no organization, by delegated_admin_account_active.
-- unknown:     The spec names no workload OUs, or one that does not exist; the place of the account was not read; or a question was
--              not answered that may hide another administrator (then one row for the organization).
-- remediation: Move account {account_id} to an OU for security or infrastructure with `aws organizations move-account --account-id {account_id} --source-parent-id PARENT_ID --destination-parent-id OU_ID` and its workloads to other accounts, or make another account the administrator.
-- source:      https://docs.aws.amazon.com/whitepapers/latest/organizing-your-aws-environment/security-ou-and-accounts.html
with table_reads as materialized (
    select table_reads.source_name, table_reads.table_name, table_reads.was_read, table_reads.unknown_cause, table_reads.read_error
    from delegation.table_reads
    where table_reads.table_name in ('aws_organizations_accounts', 'aws_organizations_organizational_units')
),
sources as materialized (
    select
        asked.*,
        delegation.text_list(settings.workload_ous) as workload_ous,
        coalesce(account_read.was_read, false) and exists (select from delegation.accounts where accounts.source_name = asked.source_name) as were_accounts_read,
        coalesce(account_read.unknown_cause, 'unread') as accounts_cause,
        coalesce(account_read.read_error, 'organizations:ListAccounts gave no account; sync again') as accounts_error,
        coalesce(unit_read.was_read, false) as were_units_read,
        coalesce(unit_read.unknown_cause, 'unread') as units_cause,
        coalesce(unit_read.read_error, 'aws_organizations_organizational_units was not read') as units_error
    from delegation.asked_organizations(array['aws_delegation_settings']) as asked
    left join delegation.settings on settings.source_name = asked.source_name
    left join table_reads as account_read on account_read.source_name = asked.source_name and account_read.table_name = 'aws_organizations_accounts'
    left join table_reads as unit_read on unit_read.source_name = asked.source_name and unit_read.table_name = 'aws_organizations_organizational_units'
),
-- A slip of the pen in the spec would let everybody pass.
missing_units as materialized (
    select
        sources.source_name,
        string_agg(named.ou, ', ' order by named.ou collate "C") as ous
    from sources
    cross join lateral unnest(sources.workload_ous) as named (ou)
    where rtrim(named.ou, '/') <> ''
        and named.ou is distinct from sources.root_id
        and not exists (
            select
            from delegation.organizational_units as unit
            where unit.source_name = sources.source_name
                and (unit.organizational_unit_id = named.ou or rtrim(unit.ou_path, '/') = rtrim(named.ou, '/'))
        )
        -- Where the OUs were not read, those that have accounts are known all the same.
        and not exists (
            select
            from delegation.accounts
            where accounts.source_name = sources.source_name
                and delegation.is_below(named.ou, accounts.ou_path, accounts.id_path)
        )
    group by sources.source_name
),
held as materialized (
    select
        holders.source_name,
        holders.delegated_account_id,
        holders.delegated_account_id ~ '^[0-9]{12}$' as is_account,
        bool_or(coalesce(holders.is_management_account, false)) as is_management_account,
        string_agg(
            concat(holders.service_name, case when not holders.is_held then format(' (%s)', coalesce(nullif(array_to_string(holders.statuses, ', '), ''), 'not settled')) end),
            ', ' order by holders.service_name collate "C", holders.service_id collate "C"
        ) as service_names
    from delegation.holders
    group by holders.source_name, holders.delegated_account_id
),
-- An inner join first: on the other side of an outer one PostgreSQL works out the path of every account.
accounts as materialized (
    select accounts.*
    from held
    join delegation.accounts
        on accounts.source_name = held.source_name
        and accounts.account_id = held.delegated_account_id
),
placed as (
    select
        sources.*,
        held.delegated_account_id,
        held.is_account,
        held.is_management_account,
        held.service_names,
        accounts.account_id is not null as is_member,
        accounts.account_state,
        delegation.account_label(held.delegated_account_id, accounts.account_name, accounts.ou_path) as label,
        workload.ous,
        workload.is_open,
        coalesce(accounts.parent_id like 'r-%', false) or coalesce(accounts.ou_path = '/', false) or coalesce(accounts.id_path not like '%/%', false) as is_at_root,
        accounts.parent_id is null and accounts.ou_path is null and accounts.id_path is null as is_place_unknown
    from held
    join sources on sources.source_name = held.source_name
    left join accounts
        on accounts.source_name = held.source_name
        and accounts.account_id = held.delegated_account_id
    cross join lateral (
        select
            string_agg(named.ou, ' and ' order by named.ou collate "C") filter (where delegation.is_below(named.ou, accounts.ou_path, accounts.id_path)) as ous,
            bool_or(delegation.is_below(named.ou, accounts.ou_path, accounts.id_path) is null) as is_open
        from unnest(sources.workload_ous) as named (ou)
    ) as workload
    where sources.can_judge and sources.workload_ous is not null
),
weighed as (
    select
        placed.*,
        missing_units.ous as missing_ous,
        case
            when not placed.is_account or placed.is_management_account then 'elsewhere'
            when not placed.is_member then case when placed.were_accounts_read then 'elsewhere' else 'unread' end
            when placed.account_state in ('SUSPENDED', 'CLOSED', 'PENDING_CLOSURE', 'PENDING_ACTIVATION') then 'elsewhere'
            when placed.ous is not null then 'workloads'
            when placed.is_at_root then 'root'
            when placed.is_open or placed.is_place_unknown then 'open'
            when missing_units.ous is not null then 'misnamed'
            else 'apart'
        end as verdict
    from placed
    left join missing_units on missing_units.source_name = placed.source_name
),
of_holders as (
    select
        weighed.source_name,
        weighed.delegated_account_id as resource_id,
        case when weighed.is_account then weighed.delegated_account_id else weighed.account_id end as account_id,
        case
            when weighed.verdict = 'elsewhere' then 'not_applicable'
            when weighed.verdict in ('workloads', 'root') then 'fail'
            when weighed.verdict = 'apart' then 'pass'
            else 'unknown'
        end as status,
        case
            when not weighed.is_account then format('%s is a principal of the delegation policy and no single account; delegation_policy_principals_known judges it', weighed.label)
            when weighed.is_management_account then format('%s is the management account and holds %s; management_account_holds_no_delegation judges it', weighed.label, weighed.service_names)
            when weighed.verdict = 'elsewhere' and not weighed.is_member then format('%s holds %s and is no account of this organization; delegated_admin_account_active judges it', weighed.label, weighed.service_names)
            when weighed.verdict = 'elsewhere' then format('%s holds %s and is %s; delegated_admin_account_active judges it', weighed.label, weighed.service_names, weighed.account_state)
            when weighed.verdict = 'workloads' then format('%s holds %s and is in or below %s of `workload_ous`; move it to an OU of its own, or make another account the administrator', weighed.label, weighed.service_names, weighed.ous)
            when weighed.verdict = 'root' then format('%s holds %s and is directly at the root; move it to an OU of its own', weighed.label, weighed.service_names)
            when weighed.verdict = 'unread' then format('%s holds %s, and its place is not known: %s', weighed.label, weighed.service_names, weighed.accounts_error)
            when weighed.verdict = 'open' then format(
                '%s holds %s, and whether it is in or below %s is not known: its place was not read; let the role that syncs call organizations:ListRoots and organizations:ListOrganizationalUnitsForParent, and sync again',
                weighed.label, weighed.service_names, array_to_string(weighed.workload_ous, ' or ')
            )
            when weighed.verdict = 'misnamed' and weighed.were_units_read then format('%s holds %s, and %s of `workload_ous` is no OU of this organization, so that it may be among workloads; correct `workload_ous` in the spec, and sync again', weighed.label, weighed.service_names, weighed.missing_ous)
            when weighed.verdict = 'misnamed' then format('%s holds %s, and whether %s of `workload_ous` is an OU of this organization is not known: %s', weighed.label, weighed.service_names, weighed.missing_ous, weighed.units_error)
            else format('%s holds %s and is neither in or below %s nor directly at the root', weighed.label, weighed.service_names, array_to_string(weighed.workload_ous, ' or '))
        end as reason,
        case
            when weighed.verdict = 'unread' then weighed.accounts_cause
            when weighed.verdict = 'misnamed' then case when weighed.were_units_read then 'not_configured' else weighed.units_cause end
            else 'unread'
        end as open_cause
    from weighed
),
of_organizations as (
    select
        sources.source_name,
        sources.resource_id,
        sources.account_id,
        'unknown' as status,
        'the spec does not say where workloads are; add `workload_ous: [''/Workloads'']` with your OUs to it, and sync again' as reason,
        'not_configured' as open_cause
    from sources
    where sources.can_judge and sources.workload_ous is null
    union all
    select
        sources.source_name,
        sources.resource_id,
        sources.account_id,
        'unknown',
        format('whether any other account holds a delegation is not known: %s', unseen_delegations.read_error),
        unseen_delegations.unknown_cause
    from delegation.unseen_delegations
    join sources on sources.source_name = unseen_delegations.source_name
    where sources.can_judge and sources.workload_ous is not null
),
judged as (
    select * from of_holders
    union all
    select * from of_organizations
)
select
    sources.organization_id,
    coalesce(judged.account_id, sources.account_id) as account_id,
    null::text as region,
    coalesce(judged.resource_id, sources.resource_id) as resource_id,
    coalesce(judged.status, sources.status, 'not_applicable') as status,
    coalesce(judged.reason, sources.reason, format('no account of %s holds a delegation', sources.organization_id)) as reason,
    case coalesce(judged.status, sources.status) when 'unknown' then coalesce(judged.open_cause, sources.unknown_cause) end as unknown_cause
from sources
left join judged on judged.source_name = sources.source_name
order by organization_id, resource_id;
