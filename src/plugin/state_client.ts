import { credentials, status, type ServiceError } from '@grpc/grpc-js';
import { Table as ArrowTable, RecordBatch, tableToIPC, type Schema } from '@cloudquery/plugin-sdk-javascript/arrow';
import { createColumn } from '@cloudquery/plugin-sdk-javascript/schema/column';
import { createTable, toArrowSchema } from '@cloudquery/plugin-sdk-javascript/schema/table';
import { UUIDType } from '@cloudquery/plugin-sdk-javascript/types/uuid';
import type { Table } from '../schema/index.js';
import { IdSet } from '../sync/index.js';
import type { Log } from './log.js';
import { plugin } from './pb.js';
import { batchesOf, columnOf, recordOf, stateSchema, UnreadableError, type Entry } from './state_records.js';
import { isUuid } from './uuid.js';

/** CloudQuery's `backend_options`, as they arrive. */
export interface Backend {
  tableName: string;
  /** Where the destination listens: `unix:///path`, `unix:/path` or `host:port`. */
  connection: string;
}

export interface StateOptions {
  /** The incremental tables of this sync. */
  tables: readonly Table[];
  /** Names of every table there is: none of them can hold the state. */
  taken: readonly string[];
  log: Log;
  signal: AbortSignal;
  /** How long the backend may say nothing. */
  silenceMs?: number;
}

/** The backend cannot do what `backend_options` want of it. */
export class StateError extends Error {
  override readonly name = 'StateError';
}

const silenceMs = 120_000;
/** As Go's state client. */
const longestMessage = 100 * 1024 * 1024;

/** A destination does not answer, or the answer is not about what was asked. The others are an answer: "no such table". */
const isNoAnswer: ReadonlySet<status> = new Set([
  status.UNAVAILABLE,
  status.DEADLINE_EXCEEDED,
  status.CANCELLED,
  status.INTERNAL,
  status.RESOURCE_EXHAUSTED,
]);

/** The destination, as a client of its Write and Read. */
export class StateClient {
  readonly #grpc: plugin.PluginClient;
  readonly #schema: Schema;
  readonly #silenceMs: number;

