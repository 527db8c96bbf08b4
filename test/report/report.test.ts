import { describe, expect, test } from 'vitest';
import { jsonReport, textReport } from '../../src/report/index.js';
import type { Delegation, ReportInput, RuleResult, Severity, Status, UnknownCause } from '../../src/rules/index.js';

const delegation = (serviceName: string, more: Partial<Delegation> = {}): Delegation => ({
  sourceName: 'prod',
  organizationId: 'o-example',
  serviceId: serviceName.toLowerCase(),
  serviceName,
  category: 'security',
  servicePrincipal: null,
  region: null,
  method: 'organizations',
  delegatedAccountId: '222222222222',
  accountName: 'Security Tooling',
  ouPath: '/Security',
  accountState: 'ACTIVE',
  isManagementAccount: false,
  since: null,
  status: null,
  isHeld: true,
  ...more,
});

const result = (
  id: string,
  status: Status,
  more: { reason?: string; severity?: Severity; unknownCause?: UnknownCause } = {},
): RuleResult => ({
  rule: {
    id,
    title: `Title of ${id}`,
    severity: more.severity ?? 'high',
    frameworks: {},
    reads: [],
    why: 'W',
    decides: 'D',
    unknown: 'U',
    file: 'queries/rules/r.sql',
    sql: 'select',
    remediation: '',
    source: 'https://docs.aws.amazon.com/',
  },
  organizationId: 'o-example',
  accountId: '111111111111',
  region: null,
  resourceId: 'x',
  status,
  rawStatus: status === 'waived' ? 'fail' : status,
  reason: more.reason ?? `reason of ${id}`,
  unknownCause: more.unknownCause ?? null,
  waiver: null,
  remediation: status === 'fail' ? `mend ${id}` : null,
});

const input = (more: Partial<ReportInput> = {}): ReportInput => ({
  organizations: [
    {
      sourceName: 'prod',
      organizationId: 'o-example',
      managementAccountId: '111111111111',
      featureSet: 'ALL',
      syncTime: '2026-11-01T12:00:00Z',
      accountCount: 25,
      isAbsent: false,
      readError: null,
    },
  ],
  delegations: [],
  results: [],
  waivers: [],
  executionTime: new Date('2026-11-01T13:00:00Z'),
  packVersion: '0.1.0',
  ...more,
});

const text = (more: Partial<ReportInput>, width = 120): string => textReport(input(more), { width, color: false });

describe('delegations', () => {
  const regions = ['eu-central-1', 'eu-west-1', 'us-east-1', 'us-west-2'];

  test('Regions are counted where they are many, and named where they are few', () => {
    const shown = text({
      delegations: [
        ...regions.map((region) => delegation('GuardDuty', { method: 'service', region, status: 'ENABLED' })),
        delegation('GuardDuty', {
          method: 'service',
          region: 'ap-south-1',
          delegatedAccountId: '333333333333',
          accountName: 'Shop',
          ouPath: '/Workloads',
        }),
        delegation('Macie'),
      ],
    });
    expect(shown).toMatch(/GuardDuty +222222222222 Security Tooling +\/Security +service +4 Regions\n/);
    expect(shown).toMatch(/\n +333333333333 Shop +\/Workloads +service +ap-south-1\n/);
    expect(shown).toMatch(/Macie +222222222222 Security Tooling +\/Security +Organizations +all Regions\n/);
  });

  test('a Region in which it is being removed is not counted with the others', () => {
    const inRegion = (region: string, more: Partial<Delegation> = {}): Delegation =>
      delegation('GuardDuty', { method: 'service', region, status: 'ENABLED', ...more });
    const removed = { status: 'DISABLE_IN_PROGRESS', isHeld: false };
    const shown = text({
      delegations: [
        ...['eu-west-1', 'eu-west-2', 'eu-west-3'].map((region) => inRegion(region)),
        inRegion('us-west-1', removed),
      ],
    });
    expect(shown).toMatch(/ service +3 Regions\n.* service +us-west-1\n +DISABLE_IN_PROGRESS\n/);
  });

  test('what is unusual about a holder is told', () => {
    const shown = text({
      delegations: [
        delegation('One', { isManagementAccount: true }),
        delegation('Two', { accountState: 'SUSPENDED' }),
        delegation('Three', { method: 'service', region: 'us-east-1', status: 'DISABLE_IN_PROGRESS', isHeld: false }),
        delegation('Four', { method: 'resource_policy', delegatedAccountId: '*', accountName: null, ouPath: null }),
        delegation('unknown service (x.amazonaws.com)'),
      ],
    });
    for (const part of [
      'management account',
      'SUSPENDED',
      'DISABLE_IN_PROGRESS',
      'everyone (*)',
      'unknown service (x.amazonaws.com)',
    ]) {
      expect(shown).toContain(part);
    }
  });

  test.each([60, 80, 120, 200])('no line is wider than %i columns, and no word is lost', (width) => {
    const shown = text(
      {
        delegations: [
          delegation('AWS Organizations resource-based delegation policy', {
            accountName: 'An account with quite a long name',
            ouPath: '/Infrastructure/Shared Services/Network',
            method: 'resource_policy',
          }),
          delegation('unknown service (early-access-inventory.amazonaws.com)'),
        ],
        results: [result('a', 'fail', { reason: 'a reason of many words '.repeat(20).trim() })],
      },
      width,
    );
    for (const line of shown.split('\n')) expect(line.length, line).toBeLessThanOrEqual(width);
    const letters = shown.replace(/\s/g, '');
    expect(letters).toContain('222222222222');
    expect(letters).not.toContain('…');
  });

  test('nobody, and nothing', () => {
    expect(text({})).toContain('Nobody holds a delegation');
    expect(
      text({
        organizations: [
          {
            sourceName: null,
            organizationId: null,
            managementAccountId: null,
            featureSet: null,
            syncTime: null,
            accountCount: 0,
            isAbsent: false,
            readError: 'run `aws-delegation sync`',
          },
        ],
      }),
    ).toContain('Nothing is synced: run `aws-delegation sync`');
  });
});

