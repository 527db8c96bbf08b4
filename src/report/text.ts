import { createColors } from 'picocolors';
import {
  controlsOf,
  unknownCauses,
  type Framework,
  type Organization,
  type ReportInput,
  type RuleResult,
  type Status,
} from '../rules/index.js';
import { visible } from './characters.js';
import {
  allOf,
  causeNames,
  countsOf,
  countText,
  groupsOf,
  holdingsOf,
  idleWaivers,
  regionText,
  rulesIn,
  statusOrder,
  waiverText,
  type Holding,
  type RuleGroup,
} from './summary.js';
import { drawTable, plain, wrap, type Cell } from './table.js';
import { toldOnce, type Told } from './told_once.js';

export interface TextOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly color: boolean;
  /** Rows of one rule and status that are told one by one; the others are counted. */
  readonly rowsPerRule?: number;
}

type Colors = ReturnType<typeof createColors>;

/** What `check` and `demo` print: who holds what, then the verdicts, failures first. Ends with a line feed. */
export function textReport(input: ReportInput, { width, color, rowsPerRule = 10 }: TextOptions): string {
  const colors = createColors(color);
  const usable = Math.max(60, Math.min(width, 200));
  const several = input.organizations.length > 1;
  const blocks = input.organizations.flatMap((organization) => {
    const holdings = holdingsOf(input.delegations.filter(({ sourceName }) => sourceName === organization.sourceName));
    return [
      heading(organization, several, usable, colors),
      ...(organization.sourceName === null ? [] : [delegationTable(holdings, usable, colors)]),
    ];
  });
  const parts = { usable, rowsPerRule, colors };
  return [
    ...blocks,
    ...(input.framework ? [controls(input, input.framework, parts)] : [verdicts(input.results, parts)]),
    ...waiverBlock(input, parts),
    totals(allOf(input), usable, colors),
    '',
  ].join('\n');
}

interface Parts {
  readonly usable: number;
  readonly rowsPerRule: number;
  readonly colors: Colors;
}

function heading(organization: Organization, several: boolean, width: number, colors: Colors): string {
  const { organizationId, sourceName, managementAccountId, accountCount, syncTime, isAbsent, readError } = organization;
  if (sourceName === null)
    return `${wrap(visible(`Nothing is synced: ${readError ?? 'no reason is known'}`), width, '', '')}\n`;
  const first = isAbsent ? 'No organization' : `Organization ${organizationId ?? '(not read)'}`;
  const rest = [
    ...(several ? [`source ${sourceName}`] : []),
    ...(managementAccountId === null ? [] : [`management account ${managementAccountId}`]),
    `${accountCount} accounts`,
    ...(syncTime === null ? [] : [`synced ${syncTime.replace('T', ' ').replace('Z', ' UTC')}`]),
  ].join(' · ');
  const onOneLine = (text: string): string => visible(text).replace(/\s+/g, ' ');
  return `${beside(onOneLine(first), onOneLine(rest), width, colors)}\n`;
}

/** A title, and what is said of it: beside it where there is room, otherwise below. */
function beside(title: string, rest: string, width: number, colors: Colors): string {
  return plain(title).length + 2 + rest.length <= width
    ? `${colors.bold(title)}  ${colors.dim(rest)}`
    : `${wrap(title, width, '', '  ', colors.bold)}\n${wrap(rest, width, '  ', '  ', colors.dim)}`;
}

const methodNames: Readonly<Record<Holding['method'], string>> = {
  organizations: 'Organizations',
  service: 'service',
  resource_policy: 'delegation policy',
};

// Service, Account (an id is never cut), OU path, Method, Regions.
const smallest = [9, 12, 8, 10, 9];

function delegationTable(holdings: readonly Holding[], width: number, colors: Colors): string {
  const title = colors.bold('Who holds which delegation');
  if (holdings.length === 0) return `${title}\nNobody holds a delegation, as far as it was read.\n`;
  const head = ['Service', 'Account', 'OU path', 'Method', 'Regions'].map((title) => [
    { text: title, paint: colors.bold },
  ]);
  const rows = holdings.map((holding, index) => {
    const before = holdings[index - 1];
    const isSame = before?.serviceId === holding.serviceId && before.serviceName === holding.serviceName;
    return [
      [{ text: isSame ? '' : visible(holding.serviceName) }],
      accountCell(holding, colors),
      [{ text: visible(holding.ouPath ?? '') }],
      [{ text: methodNames[holding.method] }],
      [
        { text: visible(regionText(holding.regions)) },
        ...(holding.isHeld ? [] : [{ text: visible(holding.status ?? 'not settled'), paint: colors.yellow }]),
      ],
    ];
  });
  return `${title}\n${drawTable([head, ...rows], { width, smallest })}\n`;
}

function accountCell(holding: Holding, colors: Colors): Cell {
  const { delegatedAccountId, accountName, accountState, isManagementAccount } = holding;
  const notes = [
    ...(isManagementAccount === true ? ['management account'] : []),
    ...(accountState !== null && accountState !== 'ACTIVE' ? [accountState] : []),
  ];
  const name =
    delegatedAccountId === '*' ? 'everyone (*)' : [delegatedAccountId, accountName].filter(Boolean).join(' ');
  return [{ text: visible(name) }, ...notes.map((text) => ({ text: visible(text), paint: colors.yellow }))];
}

