import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
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
  simulator.clearFaults();
  rmSync(folder, { recursive: true });
  await database.drop();
});

function write(spec: string, name = 'test', url = database.url): void {
  writeFileSync(
    join(folder, 'spec.yml'),
    `kind: source
spec: {name: ${name}, registry: local, path: bin/aws-delegation, tables: ['*'], destinations: [postgresql], spec: ${spec}}
---
kind: destination
spec: {name: postgresql, path: cloudquery/postgresql, spec: {connection_string: '${url}'}}
`,
  );
}

function command(...args: string[]): Promise<Ended> {
  return run(args, {
    cwd: folder,
    env: {
      HOME: folder,
      AWS_ENDPOINT_URL: simulator.url,
      AWS_ACCESS_KEY_ID: 'simulated',
      AWS_SECRET_ACCESS_KEY: 'simulated',
      AWS_REGION: 'us-east-1',
      // Nothing here may start the embedded server.
      DATABASE_URL: 'postgresql://nobody@127.0.0.1:9/none',
    },
  });
}

async function sync(url?: string): Promise<void> {
  write('{}', 'test', url);
  expect(await command('sync')).toMatchObject({ stdout: '' });
  write('{approvals: approvals.yml}');
}

/** As `sync()` in a new database, which is done once for all who begin with it. */
async function begin(): Promise<void> {
  await database.drop();
  database = await freshDatabase({
    name: 'cli_approvals',
    prepare: async (client) => {
      await sync(await urlOf(client));
    },
  });
  write('{approvals: approvals.yml}');
}

const file = (name = 'approvals.yml'): string => readFileSync(join(folder, name), 'utf8');
const put = (text: string, name = 'approvals.yml'): void => {
  writeFileSync(join(folder, name), text);
};
const today = (): string => new Date().toISOString().slice(0, 10);

const written = `# Ours.
delegations:
  # The security team.
  - service: iam-root-access # rarely used
    account: "222233334444"
    approved_by: grace
    approved_on: 2020-01-01
    review_by: 2030-01-01
    reason: Break glass.

  # Long gone.
  - {service: macie, account: '999988887777', approved_by: grace, approved_on: 2020-01-01}
principals:
  - principal: arn:aws:iam::111122223333:role/*
    actions: ['organizations:*']
    approved_by: grace
    approved_on: 2020-01-01

# The end.
`;

