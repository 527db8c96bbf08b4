import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isYes } from '../../src/cli/terminal.js';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { run, type Ended } from '../support/cli.js';
import { freshDatabase, urlOf, type FreshDatabase } from '../support/postgres.js';
import { withoutTimes } from '../support/verdicts.js';

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

interface Keys {
  source?: string;
  destination?: string;
  /** Of another database than the one of the test. */
  url?: string;
}

/** One sync of the demo organization with these keys in the source and in the destination. */
async function sync(keys: Keys = {}, ...args: string[]): Promise<Ended> {
  const path = join(folder, 'spec.yml');
  writeFileSync(
    path,
    `kind: source
spec:
  name: test
  registry: local
  path: bin/aws-delegation
  tables: ['*']
  destinations: [postgresql]
  ${keys.source ?? ''}
  spec:
    regions: [us-east-1, eu-central-1, eu-north-1]
    owners: { infosec: { accounts: ['222233334444'] } }
---
kind: destination
spec:
  name: postgresql
  path: cloudquery/postgresql
  ${keys.destination ?? ''}
  spec: {connection_string: '${keys.url ?? database.url}'}
`,
  );
  return run(['sync', path, ...args], {
    env: {
      AWS_ENDPOINT_URL: simulator.url,
      AWS_ACCESS_KEY_ID: 'simulated',
      AWS_SECRET_ACCESS_KEY: 'simulated',
      AWS_REGION: 'us-east-1',
    },
  });
}

async function synced(...args: Parameters<typeof sync>): Promise<string> {
  const { code, stdout, stderr } = await sync(...args);
  expect({ code, stdout, stderr }).toMatchObject({ code: 0, stdout: '' });
  return stderr;
}

/** As `synced()` in a new database, which is done once for all who begin with it. */
async function begin(): Promise<void> {
  await database.drop();
  database = await freshDatabase({
    name: 'cli_modes',
    prepare: async (client) => {
      await synced({ url: await urlOf(client) });
    },
  });
}

/** What `check` says of the database, without what differs from run to run. */
async function verdicts(): Promise<unknown[]> {
  const { stdout, stderr } = await run(['check', '--database', database.url, '--format', 'json', '--no-install']);
  expect(stderr).toBe('');
  const report = JSON.parse(withoutTimes(stdout)) as { results: unknown[] };
  expect(report.results.length).toBeGreaterThan(10);
  return report.results;
}

const count = async (table: string): Promise<number> =>
  (await database.query<{ n: number }>(`select count(*)::int as n from ${table}`))[0]?.n ?? -1;

/** Of all synced tables, each once. */
const constraints = async (): Promise<string[]> =>
  (
    await database.query<{ text: string }>(
      `select distinct pg_get_constraintdef(oid) as text from pg_constraint
        where connamespace = 'public'::regnamespace and contype in ('p', 'u') order by 1`,
    )
  ).map(({ text }) => text);

describe('write modes, with the views on top', () => {
  it('two append syncs are judged as one overwrite sync is', async () => {
    await synced({ destination: 'write_mode: overwrite' });
    const overwritten = await verdicts();
    const accounts = await count('aws_organizations_accounts');
    await database.drop();

    database = await freshDatabase();
    await synced({ destination: 'write_mode: append' });
    await synced({ destination: 'write_mode: append' });
    expect(await count('aws_organizations_accounts')).toBe(2 * accounts);
    expect(await count('delegation.accounts')).toBe(accounts);
    expect(await constraints()).toEqual([]);
    expect(await verdicts()).toEqual(overwritten);
  });

  it('what AWS no longer has stays with overwrite, and is no longer judged', async () => {
    const overwrite = { destination: 'write_mode: overwrite' };
    await synced(overwrite);
    const before = await verdicts();
    await database.query(
      `insert into aws_organizations_policies (_cq_sync_time, _cq_source_name, _cq_id, account_id, arn, id, type, content)
        select _cq_sync_time, _cq_source_name, gen_random_uuid(), account_id, arn || 'x', id || 'x', type, content
        from aws_organizations_policies limit 1`,
    );
    const policies = await count('aws_organizations_policies');
    expect(await verdicts()).not.toEqual(before);
    await synced(overwrite);
    expect(await count('aws_organizations_policies')).toBe(policies);
    expect(await verdicts()).toEqual(before);
  });

  it('deterministic_cq_id takes over a database of natural keys', async () => {
    await begin();
    const before = await verdicts();
    const ids = await database.query('select _cq_id from aws_organizations_accounts order by 1');
    const stderr = await synced({ source: 'deterministic_cq_id: true' });
    expect(stderr).toContain(
      'aws_organizations_accounts: _cq_id is the primary key now, instead of (request_account_id, arn)',
    );
    expect(await database.query('select _cq_id from aws_organizations_accounts order by 1')).toEqual(ids);
    expect(await verdicts()).toEqual(before);
    // Nothing is left to change.
    expect((await synced({ source: 'deterministic_cq_id: true' })).trim().split('\n')).toHaveLength(1);
    expect(await constraints()).toEqual(['PRIMARY KEY (_cq_id)', 'UNIQUE (_cq_id)']);
  });
});

