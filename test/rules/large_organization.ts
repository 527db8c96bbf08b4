import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientBase } from 'pg';
import { services } from '../../src/catalog/index.js';
import { installViews } from '../../src/rules/index.js';
import { flatten } from '../../src/schema/index.js';
import { tables } from '../../tables/index.js';
import { createTables, describeTables } from './tables_fixture.js';

/**
 * Fills an empty database with 2,000 organizational units, 1,000 SCPs, every service of the catalogue in use in 33 Regions,
 * and so many accounts: what `npm run bench -- rules` judges.
 */
export async function fillLargeOrganization(client: ClientBase, accounts: number): Promise<void> {
  const sqlOf = (name: string): Promise<string> => readFile(join(import.meta.dirname, name), 'utf8');
  await client.query(createTables());
  await client.query(describeTables());
  await client.query(await sqlOf('fixture.sql'));
  await installViews(client, join(import.meta.dirname, '../../queries'));
  await client.query(`select set_config('fixture.account_count', '${accounts}', false)`);
  await client.query((await sqlOf('large_organization.sql')).replace('{catalogue}', () => catalogueSql()));
  await client.query('select fixture.finish()');
}

/** The real catalogue, asked in every Region. */
function catalogueSql(): string {
  const table = flatten(tables).find(({ name }) => name === 'aws_delegation_services');
  const rows = services.map((service) => ({
    _cq_sync_time: '2026-11-01 12:00:00',
    _cq_source_name: 'prod',
    account_id: '111111111111',
    ...Object.fromEntries(
      (table?.columns ?? [])
        .filter(({ member }) => member in service)
        .map(({ name, member }) => [name, (service as unknown as Record<string, unknown>)[member]]),
    ),
    service_regions: null,
  }));
  const json = JSON.stringify(rows).replaceAll("'", "''");
  return `insert into aws_delegation_services select (jsonb_populate_record(null::aws_delegation_services, entry || jsonb_build_object('_cq_id', gen_random_uuid()))).* from jsonb_array_elements('${json}'::jsonb) as entry`;
}
