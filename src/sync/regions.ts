import type { Place } from './walk.js';

/** Why a read is not tried. The codes are ours and stand in aws_delegation_reads; views lean on them. */
export const unasked = {
  notSelected: { outcome: 'skipped', code: undefined, why: 'the spec does not ask for it' },
  noDelegateAccess: {
    outcome: 'skipped',
    code: 'NoDelegateAccess',
    why: 'only this account can show it, and the spec lends no way into it: name `delegated_admin_role_name`, or add the account to `accounts`',
  },
  regionNotSelected: { outcome: 'skipped', code: undefined, why: '`regions` of the spec leaves it out' },
  regionDisabled: { outcome: 'absent', code: 'RegionDisabled', why: 'the Region is not enabled for this account' },
  serviceNotInRegion: { outcome: 'absent', code: 'ServiceNotInRegion', why: 'the service is not in this Region' },
} as const;

export type Unasked = (typeof unasked)[keyof typeof unasked];

/** What is known of a Region before anything is asked there. */
export interface RegionPlan {
  /** Regions to ask. */
  places: Place[];
  /** Regions not to ask, because the answer is known or not wanted. */
  unasked: { region: string; reason: Unasked }[];
}

export interface RegionFacts {
  /** From ec2:DescribeRegions; null where that was denied or failed. */
  optInStatus: ReadonlyMap<string, string> | null;
  /** Every Region of the partition that this version knows. */
  knownRegions: readonly string[];
  /** True for a Region that no account can switch off, whatever a list says. */
  isAlwaysOn: (region: string) => boolean;
  /** Null where it is not known. */
  isServiceIn: (region: string) => boolean | null;
  wanted: readonly string[] | 'all';
}

/**
 * Which Regions of a service to ask. In doubt a Region is asked: an answer costs one request, a wrong "not there" could
 * hide an administrator.
 */
export function planRegions({ optInStatus, knownRegions, isAlwaysOn, isServiceIn, wanted }: RegionFacts): RegionPlan {
  const plan: RegionPlan = { places: [], unasked: [] };
  const listed = optInStatus ? [...optInStatus.keys(), ...knownRegions.filter(isAlwaysOn)] : knownRegions;
  const all = new Set([...listed, ...(wanted === 'all' ? [] : wanted)]);
  for (const region of [...all].sort()) {
    const isEnabled =
      (isAlwaysOn(region) && knownRegions.includes(region)) ||
      (optInStatus === null ? null : optInStatus.has(region) && optInStatus.get(region) !== 'not-opted-in');
    if (wanted !== 'all' && !wanted.includes(region)) {
      plan.unasked.push({ region, reason: unasked.regionNotSelected });
    } else if (isEnabled === false) {
      plan.unasked.push({ region, reason: unasked.regionDisabled });
    } else if (isServiceIn(region) === false) {
      plan.unasked.push({ region, reason: unasked.serviceNotInRegion });
    } else {
      plan.places.push({
        region,
        certainty: { isRegionKnownEnabled: isEnabled === true, isServiceKnownThere: isServiceIn(region) === true },
      });
    }
  }
  return plan;
}
