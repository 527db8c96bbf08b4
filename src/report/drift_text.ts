import { createColors } from 'picocolors';
import type { Drift } from '../rules/index.js';
import { visible } from './characters.js';
import { blocksOf, type DriftBlock, type Section, type VerdictGroup } from './drift_summary.js';
import {
  gapTexts,
  holderText,
  minuteOf,
  powerText,
  seenText,
  sentencesOf,
  turnText,
  unreadTexts,
} from './drift_words.js';
import { wrap } from './table.js';
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
    wrap(onOneLine(whose), usable, '', '  ', colors.bold),
    ...(sections.length + verdicts.length === 0
      ? [gapTexts(drift).length + drift.unread.length === 0 ? 'No change.' : 'No change that is known.', '']
      : []),
    ...sections.flatMap((section) => [...sectionLines(section, parts), '']),
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

function sectionLines({ title, changes }: Section, { usable, colors }: Parts): string[] {
  const paint = { Gained: colors.green, Lost: colors.red, Holders: colors.yellow }[title];
  const count = changes.reduce((sum, { regions }) => sum + Math.max(1, regions.length), 0);
  return [
    paint(colors.bold(`${title} (${count})`)),
    ...changes.flatMap((told) => [
      wrap(onOneLine(title === 'Holders' ? holderText(told) : powerText(told)), usable, '  ', '    '),
      wrap(onOneLine(seenText(told)), usable, '      ', '      ', colors.dim),
    ]),
  ];
}

function verdictLines(groups: readonly VerdictGroup[], { usable, rowsPerRule, colors }: Parts): string[] {
  const paint = { worse: colors.red, better: colors.green, other: colors.dim };
  return [
    colors.bold(`Verdicts (${turnText(groups)})`),
    ...groups.flatMap((group) => {
      const { turn, ruleId, severity, at, before, after } = group;
      const sentences = sentencesOf(group);
      const remaining = sentences.slice(rowsPerRule).reduce((sum, { count }) => sum + count, 0);
      return [
        `  ${paint[turn](turn.toUpperCase())} ${ruleId} (${severity}): ${before} -> ${after}, run of ${minuteOf(at)}`,
        ...sentences.slice(0, rowsPerRule).map(({ text }) => wrap(onOneLine(text), usable, '    ', '      ')),
        ...(remaining > 0 ? [`    ... and ${remaining} more; all are in the JSON and the CSV output`] : []),
      ];
    }),
  ];
}

function onOneLine(text: string): string {
  return visible(text).replace(/\s+/g, ' ');
}

function unreadLines(drift: Drift, { usable, rowsPerRule, colors }: Parts): string[] {
  const texts = unreadTexts(drift);
  if (texts.length === 0) return [];
  return [
    colors.yellow('The newest sync could not ask; what changed there is told once it can'),
    ...texts.slice(0, rowsPerRule).map((text) => wrap(onOneLine(text), usable, '  ', '    ')),
    ...(texts.length > rowsPerRule ? [`  ... and ${texts.length - rowsPerRule} more; all are in the JSON output`] : []),
  ];
}
