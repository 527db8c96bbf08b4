import { join } from 'node:path';
import type { Command } from 'commander';
import { sqlalchemyUri, writeDashboards } from '../dashboards.js';
import { findDatabase } from '../database.js';
import { packageRoot } from '../package.js';
import { print, tell } from '../terminal.js';

/** As in dashboards/superset. */
const placeholder = 'postgresql://localhost:5432/aws_delegation';

interface Options {
  output: string;
  database?: string;
  reader: string;
}

export function addDashboards(program: Command): void {
  program
    .command('dashboards')
    .description('writes the dashboards of Superset, Grafana, Metabase and Power BI into a folder')
    .option('-o, --output <folder>', 'where to', 'aws-delegation-dashboards')
    .option(
      '--database <url>',
      'where Superset connects to, instead of DATABASE_URL or the embedded PostgreSQL that runs',
    )
    .option('--reader <role>', 'the role that Superset connects as', 'aws_delegation_reader')
    .action(async ({ output, database: flag, reader }: Options) => {
      const database = await findDatabase({ flag });
      const uri = sqlalchemyUri(database?.url ?? placeholder, reader);
      const written = await writeDashboards(join(packageRoot, 'dashboards'), output, uri);
      tell(
        database === undefined
          ? `superset.zip connects to localhost:5432 as ${reader}: no database was named, and none of ours runs. Change that in Superset, or name one with --database.`
          : `superset.zip connects to ${database.label} as ${reader}; give it the password in Superset.`,
      );
      print(written.map((file) => join(output, file)).join('\n'));
    });
}
