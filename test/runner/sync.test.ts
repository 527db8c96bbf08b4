import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freshDatabase, type FreshDatabase } from '../support/postgres.js';
import {
  account,
  accounts,
  failureOf,
  read,
  readJson,
  reads,
  scratchDirectory,
  spec,
  stream,
  sync,
  table,
  uuid,
  type FakeTable,
  type Step,
} from './support.js';

const okAccounts = () => [read('aws_organizations_accounts', 'ok')];

const administrators = table(
  'aws_guardduty_organization_admin_accounts',
  [
    { name: 'account_id', type: 'text', primaryKey: true },
    { name: 'region', type: 'text', primaryKey: true },
    { name: 'admin_account_id', type: 'text', primaryKey: true },
  ],
  { 'aws_delegation:region_column': 'region' },
);
const administrator = (region: string, holder: string, id: number) => ({
  _cq_id: uuid(id),
  account_id: '111122223333',
  region,
  admin_account_id: holder,
});
const guardDuty = (region: string, outcome: string, more = {}) =>
  read('aws_guardduty_organization_admin_accounts', outcome, {
    operation: 'guardduty:ListOrganizationAdminAccounts',
    region,
    ...more,
  });

const services = table(
  'aws_organizations_delegated_services',
  [
    { name: 'account_id', type: 'text', primaryKey: true },
    { name: 'delegated_account_id', type: 'text', primaryKey: true },
    { name: 'service_principal', type: 'text', primaryKey: true },
  ],
  {
    'aws_delegation:scope_column': 'delegated_account_id',
    'cq:table_depends_on': 'aws_organizations_delegated_administrators',
  },
);
const service = (delegate: string, principal: string, id: number) => ({
  _cq_id: uuid(id),
  account_id: '111122223333',
  delegated_account_id: delegate,
  service_principal: principal,
});

const ids = async (database: FreshDatabase): Promise<string[]> =>
  (await database.query<{ id: string }>('select id from aws_organizations_accounts order by id')).map(({ id }) => id);

test('a second sync updates, adds and removes rows, and each row has the time of its sync', async () => {
  const database = await freshDatabase();
  const first = await sync(database.url, stream([[accounts, [account(1), account(2), account(3)]]], okAccounts()));
  expect(first).toMatchObject({ exitCode: 0, rows: 4, staleRemoved: 0, requests: 2, reads: { ok: 1, denied: 0 } });

  const again = [account(1), account(2, 'renamed'), account(4)];
  const second = await sync(database.url, stream([[accounts, again]], okAccounts()));
  expect(second.tables).toEqual([
    { name: 'aws_delegation_reads', rows: 1, staleRemoved: 0, staleKept: 0 },
    { name: 'aws_organizations_accounts', rows: 3, staleRemoved: 1, staleKept: 0 },
  ]);
  expect(second.syncTime > first.syncTime).toBe(true);
  expect(
    await database.query(
      `select id, name, _cq_source_name as source, to_char(_cq_sync_time, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as time
        from aws_organizations_accounts order by id`,
    ),
  ).toEqual([
    { id: '1', name: 'account 1', source: 'test', time: second.syncTime },
    { id: '2', name: 'renamed', source: 'test', time: second.syncTime },
    { id: '4', name: 'account 4', source: 'test', time: second.syncTime },
  ]);
});

test('a read that no longer exists leaves aws_delegation_reads', async () => {
  const database = await freshDatabase();
  await sync(database.url, stream([], [read('aws_a', 'ok'), read('aws_b', 'denied')]));
  await sync(database.url, stream([], [read('aws_a', 'ok')]));
  expect(await database.query('select table_name from aws_delegation_reads')).toEqual([{ table_name: 'aws_a' }]);
});

test('another source keeps its rows, even in the same table', async () => {
  const database = await freshDatabase();
  const other = { ...account(7), request_account_id: '444455556666' };
  const otherReads = [read('aws_organizations_accounts', 'ok', { account_id: '444455556666' })];
  await sync(database.url, stream([[accounts, [other]]], otherReads), { spec: { ...spec, name: 'other' } });
  await sync(database.url, stream([[accounts, [account(1)]]], okAccounts()));
  await sync(database.url, stream([[accounts, []]], okAccounts()));
  expect(await ids(database)).toEqual(['7']);
});

