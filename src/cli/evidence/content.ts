import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClientBase } from 'pg';
import { csvOf, withHolders } from '../../postgres/index.js';
import { areViewsOfThisVersion, loadRules, pieces, settingsForManyAccounts } from '../../rules/index.js';
import { RunError } from '../errors.js';
import { queriesDirectory, version } from '../package.js';
import type { BundleWriter } from './bundle.js';
import { csvLine } from './csv.js';
import { readmeOf } from './readme.js';
import { piecesUnder } from './stands_on.js';

export interface Filled {
  /** For the file that is outside of the digest. */
  readonly run: string;
  /** What whoever relies on the bundle has to know; none where verdicts, rows and rules belong together. */
  readonly notices: readonly string[];
  readonly summary: Summary;
}

/** What is in the bundle, without any clock but those of the rows. */
export interface Summary {
  readonly format: 1;
  readonly program: { readonly name: string; readonly version: string };
  readonly pack: { readonly installed: string; readonly is_as_installed_by_this_version: boolean };
  /** `kept`: what the newest \`check\` has stored; `judged`: worked out for the bundle, and stored nowhere else. */
  readonly basis: 'kept' | 'judged';
  readonly sources: readonly Source[];
  readonly rules: number;
  readonly verdicts: Readonly<Record<string, number>>;
  readonly notices: readonly string[];
}

