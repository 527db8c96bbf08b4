import { afterAll, beforeAll, expect, it } from 'vitest';
import type { RuleResult } from '../../src/rules/index.js';
import type { FaultKind } from '../../src/simulator/index.js';
import { freshDatabase } from '../support/postgres.js';
import { answerAsIn } from './answers.js';
import { identity } from './cells.js';
import { faultOf } from './kinds.js';
import { Lane } from './lane.js';
import { betterThan, byKey, lost, passesOnNothing } from './verdicts.js';
import { badWorld, goodWorld } from './worlds.js';

let good: Lane;
/** Another database of the good world, for what it would be with one answer of the bad world. */
let mixed: Lane;
let bad: Lane;
beforeAll(async () => {
  good = await Lane.open(goodWorld(), await freshDatabase());
  mixed = await Lane.open({ ...goodWorld(), name: 'mixed' }, await freshDatabase());
  bad = await Lane.open(badWorld(), await freshDatabase());
});
afterAll(async () => {
  for (const lane of [good, mixed, bad]) await lane.close();
});

type Verdicts = readonly RuleResult[];

/** In turns: what ends a read for good, in each way that a reader of the database can tell apart. */
const kindsInTurn: readonly FaultKind[] = ['deny', 'server_error', 'html', 'expired_credentials', 'reset'];

const askedIn = ({ operations }: Lane): readonly string[] => operations.filter((operation) => operation !== identity);

/** Rules that may pass although the answer to the operation was not read, and would fail with another one. */
const mayPass: Readonly<Record<string, readonly string[]>> = {
  // Whoever shows its settings is not suspended: nobody can act in such an account.
  'organizations:ListAccounts': ['new_accounts_enrolled'],
};

it('the good world passes but for what nobody can know, and the bad world has a finding in most rules', () => {
  const rulesWith = ({ truth }: Lane, ...statuses: string[]): string[] => [
    ...new Set([...truth.values()].filter(({ status }) => statuses.includes(status)).map(({ rule }) => rule.id)),
  ];
  expect(rulesWith(good, 'fail', 'unknown').sort()).toEqual([
    // The good world has one account for both, so that a finding is there as well.
    'detection_and_execution_separated',
    'leaving_is_observable',
    'management_account_holds_no_delegation',
  ]);
  expect(rulesWith(good, 'pass').length).toBeGreaterThan(35);
  expect(rulesWith(bad, 'fail').length).toBeGreaterThan(22);
});

it('no row is lost, no verdict is better than the truth, and no pass rests on an answer that was not read', async () => {
  const problems: string[] = [];
  const add = (operation: string, found: readonly string[]): void => {
    problems.push(...found.map((problem) => `${operation}: ${problem}`));
  };

  const underFaults = async (lane: Lane, operations: readonly string[]): Promise<Map<string, Verdicts>> => {
    const verdicts = new Map<string, Verdicts>();
    let turn = 0;
    for (const operation of operations) {
      const kind = kindsInTurn[turn++ % kindsInTurn.length] ?? 'deny';
      const { summary, hits } = await lane.sync([faultOf(operation, kind)]);
      if (hits === 0) add(operation, ['the fault has struck nothing']);
      if (summary.exitCode !== 2) add(operation, [`exit code ${summary.exitCode}`]);
      const isTold = summary.problems.some((problem) => problem.operation === operation);
      if (!isTold) add(operation, ['the summary does not name it']);
      const after = await lane.pipe.rows();
      add(
        operation,
        lost(lane.rows, after).map((row) => `lost: ${row}`),
      );
      const judged = await lane.pipe.verdicts();
      add(operation, betterThan(judged, lane.truth));
      verdicts.set(operation, judged);
    }
    return verdicts;
  };
  const withBadAnswers = async (): Promise<Map<string, Verdicts>> => {
    const verdicts = new Map<string, Verdicts>();
    for (const operation of askedIn(mixed)) {
      const restore = answerAsIn(badWorld(operation), operation, 'mixed');
      try {
        await mixed.sync([]);
      } finally {
        restore();
      }
      verdicts.set(operation, await mixed.pipe.verdicts());
    }
    return verdicts;
  };

  const [faulted, otherwise] = await Promise.all([
    underFaults(good, askedIn(good)),
    withBadAnswers(),
    // The others are for `npm run torture`.
    underFaults(
      bad,
      askedIn(bad).filter((_, index) => index % 2 === 1),
    ),
  ]);
  for (const [operation, verdicts] of faulted) {
    const others = byKey(otherwise.get(operation) ?? []);
    add(operation, passesOnNothing(verdicts, others, mayPass[operation]));
  }
  expect(problems).toEqual([]);
  // Otherwise the bad answers would show nothing.
  const worse = [...otherwise].filter(([, verdicts]) =>
    verdicts.some((verdict) => verdict.status === 'fail' && verdict.rule.id !== 'detection_and_execution_separated'),
  );
  expect(worse.length).toBeGreaterThan(25);
}, 600_000);

it('with `on_failure: fail` the database is as it was, reads included', async () => {
  const before = await good.pipe.rows(true);
  const operations = askedIn(good).filter((_, index) => index % 8 === 0);
  expect(operations.length).toBeGreaterThan(4);
  for (const operation of operations) {
    const sync = good.sync([faultOf(operation, 'server_error')], { on_failure: 'fail' });
    await expect(sync).rejects.toMatchObject({ exitCode: 4, message: expect.stringContaining(operation) as string });
    expect(await good.pipe.rows(true)).toEqual(before);
  }
});
