-- Changes of verdicts: one row is a verdict that a check found to be another one than the check before.
-- Made by `npm run generate` from dashboards/queries/verdict_changes.sql.
select *
from (
    select
        coalesce(moved.organization_id, 'not read') as organization_id,
        moved.changed_at,
        moved.check_id,
        moved.severity,
        moved.account_id,
        coalesce(moved.region, 'all') as region,
        moved.resource_id,
        coalesce(moved.old_status, 'none') as old_status,
        coalesce(moved.new_status, 'none') as new_status,
        case
            when moved.new_status = 'fail' then 'new finding'
            when moved.new_status = 'unknown' then 'no longer known'
            when moved.new_status = 'waived' then 'waived'
            when moved.old_status = 'fail' and moved.new_status is null then 'finding gone'
            when moved.old_status = 'fail' then 'mended'
            else 'other'
        end as direction,
        moved.reason
    from aws_policy_result_changes as moved
) as verdict_changes
[[where organization_id = {{organization}}]]
