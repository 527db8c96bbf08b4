import type { Organization } from './database.js';

/**
 * The next sync of the source `prod` (or `source`) at this time: what was there is there again, apart from what `changes` does to
 * it. Reads that `changes` does not name are ok.
 */
export async function nextSync({ client }: Organization, time: string, changes = '', source = 'prod'): Promise<void> {
  await client.query('begin');
  await client.query(`select set_config('fixture.source', '${source}', true)`);
  await client.query(
    `create or replace function fixture.time() returns timestamp language sql as 'select timestamp ''${time}'''`,
  );
  const { rows } = await client.query<{ name: string }>(
    `select quote_ident(relname) as name
     from pg_attribute join pg_class on pg_class.oid = attrelid
     where attname = '_cq_sync_time' and relkind = 'r' and relnamespace = 'public'::regnamespace and relname <> 'aws_cloudtrail_organization_events'`,
  );
  for (const { name } of rows)
    await client.query(`update ${name} set _cq_sync_time = fixture.time() where _cq_source_name = '${source}'`);
  await client.query(`delete from aws_delegation_reads where _cq_source_name = '${source}'`);
  if (changes !== '') await client.query(changes);
  await client.query('select fixture.finish()');
  await client.query('commit');
}

export interface Drift {
  at: Date;
  kind: string;
  service_id: string | null;
  method: string | null;
  region: string | null;
  account_id: string | null;
  before: string | null;
  after: string | null;
  event_id: string | null;
  [column: string]: unknown;
}

export async function driftOf({ client }: Organization, since?: string, until?: string): Promise<Drift[]> {
  return (await client.query<Drift>('select * from delegation.drift($1, $2)', [since ?? null, until ?? null])).rows;
}
