import { afterEach, describe, expect, test } from 'vitest';
import { currentLayerSql, currentViewName, installViews, runRules, uninstallViews } from '../../src/rules/index.js';
import { close, organization, queriesDir, type Organization } from './database.js';

const deny = '[{"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]';
const healthy = `
  select fixture.organization();
  select fixture.account('222222222222', 'Shop');
  select fixture.scp('p-guard', '${deny}', '{/}');
`;

let given: Organization;
afterEach(() => close(given));

async function verdicts(rule = 'scp_prevents_leaving'): Promise<Record<string, string>> {
  const { all } = await runRules(given.client, { queriesDir, rules: [rule] });
  return Object.fromEntries(all.map(({ resourceId, status, unknownCause }) => [resourceId, unknownCause ?? status]));
}

async function read(table: string): Promise<unknown> {
  const { rows } = await given.client.query(
    'select outcome, error_code, error_message from delegation.reads where table_name = $1',
    [table],
  );
  return rows;
}

describe('which rows are current', () => {
  test('a healthy organization passes', async () => {
    given = await organization(healthy);
    expect(await verdicts()).toEqual({ '111111111111': 'not_applicable', '222222222222': 'pass' });
  });

  test('rows that an interrupted sync has moved are missing', async () => {
    given = await organization(healthy);
    // The CLI had upserted one account of the next sync when it was stopped.
    await given.client.query(
      `update aws_organizations_accounts set _cq_sync_time = '2026-11-02' where id = '222222222222'`,
    );
    expect(await read('aws_organizations_accounts')).toEqual([
      {
        outcome: 'failed',
        error_code: 'rows_missing',
        error_message: 'aws_organizations_accounts has 1 current rows and the sync counted 2: a sync was interrupted',
      },
    ]);
    expect(await verdicts()).toEqual({ '111111111111': 'not_applicable', 'o-example': 'unread' });
  });

  test('one attachment too few is not "attached to nothing"', async () => {
    given = await organization(healthy);
    await given.client.query(
      `update aws_organizations_policy_targets set _cq_sync_time = '2026-11-02' where policy_id = 'p-guard'`,
    );
    expect(await verdicts()).toMatchObject({ '222222222222': 'unread' });
  });

  test('rows of an earlier sync that were kept are not current', async () => {
    given = await organization(healthy);
    await given.client.query(`insert into aws_organizations_accounts
      (_cq_sync_time, _cq_source_name, request_account_id, arn, id, name, state, paths)
      values ('2026-10-01', 'prod', '111111111111', 'arn:gone', '999999999999', 'Gone', 'ACTIVE', '["o-example/r-root/999999999999/"]')`);
    expect(await verdicts()).toEqual({ '111111111111': 'not_applicable', '222222222222': 'pass' });
  });

  test('append mode: the newest sync alone speaks, per source', async () => {
    given = await organization(healthy, { append: true });
    // The same organization again a day later, without its guardrail; and a source that is not touched by that.
    const tables = (await given.client.query<{ table_name: string }>('select table_name from fixture.tables')).rows;
    for (const { table_name: table } of tables) {
      await given.client.query(`
        create temporary table copied as select * from ${table};
        update copied set _cq_sync_time = '2026-11-02';
        insert into ${table} select * from copied where not coalesce(to_jsonb(copied) ->> 'policy_id' = 'p-guard', false);
        update copied set _cq_source_name = 'other', _cq_sync_time = '2026-10-01';
        insert into ${table} select * from copied;
        drop table copied`);
    }
    await given.client.query(`update aws_organizations set id = 'o-other' where _cq_source_name = 'other'`);
    await given.client.query(
      `update aws_delegation_reads set row_count = row_count - 1 where _cq_sync_time = '2026-11-02' and table_name = 'aws_organizations_policy_targets'`,
    );
    const { all } = await runRules(given.client, { queriesDir, rules: ['scp_prevents_leaving'] });
    expect(all.map(({ organizationId, resourceId, status }) => [organizationId, resourceId, status])).toEqual([
      ['o-example', '111111111111', 'not_applicable'],
      ['o-example', '222222222222', 'fail'],
      ['o-other', '111111111111', 'not_applicable'],
      ['o-other', '222222222222', 'pass'],
    ]);
  });
});

