import { flatten } from '../../src/schema/index.js';
import type { ColumnType } from '../../src/schema/index.js';
import type { CurrentTable } from '../../src/rules/index.js';
import { tables } from '../../tables/index.js';

const pgTypes: Readonly<Record<ColumnType, string>> = {
  text: 'text',
  boolean: 'boolean',
  integer: 'integer',
  bigint: 'bigint',
  timestamp: 'timestamp without time zone',
  json: 'jsonb',
  uuid: 'uuid',
};

/** The real tables, as {@link currentLayerSql} takes them. */
export const fixtureTables: readonly CurrentTable[] = flatten(tables).map(
  ({ name, columns, isIncremental, primaryKey }) => ({
    name,
    isIncremental,
    primaryKey,
    columns: columns.map((column) => ({ name: column.name, pgType: pgTypes[column.type] })),
  }),
);

const keys = new Map(flatten(tables).map(({ name, primaryKey }) => [name, primaryKey]));

/** What the destination creates for these tables; without keys as in append mode. */
export function createTables({ append = false } = {}): string {
  return fixtureTables
    .map(({ name, columns }) => {
      const own = columns.filter((column) => !column.name.startsWith('_cq_'));
      const lines = [
        '_cq_sync_time timestamp without time zone',
        '_cq_source_name text',
        '_cq_id uuid not null default gen_random_uuid()',
        '_cq_parent_id uuid',
        ...own.map((column) => `${column.name} ${column.pgType}`),
        ...(append ? [] : [`primary key (${(keys.get(name) ?? []).join(', ')})`]),
      ];
      return `create table ${name} (\n  ${lines.join(',\n  ')}\n);`;
    })
    .join('\n');
}

const literal = (text: string): string => `'${text}'`;

/** What fixture.sql needs to know of the tables. */
export function describeTables(): string {
  const rows = flatten(tables).map(
    ({ name, permissions, regionalService, once, isIncremental }) =>
      `(${literal(name)}, ${literal(permissions[0] ?? '')}, ${String(regionalService !== null)}, ${once ? literal(once.scope) : 'null'}, ${String(isIncremental)})`,
  );
  return `create schema fixture;
    create table fixture.tables (table_name text, operation text, is_regional boolean, once_scope text, is_incremental boolean);
    insert into fixture.tables values ${rows.join(', ')};`;
}
