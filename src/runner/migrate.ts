import type { ClientBase } from 'pg';
import { errorCode, errorMessage } from '../postgres/index.js';
import { SyncError, rowsAreSafe } from './errors.js';
import type { Column, TableSchema } from './schema.js';

export function quote(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** `forced`: what cannot be changed without losing rows is dropped and created anew. */
export type MigrateMode = 'safe' | 'forced';

export interface MigrateOptions {
  /** Tables that may be dropped: somebody has said yes to each of them. */
  readonly mayDrop: ReadonlySet<string>;
  /** Runs before a table is dropped, to take away what is ours and stands on it. */
  readonly beforeDrop: (client: ClientBase) => Promise<void>;
  readonly onNotice: (text: string) => void;
  /** New tables get their keys by {@link addKeys}, which the caller runs in this transaction once the rows are there. */
  readonly keysLater?: boolean;
}

interface Existing {
  /** By name. */
  readonly columns: ReadonlyMap<string, { type: string; isNotNull: boolean }>;
  readonly key: { readonly name: string | undefined; readonly columns: readonly string[] };
  /** Unique constraints of one column. */
  readonly uniques: readonly { readonly name: string; readonly column: string }[];
}

/** What one table needs. */
export interface Change {
  readonly table: TableSchema;
  readonly isNew: boolean;
  /** By name; none where the table is new. */
  readonly existingColumns: ReadonlySet<string>;
  readonly steps: readonly Step[];
  /** What no step can reach without losing rows: for a person to decide. */
  readonly problems: readonly string[];
}

interface Step {
  readonly statement: string;
  /** For the user. */
  readonly notice: string;
}

/**
 * Creates and changes tables as the official destination's `safe` mode does: a new nullable column is added, a removed one
 * is left, a unique constraint of ours that is no longer wanted goes, and a natural key gives way to `_cq_id`. Whatever
 * else differs is dropped and created where that is allowed, and ends in one error that lists it all where it is not.
 * The caller has the turn: two at once would create the same table.
 *
 * @returns the names of the tables that this transaction created.
 */
export async function migrateTables(
  client: ClientBase,
  tables: readonly TableSchema[],
  options: MigrateOptions,
): Promise<Set<string>> {
  const changes = await planMigration(client, tables);
  const unfit = changes.filter(({ problems }) => problems.length > 0);
  const refused = unfit.filter(({ table }) => !options.mayDrop.has(table.name));
  if (refused.length > 0) throw unfitError(refused);
  await drop(
    client,
    unfit.map(({ table }) => table),
    options,
  );
  const created = new Set<string>();
  for (const { table, isNew, steps, problems } of changes) {
    if (isNew || problems.length > 0) {
      created.add(table.name);
      await client.query(createStatement(table));
      if (options.keysLater !== true) await addKeys(client, table);
      continue;
    }
    for (const { statement, notice } of steps) {
      await standing(`Changing ${table.name}`, () => client.query(statement));
      options.onNotice(`${table.name}: ${notice}`);
    }
  }
  return created;
}

/** Named as PostgreSQL names them by itself, <table>_pkey and <table>_<column>_key, as with the official destination. */
export async function addKeys(client: ClientBase, table: TableSchema): Promise<void> {
  const keys = table.columns.filter(({ isUnique }) => isUnique).map(({ name }) => `add unique (${quote(name)})`);
  if (table.primaryKey.length > 0) keys.unshift(`add primary key (${table.primaryKey.map(quote).join(', ')})`);
  if (keys.length > 0) await client.query(`alter table ${quote(table.name)} ${keys.join(', ')}`);
}

/** What the tables need, and nothing is done. */
export async function planMigration(client: ClientBase, tables: readonly TableSchema[]): Promise<Change[]> {
  const existing = await existingTables(
    client,
    tables.map(({ name }) => name),
  );
  return tables.map((table) => {
    const found = existing.get(table.name);
    return found === undefined
      ? { table, isNew: true, existingColumns: new Set(), steps: [], problems: [] }
      : compare(table, found);
  });
}

/** One line per difference. */
export function problemLines(changes: readonly Change[]): string {
  return changes.flatMap(({ table, problems }) => problems.map((problem) => `  ${table.name}: ${problem}`)).join('\n');
}

export function unfitError(changes: readonly Change[]): SyncError {
  return new SyncError(
    `The tables in the database differ from what this sync writes, in a way that cannot be changed without losing rows:\n` +
      `${problemLines(changes)}\n${rowsAreSafe} Choose one: the write_mode and the deterministic_cq_id that these tables were filled ` +
      'with; another schema for this sync (add ?search_path=NAME to the connection string); rename these tables and sync again; ' +
      'or --migrate-mode forced, which drops them with all their rows and creates them anew.',
  );
}

/** Without CASCADE, in one statement: what somebody else built on any of them is then told in one list. */
async function drop(client: ClientBase, tables: readonly TableSchema[], options: MigrateOptions): Promise<void> {
  if (tables.length === 0) return;
  const names = tables.map(({ name }) => quote(name)).join(', ');
  await options.beforeDrop(client);
  await standing(`Dropping ${tables.map(({ name }) => name).join(', ')} for --migrate-mode forced`, () =>
    client.query(`drop table ${names}`),
  );
  for (const { name } of tables) options.onNotice(`${name}: dropped with all its rows, and created anew`);
}

async function standing(doing: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    // dependent_objects_still_exist
    if (errorCode(error) !== '2BP01') throw error;
    const detail = (error as { detail?: unknown }).detail;
    const what = typeof detail === 'string' ? detail.replaceAll('\n', '; ') : errorMessage(error);
    throw new SyncError(
      `${doing}: something that is not ours stands on it (${what}). ${rowsAreSafe} Drop that yourself (pg_get_viewdef gives the ` +
        'text of a view), sync again, and create it again.',
    );
  }
}

