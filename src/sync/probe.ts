import { Delegates, worse, type CallReport, type Identity, type Outcome } from '../aws/index.js';
import { iamActionOf } from '../catalog/index.js';
import type { ReadRecord } from '../schema/index.js';
import { readEverywhere, type Reads } from './places.js';
import type { Ending, ReadLog } from './read_log.js';
import { untilDone } from './until_done.js';
import { stateless, Walk, type RowSink } from './walk.js';

/** How one operation ended in one Region. */
export interface TriedCall {
  /** IAM action: `organizations:ListAccounts`. */
  operation: string;
  region: string;
  /** Tables that need it. */
  tables: string[];
  /** `untried`: there was nothing to try it with, or a call before it did not get through. That is no mistake of its own. */
  outcome: Outcome | 'untried';
  errorCode: string | undefined;
  /** What AWS said, or why nothing was asked. */
  message: string | undefined;
}

interface MergedCall extends TriedCall {
  /** `untried` because there is nothing that it could be asked about. */
  isForWantOfItems?: boolean;
}

export interface ProbeResult {
  identity: Identity;
  /** One per operation and Region, in alphabetical order. */
  calls: TriedCall[];
}

/**
 * Goes through every read of the selected tables with as few calls as that takes, and keeps nothing of what it sees: the
 * first page of each list, and with its first item what is asked per item.
 *
 * @throws {CredentialsError} before anything was tried.
 */
export async function probe(options: Reads): Promise<ProbeResult> {
  const { session, settings, selected, signal, fanOutWidth, atlas } = options;
  const identity = await session.whoAmI();
  const walk = new Walk({
    session,
    identity,
    settings,
    delegates: await Delegates.open(session, identity, options.delegates),
    organizationsRegion: atlas.organizationsRegionOf(identity.partition),
    isAlwaysOn: atlas.isAlwaysOn,
    stateOf: () => stateless,
    fanOutWidth,
    writerOf: () => nowhere,
    isProbe: true,
    signal,
  });
  const calls: MergedCall[] = [];
  await untilDone(
    selected.map(async (table) => {
      const logs: ReadLog[] = [];
      const planned: CallReport[] = [];
      const unasked = await readEverywhere(walk, table, identity, options, {
        onLog: (log) => logs.push(log),
        onPlan: (call) => planned.push(call),
      });
      calls.push(
        ...planned.map(({ operation, error }) => ended(operation, session.homeRegion, table.name, error)),
        ...logs.flatMap((log) => log.records(settings).flatMap((record) => tried(record, log))),
        ...unasked.flatMap((record) => tried(record, undefined)),
      );
    }),
  );
  signal.throwIfAborted();
  return { identity, calls: withoutEmptyRegions(merged(calls)) };
}

/** Calls that ended alike in several Regions, together. */
export interface TriedGroup extends Omit<TriedCall, 'region'> {
  regions: string[];
}

/** As {@link TriedCall}s in their order; the message is that of the first Region. */
export function groupedByRegion(calls: readonly TriedCall[]): TriedGroup[] {
  const groups = new Map<string, TriedGroup>();
  for (const { region, ...call } of calls) {
    // A denial names the Region in its text; what needs no asking has no code and is told apart by its reason.
    const key = JSON.stringify([call.operation, call.outcome, call.errorCode ?? call.message]);
    const group = groups.get(key);
    if (group) group.regions.push(region);
    else groups.set(key, { ...call, regions: [region] });
  }
  return [...groups.values()];
}

/** The IAM actions that AWS refused, each once. */
export function missingActions(calls: readonly TriedCall[]): string[] {
  const denied = calls.filter(({ outcome }) => outcome === 'denied');
  return [...new Set(denied.map(({ operation }) => iamActionOf(operation)))];
}

const nowhere: RowSink = { claim: () => new Uint8Array(), write: () => Promise.resolve() };

function tried(record: ReadRecord, log: ReadLog | undefined): MergedCall[] {
  const { Operation: operation, Region: region, TableName: table } = record;
  // The rows of some tables do not come from AWS; an own row for one scope says nothing that its operation does not.
  if (operation === '' || (record.Scope !== '' && log?.isWayIn(operation) !== true)) return [];
  const end = log?.endOf(operation);
  const unasked = { operation, region, tables: [table], errorCode: undefined };
  // In one of several accounts, what ended the read stands for each operation that it kept from being asked.
  if (end?.error && end.error.operation !== operation) {
    return [{ ...unasked, outcome: 'untried', message: becauseOf(end.error) }];
  }
  if (end) return [ended(operation, region, table, end.error)];
  if (log === undefined || record.Outcome === 'skipped') {
    return [{ ...unasked, outcome: record.Outcome, errorCode: record.ErrorCode, message: record.ErrorMessage }];
  }
  const cause = log.reasonNotAsked(operation);
  return [
    {
      ...unasked,
      outcome: 'untried',
      isForWantOfItems: cause === undefined || cause.outcome === 'absent',
      message: cause ? becauseOf(cause) : 'not tried: what it is asked about comes from a list that is empty',
    },
  ];
}

function becauseOf({ operation, outcome }: Ending): string {
  return `not tried, because ${operation.replace(/^.*:/, '')} was ${outcome}`;
}

function ended(operation: string, region: string, table: string, error: Ending | undefined): TriedCall {
  return {
    operation,
    region,
    tables: [table],
    outcome: error?.outcome ?? 'ok',
    errorCode: error?.code,
    message: error?.message,
  };
}

/** One call serves several tables: what one could not try, another may have. */
function merged(calls: readonly MergedCall[]): MergedCall[] {
  const byPlace = new Map<string, MergedCall>();
  for (const call of calls) {
    const key = `${call.operation} ${call.region}`;
    const before = byPlace.get(key);
    const told = before ? worseCall(before, call) : call;
    byPlace.set(key, { ...told, tables: [...new Set([...(before?.tables ?? []), ...call.tables])].sort() });
  }
  return [...byPlace].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, call]) => call);
}

/** Where one Region has something to try a call with, it says nothing that others have not. */
function withoutEmptyRegions(calls: readonly MergedCall[]): TriedCall[] {
  const tried = new Set(calls.filter(({ outcome }) => outcome !== 'untried').map(({ operation }) => operation));
  return calls
    .filter(({ operation, isForWantOfItems }) => !isForWantOfItems || !tried.has(operation))
    .map((call) => {
      delete call.isForWantOfItems;
      return call;
    });
}

function worseCall(left: MergedCall, right: MergedCall): MergedCall {
  if (left.outcome === 'untried' || right.outcome === 'untried') {
    const [untried, other] = left.outcome === 'untried' ? [left, right] : [right, left];
    return other.outcome === 'skipped' ? untried : other;
  }
  return worse(left.outcome, right.outcome) === left.outcome ? left : right;
}
