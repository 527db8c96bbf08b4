import {
  AwsReadError,
  certain,
  FirstAnswers,
  type CallReport,
  type Certainty,
  type Delegates,
  type Identity,
  type Session,
} from '../aws/index.js';
import {
  askedAccount,
  type ReadContext,
  type Reading,
  type Settings,
  type State,
  type Table,
} from '../schema/index.js';
import { inParallel } from './in_parallel.js';
import { ReadLog } from './read_log.js';
import { SpoolError } from './spool.js';
import { untilDone } from './until_done.js';

/** What a shared reading came to, told again to each table that uses it. */
interface SharedResult {
  calls: CallReport[];
  end: Promise<{ value: unknown } | { error: unknown }>;
}

/** One Region's reading of a table and its relations. */
export interface Place {
  region: string;
  certainty: Certainty;
  /** Whose credentials; undefined for those of the sync. */
  asked?: { accountId: string; session: Session };
}

/** Takes the items of a table. */
export interface RowSink {
  /** The row's `_cq_id`; null for an item that was there before. */
  claim(item: object, region: string): Uint8Array | null;
  write(id: Uint8Array, item: object, region: string, parentId: Uint8Array | null): Promise<void>;
}

export interface WalkOptions {
  session: Session;
  identity: Identity;
  settings: Settings;
  /** The ways into the accounts of {@link Table.delegates}. */
  delegates: Delegates;
  /** Where what concerns the whole organization is asked. */
  organizationsRegion: string;
  /** True for a Region that no account can switch off. */
  isAlwaysOn: (region: string) => boolean;
  /** What incremental tables remember, table by table. */
  stateOf: (table: Table) => State;
  /** Items of one table whose own calls are under way at once; the session bounds the requests in flight over all. */
  fanOutWidth: number;
  writerOf: (table: Table) => RowSink;
  /** Goes through every read, but no further than to the first item of each list. */
  isProbe?: boolean;
  signal: AbortSignal;
}

/** Who is told of the calls of a context. */
interface Listener {
  add: (call: CallReport) => void;
  block?: (operation: string, by: AwsReadError) => void;
}

/** Reads tables: lists items, adds details, follows relations, and keeps a log of how each read ended. */
export class Walk {
  readonly #shared = new Map<string, SharedResult>();

  constructor(readonly options: WalkOptions) {}

  /** Reads a table and its relations in one Region. Never throws for what AWS does; see the logs. */
  async read(table: Table, place: Place, onLog: (log: ReadLog) => void, scope = ''): Promise<void> {
    const node = this.#node(table, place, onLog, scope);
    if (table.delegates === null) await this.#list(node, place, undefined, null, '');
    else await this.#listInEach(node, place, table.delegates.accounts);
  }

  /** The value of a reading that no table stands for. */
  async use<Value>(reading: Reading<Value>, place: Place, onCall: (call: CallReport) => void): Promise<Value> {
    return this.#context(null, place, { add: onCall }, new Set()).use(reading);
  }

  /** What a reading that was used came to; undefined where nobody used it, or it failed. */
  async valueOf<Value>(reading: Reading<Value>, region: string): Promise<Value | undefined> {
    const end = await this.#shared.get(sharedKey(reading, region, undefined))?.end;
    return end && 'value' in end ? (end.value as Value) : undefined;
  }

  #node(table: Table, place: Place, onLog: (log: ReadLog) => void, scope: string): Node {
    const log = new ReadLog(table, place.region, scope);
    onLog(log);
    return {
      table,
      log,
      writer: this.options.writerOf(table),
      used: new Set(),
      relations: table.relations.map((relation) => this.#node(relation, place, onLog, scope)),
    };
  }

