import { DatabaseError } from '../errors.js';
import { giveOwnDatabase } from './files.js';
import { run, type ServiceUser } from './process.js';

const name = 'postgres';

async function lookUp(): Promise<ServiceUser | undefined> {
  const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
  if (uid.code !== 0 || gid.code !== 0) return undefined;
  return { name, uid: Number(uid.output), gid: Number(gid.output) };
}

/** PostgreSQL refuses to run as root: as root, this is the user it runs as instead; undefined otherwise. */
export async function serviceUser(onNotice: (text: string) => void): Promise<ServiceUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const existing = await lookUp();
  if (existing) return existing;

  // shadow's tools first, then busybox's (Alpine).
  const made = await run('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/false', name]);
  if (made.code !== 0) {
    await run('addgroup', ['-S', name]);
    await run('adduser', ['-S', '-D', '-H', '-s', '/bin/false', '-G', name, name]);
  }
  const created = await lookUp();
  if (!created) {
    throw new DatabaseError(
      `embedded PostgreSQL: it cannot run as root, and the system user "${name}" could not be created ` +
        `(${made.output || (made.startError ?? 'useradd failed')}). Create that user, run as another user, or ${giveOwnDatabase}`,
    );
  }
  onNotice(`created the system user "${name}", because PostgreSQL does not run as root`);
  return created;
}
