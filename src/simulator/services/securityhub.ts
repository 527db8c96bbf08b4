import { createHash } from 'node:crypto';
import { administratorsIn, isAdministrator, isNotEnabled } from '../administrators.js';
import { ownerOf } from '../auth.js';
import type { Call, Operation, Problem, Service } from '../call.js';
import { AwsError, frontEndErrors } from '../errors.js';
import { required, text } from '../input.js';
import { page } from '../pages.js';
import { isIn, settingsIn } from '../places.js';
import { capitalRestJson } from '../protocols.js';
import type { Scenario } from '../scenario.js';

/** Security Hub repeats the name of the exception in the body. */
function failed(code: string, status: number, message: string): AwsError {
  return new AwsError(code, status, message, { Code: code });
}

/** 401, not 403: "The account doesn't have permission to perform this action" (botocore, securityhub 2018-10-26). */
function invalidAccess(message: string): AwsError {
  return failed('InvalidAccessException', 401, message);
}

function invalidInput(message: string): AwsError {
  return failed('InvalidInputException', 400, message);
}

/** https://github.com/awslabs/sra-verify: services/securityhub/base.py */
function mustBeSubscribed({ caller, region, world }: Call): void {
  if (isNotEnabled(world.scenario.securityhub.not_enabled, region)) {
    throw invalidAccess(`Account ${caller.accountId} is not subscribed to AWS Security Hub`);
  }
}

/** Seen for UpdateOrganizationConfiguration: https://github.com/hashicorp/terraform-provider-aws/issues/23079 */
function notAdministrator({ caller }: Call): AwsError {
  return invalidAccess(`Account ${caller.accountId} is not an administrator for this organization`);
}

const listOrganizationAdminAccounts: Operation = {
  http: { method: 'GET', path: '/organization/admin' },
  input: {
    MaxResults: { type: 'integer', min: 1, max: 10 },
    NextToken: { type: 'string' },
    Feature: { type: 'string', enum: ['SecurityHub', 'SecurityHubV2'] },
  },
  handle(call) {
    const { input, world, caller } = call;
    // "Defaults to Security Hub CSPM if not specified" (model).
    const Feature = text(input, 'Feature') ?? 'SecurityHub';
    if (Feature === 'SecurityHub') mustBeSubscribed(call);
    // "Can only be called by the organization management account" (model); the words are those of another operation.
    if (world.organization?.management.id !== caller.accountId) throw notAdministrator(call);
    const { items, nextToken } = paged(call, Feature === 'SecurityHubV2' ? ofV2(call) : ofCspm(call), 10);
    return { AdminAccounts: items, NextToken: nextToken, Feature };
  },
};

function ofCspm({ world, region }: Call): object[] {
  const { administrators } = world.scenario.securityhub;
  return administratorsIn(administrators, region).map(({ account, status }) => ({
    AccountId: account,
    Status: status,
  }));
}

/** One answer in each Region, without a Status: https://github.com/awslabs/sra-verify, checks/sra_securityhub_15.py */
function ofV2({ world }: Call): object[] {
  const { v2_administrator: administrator } = world.scenario.securityhub;
  return administrator ? [{ AccountId: administrator.account }] : [];
}

const describeOrganizationConfiguration: Operation = {
  http: { method: 'GET', path: '/organization/configuration' },
  input: {},
  handle(call) {
    const { administrators, organization_configuration: settings } = call.world.scenario.securityhub;
    mustBeSubscribed(call);
    // "Only the Security Hub CSPM administrator account can invoke this operation" (model), which knows no
    // AccessDeniedException here.
    if (!isAdministrator(administrators, call)) throw notAdministrator(call);
    const configuration = settingsIn(settings, call.region);
    const isCentral = configuration.configuration_type === 'CENTRAL';
    return {
      AutoEnable: configuration.auto_enable,
      MemberAccountLimitReached: configuration.member_account_limit_reached,
      // Under central configuration "set to NONE and can't be changed in the home Region and linked Regions" (model).
      AutoEnableStandards: configuration.auto_enable_standards ?? (isCentral ? 'NONE' : 'DEFAULT'),
      OrganizationConfiguration: {
        ConfigurationType: configuration.configuration_type,
        Status: configuration.status,
        StatusMessage: configuration.status_message,
      },
    };
  },
};

type FindingAggregator = Scenario['securityhub']['finding_aggregators'][number];

/** "You can run this operation from any Amazon Web Services Region" (model): what one Region says, all say. */
function findingAggregatorsOf({ caller, world }: Call): readonly FindingAggregator[] {
  return world.scenario.securityhub.finding_aggregators.filter(
    ({ account }) => ownerOf(world, account) === caller.accountId,
  );
}

