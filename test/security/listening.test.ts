import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { bin, run, start, type Running } from '../support/cli.js';
import { freshDatabase, type FreshDatabase } from '../support/postgres.js';
import { hasProc, listeningNow, watch } from '../support/processes.js';

const environment = {
  AWS_ACCESS_KEY_ID: 'simulated',
  AWS_SECRET_ACCESS_KEY: 'simulated',
  AWS_REGION: 'us-east-1',
};

if (!hasProc) console.info('tests of what listens left out: there is no /proc');

/** What no other user of the machine, and no other machine, can connect to without a password. */
const isPrivate = /^(tcp 127\.0\.0\.1:\d+|tcp6 ::1:\d+|unix \/\S+ 600 700)$/;

let home: string;
let simulator: Simulator;
let database: FreshDatabase;
const running: Running[] = [];
/** Of every process of these tests. */
const commandLines = new Set<string>();

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'listening-'));
  // As root PostgreSQL runs as another user, who has to get there.
  chmodSync(home, 0o755);
  simulator = await startSimulator({ scenario: 'demo' });
  database = await freshDatabase();
});
afterAll(async () => {
  await simulator.close();
  await database.drop();
  rmSync(home, { recursive: true, force: true });
});
afterEach(async () => {
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGINT');
    await ended;
  }
  await run(['db', 'stop'], { env: { AWS_DELEGATION_HOME: home } });
});

/** With no umask at all: a file then has the mode that it was made with. */
function startOpenly(args: readonly string[]): Running {
  const one = start(['-c', 'umask 000; exec "$@"', 'sh', bin, ...args], {
    program: 'sh',
    env: { ...environment, AWS_DELEGATION_HOME: home },
  });
  running.push(one);
  return one;
}

/** Until so many were seen: these commands take a while, and what they listen on is there from early on. */
async function seenBy(args: readonly string[], number: number): Promise<string[]> {
  const { child, ended } = startOpenly(args);
  const seen = await watch(child.pid ?? 0, ended, { home, isEnough: ({ listening }) => listening.size >= number });
  for (const line of seen.commandLines) commandLines.add(line);
  return [...seen.listening].sort();
}

function specFile(more = ''): string {
  const path = join(home, 'spec.yml');
  writeFileSync(
    path,
    `kind: source
spec:
  name: test
  registry: local
  path: bin/aws-delegation
  tables: [aws_organizations_accounts, aws_cloudtrail_organization_events]
  destinations: [postgresql]
  ${more}
  spec: {custom_endpoint_url: '${simulator.url}'}
`,
  );
  return path;
}

const backend = "backend_options: {table_name: state, connection: '@@plugins.postgresql.connection'}";

async function listeningOf(args: readonly string[]): Promise<{ what: string; modes?: string }[]> {
  const { child } = startOpenly(args);
  await vi.waitFor(
    () => {
      expect(listeningNow(child.pid ?? 0)).not.toEqual([]);
    },
    { timeout: 20_000, interval: 10 },
  );
  return listeningNow(child.pid ?? 0);
}

