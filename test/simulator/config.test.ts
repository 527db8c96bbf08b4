import {
  DescribeConfigurationAggregatorsCommand as Describe,
  type DescribeConfigurationAggregatorsCommandInput,
} from '@aws-sdk/client-config-service';
import { expect, test } from 'vitest';
import { defineScenario, type ScenarioInput } from '../../src/simulator/index.js';
import { clients, failure, MANAGEMENT, withSimulator } from './clients.js';

const SECURITY = '222222222222';
const scenario: ScenarioInput = {
  name: 'config',
  organization: {
    management_account_id: MANAGEMENT,
    accounts: [
      { id: MANAGEMENT, name: 'Management' },
      { id: SECURITY, name: 'Security' },
    ],
  },
  config: {
    aggregators: [
      {
        account: SECURITY,
        region: 'eu-central-1',
        name: 'organization',
        organization_aggregation_source: { all_aws_regions: true },
        created: '2026-01-02T03:04:05Z',
        updated: '2026-02-03T04:05:06Z',
      },
      {
        account: SECURITY,
        region: 'eu-central-1',
        name: 'some-regions',
        organization_aggregation_source: { role_arn: 'arn:aws:iam::222222222222:role/Own', aws_regions: ['eu-west-1'] },
        created: '2026-01-02T03:04:05Z',
        created_by: 'securityhub.amazonaws.com',
        filters: { ResourceType: { Type: 'INCLUDE', Value: ['AWS::EC2::Instance'] } },
      },
      {
        region: '*',
        except_regions: ['eu-central-1'],
        name: 'two-accounts',
        account_aggregation_sources: [{ account_ids: [MANAGEMENT, SECURITY] }],
      },
    ],
    absent_regions: ['us-west-1'],
  },
};

test('its own in the Region, of the organization and of accounts', async () => {
  await withSimulator({ scenario }, async (simulator) => {
    const { config } = clients(simulator, { account: SECURITY, region: 'eu-central-1' });
    const arn = expect.stringMatching(
      /^arn:aws:config:eu-central-1:222222222222:config-aggregator\/config-aggregator-[a-z0-9]{8}$/,
    ) as string;
    const { ConfigurationAggregators: own, NextToken } = await config.send(new Describe({}));
    expect(NextToken).toBeUndefined();
    expect(own).toEqual([
      {
        ConfigurationAggregatorName: 'organization',
        ConfigurationAggregatorArn: arn,
        AccountAggregationSources: [],
        OrganizationAggregationSource: {
          RoleArn: 'arn:aws:iam::222222222222:role/ConfigAggregator',
          AllAwsRegions: true,
        },
        CreationTime: new Date('2026-01-02T03:04:05Z'),
        LastUpdatedTime: new Date('2026-02-03T04:05:06Z'),
      },
      {
        ConfigurationAggregatorName: 'some-regions',
        ConfigurationAggregatorArn: arn,
        AccountAggregationSources: [],
        OrganizationAggregationSource: {
          RoleArn: 'arn:aws:iam::222222222222:role/Own',
          AwsRegions: ['eu-west-1'],
          AllAwsRegions: false,
        },
        CreationTime: new Date('2026-01-02T03:04:05Z'),
        LastUpdatedTime: new Date('2026-01-02T03:04:05Z'),
        CreatedBy: 'securityhub.amazonaws.com',
        AggregatorFilters: { ResourceType: { Type: 'INCLUDE', Value: ['AWS::EC2::Instance'] } },
      },
    ]);
    const elsewhere = clients(simulator, { account: SECURITY, region: 'us-east-1' }).config;
    expect((await elsewhere.send(new Describe({}))).ConfigurationAggregators).toEqual([]);
    const management = clients(simulator, { region: 'us-east-1' }).config;
    const [accounts] = (await management.send(new Describe({}))).ConfigurationAggregators ?? [];
    expect(accounts?.OrganizationAggregationSource).toBeUndefined();
    expect(accounts?.AccountAggregationSources).toEqual([{ AccountIds: [MANAGEMENT, SECURITY], AllAwsRegions: true }]);
    const excepted = clients(simulator, { region: 'eu-central-1' }).config;
    expect((await excepted.send(new Describe({}))).ConfigurationAggregators).toEqual([]);
  });
});

test('by name, in pages, and what is refused', async () => {
  await withSimulator({ scenario }, async (simulator) => {
    const { config } = clients(simulator, { account: SECURITY, region: 'eu-central-1' });
    const names = async (input: DescribeConfigurationAggregatorsCommandInput) => {
      const { ConfigurationAggregators: found = [], NextToken: token } = await config.send(new Describe(input));
      return { names: found.map(({ ConfigurationAggregatorName: name }) => name), token };
    };
    expect((await names({ ConfigurationAggregatorNames: ['some-regions'] })).names).toEqual(['some-regions']);
    expect((await names({ Limit: 0 })).names).toHaveLength(2);
    const first = await names({ Limit: 1 });
    expect(first.names).toEqual(['organization']);
    expect(await names({ Limit: 1, NextToken: first.token })).toEqual({ names: ['some-regions'], token: undefined });

    const failed = (input: DescribeConfigurationAggregatorsCommandInput) => failure(config.send(new Describe(input)));
    expect(await failed({ ConfigurationAggregatorNames: ['nowhere'] })).toMatchObject({
      name: 'NoSuchConfigurationAggregatorException',
      message: 'The configuration aggregator does not exist. Check the configuration aggregator name and try again.',
      status: 400,
    });
    expect((await failed({ ConfigurationAggregatorNames: ['organization', 'nowhere'] })).message).toContain(
      'At least one',
    );
    expect((await failed({ Limit: 101 })).name).toBe('InvalidLimitException');
    expect((await failed({ NextToken: 'x' })).name).toBe('InvalidNextTokenException');
    for (const wrong of [['no name'], Array.from({ length: 11 }, () => 'organization')]) {
      expect((await failed({ ConfigurationAggregatorNames: wrong })).name).toBe('ValidationException');
    }
  });
});

test('denied by IAM, throttled, and not there', async () => {
  await withSimulator({ scenario: { ...scenario, denied: ['config:*'] } }, async (simulator) => {
    const at = (region: string) => clients(simulator, { region }).config;
    expect(await failure(at('us-east-1').send(new Describe({})))).toMatchObject({
      name: 'AccessDeniedException',
      status: 400,
    });
    expect((await failure(at('us-west-1').send(new Describe({})))).status).toBeUndefined();
    simulator.fault({ operation: 'config:*', kind: 'throttle' });
    expect((await failure(at('us-east-1').send(new Describe({})))).name).toBe('ThrottlingException');
  });
});

test('an aggregator of nothing is refused', () => {
  const nothing = { name: 'x', config: { aggregators: [{ region: '*', name: 'nothing' }] } };
  expect(() => defineScenario(nothing)).toThrow(/config\.aggregators\[0\].*accounts or the organization/);
});
