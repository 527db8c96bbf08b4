import type { ChildProcess } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { run, start, type Ended } from '../support/cli.js';
import { messagesOf, RunningPlugin } from '../support/plugin.js';
import { Planted } from '../support/planted.js';
import { hasProc, watch } from '../support/processes.js';

const planted = new Planted();

// Characters that YAML, URLs, SQL and shells each have a meaning for.
const awkward = `/+=@:%"\\`;
const keys = {
  id: planted.make('access_key_id of the spec', 'AKIASPECSPEC'),
  secret: planted.make('secret_access_key of the spec', 'spec', awkward),
  token: planted.make('session_token of the spec', 'spectoken', awkward),
};
const ofEnvironment = {
  AWS_ACCESS_KEY_ID: planted.make('AWS_ACCESS_KEY_ID', 'AKIAENVENVENV'),
  AWS_SECRET_ACCESS_KEY: planted.make('AWS_SECRET_ACCESS_KEY', 'env', awkward),
  AWS_SESSION_TOKEN: planted.make('AWS_SESSION_TOKEN', 'envtoken', awkward),
  PGPASSWORD: planted.make('PGPASSWORD', 'pg'),
  HTTPS_PROXY: `http://user:${planted.make('password of HTTPS_PROXY', 'proxy')}@127.0.0.1:9`,
  HTTP_PROXY: `http://user:${planted.make('password of HTTP_PROXY', 'proxy')}@127.0.0.1:9`,
  CLOUDQUERY_API_KEY: planted.make('CLOUDQUERY_API_KEY', 'cqak_'),
  CQ_INSTALL_SRC: planted.make('CQ_INSTALL_SRC', 'cq'),
};
const externalId = planted.make('external_id', 'external-');
const delegatesId = planted.make('delegated_admin_external_id', 'external-');
const password = planted.make('password of the database', 'db', `${awkward}' #?&`);
const profileKeys = {
  id: planted.make('aws_access_key_id of a profile', 'AKIAPROFPROF'),
  secret: planted.make('aws_secret_access_key of a profile', 'profile', '/+='),
};
const processKeys = {
  id: planted.make('AccessKeyId of a credential_process', 'ASIAPROCPROC'),
  secret: planted.make('SecretAccessKey of a credential_process', 'process', awkward),
  token: planted.make('SessionToken of a credential_process', 'processtoken', awkward),
};
const argument = planted.make('an argument of a credential_process', 'argument');

let root: string;
/** What we put there; all else below `root` was written by the commands. */
const ours = new Set<string>();
let simulator: Simulator;
/** In front of the simulator: adds what STS hands out to what is planted. */
let relay: Server;
let endpoint: string;
let databaseUrl: string;
let admin: pg.Client;
let embeddedPassword: string;

const path = (...parts: string[]): string => join(root, ...parts);

