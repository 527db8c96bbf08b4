import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judge, type Run } from '../../src/rules/index.js';
import { close, organization, queriesDir, type Organization } from './database.js';

const future = '2999-01-01';
const past = '2020-01-01';

// Two members that can leave, and GuardDuty of a stranger in one Region.
const findings = `
  select fixture.organization();
  select fixture.ou('/Security');
  select fixture.account('222222222222', 'Security Tooling', '/Security');
  select fixture.account('333333333333', 'Shop');
  select fixture.owner('infosec', 'account', '222222222222');
  select fixture.trusted('guardduty.amazonaws.com'), fixture.delegated('222222222222', 'guardduty.amazonaws.com');
  select fixture.guardduty('333333333333', '{eu-central-1}'), fixture.guardduty('222222222222', '{us-east-1}');`;
const rules = ['org_all_features_enabled', 'scp_prevents_leaving', 'security_services_held_by_infosec'];

let given: Organization;
beforeAll(async () => {
  given = await organization('', { finish: false });
});
afterAll(() => close(given));

async function run(sql: string, options: { rules?: string[]; write?: boolean } = {}): Promise<Run> {
  const { client } = given;
  await client.query('begin');
  try {
    await client.query(sql);
    await client.query('select fixture.finish()');
    return await judge(client, { queriesDir, rules, write: false, ...options });
  } finally {
    await client.query('rollback');
  }
}

const failed = ({ all }: Run): string[] =>
  all.filter(({ status }) => status === 'fail').map(({ resourceId }) => resourceId);
const waived = ({ all }: Run): string[] =>
  all.filter(({ status }) => status === 'waived').map(({ resourceId }) => resourceId);

test('without waivers everything fails', async () => {
  const found = await run(findings);
  expect(failed(found)).toEqual(['222222222222', '333333333333', 'guardduty']);
  expect(found.waivers).toEqual([]);
});

describe('a waiver covers', () => {
  test.each([
    ['a rule', `'scp_prevents_leaving', '${future}'`, ['222222222222', '333333333333']],
    ['rules by pattern', `'scp_*', '${future}'`, ['222222222222', '333333333333']],
    ['every rule', `'*', '${future}'`, ['222222222222', '333333333333', 'guardduty']],
    ['a resource', `'scp_prevents_leaving', '${future}', '333333333333'`, ['333333333333']],
    ['resources by pattern', `'*', '${future}', '3*'`, ['333333333333']],
    ['an account', `'*', '${future}', account_id => '222222222222'`, ['222222222222']],
    ['accounts by pattern', `'*', '${future}', account_id => '33*'`, ['333333333333']],
    ['a Region', `'*', '${future}', region => 'eu-central-1'`, ['guardduty']],
    ['Regions by pattern, and no finding without one', `'*', '${future}', region => '*'`, ['guardduty']],
    ['a service', `'security_services_held_by_infosec', '${future}', 'guard*'`, ['guardduty']],
    // A pattern of SQL is none of ours.
    ['nothing by the signs of SQL', `'*', '${future}', '3%'`, []],
    ['nothing by a part of a name', `'scp_prevents', '${future}'`, []],
  ])('%s', async (_what, waiver, covered) => {
    const found = await run(`${findings} select fixture.waiver(${waiver});`);
    expect(waived(found)).toEqual(covered);
    expect(failed(found)).toEqual(['222222222222', '333333333333', 'guardduty'].filter((id) => !covered.includes(id)));
  });
});

test('what is waived keeps its raw status and its reason, and says who accepted it', async () => {
  const found = await run(`${findings}
    select fixture.waiver('scp_prevents_leaving', '${future}', '333333333333');
    update aws_delegation_waivers set owner = 'Platform team', ticket = 'SEC-7';`);
  const result = found.all.find(({ status }) => status === 'waived');
  expect(result).toMatchObject({
    rawStatus: 'fail',
    unknownCause: null,
    reason: expect.stringContaining('organizations:LeaveOrganization is not denied') as unknown,
    remediation: expect.stringContaining('Attach an SCP') as unknown,
    waiver: 'accepted by Ada until 2999-01-01: It is a test. (SEC-7); to be mended by Platform team',
  });
});

