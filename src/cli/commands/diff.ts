import { Option, type Command } from 'commander';
import { connect } from '../../postgres/index.js';
import { csvDrift, jsonDrift, markdownDrift, textDrift } from '../../report/index.js';
import { exitCodeOfDrift, loadDrift, type Drift } from '../../rules/index.js';
import { openDatabase, withDatabase } from '../database.js';
import { UsageError } from '../errors.js';
import { chooseSpec } from '../spec_intents.js';
import { hasColor, print, tell, widthOf } from '../terminal.js';
import { timeOf } from '../times.js';

interface Options {
  database?: string;
  format: Format;
  since: Date;
  until?: Date;
}

const formats = ['text', 'json', 'csv', 'markdown'] as const;
type Format = (typeof formats)[number];

export function addDiff(program: Command): void {
  program
    .command('diff')
    .description('what changed between two times: who gained or lost which power, and which verdicts changed')
    .argument('[spec]', 'the spec whose destination is the database; default: spec.yml where there is one')
    .requiredOption(
      '--since <time>',
      'a day (2026-11-01), a time (2026-11-01T12:00Z) or how long ago (30d, 12h, 4w)',
      (text) => timeOf(text, 'begin'),
    )
    .option('--until <time>', 'the same, a day with all of it; default: now', (text) => timeOf(text, 'end'))
    .addOption(new Option('--format <format>', 'how to print it').choices(formats).default('text'))
    .option('--database <url>', 'instead of the destination of the spec')
    .addHelpText(
      'after',
      '\nThe history is kept by `check`, from sync to sync. Nothing is written: a user who may only read can run it.' +
        '\nThe database is --database, the destination of the spec, DATABASE_URL or the embedded PostgreSQL, in this order.' +
        '\nExit codes: 0 no change, 1 something changed, 2 no change is known, but the history does not cover all of it,' +
        '\n3 wrong arguments or spec, 4 the run failed.',
    )
    .action(async (given: string | undefined, options: Options) => {
      const { since, until } = options;
      if (since > (until ?? new Date())) {
        throw new UsageError(
          `diff: --since (${since.toISOString()}) is after ${until ? `--until (${until.toISOString()})` : 'now'}. Give the earlier time first.`,
        );
      }
      const destination =
        options.database === undefined ? chooseSpec(given)?.file.destination?.connectionString : undefined;
      await withDatabase(openDatabase({ flag: options.database, destination }, tell), async ({ url }) => {
        process.exitCode = await diff(url, options);
      });
    });
}

/** Prints what changed; returns the exit code. */
async function diff(databaseUrl: string, { since, until, format }: Options): Promise<number> {
  const client = await connect(databaseUrl);
  try {
    const drift = await loadDrift(client, since, until ?? null);
    print(render(drift, format));
    return exitCodeOfDrift(drift);
  } finally {
    await client.end();
  }
}

function render(drift: Drift, format: Format): string {
  switch (format) {
    case 'text':
      return textDrift(drift, { width: widthOf(process.stdout), color: hasColor(process.stdout) });
    case 'json':
      return jsonDrift(drift);
    case 'csv':
      return csvDrift(drift);
    case 'markdown':
      return markdownDrift(drift);
  }
}
