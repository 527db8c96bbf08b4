import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseError } from '../errors.js';
import { findBinaries, importPlatformPackage, majorOf, type Binaries } from './binaries.js';
import { orOwnDatabase, unusable } from './files.js';
import { embeddedHome } from './home.js';
import { removeLeftovers } from './leftovers.js';
import { run, type ServiceUser } from './process.js';
import { serviceUser } from './service_user.js';

export interface EmbeddedOptions {
  /** Which of the databases under the home: `default`, `demo`. */
  readonly name?: string;
  readonly home?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Told of anything that a user should know: a port that changed, a server that was still running. */
  readonly onNotice?: (text: string) => void;
  /** Survives a power cut by default; tests trade that for speed. Decided when the database is created. */
  readonly fsync?: boolean;
}

export interface Instance {
  readonly directory: string;
  readonly dataDirectory: string;
  readonly logFile: string;
  readonly keepFile: string;
  readonly binaries: Binaries;
  readonly user: ServiceUser | undefined;
  readonly onNotice: (text: string) => void;
}

export function instanceDirectory(options: EmbeddedOptions): string {
  const name = options.name ?? 'default';
  if (!/^[a-z0-9][a-z0-9_-]{0,39}$/.test(name)) throw new TypeError(`not a name for an embedded database: ${name}`);
  return join(options.home ?? embeddedHome(options.env), 'postgres', name);
}

export async function find(options: EmbeddedOptions): Promise<Instance> {
  const onNotice = options.onNotice ?? (() => undefined);
  const home = options.home ?? embeddedHome(options.env);
  const directory = instanceDirectory(options);
  const paths = await importPlatformPackage();
  const user = await serviceUser(onNotice);
  try {
    await mkdir(join(home, 'postgres'), { recursive: true, mode: 0o755 });
  } catch (error) {
    throw unusable(home, error);
  }
  await mustReach(join(home, 'postgres'), user);
  await removeLeftovers(directory);
  await removeLeftovers(join(directory, 'instance.json'));
  const binaries = await findBinaries(paths, home, user, onNotice);
  return {
    directory,
    dataDirectory: join(directory, 'data'),
    logFile: join(directory, 'server.log'),
    keepFile: join(directory, 'keep'),
    binaries,
    user,
    onNotice,
  };
}

/** PostgreSQL reads the files of its own major version only, and does not change those of another one. */
export async function mustFit({ directory, dataDirectory, binaries }: Instance): Promise<void> {
  const path = join(dataDirectory, 'PG_VERSION');
  let created: string;
  try {
    created = (await readFile(path, 'utf8')).trim();
  } catch (error) {
    throw unusable(path, error);
  }
  if (created === majorOf(binaries)) return;
  const aside = `${directory}.${created}`;
  throw new DatabaseError(
    `embedded PostgreSQL: the data in ${dataDirectory} is of PostgreSQL ${created}, and the installed server, ${binaries.version}, cannot ` +
      `read it. Nothing was changed. To begin anew: mv ${directory} ${aside}, and sync again; what AWS has now comes back, and what only the old ` +
      'database knew does not: the history, aws_policy_result_changes, and organization events that AWS has dropped by now. To take everything along: ' +
      `docs/commands.md, "An embedded database of another version". ${orOwnDatabase}`,
  );
}

async function mustReach(directory: string, user: ServiceUser | undefined): Promise<void> {
  if (user === undefined) return;
  const looked = await run('/bin/sh', ['-c', 'cd "$1"', 'sh', directory], { user });
  if (looked.code === 0) return;
  throw new DatabaseError(
    `embedded PostgreSQL: as root it runs as the user "${user.name}", who cannot reach ${directory}. Let ` +
      `AWS_DELEGATION_HOME name a directory below one that everybody may enter (mode 755). ${orOwnDatabase}`,
  );
}
