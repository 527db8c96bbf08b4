import { administratorsIn, isNotEnabled } from '../administrators.js';
import type { Operation, Problem, Service } from '../call.js';
import { AwsError, frontEndErrors } from '../errors.js';
import { describeProblem } from '../input.js';
import { restJson } from '../protocols.js';

function denied(message: string): AwsError {
  return new AwsError('AccessDeniedException', 403, message);
}

const getOrganizationAdminAccount: Operation = {
  http: { method: 'GET', path: '/account/organizationAdminAccount' },
  input: {},
  handle({ caller, region, world }) {
    const { administrators, not_enabled: notEnabled } = world.scenario.auditmanager;
    // The same code as for a missing permission: https://github.com/turbot/steampipe-plugin-aws/pull/1122,
    // and for this operation https://github.com/awslabs/sra-verify: services/auditmanager/base.py
    if (isNotEnabled(notEnabled, region)) {
      throw denied('Please complete AWS Audit Manager setup from home page to enable this action in this account.');
    }
    // The code is the only one in the model that fits; the words are ours.
    const { organization } = world;
    if (organization?.management.id !== caller.accountId) {
      throw denied('Only the management account of the organization can do this.');
    }
    const [administrator] = administratorsIn(administrators, region);
    if (!administrator) {
      throw new AwsError('ResourceNotFoundException', 404, 'There is no delegated administrator account.', {
        resourceId: organization.scenario.id,
        resourceType: 'OrganizationAdminAccount',
      });
    }
    return { adminAccountId: administrator.account, organizationId: organization.scenario.id };
  },
};

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', 400, message, { reason: 'fieldValidationFailed' });
}

export const auditmanager: Service = {
  name: 'auditmanager',
  protocol: restJson,
  operations: { GetOrganizationAdminAccount: getOrganizationAdminAccount },
  errors: {
    denied,
    throttled: () => new AwsError('ThrottlingException', 429, 'Rate exceeded'),
    serverError: () => new AwsError('InternalServerException', 500, 'Internal server error'),
    ...frontEndErrors('rest'),
    invalid: (problem: Problem) => invalid(describeProblem(problem)),
    invalidPageToken: () => invalid('The nextToken is not valid.'),
  },
  isAbsent: ({ auditmanager: { absent_regions: absent } }, region) => absent.includes(region),
};
