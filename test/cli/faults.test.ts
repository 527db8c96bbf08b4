import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { findPlugin, isThere, run, start, type Ended, type Running } from '../support/cli.js';
import { freshDatabase, urlOf, type FreshDatabase } from '../support/postgres.js';

const safe = 'the rows of the previous sync are all still there';
/** All 34 would take a sync twice as long, and fail in no other way. */
const regions = 'regions: [us-east-1, eu-central-1, eu-west-1]';
const untilTimeout = { timeout: 20_000, interval: 10 };

let folder: string;
let spec: string;
let simulator: Simulator;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-faults-'));
  spec = specFile('spec.yml', `{${regions}}`);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  simulator = await startSimulator({ scenario: 'demo' });
});
afterEach(async () => {
  await simulator.close();
});

function specFile(name: string, source: string): string {
  const path = join(folder, name);
  writeFileSync(
    path,
    `kind: source
spec:
  name: test
  registry: local
  path: bin/aws-delegation
  tables: ['*']
  destinations: [postgresql]
  spec: ${source}
`,
  );
  return path;
}

function command(args: readonly string[], env: NodeJS.ProcessEnv = {}): Running {
  return start(args, {
    cwd: folder,
    env: {
      AWS_ENDPOINT_URL: simulator.url,
      AWS_ACCESS_KEY_ID: 'simulated',
      AWS_SECRET_ACCESS_KEY: 'simulated',
      AWS_REGION: 'us-east-1',
      ...env,
    },
  });
}

const syncInto = (url: string, path = spec): Running => command(['sync', path, '--database', url]);
const checkOf = (url: string, ...args: string[]): Promise<Ended> =>
  command(['check', '--database', url, ...args]).ended;

/** A database as one good sync of the scenario `demo` has left it. */
function synced(): Promise<FreshDatabase> {
  return freshDatabase({
    name: 'cli_faults',
    prepare: async (client) => {
      const { code, stderr } = await syncInto(await urlOf(client)).ended;
      if (code !== 0) throw new Error(`the first sync ended with ${String(code)}: ${stderr}`);
    },
  });
}

/** Every row of every synced table, whole. */
async function dump(database: FreshDatabase): Promise<Record<string, string[]>> {
  const client = await database.connect();
  const { rows: tables } = await client.query<{ name: string }>(
    `select pg_class.relname as name
      from pg_class
      join pg_attribute on pg_attribute.attrelid = pg_class.oid and pg_attribute.attname = '_cq_sync_time'
      where pg_class.relkind = 'r' and pg_class.relnamespace = 'public'::regnamespace
      order by pg_class.relname`,
  );
  const dumped: Record<string, string[]> = {};
  for (const { name } of tables) {
    const { rows } = await client.query<{ row: string }>(
      `select to_jsonb(dumped)::text as row from ${client.escapeIdentifier(name)} as dumped order by _cq_id`,
    );
    dumped[name] = rows.map(({ row }) => row);
  }
  await client.end();
  return dumped;
}

async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  await vi.waitFor(async () => {
    if (!(await condition())) throw new Error(`never came: ${what}`);
  }, untilTimeout);
}

function pluginOf(running: Running): number {
  const plugin = findPlugin(running);
  if (plugin === undefined) throw new Error(`process ${String(running.child.pid)} has no child \`serve\``);
  return plugin;
}

/** What the sync is doing on the server; found by the name that it gives itself. */
const ofSync = `datname = current_database() and application_name like 'aws-delegation sync ' || $1 || '@%'`;

function terminate(database: FreshDatabase, { child }: Running): Promise<unknown[]> {
  return database.query(`select pg_terminate_backend(pid) from pg_stat_activity where ${ofSync}`, [String(child.pid)]);
}

/** Lets a sync come as far as reading AWS, and no further. */
async function heldWhileReading(database: FreshDatabase): Promise<Running> {
  const hang = simulator.fault({ operation: 'organizations:ListAccounts', kind: 'hang' });
  const running = syncInto(database.url);
  await until(() => hang.hits > 0, 'the request that hangs');
  return running;
}

