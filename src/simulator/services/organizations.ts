import type { Problem, Service } from '../call.js';
import { AwsError, frontEndErrors } from '../errors.js';
import { awsJson11 } from '../protocols.js';
import { organizationsRegion } from '../regions.js';
import { delegationOperations } from './organizations_delegation.js';
import { joiningOperations } from './organizations_joining.js';
import { policyOperations } from './organizations_policies.js';
import { failure, invalidPageToken } from './organizations_requests.js';
import { structureOperations } from './organizations_structure.js';

/** Reasons and sentences: InvalidInputException in the model. */
function invalid({ member, constraint, rule }: Problem): AwsError {
  if (constraint === 'type') {
    return new AwsError('SerializationException', 400, `The member ${member} must be of type ${rule.type}.`);
  }
  const [reason, message] = {
    required: ['INPUT_REQUIRED', 'You must include a value for all required parameters.'],
    pattern: [rule.reason ?? 'INVALID_PATTERN', 'You provided a value that does not match the required pattern.'],
    enum: [rule.reason ?? 'INVALID_ENUM', 'You specified an invalid value.'],
    min: ['MIN_VALUE_EXCEEDED', 'You provided a numeric parameter that has a smaller value than allowed.'],
    max: ['MAX_VALUE_EXCEEDED', 'You provided a numeric parameter that has a larger value than allowed.'],
    min_length: ['MIN_LENGTH_EXCEEDED', 'You provided a string parameter that is shorter than allowed.'],
    max_length: ['MAX_LENGTH_EXCEEDED', 'You provided a string parameter that is longer than allowed.'],
  }[constraint] as [string, string];
  return failure('InvalidInputException', message, { Reason: reason });
}

export const organizations: Service = {
  name: 'organizations',
  protocol: awsJson11('AWSOrganizationsV20161128'),
  operations: { ...structureOperations, ...joiningOperations, ...policyOperations, ...delegationOperations },
  homeRegion: ({ partition }) => organizationsRegion(partition),
  errors: {
    denied: (message) => failure('AccessDeniedException', message),
    // https://github.com/awslabs/aws-deployment-framework/issues/788; a 400, see aws/aws-sdk-js#2135.
    throttled: () =>
      failure(
        'TooManyRequestsException',
        'You have sent too many requests in too short a period of time. Try again later.',
      ),
    // The only one that the model marks as a fault of the server.
    serverError: () =>
      new AwsError(
        'ServiceException',
        500,
        "AWS Organizations can't complete your request because of an internal service error. Try again later.",
      ),
    ...frontEndErrors('json'),
    invalid,
    invalidPageToken,
  },
  resourceArn: ({ world }, id) => (id === undefined ? '*' : (world.organization?.arnOf(id) ?? '*')),
  // "Throttling limits" of the Organizations quotas page: requests per second, burst.
  rates: {
    DescribeOrganization: { account: [1, 2] },
    ListRoots: { account: [1, 2], organization: [1, 3] },
    ListAccounts: { account: [8, 12], organization: [9, 15] },
    ListAccountsForParent: { account: [5, 8], organization: [6, 10] },
    ListOrganizationalUnitsForParent: { account: [5, 8], organization: [6, 10] },
    ListChildren: { account: [6, 10], organization: [7, 12] },
    ListParents: { account: [5, 8], organization: [6, 10] },
    DescribeAccount: { account: [20, 30], organization: [24, 36] },
    DescribeOrganizationalUnit: { account: [2, 2], organization: [2, 3] },
    ListPolicies: { account: [5, 8], organization: [6, 10] },
    DescribePolicy: { account: [2, 2], organization: [2, 3] },
    ListTargetsForPolicy: { account: [5, 8], organization: [6, 10] },
    ListPoliciesForTarget: { account: [5, 8], organization: [6, 10] },
    ListAWSServiceAccessForOrganization: { account: [1, 3], organization: [1, 4] },
    ListDelegatedAdministrators: { account: [5, 8], organization: [6, 10] },
    ListDelegatedServicesForAccount: { account: [1, 3], organization: [1, 4] },
    ListHandshakesForOrganization: { account: [5, 8], organization: [6, 10] },
    ListCreateAccountStatus: { account: [5, 8], organization: [6, 10] },
    ListTagsForResource: { account: [10, 15], organization: [12, 18] },
  },
};
