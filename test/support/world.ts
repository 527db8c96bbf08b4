import pg from 'pg';
import { startSimulator, type ScenarioInput } from '../../src/simulator/index.js';
import { freshDatabase, type FreshDatabase } from './postgres.js';
import { syncInto } from './sync_into.js';

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
    await syncInto(database.url, { name: 'world', simulator, queriesDir, pluginSpec });
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
