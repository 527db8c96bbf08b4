import { join } from 'node:path';
import { pluginV3 } from '@cloudquery/plugin-pb-javascript';
import {
  Bool,
  Field,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table as ArrowTable,
  tableFromIPC,
  tableToIPC,
  Uint64,
  Utf8,
  vectorFromArray,
  FixedSizeBinary,
  type DataType,
} from '@cloudquery/plugin-sdk-javascript/arrow';
import { credentials, status, type ServiceError } from '@grpc/grpc-js';
import { afterEach, expect, test } from 'vitest';
import { Backend } from '../../src/runner/backend.js';
import { freshDatabase, type FreshDatabase } from '../support/postgres.js';
import { failureOf, scratchDirectory, uuid } from './support.js';

import v3 = pluginV3.cloudquery.plugin.v3;

const open: { close(): void }[] = [];
afterEach(() => {
  for (const one of open.splice(0)) one.close();
});

async function serve(
  database: FreshDatabase,
  dropped: string[] = [],
): Promise<{ backend: Backend; client: v3.PluginClient }> {
  const backend = await Backend.serve({
    tableName: 'state',
    socket: join(await scratchDirectory(), 'db.sock'),
    databaseUrl: database.url,
    dropped: new Set(dropped),
  });
  const client = new v3.PluginClient(backend.connection, credentials.createInsecure());
  open.push(client, backend);
  return { backend, client };
}

const types: Record<string, () => DataType> = {
  key: () => new Utf8(),
  value: () => new Utf8(),
  version: () => new Uint64(),
  _cq_id: () => new FixedSizeBinary(16),
  name: () => new Utf8(),
  flag: () => new Bool(),
};

function schemaOf(table: string, columns: string[]): Schema {
  const fields = columns.map((column) => new Field(column, (types[column] ?? (() => new Utf8()))(), true));
  return new Schema(fields, new Map([['cq:table_name', table]]));
}

const migrate = (table: string, columns = ['key', 'value', 'version']): v3.Write.Request =>
  new v3.Write.Request({
    migrate_table: new v3.Write.MessageMigrateTable({
      table: tableToIPC(new ArrowTable(schemaOf(table, columns)), 'stream'),
    }),
  });

function insert(table: string, rows: Record<string, unknown>[]): v3.Write.Request {
  const schema = schemaOf(table, ['key', 'value', 'version']);
  const children = schema.fields.flatMap((field) => [
    ...vectorFromArray(
      rows.map((row) => row[field.name] ?? null),
      field.type as DataType,
    ).data,
  ]);
  const data = makeData({ type: new Struct(schema.fields), length: rows.length, nullCount: 0, children });
  const record = tableToIPC(new ArrowTable(schema, [new RecordBatch(schema, data)]), 'stream');
  return new v3.Write.Request({ insert: new v3.Write.MessageInsert({ record }) });
}

function write(client: v3.PluginClient, ...messages: v3.Write.Request[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const call = client.Write((error: ServiceError | null) => {
      if (error) reject(error);
      else resolve();
    });
    for (const message of messages) call.write(message);
    call.end();
  });
}

function read(client: v3.PluginClient, table: string, columns: string[]): Promise<Record<string, unknown>[][]> {
  return new Promise((resolve, reject) => {
    const request = new v3.Read.Request({
      table: tableToIPC(new ArrowTable(schemaOf(table, columns)), 'stream'),
    });
    const records: Record<string, unknown>[][] = [];
    client
      .Read(request)
      .on('data', ({ record }: v3.Read.Response) => {
        const rows = tableFromIPC(record).toArray() as { toJSON: () => Record<string, unknown> }[];
        records.push(rows.map((row) => row.toJSON()));
      })
      .on('error', reject)
      .on('end', () => {
        resolve(records);
      });
  });
}

const quiet = { mayDrop: new Set<string>(), beforeDrop: () => Promise.resolve(), onNotice: () => undefined };

