import { join } from 'node:path';
import { pluginV3 } from '@cloudquery/plugin-pb-javascript';
import { agreeOnTables } from './agree_on_tables.js';
import { Backend } from './backend.js';
import { PluginClient } from './plugin_client.js';
import { pluginFailure } from './plugin_failure.js';
import type { Summary } from './summarize.js';
import type { SyncRun } from './sync_options.js';
import { write } from './write.js';

import v3 = pluginV3.cloudquery.plugin.v3;

/** Asks the plugin for what the spec chooses, in the order of the CloudQuery CLI, and has it written. */
export async function receive(run: SyncRun): Promise<Summary> {
  const { plugin, spec, signal, report } = run;
  const client = new PluginClient(plugin, signal);
  const selection = {
    tables: [...spec.tables],
    skip_tables: [...spec.skipTables],
    skip_dependent_tables: spec.skipDependentTables,
  };
  let backend: Backend | undefined;
  try {
    await client.ready();
    await client.init(spec.pluginSpec);
    const announced = await client.tables(new v3.GetTables.Request(selection));
    const mayDrop = await agreeOnTables(run, announced);
    signal.throwIfAborted();
    if (spec.stateTable !== undefined) {
      backend = await Backend.serve({
        tableName: spec.stateTable,
        socket: join(plugin.directory, 'db.sock'),
        databaseUrl: run.databaseUrl,
        dropped: mayDrop,
      });
    }
    const request = new v3.Sync.Request({
      ...selection,
      deterministic_cq_id: spec.deterministicCqId,
      withErrorMessages: true,
      ...(backend && {
        backend: new v3.Sync.BackendOptions({
          table_name: backend.options.tableName,
          connection: backend.connection,
        }),
      }),
    });
    report.phase('reading');
    return await client.sync(request, (stream) => write({ ...run, mayDrop, backend }, stream));
  } catch (error) {
    throw await pluginFailure(error, plugin, spec.path);
  } finally {
    backend?.close();
    client.close();
  }
}
