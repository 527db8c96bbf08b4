import { join } from 'node:path';
import { credentials, status as Status, type ServiceError } from '@grpc/grpc-js';
import { discovery1, pluginV3 } from '@cloudquery/plugin-pb-javascript';
import type { Client, ClientBase } from 'pg';
import { connect, DatabaseError, disconnect, errorCode, errorMessage, lockNotAvailable } from '../postgres/index.js';
import { Backend, stateTable } from './backend.js';
import { rowsAreSafe, SyncError, SyncInterrupted, UsageError } from './errors.js';
import {
  migrateTables,
  planMigration,
  problemLines,
  quote,
  unfitError,
  type Change,
  type MigrateMode,
} from './migrate.js';
import { defaultLockPatienceMs, lockSource, takeTurn, withHolders, type Turn } from './lock.js';
import { lastLines, startPlugin, type PluginLog, type PluginProcess } from './plugin_process.js';
import { decodeSchema, type TableSchema, type WriteMode } from './schema.js';
import type { SourceSpec } from './spec.js';
import type { Outcome, ReadProblem, SyncSummary } from './summary.js';
import { readsTable, SyncWriter, timestampText, type WrittenTable } from './writer.js';

import v1 = discovery1.cloudquery.discovery.v1;
import v3 = pluginV3.cloudquery.plugin.v3;

export interface SyncProgress {
  readonly phase: 'starting' | 'reading' | 'writing';
  readonly table: string | undefined;
  /** Rows read so far, or written in the phase `writing`. */
  readonly rows: number;
  readonly requests: number;
}

export interface SyncOptions {
  readonly spec: SourceSpec;
  readonly databaseUrl: string;
  /** `overwrite-delete-stale` by default. */
  readonly writeMode?: WriteMode;
  /** `safe` by default. */
  readonly migrateMode?: MigrateMode;
  /** Asked before anything is read, where `forced` has to drop tables: the text lists them with their rows. */
  readonly confirmDrop?: (text: string) => Promise<boolean>;
  /** Program and first arguments; `serve` and its options are added. */
  readonly pluginCommand: readonly string[];
  /** Of the plugin; ours by default. */
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SyncProgress) => void;
  readonly onNotice?: (text: string) => void;
  readonly onLog?: (line: PluginLog) => void;
  /** For how long others may keep a lock that is needed; a minute by default. */
  readonly lockPatienceMs?: number;
  /**
   * Views, in the same transaction, after the rows are there. Where it throws an error with the code 55P03, having changed
   * nothing, the rows are committed without it.
   */
  readonly install?: (client: ClientBase) => Promise<void>;
  /** Locks the views against readers, before a table on which they stand is changed. */
  readonly lockViews?: (client: ClientBase, patienceMs: number) => Promise<void>;
  /** The opposite, before tables are dropped; `install` follows then. */
  readonly uninstall?: (client: ClientBase) => Promise<void>;
}

const readyTimeoutMs = 20_000;
// What the CloudQuery CLI receives in one message.
const maxMessageBytes = 200 * 1024 * 1024;
const rollbackTimeoutMs = 5000;

/**
 * One sync, as a CloudQuery client: starts the plugin, receives its stream, and writes it in one transaction. Until the
 * last moment nothing is changed: whatever goes wrong, the rows of the sync before stay as they are.
 * Throws UsageError, DatabaseError, SyncError or SyncInterrupted.
 */