test('a table that is not announced keeps its rows, and its error message ends in exit code 2', async () => {
  const database = await freshDatabase();
  await sync(database.url, stream([[accounts, [account(1)]]], okAccounts()));
  const denied = read('aws_organizations_accounts', 'denied', {
    error_code: 'AccessDeniedException',
    error_message: 'no',
  });
  const summary = await sync(database.url, [
    ...stream([], [denied]),
    { error: { table_name: 'aws_organizations_accounts', error: 'account 111122223333 may not call it' } },
  ]);
  expect(await ids(database)).toEqual(['1']);
  expect(summary).toMatchObject({
    exitCode: 2,
    reads: { denied: 1 },
    problems: [
      { outcome: 'denied', tableName: 'aws_organizations_accounts', errorCode: 'AccessDeniedException', region: '' },
    ],
    tableErrors: [{ tableName: 'aws_organizations_accounts', error: 'account 111122223333 may not call it' }],
  });
});

test('a Region that was denied keeps its rows; one that is absent, skipped or gone does not', async () => {
  const database = await freshDatabase();
  const regions = ['af-south-1', 'eu-west-1', 'me-south-1', 'sa-east-1', 'us-east-1'];
  await sync(
    database.url,
    stream(
      [[administrators, regions.map((region, index) => administrator(region, '222233334444', index + 1))]],
      regions.map((region) => guardDuty(region, 'ok')),
    ),
  );
  const summary = await sync(
    database.url,
    stream(
      [[administrators, [administrator('us-east-1', '333344445555', 11)]]],
      [
        guardDuty('us-east-1', 'ok'),
        guardDuty('eu-west-1', 'denied'),
        guardDuty('af-south-1', 'failed'),
        guardDuty('me-south-1', 'absent'),
        guardDuty('sa-east-1', 'skipped'),
      ],
    ),
  );
  expect(
    await database.query(
      'select region, admin_account_id as holder from aws_guardduty_organization_admin_accounts order by region',
    ),
  ).toEqual([
    { region: 'af-south-1', holder: '222233334444' },
    { region: 'eu-west-1', holder: '222233334444' },
    { region: 'us-east-1', holder: '333344445555' },
  ]);
  expect(summary).toMatchObject({ exitCode: 2, staleRemoved: 3, staleKept: 2 });
});

test('a fan-out call that failed keeps the rows of its scope only', async () => {
  const database = await freshDatabase();
  const both = [
    service('222233334444', 'guardduty.amazonaws.com', 1),
    service('333344445555', 'macie.amazonaws.com', 2),
  ];
  const name = services.name;
  await sync(database.url, stream([[services, both]], [read(name, 'ok')]));
  await sync(
    database.url,
    stream([[services, []]], [read(name, 'ok'), read(name, 'failed', { scope: '333344445555' })]),
  );
  expect(await database.query(`select delegated_account_id as id from ${name}`)).toEqual([{ id: '333344445555' }]);
});

test('the children of a parent that was not read stay', async () => {
  const database = await freshDatabase();
  const name = services.name;
  await sync(
    database.url,
    stream([[services, [service('222233334444', 'guardduty.amazonaws.com', 1)]]], [read(name, 'ok')]),
  );
  const parent = 'aws_organizations_delegated_administrators';
  await sync(
    database.url,
    stream([[services, []]], [read(name, 'ok'), read(parent, 'failed', { scope: 'one row of it' })]),
  );
  expect(await database.query(`select from ${name}`)).toHaveLength(0);

  await sync(
    database.url,
    stream([[services, [service('222233334444', 'guardduty.amazonaws.com', 1)]]], [read(name, 'ok')]),
  );
  await sync(database.url, stream([[services, []]], [read(name, 'ok'), read(parent, 'denied')]));
  expect(await database.query(`select from ${name}`)).toHaveLength(1);
});

