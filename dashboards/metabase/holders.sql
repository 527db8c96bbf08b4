-- Holders: one row is a service and an account that holds it, whoever says so and in however many Regions.
-- Made by `npm run generate` from dashboards/queries/holders.sql.
select *
from (
    select
        coalesce(holders.organization_id, 'not read') as organization_id,
        holders.source_name,
        holders.service_id,
        holders.service_name,
        holders.category,
        holders.delegated_account_id as account_id,
        coalesce(holders.account_name, 'not in the organization') as account_name,
        concat_ws(' ', holders.account_name, holders.delegated_account_id) as holder,
        holders.ou_path,
        holders.account_state,
        coalesce(holders.is_management_account, false) as is_management_account,
        array_to_string(holders.methods, ', ') as methods,
        array_to_string(holders.regions, ', ') as regions,
        holders.region_count,
        holders.since at time zone 'UTC' as since,
        array_to_string(holders.statuses, ', ') as statuses,
        holders.is_held,
        case
            when not holders.is_held then 'not settled'
            when holders.is_management_account then 'management account'
            when holders.is_expected_owner then 'expected'
            when not holders.is_expected_owner then 'not expected'
            else 'not known'
        end as expectation
    from delegation.holders
) as holders
[[where organization_id = {{organization}}]]
