import type { ClientBase } from 'pg';
import type { RuleResult } from './results.js';

/** CloudQuery's columns first, so that its dashboards work on this table. */
const columns: readonly (readonly [name: string, type: string])[] = [
  ['execution_time', 'timestamp with time zone'],
  ['framework', 'varchar(255)'],
  ['check_id', 'varchar(255)'],
  ['title', 'text'],
  ['account_id', 'varchar(1024)'],
  ['resource_id', 'varchar(1024)'],
  ['status', 'varchar(16)'],
  ['region', 'text'],
  ['severity', 'text'],
  ['reason', 'text'],
  ['unknown_cause', 'text'],
  ['waiver', 'text'],
  ['raw_status', 'text'],
  ['organization_id', 'text'],
  ['sync_time', 'timestamp without time zone'],
  ['pack_version', 'text'],
];

// Rows of other packs may be in the same table; these are ours.
const framework = 'aws_delegation';

const rowsAtOnce = 5_000;

interface Written {
  readonly executionTime: Date;
  readonly packVersion: string;
  /** The checks that were run; left out where all were. */
  readonly checkIds?: readonly string[];
}

/**
 * Puts the results in place of the earlier ones of the same checks. A run judges every source in the database, so a verdict
 * that it does not give any more must not stay: an organization that can no longer be read would keep its old passes.
 */
export async function writeResults(
  client: ClientBase,
  results: readonly RuleResult[],
  written: Written,
): Promise<void> {
  await client.query('set local client_min_messages = warning');
  await client.query(
    `create table if not exists aws_policy_results (${columns.map(([name, type]) => `${name} ${type}`).join(', ')})`,
  );
  // A table that CloudQuery's own policies have made has the first seven only.
  const { rows: existing } = await client.query<{ attname: string }>(
    `select attname from pg_catalog.pg_attribute where attrelid = 'aws_policy_results'::regclass and attnum > 0 and not attisdropped`,
  );
  const missing = columns.filter(([name]) => !existing.some(({ attname }) => attname === name));
  for (const [name, type] of missing) await client.query(`alter table aws_policy_results add column ${name} ${type}`);

  await client.query(
    `delete from aws_policy_results where framework = $1 and ($2::text[] is null or check_id = any ($2))`,
    [framework, written.checkIds ?? null],
  );
  const { rows: syncs } = await client.query<{ organization_id: string | null; sync_time: string | null }>(
    'select organization_id, max(sync_time)::text as sync_time from delegation.organizations group by organization_id',
  );
  const syncTimes = new Map(syncs.map(({ organization_id, sync_time }) => [organization_id, sync_time]));
  for (let start = 0; start < results.length; start += rowsAtOnce) {
    const rows = results.slice(start, start + rowsAtOnce).map((result) => ({
      execution_time: written.executionTime,
      framework,
      check_id: result.rule.id,
      title: result.rule.title,
      account_id: result.accountId,
      resource_id: result.resourceId,
      status: result.status,
      region: result.region,
      severity: result.rule.severity,
      reason: result.reason,
      unknown_cause: result.unknownCause,
      waiver: result.waiver,
      raw_status: result.rawStatus,
      organization_id: result.organizationId,
      sync_time: syncTimes.get(result.organizationId) ?? null,
      pack_version: written.packVersion,
    }));
    const names = columns.map(([name]) => name).join(', ');
    await client.query(
      `insert into aws_policy_results (${names})
      select ${names} from jsonb_to_recordset($1::jsonb) as given (${columns.map(([name, type]) => `${name} ${type}`).join(', ')})`,
      [JSON.stringify(rows)],
    );
  }
}
