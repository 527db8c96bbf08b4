import type { Client } from 'pg';
import {
  BinaryCopy,
  connect,
  DatabaseError,
  disconnect,
  errorCode,
  errorMessage,
  lockNotAvailable,
} from '../postgres/index.js';
import { fieldWriters } from './encode.js';
import { defaultLockPatienceMs, lockSource, restateApplication, takeTurn, withHolders } from './lock.js';
import { quote } from './migrate.js';
import { columnName, decodeRecords } from './schema.js';
import { readsTable, timestampText } from './writer.js';

/** Rows of a table that come from the spec and its files, as a sync would send them. */
export interface StatedTable {
  readonly name: string;
  /** CloudQuery's two columns first, those that the client adds left out. */
  readonly columns: readonly string[];
  readonly key: readonly string[];
  /** Columns that tell what the sync did, and stay as it wrote them. */
  readonly asSynced: readonly string[];
  /** Arrow IPC streams. */
  readonly records: readonly Uint8Array[];
}

export interface RestateOptions {
  readonly sourceName: string;
  /** Names of the tables that come from the spec. */
  readonly tables: readonly string[];
  /** What the spec says now, for the account that asked in the newest sync. */
  readonly state: (accountId: string) => Promise<readonly StatedTable[]>;
  /** For how long others may keep a lock that is needed; a minute by default. */
  readonly lockPatienceMs?: number;
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

interface Newest {
  /** Microseconds since 1970. */
  readonly syncTime: bigint;
  readonly reads: ReadonlyMap<string, { outcome: string; rowCount: bigint }>;
  readonly accountId: string | undefined;
}

interface Target {
  readonly columns: ReadonlySet<string>;
  /** False in write mode `append`, where rows of other syncs with the same key stay beside the new ones. */
  readonly isKeyed: boolean;
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

class Replacement {
  rows = 0n;
  #staging = '';
  readonly #columns: readonly string[];
  readonly #list: string;
  readonly #table: string;
  readonly #values: readonly string[];

  constructor(
    readonly client: Client,
    readonly sourceName: string,
    readonly syncTime: bigint,
    readonly stated: StatedTable,
    readonly target: Target,
  ) {
    this.#columns = stated.columns.map(columnName).filter((column) => target.columns.has(column));
    this.#list = ['_cq_sync_time', '_cq_source_name', ...this.#columns].map(quote).join(', ');
    this.#table = quote(stated.name);
    this.#values = [sourceName, timestampText(syncTime)];
  }

  async stage(number: number): Promise<void> {
    const name = quote(`_cq_stated_${number + 1}`);
    await this.client.query(`create temporary table ${name} (like ${this.#table}) on commit drop`);
    this.#staging = `pg_temp.${name}`;
    const target = `${this.#staging} (${this.#list})`;
    const copy = new BinaryCopy(this.client, target, this.#columns.length + 2, (row) => {
      row.timestamp(this.syncTime);
      row.bytes(Buffer.from(this.sourceName));
    });
    for (const record of this.stated.records) {
      for (const batch of decodeRecords(record).batches) {
        const writers = fieldWriters(this.stated.name, batch).filter((_, index) =>
          this.target.columns.has(columnName(batch.schema.fields[index]?.name ?? '')),
        );
        for (let row = 0; row < batch.numRows; row++) {
          copy.startRow();
          for (const write of writers) write(row, copy);
          this.rows++;
          if (copy.isFull) await copy.flush();
        }
      }
    }
    await copy.end();
    await this.#takeOver(this.stated.asSynced.filter((column) => this.target.columns.has(column)));
  }

  /** From the row with the same key. Without one nobody knows what the sync did. */
  async #takeOver(columns: readonly string[]): Promise<void> {
    if (columns.length === 0) return;
    const assigned = columns.map((column) => `${quote(column)} = stored.${quote(column)}`).join(', ');
    await this.client.query(
      `update ${this.#staging} as stated set ${assigned}
        from ${this.#staging} as same
        left join ${this.#table} as stored
          on stored._cq_id = same._cq_id and stored._cq_source_name = $1 and stored._cq_sync_time = $2::timestamp
        where same._cq_id = stated._cq_id`,
      [...this.#values],
    );
  }

