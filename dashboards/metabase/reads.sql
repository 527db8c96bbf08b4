-- Reads: one row is a read of the newest sync: one operation in one account and Region, for one table.
-- Made by `npm run generate` from dashboards/queries/reads.sql.
select *
from (
    select
        coalesce(organizations.organization_id, 'not read') as organization_id,
        reads.source_name,
        reads.account_id,
        coalesce(nullif(reads.region, ''), 'all') as region,
        reads.service,
        reads.table_name,
        reads.operation,
        reads.scope,
        reads.outcome,
        reads.outcome not in ('ok', 'absent') as is_missing,
        reads.error_code,
        reads.error_message,
        reads.request_count,
        reads.row_count,
        reads.duration_ms,
        reads.started_at at time zone 'UTC' as started_at,
        reads.sync_time at time zone 'UTC' as synced_at
    from delegation.reads
    left join delegation.organizations on organizations.source_name = reads.source_name
) as reads
[[where organization_id = {{organization}}]]