function ourFile(content: string, ...parts: string[]): string {
  const file = path(...parts);
  writeFileSync(file, content);
  ours.add(file);
  return file;
}

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'secrets-'));
  // As root PostgreSQL runs as another user, who has to get there.
  chmodSync(root, 0o755);
  for (const name of ['cwd', 'tmp', 'user', 'user/.aws', 'home', 'bin']) mkdirSync(path(name));
  ourFile(keys.secret, 'user', 'secret');
  ourFile(
    `[static]\naws_access_key_id = ${profileKeys.id}\naws_secret_access_key = ${profileKeys.secret}\n`,
    'user/.aws/credentials',
  );
  const { id, secret, token } = processKeys;
  const answer = { Version: 1, AccessKeyId: id, SecretAccessKey: secret, SessionToken: token };
  const process = ourFile(JSON.stringify(answer), 'user', 'process.json');
  const broken = ourFile(`{"SecretAccessKey": ${secret}`, 'user', 'broken.json');
  ourFile(
    `[profile process]\ncredential_process = cat ${process}\n` +
      `[profile broken]\ncredential_process = cat ${broken}\n` +
      `[profile failing]\ncredential_process = sh -c "cat ${process} >&2; exit 7" --password ${argument}\n`,
    'user/.aws/config',
  );
  ourFile('#!/bin/sh\necho "arguments: $@"\n', 'bin', 'psql');
  chmodSync(path('bin', 'psql'), 0o755);

  simulator = await startSimulator({ scenario: 'demo' });
  relay = createServer((request, response) => {
    const body: Buffer[] = [];
    request.on('data', (part: Buffer) => body.push(part));
    request.on('end', () => {
      const { method, headers, url = '' } = request;
      const sent = { method: method ?? 'GET', headers: headers as Record<string, string> };
      delete sent.headers['connection'];
      delete sent.headers['content-length'];
      void fetch(`${simulator.url}${url}`, { ...sent, ...(method === 'POST' && { body: Buffer.concat(body) }) })
        .then(async (answered) => {
          const text = await answered.text();
          for (const name of ['SecretAccessKey', 'SessionToken']) {
            const value = new RegExp(`<${name}>([^<]+)<`).exec(text)?.[1];
            if (value !== undefined && !handedOut.has(value)) {
              handedOut.add(value);
              planted.add(`${name} that STS handed out`, value);
            }
          }
          response.writeHead(answered.status, { 'content-type': answered.headers.get('content-type') ?? '' }).end(text);
        })
        .catch(() => request.socket.destroy());
    });
  });
  await new Promise<void>((resolve) => relay.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(relay.address() as AddressInfo).port}`;

  const started = await command(['db', 'start']);
  const url = new URL(started.stdout.trim());
  embeddedPassword = planted.add('password of the embedded PostgreSQL', url.password);
  // Where it belongs.
  ours.add(path('home/postgres/default/instance.json'));
  admin = new pg.Client({ connectionString: url.href });
  await admin.connect();
  await admin.query(`create role audit login password ${admin.escapeLiteral(password)}`);
  await admin.query('create database audit owner audit');
  url.username = 'audit';
  url.password = encodeURIComponent(password);
  url.pathname = '/audit';
  databaseUrl = url.href;
  // From here on its log has every statement and every value.
  for (const setting of ["log_statement = 'all'", 'log_connections = on', 'log_parameter_max_length_on_error = -1']) {
    await admin.query(`alter system set ${setting}`);
  }
  await admin.query('select pg_reload_conf()');
}, 120_000);

afterAll(async () => {
  await admin.end();
  await command(['db', 'stop']);
  await simulator.close();
  relay.close();
  rmSync(root, { recursive: true, force: true });
});

const handedOut = new Set<string>();

function environmentOf(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return {
    ...ofEnvironment,
    PATH: `${path('bin')}${delimiter}${process.env['PATH'] ?? ''}`,
    HOME: path('user'),
    TMPDIR: path('tmp'),
    AWS_DELEGATION_HOME: path('home'),
    AWS_REGION: 'us-east-1',
    SPEC_KEY: keys.id,
    SPEC_TOKEN: keys.token,
    BAD: `: ${keys.secret}`,
    ...more,
  };
}

function command(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return run(args, { cwd: path('cwd'), env: environmentOf(env) });
}

/** Runs it, looks into what it said, and gives that back. */
async function searched(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const ended = await command(args, env);
  expect(planted.find(args.join(' '), `${ended.stdout}\n${ended.stderr}`)).toEqual([]);
  return ended;
}

interface SpecParts {
  account?: string;
  spec?: string;
  connection?: string;
  raw?: string;
}

let specs = 0;

/** Text and not an object: what breaks it is part of it. */
function specFile({ account, spec = '', connection, raw }: SpecParts = {}): string {
  const text =
    raw ??
    `kind: source
spec:
  name: planted
  registry: local
  path: bin/aws-delegation
  tables: [aws_organizations_accounts, aws_organizations_delegated_administrators, aws_guardduty_organization_configurations]
  destinations: [postgresql]
  spec:
    accounts:
      - ${account ?? `{id: management, access_key_id: '\${SPEC_KEY}', secret_access_key: '\${file:${path('user', 'secret')}}', session_token: '\${SPEC_TOKEN}', role_arn: 'arn:aws:iam::111122223333:role/OrgAudit', external_id: ${externalId}}`}
    regions: [us-east-1]
    custom_endpoint_url: ${endpoint}
    delegated_admin_role_name: OrgAudit
    delegated_admin_external_id: ${delegatesId}
    max_retries: 0
    on_failure: report
    ${spec}
---
kind: destination
spec:
  name: postgresql
  path: cloudquery/postgresql
  spec: {connection_string: ${JSON.stringify(connection ?? databaseUrl)}}
