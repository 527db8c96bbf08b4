import { spawnSync } from 'node:child_process';
import { chmod, chown, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { expect, test } from 'vitest';
import { stopEmbedded } from '../../src/postgres/index.js';
import { bin, run } from '../support/cli.js';
import { Proxy } from '../support/proxy.js';
import { freshDatabase, serverUrl, type FreshDatabase } from '../support/postgres.js';
import {
  account,
  accounts,
  failureOf,
  read,
  reads,
  scratchDirectory,
  stream,
  sync,
  until,
  untilFile,
  type FakeRow,
  type Step,
} from './support.js';

const okAccounts = (): FakeRow[] => [read('aws_organizations_accounts', 'ok')];
const safe = 'the rows of the previous sync are all still there';

interface Synced {
  database: FreshDatabase;
  unchanged: () => Promise<void>;
  /** What the next sync has to be able to do. */
  mended: () => Promise<void>;
}

async function synced(): Promise<Synced> {
  const database = await freshDatabase();
  await sync(database.url, stream([[accounts, [account(1)]]], okAccounts()));
  const state = () => database.query('select id, _cq_sync_time::text as time from aws_organizations_accounts');
  const before = await state();
  return {
    database,
    unchanged: async () => {
      expect(await state()).toEqual(before);
    },
    mended: async () => {
      await sync(database.url, stream([[accounts, [account(2)]]], okAccounts()));
      expect(await database.query('select id from aws_organizations_accounts')).toEqual([{ id: '2' }]);
    },
  };
}

/** So many megabytes that PostgreSQL cannot compress, row by row. */
function large(megabytes: number): Step[] {
  const rows = Array.from({ length: megabytes }, (_, index) => account(index, randomBytes(750_000).toString('base64')));
  return [
    { migrate: accounts },
    { migrate: reads },
    ...rows.map((row): Step => ({ insert: accounts, rows: [row] })),
    { insert: reads, rows: okAccounts() },
  ];
}

function can(program: string, ...args: string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

// Files of this server end a little after a segment of the write-ahead log, without which it would stop as a whole.
const blocks = (17 * 1024 * 1024) / 512;

test.skipIf(process.platform === 'win32')('the disk of the database is full: a file cannot grow', async () => {
  const home = await scratchDirectory();
  await chmod(home, 0o755);
  const script = `ulimit -f ${blocks} && exec "$0" db start`;
  const started = await run(['-c', script, bin], { program: '/bin/sh', env: { AWS_DELEGATION_HOME: home } });
  try {
    expect(started).toMatchObject({ code: 0 });
    const url = started.stdout.trim();
    await sync(url, stream([[accounts, [account(1)]]], okAccounts()));
    const error = await failureOf(sync(url, large(25)));
    expect(error).toMatchObject({ name: 'DatabaseError', exitCode: 4 });
    expect(error.message).toMatch(/^Writing to PostgreSQL failed: could not extend file "[^"]+".*: File too large/);
    expect(error.message).toContain(safe);
    expect(error.message).toContain('Make room on the disk of the database, and run the sync again.');
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    expect((await client.query('select id from aws_organizations_accounts')).rows).toEqual([{ id: '1' }]);
    await sync(url, stream([[accounts, [account(2)]]], okAccounts()));
    expect((await client.query('select id from aws_organizations_accounts')).rows).toEqual([{ id: '2' }]);
    await client.end();
  } finally {
    await stopEmbedded({ home });
  }
});

const canMount = process.getuid?.() === 0 && process.platform === 'linux' && mounted((path) => can('test', '-d', path));
if (!canMount) console.warn('No full disk is tried: only root may mount a small one, on Linux.');

/** A file system of four megabytes. */
function mounted(use: (path: string) => boolean): boolean {
  const path = `/tmp/aws-delegation-test-mount-${process.pid}`;
  return (
    can('mkdir', path) &&
    can('mount', '-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', path) &&
    use(path) &&
    can('umount', path) &&
    can('rmdir', path)
  );
}

test.runIf(canMount)('the disk of the database is full: no space is left', async () => {
  const { database, unchanged, mended } = await synced();
  const directory = await scratchDirectory();
  await chmod(directory, 0o755);
  const disk = join(directory, 'disk');
  await mkdir(disk);
  expect(can('mount', '-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', disk)).toBe(true);
  const name = `full_${randomBytes(4).toString('hex')}`;
  try {
    const space = join(disk, 'space');
    await mkdir(space, { mode: 0o700 });
    const [where] = await database.query<{ directory: string }>(
      `select current_setting('data_directory') as directory`,
    );
    const { uid, gid } = await stat(where?.directory ?? '');
    await chown(space, uid, gid);
    await database.query(`create tablespace ${name} location '${space}'`);
    const url = new URL(database.url);
    url.searchParams.set('temp_tablespaces', name);
    const error = await failureOf(sync(url.href, large(6)));
    expect(error).toMatchObject({ name: 'DatabaseError', exitCode: 4, code: '53100' });
    expect(error.message).toMatch(/^Writing to PostgreSQL failed: could not .*: No space left on device/);
    expect(error.message).toContain(safe);
    expect(error.message).toContain('Make room on the disk of the database, and run the sync again.');
    await unchanged();
    await mended();
    await database.query(`drop tablespace ${name}`);
  } finally {
    can('umount', disk);
    await rm(disk, { recursive: true, force: true });
  }
});

test('no connection is left: the message says whose limit it is', async () => {
  const { database, unchanged, mended } = await synced();
  const role = `limited_${randomBytes(4).toString('hex')}`;
  const admin = new pg.Client({ connectionString: await serverUrl() });
  await admin.connect();
  await admin.query(`create role ${role} login password 'limited' connection limit 1`);
  const url = new URL(database.url);
  url.username = role;
  url.password = 'limited';
  const only = new pg.Client({ connectionString: url.href });
  await only.connect();
  const error = await failureOf(sync(url.href, []));
  expect(error).toMatchObject({ name: 'DatabaseError', exitCode: 4, code: '53300' });
  expect(error.message).toContain(`as ${role} failed: there is no connection left: too many connections for role`);
  expect(error.message).toContain('pg_stat_activity');
  expect(error.message).not.toContain('limited@');
  await only.end();
  await unchanged();

  const inDatabase = `alter database ${database.name} connection limit`;
  await admin.query(`${inDatabase} 0`);
  expect((await failureOf(sync(url.href, []))).message).toContain('too many connections for database');
  await admin.query(`${inDatabase} -1; drop role ${role}`);
  await admin.end();
  await mended();
});

test('a table that is locked for a while is waited for, and who holds it is said', async () => {
  const { database } = await synced();
  const blocker = await database.connect();
  await blocker.query(`set application_name = 'a report'; begin; lock table aws_organizations_accounts`);
  const notices: string[] = [];
  const running = sync(database.url, stream([[accounts, [account(3)]]], okAccounts()), {
    onNotice: (text) => notices.push(text),
  });
  await until(() => notices.length > 0, 'a notice');
  const [backend] = (await blocker.query<{ pid: number }>('select pg_backend_pid() as pid')).rows;
  expect(notices).toEqual([
    expect.stringMatching(
      new RegExp(
        `waiting for session ${String(backend?.pid)} of user postgres \\(a report\\), .*, since 20\\d\\d-.* UTC, which has aws_organizations_accounts`,
      ),
    ),
  ]);
  await blocker.query('rollback');
  await running;
  expect(await database.query('select id from aws_organizations_accounts')).toEqual([{ id: '3' }]);
  expect(notices).toHaveLength(1);
});

test('a table that stays locked ends the sync, before AWS is read where it can', async () => {
  const { database, unchanged, mended } = await synced();
  const blocker = await database.connect();
  for (const table of ['aws_organizations_accounts', 'aws_delegation_reads']) {
    await blocker.query(`set application_name = 'a report'; begin; lock table ${table}`);
    const error = await failureOf(
      sync(database.url, stream([[accounts, [account(3)]]], okAccounts()), { lockPatienceMs: 3000 }),
    );
    expect(error).toMatchObject({ name: 'DatabaseError', exitCode: 4, code: '55P03' });
    expect(error.message).toMatch(
      /3 seconds were not enough: session \d+ of user postgres \(a report\), .* which has aws_/,
    );
    expect(error.message).toContain(safe);
    expect(error.message).toMatch(
      /End its transaction, or the session with: select pg_terminate_backend\(\d+\);.* run the sync again/,
    );
    await blocker.query('rollback');
    await unchanged();
  }
  await mended();
});

test('the network to PostgreSQL is lost for three seconds and comes back: the sync goes on', async () => {
  const { database } = await synced();
  const proxy = await Proxy.to(() => Number(new URL(database.url).port));
  const directory = await scratchDirectory();
  const [reached, goOn] = [join(directory, 'reached'), join(directory, 'go-on')];
  const [first, ...rest] = stream([[accounts, [account(7)]]], okAccounts());
  const running = sync(proxy.through(database.url), [
    { touch: reached },
    { waitFor: goOn },
    ...(first ? [first] : []),
    ...rest,
  ]);
  await untilFile(reached);
  proxy.hold();
  await writeFile(goOn, '');
  setTimeout(() => void proxy.heal(), 3000);
  await running;
  await proxy.close();
  expect(await database.query('select id from aws_organizations_accounts')).toEqual([{ id: '7' }]);
});

test('the network to PostgreSQL breaks: while AWS is read, inside the transaction, and in its commit', async () => {
  const { database, unchanged, mended } = await synced();
  const proxy = await Proxy.to(() => Number(new URL(database.url).port));
  const url = proxy.through(database.url);
  for (const before of [[], [{ migrate: accounts }, { migrate: reads }, { insert: accounts, rows: [account(3)] }]]) {
    const reached = join(await scratchDirectory(), 'reached');
    const running = failureOf(sync(url, [...before, { touch: reached }, { untilCancelled: `${reached}-end` }]));
    await untilFile(reached);
    await proxy.cut();
    const error = await running;
    expect(error).toMatchObject({ name: 'DatabaseError', exitCode: 4 });
    expect(error.message).toMatch(/^Writing to PostgreSQL failed: the connection broke: /);
    expect(error.message).toContain(safe);
    expect(error.message).toContain('When the server can be reached again, run the sync again.');
    const refused = await failureOf(sync(url, []));
    expect(refused.message).toMatch(/is not reachable \(ECONNREFUSED\)\. Start it, or check host and port/);
    await proxy.heal();
  }
  await unchanged();

  proxy.onRequest = async (chunk) => {
    if (chunk.includes('Q\0\0\0\x0bcommit\0')) await proxy.cut();
  };
  const open = await failureOf(sync(url, stream([[accounts, [account(3)]]], okAccounts())));
  expect(open).toMatchObject({ exitCode: 4 });
  expect(open.message).toMatch(
    /while this sync was being committed .* which of the two is not known\. Run the sync again/,
  );
  await proxy.close();
  await mended();
});
