import type { RuleResult } from '../../src/rules/index.js';

type Verdicts = readonly RuleResult[];

const keyOf = ({ rule, accountId, region, resourceId }: RuleResult): string =>
  JSON.stringify([rule.id, accountId, region, resourceId]);

const told = ({ rule, resourceId, region, reason }: RuleResult): string =>
  `${rule.id} of ${resourceId}${region === null ? '' : ` in ${region}`}: ${reason}`;

/** As the same world is judged by what is there. */
export function byKey(verdicts: Verdicts): Map<string, RuleResult> {
  return new Map(verdicts.map((verdict) => [keyOf(verdict), verdict]));
}

/**
 * What a sync that lacks something says better than it is: a pass that is none where everything is read, or a finding that has
 * gone where nothing of the rule is unknown.
 *
 * @param truth the verdicts of the same world, read whole.
 */
export function betterThan(all: Verdicts, truth: ReadonlyMap<string, RuleResult>): string[] {
  // When the sync was is known whatever it has read, and without the organization it is said of the account that asked.
  const verdicts = all.filter(({ rule }) => rule.id !== 'sync_is_fresh');
  const now = byKey(verdicts);
  const unknown = new Set(verdicts.filter(({ status }) => status === 'unknown').map(({ rule }) => rule.id));
  const passes = verdicts
    .filter((verdict) => verdict.status === 'pass' && truth.get(keyOf(verdict))?.status !== 'pass')
    .map((verdict) => `a pass that is ${truth.get(keyOf(verdict))?.status ?? 'nothing'} in truth: ${told(verdict)}`);
  const gone = [...truth]
    .filter(([, { status }]) => status === 'fail')
    .filter(([key, { rule }]) => {
      const status = now.get(key)?.status;
      return status === undefined ? !unknown.has(rule.id) : status !== 'fail' && status !== 'unknown';
    })
    .map(([key, verdict]) => `a finding that has become ${now.get(key)?.status ?? 'nothing'}: ${told(verdict)}`);
  return [...passes, ...gone];
}

/**
 * Passes that would be findings if the answer that was not read had been another one: they rest on nothing.
 *
 * @param otherwise the verdicts with that other answer.
 * @param besides rules that may pass all the same.
 */
export function passesOnNothing(
  verdicts: Verdicts,
  otherwise: ReadonlyMap<string, RuleResult>,
  besides: readonly string[] = [],
): string[] {
  return verdicts
    .filter((verdict) => verdict.status === 'pass' && otherwise.get(keyOf(verdict))?.status === 'fail')
    .filter(({ rule }) => !besides.includes(rule.id))
    .map((verdict) => `a pass whatever the answer: ${told(verdict)}`);
}

/** Rows that were there before and are not any more. */
export function lost(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string[] {
  return [...before.keys()].filter((row) => !after.has(row));
}
