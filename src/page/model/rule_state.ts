import type { PageData, PageOrganization, PageRule, PageStatus, PageVerdict } from '../../report/page_data.js';
import { severities, statuses } from './kinds.js';

export interface RuleState {
  readonly index: number;
  readonly rule: PageRule;
  readonly counts: Readonly<Record<PageStatus, number>>;
  readonly causes: Readonly<Record<string, number>>;
  readonly total: number;
  /** Null where the rule was not run. */
  readonly worst: PageStatus | null;
  readonly verdicts: readonly PageVerdict[];
}

export const noCounts = (): Record<PageStatus, number> => ({
  fail: 0,
  unknown: 0,
  waived: 0,
  pass: 0,
  not_applicable: 0,
});

export function ruleStates({ rules, ranOnly }: PageData, { counts, verdicts }: PageOrganization): RuleState[] {
  const states = rules.map((rule, index) => {
    const causes: Record<string, number> = {};
    const worst = null as PageStatus | null;
    const verdicts: PageVerdict[] = [];
    return { index, rule, counts: noCounts(), causes, total: 0, worst, verdicts };
  });
  for (const { rule, status, cause, count } of counts) {
    const state = states[rule];
    if (!state) continue;
    state.counts[status] += count;
    state.total += count;
    if (cause !== null) state.causes[cause] = (state.causes[cause] ?? 0) + count;
  }
  for (const verdict of verdicts) states[verdict.rule]?.verdicts.push(verdict);
  for (const state of states) {
    const wasRun = ranOnly === null || ranOnly.includes(state.rule.id);
    state.worst = wasRun ? (statuses.find((status) => state.counts[status] > 0) ?? null) : null;
    state.verdicts.sort((left, right) => statuses.indexOf(left.status) - statuses.indexOf(right.status));
  }
  return states;
}

/** The worst first, then the most severe. */
export function byUrgency(left: RuleState, right: RuleState): number {
  const place = ({ worst }: RuleState): number => (worst === null ? statuses.length : statuses.indexOf(worst));
  return (
    place(left) - place(right) ||
    severities.indexOf(left.rule.severity) - severities.indexOf(right.rule.severity) ||
    right.counts.fail - left.counts.fail ||
    left.rule.title.localeCompare(right.rule.title)
  );
}
