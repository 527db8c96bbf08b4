import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { endings, management, member, scenarioWith } from '../support/account.js';
import { syncFrom } from '../support/source.js';

const features = 'aws_iam_organizations_features';
const roles = 'aws_iam_service_linked_roles';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({
    scenario: scenarioWith({
      iam: {
        organizations_features: ['RootCredentialsManagement', 'RootSessions'],
        service_linked_roles: [
          {
            service_principal: 'ipam.amazonaws.com',
            role_name: 'AWSServiceRoleForIPAM',
            description: 'Lets IPAM look at addresses.',
          },
          { account: member, service_principal: 'ipam.amazonaws.com', role_name: 'AWSServiceRoleForIPAM' },
        ],
      },
    }),
  });
});
afterEach(() => simulator.close());

const ending = (operation: string, outcome: string, error_code: string | null = null, row_count = 0) => ({
  region: 'us-east-1',
  operation: `iam:${operation}`,
  scope: '',
  outcome,
  error_code,
  row_count,
});

describe(features, () => {
  const sync = (account = management) => syncFrom(simulator, { tables: [features], account });
  const ended = (outcome: string, code: string | null = null, rows = 0) => [
    ending('ListOrganizationsFeatures', outcome, code, rows),
  ];

  it('one row per feature', async () => {
    const synced = await sync();
    expect(synced.tables[features]).toEqual(
      ['RootCredentialsManagement', 'RootSessions'].map((feature) => ({
        account_id: management,
        organization_id: 'o-exampleorgid',
        feature,
      })),
    );
    expect(endings(synced, features)).toEqual(ended('ok', null, 2));
  });

  it('trusted access, and nothing switched on', async () => {
    simulator.change((scenario) => {
      scenario.iam.organizations_features = [];
    });
    const synced = await sync();
    expect(synced.tables[features]).toEqual([]);
    expect(endings(synced, features)).toEqual(ended('ok'));
  });

  it('no trusted access, no organization, or one bill and no more: none', async () => {
    simulator.change(({ organization }) => {
      if (organization) organization.service_access = [];
    });
    const synced = await sync();
    expect(synced.tables[features]).toEqual([]);
    expect(synced.errors).toEqual({});
    expect(endings(synced, features)).toEqual(ended('absent', 'ServiceAccessNotEnabledException'));
    simulator.setScenario('consolidated_billing');
    expect(endings(await sync(), features)).toEqual(ended('absent', 'OrganizationNotInAllFeaturesModeException'));
    simulator.setScenario('standalone');
    expect(endings(await syncFrom(simulator, { tables: [features] }), features)).toEqual(
      ended('absent', 'OrganizationNotFoundException'),
    );
  });

  it('a member may not ask', async () => {
    const synced = await sync(member);
    expect(synced.announced).not.toContain(features);
    expect(endings(synced, features)).toEqual(ended('denied', 'AccountNotManagementOrDelegatedAdministratorException'));
  });

  it('denied by IAM, and throttled for a while', async () => {
    const denied = simulator.fault({ operation: 'iam:ListOrganizationsFeatures', kind: 'deny' });
    const synced = await sync();
    expect(synced.announced).not.toContain(features);
    expect(endings(synced, features)).toEqual(ended('denied', 'AccessDenied'));
    denied.remove();
    const throttled = simulator.fault({ operation: 'iam:ListOrganizationsFeatures', kind: 'throttle', times: 1 });
    expect(endings(await sync(), features)).toEqual(ended('ok', null, 2));
    expect(throttled.hits).toBe(1);
  });
});

describe(roles, () => {
  const sync = (account = management) => syncFrom(simulator, { tables: [roles], account });

  it('the roles of the account that asks', async () => {
    const row = (account: string, description: string | null) => ({
      account_id: account,
      arn: `arn:aws:iam::${account}:role/aws-service-role/ipam.amazonaws.com/AWSServiceRoleForIPAM`,
      role_name: 'AWSServiceRoleForIPAM',
      role_id: expect.stringMatching(/^AROA/) as string,
      path: '/aws-service-role/ipam.amazonaws.com/',
      create_date: '2024-01-20T10:00:00.000Z',
      description,
      assume_role_policy_document: expect.stringMatching(/^%7B%22Version%22.*ipam\.amazonaws\.com/) as string,
      max_session_duration: 3600,
      source_role_template: null,
    });
    const synced = await sync();
    expect(synced.tables[roles]).toEqual([row(management, 'Lets IPAM look at addresses.')]);
    expect(endings(synced, roles)).toEqual([ending('ListRoles', 'ok', null, 1)]);
    expect((await sync(member)).tables[roles]).toEqual([row(member, null)]);
    expect(simulator.requests.find(({ operation }) => operation === 'iam:ListRoles')?.input).toEqual({
      PathPrefix: '/aws-service-role/',
      MaxItems: 1000,
    });
  });

  it('none', async () => {
    simulator.change((scenario) => {
      scenario.iam.service_linked_roles = [];
    });
    const synced = await sync();
    expect(synced.tables[roles]).toEqual([]);
    expect(endings(synced, roles)).toEqual([ending('ListRoles', 'ok')]);
  });

  it('more than a page, and empty pages between', async () => {
    simulator.change((scenario) => {
      scenario.empty_pages = true;
      scenario.iam.service_linked_roles = Array.from({ length: 1001 }, (_, index) => ({
        service_principal: 'ipam.amazonaws.com',
        role_name: `AWSServiceRoleFor${index}`,
        description: '',
        created: new Date('2024-01-20'),
      }));
    });
    const synced = await sync();
    expect(new Set(synced.tables[roles]?.map((row) => row['role_name'])).size).toBe(1001);
    expect(endings(synced, roles)).toEqual([ending('ListRoles', 'ok', null, 1001)]);
    expect(simulator.requests.filter(({ operation }) => operation === 'iam:ListRoles')).toHaveLength(3);
  });

  it('a list without an end is none', async () => {
    simulator.fault({ operation: 'iam:ListRoles', kind: 'repeat_token' });
    const synced = await syncFrom(simulator, { tables: [roles], spec: { on_failure: 'report' } });
    expect(endings(synced, roles)).toMatchObject([{ outcome: 'failed', error_code: 'RepeatedPageToken' }]);
  });

  it('denied, and throttled for a while', async () => {
    const denied = simulator.fault({ operation: 'iam:ListRoles', kind: 'deny' });
    const synced = await sync();
    expect(synced.announced).not.toContain(roles);
    expect(endings(synced, roles)).toEqual([ending('ListRoles', 'denied', 'AccessDenied')]);
    denied.remove();
    const throttled = simulator.fault({ operation: 'iam:ListRoles', kind: 'throttle', times: 1 });
    expect(endings(await sync(), roles)).toEqual([ending('ListRoles', 'ok', null, 1)]);
    expect(throttled.hits).toBe(1);
  });
});

it.each([
  ['aws-cn', 'cn-northwest-1', 'cn-north-1'],
  ['aws-us-gov', 'us-gov-east-1', 'us-gov-west-1'],
] as const)('in %s IAM is asked once', async (partition, home, region) => {
  simulator.change((scenario) => {
    scenario.partition = partition;
  });
  const accounts = [{ id: 'test', access_key_id: 'AKIATEST', secret_access_key: 'test', default_region: home }];
  const synced = await syncFrom(simulator, { tables: [features, roles], spec: { accounts } });
  expect(endings(synced, features)).toEqual([{ ...ending('ListOrganizationsFeatures', 'ok', null, 2), region }]);
  expect(endings(synced, roles)).toEqual([{ ...ending('ListRoles', 'ok', null, 1), region }]);
});
