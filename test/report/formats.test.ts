import { describe, expect, test } from 'vitest';
import { csvReport, jsonReport, junitReport, markdownReport, textReport } from '../../src/report/index.js';
import type { ReportInput } from '../../src/rules/index.js';
import { nasty, nastyFramework } from './nasty.js';

// What these files say was read by a person; a change has to be looked at.
describe('the whole output, with characters that mean something', () => {
  test.each<[string, (input: ReportInput) => string]>([
    ['text', (input) => textReport(input, { width: 100, color: false })],
    ['json', jsonReport],
    ['csv', csvReport],
    ['markdown', markdownReport],
    ['junit', (input) => junitReport(input)],
  ])('%s', async (name, report) => {
    await expect(report(nasty)).toMatchFileSnapshot(`${name}.golden.txt`);
    await expect(report({ ...nasty, framework: nastyFramework })).toMatchFileSnapshot(
      `${name}_by_framework.golden.txt`,
    );
  });
});

const only = (...statuses: string[]): ReportInput => ({
  ...nasty,
  results: nasty.results.filter(({ status }) => statuses.includes(status)),
  all: nasty.results,
});

describe('where only some are shown', () => {
  test.each<[string, (input: ReportInput) => string]>([
    ['text', (input) => textReport(input, { width: 120, color: false })],
    ['json', jsonReport],
    ['csv', csvReport],
    ['markdown', markdownReport],
    ['junit', (input) => junitReport(input)],
  ])('%s shows these and no others', (_name, report) => {
    const shown = report(only('waived'));
    expect(shown).toContain('held by another');
    expect(shown).toContain('accepted by Ada until 2027-01-01');
    for (const other of ['a small thing', 'a read was denied', 'all is well']) expect(shown).not.toContain(other);
  });

  test('the counts are of everything, so that nothing looks like a pass', () => {
    expect(textReport(only('pass'), { width: 120, color: false })).toContain('3 fail, 2 unknown');
    expect(markdownReport(only('pass'))).toMatch(
      /^## aws-delegation: 3 fail, 2 unknown, 1 waived, 1 pass, 1 not applicable\n/,
    );
    expect(JSON.parse(jsonReport(only('pass')))).toMatchObject({ counts: { fail: 3, waived: 1, unknown: 2 } });
  });

  test('no verdict at all is no error', () => {
    expect(junitReport({ ...only(), waivers: [] })).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="aws-delegation" tests="0" failures="0" errors="0" skipped="0">\n</testsuites>\n',
    );
    expect(csvReport({ ...only(), waivers: [] })).toMatch(/^record,.*\r\n$/);
  });
});

describe('JUnit is red where the exit code is not 0', () => {
  const totals = (report: string): string => /failures="\d+" errors="\d+" skipped="\d+"/.exec(report)?.[0] ?? '';

  test('findings fail, unread is an error, the rest is skipped', () => {
    expect(totals(junitReport(nasty))).toBe('failures="3" errors="1" skipped="5"');
  });

  test('a finding below --fail-on is skipped, and says so', () => {
    const report = junitReport(nasty, { failOn: 'high' });
    expect(totals(report)).toBe('failures="2" errors="1" skipped="6"');
    expect(report).toContain('message="fail, low, below --fail-on: a small thing"');
  });

  test('with --strict every unknown is an error', () => {
    expect(totals(junitReport(nasty, { strict: true }))).toBe('failures="3" errors="2" skipped="4"');
  });
});

test('Markdown counts what it does not tell one by one', () => {
  const [first] = nasty.results;
  if (!first) throw new Error('nasty is empty');
  const results = Array.from({ length: 25 }, (_, index) => ({ ...first, reason: `account ${index}.` }));
  const shown = markdownReport({ ...nasty, results });
  expect(shown).toContain('account 9.');
  expect(shown).not.toContain('account 10.');
  expect(shown).toContain('... and 15 more');
});
