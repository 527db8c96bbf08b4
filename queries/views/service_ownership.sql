create or replace view delegation.service_use as
with table_reads as materialized (
    select table_reads.*
    from delegation.table_reads
),
sources as materialized (
    select
        organizations.source_name,
        coalesce(access.was_read, false) as was_access_read,
        access.unknown_cause as access_cause,
        coalesce(access.read_error, 'trusted access was not read') as access_error,
        coalesce(account_read.was_read, false) as were_accounts_read,
        -- Without the expectations of the spec the owner would be another one.
        coalesce(owner_read.was_read and expectation_read.was_read, false) as were_owners_read,
        coalesce(owner_read.unknown_cause, expectation_read.unknown_cause, 'unread') as owners_cause,
        coalesce(owner_read.read_error, expectation_read.read_error, 'aws_delegation_owners was not read') as owners_error
    from delegation.organizations
    left join table_reads as access on access.source_name = organizations.source_name and access.table_name = 'aws_organizations_service_access'
    left join table_reads as account_read on account_read.source_name = organizations.source_name and account_read.table_name = 'aws_organizations_accounts'
    left join table_reads as owner_read on owner_read.source_name = organizations.source_name and owner_read.table_name = 'aws_delegation_owners'
    left join table_reads as expectation_read on expectation_read.source_name = organizations.source_name and expectation_read.table_name = 'aws_delegation_expectations'
),
-- Who should hold it.
named_owners as materialized (
    select distinct owner._cq_source_name as source_name, owner.owner
    from delegation.current_aws_delegation_owners as owner
),
owners_with_accounts as materialized (
    -- An account of which tags or place were not read may be the owner's.
    select distinct owner_accounts.source_name, owner_accounts.owner
    from delegation.owner_accounts
),
expectations as materialized (
    select
        expected_owners.source_name,
        expected_owners.service_id,
        array_agg(expected_owners.owner order by expected_owners.owner collate "C") as owners,
        string_agg(expected_owners.owner, ' or ' order by expected_owners.owner collate "C") as owner_names,
        array_agg(named_owners.owner order by named_owners.owner collate "C") filter (where named_owners.owner is not null) as named_owners,
        bool_or(owners_with_accounts.owner is not null) as has_accounts,
        coalesce(
            array_agg(expected_owners.owner order by expected_owners.owner collate "C")
                filter (where named_owners.owner is null or (owners_with_accounts.owner is null and sources.were_accounts_read)),
            '{}'
        ) as unclear_owners
    from delegation.expected_owners
    join sources on sources.source_name = expected_owners.source_name
    left join named_owners on named_owners.source_name = expected_owners.source_name and named_owners.owner = expected_owners.owner
    left join owners_with_accounts on owners_with_accounts.source_name = expected_owners.source_name and owners_with_accounts.owner = expected_owners.owner
    group by expected_owners.source_name, expected_owners.service_id
),
asked as materialized (
    select service_regions.source_name, service_regions.service_id, service_regions.method, service_regions.was_read, service_regions.unknown_cause, service_regions.read_error
    from delegation.service_regions
),
-- A service that can speak for itself, and does not name anybody.
speaking as materialized (
    select distinct asked.source_name, asked.service_id
    from asked
    where asked.method <> 'organizations'
),
delegations as materialized (
    select distinct delegations.source_name, delegations.service_id, delegations.method
    from delegation.delegations
),
held_by_themselves as materialized (
    select distinct delegations.source_name, delegations.service_id
    from delegations
    where delegations.method <> 'organizations'
),
services as materialized (
    select
        services.source_name,
        services.service_id,
        services.service_name,
        services.group_id,
        services.is_security_service,
        held_by_themselves.service_id is not null as is_held_by_itself,
        speaking.service_id is not null as is_speaking
    from delegation.services
    left join held_by_themselves on held_by_themselves.source_name = services.source_name and held_by_themselves.service_id = services.service_id
    left join speaking on speaking.source_name = services.source_name and speaking.service_id = services.service_id
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
        bool_or(services.is_held_by_itself) as is_held_by_itself,
        bool_or(told_by_organizations.group_id is not null) as is_told
    from services
    left join told_by_organizations
        on told_by_organizations.source_name = services.source_name
        and told_by_organizations.group_id = services.group_id
    group by services.source_name, services.group_id
),
-- A service is in use where somebody holds it, or where Organizations knows it: by trusted access, or by a registration. Of services
-- that share a principal Organizations cannot tell which is meant, so there it counts only where none of them names an administrator,
-- and for those that have no other way to be known.
told_services as materialized (
    select
        services.*,
        group_use.is_told,
        group_use.is_held_by_itself and services.is_speaking as is_told_of_another
    from services
    join group_use on group_use.source_name = services.source_name and group_use.group_id = services.group_id
),
use as materialized (
    select
        services.source_name,
        services.service_id,
        services.service_name,
        services.group_id,
        services.is_security_service,
        services.is_told_of_another,
        services.is_held_by_itself or (services.is_told and not services.is_told_of_another) as is_used,
        -- What this version cannot ask does not count: without trusted access no service can have an administrator.
        coalesce(bool_or(not asked.was_read and asked.unknown_cause <> 'not_observable'), false)
            or (not sources.was_access_read and not services.is_told_of_another) as may_be_used,
        case
            when not sources.was_access_read and coalesce(sources.access_cause, 'unread') = 'unread' then 'unread'
            when bool_or(asked.unknown_cause = 'unread') then 'unread'
            else 'not_configured'
        end as unknown_cause,
        concat_ws('; ', case when not sources.was_access_read then sources.access_error end, min(asked.read_error) filter (where asked.unknown_cause <> 'not_observable')) as problem
    from told_services as services
    join sources on sources.source_name = services.source_name
    left join asked
        on asked.source_name = services.source_name
        and (
            (asked.method <> 'organizations' and asked.service_id = services.service_id)
            -- Where one of the group names an administrator, Organizations has nothing to add to whether the others are in use.
            or (asked.method = 'organizations' and asked.service_id = services.group_id and not services.is_told_of_another)
        )
    group by
        services.source_name, services.service_id, services.service_name, services.group_id, services.is_security_service,
        services.is_held_by_itself, services.is_told, services.is_told_of_another,
        sources.was_access_read, sources.access_cause, sources.access_error
)
select
    use.source_name,
    use.service_id,
    use.service_name,
    use.group_id,
    use.is_security_service,
    case
        when use.is_used then true
        when not use.may_be_used then false
    end as is_used,
    case
        when use.is_used then null
        when use.may_be_used then format('whether %s is in use is not known: %s', use.service_name, use.problem)
        when use.is_told_of_another then format('%s is not in use: it has no administrator, and another service with the same principal has', use.service_name)
        else format('%s is not in use: it has no trusted access and no administrator', use.service_name)
    end as use_reason,
    case when not use.is_used and use.may_be_used then use.unknown_cause end as use_unknown_cause,
    case when not use.is_used and use.may_be_used then use.problem end as use_read_error,
    expectations.owners,
    expectations.owner_names,
    coalesce(expectations.unclear_owners, '{}') as unclear_owners,
    case
        when not use.is_used then null
        when not sources.were_owners_read then format('who should hold %s is not known: %s', use.service_name, sources.owners_error)
        when expectations.service_id is null
            then format('%s is in use, and neither the spec nor the catalogue says who should hold it; add `expectations: {%s: [infra_ops]}` with the name of the owner that you want, and sync again', use.service_name, use.service_id)
        when expectations.named_owners is null
            then format('%s is in use, and the spec does not say who is %s; add `owners: {%s: {accounts: [''111122223333'']}}` with your account, and sync again', use.service_name, expectations.owner_names, expectations.owners[1])
        when sources.were_accounts_read and not expectations.has_accounts
            then format('%s is in use, and %s of the spec matches no account of the organization; correct `owners: {%s: ...}`, and sync again', use.service_name, array_to_string(expectations.named_owners, ' or '), expectations.named_owners[1])
    end as owner_reason,
    case
        when not use.is_used then null
        when not sources.were_owners_read then sources.owners_cause
        when expectations.service_id is null or expectations.named_owners is null or (sources.were_accounts_read and not expectations.has_accounts) then 'not_configured'
    end as owner_unknown_cause
