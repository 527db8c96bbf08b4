// What tools in use today answer wrongly, each as a test that passes here.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judge, type RuleResult } from '../../src/rules/index.js';
import { close, organization, queriesDir, type Organization } from './database.js';

let given: Organization;
beforeAll(async () => {
  given = await organization('', { finish: false });
});
afterAll(() => close(given));

/** An organization with InfoSec in its own account, GuardDuty in use, and whatever a case adds. */
async function verdicts(rule: string, sql: string): Promise<readonly RuleResult[]> {
  const { client } = given;
  await client.query('begin');
  try {
    await client.query(`
      select fixture.organization();
      select fixture.ou('/Security');
      select fixture.account('222222222222', 'Security Tooling', '/Security'), fixture.account('333333333333', 'Shop');
      select fixture.owner('infosec', 'account', '222222222222');
      select fixture.trusted('guardduty.amazonaws.com');
      ${sql}`);
    await client.query('select fixture.finish()');
    return (await judge(client, { queriesDir, rules: [rule], write: false })).all;
  } finally {
    await client.query('rollback');
  }
}

const of = (rows: readonly RuleResult[], resourceId: string): readonly RuleResult[] => {
  const own = rows.filter((row) => row.resourceId === resourceId);
  expect(own, `no verdict about ${resourceId}`).not.toEqual([]);
  return own;
};
const statuses = (rows: readonly RuleResult[]): string[] => [...new Set(rows.map(({ status }) => status))].sort();

const held = 'security_services_held_by_infosec';
const everywhere = `select fixture.delegated('222222222222', 'guardduty.amazonaws.com'), fixture.guardduty('222222222222');`;

describe('who holds what', () => {
  test.each(['111111111110', '333333333333', '999999999999'])(
    'of several administrators each is judged, wherever the stranger %s stands in the list',
    async (stranger) => {
      const sql = `${everywhere} select fixture.account('111111111110', 'First'), fixture.account('999999999999', 'Last'), fixture.guardduty('${stranger}', '{us-east-1}');`;
      const [row] = of(await verdicts(held, sql), 'guardduty');
      expect(row).toMatchObject({ status: 'fail', region: 'us-east-1' });
      expect(row?.reason).toContain(stranger);
      expect(row?.reason).toContain('222222222222');
    },
  );

  test('nobody is not InfoSec', async () => {
    const rows = of(await verdicts(held, ''), 'guardduty');
    expect(statuses(rows)).toEqual(['fail']);
    expect(rows.map(({ reason }) => reason).join()).toContain('nobody holds Amazon GuardDuty');
  });

  test('a denied read is a verdict of its own', async () => {
    const sql = `select fixture.read('aws_guardduty_organization_admin_accounts', 'denied', region => 'eu-central-1');
      select fixture.delegated('222222222222', 'guardduty.amazonaws.com'), fixture.guardduty('222222222222', '{us-east-1}');`;
    expect(of(await verdicts(held, sql), 'guardduty')).toMatchObject([
      { status: 'unknown', unknownCause: 'unread', region: 'eu-central-1' },
    ]);
  });

  test('the list of Regions does not stop at three', async () => {
    const regions = [
      'ap-south-1',
      'ap-southeast-1',
      'ap-southeast-2',
      'eu-west-1',
      'eu-west-2',
      'sa-east-1',
      'us-west-2',
    ];
    const sql = `${everywhere} select fixture.region(region) from unnest(array['${regions.join("','")}']) as region;`;
    const rows = of(await verdicts(held, sql), 'guardduty');
    expect(rows.filter(({ status }) => status === 'fail').map(({ region }) => region)).toEqual(regions);
    const missing = (await verdicts('every_region_has_admin', sql)).filter(({ status }) => status === 'fail');
    expect(missing.map(({ region }) => region).sort()).toEqual(regions);
  });

  test('two administrators of one service do not overwrite each other', async () => {
    const sql = `select fixture.trusted('config.amazonaws.com');
      select fixture.delegated('222222222222', 'config.amazonaws.com'), fixture.delegated('333333333333', 'config.amazonaws.com');`;
    const [row] = of(await verdicts(held, sql), 'config');
    expect(row?.status).toBe('fail');
    expect(row?.reason).toMatch(/222222222222.*333333333333/);
  });

  test('the management account holds what no list of Organizations shows', async () => {
    const sql = `select fixture.guardduty('111111111111');`;
    const rows = of(await verdicts('management_account_holds_no_delegation', sql), 'guardduty');
    expect(rows.some(({ status }) => status === 'fail')).toBe(true);
    expect(statuses(of(await verdicts(held, sql), 'guardduty'))).toEqual(['fail']);
  });

  test('a suspended account is no holder', async () => {
    const sql = `${everywhere} update aws_organizations_accounts set state = 'SUSPENDED', status = 'SUSPENDED' where id = '222222222222';`;
    expect(statuses(of(await verdicts(held, sql), 'guardduty'))).not.toContain('pass');
    expect(statuses(of(await verdicts('delegated_admin_account_active', sql), '222222222222'))).toEqual(['fail']);
  });

  test('one principal that stands for two services is one registration', async () => {
    const sql = `select fixture.trusted('securityhub.amazonaws.com'), fixture.delegated('222222222222', 'securityhub.amazonaws.com');`;
    const rows = (await verdicts(held, sql)).filter(({ resourceId }) => resourceId.startsWith('security-hub'));
    expect(rows.filter(({ status }) => status !== 'not_applicable')).toHaveLength(1);
    const used = (await verdicts('trusted_access_has_administrator', sql)).filter(({ resourceId }) =>
      resourceId.startsWith('security-hub'),
    );
    expect(used.filter(({ status }) => status !== 'not_applicable')).toMatchObject([{ status: 'pass' }]);
  });

  test('a service that is not in a Region is not missing there', async () => {
    const sql = `${everywhere}
      update aws_delegation_services set service_regions = '["eu-central-1", "us-east-1"]' where service_id = 'guardduty';
      select fixture.region('mx-central-1');
      select fixture.read('aws_guardduty_organization_admin_accounts', 'absent', region => 'mx-central-1', code => 'ServiceNotInRegion');`;
    expect(of(await verdicts('every_region_has_admin', sql), 'guardduty')).toMatchObject([{ status: 'pass' }]);
    expect(of(await verdicts(held, sql), 'guardduty')).toMatchObject([{ status: 'pass' }]);
  });
});

