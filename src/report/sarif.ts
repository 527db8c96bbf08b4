import { gzipSync } from 'node:zlib';
import type { Invocation, Location, Log, LogicalLocation, Notification, ReportingDescriptor, Result } from 'sarif';
import {
  exitCodeOf,
  type ExitCodeOptions,
  type ReportInput,
  type Rule,
  type RuleResult,
  type Severity,
} from '../rules/index.js';
import { jsonText, markdownText, visible } from './characters.js';
import { identityOf, occurrences, ouPaths } from './identity.js';
import {
  allOf,
  causeNames,
  countText,
  idleWaivers,
  manualQuestions,
  rulesIn,
  severityOrder,
  statusOrder,
  waiverText,
} from './summary.js';

/** A line that people wrote, such as the waiver that a verdict goes by. */
export interface SpecPlace {
  /** Relative to the working directory, with slashes, encoded as a URI. */
  readonly uri: string;
  /** From 1. */
  readonly line: number;
}

export interface SarifOptions extends ExitCodeOptions {
  /** Where the cause of a verdict stands in the spec or in a file of it; undefined where it is not there. */
  readonly placeOf?: (result: RuleResult) => SpecPlace | undefined;
  readonly maxResults?: number;
  readonly maxGzipBytes?: number;
}

// https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit: a file beyond it is refused.
const githubResults = 25_000;
const githubGzipBytes = 10_000_000;
const githubTags = 20;

const home = 'https://www.npmjs.com/package/aws-delegation';

/**
 * SARIF 2.1.0, as GitHub code scanning reads it: one run, a rule per rule, a result per verdict, the worst first. An unknown is
 * `open` or `review`, never `pass`; a waived one carries its waiver as a suppression. What GitHub would refuse for its size is
 * left out from the mildest on, and a notification says so.
 */
export function sarifReport(input: ReportInput, options: SarifOptions = {}): string {
  const { maxResults = githubResults, maxGzipBytes = githubGzipBytes } = options;
  const sorted = [...input.results].sort(
    (left, right) =>
      statusOrder.indexOf(left.status) - statusOrder.indexOf(right.status) ||
      severityOrder.indexOf(left.rule.severity) - severityOrder.indexOf(right.rule.severity),
  );
  const rules = rulesIn(allOf(input));
  const results = resultsOf(sorted, rules, input, options);
  for (let count = Math.min(results.length, maxResults); ;) {
    const text = textOf(input, rules, results.slice(0, count), sorted.slice(count), options);
    const size = Buffer.byteLength(text) <= maxGzipBytes ? 0 : gzipSync(text).length;
    if (size <= maxGzipBytes || count === 0) return text;
    count = Math.floor(count * Math.min(0.9, (0.95 * maxGzipBytes) / size));
  }
}

function textOf(
  input: ReportInput,
  rules: readonly Rule[],
  results: Result[],
  left: readonly RuleResult[],
  options: SarifOptions,
): string {
  const log: Log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'aws-delegation',
            version: input.packVersion,
            semanticVersion: input.packVersion,
            informationUri: home,
            rules: rules.map(descriptorOf),
          },
        },
        // GitHub takes what comes before the last slash for the category: the controls of one framework do not replace all rules.
        automationDetails: { id: `aws-delegation/${input.framework === undefined ? '' : `${input.framework.id}/`}` },
        originalUriBaseIds: {
          [packBase]: { description: { text: 'The package aws-delegation, which has the rules.' } },
          [specBase]: { description: { text: 'The directory in which the spec was named.' } },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [invocationOf(input, left, options)],
        results,
      },
    ],
  };
  return `${jsonText(log, 1)}\n`;
}

const packBase = 'AWS_DELEGATION';
const specBase = '%SRCROOT%';

const levels: Readonly<Record<Severity, 'error' | 'warning' | 'note'>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
};

