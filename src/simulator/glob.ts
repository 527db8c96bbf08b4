/** IAM's wildcards; actions are compared in any letter case. */
export function matches(pattern: string, value: string): boolean {
  return regular(pattern, 'is').test(value);
}

/** The same for ARNs, whose letter case counts. */
export function matchesArn(pattern: string, arn: string): boolean {
  return regular(pattern, 's').test(arn);
}

function regular(pattern: string, flags: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    .replace(/\?/g, '.');
  return new RegExp(`^${source}$`, flags);
}
