import { Table as ArrowTable, tableToIPC } from '@cloudquery/plugin-sdk-javascript/arrow';
import { CredentialsError, Session } from '../aws/index.js';
import { isServiceInRegion, partition, partitions, serviceNamed } from '../catalog/index.js';
import { arrowSchemaOf } from '../schema/arrow.js';
import type { Table } from '../schema/index.js';
import { sync, type Atlas, type SyncMessage } from '../sync/index.js';
import { delegationReads, regions, tables } from '../../tables/index.js';
import type { Log } from './log.js';
import { selectTables, type Selection } from './select.js';
import { ownerSelectors, parseSpec, specJsonSchema, type Spec } from './spec.js';

/** Fan-out calls of one table at once; AWS's rates per operation leave nothing to gain beyond. */
const fanOutWidth = 10;

/** What the plugin does, without the wire. */
export class Source {
  #spec: Spec | undefined;
  #isConnected = false;

  constructor(
    readonly version: string,
    readonly log: Log,
  ) {}

  /** @throws {SpecError} */
  init(spec: Uint8Array, noConnection: boolean): void {
    // With no_connection (`cloudquery tables`) the spec is whatever the CLI has at hand, often nothing.
    this.#spec = noConnection ? undefined : parseSpec(spec);
    this.#isConnected = !noConnection;
  }

  specSchema(): string {
    return specJsonSchema();
  }

  /** @throws {SelectionError} */
  tables(selection: Selection): Uint8Array[] {
    return encoded(selectTables(tables, selection), null);
  }

  /** @throws {NotReadyError} {SelectionError} {ShardError} {CredentialsError} {SyncFailedError} */
  async *sync(request: SyncRequest, signal: AbortSignal): AsyncGenerator<SyncMessage> {
    if (request.shards > 1) {
      throw new ShardError(
        `--shard: this sync is one of ${request.shards} shards. More machines do not make one organization faster (the rates are per ` +
          'organization). Run it without --shard; several organizations are several sources, each with a name of its own.',
      );
    }
    if (!this.#isConnected || !this.#spec) throw new NotReadyError('Sync was called before Init with a connection.');
    const spec = this.#spec;
    const selected = selectTables(tables, request.selection);
    const session = this.#session(spec, signal);
    const owners = ownerSelectors(spec);
    try {
      yield* sync({
        session,
        // An owner that is chosen by tags cannot be found without them.
        settings: {
          owners,
          accountTags: spec.account_tags || owners.some(({ SelectorType }) => SelectorType === 'tag'),
        },
        selected,
        all: tables,
        reads: delegationReads,
        regions,
        atlas,
        wantedRegions: spec.regions.length === 0 || spec.regions[0] === '*' ? 'all' : spec.regions,
        onDenied: spec.on_denied,
        onFailure: spec.on_failure,
        fanOutWidth,
        key: request.deterministicCqId ? '_cq_id' : 'natural',
        signal,
        onProgress: ({ table, rows, requests, isDone }) => {
          const message = `${table}: ${rows} rows, ${requests} requests${isDone ? '' : ' so far'}`;
          this.log('info', message, { progress: { table, rows, requests, isDone } });
        },
      });
    } finally {
      session.close();
    }
  }

  /** Asks AWS who these credentials are. */
  async testConnection(
    spec: Uint8Array,
  ): Promise<{ success: boolean; failureCode: string; failureDescription: string }> {
    const session = this.#session(parseSpec(spec), new AbortController().signal);
    try {
      await session.whoAmI();
      return { success: true, failureCode: '', failureDescription: '' };
    } catch (error) {
      if (!(error instanceof CredentialsError)) throw error;
      return { success: false, failureCode: 'UNAUTHENTICATED', failureDescription: error.message };
    } finally {
      session.close();
    }
  }

  #session(spec: Spec, signal: AbortSignal): Session {
    const account = spec.accounts?.[0];
    return new Session({
      access: {
        id: account?.id ?? 'default',
        localProfile: account?.local_profile,
        roleArn: account?.role_arn,
        roleSessionName: account?.role_session_name,
        externalId: account?.external_id,
        accessKeyId: account?.access_key_id,
        secretAccessKey: account?.secret_access_key,
        sessionToken: account?.session_token,
        defaultRegion: account?.default_region,
      },
      endpoint: spec.custom_endpoint_url,
      userAgent: `aws-delegation/${this.version}`,
      maxRetries: spec.max_retries,
      maxBackoffMs: spec.max_backoff * 1000,
      requestTimeoutMs: spec.request_timeout * 1000,
      concurrency: spec.concurrency,
      signal,
    });
  }
}

/** What a client asks of one sync. */
export interface SyncRequest {
  selection: Selection;
  /** CloudQuery's `deterministic_cq_id`: our IDs always are, so what is left of it is that `_cq_id` becomes the only key. */
  deterministicCqId: boolean;
  /** How many syncs share the work; 0 and 1 are the same. */
  shards: number;
}

/** The client wants a part of the work. */
export class ShardError extends Error {
  override readonly name = 'ShardError';
}

/** An RPC came before the one that it needs. */
export class NotReadyError extends Error {
  override readonly name = 'NotReadyError';
}

const atlas: Atlas = {
  regionsOf: (id) => partitionNamed(id).regions.map(({ name }) => name),
  organizationsRegionOf: (id) => partitionNamed(id).organizationsRegion,
  isServiceIn: (serviceId, region) => {
    const service = serviceNamed(serviceId);
    return service ? isServiceInRegion(service, region) : null;
  },
};

function partitionNamed(id: string): ReturnType<typeof partition> {
  const known = partitions.find((each) => each.id === id);
  if (!known) {
    throw new CredentialsError(
      `sts:GetCallerIdentity answered with partition '${id}', which this version does not know (it knows ${partitions.map((each) => each.id).join(', ')}). Update aws-delegation, or check custom_endpoint_url.`,
    );
  }
  return known;
}

function encoded(selected: readonly Table[], parent: Table | null): Uint8Array[] {
  return selected.flatMap((table) => [
    tableToIPC(new ArrowTable(arrowSchemaOf(table, parent)), 'stream'),
    ...encoded(table.relations, table),
  ]);
}
