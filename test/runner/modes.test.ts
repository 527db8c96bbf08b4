import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
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
  table,
  uuid,
  type FakeRow,
  type FakeTable,
  type Step,
} from './support.js';

const name = 'aws_organizations_accounts';
const okAccounts = () => [read(name, 'ok')];
const rows = (...numbers: number[]): Step[] =>
  stream([[accounts, numbers.map((number) => account(number))]], okAccounts());
const forced = { migrateMode: 'forced', confirmDrop: () => Promise.resolve(true) } as const;

const ids = async (database: FreshDatabase): Promise<string[]> =>
  (await database.query<{ id: string }>(`select id from ${name} order by id, _cq_sync_time`)).map(({ id }) => id);

/** Keys and unique constraints, and the columns that may not be null. */
async function shape(database: FreshDatabase, tableName = name): Promise<{ constraints: string[]; notNull: string[] }> {
  const constraints = await database.query<{ text: string }>(
    `select pg_get_constraintdef(oid) as text from pg_constraint
      where conrelid = $1::regclass and contype in ('p', 'u') order by 1`,
    [tableName],
  );
  const notNull = await database.query<{ text: string }>(
    `select attname as text from pg_attribute where attrelid = $1::regclass and attnum > 0 and attnotnull order by attnum`,
    [tableName],
  );
  return { constraints: constraints.map(({ text }) => text), notNull: notNull.map(({ text }) => text) };
}

/** As a plugin announces it with deterministic_cq_id. */
const keyedByCqId = (natural: FakeTable): FakeTable => ({
  ...natural,
  columns: natural.columns.map((column) => {
    const primaryKey = column.name === '_cq_id';
    return column.primaryKey === true || primaryKey ? { ...column, primaryKey, notNull: primaryKey } : column;
  }),
});

test('overwrite updates and adds, and removes nothing', async () => {
  const database = await freshDatabase();
  await sync(database.url, rows(1, 2), { writeMode: 'overwrite' });
  const summary = await sync(database.url, stream([[accounts, [account(2, 'renamed'), account(3)]]], okAccounts()), {
    writeMode: 'overwrite',
  });
  expect(summary).toMatchObject({ staleRemoved: 0, staleKept: 0, rows: 3 });
  expect(await database.query(`select id, name from ${name} order by id`)).toEqual([
    { id: '1', name: 'account 1' },
    { id: '2', name: 'renamed' },
    { id: '3', name: 'account 3' },
  ]);
  // The same tables: the mode can be changed at any time.
  expect(await sync(database.url, rows(3))).toMatchObject({ staleRemoved: 2 });
});

test('append keeps every sync side by side, in tables without a key', async () => {
  const database = await freshDatabase();
  const first = await sync(database.url, rows(1, 2), { writeMode: 'append' });
  // Not even within one sync does a row replace another.
  const twice = [account(2), account(2, 'again'), account(3)];
  const second = await sync(database.url, stream([[accounts, twice]], okAccounts()), { writeMode: 'append' });
  expect(second).toMatchObject({ rows: 4, staleRemoved: 0, staleKept: 0, reads: { ok: 1 } });
  expect(
    await database.query(
      `select to_char(_cq_sync_time, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as time, id, name from ${name} order by 1, 2, 3`,
    ),
  ).toEqual([
    { time: first.syncTime, id: '1', name: 'account 1' },
    { time: first.syncTime, id: '2', name: 'account 2' },
    { time: second.syncTime, id: '2', name: 'account 2' },
    { time: second.syncTime, id: '2', name: 'again' },
    { time: second.syncTime, id: '3', name: 'account 3' },
  ]);
  // What the source says of null stays, as with the CloudQuery CLI.
  expect(await shape(database)).toEqual({ constraints: [], notNull: ['_cq_id', 'request_account_id', 'id'] });
});

