import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { addressOfHost, buildImage, findCompose, findDocker, postgresImage, projectRoot } from './support.js';

const execute = promisify(execFile);

/** Superset's tables alone take minutes to make on two processors that others use as well. */
const withDashboard = process.env['AWS_DELEGATION_TEST_DASHBOARD'] === '1';
const supersetImage = 'apache/superset:6.1.0';

const compose = await findCompose();
const found =
  compose === undefined
    ? 'there is no docker compose'
    : await findDocker([postgresImage, ...(withDashboard ? [supersetImage] : [])]);
if (typeof found === 'string') process.stdout.write(`tests of compose.yml left out: ${found}\n`);
else if (!withDashboard)
  process.stdout.write('the dashboard of compose.yml left out: set AWS_DELEGATION_TEST_DASHBOARD=1\n');

const secrets = {
  POSTGRES_PASSWORD: 'admin-of-the-tests',
  // Characters that a URL would have to escape.
  WRITER_PASSWORD: 'writer:of/the@tests',
  READER_PASSWORD: 'reader-of-the-tests',
  DASHBOARD_PASSWORD: 'dashboard-of/the@tests',
  SUPERSET_SECRET_KEY: 'key-of-the-tests-that-is-long-enough-for-it',
  ADMIN_PASSWORD: 'browser-of-the-tests',
  AWS_SECRET_ACCESS_KEY: 'secret/Of+The/Tests',
};

