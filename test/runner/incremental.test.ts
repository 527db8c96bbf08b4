import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { runSync, type SourceSpec, type SyncOptions, type SyncSummary } from '../../src/runner/index.js';
import { management, scenarioWith } from '../support/account.js';
import { EventHistory } from '../support/event_history.js';
import { freshDatabase, type FreshDatabase } from '../support/postgres.js';
import { failureOf, scratchDirectory, until } from './support.js';

// The real plugin: what it and the runner make of one state has to agree.
const bin = fileURLToPath(new URL('../../bin/aws-delegation', import.meta.url));
const name = 'aws_cloudtrail_organization_events';
const stateTable = 'aws_delegation_state';
const day = 24 * 60;

let history: EventHistory;
beforeEach(async () => {
  history = await EventHistory.start(scenarioWith());
});
afterEach(async () => {
  await history.close();
});

function specFor(more: Partial<SourceSpec> = {}, inner: object = {}): SourceSpec {
  return {
    name: 'test',
    tables: [name],
    skipTables: [],
    skipDependentTables: true,
    deterministicCqId: false,
    stateTable,
    pluginSpec: {
      accounts: [{ id: 'test', access_key_id: 'AKIATEST', secret_access_key: 'test', default_region: 'us-east-1' }],
      custom_endpoint_url: history.url,
      regions: ['us-east-1'],
      events: { lookback_days: 30 },
      max_retries: 1,
      max_backoff: 1,
      ...inner,
    },
    ...more,
  };
}

function sync(database: FreshDatabase, spec = specFor(), options: Partial<SyncOptions> = {}): Promise<SyncSummary> {
  history.lookUps.length = 0;
  return runSync({ spec, databaseUrl: database.url, pluginCommand: [process.execPath, bin], ...options });
}

const stored = async (database: FreshDatabase): Promise<string[]> =>
  (await database.query<{ id: string }>(`select event_id as id from ${name} order by event_id`)).map(({ id }) => id);

const states = (database: FreshDatabase): Promise<Record<string, unknown>[]> =>
  database.query(`select key, value, version::text from ${stateTable} order by key`);

/** How long ago the oldest look-up of the last sync began, in days. */
const lookedBack = (): number =>
  Math.round((Date.now() - Math.min(...history.lookUps.map(({ start }) => start.getTime()))) / (day * 60_000));

test('a second sync asks for what is new, and what was there stays', async () => {
  const database = await freshDatabase();
  history.happened('a', 'MoveAccount', 20 * day);
  history.happened('b', 'AttachPolicy', 10);
  expect(await sync(database)).toMatchObject({ exitCode: 0 });
  expect(await stored(database)).toEqual(['a', 'b']);
  expect(lookedBack()).toBe(30);

  history.happened('c', 'AttachPolicy', 0);
  const second = await sync(database);
  expect(lookedBack()).toBe(0);
  expect(await stored(database)).toEqual(['a', 'b', 'c']);
  expect(second.tables.find((table) => table.name === name)).toMatchObject({ rows: 1, staleRemoved: 0, staleKept: 0 });

  // Nothing new, and AWS no longer has the oldest.
  history.events.shift();
  await sync(database);
  expect(lookedBack()).toBe(0);
  expect(await stored(database)).toEqual(['a', 'b', 'c']);
});

