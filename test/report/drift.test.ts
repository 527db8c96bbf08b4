import { describe, expect, test } from 'vitest';
import { timeOf } from '../../src/cli/times.js';
import { csvDrift, jsonDrift, markdownDrift, textDrift } from '../../src/report/index.js';
import { exitCodeOfDrift, turnOf, type Change, type Drift, type KeptHistory } from '../../src/rules/index.js';

const history: KeptHistory = {
  sourceName: 'prod',
  organizationId: 'o-example',
  begins: '2026-11-01T12:00:00.000Z',
  ends: '2026-11-03T12:00:00.000Z',
  sinceSync: '2026-11-01T12:00:00.000Z',
  untilSync: '2026-11-03T12:00:00.000Z',
  notKept: null,
};

const change = (more: Partial<Change>): Change => ({
  sourceName: 'prod',
  organizationId: 'o-example',
  at: '2026-11-03T12:00:00.000Z',
  kind: 'delegation_added',
  serviceId: 'guardduty',
  serviceName: 'Amazon GuardDuty',
  method: 'service',
  region: null,
  accountId: '222222222222',
  accountName: 'Security Tooling',
  ruleId: null,
  resourceId: null,
  before: null,
  after: 'ENABLED',
  eventId: null,
  eventTime: null,
  actor: null,
  severity: null,
  reason: null,
  ...more,
});

const drift = (changes: readonly Change[], more: Partial<Drift> = {}): Drift => ({
  since: '2026-11-01T12:00:00.000Z',
  until: '2026-11-04T00:00:00.000Z',
  histories: [history],
  changes,
  unread: [],
  packVersion: '0.1.0',
  ...more,
});
const text = (given: Drift, width = 120): string => textDrift(given, { width, color: false });

describe('the text of what changed', () => {
  test('tells Regions of one change together, and others apart', () => {
    const enabled = (region: string, more: Partial<Change> = {}): Change =>
      change({ region, eventId: `e-${region}`, eventTime: '2026-11-03T01:02:03.000Z', actor: 'Ada', ...more });
    expect(
      text(
        drift([
          enabled('us-east-1'),
          enabled('eu-central-1'),
          enabled('eu-west-1'),
          enabled('eu-west-2', { actor: 'Bob' }),
        ]),
      ),
    ).toBe(`What changed after 2026-11-01 12:00 UTC and up to 2026-11-04 00:00 UTC

Organization o-example, source prod: the syncs from 2026-11-01 12:00 UTC to 2026-11-03 12:00 UTC
Gained (4)
  222222222222 Security Tooling: Amazon GuardDuty, named by the service in 3 Regions: ENABLED
      sync of 2026-11-03 12:00 UTC; by Ada, 2026-11-03 01:02 UTC, 3 events
  222222222222 Security Tooling: Amazon GuardDuty, named by the service in eu-west-2: ENABLED
      sync of 2026-11-03 12:00 UTC; by Bob, 2026-11-03 01:02 UTC, event e-eu-west-2
`);
  });

  test('keeps organizations apart, and says of each that nothing changed', () => {
    const other = { ...history, sourceName: 'other', organizationId: 'o-other' };
    const told = text(
      drift([change({ sourceName: 'other', organizationId: 'o-other' })], { histories: [history, other] }),
    );
    expect(told.replace(/\s+/g, ' ')).toMatch(
      /source prod: .*? No change\. Organization o-other, source other: .*? Gained \(1\)/,
    );
  });

  test('has verdicts on an organization of several sources in a place of their own', () => {
    const verdict = change({
      kind: 'verdict_changed',
      sourceName: null,
      ruleId: 'a_rule',
      resourceId: 'x',
      severity: 'high',
      before: 'pass',
      after: 'fail',
      reason: 'It fails.',
    });
    expect(text(drift([verdict]))).toMatch(
      /no source, or more than one, reads\nVerdicts \(1 worse\)\n {2}WORSE a_rule \(high\): pass -> fail, .*\n {4}It fails\.\n/,
    );
  });

  test('lets nobody move the cursor, and breaks no line', () => {
    const nasty = change({
      accountName: 'evil\u001b[2J\nGained (9)',
      actor: 'a\u202eb',
      eventId: 'e',
      eventTime: '2026-11-03T01:02:03.000Z',
    });
    const told = text(drift([nasty]));
    for (const character of ['\u001b', '\u202e']) expect(told).not.toContain(character);
    expect(told.match(/^Gained/gm)).toHaveLength(1);
    expect(markdownDrift(drift([change({ accountName: '<b>@team</b> | x' })]))).toContain(
      '&lt;b&gt;@<!-- -->team&lt;/b&gt; \\| x',
    );
    const csv = csvDrift(drift([change({ accountName: '=1+1' })]));
    expect(csv).toContain(",'=1+1,");
    expect(JSON.parse(jsonDrift(drift([nasty])))).toMatchObject({ changes: [nasty], counts: { delegation_added: 1 } });
  });
});

