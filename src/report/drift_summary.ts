import { turnOf, type Change, type ChangeKind, type Drift, type KeptHistory } from '../rules/index.js';

/** Changes that differ in nothing but their Region, told as one. */
export interface ToldChange {
  readonly change: Change;
  readonly regions: readonly string[];
  /** The events of CloudTrail that did it; each Region can have its own. */
  readonly eventIds: readonly string[];
}

export interface Section {
  readonly title: 'Gained' | 'Lost' | 'Holders';
  readonly changes: readonly ToldChange[];
}

/** The verdicts of one rule that turned in the same way in one run. */
export interface VerdictGroup {
  readonly turn: 'worse' | 'better' | 'other';
  readonly ruleId: string;
  readonly severity: string;
  /** Of the run. */
  readonly at: string;
  readonly before: string;
  readonly after: string;
  readonly changes: readonly Change[];
}

/** One organization as one source reads it. */
export interface DriftBlock {
  /** Null for verdicts on an organization of several sources, or of none. */
  readonly history: KeptHistory | null;
  readonly sections: readonly Section[];
  readonly verdicts: readonly VerdictGroup[];
}

const kindsOf: Readonly<Record<Section['title'], readonly ChangeKind[]>> = {
  Gained: ['delegation_added', 'region_gained'],
  Lost: ['delegation_removed', 'region_lost'],
  Holders: ['holder_moved', 'holder_changed'],
};
const titles = ['Gained', 'Lost', 'Holders'] as const;

/** A block for each organization of which something is kept, and one for what belongs to none of them. */
export function blocksOf({ histories, changes }: Drift): DriftBlock[] {
  const isOf = (history: KeptHistory, { sourceName, organizationId }: Change): boolean =>
    history.sourceName === sourceName && history.organizationId === organizationId;
  const kept = histories.filter(({ begins }) => begins !== null);
  const others = changes.filter((change) => !kept.some((history) => isOf(history, change)));
  return [
    ...kept.map((history) =>
      blockOf(
        history,
        changes.filter((change) => isOf(history, change)),
      ),
    ),
    ...(others.length === 0 ? [] : [blockOf(null, others)]),
  ];
}

function blockOf(history: KeptHistory | null, changes: readonly Change[]): DriftBlock {
  return {
    history,
    sections: titles.flatMap((title): Section[] => {
      const own = toldOnceByRegion(changes.filter(({ kind }) => kindsOf[title].includes(kind)));
      return own.length === 0 ? [] : [{ title, changes: own }];
    }),
    verdicts: verdictGroups(changes.filter(({ kind }) => kind === 'verdict_changed')),
  };
}

/** By service and holder, so that what belongs together stands together. */
function toldOnceByRegion(changes: readonly Change[]): ToldChange[] {
  const groups = new Map<string, Change[]>();
  for (const change of changes) {
    const { at, kind, serviceId, method, accountId, before, after, actor } = change;
    const key = JSON.stringify([at, kind, serviceId, method, accountId, before, after, actor]);
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  const told = [...groups.values()].flatMap((same): ToldChange[] => {
    const [change] = same;
    const present = (text: string | null): text is string => text !== null;
    const regions = same.map(({ region }) => region).filter(present);
    const eventIds = same.map(({ eventId }) => eventId).filter(present);
    return change ? [{ change, regions: regions.sort(), eventIds: [...new Set(eventIds)] }] : [];
  });
  const key = ({ change: { serviceName, accountId, at } }: ToldChange): string =>
    JSON.stringify([serviceName, accountId, at]);
  return told.sort((left, right) => (key(left) < key(right) ? -1 : 1));
}

export const turns = ['worse', 'better', 'other'] as const;
const severities = ['critical', 'high', 'medium', 'low'];

function verdictGroups(changes: readonly Change[]): VerdictGroup[] {
  const groups = new Map<string, VerdictGroup & { changes: Change[] }>();
  for (const change of changes) {
    const before = change.before ?? 'not judged';
    const after = change.after ?? 'not judged';
    const key = JSON.stringify([change.at, change.ruleId, before, after]);
    const group = groups.get(key);
    if (group) group.changes.push(change);
    else {
      const { ruleId, severity } = change;
      groups.set(key, {
        turn: turnOf(change),
        ruleId: ruleId ?? '',
        severity: severity ?? 'no severity',
        at: change.at,
        before,
        after,
        changes: [change],
      });
    }
  }
  const place = ({ turn, severity, ruleId, at }: VerdictGroup): string =>
    `${turns.indexOf(turn)} ${severities.indexOf(severity)} ${ruleId} ${at}`;
  return [...groups.values()].sort((left, right) => (place(left) < place(right) ? -1 : 1));
}
