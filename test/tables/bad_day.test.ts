import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type FaultInput, type ScenarioInput, type Simulator } from '../../src/simulator/index.js';
import { outcomes, syncFrom, type Options, type Row, type Synced } from '../support/source.js';

const accounts = 'aws_organizations_accounts';
const listAccounts = 'organizations:ListAccounts';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await startSimulator({ scenario: 'demo' });
  simulator.change((scenario) => {
    scenario.page_size = 5;
  });
});
afterEach(async () => {
  await simulator.close();
});

/** The same rows in the same order, whatever order they came in. */
function sorted(rows: readonly Row[] = []): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

function ids(rows: readonly Row[] = []): unknown[] {
  return rows.map((row) => row['id']).sort();
}

/** A sync of one table with a fault, beside one without it. */
async function shaken(
  table: string,
  fault: FaultInput,
  options: Options = {},
): Promise<{ calm: Synced; synced: Synced }> {
  const calm = await syncFrom(simulator, { ...options, tables: [table] });
  const active = simulator.fault(fault);
  const synced = await syncFrom(simulator, { ...options, tables: [table] });
  expect(active.hits).toBeGreaterThan(0);
  return { calm, synced };
}

describe('pages', () => {
  it.each([
    [accounts, listAccounts],
    ['aws_organizations_policies', 'organizations:ListPolicies'],
    ['aws_organizations_policy_targets', 'organizations:ListTargetsForPolicy'],
    ['aws_organizations_organizational_units', 'organizations:ListOrganizationalUnitsForParent'],
    ['aws_organizations_delegated_administrators', 'organizations:ListDelegatedAdministrators'],
    ['aws_organizations_delegated_services', 'organizations:ListDelegatedServicesForAccount'],
    ['aws_iam_service_linked_roles', 'iam:ListRoles'],
    ['aws_organizations_handshakes', 'organizations:ListHandshakesForOrganization'],
  ])('%s: empty ones, doubled items and tokens that expire lose no row and double none', async (table, operation) => {
    simulator.change((scenario) => {
      scenario.page_size = 1;
    });
    const calm = await syncFrom(simulator, { tables: [table] });
    for (const fault of [
      { operation, kind: 'empty_pages', pages: 2 },
      { operation, kind: 'overlapping_pages' },
      { operation, kind: 'expired_token', times: 2 },
    ] satisfies FaultInput[]) {
      const active = simulator.fault(fault);
      const synced = await syncFrom(simulator, { tables: [table] });
      expect({ [fault.kind]: active.hits > 0, outcomes: outcomes(synced, table) }).toEqual({
        [fault.kind]: true,
        outcomes: outcomes(calm, table),
      });
      expect(sorted(synced.tables[table])).toEqual(sorted(calm.tables[table]));
      const counted = synced.reads
        .filter((read) => read['table_name'] === table)
        .reduce((sum, read) => sum + Number(read['row_count']), 0);
      expect(counted).toBe(calm.tables[table]?.length);
      active.remove();
    }
  });

  it('events are each there once, whatever becomes of their pages', async () => {
    const table = 'aws_cloudtrail_organization_events';
    const operation = 'cloudtrail:LookupEvents';
    const spec = { regions: ['us-east-1'] };
    simulator.change((scenario) => {
      scenario.page_size = 1;
    });
    for (const kind of ['empty_pages', 'overlapping_pages', 'expired_token'] as const) {
      const { calm, synced } = await shaken(table, { operation, kind, times: 2 }, { spec });
      expect(sorted(synced.tables[table])).toEqual(sorted(calm.tables[table]));
      expect(calm.tables[table]?.length).toBeGreaterThan(1);
      simulator.clearFaults();
    }
  });

  it('features that fill several pages are told once each', async () => {
    const table = 'aws_guardduty_organization_configurations';
    const operation = 'guardduty:DescribeOrganizationConfiguration';
    const spec = { delegated_admin_role_name: 'OrgAudit', regions: ['us-east-1'] };
    for (const kind of ['overlapping_pages', 'expired_token'] as const) {
      const { calm, synced } = await shaken(table, { operation, kind, times: 1 }, { spec });
      expect(synced.tables[table]?.length).toBe(1);
      expect(synced.tables[table]).toEqual(calm.tables[table]);
      simulator.clearFaults();
    }
  });

  it('a token that never lives to be used: failed after three readings, whatever the answer means to a first page', async () => {
    const synced = await syncWith({ operation: listAccounts, kind: 'expired_token' }, [accounts]);
    expect(outcomes(synced, accounts)[listAccounts]).toBe('failed');
    expect(synced.errors[accounts]).toContain(
      'failed (InvalidInputException): the page token was refused: You specified an invalid value for NextToken.',
    );
    const firstPages = simulator.requests.filter(
      ({ operation, input }) => operation === listAccounts && input['NextToken'] === undefined,
    );
    expect(firstPages).toHaveLength(3);
    // GuardDuty's bad request is a denial for whoever is no administrator; this one has just been told a page.
    const table = 'aws_guardduty_organization_configurations';
    const operation = 'guardduty:DescribeOrganizationConfiguration';
    const spec = { delegated_admin_role_name: 'OrgAudit', regions: ['us-east-1'] };
    const configurations = await syncWith({ operation, kind: 'expired_token' }, [table], spec);
    expect(
      configurations.reads
        .filter((read) => read['operation'] === operation && read['outcome'] !== 'skipped')
        .map((read) => read['outcome']),
    ).toEqual(['failed']);
  });
});

