import {
  rawStatuses,
  unknownCauses,
  type Delegation,
  type ReportInput,
  type Rule,
  type RuleResult,
  type Severity,
  type Status,
  type UnknownCause,
  type WaiverState,
} from '../rules/index.js';

export interface Counts {
  readonly byStatus: Readonly<Record<Status, number>>;
  readonly unknownByCause: Readonly<Record<UnknownCause, number>>;
}

const statuses: readonly Status[] = [...rawStatuses, 'waived'];

export function countsOf(results: readonly RuleResult[]): Counts {
  const count = (isWanted: (result: RuleResult) => boolean): number => results.filter(isWanted).length;
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

/** Worst first. */
export const statusOrder: readonly Status[] = ['fail', 'unknown', 'waived', 'pass', 'not_applicable'];
export const severityOrder: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

export const causeNames: Readonly<Record<UnknownCause, string>> = {
  unread: 'a read is missing',
  not_configured: 'the spec does not say',
  not_observable: 'not shown here',
};

/** The verdicts of one rule that are to be shown, in the order given; at least one. */
export interface RuleGroup {
  readonly rule: Rule;
  readonly rows: readonly RuleResult[];
  readonly worst: Status;
}

/** One group per rule: the worst status first, then the highest severity. */
export function groupsOf(results: readonly RuleResult[]): RuleGroup[] {
  const byRule = new Map<string, RuleResult[]>();
  for (const result of results) {
    const rows = byRule.get(result.rule.id);
    if (rows) rows.push(result);
    else byRule.set(result.rule.id, [result]);
  }
  const groups = [...byRule.values()].flatMap((rows): RuleGroup[] => {
    const [first] = rows;
    const worst = statusOrder.find((status) => rows.some((row) => row.status === status));
    return first && worst ? [{ rule: first.rule, rows, worst }] : [];
  });
  return groups.sort(
    (left, right) =>
      statusOrder.indexOf(left.worst) - statusOrder.indexOf(right.worst) ||
      severityOrder.indexOf(left.rule.severity) - severityOrder.indexOf(right.rule.severity),
  );
}

/** `2 fail, 1 not applicable`, the worst first. */
export function countText(results: readonly RuleResult[]): string {
  const { byStatus } = countsOf(results);
  return statusOrder
    .filter((status) => byStatus[status] > 0)
    .map((status) => `${byStatus[status]} ${status.replace('_', ' ')}`)
    .join(', ');
}

/** Each rule once, in the order of its first verdict. */
export function rulesIn(results: readonly RuleResult[]): Rule[] {
  return [...new Map(results.map(({ rule }) => [rule.id, rule])).values()];
}

/** Everything that was judged, also what is not to be shown. */
export function allOf({ all, results }: ReportInput): readonly RuleResult[] {
  return all ?? results;
}

/** The waivers that somebody should look at: they have run out, or nothing is left for them to waive. */
export function idleWaivers({ waivers }: ReportInput): WaiverState[] {
  return waivers.filter(({ state }) => state !== 'used');
}

/** In one line and without a final full stop: what it is for, what became of it, and who said so. */
export function waiverText(waiver: WaiverState): string {
  const { rule, resource, accountId, region, reason, owner, ticket, approvedBy, expires, state } = waiver;
  const isAll = (text: string | null): boolean => text === null || text === '' || text === '*';
  const scope = [
    ...(isAll(resource) ? ['every resource'] : [`resource ${resource}`]),
    ...(isAll(accountId) ? [] : [`account ${accountId ?? ''}`]),
    ...(isAll(region) ? [] : [`Region ${region ?? ''}`]),
  ].join(', ');
  const became = {
    used: `counts until ${expires}`,
    expired: `has run out on ${expires} and no longer counts`,
    unused: `covers no finding, and would count until ${expires}`,
  }[state];
  const people = [
    `accepted by ${approvedBy}`,
    ...(owner === null ? [] : [`owner ${owner}`]),
    ...(ticket === null ? [] : [`ticket ${ticket}`]),
  ].join(', ');
  return `waiver of ${rule} for ${scope} ${became}: ${reason} (${people})`;
}

/** What the framework asks and no read can answer, a question at a time. */
export function manualQuestions({ framework }: ReportInput): { controlId: string; question: string }[] {
  return (framework?.controls ?? []).flatMap(({ id, manual }) =>
    manual.map((question) => ({ controlId: id, question })),
  );
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
