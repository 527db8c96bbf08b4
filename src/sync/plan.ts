import { rateOf, secondsAtRate, type OperationRate } from '../catalog/index.js';
import { flatten, type Reading, type Settings, type Table } from '../schema/index.js';
import { placesOf, type Whereabouts } from './places.js';
import { assumeRole, requiredActions } from './required_actions.js';
import { KnownSizes, type Sizes } from './sizes.js';

export interface PlanOptions extends Omit<Whereabouts, 'optInStatus'> {
  selected: readonly Table[];
  settings: Settings;
  /** The reading of the Regions, which is asked for any table that is read Region by Region. */
  regions: Reading<unknown>;
  sizes: Sizes;
  /** True where the spec says how to act in other accounts. */
  isAccessLent: boolean;
}

export interface PlannedOperation {
  /** IAM action: `organizations:ListAccounts`. */
  operation: string;
  /** Where it is asked at least once, or would be if there were anything to ask about. */
  regions: string[];
  calls: number;
  /** Without which something of the organization's structure, policies or administrators would not be known. */
  fewestCalls: number;
  /** What the calls above the fewest are for. */
  why: string | undefined;
  /** Undefined where AWS documents none. */
  rate: OperationRate | undefined;
  /** That AWS's rate lets the calls take at least; undefined without a documented rate. */
  seconds: number | undefined;
}

export interface SyncPlan {
  /** The one that takes longest first. */
  operations: PlannedOperation[];
  calls: number;
  fewestCalls: number;
  /** With all operations beside each other; each has a bucket of its own. */
  seconds: number;
  /** The operation that decides `seconds`; undefined where none has to wait for its rate. */
  slowest: string | undefined;
  /** Sizes that nobody knows, as the smallest they can be. */
  assumed: readonly string[];
  partition: string;
  /** False where no list says which Regions are enabled, and every known one is counted. */
  areRegionsKnown: boolean;
}

interface Asked {
  sizes: KnownSizes;
  operation: string;
  region: string;
  organizationsRegion: string;
  /** Relations included. */
  tables: readonly Table[];
  isAccessLent: boolean;
}

/** The calls of an operation in one place; whatever is not here is asked once in each. */
const formulas: Readonly<Record<string, (asked: Asked) => number>> = {
  'organizations:ListAccounts': ({ sizes }) => pages(sizes.accounts),
  'organizations:ListOrganizationalUnitsForParent': ({ sizes }) => pagesOfAll(sizes.unitsPerParent),
  'organizations:ListPolicies': ({ sizes }) => pagesOfAll(sizes.policiesPerType),
  'organizations:DescribePolicy': ({ sizes }) => sizes.policies,
  'organizations:ListTargetsForPolicy': ({ sizes }) => pagesOfAll(sizes.targetsPerPolicy),
  'organizations:ListAWSServiceAccessForOrganization': ({ sizes }) => pages(sizes.servicePrincipals),
  // The whole list, and for a table that only administrators can show a list of those of its service.
  'organizations:ListDelegatedAdministrators': ({ sizes, operation, tables }) =>
    (isSelected(tables, 'aws_organizations_delegated_administrators') ? pages(sizes.delegates) : 0) +
    new Set(
      tables.flatMap(({ delegates }) =>
        delegates?.accounts.permissions.includes(operation) === true ? delegates.accounts.name : [],
      ),
    ).size,
  'organizations:ListDelegatedServicesForAccount': ({ sizes }) => pagesOfAll(sizes.servicesPerDelegate),
  'organizations:ListHandshakesForOrganization': ({ sizes }) => pages(sizes.handshakes),
  // 50 tags at most, which come at once; an organization has one root.
  'organizations:ListTagsForResource': ({ sizes, tables }) =>
    (isSelected(tables, 'aws_organizations_accounts') ? sizes.accounts : 0) +
    (isSelected(tables, 'aws_organizations_roots') ? 1 : 0),
  [assumeRole]: ({ sizes, tables }) =>
    sizes.assumedRoles(tables.filter(({ delegates }) => delegates !== null).map(({ name }) => name)),
  'iam:ListRoles': ({ sizes }) => pages(sizes.serviceLinkedRoles, 1000),
  'fms:GetAdminScope': ({ sizes }) => sizes.firewallAdministrators,
  'inspector2:GetDelegatedAdminAccount': ({ sizes, region }) => sizes.inspectorAdministrators(region),
  'cloudtrail:GetTrailStatus': ({ sizes, region }) => sizes.trails(region),
  'cloudtrail:GetEventDataStore': ({ sizes, region }) => sizes.eventDataStores(region),
};