/** Lets a sync come as far as writing its rows, and no further: a transaction of somebody else is in its way. */
async function heldWhileWriting(database: FreshDatabase): Promise<{ running: Running; letGo: () => Promise<void> }> {
  const blocker = await database.connect();
  await blocker.query('begin; lock table aws_organizations_accounts in access exclusive mode');
  const running = syncInto(database.url);
  await until(
    async () =>
      (
        await database.query(`select from pg_stat_activity where ${ofSync} and wait_event_type = 'Lock'`, [
          String(running.child.pid),
        ])
      ).length > 0,
    'a sync that waits for the lock',
  );
  return {
    running,
    letGo: async () => {
      await blocker.query('rollback');
      await blocker.end();
    },
  };
}

interface Gate {
  /** The database, through the gate. */
  url: string;
  /** Whether a client has asked to begin a transaction, and is kept waiting. */
  isHolding: () => boolean;
  open: () => void;
  close: () => Promise<void>;
}

/** A way to PostgreSQL that keeps the first transaction from beginning: the plugin is sending, and nobody takes it. */
async function gateTo(database: FreshDatabase): Promise<Gate> {
  const url = new URL(database.url);
  const sockets: Socket[] = [];
  const held: (() => void)[] = [];
  let isHolding = false;
  let isOpen = false;
  const server = createServer((client) => {
    const upstream = connect(Number(url.port), url.hostname);
    sockets.push(client, upstream);
    for (const socket of [client, upstream]) {
      socket.on('error', () => undefined);
    }
    upstream.pipe(client);
    client.on('data', (chunk: Buffer) => {
      if (!isOpen && chunk.includes('begin;')) isHolding = true;
      if (isHolding && !isOpen) held.push(() => upstream.write(chunk));
      else upstream.write(chunk);
    });
    client.on('end', () => upstream.end());
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const through = new URL(url);
  through.hostname = '127.0.0.1';
  through.port = String((server.address() as AddressInfo).port);
  return {
    url: through.href,
    isHolding: () => isHolding,
    open: () => {
      isOpen = true;
      for (const write of held.splice(0)) write();
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), 'close');
    },
  };
}

