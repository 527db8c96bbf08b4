import type { Drift } from '../rules/index.js';
import { markdownText } from './characters.js';
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
  type Section,
  type ToldChange,
  type VerdictGroup,
} from './drift_summary.js';
import type { MarkdownOptions } from './markdown.js';
import { regionText } from './summary.js';

/** For a pull request or the summary of a job. */
export function markdownDrift(drift: Drift, { rowsPerRule = 10 }: MarkdownOptions = {}): string {
  const blocks = blocksOf(drift);
  const gaps = gapTexts(drift);
  const unread = unreadTexts(drift);
  const lines = [
    `## aws-delegation: ${drift.changes.length === 0 ? 'no change' : drift.changes.length === 1 ? '1 change' : `${drift.changes.length} changes`}`,
    '',
    `After ${minuteOf(drift.since)} and up to ${minuteOf(drift.until)}.`,
    '',
    ...gaps.flatMap((text) => [`> ${markdownText(text)}`, '']),
    ...blocks.flatMap(({ history, sections, verdicts }) => [
      history === null
        ? '### Verdicts on organizations that no source, or more than one, reads'
        : `### Organization ${markdownText(history.organizationId ?? '(not known)')}, source ${markdownText(history.sourceName)}`,
      '',
      ...(sections.length + verdicts.length === 0 ? ['No change that is known.', ''] : []),
      ...sections.flatMap((section) => [...sectionLines(section), '']),
      ...(verdicts.length === 0 ? [] : [...verdictLines(verdicts, rowsPerRule), '']),
    ]),
    ...(unread.length === 0
      ? []
      : [
          '### What the newest sync could not ask',
          '',
          ...unread.slice(0, rowsPerRule).map((text) => `- ${markdownText(text)}`),
          ...(unread.length > rowsPerRule
            ? [`- ... and ${unread.length - rowsPerRule} more; all are in the JSON output`]
            : []),
        ]),
  ];
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}

function sectionLines({ title, changes }: Section): string[] {
  const isHolders = title === 'Holders';
  const head = isHolders
    ? ['Holds', 'Account', 'Before', 'After', 'Sync', 'By']
    : ['Service', 'Account', 'How', 'Where', 'Sync', 'By'];
  return [
    `**${title}**`,
    '',
    `| ${head.join(' | ')} |`,
    `| ${head.map(() => '---').join(' | ')} |`,
    ...changes.map((told) => `| ${cellsOf(told, isHolders).map(markdownText).join(' | ')} |`),
  ];
}

function cellsOf(told: ToldChange, isHolders: boolean): string[] {
  const { change, regions } = told;
  const middle = isHolders
    ? [change.before ?? 'not known', change.after ?? 'not known']
    : [wayOf(change), `${regionText(regions)}${change.kind.startsWith('region_') ? ' (others stay)' : ''}`];
  const service = change.serviceName ?? change.serviceId ?? '';
  const what = isHolders && regions.length > 0 ? `${service}, ${regionText(regions)}` : service;
  return [what, holderOf(change), ...middle, minuteOf(change.at), doneBy(told)];
}

function verdictLines(groups: readonly VerdictGroup[], rowsPerRule: number): string[] {
  return [
    `**Verdicts** (${turnText(groups)})`,
    '',
    ...groups.flatMap(({ turn, ruleId, severity, before, after, changes }) => [
      `- ${turn}: \`${ruleId}\` (${severity}), ${before} → ${after}`,
      ...changes.slice(0, rowsPerRule).map((change) => {
        const reason = change.reason === null ? '' : `: ${change.reason}`;
        return `  - ${markdownText(`${subjectOf(change)}, run of ${minuteOf(change.at)}${reason}`)}`;
      }),
      ...(changes.length > rowsPerRule
        ? [`  - ... and ${changes.length - rowsPerRule} more; all are in the JSON and the CSV output`]
        : []),
    ]),
  ];
}