  async isAsStored(): Promise<boolean> {
    const stored = `select ${this.#list} from ${this.#table} where _cq_source_name = $1 and _cq_sync_time = $2::timestamp`;
    const stated = `select ${this.#list} from ${this.#staging}`;
    const { rows } = await this.client.query<{ differs: boolean }>(
      `select exists ((${stored}) except all (${stated})) or exists ((${stated}) except all (${stored})) as differs`,
      [...this.#values],
    );
    return rows[0]?.differs === false;
  }

  async replace(): Promise<void> {
    await this.client.query(`delete from ${this.#table} where _cq_source_name = $1 and _cq_sync_time = $2::timestamp`, [
      ...this.#values,
    ]);
    if (this.target.isKeyed) {
      // Write mode `overwrite` leaves rows of earlier syncs, which a sync would have overwritten, too.
      await this.client.query(
        `delete from ${this.#table} as earlier using ${this.#staging} as stated where earlier._cq_id = stated._cq_id`,
      );
    }
    await this.client.query(`insert into ${this.#table} (${this.#list}) select ${this.#list} from ${this.#staging}`);
    await this.client.query(
      `update ${readsTable} set row_count = $3
        where _cq_source_name = $1 and _cq_sync_time = $2::timestamp and table_name = $4 and operation = '' and scope = ''`,
      [...this.#values, this.rows.toString(), this.stated.name],
    );
  }
}

/** What stands between the spec and the tables. Each says why it is safe to go on, or is an error. */
class Problems {
  readonly #unknown: string[] = [];
  readonly #skipped: string[] = [];
  readonly #narrow: string[] = [];

  constructor(readonly sourceName: string) {}

  /** An older version synced. Rules take a table without a read as unread, so nothing passes by what is not there. */
  unknown(table: string): void {
    this.#unknown.push(table);
  }

  /** The views have nothing of such a table, and its rules say `not_configured`. */
  skipped({ name, records }: StatedTable): void {
    if (records.length > 0) this.#skipped.push(name);
  }

  /** The rows go in without these columns, and delegation.reads takes the table as unread until a sync has added them. */
  compare({ name, columns, key }: StatedTable, target: Target): void {
    const missing = columns.map(columnName).filter((column) => !target.columns.has(column));
    if (missing.length === 0) return;
    if (missing.some((column) => key.includes(column) || column === '_cq_id')) {
      throw new DatabaseError(
        `${name} has no column ${missing.join(', ')}, so what the spec says now cannot be stored, and what is stored is out of date. ` +
          'Nothing was written or judged. Sync again with this version.',
      );
    }
    this.#narrow.push(`${name} (${missing.join(', ')})`);
  }

  unread(table: string, outcome: string): DatabaseError {
    return new DatabaseError(
      `${table} ended as "${outcome}" in the newest sync of "${this.sourceName}", so what is stored of it says nothing. Nothing was ` +
        'written or judged. Sync again.',
    );
  }

  newerRows(): string {
    return (
      `A sync of "${this.sourceName}" that is newer than the newest whole one is running, or was interrupted: the spec was not read again. ` +
      'What it left in doubt is unknown below. Let it end, or sync again.'
    );
  }

  notices(): string[] {
    const tell = (names: readonly string[], text: string): string[] =>
      names.length === 0 ? [] : [`${names.join(', ')}: ${text}`];
    return [
      ...tell(
        this.#unknown,
        `not in the newest sync of "${this.sourceName}", which an older version made: what the spec says of it is not judged, and what ` +
          'needs it is unknown. Sync again with this version.',
      ),
      ...tell(
        this.#skipped,
        `left out of the newest sync of "${this.sourceName}" (skip_tables): what the spec says of it is not judged. Sync again without that.`,
      ),
      ...tell(
        this.#narrow,
        'these columns are not there, because an older version made the table: what the spec says is stored without them, and what needs ' +
          'the table is unknown. Sync again with this version.',
      ),
    ];
  }
}

async function findTargets(client: Client, names: readonly string[]): Promise<Map<string, Target>> {
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

async function sourcesOf(client: Client): Promise<string[]> {
  const { rows } = await client.query<{ source: string }>(
    `select distinct _cq_source_name as source from ${readsTable} where _cq_source_name is not null order by 1`,
  );
  return rows.map(({ source }) => source);
}

async function newestOf(client: Client, sourceName: string, tables: readonly string[]): Promise<Newest | undefined> {
  const { rows } = await client.query<{ last: string | null }>(
    `select (extract(epoch from max(_cq_sync_time)) * 1000000)::bigint::text as last from ${readsTable} where _cq_source_name = $1`,
    [sourceName],
  );
  const last = rows[0]?.last ?? undefined;
  if (last === undefined) return undefined;
  const syncTime = BigInt(last);
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
async function hasNewerRows(
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

function describe(error: unknown, sourceName: string): Error {
  if (error instanceof Error && typeof (error as { exitCode?: unknown }).exitCode === 'number') return error;
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
