import { appendFile, chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  DatabaseError,
  embeddedHome,
  embeddedStatus,
  embeddedUrl,
  openEmbedded,
  startEmbedded,
  stopEmbedded,
  type EmbeddedOptions,
} from '../../src/postgres/index.js';

let home: string;
let notices: string[];
let options: EmbeddedOptions;
const others: Server[] = [];

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'aws-delegation-test-'));
  await chmod(home, 0o755);
  notices = [];
  options = { home, fsync: false, onNotice: (text) => notices.push(text) };
});

afterEach(async () => {
  await stopEmbedded({ home });
  for (const server of others.splice(0)) server.close();
  await rm(home, { recursive: true, force: true });
});

async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

async function isRunning(): Promise<boolean> {
  return (await embeddedStatus({ home }))?.isRunning ?? false;
}

async function postmasterPid(dataDirectory: string): Promise<number> {
  return Number((await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8')).split('\n')[0]);
}

async function untilDead(pid: number): Promise<void> {
  await vi.waitFor(
    () => {
      expect(() => process.kill(pid, 0)).toThrow('ESRCH');
    },
    { timeout: 20_000, interval: 10 },
  );
}

test('what was stored is there in the next run, and between the runs no server is', async () => {
  const first = await openEmbedded(options);
  expect(first.version).toMatch(/^\d+\.\d+/);
  await query(first.url, 'create table kept (id int); insert into kept values (7)');
  expect(
    await query(
      first.url,
      `select current_setting('server_encoding') as encoding, lower('ÄÖ') as lower, current_setting('TimeZone') as zone,
        current_setting('listen_addresses') as addresses, 'B' < 'a' as by_code_point`,
    ),
  ).toEqual([{ encoding: 'UTF8', lower: 'äö', zone: 'UTC', addresses: '127.0.0.1', by_code_point: true }]);
  await first.release();
  expect(await isRunning()).toBe(false);

  const second = await openEmbedded(options);
  expect(second.url).toBe(first.url);
  expect(await query(second.url, 'select id from kept')).toEqual([{ id: 7 }]);
  await second.release();
  expect(notices).toEqual([]);
});

test('the password is random, asked for, and readable by its owner only', async () => {
  const embedded = await openEmbedded(options);
  const url = new URL(embedded.url);
  expect(url.password.length).toBeGreaterThan(20);
  url.password = 'guessed';
  await expect(query(url.href, 'select 1')).rejects.toMatchObject({ code: '28P01' });
  const directory = join(home, 'postgres', 'default');
  const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8);
  expect(await mode(directory)).toBe('700');
  expect(await mode(join(directory, 'instance.json'))).toBe('600');
  await embedded.release();
});

test('a file with the password that is cut short or damaged is named, and not quoted', async () => {
  const embedded = await openEmbedded(options);
  const { password } = new URL(embedded.url);
  await embedded.release();
  const path = join(home, 'postgres', 'default', 'instance.json');
  const text = await readFile(path, 'utf8');
  for (const damaged of [`x${text}`, text.replace('"password":"', '"password":'), text.slice(0, -5), '']) {
    await writeFile(path, damaged);
    const error = await openEmbedded(options).then(
      () => undefined,
      (caught: unknown) => caught as Error,
    );
    expect(error?.message).toContain(`${path} cannot be used (it is no JSON)`);
    for (const part of [password.slice(0, 5), password.slice(-5)]) expect(error?.message).not.toContain(part);
  }
  await writeFile(path, text);
});

test('the last one out stops the server', async () => {
  const [one, two] = await Promise.all([openEmbedded(options), openEmbedded(options)]);
  await one.release();
  expect(await query(two.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await two.release();
  expect(await isRunning()).toBe(false);
});

test('two names are two servers', async () => {
  const one = await openEmbedded(options);
  const two = await openEmbedded({ ...options, name: 'demo' });
  expect(two.dataDirectory).not.toBe(one.dataDirectory);
  await query(one.url, 'create table only_here ()');
  await expect(query(two.url, 'select from only_here')).rejects.toMatchObject({ code: '42P01' });
  await Promise.all([one.release(), two.release()]);
  expect((await embeddedStatus({ home, name: 'demo' }))?.isRunning).toBe(false);
  await expect(openEmbedded({ ...options, name: '../elsewhere' })).rejects.toThrow('not a name');
});

test('first runs at once end up with one database', async () => {
  const all = await Promise.all([1, 2, 3].map(() => openEmbedded(options)));
  expect(new Set(all.map(({ url }) => url)).size).toBe(1);
  await Promise.all(all.map((embedded) => embedded.release()));
  expect(await isRunning()).toBe(false);
});

test('runs that come and go at once never find a server that is just stopping', async () => {
  const runs = Array.from({ length: 3 }, async () => {
    for (let round = 0; round < 4; round++) {
      const embedded = await openEmbedded(options);
      expect(await query(embedded.url, 'select 1 as one')).toEqual([{ one: 1 }]);
      await embedded.release();
    }
  });
  await Promise.all(runs);
  expect(await isRunning()).toBe(false);
  expect(notices).toEqual([]);
});

test('db start keeps it, db stop ends it, and not under somebody', async () => {
  expect(await embeddedUrl({ home })).toBeUndefined();
  expect(await stopEmbedded({ home })).toEqual({ isStopped: true, wasRunning: false });
  const started = await startEmbedded(options);
  const run = await openEmbedded(options);
  await run.release();
  expect(await embeddedStatus({ home })).toMatchObject({ isRunning: true, isKept: true, url: started.url });

  const busy = await openEmbedded(options);
  expect(await stopEmbedded(options)).toEqual({ isStopped: false, wasRunning: true });
  expect(await query(busy.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await busy.release();
  expect(await embeddedStatus({ home })).toMatchObject({ isRunning: false, isKept: false });

  await startEmbedded(options);
  expect(await stopEmbedded(options)).toEqual({ isStopped: true, wasRunning: true });
  expect(await embeddedUrl({ home })).toBe(started.url);
});

test('a run that was killed leaves a server that the next run uses, and stops', async () => {
  const killed = await openEmbedded(options);
  // All that is left of a killed process: its connection is gone, and nobody stopped anything.
  await query(
    killed.url.replace(/aws_delegation$/, 'postgres'),
    `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'aws-delegation embedded'`,
  );
  expect(await isRunning()).toBe(true);
  const next = await openEmbedded(options);
  await next.release();
  expect(await isRunning()).toBe(false);
  // Nobody may be harmed by a release that comes late.
  const other = await openEmbedded(options);
  await killed.release();
  expect(await query(other.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await other.release();
});

test('PostgreSQL killed with SIGKILL: the next run recovers what was committed', async () => {
  const embedded = await openEmbedded(options);
  await query(embedded.url, 'create table kept (id int); insert into kept values (7)');
  const pid = await postmasterPid(embedded.dataDirectory);
  process.kill(pid, 'SIGKILL');
  await untilDead(pid);
  await embedded.release();
  const next = await openEmbedded(options);
  expect(await query(next.url, 'select id from kept')).toEqual([{ id: 7 }]);
  await next.release();
});

test('killed while a long statement was at work: the next run waits until its process has noticed', async () => {
  const embedded = await openEmbedded(options);
  const client = new pg.Client({ connectionString: embedded.url });
  client.on('error', () => undefined);
  await client.connect();
  const busy = client.query(`do $$ begin while clock_timestamp() < now() + interval '3 seconds' loop end loop; end $$`);
  await vi.waitFor(async () => {
    const rows = await query(embedded.url, `select from pg_stat_activity where state = 'active' and query like 'do %'`);
    expect(rows).toHaveLength(1);
  });
  const pid = await postmasterPid(embedded.dataDirectory);
  process.kill(pid, 'SIGKILL');
  await untilDead(pid);
  await embedded.release();
  const next = await openEmbedded(options);
  expect(await query(next.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await next.release();
  // It came to its end, which nobody could have told beforehand.
  await busy;
  await client.end().catch(() => undefined);
});

test('a postmaster.pid whose number now belongs to another program is no obstacle', async () => {
  const first = await openEmbedded(options);
  await first.release();
  const file = join(first.dataDirectory, 'postmaster.pid');
  await writeFile(file, `${process.pid}\n${first.dataDirectory}\n1\n5432\n\n127.0.0.1\n0 0\nready   \n`);
  const next = await openEmbedded(options);
  expect(await query(next.url, 'select 1 as one')).toEqual([{ one: 1 }]);
  await next.release();
  expect(notices).toEqual([expect.stringContaining(`process ${process.pid} is`)]);
});

test('a port that is taken is replaced, and that is said', async () => {
  const first = await openEmbedded(options);
  await first.release();
  const port = Number(new URL(first.url).port);
  await new Promise<void>((resolve) => {
    others.push(createServer().listen(port, '127.0.0.1', resolve));
  });
  const next = await openEmbedded(options);
  expect(Number(new URL(next.url).port)).not.toBe(port);
  expect(notices).toEqual([expect.stringContaining(`port ${port} is taken`)]);
  await next.release();
});

test('data of another major version is refused with the way out and left alone; its server can be stopped', async () => {
  const first = await startEmbedded(options);
  const path = join(first.dataDirectory, 'PG_VERSION');
  const major = await readFile(path, 'utf8');
  await writeFile(path, '12\n');
  for (const open of [openEmbedded, startEmbedded]) {
    const error = await open(options).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(DatabaseError);
    const directory = join(home, 'postgres', 'default');
    expect(String(error)).toContain(
      `the data in ${first.dataDirectory} is of PostgreSQL 12, and the installed server, ${first.version}`,
    );
    expect(String(error)).toContain(`mv ${directory} ${directory}.12, and sync again`);
    expect(String(error)).toContain('aws_policy_result_changes');
    expect(String(error)).toContain('An embedded database of another version');
  }
  expect(await stopEmbedded(options)).toEqual({ isStopped: true, wasRunning: true });
  expect(await readFile(path, 'utf8')).toBe('12\n');
  await writeFile(path, major);
  await (await openEmbedded(options)).release();
});

test('the log of the server does not grow for ever', async () => {
  const first = await openEmbedded(options);
  await first.release();
  const log = join(dirname(first.dataDirectory), 'server.log');
  const long = 'x'.repeat(1024 * 1024);
  await appendFile(log, long);
  await (await openEmbedded(options)).release();
  expect(await readFile(`${log}.1`, 'utf8')).toContain(long);
  const { size, mode } = await stat(log);
  expect({ isShort: size > 0 && size < 100_000, mode: mode & 0o777 }).toEqual({ isShort: true, mode: 0o600 });
});

test('what a killed first run left behind is removed, what one that is at work is making is not', async () => {
  const [old, fresh] = [join(home, 'postgres', 'default.000000000000'), join(home, 'postgres', 'default.111111111111')];
  await mkdir(join(old, 'data'), { recursive: true });
  await mkdir(fresh);
  await utimes(old, 1_000_000_000, 1_000_000_000);
  await (await openEmbedded(options)).release();
  expect((await readdir(join(home, 'postgres'))).sort()).toEqual(['default', 'default.111111111111']);
  // A first run was all that it takes: the next ones look too.
  const settings = join(home, 'postgres', 'default', 'instance.json.222222222222');
  await writeFile(settings, '');
  for (const each of [fresh, settings]) await utimes(each, 1_000_000_000, 1_000_000_000);
  await (await openEmbedded(options)).release();
  expect(await readdir(join(home, 'postgres'))).toEqual(['default']);
  expect(await readdir(join(home, 'postgres', 'default'))).not.toContain('instance.json.222222222222');
});

test('a server that cannot start says what its log says', async () => {
  const first = await openEmbedded(options);
  await first.release();
  const conf = join(first.dataDirectory, 'postgresql.conf');
  const before = await readFile(conf, 'utf8');
  await writeFile(conf, `${before}\nno_such_setting = 1\n`);
  await expect(openEmbedded(options)).rejects.toThrow(/no_such_setting.*server\.log/s);
  await writeFile(conf, before);
});

test.runIf(process.getuid?.() === 0)(
  'as root, a home that the service user cannot reach is an error that says so',
  async () => {
    const closed = join(home, 'closed');
    await mkdir(closed, { mode: 0o700 });
    await expect(openEmbedded({ ...options, home: join(closed, 'inside') })).rejects.toThrow(
      /cannot reach .*AWS_DELEGATION_HOME/,
    );
  },
);

test('a home that is a file is an error that says so', async () => {
  await writeFile(join(home, 'file'), '');
  await expect(openEmbedded({ ...options, home: join(home, 'file') })).rejects.toThrow(
    /cannot be used \(\w+\)\. Let AWS_DELEGATION_HOME/,
  );
});

test('the home is what the environment says', () => {
  expect(embeddedHome({ AWS_DELEGATION_HOME: '/srv/data' })).toBe('/srv/data');
  expect(embeddedHome({ AWS_DELEGATION_HOME: '' })).toBe(embeddedHome({}));
});
