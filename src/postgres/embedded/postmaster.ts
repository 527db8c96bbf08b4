import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../errors.js';
import { unusable } from './files.js';
import type { Instance } from './instance.js';
import { run } from './process.js';

/** What the server writes to postmaster.pid. */
interface Postmaster {
  readonly pid: number;
  readonly port: number;
  /** starting, ready, stopping, standby; empty before the server wrote one */
  readonly status: string;
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
export async function running(where: { dataDirectory: string }): Promise<Postmaster | undefined> {
  const postmaster = await readPostmaster(where);
  return postmaster !== undefined && isAlive(postmaster.pid) ? postmaster : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** After a reboot or in a container, the number in an old postmaster.pid may belong to a program that is no PostgreSQL. */
export async function removeForeignPidFile(instance: Instance): Promise<void> {
  if (process.platform === 'win32') return;
  const postmaster = await running(instance);
  if (postmaster === undefined) return;
  const program = await run('ps', ['-o', 'comm=', '-p', String(postmaster.pid)]);
  if (program.code !== 0 || program.output === '' || program.output.includes('postgres')) return;
  await rm(join(instance.dataDirectory, 'postmaster.pid'), { force: true });
  instance.onNotice(`removed the postmaster.pid of an earlier run: process ${postmaster.pid} is ${program.output}`);
}
