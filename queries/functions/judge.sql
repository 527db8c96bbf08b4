-- From the rules to results: every rule on one snapshot, waivers, and the table that people and dashboards read.

create or replace function delegation.broken_rule(rule_id text, resource_id text, problem text) returns text
language plpgsql stable
as $$
begin
    raise exception 'the rule % is wrong: for resource % %', rule_id, coalesce(resource_id, 'null'), problem
        using hint = 'No result was written. Please report it.';
end
$$;
comment on function delegation.broken_rule(text, text, text) is 'Ends a run: a verdict that is no verdict must not reach a table.';

create or replace function delegation.note_view(view_name text) returns text
language plpgsql stable
as $$
declare
    notes text;
begin
    -- It asks the view itself, which must not find that it is to be noted.
    perform set_config('delegation.noted_' || view_name, '', true);
    execute format('select coalesce(jsonb_agg(to_jsonb(live)), ''[]'')::text from delegation.%I as live', view_name) into notes;
    return set_config('delegation.noted_' || view_name, notes, true);
end
$$;
comment on function delegation.note_view(text) is 'Works out one of delegation.noted_views, which then gives these rows until the transaction ends or they are forgotten.';

create or replace function delegation.note_views() returns void
language plpgsql stable
as $$
begin
    perform set_config('delegation.noted_' || noted_views.view_name, 'wanted', true)
    from delegation.noted_views
    where noted_views.kept_for is null;
end
$$;
comment on function delegation.note_views() is 'From here to delegation.forget_views, or to the end of the transaction, each of delegation.noted_views is noted by whoever needs it first.';

create or replace function delegation.forget_views() returns void
language plpgsql stable
as $$
begin
    perform set_config('delegation.noted_' || noted_views.view_name, '', true)
    from delegation.noted_views;
end
$$;
comment on function delegation.forget_views() is 'The opposite of delegation.note_views.';

-- The settings are for one query over tables that were just filled: without statistics the planner takes 50,000 accounts for one, and
-- the joins that are right for one take minutes; and compiling a query that runs once takes longer than the query.
create or replace function delegation.raw_verdicts(wanted_rules text[])
returns table (
    check_id text,
    organization_id text,
    account_id text,
    region text,
    resource_id text,
    status text,
    reason text,
    unknown_cause text
)
language plpgsql stable
set jit = off
set enable_nestloop = off
set enable_mergejoin = off
set work_mem = '64MB'
as $$
#variable_conflict use_column
declare
    -- By keep_results, which forgets it again.
    is_noted constant boolean := coalesce(current_setting('delegation.noted_reads', true), '') <> '';
    rule record;
    given bigint;
    said text;
    detail text;
    state text;
begin
    -- What many rules stand on is worked out once, and noted for this run alone.
    if not is_noted then
        perform delegation.note_views();
    end if;
    for rule in
        select rules.check_id, format('rule_%s', rules.check_id) as view_name
        from delegation.rules
        where wanted_rules is null or rules.check_id = any (wanted_rules)
        order by rules.check_id
    loop
        begin
            return query execute format(
                $query$
                select
                    %1$L::text,
                    verdict.organization_id,
                    verdict.account_id,
                    verdict.region,
                    coalesce(verdict.resource_id, delegation.broken_rule(%1$L, null, 'there is no resource_id')),
                    case
                        when coalesce(verdict.status, '') not in ('pass', 'fail', 'unknown', 'not_applicable')
                            then delegation.broken_rule(%1$L, verdict.resource_id, format('the status is %%s', coalesce(verdict.status, 'null')))
                        when coalesce(verdict.reason, '') = ''
                            then delegation.broken_rule(%1$L, verdict.resource_id, 'there is no reason')
                        when case verdict.status when 'unknown' then coalesce(verdict.unknown_cause, '') not in ('unread', 'not_configured', 'not_observable') else verdict.unknown_cause is not null end
                            then delegation.broken_rule(%1$L, verdict.resource_id, format('the status is %%s and unknown_cause is %%s', verdict.status, coalesce(verdict.unknown_cause, 'null')))
                        else verdict.status
                    end,
                    verdict.reason,
                    verdict.unknown_cause
                from delegation.%2$I as verdict
                $query$,
                rule.check_id,
                rule.view_name
            );
            get diagnostics given = row_count;
        exception when others then
            get stacked diagnostics said = message_text, detail = pg_exception_hint, state = returned_sqlstate;
            raise exception '%', case when said like 'the rule %' then said else format('the rule %s could not be run: %s', rule.check_id, said) end
                using errcode = state, hint = detail;
        end;
        if given = 0 then
            raise exception 'the rule % is wrong: it gives no row, which would read as "all is well"', rule.check_id
                using hint = 'No result was written. Please report it.';
        end if;
    end loop;
    if not is_noted then
        perform delegation.forget_views();
    end if;