describe('views and tables that do not fit', () => {
  test('a table that was never synced', async () => {
    given = await organization(healthy);
    await uninstallViews(given.client);
    await given.client.query(`
      drop table aws_organizations_handshakes, aws_organizations_policies, aws_guardduty_organization_admin_accounts;
      delete from aws_delegation_reads where table_name in ('aws_organizations_handshakes', 'aws_organizations_policies', 'aws_guardduty_organization_admin_accounts')`);
    await installViews(given.client, queriesDir);
    expect(await verdicts()).toMatchObject({ '222222222222': 'unread' });
    expect(await verdicts('org_all_features_enabled')).toEqual({ 'o-example': 'pass' });
    expect(await verdicts('security_services_held_by_infosec')).toMatchObject({ guardduty: 'unread' });
  });

  test('a table that came after the install', async () => {
    given = await organization(healthy);
    await uninstallViews(given.client);
    await given.client.query('alter table aws_organizations_policies rename to hidden');
    await installViews(given.client, queriesDir);
    await given.client.query('alter table hidden rename to aws_organizations_policies');
    expect(await read('aws_organizations_policies')).toMatchObject([{ outcome: 'failed', error_code: 'views_stale' }]);
    expect(await verdicts()).toMatchObject({ '222222222222': 'unread' });
    await installViews(given.client, queriesDir);
    expect(await verdicts()).toMatchObject({ '222222222222': 'pass' });
  });

  test('a column that came after the install', async () => {
    given = await organization(healthy);
    await uninstallViews(given.client);
    await given.client.query('alter table aws_organizations_accounts rename column state to hidden');
    await installViews(given.client, queriesDir);
    expect(await read('aws_organizations_accounts')).toEqual([
      {
        outcome: 'failed',
        error_code: 'columns_missing',
        error_message: 'aws_organizations_accounts has no state: it comes from an older version',
      },
    ]);
    await given.client.query('alter table aws_organizations_accounts rename column hidden to state');
    expect(await read('aws_organizations_accounts')).toMatchObject([
      {
        outcome: 'failed',
        error_code: 'views_stale',
        error_message: 'the views are older than aws_organizations_accounts (state)',
      },
    ]);
    await installViews(given.client, queriesDir);
    expect(await read('aws_organizations_accounts')).toEqual([
      { outcome: 'ok', error_code: null, error_message: null },
    ]);
  });

  test('columns that the pack does not know do no harm', async () => {
    given = await organization(healthy);
    await given.client.query('alter table aws_organizations_accounts add column owner_cost_centre text');
    expect(await verdicts()).toMatchObject({ '222222222222': 'pass' });
    await installViews(given.client, queriesDir);
    expect(await verdicts()).toMatchObject({ '222222222222': 'pass' });
  });

  test('a table in a schema that is not the current one is not taken', async () => {
    given = await organization(healthy);
    await given.client.query('create schema elsewhere; set search_path = elsewhere');
    await expect(runRules(given.client, { queriesDir })).rejects.toThrow(
      /bound to the tables of schema "public".*current schema is "elsewhere"/,
    );
    await installViews(given.client, queriesDir);
    expect(await verdicts()).toEqual({ organization: 'unread' });
  });

  test('a search_path without a schema, and one with ours', async () => {
    given = await organization('');
    await given.client.query('set search_path = nowhere');
    await expect(installViews(given.client, queriesDir)).rejects.toThrow(/search_path/);
    await given.client.query('set search_path = delegation');
    await expect(installViews(given.client, queriesDir)).rejects.toThrow(/search_path gives "delegation"/);
  });
});

describe('an upgrade', () => {
  const tables = (columns: string[]) => [
    {
      name: 'aws_ec2_regions',
      isIncremental: false,
      primaryKey: ['account_id', 'region_name'],
      columns: columns.map((name) => ({ name, pgType: 'text' })),
    },
  ];

  async function columnsOf(view: string): Promise<string[]> {
    const { rows } = await given.client.query<{ attname: string }>(
      `select attname from pg_attribute where attrelid = $1::regclass and attnum > 0 order by attnum`,
      [view],
    );
    return rows.map(({ attname }) => attname).filter((name) => !name.startsWith('_cq_'));
  }

  test('that adds columns leaves views of others in place', async () => {
    given = await organization('');
    await uninstallViews(given.client);
    await given.client.query('create schema delegation');
    await given.client.query(currentLayerSql(tables(['account_id', 'region_name'])));
    await given.client.query('create view mine as select region_name from delegation.current_aws_ec2_regions');
    // In the middle, where the definition has it; and one that the pack gave up.
    await given.client.query(currentLayerSql(tables(['endpoint', 'region_name', 'opt_in_status'])));
    expect(await columnsOf('delegation.current_aws_ec2_regions')).toEqual([
      'account_id',
      'region_name',
      'endpoint',
      'opt_in_status',
    ]);
    await given.client.query('select * from mine');
  });

  test('that changes columns removes the old views first, or says what stands on them', async () => {
    given = await organization('');
    await uninstallViews(given.client);
    await given.client.query(`create schema delegation; create view delegation.accounts as select 1 as other`);
    await installViews(given.client, queriesDir);
    expect(await columnsOf('delegation.accounts')).toContain('ou_path');

    await uninstallViews(given.client);
    await given.client.query(
      `create schema delegation; create view delegation.accounts as select 1 as other; create view mine as table delegation.accounts`,
    );
    await expect(installViews(given.client, queriesDir)).rejects.toThrow(/something of yours stands on them.*mine/);
    expect(await columnsOf('delegation.accounts')).toEqual(['other']);
  });

  test('in the transaction of somebody else', async () => {
    given = await organization(healthy);
    await given.client.query('begin');
    await installViews(given.client, queriesDir);
    await given.client.query('rollback');
    await given.client.query('begin; drop schema delegation cascade');
    await installViews(given.client, queriesDir);
    await given.client.query('commit');
    expect(await verdicts()).toMatchObject({ '222222222222': 'pass' });
  });

  test('uninstall leaves nothing but what was synced', async () => {
    given = await organization(healthy);
    await uninstallViews(given.client);
    const { rows } = await given.client.query(`select nspname from pg_namespace where nspname = 'delegation'`);
    expect(rows).toEqual([]);
    await expect(runRules(given.client, { queriesDir })).rejects.toThrow(/not installed/);
  });
});

test('names of views stay apart where they are too long', () => {
  given = {
    client: { end: () => Promise.resolve() },
    database: { drop: () => Promise.resolve() },
  } as unknown as Organization;
  const long = 'aws_networksecuritymanager_organization_admin_accounts_of_a_kind';
  const names = [currentViewName(`${long}_one`), currentViewName(`${long}_two`)];
  expect(new Set(names).size).toBe(2);
  for (const name of names) expect(name.length).toBeLessThanOrEqual(63);
  expect(currentViewName('aws_organizations')).toBe('current_aws_organizations');
});