describe('the exit code', () => {
  const begun = { ...history, sinceSync: null };
  const question = {
    sourceName: 'prod',
    organizationId: 'o-example',
    method: 'accounts',
    serviceId: null,
    serviceName: null,
    region: null,
    lastRead: null,
    cause: 'unread',
    error: 'it was denied',
  } as const;
  test.each<[string, Drift, number, string]>([
    ['0 where nothing changed', drift([]), 0, 'No change.'],
    ['1 where something did', drift([change({})], { histories: [begun] }), 1, 'Gained (1)'],
    ['2 where nothing is kept', drift([], { histories: [] }), 2, 'No history is kept yet.'],
    [
      '2 where nothing of a source is kept',
      drift([], { histories: [{ ...history, begins: null, notKept: '2026-11-03T12:00:00.000Z' }] }),
      2,
      'No history of prod is kept yet.',
    ],
    [
      '2 where the history begins later',
      drift([], { histories: [begun] }),
      2,
      'The history of prod begins at 2026-11-01 12:00 UTC: what changed before that is not known.',
    ],
    [
      '2 where the newest sync is not kept',
      drift([], { histories: [{ ...history, notKept: '2026-11-03T15:00:00.000Z' }] }),
      2,
      'The newest sync of prod (2026-11-03 15:00 UTC) is not in the history yet',
    ],
    [
      '2 where something could not be asked',
      drift([], { unread: [question] }),
      2,
      'the accounts, never read: it was denied',
    ],
  ])('is %s', (_name, given, code, said) => {
    expect(exitCodeOfDrift(given)).toBe(code);
    expect(text(given, 200)).toContain(said);
    expect(text(given, 200).includes('No change.')).toBe(code === 0);
  });
});

test.each([
  ['pass', 'fail', 'worse'],
  ['waived', 'fail', 'worse'],
  ['fail', 'waived', 'better'],
  ['pass', 'unknown', 'worse'],
  ['unknown', 'pass', 'better'],
  [null, 'fail', 'worse'],
  [null, 'pass', 'other'],
  ['fail', null, 'other'],
  ['pass', 'not_applicable', 'other'],
])('a verdict that was %s and is %s is %s', (before, after, turn) => {
  expect(turnOf({ before, after })).toBe(turn);
});

describe('a time', () => {
  const now = new Date('2026-11-29T12:00:00Z');
  test.each([
    ['2026-11-01', 'begin', '2026-11-01T00:00:00.000Z'],
    ['2026-11-01', 'end', '2026-11-01T23:59:59.999Z'],
    ['2026-11-01T12:30', 'end', '2026-11-01T12:30:00.000Z'],
    ['2026-11-01 12:30:15.5', 'begin', '2026-11-01T12:30:15.500Z'],
    ['2026-11-01T12:30+02:00', 'begin', '2026-11-01T10:30:00.000Z'],
    ['2028-02-29', 'begin', '2028-02-29T00:00:00.000Z'],
    ['12h', 'begin', '2026-11-29T00:00:00.000Z'],
    ['30d', 'end', '2026-10-30T12:00:00.000Z'],
    ['2w', 'begin', '2026-11-15T12:00:00.000Z'],
  ] as const)('%s (%s)', (given, edge, expected) => {
    expect(timeOf(given, edge, now).toISOString()).toBe(expected);
  });

  test.each([
    '',
    'yesterday',
    '2026',
    '2026-13-01',
    '2026-02-29',
    '2026-11-01T25:00',
    '30m',
    '1.5d',
    '-1d',
    '20261101',
    '2026-11-01T12:00 UTC',
  ])('%j is none', (given) => {
    expect(() => timeOf(given, 'begin', now)).toThrow('Expected a day (2026-11-01)');
  });
});
