import { existsSync } from 'node:fs';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, expect, test } from 'vitest';
import { openEmbedded } from '../../src/postgres/index.js';
import { freshDatabase, type FreshDatabase } from '../support/postgres.js';
import {
  account,
  accounts,
  failureOf,
  read,
  reads,
  scratchDirectory,
  spec,
  stream,
  sync,
  until,
  untilFile,
  type Script,
  type Step,
} from './support.js';

const okAccounts = () => [read('aws_organizations_accounts', 'ok')];
const safe = 'the rows of the previous sync are all still there';

/** A database with the rows of one good sync, and the check that they are all that is there. */
async function synced(): Promise<{ database: FreshDatabase; unchanged: () => Promise<void> }> {
  const database = await freshDatabase();
  await sync(database.url, stream([[accounts, [account(1), account(2)]]], okAccounts()));
  const state = () =>
    database.query(
      `select 'account' as kind, id, _cq_sync_time::text as time from aws_organizations_accounts
        union all
        select 'read', table_name || outcome, _cq_sync_time::text from aws_delegation_reads
        order by 1, 2`,
    );
  const before = await state();
  return {
    database,
    unchanged: async () => {
      expect(await state()).toEqual(before);
    },
  };
}

/** Announces, sends rows that would replace the earlier ones, and goes on with `then`. */
function midStream(...then: Step[]): Step[] {
  return [{ migrate: accounts }, { migrate: reads }, { insert: accounts, rows: [account(3)] }, ...then];
}

test('an error status in mid-stream: its text is shown as it is, and nothing changes', async () => {
  const { database, unchanged } = await synced();
  const details = '2 reads failed:\n  organizations:ListAccounts: throttled. Run the sync again later.';
  const error = await failureOf(sync(database.url, midStream({ status: { code: 13, details } })));
  expect(error).toMatchObject({ name: 'SyncError', exitCode: 4, message: details });
  await unchanged();
});

test('a spec or a table pattern that the plugin refuses is wrong usage', async () => {
  const { database, unchanged } = await synced();
  const refused = { code: 3, details: 'spec.regions: there is no Region us-mars-1.' };
  expect(await failureOf(sync(database.url, { init: refused, steps: [] }))).toMatchObject({
    exitCode: 3,
    message: refused.details,
  });
  const pattern = { code: 3, details: 'tables: no table matches aws_x*.' };
  expect(await failureOf(sync(database.url, [{ status: pattern }]))).toMatchObject({
    exitCode: 3,
    message: pattern.details,
  });
  // The plugin does not know the file; approvals and waivers it does.
  const both = { code: 3, details: "spec: unknown key 'ownrs'.\nspec.regions: none\n/a/approvals.yml, line 3: wrong" };
  const named = { spec: { ...spec, path: 'my.yml' } };
  expect(await failureOf(sync(database.url, { init: both, steps: [] }, named))).toMatchObject({
    message: "my.yml: spec: unknown key 'ownrs'.\nmy.yml: spec.regions: none\n/a/approvals.yml, line 3: wrong",
  });
  expect(await failureOf(sync(database.url, [{ status: pattern }], named))).toMatchObject({
    message: `my.yml: ${pattern.details}`,
  });
  const broken = { code: 13, details: 'sts:GetCallerIdentity: the profile org-audit has expired. Run aws sso login.' };
  expect(await failureOf(sync(database.url, { init: broken, steps: [] }))).toMatchObject({
    exitCode: 4,
    message: broken.details,
  });
  await unchanged();
});

test('the plugin killed in mid-stream: the message says how it ended, and nothing changes', async () => {
  const { database, unchanged } = await synced();
  const error = await failureOf(sync(database.url, midStream({ stderr: 'about to go\n' }, { kill: 'SIGKILL' })));
  expect(error).toMatchObject({ exitCode: 4 });
  expect(error.message).toContain('signal SIGKILL');
  expect(error.message).toContain('about to go');
  expect(error.message).toContain(safe);
  await unchanged();
});

