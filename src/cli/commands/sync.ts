import { InvalidArgumentError, Option, type Command } from 'commander';
import {
  readSpecFile,
  runSync,
  startProgress,
  summaryLine,
  writeSummary,
  type MigrateMode,
  type SyncSummary,
} from '../../runner/index.js';
import { installViews, lockViews, uninstallViews } from '../../rules/index.js';
import { UsageError } from '../errors.js';
import { openDatabase, withDatabase, type Database } from '../database.js';
import { binPath, queriesDirectory } from '../package.js';
import { canAsk, interruptible, isYes, tell } from '../terminal.js';
import type { GivenSizes } from './sync_plan.js';

interface Options extends GivenSizes {
  database?: string;
  summary?: string;
  migrateMode?: MigrateMode;
  yes?: boolean;
  shard?: string;
  plan?: boolean;
  format?: 'text' | 'json';
}

export function addSync(program: Command): void {
  program
    .command('sync')
    .description('read AWS and write PostgreSQL, as the spec says')
    .argument('[spec]', 'a CloudQuery spec file', 'spec.yml')
    .option('--database <url>', 'instead of the destination of the spec')
    .option('--summary <file>', 'write what was synced, as JSON')
    .addOption(
      new Option(
        '--migrate-mode <mode>',
        'instead of migrate_mode of the destination; forced drops tables that do not fit',
      ).choices(['safe', 'forced']),
    )
    .option('--yes', 'drop them without a question')
    .addOption(
      new Option('--plan', "print the calls and the time that AWS's rates allow, and neither call nor write").conflicts(
        ['summary', 'migrateMode', 'yes'],
      ),
    )
    .option('--accounts <n>', 'with --plan: how many, where no earlier sync says', wholeNumber)
    .option('--ous <n>', 'with --plan', wholeNumber)
    .option('--policies <n>', 'with --plan', wholeNumber)
    .option('--delegates <n>', 'with --plan: delegated administrator accounts', wholeNumber)
    .addOption(
      new Option('--format <format>', 'with --plan: how to print it (default: text)').choices(['text', 'json']),
    )
    // Of the CloudQuery CLI; who tries it here should read why not.
    .addOption(new Option('--shard <shard>').hideHelp())
    .addHelpText(
      'after',
      '\nThe database is --database, the destination of the spec, DATABASE_URL or the embedded PostgreSQL, in this order.' +
        '\nExit codes: 0 all read, 2 something denied or not read, 3 wrong usage or spec, 4 the run failed, 130 interrupted.',
    )
    .action(async (specPath: string, options: Options) => {
      refuseShards(options.shard);
      refuseWithoutPlan(options);
      const specFile = readSpecFile(specPath, { env: process.env, cwd: process.cwd() });
      const { source, destination, notices } = specFile;
      for (const notice of notices) tell(notice);
      if (options.plan === true) {
        // Only here: it needs the plugin in this process, which takes a second to load.
        const { printPlan } = await import('./sync_plan.js');
        await printPlan(specFile, { ...options, format: options.format ?? 'text' });
        return;
      }
      const open = openDatabase({ flag: options.database, destination: destination?.connectionString }, tell);
      const work = async (database: Database, signal: AbortSignal): Promise<SyncSummary> => {
        let progress = startProgress();
        const confirmDrop = async (text: string): Promise<boolean> => {
          progress.stop();
          tell(text);
          if (options.yes === true) return true;
          if (!canAsk()) {
            throw new UsageError(
              'There is no terminal to ask whether these tables may be dropped. Give --yes if they may. Nothing was read or written.',
            );
          }
          const answer = await isYes('Drop these tables and create them anew? [y/N] ', signal);
          progress = startProgress();
          return answer;
        };
        try {
          return await runSync({
            spec: source,
            databaseUrl: database.url,
            pluginCommand: [process.execPath, binPath],
            signal,
            ...(destination && { writeMode: destination.writeMode }),
            migrateMode: options.migrateMode ?? destination?.migrateMode ?? 'safe',
            confirmDrop,
            onProgress: (state) => {
              progress.update(state);
            },
            onNotice: tell,
            install: (client) => installViews(client, queriesDirectory),
            uninstall: (client) => uninstallViews(client),
            lockViews,
          });
        } finally {
          progress.stop();
        }
      };
      const summary = await withDatabase(open, (database) => interruptible((signal) => work(database, signal)));
      if (options.summary !== undefined) await writeSummary(options.summary, summary);
      tellSummary(summary);
      process.exitCode = summary.exitCode;
    });
}

function refuseShards(shard: string | undefined): void {
  if (shard === undefined || shard === '1/1') return;
  throw new UsageError(
    `--shard ${shard}: More machines do not make one organization faster (the rates are per organization). Leave --shard out; several ` +
      'organizations are several sources, each synced by a run of its own. Nothing was read or written.',
  );
}

function refuseWithoutPlan(options: Options): void {
  if (options.plan === true) return;
  const stray = (['accounts', 'ous', 'policies', 'delegates', 'format'] as const).find(
    (name) => options[name] !== undefined,
  );
  if (stray === undefined) return;
  throw new UsageError(`--${stray} goes with --plan: a sync finds that out itself. Nothing was read or written.`);
}

function wholeNumber(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError(`Expected a whole number, found '${text}'.`);
  return Number(text);
}

/** The line for a log, and below it what is missing. */
export function tellSummary(summary: SyncSummary): void {
  tell(summaryLine(summary));
  for (const { error } of summary.tableErrors) tell(error);
}