end
$$;
comment on function delegation.raw_verdicts(text[]) is 'What these rules say (all of them for null), before waivers: the rows of their views, each rule checked to be one.';

create or replace function delegation.judge(wanted_rules text[])
returns table (
    check_id text,
    organization_id text,
    account_id text,
    region text,
    resource_id text,
    status text,
    raw_status text,
    reason text,
    unknown_cause text,
    waiver text,
    waiver_ids uuid[]
)
language sql stable
rows 100000
as $$
with raw as materialized (
    select row_number() over () as verdict_id, verdict.*
    from delegation.raw_verdicts(wanted_rules) as verdict
),
waivers as materialized (
    select
        waivers.*,
        organizations.organization_id,
        organizations.asking_account_id,
        concat(
            'by ',
            waivers.approved_by,
            format(' until %s: %s', to_char(waivers.expires, 'YYYY-MM-DD'), waivers.reason),
            case when waivers.ticket is not null then format(' (%s)', waivers.ticket) end,
            case when waivers.owner is not null then format('; to be mended by %s', waivers.owner) end
        ) as told
    from delegation.waivers
    join delegation.organizations on organizations.source_name = waivers.source_name
),
covered as (
    select
        raw.verdict_id,
        array_agg(waivers.waiver_id order by waivers.waiver_id) as waiver_ids,
        -- Of several the one that lasts longest.
        (array_agg(waivers.told order by waivers.expires desc, waivers.waiver_id) filter (where not waivers.is_expired))[1] as waiver,
        (array_agg(waivers.told order by waivers.expires desc, waivers.waiver_id) filter (where waivers.is_expired))[1] as expired
    from raw
    join waivers
        on raw.organization_id is not distinct from waivers.organization_id
        -- Two accounts that are in no organization have nothing to do with each other.
        and (raw.organization_id is not null or raw.account_id = waivers.asking_account_id)
        and raw.check_id like delegation.like_pattern(waivers.rule)
        and raw.resource_id like delegation.like_pattern(waivers.resource)
        and (waivers.account_id is null or raw.account_id like delegation.like_pattern(waivers.account_id))
        and (waivers.region is null or raw.region like delegation.like_pattern(waivers.region))
    where raw.status = 'fail'
    group by raw.verdict_id
)
select
    raw.check_id,
    raw.organization_id,
    raw.account_id,
    raw.region,
    raw.resource_id,
    case when covered.waiver is not null then 'waived' else raw.status end,
    raw.status,
    raw.reason || case
        when covered.waiver is null and covered.expired is not null then format('; a waiver %s, has expired', covered.expired)
        else ''
    end,
    raw.unknown_cause,
    case when covered.waiver is not null then 'accepted ' || covered.waiver end,
    coalesce(covered.waiver_ids, '{}')
from raw
left join covered on covered.verdict_id = raw.verdict_id
$$;
comment on function delegation.judge(text[]) is
    'The verdicts of these rules (of all for null): a waiver that has not expired turns a fail into waived, and raw_status stays; waiver_ids are all waivers that cover the finding, expired ones too. Reads only.';

create or replace function delegation.waiver_states(covering uuid[])
returns table (
    source_name text,
    organization_id text,
    rule text,
    resource text,
    account_id text,
    region text,
    reason text,
    owner text,
    ticket text,
    approved_by text,
    expires timestamp without time zone,
    state text
)
language sql stable
as $$
select
    waivers.source_name,
    organizations.organization_id,
    waivers.rule,
    waivers.resource,
    waivers.account_id,
    waivers.region,
    waivers.reason,
    waivers.owner,
    waivers.ticket,
    waivers.approved_by,
    waivers.expires,
    case
        when waivers.is_expired then 'expired'
        when waivers.waiver_id = any (covering) then 'used'
        else 'unused'
    end
from delegation.waivers
left join delegation.organizations on organizations.source_name = waivers.source_name
order by 1, 3, 4, 5, 6
$$;
comment on function delegation.waiver_states(uuid[]) is
    'Every waiver, and what became of it where these (waiver_ids of delegation.judge) cover a finding: used, expired, or unused, which means that it covers no finding of any rule.';

