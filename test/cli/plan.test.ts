import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEarlierSync } from '../../src/cli/earlier_sync.js';
import { Source } from '../../src/plugin/source.js';
import { loadScenario, startSimulator, type LoggedRequest, type Simulator } from '../../src/simulator/index.js';
import type { Sizes, SyncPlan } from '../../src/sync/index.js';
import { run, type Ended } from '../support/cli.js';
import { freshDatabase } from '../support/postgres.js';
import { specFor, syncFrom, type Options } from '../support/source.js';

let folder: string;
let simulator: Simulator;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'plan-'));
  simulator = await startSimulator({ scenario: 'minimal' });
});
afterAll(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true });
});

/** Services that the simulator does not have fail, and say nothing. */
const lenient = { on_failure: 'report' };

function specFile(spec: object = lenient, tables = ['*']): string {
  const path = join(folder, 'spec.yml');
  const source = {
    name: 'test',
    registry: 'local',
    path: 'bin/aws-delegation',
    tables,
    destinations: ['postgresql'],
    spec: { ...specFor(simulator), ...spec },
  };
  writeFileSync(path, JSON.stringify({ kind: 'source', spec: source }));
  return path;
}

/** In a home of its own: nothing of an embedded server is there. */
function command(...args: string[]): Promise<Ended> {
  return run(args, { cwd: folder, env: { AWS_DELEGATION_HOME: join(folder, 'home') } });
}

function planFor(options: Options, sizes: Sizes): SyncPlan {
  const spec = Buffer.from(JSON.stringify(specFor(simulator, options)));
  const { tables = ['*'], skipTables = [] } = options;
  return new Source('test', () => undefined).plan(spec, { tables, skipTables, skipDependentTables: true }, sizes);
}

/** By operation, of the services that the simulator has. */
function asked(requests: readonly LoggedRequest[]): { counts: Record<string, number>; unknown: Set<string> } {
  const counts: Record<string, number> = {};
  for (const { operation } of requests) if (operation !== '') counts[operation] = (counts[operation] ?? 0) + 1;
  return { counts, unknown: new Set(requests.filter((each) => each.operation === '').map(({ service }) => service)) };
}

function plannedCounts({ operations }: SyncPlan, unknown: ReadonlySet<string>): Record<string, number> {
  return Object.fromEntries(
    operations
      .filter(({ operation, calls }) => calls > 0 && !unknown.has(operation.split(':')[0] ?? ''))
      .map(({ operation, calls }) => [operation, calls]),
  );
}

const selections: Record<string, Options> = {
  'every table': {},
  'every table, with tags': { spec: { account_tags: true } },
  delegation: { tables: ['aws_organizations_delegated_*', 'aws_organization_resource_pol*'] },
  'policies without their targets': {
    tables: ['aws_organizations_policies'],
    skipTables: ['aws_organizations_policy_targets'],
  },
  'accounts alone': { tables: ['aws_organizations_accounts'] },
  'accounts alone, with tags': { tables: ['aws_organizations_accounts'], spec: { account_tags: true } },
  'tags of the root alone': { tables: ['aws_organizations_roots'], spec: { account_tags: true } },
  'administrators in two Regions': {
    tables: ['aws_*_organization_admin_accounts'],
    spec: { regions: ['eu-west-1', 'us-east-1'] },
  },
  'a Region that is off': { tables: ['aws_guardduty_*'], spec: { regions: ['af-south-1', 'us-east-1'] } },
  'what surrounds the administrators': {
    tables: ['aws_cloudtrail_*', 'aws_ec2_*', 'aws_iam_*', 'aws_networkmanager_*'],
  },
  'a service, without the table of Regions': { tables: ['aws_guardduty_*'], skipTables: ['aws_ec2_regions'] },
  'settings of members': { tables: ['aws_*_organization_configurations'] },
  'events, in three Regions': {
    tables: ['aws_cloudtrail_organization_events'],
    spec: { regions: ['af-south-1', 'eu-central-1', 'us-east-1'] },
  },
};

const inDelegates = { delegated_admin_role_name: 'OrgAudit' };
const selectionsInDelegates: Record<string, Options> = {
  'every table': { spec: inDelegates },
  'settings of members': { tables: ['aws_*_organization_configurations'], spec: inDelegates },
  'settings of Inspector and Detective in two Regions': {
    tables: ['aws_inspector2_*', 'aws_detective_*'],
    spec: { ...inDelegates, regions: ['eu-west-1', 'us-east-1'] },
  },
  'aggregators and analyzers': { tables: ['aws_config_*', 'aws_accessanalyzer_*'], spec: inDelegates },
  events: { tables: ['aws_cloudtrail_organization_events'], spec: inDelegates },
  'no table that an administrator shows': { tables: ['aws_organizations_*'], spec: inDelegates },
};