  /** In each account that the table is to be read in, with credentials of that account. */
  async #listInEach(node: Node, place: Place, accounts: Reading<readonly string[]>): Promise<void> {
    let accountIds: readonly string[];
    try {
      accountIds = await this.#context(node.table, place, listenerOf(node.log, ''), node.used).use(accounts);
    } catch (error) {
      this.options.signal.throwIfAborted();
      node.log.stop(error);
      return;
    }
    await untilDone(
      // A list that changed between two pages can name one twice.
      [...new Set(accountIds)].map(async (accountId) => {
        const access = await this.options.delegates.accessTo(accountId);
        for (const call of access.calls) node.log.add(call, accountId);
        if ('notLent' in access) node.log.leaveOut(accountId);
        else if ('error' in access) node.log.stop(access.error, accountId);
        else await this.#list(node, this.#placeIn(place, accountId, access.session), undefined, null, accountId);
      }),
    );
  }

  /** Which Regions are on is known of the account that syncs; in another one those may be off that can be switched off. */
  #placeIn({ region, certainty }: Place, accountId: string, session: Session): Place {
    if (session === this.options.session) return { region, certainty };
    const isRegionKnownEnabled = certainty.isRegionKnownEnabled && this.options.isAlwaysOn(region);
    return { region, certainty: { ...certainty, isRegionKnownEnabled }, asked: { accountId, session } };
  }

  async #list(node: Node, place: Place, parent: unknown, parentId: Uint8Array | null, scope: string): Promise<void> {
    const { table, log } = node;
    const context = this.#context(table, place, listenerOf(log, scope), node.used, log.scope);
    try {
      const items = table.list(context, parent);
      await inParallel(this.options.isProbe ? firstOf(items) : items, this.#width(node), async (item) => {
        await this.#item(node, place, item as object, parentId, scope);
      });
    } catch (error) {
      this.options.signal.throwIfAborted();
      if (error instanceof SpoolError) throw error;
      log.stop(error, scope);
    }
    if (scope === '') for (const relation of node.relations) relation.log.stopWith(log);
  }

  /** What is asked about an item is asked side by side: the calls of a detail and of a relation wait for rates of their own. */
  async #item(node: Node, place: Place, item: object, parentId: Uint8Array | null, accountId: string): Promise<void> {
    const { table, log, writer, relations } = node;
    const listed = table.delegates === null ? item : { ...item, [askedAccount]: accountId };
    const id = writer.claim(listed, place.region);
    if (id === null) return;
    const row = async (): Promise<void> => {
      const detail = table.detail === null ? undefined : await this.#detailOf(node, place, item);
      const detailed = detail === undefined ? listed : { ...listed, ...detail };
      await writer.write(id, detailed, place.region, parentId);
      log.rows++;
      for (const relation of relations) {
        if (relation.table.fanOut === null) await this.#list(relation, place, detailed, id, '');
      }
    };
    const asked = relations.flatMap((relation) => {
      const { fanOut } = relation.table;
      return fanOut === null ? [] : this.#list(relation, place, listed, id, fanOut.scope(listed));
    });
    await (asked.length === 0 ? row() : untilDone([row(), ...asked]));
  }

  async #detailOf({ table, log, used }: Node, place: Place, item: object): Promise<object | undefined> {
    const { detail } = table;
    if (detail === null || !(detail.isWanted?.(item, this.options.settings) ?? true)) return undefined;
    const scope = detail.scope(item);
    const context = this.#context(table, place, listenerOf(log, scope), used);
    try {
      return await detail.read(context, item);
    } catch (error) {
      this.options.signal.throwIfAborted();
      log.stop(error, scope);
      return undefined;
    }
  }

  /** Only what asks AWS per item gains from company, which an item has in memory. */
  #width({ table, relations }: Node): number {
    const isFanOut = table.detail !== null || relations.some((relation) => relation.table.fanOut !== null);
    return isFanOut ? this.options.fanOutWidth : 1;
  }

  #context(table: Table | null, place: Place, { add, block }: Listener, used: Set<string>, scope = ''): ReadContext {
    const { identity, settings, isProbe, organizationsRegion } = this.options;
    const session = place.asked?.session ?? this.options.session;
    const use = async <Value>(reading: Reading<Value>): Promise<Value> => {
      const { calls, end, isOwner } = this.#reading(reading, place);
      const result = await end;
      // Whoever needed it first counts its requests; the others only take over how it ended, once.
      if (!used.has(reading.name)) {
        for (const call of calls)
          if (isOwner || isToBeTold(call, place)) add(isOwner ? call : { ...call, requests: 0 });
      }
      used.add(reading.name);
      if ('error' in result) {
        const { error } = result;
        for (const operation of reading.permissions) {
          const wasAsked = calls.some((call) => call.operation === operation);
          if (!wasAsked && error instanceof AwsReadError) block?.(operation, error);
        }
        throw error;
      }
      return result.value as Value;
    };
    const first = isProbe ? new FirstAnswers(table !== null && isOneOperation(table)) : undefined;
    const context = Object.create(session.clients(place.region, place.certainty, add, first)) as ReadContext;
    return Object.assign(context, {
      identity,
      region: place.region,
      scope,
      askedAccountId: place.asked?.accountId ?? identity.accountId,
      organizationsRegion,
      settings,
      state: table === null ? stateless : this.options.stateOf(table),
      use,
      useIfAny: <Value>(reading: Reading<Value>) => unless((error) => error.outcome === 'absent', use(reading)),
      tryToUse: <Value>(reading: Reading<Value>) => unless(() => true, use(reading)),
    });
  }

  #reading(reading: Reading<unknown>, asking: Place): SharedResult & { isOwner: boolean } {
    const { organizationsRegion } = this.options;
    const place = reading.isForOrganization === true ? { region: organizationsRegion, certainty: certain } : asking;
    const key = sharedKey(reading, place.region, place.asked?.accountId);
    const existing = this.#shared.get(key);
    if (existing) return { ...existing, isOwner: false };
    const calls: CallReport[] = [];
    const context = this.#context(null, place, { add: (call) => calls.push(call) }, new Set());
    const end = reading.read(context).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    this.#shared.set(key, { calls, end });
    return { calls, end, isOwner: true };
  }
}

