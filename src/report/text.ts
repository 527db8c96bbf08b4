import { createColors } from 'picocolors';
import type { Organization, ReportInput, RuleResult, Severity, Status, UnknownCause } from '../rules/index.js';
import { countsOf, holdingsOf, regionText, type Holding } from './summary.js';
import { drawTable, plain, wrap, type Cell } from './table.js';

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
  return [
    ...blocks,
    verdicts(input.results, usable, rowsPerRule, colors),
    totals(input.results, usable, colors),
    '',
  ].join('\n');
}

function heading(organization: Organization, several: boolean, width: number, colors: Colors): string {
  const { organizationId, sourceName, managementAccountId, accountCount, syncTime, isAbsent, readError } = organization;
  if (sourceName === null) return `${wrap(`Nothing is synced: ${readError ?? 'no reason is known'}`, width, '', '')}\n`;
  const first = isAbsent ? 'No organization' : `Organization ${organizationId ?? '(not read)'}`;
  const rest = [
    ...(several ? [`source ${sourceName}`] : []),
    ...(managementAccountId === null ? [] : [`management account ${managementAccountId}`]),
    `${accountCount} accounts`,
    ...(syncTime === null ? [] : [`synced ${syncTime.replace('T', ' ').replace('Z', ' UTC')}`]),
  ].join(' · ');
  return `${beside(first, rest, width, colors)}\n`;
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
      [{ text: isSame ? '' : holding.serviceName }],
      accountCell(holding, colors),
      [{ text: holding.ouPath ?? '' }],
      [{ text: methodNames[holding.method] }],
      [
        { text: regionText(holding.regions) },
        ...(holding.isHeld ? [] : [{ text: holding.status ?? 'not settled', paint: colors.yellow }]),
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
  return [{ text: name }, ...notes.map((text) => ({ text, paint: colors.yellow }))];
}

const severityOrder: readonly Severity[] = ['critical', 'high', 'medium', 'low'];
const statusOrder: readonly Status[] = ['fail', 'unknown', 'waived', 'pass', 'not_applicable'];
const statusNames: Readonly<Record<Status, string>> = {
  fail: 'FAIL',
  unknown: 'UNKNOWN',
  waived: 'WAIVED',
  pass: 'PASS',
  not_applicable: 'N/A',
};
const causeNames: Readonly<Record<UnknownCause, string>> = {
  unread: 'a read is missing',
  not_configured: 'the spec does not say',
  not_observable: 'not shown here',
};

function verdicts(results: readonly RuleResult[], width: number, rowsPerRule: number, colors: Colors): string {
  const byRule = new Map<string, RuleResult[]>();
  for (const result of results) {
    const rows = byRule.get(result.rule.id);
    if (rows) rows.push(result);
    else byRule.set(result.rule.id, [result]);
  }
  const groups = [...byRule.values()].map((rows) => ({
    rows,
    worst: statusOrder.findIndex((status) => rows.some((row) => row.status === status)),
  }));
  groups.sort((left, right) => left.worst - right.worst || severityOf(left.rows) - severityOf(right.rows));
  const blocks = groups.map(({ rows }) => ruleBlock(rows, width, rowsPerRule, colors));
  return [colors.bold('Verdicts'), ...blocks].join('\n');
}

function severityOf(rows: readonly RuleResult[]): number {
  return rows[0] ? severityOrder.indexOf(rows[0].rule.severity) : severityOrder.length;
}

function ruleBlock(rows: readonly RuleResult[], width: number, rowsPerRule: number, colors: Colors): string {
  const [first] = rows;
  if (!first) return '';
  const lines: string[] = [];
  const worst = statusOrder.find((status) => rows.some((row) => row.status === status)) ?? 'pass';
  const counts = statusOrder
    .map((status) => ({ status, count: rows.filter((row) => row.status === status).length }))
    .filter(({ count }) => count > 0)
    .map(({ status, count }) => `${count} ${status.replace('_', ' ')}`)
    .join(', ');
  const said = `(${first.rule.id}, ${first.rule.severity}): ${counts}`;
  lines.push(`${mark(worst, colors)} ${beside(first.rule.title, said, width - 8, colors)}`);
  const told = statusOrder.filter((status) => status === 'fail' || status === 'unknown' || status === 'waived');
  for (const status of told) {
    const own = rows.filter((row) => row.status === status);
    for (const row of own.slice(0, rowsPerRule)) lines.push(bullet(row, width, colors));
    const remaining = own.length - rowsPerRule;
    if (remaining > 0)
      lines.push(
        colors.dim(`    ... and ${remaining} more ${status}; all are in aws_policy_results and in the JSON output`),
      );
  }
  const remediations = [...new Set(rows.map(({ remediation }) => remediation).filter((text) => text !== null))];
  const [remediation] = remediations;
  if (remediation !== undefined) {
    const more = remediations.length > 1 ? ` (and ${remediations.length - 1} more like it)` : '';
    lines.push(wrap(`To do: ${remediation}${more}`, width, '    ', '    ', colors.cyan));
  }
  return `${lines.join('\n')}\n`;
}

function bullet(row: RuleResult, width: number, colors: Colors): string {
  const cause = row.unknownCause === null ? '' : ` [${causeNames[row.unknownCause]}]`;
  const sign = row.status === 'fail' ? colors.red('-') : row.status === 'unknown' ? colors.yellow('?') : '~';
  return wrap(`${row.reason}${cause}`, width, `  ${sign} `, '    ');
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
  const causes = (Object.keys(causeNames) as UnknownCause[])
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
