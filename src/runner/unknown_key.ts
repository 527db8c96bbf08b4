import { suggestion } from '../text/index.js';

export function unknownKey(at: string, given: string, allowed: readonly string[], where: string): string {
  const meant = suggestion(given, allowed);
  // Without the space, `{connection_string:value}` is a key, value included, and that may be a password.
  const key = /^[A-Za-z_][\w-]{0,39}$/.test(given) ? given : `${/^[a-z][a-z_]*/.exec(given)?.[0] ?? ''}…`;
  return `${at}: ${where} has no key "${key}".${meant === undefined ? '' : ` Did you mean "${meant}"?`} Allowed are ${allowed.join(', ')}.`;
}
