import { afterEach, describe, expect, test } from 'vitest';
import { close, organization, type Organization } from './database.js';

const infosec = '222222222222';
const network = '333333333333';
const shop = '444444444444';

const accounts = `
  select fixture.organization();
  select fixture.account('${infosec}', 'Security Tooling');
  select fixture.account('${network}', 'Network');
  select fixture.account('${shop}', 'Shop');
  select fixture.owner('infosec', 'account', '${infosec}');
  select fixture.owner('networking', 'account', '${network}');
`;

let given: Organization;
afterEach(() => close(given));

/** The rows by service; `columns` only, where they are named. */
async function expected(...columns: string[]): Promise<Record<string, unknown>> {
  const { rows } = await given.client.query<Record<string, unknown>>(
    'select * from delegation.expected order by source_name, service_id',
  );
  return Object.fromEntries(
    rows.map((row) => [
      String(row['service_id']),
      columns.length === 0 ? row : Object.fromEntries(columns.map((name) => [name, row[name]])),
    ]),
  );
}

const whole = {
  source_name: 'prod',
  organization_id: 'o-example',
  category: 'security',
  is_security_service: true,
  owners: ['infosec'],
  origin: 'catalogue',
  owner_account_ids: [infosec],
  holder_account_ids: [],
  unexpected_account_ids: [],
  is_missing: true,
  was_read: true,
  unknown_cause: null,
  read_error: null,
};

