/** A token bucket: it fills with so many requests a second, and holds as many as a burst may have. */
export interface RequestRate {
  readonly perSecond: number;
  readonly burst: number;
}

/** How fast AWS lets an operation be called. Throttling limits are per operation, so buckets do not share. */
export interface OperationRate {
  /** For the account that calls. */
  readonly account: RequestRate;
  /** For all accounts of the organization together; null where AWS documents none. */
  readonly organization: RequestRate | null;
  /** True where each Region has a bucket of its own. */
  readonly isPerRegion: boolean;
  readonly source: string;
}

type Pair = readonly [perSecond: number, burst: number];

const throttlingLimits = 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html';

const rate = ([perSecond, burst]: Pair): RequestRate => ({ perSecond, burst });

const organizations = (account: Pair, organization?: Pair): OperationRate => ({
  account: rate(account),
  organization: organization ? rate(organization) : null,
  isPerRegion: false,
  source: throttlingLimits,
});

/** By IAM action. An operation that is not here has no documented rate, which is not to say that it has no limit. */
const rates: ReadonlyMap<string, OperationRate> = new Map([
  ['organizations:DescribeOrganization', organizations([1, 2])],
  ['organizations:ListRoots', organizations([1, 2], [1, 3])],
  ['organizations:ListAccounts', organizations([8, 12], [9, 15])],
  ['organizations:ListAccountsForParent', organizations([5, 8], [6, 10])],
  ['organizations:ListOrganizationalUnitsForParent', organizations([5, 8], [6, 10])],
  ['organizations:ListChildren', organizations([6, 10], [7, 12])],
  ['organizations:ListParents', organizations([5, 8], [6, 10])],
  ['organizations:DescribeAccount', organizations([20, 30], [24, 36])],
  ['organizations:DescribeOrganizationalUnit', organizations([2, 2], [2, 3])],
  ['organizations:ListPolicies', organizations([5, 8], [6, 10])],
  ['organizations:DescribePolicy', organizations([2, 2], [2, 3])],
  ['organizations:ListTargetsForPolicy', organizations([5, 8], [6, 10])],
  ['organizations:ListPoliciesForTarget', organizations([5, 8], [6, 10])],
  ['organizations:ListAWSServiceAccessForOrganization', organizations([1, 3], [1, 4])],
  ['organizations:ListDelegatedAdministrators', organizations([5, 8], [6, 10])],
  ['organizations:ListDelegatedServicesForAccount', organizations([1, 3], [1, 4])],
  ['organizations:ListHandshakesForOrganization', organizations([5, 8], [6, 10])],
  ['organizations:ListHandshakesForAccount', organizations([5, 8], [6, 10])],
  ['organizations:ListCreateAccountStatus', organizations([5, 8], [6, 10])],
  ['organizations:ListTagsForResource', organizations([10, 15], [12, 18])],
  [
    'cloudtrail:LookupEvents',
    {
      // The page states a rate and no burst.
      account: rate([2, 2]),
      organization: null,
      isPerRegion: true,
      source: 'https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html',
    },
  ],
]);

/** The documented rate of an operation, as `organizations:ListAccounts`; undefined where AWS documents none. */
export function rateOf(operation: string): OperationRate | undefined {
  return rates.get(operation);
}

/** Seconds that so many calls of one bucket take at least, from a full one. */
export function secondsAtRate(calls: number, { account, organization }: OperationRate): number {
  return Math.max(...[account, ...(organization ? [organization] : [])].map((bucket) => secondsOf(calls, bucket)));
}

function secondsOf(calls: number, { perSecond, burst }: RequestRate): number {
  return Math.max(0, calls - burst) / perSecond;
}
