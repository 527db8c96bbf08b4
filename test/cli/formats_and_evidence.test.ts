import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Result } from 'sarif';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ocsfFindings, sarifLog } from '../report/valid.js';
import { bin, ofTheMachine, type Ended } from '../support/cli.js';
import { demoOrganization, secrets, type DemoOrganization } from './demo_organization.js';

let organization: DemoOrganization;
beforeAll(async () => {
  organization = await demoOrganization();
}, 60_000);
afterAll(() => organization.end());

interface Json {
  counts: Record<string, number>;
  results: { checkId: string; status: string }[];
}
const json = async (): Promise<Json> =>
  JSON.parse((await organization.command('check', '--format', 'json')).stdout) as Json;

describe('check --format sarif', () => {
  it('is valid, has what is to be looked at, and says where each cause is', async () => {
    const { code, stdout } = await organization.command('check', '--format', 'sarif');
    expect(code).toBe(1);
    for (const secret of secrets) expect(stdout).not.toContain(secret);
    const [run] = sarifLog(stdout).runs;
    const results = run?.results ?? [];
    const { counts } = await json();
    const ofStatus = (status: string): Result[] =>
      results.filter(({ properties }) => properties?.['status'] === status);
    expect(ofStatus('fail')).toHaveLength(counts['fail'] ?? -1);
    expect(ofStatus('unknown')).toHaveLength(counts['unknown'] ?? -1);
    expect(ofStatus('waived')).toHaveLength(1);
    expect(results).toHaveLength((counts['fail'] ?? 0) + (counts['unknown'] ?? 0) + 1);
    expect(run?.invocations?.[0]).toMatchObject({ exitCode: 1, executionSuccessful: true });
    const placesOf = (wanted: (result: Result) => boolean): string[] => [
      ...new Set(
        results.filter(wanted).map(({ locations }) => {
          const { artifactLocation, region } = locations?.[0]?.physicalLocation ?? {};
          return `${artifactLocation?.uri ?? ''}:${region?.startLine ?? 0}`;
        }),
      ),
    ];
    const about = (id: string, resource: string) => (result: Result) =>
      result.ruleId === id && result.properties?.['resourceId'] === resource;
    // The lines of the spec and of the approvals in demo_organization.ts.
    expect(placesOf(({ suppressions }) => suppressions !== undefined)).toEqual(['spec.yml:23']);
    expect(placesOf(about('delegation_reviewed', 'guardduty/222233334444/any'))).toEqual(['policy/approvals.yml:3']);
    expect(placesOf(about('delegations_approved', 'inspector/222233334444/any'))).toEqual(['policy/approvals.yml:8']);
    // Whatever is delegated without an approval: where one would be added.
    const isUnapproved = ({ ruleId, kind, properties }: Result): boolean =>
      ruleId === 'delegations_approved' && kind === 'fail' && !String(properties?.['resourceId']).endsWith('/any');
    expect(placesOf(isUnapproved)).toEqual(['spec.yml:17']);
    expect(placesOf(about('security_services_held_by_infosec', 'guardduty'))).toEqual(['spec.yml:16']);
    // `workload_ous` is not there: where it would be added.
    expect(placesOf(({ ruleId }) => ruleId === 'delegated_admin_hosts_no_workloads')).toEqual(['spec.yml:8']);
    expect(placesOf(({ ruleId }) => ruleId === 'scp_protects_security_controls')).toEqual([
      'queries/rules/scp_protects_security_controls.sql:1',
    ]);
  });

  it('has passes where they are asked for', async () => {
    const { stdout } = await organization.command('check', '--format', 'sarif', '--only', 'pass,not_applicable');
    const kinds = sarifLog(stdout).runs[0]?.results?.map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(['pass', 'notApplicable']));
  });

  it('goes by no spec where it may read only', async () => {
    const { stdout } = await organization.command('check', '--format', 'sarif', '--no-install');
    const uris = sarifLog(stdout).runs[0]?.results?.map(
      ({ locations }) => locations?.[0]?.physicalLocation?.artifactLocation?.uri,
    );
    expect(uris?.every((uri) => uri?.startsWith('queries/rules/'))).toBe(true);
  });
});

