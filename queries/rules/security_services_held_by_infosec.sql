-- id:          security_services_held_by_infosec
-- title:       InfoSec holds the delegation of every security service
-- severity:    critical
-- frameworks:  cis_aws_7.0: 2.1.6; aws_sra: delegated_administration, security_tooling_account
-- reads:       aws_organizations, aws_organizations_accounts, aws_organizations_service_access, aws_organizations_delegated_administrators, aws_organizations_delegated_services, aws_organization_resource_policies, aws_organization_resource_policy_statements, aws_*_organization_admin_accounts, aws_ec2_regions, aws_delegation_services, aws_delegation_owners, aws_delegation_expectations
-- why:         Who administers GuardDuty, Security Hub or CloudTrail can switch detection off for the whole organization. That
--              belongs to the security team, in every Region and by every method.
-- decides:     Each security service that is in use (trusted access, or an administrator by any method) is held by its expected
--              owner (infosec, unless `expectations` of the spec says otherwise) and by nobody else, by every method that can tell,
--              in every enabled Region where the service exists. One row per service and Region that differ, one per service where
--              all agree. Of the delegation policy only grants of policy work count.
-- unknown:     A question that could change the verdict was not answered in that Region, the spec does not say who the owner is, or
--              this version has no way to ask.
-- remediation: In the management account, take away {service_name} in {region} from whoever else has it ({deregister_command}), and
--              make an account of the expected owner its administrator ({register_command}).
-- source:      https://docs.aws.amazon.com/prescriptive-guidance/latest/security-reference-architecture/security-tooling.html
with table_reads as materialized (
    select table_reads.*
    from delegation.table_reads
),
sources as materialized (
    select
        organizations.*,
        coalesce(catalogue.was_read, false) and exists (select from delegation.current_aws_delegation_services as listed where listed._cq_source_name = organizations.source_name and listed.is_security_service) as has_catalogue,
        coalesce(catalogue.unknown_cause, 'unread') as catalogue_cause,
        coalesce(catalogue.read_error, 'aws_delegation_services has no security service; sync again') as catalogue_error,
        coalesce(access.was_read, false) as was_access_read,
        access.unknown_cause as access_cause,
        coalesce(access.read_error, 'trusted access was not read') as access_error,
        coalesce(account_read.was_read, false) as were_accounts_read,
        coalesce(account_read.unknown_cause, 'unread') as accounts_cause,
        coalesce(account_read.read_error, 'aws_organizations_accounts was not read') as accounts_error,
        -- Without the expectations of the spec the owner would be another one.
        coalesce(owner_read.was_read and expectation_read.was_read, false) as were_owners_read,
        coalesce(owner_read.unknown_cause, expectation_read.unknown_cause, 'unread') as owners_cause,
        coalesce(owner_read.read_error, expectation_read.read_error, 'aws_delegation_owners was not read') as owners_error
    from delegation.organizations
    left join table_reads as catalogue on catalogue.source_name = organizations.source_name and catalogue.table_name = 'aws_delegation_services'
    left join table_reads as access on access.source_name = organizations.source_name and access.table_name = 'aws_organizations_service_access'
    left join table_reads as account_read on account_read.source_name = organizations.source_name and account_read.table_name = 'aws_organizations_accounts'
    left join table_reads as owner_read on owner_read.source_name = organizations.source_name and owner_read.table_name = 'aws_delegation_owners'
    left join table_reads as expectation_read on expectation_read.source_name = organizations.source_name and expectation_read.table_name = 'aws_delegation_expectations'
),
of_organizations as (
    select
        sources.organization_id,
        coalesce(sources.management_account_id, sources.asking_account_id) as account_id,
        null::text as region,
        coalesce(sources.organization_id, sources.asking_account_id, 'organization') as resource_id,
        case when sources.is_absent then 'not_applicable' else 'unknown' end as status,
        case
            when sources.is_absent then format('account %s is in no organization', sources.asking_account_id)
            when not sources.was_read then format('the organization is not known: %s', sources.read_error)
            else format('which services there are is not known: %s', sources.catalogue_error)
        end as reason,
        case
            when sources.is_absent then null
            when not sources.was_read then sources.unknown_cause
            else sources.catalogue_cause
        end as unknown_cause
    from sources
    where sources.is_absent or not sources.was_read or not sources.has_catalogue
),
-- What is to be judged, with its owner.
owner_sizes as (
    select owners.source_name, owners.owner, max(owners.account_count) as account_count
    from delegation.owners
    group by owners.source_name, owners.owner
),
services as materialized (
    select
        services.source_name,
        services.service_id,
        services.group_id,
        services.service_name,
        -- Method 1 speaks of all services of the group, under its first.
        array_agg(expected_owners.owner order by expected_owners.owner collate "C") as owners,
        string_agg(expected_owners.owner, ' or ' order by expected_owners.owner collate "C") as owner_names,
        coalesce(bool_or(owner_sizes.owner is not null), false) as is_owner_named,
        coalesce(sum(owner_sizes.account_count), 0) as account_count
    from delegation.services
    left join delegation.expected_owners
        on expected_owners.source_name = services.source_name
        and expected_owners.service_id = services.service_id
    left join owner_sizes
        on owner_sizes.source_name = expected_owners.source_name
        and owner_sizes.owner = expected_owners.owner
    where services.is_security_service
    group by services.source_name, services.service_id, services.group_id, services.service_name
),
owner_matches as materialized (
    select services.source_name, services.service_id, owner_accounts.account_id, bool_or(owner_accounts.is_match) as is_match
    from services
    join delegation.owner_accounts
        on owner_accounts.source_name = services.source_name
        and owner_accounts.owner = any (services.owners)
    group by services.source_name, services.service_id, owner_accounts.account_id
),
-- A service is in use where somebody holds it, or where Organizations knows it: by trusted access, or by a registration. Of services
-- that share a principal Organizations cannot tell which is meant, so there it counts only where none of them names an administrator.
asked as materialized (
    select service_regions.*
    from delegation.service_regions
    where service_regions.is_security_service
),
delegations as materialized (
    select delegations.*
    from delegation.delegations
),
held_by_themselves as materialized (
    select distinct delegations.source_name, delegations.service_id
    from delegations
    where delegations.method <> 'organizations'
),
told_by_organizations as (
    select services.source_name, services.group_id
    from services
    join delegation.trusted_access
        on trusted_access.source_name = services.source_name
        and trusted_access.service_id = services.service_id
    union
    select delegations.source_name, delegations.service_id
    from delegations
    where delegations.method = 'organizations'
),
group_use as materialized (
    select
        services.source_name,
        services.group_id,
        bool_or(held_by_themselves.service_id is not null) as is_held_by_itself,
        bool_or(told_by_organizations.group_id is not null) as is_told
    from services
    left join held_by_themselves
        on held_by_themselves.source_name = services.source_name
        and held_by_themselves.service_id = services.service_id
    left join told_by_organizations
        on told_by_organizations.source_name = services.source_name
        and told_by_organizations.group_id = services.group_id
    group by services.source_name, services.group_id
),
use as materialized (
    select
        services.source_name,
        services.service_id,
        services.group_id,
        held_by_themselves.service_id is not null or (group_use.is_told and not group_use.is_held_by_itself) as is_used,
        group_use.is_held_by_itself as is_held_in_group,
        -- What this version cannot ask does not count: without trusted access no service can have an administrator.
        coalesce(bool_or(not asked.was_read and asked.unknown_cause <> 'not_observable'), false)
            or (not sources.was_access_read and not group_use.is_held_by_itself) as may_be_used,
        case
            when not sources.was_access_read and coalesce(sources.access_cause, 'unread') = 'unread' then 'unread'
            when bool_or(asked.unknown_cause = 'unread') then 'unread'
            else 'not_configured'
        end as unknown_cause,
        concat_ws('; ', case when not sources.was_access_read then sources.access_error end, min(asked.read_error) filter (where asked.unknown_cause <> 'not_observable')) as problem,
        coalesce(bool_or(asked.service_id = services.service_id), false) as has_question
    from services
    join sources on sources.source_name = services.source_name
    join group_use on group_use.source_name = services.source_name and group_use.group_id = services.group_id
    left join held_by_themselves
        on held_by_themselves.source_name = services.source_name
        and held_by_themselves.service_id = services.service_id
    left join asked
        on asked.source_name = services.source_name
        and (
            (asked.method <> 'organizations' and asked.service_id = services.service_id)
            -- Where one of the group names an administrator, Organizations has nothing to add to whether the others are in use.
            or (asked.method = 'organizations' and asked.service_id = services.group_id and not group_use.is_held_by_itself)
        )
    group by
        services.source_name, services.service_id, services.group_id, held_by_themselves.service_id, group_use.is_told, group_use.is_held_by_itself,
        sources.was_access_read, sources.access_cause, sources.access_error
),
-- What Organizations says of a group is judged once: with the first of its services that is in use.
judged_services as materialized (
    select distinct on (use.source_name, use.group_id) use.source_name, use.group_id, use.service_id
    from use
    order by use.source_name, use.group_id, use.is_used desc, use.service_id collate "C"
),
questions as materialized (
    select
        asked.*,
        case when asked.method = 'organizations' then judged_services.service_id else asked.service_id end as judged_service_id
    from asked
    left join judged_services
        on judged_services.source_name = asked.source_name
        and judged_services.group_id = asked.service_id
),
-- Who holds what.
holders as materialized (
    select
        delegations.source_name,
        delegations.service_id,
        delegations.method,
        delegations.region,
        concat(
            delegation.account_label(delegations.delegated_account_id, delegations.account_name, delegations.ou_path),
            case when delegations.is_management_account then ', the management account' end,
            case
                when delegations.account_state <> 'ACTIVE' then format(', which is %s', delegations.account_state)
                when delegations.account_state is null and sources.were_accounts_read then ', which is no account of this organization'
            end,
            case when not delegations.is_held then format(', with status %s', coalesce(delegations.status, 'unknown')) end
        ) as label,
        owner_matches.is_match as is_owner,
        -- An account of which tags or place were not read may be the owner's.
        owner_matches.account_id is not null and owner_matches.is_match is null as is_owner_open,
        owner_matches.account_id is null and (sources.were_accounts_read or delegations.account_state is not null) as is_stranger,
        delegations.is_held and delegations.account_state = 'ACTIVE' as is_held
    from delegations
    join sources on sources.source_name = delegations.source_name
    join questions
        on questions.source_name = delegations.source_name
        and questions.service_id = delegations.service_id
        and questions.method = delegations.method
        and questions.region is not distinct from delegations.region
    left join owner_matches
        on owner_matches.source_name = delegations.source_name
        and owner_matches.service_id = questions.judged_service_id
        and owner_matches.account_id = delegations.delegated_account_id
),
answers as materialized (
    select
        asked.source_name,
        asked.judged_service_id as service_id,
        asked.service_name,
        asked.method,
        asked.region,
        asked.was_read,
        asked.unknown_cause,
        asked.read_error,
        count(holders.label) as holder_count,
        string_agg(holders.label, ' and ' order by holders.label collate "C") as holder_labels,
        coalesce(bool_or(holders.is_owner and holders.is_held), false) as is_held_by_owner,
        coalesce(bool_or(holders.is_stranger), false) as has_stranger,
        coalesce(bool_or(holders.is_owner_open), false) as has_open_holder
    from questions as asked
    left join holders
        on holders.source_name = asked.source_name
        and holders.service_id = asked.service_id
        and holders.method = asked.method
        and holders.region is not distinct from asked.region
    group by asked.source_name, asked.judged_service_id, asked.service_name, asked.method, asked.region, asked.was_read, asked.unknown_cause, asked.read_error
),
judged_answers as materialized (
    select
        answers.*,
        services.owner_names,
        concat(
            case answers.method
                when 'organizations' then 'through Organizations'
                when 'service' then 'by the service itself'
                else 'by the delegation policy'
            end,
            ' in ' || answers.region
        ) as place,
        case
            -- A found fault beats a missing read.
            when answers.has_stranger then 'fail'
            when answers.holder_count = 0 and answers.was_read then 'fail'
            when not sources.were_accounts_read then 'unknown'
            when answers.has_open_holder then 'unknown'
            when answers.holder_count > 0 and not answers.is_held_by_owner then 'fail'
            when not answers.was_read then 'unknown'
            else 'pass'
        end as status,
        case
            when not sources.were_accounts_read then sources.accounts_cause
            when answers.has_open_holder then 'unread'
            when not answers.was_read then answers.unknown_cause
        end as open_cause,
        case
            when not sources.were_accounts_read then format('accounts are not known: %s', sources.accounts_error)
            when answers.has_open_holder then format('whether %s belongs to %s is not known: its tags or its place were not read', answers.holder_labels, services.owner_names)
            else answers.read_error
        end as open_problem
    from answers
    join services on services.source_name = answers.source_name and services.service_id = answers.service_id
    join sources on sources.source_name = answers.source_name
),
-- One row per service where nothing has to be told apart.
of_services as materialized (
    select
        services.source_name,
        services.service_id,
        null::text as region,
        case
            when not use.is_used then case when use.may_be_used then 'unknown' else 'not_applicable' end
            else 'unknown'
        end as status,
        case
            when not use.is_used and use.may_be_used then format('whether %s is in use is not known: %s', services.service_name, use.problem)
            when not use.is_used and use.is_held_in_group then format('%s is not in use: it has no administrator, and another service with the same principal has', services.service_name)
            when not use.is_used then format('%s is not in use: it has no trusted access and no administrator', services.service_name)
            when not sources.were_owners_read then format('who should hold %s is not known: %s', services.service_name, sources.owners_error)
            when not services.is_owner_named then format('%s is in use, and the spec does not say who is %s; add `owners: {%s: {accounts: [''111122223333'']}}` with your account, and sync again', services.service_name, services.owner_names, services.owners[1])
            else format('%s is in use, and %s of the spec matches no account of the organization; correct `owners: {%s: ...}`, and sync again', services.service_name, services.owner_names, services.owners[1])
        end as reason,
        case
            when not use.is_used then case when use.may_be_used then use.unknown_cause end
            when not sources.were_owners_read then sources.owners_cause
            else 'not_configured'
        end as unknown_cause
    from services
    join sources on sources.source_name = services.source_name
    join use on use.source_name = services.source_name and use.service_id = services.service_id
    -- A service without a question of its own is judged with the one that it shares a principal with.
    where use.has_question
        and (
            not use.is_used
            or not sources.were_owners_read
            or not services.is_owner_named
            or sources.were_accounts_read
                and services.account_count = 0
                and not exists (
                    select
                    from owner_matches
                    where owner_matches.source_name = services.source_name
                        and owner_matches.service_id = services.service_id
                )
        )
),
held_services as materialized (
    select judged_answers.*
    from judged_answers
    join use on use.source_name = judged_answers.source_name and use.service_id = judged_answers.service_id
    where use.is_used
        and not exists (
            select
            from of_services
            where of_services.source_name = judged_answers.source_name
                and of_services.service_id = judged_answers.service_id
        )
),
of_differences as (
    select
        held_services.source_name,
        held_services.service_id,
        held_services.region,
        case when bool_or(held_services.status = 'fail') then 'fail' else 'unknown' end as status,
        string_agg(
            case
                when held_services.status = 'unknown' then format('who holds %s %s is not known: %s', held_services.service_name, held_services.place, held_services.open_problem)
                when held_services.holder_count = 0 then format('nobody holds %s %s; make an account of %s its administrator', held_services.service_name, held_services.place, held_services.owner_names)
                when held_services.has_stranger then format('%s %s is held by %s, and should be held by %s alone; change the administrator', held_services.service_name, held_services.place, held_services.holder_labels, held_services.owner_names)
                else format('%s %s is registered to %s, which does not count as held by %s; settle it or make another account its administrator', held_services.service_name, held_services.place, held_services.holder_labels, held_services.owner_names)
            end,
            '; ' order by held_services.status collate "C", held_services.method collate "C"
        ) as reason,
        case
            when bool_or(held_services.status = 'fail') then null
            when bool_or(held_services.open_cause = 'unread') then 'unread'
            when bool_or(held_services.open_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause
    from held_services
    where held_services.status <> 'pass'
    group by held_services.source_name, held_services.service_id, held_services.region
),
of_agreement as (
    select
        held_services.source_name,
        held_services.service_id,
        null::text as region,
        'pass' as status,
        concat(
            format('%s is held by %s (%s)', min(held_services.service_name), min(held_services.owner_names), string_agg(distinct held_services.holder_labels, ' and ')),
            case when bool_or(held_services.method = 'organizations') then ', through Organizations' end,
            case when bool_or(held_services.method = 'resource_policy') then ', by the delegation policy' end,
            case when count(held_services.region) > 0 then format(', and by the service itself in all %s enabled Regions where it exists', count(held_services.region)) end,
            case when bool_or(held_services.method = 'service' and held_services.region is null) then ', and by the service itself' end
        ) as reason,
        null::text as unknown_cause
    from held_services
    group by held_services.source_name, held_services.service_id
    having bool_and(held_services.status = 'pass')
),
of_all_services as (
    select * from of_services
    union all
    select * from of_differences
    union all
    select * from of_agreement
)
select
    sources.organization_id,
    sources.management_account_id as account_id,
    of_all_services.region,
    of_all_services.service_id as resource_id,
    of_all_services.status,
    of_all_services.reason,
    of_all_services.unknown_cause
from of_all_services
join sources on sources.source_name = of_all_services.source_name
where sources.was_read and not sources.is_absent
union all
select
    of_organizations.organization_id,
    of_organizations.account_id,
    of_organizations.region,
    of_organizations.resource_id,
    of_organizations.status,
    of_organizations.reason,
    of_organizations.unknown_cause
from of_organizations
order by organization_id, resource_id, region;
