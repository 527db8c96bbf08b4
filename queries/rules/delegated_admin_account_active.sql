-- id:          delegated_admin_account_active
-- title:       Every delegated administrator is an active member of the organization
-- severity:    high
-- frameworks:  aws_sra: delegated_administration
-- reads:       aws_organizations, aws_organizations_accounts, aws_organizations_service_access, aws_organizations_delegated_administrators, aws_organizations_delegated_services, aws_organization_resource_policies, aws_organization_resource_policy_statements, aws_*_organization_admin_accounts, aws_ec2_regions, aws_delegation_services
-- why:         A suspended or closed account still stands in the lists as the administrator, and nobody can sign in to it: findings
--              go nowhere. An account that is not of this organization has power over it from outside.
-- decides:     Each account that holds something, by any method, is in organizations:ListAccounts with state ACTIVE. SUSPENDED,
--              CLOSED, PENDING_CLOSURE and PENDING_ACTIVATION fail, and so does an account that is not in the list. The management
--              account is judged by management_account_holds_no_delegation. A principal of the delegation policy that names no
--              account, such as *, is judged by delegation_policy_principals_known. What is still being made or removed counts:
--              the account is named there.
-- unknown:     The accounts were not read, AWS gave no state that this version knows, or a question was not answered that may hide
--              another administrator (then one row for the organization).
-- remediation: Make an active account of the expected owner the administrator of each service named in the reason, and take account {account_id} away, for Organizations with `aws organizations deregister-delegated-administrator --account-id {account_id} --service-principal SERVICE_PRINCIPAL`.
-- source:      https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_delegated_admin.html
with sources as materialized (
    select
        asked.*,
        coalesce(account_read.was_read, false) and exists (select from delegation.accounts where accounts.source_name = asked.source_name) as were_accounts_read,
        coalesce(account_read.unknown_cause, 'unread') as accounts_cause,
        coalesce(account_read.read_error, 'organizations:ListAccounts gave no account; sync again') as accounts_error
    from delegation.asked_organizations('{}') as asked
    left join delegation.table_reads as account_read
        on account_read.source_name = asked.source_name
        and account_read.table_name = 'aws_organizations_accounts'
),
holders as materialized (
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
of_holders as (
    select
        sources.source_name,
        holders.delegated_account_id as resource_id,
        case when holders.is_account then holders.delegated_account_id else sources.account_id end as account_id,
        case
            when not holders.is_account or holders.is_management_account then 'not_applicable'
            when accounts.account_state = 'ACTIVE' then 'pass'
            when accounts.account_state in ('SUSPENDED', 'CLOSED', 'PENDING_CLOSURE', 'PENDING_ACTIVATION') then 'fail'
            when accounts.account_id is null and sources.were_accounts_read then 'fail'
            else 'unknown'
        end as status,
        case
            when not holders.is_account
                then format('%s is a principal of the delegation policy and no single account; delegation_policy_principals_known judges it', named.label)
            when holders.is_management_account then format('%s is the management account and holds %s; management_account_holds_no_delegation judges it', named.label, holders.service_names)
            when accounts.account_state = 'ACTIVE' then format('%s is ACTIVE and holds %s', named.label, holders.service_names)
            when accounts.account_state in ('SUSPENDED', 'CLOSED', 'PENDING_CLOSURE')
                then format('%s is %s and holds %s; give that to an active account and take it away from this one, or have AWS Support reopen the account', named.label, accounts.account_state, holders.service_names)
            when accounts.account_state = 'PENDING_ACTIVATION' then format('%s is PENDING_ACTIVATION and holds %s; finish its activation, or give that to an active account', named.label, holders.service_names)
            when accounts.account_state is not null then format('%s holds %s and has the state %s, which this version does not know; look at the account, and sync with a newer version', named.label, holders.service_names, accounts.account_state)
            when accounts.account_id is not null then format('%s holds %s, and AWS gave no state for it; sync again', named.label, holders.service_names)
            when sources.were_accounts_read then format('%s holds %s and is no account of this organization; take it away from there', named.label, holders.service_names)
            else format('%s holds %s, and its state is not known: %s', named.label, holders.service_names, sources.accounts_error)
        end as reason,
        case when accounts.account_id is null then sources.accounts_cause else 'unread' end as open_cause
    from holders
    join sources on sources.source_name = holders.source_name
    left join delegation.accounts
        on accounts.source_name = holders.source_name
        and accounts.account_id = holders.delegated_account_id
    cross join lateral (select delegation.account_label(holders.delegated_account_id, accounts.account_name, accounts.ou_path) as label) as named
    where sources.can_judge
),
of_unseen as (
    select
        sources.source_name,
        sources.resource_id,
        sources.account_id,
        'unknown' as status,
        format('whether any other account holds a delegation is not known: %s', unseen_delegations.read_error) as reason,
        unseen_delegations.unknown_cause as open_cause
    from delegation.unseen_delegations
    join sources on sources.source_name = unseen_delegations.source_name
    where sources.can_judge
),
judged as (
    select * from of_holders
    union all
    select * from of_unseen
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
