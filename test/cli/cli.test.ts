import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { bin, run, type Ended } from '../support/cli.js';
import { freshDatabase } from '../support/postgres.js';

type Database = Awaited<ReturnType<typeof freshDatabase>>;

let folder: string;
let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ scenario: 'demo' });
});
afterAll(async () => {
  await simulator.close();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cli-'));
});
afterEach(() => {
  simulator.clearFaults();
  rmSync(folder, { recursive: true });
});

interface Parts {
  tables?: string;
  source?: string;
  connection?: string;
}

function specFile({ tables = "['aws_organization*']", source = '{}', connection }: Parts): string {
  const path = join(folder, 'spec.yml');
  writeFileSync(
    path,
    `kind: source
spec:
  name: test
  registry: local
  path: bin/aws-delegation
  tables: ${tables}
  destinations: [postgresql]
  spec: ${source}
---
kind: destination
spec:
  name: postgresql
  path: cloudquery/postgresql
  registry: cloudquery
  version: v8.16.0
  ${connection === undefined ? '' : `spec: {connection_string: '${connection}'}`}
`,
  );
  return path;
}

function sync(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return inFolder(['sync', ...args], env);
}

function inFolder(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  return run(args, {
    cwd: folder,
    env: {
      AWS_ENDPOINT_URL: simulator.url,
      AWS_ACCESS_KEY_ID: 'simulated',
      AWS_SECRET_ACCESS_KEY: 'simulated',
      AWS_REGION: 'us-east-1',
      // Nothing here may start the embedded server.
      DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none',
      ...env,
    },
  });
}

describe('the command', () => {
  it('works from any folder, and through a symbolic link', async () => {
    const link = join(folder, 'delegation');
    symlinkSync(bin, link);
    const { code, stdout } = await run(['--version'], { cwd: folder, program: link });
    expect({ code, stdout: stdout.trim() }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+/) as string,
    });
  });

  it('shows its commands', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    const names = [
      'demo',
      'sync',
      'test-connection',
      'iam-policy',
      'check',
      'diff',
      'evidence',
      'approvals',
      'db',
      'simulate',
      'tables',
      'rules',
      'serve',
      'healthcheck',
      'package',
    ];
    for (const name of names) expect(stdout).toContain(name);
  });

  it.each([['synk'], ['sync', '--unknown'], ['db', 'query']])('%j is refused with exit code 3', async (...args) => {
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(/error: /);
  });

  it('lists its tables, also for programs', async () => {
    const { stdout } = await run(['tables', '--format', 'json']);
    const names = (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
    expect(names).toContain('aws_organizations_delegated_services');
  });
});

