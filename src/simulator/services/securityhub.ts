import { administratorsIn, isNotEnabled } from '../administrators.js';
import type { Call, Operation, Problem, Service } from '../call.js';
import { AwsError, frontEndErrors } from '../errors.js';
import { text } from '../input.js';
import { page } from '../pages.js';
import { capitalRestJson } from '../protocols.js';

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

const listOrganizationAdminAccounts: Operation = {
  http: { method: 'GET', path: '/organization/admin' },
  input: {
    MaxResults: { type: 'integer', min: 1, max: 10 },
    NextToken: { type: 'string' },
    Feature: { type: 'string', enum: ['SecurityHub', 'SecurityHubV2'] },
  },
  handle(call) {
    const { input, world, caller, region } = call;
    // "Defaults to Security Hub CSPM if not specified" (model).
    const Feature = text(input, 'Feature') ?? 'SecurityHub';
    const { securityhub } = world.scenario;
    if (Feature === 'SecurityHub' && isNotEnabled(securityhub.not_enabled, region)) {
      // https://github.com/awslabs/sra-verify: services/securityhub/base.py
      throw invalidAccess(`Account ${caller.accountId} is not subscribed to AWS Security Hub`);
    }
    // "Can only be called by the organization management account" (model); the words are those of another operation,
    // https://github.com/hashicorp/terraform-provider-aws/issues/23079
    if (world.organization?.management.id !== caller.accountId) {
      throw invalidAccess(`Account ${caller.accountId} is not an administrator for this organization`);
    }
    const { items, nextToken } = paged(call, Feature === 'SecurityHubV2' ? ofV2(call) : ofCspm(call));
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

function paged(call: Call, all: readonly object[]) {
  const { MaxResults } = call.input;
  return page(call, all, {
    size: typeof MaxResults === 'number' ? MaxResults : 10,
    nextToken: text(call.input, 'NextToken'),
    invalid: () => invalidInput('Invalid token'),
  });
}

export const securityhub: Service = {
  name: 'securityhub',
  protocol: capitalRestJson,
  operations: { ListOrganizationAdminAccounts: listOrganizationAdminAccounts },
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
