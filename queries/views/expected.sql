create or replace view delegation.expected as
with services as (
    select
        services.source_name,
        services.service_id,
        services.service_name,
        services.category,
        services.is_security_service,
        services.group_id,
        array_agg(expected_owners.owner order by expected_owners.owner collate "C") as owners,
        min(expected_owners.origin) as origin
    from delegation.services
    join delegation.expected_owners
        on expected_owners.source_name = services.source_name
        and expected_owners.service_id = services.service_id
    group by services.source_name, services.service_id, services.service_name, services.category, services.is_security_service, services.group_id
),
expected as materialized (
    -- Services that Organizations cannot tell apart are one row, unless they are expected with different owners.
    select
        services.source_name,
        min(services.service_id) as service_id,
        string_agg(services.service_name, ' and ' order by services.service_id collate "C" desc) as service_name,
        min(services.category) as category,
        bool_or(services.is_security_service) as is_security_service,
        services.owners,
        services.origin,
        array_agg(services.service_id) as service_ids
    from services
    group by services.source_name, services.group_id, services.owners, services.origin
),
owned as (
    select expected.source_name, expected.service_id, owner_accounts.account_id, bool_or(owner_accounts.is_match) as is_match
    from expected
    join delegation.owner_accounts
        on owner_accounts.source_name = expected.source_name
        and owner_accounts.owner = any (expected.owners)
    group by expected.source_name, expected.service_id, owner_accounts.account_id
),
owner_lists as (
    select owned.source_name, owned.service_id, array_agg(owned.account_id order by owned.account_id) as account_ids
    from owned
    where owned.is_match
    group by owned.source_name, owned.service_id
),
holders as (
    -- Method 1 speaks of all services of a group, under the first: so does the row that this one is in.
    select
        expected.source_name,
        expected.service_id,
        delegations.delegated_account_id as account_id,
        -- Who is suspended, or just being made or removed, holds nothing.
        bool_or(delegations.is_held and delegations.account_state = 'ACTIVE') as is_working
    from expected
    join delegation.delegations
        on delegations.source_name = expected.source_name
        and delegations.service_id = any (expected.service_ids)
    group by expected.source_name, expected.service_id, delegations.delegated_account_id
),
needed (table_name) as (
    values ('aws_delegation_services'), ('aws_delegation_expectations'), ('aws_delegation_owners'), ('aws_organizations_accounts')
),
intents as materialized (
    -- Whom an owner is, and that there is no other expectation, must be known as well.
    select
        table_reads.source_name,
        bool_and(table_reads.was_read) as was_read,
        case when bool_or(table_reads.unknown_cause = 'unread') then 'unread' else min(table_reads.unknown_cause) end as unknown_cause,
        min(table_reads.read_error) as read_error
    from delegation.table_reads
    join needed on needed.table_name = table_reads.table_name
    group by table_reads.source_name
),
questions as (
    select
        expected.source_name,
        expected.service_id,
        bool_and(asked.was_read) as was_read,
        case
            when bool_or(asked.unknown_cause = 'unread') then 'unread'
            when bool_or(asked.unknown_cause = 'not_configured') then 'not_configured'
            else min(asked.unknown_cause)
        end as unknown_cause,
        min(asked.read_error) as read_error
    from expected
    join delegation.service_regions as asked
        on asked.source_name = expected.source_name
        and asked.service_id = any (expected.service_ids)
    group by expected.source_name, expected.service_id
),
compared as (
    select
        holders.source_name,
        holders.service_id,
        array_agg(holders.account_id order by holders.account_id collate "C") as account_ids,
        array_agg(holders.account_id order by holders.account_id collate "C") filter (where owned.account_id is null) as stranger_ids,
        bool_or(coalesce(owned.is_match and holders.is_working, false)) as has_expected,
        bool_or(owned.account_id is not null and owned.is_match is null and holders.is_working is not false) as has_open
    from holders
    left join owned
        on owned.source_name = holders.source_name
        and owned.service_id = holders.service_id
        and owned.account_id = holders.account_id
    group by holders.source_name, holders.service_id
)
select
    expected.source_name,
    organization.id as organization_id,
    expected.service_id,
    expected.service_name,
    expected.category,
    expected.is_security_service,
    expected.owners,
    expected.origin,
    coalesce(owner_lists.account_ids, '{}') as owner_account_ids,
    coalesce(compared.account_ids, '{}') as holder_account_ids,
    case when coalesce(intents.was_read, false) then coalesce(compared.stranger_ids, '{}') end as unexpected_account_ids,
    case
        when intents.was_read is not true then null
        when compared.has_expected then false
        when compared.has_open then null
        when judged.was_read then true
    end as is_missing,
    judged.was_read,
    case
        when judged.was_read then null
        when 'unread' in (questions.unknown_cause, intents.unknown_cause) then 'unread'
        when intents.source_name is null then 'unread'
        when 'not_configured' in (questions.unknown_cause, intents.unknown_cause) then 'not_configured'
        else 'not_observable'
    end as unknown_cause,
    case
        when judged.was_read then null
        when questions.source_name is null then concat_ws('; ', intents.read_error, format('this version has no way to ask who holds %s alone', expected.service_name))
        else concat_ws('; ', intents.read_error, questions.read_error)
    end as read_error
from expected
left join owner_lists on owner_lists.source_name = expected.source_name and owner_lists.service_id = expected.service_id
left join compared on compared.source_name = expected.source_name and compared.service_id = expected.service_id
left join questions on questions.source_name = expected.source_name and questions.service_id = expected.service_id
left join intents on intents.source_name = expected.source_name
left join delegation.current_aws_organizations as organization on organization._cq_source_name = expected.source_name
cross join lateral (
    select coalesce(questions.was_read and intents.was_read, false) as was_read
) as judged;
comment on view delegation.expected is 'Who should hold a service and who does: one row per source, service (or services that Organizations cannot tell apart) and set of expected owners. Services of which nobody expects anything have no row.';
comment on column delegation.expected.source_name is 'Name of the source in its spec.';
comment on column delegation.expected.organization_id is 'ID of the organization; null where it was not read.';
comment on column delegation.expected.service_id is 'ID of the service in the catalogue; the first of several that share a principal and are expected with the same owners.';
comment on column delegation.expected.service_name is 'Name of the service, or of all of them.';
comment on column delegation.expected.category is 'Category of the service.';
comment on column delegation.expected.is_security_service is 'True for a security service; never null.';
comment on column delegation.expected.owners is 'Names of the expected owners, any of which is fine.';
comment on column delegation.expected.origin is 'spec or catalogue: who expects it.';
comment on column delegation.expected.owner_account_ids is 'Accounts that these owners certainly match; empty where none does, or accounts or owners were not read.';
comment on column delegation.expected.holder_account_ids is 'Accounts that hold it, by any method and in any Region; * where the delegation policy lets everybody. Empty where nobody was found.';
comment on column delegation.expected.unexpected_account_ids is 'Holders that certainly belong to none of these owners; null where accounts, owners or expectations were not read.';
comment on column delegation.expected.is_missing is 'True where no holder, in any Region, is an ACTIVE account of these owners that is not just being made or removed, also where they match no account at all; null where that is not known.';
comment on column delegation.expected.was_read is 'True where every question of delegation.service_regions about it was answered, and catalogue, expectations, owners and accounts were read; never null.';
comment on column delegation.expected.unknown_cause is 'unread, not_configured (the spec left it out) or not_observable (this version cannot ask); null where all was read.';
comment on column delegation.expected.read_error is 'What is missing and what to do; null where all was read.';