`;
  return ourFile(text, 'cwd', `spec-${++specs}.yml`);
}

/** The only process that a sync into a database of its own starts. */
function pluginOf(child: ChildProcess | undefined): number {
  const pid = child?.pid ?? 0;
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);
}

const profile = (name: string): string => `{id: management, local_profile: ${name}}`;

it('a sync, with a role in every account: nothing in its words, its summary or its processes', async () => {
  const spec = specFile();
  const { child, ended } = start(['sync', spec, '--summary', 'summary.json'], {
    cwd: path('cwd'),
    env: environmentOf({ DATABASE_URL: databaseUrl }),
  });
  const seen = hasProc ? await watch(child.pid ?? 0, ended) : undefined;
  const { code, stdout, stderr } = await ended;
  expect({ code, stderr }).toMatchObject({ code: 0, stderr: expect.stringContaining('synced') as string });
  expect(planted.find('sync', `${stdout}\n${stderr}`)).toEqual([]);
  // The role of the spec, and one for each delegated administrator.
  expect(handedOut.size).toBeGreaterThanOrEqual(4);
  if (seen) {
    expect([...seen.commandLines].join('\n')).toContain('serve --network unix');
    expect(planted.find('command lines', [...seen.commandLines].join('\n'))).toEqual([]);
  }
  expect(JSON.parse(readFileSync(path('cwd', 'summary.json'), 'utf8'))).toHaveProperty('rows');
});

it.each<[what: string, parts: () => SpecParts, code: number, says: RegExp, fault?: Parameters<Simulator['fault']>[0]]>([
  [
    'keys of a profile and of a credential_process',
    () => ({
      account: `${profile('static')}
      - ${profile('process').replace('management', 'security')}`,
    }),
    0,
    /synced/,
  ],
  [
    'a credential_process that fails',
    () => ({ account: profile('failing') }),
    4,
    /credential_process of the profile failed/,
  ],
  ['a credential_process that says no JSON', () => ({ account: profile('broken') }), 4, /invalid JSON/],
  ['everything denied', () => ({}), 2, /AccessDenied/, { operation: 'organizations:*', kind: 'deny' }],
  [
    'an error that quotes the request',
    () => ({
      account: `{id: m, access_key_id: '${keys.id}', secret_access_key: '${keys.secret}', session_token: '${keys.token}'}`,
    }),
    2,
    /\(hidden\)/,
    {
      operation: 'organizations:*',
      kind: 'error',
      code: 'IncompleteSignatureException',
      status: 400,
      message: `'${keys.token}' is no key=value pair: 'AWS4-HMAC-SHA256 Credential=${keys.id}/20270101', ${JSON.stringify(keys.secret)}\n'${keys.token}'`,
    },
  ],
  [
    'a role that is refused with the external id in the words',
    () => ({}),
    4,
    /\(hidden\)/,
    {
      operation: 'sts:AssumeRole',
      kind: 'error',
      code: 'ValidationError',
      status: 400,
      message: `Value '${externalId}' at 'externalId' by ${keys.id} failed`,
    },
  ],
  [
    'a wrong password',
    () => ({ connection: databaseUrl.replace(encodeURIComponent(password), encodeURIComponent(`${password}x`)) }),
    4,
    /were refused/,
  ],
  [
    'an address where nobody listens',
    () => ({ connection: `postgresql://audit:${encodeURIComponent(password)}@127.0.0.1:9/audit` }),
    4,
    /not reachable/,
  ],
  [
    'a URL that the password breaks',
    () => ({ connection: `postgresql://audit:12/${password}@127.0.0.1/audit` }),
    4,
    /not valid/,
  ],
  [
    'a list of key=value that it breaks',
    () => ({ connection: `host=127.0.0.1 password=x ${password}` }),
    4,
    /not valid/,
  ],
])('a sync: %s', async (_what, parts, code, says, fault) => {
  const handle = fault && simulator.fault(fault);
  const ended = await searched(['sync', specFile(parts())]);
  handle?.remove();
  expect(ended).toMatchObject({ code, stderr: expect.stringMatching(says) as string });
  if (handle) expect(handle.hits).toBeGreaterThan(0);
});

const head = `kind: source
spec:
  name: planted
  path: bin/aws-delegation
  tables: ['*']
  destinations: [postgresql]
  spec:
`;

