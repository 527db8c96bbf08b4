import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from 'pg';
import { installViews } from '../../src/rules/index.js';
import { freshDatabase, type FreshDatabase } from '../support/postgres.js';
import { createTables, describeTables } from './tables_fixture.js';

export const queriesDir = fileURLToPath(new URL('../../queries', import.meta.url));
export const here = fileURLToPath(new URL('.', import.meta.url));

export interface Organization {
  readonly database: FreshDatabase;
  readonly client: Client;
}

/** A database with the synced tables, the functions of fixture.sql and the views, and what `given` puts into it. */
export async function organization(given: string, { append = false, finish = true } = {}): Promise<Organization> {
  const fixture = await readFile(join(here, 'fixture.sql'), 'utf8');
  const database = await freshDatabase({
    name: append ? 'rules_append' : 'rules',
    prepare: async (client) => {
      await client.query(createTables({ append }));
      await client.query(describeTables());
      await client.query(fixture);
      await installViews(client, queriesDir);
    },
  });
  const client = await database.connect();
  await client.query(given);
  if (finish) await client.query('select fixture.finish()');
  return { database, client };
}

/** Undefined where the installation failed: what is wrong has been said then. */
export async function close(organization: Organization | undefined): Promise<void> {
  if (organization === undefined) return;
  const { database, client } = organization;
  await client.end();
  await database.drop();
}
