import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { specPlaces } from '../../src/cli/spec_places.js';
import type { Organization, RuleResult } from '../../src/rules/index.js';
import { readSpecFile } from '../../src/runner/index.js';
import { nasty } from '../report/nasty.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spec-places-'));
  mkdirSync(join(folder, 'work', 'a b'), { recursive: true });
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const spec = (more: string, name = 'prod'): string =>
  `kind: source\nspec:\n  name: ${name}\n  registry: local\n  path: bin/aws-delegation\n  tables: ['*']\n  destinations: [postgresql]\n  spec:\n${more}`;
const organizations = (sourceName = 'prod'): Organization[] =>
  nasty.organizations.map((organization) => ({ ...organization, sourceName }));
const [first] = nasty.results as [RuleResult];
const result = (id: string, more: Partial<RuleResult>): RuleResult => ({
  ...first,
  rule: { ...first.rule, id },
  waiver: null,
  ...more,
});

/** `uri:line`, of a file in `work`. */
function place(path: string, given: RuleResult, sourceName?: string): string | undefined {
  const cwd = join(folder, 'work');
  const file = readSpecFile(join(cwd, path), { env: { NAME: 'prod' }, cwd });
  const found = specPlaces(file, organizations(sourceName), cwd)(given);
  return found && `${found.uri}:${found.line}`;
}
const write = (path: string, text: string): void => {
  writeFileSync(join(folder, 'work', path), text);
};

const waived = (reason: string, more: Partial<RuleResult> = {}): RuleResult =>
  result('scp_prevents_leaving', {
    status: 'waived',
    waiver: `accepted by Ada until 2999-01-01: ${reason}`,
    ...more,
  });
const entry = (rule: string, reason: string, more = ''): string =>
  `{rule: ${rule}, reason: ${reason}, approved_by: Ada, expires: 2999-01-01${more}}`;

it('finds the waiver that covers, among others of the same rule', () => {
  write(
    'a b/spec.yml',
    spec(`    waivers:
      - ${entry("'scp_*'", 'another')}
      - ${entry("'scp_*'", 'sold', ", account: '2*'")}
      - ${entry("'scp_*'", 'sold', ", region: 'eu-*'")}
`),
  );
  expect(place('a b/spec.yml', waived('sold'))).toBe('a%20b/spec.yml:12');
  expect(place('a b/spec.yml', waived('sold', { accountId: '222222222222' }))).toBe('a%20b/spec.yml:11');
  expect(place('a b/spec.yml', waived('another', { region: null }))).toBe('a%20b/spec.yml:10');
  // The spec has changed since: the list is where one would look.
  expect(place('a b/spec.yml', waived('gone'))).toBe('a%20b/spec.yml:9');
});

it('finds them in a file of their own, with or without their name above', () => {
  write('spec.yml', spec('    waivers: waivers.yml\n    approvals: approvals.yml\n'));
  write('waivers.yml', `# People\r\n- ${entry('"*"', 'sold')}\r\n`);
  write(
    'approvals.yml',
    `- &one {service: guardduty, account: '222222222222', approved_by: Ada, approved_on: 2026-01-01}\n- {<<: *one, service: macie, region: eu-west-1}\n`,
  );
  expect(place('spec.yml', waived('sold'))).toBe('waivers.yml:2');
  const overdue = (resourceId: string): RuleResult => result('delegation_reviewed', { status: 'fail', resourceId });
  expect(place('spec.yml', overdue('guardduty/222222222222/any'))).toBe('approvals.yml:1');
  expect(place('spec.yml', overdue('detective/222222222222/any'))).toBe('spec.yml:10');
});

it('has no place in a file outside of the working directory, and no path of the machine', () => {
  writeFileSync(join(folder, 'waivers.yml'), `- ${entry('"*"', 'sold')}\n`);
  write('spec.yml', spec('    waivers: ../waivers.yml\n'));
  expect(place('spec.yml', waived('sold'))).toBe('spec.yml:9');
  writeFileSync(join(folder, 'spec.yml'), spec(`    waivers: [${entry('"*"', 'sold')}]\n`));
  expect(place('../spec.yml', waived('sold'))).toBeUndefined();
});

it('goes by the block that was judged, whatever the others of the file have', () => {
  write(
    'spec.yml',
    `${spec('    workload_ous: [/A]\n', 'dev').replace('bin/aws-delegation', 'bin/other')}---\n${spec('    regions: ["*"]\n', '${NAME}')}`,
  );
  const missing = result('delegated_admin_hosts_no_workloads', {
    status: 'unknown',
    unknownCause: 'not_configured',
    reason: 'add `workload_ous: [/Workloads]`',
  });
  expect(place('spec.yml', missing)).toBe('spec.yml:18');
  // Of another source of the same database.
  expect(place('spec.yml', missing, 'other')).toBeUndefined();
});

it('has no place for what AWS has, or what was not read', () => {
  write('spec.yml', spec('    owners: {infosec: {accounts: ["222222222222"]}}\n    workload_ous: [/A]\n'));
  for (const more of [
    { status: 'fail' as const },
    { status: 'unknown' as const, unknownCause: 'unread' as const, reason: 'add `owners: {}`' },
    { status: 'unknown' as const, unknownCause: 'not_configured' as const, reason: 'aws_x was left out' },
    { status: 'pass' as const },
  ])
    expect(place('spec.yml', result('scp_prevents_leaving', more))).toBeUndefined();
  expect(
    place(
      'spec.yml',
      result('x', { status: 'unknown', unknownCause: 'not_configured', reason: 'add `owners: {a: b}`' }),
    ),
  ).toBe('spec.yml:9');
});

it('has none where the file is no longer there or is no YAML any more', () => {
  write('spec.yml', spec('    waivers: waivers.yml\n'));
  const cwd = join(folder, 'work');
  const file = readSpecFile(join(cwd, 'spec.yml'), { env: {}, cwd });
  expect(specPlaces(file, organizations(), cwd)(waived('sold'))).toEqual({ uri: 'spec.yml', line: 9 });
  write('spec.yml', '{{{');
  expect(specPlaces(file, organizations(), cwd)(waived('sold'))).toBeUndefined();
  rmSync(join(cwd, 'spec.yml'));
  expect(specPlaces(file, organizations(), cwd)(waived('sold'))).toBeUndefined();
});