test('the connection cut by PostgreSQL in mid-stream, and while AWS is read', async () => {
  const { database, unchanged } = await synced();
  for (const before of [midStream(), []]) {
    const directory = await scratchDirectory();
    const [reached, cancelled] = [join(directory, 'reached'), join(directory, 'cancelled')];
    const running = failureOf(sync(database.url, [...before, { touch: reached }, { untilCancelled: cancelled }]));
    await untilFile(reached);
    if (before.length > 0) await untilInTransaction(database);
    await database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name like 'aws-delegation sync %'`,
    );
    const error = await running;
    expect(error).toMatchObject({ name: 'DatabaseError', exitCode: 4 });
    expect(error.message).toContain(safe);
    expect(error.message).toContain('run the sync again');
    // The plugin was told to stop.
    await untilFile(cancelled);
  }
  await unchanged();
});

const homes: string[] = [];
afterEach(async () => {
  for (const home of homes.splice(0)) await rm(home, { recursive: true, force: true });
});

test('PostgreSQL stopped in mid-stream: after its next start the rows are all there', async () => {
  const home = await mkdtemp(join(tmpdir(), 'aws-delegation-test-'));
  homes.push(home);
  await chmod(home, 0o755);
  for (const signal of ['SIGKILL', 'SIGINT'] as const) {
    const embedded = await openEmbedded({ home, fsync: false });
    await sync(embedded.url, stream([[accounts, [account(1)]]], okAccounts()));
    const reached = join(await scratchDirectory(), 'reached');
    const running = failureOf(sync(embedded.url, midStream({ touch: reached }, { untilCancelled: `${reached}-end` })));
    await untilFile(reached);
    const [pid] = (await readFile(join(embedded.dataDirectory, 'postmaster.pid'), 'utf8')).split('\n');
    process.kill(Number(pid), signal);
    const error = await running;
    expect(error).toMatchObject({ name: 'DatabaseError', exitCode: 4 });
    expect(error.message).toContain(safe);
    await embedded.release();

    const again = await openEmbedded({ home });
    const client = new pg.Client({ connectionString: again.url });
    await client.connect();
    expect((await client.query('select id from aws_organizations_accounts')).rows).toEqual([{ id: '1' }]);
    await client.end();
    await sync(again.url, stream([[accounts, [account(1)]]], okAccounts()));
    await again.release();
  }
});

test('Ctrl-C: the plugin is cancelled and ended, its socket is gone, and nothing changes', async () => {
  const { database, unchanged } = await synced();
  const directory = await scratchDirectory();
  const [reached, cancelled, pidFile] = ['reached', 'cancelled', 'pid'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  const interrupt = new AbortController();
  const steps = midStream({ touch: reached }, { untilCancelled: cancelled });
  const running = failureOf(sync(database.url, { steps, pidFile }, { signal: interrupt.signal }));
  await untilFile(reached);
  interrupt.abort();
  expect(await running).toMatchObject({ name: 'SyncInterrupted', exitCode: 130 });
  expect(existsSync(cancelled)).toBe(true);
  const pid = Number(await readFile(pidFile, 'utf8'));
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  await unchanged();
  const late = new AbortController();
  late.abort();
  expect(await failureOf(sync(database.url, [], { signal: late.signal }))).toMatchObject({ exitCode: 130 });
});

test('Ctrl-C while a statement waits for a lock', async () => {
  const { database, unchanged } = await synced();
  const blocker = await database.connect();
  await blocker.query('begin; lock table aws_organizations_accounts in access exclusive mode');
  const interrupt = new AbortController();
  const running = failureOf(
    sync(database.url, stream([[accounts, [account(3)]]], okAccounts()), { signal: interrupt.signal }),
  );
  await until(
    async () => (await blocker.query(`select from pg_locks where not granted`)).rowCount !== 0,
    'a sync that waits for the lock',
  );
  interrupt.abort();
  expect(await running).toMatchObject({ exitCode: 130 });
  await blocker.query('rollback');
  await blocker.end();
  await unchanged();
});

test('a plugin that does not end by itself is killed', { timeout: 30_000 }, async () => {
  const { database } = await synced();
  const pidFile = join(await scratchDirectory(), 'pid');
  const script: Script = { ignoreSignals: true, pidFile, steps: stream([[accounts, []]], okAccounts()) };
  await sync(database.url, script);
  const pid = Number(await readFile(pidFile, 'utf8'));
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test('two syncs of one source at once: the second says who is in the way, and another source is not', async () => {
  const { database } = await synced();
  const directory = await scratchDirectory();
  const [reached, goOn] = [join(directory, 'reached'), join(directory, 'go-on')];
  const first = sync(database.url, [
    { touch: reached },
    { waitFor: goOn },
    ...stream([[accounts, [account(4)]]], okAccounts()),
  ]);
  await untilFile(reached);
  const error = await failureOf(sync(database.url, stream([[accounts, [account(5)]]], okAccounts())));
  expect(error).toMatchObject({ exitCode: 4 });
  expect(error.message).toMatch(
    /Another sync of "test" .* process \d+ on \S+, since 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC/,
  );
  expect(error.message).toContain(`process ${process.pid} `);
  await sync(database.url, stream([[accounts, []]], okAccounts()), { spec: { ...spec, name: 'other' } });
  await writeFile(goOn, '');
  await first;
  expect(await database.query('select id from aws_organizations_accounts')).toEqual([{ id: '4' }]);
});

test('two first syncs of different sources at once create the tables once', async () => {
  const database = await freshDatabase();
  const one = (number: number) =>
    sync(
      database.url,
      stream(
        [[accounts, [{ ...account(number), request_account_id: String(number) }]]],
        [read('aws_organizations_accounts', 'ok', { account_id: String(number) })],
      ),
      { spec: { ...spec, name: `source ${number}` } },
    );
  await Promise.all([1, 2, 3].map(one));
  expect(await database.query('select id from aws_organizations_accounts order by id')).toEqual([
    { id: '1' },
    { id: '2' },
    { id: '3' },
  ]);
});

test('a plugin that does not start says why', async () => {
  const { database, unchanged } = await synced();
  const error = await failureOf(
    sync(database.url, { start: { stderr: 'Cannot find module dist\n', exit: 1 }, steps: [] }),
  );
  expect(error).toMatchObject({ exitCode: 4 });
  expect(error.message).toContain('Cannot find module dist');
  expect(error.message).toContain('exit code 1');
  expect(error.message).toContain('npm run build');
  const killed = await failureOf(sync(database.url, [], { pluginCommand: ['/bin/sh', '-c', 'kill -9 $$'] }));
  expect(killed.message).toMatch(/did not start: signal SIGKILL.* out of memory, or .*\? Run the sync again\.$/);
  const missing = await failureOf(sync(database.url, [], { pluginCommand: ['no-such-program'] }));
  expect(missing.message).toContain('no-such-program cannot be started (ENOENT)');
  const old = await failureOf(sync(database.url, { versions: [1, 2], steps: [] }));
  expect(old.message).toContain('speaks version 1, 2');
  await unchanged();
});

// gRPC tries for 20 seconds to reach who has left a socket behind.
test('a plugin that ends before it can be asked anything is told at once', { timeout: 15_000 }, async () => {
  const { database, unchanged } = await synced();
  const died = (how: string) => {
    const script = `echo 'no room for more' >&2; : > "$4"; ${how}`;
    return failureOf(sync(database.url, [], { pluginCommand: ['/bin/sh', '-c', script] }));
  };
  expect((await died('exit 7')).message).toMatch(/did not start: exit code 7 \(its last words: no room for more\)/);
  expect((await died('kill -9 $$')).message).toMatch(/did not start: signal SIGKILL .* out of memory.* again\.$/);
  await unchanged();
});

test('Ctrl-C while the plugin does not answer', { timeout: 15_000 }, async () => {
  const { database, unchanged } = await synced();
  const requests = join(await scratchDirectory(), 'requests');
  const interrupt = new AbortController();
  const running = failureOf(sync(database.url, { init: 'never', requests, steps: [] }, { signal: interrupt.signal }));
  await untilFile(requests);
  interrupt.abort();
  expect(await running).toMatchObject({ name: 'SyncInterrupted', exitCode: 130 });
  await unchanged();
});

test('rows of a table that was not announced, and of other columns, are an error', async () => {
  const { database, unchanged } = await synced();
  const unknown = await failureOf(sync(database.url, [{ insert: accounts, rows: [account(1)] }]));
  expect(unknown.message).toContain('did not announce');
  const other = { ...accounts, columns: accounts.columns.slice(0, -1) };
  const changed = await failureOf(sync(database.url, midStream({ insert: other, rows: [account(1)] })));
  expect(changed.message).toContain('different columns');
  await unchanged();
});

async function untilInTransaction(database: FreshDatabase): Promise<void> {
  await until(
    async () =>
      (
        await database.query(
          `select from pg_stat_activity
            where datname = current_database() and application_name like 'aws-delegation sync %' and xact_start is not null`,
        )
      ).length > 0,
    'a sync inside its transaction',
  );
}
