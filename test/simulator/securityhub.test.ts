import {
  DescribeOrganizationConfigurationCommand as Describe,
  DescribeSecurityHubV2Command as DescribeV2,
  GetFindingAggregatorCommand as GetAggregator,
  ListFindingAggregatorsCommand as ListAggregators,
  ListOrganizationAdminAccountsCommand as List,
} from '@aws-sdk/client-securityhub';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { clients, failure, MANAGEMENT, signed } from './clients.js';

const SECURITY = '222222222222';
const WORKLOAD = '333333333333';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ scenario: 'minimal' });
  simulator.change(({ securityhub }) => {
    securityhub.administrators = {
      '*': { account: SECURITY, status: 'ENABLED' },
      'eu-west-1': { account: MANAGEMENT, status: 'DISABLE_IN_PROGRESS' },
      'eu-west-2': null,
    };
    securityhub.v2_administrator = { account: WORKLOAD };
  });
});
afterEach(() => simulator.close());

const ask = (region: string, input: ConstructorParameters<typeof List>[0] = {}) =>
  clients(simulator, { region }).securityhub.send(new List(input));

test('CSPM by Region, and what is meant where no feature is named', async () => {
  const enabled = { AdminAccounts: [{ AccountId: SECURITY, Status: 'ENABLED' }], Feature: 'SecurityHub' };
  expect(await ask('us-east-1')).toMatchObject(enabled);
  expect(await ask('us-east-1', { Feature: 'SecurityHub' })).toMatchObject(enabled);
  expect((await ask('eu-west-1')).AdminAccounts).toEqual([{ AccountId: MANAGEMENT, Status: 'DISABLE_IN_PROGRESS' }]);
  expect((await ask('eu-west-2')).AdminAccounts).toEqual([]);
});

test('V2 is one answer in all Regions, without a status', async () => {
  for (const region of ['us-east-1', 'eu-west-2']) {
    const { AdminAccounts, Feature } = await ask(region, { Feature: 'SecurityHubV2' });
    expect({ AdminAccounts, Feature }).toEqual({ AdminAccounts: [{ AccountId: WORKLOAD }], Feature: 'SecurityHubV2' });
  }
});

test('CSPM that was never switched on: its own error, which says nothing of V2', async () => {
  simulator.change(({ securityhub }) => {
    securityhub.not_enabled = ['us-east-1'];
  });
  expect(await failure(ask('us-east-1'))).toMatchObject({
    name: 'InvalidAccessException',
    message: `Account ${MANAGEMENT} is not subscribed to AWS Security Hub`,
    status: 401,
  });
  expect((await ask('us-east-1', { Feature: 'SecurityHubV2' })).AdminAccounts).toHaveLength(1);
  expect((await ask('us-east-2')).AdminAccounts).toHaveLength(1);
});

test('a member, and an account without an organization, may ask for neither', async () => {
  const refused = { name: 'InvalidAccessException', status: 401 };
  for (const account of [SECURITY, '000000000001']) {
    const { securityhub } = clients(simulator, { account });
    expect(await failure(securityhub.send(new List({})))).toMatchObject(refused);
    expect(await failure(securityhub.send(new List({ Feature: 'SecurityHubV2' })))).toMatchObject(refused);
  }
});

test('pages of 1 to 10; a token belongs to its feature', async () => {
  const accounts = Array.from({ length: 11 }, (_, index) => String(900_000_000_000 + index));
  simulator.change(({ securityhub }) => {
    securityhub.administrators = { '*': accounts.map((account) => ({ account, status: 'ENABLED' })) };
  });
  const first = await ask('us-east-1');
  const second = await ask('us-east-1', { NextToken: first.NextToken });
  expect([first.AdminAccounts?.length, second.AdminAccounts?.length, second.NextToken]).toEqual([10, 1, undefined]);
  for (const input of [
    { MaxResults: 0 },
    { MaxResults: 11 },
    { NextToken: 'x' },
    { NextToken: first.NextToken, Feature: 'SecurityHubV2' as const },
    { Feature: 'SecurityHubV3' as never },
  ]) {
    expect(await failure(ask('us-east-1', input))).toMatchObject({ name: 'InvalidInputException', status: 400 });
  }
});

