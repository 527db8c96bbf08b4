import { createColors } from 'picocolors';
import type { Drift } from '../rules/index.js';
import { visible } from './characters.js';
import {
  blocksOf,
  doneBy,
  gapTexts,
  holderOf,
  minuteOf,
  subjectOf,
  turnText,
  unreadTexts,
  wayOf,
  type DriftBlock,
  type Section,
  type ToldChange,
  type VerdictGroup,
} from './drift_summary.js';
import { regionText } from './summary.js';
import { drawTable, wrap, type Cell } from './table.js';
import type { TextOptions } from './text.js';

type Colors = ReturnType<typeof createColors>;

interface Parts {
  readonly usable: number;
  readonly rowsPerRule: number;
  readonly colors: Colors;
}

/** What `diff` prints: who gained and lost what, then the verdicts, the worse ones first. Ends with a line feed. */
export function textDrift(drift: Drift, { width, color, rowsPerRule = 10 }: TextOptions): string {
  const colors = createColors(color);
  const parts = { usable: Math.max(60, Math.min(width, 200)), rowsPerRule, colors };
  const { usable } = parts;
  const title = `What changed after ${minuteOf(drift.since)} and up to ${minuteOf(drift.until)}`;
  const gaps = gapTexts(drift).map((text) => wrap(visible(text), usable, '', '  ', colors.yellow));
  return [
    wrap(title, usable, '', '  ', colors.bold),
    ...gaps,
    '',
    ...blocksOf(drift).flatMap((block) => blockLines(block, drift, parts)),
    ...unreadLines(drift, parts),
  ]
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/\n*$/, '\n');
}

function blockLines(block: DriftBlock, drift: Drift, parts: Parts): string[] {
  const { history, sections, verdicts } = block;
  const { usable, colors } = parts;
  const whose =
    history === null
      ? 'Verdicts on organizations that no source, or more than one, reads'
      : `Organization ${history.organizationId ?? '(not known)'}, source ${history.sourceName}: ${syncsOf(block)}`;
  return [
    wrap(visible(whose).replace(/\s+/g, ' '), usable, '', '  ', colors.bold),
    ...(sections.length + verdicts.length === 0
      ? [gapTexts(drift).length + drift.unread.length === 0 ? 'No change.' : 'No change that is known.', '']
      : []),
    ...sections.flatMap((section) => [sectionTable(section, parts), '']),
    ...(verdicts.length === 0 ? [] : [...verdictLines(verdicts, parts), '']),
  ];
}

function syncsOf({ history }: DriftBlock): string {
  if (history?.untilSync == null) return 'no sync is kept of that time';
  const first = history.sinceSync ?? history.begins;
  return first === history.untilSync || first === null
    ? `the sync of ${minuteOf(history.untilSync)}`
    : `the syncs from ${minuteOf(first)} to ${minuteOf(history.untilSync)}`;
}

function sectionTable({ title, changes }: Section, parts: Parts): string {
  const { usable, colors } = parts;
  const paint = { Gained: colors.green, Lost: colors.red, Holders: colors.yellow }[title];
  const heading = paint(
    colors.bold(`${title} (${changes.reduce((sum, { regions }) => sum + Math.max(1, regions.length), 0)})`),
  );
  const rows = title === 'Holders' ? holderRows(changes) : powerRows(changes);
  const smallest = title === 'Holders' ? [9, 12, 10, 10, 10] : [9, 12, 10, 9, 10];
  const cells = rows.map((row, index) =>
    row.map((text): Cell => [index === 0 ? { text, paint: colors.bold } : { text: visible(text) }]),
  );
  const table = drawTable(cells, { width: usable - 2, smallest });
  return `${heading}\n${table.replace(/^(?=.)/gm, '  ')}`;
}

function powerRows(changes: readonly ToldChange[]): string[][] {
  return [
    ['Service', 'Account', 'How', 'Where', 'Since, and by whom'],
    ...changes.map((told) => [
      told.change.serviceName ?? told.change.serviceId ?? '',
      holderOf(told.change),
      wayOf(told.change),
      `${regionText(told.regions)}${told.change.kind.startsWith('region_') ? ' (others stay)' : ''}`,
      seenBy(told),
    ]),
  ];
}

function holderRows(changes: readonly ToldChange[]): string[][] {
  return [
    ['Holds', 'Account', 'Before', 'After', 'Since, and by whom'],
    ...changes.map((told) => [
      [told.change.serviceName ?? '', ...(told.regions.length === 0 ? [] : [regionText(told.regions)])].join(', '),
      holderOf(told.change),
      told.change.before ?? 'not known',
      told.change.after ?? 'not known',
      seenBy(told),
    ]),
  ];
}

/** The time is that of a sync: the change itself was earlier. */
function seenBy(told: ToldChange): string {
  const by = doneBy(told);
  const sync = `sync of ${minuteOf(told.change.at)}`;
  return by === '' ? sync : `${sync}; ${by}`;
}

function verdictLines(groups: readonly VerdictGroup[], { usable, rowsPerRule, colors }: Parts): string[] {
  const paint = { worse: colors.red, better: colors.green, other: colors.dim };
  return [
    colors.bold(`Verdicts (${turnText(groups)})`),
    ...groups.flatMap(({ turn, ruleId, severity, before, after, changes }) => [
      `  ${paint[turn](turn.toUpperCase())} ${ruleId} (${severity}): ${before} -> ${after}`,
      ...changes.slice(0, rowsPerRule).map((change) => {
        const reason = change.reason === null ? '' : `: ${change.reason}`;
        return wrap(
          visible(`${subjectOf(change)}, run of ${minuteOf(change.at)}${reason}`).replace(/\s+/g, ' '),
          usable,
          '    ',
          '      ',
        );
      }),
      ...(changes.length > rowsPerRule
        ? [`    ... and ${changes.length - rowsPerRule} more; all are in the JSON and the CSV output`]
        : []),
    ]),
  ];
}

function unreadLines(drift: Drift, { usable, rowsPerRule, colors }: Parts): string[] {
  const texts = unreadTexts(drift);
  if (texts.length === 0) return [];
  return [
    colors.yellow('The newest sync could not ask; what changed there is told once it can'),
    ...texts.slice(0, rowsPerRule).map((text) => wrap(visible(text).replace(/\s+/g, ' '), usable, '  ', '    ')),
    ...(texts.length > rowsPerRule ? [`  ... and ${texts.length - rowsPerRule} more; all are in the JSON output`] : []),
  ];
}
