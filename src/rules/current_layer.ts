import { createHash } from 'node:crypto';
import { literal } from './literal.js';

export interface CurrentTable {
  readonly name: string;
  /** Its rows are kept from sync to sync, so all of them are current. */
  readonly isIncremental: boolean;
  /** Names of columns. */
  readonly primaryKey: readonly string[];
  readonly columns: readonly CurrentColumn[];
}

export interface CurrentColumn {
  readonly name: string;
  /** As `format_type` writes it: `text`, `jsonb`, `timestamp without time zone`. */
  readonly pgType: string;
}

// What every client of CloudQuery's protocol puts in front of a table's own columns.
const clientColumns: readonly CurrentColumn[] = [
  { name: '_cq_sync_time', pgType: 'timestamp without time zone' },
  { name: '_cq_source_name', pgType: 'text' },
  { name: '_cq_id', pgType: 'uuid' },
  { name: '_cq_parent_id', pgType: 'uuid' },
];

// PostgreSQL cuts longer names without an error, and two tables could end in one view.
const longestIdentifier = 63;

/** The name in schema `delegation` of the view with a table's current rows. */
export function currentViewName(tableName: string): string {
  const whole = `current_${tableName}`;
  if (Buffer.byteLength(whole) <= longestIdentifier) return whole;
  const hash = createHash('sha256').update(tableName).digest('hex').slice(0, 8);
  return `${whole.slice(0, longestIdentifier - hash.length - 1)}_${hash}`;
}

/** `queries/views/current.sql`: which rows are current, decided once for every table. */
export function currentLayerSql(tables: readonly CurrentTable[]): string {
  const names = new Set(tables.map(({ name }) => name));
  if (names.size !== tables.length) throw new Error('currentLayerSql: a table is there twice');
  const sorted = [...tables].sort((left, right) => (left.name < right.name ? -1 : 1));
  return `${header}
create or replace view delegation.pack_columns (table_name, view_name, is_incremental, position, column_name, column_type, is_key) as
values
${sorted.flatMap(rows).join(',\n')};
${packColumnComments}
${bindViews}
create or replace view delegation.current_row_counts (source_name, table_name, row_count) as
${sorted.map(countOf).join('\nunion all\n')};
comment on view delegation.current_row_counts is 'How many rows of a table are of the newest sync. A source without any has no row.';
comment on column delegation.current_row_counts.source_name is 'Name of the source in its spec.';
comment on column delegation.current_row_counts.table_name is 'Name of the table.';
comment on column delegation.current_row_counts.row_count is 'Number of rows of the newest sync: of an incremental table, older ones are current as well.';
`;
}

function rows({ name, isIncremental, primaryKey, columns }: CurrentTable): string[] {
  const own = columns.filter((column) => !clientColumns.some((known) => known.name === column.name));
  return [...clientColumns, ...own].map((column, index) => {
    const values = [literal(name), literal(currentViewName(name)), String(isIncremental), String(index + 1)];
    const isKey = String(primaryKey.includes(column.name));
    return `    (${[...values, literal(column.name), literal(column.pgType), isKey].join(', ')})`;
  });
}

function countOf({ name, isIncremental }: CurrentTable): string {
  const view = currentViewName(name);
  const newest = `join delegation.newest_syncs on newest_syncs.source_name = ${view}._cq_source_name and newest_syncs.sync_time = ${view}._cq_sync_time `;
  return `select ${view}._cq_source_name, ${literal(name)}, count(*) from delegation.${view} ${isIncremental ? newest : ''}group by ${view}._cq_source_name`;
}

const header = `-- Generated from the table definitions; edit src/rules/current_layer.ts, not this file.
--
-- delegation.current_<table> gives the rows of the newest sync of each source, whatever the write mode left beside them.
-- Newest is the greatest _cq_sync_time of the source in aws_delegation_reads: that table is sent last, so a sync that was
-- cut short does not count. Of an incremental table the rows of all syncs are current, each key once: in append mode, or after a
-- sync that was cut short, the same event can be there twice. The views are bound when this runs: a table that is not there yet gives an empty view, a
-- column that the table lacks gives null. delegation.reads notices when the binding is older than the tables.
`;

const packColumnComments = `comment on view delegation.pack_columns is 'The tables and columns that this version of the views knows.';
comment on column delegation.pack_columns.table_name is 'Name of the synced table.';
comment on column delegation.pack_columns.view_name is 'Name of the view with its current rows, in schema delegation.';
comment on column delegation.pack_columns.is_incremental is 'True where rows of all syncs are current.';
comment on column delegation.pack_columns.position is 'Place of the column.';
comment on column delegation.pack_columns.column_name is 'Name of the column.';
comment on column delegation.pack_columns.column_type is 'Its PostgreSQL type.';
comment on column delegation.pack_columns.is_key is 'True where it is a part of the primary key.';
`;

