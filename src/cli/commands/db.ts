import { spawn } from 'node:child_process';
import { once } from 'node:events';
import Table from 'cli-table3';
import { Option, type Command } from 'commander';
import pg from 'pg';
import {
  connect,
  DatabaseError,
  embeddedUrl,
  errorMessage,
  libpqEnvironment,
  startEmbedded,
  stopEmbedded,
} from '../../postgres/index.js';
import { openDatabase, openEmbeddedDatabase, withDatabase, type Database } from '../database.js';
import { UsageError } from '../errors.js';
import { print, tell } from '../terminal.js';

interface Options {
  database?: string;
  demo?: boolean;
}

const databaseOption = (): Option => new Option('--database <url>', 'instead of the embedded PostgreSQL');
const demoOption = (): Option => new Option('--demo', 'the database of `demo`').conflicts('database');

export function addDb(program: Command): void {
  const db = program.command('db').description('the embedded PostgreSQL, and SQL on what is synced');

  db.command('start')
    .description('start the embedded PostgreSQL and leave it running')
    .addOption(demoOption())
    .action(async (options: Options) => {
      const embedded = await startEmbedded({ name: nameOf(options), onNotice: tell });
      tell(
        `PostgreSQL ${embedded.version} runs on ${embedded.dataDirectory} until \`aws-delegation db stop\`. Its URL:`,
      );
      print(embedded.url);
    });

  db.command('stop')
    .description('stop it')
    .addOption(demoOption())
    .action(async (options: Options) => {
      const { isStopped, wasRunning } = await stopEmbedded({ name: nameOf(options), onNotice: tell });
      if (!wasRunning) tell('The embedded PostgreSQL was not running.');
      else if (isStopped) tell('The embedded PostgreSQL is stopped.');
      else tell('The embedded PostgreSQL is still in use; it stops when the last run that uses it ends.');
    });

  db.command('url')
    .description('the URL with the password, for BI tools and psql; the server has to run (`db start`)')
    .addOption(demoOption())
    .action(async (options: Options) => {
      const url = await embeddedUrl({ name: nameOf(options) });
      if (url === undefined) {
        throw new UsageError(
          options.demo === true
            ? 'There is no database of the demo yet. Run `aws-delegation demo` first.'
            : 'There is no embedded database yet. Run `aws-delegation sync` or `aws-delegation db start` first.',
        );
      }
      print(url);
    });

  db.command('query')
    .description('run SQL and print the rows')
    .argument('<sql>')
    .addOption(databaseOption())
    .addOption(demoOption())
    .addOption(new Option('--format <format>', 'how to print rows').choices(['table', 'json']).default('table'))
    .action(async (sql: string, options: Options & { format: 'table' | 'json' }) => {
      await withDatabase(open(options), async (database) => {
        const client = await connect(database.url);
        try {
          const result = await client.query<Record<string, unknown>>({ text: sql, types: asPostgresWrites });
          // More than one statement gives a list; the last one is what was asked for.
          const last = Array.isArray(result) ? (result.at(-1) as typeof result) : result;
          print(options.format === 'json' ? JSON.stringify(last.rows, null, 2) : asTable(last));
        } catch (error) {
          throw new DatabaseError(`The query failed: ${errorMessage(error)}.\n${sql}`, { cause: error });
        } finally {
          await client.end();
        }
      });
    });

  db.command('psql')
    .description('your own psql on the database')
    .argument('[arguments...]', 'passed to psql')
    .addOption(databaseOption())
    .addOption(demoOption())
    .allowUnknownOption()
    .action(async (passed: string[], options: Options) => {
      await withDatabase(open(options), async (database) => {
        const psql = spawn('psql', passed, {
          stdio: 'inherit',
          env: { ...process.env, ...libpqEnvironment(database.url) },
        });
        // psql handles Ctrl-C itself: it ends the query, not the session.
        const ignore = (): void => undefined;
        process.on('SIGINT', ignore);
        try {
          const [code] = (await once(psql, 'exit')) as [number | null];
          process.exitCode = code ?? 1;
        } catch (error) {
          throw new UsageError(
            `psql could not be started (${errorMessage(error)}). Install PostgreSQL's client, or use \`aws-delegation db query\`.`,
            { cause: error },
          );
        } finally {
          process.off('SIGINT', ignore);
        }
      });
    });
}

type TypeId = Parameters<typeof pg.types.getTypeParser>[0];

const { TIMESTAMP, TIMESTAMPTZ, DATE } = pg.types.builtins;
const times: readonly TypeId[] = [TIMESTAMP, TIMESTAMPTZ, DATE];
const parserOf = pg.types.getTypeParser as (type: TypeId) => (value: string) => unknown;

/** Times as PostgreSQL writes them: a Date would shift what has no time zone by that of this machine. */
const asPostgresWrites = {
  getTypeParser: (type: TypeId) => (times.includes(type) ? (value: string) => value : parserOf(type)),
};

function nameOf({ demo }: Options): string {
  return demo === true ? 'demo' : 'default';
}

function open(options: Options): Promise<Database> {
  return options.demo === true ? openEmbeddedDatabase('demo', tell) : openDatabase({ flag: options.database }, tell);
}

function asTable({ fields, rows }: { fields: { name: string }[]; rows: Record<string, unknown>[] }): string {
  const names = fields.map(({ name }) => name);
  const summary = `(${rows.length} ${rows.length === 1 ? 'row' : 'rows'})`;
  if (names.length === 0) return summary;
  const table = new Table({ head: names, style: { head: [], border: [], compact: true } });
  for (const row of rows) table.push(names.map((name) => cell(row[name])));
  return `${table.toString()}\n${summary}`;
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
