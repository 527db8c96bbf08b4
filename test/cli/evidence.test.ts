import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import { verifyBundle, writeBundle, type Written } from '../../src/cli/evidence/bundle.js';
import { fillBundle, type Filled } from '../../src/cli/evidence/content.js';
import { installViews, loadRules, runRules } from '../../src/rules/index.js';
import { here, queriesDir } from '../rules/database.js';
import { createTables, describeTables } from '../rules/tables_fixture.js';
import { readCsv } from '../properties/reports.js';
import { run, start } from '../support/cli.js';
import { hasPsql } from '../support/machine_postgres.js';
import { freshDatabase, type FreshDatabase } from '../support/postgres.js';

const all = (await loadRules(queriesDir)).length;

// What a shell, a spreadsheet, COPY, psql, Markdown or SQL would take for more than text.
const names = [
  `=HYPERLINK("https://x.example","'a'")`,
  `'); drop table aws_organizations; --`,
  'a\n\\.\nb,"c"\r\n\t\\N',
  '\u202e<script>| `x` [y](javascript:z)\u2028\u{1f600}',
  '',
  'null',
];
const literal = (text: string): string =>
  `E'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\r', '\\r')}'`;
const given = `
  select fixture.organization();
  select fixture.ou('/Security');
  select fixture.account('222222222222', 'Security Tooling', '/Security');
  ${names.map((name, index) => `select fixture.account('33333333333${index}', ${literal(name)});`).join('\n')}
  select fixture.owner('infosec', 'account', '222222222222'), fixture.owner('infra_ops', 'name', ${literal(names[0] ?? '')});
  select fixture.expectation('guardduty', 'infosec'), fixture.approval('guardduty', '222222222222');
  select fixture.trusted('guardduty.amazonaws.com'), fixture.delegated('222222222222', 'guardduty.amazonaws.com');
  select fixture.guardduty('333333333331', '{eu-central-1}'), fixture.guardduty('222222222222', '{us-east-1}');
  select fixture.waiver('scp_prevents_leaving', '2999-01-01', '333333333330'), fixture.waiver('*', '2999-01-01', 'nothing');
  update aws_delegation_waivers set reason = ${literal(names[2] ?? '')};
  select fixture.settings('{"has_approvals": true, "max_age_hours": 1}');
  select fixture.region('eu-west-1'), fixture.read('aws_guardduty_organization_admin_accounts', 'denied', region => 'eu-west-1', message => ${literal(names[3] ?? '')});`;

let folder: string;
let made: { database: FreshDatabase; client: pg.Client };
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'evidence-'));
  // With what a check has kept.
  const database = await freshDatabase({
    name: 'evidence',
    prepare: async (client) => {
      await client.query(createTables());
      await client.query(describeTables());
      await client.query(await readFile(join(here, 'fixture.sql'), 'utf8'));
      await installViews(client, queriesDir);
      await client.query(given);
      await client.query('select fixture.finish()');
      await runRules(client, { queriesDir });
    },
  });
  made = { database, client: await database.connect() };
});
afterEach(async () => {
  await made.client.end();
  await made.database.drop();
  rmSync(folder, { recursive: true });
});

const check = (): Promise<unknown> => runRules(made.client, { queriesDir });
interface Taken extends Written, Filled {
  readonly folder: string;
}
async function take(
  name: string,
  { judge = false, client = made.client }: { judge?: boolean; client?: pg.Client } = {},
): Promise<Taken> {
  let filled: Filled | undefined;
  const place = join(folder, name);
  const written = await writeBundle(place, async (writer) => {
    filled = await fillBundle(client, writer, { judge });
    return filled.run;
  });
  if (!filled) throw new Error('nothing was filled in');
  return { ...written, ...filled, folder: place };
}
const read = ({ folder: place }: Taken, path: string): string => readFileSync(join(place, path), 'utf8');
const filesOf = ({ folder: place }: Taken): string[] =>
  readdirSync(place, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(place, path)).isFile());
/** Rows of a CSV file by the names of its columns; a null and an empty text are told apart by nobody here. */
function rowsOf(bundle: Taken, path: string): Record<string, string>[] {
  // COPY ends a line with a line feed alone; within quotes all is text.
  const lines = read(bundle, path).replace(/("(?:[^"]|"")*")|\n/g, (_whole, cell?: string) => cell ?? '\r\n');
  const [head = [], ...rows] = readCsv(lines);
  return rows.map((row) => Object.fromEntries(head.map((column, index) => [column, row[index] ?? ''])));
}

