import { tokenMembers } from './first_answers.js';
import type { Outcome } from './outcome.js';
import type { Secrets } from './secrets.js';

/** What an AWS error says, before it is known whether the call will be repeated. */
export interface Verdict {
  outcome: Exclude<Outcome, 'ok' | 'skipped'>;
  isRetryable: boolean;
  /** AWS was called too fast. */
  isThrottle?: true;
  code: string;
  message: string;
}

interface KnownAnswer {
  operation: RegExp;
  code: RegExp;
  message?: RegExp;
  /** Members that the request had, where one operation answers for several things. */
  input?: Readonly<Record<string, string>>;
  /** The member `Reason` of the error. */
  reason?: string;
  outcome: Verdict['outcome'];
}

/**
 * Answers that mean something else than their code suggests. First match wins; each line names its source.
 * "AccessDenied" alone is never `absent`: it must be an operation and a wording that AWS uses for "there is none".
 */
const knownAnswers: readonly KnownAnswer[] = [
  // A standalone account: https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html#API_DescribeOrganization_Errors
  { operation: /^organizations:/, code: /^AWSOrganizationsNotInUseException$/, outcome: 'absent' },
  // An organization that shares a bill and no more has no policies, no trusted access and no delegates.
  {
    operation: /^organizations:/,
    code: /^ConstraintViolationException$/,
    reason: 'ORGANIZATION_NOT_IN_ALL_FEATURES_MODE',
    outcome: 'absent',
  },
  // No delegation policy: https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeResourcePolicy.html#API_DescribeResourcePolicy_Errors
  { operation: /^organizations:DescribeResourcePolicy$/, code: /^ResourcePolicyNotFoundException$/, outcome: 'absent' },
  // Deregistered between the list of administrators and this call, or no longer in the organization.
  {
    operation: /^organizations:ListDelegatedServicesForAccount$/,
    code: /^Account(NotRegistered|NotFound)Exception$/,
    outcome: 'absent',
  },
  // A service that Organizations does not know in this partition: it cannot have been delegated by way of it.
  // https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListDelegatedAdministrators.html#API_ListDelegatedAdministrators_Errors
  {
    operation: /^organizations:ListDelegatedAdministrators$/,
    code: /^InvalidInputException$/,
    message: /\bunrecognized service principal\b/i,
    outcome: 'absent',
  },
  // A policy that was deleted between ListPolicies and this call.
  {
    operation: /^organizations:(DescribePolicy|ListTargetsForPolicy)$/,
    code: /^PolicyNotFoundException$/,
    outcome: 'absent',
  },
  // An account that left while the tags were read, which takes one call each.
  {
    operation: /^organizations:ListTagsForResource$/,
    code: /^TargetNotFoundException$/,
    outcome: 'absent',
  },
  // GuardDuty answers a member with a bad request: "you do not have required AWS Organization master permission".
  // https://docs.aws.amazon.com/guardduty/latest/APIReference/API_ListOrganizationAdminAccounts.html
  {
    operation: /^guardduty:ListOrganizationAdminAccounts$/,
    code: /^BadRequestException$/,
    message: /\b(master|management)\b/i,
    outcome: 'denied',
  },
  // Security Hub CSPM was never switched on here: https://github.com/awslabs/sra-verify, services/securityhub/base.py
  // It says nothing of V2, whose administrator is recorded separately and may be there without CSPM.
  {
    operation: /^securityhub:ListOrganizationAdminAccounts$/,
    code: /^InvalidAccessException$/,
    message: /\bis not subscribed to AWS Security Hub\b/i,
    input: { Feature: 'SecurityHub' },
    outcome: 'absent',
  },
  // Security Hub CSPM or Macie was never switched on in the account that administers it, here.
  {
    operation: /^securityhub:DescribeOrganizationConfiguration$/,
    code: /^InvalidAccessException$/,
    message: /\bis not subscribed to AWS Security Hub\b/i,
    outcome: 'absent',
  },
  {
    operation: /^macie2:DescribeOrganizationConfiguration$/,
    code: /^AccessDeniedException$/,
    message: /^Macie is not enabled\b/i,
    outcome: 'absent',
  },
  // Otherwise "The account doesn't have permission to perform this action", which is Security Hub's answer to a member too.
  // https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_ListOrganizationAdminAccounts.html#API_ListOrganizationAdminAccounts_Errors
  { operation: /^securityhub:/, code: /^InvalidAccessException$/, outcome: 'denied' },
  // Macie was never switched on here; a missing permission has the same code.
  // https://github.com/awslabs/sra-verify, services/macie/base.py
  {
    operation: /^macie2:ListOrganizationAdminAccounts$/,
    code: /^AccessDeniedException$/,
    message: /^Macie is not enabled\b/i,
    outcome: 'absent',
  },
  // Nothing is managed centrally where IAM may not work in the organization, where there is none, or where it shares no more
  // than a bill. https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOrganizationsFeatures.html#API_ListOrganizationsFeatures_Errors
  {
    operation: /^iam:ListOrganizationsFeatures$/,
    code: /^(ServiceAccessNotEnabledException|OrganizationNotFoundException|OrganizationNotInAllFeaturesModeException)$/,
    outcome: 'absent',
  },
  {
    operation: /^iam:ListOrganizationsFeatures$/,
    code: /^AccountNotManagementOrDelegatedAdministratorException$/,
    outcome: 'denied',
  },
  // A delegate whose management account lacks CloudTrail's role sees nothing, whatever there is; only that account can help.
  // https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html#API_DescribeTrails_Errors
  {
    operation: /^cloudtrail:/,
    code: /^(NoManagementAccountSLRExistsException|OperationNotPermittedException)$/,
    outcome: 'denied',
  },
  // Deleted between the list and this call.
  { operation: /^cloudtrail:GetTrailStatus$/, code: /^TrailNotFoundException$/, outcome: 'absent' },
  { operation: /^cloudtrail:GetEventDataStore$/, code: /^EventDataStoreNotFoundException$/, outcome: 'absent' },
  // No administrator. The list has no such error: it is empty.
  // https://docs.aws.amazon.com/inspector/v2/APIReference/API_GetDelegatedAdminAccount.html#API_GetDelegatedAdminAccount_Errors
  { operation: /^inspector2:GetDelegatedAdminAccount$/, code: /^ResourceNotFoundException$/, outcome: 'absent' },
  // No administrator, in an account where Audit Manager is set up.
  // https://docs.aws.amazon.com/audit-manager/latest/APIReference/API_GetOrganizationAdminAccount.html#API_GetOrganizationAdminAccount_Errors
  { operation: /^auditmanager:GetOrganizationAdminAccount$/, code: /^ResourceNotFoundException$/, outcome: 'absent' },
  // Where it never was: https://github.com/turbot/steampipe-plugin-aws/pull/1122, and awslabs/sra-verify saw it from this
  // operation (services/auditmanager/base.py). Denied permissions have the same code.
  {
    operation: /^auditmanager:GetOrganizationAdminAccount$/,
    code: /^AccessDeniedException$/,
    message: /^Please complete AWS Audit Manager setup\b/,
    outcome: 'absent',
  },
  // No administrator of Firewall Manager, or not the one whose scope is asked for (any more).
  // https://docs.aws.amazon.com/fms/2018-01-01/APIReference/API_GetAdminAccount.html#API_GetAdminAccount_Errors
  {
    operation: /^fms:(ListAdminAccountsForOrganization|GetAdminAccount|GetAdminScope)$/,
    code: /^ResourceNotFoundException$/,
    outcome: 'absent',
  },
  // "FMS returns an AccessDeniedException if no account is associated, but does not define this in its error codes":
  // https://github.com/hashicorp/terraform-provider-aws: internal/service/fms/admin_account.go. A member that is no
  // administrator reads the same, but the list of them is denied to it, so nothing follows from this answer alone.
  {
    operation: /^fms:GetAdminAccount$/,
    code: /^AccessDeniedException$/,
    message: /\bis not currently delegated by AWS FM\b/,
    outcome: 'absent',
  },
  // Firewall Manager answers a member that an operation of the management account was not possible:
  // https://github.com/crossplane-contrib/provider-upjet-aws/issues/296. A wrong Region has the same code.
  {
    operation: /^fms:ListAdminAccountsForOrganization$/,
    code: /^InvalidOperationException$/,
    message: /\bis not the management account\b/i,
    outcome: 'denied',
  },
  // Settings of an organization belong to its administrator, and to no other account: who is asked is one of those that the
  // service named, so a bad request says that it is none (any more). The request has nothing else that could be wrong.
  // https://docs.aws.amazon.com/guardduty/latest/APIReference/API_DescribeOrganizationConfiguration.html
  // https://docs.aws.amazon.com/detective/latest/APIReference/API_DescribeOrganizationConfiguration.html
  {
    operation: /^(guardduty|detective):DescribeOrganizationConfiguration$/,
    code: /^(BadRequestException|ValidationException)$/,
    outcome: 'denied',
  },
  // The account of the role has STS switched off in the Region that is asked; only that account can help.
  // https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html#API_AssumeRole_Errors
  { operation: /^sts:AssumeRole$/, code: /^RegionDisabledException$/, outcome: 'denied' },
  // No data lake, or none that collects from new accounts.
  // https://docs.aws.amazon.com/security-lake/latest/APIReference/API_GetDataLakeOrganizationConfiguration.html
  {
    operation: /^securitylake:GetDataLakeOrganizationConfiguration$/,
    code: /^ResourceNotFoundException$/,
    outcome: 'absent',
  },
];

