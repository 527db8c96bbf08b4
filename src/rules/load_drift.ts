import type { ClientBase } from 'pg';
import type { Change, Drift, KeptHistory, UnreadQuestion } from './drift.js';
import { messageOf, RulesError, sqlState } from './errors.js';

/** Null where something is not known: ISO 8601 otherwise. */
const time = (column: string): string => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/**
 * What changed between two times, on one snapshot; `until` null is now. `client` must not be in a transaction, and may be one that only reads.
 *
 * @throws RulesError where the views are not there, or of a version without a history.
 */
export async function loadDrift(client: ClientBase, since: Date, until: Date | null): Promise<Drift> {
  await client.query('begin transaction isolation level repeatable read read only');
  try {
    await checkHistory(client);
    return await load(client, since, until);
  } catch (error) {
    throw error instanceof RulesError ? error : new RulesError(explain(error), { cause: error, code: sqlState(error) });
  } finally {
    await client.query('rollback');
  }
}

async function checkHistory(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ is_there: boolean }>(
    `select to_regclass('delegation.history_syncs') is not null
        and to_regprocedure('delegation.drift(timestamp with time zone, timestamp with time zone)') is not null as is_there`,
  );
  if (rows[0]?.is_there === true) return;
  throw new RulesError(
    'Comparing two times: this database keeps no history, because the views (schema "delegation") are not installed, or of an older version. ' +
      'Run `aws-delegation check` after each sync, or psql -f queries/install.sql once and -f queries/history.sql after each sync: the history begins then.',
  );
}

async function load(client: ClientBase, since: Date, until: Date | null): Promise<Drift> {
  const { rows: about } = await client.query<{ until: string; pack_version: string }>(
    `select ${time('coalesce($1::timestamptz, now())')} as until, pack.pack_version from delegation.pack`,
    [until],
  );
  const { rows: histories } = await client.query<KeptHistory>(
    `with kept as (
      select
        history_syncs.source_name,
        history_syncs.organization_id,
        min(history_syncs.sync_time) as begins,
        max(history_syncs.sync_time) as ends,
        max(history_syncs.sync_time) filter (where history_syncs.sync_time <= $1) as since_sync,
        max(history_syncs.sync_time) filter (where history_syncs.sync_time <= coalesce($2::timestamptz, 'infinity')) as until_sync
      from delegation.history_syncs
      group by history_syncs.source_name, history_syncs.organization_id
    ),
    stored as (
      select organizations.source_name, organizations.organization_id, organizations.sync_time at time zone 'UTC' as sync_time
      from delegation.organizations
      where organizations.source_name is not null
    )
    select
      coalesce(kept.source_name, stored.source_name) as "sourceName",
      coalesce(kept.organization_id, stored.organization_id) as "organizationId",
      ${time('kept.begins')} as begins,
      ${time('kept.ends')} as ends,
      ${time('kept.since_sync')} as "sinceSync",
      ${time('kept.until_sync')} as "untilSync",
      case when stored.sync_time > coalesce(kept.ends, '-infinity') and stored.sync_time <= coalesce($2::timestamptz, 'infinity') then ${time('stored.sync_time')} end as "notKept"
    from kept
    full join stored on stored.source_name = kept.source_name and stored.organization_id = kept.organization_id
    order by 1, 2`,
    [since, until],
  );
  const { rows: changes } = await client.query<Change>(
    `select
      drift.source_name as "sourceName",
      drift.organization_id as "organizationId",
      ${time('drift.at')} as at,
      drift.kind,
      drift.service_id as "serviceId",
      drift.service_name as "serviceName",
      drift.method,
      drift.region,
      drift.account_id as "accountId",
      drift.account_name as "accountName",
      drift.rule_id as "ruleId",
      drift.resource_id as "resourceId",
      drift.before,
      drift.after,
      drift.event_id as "eventId",
      ${time('drift.event_time')} as "eventTime",
      drift.actor,
      drift.severity,
      drift.reason
    from delegation.drift($1, $2) as drift`,
    [since, until],
  );
  const { rows: unread } = await client.query<UnreadQuestion>(
    `select
      history_reads.source_name as "sourceName",
      history_reads.organization_id as "organizationId",
      history_reads.method,
      history_reads.service_id as "serviceId",
      catalogue.service_name as "serviceName",
      history_reads.region,
      ${time('history_reads.last_read')} as "lastRead",
      history_reads.unknown_cause as cause,
      history_reads.read_error as error
    from delegation.history_reads
    left join (
      select services.service_id, min(services.service_name) as service_name
      from delegation.services
      group by services.service_id
    ) as catalogue on catalogue.service_id = history_reads.service_id
    where history_reads.unknown_cause = 'unread'
      and history_reads.newest_sync <= coalesce($1::timestamptz, 'infinity')
    order by 1, 2, 3, 4, 6`,
    [until],
  );
  return {
    since: since.toISOString(),
    until: about[0]?.until ?? new Date().toISOString(),
    histories,
    changes,
    unread,
    packVersion: about[0]?.pack_version ?? '',
  };
}

function explain(error: unknown): string {
  const state = sqlState(error);
  const said = `Comparing two times: PostgreSQL said: ${messageOf(error)}${state === undefined ? '' : ` (SQLSTATE ${state})`}.`;
  // insufficient_privilege
  if (state === '42501') {
    return `${said} This database user has to be allowed to use the schema "delegation" and to read its views: queries/roles.sql gives that to a reader.`;
  }
  // undefined_table, undefined_column, undefined_function
  if (['42P01', '42703', '42883'].includes(state ?? '')) {
    return `${said} The installed views are of another version: install them again (\`aws-delegation check\`, or psql -f queries/install.sql).`;
  }
  return `${said} Nothing was changed. Please report it with this message.`;
}
