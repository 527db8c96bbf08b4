import { InvalidArgumentError, Option, type Command } from 'commander';
import { connect } from '../../postgres/index.js';
import { jsonReport, textReport } from '../../report/index.js';
import {
  exitCodeOf,
  installViews,
  loadReportInput,
  runRules,
  severities,
  type Severity,
  type Status,
} from '../../rules/index.js';
import { openDatabase, withDatabase } from '../database.js';
import { queriesDirectory } from '../package.js';
import { hasColor, print, tell, widthOf } from '../terminal.js';

interface Options {
  database?: string;
  format: 'text' | 'json';
  only?: Status[];
  rule?: string[];
  failOn: Severity;
  strict?: boolean;
  install: boolean;
}

const statuses: readonly Status[] = ['pass', 'fail', 'unknown', 'not_applicable'];

export function addCheck(program: Command): void {
  program
    .command('check')
    .description('run the rules on what is synced')
    .option('--database <url>', 'instead of DATABASE_URL or the embedded PostgreSQL')
    .addOption(new Option('--format <format>', 'how to print the verdicts').choices(['text', 'json']).default('text'))
    .option('--only <statuses>', `print only these, such as fail,unknown (of ${statuses.join(', ')})`, statusList)
    .option('--rule <id...>', 'run only these rules')
    .addOption(
      new Option('--fail-on <severity>', 'least severe finding that counts').choices(severities).default('low'),
    )
    .option('--strict', 'let every unknown verdict count, whatever its cause')
    .option('--no-install', 'do not install the views, and write no results: for a user who may only read')
    .addHelpText(
      'after',
      '\nExit codes: 0 nothing found, 1 a finding at or above --fail-on, 2 a verdict is unknown because something was not read,' +
        '\n3 wrong arguments, 4 the run failed.',
    )
    .action(async (options: Options) => {
      await withDatabase(openDatabase({ flag: options.database }, tell), async ({ url }) => {
        process.exitCode = await check(url, options);
      });
    });
}

/** Runs the rules and prints them; returns the exit code. */
export async function check(databaseUrl: string, options: Options): Promise<number> {
  const client = await connect(databaseUrl);
  try {
    if (options.install) await installViews(client, queriesDirectory);
    const run = await runRules(client, {
      queriesDir: queriesDirectory,
      write: options.install,
      ...(options.rule && { rules: options.rule }),
      ...(options.only && { only: options.only }),
    });
    const input = await loadReportInput(client, run);
    print(
      options.format === 'json'
        ? jsonReport(input)
        : textReport(input, { width: widthOf(process.stdout), color: hasColor(process.stdout) }),
    );
    return exitCodeOf(run.all, { failOn: options.failOn, strict: options.strict ?? false });
  } finally {
    await client.end();
  }
}

function statusList(text: string): Status[] {
  return text.split(',').map((given) => {
    const status = statuses.find((each) => each === given.trim());
    if (status === undefined)
      throw new InvalidArgumentError(`Expected some of ${statuses.join(', ')}, found '${given}'.`);
    return status;
  });
}
