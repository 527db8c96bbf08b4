import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { SyncError } from './errors.js';

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
    await rm(directory, { recursive: true, force: true });
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
    throw new SyncError(
      `The plugin (${program}) did not start: ${isLate ? `no answer within ${startTimeoutMs / 1000} seconds` : (state.end ?? '')}` +
        `${lastLines(plugin.stderr)}. Nothing was read or written. From a checkout, run \`npm ci && npm run build\` first.`,
    );
  }
  return plugin;
}

/** ` (its last words: ...)`, or nothing. */
export function lastLines(stderr: string): string {
  const text = stderr.trim().split('\n').slice(-5).join(' / ').trim();
  return text === '' ? '' : ` (its last words: ${text})`;
}

async function socketDirectory(): Promise<string> {
  const prefix = 'aws-delegation-';
  const fits = Buffer.byteLength(join(tmpdir(), prefix)) + 'XXXXXX/cq.sock'.length <= socketPathBytes;
  // mkdtemp makes it 0700.
  return mkdtemp(join(fits ? tmpdir() : '/tmp', `${prefix}${fits ? '' : randomBytes(2).toString('hex')}`));
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
