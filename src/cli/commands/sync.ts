import type { Command } from 'commander';
import {
  readSpecFile,
  runSync,
  startProgress,
  summaryLine,
  writeSummary,
  type SyncSummary,
} from '../../runner/index.js';
import { installViews } from '../../rules/index.js';
import { openDatabase, withDatabase } from '../database.js';
import { binPath, queriesDirectory } from '../package.js';
import { interruptible, tell } from '../terminal.js';

interface Options {
  database?: string;
  summary?: string;
}

export function addSync(program: Command): void {
  program
    .command('sync')
    .description('read AWS and write PostgreSQL, as the spec says')
    .argument('[spec]', 'a CloudQuery spec file', 'spec.yml')
    .option('--database <url>', 'instead of the destination of the spec')
    .option('--summary <file>', 'write what was synced, as JSON')
    .addHelpText(
      'after',
      '\nThe database is --database, the destination of the spec, DATABASE_URL or the embedded PostgreSQL, in this order.' +
        '\nExit codes: 0 all read, 2 something denied or not read, 3 wrong usage or spec, 4 the run failed, 130 interrupted.',
    )
    .action(async (specPath: string, options: Options) => {
      const { source, destination, notices } = readSpecFile(specPath, { env: process.env, cwd: process.cwd() });
      for (const notice of notices) tell(notice);
      const open = openDatabase({ flag: options.database, destination: destination?.connectionString }, tell);
      const summary = await withDatabase(open, async (database) => {
        const progress = startProgress();
        try {
          return await interruptible((signal) =>
            runSync({
              spec: source,
              databaseUrl: database.url,
              pluginCommand: [process.execPath, binPath],
              signal,
              onProgress: (state) => {
                progress.update(state);
              },
              onNotice: tell,
              install: (client) => installViews(client, queriesDirectory),
            }),
          );
        } finally {
          progress.stop();
        }
      });
      if (options.summary !== undefined) await writeSummary(options.summary, summary);
      tellSummary(summary);
      process.exitCode = summary.exitCode;
    });
}

/** The line for a log, and below it what is missing. */
export function tellSummary(summary: SyncSummary): void {
  tell(summaryLine(summary));
  for (const { error } of summary.tableErrors) tell(error);
}
