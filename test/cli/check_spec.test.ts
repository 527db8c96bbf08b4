import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { run, type Ended } from '../support/cli.js';
import { freshDatabase, urlOf, type FreshDatabase } from '../support/postgres.js';

let folder: string;
let simulator: Simulator;
let database: FreshDatabase;

beforeAll(async () => {
  simulator = await startSimulator({ scenario: 'demo' });
});
afterAll(async () => {
  await simulator.close();
});
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'));
  database = await freshDatabase();
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  await database.drop();
});

interface Given {
  file?: string;
  name?: string;
  /** Further keys of the source and of the destination. */
  source?: string;
  destination?: string;
  /** What the plugin is told. */
  spec?: string;
}

function write({ file = 'spec.yml', name = 'test', source = '', destination = '', spec = '{}' }: Given): string {
  writeFileSync(
    join(folder, file),
    `kind: source
spec:
  name: ${name}
  registry: local
  path: bin/aws-delegation
  tables: ['aws_organization*']
  destinations: [postgresql]
  ${source}
  spec: ${spec}
---
kind: destination
spec:
  name: postgresql
  path: cloudquery/postgresql
  ${destination}
  spec: {connection_string: '${database.url}'}
`,
  );
  return file;
}

function command(...args: string[]): Promise<Ended> {
  return run(args, {
    cwd: folder,
    env: {
      AWS_ENDPOINT_URL: simulator.url,
      AWS_ACCESS_KEY_ID: 'simulated',
      AWS_SECRET_ACCESS_KEY: 'simulated',
      AWS_REGION: 'us-east-1',
      // Nothing here may start the embedded server.
      DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none',
    },
  });
}

/** As `sync({ spec: before })` in a new database, which is done once for all who begin with it. */
async function begin(): Promise<void> {
  await database.drop();
  database = await freshDatabase({
    name: 'check_spec',
    prepare: async (client) => {
      const { code, stderr } = await command('sync', write({ spec: before }), '--database', await urlOf(client));
      expect({ code, stderr }).toMatchObject({ code: 0 });
    },
  });
  write({ spec: before });
}

async function sync(given: Given = {}): Promise<void> {
  const { code, stderr } = await command('sync', write(given));
  expect({ code, stderr }).toMatchObject({ code: 0 });
}

/** Judged, whatever the verdicts: by one rule, because it is not about them. */
async function check(...args: string[]): Promise<Ended> {
  const ended = await command('check', ...args, '--rule', 'sync_is_fresh');
  expect(ended).toMatchObject({ code: expect.toBeOneOf([0, 1, 2]) as number });
  return ended;
}

/** A client that is writing for the source, as far as others can tell. */
async function lockedAs(applicationName: string): Promise<{ end: () => Promise<void> }> {
  const client = await database.connect();
  await client.query(`set application_name = '${applicationName}'`);
  const key = createHash('sha256').update('aws-delegation sync\0public\0test').digest().readBigInt64BE().toString();
  await client.query('select pg_advisory_lock($1)', [key]);
  return client;
}

const stated = ['owners', 'expectations', 'approvals', 'waivers', 'settings'].map((name) => `aws_delegation_${name}`);
type Row = Record<string, unknown>;

/** Whole rows of these tables and of their reads, but for when they were read. */
async function rows(where = 'true'): Promise<Record<string, Row[]>> {
  const all: Record<string, Row[]> = {};
  for (const table of stated) {
    const found = await database.query<{ row: Row }>(
      `select to_jsonb(each) as row from ${table} as each where ${where} order by _cq_sync_time, _cq_source_name, _cq_id`,
    );
    all[table] = found.map(({ row }) => row);
  }
  const reads = await database.query<{ row: Row }>(
    `select to_jsonb(each) - 'started_at' - 'duration_ms' as row from aws_delegation_reads as each
      where table_name = any ($1) and ${where} order by _cq_sync_time, _cq_source_name, table_name`,
    [stated],
  );
  all['aws_delegation_reads'] = reads.map(({ row }) => row);
  return all;
}

