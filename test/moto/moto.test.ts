import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';

import { freshDatabase, type FreshDatabase } from '../support/postgres.js';

/** A Python that has `moto[server]` and `boto3`. */
const python = process.env['MOTO_PYTHON'];
const projectRoot = fileURLToPath(new URL('../..', import.meta.url));
const builder = fileURLToPath(new URL('build_organization.py', import.meta.url));

type Row = Record<string, unknown>;

/** What `build_organization.py` prints. */
interface Facts {
  readonly account_id: string;
  readonly ids: Readonly<Record<string, string>>;
  readonly tables: Readonly<Record<string, readonly Row[]>>;
}

interface Finished {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function run(command: string, args: string[], env: NodeJS.ProcessEnv, input = ''): Promise<Finished> {
  const child = spawn(command, args, { cwd: projectRoot, env });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.end(input);
  const [exitCode] = (await once(child, 'close')) as [number | null];
  return { exitCode, stdout, stderr };
}

/** moto on a port that the system chose. */
async function startMoto(): Promise<{ process: ChildProcess; url: string }> {
  const child = spawn(python ?? '', ['-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    const url = /Running on (http:\S+)/.exec(line)?.[1];
    if (url !== undefined) {
      child.stderr.resume();
      return { process: child, url };
    }
    lines.push(line);
  }
  throw new Error(`moto did not start:\n${lines.join('\n')}`);
}

const notInMoto = ['aws_organization_resource_policies', 'aws_organizations_handshakes'];

/** Of these too, but one page of HTML each is enough of them. */
const motoAnswersWithHtml = [
  'aws_accessanalyzer_analyzers',
  'aws_auditmanager_organization_admin_accounts',
  'aws_cloudtrail_event_data_stores',
  'aws_cloudtrail_organization_events',
  'aws_detective_organization_admin_accounts',
  'aws_detective_organization_configurations',
  'aws_ec2_ipams',
  'aws_fms_organization_admin_accounts',
  'aws_guardduty_organization_configurations',
  'aws_iam_organizations_features',
  'aws_macie2_organization_configurations',
  'aws_networkmanager_organization_service_access',
  'aws_securityhub_organization_admin_accounts',
  'aws_securityhub_organization_configurations',
  'aws_securitylake_organization_configurations',
];

if (python === undefined) {
  process.stdout.write('moto tests left out: set MOTO_PYTHON to a Python that has moto[server] and boto3\n');
}

describe.skipIf(python === undefined)('an organization in moto', { timeout: 180_000 }, () => {
  let moto: Awaited<ReturnType<typeof startMoto>>;
  let directory: string;
  let database: FreshDatabase;
  let facts: Facts;

  /** Nothing of the machine's own AWS or database settings. */
  const environment = (): NodeJS.ProcessEnv => ({
    PATH: process.env['PATH'],
    HOME: directory,
    AWS_ENDPOINT_URL: moto.url,
    AWS_ACCESS_KEY_ID: 'testing',
    AWS_SECRET_ACCESS_KEY: 'testing',
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  });

  async function python3(command: 'build' | 'change', input = ''): Promise<Facts> {
    const result = await run(python ?? '', [builder, command], environment(), input);
    expect(result, result.stderr).toMatchObject({ exitCode: 0 });
    return JSON.parse(result.stdout) as Facts;
  }

  async function sync(options: { spec?: Row; source?: Row } = {}): Promise<Finished & { summary: Row }> {
    const specFile = join(directory, 'spec.yml');
    const summaryFile = join(directory, 'summary.json');
    const source = {
      name: 'org',
      registry: 'local',
      path: join(projectRoot, 'bin', 'aws-delegation'),
      tables: ['*'],
      // moto has none of their operations, see the last test.
      skip_tables: [...notInMoto, ...motoAnswersWithHtml],
      destinations: ['postgresql'],
      ...options.source,
      spec: options.spec ?? {},
    };
    const destination = {
      name: 'postgresql',
      path: 'cloudquery/postgresql',
      registry: 'cloudquery',
      version: 'v8.14.9',
      write_mode: 'overwrite-delete-stale',
      spec: { connection_string: database.url },
    };
    await writeFile(
      specFile,
      [stringify({ kind: 'source', spec: source }), stringify({ kind: 'destination', spec: destination })].join(
        '---\n',
      ),
    );
    await rm(summaryFile, { force: true });
    const args = [join(projectRoot, 'bin', 'aws-delegation'), 'sync', specFile, '--summary', summaryFile];
    const result = await run(process.execPath, args, environment());
    const summary = await readFile(summaryFile, 'utf8').catch(() => '{}');
    return { ...result, summary: JSON.parse(summary) as Row };
  }

  /** Whole rows as JSON: a timestamp without time zone stays the text that it is. */
  async function rowsOf(table: string): Promise<Row[]> {
    const [found] = await database.query<{ exists: boolean }>('select to_regclass($1) is not null as exists', [table]);
    if (found?.exists !== true) return [];
    const rows = await database.query<{ row: Row }>(`select to_jsonb(stored) as row from ${table} as stored`);
    return rows.map(({ row }) => row);
  }

  /** Every fact of a table is a row there, member for member, and there is no other row. */
  async function expectFacts(table: string, expected: readonly Row[]): Promise<void> {
    const key = (row: Row) => JSON.stringify(keysOf(table).map((column) => row[column]));
    // Where that one is attached needs no asking: everywhere, for ever.
    const wanted = expected.filter((fact) => fact['policy_id'] !== 'p-RCPFullAWSAccess');
    const facts = new Map(wanted.map((fact) => [key(fact), fact]));
    const found = (await rowsOf(table)).map((row) => {
      const fact = facts.get(key(row)) ?? {};
      return Object.fromEntries(Object.entries(fact).map(([column, value]) => [column, atHand(row[column], value)]));
    });
    const inOrder = (rows: readonly Row[]) => [...rows].sort((left, right) => key(left).localeCompare(key(right)));
    expect.soft(inOrder(found), table).toEqual(inOrder(wanted));
  }

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'aws-delegation-moto-'));
    [moto, database] = await Promise.all([startMoto(), freshDatabase()]);
  });

  afterAll(async () => {
    const { process: child } = moto;
    if (child.exitCode === null && child.kill()) await once(child, 'exit');
    await rm(directory, { recursive: true, force: true });
  });

  it('a standalone account: no organization is an answer, not an error', async () => {
    const result = await sync();
    expect(result, result.stderr).toMatchObject({ exitCode: 0 });
    await expectFacts('aws_organizations', []);
    await expectFacts('aws_organizations_delegated_administrators', []);
    const [read] = await database.query(
      `select outcome, error_code from aws_delegation_reads
       where table_name = 'aws_organizations' and operation = 'organizations:DescribeOrganization' and scope = ''`,
    );
    expect(read).toEqual({ outcome: 'absent', error_code: 'AWSOrganizationsNotInUseException' });
  });

  it('each fact of the organization arrives in PostgreSQL', async () => {
    facts = await python3('build');
    const result = await sync({ spec: { account_tags: true } });
    expect(result, result.stderr).toMatchObject({ exitCode: 0, stdout: '' });
    expect(result.summary).toMatchObject({ sourceName: 'org', exitCode: 0 });

    for (const [table, rows] of Object.entries(facts.tables)) await expectFacts(table, rows);
  });

  it('two administrators of one service stay two', async () => {
    const rows = await database.query<{ name: string }>(
      `select admins.name
       from aws_organizations_delegated_services as services
       join aws_organizations_delegated_administrators as admins on admins.id = services.delegated_account_id
       where services.service_principal = 'guardduty.amazonaws.com' order by admins.name`,
    );
    expect(rows.map(({ name }) => name)).toEqual(['log-archive', 'security']);
  });

  it('the reads say that all was read, and count the rows there are', async () => {
    const problems = await database.query(
      `select table_name, operation, region, scope, outcome, error_code, error_message from aws_delegation_reads
       where outcome not in ('ok', 'absent', 'skipped')`,
    );
    expect(problems).toEqual([]);
    const counted = await database.query<{ table_name: string; rows: number }>(
      `select table_name, sum(row_count)::int as rows from aws_delegation_reads group by table_name order by table_name`,
    );
    for (const { table_name, rows } of counted) expect(await rowsOf(table_name), table_name).toHaveLength(rows);

    const asked = await database.query<{ region: string }>(
      `select region from aws_delegation_reads
       where table_name = 'aws_guardduty_organization_admin_accounts' and outcome = 'ok' and scope = '' order by region`,
    );
    const enabled = (facts.tables['aws_ec2_regions'] ?? [])
      .filter((region) => region['opt_in_status'] !== 'not-opted-in')
      .map((region) => String(region['region_name']))
      .sort();
    expect(asked.map(({ region }) => region)).toEqual(enabled);
  });

  it('a second sync follows what was moved, renamed, closed and removed', async () => {
    facts = await python3('change', JSON.stringify(facts));
    const result = await sync();
    expect(result, result.stderr).toMatchObject({ exitCode: 0 });

    for (const [table, rows] of Object.entries(facts.tables)) {
      // Without account_tags nothing was read of them, which is not the same as none.
      await expectFacts(table, isTagged(table) ? rows.map((row) => ({ ...row, tags: null })) : rows);
    }
  });

  it('operations that moto does not have end as failed, and cost no row', async () => {
    const before = await rowsOf('aws_organizations_delegated_services');
    const failing = { source: { skip_tables: motoAnswersWithHtml }, spec: { max_retries: 1, max_backoff: 1 } };

    const failed = await sync(failing);
    expect(failed, failed.stderr).toMatchObject({ exitCode: 4 });
    expect(failed.stderr).toContain('aws_organization_resource_policies');
    expect(await rowsOf('aws_organizations_delegated_services')).toEqual(before);

    const reported = await sync({ ...failing, spec: { ...failing.spec, on_failure: 'report' } });
    expect(reported, reported.stderr).toMatchObject({ exitCode: 2 });
    const problems = await database.query(
      `select operation, outcome from aws_delegation_reads where outcome = 'failed' group by 1, 2 order by 1, 2`,
    );
    expect(problems).toEqual([
      { operation: 'organizations:DescribeResourcePolicy', outcome: 'failed' },
      { operation: 'organizations:ListHandshakesForOrganization', outcome: 'failed' },
    ]);
    for (const [table, rows] of Object.entries(facts.tables)) {
      await expectFacts(table, isTagged(table) ? rows.map((row) => ({ ...row, tags: null })) : rows);
    }
  });
});