test('denied by IAM, throttled, and not there', async () => {
  simulator.change((scenario) => {
    scenario.denied = [{ action: 'securityhub:*', region: 'us-east-1' }];
    scenario.securityhub.absent_regions = ['us-west-1'];
  });
  expect(await failure(ask('us-east-1'))).toMatchObject({ name: 'AccessDeniedException', status: 403 });
  expect((await failure(ask('us-west-1'))).status).toBeUndefined();
  simulator.fault({ operation: 'securityhub:*', kind: 'throttle' });
  expect(await failure(ask('us-east-2'))).toMatchObject({ name: 'LimitExceededException', status: 429 });
});

test('on the wire members start with a capital, also in the query string and in errors', async () => {
  const fetched = async (query: string) => {
    const response = await fetch(`${simulator.url}/organization/admin${query}`, { headers: signed('securityhub') });
    return {
      status: response.status,
      type: response.headers.get('x-amzn-errortype'),
      body: (await response.json()) as unknown,
    };
  };
  expect(await fetched('?Feature=SecurityHubV2')).toEqual({
    status: 200,
    type: null,
    body: { AdminAccounts: [{ AccountId: WORKLOAD }], Feature: 'SecurityHubV2' },
  });
  // Not the name of a member, so CSPM.
  expect((await fetched('?feature=SecurityHubV2')).body).toMatchObject({ Feature: 'SecurityHub' });
  expect(await fetched('?NextToken=x')).toEqual({
    status: 400,
    type: 'InvalidInputException',
    body: { Message: 'Invalid token', __type: 'InvalidInputException', Code: 'InvalidInputException' },
  });
});

