import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, inject } from 'vitest';
import { startEmbedded, stopEmbedded } from '../../src/postgres/index.js';

export interface FreshDatabase {
  readonly url: string;
  readonly name: string;
  /** A connected client, closed at the end of the test file. */
  connect(): Promise<pg.Client>;
  /** One statement on a connection of its own. */
  query<Row extends pg.QueryResultRow = Record<string, unknown>>(text: string, values?: unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

export interface Template {
  /** Names what `prepare` does: the first caller in the run prepares, all others clone. */
  readonly name: string;
  readonly prepare: (client: pg.Client) => Promise<void>;
}

let server: Promise<string> | undefined;
let ownHome: string | undefined;

afterAll(async () => {
  if (ownHome === undefined) return;
  await stopEmbedded({ name: 'test', home: ownHome });
  await rm(ownHome, { recursive: true, force: true });
});

async function start(): Promise<string> {
  // To run the tests on another version of PostgreSQL: the URL of a superuser.
  const given = process.env['AWS_DELEGATION_TEST_SERVER'];
  if (given) return given;
  let home = inject('postgresHome') as string | undefined;
  if (home === undefined) {
    // Without the global setup: a server of this file's own.
    home = ownHome = await mkdtemp(join(tmpdir(), 'aws-delegation-test-'));
    await chmod(home, 0o755);
  }
  const { url } = await startEmbedded({ name: 'test', home, fsync: false });
  return url;
}

/** The connection string of the run's PostgreSQL server, as its superuser. */
export async function serverUrl(): Promise<string> {
  server ??= start();
  return server;
}

async function onServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: await serverUrl() });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function inDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}

/** The connection string of the database of `client`, for another program: that of a {@link Template} while it is prepared. */
export async function urlOf({ database = '' }: pg.Client): Promise<string> {
  return inDatabase(await serverUrl(), database);
}

async function ensureTemplate(client: pg.Client, url: string, template: Template): Promise<string> {
  const name = `template_${template.name}`;
  await client.query('select pg_advisory_lock(hashtext($1))', [name]);
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount !== 0) return name;
    // Prepared under another name, so that a preparation that failed leaves no half template.
    const draft = `draft_${randomBytes(6).toString('hex')}`;
    await client.query(`create database ${draft}`);
    const inside = new pg.Client({ connectionString: inDatabase(url, draft) });
    await inside.connect();
    try {
      await template.prepare(inside);
    } finally {
      await inside.end();
    }
    await client.query(`alter database ${draft} rename to ${client.escapeIdentifier(name)}`);
    return name;
  } finally {
    await client.query('select pg_advisory_unlock(hashtext($1))', [name]);
  }
}

/** A database of its own on the run's PostgreSQL server: empty, or a clone of what `template` prepared once. */
export async function freshDatabase(template?: Template): Promise<FreshDatabase> {
  const base = await serverUrl();
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onServer(async (client) => {
    const from = template === undefined ? 'template1' : await ensureTemplate(client, base, template);
    await client.query(`create database ${name} template ${client.escapeIdentifier(from)}`);
  });
  const url = inDatabase(base, name);
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: url });
    // A test that stops the server on purpose must not end in an unhandled event.
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  return {
    url,
    name,
    connect,
    async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) {
      const client = await connect();
      try {
        return (await client.query<Row>(text, values)).rows;
      } finally {
        await client.end();
      }
    },
    async drop() {
      await onServer((client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}