const denials =
  /^(AccessDenied|AccessDeniedException|AuthorizationError|AuthorizationErrorException|NotAuthorized|UnauthorizedException|UnauthorizedOperation|Client\.UnauthorizedOperation)$/;

// https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
const throttles =
  /^(BandwidthLimitExceeded|EC2ThrottledException|LimitExceededException|PriorRequestNotComplete|ProvisionedThroughputExceededException|RequestLimitExceeded|RequestThrottled|RequestThrottledException|SlowDown|ThrottledException|Throttling|ThrottlingException|TooManyRequestsException|TransactionInProgressException)$/;

// Firewall Manager's own fault, which it sends as a bad request: "Retry your request."
// https://docs.aws.amazon.com/fms/2018-01-01/APIReference/API_GetAdminAccount.html#API_GetAdminAccount_Errors
const serverFaults = /^InternalErrorException$/;

const networkFailures =
  /^(ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|EPIPE|ETIMEDOUT|EAI_AGAIN|UND_ERR_SOCKET|TimeoutError|RequestTimeout|RequestTimeoutException|NetworkingError)$/;

// Trying again changes nothing: no such host, a proxy whose certificate is not trusted (OpenSSL's words), or credentials
// that are not there (any more).
const hopeless =
  /^(ENOTFOUND|[A-Z_]*CERT[A-Z_]*|UNABLE_TO_[A-Z_]+|CredentialsError|CredentialsProviderError|TokenProviderError|ExpiredToken|ExpiredTokenException)$/;