async function existingTables(client: ClientBase, names: readonly string[]): Promise<Map<string, Existing>> {
  const { rows } = await client.query<{
    table_name: string;
    column_name: string;
    type: string;
    not_null: boolean;
    key_name: string | null;
    is_key: boolean;
    uniques: string[];
  }>(
    `select
        pg_class.relname as table_name,
        pg_attribute.attname as column_name,
        pg_catalog.format_type(pg_attribute.atttypid, pg_attribute.atttypmod) as type,
        pg_attribute.attnotnull as not_null,
        primary_key.conname as key_name,
        coalesce(pg_attribute.attnum = any (primary_key.conkey), false) as is_key,
        array(
          select pg_constraint.conname::text
          from pg_catalog.pg_constraint
          where pg_constraint.conrelid = pg_class.oid
            and pg_constraint.contype = 'u'
            and pg_constraint.conkey = array[pg_attribute.attnum]
          order by pg_constraint.conname
        ) as uniques
      from pg_catalog.pg_class
      join pg_catalog.pg_namespace on pg_namespace.oid = pg_class.relnamespace
      join pg_catalog.pg_attribute on pg_attribute.attrelid = pg_class.oid
      left join pg_catalog.pg_constraint as primary_key on primary_key.conrelid = pg_class.oid and primary_key.contype = 'p'
      where pg_namespace.nspname = current_schema()
        and pg_class.relname = any ($1)
        and pg_attribute.attnum > 0
        and not pg_attribute.attisdropped
      order by pg_class.relname, pg_attribute.attnum`,
    [names],
  );
  return new Map(
    names.flatMap((name) => {
      const own = rows.filter((row) => row.table_name === name);
      if (own.length === 0) return [];
      const existing: Existing = {
        columns: new Map(own.map((row) => [row.column_name, { type: row.type, isNotNull: row.not_null }])),
        key: {
          name: own[0]?.key_name ?? undefined,
          columns: own.filter((row) => row.is_key).map((row) => row.column_name),
        },
        uniques: own.flatMap((row) => row.uniques.map((unique) => ({ name: unique, column: row.column_name }))),
      };
      return [[name, existing] as const];
    }),
  );
}

