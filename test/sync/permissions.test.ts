import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { iamActionOf } from '../../src/catalog/index.js';
import type { Policy } from '../../src/cli/manager_policy.js';
import { delegatePolicy, readerPolicy } from '../../src/cli/roles.js';
import { missingActions } from '../../src/sync/index.js';
import { flatten } from '../../src/schema/index.js';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { tables } from '../../tables/index.js';
import { actionsFor, neededFor, probeFrom, syncFrom, type Options, type Synced } from '../support/source.js';

let simulator: Simulator;
/** Whose credentials the syncs have. */
let management: string;
beforeAll(async () => {
  simulator = await startSimulator({ scenario: 'demo' });
  simulator.change((scenario) => {
    management = scenario.organization?.management_account_id ?? '';
  });
});
afterAll(async () => {
  await simulator.close();
});

const roleName = 'audit/OrgAudit';
const role = { delegated_admin_role_name: roleName };

/** With every Region, of 34, a sync asks no other operation, and takes far longer. In the last one two services are not. */
const few = { regions: ['us-east-1', 'eu-central-1', 'eu-central-2'] };

const specs: Record<string, Options> = {
  'every table': { spec: few },
  'every table, with tags': { spec: { account_tags: true, ...few } },
  'what delegates show, with a role in them': {
    tables: flatten(tables).flatMap(({ name, delegates }) => (delegates === null ? [] : [name])),
    spec: { regions: ['us-east-1', 'eu-west-1'], ...role },
  },
  'accounts, with an owner chosen by tags': {
    tables: ['aws_organizations_accounts'],
    spec: { owners: { networking: { tags: { team: 'network' } } } },
  },
  delegation: { tables: ['aws_organizations_delegated_*', 'aws_organization_resource_pol*'] },
  'policy attachments': { tables: ['aws_organizations_policy_targets'] },
  'a service in two Regions': { tables: ['aws_guardduty_*'], spec: { regions: ['us-east-1', 'eu-west-1'] } },
  'a service, without the table of Regions, with a role in its delegates': {
    tables: ['aws_guardduty_*'],
    skipTables: ['aws_ec2_regions'],
    spec: role,
  },
};

const organizations = (name: string): string => `organizations:${name}`;

/** What cannot be asked without another call before it, as `table operation`; written down by hand. */
const dependents: Record<string, string[]> = {
  [organizations('ListRoots')]: [
    'aws_organizations_organizational_units organizations:ListOrganizationalUnitsForParent',
    'aws_organizations_organizational_unit_parents organizations:ListOrganizationalUnitsForParent',
    'aws_organizations_accounts organizations:ListOrganizationalUnitsForParent',
    'aws_organizations_policies organizations:ListPolicies',
    'aws_organizations_policies organizations:DescribePolicy',
    'aws_organizations_policy_targets organizations:ListTargetsForPolicy',
    'aws_organizations_roots organizations:ListTagsForResource',
  ],
  [organizations('ListPolicies')]: [
    'aws_organizations_policies organizations:DescribePolicy',
    'aws_organizations_policy_targets organizations:ListTargetsForPolicy',
  ],
  [organizations('ListAccounts')]: ['aws_organizations_accounts organizations:ListTagsForResource'],
  'inspector2:ListDelegatedAdminAccounts': [
    'aws_inspector2_organization_admin_accounts inspector2:GetDelegatedAdminAccount',
    'aws_inspector2_organization_configurations inspector2:DescribeOrganizationConfiguration',
  ],
  'cloudtrail:DescribeTrails': ['aws_cloudtrail_trails cloudtrail:GetTrailStatus'],
  'cloudtrail:ListEventDataStores': ['aws_cloudtrail_event_data_stores cloudtrail:GetEventDataStore'],
  [organizations('ListDelegatedAdministrators')]: [
    'aws_organizations_delegated_services organizations:ListDelegatedServicesForAccount',
    'aws_accessanalyzer_analyzers access-analyzer:ListAnalyzers',
    'aws_config_configuration_aggregators config:DescribeConfigurationAggregators',
    'aws_securitylake_organization_configurations securitylake:GetDataLakeOrganizationConfiguration',
  ],
  [organizations('DescribeOrganization')]: [
    'aws_accessanalyzer_analyzers access-analyzer:ListAnalyzers',
    'aws_accessanalyzer_analyzers organizations:ListDelegatedAdministrators',
    'aws_cloudtrail_organization_events cloudtrail:LookupEvents',
    'aws_cloudtrail_organization_events organizations:DescribeResourcePolicy',
    'aws_config_configuration_aggregators config:DescribeConfigurationAggregators',
    'aws_config_configuration_aggregators organizations:ListDelegatedAdministrators',
  ],
  'detective:ListOrganizationAdminAccounts': [
    'aws_detective_organization_configurations detective:DescribeOrganizationConfiguration',
    'aws_detective_organization_configurations detective:ListGraphs',
  ],
  'detective:ListGraphs': ['aws_detective_organization_configurations detective:DescribeOrganizationConfiguration'],
  'guardduty:ListOrganizationAdminAccounts': [
    'aws_guardduty_organization_configurations guardduty:DescribeOrganizationConfiguration',
    'aws_guardduty_organization_configurations guardduty:ListDetectors',
  ],
  'guardduty:ListDetectors': ['aws_guardduty_organization_configurations guardduty:DescribeOrganizationConfiguration'],
  'macie2:ListOrganizationAdminAccounts': [
    'aws_macie2_organization_configurations macie2:DescribeOrganizationConfiguration',
  ],
  'securityhub:ListOrganizationAdminAccounts': [
    'aws_securityhub_organization_configurations securityhub:DescribeOrganizationConfiguration',
  ],
  'sts:AssumeRole': [
    'aws_accessanalyzer_analyzers access-analyzer:ListAnalyzers',
    'aws_cloudtrail_organization_events cloudtrail:LookupEvents',
    'aws_config_configuration_aggregators config:DescribeConfigurationAggregators',
    'aws_detective_organization_configurations detective:DescribeOrganizationConfiguration',
    'aws_detective_organization_configurations detective:ListGraphs',
    'aws_guardduty_organization_configurations guardduty:DescribeOrganizationConfiguration',
    'aws_guardduty_organization_configurations guardduty:ListDetectors',
    'aws_inspector2_organization_configurations inspector2:DescribeOrganizationConfiguration',
    'aws_securityhub_organization_configurations securityhub:DescribeOrganizationConfiguration',
    'aws_securitylake_organization_configurations securitylake:GetDataLakeOrganizationConfiguration',
  ],
};