describe('what the administrator sees', () => {
  beforeEach(() => {
    simulator.change(({ securityhub }) => {
      securityhub.not_enabled = ['us-west-1'];
      securityhub.organization_configuration = {
        '*': {
          auto_enable: false,
          member_account_limit_reached: false,
          configuration_type: 'CENTRAL',
          status: 'ENABLED',
        },
        'us-east-2': {
          auto_enable: true,
          member_account_limit_reached: true,
          configuration_type: 'LOCAL',
          status: 'ENABLED',
        },
        'us-west-2': {
          auto_enable: false,
          member_account_limit_reached: false,
          configuration_type: 'CENTRAL',
          status: 'FAILED',
          status_message: 'The organization has no finding aggregator.',
        },
      };
      securityhub.finding_aggregators = [
        {
          account: SECURITY,
          home_region: 'us-east-1',
          region_linking_mode: 'ALL_REGIONS_EXCEPT_SPECIFIED',
          regions: ['us-east-2'],
        },
        { account: WORKLOAD, home_region: 'eu-west-1', region_linking_mode: 'ALL_REGIONS', regions: [] },
      ];
      securityhub.v2_hubs = [
        {
          account: SECURITY,
          region: '*',
          except_regions: ['eu-west-1'],
          subscribed: new Date('2026-01-02T03:04:05Z'),
        },
      ];
    });
  });
  const hub = (account: string, region: string) => clients(simulator, { account, region }).securityhub;

  test('central configuration, in the home Region and where it is linked, and local configuration elsewhere', async () => {
    const central = await hub(SECURITY, 'us-east-1').send(new Describe({}));
    expect({ ...central, $metadata: undefined }).toEqual({
      AutoEnable: false,
      MemberAccountLimitReached: false,
      AutoEnableStandards: 'NONE',
      OrganizationConfiguration: { ConfigurationType: 'CENTRAL', Status: 'ENABLED' },
    });
    expect(await hub(SECURITY, 'us-east-2').send(new Describe({}))).toMatchObject({
      AutoEnable: true,
      MemberAccountLimitReached: true,
      AutoEnableStandards: 'DEFAULT',
      OrganizationConfiguration: { ConfigurationType: 'LOCAL', Status: 'ENABLED' },
    });
    expect((await hub(SECURITY, 'us-west-2').send(new Describe({}))).OrganizationConfiguration).toEqual({
      ConfigurationType: 'CENTRAL',
      Status: 'FAILED',
      StatusMessage: 'The organization has no finding aggregator.',
    });
  });

  test('nobody else does, and nobody where it is not on', async () => {
    for (const [account, region, message] of [
      [MANAGEMENT, 'us-east-1', `Account ${MANAGEMENT} is not an administrator for this organization`],
      [SECURITY, 'eu-west-1', `Account ${SECURITY} is not an administrator for this organization`],
      [SECURITY, 'us-west-1', `Account ${SECURITY} is not subscribed to AWS Security Hub`],
    ] as const) {
      expect(await failure(hub(account, region).send(new Describe({})))).toMatchObject({
        name: 'InvalidAccessException',
        message,
        status: 401,
      });
    }
  });

  test('the home Region, from any Region, and of each account its own', async () => {
    const FindingAggregatorArn = expect.stringMatching(
      /^arn:aws:securityhub:us-east-1:222222222222:finding-aggregator\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    ) as string;
    for (const region of ['us-east-1', 'us-east-2', 'eu-west-1']) {
      const { FindingAggregators: found = [] } = await hub(SECURITY, region).send(new ListAggregators({}));
      expect(found).toEqual([{ FindingAggregatorArn }]);
      const aggregator = await hub(SECURITY, region).send(
        new GetAggregator({ FindingAggregatorArn: found[0]?.FindingAggregatorArn }),
      );
      expect({ ...aggregator, $metadata: undefined }).toEqual({
        FindingAggregatorArn,
        FindingAggregationRegion: 'us-east-1',
        RegionLinkingMode: 'ALL_REGIONS_EXCEPT_SPECIFIED',
        Regions: ['us-east-2'],
      });
      expect(await failure(hub(WORKLOAD, region).send(new GetAggregator(found[0] as never)))).toMatchObject({
        name: 'ResourceNotFoundException',
        status: 404,
      });
    }
    const [other] = (await hub(WORKLOAD, 'us-east-1').send(new ListAggregators({}))).FindingAggregators ?? [];
    const all = await hub(WORKLOAD, 'us-east-1').send(new GetAggregator(other as never));
    expect([all.RegionLinkingMode, all.Regions]).toEqual(['ALL_REGIONS', undefined]);
    expect((await hub(MANAGEMENT, 'us-east-1').send(new ListAggregators({}))).FindingAggregators).toEqual([]);
    expect(await failure(hub(SECURITY, 'us-west-1').send(new ListAggregators({})))).toMatchObject({
      name: 'InvalidAccessException',
      status: 401,
    });
    for (const input of [{ MaxResults: 0 }, { MaxResults: 101 }, { NextToken: 'x' }]) {
      expect(await failure(hub(SECURITY, 'us-east-1').send(new ListAggregators(input)))).toMatchObject({
        name: 'InvalidInputException',
      });
    }
  });

  test('whether V2 is on in its own account, with errors of its own', async () => {
    const { HubV2Arn, SubscribedAt } = await hub(SECURITY, 'us-west-1').send(new DescribeV2({}));
    expect(HubV2Arn).toMatch(/^arn:aws:securityhub:us-west-1:222222222222:hubv2\/[0-9a-f-]{36}$/);
    expect(SubscribedAt).toBe('2026-01-02T03:04:05.000Z');
    for (const [account, region] of [
      [SECURITY, 'eu-west-1'],
      [MANAGEMENT, 'us-east-1'],
    ] as const) {
      expect(await failure(hub(account, region).send(new DescribeV2({})))).toMatchObject({
        name: 'ResourceNotFoundException',
        status: 404,
      });
    }
    simulator.fault({ operation: 'securityhub:*', kind: 'throttle', times: 2 });
    expect((await failure(hub(SECURITY, 'us-east-1').send(new DescribeV2({})))).name).toBe('ThrottlingException');
    expect((await failure(hub(SECURITY, 'us-east-1').send(new Describe({})))).name).toBe('LimitExceededException');
    simulator.fault({ operation: 'securityhub:DescribeSecurityHubV2', kind: 'server_error' });
    expect(await failure(hub(SECURITY, 'us-east-1').send(new DescribeV2({})))).toMatchObject({
      name: 'InternalServerException',
      status: 500,
    });
  });
});
