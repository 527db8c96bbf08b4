import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { installViews, runRules } from '../../src/rules/index.js';
import { hasPsql, machineBinaries, serversWithPsql } from '../support/machine_postgres.js';
import { here, queriesDir } from './database.js';
import { createTables, describeTables } from './tables_fixture.js';

const run = promisify(execFile);
const psql = async (url: string, ...args: string[]): Promise<string> => {
  const { stdout } = await run('psql', [url, '-X', '-v', 'ON_ERROR_STOP=1', ...args], {
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
};
const file = (name: string): string[] => ['-f', join(queriesDir, name)];

const findings = `
  select fixture.organization();
  select fixture.ou('/Security');
  select fixture.account('222222222222', 'Security Tooling', '/Security');
  select fixture.account('333333333333', 'Shop');
  select fixture.account('444444444444', 'Bank');
  select fixture.owner('infosec', 'account', '222222222222');
  select fixture.trusted('guardduty.amazonaws.com'), fixture.delegated('222222222222', 'guardduty.amazonaws.com');
  select fixture.guardduty('333333333333', '{eu-central-1}'), fixture.guardduty('222222222222', '{us-east-1}');
  select fixture.scp('p-guard', '[{"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}]', '{333333333333}');
  select fixture.waiver('scp_prevents_leaving', '2999-01-01', '222222222222'), fixture.waiver('scp_*', '2020-01-01', '4*'), fixture.waiver('*', '2999-01-01', 'nothing');
  select fixture.region('eu-west-1'), fixture.read('aws_guardduty_organization_admin_accounts', 'denied', region => 'eu-west-1');
  select fixture.finish();`;

if (!hasPsql) console.info('tests of queries/*.sql with psql left out: there is no psql');
else if (machineBinaries === undefined) console.info('tests on the machine’s own PostgreSQL left out: there is none');

describe.each(serversWithPsql())('psql alone, on %s', (_name, isThere, server) => {
  const it = test.runIf(isThere);
  const clients: pg.Client[] = [];
  const names: string[] = [];

  /** A database of its own with the synced tables and these rows; no view is installed. */
  async function database(sql: string | null): Promise<{ url: string; client: pg.Client }> {
    const name = `psql_${process.pid}_${names.length}`;
    const admin = new pg.Client({ connectionString: await server() });
    await admin.connect();
    await admin.query(`create database ${name}`);
    await admin.end();
    names.push(name);
    const url = new URL(await server());
    url.pathname = `/${name}`;
    const client = new pg.Client({ connectionString: url.href });
    await client.connect();
    clients.push(client);
    if (sql !== null) {
      for (const text of [createTables(), describeTables(), await readFile(join(here, 'fixture.sql'), 'utf8'), sql]) {
        await client.query(text);
      }
    }
    return { url: url.href, client };
  }

  afterAll(async () => {
    for (const client of clients) await client.end();
    if (names.length === 0) return;
    const admin = new pg.Client({ connectionString: await server() });
    await admin.connect();
    for (const name of names) await admin.query(`drop database ${name} with (force)`);
    await admin.end();
  });

  const stored = async (client: pg.Client): Promise<unknown[]> =>
    (
      await client.query<Record<string, unknown>>(
        `select check_id, title, severity, organization_id, account_id, region, resource_id, status, raw_status, unknown_cause, waiver, framework, sync_time, pack_version,
           -- The age of a sync goes on while the two run.
           case when check_id <> 'sync_is_fresh' then reason end as reason
         from aws_policy_results
         order by check_id collate "C", organization_id, account_id, region, resource_id collate "C"`,
      )
    ).rows;

  const objects = async (client: pg.Client): Promise<unknown[]> =>
    (
      await client.query<{ kind: string; name: string }>(`
        select 'schema' as kind, nspname as name from pg_namespace where nspname !~ '^pg_(toast_)?temp'
        union all select 'relation', oid::regclass::text from pg_class where relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'pg_toast'::regnamespace) and relkind <> 'i'
        union all select 'function', oid::regprocedure::text from pg_proc where pronamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
        order by 1, 2`)
    ).rows;

  it('install.sql and check.sql give what `check` gives', async () => {
    const byPsql = await database(findings);
    await psql(byPsql.url, ...file('install.sql'));
    const printed = await psql(byPsql.url, ...file('check.sql'));
    const byCheck = await database(findings);
    await installViews(byCheck.client, queriesDir);
    const { all } = await runRules(byCheck.client, { queriesDir });

    const rows = await stored(byPsql.client);
    expect(rows).toEqual(await stored(byCheck.client));
    expect(rows).toHaveLength(all.length);
    expect(new Set(all.map(({ status }) => status))).toEqual(
      new Set(['fail', 'pass', 'unknown', 'waived', 'not_applicable']),
    );
    for (const heading of ['Findings', 'Not known', 'Waivers', 'Rules', 'Total']) expect(printed).toContain(heading);
    expect(printed).toContain(
      '444444444444 (Bank, directly at the root): organizations:LeaveOrganization is not denied',
    );
    expect(printed).toMatch(/unused +\| \* +\| nothing/);
    expect(printed).toMatch(/expired +\| scp_\*/);
    // Again, and by the other of the two: it is one table.
    await psql(byPsql.url, ...file('check.sql'));
    await runRules(byPsql.client, { queriesDir });
    expect(await stored(byPsql.client)).toEqual(rows);
    expect((await byPsql.client.query('select * from aws_policy_result_changes')).rows).toEqual([]);
  });

  it('history.sql keeps a sync once, as check.sql does', async () => {
    const { url, client } = await database(findings);
    await psql(url, ...file('install.sql'));
    expect(await psql(url, ...file('history.sql'))).toMatch(/prod +\| o-example +\| 2026-11-01 12:00 UTC \| kept\n/);
    const kept = async (): Promise<unknown[]> =>
      (await client.query<Record<string, unknown>>('select * from delegation.delegation_history order by 3, 7, 8, 9'))
        .rows;
    const before = await kept();
    expect(before.length).toBeGreaterThan(2);
    await psql(url, ...file('check.sql'));
    expect(await psql(url, ...file('history.sql'))).toMatch(/\| kept already\n[\s\S]*guardduty \| eu-west-1/);
    expect(await kept()).toEqual(before);

    await client.query(
      `do $$ declare name text; begin
         for name in select quote_ident(relname) from pg_attribute join pg_class on pg_class.oid = attrelid where attname = '_cq_sync_time' and relkind = 'r' loop
           execute 'update ' || name || ' set _cq_sync_time = _cq_sync_time + interval ''1 day''';
         end loop;
       end $$;
       delete from aws_organizations_delegated_services;
       update aws_delegation_reads set row_count = 0 where table_name = 'aws_organizations_delegated_services'`,
    );
    expect(await psql(url, ...file('history.sql'))).toMatch(
      /delegation_removed \| Amazon GuardDuty \| organizations \| +\| 222222222222 Security Tooling \| guardduty\.amazonaws\.com/,
    );
    const drift = `select at, kind from delegation.drift('2026-11-01 12:00:00+00', null)`;
    expect(await psql(url, '-At', '-c', `set timezone to 'UTC'; ${drift}`)).toContain(
      '2026-11-02 12:00:00+00|delegation_removed\n',
    );
  });

  it('each rule is a view', async () => {
    const { url } = await database(findings);
    await psql(url, ...file('install.sql'));
    const sql = `select status, count(*) from delegation.rule_scp_prevents_leaving group by 1 order by 1`;
    expect(await psql(url, '-At', '-c', sql)).toBe('fail|2\nnot_applicable|1\npass|1\n');
  });

  it('nothing was ever synced: every rule says so', async () => {
    const { url, client } = await database(null);
    await psql(url, ...file('install.sql'));
    await psql(url, ...file('check.sql'));
    const { rows } = await client.query(
      `select count(distinct check_id) = (select count(*) from delegation.rules) as is_all, array_agg(distinct status) as statuses, array_agg(distinct unknown_cause) as causes from aws_policy_results`,
    );
    expect(rows).toEqual([{ is_all: true, statuses: ['unknown'], causes: ['unread'] }]);
  });

  it('uninstall.sql leaves nothing behind but what was there before', async () => {
    const { url, client } = await database(findings);
    const before = await objects(client);
    for (const name of ['install.sql', 'check.sql', 'install.sql', 'uninstall.sql']) await psql(url, ...file(name));
    expect(await objects(client)).toEqual(before);
    await psql(url, ...file('uninstall.sql'));
  });

  it('uninstall.sql keeps the results of other packs', async () => {
    const { url, client } = await database(findings);
    await client.query(
      'create table aws_policy_results (execution_time timestamptz, framework varchar(255), check_id varchar(255), title text, account_id varchar(1024), resource_id varchar(1024), status varchar(16))',
    );
    await client.query(`insert into aws_policy_results (framework, check_id) values ('cis', '1.1')`);
    for (const name of ['install.sql', 'check.sql', 'uninstall.sql']) await psql(url, ...file(name));
    expect((await client.query('select framework, check_id from aws_policy_results')).rows).toEqual([
      { framework: 'cis', check_id: '1.1' },
    ]);
  });
});
