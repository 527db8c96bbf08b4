import type { FaultInput, FaultKind } from '../../src/simulator/index.js';

export type Ending = 'ok' | 'denied' | 'failed';

/** What a kind of fault has to come to, by AWS's documentation and by what a reader of the database may conclude. */
export interface Kind {
  /** For a user: what happens to the request. */
  readonly what: string;
  /** How a read ends whose every request meets it. */
  readonly forEver: Ending;
  /** True where trying again helps, so that the read ends as if nothing had been. */
  readonly isMendedByRetry: boolean;
  /** True where it is about lists with pages, and cannot happen to anything else. */
  readonly isOfPages?: true;
  /** True where it needs two pages with something on them, which few lists of a small organization have. */
  readonly isOfItems?: true;
  /** True where all requests meet it, whatever they ask: it is about this machine. */
  readonly isOfMachine?: true;
  /** True where no answer comes, and the timeout of the spec is all that ends the request. */
  readonly isEndless?: true;
  readonly members?: Partial<FaultInput>;
}

/** By hand, and complete: a new kind of the simulator is a type error here until somebody has thought of it. */
export const kinds: Readonly<Record<FaultKind, Kind>> = {
  deny: {
    what: 'AWS says that the credentials may not call the operation.',
    forEver: 'denied',
    isMendedByRetry: false,
  },
  throttle: {
    what: 'AWS says that the operation is called too fast, in the words of the service.',
    forEver: 'failed',
    isMendedByRetry: true,
  },
  server_error: {
    what: 'AWS says that it has a problem of its own (HTTP 5xx), in the words of the service.',
    forEver: 'failed',
    isMendedByRetry: true,
  },
  html: {
    what: 'A proxy or a login page answers with HTML and HTTP 200.',
    forEver: 'failed',
    isMendedByRetry: true,
  },
  html_error: {
    what: 'A proxy answers with HTML and HTTP 503.',
    forEver: 'failed',
    isMendedByRetry: true,
  },
  truncated: {
    what: 'Half of the answer, which claims to be all of it.',
    forEver: 'failed',
    isMendedByRetry: true,
  },
  cut: {
    what: 'The connection breaks in the middle of the answer.',
    forEver: 'failed',
    isMendedByRetry: true,
  },
  empty_object: {
    what: 'The answer is `{}`, without the members of the operation.',
    forEver: 'failed',
    isMendedByRetry: true,
  },
  hang: {
    what: 'No answer comes, and the connection stays open.',
    forEver: 'failed',
    isMendedByRetry: true,
    isEndless: true,
  },
  reset: {
    what: 'The connection breaks before the answer.',
    forEver: 'failed',
    isMendedByRetry: true,
  },
  repeat_token: {
    what: 'Each page of a list names a next one, always the same.',
    // Whether the page that was asked twice is all there is, nobody can say.
    forEver: 'failed',
    isMendedByRetry: false,
    isOfPages: true,
  },
  slow: {
    what: 'The answer comes late, and within the timeout.',
    forEver: 'ok',
    isMendedByRetry: true,
    members: { ms: 50 },
  },
  error: {
    what: 'AWS answers with an error that nobody knows.',
    forEver: 'failed',
    isMendedByRetry: false,
    members: { code: 'SomethingNewException', status: 400, message: 'Something new.' },
  },
  empty_pages: {
    what: 'In front of each page of a list comes an empty one, as AWS warns.',
    forEver: 'ok',
    isMendedByRetry: true,
    isOfPages: true,
  },
  overlapping_pages: {
    what: 'A page begins with the last item of the one before, because the list changes while it is read.',
    forEver: 'ok',
    isMendedByRetry: true,
    isOfPages: true,
    isOfItems: true,
  },
  expired_token: {
    what: 'AWS does not take the token of the next page any more. The list is read again from its start.',
    forEver: 'failed',
    isMendedByRetry: true,
    isOfPages: true,
  },
  drip: {
    what: 'The answer comes in drops, and its last one within the timeout.',
    forEver: 'ok',
    isMendedByRetry: true,
    members: { ms: 50 },
  },
  endless_drip: {
    what: 'The answer comes in drops, and does not end.',
    forEver: 'failed',
    isMendedByRetry: true,
    isEndless: true,
  },
  wrong_type: {
    what: 'The right answer comes with the content type of a web page.',
    forEver: 'ok',
    isMendedByRetry: true,
  },
  other_protocol: {
    what: 'The answer is written in the protocol of another service: XML instead of JSON, or the opposite.',
    forEver: 'failed',
    isMendedByRetry: true,
  },
  clock_skew: {
    what: 'The clock of this machine is half an hour behind. AWS says so, and the next try tells the time by its clock.',
    forEver: 'ok',
    isMendedByRetry: true,
    isOfMachine: true,
  },
  expired_credentials: {
    what: 'AWS says that the credentials have expired.',
    forEver: 'failed',
    isMendedByRetry: false,
  },
};

/** Operations without pages, by AWS's API reference. Every other one counts as a list that has them. */
const withoutPages: ReadonlySet<string> = new Set([
  'auditmanager:GetOrganizationAdminAccount',
  'cloudtrail:DescribeTrails',
  'cloudtrail:GetEventDataStore',
  'cloudtrail:GetTrailStatus',
  'detective:DescribeOrganizationConfiguration',
  'ec2:DescribeRegions',
  'fms:GetAdminAccount',
  'fms:GetAdminScope',
  'iam:ListOrganizationsFeatures',
  'inspector2:DescribeOrganizationConfiguration',
  'inspector2:GetDelegatedAdminAccount',
  'macie2:DescribeOrganizationConfiguration',
  'organizations:DescribeOrganization',
  'organizations:DescribePolicy',
  'organizations:DescribeResourcePolicy',
  'securityhub:DescribeOrganizationConfiguration',
  'securitylake:GetDataLakeOrganizationConfiguration',
  'sts:AssumeRole',
  'sts:GetCallerIdentity',
]);

/** Undefined where it cannot happen. */
export function endingOf(operation: string, kind: FaultKind): Ending | undefined {
  const { forEver, isOfPages } = kinds[kind];
  return isOfPages && withoutPages.has(operation) ? undefined : forEver;
}

/** A fault of this kind; `more` says how often it strikes and where. */
export function faultOf(operation: string, kind: FaultKind, more: Partial<FaultInput> = {}): FaultInput {
  const { members, isOfMachine } = kinds[kind];
  return { operation: isOfMachine ? '*' : operation, kind, ...members, ...more };
}
