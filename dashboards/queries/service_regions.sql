-- title: Services by Region
-- row:   a regional service and an enabled Region
-- shows: who holds the service there, as the service itself says; `state` and `state_code` for a map with colours
-- trap:  an empty cell of a map is a Region in which the service does not exist. `not read` is neither `nobody` nor `as expected`.
with named as (
    select
        delegations.source_name,
        delegations.service_id,
        delegations.region,
        string_agg(concat_ws(' ', delegations.account_name, delegations.delegated_account_id), ', ' order by delegations.delegated_account_id) as holder,
        count(distinct delegations.delegated_account_id) as holder_count,
        bool_or(delegations.is_held and (coalesce(not holders.is_expected_owner, false) or coalesce(holders.is_management_account, false))) as has_other,
        bool_and(delegations.is_held and coalesce(holders.is_expected_owner, false)) as is_expected
    from delegation.delegations
    left join delegation.holders
        on holders.source_name = delegations.source_name
        and holders.service_id = delegations.service_id
        and holders.delegated_account_id = delegations.delegated_account_id
    where delegations.method = 'service' and delegations.region is not null
    group by delegations.source_name, delegations.service_id, delegations.region
),
cells as (
    select
        asked.*,
        named.holder,
        named.holder_count,
        case
            when named.has_other then 'somebody else'
            when not asked.was_read then 'not read'
            when named.holder is null then 'nobody'
            when named.is_expected then 'as expected'
            else 'unclear'
        end as state
    from delegation.service_regions as asked
    left join named
        on named.source_name = asked.source_name
        and named.service_id = asked.service_id
        and named.region = asked.region
    where asked.method = 'service' and asked.region is not null
)
select
    coalesce(cells.organization_id, 'not read') as organization_id,
    cells.source_name,
    cells.service_id,
    cells.service_name,
    cells.region,
    cells.holder,
    coalesce(cells.holder_count, 0) as holder_count,
    cells.state,
    array_position(array['somebody else', 'not read', 'unclear', 'nobody', 'as expected'], cells.state) - 1 as state_code,
    cells.read_error
from cells
