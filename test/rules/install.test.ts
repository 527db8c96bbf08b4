import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installViews, runRules, uninstallViews } from '../../src/rules/index.js';
import { until } from '../runner/support.js';
import { close, organization, queriesDir, type Organization } from './database.js';

let given: Organization;

beforeAll(async () => {
  given = await organization('');
});
afterAll(() => close(given));

const briefly = { lockPatienceMs: 400 };
/** Changes what the views are bound to. */
const change = () => given.client.query(`alter table aws_organizations add column column_${++columns} text`);
let columns = 0;

async function strongLocks(): Promise<number> {
  const { rows } = await given.client.query<{ count: number }>(
    `select count(*)::int as count from pg_locks where pid = pg_backend_pid() and mode = 'AccessExclusiveLock'`,
  );
  return rows[0]?.count ?? 0;
}

describe('an installation', () => {
  it('that changes nothing locks nothing, whoever reads the views', async () => {
    const reader = await given.database.connect();
    await reader.query('begin; select from delegation.accounts');
    await given.client.query('begin');
    await installViews(given.client, queriesDir, briefly);
    expect(await strongLocks()).toBe(0);
    await given.client.query('commit');
    await reader.end();
  });

  it.each([
    ['a column was added', () => change()],
    [
      'a view was changed',
      () =>
        given.client.query(
          'create or replace view delegation.newest_syncs as select null::text as source_name, null::timestamp as sync_time',
        ),
    ],
    ['a view was dropped', () => given.client.query('drop view delegation.rule_org_all_features_enabled')],
    [
      'a function was changed',
      () =>
        given.client.query(
          `create or replace function delegation.like_pattern(pattern text) returns text language sql immutable as 'select $1'`,
        ),
    ],
    ['everything was removed', () => uninstallViews(given.client)],
  ])('is made where %s', async (_what, spoil) => {
    const state = async () =>
      (
        await given.client.query<Record<string, unknown>>(
          `select
            (select count(*)::int from pg_class where relnamespace = 'delegation'::regnamespace) as views,
            pg_get_viewdef('delegation.newest_syncs'::regclass) as newest,
            (select prosrc from pg_proc where proname = 'like_pattern' and pronamespace = 'delegation'::regnamespace) as function`,
        )
      ).rows;
    const before = await state();
    await spoil();
    await given.client.query('begin');
    await installViews(given.client, queriesDir, briefly);
    expect(await strongLocks()).toBeGreaterThan(0);
    await given.client.query('commit');
    expect(await state()).toEqual(before);
  });

  it('gives up where a reader keeps its transaction open, says who that is, and stops no other reader meanwhile', async () => {
    await change();
    const reader = await given.database.connect();
    await reader.query("set application_name = 'Metabase'; begin; select from delegation.accounts");
    const other = await given.database.connect();
    await other.query("set lock_timeout = '900ms'");
    let isOver = false;
    const failed = installViews(given.client, queriesDir, { lockPatienceMs: 1500 }).then(
      () => undefined,
      (error: unknown) => {
        isOver = true;
        return error as Error;
      },
    );
    await until(async () => {
      await other.query('select from delegation.accounts');
      return isOver;
    }, 'the end of the installation');
    const error = await failed;
    expect(error).toMatchObject({ name: 'RulesError', exitCode: 4, code: '55P03' });
    expect(error?.message).toMatch(
      /session \d+ of user postgres \(Metabase\), idle in transaction, since .* which has delegation\.accounts/,
    );
    expect(error?.message).toMatch(/select pg_terminate_backend\(\d+\);/);
    await reader.query('commit');
    await installViews(given.client, queriesDir, briefly);
    await Promise.all([reader.end(), other.end()]);
  });

  it('does not keep the views from their readers for long because of a table that somebody has locked', async () => {
    await change();
    const blocker = await given.database.connect();
    await blocker.query("set application_name = 'psql'; begin; lock table aws_organizations in access exclusive mode");
    await expect(installViews(given.client, queriesDir, briefly)).rejects.toThrow(
      /somebody is in the way: session \d+ of user postgres \(psql\).*which has aws_organizations\b/,
    );
    await blocker.query('rollback');
    await installViews(given.client, queriesDir, briefly);
    await blocker.end();
  });

  it.each([300, 4000])('gives up after %s ms where another one does not end', async (lockPatienceMs) => {
    await change();
    const other = await given.database.connect();
    await other.query("set application_name = 'psql'; select pg_advisory_lock(hashtext('delegation.install'))");
    await expect(installViews(given.client, queriesDir, { lockPatienceMs })).rejects.toThrow(
      /session \d+ of user postgres \(psql\).* which writes or installs here/,
    );
    await other.end();
    await installViews(given.client, queriesDir, briefly);
  });

  it('is made once by two at once, on an empty database too', async () => {
    await uninstallViews(given.client);
    const clients = await Promise.all([1, 2, 3].map(() => given.database.connect()));
    await Promise.all(clients.map((client) => installViews(client, queriesDir)));
    await Promise.all(clients.map((client) => client.end()));
  });
});

describe('a run of the rules', () => {
  it.each([
    ['another run', `select pg_advisory_lock(hashtext('delegation.results'))`],
    ['somebody who writes results', 'begin; lock table aws_policy_results in row exclusive mode'],
  ])('gives up where %s does not end, and says who that is', async (_what, statement) => {
    const options = { queriesDir, rules: ['org_all_features_enabled'] };
    await runRules(given.client, options);
    const other = await given.database.connect();
    await other.query(`set application_name = 'Metabase'; ${statement}`);
    await expect(runRules(given.client, { ...options, lockPatienceMs: 300 })).rejects.toThrow(
      /session \d+ of user postgres \(Metabase\).*No result was written\. .*select pg_terminate_backend\(\d+\);/,
    );
    // A run that keeps no results does not mind.
    await runRules(given.client, { ...options, write: false, lockPatienceMs: 300 });
    await other.end();
    await runRules(given.client, options);
  });
});