const organizations = {
  demo: () => loadScenario('demo'),
  minimal: () => loadScenario('minimal'),
  large: () => loadScenario('large', { accounts: 300 }),
};

const kinds = [
  ['with credentials of one account', lenient, selections],
  ['with a role in the delegates', { ...lenient, ...inDelegates }, selectionsInDelegates],
] as const;

describe.each(
  Object.entries(organizations).flatMap(([name, scenario]) => kinds.map((kind) => [name, ...kind, scenario] as const)),
)('with the sizes of an earlier sync: %s, %s', (_name, _kind, earlier, chosen, scenario) => {
  let sizes: Sizes;
  beforeAll(async () => {
    simulator.setScenario(scenario());
    const { url } = await freshDatabase();
    const { code, stderr } = await command('sync', specFile(earlier), '--database', url);
    expect([0, 2], stderr).toContain(code);
    sizes = (await readEarlierSync(url, 'test'))?.sizes ?? {};
    expect(sizes.accounts).toBe(simulator.scenario.organization?.accounts.length);
  }, 120_000);

  it.each(Object.entries(chosen))('the plan is what the sync asks: %s', async (_selection, options) => {
    const lenientOptions = { ...options, spec: { ...lenient, ...options.spec } };
    simulator.requests.length = 0;
    await syncFrom(simulator, lenientOptions);
    const { counts, unknown } = asked(simulator.requests);
    const plan = planFor(lenientOptions, sizes);
    // Whether a service will say that it has nobody, nobody knows before.
    const { 'organizations:DescribeOrganization': whoManages = 0, ...planned } = plannedCounts(plan, unknown);
    const { 'organizations:DescribeOrganization': wasAsked = 0, ...others } = counts;
    expect(planned).toEqual(others);
    expect(wasAsked).toBeLessThanOrEqual(Math.max(whoManages, 1));
    expect(wasAsked).toBeGreaterThanOrEqual(whoManages);
    expect(plan.areRegionsKnown).toBe(true);
    if (unknown.size === 0) expect(plan.assumed).toEqual([]);
  });

  it('says what each call is for that could be left out', () => {
    for (const { operation, calls, fewestCalls, why } of planFor({ spec: earlier }, sizes).operations) {
      expect(fewestCalls, operation).toBeLessThanOrEqual(calls);
      expect(why !== undefined, operation).toBe(calls > fewestCalls);
    }
  });
});

describe('the plan without an earlier sync', () => {
  it('takes the smallest organization, and every Region of the partition', () => {
    const plan = planFor({}, {});
    expect(plan.areRegionsKnown).toBe(false);
    expect(plan.assumed).toEqual(expect.arrayContaining(['1 account', 'no OUs', 'no delegated administrators']));
    const guardduty = plan.operations.find(({ operation }) => operation === 'guardduty:ListOrganizationAdminAccounts');
    expect(guardduty?.regions).toEqual(expect.arrayContaining(['us-east-1', 'af-south-1', 'sa-west-1']));
    expect(guardduty).toMatchObject({ calls: 36, fewestCalls: 36, rate: undefined, seconds: undefined });
  });

  it('assumes nothing that the tables do not need', () => {
    const plan = planFor({ tables: ['aws_organizations_delegated_administrators'] }, { delegates: 21 });
    expect(plan).toMatchObject({ assumed: [], areRegionsKnown: true });
    expect(plannedCounts(plan, new Set())).toEqual({
      'organizations:ListDelegatedAdministrators': 2,
      'sts:GetCallerIdentity': 1,
      'ec2:DescribeRegions': 1,
    });
  });

  it.each([
    ['cn-north-1', 'aws-cn', 'cn-northwest-1'],
    ['us-gov-east-1', 'aws-us-gov', 'us-gov-west-1'],
  ])('finds the partition by the Regions: %s', (region, partition, home) => {
    const plan = planFor({ spec: { regions: [region] } }, {});
    expect(plan.partition).toBe(partition);
    const accounts = plan.operations.find(({ operation }) => operation === 'organizations:ListAccounts');
    expect(accounts?.regions).toEqual([home]);
    expect(plan.operations.some(({ operation }) => operation.startsWith('macie2:'))).toBe(true);
  });

  it('counts the seconds of the slowest bucket, after its burst', () => {
    const plan = planFor({}, { accounts: 1000, policiesPerType: [200], customerPolicies: 190 });
    expect(plan).toMatchObject({ slowest: 'organizations:DescribePolicy', seconds: 99 });
    expect(plan.operations[0]).toMatchObject({ calls: 200, fewestCalls: 190, seconds: 99 });
    const second = plan.operations[1];
    expect(second).toMatchObject({ operation: 'organizations:ListTargetsForPolicy', calls: 200, seconds: 38.4 });
    // In each Region by itself: that of the organization's own events takes longest.
    expect(planFor({}, {})).toMatchObject({ slowest: 'cloudtrail:LookupEvents' });
    const events = planFor({ tables: ['aws_cloudtrail_organization_events'], spec: { regions: ['us-east-1'] } }, {});
    expect(events.operations[0]).toMatchObject({ calls: 39, fewestCalls: 0, seconds: 18.5 });
    expect(planFor({ skipTables: ['aws_cloudtrail_organization_events'] }, {})).toMatchObject({
      slowest: undefined,
      seconds: 0,
    });
  });
});

