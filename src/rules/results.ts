import type { Rule, Severity } from './header.js';

/** What a rule says of one thing. Waivers turn a `fail` into `waived` afterwards; `rawStatus` stays. */
export const rawStatuses = ['pass', 'fail', 'unknown', 'not_applicable'] as const;
export type RawStatus = (typeof rawStatuses)[number];
export type Status = RawStatus | 'waived';

/**
 * Why a verdict is not known. `unread`: a read is missing. `not_configured`: the spec does not say who owns it, or left it
 * out. `not_observable`: AWS does not show it here.
 */
export const unknownCauses = ['unread', 'not_configured', 'not_observable'] as const;
export type UnknownCause = (typeof unknownCauses)[number];

export interface RuleResult {
  readonly rule: Rule;
  readonly organizationId: string | null;
  readonly accountId: string | null;
  readonly region: string | null;
  /** Begins with what is judged: a service id, a policy id, an account id, a principal. */
  readonly resourceId: string;
  readonly status: Status;
  readonly rawStatus: RawStatus;
  readonly reason: string;
  readonly unknownCause: UnknownCause | null;
  /** `accepted by Ada until 2027-01-01: reason`; only for `waived`. */
  readonly waiver: string | null;
  /** What mends it, for this row; only for what fails, waived or not. */
  readonly remediation: string | null;
}

/** A waiver of the spec, and what became of it. */
export interface WaiverState {
  readonly organizationId: string | null;
  /** With * for anything, as in the next three. */
  readonly rule: string;
  readonly resource: string;
  readonly accountId: string | null;
  readonly region: string | null;
  readonly reason: string;
  readonly owner: string | null;
  readonly ticket: string | null;
  readonly approvedBy: string;
  /** The first day on which it no longer counts, in UTC: `2027-01-01`. */
  readonly expires: string;
  /** `unused`: it covers no finding of any rule. */
  readonly state: 'used' | 'expired' | 'unused';
}

const rank: Readonly<Record<Severity, number>> = { low: 0, medium: 1, high: 2, critical: 3 };

export interface ExitCodeOptions {
  /** The lowest severity that counts; `low` where it is not said. */
  readonly failOn?: Severity;
  /** Every `unknown` counts, whatever its cause. */
  readonly strict?: boolean;
}

/** 1: a finding at or above `failOn`. 2: a verdict is unknown because a read is missing. 1 beats 2. Waived never counts. */
export function exitCodeOf(
  results: readonly Pick<RuleResult, 'rule' | 'status' | 'unknownCause'>[],
  { failOn = 'low', strict = false }: ExitCodeOptions = {},
): 0 | 1 | 2 {
  if (results.some(({ status, rule }) => status === 'fail' && rank[rule.severity] >= rank[failOn])) return 1;
  const isMissing = ({ status, unknownCause }: Pick<RuleResult, 'status' | 'unknownCause'>): boolean =>
    status === 'unknown' && (strict || unknownCause === 'unread');
  return results.some(isMissing) ? 2 : 0;
}