create or replace function delegation.keep_results(wanted_rules text[])
returns table (
    check_id text,
    organization_id text,
    account_id text,
    region text,
    resource_id text,
    status text,
    raw_status text,
    reason text,
    unknown_cause text,
    waiver text,
    waiver_ids uuid[]
)
language plpgsql
set client_min_messages = warning
-- As in raw_verdicts.
set jit = off
set enable_nestloop = off
set enable_mergejoin = off
set work_mem = '64MB'
as $$
#variable_conflict use_column
declare
    bound_to text := (select pack.live_schema from delegation.pack);
    version text := (select pack.pack_version from delegation.pack);
    badness constant text[] := array['fail', 'unknown', 'waived', 'pass', 'not_applicable'];
    wanted_column record;
    noted_view record;
begin
    if bound_to is distinct from pg_catalog.current_schema() then
        raise exception 'The views are bound to the tables of schema "%", and the current schema is "%".', bound_to, coalesce(pg_catalog.current_schema(), 'none')
            using hint = 'Connect with the search_path of the sync, or install the views for the other schema.';
    end if;

    -- CloudQuery's columns first, so that dashboards for its policies work on this table; other packs may have made it, and keep rows in it.
    create table if not exists aws_policy_results (
        execution_time timestamp with time zone,
        framework varchar(255),
        check_id varchar(255),
        title text,
        account_id varchar(1024),
        resource_id varchar(1024),
        status varchar(16)
    );
    for wanted_column in
        select wanted.name, wanted.type
        from (
            values
                (1, 'region', 'text'), (2, 'severity', 'text'), (3, 'reason', 'text'), (4, 'unknown_cause', 'text'), (5, 'waiver', 'text'),
                (6, 'raw_status', 'text'), (7, 'organization_id', 'text'), (8, 'sync_time', 'timestamp without time zone'), (9, 'pack_version', 'text')
        ) as wanted (position, name, type)
        where not exists (
            select
            from pg_catalog.pg_attribute
            where pg_attribute.attrelid = 'aws_policy_results'::regclass
                and pg_attribute.attname = wanted.name
                and not pg_attribute.attisdropped
        )
        order by wanted.position
    loop
        execute format('alter table aws_policy_results add column %I %s', wanted_column.name, wanted_column.type);
    end loop;
    create table if not exists aws_policy_result_changes (
        changed_at timestamp with time zone,
        check_id text,
        organization_id text,
        account_id text,
        region text,
        resource_id text,
        old_status text,
        new_status text,
        severity text,
        reason text,
        pack_version text
    );

    -- Two runs at once would both find what was there before the first.
    lock table aws_policy_results in share row exclusive mode;

    perform delegation.note_views();
    for noted_view in
        select noted_views.view_name
        from delegation.noted_views
        where exists (select from delegation.rules where (wanted_rules is null or rules.check_id = any (wanted_rules)) and noted_views.kept_for = any (rules.reads))
        order by noted_views.position
    loop
        execute format('drop table if exists pg_temp.%I', 'aws_delegation_' || noted_view.view_name);
        execute format(
            'create temporary table %I on commit drop as select live.* from delegation.%I as live',
            'aws_delegation_' || noted_view.view_name,
            'live_' || noted_view.view_name
        );
    end loop;

    drop table if exists pg_temp.aws_delegation_judged;
    create temporary table aws_delegation_judged on commit drop as
    select
        judged.check_id,
        judged.organization_id,
        judged.account_id,
        judged.region,
        -- A principal of a policy can be longer than the column that CloudQuery's dashboards know.
        left(judged.resource_id, 1024) as resource_id,
        judged.status,
        judged.raw_status,
        judged.reason,
        judged.unknown_cause,
        judged.waiver,
        judged.waiver_ids
    from delegation.judge(wanted_rules) as judged;
    for noted_view in
        select noted_views.view_name
        from delegation.noted_views
        where noted_views.kept_for is not null
    loop
        execute format('drop table if exists pg_temp.%I', 'aws_delegation_' || noted_view.view_name);
    end loop;
    -- On the same notes.
    perform delegation.keep_history();
    perform delegation.forget_views();

    drop table if exists pg_temp.aws_delegation_turned;
    create temporary table aws_delegation_turned on commit drop as
    with known_before as (
        -- A first run is no change. One after which an organization could not be read, and was not judged, is.
        select distinct history.check_id, history.organization_id
        from aws_policy_result_history as history
    ),
    earlier as (
        select history.*, history.ctid as row_id
        from aws_policy_result_history as history
        where history.valid_to is null
            and (wanted_rules is null or history.check_id = any (wanted_rules))
    ),
    paired as (
        select
            coalesce(judged.check_id, earlier.check_id) as check_id,
            coalesce(judged.organization_id, earlier.organization_id) as organization_id,
            coalesce(judged.account_id, earlier.account_id) as account_id,
            coalesce(judged.region, earlier.region) as region,
            coalesce(judged.resource_id, earlier.resource_id) as resource_id,
            earlier.row_id,
            -- A clock that was set back must not turn a state around.
            greatest(now(), earlier.valid_from) as turned_at,
            earlier.status as old_status,
            judged.status as new_status,
            judged.reason,
            judged.unknown_cause,
            judged.waiver
        from pg_temp.aws_delegation_judged as judged
        full join earlier
            on earlier.check_id = judged.check_id
            and earlier.resource_id = judged.resource_id
            and coalesce(earlier.organization_id, '') = coalesce(judged.organization_id, '')
            and coalesce(earlier.account_id, '') = coalesce(judged.account_id, '')
            and coalesce(earlier.region, '') = coalesce(judged.region, '')
    )
    -- Each thing once, by the worst that is said of it.
    select distinct on (paired.check_id, paired.organization_id, paired.account_id, paired.region, paired.resource_id)
        paired.*,
        known_before.check_id is not null as was_known,
        rules.severity
    from paired
    left join known_before
        on known_before.check_id = paired.check_id
        and coalesce(known_before.organization_id, '') = coalesce(paired.organization_id, '')
    left join delegation.rules on rules.check_id = paired.check_id
    where paired.old_status is distinct from paired.new_status
        and not exists (
            select
            from pg_temp.aws_delegation_judged as worse
            where worse.check_id = paired.check_id
                and worse.resource_id = paired.resource_id
                and coalesce(worse.organization_id, '') = coalesce(paired.organization_id, '')
                and coalesce(worse.account_id, '') = coalesce(paired.account_id, '')
                and coalesce(worse.region, '') = coalesce(paired.region, '')
                and array_position(badness, worse.status) < array_position(badness, paired.new_status)
        )
    order by paired.check_id, paired.organization_id, paired.account_id, paired.region, paired.resource_id, paired.reason;

    insert into aws_policy_result_changes
    select
        now(), turned.check_id, turned.organization_id, turned.account_id, turned.region, turned.resource_id,
        turned.old_status, turned.new_status, turned.severity, turned.reason, version
    from pg_temp.aws_delegation_turned as turned
    where turned.was_known;

    update aws_policy_result_history as history
    set valid_to = turned.turned_at
    from pg_temp.aws_delegation_turned as turned
    where history.ctid = turned.row_id;
    insert into aws_policy_result_history (
        check_id, organization_id, account_id, region, resource_id, status, severity, reason, unknown_cause, waiver, valid_from, began_by, pack_version
    )
    select
        turned.check_id, turned.organization_id, turned.account_id, turned.region, turned.resource_id, turned.new_status, turned.severity, turned.reason,
        turned.unknown_cause, turned.waiver, turned.turned_at, case when turned.was_known then 'changed' else 'first_run' end, version
    from pg_temp.aws_delegation_turned as turned
    where turned.new_status is not null;

    -- A run judges every source in the database, so a verdict that it does not give any more must not stay: an organization that can no
    -- longer be read would keep its old passes.
    delete from aws_policy_results as results
    where results.framework = 'aws_delegation'
        and (wanted_rules is null or results.check_id = any (wanted_rules));

    insert into aws_policy_results (
        execution_time, framework, check_id, title, account_id, resource_id, status,
        region, severity, reason, unknown_cause, waiver, raw_status, organization_id, sync_time, pack_version
    )
    select
        now(), 'aws_delegation', judged.check_id, rules.title, judged.account_id, judged.resource_id, judged.status,
        judged.region, rules.severity, judged.reason, judged.unknown_cause, judged.waiver, judged.raw_status, judged.organization_id, synced.sync_time, version
    from pg_temp.aws_delegation_judged as judged
    join delegation.rules on rules.check_id = judged.check_id
    left join (
        select organizations.organization_id, max(organizations.sync_time) as sync_time
        from delegation.organizations
        group by organizations.organization_id
    ) as synced on coalesce(synced.organization_id, '') = coalesce(judged.organization_id, '');

    return query
        select judged.*
        from pg_temp.aws_delegation_judged as judged;
end
$$;
comment on function delegation.keep_results(text[]) is
    'delegation.judge, and its rows in aws_policy_results in place of those of the run before; what changed its status goes into aws_policy_result_changes (old_status null: new; new_status null: no longer judged) and delegation.result_history, and the newest syncs into delegation.delegation_history.';