test('a whole read that failed keeps the whole table, of the account that asked', async () => {
  const database = await freshDatabase();
  const other = { ...account(2), request_account_id: '444455556666' };
  const name = 'aws_organizations_accounts';
  const two = (outcome: string) => [read(name, outcome), read(name, 'ok', { account_id: '444455556666' })];
  await sync(database.url, stream([[accounts, [account(1), other]]], two('ok')));
  await sync(database.url, stream([[accounts, []]], two('failed')));
  expect(await ids(database)).toEqual(['1']);
});

test('without a read that speaks of a table, nothing of it is removed', async () => {
  const database = await freshDatabase();
  await sync(database.url, stream([[accounts, [account(1)]]], okAccounts()));
  const notices: string[] = [];
  await sync(database.url, stream([[accounts, [account(2)]]], []), { onNotice: (text) => notices.push(text) });
  await sync(database.url, [{ migrate: accounts }, { insert: accounts, rows: [account(3)] }]);
  expect(await ids(database)).toEqual(['1', '2', '3']);
  expect(notices.join()).toContain('aws_organizations_accounts');
});

test('types, keys and names are those of the official destination', async () => {
  const database = await freshDatabase();
  const longName = 'a_column_whose_name_has_more_than_the_sixty_three_bytes_that_fit_in';
  const wide: FakeTable = table('aws_wide', [
    { name: 'account_id', type: 'text', primaryKey: true },
    { name: 'a_boolean', type: 'boolean' },
    { name: 'an_integer', type: 'integer' },
    { name: 'a_bigint', type: 'bigint' },
    { name: 'a_float', type: 'float' },
    { name: 'a_timestamp', type: 'timestamp' },
    { name: 'a_json', type: 'json' },
    { name: longName, type: 'text' },
  ]);
  const rows = [
    {
      _cq_id: uuid(1),
      _cq_parent_id: uuid(2),
      account_id: '1',
      a_boolean: true,
      an_integer: -2147483648,
      a_bigint: '9223372036854775807',
      a_float: 0.1,
      a_timestamp: '1790000000123456',
      a_json: { 'Größe 🦀': [1, null, { deep: 'x' }] },
      [longName]: 'Ünïcödé 🦀 \t\n\\.',
    },
    {
      _cq_id: uuid(3),
      account_id: '2',
      a_timestamp: '-1',
      a_bigint: '-9223372036854775808',
      a_boolean: false,
      [longName]: '',
    },
    { _cq_id: uuid(4), account_id: '3' },
  ];
  await sync(database.url, stream([[wide, rows]], [read('aws_wide', 'ok')]));

  expect(
    await database.query(
      `select attname as name, format_type(atttypid, atttypmod) as type, attnotnull as "notNull"
        from pg_attribute where attrelid = 'aws_wide'::regclass and attnum > 0 order by attnum`,
    ),
  ).toEqual([
    { name: '_cq_sync_time', type: 'timestamp without time zone', notNull: false },
    { name: '_cq_source_name', type: 'text', notNull: false },
    { name: '_cq_id', type: 'uuid', notNull: true },
    { name: '_cq_parent_id', type: 'uuid', notNull: false },
    { name: 'account_id', type: 'text', notNull: true },
    { name: 'a_boolean', type: 'boolean', notNull: false },
    { name: 'an_integer', type: 'integer', notNull: false },
    { name: 'a_bigint', type: 'bigint', notNull: false },
    { name: 'a_float', type: 'double precision', notNull: false },
    { name: 'a_timestamp', type: 'timestamp without time zone', notNull: false },
    { name: 'a_json', type: 'jsonb', notNull: false },
    { name: longName.slice(0, 63), type: 'text', notNull: false },
  ]);
  expect(
    await database.query(
      `select conname as name, pg_get_constraintdef(oid) as definition
        from pg_constraint where conrelid = 'aws_wide'::regclass and contype in ('p', 'u') order by conname`,
    ),
  ).toEqual([
    { name: 'aws_wide__cq_id_key', definition: 'UNIQUE (_cq_id)' },
    { name: 'aws_wide_pkey', definition: 'PRIMARY KEY (account_id)' },
  ]);

  const written = await database.query(
    `select account_id, a_boolean, an_integer, a_bigint::text, a_float, to_char(a_timestamp, 'YYYY-MM-DD HH24:MI:SS.US') as a_timestamp,
        a_json, ${longName.slice(0, 63)} as long, _cq_id, _cq_parent_id
      from aws_wide order by account_id`,
  );
  const nothing = {
    a_boolean: null,
    an_integer: null,
    a_bigint: null,
    a_float: null,
    a_timestamp: null,
    a_json: null,
    long: null,
    _cq_parent_id: null,
  };
  expect(written).toEqual([
    {
      account_id: '1',
      a_boolean: true,
      an_integer: -2147483648,
      a_bigint: '9223372036854775807',
      a_float: 0.1,
      a_timestamp: '2026-09-21 14:13:20.123456',
      a_json: { 'Größe 🦀': [1, null, { deep: 'x' }] },
      long: 'Ünïcödé 🦀 \t\n\\.',
      _cq_id: uuid(1),
      _cq_parent_id: uuid(2),
    },
    {
      ...nothing,
      account_id: '2',
      a_boolean: false,
      a_bigint: '-9223372036854775808',
      a_timestamp: '1969-12-31 23:59:59.999999',
      long: '',
      _cq_id: uuid(3),
    },
    { ...nothing, account_id: '3', _cq_id: uuid(4) },
  ]);
});