export async function runSync(options: SyncOptions): Promise<SyncSummary> {
  const startedAt = performance.now();
  const onNotice = options.onNotice ?? (() => undefined);
  const report = progressReporter(options);
  // Ends with the caller's signal, or when the database goes away while AWS is read.
  const stop = new AbortController();
  const abort = () => {
    stop.abort(new SyncInterrupted(`Interrupted. ${rowsAreSafe}`));
  };
  if (options.signal?.aborted) abort();
  options.signal?.addEventListener('abort', abort);
  let client: Client | undefined;
  let plugin: PluginProcess | undefined;
  try {
    stop.signal.throwIfAborted();
    client = await connect(options.databaseUrl, { applicationName: 'aws-delegation sync' });
    client.on('error', (error) => {
      stop.abort(databaseFailure(error));
    });
    // Who is in the way, while there is still time to end that.
    client.on('notice', ({ code, message }) => {
      if (code === lockNotAvailable && message !== undefined) onNotice(`PostgreSQL: ${message}`);
    });
    const stopCancelling = cancelQueriesOn(stop.signal, client, options.databaseUrl);
    try {
      await client.query(`set lock_timeout = ${options.lockPatienceMs ?? defaultLockPatienceMs}`);
      await lockSource(client, options.spec.name);
      const syncTime = await nextSyncTime(client, options.spec.name);
      stop.signal.throwIfAborted();
      plugin = await startPlugin(options.pluginCommand, {
        env: options.env ?? process.env,
        signal: stop.signal,
        onLog: (line) => {
          report.log(line);
          if (line.level === 'warn') onNotice(line.message);
          options.onLog?.(line);
        },
      });
      const summary = await receive({
        ...options,
        client,
        plugin,
        syncTime,
        signal: stop.signal,
        report,
        onNotice,
        stopCancelling,
      });
      return { ...summary, durationMs: Math.round(performance.now() - startedAt) };
    } finally {
      stopCancelling();
    }
  } catch (error) {
    // The reason that everything was stopped for, not one of the errors that followed from it.
    if (stop.signal.aborted && !(error instanceof CommitUnknown)) throw stop.signal.reason as Error;
    throw describe(client ? await withHolders(error, client) : error);
  } finally {
    options.signal?.removeEventListener('abort', abort);
    await plugin?.stop();
    if (client) await disconnect(client);
  }
}

interface Receiving extends SyncOptions {
  readonly client: Client;
  readonly plugin: PluginProcess;
  readonly syncTime: bigint;
  readonly signal: AbortSignal;
  readonly report: ProgressReporter;
  readonly onNotice: (text: string) => void;
  /** From here on an interruption comes too late. */
  readonly stopCancelling: () => void;
}

type Summary = Omit<SyncSummary, 'durationMs'>;

async function receive(options: Receiving): Promise<Summary> {
  const { plugin, spec, signal, report } = options;
  const channel = {
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': maxMessageBytes,
    'grpc.initial_reconnect_backoff_ms': 50,
    'grpc.max_reconnect_backoff_ms': 500,
    // A proxy of the environment is for AWS, not for a socket on this machine.
    'grpc.enable_http_proxy': 0,
  };
  const discovery = new v1.DiscoveryClient(plugin.address, credentials.createInsecure(), channel);
  const source = new v3.PluginClient(plugin.address, credentials.createInsecure(), channel);
  let backend: Backend | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      source.waitForReady(Date.now() + readyTimeoutMs, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    const { versions } = await unary<v1.GetVersions.Response>((done) =>
      discovery.GetVersions(new v1.GetVersions.Request(), done),
    );
    if (!versions.includes(3)) {
      throw new SyncError(
        `The plugin speaks version ${versions.join(', ')} of CloudQuery's protocol, 3 is needed. Update aws-delegation. ${rowsAreSafe}`,
      );
    }
    // CloudQuery sends an empty spec as the text `null`.
    const init = new v3.Init.Request({
      spec: Buffer.from(JSON.stringify(spec.pluginSpec)),
      no_connection: false,
    });
    await unary((done) => source.Init(init, done));
    signal.throwIfAborted();
    const { tables } = await unary<v3.GetTables.Response>((done) =>
      source.GetTables(
        new v3.GetTables.Request({
          tables: [...spec.tables],
          skip_tables: [...spec.skipTables],
          skip_dependent_tables: spec.skipDependentTables,
        }),
        done,
      ),
    );
    const mayDrop = await agreeOnTables(options, tables);
    signal.throwIfAborted();

    if (spec.stateTable !== undefined) {
      backend = await Backend.serve({
        tableName: spec.stateTable,
        socket: join(plugin.directory, 'db.sock'),
        databaseUrl: options.databaseUrl,
        dropped: mayDrop,
      });
    }
    const call = source.Sync(
      new v3.Sync.Request({
        tables: [...spec.tables],
        skip_tables: [...spec.skipTables],
        skip_dependent_tables: spec.skipDependentTables,
        deterministic_cq_id: spec.deterministicCqId,
        withErrorMessages: true,
        ...(backend && {
          backend: new v3.Sync.BackendOptions({
            table_name: backend.options.tableName,
            connection: backend.connection,
          }),
        }),
      }),
    );
    const cancel = () => {
      call.cancel();
    };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      report.phase('reading');
      return await write({ ...options, mayDrop, backend }, call);
    } finally {
      signal.removeEventListener('abort', cancel);
      call.cancel();
    }
  } catch (error) {
    throw await pluginFailure(error, plugin);
  } finally {
    backend?.close();
    discovery.close();
    source.close();
  }
}

