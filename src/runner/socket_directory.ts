import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorMessage } from '../postgres/index.js';
import { SyncError } from './errors.js';

// A unix socket's path has room for so many bytes (macOS; Linux has four more).
const socketPathBytes = 103;

const prefix = 'aws-delegation-';
/** What {@link socketDirectory} makes. */
export const directoryName = /^aws-delegation-([0-9a-f]{4})?[A-Za-z0-9]{6}$/;

export async function socketDirectory(): Promise<string> {
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
export async function markAsInUse(directory: string): Promise<() => void> {
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
