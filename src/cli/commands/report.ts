import type { Command } from 'commander';
import { connect, tellWaits } from '../../postgres/index.js';
import { installViews } from '../../rules/index.js';
import { openDatabase, withDatabase } from '../database.js';
import { exitCode } from '../exit_code.js';
import { judgedPage, reportFile, writeReport } from '../judged_page.js';
import { queriesDirectory } from '../package.js';
import { tell } from '../terminal.js';
import { openSpec } from './check.js';

interface Options {
  database?: string;
  output: string;
  install: boolean;
}

export function addReport(program: Command): void {
  program
    .command('report')
    .description('run the rules, and write everything into one HTML file that needs no server')
    .argument(
      '[spec]',
      'the spec whose owners, approvals, waivers and settings count; default: spec.yml where there is one',
    )
    .option('--database <url>', 'instead of the destination of the spec')
    .option('-o, --output <file>', 'where to write it; - for stdout', reportFile)
    .option('--no-install', 'do not install the views, and write no results: for a user who may only read')
    .addHelpText(
      'after',
      '\nWhatever the rules say, the exit code is 0 where the file was written; `check` is for programs that go by it.',
    )
    .action(async (given: string | undefined, options: Options) => {
      const { destination, goBySpec } = await openSpec('report', given, options);
      await withDatabase(openDatabase({ flag: options.database, destination }, tell), async ({ url }) => {
        await goBySpec(url);
        const client = await connect(url);
        tellWaits(client, tell);
        try {
          if (options.install) await installViews(client, queriesDirectory);
          const { html } = await judgedPage(client, { write: options.install });
          await writeReport(html, options.output);
        } finally {
          await client.end();
        }
      });
      process.exitCode = exitCode.ok;
    });
}
