import { join } from 'node:path';
import { credentials, type ServiceError } from '@grpc/grpc-js';
import { discovery1, pluginV3 } from '@cloudquery/plugin-pb-javascript';
import { agreeOnTables } from './agree_on_tables.js';
import { Backend } from './backend.js';
import { rowsAreSafe, SyncError } from './errors.js';
import { pluginFailure } from './plugin_failure.js';
import type { Summary } from './summarize.js';
import type { SyncRun } from './sync_options.js';
import { write } from './write.js';

import v1 = discovery1.cloudquery.discovery.v1;
import v3 = pluginV3.cloudquery.plugin.v3;

const readyTimeoutMs = 20_000;
// What the CloudQuery CLI receives in one message.
const maxMessageBytes = 200 * 1024 * 1024;

export async function receive(options: SyncRun): Promise<Summary> {
  const { plugin, spec, signal, report } = options;
  const channel = {
    'grpc.max_receive_message_length': maxMessageBytes,
    'grpc.max_send_message_length': maxMessageBytes,
    'grpc.initial_reconnect_backoff_ms': 50,
    'grpc.max_reconnect_backoff_ms': 500,
    // A proxy of the environment is for AWS, not for a socket on this machine.
    'grpc.enable_http_proxy': 0,
  };
  const discovery = new v1.DiscoveryClient(plugin.address, credentials.createInsecure(), channel);
  const source = new v3.PluginClient(plugin.address, credentials.createInsecure(), channel);
  let backend: Backend | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      source.waitForReady(Date.now() + readyTimeoutMs, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    const { versions } = await unary<v1.GetVersions.Response>((done) =>
      discovery.GetVersions(new v1.GetVersions.Request(), done),
    );
    if (!versions.includes(3)) {
      throw new SyncError(
        `The plugin speaks version ${versions.join(', ')} of CloudQuery's protocol, 3 is needed. Update aws-delegation. ${rowsAreSafe}`,
      );
    }
    // CloudQuery sends an empty spec as the text `null`.
    const init = new v3.Init.Request({
      spec: Buffer.from(JSON.stringify(spec.pluginSpec)),
      no_connection: false,
    });
    await unary((done) => source.Init(init, done));
    signal.throwIfAborted();
    const { tables } = await unary<v3.GetTables.Response>((done) =>
      source.GetTables(
        new v3.GetTables.Request({
          tables: [...spec.tables],
          skip_tables: [...spec.skipTables],
          skip_dependent_tables: spec.skipDependentTables,
        }),
        done,
      ),
    );
    const mayDrop = await agreeOnTables(options, tables);
    signal.throwIfAborted();

    if (spec.stateTable !== undefined) {
      backend = await Backend.serve({
        tableName: spec.stateTable,
        socket: join(plugin.directory, 'db.sock'),
        databaseUrl: options.databaseUrl,
        dropped: mayDrop,
      });
    }
    const call = source.Sync(
      new v3.Sync.Request({
        tables: [...spec.tables],
        skip_tables: [...spec.skipTables],
        skip_dependent_tables: spec.skipDependentTables,
        deterministic_cq_id: spec.deterministicCqId,
        withErrorMessages: true,
        ...(backend && {
          backend: new v3.Sync.BackendOptions({
            table_name: backend.options.tableName,
            connection: backend.connection,
          }),
        }),
      }),
    );
    const cancel = () => {
      call.cancel();
    };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      report.phase('reading');
      return await write({ ...options, mayDrop, backend }, call);
    } finally {
      signal.removeEventListener('abort', cancel);
      call.cancel();
    }
  } catch (error) {
    throw await pluginFailure(error, plugin);
  } finally {
    backend?.close();
    discovery.close();
    source.close();
  }
}

function unary<Response>(
  call: (done: (error: ServiceError | null, response?: Response) => void) => unknown,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => {
      if (error) reject(error);
      else if (response === undefined) reject(new Error('empty answer'));
      else resolve(response);
    });
  });
}
