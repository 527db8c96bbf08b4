import { expect, test } from 'vitest';
import { lockViews } from '../../src/rules/index.js';
import { freshDatabase, type FreshDatabase } from '../support/postgres.js';
import { account, accounts, failureOf, read, stream, sync, until, type FakeTable } from './support.js';

const okAccounts = () => [read('aws_organizations_accounts', 'ok')];
const wider: FakeTable = { ...accounts, columns: [...accounts.columns, { name: 'email', type: 'text' }] };
const briefly = { lockPatienceMs: 400, lockViews };

/** One good sync of account 1, and a view on it where ours would stand. */
async function synced(): Promise<FreshDatabase> {
  const database = await freshDatabase();
  await sync(database.url, stream([[accounts, [account(1)]]], okAccounts()));
  await database.query(
    'create schema delegation; create view delegation.accounts as select id from aws_organizations_accounts',
  );
  return database;
}

const ids = async (database: FreshDatabase): Promise<unknown[]> =>
  (await database.query<{ id: string }>('select id from aws_organizations_accounts order by id')).map(({ id }) => id);

test.each([
  ['lock table aws_organizations_accounts in share mode', 'aws_organizations_accounts'],
  ['lock table aws_delegation_reads in access exclusive mode', 'aws_delegation_reads'],
  ['select from aws_organizations_accounts for update', 'aws_organizations_accounts'],
])('%s: the sync gives up, and tells who is in the way and how to end that', async (statement, table) => {
  const database = await synced();
  const blocker = await database.connect();
  await blocker.query("set application_name = 'Metabase'");
  const { rows } = await blocker.query<{ pid: number }>('select pg_backend_pid() as pid');
  await blocker.query(`begin; ${statement}`);
  const changed = stream([[accounts, [account(1, 'renamed'), account(2)]]], okAccounts());
  const error = await failureOf(sync(database.url, changed, briefly));
  expect(error).toMatchObject({ name: 'DatabaseError', exitCode: 4, code: '55P03' });
  const pid = String(rows[0]?.pid);
  expect(error.message).toMatch(
    new RegExp(
      `session ${pid} of user postgres \\(Metabase\\), idle in transaction, since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d UTC, which has ${table}\\b`,
    ),
  );
  expect(error.message).toContain(`select pg_terminate_backend(${pid});`);
  expect(error.message).toContain('the rows of the previous sync are all still there');
  await blocker.query('rollback');
  expect(await ids(database)).toEqual(['1']);
  await sync(database.url, changed, briefly);
  expect(await ids(database)).toEqual(['1', '2']);
  await blocker.end();
});

test('a reader with an open transaction stops no sync that changes no table', async () => {
  const database = await synced();
  const reader = await database.connect();
  await reader.query('begin isolation level repeatable read');
  const look = () => reader.query('select id from delegation.accounts');
  const { rows: before } = await look();
  await sync(database.url, stream([[accounts, [account(2)]]], okAccounts()), briefly);
  expect((await look()).rows).toEqual(before);
  await reader.query('commit');
  expect((await look()).rows).toEqual([{ id: '2' }]);
  await reader.end();
});

test('a table that has to be changed waits for its readers, tells so, and stops no other reader meanwhile', async () => {
  const database = await synced();
  const reader = await database.connect();
  const { rows } = await reader.query<{ pid: number }>('select pg_backend_pid() as pid');
  await reader.query('begin; select from delegation.accounts');
  const notices: string[] = [];
  let isOver = false;
  const running = sync(database.url, stream([[wider, [account(2)]]], okAccounts()), {
    lockViews,
    onNotice: (text) => notices.push(text),
  }).finally(() => (isOver = true));
  const other = await database.connect();
  // Behind somebody who waits for ACCESS EXCLUSIVE a reader would wait as long; PostgreSQL looks for a deadlock after a second.
  await other.query("set lock_timeout = '900ms'");
  let reads = 0;
  await until(async () => {
    await other.query('select from delegation.accounts');
    await other.query('select from aws_organizations_accounts');
    reads++;
    return notices.length > 0;
  }, 'a notice');
  expect({ isOver, notices }).toEqual({
    isOver: false,
    notices: [expect.stringMatching(new RegExp(`waiting for session ${String(rows[0]?.pid)} of user postgres`))],
  });
  expect(reads).toBeGreaterThan(0);
  // From the view to its table, and from table to table: whoever holds one and wants the other.
  await reader.query('select from aws_organizations_accounts; select from aws_delegation_reads; commit');
  await running;
  expect(await database.query('select id, email from aws_organizations_accounts')).toEqual([{ id: '2', email: null }]);
  await Promise.all([reader.end(), other.end()]);
});

test('views that cannot be replaced do not cost the rows', async () => {
  const database = await synced();
  const notices: string[] = [];
  const refused = Object.assign(new Error('Installing the views: session 12 is in the way.'), { code: '55P03' });
  await sync(database.url, stream([[accounts, [account(2)]]], okAccounts()), {
    install: () => Promise.reject(refused),
    onNotice: (text) => notices.push(text),
  });
  expect(notices).toEqual([`${refused.message} The rows of this sync are stored without that.`]);
  expect(await ids(database)).toEqual(['2']);
});