// EC2's word is also that for a clock that is wrong, which the SDK corrects.
const credentialsEnded = /^(ExpiredToken|ExpiredTokenException|RequestExpired)$/;

/** True for AWS's code for credentials that were good until a certain time, which has passed. */
export function isExpiryOfCredentials(code: string | undefined): boolean {
  return code !== undefined && credentialsEnded.test(code);
}

// No service that is read here has a code of its own for a page token that is too old: it is an input like any other.
const badInputs =
  /^(BadRequestException|InvalidInputException|InvalidParameter(Value)?(Exception)?|InvalidRequestException|Validation(Error|Exception)|(Invalid|Expired)(Next|Pagination)Token(Exception)?|PaginationTokenExpiredException)$/;

/** AWS took the same request without the token, for the page before. So what is wrong with it now is the token. */
export function isPageTokenRefused(code: string, input: Readonly<Record<string, unknown>>): boolean {
  return badInputs.test(code) && tokenMembers.some((member) => input[member] !== undefined);
}

// The same credentials just worked for sts:GetCallerIdentity, so in a Region this means "not switched on for this account".
const regionOff = /^(UnrecognizedClientException|InvalidClientTokenId|AuthFailure)$/;

/** What is known beforehand of the Region that is asked; only what is not known may be read out of an error. */
export interface Certainty {
  /** False where nobody could say whether it is on for the account: ec2:DescribeRegions was denied. */
  isRegionKnownEnabled: boolean;
  /** False where the catalogue does not know whether the service is there. */
  isServiceKnownThere: boolean;
}

/**
 * Judges what the SDK threw, by operation, code and message; `input` is that of the request, and `secrets` are left out of the
 * message.
 */
