import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { removeStaleSockets } from '../../src/runner/stale_sockets.js';
import { scratchDirectory } from './support.js';

const name = /^run-[a-z]+$/;
const longAgo = 1_000_000_000;

/** Sockets as a process leaves them that was killed. */
async function leaveSockets(...paths: string[]): Promise<void> {
  const script = `for (const path of process.argv.slice(1)) require('node:net').createServer().listen(path, () => console.log(path))`;
  const child = spawn(process.execPath, ['-e', script, ...paths], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  for await (const chunk of child.stdout) {
    said += String(chunk);
    if (paths.every((path) => said.includes(path))) break;
  }
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

test('sockets of a run that was killed go, and those that somebody listens on stay', async () => {
  const parent = await scratchDirectory();
  const directory = async (each: string): Promise<string> => {
    await mkdir(join(parent, each));
    return join(parent, each);
  };
  const [dead, half, alive] = [await directory('run-dead'), await directory('run-half'), await directory('run-alive')];
  await leaveSockets(join(dead, 'cq.sock'), join(dead, 'db.sock'), join(half, 'cq.sock'), join(alive, 'cq.sock'));
  // Of the third run, the plugin was killed and the runner is about to say so.
  const server = createServer();
  await once(server.listen(join(alive, 'db.sock')), 'listening');
  await writeFile(join(half, 'something'), '');
  await directory('run-young');
  await utimes(await directory('run-empty'), longAgo, longAgo);
  await utimes(await directory('other-empty'), longAgo, longAgo);
  await symlink(join(parent, 'other-empty'), join(parent, 'run-link'));

  await Promise.all([removeStaleSockets(parent, name), removeStaleSockets(parent, name)]);
  expect((await readdir(parent)).sort()).toEqual(['other-empty', 'run-alive', 'run-half', 'run-link', 'run-young']);
  expect(await readdir(alive)).toEqual(['cq.sock', 'db.sock']);
  expect((await readdir(half)).sort()).toEqual(['cq.sock', 'something']);
  server.close();
  await removeStaleSockets(join(parent, 'nowhere'), name);
});
