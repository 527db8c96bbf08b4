import { spawn, type ChildProcess } from 'node:child_process';
import { access, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { SyncError } from './errors.js';
import { didNotStart } from './plugin_failure.js';
import { parseLog, type PluginLog } from './plugin_log.js';
import { directoryName, markAsInUse, socketDirectory } from './socket_directory.js';
import { within } from './within.js';
import { removeStaleSockets } from './stale_sockets.js';

export interface PluginProcess {
  readonly program: string;
  /** For a gRPC client: `unix:/...` */
  readonly address: string;
  /** Of the socket: nobody else can enter it, and it goes with the process. */
  readonly directory: string;
  /** Resolves when the process ended, with a description of how: `exit code 1`, `signal SIGKILL`. */
  readonly ended: Promise<string>;
  /** The last lines of its stderr. */
  readonly stderr: string;
  stop(): Promise<void>;
}

const startTimeoutMs = 30_000;
const killAfterMs = 5000;
const stderrBytes = 8192;

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
      if ((await within(killAfterMs, ended)) === undefined) kill(child, 'SIGKILL');
      await ended;
    }
    process.removeListener('exit', killAtExit);
    closeMark();
    await rm(directory, { recursive: true, force: true });
    await sweeping;
  };
  const plugin: PluginProcess = {
    program,
    address: `unix:${socket}`,
    directory,
    ended,
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
    const how = state.end ?? `no answer within ${startTimeoutMs / 1000} seconds`;
    await plugin.stop();
    options.signal.throwIfAborted();
    throw didNotStart(plugin, how);
  }
  return plugin;
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
