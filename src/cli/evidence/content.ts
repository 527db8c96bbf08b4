import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientBase } from 'pg';
import { csvOf, withHolders } from '../../postgres/index.js';
import { areViewsOfThisVersion, pieces, settingsForManyAccounts } from '../../rules/index.js';
import { RunError } from '../errors.js';
import { queriesDirectory, version } from '../package.js';
import type { BundleWriter } from './bundle.js';
import { keptNotices, packNotices } from './notices.js';
import { installedRules, installedSql, ourRules, packOf, rulesOf, type RuleRow } from './pack.js';
import { readmeOf } from './readme.js';
import { piecesUnder } from './stands_on.js';
import { sourcesOf, type Summary } from './summary.js';
import { fileOf, loadSql, rowsQuery, sorted, tablesOf, type Table } from './tables.js';
import { addVerdicts, keptRuns, type Counts, type KeptRun } from './verdicts.js';

export interface Filled {
  /** For the file that is outside of the digest. */
  readonly run: string;
  /** What whoever relies on the bundle has to know; none where verdicts, rows and rules belong together. */
  readonly notices: readonly string[];
  readonly summary: Summary;
}

/**
 * Everything of the bundle, on one snapshot and without changing anything: a user who may only read can do it. Rows come as a
 * stream, however many accounts there are.
 */
export async function fillBundle(
  client: ClientBase,
  writer: BundleWriter,
  { judge }: { judge: boolean },
): Promise<Filled> {
  await client.query('begin transaction isolation level repeatable read read only');
  try {
    // Whatever the server or the role has as default, a row has one spelling.
    await client.query(
      `set local timezone = 'UTC'; set local datestyle = 'ISO, YMD'; set local intervalstyle = 'postgres'; set local bytea_output = 'hex'; set local extra_float_digits = 1; set local lock_timeout = '60s'; ${settingsForManyAccounts}`,
    );
    return await fill(client, writer, judge);
  } catch (error) {
    // First, because nothing can be asked in a transaction that has failed.
    await client.query('rollback').catch(() => undefined);
    throw ours(await withHolders(error, client));
  } finally {
    await client.query('rollback').catch(() => undefined);
  }
}

/** What PostgreSQL says, and what to do; other errors as they are. */
function ours(error: unknown): unknown {
  const { exitCode, code, message, hint } = error as {
    exitCode?: unknown;
    code?: unknown;
    message: string;
    hint?: string;
  };
  const isPostgres =
    typeof code === 'string' ? /^[0-9A-Z]{5}$/.test(code) : message.startsWith('Connection terminated');
  if (exitCode !== undefined || !isPostgres) return error;
  const state = typeof code === 'string' ? code : '';
  // insufficient_privilege; undefined_table, undefined_column, undefined_function
  const toDo: Readonly<Record<string, string>> = {
    '42501':
      'Grant this user select on the tables and on the views of schema "delegation" (queries/roles.sql makes such a role).',
    '42P01':
      'The installed views are of another version: run `aws-delegation check`, which installs them, and this again.',
    '42703':
      'The installed views are of another version: run `aws-delegation check`, which installs them, and this again.',
    '42883':
      'The installed views are of another version: run `aws-delegation check`, which installs them, and this again.',
  };
  return new RunError(
    `Collecting the evidence: PostgreSQL said: ${message}${state === '' ? '' : ` (SQLSTATE ${state})`}. No bundle was written. ${toDo[state] ?? hint ?? 'Then run it again.'}`,
    { cause: error },
  );
}

