import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { disconnect } from '../connect.js';
import { createInstance } from './create.js';
import { exists } from './files.js';
import { hold, letGo } from './hold.js';
import { find, instanceDirectory, mustFit, type EmbeddedOptions, type Instance } from './instance.js';
import { running } from './postmaster.js';
import { database, isCreated, readSettings, urlOf } from './settings.js';

export interface Embedded {
  /** Holds the password: never print it whole, except where the user asked for it. */
  readonly url: string;
  readonly dataDirectory: string;
  /** 18.4 */
  readonly version: string;
  /** Lets go of the server; the last one to do so stops it, unless `startEmbedded` asked to keep it. */
  release(): Promise<void>;
}

export interface EmbeddedStatus {
  readonly isRunning: boolean;
  /** `startEmbedded` was called: the server outlives the runs that use it. */
  readonly isKept: boolean;
  readonly url: string;
  readonly dataDirectory: string;
  readonly version: string;
}

/**
 * Starts the embedded server where it is not running yet, and holds it until `release`. A run that was killed leaves
 * nothing behind that a next one could trip over: its lock ends with its connection, and PostgreSQL recovers by itself.
 */
export async function openEmbedded(options: EmbeddedOptions = {}): Promise<Embedded> {
  const instance = await prepare(options);
  const { client, settings } = await hold(instance);
  const held = { client: client as pg.Client | undefined };
  // A server that goes away shows in the queries of whoever uses it; here it only means that nothing is held any more.
  client.on('error', () => (held.client = undefined));
  client.on('end', () => (held.client = undefined));

  return {
    url: urlOf(settings, database),
    dataDirectory: instance.dataDirectory,
    version: instance.binaries.version,
    async release() {
      const mine = held.client;
      held.client = undefined;
      await letGo(instance, mine);
    },
  };
}

/** `db start`: the server runs until `stopEmbedded`, whoever comes and goes. */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedStatus> {
  const instance = await prepare(options);
  // Written before the lock is taken: who stops the server reads it while holding the lock exclusively.
  await writeFile(instance.keepFile, '');
  const { client, settings } = await hold(instance);
  await disconnect(client);
  return {
    isRunning: true,
    isKept: true,
    url: urlOf(settings, database),
    dataDirectory: instance.dataDirectory,
    version: instance.binaries.version,
  };
}

/** `db stop`: false where another run still uses the server; it then stops with the last of them. */
export async function stopEmbedded(
  options: EmbeddedOptions = {},
): Promise<{ isStopped: boolean; wasRunning: boolean }> {
  const directory = instanceDirectory(options);
  if (!(await isCreated(directory))) return { isStopped: true, wasRunning: false };
  // Also a server of another version, which an update has left running.
  const instance = await find(options);
  await rm(instance.keepFile, { force: true });
  const wasRunning = (await running(instance)) !== undefined;
  if (wasRunning) await letGo(instance, undefined);
  return { isStopped: (await running(instance)) === undefined, wasRunning };
}

/** `db url`: undefined where no database was created yet. Starts nothing. */
export async function embeddedStatus(options: EmbeddedOptions = {}): Promise<EmbeddedStatus | undefined> {
  const directory = instanceDirectory(options);
  if (!(await isCreated(directory))) return undefined;
  const settings = await readSettings(directory);
  const dataDirectory = join(directory, 'data');
  const server = await running({ dataDirectory });
  const major = await readFile(join(dataDirectory, 'PG_VERSION'), 'utf8');
  return {
    isRunning: server?.status === 'ready',
    isKept: await exists(join(directory, 'keep')),
    url: urlOf({ ...settings, port: server?.port ?? settings.port }, database),
    dataDirectory,
    version: major.trim(),
  };
}

/** The connection string; undefined where no database was created yet. */
export async function embeddedUrl(options: EmbeddedOptions = {}): Promise<string | undefined> {
  return (await embeddedStatus(options))?.url;
}

async function prepare(options: EmbeddedOptions): Promise<Instance> {
  const instance = await find(options);
  if (!(await isCreated(instance.directory))) await createInstance(instance, options.fsync ?? true);
  await mustFit(instance);
  return instance;
}
