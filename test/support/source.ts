import { tableFromIPC } from '@cloudquery/plugin-sdk-javascript/arrow';
import { Source, type Pacing } from '../../src/plugin/source.js';
import type { Selection } from '../../src/plugin/select.js';
import type { ProbeResult, RequiredActions, SyncMessage } from '../../src/sync/index.js';
import type { Simulator } from '../../src/simulator/index.js';

export type Row = Record<string, unknown>;

export interface Synced {
  /** Rows by announced table, without the two columns of CloudQuery. */
  tables: Record<string, Row[]>;
  /** These two columns, in the order of the rows. */
  ids: Record<string, RowIds[]>;
  reads: Row[];
  errors: Record<string, string>;
  /** The announced tables in their order. */
  announced: string[];
}

export interface RowIds {
  id: string;
  parentId: string | null;
}

export interface Options {
  tables?: string[];
  skipTables?: string[];
  spec?: object;
  /** Account whose credentials are used; the management account by default. */
  account?: string;
  signal?: AbortSignal;
  /** Told of each message before the next one is asked for, so that one sees what came before an error. */
  onMessage?: (message: SyncMessage) => void;
  /** Instead of AWS's rates, and of what follows from the endpoint. */
  pacing?: Pacing;
}

/** The call that `test-connection` makes. */
export async function probeFrom(simulator: Simulator, options: Options = {}): Promise<ProbeResult> {
  const { signal = new AbortController().signal } = options;
  const spec = Buffer.from(JSON.stringify(specFor(simulator, options)));
  return new Source('test', () => undefined).probe(spec, selectionOf(options), signal);
}

/** What `iam-policy` prints policies of. */
export function neededFor(simulator: Pick<Simulator, 'url'>, options: Options = {}): RequiredActions {
  const spec = Buffer.from(JSON.stringify(specFor(simulator, options)));
  return new Source('test', () => undefined).requiredActions(spec, selectionOf(options));
}

/** The operations that the credentials of a sync need. The simulator has no other names of actions. */
export function actionsFor(simulator: Pick<Simulator, 'url'>, options: Options = {}): string[] {
  return neededFor(simulator, options).operations;
}

function selectionOf({ tables, skipTables }: Options): Selection {
  return { tables: tables ?? ['*'], skipTables: skipTables ?? [], skipDependentTables: true };
}

/** One sync of the plugin against a simulator, without the wire. Throws what the Sync call would end with. */
export async function syncFrom(simulator: Simulator, options: Options = {}): Promise<Synced> {
  const source = new Source('test', () => undefined, options.pacing);
  source.init(Buffer.from(JSON.stringify(specFor(simulator, options))), false);
  const synced: Synced = { tables: {}, ids: {}, reads: [], errors: {}, announced: [] };
  for await (const message of source.sync(
    { selection: selectionOf(options), deterministicCqId: false, shards: 1 },
    options.signal ?? new AbortController().signal,
  )) {
    options.onMessage?.(message);
    if (message.kind === 'migrate') {
      synced.announced.push(message.table);
      synced.tables[message.table] = [];
      synced.ids[message.table] = [];
    } else if (message.kind === 'insert') {
      synced.tables[message.table]?.push(...decode(message.record));
      synced.ids[message.table]?.push(...decodeIds(message.record));
    } else {
      synced.errors[message.table] = message.text;
    }
  }
  synced.reads = synced.tables['aws_delegation_reads'] ?? [];
  return synced;
}

export function specFor(simulator: Pick<Simulator, 'url'>, { spec, account }: Options = {}): object {
  return {
    accounts: [
      { id: 'test', access_key_id: `AKIA${account ?? 'TEST'}`, secret_access_key: 'test', default_region: 'us-east-1' },
    ],
    custom_endpoint_url: simulator.url,
    max_retries: 2,
    max_backoff: 1,
    request_timeout: 5,
    ...spec,
  };
}

/** Rows of an Arrow record batch: JSON parsed, times in ISO 8601, whole numbers as numbers. */
export function decode(record: Uint8Array): Row[] {
  const table = tableFromIPC(record);
  const arrowRows = table.toArray() as { toJSON: () => Row }[];
  return arrowRows.map((arrowRow) => {
    const row: Row = arrowRow.toJSON();
    const plain: Row = {};
    for (const { name, type, metadata } of table.schema.fields) {
      if (name === '_cq_id' || name === '_cq_parent_id') continue;
      plain[name] = plainValue(row[name], metadata.get('ARROW:extension:name'), String(type));
    }
    return plain;
  });
}

function decodeIds(record: Uint8Array): RowIds[] {
  const hex = (value: unknown): string => Buffer.from(value as Uint8Array).toString('hex');
  return (tableFromIPC(record).toArray() as { toJSON: () => Row }[]).map((arrowRow) => {
    const { _cq_id: id, _cq_parent_id: parentId } = arrowRow.toJSON();
    return { id: hex(id), parentId: parentId === null || parentId === undefined ? null : hex(parentId) };
  });
}

function plainValue(value: unknown, extension: string | undefined, type: string): unknown {
  if (value === null || value === undefined) return null;
  if (extension === 'json') return JSON.parse(Buffer.from(value as Uint8Array).toString('utf8')) as unknown;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'number' && type.startsWith('Timestamp')) return new Date(value).toISOString();
  return value;
}

/** The outcome of the read as a whole, by operation, for one table in one Region. */
export function outcomes({ reads }: Synced, table: string, region = 'us-east-1'): Record<string, unknown> {
  return Object.fromEntries(
    reads
      .filter((read) => read['table_name'] === table && read['region'] === region && read['scope'] === '')
      .map((read) => [String(read['operation']), read['outcome']] as const),
  );
}