describe('what is in it', () => {
  it('is every rule with its query and its verdicts, the rows, the coverage and what the spec says', async () => {
    const bundle = await take('a');
    expect(bundle.notices).toEqual([]);
    const rules = await loadRules(queriesDir);
    for (const { id, file } of rules) {
      expect(read(bundle, `rules/${id}/rule.sql`)).toBe(readFileSync(join(queriesDir, '..', file), 'utf8'));
      const said = JSON.parse(read(bundle, `rules/${id}/rule.json`)) as { stands_on: string[]; rows: string[] };
      for (const path of [...said.stands_on, ...said.rows]) expect(filesOf(bundle)).toContain(path);
      expect(said.rows).toContain('tables/aws_delegation_reads.csv');
    }
    const { rows: kept } = await made.client.query<Record<string, string | null>>(
      `select check_id, organization_id, account_id, region, resource_id, status, raw_status, unknown_cause, reason, waiver from aws_policy_results`,
    );
    const verdicts = rules.flatMap(({ id }) =>
      rowsOf(bundle, `rules/${id}/verdicts.csv`).map((row) => ({ check_id: id, ...row })),
    );
    const sorted = (rows: readonly object[]): string[] => rows.map((row) => JSON.stringify(row)).sort();
    expect(sorted(verdicts)).toEqual(
      sorted(kept.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value ?? ''])))),
    );
    expect(new Set(kept.map(({ status }) => status))).toEqual(
      new Set(['fail', 'pass', 'unknown', 'waived', 'not_applicable']),
    );
    expect(rowsOf(bundle, 'tables/aws_organizations_accounts.csv').map(({ name }) => name)).toEqual(
      expect.arrayContaining(names),
    );
    expect(rowsOf(bundle, 'intents/owners.csv').map(({ selector }) => selector)).toContain(names[0]);
    expect(rowsOf(bundle, 'intents/waivers.csv').map(({ reason }) => reason)).toEqual([names[2], names[2]]);
    expect(rowsOf(bundle, 'intents/approvals.csv')).toMatchObject([
      { service: 'guardduty', principal: '222222222222' },
    ]);
    expect(rowsOf(bundle, 'intents/expectations.csv')).toHaveLength(1);
    expect(rowsOf(bundle, 'coverage.csv').map(({ error_message }) => error_message)).toContain(names[3]);
    expect(bundle.summary).toMatchObject({ basis: 'kept', rules: rules.length });
    expect(Object.values(bundle.summary.verdicts).reduce((sum, count) => sum + count, 0)).toBe(kept.length);
    expect(JSON.parse(read(bundle, 'bundle.json'))).toEqual(bundle.summary);
    expect((await verifyBundle(bundle.folder)).differences).toEqual([]);
  });

  it('is read only, so that a user who may only read can take it', async () => {
    const name = `evidence_reader_${process.pid}`;
    const whole = await take('whole');
    await made.client.query(`create role ${name} login password 'read'`);
    try {
      await made.client.query(
        `grant usage on schema public, delegation to ${name}; grant select on all tables in schema public, delegation to ${name}`,
      );
      const url = new URL(made.database.url);
      url.username = name;
      url.password = 'read';
      const reader = new pg.Client({ connectionString: url.href });
      await reader.connect();
      expect((await take('reader', { client: reader })).digest).toBe(whole.digest);
      await reader.end();
    } finally {
      await made.client.query(`drop owned by ${name}; drop role ${name}`);
    }
  });
});