describe('check --format ocsf', () => {
  it('is valid, a line for each verdict', async () => {
    const { code, stdout } = await organization.command('check', '--format', 'ocsf');
    expect(code).toBe(1);
    for (const secret of secrets) expect(stdout).not.toContain(secret);
    const findings = ocsfFindings(stdout);
    const { results, counts } = await json();
    const verdicts = findings.filter(({ unmapped }) => unmapped?.['raw_status'] !== undefined);
    expect(verdicts).toHaveLength(results.length);
    const count = (status: string): number => verdicts.filter(({ compliance }) => compliance.status === status).length;
    expect({ pass: count('Pass'), unknown: count('Unknown'), fail: count('Fail') }).toEqual({
      pass: counts['pass'],
      unknown: counts['unknown'],
      fail: (counts['fail'] ?? 0) + (counts['waived'] ?? 0),
    });
    const waived = verdicts.filter(({ status }) => status === 'Suppressed');
    expect(waived.map(({ cloud }) => cloud.account?.uid)).toEqual(['272727272727']);
    // The waiver that waives nothing.
    expect(findings.length - verdicts.length).toBe(1);
  });
});

it('stops when nobody reads any more', () => {
  const { folder, database } = organization;
  const script = '"$1" check --format ocsf --no-install --database "$2" | head -c 16; echo " ${PIPESTATUS[0]}"';
  const { stdout, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-c', script, '-', bin, database.url], {
    cwd: folder,
    env: ofTheMachine(),
    encoding: 'utf8',
  });
  expect({ stdout, stderr }).toEqual({ stdout: '{"class_uid":200 1\n', stderr: '' });
});

describe('evidence', () => {
  const command = (...args: string[]): Promise<Ended> => organization.command(...args);
  const digestOf = (stdout: string): string => /^sha256:([0-9a-f]{64})\n$/.exec(stdout)?.[1] ?? stdout;

  it('is taken, is the same when it is taken again, and says when somebody has changed it', async () => {
    const { folder } = organization;
    await command('check', '--format', 'json');
    const first = await command('evidence', '-o', 'evidence');
    expect(first.code).toBe(0);
    expect(first.stderr).toMatch(/^The evidence is in evidence: \d+ files\./);
    const again = await command('evidence', 'spec.yml', '--output', 'evidence', '--no-install');
    expect(again).toMatchObject({ code: 0, stdout: first.stdout });
    expect(await command('evidence', '--verify', 'evidence')).toMatchObject({ code: 0, stdout: first.stdout });
    expect(execFileSync('sha256sum', ['MANIFEST'], { cwd: join(folder, 'evidence'), encoding: 'utf8' })).toBe(
      `${digestOf(first.stdout)}  MANIFEST\n`,
    );
    const files = readdirSync(join(folder, 'evidence'), {
      recursive: true,
      encoding: 'utf8',
      withFileTypes: true,
    }).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(150);
    const password = new URL(organization.database.url).password;
    expect(password.length).toBeGreaterThan(0);
    for (const { parentPath, name } of files) {
      const text = readFileSync(join(parentPath, name), 'utf8');
      for (const secret of [...secrets, password]) expect(`${name} ${text.includes(secret)}`).toBe(`${name} false`);
    }
    const { sources } = JSON.parse(readFileSync(join(folder, 'evidence', 'bundle.json'), 'utf8')) as {
      sources: { source_name: string; reads: Record<string, number> }[];
    };
    expect(sources.map(({ source_name }) => source_name)).toEqual(['test']);
    expect(sources[0]?.reads['ok']).toBeGreaterThan(100);

    writeFileSync(join(folder, 'evidence', 'tables', 'aws_organizations.csv'), 'nothing\n');
    writeFileSync(join(folder, 'evidence', 'tables', '\u001b[31m\n'), '');
    const verified = await command('evidence', '--verify', 'evidence');
    expect(verified).toMatchObject({
      code: 1,
      stdout: 'tables/aws_organizations.csv has changed\ntables/\ufffd[31m is not of the bundle\n',
    });
    const refused = await command('evidence', '-o', 'evidence');
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toContain('was not replaced');
  });

  it('says that the rows are newer than the verdicts, and ends with 2', async () => {
    const { database } = organization;
    await database.query(`update aws_policy_results set sync_time = sync_time - interval '1 day'`);
    const { code, stderr } = await command('evidence', '-o', 'older');
    expect(code).toBe(2);
    expect(stderr).toMatch(/\d+ rules were .* judged by another sync of organization/);
    expect(await command('evidence', '-o', 'judged', '--judge')).toMatchObject({ code: 0 });
  });

  it.each([
    [['evidence'], /needs -o FOLDER/],
    [['evidence', '--verify', 'policy'], /policy is no evidence bundle/],
    [['evidence', '--verify', 'x', '-o', 'y'], /cannot be used with/],
    [['evidence', '-o', 'policy'], /policy is not empty and no evidence bundle/],
    [['evidence', 'nowhere.yml', '-o', 'x'], /nowhere\.yml/],
  ])('%j is refused with exit code 3', async (args, message) => {
    const { code, stdout, stderr } = await organization.command(...args);
    expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
    expect(stderr).toMatch(message);
  });
});
