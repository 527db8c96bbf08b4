import { existsSync, readFileSync } from 'node:fs';
import { editDistance } from '../text/index.js';
import { restate, readSpecFile, type SpecFile } from '../runner/index.js';
import { loadRules } from '../rules/index.js';
import { matchesWildcard } from '../schema/index.js';
import { UsageError } from './errors.js';
import { queriesDirectory } from './package.js';
import { tell } from './terminal.js';

export const defaultSpec = 'spec.yml';

/** A spec file whose settings a command goes by. */
export interface ChosenSpec {
  readonly file: SpecFile;
  /** Somebody named it, and did not just happen to be in its folder. */
  readonly isNamed: boolean;
}

/**
 * The spec file that was named, or else spec.yml of this folder, where there is one of ours.
 *
 * @throws {UsageError}
 */
export function chooseSpec(given: string | undefined): ChosenSpec | undefined {
  const path = given ?? defaultSpec;
  const isNamed = given !== undefined;
  if (!isNamed && !existsSync(path)) return undefined;
  try {
    return { file: readSpecFile(path, { env: process.env, cwd: process.cwd() }), isNamed };
  } catch (error) {
    if (isNamed || isAboutUs(path)) throw error;
    tell(`${path}: not read, because it is no spec of aws-delegation. To go by another one, name it.`);
    return undefined;
  }
}

/** Many a tool has a spec.yml. One that is ours and broken must not be passed over. */
function isAboutUs(path: string): boolean {
  try {
    return readFileSync(path, 'utf8').includes('aws-delegation');
  } catch {
    return true;
  }
}

/**
 * Reads owners, expectations, approvals, waivers and settings of the spec again; what is returned puts them in the place of
 * what the newest sync stored.
 *
 * @throws {UsageError}
 */
export async function readIntentsAgain({ file, isNamed }: ChosenSpec): Promise<(databaseUrl: string) => Promise<void>> {
  for (const notice of file.notices) tell(notice);
  // Only here: the plugin takes a second to load.
  const { choiceOf, withSource } = await import('./plugin_source.js');
  const rules = (await loadRules(queriesDirectory)).map(({ id }) => id);
  const { name: sourceName } = file.source;
  const choice = choiceOf(file.source);
  const stated = await withSource(choice, (source) =>
    source.state(choice.spec, (pattern) => ruleProblem(pattern, rules)),
  );
  return async (databaseUrl) => {
    const { isSynced, sources, written, notices } = await restate(databaseUrl, {
      sourceName,
      tables: stated.tables,
      state: stated.rowsFor,
      onNotice: tell,
    });
    if (!isSynced) {
      const others = sources.length === 0 ? 'nothing' : sources.map((name) => `"${name}"`).join(', ');
      const what = `${file.path}: its source "${sourceName}" was never synced into this database, which has ${others}`;
      if (isNamed)
        throw new UsageError(`${what}. Sync it first, or name the spec or the --database that belongs to it.`);
      tell(`${what}. It is left aside: what the syncs stored is judged.`);
    }
    if (written.length > 0) {
      const what = written.map((table) => table.replace('aws_delegation_', '')).join(', ');
      tell(`${file.path} is newer than the newest sync of "${sourceName}": judged by what it says now (${what}).`);
    }
    for (const notice of notices) tell(notice);
  };
}

/** For a waiver whose `rule` no rule has. */
export function ruleProblem(pattern: string, rules: readonly string[]): string | undefined {
  if (rules.some((id) => matchesWildcard(pattern, id))) return undefined;
  const bare = pattern.replaceAll('*', '');
  const distances = rules.map((id) => ({ id, distance: editDistance(bare, id) }));
  distances.sort((left, right) => left.distance - right.distance || (left.id < right.id ? -1 : 1));
  const nearest = distances.slice(0, 3).map(({ id }) => id);
  const what = pattern.includes('*') ? 'matches no rule' : 'is no rule';
  return `'${pattern}' ${what} of this version. The nearest are ${nearest.join(', ')}.`;
}
