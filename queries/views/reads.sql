-- How each read ended, as a rule may rely on it.

create or replace view delegation.stale_tables as
with live_columns as (
    select
        pack_columns.table_name,
        pack_columns.column_name,
        pg_class.oid as table_oid,
        pg_attribute.attnum,
        pg_catalog.to_regclass(format('delegation.%I', pack_columns.view_name)) as view_oid
    from delegation.pack_columns
    cross join delegation.pack
    join pg_catalog.pg_namespace on pg_namespace.nspname = pack.live_schema
    join pg_catalog.pg_class on pg_class.relnamespace = pg_namespace.oid and pg_class.relname = pack_columns.table_name
    left join pg_catalog.pg_attribute
        on pg_attribute.attrelid = pg_class.oid
        and pg_attribute.attname = pack_columns.column_name
        and pg_attribute.attnum > 0
        and not pg_attribute.attisdropped
),
bound_columns as (
    select pg_rewrite.ev_class as view_oid, pg_depend.refobjid as table_oid, pg_depend.refobjsubid as attnum
    from pg_catalog.pg_rewrite
    join pg_catalog.pg_depend
        on pg_depend.classid = 'pg_catalog.pg_rewrite'::regclass
        and pg_depend.objid = pg_rewrite.oid
        and pg_depend.refclassid = 'pg_catalog.pg_class'::regclass
    where pg_rewrite.ev_class in (select live_columns.view_oid from live_columns)
)
select
    live_columns.table_name,
    case when bool_or(live_columns.attnum is not null and bound_columns.attnum is null) then 'views_stale' else 'columns_missing' end as problem,
    string_agg(live_columns.column_name, ', ' order by live_columns.column_name collate "C") filter (where live_columns.attnum is null or bound_columns.attnum is null) as column_names
from live_columns
left join bound_columns
    on bound_columns.view_oid = live_columns.view_oid
    and bound_columns.table_oid = live_columns.table_oid
    and bound_columns.attnum = live_columns.attnum
where live_columns.attnum is null or bound_columns.attnum is null
group by live_columns.table_name;
comment on view delegation.stale_tables is 'Tables of which the views give less than there is (views_stale: install them again), or that lack a column which the views know (columns_missing: sync with this version).';
comment on column delegation.stale_tables.table_name is 'Name of the synced table.';
comment on column delegation.stale_tables.problem is 'views_stale or columns_missing.';
comment on column delegation.stale_tables.column_names is 'The columns in question.';

create or replace view delegation.reads as
with counted as materialized (
    select
        recorded._cq_source_name as source_name,
        recorded.table_name,
        sum(recorded.row_count) as row_count
    from delegation.current_aws_delegation_reads as recorded
    group by recorded._cq_source_name, recorded.table_name
),
current_counts as materialized (
    select current_row_counts.*
    from delegation.current_row_counts
),
missing_rows as materialized (
    select counted.source_name, counted.table_name, counted.row_count as counted_rows, coalesce(current_row_counts.row_count, 0) as current_rows
    from counted
    left join current_counts as current_row_counts
        on current_row_counts.source_name = counted.source_name
        and current_row_counts.table_name = counted.table_name
    where counted.row_count <> coalesce(current_row_counts.row_count, 0)
        -- The reads table does not count itself.
        and counted.table_name in (select pack_columns.table_name from delegation.pack_columns)
        and counted.table_name <> 'aws_delegation_reads'
),
stale_tables as materialized (
    select stale_tables.*
    from delegation.stale_tables
),
policies_without_statements as materialized (
    -- A text of which no statement could be listed must not look like one that grants nothing.
    select policy._cq_source_name as source_name
    from delegation.current_aws_organization_resource_policies as policy
    where not exists (
        select
        from delegation.current_aws_organization_resource_policy_statements as statement
        where statement._cq_source_name = policy._cq_source_name
    )
)
select
    recorded._cq_source_name as source_name,
    recorded._cq_sync_time as sync_time,
    recorded.account_id,
    recorded.region,
    recorded.service,
    recorded.table_name,
    recorded.operation,
    recorded.scope,
    judged.outcome,
    case when judged.outcome is distinct from recorded.outcome then judged.problem else recorded.error_code end as error_code,
    case
        when judged.outcome is not distinct from recorded.outcome then recorded.error_message
        when judged.problem = 'rows_missing' then format('%s has %s current rows and the sync counted %s: a sync was interrupted', recorded.table_name, missing_rows.current_rows, missing_rows.counted_rows)
        when judged.problem = 'views_stale' then format('the views are older than %s (%s)', recorded.table_name, stale_tables.column_names)
        when judged.problem = 'columns_missing' then format('%s has no %s: it comes from an older version', recorded.table_name, stale_tables.column_names)
        when judged.problem = 'no_statements' then 'the text of the delegation policy has no statement that could be listed'
        else format('no outcome is known: %s', coalesce(recorded.outcome, 'null'))
    end as error_message,
    recorded.request_count,
    recorded.row_count,
    recorded.started_at,
    recorded.duration_ms,
    recorded.outcome as recorded_outcome
from delegation.current_aws_delegation_reads as recorded
left join missing_rows
    on missing_rows.source_name = recorded._cq_source_name
    and missing_rows.table_name = recorded.table_name
left join stale_tables on stale_tables.table_name = recorded.table_name
left join policies_without_statements
    on policies_without_statements.source_name = recorded._cq_source_name
    and recorded.table_name = 'aws_organization_resource_policy_statements'