function without(tables: Record<string, Row[]>, ...columns: string[]): Record<string, Row[]> {
  return Object.fromEntries(
    Object.entries(tables).map(([table, list]) => [
      table,
      list.map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => !columns.includes(name)))),
    ]),
  );
}

/** Changes with each write. */
const versions = async (): Promise<unknown[]> => {
  const found: unknown[] = [];
  for (const table of [...stated, 'aws_delegation_reads']) {
    found.push(await database.query(`select ctid::text, xmin::text from ${table} order by ctid`));
  }
  return found;
};

const before = `{owners: {infosec: {accounts: ['222233334444']}, old: {names: [log-archive]}}, waivers: [], max_age_hours: 6}`;
const after = `
    owners:
      infosec: { accounts: ['222233334444', '333344445555'], tags: { team: "a 'quoted' ü" } }
      infra_ops: { ous: ['/Infrastructure'] }
    expectations: { guardduty: [infosec, infra_ops], ipam: [infra_ops] }
    approvals: approvals.yml
    waivers: waivers.yml
    workload_ous: ['/Workloads', '/Sandbox']
    allowed_regions: [eu-central-1]
    separation_of_duties: true
    max_age_hours: 48`;

function writeFiles(): void {
  writeFileSync(
    join(folder, 'approvals.yml'),
    `delegations:
  - {service: guardduty, account: '222233334444', approved_by: ada, approved_on: 2026-01-15, review_by: 2027-01-15}
  - {service: macie, account: '222233334444', region: eu-central-1, approved_by: ada, approved_on: 2026-01-15, reason: why}
principals:
  - {principal: 'arn:aws:iam::111122223333:role/*', actions: ['organizations:*', 'guardduty:*'], approved_by: ada, approved_on: 2026-01-15}
`,
  );
  writeFileSync(
    join(folder, 'waivers.yml'),
    `waivers:
  - {rule: scp_prevents_leaving, account: '999988887777', reason: sold, owner: bob, ticket: T-1, approved_by: ada, expires: 2099-01-01}
  - {rule: 'org_*', reason: later, approved_by: ada, expires: 2026-01-01}
`,
  );
}