describe('a sync that fails leaves every row as it was', () => {
  let database: FreshDatabase;
  let before: Record<string, string[]>;
  beforeEach(async () => {
    database = await synced();
    before = await dump(database);
    expect(Object.keys(before).length).toBeGreaterThan(15);
    expect(before['aws_organizations_accounts']).toHaveLength(simulator.scenario.organization?.accounts.length ?? 0);
  });
  afterEach(async () => {
    expect(await dump(database)).toEqual(before);
    await database.drop();
  });

  it('the plugin is killed while AWS is read', async () => {
    const running = await heldWhileReading(database);
    process.kill(pluginOf(running), 'SIGKILL');
    const { code, stdout, stderr } = await running.ended;
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toContain('its process ended with signal SIGKILL');
    expect(stderr).toContain(safe);
    expect(stderr).toContain('Run the sync again.');
  });

  it('the plugin is killed while it sends', async () => {
    // More than the buffers between the two hold, so that there is a rest that never came.
    const texts = Array.from({ length: 10 }, (_, index) => ({
      id: `p-large${String(index).padStart(4, '0')}`,
      name: `Large ${String(index)}`,
      type: 'SERVICE_CONTROL_POLICY' as const,
      content: { Statement: [{ Sid: 'x'.repeat(400_000), Effect: 'Deny', Action: 'none:None', Resource: '*' }] },
      description: '',
      aws_managed: false,
      targets: [],
      except_targets: [],
      tags: {},
    }));
    simulator.change(({ organization }) => {
      organization?.policies.push(...texts);
    });
    const gate = await gateTo(database);
    const running = syncInto(gate.url);
    await until(gate.isHolding, 'the first message of the plugin');
    process.kill(pluginOf(running), 'SIGKILL');
    gate.open();
    const { code, stderr } = await running.ended;
    await gate.close();
    expect(code).toBe(4);
    expect(stderr).toContain('its process ended with signal SIGKILL');
    expect(stderr).toContain(safe);
    expect(stderr).toContain('Run the sync again.');
  });

  it('PostgreSQL ends the connection while AWS is read', async () => {
    const running = await heldWhileReading(database);
    const plugin = pluginOf(running);
    expect(await terminate(database, running)).toHaveLength(1);
    const { code, stderr } = await running.ended;
    expect(code).toBe(4);
    expect(stderr).toContain(safe);
    expect(stderr).toMatch(/run the sync again/i);
    expect(isThere(plugin)).toBe(false);
  });

  it('PostgreSQL ends the connection while rows are written', async () => {
    const { running, letGo } = await heldWhileWriting(database);
    expect(await terminate(database, running)).toHaveLength(1);
    const { code, stderr } = await running.ended;
    await letGo();
    expect(code).toBe(4);
    expect(stderr).toContain(safe);
    expect(stderr).toMatch(/run the sync again/i);
  });

  it('Ctrl-C while AWS is read', async () => {
    const running = await heldWhileReading(database);
    const plugin = pluginOf(running);
    running.child.kill('SIGINT');
    const { code, stdout, stderr } = await running.ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toMatch(/^Interrupted\. .*still there\.\n$/);
    expect(isThere(plugin)).toBe(false);
  });

  it('Ctrl-C while rows are written', async () => {
    const { running, letGo } = await heldWhileWriting(database);
    const plugin = pluginOf(running);
    running.child.kill('SIGINT');
    const { code, stderr } = await running.ended;
    await letGo();
    expect(code).toBe(130);
    expect(stderr).toContain(safe);
    expect(isThere(plugin)).toBe(false);
  });

  it.each(['html', 'html_error', 'throttle', 'truncated', 'reset'] as const)('%s for ever', async (kind) => {
    const fault = simulator.fault({ operation: 'organizations:ListAccounts', kind });
    const path = specFile('few_retries.yml', `{${regions}, max_retries: 1, max_backoff: 1}`);
    const { code, stdout, stderr } = await syncInto(database.url, path).ended;
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(fault.hits).toBe(2);
    expect(stderr).toMatch(
      /aws_organizations_accounts: organizations:ListAccounts in us-east-1: failed .*after 2 tries/,
    );
    expect(stderr).toMatch(/every stored row stays as it was/);
    expect(stderr).toContain('Run the sync again');
  });

  it('two at once: the second one says who is in the way', async () => {
    const first = await heldWhileReading(database);
    const { code, stdout, stderr } = await syncInto(database.url).ended;
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toContain('Another sync of "test" into this database is running');
    expect(stderr).toContain(`process ${String(first.child.pid)} `);
    expect(stderr).toContain('Wait until it has ended');
    first.child.kill('SIGINT');
    expect((await first.ended).code).toBe(130);
  });
});

describe('a sync that is denied something', () => {
  it('ends with 2, keeps the rows of what it could not read, and replaces the others', async () => {
    const database = await synced();
    const before = await dump(database);
    for (const operation of ['organizations:List*', 'organizations:Describe*Policy', 'guardduty:*']) {
      simulator.fault({ operation, kind: 'deny' });
    }
    const { code, stdout, stderr } = await syncInto(database.url).ended;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const after = await dump(database);
    await database.drop();

    const read = ['aws_organizations', 'aws_ec2_regions'];
    const denied = Object.keys(before).filter(
      (name) => !read.includes(name) && /^aws_(organization|guardduty)/.test(name),
    );
    expect(denied.length).toBeGreaterThan(10);
    for (const name of denied) {
      expect({ [name]: after[name] }).toEqual({ [name]: before[name] });
      expect(stderr).toMatch(new RegExp(`^- ${name}: .*: denied `, 'm'));
    }
    expect(stderr).toMatch(/Use the management account .* and allow organizations:ListAccounts/);
    for (const name of read) {
      expect(after[name]).toHaveLength(before[name]?.length ?? 0);
      expect(after[name]).not.toEqual(before[name]);
    }
  });
});