/** Its Region is the home Region: https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_GetFindingAggregator.html */
function findingAggregatorArn({ caller, world }: Call, { id, home_region: home }: FindingAggregator): string {
  const { partition } = world.scenario;
  const { accountId } = caller;
  return `arn:${partition}:securityhub:${home}:${accountId}:finding-aggregator/${id ?? uuidOf(accountId, home)}`;
}

function uuidOf(...parts: readonly string[]): string {
  const digits = createHash('md5').update(parts.join(' ')).digest('hex');
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

const listFindingAggregators: Operation = {
  http: { method: 'GET', path: '/findingAggregator/list' },
  input: { MaxResults: { type: 'integer', min: 1, max: 100 }, NextToken: { type: 'string' } },
  handle(call) {
    mustBeSubscribed(call);
    const all = findingAggregatorsOf(call).map((aggregator) => ({
      FindingAggregatorArn: findingAggregatorArn(call, aggregator),
    }));
    const { items, nextToken } = paged(call, all, 100);
    return { FindingAggregators: items, NextToken: nextToken };
  },
};

const getFindingAggregator: Operation = {
  http: { method: 'GET', path: '/findingAggregator/get/{FindingAggregatorArn+}' },
  input: { FindingAggregatorArn: { type: 'string', required: true, pattern: /\S/ } },
  handle(call) {
    mustBeSubscribed(call);
    const asked = required(call.input, 'FindingAggregatorArn');
    const found = findingAggregatorsOf(call).find((aggregator) => findingAggregatorArn(call, aggregator) === asked);
    // The code is that of the model, the words are ours.
    if (!found) throw failed('ResourceNotFoundException', 404, `Finding aggregator ${asked} was not found`);
    const { home_region: home, region_linking_mode: mode, regions } = found;
    return {
      FindingAggregatorArn: asked,
      FindingAggregationRegion: home,
      RegionLinkingMode: mode,
      // "The list of excluded Regions or included Regions" (model); the other modes have neither.
      Regions: regions.length > 0 ? regions : undefined,
    };
  },
};

/**
 * Whether V2 is on in the account that asks. Nothing in the model says which members get it: that is done by policies of
 * type SECURITYHUB_POLICY, which Organizations lists.
 */
const describeSecurityHubV2: Operation = {
  http: { method: 'GET', path: '/hubv2' },
  input: {},
  // Unlike all that is older, it declares ThrottlingException and InternalServerException (model).
  errors: {
    throttled: () => failed('ThrottlingException', 429, 'Rate exceeded'),
    serverError: () => failed('InternalServerException', 500, 'Internal server error'),
  },
  handle({ caller, region, world }) {
    const { partition, securityhub: hub } = world.scenario;
    const found = hub.v2_hubs.find((each) => each.account === caller.accountId && isIn(each, region));
    // The code is that of the model, the words are ours.
    if (!found) throw failed('ResourceNotFoundException', 404, 'Security Hub V2 is not enabled in this account');
    const id = uuidOf('hubv2', caller.accountId, region);
    return {
      HubV2Arn: `arn:${partition}:securityhub:${region}:${caller.accountId}:hubv2/${id}`,
      // A text, not a timestamp (model).
      SubscribedAt: found.subscribed.toISOString(),
    };
  },
};

function paged(call: Call, all: readonly object[], most: number) {
  const { MaxResults } = call.input;
  return page(call, all, {
    size: typeof MaxResults === 'number' ? MaxResults : most,
    nextToken: text(call.input, 'NextToken'),
    invalid: () => invalidInput('Invalid token'),
  });
}

export const securityhub: Service = {
  name: 'securityhub',
  protocol: capitalRestJson,
  operations: {
    ListOrganizationAdminAccounts: listOrganizationAdminAccounts,
    DescribeOrganizationConfiguration: describeOrganizationConfiguration,
    ListFindingAggregators: listFindingAggregators,
    GetFindingAggregator: getFindingAggregator,
    DescribeSecurityHubV2: describeSecurityHubV2,
  },
  errors: {
    denied: (message) => new AwsError('AccessDeniedException', 403, message),
    // "beyond the current Amazon Web Services account or throttling limits" (model).
    throttled: () => failed('LimitExceededException', 429, 'Rate exceeded'),
    serverError: () => failed('InternalException', 500, 'Internal server error'),
    ...frontEndErrors('rest'),
    invalid: ({ member }: Problem) => invalidInput(`Invalid parameter ${member}`),
    invalidPageToken: () => invalidInput('Invalid token'),
  },
  isAbsent: ({ securityhub: { absent_regions: absent } }, region) => absent.includes(region),
};
