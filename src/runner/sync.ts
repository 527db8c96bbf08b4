import type { Client } from 'pg';
import { connect, disconnect, tellWaits, withHolders } from '../postgres/index.js';
import { cancelQueriesOn } from './cancel_queries.js';
import { CommitUnknown } from './commit.js';
import { databaseFailure, syncFailure } from './database_failure.js';
import { rowsAreSafe, SyncInterrupted } from './errors.js';
import { defaultLockPatienceMs, lockSource } from './lock.js';
import { startPlugin, type PluginProcess } from './plugin_process.js';
import { progressReporter } from './progress.js';
import { receive } from './receive.js';
import type { SyncSummary } from './summary.js';
import type { SyncOptions } from './sync_options.js';
import { nextSyncTime } from './sync_time.js';

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
    tellWaits(client, onNotice);
    const stopCancelling = cancelQueriesOn(stop.signal, client, options.databaseUrl);
    try {
      const { lockPatienceMs = defaultLockPatienceMs } = options;
      await client.query(`set lock_timeout = ${lockPatienceMs}`);
      await lockSource(client, options.spec.name);
      const syncTime = await nextSyncTime(client, options.spec.name, lockPatienceMs);
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
    throw syncFailure(client ? await withHolders(error, client) : error);
  } finally {
    options.signal?.removeEventListener('abort', abort);
    await plugin?.stop();
    if (client) await disconnect(client);
  }
}
