import type { Drift } from '../rules/index.js';
import { markdownText } from './characters.js';
import { blocksOf, type Section, type VerdictGroup } from './drift_summary.js';
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
import type { MarkdownOptions } from './markdown.js';

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
  return [
    `**${title}**`,
    '',
    ...changes.map(
      (told) => `- ${markdownText(`${title === 'Holders' ? holderText(told) : powerText(told)}; ${seenText(told)}`)}`,
    ),
  ];
}

function verdictLines(groups: readonly VerdictGroup[], rowsPerRule: number): string[] {
  return [
    `**Verdicts** (${turnText(groups)})`,
    '',
    ...groups.flatMap((group) => {
      const { turn, ruleId, severity, at, before, after } = group;
      const sentences = sentencesOf(group);
      const remaining = sentences.slice(rowsPerRule).reduce((sum, { count }) => sum + count, 0);
      return [
        `- ${turn}: \`${ruleId}\` (${severity}), ${before} → ${after}, run of ${minuteOf(at)}`,
        ...sentences.slice(0, rowsPerRule).map(({ text }) => `  - ${markdownText(text)}`),
        ...(remaining > 0 ? [`  - ... and ${remaining} more; all are in the JSON and the CSV output`] : []),
      ];
    }),
  ];
}
