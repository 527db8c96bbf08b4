-- Verdicts: one row is a verdict of the newest check: a rule, and the thing that it judged.
-- Made by `npm run generate` from dashboards/queries/verdicts.sql.
select *
from (
    select
        coalesce(results.organization_id, 'not read') as organization_id,
        results.check_id,
        results.title,
        results.severity,
        array_position(array['critical', 'high', 'medium', 'low'], results.severity) as severity_rank,
        results.status,
        array_position(array['fail', 'unknown', 'waived', 'pass', 'not_applicable'], results.status::text) as status_rank,
        results.unknown_cause,
        results.account_id,
        coalesce(places.account_name, results.account_id) as account_name,
        coalesce(results.region, 'all') as region,
        results.resource_id,
        results.reason,
        results.waiver,
        results.execution_time as judged_at,
        results.sync_time at time zone 'UTC' as synced_at
    from aws_policy_results as results
    left join (
        -- Two sources may have read one organization.
        select distinct on (accounts.organization_id, accounts.account_id) accounts.organization_id, accounts.account_id, accounts.account_name
        from delegation.accounts
        order by accounts.organization_id, accounts.account_id, accounts.account_name
    ) as places
        on places.organization_id = results.organization_id
        and places.account_id = results.account_id
    -- Other packs keep their results in the same table.
    where results.framework = 'aws_delegation'
) as verdicts
[[where organization_id = {{organization}}]]
