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
import { accountsOf, guardrailsOf, unitsOf, type AccountRow, type UnitRow } from './page_accounts.js';
import type { PageData, PageOrganization, PageRule } from './page_data.js';
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
