-- id:          detection_and_execution_separated
-- title:       No account both watches members and runs code in them
-- severity:    high
-- frameworks:  aws_sra: security_tooling_account
-- reads:       aws_organizations, aws_organizations_delegated_administrators, aws_organizations_delegated_services, aws_guardduty_organization_admin_accounts, aws_securityhub_organization_admin_accounts, aws_ec2_regions, aws_delegation_services, aws_delegation_settings
-- why:         Who can act in every member and also blind what would notice it leaves no trace. With the two in different accounts, a
--              break-in into one is seen by the other.
-- decides:     Only with `separation_of_duties: true` in the spec. For each account that administers GuardDuty, Security Hub (either),
--              CloudTrail or Config, or StackSets, Systems Manager (or its Quick Setup), Identity Center or IAM root access, through
--              Organizations or by the service itself in any Region: it holds none of the first or none of the second. The management
--              account can act in every member and take every detection away by itself, so whatever it holds of these fails.
--              Accounts that are not ACTIVE are not judged.
-- unknown:     A question was not answered that could show the other side in the hands of the same account, or of an account that
--              shows nowhere yet.
-- remediation: Make another account the administrator of one of the two sides; docs/services has the commands for each service that
--              the reason names. The catalogue recommends infosec for GuardDuty as well as for Identity Center and root access:
--              name the other owner in the spec, `expectations: {identity-center: [identity], iam-root-access: [identity]}`.
-- source:      https://docs.aws.amazon.com/prescriptive-guidance/latest/security-reference-architecture/dedicated-accounts.html
with sides (service_id, side) as (
    values
        ('guardduty', 'detection'),
        ('security-hub', 'detection'),
        ('security-hub-cspm', 'detection'),
        ('cloudtrail', 'detection'),
        ('config', 'detection'),
        ('stacksets', 'execution'),
        ('systems-manager', 'execution'),
        ('systems-manager-quick-setup', 'execution'),
        ('identity-center', 'execution'),
        ('iam-root-access', 'execution')
),
asked as materialized (
    select asked_organizations.*, coalesce(settings.separation_of_duties, false) as is_wanted
    from delegation.asked_organizations(array['aws_delegation_settings']) as asked_organizations
    left join delegation.settings on settings.source_name = asked_organizations.source_name
),
table_reads as materialized (
    select table_reads.*
    from delegation.table_reads
    where table_reads.table_name in ('aws_organizations_accounts', 'aws_organizations_delegated_administrators', 'aws_organizations_delegated_services', 'aws_delegation_services')
),
services as materialized (
    select
        asked.source_name,
        sides.service_id,
        sides.side,
        services.group_id
    from asked
    cross join sides
    left join delegation.services
        on services.source_name = asked.source_name
        and services.service_id = sides.service_id
    where asked.can_judge
        and asked.is_wanted
),
holdings as materialized (
    select
        services.source_name,
        services.side,
        services.group_id,
        delegations.method,
        delegations.service_name,
        delegations.delegated_account_id as account_id,
        coalesce(bool_or(delegations.is_management_account), false) as is_management_account,
        bool_or(delegations.is_held) as is_held,
        string_agg(distinct delegations.status collate "C", ' and ' order by delegations.status collate "C") as statuses
    from services
    join delegation.delegations
        on delegations.source_name = services.source_name
        -- Whoever is registered with a principal that services share holds each of them.
        and delegations.service_id = case when delegations.method = 'organizations' then services.group_id else services.service_id end
    group by services.source_name, services.side, services.group_id, delegations.method, delegations.service_name, delegations.delegated_account_id
),
named as materialized (
    select
        holdings.*,
        concat(holdings.service_name, case when not holdings.is_held then format(' (with status %s)', coalesce(holdings.statuses, 'unknown')) end) collate "C" as label
    from holdings
    where holdings.method <> 'organizations'
        -- Of a shared principal a reason names the services that name the account themselves, where one does.
        or not exists (
            select
            from holdings as itself
            where itself.source_name = holdings.source_name
                and itself.side = holdings.side
                and itself.group_id = holdings.group_id
                and itself.account_id = holdings.account_id
                and itself.method = 'service'
        )
),
names as materialized (
    select
        named.source_name,
        named.account_id,
        string_agg(distinct named.label, ', ' order by named.label) filter (where named.side = 'detection') as detection_names,
        string_agg(distinct named.label, ', ' order by named.label) filter (where named.side = 'execution') as execution_names
    from named
    group by named.source_name, named.account_id
),
-- What an administrator of one service may hold besides was not read for this one, or for all of them.
service_list_problems as materialized (
    select
        reads.source_name,
        reads.scope as account_id,
        min(delegation.read_problem(reads.outcome, reads.table_name, reads.operation, reads.region, reads.scope, reads.error_code, reads.error_message)) as problem,
        bool_or(reads.outcome in ('denied', 'failed')) as is_unread
    from delegation.reads
    where reads.table_name = 'aws_organizations_delegated_services'
        and reads.outcome not in ('ok', 'absent')
    group by reads.source_name, reads.scope
),
open_for_all as materialized (
    select
        table_reads.source_name,
        case when bool_or(table_reads.unknown_cause = 'unread') then 'unread' else 'not_configured' end as unknown_cause,
        min(table_reads.read_error) as problem
    from table_reads
    where not table_reads.was_read
        and (
            table_reads.table_name in ('aws_organizations_delegated_administrators', 'aws_delegation_services')
            or table_reads.table_name = 'aws_organizations_delegated_services' and (
                exists (select from service_list_problems where service_list_problems.source_name = table_reads.source_name and service_list_problems.account_id = '')
                or not exists (select from service_list_problems where service_list_problems.source_name = table_reads.source_name)
            )
        )
    group by table_reads.source_name
),
open_questions as (
    select
        services.source_name,
        services.side,
        asked_itself.unknown_cause,
        asked_itself.read_error as problem
    from services
    join delegation.service_regions as asked_itself
        on asked_itself.source_name = services.source_name
        and asked_itself.service_id = services.service_id
        and asked_itself.method <> 'organizations'
    where not asked_itself.was_read
    union all
    select services.source_name, services.side, open_for_all.unknown_cause, open_for_all.problem
    from services
    join open_for_all on open_for_all.source_name = services.source_name
    union all
    select services.source_name, services.side, 'unread', format('the catalogue has no %s; sync again with this version', services.service_id)
    from services
    where services.group_id is null
        -- Where it was not read at all, that is said above.
        and services.source_name not in (select open_for_all.source_name from open_for_all)
),
open_sides as materialized (
    select
        open_questions.source_name,
        open_questions.side,
        case
            when bool_or(open_questions.unknown_cause = 'unread') then 'unread'
            when bool_or(open_questions.unknown_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause,
        min(open_questions.problem) as problem
    from open_questions
    group by open_questions.source_name, open_questions.side
),
candidates as (
    select holdings.source_name, holdings.account_id
    from holdings
    union
    -- An administrator of something: of what is not known.
    select service_list_problems.source_name, service_list_problems.account_id
    from service_list_problems
    where service_list_problems.account_id <> ''
),
held_accounts as (
    select
        candidates.source_name,
        candidates.account_id,
        coalesce(bool_or(holdings.is_management_account), false) as is_management_account,
        coalesce(bool_or(holdings.side = 'detection' and holdings.is_held), false) as has_detection,
        coalesce(bool_or(holdings.side = 'execution' and holdings.is_held), false) as has_execution,
        coalesce(bool_or(holdings.side = 'detection'), false) as may_have_detection,
        coalesce(bool_or(holdings.side = 'execution'), false) as may_have_execution,
        names.detection_names,
        names.execution_names
    from candidates
    left join holdings on holdings.source_name = candidates.source_name and holdings.account_id = candidates.account_id
    left join names on names.source_name = candidates.source_name and names.account_id = candidates.account_id
    group by candidates.source_name, candidates.account_id, names.detection_names, names.execution_names
),
findings as (
    select
        held_accounts.*,
        asked.organization_id,
        accounts.account_state,
        concat(
            delegation.account_label(held_accounts.account_id, accounts.account_name, accounts.ou_path),
            case when held_accounts.is_management_account then ', the management account,' end,
            case when accounts.account_id is null and coalesce(account_read.was_read, false) then ', which is no account of this organization,' end
        ) as label,
        concat_ws('; ', own.problem, open_detection.problem) as detection_problem,
        concat_ws('; ', own.problem, open_execution.problem) as execution_problem,
        case when own.is_unread then 'unread' when own.account_id is not null then coalesce(nullif(open_detection.unknown_cause, 'not_observable'), 'not_configured') else open_detection.unknown_cause end as detection_cause,
        case when own.is_unread then 'unread' when own.account_id is not null then coalesce(nullif(open_execution.unknown_cause, 'not_observable'), 'not_configured') else open_execution.unknown_cause end as execution_cause,
        case
            when accounts.account_state in ('PENDING_ACTIVATION', 'SUSPENDED', 'PENDING_CLOSURE', 'CLOSED') then 'not active'
            when held_accounts.is_management_account and (held_accounts.has_detection or held_accounts.has_execution) then 'management'
            when held_accounts.has_detection and held_accounts.has_execution then 'both'
            when held_accounts.may_have_detection and held_accounts.may_have_execution then 'perhaps both'
            when held_accounts.is_management_account then 'perhaps management'
            when not held_accounts.may_have_detection and not held_accounts.may_have_execution then 'nothing read'
            when not held_accounts.may_have_execution and (own.account_id is not null or open_execution.source_name is not null) then 'execution not read'
            when not held_accounts.may_have_detection and (own.account_id is not null or open_detection.source_name is not null) then 'detection not read'
            else 'one'
        end as finding
    from held_accounts
    join asked on asked.source_name = held_accounts.source_name
    left join delegation.accounts on accounts.source_name = held_accounts.source_name and accounts.account_id = held_accounts.account_id
    left join table_reads as account_read on account_read.source_name = held_accounts.source_name and account_read.table_name = 'aws_organizations_accounts'
    left join service_list_problems as own on own.source_name = held_accounts.source_name and own.account_id = held_accounts.account_id
    left join open_sides as open_detection on open_detection.source_name = held_accounts.source_name and open_detection.side = 'detection'
    left join open_sides as open_execution on open_execution.source_name = held_accounts.source_name and open_execution.side = 'execution'
    where asked.can_judge
        and asked.is_wanted
),
of_accounts as (
    select
        findings.organization_id,
        findings.account_id,
        findings.account_id as resource_id,
        case
            when findings.finding = 'not active' then 'not_applicable'
            when findings.finding in ('management', 'both') then 'fail'
            when findings.finding = 'one' then 'pass'
            else 'unknown'
        end as status,
        case findings.finding
            when 'not active' then format('%s is %s; only ACTIVE accounts are judged (it is named for %s)', findings.label, findings.account_state, coalesce(nullif(concat_ws(', ', findings.detection_names, findings.execution_names), ''), 'services that were not read'))
            when 'management' then format('%s can act in every member and take every detection away by itself, and it holds %s; make a member the administrator', findings.label, concat_ws(', ', findings.detection_names, findings.execution_names))
            when 'both' then format('%s holds both what detects (%s) and what acts in members (%s); make another account the administrator of one side', findings.label, findings.detection_names, findings.execution_names)
            when 'perhaps both' then format('%s is named both for what detects (%s) and for what acts in members (%s), and not all of it is settled; settle it, and sync again', findings.label, findings.detection_names, findings.execution_names)
            when 'perhaps management' then format('%s is named for %s, which is not settled; settle it, and sync again', findings.label, concat_ws(', ', findings.detection_names, findings.execution_names))
            when 'nothing read' then format('what %s holds is not known: %s', findings.label, concat_ws('; ', findings.detection_problem, nullif(findings.execution_problem, findings.detection_problem)))
            when 'execution not read' then format('%s holds %s; whether it also holds what acts in members is not known: %s', findings.label, findings.detection_names, findings.execution_problem)
            when 'detection not read' then format('%s holds %s; whether it also holds what detects is not known: %s', findings.label, findings.execution_names, findings.detection_problem)
            else format(
                '%s holds %s, and nothing that %s',
                findings.label,
                coalesce(findings.detection_names, findings.execution_names),
                case when findings.may_have_detection then 'acts in members' else 'detects' end
            )
        end as reason,
        case findings.finding
            when 'perhaps both' then 'not_observable'
            when 'perhaps management' then 'not_observable'
            when 'nothing read' then case when 'unread' in (findings.detection_cause, findings.execution_cause) then 'unread' else 'not_configured' end
            when 'execution not read' then findings.execution_cause
            when 'detection not read' then findings.detection_cause
        end as unknown_cause
    from findings
),
of_organizations as (
    select
        asked.organization_id,
        asked.account_id,
        asked.resource_id,
        case
            when not asked.can_judge then asked.status
            when open_detection.source_name is not null and open_execution.source_name is not null and asked.is_wanted then 'unknown'
            else 'not_applicable'
        end as status,
        case
            when not asked.can_judge then asked.reason
            when not asked.is_wanted then 'the spec does not ask for it; `separation_of_duties: true` does'
            when open_detection.source_name is not null and open_execution.source_name is not null
                then format('whether an account that shows nowhere yet holds both sides is not known: %s', concat_ws('; ', open_detection.problem, nullif(open_execution.problem, open_detection.problem)))
            else 'no account holds any of the services that detect or that act in members'
        end as reason,
        case
            when not asked.can_judge then asked.unknown_cause
            when asked.is_wanted and open_detection.source_name is not null and open_execution.source_name is not null then case
                -- Either side, once read, would settle it.
                when 'unread' in (open_detection.unknown_cause, open_execution.unknown_cause) then 'unread'
                when 'not_configured' in (open_detection.unknown_cause, open_execution.unknown_cause) then 'not_configured'
                else 'not_observable'
            end
        end as unknown_cause
    from asked
    left join open_sides as open_detection on open_detection.source_name = asked.source_name and open_detection.side = 'detection'
    left join open_sides as open_execution on open_execution.source_name = asked.source_name and open_execution.side = 'execution'
    where not asked.can_judge
        or not asked.is_wanted
        or open_detection.source_name is not null and open_execution.source_name is not null
        or not exists (select from findings where findings.source_name = asked.source_name)
)
select
    of_accounts.organization_id,
    of_accounts.account_id,
    null::text as region,
    of_accounts.resource_id,
    of_accounts.status,
    of_accounts.reason,
    of_accounts.unknown_cause
from of_accounts
union all
select
    of_organizations.organization_id,
    of_organizations.account_id,
    null::text as region,
    of_organizations.resource_id,
    of_organizations.status,
    of_organizations.reason,
    of_organizations.unknown_cause
from of_organizations
order by organization_id, resource_id;
