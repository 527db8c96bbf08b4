import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client } from 'pg';
import { DatabaseError, lockSql } from '../postgres/index.js';
import { SyncError } from './errors.js';
import { planMigration } from './plan_migration.js';
import { quote } from './names.js';
import type { TableSchema } from './schema.js';

/** As `pg_stat_activity` shows whoever writes what the spec says, and nothing else: that takes a moment. */
export const restateApplication = 'aws-delegation check';

export const defaultLockPatienceMs = 60_000;
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
  const key = keyOf('aws-delegation sync', await schemaOf(client), sourceName);
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

export interface Turn {
  readonly patienceMs: number;
  /** Locks the views against readers. */
  readonly lockViews?: (client: Client, patienceMs: number) => Promise<void>;
}

// Others write for minutes in an organization of 50,000 accounts, and whoever waits for them is in nobody's way.
const turnPatience = 10;

/**
 * Takes what the transaction that is open needs to change and to write these tables, before anything is written. Two syncs write
 * one after the other, so that they never wait for each other in a circle. A reader waits only where a table is changed,
 * and not before everything that it could have locked is free: views first, as whoever reads a view goes from it to its tables.
 *
 * @throws an error with the code 55P03 that tells who is in the way.
 */
export async function takeTurn(client: Client, tables: readonly TableSchema[], turn: Turn): Promise<void> {
  const schema = await schemaOf(client);
  const { patienceMs } = turn;
  await client.query(
    lockSql({ advisory: keyOf('aws-delegation write', schema), patienceMs: turnPatience * patienceMs }),
  );
  const existing = (await planMigration(client, tables))
    .filter(({ existingColumns }) => existingColumns.size > 0)
    .map(({ table, steps, problems }) => ({ name: table.name, isChanged: steps.length > 0 || problems.length > 0 }))
    .sort((left, right) => Number(right.isChanged) - Number(left.isChanged) || (left.name < right.name ? -1 : 1));
  if (existing.length === 0) return;
  if (existing[0]?.isChanged === true) await turn.lockViews?.(client, patienceMs);
  const wanted = existing.map(({ name, isChanged }, index) => {
    const table = quoteLiteral(`${quote(schema)}.${quote(name)}`);
    return `(${index}, ${table}, ${String(isChanged)})`;
  });
  await client.query(
    lockSql({
      relations: `select
                    format('lock table %s in %s mode', named.name, case when named.is_exclusive then 'access exclusive' else 'row exclusive' end) as statement,
                    named.name::regclass::oid as relation,
                    named.is_exclusive
                from (values ${wanted.join(', ')}) as named (position, name, is_exclusive)
                order by named.position`,
      patienceMs,
    }),
  );
}

/**
 * Where somebody has locked a table against readers, that is told before AWS is read.
 *
 * @throws an error with the code 55P03 that tells who is in the way.
 */
export async function waitUntilReadable(client: Client, table: string, patienceMs: number): Promise<void> {
  const name = quoteLiteral(quote(table));
  const relations = `select format('lock table %s in access share mode', ${name}) as statement, ${name}::regclass::oid as relation, false as is_exclusive`;
  // A DO statement is a transaction of its own here, and lets go at its end.
  await client.query(lockSql({ relations, patienceMs }));
}

function quoteLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function keyOf(...what: string[]): string {
  return createHash('sha256').update(what.join('\0')).digest().readBigInt64BE().toString();
}

async function schemaOf(client: Client): Promise<string> {
  const { rows } = await client.query<{ schema: string | null }>('select current_schema() as schema');
  const schema = rows[0]?.schema;
  if (schema === null || schema === undefined) {
    throw new DatabaseError(
      'PostgreSQL: no schema of the search_path exists. Create it, or correct search_path in the connection string.',
    );
  }
  return schema;
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