async function fill(client: ClientBase, writer: BundleWriter, judgeAnew: boolean): Promise<Filled> {
  const pack = await packOf(client);
  const isOurs = await areViewsOfThisVersion(client, queriesDirectory);
  const sources = await sourcesOf(client);
  const rules = await rulesOf(client);
  const tables = await tablesOf(client);
  const kept = judgeAnew ? [] : await keptRuns(client);
  const basis = kept.length > 0 ? 'kept' : 'judged';
  const notices = [
    ...packNotices(pack.pack_version, isOurs),
    ...(basis === 'kept' ? keptNotices(kept, rules, sources, pack.pack_version) : []),
  ];

  const sqlOf = isOurs ? await ourRules() : await installedRules(client);
  const counts = await addVerdicts(client, writer, rules, basis);
  for (const rule of rules) {
    const sql = sqlOf.get(rule.check_id) ?? '';
    await writer.add(`rules/${rule.check_id}/rule.sql`, sql);
    await writer.add(`rules/${rule.check_id}/rule.json`, jsonOf(ruleFile(rule, tables, counts, isOurs)));
  }
  if (isOurs) {
    for (const piece of [...pieces, 'install.sql'])
      await writer.add(`queries/${piece}`, await readFile(join(queriesDirectory, piece), 'utf8'));
  } else {
    await writer.add('queries/installed.sql', await installedSql(client));
  }
  for (const table of tables) await writer.add(fileOf(table.name), csvOf(client, rowsQuery(table)));
  await writer.add('coverage.csv', csvOf(client, sorted('delegation.reads')));
  await writer.add('delegations.csv', csvOf(client, sorted('delegation.delegations')));
  await writer.add('load.sql', loadSql(tables, isOurs));

  const byStatus: Record<string, number> = { fail: 0, unknown: 0, waived: 0, pass: 0, not_applicable: 0 };
  for (const [status, count] of [...counts.values()].flatMap((each) => [...each]))
    byStatus[status] = (byStatus[status] ?? 0) + count;
  const summary: Summary = {
    format: 1,
    program: { name: 'aws-delegation', version },
    pack: { installed: pack.pack_version, is_as_installed_by_this_version: isOurs },
    basis,
    sources,
    rules: rules.length,
    verdicts: byStatus,
    notices,
  };
  await writer.add('bundle.json', jsonOf(summary));
  await writer.add('README.md', readmeOf(summary));
  return { run: await runFile(client, kept, basis), notices, summary };
}

function ruleFile(rule: RuleRow, tables: readonly Table[], counts: Counts, isOurs: boolean): object {
  const own = counts.get(rule.check_id) ?? new Map<string, number>();
  const patterns = ['aws_delegation_reads', ...rule.reads].map(
    (pattern) => new RegExp(`^${pattern.replace(/[^a-z0-9_*]/g, '').replaceAll('*', '.*')}$`),
  );
  return {
    ...rule,
    frameworks: Object.fromEntries(Object.entries(rule.frameworks).sort(([left], [right]) => (left < right ? -1 : 1))),
    verdicts: Object.fromEntries([...own].sort(([left], [right]) => (left < right ? -1 : 1))),
    stands_on: isOurs ? piecesUnder(rule.check_id).map((piece) => `queries/${piece}`) : ['queries/installed.sql'],
    rows: tables.filter(({ name }) => patterns.some((pattern) => pattern.test(name))).map(({ name }) => fileOf(name)),
  };
}

async function runFile(client: ClientBase, kept: readonly KeptRun[], basis: Summary['basis']): Promise<string> {
  const { rows } = await client.query<{ postgresql: string; now: string }>(
    `select current_setting('server_version') as postgresql, to_char(now() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as now`,
  );
  const [{ postgresql, now } = { postgresql: '', now: '' }] = rows;
  const times = new Map<string, string | null>();
  for (const { check_id, executed_at } of kept)
    times.set(check_id, [times.get(check_id) ?? executed_at, executed_at].sort()[0] ?? null);
  return jsonOf({
    note: 'Outside of MANIFEST and DIGEST, because it differs from one bundle of the same data to the next.',
    written_at: now,
    judged_at: basis === 'judged' ? now : Object.fromEntries(times),
    node: process.versions.node,
    postgresql,
  });
}

function jsonOf(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
