import { createHash } from 'node:crypto';
import { ownerOf } from '../auth.js';
import type { Call, Operation, Service } from '../call.js';
import { AwsError } from '../errors.js';
import { describeProblem, text } from '../input.js';
import type { Organization } from '../organization.js';
import { page } from '../pages.js';
import { awsQuery } from '../query_protocols.js';
import { organizationsRegion } from '../regions.js';

// Members, limits and errors: botocore, iam 2010-05-08. The model gives these errors no status of their own: 400.
function failure(code: string, message: string): AwsError {
  return new AwsError(code, 400, message);
}

/** Messages: what the model says of each error; the order in which AWS checks is not documented. */
function forRootAccess(call: Call): Organization {
  const { organization, scenario } = call.world;
  if (!organization?.account(call.caller.accountId)) {
    throw failure(
      'OrganizationNotFoundException',
      'The request was rejected because no organization is associated with your account.',
    );
  }
  const holds = organization
    .delegate(call.caller.accountId)
    ?.services.some(({ principal }) => principal === 'iam.amazonaws.com');
  if (organization.management.id !== call.caller.accountId && holds !== true) {
    throw failure(
      'AccountNotManagementOrDelegatedAdministratorException',
      'The request was rejected because the account making the request is not the management account or delegated administrator account for centralized root access.',
    );
  }
  if (organization.scenario.feature_set !== 'ALL') {
    throw failure(
      'OrganizationNotInAllFeaturesModeException',
      'The request was rejected because your organization does not have All features enabled.',
    );
  }
  const trusted = scenario.organization?.service_access ?? [];
  if (!trusted.some(({ service_principal: principal }) => principal === 'iam.amazonaws.com')) {
    throw failure(
      'ServiceAccessNotEnabledException',
      'The request was rejected because trusted access is not enabled for IAM in Organizations.',
    );
  }
  return organization;
}

const listOrganizationsFeatures: Operation = {
  input: {},
  handle(call) {
    const organization = forRootAccess(call);
    const { organizations_features: features } = call.world.scenario.iam;
    return { OrganizationId: organization.scenario.id, EnabledFeatures: features };
  },
};

/** The roles of the scenario; this pretend account has no others. */
function rolesOf(call: Call) {
  const { caller, world } = call;
  const { iam, partition } = world.scenario;
  return iam.service_linked_roles
    .filter(({ account }) => ownerOf(world, account) === caller.accountId)
    .map(({ service_principal: principal, role_name: name, description, created }) => {
      const path = `/aws-service-role/${principal}/`;
      const id = createHash('sha256').update(`${caller.accountId} ${name}`).digest('hex').slice(0, 17).toUpperCase();
      const trust = {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: principal }, Action: 'sts:AssumeRole' }],
      };
      return {
        Path: path,
        RoleName: name,
        RoleId: `AROA${id}`,
        Arn: `arn:${partition}:iam::${caller.accountId}:role${path}${name}`,
        CreateDate: created,
        // "URL-encoded compliant with RFC 3986" (IAM API reference, Role).
        AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(trust)),
        Description: description === '' ? undefined : description,
        MaxSessionDuration: 3600,
      };
    });
}

const listRoles: Operation = {
  input: {
    PathPrefix: { type: 'string', min: 1, max: 512, pattern: /^(?:\/[\u0021-\u007F]*)$/ },
    Marker: { type: 'string', min: 1, max: 320 },
    MaxItems: { type: 'integer', min: 1, max: 1000 },
  },
  handle(call) {
    const { MaxItems } = call.input;
    const prefix = text(call.input, 'PathPrefix') ?? '/';
    const { items, nextToken } = page(
      call,
      rolesOf(call).filter(({ Path }) => Path.startsWith(prefix)),
      {
        // "If you do not include this parameter, the number of items defaults to 100."
        size: typeof MaxItems === 'number' ? MaxItems : 100,
        nextToken: text(call.input, 'Marker'),
        invalid: invalidMarker,
      },
    );
    return { Roles: items, IsTruncated: nextToken !== undefined, Marker: nextToken };
  },
};

function invalidMarker(): AwsError {
  return failure('ValidationError', 'Invalid Marker.');
}

export const iam: Service = {
  name: 'iam',
  protocol: awsQuery('2010-05-08', 'https://iam.amazonaws.com/doc/2010-05-08/'),
  operations: { ListOrganizationsFeatures: listOrganizationsFeatures, ListRoles: listRoles },
  // Codes: "Common errors" of the IAM API reference, and the SDKs' own list of throttling codes.
  errors: {
    denied: (message) => new AwsError('AccessDenied', 403, message),
    throttled: () => new AwsError('Throttling', 400, 'Rate exceeded'),
    serverError: () =>
      new AwsError(
        'ServiceFailure',
        500,
        'The request processing has failed because of an unknown error, exception or failure.',
      ),
    unknownOperation: (name) =>
      new AwsError('InvalidAction', 400, `Could not find operation ${name} for version 2010-05-08`),
    missingAuthentication: () =>
      new AwsError('MissingAuthenticationToken', 403, 'Request is missing Authentication Token'),
    invalidToken: () =>
      new AwsError('InvalidClientTokenId', 403, 'The security token included in the request is invalid.'),
    wrongRegion: () => new AwsError('SignatureDoesNotMatch', 403, 'Credential should be scoped to a valid region. '),
    // Seen in https://github.com/jenkinsci/ec2-plugin/pull/1008.
    expiredCredentials: () =>
      new AwsError('ExpiredToken', 403, 'The security token included in the request is expired'),
    skewed: (message) => new AwsError('SignatureDoesNotMatch', 403, message),
    invalid: (problem) => failure('ValidationError', describeProblem(problem)),
    invalidPageToken: invalidMarker,
  },
  // botocore's endpoint rules: as Organizations, but for China.
  homeRegion: ({ partition }) => (partition === 'aws-cn' ? 'cn-north-1' : organizationsRegion(partition)),
  resourceArn: ({ caller, operation, world }) =>
    operation === 'iam:ListRoles' ? `arn:${world.scenario.partition}:iam::${caller.accountId}:role/` : '*',
};
