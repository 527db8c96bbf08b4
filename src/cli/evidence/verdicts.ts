import type { ClientBase } from 'pg';
import type { BundleWriter } from './bundle.js';
import { csvLine } from './csv.js';
import type { RuleRow } from './pack.js';
import type { Summary } from './summary.js';

export interface KeptRun {
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
export async function keptRuns(client: ClientBase): Promise<KeptRun[]> {
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

export type Counts = Map<string, Map<string, number>>;

const verdictColumns = resultColumns.filter((column) => column !== 'check_id');
const rowsAtOnce = 2000;

type VerdictRow = { check_id: string; status: string } & Record<string, string | null>;

/** One file per rule, without a verdict too; gives how many of each status it has. */
export async function addVerdicts(
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
