import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export const bin = join(import.meta.dirname, '..', '..', 'bin', 'aws-delegation');

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

interface RunOptions {
  cwd?: string;
  env?: NodeJS.ProcessEnv;
  program?: string;
}

/** What a process of ours gets of the environment of whoever runs the tests. */
export function ofTheMachine(): NodeJS.ProcessEnv {
  const { PATH, TMPDIR, NODE_COMPILE_CACHE } = process.env;
  return { PATH, TMPDIR, NODE_COMPILE_CACHE };
}

/** Starts the command as a user does, in a process of its own and without any setting of whoever runs the tests. */
export function start(args: readonly string[], options: RunOptions = {}): Running {
  const child = spawn(options.program ?? bin, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: options.cwd,
    env: { ...ofTheMachine(), NO_COLOR: '1', ...options.env },
  });
  const ended: Ended = { code: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (ended.stdout += chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (ended.stderr += chunk));
  return { child, ended: once(child, 'close').then(([code]) => ({ ...ended, code: code as number | null })) };
}

export function run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return start(args, options).ended;
}