function isTagged(table: string): boolean {
  return ['_roots', '_accounts'].some((end) => table === `aws_organizations${end}`);
}

/** What tells the rows of a table apart, within the one account that asks. */
function keysOf(table: string): readonly string[] {
  const keys: Readonly<Record<string, readonly string[]>> = {
    aws_organizations_service_access: ['service_principal'],
    aws_organizations_delegated_services: ['delegated_account_id', 'service_principal'],
    aws_organizations_policy_targets: ['policy_id', 'target_id'],
    aws_guardduty_organization_admin_accounts: ['region', 'admin_account_id'],
    aws_macie2_organization_admin_accounts: ['region', 'admin_account_id'],
    aws_cloudtrail_trails: ['region', 'trail_arn'],
    aws_iam_service_linked_roles: ['arn'],
    aws_ec2_regions: ['region_name'],
  };
  return keys[table] ?? ['id'];
}

/** The stored value; a time as the fact has it where they are a millisecond apart: moto counts finer than JavaScript. */
function atHand(stored: unknown, fact: unknown): unknown {
  if (typeof stored !== 'string' || typeof fact !== 'string' || !/^\d{4}-\d\d-\d\dT/.test(fact)) return stored;
  return Math.abs(Date.parse(`${stored}Z`) - Date.parse(`${fact}Z`)) <= 1 ? fact : stored;
}
