import {
  frameworkNamed,
  frameworks,
  type ReportInput,
  type Rule,
  type RuleResult,
  type Severity,
  type Status,
} from '../rules/index.js';
import { jsonText, visible } from './characters.js';
import { hashOf, identityOf, occurrences, ouPaths } from './identity.js';
import { causeNames, idleWaivers, manualQuestions, waiverText } from './summary.js';

/** What AWS Security Hub has; https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-ocsf.html. */
const version = '1.6.0';

/**
 * A Compliance Finding (class 2003) of OCSF 1.6.0 per verdict, each a line of JSON that ends with a line feed: as programs take it
 * that write the Parquet of Security Lake. A waiver that has run out or waives nothing, and a question that only a person can
 * answer, are findings as well. One after the other, because all of them together can be longer than a string of V8 may be.
 */
export function* ocsfReport(input: ReportInput): Generator<string> {
  const paths = ouPaths(input.delegations);
  const names = new Map(
    input.delegations.map(({ delegatedAccountId, accountName }) => [delegatedAccountId, accountName]),
  );
  const syncTimes = new Map(input.organizations.map(({ organizationId, syncTime }) => [organizationId, syncTime]));
  const countOf = occurrences();
  for (const row of input.results) {
    const place: Place = {
      organizationId: row.organizationId,
      accountId: row.accountId,
      accountName: row.accountId === null ? null : (names.get(row.accountId) ?? null),
      ouPath: row.accountId === null ? null : (paths.get(row.accountId) ?? null),
      region: row.region,
    };
    yield lineOf(findingOf(row, place, input, syncTimes.get(row.organizationId) ?? null, countOf));
  }
  for (const finding of noticesOf(input, countOf)) yield lineOf(finding);
}

function lineOf(finding: object): string {
  return `${jsonText(clean(finding), 0)}\n`;
}

/** Without nulls, which OCSF has no place for, and without characters that a terminal would obey or that are none. */
function clean(value: unknown): unknown {
  if (typeof value === 'string') return visible(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) =>
      member === null || member === undefined ? [] : [[key, clean(member)]],
    ),
  );
}

interface Place {
  readonly organizationId: string | null;
  readonly accountId: string | null;
  readonly accountName: string | null;
  readonly ouPath: string | null;
  readonly region: string | null;
}

interface Numbered {
  readonly id: number;
  readonly name: string;
}

const severityIds: Readonly<Record<Severity, Numbered>> = {
  low: { id: 2, name: 'Low' },
  medium: { id: 3, name: 'Medium' },
  high: { id: 4, name: 'High' },
  critical: { id: 5, name: 'Critical' },
};
const informational: Numbered = { id: 1, name: 'Informational' };

interface State {
  /** Of the finding: what is well closes the one of the same `finding_info.uid`, which was open before. */
  readonly activity: Numbered;
  readonly status: Numbered;
  readonly compliance: Numbered;
}

const create: Numbered = { id: 1, name: 'Create' };
const close: Numbered = { id: 3, name: 'Close' };
const isNew: Numbered = { id: 1, name: 'New' };
const suppressed: Numbered = { id: 3, name: 'Suppressed' };
const resolved: Numbered = { id: 4, name: 'Resolved' };

const states: Readonly<Record<Status, State>> = {
  fail: { activity: create, status: isNew, compliance: { id: 3, name: 'Fail' } },
  // It still fails: a person has accepted it.
  waived: { activity: create, status: suppressed, compliance: { id: 3, name: 'Fail' } },
  unknown: { activity: create, status: isNew, compliance: { id: 0, name: 'Unknown' } },
  pass: { activity: close, status: resolved, compliance: { id: 1, name: 'Pass' } },
  not_applicable: { activity: close, status: resolved, compliance: { id: 99, name: 'Not applicable' } },
};

function findingOf(
  row: RuleResult,
  place: Place,
  input: ReportInput,
  syncTime: string | null,
  countOf: (key: string) => number,
): object {
  const { rule, status, reason, unknownCause, waiver, remediation, rawStatus, resourceId } = row;
  const isWell = status === 'pass' || status === 'not_applicable';
  const identity = identityOf(row);
  const toDo = remediation ?? (status === 'unknown' ? rule.unknown : null);
  const details = [
    reason,
    ...(unknownCause === null ? [] : [causeNames[unknownCause]]),
    ...(waiver === null ? [] : [waiver]),
  ];
  return {
    ...frame(input, place, states[status], isWell ? informational : severityIds[rule.severity], rule.id),
    message: reason,
    status_code: status,
    status_detail: waiver ?? reason,
    finding_info: {
      uid: uidOf(rule.id, identity, countOf),
      title: rule.title,
      desc: reason,
      ...findingTimes(input),
      analytic: {
        uid: rule.id,
        name: rule.title,
        desc: rule.decides,
        type_id: 1,
        type: 'Rule',
        version: input.packVersion,
      },
      data_sources: rule.reads,
      src_url: rule.source,
    },
    compliance: {
      control: rule.id,
      desc: rule.title,
      ...standardsOf(rule),
      status_id: states[status].compliance.id,
      status: states[status].compliance.name,
      status_code: status,
      status_details: details,
    },
    ...(toDo !== null && { remediation: { desc: toDo, references: [rule.source] } }),
    resources: resourcesOf(resourceId, place),
    unmapped: {
      raw_status: rawStatus,
      unknown_cause: unknownCause,
      waiver,
      severity: rule.severity,
      why: rule.why,
      frameworks: rule.frameworks,
      sync_time: syncTime,
    },
  };
}