const bindViews = `do $install$
declare
    live_schema constant text := pg_catalog.current_schema();
    live_reads regclass;
    pack_table record;
    live_table regclass;
    select_list text;
    key_list text;
begin
    if live_schema is null or live_schema = 'delegation' then
        raise exception 'The views are to be bound to the tables of the current schema, but search_path gives %.', coalesce('"' || live_schema || '"', 'none')
            using hint = 'Set search_path to the schema that the sync writes to, usually public.';
    end if;

    live_reads := pg_catalog.to_regclass(format('%I.aws_delegation_reads', live_schema));
    execute 'create or replace view delegation.newest_syncs (source_name, sync_time) as ' || case
        when live_reads is null then 'select null::text, null::timestamp without time zone where false'
        else format('select live._cq_source_name, max(live._cq_sync_time) from %s as live where live._cq_source_name is not null group by live._cq_source_name', live_reads)
    end;
    comment on view delegation.newest_syncs is 'The newest complete sync of each source.';
    comment on column delegation.newest_syncs.source_name is 'Name of the source in its spec.';
    comment on column delegation.newest_syncs.sync_time is 'Time of the sync, in UTC.';

    for pack_table in
        select distinct pack_columns.table_name, pack_columns.view_name, pack_columns.is_incremental
        from delegation.pack_columns
        order by pack_columns.table_name
    loop
        -- Without these two nothing can be called current, as in a table that another tool has made.
        live_table := (
            select pg_attribute.attrelid
            from pg_catalog.pg_attribute
            where pg_attribute.attrelid = pg_catalog.to_regclass(format('%I.%I', live_schema, pack_table.table_name))
                and pg_attribute.attname in ('_cq_sync_time', '_cq_source_name')
            group by pg_attribute.attrelid
            having count(*) = 2
        );

        -- A view can only be replaced by one that has the same columns first, so the ones it has keep their place.
        with existing as (
            select pg_attribute.attname::text as column_name, pg_attribute.attnum as position, pg_catalog.format_type(pg_attribute.atttypid, pg_attribute.atttypmod) as column_type
            from pg_catalog.pg_attribute
            where pg_attribute.attrelid = pg_catalog.to_regclass(format('delegation.%I', pack_table.view_name))
                and pg_attribute.attnum > 0
                and not pg_attribute.attisdropped
        ),
        wanted as (
            select pack_columns.column_name, pack_columns.column_type, pack_columns.position, pack_columns.is_key
            from delegation.pack_columns
            where pack_columns.table_name = pack_table.table_name
        ),
        live as (
            select pg_attribute.attname::text as column_name, pg_catalog.format_type(pg_attribute.atttypid, pg_attribute.atttypmod) as column_type
            from pg_catalog.pg_attribute
            where pg_attribute.attrelid = live_table
                and pg_attribute.attnum > 0
                and not pg_attribute.attisdropped
        ),
        chosen as (
            select
                coalesce(wanted.column_name, existing.column_name) as column_name,
                coalesce(wanted.column_type, existing.column_type) as column_type,
                existing.position as kept_position,
                wanted.position as new_position,
                coalesce(wanted.is_key, false) as is_key
            from wanted
            full join existing on existing.column_name = wanted.column_name
        )
        select string_agg(
            case
                when live.column_name is null then format('null::%s as %I', chosen.column_type, chosen.column_name)
                when live.column_type = chosen.column_type then format('live.%I', chosen.column_name)
                else format('live.%1$I::%2$s as %1$I', chosen.column_name, chosen.column_type)
            end,
            ', ' order by chosen.kept_position nulls last, chosen.new_position
        ),
        -- Without all of its columns there is no key by which rows could be told apart.
        case
            when bool_and(live.column_name is not null) filter (where chosen.is_key)
                then string_agg(format('live.%I', chosen.column_name), ', ' order by chosen.new_position) filter (where chosen.is_key)
        end
        into select_list, key_list
        from chosen
        left join live on live.column_name = chosen.column_name;

        execute format(
            'create or replace view delegation.%I as select %s %s %s',
            pack_table.view_name,
            case when pack_table.is_incremental and key_list is not null then format('distinct on (live._cq_source_name, %s)', key_list) end,
            select_list,
            case
                when live_table is null then 'where false'
                when pack_table.is_incremental and key_list is not null then format('from %1$s as live order by live._cq_source_name, %2$s, live._cq_sync_time desc', live_table, key_list)
                when pack_table.is_incremental then format('from %s as live', live_table)
                else format('from %s as live join delegation.newest_syncs on newest_syncs.source_name = live._cq_source_name and newest_syncs.sync_time = live._cq_sync_time', live_table)
            end
        );
        -- Without statistics PostgreSQL takes a table that was just filled for one of a few rows, and its joins take minutes.
        if live_table is not null
            and (select pg_has_role(pg_class.relowner, 'USAGE') from pg_catalog.pg_class where pg_class.oid = live_table and pg_class.relkind = 'r')
            and (
                select coalesce(pg_stat_all_tables.last_analyze, pg_stat_all_tables.last_autoanalyze) is null
                from pg_catalog.pg_stat_all_tables
                where pg_stat_all_tables.relid = live_table
            )
        then
            -- Whoever vacuums or analyzes it at this moment is not waited for.
            execute format('analyze (skip_locked) %s', live_table);
        end if;

        execute format('comment on view delegation.%I is %L', pack_table.view_name, format('The current rows of %s.', pack_table.table_name));
    end loop;
end
$install$;

do $comments$
declare
    pack_column record;
begin
    for pack_column in
        select pack_columns.table_name, pack_columns.view_name, pack_columns.column_name
        from delegation.pack_columns
    loop
        execute format('comment on column delegation.%I.%I is %L', pack_column.view_name, pack_column.column_name, format('As in %s.', pack_column.table_name));
    end loop;
end
$comments$;
`;
