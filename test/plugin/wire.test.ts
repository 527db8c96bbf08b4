import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { createServer as createTcpServer, type AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { tableFromIPC } from '@cloudquery/plugin-sdk-javascript/arrow';
import { credentials, status } from '@grpc/grpc-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createServer, listen } from '../../src/plugin/server.js';
import type { Source } from '../../src/plugin/source.js';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { discovery, messagesOf, plugin, RunningPlugin } from '../support/plugin.js';
import { specFor } from '../support/source.js';

let simulator: Simulator;
let running: RunningPlugin | undefined;

beforeEach(async () => {
  simulator = await startSimulator({ scenario: 'demo' });
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  await simulator.close();
});

async function start(options?: Parameters<typeof RunningPlugin.start>[0]): Promise<RunningPlugin> {
  running = await RunningPlugin.start(options);
  return running;
}

const everything = new plugin.GetTables.Request({ tables: ['*'], skip_tables: [], skip_dependent_tables: false });
const nameOf = (ipc: Uint8Array): string | undefined => tableFromIPC(ipc).schema.metadata.get('cq:table_name');

describe('a plain gRPC client', () => {
  it('gets an answer to every call, and JSON lines only', async () => {
    const source = await start({ env: { CQ_FOO: 'bar', CQ_CLOUD: '1', CQ_ADDRESS: 'nowhere' } });

    const versions = await new Promise<discovery.GetVersions.Response | undefined>((resolve, reject) => {
      const client = new discovery.DiscoveryClient(source.address, credentials.createInsecure());
      client.GetVersions(new discovery.GetVersions.Request(), (error, response) => {
        client.close();
        if (error) reject(error);
        else resolve(response);
      });
    });
    expect(versions?.versions).toContain(3);

    const { name } = await source.call<plugin.GetName.Response>('GetName', new plugin.GetName.Request());
    expect(name).toBe('aws-delegation');
    const { version } = await source.call<plugin.GetVersion.Response>('GetVersion', new plugin.GetVersion.Request());
    expect(version).toMatch(/^\d+\.\d+\.\d+/);
    const { json_schema: schema } = await source.call<plugin.GetSpecSchema.Response>(
      'GetSpecSchema',
      new plugin.GetSpecSchema.Request(),
    );
    expect(JSON.parse(schema)).toMatchObject({ type: 'object', additionalProperties: false });

    // As `cloudquery tables` does: no connection, spec `null`.
    await source.init(null, true);
    const { tables } = await source.call<plugin.GetTables.Response>('GetTables', everything);
    expect(tables.map(nameOf)).toContain('aws_delegation_reads');

    await source.init(specFor(simulator));
    const messages = await messagesOf(source.sync(['*']));
    const order = messages.map(({ message }) => message);
    expect(order.lastIndexOf('migrate_table')).toBeLessThan(order.indexOf('insert'));
    expect(nameOf(messages.filter((message) => message.has_insert).at(-1)?.insert.record ?? new Uint8Array())).toBe(
      'aws_delegation_reads',
    );

    const test = await source.call<plugin.TestConnection.Response>(
      'TestConnection',
      new plugin.TestConnection.Request({ spec: Buffer.from(JSON.stringify(specFor(simulator))) }),
    );
    expect(test.success).toBe(true);
    await source.call('Close', new plugin.Close.Request());

    expect(await source.stop('SIGINT')).toEqual({ code: 0, signal: null });
    expect(source.stderr.join('')).toBe('');
    expect(source.lines.length).toBeGreaterThan(5);
    for (const line of source.lines) {
      expect(Buffer.byteLength(line)).toBeLessThan(4096);
      expect(JSON.parse(line)).toMatchObject({ level: 'info', message: expect.any(String) as string });
    }
  });

  it('announces parents before their relations, and names the parent', async () => {
    const source = await start();
    const { tables } = await source.call<plugin.GetTables.Response>('GetTables', everything);
    const metadata = tables.map((ipc) => tableFromIPC(ipc).schema.metadata);
    const names = metadata.map((each) => each.get('cq:table_name'));
    const child = metadata[names.indexOf('aws_organizations_delegated_services')];
    expect(child?.get('cq:table_depends_on')).toBe('aws_organizations_delegated_administrators');
    expect(names.indexOf('aws_organizations_delegated_administrators')).toBeLessThan(
      names.indexOf('aws_organizations_delegated_services'),
    );
  });

  it('ends with 0 on SIGTERM, also in mid-sync, and leaves no file', async () => {
    simulator.fault({ operation: 'organizations:ListAccounts', kind: 'hang' });
    const source = await start();
    await source.init(specFor(simulator));
    const sync = messagesOf(source.sync(['*']));
    const failed = expect(sync).rejects.toThrow();
    await asked('organizations:ListAccounts');
    source.process.kill('SIGTERM');
    await once(source.process, 'exit');
    await failed;
    expect(source.process.exitCode).toBe(0);
    expect(leftovers(source)).toEqual([]);
  });

  it('does not outlive a client that was killed', async () => {
    const source = await start({ env: { AWS_DELEGATION_END_WITH_STDIN: '1' } });
    const exited = once(source.process, 'exit');
    source.process.stdin?.end();
    await exited;
    expect(source.process.exitCode).toBe(0);
  });

  it('listens on a port as well', async () => {
    const port = await freePort();
    const source = await start({
      args: [
        '--network',
        'tcp',
        '--address',
        `127.0.0.1:${port}`,
        '--no-sentry',
        '--otel-endpoint',
        'x',
        '--some-new-flag',
      ],
      address: `127.0.0.1:${port}`,
    });
    expect((await source.call<plugin.GetName.Response>('GetName', new plugin.GetName.Request())).name).toBe(
      'aws-delegation',
    );
  });

  it('says what is wrong with a spec', async () => {
    const source = await start();
    await expect(source.init({ regoins: ['*'] })).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringContaining("unknown key 'regoins'") as string,
    });
    // `cloudquery tables` sends whatever it has.
    await source.init({ regoins: ['*'] }, true);
    await expect(messagesOf(source.sync(['*']))).rejects.toMatchObject({ code: status.FAILED_PRECONDITION });
  });

  it('is told what is wrong however much that is, and can go on', async () => {
    const source = await start();
    const wrong = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`unknown_key_${index}`, 1]));
    await expect(source.init(wrong)).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringContaining("unknown key 'unknown_key_0'") as string,
    });
    await source.init(specFor(simulator));
  });

  it('names a pattern that matches nothing', async () => {
    const source = await start();
    await source.init(specFor(simulator));
    await expect(messagesOf(source.sync(['aws_organizatoins*']))).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringContaining("'aws_organizatoins*' matches no table") as string,
    });
    await expect(
      source.call('GetTables', new plugin.GetTables.Request({ tables: ['*'], skip_tables: ['x'] })),
    ).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
  });

  it('brings relations of a table only where they are not to be skipped', async () => {
    const source = await start();
    await source.init(specFor(simulator));
    const announced = async (skipDependentTables: boolean): Promise<(string | undefined)[]> => {
      const tables = ['aws_organizations_delegated_administrators'];
      const request = { tables, skip_tables: [], skip_dependent_tables: skipDependentTables };
      const messages = await messagesOf(source.client.Sync(new plugin.Sync.Request(request)));
      return messages.filter((message) => message.has_migrate_table).map((m) => nameOf(m.migrate_table.table));
    };
    expect(await announced(true)).not.toContain('aws_organizations_delegated_services');
    expect(await announced(false)).toContain('aws_organizations_delegated_services');
  });

  it('with deterministic_cq_id has _cq_id as the only key, of the same values', async () => {
    const source = await start();
    await source.init(specFor(simulator));
    const read = async (deterministic: boolean) => {
      const request = { tables: ['aws_organizations_accounts'], deterministic_cq_id: deterministic };
      const messages = await messagesOf(source.client.Sync(new plugin.Sync.Request(request)));
      const schemas = messages
        .filter((message) => message.has_migrate_table || message.has_insert)
        .map((message) => tableFromIPC(message.has_insert ? message.insert.record : message.migrate_table.table))
        .filter(({ schema }) => schema.metadata.get('cq:table_name') === 'aws_organizations_accounts');
      return {
        keys: schemas.map(({ schema }) =>
          schema.fields
            .filter(({ metadata }) => metadata.get('cq:extension:primary_key') === 'true')
            .map(({ name }) => name),
        ),
        notNull: schemas[0]?.schema.fields.filter(({ nullable }) => !nullable).map(({ name }) => name),
        ids: schemas.flatMap((table) => table.toArray().map((row: { _cq_id: Uint8Array }) => [...row._cq_id].join())),
      };
    };
    const natural = await read(false);
    const deterministic = await read(true);
    expect(natural.keys).toEqual([
      ['request_account_id', 'arn'],
      ['request_account_id', 'arn'],
    ]);
    // Of the table and of its records: the official destination decides by the latter how it inserts.
    expect(deterministic.keys).toEqual([['_cq_id'], ['_cq_id']]);
    expect(deterministic.notNull).toEqual(['_cq_id']);
    expect(deterministic.ids).toEqual(natural.ids);
    expect(new Set(natural.ids).size).toBe(simulator.scenario.organization?.accounts.length);
  });

  it('is told of a backend that cannot be reached, before AWS is asked anything', async () => {
    const source = await start();
    await source.init(specFor(simulator));
    const backend = (connection: string, table = 'aws_cloudtrail_organization_events') =>
      messagesOf(
        source.client.Sync(
          new plugin.Sync.Request({
            tables: [table],
            backend: new plugin.Sync.BackendOptions({ table_name: 'state', connection }),
          }),
        ),
      );
    await expect(backend(`unix://${source.temporary}/no.sock`)).rejects.toMatchObject({
      code: status.FAILED_PRECONDITION,
      details: expect.stringMatching(
        /^backend_options: the state .* could not be read \(UNAVAILABLE: .*AWS was not asked/,
      ) as string,
    });
    expect(simulator.requests).toEqual([]);
    // Nothing is remembered of tables that are read whole.
    expect((await backend(`unix://${source.temporary}/no.sock`, 'aws_organizations_roots')).length).toBeGreaterThan(0);
  });

  it('is refused a shard of the work, before AWS is asked anything', async () => {
    const source = await start();
    await source.init(specFor(simulator));
    const shard = (total: number) =>
      messagesOf(
        source.client.Sync(
          new plugin.Sync.Request({ tables: ['*'], shard: new plugin.Sync.Request.Shard({ num: 1, total }) }),
        ),
      );
    await expect(shard(4)).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: expect.stringContaining(
        'More machines do not make one organization faster (the rates are per organization)',
      ) as string,
    });
    expect(simulator.requests).toEqual([]);
    expect((await shard(1)).length).toBeGreaterThan(0);
  });

  it('is told why a sync failed, and gets no table of it', async () => {
    simulator.fault({ operation: 'organizations:ListRoots', kind: 'throttle' });
    const source = await start();
    await source.init(specFor(simulator));
    const received: string[] = [];
    const stream = source.sync(['*']);
    stream.on('data', ({ message }: plugin.Sync.Response) => received.push(message));
    await expect(messagesOf(stream)).rejects.toMatchObject({
      code: status.ABORTED,
      details: expect.stringMatching(/ListRoots.*TooManyRequestsException.*Run the sync again/s) as string,
    });
    expect(received).toEqual([]);
    expect(leftovers(source)).toEqual([]);
  });

  it('is told which table is missing, and why', async () => {
    simulator.fault({ operation: 'organizations:ListDelegatedAdministrators', kind: 'deny' });
    const source = await start();
    await source.init(specFor(simulator));
    const messages = await messagesOf(source.sync(['aws_organizations_delegated_administrators']));
    const errors = messages.filter((message) => message.has_error).map(({ error }) => error.toObject());
    expect(errors).toMatchObject([
      {
        table_name: 'aws_organizations_delegated_administrators',
        error: expect.stringContaining('AccessDenied') as string,
      },
    ]);
    const announced = messages
      .filter((message) => message.has_migrate_table)
      .map((message) => nameOf(message.migrate_table.table));
    expect(announced).not.toContain('aws_organizations_delegated_administrators');
    // The CLI counts the message, and tells its user to read the log.
    await expect
      .poll(() => source.lines)
      .toContainEqual(
        expect.stringMatching(/"level":"error".*"aws_organizations_delegated_administrators: .*AccessDenied/),
      );
  });

  it('can cancel; the plugin stops asking AWS, removes its files and serves on', async () => {
    const hanging = simulator.fault({ operation: 'organizations:ListAccounts', kind: 'hang' });
    const source = await start();
    await source.init(specFor(simulator));
    const stream = source.sync(['*']);
    const ended = expect(messagesOf(stream)).rejects.toMatchObject({ code: status.CANCELLED });
    await asked('organizations:ListAccounts');
    stream.cancel();
    await ended;
    await until(() => source.lines.some((line) => line.includes('sync cancelled')));
    expect(leftovers(source)).toEqual([]);
    hanging.remove();
    expect((await messagesOf(source.sync(['aws_organizations_roots']))).length).toBeGreaterThan(0);
  });

  it('without usable credentials is told so, before anything is read', async () => {
    const source = await start({ env: { AWS_EC2_METADATA_DISABLED: 'true' } });
    await source.init({ accounts: [{ id: 'test', local_profile: 'nobody' }], custom_endpoint_url: simulator.url });
    await expect(messagesOf(source.sync(['*']))).rejects.toMatchObject({
      code: status.UNAUTHENTICATED,
      details: expect.stringMatching(/account 'test' \(profile 'nobody'\).*local_profile/s) as string,
    });
    const spec = Buffer.from(JSON.stringify({ accounts: [{ id: 'test', local_profile: 'nobody' }] }));
    const test = await source.call<plugin.TestConnection.Response>(
      'TestConnection',
      new plugin.TestConnection.Request({ spec }),
    );
    expect(test).toMatchObject({ success: false, failure_code: 'UNAUTHENTICATED' });
  });

  it('learns from TestConnection which action is missing, and what is wrong with a spec or an address', async () => {
    const source = await start();
    const test = (spec: object): Promise<plugin.TestConnection.Response> =>
      source.call('TestConnection', new plugin.TestConnection.Request({ spec: Buffer.from(JSON.stringify(spec)) }));

    simulator.fault({ operation: 'organizations:ListHandshakesForOrganization', kind: 'deny' });
    simulator.fault({ operation: 'guardduty:*', kind: 'deny' });
    const denied = await test(specFor(simulator));
    expect(denied).toMatchObject({ success: false, failure_code: 'DENIED' });
    expect(denied.failure_description).toMatch(/- guardduty:ListOrganizationAdminAccounts in \d+ Regions: denied/);
    expect(denied.failure_description).toMatch(
      /allow guardduty:ListOrganizationAdminAccounts, organizations:ListHandshakesForOrganization, or leave/,
    );
    simulator.clearFaults();

    simulator.fault({ operation: 'organizations:ListRoots', kind: 'server_error' });
    expect(await test(specFor(simulator))).toMatchObject({ success: false, failure_code: 'FAILED' });
    simulator.clearFaults();

    const wrong = await test({ regoins: [] });
    expect(wrong).toMatchObject({ success: false, failure_code: 'INVALID_SPEC' });
    expect(wrong.failure_description).toContain("unknown key 'regoins'");
    const nobody = await test({ ...specFor(simulator), custom_endpoint_url: 'http://127.0.0.1:9' });
    expect(nobody).toMatchObject({ success: false, failure_code: 'UNREACHABLE' });
  });
});