interface Node {
  table: Table;
  log: ReadLog;
  writer: RowSink;
  /** Shared readings that this table's log has taken over. */
  used: Set<string>;
  relations: Node[];
}

function listenerOf(log: ReadLog, scope: string): Listener {
  const answered = new Map<string, number>();
  return {
    add: (call) => {
      const before = answered.get(call.operation) ?? 0;
      log.add(call, scope, before);
      answered.set(call.operation, call.error ? 0 : before + 1);
    },
    block: (operation, by) => {
      log.block(operation, by);
    },
  };
}

/** Nothing is asked but what lists the rows. */
function isOneOperation({ permissions, optionalPermissions, detail, relations }: Table): boolean {
  return permissions.length + optionalPermissions.length === 1 && detail === null && relations.length === 0;
}

/** Of a call that somebody else made: what went well in another Region says nothing of this one. */
function isToBeTold(call: CallReport, { region }: Place): boolean {
  return call.region === region || call.error !== undefined;
}

/** Undefined for an error of AWS's that can be done without. */
async function unless<Value>(
  isNothing: (error: AwsReadError) => boolean,
  value: Promise<Value>,
): Promise<Value | undefined> {
  try {
    return await value;
  } catch (error) {
    if (error instanceof AwsReadError && isNothing(error)) return undefined;
    throw error;
  }
}

function sharedKey({ name }: Reading<unknown>, region: string, accountId: string | undefined): string {
  return JSON.stringify([region, accountId, name]);
}

/** Of whoever keeps nothing. */
export const stateless: State = {
  get: () => undefined,
  set: () => undefined,
};

async function* firstOf<Value>(values: AsyncIterable<Value>): AsyncIterable<Value> {
  for await (const value of values) {
    yield value;
    return;
  }
}
