import { afterEach, describe, expect, it } from 'vitest';
import { rateOf } from '../../src/catalog/index.js';
import type { Pacing } from '../../src/plugin/source.js';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { syncFrom, type Row } from '../support/source.js';

// AWS's rates and bursts, the rates so many times as fast: a minute and a half becomes a few seconds.
const factor = 40;

let simulator: Simulator;
afterEach(() => simulator.close());

/** An organization with 200 policies, whose texts take 100 s at AWS's rate. */
async function throttling(rates: number): Promise<void> {
  simulator = await startSimulator({ accounts: 300 });
  simulator.change((scenario) => {
    scenario.rates = rates;
  });
}

const faster: Pacing['rateOf'] = (operation) => {
  const rate = rateOf(operation);
  if (!rate) return undefined;
  const times = <Bucket extends { perSecond: number }>(bucket: Bucket): Bucket => ({
    ...bucket,
    perSecond: bucket.perSecond * factor,
  });
  return { ...rate, account: times(rate.account), organization: rate.organization && times(rate.organization) };
};

const tables = ['aws_organizations_policies', 'aws_organizations_policy_targets', 'aws_organizations_accounts'];
const sync = (pacing?: Pacing): ReturnType<typeof syncFrom> =>
  syncFrom(simulator, { tables, ...(pacing && { pacing }) });

function requestsOf(operation: string): { sent: number; throttled: number } {
  const all = simulator.requests.filter((request) => request.operation === operation);
  return { sent: all.length, throttled: all.filter(({ status }) => status !== 200).length };
}

function expectAllRead(reads: readonly Row[], counts: Record<string, number>): void {
  expect(reads.filter(({ outcome }) => outcome === 'failed' || outcome === 'denied')).toEqual([]);
  for (const [operation, calls] of Object.entries(counts)) {
    const { sent, throttled } = requestsOf(operation);
    expect({ operation, answered: sent - throttled }).toEqual({ operation, answered: calls });
  }
}

/** 311 targets of FullAWSAccess, and each other policy on one page. */
const wanted = {
  'organizations:DescribePolicy': 201,
  'organizations:ListTargetsForPolicy': 200 + 16,
  'organizations:ListAccounts': 15,
};

describe('a sync at the rates of AWS', () => {
  it('asks each thing once, and is hardly ever throttled', async () => {
    await throttling(factor);
    const { reads } = await sync({ rateOf: faster, isRatePromised: true });
    expectAllRead(reads, wanted);
    const { sent, throttled } = requestsOf('organizations:DescribePolicy');
    // None on an idle machine. A busy one is late by more than what is left to AWS, which here is six milliseconds.
    expect(throttled / sent).toBeLessThan(0.1);
  });

  it('gives way to somebody else who takes half of them, and fails nothing', async () => {
    await throttling(factor / 2);
    const { reads } = await sync({ rateOf: faster, isRatePromised: true });
    expectAllRead(reads, wanted);
    const { sent, throttled } = requestsOf('organizations:DescribePolicy');
    expect(throttled).toBeGreaterThan(0);
    expect(throttled / sent).toBeLessThan(0.2);
  });

  it('keeps to them from the first throttle on where nobody promises any', async () => {
    await throttling(factor);
    const { reads } = await sync({ rateOf: faster, isRatePromised: false });
    expectAllRead(reads, wanted);
    const { sent, throttled } = requestsOf('organizations:DescribePolicy');
    expect(throttled).toBeGreaterThan(0);
    // Those that were on their way, as many as may be in flight at once.
    expect(throttled / sent).toBeLessThan(0.2);
  });
});

it('does not wait where nothing is throttled', async () => {
  simulator = await startSimulator({ accounts: 300 });
  const startedAt = performance.now();
  await sync();
  // At AWS's rate the texts alone take a hundred seconds.
  expect(performance.now() - startedAt).toBeLessThan(60_000);
});
