import type { Client } from 'pg';
import { waitUntilReadable } from './lock.js';
import { readsTable } from './names.js';

/** Now, in microseconds, and later than any sync of this source before, even if a clock went backwards. */
export async function nextSyncTime(client: Client, sourceName: string, lockPatienceMs: number): Promise<bigint> {
  const now = BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000));
  const there = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [readsTable]);
  if (there.rows[0]?.there !== true) return now;
  await waitUntilReadable(client, readsTable, lockPatienceMs);
  const newest = await newestSyncTime(client, sourceName);
  return newest !== undefined && newest >= now ? newest + 1n : now;
}

/** In microseconds since 1970; undefined where the source has none in the table of reads, which must be there. */
export async function newestSyncTime(client: Client, sourceName: string): Promise<bigint | undefined> {
  const { rows } = await client.query<{ newest: string | null }>(
    `select (extract(epoch from max(_cq_sync_time)) * 1000000)::bigint::text as newest from ${readsTable} where _cq_source_name = $1`,
    [sourceName],
  );
  const newest = rows[0]?.newest ?? undefined;
  return newest === undefined ? undefined : BigInt(newest);
}

/** `2026-11-23T04:51:34.123456`, in UTC. */
export function timestampText(microseconds: bigint): string {
  const seconds = microseconds / 1_000_000n;
  const fraction = (microseconds % 1_000_000n).toString().padStart(6, '0');
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${fraction}`;
}