// In the middle of what GitHub calls by these names: over 9.0, 7.0 to 8.9, 4.0 to 6.9, 0.1 to 3.9.
const securitySeverities: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
};

function descriptorOf(rule: Rule): ReportingDescriptor {
  const { id, title, severity, frameworks, why, decides, unknown, remediation, source } = rule;
  const controls = Object.entries(frameworks).flatMap(([framework, numbers]) =>
    numbers.map((number) => `${framework}/${number}`),
  );
  const parts = [
    ['Why', why],
    ['How it decides', decides],
    ['What an unknown means', unknown],
    ['To do', remediation],
  ] as const;
  return {
    id,
    name: id.replace(/(^|_)([a-z0-9])/g, (_whole, _gap, first: string) => first.toUpperCase()),
    shortDescription: { text: message(title) },
    fullDescription: { text: message(why) },
    help: {
      text: message(parts.map(([name, text]) => `${name}: ${text}`).join('\n')),
      markdown: parts.map(([name, text]) => `**${name}.** ${markdownText(text)}`).join('\n\n'),
    },
    helpUri: source,
    defaultConfiguration: { level: levels[severity] },
    properties: {
      // Without the first one GitHub does not look at security-severity.
      tags: ['security', ...controls].slice(0, githubTags),
      precision: 'very-high',
      'security-severity': securitySeverities[severity],
      severity,
    },
  };
}

function resultsOf(
  rows: readonly RuleResult[],
  rules: readonly Rule[],
  input: ReportInput,
  { placeOf }: SarifOptions,
): Result[] {
  const indices = new Map(rules.map(({ id }, index) => [id, index]));
  const paths = ouPaths(input.delegations);
  const countOf = occurrences();
  return rows.map((row) => {
    const { rule, status, waiver, unknownCause } = row;
    const identity = identityOf(row);
    const place = placeOf?.(row);
    return {
      ruleId: rule.id,
      ruleIndex: indices.get(rule.id) ?? -1,
      ...judgement(row),
      message: { text: message(textOfResult(row)) },
      locations: [{ ...physical(rule, place), logicalLocations: logicalOf(row, paths) }],
      ...(place && { relatedLocations: [{ id: 1, ...physical(rule), message: { text: 'The rule.' } }] }),
      // GitHub tells alerts apart by the first one, and would make it of the line, which is the same for all verdicts of a rule.
      partialFingerprints: {
        primaryLocationLineHash: `${identity.slice(0, 16)}:${countOf(identity)}`,
        'awsDelegationVerdict/v1': identity,
      },
      ...(status === 'waived' && {
        suppressions: [
          {
            kind: 'external',
            status: 'accepted',
            justification: message(waiver ?? 'accepted by the spec'),
            ...(place && { location: physical(rule, place) }),
          },
        ],
      }),
      properties: {
        status,
        severity: rule.severity,
        ...(unknownCause !== null && { unknownCause }),
        organizationId: text(row.organizationId),
        accountId: text(row.accountId),
        region: text(row.region),
        resourceId: text(row.resourceId),
      },
    };
  });
}

/** §3.27.9 and §3.27.10 of the standard: what is no finding has the level none. */
function judgement({ status, unknownCause, rule }: RuleResult): Pick<Result, 'kind' | 'level'> {
  switch (status) {
    case 'fail':
    case 'waived':
      return { kind: 'fail', level: levels[rule.severity] };
    case 'unknown':
      // Not enough is known; or a person has to say or to look, because no read could tell.
      return { kind: unknownCause === 'unread' ? 'open' : 'review', level: 'none' };
    case 'pass':
      return { kind: 'pass', level: 'none' };
    case 'not_applicable':
      return { kind: 'notApplicable', level: 'none' };
  }
}

