import type { ClientBase } from 'pg';
import { quote, readsTable } from './names.js';
import type { TableSchema } from './schema.js';
import { timestampText } from './sync_time.js';

export interface StaleRowsOptions {
  readonly sourceName: string;
  /** Microseconds since 1970. */
  readonly syncTime: bigint;
  /** Incremental tables keep their rows. */
  readonly hasState: boolean;
  /** By name. */
  readonly announced: ReadonlyMap<string, TableSchema>;
  /** Of tables that have no rows of an earlier sync. */
  readonly isCreated: (name: string) => boolean;
}

/** Earlier rows of one table: how many went, and how many are still there. */
export interface StaleRows {
  readonly removed: number;
  readonly kept: number;
  /** The plugin reported no read of the table at all. */
  readonly isWithoutReads?: boolean;
}

export const noStaleRows: StaleRows = { removed: 0, kept: 0 };

/**
 * Removes the rows of earlier syncs of this source, except where this sync could not look. That is asked of the reads
 * that came in the same stream: a read that was denied or failed keeps its Region, its scope, or without these the whole
 * table; a table without a single read is left alone. A Region that the spec left out (`skipped`) keeps nothing: it is no
 * longer part of the sync, as with the CloudQuery CLI. Incremental tables and their relations only grow, where there is a
 * state that they go by.
 */
export async function removeStaleRows(
  client: ClientBase,
  table: TableSchema,
  { sourceName, syncTime, hasState, announced, isCreated }: StaleRowsOptions,
): Promise<StaleRows> {
  const names = [table.name, ...ancestorsOf(table, announced)];
  if (hasState && names.some((each) => announced.get(each)?.isIncremental === true)) return noStaleRows;
  const values = [sourceName, timestampText(syncTime)];
  const stale = 'stale._cq_source_name = $1 and stale._cq_sync_time < $2::timestamp';
  const name = quote(table.name);
  const removeAll = async (): Promise<StaleRows> => {
    const { rowCount } = await client.query(`delete from ${name} as stale where ${stale}`, values);
    return { removed: rowCount ?? 0, kept: 0 };
  };
  const count = async (): Promise<number> => {
    const { rows } = await client.query<{ count: number }>(
      `select count(*)::int as count from ${name} as stale where ${stale}`,
      values,
    );
    return rows[0]?.count ?? 0;
  };
  if (table.name === readsTable) return removeAll();

  const ofThisSync = `reads._cq_source_name = $1 and reads._cq_sync_time = $2::timestamp`;
  const { rows } = await client.query<{ any: boolean; incomplete: boolean }>(
    `select
        count(*) filter (where reads.table_name = $3) > 0 as any,
        count(*) filter (where ${isIncomplete}) > 0 as incomplete
      from ${readsTable} as reads
      where ${ofThisSync} and reads.table_name = any ($4)`,
    [...values, table.name, names],
  );
  const found = rows[0];
  if (found?.any !== true) return { removed: 0, kept: await count(), isWithoutReads: true };
  if (isCreated(table.name)) return noStaleRows;
  if (!found.incomplete) return removeAll();
  const { rowCount } = await client.query(
    `delete from ${name} as stale
      where ${stale}
        and not exists (
          select
          from ${readsTable} as reads
          where ${ofThisSync} and reads.table_name = any ($4) and ${isIncomplete} and ${coversStaleRow(table)}
        )`,
    [...values, table.name, names],
  );
  return { removed: rowCount ?? 0, kept: await count() };
}

/**
 * By name, also those that were not announced, because nothing of them could be read. A child's rows hang on its parents': where a
 * parent was not read, nobody asked for its children.
 */
function ancestorsOf(table: TableSchema, announced: ReadonlyMap<string, TableSchema>): string[] {
  const names: string[] = [];
  let parent = table.parent;
  while (parent !== undefined && !names.includes(parent)) {
    names.push(parent);
    parent = announced.get(parent)?.parent;
  }
  return names;
}

/** Of its own reads every one that is not complete; of a parent's only the whole ones: a scope there names a row of the parent. */
const isIncomplete = `reads.outcome in ('denied', 'failed') and (reads.table_name = $3 or reads.scope = '')`;

/** Whether the stale row belongs to what the read did not bring; in doubt it does. */
function coversStaleRow(table: TableSchema): string {
  const has = (name: string | undefined): name is string =>
    name !== undefined && table.columns.some((column) => column.name === name);
  const conditions: string[] = [];
  const asker = ['request_account_id', 'account_id'].find(has);
  if (asker !== undefined) conditions.push(`stale.${quote(asker)} = reads.account_id`);
  if (has(table.regionColumn)) {
    conditions.push(
      `(reads.region = '' or stale.${quote(table.regionColumn)} = reads.region or reads.table_name <> $3)`,
    );
  }
  if (has(table.scopeColumn))
    conditions.push(`(reads.scope = '' or stale.${quote(table.scopeColumn)}::text = reads.scope)`);
  return conditions.length === 0 ? 'true' : conditions.join(' and ');
}
