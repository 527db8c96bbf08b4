import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, chownSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll } from 'vitest';
import { serverUrl } from './postgres.js';

const isRoot = process.getuid?.() === 0;

/** Folder with `initdb` and `postgres` of the newest PostgreSQL that Debian's packages have put on this machine. */
export const machineBinaries = (() => {
  const base = '/usr/lib/postgresql';
  if (!existsSync(base)) return undefined;
  const [newest] = readdirSync(base)
    .filter((version) => existsSync(join(base, version, 'bin/initdb')))
    .sort((left, right) => Number(right) - Number(left));
  return newest === undefined ? undefined : join(base, newest, 'bin');
})();

export const hasPsql = (() => {
  try {
    execFileSync('psql', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

interface MachinePostgres {
  /** Of its superuser. */
  readonly url: string;
  stop(): Promise<void>;
}

/** A server of the machine's own PostgreSQL, on loopback, with its data in a folder that goes with it. */
async function startMachinePostgres(binaries: string): Promise<MachinePostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'aws-delegation-machine-postgres-'));
  chmodSync(folder, 0o755);
  // It refuses to run as root; Debian's package has made a user for it.
  const as = isRoot ? ['runuser', '-u', 'postgres', '--'] : [];
  const command = (name: string, ...args: string[]): [string, string[]] => {
    const [first = '', ...rest] = [...as, join(binaries, name), ...args];
    return [first, rest];
  };
  if (isRoot) {
    const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
    chownSync(folder, id('-u'), id('-g'));
  }
  const data = join(folder, 'data');
  execFileSync(...command('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync'), {
    stdio: 'ignore',
  });
  const port = await freePort();
  const server = spawn(
    ...command(
      'postgres',
      '-D',
      data,
      '-h',
      '127.0.0.1',
      '-p',
      String(port),
      '-k',
      folder,
      '-F',
      '-c',
      'max_connections=40',
    ),
    { stdio: 'ignore' },
  );
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  await untilReady(url, server);
  return {
    url,
    async stop() {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      // runuser hands it on; to PostgreSQL it means: end now, and cleanly.
      execFileSync(...command('pg_ctl', '-D', data, 'stop', '-m', 'fast'), { stdio: 'ignore' });
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function untilReady(url: string, server: ChildProcess): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`PostgreSQL ended with ${server.exitCode} before it was ready`);
    const client = new pg.Client({ connectionString: url });
    try {
      await client.connect();
      await client.end();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** What tests with psql run on: the embedded server, and the machine's own, which runs as long as the file that asks. */
export function serversWithPsql(): readonly (readonly [name: string, isThere: boolean, url: () => Promise<string>])[] {
  let own: MachinePostgres | undefined;
  beforeAll(async () => {
    if (hasPsql && machineBinaries !== undefined) own = await startMachinePostgres(machineBinaries);
  });
  afterAll(() => own?.stop());
  return [
    ['the embedded PostgreSQL', hasPsql, serverUrl],
    ["the machine's own PostgreSQL", hasPsql && machineBinaries !== undefined, () => Promise.resolve(own?.url ?? '')],
  ];
}
