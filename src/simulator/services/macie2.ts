import { administratorsIn, isAdministrator, isNotEnabled } from '../administrators.js';
import type { Operation, Problem, Service } from '../call.js';
import { AwsError, frontEndErrors } from '../errors.js';
import { text } from '../input.js';
import { page } from '../pages.js';
import { settingsIn } from '../places.js';
import { restJson } from '../protocols.js';

function denied(message: string): AwsError {
  return new AwsError('AccessDeniedException', 403, message);
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', 400, message);
}

const listOrganizationAdminAccounts: Operation = {
  http: { method: 'GET', path: '/admin' },
  // Limits: botocore, macie2 2020-01-01.
  input: { maxResults: { type: 'integer', min: 1, max: 25 }, nextToken: { type: 'string' } },
  handle(call) {
    const { input, world, caller, region } = call;
    const { administrators, not_enabled: notEnabled } = world.scenario.macie2;
    // The same code as for a missing permission: https://github.com/awslabs/sra-verify: services/macie/base.py
    if (isNotEnabled(notEnabled, region)) throw denied('Macie is not enabled');
    // "Only the management account" says the user guide; the code is the only one in the model that fits, the words are ours.
    if (world.organization?.management.id !== caller.accountId) {
      throw denied('The request failed because your account must be the management account of the organization');
    }
    const all = administratorsIn(administrators, region).map(({ account, status }) => ({ accountId: account, status }));
    const { items, nextToken } = page(call, all, {
      size: typeof input['maxResults'] === 'number' ? input['maxResults'] : 25,
      nextToken: text(input, 'nextToken'),
      invalid: () => invalid('The request failed because the nextToken is not valid'),
    });
    return { adminAccounts: items, nextToken };
  },
};

const describeOrganizationConfiguration: Operation = {
  http: { method: 'GET', path: '/admin/configuration' },
  input: {},
  handle(call) {
    const {
      administrators,
      not_enabled: notEnabled,
      organization_configuration: settings,
    } = call.world.scenario.macie2;
    // Also where Macie was never on, says https://github.com/awslabs/sra-verify: services/macie. An administrator that
    // switched it off again gets what its other operations say.
    if (!isAdministrator(administrators, call)) {
      throw denied(
        'The request failed because you must be the Macie administrator for an organization to perform this operation',
      );
    }
    if (isNotEnabled(notEnabled, call.region)) throw denied('Macie is not enabled');
    const { auto_enable: autoEnable, max_account_limit_reached: maxAccountLimitReached } = settingsIn(
      settings,
      call.region,
    );
    return { autoEnable, maxAccountLimitReached };
  },
};

export const macie2: Service = {
  name: 'macie2',
  protocol: restJson,
  operations: {
    ListOrganizationAdminAccounts: listOrganizationAdminAccounts,
    DescribeOrganizationConfiguration: describeOrganizationConfiguration,
  },
  errors: {
    denied,
    throttled: () => new AwsError('ThrottlingException', 429, 'Too Many Requests'),
    serverError: () => new AwsError('InternalServerException', 500, 'Internal server error'),
    ...frontEndErrors('rest'),
    invalid: ({ member }: Problem) => invalid(`The request failed because the value for ${member} is not valid`),
    invalidPageToken: () => invalid('The request failed because the nextToken is not valid'),
  },
  isAbsent: ({ macie2: { absent_regions: absent } }, region) => absent.includes(region),
};
