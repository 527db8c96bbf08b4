// Not through the index: `serve` has to be up before the SDKs are loaded, and takes what it needs of the room from there.
import { everyTable, Source } from '../plugin/source.js';
import { inSpecFile, readSpecFile, type SourceSpec } from '../runner/index.js';
import { RunError, UsageError } from './errors.js';
import { version } from './package.js';
import { tell } from './terminal.js';

/** What a spec file chooses, for {@link Source}. */
export interface Choice {
  /** Of the file, for messages. */
  path: string | undefined;
  spec: Uint8Array;
  selection: typeof everyTable;
}

export const everything: Choice = { path: undefined, spec: new Uint8Array(), selection: everyTable };

/** @throws {UsageError} */
export function readChoice(path: string): Choice {
  const { source, notices } = readSpecFile(path, { env: process.env, cwd: process.cwd() });
  for (const notice of notices) tell(notice);
  return choiceOf(source);
}

export function choiceOf(source: SourceSpec): Choice {
  const { path, tables, skipTables, skipDependentTables, pluginSpec } = source;
  return {
    path,
    spec: Buffer.from(JSON.stringify(pluginSpec)),
    selection: { tables, skipTables, skipDependentTables },
  };
}

/** Asks the plugin itself, and words its errors for a user. */
export async function withSource<Result>(
  { path }: Pick<Choice, 'path'>,
  work: (source: Source) => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await work(new Source(version, () => undefined));
  } catch (error) {
    const { name, message } = error instanceof Error ? error : new Error(String(error));
    if (name === 'SpecError' || name === 'SelectionError')
      throw new UsageError(inSpecFile(message, path), { cause: error });
    if (name === 'CredentialsError') throw new RunError(message, { cause: error });
    throw error;
  }
}
