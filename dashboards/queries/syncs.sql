-- title: Syncs
-- row:   a source of the database
-- shows: which organization it read, how old its newest sync is, how much of it could be read, and when it was judged
-- trap:  every other dataset is as old as this says. Where `judged_at` is before `synced_at`, the verdicts are of an earlier sync.
select
    coalesce(organizations.organization_id, 'not read') as organization_id,
    organizations.source_name,
    organizations.management_account_id,
    organizations.feature_set,
    organizations.sync_time at time zone 'UTC' as synced_at,
    round((extract(epoch from now() - organizations.sync_time at time zone 'UTC') / 3600)::numeric, 1) as age_hours,
    settings.max_age_hours,
    now() - organizations.sync_time at time zone 'UTC' > make_interval(hours => settings.max_age_hours) as is_too_old,
    asked.reads,
    asked.missing_reads,
    judged.judged_at,
    judged.verdicts,
    judged.pack_version
from delegation.organizations
left join delegation.settings on settings.source_name = organizations.source_name
left join (
    select
        reads.source_name,
        count(*) as reads,
        count(*) filter (where reads.outcome not in ('ok', 'absent')) as missing_reads
    from delegation.reads
    group by reads.source_name
) as asked on asked.source_name = organizations.source_name
left join (
    select
        results.organization_id,
        max(results.execution_time) as judged_at,
        count(*) as verdicts,
        max(results.pack_version) as pack_version
    from aws_policy_results as results
    where results.framework = 'aws_delegation'
    group by results.organization_id
) as judged on judged.organization_id = organizations.organization_id
where organizations.source_name is not null