describe('check with a spec', { timeout: 120_000 }, () => {
  it.each(['', 'deterministic_cq_id: true'])('stores what a sync would have stored (%s)', async (source) => {
    await sync({ source, spec: before });
    writeFiles();
    write({ source, spec: after });
    const { stderr } = await check('spec.yml');
    expect(stderr).toBe(
      'spec.yml is newer than the newest sync of "test": judged by what it says now (owners, expectations, approvals, waivers, settings).\n',
    );
    const checked = await rows();
    expect(
      await database.query(`select error_code from delegation.reads where table_name = any ($1) and outcome <> 'ok'`, [
        stated,
      ]),
    ).toEqual([]);
    expect(
      await database.query('select 1 from delegation.settings where max_age_hours = 48 and was_read'),
    ).toHaveLength(1);
    await sync({ source, spec: after });
    const synced = await rows();
    expect(without(checked, '_cq_sync_time')).toEqual(without(synced, '_cq_sync_time'));
    expect(checked['aws_delegation_approvals']).toHaveLength(4);
    expect(checked['aws_delegation_owners']).toHaveLength(4);
  });

  it('takes spec.yml of its folder, and writes nothing where nothing changed', async () => {
    writeFiles();
    await sync({ spec: after });
    await check();
    const first = await versions();
    const { stderr } = await check();
    expect(stderr).toBe('');
    expect(await versions()).toEqual(first);
    write({ spec: before });
    await check();
    expect(await versions()).not.toEqual(first);
    expect(await database.query('select 1 from aws_delegation_owners')).toHaveLength(2);
    expect(await database.query('select 1 from aws_delegation_waivers')).toHaveLength(0);
  });

  it.each(['', 'write_mode: append'])(
    'does not claim events that the sync did not look back on (%s)',
    async (destination) => {
      const days = 'select distinct events_lookback_days as days, max_age_hours as hours from delegation.settings';
      await sync({ destination, spec: '{events: {lookback_days: 7}}' });
      write({ destination, spec: '{events: {lookback_days: 90}}' });
      // By itself it is nothing that check could go by.
      expect((await check()).stderr).toBe('');
      write({ destination, spec: '{events: {lookback_days: 90}, max_age_hours: 48}' });
      await check();
      expect(await database.query(days)).toEqual([{ days: 7, hours: 48 }]);
      await sync({ destination, spec: '{events: {lookback_days: 90}, max_age_hours: 48}' });
      expect(await database.query(days)).toEqual([{ days: 90, hours: 48 }]);
    },
  );

  it('touches the rows of the newest sync alone where every sync is kept', async () => {
    const destination = 'write_mode: append';
    await sync({ destination, spec: before });
    await sync({ destination, spec: before });
    const [{ at } = { at: '' }] = await database.query<{ at: string }>(
      'select max(_cq_sync_time)::text as at from aws_delegation_reads',
    );
    const [older, newer] = [`_cq_sync_time < '${at}'`, `_cq_sync_time = '${at}'`];
    const untouched = await rows(older);
    writeFiles();
    write({ destination, spec: after });
    await check();
    expect(await rows(older)).toEqual(untouched);
    const checked = await rows(newer);
    await sync({ destination, spec: after });
    expect(without(checked, '_cq_sync_time')).toEqual(without(await rows(`_cq_sync_time > '${at}'`), '_cq_sync_time'));
  });

  it('overwrites what earlier syncs left in write mode overwrite', async () => {
    const destination = 'write_mode: overwrite';
    const other = `{owners: {infosec: {accounts: ['333344445555']}}}`;
    await sync({ destination, spec: before });
    await sync({ destination, spec: other });
    write({ destination, spec: before });
    await check();
    const current = await database.query(
      `select owner, selector from delegation.current_aws_delegation_owners order by owner`,
    );
    expect(current).toEqual([
      { owner: 'infosec', selector: '222233334444' },
      { owner: 'old', selector: 'log-archive' },
    ]);
    expect(await database.query(`select 1 from delegation.reads where error_code = 'rows_missing'`)).toEqual([]);
  });

  it('leaves the rows of another source as they are', async () => {
    const other = await startSimulator({
      scenario: {
        name: 'other',
        organization: {
          id: 'o-otherorganiz',
          management_account_id: '717171717171',
          accounts: [{ id: '717171717171', name: 'other', email: 'other@example.com' }],
        },
      },
    });
    await begin();
    const file = write({
      file: 'other.yml',
      name: 'other',
      spec: `{custom_endpoint_url: '${other.url}', owners: {a: {accounts: ['717171717171']}}}`,
    });
    expect((await command('sync', file)).code).toBe(0);
    await other.close();
    const untouched = await rows(`_cq_source_name = 'other'`);
    writeFiles();
    write({ spec: after });
    await check('spec.yml');
    expect(await rows(`_cq_source_name = 'other'`)).toEqual(untouched);
    expect(await rows(`_cq_source_name = 'test'`)).toMatchObject({
      aws_delegation_waivers: [{ account_id: '111122223333' }, { account_id: '111122223333' }],
    });
  });

  it('of a source that was never synced is refused where it was named, and left aside where it just lies there', async () => {
    await begin();
    write({ name: 'tset' });
    const named = await command('check', 'spec.yml');
    expect(named).toMatchObject({ code: 3, stdout: '' });
    expect(named.stderr).toMatch(
      /^spec\.yml: its source "tset" was never synced into this database, which has "test"\. Sync it/,
    );
    const unnamed = await check();
    expect(unnamed.stderr).toMatch(
      /^spec\.yml: its source "tset" was never synced .* It is left aside: what the syncs stored is judged\.\n$/,
    );
    expect(await database.query('select 1 from aws_delegation_owners')).toHaveLength(2);
  });

  it('that is not ours is left aside; one of ours that is broken is not', async () => {
    await begin();
    writeFileSync(join(folder, 'spec.yml'), 'openapi: 3.0.0\ninfo: {title: something else}\n');
    const foreign = await check('--database', database.url);
    expect(foreign.stderr).toMatch(/^spec\.yml: not read, because it is no spec of aws-delegation/);
    expect(await command('check', 'spec.yml', '--database', database.url)).toMatchObject({ code: 3, stdout: '' });
    write({ spec: '{ownres: {}}' });
    const broken = await command('check');
    expect(broken).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(/^spec\.yml: spec: unknown key 'ownres'\. Did you mean 'owners'\?/) as string,
    });
    expect(await command('check', 'missing.yml')).toMatchObject({ code: 3, stdout: '' });
  });

  it('and --no-install is a contradiction; alone, --no-install finds the database of the spec and writes nothing', async () => {
    await begin();
    write({ spec: after.replace(/ +(approvals|waivers): \S+\n/g, '') });
    const both = await command('check', 'spec.yml', '--no-install');
    expect(both).toMatchObject({ code: 3, stdout: '' });
    expect(both.stderr).toContain('--no-install writes nothing');
    const first = await versions();
    await check('--no-install');
    expect(await versions()).toEqual(first);
  });

  it.each([
    [
      'delegations: [{service: gardduty, account: "222233334444", approved_by: a, approved_on: 2026-01-01}]',
      'waivers: []',
      /approvals\.yml, line 1: delegations\[0\]\.service: 'gardduty' is no service of the catalogue \(did you mean guardduty/,
    ],
    [
      'delegations: []',
      'waivers:\n  - rule: scp_prevent_leaving\n    reason: r\n    approved_by: a\n    expires: 2099-01-01',
      /waivers\.yml, line 2: waivers\[0\]\.rule: 'scp_prevent_leaving' is no rule of this version\. The nearest are scp_prevents_leaving, /,
    ],
    [
      'delegations: []',
      'waivers:\n  - rule: "nothing_*"\n    reason: r\n    approved_by: a\n    expires: 2099-01-01',
      /'nothing_\*' matches no rule of this version/,
    ],
    ['delegations: [', 'waivers: []', /approvals\.yml, line 1, column \d+: this is no valid YAML/],
  ])('ends with 3 and changes nothing for a wrong file: %s %s', async (approvals, waivers, message) => {
    await begin();
    const first = await versions();
    writeFileSync(join(folder, 'approvals.yml'), approvals);
    writeFileSync(join(folder, 'waivers.yml'), waivers);
    write({ spec: after });
    const { code, stdout, stderr } = await command('check');
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(message);
    expect(await versions()).toEqual(first);
  });

  it('names a wrong rule in the spec itself by its key', async () => {
    await begin();
    write({ spec: '{waivers: [{rule: nope, reason: r, approved_by: a, expires: 2099-01-01}]}' });
    expect((await command('check')).stderr).toMatch(/^spec\.yml: spec\.waivers\[0\]\.rule: 'nope' is no rule/);
  });

  it('says what to do where an older version has made the tables, and goes on with what is there', async () => {
    await begin();
    await database.query('drop schema delegation cascade');
    await database.query(
      `alter table aws_delegation_waivers drop column owner, drop column ticket;
       drop table aws_delegation_settings;
       delete from aws_delegation_reads where table_name = 'aws_delegation_settings'`,
    );
    writeFiles();
    write({ spec: after });
    const { stderr } = await check();
    expect(stderr.trim().split('\n').slice(1)).toEqual([
      expect.stringMatching(
        /^aws_delegation_settings: not in the newest sync of "test", .* Sync again with this version\.$/,
      ),
      expect.stringMatching(
        /^aws_delegation_waivers \(owner, ticket\): these columns are not there, .* Sync again with this version\.$/,
      ),
    ]);
    expect(await database.query('select rule from aws_delegation_waivers order by rule')).toEqual([
      { rule: 'org_*' },
      { rule: 'scp_prevents_leaving' },
    ]);
    // No rule can pass by a table that lacks something.
    expect(
      await database.query(
        `select table_name, was_read from delegation.table_reads where table_name in ('aws_delegation_settings', 'aws_delegation_waivers') order by 1`,
      ),
    ).toEqual([
      { table_name: 'aws_delegation_settings', was_read: false },
      { table_name: 'aws_delegation_waivers', was_read: false },
    ]);
  });

  it('refuses where a part of a key is missing: what is stored would be out of date', async () => {
    await begin();
    await database.query('drop schema delegation cascade');
    await database.query('alter table aws_delegation_waivers drop column waived_account_id cascade');
    const { code, stderr } = await command('check');
    expect(code).toBe(4);
    expect(stderr).toMatch(
      /^aws_delegation_waivers has no column waived_account_id, .* Sync again with this version\.\n$/,
    );
  });

  it('says so where the sync left a table out', async () => {
    await sync({ source: 'skip_tables: [aws_delegation_owners]', spec: '{}' });
    write({ spec: before });
    const { stderr } = await check();
    expect(stderr).toMatch(/^aws_delegation_owners: left out of the newest sync of "test" \(skip_tables\)/m);
    expect(await database.query('select 1 from aws_delegation_settings where max_age_hours = 6')).toHaveLength(1);
  });

  it('leaves alone what an interrupted sync of the CLI has overtaken', async () => {
    await begin();
    await database.query(
      `update aws_delegation_owners set _cq_sync_time = _cq_sync_time + interval '1 hour' where owner = 'old'`,
    );
    const first = await versions();
    write({ spec: '{}' });
    const { stderr } = await check();
    expect(stderr).toMatch(/^A sync of "test" that is newer than the newest whole one is running, or was interrupted/);
    expect(await versions()).toEqual(first);
  });

  it('is refused in the middle of a sync if it would change something, and only then', async () => {
    await begin();
    const holder = await lockedAs('aws-delegation sync 4711@host');
    expect((await check()).stderr).toBe('');
    const first = await versions();
    write({ spec: '{}' });
    const { code, stdout, stderr } = await command('check');
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toMatch(
      /^A sync of "test" into this database is running, .* process 4711 on host, .*nothing was written or judged\./s,
    );
    expect(await versions()).toEqual(first);
    await holder.end();
  });

  it.each(['sync', 'check'])('makes %s wait for the moment that another one takes', async (name) => {
    await begin();
    write({ spec: '{}' });
    const holder = await lockedAs('aws-delegation check 4711@host');
    const waiting = command(name, 'spec.yml');
    await vi.waitFor(
      async () => {
        const tried = `select 1 from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid() and query like '%pg_locks%'`;
        expect(await database.query(tried)).not.toEqual([]);
      },
      { timeout: 20_000, interval: 20 },
    );
    await holder.end();
    expect((await waiting).code).not.toBe(4);
    expect(await database.query('select 1 from aws_delegation_owners')).toEqual([]);
  });

  it('tells a user who may not write what to do', async () => {
    await begin();
    await check();
    const reader = `reader_${database.name}`;
    await database.query(
      `create role ${reader} login password 'reader'; grant usage on schema public, delegation to ${reader};
       grant select on all tables in schema public, delegation to ${reader}`,
    );
    try {
      const url = new URL(database.url);
      url.username = reader;
      url.password = 'reader';
      write({ spec: '{}' });
      const { code, stderr } = await command('check', '--database', url.href);
      expect({ code, stderr }).toEqual({
        code: 4,
        stderr: expect.stringMatching(/permission denied.*--no-install/s) as string,
      });
    } finally {
      await database.query(`drop owned by ${reader}; drop role ${reader}`);
    }
  });
});