it.each<[what: string, raw: string, says: RegExp]>([
  [
    'a key of a wrong type',
    `    accounts: [{id: m, access_key_id: [${keys.id}], secret_access_key: {a: '${keys.secret}'}}]`,
    /access_key_id/,
  ],
  ['a key without a space', `    accounts: [{id: m, session_token:${keys.id}}]`, /session_token…/],
  [
    'a block scalar in the line',
    `    accounts:\n    - id: m\n      secret_access_key: |${keys.secret}`,
    /no valid YAML/,
  ],
  ['a placeholder as a key', '    accounts: [{id: m, ${BAD}: x}]', /no valid YAML|unknown key/],
  ['a placeholder without quotes', '    accounts: [{id: m, secret_access_key: ${BAD}}]', /no valid YAML/],
  [
    'an endpoint with a password',
    `    custom_endpoint_url: 'https://user:${keys.id}@localhost'`,
    /no user and password/,
  ],
])('a spec that does not hold: %s', async (_what, raw, says) => {
  const spec = specFile({ raw: `${head}${raw}\n` });
  // Each reads the spec by itself; without starting PostgreSQL or the plugin.
  const ended = await searched(['sync', spec, '--plan']);
  expect(ended).toMatchObject({ code: 3, stderr: expect.stringMatching(says) as string });
});

it('a plugin that is killed: neither its last words, its temporary files nor its environment', async () => {
  const hanging = simulator.fault({ operation: 'guardduty:*', kind: 'hang' });
  const { child, ended } = start(['sync', specFile()], {
    cwd: path('cwd'),
    env: environmentOf({ DATABASE_URL: databaseUrl }),
  });
  await vi.waitFor(
    () => {
      expect(hanging.hits).toBeGreaterThan(0);
    },
    { timeout: 30_000 },
  );
  if (hasProc) {
    const plugin = pluginOf(child);
    expect(readFileSync(`/proc/${plugin}/cmdline`, 'utf8')).toContain('serve');
    // The spool has no name any more, but it is open.
    const open = readdirSync(`/proc/${plugin}/fd`).filter((name) => {
      try {
        return readlinkSync(`/proc/${plugin}/fd/${name}`).startsWith(path('tmp'));
      } catch {
        return false;
      }
    });
    expect(open).toHaveLength(1);
    for (const name of open) {
      const spool = readFileSync(`/proc/${plugin}/fd/${name}`);
      expect(spool.length).toBeGreaterThan(1000);
      expect(planted.find('the spool', spool)).toEqual([]);
    }
    const environment = readFileSync(`/proc/${plugin}/environ`, 'utf8');
    expect(environment).toContain('AWS_SECRET_ACCESS_KEY=');
    expect(environment).not.toMatch(/DATABASE_URL|PGPASSWORD/);
    process.kill(plugin, 'SIGKILL');
  } else {
    child.kill('SIGINT');
  }
  const { code, stdout, stderr } = await ended;
  hanging.remove();
  expect(planted.find('a killed plugin', `${stdout}\n${stderr}`)).toEqual([]);
  if (hasProc)
    expect({ code, stderr }).toMatchObject({ code: 4, stderr: expect.stringContaining('SIGKILL') as string });
});

it('a crash, of the plugin and of the command: not what the error holds besides its message', async () => {
  const hook = `
    process.on('SIGUSR2', () => {
      const error = new Error('a defect');
      Object.assign(error, { credentials: { ...process.env }, $response: { headers: { token: process.env.SPEC_TOKEN } } });
      error.cause = new Error(process.env.SPEC_TOKEN);
      throw error;
    });`;
  const env = environmentOf({ NODE_OPTIONS: `--import ${ourFile(hook, 'user', 'crash.mjs')}` });
  const hanging = simulator.fault({ operation: 'organizations:*', kind: 'hang' });
  const both = [start(['sync', specFile()], { cwd: path('cwd'), env }), start(['simulate', '--port', '0'], { env })];
  const [sync, simulate] = both.map(({ child }) => child);
  try {
    await vi.waitFor(
      () => {
        expect(hanging.hits).toBeGreaterThan(0);
      },
      { timeout: 30_000 },
    );
    process.kill(hasProc ? pluginOf(sync) : (sync?.pid ?? 0), 'SIGUSR2');
    simulate?.kill('SIGUSR2');
    const ended = await Promise.all(both.map((one) => one.ended));
    for (const { code, stdout, stderr } of ended) {
      expect(planted.find('a crash', `${stdout}\n${stderr}`)).toEqual([]);
      expect({ code, stderr }).toMatchObject({ code: 4, stderr: expect.stringContaining('a defect') as string });
    }
  } finally {
    hanging.remove();
  }
});