describe.skipIf(typeof found === 'string')('compose.yml', { timeout: 240_000 }, () => {
  const project = `aws-delegation-test-${process.pid}`;
  const image = `${project}:latest`;
  const dashboardImage = `${project}-dashboard:latest`;
  let folder: string;
  let simulator: Simulator;

  /** As a user says it, with an .env of their own. */
  async function run(...args: string[]): Promise<string> {
    const [program = '', ...words] = compose ?? [];
    const options = ['--project-name', project, '--project-directory', projectRoot];
    const files = ['--file', join(projectRoot, 'compose.yml'), '--env-file', join(folder, '.env')];
    // What is in the environment goes before what is in the file.
    const { PATH, HOME, DOCKER_HOST } = process.env;
    const { stdout, stderr } = await execute(program, [...words, ...options, ...files, ...args], {
      cwd: projectRoot,
      env: { PATH, HOME, DOCKER_HOST },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout + (args[0] === 'logs' ? stderr : '');
  }

  /** Nights that have ended, by what the log says of them. */
  async function nights(): Promise<string[]> {
    const log = await run('logs', '--no-color', 'nightly');
    return [...log.matchAll(/nightly: this night (.*)/g)].map(([, line = '']) => line);
  }

  async function nightEnded(count: number): Promise<string> {
    return until(async () => (await nights())[count - 1]);
  }

  async function until<Value>(look: () => Promise<Value | undefined>): Promise<Value> {
    for (const end = Date.now() + 150_000; ;) {
      const value = await look();
      if (value !== undefined) return value;
      if (Date.now() > end) throw new Error(`waited in vain; ${await run('logs', '--no-color', '--tail', '40')}`);
      await delay(250);
    }
  }

  const container = async (service: string) => {
    if (typeof found === 'string') throw new Error(found);
    return found.getContainer((await run('ps', '--quiet', service)).trim());
  };

  async function query(user: string, password: string, text: string): Promise<Record<string, unknown>[]> {
    const [host, port] = (await run('port', 'postgres', '5432')).trim().split(':');
    const client = new pg.Client({ host, port: Number(port), user, password, database: 'aws_delegation' });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text)).rows;
    } finally {
      await client.end();
    }
  }

  const read = (text: string) => query('aws_delegation_reader', secrets.READER_PASSWORD, text);

  beforeAll(async () => {
    if (typeof found === 'string') return;
    folder = await mkdtemp(join(tmpdir(), 'aws-delegation-compose-'));
    const settings: Record<string, string> = {
      ...secrets,
      AWS_ACCESS_KEY_ID: 'AKIAKEYOFTHETESTS0',
      AWS_REGION: 'us-east-1',
      NIGHTLY_AT: '02:30',
      POSTGRES_IMAGE: postgresImage,
      IMAGE: image,
      DASHBOARD_IMAGE: dashboardImage,
      // Any that is free.
      POSTGRES_PORT: '0',
      DASHBOARD_PORT: '0',
    };
    const write = () => {
      const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
      return writeFile(join(folder, '.env'), lines.join(''), { mode: 0o600 });
    };
    await write();
    await buildImage(image);
    if (withDashboard) await run('build', 'dashboard-setup');
    // The address of this machine in the network of the project is there as soon as somebody is in it.
    await run('up', '--detach', '--no-build', 'postgres');
    const { IPAM } = (await found.getNetwork(`${project}_default`).inspect()) as {
      IPAM: { Config: { Gateway?: string }[] };
    };
    const { listen, reach } = addressOfHost(IPAM.Config[0]?.Gateway ?? '');
    simulator = await startSimulator({ scenario: 'demo', host: listen });
    settings['AWS_ENDPOINT_URL'] = `http://${reach}:${new URL(simulator.url).port}`;
    await write();
    await run('up', '--detach', '--no-build', ...(withDashboard ? [] : ['nightly']));
  }, 900_000);

  afterAll(async () => {
    if (typeof found === 'string') return;
    await run('down', '--volumes', '--timeout', '5').finally(() =>
      Promise.allSettled([
        found.getImage(image).remove({ noprune: true }),
        found.getImage(dashboardImage).remove({ noprune: true }),
        (simulator as Simulator | undefined)?.close(),
        rm(folder, { recursive: true, force: true }),
      ]),
    );
  }, 120_000);

  it('syncs and checks at once, and says when the next night is', async () => {
    expect(await nightEnded(1)).toMatch(/^is done; the next one begins at \d{4}-\d\d-\d\dT02:30:00Z$/);
    const log = await run('logs', '--no-color', 'nightly');
    expect(log).toMatch(/nightly: sync ended with 0; check/);
    expect(log).toMatch(/nightly: check ended with 1; report/);
    expect(log).toMatch(/nightly: report ended with 0/);
  });

  it('the tables and the verdicts are in PostgreSQL, for a role that may only read', async () => {
    const accounts = simulator.scenario.organization?.accounts.length ?? -1;
    expect(await read('select from aws_organizations_accounts')).toHaveLength(accounts);
    const [failed] = await read(`select count(*)::int as count from aws_policy_results where status = 'fail'`);
    expect(failed?.['count']).toBeGreaterThan(0);
    expect(await read('select from delegation.delegations')).not.toEqual([]);
    await expect(read('delete from aws_organizations_accounts')).rejects.toThrow(/permission denied/);
    await expect(read('create table x ()')).rejects.toThrow(/permission denied/);
  });

  it('the report and the verdicts are in the volume, under a name that stays and one of the day', async () => {
    const files = (await run('exec', '-T', 'nightly', 'ls', '/reports')).trim().split(/\s+/);
    const day = expect.stringMatching(/-\d{4}-\d\d-\d\d\./) as string;
    expect(files).toEqual([day, 'check.md', day, 'report.html']);
    expect(await run('exec', '-T', 'nightly', 'head', '-c', '200', '/reports/report.html')).toMatch(/<!doctype html>/i);
    expect(await run('exec', '-T', 'nightly', 'cat', '/reports/check.md')).toContain(
      'security_services_held_by_infosec',
    );
  });

  it('is as closed as it says: no root, no capability, nothing to write to but /tmp and the volume', async () => {
    for (const service of ['postgres', 'nightly', ...(withDashboard ? ['dashboard'] : [])]) {
      const { HostConfig } = await (await container(service)).inspect();
      expect(HostConfig).toMatchObject({ ReadonlyRootfs: true, CapDrop: ['ALL'], Privileged: false });
      const told = await run(
        'exec',
        '-T',
        service,
        'sh',
        '-c',
        'id -u; grep CapEff /proc/1/status; touch /x 2>&1; true',
      );
      expect(told, service).not.toMatch(/^0$/m);
      expect(told, service).toMatch(/CapEff:\s0+$/m);
      expect(told, service).toContain('Read-only file system');
    }
    expect(await run('port', 'postgres', '5432')).toMatch(/^127\.0\.0\.1:\d+\s*$/);
  });

  it('a second `up` takes the passwords that .env has by then', async () => {
    await expect(query('aws_delegation_reader', 'another', 'select 1')).rejects.toThrow(/authentication failed/);
    await run('run', '--rm', '-e', 'READER_PASSWORD=another', 'roles');
    await query('aws_delegation_reader', 'another', 'select 1');
    await run('run', '--rm', 'roles');
    await read('select 1');
  });

  it('survives a night that fails, says so, and loses nothing', async () => {
    const healthy = async () => (await (await container('nightly')).inspect()).State.Health?.Status;
    await until(async () => ((await healthy()) === 'healthy' ? true : undefined));
    const fault = simulator.fault({
      operation: '*',
      kind: 'error',
      code: 'InvalidClientTokenId',
      status: 403,
      message: 'no',
    });
    // Asleep until the night, it stops when it is told to.
    const before = Date.now();
    await run('restart', 'nightly');
    expect(Date.now() - before).toBeLessThan(30_000);
    expect(await nightEnded(2)).toMatch(/^FAILED \(sync 4, check 1, report 0\); the next one begins at /);
    expect(fault.hits).toBeGreaterThan(0);
    fault.remove();
    expect((await (await container('nightly')).inspect()).State.Running).toBe(true);
    await expect(run('exec', '-T', 'nightly', 'grep', '--quiet', '^good', '/tmp/night')).rejects.toThrow();
    expect(await read('select from aws_organizations_accounts')).not.toEqual([]);
  });

  // Not as one that is left out: CI takes such a test for a fault.
  if (withDashboard) {
    it('the dashboard shows what the night has found', async () => {
      const base = `http://${(await run('port', 'dashboard', '8088')).trim()}`;
      await until(async () => ((await fetch(`${base}/health`).catch(() => undefined))?.ok === true ? true : undefined));
      const call = async (path: string, body?: unknown, token = ''): Promise<Record<string, unknown>> => {
        const answer = await fetch(base + path, {
          method: body === undefined ? 'GET' : 'POST',
          headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        expect(answer.status, `${path}: ${answer.statusText}`).toBe(200);
        return (await answer.json()) as Record<string, unknown>;
      };
      const login = { username: 'admin', password: secrets.ADMIN_PASSWORD, provider: 'db' };
      const token = (await call('/api/v1/security/login', login))['access_token'] as string;
      const { result: dashboards } = (await call('/api/v1/dashboard/', undefined, token)) as { result: unknown[] };
      expect(dashboards).toHaveLength(1);
      const { result: datasets } = (await call('/api/v1/dataset/', undefined, token)) as {
        result: { id: number; table_name: string }[];
      };
      expect(datasets.length).toBeGreaterThan(5);
      for (const { id, table_name: name } of datasets) {
        const rows = { expressionType: 'SQL', sqlExpression: 'count(*)', label: 'rows' };
        const answer = (await call(
          '/api/v1/chart/data',
          { datasource: { id, type: 'table' }, queries: [{ metrics: [rows], columns: [] }] },
          token,
        )) as { result: { error: unknown; data: { rows: number }[] }[] };
        expect(answer.result[0]?.error ?? null, name).toBeNull();
        expect(answer.result[0]?.data, name).toHaveLength(1);
        if (name === 'Verdicts') expect(answer.result[0]?.data[0]?.rows).toBeGreaterThan(0);
      }
    });
  }

  it('no secret is in a log', async () => {
    const log = await run('logs', '--no-color');
    expect(log.length).toBeGreaterThan(1000);
    for (const [name, secret] of Object.entries(secrets)) expect(log, name).not.toContain(secret);
  });
});