describe('the digest', () => {
  it('is the same for the same data, wherever the rows are stored and whatever the session prefers', async () => {
    const first = await take('a');
    // Other places on the disk, and another order.
    await made.client.query(
      `update aws_organizations_accounts set name = name where id < '333333333333'; update aws_delegation_reads set row_count = row_count; update aws_policy_results set status = status where resource_id < 'm'`,
    );
    await made.client.query(
      `set timezone = 'Asia/Kathmandu'; set datestyle = 'SQL, DMY'; set enable_sort = off; set bytea_output = 'escape'`,
    );
    const second = await take('b');
    expect(second.digest).toBe(first.digest);
    expect(
      filesOf(second).map((path) => [path, path === 'run.json' || read(second, path) === read(first, path)]),
    ).toEqual(filesOf(second).map((path) => [path, true]));
    await made.client.query(`update aws_organizations_accounts set name = 'another' where id = '333333333331'`);
    expect((await take('b')).digest).not.toBe(first.digest);
  });

  it('is the same when the rules are run again on the same data', async () => {
    const first = await take('a');
    await check();
    expect((await take('b')).digest).toBe(first.digest);
    // Nor does it say otherwise where nothing was kept, but for how it came about.
    const judged = await take('c', { judge: true });
    expect(judged.summary.basis).toBe('judged');
    const differing = filesOf(first).filter((path) => read(first, path) !== read(judged, path));
    expect(differing.sort()).toEqual(['DIGEST', 'MANIFEST', 'README.md', 'bundle.json', 'run.json']);
  });
});

describe('what has to be known before relying on it', () => {
  it('is nothing where nothing was kept: the rules are run', async () => {
    await made.client.query('drop table aws_policy_results');
    const { notices, summary } = await take('a');
    expect({ notices, basis: summary.basis }).toEqual({ notices: [], basis: 'judged' });
    expect(summary.verdicts['fail']).toBeGreaterThan(0);
    const { rows } = await made.client.query(`select to_regclass('aws_policy_results') as kept`);
    expect(rows).toEqual([{ kept: null }]);
  });

  it('is a sync after the verdicts', async () => {
    for (const table of ['aws_organizations', 'aws_delegation_reads'])
      await made.client.query(`update ${table} set _cq_sync_time = _cq_sync_time + interval '1 hour'`);
    const bundle = await take('a');
    expect(bundle.notices).toEqual([
      expect.stringMatching(
        new RegExp(
          `^${all} rules were \\(.* and ${all - 5} more\\) judged by another sync of organization o-example \\(2026-11-01T12:00:00\\.000000Z\\) than the rows here are of \\(2026-11-01T13:00:00\\.000000Z\\)\\.`,
        ),
      ),
    ]);
    expect(read(bundle, 'README.md')).toContain('To be known before relying on it');
    expect(bundle.summary.notices).toEqual(bundle.notices);
  });

  it('is a rule that was not judged, and one that was judged by another version', async () => {
    await made.client.query(
      `delete from aws_policy_results where check_id = 'methods_agree'; update aws_policy_results set pack_version = '0.0.1' where check_id = 'sync_is_fresh'`,
    );
    const bundle = await take('a');
    expect(bundle.notices).toEqual([
      expect.stringMatching(/^The rule methods_agree was not judged: no run has kept a verdict\./),
      expect.stringMatching(/^The rule sync_is_fresh was judged by version 0\.0\.1 of the rules, and the database has/),
    ]);
    expect(read(bundle, 'rules/methods_agree/verdicts.csv')).toMatch(/^organization_id,.*\n$/);
  });

  it('is a view that somebody has changed; the SQL is then what the database has', async () => {
    await made.client.query(
      `create or replace view delegation.rule_methods_agree as select null::text as organization_id, null::text as account_id, null::text as region, 'x'::text collate "C" as resource_id, 'pass'::text as status, 'all is well'::text collate "C" as reason, null::text as unknown_cause`,
    );
    const bundle = await take('a');
    expect(bundle.notices).toEqual([
      expect.stringMatching(/^The views in the database are not as version .* installs them/),
    ]);
    expect(read(bundle, 'rules/methods_agree/rule.sql')).toContain("'all is well'");
    expect(read(bundle, 'queries/installed.sql')).toContain("'all is well'");
    expect(read(bundle, 'queries/installed.sql')).toContain('FUNCTION delegation.judge');
    await installViews(made.client, queriesDir);
    expect((await take('b')).notices).toEqual([]);
  });

  it('is an installation of another version', async () => {
    await made.client.query(
      `create or replace view delegation.pack (pack_version, live_schema, fingerprint) as select '9.9.9'::text, 'public'::text, 'x'::text`,
    );
    expect((await take('a')).notices).toEqual([
      expect.stringMatching(/^The views and rules in the database are of version 9\.9\.9, and this program is version/),
      expect.stringMatching(
        new RegExp(`^${all} rules were \\(.*\\) judged by version .* and the database has version 9\\.9\\.9`),
      ),
    ]);
  });

  it('is an organization of which nothing is judged, or nothing is here', async () => {
    await made.client.query(
      `update aws_policy_results set organization_id = 'o-other' where organization_id = 'o-example'`,
    );
    const { notices } = await take('a');
    expect(notices).toEqual([
      expect.stringMatching(/^Nothing of organization o-example is judged/),
      expect.stringMatching(/^There are verdicts of .*o-other, of which no rows are here/),
    ]);
  });
});

