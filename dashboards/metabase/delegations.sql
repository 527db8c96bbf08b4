-- Delegations: one row is what one method says in one Region: a service, a Region where it has one, and the account that is named there.
-- Made by `npm run generate` from dashboards/queries/delegations.sql.
select *
from (
    select
        coalesce(delegations.organization_id, 'not read') as organization_id,
        delegations.source_name,
        delegations.method,
        delegations.service_id,
        delegations.service_name,
        delegations.category,
        coalesce(delegations.region, 'all') as region,
        delegations.delegated_account_id as account_id,
        concat_ws(' ', delegations.account_name, delegations.delegated_account_id) as holder,
        concat_ws(' ', delegations.source_name, delegations.service_id, delegations.delegated_account_id) as holding,
        delegations.ou_path,
        delegations.account_state,
        delegations.status,
        delegations.is_held,
        delegations.since at time zone 'UTC' as since,
        delegations.source_table
    from delegation.delegations
) as delegations
[[where organization_id = {{organization}}]]
