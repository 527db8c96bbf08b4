-- id:          execution_services_held_narrowly
-- title:       Each service that runs code or grants access in members has one administrator, and the right one
-- severity:    critical
-- frameworks:  cis_aws_7.0: 2.1.6; aws_sra: delegated_administration
-- reads:       aws_organizations, aws_organizations_accounts, aws_organizations_service_access, aws_organizations_delegated_administrators, aws_organizations_delegated_services, aws_delegation_services, aws_delegation_owners, aws_delegation_expectations
-- why:         Who administers Identity Center, StackSets, Systems Manager, Account Management or root access can act in every member.
--              Each further account with such a power is a further way into all of them.
-- decides:     Identity Center, CloudFormation StackSets, Systems Manager (and its Quick Setup), Account Management and IAM root
--              access, where they are in use, are each held by one account, by whatever method, and it belongs to the expected owner.
--              Accounts that are not ACTIVE do not count as holders and are told in the reason. Two holders fail whoever they are.
-- unknown:     A read is missing that could hide a second holder, or the spec does not say who should hold the service: the reason
--              has the line to add.
-- remediation: Leave one account of the expected owner: take every other administrator of {service_name} away with `{deregister_command}`, and make that one, where there is none, with `{register_command}`.
-- source:      https://docs.aws.amazon.com/singlesignon/latest/userguide/delegated-admin.html
with execution_services (service_id) as (
    values
        ('identity-center'),
        ('stacksets'),
        ('systems-manager'),
        ('systems-manager-quick-setup'),
        ('account-management'),
        ('iam-root-access')
),
asked as materialized (
    select asked_organizations.*
    from delegation.asked_organizations(array['aws_delegation_services']) as asked_organizations
),
account_reads as materialized (
    select table_reads.source_name, table_reads.was_read, table_reads.unknown_cause, table_reads.read_error
    from delegation.table_reads
    where table_reads.table_name = 'aws_organizations_accounts'
),
services as materialized (
    select
        asked.source_name,
        asked.organization_id,
        asked.management_account_id,
        execution_services.service_id,
        service_use.service_name,
        service_use.group_id,
        service_use.is_used,
        service_use.use_reason,
        service_use.use_unknown_cause,
        service_use.owners,
        service_use.owner_names,
        service_use.unclear_owners,
        service_use.owner_reason,
        service_use.owner_unknown_cause,
        coalesce(account_reads.was_read, false) as were_accounts_read,
        coalesce(account_reads.unknown_cause, 'unread') as accounts_cause,
        coalesce(account_reads.read_error, 'aws_organizations_accounts was not read') as accounts_error
    from asked
    cross join execution_services
    left join delegation.service_use
        on service_use.source_name = asked.source_name
        and service_use.service_id = execution_services.service_id
    left join account_reads on account_reads.source_name = asked.source_name
    where asked.can_judge
),
owner_matches as materialized (
    select services.source_name, services.service_id, owner_accounts.account_id, bool_or(owner_accounts.is_match) as is_match
    from services
    join delegation.owner_accounts
        on owner_accounts.source_name = services.source_name
        and owner_accounts.owner = any (services.owners)
    group by services.source_name, services.service_id, owner_accounts.account_id
),
-- However many principals, methods and Regions name it, an account is one holder.
held as materialized (
    select
        services.source_name,
        services.service_id,
        delegations.delegated_account_id,
        delegations.account_name,
        delegations.ou_path,
        delegations.account_state,
        coalesce(delegations.is_management_account, false) as is_management_account,
        bool_or(delegations.is_held) as is_held,
        string_agg(distinct delegations.status collate "C", ' and ' order by delegations.status collate "C") as statuses
    from services
    join delegation.delegations
        on delegations.source_name = services.source_name
        -- Whoever is registered with a principal that services share holds each of them.
        and delegations.service_id = case when delegations.method = 'organizations' then services.group_id else services.service_id end
    group by
        services.source_name, services.service_id, delegations.delegated_account_id, delegations.account_name, delegations.ou_path,
        delegations.account_state, delegations.is_management_account
),
holders as materialized (
    select
        held.source_name,
        held.service_id,
        concat(
            delegation.account_label(held.delegated_account_id, held.account_name, held.ou_path),
            case when held.is_management_account then ', the management account' end,
            case
                when held.account_state <> 'ACTIVE' then format(', which is %s', held.account_state)
                when held.account_state is null and services.were_accounts_read then ', which is no account of this organization'
            end,
            case when not held.is_held then format(', with status %s', coalesce(held.statuses, 'unknown')) end
        ) as label,
        -- Null where the account may be able to act: its state is not known, or the service is still making or removing it.
        case
            when held.account_state in ('PENDING_ACTIVATION', 'SUSPENDED', 'PENDING_CLOSURE', 'CLOSED') then false
            when not held.is_held then null
            when held.account_state = 'ACTIVE' then true
            when held.account_state is null and services.were_accounts_read then true
        end as is_counted,
        held.account_state is null and services.were_accounts_read as is_outside,
        case
            when owner_matches.is_match then true
            when owner_matches.account_id is null and held.account_state is not null and services.owner_reason is null and cardinality(services.unclear_owners) = 0 then false
        end as is_owner
    from held
    join services on services.source_name = held.source_name and services.service_id = held.service_id
    left join owner_matches
        on owner_matches.source_name = held.source_name
        and owner_matches.service_id = held.service_id
        and owner_matches.account_id = held.delegated_account_id
),
counted as materialized (
    select
        holders.source_name,
        holders.service_id,
        count(*) filter (where holders.is_counted) as sure_count,
        count(*) filter (where holders.is_counted is null) as open_count,
        string_agg(holders.label, ' and ' order by holders.label collate "C") filter (where holders.is_counted) as sure_labels,
        string_agg(holders.label, ' and ' order by holders.label collate "C") filter (where holders.is_counted is null) as open_labels,
        string_agg(holders.label, ' and ' order by holders.label collate "C") filter (where holders.is_counted is false) as other_labels,
        bool_and(holders.is_owner) filter (where holders.is_counted) as is_owner,
        bool_or(holders.is_outside) filter (where holders.is_counted) as is_outside
    from holders
    group by holders.source_name, holders.service_id
),
questions as materialized (
    select
        services.source_name,
        services.service_id,
        bool_and(asked.was_read) as was_read,
        case
            when bool_or(asked.unknown_cause = 'unread') then 'unread'
            when bool_or(asked.unknown_cause = 'not_configured') then 'not_configured'
            else min(asked.unknown_cause)
        end as unknown_cause,
        min(asked.read_error) as read_error
    from services
    join delegation.service_regions as asked
        on asked.source_name = services.source_name
        and asked.service_id = case when asked.method = 'organizations' then services.group_id else services.service_id end
    group by services.source_name, services.service_id
),
judged as (
    select
        services.*,
        coalesce(counted.sure_count, 0) as sure_count,
        counted.sure_labels,
        counted.open_labels,
        counted.other_labels,
        counted.is_owner,
        questions.read_error,
        questions.unknown_cause as read_cause,
        case
            when services.service_name is null then 'not in the catalogue'
            -- A found fault beats a missing read, and a missing expectation.
            when counted.sure_count > 1 then 'several'
            when services.is_used is false then 'not used'
            when services.is_used is null then 'use not known'
            when counted.is_outside then 'stranger'
            when counted.is_owner is false then 'stranger'
            when not services.were_accounts_read and (counted.open_count > 0 or (counted.sure_count > 0 and counted.is_owner is null)) then 'accounts not known'
            when counted.open_count > 0 then 'open'
            when questions.was_read is not true then 'not read'
            when services.owner_reason is not null then 'owner not known'
            when coalesce(counted.sure_count, 0) = 0 then 'nobody'
            when counted.is_owner then 'owner'
            when cardinality(services.unclear_owners) > 0 then 'owner not named'
            else 'owner not certain'
        end as finding
    from services
    left join counted on counted.source_name = services.source_name and counted.service_id = services.service_id
    left join questions on questions.source_name = services.source_name and questions.service_id = services.service_id
),
told as (
    select
        judged.*,
        case when judged.other_labels is not null then format('; also registered, and not counted: %s', judged.other_labels) end as told_too
    from judged
)
select
    told.organization_id,
    told.management_account_id as account_id,
    null::text as region,
    told.service_id as resource_id,
    case
        when told.finding in ('several', 'stranger', 'nobody') then 'fail'
        when told.finding = 'not used' then 'not_applicable'
        when told.finding = 'owner' then 'pass'
        else 'unknown'
    end as status,
    case told.finding
        when 'not in the catalogue' then format('the catalogue has no %s; sync again with this version', told.service_id)
        when 'several' then concat(format('%s has %s holders: %s; leave one%s', told.service_name, told.sure_count, told.sure_labels, ', an account of ' || told.owner_names), told.told_too)
        when 'not used' then told.use_reason
        when 'use not known' then told.use_reason
        when 'stranger' then concat(format('%s is held by %s, and should be held by %s alone; change the administrator', told.service_name, told.sure_labels, coalesce(told.owner_names, 'an account of this organization')), told.told_too)
        when 'accounts not known' then format('whether %s is held by one account of its owner is not known (registered: %s): %s', told.service_name, concat_ws(' and ', told.sure_labels, told.open_labels), told.accounts_error)
        when 'open' then concat(format('whether %s is held by one account is not known: %s may hold it%s; settle it, and sync again', told.service_name, told.open_labels, ' besides ' || told.sure_labels), told.told_too)
        when 'not read' then format('whether anybody else holds %s%s is not known: %s', told.service_name, ' than ' || told.sure_labels, coalesce(told.read_error, 'this version has no way to ask'))
        when 'owner not known' then concat(told.owner_reason, '; it is held by ' || told.sure_labels, told.told_too)
        when 'nobody' then concat(format('nobody holds %s; make an account of %s its administrator', told.service_name, told.owner_names), told.told_too)
        when 'owner' then concat(format('%s is held by %s alone, an account of %s', told.service_name, told.sure_labels, told.owner_names), told.told_too)
        when 'owner not named' then format('whether %s, which holds %s, belongs to %s is not known: the spec does not name an account that is %s; see to `owners: {%s: {accounts: [''111122223333'']}}` with your account, and sync again', told.sure_labels, told.service_name, told.owner_names, array_to_string(told.unclear_owners, ' or '), told.unclear_owners[1])
        else format('whether %s, which holds %s, belongs to %s is not known: its tags or its place were not read', told.sure_labels, told.service_name, told.owner_names)
    end as reason,
    case told.finding
        when 'not in the catalogue' then 'unread'
        when 'use not known' then told.use_unknown_cause
        when 'accounts not known' then told.accounts_cause
        when 'open' then 'not_observable'
        when 'not read' then coalesce(told.read_cause, 'not_observable')
        when 'owner not known' then told.owner_unknown_cause
        when 'owner not named' then 'not_configured'
        when 'owner not certain' then 'unread'
    end as unknown_cause
from told
union all
select
    asked.organization_id,
    asked.account_id,
    null::text as region,
    asked.resource_id,
    asked.status,
    asked.reason,
    asked.unknown_cause
from asked
where not asked.can_judge
order by organization_id, resource_id;
