import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { run, type Ended } from '../support/cli.js';
import { freshDatabase, type FreshDatabase } from '../support/postgres.js';

let folder: string;
let simulator: Simulator;
let database: FreshDatabase;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'check-'));
  simulator = await startSimulator({ scenario: 'demo' });
  database = await freshDatabase();
  const spec = join(folder, 'spec.yml');
  const waiver = (rule: string, expires: string) =>
    `  - {rule: ${rule}, reason: It is being sold, approved_by: Ada, expires: ${expires}`;
  writeFileSync(
    join(folder, 'waivers.yml'),
    [
      'waivers:',
      `${waiver('scp_prevents_leaving', '2999-01-01')}, account: '272727272727'}`,
      `${waiver('scp_prevents_leaving', '2020-01-01')}, account: '232323232323'}`,
      `${waiver('org_all_features_enabled', '2999-01-01')}}`,
      '',
    ].join('\n'),
  );
  writeFileSync(
    spec,
    `kind: source
spec:
  name: test
  registry: local
  path: bin/aws-delegation
  tables: ['*']
  destinations: [postgresql]
  spec: {owners: {infosec: {accounts: ['222233334444']}}, waivers: waivers.yml}
`,
  );
  const synced = await run(['sync', spec, '--database', database.url], {
    cwd: folder,
    env: {
      AWS_ENDPOINT_URL: simulator.url,
      AWS_ACCESS_KEY_ID: 'simulated',
      AWS_SECRET_ACCESS_KEY: 'simulated',
      AWS_REGION: 'us-east-1',
    },
  });
  if (synced.code !== 0) throw new Error(synced.stderr);
});
afterAll(async () => {
  await database.drop();
  await simulator.close();
  rmSync(folder, { recursive: true });
});

const check = (...args: string[]): Promise<Ended> =>
  run(['check', '--database', database.url, ...args], { cwd: folder });

/** What each format starts with, and nothing before it: it is the whole of stdout. */
const starts: readonly (readonly [string, RegExp])[] = [
  ['text', /^Organization o-/],
  ['json', /^\{\n/],
  ['csv', /^record,status,/],
  ['markdown', /^## aws-delegation: \d+ fail/],
  ['junit', /^<\?xml version="1\.0"/],
];

interface Report {
  counts: Record<string, number>;
  results: { checkId: string; status: string; severity: string; resourceId: string; remediation: string | null }[];
  waivers: { rule: string; state: string }[];
  framework?: { id: string; controls: { id: string; checkIds: string[]; manual: string[] }[] };
}

describe('check', () => {
  it.each(starts)('prints %s, and ends as with any other format', async (format, start) => {
    const { code, stdout, stderr } = await check('--format', format);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(start);
    expect(stdout).toContain('scp_prevents_leaving');
  });

  it.each(starts)('%s goes with --only, --rule, --fail-on and --strict', async (format, start) => {
    const { code, stdout, stderr } = await check(
      ...[
        '--format',
        format,
        '--rule',
        'scp_prevents_leaving',
        '--only',
        'fail,waived',
        '--fail-on',
        'critical',
        '--strict',
      ],
    );
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(start);
    expect(stdout).not.toContain('security_services_held_by_infosec');
    expect(stdout).not.toContain('and SCPs never bind it');
  });

  it('shows waived ones alone, and counts the others all the same', async () => {
    const { code, stdout } = await check('--format', 'json', '--only', 'waived');
    const { results, counts, waivers } = JSON.parse(stdout) as Report;
    expect(code).toBe(1);
    expect(results.map(({ status, resourceId }) => [status, resourceId])).toEqual([['waived', '272727272727']]);
    expect(counts['fail']).toBeGreaterThan(0);
    expect(waivers.map(({ rule, state }) => `${rule} ${state}`).sort()).toEqual([
      'org_all_features_enabled unused',
      'scp_prevents_leaving expired',
      'scp_prevents_leaving used',
    ]);
  });

  it.each(starts)('%s tells what is waived, and which waivers have run out or cover nothing', async (format) => {
    // No line is broken in these, so that the words are beside each other.
    const stdout = (await check('--format', format)).stdout.replace(/\s+/g, ' ');
    expect(stdout).toMatch(/accepted by Ada until 2999-01-01/);
    expect(stdout).toMatch(format === 'json' ? /"state": "expired"/ : /232323232323 has run out on 2020-01-01/);
    expect(stdout).toMatch(format === 'json' ? /"state": "unused"/ : /covers no finding, and would count until/);
  });

  it('runs the rules of a framework, by its controls, and asks what nobody can read', async () => {
    const json = JSON.parse((await check('--framework', 'cis_aws_7.0', '--format', 'json')).stdout) as Report;
    expect(json.framework?.id).toBe('cis_aws_7.0');
    const controls = new Map(json.framework?.controls.map((control) => [control.id, control]));
    expect(controls.get('2.1.2')?.checkIds).toContain('scp_prevents_leaving');
    expect(controls.get('2.1.5')?.manual.length).toBeGreaterThan(0);
    const { stdout } = await check('--framework', 'cis_aws_7.0');
    expect(stdout).toMatch(/^2\.1\.2 Guardrails .*\nFAIL .*\(scp_prevents_leaving/ms);
    expect(stdout).toMatch(/^2\.1\.5 MANUAL: /m);
    for (const format of ['csv', 'markdown', 'junit']) {
      expect((await check('--framework', 'cis_aws_7.0', '--format', format)).stdout).toMatch(/manual/i);
    }
  });

  it.each([
    [['--framework', 'nist'], /aws_delegation, cis_aws_7\.0, aws_sra/],
    [['--framework', 'aws_sra', '--rule', 'scp_prevents_leaving'], /cannot be used with/],
    [['--format', 'xml'], /text, json, csv, markdown, junit, html, sarif, ocsf/],
    [['--only', 'failed'], /pass, fail, unknown, not_applicable, waived/],
  ])('%j is refused with exit code 3, and says what there is', async (args, message) => {
    const { code, stdout, stderr } = await check(...args);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(message);
  });
});

describe('rules', () => {
  it('lists them as text, JSON and Markdown', async () => {
    const [text, json, markdown] = await Promise.all(
      ['text', 'json', 'markdown'].map((format) => run(['rules', '--format', format])),
    );
    expect(text?.stdout).toMatch(/^org_all_features_enabled +critical +The organization uses all features$/m);
    const rules = JSON.parse(json?.stdout ?? '') as Record<string, unknown>[];
    expect(rules.find(({ id }) => id === 'org_all_features_enabled')).toMatchObject({
      severity: 'critical',
      reads: ['aws_organizations', 'aws_organizations_handshakes'],
    });
    expect(markdown?.stdout).toMatch(/^\| `org_all_features_enabled` +\| critical +\|/m);
    for (const ended of [text, json, markdown]) expect(ended).toMatchObject({ code: 0, stderr: '' });
  });
});