test('a table without a key has _cq_id as its key', async () => {
  const database = await freshDatabase();
  const keyless = table('aws_keyless', [{ name: 'note', type: 'text' }]);
  await sync(database.url, stream([[keyless, [{ _cq_id: uuid(1), note: 'a' }]]], [read('aws_keyless', 'ok')]));
  await sync(database.url, stream([[keyless, [{ _cq_id: uuid(1), note: 'b' }]]], [read('aws_keyless', 'ok')]));
  expect(await database.query('select note from aws_keyless')).toEqual([{ note: 'b' }]);
  expect(
    await database.query(
      `select pg_get_constraintdef(oid) as key from pg_constraint where conrelid = 'aws_keyless'::regclass and contype = 'p'`,
    ),
  ).toEqual([{ key: 'PRIMARY KEY (_cq_id)' }]);
});

test('NUL and half surrogate pairs, which PostgreSQL cannot store, do not end a sync', async () => {
  const database = await freshDatabase();
  const odd = table('aws_odd', [
    { name: 'id', type: 'text', primaryKey: true },
    { name: 'note', type: 'text' },
    { name: 'doc', type: 'json' },
  ]);
  const rows = [
    {
      _cq_id: uuid(1),
      id: '1',
      note: 'a\u0000b',
      doc: { raw: '{"k":"x\\u0000y","n":12345678901234567890.5,"half":"\\ud83e!"}' },
    },
    { _cq_id: uuid(2), id: '2', note: '\u0000', doc: { raw: '{"pair":"\\ud83e\\udd80","slash":"\\\\u0000"}' } },
  ];
  await sync(database.url, stream([[odd, rows]], [read('aws_odd', 'ok')]));
  expect(await database.query('select id, note, doc::text from aws_odd order by id')).toEqual([
    { id: '1', note: 'ab', doc: '{"k": "xy", "n": 12345678901234567890.5, "half": "\ufffd!"}' },
    { id: '2', note: '', doc: '{"pair": "🦀", "slash": "\\\\u0000"}' },
  ]);
});

