import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  exitCodeOf,
  installSql,
  installViews,
  loadReportInput,
  loadRules,
  parseRule,
  pieces,
  runRules,
  uninstallSql,
  type RuleResult,
  type Severity,
  type Status,
  type UnknownCause,
} from '../../src/rules/index.js';
import { close, organization, queriesDir, type Organization } from './database.js';

const header = `-- id:          example
-- title:       Example
-- severity:    high
-- frameworks:  cis_aws_7.0: 2.1.2, 2.1.6; other: 1
-- reads:       aws_organizations, aws_*_organization_admin_accounts
-- why:         Because
--              it matters.
-- decides:     It looks.
-- unknown:     It could not look.
-- remediation: Do {service_name}.
-- source:      https://docs.aws.amazon.com/
`;

describe('a header', () => {
  test('is read', () => {
    expect(parseRule(`${header}select 1;\n`, 'rules/example.sql')).toEqual({
      id: 'example',
      title: 'Example',
      severity: 'high',
      frameworks: { 'cis_aws_7.0': ['2.1.2', '2.1.6'], other: ['1'] },
      reads: ['aws_organizations', 'aws_*_organization_admin_accounts'],
      why: 'Because it matters.',
      decides: 'It looks.',
      unknown: 'It could not look.',
      remediation: 'Do {service_name}.',
      source: 'https://docs.aws.amazon.com/',
      file: 'rules/example.sql',
      sql: 'select 1',
    });
  });

  test.each([
    ['a missing key', header.replace(/-- title.*\n/, ''), '"title" is missing'],
    ['an unknown key', header.replace('-- title', '-- titel'), 'line 2 has the unknown key "titel"'],
    ['a key twice', header.replace('-- source: ', '-- title:  again\n-- source: '), 'line 11 has "title" again'],
    ['an empty key', header.replace('Example', ''), '"title" is empty'],
    ['a plain comment', `-- why not\n${header}`, 'line 1 is not "-- key: value"'],
    ['an unknown severity', header.replace('high', 'grave'), '"severity" is "grave"'],
    ['another file name', header.replace('example', 'other'), 'the file should be called other.sql'],
    ['wrong frameworks', header.replace('other: 1', 'other'), '"frameworks" has "other"'],
  ])('with %s is refused', (_name, text, message) => {
    expect(() => parseRule(`${text}select 1`, 'rules/example.sql')).toThrow(message);
  });

  test('without a SELECT is refused', () => {
    expect(() => parseRule(`${header}update x set y = 1`, 'rules/example.sql')).toThrow('no SELECT');
  });
});

test('every file of SQL is installed, and every view and column has a comment', async () => {
  const files = await Promise.all(
    ['functions', 'views'].map(async (folder) =>
      (await readdir(join(queriesDir, folder))).map((file) => `${folder}/${file}`),
    ),
  );
  expect([...pieces].sort()).toEqual(files.flat().sort());

  const given = await organization('');
  const { rows } = await given.client.query(`
    select pg_class.relname, pg_attribute.attname
    from pg_class
    join pg_attribute on pg_attribute.attrelid = pg_class.oid and pg_attribute.attnum >= 0
    where pg_class.relnamespace = 'delegation'::regnamespace
      and (col_description(pg_class.oid, pg_attribute.attnum) is null or obj_description(pg_class.oid, 'pg_class') is null)
    union all
    select pg_proc.proname, 'function'
    from pg_proc
    where pg_proc.pronamespace = 'delegation'::regnamespace and obj_description(pg_proc.oid, 'pg_proc') is null`);
  expect(rows).toEqual([]);
  await close(given);
});

test('install.sql and uninstall.sql run as they are, again and again', async () => {
  const given = await organization('select fixture.organization()');
  const install = await installSql(queriesDir);
  const uninstall = uninstallSql();
  for (const sql of [install, install, uninstall, uninstall, install]) await given.client.query(sql);
  const { rows } = await given.client.query('select organization_id, was_read from delegation.organizations');
  expect(rows).toEqual([{ organization_id: 'o-example', was_read: true }]);
  await close(given);
});