test('append writes many rows, and a failure in mid-stream leaves none of them', async () => {
  const database = await freshDatabase();
  const row = { ...account(1, 'name of #'), _cq_id: '00000000-0000-4000-8000-#', id: '#' };
  const many: Step[] = [
    { migrate: accounts },
    { migrate: reads },
    { insert: accounts, row, count: 12_000, batch: 5000 },
  ];
  const end: Step = { insert: reads, rows: okAccounts() };
  await sync(database.url, [...many, end], { writeMode: 'append' });
  const broken = [...many, { status: { code: 13, details: 'it broke' } }];
  expect((await failureOf(sync(database.url, broken, { writeMode: 'append' }))).message).toBe('it broke');
  expect(await database.query(`select count(*)::int as n, count(distinct id)::int as ids from ${name}`)).toEqual([
    { n: 12_000, ids: 12_000 },
  ]);
});

test("a table in another mode's shape stops the sync before AWS is read, and says what to do", async () => {
  for (const [first, second, says] of [
    [
      'overwrite',
      'append',
      'the primary key is (request_account_id, id) in the database; write_mode: append expects none',
    ],
    [
      'append',
      'overwrite',
      'no primary key in the database, as write_mode: append has it; (request_account_id, id) is expected',
    ],
  ] as const) {
    const database = await freshDatabase();
    await sync(database.url, rows(1), { writeMode: first });
    const before = await shape(database);
    const reached = join(await scratchDirectory(), 'reached');
    const error = await failureOf(sync(database.url, [{ touch: reached }, ...rows(2)], { writeMode: second }));
    expect(error).toMatchObject({ name: 'SyncError', exitCode: 4 });
    expect(error.message).toContain(says);
    expect(error.message).toContain(`  ${name}: `);
    expect(error.message).toContain('aws_delegation_reads: ');
    for (const way of ['the write_mode', '--migrate-mode forced', 'search_path', 'rename']) {
      expect(error.message).toContain(way);
    }
    expect(existsSync(reached)).toBe(false);
    expect(await shape(database)).toEqual(before);
    expect(await ids(database)).toEqual(['1']);
  }
});

test('a table of an older version with a column less gets it; a column that is gone stays', async () => {
  const database = await freshDatabase();
  await sync(database.url, rows(1, 2));
  const newer = { ...accounts, columns: [...accounts.columns.slice(0, -1), { name: 'state', type: 'text' as const }] };
  const row: FakeRow = { _cq_id: uuid(1), request_account_id: '111122223333', id: '1', state: 'ACTIVE' };
  const notices: string[] = [];
  await sync(database.url, stream([[newer, [row]]], okAccounts()), { onNotice: (text) => notices.push(text) });
  expect(notices).toEqual([`${name}: added the column state`]);
  // The row is written anew, so what nobody fills any more is as the last version that knew it left it.
  expect(await database.query(`select id, name, state from ${name}`)).toEqual([
    { id: '1', name: 'account 1', state: 'ACTIVE' },
  ]);
  const again: string[] = [];
  await sync(database.url, stream([[newer, [row]]], okAccounts()), { onNotice: (text) => again.push(text) });
  expect(again).toEqual([]);
});

test('a unique constraint that is no longer wanted goes where it is ours, and is told where it is not', async () => {
  const database = await freshDatabase();
  await sync(database.url, rows(1));
  const plain = { ...accounts, columns: accounts.columns.map((column) => ({ ...column, unique: false })) };
  const steps = stream([[plain, [account(1)]]], okAccounts());
  const notices: string[] = [];
  await sync(database.url, steps, { onNotice: (text) => notices.push(text) });
  expect(notices).toEqual([`${name}: dropped the constraint ${name}__cq_id_key`]);
  expect((await shape(database)).constraints).toEqual(['PRIMARY KEY (request_account_id, id)']);

  await database.query(`alter table ${name} add constraint mine unique (name)`);
  const error = await failureOf(sync(database.url, steps));
  expect(error.message).toContain('the column name has the unique constraint mine, which is not ours');
  expect((await shape(database)).constraints).toContain('UNIQUE (name)');
});