describe('a sync that is denied one call of many', () => {
  it('keeps the rows of that call, and replaces all others', async () => {
    const services = 'aws_organizations_delegated_services';
    const guardduty = 'aws_guardduty_organization_admin_accounts';
    const database = await synced();
    const before = await dump(database);
    const accounts = simulator.scenario.organization?.delegated_administrators.map(({ account }) => account);
    const [delegate = '', other = ''] = new Set(accounts);
    const deniedRegion = 'us-east-1';
    simulator.fault({
      operation: 'organizations:ListDelegatedServicesForAccount',
      match: { AccountId: delegate },
      kind: 'deny',
    });
    simulator.fault({ operation: 'guardduty:*', region: deniedRegion, kind: 'deny' });
    simulator.change(({ organization, guardduty: { administrators } }) => {
      // Gone for good, but for what nobody could see.
      const left = [delegate, other].map((account) => ({
        account,
        service_principal: 'new.amazonaws.com',
        since: new Date(),
      }));
      organization?.delegated_administrators.splice(0, Infinity, ...left);
      for (const region of Object.keys(administrators)) administrators[region] = null;
    });
    const { code, stderr } = await syncInto(database.url).ended;
    expect(code).toBe(2);
    expect(stderr).toContain(`for ${delegate}: denied`);
    expect(stderr).toContain(`guardduty:ListOrganizationAdminAccounts in ${deniedRegion}: denied`);
    const after = await dump(database);
    await database.drop();
    const kept = (table: string, column: string, value: string): string[] =>
      (before[table] ?? []).filter((row) => (JSON.parse(row) as Record<string, unknown>)[column] === value);
    const unseen = kept(services, 'delegated_account_id', delegate);
    expect(unseen.length).toBeGreaterThan(0);
    expect(after[services]).toEqual(expect.arrayContaining(unseen));
    // Of the other one only what is new.
    expect(after[services]).toHaveLength(unseen.length + 1);
    expect(before[services]?.length).toBeGreaterThan(unseen.length + 1);
    expect(after[guardduty]).toEqual(kept(guardduty, 'region', deniedRegion));
    expect(after[guardduty]).toHaveLength(1);
    expect(before[guardduty]?.length).toBeGreaterThan(1);
  });
});

describe('after a sync that failed', () => {
  it('a command that is killed takes the plugin with it, and the next sync is not in its way', async () => {
    const database = await synced();
    const before = await dump(database);
    const running = await heldWhileReading(database);
    const plugin = pluginOf(running);
    running.child.kill('SIGKILL');
    expect((await running.ended).code).toBeNull();
    await until(() => !isThere(plugin), 'the end of the plugin');
    expect(await dump(database)).toEqual(before);
    simulator.clearFaults();
    expect((await syncInto(database.url).ended).code).toBe(0);
    await database.drop();
  });

  it('the next one works, and removes what AWS no longer has', async () => {
    const database = await synced();
    const running = await heldWhileReading(database);
    process.kill(pluginOf(running), 'SIGKILL');
    expect((await running.ended).code).toBe(4);
    simulator.clearFaults();
    simulator.change(({ organization }) => {
      organization?.service_access.splice(0, 2);
      organization?.handshakes.splice(0);
    });
    expect(simulator.scenario.organization?.service_access.length).toBeGreaterThan(0);
    const { code, stderr } = await syncInto(database.url).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^synced [\d,]+ rows/) as string });
    const principals = await database.query(
      'select service_principal from aws_organizations_service_access order by service_principal collate "C"',
    );
    expect(principals.map((row) => row['service_principal'])).toEqual(
      simulator.scenario.organization?.service_access.map((access) => access.service_principal).sort(),
    );
    expect(await database.query('select from aws_organizations_handshakes')).toEqual([]);
    // Nothing of the first sync is left anywhere.
    const times = Object.values(await dump(database)).flatMap((rows) =>
      rows.map((row) => (JSON.parse(row) as Record<string, unknown>)['_cq_sync_time']),
    );
    expect(new Set(times).size).toBe(1);
    await database.drop();
  });
});

