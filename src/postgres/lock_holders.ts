import type { ClientBase } from 'pg';
import { errorCode, errorMessage } from './errors.js';

/** SQLSTATE lock_not_available: of the error, and of the warning that tells early who is waited for. */
export const lockNotAvailable = '55P03';

/** Tells who is waited for, while there is still time to end that. */
export function tellWaits(client: ClientBase, tell: (text: string) => void): void {
  client.on('notice', ({ code, message }) => {
    if (code === lockNotAvailable && message !== undefined) tell(`PostgreSQL: ${message}`);
  });
}

/**
 * A lock timeout with what PostgreSQL does not say of it: who was in the way, as its message, and what ends that, as its hint.
 * That is whoever has written to tables or views of the current schema or of ours, or reads them for update, in a transaction
 * that is open; or has the advisory lock (SQL of a bigint). Other errors are given back as they are.
 */
export async function withHolders(error: unknown, client: ClientBase, advisory = 'null'): Promise<unknown> {
  if (errorCode(error) !== lockNotAvailable || !errorMessage(error).includes('lock timeout')) return error;
  const query = client.query<{ told: string | null; todo: string | null }>(
    holdersSql(
      `pg_locks.granted and (${advisoryKey} = ${advisory} or pg_locks.mode <> 'AccessShareLock'
                and pg_locks.relation in (
                    select pg_class.oid
                    from pg_catalog.pg_class
                    where pg_class.relnamespace in (pg_catalog.to_regnamespace(quote_ident(current_schema())), pg_catalog.to_regnamespace('delegation'))
                        and pg_class.relkind in ('r', 'p', 'v')
                ))`,
    ),
  );
  const found = (await query.catch(() => undefined))?.rows[0];
  if (typeof found?.told !== 'string') return error;
  const message = `somebody is in the way: ${found.told}`;
  return Object.assign(new Error(message, { cause: error }), {
    code: lockNotAvailable,
    hint: found.todo ?? 'Try again.',
  });
}

export const advisoryKey = `case when pg_locks.locktype = 'advisory' and pg_locks.objsubid = 1 then (pg_locks.classid::bigint << 32) | pg_locks.objid::bigint end`;

/** The sessions that have a lock for which the condition holds: who they are, and how to be rid of them. One row; null where there is none. */
export function holdersSql(condition: string, into = ''): string {
  return `select
            string_agg(
                concat(
                    case
                        when session.pid is null then 'a prepared transaction (pg_prepared_xacts)'
                        else format('session %s of user %s', session.pid, coalesce(session.usename, 'unknown'))
                    end,
                    ' (' || nullif(session.application_name, '') || ')',
                    ', ' || session.state,
                    to_char(session.since at time zone 'UTC', '", since "YYYY-MM-DD HH24:MI:SS" UTC"'),
                    coalesce(', which has ' || nullif(session.relations, ''), ', which writes or installs here')
                ),
                '; ' order by session.since nulls last, session.pid
            ) as told,
            'End its transaction, or the session with: ' || string_agg(format('select pg_terminate_backend(%s);', session.pid), ' ' order by session.since nulls last, session.pid) as todo,
            bool_and(session.state is not distinct from 'active') as is_busy
        ${into}
        from (
            select
                pg_locks.pid, pg_stat_activity.usename, pg_stat_activity.application_name, pg_stat_activity.state,
                coalesce(pg_stat_activity.xact_start, pg_stat_activity.backend_start) as since,
                concat(
                    (array_agg(distinct pg_locks.relation::regclass::text) filter (where pg_locks.relation is not null))[1],
                    ' and ' || nullif(greatest(count(distinct pg_locks.relation) - 1, 0), 0)::text || ' more'
                ) as relations
            from pg_catalog.pg_locks
            left join pg_catalog.pg_stat_activity on pg_stat_activity.pid = pg_locks.pid
            where pg_locks.pid is distinct from pg_backend_pid()
                and pg_locks.database = (select pg_database.oid from pg_catalog.pg_database where pg_database.datname = current_database())
                and (${condition})
            group by pg_locks.pid, pg_stat_activity.usename, pg_stat_activity.application_name, pg_stat_activity.state, since
            order by since nulls last
            limit 5
        ) as session`;
}