const statusNames: Readonly<Record<Status, string>> = {
  fail: 'FAIL',
  unknown: 'UNKNOWN',
  waived: 'WAIVED',
  pass: 'PASS',
  not_applicable: 'N/A',
};
function verdicts(results: readonly RuleResult[], parts: Parts): string {
  return [parts.colors.bold('Verdicts'), ...groupsOf(results).map((group) => ruleBlock(group, parts))].join('\n');
}

/** The verdicts by what they answer; a control that no rule answers, and what only a person can say, is told too. */
function controls(input: ReportInput, framework: Framework, parts: Parts): string {
  const { usable, colors } = parts;
  const blocks = controlsOf(framework, rulesIn(allOf(input))).map(({ control, rules }) => {
    const groups = groupsOf(input.results.filter(({ rule }) => rules.some(({ id }) => id === rule.id)));
    const questions = control.manual.map((question) =>
      wrap(`${control.id} MANUAL: ${question}`, usable, '', '  ', colors.yellow),
    );
    return [
      wrap(`${control.id} ${control.title}`, usable, '', '  ', colors.bold),
      ...(rules.length === 0 ? [colors.dim('No rule judges it.')] : []),
      ...groups.map((group) => ruleBlock(group, parts)),
      ...questions,
      '',
    ].join('\n');
  });
  return [wrap(framework.title, usable, '', '  ', colors.bold), '', ...blocks].join('\n');
}

function ruleBlock({ rule, rows, worst }: RuleGroup, { usable: width, rowsPerRule, colors }: Parts): string {
  const lines: string[] = [];
  const said = `(${rule.id}, ${rule.severity}): ${countText(rows)}`;
  lines.push(`${mark(worst, colors)} ${beside(rule.title, said, width - 8, colors)}`);
  const told = statusOrder.filter((status) => status === 'fail' || status === 'unknown' || status === 'waived');
  for (const status of told) {
    const own = toldOnce(rows.filter((row) => row.status === status));
    for (const told of own.slice(0, rowsPerRule)) lines.push(bullet(told, width, colors));
    const remaining = own.slice(rowsPerRule).reduce((sum, { count }) => sum + count, 0);
    if (remaining > 0)
      lines.push(
        colors.dim(`    ... and ${remaining} more ${status}; all are in aws_policy_results and in the JSON output`),
      );
  }
  const remediations = [...new Set(rows.map(({ remediation }) => remediation).filter((text) => text !== null))];
  const [remediation] = remediations;
  if (remediation !== undefined) {
    const more = remediations.length > 1 ? ` (and ${remediations.length - 1} more like it)` : '';
    lines.push(wrap(`Why: ${rule.why}`, width, '    ', '    '));
    lines.push(wrap(visible(`To do: ${remediation}${more}`), width, '    ', '    ', colors.cyan));
  }
  return `${lines.join('\n')}\n`;
}

function bullet({ row, reason }: Told, width: number, colors: Colors): string {
  const notes = [
    ...(row.unknownCause === null ? [] : [causeNames[row.unknownCause]]),
    ...(row.status === 'waived' && row.waiver !== null ? [row.waiver] : []),
  ];
  const sign = row.status === 'fail' ? colors.red('-') : row.status === 'unknown' ? colors.yellow('?') : '~';
  const text = [reason, ...notes.map((note) => `[${note}]`)].join(' ');
  return wrap(visible(text), width, `  ${sign} `, '    ');
}

function waiverBlock(input: ReportInput, { usable, colors }: Parts): string[] {
  const idle = idleWaivers(input);
  if (idle.length === 0) return [];
  const lines = idle.map((waiver) => wrap(visible(waiverText(waiver)), usable, '  ~ ', '    '));
  return [colors.bold('Waivers to look at'), ...lines, ''];
}

function mark(status: Status, colors: Colors): string {
  const name = statusNames[status].padEnd(7);
  switch (status) {
    case 'fail':
      return colors.red(colors.bold(name));
    case 'unknown':
    case 'waived':
      return colors.yellow(name);
    case 'pass':
      return colors.green(name);
    case 'not_applicable':
      return colors.dim(name);
  }
}

/** Breaks at spaces; a word that is longer than the line stays whole, so that an ARN can be copied. */
function totals(results: readonly RuleResult[], width: number, colors: Colors): string {
  const { byStatus, unknownByCause } = countsOf(results);
  const causes = unknownCauses
    .filter((cause) => unknownByCause[cause] > 0)
    .map((cause) => `${unknownByCause[cause]} ${cause}: ${causeNames[cause]}`)
    .join(', ');
  const parts = [
    colors.red(`${byStatus.fail} fail`),
    colors.yellow(`${byStatus.unknown} unknown${causes === '' ? '' : ` (${causes})`}`),
    ...(byStatus.waived > 0 ? [`${byStatus.waived} waived`] : []),
    colors.green(`${byStatus.pass} pass`),
    `${byStatus.not_applicable} not applicable`,
  ];
  const line = parts.join(', ');
  return plain(line).length + 7 <= width
    ? `${colors.bold('Total:')} ${line}`
    : wrap(`Total: ${plain(line)}`, width, '', '       ');
}
