import fc from 'fast-check';
import { expect, it, test } from 'vitest';
import { ocsfReport } from '../../src/report/index.js';
import type { ReportInput, RuleResult } from '../../src/rules/index.js';
import { reportInputs } from '../properties/reports.js';
import { nasty, nastyFramework } from './nasty.js';
import { ocsfFindings, type Finding } from './valid.js';

const textOf = (input: ReportInput): string => [...ocsfReport(input)].join('');
const verdicts = (findings: readonly Finding[]): Finding[] =>
  findings.filter(({ unmapped }) => unmapped?.['raw_status'] !== undefined);

// What this file says was read by a person; a change has to be looked at.
test('the whole output, with characters that mean something', async () => {
  const text = textOf({ ...nasty, framework: nastyFramework });
  ocsfFindings(text);
  await expect(text).toMatchFileSnapshot('ocsf.golden.txt');
});

it('is valid for any text that AWS or a person may have written, a line per finding', () => {
  fc.assert(
    fc.property(reportInputs, (input) => {
      const findings = ocsfFindings(textOf(input));
      const questions = input.framework?.controls.flatMap(({ manual }) => manual).length ?? 0;
      expect(findings).toHaveLength(input.results.length + input.waivers.length + questions);
      expect(new Set(findings.map(({ finding_info }) => finding_info.uid)).size).toBe(findings.length);
    }),
    { seed: 1, numRuns: 100 },
  );
});

const [first] = nasty.results as [RuleResult];

it.each([
  ['fail', 'Create', 'New', 'Fail', 'Critical'],
  ['waived', 'Create', 'Suppressed', 'Fail', 'Critical'],
  ['unknown', 'Create', 'New', 'Unknown', 'Critical'],
  ['pass', 'Close', 'Resolved', 'Pass', 'Informational'],
  ['not_applicable', 'Close', 'Resolved', 'Not applicable', 'Informational'],
] as const)('%s is %s, %s, %s, %s', (status, activity, findingStatus, compliance, severity) => {
  const unknownCause = status === 'unknown' ? 'unread' : null;
  const [finding] = ocsfFindings(textOf({ ...nasty, waivers: [], results: [{ ...first, status, unknownCause }] }));
  expect(finding).toMatchObject({
    activity_name: activity,
    status: findingStatus,
    severity,
    compliance: { status: compliance, control: 'held_by_owner' },
  });
});

it('has one uid for what is judged, in whatever state', () => {
  const [before] = ocsfFindings(textOf({ ...nasty, results: [first] }));
  const later = { ...first, status: 'pass' as const, reason: 'mended', remediation: null };
  const [after] = ocsfFindings(
    textOf({ ...nasty, results: [later], executionTime: new Date('2027-01-01T00:00:00Z'), packVersion: '9.9.9' }),
  );
  expect(after?.finding_info.uid).toBe(before?.finding_info.uid);
  expect(after?.type_uid).toBe(200303);
  const [elsewhere] = ocsfFindings(textOf({ ...nasty, results: [{ ...first, region: 'eu-west-2' }] }));
  expect(elsewhere?.finding_info.uid).not.toBe(before?.finding_info.uid);
});

it('says what an unknown means where there is nothing to mend', () => {
  const [finding] = ocsfFindings(
    textOf({ ...nasty, results: [{ ...first, status: 'unknown', unknownCause: 'unread', remediation: null }] }),
  );
  expect(finding?.remediation?.desc).toBe('It could not look.');
  const [pass] = ocsfFindings(textOf({ ...nasty, results: [{ ...first, status: 'pass', remediation: null }] }));
  expect(pass?.remediation).toBeUndefined();
});

it('names the standards and what they ask, and itself where a rule answers none', () => {
  const findings = verdicts(ocsfFindings(textOf(nasty)));
  expect(findings.find(({ compliance }) => compliance.control === 'held_by_owner')?.compliance).toMatchObject({
    standards: ['CIS AWS Foundations Benchmark 7.0, section 2.1', 'AWS Security Reference Architecture'],
    requirements: [
      'cis_aws_7.0 2.1.2: Guardrails limit what every account of the organization may do',
      'cis_aws_7.0 2.1.6: Delegated administrators manage the services that work with the organization',
      'aws_sra trusted_access: Trusted access is on for the services that are used, and for no others',
    ],
  });
  expect(findings.find(({ compliance }) => compliance.control === 'quiet_rule')?.compliance.standards).toEqual([
    'AWS delegated administration (this pack)',
  ]);
});

it('names what is judged, and the account and Region of it', () => {
  const [finding] = ocsfFindings(textOf({ ...nasty, results: [first] }));
  expect(finding?.resources).toMatchObject([
    { uid: 'guardduty', region: 'eu-west-1' },
    { uid: '111111111111', type: 'AWS::Organizations::Account' },
  ]);
  expect(finding?.cloud).toEqual({
    provider: 'AWS',
    region: 'eu-west-1',
    account: { uid: '111111111111', type_id: 10, type: 'AWS Account' },
    org: { uid: 'o-example' },
  });
});

it('tells which waivers somebody should look at', () => {
  const findings = ocsfFindings(textOf({ ...nasty, results: [] }));
  expect(findings.map(({ finding_info, compliance }) => [finding_info.title, compliance.status])).toEqual([
    ['A waiver has run out', 'Warning'],
    ['A waiver waives nothing', 'Warning'],
  ]);
});

it('gives a finding at a time, so that their number does not matter', () => {
  const results = Array.from({ length: 3 }, (_, index) => ({ ...first, resourceId: `r${index}` }));
  const lines = ocsfReport({ ...nasty, waivers: [], results });
  expect(lines.next().value).toMatch(/^\{.*\}\n$/);
  expect([...lines]).toHaveLength(2);
});