/**
 * Tables that do not fit end the sync here, before AWS is read for an hour, or are agreed to be dropped: returns which.
 */
async function agreeOnTables(options: Receiving, announced: readonly Uint8Array[]): Promise<ReadonlySet<string>> {
  const { client, spec, writeMode = 'overwrite-delete-stale' } = options;
  const shape = { writeMode, isKeyedByCqId: spec.deterministicCqId };
  const tables = announced.map((schema) => decodeSchema(schema, shape));
  if (spec.stateTable !== undefined) await expectStateTable(client, spec.stateTable, tables);
  const unfit = (await planMigration(client, tables)).filter(({ problems }) => problems.length > 0);
  if (unfit.length === 0) return new Set();
  if (options.migrateMode !== 'forced') throw unfitError(unfit);

  const mayDrop = new Set(unfit.map(({ table }) => table.name));
  // Nobody is asked for what cannot be done: somebody's view on one of the tables shows here.
  await client.query('begin');
  try {
    const names = unfit.map(({ table }) => table);
    await takeTurn(client, names, turn(options));
    await migrateTables(client, names, { mayDrop, beforeDrop: beforeDrop(options), onNotice: () => undefined });
  } finally {
    await client.query('rollback').catch(() => undefined);
  }
  const text =
    `Forced migration: these tables do not fit and are dropped with all their rows, those of other sources and of earlier syncs ` +
    `included, and with the indexes and grants on them. They are created anew in the transaction of this sync:\n` +
    `${problemLines(unfit)}\n${await countRows(client, unfit)}`;
  if ((await options.confirmDrop?.(text)) !== true) {
    throw new UsageError('The forced migration was not confirmed. Nothing was read or written.');
  }
  return mayDrop;
}

/** Not one of the tables that a forced migration may drop: what stands under a name that was given by mistake is somebody's. */
async function expectStateTable(client: Client, name: string, tables: readonly TableSchema[]): Promise<void> {
  const todo = `Give table_name of backend_options a name that nothing else has, such as aws_delegation_state. ${rowsAreSafe}`;
  if (tables.some((table) => table.name === name)) {
    throw new UsageError(`backend_options: ${name} is one of the tables that this sync writes. ${todo}`);
  }
  const unfit = (await planMigration(client, [stateTable(name)])).filter(({ problems }) => problems.length > 0);
  if (unfit.length > 0) {
    throw new UsageError(
      `backend_options: the table ${name} of the database is no state of incremental tables:\n${problemLines(unfit)}\n${todo}`,
    );
  }
}

/** `  aws_x: 12 rows (10 of "one", 2 of "other")` */
async function countRows(client: Client, changes: readonly Change[]): Promise<string> {
  const lines: string[] = [];
  for (const { table, existingColumns } of changes) {
    // Another tool's table may have none.
    const sourceName = existingColumns.has('_cq_source_name') ? '_cq_source_name' : 'null';
    const { rows } = await client.query<{ source: string | null; count: string }>(
      `select ${sourceName} as source, count(*)::text as count from ${quote(table.name)} group by 1 order by 1`,
    );
    const total = rows.reduce((sum, { count }) => sum + Number(count), 0);
    const parts = rows.map(({ source: name, count }) => `${count} of ${name === null ? 'no source' : `"${name}"`}`);
    lines.push(`  ${table.name}: ${total} row${total === 1 ? '' : 's'}${total === 0 ? '' : ` (${parts.join(', ')})`}`);
  }
  return lines.join('\n');
}

function beforeDrop({ uninstall }: SyncOptions): (client: ClientBase) => Promise<void> {
  return async (client) => {
    await uninstall?.(client);
  };
}

