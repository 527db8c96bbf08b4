import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { Notification, Result, Run } from 'sarif';
import { describe, expect, it, test } from 'vitest';
import { sarifReport } from '../../src/report/index.js';
import type { ReportInput, RuleResult } from '../../src/rules/index.js';
import { reportInputs } from '../properties/reports.js';
import { nasty, nastyFramework } from './nasty.js';
import { sarifLog } from './valid.js';

const runOf = (text: string): Run => {
  const { runs } = sarifLog(text);
  const [run] = runs;
  if (!run || runs.length !== 1) throw new Error('not one run');
  return run;
};
const resultsOf = (text: string): Result[] => runOf(text).results ?? [];
const fingerprints = (results: readonly Result[]): string[] =>
  results.map(({ partialFingerprints }) => partialFingerprints?.['primaryLocationLineHash'] ?? '');

// What this file says was read by a person; a change has to be looked at.
test('the whole output, with characters that mean something', async () => {
  const text = sarifReport(nasty);
  sarifLog(text);
  await expect(text).toMatchFileSnapshot('sarif.golden.txt');
});

it('is valid for any text that AWS or a person may have written', () => {
  fc.assert(
    fc.property(reportInputs, (input) => {
      const results = resultsOf(sarifReport(input));
      expect(results).toHaveLength(input.results.length);
      expect(new Set(fingerprints(results)).size).toBe(results.length);
      for (const { message } of results) {
        // Neither a link nor a placeholder.
        expect(message.text).not.toMatch(/\]\(/);
        expect(message.text).not.toMatch(/(?<!\{)\{\d+\}/);
      }
    }),
    { seed: 1, numRuns: 100 },
  );
});

describe('kind and level', () => {
  const [first] = nasty.results as [RuleResult];
  const of = (more: Partial<RuleResult>): Result | undefined =>
    resultsOf(sarifReport({ ...nasty, results: [{ ...first, ...more }] }))[0];

  it.each([
    ['fail', null, 'fail', 'error'],
    ['waived', null, 'fail', 'error'],
    ['unknown', 'unread', 'open', 'none'],
    ['unknown', 'not_configured', 'review', 'none'],
    ['unknown', 'not_observable', 'review', 'none'],
    ['pass', null, 'pass', 'none'],
    ['not_applicable', null, 'notApplicable', 'none'],
  ] as const)('%s %s is %s, %s', (status, unknownCause, kind, level) => {
    expect(of({ status, unknownCause })).toMatchObject({ kind, level });
  });

  it.each([
    ['critical', 'error', '9.5'],
    ['high', 'error', '8.0'],
    ['medium', 'warning', '5.5'],
    ['low', 'note', '2.0'],
  ] as const)('%s is %s, and %s to GitHub', (severity, level, number) => {
    const rule = { ...first.rule, severity };
    const run = runOf(sarifReport({ ...nasty, results: [{ ...first, rule, status: 'fail' }] }));
    expect(run.results?.[0]).toMatchObject({ kind: 'fail', level });
    expect(run.tool.driver.rules?.[0]).toMatchObject({
      defaultConfiguration: { level },
      properties: { 'security-severity': number },
    });
  });
});

it('says of what is waived who accepted it, and of nothing else', () => {
  const results = resultsOf(sarifReport(nasty));
  const suppressed = results.filter(({ suppressions }) => suppressions !== undefined);
  expect(suppressed.map(({ properties }): unknown => properties?.['status'])).toEqual(['waived']);
  expect(suppressed[0]?.suppressions).toEqual([
    {
      kind: 'external',
      status: 'accepted',
      justification: 'accepted by Ada until 2027-01-01: being <sold> (ticket SEC-7)',
    },
  ]);
});

it('locates a verdict in its rule, or where the caller says that its cause is', () => {
  const placeOf = ({ status }: RuleResult): { uri: string; line: number } | undefined =>
    status === 'waived' ? { uri: 'policy/waivers.yml', line: 12 } : undefined;
  const results = resultsOf(sarifReport(nasty, { placeOf }));
  const uris = results.map(({ properties, locations }) => [
    properties?.['status'] === 'waived',
    locations?.[0]?.physicalLocation?.artifactLocation?.uri,
    locations?.[0]?.physicalLocation?.region?.startLine,
  ]);
  expect(uris).toContainEqual([true, 'policy/waivers.yml', 12]);
  expect(uris).toContainEqual([false, 'queries/rules/held_by_owner.sql', 1]);
  expect(uris.filter(([isWaived, uri]) => isWaived === (uri === 'policy/waivers.yml'))).toHaveLength(uris.length);
});

it('tells organization, OU, account, Region and resource apart', () => {
  const delegation = {
    sourceName: 'prod',
    organizationId: 'o-example',
    serviceId: 'guardduty',
    serviceName: 'GuardDuty',
    category: 'security',
    servicePrincipal: null,
    region: null,
    method: 'service' as const,
    delegatedAccountId: '111111111111',
    accountName: 'Security',
    ouPath: '/A\u202e/b',
    accountState: 'ACTIVE',
    isManagementAccount: false,
    since: null,
    status: null,
    isHeld: true,
  };
  const [first] = resultsOf(sarifReport({ ...nasty, delegations: [delegation] }));
  expect(first?.locations?.[0]?.logicalLocations).toEqual([
    { kind: 'organization', name: 'o-example', fullyQualifiedName: 'o-example' },
    { kind: 'organizationalUnit', name: '/A\ufffd/b', fullyQualifiedName: 'o-example/%2FA%EF%BF%BD%2Fb' },
    { kind: 'account', name: '111111111111', fullyQualifiedName: 'o-example/%2FA%EF%BF%BD%2Fb/111111111111' },
    { kind: 'region', name: 'eu-west-1', fullyQualifiedName: 'o-example/%2FA%EF%BF%BD%2Fb/111111111111/eu-west-1' },
    {
      kind: 'resource',
      name: 'guardduty',
      fullyQualifiedName: 'o-example/%2FA%EF%BF%BD%2Fb/111111111111/eu-west-1/guardduty',
    },
  ]);
});

describe('fingerprints', () => {
  it('stay when the reason, the time, the version or the order change, and differ by what is judged', () => {
    const changed: ReportInput = {
      ...nasty,
      results: [...nasty.results].reverse().map((row) => ({ ...row, reason: 'other words' })),
      executionTime: new Date('2027-01-01T00:00:00Z'),
      packVersion: '9.9.9',
    };
    const before = fingerprints(resultsOf(sarifReport(nasty)));
    expect(fingerprints(resultsOf(sarifReport(changed))).sort()).toEqual([...before].sort());
    expect(new Set(before).size).toBe(nasty.results.length);
  });

  it('are not one for two rows that are about the same', () => {
    const [row] = nasty.results as [RuleResult];
    expect(fingerprints(resultsOf(sarifReport({ ...nasty, results: [row, row] })))).toEqual([
      expect.stringMatching(/^[0-9a-f]{16}:1$/),
      expect.stringMatching(/^[0-9a-f]{16}:2$/),
    ]);
  });
});

describe('what GitHub refuses for its size', () => {
  const [first] = nasty.results as [RuleResult];
  const low = { ...first.rule, id: 'low_rule', severity: 'low' as const };
  const many = (count: number, reason: (index: number) => string = () => 'because'): ReportInput => ({
    ...nasty,
    waivers: [],
    results: Array.from({ length: count }, (_, index) => ({
      ...first,
      rule: index % 2 === 0 ? low : first.rule,
      resourceId: `resource ${index}`,
      reason: reason(index),
    })),
  });

  it('is left out from the mildest on, and told', () => {
    const run = runOf(sarifReport(many(25_010)));
    expect(run.results).toHaveLength(25_000);
    expect(run.results?.filter(({ level }) => level === 'error')).toHaveLength(12_505);
    expect(run.invocations?.[0]?.toolExecutionNotifications).toEqual([
      {
        level: 'warning',
        descriptor: { id: 'left-out' },
        message: {
          text: '10 of 25010 results are left out, the mildest, because GitHub takes no more: 10 fail. All are in the JSON output.',
        },
      },
    ]);
  });

  it('nor is a file larger than it takes', () => {
    // Nothing that compresses well.
    const noise = (index: number): string =>
      Array.from({ length: 300 }, (_, place) => Math.imul(index * 300 + place + 1, 2654435761).toString(36)).join('');
    const text = sarifReport(many(400, noise), { maxGzipBytes: 150_000 });
    const run = runOf(text);
    expect(gzipSync(text).length).toBeLessThanOrEqual(150_000);
    expect(run.results?.length).toBeGreaterThan(50);
    expect(run.results?.length).toBeLessThan(400);
    expect(run.results?.some(({ level }) => level === 'note')).toBe(false);
    expect(run.invocations?.[0]?.toolExecutionNotifications?.[0]?.message.text).toMatch(
      /^\d+ of 400 results are left out/,
    );
  });

  it('says nothing where nothing is left out', () => {
    expect(runOf(sarifReport(many(10))).invocations?.[0]?.toolExecutionNotifications).toEqual([]);
  });
});

it('says how the run ended, when the data was synced, and what a person has to look at', () => {
  const run = runOf(sarifReport({ ...nasty, framework: nastyFramework }, { failOn: 'low' }));
  expect(run.automationDetails?.id).toBe('aws-delegation/cis_aws_7.0/');
  expect(run.invocations).toMatchObject([
    {
      executionSuccessful: true,
      exitCode: 1,
      startTimeUtc: '2026-11-01T13:00:00.500Z',
      properties: { syncs: [{ sourceName: 'prod | <x>', syncTime: '2026-11-01T12:00:00Z' }] },
    },
  ]);
  const told = (notifications: readonly Notification[] | undefined): (string | undefined)[] =>
    (notifications ?? []).map(({ descriptor }) => descriptor?.id);
  expect(told(run.invocations?.[0]?.toolConfigurationNotifications)).toEqual(['waiver-expired', 'waiver-unused']);
  expect(told(run.invocations?.[0]?.toolExecutionNotifications)).toEqual(['manual-question', 'manual-question']);
});

it('has every rule that was judged, whatever is shown', () => {
  const run = runOf(sarifReport({ ...nasty, results: [], all: nasty.results }));
  expect(run.results).toEqual([]);
  expect(run.tool.driver.rules?.map(({ id }) => id)).toEqual(['held_by_owner', 'quiet_rule']);
  expect(run.tool.driver.rules?.[0]?.properties?.tags).toEqual([
    'security',
    'cis_aws_7.0/2.1.2',
    'cis_aws_7.0/2.1.6',
    'aws_sra/trusted_access',
  ]);
  expect(run.invocations?.[0]?.exitCode).toBe(1);
});

it('says that nothing is synced', () => {
  const [organization] = nasty.organizations;
  if (!organization) throw new Error('nasty has no organization');
  const input = { ...nasty, organizations: [{ ...organization, sourceName: null, readError: 'no sync <yet>' }] };
  expect(runOf(sarifReport(input)).invocations?.[0]?.toolExecutionNotifications).toMatchObject([
    { level: 'error', message: { text: 'Nothing is synced: no sync <yet>.' } },
  ]);
});
