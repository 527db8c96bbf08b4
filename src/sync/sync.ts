import { tableToIPC, Table as ArrowTable } from '@cloudquery/plugin-sdk-javascript/arrow';
import type { Organization } from '@aws-sdk/client-organizations';
import { AwsReadError, certain, Delegates, type Identity } from '../aws/index.js';
import type { AnnouncedKey } from '../schema/arrow.js';
import { flatten, type Reading, type ReadRecord, type State, type Table } from '../schema/index.js';
import { asHeard, dependsOnManagement, mayBeHearsay, type Asker } from './asker.js';
import { readEverywhere, type Reads } from './places.js';
import { failureText, tableErrors } from './problems.js';
import { unaskedRecord, type ReadLog } from './read_log.js';
import { unasked } from './regions.js';
import { Spool } from './spool.js';
import { TableWriter } from './table_writer.js';
import { untilDone } from './until_done.js';
import { Walk } from './walk.js';

export interface SyncOptions extends Reads {
  /** Everything there is, so that what was left out can be told. */
  all: readonly Table[];
  /** Who the management account is. */
  organization: Reading<Organization | undefined>;
  /** Where the outcomes go; sent last, because a client takes the newest sync from it. */
  reads: Table;
  onDenied: 'report' | 'fail';
  onFailure: 'report' | 'fail';
  /** What incremental tables remember from sync to sync. */
  state: SyncState;
  /** `_cq_id` where the client wants it as the only key. */
  key: AnnouncedKey;
  onProgress: (progress: Progress) => void;
}

export interface SyncState {
  of(table: Table): State;
  /** Whether the client had this row of an incremental table before the sync. */
  had(table: Table, id: Uint8Array): boolean;
  /**
   * What was set becomes what the next sync gets. Called once everything was sent.
   *
   * @param last `_cq_id` of the last row that this sync sent of each incremental table, and that the client did not have.
   */
  keep(last: ReadonlyMap<string, Uint8Array>): Promise<void>;
}

export interface Progress {
  table: string;
  rows: number;
  requests: number;
  isDone: boolean;
}

export type SyncMessage =
  | { kind: 'migrate'; table: string; schema: Uint8Array }
  | { kind: 'insert'; table: string; record: Uint8Array }
  | { kind: 'error'; table: string; text: string };

/** The sync must not touch what is stored: something failed, or was denied where the spec does not accept that. */
class SyncFailedError extends Error {
  override readonly name = 'SyncFailedError';
}

/**
 * Reads everything, decides how each read ended, and only then announces tables and hands out their rows: a sync that
 * failed sends nothing. The caller sets the pace of the sending.
 *
 * @throws {SyncFailedError} with a text for the user.
 * @throws {CredentialsError} before anything was read.
 */
export async function* sync(options: SyncOptions): AsyncGenerator<SyncMessage> {
  const identity = await options.session.whoAmI();
  const spool = await Spool.open();
  try {
    const { records, writers, asker } = await readAll(options, identity, spool);
    const failure = failureText(records, options);
    if (failure !== undefined) throw new SyncFailedError(failure);

    const announced = [...writers.values()].filter((writer) => isKnown(writer, records));
    for (const { table, schema } of announced) {
      yield { kind: 'migrate', table: table.name, schema: tableToIPC(new ArrowTable(schema), 'stream') };
    }
    for (const { table } of announced) {
      for await (const record of spool.read(table.name)) yield { kind: 'insert', table: table.name, record };
    }
    for (const [table, text] of tableErrors(records, asker)) yield { kind: 'error', table, text };
    await options.state.keep(lastRows(announced));
  } finally {
    await spool.close();
  }
}

async function readAll(
  options: SyncOptions,
  identity: Identity,
  spool: Spool,
): Promise<{ records: ReadRecord[]; writers: Map<string, TableWriter>; asker: Asker }> {
  const { session, settings, selected, atlas, signal } = options;
  const tables = selected.filter(({ name }) => name !== options.reads.name);
  const writers = new Map<string, TableWriter>();
  addWriters(writers, [...tables, options.reads], null, (table, parent) => {
    const had = table.isIncremental ? (id: Uint8Array) => options.state.had(table, id) : undefined;
    return new TableWriter(table, parent, spool, identity.accountId, options.key, had);
  });
  const organizationsRegion = atlas.organizationsRegionOf(identity.partition);
  const walk = new Walk({
    session,
    identity,
    settings,
    delegates: await Delegates.open(session, identity, options.delegates),
    organizationsRegion,
    isAlwaysOn: atlas.isAlwaysOn,
    stateOf: (table) => options.state.of(table),
    fanOutWidth: options.fanOutWidth,
    writerOf: (table) => known(writers, table.name),
    signal,
  });
  const ended: ReadRecord[] = leftOut(options, organizationsRegion);
  await untilDone(
    tables.map(async (table) => {
      const logs: ReadLog[] = [];
      const onLog = (log: ReadLog): void => void logs.push(log);
      const stopTelling = tell(table, logs, options.onProgress);
      try {
        ended.push(...(await readEverywhere(walk, table, identity, options, { onLog })));
        for (const each of flatten([table])) await known(writers, each.name).flush();
      } finally {
        stopTelling();
      }
      ended.push(...logs.flatMap((log) => log.records(settings)));
    }),
  );

  const organization =
    (await walk.valueOf(options.organization, organizationsRegion)) ??
    (ended.some(mayBeHearsay) ? await organizationIfTold(walk, options.organization, organizationsRegion) : undefined);
  const asker = { accountId: identity.accountId, managementAccountId: organization?.MasterAccountId };
  const dependent = new Set(
    flatten(tables)
      .filter(dependsOnManagement)
      .map(({ name }) => name),
  );
  const heard = ended.map((record) => asHeard(record, asker, dependent.has(record.TableName)));
  const records = withoutRepetition(heard.sort(byKey));
  const readsWriter = known(writers, options.reads.name);
  for (const record of records) await readsWriter.add(record, '', null);
  await readsWriter.flush();
  return { records, writers, asker };
}