type Who = 'reader' | 'delegate';
type Rule = string | { action: string; resource: string };

/** The endpoint does not matter for what is needed. */
const needed = (options: Options): ReturnType<typeof neededFor> => neededFor({ url: 'http://localhost:1' }, options);

/** What is asked with the credentials of each; AWS checks more than that. */
function operationsOf(who: Who, options: Options): string[] {
  const { operations, delegate } = needed(options);
  return who === 'reader' ? operations : delegate.filter((action) => !action.startsWith('organizations:'));
}

const cases = Object.entries(specs).flatMap(([name, options]) =>
  (['reader', 'delegate'] as const)
    .filter((who) => who === 'reader' || needed(options).assumedRole !== undefined)
    .flatMap((who) => operationsOf(who, options).map((action) => ({ name, options, who, action }))),
);

/** The policies of `iam-policy`, as the simulator takes them: it has one name for an operation and its action. */
function rulesOf({ Statement }: Policy, operations: readonly string[]): Rule[] {
  const operationOf = new Map(operations.map((operation) => [iamActionOf(operation), operation]));
  return Statement.flatMap(({ Action, Resource }) =>
    Action.map((action) => operationOf.get(action) ?? action).map((action) =>
      Resource === '*' ? action : { action, resource: Resource },
    ),
  );
}

function grant(options: Options, lacking?: { who: Who; action: string }): void {
  const actions = needed(options);
  const left = (who: Who, rules: Rule[]): Rule[] =>
    lacking?.who !== who
      ? rules
      : rules.filter((rule) => (typeof rule === 'string' ? rule : rule.action) !== lacking.action);
  simulator.change((scenario) => {
    const reader = left('reader', rulesOf(readerPolicy(actions), actions.operations));
    scenario.keys = { AKIATEST: { account: management, denied: [], allowed: reader } };
    const allowed = left('delegate', rulesOf(delegatePolicy(actions), []));
    scenario.roles = [{ arn: `arn:*:iam::*:role/${roleName}`, denied: [], allowed }];
  });
  simulator.requests.length = 0;
}

function grantEverything(): void {
  simulator.change((scenario) => {
    scenario.keys = {};
    delete scenario.roles;
  });
  simulator.requests.length = 0;
}

/** Operations, in alphabetical order. */
function asked(who?: Who): string[] {
  const isTheirs = ({ account }: Simulator['requests'][number]): boolean =>
    who === undefined || (account === management) === (who === 'reader');
  const operations = new Set(simulator.requests.filter(isTheirs).map(({ operation }) => operation));
  operations.delete('sts:GetCallerIdentity');
  return [...operations].sort();
}

/** Asked besides where a service says "nobody" and no table has read the organization. Where it is denied, the answer stands. */
const whoManages = organizations('DescribeOrganization');

function askedOf(operations: readonly string[]): string[] {
  return asked().filter((operation) => operation !== whoManages || operations.includes(operation));
}

function rowsOf({ reads }: Synced, isWanted: (read: Synced['reads'][number]) => boolean): string[] {
  const rows = reads.filter(isWanted).map((read) => `${String(read['table_name'])} ${String(read['operation'])}`);
  return [...new Set(rows)].sort();
}

/** In the demo the management account itself administers Macie. */
const askedOfManagementOnly = 'macie2:DescribeOrganizationConfiguration';

