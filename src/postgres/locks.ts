import type { ClientBase } from 'pg';

export interface Locks {
  /** SQL of a bigint: an advisory lock, taken first. */
  readonly advisory?: string;
  /**
   * A query of (statement, relation, is_exclusive): the statements take the locks, in this order, on the relations (oid), either
   * ACCESS EXCLUSIVE or ROW EXCLUSIVE.
   */
  readonly relations?: string;
  /** For how long others may be in the way. */
  readonly patienceMs: number;
}

/** SQLSTATE lock_not_available: of the error, and of the warning that tells early who is waited for. */
export const lockNotAvailable = '55P03';

const noRelations = 'select null::text as statement, null::oid as relation, null::boolean as is_exclusive where false';

/** What keeps others from ROW EXCLUSIVE. */
const modesAgainstWriters = `('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')`;

/**
 * A statement that takes these locks for the transaction, all of them or none. Whoever waits for ACCESS EXCLUSIVE stops every
 * reader that comes later, and one who holds such a lock and waits for another one can end in a deadlock with a reader. So it
 * is tried for less than PostgreSQL's deadlock_timeout (one second), and what was got is let go before the next attempt.
 * A warning tells after two seconds who is in the way; after `patienceMs` an error does, with a hint.
 */
export function lockSql({ advisory, relations = noRelations, patienceMs }: Locks): string {
  const advisoryHeld = advisory === undefined ? 'false' : `${advisoryKey} = ${advisory}`;
  return `do $locks$
declare
    until constant timestamp with time zone := clock_timestamp() + interval '${patienceMs} milliseconds';
    told_from timestamp with time zone := clock_timestamp() + interval '2 seconds';
    lock_timeout_before constant text := current_setting('lock_timeout');
    attempt integer := 0;
    began timestamp with time zone;
    wanted record;
    holders record;
begin
    loop
        attempt := attempt + 1;
        begin
            perform set_config('lock_timeout', '200ms', true);
            began := clock_timestamp();
            ${advisory === undefined ? '' : `perform pg_advisory_xact_lock(${advisory});`}
            for wanted in ${relations} loop
                execute wanted.statement;
                -- More with each attempt, so that a slow machine comes through, too.
                if clock_timestamp() > began + attempt * interval '500 milliseconds' then
                    raise exception using errcode = 'lock_not_available', message = 'too slow';
                end if;
            end loop;
            exit;
        exception when lock_not_available or deadlock_detected then
            null;
        end;
        -- Without this a transaction sees the sessions as they were at its first look.
        perform pg_stat_clear_snapshot();
        ${holdersSql(
          `${advisoryHeld} or exists (
                select
                from (${relations}) as needed
                where needed.relation = pg_locks.relation and (needed.is_exclusive or pg_locks.mode in ${modesAgainstWriters})
            )`,
          'into holders',
        )};
        if clock_timestamp() >= until then
            raise exception using
                errcode = 'lock_not_available',
                message = format('waited ${seconds(patienceMs)} in vain for %s', coalesce(holders.told, 'a lock')),
                hint = coalesce(holders.todo, 'Try again.');
        end if;
        if clock_timestamp() >= told_from then
            told_from := 'infinity';
            raise warning using errcode = 'lock_not_available', message = format('waiting for %s', coalesce(holders.told, 'a lock'));
        end if;
        perform pg_sleep(0.25);
    end loop;
    perform set_config('lock_timeout', lock_timeout_before, true);
end
$locks$`;
}

const advisoryKey = `case when pg_locks.locktype = 'advisory' and pg_locks.objsubid = 1 then (pg_locks.classid::bigint << 32) | pg_locks.objid::bigint end`;

/** The sessions that have a lock for which the condition holds: who they are, and how to be rid of them. One row; null where there is none. */
function holdersSql(condition: string, into = ''): string {
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
            'End its transaction, or the session with: ' || string_agg(format('select pg_terminate_backend(%s);', session.pid), ' ' order by session.since nulls last, session.pid) as todo
        ${into}
        from (
            select
                pg_locks.pid, pg_stat_activity.usename, pg_stat_activity.application_name, pg_stat_activity.state,
                coalesce(pg_stat_activity.xact_start, pg_stat_activity.backend_start) as since,
                concat(
                    (array_agg(distinct pg_locks.relation::regclass::text) filter (where pg_locks.relation is not null))[1],
                    ' and ' || nullif(count(distinct pg_locks.relation) - 1, 0)::text || ' more'
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

/**
 * After a lock timeout, of which PostgreSQL does not say who it was: who may have locked rows, tables or views of the current
 * schema or of ours, or has the advisory lock (SQL of a bigint). That is whoever has written to them, or reads them for update,
 * in a transaction that is open.
 */
export async function writersHere(
  client: ClientBase,
  advisory = 'null',
): Promise<{ told: string; todo: string } | undefined> {
  const { rows } = await client.query<{ told: string | null; todo: string | null }>(
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
  const { told, todo } = rows[0] ?? {};
  return typeof told === 'string' ? { told, todo: todo ?? 'Try again.' } : undefined;
}

function seconds(ms: number): string {
  return ms >= 120_000 ? `${Math.round(ms / 60_000)} minutes` : `${Math.round(ms / 1000)} seconds`;
}
