import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingActions } from '../../src/sync/index.js';
import { flatten } from '../../src/schema/index.js';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { tables } from '../../tables/index.js';
import { actionsFor, probeFrom, syncFrom, type Options, type Synced } from '../support/source.js';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ scenario: 'demo' });
});
afterAll(async () => {
  await simulator.close();
});

const specs: Record<string, Options> = {
  'every table': {},
  'every table, with tags': { spec: { account_tags: true } },
  'accounts, with an owner chosen by tags': {
    tables: ['aws_organizations_accounts'],
    spec: { owners: { networking: { tags: { team: 'network' } } } },
  },
  delegation: { tables: ['aws_organizations_delegated_*', 'aws_organization_resource_pol*'] },
  'policy attachments': { tables: ['aws_organizations_policy_targets'] },
  'a service in two Regions': { tables: ['aws_guardduty_*'], spec: { regions: ['us-east-1', 'eu-west-1'] } },
  'a service, without the table of Regions': { tables: ['aws_guardduty_*'], skipTables: ['aws_ec2_regions'] },
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
  [organizations('ListAccounts')]: [
    'aws_organizations_accounts organizations:ListRoots',
    'aws_organizations_accounts organizations:ListOrganizationalUnitsForParent',
    'aws_organizations_accounts organizations:ListTagsForResource',
  ],
  'inspector2:ListDelegatedAdminAccounts': [
    'aws_inspector2_organization_admin_accounts inspector2:GetDelegatedAdminAccount',
  ],
  'cloudtrail:DescribeTrails': ['aws_cloudtrail_trails cloudtrail:GetTrailStatus'],
  'cloudtrail:ListEventDataStores': ['aws_cloudtrail_event_data_stores cloudtrail:GetEventDataStore'],
  [organizations('ListDelegatedAdministrators')]: [
    'aws_organizations_delegated_services organizations:ListDelegatedServicesForAccount',
  ],
};

const cases = Object.entries(specs).flatMap(([name, options]) => {
  // The endpoint does not matter for what is needed.
  const actions = actionsFor({ url: 'http://localhost:1' }, options);
  return actions.map((action) => ({ name, options, action, actions }));
});

function allow(actions: readonly string[] | undefined): void {
  simulator.change((scenario) => {
    scenario.allowed = actions && [...actions];
  });
  simulator.requests.length = 0;
}

function asked(): string[] {
  const operations = new Set(simulator.requests.map(({ operation }) => operation));
  operations.delete('sts:GetCallerIdentity');
  return [...operations].sort();
}

function rowsOf({ reads }: Synced, isWanted: (read: Synced['reads'][number]) => boolean): string[] {
  const rows = reads.filter(isWanted).map((read) => `${String(read['table_name'])} ${String(read['operation'])}`);
  return [...new Set(rows)].sort();
}

describe.each(Object.entries(specs))('with the policy of iam-policy: %s', (_name, options) => {
  it('nothing is denied, and every action of it is used', async () => {
    const actions = actionsFor(simulator, options);
    allow(actions);
    const synced = await syncFrom(simulator, options);
    expect(synced.reads.filter(({ outcome }) => outcome === 'denied' || outcome === 'failed')).toEqual([]);
    expect(synced.errors).toEqual({});
    expect(asked()).toEqual(actions);
  });

  it('test-connection finds everything allowed, and tries each action', async () => {
    const actions = actionsFor(simulator, options);
    allow(actions);
    const { calls } = await probeFrom(simulator, options);
    expect(calls.filter(({ outcome }) => !['ok', 'absent', 'skipped'].includes(outcome))).toEqual([]);
    expect(asked()).toEqual(actions);
  });
});

describe('without one action of the policy', () => {
  it.each(cases)('$name, $action: the sync lacks its reads and what hangs on them', async (each) => {
    allow(undefined);
    const whole = await syncFrom(simulator, each.options);
    const known = new Set(rowsOf(whole, ({ outcome }) => outcome === 'ok' || outcome === 'absent'));
    const own = [...known].filter((row) => row.endsWith(` ${each.action}`));
    const hanging = (dependents[each.action] ?? []).filter((row) => known.has(row));

    allow(each.actions.filter((action) => action !== each.action));
    const synced = await syncFrom(simulator, each.options);
    const denied = synced.reads.filter(({ outcome }) => outcome === 'denied');
    expect(rowsOf(synced, (read) => denied.includes(read))).toEqual([...new Set([...own, ...hanging])].sort());
    // Whatever is denied names the one action that is missing.
    for (const { error_message: message } of denied) expect(message).toContain(each.action);
    expect(synced.reads.filter(({ outcome }) => outcome === 'failed')).toEqual([]);
  });

  it.each(cases)('$name, $action: test-connection names it, and nothing else', async (each) => {
    allow(each.actions.filter((action) => action !== each.action));
    const { calls } = await probeFrom(simulator, each.options);
    expect(missingActions(calls)).toEqual([each.action]);
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
    const options = { tables: [name], spec: { account_tags: true } };
    allow(undefined);
    await syncFrom(simulator, options);
    expect(asked()).toEqual(actionsFor(simulator, options));
  });
});