describe('the pace', () => {
  const total = 200;
  const record = new Uint8Array(128 * 1024);

  it('is set by the client: what it does not take is not made', async () => {
    let made = 0;
    const endless = {
      // eslint-disable-next-line @typescript-eslint/require-await -- the messages are there at once
      async *sync() {
        for (; made < total; made++) yield { kind: 'insert', table: 'things', record };
      },
    } as unknown as Source;
    const port = await freePort();
    const server = createServer({ version: '0', log: () => undefined, source: () => Promise.resolve(endless) });
    await listen(server, `127.0.0.1:${port}`);
    const client = new plugin.PluginClient(`127.0.0.1:${port}`, credentials.createInsecure());
    try {
      const stream = client.Sync(new plugin.Sync.Request({ tables: ['*'] }));
      await once(stream, 'data');
      stream.pause();
      await untilStill(() => made);
      expect(made).toBeLessThan(total / 2);
      let received = 1;
      stream.on('data', () => received++);
      stream.resume();
      await once(stream, 'end');
      expect(received).toBe(total);
    } finally {
      client.close();
      server.forceShutdown();
    }
  });

  it('a source that throws ends the call with its text', async () => {
    const broken = {
      // eslint-disable-next-line @typescript-eslint/require-await, require-yield -- it throws
      async *sync() {
        throw new TypeError('a mistake of ours');
      },
    } as unknown as Source;
    const port = await freePort();
    const server = createServer({ version: '0', log: () => undefined, source: () => Promise.resolve(broken) });
    await listen(server, `127.0.0.1:${port}`);
    const client = new plugin.PluginClient(`127.0.0.1:${port}`, credentials.createInsecure());
    try {
      await expect(messagesOf(client.Sync(new plugin.Sync.Request({ tables: ['*'] })))).rejects.toMatchObject({
        code: status.INTERNAL,
        details: 'a mistake of ours',
      });
    } finally {
      client.close();
      server.forceShutdown();
    }
  });
});

function leftovers(source: RunningPlugin): string[] {
  return readdirSync(source.temporary).filter((name) => name.startsWith('aws-delegation'));
}

async function asked(operation: string): Promise<void> {
  await until(() => simulator.requests.some((request) => request.operation === operation));
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(5);
}

/** Until a number has not changed for a while. */
async function untilStill(value: () => number): Promise<void> {
  for (let last = -1, same = 0; same < 20;) {
    await pause(10);
    same = value() === last ? same + 1 : 0;
    last = value();
  }
}

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
