import { chmod } from 'node:fs/promises';
import {
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerReadableStream,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import { pluginV3 } from '@cloudquery/plugin-pb-javascript';
import type { Schema } from '@cloudquery/plugin-sdk-javascript/arrow';
import type { Client, ClientBase } from 'pg';
import { connect, disconnect, errorMessage } from '../postgres/index.js';
import { SyncError } from './errors.js';
import { defaultLockPatienceMs } from './lock.js';
import { migrateTables, type MigrateOptions } from './migrate.js';
import { quote } from './names.js';
import { decodeRecords, tableName } from './schema.js';
import { decoded, decodeSchema, entriesOf, recordOf, RefusedError, type Entry } from './state_records.js';
import { stateTable } from './state_table.js';

import v3 = pluginV3.cloudquery.plugin.v3;

export interface BackendOptions {
  readonly tableName: string;
  /** Path of the unix socket, in a directory that only this user can enter. */
  readonly socket: string;
  readonly databaseUrl: string;
  /** Tables that this sync will drop: to the plugin they are gone already, or it would go by rows that are about to be lost. */
  readonly dropped: ReadonlySet<string>;
}

const rowsPerRecord = 10_000;
const longestMessage = 100 * 1024 * 1024;

/**
 * The part of a destination that a plugin keeps its state in: it reads PostgreSQL, and what it is told to write it holds, so
 * that the state gets in together with the rows that it tells of, or not at all.
 */
export class Backend {
  readonly #server = new Server({ 'grpc.max_receive_message_length': longestMessage });
  readonly #held = new Map<string, Entry>();
  #isAnnounced = false;

  private constructor(readonly options: BackendOptions) {
    const definition = v3.UnimplementedPluginService.definition;
    this.#server.addService(definition, {
      Write: (
        call: ServerReadableStream<v3.Write.Request, v3.Write.Response>,
        done: sendUnaryData<v3.Write.Response>,
      ) => {
        this.#write(call).then(() => {
          done(null, new v3.Write.Response());
        }, refuse(done));
      },
      Read: (call: ServerWritableStream<v3.Read.Request, v3.Read.Response>) => {
        this.#read(call).then(
          () => {
            call.end();
          },
          refuse((error) => call.emit('error', error)),
        );
      },
    });
  }

  static async serve(options: BackendOptions): Promise<Backend> {
    const backend = new Backend(options);
    await new Promise<void>((resolve, reject) => {
      backend.#server.bindAsync(`unix:${options.socket}`, ServerCredentials.createInsecure(), (error) => {
        if (error) reject(new SyncError(`Cannot listen on ${options.socket}: ${error.message}.`, { cause: error }));
        else resolve();
      });
    });
    // Nobody else can enter the directory, and the socket does not rely on it. A umask would be that of the whole process.
    await chmod(options.socket, 0o600);
    return backend;
  }

  /** As the CloudQuery CLI gives it to a source. */
  get connection(): string {
    return `unix://${this.options.socket}`;
  }

  /** Writes what is held, in the transaction of the caller. */
  async store(client: ClientBase, migration: MigrateOptions): Promise<void> {
    if (!this.#isAnnounced) return;
    const { tableName: name } = this.options;
    // Never to be dropped: if it does not fit, it is somebody's.
    await migrateTables(client, [stateTable(name)], { ...migration, mayDrop: new Set() });
    // In one order, so that two syncs of one state wait for each other and not in a circle.
    const keys = [...this.#held.keys()].sort();
    const entries = keys.map((key) => this.#held.get(key));
    await client.query(
      `insert into ${quote(name)} (key, value, version)
        select key, value, version from unnest($1::text[], $2::text[], $3::numeric[]) as held (key, value, version)
        on conflict (key) do update set value = excluded.value, version = excluded.version`,
      [keys, entries.map((entry) => entry?.value), entries.map((entry) => entry?.version)],
    );
  }

  close(): void {
    this.#server.forceShutdown();
  }

  async #write(call: ServerReadableStream<v3.Write.Request, v3.Write.Response>): Promise<void> {
    const held = new Map<string, Entry>();
    for await (const message of call as AsyncIterable<v3.Write.Request>) {
      if (message.has_migrate_table) {
        this.#expectStateTable(decodeSchema(message.migrate_table.table));
      } else if (message.has_insert) {
        const { schema, batches } = decoded(() => decodeRecords(message.insert.record));
        this.#expectStateTable(schema);
        for (const batch of batches) for (const [key, entry] of entriesOf(batch)) held.set(key, entry);
      } else {
        throw new RefusedError(status.UNIMPLEMENTED, 'only MigrateTable and Insert of the state are taken here');
      }
    }
    // All of a call or nothing: one that was broken off is no state.
    this.#isAnnounced = true;
    for (const [key, entry] of held) this.#held.set(key, entry);
  }

  #expectStateTable(schema: Schema): void {
    const name = decoded(() => tableName(schema));
    const columns = schema.fields.map((field) => field.name).join(', ');
    if (name !== this.options.tableName || columns !== 'key, value, version') {
      throw new RefusedError(
        status.INVALID_ARGUMENT,
        `only ${this.options.tableName} (key, value, version) is written here, not ${name} (${columns})`,
      );
    }
  }

  async #read(call: ServerWritableStream<v3.Read.Request, v3.Read.Response>): Promise<void> {
    const schema = decodeSchema(call.request.table);
    const name = decoded(() => tableName(schema));
    const isState = name === this.options.tableName;
    const client = await connect(this.options.databaseUrl, { applicationName: 'aws-delegation sync state' });
    try {
      const columns = this.options.dropped.has(name) ? new Set<string>() : await columnsOf(client, name);
      // What was announced is there to who announced it, although PostgreSQL gets it at the end.
      if (columns.size === 0 && isState) return;
      if (columns.size === 0) throw new RefusedError(status.NOT_FOUND, `there is no table ${name}`);
      const selected = schema.fields.map((field) => {
        if (columns.has(field.name)) return `${quote(field.name)}::text`;
        if (isState) return 'null';
        throw new RefusedError(status.NOT_FOUND, `${name} has no column ${field.name}`);
      });
      await client.query(`begin read only; set local lock_timeout = ${defaultLockPatienceMs}`);
      await client.query(`declare rows no scroll cursor for select ${selected.join(', ')} from ${quote(name)}`);
      for (;;) {
        const { rows } = await client.query<(string | null)[]>({
          text: `fetch ${rowsPerRecord} from rows`,
          rowMode: 'array',
        });
        if (rows.length === 0 || call.cancelled) return;
        await send(call, new v3.Read.Response({ record: recordOf(schema, rows) }));
      }
    } finally {
      await disconnect(client);
    }
  }
}

function refuse(tell: (error: { code: status; details: string }) => void): (error: unknown) => void {
  return (error) => {
    tell({ code: error instanceof RefusedError ? error.code : status.INTERNAL, details: errorMessage(error) });
  };
}

/** Resolves when the record is on its way, or will never be. */
function send(
  call: ServerWritableStream<v3.Read.Request, v3.Read.Response>,
  response: v3.Read.Response,
): Promise<void> {
  return new Promise((resolve) => {
    call.once('cancelled', resolve);
    call.write(response, () => {
      call.removeListener('cancelled', resolve);
      resolve();
    });
  });
}

async function columnsOf(client: Client, name: string): Promise<Set<string>> {
  const { rows } = await client.query<{ name: string }>(
    `select pg_attribute.attname as name
      from pg_catalog.pg_class
      join pg_catalog.pg_namespace on pg_namespace.oid = pg_class.relnamespace
      join pg_catalog.pg_attribute on pg_attribute.attrelid = pg_class.oid
      where pg_namespace.nspname = current_schema()
        and pg_class.relname = $1
        and pg_attribute.attnum > 0
        and not pg_attribute.attisdropped`,
    [name],
  );
  return new Set(rows.map((row) => row.name));
}