describe('answers', () => {
  it('of the wrong type are read for what they are', async () => {
    const { calm, synced } = await shaken(accounts, { operation: '*', kind: 'wrong_type' });
    expect(sorted(synced.tables[accounts])).toEqual(sorted(calm.tables[accounts]));
  });

  it.each([
    ['organizations:ListAccounts', accounts],
    ['iam:ListRoles', 'aws_iam_service_linked_roles'],
    ['guardduty:ListOrganizationAdminAccounts', 'aws_guardduty_organization_admin_accounts'],
  ])('%s in another protocol is no answer, and no "none"', async (operation, table) => {
    const synced = await syncWith({ operation, kind: 'other_protocol' }, [table], { regions: ['us-east-1'] });
    expect(outcomes(synced, table)[operation]).toBe('failed');
    expect(synced.errors[table]).toContain('UnreadableAnswer');
    expect(synced.announced).not.toContain(table);
  });

  it('that drip are waited for, and no longer than the time-out', async () => {
    const { calm, synced } = await shaken(accounts, { operation: listAccounts, kind: 'drip', ms: 100 });
    expect(sorted(synced.tables[accounts])).toEqual(sorted(calm.tables[accounts]));
    simulator.clearFaults();
    const spec = { request_timeout: 1, max_retries: 0 };
    const endless = await syncWith({ operation: listAccounts, kind: 'endless_drip', ms: 20 }, [accounts], spec);
    expect(endless.errors[accounts]).toContain('organizations:ListAccounts in us-east-1: failed (RequestTimeout)');
    simulator.clearFaults();
    const once = await shaken(
      accounts,
      { operation: listAccounts, kind: 'endless_drip', times: 1 },
      { spec: { request_timeout: 1 } },
    );
    expect(sorted(once.synced.tables[accounts])).toEqual(sorted(calm.tables[accounts]));
  });
});

describe('a clock that is wrong', () => {
  it.each([45, -45])('by %d minutes makes no difference', async (minutes) => {
    const tables = [accounts, 'aws_guardduty_organization_admin_accounts', 'aws_iam_*', 'aws_ec2_regions'];
    const calm = await syncFrom(simulator, { tables });
    simulator.fault({ operation: '*', kind: 'clock_skew', minutes });
    const synced = await syncFrom(simulator, { tables });
    expect(synced.errors).toEqual({});
    for (const table of [accounts, 'aws_guardduty_organization_admin_accounts', 'aws_iam_service_linked_roles']) {
      expect(sorted(synced.tables[table])).toEqual(sorted(calm.tables[table]));
    }
  });
});

