import type { Pacing } from '../../src/plugin/source.js';
import {
  startSimulator,
  type FaultInput,
  type FaultKind,
  type Scenario,
  type Simulator,
} from '../../src/simulator/index.js';
import { flatten } from '../../src/schema/index.js';
import { tables } from '../../tables/index.js';
import { syncFrom, type Row, type Synced } from '../support/source.js';
import { kinds } from './kinds.js';
import { regions } from './worlds.js';

/** The request by which a sync finds out who it is; there is no sync without it. */
export const identity = 'sts:GetCallerIdentity';

/** With what makes it ask for everything there is, and as little patience as the spec allows. */
export function specOf(kind: FaultKind | undefined, more: object = {}): object {
  return {
    regions: [...regions],
    account_tags: true,
    delegated_admin_role_name: 'OrgAudit',
    on_failure: 'report',
    max_retries: 1,
    max_backoff: 1,
    request_timeout: kind !== undefined && kinds[kind].isEndless ? 1 : 30,
    ...more,
  };
}

/** None: under throttles that do not end a sync goes slower and slower, and what it comes to is the same. */
export const pacing: Pacing = { rateOf: () => undefined, isRatePromised: false };

export interface Asked {
  /** `organizations:ListAccounts` */
  readonly operation: string;
  /** Tables that ask it, each by itself: these are synced to see what a fault of it does. */
  readonly tables: readonly string[];
}

/**
 * Every operation that a sync of every table sends, and by which table, as the simulator has seen it: nobody has to write down
 * what a new table asks.
 */
export async function operationsOf(scenario: Scenario): Promise<Asked[]> {
  const simulator = await startSimulator({ scenario });
  const askers = new Map<string, string[]>();
  try {
    for (const { name } of flatten(tables)) {
      if (name === 'aws_delegation_reads') continue;
      simulator.requests.length = 0;
      await syncFrom(simulator, { tables: [name], spec: specOf(undefined), pacing });
      for (const operation of new Set(simulator.requests.map((request) => request.operation))) {
        askers.set(operation, [...(askers.get(operation) ?? []), name]);
      }
    }
  } finally {
    await simulator.close();
  }
  const asked = [...askers].map(([operation, names]) => ({
    operation,
    // Which Regions are on is asked for nearly all of them, and who one is for all. The whole sync is for other tests.
    tables: names.slice(0, 4),
  }));
  return asked.sort((left, right) => (left.operation < right.operation ? -1 : 1));
}

export interface Outcome {
  /** Undefined where the sync ended with `error`. */
  readonly synced: Synced | undefined;
  readonly error: Error | undefined;
  /** Messages that a client got. */
  readonly messages: number;
  /** Requests that met the fault. */
  readonly hits: number;
}

/** One sync in which an operation meets a fault. */
export async function meet(
  simulator: Simulator,
  fault: FaultInput | undefined,
  { tables: names, spec }: { tables: readonly string[]; spec: object },
): Promise<Outcome> {
  const met = fault && simulator.fault(fault);
  let messages = 0;
  const end = (synced?: Synced, error?: Error): Outcome => ({ synced, error, messages, hits: met?.hits ?? 0 });
  try {
    const onMessage = (): void => {
      messages++;
    };
    return end(await syncFrom(simulator, { tables: [...names], spec, onMessage, pacing }));
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return end(undefined, error);
  } finally {
    simulator.clearFaults();
    simulator.requests.length = 0;
  }
}

/** Does the work of each, some of them at once, each beside a simulator of its own; the order of the results is theirs. */
export async function onSimulators<Item, Result>(
  items: readonly Item[],
  scenario: Scenario,
  work: (simulator: Simulator, item: Item) => Promise<Result>,
  width: number,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    const simulator = await startSimulator({ scenario });
    try {
      for (let index = next++; index < items.length; index = next++) {
        results[index] = await work(simulator, items[index] as Item);
      }
    } finally {
      await simulator.close();
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}

/** The reads of a sync that the spec asks for, by what a reader of the database knows them by. */
export function readsOf({ reads }: Synced): Map<string, Row> {
  return new Map(
    reads
      .filter(({ outcome }) => outcome !== 'skipped')
      .map((read) => [
        [read['table_name'], read['operation'], read['region'], read['scope']].map(String).join(' '),
        read,
      ]),
  );
}

/** Rows that `whole` has and `synced` has not, or not so: by table. */
export function missingRows(synced: Synced, whole: Synced): Map<string, number> {
  const missing = new Map<string, number>();
  for (const [table, rows] of Object.entries(whole.tables)) {
    if (table === 'aws_delegation_reads') continue;
    const there = new Set((synced.tables[table] ?? []).map((row) => JSON.stringify(row)));
    const count = rows.filter((row) => !there.has(JSON.stringify(row))).length;
    if (count > 0) missing.set(table, count);
  }
  return missing;
}

/**
 * What is wrong with a sync that met a fault, whatever the fault: a read that was known and says now that there is nothing, or
 * that it was read, where rows are missing. `whole` is the sync of the same world without the fault.
 */
export function lies(synced: Synced, whole: Synced, operation: string): string[] {
  const found: string[] = [];
  const before = readsOf(whole);
  const now = readsOf(synced);
  for (const [key, { outcome, error_code: code, error_message: message, operation: own }] of now) {
    const known = before.get(key);
    if (outcome === 'denied' || outcome === 'failed') {
      if (typeof code !== 'string' || code === '') found.push(`${key}: ${outcome} without a code`);
      if (known?.['outcome'] !== outcome && own !== operation && !String(message).includes(operation)) {
        found.push(`${key}: ${outcome}, and does not say because of what: ${String(message)}`);
      }
    } else if (known === undefined)
      found.push(`${key}: a read that is not there otherwise, and it is ${String(outcome)}`);
    else if (outcome !== known['outcome']) {
      found.push(`${key}: ${String(known['outcome'])} has become ${String(outcome)} (${String(code)})`);
    }
  }
  const isBad = (table: unknown): boolean =>
    [...now.values()].some(
      (read) => read['table_name'] === table && ['denied', 'failed'].includes(String(read['outcome'])),
    );
  for (const [key, { scope, table_name: table }] of before) {
    if (now.has(key)) continue;
    // Which accounts there are to ask is read first.
    if (scope === '' || !isBad(table)) found.push(`${key}: nothing is said of it any more`);
  }
  for (const [table, count] of missingRows(synced, whole)) {
    if (!isBad(table)) found.push(`${table}: ${count} rows are missing or other ones, and every read of it is well`);
  }
  for (const [table, rows] of Object.entries(synced.tables)) {
    if (table === 'aws_delegation_reads') continue;
    const more = rows.length - (whole.tables[table]?.length ?? 0);
    if (more > 0) found.push(`${table}: ${more} rows that are not there otherwise`);
  }
  return found;
}
