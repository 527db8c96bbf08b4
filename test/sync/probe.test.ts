import { paginateListAccounts, paginateListParents, type Account, type Parent } from '@aws-sdk/client-organizations';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CredentialsError, Session } from '../../src/aws/index.js';
import { defineTable, text } from '../../src/schema/index.js';
import { groupedByRegion, missingActions, probe, type ProbeResult } from '../../src/sync/index.js';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { regions } from '../../tables/index.js';
import { actionsFor, probeFrom } from '../support/source.js';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ scenario: 'demo' });
});
afterEach(async () => {
  await simulator.close();
});

/** How often each operation was asked, the most in any one Region. */
function counts(): Record<string, number> {
  const byPlace = new Map<string, number>();
  for (const { operation, region } of simulator.requests) {
    byPlace.set(`${operation} ${region}`, (byPlace.get(`${operation} ${region}`) ?? 0) + 1);
  }
  const most: Record<string, number> = {};
  for (const [place, count] of byPlace) {
    const operation = place.split(' ')[0] ?? '';
    most[operation] = Math.max(most[operation] ?? 0, count);
  }
  return most;
}

function outcomeOf({ calls }: ProbeResult, operation: string, region = 'us-east-1'): string | undefined {
  return calls.find((call) => call.operation === operation && call.region === region)?.outcome;
}

const onePerOperation = (actions: readonly string[]): Record<string, number> =>
  Object.fromEntries([...actions, 'sts:GetCallerIdentity'].map((action) => [action, 1]));

const severalTimes = {
  // CSPM in each Region, and V2 in one.
  'securityhub:ListOrganizationAdminAccounts': 2,
  // All of them, and those of Config, Access Analyzer and Security Lake.
  'organizations:ListDelegatedAdministrators': 4,
};

/** What other accounts than the one that asks have to show; Macie is administered by the management account. */
const inDelegates = [
  ...['detective', 'guardduty', 'inspector2', 'securityhub'].map((name) => `${name}:DescribeOrganizationConfiguration`),
  'detective:ListGraphs',
  'guardduty:ListDetectors',
  'securitylake:GetDataLakeOrganizationConfiguration',
];

describe('as few calls as possible', () => {
  const actionsHere = (options: Parameters<typeof actionsFor>[1]): string[] =>
    actionsFor(simulator, options).filter((action) => !inDelegates.includes(action));

  it('each operation once per Region', async () => {
    const { calls } = await probeFrom(simulator);
    expect(counts()).toEqual({ ...onePerOperation(actionsHere({})), ...severalTimes });
    const skipped = calls.filter(({ errorCode }) => errorCode === 'NoDelegateAccess');
    expect([...new Set(skipped.map(({ operation }) => operation))].sort()).toEqual([...inDelegates].sort());
    expect(new Set(skipped.map(({ outcome }) => outcome))).toEqual(new Set(['skipped']));
  });

  it('each operation once per Region and account, with a role in the accounts that administer services', async () => {
    const spec = { delegated_admin_role_name: 'OrgAudit' };
    const { calls } = await probeFrom(simulator, { spec });
    const once = new Map<string, number>();
    for (const { operation, region, account, input } of simulator.requests) {
      const about = (input['RoleArn'] ?? input['ServicePrincipal'] ?? input['Feature'] ?? '') as string;
      const key = [operation, region, account, about].join(' ');
      once.set(key, (once.get(key) ?? 0) + 1);
    }
    expect([...once].filter(([, count]) => count > 1)).toEqual([]);
    expect(new Set(simulator.requests.map(({ operation }) => operation))).toEqual(
      new Set([...actionsFor(simulator, { spec }), 'sts:AssumeRole', 'sts:GetCallerIdentity']),
    );
    // One account lets nobody in; what would have been asked there is no mistake of its own.
    expect(missingActions(calls)).toEqual(['sts:AssumeRole']);
    expect(calls.find(({ outcome }) => outcome === 'denied')).toMatchObject({
      operation: 'sts:AssumeRole',
      region: 'us-east-1',
      tables: expect.arrayContaining(['aws_guardduty_organization_configurations']) as unknown,
    });
    expect(
      calls
        .filter(({ outcome }) => outcome === 'untried')
        .map(({ operation, region, message }) => [operation, region, message]),
    ).toEqual(
      ['guardduty:DescribeOrganizationConfiguration', 'guardduty:ListDetectors'].map((operation) => [
        operation,
        'ap-southeast-2',
        'not tried, because AssumeRole was denied',
      ]),
    );
  });

  it('tags only where the spec asks for them: of the root and of one account', async () => {
    const options = { spec: { account_tags: true } };
    await probeFrom(simulator, options);
    expect(counts()).toEqual({
      ...onePerOperation(actionsHere(options)),
      ...severalTimes,
      'organizations:ListTagsForResource': 2,
    });
  });

  it('however large the organization is', async () => {
    const large = await startSimulator({ scenario: 'large', accounts: 3000 });
    try {
      await probeFrom(large, { tables: ['aws_organization*'] });
      // The Regions come with every sync.
      expect(large.requests).toHaveLength(actionsFor(large, { tables: ['aws_organization*'] }).length + 1);
    } finally {
      await large.close();
    }
  });

  it('regional reads in every Region that a sync would ask', async () => {
    const result = await probeFrom(simulator, { tables: ['aws_guardduty_*'] });
    const asked = simulator.requests.filter(({ service }) => service === 'guardduty').map(({ region }) => region);
    const told = result.calls.filter(({ operation }) => operation === 'guardduty:ListOrganizationAdminAccounts');
    expect(told.filter(({ outcome }) => outcome === 'ok').map(({ region }) => region)).toEqual(asked.sort());
    expect(asked).toContain('eu-south-1');
    expect(told.find(({ region }) => region === 'af-south-1')).toMatchObject({
      outcome: 'absent',
      message: 'the Region is not enabled for this account',
    });
  });

  it('one Region that is denied is told apart from the others', async () => {
    simulator.fault({ operation: 'guardduty:*', region: 'eu-west-1', kind: 'deny' });
    const result = await probeFrom(simulator, { tables: ['aws_guardduty_*'] });
    expect(missingActions(result.calls)).toEqual(['guardduty:ListOrganizationAdminAccounts']);
    const groups = groupedByRegion(result.calls).filter(({ operation }) => operation.startsWith('guardduty'));
    expect(groups.find(({ outcome }) => outcome === 'denied')).toMatchObject({
      regions: ['eu-west-1'],
      errorCode: 'AccessDeniedException',
    });
    expect(groups.find(({ outcome }) => outcome === 'ok')?.regions).not.toContain('eu-west-1');
  });
});

