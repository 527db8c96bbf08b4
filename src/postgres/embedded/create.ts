import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseError } from '../errors.js';
import { majorOf } from './binaries.js';
import { give, orOwnDatabase, unusable } from './files.js';
import type { Instance } from './instance.js';
import { freePort } from './ports.js';
import { run } from './process.js';
import { lastLines } from './server_log.js';
import { isCreated, superuser, writeSettings, type Settings } from './settings.js';

/** Made aside and renamed into place, so that two first runs at once end up with one database, and a killed one with none. */
export async function createInstance(instance: Instance, fsync: boolean): Promise<void> {
  const aside = `${instance.directory}.${randomBytes(6).toString('hex')}`;
  const dataDirectory = join(aside, 'data');
  const passwordFile = join(aside, 'password');
  const settings: Settings = { port: await freePort(), password: randomBytes(24).toString('base64url') };
  try {
    await mkdir(aside, { mode: 0o700 });
    await writeFile(passwordFile, `${settings.password}\n`, { mode: 0o600 });
    await give(instance.user, aside, passwordFile);
    const made = await run(
      instance.binaries.initdb,
      [
        `--pgdata=${dataDirectory}`,
        `--username=${superuser}`,
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        '--encoding=UTF8',
        // The same order and the same lower() on every machine, whatever locales it has.
        '--locale=C',
        ...(Number(majorOf(instance.binaries)) >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : []),
        '--no-instructions',
        ...(fsync ? [] : ['--no-sync']),
      ],
      { user: instance.user, cwd: aside },
    );
    if (made.code !== 0) {
      throw new DatabaseError(
        `embedded PostgreSQL: creating a database in ${instance.directory} failed: ` +
          `${lastLines(made.output) || (made.startError ?? 'initdb gave no reason')}. ${orOwnDatabase}`,
      );
    }
    const conf = await open(join(dataDirectory, 'postgresql.conf'), 'a');
    await conf.writeFile(
      [
        '',
        "listen_addresses = '127.0.0.1'",
        // Without one there is no path that could be too long, or closed to the service user.
        "unix_socket_directories = ''",
        "timezone = 'UTC'",
        "log_timezone = 'UTC'",
        'jit = off',
        ...(fsync ? [] : ['fsync = off', 'full_page_writes = off']),
        '',
      ].join('\n'),
    );
    await conf.close();
    await rm(passwordFile);
    await writeFile(join(aside, 'server.log'), '', { mode: 0o600 });
    await give(instance.user, join(aside, 'server.log'));
    await writeSettings(aside, settings);
    try {
      await rename(aside, instance.directory);
    } catch (error) {
      // Another first run was faster: its database is as good as this one.
      if (!(await isCreated(instance.directory))) throw error;
    }
  } catch (error) {
    if (error instanceof DatabaseError) throw error;
    throw unusable(instance.directory, error);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}
