import { createHash } from 'node:crypto';
import { ownerOf } from '../auth.js';
import type { Call, Operation, Problem, Service } from '../call.js';
import { AwsError, frontEndErrors } from '../errors.js';
import { describeProblem, text } from '../input.js';
import { page } from '../pages.js';
import { isIn } from '../places.js';
import { awsJson11 } from '../protocols.js';
import type { Scenario } from '../scenario.js';

type Aggregator = Scenario['config']['aggregators'][number];

/** The model gives its errors no status: 400, as the API reference prints it for each. */
function failure(code: string, message: string): AwsError {
  return new AwsError(code, 400, message);
}

/** The words: https://github.com/getmoto/moto, moto/config/exceptions.py */
function noSuchAggregator(asked: number): AwsError {
  return failure(
    'NoSuchConfigurationAggregatorException',
    asked === 1
      ? 'The configuration aggregator does not exist. Check the configuration aggregator name and try again.'
      : 'At least one of the configuration aggregators does not exist. Check the configuration aggregator names and try again.',
  );
}

function invalidPageToken(): AwsError {
  return failure('InvalidNextTokenException', 'The nextToken provided is invalid');
}

/** Of whoever asks, in the Region where it asks: an aggregator reads other accounts and Regions, and is shown in one. */
const describeConfigurationAggregators: Operation = {
  // Limits: botocore, config 2014-11-12.
  input: {
    ConfigurationAggregatorNames: {
      type: 'list',
      max: 10,
      item: { type: 'string', min: 1, max: 256, pattern: /^(?:[\w-]+)$/ },
    },
    NextToken: { type: 'string' },
    Limit: { type: 'integer', min: 0, max: 100 },
  },
  handle(call) {
    const { caller, input, region, world } = call;
    const own = world.scenario.config.aggregators.filter(
      (aggregator) => ownerOf(world, aggregator.account) === caller.accountId && isIn(aggregator, region),
    );
    const names = (input['ConfigurationAggregatorNames'] ?? []) as readonly string[];
    if (names.some((name) => !own.some((aggregator) => aggregator.name === name))) throw noSuchAggregator(names.length);
    const all = names.length === 0 ? own : own.filter(({ name }) => names.includes(name));
    const { Limit: limit } = input;
    const { items, nextToken } = page(call, all, {
      // "The default is maximum. If you specify 0, Config uses the default" (model).
      size: typeof limit === 'number' && limit > 0 ? limit : 100,
      nextToken: text(input, 'NextToken'),
      invalid: invalidPageToken,
    });
    return { ConfigurationAggregators: items.map((aggregator) => describe(call, aggregator)), NextToken: nextToken };
  },
};

function describe({ caller, region, world }: Call, aggregator: Aggregator): object {
  const { partition } = world.scenario;
  const { accountId } = caller;
  const { name, created, updated, organization_aggregation_source: organization } = aggregator;
  const id = createHash('md5').update(`${accountId} ${region} ${name}`).digest('hex').slice(0, 8);
  return {
    ConfigurationAggregatorName: name,
    ConfigurationAggregatorArn: `arn:${partition}:config:${region}:${accountId}:config-aggregator/config-aggregator-${id}`,
    AccountAggregationSources: aggregator.account_aggregation_sources.map((source) => ({
      AccountIds: source.account_ids,
      AllAwsRegions: source.all_aws_regions ?? source.aws_regions === undefined,
      AwsRegions: source.aws_regions,
    })),
    OrganizationAggregationSource: organization && {
      RoleArn: organization.role_arn ?? `arn:${partition}:iam::${accountId}:role/ConfigAggregator`,
      AwsRegions: organization.aws_regions,
      AllAwsRegions: organization.all_aws_regions ?? organization.aws_regions === undefined,
    },
    CreationTime: created,
    LastUpdatedTime: updated ?? created,
    CreatedBy: aggregator.created_by,
    AggregatorFilters: aggregator.filters,
  };
}

export const config: Service = {
  name: 'config',
  protocol: awsJson11('StarlingDoveService'),
  operations: { DescribeConfigurationAggregators: describeConfigurationAggregators },
  errors: {
    denied: (message) => failure('AccessDeniedException', message),
    throttled: () => failure('ThrottlingException', 'Rate exceeded'),
    serverError: () => new AwsError('InternalFailure', 500, 'Internal failure'),
    ...frontEndErrors('json'),
    invalid: (problem: Problem) =>
      failure(problem.member === 'Limit' ? 'InvalidLimitException' : 'ValidationException', describeProblem(problem)),
    invalidPageToken,
  },
  isAbsent: ({ config: { absent_regions: absent } }, region) => absent.includes(region),
};
