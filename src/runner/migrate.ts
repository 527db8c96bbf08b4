import type { ClientBase } from 'pg';
import { errorCode, errorMessage } from '../postgres/index.js';
import { rowsAreSafe, SyncError } from './errors.js';
import { quote } from './names.js';
import { planMigration, unfitError } from './plan_migration.js';
import type { TableSchema } from './schema.js';

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
