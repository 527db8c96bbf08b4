import { createHash } from 'node:crypto';
import type { RuleResult } from '../rules/index.js';

/**
 * What a verdict is about, as a hash that stays from run to run: of rule, organization, account, Region and resource, and not
 * of the reason, which has counts and names in it.
 */
export function identityOf({ rule, organizationId, accountId, region, resourceId }: RuleResult): string {
  return hashOf([rule.id, organizationId, accountId, region, resourceId]);
}

/** 32 hexadecimal digits. */
export function hashOf(parts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** Counts how often each key has come, from 1: two rows of one identity must not become one finding. */
export function occurrences(): (key: string) => number {
  const counts = new Map<string, number>();
  return (key) => {
    const count = (counts.get(key) ?? 0) + 1;
    counts.set(key, count);
    return count;
  };
}

/** Paths of OUs by account, as far as the delegations tell them. */
export function ouPaths(
  delegations: readonly { delegatedAccountId: string; ouPath: string | null }[],
): Map<string, string> {
  return new Map(
    delegations.flatMap(({ delegatedAccountId, ouPath }) => (ouPath === null ? [] : [[delegatedAccountId, ouPath]])),
  );
}
