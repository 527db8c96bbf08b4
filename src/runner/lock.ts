import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { DatabaseError } from '../postgres/index.js';
import { SyncError } from './errors.js';

/** As `pg_stat_activity` shows whoever writes what the spec says, and nothing else: that takes a moment. */
export const restateApplication = 'aws-delegation check';

const patienceMs = 30_000;
const pauseMs = 50;

interface Holder {
  pid: number;
  application: string | null;
  since: string;
}

/**
 * One writer per source and schema at a time: a second sync would remove as stale what the first has just written. A sync
 * can take an hour and ends the attempt; a `check` that is writing what the spec says is waited for. Held until the
 * connection ends.
 *
 * @param refusal who is in the way, and what is not done for it; said to the user.
 * @throws {SyncError} where a sync is running.
 */
export async function lockSource(
  client: Client,
  sourceName: string,
  refusal: (who: string, howToEnd: string) => string = anotherSync(sourceName),
): Promise<void> {
  const { rows } = await client.query<{ schema: string | null }>('select current_schema() as schema');
  const schema = rows[0]?.schema;
  if (schema === null || schema === undefined) {
    throw new DatabaseError(
      'PostgreSQL: no schema of the search_path exists. Create it, or correct search_path in the connection string.',
    );
  }
  const key = createHash('sha256')
    .update(`aws-delegation sync\0${schema}\0${sourceName}`)
    .digest()
    .readBigInt64BE()
    .toString();
  const until = performance.now() + patienceMs;
  for (;;) {
    const locked = await client.query<{ locked: boolean }>('select pg_try_advisory_lock($1) as locked', [key]);
    if (locked.rows[0]?.locked === true) return;
    const holder = await holderOf(client, key);
    const isBrief = holder === undefined || holder.application?.startsWith(restateApplication) === true;
    if (isBrief && performance.now() < until) {
      await delay(pauseMs);
      continue;
    }
    const process = /(\d+)@(\S+)/.exec(holder?.application ?? '');
    const who =
      holder === undefined
        ? 'it has just ended'
        : `${process ? `process ${process[1] ?? ''} on ${process[2] ?? ''}` : 'another client'}, since ${holder.since} UTC (PostgreSQL backend ${holder.pid})`;
    throw new SyncError(refusal(who, process ? ` (kill ${process[1] ?? ''})` : ''));
  }
}

function anotherSync(sourceName: string): (who: string, howToEnd: string) => string {
  return (who, howToEnd) =>
    `Another sync of "${sourceName}" into this database is running: ${who}. Nothing was read or written. Wait until it has ended; ` +
    `if it hangs, end it${howToEnd}, or give this source another name in the spec.`;
}

async function holderOf(client: Client, key: string): Promise<Holder | undefined> {
  const { rows } = await client.query<Holder>(
    `select
        pg_stat_activity.pid,
        pg_stat_activity.application_name as application,
        to_char(pg_stat_activity.backend_start at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') as since
      from pg_catalog.pg_locks
      join pg_catalog.pg_stat_activity on pg_stat_activity.pid = pg_locks.pid
      where pg_locks.locktype = 'advisory'
        and pg_locks.granted
        and pg_locks.objsubid = 1
        and pg_locks.database = (select oid from pg_catalog.pg_database where datname = current_database())
        and ((pg_locks.classid::bigint << 32) | pg_locks.objid::bigint) = $1`,
    [key],
  );
  return rows[0];
}