/** Every action is used; only without a role in the delegates those are not that only a delegate is asked for. */
function expectEachUsed(options: Options): void {
  const { operations, assumedRole } = needed(options);
  const ofDelegates = operationsOf('delegate', options);
  if (assumedRole === undefined) {
    expect(asked('delegate')).toEqual([]);
    expect(operations).toEqual(expect.arrayContaining(askedOf(operations)));
    expect(ofDelegates).toEqual(expect.arrayContaining(operations.filter((each) => !asked().includes(each))));
  } else {
    expect(askedOf(operations)).toEqual(operations);
    expect(asked('delegate')).toEqual(ofDelegates.filter((each) => each !== askedOfManagementOnly));
  }
}

describe.each(Object.entries<Options>({ ...specs, 'every table, in every Region': {} }))(
  'with the policies of iam-policy: %s',
  (_name, options) => {
    it('nothing is denied, and every action of them is used', async () => {
      grant(options);
      const synced = await syncFrom(simulator, options);
      expect(synced.reads.filter(({ outcome }) => outcome === 'denied' || outcome === 'failed')).toEqual([]);
      expect(synced.errors).toEqual({});
      expectEachUsed(options);
    });

    it('test-connection finds everything allowed, and tries each action', async () => {
      grant(options);
      const { calls } = await probeFrom(simulator, options);
      expect(calls.filter(({ outcome }) => !['ok', 'absent', 'skipped'].includes(outcome))).toEqual([]);
      expectEachUsed(options);
    });
  },
);

/** With every right: how each read ends, as `table operation`, and who asks what. Once for all cases of a spec. */
const whole = new Map<Options, { known: Set<string>; asked: Record<Who, string[]> }>();

async function wholeSync(options: Options): Promise<{ known: Set<string>; asked: Record<Who, string[]> }> {
  const before = whole.get(options);
  if (before) return before;
  grantEverything();
  const synced = await syncFrom(simulator, options);
  const known = new Set(
    rowsOf(
      synced,
      // Who is left out for want of a role is found first: without that, nobody knows whether there is anybody.
      ({ outcome, error_code: code }) => outcome === 'ok' || outcome === 'absent' || code === 'NoDelegateAccess',
    ),
  );
  const result = { known, asked: { reader: asked('reader'), delegate: asked('delegate') } };
  whole.set(options, result);
  return result;
}

describe('without one action of the policies', () => {
  it.each(cases)('$name, $action of the $who: the sync lacks its reads and what hangs on them', async (each) => {
    const { known, asked: askedBefore } = await wholeSync(each.options);
    const isAsked = askedBefore[each.who].includes(each.action);
    const own = [...known].filter((row) => row.endsWith(` ${each.action}`));
    const hanging = (dependents[each.action] ?? []).filter((row) => known.has(row));

    grant(each.options, each);
    const synced = await syncFrom(simulator, each.options);
    const denied = synced.reads.filter(({ outcome }) => outcome === 'denied');
    expect(rowsOf(synced, (read) => denied.includes(read))).toEqual(
      isAsked ? [...new Set([...own, ...hanging])].sort() : [],
    );
    // Whatever is denied names the one action that is missing.
    for (const { error_message: message } of denied) expect(message).toContain(each.action);
    expect(synced.reads.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  });

  it.each(cases)('$name, $action of the $who: test-connection names it, and nothing else', async (each) => {
    const { asked: askedBefore } = await wholeSync(each.options);
    const isAsked = askedBefore[each.who].includes(each.action);
    grant(each.options, each);
    const { calls } = await probeFrom(simulator, each.options);
    expect(missingActions(calls)).toEqual(isAsked ? [iamActionOf(each.action)] : []);
    const others = calls.filter(({ operation }) => operation !== each.action);
    expect(others.filter(({ outcome }) => outcome === 'denied' || outcome === 'failed')).toEqual([]);
    const untried = others.filter(({ outcome }) => outcome === 'untried');
    for (const { message } of untried)
      expect(message).toBe(`not tried, because ${each.action.split(':')[1] ?? ''} was denied`);
    const hanging = (dependents[each.action] ?? []).map((row) => row.split(' ')[1]);
    expect(hanging).toEqual(expect.arrayContaining([...new Set(untried.map(({ operation }) => operation))]));
    expect(calls.filter(({ operation }) => operation === each.action).length).toBeGreaterThan(0);
  });
});

describe('the permissions of a table', () => {
  it.each(flatten(tables).map(({ name }) => name))('%s: are the operations that reading it sends', async (name) => {
    const options = { tables: [name], spec: { account_tags: true, ...few, ...role } };
    grantEverything();
    await syncFrom(simulator, options);
    // Nobody else need be asked where the account that asks administers the service, or where nobody does.
    const isElsewhere = asked('delegate').length > 0;
    const actions = actionsFor(simulator, options).filter((each) => each !== 'sts:AssumeRole' || isElsewhere);
    expect(askedOf(actions)).toEqual(actions);
  });
});