describe('delegation.expected', () => {
  test('who is suspended, or just being made or removed, does not fill the place', async () => {
    const old = '555555555555';
    given = await organization(`${accounts}
      select fixture.account('${old}', 'Old Security', state => 'SUSPENDED'), fixture.owner('infosec', 'account', '${old}');
      select fixture.delegated('${old}', 'config.amazonaws.com'), fixture.delegated('${old}', 'macie.amazonaws.com');
      select fixture.delegated('${infosec}', 'macie.amazonaws.com');
      select fixture.guardduty('${infosec}', admin_status => 'DISABLE_IN_PROGRESS')`);
    expect(await expected('holder_account_ids', 'unexpected_account_ids', 'is_missing')).toMatchObject({
      config: { holder_account_ids: [old], unexpected_account_ids: [], is_missing: true },
      guardduty: { holder_account_ids: [infosec], unexpected_account_ids: [], is_missing: true },
      macie: { holder_account_ids: [infosec, old], unexpected_account_ids: [], is_missing: false },
    });
  });

  test('one row per service: the expectation of the spec where there is one, otherwise the recommendation', async () => {
    given = await organization(`${accounts}
      select fixture.expectation('guardduty', 'networking'), fixture.expectation('guardduty', 'infosec');
      select fixture.service('ram', 'AWS RAM', 'ram.amazonaws.com', 'organizations', '{"is_security_service": false, "recommended_owners": []}');
      select fixture.delegated('${network}', 'guardduty.amazonaws.com');
      select fixture.guardduty('${infosec}', '{eu-central-1}'), fixture.guardduty('${shop}', '{us-east-1}');
      select fixture.delegated('${infosec}', 'config.amazonaws.com')`);
    expect(await expected()).toEqual({
      backup: {
        ...whole,
        service_id: 'backup',
        service_name: 'AWS Backup',
        is_security_service: false,
        owners: ['backup', 'infra_ops'],
        owner_account_ids: [],
      },
      config: {
        ...whole,
        service_id: 'config',
        service_name: 'AWS Config',
        holder_account_ids: [infosec],
        is_missing: false,
      },
      guardduty: {
        ...whole,
        service_id: 'guardduty',
        service_name: 'Amazon GuardDuty',
        owners: ['infosec', 'networking'],
        origin: 'spec',
        owner_account_ids: [infosec, network],
        holder_account_ids: [infosec, network, shop],
        unexpected_account_ids: [shop],
        is_missing: false,
      },
      macie: {
        ...whole,
        service_id: 'macie',
        service_name: 'Amazon Macie',
        // Its own list is not read by the catalogue of the fixture.
        is_missing: null,
        was_read: false,
        unknown_cause: 'not_observable',
        read_error: 'this version does not ask Amazon Macie itself (macie2:ListOrganizationAdminAccounts)',
      },
      'organizations-delegation-policy': {
        ...whole,
        service_id: 'organizations-delegation-policy',
        service_name: 'Delegation policy',
      },
      'security-hub': {
        ...whole,
        service_id: 'security-hub',
        service_name: 'AWS Security Hub CSPM and AWS Security Hub',
      },
    });
  });

  test('a member account that is no owner, and everybody', async () => {
    given = await organization(`${accounts}
      select fixture.delegated('${shop}', 'config.amazonaws.com');
      select fixture.statement(0, 'Allow', '*', 'organizations:AttachPolicy')`);
    expect(await expected('holder_account_ids', 'unexpected_account_ids', 'is_missing')).toMatchObject({
      config: { holder_account_ids: [shop], unexpected_account_ids: [shop], is_missing: true },
      'organizations-delegation-policy': { holder_account_ids: ['*'], unexpected_account_ids: ['*'], is_missing: true },
    });
  });

  test('services that share a principal are told apart where the spec does', async () => {
    given = await organization(`${accounts}
      select fixture.expectation('security-hub-cspm', 'networking');
      select fixture.delegated('${infosec}', 'securityhub.amazonaws.com')`);
    expect(
      await expected('service_name', 'owners', 'origin', 'holder_account_ids', 'was_read', 'read_error'),
    ).toMatchObject({
      'security-hub': {
        service_name: 'AWS Security Hub',
        owners: ['infosec'],
        origin: 'catalogue',
        holder_account_ids: [infosec],
        was_read: true,
      },
      // Who holds this one alone, Organizations cannot say.
      'security-hub-cspm': {
        service_name: 'AWS Security Hub CSPM',
        owners: ['networking'],
        origin: 'spec',
        holder_account_ids: [],
        was_read: false,
        read_error: 'this version has no way to ask who holds AWS Security Hub CSPM alone',
      },
    });
  });

  test.each([
    ['aws_organizations_delegated_services', `operation => 'organizations:ListDelegatedServicesForAccount'`],
    ['aws_organizations_accounts', ''],
    ['aws_delegation_owners', ''],
    ['aws_delegation_expectations', ''],
  ])('without %s nobody is missing, and it is said', async (table, more) => {
    given = await organization(`${accounts}
      select fixture.read('${table}', 'denied', message => 'No.' ${more && `, ${more}`})`);
    const { config } = (await expected()) as { config: Record<string, unknown> };
    expect(config).toMatchObject({ is_missing: null, was_read: false, unknown_cause: 'unread' });
    expect(config['read_error']).toContain('was denied');
    const isAboutOwners = table !== 'aws_organizations_delegated_services';
    expect(config['unexpected_account_ids']).toEqual(isAboutOwners ? null : []);
  });

  test('what was found in the Regions that answered counts, and was_read tells of the rest', async () => {
    given = await organization(`${accounts}
      select fixture.guardduty('${infosec}', '{eu-central-1}');
      select fixture.read('aws_guardduty_organization_admin_accounts', 'denied', region => 'us-east-1')`);
    const { guardduty } = (await expected()) as { guardduty: Record<string, unknown> };
    expect(guardduty).toMatchObject({ holder_account_ids: [infosec], is_missing: false, was_read: false });
  });

  test('an account of which the tags were not read may be the owner', async () => {
    given = await organization(`${accounts}
      select fixture.owner('backup', 'tag', 'team=backup');
      select fixture.delegated('${shop}', 'backup.amazonaws.com')`);
    expect(await expected('unexpected_account_ids', 'is_missing', 'owner_account_ids')).toMatchObject({
      backup: { unexpected_account_ids: [], is_missing: null, owner_account_ids: [] },
    });
  });

  test('two sources do not mix', async () => {
    given = await organization(`${accounts}
      select fixture.expectation('config', 'networking');
      select set_config('fixture.source', 'other', false), set_config('fixture.management', '999999999999', false);
      ${accounts}
      select fixture.delegated('${infosec}', 'config.amazonaws.com')`);
    const { rows } = await given.client.query(
      `select source_name, owners, holder_account_ids from delegation.expected where service_id = 'config' order by source_name`,
    );
    expect(rows).toEqual([
      { source_name: 'other', owners: ['infosec'], holder_account_ids: [infosec] },
      { source_name: 'prod', owners: ['networking'], holder_account_ids: [] },
    ]);
  });
});