test('what cannot be changed is listed for all tables at once, and nothing changes', async () => {
  const database = await freshDatabase();
  const old = table('aws_organizations_delegated_services', [
    { name: 'account_id', type: 'text', primaryKey: true },
    { name: 'service_principal', type: 'text', primaryKey: true },
    { name: 'delegated_account_id', type: 'bigint' },
  ]);
  const newer = table('aws_organizations_delegated_services', [
    { name: 'account_id', type: 'text', primaryKey: true },
    { name: 'service_principal', type: 'text', primaryKey: true },
    { name: 'delegated_account_id', type: 'text', primaryKey: true },
  ]);
  await sync(
    database.url,
    stream(
      [
        [old, []],
        [accounts, [account(1)]],
      ],
      okAccounts(),
    ),
  );
  await database.query(`alter table ${name} alter column name set not null`);
  const error = await failureOf(
    sync(
      database.url,
      stream(
        [
          [newer, []],
          [accounts, [account(2)]],
        ],
        okAccounts(),
      ),
    ),
  );
  expect(error.message.split('\n').slice(1, 4)).toEqual([
    '  aws_organizations_delegated_services: the column delegated_account_id is bigint in the database, text is expected',
    '  aws_organizations_delegated_services: the primary key is (account_id, service_principal) in the database, ' +
      '(account_id, service_principal, delegated_account_id) is expected',
    `  ${name}: the column name is not null in the database, the opposite is expected`,
  ]);
  expect(await ids(database)).toEqual(['1']);
});

test('a natural key gives way to _cq_id without a question; the way back is for a person', async () => {
  const database = await freshDatabase();
  const natural = { spec };
  const deterministic = { spec: { ...spec, deterministicCqId: true } };
  // The list of tables that a plugin gives does not know of deterministic_cq_id; here it is right in both.
  const keyed = stream([[keyedByCqId(accounts), [account(1, 'renamed'), account(2)]]], okAccounts()).map((step) =>
    'migrate' in step ? { migrate: keyedByCqId(step.migrate) } : step,
  );
  await sync(database.url, rows(1, 3), natural);
  const notices: string[] = [];
  await sync(database.url, keyed, { ...deterministic, onNotice: (text) => notices.push(text) });
  expect(notices).toContain(`${name}: _cq_id is the primary key now, instead of (request_account_id, id)`);
  expect(await database.query(`select id, name from ${name} order by id`)).toEqual([
    { id: '1', name: 'renamed' },
    { id: '2', name: 'account 2' },
  ]);
  expect(await shape(database)).toEqual({
    constraints: ['PRIMARY KEY (_cq_id)', 'UNIQUE (_cq_id)'],
    notNull: ['_cq_id'],
  });
  expect(await sync(database.url, keyed, deterministic)).toMatchObject({ rows: 3 });

  const error = await failureOf(sync(database.url, rows(1), natural));
  expect(error.message).toContain('the primary key is (_cq_id) in the database, (request_account_id, id) is expected');
});

test('forced: lists what goes, with whose rows, and asks before AWS is read; no is no', async () => {
  const database = await freshDatabase();
  await sync(database.url, rows(1, 2), { writeMode: 'append' });
  await sync(database.url, rows(3), { writeMode: 'append', spec: { ...spec, name: 'other' } });
  const asked: string[] = [];
  const reached = join(await scratchDirectory(), 'reached');
  const error = await failureOf(
    sync(database.url, [{ touch: reached }, ...rows(1)], {
      migrateMode: 'forced',
      confirmDrop: (text) => {
        asked.push(text);
        return Promise.resolve(false);
      },
    }),
  );
  expect(error).toMatchObject({ name: 'UsageError', exitCode: 3 });
  expect(asked).toHaveLength(1);
  expect(asked[0]).toContain(`${name}: there is no primary key in the database`);
  expect(asked[0]).toContain(`${name}: 3 rows (1 of "other", 2 of "test")`);
  expect(existsSync(reached)).toBe(false);
  expect(await ids(database)).toEqual(['1', '2', '3']);
  // Nobody there to ask is a no as well.
  expect(await failureOf(sync(database.url, rows(1), { migrateMode: 'forced' }))).toMatchObject({ exitCode: 3 });
});