describe('bad input is one clear line and exit code 3', () => {
  it.each<[string, () => string[], RegExp]>([
    ['a missing spec file', () => [join(folder, 'missing.yml')], /missing\.yml/],
    [
      'broken YAML',
      () => {
        const path = join(folder, 'broken.yml');
        writeFileSync(path, 'kind: source\nspec: [unclosed\n');
        return [path];
      },
      /broken\.yml.*line/,
    ],
    [
      'an unknown key',
      () => [specFile({ source: '{regoins: [eu-west-1]}' })],
      /^\S+\.yml: spec: unknown key 'regoins'\. Did you mean 'regions'\?/,
    ],
    [
      'an unknown Region',
      () => [specFile({ source: '{regions: [eu-wset-1]}' })],
      /'eu-wset-1' is no Region of AWS \(did you mean eu-west-1/,
    ],
    [
      'approvals that are not beside the spec file',
      () => [specFile({ source: '{approvals: approvals.yml}' })],
      /^\S+\.yml: spec\.approvals: expected the path of a YAML file, found no file at \/.*\/approvals\.yml\. /,
    ],
    [
      'a pattern that matches nothing',
      () => [specFile({ tables: "['aws_nothing*']" })],
      /'aws_nothing\*' matches no table/,
    ],
  ])('%s', async (_name, args, message) => {
    const database = await freshDatabase();
    const { code, stdout, stderr } = await sync([...args(), '--database', database.url]);
    await database.drop();
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('a database that is not there is exit code 4', () => {
  it('unreachable', async () => {
    const { code, stderr } = await sync([specFile({ connection: 'postgresql://audit:hunter2@127.0.0.1:9/inventory' })]);
    expect(code).toBe(4);
    expect(stderr).toMatch(/127\.0\.0\.1:9/);
    expect(stderr).not.toContain('hunter2');
  });

  it('a wrong password, which is not printed', async () => {
    const database = await freshDatabase();
    const url = new URL(database.url);
    url.password = 'hunter2';
    const { code, stderr } = await sync([specFile({}), '--database', url.href]);
    await database.drop();
    expect(code).toBe(4);
    expect(stderr).toMatch(/password/);
    expect(stderr).not.toContain('hunter2');
  });
});

describe('sync', () => {
  let database: Database;
  beforeEach(async () => {
    database = await freshDatabase();
  });
  afterEach(async () => {
    await database.drop();
  });

  it('fills the tables, says so in one line, and writes the summary', async () => {
    const summary = join(folder, 'summary.json');
    const { code, stdout, stderr } = await sync([specFile({}), '--database', database.url, '--summary', summary]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toMatch(/^synced [\d,]+ rows in \d+ tables as "test"/);
    const accounts = await database.query('select id from aws_organizations_accounts');
    expect(accounts).toHaveLength(simulator.scenario.organization?.accounts.length ?? 0);

    const query = await run(
      [
        'db',
        'query',
        '--database',
        database.url,
        '--format',
        'json',
        'SELECT * from aws_organizations_delegated_administrators;',
      ],
      { cwd: folder },
    );
    expect(query.code).toBe(0);
    expect((JSON.parse(query.stdout) as unknown[]).length).toBeGreaterThan(0);
  });

  it('that is denied something ends with 2, says what and keeps the earlier rows', async () => {
    const args = [specFile({}), '--database', database.url];
    await sync(args);
    simulator.fault({ operation: 'organizations:ListDelegatedAdministrators', kind: 'deny' });
    const { code, stderr } = await sync(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/organizations:ListDelegatedAdministrators.*denied.*AccessDenied/s);
    expect(await database.query('select 1 from aws_organizations_delegated_administrators')).not.toHaveLength(0);
    expect(await database.query('select 1 from aws_organizations_delegated_services')).not.toHaveLength(0);
  });

  it.each(['throttle', 'html'] as const)('that meets %s for ever ends with 4 and changes nothing', async (kind) => {
    const args = [specFile({ source: '{max_retries: 1, max_backoff: 1}' }), '--database', database.url];
    await sync(args);
    const before = await database.query('select * from aws_organizations_accounts order by id');
    simulator.fault({ operation: 'organizations:ListAccounts', kind });
    const { code, stderr } = await sync(args);
    expect(code).toBe(4);
    expect(stderr).toMatch(/organizations:ListAccounts.*Run the sync again/s);
    expect(await database.query('select * from aws_organizations_accounts order by id')).toEqual(before);
  });
});

describe('test-connection', () => {
  it('says call by call what may be read', async () => {
    const { code, stdout, stderr } = await inFolder(['test-connection', specFile({ tables: "['*']" })]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Account 111122223333 /);
    expect(stdout).toMatch(/organizations:ListAWSServiceAccessForOrganization +us-east-1 +ok/);
    expect(stdout).toMatch(/guardduty:ListOrganizationAdminAccounts +\d+ Regions +ok/);
    expect(stdout).toMatch(/guardduty:ListOrganizationAdminAccounts +\d+ Regions +absent/);
    expect(stdout).toContain('Everything that was tried can be read.');
    // No action is cut, however narrow the terminal.
    expect(stdout).not.toContain('…');
  });

  it('names the missing action, what AWS said and what was not tried, and ends with 2', async () => {
    simulator.fault({ operation: 'organizations:ListDelegatedAdministrators', kind: 'deny' });
    const { code, stdout } = await inFolder(['test-connection', specFile({})]);
    expect(code).toBe(2);
    expect(stdout).toMatch(/ListDelegatedAdministrators +us-east-1 +denied +AccessDeniedException +grant this action/);
    expect(stdout).toMatch(/not authorized to perform: organizations:ListDelegatedAdministrators on resource/);
    expect(stdout).toMatch(/^To grant: organizations:ListDelegatedAdministrators$/m);
    expect(stdout).toMatch(/ListDelegatedServicesForAccount +us-east-1 +untried/);
    expect(stdout).not.toContain('guardduty:');
  });

  it('writes JSON for programs', async () => {
    simulator.fault({ operation: 'organizations:ListHandshakesForOrganization', kind: 'deny' });
    const { code, stdout } = await inFolder(['test-connection', specFile({}), '--format', 'json']);
    const report = JSON.parse(stdout) as { calls: { operation: string }[] };
    expect({ code, report }).toMatchObject({
      code: 2,
      report: {
        accountId: '111122223333',
        success: false,
        missingActions: ['organizations:ListHandshakesForOrganization'],
      },
    });
    const denied = report.calls.find(({ operation }) => operation === 'organizations:ListHandshakesForOrganization');
    expect(denied).toEqual({
      operation: 'organizations:ListHandshakesForOrganization',
      region: 'us-east-1',
      tables: ['aws_organizations_handshakes'],
      outcome: 'denied',
      errorCode: 'AccessDeniedException',
      message: expect.stringContaining('not authorized') as string,
      grant: 'organizations:ListHandshakesForOrganization',
    });
  });

  it('advises a member to use the management account', async () => {
    simulator.fault({
      operation: 'guardduty:*',
      kind: 'error',
      code: 'BadRequestException',
      message: 'The request failed because you do not have required AWS Organization master permission.',
    });
    const { code, stdout } = await inFolder(['test-connection', specFile({ tables: "['aws_guardduty_*']" })]);
    expect(code).toBe(2);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/denied BadRequestException .*or use the management account/);
  });

  it.each<[string, () => string[], NodeJS.ProcessEnv, number, RegExp]>([
    ['a wrong spec: 3', () => [specFile({ source: '{regoins: []}' })], {}, 3, /unknown key 'regoins'/],
    ['a wrong table: 3', () => [specFile({ tables: "['aws_nothing']" })], {}, 3, /'aws_nothing' matches no table/],
    ['no spec: 3', () => [], {}, 3, /spec\.yml: there is no such file/],
    ['no connection: 4', () => [specFile({})], { AWS_ENDPOINT_URL: 'http://127.0.0.1:9' }, 4, /ECONNREFUSED/],
    [
      'no credentials: 4',
      () => [specFile({ source: '{accounts: [{id: a, local_profile: b}]}' })],
      {},
      4,
      /profile 'b'/,
    ],
  ])('%s', async (_name, args, env, expected, message) => {
    const { code, stdout, stderr } = await inFolder(['test-connection', ...args()], env);
    expect({ code, stdout }).toEqual({ code: expected, stdout: '' });
    expect(stderr).toMatch(message);
    expect(stderr).not.toContain('mistake in aws-delegation');
  });
});

interface Policy {
  Version: string;
  Statement: { Sid: string; Effect: string; Action: string[]; Resource: string }[];
}

describe('iam-policy', () => {
  const policy = async (...args: string[]): Promise<Policy> => {
    const { code, stdout } = await inFolder(['iam-policy', '--for', 'reader', ...args]);
    expect(code).toBe(0);
    return JSON.parse(stdout) as Policy;
  };
  const actions = ({ Statement }: Policy): string[] => Statement.flatMap(({ Action }) => Action);

  it('prints what the spec needs: the one named, or spec.yml', async () => {
    const path = specFile({ tables: "['aws_organizations_delegated_administrators']" });
    const expected: Policy = {
      Version: '2012-10-17',
      Statement: [
        { Sid: 'AwsDelegationReadEc2', Effect: 'Allow', Action: ['ec2:DescribeRegions'], Resource: '*' },
        {
          Sid: 'AwsDelegationReadOrganizations',
          Effect: 'Allow',
          Action: ['organizations:ListDelegatedAdministrators'],
          Resource: '*',
        },
      ],
    };
    const before = simulator.requests.length;
    expect(await policy(path)).toEqual(expected);
    expect(await policy()).toEqual(expected);
    expect(simulator.requests).toHaveLength(before);
  });

  it('without any spec: for every table; tags only where they are asked for', async () => {
    const all = await policy();
    expect(all.Statement.map(({ Sid }) => Sid.replace('AwsDelegationRead', ''))).toEqual([
      ...['Accessanalyzer', 'Auditmanager', 'Cloudtrail', 'Config', 'Detective', 'Ec2', 'Fms', 'Guardduty', 'Iam'],
      ...['Inspector2', 'Macie2', 'Networkmanager', 'Organizations', 'Securityhub', 'Securitylake'],
    ]);
    expect(actions(all)).not.toContain('organizations:ListTagsForResource');
    const tagged = await policy(specFile({ tables: "['*']", source: '{account_tags: true}' }));
    expect(actions(tagged)).toEqual([...actions(all), 'organizations:ListTagsForResource'].sort());
  });

  it.each([
    ['nobody', ['iam-policy']],
    ['somebody else', ['iam-policy', '--for', 'root']],
    ['a missing file', ['iam-policy', '--for', 'reader', 'missing.yml']],
  ])('for %s: 3', async (_name, args) => {
    const { code, stdout } = await inFolder(args);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  });
});