/** What is asked in the accounts that administer services. */
function delegateRequests({ sizes, operation, region, organizationsRegion, tables, isAccessLent }: Asked): number {
  const table = tables.find(({ delegates, permissions }) => delegates !== null && permissions.includes(operation));
  if (!table?.delegates) return 1;
  const { isManagementAccountAsked, fewestRequests } = table.delegates;
  const requests = isManagementAccountAsked || isAccessLent ? fewestRequests({ region, organizationsRegion }) : 0;
  return sizes.delegateRequests(operation, region, { requests, isSure: !isAccessLent });
}

function isSelected(tables: readonly Table[], name: string): boolean {
  return tables.some((table) => table.name === name);
}

const settings = 'what a service does with new members, as its administrator has set it';

/**
 * What could be left out, and why it is not. The fewest calls are those without which something of the organization's
 * structure, its policies or its administrators would not be known; zero unless said.
 */
const beyondTheFewest: Readonly<Record<string, { why: string; fewest?: (sizes: KnownSizes) => number }>> = {
  'organizations:DescribePolicy': {
    why: 'texts of AWS-managed policies too: where FullAWSAccess is missing or replaced, an SCP denies by what it leaves out',
    fewest: (sizes) => sizes.customerPolicies,
  },
  'organizations:ListHandshakesForOrganization': { why: 'open invitations, and requests for all features' },
  'iam:ListRoles': { why: 'service-linked roles that a registration through Organizations alone leaves missing' },
  'ec2:DescribeRegions': { why: 'spares every call to a Region that is not enabled' },
  'ec2:DescribeIpams': { why: 'IPAMs and their owners: IPAM itself names no administrator' },
  'cloudtrail:DescribeTrails': { why: 'organization trails: CloudTrail itself names no administrator' },
  'cloudtrail:GetTrailStatus': { why: 'one per trail: whether it logs' },
  'cloudtrail:ListEventDataStores': { why: 'organization event data stores of CloudTrail Lake' },
  'cloudtrail:GetEventDataStore': { why: 'one per event data store: whether other tools may query it' },
  'inspector2:GetDelegatedAdminAccount': {
    why: 'one per Region with an administrator: it knows states that the list does not',
  },
  'fms:GetAdminScope': { why: 'one per administrator: the accounts, OUs and Regions that it reaches' },
  [assumeRole]: { why: 'acts in the accounts that administer a service, for what only they can see' },
  'guardduty:ListDetectors': { why: "what GuardDuty's settings are asked of" },
  'guardduty:DescribeOrganizationConfiguration': { why: settings },
  'securityhub:DescribeOrganizationConfiguration': { why: settings },
  'macie2:DescribeOrganizationConfiguration': { why: settings },
  'inspector2:DescribeOrganizationConfiguration': { why: settings },
  'detective:ListGraphs': { why: "what Detective's settings are asked of" },
  'detective:DescribeOrganizationConfiguration': { why: settings },
  'securitylake:GetDataLakeOrganizationConfiguration': { why: settings },
  'config:DescribeConfigurationAggregators': { why: 'whether an aggregator sees the whole organization' },
  'access-analyzer:ListAnalyzers': { why: 'whether an analyzer looks at the whole organization' },
  'cloudtrail:LookupEvents': {
    why: 'one for each kind of change: who changed the organization, or who administers what',
  },
  'networkmanager:ListOrganizationServiceAccessStatus': {
    why: 'whether Network Manager is on, and how far its roles are rolled out',
  },
};

