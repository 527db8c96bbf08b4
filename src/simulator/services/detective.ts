import { createHash } from 'node:crypto';
import { administratorsIn, isAdministrator } from '../administrators.js';
import type { Call, Operation, Problem, Service } from '../call.js';
import { AwsError, frontEndErrors } from '../errors.js';
import { denialMessage } from '../iam.js';
import { required, text } from '../input.js';
import { page } from '../pages.js';
import { settingsIn } from '../places.js';
import { capitalRestJson } from '../protocols.js';

function denied(message: string): AwsError {
  return new AwsError('AccessDeniedException', 403, message);
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', 400, message, { ErrorCode: 'INVALID_REQUEST_BODY' });
}

// Limits: botocore, detective 2018-10-26.
const PAGE = {
  NextToken: { type: 'string', min: 1, max: 1024 },
  MaxResults: { type: 'integer', min: 1, max: 200 },
} as const;

function paged<Item>(call: Call, all: readonly Item[]) {
  const { MaxResults } = call.input;
  return page(call, all, {
    size: typeof MaxResults === 'number' ? MaxResults : 200,
    nextToken: text(call.input, 'NextToken'),
    invalid: () => invalid('The pagination token is not valid'),
  });
}

const listOrganizationAdminAccounts: Operation = {
  http: { method: 'POST', path: '/orgs/adminAccountslist' },
  input: PAGE,
  handle(call) {
    const { world, caller, region } = call;
    // "Can only be called by the organization management account", and AccessDeniedException is "does not have permission
    // to [...] perform this operation" (model); the words are ours.
    if (world.organization?.management.id !== caller.accountId) {
      throw denied('The request can only be made by the management account of the organization');
    }
    // Detective has no error for "never switched on": where nobody enabled it, the list is empty.
    const all = administratorsIn(world.scenario.detective.administrators, region).map(({ account, delegated }) => ({
      AccountId: account,
      GraphArn: graphArn(call, account),
      // An ISO 8601 text, where most services count seconds (model).
      DelegationTime: delegated.toISOString(),
    }));
    const { items, nextToken } = paged(call, all);
    return { Administrators: items, NextToken: nextToken };
  },
};

/** The graph belongs to the administrator: 32 hexadecimal digits, one per account and Region. */
function graphArn({ world, region }: Call, account: string): string {
  const id = createHash('md5').update(`${account} ${region}`).digest('hex');
  return `arn:${world.scenario.partition}:detective:${region}:${account}:graph:${id}`;
}

const listGraphs: Operation = {
  http: { method: 'POST', path: '/graphs/list' },
  input: PAGE,
  handle(call) {
    const { caller, region, world } = call;
    const { administrators, graphs } = world.scenario.detective;
    // "Can only be called by an administrator account" (model), but an account without a graph gets an empty list:
    // https://github.com/aws-samples/amazon-detective-multiaccount-scripts asks before it creates one.
    const own = administratorsIn(administrators, region).find(({ account }) => account === caller.accountId);
    const has = own !== undefined || graphs.includes(caller.accountId);
    const created = own?.delegated ?? new Date('2024-02-01T00:00:00Z');
    const all = has ? [{ Arn: graphArn(call, caller.accountId), CreatedTime: created.toISOString() }] : [];
    const { items, nextToken } = paged(call, all);
    return { GraphList: items, NextToken: nextToken };
  },
};

const describeOrganizationConfiguration: Operation = {
  http: { method: 'POST', path: '/orgs/describeOrganizationConfiguration' },
  input: {
    GraphArn: {
      type: 'string',
      required: true,
      pattern: /^arn:aws[-\w]{0,10}?:detective:[-\w]{2,20}?:\d{12}?:graph:[abcdef\d]{32}?$/,
    },
  },
  handle(call) {
    const { administrators, organization_configuration: settings } = call.world.scenario.detective;
    // "Can only be called by the Detective administrator account for the organization", and AccessDeniedException as above
    // (model); it is also the only error of the operation that fits a graph of somebody else. The first words are ours.
    if (!isAdministrator(administrators, call)) {
      throw denied('The request can only be made by the Detective administrator account of the organization');
    }
    const asked = required(call.input, 'GraphArn');
    if (asked !== graphArn(call, call.caller.accountId)) throw denied(denialMessage(call, asked));
    return { AutoEnable: settingsIn(settings, call.region).auto_enable };
  },
};

export const detective: Service = {
  name: 'detective',
  protocol: capitalRestJson,
  operations: {
    ListOrganizationAdminAccounts: listOrganizationAdminAccounts,
    ListGraphs: listGraphs,
    DescribeOrganizationConfiguration: describeOrganizationConfiguration,
  },
  errors: {
    denied,
    throttled: () => new AwsError('TooManyRequestsException', 429, 'Too many requests'),
    serverError: () => new AwsError('InternalServerException', 500, 'Internal server error'),
    ...frontEndErrors('rest'),
    invalid: ({ member }: Problem) => invalid(`The value of ${member} is not valid`),
    invalidPageToken: () => invalid('The pagination token is not valid'),
  },
  isAbsent: ({ detective: { absent_regions: absent } }, region) => absent.includes(region),
};