test('forced: drops and creates in the transaction of the sync, between uninstall and install', async () => {
  const database = await freshDatabase();
  const calls: string[] = [];
  const install: NonNullable<Parameters<typeof sync>[2]>['install'] = async (client) => {
    calls.push('install');
    await client.query(`create or replace view ours as select id from ${name}`);
  };
  const uninstall: typeof install = async (client) => {
    calls.push('uninstall');
    await client.query('drop view if exists ours');
  };
  await sync(database.url, rows(1, 2), { writeMode: 'append', install });
  const before = await shape(database);
  const options = { ...forced, install, uninstall };

  const broken = [...rows(4).slice(0, -1), { status: { code: 13, details: 'it broke' } }];
  expect((await failureOf(sync(database.url, broken, options))).message).toBe('it broke');
  expect(await database.query('select id from ours order by id')).toEqual([{ id: '1' }, { id: '2' }]);
  expect(await shape(database)).toEqual(before);

  calls.length = 0;
  const notices: string[] = [];
  await sync(database.url, rows(3), { ...options, onNotice: (text) => notices.push(text) });
  // Once to see whether it can be done, and once to do it.
  expect(calls).toEqual(['uninstall', 'uninstall', 'install']);
  expect(notices).toContain(`${name}: dropped with all its rows, and created anew`);
  expect(await database.query('select id from ours')).toEqual([{ id: '3' }]);
  expect((await shape(database)).constraints).toEqual(['PRIMARY KEY (request_account_id, id)', 'UNIQUE (_cq_id)']);
});

test("forced: somebody's own view on a table is told before anything is asked or read, and nothing is lost", async () => {
  const database = await freshDatabase();
  await sync(database.url, rows(1), { writeMode: 'append' });
  await database.query(`create view mine as select id from ${name}`);
  const reached = join(await scratchDirectory(), 'reached');
  const error = await failureOf(sync(database.url, [{ touch: reached }, ...rows(2)], forced));
  expect(error).toMatchObject({ name: 'SyncError', exitCode: 4 });
  expect(error.message).toContain(`view mine depends on table ${name}`);
  expect(error.message).toContain('Drop that yourself');
  expect(existsSync(reached)).toBe(false);
  expect(await database.query('select id from mine')).toEqual([{ id: '1' }]);
});

test('forced asks nothing where every table fits, and leaves what fits', async () => {
  const database = await freshDatabase();
  await sync(database.url, rows(1, 2));
  const neverAsked = {
    migrateMode: 'forced',
    confirmDrop: () => Promise.reject(new Error('it was asked')),
  } as const;
  await sync(database.url, rows(2, 3), neverAsked);
  expect(await ids(database)).toEqual(['2', '3']);

  await database.query('create table aws_x (id text not null)');
  const unfit = table('aws_x', [{ name: 'id', type: 'text', primaryKey: true }]);
  const asked: string[] = [];
  await sync(database.url, stream([[unfit, [{ _cq_id: uuid(9), id: 'x' }]]], [read('aws_x', 'ok')]), {
    migrateMode: 'forced',
    confirmDrop: (text) => Promise.resolve(asked.push(text) > 0),
  });
  // Another tool's table has no column with the name of a source.
  expect(asked[0]).toContain('aws_x: 0 rows');
  expect(await ids(database)).toEqual(['2', '3']);
  expect(await database.query('select id from aws_x')).toEqual([{ id: 'x' }]);
});

test('an incremental table and its relations only grow where there is a state, and lose what is stale where there is none', async () => {
  const database = await freshDatabase();
  const columns: FakeTable['columns'] = [{ name: 'id', type: 'text', primaryKey: true }];
  const events = table('aws_events', columns, { 'cq:extension:incremental': 'true' });
  const details = table('aws_event_details', columns, { 'cq:table_depends_on': 'aws_events' });
  const row = (number: number): FakeRow => ({ _cq_id: uuid(number), id: String(number) });
  const bring = (number: number, stateTable?: string) =>
    sync(
      database.url,
      stream(
        [
          [events, [row(number)]],
          [details, [row(number)]],
        ],
        [read('aws_events', 'ok'), read('aws_event_details', 'ok')],
      ),
      { spec: { ...spec, stateTable } },
    );
  const there = () =>
    database.query<{ events: string; details: string }>(
      `select
          (select string_agg(id, ' ' order by id) from aws_events) as events,
          (select string_agg(id, ' ' order by id) from aws_event_details) as details`,
    );
  await bring(1, 'state');
  await bring(2, 'state');
  expect(await there()).toEqual([{ events: '1 2', details: '1 2' }]);
  // The plugin asked for no state, so there is no table for it.
  expect(await database.query("select to_regclass('state')::text as state")).toEqual([{ state: null }]);
  await bring(3);
  expect(await there()).toEqual([{ events: '3', details: '3' }]);
});
