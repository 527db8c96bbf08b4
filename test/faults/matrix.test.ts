import { beforeAll, describe, expect, it } from 'vitest';
import { FAULT_KINDS, startSimulator, type FaultInput, type FaultKind } from '../../src/simulator/index.js';
import { actionsFor, type Synced } from '../support/source.js';
import {
  identity,
  lies,
  meet,
  missingRows,
  onSimulators,
  operationsOf,
  readsOf,
  specOf,
  type Asked,
  type Outcome,
} from './cells.js';
import { endingOf, faultOf, kinds } from './kinds.js';
import { faultsPage } from './page.js';
import { fullScenario, pagedScenario } from './worlds.js';

// Enough for those that wait, and few enough for two cores to answer within the shortest timeout.
const width = 8;

const operations = await operationsOf(fullScenario());
/** By the tables that are synced: what comes out without a fault. */
const wholes = new Map<string, Synced>();
const wholeOf = ({ tables }: Asked): Synced => {
  const synced = wholes.get(tables.join());
  if (!synced) throw new Error(`nobody has synced ${tables.join()}`);
  return synced;
};

beforeAll(async () => {
  const simulator = await startSimulator({ scenario: fullScenario() });
  for (const { tables } of operations) {
    if (wholes.has(tables.join())) continue;
    const { synced } = await meet(simulator, undefined, { tables, spec: specOf(undefined) });
    if (synced) wholes.set(tables.join(), synced);
  }
  await simulator.close();
});

interface Cell extends Asked {
  readonly kind: FaultKind;
  readonly fault: FaultInput;
  readonly spec: object;
}

interface Met {
  readonly cell: Cell;
  readonly outcome: Outcome;
}

/** In the order of the cells. */
async function meetAll(cells: readonly Cell[]): Promise<Met[]> {
  const met = new Map<Cell, Met>();
  // Those that take long begin first.
  const inTurn = [...cells].sort((left, right) => weight(right) - weight(left));
  for (const isOfPages of [false, true]) {
    await onSimulators(
      inTurn.filter(({ kind }) => (kinds[kind].isOfPages ?? false) === isOfPages),
      isOfPages ? pagedScenario() : fullScenario(),
      async (simulator, cell) => {
        met.set(cell, { cell, outcome: await meet(simulator, cell.fault, cell) });
      },
      width,
    );
  }
  return cells.flatMap((cell) => met.get(cell) ?? []);
}

function weight({ kind }: Cell): number {
  return kinds[kind].isEndless ? 2 : Number(kind === 'throttle');
}

/** How the reads of the operation ended that has met the fault. */
function endingsOf({ operation }: Asked, { synced }: Outcome): string {
  if (!synced) return 'no sync';
  if (operation === identity) return 'ok';
  const own = [...readsOf(synced).values()].filter((read) => read['operation'] === operation);
  return [...new Set(own.map(({ outcome }) => String(outcome)))].sort().join(' and ');
}

/** Without who one is there is no sync; all else is told in a row. */
function expectedOf({ operation, kind }: Cell): string | undefined {
  const ending = endingOf(operation, kind);
  return operation === identity && ending !== 'ok' && ending !== undefined ? 'no sync' : ending;
}

/** What is wrong with a sync that has to come to the same as one without a fault. */
function differences(cell: Asked, { synced, error }: Outcome): string[] {
  if (!synced) return [`no sync: ${error?.message ?? ''}`];
  return [...missingRows(synced, wholeOf(cell))].map(([table, count]) => `${table} lacks ${count} rows`);
}

it('every operation that the tables declare is asked, and every read is ok without a fault', () => {
  const asked = operations.map(({ operation }) => operation);
  expect(asked).toEqual([...actionsFor({ url: 'http://localhost:1' }, { spec: specOf(undefined) }), identity].sort());
  for (const whole of wholes.values()) {
    const bad = [...readsOf(whole)].filter(([, { outcome }]) => outcome !== 'ok');
    expect(bad.map(([key]) => key)).toEqual([]);
  }
});

