import type { RuleResult } from '../rules/index.js';
import type { PageCount, PageVerdict } from './page_data.js';
import { sentenceOf } from './told_once.js';

/** Accounts by id, as they lie in the page. */
export type AccountIndex = ReadonlyMap<string, number>;

/** How many verdicts of each rule and status there are, in the order of the rules. */
export function countVerdicts(results: readonly RuleResult[], ruleIndex: ReadonlyMap<string, number>): PageCount[] {
  const counts = new Map<string, { rule: number; status: PageCount['status']; cause: string | null; count: number }>();
  for (const { rule, status, unknownCause } of results) {
    const key = `${rule.id} ${status} ${unknownCause ?? ''}`;
    const found = counts.get(key);
    if (found) found.count++;
    else counts.set(key, { rule: ruleIndex.get(rule.id) ?? -1, status, cause: unknownCause, count: 1 });
  }
  return [...counts.values()].sort((left, right) => left.rule - right.rule);
}

interface Group {
  readonly row: RuleResult;
  readonly before: string;
  readonly after: string;
  readonly labels: number[];
  readonly names: string[];
  readonly accounts: Set<number>;
  readonly accountIds: Set<string>;
  readonly resources: Set<string>;
  readonly regions: Set<string>;
  readonly remediations: Set<string>;
  count: number;
}

/**
 * Each verdict is in exactly one of these, and its account, Region and resource with it. Those that are the same but for an account
 * or a Region are one: fifty thousand times the same sentence is nothing that anybody reads.
 */
export function groupVerdicts(
  results: readonly RuleResult[],
  ruleIndex: ReadonlyMap<string, number>,
  accounts: AccountIndex,
  labelOf: (account: number) => string,
): PageVerdict[] {
  const groups = new Map<string, Group>();
  for (const row of results) {
    const { rule, status, unknownCause, waiver, accountId, resourceId, region } = row;
    const sentence = sentenceOf(row);
    const { kind, before, name, after } = sentence;
    const thing = kind === 'accounts' ? [resourceId === accountId || resourceId] : [accountId, resourceId];
    const key = JSON.stringify([rule.id, status, unknownCause, waiver, kind, name === '', before, after, ...thing]);
    let group = groups.get(key);
    if (!group) {
      group = {
        row,
        before,
        after,
        labels: [],
        names: [],
        accounts: new Set(),
        accountIds: new Set(),
        resources: new Set(),
        regions: new Set(),
        remediations: new Set(),
        count: 0,
      };
      groups.set(key, group);
    }
    const index = accountId === null ? undefined : accounts.get(accountId);
    group.count++;
    // What follows from the account need not be told for each of them.
    if (kind === 'accounts' && name !== '' && index !== undefined && name === labelOf(index)) {
      group.labels.push(index);
    } else {
      if (name !== '') group.names.push(name);
      if (index !== undefined) group.accounts.add(index);
    }
    if (accountId !== null && index === undefined) group.accountIds.add(accountId);
    if (resourceId !== accountId) group.resources.add(resourceId);
    if (region !== null) group.regions.add(region);
    if (row.remediation !== null) group.remediations.add(row.remediation);
  }
  return [...groups.values()].map((group) => ({
    rule: ruleIndex.get(group.row.rule.id) ?? -1,
    status: group.row.status,
    cause: group.row.unknownCause,
    waiver: group.row.waiver,
    before: group.before,
    after: group.after,
    labels: runsOf(group.labels),
    names: group.names,
    accounts: runsOf([...group.accounts]),
    accountIds: [...group.accountIds],
    resource: [...group.resources][0] ?? null,
    regions: [...group.regions].sort(),
    count: group.count,
    remediations: remediationsOf(group),
  }));
}

/** Rows of one group differ in their Region or in their account, and so do their remedies: told once, with a word in its place. */
function remediationsOf({ remediations, regions }: Group): string[] {
  if (remediations.size < 2) return [...remediations];
  // eu-west-1 is not to be found in eu-west-11.
  const place =
    regions.size > 1
      ? new RegExp(
          [...regions]
            .map(escaped)
            .map((name) => `(?<![\\w-])${name}(?![\\w-])`)
            .join('|'),
          'g',
        )
      : /\b\d{12}\b/g;
  const word = regions.size > 1 ? '<Region>' : '<account>';
  return [...new Set([...remediations].map((text) => text.replace(place, word)))];
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** `[first, how many, first, how many]` of numbers in any order, each once. */
function runsOf(numbers: readonly number[]): number[] {
  const runs: number[] = [];
  let next = -1;
  for (const number of [...numbers].sort((left, right) => left - right)) {
    if (number === next) runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1;
    else runs.push(number, 1);
    next = number + 1;
  }
  return runs;
}
