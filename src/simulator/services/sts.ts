import { createHash } from 'node:crypto';
import type { Call, Operation, Rights, Service } from '../call.js';
import { AwsError } from '../errors.js';
import { matchesArn } from '../glob.js';
import { denialMessage } from '../iam.js';
import { describeProblem, required, text } from '../input.js';
import { awsQuery } from '../query_protocols.js';
import type { Scenario } from '../scenario.js';

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

const getCallerIdentity: Operation = {
  input: {},
  // "No permissions are required to perform this operation", not even an explicit deny stops it.
  needsNoPermission: true,
  handle: ({ caller }) => ({ Arn: caller.arn, UserId: caller.userId, Account: caller.accountId }),
};

const assumeRole: Operation = {
  // Limits: botocore, sts 2011-06-15.
  input: {
    RoleArn: { type: 'string', required: true, min: 20, max: 2048 },
    RoleSessionName: { type: 'string', required: true, min: 2, max: 64, pattern: /^(?:[\w+=,.@-]*)$/ },
    DurationSeconds: { type: 'integer', min: 900, max: 43200 },
    ExternalId: { type: 'string', min: 2, max: 1224, pattern: /^(?:[\w+=,.@:/-]*)$/ },
  },
  resource: 'RoleArn',
  handle(call) {
    const { world, input } = call;
    const roleArn = required(input, 'RoleArn');
    const session = required(input, 'RoleSessionName');
    const [, accountId, path] = /^arn:aws[a-z-]*:iam::(\d{12}):role\/([\w+=,.@/-]+)$/.exec(roleArn) ?? [];
    if (accountId === undefined || path === undefined) {
      throw new AwsError('ValidationError', 400, `${roleArn} is invalid`);
    }
    const rights = trusted(call, roleArn, accountId);
    const name = path.slice(path.lastIndexOf('/') + 1);
    const number = world.sessions.size;
    const suffix = [15, 10, 5, 0].map((shift) => BASE32.charAt((number >> shift) & 31)).join('');
    const accessKeyId = `ASIA${accountId}${suffix}`;
    const secret = createHash('sha256').update(`secret ${accessKeyId}`).digest('base64').slice(0, 40);
    const sessionToken = createHash('sha512').update(`token ${accessKeyId}`).digest('base64');
    const roleId = `AROA${accountId}SIMU`;
    const arn = `arn:${world.scenario.partition}:sts::${accountId}:assumed-role/${name}/${session}`;
    const userId = `${roleId}:${session}`;
    const { DurationSeconds: asked } = input;
    const seconds = world.scenario.session_seconds ?? (typeof asked === 'number' ? asked : 3600);
    const endsAt = Date.now() + seconds * 1000;
    world.sessions.set(accessKeyId, { accountId, arn, userId, sessionToken, endsAt, ...rights });
    return {
      Credentials: {
        AccessKeyId: accessKeyId,
        SecretAccessKey: secret,
        SessionToken: sessionToken,
        // The one time that cannot be fixed: an SDK renews credentials that look expired.
        Expiration: new Date(endsAt),
      },
      AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
    };
  },
};

/** AWS answers the same for a role that is not there, a trust policy that does not fit, and a wrong external id. */
function trusted(call: Call, roleArn: string, accountId: string): Rights {
  const { scenario, organization } = call.world;
  const role = scenario.roles?.find(({ arn }) => matchesArn(arn, roleArn));
  const account = organization?.account(accountId);
  const exists = organization ? account !== undefined : accountId === call.caller.accountId;
  const isOpen = account === undefined || account.scenario.state === 'ACTIVE';
  const listed = scenario.roles === undefined || role !== undefined;
  const sameExternalId = role?.external_id === undefined || role.external_id === text(call.input, 'ExternalId');
  if (!exists || !isOpen || !listed || !sameExternalId || (role && !trusts(role, call))) {
    throw new AwsError('AccessDenied', 403, notAuthorized(call, roleArn));
  }
  return { denied: role?.denied ?? [], allowed: role?.allowed };
}

type Role = NonNullable<Scenario['roles']>[number];

function trusts({ trusts: named }: Role, { caller, world }: Call): boolean {
  const { organization } = world;
  // No aws:PrincipalOrgID to fit without an organization; the account itself is what is left.
  if (named === undefined) return !organization || organization.account(caller.accountId) !== undefined;
  return named.some((principal) => names(principal, caller));
}

/** As in a trust policy: an account, its root (which is the whole account), a user, or a role by whoever has assumed it. */
function names(principal: string, { accountId, arn }: Call['caller']): boolean {
  if (principal === accountId || principal === arn) return true;
  const [, account, resource] = /^arn:[a-z-]+:iam::(\d{12}):(.+)$/.exec(principal) ?? [];
  if (account !== accountId || resource === undefined) return false;
  if (resource === 'root') return true;
  // The ARN of a session has the name of its role, and not its path.
  const roleName = /^role\/(?:.*\/)?([^/]+)$/.exec(resource)?.[1];
  return roleName !== undefined && arn.includes(`:assumed-role/${roleName}/`);
}

function notAuthorized(call: Call, roleArn: string): string {
  return denialMessage(call, roleArn).replace(/ because .*$/, '');
}

export const sts: Service = {
  name: 'sts',
  protocol: awsQuery('2011-06-15', 'https://sts.amazonaws.com/doc/2011-06-15/'),
  operations: { GetCallerIdentity: getCallerIdentity, AssumeRole: assumeRole },
  errors: {
    denied: (message) => new AwsError('AccessDenied', 403, message),
    throttled: () => new AwsError('Throttling', 400, 'Rate exceeded'),
    serverError: () => new AwsError('InternalFailure', 500, 'We encountered an internal error. Please try again.'),
    unknownOperation: (name) =>
      new AwsError('InvalidAction', 400, `Could not find operation ${name} for version 2011-06-15`),
    missingAuthentication: () =>
      new AwsError('MissingAuthenticationToken', 403, 'Request is missing Authentication Token'),
    invalidToken: () =>
      new AwsError('InvalidClientTokenId', 403, 'The security token included in the request is invalid.'),
    wrongRegion: () => new AwsError('SignatureDoesNotMatch', 403, 'Credential should be scoped to a valid region. '),
    // Seen in https://github.com/jenkinsci/ec2-plugin/pull/1008.
    expiredCredentials: () =>
      new AwsError('ExpiredToken', 403, 'The security token included in the request is expired'),
    skewed: (message) => new AwsError('SignatureDoesNotMatch', 403, message),
    invalid: (problem) => new AwsError('ValidationError', 400, describeProblem(problem)),
    invalidPageToken: () => new AwsError('ValidationError', 400, 'The page token is invalid.'),
  },
  resourceArn: (_call, roleArn) => roleArn ?? '*',
};