describe('credentials that expire in the middle', () => {
  it('and cannot be renewed: failed, neither denied nor absent, and told what to do', async () => {
    const fault = { operation: 'organizations:*', kind: 'expired_credentials', uses: 3 } as const;
    const active = simulator.fault(fault);
    await expect(syncFrom(simulator, { tables: [accounts] })).rejects.toThrow(
      /nothing was sent.*ExpiredTokenException.*credentials expired during the sync: renew them/s,
    );
    active.remove();
    const synced = await syncWith(fault, [accounts]);
    expect(outcomes(synced, accounts)[listAccounts]).toBe('failed');
    expect(synced.reads.map((read) => read['outcome'])).not.toContain('denied');
    expect(synced.reads.map((read) => read['outcome'])).not.toContain('absent');
    expect(synced.errors[accounts]).toMatch(/`aws sso login`/);
    // There are no other keys, so nothing is gained by asking again.
    const refused = simulator.requests.filter(({ operation, status }) => operation === listAccounts && status === 400);
    expect(refused).toHaveLength(2);
  });

  it.each([
    ['ec2:DescribeRegions', 'aws_ec2_regions', 'RequestExpired'],
    ['iam:ListRoles', 'aws_iam_service_linked_roles', 'ExpiredToken'],
    ['guardduty:ListOrganizationAdminAccounts', 'aws_guardduty_organization_admin_accounts', 'ExpiredTokenException'],
  ])('%s says so in its own words', async (operation, table, code) => {
    const fault = { operation, kind: 'expired_credentials' } as const;
    const synced = await syncWith(fault, [table], { regions: ['us-east-1'] });
    expect(outcomes(synced, table)[operation]).toBe('failed');
    expect(synced.errors[table]).toContain(`failed (${code})`);
    expect(synced.errors[table]).toContain('The credentials expired during the sync');
  });

  it('a role is assumed again, also where it ends before it said it would', async () => {
    const spec = {
      concurrency: 1,
      accounts: [
        {
          ...{ id: 'test', access_key_id: 'AKIATEST', secret_access_key: 'test', default_region: 'us-east-1' },
          role_arn: 'arn:aws:iam::111122223333:role/Audit',
        },
      ],
    };
    const calm = await syncFrom(simulator, { tables: [accounts], spec });
    const active = simulator.fault({ operation: 'organizations:*', kind: 'expired_credentials', uses: 3 });
    const synced = await syncFrom(simulator, { tables: [accounts], spec });
    expect(active.hits).toBeGreaterThan(1);
    expect(synced.errors).toEqual({});
    expect(sorted(synced.tables[accounts])).toEqual(sorted(calm.tables[accounts]));
  });

  it('and so is that of an administrator', async () => {
    const table = 'aws_guardduty_organization_configurations';
    const operation = 'guardduty:ListDetectors';
    const spec = { delegated_admin_role_name: 'OrgAudit', regions: ['us-east-1', 'us-west-2', 'eu-west-1'] };
    const { calm, synced } = await shaken(table, { operation, kind: 'expired_credentials', uses: 1 }, { spec });
    expect(sorted(synced.tables[table])).toEqual(sorted(calm.tables[table]));
    expect(synced.errors).toEqual({});
  });

  it('sessions shorter than the sync are assumed again in time, and not for each request', async () => {
    simulator.change((scenario) => {
      scenario.session_seconds = 2;
    });
    const table = 'aws_guardduty_organization_configurations';
    simulator.fault({ operation: 'guardduty:*', kind: 'slow', ms: 300 });
    const synced = await syncFrom(simulator, {
      tables: [table],
      spec: { delegated_admin_role_name: 'OrgAudit', concurrency: 4 },
    });
    expect(Object.keys(synced.errors)).toEqual([table]);
    expect(synced.errors[table]).not.toContain('Expired');
    const asked = simulator.requests.filter(({ operation }) => operation.startsWith('guardduty:')).length;
    const assumed = simulator.requests.filter(({ operation }) => operation === 'sts:AssumeRole').length;
    expect(assumed).toBeLessThan(asked / 2);
  });
});

