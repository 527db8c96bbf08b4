import { Table as ArrowTable, tableToIPC } from '@cloudquery/plugin-sdk-javascript/arrow';
import { delegationReads, organization, regions, statedTables, tables } from '../../tables/index.js';
import {
  AwsReadError,
  CredentialsError,
  isAwsAsked,
  Session,
  type AccountAccess,
  type RoadOptions,
} from '../aws/index.js';
import { partitionOf, rateOf } from '../catalog/index.js';
import { arrowSchemaOf } from '../schema/arrow.js';
import { flatten, type Settings, type Table } from '../schema/index.js';
import {
  planSync,
  probe,
  requiredActions,
  stateTables,
  sync,
  type ProbeResult,
  type Reads,
  type RequiredActions,
  type Sizes,
  type StatedTable,
  type SyncMessage,
  type SyncPlan,
} from '../sync/index.js';
import { atlas } from './atlas.js';
import { connectionTest, isNoAnswer, type ConnectionTest } from './connection_test.js';
import { noIntents, readIntents, type Intents, type RuleProblem } from './intents.js';
import type { Log } from './log.js';
import { selectTables, type Selection } from './select.js';
import { expectedOwners, ownerSelectors, ruleSettings } from './spec_rows.js';
import { parseSpec, specJsonSchema, type Spec } from './spec.js';
import { SpecError } from './spec_error.js';
import { KeptState, noState } from './state.js';
import type { Backend } from './state_client.js';

/**
 * Items of one table whose own calls are under way or wait for AWS's rate. So many that the longest list of attachments,
 * which takes minutes, begins while the texts of policies, which take longer, are still read; and few enough to be held.
 */
const fanOutWidth = 1_000;

/** How fast AWS may be asked, instead of what it documents: for a server that keeps to its rates, or is faster by a factor. */
export type Pacing = Required<Pick<RoadOptions, 'rateOf' | 'isRatePromised'>>;

/** What the plugin does, without the wire. */
export class Source {
  #spec: Spec | undefined;
  #isConnected = false;

  constructor(
    readonly version: string,
    readonly log: Log,
    readonly pacing?: Pacing,
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

  /** @throws {NotReadyError} {SpecError} {SelectionError} {ShardError} {StateError} {CredentialsError} {SyncFailedError} */
  async *sync(request: SyncRequest, signal: AbortSignal): AsyncGenerator<SyncMessage> {
    if (request.shards > 1) {
      throw new ShardError(
        `--shard: this sync is one of ${request.shards} shards. More machines do not make one organization faster (the rates are per ` +
          'organization). Run it without --shard; several organizations are several sources, each with a name of its own.',
      );
    }
    if (!this.#isConnected || !this.#spec) throw new NotReadyError('Sync was called before Init with a connection.');
    const spec = this.#spec;
    // Before AWS is asked anything: a slip in one of these files should not cost an hour.
    const intents = await readIntents(spec);
    const reads = this.#reads(spec, request.selection, signal, intents);
    let state: KeptState | undefined;
    try {
      state = await this.#openState(request.backend, reads.selected, signal);
      yield* sync({
        ...reads,
        all: tables,
        organization,
        reads: delegationReads,
        state: state ?? noState,
        onDenied: spec.on_denied,
        onFailure: spec.on_failure,
        key: request.deterministicCqId ? '_cq_id' : 'natural',
        onProgress: ({ table, rows, requests, isDone }) => {
          const message = `${table}: ${rows} rows, ${requests} requests${isDone ? '' : ' so far'}`;
          this.log('info', message, { progress: { table, rows, requests, isDone } });
        },
      });
    } finally {
      state?.close();
      reads.session.close();
    }
  }

  /**
   * Tries every read that these tables need.
   *
   * @throws {SpecError} {SelectionError} {CredentialsError}
   */
  async probe(spec: Uint8Array, selection: Selection, signal: AbortSignal): Promise<ProbeResult> {
    const reads = this.#reads(parseSpec(spec), selection, signal);
    try {
      return await probe(reads);
    } finally {
      reads.session.close();
    }
  }

  /** {@link probe} for a client that tells the inner spec only: every table is tried. */
  async testConnection(spec: Uint8Array, signal: AbortSignal): Promise<ConnectionTest> {
    try {
      return connectionTest(await this.probe(spec, everyTable, signal));
    } catch (error) {
      const failed = (failureCode: string, failureDescription: string): ConnectionTest => ({
        success: false,
        failureCode,
        failureDescription,
      });
      if (error instanceof SpecError) return failed('INVALID_SPEC', error.message);
      if (!(error instanceof CredentialsError)) throw error;
      const isSilent = error.cause instanceof AwsReadError && isNoAnswer.test(error.cause.code);
      return failed(isSilent ? 'UNREACHABLE' : 'UNAUTHENTICATED', error.message);
    }
  }

  /**
   * The IAM actions that reading these tables takes.
   *
   * @throws {SpecError} {SelectionError}
   */
  requiredActions(spec: Uint8Array, selection: Selection): RequiredActions {
    return requiredActions(selectTables(tables, selection), settingsOf(parseSpec(spec)), regions);
  }

  /**
   * The calls of a sync of these tables. Neither AWS nor any credentials are asked.
   *
   * @throws {SpecError} {SelectionError}
   */
  plan(spec: Uint8Array, selection: Selection, sizes: Sizes): SyncPlan {
    const parsed = parseSpec(spec);
    const reads = this.#reads(parsed, selection, new AbortController().signal);
    const { homeRegion } = reads.session;
    reads.session.close();
    // Who is asked says the partition in a sync; here the Regions have to, which are of one partition only.
    const [anyRegion = parsed.regions.find((name) => name !== '*') ?? homeRegion] = sizes.optInStatus?.keys() ?? [];
    const isAccessLent = reads.delegates.roleName !== undefined || reads.delegates.lent.length > 0;
    return planSync({ ...reads, isAccessLent, homeRegion, partition: partitionOf(anyRegion) ?? 'aws', sizes });
  }

  /**
   * What the spec and its files say of who should hold what, without AWS: for each asking account the rows that a sync
   * would send.
   *
   * @throws {SpecError}
   */
  async state(spec: Uint8Array, ruleProblem: RuleProblem): Promise<Stated> {
    const parsed = parseSpec(spec);
    const settings = settingsOf(parsed, await readIntents(parsed, ruleProblem));
    return {
      tables: statedTables.map(({ name }) => name),
      rowsFor: (accountId) => stateTables(statedTables, settings, accountId),
    };
  }

  /**
   * The approvals of a spec: the path of their file, or what the spec has of them.
   *
   * @throws {SpecError}
   */
  approvals(spec: Uint8Array): Spec['approvals'] {
    return parseSpec(spec).approvals;
  }

  /** Undefined where nothing is to be remembered; half of the options is none, as for Go plugins. */
  async #openState(
    backend: Backend | undefined,
    selected: readonly Table[],
    signal: AbortSignal,
  ): Promise<KeptState | undefined> {
    const incremental = flatten(selected).filter(({ isIncremental }) => isIncremental);
    if (!backend || backend.tableName === '' || backend.connection === '' || incremental.length === 0) return undefined;
    const taken = flatten(tables).map(({ name }) => name);
    return KeptState.open(backend, { tables: incremental, taken, log: this.log, signal });
  }

  #reads(spec: Spec, selection: Selection, signal: AbortSignal, intents: Intents = noIntents): Reads {
    return {
      selected: selectTables(tables, selection),
      session: this.#session(spec, signal),
      delegates: {
        roleName: spec.delegated_admin_role_name,
        externalId: spec.delegated_admin_external_id,
        lent: (spec.accounts ?? []).slice(1).map(accessOf),
      },
      settings: settingsOf(spec, intents),
      regions,
      atlas,
      wantedRegions: spec.regions.length === 0 || spec.regions[0] === '*' ? 'all' : spec.regions,
      fanOutWidth,
      signal,
    };
  }

