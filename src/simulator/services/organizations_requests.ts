import type { Call, MemberRule, Output } from '../call.js';
import { grants } from '../delegation_policy.js';
import { AwsError } from '../errors.js';
import { text } from '../input.js';
import type { Account, Organization } from '../organization.js';
import { page } from '../pages.js';

// Members, patterns, limits and error names: botocore, organizations 2016-11-28. The model's patterns are meant for
// the whole value, so they are anchored around all alternatives here.
export const NEXT_TOKEN = { NextToken: { type: 'string', max: 100_000 } } as const;
export const PAGE = { ...NEXT_TOKEN, MaxResults: { type: 'integer', min: 1, max: 20 } } as const;
export const ACCOUNT_ID: MemberRule = { type: 'string', required: true, pattern: /^(?:\d{12})$/ };

export function failure(code: string, message: string, fields?: Record<string, string>): AwsError {
  // The model gives these errors no status of their own: 400, as the API reference prints it for each.
  return new AwsError(code, 400, message, fields);
}

const NOT_IN_USE = 'Your account is not a member of an organization.';

function accessDenied(): AwsError {
  // What a member account reads for an operation that belongs to the management account, e.g.
  // https://github.com/aws-samples/aws-iam-access-key-auto-rotation/issues/10
  return failure('AccessDeniedException', "You don't have permissions to access this resource.");
}

/** The organization of the caller. */
export function organizationOf(call: Call): Organization {
  const { organization } = call.world;
  if (!organization?.account(call.caller.accountId)) throw failure('AWSOrganizationsNotInUseException', NOT_IN_USE);
  return organization;
}

/** "Only from the management account or a member account that is a delegated administrator", or by delegation policy. */
export function forAdministrators(call: Call): Organization {
  const organization = organizationOf(call);
  const { accountId } = call.caller;
  const isAdministrator = organization.management.id === accountId || organization.delegate(accountId) !== undefined;
  if (!isAdministrator && !grants(call, organization)) throw accessDenied();
  return organization;
}

/** Operations of the service integration declare ConstraintViolationException for this case. */
export function withAllFeatures(call: Call): Organization {
  const organization = forAdministrators(call);
  if (organization.scenario.feature_set !== 'ALL') {
    throw failure(
      'ConstraintViolationException',
      'You attempted to perform an operation that requires the organization to be configured to support all features.',
      { Reason: 'ORGANIZATION_NOT_IN_ALL_FEATURES_MODE' },
    );
  }
  return organization;
}

export function invalidPageToken(): AwsError {
  return failure('InvalidInputException', 'You specified an invalid value for NextToken.', {
    // The model's enum has no other reason for it; its text says INVALID_PAGINATION_TOKEN.
    Reason: 'INVALID_NEXT_TOKEN',
  });
}

export function list<Item>(call: Call, member: string, all: readonly Item[], show: (item: Item) => unknown): Output {
  const { MaxResults } = call.input;
  const { items, nextToken } = page(call, all, {
    size: typeof MaxResults === 'number' ? MaxResults : 20,
    nextToken: text(call.input, 'NextToken'),
    invalid: invalidPageToken,
  });
  return { [member]: items.map(show), ...(nextToken === undefined ? {} : { NextToken: nextToken }) };
}

/** Status, to be retired, knows three values; a CLOSED account shows SUSPENDED there. */
const STATUS = {
  PENDING_ACTIVATION: undefined,
  ACTIVE: 'ACTIVE',
  SUSPENDED: 'SUSPENDED',
  PENDING_CLOSURE: 'PENDING_CLOSURE',
  CLOSED: 'SUSPENDED',
} as const;

export function showMember(call: Call, account: Account): Output {
  const { scenario } = account;
  const { omit_paths: isOld, omit_status: isNew } = call.world.scenario;
  return {
    Id: account.id,
    Arn: account.arn,
    Email: account.email,
    Name: scenario.name,
    ...(isNew ? {} : { Status: STATUS[scenario.state] }),
    ...(isOld ? {} : { State: scenario.state }),
    JoinedMethod: scenario.joined_method,
    JoinedTimestamp: scenario.joined,
  };
}
