import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { disconnect } from '../connect.js';
import { errorCode, errorMessage } from '../errors.js';
import { exists } from './files.js';
import type { Instance } from './instance.js';
import { running } from './postmaster.js';
import { run } from './process.js';
import { lastLines } from './server_log.js';
import { database, readSettings, urlOf, type Settings } from './settings.js';
import { cannotStart, ensureRunning, pollMs, startTimeoutMs } from './start.js';

// Advisory lock, in the database "postgres": each user of the server holds it shared, who stops it takes it exclusively.
const lifetimeLock = 0x6177_7364;

/** Starts the server where it does not run yet, and takes part in the lock that keeps it from being stopped. */
export async function hold(instance: Instance): Promise<{ client: pg.Client; settings: Settings }> {
  const deadline = Date.now() + startTimeoutMs;
  let isFirstLook = true;
  for (;;) {
    const settings = await ensureRunning(instance, deadline, isFirstLook);
    isFirstLook = false;
    const client = lifetimeClient(settings);
    try {
      await client.connect();
      const { rows } = await client.query<{ held: boolean }>(
        `select pg_try_advisory_lock_shared(${lifetimeLock}) as held`,
      );
      if (rows[0]?.held === true) {
        await ensureDatabase(client);
        return { client, settings };
      }
      // Its last user is just stopping it.
      await disconnect(client);
    } catch (error) {
      void disconnect(client);
      if (!isPassing(error) || Date.now() > deadline) throw cannotStart(instance, errorMessage(error), error);
    }
    if (Date.now() > deadline) throw cannotStart(instance, 'the server kept stopping for a minute');
    await delay(pollMs);
  }
}

/** Stops the server if nobody else uses it and nobody asked to keep it. */
export async function letGo(instance: Instance, held: pg.Client | undefined): Promise<void> {
  let client = held;
  try {
    if (client === undefined) {
      const server = await running(instance);
      if (server === undefined) return;
      const settings = await readSettings(instance.directory);
      client = lifetimeClient({ ...settings, port: server.port });
      await client.connect();
    } else {
      await client.query(`select pg_advisory_unlock_shared(${lifetimeLock})`);
    }
    const { rows } = await client.query<{ alone: boolean }>(`select pg_try_advisory_lock(${lifetimeLock}) as alone`);
    if (rows[0]?.alone !== true) return;
    if (await exists(instance.keepFile)) return;
    // "fast": rolls back what is open and writes a checkpoint, so that the next start needs no recovery.
    const stopped = await run(
      instance.binaries.pgCtl,
      ['stop', '-w', '-t', '60', '-s', '-m', 'fast', '-D', instance.dataDirectory],
      { user: instance.user, cwd: instance.directory },
    );
    if (stopped.code !== 0 && (await running(instance)) !== undefined) {
      instance.onNotice(`the embedded PostgreSQL did not stop: ${lastLines(stopped.output)}`);
    }
  } catch (error) {
    // The server went away by itself, or is being stopped by another: there is nothing left to stop.
    if (!isPassing(error)) instance.onNotice(`the embedded PostgreSQL was not stopped: ${errorMessage(error)}`);
  } finally {
    if (client) await disconnect(client);
  }
}

function lifetimeClient(settings: Settings): pg.Client {
  const client = new pg.Client({
    connectionString: urlOf(settings, 'postgres'),
    application_name: 'aws-delegation embedded',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  client.on('error', () => undefined);
  return client;
}

/** A server that is starting, stopping, or just went away: worth another look. */
function isPassing(error: unknown): boolean {
  const code = errorCode(error);
  // Without a code they are pg's own: the last is said where the server went between the connection and the first question.
  if (code === undefined) {
    return error instanceof Error && /terminated|timeout|ended|not queryable/i.test(error.message);
  }
  return ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03', '08006', '08P01'].includes(code);
}

async function ensureDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('select from pg_database where datname = $1', [database]);
  if (rowCount !== 0) return;
  try {
    await client.query(`create database ${database}`);
  } catch (error) {
    // Two first runs at once: 42P04 duplicate_database, or 23505 from its catalogue.
    if (errorCode(error) !== '42P04' && errorCode(error) !== '23505') throw error;
  }
}