// Each sync writes every row anew. Where its page has room for that, no index has to be touched, and what the row was before
// is room for the next sync; a page that is full sends the row and its entry in each index to another one.
const replaced = 'with (fillfactor = 45)';

function createStatement(table: TableSchema): string {
  const columns = table.columns.map(
    (column) => `${quote(column.name)} ${column.type}${column.isNotNull ? ' not null' : ''}`,
  );
  const areReplaced = table.primaryKey.length > 0 && !table.isIncremental;
  return `create table ${quote(table.name)} (${columns.join(', ')}) ${areReplaced ? replaced : ''}`;
}

function compare(table: TableSchema, found: Existing): Change {
  const steps: Step[] = [];
  const problems: string[] = [];
  const alter = `alter table ${quote(table.name)}`;
  const toCqId = becomesCqId(table, found);
  for (const column of table.columns) {
    const there = found.columns.get(column.name);
    if (there === undefined) {
      if (column.isNotNull) {
        problems.push(`the column ${column.name} is missing, and it may not be null`);
      } else {
        steps.push({
          statement: `${alter} add column if not exists ${quote(column.name)} ${column.type}`,
          notice: `added the column ${column.name}`,
        });
      }
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
  if (toCqId) {
    const name = quote(found.key.name ?? '');
    const nullable = found.key.columns.filter((key) =>
      table.columns.some((column) => column.name === key && !column.isNotNull),
    );
    steps.push({
      statement: [
        `${alter} drop constraint ${name}`,
        `${alter} add constraint ${name} primary key (${quote('_cq_id')})`,
        ...nullable.map((key) => `${alter} alter column ${quote(key)} drop not null`),
      ].join('; '),
      notice: `_cq_id is the primary key now, instead of (${found.key.columns.join(', ')})`,
    });
  } else if (!sameSet(table.primaryKey, found.key.columns)) {
    problems.push(keyProblem(table, found));
  }
  for (const { name, column } of found.uniques) {
    if (!table.columns.some((one) => one.name === column && !one.isUnique)) continue;
    if (name === defaultUniqueName(table.name, column)) {
      steps.push({ statement: `${alter} drop constraint ${quote(name)}`, notice: `dropped the constraint ${name}` });
    } else {
      problems.push(`the column ${column} has the unique constraint ${name}, which is not ours; none is expected`);
    }
  }
  for (const [name, column] of found.columns) {
    const isOurs = table.columns.some((one) => one.name === name);
    if (column.isNotNull && !isOurs && !(toCqId && found.key.columns.includes(name))) {
      problems.push(`the column ${name} is not null in the database, and this version does not fill it`);
    }
  }
  return { table, isNew: false, existingColumns: new Set(found.columns.keys()), steps, problems };
}

/** What the official destination, too, does without being asked: `_cq_id` is as unique as the key that it was made from. */
function becomesCqId(table: TableSchema, found: Existing): boolean {
  const [key, ...more] = table.primaryKey;
  return (
    key === '_cq_id' &&
    more.length === 0 &&
    found.columns.has('_cq_id') &&
    found.key.columns.length > 0 &&
    !found.key.columns.includes('_cq_id')
  );
}

function keyProblem(table: TableSchema, found: Existing): string {
  const has = found.key.columns.join(', ');
  const needs = table.primaryKey.join(', ');
  if (has === '')
    return `there is no primary key in the database, as write_mode: append has it; (${needs}) is expected`;
  if (needs === '') return `the primary key is (${has}) in the database; write_mode: append expects none`;
  return `the primary key is (${has}) in the database, (${needs}) is expected`;
}

/** A key that differs is said once, for the key. */
function isKeyOf(column: Column, found: Existing): boolean {
  return column.isPrimaryKey || found.key.columns.includes(column.name);
}

/** As PostgreSQL names it: of a name that is too long the longer part is cut. */
function defaultUniqueName(table: string, column: string): string {
  let [left, right] = [table, column];
  while (`${left}_${right}_key`.length > 63) {
    if (left.length > right.length) left = left.slice(0, -1);
    else right = right.slice(0, -1);
  }
  return `${left}_${right}_key`;
}

function sameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name) => right.includes(name));
}
