import type { Call, Operation, Service } from '../call.js';
import { AwsError, frontEndErrors } from '../errors.js';
import { describeProblem, text } from '../input.js';
import type { Organization } from '../organization.js';
import { page } from '../pages.js';
import { restJson } from '../protocols.js';

// Members, limits and errors: botocore, networkmanager 2019-07-05. The operation declares no error of its own; these are
// the service's.
function accessDenied(message: string): AwsError {
  return new AwsError('AccessDeniedException', 403, message);
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', 400, message);
}

/** Who may ask is not documented; as for the service's multi-account settings, the management account and its delegates. */
function forAdministrators(call: Call): Organization {
  const { organization } = call.world;
  const { accountId } = call.caller;
  const holds = organization
    ?.delegate(accountId)
    ?.services.some(({ principal }) => principal === 'networkmanager.amazonaws.com');
  if (organization && (organization.management.id === accountId || holds === true)) return organization;
  throw accessDenied('You do not have sufficient access to perform this action.');
}

const listOrganizationServiceAccessStatus: Operation = {
  http: { method: 'GET', path: '/organizations/service-access' },
  input: {
    MaxResults: { type: 'integer', min: 1, max: 500 },
    NextToken: { type: 'string', max: 2048 },
  },
  handle(call) {
    const organization = forAdministrators(call);
    const { organization_access: access } = call.world.scenario.networkmanager;
    const { MaxResults } = call.input;
    const { items, nextToken } = page(call, access?.accounts ?? [], {
      size: typeof MaxResults === 'number' ? MaxResults : 500,
      nextToken: text(call.input, 'NextToken'),
      invalid: invalidPageToken,
    });
    return {
      OrganizationStatus: {
        OrganizationId: organization.scenario.id,
        OrganizationAwsServiceAccessStatus: access?.status ?? 'DISABLED',
        SLRDeploymentStatus: access?.slr_deployment_status,
        AccountStatusList: items.map(({ account, slr_deployment_status: status }) => ({
          AccountId: account,
          SLRDeploymentStatus: status,
        })),
      },
      NextToken: nextToken,
    };
  },
};

function invalidPageToken(): AwsError {
  return invalid('The provided NextToken is not valid.');
}

export const networkmanager: Service = {
  name: 'networkmanager',
  protocol: restJson,
  operations: { ListOrganizationServiceAccessStatus: listOrganizationServiceAccessStatus },
  errors: {
    denied: accessDenied,
    throttled: () => new AwsError('ThrottlingException', 429, 'The request was denied due to request throttling.'),
    serverError: () => new AwsError('InternalServerException', 500, 'The request has failed due to an internal error.'),
    ...frontEndErrors('rest'),
    invalid: (problem) => invalid(describeProblem(problem)),
    invalidPageToken,
  },
  // endpoints.json: aws-global and aws-us-gov-global, and nothing in the other partitions.
  homeRegion: ({ partition }) => ({ aws: 'us-west-2', 'aws-us-gov': 'us-gov-west-1' })[partition as string],
};
