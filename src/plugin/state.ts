import { credentials, status, type ServiceError } from '@grpc/grpc-js';
import {
  makeData,
  RecordBatch,
  Struct,
  Table as ArrowTable,
  tableFromIPC,
  tableToIPC,
  Uint64,
  Utf8,
  vectorFromArray,
  type Data,
  type Schema,
  type Vector,
} from '@cloudquery/plugin-sdk-javascript/arrow';
import { createColumn } from '@cloudquery/plugin-sdk-javascript/schema/column';
import { createTable, toArrowSchema } from '@cloudquery/plugin-sdk-javascript/schema/table';
import { UUIDType } from '@cloudquery/plugin-sdk-javascript/types/uuid';
import type { State, Table } from '../schema/index.js';
import { IdSet, stateless, type SyncState } from '../sync/index.js';
import type { Log } from './log.js';
import { plugin } from './pb.js';

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

/** Of a client that keeps nothing. */
export const noState: SyncState = {
  of: () => stateless,
  had: () => false,
  keep: () => Promise.resolve(),
};

interface Entry {
  value: string;
  version: bigint;
}

/**
 * What incremental tables remember, in a table of the destination: `key`, `value` and `version`, as CloudQuery's Go SDK
 * keeps it (https://github.com/cloudquery/plugin-sdk/blob/main/internal/clients/state/v3/state.go). A key is
 * `<table>/<key of the table>`.
 *
 * What it says is true only while the rows are there. They may not be: somebody dropped the table or a forced migration
 * did, an older backup came back, or the CloudQuery CLI ended after the state was written and before the destination had
 * written its last batch. So `<table>/last rows` names, by `_cq_id`, the last new row that each of the two newest syncs sent,
 * and where one of them is not in the table any more, nothing that was remembered of the table counts: its whole window is
 * read again, and the key of the rows keeps them from being there twice.
 *
 * A new row, because one that was there before the sync says nothing of whether the others arrived. Two syncs, because a
 * forced migration comes after this look and before the rows: of the newest sync alone everything would be there then.
 */
export class KeptState implements SyncState {
  readonly #stored = new Map<string, Entry>();
  readonly #values = new Map<string, string>();
  /** Rows of each table that the destination has. */
  readonly #ids = new Map<string, IdSet>();

  private constructor(
    readonly client: Client,
    readonly options: StateOptions,
  ) {}

  /**
   * Reads all of it, and looks for the rows that it stands on.
   *
   * @throws {StateError} where the backend cannot be reached, or answers with something else than its state.
   */
  static async open(backend: Backend, options: StateOptions): Promise<KeptState> {
    const client = new Client(backend, options);
    try {
      const state = new KeptState(client, options);
      await state.#read();
      for (const table of options.tables) await state.#prove(table);
      return state;
    } catch (error) {
      client.close();
      throw error;
    }
  }

  of(table: Table): State {
    return {
      get: (key) => {
        const value = this.#values.get(keyOf(table, key));
        // An empty value is one that no longer counts.
        return value === '' ? undefined : value;
      },
      set: (key, value) => void this.#values.set(keyOf(table, key), value),
    };
  }

  had(table: Table, id: Uint8Array): boolean {
    return this.#ids.get(table.name)?.has(id) ?? false;
  }

