import {
  loadRules,
  type PageRow,
  type PageRows,
  type PageSet,
  type Rule,
  type RuleResult,
} from '../../src/rules/index.js';
import { pageData, type PageInput } from '../../src/report/index.js';
import { makeModel, type Model } from '../../src/page/model/model.js';
import { queriesDirectory } from '../../src/cli/package.js';

const sets: Record<PageSet, PageRow[]> = {
  organizations: [],
  regions: [],
  accounts: [],
  units: [],
  policies: [],
  guardrails: [],
  services: [],
  delegations: [],
  questions: [],
  openQuestions: [],
  enrolments: [],
  scopes: [],
  owners: [],
  policyStates: [],
  grants: [],
  principals: [],
  approvals: [],
  changes: [],
  reads: [],
  tables: [],
  resultChanges: [],
};

export const management = '111111111111';
export const security = '222222222222';
export const network = '333333333333';

export const organizationRow = (more: PageRow = {}): PageRow => ({
  source_name: 'prod',
  organization_id: 'o-example',
  management_account_id: management,
  asking_account_id: management,
  partition: 'aws',
  feature_set: 'ALL',
  scp_status: 'ENABLED',
  root_id: 'r-root',
  sync_time: '2026-11-01T12:00:00Z',
  was_read: true,
  is_absent: false,
  read_error: null,
  max_age_hours: 24,
  lookback_days: 90,
  ...more,
});

export const accountRow = (
  id: string,
  name: string | null,
  idPath: string | null = 'r-root',
  more: PageRow = {},
): PageRow => ({
  source_name: 'prod',
  id,
  name,
  state: 'ACTIVE',
  id_path: idPath,
  ...more,
});

export const serviceRow = (id: string, more: PageRow = {}): PageRow => ({
  source_name: 'prod',
  id,
  name: `Service ${id}`,
  category: 'security',
  is_security: true,
  methods: ['organizations', 'service'],
  is_regional: true,
  group: id,
  group_name: id,
  principals: [`${id}.amazonaws.com`],
  max_administrators: 1,
  may_differ: false,
  notes: null,
  power: 'configures_members',
  can: 'see findings of members',
  cannot: null,
  is_used: true,
  use_reason: null,
  owners: 'infosec',
  trusted_since: null,
  is_trusted: true,
  ...more,
});

export const delegationRow = (
  service: string,
  method: string,
  region: string | null,
  account: string,
  more: PageRow = {},
): PageRow => ({
  source_name: 'prod',
  service,
  service_name: `Service ${service}`,
  category: 'security',
  method,
  region,
  account,
  account_name:
    { [management]: 'Management', [security]: 'Security Tooling', [network]: 'Network Hub' }[account] ?? null,
  path: '/',
  state: 'ACTIVE',
  is_management: account === management,
  since: null,
  status: null,
  is_held: true,
  principal: null,
  ...more,
});

export const questionRow = (service: string, method: string, region: string | null, wasRead = true): PageRow => ({
  source_name: 'prod',
  service,
  method,
  region,
  was_read: wasRead,
  cause: wasRead ? null : 'unread',
  error: wasRead ? null : `${service} was denied in ${region ?? 'general'}`,
});

export const tableRow = (name: string, wasRead = true): PageRow => ({
  source_name: 'prod',
  name,
  was_read: wasRead,
  is_absent: false,
  cause: wasRead ? null : 'unread',
  error: wasRead ? null : `${name} was denied`,
});

export async function pageInput(
  rows: Partial<Record<PageSet, readonly PageRow[]>> = {},
  more: Partial<PageInput> = {},
): Promise<PageInput> {
  const page: PageRows = {
    sets: {
      ...sets,
      organizations: [organizationRow()],
      tables: [tableRow('aws_organizations_accounts')],
      ...rows,
    },
    drift: null,
    changesSince: '2026-08-03T12:00:00Z',
  };
  return {
    rows: page,
    rules: await loadRules(queriesDirectory),
    results: [],
    all: more.results ?? [],
    waivers: [],
    executionTime: new Date('2026-11-01T13:00:00Z'),
    packVersion: '0.1.0',
    version: '0.1.0',
    ...more,
  };
}

export async function modelOf(
  rows: Partial<Record<PageSet, readonly PageRow[]>>,
  more: Partial<PageInput> = {},
): Promise<Model> {
  const data = pageData(await pageInput(rows, more));
  const [organization] = data.organizations;
  if (!organization) throw new Error('There is no organization in it.');
  return makeModel(data, organization);
}

export function verdict(rule: Rule | undefined, more: Partial<RuleResult> = {}): RuleResult {
  if (!rule) throw new Error('There is no such rule.');
  return {
    rule,
    organizationId: 'o-example',
    accountId: null,
    region: null,
    resourceId: 'x',
    status: 'fail',
    rawStatus: 'fail',
    reason: 'something is wrong',
    unknownCause: null,
    waiver: null,
    remediation: null,
    ...more,
  };
}