from use
join sources on sources.source_name = use.source_name
left join expectations on expectations.source_name = use.source_name and expectations.service_id = use.service_id;
comment on view delegation.service_use is 'Whether a service is in use, and who should hold it: one row per source and service of the catalogue.';
comment on column delegation.service_use.source_name is 'Name of the source in its spec.';
comment on column delegation.service_use.service_id is 'ID of the service in the catalogue.';
comment on column delegation.service_use.service_name is 'Name of the service.';
comment on column delegation.service_use.group_id is 'First of the services that share a principal with this one; its own ID where none does.';
comment on column delegation.service_use.is_security_service is 'True for a security service; never null.';
comment on column delegation.service_use.is_used is 'True where it has trusted access or an administrator by any method; null where that is not known.';
comment on column delegation.service_use.use_reason is 'Why it is not in use, or why that is not known; null where it is in use.';
comment on column delegation.service_use.use_unknown_cause is 'unread or not_configured; null where is_used is not.';
comment on column delegation.service_use.use_read_error is 'What is missing and what to do; null where is_used is not.';
comment on column delegation.service_use.owners is 'Names of the owners that should hold it, any of which is fine; null where nobody expects anything.';
comment on column delegation.service_use.owner_names is 'The same as text: infra_ops or networking.';
comment on column delegation.service_use.unclear_owners is 'Those of them that the spec does not name, or that match no account; never null.';
comment on column delegation.service_use.owner_reason is 'Why it is not known who should hold this service, and what to do; null where it is known, and where the service is not in use.';
comment on column delegation.service_use.owner_unknown_cause is 'unread or not_configured; null where owner_reason is.';

