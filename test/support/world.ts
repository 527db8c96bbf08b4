import pg from 'pg';
import { runSync } from '../../src/runner/index.js';
import { installViews } from '../../src/rules/index.js';
import { startSimulator, type ScenarioInput } from '../../src/simulator/index.js';
import { bin } from './cli.js';
import { freshDatabase, type FreshDatabase } from './postgres.js';

export interface World {
  readonly database: FreshDatabase;
  readonly client: pg.Client;
  close(): Promise<void>;
}

/** A scenario of the simulator, synced whole into a database of its own, views and rules installed. */
export async function syncedWorld(
  scenario: string | ScenarioInput,
  queriesDir: string,
  pluginSpec: Record<string, unknown> = {},
): Promise<World> {
  const database = await freshDatabase();
  const simulator = await startSimulator({ scenario });
  try {
    await runSync({
      spec: {
        name: 'world',
        tables: ['*'],
        skipTables: [],
        skipDependentTables: true,
        deterministicCqId: false,
        pluginSpec: {
          accounts: [{ id: 'world', access_key_id: 'world', secret_access_key: 'world', default_region: 'us-east-1' }],
          custom_endpoint_url: simulator.url,
          ...pluginSpec,
        },
      },
      databaseUrl: database.url,
      pluginCommand: [process.execPath, bin],
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))),
      migrateMode: 'safe',
      install: (client) => installViews(client, queriesDir),
    });
  } finally {
    await simulator.close();
  }
  const client = await database.connect();
  return {
    database,
    client,
    async close() {
      await client.end();
      await database.drop();
    },
  };
}
