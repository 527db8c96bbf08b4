import { gapsOf, type Change, type Drift, type Status } from '../rules/index.js';
import { turns, type ToldChange, type VerdictGroup } from './drift_summary.js';
import { regionText } from './summary.js';
import { toldOnce } from './told_once.js';

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