describe('check', () => {
  interface Report {
    counts: Record<string, unknown>;
    results: { checkId: string; status: string; resourceId: string; reason: string; unknownCause: string | null }[];
  }
  const parse = ({ stdout }: Ended): Report => JSON.parse(stdout) as Report;

  it('finds something in the demo: exit code 1, and JSON alone on stdout', async () => {
    const database = await synced();
    const text = await checkOf(database.url);
    expect(text.code).toBe(1);
    expect(text.stdout).toContain('scp_prevents_leaving');
    const json = await checkOf(database.url, '--format', 'json');
    expect({ code: json.code, stderr: json.stderr }).toEqual({ code: 1, stderr: '' });
    const { results, counts } = parse(json);
    expect(results.filter(({ status }) => status === 'fail')).toHaveLength(Number(counts['fail']));
    expect(counts['fail']).toBeGreaterThan(0);
    await database.drop();
  });

  it('refuses a rule that is not there: exit code 3, and says which there are', async () => {
    const database = await synced();
    const { code, stdout, stderr } = await checkOf(database.url, '--rule', 'nope');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/"nope".*scp_prevents_leaving/);
    await database.drop();
  });

  it('never passes what a denied sync could not read', async () => {
    simulator.setScenario('minimal');
    const owned = specFile('owned.yml', "{owners: {infosec: {accounts: ['222222222222']}}}");
    const database = await freshDatabase();
    const rule = ['--rule', 'security_services_held_by_infosec', '--format', 'json'];
    expect((await syncInto(database.url, owned).ended).code).toBe(0);
    const good = await checkOf(database.url, owned, ...rule);
    expect(good.code).toBe(0);
    expect(verdictOf(parse(good), 'guardduty')).toMatchObject({ status: 'pass' });

    const deny = simulator.fault({ operation: 'organizations:ListDelegatedAdministrators', kind: 'deny' });
    expect((await syncInto(database.url, owned).ended).code).toBe(2);
    const denied = await checkOf(database.url, owned, ...rule);
    expect(denied.code).toBe(2);
    expect(parse(denied).results.filter(({ status }) => status === 'pass')).toEqual([]);
    expect(verdictOf(parse(denied), 'guardduty')).toMatchObject({ status: 'unknown', unknownCause: 'unread' });
    expect(verdictOf(parse(denied), 'guardduty')?.reason).toContain('organizations:ListDelegatedAdministrators');
    // Another rule has found something, and a finding counts more.
    expect((await checkOf(database.url, owned)).code).toBe(1);

    deny.remove();
    simulator.fault({ operation: 'organizations:List*', kind: 'deny' });
    simulator.fault({ operation: 'guardduty:*', kind: 'deny' });
    expect((await syncInto(database.url, owned).ended).code).toBe(2);
    const leaningRules = ['scp_prevents_leaving', 'security_services_held_by_infosec'];
    const blind = await checkOf(database.url, owned, '--format', 'json', '--rule', ...leaningRules);
    expect(blind.code).toBe(2);
    const leaning = parse(blind).results;
    expect([...new Set(leaning.map(({ checkId }) => checkId))].sort()).toEqual(leaningRules);
    expect(leaning.filter(({ status }) => status === 'pass' || status === 'fail')).toEqual([]);
    expect(leaning.some(({ status }) => status === 'unknown')).toBe(true);
    await database.drop();
  });

  function verdictOf({ results }: Report, resourceId: string): Report['results'][number] | undefined {
    return results.find((result) => result.resourceId === resourceId);
  }
});

