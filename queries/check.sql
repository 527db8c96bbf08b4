-- psql "$DATABASE_URL" -f queries/check.sql: judges what is synced, keeps the verdicts in aws_policy_results (and what changed since the
-- run before in aws_policy_result_changes), and prints them, findings first. queries/install.sql comes before it: after the first sync,
-- when a table is new, and after an upgrade. A user who may only read: select * from delegation.judge(null);
\set ON_ERROR_STOP on
\set QUIET on
\pset format wrapped
\pset border 1
\pset null ''
\pset footer off
\pset pager off
-- Before the snapshot is taken: a run that waits for another has to see what that has written.
do $lock$ begin perform pg_advisory_lock(hashtext('delegation.results')); end $lock$;
begin transaction isolation level repeatable read;
set local client_min_messages = warning;

create temporary table aws_delegation_run on commit drop as
select
    judged.*,
    rules.title,
    rules.severity,
    array_position(array['critical', 'high', 'medium', 'low'], rules.severity) as severity_rank,
    -- A rule about accounts can fail 50,000 times, and nobody reads that.
    row_number() over (partition by judged.check_id, judged.status order by judged.organization_id, judged.resource_id collate "C", judged.account_id, judged.region) as row_in_rule
from delegation.keep_results(null) as judged
join delegation.rules on rules.check_id = judged.check_id;

\echo
\echo 'Findings (20 of each rule at most; all are in aws_policy_results)'
select run.severity, run.check_id as rule, run.region, run.resource_id as resource, run.reason
from pg_temp.aws_delegation_run as run
where run.status = 'fail' and run.row_in_rule <= 20
order by run.severity_rank, run.check_id collate "C", run.row_in_rule;

\echo 'Not known (20 of each rule at most)'
select run.severity, run.check_id as rule, run.unknown_cause as cause, run.region, run.resource_id as resource, run.reason
from pg_temp.aws_delegation_run as run
where run.status = 'unknown' and run.row_in_rule <= 20
order by run.unknown_cause <> 'unread', run.severity_rank, run.check_id collate "C", run.row_in_rule;

\echo 'Waivers'
select waivers.state, waivers.rule, waivers.resource, waivers.account_id as account, waivers.region, to_char(waivers.expires, 'YYYY-MM-DD') as expires, waivers.approved_by, waivers.reason
from delegation.waiver_states((select array_agg(distinct covering.waiver_id) from pg_temp.aws_delegation_run as run cross join lateral unnest(run.waiver_ids) as covering (waiver_id))) as waivers;

\echo 'Rules'
select
    run.check_id as rule,
    run.severity,
    count(*) filter (where run.status = 'fail') as fail,
    count(*) filter (where run.status = 'unknown') as unknown,
    count(*) filter (where run.status = 'waived') as waived,
    count(*) filter (where run.status = 'pass') as pass,
    count(*) filter (where run.status = 'not_applicable') as "n/a",
    run.title
from pg_temp.aws_delegation_run as run
group by run.check_id, run.severity, run.severity_rank, run.title
order by count(*) filter (where run.status = 'fail') = 0, count(*) filter (where run.status = 'unknown') = 0, run.severity_rank, run.check_id collate "C";

\echo 'Total'
select run.status, run.unknown_cause as cause, count(*) as verdicts
from pg_temp.aws_delegation_run as run
group by run.status, run.unknown_cause
order by array_position(array['fail', 'unknown', 'waived', 'pass', 'not_applicable'], run.status), run.unknown_cause;

commit;
do $unlock$ begin perform pg_advisory_unlock(hashtext('delegation.results')); end $unlock$;
