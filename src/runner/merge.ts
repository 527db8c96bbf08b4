import type { ClientBase } from 'pg';
import { errorCode } from '../postgres/index.js';
import { addKeys } from './migrate.js';
import { quote } from './names.js';
import type { TableSchema } from './schema.js';

const uniqueViolation = '23505';

/** Rows of this sync, ready to become those of their table. */
export interface Staged {
  readonly table: TableSchema;
  /**
   * A temporary table; the table itself in write mode `append`, and where this transaction created it. Either way the order
   * of ctid is the order of the rows: into a table of the same transaction, COPY only ever appends (TABLE_INSERT_SKIP_FSM in
   * PostgreSQL's copyfrom.c).
   */
  readonly target: string;
  /** Columns that the records have; a record of another set of columns is an error. */
  readonly columns: readonly string[];
  rows: number;
}

/**
 * Gives a table that this transaction created its keys: building an index once is a fraction of what it takes to keep it up to
 * date while rows come in.
 *
 * @returns how many rows it has.
 */
export async function completeNew(client: ClientBase, table: TableSchema, staged: Staged | undefined): Promise<number> {
  const isUnique = await attempt(client, async () => {
    await addKeys(client, table);
    return true;
  });
  if (isUnique) return staged?.rows ?? 0;
  const name = quote(table.name);
  // The same key twice in one sync: the last one stays, as it does where rows are written one by one.
  const { rowCount } = await client.query(
    `delete from ${name} as earlier
      using (
        select ctid as place, row_number() over (partition by ${keyOf(table)} order by ctid desc) as position
        from ${name}
      ) as numbered
      where earlier.ctid = numbered.place and numbered.position > 1`,
  );
  await addKeys(client, table);
  return (staged?.rows ?? 0) - (rowCount ?? 0);
}

/**
 * Puts the staged rows into their table, in the place of those with the same key.
 *
 * @returns how many rows that are.
 */
export async function merge(client: ClientBase, staged: Staged, sourceName: string): Promise<number> {
  const isMerged = await attempt(client, () => mergeDistinct(client, staged, sourceName));
  return isMerged ? staged.rows : await mergeAny(client, staged);
}

/**
 * Where each key comes once, and no other source has one of them: false where that turns out to be wrong. Joined as a whole
 * it takes a fraction of what `on conflict` takes, which looks up each key on its own and writes to the indexes
 * each time.
 */
async function mergeDistinct(
  client: ClientBase,
  { table, target, rows }: Staged,
  sourceName: string,
): Promise<boolean> {
  const name = quote(table.name);
  const names = table.columns.map((column) => quote(column.name));
  const isSame = table.primaryKey.map((key) => `kept.${quote(key)} = staged.${quote(key)}`).join(' and ');
  const updated = await client.query(
    `update ${name} as kept set ${names.map((column) => `${column} = staged.${column}`).join(', ')}
      from ${target} as staged
      where ${isSame} and kept._cq_source_name = $1`,
    [sourceName],
  );
  const left = rows - (updated.rowCount ?? 0);
  if (left === 0) return true;
  // In the order of the keys, so that two syncs that bring the same ones do not wait for each other.
  const inserted = await client.query(
    `insert into ${name} (${names.join(', ')})
      select ${names.join(', ')}
      from ${target} as staged
      where not exists (select from ${name} as kept where ${isSame})
      order by ${keyOf(table)}
      on conflict do nothing`,
  );
  return inserted.rowCount === left;
}

async function mergeAny(client: ClientBase, { table, target }: Staged): Promise<number> {
  const names = table.columns.map(({ name }) => quote(name));
  const key = keyOf(table);
  const updates = names.map((name) => `${name} = excluded.${name}`).join(', ');
  const { rowCount } = await client.query(
    `insert into ${quote(table.name)} (${names.join(', ')})
      select distinct on (${key}) ${names.join(', ')} from ${target} order by ${key}, ctid desc
      on conflict (${key}) do update set ${updates}`,
  );
  return rowCount ?? 0;
}

/** Undone where the work says false, or breaks a key. */
async function attempt(client: ClientBase, work: () => Promise<boolean>): Promise<boolean> {
  await client.query('savepoint attempt');
  let isDone = false;
  try {
    isDone = await work();
  } catch (error) {
    if (errorCode(error) !== uniqueViolation) throw error;
  }
  await client.query(isDone ? 'release attempt' : 'rollback to attempt; release attempt');
  return isDone;
}

function keyOf(table: TableSchema): string {
  return table.primaryKey.map(quote).join(', ');
}
