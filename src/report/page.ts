import { gzipSync } from 'node:zlib';
import { createHash } from 'node:crypto';
import {
  controlsOf,
  frameworks,
  type PageRow,
  type PageRows,
  type PageSet,
  type Rule,
  type RuleResult,
  type Status,
  type WaiverState,
} from '../rules/index.js';
import { accountLabel } from './account_label.js';
import { visible } from './characters.js';
import type {
  Denial,
  PageAccounts,
  PageData,
  PageGuardrails,
  PageOrganization,
  PageRule,
  PageUnit,
} from './page_data.js';
import { countVerdicts, groupVerdicts, type AccountIndex } from './page_verdicts.js';

export interface PageInput {
  readonly rows: PageRows;
  /** Every rule of the pack, those that were not run too. */
  readonly rules: readonly Rule[];
  /** Ids of those that were run; all where it is left out. */
  readonly ran?: readonly string[] | undefined;
  readonly results: readonly RuleResult[];
  readonly all: readonly RuleResult[];
  /** The statuses in `results`, where not all are. */
  readonly only?: readonly Status[] | undefined;
  readonly waivers: readonly WaiverState[];
  readonly executionTime: Date;
  readonly packVersion: string;
  readonly version: string;
}

/** What `npm run build` makes of src/page. */
export interface PageBundle {
  readonly script: string;
  readonly style: string;
}

/** The whole page; nothing in it is asked of anybody. */
export function htmlReport(input: PageInput, { script, style }: PageBundle): string {
  const data = pageData(input);
  // Nobody has to read the JSON, and text of that length is a tenth of it when packed.
  const packed = gzipSync(
    JSON.stringify(data, (_key, value: unknown) => (typeof value === 'string' ? visible(value) : value)),
    {
      level: 9,
    },
  ).toString('base64');
  const code = inScript(script);
  const look = style.replaceAll('</', '<\\/');
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hashOf(code)}'`,
    `style-src 'sha256-${hashOf(look)}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
  const [organization] = data.organizations;
  const title = `AWS delegation: ${organization?.organizationId ?? 'nothing read'}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="aws-delegation ${attribute(input.version)}">