describe('approvals write', { timeout: 180_000 }, () => {
  it('approves all that is there, and no more', async () => {
    await begin();
    const { code, stdout, stderr } = await command('approvals', 'write', '--by', 'Ada', '--review-by', '2099-01-01');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toMatch(/^approvals\.yml: \d+ new, 0 kept, 0 gone\nprincipals: \d+ new, 0 kept\. /);
    // What AWS refused is for a person to say.
    expect(stderr).toContain('user/legacy-ci, organizations:DeregisterDelegatedAdministrator\n');
    expect(file()).not.toContain('legacy-ci');
    expect(file()).toContain('  - principal: arn:aws:iam::111122223333:role/ExamplePlatformPipeline\n');
    expect(file()).toMatch(/^# What people have approved: /);
    expect(file()).toContain(`  - service: backup
    account: '888899990000'
    approved_by: Ada
    approved_on: ${today()}
    review_by: 2099-01-01
`);
    expect((await command('check')).stderr).toMatch(/^spec\.yml is newer [^\n]*\n$/);
    const sides = 'select has_approval, has_delegation, count(*) > 20 as many from delegation.approvals group by 1, 2';
    expect(await database.query(sides)).toEqual([{ has_approval: true, has_delegation: true, many: true }]);

    const again = await command('approvals', 'write');
    expect(again).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/: 0 new, \d+ kept, 0 gone\nTried, and refused/) as string,
    });
  });

  it('keeps what people have signed and written beside it, and takes out what is gone', async () => {
    await begin();
    put(written);
    const { code, stderr } = await command('approvals', 'write', '--by', 'Ada');
    expect(code).toBe(0);
    expect(stderr).toMatch(/^approvals\.yml: \d+ new, 1 kept, 1 gone\n.*--keep.*\n {2}macie, 999988887777\n/);
    // Their own entry covers what the pipeline did with Organizations.
    expect(stderr).toMatch(/\nprincipals: 2 new, 1 kept\. /);
    const text = file();
    expect(text).toContain(written.slice(0, written.indexOf('\n  # Long gone.')));
    expect(text).toContain(written.slice(written.indexOf('principals:'), written.indexOf('\n# The end.')));
    expect(text).toContain('\n# The end.\n');
    expect(text).not.toContain('999988887777');
    expect(text.match(/iam-root-access/g)).toHaveLength(1);
    expect((await command('check')).stderr).toMatch(/^spec\.yml is newer [^\n]*\n$/);
    expect(
      await database.query('select 1 from delegation.approvals where not (has_approval and has_delegation)'),
    ).toEqual([]);
    // Nothing more to do: not a byte changes.
    put(`${text}\n\n#  as   it is\n`);
    await command('approvals', 'write');
    expect(file()).toBe(`${text}\n\n#  as   it is\n`);
  });

  it('leaves what is gone with --keep', async () => {
    await begin();
    put(written);
    const { stderr } = await command('approvals', 'write', '--keep');
    expect(stderr).toMatch(/: \d+ new, 2 kept, 1 gone\nApproved, and not there; kept:/);
    expect(file()).toContain('999988887777');
  });

  it('writes to stdout or to another file, from what the spec has', async () => {
    await begin();
    put(written);
    const { code, stdout, stderr } = await command('approvals', 'write', '-o', '-');
    expect({ code, text: file() }).toEqual({ code: 0, text: written });
    expect(stdout).toContain('reason: Break glass.');
    expect(stderr).toMatch(/^approvals: \d+ new, 1 kept/);
    const other = await command('approvals', 'write', '-o', 'other.yml', '--no-install');
    expect(other.stderr).toContain('`approvals: other.yml` in the inner spec');
    expect({ other: file('other.yml'), own: file() }).toEqual({ other: stdout, own: written });
    write(
      '{approvals: [{service: iam-root-access, account: "222233334444", approved_by: grace, approved_on: 2020-01-01}]}',
    );
    expect(await command('approvals', 'write')).toMatchObject({ code: 3, stdout: '' });
    expect((await command('approvals', 'write', '-o', '-')).stderr).toMatch(/, 1 kept, 0 gone/);
  });

  it('takes a list alone, and an empty file', async () => {
    await begin();
    put(`- {service: iam-root-access, account: '222233334444', approved_by: grace, approved_on: 2020-01-01}\n`);
    expect((await command('approvals', 'write')).stderr).toMatch(/ new, 1 kept, 0 gone/);
    // Principals have no place in a list, so that it becomes a map.
    expect(file()).toMatch(/^delegations:\n {2}- {service: iam-root-access, .*\n {2}- service: /);
    put('# Nothing yet.\n');
    expect((await command('approvals', 'write')).code).toBe(0);
    expect(file()).toMatch(/^# Nothing yet\.\n\ndelegations:\n/);
  });

  it('writes nothing where who holds what was not read, unless --partial', async () => {
    await begin();
    simulator.fault({ operation: 'guardduty:ListOrganizationAdminAccounts', kind: 'deny' });
    await sync();
    put(`delegations:
  - {service: guardduty, account: '999988887777', approved_by: grace, approved_on: 2020-01-01}
  - {service: macie, account: '999988887777', approved_by: grace, approved_on: 2020-01-01}
`);
    const before = file();
    const refused = await command('approvals', 'write');
    expect(refused).toMatchObject({ code: 2, stdout: '' });
    expect(refused.stderr).toMatch(/was not read whole.*guardduty:ListOrganizationAdminAccounts.*--partial/s);
    expect(file()).toBe(before);
    const partial = await command('approvals', 'write', '--partial');
    expect(partial).toMatchObject({ code: 0 });
    expect(partial.stderr).toMatch(/2 gone|1 gone/);
    expect(partial.stderr).toMatch(/not read whether they are there:\n {2}guardduty, 999988887777\n/);
    // Not the whole service: nobody knows who holds it in the Regions.
    expect(file()).not.toMatch(/service: guardduty\n {4}account: '222233334444'\n {4}approved_by/);
  });

  it.each<[string, string, string[], RegExp]>([
    ['a spec', 'kind: source\nspec: {}\n---\nkind: destination\n', [], /is no approvals file/],
    ['a text', 'Dear diary', [], /is no approvals file/],
    [
      'a fault',
      'delegations:\n  - {service: macie, acount: x}\n',
      [],
      /approvals\.yml, line 2: .*unknown key 'acount'/,
    ],
  ])('overwrites no file that is %s', async (_what, text, args, message) => {
    put(text);
    write('{approvals: approvals.yml}');
    const { code, stdout, stderr } = await command('approvals', 'write', ...args);
    expect({ code, stdout, file: file() }).toEqual({ code: 3, stdout: '', file: text });
    expect(stderr).toMatch(message);
  });

  it('refuses what it cannot do', async () => {
    expect((await command('approvals', 'write')).stderr).toContain('There is no spec that names an approvals file');
    await begin();
    for (const args of [
      ['--review-by', '2020-01-01'],
      ['--review-by', 'soon'],
      ['--by', ''],
      ['-o', 'no/such/folder.yml'],
      ['missing.yml'],
    ]) {
      expect(await command('approvals', 'write', ...args), args.join(' ')).toMatchObject({ code: 3, stdout: '' });
    }
    write('{approvals: approvals.yml}', 'other');
    expect(await command('approvals', 'write')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('never synced') as string,
    });
    write('{}');
    expect(await command('approvals', 'write')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('names no approvals file') as string,
    });
    expect(existsSync(join(folder, 'approvals.yml'))).toBe(false);
  });
});