describe('an empty list', () => {
  const services = 'organizations:ListDelegatedServicesForAccount';

  it('leaves what is asked per item untried, and says so', async () => {
    simulator.change(({ organization }) => {
      if (organization) organization.delegated_administrators = [];
    });
    const result = await probeFrom(simulator);
    expect(result.calls.find(({ operation }) => operation === services)).toEqual({
      operation: services,
      region: 'us-east-1',
      tables: ['aws_organizations_delegated_services'],
      outcome: 'untried',
      errorCode: undefined,
      message: 'not tried: what it is asked about comes from a list that is empty',
    });
    expect(missingActions(result.calls)).toEqual([]);
  });

  it('of one policy type leads on to the next, until there is a policy to try with', async () => {
    simulator.change(({ organization }) => {
      if (organization) organization.root.policy_types.unshift({ type: 'CHATBOT_POLICY', status: 'ENABLED' });
    });
    const result = await probeFrom(simulator, { tables: ['aws_organizations_polic*'] });
    expect(outcomeOf(result, 'organizations:DescribePolicy')).toBe('ok');
    expect(counts()).toMatchObject({
      'organizations:ListPolicies': 2,
      'organizations:DescribePolicy': 1,
      'organizations:ListTargetsForPolicy': 1,
    });
  });

  it('with a token is a page before the first one', async () => {
    simulator.change((scenario) => {
      scenario.empty_pages = true;
    });
    const result = await probeFrom(simulator, { spec: { account_tags: true } });
    expect(result.calls.filter(({ outcome }) => outcome === 'untried')).toEqual([]);
    expect(missingActions(result.calls)).toEqual([]);
  });
});

describe('a server that leaves Paths out', () => {
  const fallback = 'organizations:ListAccountsForParent';
  beforeEach(() => {
    simulator.change((scenario) => {
      scenario.omit_paths = true;
    });
  });

  it('makes the walk necessary, which is tried as well, once', async () => {
    const result = await probeFrom(simulator, { tables: ['aws_organizations_accounts'] });
    expect(outcomeOf(result, fallback)).toBe('ok');
    expect(counts()[fallback]).toBeLessThanOrEqual(2);
  });

  it('and the one action that the policy does not have is named', async () => {
    const actions = actionsFor(simulator);
    expect(actions).not.toContain(fallback);
    simulator.change((scenario) => {
      scenario.allowed = actions;
    });
    expect(missingActions((await probeFrom(simulator)).calls)).toEqual([fallback]);
  });
});