  #session(spec: Spec, signal: AbortSignal): Session {
    return new Session({
      access: accessOf(spec.accounts?.[0]),
      endpoint: spec.custom_endpoint_url,
      userAgent: `aws-delegation/${this.version}`,
      maxRetries: spec.max_retries,
      maxBackoffMs: spec.max_backoff * 1000,
      requestTimeoutMs: spec.request_timeout * 1000,
      concurrency: spec.concurrency,
      ...(this.pacing ?? { rateOf, isRatePromised: isAwsAsked(spec.custom_endpoint_url, process.env) }),
      signal,
    });
  }
}

function accessOf(account: NonNullable<Spec['accounts']>[number] | undefined): AccountAccess {
  return {
    id: account?.id ?? 'default',
    localProfile: account?.local_profile,
    roleArn: account?.role_arn,
    roleSessionName: account?.role_session_name,
    externalId: account?.external_id,
    accessKeyId: account?.access_key_id,
    secretAccessKey: account?.secret_access_key,
    sessionToken: account?.session_token,
    defaultRegion: account?.default_region,
  };
}

/** What a spec says, for whoever asks AWS. */
export interface Stated {
  tables: readonly string[];
  rowsFor: (accountId: string) => Promise<StatedTable[]>;
}

export const everyTable: Selection = { tables: ['*'], skipTables: [], skipDependentTables: false };

/** Approvals and waivers decide nothing about what is asked: only a sync, which stores them, has to know them. */
function settingsOf(spec: Spec, intents: Intents = noIntents): Settings {
  const owners = ownerSelectors(spec);
  return {
    owners,
    expectations: expectedOwners(spec),
    rules: ruleSettings(spec),
    eventsLookbackDays: spec.events.lookback_days,
    delegatedAdminRoleName: spec.delegated_admin_role_name,
    ...intents,
    // An owner that is chosen by tags cannot be found without them.
    accountTags: spec.account_tags || owners.some(({ SelectorType }) => SelectorType === 'tag'),
  };
}

/** What a client asks of one sync. */
export interface SyncRequest {
  selection: Selection;
  /** CloudQuery's `deterministic_cq_id`: our IDs always are, so what is left of it is that `_cq_id` becomes the only key. */
  deterministicCqId: boolean;
  /** How many syncs share the work; 0 and 1 are the same. */
  shards: number;
  /** Where incremental tables remember how far they were read; undefined where each sync reads their whole window. */
  backend?: Backend | undefined;
}

/** The client wants a part of the work. */
export class ShardError extends Error {
  override readonly name = 'ShardError';
}

/** An RPC came before the one that it needs. */
export class NotReadyError extends Error {
  override readonly name = 'NotReadyError';
}

function encoded(selected: readonly Table[], parent: Table | null): Uint8Array[] {
  return selected.flatMap((table) => [
    tableToIPC(new ArrowTable(arrowSchemaOf(table, parent)), 'stream'),
    ...encoded(table.relations, table),
  ]);
}
