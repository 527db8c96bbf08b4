import { lstat, readdir, rmdir, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** What one run has in its directory: its own, which only shows that it is there, the plugin's and that of the state. */
const socketNames: readonly string[] = ['up.sock', 'cq.sock', 'db.sock'];
/** The first socket comes at once. */
const emptyForMs = 60_000;
/** A socket is bound a moment before it listens, and refuses meanwhile. */
const secondLookMs = 200;

/**
 * Removes the socket directories of runs that were killed: nobody else would. One is stale where its sockets refuse, which
 * is true of a process in another container too, and where nothing but such sockets is in it, and it is our own.
 *
 * Never throws: a directory that cannot be removed is the next run's.
 *
 * @param name of such a directory.
 */
export async function removeStaleSockets(parent: string, name: RegExp): Promise<void> {
  if (process.platform === 'win32') return;
  const names = await readdir(parent).catch(() => []);
  const directories = names.filter((each) => name.test(each)).map((each) => join(parent, each));
  await Promise.all(
    directories.map(async (directory) => {
      try {
        if (!(await isStale(directory))) return;
        await delay(secondLookMs);
        if (!(await isStale(directory))) return;
        for (const each of socketNames) await unlink(join(directory, each)).catch(() => undefined);
        // Fails where something else is in it.
        await rmdir(directory);
      } catch {
        // Another run was faster, or it is not ours to remove.
      }
    }),
  );
}

async function isStale(directory: string): Promise<boolean> {
  const stats = await lstat(directory);
  if (!stats.isDirectory() || stats.uid !== process.getuid?.()) return false;
  const inside = await readdir(directory);
  if (inside.some((each) => !socketNames.includes(each))) return false;
  if (inside.length === 0) return stats.mtimeMs < Date.now() - emptyForMs;
  const refusals = await Promise.all(inside.map((each) => refuses(join(directory, each))));
  return refusals.every((isRefused) => isRefused);
}

function refuses(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket);
    connection.once('connect', () => {
      connection.destroy();
      resolve(false);
    });
    connection.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code === 'ECONNREFUSED');
    });
  });
}
