import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { bin, start, type Ended, type Running } from '../support/cli.js';
import { Proxy } from '../support/proxy.js';
import { freshDatabase, type FreshDatabase } from '../support/postgres.js';

const spec = `kind: source
spec:
  name: test
  registry: local
  path: bin/aws-delegation
  tables: ['aws_organization*']
  destinations: [postgresql]
  spec: {regions: [us-east-1]}
`;

let folder: string;
let temporary: string;
let simulator: Simulator;
let database: FreshDatabase;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cli-adversity-'));
  writeFileSync(join(folder, 'spec.yml'), spec);
  database = await freshDatabase();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  temporary = join(folder, 'tmp');
  mkdirSync(temporary);
  simulator = await startSimulator({ scenario: 'demo' });
});
afterEach(async () => {
  await simulator.close();
  // Whatever happened, nothing is left.
  expect(readdirSync(temporary)).toEqual([]);
  rmSync(temporary, { recursive: true });
});

interface Given {
  url?: string;
  /** Of any file, in blocks of 512 bytes. */
  longestFile?: number;
  TMPDIR?: string;
}

function sync({ url = simulator.url, longestFile, TMPDIR = temporary }: Given = {}): Running {
  const args = ['sync', 'spec.yml', '--database', database.url];
  const limited = ['-c', `ulimit -f ${String(longestFile)} && exec "$0" "$@"`, bin, ...args];
  return start(longestFile === undefined ? args : limited, {
    ...(longestFile !== undefined && { program: '/bin/sh' }),
    cwd: folder,
    env: {
      TMPDIR,
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: 'simulated',
      AWS_SECRET_ACCESS_KEY: 'simulated',
      AWS_REGION: 'us-east-1',
    },
  });
}

async function count(): Promise<number> {
  const [row] = await database.query<{ count: number }>(
    'select count(*)::int as count from aws_organizations_accounts',
  );
  return row?.count ?? 0;
}

const syncTimes = (): Promise<Record<string, unknown>[]> =>
  database.query('select distinct _cq_sync_time::text as time from aws_organizations_accounts');

it('the disk of the temporary folder is full: says which folder, and leaves the rows and nothing else', async () => {
  expect((await sync().ended).code).toBe(0);
  const accounts = await count();
  expect(accounts).toBeGreaterThan(0);
  const before = await syncTimes();
  const failed = (await sync({ longestFile: 16 }).ended) satisfies Ended;
  expect({ code: failed.code, stdout: failed.stdout }).toEqual({ code: 4, stdout: '' });
  expect(failed.stderr).toMatch(
    /^keeping the rows of aws_\w+ in a temporary file under \S+: EFBIG: file too large, write/,
  );
  expect(failed.stderr).toContain(`under ${temporary}: `);
  expect(failed.stderr).toContain(
    'every stored row stays as it was. Make room there or let TMPDIR name another folder',
  );
  expect(failed.stderr).not.toContain('mistake in aws-delegation');
  expect(await syncTimes()).toEqual(before);
  expect((await sync().ended).code).toBe(0);
});

it('a temporary folder that is not there, or closed', async () => {
  const gone = join(folder, 'gone');
  const { code, stderr } = await sync({ TMPDIR: gone }).ended;
  expect(code).toBe(4);
  expect(stderr).toMatch(
    /^Making a folder for the plugin's socket under \S+gone failed: ENOENT.* Nothing was read or written\..* TMPDIR/,
  );
  expect(stderr).not.toContain('mistake in aws-delegation');
  if (process.getuid?.() === 0) return;
  mkdirSync(gone);
  chmodSync(gone, 0o500);
  expect((await sync({ TMPDIR: gone }).ended).stderr).toContain('EACCES');
  rmSync(gone, { recursive: true });
});

/** A sync on whose way to AWS something happens after so many requests, which has an end three seconds later. */
async function broken(proxy: Proxy, breakIt: () => unknown): Promise<Ended> {
  const running = sync({ url: proxy.through(simulator.url) });
  await vi.waitFor(
    () => {
      expect(simulator.requests.length).toBeGreaterThan(8);
    },
    { timeout: 30_000, interval: 1 },
  );
  await breakIt();
  const requests = simulator.requests.length;
  await delay(3000);
  expect(simulator.requests.length).toBeLessThanOrEqual(requests + 1);
  await proxy.heal();
  return running.ended;
}

it.each(['hold', 'cut'] as const)(
  'the network to AWS is lost for three seconds (%s): retries carry it',
  async (how) => {
    const proxy = await Proxy.to(() => Number(new URL(simulator.url).port));
    simulator.fault({ operation: '*', kind: 'slow', ms: 20 });
    const { code, stderr } = await broken(proxy, () => proxy[how]());
    await proxy.close();
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^synced [\d,]+ rows/) as string });
    expect(await count()).toBe(simulator.scenario.organization?.accounts.length);
    expect(existsSync(temporary)).toBe(true);
  },
);