  constructor(
    readonly backend: Backend,
    readonly options: StateOptions,
  ) {
    const { tableName, connection } = backend;
    if (options.taken.includes(tableName)) {
      throw new StateError(
        `backend_options: table_name is '${tableName}', a table that is synced. Give the state a table of its own, such as ` +
          'aws_delegation_state. AWS was not asked.',
      );
    }
    if (!isAddress.test(connection)) {
      throw new StateError(
        `backend_options: connection is '${connection}', which is no address of a destination (unix:///path or host:port). ` +
          "Write '@@plugins.<name of the destination>.connection'. AWS was not asked.",
      );
    }
    this.#silenceMs = options.silenceMs ?? silenceMs;
    this.#schema = stateSchema(tableName);
    this.#grpc = new plugin.PluginClient(connection, credentials.createInsecure(), {
      'grpc.max_receive_message_length': longestMessage,
      'grpc.max_send_message_length': longestMessage,
      // A proxy of the environment is for AWS.
      'grpc.enable_http_proxy': 0,
    });
  }

  close(): void {
    this.#grpc.close();
  }

  async readState(): Promise<(Entry & { key: string })[]> {
    const entries: (Entry & { key: string })[] = [];
    try {
      await this.#send([this.#migration()]);
      await this.#receive(this.#schema, (record) => {
        const [keys, values, versions] = ['key', 'value', 'version'].map((name) => columnOf(record, name));
        for (let row = 0; row < record.numRows; row++) {
          const [key, value, version] = [keys?.get(row), values?.get(row), versions?.get(row) ?? 0n] as unknown[];
          if (typeof key !== 'string' || typeof version !== 'bigint') {
            throw new UnreadableError(`${String(key)} with the version ${String(version)}`);
          }
          // Without a value there is nothing to go by, which is the same as never having been here.
          entries.push({ key, value: typeof value === 'string' ? value : '', version });
        }
      });
    } catch (error) {
      throw this.#describe(error, 'could not be read', `AWS was not asked. ${advice}`);
    }
    return entries;
  }

  async write(entries: readonly (Entry & { key: string })[]): Promise<void> {
    const record = recordOf(this.#schema, entries);
    const insert = new plugin.Write.Request({ insert: new plugin.Write.MessageInsert({ record }) });
    try {
      await this.#send([this.#migration(), insert]);
    } catch (error) {
      throw this.#describe(error, 'could not be written', 'The sync ends as failed. Run it again.');
    }
  }

  /** `_cq_id` of every row; a text where the destination cannot read the table. */
  async readIds(table: Table): Promise<IdSet | string> {
    const schema = toArrowSchema(
      createTable({ name: table.name, columns: [createColumn({ name: '_cq_id', type: new UUIDType() })] }),
    );
    const ids = new IdSet();
    try {
      await this.#receive(schema, (record) => {
        const column = columnOf(record, '_cq_id');
        for (let row = 0; row < record.numRows; row++) {
          const id: unknown = column.get(row);
          if (id instanceof Uint8Array && id.length === 16) ids.add(id);
          // Not every destination has a type for them.
          else if (typeof id === 'string' && isUuid.test(id)) ids.add(Buffer.from(id.replaceAll('-', ''), 'hex'));
        }
      });
    } catch (error) {
      if (isServiceError(error) && !isNoAnswer.has(error.code)) {
        return `the destination cannot read it (${status[error.code]}: ${error.details})`;
      }
      throw this.#describe(
        error,
        `stands on rows of ${table.name}, which could not be read`,
        `AWS was not asked. ${advice}`,
      );
    }
    return ids;
  }

  #migration(): plugin.Write.Request {
    const table = tableToIPC(new ArrowTable(this.#schema), 'stream');
    return new plugin.Write.Request({ migrate_table: new plugin.Write.MessageMigrateTable({ table }) });
  }

  #send(messages: readonly plugin.Write.Request[]): Promise<void> {
    return this.#untilEnd((end) => {
      const call = this.#grpc.Write((error: ServiceError | null) => {
        end(error ?? undefined);
      });
      for (const message of messages) call.write(message);
      call.end();
      return call;
    });
  }

  /**
   * Reads a table to its end. Whoever leaves before keeps the official destination from closing: it goes on sending, into a
   * channel that nobody empties, with a connection of its pool in use.
   * https://github.com/cloudquery/cloudquery/blob/main/plugins/destination/postgresql/client/read.go
   */
  #receive(schema: Schema, onRecord: (record: RecordBatch) => void): Promise<void> {
    return this.#untilEnd((end, isAlive) => {
      const call = this.#grpc.Read(new plugin.Read.Request({ table: tableToIPC(new ArrowTable(schema), 'stream') }));
      call.on('data', ({ record }: plugin.Read.Response) => {
        isAlive();
        try {
          for (const batch of batchesOf(record)) onRecord(batch);
        } catch (error) {
          end(error as Error);
        }
      });
      call.on('error', end);
      call.on('end', () => {
        end();
      });
      return call;
    });
  }

  /** Ends with the call, with the sync, or when the backend has said nothing for too long. */
  async #untilEnd(start: (end: (error?: Error) => void, isAlive: () => void) => { cancel: () => void }): Promise<void> {
    const { signal } = this.options;
    signal.throwIfAborted();
    let timer: NodeJS.Timeout | undefined;
    let call: { cancel: () => void; on?: unknown } | undefined;
    let abort = (): void => undefined;
    try {
      await new Promise<void>((resolve, reject) => {
        const end = (error?: Error): void => {
          if (error) reject(error);
          else resolve();
        };
        const isAlive = (): void => {
          clearTimeout(timer);
          timer = setTimeout(() => {
            end(new UnreadableError(`nothing for ${this.#silenceMs / 1000} s`));
          }, this.#silenceMs);
        };
        abort = () => {
          end(signal.reason as Error);
        };
        signal.addEventListener('abort', abort, { once: true });
        isAlive();
        call = start(end, isAlive);
      });
    } catch (error) {
      call?.cancel();
      throw error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    }
  }

  #describe(error: unknown, what: string, todo: string): unknown {
    if (this.options.signal.aborted) return error;
    const { tableName, connection } = this.backend;
    const came = isServiceError(error)
      ? `${status[error.code]}: ${error.details}`
      : error instanceof UnreadableError
        ? `it answered ${error.message}`
        : String(error);
    return new StateError(
      `backend_options: the state of the incremental tables, the table ${tableName} of the destination at ${connection}, ${what} (${came}). ${todo}`,
      { cause: error },
    );
  }
}

const advice =
  'The destination must be one that can be written and read, such as postgresql, and table_name a table that is nothing else. Without backend_options the whole window of an incremental table is read in every sync.';

const isAddress = /^(unix:\/*[^/\s]|(dns|ipv4|ipv6):\S|(\[[0-9a-f:.]+\]|[^\s:/@[\]]+):\d{1,5}$)/i;

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'details' in error && 'code' in error && typeof error.code === 'number';
}