test('the same key twice in one sync: the last row stays, in one batch and in two, in a new table and in an old one', async () => {
  const database = await freshDatabase();
  const steps = stream([[accounts, [account(1, 'first'), account(2), account(1, 'second')]]], okAccounts());
  steps.splice(3, 0, { insert: accounts, rows: [account(2, 'third')] });
  for (const note of ['new', 'the same keys']) {
    const summary = await sync(database.url, steps);
    expect(await database.query('select id, name from aws_organizations_accounts order by id'), note).toEqual([
      { id: '1', name: 'second' },
      { id: '2', name: 'third' },
    ]);
    expect(summary.tables.find(({ name }) => name === 'aws_organizations_accounts')?.rows, note).toBe(2);
  }
  await sync(database.url, stream([[accounts, [account(3), account(1), account(3, 'later')]]], okAccounts()));
  expect(await database.query('select id, name from aws_organizations_accounts order by id')).toEqual([
    { id: '1', name: 'account 1' },
    { id: '3', name: 'later' },
  ]);
});

test('the last row stays among thousands, long ones and short ones, in two tables in turn', async () => {
  const wide = table('aws_wide', [
    { name: 'id', type: 'text', primaryKey: true },
    { name: 'round', type: 'integer' },
    { name: 'filling', type: 'text' },
  ]);
  const other = { ...wide, name: 'aws_wider' };
  // From one place in a page to many pages: a short row would fit where a long one did not.
  const rows = (round: number) =>
    Array.from({ length: 400 }, (_, n) => ({
      _cq_id: uuid(n),
      id: String(n),
      round,
      filling: (n * 7 + round) % 5 === 0 ? `${n} `.repeat(450) : 'short',
    }));
  const steps: Step[] = [{ migrate: wide }, { migrate: other }, { migrate: reads }];
  for (let round = 0; round < 6; round++) {
    steps.push({ insert: wide, rows: rows(round) }, { insert: other, rows: rows(round) });
  }
  steps.push({ insert: reads, rows: [read('aws_wide', 'ok'), read('aws_wider', 'ok')] });
  const database = await freshDatabase();
  for (const note of ['new tables', 'the same keys']) {
    await sync(database.url, steps);
    for (const { name } of [wide, other]) {
      expect(await database.query(`select round, count(*)::int from ${name} group by round`), note).toEqual([
        { round: 5, count: 400 },
      ]);
    }
  }
});

test('a key of another source is taken over, whichever of the rows are new', async () => {
  const database = await freshDatabase();
  const write = (name: string, ids: number[]) =>
    sync(database.url, stream([[accounts, ids.map((id) => account(id, `${id} of ${name}`))]], okAccounts()), {
      spec: { ...spec, name },
    });
  const stored = () =>
    database.query('select id, name, _cq_source_name as source from aws_organizations_accounts order by id');
  await write('one', [1, 2]);
  await write('two', [2, 3]);
  expect(await stored()).toEqual([
    { id: '1', name: '1 of one', source: 'one' },
    { id: '2', name: '2 of two', source: 'two' },
    { id: '3', name: '3 of two', source: 'two' },
  ]);
  await write('one', [1, 2]);
  expect(await stored()).toEqual([
    { id: '1', name: '1 of one', source: 'one' },
    { id: '2', name: '2 of one', source: 'one' },
    { id: '3', name: '3 of two', source: 'two' },
  ]);
});

test('many thousand rows arrive, in batches', async () => {
  const database = await freshDatabase();
  const row = { ...account(1, 'name of #'), _cq_id: '00000000-0000-4000-8000-#', id: '#' };
  const steps: Step[] = [{ migrate: accounts }, { migrate: reads }];
  steps.push({ insert: accounts, row, count: 30_000, batch: 5000 }, { insert: reads, rows: okAccounts() });
  const phases = new Set<string>();
  const summary = await sync(database.url, steps, { onProgress: ({ phase }) => phases.add(phase) });
  expect(summary.rows).toBe(30_001);
  expect(
    await database.query(
      'select count(*)::int as n, count(distinct name)::int as names from aws_organizations_accounts',
    ),
  ).toEqual([{ n: 30_000, names: 30_000 }]);
  expect([...phases]).toEqual(['reading', 'writing']);
});

