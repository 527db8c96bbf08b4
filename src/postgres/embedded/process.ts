import { spawn } from 'node:child_process';

/** The user that PostgreSQL runs as, where that is not ourselves. */
export interface ServiceUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

export interface Finished {
  readonly code: number | null;
  readonly output: string;
  /** The program could not be started at all: EACCES, ENOENT. */
  readonly startError?: string;
}

/** Runs a program to its end, as the service user if one is given, with nothing of our environment but the path. */
export async function run(
  program: string,
  args: readonly string[],
  options: { user?: ServiceUser | undefined; cwd?: string } = {},
): Promise<Finished> {
  // PG* variables would redirect the server's own tools, and credentials of ours are none of its business.
  const env: NodeJS.ProcessEnv = { LC_ALL: 'C' };
  for (const name of ['PATH', 'SystemRoot', 'SYSTEMROOT', 'TEMP', 'TMP', 'TMPDIR']) {
    if (process.env[name] !== undefined) env[name] = process.env[name];
  }
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd ?? '/',
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
      // A Ctrl-C on the terminal is for us; initdb and pg_ctl come to their end.
      detached: process.platform !== 'win32',
      ...(options.user === undefined ? {} : { uid: options.user.uid, gid: options.user.gid }),
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text));
    child.on('error', (error: NodeJS.ErrnoException) => {
      resolve({ code: null, output, startError: error.code ?? error.message });
    });
    child.on('close', (code) => {
      resolve({ code, output: output.trim() });
    });
  });
}
