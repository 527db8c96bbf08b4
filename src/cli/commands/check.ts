import { InvalidArgumentError, Option, type Command } from 'commander';
import { connect, tellWaits } from '../../postgres/index.js';
import {
  csvReport,
  jsonReport,
  junitReport,
  markdownReport,
  ocsfReport,
  sarifReport,
  textReport,
} from '../../report/index.js';
import {
  exitCodeOf,
  frameworkNamed,
  frameworks,
  installViews,
  loadReportInput,
  loadRules,
  rulesOf,
  runRules,
  severities,
  type ExitCodeOptions,
  type Framework,
  type ReportInput,
  type Severity,
  type Status,
} from '../../rules/index.js';
import type { SpecFile } from '../../runner/index.js';
import { openDatabase, withDatabase } from '../database.js';
import { UsageError } from '../errors.js';
import { judgedPage } from '../judged_page.js';
import { queriesDirectory } from '../package.js';
import { chooseSpec, readIntentsAgain } from '../spec_intents.js';
import { specPlaces } from '../spec_places.js';
import { hasColor, printAll, tell, widthOf } from '../terminal.js';

interface Options {
  database?: string;
  format: Format;
  framework?: string;
  only?: Status[];
  rule?: string[];
  failOn: Severity;
  strict?: boolean;
  install: boolean;
}

const formats = ['text', 'json', 'csv', 'markdown', 'junit', 'html', 'sarif', 'ocsf'] as const;
type Format = (typeof formats)[number];

/** What a format has where nothing else is asked for: each result of SARIF is something to look at. */
const usually: Partial<Record<Format, readonly Status[]>> = { sarif: ['fail', 'unknown', 'waived'] };

const statuses: readonly Status[] = ['pass', 'fail', 'unknown', 'not_applicable', 'waived'];

export function addCheck(program: Command): void {
  program
    .command('check')
    .description('run the rules on what is synced')
    .argument(
      '[spec]',
      'the spec whose owners, approvals, waivers and settings count; default: spec.yml where there is one',
    )
    .option('--database <url>', 'instead of the destination of the spec')
    .addOption(new Option('--format <format>', 'how to print the verdicts').choices(formats).default('text'))
    .addOption(
      new Option('--framework <id>', 'run the rules of one framework, by its controls')
        .choices(frameworks.map(({ id }) => id))
        .conflicts('rule'),
    )
    .option('--only <statuses>', `print only these, such as fail,unknown (of ${statuses.join(', ')})`, statusList)
    .option('--rule <id...>', 'run only these rules')
    .addOption(
      new Option('--fail-on <severity>', 'least severe finding that counts').choices(severities).default('low'),
    )
    .option('--strict', 'let every unknown verdict count, whatever its cause')
    .option('--no-install', 'do not install the views, and write no results: for a user who may only read')
    .addHelpText(
      'after',
      '\nThe database is --database, the destination of the spec, DATABASE_URL or the embedded PostgreSQL, in this order.' +
        '\nExit codes: 0 nothing found, 1 a finding at or above --fail-on, 2 a verdict is unknown because something was not read,' +
        '\n3 wrong arguments or spec, 4 the run failed.',
    )
    .action(async (given: string | undefined, options: Options) => {
      const { destination, goBySpec, file } = await openSpec('check', given, options);
      await withDatabase(openDatabase({ flag: options.database, destination }, tell), async ({ url }) => {
        await goBySpec(url);
        process.exitCode = await check(url, options, file);
      });
    });
}

/** Without --install the spec says which database is meant, and nothing else: what it says now could not be stored. */
export async function openSpec(
  command: string,
  given: string | undefined,
  { install, database }: Pick<Options, 'install' | 'database'>,
): Promise<{
  destination: string | undefined;
  goBySpec: (databaseUrl: string) => Promise<void>;
  /** The spec that is judged by. */
  file: SpecFile | undefined;
}> {
  const ignore = (): Promise<void> => Promise.resolve();
  if (!install && given !== undefined) {
    throw new UsageError(
      `${command} ${given} --no-install: what the spec says now has to be written into the database, and --no-install writes nothing. Leave out ` +
        'one of the two; without the spec, what it said at the last sync counts.',
    );
  }
  const chosen = !install && database !== undefined ? undefined : chooseSpec(given);
  return {
    destination: chosen?.file.destination?.connectionString,
    goBySpec: install && chosen ? await readIntentsAgain(chosen) : ignore,
    file: install ? chosen?.file : undefined,
  };
}

/** Runs the rules and prints them; returns the exit code. */
export async function check(databaseUrl: string, options: Options, spec?: SpecFile): Promise<number> {
  const client = await connect(databaseUrl);
  tellWaits(client, tell);
  try {
    if (options.install) await installViews(client, queriesDirectory);
    const framework = options.framework === undefined ? undefined : frameworkNamed(options.framework);
    const rules = framework ? await idsOf(framework) : options.rule;
    const counted = { failOn: options.failOn, strict: options.strict ?? false };
    if (options.format === 'html') {
      const { run, html } = await judgedPage(client, { write: options.install, rules, only: options.only });
      await printAll([html]);
      return exitCodeOf(run.all, counted);
    }
    const only = options.only ?? usually[options.format];
    const run = await runRules(client, {
      queriesDir: queriesDirectory,
      write: options.install,
      ...(rules && { rules }),
      ...(only && { only }),
    });
    const input = await loadReportInput(client, { ...run, ...(framework && { framework }) });
    const rendered = render(input, options.format, counted, spec);
    await printAll(typeof rendered === 'string' ? [rendered] : rendered);
    return exitCodeOf(run.all, counted);
  } finally {
    await client.end();
  }
}

async function idsOf(framework: Framework): Promise<string[]> {
  return rulesOf(framework, await loadRules(queriesDirectory)).map(({ id }) => id);
}

function render(
  input: ReportInput,
  format: Exclude<Format, 'html'>,
  counted: ExitCodeOptions,
  spec: SpecFile | undefined,
): string | Iterable<string> {
  switch (format) {
    case 'text':
      return textReport(input, { width: widthOf(process.stdout), color: hasColor(process.stdout) });
    case 'json':
      return jsonReport(input);
    case 'csv':
      return csvReport(input);
    case 'markdown':
      return markdownReport(input);
    case 'junit':
      return junitReport(input, counted);
    case 'sarif':
      return sarifReport(input, { ...counted, ...(spec && { placeOf: specPlaces(spec, input.organizations) }) });
    case 'ocsf':
      return ocsfReport(input);
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