test('a column that is new is added; the plugin is asked with what the spec says', async () => {
  const database = await freshDatabase();
  await sync(database.url, stream([[accounts, [account(1)]]], okAccounts()));
  const wider = { ...accounts, columns: [...accounts.columns, { name: 'state', type: 'text' as const }] };
  const requests = join(await scratchDirectory(), 'requests.json');
  await sync(
    database.url,
    { requests, steps: stream([[wider, [{ ...account(1), state: 'ACTIVE' }]]], okAccounts()) },
    {
      spec: {
        ...spec,
        tables: ['aws_organization*'],
        skipTables: ['aws_x'],
        pluginSpec: { regions: ['us-east-1'] },
        skipDependentTables: false,
      },
    },
  );
  expect(await database.query('select id, state from aws_organizations_accounts')).toEqual([
    { id: '1', state: 'ACTIVE' },
  ]);
  expect(await readJson(requests)).toMatchObject({
    args: [
      'serve',
      '--network',
      'unix',
      '--address',
      expect.any(String),
      '--log-level',
      'info',
      '--log-format',
      'json',
      '--no-sentry',
    ],
    init: '{"regions":["us-east-1"]}',
    sync: {
      tables: ['aws_organization*'],
      skip_tables: ['aws_x'],
      skip_dependent_tables: false,
      withErrorMessages: true,
    },
  });
  const [, , , , socket] = ((await readJson(requests)) as { args: string[] }).args;
  expect(existsSync(socket ?? '')).toBe(false);
});

test('tables that differ in a way that would lose rows stop the sync, in one list', async () => {
  const database = await freshDatabase();
  await database.query(
    `create table aws_organizations_accounts (_cq_sync_time timestamp, _cq_source_name text, _cq_id uuid primary key,
      _cq_parent_id uuid, request_account_id text, id bigint, name text, must text not null)`,
  );
  const error = await failureOf(sync(database.url, stream([[accounts, [account(1)]]], okAccounts())));
  expect(error).toMatchObject({ exitCode: 4 });
  for (const part of [
    'id is bigint',
    'text is expected',
    '(_cq_id)',
    '(request_account_id, id)',
    'must is not null',
    'search_path',
  ]) {
    expect(error.message).toContain(part);
  }
  expect(await database.query(`select to_regclass('aws_delegation_reads') as reads`)).toEqual([{ reads: null }]);
});

test('the time of a sync is later than that of any sync before, even where a clock went back', async () => {
  const database = await freshDatabase();
  const first = await sync(database.url, stream([[accounts, [account(1)]]], okAccounts()));
  await database.query(`update aws_delegation_reads set _cq_sync_time = '2100-01-01 00:00:00.000001'`);
  const second = await sync(database.url, stream([[accounts, [account(2)]]], okAccounts()));
  expect(first.syncTime).toMatch(/^20\d\d-.*\.\d{6}Z$/);
  expect(second.syncTime).toBe('2100-01-01T00:00:00.000002Z');
  expect(await ids(database)).toEqual(['2']);
});

test('install runs in the same transaction, and its failure undoes the rows', async () => {
  const database = await freshDatabase();
  await sync(database.url, stream([[accounts, [account(1)]]], okAccounts()), {
    install: async (client) => {
      await client.query('create view latest as select id from aws_organizations_accounts');
    },
  });
  expect(await database.query('select id from latest')).toEqual([{ id: '1' }]);
  const error = await failureOf(
    sync(database.url, stream([[accounts, [account(2)]]], okAccounts()), {
      install: async (client) => {
        await client.query('select * from no_such_table');
      },
    }),
  );
  expect(error).toMatchObject({ name: 'DatabaseError', exitCode: 4 });
  expect(error.message).toContain('no_such_table');
  expect(await ids(database)).toEqual(['1']);
});

test('search_path of the connection string chooses the schema', async () => {
  const database = await freshDatabase();
  await database.query('create schema elsewhere');
  await sync(`${database.url}?search_path=elsewhere`, stream([[accounts, [account(1)]]], okAccounts()));
  expect(await database.query('select id from elsewhere.aws_organizations_accounts')).toEqual([{ id: '1' }]);
});
