import { advisoryKey, holdersSql } from './lock_holders.js';

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

const noRelations = 'select null::text as statement, null::oid as relation, null::boolean as is_exclusive where false';

/** What keeps others from ROW EXCLUSIVE. */
const modesAgainstWriters = `('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')`;

/**
 * A statement that takes these locks for the transaction, all of them or none. The advisory lock is waited for in line. Whoever
 * waits for ACCESS EXCLUSIVE stops every reader that comes later, and one who holds such a lock and waits for another one can
 * end in a deadlock with a reader. So relations are tried for less than PostgreSQL's deadlock_timeout (one second), and what
 * was got is let go before the next attempt. That begins with what the one before was kept from, while nothing else is held:
 * there it may wait longer, for readers who are busy and not for one who has left a transaction open, or it would never get
 * between many of them. A warning tells after two seconds who is in the way; after `patienceMs` an error does, with a hint.
 */
export function lockSql({ advisory, relations = noRelations, patienceMs }: Locks): string {
  return `do $locks$
declare
    lock_timeout_before constant text := current_setting('lock_timeout');
    wait_ms integer;
    is_told boolean := false;
    until timestamp with time zone;
    told_from timestamp with time zone;
    attempt integer := 0;
    first_wait_ms integer := 200;
    kept_from oid;
    trying oid;
    is_first boolean;
    began timestamp with time zone;
    wanted record;
    holders record;
begin
${advisory === undefined ? '' : advisoryBlock(advisory, patienceMs)}
    until := clock_timestamp() + interval '${patienceMs} milliseconds';
    told_from := clock_timestamp() + interval '${tellAfterMs} milliseconds';
    loop
        attempt := attempt + 1;
        begin
            trying := null;
            perform set_config('lock_timeout', first_wait_ms || 'ms', true);
            is_first := true;
            began := clock_timestamp();
            for wanted in
                select needed.statement, needed.relation
                from (select row_number() over () as position, listed.* from (${relations}) as listed) as needed
                order by (needed.relation = kept_from) desc nulls last, needed.position
            loop
                trying := wanted.relation;
                execute wanted.statement;
                if is_first then
                    is_first := false;
                    began := clock_timestamp();
                    perform set_config('lock_timeout', '200ms', true);
                -- More with each attempt, so that a slow machine comes through, too.
                elsif clock_timestamp() > began + attempt * interval '500 milliseconds' then
                    raise exception using errcode = 'lock_not_available', message = 'too slow';
                end if;
            end loop;
            exit;
        exception when lock_not_available or deadlock_detected then
            kept_from := trying;
        end;
        -- Without this a transaction sees the sessions as they were at its first look.
        perform pg_stat_clear_snapshot();
        ${holdersSql(
          `exists (
                select
                from (${relations}) as needed
                where needed.relation = pg_locks.relation and (needed.is_exclusive or pg_locks.mode in ${modesAgainstWriters})
            )`,
          'into holders',
        )};
        if clock_timestamp() >= until then
            ${giveUp(patienceMs)}
        end if;
        if clock_timestamp() >= told_from then
            told_from := 'infinity';
            ${warn}
        end if;
        -- Whoever has waited behind this gets as long to pass.
        perform pg_sleep(first_wait_ms / 1000.0);
        first_wait_ms := case when holders.is_busy then least(200 * attempt, 3000) else 200 end;
    end loop;
    perform set_config('lock_timeout', lock_timeout_before, true);
end
$locks$`;
}

const tellAfterMs = 2000;

/** Nobody waits for what is held here, so this keeps its place in the line. */
function advisoryBlock(advisory: string, patienceMs: number): string {
  return `    foreach wait_ms in array array[${Math.min(tellAfterMs, patienceMs)}, ${Math.max(patienceMs - tellAfterMs, 1)}] loop
        begin
            perform set_config('lock_timeout', wait_ms || 'ms', true);
            perform pg_advisory_xact_lock(${advisory});
            holders := null;
            exit;
        exception when lock_not_available then
            perform pg_stat_clear_snapshot();
            ${holdersSql(`pg_locks.granted and ${advisoryKey} = ${advisory}`, 'into holders')};
            if not is_told then
                is_told := true;
                ${warn}
            else
                ${giveUp(patienceMs)}
            end if;
        end;
    end loop;`;
}

const warn = `raise warning using errcode = 'lock_not_available', message = format('waiting for %s', coalesce(holders.told, 'a lock'));`;

function giveUp(patienceMs: number): string {
  return `raise exception using
                errcode = 'lock_not_available',
                message = format('somebody is in the way, and ${seconds(patienceMs)} were not enough: %s', coalesce(holders.told, 'a lock')),
                hint = coalesce(holders.todo, 'Try again.');`;
}

function seconds(ms: number): string {
  return ms >= 120_000 ? `${Math.round(ms / 60_000)} minutes` : `${Math.round(ms / 1000)} seconds`;
}