describe('running', () => {
  let given: Organization;
  let folder: string;
  let queries: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aws-delegation-rules-'));
    queries = join(folder, 'queries');
    await writeFile(join(folder, 'package.json'), '{"version": "9.9.9"}');
    await cp(queriesDir, queries, { recursive: true });
  });
  afterAll(() => rm(folder, { recursive: true }));
  afterEach(async () => {
    await rm(join(queries, 'rules', 'example.sql'), { force: true });
    await close(given);
  });

  const example = async (sql: string): Promise<void> => {
    await writeFile(join(queries, 'rules', 'example.sql'), header + sql);
  };
  const row = (values: Record<string, string>): string =>
    `select ${['organization_id', 'account_id', 'region', 'resource_id', 'status', 'reason', 'unknown_cause']
      .map((name) => `${values[name] ?? 'null'}::text as ${name}`)
      .join(', ')}`;

  test.each([
    ['an SQL error', 'select nonsense', /column "nonsense" does not exist/],
    [
      'other columns',
      'select 1 as one',
      /column "organization_id" of relation "rule_example" does not exist|column "organization_id" of relation/,
    ],
  ])('a rule with %s is not installed', async (_name, sql, message) => {
    given = await organization('select fixture.organization()');
    await example(sql);
    await expect(installViews(given.client, queries)).rejects.toThrow(message);
    const { rows } = await given.client.query(`select to_regclass('delegation.rule_example') as view`);
    expect(rows).toEqual([{ view: null }]);
  });

  test.each([
    [
      'an error at run time',
      `${row({ resource_id: '(1 / (count(*) - count(*)))::text' })} from delegation.organizations`,
      /the rule example could not be run: division by zero/,
    ],
    ['no row', `${row({ resource_id: "'x'" })} where false`, /gives no row/],
    ['no status', row({ resource_id: "'x'", reason: "'r'" }), /the status is null/],
    ['another status', row({ resource_id: "'x'", status: "'ok'", reason: "'r'" }), /the status is ok/],
    ['no reason', row({ resource_id: "'x'", status: "'pass'" }), /there is no reason/],
    [
      'unknown without a cause',
      row({ resource_id: "'x'", status: "'unknown'", reason: "'r'" }),
      /unknown_cause is null/,
    ],
    [
      'a pass with a cause',
      row({ resource_id: "'x'", status: "'pass'", reason: "'r'", unknown_cause: "'unread'" }),
      /unknown_cause is unread/,
    ],
    ['no resource', row({ status: "'pass'", reason: "'r'" }), /no resource_id/],
  ])('a rule with %s is refused, and nothing is written', async (_name, sql, message) => {
    given = await organization('select fixture.organization()');
    await example(sql);
    await installViews(given.client, queries);
    await expect(runRules(given.client, { queriesDir: queries })).rejects.toThrow(message);
    const { rows } = await given.client.query(`select to_regclass('aws_policy_results') as table`);
    expect(rows).toEqual([{ table: null }]);
  });

  test('an unknown rule is wrong usage', async () => {
    given = await organization('');
    await expect(runRules(given.client, { queriesDir, rules: ['no_such'] })).rejects.toMatchObject({
      message: expect.stringMatching(
        /^There is no rule "no_such". There are: .*\borg_all_features_enabled\b/,
      ) as string,
      exitCode: 3,
    });
  });

  test('remediations speak of the row', async () => {
    given = await organization('select fixture.organization()');
    await example(row({ resource_id: "'guardduty'", status: "'fail'", reason: "'r'" }));
    await installViews(given.client, queries);
    const { all } = await runRules(given.client, { queriesDir: queries, rules: ['example'] });
    expect(all[0]?.remediation).toBe('Do Amazon GuardDuty.');
  });

  test('aws_policy_results has CloudQuery’s columns first, and the latest run only', async () => {
    given = await organization(`
      select fixture.organization();
      select fixture.account('222222222222', 'Shop');
      -- As CloudQuery's own policies make it, with a row of theirs.
      create table aws_policy_results (
        execution_time timestamp with time zone, framework varchar(255), check_id varchar(255), title text,
        account_id varchar(1024), resource_id varchar(1024), status varchar(16)
      );
      insert into aws_policy_results (framework, check_id, status) values ('cis', '1.1', 'pass')`);
    await runRules(given.client, { queriesDir });
    await runRules(given.client, { queriesDir });
    const run = await runRules(given.client, { queriesDir, rules: ['scp_prevents_leaving'], only: ['fail'] });
    expect(run.results).toHaveLength(1);
    expect(run.all).toHaveLength(2);
    const { rows, fields } = await given.client.query(
      `select * from aws_policy_results where resource_id = '222222222222' and check_id = 'scp_prevents_leaving'`,
    );
    expect(fields.map(({ name }) => name)).toEqual([
      ...[
        'execution_time',
        'framework',
        'check_id',
        'title',
        'account_id',
        'resource_id',
        'status',
        'region',
        'severity',
      ],
      ...['reason', 'unknown_cause', 'waiver', 'raw_status', 'organization_id', 'sync_time', 'pack_version'],
    ]);
    expect(rows).toMatchObject([
      {
        check_id: 'scp_prevents_leaving',
        status: 'fail',
        raw_status: 'fail',
        organization_id: 'o-example',
        severity: 'critical',
      },
    ]);
    const { rows: counts } = await given.client.query(
      `select check_id, count(*)::integer from aws_policy_results
       where check_id in ('1.1', 'org_all_features_enabled', 'scp_prevents_leaving', 'security_services_held_by_infosec')
       group by check_id order by check_id`,
    );
    expect(counts).toEqual(
      expect.arrayContaining([
        { check_id: '1.1', count: 1 },
        { check_id: 'org_all_features_enabled', count: 1 },
        { check_id: 'scp_prevents_leaving', count: 2 },
        { check_id: 'security_services_held_by_infosec', count: 5 },
      ]),
    );
  });

  test('an old pass does not outlive a read that is denied now', async () => {
    given = await organization('select fixture.organization()');
    await runRules(given.client, { queriesDir });
    await given.client.query(
      `delete from aws_organizations; update aws_delegation_reads set outcome = 'denied', row_count = 0 where table_name = 'aws_organizations'`,
    );
    await runRules(given.client, { queriesDir });
    // That a sync is new is true whatever it read.
    const { rows } = await given.client.query(
      `select * from aws_policy_results where status = 'pass' and check_id <> 'sync_is_fresh'`,
    );
    expect(rows).toEqual([]);
  });

  test('a role that may only read can judge', async () => {
    given = await organization('select fixture.organization()');
    const role = `reader_${given.database.name}`;
    await given.client.query(`
      create role ${role} login;
      grant usage on schema delegation to ${role};
      grant select on all tables in schema delegation to ${role}`);
    const reader = new pg.Client({ connectionString: given.database.url });
    await reader.connect();
    await reader.query(`set role ${role}`);
    const { all } = await runRules(reader, { queriesDir, write: false });
    expect(all.find(({ rule }) => rule.id === 'org_all_features_enabled')?.status).toBe('pass');
    await reader.end();
    await given.client.query(`drop owned by ${role}; drop role ${role}`);
  });

  test('delegations are loaded with names and places', async () => {
    given = await organization(`
      select fixture.organization();
      select fixture.ou('/Security');
      select fixture.account('222222222222', 'Security Tooling', '/Security');
      select fixture.delegated('222222222222', 'securityhub.amazonaws.com');
      select fixture.delegated('222222222222', 'brand-new.amazonaws.com');
      select fixture.delegated('222222222222', 'config.amazonaws.com');
      select fixture.delegated('222222222222', 'config-multiaccountsetup.amazonaws.com');
      select fixture.guardduty('111111111111', '{us-east-1}');
      select fixture.statement(0, 'Allow', '*', 'organizations:UpdatePolicy')`);
    const run = await runRules(given.client, { queriesDir });
    const input = await loadReportInput(given.client, run);
    const told = input.delegations.map((each) => [
      each.serviceId,
      each.serviceName,
      each.servicePrincipal,
      each.region,
      each.method,
      each.delegatedAccountId,
      each.ouPath,
    ]);
    expect(told.sort()).toEqual([
      [
        'brand-new.amazonaws.com',
        'unknown service (brand-new.amazonaws.com)',
        'brand-new.amazonaws.com',
        null,
        'organizations',
        '222222222222',
        '/Security',
      ],
      [
        'config',
        'AWS Config',
        'config-multiaccountsetup.amazonaws.com, config.amazonaws.com',
        null,
        'organizations',
        '222222222222',
        '/Security',
      ],
      ['guardduty', 'Amazon GuardDuty', null, 'us-east-1', 'service', '111111111111', '/'],
      ['organizations-delegation-policy', 'Delegation policy', null, null, 'resource_policy', '*', null],
      [
        'security-hub',
        'AWS Security Hub CSPM and AWS Security Hub',
        'securityhub.amazonaws.com',
        null,
        'organizations',
        '222222222222',
        '/Security',
      ],
    ]);
    expect(input.organizations).toMatchObject([{ organizationId: 'o-example', accountCount: 2 }]);
  });
});