describe('a database that has no evidence', () => {
  it('is refused, and no folder is left', async () => {
    const empty = await freshDatabase();
    const client = await empty.connect();
    await expect(take('a', { client })).rejects.toThrow(/the views .* are not in this database.*aws-delegation check/);
    expect(readdirSync(folder)).toEqual([]);
    await client.end();
    await empty.drop();
  });

  it('is refused where its views are of another schema', async () => {
    await made.client.query('create schema other; set search_path to other');
    await expect(take('a')).rejects.toThrow(/bound to the tables of schema "public".*search_path=public/);
  });
});

describe('a run that does not come to its end', () => {
  it('says what a user lacks who may not read everything', async () => {
    const name = `evidence_outsider_${process.pid}`;
    await made.client.query(
      `create role ${name} login password 'read'; grant usage on schema public, delegation to ${name}; grant select on all tables in schema delegation to ${name}`,
    );
    try {
      const url = new URL(made.database.url);
      url.username = name;
      url.password = 'read';
      const ended = await run(['evidence', '-o', 'a', '--database', url.href], { cwd: folder });
      expect(ended).toMatchObject({ code: 4, stdout: '' });
      expect(ended.stderr).toMatch(
        /^Collecting the evidence: PostgreSQL said: permission denied for table aws_policy_results \(SQLSTATE 42501\)\. No bundle was written\. Grant/,
      );
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      await made.client.query(`drop owned by ${name}; drop role ${name}`);
    }
  });

  it('is ended by Ctrl-C at once, and leaves nothing', async () => {
    await made.client.query('begin; lock table aws_organizations_accounts in access exclusive mode');
    const { child, ended } = start(['evidence', '-o', 'a', '--database', made.database.url], { cwd: folder });
    const isWaiting = `select count(*)::integer as count from pg_stat_activity where datname = '${made.database.name}' and wait_event_type = 'Lock'`;
    await vi.waitFor(
      async () => {
        expect(await made.database.query(isWaiting)).toEqual([{ count: 1 }]);
      },
      { timeout: 20_000 },
    );
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130, stdout: '', stderr: 'Interrupted. No evidence was written.\n' });
    expect(readdirSync(folder)).toEqual([]);
    await made.client.query('rollback');
  });
});

describe('whoever has the bundle alone', () => {
  test.runIf(hasPsql)('judges again with psql and PostgreSQL, and comes to the same', async () => {
    // psql before 18 takes a line of \\. for the end, and says so.
    for (const [table, column] of [
      ['aws_organizations_accounts', 'name'],
      ['aws_organizations_accounts', 'email'],
      ['aws_delegation_waivers', 'reason'],
    ])
      await made.client.query(`update ${table} set ${column} = replace(${column}, E'\\n\\\\.\\n', E'\\n\\\\. \\n')`);
    await check();
    const bundle = await take('a');
    const audit = await freshDatabase();
    await promisify(execFile)('psql', [audit.url, '-X', '-q', '-f', 'load.sql'], { cwd: bundle.folder });
    const client = await audit.connect();
    const verdicts = async (from: pg.Client): Promise<unknown[]> =>
      (
        await from.query(
          `select check_id, organization_id, account_id, region, resource_id, status, raw_status, unknown_cause, waiver, case when check_id <> 'sync_is_fresh' then reason end as reason
          from delegation.judge(null) order by check_id collate "C", organization_id, resource_id collate "C", account_id, region`,
        )
      ).rows as unknown[];
    const again = await verdicts(client);
    expect(again).toEqual(await verdicts(made.client));
    // And a bundle of that has the same rows.
    const copied = await take('b', { client, judge: true });
    const rows = (path: string): boolean => /^(tables|intents)\/|^coverage|^delegations|verdicts/.test(path);
    expect(filesOf(copied).filter((path) => rows(path) && read(copied, path) !== read(bundle, path))).toEqual([]);
    await client.end();
    await audit.drop();
  });
});
