import type { ClientBase } from 'pg';
import { version } from '../package.js';

export interface Table {
  readonly name: string;
  readonly view: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly isKey: boolean }[];
}

/** With the columns that the synced table has; one that was never synced is left out, as it is in the database. */
export async function tablesOf(client: ClientBase): Promise<Table[]> {
  const { rows } = await client.query<{ name: string; view: string; column: string; type: string; is_key: boolean }>(
    `select
      pack_columns.table_name as name,
      pack_columns.view_name as view,
      pack_columns.column_name as column,
      pack_columns.column_type as type,
      pack_columns.is_key
    from delegation.pack_columns
    cross join delegation.pack
    join pg_catalog.pg_attribute
        on pg_attribute.attrelid = pg_catalog.to_regclass(format('%I.%I', pack.live_schema, pack_columns.table_name))
        and pg_attribute.attname = pack_columns.column_name
        and pg_attribute.attnum > 0
        and not pg_attribute.attisdropped
    order by pack_columns.table_name collate "C", pack_columns.position`,
  );
  const tables = new Map<string, Table & { columns: Table['columns'][number][] }>();
  for (const { name, view, column, type, is_key } of rows) {
    const table = tables.get(name) ?? { name, view, columns: [] };
    table.columns.push({ name: column, type, isKey: is_key });
    tables.set(name, table);
  }
  // Without these two nothing of it is current.
  const isOurs = ({ columns }: Table): boolean =>
    ['_cq_sync_time', '_cq_source_name'].every((wanted) => columns.some(({ name }) => name === wanted));
  return [...tables.values()].filter(isOurs);
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Keys first, because the rest of a row is long to compare. */
export function rowsQuery({ view, columns }: Table): string {
  const order = ['_cq_source_name', ...columns.filter(({ isKey }) => isKey).map(({ name }) => name)];
  const isText = (name: string): boolean => columns.some((column) => column.name === name && column.type === 'text');
  return (
    `select ${columns.map(({ name }) => `live.${quoted(name)}`).join(', ')} from delegation.${quoted(view)} as live ` +
    `order by ${order.map((name) => `live.${quoted(name)}${isText(name) ? ' collate "C"' : ''}`).join(', ')}, live::text collate "C"`
  );
}

export function sorted(view: string): string {
  return `select live.* from ${view} as live order by live::text collate "C"`;
}

/** What the spec says stands apart from what AWS says. */
const intents: readonly string[] = ['owners', 'expectations', 'approvals', 'waivers', 'settings'];

export function fileOf(table: string): string {
  const intent = intents.find((name) => table === `aws_delegation_${name}`);
  return intent === undefined ? `tables/${table}.csv` : `intents/${intent}.csv`;
}

export function loadSql(tables: readonly Table[], isOurs: boolean): string {
  return `-- psql -d EMPTY_DATABASE -f load.sql, in the folder of this file: the rows of the bundle as tables, and the rules on them.
\\set ON_ERROR_STOP on
\\encoding UTF8
begin;
set local client_min_messages = warning;
set local datestyle = 'ISO, YMD';
${tables
  .map(
    ({ name, columns }) =>
      `create table ${quoted(name)} (${columns.map((column) => `${quoted(column.name)} ${column.type}`).join(', ')});\n` +
      `\\copy ${quoted(name)} (${columns.map((column) => quoted(column.name)).join(', ')}) from '${fileOf(name)}' with (format csv, header)\n`,
  )
  .join('')}commit;
${isOurs ? '\\i queries/install.sql\n' : `-- The views in the database were not those of version ${version}: install theirs.\n`}`;
}