describe('who asks', () => {
  it('a standalone account has nothing missing', async () => {
    simulator.setScenario('standalone');
    const { calls } = await probeFrom(simulator, { tables: ['aws_organization*'] });
    expect(missingActions(calls)).toEqual([]);
    expect(new Set(calls.map(({ outcome }) => outcome))).toEqual(new Set(['ok', 'absent', 'skipped', 'untried']));
  });

  it('nobody: an error before anything is tried', async () => {
    simulator.fault({ operation: 'sts:GetCallerIdentity', kind: 'deny' });
    await expect(probeFrom(simulator)).rejects.toThrow(CredentialsError);
    expect(simulator.requests.map(({ service }) => service)).toEqual(['sts']);
  });

  it('what failed is not called missing', async () => {
    simulator.fault({ operation: 'organizations:ListHandshakesForOrganization', kind: 'html' });
    const result = await probeFrom(simulator);
    expect(outcomeOf(result, 'organizations:ListHandshakesForOrganization')).toBe('failed');
    expect(missingActions(result.calls)).toEqual([]);
  });

  it('can stop: nothing is asked after that', async () => {
    const stop = new AbortController();
    simulator.fault({ operation: 'organizations:ListRoots', kind: 'hang' });
    const probing = probeFrom(simulator, { signal: stop.signal });
    await expect.poll(() => simulator.requests.some(({ operation }) => operation.endsWith('ListRoots'))).toBe(true);
    stop.abort();
    await expect(probing).rejects.toThrow(/abort/i);
  });
});

describe('a table that is new', () => {
  const parents = defineTable<Parent, Account>()({
    name: 'aws_things_parents',
    description: 'Parents.',
    source: 'https://example.com',
    permissions: ['organizations:ListParents'],
    primaryKey: ['account_id', 'id'],
    columns: { id: text('Id', 'ID.'), type: text('Type', 'Type.') },
    async *list({ organizations }, account) {
      for await (const page of paginateListParents({ client: organizations }, { ChildId: account.Id })) {
        yield* page.Parents ?? [];
      }
    },
  });
  const things = defineTable<Pick<Account, 'Id'>>()({
    name: 'aws_things',
    description: 'Things.',
    source: 'https://example.com',
    permissions: ['organizations:ListAccounts'],
    primaryKey: ['account_id', 'id'],
    columns: { id: text('Id', 'ID.') },
    async *list({ organizations }) {
      // A table that reads everything before it gives anything away.
      const all: Account[] = [];
      for await (const page of paginateListAccounts({ client: organizations }, {})) all.push(...(page.Accounts ?? []));
      yield* all;
    },
    relations: [parents],
  });

  it('is covered by its own code', async () => {
    const session = new Session({
      access: { id: 'test', accessKeyId: 'AKIATEST', secretAccessKey: 'test', defaultRegion: 'us-east-1' },
      endpoint: simulator.url,
      userAgent: 'test',
      maxRetries: 0,
      maxBackoffMs: 1,
      requestTimeoutMs: 5000,
      concurrency: 5,
      signal: new AbortController().signal,
    });
    try {
      const { calls } = await probe({
        session,
        delegates: { lent: [] },
        settings: {
          accountTags: false,
          eventsLookbackDays: 90,
          delegatedAdminRoleName: undefined,
          owners: [],
          expectations: [],
          approvals: [],
          waivers: [],
          rules: {
            WorkloadOus: undefined,
            AllowedRegions: undefined,
            SeparationOfDuties: false,
            MaxAgeHours: 24,
            HasApprovals: false,
            EventsLookbackDays: 90,
          },
        },
        selected: [things],
        regions,
        atlas: {
          regionsOf: () => [],
          globalRegionOf: () => null,
          iamRegionOf: () => 'us-east-1',
          organizationsRegionOf: () => 'us-east-1',
          isAlwaysOn: () => true,
          isServiceIn: () => true,
        },
        wantedRegions: 'all',
        fanOutWidth: 10,
        signal: new AbortController().signal,
      });
      expect(calls).toMatchObject([
        { operation: 'organizations:ListAccounts', tables: ['aws_things'], outcome: 'ok' },
        { operation: 'organizations:ListParents', tables: ['aws_things_parents'], outcome: 'ok' },
      ]);
      // The demo organization has more than one page of accounts.
      expect(counts()).toEqual(onePerOperation(['organizations:ListAccounts', 'organizations:ListParents']));
    } finally {
      session.close();
    }
  });
});