describe('verdicts', () => {
  test('failures first, by severity, then unknown, then the rest', () => {
    const shown = text({
      results: [
        result('passes', 'pass', { severity: 'critical' }),
        result('unknown', 'unknown', { unknownCause: 'unread' }),
        result('fails_high', 'fail'),
        result('fails_critical', 'fail', { severity: 'critical' }),
        result('not', 'not_applicable'),
      ],
    });
    const order = [...shown.matchAll(/^(FAIL|UNKNOWN|PASS|N\/A) .*\((\w+), /gm)].map(
      ([, status, id]) => `${status} ${id}`,
    );
    expect(order).toEqual(['FAIL fails_critical', 'FAIL fails_high', 'UNKNOWN unknown', 'PASS passes', 'N/A not']);
    expect(shown).toContain('  - reason of fails_critical');
    expect(shown).toContain('To do: mend fails_critical');
    expect(shown).toContain('? reason of unknown [a read is missing]');
    expect(shown).toContain('2 fail, 1 unknown (1 unread: a read is missing), 1 pass, 1 not applicable');
  });

  test('many rows are counted, never left out silently', () => {
    const shown = text({
      results: Array.from({ length: 25 }, (_, index) => result('leave', 'fail', { reason: `account ${index}.` })),
    });
    expect(shown).toContain('account 9.');
    expect(shown).not.toContain('account 10.');
    expect(shown).toContain('... and 15 more fail');
    expect(shown).toContain('25 fail');
  });

  test('colour only where it is asked for', () => {
    const results = [result('a', 'fail')];
    // eslint-disable-next-line no-control-regex -- the escape character
    const escape = /\u001b/;
    expect(textReport(input({ results }), { width: 80, color: true })).toMatch(escape);
    expect(textReport(input({ results }), { width: 80, color: false })).not.toMatch(escape);
  });

  test('ends with one line feed', () => {
    expect(text({ results: [result('a', 'pass')] })).toMatch(/[^\n]\n$/);
  });
});

test('JSON has everything, and the counts', () => {
  const shown = JSON.parse(
    jsonReport(
      input({
        delegations: [delegation('Macie')],
        results: [result('a', 'fail'), result('b', 'unknown', { unknownCause: 'unread' })],
      }),
    ),
  ) as Record<string, unknown>;
  expect(shown).toMatchObject({
    executionTime: '2026-11-01T13:00:00.000Z',
    packVersion: '0.1.0',
    counts: {
      fail: 1,
      unknown: 1,
      pass: 0,
      not_applicable: 0,
      waived: 0,
      unknownByCause: { unread: 1, not_configured: 0, not_observable: 0 },
    },
    delegations: [{ serviceName: 'Macie', delegatedAccountId: '222222222222' }],
    results: [
      { checkId: 'a', severity: 'high', status: 'fail', reason: 'reason of a', remediation: 'mend a' },
      { checkId: 'b', status: 'unknown', unknownCause: 'unread' },
    ],
  });
});
