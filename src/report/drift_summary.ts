import {
  gapsOf,
  turnOf,
  type Change,
  type ChangeKind,
  type Drift,
  type KeptHistory,
  type Status,
} from '../rules/index.js';
import { regionText, toldOnce } from './summary.js';

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

const turns = ['worse', 'better', 'other'] as const;
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

/** `2 worse, 1 better`. */
export function turnText(groups: readonly VerdictGroup[]): string {
  return turns
    .map((turn) => ({
      turn,
      count: groups.filter((group) => group.turn === turn).reduce((sum, { changes }) => sum + changes.length, 0),
    }))
    .filter(({ count }) => count > 0)
    .map(({ turn, count }) => `${count} ${turn}`)
    .join(', ');
}

/** What the run said of each, those that differ in their Region or account alone told as one. */
export function sentencesOf({ changes }: VerdictGroup): { text: string; count: number }[] {
  const rows = changes.map((change) => ({
    organizationId: change.organizationId,
    accountId: change.accountId,
    region: change.region,
    resourceId: change.resourceId ?? '',
    status: (change.after ?? change.before) as Status,
    unknownCause: null,
    waiver: null,
    reason: change.reason ?? subjectOf(change),
  }));
  return toldOnce(rows).map(({ reason, count }) => ({ text: shortened(reason), count }));
}

// `check` tells what stands behind it; here it is to be seen what it is about.
const longestSentence = 240;

function shortened(text: string): string {
  return text.length <= longestSentence ? text : `${text.slice(0, longestSentence).replace(/\s+\S*$/, '')} ...`;
}

/** `guardduty in us-east-1 (account 222222222222 Tooling)`: what a verdict was about. */
function subjectOf({ resourceId, accountId, accountName, region }: Change): string {
  const label = [...(accountId === resourceId ? [] : ['account', accountId]), accountName].filter(Boolean).join(' ');
  return [resourceId, ...(region === null ? [] : [`in ${region}`]), ...(label === '' ? [] : [`(${label})`])].join(' ');
}

/** `222222222222 Security Tooling`. */
function holderOf({ accountId, accountName }: Change): string {
  return accountId === '*' ? 'everyone (*)' : [accountId, accountName].filter(Boolean).join(' ');
}

const methodNames = {
  organizations: 'Organizations',
  service: 'the service',
  resource_policy: 'the delegation policy',
};

/** `named by the service in eu-central-1 (it keeps others): ENABLED`. */
function wayOf({ change: { kind, method, before, after }, regions }: ToldChange): string {
  const state = after ?? before;
  const keeps = { region_lost: ' (it keeps others)', region_gained: ' (it has others)' }[kind as string] ?? '';
  return [
    ...(method === null ? [] : [`named by ${methodNames[method]}`]),
    ...(regions.length === 0 ? [] : [` in ${regionText(regions)}${keeps}`]),
    ...(state === null || state === 'held' ? [] : [`: ${state}`]),
  ].join('');
}

/** Who has or had which power, how and where. */
export function powerText(told: ToldChange): string {
  const { serviceName, serviceId } = told.change;
  return `${holderOf(told.change)}: ${serviceName ?? serviceId ?? ''}, ${wayOf(told)}`;
}

/** What became of a holder, or of how he holds something. */
export function holderText({ change, regions }: ToldChange): string {
  const { kind, method, serviceName, before, after } = change;
  const what = method === null ? `holds ${serviceName ?? 'nothing'}` : (serviceName ?? '');
  const where = regions.length === 0 ? '' : ` in ${regionText(regions)}`;
  const moved = kind === 'holder_moved' ? 'moved ' : '';
  return `${holderOf(change)} (${what}${where}): ${moved}${before ?? 'not known'} -> ${after ?? 'not known'}`;
}

/** When it was seen, which is later than it was done, and by whom where one event of CloudTrail is known to be the one. */
export function seenText({ change: { at, actor, eventTime }, eventIds }: ToldChange): string {
  const sync = `sync of ${minuteOf(at)}`;
  if (eventTime === null) return sync;
  const events = eventIds.length > 1 ? `${eventIds.length} events` : `event ${eventIds[0] ?? ''}`;
  return `${sync}; by ${actor ?? 'somebody'}, ${minuteOf(eventTime)}, ${events}`;
}

export function minuteOf(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`;
}

/** A sentence for each reason why the answer is not whole. */
export function gapTexts(drift: Drift): string[] {
  return gapsOf(drift).map(({ history, kind }) => {
    const whose = history === null ? '' : ` of ${history.sourceName}`;
    if (kind === 'nothing_kept') {
      return `No history${whose} is kept yet. Run \`aws-delegation check\` after each sync, or psql -f queries/history.sql: the history begins with the first sync that it finds.`;
    }
    if (kind === 'begins_later') {
      return `The history${whose} begins at ${minuteOf(history?.begins ?? '')}: what changed before that is not known.`;
    }
    return `The newest sync${whose} (${minuteOf(history?.notKept ?? '')}) is not in the history yet: run \`aws-delegation check\`, or psql -f queries/history.sql.`;
  });
}

/** `Amazon GuardDuty in us-east-1, last read 2026-11-01 12:00 UTC: what was missing`, each once. */
export function unreadTexts({ unread }: Drift): string[] {
  const names = {
    organizations: 'what Organizations names',
    resource_policy: 'the delegation policy',
    accounts: 'the accounts',
  };
  return unread.map(({ method, serviceId, serviceName, region, lastRead, error }) => {
    const what =
      method === 'service'
        ? `${serviceName ?? serviceId ?? ''}${region === null ? '' : ` in ${region}`}`
        : names[method];
    const last = lastRead === null ? 'never read' : `last read ${minuteOf(lastRead)}`;
    return shortened(`${what}, ${last}: ${error ?? 'no reason is known'}`);
  });
}