describe('what is wrong with the arguments or the place is said in a line', () => {
  it.each<[string, () => string[], number, RegExp]>([
    ['a port that is taken', () => ['simulate', '--port', new URL(simulator.url).port], 3, /EADDRINUSE.*--port/],
    ['a port that is none', () => ['simulate', '--port', '65536'], 3, /from 0 to 65535/],
    ['a size that is none', () => ['simulate', '--scenario', 'large', '--accounts', '3'], 3, /from 10 to 50000/],
  ])('%s', async (_name, args, expectedCode, message) => {
    const { code, stdout, stderr } = await command(args()).ended;
    expect({ code, stdout }).toEqual({ code: expectedCode, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('mistake in aws-delegation');
  });

  it('a reader that goes away early changes nothing', async () => {
    const { child, ended } = command(['tables', '--format', 'json']);
    child.stdout?.destroy();
    expect(await ended).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

describe('the embedded server', () => {
  let home: string;
  const db = (...args: string[]): Promise<Ended> =>
    run(['db', ...args], { cwd: folder, env: { AWS_DELEGATION_HOME: home } });

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'cli-embedded-'));
    // As root the server runs as another user.
    chmodSync(home, 0o755);
  });
  afterEach(async () => {
    await db('stop');
    rmSync(home, { recursive: true, force: true });
  });

  it('starts, answers, stops, and has kept its rows at the next start', async () => {
    const early = await db('url');
    expect({ code: early.code, stdout: early.stdout }).toEqual({ code: 3, stdout: '' });
    expect(early.stderr).toContain('db start');

    const started = await db('start');
    expect(started.code).toBe(0);
    expect(started.stdout).toMatch(/^postgres(ql)?:\/\/\S+@127\.0\.0\.1:\d+\/\w+\n$/);
    expect(started.stderr).toContain('until `aws-delegation db stop`');
    // The password is for stdout alone.
    expect(started.stderr).not.toContain(new URL(started.stdout.trim()).password);
    expect(await db('url')).toEqual({ code: 0, stdout: started.stdout, stderr: '' });

    const synced = await command(['sync', spec], { AWS_DELEGATION_HOME: home }).ended;
    expect(synced.code).toBe(0);
    const count =
      "select count(*)::int as number, '2026-11-23 01:02:03'::timestamp as time from aws_organizations_accounts";
    const accounts = simulator.scenario.organization?.accounts.length;
    const rows = await db('query', '--format', 'json', count);
    expect({ ...rows, stdout: JSON.parse(rows.stdout) as unknown }).toEqual({
      code: 0,
      stdout: [{ number: accounts, time: '2026-11-23 01:02:03' }],
      stderr: '',
    });
    const table = await db('query', 'select 7 as seven');
    expect(table.stdout).toMatch(/seven[^]*7[^]*\(1 row\)\n$/);
    const wrong = await db('query', 'select from nowhere');
    expect({ code: wrong.code, stdout: wrong.stdout }).toEqual({ code: 4, stdout: '' });
    expect(wrong.stderr).toContain('relation "nowhere" does not exist');

    expect(await db('stop')).toEqual({ code: 0, stdout: '', stderr: 'The embedded PostgreSQL is stopped.\n' });
    expect(await db('stop')).toEqual({ code: 0, stdout: '', stderr: 'The embedded PostgreSQL was not running.\n' });
    // A query starts it for as long as it takes.
    const again = await db(
      'query',
      '--format',
      'json',
      'select count(*)::int as number from aws_organizations_accounts',
    );
    expect(JSON.parse(again.stdout)).toEqual([{ number: accounts }]);
    expect((await db('stop')).stderr).toBe('The embedded PostgreSQL was not running.\n');
  });
});
