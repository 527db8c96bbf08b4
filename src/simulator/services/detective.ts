import { createHash } from 'node:crypto';
import { administratorsIn } from '../administrators.js';
import type { Call, Operation, Problem, Service } from '../call.js';
import { AwsError, frontEndErrors } from '../errors.js';
import { text } from '../input.js';
import { page } from '../pages.js';
import { capitalRestJson } from '../protocols.js';

function denied(message: string): AwsError {
  return new AwsError('AccessDeniedException', 403, message);
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', 400, message, { ErrorCode: 'INVALID_REQUEST_BODY' });
}

const listOrganizationAdminAccounts: Operation = {
  http: { method: 'POST', path: '/orgs/adminAccountslist' },
  // Limits: botocore, detective 2018-10-26.
  input: {
    NextToken: { type: 'string', min: 1, max: 1024 },
    MaxResults: { type: 'integer', min: 1, max: 200 },
  },
  handle(call) {
    const { input, world, caller, region } = call;
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
    const { items, nextToken } = page(call, all, {
      size: typeof input['MaxResults'] === 'number' ? input['MaxResults'] : 200,
      nextToken: text(input, 'NextToken'),
      invalid: () => invalid('The pagination token is not valid'),
    });
    return { Administrators: items, NextToken: nextToken };
  },
};

/** The graph belongs to the administrator: 32 hexadecimal digits, one per account and Region. */
function graphArn({ world, region }: Call, account: string): string {
  const id = createHash('md5').update(`${account} ${region}`).digest('hex');
  return `arn:${world.scenario.partition}:detective:${region}:${account}:graph:${id}`;
}

export const detective: Service = {
  name: 'detective',
  protocol: capitalRestJson,
  operations: { ListOrganizationAdminAccounts: listOrganizationAdminAccounts },
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
