// A plugin that sends what a script says: `node fake_plugin.js script.json serve --network unix --address ...`. It shares
// nothing with ours but the protocol, so that the runner is not held to our own reading of it.
import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { existsSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import process from 'node:process';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import pb from '@cloudquery/plugin-pb-javascript';
import {
  Binary,
  Bool,
  Field,
  FixedSizeBinary,
  Float64,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableToIPC,
  TimestampMicrosecond,
  Utf8,
} from '@cloudquery/plugin-sdk-javascript/arrow';

const v1 = pb.discovery1.cloudquery.discovery.v1;
const v3 = pb.pluginV3.cloudquery.plugin.v3;

const [scriptPath, ...args] = process.argv.slice(2);
const script = JSON.parse(readFileSync(scriptPath, 'utf8'));
const address = args[args.indexOf('--address') + 1];

const types = {
  text: () => new Utf8(),
  boolean: () => new Bool(),
  integer: () => new Int32(),
  bigint: () => new Int64(),
  float: () => new Float64(),
  timestamp: () => new TimestampMicrosecond('UTC'),
  json: () => new Binary(),
  uuid: () => new FixedSizeBinary(16),
};

function schemaOf(table) {
  const fields = table.columns.map((column) => {
    const metadata = new Map([
      ['cq:extension:primary_key', String(column.primaryKey === true)],
      ['cq:extension:unique', String(column.unique === true)],
    ]);
    if (column.type === 'json' || column.type === 'uuid') {
      metadata.set('ARROW:extension:name', column.type);
      metadata.set('ARROW:extension:metadata', `${column.type}-serialized`);
    }
    return new Field(column.name, types[column.type](), column.notNull !== true, metadata);
  });
  return new Schema(fields, new Map([['cq:table_name', table.name], ...Object.entries(table.metadata ?? {})]));
}

function vector(type, arrowType, values) {
  const length = values.length;
  const nullBitmap = new Uint8Array(Math.ceil(length / 8));
  values.forEach((value, row) => {
    if (value !== null) nullBitmap[row >> 3] |= 1 << (row & 7);
  });
  const common = { type: arrowType, length, nullCount: values.filter((value) => value === null).length, nullBitmap };
  if (type === 'text' || type === 'json') {
    const parts = values.map((value) =>
      // A JSON column may give its text itself, to send what JSON.stringify never would.
      Buffer.from(value === null ? '' : type === 'text' ? value : (value.raw ?? JSON.stringify(value))),
    );
    const valueOffsets = Int32Array.from([
      0,
      ...parts.map((_, row) => parts.slice(0, row + 1).reduce((sum, part) => sum + part.length, 0)),
    ]);
    return makeData({ ...common, valueOffsets, data: Buffer.concat(parts) });
  }
  if (type === 'boolean') {
    const data = new Uint8Array(Math.ceil(length / 8));
    values.forEach((value, row) => {
      if (value === true) data[row >> 3] |= 1 << (row & 7);
    });
    return makeData({ ...common, data });
  }
  if (type === 'uuid') {
    const data = Buffer.concat(
      values.map((value) => Buffer.from((value ?? '0'.repeat(32)).replaceAll('-', ''), 'hex')),
    );
    return makeData({ ...common, data });
  }
  if (type === 'integer') return makeData({ ...common, data: Int32Array.from(values, (value) => value ?? 0) });
  if (type === 'float') return makeData({ ...common, data: Float64Array.from(values, (value) => value ?? 0) });
  return makeData({ ...common, data: BigInt64Array.from(values, (value) => BigInt(value ?? 0)) });
}

function recordOf(table, rows) {
  const schema = schemaOf(table);
  const children = table.columns.map((column, index) =>
    vector(
      column.type,
      schema.fields[index].type,
      rows.map((row) => row[column.name] ?? null),
    ),
  );
  const data = makeData({ type: new Struct(schema.fields), length: rows.length, nullCount: 0, children });
  return tableToIPC(new Table(schema, [new RecordBatch(schema, data)]), 'stream');
}

function* numbered(step) {
  for (let start = 0; start < step.count; start += step.batch) {
    yield Array.from({ length: Math.min(step.batch, step.count - start) }, (_, index) => {
      const row = { ...step.row };
      for (const [name, value] of Object.entries(row)) {
        if (typeof value === 'string') row[name] = value.replaceAll('#', String(start + index).padStart(12, '0'));
      }
      return row;
    });
  }
}

async function fileAppears(path) {
  const changes = watch(dirname(path));
  while (!existsSync(path)) await once(changes, 'change');
  changes.close();
  return basename(path);
}

async function sync(call) {
  const send = async (message) => {
    if (!call.write(new v3.Sync.Response(message))) await once(call, 'drain');
  };
  for (const step of script.steps) {
    if (step.migrate) {
      const table = tableToIPC(new Table(schemaOf(step.migrate)), 'stream');
      await send({ migrate_table: new v3.Sync.MessageMigrateTable({ table }) });
    } else if (step.insert) {
      for (const rows of step.rows ? [step.rows] : numbered(step)) {
        await send({ insert: new v3.Sync.MessageInsert({ record: recordOf(step.insert, rows) }) });
      }
    } else if (step.error) {
      await send({ error: new v3.Sync.MessageError(step.error) });
    } else if (step.log) {
      process.stdout.write(`${typeof step.log === 'string' ? step.log : JSON.stringify(step.log)}\n`);
    } else if (step.stderr) {
      process.stderr.write(step.stderr);
    } else if (step.touch) {
      writeFileSync(step.touch, '');
    } else if (step.waitFor) {
      await fileAppears(step.waitFor);
    } else if (step.kill) {
      process.kill(process.pid, step.kill);
      await once(call, 'cancelled');
    } else if (step.untilCancelled) {
      await once(call, 'cancelled');
      writeFileSync(step.untilCancelled, '');
      return;
    } else if (step.status) {
      call.emit('error', step.status);
      return;
    }
  }
  call.end();
}

const server = new Server();
server.addService(v1.UnimplementedDiscoveryService.definition, {
  GetVersions: (_, done) => done(null, new v1.GetVersions.Response({ versions: script.versions ?? [3] })),
});
const unimplemented = (_, done) => done({ code: 12, details: 'not in the script' });
server.addService(v3.UnimplementedPluginService.definition, {
  GetName: unimplemented,
  GetVersion: unimplemented,
  GetSpecSchema: unimplemented,
  Close: unimplemented,
  TestConnection: unimplemented,
  TransformSchema: unimplemented,
  Read: unimplemented,
  Write: unimplemented,
  Transform: unimplemented,
  Init: (call, done) => {
    if (script.requests)
      writeFileSync(script.requests, JSON.stringify({ args, init: Buffer.from(call.request.spec).toString() }));
    if (script.init === 'never') return;
    if (script.init) done(script.init);
    else done(null, new v3.Init.Response());
  },
  GetTables: (_, done) => {
    const announced = script.steps.filter((step) => step.migrate).map((step) => schemaOf(step.migrate));
    const tables = announced.map((schema) => tableToIPC(new Table(schema), 'stream'));
    done(null, new v3.GetTables.Response({ tables }));
  },
  Sync: (call) => {
    if (script.requests) {
      const said = JSON.parse(readFileSync(script.requests, 'utf8'));
      writeFileSync(script.requests, JSON.stringify({ ...said, sync: call.request.toObject() }));
    }
    void sync(call);
  },
});

if (script.start?.stderr) process.stderr.write(script.start.stderr);
if (script.start?.exit !== undefined) process.exit(script.start.exit);
if (script.ignoreSignals) process.on('SIGINT', () => undefined);
else process.on('SIGINT', () => process.exit(0));
if (script.pidFile) writeFileSync(script.pidFile, String(process.pid));
server.bindAsync(`unix:${address}`, ServerCredentials.createInsecure(), (error) => {
  if (error) throw error;
});
