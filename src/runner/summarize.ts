import type { Client } from 'pg';
import type { SourceSpec } from './spec.js';
import type { Outcome, ReadProblem, SyncSummary } from './summary.js';
import { readsTable } from './names.js';
import { timestampText } from './sync_time.js';
import type { WrittenTable } from './writer.js';

export type Summary = Omit<SyncSummary, 'durationMs'>;

/** Before the commit, in the transaction of the sync. */
export async function summarize(
  client: Client,
  run: { spec: SourceSpec; syncTime: bigint } & Pick<SyncSummary, 'tables' | 'tableErrors'>,
): Promise<Summary> {
  const reads: Record<Outcome, number> = { ok: 0, absent: 0, denied: 0, failed: 0, skipped: 0 };
  let requests = 0;
  let problems: ReadProblem[] = [];
  if (run.tables.some(({ name }) => name === readsTable)) {
    const values = [run.spec.name, timestampText(run.syncTime)];
    const counted = await client.query<{ outcome: Outcome; count: number; requests: string }>(
      `select outcome, count(*)::int as count, coalesce(sum(request_count), 0)::text as requests
        from ${readsTable}
        where _cq_source_name = $1 and _cq_sync_time = $2::timestamp
        group by outcome`,
      values,
    );
    for (const row of counted.rows) {
      reads[row.outcome] = row.count;
      requests += Number(row.requests);
    }
    const listed = await client.query<ReadProblem>(
      `select
          outcome, account_id as "accountId", region, table_name as "tableName", operation, scope,
          error_code as "errorCode", error_message as "errorMessage"
        from ${readsTable}
        where _cq_source_name = $1 and _cq_sync_time = $2::timestamp and outcome in ('denied', 'failed')
        order by table_name, account_id, region, operation, scope`,
      values,
    );
    problems = listed.rows;
  }
  const sum = (pick: (table: WrittenTable) => number) => run.tables.reduce((total, table) => total + pick(table), 0);
  return {
    sourceName: run.spec.name,
    syncTime: `${timestampText(run.syncTime)}Z`,
    tables: [...run.tables].sort((left, right) => left.name.localeCompare(right.name, 'en')),
    rows: sum(({ rows }) => rows),
    staleRemoved: sum(({ staleRemoved }) => staleRemoved),
    staleKept: sum(({ staleKept }) => staleKept),
    reads,
    problems,
    tableErrors: run.tableErrors,
    requests,
    exitCode: problems.length > 0 || run.tableErrors.length > 0 ? 2 : 0,
  };
}
