create or replace view delegation.holders as
with delegations as materialized (
    select delegations.*
    from delegation.delegations
),
named_by_services as (
    select distinct services.source_name, services.group_id, delegations.delegated_account_id, delegations.service_id
    from delegations
    join delegation.services
        on services.source_name = delegations.source_name
        and services.service_id = delegations.service_id
    where delegations.method = 'service'
),
attributed as (
    -- A registration with a principal that two services share speaks of both, and the services themselves say which of them it is:
    -- it counts with those that name the same holder, and as one for the group where none does. It is never a holder more.
    select
        delegations.*,
        coalesce(named_by_services.service_id, delegations.service_id) as held_service_id,
        case when named_by_services.service_id is null then delegations.service_name else services.service_name end as held_service_name,
        coalesce(services.category, delegations.category) as held_category
    from delegations
    left join named_by_services
        on delegations.method = 'organizations'
        and named_by_services.source_name = delegations.source_name
        and named_by_services.group_id = delegations.service_id
        and named_by_services.delegated_account_id = delegations.delegated_account_id
    left join delegation.services
        on services.source_name = named_by_services.source_name
        and services.service_id = named_by_services.service_id
),
counted as (
    select
        attributed.source_name,
        attributed.organization_id,
        attributed.held_service_id as service_id,
        attributed.held_service_name as service_name,
        attributed.held_category as category,
        attributed.delegated_account_id,
        attributed.account_name,
        attributed.ou_path,
        attributed.account_state,
        attributed.is_management_account,
        array_agg(distinct attributed.method collate "C" order by attributed.method collate "C") as methods,
        coalesce(array_agg(distinct attributed.region collate "C" order by attributed.region collate "C") filter (where attributed.region is not null), '{}') as regions,
        count(distinct attributed.region) as region_count,
        min(attributed.since) as since,
        coalesce(array_agg(distinct attributed.status collate "C" order by attributed.status collate "C") filter (where attributed.status is not null), '{}') as statuses,
        bool_or(attributed.is_held) as is_held
    from attributed
    group by
        attributed.source_name, attributed.organization_id, attributed.held_service_id, attributed.held_service_name, attributed.held_category,
        attributed.delegated_account_id, attributed.account_name, attributed.ou_path, attributed.account_state, attributed.is_management_account
),
-- Each of these once, and as they are: the planner takes them for a row or two, and would go through all accounts for each.
owner_accounts as materialized (
    select owner_accounts.source_name, owner_accounts.owner, owner_accounts.account_id, owner_accounts.is_match
    from delegation.owner_accounts
),
complete_sources as materialized (
    select table_reads.source_name
    from delegation.table_reads
    where table_reads.table_name in ('aws_organizations_accounts', 'aws_delegation_owners', 'aws_delegation_expectations')
    group by table_reads.source_name
    having bool_and(table_reads.was_read)
),
owner_matches as materialized (
    -- An owner can be half of the organization, and few of its accounts hold anything.
    select expected_owners.source_name, expected_owners.service_id, owner_accounts.account_id, bool_or(owner_accounts.is_match) as is_match
    from (select distinct delegations.source_name, delegations.delegated_account_id from delegations) as holding
    join owner_accounts
        on owner_accounts.source_name = holding.source_name
        and owner_accounts.account_id = holding.delegated_account_id
    join delegation.expected_owners
        on expected_owners.source_name = owner_accounts.source_name
        and expected_owners.owner = owner_accounts.owner
    group by expected_owners.source_name, expected_owners.service_id, owner_accounts.account_id
),
-- Only where the owner is known can somebody not be it: the spec names it, it has accounts, and all accounts were read.
known_owners as materialized (
    select distinct expected_owners.source_name, expected_owners.service_id
    from delegation.expected_owners
    join (select distinct owner_accounts.source_name, owner_accounts.owner from owner_accounts where owner_accounts.is_match) as matched
        on matched.source_name = expected_owners.source_name
        and matched.owner = expected_owners.owner
    join complete_sources on complete_sources.source_name = expected_owners.source_name
)
select
    counted.*,
    case
        when owner_matches.is_match then true
        when owner_matches.account_id is null and known_owners.service_id is not null then false
    end as is_expected_owner
from counted
left join owner_matches
    on owner_matches.source_name = counted.source_name
    and owner_matches.service_id = counted.service_id
    and owner_matches.account_id = counted.delegated_account_id
left join known_owners
    on known_owners.source_name = counted.source_name
    and known_owners.service_id = counted.service_id;
comment on view delegation.holders is 'Who holds what, as people count it: one row per source, service and holder. delegation.delegations tells the single delegations.';
comment on column delegation.holders.source_name is 'Name of the source in its spec.';
comment on column delegation.holders.organization_id is 'ID of the organization.';
comment on column delegation.holders.service_id is 'ID of the service in the catalogue. A registration with a principal that two services share counts with the one that names the same holder itself; where none does, with the first of them, for both.';
comment on column delegation.holders.service_name is 'Name of the service, or of both services of a shared principal.';
comment on column delegation.holders.category is 'security, identity, networking, ...; unknown for a principal that the catalogue does not know.';
comment on column delegation.holders.delegated_account_id is 'Account that holds it; for the delegation policy the principal where it names no account (*).';
comment on column delegation.holders.account_name is 'Name of the holder; null where it is no account of the organization, or accounts were not read.';
comment on column delegation.holders.ou_path is 'Path of the holder by names.';
comment on column delegation.holders.account_state is 'State of the holder.';
comment on column delegation.holders.is_management_account is 'True where the management account holds it; null where the organization was not read.';
comment on column delegation.holders.methods is 'List of organizations, service, resource_policy: who names this holder.';
comment on column delegation.holders.regions is 'List of the Regions in which the service names it; empty for a delegation that is not regional.';
comment on column delegation.holders.region_count is 'Number of these Regions.';
comment on column delegation.holders.since is 'The earliest time that is known, in UTC.';
comment on column delegation.holders.statuses is 'List of the statuses that the service gives, each once.';
comment on column delegation.holders.is_held is 'True where at least one of its delegations is held, see delegation.delegations; never null.';
comment on column delegation.holders.is_expected_owner is 'Whether the holder is an account of the owner that should hold the service; null where no owner is expected, the spec does not name it, or accounts were not read.';
