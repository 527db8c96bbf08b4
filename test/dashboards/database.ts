import { join } from 'node:path';
import type pg from 'pg';
import { runRules } from '../../src/rules/index.js';
import { startSimulator } from '../../src/simulator/index.js';
import { urlOf, type Template } from '../support/postgres.js';
import { syncInto } from '../support/sync_into.js';

export const projectRoot = join(import.meta.dirname, '..', '..');
export const dashboards = join(projectRoot, 'dashboards');
export const queriesDir = join(projectRoot, 'queries');

/**
 * The demo organization, judged twice, and between the two runs something became worse, something better, and something is no longer known.
 * Prepared once for all tests of dashboards.
 */
export const judgedTwice: Template = {
  name: 'dashboards',
  async prepare(client) {
    const simulator = await startSimulator({ scenario: 'demo' });
    try {
      await syncInto(await urlOf(client), {
        name: 'dashboards',
        simulator,
        queriesDir,
        pluginSpec: {
          owners: { infosec: { accounts: ['222233334444'] }, infra_ops: { ous: ['/Infrastructure'] } },
          expectations: { stacksets: ['infra_ops'], 'systems-manager': ['infra_ops'] },
          allowed_regions: ['eu-central-1', 'eu-west-1', 'us-east-1'],
          waivers: [
            {
              rule: 'scp_prevents_leaving',
              reason: 'To be mended.',
              approved_by: 'ada@example.com',
              expires: '2999-01-01',
            },
          ],
        },
      });
    } finally {
      await simulator.close();
    }
    await runRules(client, { queriesDir });
    await change(client);
    await runRules(client, { queriesDir });
    await client.query('analyze');
  },
};

async function change(client: pg.Client): Promise<void> {
  // Worse: a holder no longer works. Better: nobody is invited any more. Not known: Detective was not asked in one Region.
  await client.query(`
    update aws_organizations_accounts set state = 'SUSPENDED', status = 'SUSPENDED' where id = '121212121212';
    delete from aws_organizations_handshakes;
    update aws_delegation_reads set row_count = 0 where table_name = 'aws_organizations_handshakes' and scope = '';
    update aws_delegation_reads
    set outcome = 'denied', error_code = 'AccessDeniedException', error_message = 'not allowed'
    where table_name = 'aws_detective_organization_admin_accounts' and region = 'eu-central-1';`);
}
