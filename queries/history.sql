-- psql "$DATABASE_URL" -f queries/history.sql: takes the newest sync of each source into the history (delegation.delegation_history), and
-- prints what changed with it. For after each sync of whoever judges more seldom than he syncs; queries/check.sql and `aws-delegation
-- check` do it as well. Once for a sync is enough, and more often does no harm. queries/install.sql comes before it: after the first sync,
-- when a table is new, and after an upgrade.
\set ON_ERROR_STOP on
\set QUIET on
\pset format wrapped
\pset border 1
\pset null ''
\pset footer off
\pset pager off
-- As in queries/check.sql.
do $lock$ begin perform pg_advisory_lock(hashtext('delegation.results')); end $lock$;
begin transaction isolation level repeatable read;
set local client_min_messages = warning;

create temporary table aws_delegation_kept on commit drop as
select kept.*
from delegation.keep_history() as kept;

\echo
\echo 'Syncs'
select kept.source_name as source, kept.organization_id as organization, delegation.utc_text(kept.sync_time) as sync, kept.note
from pg_temp.aws_delegation_kept as kept
order by kept.source_name collate "C";

\echo 'Changes (200 at most; all of them: select * from delegation.drift(since, until))'
select drift.source_name as source, drift.kind, drift.service_name as service, drift.method, drift.region, concat_ws(' ', drift.account_id, drift.account_name) as account, drift.before, drift.after, drift.actor
from (
    select min(kept.sync_time) as since, max(kept.sync_time) as until
    from pg_temp.aws_delegation_kept as kept
    where kept.is_kept
) as newest
cross join lateral delegation.drift(newest.since - interval '1 microsecond', newest.until) as drift
join pg_temp.aws_delegation_kept as kept
    on kept.is_kept
    and kept.source_name = drift.source_name
    and kept.organization_id = drift.organization_id
    and kept.sync_time = drift.at
where drift.kind <> 'verdict_changed'
order by drift.source_name collate "C", drift.kind collate "C", drift.service_id collate "C", drift.account_id collate "C", drift.region collate "C"
limit 200;

\echo 'Could not be asked (50 at most), and stays as it was'
select reads.source_name as source, reads.method, reads.service_id as service, reads.region, delegation.utc_text(reads.last_read) as last_read, reads.read_error as why
from delegation.history_reads as reads
where reads.unknown_cause = 'unread'
order by reads.source_name collate "C", reads.method collate "C", reads.service_id collate "C", reads.region collate "C"
limit 50;

commit;
do $unlock$ begin perform pg_advisory_unlock(hashtext('delegation.results')); end $unlock$;
