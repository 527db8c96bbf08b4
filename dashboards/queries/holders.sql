-- title: Holders
-- row:   a service and an account that holds it, whoever says so and in however many Regions
-- shows: who holds what, by which methods, and whether that account is the owner that should have it
-- trap:  count these rows and not those of `delegations`, where GuardDuty in 20 Regions is 20 rows of one holder. `expectation` is `not known` where nobody is expected.
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