function turn({ lockPatienceMs = defaultLockPatienceMs, lockViews }: SyncOptions): Turn {
  return { patienceMs: lockPatienceMs, ...(lockViews && { lockViews }) };
}

interface Writing extends Receiving {
  readonly mayDrop: ReadonlySet<string>;
  readonly backend: Backend | undefined;
}

async function write(options: Writing, stream: AsyncIterable<v3.Sync.Response>): Promise<Summary> {
  const { client, spec, syncTime, signal, report, onNotice, backend } = options;
  const migration = { mayDrop: options.mayDrop, beforeDrop: beforeDrop(options), onNotice };
  const tableErrors: { tableName: string; error: string }[] = [];
  const writer = new SyncWriter(client, {
    sourceName: spec.name,
    syncTime,
    writeMode: options.writeMode ?? 'overwrite-delete-stale',
    migration,
    takeTurn: (tables) => takeTurn(client, tables, turn(options)),
    hasState: backend !== undefined,
  });
  let hasBegun = false;
  // The plugin reads everything before it sends anything: the transaction is open for seconds.
  const begin = async () => {
    if (hasBegun) return;
    hasBegun = true;
    await client.query(`begin; set local statement_timeout = 0; set local idle_in_transaction_session_timeout = 0`);
    report.phase('writing');
  };

  try {
    return await transfer();
  } catch (error) {
    // In order, so that the lock of this source is free when this returns; a connection that is gone has no order to keep.
    await within(rollbackTimeoutMs, rollBack());
    throw error;
  }

  async function rollBack(): Promise<void> {
    await writer.abort();
    await client.query('rollback').catch(() => undefined);
  }

  async function transfer(): Promise<Summary> {
    for await (const message of stream) {
      signal.throwIfAborted();
      switch (message.message) {
        case 'migrate_table':
          await begin();
          writer.announce(message.migrate_table.table);
          break;
        case 'insert':
          await begin();
          report.wrote(await writer.insert(message.insert.record));
          break;
        case 'error':
          tableErrors.push({ tableName: message.error.table_name, error: message.error.error });
          break;
        default:
          throw new SyncError(
            `The plugin sent a message that this version does not know (${message.message}). Update aws-delegation. ${rowsAreSafe}`,
          );
      }
    }
    signal.throwIfAborted();
    await begin();
    const tables = await writer.finish();
    for (const table of writer.withoutReads) {
      onNotice(`${table}: no read of this table was reported, so its earlier rows were left as they are`);
    }
    await backend?.store(client, migration);
    await install();
    const summary = await summarize(client, { spec, syncTime, tables, tableErrors });
    options.stopCancelling();
    signal.throwIfAborted();
    await commit(client);
    return summary;
  }

  async function install(): Promise<void> {
    try {
      await options.install?.(client);
    } catch (error) {
      // An hour of reading is not thrown away for a view that somebody keeps open; the rules know when the views are older than the tables.
      if (errorCode(error) !== lockNotAvailable) throw error;
      onNotice(`${errorMessage(error)} The rows of this sync are stored without that.`);
    }
  }
}

/** The one moment in which a broken connection leaves open what happened. */
async function commit(client: Client): Promise<void> {
  try {
    await client.query('commit');
  } catch (error) {
    if (isServerAnswer(error)) throw error;
    throw new CommitUnknown(
      `The connection to PostgreSQL broke while this sync was being committed (${errorMessage(error)}): it is stored as a whole or not ` +
        'at all, and which of the two is not known. Run the sync again: that is right in both cases.',
      { cause: error, code: errorCode(error) },
    );
  }
}

/** Not to be covered by a message that says that nothing was changed. */
class CommitUnknown extends DatabaseError {}

function isServerAnswer(error: unknown): boolean {
  return error instanceof Error && 'severity' in error && !errorCode(error)?.startsWith('57P');
}

function unary<Response>(
  call: (done: (error: ServiceError | null, response?: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => {
      if (error) reject(error);
      else if (response === undefined) reject(new Error('empty answer'));
      else resolve(response);
    });
  });
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'details' in error && 'code' in error && typeof error.code === 'number';
}

