import { createHash } from 'node:crypto';
import { administratorsIn, isAdministrator } from '../administrators.js';
import type { Call, Operation, Problem, Service } from '../call.js';
import { AwsError, frontEndErrors } from '../errors.js';
import { required, text } from '../input.js';
import { page } from '../pages.js';
import { settingsIn } from '../places.js';
import { restJson } from '../protocols.js';
import type { Scenario } from '../scenario.js';

/** What real answers carry: the exception of the model in the header, a finer type in the body. */
function badRequest(message: string, type = 'InvalidInputException'): AwsError {
  return new AwsError('BadRequestException', 400, message, { __type: type });
}

function outOfRange(): AwsError {
  return badRequest(
    'The request is rejected because an invalid or out-of-range value is specified as an input parameter.',
  );
}

const PAGE = { MaxResults: { type: 'integer', min: 1, max: 50 }, NextToken: { type: 'string' } } as const;

function paged<Item>(call: Call, all: readonly Item[]) {
  const { MaxResults } = call.input;
  return page(call, all, {
    size: typeof MaxResults === 'number' ? MaxResults : 50,
    nextToken: text(call.input, 'NextToken'),
    invalid: outOfRange,
  });
}

const listOrganizationAdminAccounts: Operation = {
  http: { method: 'GET', path: '/admin' },
  input: PAGE,
  handle(call) {
    const { organization, scenario } = call.world;
    // "Only the organization's management account can run this API operation" (model); the message is from
    // https://github.com/aws-samples/aws-security-reference-architecture-examples/issues/141
    if (organization?.management.id !== call.caller.accountId) {
      throw badRequest('The request failed because you do not have required AWS Organization master permission.');
    }
    const all = administratorsIn(scenario.guardduty.administrators, call.region).map(({ account, status }) => ({
      adminAccountId: account,
      adminStatus: status,
    }));
    const { items, nextToken } = paged(call, all);
    return { adminAccounts: items, nextToken };
  },
};

const listDetectors: Operation = {
  http: { method: 'GET', path: '/detector' },
  input: PAGE,
  handle(call) {
    const { items, nextToken } = paged(call, detectorsOf(call));
    return { detectorIds: items, nextToken };
  },
};

/**
 * One detector per account and Region. A delegated administrator "has GuardDuty automatically enabled in the designated
 * Region": https://github.com/awsdocs/amazon-guardduty-user-guide, doc_source/guardduty_organizations.md
 */
function detectorsOf(call: Call): string[] {
  const { detectors, administrators } = call.world.scenario.guardduty;
  const { accountId } = call.caller;
  if (!detectors.includes(accountId) && !isAdministrator(administrators, call)) return [];
  // 32 hexadecimal digits.
  return [createHash('md5').update(`${accountId} ${call.region}`).digest('hex')];
}

type Configuration = Scenario['guardduty']['organization_configuration'][string];
type Feature = NonNullable<Configuration['features']>[number];
type AutoEnable = Configuration['auto_enable_organization_members'];

/** Every feature there is. EKS Runtime Monitoring is the one that Runtime Monitoring replaced, and is off where that is on. */
function everyFeature(value: AutoEnable): Feature[] {
  const agents = ['EKS_ADDON_MANAGEMENT', 'ECS_FARGATE_AGENT_MANAGEMENT', 'EC2_AGENT_MANAGEMENT'] as const;
  const simple = [
    'S3_DATA_EVENTS',
    'EKS_AUDIT_LOGS',
    'EBS_MALWARE_PROTECTION',
    'RDS_LOGIN_EVENTS',
    'LAMBDA_NETWORK_LOGS',
  ] as const;
  return [
    ...simple.map((name) => ({ name, auto_enable: value, additional_configuration: [] })),
    {
      name: 'EKS_RUNTIME_MONITORING',
      auto_enable: 'NONE',
      additional_configuration: [{ name: 'EKS_ADDON_MANAGEMENT', auto_enable: 'NONE' }],
    },
    {
      name: 'RUNTIME_MONITORING',
      auto_enable: value,
      additional_configuration: agents.map((name) => ({ name, auto_enable: value })),
    },
  ];
}

const describeOrganizationConfiguration: Operation = {
  http: { method: 'GET', path: '/detector/{DetectorId}/admin' },
  // Members and limits: botocore, guardduty 2017-11-28.
  input: { DetectorId: { type: 'string', required: true, min: 1, max: 300 }, ...PAGE },
  handle(call) {
    const { administrators, organization_configuration: settings } = call.world.scenario.guardduty;
    // https://github.com/hashicorp/terraform-provider-aws: internal/service/guardduty/organization_configuration.go
    if (!detectorsOf(call).includes(required(call.input, 'DetectorId'))) {
      throw badRequest('The request is rejected because the input detectorId is not owned by the current account.');
    }
    // An account with a detector that is not the administrator; the words are those of a wrong parameter:
    // https://github.com/turbot/steampipe-plugin-aws, DescribeOrganizationConfiguration in every Region with a detector,
    // and for the update https://github.com/hashicorp/terraform-provider-aws/issues/34765
    if (!isAdministrator(administrators, call)) throw outOfRange();
    const configuration = settingsIn(settings, call.region);
    const members = configuration.auto_enable_organization_members;
    const features = configuration.features ?? everyFeature(members);
    // MaxResults counts features; what is said once is said on each page.
    const { items, nextToken } = paged(call, features);
    const isOn = (name: Feature['name']) =>
      features.some((feature) => feature.name === name && feature.auto_enable !== 'NONE');
    return {
      autoEnable: members !== 'NONE',
      memberAccountLimitReached: configuration.member_account_limit_reached,
      dataSources: {
        s3Logs: { autoEnable: isOn('S3_DATA_EVENTS') },
        kubernetes: { auditLogs: { autoEnable: isOn('EKS_AUDIT_LOGS') } },
        malwareProtection: {
          scanEc2InstanceWithFindings: { ebsVolumes: { autoEnable: isOn('EBS_MALWARE_PROTECTION') } },
        },
      },
      features: items.map(({ name, auto_enable: autoEnable, additional_configuration: additional }) => ({
        name,
        autoEnable,
        additionalConfiguration: additional.map((each) => ({ name: each.name, autoEnable: each.auto_enable })),
      })),
      nextToken,
      autoEnableOrganizationMembers: members,
    };
  },
};

export const guardduty: Service = {
  name: 'guardduty',
  protocol: restJson,
  operations: {
    ListOrganizationAdminAccounts: listOrganizationAdminAccounts,
    ListDetectors: listDetectors,
    DescribeOrganizationConfiguration: describeOrganizationConfiguration,
  },
  errors: {
    denied: (message) => new AwsError('AccessDeniedException', 403, message),
    throttled: () => new AwsError('TooManyRequestsException', 429, 'Too Many Requests'),
    serverError: () => new AwsError('InternalServerErrorException', 500, 'Internal server error.'),
    ...frontEndErrors('rest'),
    invalid: (problem: Problem) =>
      problem.constraint === 'required'
        ? badRequest('The request is rejected because the required parameter is missing.')
        : outOfRange(),
    invalidPageToken: outOfRange,
  },
  isAbsent: ({ guardduty: { absent_regions: absent } }, region) => absent.includes(region),
  resourceArn: ({ caller, region, world }) =>
    `arn:${world.scenario.partition}:guardduty:${region}:${caller.accountId}:detector/*`,
};
