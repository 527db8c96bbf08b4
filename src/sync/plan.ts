import { rateOf, secondsAtRate, type OperationRate } from '../catalog/index.js';
import { flatten, type Reading, type Settings, type Table } from '../schema/index.js';
import { beyondTheFewest, callsInPlace, sumOf, type Asked } from './call_counts.js';
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

/** Asked before anything else. */
const callerIdentity = 'sts:GetCallerIdentity';

/**
 * The calls that a sync makes where each of them is answered, without making any. More come only with retries, from a
 * server unlike AWS, such as one that leaves out the paths of the accounts, and from a service that has no administrator: then
 * the organization is asked for, if no table reads it.
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
  const callsIn = new Map<string, number>();
  for (const region of places) {
    callsIn.set(region, (callsIn.get(region) ?? 0) + callsInPlace({ ...asked, region }));
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
