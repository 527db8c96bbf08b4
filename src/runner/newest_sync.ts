import type { Client } from 'pg';
import { quote, readsTable } from './names.js';
import { newestSyncTime, timestampText } from './sync_time.js';

interface Newest {
  /** Microseconds since 1970. */
  readonly syncTime: bigint;
  readonly reads: ReadonlyMap<string, { outcome: string; rowCount: bigint }>;
  readonly accountId: string | undefined;
}

/** A table of the database, whose rows may be replaced. */
export interface Target {
  readonly columns: ReadonlySet<string>;
  /** False in write mode `append`, where rows of other syncs with the same key stay beside the new ones. */
  readonly isKeyed: boolean;
}

export async function findTargets(client: Client, names: readonly string[]): Promise<Map<string, Target>> {
  const { rows } = await client.query<{ name: string; columns: string[]; is_keyed: boolean }>(
    `select
        pg_class.relname as name,
        array_agg(pg_attribute.attname::text) as columns,
        exists (
          select
          from pg_catalog.pg_constraint
          where pg_constraint.conrelid = pg_class.oid and pg_constraint.contype in ('p', 'u')
        ) as is_keyed
      from pg_catalog.pg_class
      join pg_catalog.pg_namespace on pg_namespace.oid = pg_class.relnamespace
      join pg_catalog.pg_attribute on pg_attribute.attrelid = pg_class.oid
      where pg_namespace.nspname = current_schema()
        and pg_class.relname = any ($1)
        and pg_attribute.attnum > 0
        and not pg_attribute.attisdropped
      group by pg_class.oid, pg_class.relname`,
    [names],
  );
  return new Map(rows.map(({ name, columns, is_keyed }) => [name, { columns: new Set(columns), isKeyed: is_keyed }]));
}

export async function sourcesOf(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ source: string }>(
    `select distinct _cq_source_name as source from ${readsTable} where _cq_source_name is not null order by 1`,
  );
  return rows.map(({ source }) => source);
}

export async function newestOf(
  client: Client,
  sourceName: string,
  tables: readonly string[],
): Promise<Newest | undefined> {
  const syncTime = await newestSyncTime(client, sourceName);
  if (syncTime === undefined) return undefined;
  const { rows: reads } = await client.query<{ account: string; name: string; outcome: string; count: string }>(
    `select account_id as account, table_name as name, outcome, coalesce(row_count, 0)::text as count
      from ${readsTable}
      where _cq_source_name = $1 and _cq_sync_time = $2::timestamp and table_name = any ($3) and operation = '' and scope = ''
      order by account_id`,
    [sourceName, timestampText(syncTime), tables],
  );
  return {
    syncTime,
    accountId: reads[0]?.account,
    reads: new Map(reads.map(({ name, outcome, count }) => [name, { outcome, rowCount: BigInt(count) }])),
  };
}

/** The CloudQuery CLI writes without a transaction: where rows of a key were overtaken, they are not ours to take back. */
export async function hasNewerRows(
  client: Client,
  sourceName: string,
  { syncTime }: Newest,
  targets: ReadonlyMap<string, Target>,
  tables: readonly string[],
): Promise<boolean> {
  for (const table of tables) {
    if (targets.get(table)?.isKeyed !== true) continue;
    const { rows } = await client.query<{ newer: boolean }>(
      `select exists (select from ${quote(table)} where _cq_source_name = $1 and _cq_sync_time > $2::timestamp) as newer`,
      [sourceName, timestampText(syncTime)],
    );
    if (rows[0]?.newer === true) return true;
  }
  return false;
}