async function pluginFailure(error: unknown, plugin: PluginProcess): Promise<unknown> {
  if (!isServiceError(error) && !(error instanceof Error && /deadline/i.test(error.message))) return error;
  if (isServiceError(error)) {
    // What the plugin says is written for the user: it is shown as it is.
    if (error.code === Status.INVALID_ARGUMENT) return new UsageError(error.details);
    if (error.code !== Status.UNAVAILABLE && error.code !== Status.CANCELLED) {
      return new SyncError(
        error.details === '' ? `The plugin ended the sync with ${Status[error.code]}. ${rowsAreSafe}` : error.details,
      );
    }
  }
  // The connection breaks a moment before the process is seen to end.
  const end = await within(2000, plugin.ended);
  const how =
    end === undefined ? `the connection to it broke (${errorMessage(error)})` : `its process ended with ${end}`;
  const killed = end === 'signal SIGKILL' ? ' Was the machine out of memory, or was it killed by hand?' : '';
  return new SyncError(
    `The plugin broke off in mid-sync: ${how}${lastLines(plugin.stderr)}.${killed} ${rowsAreSafe} Run the sync again.`,
  );
}

/** Undefined where it takes longer. */
async function within<Result>(ms: number, promise: Promise<Result>): Promise<Result | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  return Promise.race([promise, late]).finally(() => {
    clearTimeout(timer);
  });
}

/** PostgreSQL's own errors, said for somebody who runs a sync. */
function describe(error: unknown): Error {
  // An error with an exit code is written for the user, whichever room it comes from.
  if (error instanceof Error && typeof (error as { exitCode?: unknown }).exitCode === 'number') return error;
  return databaseFailure(error);
}

function databaseFailure(error: unknown): Error {
  const code = errorCode(error);
  const message = errorMessage(error);
  const say = (what: string, todo: string) =>
    new DatabaseError(`Writing to PostgreSQL failed: ${what}. ${rowsAreSafe} ${todo}`, { cause: error, code });
  const { hint } = error as { hint?: string };
  const detail =
    error instanceof Error && 'detail' in error && typeof error.detail === 'string' ? ` (${error.detail})` : '';
  switch (code) {
    case '57P01':
    case '57P02':
    case '57P03':
      return say(`the server stopped or ended the connection: ${message}`, 'When it runs again, run the sync again.');
    case lockNotAvailable:
      return say(
        `somebody is in the way: ${message}`,
        `${hint ?? 'See pg_stat_activity for a transaction that was left open.'} Then run the sync again.`,
      );
    case '40P01':
    case '40001':
      return say(`it was in the way of another transaction: ${message}`, 'Run the sync again.');
    case '42501':
      if (message.startsWith('must be owner')) {
        return say(message, 'To change a table, run the sync once as its owner.');
      }
      return say(
        message,
        'Grant this user TEMPORARY on the database, CREATE on the schema, and INSERT, UPDATE, DELETE and SELECT on the tables.',
      );
    case '53100':
      return say(message, 'Make room on the disk of the database, and run the sync again.');
    case '25006':
      return say(message, 'This is a read-only server: give the address of the primary.');
    case '3F000':
      return say(message, 'Create the schema of search_path first.');
  }
  if (code?.startsWith('08') || /terminated|ECONNRESET|EPIPE|not queryable|ended/i.test(`${code ?? ''} ${message}`)) {
    return say(`the connection broke: ${message}`, 'When the server can be reached again, run the sync again.');
  }
  if (code === undefined && error instanceof Error) return error;
  return say(`${message}${detail}${code === undefined ? '' : ` (${code})`}`, 'Correct that, and run the sync again.');
}

/** Lets a long statement end at once when the run is stopped; returns what undoes it. */
function cancelQueriesOn(signal: AbortSignal, client: Client, databaseUrl: string): () => void {
  const { processID } = client as Client & { processID: number | null };
  const cancel = () => {
    if (processID === null) return;
    void connect(databaseUrl, { applicationName: 'aws-delegation cancel', connectTimeoutMs: 5000 })
      .then(async (other) => {
        await other.query('select pg_cancel_backend($1)', [processID]).finally(() => disconnect(other));
      })
      .catch(() => undefined);
  };
  signal.addEventListener('abort', cancel, { once: true });
  return () => {
    signal.removeEventListener('abort', cancel);
  };
}

