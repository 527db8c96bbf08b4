import { Option, type Command } from 'commander';
import { visible } from '../../report/characters.js';
import { connect } from '../../postgres/index.js';
import { openDatabase, withDatabase } from '../database.js';
import { InterruptedError, UsageError } from '../errors.js';
import { leftovers, verifyBundle, writeBundle } from '../evidence/bundle.js';
import { fillBundle, type Filled } from '../evidence/content.js';
import { exitCode } from '../exit_code.js';
import { chooseSpec } from '../spec_intents.js';
import { interruptible, print, tell } from '../terminal.js';

interface Options {
  output?: string;
  verify?: string;
  database?: string;
  judge?: boolean;
}

export function addEvidence(program: Command): void {
  program
    .command('evidence')
    .description("an auditor's bundle: the rules, their verdicts and the rows that they judged, with hashes")
    .argument('[spec]', 'the spec whose destination is the database; default: spec.yml where there is one')
    .option('-o, --output <folder>', 'where the bundle goes: an empty folder, a new one, or a bundle that is replaced')
    .addOption(
      new Option('--verify <folder>', 'compare a bundle with its hashes, and say what differs').conflicts([
        'output',
        'database',
        'judge',
      ]),
    )
    .option('--database <url>', 'instead of the destination of the spec')
    .option('--judge', 'run the rules again instead of taking the verdicts that the newest check has kept')
    // What holds for check would be said of this, too.
    .addOption(new Option('--no-install', 'as it is in any case').hideHelp())
    .addHelpText(
      'after',
      '\nThe database is --database, the destination of the spec, DATABASE_URL or the embedded PostgreSQL, in this order. Nothing in it is changed.' +
        '\nExit codes: 0 the bundle is written, or is as it was written; 1 --verify has found a difference; 2 the bundle is written, and says what has to' +
        '\nbe known before relying on it; 3 wrong arguments, or a folder with something else in it; 4 the run failed, and nothing was written.',
    )
    .action(async (given: string | undefined, options: Options) => {
      process.exitCode = await (options.verify === undefined ? write(given, options) : verify(given, options.verify));
    });
}

async function verify(given: string | undefined, directory: string): Promise<number> {
  if (given !== undefined) throw new UsageError('evidence --verify FOLDER needs no spec: everything is in the bundle.');
  const { digest, fileCount, differences } = await verifyBundle(directory);
  for (const difference of differences) print(visibleLine(difference));
  if (differences.length > 0) {
    tell(
      `${directory} is not as it was written: ${differences.length} ${differences.length === 1 ? 'difference' : 'differences'}.`,
    );
    return exitCode.findings;
  }
  print(`sha256:${digest}`);
  tell(
    `${directory} is as it was written: ${fileCount} files. Compare the digest with the one that was kept elsewhere when it was taken.`,
  );
  return exitCode.ok;
}

async function write(given: string | undefined, { output, database, judge = false }: Options): Promise<number> {
  if (output === undefined)
    throw new UsageError('evidence needs -o FOLDER, where the bundle goes, or --verify FOLDER.');
  const spec = given === undefined && database !== undefined ? undefined : chooseSpec(given);
  const opened = openDatabase({ flag: database, destination: spec?.file.destination?.connectionString }, tell);
  return withDatabase(opened, ({ url }) =>
    interruptible(async (signal) => {
      const client = await connect(url);
      // A question that takes long is not waited for.
      signal.addEventListener('abort', () => void client.end());
      try {
        let filled: Filled | undefined;
        const { digest, fileCount } = await writeBundle(
          output,
          async (writer) => {
            filled = await fillBundle(client, writer, { judge });
            return filled.run;
          },
          signal,
        );
        print(`sha256:${digest}`);
        const notices = filled?.notices ?? [];
        for (const notice of notices) tell(notice);
        tell(
          `The evidence is in ${output}: ${fileCount} files${notices.length === 0 ? '' : ', and says what has to be known before relying on it'}. ` +
            'Keep the digest elsewhere: it shows later that nobody has written the bundle anew.',
        );
        for (const folder of await leftovers(output)) tell(`${folder} is of a run that was ended: it can be removed.`);
        return notices.length === 0 ? exitCode.ok : exitCode.incomplete;
      } catch (error) {
        throw signal.aborted ? new InterruptedError('Interrupted. No evidence was written.', { cause: error }) : error;
      } finally {
        await client.end();
      }
    }),
  );
}

/** A manifest that somebody else has written may have anything in it. */
function visibleLine(text: string): string {
  return visible(text).replace(/\s+/g, ' ');
}