/** Asked before anything else. */
const callerIdentity = 'sts:GetCallerIdentity';

/**
 * The calls that a sync makes where each of them is answered, without making any. More come only with retries, and from a
 * server unlike AWS, such as one that leaves out the paths of the accounts.
 */
export function planSync({ selected, settings, regions, sizes, isAccessLent, ...where }: PlanOptions): SyncPlan {
  const known = new KnownSizes(sizes);
  const tables = flatten(selected);
  const organizationsRegion = where.atlas.organizationsRegionOf(where.partition);
  const operations = [callerIdentity, ...requiredActions(selected, settings, regions).operations].map((operation) => {
    const places = placesOfOperation(operation, selected, regions, {
      ...where,
      optInStatus: sizes.optInStatus ?? null,
    });
    return planned(places, { sizes: known, operation, organizationsRegion, tables, isAccessLent });
  });
  operations.sort(
    (left, right) =>
      (right.seconds ?? 0) - (left.seconds ?? 0) ||
      right.calls - left.calls ||
      (left.operation < right.operation ? -1 : 1),
  );
  const [first] = operations;
  const seconds = first?.seconds ?? 0;
  return {
    operations,
    calls: sumOf(operations.map(({ calls }) => calls)),
    fewestCalls: sumOf(operations.map(({ fewestCalls }) => fewestCalls)),
    seconds,
    slowest: seconds > 0 ? first?.operation : undefined,
    assumed: known.assumed,
    partition: where.partition,
    areRegionsKnown: sizes.optInStatus !== undefined || tables.every(({ regionalService }) => regionalService === null),
  };
}

/** Regions, one twice where it is asked for two things there. What several tables share is asked once. */
function placesOfOperation(
  operation: string,
  selected: readonly Table[],
  regions: Reading<unknown>,
  where: Whereabouts,
): string[] {
  if (operation === callerIdentity || regions.permissions.includes(operation)) return [where.homeRegion];
  if (operation === assumeRole) return [where.homeRegion];
  const places = new Map<string, string>();
  for (const table of selected) {
    const own = flatten([table]).flatMap(({ permissions, optionalPermissions, delegates }) => [
      ...permissions,
      ...optionalPermissions.map(({ permission }) => permission),
      ...(delegates?.accounts.permissions ?? []),
    ]);
    if (!own.includes(operation)) continue;
    // Whatever asks Organizations asks it where it is.
    if (table.delegates !== null && operation.startsWith('organizations:')) {
      const region = where.atlas.organizationsRegionOf(where.partition);
      places.set(`${region} `, region);
      continue;
    }
    for (const { place, scope } of placesOf(table, where).reads) places.set(`${place.region} ${scope}`, place.region);
  }
  return [...places.values()];
}

function planned(places: readonly string[], asked: Omit<Asked, 'region'>): PlannedOperation {
  const { operation, sizes } = asked;
  const formula = formulas[operation] ?? delegateRequests;
  const callsIn = new Map<string, number>();
  for (const region of places) {
    callsIn.set(region, (callsIn.get(region) ?? 0) + formula({ ...asked, region }));
  }
  const calls = sumOf(callsIn.values());
  const beyond = beyondTheFewest[operation];
  const fewestCalls = beyond ? Math.min(calls, beyond.fewest?.(sizes) ?? 0) : calls;
  const rate = rateOf(operation);
  const buckets = rate?.isPerRegion === true ? [...callsIn.values()] : [calls];
  return {
    operation,
    regions: [...callsIn.keys()].sort(),
    calls,
    fewestCalls,
    why: calls > fewestCalls ? beyond?.why : undefined,
    rate,
    seconds: rate && Math.max(...buckets.map((each) => secondsAtRate(each, rate))),
  };
}

/** Of one list, which is asked even where it is empty. Organizations has 20 to a page. */
function pages(items: number, size = 20): number {
  return Math.max(1, Math.ceil(items / size));
}

function pagesOfAll(lists: readonly number[]): number {
  return sumOf(lists.map((items) => pages(items)));
}

function sumOf(numbers: Iterable<number>): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}
