import type { Place } from './walk.js';

/** What is known of a Region before anything is asked there. */
export interface RegionPlan {
  /** Regions to ask. */
  places: Place[];
  /** Regions not to ask, because the answer is known or not wanted. */
  unasked: { region: string; outcome: 'absent' | 'skipped'; why: string }[];
}

export interface RegionFacts {
  /** From ec2:DescribeRegions; null where that was denied or failed. */
  optInStatus: ReadonlyMap<string, string> | null;
  /** Every Region of the partition that this version knows. */
  knownRegions: readonly string[];
  /** Null where it is not known. */
  isServiceIn: (region: string) => boolean | null;
  wanted: readonly string[] | 'all';
}

/**
 * Which Regions of a service to ask. In doubt a Region is asked: an answer costs one request, a wrong "not there" could
 * hide an administrator.
 */
export function planRegions({ optInStatus, knownRegions, isServiceIn, wanted }: RegionFacts): RegionPlan {
  const plan: RegionPlan = { places: [], unasked: [] };
  const all = new Set([...(optInStatus?.keys() ?? knownRegions), ...(wanted === 'all' ? [] : wanted)]);
  for (const region of [...all].sort()) {
    const isEnabled =
      optInStatus === null ? null : optInStatus.has(region) && optInStatus.get(region) !== 'not-opted-in';
    if (wanted !== 'all' && !wanted.includes(region)) {
      plan.unasked.push({ region, outcome: 'skipped', why: '`regions` of the spec leaves it out' });
    } else if (isEnabled === false) {
      plan.unasked.push({ region, outcome: 'absent', why: 'the Region is not enabled for this account' });
    } else if (isServiceIn(region) === false) {
      plan.unasked.push({ region, outcome: 'absent', why: 'the service is not in this Region' });
    } else {
      plan.places.push({ region, isRegionKnownEnabled: isEnabled === true });
    }
  }
  return plan;
}
