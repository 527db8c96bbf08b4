import type { Expectation, OwnerSelector, RuleSettings } from '../schema/index.js';
import type { Spec } from './spec.js';

/** The selectors of `owners`, as rows. */
export function ownerSelectors(spec: Spec): OwnerSelector[] {
  return Object.entries(spec.owners).flatMap(([Owner, { accounts, names, ous, tags }]) => [
    ...(accounts ?? []).map((Selector) => ({ Owner, SelectorType: 'account' as const, Selector })),
    ...(names ?? []).map((Selector) => ({ Owner, SelectorType: 'name' as const, Selector })),
    ...(ous ?? []).map((Selector) => ({ Owner, SelectorType: 'ou' as const, Selector })),
    ...Object.entries(tags ?? {}).map(([key, value]) => ({
      Owner,
      SelectorType: 'tag' as const,
      Selector: `${key}=${value}`,
    })),
  ]);
}

/** The owners of `expectations`, as rows. */
export function expectedOwners({ expectations }: Spec): Expectation[] {
  return Object.entries(expectations).flatMap(([ServiceId, owners]) => owners.map((Owner) => ({ ServiceId, Owner })));
}

/** What the spec says of how to judge. */
export function ruleSettings(spec: Spec): RuleSettings {
  return {
    WorkloadOus: spec.workload_ous,
    // An empty list is how a spec says that it wants no verdict.
    AllowedRegions: spec.allowed_regions?.length === 0 ? undefined : spec.allowed_regions,
    SeparationOfDuties: spec.separation_of_duties,
    MaxAgeHours: spec.max_age_hours,
    HasApprovals: spec.approvals !== undefined,
    EventsLookbackDays: spec.events.lookback_days,
  };
}
