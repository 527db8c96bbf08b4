-- id:          reads_complete
-- title:       Everything that the sync wanted to read was read
-- severity:    high
-- frameworks:  none
-- reads:       *
-- why:         What was not read is not known, however green the rest is. Elsewhere a gap shows as an unknown of the rules that it
--              touches; here every gap is named once, with what ends it.
-- decides:     Every read of the newest sync in aws_delegation_reads ended ok, as absent (AWS said that there is none), or was
--              left out by the spec. An ok counts only where the rows are there: not where a sync was cut short, nor where the
--              views are older than the table. A table, or an enabled Region of a service, without any record of a read is a gap
--              as well. One row per table and operation with a gap, which names the Regions and some of what was asked there; one
--              pass where there is none. Also judged for an account that is in no organization.
-- unknown:     The read in question was denied, failed or is not recorded. This rule has no other finding.
-- remediation: Grant the action that the reason names to the role that syncs, or take away what stopped the call, and sync again; or leave the table out with `skip_tables`, and let the rules that lean on it say so.
-- source:      https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
with sources as materialized (
    select organizations.*
    from delegation.organizations
),
reads as materialized (
    select reads.*
    from delegation.reads
),
stale_tables as materialized (
    select stale_tables.*
    from delegation.stale_tables
),
gaps as materialized (
    select
        reads.source_name,
        reads.account_id,
        reads.table_name,
        case when gap.is_of_table then '' else reads.operation end as operation,
        case when gap.is_of_table then '' else reads.region end as region,
        case when gap.is_of_table then '' else reads.scope end as scope,
        reads.outcome,
        reads.error_code,
        reads.error_message
    from reads
    cross join lateral (
        -- These are about the table as a whole, and stand at every read of it.
        select coalesce(reads.error_code in ('rows_missing', 'views_stale', 'columns_missing'), false) as is_of_table
    ) as gap
    where reads.outcome not in ('ok', 'absent', 'skipped')
),
of_same_error as (
    select
        gaps.source_name,
        gaps.account_id,
        gaps.table_name,
        gaps.operation,
        gaps.outcome,
        gaps.error_code,
        min(gaps.error_message collate "C") as error_message,
        array_agg(distinct gaps.region collate "C" order by gaps.region collate "C") filter (where gaps.region <> '') as regions,
        array_agg(distinct gaps.scope collate "C" order by gaps.scope collate "C") filter (where gaps.scope <> '') as scopes
    from gaps
    group by gaps.source_name, gaps.account_id, gaps.table_name, gaps.operation, gaps.outcome, gaps.error_code
),
of_reads as (
    select
        of_same_error.source_name,
        of_same_error.account_id,
        of_same_error.table_name,
        of_same_error.operation,
        string_agg(
            delegation.read_problem(
                of_same_error.outcome,
                of_same_error.table_name,
                of_same_error.operation,
                array_to_string(of_same_error.regions, ', '),
                case
                    when cardinality(of_same_error.scopes) > 5 then format('%s and %s more', array_to_string(of_same_error.scopes[1:5], ', '), cardinality(of_same_error.scopes) - 5)
                    else array_to_string(of_same_error.scopes, ', ')
                end,
                of_same_error.error_code,
                of_same_error.error_message
            ),
            '; ' order by of_same_error.outcome collate "C", of_same_error.error_code collate "C"
        ) as problem
    from of_same_error
    group by of_same_error.source_name, of_same_error.account_id, of_same_error.table_name, of_same_error.operation
),
of_unrecorded_tables as (
    select
        table_reads.source_name,
        sources.asking_account_id as account_id,
        table_reads.table_name,
        '' as operation,
        table_reads.read_error as problem
    from delegation.table_reads
    join sources on sources.source_name = table_reads.source_name
    where table_reads.table_name <> 'aws_delegation_reads'
        and not exists (select from reads where reads.source_name = table_reads.source_name and reads.table_name = table_reads.table_name)
),
-- The record itself is in no record.
of_the_record as (
    select
        sources.source_name,
        sources.asking_account_id as account_id,
        stale_tables.table_name,
        '' as operation,
        delegation.read_problem(
            'failed',
            stale_tables.table_name,
            '',
            '',
            '',
            stale_tables.problem,
            case
                when stale_tables.problem = 'views_stale' then format('the views are older than %s (%s)', stale_tables.table_name, stale_tables.column_names)
                else format('%s has no %s: it comes from an older version', stale_tables.table_name, stale_tables.column_names)
            end
        ) as problem
    from sources
    join stale_tables on stale_tables.table_name = 'aws_delegation_reads'
    where sources.source_name is not null
),
-- A Region in which a service should have been asked, and of which no record speaks.
of_unrecorded_regions as (
    select
        services.source_name,
        sources.asking_account_id as account_id,
        services.admin_table_name as table_name,
        services.list_admin_action as operation,
        format('no read is recorded in %s; sync again', string_agg(distinct enabled_regions.region collate "C", ', ')) as problem
    from delegation.services
    join sources on sources.source_name = services.source_name
    join delegation.enabled_regions
        on enabled_regions.source_name = services.source_name
        and (services.service_regions is null or services.service_regions ? enabled_regions.region)
    where services.is_regional
        and exists (select from reads where reads.source_name = services.source_name and reads.table_name = services.admin_table_name)
        and not exists (
            select
            from reads
            where reads.source_name = services.source_name
                and reads.table_name = services.admin_table_name
                and reads.operation = services.list_admin_action
                and reads.region in ('', enabled_regions.region)
                and (reads.scope = services.admin_read_scope or reads.region = '')
        )
    group by services.source_name, sources.asking_account_id, services.admin_table_name, services.list_admin_action
),
problems as (
    select * from of_reads
    union all
    select * from of_unrecorded_tables
    union all
    select * from of_the_record
    union all
    select * from of_unrecorded_regions
),
rows_of_gaps as materialized (
    select
        problems.source_name,
        problems.account_id,
        concat_ws(' / ', problems.table_name, nullif(problems.operation, '')) as resource_id,
        'unknown' as status,
        string_agg(problems.problem, '; ' order by problems.problem collate "C") as reason,
        'unread' as unknown_cause
    from problems
    group by problems.source_name, problems.account_id, problems.table_name, problems.operation
),
counts as (
    select
        reads.source_name,
        count(*) as read_count,
        count(*) filter (where reads.outcome = 'ok') as ok_count,
        count(*) filter (where reads.outcome = 'absent') as absent_count,
        count(*) filter (where reads.outcome = 'skipped') as skipped_count
    from reads
    group by reads.source_name
),
of_sources as (
    select
        sources.source_name,
        coalesce(sources.management_account_id, sources.asking_account_id) as account_id,
        coalesce(sources.organization_id, sources.asking_account_id, 'organization') as resource_id,
        case when counts.read_count > 0 then 'pass' else 'unknown' end as status,
        case
            when counts.read_count > 0 then format(
                'the sync of %s recorded %s reads: %s ok, %s absent, %s left out by the spec, and no gap',
                to_char(sources.sync_time, 'YYYY-MM-DD HH24:MI "UTC"'), counts.read_count, counts.ok_count, counts.absent_count, counts.skipped_count
            )
            when sources.source_name is null then sources.read_error
            else 'the newest sync recorded no read; sync again'
        end as reason,
        case when counts.read_count > 0 then null else 'unread' end as unknown_cause
    from sources
    left join counts on counts.source_name = sources.source_name
    where not exists (select from rows_of_gaps where rows_of_gaps.source_name = sources.source_name)
),
judged as (
    select * from rows_of_gaps
    union all
    select * from of_sources
)
select
    sources.organization_id,
    judged.account_id,
    null::text as region,
    judged.resource_id,
    judged.status,
    judged.reason,
    judged.unknown_cause
from judged
join sources on sources.source_name is not distinct from judged.source_name
order by organization_id, resource_id, account_id;