/** What is wrong with a cell, whatever kind of fault it is and however often it strikes. */
function problemsOf({ cell, outcome }: Met, allowed: readonly string[]): string[] {
  const found = endingsOf(cell, outcome);
  const problems = allowed.includes(found) ? [] : [`${found} instead of ${allowed.join(' or ')}`];
  if (outcome.synced) problems.push(...lies(outcome.synced, wholeOf(cell), cell.operation));
  if (outcome.synced && found === 'ok') problems.push(...differences(cell, outcome));
  return problems.map((problem) => `${cell.operation}: ${problem}`);
}

describe('a fault that every request of an operation meets', () => {
  let all: Met[];
  beforeAll(async () => {
    all = await meetAll(
      operations.flatMap((asked) =>
        FAULT_KINDS.map((kind) => ({ ...asked, kind, fault: faultOf(asked.operation, kind), spec: specOf(kind) })),
      ),
    );
  }, 600_000);

  it.each(FAULT_KINDS)(
    '%s: each read ends as is written down, and no row is missing that no read speaks of',
    (kind) => {
      const own = all.filter(({ cell }) => cell.kind === kind);
      expect(own.flatMap((met) => problemsOf(met, [expectedOf(met.cell) ?? 'ok']))).toEqual([]);
      const struck = own.filter(({ outcome }) => outcome.hits > 0).map(({ cell }) => cell.operation);
      const possible = own.filter(({ cell }) => expectedOf(cell) !== undefined).map(({ cell }) => cell.operation);
      if (kinds[kind].isOfItems) expect(possible).toEqual(expect.arrayContaining(struck));
      else expect(struck).toEqual(possible);
      expect(struck.length).toBeGreaterThan(5);
    },
  );

  it('docs/faults.md has the table of it (`npx vitest run test/faults/matrix.test.ts --update` writes it)', async () => {
    const endings = all.map(({ cell, outcome }) => ({
      operation: cell.operation,
      kind: cell.kind,
      ending: expectedOf(cell) === undefined ? undefined : endingsOf(cell, outcome),
    }));
    await expect(await faultsPage(endings)).toMatchFileSnapshot('../../docs/faults.md');
  });

  it('with `on_failure: fail` and `on_denied: fail` nothing is sent, and the error says what, where and what to do', async () => {
    // Some of the codes that were seen of each operation, and each of them of some: all are for `npm run torture`.
    const seen = new Map<string, Cell>();
    for (const { cell, outcome } of all) {
      for (const code of codesOf(cell, outcome)) seen.set(`${cell.operation} ${code}`, cell);
    }
    const cells = [...seen.values()]
      .filter((cell, index) => endingOf(cell.operation, cell.kind) === 'denied' || index % 4 === 0)
      .map((cell) => ({
        ...cell,
        tables: cell.tables.slice(0, 1),
        spec: { ...cell.spec, on_failure: 'fail', on_denied: 'fail' },
      }));
    expect(new Set(cells.map(({ operation }) => operation)).size).toBe(operations.length - 1);
    expect(new Set(cells.map(({ kind }) => kind)).size).toBeGreaterThan(5);
    const met = await meetAll(cells);
    const wrong = met.flatMap(({ cell, outcome: { synced, error, messages } }) => {
      const problems: string[] = [];
      const text = error?.message ?? '';
      if (synced) problems.push('the sync went on');
      if (messages > 0) problems.push(`${messages} messages were sent`);
      if (error?.name !== 'SyncFailedError') problems.push(`it ended with ${String(error?.name)}`);
      const [first = '', ...lines] = text.split('\n');
      if (
        !/^\d+ reads? of AWS did not succeed, so nothing was sent and every stored row stays as it was:$/.test(first)
      ) {
        problems.push(`it begins with ${first}`);
      }
      const what = new RegExp(`^- aws_\\w+: ${cell.operation} in [a-z]+-[a-z]+-\\d(, |: | for )`);
      if (!lines.some((line) => what.test(line))) problems.push('it does not say what failed where');
      const isDenied = endingOf(cell.operation, cell.kind) === 'denied';
      if (!(isDenied ? /^Grant the actions/ : /^Run the sync again/).test(lines.at(-1) ?? '')) {
        problems.push(`what to do is missing: ${String(lines.at(-1))}`);
      }
      if (/^\s+at /m.test(text)) problems.push('it has a stack trace');
      return problems.map((problem) => `${cell.operation}, ${cell.kind}: ${problem}`);
    });
    expect(wrong).toEqual([]);
  }, 600_000);

  it('without who one is, the error says so, and nothing is sent', () => {
    const own = all.filter(({ cell }) => cell.operation === identity && expectedOf(cell) === 'no sync');
    expect(own.length).toBeGreaterThan(10);
    for (const { outcome } of own) {
      expect(outcome.error?.name).toBe('CredentialsError');
      expect(outcome.error?.message).toMatch(
        /^sts:GetCallerIdentity in us-east-1 for account 'test': .*Check the cred/,
      );
      expect(outcome.error?.message).not.toMatch(/^\s+at /m);
      expect(outcome.messages).toBe(0);
    }
  });
});

