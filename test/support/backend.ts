import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as pb from '@cloudquery/plugin-pb-javascript';
import {
  tableFromIPC,
  tableToIPC,
  Table as ArrowTable,
  vectorFromArray,
  type Schema,
} from '@cloudquery/plugin-sdk-javascript/arrow';
import {
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerReadableStream,
  type ServerWritableStream,
} from '@grpc/grpc-js';

import plugin = pb.pluginV3.cloudquery.plugin.v3;

export type Row = Record<string, unknown>;

/** What a destination is told, column by column, as CloudQuery's metadata says it. */
export interface Migrated {
  name: string;
  columns: { name: string; type: string; isPrimaryKey: boolean; isNullable: boolean }[];
}

/**
 * A destination that keeps its tables in memory, as the state client of a source sees it: Write migrates and replaces by the
 * primary key, Read answers with one record per row, as the official PostgreSQL destination does.
 */
export class FakeBackend {
  readonly tables = new Map<string, Row[]>();
  readonly migrated: Migrated[] = [];
  /** Rows of each insert. */
  readonly inserted: Row[][] = [];
  /** Tables that were read, with the columns asked for. */
  readonly reads: string[] = [];
  /** Instead of the answer to a Read of this table. */
  readonly faults = new Map<string, 'hang' | { code: status; details: string } | Uint8Array>();
  writeFault: 'hang' | { code: status; details: string } | undefined;

  private constructor(
    readonly server: Server,
    readonly directory: string,
    readonly socket: string,
  ) {}

  static async start(): Promise<FakeBackend> {
    const directory = mkdtempSync(join(tmpdir(), 'backend-'));
    const backend = new FakeBackend(new Server(), directory, join(directory, 'cq.sock'));
    backend.server.addService(plugin.UnimplementedPluginService.definition, {
      Write: (
        call: ServerReadableStream<plugin.Write.Request, plugin.Write.Response>,
        done: sendUnaryData<unknown>,
      ) => {
        backend.#write(call, done);
      },
      Read: (call: ServerWritableStream<plugin.Read.Request, plugin.Read.Response>) => {
        backend.#read(call);
      },
    });
    await backend.listen(`unix:${backend.socket}`);
    return backend;
  }

  /** @returns the port, where the address has one. */
  listen(address: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) => {
        if (error) reject(error);
        else resolve(port);
      });
    });
  }

  stop(): void {
    this.server.forceShutdown();
    rmSync(this.directory, { recursive: true, force: true });
  }

  #write(call: ServerReadableStream<plugin.Write.Request, plugin.Write.Response>, done: sendUnaryData<unknown>): void {
    const messages: plugin.Write.Request[] = [];
    call.on('data', (message: plugin.Write.Request) => messages.push(message));
    call.on('error', () => undefined);
    call.on('end', () => {
      if (this.writeFault === 'hang') return;
      if (this.writeFault !== undefined) {
        done(this.writeFault);
        return;
      }
      for (const message of messages) {
        if (message.has_migrate_table) this.#migrate(tableFromIPC(message.migrate_table.table).schema);
        if (message.has_insert) this.#insert(tableFromIPC(message.insert.record));
      }
      done(null, new plugin.Write.Response());
    });
  }

  #migrate(schema: Schema): void {
    const name = nameOf(schema);
    this.migrated.push({
      name,
      columns: schema.fields.map((field) => ({
        name: field.name,
        type: String(field.type),
        isPrimaryKey: field.metadata.get('cq:extension:primary_key') === 'true',
        isNullable: field.nullable,
      })),
    });
    if (!this.tables.has(name)) this.tables.set(name, []);
  }

  #insert(table: ArrowTable): void {
    const rows = table.toArray().map((row: { toJSON: () => Row }) => row.toJSON());
    this.inserted.push(rows);
    const keys = table.schema.fields
      .filter((field) => field.metadata.get('cq:extension:primary_key') === 'true')
      .map(({ name }) => name);
    const stored = this.tables.get(nameOf(table.schema)) ?? [];
    for (const row of rows) {
      const index = stored.findIndex((other) => keys.length > 0 && keys.every((key) => other[key] === row[key]));
      if (index < 0) stored.push(row);
      else stored[index] = row;
    }
  }

  #read(call: ServerWritableStream<plugin.Read.Request, plugin.Read.Response>): void {
    const { schema } = tableFromIPC(call.request.table);
    const name = nameOf(schema);
    this.reads.push(`${name} (${schema.fields.map((field) => field.name).join(', ')})`);
    const fault = this.faults.get(name);
    if (fault === 'hang') return;
    if (fault instanceof Uint8Array) {
      call.write(new plugin.Read.Response({ record: fault }));
      call.end();
      return;
    }
    const rows = this.tables.get(name);
    if (fault !== undefined || rows === undefined) {
      // In the words of Go's server and PostgreSQL.
      const details = `failed to read records: ERROR: relation "${name}" does not exist (SQLSTATE 42P01)`;
      call.emit('error', fault ?? { code: status.UNKNOWN, details });
      return;
    }
    for (const row of rows) call.write(new plugin.Read.Response({ record: recordOf(schema, row) }));
    call.end();
  }
}

function recordOf(schema: Schema, row: Row): Uint8Array {
  const columns = schema.fields.map(
    (field) => [field.name, vectorFromArray([row[field.name] ?? null], field.type as never)] as const,
  );
  return tableToIPC(new ArrowTable(Object.fromEntries(columns)), 'stream');
}

function nameOf(schema: Schema): string {
  return schema.metadata.get('cq:table_name') ?? '';
}