/** What every event has. */
function frame(input: ReportInput, place: Place, state: State, severity: Numbered, code: string): object {
  const { organizationId, accountId, accountName, ouPath, region } = place;
  const { activity, status } = state;
  return {
    class_uid: 2003,
    class_name: 'Compliance Finding',
    category_uid: 2,
    category_name: 'Findings',
    activity_id: activity.id,
    activity_name: activity.name,
    type_uid: 200_300 + activity.id,
    type_name: `Compliance Finding: ${activity.name}`,
    time: input.executionTime.getTime(),
    time_dt: input.executionTime.toISOString(),
    severity_id: severity.id,
    severity: severity.name,
    status_id: status.id,
    status: status.name,
    metadata: {
      version,
      profiles: ['cloud', 'datetime'],
      product: {
        name: 'aws-delegation',
        uid: 'aws-delegation',
        vendor_name: 'aws-delegation',
        version: input.packVersion,
      },
      event_code: code,
      log_name: 'aws_policy_results',
      tenant_uid: organizationId,
    },
    cloud: {
      provider: 'AWS',
      region,
      ...(accountId !== null && {
        account: { uid: accountId, name: accountName, type_id: 10, type: 'AWS Account' },
      }),
      ...(organizationId !== null && { org: { uid: organizationId, ou_name: ouPath } }),
    },
  };
}

function findingTimes({ executionTime }: ReportInput): object {
  const time = executionTime.getTime();
  const text = executionTime.toISOString();
  // Security Hub goes by the time of the last change.
  return { modified_time: time, modified_time_dt: text, last_seen_time: time, last_seen_time_dt: text };
}

/** Stays from run to run; a second row of the same identity gets a number. */
function uidOf(id: string, identity: string, countOf: (key: string) => number): string {
  const count = countOf(identity);
  return `aws-delegation/${id}/${identity}${count === 1 ? '' : `/${count}`}`;
}

function standardsOf(rule: Rule): { standards: string[]; requirements: string[] } {
  const named = Object.entries(rule.frameworks);
  const own = frameworks[0];
  if (named.length === 0 && own) return { standards: [own.title], requirements: [rule.title] };
  return {
    standards: named.map(([id]) => frameworkNamed(id)?.title ?? id),
    requirements: named.flatMap(([id, numbers]) => {
      const controls = frameworkNamed(id)?.controls ?? [];
      return numbers.map((number) => {
        const title = controls.find((control) => control.id === number)?.title;
        return `${id} ${number}${title === undefined ? '' : `: ${title}`}`;
      });
    }),
  };
}

const resourceTypes: readonly (readonly [pattern: RegExp, type: string])[] = [
  [/^\d{12}$/, 'AWS::Organizations::Account'],
  [/^o-[a-z0-9]+$/, 'AWS::Organizations::Organization'],
  [/^ou-[a-z0-9-]+$/, 'AWS::Organizations::OrganizationalUnit'],
  [/^p-[A-Za-z0-9_]+$/, 'AWS::Organizations::Policy'],
];

function resourcesOf(resourceId: string, { accountId, accountName, region }: Place): object[] {
  const typeOf = (id: string): string | undefined => resourceTypes.find(([pattern]) => pattern.test(id))?.[1];
  const judged = {
    uid: resourceId,
    name: resourceId === accountId ? accountName : null,
    type: typeOf(resourceId),
    region,
    role_id: 1,
    role: 'Target',
  };
  if (accountId === null || accountId === resourceId) return [judged];
  return [judged, { uid: accountId, name: accountName, type: typeOf(accountId), role_id: 4, role: 'Related' }];
}

/** Findings that are no verdicts: somebody should look at a waiver, or answer a question. */
function* noticesOf(input: ReportInput, countOf: (key: string) => number): Generator<object> {
  const notice = (kind: string, parts: readonly (string | null)[], place: Place, said: Said): object => ({
    ...frame(input, place, { activity: create, status: isNew, compliance: said.compliance }, informational, kind),
    message: said.text,
    finding_info: {
      uid: uidOf(kind, hashOf([kind, ...parts]), countOf),
      title: said.title,
      desc: said.text,
      ...findingTimes(input),
    },
    compliance: {
      control: said.control,
      standards: [said.standard],
      status_id: said.compliance.id,
      status: said.compliance.name,
      status_code: kind,
      status_details: [said.text],
    },
  });
  const nowhere: Place = { organizationId: null, accountId: null, accountName: null, ouPath: null, region: null };
  for (const waiver of idleWaivers(input)) {
    const { organizationId, rule, resource, accountId, region, expires, state } = waiver;
    yield notice(
      'waiver',
      [organizationId, rule, resource, accountId, region, expires],
      { ...nowhere, organizationId },
      {
        title: state === 'expired' ? 'A waiver has run out' : 'A waiver waives nothing',
        text: waiverText(waiver),
        control: rule,
        standard: frameworks[0]?.title ?? '',
        compliance: { id: 2, name: 'Warning' },
      },
    );
  }
  for (const { controlId, question } of manualQuestions(input)) {
    yield notice('manual', [input.framework?.id ?? null, controlId, question], nowhere, {
      title: 'A question that only a person can answer',
      text: question,
      control: controlId,
      standard: input.framework?.title ?? '',
      compliance: { id: 99, name: 'Manual' },
    });
  }
}

interface Said {
  readonly title: string;
  readonly text: string;
  readonly control: string;
  readonly standard: string;
  readonly compliance: Numbered;
}