  async keep(last: ReadonlyMap<string, Uint8Array>): Promise<void> {
    for (const table of this.options.tables) {
      const id = last.get(table.name);
      if (id === undefined) continue;
      const before = this.#lastRows(table).filter((other) => other !== hexOf(id));
      this.#values.set(keyOf(table, lastRows), [...before, hexOf(id)].slice(-2).map(uuidOf).join(' '));
    }
    const changed = [...this.#values]
      .filter(([key, value]) => value !== this.#stored.get(key)?.value)
      .map(([key, value]) => ({ key, value, version: (this.#stored.get(key)?.version ?? 0n) + 1n }))
      .sort(lastRowsFirst);
    if (changed.length > 0) await this.client.write(changed);
  }

  close(): void {
    this.client.close();
  }

  async #read(): Promise<void> {
    for (const { key, value, version } of await this.client.readState()) {
      const known = this.#stored.get(key);
      // A destination without keys has every version of an entry.
      if (known === undefined || known.version <= version) this.#stored.set(key, { value, version });
    }
    for (const [key, { value }] of this.#stored) this.#values.set(key, value);
  }

  async #prove(table: Table): Promise<void> {
    const ids = await this.client.readIds(table);
    if (ids instanceof IdSet) this.#ids.set(table.name, ids);
    const problem = this.#problem(table, ids);
    if (problem === undefined) return;
    this.options.log(
      'warn',
      `${table.name}: ${problem}, so what the state in ${this.client.backend.tableName} says of it does not count, and its whole window is read again.`,
    );
    // Emptied and not left out, or what this sync does not replace would count again in the next one.
    for (const key of this.#values.keys()) if (key.startsWith(keyOf(table, ''))) this.#values.set(key, '');
  }

  /** Why the rows are not those that the state stands on; undefined where they are, or where it does not stand on any. */
  #problem(table: Table, ids: IdSet | string): string | undefined {
    const text = this.#values.get(keyOf(table, lastRows)) ?? '';
    // Nothing was sent yet, so there is nothing that could be lost.
    if (text === '') return undefined;
    if (!isRowList.test(text)) return `'${text.slice(0, 100)}' names no row`;
    if (!(ids instanceof IdSet)) return ids;
    const missing = this.#lastRows(table).find((id) => !ids.has(Buffer.from(id, 'hex')));
    return missing === undefined ? undefined : `the row ${uuidOf(missing)} that a sync sent is not there`;
  }

  /** As hexadecimal digits. */
  #lastRows(table: Table): string[] {
    const text = this.#values.get(keyOf(table, lastRows)) ?? '';
    return text === '' ? [] : text.split(' ').map((id) => id.replaceAll('-', ''));
  }
}

const lastRows = 'last rows';
const uuid = '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const isUuid = new RegExp(`^${uuid}$`, 'i');
const isRowList = new RegExp(`^${uuid}( ${uuid})?$`);

function keyOf(table: Table, key: string): string {
  return `${table.name}/${key}`;
}

/** If no more than the first of them are written, they name rows that are missing, and the rest does not count. */
function lastRowsFirst(left: { key: string }, right: { key: string }): number {
  const rank = ({ key }: { key: string }): string => `${key.endsWith(`/${lastRows}`) ? 0 : 1}${key}`;
  return rank(left) < rank(right) ? -1 : 1;
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
class Client {
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

class UnreadableError extends Error {}

const isAddress = /^(unix:\/*[^/\s]|(dns|ipv4|ipv6):\S|(\[[0-9a-f:.]+\]|[^\s:/@[\]]+):\d{1,5}$)/i;

/** As in Go: the key may be null in the schema, and the destination makes it `not null`. */
function stateSchema(name: string): Schema {
  return toArrowSchema(
    createTable({
      name,
      columns: [
        createColumn({ name: 'key', type: new Utf8(), primaryKey: true }),
        createColumn({ name: 'value', type: new Utf8() }),
        createColumn({ name: 'version', type: new Uint64() }),
      ],
    }),
  );
}

function recordOf(schema: Schema, entries: readonly (Entry & { key: string })[]): Uint8Array {
  const texts = (values: string[]): readonly Data[] => vectorFromArray(values, new Utf8()).data;
  const numbers = (values: bigint[]): readonly Data[] => vectorFromArray(values, new Uint64()).data;
  const children = [
    ...texts(entries.map(({ key }) => key)),
    ...texts(entries.map(({ value }) => value)),
    ...numbers(entries.map(({ version }) => version)),
  ];
  const data = makeData({ type: new Struct(schema.fields), length: entries.length, nullCount: 0, children });
  return tableToIPC(new ArrowTable(schema, [new RecordBatch(schema, data)]), 'stream');
}

function batchesOf(record: Uint8Array): readonly RecordBatch[] {
  const unreadable = (cause?: unknown): Error =>
    new UnreadableError(`${record.length} bytes that are no Arrow record`, { cause });
  let table: ArrowTable;
  try {
    table = tableFromIPC(record);
  } catch (error) {
    throw unreadable(error);
  }
  // What Arrow makes of a few bytes of anything.
  if (table.schema.fields.length === 0) throw unreadable();
  return table.batches;
}

function columnOf(record: RecordBatch, name: string): Vector {
  const column: Vector | null = record.getChild(name as never);
  if (column === null) {
    const names = record.schema.fields.map((field) => field.name);
    throw new UnreadableError(`a record without the column ${name} (${names.join(', ')})`);
  }
  return column;
}

function hexOf(id: Uint8Array): string {
  return Buffer.from(id.buffer, id.byteOffset, id.byteLength).toString('hex');
}

/** Of 32 hexadecimal digits. */
function uuidOf(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'details' in error && 'code' in error && typeof error.code === 'number';
}
