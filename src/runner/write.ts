import { pluginV3 } from '@cloudquery/plugin-pb-javascript';
import { errorCode, errorMessage, lockNotAvailable } from '../postgres/index.js';
import { Backend } from './backend.js';
import { commit } from './commit.js';
import { rowsAreSafe, SyncError } from './errors.js';
import { takeTurn } from './lock.js';
import { summarize, type Summary } from './summarize.js';
import { beforeDropOf, turnOf, type SyncRun } from './sync_options.js';
import { within } from './within.js';
import { SyncWriter } from './writer.js';

import v3 = pluginV3.cloudquery.plugin.v3;

const rollbackTimeoutMs = 5000;

interface Writing extends SyncRun {
  readonly mayDrop: ReadonlySet<string>;
  readonly backend: Backend | undefined;
}

/** Writes what the plugin sends, in one transaction: all of it is there at the end, or nothing. */
export async function write(options: Writing, stream: AsyncIterable<v3.Sync.Response>): Promise<Summary> {
  const { client, spec, syncTime, signal, report, onNotice, backend } = options;
  const migration = { mayDrop: options.mayDrop, beforeDrop: beforeDropOf(options), onNotice };
  const tableErrors: { tableName: string; error: string }[] = [];
  const writer = new SyncWriter(client, {
    sourceName: spec.name,
    syncTime,
    writeMode: options.writeMode ?? 'overwrite-delete-stale',
    migration,
    takeTurn: (tables) => takeTurn(client, tables, turnOf(options)),
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