/** Now, in microseconds, and later than any sync of this source before, even if a clock went backwards. */
async function nextSyncTime(client: Client, sourceName: string): Promise<bigint> {
  const now = BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000));
  const there = await client.query<{ there: boolean }>('select to_regclass($1) is not null as there', [readsTable]);
  if (there.rows[0]?.there !== true) return now;
  const { rows } = await client.query<{ last: string | null }>(
    `select (extract(epoch from max(_cq_sync_time)) * 1000000)::bigint::text as last from ${readsTable} where _cq_source_name = $1`,
    [sourceName],
  );
  const last = rows[0]?.last ?? null;
  return last !== null && BigInt(last) >= now ? BigInt(last) + 1n : now;
}

interface ProgressReporter {
  phase(phase: SyncProgress['phase']): void;
  log(line: PluginLog): void;
  wrote(inserted: { table: string; rows: number }): void;
}

function progressReporter(options: SyncOptions): ProgressReporter {
  let phase: SyncProgress['phase'] = 'starting';
  let table: string | undefined;
  let written = 0;
  const read = new Map<string, { rows: number; requests: number }>();
  const tell = () => {
    let rows = 0;
    let requests = 0;
    for (const one of read.values()) {
      rows += one.rows;
      requests += one.requests;
    }
    options.onProgress?.({ phase, table, rows: phase === 'writing' ? written : rows, requests });
  };
  return {
    phase(next) {
      phase = next;
      table = undefined;
      tell();
    },
    log(line) {
      const progress = line['progress'];
      if (typeof progress !== 'object' || progress === null || phase === 'writing') return;
      const values = progress as { table?: unknown; rows?: unknown; requests?: unknown };
      table = String(values.table);
      read.set(table, { rows: Number(values.rows ?? 0), requests: Number(values.requests ?? 0) });
      tell();
    },
    wrote(inserted) {
      table = inserted.table;
      written += inserted.rows;
      tell();
    },
  };
}

async function summarize(
  client: Client,
  run: { spec: SourceSpec; syncTime: bigint } & Pick<SyncSummary, 'tables' | 'tableErrors'>,
): Promise<Summary> {
  const reads: Record<Outcome, number> = { ok: 0, absent: 0, denied: 0, failed: 0, skipped: 0 };
  let requests = 0;
  let problems: ReadProblem[] = [];
  if (run.tables.some(({ name }) => name === readsTable)) {
    const values = [run.spec.name, timestampText(run.syncTime)];
    const counted = await client.query<{ outcome: Outcome; count: number; requests: string }>(
      `select outcome, count(*)::int as count, coalesce(sum(request_count), 0)::text as requests
        from ${readsTable}
        where _cq_source_name = $1 and _cq_sync_time = $2::timestamp
        group by outcome`,
      values,
    );
    for (const row of counted.rows) {
      reads[row.outcome] = row.count;
      requests += Number(row.requests);
    }
    const listed = await client.query<ReadProblem>(
      `select
          outcome, account_id as "accountId", region, table_name as "tableName", operation, scope,
          error_code as "errorCode", error_message as "errorMessage"
        from ${readsTable}
        where _cq_source_name = $1 and _cq_sync_time = $2::timestamp and outcome in ('denied', 'failed')
        order by table_name, account_id, region, operation, scope`,
      values,
    );
    problems = listed.rows;
  }
  const sum = (pick: (table: WrittenTable) => number) => run.tables.reduce((total, table) => total + pick(table), 0);
  return {
    sourceName: run.spec.name,
    syncTime: `${timestampText(run.syncTime)}Z`,
    tables: [...run.tables].sort((left, right) => left.name.localeCompare(right.name, 'en')),
    rows: sum(({ rows }) => rows),
    staleRemoved: sum(({ staleRemoved }) => staleRemoved),
    staleKept: sum(({ staleKept }) => staleKept),
    reads,
    problems,
    tableErrors: run.tableErrors,
    requests,
    exitCode: problems.length > 0 || run.tableErrors.length > 0 ? 2 : 0,
  };
}
