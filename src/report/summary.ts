import {
  rawStatuses,
  unknownCauses,
  type Delegation,
  type RuleResult,
  type Status,
  type UnknownCause,
} from '../rules/index.js';

export interface Counts {
  readonly byStatus: Readonly<Record<Status, number>>;
  readonly unknownByCause: Readonly<Record<UnknownCause, number>>;
}

export function countsOf(results: readonly RuleResult[]): Counts {
  const count = (isWanted: (result: RuleResult) => boolean): number => results.filter(isWanted).length;
  const statuses: readonly Status[] = [...rawStatuses, 'waived'];
  return {
    byStatus: Object.fromEntries(
      statuses.map((wanted) => [wanted, count(({ status }) => status === wanted)]),
    ) as Record<Status, number>,
    unknownByCause: Object.fromEntries(
      unknownCauses.map((wanted) => [
        wanted,
        count(({ status, unknownCause }) => status === 'unknown' && unknownCause === wanted),
      ]),
    ) as Record<UnknownCause, number>,
  };
}

/** What one account holds of one service by one method, in one state: the Regions of it together. */
export interface Holding extends Omit<Delegation, 'region'> {
  readonly regions: readonly string[];
}

/** In the order of the delegations given. */
export function holdingsOf(delegations: readonly Delegation[]): Holding[] {
  const holdings = new Map<string, { delegation: Delegation; regions: Set<string> }>();
  for (const delegation of delegations) {
    const { sourceName, serviceId, method, delegatedAccountId, region, status, isHeld } = delegation;
    const key = JSON.stringify([sourceName, serviceId, method, delegatedAccountId, isHeld || status]);
    const holding = holdings.get(key) ?? { delegation, regions: new Set<string>() };
    if (region !== null) holding.regions.add(region);
    holdings.set(key, holding);
  }
  return [...holdings.values()].map(({ delegation, regions }) => ({ ...delegation, regions: [...regions].sort() }));
}

const fewRegions = 2;

/** `17 Regions`, or their names where they are few; a method that knows no Regions speaks for all of them. */
export function regionText(regions: readonly string[]): string {
  if (regions.length === 0) return 'all Regions';
  return regions.length > fewRegions ? `${regions.length} Regions` : regions.join(', ');
}
