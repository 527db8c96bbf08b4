import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { ClientBase } from 'pg';
import { htmlReport, type PageBundle } from '../report/index.js';
import { loadPage, loadRules, runRules, type PageRows, type Run, type Status } from '../rules/index.js';
import { RunError } from './errors.js';
import { packageRoot, queriesDirectory, version } from './package.js';
import { print, tell } from './terminal.js';

/** Where a report goes that nobody gave a name. */
export const reportFile = 'aws-delegation-report.html';

interface PageOptions {
  readonly write: boolean;
  readonly rules?: readonly string[] | undefined;
  readonly only?: readonly Status[] | undefined;
}

/** Runs the rules, and reads what stands beside them on the same snapshot. The views have to be installed. */
export async function judgedPage(
  client: ClientBase,
  { write, rules, only }: PageOptions,
): Promise<{ run: Run; html: string }> {
  const bundle = await pageBundle();
  let rows: PageRows | undefined;
  const run = await runRules(client, {
    queriesDir: queriesDirectory,
    write,
    ...(rules && { rules }),
    ...(only && { only }),
    onSnapshot: async () => {
      rows = await loadPage(client);
    },
  });
  if (rows === undefined) throw new Error('The run of the rules ended without its rows.');
  const every = rules ? await loadRules(queriesDirectory) : run.rules;
  return { run, html: htmlReport({ ...run, rows, rules: every, ran: rules, only, version }, bundle) };
}

/** The report is made, and there is no place for it. */
export class ReportFileError extends RunError {}

/** To a file, which is told, or to stdout. */
export async function writeReport(html: string, output: string): Promise<void> {
  if (output === '-') {
    print(html);
    return;
  }
  // It says who could be attacked, and how.
  await writeFile(output, html, { mode: 0o600 }).catch((error: unknown) => {
    const { code = String(error) } = error as { code?: string };
    throw new ReportFileError(
      `Writing ${resolve(output)} failed (${code}). Name a file in a folder that is there and can be written to: --output FILE, or - for stdout.`,
      { cause: error },
    );
  });
  tell(`The report is in ${resolve(output)} (${(html.length / 1_048_576).toFixed(1)} MB): open it in a browser.`);
}

async function pageBundle(): Promise<PageBundle> {
  const read = (name: string): Promise<string> => readFile(join(packageRoot, 'dist', 'page', name), 'utf8');
  return { script: await read('page.js'), style: await read('page.css') };
}
