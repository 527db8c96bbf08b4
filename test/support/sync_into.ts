import { installViews } from '../../src/rules/index.js';
import { runSync } from '../../src/runner/index.js';
import type { Simulator } from '../../src/simulator/index.js';
import { bin } from './cli.js';

interface SyncInto {
  /** Of the source. */
  name: string;
  simulator: Simulator;
  queriesDir: string;
  pluginSpec?: Record<string, unknown>;
  skipTables?: readonly string[];
}

/** One sync by the built command, of all that the simulator has, with views and rules installed. */
export async function syncInto(
  databaseUrl: string,
  { name, simulator, queriesDir, pluginSpec = {}, skipTables = [] }: SyncInto,
): Promise<void> {
  await runSync({
    spec: {
      name,
      tables: ['*'],
      skipTables,
      skipDependentTables: true,
      deterministicCqId: false,
      pluginSpec: {
        accounts: [{ id: 'world', access_key_id: 'world', secret_access_key: 'world', default_region: 'us-east-1' }],
        custom_endpoint_url: simulator.url,
        ...pluginSpec,
      },
    },
    databaseUrl,
    pluginCommand: [process.execPath, bin],
    env: Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('AWS_'))),
    migrateMode: 'safe',
    install: (client) => installViews(client, queriesDir),
  });
}