export interface Source {
  readonly source_name: string | null;
  readonly organization_id: string | null;
  readonly management_account_id: string | null;
  readonly sync_time: string | null;
  readonly is_absent: boolean;
  readonly read_error: string | null;
  /** How the reads of the newest sync ended, by outcome. */
  readonly reads: Readonly<Record<string, number>>;
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

async function packOf(client: ClientBase): Promise<{ pack_version: string; live_schema: string }> {
  const { rows: found } = await client.query<{ is_there: boolean }>(
    `select to_regclass('delegation.pack') is not null and to_regclass('delegation.rules') is not null as is_there`,
  );
  const [pack] =
    found[0]?.is_there === true
      ? (
          await client.query<{ pack_version: string; live_schema: string; current: string | null }>(
            'select pack_version, live_schema, current_schema() as current from delegation.pack',
          )
        ).rows
      : [];
  const what = 'Collecting the evidence: ';
  if (!pack)
    throw new RunError(
      `${what}the views (schema "delegation") are not in this database. Sync into it and run \`aws-delegation check\`, then run this again.`,
    );
  if (pack.live_schema !== pack.current)
    throw new RunError(
      `${what}the views are bound to the tables of schema "${pack.live_schema}", and this connection's current schema is "${pack.current ?? 'none'}". Connect with search_path=${pack.live_schema}.`,
    );
  return pack;
}

async function sourcesOf(client: ClientBase): Promise<Source[]> {
  const { rows: reads } = await client.query<{ source_name: string; outcome: string; count: number }>(
    `select source_name, outcome, count(*)::integer as count from delegation.reads group by source_name, outcome order by source_name collate "C", outcome collate "C"`,
  );
  const { rows } = await client.query<Omit<Source, 'reads'>>(
    `select
      source_name,
      organization_id,
      management_account_id,
      to_char(sync_time, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as sync_time,
      is_absent,
      read_error
    from delegation.organizations
    order by source_name collate "C"`,
  );
  return rows.map((source) => ({
    ...source,
    reads: Object.fromEntries(
      reads
        .filter(({ source_name }) => source_name === source.source_name)
        .map(({ outcome, count }) => [outcome, count]),
    ),
  }));
}

interface RuleRow {
  readonly check_id: string;
  readonly title: string;
  readonly severity: string;
  readonly frameworks: Readonly<Record<string, readonly string[]>>;
  readonly reads: readonly string[];
  readonly why: string;
  readonly decides: string;
  readonly unknown: string;
  readonly remediation: string;
  readonly source: string;
}

async function rulesOf(client: ClientBase): Promise<RuleRow[]> {
  const { rows } = await client.query<RuleRow>(
    'select check_id, title, severity, frameworks, reads, why, decides, unknown, remediation, source from delegation.rules order by check_id collate "C"',
  );
  // They become names of folders.
  const wrong = rows.find(({ check_id }) => !/^[a-z][a-z0-9_]*$/.test(check_id));
  if (wrong)
    throw new RunError(`Collecting the evidence: delegation.rules has "${wrong.check_id}", which is no ID of a rule.`);
  return rows;
}

interface Table {
  readonly name: string;
  readonly view: string;
  readonly columns: readonly { readonly name: string; readonly type: string; readonly isKey: boolean }[];
}

/** With the columns that the synced table has; one that was never synced is left out, as it is in the database. */
async function tablesOf(client: ClientBase): Promise<Table[]> {
  const { rows } = await client.query<{ name: string; view: string; column: string; type: string; is_key: boolean }>(
    `select
      pack_columns.table_name as name,
      pack_columns.view_name as view,
      pack_columns.column_name as column,
      pack_columns.column_type as type,
      pack_columns.is_key
    from delegation.pack_columns
    cross join delegation.pack
    join pg_catalog.pg_attribute
        on pg_attribute.attrelid = pg_catalog.to_regclass(format('%I.%I', pack.live_schema, pack_columns.table_name))
        and pg_attribute.attname = pack_columns.column_name
        and pg_attribute.attnum > 0
        and not pg_attribute.attisdropped
    order by pack_columns.table_name collate "C", pack_columns.position`,
  );
  const tables = new Map<string, Table & { columns: Table['columns'][number][] }>();
  for (const { name, view, column, type, is_key } of rows) {
    const table = tables.get(name) ?? { name, view, columns: [] };
    table.columns.push({ name: column, type, isKey: is_key });
    tables.set(name, table);
  }
  // Without these two nothing of it is current.
  const isOurs = ({ columns }: Table): boolean =>
    ['_cq_sync_time', '_cq_source_name'].every((wanted) => columns.some(({ name }) => name === wanted));
  return [...tables.values()].filter(isOurs);
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** Keys first, because the rest of a row is long to compare. */
function rowsQuery({ view, columns }: Table): string {
  const order = ['_cq_source_name', ...columns.filter(({ isKey }) => isKey).map(({ name }) => name)];
  const isText = (name: string): boolean => columns.some((column) => column.name === name && column.type === 'text');
  return (
    `select ${columns.map(({ name }) => `live.${quoted(name)}`).join(', ')} from delegation.${quoted(view)} as live ` +
    `order by ${order.map((name) => `live.${quoted(name)}${isText(name) ? ' collate "C"' : ''}`).join(', ')}, live::text collate "C"`
  );
}

function sorted(view: string): string {
  return `select live.* from ${view} as live order by live::text collate "C"`;
}

/** What the spec says stands apart from what AWS says. */
const intents: readonly string[] = ['owners', 'expectations', 'approvals', 'waivers', 'settings'];

function fileOf(table: string): string {
  const intent = intents.find((name) => table === `aws_delegation_${name}`);
  return intent === undefined ? `tables/${table}.csv` : `intents/${intent}.csv`;
}

interface KeptRun {
  readonly check_id: string;
  readonly organization_id: string | null;
  readonly pack_version: string | null;
  /** UTC, as text. */
  readonly executed_at: string | null;
  readonly sync_time: string | null;
}

const resultColumns: readonly string[] = [
  ...[
    'check_id',
    'organization_id',
    'account_id',
    'region',
    'resource_id',
    'status',
    'raw_status',
    'unknown_cause',
    'reason',
  ],
  'waiver',
];

/** When what was judged, by rule and organization; none where no run has kept anything that can be told apart. */
async function keptRuns(client: ClientBase): Promise<KeptRun[]> {
  const needed = [...resultColumns, 'framework', 'execution_time', 'sync_time', 'pack_version'];
  const { rows: found } = await client.query<{ is_whole: boolean }>(
    `select count(*) = $1 as is_whole
    from pg_catalog.pg_attribute
    where attrelid = to_regclass('aws_policy_results') and attname = any ($2) and not attisdropped`,
    [needed.length, needed],
  );
  if (found[0]?.is_whole !== true) return [];
  const time = (column: string): string => `to_char(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
  const { rows } = await client.query<KeptRun>(
    `select
      check_id,
      organization_id,
      min(pack_version) as pack_version,
      ${time("min(execution_time at time zone 'UTC')")} as executed_at,
      ${time('min(sync_time)')} as sync_time
    from aws_policy_results
    where framework = 'aws_delegation'
    group by check_id, organization_id
    order by check_id collate "C", organization_id collate "C"`,
  );
  return rows;
}

function packNotices(installed: string, isOurs: boolean): string[] {
  if (installed !== version)
    return [
      `The views and rules in the database are of version ${installed}, and this program is version ${version}: rule.sql and queries/installed.sql are what the database has.`,
    ];
  return isOurs
    ? []
    : [
        `The views in the database are not as version ${version} installs them (somebody has changed one, or the tables have changed since): rule.sql and queries/installed.sql are what the database has. \`aws-delegation check\` installs them anew.`,
      ];
}

function keptNotices(
  kept: readonly KeptRun[],
  rules: readonly RuleRow[],
  sources: readonly Source[],
  installed: string,
): string[] {
  const notices: string[] = [];
  const again = 'Run `aws-delegation check`, and take the evidence again.';
  const judged = new Set(kept.map(({ check_id }) => check_id));
  const missing = rules.filter(({ check_id }) => !judged.has(check_id)).map(({ check_id }) => check_id);
  if (missing.length > 0) notices.push(`${listed('rule', missing)} not judged: no run has kept a verdict. ${again}`);
  const others = kept.filter(({ pack_version }) => pack_version !== installed);
  if (others.length > 0) {
    const versions = [...new Set(others.map(({ pack_version }) => pack_version ?? 'unknown'))].sort().join(', ');
    const ids = [...new Set(others.map(({ check_id }) => check_id))];
    notices.push(
      `${listed('rule', ids)} judged by version ${versions} of the rules, and the database has version ${installed}: the SQL here is not what judged. ${again}`,
    );
  }
  for (const organization_id of new Set(sources.map((source) => source.organization_id))) {
    const own = kept.filter((run) => run.organization_id === organization_id);
    const name = `organization ${organization_id ?? '(not known)'}`;
    if (own.length === 0) notices.push(`Nothing of ${name} is judged. ${again}`);
    // Of several sources of one organization a verdict is marked with the newest sync.
    const newest = sources
      .filter((source) => source.organization_id === organization_id)
      .map(({ sync_time }) => sync_time ?? '')
      .sort()
      .at(-1);
    const older = own.filter(({ sync_time }) => (sync_time ?? '') !== newest);
    if (older.length > 0) {
      const ids = older.map(({ check_id }) => check_id);
      notices.push(
        `${listed('rule', ids)} judged by another sync of ${name} (${older[0]?.sync_time ?? 'of an unknown time'}) than the rows here are of (${newest === '' ? 'of an unknown time' : (newest ?? '')}). ${again}`,
      );
    }
  }
  const known = new Set(sources.map(({ organization_id }) => organization_id));
  const strangers = [...new Set(kept.map(({ organization_id }) => organization_id))].filter((id) => !known.has(id));
  if (strangers.length > 0)
    notices.push(
      `There are verdicts of ${strangers.map((id) => id ?? 'no organization').join(', ')}, of which no rows are here. ${again}`,
    );
  return notices;
}

function listed(what: string, ids: readonly string[]): string {
  const shown = ids.length > 5 ? `${ids.slice(0, 5).join(', ')} and ${ids.length - 5} more` : ids.join(', ');
  return ids.length === 1 ? `The ${what} ${shown} was` : `${ids.length} ${what}s were (${shown})`;
}

async function ourRules(): Promise<Map<string, string>> {
  const rules = await loadRules(queriesDirectory);
  const texts = await Promise.all(
    rules.map(({ id }) => readFile(join(queriesDirectory, 'rules', `${id}.sql`), 'utf8')),
  );
  return new Map(rules.map(({ id }, index) => [id, texts[index] ?? '']));
}

async function installedRules(client: ClientBase): Promise<Map<string, string>> {
  const { rows } = await client.query<{ check_id: string; sql: string | null }>(
    `select check_id, pg_get_viewdef(to_regclass(format('delegation.%I', 'rule_' || check_id))) as sql from delegation.rules`,
  );
  return new Map(
    rows.map(({ check_id, sql }) => [
      check_id,
      `-- As the database has it: delegation.rule_${check_id}\n${sql ?? '-- there is no such view'}\n`,
    ]),
  );
}

/** Views and functions of the schema by name: to be read, because none can be told to come before another. */
async function installedSql(client: ClientBase): Promise<string> {
  const { rows } = await client.query<{ definition: string }>(
    `select format(E'-- view delegation.%I\\n%s', relname, pg_get_viewdef(oid)) as definition
    from pg_catalog.pg_class
    where relnamespace = 'delegation'::regnamespace and relkind = 'v'
    union all
    select format(E'-- function delegation.%I\\n%s', proname, pg_get_functiondef(oid))
    from pg_catalog.pg_proc
    where pronamespace = 'delegation'::regnamespace and prokind = 'f'
    order by 1`,
  );
  return rows
    .map(({ definition }) => `${definition}\n`)
    .sort()
    .join('\n');
}

type Counts = Map<string, Map<string, number>>;

const verdictColumns = resultColumns.filter((column) => column !== 'check_id');
const rowsAtOnce = 2000;

type VerdictRow = { check_id: string; status: string } & Record<string, string | null>;

/** One file per rule, without a verdict too; gives how many of each status it has. */
async function addVerdicts(
  client: ClientBase,
  writer: BundleWriter,
  rules: readonly RuleRow[],
  basis: Summary['basis'],
): Promise<Counts> {
  const from =
    basis === 'kept'
      ? `aws_policy_results as verdict where framework = 'aws_delegation'`
      : 'delegation.judge(null) as verdict';
  const order = ['check_id', 'organization_id', 'resource_id', 'account_id', 'region', 'reason'];
  const pulled = pull(
    client,
    `select ${resultColumns.map((column) => `verdict.${column}::text`).join(', ')} from ${from} order by ${order.map((column) => `verdict.${column}::text collate "C" nulls first`).join(', ')}`,
  );
  const counts: Counts = new Map();
  let next = await pulled.next();
  for (const { check_id } of rules) {
    const own = new Map<string, number>();
    counts.set(check_id, own);
    // Of a rule that the database no longer has.
    while (next.done !== true && next.value.check_id < check_id) next = await pulled.next();
    await writer.add(`rules/${check_id}/verdicts.csv`, lines());
    async function* lines(): AsyncGenerator<string> {
      yield csvLine(verdictColumns);
      for (; next.done !== true && next.value.check_id === check_id; next = await pulled.next()) {
        const row = next.value;
        own.set(row.status, (own.get(row.status) ?? 0) + 1);
        yield csvLine(verdictColumns.map((column) => row[column] ?? null));
      }
    }
  }
  await pulled.return(undefined);
  return counts;
}

async function* pull(client: ClientBase, query: string): AsyncGenerator<VerdictRow, undefined> {
  await client.query(`declare verdicts no scroll cursor for ${query}`);
  for (;;) {
    const { rows } = await client.query<VerdictRow>(`fetch ${rowsAtOnce} from verdicts`);
    yield* rows;
    if (rows.length < rowsAtOnce) break;
  }
  await client.query('close verdicts');
  return undefined;
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

function loadSql(tables: readonly Table[], isOurs: boolean): string {
  return `-- psql -d EMPTY_DATABASE -f load.sql, in the folder of this file: the rows of the bundle as tables, and the rules on them.
\\set ON_ERROR_STOP on
\\encoding UTF8
begin;
set local client_min_messages = warning;
set local datestyle = 'ISO, YMD';
${tables
  .map(
    ({ name, columns }) =>
      `create table ${quoted(name)} (${columns.map((column) => `${quoted(column.name)} ${column.type}`).join(', ')});\n` +
      `\\copy ${quoted(name)} (${columns.map((column) => quoted(column.name)).join(', ')}) from '${fileOf(name)}' with (format csv, header)\n`,
  )
  .join('')}commit;
${isOurs ? '\\i queries/install.sql\n' : `-- The views in the database were not those of version ${version}: install theirs.\n`}`;
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
