import type { Client } from 'pg';
import {
  connect,
  DatabaseError,
  disconnect,
  errorCode,
  errorMessage,
  lockNotAvailable,
  tellWaits,
  withHolders,
} from '../postgres/index.js';
import { defaultLockPatienceMs, lockSource, restateApplication, takeTurn } from './lock.js';
import { isForUser } from './errors.js';
import { readsTable } from './names.js';
import { findTargets, hasNewerRows, newestOf, sourcesOf } from './newest_sync.js';
import { Problems } from './restate_problems.js';
import { Replacement, type StatedTable } from './restated_table.js';

export interface RestateOptions {
  readonly sourceName: string;
  /** Names of the tables that come from the spec. */
  readonly tables: readonly string[];
  /** What the spec says now, for the account that asked in the newest sync. */
  readonly state: (accountId: string) => Promise<readonly StatedTable[]>;
  /** For how long others may keep a lock that is needed; a minute by default. */
  readonly lockPatienceMs?: number;
  /** Told who is waited for. */
  readonly onNotice?: (text: string) => void;
}

export interface Restated {
  /** False where this source has no sync in this database; nothing was done then. */
  readonly isSynced: boolean;
  /** The sources that have one. */
  readonly sources: readonly string[];
  /** Tables whose rows were replaced. */
  readonly written: readonly string[];
  /** What could not be done, and what ends that: for the user, one line each. */
  readonly notices: readonly string[];
}

/**
 * Puts what the spec says now in the place of what it said at the newest sync of its source: the rows of these tables, and
 * how many there are of them in aws_delegation_reads. In one transaction, and nothing is written where nothing changed.
 *
 * @throws {DatabaseError}
 * @throws {SyncError} while a sync of the source is running, if there is something to be changed.
 */
export async function restate(databaseUrl: string, options: RestateOptions): Promise<Restated> {
  const client = await connect(databaseUrl, { applicationName: restateApplication });
  try {
    if (options.onNotice) tellWaits(client, options.onNotice);
    await client.query(`set lock_timeout = ${options.lockPatienceMs ?? defaultLockPatienceMs}`);
    const first = await attempt(client, options, false);
    if (first.written.length === 0) return first;
    // Only now, so that a check that changes nothing does not mind a sync that is reading AWS.
    await lockSource(client, options.sourceName, refusal(options.sourceName));
    return await attempt(client, options, true);
  } catch (error) {
    throw describe(await withHolders(error, client), options.sourceName);
  } finally {
    await disconnect(client);
  }
}

function refusal(sourceName: string): (who: string, howToEnd: string) => string {
  return (who, howToEnd) =>
    `A sync of "${sourceName}" into this database is running, with the spec as it was when it began: ${who}. The spec has changed since the ` +
    `sync before, so nothing was written or judged. Wait until it has ended; if it hangs, end it${howToEnd}.`;
}

/** Without `isWriting`, `written` is what would be. */
async function attempt(
  client: Client,
  { sourceName, tables, state, lockPatienceMs = defaultLockPatienceMs }: RestateOptions,
  isWriting: boolean,
): Promise<Restated> {
  await client.query('begin');
  try {
    if (isWriting) await takeTurn(client, [], { patienceMs: lockPatienceMs });
    const targets = await findTargets(client, [...tables, readsTable]);
    const sources = targets.has(readsTable) ? await sourcesOf(client) : [];
    const newest = sources.includes(sourceName) ? await newestOf(client, sourceName, tables) : undefined;
    if (newest === undefined) return await end({ isSynced: false, sources, written: [], notices: [] });
    const problems = new Problems(sourceName);
    if (await hasNewerRows(client, sourceName, newest, targets, tables)) {
      return await end({ isSynced: true, sources, written: [], notices: [problems.newerRows()] });
    }
    const written: string[] = [];
    const all = newest.accountId === undefined ? [] : await state(newest.accountId);
    for (const [index, stated] of all.entries()) {
      const target = targets.get(stated.name);
      const read = newest.reads.get(stated.name);
      if (read?.outcome === 'skipped') problems.skipped(stated);
      else if (target === undefined || read === undefined) problems.unknown(stated.name);
      else if (read.outcome !== 'ok') throw problems.unread(stated.name, read.outcome);
      else {
        problems.compare(stated, target);
        const table = new Replacement(client, sourceName, newest.syncTime, stated, target);
        await table.stage(index);
        if ((await table.isAsStored()) && read.rowCount === table.rows) continue;
        written.push(stated.name);
        if (isWriting) await table.replace();
      }
    }
    if (newest.accountId === undefined) for (const name of tables) problems.unknown(name);
    return await end({ isSynced: true, sources, written, notices: problems.notices() });
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }

  async function end(result: Restated): Promise<Restated> {
    await client.query(isWriting && result.written.length > 0 ? 'commit' : 'rollback');
    return result;
  }
}

function describe(error: unknown, sourceName: string): Error {
  if (isForUser(error)) return error;
  const code = errorCode(error);
  const say = (todo: string): DatabaseError =>
    new DatabaseError(
      `Storing what the spec of "${sourceName}" says now failed: ${errorMessage(error)}${code === undefined ? '' : ` (${code})`}. Nothing was ` +
        `written or judged. ${todo}`,
      { cause: error, code },
    );
  if (code === '42501' || code === '25006') {
    return say(
      'Use a user who may write (TEMPORARY on the database; SELECT, INSERT, UPDATE and DELETE on the tables aws_delegation_*), or --no-install, which judges by the spec as it ' +
        'was at the last sync.',
    );
  }
  if (code === lockNotAvailable) {
    const { hint } = error as { hint?: string };
    return say(`${hint ?? 'See pg_stat_activity for a transaction that was left open.'} Then try again.`);
  }
  return say('Try again; if it stays, sync again with this version.');
}
