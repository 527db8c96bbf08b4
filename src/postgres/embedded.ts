import { randomBytes } from 'node:crypto';
import { chown, mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { disconnect } from './connect.js';
import { findBinaries, importPlatformPackage, type Binaries } from './binaries.js';
import { DatabaseError, errorCode, errorMessage } from './errors.js';
import { embeddedHome } from './home.js';
import { removeLeftovers } from './leftovers.js';
import { run, type ServiceUser } from './process.js';
import { serviceUser } from './service_user.js';

export interface EmbeddedOptions {
  /** Which of the databases under the home: `default`, `demo`. */
  readonly name?: string;
  readonly home?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Told of anything that a user should know: a port that changed, a server that was still running. */
  readonly onNotice?: (text: string) => void;
  /** Survives a power cut by default; tests trade that for speed. Decided when the database is created. */
  readonly fsync?: boolean;
}

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

interface Instance {
  readonly directory: string;
  readonly dataDirectory: string;
  readonly logFile: string;
  readonly keepFile: string;
  readonly binaries: Binaries;
  readonly user: ServiceUser | undefined;
  readonly onNotice: (text: string) => void;
}

interface Settings {
  port: number;
  password: string;
}

/** What the server writes to postmaster.pid. */
interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** starting, ready, stopping, standby; empty before the server wrote one */
  readonly status: string;
}

const superuser = 'postgres';
const database = 'aws_delegation';
// Advisory lock, in the database "postgres": each user of the server holds it shared, who stops it takes it exclusively.
const lifetimeLock = 0x6177_7364;
const startTimeoutMs = 60_000;
const pollMs = 20;
const startAgainMs = 200;
const longestLog = 1024 * 1024;
const orOwnDatabase = 'Or give a database of your own with --database or DATABASE_URL.';

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
  if (!(await exists(join(directory, 'instance.json')))) return { isStopped: true, wasRunning: false };
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
  if (!(await exists(join(directory, 'instance.json')))) return undefined;
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

function instanceDirectory(options: EmbeddedOptions): string {
  const name = options.name ?? 'default';
  if (!/^[a-z0-9][a-z0-9_-]{0,39}$/.test(name)) throw new TypeError(`not a name for an embedded database: ${name}`);
  return join(options.home ?? embeddedHome(options.env), 'postgres', name);
}

function urlOf({ port, password }: Settings, databaseName: string): string {
  return `postgresql://${superuser}:${password}@127.0.0.1:${port}/${databaseName}`;
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return false;
    throw unusable(path, error);
  }
}

function unusable(path: string, error: unknown): DatabaseError {
  return new DatabaseError(
    `embedded PostgreSQL: ${path} cannot be used (${errorCode(error) ?? errorMessage(error)}). Let AWS_DELEGATION_HOME ` +
      `name a directory that you can write to. ${orOwnDatabase}`,
    { cause: error, code: errorCode(error) },
  );
}

async function prepare(options: EmbeddedOptions): Promise<Instance> {
  const instance = await find(options);
  if (!(await exists(join(instance.directory, 'instance.json')))) await create(instance, options.fsync ?? true);
  await mustFit(instance);
  return instance;
}

async function find(options: EmbeddedOptions): Promise<Instance> {
  const onNotice = options.onNotice ?? (() => undefined);
  const home = options.home ?? embeddedHome(options.env);
  const directory = instanceDirectory(options);
  const paths = await importPlatformPackage();
  const user = await serviceUser(onNotice);
  try {
    await mkdir(join(home, 'postgres'), { recursive: true, mode: 0o755 });
  } catch (error) {
    throw unusable(home, error);
  }
  await mustReach(join(home, 'postgres'), user);
  await removeLeftovers(directory);
  await removeLeftovers(join(directory, 'instance.json'));
  const binaries = await findBinaries(paths, home, user, onNotice);
  const instance: Instance = {
    directory,
    dataDirectory: join(directory, 'data'),
    logFile: join(directory, 'server.log'),
    keepFile: join(directory, 'keep'),
    binaries,
    user,
    onNotice,
  };
  return instance;
}

/** PostgreSQL reads the files of its own major version only, and does not change those of another one. */
async function mustFit({ directory, dataDirectory, binaries }: Instance): Promise<void> {
  const path = join(dataDirectory, 'PG_VERSION');
  let created: string;
  try {
    created = (await readFile(path, 'utf8')).trim();
  } catch (error) {
    throw unusable(path, error);
  }
  if (created === majorOf(binaries)) return;
  const aside = `${directory}.${created}`;
  throw new DatabaseError(
    `embedded PostgreSQL: the data in ${dataDirectory} is of PostgreSQL ${created}, and the installed server, ${binaries.version}, cannot ` +
      `read it. Nothing was changed. To begin anew: mv ${directory} ${aside}, and sync again; what AWS has now comes back, and what only the old ` +
      'database knew does not: the history, aws_policy_result_changes, and organization events that AWS has dropped by now. To take everything along: ' +
      `docs/commands.md, "An embedded database of another version". ${orOwnDatabase}`,
  );
}

