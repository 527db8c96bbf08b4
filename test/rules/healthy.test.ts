import { afterAll, beforeAll, expect, test } from 'vitest';
import { exitCodeOf, runRules, type Run } from '../../src/rules/index.js';
import { syncedWorld, type World } from '../support/world.js';
import { queriesDir } from './database.js';

// Somebody who has just begun: nothing in the spec but who InfoSec is.
let world: World;
let run: Run;
beforeAll(async () => {
  world = await syncedWorld('healthy', queriesDir, { owners: { infosec: { accounts: ['222233334444'] } } });
  run = await runRules(world.client, { queriesDir });
});
afterAll(() => world.close());

test('a healthy organization and a spec that names infosec alone: exit code 0', () => {
  expect(run.all.filter(({ status }) => status === 'fail').map(({ rule, reason }) => `${rule.id}: ${reason}`)).toEqual(
    [],
  );
  expect(exitCodeOf(run.all)).toBe(0);
});

test('what the spec does not say yet is unknown, and says which line to add', () => {
  const open = run.all.filter(({ unknownCause }) => unknownCause === 'not_configured');
  expect([...new Set(open.map(({ rule }) => rule.id))].sort()).toEqual([
    'access_analyzer_covers_organization',
    'config_aggregates_organization',
    'delegated_admin_hosts_no_workloads',
    'delegation_reviewed',
    'delegations_approved',
    'execution_services_held_narrowly',
    'new_accounts_enrolled',
    'no_unapproved_significant_event',
    'service_member_limit_not_reached',
    'services_held_by_expected_owner',
  ]);
  for (const { reason } of open) expect(reason).toMatch(/add `/);
  expect(run.all.filter(({ unknownCause }) => unknownCause === 'unread')).toEqual([]);
});

test('a second run changes nothing', async () => {
  const { rows } = await world.client.query('select * from aws_policy_result_changes');
  expect(rows).toEqual([]);
  const again = await runRules(world.client, { queriesDir });
  const told = ({ all }: Run): string[] =>
    all.map(({ rule, resourceId, accountId, region, status }) =>
      [rule.id, resourceId, accountId, region, status].join(' '),
    );
  expect(told(again)).toEqual(told(run));
  expect((await world.client.query('select * from aws_policy_result_changes')).rows).toEqual([]);
});

test('with a role in the administrators, what only they can show passes as well', async () => {
  const rules = [
    'access_analyzer_covers_organization',
    'config_aggregates_organization',
    'new_accounts_enrolled',
    'service_member_limit_not_reached',
  ];
  const spec = { owners: { infosec: { accounts: ['222233334444'] } }, delegated_admin_role_name: 'OrgAudit' };
  const shown = await syncedWorld('healthy', queriesDir, spec);
  try {
    const { all } = await runRules(shown.client, { queriesDir, rules });
    const told = all.map(({ rule, resourceId, region, status }) => [rule.id, resourceId, region, status].join(' '));
    expect(told.sort()).toEqual([
      'access_analyzer_covers_organization access-analyzer  pass',
      'config_aggregates_organization config  pass',
      ...['detective', 'guardduty', 'inspector', 'macie', 'security-hub', 'security-hub-cspm', 'security-lake'].map(
        (service) => `new_accounts_enrolled ${service}  pass`,
      ),
      ...['guardduty', 'inspector', 'macie', 'security-hub-cspm'].map(
        (service) => `service_member_limit_not_reached ${service}  pass`,
      ),
    ]);
  } finally {
    await shown.close();
  }
});
