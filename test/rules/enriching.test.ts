import { afterAll, beforeAll, expect, test } from 'vitest';
import { close, organization, type Organization } from './database.js';

let given: Organization;
beforeAll(async () => {
  given = await organization('select fixture.organization()', { finish: false });
});
afterAll(() => close(given));

async function wasRead(table: string, outcomes: Record<string, string>): Promise<unknown> {
  const { client } = given;
  await client.query('delete from aws_delegation_reads');
  for (const [operation, outcome] of Object.entries(outcomes)) {
    await client.query(`select fixture.read(table_name => $1, outcome => $2, region => 'us-east-1', operation => $3)`, [
      table,
      outcome,
      operation,
    ]);
  }
  const { rows } = await client.query('select was_read from delegation.table_reads where table_name = $1', [table]);
  return (rows[0] as { was_read: boolean } | undefined)?.was_read;
}

test.each([
  [
    'aws_inspector2_organization_admin_accounts',
    'inspector2:ListDelegatedAdminAccounts',
    'inspector2:GetDelegatedAdminAccount',
  ],
  ['aws_fms_organization_admin_accounts', 'fms:ListAdminAccountsForOrganization', 'fms:GetAdminAccount'],
  ['aws_fms_organization_admin_accounts', 'fms:ListAdminAccountsForOrganization', 'fms:GetAdminScope'],
  ['aws_cloudtrail_trails', 'cloudtrail:DescribeTrails', 'cloudtrail:GetTrailStatus'],
  ['aws_cloudtrail_event_data_stores', 'cloudtrail:ListEventDataStores', 'cloudtrail:GetEventDataStore'],
])('%s: all rows are there where %s was read, whatever became of %s', async (table, listing, enriching) => {
  expect(await wasRead(table, { [listing]: 'ok', [enriching]: 'ok' })).toBe(true);
  expect(await wasRead(table, { [listing]: 'ok', [enriching]: 'denied' })).toBe(true);
  expect(await wasRead(table, { [listing]: 'ok', [enriching]: 'failed' })).toBe(true);
  expect(await wasRead(table, { [listing]: 'denied', [enriching]: 'ok' })).toBe(false);
  expect(await wasRead(table, { [enriching]: 'ok' })).toBe(false);
});