test('the state is the table that the official destination makes of it', async () => {
  const database = await freshDatabase();
  history.happened('a', 'MoveAccount', 10);
  await sync(database);
  expect(
    await database.query(
      `select attname as name, format_type(atttypid, atttypmod) as type, attnotnull as "isNotNull"
        from pg_attribute where attrelid = $1::regclass and attnum > 0 order by attnum`,
      [stateTable],
    ),
  ).toEqual([
    { name: 'key', type: 'text', isNotNull: true },
    { name: 'value', type: 'text', isNotNull: false },
    { name: 'version', type: 'numeric(20,0)', isNotNull: false },
  ]);
  expect(
    await database.query(
      `select conname as name, pg_get_constraintdef(oid) as definition from pg_constraint where conrelid = $1::regclass and contype = 'p'`,
      [stateTable],
    ),
  ).toEqual([{ name: `${stateTable}_pkey`, definition: 'PRIMARY KEY (key)' }]);
  const [row] = await database.query<{ id: string }>(`select _cq_id::text as id from ${name}`);
  expect(await states(database)).toMatchObject([
    { key: `${name}/${management}/${management}/us-east-1`, version: '1' },
    { key: `${name}/last rows`, value: row?.id, version: '1' },
  ]);
  await sync(database);
  expect(await states(database)).toMatchObject([{ version: '2' }, { version: '1' }]);
});

test('a state of a client that knew no versions is gone on with', async () => {
  const database = await freshDatabase();
  await sync(database);
  await database.query(`alter table ${stateTable} drop column version`);
  const notices: string[] = [];
  await sync(database, specFor(), { onNotice: (text) => notices.push(text) });
  expect(lookedBack()).toBe(0);
  expect(notices).toContain(`${stateTable}: added the column version`);
  expect((await states(database))[0]).toMatchObject({ version: '1' });
});

test('without backend_options the whole window is read, and what AWS no longer has is removed', async () => {
  const database = await freshDatabase();
  const spec = specFor({ stateTable: undefined });
  history.happened('a', 'MoveAccount', 20 * day);
  history.happened('b', 'AttachPolicy', 10);
  await sync(database, spec);
  history.events.shift();
  expect(await sync(database, spec)).toMatchObject({ staleRemoved: expect.any(Number) as number });
  expect(lookedBack()).toBe(30);
  expect(await stored(database)).toEqual(['b']);
  expect(await database.query('select to_regclass($1)::text as state', [stateTable])).toEqual([{ state: null }]);
});

test('in mode append each event is there once', async () => {
  const database = await freshDatabase();
  history.happened('a', 'MoveAccount', 10);
  await sync(database, specFor(), { writeMode: 'append' });
  history.happened('b', 'MoveAccount', 0);
  await sync(database, specFor(), { writeMode: 'append' });
  await sync(database, specFor(), { writeMode: 'append' });
  expect(await stored(database)).toEqual(['a', 'b']);
  // The state has a key in every mode.
  expect(await states(database)).toHaveLength(2);
});

test.each([
  ['dropped', `drop table ${name} cascade`],
  // What the CLI leaves that is killed after the state was written and before the destination wrote its last batch.
  ['without its last row', `delete from ${name} where event_id = 'b'`],
])('a table %s is read whole again', async (_what, statement) => {
  const database = await freshDatabase();
  history.happened('a', 'AttachPolicy', 20 * day);
  await sync(database);
  history.happened('b', 'AttachPolicy', 5 * day);
  // The whole window once more: the last row that this sync sends is one that was there, and proves nothing.
  await database.query(`update ${stateTable} set value = '' where key not like '%/last rows'`);
  await sync(database);
  expect(await stored(database)).toEqual(['a', 'b']);
  await database.query(statement);
  const notices: string[] = [];
  await sync(database, specFor(), { onNotice: (text) => notices.push(text) });
  expect(notices).toContainEqual(expect.stringMatching(/its whole window is read again\.$/));
  expect(lookedBack()).toBe(30);
  expect(await stored(database)).toEqual(['a', 'b']);
  await sync(database);
  expect(lookedBack()).toBe(0);
});

test('a forced migration of the table is read whole in the same sync', async () => {
  const database = await freshDatabase();
  history.happened('a', 'MoveAccount', 20 * day);
  await sync(database, specFor(), { writeMode: 'append' });
  history.happened('b', 'MoveAccount', 0);
  await sync(database, specFor(), { migrateMode: 'forced', confirmDrop: () => Promise.resolve(true) });
  expect(await stored(database)).toEqual(['a', 'b']);
  expect(lookedBack()).toBe(30);
});