describe('a database of an older version', () => {
  it('with a column less is given it, and the views know it', async () => {
    await begin();
    const before = await verdicts();
    await database.query('alter table aws_organizations_accounts drop column state cascade');
    expect(await synced()).toContain('aws_organizations_accounts: added the column state');
    expect(await verdicts()).toEqual(before);
  });

  it('with another key stops; --migrate-mode forced wants a yes, and then all is as after a first sync', async () => {
    await begin();
    const before = await verdicts();
    await database.query(
      `alter table aws_organizations_delegated_services drop constraint aws_organizations_delegated_services_pkey,
        add primary key (account_id, service_principal, delegated_account_id, _cq_id)`,
    );
    const stopped = await sync();
    expect(stopped).toMatchObject({ code: 4, stdout: '' });
    expect(stopped.stderr).toContain(
      'aws_organizations_delegated_services: the primary key is (_cq_id, account_id, delegated_account_id, service_principal) in the ' +
        'database, (account_id, delegated_account_id, service_principal) is expected',
    );
    expect(stopped.stderr).toContain('--migrate-mode forced');

    const asked = simulator.requests.length;
    const unconfirmed = await sync({}, '--migrate-mode', 'forced');
    expect(unconfirmed).toMatchObject({ code: 3, stdout: '' });
    expect(unconfirmed.stderr).toMatch(
      /aws_organizations_delegated_services: \d+ rows \(\d+ of "test"\)\n.*Give --yes/,
    );
    expect(simulator.requests).toHaveLength(asked);
    expect(await verdicts()).toEqual(before);

    await database.query('create view mine as select arn from delegation.current_aws_organizations_policies');
    const hindered = await sync({}, '--migrate-mode', 'forced', '--yes');
    expect(hindered).toMatchObject({ code: 4, stdout: '' });
    expect(hindered.stderr).toMatch(/something of yours stands on them: .*view mine depends on/);
    expect(await verdicts()).toEqual(before);
    await database.query('drop view mine');

    const forced = await synced({ destination: 'migrate_mode: forced' }, '--yes');
    expect(forced).toContain('aws_organizations_delegated_services: dropped with all its rows, and created anew');
    expect(await verdicts()).toEqual(before);
    expect(await synced({ destination: 'migrate_mode: forced' })).not.toContain('Forced');
  });
});

it.each(['1/4', '2/2', 'half'])('--shard %s is refused with the reason', async (shard) => {
  const { code, stdout, stderr } = await sync({}, '--shard', shard);
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toContain('More machines do not make one organization faster (the rates are per organization)');
});

describe('the question', () => {
  const ask = async (answer: string | undefined): Promise<{ isYes: boolean; shown: string }> => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const answered = isYes('Drop? [y/N] ', new AbortController().signal, { input, output });
    input.end(answer);
    return { isYes: await answered, shown: String(output.read()) };
  };

  it.each([
    ['y\n', true],
    ['YES\n', true],
    [' y \n', true],
    ['n\n', false],
    ['\n', false],
    ['yesterday\n', false],
    [undefined, false],
  ])('%j is %s', async (answer, expected) => {
    expect(await ask(answer)).toEqual({ isYes: expected, shown: 'Drop? [y/N] ' });
  });

  it('ends with Ctrl-C', async () => {
    const interrupt = new AbortController();
    const streams = { input: new PassThrough(), output: new PassThrough() };
    const answered = isYes('Drop? [y/N] ', interrupt.signal, streams);
    interrupt.abort();
    await expect(answered).rejects.toThrow('aborted');
  });
});