describe('how members are enrolled', () => {
  test('AutoEnable=false is by design under central configuration, and a finding without it', async () => {
    const configured = (configuration: object) => `
      select fixture.both_security_hubs_asked(), fixture.security_hub('222222222222');
      select fixture.configuration('securityhub', '222222222222', '{eu-central-1, us-east-1}',
        '${JSON.stringify({ auto_enable: false, organization_configuration: configuration })}');`;
    const central = { ConfigurationType: 'CENTRAL', Status: 'ENABLED' };
    const rule = 'new_accounts_enrolled';
    const [row, ...others] = of(await verdicts(rule, configured(central)), 'security-hub-cspm');
    expect(row?.status).toBe('pass');
    expect(row?.reason).toContain('AutoEnable false');
    expect(others).toEqual([]);
    const local = { ConfigurationType: 'LOCAL', Status: 'ENABLED' };
    expect(statuses(of(await verdicts(rule, configured(local)), 'security-hub-cspm'))).toEqual(['fail']);
  });
});

describe('what policies do', () => {
  test('an SCP that is attached to nothing protects nobody', async () => {
    const sql = `select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]');`;
    expect(statuses(of(await verdicts('scp_prevents_leaving', sql), '333333333333'))).toEqual(['fail']);
  });

  test('macie:* protects nothing in macie2', async () => {
    const sql = `select fixture.trusted('macie.amazonaws.com');
      select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "macie:*", "Resource": "*"}]', '{/}');`;
    const rows = of(await verdicts('scp_protects_security_controls', sql), 'macie');
    expect(statuses(rows)).toEqual(['fail']);
    expect(rows[0]?.reason).toContain('macie2:DisableMacie');
  });
});
