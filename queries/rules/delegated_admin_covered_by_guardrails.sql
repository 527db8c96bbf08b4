-- id:          delegated_admin_covered_by_guardrails
-- title:       Accounts that hold a delegation cannot leave the organization
-- severity:    medium
-- frameworks:  cis_aws_7.0: 2.1.2; aws_sra: organization_policies
-- reads:       aws_organizations, aws_organizations_roots, aws_organizations_accounts, aws_organizations_policies, aws_organizations_policy_targets, aws_organizations_service_access, aws_organizations_delegated_administrators, aws_organization_resource_policies, aws_organization_resource_policy_statements, aws_*_organization_admin_accounts, aws_ec2_regions, aws_delegation_services
-- why:         An account that administers a service for the whole organization is the one that must not slip out of its guardrails;
--              and an OU of its own is where an SCP is easily forgotten.
-- decides:     For each account that holds any delegation, by any method and in any Region, whether organizations:LeaveOrganization is
--              effectively denied there, as scp_prevents_leaving has it. Only ACTIVE members are judged: SCPs never bind the
--              management account (management_account_holds_no_delegation judges that one), and a holder that is suspended or no
--              member is judged by delegated_admin_account_active and delegation_policy_principals_known.
-- unknown:     What decides the guardrail of that account was not read; or a read of administrators is missing, so that there may be
--              holders that nobody saw (one row for the organization).
-- remediation: Attach an SCP with `{"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}` to the root or to the OU of that account: `aws organizations attach-policy --policy-id <policy> --target-id <root, OU or account>`.
-- source:      https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html
with asked as materialized (
    select asked_organizations.*
    from delegation.asked_organizations(array[]::text[]) as asked_organizations
),
table_reads as materialized (
    select table_reads.*
    from delegation.table_reads
),
held as (
    select delegations.source_name, delegations.delegated_account_id as account_id, delegations.service_name
    from delegation.delegations
    union
    -- Which services it administers may not have been read.
    select administrator._cq_source_name, administrator.id, null
    from delegation.current_aws_organizations_delegated_administrators as administrator
),
holders as materialized (
    select
        held.source_name,
        held.account_id,
        count(held.service_name) as service_count,
        (array_agg(held.service_name order by held.service_name collate "C") filter (where held.service_name is not null))[1:3] as service_names
    from held
    where held.account_id is not null
    group by held.source_name, held.account_id
),
verdicts as materialized (
    select verdict.source_name, verdict.account_id, verdict.denial, verdict.reason, verdict.unknown_cause
    from delegation.account_guardrails as verdict
    where verdict.control = 'leave_organization'
),
findings as (
    select
        asked.organization_id,
        holders.account_id,
        format(
            '%s, which holds %s',
            delegation.account_label(holders.account_id, accounts.account_name, accounts.ou_path),
            case
                when holders.service_count = 0 then 'services that were not read'
                else concat(array_to_string(holders.service_names, ', '), case when holders.service_count > 3 then format(' and %s more', holders.service_count - 3) end)
            end
        ) as label,
        accounts.account_state,
        verdicts.denial,
        verdicts.reason,
        verdicts.unknown_cause,
        coalesce(account_read.unknown_cause, 'unread') as accounts_cause,
        coalesce(account_read.read_error, 'aws_organizations_accounts was not read') as accounts_error,
        case
            when holders.account_id = asked.management_account_id then 'management'
            when holders.account_id = '*' then 'everyone'
            when accounts.account_id is null and coalesce(account_read.was_read, false) then 'no member'
            when accounts.account_id is null then 'not read'
            when accounts.account_state in ('PENDING_ACTIVATION', 'SUSPENDED', 'PENDING_CLOSURE', 'CLOSED') then 'not active'
            when accounts.account_state = 'ACTIVE' then 'judged'
            else 'state not known'
        end as finding
    from holders
    join asked on asked.source_name = holders.source_name
    left join delegation.accounts on accounts.source_name = holders.source_name and accounts.account_id = holders.account_id
    left join table_reads as account_read on account_read.source_name = holders.source_name and account_read.table_name = 'aws_organizations_accounts'
    left join verdicts on verdicts.source_name = holders.source_name and verdicts.account_id = holders.account_id
    where asked.can_judge
),
of_holders as (
    select
        findings.organization_id,
        findings.account_id,
        case
            when findings.finding in ('management', 'everyone', 'no member', 'not active') then 'not_applicable'
            when findings.finding = 'judged' and findings.denial = 'whole' then 'pass'
            when findings.finding = 'judged' and findings.denial in ('none', 'partial') then 'fail'
            else 'unknown'
        end as status,
        case findings.finding
            when 'management' then format('%s: SCPs never bind the management account', findings.label)
            when 'everyone' then format('%s: no account is named, so none can be judged; name the accounts in the delegation policy', findings.label)
            when 'no member' then format('%s: no account of this organization, so its SCPs do not apply', findings.label)
            when 'not active' then format('%s: it is %s, and only ACTIVE members are judged', findings.label, findings.account_state)
            when 'not read' then format('%s: whether it is a member is not known: %s', findings.label, findings.accounts_error)
            when 'judged' then format('%s: %s', findings.label, coalesce(findings.reason, 'what SCPs do there is not known; sync again'))
            else format('%s: it has a state that is not known: %s', findings.label, coalesce(findings.account_state, 'none was given'))
        end as reason,
        case
            when findings.finding = 'not read' then findings.accounts_cause
            when findings.finding = 'state not known' then 'unread'
            when findings.finding = 'judged' and findings.denial in ('whole', 'none', 'partial') then null
            when findings.finding = 'judged' then coalesce(findings.unknown_cause, 'unread')
        end as unknown_cause
    from findings
),
-- What was not read and could show a holder that nobody saw.
missing as (
    select table_reads.source_name, table_reads.unknown_cause, table_reads.read_error
    from table_reads
    where not table_reads.was_read
        and table_reads.table_name in ('aws_organizations_delegated_administrators', 'aws_delegation_services')
    union all
    select service_regions.source_name, service_regions.unknown_cause, service_regions.read_error
    from delegation.service_regions
    where not service_regions.was_read
        -- Its administrators are listed in any case: that list is above.
        and service_regions.method <> 'organizations'
        and service_regions.unknown_cause <> 'not_observable'
    union all
    -- What this version cannot ask matters where the service is in use: without trusted access it has no administrator.
    select
        service_regions.source_name,
        case when service_use.is_used then 'not_observable' else access.unknown_cause end,
        case when service_use.is_used then service_regions.read_error else access.read_error end
    from delegation.service_regions
    join delegation.service_use
        on service_use.source_name = service_regions.source_name
        and service_use.service_id = service_regions.service_id
    join table_reads as access
        on access.source_name = service_regions.source_name
        and access.table_name = 'aws_organizations_service_access'
    where service_regions.unknown_cause = 'not_observable'
        and (service_use.is_used or not access.was_read)
),
missing_reads as (
    select
        missing.source_name,
        case
            when bool_or(missing.unknown_cause = 'unread') then 'unread'
            when bool_or(missing.unknown_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause,
        concat(min(missing.read_error), case when count(distinct missing.read_error) > 1 then format(' (and %s more like it)', count(distinct missing.read_error) - 1) end) as read_error
    from missing
    group by missing.source_name
),
of_organizations as (
    select
        asked.organization_id,
        asked.account_id,
        asked.resource_id,
        case
            when not asked.can_judge then asked.status
            when missing_reads.source_name is not null then 'unknown'
            else 'not_applicable'
        end as status,
        case
            when not asked.can_judge then asked.reason
            when missing_reads.source_name is not null then format('whether anybody else holds a delegation is not known: %s', missing_reads.read_error)
            else 'no account holds a delegation'
        end as reason,
        case
            when not asked.can_judge then asked.unknown_cause
            else missing_reads.unknown_cause
        end as unknown_cause
    from asked
    left join missing_reads on missing_reads.source_name = asked.source_name
    where not asked.can_judge
        or missing_reads.source_name is not null
        or not exists (select from holders where holders.source_name = asked.source_name)
)
select
    of_holders.organization_id,
    of_holders.account_id,
    null::text as region,
    of_holders.account_id as resource_id,
    of_holders.status,
    of_holders.reason,
    of_holders.unknown_cause
from of_holders
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