describe('sync --plan', () => {
  it('prints calls, time and what was assumed, and asks nobody', async () => {
    simulator.requests.length = 0;
    const { code, stdout } = await command('sync', specFile(), '--plan', '--accounts', '50', '--policies', '30');
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/^Operation +Regions +Calls +Fewest +Rate +Seconds$/);
    expect(lines[1]).toMatch(/^cloudtrail:LookupEvents +36 Regions +\d+ +0 +2\/s, burst 2, per Region +\d+\.\d$/);
    expect(stdout).toMatch(/^organizations:DescribePolicy +us-east-1 +30 +30 +2\/s, burst 2 +14\.0$/m);
    expect(stdout).toMatch(/^organizations:ListAccounts +us-east-1 +3 +3 +8\/s, burst 12 +0$/m);
    expect(stdout).toMatch(/^guardduty:ListOrganizationAdminAccounts +36 Regions +36 +36 +not documented +not known$/m);
    expect(stdout).toMatch(/^At least \d+ calls; \d+ would tell/m);
    expect(stdout).toMatch(/cloudtrail:LookupEvents decides: \d+ calls at 2 a second in each Region, after a burst/);
    expect(stdout).toContain('- ec2:DescribeRegions, 1: spares');
    expect(stdout).toContain('- no OUs');
    expect(stdout).not.toContain('- 1 account');
    expect(stdout).toContain('the embedded PostgreSQL does not run');
    expect(stdout).toMatch(/Regions: 36 of aws/);
    expect(simulator.requests).toEqual([]);
  });

  it('takes the sizes of the newest sync of this source, and is JSON for programs', async () => {
    simulator.setScenario('minimal');
    const { url } = await freshDatabase();
    const never = await command('sync', specFile(), '--plan', '--database', url);
    expect(never.stdout).toContain('the source "test" was never synced into the database of --database');

    const tables = ['aws_organizations*'];
    expect((await command('sync', specFile({}, tables), '--database', url)).code).toBe(0);
    simulator.requests.length = 0;
    const { code, stdout } = await command(
      'sync',
      specFile({}, tables),
      '--plan',
      '--format',
      'json',
      '--database',
      url,
    );
    expect(code).toBe(0);
    const plan = JSON.parse(stdout) as Record<string, unknown>;
    expect(plan).toMatchObject({ source: 'test', isExact: true, assumed: [], areRegionsKnown: true, slowest: null });
    expect(plan['sizesFrom']).toMatch(/^\d{4}-\d\d-\d\d /);
    expect(plan['operations']).toContainEqual({
      operation: 'organizations:ListOrganizationalUnitsForParent',
      regions: ['us-east-1'],
      calls: 2,
      fewestCalls: 2,
      why: null,
      rate: expect.objectContaining({ account: { perSecond: 5, burst: 8 }, isPerRegion: false }) as object,
      seconds: 0,
    });
    expect(simulator.requests).toEqual([]);

    // What the user gives goes before it, with all that hangs on it.
    const larger = await command('sync', specFile({}, tables), '--plan', '--policies', '400', '--database', url);
    expect(larger.stdout).toMatch(/^organizations:ListTargetsForPolicy +us-east-1 +400 /m);
    expect(larger.stdout).toMatch(/^At least /m);
  }, 60_000);

  it('goes on without a database that does not answer, and says so without its password', async () => {
    const { code, stdout } = await command(
      'sync',
      specFile(),
      '--plan',
      '--database',
      'postgresql://me:secret@127.0.0.1:9/none',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/No earlier sync was looked at: PostgreSQL: /);
    expect(stdout).not.toContain('secret');
  });

  it.each<[string[], RegExp]>([
    [['--accounts', '10'], /--accounts goes with --plan/],
    [['--format', 'json'], /--format goes with --plan/],
    [['--plan', '--accounts', 'many'], /Expected a whole number, found 'many'/],
    [['--plan', '--ous', '-1'], /Expected a whole number/],
    [['--plan', '--yes'], /cannot be used with option/],
    [['--plan', '--format', 'xml'], /Allowed choices are text, json/],
  ])('refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await command('sync', specFile(), ...args);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('refuses a wrong spec, and a table that there is not', async () => {
    for (const path of [specFile({ region: 'x' }), specFile({}, ['aws_s3_buckets']), join(folder, 'none.yml')]) {
      const { code, stdout } = await command('sync', path, '--plan');
      expect({ code, stdout }, path).toEqual({ code: 3, stdout: '' });
    }
  });
});