test('a sync that fails keeps neither rows nor state', async () => {
  const database = await freshDatabase();
  history.happened('a', 'MoveAccount', 10);
  await sync(database);
  const before = await states(database);
  history.happened('b', 'MoveAccount', 0);
  history.broken.add('AttachPolicy');
  expect(await failureOf(sync(database))).toMatchObject({ exitCode: 4 });
  expect(await states(database)).toEqual(before);
  expect(await stored(database)).toEqual(['a']);
  history.broken.clear();
  await sync(database);
  expect(await stored(database)).toEqual(['a', 'b']);
});

test('what could not be read this time is read next time, from where it was left', async () => {
  const database = await freshDatabase();
  history.happened('a', 'AttachPolicy', 20 * day);
  history.happened('b', 'MoveAccount', 20 * day);
  history.broken.add('AttachPolicy');
  const spec = specFor({}, { on_failure: 'report' });
  expect(await sync(database, spec)).toMatchObject({ exitCode: 2 });
  history.broken.clear();
  expect(await sync(database, spec)).toMatchObject({ exitCode: 0 });
  expect(await stored(database)).toEqual(['a', 'b']);
  const whole = history.lookUps.filter(({ start }) => Date.now() - start.getTime() > 29 * day * 60_000);
  expect(whole.map((lookUp) => lookUp.name)).toContain('AttachPolicy');
});

test('killed before the commit: neither rows nor state, and the next sync has both', async () => {
  const database = await freshDatabase();
  history.happened('a', 'MoveAccount', 10);
  await sync(database);
  const before = await states(database);
  history.happened('b', 'MoveAccount', 0);

  // Somebody holds the state, so the sync waits with all its rows written and not committed.
  const holder = await database.connect();
  await holder.query(`begin; lock table ${stateTable} in exclusive mode`);
  const file = join(await scratchDirectory(), 'spec.yml');
  const source = {
    name: 'test',
    path: bin,
    registry: 'local',
    tables: [name],
    destinations: ['postgresql'],
    backend_options: { table_name: stateTable, connection: '@@plugins.postgresql.connection' },
    spec: specFor().pluginSpec,
  };
  await writeFile(file, JSON.stringify({ kind: 'source', spec: source }));
  const child = spawn(process.execPath, [bin, 'sync', file, '--database', database.url], { stdio: 'ignore' });
  const ended = once(child, 'exit');
  await until(async () => {
    const [waiting] = await database.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query ilike '%' || $1 || '%'`,
      [stateTable],
    );
    return waiting?.count === 1;
  }, 'a sync that waits for the state');
  child.kill('SIGKILL');
  await ended;
  await holder.query('rollback');

  expect(await stored(database)).toEqual(['a']);
  expect(await states(database)).toEqual(before);
  await sync(database);
  expect(lookedBack()).toBe(0);
  expect(await stored(database)).toEqual(['a', 'b']);
});

test('a name for the state that stands for something else', async () => {
  const database = await freshDatabase();
  expect(await failureOf(sync(database, specFor({ stateTable: name })))).toMatchObject({
    exitCode: 3,
    message: expect.stringContaining(`${name} is one of the tables that this sync writes`) as string,
  });
  await database.query('create table ours (id int primary key, key text)');
  await database.query("insert into ours values (1, 'x')");
  const forced = { migrateMode: 'forced', confirmDrop: () => Promise.resolve(true) } as const;
  const refused = await failureOf(sync(database, specFor({ stateTable: 'ours' }), forced));
  expect(refused).toMatchObject({ name: 'UsageError', exitCode: 3 });
  expect(refused.message).toMatch(/the table ours of the database is no state of incremental tables:\n {2}ours: /);
  expect(await database.query('select * from ours')).toEqual([{ id: 1, key: 'x' }]);
  expect(history.lookUps).toEqual([]);
});
