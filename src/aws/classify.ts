import { tokenMembers } from './first_answers.js';
import { knownAnswers } from './known_answers.js';
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