cross join lateral (
    select case
        when stale_tables.problem is not null then stale_tables.problem
        when missing_rows.table_name is not null then 'rows_missing'
        when policies_without_statements.source_name is not null then 'no_statements'
    end as problem
) as found
cross join lateral (
    select
        found.problem,
        case
            when recorded.outcome = 'ok' and found.problem is not null then 'failed'
            when recorded.outcome in ('ok', 'absent', 'denied', 'failed', 'skipped') then recorded.outcome
            else 'failed'
        end as outcome
) as judged;
comment on view delegation.reads is 'How each read of the newest sync ended, as rules take it: an ok becomes failed where the rows that are current are not what was read, and where a delegation policy has no statement that could be listed.';
comment on column delegation.reads.source_name is 'Name of the source in its spec.';
comment on column delegation.reads.sync_time is 'Time of the sync, in UTC.';
comment on column delegation.reads.account_id is 'Account that asked.';
comment on column delegation.reads.region is 'Region that was asked, or an empty text.';
comment on column delegation.reads.service is 'IAM prefix of the service.';
comment on column delegation.reads.table_name is 'Table that the read is for.';
comment on column delegation.reads.operation is 'IAM action.';
comment on column delegation.reads.scope is 'Empty for the read as a whole, otherwise what the one call that was not ok was about.';
comment on column delegation.reads.outcome is 'ok, absent, denied, failed or skipped.';
comment on column delegation.reads.error_code is 'Error code of AWS; or rows_missing, views_stale, columns_missing, no_statements.';
comment on column delegation.reads.error_message is 'What came back.';
comment on column delegation.reads.request_count is 'Requests sent.';
comment on column delegation.reads.row_count is 'Rows read.';
comment on column delegation.reads.started_at is 'Start, in UTC.';
comment on column delegation.reads.duration_ms is 'Duration in milliseconds.';
comment on column delegation.reads.recorded_outcome is 'The outcome as the sync recorded it.';

create or replace view delegation.table_reads as
with enriching (table_name, operation) as (
    -- These fill columns of rows that another operation lists: where they fail, the columns are null and the rows are all there.
    values
        ('aws_organizations_accounts', 'organizations:ListRoots'),
        ('aws_organizations_accounts', 'organizations:ListOrganizationalUnitsForParent'),
        ('aws_organizations_policies', 'organizations:DescribePolicy'),
        ('aws_inspector2_organization_admin_accounts', 'inspector2:GetDelegatedAdminAccount'),
        -- Where it could have added a row, the sync ends fms:ListAdminAccountsForOrganization with its outcome.
        ('aws_fms_organization_admin_accounts', 'fms:GetAdminAccount'),
        ('aws_fms_organization_admin_accounts', 'fms:GetAdminScope'),
        ('aws_cloudtrail_trails', 'cloudtrail:GetTrailStatus'),
        ('aws_cloudtrail_event_data_stores', 'cloudtrail:GetEventDataStore')
),
pack_tables as (
    select distinct pack_columns.table_name
    from delegation.pack_columns
),
listing as (
    select reads.*
    from delegation.reads
    left join enriching on enriching.table_name = reads.table_name and enriching.operation = reads.operation
    where enriching.operation is null
        and reads.operation <> 'organizations:ListTagsForResource'
)
select
    newest_syncs.source_name,
    pack_tables.table_name,
    coalesce(bool_and(listing.outcome in ('ok', 'absent')), false) as was_read,
    coalesce(bool_and(listing.outcome = 'absent'), false) as is_absent,
    case
        when coalesce(bool_and(listing.outcome in ('ok', 'absent')), false) then null
        when bool_or(listing.outcome in ('denied', 'failed')) or count(listing.table_name) = 0 then 'unread'
        else 'not_configured'
    end as unknown_cause,
    case
        when count(listing.table_name) = 0 then format('%s has no read recorded; sync again with this version', pack_tables.table_name)
        else
            (array_agg(
                delegation.read_problem(listing.outcome, listing.table_name, listing.operation, listing.region, listing.scope, listing.error_code, listing.error_message)
                order by listing.outcome collate "C", listing.operation collate "C", listing.region collate "C", listing.scope collate "C"
            ) filter (where listing.outcome not in ('ok', 'absent')))[1]
            || case when count(*) filter (where listing.outcome not in ('ok', 'absent')) > 1 then format(' (and %s more like it)', count(*) filter (where listing.outcome not in ('ok', 'absent')) - 1) else '' end
    end as read_error
from delegation.newest_syncs
cross join pack_tables
left join listing on listing.source_name = newest_syncs.source_name and listing.table_name = pack_tables.table_name
group by newest_syncs.source_name, pack_tables.table_name;
comment on view delegation.table_reads is 'Whether all rows of a table were read, for each source and table of this version.';
comment on column delegation.table_reads.source_name is 'Name of the source in its spec.';
comment on column delegation.table_reads.table_name is 'Name of the table.';
comment on column delegation.table_reads.was_read is 'True where each read that lists rows is ok or absent; never null.';
comment on column delegation.table_reads.is_absent is 'True where AWS said that there is none.';
comment on column delegation.table_reads.unknown_cause is 'unread, or not_configured where the spec left the table out; null where it was read.';
comment on column delegation.table_reads.read_error is 'What is missing and what to do; null where it was read.';