describe.runIf(hasProc)('nothing listens for others', () => {
  it('serve on a unix socket, as the CloudQuery CLI starts it', async () => {
    const socket = join(home, 'cq-abcdefghijklmnop.sock');
    const { child } = startOpenly(['serve', '--network', 'unix', '--address', socket]);
    const modes = new Set<number>();
    // From the moment it is there.
    await vi.waitFor(
      () => {
        expect(existsSync(socket)).toBe(true);
        modes.add(statSync(socket).mode & 0o777);
        expect(listeningNow(child.pid ?? 0)).toEqual([{ what: `unix ${socket}`, modes: '600 755' }]);
      },
      { timeout: 20_000, interval: 1 },
    );
    expect([...modes]).toEqual([0o600]);
  });

  it('serve on its own address', async () => {
    const all = await listeningOf(['serve', '--address', 'localhost:0']);
    expect(all.map(({ what }) => what).filter((what) => !isPrivate.test(what))).toEqual([]);
    expect(readFileSync(join(import.meta.dirname, '../../src/cli/commands/serve.ts'), 'utf8')).toContain(
      "'localhost:7777'",
    );
  });

  it('serve elsewhere, only where it is told to: that is seen here', async () => {
    const { child } = startOpenly(['serve', '--address', '0.0.0.0:0', '--log-format', 'json']);
    let said = '';
    child.stdout?.on('data', (text: string) => (said += text));
    await vi.waitFor(
      () => {
        expect(said).toContain('serving on');
      },
      { timeout: 20_000 },
    );
    expect(listeningNow(child.pid ?? 0).filter(({ what }) => isPrivate.test(what))).toEqual([]);
    expect(listeningNow(child.pid ?? 0)).not.toEqual([]);
    expect(said).toMatch(/"level":"warn".*whoever can connect/);
  });

  it('simulate', async () => {
    const all = await listeningOf(['simulate', '--port', '0']);
    expect(all).toEqual([{ what: expect.stringMatching(/^tcp 127\.0\.0\.1:\d+$/) as string }]);
  });

  it('sync into a database of its own, with a state', async () => {
    const all = await seenBy(['sync', specFile(backend), '--database', database.url], 3);
    expect(all).toEqual([
      expect.stringMatching(/^unix \/\S+\/cq\.sock 600 700$/),
      expect.stringMatching(/^unix \/\S+\/db\.sock 600 700$/),
      expect.stringMatching(/^unix \/\S+\/up\.sock 600 700$/),
    ]);
  });

  it('sync into the embedded PostgreSQL', async () => {
    const all = await seenBy(['sync', specFile()], 3);
    expect(all).toEqual([
      expect.stringMatching(/^tcp 127\.0\.0\.1:\d+$/),
      expect.stringMatching(/^unix \/\S+\/cq\.sock 600 700$/),
      expect.stringMatching(/^unix \/\S+\/up\.sock 600 700$/),
    ]);
  });

  it('demo', async () => {
    const all = await seenBy(['demo'], 4);
    expect(all.filter((what) => !isPrivate.test(what))).toEqual([]);
    // The simulator and PostgreSQL.
    expect(all.filter((what) => what.startsWith('tcp 127.0.0.1'))).toHaveLength(2);
  });
});

describe('the embedded PostgreSQL', () => {
  it('listens on loopback, asks everybody for a password, and keeps it and its data to itself', async () => {
    const { child, ended } = startOpenly(['db', 'start']);
    const seen = hasProc ? await watch(child.pid ?? 0, ended, { home }) : undefined;
    const url = (await ended).stdout.trim();
    const { password, port } = new URL(url);
    expect(password.length).toBeGreaterThan(20);

    if (seen) {
      expect([...seen.listening]).toEqual([`tcp 127.0.0.1:${port}`]);
      // Its making included.
      for (const line of seen.commandLines) commandLines.add(line);
      expect([...commandLines].join('\n')).toMatch(/initdb.*--pwfile/);
      expect([...commandLines].filter((line) => line.includes(password))).toEqual([]);
    }
    const directory = join(home, 'postgres', 'default');
    const mode = (path: string): string => (statSync(join(directory, path)).mode & 0o777).toString(8);
    expect({
      '.': mode('.'),
      data: mode('data'),
      'instance.json': mode('instance.json'),
      'server.log': mode('server.log'),
    }).toEqual({ '.': '700', data: '700', 'instance.json': '600', 'server.log': '600' });
    expect(existsSync(join(directory, 'password'))).toBe(false);

    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query<Record<string, string>>(
      `select
        current_setting('listen_addresses') as addresses,
        current_setting('unix_socket_directories') as sockets,
        current_setting('password_encryption') as encryption,
        (select string_agg(distinct auth_method, ', ') from pg_hba_file_rules) as methods,
        (select string_agg(distinct address, ', ' order by address) from pg_hba_file_rules) as hosts,
        (select left(rolpassword, 14) from pg_authid where rolname = current_user) as stored`,
    );
    await client.end();
    expect(rows).toEqual([
      {
        addresses: '127.0.0.1',
        sockets: '',
        encryption: 'scram-sha-256',
        methods: 'scram-sha-256',
        hosts: '127.0.0.1, ::1',
        stored: 'SCRAM-SHA-256$',
      },
    ]);
    await expect(new pg.Client({ connectionString: url.replace(password, 'guessed') }).connect()).rejects.toMatchObject(
      {
        code: '28P01',
      },
    );
  });
});