/** Asked of AWS where no selected table did. Any account may, but not every policy lets it: then nobody can tell a member. */
async function organizationIfTold(
  walk: Walk,
  organization: SyncOptions['organization'],
  region: string,
): Promise<Organization | undefined> {
  try {
    return await walk.use(organization, { region, certainty: certain }, () => undefined);
  } catch (error) {
    if (error instanceof AwsReadError) return undefined;
    throw error;
  }
}

function lastRows(announced: readonly TableWriter[]): Map<string, Uint8Array> {
  return new Map(
    announced.flatMap(({ table, lastId }) => (table.isIncremental && lastId ? [[table.name, lastId] as const] : [])),
  );
}

function addWriters(
  writers: Map<string, TableWriter>,
  tables: readonly Table[],
  parent: Table | null,
  writerOf: (table: Table, parent: Table | null) => TableWriter,
): void {
  for (const table of tables) {
    writers.set(table.name, writerOf(table, parent));
    addWriters(writers, table.relations, table, writerOf);
  }
}

/** Tables that the spec left out, each operation as `skipped`. */
function leftOut({ all, selected, reads }: SyncOptions, region: string): ReadRecord[] {
  const names = new Set(flatten(selected).map((table) => table.name));
  return flatten(all)
    .filter(({ name }) => !names.has(name) && name !== reads.name)
    .flatMap((table) =>
      (table.permissions.length === 0 ? [''] : table.permissions).map((operation) =>
        unaskedRecord(
          table,
          operation,
          operation === '' || table.regionalService !== null ? '' : region,
          unasked.notSelected,
        ),
      ),
    );
}

/** False for a table of which nothing could be read: announcing it would cost its stored rows. */
function isKnown({ table, rowCount }: TableWriter, records: readonly ReadRecord[]): boolean {
  if (rowCount > 0) return true;
  const listing = table.permissions[0] ?? '';
  const own = records.filter((record) => record.TableName === table.name && record.Operation === listing);
  const isMissing = own.some(({ Outcome }) => Outcome === 'denied' || Outcome === 'failed');
  // A Region without an administrator is ok without a request, and says nothing of those where one could not be asked.
  const wasAnswered = ({ Outcome, RequestCount }: ReadRecord): boolean =>
    (Outcome === 'ok' && (RequestCount > 0 || table.delegates === null)) || (Outcome === 'absent' && RequestCount > 0);
  return !isMissing || own.some(wasAnswered);
}

/** Tells of a table and its relations when they are done, and every two seconds until then. */
function tell(table: Table, logs: readonly ReadLog[], onProgress: (progress: Progress) => void): () => void {
  const now = (isDone: boolean): void => {
    for (const { name } of flatten([table])) {
      const own = logs.filter((log) => log.table.name === name);
      const rows = own.reduce((sum, log) => sum + log.rows, 0);
      const requests = own.reduce((sum, log) => sum + log.requests, 0);
      onProgress({ table: name, rows, requests, isDone });
    }
  };
  const timer = setInterval(now, 2_000, false);
  return () => {
    clearInterval(timer);
    now(true);
  };
}

function known(writers: ReadonlyMap<string, TableWriter>, name: string): TableWriter {
  const writer = writers.get(name);
  if (!writer) throw new Error(`no writer for table ${name}`);
  return writer;
}

/**
 * What several Regions of a table share is told by each of them, and each has counted what it asked itself: one of them an
 * organization's list, several of them the roles that they assumed.
 */
function withoutRepetition(records: readonly ReadRecord[]): ReadRecord[] {
  const found: ReadRecord[] = [];
  for (const record of records) {
    const before = found.at(-1);
    if (before === undefined || byKey(before, record) !== 0) found.push(record);
    else {
      const RequestCount = before.RequestCount + record.RequestCount;
      found[found.length - 1] = { ...(record.RequestCount > before.RequestCount ? record : before), RequestCount };
    }
  }
  return found;
}

function byKey(left: ReadRecord, right: ReadRecord): number {
  const keys = ['TableName', 'Region', 'Operation', 'Scope'] as const;
  for (const key of keys) if (left[key] !== right[key]) return left[key] < right[key] ? -1 : 1;
  return 0;
}