<title>${attribute(visible(title))}</title>
<style>${look}</style>
</head>
<body>
<noscript><p>This report is one file without a server: a browser puts it together with the script that is in it. Switch scripts on for this file, or read <code>aws-delegation check --format markdown</code>.</p></noscript>
<div id="page"><p class="loading" role="status">Reading the report …</p></div>
<script type="application/octet-stream" id="data">${packed}</script>
<script>${code}</script>
</body>
</html>
`;
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64');

/** A script ends at the first of these, wherever it stands. */
const inScript = (code: string): string => code.replaceAll(/<\/(?=script)/gi, '<\\/').replaceAll('<!--', '\\x3C!--');

const attribute = (text: string): string => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

export function pageData(input: PageInput): PageData {
  const { rows, rules, ran, only, executionTime, packVersion, version } = input;
  return {
    version,
    packVersion,
    executedAt: `${executionTime.toISOString().slice(0, 19)}Z`,
    rules: rules.map(pageRule),
    ranOnly: ran !== undefined && ran.length < rules.length ? ran : null,
    toldOnly: only ?? null,
    frameworks: frameworks.map((framework) => ({
      id: framework.id,
      title: framework.title,
      controls: controlsOf(framework, rules).map(({ control, rules: answering }) => ({
        id: control.id,
        title: control.title,
        manual: control.manual,
        rules: answering.map(({ id }) => id),
      })),
    })),
    organizations: rows.sets.organizations.map((organization) => pageOrganization(organization, input)),
  };
}

function pageRule({ id, title, severity, frameworks, why, decides, unknown, remediation, source }: Rule): PageRule {
  return { id, title, severity, frameworks, why, decides, unknown, remediation, source };
}

function pageOrganization(row: PageRow, input: PageInput): PageOrganization {
  const sourceName = row['source_name'] as string | null;
  const organizationId = row['organization_id'] as string | null;
  // What the queries give is what the types say: the tests hold the two together.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- says at each place what it is
  const of = <Kind>(set: PageSet): Kind =>
    named(input.rows.sets[set].filter(({ source_name }) => source_name === sourceName)) as Kind;
  const units = unitsOf(row, of<UnitRow[]>('units'));
  const classes = guardrailsOf(input.rows.sets.guardrails.filter(({ source_name }) => source_name === sourceName));
  const accounts = accountsOf(of<AccountRow[]>('accounts'), units, classes.classOf);
  const accountIndex: AccountIndex = new Map(accounts.ids.map((id, index) => [id, index]));
  const labelOf = (index: number): string => accountLabel(accounts, units, index);
  const ruleIndex = new Map(input.rules.map(({ id }, index) => [id, index]));
  const isOwn = belongsTo(organizationId, input.rows.sets.organizations);
  const [policyState] = of<PageOrganization['policyState'][]>('policyStates');
  return {
    ...(named([row])[0] as unknown as Pick<
      PageOrganization,
      | 'sourceName'
      | 'organizationId'
      | 'managementAccountId'
      | 'askingAccountId'
      | 'partition'
      | 'featureSet'
      | 'scpStatus'
      | 'rootId'
      | 'syncTime'
      | 'wasRead'
      | 'isAbsent'
      | 'readError'
      | 'maxAgeHours'
      | 'lookbackDays'
    >),
    regions: of<{ region: string }[]>('regions').map(({ region }) => region),
    accounts,
    units,
    policies: of('policies'),
    guardrails: classes.guardrails,
    services: of('services'),
    delegations: of('delegations'),
    questions: of('questions'),
    openQuestions: of('openQuestions'),
    enrolments: of('enrolments'),
    scopes: of('scopes'),
    owners: of('owners'),
    policyState: policyState ?? { status: 'unknown', reason: 'nothing was synced', isAbsent: false },
    grants: of('grants'),
    principals: of('principals'),
    counts: countVerdicts(
      input.all.filter((result) => isOwn(result.organizationId)),
      ruleIndex,
    ),
    verdicts: groupVerdicts(
      input.results.filter((result) => isOwn(result.organizationId)),
      ruleIndex,
      accountIndex,
      labelOf,
    ),
    waivers: input.waivers
      .filter((waiver) => isOwn(waiver.organizationId))
      .map(({ rule, resource, accountId, region, reason, owner, ticket, approvedBy, expires, state }) => ({
        rule,
        resource,
        account: accountId,
        region,
        reason,
        owner,
        ticket,
        approvedBy,
        expires,
        state,
      })),
    approvals: of('approvals'),
    changes: of('changes'),
    resultChanges: named(
      input.rows.sets.resultChanges.filter((change) => isOwn(change['organization_id'] as string | null)),
    ) as unknown as PageOrganization['resultChanges'],
    drift:
      input.rows.drift === null
        ? null
        : (named(
            // A verdict on an organization that several sources read, or none, is of the organization.
            input.rows.drift.filter(({ source_name, organization_id }) =>
              source_name === null ? isOwn(organization_id as string | null) : source_name === sourceName,
            ),
          ) as unknown as PageOrganization['drift']),
    changesSince: input.rows.changesSince,
    reads: of('reads'),
    tables: of('tables'),
  };
}

/** A verdict names the organization, not the source: of one that was not read it names nobody, and then it is everybody's. */
function belongsTo(own: string | null, organizations: readonly PageRow[]): (id: string | null) => boolean {
  const known = new Set(organizations.map(({ organization_id }) => organization_id));
  return (id) => id === own || !known.has(id);
}

/** As members are called in TypeScript, without the source. */
function named(rows: readonly PageRow[]): Record<string, unknown>[] {
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row)
        .filter(([name]) => name !== 'source_name' || 'max_age_hours' in row)
        .map(([name, value]) => [name.replace(/_(\w)/g, (_whole, letter: string) => letter.toUpperCase()), value]),
    ),
  );
}

interface UnitRow {
  readonly id: string;
  readonly name: string | null;
  readonly path: string | null;
  readonly idPath: string;
  readonly parentId: string;
}

function unitsOf(organization: PageRow, rows: readonly UnitRow[]): PageUnit[] {
  const rootId =
    (organization['root_id'] as string | null) ??
    rows.find(({ parentId }) => parentId.startsWith('r-'))?.parentId ??
    '';
  const places = new Map([[rootId, 0]]);
  const units: PageUnit[] = [{ id: rootId, name: 'Root', path: '/', parent: -1 }];
  // Paths by IDs, sorted, have each unit after the one above.
  for (const { id, name, path, parentId } of rows) {
    places.set(id, units.length);
    units.push({ id, name: name ?? id, path: path ?? id, parent: places.get(parentId) ?? 0 });
  }
  return units;
}

interface AccountRow {
  readonly id: string;
  readonly name: string | null;
  readonly state: string | null;
  readonly idPath: string | null;
}

function accountsOf(
  rows: readonly AccountRow[],
  units: readonly PageUnit[],
  classOf: ReadonlyMap<string, number>,
): PageAccounts {
  const places = new Map(units.map(({ id }, index) => [id, index]));
  const stateNames = [...new Set(rows.map(({ state }) => state ?? 'not known'))].sort();
  const stateIndex = new Map(stateNames.map((name, index) => [name, index]));
  return {
    ids: rows.map(({ id }) => id),
    names: rows.map(({ name }) => name),
    states: rows.map(({ state }) => stateIndex.get(state ?? 'not known') ?? 0),
    stateNames,
    units: rows.map(({ idPath }) => (idPath === null ? -1 : (places.get(idPath.split('/').at(-1) ?? '') ?? -1))),
    classes: rows.map(({ id }) => classOf.get(id) ?? -1),
  };
}

function guardrailsOf(rows: readonly PageRow[]): { guardrails: PageGuardrails; classOf: Map<string, number> } {
  const controls = [...new Set(rows.map(({ control }) => control as string))].sort();
  const controlIndex = new Map(controls.map((control, index) => [control, index]));
  const reasons = new Map<string, number>();
  const numbers = new Map<string, number>();
  const classes: ([Denial, number] | null)[][] = [];
  const classOf = new Map<string, number>();
  for (const { class_id, control, denial, reason, account_ids } of rows) {
    const id = String(class_id);
    const number = numbers.get(id) ?? classes.push(controls.map(() => null)) - 1;
    numbers.set(id, number);
    const text = (reason as string | null) ?? '';
    const place = reasons.get(text) ?? reasons.size;
    reasons.set(text, place);
    const own = classes[number];
    if (own) own[controlIndex.get(control as string) ?? 0] = [denial as Denial, place];
    for (const account of (account_ids as string[] | null) ?? []) classOf.set(account, number);
  }
  return { guardrails: { controls, reasons: [...reasons.keys()], classes }, classOf };
}