describe('an organization that changes while it is read', () => {
  function happen(...changes: NonNullable<ScenarioInput['changes']>): void {
    simulator.setScenario({ ...simulator.scenario, changes });
  }
  const accountsOf = (): string[] => (simulator.scenario.organization?.accounts ?? []).map(({ id }) => id);

  it('closes, moves, adds and loses accounts: every account that stayed is there once', async () => {
    const all = accountsOf();
    const held = new Set(simulator.scenario.organization?.delegated_administrators.map(({ account }) => account));
    const [gone, moved, closed] = all.filter((id) => id !== '111122223333' && !held.has(id));
    happen(
      { operation: listAccounts, after: 1, remove_account: gone, close_account: closed },
      { operation: listAccounts, after: 2, move_account: { account: moved ?? '', to: '/' } },
      { operation: listAccounts, after: 3, add_account: { id: '999988887777', name: 'New' } },
    );
    const synced = await syncFrom(simulator, {
      tables: ['aws_organizations_account*', 'aws_organizations_policy_targets'],
    });
    expect(synced.errors).toEqual({});
    const read = ids(synced.tables[accounts]);
    expect(new Set(read).size).toBe(read.length);
    expect(all.filter((id) => id !== gone && !read.includes(id))).toEqual([]);
  });

  it('an account that moves during a walk stands in one place, or in none, and never twice', async () => {
    simulator.change((scenario) => {
      scenario.omit_paths = true;
    });
    const [, moved = ''] = accountsOf();
    happen({ operation: 'organizations:ListAccountsForParent', after: 2, move_account: { account: moved, to: '/' } });
    const synced = await syncFrom(simulator, { tables: ['aws_organizations_account*'] });
    expect(synced.errors).toEqual({});
    const rows = synced.tables[accounts]?.filter((row) => row['id'] === moved) ?? [];
    expect(rows).toHaveLength(1);
    expect(
      synced.tables['aws_organizations_account_parents']?.filter((row) => row['id'] === moved).length,
    ).toBeLessThan(2);
  });

  it('a delegated administrator that is deregistered, or leaves, between the list and the question for its services', async () => {
    const [first, second] = new Set(
      simulator.scenario.organization?.delegated_administrators.map(({ account }) => account),
    );
    const list = 'organizations:ListDelegatedAdministrators';
    const services = simulator.scenario.organization?.delegated_administrators.filter(
      ({ account }) => account === first,
    );
    happen(
      ...(services ?? []).map(({ account, service_principal }) => ({
        ...{ operation: list, after: 1 },
        deregister_delegation: { account, service_principal },
      })),
      { operation: list, after: 1, remove_account: second },
    );
    simulator.change((scenario) => {
      delete scenario.page_size;
    });
    const table = 'aws_organizations_delegated_services';
    const synced = await syncFrom(simulator, { tables: [table] });
    expect(synced.errors).toEqual({});
    const holders = new Set(synced.tables[table]?.map((row) => row['delegated_account_id']));
    expect(holders.has(first) || holders.has(second)).toBe(false);
    expect(holders.size).toBeGreaterThan(0);
    const refused = simulator.requests.filter(
      ({ operation, status }) => operation === 'organizations:ListDelegatedServicesForAccount' && status === 400,
    );
    expect(refused.map(({ input }) => input['AccountId']).sort()).toEqual([first, second].sort());
  });

  it('a policy that is deleted between the list and the question for its targets', async () => {
    const attached = simulator.scenario.organization?.policies.filter(({ targets }) => targets.length > 0) ?? [];
    const last = attached.at(-1)?.id;
    happen({ operation: 'organizations:ListTargetsForPolicy', after: 1, delete_policy: last });
    const synced = await syncFrom(simulator, { tables: ['aws_organizations_polic*'], spec: { concurrency: 1 } });
    expect(synced.errors).toEqual({});
    expect(synced.tables['aws_organizations_policy_targets']?.some((row) => row['policy_id'] === last)).toBe(false);
  });
});

describe('the scenario bad_day', () => {
  it('ends as the demo does: the same rows in each table, and no read that ended in another way', async () => {
    const regions = ['us-east-1', 'us-west-2', 'ap-southeast-2', 'eu-central-1'];
    const spec = { delegated_admin_role_name: 'OrgAudit', max_retries: 9, regions };
    simulator.setScenario('demo');
    // One throttle is enough for events to be read at AWS's two requests per second, which is for a longer test.
    const skipTables = ['aws_cloudtrail_organization_events'];
    const calm = await syncFrom(simulator, { spec, skipTables });
    simulator.setScenario('bad_day');
    const before = simulator.requests.length;
    const bad = await syncFrom(simulator, { spec, skipTables });
    const asked = simulator.requests.slice(before);
    expect(asked.filter(({ status }) => status !== 200).length).toBeGreaterThan(100);
    expect(Object.keys(bad.errors)).toEqual(Object.keys(calm.errors));
    expect(bad.announced).toEqual(calm.announced);
    for (const table of calm.announced) {
      if (table === 'aws_delegation_reads') continue;
      expect({ table, rows: sorted(bad.tables[table]) }).toEqual({ table, rows: sorted(calm.tables[table]) });
    }
    const ended = (synced: Synced): unknown[] =>
      sorted(
        synced.reads.map((read) =>
          Object.fromEntries(
            ['table_name', 'region', 'operation', 'scope', 'outcome', 'row_count'].map((name) => [name, read[name]]),
          ),
        ),
      );
    expect(ended(bad)).toEqual(ended(calm));
  });
});

async function syncWith(fault: FaultInput, tables: string[], spec: object = {}): Promise<Synced> {
  simulator.fault(fault);
  return syncFrom(simulator, { tables, spec: { on_failure: 'report', ...spec } });
}
