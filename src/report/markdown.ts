import { controlsOf, unknownCauses, type ReportInput, type RuleResult } from '../rules/index.js';
import { markdownText } from './characters.js';
import {
  allOf,
  causeNames,
  countsOf,
  countText,
  groupsOf,
  idleWaivers,
  rulesIn,
  statusOrder,
  waiverText,
  type RuleGroup,
} from './summary.js';
import { toldOnce } from './told_once.js';

export interface MarkdownOptions {
  /** Rows of one rule and status that are told one by one; a comment on GitHub holds 65,536 characters. */
  readonly rowsPerRule?: number;
}

/** For a pull request or the summary of a job: the counts, then what failed, what is unknown and what is waived, and why. */
export function markdownReport(input: ReportInput, { rowsPerRule = 10 }: MarkdownOptions = {}): string {
  const { organizations, framework } = input;
  const all = allOf(input);
  const lines = [
    `## aws-delegation: ${countText(all) || 'no verdicts'}`,
    '',
    ...organizations.map(({ organizationId, sourceName, syncTime, readError }) =>
      sourceName === null
        ? `Nothing is synced: ${markdownText(readError ?? 'no reason is known')}.`
        : `Organization ${markdownText(organizationId ?? '(not known)')}, source ${markdownText(sourceName)}, synced ${syncTime ?? 'at an unknown time'}.`,
    ),
    '',
    ...countTable(all),
    '',
  ];
  if (framework) {
    lines.push(`### ${markdownText(framework.title)}`, '', ...frameworkLines(input), '');
  }
  for (const status of statusOrder) {
    if (status === 'pass' || status === 'not_applicable') continue;
    const groups = groupsOf(input.results.filter((result) => result.status === status));
    if (groups.length === 0) continue;
    lines.push(`### ${{ fail: 'Failures', unknown: 'Unknown', waived: 'Waived' }[status]}`, '');
    for (const group of groups) lines.push(...groupLines(group, rowsPerRule), '');
  }
  const idle = idleWaivers(input);
  if (idle.length > 0) {
    lines.push('### Waivers to look at', '', ...idle.map((waiver) => `- ${markdownText(waiverText(waiver))}`), '');
  }
  return `${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trimEnd()}\n`;
}

function countTable(results: readonly RuleResult[]): string[] {
  const { byStatus, unknownByCause } = countsOf(results);
  const causes = unknownCauses
    .filter((cause) => unknownByCause[cause] > 0)
    .map((cause) => `${unknownByCause[cause]} ${cause.replace('_', ' ')}: ${causeNames[cause]}`)
    .join('; ');
  return [
    '| status | verdicts | |',
    '| --- | ---: | --- |',
    ...statusOrder.map((status) =>
      `| ${status.replace('_', ' ')} | ${byStatus[status]} | ${status === 'unknown' ? causes : ''} |`.replace(
        '  |',
        ' |',
      ),
    ),
  ];
}

/** One line per control: what the rules say of it, and what nobody but a person can say. */
function frameworkLines(input: ReportInput): string[] {
  if (!input.framework) return [];
  const all = allOf(input);
  return controlsOf(input.framework, rulesIn(all)).flatMap(({ control, rules }) => {
    const rows = all.filter(({ rule }) => rules.includes(rule));
    const said = rules.length === 0 ? 'no rule judges it' : countText(rows);
    return [
      `- **${markdownText(control.id)}** ${markdownText(control.title)}: ${said}`,
      ...control.manual.map((question) => `  - ${markdownText(control.id)} MANUAL: ${markdownText(question)}`),
    ];
  });
}

function groupLines({ rule, rows }: RuleGroup, rowsPerRule: number): string[] {
  const lines = toldOnce(rows);
  const remaining = lines.slice(rowsPerRule).reduce((sum, { count }) => sum + count, 0);
  const remediations = [...new Set(rows.map(({ remediation }) => remediation).filter((text) => text !== null))];
  const [remediation] = remediations;
  const others = remediations.length > 1 ? ` (and ${remediations.length - 1} more like it)` : '';
  return [
    `**${markdownText(rule.title)}** (\`${rule.id}\`, ${rule.severity}): ${rows.length}`,
    '',
    ...lines.slice(0, rowsPerRule).map(({ row, reason }) => `- ${markdownText(reason)}${noteOf(row)}`),
    ...(remaining > 0 ? [`- ... and ${remaining} more; all are in the JSON and the CSV output`] : []),
    ...(remediation === undefined ? [] : ['', `To do: ${markdownText(remediation)}${others}`]),
  ];
}

function noteOf({ status, unknownCause, waiver }: RuleResult): string {
  if (status === 'waived' && waiver !== null) return ` (${markdownText(waiver)})`;
  return unknownCause === null ? '' : ` (${causeNames[unknownCause]})`;
}
