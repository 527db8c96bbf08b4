-- Grants of the delegation policy: one row is a principal, a statement of the policy and a kind of work that it lets the principal do.
-- Made by `npm run generate` from dashboards/queries/policy_grants.sql.
select *
from (
    select
        coalesce(organizations.organization_id, 'not read') as organization_id,
        grants.source_name,
        grants.principal,
        grants.is_not_principal,
        grants.delegated_account_id as account_id,
        coalesce(accounts.account_name, 'not in the organization') as account_name,
        coalesce(grants.sid, 'statement ' || (grants.statement_index + 1)) as statement,
        grants.action_group,
        grants.is_policy_work,
        coalesce(array_to_string(grants.policy_types, ', '), 'every type') as policy_types,
        grants.is_conditional,
        count(*) as actions,
        string_agg(replace(grants.action, 'organizations:', ''), ', ' order by grants.action) as action_names
    from delegation.resource_policy_grants as grants
    left join delegation.organizations on organizations.source_name = grants.source_name
    left join delegation.accounts
        on accounts.source_name = grants.source_name
        and accounts.account_id = grants.delegated_account_id
    where not grants.is_denied
    group by organizations.organization_id, grants.source_name, grants.principal, grants.is_not_principal, grants.delegated_account_id, accounts.account_name, grants.sid, grants.statement_index, grants.action_group, grants.is_policy_work, grants.policy_types, grants.is_conditional
) as policy_grants
[[where organization_id = {{organization}}]]
