import { afterEach, describe, expect, test } from 'vitest';
import { runRules } from '../../src/rules/index.js';
import { close, organization, queriesDir, type Organization } from './database.js';

const deny = '[{"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]';
const rules = ['scp_prevents_leaving'];

let given: Organization;
afterEach(() => close(given));

const run = async (wanted: string[] | 'all' = rules) =>
  runRules(given.client, { queriesDir, ...(wanted !== 'all' && { rules: wanted }) });

async function stored(): Promise<Record<string, string>> {
  const { rows } = await given.client.query<{ resource_id: string; status: string }>(
    `select resource_id, status from aws_policy_results where check_id = 'scp_prevents_leaving' order by resource_id`,
  );
  return Object.fromEntries(rows.map(({ resource_id, status }) => [resource_id, status]));
}

async function changes(): Promise<unknown[]> {
  const { rows } = await given.client.query<Record<string, unknown>>(
    `select resource_id, old_status, new_status, severity, reason is null as is_gone, pack_version is not null as has_version
     from aws_policy_result_changes where check_id = 'scp_prevents_leaving' order by changed_at, resource_id`,
  );
  return rows.map(({ resource_id, old_status, new_status, is_gone }) => [resource_id, old_status, new_status, is_gone]);
}

describe('what changes from run to run', () => {
  test('is kept, and nothing else is', async () => {
    given = await organization(`
      select fixture.organization();
      select fixture.account('222222222222', 'Shop');
      select fixture.account('333333333333', 'Bank');`);
    await run();
    await run();
    expect(await changes()).toEqual([]);

    // Mended for one of them, and an account more.
    await given.client.query(`
      select fixture.scp('p-guard', '${deny}', '{222222222222}');
      select fixture.account('444444444444', 'New');
      delete from aws_delegation_reads;
      select fixture.finish()`);
    await run();
    expect(await stored()).toEqual({
      '111111111111': 'not_applicable',
      '222222222222': 'pass',
      '333333333333': 'fail',
      '444444444444': 'fail',
    });
    expect(await changes()).toEqual([
      ['222222222222', 'fail', 'pass', false],
      ['444444444444', null, 'fail', false],
    ]);

    // Accepted, and an account less.
    await given.client.query(`
      select fixture.waiver('scp_prevents_leaving', '2999-01-01', '333333333333');
      delete from aws_organizations_policy_targets where target_id = '444444444444';
      delete from aws_organizations_accounts where id = '444444444444';
      delete from aws_delegation_reads;
      select fixture.finish()`);
    await run();
    expect((await changes()).slice(2)).toEqual([
      ['333333333333', 'fail', 'waived', false],
      ['444444444444', 'fail', null, true],
    ]);
    await run();
    expect(await changes()).toHaveLength(4);
  });

  test('a run of some rules says nothing of the others', async () => {
    given = await organization('select fixture.organization()');
    await run('all');
    const count = async (): Promise<unknown> =>
      (await given.client.query('select count(*)::integer as count from aws_policy_results')).rows[0];
    const before = await count();
    await given.client.query(`update aws_organizations set feature_set = 'CONSOLIDATED_BILLING'`);
    await run(['scp_prevents_leaving']);
    expect(await count()).toEqual(before);
    const { rows } = await given.client.query(
      `select status from aws_policy_results where check_id = 'org_all_features_enabled'`,
    );
    expect(rows).toEqual([{ status: 'pass' }]);
    await run(['org_all_features_enabled']);
    expect(
      (await given.client.query('select check_id, old_status, new_status from aws_policy_result_changes')).rows,
    ).toEqual([{ check_id: 'org_all_features_enabled', old_status: 'pass', new_status: 'fail' }]);
  });

  test('an organization that comes into the database is no change of another', async () => {
    given = await organization('select fixture.organization()');
    await run();
    await given.client.query(`
      begin;
      select set_config('fixture.source', 'other', true), set_config('fixture.management', '999999999999', true);
      select fixture.organization();
      update aws_organizations set id = 'o-other' where _cq_source_name = 'other';
      select fixture.finish();
      commit`);
    await run();
    expect(Object.keys(await stored())).toEqual(['111111111111', '999999999999']);
    expect(await changes()).toEqual([]);
  });
});

test('two runs at once come one after the other', async () => {
  given = await organization('select fixture.organization()');
  await run();
  const other = await given.database.connect();
  await Promise.all([run('all'), runRules(other, { queriesDir })]);
  await other.end();
  const { rows } = await given.client.query(
    `select check_id, account_id, region, resource_id from aws_policy_results group by 1, 2, 3, 4 having count(*) > 1`,
  );
  expect(rows).toEqual([]);
});

test('a principal that is longer than the column of CloudQuery is cut, and is no change in the next run', async () => {
  given = await organization(`
    select fixture.organization();
    select fixture.resource_policy();
    select fixture.statement(0, 'Allow', 'arn:aws:iam::222222222222:role/' || repeat('long', 500), 'organizations:UpdatePolicy')`);
  for (let time = 0; time < 2; time++) {
    const { all } = await run(['delegation_policy_principals_known']);
    expect(all.map(({ resourceId }) => resourceId.length)).toEqual([1024]);
  }
  expect((await given.client.query('select * from aws_policy_result_changes')).rows).toEqual([]);
});