test('a pass and an unknown are not waived', async () => {
  const found = await run(`${findings}
    select fixture.read('aws_organizations_accounts', 'denied');
    select fixture.waiver('*', '${future}');`);
  expect(found.all.filter(({ rawStatus }) => rawStatus !== 'fail').length).toBeGreaterThan(2);
  for (const { status, rawStatus, waiver } of found.all) {
    expect([rawStatus === 'fail' ? 'waived' : rawStatus, rawStatus === 'fail']).toEqual([status, waiver !== null]);
  }
});

test('an expired waiver fails again, and both the finding and the waiver say so', async () => {
  const found = await run(`${findings} select fixture.waiver('scp_prevents_leaving', '${past}', '333333333333');`);
  const result = found.all.find(({ resourceId }) => resourceId === '333333333333');
  expect(result).toMatchObject({ status: 'fail', waiver: null });
  expect(result?.reason).toMatch(/; a waiver by Ada until 2020-01-01: It is a test\., has expired$/);
  expect(found.waivers).toEqual([
    {
      organizationId: 'o-example',
      rule: 'scp_prevents_leaving',
      resource: '333333333333',
      accountId: null,
      region: null,
      reason: 'It is a test.',
      owner: null,
      ticket: null,
      approvedBy: 'Ada',
      expires: '2020-01-01',
      state: 'expired',
    },
  ]);
});

test('a waiver counts until its day begins, in UTC', async () => {
  const day = (offset: string): string => `date_trunc('day', now() at time zone 'UTC')${offset}`;
  const states = async (expires: string): Promise<string[]> =>
    (await run(`${findings} select fixture.waiver('*', ${expires});`)).waivers.map(({ state }) => state);
  expect(await states(day(''))).toEqual(['expired']);
  expect(await states(day(" + interval '1 day'"))).toEqual(['used']);
});

test('of two waivers the one that lasts longest is named; an expired one beside it changes nothing', async () => {
  const found = await run(`${findings}
    select fixture.waiver('scp_prevents_leaving', '2998-01-01', '*');
    select fixture.waiver('scp_prevents_leaving', '${future}', '333333333333');
    select fixture.waiver('scp_*', '${past}', '333333333333');`);
  const result = found.all.find(({ resourceId }) => resourceId === '333333333333');
  expect(result?.waiver).toContain('until 2999-01-01');
  expect(result?.reason).not.toContain('expired');
  expect(found.waivers.map(({ rule, state }) => [rule, state])).toEqual([
    ['scp_*', 'expired'],
    ['scp_prevents_leaving', 'used'],
    ['scp_prevents_leaving', 'used'],
  ]);
});

test('one that covers nothing is told, unless its rules were not run', async () => {
  const sql = `${findings} select fixture.waiver('scp_prevents_leaving', '${future}', '444444444444');`;
  const { client } = given;
  await client.query('begin');
  await client.query(sql);
  await client.query('select fixture.finish()');
  const whole = await judge(client, { queriesDir, write: false });
  expect(whole.waivers.map(({ resource, state }) => [resource, state])).toEqual([['444444444444', 'unused']]);
  await client.query('rollback');
  expect((await run(sql, { rules: ['org_all_features_enabled'] })).waivers).toEqual([]);
});

test('the waivers of one organization do not reach another', async () => {
  const found = await run(`${findings}
    select fixture.waiver('scp_prevents_leaving', '${future}');
    select set_config('fixture.source', 'other', true), set_config('fixture.management', '999999999999', true);
    select fixture.organization();
    select fixture.account('888888888888', 'Theirs');
    update aws_organizations set id = 'o-other' where _cq_source_name = 'other';`);
  expect(waived(found)).toEqual(['222222222222', '333333333333']);
  expect(failed(found)).toContain('888888888888');
});

test('an account that is in no organization can be waived too', async () => {
  const found = await run(`
    select fixture.read('aws_organizations', 'absent');
    select fixture.waiver('org_all_features_enabled', '${future}');`);
  expect(waived(found)).toEqual(['111111111111']);
});

test('of two accounts that are in no organization, its own and not the other', async () => {
  const found = await run(`
    select fixture.read('aws_organizations', 'absent');
    select fixture.waiver('*', '${future}');
    select set_config('fixture.source', 'other', false), set_config('fixture.management', '999999999999', false);
    select fixture.read(table_name, case table_name when 'aws_organizations' then 'absent' else 'ok' end)
    from fixture.tables where table_name <> 'aws_delegation_reads';
    select set_config('fixture.source', '', false), set_config('fixture.management', '', false);`);
  expect(waived(found)).toEqual(['111111111111']);
  expect(failed(found)).toEqual(['999999999999']);
});