test('what is written gets into PostgreSQL with the transaction of the sync, or not at all', async () => {
  const database = await freshDatabase();
  const { backend, client } = await serve(database);
  await write(client, migrate('state'));
  expect(await read(client, 'state', ['key', 'value', 'version'])).toEqual([]);
  await write(client, migrate('state'), insert('state', [{ key: 'b', value: 'old', version: 1n }, { key: 'a' }]));
  await write(client, insert('state', [{ key: 'b', value: 'new', version: 2n ** 64n - 1n }]));
  expect(await database.query("select to_regclass('state')::text as state")).toEqual([{ state: null }]);

  const connection = await database.connect();
  await connection.query('begin');
  await backend.store(connection, quiet);
  await connection.query('rollback');
  expect(await database.query("select to_regclass('state')::text as state")).toEqual([{ state: null }]);
  await connection.query('begin');
  await backend.store(connection, quiet);
  await connection.query('commit');
  expect(await read(client, 'state', ['key', 'value', 'version'])).toEqual([
    [
      { key: 'a', value: null, version: null },
      { key: 'b', value: 'new', version: 2n ** 64n - 1n },
    ],
  ]);
});

test('without a word of the plugin there is no table', async () => {
  const database = await freshDatabase();
  const { backend } = await serve(database);
  await backend.store(await database.connect(), quiet);
  expect(await database.query("select to_regclass('state')::text as state")).toEqual([{ state: null }]);
});

test('synced tables are read, in records, with the columns that are asked for', async () => {
  const database = await freshDatabase();
  const { client } = await serve(database, ['aws_dropped']);
  await database.query('create table aws_things (_cq_id uuid, name text, flag boolean)');
  await database.query(
    "insert into aws_things select ('00000000-0000-4000-8000-' || lpad(number::text, 12, '0'))::uuid, nullif(number, 7)::text from generate_series(1, 25000) as number",
  );
  const records = await read(client, 'aws_things', ['_cq_id', 'name']);
  expect(records.map((rows) => rows.length)).toEqual([10_000, 10_000, 5_000]);
  const seventh = records[0]?.[6];
  expect(Buffer.from(seventh?.['_cq_id'] as Uint8Array).toString('hex')).toBe(uuid(7).replaceAll('-', ''));
  expect(seventh?.['name']).toBeNull();
  expect(Object.keys((await read(client, 'aws_things', ['name']))[0]?.[0] ?? {})).toEqual(['name']);

  await database.query('create table aws_dropped (_cq_id uuid)');
  for (const [table, columns, code, details] of [
    ['aws_nothing', ['_cq_id'], status.NOT_FOUND, 'there is no table aws_nothing'],
    // It goes with this sync, so the plugin must not go by its rows.
    ['aws_dropped', ['_cq_id'], status.NOT_FOUND, 'there is no table aws_dropped'],
    ['aws_things', ['key'], status.NOT_FOUND, 'aws_things has no column key'],
    ['aws_things', ['flag'], status.INVALID_ARGUMENT, 'flag: a column of this type is not read here'],
  ] as const) {
    expect(await failureOf(read(client, table, [...columns]))).toMatchObject({ code, details });
  }
});

test('nothing but the state is written', async () => {
  const database = await freshDatabase();
  const { backend, client } = await serve(database);
  for (const [message, code, details] of [
    [
      migrate('aws_things'),
      status.INVALID_ARGUMENT,
      'only state (key, value, version) is written here, not aws_things',
    ],
    [migrate('state', ['key', 'value']), status.INVALID_ARGUMENT, 'not state (key, value)'],
    [insert('aws_things', []), status.INVALID_ARGUMENT, 'not aws_things'],
    [insert('state', [{ value: 'x' }]), status.INVALID_ARGUMENT, 'an entry of the state has no key'],
    [
      new v3.Write.Request({ insert: new v3.Write.MessageInsert({ record: Buffer.from('no') }) }),
      status.INVALID_ARGUMENT,
      '',
    ],
    [
      new v3.Write.Request({ delete: new v3.Write.MessageDeleteStale({ table_name: 'aws_things' }) }),
      status.UNIMPLEMENTED,
      'only MigrateTable and Insert',
    ],
  ] as const) {
    const error = await failureOf(write(client, insert('state', [{ key: 'before' }]), message));
    expect(error).toMatchObject({ code });
    expect((error as ServiceError).details).toContain(details);
  }
  // Nor what came before it in the same call.
  await write(client, migrate('state'));
  const connection = await database.connect();
  await backend.store(connection, quiet);
  expect(await database.query('select * from state')).toEqual([]);
});

test('a database that is gone is an error, and no empty table', async () => {
  const database = await freshDatabase();
  const { client } = await serve(database);
  await database.drop();
  expect(await failureOf(read(client, 'aws_things', ['_cq_id']))).toMatchObject({ code: status.INTERNAL });
});