it('the plugin at the lowest level of its log', async () => {
  const address = path('tmp', 'cq-trace.sock');
  const plugin = await RunningPlugin.start({
    env: environmentOf(),
    args: ['--log-level', 'trace', '--network', 'unix', '--address', address],
    address: `unix:${address}`,
  });
  const account = {
    id: 'management',
    access_key_id: keys.id,
    secret_access_key: keys.secret,
    session_token: keys.token,
  };
  const denied = simulator.fault({
    operation: 'organizations:ListAccounts',
    kind: 'error',
    code: 'Odd',
    message: keys.token,
  });
  try {
    await plugin.init({
      accounts: [account],
      custom_endpoint_url: endpoint,
      regions: ['us-east-1'],
      max_retries: 0,
      on_failure: 'report',
    });
    await messagesOf(plugin.sync(['aws_organizations_accounts']));
    const wrong = { accounts: [{ ...account, secret_access_key: [keys.secret] }] };
    const error = await plugin.init(wrong).then(
      () => '',
      (caught: unknown) => String(caught),
    );
    expect(error).toContain('secret_access_key');
    expect(planted.find('an error of Init', error)).toEqual([]);
  } finally {
    denied.remove();
    await plugin.stop();
  }
  expect(plugin.lines.length).toBeGreaterThan(2);
  expect(planted.find('the log of the plugin', [...plugin.stdout, ...plugin.stderr].join(''))).toEqual([]);
});

it('every other command', async () => {
  const spec = specFile();
  expect(await searched(['check', spec, '--format', 'json'])).toMatchObject({ stderr: '' });
  expect(
    await searched(['approvals', 'write', spec, '--output', 'approvals.yml', '--by', 'Ada', '--partial']),
  ).toMatchObject({ code: 0 });
  expect(await searched(['test-connection', spec])).toMatchObject({
    stdout: expect.stringContaining('Account') as string,
  });
  expect(await searched(['iam-policy', spec, '--for', 'delegate', '--format', 'terraform'])).toMatchObject({ code: 0 });
  expect(await searched(['db', 'query', 'select 1/0', '--database', databaseUrl])).toMatchObject({ code: 4 });
  expect(await searched(['db', 'psql', '--database', databaseUrl, '--', '-c', 'select 1'])).toMatchObject({
    stdout: 'arguments: -c select 1\n',
  });
});

it('nothing of it was written: files, database, log of the server, sessions', async () => {
  // That the log is one with every statement, and that a search would find it there.
  const log = readFileSync(path('home/postgres/default/server.log'), 'utf8');
  expect(log).toMatch(/statement: .*create or replace view/s);
  expect(log).toContain('password authentication failed for user "audit"');
  expect(planted.find('a log', `${log}\nfatal: ${keys.secret.slice(2, 30)}`)).toEqual([]);
  expect(planted.find('a log', `${log}\nfatal: ${keys.secret.slice(0, 30)}`)).not.toEqual([]);

  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows: tables } = await client.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`,
  );
  const names = tables.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['public.aws_delegation_reads', 'public.aws_policy_results']));
  let rows = 0;
  for (const name of [...names, 'pg_catalog.pg_description', 'pg_catalog.pg_stat_activity', 'pg_catalog.pg_views']) {
    const { rows: texts } = await client.query<{ text: string }>(`select each::text as text from ${name} as each`);
    rows += texts.length;
    expect(planted.find(name, texts.map(({ text }) => text).join('\n'))).toEqual([]);
  }
  expect(rows).toBeGreaterThan(500);
  await client.end();

  expect(planted.findInFiles(root, ours)).toEqual([]);
  expect(planted.searched).toEqual(
    expect.arrayContaining([
      path('cwd', 'summary.json'),
      path('cwd', 'approvals.yml'),
      path('home/postgres/default/server.log'),
    ]),
  );
});

it('the one command that prints a password says so', async () => {
  const { stdout, stderr } = await command(['db', 'url']);
  expect(stdout).toContain(embeddedPassword);
  expect(stderr).toBe('');
  expect((await command(['db', '--help'])).stdout).toMatch(/url .*password/);
});