/** Of the reads that have met the fault. */
function codesOf({ operation }: Asked, { synced }: Outcome): string[] {
  const own = synced ? [...readsOf(synced).values()].filter((read) => read['operation'] === operation) : [];
  return [...new Set(own.flatMap(({ error_code: code }) => (typeof code === 'string' ? [code] : [])))];
}

/** Each operation with some of the kinds, each kind with some of the operations; all of them is for `npm run torture`. */
function some(each: number, kindsOf: readonly FaultKind[], more: Partial<FaultInput>): Cell[] {
  return operations
    .filter(({ operation }) => operation !== identity)
    .flatMap((asked, turn) =>
      kindsOf
        .filter((_, index) => (index - turn * each + operations.length * kindsOf.length) % kindsOf.length < each)
        .map((kind) => ({ ...asked, kind, fault: faultOf(asked.operation, kind, more), spec: specOf(kind) })),
    );
}

describe('a fault that one request meets', () => {
  const mended = FAULT_KINDS.filter((kind) => kinds[kind].isMendedByRetry);

  it('is mended by the next try: the rows and reads are those of a sync without it', async () => {
    const met = await meetAll(some(2, mended, { times: 1 }));
    expect(met.filter(({ outcome }) => outcome.hits === 1).length).toBeGreaterThan(met.length / 2);
    expect(met.flatMap((each) => problemsOf(each, ['ok']))).toEqual([]);
  }, 600_000);

  it('or it is told, and of nothing else', async () => {
    const others = FAULT_KINDS.filter((kind) => !kinds[kind].isMendedByRetry);
    const met = await meetAll(some(2, others, { times: 1 }));
    const wrong = met.flatMap((each) => {
      const { forEver } = kinds[each.cell.kind];
      return problemsOf(each, ['ok', forEver, `${forEver} and ok`, `ok and ${forEver}`].sort());
    });
    expect(wrong).toEqual([]);
  }, 600_000);
});

describe.each<[string, Partial<FaultInput>]>([
  ['in one Region', { region: 'us-east-1' }],
  ['in the account of one delegate', { account: '222233334444' }],
  ['from the second request on', { after: 1 }],
])('a fault %s', (_where, more) => {
  it('is told of what has met it, and of what hangs on that', async () => {
    const met = await meetAll(some(1, ['deny', 'server_error', 'html'], more));
    expect(met.filter(({ outcome }) => outcome.hits > 0).length).toBeGreaterThan(5);
    const wrong = met.flatMap((each) => {
      const { forEver } = kinds[each.cell.kind];
      return problemsOf(each, ['ok', forEver, [forEver, 'ok'].sort().join(' and ')]);
    });
    expect(wrong).toEqual([]);
  }, 600_000);
});
