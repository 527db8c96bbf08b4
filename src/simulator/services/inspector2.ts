import { administratorsIn, isNotEnabled } from '../administrators.js';
import type { Call, Operation, Problem, Service } from '../call.js';
import { AwsError, frontEndErrors } from '../errors.js';
import { describeProblem, text } from '../input.js';
import { page } from '../pages.js';
import { settingsIn } from '../places.js';
import { restJson } from '../protocols.js';

function denied(message: string): AwsError {
  return new AwsError('AccessDeniedException', 403, message);
}

/** `reason` as in the model: what is wrong with a member, or with a parameter as a whole. */
function invalid(message: string, reason: 'FIELD_VALIDATION_FAILED' | 'OTHER'): AwsError {
  return new AwsError('ValidationException', 400, message, { reason });
}

/** Where Inspector was never switched on there is nobody: neither operation declares an error for it. */
function administrators({ world, region }: Call) {
  const { administrators: known, not_enabled: notEnabled } = world.scenario.inspector2;
  return isNotEnabled(notEnabled, region) ? [] : administratorsIn(known, region);
}

const listDelegatedAdminAccounts: Operation = {
  http: { method: 'POST', path: '/delegatedadminaccounts/list' },
  // Limits: botocore, inspector2 2020-06-08.
  input: { maxResults: { type: 'integer', min: 1, max: 5 }, nextToken: { type: 'string', max: 1_000_000 } },
  handle(call) {
    const { caller, input, world } = call;
    // The code is the only one in the model that fits. The words are after those of DescribeOrganizationConfiguration:
    // https://github.com/turbot/steampipe-plugin-aws: aws/table_aws_inspector2_organization_configuration.go
    if (world.organization?.management.id !== caller.accountId) {
      throw denied('Invoking account does not have access to list the delegated admin accounts.');
    }
    const all = administrators(call).map(({ account, status }) => ({ accountId: account, status }));
    const { items, nextToken } = page(call, all, {
      size: typeof input['maxResults'] === 'number' ? input['maxResults'] : 5,
      nextToken: text(input, 'nextToken'),
      invalid: invalidPageToken,
    });
    return { delegatedAdminAccounts: items, nextToken };
  },
};

/** Members may ask too: https://github.com/awslabs/sra-verify does. */
const getDelegatedAdminAccount: Operation = {
  http: { method: 'POST', path: '/delegatedadminaccounts/get' },
  input: {},
  handle(call) {
    const { caller, world } = call;
    if (!world.organization?.account(caller.accountId)) {
      throw denied('Invoking account does not have access to get the delegated admin account.');
    }
    const [first] = administrators(call);
    if (!first) {
      throw new AwsError('ResourceNotFoundException', 404, 'The delegated admin account was not found.');
    }
    return { delegatedAdmin: { accountId: first.account, relationshipStatus: first.relationship_status } };
  },
};

const describeOrganizationConfiguration: Operation = {
  http: { method: 'POST', path: '/organizationconfiguration/describe' },
  input: {},
  handle(call) {
    // Also where Inspector was never switched on:
    // https://github.com/turbot/steampipe-plugin-aws: aws/table_aws_inspector2_organization_configuration.go, and
    // https://github.com/hashicorp/terraform-provider-aws: internal/service/inspector2/organization_configuration.go
    if (!administrators(call).some(({ account }) => account === call.caller.accountId)) {
      throw denied('Invoking account does not have access to describe the organization configuration.');
    }
    const { auto_enable: on, max_account_limit_reached: maxAccountLimitReached } = settingsIn(
      call.world.scenario.inspector2.organization_configuration,
      call.region,
    );
    return {
      autoEnable: {
        ec2: on.ec2,
        ecr: on.ecr,
        lambda: on.lambda,
        lambdaCode: on.lambda_code,
        codeRepository: on.code_repository,
      },
      maxAccountLimitReached,
    };
  },
};

function invalidPageToken(): AwsError {
  return invalid('The nextToken is not valid.', 'OTHER');
}

export const inspector2: Service = {
  name: 'inspector2',
  protocol: restJson,
  operations: {
    ListDelegatedAdminAccounts: listDelegatedAdminAccounts,
    GetDelegatedAdminAccount: getDelegatedAdminAccount,
    DescribeOrganizationConfiguration: describeOrganizationConfiguration,
  },
  errors: {
    denied,
    throttled: () => new AwsError('ThrottlingException', 429, 'Rate exceeded'),
    serverError: () => new AwsError('InternalServerException', 500, 'Internal server error'),
    ...frontEndErrors('rest'),
    invalid: (problem: Problem) => invalid(describeProblem(problem), 'FIELD_VALIDATION_FAILED'),
    invalidPageToken,
  },
  isAbsent: ({ inspector2: { absent_regions: absent } }, region) => absent.includes(region),
};
