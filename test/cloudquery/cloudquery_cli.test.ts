import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { flatten } from '../../src/schema/index.js';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { tables } from '../../tables/index.js';
import { bin, run, type Ended } from '../support/cli.js';
import { RecordingDestination } from './destination.js';

/** The program of https://www.cloudquery.io, and not our idea of it. */
const program = process.env['CLOUDQUERY_CLI'] ?? '';
if (program === '') process.stdout.write('tests with the CloudQuery CLI left out: set CLOUDQUERY_CLI to it\n');

const everyTable = flatten(tables)
  .map(({ name }) => name)
  .sort();

describe.skipIf(program === '')('the CloudQuery CLI', () => {
  let simulator: Simulator;
  let destination: RecordingDestination;
  let address: string;
  let folder: string;

  beforeAll(async () => {
    simulator = await startSimulator({ scenario: 'demo' });
  });
  afterAll(() => simulator.close());

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'cloudquery-'));
    ({ destination, address } = await RecordingDestination.start());
  });
  afterEach(() => {
    simulator.clearFaults();
    destination.close();
    rmSync(folder, { recursive: true });
  });

  function cloudquery(command: string, spec: object = {}, ...args: string[]): Promise<Ended> {
    const source = { name: 'org', registry: 'local', path: bin, tables: ['*'], destinations: ['recording'], spec };
    const documents = [
      { kind: 'source', spec: source },
      { kind: 'destination', spec: { name: 'recording', registry: 'grpc', path: address } },
    ];
    writeFileSync(join(folder, 'spec.yml'), documents.map((document) => stringify(document)).join('---\n'));
    return run([command, 'spec.yml', '--telemetry-level', 'none', '--log-format', 'json', ...args], {
      program,
      cwd: folder,
      env: {
        HOME: folder,
        ...{ AWS_ENDPOINT_URL: simulator.url, AWS_REGION: 'us-east-1' },
        ...{ AWS_ACCESS_KEY_ID: 'AKIAKEYOFTHETESTS0', AWS_SECRET_ACCESS_KEY: 'secret' },
        // Whatever it may want of its vendor, it gets no further than this machine.
        ...{ HTTPS_PROXY: 'http://127.0.0.1:9', HTTP_PROXY: 'http://127.0.0.1:9', NO_PROXY: '127.0.0.1,localhost' },
      },
    });
  }

  /** What its log has of warnings and errors. */
  const complaints = (): string[] =>
    readFileSync(join(folder, 'cloudquery.log'), 'utf8')
      .split('\n')
      .filter((line) => /"level":"(warn|error|fatal)"/.test(line));

  const everyKey = {
    regions: ['us-east-1', 'eu-west-1'],
    delegated_admin_role_name: 'audit/OrgAudit',
    owners: { infosec: { accounts: ['222233334444'], tags: { team: 'infosec' } }, networking: { ous: ['/Network'] } },
    expectations: { ipam: ['networking'] },
    workload_ous: ['/Workloads'],
    allowed_regions: ['eu-west-1'],
    approvals: [{ service: 'guardduty', account: '222233334444', approved_by: 'Ada', approved_on: '2026-01-02' }],
    waivers: [
      { rule: 'sync_*', account: '1*', region: 'eu-*', reason: 'new', approved_by: 'Ada', expires: '2999-01-01' },
    ],
    events: { lookback_days: 30 },
    concurrency: 5,
  };

  it('finds nothing wrong with a spec that has every key, by the schema that it was told', async () => {
    const { code, stderr } = await cloudquery('validate-config', everyKey);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(complaints()).toEqual([]);
  });

  it('finds a misspelt key before anything runs, by the same schema', async () => {
    const { code, stderr } = await cloudquery('validate-config', { regoins: ['us-east-1'] });
    expect(code).toBe(1);
    expect(stderr).toContain("additional properties 'regoins' not allowed");
  });

  it('is told of every table', async () => {
    const { code, stderr } = await cloudquery('tables', {}, '--format', 'json', '--output-dir', 'out');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const told = JSON.parse(readFileSync(join(folder, 'out', 'org', '__tables.json'), 'utf8')) as {
      name: string;
      relations?: { name: string }[];
    }[];
    const names = told.flatMap(({ name, relations = [] }) => [name, ...relations.map((relation) => relation.name)]);
    expect(names.sort()).toEqual(everyTable);
  });

  it('finds the connection good, or says what is wrong with it', async () => {
    expect((await cloudquery('test-connection')).code).toBe(0);
    simulator.fault({ operation: '*', kind: 'error', code: 'InvalidClientTokenId', status: 403, message: 'no' });
    const { code, stdout } = await cloudquery('test-connection');
    expect(code).toBe(1);
    expect(stdout).toMatch(/org .*Failure.*InvalidClientTokenId/);
  });

  it('syncs every table, and counts neither an error nor a warning', async () => {
    const { code, stdout } = await cloudquery('sync', everyKey);
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/Sync completed successfully\. Resources: \d+, Errors: 0, Warnings: 0/);
    expect(complaints()).toEqual([]);
    expect([...destination.rows.keys()].sort()).toEqual(everyTable);
    expect(destination.deletedStale).toEqual(new Set(destination.rows.keys()));
    expect(destination.rows.get('aws_organizations_accounts')).toBe(simulator.scenario.organization?.accounts.length);
    expect(Number(/Resources: (\d+)/.exec(stdout)?.[1])).toBe([...destination.rows.values()].reduce((a, b) => a + b));
  });

  it('is not told of a table that nobody could read, so that its rows stay; and counts what was denied', async () => {
    simulator.fault({ operation: 'organizations:ListTargetsForPolicy', kind: 'deny' });
    const { code, stdout } = await cloudquery('sync', { regions: ['us-east-1'] });
    expect(code, stdout).toBe(0);
    expect(stdout).toMatch(/Sync completed with errors.* Errors: 1, Warnings: 0/);
    expect(destination.rows.has('aws_organizations_policy_targets')).toBe(false);
    expect(destination.deletedStale).toEqual(new Set(destination.rows.keys()));
    expect(complaints()).toEqual([
      expect.stringMatching(/aws_organizations_policy_targets: .*organizations:ListTargetsForPolicy/),
    ]);
  });

  it('ends with 1 where a read failed, says what to do, and nothing was written or removed', async () => {
    simulator.fault({ operation: 'organizations:ListAccounts', kind: 'server_error' });
    const { code, stderr } = await cloudquery('sync', { regions: ['us-east-1'], max_retries: 0 });
    expect(code).toBe(1);
    expect(stderr).toContain('aws_organizations_accounts: organizations:ListAccounts in us-east-1: failed');
    expect(stderr).toContain('Run the sync again');
    expect([...destination.rows, ...destination.deletedStale]).toEqual([]);
  });
});