function majorOf({ version }: Binaries): string {
  return version.split('.')[0] ?? '';
}

async function mustReach(directory: string, user: ServiceUser | undefined): Promise<void> {
  if (user === undefined) return;
  const looked = await run('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], { user });
  if (looked.code === 0) return;
  throw new DatabaseError(
    `embedded PostgreSQL: as root it runs as the user "${user.name}", who cannot reach ${directory}. Let ` +
      `AWS_DELEGATION_HOME name a directory below one that everybody may enter (mode 755). ${orOwnDatabase}`,
  );
}

/** Made aside and renamed into place, so that two first runs at once end up with one database, and a killed one with none. */
async function create(instance: Instance, fsync: boolean): Promise<void> {
  const aside = `${instance.directory}.${randomBytes(6).toString('hex')}`;
  const dataDirectory = join(aside, 'data');
  const passwordFile = join(aside, 'password');
  const settings: Settings = { port: await freePort(), password: randomBytes(24).toString('base64url') };
  try {
    await mkdir(aside, { mode: 0o700 });
    await writeFile(passwordFile, `${settings.password}\n`, { mode: 0o600 });
    await give(instance.user, aside, passwordFile);
    const made = await run(
      instance.binaries.initdb,
      [
        `--pgdata=${dataDirectory}`,
        `--username=${superuser}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        // The same order and the same lower() on every machine, whatever locales it has.
        '--locale=C',
        ...(Number(majorOf(instance.binaries)) >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : []),
        '--no-instructions',
        ...(fsync ? [] : ['--no-sync']),
      ],
      { user: instance.user, cwd: aside },
    );
    if (made.code !== 0) {
      throw new DatabaseError(
        `embedded PostgreSQL: creating a database in ${instance.directory} failed: ` +
          `${lastLines(made.output) || (made.startError ?? 'initdb gave no reason')}. ${orOwnDatabase}`,
      );
    }
    const conf = await open(join(dataDirectory, 'postgresql.conf'), 'a');
    await conf.writeFile(
      [
        '',
        "listen_addresses = '127.0.0.1'",
        // Without one there is no path that could be too long, or closed to the service user.
        "unix_socket_directories = ''",
        "timezone = 'UTC'",
        "log_timezone = 'UTC'",
        'jit = off',
        ...(fsync ? [] : ['fsync = off', 'full_page_writes = off']),
        '',
      ].join('\n'),
    );
    await conf.close();
    await rm(passwordFile);
    await writeFile(join(aside, 'server.log'), '', { mode: 0o600 });
    await give(instance.user, join(aside, 'server.log'));
    await writeSettings(aside, settings);
    try {
      await rename(aside, instance.directory);
    } catch (error) {
      // Another first run was faster: its database is as good as this one.
      if (!(await exists(join(instance.directory, 'instance.json')))) throw error;
    }
  } catch (error) {
    if (error instanceof DatabaseError) throw error;
    throw unusable(instance.directory, error);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function give(user: ServiceUser | undefined, ...paths: string[]): Promise<void> {
  if (user === undefined) return;
  for (const path of paths) await chown(path, user.uid, user.gid);
}

async function readSettings(directory: string): Promise<Settings> {
  const path = join(directory, 'instance.json');
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Settings;
  } catch (error) {
    // Without the parser's words: they quote the text, the password included.
    throw unusable(path, error instanceof SyntaxError ? new Error('it is no JSON') : error);
  }
}

async function writeSettings(directory: string, settings: Settings): Promise<void> {
  const path = join(directory, 'instance.json');
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  await writeFile(aside, `${JSON.stringify(settings)}\n`, { mode: 0o600 });
  await rename(aside, path);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('no free port'));
      });
    });
  });
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.on('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

async function readPostmaster({ dataDirectory }: { dataDirectory: string }): Promise<Postmaster | undefined> {
  let text: string;
  try {
    text = await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw unusable(dataDirectory, error);
  }
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return { pid, port: Number(lines[3] ?? 0), status: (lines[7] ?? '').trim() };
}

/** The server process of this data directory, whatever its state; undefined where it is gone, even if its file is not. */
async function running(where: { dataDirectory: string }): Promise<Postmaster | undefined> {
  const postmaster = await readPostmaster(where);
  return postmaster !== undefined && isAlive(postmaster.pid) ? postmaster : undefined;
}

/** After a reboot or in a container, the number in an old postmaster.pid may belong to a program that is no PostgreSQL. */
async function removeForeignPidFile(instance: Instance): Promise<void> {
  if (process.platform === 'win32') return;
  const postmaster = await running(instance);
  if (postmaster === undefined) return;
  const program = await run('ps', ['-o', 'comm=', '-p', String(postmaster.pid)]);
  if (program.code !== 0 || program.output === '' || program.output.includes('postgres')) return;
  await rm(join(instance.dataDirectory, 'postmaster.pid'), { force: true });
  instance.onNotice(`removed the postmaster.pid of an earlier run: process ${postmaster.pid} is ${program.output}`);
}

async function hold(instance: Instance): Promise<{ client: pg.Client; settings: Settings }> {
  const deadline = Date.now() + startTimeoutMs;
  let isFirstLook = true;
  for (;;) {
    const settings = await ensureRunning(instance, deadline, isFirstLook);
    isFirstLook = false;
    const client = new pg.Client({
      connectionString: urlOf(settings, 'postgres'),
      application_name: 'aws-delegation embedded',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    });
    client.on('error', () => undefined);
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

function cannotStart(instance: Instance, why: string, cause?: unknown): DatabaseError {
  return new DatabaseError(
    `embedded PostgreSQL: the server of ${instance.dataDirectory} does not start: ${why}. Its log is ` +
      `${instance.logFile}. ${orOwnDatabase}`,
    { cause, code: errorCode(cause) },
  );
}

/** The settings with the port that the running server listens on. */
async function ensureRunning(instance: Instance, deadline: number, isFirstLook: boolean): Promise<Settings> {
  const settings = await readSettings(instance.directory);
  if (isFirstLook) await removeForeignPidFile(instance);
  let failedStarts = 0;
  for (;;) {
    const server = await running(instance);
    if (server?.status === 'ready') {
      if (server.port !== settings.port) {
        settings.port = server.port;
        await writeSettings(instance.directory, settings);
      }
      return settings;
    }
    if (Date.now() > deadline) {
      throw cannotStart(
        instance,
        server ? `process ${server.pid} stays in the state "${server.status}"` : 'no reason given',
      );
    }
    if (server !== undefined) {
      // Another run starts or stops it at this moment.
      await delay(pollMs);
      continue;
    }
    if (!(await isFree(settings.port))) {
      const taken = settings.port;
      settings.port = await freePort();
      await writeSettings(instance.directory, settings);
      instance.onNotice(
        `port ${taken} is taken by another program: the embedded PostgreSQL now listens on ${settings.port}`,
      );
    }
    await rotateLog(instance);
    const logSize = await sizeOf(instance.logFile);
    const started = await run(
      instance.binaries.pgCtl,
      [
        'start',
        '-w',
        '-t',
        '60',
        '-s',
        '-D',
        instance.dataDirectory,
        '-l',
        instance.logFile,
        '-o',
        `-p ${settings.port}`,
      ],
      { user: instance.user, cwd: instance.directory },
    );
    if (started.code === 0) continue;
    // Lost a race against another run, or against another program for the port: the next look tells.
    if ((await running(instance)) !== undefined || !(await isFree(settings.port))) continue;
    const log = await readFrom(instance.logFile, logSize);
    // Of a server that was killed, a process that is at work does not notice before its statement ends.
    if (log.includes('pre-existing shared memory block')) {
      if (Date.now() > deadline) {
        throw cannotStart(
          instance,
          `its main process was killed, and another one of it still works on a statement. Wait for that to end, or end it: ${lastLines(log)}`,
        );
      }
      await delay(startAgainMs);
      continue;
    }
    // A server that another run started and stopped meanwhile looks the same as one that did not start.
    if (++failedStarts < 5) continue;
    throw cannotStart(
      instance,
      lastLines(log) || lastLines(started.output) || (started.startError ?? 'no reason given'),
    );
  }
}

/** Stops the server if nobody else uses it and nobody asked to keep it. */
async function letGo(instance: Instance, held: pg.Client | undefined): Promise<void> {
  let client = held;
  try {
    if (client === undefined) {
      const server = await running(instance);
      if (server === undefined) return;
      const settings = await readSettings(instance.directory);
      client = new pg.Client({
        connectionString: urlOf({ ...settings, port: server.port }, 'postgres'),
        application_name: 'aws-delegation embedded',
        connectionTimeoutMillis: 10_000,
      });
      client.on('error', () => undefined);
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

/** Each start and stop adds lines, for years. */
async function rotateLog({ logFile, user }: Instance): Promise<void> {
  if ((await sizeOf(logFile)) < longestLog) return;
  try {
    await rename(logFile, `${logFile}.1`);
    await writeFile(logFile, '', { mode: 0o600, flag: 'wx' });
    await give(user, logFile);
  } catch (error) {
    // Another run was faster.
    if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'EEXIST') throw unusable(logFile, error);
  }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

async function readFrom(path: string, start: number): Promise<string> {
  try {
    return (await readFile(path)).subarray(start).toString('utf8');
  } catch {
    return '';
  }
}

function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join(' / ');
}
