import { expect, test } from 'vitest';
import { toldOnce } from '../../src/report/told_once.js';
import type { RuleResult } from '../../src/rules/index.js';

const row = (more: Partial<RuleResult>): RuleResult =>
  ({
    organizationId: 'o-1',
    accountId: '111111111111',
    region: null,
    resourceId: 'r',
    status: 'fail',
    unknownCause: null,
    waiver: null,
    ...more,
  }) as RuleResult;
const told = (...rows: Partial<RuleResult>[]): string[] =>
  toldOnce(rows.map(row)).map(({ reason, count }) => `${count}: ${reason}`);

test('the same in several Regions is told once, the first three by name', () => {
  const inRegion = (region: string): Partial<RuleResult> => ({
    region,
    reason: `nobody holds it in ${region}; mend it`,
  });
  expect(told(inRegion('eu-west-1'))).toEqual(['1: nobody holds it in eu-west-1; mend it']);
  expect(told(inRegion('eu-west-1'), inRegion('us-east-1'))).toEqual([
    '2: nobody holds it in eu-west-1 and us-east-1; mend it',
  ]);
  const five = ['a-1', 'b-1', 'c-1', 'd-1', 'e-1'].map(inRegion);
  expect(told(...five)).toEqual(['5: nobody holds it in a-1, b-1, c-1 and 2 more Regions; mend it']);
});

test('the same of several accounts is told once', () => {
  const of = (accountId: string, more: Partial<RuleResult> = {}): Partial<RuleResult> => ({
    accountId,
    resourceId: accountId,
    reason: `${accountId} (Shop, /Work): it is (so): bad`,
    ...more,
  });
  expect(told(of('1'), of('2'), of('3'), of('4'))).toEqual([
    '4: 1 (Shop, /Work), 2 (Shop, /Work), 3 (Shop, /Work) and 1 more account: it is (so): bad',
  ]);
  expect(told(of('1'), of('2', { reason: '2 (Shop, /Work): it is worse' }))).toEqual([
    '1: 1 (Shop, /Work): it is (so): bad',
    '1: 2 (Shop, /Work): it is worse',
  ]);
  expect(
    told(of('1', { resourceId: 'macie' }), of('2', { resourceId: 'macie' }), of('3', { resourceId: 'config' })),
  ).toEqual(['2: 1 (Shop, /Work) and 2 (Shop, /Work): it is (so): bad', '1: 3 (Shop, /Work): it is (so): bad']);
});

test('what differs in more than one place, in status, waiver or organization stays apart', () => {
  const twice = (region: string): Partial<RuleResult> => ({ region, reason: `${region}: run --region ${region}` });
  expect(told(twice('a-1'), twice('b-1'))).toHaveLength(2);
  expect(told({ reason: 'x' }, { reason: 'x', status: 'waived' }, { reason: 'x', organizationId: 'o-2' })).toEqual([
    '1: x',
    '1: x',
    '1: x',
  ]);
  expect(told({ reason: 'x' }, { reason: 'x' }, { reason: 'x' }, { reason: 'x' })).toEqual(['4: x']);
});
