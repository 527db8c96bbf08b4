import { describe, expect, test } from 'vitest';
import { frameworks, loadRules, unknownControls, unknownPlaceholders } from '../../src/rules/index.js';
import { flatten } from '../../src/schema/index.js';
import { tables } from '../../tables/index.js';
import { queriesDir } from './database.js';

const rules = await loadRules(queriesDir);
const tableNames = flatten(tables).map(({ name }) => name);

/** Parts of `reads` that no table answers to. */
function unknownReads(reads: readonly string[]): string[] {
  return reads.filter((pattern) => {
    const matches = new RegExp(`^${pattern.replaceAll('*', '.*')}$`);
    return !tableNames.some((name) => matches.test(name));
  });
}

describe.each(rules.map((rule) => [rule.id, rule] as const))('the header of %s', (_id, rule) => {
  test('names only frameworks and controls that there are', () => {
    expect(unknownControls(rule)).toEqual([]);
  });

  test('has only placeholders that are filled in', () => {
    expect(unknownPlaceholders(rule.remediation)).toEqual([]);
  });

  test('reads tables that there are, each named once', () => {
    expect(unknownReads(rule.reads)).toEqual([]);
    expect(new Set(rule.reads).size).toBe(rule.reads.length);
  });

  test('has a title that is a sentence without its full stop, and whole sentences elsewhere', () => {
    expect(rule.title).toMatch(/^[A-Z].*[^.\s]$/);
    for (const text of [rule.why, rule.decides, rule.unknown, rule.remediation]) expect(text).toMatch(/\S\.$/);
  });

  test('has a page of AWS as its source', () => {
    expect(new URL(rule.source)).toMatchObject({ protocol: 'https:', hostname: 'docs.aws.amazon.com' });
  });
});

describe('the linter itself finds', () => {
  const rule = { ...rules[0] } as (typeof rules)[number];

  test('a framework and a number that there are not', () => {
    expect(unknownControls({ ...rule, frameworks: { 'cis_aws_7.0': ['2.1.6', '2.1.7'], nist: ['1'] } })).toEqual([
      'cis_aws_7.0: 2.1.7',
      'nist: 1',
    ]);
  });

  test('a placeholder that nobody fills in', () => {
    expect(unknownPlaceholders('Do {service_name} in {regoin} with `{"Effect": "Deny"}`.')).toEqual(['regoin']);
  });

  test('a table that there is not', () => {
    expect(unknownReads(['aws_*_organization_admin_accounts', 'aws_organization', 'aws_none_*'])).toEqual([
      'aws_organization',
      'aws_none_*',
    ]);
  });
});

test('ids and titles are there once', () => {
  for (const values of [rules.map(({ title }) => title), frameworks.map(({ id }) => id)]) {
    expect(new Set(values).size).toBe(values.length);
  }
});
