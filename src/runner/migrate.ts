import type { ClientBase } from 'pg';
import { SyncError, rowsAreSafe } from './errors.js';
import type { Column, TableSchema } from './schema.js';

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

interface Existing {
  /** By name. */
  readonly columns: ReadonlyMap<string, { type: string; isNotNull: boolean }>;
  readonly primaryKey: readonly string[];
}

interface Change {
  readonly table: TableSchema;
  /** To run; empty where the table is as it should be. */
  readonly statements: readonly string[];
  /** What only a person can decide. */
  readonly problems: readonly string[];
}

// Advisory lock: two first syncs into one database must not create the same table at once.
const migrationLock = 0x6177_646d;

/**
 * Creates the tables that are missing and adds nullable columns, as the official destination's `safe` mode. Anything else
 * that differs ends in one error that lists it all.
 */
export async function migrateTables(client: ClientBase, tables: readonly TableSchema[]): Promise<void> {
  let changes = await plan(client, tables);
  if (changes.some(({ statements }) => statements.length > 0)) {
    await client.query(`select pg_advisory_xact_lock(${migrationLock})`);
    changes = await plan(client, tables);
  }
  const problems = changes.flatMap((change) => change.problems.map((problem) => `  ${change.table.name}: ${problem}`));
  if (problems.length > 0) {
    throw new SyncError(
      `The tables in the database differ from what this version writes, in a way that cannot be changed without losing rows:\n` +
        `${problems.join('\n')}\n${rowsAreSafe} Rename or drop these tables and sync again, or write into a schema of their own: ` +
        'add ?search_path=NAME to the connection string.',
    );
  }
  for (const { statements } of changes) {
    for (const statement of statements) await client.query(statement);
  }
}

async function plan(client: ClientBase, tables: readonly TableSchema[]): Promise<Change[]> {
  const existing = await existingTables(
    client,
    tables.map(({ name }) => name),
  );
  return tables.map((table) => {
    const found = existing.get(table.name);
    return found === undefined ? { table, statements: [createStatement(table)], problems: [] } : compare(table, found);
  });
}

async function existingTables(client: ClientBase, names: readonly string[]): Promise<Map<string, Existing>> {
  const { rows } = await client.query<{
    table_name: string;
    column_name: string;
    type: string;
    not_null: boolean;
    is_key: boolean;
  }>(
    `select
        pg_class.relname as table_name,
        pg_attribute.attname as column_name,
        pg_catalog.format_type(pg_attribute.atttypid, pg_attribute.atttypmod) as type,
        pg_attribute.attnotnull as not_null,
        coalesce(pg_attribute.attnum = any (pg_constraint.conkey), false) as is_key
      from pg_catalog.pg_class
      join pg_catalog.pg_namespace on pg_namespace.oid = pg_class.relnamespace
      join pg_catalog.pg_attribute on pg_attribute.attrelid = pg_class.oid
      left join pg_catalog.pg_constraint on pg_constraint.conrelid = pg_class.oid and pg_constraint.contype = 'p'
      where pg_namespace.nspname = current_schema()
        and pg_class.relname = any ($1)
        and pg_attribute.attnum > 0
        and not pg_attribute.attisdropped
      order by pg_class.relname, pg_attribute.attnum`,
    [names],
  );
  const tables = new Map<
    string,
    { columns: Map<string, { type: string; isNotNull: boolean }>; primaryKey: string[] }
  >();
  for (const row of rows) {
    const table = tables.get(row.table_name) ?? {
      columns: new Map<string, { type: string; isNotNull: boolean }>(),
      primaryKey: [] as string[],
    };
    table.columns.set(row.column_name, { type: row.type, isNotNull: row.not_null });
    if (row.is_key) table.primaryKey.push(row.column_name);
    tables.set(row.table_name, table);
  }
  return tables;
}

/** The key has PostgreSQL's own name for it, <table>_pkey, as with the official destination. */
function createStatement(table: TableSchema): string {
  const columns = table.columns.map(
    (column) =>
      `${quote(column.name)} ${column.type}${column.isUnique ? ' unique' : ''}${column.isNotNull ? ' not null' : ''}`,
  );
  return `create table if not exists ${quote(table.name)} (${columns.join(', ')}, primary key (${table.primaryKey.map(quote).join(', ')}))`;
}

function compare(table: TableSchema, found: Existing): Change {
  const statements: string[] = [];
  const problems: string[] = [];
  for (const column of table.columns) {
    const there = found.columns.get(column.name);
    if (there === undefined) {
      if (column.isNotNull) problems.push(`the column ${column.name} is missing, and it may not be null`);
      else
        statements.push(
          `alter table ${quote(table.name)} add column if not exists ${quote(column.name)} ${column.type}`,
        );
      continue;
    }
    if (there.type !== column.type) {
      problems.push(`the column ${column.name} is ${there.type} in the database, ${column.type} is expected`);
    } else if (there.isNotNull !== column.isNotNull && !isKeyOf(column, found)) {
      problems.push(
        `the column ${column.name} is ${there.isNotNull ? 'not null' : 'nullable'} in the database, the opposite is expected`,
      );
    }
  }
  if (!sameSet(table.primaryKey, found.primaryKey)) {
    problems.push(
      `the primary key is (${found.primaryKey.join(', ') || 'none'}) in the database, (${table.primaryKey.join(', ')}) is expected`,
    );
  }
  for (const [name, column] of found.columns) {
    if (column.isNotNull && !table.columns.some((one) => one.name === name)) {
      problems.push(`the column ${name} is not null in the database, and this version does not fill it`);
    }
  }
  return { table, statements, problems };
}

/** A key that differs is said once, for the key. */
function isKeyOf(column: Column, found: Existing): boolean {
  return column.isPrimaryKey || found.primaryKey.includes(column.name);
}

function sameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name) => right.includes(name));
}
