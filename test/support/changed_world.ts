import type pg from 'pg';
import { runRules } from '../../src/rules/index.js';
import { startSimulator, type ScenarioInput, type Simulator } from '../../src/simulator/index.js';
import { freshDatabase, type FreshDatabase } from './postgres.js';
import { syncInto } from './sync_into.js';

export const management = '111122223333';
export const tooling = '222222222222';
export const workload = '333333333333';

/** Regions that the syncs of {@link changedWorld} ask. */
export const regions = ['us-east-1', 'eu-central-1', 'eu-west-1'];

const admin = `arn:aws:sts::${management}:assumed-role/Admin/ada`;

/** Before: Security Tooling administers GuardDuty in each Region, and Workload administers Backup. */
function before(): ScenarioInput {
  return {
    name: 'changing',
    organization: {
      management_account_id: management,
      root: { policy_types: [{ type: 'SERVICE_CONTROL_POLICY' }] },
      organizational_units: [
        { path: '/Security', id: 'ou-exam-security' },
        { path: '/Infrastructure', id: 'ou-exam-infrastr' },
      ],
      accounts: [
        { id: management, name: 'Management' },
        { id: tooling, name: 'Security Tooling', parent: '/Security' },
        { id: workload, name: 'Workload' },
      ],
      service_access: ['guardduty', 'backup', 'config'].map((service) => ({
        service_principal: `${service}.amazonaws.com`,
        enabled: '2024-02-01T00:00:00Z',
      })),
      delegated_administrators: [
        { account: tooling, service_principal: 'guardduty.amazonaws.com', since: '2024-02-02T00:00:00Z' },
        { account: workload, service_principal: 'backup.amazonaws.com', since: '2024-02-03T00:00:00Z' },
      ],
    },
    guardduty: { administrators: { '*': { account: tooling } } },
  };
}

/**
 * After: Config is delegated to Workload and Backup no longer is, Security Tooling has moved and lost GuardDuty in eu-central-1, and a
 * policy keeps members from leaving. Whoever did it is in the event history, for all but the move.
 */
function after(changedAt: Date): ScenarioInput {
  const scenario = before();
  const { organization } = scenario;
  if (!organization) throw new Error('the scenario has an organization');
  const event = { time: changedAt, who: admin, source: 'organizations.amazonaws.com' };
  return {
    ...scenario,
    organization: {
      ...organization,
      accounts: [
        { id: management, name: 'Management' },
        { id: tooling, name: 'Security Tooling', parent: '/Infrastructure' },
        { id: workload, name: 'Workload' },
      ],
      delegated_administrators: [
        { account: tooling, service_principal: 'guardduty.amazonaws.com', since: '2024-02-02T00:00:00Z' },
        { account: workload, service_principal: 'config.amazonaws.com', since: changedAt },
      ],
      policies: [
        {
          id: 'p-stay12345',
          name: 'Stay',
          type: 'SERVICE_CONTROL_POLICY',
          content: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Deny', Action: 'organizations:LeaveOrganization', Resource: '*' }],
          },
          targets: ['/'],
        },
      ],
    },
    guardduty: { administrators: { '*': { account: tooling }, 'eu-central-1': null } },
    cloudtrail: {
      events: [
        {
          ...event,
          name: 'DeregisterDelegatedAdministrator',
          request: { accountId: workload, servicePrincipal: 'backup.amazonaws.com' },
        },
        {
          ...event,
          name: 'RegisterDelegatedAdministrator',
          request: { accountId: workload, servicePrincipal: 'config.amazonaws.com' },
        },
        {
          ...event,
          name: 'DisableOrganizationAdminAccount',
          source: 'guardduty.amazonaws.com',
          region: 'eu-central-1',
          request: { adminAccountId: tooling },
        },
      ],
    },
  };
}

export interface ChangedWorld {
  readonly database: FreshDatabase;
  readonly client: pg.Client;
  readonly simulator: Simulator;
  /** When the changes were made: an hour ago, a day after the first sync and check. */
  readonly changedAt: Date;
  /** Syncs what the simulator has now, and runs the rules, which keeps both. */
  syncAndCheck(): Promise<void>;
  close(): Promise<void>;
}

/**
 * An organization, synced and judged, then changed, then synced and judged again. In the second sync GuardDuty cannot be asked in
 * eu-west-1, so that what it held there stays open.
 */
export async function changedWorld(queriesDir: string): Promise<ChangedWorld> {
  const database = await freshDatabase();
  const simulator = await startSimulator({ scenario: before() });
  const client = await database.connect();
  const syncAndCheck = async (): Promise<void> => {
    await syncInto(database.url, { name: 'changing', simulator, queriesDir, pluginSpec: { regions } });
    await runRules(client, { queriesDir });
  };
  try {
    await syncAndCheck();
    await age(client, '25 hours');
    const changedAt = new Date(Date.now() - 3_600_000);
    changedAt.setMilliseconds(0);
    simulator.setScenario(after(changedAt));
    simulator.fault({ operation: 'guardduty:ListOrganizationAdminAccounts', region: 'eu-west-1', kind: 'deny' });
    await syncAndCheck();
    return {
      database,
      client,
      simulator,
      changedAt,
      syncAndCheck,
      async close() {
        await client.end();
        await simulator.close();
        await database.drop();
      },
    };
  } catch (error) {
    await client.end();
    await simulator.close();
    throw error;
  }
}

/** What is kept was kept so much earlier. */
async function age(client: pg.Client, interval: string): Promise<void> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(
    `select pg_class.relname as name, array_agg(quote_ident(attname)) as columns
     from pg_attribute join pg_class on pg_class.oid = attrelid
     where relkind = 'r' and relname ~ '^aws_(delegation_history|policy_result)' and attnum > 0 and atttypid = 'timestamptz'::regtype
     group by pg_class.relname`,
  );
  for (const { name, columns } of rows) {
    const set = columns
      .filter((column) => column !== 'since')
      .map((column) => `${column} = ${column} - interval '${interval}'`);
    await client.query(`update ${name} set ${set.join(', ')}`);
  }
}