function textOfResult({ status, unknownCause, reason, waiver, remediation }: RuleResult): string {
  const before = {
    fail: '',
    pass: '',
    not_applicable: 'Not applicable: ',
    waived: `Waived, ${waiver ?? 'by the spec'}: `,
    unknown: `Unknown${unknownCause === null ? '' : ` (${causeNames[unknownCause]})`}: `,
  }[status];
  return [`${before}${reason}`, ...(remediation === null ? [] : [`To do: ${remediation}`])].join('\n');
}

function physical({ id }: Rule, place?: SpecPlace): Pick<Location, 'physicalLocation'> {
  return {
    physicalLocation: place
      ? { artifactLocation: { uri: place.uri, uriBaseId: specBase }, region: { startLine: place.line } }
      : { artifactLocation: { uri: `queries/rules/${id}.sql`, uriBaseId: packBase }, region: { startLine: 1 } },
  };
}

/** From the organization down; each part of a full name is encoded, because a name of AWS may have the separator in it. */
function logicalOf(row: RuleResult, paths: ReadonlyMap<string, string>): LogicalLocation[] {
  const { organizationId, accountId, region, resourceId } = row;
  const ouPath = accountId === null ? undefined : paths.get(accountId);
  const parts: [kind: string, name: string | null | undefined][] = [
    ['organization', organizationId],
    ['organizationalUnit', ouPath],
    ['account', accountId],
    ['region', region],
    ['resource', resourceId === accountId || resourceId === organizationId ? null : resourceId],
  ];
  const locations: LogicalLocation[] = [];
  let above = '';
  for (const [kind, name] of parts) {
    if (name === null || name === undefined || name === '') continue;
    above = `${above === '' ? '' : `${above}/`}${encodeURIComponent(visible(name))}`;
    locations.push({ name: visible(name), fullyQualifiedName: above, kind });
  }
  return locations;
}

function invocationOf(input: ReportInput, left: readonly RuleResult[], options: SarifOptions): Invocation {
  const exitCode = exitCodeOf(allOf(input), options);
  const time = input.executionTime.toISOString();
  return {
    executionSuccessful: true,
    startTimeUtc: time,
    endTimeUtc: time,
    exitCode,
    exitCodeDescription:
      ['nothing found', 'a finding', 'a verdict is unknown because something was not read'][exitCode] ?? '',
    toolExecutionNotifications: [
      ...input.organizations.flatMap(({ sourceName, readError }) =>
        sourceName === null
          ? [note('error', `Nothing is synced: ${readError ?? 'no reason is known'}.`, 'nothing-synced')]
          : [],
      ),
      ...(left.length === 0
        ? []
        : [
            note(
              'warning',
              `${left.length} of ${input.results.length} results are left out, the mildest, because GitHub takes no more: ${countText(left)}. All are in the JSON output.`,
              'left-out',
            ),
          ]),
      ...manualQuestions(input).map(({ controlId, question }) =>
        note('note', `${controlId} MANUAL: ${question}`, 'manual-question'),
      ),
    ],
    toolConfigurationNotifications: idleWaivers(input).map((waiver) =>
      note('warning', `${waiverText(waiver)}.`, `waiver-${waiver.state}`),
    ),
    properties: {
      verdicts: countText(allOf(input)),
      syncs: input.organizations.map(({ sourceName, organizationId, syncTime }) => ({
        sourceName: text(sourceName),
        organizationId: text(organizationId),
        syncTime,
      })),
    },
  };
}

function note(level: Notification.level, said: string, id: string): Notification {
  return { level, message: { text: message(said) }, descriptor: { id } };
}

const text = (value: string | null): string | null => (value === null ? null : visible(value));

/**
 * A plain text message. In one, `[a](b)` is a link and `{0}` a placeholder (§3.11.5, §3.11.6), and what AWS calls something must
 * be neither. The standard doubles every brace; a program that was given no arguments to put in shows it doubled, GitHub too,
 * so that only what would be a placeholder is.
 */
function message(said: string): string {
  return visible(said)
    .replaceAll('](', '] (')
    .replace(/\{(\d+)\}/g, '{{$1}}');
}
