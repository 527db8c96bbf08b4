import {
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
  type ServerErrorResponse,
  type ServerUnaryCall,
  type ServerWritableStream,
} from '@grpc/grpc-js';
import type { SyncMessage } from '../sync/index.js';
import type { Log } from './log.js';
import { discovery, plugin } from './pb.js';
import type { Source } from './source.js';

export const pluginName = 'aws-delegation';

export interface ServerOptions {
  version: string;
  log: Log;
  /** Loads the rest of the plugin when the first call needs it: the client waits 5 s for the socket, not for the SDKs. */
  source: () => Promise<Source>;
  onAnswered?: () => void;
}

/** CloudQuery's discovery v1 and plugin v3 services. Destination calls answer UNIMPLEMENTED. */
export function createServer({ version, log, source, onAnswered }: ServerOptions): Server {
  const server = new Server({
    'grpc.max_receive_message_length': 100 * 1024 * 1024,
    'grpc.max_send_message_length': -1,
  });

  /** Answers with what `work` resolves to; whatever it throws becomes a status with a text. */
  const answer =
    <Request, Response>(work: (request: Request, signal: AbortSignal) => Response | Promise<Response>) =>
    (call: ServerUnaryCall<Request, Response>, callback: sendUnaryData<Response>): void => {
      const cancelled = new AbortController();
      call.once('cancelled', () => {
        cancelled.abort();
      });
      void (async () => work(call.request, cancelled.signal))().then(
        (response) => {
          callback(null, response);
          onAnswered?.();
        },
        (error: unknown) => {
          callback(toStatus(error, log));
        },
      );
    };

  server.addService(discovery.UnimplementedDiscoveryService.definition, {
    GetVersions: answer(() => new discovery.GetVersions.Response({ versions: [3] })),
  });
  server.addService(plugin.UnimplementedPluginService.definition, {
    GetName: answer(() => new plugin.GetName.Response({ name: pluginName })),
    GetVersion: answer(() => new plugin.GetVersion.Response({ version })),
    GetSpecSchema: answer(
      async () => new plugin.GetSpecSchema.Response({ json_schema: (await source()).specSchema() }),
    ),
    Init: answer(async ({ spec, no_connection }: plugin.Init.Request) => {
      (await source()).init(spec, no_connection);
      return new plugin.Init.Response();
    }),
    GetTables: answer(async ({ tables, skip_tables, skip_dependent_tables }: plugin.GetTables.Request) => {
      const selection = { tables, skipTables: skip_tables, skipDependentTables: skip_dependent_tables };
      return new plugin.GetTables.Response({ tables: (await source()).tables(selection) });
    }),
    Sync: (call: ServerWritableStream<plugin.Sync.Request, plugin.Sync.Response>) => {
      void sendSync(call, source, log);
    },
    TestConnection: answer(async ({ spec }: plugin.TestConnection.Request, signal) => {
      const { success, failureCode, failureDescription } = await (await source()).testConnection(spec, signal);
      return new plugin.TestConnection.Response({
        success,
        failure_code: failureCode,
        failure_description: failureDescription,
      });
    }),
    Close: answer(() => new plugin.Close.Response()),
  });
  return server;
}

/** Binds to `unix:/path`, for this user alone, or to `host:port`. Resolves when clients can connect. */
export async function listen(server: Server, address: string): Promise<void> {
  // A socket has its mode from the start: a chmod would leave a moment for others, and nobody says what directory it is in.
  const before = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      server.bindAsync(address, ServerCredentials.createInsecure(), (error) => {
        if (error) reject(new Error(`cannot listen on ${address}: ${error.message}`, { cause: error }));
        else resolve();
      });
    });
  } finally {
    process.umask(before);
  }
}

async function sendSync(
  call: ServerWritableStream<plugin.Sync.Request, plugin.Sync.Response>,
  source: () => Promise<Source>,
  log: Log,
): Promise<void> {
  const cancelled = new AbortController();
  call.once('cancelled', () => {
    cancelled.abort();
  });
  const { tables, skip_tables, skip_dependent_tables, deterministic_cq_id, withErrorMessages } = call.request;
  const request = {
    selection: { tables, skipTables: skip_tables, skipDependentTables: skip_dependent_tables },
    deterministicCqId: deterministic_cq_id,
    shards: call.request.has_shard ? call.request.shard.total : 1,
    backend: call.request.has_backend
      ? { tableName: call.request.backend.table_name, connection: call.request.backend.connection }
      : undefined,
  };
  try {
    for await (const message of (await source()).sync(request, cancelled.signal)) {
      if (message.kind === 'error') {
        // The CloudQuery CLI counts the messages and drops their text. It takes the larger of both counts, so that none counts twice.
        log('error', `${message.table}: ${message.text}`);
        if (!withErrorMessages) continue;
      }
      // The client sets the pace: what it has not taken yet is not read from the spool.
      await send(call, toResponse(message), cancelled.signal);
    }
    call.end();
  } catch (error) {
    if (cancelled.signal.aborted) {
      log('info', 'sync cancelled by the client');
      call.end();
    } else {
      call.emit('error', toStatus(error, log));
    }
  }
}

/** Resolves when the message is on its way. The stream itself would let sixteen of them wait in memory. */
function send(
  call: ServerWritableStream<plugin.Sync.Request, plugin.Sync.Response>,
  response: plugin.Sync.Response,
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(new Error('cancelled', { cause: signal.reason }));
    };
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    call.write(response, () => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
  });
}

function toResponse(message: SyncMessage): plugin.Sync.Response {
  switch (message.kind) {
    case 'migrate':
      return new plugin.Sync.Response({
        migrate_table: new plugin.Sync.MessageMigrateTable({ table: message.schema }),
      });
    case 'insert':
      return new plugin.Sync.Response({ insert: new plugin.Sync.MessageInsert({ record: message.record }) });
    case 'error':
      return new plugin.Sync.Response({
        error: new plugin.Sync.MessageError({ table_name: message.table, error: message.text }),
      });
  }
}

/** In bytes. The details travel in an HTTP/2 header, where each may take three; beyond 64 KiB the connection breaks. */
const longestDetails = 16 * 1024;

const statusOf: Readonly<Record<string, status>> = {
  SpecError: status.INVALID_ARGUMENT,
  SelectionError: status.INVALID_ARGUMENT,
  ShardError: status.INVALID_ARGUMENT,
  NotReadyError: status.FAILED_PRECONDITION,
  StateError: status.FAILED_PRECONDITION,
  CredentialsError: status.UNAUTHENTICATED,
  SyncFailedError: status.ABORTED,
};

function toStatus(error: unknown, log: Log): Partial<ServerErrorResponse> {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const code = statusOf[name] ?? status.INTERNAL;
  if (code === status.INTERNAL) log('debug', stack ?? message);
  const bytes = Buffer.from(message);
  return { code, details: bytes.length > longestDetails ? `${bytes.toString('utf8', 0, longestDetails)}…` : message };
}