describe('the exit code', () => {
  const result = (status: Status, severity: Severity, unknownCause: UnknownCause | null = null) =>
    ({ status, unknownCause, rule: { severity } }) as RuleResult;

  test.each([
    ['nothing', [], {}, 0],
    ['passes', [result('pass', 'low'), result('not_applicable', 'low')], {}, 0],
    ['a fail', [result('fail', 'low')], {}, 1],
    ['a fail below --fail-on', [result('fail', 'medium')], { failOn: 'high' }, 0],
    ['a fail at --fail-on', [result('fail', 'high')], { failOn: 'high' }, 1],
    ['a waived fail', [result('waived', 'critical')], { strict: true }, 0],
    ['a missing read', [result('unknown', 'low', 'unread')], {}, 2],
    ['a missing read below --fail-on', [result('unknown', 'low', 'unread')], { failOn: 'critical' }, 2],
    ['a fail and a missing read', [result('unknown', 'low', 'unread'), result('fail', 'low')], {}, 1],
    ['not configured', [result('unknown', 'low', 'not_configured'), result('unknown', 'low', 'not_observable')], {}, 0],
    ['not configured, strictly', [result('unknown', 'low', 'not_configured')], { strict: true }, 2],
    ['not observable, strictly', [result('unknown', 'low', 'not_observable')], { strict: true }, 2],
  ] as const)('of %s', (_name, results, options, code) => {
    expect(exitCodeOf(results, options)).toBe(code);
  });
});

test('the rules read the schema delegation only, and never a synced table', async () => {
  for (const { sql, file } of await loadRules(queriesDir)) {
    const text = await readFile(join(queriesDir, '..', file), 'utf8');
    expect(text, file).not.toMatch(/(from|join)\s+aws_/);
    expect(sql, file).toMatch(/delegation\./);
  }
});
