import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { installViews, loadDrift, runRules, uninstallViews } from '../../src/rules/index.js';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { here, queriesDir } from '../rules/database.js';
import { createTables, describeTables } from '../rules/tables_fixture.js';
import { run, type Ended } from '../support/cli.js';
import { hasPsql, serversWithPsql } from '../support/machine_postgres.js';

if (!hasPsql) console.info('tests of queries/roles.sql left out: there is no psql');

const psql = promisify(execFile);
const insufficientPrivilege = '42501';

describe.each(serversWithPsql())('queries/roles.sql on %s', (_name, isThere, server) => {
  const it = test.runIf(isThere);
  const made: { name: string; roles: string[] }[] = [];
  const clients: pg.Client[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'roles-'));

  async function connect(url: string): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    clients.push(client);
    return client;
  }

  interface Prepared {
    admin: pg.Client;
    adminUrl: string;
    /** Role, user and password of the database as each of them. */
    url: (who: 'writer' | 'reader' | 'outsider') => string;
    names: Record<'writer' | 'reader' | 'outsider', string>;
    apply: (...settings: string[]) => Promise<string>;
  }

  /** A database of its own; roles belong to the whole server, so their names are of their own too. */
  async function prepared(): Promise<Prepared> {
    const suffix = randomBytes(5).toString('hex');
    const name = `roles_${suffix}`;
    const names = { writer: `Writer ${suffix}`, reader: `reader_${suffix}`, outsider: `outsider_${suffix}` };
    made.push({ name, roles: Object.values(names) });
    const root = await connect(await server());
    await root.query(`create database ${name}`);
    await root.query(`create role ${names.outsider} login password 'outside'`);
    const url = (user: string | undefined, password: string): string => {
      const changed = new URL(base);
      if (user !== undefined) changed.username = encodeURIComponent(user);
      if (user !== undefined) changed.password = password;
      changed.pathname = `/${name}`;
      return changed.href;
    };
    const base = await server();
    const adminUrl = url(undefined, '');
    const admin = await connect(adminUrl);
    const passwords = { writer: 'write', reader: 'read', outsider: 'outside' };
    return {
      admin,
      adminUrl,
      names,
      url: (who) => url(names[who], passwords[who]),
      async apply(...settings) {
        const variables = [`writer=${names.writer}`, `reader=${names.reader}`, ...settings].flatMap((set) => [
          '-v',
          set,
        ]);
        const { stdout, stderr } = await psql('psql', [
          adminUrl,
          '-X',
          ...variables,
          '-f',
          join(queriesDir, 'roles.sql'),
        ]);
        await admin.query(`alter role "${names.writer}" password 'write'; alter role ${names.reader} password 'read'`);
        return stdout + stderr;
      },
    };
  }

  afterAll(async () => {
    for (const client of clients) await client.end();
    rmSync(folder, { recursive: true });
    if (made.length === 0) return;
    const root = new pg.Client({ connectionString: await server() });
    await root.connect();
    for (const { name, roles } of made) {
      await root.query(`drop database if exists ${name} with (force)`);
      for (const role of roles) await root.query(`drop role if exists "${role}"`);
    }
    await root.end();
  });

  const refused = async (client: pg.Client, sql: string): Promise<string | undefined> =>
    client.query(sql).then(
      () => 'done',
      (error: unknown) => (error as { code?: string }).code,
    );

  const fixture = `
    select fixture.organization();
    select fixture.account('222222222222', 'Security Tooling');
    select fixture.owner('infosec', 'account', '222222222222');
    select fixture.guardduty('222222222222', '{us-east-1}');
    select fixture.finish();`;

  /** The synced tables, as `client` makes them. */
  async function fill(client: pg.Client): Promise<void> {
    await client.query(createTables());
  }

  async function fillRows(admin: pg.Client): Promise<void> {
    await admin.query(describeTables());
    await admin.query(await readFile(join(here, 'fixture.sql'), 'utf8'));
    await admin.query(fixture);
    await admin.query('drop schema fixture cascade');
  }

  const relations = `
    select format('%I.%I', nspname, relname) as name, relkind as kind
    from pg_class join pg_namespace on pg_namespace.oid = relnamespace
    where nspname in ('public', 'delegation') and relkind in ('r', 'v')
    order by 1`;

  it('the writer installs, judges and migrates; the reader reads and judges, and changes nothing', async () => {
    const { admin, url, apply, names } = await prepared();
    expect(await apply('alone=on')).toBe('');
    const writer = await connect(url('writer'));
    await fill(writer);
    await fillRows(admin);
    await installViews(writer, queriesDir);
    const { all } = await runRules(writer, { queriesDir });
    expect(all.length).toBeGreaterThan(20);
    // As before tables are dropped, and again.
    await uninstallViews(writer);
    await installViews(writer, queriesDir);
    // Again, with all that there is now.
    expect(await apply('alone=on')).toBe('');

    const reader = await connect(url('reader'));
    const { rows: readable } = await reader.query<{ name: string; kind: string }>(relations);
    expect(readable.length).toBeGreaterThan(100);
    for (const { name } of readable) await reader.query(`select * from ${name} limit 0`);
    const drift = await loadDrift(reader, new Date('2026-01-01'), null);
    expect(drift.histories.map(({ sourceName, begins }) => [sourceName, begins])).toEqual([
      ['prod', '2026-11-01T12:00:00.000Z'],
    ]);
    const judged = await runRules(reader, { queriesDir, write: false });
    const told = ({ rule, resourceId, status }: (typeof all)[number]): string => `${rule.id} ${resourceId} ${status}`;
    expect(judged.all.map(told)).toEqual(all.map(told));

    for (const { name, kind } of readable) {
      const column = (
        await admin.query<{ name: string }>(
          `select quote_ident(attname) as name from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped limit 1`,
          [name],
        )
      ).rows[0]?.name;
      const attempts = [
        `drop ${kind === 'v' ? 'view' : 'table'} ${name}`,
        `comment on column ${name}.${column ?? ''} is 'x'`,
        // What a view of several tables answers to these says nothing about rights.
        ...(kind === 'v'
          ? []
          : [
              `insert into ${name} select * from ${name}`,
              `update ${name} set ${column ?? ''} = null`,
              `delete from ${name}`,
              `truncate ${name}`,
              `alter table ${name} add column x text`,
              `do $lock$ begin lock table ${name} in exclusive mode; end $lock$`,
              `create index on ${name} (${column ?? ''})`,
            ]),
      ];
      for (const sql of attempts) expect([sql, await refused(reader, sql)]).toEqual([sql, insufficientPrivilege]);
      const { rows } = await reader.query(
        `select has_table_privilege($1, 'insert, update, delete, truncate, references, trigger') or has_any_column_privilege($1, 'insert, update, references') as may_write`,
        [name],
      );
      expect([name, rows]).toEqual([name, [{ may_write: false }]]);
    }
    for (const sql of [
      'create table public.x ()',
      'create table delegation.x ()',
      'create temporary table x ()',
      'create schema x',
      "create function public.x() returns int language sql as 'select 1'",
      'create role x',
      'create database x',
      'select * from pg_authid',
      "select pg_read_file('postgresql.conf')",
      "copy (select 1) to program 'true'",
      'select * from delegation.keep_results(null)',
      'select * from delegation.keep_history()',
      'select * from delegation.prune_history(now())',
      `set role "${names.writer}"`,
      `alter role ${names.reader} createdb`,
    ]) {
      expect([sql, await refused(reader, sql)]).toEqual([sql, insufficientPrivilege]);
    }

    for (const sql of [
      'create schema x',
      'create role x',
      'create database x',
      'create extension file_fdw',
      'select * from pg_authid',
      "select pg_read_file('postgresql.conf')",
      "copy (select 1) to program 'true'",
      `alter role "${names.writer}" createdb`,
    ]) {
      expect([sql, await refused(writer, sql)]).toEqual([sql, insufficientPrivilege]);
    }
    await expect(connect(url('outsider'))).rejects.toMatchObject({ code: insufficientPrivilege });

    // Nothing is granted to everybody, and no function acts with the rights of who made it.
    const { rows: granted } = await admin.query(`
      select relations.oid::regclass::text as object, grants.privilege_type
      from pg_class as relations
      cross join lateral aclexplode(coalesce(relations.relacl, acldefault('r', relations.relowner))) as grants
      where relations.relnamespace in ('public'::regnamespace, 'delegation'::regnamespace) and relkind in ('r', 'v') and grants.grantee = 0
      union all
      select functions.oid::regprocedure::text, grants.privilege_type
      from pg_proc as functions
      cross join lateral aclexplode(coalesce(functions.proacl, acldefault('f', functions.proowner))) as grants
      where functions.pronamespace = 'delegation'::regnamespace and grants.grantee = 0
      union all
      select schemas.oid::regnamespace::text, grants.privilege_type
      from pg_namespace as schemas
      cross join lateral aclexplode(coalesce(schemas.nspacl, acldefault('n', schemas.nspowner))) as grants
      where schemas.nspname in ('public', 'delegation') and grants.grantee = 0
      union all
      select functions.oid::regprocedure::text, 'security definer'
      from pg_proc as functions
      where functions.pronamespace = 'delegation'::regnamespace and functions.prosecdef`);
    expect(granted).toEqual([]);
    const { rows: owners } = await admin.query(`
      select distinct relowner::regrole::text as owner from pg_class
      where relnamespace in ('public'::regnamespace, 'delegation'::regnamespace) and relkind in ('r', 'v')`);
    expect(owners).toEqual([{ owner: `"${names.writer}"` }]);
  });

  it('what was there before is handed over where that is asked for, and what is not ours stays as it is', async () => {
    const { admin, url, apply } = await prepared();
    await fill(admin);
    await fillRows(admin);
    await installViews(admin, queriesDir);
    await runRules(admin, { queriesDir });
    await admin.query('create table payroll (salary int)');
    expect(await apply()).toBe('');
    const reader = await connect(url('reader'));
    const writer = await connect(url('writer'));
    expect(await refused(reader, 'select * from aws_organizations')).toBe(insufficientPrivilege);
    expect(await refused(writer, 'alter table aws_organizations add column x text')).toBe(insufficientPrivilege);

    expect(await apply('hand_over=on')).toBe('');
    await writer.query('alter table aws_organizations add column x text');
    await uninstallViews(writer);
    await installViews(writer, queriesDir);
    await reader.query('select * from aws_organizations, aws_policy_results, delegation.delegations');
    for (const client of [reader, writer]) {
      expect(await refused(client, 'select * from payroll')).toBe(insufficientPrivilege);
    }
    // Who has nothing to do with it can connect, unless the database is for this alone; and see nothing.
    const outsider = await connect(url('outsider'));
    for (const sql of [
      'select * from aws_organizations',
      'select * from aws_policy_results',
      'select * from delegation.delegations',
      'select * from delegation.judge(null)',
      'create table public.aws_policy_result_changes ()',
    ]) {
      expect([sql, await refused(outsider, sql)]).toEqual([sql, insufficientPrivilege]);
    }
  });

  it('another schema, and names that are taken by somebody who may do more', async () => {
    const { admin, url, apply, names } = await prepared();
    expect(await apply('schema=Audit of AWS')).toBe('');
    const writer = await connect(url('writer'));
    await fill(writer);
    await installViews(writer, queriesDir);
    const reader = await connect(url('reader'));
    await reader.query('select * from "Audit of AWS".aws_organizations, delegation.delegations');
    expect(await refused(writer, 'create table public.x ()')).toBe(insufficientPrivilege);
    await admin.query(`alter role ${names.reader} createdb`);
    await expect(apply()).rejects.toMatchObject({ stderr: expect.stringContaining(names.reader) as string });
    await admin.query(`alter role ${names.reader} nocreatedb`);
  });

  it('a reader for whoever syncs already, who may be a superuser', async () => {
    const { admin, adminUrl, url, names } = await prepared();
    await fill(admin);
    await fillRows(admin);
    await installViews(admin, queriesDir);
    await runRules(admin, { queriesDir });
    await admin.query('create table payroll (salary int)');
    await admin.query('create function public.mine() returns int language sql as $$select 1$$');
    // Twice, and the second time without a change.
    for (let times = 0; times < 2; times++) {
      const variables = ['-v', 'reader_only=on', '-v', `reader=${names.reader}`];
      const { stdout, stderr } = await psql('psql', [
        adminUrl,
        '-X',
        ...variables,
        '-f',
        join(queriesDir, 'roles.sql'),
      ]);
      expect(stdout + stderr).toBe('');
    }
    await admin.query(`alter role ${names.reader} password 'read'`);
    const { rows: made } = await admin.query('select rolname from pg_roles where rolname = any ($1) order by rolname', [
      ['aws_delegation_writer', names.writer, names.reader],
    ]);
    expect(made).toEqual([{ rolname: names.reader }]);

    const everything =
      'select * from aws_organizations, aws_policy_results, aws_policy_result_changes, delegation.delegations, delegation.judge(null) limit 1';
    const reader = await connect(url('reader'));
    await reader.query(everything);
    for (const sql of [
      'select * from payroll',
      'delete from aws_organizations',
      'delete from aws_policy_results',
      'create table delegation.x ()',
    ]) {
      expect([sql, await refused(reader, sql)]).toEqual([sql, insufficientPrivilege]);
    }
    // Who may make schemas drops this one with its views, and so would the rights be gone.
    await uninstallViews(admin);
    expect((await admin.query(`select to_regnamespace('delegation') as gone`)).rows).toEqual([{ gone: null }]);
    await installViews(admin, queriesDir);
    await runRules(admin, { queriesDir });
    await reader.query(everything);
    // Nobody lost anything.
    const outsider = await connect(url('outsider'));
    await outsider.query('select public.mine()');
    await admin.query('create function public.later() returns int language sql as $$select 1$$');
    await outsider.query('select public.later()');
  });

  it('is run by the owner of the database who may create roles, too', async () => {
    const { admin, names, apply, adminUrl } = await prepared();
    await admin.query(`alter role ${names.outsider} createrole`);
    await admin.query(`alter database ${new URL(adminUrl).pathname.slice(1)} owner to ${names.outsider}`);
    const asOwner = new URL(adminUrl);
    asOwner.username = names.outsider;
    asOwner.password = 'outside';
    const variables = [
      '-v',
      `writer=${names.writer}`,
      '-v',
      `reader=${names.reader}`,
      '-v',
      'alone=on',
      '-v',
      'hand_over=on',
    ];
    for (let times = 0; times < 2; times++) {
      const { stderr } = await psql('psql', [asOwner.href, '-X', ...variables, '-f', join(queriesDir, 'roles.sql')]);
      expect(stderr).toBe('');
    }
    expect(await apply()).toBe('');
  });

  describe.runIf(isThere && _name.includes('embedded'))('a whole sync', () => {
    let simulator: Simulator;
    beforeAll(async () => {
      simulator = await startSimulator({ scenario: 'demo' });
    });
    afterAll(() => simulator.close());

    it(
      'as the writer: first, second, a column that was not there, a table that does not fit, with a state',
      { timeout: 180_000 },
      async () => {
        const { url, apply } = await prepared();
        await apply('alone=on');
        const spec = join(folder, 'spec.yml');
        writeFileSync(
          spec,
          `kind: source
spec:
  name: test
  registry: local
  path: bin/aws-delegation
  tables: [aws_organizations, aws_organizations_accounts, aws_cloudtrail_organization_events]
  destinations: [postgresql]
  backend_options: {table_name: aws_delegation_state, connection: '@@plugins.postgresql.connection'}
  spec: {regions: [us-east-1], custom_endpoint_url: '${simulator.url}'}
`,
        );
        const env = {
          AWS_ACCESS_KEY_ID: 'simulated',
          AWS_SECRET_ACCESS_KEY: 'simulated',
          AWS_REGION: 'us-east-1',
          DATABASE_URL: url('writer'),
        };
        const sync = (...args: string[]): Promise<Ended> => run(['sync', spec, ...args], { env });
        expect(await sync()).toMatchObject({ code: 0 });
        const writer = await connect(url('writer'));
        await uninstallViews(writer);
        await writer.query('alter table aws_organizations_accounts drop column name');
        await writer.query('alter table aws_organizations alter column feature_set type varchar(20)');
        expect(await sync('--migrate-mode', 'forced', '--yes')).toMatchObject({ code: 0 });
        expect(
          await run(['check', '--rule', 'reads_complete', '--format', 'json'], { cwd: folder, env }),
        ).toMatchObject({
          stderr: '',
        });
        const reader = await connect(url('reader'));
        const { rows } = await reader.query(
          `select (select count(name) > 5 from aws_organizations_accounts) as names, (select count(*) from aws_organizations)::int as organizations, (select count(*) > 0 from aws_delegation_state) as state, (select count(*) > 0 from aws_policy_results) as results`,
        );
        expect(rows).toEqual([{ names: true, organizations: 1, state: true, results: true }]);
        const readerEnv = { ...env, DATABASE_URL: url('reader') };
        expect(await run(['check', '--rule', 'reads_complete'], { cwd: folder, env: readerEnv })).toMatchObject({
          code: 4,
          stderr: expect.stringContaining('--no-install') as string,
        });
      },
    );
  });
});
