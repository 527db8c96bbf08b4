import type { PageData, PageOrganization, PageSeverity, PageStatus } from '../../report/page_data.js';
import { holdersOf, type Holder } from './holder.js';
import { statuses } from './kinds.js';
import { matrixOf, regionsOf, type MatrixRow } from './matrix.js';
import { memberCountOf } from './members.js';
import { noCounts, ruleStates, type RuleState } from './rule_state.js';
import { unitStates, type UnitState } from './units.js';

/** What the sections show, worked out once from the data of one organization. Knows nothing of a browser. */
export interface Model {
  readonly data: PageData;
  readonly organization: PageOrganization;
  readonly rules: readonly RuleState[];
  readonly holders: readonly Holder[];
  readonly holderOf: ReadonlyMap<string, Holder>;
  readonly accountIndex: ReadonlyMap<string, number>;
  readonly regions: readonly string[];
  readonly matrix: readonly MatrixRow[];
  readonly units: readonly UnitState[];
  /** ACTIVE accounts other than the management account; null where accounts were not read. */
  readonly memberCount: number | null;
  /** By what was read, as a number of reads. */
  readonly coverage: Readonly<Record<string, number>>;
  readonly totals: Readonly<Record<PageStatus, number>>;
  readonly bySeverity: Readonly<Record<PageSeverity, Readonly<Record<PageStatus, number>>>>;
}

export function makeModel(data: PageData, organization: PageOrganization): Model {
  const rules = ruleStates(data, organization);
  const holders = holdersOf(organization);
  const holderOf = new Map(holders.map((holder) => [holder.account, holder]));
  const accountIndex = new Map(organization.accounts.ids.map((id, index) => [id, index]));
  const regions = regionsOf(organization);
  const totals = noCounts();
  const bySeverity = { critical: noCounts(), high: noCounts(), medium: noCounts(), low: noCounts() };
  for (const { rule, counts } of rules) {
    for (const status of statuses) {
      totals[status] += counts[status];
      bySeverity[rule.severity][status] += counts[status];
    }
  }
  const coverage: Record<string, number> = { ok: 0, absent: 0, skipped: 0, denied: 0, failed: 0 };
  for (const { outcome, count } of organization.reads) coverage[outcome] = (coverage[outcome] ?? 0) + count;
  return {
    data,
    organization,
    rules,
    holders,
    holderOf,
    accountIndex,
    regions,
    matrix: matrixOf(organization, regions, holderOf),
    units: unitStates(organization, holders, accountIndex),
    memberCount: memberCountOf(organization),
    coverage,
    totals,
    bySeverity,
  };
}
