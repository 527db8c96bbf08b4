import { afterEach, describe, expect, test } from 'vitest';
import { close, organization, type Organization } from './database.js';

const infosec = '222222222222';
const network = '333333333333';

let given: Organization;
afterEach(() => close(given));

/** `service method region holder principal <- approval`, with `nobody` and `nothing` for what is not there. */
async function approvals(sql: string): Promise<string[]> {
  given = await organization(`
    select fixture.organization();
    select fixture.account('${infosec}', 'Security Tooling'), fixture.account('${network}', 'Network');
    ${sql}`);
  const { rows } = await given.client.query<Record<string, string | boolean | null>>(
    'select * from delegation.approvals',
  );
  return rows
    .map((row) => {
      const words = (...names: string[]): string => names.flatMap((name) => row[name] ?? []).join(' ');
      const held = words(
        'service_id',
        'method',
        'region',
        'delegated_account_id',
        'service_principal',
        'granted_principal',
      );
      const approved = words('approved_service', 'approved_principal', 'approved_method', 'approved_region');
      expect([row['has_delegation'], row['has_approval']]).toEqual([held !== '', approved !== '']);
      expect([row['source_name'], row['organization_id']]).toEqual(['prod', 'o-example']);
      return `${held || 'nothing'} <- ${approved || 'nobody'}`;
    })
    .sort();
}

describe('delegation.approvals', () => {
  test('a delegation without an approval, an approval without a delegation, and a pair', async () => {
    expect(
      await approvals(`
        select fixture.delegated('${infosec}', 'config.amazonaws.com'), fixture.delegated('${network}', 'config.amazonaws.com');
        select fixture.approval('config', '${infosec}'), fixture.approval('macie', '${infosec}')`),
    ).toEqual([
      `config organizations ${infosec} config.amazonaws.com <- config ${infosec}`,
      `config organizations ${network} config.amazonaws.com <- nobody`,
      `nothing <- macie ${infosec}`,
    ]);
  });

  test('each method and Region is one delegation; an approval covers those that it names', async () => {
    expect(
      await approvals(`
        select fixture.delegated('${infosec}', 'guardduty.amazonaws.com');
        select fixture.guardduty('${infosec}');
        select fixture.approval('guardduty', '${infosec}', 'organizations');
        select fixture.approval('guardduty', '${infosec}', 'service', 'eu-central-1');
        select fixture.approval('guardduty', '${infosec}', '', 'ap-east-1')`),
    ).toEqual([
      `guardduty organizations ${infosec} guardduty.amazonaws.com <- guardduty ${infosec} organizations`,
      `guardduty service eu-central-1 ${infosec} <- guardduty ${infosec} service eu-central-1`,
      `guardduty service us-east-1 ${infosec} <- nobody`,
      `nothing <- guardduty ${infosec} ap-east-1`,
    ]);
  });

  test('one service principal does not approve the other one of the service', async () => {
    expect(
      await approvals(`
        select fixture.delegated('${infosec}', 'guardduty.amazonaws.com'), fixture.delegated('${infosec}', 'malware-protection.guardduty.amazonaws.com');
        select fixture.guardduty('${infosec}', '{us-east-1}');
        select fixture.approval('guardduty.amazonaws.com', '${infosec}')`),
    ).toEqual([
      `guardduty organizations ${infosec} guardduty.amazonaws.com <- guardduty.amazonaws.com ${infosec}`,
      `guardduty organizations ${infosec} malware-protection.guardduty.amazonaws.com <- nobody`,
      `guardduty service us-east-1 ${infosec} <- guardduty.amazonaws.com ${infosec}`,
    ]);
  });

  test('a principal that two services share is approved by either; one that nobody knows by itself', async () => {
    expect(
      await approvals(`
        select fixture.delegated('${infosec}', 'securityhub.amazonaws.com'), fixture.delegated('${infosec}', 'new.amazonaws.com');
        select fixture.approval('security-hub-cspm', '${infosec}'), fixture.approval('new.amazonaws.com', '${infosec}')`),
    ).toEqual([
      `new.amazonaws.com organizations ${infosec} new.amazonaws.com <- new.amazonaws.com ${infosec}`,
      `security-hub organizations ${infosec} securityhub.amazonaws.com <- security-hub-cspm ${infosec}`,
    ]);
  });

  test('the delegation policy: by account, by principal, and never by the one that a statement leaves out', async () => {
    const role = `arn:aws:iam::${infosec}:role/policies`;
    const policy = 'organizations-delegation-policy';
    expect(
      await approvals(`
        select fixture.statement(0, 'Allow', '${role}', 'organizations:AttachPolicy');
        select fixture.statement(1, 'Allow', 'arn:aws:iam::${infosec}:root', 'organizations:AttachPolicy');
        select fixture.statement(2, 'Allow', '${network}', 'organizations:DetachPolicy');
        select fixture.statement(3, 'Allow', 'arn:aws:iam::${network}:role/left-out', 'organizations:CreatePolicy', '{"is_not_principal": true}');
        select fixture.approval('${policy}', '${role}'), fixture.approval('${policy}', '${network}');
        select fixture.approval('${policy}', 'arn:aws:iam::${network}:role/left-out')`),
    ).toEqual([
      `nothing <- ${policy} arn:aws:iam::${network}:role/left-out`,
      `${policy} resource_policy * * <- nobody`,
      `${policy} resource_policy ${infosec} ${role} <- ${policy} ${role}`,
      `${policy} resource_policy ${infosec} arn:aws:iam::${infosec}:root <- nobody`,
      `${policy} resource_policy ${network} ${network} <- ${policy} ${network}`,
    ]);
  });

  test('* approves what the policy gives to everybody, and nothing else', async () => {
    expect(
      await approvals(`
        select fixture.statement(0, 'Allow', '*', 'organizations:AttachPolicy');
        select fixture.statement(1, 'Allow', '${network}', 'organizations:AttachPolicy');
        select fixture.approval('organizations-delegation-policy', '*')`),
    ).toEqual([
      'organizations-delegation-policy resource_policy * * <- organizations-delegation-policy *',
      `organizations-delegation-policy resource_policy ${network} ${network} <- nobody`,
    ]);
  });

  test('an approved principal is no approved delegation', async () => {
    expect(
      await approvals(`
        select fixture.delegated('${infosec}', 'config.amazonaws.com');
        insert into aws_delegation_approvals (_cq_sync_time, _cq_source_name, account_id, kind, service, principal, method, region, action, approved_by, approved_on)
        values (fixture.time(), 'prod', '111111111111', 'principal', '', 'arn:aws:iam::${infosec}:role/a', '', '', '*', 'Ada', '2026-01-02')`),
    ).toEqual([`config organizations ${infosec} config.amazonaws.com <- nobody`]);
  });
});

test('delegation.waivers: what is left open is null, and the day itself is too late', async () => {
  given = await organization(`
    select fixture.organization();
    select fixture.waiver('one', (now() at time zone 'UTC')::date + 1, 'p-*', '${infosec}', 'us-east-1');
    select fixture.waiver('two', (now() at time zone 'UTC')::date)`);
  const { rows } = await given.client.query(
    'select source_name, rule, resource, account_id, region, reason, approved_by, is_expired from delegation.waivers order by rule',
  );
  const signed = { source_name: 'prod', reason: 'It is a test.', approved_by: 'Ada' };
  expect(rows).toEqual([
    { ...signed, rule: 'one', resource: 'p-*', account_id: infosec, region: 'us-east-1', is_expired: false },
    { ...signed, rule: 'two', resource: '*', account_id: null, region: null, is_expired: true },
  ]);
});
