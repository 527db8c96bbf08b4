import type { Severity } from './header.js';
import type { Method } from './held.js';
import type { Status } from './results.js';

export type ChangeKind =
  | 'delegation_added'
  | 'region_gained'
  | 'delegation_removed'
  | 'region_lost'
  | 'holder_moved'
  | 'holder_changed'
  | 'verdict_changed';

/** A row of `delegation.drift`; times are ISO 8601, in UTC. */
export interface Change {
  /** Null for a verdict on an organization that several sources read. */
  readonly sourceName: string | null;
  readonly organizationId: string | null;
  /** Of the sync, or for a verdict the run, that first showed it. */
  readonly at: string;
  readonly kind: ChangeKind;
  readonly serviceId: string | null;
  /** All of the services that the account holds, where it is about the account. */
  readonly serviceName: string | null;
  readonly method: Method | null;
  readonly region: string | null;
  readonly accountId: string | null;
  readonly accountName: string | null;
  readonly ruleId: string | null;
  readonly resourceId: string | null;
  /** For a verdict a {@link Status}, or null where there was none. */
  readonly before: string | null;
  readonly after: string | null;
  /** Of CloudTrail, where exactly one fits. */
  readonly eventId: string | null;
  readonly eventTime: string | null;
  readonly actor: string | null;
  readonly severity: Severity | null;
  /** Of a verdict, as the run said. */
  readonly reason: string | null;
}

/** What is kept of one organization. */
export interface KeptHistory {
  readonly sourceName: string;
  readonly organizationId: string | null;
  /** The first sync that is kept; null where none is. */
  readonly begins: string | null;
  /** The newest sync that is kept. */
  readonly ends: string | null;
  /** The newest kept sync that is not after the times asked for; null where all are later. */
  readonly sinceSync: string | null;
  readonly untilSync: string | null;
  /** The newest sync that is stored, where the history does not have it yet. */
  readonly notKept: string | null;
}

/** What the newest sync of the history could not ask. */
export interface UnreadQuestion {
  readonly sourceName: string;
  readonly organizationId: string;
  readonly method: Method | 'accounts';
  readonly serviceId: string | null;
  readonly serviceName: string | null;
  readonly region: string | null;
  readonly lastRead: string | null;
  readonly cause: string;
  readonly error: string | null;
}

export interface Drift {
  readonly since: string;
  readonly until: string;
  readonly histories: readonly KeptHistory[];
  /** As `delegation.drift` orders them: by time, then by what it is. */
  readonly changes: readonly Change[];
  /** Of cause `unread` alone: what the spec left out, and what AWS never shows, is no gap. None where the time asked for is before the newest sync. */
  readonly unread: readonly UnreadQuestion[];
  readonly packVersion: string;
}

/** 1: something changed. 2: nothing is known to have, but the history does not answer for the whole time. 1 beats 2. */
export function exitCodeOfDrift(drift: Drift): 0 | 1 | 2 {
  if (drift.changes.length > 0) return 1;
  return gapsOf(drift).length > 0 || drift.unread.length > 0 ? 2 : 0;
}

/** A reason why the history does not answer for the whole time. */
export interface Gap {
  readonly history: KeptHistory | null;
  readonly kind: 'nothing_kept' | 'begins_later' | 'newest_not_kept';
}

export function gapsOf({ histories }: Pick<Drift, 'histories'>): Gap[] {
  if (histories.length === 0) return [{ history: null, kind: 'nothing_kept' }];
  return histories.flatMap((history): Gap[] => [
    ...(history.begins === null ? [{ history, kind: 'nothing_kept' } as const] : []),
    ...(history.begins !== null && history.sinceSync === null ? [{ history, kind: 'begins_later' } as const] : []),
    ...(history.begins !== null && history.notKept !== null ? [{ history, kind: 'newest_not_kept' } as const] : []),
  ]);
}

/** How a verdict turned. */
export function turnOf({ before, after }: Pick<Change, 'before' | 'after'>): 'worse' | 'better' | 'other' {
  const bad: Readonly<Record<Status, number>> = { fail: 3, unknown: 2, waived: 1, pass: 0, not_applicable: 0 };
  const rank = (status: string | null): number | undefined => (status === null ? undefined : bad[status as Status]);
  const [from = 0, to] = [rank(before), rank(after)];
  // What is no longer judged is not mended.
  if (to === undefined || from === to) return 'other';
  return to > from ? 'worse' : 'better';
}
