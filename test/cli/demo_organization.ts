import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '../../src/simulator/index.js';
import { run, type Ended } from '../support/cli.js';
import { freshDatabase, type FreshDatabase } from '../support/postgres.js';

/** What no file of ours may ever hold. */
export const secrets = ['SimulatedSecretKey', 'the-external-id', 'SIMULATEDKEYID'];

const spec = `kind: source
spec:
  name: test
  registry: local
  path: bin/aws-delegation
  tables: ['*']
  destinations: [postgresql]
  spec:
    delegated_admin_role_name: OrgAudit
    delegated_admin_external_id: \${EXTERNAL_ID}
    owners:
      infosec: { accounts: ['222233334444'] }
      infra_ops: { ous: ['/Infrastructure'] }
    expectations:
      stacksets: [infra_ops]
      guardduty: [infosec]
    approvals: policy/approvals.yml
    waivers:
      - rule: org_all_features_enabled
        reason: Nothing to waive.
        approved_by: Ada
        expires: 2999-01-01
      - {rule: scp_prevents_leaving, account: '272727272727', reason: "=1+1 \\"sold\\", 'soon'\\n<b>", approved_by: Ada, expires: 2999-01-01}
`;

const approvals = `# Who may hold what.
delegations:
  - service: guardduty
    account: '222233334444'
    approved_by: ada@example.com
    approved_on: 2025-01-01
    review_by: 2025-06-01
  - service: inspector
    account: '222233334444'
    approved_by: ada@example.com
    approved_on: 2025-01-01
`;

export interface DemoOrganization {
  readonly folder: string;
  readonly database: FreshDatabase;
  /** In the folder of the spec. */
  command(...args: string[]): Promise<Ended>;
  end(): Promise<void>;
}

/** The demo scenario, synced by a spec that has something of everything. */
export async function demoOrganization(): Promise<DemoOrganization> {
  const folder = mkdtempSync(join(tmpdir(), 'demo-organization-'));
  mkdirSync(join(folder, 'policy'));
  writeFileSync(join(folder, 'spec.yml'), spec);
  writeFileSync(join(folder, 'policy', 'approvals.yml'), approvals);
  const simulator = await startSimulator({ scenario: 'demo' });
  const database = await freshDatabase();
  const env = {
    AWS_ENDPOINT_URL: simulator.url,
    AWS_ACCESS_KEY_ID: 'SIMULATEDKEYID',
    AWS_SECRET_ACCESS_KEY: 'SimulatedSecretKey',
    AWS_REGION: 'us-east-1',
    EXTERNAL_ID: 'the-external-id',
    DATABASE_URL: database.url,
  };
  const command = (...args: string[]): Promise<Ended> => run(args, { cwd: folder, env });
  const synced = await command('sync');
  await simulator.close();
  if (![0, 2].includes(synced.code ?? 4)) throw new Error(synced.stderr);
  return {
    folder,
    database,
    command,
    async end() {
      await database.drop();
      rmSync(folder, { recursive: true });
    },
  };
}