create or replace view delegation.service_ownership as
with sources as materialized (
    select
        organizations.source_name,
        organizations.organization_id,
        organizations.management_account_id,
        coalesce(account_read.was_read, false) as were_accounts_read,
        coalesce(account_read.unknown_cause, 'unread') as accounts_cause,
        coalesce(account_read.read_error, 'aws_organizations_accounts was not read') as accounts_error
    from delegation.organizations
    left join delegation.table_reads as account_read on account_read.source_name = organizations.source_name and account_read.table_name = 'aws_organizations_accounts'
    where organizations.was_read
        and not organizations.is_absent
),
services as materialized (
    select service_use.*
    from delegation.service_use
    join sources on sources.source_name = service_use.source_name
),
asked as materialized (
    select service_regions.*
    from delegation.service_regions
),
delegations as materialized (
    select delegations.*
    from delegation.delegations
),
-- An owner can be half of the organization, and few of its accounts hold anything.
owners_of_holders as materialized (
    select owner_accounts.source_name, owner_accounts.owner, owner_accounts.account_id, owner_accounts.is_match
    from (select distinct delegations.source_name, delegations.delegated_account_id from delegations) as holding
    join delegation.owner_accounts
        on owner_accounts.source_name = holding.source_name
        and owner_accounts.account_id = holding.delegated_account_id
),
owner_matches as materialized (
    select services.source_name, services.service_id, owners_of_holders.account_id, bool_or(owners_of_holders.is_match) as is_match
    from services
    join owners_of_holders
        on owners_of_holders.source_name = services.source_name
        and owners_of_holders.owner = any (services.owners)
    group by services.source_name, services.service_id, owners_of_holders.account_id
),
-- What Organizations says of a group is judged once for those that should have the same owner: with the first of them that is in use.
judged_services as materialized (
    select distinct on (services.source_name, services.group_id, services.is_security_service, services.owners)
        services.source_name,
        services.group_id,
        services.is_security_service,
        services.owners,
        services.service_id
    from services
    order by services.source_name, services.group_id, services.is_security_service, services.owners, coalesce(services.is_used, false) desc, services.service_id collate "C"
),
speaking as materialized (
    select distinct asked.source_name, asked.service_id
    from asked
    where asked.method <> 'organizations'
),
-- Where services that share a principal should have different owners, a registration is for those that name its holder themselves, and
-- for those that cannot.
judged_with as materialized (
    select
        services.source_name,
        services.group_id,
        services.service_id,
        judged_services.service_id as judged_service_id,
        speaking.service_id is not null as is_speaking
    from services
    join judged_services
        on judged_services.source_name = services.source_name
        and judged_services.group_id = services.group_id
        and judged_services.is_security_service = services.is_security_service
        and judged_services.owners is not distinct from services.owners
    left join speaking on speaking.source_name = services.source_name and speaking.service_id = services.service_id
),
silent as materialized (
    select distinct judged_with.source_name, judged_with.judged_service_id
    from judged_with
    where not judged_with.is_speaking
),
named_by_services as materialized (
    select
        judged_with.source_name,
        judged_with.group_id,
        delegations.delegated_account_id,
        array_agg(judged_with.judged_service_id) as judged_service_ids
    from judged_with
    join delegations
        on delegations.source_name = judged_with.source_name
        and delegations.service_id = judged_with.service_id
        and delegations.method = 'service'
    group by judged_with.source_name, judged_with.group_id, delegations.delegated_account_id
),
questions as materialized (
    select
        asked.source_name,
        asked.service_id,
        asked.service_name,
        asked.method,
        asked.region,
        asked.was_read,
        asked.unknown_cause,
        asked.read_error,
        case when asked.method = 'organizations' then judged_services.service_id else asked.service_id end as judged_service_id
    from asked
    left join judged_services
        on judged_services.source_name = asked.source_name
        and judged_services.group_id = asked.service_id
        and asked.method = 'organizations'
),
-- Who holds what.
holders as materialized (
    select
        delegations.source_name,
        questions.judged_service_id,
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
        -- So may any other account of the organization where the spec does not say who one of several owners is.
        owner_matches.account_id is null and cardinality(services.unclear_owners) > 0 and delegations.account_state is not null as is_owner_unclear,
        owner_matches.account_id is null and (
            cardinality(services.unclear_owners) = 0 and delegations.account_state is not null
            or delegations.account_state is null and sources.were_accounts_read
        ) as is_stranger,
        delegations.is_held and delegations.account_state = 'ACTIVE' as is_held
    from delegations
    join sources on sources.source_name = delegations.source_name
    join questions
        on questions.source_name = delegations.source_name
        and questions.service_id = delegations.service_id
        and questions.method = delegations.method
        and questions.region is not distinct from delegations.region
    join services
        on services.source_name = questions.source_name
        and services.service_id = questions.judged_service_id
    left join named_by_services
        on delegations.method = 'organizations'
        and named_by_services.source_name = delegations.source_name
        and named_by_services.group_id = delegations.service_id
        and named_by_services.delegated_account_id = delegations.delegated_account_id
    left join silent
        on silent.source_name = questions.source_name
        and silent.judged_service_id = questions.judged_service_id
    left join owner_matches
        on owner_matches.source_name = delegations.source_name
        and owner_matches.service_id = questions.judged_service_id
        and owner_matches.account_id = delegations.delegated_account_id
    where named_by_services.delegated_account_id is null
        or silent.judged_service_id is not null
        or questions.judged_service_id = any (named_by_services.judged_service_ids)
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
        coalesce(bool_or(holders.is_owner_open), false) as has_open_holder,
        coalesce(bool_or(holders.is_owner_unclear), false) as has_unclear_holder
    from questions as asked
    left join holders
        on holders.source_name = asked.source_name
        and holders.judged_service_id = asked.judged_service_id
        and holders.method = asked.method
        and holders.region is not distinct from asked.region
    group by asked.source_name, asked.judged_service_id, asked.service_name, asked.method, asked.region, asked.was_read, asked.unknown_cause, asked.read_error
),
-- Only another call can say that somebody who is listed is on the way in or out, or never worked.
unread_states as materialized (
    select distinct service_answers.source_name, service_answers.service_id, service_answers.region, service_answers.unknown_cause, service_answers.read_error
    from delegation.service_answers
    where service_answers.was_listed
        and not service_answers.was_read
        and service_answers.delegated_account_id is not null
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
            when answers.has_open_holder or answers.has_unclear_holder then 'unknown'
            when answers.holder_count > 0 and not answers.is_held_by_owner then 'fail'
            when not answers.was_read or unread_states.service_id is not null then 'unknown'
            else 'pass'
        end as status,
        case
            when not sources.were_accounts_read then sources.accounts_cause
            when answers.has_open_holder then 'unread'
            -- The line in the spec alone would not be enough.
            when answers.has_unclear_holder then case when answers.unknown_cause = 'unread' then 'unread' else 'not_configured' end
            when not answers.was_read then answers.unknown_cause
            else unread_states.unknown_cause
        end as open_cause,
        case
            when not sources.were_accounts_read then format('accounts are not known: %s', sources.accounts_error)
            when answers.has_open_holder then format('whether %s belongs to %s is not known: its tags or its place were not read', answers.holder_labels, services.owner_names)
            when answers.has_unclear_holder
                then concat_ws(
                    '; ',
                    format(
                        'whether %s belongs to %s is not known: the spec does not name an account that is %s; see to `owners: {%s: {accounts: [''111122223333'']}}` with your account, and sync again',
                        answers.holder_labels,
                        services.owner_names,
                        array_to_string(services.unclear_owners, ' or '),
                        services.unclear_owners[1]
                    ),
                    answers.read_error
                )
            when not answers.was_read then answers.read_error
            else format('%s is listed, and whether it works there is not: %s', answers.holder_labels, unread_states.read_error)
        end as open_problem
    from answers
    left join unread_states
        on answers.method = 'service'
        and unread_states.source_name = answers.source_name
        and unread_states.service_id = answers.service_id
        and unread_states.region is not distinct from answers.region
    join services on services.source_name = answers.source_name and services.service_id = answers.service_id
    join sources on sources.source_name = answers.source_name
    where services.is_used
        and services.owners is not null
        and services.owner_reason is null
),
of_differences as (
    select
        judged_answers.source_name,
        judged_answers.service_id,
        judged_answers.region,
        case when bool_or(judged_answers.status = 'fail') then 'fail' else 'unknown' end as status,
        string_agg(
            case
                when judged_answers.status = 'unknown' then format('who holds %s %s is not known: %s', judged_answers.service_name, judged_answers.place, judged_answers.open_problem)
                when judged_answers.holder_count = 0 then format('nobody holds %s %s; make an account of %s its administrator', judged_answers.service_name, judged_answers.place, judged_answers.owner_names)
                when judged_answers.has_stranger then format('%s %s is held by %s, and should be held by %s alone; change the administrator', judged_answers.service_name, judged_answers.place, judged_answers.holder_labels, judged_answers.owner_names)
                else format('%s %s is registered to %s, which does not count as held by %s; settle it or make another account its administrator', judged_answers.service_name, judged_answers.place, judged_answers.holder_labels, judged_answers.owner_names)
            end,
            '; ' order by judged_answers.status collate "C", judged_answers.method collate "C"
        ) as reason,
        case
            when bool_or(judged_answers.status = 'fail') then null
            when bool_or(judged_answers.open_cause = 'unread') then 'unread'
            when bool_or(judged_answers.open_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause
    from judged_answers
    where judged_answers.status <> 'pass'
    group by judged_answers.source_name, judged_answers.service_id, judged_answers.region
),
of_agreement as (
    select
        judged_answers.source_name,
        judged_answers.service_id,
        null::text as region,
        'pass' as status,
        concat(
            format('%s is held by %s (%s)', min(judged_answers.service_name), min(judged_answers.owner_names), string_agg(distinct judged_answers.holder_labels collate "C", ' and ')),
            case when bool_or(judged_answers.method = 'organizations') then ', through Organizations' end,
            case when bool_or(judged_answers.method = 'resource_policy') then ', by the delegation policy' end,
            case when count(judged_answers.region) > 0 then format(', and by the service itself in all %s enabled Regions where it exists', count(judged_answers.region)) end,
            case when bool_or(judged_answers.method = 'service' and judged_answers.region is null) then ', and by the service itself' end
        ) as reason,
        null::text as unknown_cause
    from judged_answers
    group by judged_answers.source_name, judged_answers.service_id
    having bool_and(judged_answers.status = 'pass')
),
-- One row per service where nothing has to be told apart.
has_question as materialized (
    select
        judged_with.source_name,
        judged_with.service_id,
        -- A service without a question of its own is judged with the one that it shares a principal with.
        judged_with.is_speaking or (judged_with.judged_service_id = judged_with.service_id and asked.source_name is not null) as is_asked,
        judged_with.is_speaking or asked.source_name is not null as is_known
    from judged_with
    left join asked
        on asked.source_name = judged_with.source_name
        and asked.service_id = judged_with.group_id
        and asked.method = 'organizations'
),
found_unasked as (
    select
        delegations.source_name,
        delegations.service_id,
        string_agg(
            distinct delegation.account_label(delegations.delegated_account_id, delegations.account_name, delegations.ou_path) collate "C",
            ' and '
            order by delegation.account_label(delegations.delegated_account_id, delegations.account_name, delegations.ou_path) collate "C"
        ) as labels
    from delegations
    group by delegations.source_name, delegations.service_id
),
of_services as (
    select
        services.source_name,
        services.service_id,
        null::text as region,
        case
            when not has_question.is_known then case when found_unasked.labels is null and catalogue.is_delegation_supported is false then 'not_applicable' else 'unknown' end
            when services.is_used is false then 'not_applicable'
            else 'unknown'
        end as status,
        case
            when not has_question.is_known and found_unasked.labels is not null then format('this version does not know how %s is delegated, and %s holds it', services.service_name, found_unasked.labels)
            when not has_question.is_known and catalogue.is_delegation_supported is false then format('%s cannot be delegated; take it out of `expectations`', services.service_name)
            when not has_question.is_known then format('this version has no way to ask who holds %s', services.service_name)
            else coalesce(services.use_reason, services.owner_reason)
        end as reason,
        case
            when not has_question.is_known then case when found_unasked.labels is null and catalogue.is_delegation_supported is false then null else 'not_observable' end
            else coalesce(services.use_unknown_cause, services.owner_unknown_cause)
        end as unknown_cause
    from services
    join has_question on has_question.source_name = services.source_name and has_question.service_id = services.service_id
    join delegation.services as catalogue on catalogue.source_name = services.source_name and catalogue.service_id = services.service_id
    left join found_unasked on found_unasked.source_name = services.source_name and found_unasked.service_id = services.service_id
    where services.owners is not null
        and (
            not has_question.is_known
            or has_question.is_asked and (services.is_used is not true or services.owner_reason is not null)
        )
),
of_all_services as (
    select * from of_services
    union all
    select * from of_differences
    union all
    select * from of_agreement
)
select
    of_all_services.source_name,
    sources.organization_id,
    sources.management_account_id,
    of_all_services.service_id,
    services.service_name,
    services.is_security_service,
    of_all_services.region,
    of_all_services.status,
    of_all_services.reason,
    of_all_services.unknown_cause
from of_all_services
join sources on sources.source_name = of_all_services.source_name
join services on services.source_name = of_all_services.source_name and services.service_id = of_all_services.service_id;
comment on view delegation.service_ownership is 'Whether each service is held by the owner that should hold it and by nobody else, as rules say it: one row per source and service where all agree, one per service and Region that differ. Services of which nobody expects anything have no row, nor has an organization that was not read.';
comment on column delegation.service_ownership.source_name is 'Name of the source in its spec.';
comment on column delegation.service_ownership.organization_id is 'ID of the organization.';
comment on column delegation.service_ownership.management_account_id is 'ID of the management account.';
comment on column delegation.service_ownership.service_id is 'ID of the service in the catalogue; of several that share a principal and should have the same owner, the first in use for what Organizations says of them.';
comment on column delegation.service_ownership.service_name is 'Name of the service.';
comment on column delegation.service_ownership.is_security_service is 'True for a security service; never null.';
comment on column delegation.service_ownership.region is 'Region; null where the row is not about one.';
comment on column delegation.service_ownership.status is 'pass, fail, unknown or not_applicable.';
comment on column delegation.service_ownership.reason is 'Why, naming the holders, and what to do.';
comment on column delegation.service_ownership.unknown_cause is 'unread, not_configured or not_observable; null where status is not unknown.';
