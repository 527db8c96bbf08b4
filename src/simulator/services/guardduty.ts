import { administratorsIn } from '../administrators.js';
import type { Call, Operation, Problem, Service } from '../call.js';
import { AwsError, frontEndErrors } from '../errors.js';
import { text } from '../input.js';
import { page } from '../pages.js';
import { restJson } from '../protocols.js';

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
    const has = call.world.scenario.guardduty.detectors.includes(call.caller.accountId);
    // 32 hexadecimal digits, one detector per account and Region.
    const id = `${call.caller.accountId}${Buffer.from(call.region).toString('hex')}`.padEnd(32, '0').slice(0, 32);
    const { items, nextToken } = paged(call, has ? [id] : []);
    return { detectorIds: items, nextToken };
  },
};

export const guardduty: Service = {
  name: 'guardduty',
  protocol: restJson,
  operations: { ListOrganizationAdminAccounts: listOrganizationAdminAccounts, ListDetectors: listDetectors },
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
