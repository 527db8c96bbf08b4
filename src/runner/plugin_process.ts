import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { errorMessage } from '../postgres/index.js';
import { SyncError } from './errors.js';
import { removeStaleSockets } from './stale_sockets.js';

/** One line of the plugin's log. */
export interface PluginLog {
  readonly level: string;
  readonly message: string;
  readonly [key: string]: unknown;
}

export interface PluginProcess {
  /** For a gRPC client: `unix:/...` */
  readonly address: string;
  /** Of the socket: nobody else can enter it, and it goes with the process. */
  readonly directory: string;
  /** Resolves when the process ended, with a description of how: `exit code 1`, `signal SIGKILL`. */
  readonly ended: Promise<string>;
  /** Set as soon as it ended. */
  readonly end: string | undefined;
  /** The last lines of its stderr. */
  readonly stderr: string;
  stop(): Promise<void>;
}

const startTimeoutMs = 30_000;
const killAfterMs = 5000;
const stderrBytes = 8192;
// A unix socket's path has room for so many bytes (macOS; Linux has four more).
const socketPathBytes = 103;

/** Starts `serve` as the CloudQuery CLI does, on a unix socket that only this user can reach. */
export async function startPlugin(
  command: readonly string[],
  options: { env: NodeJS.ProcessEnv; onLog: (line: PluginLog) => void; signal: AbortSignal },
): Promise<PluginProcess> {
  const [program, ...args] = command;
  if (program === undefined) throw new SyncError('The plugin cannot be started: its command is empty.');
  const directory = await socketDirectory();
  const socket = join(directory, 'cq.sock');
  const closeMark = await markAsInUse(directory);
  const sweeping = removeStaleSockets(dirname(directory), directoryName);
  const child = spawn(
    program,
    [
      ...args,
      'serve',
      '--network',
      'unix',
      '--address',
      socket,
      '--log-level',
      'info',
      '--log-format',
      'json',
      '--no-sentry',
    ],
    // Its own process group: the terminal's Ctrl-C reaches us alone, and we end it in order.
    {
      env: {
        ...options.env,
        // It has nothing to do with the database.
        DATABASE_URL: undefined,
        PGPASSWORD: undefined,
        // A stdin that ends when we do, however we end: a plugin that knows the variable can end with it.
        AWS_DELEGATION_END_WITH_STDIN: '1',
      },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    },
  );
  const state = { end: undefined as string | undefined, stderr: '' };
  const ended = new Promise<string>((resolve) => {
    const finish = (how: string) => {
      state.end ??= how;
      resolve(state.end);
    };
    child.on('error', (error: NodeJS.ErrnoException) => {
      finish(`${program} cannot be started (${error.code ?? error.message})`);
    });
    child.on('exit', (code, signal) => {
      finish(signal === null ? `exit code ${code ?? 'unknown'}` : `signal ${signal}`);
    });
  });
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout, crlfDelay: Infinity });
  lines.on('line', (line) => {
    options.onLog(parseLog(line));
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    state.stderr = (state.stderr + text).slice(-stderrBytes);
  });

  // A process.exit() somewhere must not leave a server behind that nobody knows of.
  const killAtExit = () => {
    kill(child, 'SIGKILL');
  };
  process.once('exit', killAtExit);
  let stopping: Promise<void> | undefined;
  const stop = async () => {
    if (state.end === undefined) {
      kill(child, 'SIGINT');
      const patience = new AbortController();
      const isGone = await Promise.race([
        ended.then(() => true),
        delay(killAfterMs, false, { signal: patience.signal }).catch(() => false),
      ]);
      patience.abort();
      if (!isGone) kill(child, 'SIGKILL');
      await ended;
    }
    process.removeListener('exit', killAtExit);
    closeMark();
    await rm(directory, { recursive: true, force: true });
    await sweeping;
  };
  const plugin: PluginProcess = {
    address: `unix:${socket}`,
    directory,
    ended,
    get end() {
      return state.end;
    },
    get stderr() {
      return state.stderr.trim();
    },
    stop: () => (stopping ??= stop()),
  };

  const deadline = Date.now() + startTimeoutMs;
  while (!(await exists(socket))) {
    const isLate = Date.now() > deadline;
    if (state.end === undefined && !isLate && !options.signal.aborted) {
      await delay(10);
      continue;
    }
    await plugin.stop();
    options.signal.throwIfAborted();
    // A signal came from outside, and is no fault of an installation.
    const todo =
      state.end?.startsWith('signal ') === true
        ? `${ifKilled(state.end)}Run the sync again.`
        : 'From a checkout, run `npm ci && npm run build` first.';
    throw new SyncError(
      `The plugin (${program}) did not start: ${isLate ? `no answer within ${startTimeoutMs / 1000} seconds` : (state.end ?? '')}` +
        `${lastLines(plugin.stderr)}. Nothing was read or written. ${todo}`,
    );
  }
  return plugin;
}

/** A question and a space, or nothing. */
export function ifKilled(end: string | undefined): string {
  return end === 'signal SIGKILL' ? 'Was the machine out of memory, or was it killed by hand? ' : '';
}

/** ` (its last words: ...)`, or nothing. */
export function lastLines(stderr: string): string {
  const text = stderr.trim().split('\n').slice(-5).join(' / ').trim();
  return text === '' ? '' : ` (its last words: ${text})`;
}

const prefix = 'aws-delegation-';
/** What {@link socketDirectory} makes. */
const directoryName = /^aws-delegation-([0-9a-f]{4})?[A-Za-z0-9]{6}$/;

async function socketDirectory(): Promise<string> {
  const fits = Buffer.byteLength(join(tmpdir(), prefix)) + 'XXXXXX/cq.sock'.length <= socketPathBytes;
  const parent = fits ? tmpdir() : '/tmp';
  try {
    // mkdtemp makes it 0700.
    return await mkdtemp(join(parent, `${prefix}${fits ? '' : randomBytes(2).toString('hex')}`));
  } catch (error) {
    throw new SyncError(
      `Making a folder for the plugin's socket under ${parent} failed: ${errorMessage(error)}. Nothing was read or written. Make room ` +
        'there, or let TMPDIR name a folder that can be written to, and run the sync again.',
      { cause: error },
    );
  }
}

/** Before the plugin has its socket: what nobody listens on is taken for a leftover of a run that was killed. */
async function markAsInUse(directory: string): Promise<() => void> {
  if (process.platform === 'win32') return () => undefined;
  const server = createServer((connection) => connection.destroy()).unref();
  const socket = join(directory, 'up.sock');
  // Where a socket cannot be made, the plugin says so.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    server.once('error', () => {
      resolve();
    });
    server.listen(socket, resolve);
  });
  // Nobody else can enter the directory, and the socket does not rely on it.
  await chmod(socket, 0o600).catch(() => undefined);
  return () => {
    server.close();
  };
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    // The whole group, so that a plugin started through npm or a shell goes with it.
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It is gone already.
  }
}

function parseLog(line: string): PluginLog {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null && 'level' in value && 'message' in value) {
      return { ...value, level: String(value.level), message: String(value.message) };
    }
  } catch {
    // As the CLI: what is no JSON is an info line.
  }
  return { level: 'info', message: line };
}