export function classify(
  error: unknown,
  operation: string,
  { isRegionKnownEnabled, isServiceKnownThere }: Certainty,
  input: Readonly<Record<string, unknown>> = {},
  secrets?: Secrets,
): Verdict {
  const { code, message, reason, status, hasAwsShape, isClockCorrected } = anatomy(error, secrets);
  // Before what such an answer means to a first page: it would be no delegation where there are pages of it.
  if (isPageTokenRefused(code, input)) {
    return { outcome: 'failed', isRetryable: false, code, message: `the page token was refused: ${message}` };
  }
  const known = knownAnswers.find(
    (answer) =>
      answer.operation.test(operation) &&
      answer.code.test(code) &&
      (answer.message === undefined || answer.message.test(message)) &&
      Object.entries(answer.input ?? {}).every(([member, value]) => input[member] === value) &&
      (answer.reason === undefined || answer.reason === reason),
  );
  if (known) return { outcome: known.outcome, isRetryable: false, code, message };
  if (throttles.test(code) || status === 429) {
    return { outcome: 'failed', isRetryable: true, isThrottle: true, code, message };
  }
  if (denials.test(code)) return { outcome: 'denied', isRetryable: false, code, message };
  if (regionOff.test(code)) {
    return isRegionKnownEnabled
      ? { outcome: 'failed', isRetryable: false, code, message }
      : {
          outcome: 'absent',
          isRetryable: false,
          // Ours, as where AWS was not even asked: the views tell by it that there is nothing to ask.
          code: 'RegionDisabled',
          message: `the Region is not enabled for this account (${code})`,
        };
  }
  if (networkFailures.test(code)) return { outcome: 'failed', isRetryable: true, code, message };
  // The SDK makes up host names for every Region. Where DNS itself is out, the Regions that are known fail as well.
  if (code === 'ENOTFOUND' && !isServiceKnownThere) {
    return {
      outcome: 'absent',
      isRetryable: false,
      code: 'ServiceNotInRegion',
      message: `the service is not in this Region (${message})`,
    };
  }
  if (hopeless.test(code)) return { outcome: 'failed', isRetryable: false, code, message };
  if (!hasAwsShape) {
    return {
      outcome: 'failed',
      isRetryable: true,
      code: 'UnreadableAnswer',
      message: `the answer is not one of AWS${status === undefined ? '' : ` (HTTP ${status})`}: ${message}`,
    };
  }
  const isServerFault = serverFaults.test(code) || (status !== undefined && status >= 500);
  return { outcome: 'failed', isRetryable: isClockCorrected || isServerFault, code, message };
}

interface Anatomy {
  code: string;
  message: string;
  reason: string | undefined;
  status: number | undefined;
  /** False for HTML, half a body, or anything else that carried no AWS error code. */
  hasAwsShape: boolean;
  /** The clock of this machine is wrong, and the SDK has just learned by how much. */
  isClockCorrected: boolean;
}

function anatomy(error: unknown, secrets: Secrets | undefined): Anatomy {
  if (!(error instanceof Error))
    return {
      code: 'Unknown',
      message: String(error),
      reason: undefined,
      status: undefined,
      hasAwsShape: false,
      isClockCorrected: false,
    };
  const details = error as Error & {
    code?: unknown;
    Reason?: string;
    $metadata?: { httpStatusCode?: number; clockSkewCorrected?: boolean };
    $response?: { statusCode?: number };
    $fault?: unknown;
  };
  const status = details.$metadata?.httpStatusCode ?? details.$response?.statusCode;
  const systemCode = typeof details.code === 'string' ? details.code : undefined;
  // The SDK's JSON parser throws a SyntaxError with the response attached; its error class for a body without a code is
  // called after the HTTP status or "Unknown".
  const isUnparsed = error instanceof SyntaxError || /^(Unknown|UnknownError|Error|\d{3})$/.test(error.name);
  const isSystem = systemCode !== undefined && (networkFailures.test(systemCode) || hopeless.test(systemCode));
  const code = isSystem ? systemCode : error.name;
  const isOurs = isSystem || networkFailures.test(code) || hopeless.test(code);
  return {
    code,
    // Before it is cut, which could leave half of one.
    message: firstLine(secrets?.hide(error.message) ?? error.message),
    reason: details.Reason,
    status,
    hasAwsShape: isOurs || (!isUnparsed && (details.$fault !== undefined || status !== undefined)),
    isClockCorrected: details.$metadata?.clockSkewCorrected === true,
  };
}

function firstLine(message: string): string {
  const line = message.split(/\r?\n/, 1)[0] ?? '';
  return line.length > 500 ? `${line.slice(0, 500)}…` : line;
}
