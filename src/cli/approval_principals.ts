import type { MadeChange } from '../rules/index.js';
import { matchesWildcard } from '../schema/index.js';

/** What an entry of `principals` in an approvals file approves. */
export interface PrincipalEntry {
  readonly principal: string;
  /** None: all. */
  readonly actions?: readonly string[] | undefined;
}

/** What is to be said of the principals who made changes, beside what is approved. Each list has a change by one principal once. */
export interface Principals {
  /** For what was done: one per principal and action. */
  readonly entries: PrincipalEntry[];
  /** What was tried, and refused: that it was right is for a person to say. */
  readonly refused: MadeChange[];
  /** By whom no entry can approve it. */
  readonly unapprovable: MadeChange[];
}

/** As the view delegation.changes sets approvals beside events. */
export function principalsBeside(given: readonly PrincipalEntry[], changes: readonly MadeChange[]): Principals {
  const open = changes.filter((change) => !given.some((entry) => approvesChange(entry, change)));
  const once = (list: readonly MadeChange[]): MadeChange[] => [
    ...new Map(list.map((change) => [`${change.principal ?? ''} ${change.action}`, change])).values(),
  ];
  const [done, tried] = [true, false].map((wasAllowed) => open.filter((change) => change.wasAllowed === wasAllowed));
  const entries = once(done ?? []).flatMap((change) => entryFor(change) ?? []);
  return {
    entries,
    refused: once(tried ?? []).filter((change) => !entries.some((entry) => approvesChange(entry, change))),
    unapprovable: once(done ?? []).filter((change) => entryFor(change) === undefined),
  };
}

export function approvesChange({ principal, actions }: PrincipalEntry, change: MadeChange): boolean {
  const isService = change.principalType === 'AWSService';
  // What is no ARN came from an event that does not say who it was, and could look like anything.
  const names = [change.principal, change.sessionArn].filter((name) => isService || name?.startsWith('arn:') === true);
  if (!names.some((name) => name !== null && matchesWildcard(principal, name, { hasOne: true }))) return false;
  return actions?.some((action) => matchesWildcard(action, change.action, { hasOne: true, ignoreCase: true })) ?? true;
}

/** Names that have a wildcard in them would approve others too. */
function entryFor({ principal, principalType, action }: MadeChange): PrincipalEntry | undefined {
  if (principal === null || /[*?\s]/.test(principal)) return undefined;
  if (principalType !== 'AWSService' && !principal.startsWith('arn:')) return undefined;
  return { principal, actions: [action] };
}

/** `arn:aws:iam::111122223333:role/Admin, organizations:AttachPolicy` */
export function textOfChange({ principal, action }: Pick<MadeChange, 'principal' | 'action'>): string {
  return `${principal ?? 'somebody whom the event does not name'}, ${action}`;
}
