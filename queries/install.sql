-- Generated from queries/functions, queries/views and queries/rules: installs the schema "delegation" for the tables of the current schema
-- (search_path). Run it after a first sync, when a table is new, and after an upgrade; it can be run again at any time.
begin;

set local client_min_messages = warning;
do $locks$
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
    foreach wait_ms in array array[2000, 58000] loop
        begin
            perform set_config('lock_timeout', wait_ms || 'ms', true);
            perform pg_advisory_xact_lock(hashtext('delegation.install')::bigint);
            holders := null;
            exit;
        exception when lock_not_available then
            perform pg_stat_clear_snapshot();
            select
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
        into holders
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
                and (pg_locks.granted and case when pg_locks.locktype = 'advisory' and pg_locks.objsubid = 1 then (pg_locks.classid::bigint << 32) | pg_locks.objid::bigint end = hashtext('delegation.install')::bigint)
            group by pg_locks.pid, pg_stat_activity.usename, pg_stat_activity.application_name, pg_stat_activity.state, since
            order by since nulls last
            limit 5
        ) as session;
            if not is_told then
                is_told := true;
                raise warning using errcode = 'lock_not_available', message = format('waiting for %s', coalesce(holders.told, 'a lock'));
            else
                raise exception using
                errcode = 'lock_not_available',
                message = format('somebody is in the way, and 60 seconds were not enough: %s', coalesce(holders.told, 'a lock')),
                hint = coalesce(holders.todo, 'Try again.');
            end if;
        end;
    end loop;
    until := clock_timestamp() + interval '60000 milliseconds';
    told_from := clock_timestamp() + interval '2000 milliseconds';
    loop
        attempt := attempt + 1;
        begin
            trying := null;
            perform set_config('lock_timeout', first_wait_ms || 'ms', true);
            is_first := true;
            began := clock_timestamp();
            for wanted in
                select needed.statement, needed.relation
                from (select row_number() over () as position, listed.* from (select
                    format('alter view delegation.%I alter column %I drop default', pg_class.relname, pg_attribute.attname) as statement,
                    pg_class.oid as relation,
                    true as is_exclusive
                from pg_catalog.pg_class
                join pg_catalog.pg_attribute on pg_attribute.attrelid = pg_class.oid and pg_attribute.attnum = 1
                where pg_class.relnamespace = pg_catalog.to_regnamespace('delegation')
                    and pg_class.relkind = 'v'
                    and pg_has_role(pg_class.relowner, 'USAGE')
                order by pg_class.relname) as listed) as needed
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
        select
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
        into holders
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
                and (exists (
                select
                from (select
                    format('alter view delegation.%I alter column %I drop default', pg_class.relname, pg_attribute.attname) as statement,
                    pg_class.oid as relation,
                    true as is_exclusive
                from pg_catalog.pg_class
                join pg_catalog.pg_attribute on pg_attribute.attrelid = pg_class.oid and pg_attribute.attnum = 1
                where pg_class.relnamespace = pg_catalog.to_regnamespace('delegation')
                    and pg_class.relkind = 'v'
                    and pg_has_role(pg_class.relowner, 'USAGE')
                order by pg_class.relname) as needed
                where needed.relation = pg_locks.relation and (needed.is_exclusive or pg_locks.mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'))
            ))
            group by pg_locks.pid, pg_stat_activity.usename, pg_stat_activity.application_name, pg_stat_activity.state, since
            order by since nulls last
            limit 5
        ) as session;
        if clock_timestamp() >= until then
            raise exception using
                errcode = 'lock_not_available',
                message = format('somebody is in the way, and 60 seconds were not enough: %s', coalesce(holders.told, 'a lock')),
                hint = coalesce(holders.todo, 'Try again.');
        end if;
        if clock_timestamp() >= told_from then
            told_from := 'infinity';
            raise warning using errcode = 'lock_not_available', message = format('waiting for %s', coalesce(holders.told, 'a lock'));
        end if;
        -- Whoever has waited behind this gets as long to pass.
        perform pg_sleep(first_wait_ms / 1000.0);
        first_wait_ms := case when holders.is_busy then least(200 * attempt, 3000) else 200 end;
    end loop;
    perform set_config('lock_timeout', lock_timeout_before, true);
end
$locks$;

do $schema$
begin
    -- "if not exists" asks for the right to create schemas even where there is nothing to create.
    if pg_catalog.to_regnamespace('delegation') is null then
        create schema delegation;
        comment on schema delegation is 'Views and functions of aws-delegation: who holds which power in an AWS organization.';
    end if;
end
$schema$;

do $pack$
begin
    execute format('create or replace view delegation.pack (pack_version, live_schema, fingerprint) as select %L::text, %L::text, ''''::text', '0.1.0', current_schema());
end
$pack$;
comment on view delegation.pack is 'What is installed here.';
comment on column delegation.pack.pack_version is 'Version of the views and rules.';
comment on column delegation.pack.live_schema is 'Schema of the synced tables to which the views are bound.';

-- functions/text.sql
-- Small helpers with text: patterns as AWS writes them, and the words in which a reason names things.

create or replace function delegation.like_literal(value text) returns text
language sql immutable parallel safe
as $$ select replace(replace(replace(value, '\', '\\'), '%', '\%'), '_', '\_') $$;
comment on function delegation.like_literal(text) is 'A LIKE pattern that matches this text and nothing else.';

create or replace function delegation.like_pattern(pattern text) returns text
language sql immutable parallel safe
as $$ select replace(replace(delegation.like_literal(pattern), '*', '%'), '?', '_') $$;
comment on function delegation.like_pattern(text) is 'A pattern of a policy (* and ?) as a LIKE pattern.';

create or replace function delegation.account_label(account_id text, account_name text, ou_path text) returns text
language sql immutable parallel safe
as $$
    select case
        when account_id = '*' then 'everyone (*)'
        when account_name is null and ou_path is null then account_id
        else account_id || ' (' || concat_ws(', ', account_name, case when ou_path = '/' then 'directly at the root' else ou_path end) || ')'
    end
$$;
comment on function delegation.account_label(text, text, text) is 'An account as a reason names it: id (name, OU path).';

create or replace function delegation.with_remark(label text, remark text) returns text
language sql immutable parallel safe
as $$
    select case
        when coalesce(remark, '') = '' then label
        when label like '%)' then left(label, -1) || ', ' || remark || ')'
        else label || ' (' || remark || ')'
    end
$$;
comment on function delegation.with_remark(text, text) is 'The label of an account with a remark in its brackets: id (name, OU path, remark).';

create or replace function delegation.is_below(ou text, ou_path text, id_path text) returns boolean
language sql immutable parallel safe
as $$
    select case
        when ou ~ '^(ou|r)-' then '/' || id_path || '/' like '%/' || delegation.like_literal(ou) || '/%'
        else rtrim(ou_path, '/') || '/' like delegation.like_literal(rtrim(ou, '/')) || '/%'
    end
$$;
comment on function delegation.is_below(text, text, text) is 'Whether an account with these paths is in an OU (by path or ID) or below it; null where its place is not known.';

create or replace function delegation.read_problem(outcome text, table_name text, operation text, region text, scope text, error_code text, error_message text) returns text
language sql immutable parallel safe
as $$
    select concat(
        coalesce(nullif(operation, ''), table_name),
        case when scope <> '' then format(' for %s', scope) end,
        case when region <> '' then format(' in %s', region) end,
        case outcome
            when 'denied' then ' was denied'
            when 'skipped' then ' was left out'
            else ' failed'
        end,
        case when error_code is not null or error_message is not null then format(' (%s)', concat_ws(': ', error_code, error_message)) end,
        case
            -- A code of the sync: whatever IAM allows, a member is not told.
            when outcome = 'denied' and error_code = 'NotManagementAccount' then '; sync with credentials of the management account'
            when outcome = 'denied' and (operation = 'sts:AssumeRole' or error_message like '%sts:AssumeRole%') then '; make that role, let its trust policy name who syncs, and sync again'
            when outcome = 'denied' then format('; grant %s to the role that syncs and sync again', coalesce(nullif(operation, ''), 'the read'))
            -- Another one: the way into another account, whatever was to be read there.
            when error_code = 'NoDelegateAccess' then '; add `delegated_admin_role_name: OrgAudit` to the spec, with the name of your role in that account, and sync again'
            when outcome = 'skipped' then format('; let the spec read %s, then sync again', table_name)
            when error_code = 'no_statements' then '; look at it with `aws organizations describe-resource-policy`, mend it, and sync again'
            when error_code = 'views_stale' then '; install the views again (`aws-delegation check`, or install.sql)'
            else '; sync again'
        end
    )
$$;
comment on function delegation.read_problem(text, text, text, text, text, text, text) is 'What is wrong with a read that is neither ok nor absent, and what to do.';

-- functions/policy_language.sql
-- The policy language, as far as a verdict needs it. Everything here works on sets of statements; nothing asks about one account.
-- https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html

create or replace function delegation.lower_keys(value jsonb) returns jsonb
language sql immutable parallel safe
as $$ select coalesce(jsonb_object_agg(lower(entry.key), entry.value), '{}') from jsonb_each(value) as entry $$;
comment on function delegation.lower_keys(jsonb) is 'The object with its keys in lower case: AWS reads element names and condition keys in any letter case.';

create or replace function delegation.has_key_twice(value jsonb) returns boolean
language sql immutable parallel safe
as $$ select count(*) > count(distinct lower(entry.key)) from jsonb_each(value) as entry $$;
comment on function delegation.has_key_twice(jsonb) is 'True where two keys of the object differ in letter case only, so that one would hide the other.';

create or replace function delegation.as_list(value jsonb) returns jsonb
language sql immutable parallel safe
as $$ select case when jsonb_typeof(value) = 'array' then value when jsonb_typeof(value) <> 'null' then jsonb_build_array(value) end $$;
comment on function delegation.as_list(jsonb) is 'A list as it is, anything else as a list of one; null for null.';

create or replace function delegation.text_list(value jsonb) returns text[]
language sql immutable parallel safe
as $$
    select array_agg(element.value #>> '{}' order by element.ordinality)
    from jsonb_array_elements(delegation.as_list(value)) with ordinality as element (value, ordinality)
$$;
comment on function delegation.text_list(jsonb) is 'A string or a list of strings as an array; null where there is none.';

create or replace function delegation.is_text_list(value jsonb) returns boolean
language sql immutable parallel safe
as $$
    select coalesce(bool_and(jsonb_typeof(element.value) = 'string'), false)
    from jsonb_array_elements(delegation.as_list(value)) as element (value)
$$;
comment on function delegation.is_text_list(jsonb) is 'True for a string, or a list of at least one string and nothing else.';

create or replace function delegation.action_matches(action text, patterns text[]) returns boolean
language sql immutable parallel safe
as $$ select coalesce(bool_or(lower(action) like delegation.like_pattern(lower(listed.pattern))), false) from unnest(patterns) as listed (pattern) $$;
comment on function delegation.action_matches(text, text[]) is 'True where one of the patterns (* and ?, any letter case) matches the action.';

create or replace function delegation.policy_statements(document jsonb)
returns table (
    statement_index integer,
    sid text,
    effect text,
    actions text[],
    not_actions text[],
    resources text[],
    not_resources text[],
    condition jsonb,
    has_variables boolean,
    problem text
)
language sql immutable parallel safe
as $$
    with whole as (
        select
            case when jsonb_typeof(document) = 'object' then delegation.lower_keys(document) else '{}' end as fields,
            case
                when jsonb_typeof(document) <> 'object' then 'it is not an object'
                when delegation.has_key_twice(document) then 'an element is there twice'
            end as problem
    ),
    -- The keys and lists of a statement are worked out here: calls of lower_keys and text_list would take five times as long.
    listed as (
        select
            whole.fields ->> 'version' as version,
            element.ordinality::integer as statement_index,
            lowered.fields,
            case
                when jsonb_typeof(element.value) <> 'object' then 'a statement is not an object'
                when lowered.has_key_twice then 'an element of a statement is there twice'
            end as problem
        from whole
        cross join lateral jsonb_array_elements(delegation.as_list(whole.fields -> 'statement')) with ordinality as element (value, ordinality)
        cross join lateral (
            select
                coalesce(jsonb_object_agg(lower(entry.key), entry.value), '{}') as fields,
                count(*) > count(distinct lower(entry.key)) as has_key_twice
            from jsonb_each(case when jsonb_typeof(element.value) = 'object' then element.value else '{}' end) as entry
        ) as lowered
        where whole.problem is null
    )
    select
        listed.statement_index,
        listed.fields ->> 'sid' as sid,
        listed.fields ->> 'effect' as effect,
        lists.actions,
        lists.not_actions,
        lists.resources,
        lists.not_resources,
        nullif(listed.fields -> 'condition', 'null') as condition,
        -- Only this version knows policy variables; in an older one ${...} is plain text.
        listed.version is not distinct from '2012-10-17' as has_variables,
        case
            when listed.problem is not null then listed.problem
            when coalesce(listed.fields ->> 'effect', '') not in ('Allow', 'Deny') then 'Effect is neither Allow nor Deny'
            when (listed.fields ? 'action') = (listed.fields ? 'notaction') then 'there must be one of Action and NotAction'
            when lists.are_actions_texts is not true then 'Action is not a list of strings'
            when listed.fields ? 'resource' and listed.fields ? 'notresource' then 'there are both Resource and NotResource'
            -- An Allow of a guardrail counts whatever its Resource says.
            when listed.fields ->> 'effect' = 'Deny' and lists.are_resources_texts is not true then 'Resource is not a list of strings'
            when nullif(listed.fields -> 'condition', 'null') is not null and not (
                jsonb_typeof(listed.fields -> 'condition') = 'object'
                and not jsonb_path_exists(listed.fields -> 'condition', '$.* ? (@.type() != "object")')
            ) then 'Condition is not an object of objects'
        end as problem
    from listed
    cross join lateral (
        select
            array_agg(element.value #>> '{}' order by element.ordinality) filter (where list.key = 'action') as actions,
            array_agg(element.value #>> '{}' order by element.ordinality) filter (where list.key = 'notaction') as not_actions,
            array_agg(element.value #>> '{}' order by element.ordinality) filter (where list.key = 'resource') as resources,
            array_agg(element.value #>> '{}' order by element.ordinality) filter (where list.key = 'notresource') as not_resources,
            bool_and(jsonb_typeof(element.value) = 'string') filter (where list.key in ('action', 'notaction')) as are_actions_texts,
            bool_and(jsonb_typeof(element.value) = 'string') filter (where list.key in ('resource', 'notresource')) as are_resources_texts
        from (values ('action'), ('notaction'), ('resource'), ('notresource')) as list (key)
        cross join lateral jsonb_array_elements(delegation.as_list(listed.fields -> list.key)) with ordinality as element (value, ordinality)
    ) as lists
    union all
    select 0, null, null, null, null, null, null, null, null, coalesce(whole.problem, 'there is no Statement')
    from whole
    where whole.problem is not null
        or coalesce(jsonb_array_length(delegation.as_list(whole.fields -> 'statement')), 0) = 0
$$;
comment on function delegation.policy_statements(jsonb) is
    'The statements of a policy document, from 1; `problem` says why a statement (or, with index 0, the document) cannot be judged.';

create or replace function delegation.policy_conditions(condition jsonb)
returns table (operator text, qualifier text, key text, expected text[], shown text)
language sql immutable parallel safe
as $$
    select
        -- IfExists changes nothing for a key that each request has; for the others it does not matter to us, see guardrail_statements.sql.
        regexp_replace(regexp_replace(lower(block.key), '^(forallvalues|foranyvalue):', ''), 'ifexists$', '') as operator,
        substring(lower(block.key) from '^(forallvalues|foranyvalue):') as qualifier,
        lower(tested.key) as key,
        coalesce(delegation.text_list(tested.value), '{}') as expected,
        format('%s %s %s', block.key, tested.key, tested.value) as shown
    from jsonb_each(coalesce(condition, '{}')) as block
    cross join lateral jsonb_each(block.value) as tested
$$;
comment on function delegation.policy_conditions(jsonb) is
    'One row per operator and key of a Condition, operator and key in lower case, without ForAllValues/ForAnyValue (in `qualifier`) and IfExists.';

-- views/current.sql
-- Generated from the table definitions; edit src/rules/current_layer.ts, not this file.
--
-- delegation.current_<table> gives the rows of the newest sync of each source, whatever the write mode left beside them.
-- Newest is the greatest _cq_sync_time of the source in aws_delegation_reads: that table is sent last, so a sync that was
-- cut short does not count. Of an incremental table the rows of all syncs are current, each key once: in append mode, or after a
-- sync that was cut short, the same event can be there twice. The views are bound when this runs: a table that is not there yet gives an empty view, a
-- column that the table lacks gives null. delegation.reads notices when the binding is older than the tables.

create or replace view delegation.pack_columns (table_name, view_name, is_incremental, position, column_name, column_type, is_key) as
values
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 2, '_cq_source_name', 'text', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 3, '_cq_id', 'uuid', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 5, 'account_id', 'text', true),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 6, 'region', 'text', true),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 7, 'admin_account_id', 'text', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 8, 'arn', 'text', true),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 9, 'name', 'text', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 10, 'type', 'text', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 11, 'status', 'text', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 12, 'status_reason', 'jsonb', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 13, 'configuration', 'jsonb', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 14, 'managed_by', 'text', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 15, 'created_at', 'timestamp without time zone', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 16, 'last_resource_analyzed', 'text', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 17, 'last_resource_analyzed_at', 'timestamp without time zone', false),
    ('aws_accessanalyzer_analyzers', 'current_aws_accessanalyzer_analyzers', false, 18, 'tags', 'jsonb', false),
    ('aws_auditmanager_organization_admin_accounts', 'current_aws_auditmanager_organization_admin_accounts', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_auditmanager_organization_admin_accounts', 'current_aws_auditmanager_organization_admin_accounts', false, 2, '_cq_source_name', 'text', false),
    ('aws_auditmanager_organization_admin_accounts', 'current_aws_auditmanager_organization_admin_accounts', false, 3, '_cq_id', 'uuid', false),
    ('aws_auditmanager_organization_admin_accounts', 'current_aws_auditmanager_organization_admin_accounts', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_auditmanager_organization_admin_accounts', 'current_aws_auditmanager_organization_admin_accounts', false, 5, 'account_id', 'text', true),
    ('aws_auditmanager_organization_admin_accounts', 'current_aws_auditmanager_organization_admin_accounts', false, 6, 'region', 'text', true),
    ('aws_auditmanager_organization_admin_accounts', 'current_aws_auditmanager_organization_admin_accounts', false, 7, 'admin_account_id', 'text', true),
    ('aws_auditmanager_organization_admin_accounts', 'current_aws_auditmanager_organization_admin_accounts', false, 8, 'organization_id', 'text', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 2, '_cq_source_name', 'text', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 3, '_cq_id', 'uuid', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 5, 'account_id', 'text', true),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 6, 'region', 'text', true),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 7, 'event_data_store_arn', 'text', true),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 8, 'name', 'text', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 9, 'status', 'text', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 10, 'organization_enabled', 'boolean', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 11, 'multi_region_enabled', 'boolean', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 12, 'federation_status', 'text', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 13, 'federation_role_arn', 'text', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 14, 'advanced_event_selectors', 'jsonb', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 15, 'retention_period', 'integer', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 16, 'billing_mode', 'text', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 17, 'termination_protection_enabled', 'boolean', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 18, 'kms_key_id', 'text', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 19, 'partition_keys', 'jsonb', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 20, 'created_timestamp', 'timestamp without time zone', false),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 21, 'updated_timestamp', 'timestamp without time zone', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 2, '_cq_source_name', 'text', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 3, '_cq_id', 'uuid', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 4, '_cq_parent_id', 'uuid', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 5, 'account_id', 'text', true),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 6, 'region', 'text', true),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 7, 'recipient_account_id', 'text', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 8, 'event_id', 'text', true),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 9, 'event_time', 'timestamp without time zone', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 10, 'event_name', 'text', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 11, 'event_source', 'text', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 12, 'read_only', 'boolean', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 13, 'username', 'text', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 14, 'access_key_id', 'text', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 15, 'user_identity', 'jsonb', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 16, 'source_ip_address', 'text', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 17, 'user_agent', 'text', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 18, 'error_code', 'text', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 19, 'error_message', 'text', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 20, 'request_parameters', 'jsonb', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 21, 'response_elements', 'jsonb', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 22, 'resources', 'jsonb', false),
    ('aws_cloudtrail_organization_events', 'current_aws_cloudtrail_organization_events', true, 23, 'cloud_trail_event', 'jsonb', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 2, '_cq_source_name', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 3, '_cq_id', 'uuid', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 5, 'account_id', 'text', true),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 6, 'region', 'text', true),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 7, 'trail_arn', 'text', true),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 8, 'name', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 9, 'home_region', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 10, 'is_organization_trail', 'boolean', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 11, 'is_multi_region_trail', 'boolean', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 12, 'include_global_service_events', 'boolean', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 13, 'log_file_validation_enabled', 'boolean', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 14, 'is_logging', 'boolean', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 15, 'start_logging_time', 'timestamp without time zone', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 16, 'stop_logging_time', 'timestamp without time zone', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 17, 'latest_delivery_time', 'timestamp without time zone', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 18, 'latest_delivery_error', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 19, 'latest_digest_delivery_time', 'timestamp without time zone', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 20, 'latest_digest_delivery_error', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 21, 'latest_cloud_watch_logs_delivery_time', 'timestamp without time zone', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 22, 'latest_cloud_watch_logs_delivery_error', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 23, 'latest_notification_time', 'timestamp without time zone', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 24, 'latest_notification_error', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 25, 's3_bucket_name', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 26, 's3_key_prefix', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 27, 'sns_topic_name', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 28, 'sns_topic_arn', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 29, 'cloud_watch_logs_log_group_arn', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 30, 'cloud_watch_logs_role_arn', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 31, 'kms_key_id', 'text', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 32, 'has_custom_event_selectors', 'boolean', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 33, 'has_insight_selectors', 'boolean', false),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 34, 'recursive_logging', 'boolean', false),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 2, '_cq_source_name', 'text', false),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 3, '_cq_id', 'uuid', false),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 5, 'account_id', 'text', true),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 6, 'region', 'text', true),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 7, 'admin_account_id', 'text', false),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 8, 'configuration_aggregator_arn', 'text', true),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 9, 'configuration_aggregator_name', 'text', false),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 10, 'organization_aggregation_source', 'jsonb', false),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 11, 'account_aggregation_sources', 'jsonb', false),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 12, 'aggregator_filters', 'jsonb', false),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 13, 'created_by', 'text', false),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 14, 'creation_time', 'timestamp without time zone', false),
    ('aws_config_configuration_aggregators', 'current_aws_config_configuration_aggregators', false, 15, 'last_updated_time', 'timestamp without time zone', false),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 2, '_cq_source_name', 'text', false),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 3, '_cq_id', 'uuid', false),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 5, 'account_id', 'text', true),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 6, 'kind', 'text', true),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 7, 'service', 'text', true),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 8, 'principal', 'text', true),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 9, 'method', 'text', true),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 10, 'region', 'text', true),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 11, 'action', 'text', true),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 12, 'approved_by', 'text', false),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 13, 'approved_on', 'timestamp without time zone', false),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 14, 'review_by', 'timestamp without time zone', false),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 15, 'reason', 'text', false),
    ('aws_delegation_expectations', 'current_aws_delegation_expectations', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_delegation_expectations', 'current_aws_delegation_expectations', false, 2, '_cq_source_name', 'text', false),
    ('aws_delegation_expectations', 'current_aws_delegation_expectations', false, 3, '_cq_id', 'uuid', false),
    ('aws_delegation_expectations', 'current_aws_delegation_expectations', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_delegation_expectations', 'current_aws_delegation_expectations', false, 5, 'account_id', 'text', true),
    ('aws_delegation_expectations', 'current_aws_delegation_expectations', false, 6, 'service_id', 'text', true),
    ('aws_delegation_expectations', 'current_aws_delegation_expectations', false, 7, 'owner', 'text', true),
    ('aws_delegation_owners', 'current_aws_delegation_owners', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_delegation_owners', 'current_aws_delegation_owners', false, 2, '_cq_source_name', 'text', false),
    ('aws_delegation_owners', 'current_aws_delegation_owners', false, 3, '_cq_id', 'uuid', false),
    ('aws_delegation_owners', 'current_aws_delegation_owners', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_delegation_owners', 'current_aws_delegation_owners', false, 5, 'account_id', 'text', true),
    ('aws_delegation_owners', 'current_aws_delegation_owners', false, 6, 'owner', 'text', true),
    ('aws_delegation_owners', 'current_aws_delegation_owners', false, 7, 'selector_type', 'text', true),
    ('aws_delegation_owners', 'current_aws_delegation_owners', false, 8, 'selector', 'text', true),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 2, '_cq_source_name', 'text', false),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 3, '_cq_id', 'uuid', false),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 5, 'account_id', 'text', true),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 6, 'region', 'text', true),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 7, 'table_name', 'text', true),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 8, 'operation', 'text', true),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 9, 'scope', 'text', true),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 10, 'service', 'text', false),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 11, 'outcome', 'text', false),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 12, 'error_code', 'text', false),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 13, 'error_message', 'text', false),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 14, 'request_count', 'bigint', false),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 15, 'row_count', 'bigint', false),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 16, 'started_at', 'timestamp without time zone', false),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 17, 'duration_ms', 'bigint', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 2, '_cq_source_name', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 3, '_cq_id', 'uuid', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 5, 'account_id', 'text', true),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 6, 'service_id', 'text', true),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 7, 'name', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 8, 'category', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 9, 'is_security_service', 'boolean', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 10, 'is_delegation_supported', 'boolean', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 11, 'service_principals', 'jsonb', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 12, 'methods', 'jsonb', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 13, 'is_regional', 'boolean', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 14, 'admin_table_name', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 15, 'admin_read_scope', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 16, 'service_regions', 'jsonb', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 17, 'max_delegated_admins', 'bigint', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 18, 'management_account_may_be_admin', 'boolean', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 19, 'must_be_same_account_across_regions', 'boolean', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 20, 'recommended_owners', 'jsonb', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 21, 'register_action', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 22, 'deregister_action', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 23, 'list_admin_action', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 24, 'register_command', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 25, 'deregister_command', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 26, 'service_linked_roles', 'jsonb', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 27, 'administrator_power', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 28, 'administrator_can', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 29, 'administrator_cannot', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 30, 'notes', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 31, 'confidence', 'text', false),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 32, 'sources', 'jsonb', false),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 2, '_cq_source_name', 'text', false),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 3, '_cq_id', 'uuid', false),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 5, 'account_id', 'text', true),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 6, 'workload_ous', 'jsonb', false),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 7, 'allowed_regions', 'jsonb', false),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 8, 'separation_of_duties', 'boolean', false),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 9, 'max_age_hours', 'integer', false),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 10, 'has_approvals', 'boolean', false),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 11, 'events_lookback_days', 'integer', false),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 2, '_cq_source_name', 'text', false),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 3, '_cq_id', 'uuid', false),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 5, 'account_id', 'text', true),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 6, 'rule', 'text', true),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 7, 'resource', 'text', true),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 8, 'waived_account_id', 'text', true),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 9, 'region', 'text', true),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 10, 'reason', 'text', false),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 11, 'owner', 'text', false),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 12, 'ticket', 'text', false),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 13, 'approved_by', 'text', false),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 14, 'expires', 'timestamp without time zone', false),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 2, '_cq_source_name', 'text', false),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 3, '_cq_id', 'uuid', false),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 5, 'account_id', 'text', true),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 6, 'region', 'text', true),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 7, 'admin_account_id', 'text', true),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 8, 'graph_arn', 'text', false),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 9, 'delegation_time', 'timestamp without time zone', false),
    ('aws_detective_organization_configurations', 'current_aws_detective_organization_configurations', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_detective_organization_configurations', 'current_aws_detective_organization_configurations', false, 2, '_cq_source_name', 'text', false),
    ('aws_detective_organization_configurations', 'current_aws_detective_organization_configurations', false, 3, '_cq_id', 'uuid', false),
    ('aws_detective_organization_configurations', 'current_aws_detective_organization_configurations', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_detective_organization_configurations', 'current_aws_detective_organization_configurations', false, 5, 'account_id', 'text', true),
    ('aws_detective_organization_configurations', 'current_aws_detective_organization_configurations', false, 6, 'region', 'text', true),
    ('aws_detective_organization_configurations', 'current_aws_detective_organization_configurations', false, 7, 'admin_account_id', 'text', true),
    ('aws_detective_organization_configurations', 'current_aws_detective_organization_configurations', false, 8, 'graph_arn', 'text', true),
    ('aws_detective_organization_configurations', 'current_aws_detective_organization_configurations', false, 9, 'auto_enable', 'boolean', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 2, '_cq_source_name', 'text', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 3, '_cq_id', 'uuid', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 5, 'account_id', 'text', true),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 6, 'region', 'text', true),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 7, 'ipam_arn', 'text', true),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 8, 'ipam_id', 'text', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 9, 'owner_id', 'text', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 10, 'ipam_region', 'text', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 11, 'operating_regions', 'jsonb', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 12, 'state', 'text', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 13, 'state_message', 'text', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 14, 'tier', 'text', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 15, 'description', 'text', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 16, 'public_default_scope_id', 'text', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 17, 'private_default_scope_id', 'text', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 18, 'scope_count', 'integer', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 19, 'default_resource_discovery_id', 'text', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 20, 'default_resource_discovery_association_id', 'text', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 21, 'resource_discovery_association_count', 'integer', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 22, 'enable_private_gua', 'boolean', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 23, 'metered_account', 'text', false),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 24, 'tags', 'jsonb', false),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 2, '_cq_source_name', 'text', false),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 3, '_cq_id', 'uuid', false),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 5, 'account_id', 'text', true),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 6, 'region_name', 'text', true),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 7, 'endpoint', 'text', false),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 8, 'opt_in_status', 'text', false),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 9, 'geography', 'jsonb', false),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 2, '_cq_source_name', 'text', false),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 3, '_cq_id', 'uuid', false),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 5, 'account_id', 'text', true),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 6, 'region', 'text', true),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 7, 'admin_account_id', 'text', true),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 8, 'default_admin', 'boolean', false),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 9, 'admin_status', 'text', false),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 10, 'role_status', 'text', false),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 11, 'admin_scope', 'jsonb', false),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 12, 'scope_status', 'text', false),
    ('aws_guardduty_organization_admin_accounts', 'current_aws_guardduty_organization_admin_accounts', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_guardduty_organization_admin_accounts', 'current_aws_guardduty_organization_admin_accounts', false, 2, '_cq_source_name', 'text', false),
    ('aws_guardduty_organization_admin_accounts', 'current_aws_guardduty_organization_admin_accounts', false, 3, '_cq_id', 'uuid', false),
    ('aws_guardduty_organization_admin_accounts', 'current_aws_guardduty_organization_admin_accounts', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_guardduty_organization_admin_accounts', 'current_aws_guardduty_organization_admin_accounts', false, 5, 'account_id', 'text', true),
    ('aws_guardduty_organization_admin_accounts', 'current_aws_guardduty_organization_admin_accounts', false, 6, 'region', 'text', true),
    ('aws_guardduty_organization_admin_accounts', 'current_aws_guardduty_organization_admin_accounts', false, 7, 'admin_account_id', 'text', true),
    ('aws_guardduty_organization_admin_accounts', 'current_aws_guardduty_organization_admin_accounts', false, 8, 'admin_status', 'text', false),
    ('aws_guardduty_organization_configurations', 'current_aws_guardduty_organization_configurations', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_guardduty_organization_configurations', 'current_aws_guardduty_organization_configurations', false, 2, '_cq_source_name', 'text', false),
    ('aws_guardduty_organization_configurations', 'current_aws_guardduty_organization_configurations', false, 3, '_cq_id', 'uuid', false),
    ('aws_guardduty_organization_configurations', 'current_aws_guardduty_organization_configurations', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_guardduty_organization_configurations', 'current_aws_guardduty_organization_configurations', false, 5, 'account_id', 'text', true),
    ('aws_guardduty_organization_configurations', 'current_aws_guardduty_organization_configurations', false, 6, 'region', 'text', true),
    ('aws_guardduty_organization_configurations', 'current_aws_guardduty_organization_configurations', false, 7, 'admin_account_id', 'text', true),
    ('aws_guardduty_organization_configurations', 'current_aws_guardduty_organization_configurations', false, 8, 'detector_id', 'text', true),
    ('aws_guardduty_organization_configurations', 'current_aws_guardduty_organization_configurations', false, 9, 'auto_enable_organization_members', 'text', false),
    ('aws_guardduty_organization_configurations', 'current_aws_guardduty_organization_configurations', false, 10, 'auto_enable', 'boolean', false),
    ('aws_guardduty_organization_configurations', 'current_aws_guardduty_organization_configurations', false, 11, 'member_account_limit_reached', 'boolean', false),
    ('aws_guardduty_organization_configurations', 'current_aws_guardduty_organization_configurations', false, 12, 'features', 'jsonb', false),
    ('aws_guardduty_organization_configurations', 'current_aws_guardduty_organization_configurations', false, 13, 'data_sources', 'jsonb', false),
    ('aws_iam_organizations_features', 'current_aws_iam_organizations_features', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_iam_organizations_features', 'current_aws_iam_organizations_features', false, 2, '_cq_source_name', 'text', false),
    ('aws_iam_organizations_features', 'current_aws_iam_organizations_features', false, 3, '_cq_id', 'uuid', false),
    ('aws_iam_organizations_features', 'current_aws_iam_organizations_features', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_iam_organizations_features', 'current_aws_iam_organizations_features', false, 5, 'account_id', 'text', true),
    ('aws_iam_organizations_features', 'current_aws_iam_organizations_features', false, 6, 'organization_id', 'text', false),
    ('aws_iam_organizations_features', 'current_aws_iam_organizations_features', false, 7, 'feature', 'text', true),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 2, '_cq_source_name', 'text', false),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 3, '_cq_id', 'uuid', false),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 5, 'account_id', 'text', true),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 6, 'arn', 'text', true),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 7, 'role_name', 'text', false),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 8, 'role_id', 'text', false),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 9, 'path', 'text', false),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 10, 'create_date', 'timestamp without time zone', false),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 11, 'description', 'text', false),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 12, 'assume_role_policy_document', 'text', false),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 13, 'max_session_duration', 'integer', false),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 14, 'source_role_template', 'jsonb', false),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 2, '_cq_source_name', 'text', false),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 3, '_cq_id', 'uuid', false),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 5, 'account_id', 'text', true),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 6, 'region', 'text', true),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 7, 'admin_account_id', 'text', true),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 8, 'admin_status', 'text', false),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 9, 'relationship_status', 'text', false),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 10, 'delegated_admin_account_id', 'text', false),
    ('aws_inspector2_organization_configurations', 'current_aws_inspector2_organization_configurations', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_inspector2_organization_configurations', 'current_aws_inspector2_organization_configurations', false, 2, '_cq_source_name', 'text', false),
    ('aws_inspector2_organization_configurations', 'current_aws_inspector2_organization_configurations', false, 3, '_cq_id', 'uuid', false),
    ('aws_inspector2_organization_configurations', 'current_aws_inspector2_organization_configurations', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_inspector2_organization_configurations', 'current_aws_inspector2_organization_configurations', false, 5, 'account_id', 'text', true),
    ('aws_inspector2_organization_configurations', 'current_aws_inspector2_organization_configurations', false, 6, 'region', 'text', true),
    ('aws_inspector2_organization_configurations', 'current_aws_inspector2_organization_configurations', false, 7, 'admin_account_id', 'text', true),
    ('aws_inspector2_organization_configurations', 'current_aws_inspector2_organization_configurations', false, 8, 'auto_enable', 'jsonb', false),
    ('aws_inspector2_organization_configurations', 'current_aws_inspector2_organization_configurations', false, 9, 'max_account_limit_reached', 'boolean', false),
    ('aws_macie2_organization_admin_accounts', 'current_aws_macie2_organization_admin_accounts', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_macie2_organization_admin_accounts', 'current_aws_macie2_organization_admin_accounts', false, 2, '_cq_source_name', 'text', false),
    ('aws_macie2_organization_admin_accounts', 'current_aws_macie2_organization_admin_accounts', false, 3, '_cq_id', 'uuid', false),
    ('aws_macie2_organization_admin_accounts', 'current_aws_macie2_organization_admin_accounts', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_macie2_organization_admin_accounts', 'current_aws_macie2_organization_admin_accounts', false, 5, 'account_id', 'text', true),
    ('aws_macie2_organization_admin_accounts', 'current_aws_macie2_organization_admin_accounts', false, 6, 'region', 'text', true),
    ('aws_macie2_organization_admin_accounts', 'current_aws_macie2_organization_admin_accounts', false, 7, 'admin_account_id', 'text', true),
    ('aws_macie2_organization_admin_accounts', 'current_aws_macie2_organization_admin_accounts', false, 8, 'admin_status', 'text', false),
    ('aws_macie2_organization_configurations', 'current_aws_macie2_organization_configurations', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_macie2_organization_configurations', 'current_aws_macie2_organization_configurations', false, 2, '_cq_source_name', 'text', false),
    ('aws_macie2_organization_configurations', 'current_aws_macie2_organization_configurations', false, 3, '_cq_id', 'uuid', false),
    ('aws_macie2_organization_configurations', 'current_aws_macie2_organization_configurations', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_macie2_organization_configurations', 'current_aws_macie2_organization_configurations', false, 5, 'account_id', 'text', true),
    ('aws_macie2_organization_configurations', 'current_aws_macie2_organization_configurations', false, 6, 'region', 'text', true),
    ('aws_macie2_organization_configurations', 'current_aws_macie2_organization_configurations', false, 7, 'admin_account_id', 'text', true),
    ('aws_macie2_organization_configurations', 'current_aws_macie2_organization_configurations', false, 8, 'auto_enable', 'boolean', false),
    ('aws_macie2_organization_configurations', 'current_aws_macie2_organization_configurations', false, 9, 'max_account_limit_reached', 'boolean', false),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 2, '_cq_source_name', 'text', false),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 3, '_cq_id', 'uuid', false),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 5, 'account_id', 'text', true),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 6, 'region', 'text', false),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 7, 'organization_id', 'text', true),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 8, 'organization_aws_service_access_status', 'text', false),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 9, 'slr_deployment_status', 'text', false),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 10, 'account_status_list', 'jsonb', false),
    ('aws_organization_resource_policies', 'current_aws_organization_resource_policies', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organization_resource_policies', 'current_aws_organization_resource_policies', false, 2, '_cq_source_name', 'text', false),
    ('aws_organization_resource_policies', 'current_aws_organization_resource_policies', false, 3, '_cq_id', 'uuid', false),
    ('aws_organization_resource_policies', 'current_aws_organization_resource_policies', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organization_resource_policies', 'current_aws_organization_resource_policies', false, 5, 'account_id', 'text', true),
    ('aws_organization_resource_policies', 'current_aws_organization_resource_policies', false, 6, 'content', 'text', false),
    ('aws_organization_resource_policies', 'current_aws_organization_resource_policies', false, 7, 'resource_policy_summary', 'jsonb', false),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 2, '_cq_source_name', 'text', false),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 3, '_cq_id', 'uuid', false),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 5, 'account_id', 'text', true),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 6, 'statement_index', 'integer', true),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 7, 'principal_type', 'text', true),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 8, 'principal', 'text', true),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 9, 'is_not_principal', 'boolean', true),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 10, 'sid', 'text', false),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 11, 'effect', 'text', false),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 12, 'actions', 'jsonb', false),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 13, 'not_actions', 'jsonb', false),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 14, 'resources', 'jsonb', false),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 15, 'not_resources', 'jsonb', false),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 16, 'condition', 'jsonb', false),
    ('aws_organizations', 'current_aws_organizations', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organizations', 'current_aws_organizations', false, 2, '_cq_source_name', 'text', false),
    ('aws_organizations', 'current_aws_organizations', false, 3, '_cq_id', 'uuid', false),
    ('aws_organizations', 'current_aws_organizations', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organizations', 'current_aws_organizations', false, 5, 'request_account_id', 'text', true),
    ('aws_organizations', 'current_aws_organizations', false, 6, 'arn', 'text', true),
    ('aws_organizations', 'current_aws_organizations', false, 7, 'feature_set', 'text', false),
    ('aws_organizations', 'current_aws_organizations', false, 8, 'id', 'text', false),
    ('aws_organizations', 'current_aws_organizations', false, 9, 'master_account_arn', 'text', false),
    ('aws_organizations', 'current_aws_organizations', false, 10, 'master_account_email', 'text', false),
    ('aws_organizations', 'current_aws_organizations', false, 11, 'master_account_id', 'text', false),
    ('aws_organizations_account_parents', 'current_aws_organizations_account_parents', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organizations_account_parents', 'current_aws_organizations_account_parents', false, 2, '_cq_source_name', 'text', false),
    ('aws_organizations_account_parents', 'current_aws_organizations_account_parents', false, 3, '_cq_id', 'uuid', false),
    ('aws_organizations_account_parents', 'current_aws_organizations_account_parents', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organizations_account_parents', 'current_aws_organizations_account_parents', false, 5, 'request_account_id', 'text', true),
    ('aws_organizations_account_parents', 'current_aws_organizations_account_parents', false, 6, 'id', 'text', true),
    ('aws_organizations_account_parents', 'current_aws_organizations_account_parents', false, 7, 'parent_id', 'text', true),
    ('aws_organizations_account_parents', 'current_aws_organizations_account_parents', false, 8, 'type', 'text', true),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 2, '_cq_source_name', 'text', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 3, '_cq_id', 'uuid', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 5, 'request_account_id', 'text', true),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 6, 'arn', 'text', true),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 7, 'id', 'text', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 8, 'email', 'text', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 9, 'name', 'text', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 10, 'status', 'text', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 11, 'state', 'text', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 12, 'paths', 'jsonb', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 13, 'joined_method', 'text', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 14, 'joined_timestamp', 'timestamp without time zone', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 15, 'parent_id', 'text', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 16, 'ou_path', 'text', false),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 17, 'tags', 'jsonb', false),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 2, '_cq_source_name', 'text', false),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 3, '_cq_id', 'uuid', false),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 5, 'account_id', 'text', true),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 6, 'arn', 'text', true),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 7, 'delegation_enabled_date', 'timestamp without time zone', false),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 8, 'email', 'text', false),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 9, 'id', 'text', false),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 10, 'joined_method', 'text', false),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 11, 'joined_timestamp', 'timestamp without time zone', false),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 12, 'name', 'text', false),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 13, 'status', 'text', false),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 14, 'state', 'text', false),
    ('aws_organizations_delegated_services', 'current_aws_organizations_delegated_services', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organizations_delegated_services', 'current_aws_organizations_delegated_services', false, 2, '_cq_source_name', 'text', false),
    ('aws_organizations_delegated_services', 'current_aws_organizations_delegated_services', false, 3, '_cq_id', 'uuid', false),
    ('aws_organizations_delegated_services', 'current_aws_organizations_delegated_services', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organizations_delegated_services', 'current_aws_organizations_delegated_services', false, 5, 'account_id', 'text', true),
    ('aws_organizations_delegated_services', 'current_aws_organizations_delegated_services', false, 6, 'delegated_account_id', 'text', true),
    ('aws_organizations_delegated_services', 'current_aws_organizations_delegated_services', false, 7, 'delegation_enabled_date', 'timestamp without time zone', false),
    ('aws_organizations_delegated_services', 'current_aws_organizations_delegated_services', false, 8, 'service_principal', 'text', true),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 2, '_cq_source_name', 'text', false),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 3, '_cq_id', 'uuid', false),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 5, 'account_id', 'text', true),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 6, 'id', 'text', true),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 7, 'arn', 'text', false),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 8, 'parties', 'jsonb', false),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 9, 'state', 'text', false),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 10, 'requested_timestamp', 'timestamp without time zone', false),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 11, 'expiration_timestamp', 'timestamp without time zone', false),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 12, 'action', 'text', false),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 13, 'resources', 'jsonb', false),
    ('aws_organizations_organizational_unit_parents', 'current_aws_organizations_organizational_unit_parents', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organizations_organizational_unit_parents', 'current_aws_organizations_organizational_unit_parents', false, 2, '_cq_source_name', 'text', false),
    ('aws_organizations_organizational_unit_parents', 'current_aws_organizations_organizational_unit_parents', false, 3, '_cq_id', 'uuid', false),
    ('aws_organizations_organizational_unit_parents', 'current_aws_organizations_organizational_unit_parents', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organizations_organizational_unit_parents', 'current_aws_organizations_organizational_unit_parents', false, 5, 'request_account_id', 'text', true),
    ('aws_organizations_organizational_unit_parents', 'current_aws_organizations_organizational_unit_parents', false, 6, 'id', 'text', true),
    ('aws_organizations_organizational_unit_parents', 'current_aws_organizations_organizational_unit_parents', false, 7, 'parent_id', 'text', true),
    ('aws_organizations_organizational_unit_parents', 'current_aws_organizations_organizational_unit_parents', false, 8, 'type', 'text', true),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 2, '_cq_source_name', 'text', false),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 3, '_cq_id', 'uuid', false),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 5, 'request_account_id', 'text', true),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 6, 'arn', 'text', true),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 7, 'id', 'text', false),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 8, 'name', 'text', false),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 9, 'parent_id', 'text', false),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 10, 'path', 'text', false),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 11, 'ou_path', 'text', false),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 2, '_cq_source_name', 'text', false),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 3, '_cq_id', 'uuid', false),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 5, 'account_id', 'text', true),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 6, 'arn', 'text', true),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 7, 'id', 'text', false),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 8, 'name', 'text', false),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 9, 'description', 'text', false),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 10, 'type', 'text', false),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 11, 'aws_managed', 'boolean', false),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 12, 'content', 'jsonb', false),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 13, 'content_text', 'text', false),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 2, '_cq_source_name', 'text', false),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 3, '_cq_id', 'uuid', false),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 5, 'account_id', 'text', true),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 6, 'policy_id', 'text', true),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 7, 'target_id', 'text', true),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 8, 'arn', 'text', false),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 9, 'name', 'text', false),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 10, 'target_type', 'text', false),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 2, '_cq_source_name', 'text', false),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 3, '_cq_id', 'uuid', false),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 5, 'request_account_id', 'text', true),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 6, 'arn', 'text', true),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 7, 'id', 'text', false),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 8, 'name', 'text', false),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 9, 'policy_types', 'jsonb', false),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 10, 'tags', 'jsonb', false),
    ('aws_organizations_service_access', 'current_aws_organizations_service_access', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_organizations_service_access', 'current_aws_organizations_service_access', false, 2, '_cq_source_name', 'text', false),
    ('aws_organizations_service_access', 'current_aws_organizations_service_access', false, 3, '_cq_id', 'uuid', false),
    ('aws_organizations_service_access', 'current_aws_organizations_service_access', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_organizations_service_access', 'current_aws_organizations_service_access', false, 5, 'account_id', 'text', true),
    ('aws_organizations_service_access', 'current_aws_organizations_service_access', false, 6, 'service_principal', 'text', true),
    ('aws_organizations_service_access', 'current_aws_organizations_service_access', false, 7, 'date_enabled', 'timestamp without time zone', false),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 2, '_cq_source_name', 'text', false),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 3, '_cq_id', 'uuid', false),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 5, 'account_id', 'text', true),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 6, 'region', 'text', true),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 7, 'admin_account_id', 'text', true),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 8, 'admin_status', 'text', false),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 9, 'feature', 'text', true),
    ('aws_securityhub_organization_configurations', 'current_aws_securityhub_organization_configurations', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_securityhub_organization_configurations', 'current_aws_securityhub_organization_configurations', false, 2, '_cq_source_name', 'text', false),
    ('aws_securityhub_organization_configurations', 'current_aws_securityhub_organization_configurations', false, 3, '_cq_id', 'uuid', false),
    ('aws_securityhub_organization_configurations', 'current_aws_securityhub_organization_configurations', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_securityhub_organization_configurations', 'current_aws_securityhub_organization_configurations', false, 5, 'account_id', 'text', true),
    ('aws_securityhub_organization_configurations', 'current_aws_securityhub_organization_configurations', false, 6, 'region', 'text', true),
    ('aws_securityhub_organization_configurations', 'current_aws_securityhub_organization_configurations', false, 7, 'admin_account_id', 'text', true),
    ('aws_securityhub_organization_configurations', 'current_aws_securityhub_organization_configurations', false, 8, 'auto_enable', 'boolean', false),
    ('aws_securityhub_organization_configurations', 'current_aws_securityhub_organization_configurations', false, 9, 'auto_enable_standards', 'text', false),
    ('aws_securityhub_organization_configurations', 'current_aws_securityhub_organization_configurations', false, 10, 'member_account_limit_reached', 'boolean', false),
    ('aws_securityhub_organization_configurations', 'current_aws_securityhub_organization_configurations', false, 11, 'organization_configuration', 'jsonb', false),
    ('aws_securitylake_organization_configurations', 'current_aws_securitylake_organization_configurations', false, 1, '_cq_sync_time', 'timestamp without time zone', false),
    ('aws_securitylake_organization_configurations', 'current_aws_securitylake_organization_configurations', false, 2, '_cq_source_name', 'text', false),
    ('aws_securitylake_organization_configurations', 'current_aws_securitylake_organization_configurations', false, 3, '_cq_id', 'uuid', false),
    ('aws_securitylake_organization_configurations', 'current_aws_securitylake_organization_configurations', false, 4, '_cq_parent_id', 'uuid', false),
    ('aws_securitylake_organization_configurations', 'current_aws_securitylake_organization_configurations', false, 5, 'account_id', 'text', true),
    ('aws_securitylake_organization_configurations', 'current_aws_securitylake_organization_configurations', false, 6, 'region', 'text', true),
    ('aws_securitylake_organization_configurations', 'current_aws_securitylake_organization_configurations', false, 7, 'admin_account_id', 'text', true),
    ('aws_securitylake_organization_configurations', 'current_aws_securitylake_organization_configurations', false, 8, 'auto_enable_new_account', 'jsonb', false);
comment on view delegation.pack_columns is 'The tables and columns that this version of the views knows.';
comment on column delegation.pack_columns.table_name is 'Name of the synced table.';
comment on column delegation.pack_columns.view_name is 'Name of the view with its current rows, in schema delegation.';
comment on column delegation.pack_columns.is_incremental is 'True where rows of all syncs are current.';
comment on column delegation.pack_columns.position is 'Place of the column.';
comment on column delegation.pack_columns.column_name is 'Name of the column.';
comment on column delegation.pack_columns.column_type is 'Its PostgreSQL type.';
comment on column delegation.pack_columns.is_key is 'True where it is a part of the primary key.';

do $install$
declare
    live_schema constant text := pg_catalog.current_schema();
    live_reads regclass;
    pack_table record;
    live_table regclass;
    select_list text;
    key_list text;
begin
    if live_schema is null or live_schema = 'delegation' then
        raise exception 'The views are to be bound to the tables of the current schema, but search_path gives %.', coalesce('"' || live_schema || '"', 'none')
            using hint = 'Set search_path to the schema that the sync writes to, usually public.';
    end if;

    live_reads := pg_catalog.to_regclass(format('%I.aws_delegation_reads', live_schema));
    execute 'create or replace view delegation.newest_syncs (source_name, sync_time) as ' || case
        when live_reads is null then 'select null::text, null::timestamp without time zone where false'
        else format('select live._cq_source_name, max(live._cq_sync_time) from %s as live where live._cq_source_name is not null group by live._cq_source_name', live_reads)
    end;
    comment on view delegation.newest_syncs is 'The newest complete sync of each source.';
    comment on column delegation.newest_syncs.source_name is 'Name of the source in its spec.';
    comment on column delegation.newest_syncs.sync_time is 'Time of the sync, in UTC.';

    for pack_table in
        select distinct pack_columns.table_name, pack_columns.view_name, pack_columns.is_incremental
        from delegation.pack_columns
        order by pack_columns.table_name
    loop
        -- Without these two nothing can be called current, as in a table that another tool has made.
        live_table := (
            select pg_attribute.attrelid
            from pg_catalog.pg_attribute
            where pg_attribute.attrelid = pg_catalog.to_regclass(format('%I.%I', live_schema, pack_table.table_name))
                and pg_attribute.attname in ('_cq_sync_time', '_cq_source_name')
            group by pg_attribute.attrelid
            having count(*) = 2
        );

        -- A view can only be replaced by one that has the same columns first, so the ones it has keep their place.
        with existing as (
            select pg_attribute.attname::text as column_name, pg_attribute.attnum as position, pg_catalog.format_type(pg_attribute.atttypid, pg_attribute.atttypmod) as column_type
            from pg_catalog.pg_attribute
            where pg_attribute.attrelid = pg_catalog.to_regclass(format('delegation.%I', pack_table.view_name))
                and pg_attribute.attnum > 0
                and not pg_attribute.attisdropped
        ),
        wanted as (
            select pack_columns.column_name, pack_columns.column_type, pack_columns.position, pack_columns.is_key
            from delegation.pack_columns
            where pack_columns.table_name = pack_table.table_name
        ),
        live as (
            select pg_attribute.attname::text as column_name, pg_catalog.format_type(pg_attribute.atttypid, pg_attribute.atttypmod) as column_type
            from pg_catalog.pg_attribute
            where pg_attribute.attrelid = live_table
                and pg_attribute.attnum > 0
                and not pg_attribute.attisdropped
        ),
        chosen as (
            select
                coalesce(wanted.column_name, existing.column_name) as column_name,
                coalesce(wanted.column_type, existing.column_type) as column_type,
                existing.position as kept_position,
                wanted.position as new_position,
                coalesce(wanted.is_key, false) as is_key
            from wanted
            full join existing on existing.column_name = wanted.column_name
        )
        select string_agg(
            case
                when live.column_name is null then format('null::%s as %I', chosen.column_type, chosen.column_name)
                when live.column_type = chosen.column_type then format('live.%I', chosen.column_name)
                else format('live.%1$I::%2$s as %1$I', chosen.column_name, chosen.column_type)
            end,
            ', ' order by chosen.kept_position nulls last, chosen.new_position
        ),
        -- Without all of its columns there is no key by which rows could be told apart.
        case
            when bool_and(live.column_name is not null) filter (where chosen.is_key)
                then string_agg(format('live.%I', chosen.column_name), ', ' order by chosen.new_position) filter (where chosen.is_key)
        end
        into select_list, key_list
        from chosen
        left join live on live.column_name = chosen.column_name;

        execute format(
            'create or replace view delegation.%I as select %s %s %s',
            pack_table.view_name,
            case when pack_table.is_incremental and key_list is not null then format('distinct on (live._cq_source_name, %s)', key_list) end,
            select_list,
            case
                when live_table is null then 'where false'
                when pack_table.is_incremental and key_list is not null then format('from %1$s as live order by live._cq_source_name, %2$s, live._cq_sync_time desc', live_table, key_list)
                when pack_table.is_incremental then format('from %s as live', live_table)
                else format('from %s as live join delegation.newest_syncs on newest_syncs.source_name = live._cq_source_name and newest_syncs.sync_time = live._cq_sync_time', live_table)
            end
        );
        -- Without statistics PostgreSQL takes a table that was just filled for one of a few rows, and its joins take minutes.
        if live_table is not null
            and (select pg_has_role(pg_class.relowner, 'USAGE') from pg_catalog.pg_class where pg_class.oid = live_table and pg_class.relkind = 'r')
            and (
                select coalesce(pg_stat_all_tables.last_analyze, pg_stat_all_tables.last_autoanalyze) is null
                from pg_catalog.pg_stat_all_tables
                where pg_stat_all_tables.relid = live_table
            )
        then
            -- Whoever vacuums or analyzes it at this moment is not waited for.
            execute format('analyze (skip_locked) %s', live_table);
        end if;

        execute format('comment on view delegation.%I is %L', pack_table.view_name, format('The current rows of %s.', pack_table.table_name));
    end loop;
end
$install$;

do $comments$
declare
    pack_column record;
begin
    for pack_column in
        select pack_columns.table_name, pack_columns.view_name, pack_columns.column_name
        from delegation.pack_columns
    loop
        execute format('comment on column delegation.%I.%I is %L', pack_column.view_name, pack_column.column_name, format('As in %s.', pack_column.table_name));
    end loop;
end
$comments$;

create or replace view delegation.current_row_counts (source_name, table_name, row_count) as
select current_aws_accessanalyzer_analyzers._cq_source_name, 'aws_accessanalyzer_analyzers', count(*) from delegation.current_aws_accessanalyzer_analyzers group by current_aws_accessanalyzer_analyzers._cq_source_name
union all
select current_aws_auditmanager_organization_admin_accounts._cq_source_name, 'aws_auditmanager_organization_admin_accounts', count(*) from delegation.current_aws_auditmanager_organization_admin_accounts group by current_aws_auditmanager_organization_admin_accounts._cq_source_name
union all
select current_aws_cloudtrail_event_data_stores._cq_source_name, 'aws_cloudtrail_event_data_stores', count(*) from delegation.current_aws_cloudtrail_event_data_stores group by current_aws_cloudtrail_event_data_stores._cq_source_name
union all
select current_aws_cloudtrail_organization_events._cq_source_name, 'aws_cloudtrail_organization_events', count(*) from delegation.current_aws_cloudtrail_organization_events join delegation.newest_syncs on newest_syncs.source_name = current_aws_cloudtrail_organization_events._cq_source_name and newest_syncs.sync_time = current_aws_cloudtrail_organization_events._cq_sync_time group by current_aws_cloudtrail_organization_events._cq_source_name
union all
select current_aws_cloudtrail_trails._cq_source_name, 'aws_cloudtrail_trails', count(*) from delegation.current_aws_cloudtrail_trails group by current_aws_cloudtrail_trails._cq_source_name
union all
select current_aws_config_configuration_aggregators._cq_source_name, 'aws_config_configuration_aggregators', count(*) from delegation.current_aws_config_configuration_aggregators group by current_aws_config_configuration_aggregators._cq_source_name
union all
select current_aws_delegation_approvals._cq_source_name, 'aws_delegation_approvals', count(*) from delegation.current_aws_delegation_approvals group by current_aws_delegation_approvals._cq_source_name
union all
select current_aws_delegation_expectations._cq_source_name, 'aws_delegation_expectations', count(*) from delegation.current_aws_delegation_expectations group by current_aws_delegation_expectations._cq_source_name
union all
select current_aws_delegation_owners._cq_source_name, 'aws_delegation_owners', count(*) from delegation.current_aws_delegation_owners group by current_aws_delegation_owners._cq_source_name
union all
select current_aws_delegation_reads._cq_source_name, 'aws_delegation_reads', count(*) from delegation.current_aws_delegation_reads group by current_aws_delegation_reads._cq_source_name
union all
select current_aws_delegation_services._cq_source_name, 'aws_delegation_services', count(*) from delegation.current_aws_delegation_services group by current_aws_delegation_services._cq_source_name
union all
select current_aws_delegation_settings._cq_source_name, 'aws_delegation_settings', count(*) from delegation.current_aws_delegation_settings group by current_aws_delegation_settings._cq_source_name
union all
select current_aws_delegation_waivers._cq_source_name, 'aws_delegation_waivers', count(*) from delegation.current_aws_delegation_waivers group by current_aws_delegation_waivers._cq_source_name
union all
select current_aws_detective_organization_admin_accounts._cq_source_name, 'aws_detective_organization_admin_accounts', count(*) from delegation.current_aws_detective_organization_admin_accounts group by current_aws_detective_organization_admin_accounts._cq_source_name
union all
select current_aws_detective_organization_configurations._cq_source_name, 'aws_detective_organization_configurations', count(*) from delegation.current_aws_detective_organization_configurations group by current_aws_detective_organization_configurations._cq_source_name
union all
select current_aws_ec2_ipams._cq_source_name, 'aws_ec2_ipams', count(*) from delegation.current_aws_ec2_ipams group by current_aws_ec2_ipams._cq_source_name
union all
select current_aws_ec2_regions._cq_source_name, 'aws_ec2_regions', count(*) from delegation.current_aws_ec2_regions group by current_aws_ec2_regions._cq_source_name
union all
select current_aws_fms_organization_admin_accounts._cq_source_name, 'aws_fms_organization_admin_accounts', count(*) from delegation.current_aws_fms_organization_admin_accounts group by current_aws_fms_organization_admin_accounts._cq_source_name
union all
select current_aws_guardduty_organization_admin_accounts._cq_source_name, 'aws_guardduty_organization_admin_accounts', count(*) from delegation.current_aws_guardduty_organization_admin_accounts group by current_aws_guardduty_organization_admin_accounts._cq_source_name
union all
select current_aws_guardduty_organization_configurations._cq_source_name, 'aws_guardduty_organization_configurations', count(*) from delegation.current_aws_guardduty_organization_configurations group by current_aws_guardduty_organization_configurations._cq_source_name
union all
select current_aws_iam_organizations_features._cq_source_name, 'aws_iam_organizations_features', count(*) from delegation.current_aws_iam_organizations_features group by current_aws_iam_organizations_features._cq_source_name
union all
select current_aws_iam_service_linked_roles._cq_source_name, 'aws_iam_service_linked_roles', count(*) from delegation.current_aws_iam_service_linked_roles group by current_aws_iam_service_linked_roles._cq_source_name
union all
select current_aws_inspector2_organization_admin_accounts._cq_source_name, 'aws_inspector2_organization_admin_accounts', count(*) from delegation.current_aws_inspector2_organization_admin_accounts group by current_aws_inspector2_organization_admin_accounts._cq_source_name
union all
select current_aws_inspector2_organization_configurations._cq_source_name, 'aws_inspector2_organization_configurations', count(*) from delegation.current_aws_inspector2_organization_configurations group by current_aws_inspector2_organization_configurations._cq_source_name
union all
select current_aws_macie2_organization_admin_accounts._cq_source_name, 'aws_macie2_organization_admin_accounts', count(*) from delegation.current_aws_macie2_organization_admin_accounts group by current_aws_macie2_organization_admin_accounts._cq_source_name
union all
select current_aws_macie2_organization_configurations._cq_source_name, 'aws_macie2_organization_configurations', count(*) from delegation.current_aws_macie2_organization_configurations group by current_aws_macie2_organization_configurations._cq_source_name
union all
select current_aws_networkmanager_organization_service_access._cq_source_name, 'aws_networkmanager_organization_service_access', count(*) from delegation.current_aws_networkmanager_organization_service_access group by current_aws_networkmanager_organization_service_access._cq_source_name
union all
select current_aws_organization_resource_policies._cq_source_name, 'aws_organization_resource_policies', count(*) from delegation.current_aws_organization_resource_policies group by current_aws_organization_resource_policies._cq_source_name
union all
select current_aws_organization_resource_policy_statements._cq_source_name, 'aws_organization_resource_policy_statements', count(*) from delegation.current_aws_organization_resource_policy_statements group by current_aws_organization_resource_policy_statements._cq_source_name
union all
select current_aws_organizations._cq_source_name, 'aws_organizations', count(*) from delegation.current_aws_organizations group by current_aws_organizations._cq_source_name
union all
select current_aws_organizations_account_parents._cq_source_name, 'aws_organizations_account_parents', count(*) from delegation.current_aws_organizations_account_parents group by current_aws_organizations_account_parents._cq_source_name
union all
select current_aws_organizations_accounts._cq_source_name, 'aws_organizations_accounts', count(*) from delegation.current_aws_organizations_accounts group by current_aws_organizations_accounts._cq_source_name
union all
select current_aws_organizations_delegated_administrators._cq_source_name, 'aws_organizations_delegated_administrators', count(*) from delegation.current_aws_organizations_delegated_administrators group by current_aws_organizations_delegated_administrators._cq_source_name
union all
select current_aws_organizations_delegated_services._cq_source_name, 'aws_organizations_delegated_services', count(*) from delegation.current_aws_organizations_delegated_services group by current_aws_organizations_delegated_services._cq_source_name
union all
select current_aws_organizations_handshakes._cq_source_name, 'aws_organizations_handshakes', count(*) from delegation.current_aws_organizations_handshakes group by current_aws_organizations_handshakes._cq_source_name
union all
select current_aws_organizations_organizational_unit_parents._cq_source_name, 'aws_organizations_organizational_unit_parents', count(*) from delegation.current_aws_organizations_organizational_unit_parents group by current_aws_organizations_organizational_unit_parents._cq_source_name
union all
select current_aws_organizations_organizational_units._cq_source_name, 'aws_organizations_organizational_units', count(*) from delegation.current_aws_organizations_organizational_units group by current_aws_organizations_organizational_units._cq_source_name
union all
select current_aws_organizations_policies._cq_source_name, 'aws_organizations_policies', count(*) from delegation.current_aws_organizations_policies group by current_aws_organizations_policies._cq_source_name
union all
select current_aws_organizations_policy_targets._cq_source_name, 'aws_organizations_policy_targets', count(*) from delegation.current_aws_organizations_policy_targets group by current_aws_organizations_policy_targets._cq_source_name
union all
select current_aws_organizations_roots._cq_source_name, 'aws_organizations_roots', count(*) from delegation.current_aws_organizations_roots group by current_aws_organizations_roots._cq_source_name
union all
select current_aws_organizations_service_access._cq_source_name, 'aws_organizations_service_access', count(*) from delegation.current_aws_organizations_service_access group by current_aws_organizations_service_access._cq_source_name
union all
select current_aws_securityhub_organization_admin_accounts._cq_source_name, 'aws_securityhub_organization_admin_accounts', count(*) from delegation.current_aws_securityhub_organization_admin_accounts group by current_aws_securityhub_organization_admin_accounts._cq_source_name
union all
select current_aws_securityhub_organization_configurations._cq_source_name, 'aws_securityhub_organization_configurations', count(*) from delegation.current_aws_securityhub_organization_configurations group by current_aws_securityhub_organization_configurations._cq_source_name
union all
select current_aws_securitylake_organization_configurations._cq_source_name, 'aws_securitylake_organization_configurations', count(*) from delegation.current_aws_securitylake_organization_configurations group by current_aws_securitylake_organization_configurations._cq_source_name;
comment on view delegation.current_row_counts is 'How many rows of a table are of the newest sync. A source without any has no row.';
comment on column delegation.current_row_counts.source_name is 'Name of the source in its spec.';
comment on column delegation.current_row_counts.table_name is 'Name of the table.';
comment on column delegation.current_row_counts.row_count is 'Number of rows of the newest sync: of an incremental table, older ones are current as well.';

-- views/reads.sql
-- How each read ended, as a rule may rely on it.

create or replace view delegation.stale_tables as
with live_columns as (
    select
        pack_columns.table_name,
        pack_columns.column_name,
        pg_class.oid as table_oid,
        pg_attribute.attnum,
        pg_catalog.to_regclass(format('delegation.%I', pack_columns.view_name)) as view_oid
    from delegation.pack_columns
    cross join delegation.pack
    join pg_catalog.pg_namespace on pg_namespace.nspname = pack.live_schema
    join pg_catalog.pg_class on pg_class.relnamespace = pg_namespace.oid and pg_class.relname = pack_columns.table_name
    left join pg_catalog.pg_attribute
        on pg_attribute.attrelid = pg_class.oid
        and pg_attribute.attname = pack_columns.column_name
        and pg_attribute.attnum > 0
        and not pg_attribute.attisdropped
),
bound_columns as (
    select pg_rewrite.ev_class as view_oid, pg_depend.refobjid as table_oid, pg_depend.refobjsubid as attnum
    from pg_catalog.pg_rewrite
    join pg_catalog.pg_depend
        on pg_depend.classid = 'pg_catalog.pg_rewrite'::regclass
        and pg_depend.objid = pg_rewrite.oid
        and pg_depend.refclassid = 'pg_catalog.pg_class'::regclass
    where pg_rewrite.ev_class in (select live_columns.view_oid from live_columns)
)
select
    live_columns.table_name,
    case when bool_or(live_columns.attnum is not null and bound_columns.attnum is null) then 'views_stale' else 'columns_missing' end as problem,
    string_agg(live_columns.column_name, ', ' order by live_columns.column_name collate "C") filter (where live_columns.attnum is null or bound_columns.attnum is null) as column_names
from live_columns
left join bound_columns
    on bound_columns.view_oid = live_columns.view_oid
    and bound_columns.table_oid = live_columns.table_oid
    and bound_columns.attnum = live_columns.attnum
where live_columns.attnum is null or bound_columns.attnum is null
group by live_columns.table_name;
comment on view delegation.stale_tables is 'Tables of which the views give less than there is (views_stale: install them again), or that lack a column which the views know (columns_missing: sync with this version).';
comment on column delegation.stale_tables.table_name is 'Name of the synced table.';
comment on column delegation.stale_tables.problem is 'views_stale or columns_missing.';
comment on column delegation.stale_tables.column_names is 'The columns in question.';

create or replace view delegation.live_reads as
with counted as materialized (
    select
        recorded._cq_source_name as source_name,
        recorded.table_name,
        sum(recorded.row_count) as row_count
    from delegation.current_aws_delegation_reads as recorded
    group by recorded._cq_source_name, recorded.table_name
),
current_counts as materialized (
    select current_row_counts.*
    from delegation.current_row_counts
),
missing_rows as materialized (
    select counted.source_name, counted.table_name, counted.row_count as counted_rows, coalesce(current_row_counts.row_count, 0) as current_rows
    from counted
    left join current_counts as current_row_counts
        on current_row_counts.source_name = counted.source_name
        and current_row_counts.table_name = counted.table_name
    where counted.row_count <> coalesce(current_row_counts.row_count, 0)
        -- The reads table does not count itself.
        and counted.table_name in (select pack_columns.table_name from delegation.pack_columns)
        and counted.table_name <> 'aws_delegation_reads'
),
stale_tables as materialized (
    select stale_tables.*
    from delegation.stale_tables
),
policies_without_statements as materialized (
    -- A text of which no statement could be listed must not look like one that grants nothing.
    select policy._cq_source_name as source_name
    from delegation.current_aws_organization_resource_policies as policy
    where not exists (
        select
        from delegation.current_aws_organization_resource_policy_statements as statement
        where statement._cq_source_name = policy._cq_source_name
    )
)
select
    recorded._cq_source_name as source_name,
    recorded._cq_sync_time as sync_time,
    recorded.account_id,
    recorded.region,
    recorded.service,
    recorded.table_name,
    recorded.operation,
    recorded.scope,
    judged.outcome,
    case when judged.outcome is distinct from recorded.outcome then judged.problem else recorded.error_code end as error_code,
    case
        when judged.outcome is not distinct from recorded.outcome then recorded.error_message
        when judged.problem = 'rows_missing' then format('%s has %s current rows and the sync counted %s: a sync was interrupted', recorded.table_name, missing_rows.current_rows, missing_rows.counted_rows)
        when judged.problem = 'views_stale' then format('the views are older than %s (%s)', recorded.table_name, stale_tables.column_names)
        when judged.problem = 'columns_missing' then format('%s has no %s: it comes from an older version', recorded.table_name, stale_tables.column_names)
        when judged.problem = 'no_statements' then 'the text of the delegation policy has no statement that could be listed'
        else format('no outcome is known: %s', coalesce(recorded.outcome, 'null'))
    end as error_message,
    recorded.request_count,
    recorded.row_count,
    recorded.started_at,
    recorded.duration_ms,
    recorded.outcome as recorded_outcome
from delegation.current_aws_delegation_reads as recorded
left join missing_rows
    on missing_rows.source_name = recorded._cq_source_name
    and missing_rows.table_name = recorded.table_name
left join stale_tables on stale_tables.table_name = recorded.table_name
left join policies_without_statements
    on policies_without_statements.source_name = recorded._cq_source_name
    and recorded.table_name = 'aws_organization_resource_policy_statements'
cross join lateral (
    select case
        when stale_tables.problem is not null then stale_tables.problem
        when missing_rows.table_name is not null then 'rows_missing'
        when policies_without_statements.source_name is not null then 'no_statements'
    end as problem
) as found
cross join lateral (
    select
        found.problem,
        case
            when recorded.outcome = 'ok' and found.problem is not null then 'failed'
            when recorded.outcome in ('ok', 'absent', 'denied', 'failed', 'skipped') then recorded.outcome
            else 'failed'
        end as outcome
) as judged;

-- The settings are for tables that were just filled: without statistics the planner takes 50,000 accounts for one.
create or replace function delegation.noted_reads() returns setof delegation.live_reads
language plpgsql stable
set jit = off
set enable_nestloop = off
set enable_mergejoin = off
as $$
declare
    noted text := current_setting('delegation.noted_reads', true);
begin
    if noted = 'wanted' then
        noted := delegation.note_view('reads');
    end if;
    if noted <> '' then
        return query select noted_row.* from jsonb_populate_recordset(null::delegation.live_reads, noted::jsonb) as noted_row;
    else
        return query select live.* from delegation.live_reads as live;
    end if;
end
$$;
comment on function delegation.noted_reads() is 'The rows of delegation.reads: as noted in this run of rules, otherwise worked out.';

create or replace view delegation.reads as
select noted.*
from delegation.noted_reads() as noted;
comment on view delegation.reads is 'How each read of the newest sync ended, as rules take it: an ok becomes failed where the rows that are current are not what was read, and where a delegation policy has no statement that could be listed.';
comment on column delegation.reads.source_name is 'Name of the source in its spec.';
comment on column delegation.reads.sync_time is 'Time of the sync, in UTC.';
comment on column delegation.reads.account_id is 'Account that asked.';
comment on column delegation.reads.region is 'Region that was asked, or an empty text.';
comment on column delegation.reads.service is 'IAM prefix of the service.';
comment on column delegation.reads.table_name is 'Table that the read is for.';
comment on column delegation.reads.operation is 'IAM action.';
comment on column delegation.reads.scope is 'Empty for the read as a whole, otherwise what the one call that was not ok was about.';
comment on column delegation.reads.outcome is 'ok, absent, denied, failed or skipped.';
comment on column delegation.reads.error_code is 'Error code of AWS; or rows_missing, views_stale, columns_missing, no_statements.';
comment on column delegation.reads.error_message is 'What came back.';
comment on column delegation.reads.request_count is 'Requests sent.';
comment on column delegation.reads.row_count is 'Rows read.';
comment on column delegation.reads.started_at is 'Start, in UTC.';
comment on column delegation.reads.duration_ms is 'Duration in milliseconds.';
comment on column delegation.reads.recorded_outcome is 'The outcome as the sync recorded it.';

create or replace view delegation.live_table_reads as
with enriching (table_name, operation) as (
    -- These fill columns of rows that another operation lists: where they fail, the columns are null and the rows are all there.
    values
        ('aws_organizations_accounts', 'organizations:ListRoots'),
        ('aws_organizations_accounts', 'organizations:ListOrganizationalUnitsForParent'),
        ('aws_organizations_policies', 'organizations:DescribePolicy'),
        ('aws_inspector2_organization_admin_accounts', 'inspector2:GetDelegatedAdminAccount'),
        -- Where it could have added a row, the sync ends fms:ListAdminAccountsForOrganization with its outcome.
        ('aws_fms_organization_admin_accounts', 'fms:GetAdminAccount'),
        ('aws_fms_organization_admin_accounts', 'fms:GetAdminScope'),
        ('aws_cloudtrail_trails', 'cloudtrail:GetTrailStatus'),
        ('aws_cloudtrail_event_data_stores', 'cloudtrail:GetEventDataStore')
),
pack_tables as (
    select distinct pack_columns.table_name
    from delegation.pack_columns
),
listing as (
    select reads.*
    from delegation.reads
    left join enriching on enriching.table_name = reads.table_name and enriching.operation = reads.operation
    where enriching.operation is null
        and reads.operation <> 'organizations:ListTagsForResource'
)
select
    newest_syncs.source_name,
    pack_tables.table_name,
    coalesce(bool_and(listing.outcome in ('ok', 'absent')), false) as was_read,
    coalesce(bool_and(listing.outcome = 'absent'), false) as is_absent,
    case
        when coalesce(bool_and(listing.outcome in ('ok', 'absent')), false) then null
        when bool_or(listing.outcome in ('denied', 'failed')) or count(listing.table_name) = 0 then 'unread'
        else 'not_configured'
    end as unknown_cause,
    case
        when count(listing.table_name) = 0 then format('%s has no read recorded; sync again with this version', pack_tables.table_name)
        else
            (array_agg(
                delegation.read_problem(listing.outcome, listing.table_name, listing.operation, listing.region, listing.scope, listing.error_code, listing.error_message)
                order by listing.outcome collate "C", listing.operation collate "C", listing.region collate "C", listing.scope collate "C"
            ) filter (where listing.outcome not in ('ok', 'absent')))[1]
            || case when count(*) filter (where listing.outcome not in ('ok', 'absent')) > 1 then format(' (and %s more like it)', count(*) filter (where listing.outcome not in ('ok', 'absent')) - 1) else '' end
    end as read_error
from delegation.newest_syncs
cross join pack_tables
left join listing on listing.source_name = newest_syncs.source_name and listing.table_name = pack_tables.table_name
group by newest_syncs.source_name, pack_tables.table_name;

-- The settings are for tables that were just filled: without statistics the planner takes 50,000 accounts for one.
create or replace function delegation.noted_table_reads() returns setof delegation.live_table_reads
language plpgsql stable
set jit = off
set enable_nestloop = off
set enable_mergejoin = off
as $$
declare
    noted text := current_setting('delegation.noted_table_reads', true);
begin
    if noted = 'wanted' then
        noted := delegation.note_view('table_reads');
    end if;
    if noted <> '' then
        return query select noted_row.* from jsonb_populate_recordset(null::delegation.live_table_reads, noted::jsonb) as noted_row;
    else
        return query select live.* from delegation.live_table_reads as live;
    end if;
end
$$;
comment on function delegation.noted_table_reads() is 'The rows of delegation.table_reads: as noted in this run of rules, otherwise worked out.';

create or replace view delegation.table_reads as
select noted.*
from delegation.noted_table_reads() as noted;
comment on view delegation.table_reads is 'Whether all rows of a table were read, for each source and table of this version.';
comment on column delegation.table_reads.source_name is 'Name of the source in its spec.';
comment on column delegation.table_reads.table_name is 'Name of the table.';
comment on column delegation.table_reads.was_read is 'True where each read that lists rows is ok or absent; never null.';
comment on column delegation.table_reads.is_absent is 'True where AWS said that there is none.';
comment on column delegation.table_reads.unknown_cause is 'unread, or not_configured where the spec left the table out; null where it was read.';
comment on column delegation.table_reads.read_error is 'What is missing and what to do; null where it was read.';

-- views/organizations.sql
create or replace view delegation.organizations as
with asked as (
    select newest_syncs.source_name, newest_syncs.sync_time
    from delegation.newest_syncs
    union all
    -- Absence gets a row: a rule that starts here says `unknown` where nothing was synced, and not nothing.
    select null, null
    where not exists (select from delegation.newest_syncs)
),
asking_accounts as (
    select distinct on (recorded._cq_source_name) recorded._cq_source_name as source_name, recorded.account_id
    from delegation.current_aws_delegation_reads as recorded
    -- Other accounts of a spec lend credentials for their own settings; the organization is read by the first.
    order by recorded._cq_source_name, recorded.table_name <> 'aws_organizations', recorded.account_id
),
table_reads as materialized (
    select table_reads.*
    from delegation.table_reads
    where table_reads.table_name in ('aws_organizations', 'aws_organizations_roots')
)
select
    asked.source_name,
    asked.sync_time,
    asking_accounts.account_id as asking_account_id,
    organization.id as organization_id,
    organization.arn as organization_arn,
    coalesce(nullif(split_part(organization.arn, ':', 2), ''), 'aws') as partition,
    organization.feature_set,
    organization.master_account_id as management_account_id,
    organization.master_account_email as management_account_email,
    root.id as root_id,
    case
        when not coalesce(root_read.was_read, false) or coalesce(jsonb_typeof(root.policy_types), '') <> 'array' then null
        else coalesce(
            (
                select max(policy_type.value ->> 'Status')
                from jsonb_array_elements(root.policy_types) as policy_type (value)
                where policy_type.value ->> 'Type' = 'SERVICE_CONTROL_POLICY'
            ),
            'NOT_ENABLED'
        )
    end as service_control_policy_status,
    coalesce(read.was_read, false) and organization.id is not null as was_read,
    coalesce(read.is_absent, false) and organization.id is null as is_absent,
    case
        when asked.source_name is null then 'unread'
        when not coalesce(read.was_read, false) then coalesce(read.unknown_cause, 'unread')
        when organization.id is null and not coalesce(read.is_absent, false) then 'unread'
    end as unknown_cause,
    case
        when asked.source_name is null then 'nothing was synced into this schema; run `aws-delegation sync`, or `cloudquery sync`'
        when not coalesce(read.was_read, false) then read.read_error
        when organization.id is null and not coalesce(read.is_absent, false) then 'organizations:DescribeOrganization gave no organization; sync again'
    end as read_error
from asked
left join asking_accounts on asking_accounts.source_name = asked.source_name
left join table_reads as read on read.source_name = asked.source_name and read.table_name = 'aws_organizations'
left join table_reads as root_read on root_read.source_name = asked.source_name and root_read.table_name = 'aws_organizations_roots'
left join delegation.current_aws_organizations as organization on organization._cq_source_name = asked.source_name
left join delegation.current_aws_organizations_roots as root on root._cq_source_name = asked.source_name;
comment on view delegation.organizations is 'One row per source: the organization it reads, or why it is not known. One row of nulls where nothing was ever synced.';
comment on column delegation.organizations.source_name is 'Name of the source in its spec; null where nothing was synced.';
comment on column delegation.organizations.sync_time is 'Time of the newest sync, in UTC.';
comment on column delegation.organizations.asking_account_id is 'Account that asked for the organization.';
comment on column delegation.organizations.organization_id is 'ID of the organization (o-...).';
comment on column delegation.organizations.organization_arn is 'ARN of the organization.';
comment on column delegation.organizations.partition is 'aws, aws-cn, aws-us-gov, ...';
comment on column delegation.organizations.feature_set is 'ALL or CONSOLIDATED_BILLING.';
comment on column delegation.organizations.management_account_id is 'ID of the management account.';
comment on column delegation.organizations.management_account_email is 'E-mail address of the management account.';
comment on column delegation.organizations.root_id is 'ID of the root (r-...).';
comment on column delegation.organizations.service_control_policy_status is 'Whether service control policies work at the root: ENABLED, PENDING_ENABLE, PENDING_DISABLE, NOT_ENABLED; null where not read.';
comment on column delegation.organizations.was_read is 'True where the organization is known; never null.';
comment on column delegation.organizations.is_absent is 'True where AWS said that the account is in no organization; never null.';
comment on column delegation.organizations.unknown_cause is 'unread or not_configured; null where it was read.';
comment on column delegation.organizations.read_error is 'What is missing and what to do; null where it was read.';

create or replace view delegation.settings as
select
    newest_syncs.source_name,
    given.workload_ous,
    given.allowed_regions,
    coalesce(given.separation_of_duties, false) as separation_of_duties,
    coalesce(given.max_age_hours, 24) as max_age_hours,
    coalesce(given.has_approvals, false) as has_approvals,
    given._cq_source_name is not null as was_read,
    given.events_lookback_days,
    coalesce(jsonb_array_length(case when jsonb_typeof(given.allowed_regions) = 'array' then given.allowed_regions end), 0) > 0 as has_allowed_regions
from delegation.newest_syncs
left join delegation.current_aws_delegation_settings as given on given._cq_source_name = newest_syncs.source_name;
comment on view delegation.settings is 'What the spec says of how to judge: one row per source.';
comment on column delegation.settings.source_name is 'Name of the source in its spec.';
comment on column delegation.settings.workload_ous is 'List of OUs, by path or ID, where a delegated administrator must not live; null where the spec says nothing.';
comment on column delegation.settings.allowed_regions is 'List of the Regions that members may use; null where the spec says nothing.';
comment on column delegation.settings.separation_of_duties is 'Whether no account may hold both what detects and what runs code in members; false where the spec says nothing.';
comment on column delegation.settings.max_age_hours is 'Age from which a sync is too old, in hours; 24 where the spec says nothing.';
comment on column delegation.settings.has_approvals is 'True where the spec has approvals, be it an empty list; never null.';
comment on column delegation.settings.has_allowed_regions is 'True where the spec names at least one Region that members may use; never null.';
comment on column delegation.settings.was_read is 'False where the sync left the settings out, so that the others are what goes without saying; never null.';
comment on column delegation.settings.events_lookback_days is 'Days of events that the newest sync looked back on; null where it did not say.';

create or replace function delegation.asked_organizations(needed_tables text[])
returns table (
    source_name text,
    sync_time timestamp without time zone,
    organization_id text,
    asking_account_id text,
    management_account_id text,
    partition text,
    root_id text,
    service_control_policy_status text,
    account_id text,
    resource_id text,
    can_judge boolean,
    status text,
    reason text,
    unknown_cause text
)
language sql stable
rows 10
as $$
with missing as (
    select
        table_reads.source_name,
        case when bool_or(table_reads.unknown_cause = 'unread') then 'unread' else 'not_configured' end as unknown_cause,
        string_agg(table_reads.read_error, '; ' order by table_reads.table_name collate "C") as read_error
    from delegation.table_reads
    where not table_reads.was_read
        and exists (select from unnest(needed_tables) as needed (pattern) where table_reads.table_name like delegation.like_pattern(needed.pattern))
    group by table_reads.source_name
)
select
    organizations.source_name,
    organizations.sync_time,
    organizations.organization_id,
    organizations.asking_account_id,
    organizations.management_account_id,
    organizations.partition,
    organizations.root_id,
    organizations.service_control_policy_status,
    coalesce(organizations.management_account_id, organizations.asking_account_id),
    coalesce(organizations.organization_id, organizations.asking_account_id, 'organization'),
    not organizations.is_absent and organizations.was_read and missing.source_name is null,
    case
        when organizations.is_absent then 'not_applicable'
        when not organizations.was_read or missing.source_name is not null then 'unknown'
    end,
    case
        when organizations.is_absent then format('account %s is in no organization', organizations.asking_account_id)
        when not organizations.was_read then format('the organization is not known: %s', organizations.read_error)
        when missing.source_name is not null then format('%s cannot be judged: %s', organizations.organization_id, missing.read_error)
    end,
    case
        when organizations.is_absent then null
        when not organizations.was_read then organizations.unknown_cause
        when missing.source_name is not null then missing.unknown_cause
    end
from delegation.organizations
left join missing on missing.source_name = organizations.source_name
$$;
comment on function delegation.asked_organizations(text[]) is
    'Where a rule starts: one row per source (one in all where nothing was synced). can_judge is true where the organization and all of these tables (* for a part of a name) were read; otherwise status, reason and unknown_cause are the verdict of the rule. account_id and resource_id are what a row about the whole organization has in these columns.';

-- views/accounts.sql
create or replace view delegation.organizational_units as
with recursive placed as (
    select unit._cq_source_name as source_name, unit.id as organizational_unit_id, unit.parent_id || '/' || unit.id as id_path, 1 as depth
    from delegation.current_aws_organizations_organizational_units as unit
    where unit.parent_id like 'r-%'
    union all
    select unit._cq_source_name, unit.id, placed.id_path || '/' || unit.id, placed.depth + 1
    from placed
    join delegation.current_aws_organizations_organizational_units as unit
        on unit._cq_source_name = placed.source_name
        and unit.parent_id = placed.organizational_unit_id
    -- AWS allows 5; a circle in broken data must end.
    where placed.depth < 10
)
select
    placed.source_name,
    placed.organizational_unit_id,
    unit.name,
    unit.ou_path,
    placed.id_path,
    unit.parent_id
from placed
join delegation.current_aws_organizations_organizational_units as unit
    on unit._cq_source_name = placed.source_name
    and unit.id = placed.organizational_unit_id;
comment on view delegation.organizational_units is 'The organizational units, with their place in the tree.';
comment on column delegation.organizational_units.source_name is 'Name of the source in its spec.';
comment on column delegation.organizational_units.organizational_unit_id is 'ID of the organizational unit (ou-...).';
comment on column delegation.organizational_units.name is 'Name of the organizational unit.';
comment on column delegation.organizational_units.ou_path is 'Path by names: /Infrastructure/Network.';
comment on column delegation.organizational_units.id_path is 'Path by IDs from the root: r-a1b2/ou-a1b2-11111111.';
comment on column delegation.organizational_units.parent_id is 'ID of the root or organizational unit above.';

create or replace view delegation.accounts as
select
    account._cq_source_name as source_name,
    organization.id as organization_id,
    account.id as account_id,
    account.name as account_name,
    account.email,
    account.arn,
    -- AWS replaces Status by State and still sends both.
    coalesce(account.state, account.status) as account_state,
    account.id = organization.master_account_id as is_management_account,
    account.ou_path,
    coalesce(
        -- One path is the place. None (older servers) or several (not documented) leave it to the parents.
        case
            when jsonb_typeof(account.paths) = 'array' and jsonb_array_length(account.paths) = 1 and account.paths ->> 0 ~ '^o-[^/]+/r-.*/[0-9]{12}/?$'
                -- Without the organization and the account; a group in the pattern would say the same and take four times as long.
                then left(substr(account.paths ->> 0, strpos(account.paths ->> 0, '/') + 1), case when account.paths ->> 0 like '%/' then -14 else -13 end)
        end,
        case when account.parent_id like 'r-%' then account.parent_id else parent.id_path end
    ) as id_path,
    account.parent_id,
    account.joined_method,
    account.joined_timestamp,
    account.tags
from delegation.current_aws_organizations_accounts as account
left join delegation.current_aws_organizations as organization on organization._cq_source_name = account._cq_source_name
left join delegation.organizational_units as parent
    on parent.source_name = account._cq_source_name
    and parent.organizational_unit_id = account.parent_id;
comment on view delegation.accounts is 'All accounts of the organization, with state and place.';
comment on column delegation.accounts.source_name is 'Name of the source in its spec.';
comment on column delegation.accounts.organization_id is 'ID of the organization.';
comment on column delegation.accounts.account_id is 'Account ID.';
comment on column delegation.accounts.account_name is 'Name of the account.';
comment on column delegation.accounts.email is 'E-mail address of the account.';
comment on column delegation.accounts.arn is 'ARN of the account.';
comment on column delegation.accounts.account_state is 'PENDING_ACTIVATION, ACTIVE, SUSPENDED, PENDING_CLOSURE or CLOSED: State, or Status where AWS sent no State.';
comment on column delegation.accounts.is_management_account is 'Null where the organization was not read.';
comment on column delegation.accounts.ou_path is 'Path by names, / directly at the root; null where it is not known.';
comment on column delegation.accounts.id_path is 'Path by IDs from the root, without the account; null where it is not known.';
comment on column delegation.accounts.parent_id is 'ID of the root or organizational unit that the account is in.';
comment on column delegation.accounts.joined_method is 'INVITED or CREATED.';
comment on column delegation.accounts.joined_timestamp is 'When the account joined, in UTC.';
comment on column delegation.accounts.tags is 'Tags by key; null where they were not read.';

create or replace view delegation.unjudged_members as
select
    accounts.source_name,
    accounts.account_id,
    case when accounts.account_state in ('PENDING_CLOSURE', 'PENDING_ACTIVATION') then 'not_applicable' else 'unknown' end as status,
    case
        when accounts.account_state in ('PENDING_CLOSURE', 'PENDING_ACTIVATION')
            then format('%s is %s; only ACTIVE members are judged', delegation.account_label(accounts.account_id, accounts.account_name, accounts.ou_path), accounts.account_state)
        else format('%s has a state that is not known: %s; sync again', delegation.account_label(accounts.account_id, accounts.account_name, accounts.ou_path), coalesce(accounts.account_state, 'none was given'))
    end as reason,
    case when accounts.account_state in ('PENDING_CLOSURE', 'PENDING_ACTIVATION') then null else 'unread' end as unknown_cause
from delegation.accounts
-- A state that AWS adds one day must not hide an account.
where coalesce(accounts.account_state, '') not in ('ACTIVE', 'SUSPENDED', 'CLOSED');
comment on view delegation.unjudged_members is 'What a rule about members says of accounts that are neither ACTIVE nor SUSPENDED or CLOSED, of which it says nothing.';
comment on column delegation.unjudged_members.source_name is 'Name of the source in its spec.';
comment on column delegation.unjudged_members.account_id is 'Account ID.';
comment on column delegation.unjudged_members.status is 'not_applicable while it is being opened or closed, unknown for a state that this version does not know.';
comment on column delegation.unjudged_members.reason is 'Why.';
comment on column delegation.unjudged_members.unknown_cause is 'unread where the status is unknown.';

-- views/owners.sql
create or replace view delegation.live_owner_accounts as
with tested as (
    select
        owner._cq_source_name as source_name,
        owner.owner,
        accounts.account_id,
        accounts.account_name,
        accounts.ou_path,
        accounts.account_state,
        case owner.selector_type
            when 'account' then accounts.account_id = owner.selector
            when 'name' then accounts.account_name = owner.selector
            when 'ou' then delegation.is_below(owner.selector, accounts.ou_path, accounts.id_path)
            -- A key may itself contain the sign, so each way to cut the selector counts.
            when 'tag' then case when accounts.tags is not null then exists (
                select
                from jsonb_each_text(accounts.tags) as tag
                where tag.key || '=' || tag.value = owner.selector
            ) end
        end as is_match
    from delegation.current_aws_delegation_owners as owner
    join delegation.accounts on accounts.source_name = owner._cq_source_name
)
select
    tested.source_name,
    tested.owner,
    tested.account_id,
    tested.account_name,
    tested.ou_path,
    tested.account_state,
    case when bool_or(tested.is_match) then true end as is_match
from tested
where tested.is_match is distinct from false
group by tested.source_name, tested.owner, tested.account_id, tested.account_name, tested.ou_path, tested.account_state;

-- The settings are for tables that were just filled: without statistics the planner takes 50,000 accounts for one.
create or replace function delegation.noted_owner_accounts() returns setof delegation.live_owner_accounts
language plpgsql stable
set jit = off
set enable_nestloop = off
set enable_mergejoin = off
as $$
begin
    if pg_catalog.to_regclass('pg_temp.aws_delegation_owner_accounts') is not null then
        return query execute 'select kept.* from pg_temp.aws_delegation_owner_accounts as kept';
    else
        return query select live.* from delegation.live_owner_accounts as live;
    end if;
end
$$;
comment on function delegation.noted_owner_accounts() is 'The rows of delegation.owner_accounts: as noted in this run of rules, otherwise worked out.';

create or replace view delegation.owner_accounts as
select noted.*
from delegation.noted_owner_accounts() as noted;
comment on view delegation.owner_accounts is 'Accounts that an owner of the spec matches, and accounts of which that cannot be said.';
comment on column delegation.owner_accounts.source_name is 'Name of the source in its spec.';
comment on column delegation.owner_accounts.owner is 'Name of the owner.';
comment on column delegation.owner_accounts.account_id is 'Account ID.';
comment on column delegation.owner_accounts.account_name is 'Name of the account.';
comment on column delegation.owner_accounts.ou_path is 'Path by names.';
comment on column delegation.owner_accounts.account_state is 'State of the account.';
comment on column delegation.owner_accounts.is_match is 'True, or null where tags or place of the account were not read.';

create or replace view delegation.owners as
with named as (
    select
        owner._cq_source_name as source_name,
        owner.owner,
        string_agg(owner.selector_type || ' ' || owner.selector, ', ' order by owner.selector_type collate "C", owner.selector collate "C") as selectors
    from delegation.current_aws_delegation_owners as owner
    group by owner._cq_source_name, owner.owner
)
select
    named.source_name,
    named.owner,
    named.selectors,
    matched.account_id,
    matched.account_name,
    matched.ou_path,
    matched.account_state,
    count(matched.account_id) over (partition by named.source_name, named.owner) as account_count
from named
left join delegation.owner_accounts as matched
    on matched.source_name = named.source_name
    and matched.owner = named.owner
    and matched.is_match;
comment on view delegation.owners is 'Who is who: one row per owner of the spec and account that it matches; one row with 0 accounts for an owner that matches none.';
comment on column delegation.owners.source_name is 'Name of the source in its spec.';
comment on column delegation.owners.owner is 'Name of the owner.';
comment on column delegation.owners.selectors is 'How the spec selects its accounts.';
comment on column delegation.owners.account_id is 'Account ID; null where no account matches.';
comment on column delegation.owners.account_name is 'Name of the account.';
comment on column delegation.owners.ou_path is 'Path by names.';
comment on column delegation.owners.account_state is 'State of the account.';
comment on column delegation.owners.account_count is 'Number of accounts that the owner matches.';

-- views/services.sql
create or replace view delegation.service_principals as
select
    catalogue._cq_source_name as source_name,
    principal.value as service_principal,
    catalogue.service_id,
    catalogue.name as service_name
from delegation.current_aws_delegation_services as catalogue
cross join lateral jsonb_array_elements_text(delegation.as_list(catalogue.service_principals)) as principal (value);
comment on view delegation.service_principals is 'The principals by which Organizations knows a service. Two services can share one.';
comment on column delegation.service_principals.source_name is 'Name of the source in its spec.';
comment on column delegation.service_principals.service_principal is 'Service principal, such as guardduty.amazonaws.com.';
comment on column delegation.service_principals.service_id is 'ID of the service in the catalogue.';
comment on column delegation.service_principals.service_name is 'Name of the service.';

create or replace view delegation.live_services as
with groups as (
    -- Organizations cannot tell services apart that share a principal: it speaks of the group, named after its first service.
    select own.source_name, own.service_id, min(sharing.service_id) as group_id
    from delegation.service_principals as own
    join delegation.service_principals as sharing
        on sharing.source_name = own.source_name
        and sharing.service_principal = own.service_principal
    group by own.source_name, own.service_id
),
group_names as (
    select groups.source_name, groups.group_id, string_agg(catalogue.name, ' and ' order by catalogue.service_id collate "C" desc) as group_name
    from groups
    join delegation.current_aws_delegation_services as catalogue
        on catalogue._cq_source_name = groups.source_name
        and catalogue.service_id = groups.service_id
    group by groups.source_name, groups.group_id
)
select
    catalogue._cq_source_name as source_name,
    catalogue.service_id,
    catalogue.name as service_name,
    catalogue.category,
    coalesce(catalogue.is_security_service, false) as is_security_service,
    catalogue.is_delegation_supported,
    catalogue.service_principals,
    coalesce(delegation.as_list(catalogue.methods), '[]') as methods,
    catalogue.is_regional,
    catalogue.admin_table_name,
    catalogue.service_regions,
    catalogue.max_delegated_admins,
    catalogue.management_account_may_be_admin,
    catalogue.must_be_same_account_across_regions,
    case
        when jsonb_array_length(delegation.as_list(catalogue.recommended_owners)) > 0 then delegation.as_list(catalogue.recommended_owners)
        when catalogue.is_security_service then '["infosec"]'
        else '[]'
    end as recommended_owners,
    catalogue.register_action,
    catalogue.deregister_action,
    catalogue.list_admin_action,
    coalesce(groups.group_id, catalogue.service_id) as group_id,
    coalesce(group_names.group_name, catalogue.name) as group_name,
    coalesce(catalogue.admin_read_scope, '') as admin_read_scope,
    catalogue.register_command,
    catalogue.deregister_command,
    catalogue.administrator_power,
    catalogue.administrator_can,
    catalogue.administrator_cannot
from delegation.current_aws_delegation_services as catalogue
left join groups
    on groups.source_name = catalogue._cq_source_name
    and groups.service_id = catalogue.service_id
left join group_names
    on group_names.source_name = groups.source_name
    and group_names.group_id = groups.group_id;

-- The settings are for tables that were just filled: without statistics the planner takes 50,000 accounts for one.
create or replace function delegation.noted_services() returns setof delegation.live_services
language plpgsql stable
set jit = off
set enable_nestloop = off
set enable_mergejoin = off
as $$
declare
    noted text := current_setting('delegation.noted_services', true);
begin
    if noted = 'wanted' then
        noted := delegation.note_view('services');
    end if;
    if noted <> '' then
        return query select noted_row.* from jsonb_populate_recordset(null::delegation.live_services, noted::jsonb) as noted_row;
    else
        return query select live.* from delegation.live_services as live;
    end if;
end
$$;
comment on function delegation.noted_services() is 'The rows of delegation.services: as noted in this run of rules, otherwise worked out.';

create or replace view delegation.services as
select noted.*
from delegation.noted_services() as noted;
comment on view delegation.services is 'The catalogue: what can be delegated, and how.';
comment on column delegation.services.source_name is 'Name of the source in its spec.';
comment on column delegation.services.service_id is 'ID of the service in the catalogue.';
comment on column delegation.services.service_name is 'Name of the service.';
comment on column delegation.services.category is 'security, identity, networking, operations, governance, cost or data.';
comment on column delegation.services.is_security_service is 'True where the rules for security services apply; never null.';
comment on column delegation.services.is_delegation_supported is 'Null where no source says.';
comment on column delegation.services.service_principals is 'List of its principals.';
comment on column delegation.services.methods is 'List of organizations, service, resource_policy; never null.';
comment on column delegation.services.is_regional is 'True where each Region has an administrator of its own.';
comment on column delegation.services.admin_table_name is 'Table with the answer of the service itself; null where this version reads none.';
comment on column delegation.services.service_regions is 'List of Regions to ask; null: every enabled one.';
comment on column delegation.services.max_delegated_admins is 'Limit of AWS; null where none is known.';
comment on column delegation.services.management_account_may_be_admin is 'Null where no source says.';
comment on column delegation.services.must_be_same_account_across_regions is 'Null where no source says.';
comment on column delegation.services.recommended_owners is 'List of owners, any of which is fine; infosec for a security service where nobody recommends one.';
comment on column delegation.services.register_action is 'IAM action that makes an administrator.';
comment on column delegation.services.deregister_action is 'IAM action that removes one.';
comment on column delegation.services.list_admin_action is 'IAM action that lists them; null where the service has none.';
comment on column delegation.services.group_id is 'First of the services that share a principal with this one, as Organizations cannot tell them apart; its own ID where none does.';
comment on column delegation.services.group_name is 'Names of the services of the group.';
comment on column delegation.services.admin_read_scope is 'Scope of the reads of admin_table_name that speak of this service; empty where the reads as a whole do; never null.';
comment on column delegation.services.register_command is 'AWS CLI command of the management account that makes an administrator, with {admin_account_id} and {region} to fill in; null where none is known.';
comment on column delegation.services.deregister_command is 'AWS CLI command that removes one, likewise.';
comment on column delegation.services.administrator_power is 'The strongest of what an administrator can do to members: reads_members, configures_members, acts_in_members or controls_access, in rising order; null where no source says.';
comment on column delegation.services.administrator_can is 'What the administrator can do to members, as it follows "can"; null where no source says.';
comment on column delegation.services.administrator_cannot is 'What AWS says that it cannot do, as it follows "cannot"; null where no source says.';

create or replace view delegation.expected_owners as
select
    expectation._cq_source_name as source_name,
    expectation.service_id,
    expectation.owner,
    'spec' as origin
from delegation.current_aws_delegation_expectations as expectation
union all
select
    services.source_name,
    services.service_id,
    recommended.value as owner,
    'catalogue' as origin
from delegation.services
cross join lateral jsonb_array_elements_text(services.recommended_owners) as recommended (value)
where not exists (
    select
    from delegation.current_aws_delegation_expectations as expectation
    where expectation._cq_source_name = services.source_name
        and expectation.service_id = services.service_id
);
comment on view delegation.expected_owners is 'Who should hold a service: any of the owners named here. What the spec expects of a service replaces what the catalogue recommends for it.';
comment on column delegation.expected_owners.source_name is 'Name of the source in its spec.';
comment on column delegation.expected_owners.service_id is 'ID of the service in the catalogue.';
comment on column delegation.expected_owners.owner is 'Name of an owner.';
comment on column delegation.expected_owners.origin is 'spec or catalogue.';

create or replace view delegation.trusted_access as
select
    access._cq_source_name as source_name,
    access.service_principal,
    service_principals.service_id,
    access.date_enabled
from delegation.current_aws_organizations_service_access as access
left join delegation.service_principals
    on service_principals.source_name = access._cq_source_name
    and service_principals.service_principal = access.service_principal;
comment on view delegation.trusted_access is 'Services with trusted access to the organization, one row per principal and service that it stands for.';
comment on column delegation.trusted_access.source_name is 'Name of the source in its spec.';
comment on column delegation.trusted_access.service_principal is 'Service principal.';
comment on column delegation.trusted_access.service_id is 'ID of the service in the catalogue; null for a principal that it does not know.';
comment on column delegation.trusted_access.date_enabled is 'Since when, in UTC.';

-- views/resource_policy_grants.sql
create or replace view delegation.resource_policy_grants as
with known_actions (action, action_group, has_policy_type, is_on_policies) as (
    -- What a delegation policy can let somebody do. has_policy_type: the request has organizations:PolicyType, so a condition on it
    -- means something. is_on_policies: the resource is a policy, so its ARN can name a type.
    -- https://docs.aws.amazon.com/organizations/latest/userguide/orgs-policy-delegate.html
    -- https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html
    values
        ('organizations:CreatePolicy', 'policy_management', true, true),
        ('organizations:UpdatePolicy', 'policy_management', true, true),
        ('organizations:DeletePolicy', 'policy_management', true, true),
        ('organizations:AttachPolicy', 'policy_management', true, true),
        ('organizations:DetachPolicy', 'policy_management', true, true),
        ('organizations:EnablePolicyType', 'policy_type_switching', true, false),
        ('organizations:DisablePolicyType', 'policy_type_switching', true, false),
        -- Not on AWS's list. A policy that lets somebody rewrite it would give everything else, so it is told where it stands there.
        ('organizations:PutResourcePolicy', 'delegation_policy', false, false),
        ('organizations:DeleteResourcePolicy', 'delegation_policy', false, false),
        -- Not on AWS's list either: who may do this takes an account out of the reach of its SCPs.
        ('organizations:MoveAccount', 'structure', false, false),
        ('organizations:RemoveAccountFromOrganization', 'structure', false, false),
        ('organizations:TagResource', 'tagging', false, true),
        ('organizations:UntagResource', 'tagging', false, true),
        ('organizations:DescribeAccount', 'viewing', false, false),
        ('organizations:DescribeCreateAccountStatus', 'viewing', false, false),
        ('organizations:DescribeEffectivePolicy', 'viewing', true, false),
        ('organizations:DescribeHandshake', 'viewing', false, false),
        ('organizations:DescribeOrganization', 'viewing', false, false),
        ('organizations:DescribeOrganizationalUnit', 'viewing', false, false),
        ('organizations:DescribePolicy', 'viewing', true, true),
        ('organizations:DescribeResourcePolicy', 'viewing', false, false),
        ('organizations:ListAWSServiceAccessForOrganization', 'viewing', false, false),
        ('organizations:ListAccounts', 'viewing', false, false),
        ('organizations:ListAccountsForParent', 'viewing', false, false),
        ('organizations:ListAccountsWithInvalidEffectivePolicy', 'viewing', true, false),
        ('organizations:ListChildren', 'viewing', false, false),
        ('organizations:ListCreateAccountStatus', 'viewing', false, false),
        ('organizations:ListDelegatedAdministrators', 'viewing', false, false),
        ('organizations:ListDelegatedServicesForAccount', 'viewing', false, false),
        ('organizations:ListEffectivePolicyValidationErrors', 'viewing', true, false),
        ('organizations:ListHandshakesForAccount', 'viewing', false, false),
        ('organizations:ListHandshakesForOrganization', 'viewing', false, false),
        ('organizations:ListOrganizationalUnitsForParent', 'viewing', false, false),
        ('organizations:ListParents', 'viewing', false, false),
        ('organizations:ListPolicies', 'viewing', true, false),
        ('organizations:ListPoliciesForTarget', 'viewing', true, false),
        ('organizations:ListRoots', 'viewing', false, false),
        ('organizations:ListTagsForResource', 'viewing', false, true),
        ('organizations:ListTargetsForPolicy', 'viewing', true, true)
),
statements as materialized (
    select
        statement._cq_source_name as source_name,
        statement.statement_index,
        statement.sid,
        statement.effect,
        statement.principal_type,
        statement.principal,
        coalesce(statement.is_not_principal, false) as is_not_principal,
        delegation.text_list(statement.actions) as actions,
        delegation.text_list(statement.not_actions) as not_actions,
        delegation.text_list(statement.resources) as resources,
        delegation.text_list(statement.not_resources) as not_resources,
        nullif(nullif(statement.condition, 'null'), '{}') as conditions
    from delegation.current_aws_organization_resource_policy_statements as statement
),
matched as (
    select statements.*, known_actions.action, known_actions.action_group, known_actions.has_policy_type, known_actions.is_on_policies
    from statements
    cross join known_actions
    where delegation.action_matches(known_actions.action, statements.actions)
        or (statements.not_actions is not null and not delegation.action_matches(known_actions.action, statements.not_actions))
    union all
    -- An action that is newer than the list above is shown as the policy has it.
    select
        statements.*,
        listed.pattern,
        case when listed.pattern ~* '^organizations:(describe|list|get)' then 'viewing' else 'other' end,
        false,
        false
    from statements
    cross join lateral (select distinct pattern from unnest(statements.actions) as named (pattern)) as listed
    where not exists (select from known_actions where delegation.action_matches(known_actions.action, array[listed.pattern]))
),
-- What the Condition and the Resource of a statement say of policy types. Where one says nothing that can be listed, it is every type.
conditions as (
    select
        statements.source_name,
        statements.statement_index,
        statements.principal_type,
        statements.principal,
        statements.is_not_principal,
        condition.expected,
        coalesce(
            condition.key = 'organizations:policytype'
            and condition.operator in ('stringequals', 'stringequalsignorecase', 'stringlike')
            and cardinality(condition.expected) > 0,
            false
        ) as is_of_types
    from statements
    cross join lateral delegation.policy_conditions(
        case
            when jsonb_typeof(statements.conditions) = 'object' and not jsonb_path_exists(statements.conditions, '$.* ? (@.type() != "object")') then statements.conditions
            else '{"unreadable": {"condition": []}}'
        end
    ) as condition
    where statements.conditions is not null
),
conditions_of_statements as materialized (
    select
        conditions.source_name,
        conditions.statement_index,
        conditions.principal_type,
        conditions.principal,
        conditions.is_not_principal,
        -- Two lists would both have to hold; naming the types of both says too much, never too little.
        array_agg(distinct named.type collate "C" order by named.type collate "C") filter (where conditions.is_of_types) as types,
        bool_or(not conditions.is_of_types) as has_more
    from conditions
    left join lateral unnest(conditions.expected) as named (type) on true
    group by conditions.source_name, conditions.statement_index, conditions.principal_type, conditions.principal, conditions.is_not_principal
),
resources_of_statements as materialized (
    select
        statements.source_name,
        statements.statement_index,
        statements.principal_type,
        statements.principal,
        statements.is_not_principal,
        case
            when bool_or(named.type is null and not named.is_no_policy) then null
            else array_agg(distinct named.type collate "C" order by named.type collate "C") filter (where named.type is not null)
        end as types
    from statements
    cross join lateral unnest(statements.resources) as resource (arn)
    cross join lateral (
        select
            -- arn:aws:organizations::111122223333:policy/o-example/service_control_policy/*, or for AWS's own arn:aws:organizations::aws:policy/service_control_policy/*
            upper(coalesce(
                substring(resource.arn from '^arn:[^:]*:organizations::aws:policy/([a-z0-9_]+)/'),
                substring(resource.arn from '^arn:[^:]*:organizations::[^:/]*:policy/[^/]+/([a-z0-9_]+)/')
            )) as type,
            resource.arn ~ '^arn:[^:]*:organizations::[^:/]*:(root|ou|account|organization|handshake|resourcepolicy)/' as is_no_policy
    ) as named
    group by statements.source_name, statements.statement_index, statements.principal_type, statements.principal, statements.is_not_principal
),
typed as (
    select
        matched.*,
        case when matched.has_policy_type then conditions_of_statements.types end as condition_types,
        case when matched.is_on_policies then resources_of_statements.types end as resource_types,
        coalesce(conditions_of_statements.has_more, false) as is_conditional
    from matched
    left join conditions_of_statements
        on conditions_of_statements.source_name = matched.source_name
        and conditions_of_statements.statement_index = matched.statement_index
        and conditions_of_statements.principal_type = matched.principal_type
        and conditions_of_statements.principal = matched.principal
        and conditions_of_statements.is_not_principal = matched.is_not_principal
    left join resources_of_statements
        on resources_of_statements.source_name = matched.source_name
        and resources_of_statements.statement_index = matched.statement_index
        and resources_of_statements.principal_type = matched.principal_type
        and resources_of_statements.principal = matched.principal
        and resources_of_statements.is_not_principal = matched.is_not_principal
    where matched.effect = 'Allow'
)
select
    granted.source_name,
    granted.statement_index,
    granted.sid,
    granted.principal_type,
    granted.principal,
    granted.is_not_principal,
    case
        -- Everybody but the one named.
        when granted.is_not_principal then '*'
        when granted.principal ~ '^[0-9]{12}$' then granted.principal
        else coalesce(substring(granted.principal from '^arn:[^:]+:(?:iam|sts)::([0-9]{12}):'), granted.principal)
    end as delegated_account_id,
    granted.action,
    granted.action_group,
    case
        when '*' = any (granted.condition_types) then granted.resource_types
        when granted.condition_types is null or granted.resource_types is null then coalesce(granted.condition_types, granted.resource_types)
        else array(
            select resource_type
            from unnest(granted.resource_types) as resource_type
            where delegation.action_matches(resource_type, granted.condition_types)
        )
    end as policy_types,
    granted.resources,
    granted.not_resources,
    granted.conditions,
    exists (
        -- Only a Deny without any ifs takes the whole grant away.
        select
        from matched as denied
        where denied.source_name = granted.source_name
            and denied.effect = 'Deny'
            and denied.action = granted.action
            and denied.conditions is null
            and '*' = any (denied.resources)
            and not denied.is_not_principal
            and not granted.is_not_principal
            and (
                (denied.principal = '*' and denied.principal_type in ('*', 'AWS'))
                or (denied.principal = granted.principal and denied.principal_type = granted.principal_type)
            )
    ) as is_denied,
    granted.is_conditional,
    granted.action_group in ('policy_management', 'policy_type_switching', 'delegation_policy', 'structure', 'other') as is_policy_work
from typed as granted;
comment on view delegation.resource_policy_grants is 'What the delegation policy of the organization lets somebody do: one row per source, statement, principal and action, wildcards and NotAction written out.';
comment on column delegation.resource_policy_grants.source_name is 'Name of the source in its spec.';
comment on column delegation.resource_policy_grants.statement_index is 'Place of the statement in the policy, from 0.';
comment on column delegation.resource_policy_grants.sid is 'Sid of the statement.';
comment on column delegation.resource_policy_grants.principal_type is 'AWS, Service, ...; * for a bare *.';
comment on column delegation.resource_policy_grants.principal is 'Principal as the policy has it.';
comment on column delegation.resource_policy_grants.is_not_principal is 'True where the statement says NotPrincipal: everybody but this one.';
comment on column delegation.resource_policy_grants.delegated_account_id is 'Account of the principal; the principal itself where it names no account (*).';
comment on column delegation.resource_policy_grants.action is 'What the principal may do; as the policy has it where this version does not know the action.';
comment on column delegation.resource_policy_grants.action_group is 'policy_management, policy_type_switching, delegation_policy (editing it), structure (moving accounts away), tagging, viewing, or other for an action that this version does not know and that is no reading.';
comment on column delegation.resource_policy_grants.policy_types is 'Types that the Condition (with * and ? as there) and the Resource leave, such as SERVICE_CONTROL_POLICY; empty where they contradict each other; null: every type, or the action is not about one.';
comment on column delegation.resource_policy_grants.resources is 'Resource of the statement; null where it has none.';
comment on column delegation.resource_policy_grants.not_resources is 'NotResource of the statement; null where it has none.';
comment on column delegation.resource_policy_grants.conditions is 'Condition of the statement; null where it has none.';
comment on column delegation.resource_policy_grants.is_denied is 'True where a Deny without conditions, on every resource and for the same principal or everybody, takes it away whole; never null.';
comment on column delegation.resource_policy_grants.is_conditional is 'True where there is a condition that policy_types does not tell; never null.';
comment on column delegation.resource_policy_grants.is_policy_work is 'True where who may do it counts as holding the delegation policy: everything but tagging and viewing; never null.';

-- views/resource_policies.sql
create or replace view delegation.resource_policies as
with policies as (
    select policy._cq_source_name as source_name, max(policy.resource_policy_summary ->> 'Id') as policy_id
    from delegation.current_aws_organization_resource_policies as policy
    group by policy._cq_source_name
),
statements as (
    select statement._cq_source_name as source_name
    from delegation.current_aws_organization_resource_policy_statements as statement
    group by statement._cq_source_name
),
statement_reads as materialized (
    select table_reads.*
    from delegation.table_reads
    where table_reads.table_name = 'aws_organization_resource_policy_statements'
),
unlisted as (
    select reads.source_name
    from delegation.reads
    where reads.table_name = 'aws_organization_resource_policy_statements'
        and reads.error_code = 'no_statements'
    group by reads.source_name
)
select
    asked.source_name,
    asked.organization_id,
    asked.management_account_id,
    asked.root_id,
    found.policy_id,
    asked.account_id,
    asked.resource_id,
    found.state = 'absent' as is_absent,
    found.state = 'statements' as can_judge,
    case found.state
        when 'not asked' then asked.status
        when 'absent' then 'not_applicable'
        when 'statements' then null
        else 'unknown'
    end as status,
    case found.state
        when 'not asked' then asked.reason
        when 'absent' then format('%s has no delegation policy, so nobody has anything by it', asked.organization_id)
        when 'unread' then format('the statements of %s are not known: %s', found.policy_id, coalesce(statement_reads.read_error, 'aws_organization_resource_policy_statements was not read; sync again'))
        when 'empty' then format('%s has no statement that could be listed; look at it with `aws organizations describe-resource-policy`, mend it, and sync again', found.policy_id)
    end as reason,
    case found.state
        when 'not asked' then asked.unknown_cause
        when 'unread' then coalesce(statement_reads.unknown_cause, 'unread')
        when 'empty' then 'unread'
    end as unknown_cause
from delegation.asked_organizations(array['aws_organization_resource_policies']) as asked
left join policies on policies.source_name = asked.source_name
left join statements on statements.source_name = asked.source_name
left join statement_reads on statement_reads.source_name = asked.source_name
left join unlisted on unlisted.source_name = asked.source_name
cross join lateral (
    select
        coalesce(policies.policy_id, 'delegation-policy') as policy_id,
        case
            when not asked.can_judge then 'not asked'
            when policies.source_name is null and statements.source_name is null then 'absent'
            when unlisted.source_name is not null then 'empty'
            when statement_reads.was_read is not true then 'unread'
            else 'statements'
        end as state
) as found;
comment on view delegation.resource_policies is 'One row per source: its delegation policy, or why nothing can be said of it; one row in all where nothing was synced. can_judge is true where its statements were read; otherwise status, reason and unknown_cause are the verdict of a rule about it.';
comment on column delegation.resource_policies.source_name is 'Name of the source in its spec; null where nothing was synced.';
comment on column delegation.resource_policies.organization_id is 'ID of the organization.';
comment on column delegation.resource_policies.management_account_id is 'ID of the management account.';
comment on column delegation.resource_policies.root_id is 'ID of the root; null where it was not read.';
comment on column delegation.resource_policies.policy_id is 'ID of the policy (rp-...); delegation-policy where there is none or AWS gave none.';
comment on column delegation.resource_policies.account_id is 'What a row about the whole organization has as account_id.';
comment on column delegation.resource_policies.resource_id is 'What a row about the whole organization has as resource_id.';
comment on column delegation.resource_policies.is_absent is 'True where AWS said that there is no delegation policy; never null.';
comment on column delegation.resource_policies.can_judge is 'True where there is a policy and its statements were read; never null.';
comment on column delegation.resource_policies.status is 'not_applicable or unknown; null where it can be judged.';
comment on column delegation.resource_policies.reason is 'Why nothing can be said, and what to do; null where it can be judged.';
comment on column delegation.resource_policies.unknown_cause is 'unread or not_configured; null where the status is not unknown.';

create or replace view delegation.resource_policy_statements as
with statements as (
    select
        statement._cq_source_name as source_name,
        statement.statement_index,
        statement.sid,
        statement.effect,
        statement.principal_type,
        statement.principal,
        coalesce(statement.is_not_principal, false) as is_not_principal,
        statement.actions,
        statement.not_actions,
        delegation.text_list(statement.resources) as resources,
        delegation.text_list(statement.not_resources) as not_resources,
        nullif(nullif(statement.condition, 'null'), '{}') as conditions
    from delegation.current_aws_organization_resource_policy_statements as statement
),
sids as (
    select statements.source_name, statements.sid, count(distinct statements.statement_index) as statement_count
    from statements
    group by statements.source_name, statements.sid
),
policies as (
    select policy._cq_source_name as source_name, max(policy.resource_policy_summary ->> 'Id') as policy_id
    from delegation.current_aws_organization_resource_policies as policy
    group by policy._cq_source_name
)
select
    statements.source_name,
    coalesce(policies.policy_id, 'delegation-policy') as policy_id,
    statements.statement_index,
    case
        -- A number could be the place of another statement.
        when sids.statement_count = 1 and statements.sid !~ '^[0-9]*$' then statements.sid
        else statements.statement_index::text
    end as statement,
    statements.effect,
    statements.principal_type,
    statements.principal,
    statements.is_not_principal,
    case when statements.is_not_principal then '*' else statements.principal end as judged_principal,
    delegation.text_list(statements.actions) as actions,
    delegation.text_list(statements.not_actions) as not_actions,
    statements.resources,
    statements.not_resources,
    statements.conditions,
    -- A mistake: such a statement may grant something, and none of its rows says so.
    case
        when coalesce(statements.effect, '') not in ('Allow', 'Deny') then 'its Effect is neither Allow nor Deny'
        when (statements.actions is null) = (statements.not_actions is null) then 'it should have one of Action and NotAction'
        when not delegation.is_text_list(coalesce(statements.actions, statements.not_actions)) then 'its Action is not a list of strings'
        when coalesce(statements.principal, '') = '' then 'it has no Principal'
    end as problem
from statements
left join sids on sids.source_name = statements.source_name and sids.sid = statements.sid
left join policies on policies.source_name = statements.source_name;
comment on view delegation.resource_policy_statements is 'The statements of the delegation policy as they are written: one row per source, statement and principal.';
comment on column delegation.resource_policy_statements.source_name is 'Name of the source in its spec.';
comment on column delegation.resource_policy_statements.policy_id is 'ID of the policy (rp-...); delegation-policy where AWS gave none.';
comment on column delegation.resource_policy_statements.statement_index is 'Place of the statement in the policy, from 0.';
comment on column delegation.resource_policy_statements.statement is 'How a reason names it: its Sid, or its place where it has none, shares it with another, or has a number.';
comment on column delegation.resource_policy_statements.effect is 'Allow or Deny, as the policy has it.';
comment on column delegation.resource_policy_statements.principal_type is 'AWS, Service, ...; * for a bare *.';
comment on column delegation.resource_policy_statements.principal is 'Principal as the policy has it.';
comment on column delegation.resource_policy_statements.is_not_principal is 'True where the statement says NotPrincipal: everybody but this one; never null.';
comment on column delegation.resource_policy_statements.judged_principal is 'The principal, or * for everybody but one.';
comment on column delegation.resource_policy_statements.actions is 'Action of the statement; null where it has none.';
comment on column delegation.resource_policy_statements.not_actions is 'NotAction of the statement; null where it has none.';
comment on column delegation.resource_policy_statements.resources is 'Resource of the statement; null where it has none.';
comment on column delegation.resource_policy_statements.not_resources is 'NotResource of the statement; null where it has none.';
comment on column delegation.resource_policy_statements.conditions is 'Condition of the statement; null where it has none.';
comment on column delegation.resource_policy_statements.problem is 'Why the statement cannot be judged; null where it can.';

create or replace view delegation.resource_policy_principals as
with principals as materialized (
    select
        statements.source_name,
        statements.judged_principal as principal,
        bool_and(lower(statements.principal_type) = 'aws') as is_aws,
        string_agg(distinct statements.principal_type collate "C", ', ' order by statements.principal_type collate "C") as principal_types,
        statements.judged_principal ~ '[*?]' as is_pattern,
        string_agg(distinct statements.principal collate "C", ', ' order by statements.principal collate "C") filter (where statements.is_not_principal) as excluded,
        concat(case when count(distinct statements.statement) > 1 then 'statements ' else 'statement ' end, string_agg(distinct statements.statement collate "C", ', ' order by statements.statement collate "C")) as statements
    from delegation.resource_policy_statements as statements
    where statements.effect = 'Allow' and statements.principal <> ''
    group by statements.source_name, statements.judged_principal
),
named as (
    select
        principals.*,
        case
            when principals.is_pattern or not principals.is_aws then null
            when principals.principal ~ '^[0-9]{12}$' then principals.principal
            else substring(principals.principal from '^arn:[^:]+:(?:iam|sts)::([0-9]{12}):')
        end as account_id
    from principals
),
-- An inner join first: on the other side of an outer one PostgreSQL works out the path of every account.
named_accounts as materialized (
    select accounts.source_name, accounts.account_id, accounts.account_name, accounts.ou_path, accounts.id_path, accounts.account_state
    from (select distinct named.source_name, named.account_id from named) as sought
    join delegation.accounts
        on accounts.source_name = sought.source_name
        and accounts.account_id = sought.account_id
)
select
    named.source_name,
    named.principal,
    named.principal_types,
    named.is_pattern,
    named.account_id,
    accounts.account_id is not null as is_found,
    accounts.account_name,
    accounts.ou_path,
    accounts.id_path,
    accounts.account_state,
    coalesce(named.account_id = organization.master_account_id, false) as is_management_account,
    case
        when named.excluded is not null then format('everyone but %s (NotPrincipal)', named.excluded)
        when named.principal = '*' then 'everyone (*)'
        when named.is_pattern then format('everyone like %s', named.principal)
        when named.account_id is null then format('%s (%s)', named.principal, named.principal_types)
        when named.principal = named.account_id then delegation.account_label(named.account_id, accounts.account_name, accounts.ou_path)
        else format('%s of %s', named.principal, delegation.account_label(named.account_id, accounts.account_name, accounts.ou_path))
    end as label,
    named.statements
from named
left join delegation.current_aws_organizations as organization on organization._cq_source_name = named.source_name
left join named_accounts as accounts
    on accounts.source_name = named.source_name
    and accounts.account_id = named.account_id;
comment on view delegation.resource_policy_principals is 'Whom the delegation policy names in an Allow: one row per source and principal, everybody but one being *.';
comment on column delegation.resource_policy_principals.source_name is 'Name of the source in its spec.';
comment on column delegation.resource_policy_principals.principal is 'Principal as the policy has it; * also where a statement says NotPrincipal.';
comment on column delegation.resource_policy_principals.principal_types is 'AWS, Service, ...; * for a bare *.';
comment on column delegation.resource_policy_principals.is_pattern is 'True for everybody, everybody but one, and a name with a wildcard; never null.';
comment on column delegation.resource_policy_principals.account_id is 'Account of the principal; null where it names none.';
comment on column delegation.resource_policy_principals.is_found is 'True where this account is among the accounts of the organization that were read; never null.';
comment on column delegation.resource_policy_principals.account_name is 'Name of the account.';
comment on column delegation.resource_policy_principals.ou_path is 'Path of the account by names.';
comment on column delegation.resource_policy_principals.id_path is 'Path of the account by IDs from the root, without the account.';
comment on column delegation.resource_policy_principals.account_state is 'State of the account.';
comment on column delegation.resource_policy_principals.is_management_account is 'True where it is the management account; never null.';
comment on column delegation.resource_policy_principals.label is 'How a reason names it.';
comment on column delegation.resource_policy_principals.statements is 'The Allow statements that name it, as a reason tells them: statements 0, 2.';

create or replace function delegation.resource_may_match(resources text[], beginnings text[], targets text[]) returns boolean
language sql immutable parallel safe
as $$
    -- What cannot be taken apart may match: an ARN with fewer parts, or a wildcard where the service should be.
    select resources is null or coalesce(bool_or(
        case
            when arn.rest is not null then
                exists (select from unnest(beginnings) as beginning (text) where left(beginning.text, length(arn.literal)) = left(arn.literal, length(beginning.text)))
                or exists (select from unnest(targets) as target (text) where lower(target.text) like delegation.like_pattern(arn.rest))
            when listed.pattern ~ '^arn:[^:]*:[^:*?$]+:' then split_part(lower(listed.pattern), ':', 3) = 'organizations'
            else true
        end
    ), false)
    from unnest(resources) as listed (pattern)
    cross join lateral (
        select regexp_replace(substring(lower(listed.pattern) from '^arn:[^:]*:organizations:[^:]*:[^:]*:(.*)$'), '\$\{[^}]*\}', '*', 'g') as rest
    ) as parsed
    cross join lateral (
        select parsed.rest, substring(parsed.rest from '^[^*?]*') as literal
    ) as arn
$$;
comment on function delegation.resource_may_match(text[], text[], text[]) is 'Whether a Resource may match an ARN of Organizations of which the part after the account begins with one of these, or is one of the targets (root/o-.../r-..., ou/..., account/...); true without a Resource.';

-- views/delegations.sql
create or replace view delegation.service_administrators as
-- One branch per table that holds the answer of a service itself. Which states are settled is decided here and nowhere else: by the
-- states that are known to be, because a state that AWS adds is no proof that somebody holds anything.
select
    administrator._cq_source_name as source_name,
    'aws_guardduty_organization_admin_accounts' as source_table,
    administrator.region,
    administrator.admin_account_id,
    administrator.admin_status as status,
    'guardduty' as service_id,
    coalesce(administrator.admin_status, 'ENABLED') = 'ENABLED' as is_settled,
    null::timestamp as since,
    null::boolean as is_default,
    null::jsonb as scope
from delegation.current_aws_guardduty_organization_admin_accounts as administrator
union all
select
    administrator._cq_source_name,
    'aws_securityhub_organization_admin_accounts',
    -- The designation for V2 is one for the organization, whichever Region was asked.
    case when administrator.feature is distinct from 'SecurityHubV2' then administrator.region end,
    administrator.admin_account_id,
    administrator.admin_status,
    case when administrator.feature = 'SecurityHubV2' then 'security-hub' else 'security-hub-cspm' end,
    coalesce(administrator.admin_status, 'ENABLED') = 'ENABLED',
    null,
    null,
    null
from delegation.current_aws_securityhub_organization_admin_accounts as administrator
union all
select
    administrator._cq_source_name,
    'aws_macie2_organization_admin_accounts',
    administrator.region,
    administrator.admin_account_id,
    administrator.admin_status,
    'macie',
    coalesce(administrator.admin_status, 'ENABLED') = 'ENABLED',
    null,
    null,
    null
from delegation.current_aws_macie2_organization_admin_accounts as administrator
union all
select
    administrator._cq_source_name,
    'aws_detective_organization_admin_accounts',
    administrator.region,
    administrator.admin_account_id,
    null,
    'detective',
    true,
    administrator.delegation_time,
    null,
    null
from delegation.current_aws_detective_organization_admin_accounts as administrator
union all
select
    administrator._cq_source_name,
    'aws_inspector2_organization_admin_accounts',
    administrator.region,
    administrator.admin_account_id,
    -- Of its two words for the state, the one that says what is wrong.
    case when settled.by_list and not settled.by_get then coalesce(administrator.relationship_status, administrator.admin_status) else administrator.admin_status end,
    'inspector',
    settled.by_list and settled.by_get,
    null,
    null,
    null
from delegation.current_aws_inspector2_organization_admin_accounts as administrator
cross join lateral (
    select
        coalesce(administrator.admin_status, 'ENABLED') = 'ENABLED' as by_list,
        -- INVITED and EMAIL_VERIFICATION_* are on their way; DISABLED, REMOVED, RESIGNED, DELETED, REGION_DISABLED, ACCOUNT_SUSPENDED and
        -- CANNOT_CREATE_DETECTOR_IN_ORG_MASTER have ended or never worked. Where the get call names somebody else, a change is under way.
        coalesce(administrator.relationship_status, 'ENABLED') in ('ENABLED', 'CREATED')
            and coalesce(administrator.delegated_admin_account_id, administrator.admin_account_id) = administrator.admin_account_id as by_get
) as settled
union all
select
    administrator._cq_source_name,
    'aws_auditmanager_organization_admin_accounts',
    administrator.region,
    administrator.admin_account_id,
    null,
    'audit-manager',
    true,
    null,
    null,
    null
from delegation.current_aws_auditmanager_organization_admin_accounts as administrator
union all
select
    administrator._cq_source_name,
    'aws_fms_organization_admin_accounts',
    null,
    administrator.admin_account_id,
    case when settled.by_list and not settled.by_role then administrator.role_status else administrator.admin_status end,
    'firewall-manager',
    settled.by_list and settled.by_role,
    null,
    administrator.default_admin,
    administrator.admin_scope
from delegation.current_aws_fms_organization_admin_accounts as administrator
cross join lateral (
    select
        coalesce(administrator.admin_status, 'ONBOARDING_COMPLETE') = 'ONBOARDING_COMPLETE' as by_list,
        -- Only the default administrator has one: CREATING, PENDING_DELETION, DELETING and DELETED are not held.
        coalesce(administrator.role_status, 'READY') = 'READY' as by_role
) as settled;
comment on view delegation.service_administrators is 'Administrators as the services themselves name them.';
comment on column delegation.service_administrators.source_name is 'Name of the source in its spec.';
comment on column delegation.service_administrators.source_table is 'Table that the row comes from.';
comment on column delegation.service_administrators.region is 'Region that was asked; null where the answer is one for the whole organization.';
comment on column delegation.service_administrators.admin_account_id is 'Account that is the administrator there.';
comment on column delegation.service_administrators.status is 'Status as the service gives it; null where it gives none.';
comment on column delegation.service_administrators.service_id is 'ID of the service in the catalogue.';
comment on column delegation.service_administrators.is_settled is 'False for an administrator that is being made, is being removed, or no longer is one; never null.';
comment on column delegation.service_administrators.since is 'When it became the administrator, in UTC; only Detective tells.';
comment on column delegation.service_administrators.is_default is 'True for the default administrator of Firewall Manager; null for other services.';
comment on column delegation.service_administrators.scope is 'Accounts, OUs, Regions and policy types that an administrator of Firewall Manager may manage; null where it was not read, and for other services.';

create or replace view delegation.live_delegations as
with principals_of_groups as (
    -- One principal is one delegation, also where it stands for two services.
    select distinct service_principals.source_name, service_principals.service_principal, services.group_id
    from delegation.service_principals
    join delegation.services
        on services.source_name = service_principals.source_name
        and services.service_id = service_principals.service_id
),
through_organizations as (
    select
        delegated._cq_source_name as source_name,
        coalesce(known.group_id, delegated.service_principal) as service_id,
        string_agg(delegated.service_principal, ', ' order by delegated.service_principal collate "C") as service_principal,
        null::text as region,
        'organizations' as method,
        delegated.delegated_account_id,
        min(delegated.delegation_enabled_date) as since,
        null::text as status,
        'aws_organizations_delegated_services' as source_table,
        true as is_held
    from delegation.current_aws_organizations_delegated_services as delegated
    left join principals_of_groups as known
        on known.source_name = delegated._cq_source_name
        and known.service_principal = delegated.service_principal
    group by delegated._cq_source_name, coalesce(known.group_id, delegated.service_principal), delegated.delegated_account_id
),
through_service as (
    select
        administrator.source_name,
        administrator.service_id,
        null::text as service_principal,
        administrator.region,
        'service' as method,
        administrator.admin_account_id as delegated_account_id,
        administrator.since,
        administrator.status,
        administrator.source_table,
        administrator.is_settled as is_held
    from delegation.service_administrators as administrator
),
through_policy as (
    select
        resource_policy_grants.source_name,
        coalesce(services.service_id, 'organizations-delegation-policy') as service_id,
        null::text as service_principal,
        null::text as region,
        'resource_policy' as method,
        resource_policy_grants.delegated_account_id,
        null::timestamp as since,
        null::text as status,
        'aws_organization_resource_policy_statements' as source_table,
        true as is_held
    from delegation.resource_policy_grants
    left join delegation.services
        on services.source_name = resource_policy_grants.source_name
        and services.methods ? 'resource_policy'
    where resource_policy_grants.is_policy_work
        and not resource_policy_grants.is_denied
    group by resource_policy_grants.source_name, coalesce(services.service_id, 'organizations-delegation-policy'), resource_policy_grants.delegated_account_id
),
found as (
    select * from through_organizations
    union all
    select * from through_service
    union all
    select * from through_policy
)
select
    found.source_name,
    organization.id as organization_id,
    found.service_id,
    case
        when services.service_id is null then format('unknown service (%s)', found.service_id)
        when found.method = 'organizations' then services.group_name
        else services.service_name
    end as service_name,
    coalesce(services.category, 'unknown') as category,
    found.service_principal,
    found.region,
    found.method,
    found.delegated_account_id,
    accounts.account_name,
    accounts.ou_path,
    accounts.account_state,
    found.delegated_account_id = organization.master_account_id as is_management_account,
    found.since,
    found.status,
    found.source_table,
    found.is_held
from found
left join delegation.current_aws_organizations as organization on organization._cq_source_name = found.source_name
left join delegation.services
    on services.source_name = found.source_name
    and services.service_id = found.service_id
left join delegation.accounts
    on accounts.source_name = found.source_name
    and accounts.account_id = found.delegated_account_id;

-- The settings are for tables that were just filled: without statistics the planner takes 50,000 accounts for one.
create or replace function delegation.noted_delegations() returns setof delegation.live_delegations
language plpgsql stable
set jit = off
set enable_nestloop = off
set enable_mergejoin = off
as $$
declare
    noted text := current_setting('delegation.noted_delegations', true);
begin
    if noted = 'wanted' then
        noted := delegation.note_view('delegations');
    end if;
    if noted <> '' then
        return query select noted_row.* from jsonb_populate_recordset(null::delegation.live_delegations, noted::jsonb) as noted_row;
    else
        return query select live.* from delegation.live_delegations as live;
    end if;
end
$$;
comment on function delegation.noted_delegations() is 'The rows of delegation.delegations: as noted in this run of rules, otherwise worked out.';

create or replace view delegation.delegations as
select noted.*
from delegation.noted_delegations() as noted;
comment on view delegation.delegations is 'Who holds which delegation: one row per source, service, Region, holder and method.';
comment on column delegation.delegations.source_name is 'Name of the source in its spec.';
comment on column delegation.delegations.organization_id is 'ID of the organization.';
comment on column delegation.delegations.service_id is 'ID of the service in the catalogue. Where one principal stands for two services, the method organizations speaks of both and has the first ID; for a principal that the catalogue does not know, the principal.';
comment on column delegation.delegations.service_name is 'Name of the service, or of both services of a shared principal.';
comment on column delegation.delegations.category is 'security, identity, networking, ...; unknown for a principal that the catalogue does not know.';
comment on column delegation.delegations.service_principal is 'Principals that were registered with Organizations; null for the other methods.';
comment on column delegation.delegations.region is 'Region; null for organizations, resource_policy and global calls.';
comment on column delegation.delegations.method is 'organizations, service or resource_policy.';
comment on column delegation.delegations.delegated_account_id is 'Account that holds it; for resource_policy the principal where it names no account (*).';
comment on column delegation.delegations.account_name is 'Name of the holder; null where it is no account of the organization, or accounts were not read.';
comment on column delegation.delegations.ou_path is 'Path of the holder by names.';
comment on column delegation.delegations.account_state is 'State of the holder.';
comment on column delegation.delegations.is_management_account is 'True where the management account holds it; null where the organization was not read.';
comment on column delegation.delegations.since is 'When it was delegated, in UTC; only Organizations and Detective tell.';
comment on column delegation.delegations.status is 'Status as the service gives it.';
comment on column delegation.delegations.source_table is 'Table that the row comes from.';
comment on column delegation.delegations.is_held is 'False while the service is still making or already removing this administrator, or says that it no longer is one; whatever the state of the account. Never null.';

-- views/holders.sql
create or replace view delegation.holders as
with delegations as materialized (
    select delegations.*
    from delegation.delegations
),
named_by_services as (
    select distinct services.source_name, services.group_id, delegations.delegated_account_id, delegations.service_id
    from delegations
    join delegation.services
        on services.source_name = delegations.source_name
        and services.service_id = delegations.service_id
    where delegations.method = 'service'
),
attributed as (
    -- A registration with a principal that two services share speaks of both, and the services themselves say which of them it is:
    -- it counts with those that name the same holder, and as one for the group where none does. It is never a holder more.
    select
        delegations.*,
        coalesce(named_by_services.service_id, delegations.service_id) as held_service_id,
        case when named_by_services.service_id is null then delegations.service_name else services.service_name end as held_service_name,
        coalesce(services.category, delegations.category) as held_category
    from delegations
    left join named_by_services
        on delegations.method = 'organizations'
        and named_by_services.source_name = delegations.source_name
        and named_by_services.group_id = delegations.service_id
        and named_by_services.delegated_account_id = delegations.delegated_account_id
    left join delegation.services
        on services.source_name = named_by_services.source_name
        and services.service_id = named_by_services.service_id
),
counted as (
    select
        attributed.source_name,
        attributed.organization_id,
        attributed.held_service_id as service_id,
        attributed.held_service_name as service_name,
        attributed.held_category as category,
        attributed.delegated_account_id,
        attributed.account_name,
        attributed.ou_path,
        attributed.account_state,
        attributed.is_management_account,
        array_agg(distinct attributed.method collate "C" order by attributed.method collate "C") as methods,
        coalesce(array_agg(distinct attributed.region collate "C" order by attributed.region collate "C") filter (where attributed.region is not null), '{}') as regions,
        count(distinct attributed.region) as region_count,
        min(attributed.since) as since,
        coalesce(array_agg(distinct attributed.status collate "C" order by attributed.status collate "C") filter (where attributed.status is not null), '{}') as statuses,
        bool_or(attributed.is_held) as is_held
    from attributed
    group by
        attributed.source_name, attributed.organization_id, attributed.held_service_id, attributed.held_service_name, attributed.held_category,
        attributed.delegated_account_id, attributed.account_name, attributed.ou_path, attributed.account_state, attributed.is_management_account
),
-- Each of these once, and as they are: the planner takes them for a row or two, and would go through all accounts for each.
owner_accounts as materialized (
    select owner_accounts.source_name, owner_accounts.owner, owner_accounts.account_id, owner_accounts.is_match
    from delegation.owner_accounts
),
complete_sources as materialized (
    select table_reads.source_name
    from delegation.table_reads
    where table_reads.table_name in ('aws_organizations_accounts', 'aws_delegation_owners', 'aws_delegation_expectations')
    group by table_reads.source_name
    having bool_and(table_reads.was_read)
),
owner_matches as materialized (
    -- An owner can be half of the organization, and few of its accounts hold anything.
    select expected_owners.source_name, expected_owners.service_id, owner_accounts.account_id, bool_or(owner_accounts.is_match) as is_match
    from (select distinct delegations.source_name, delegations.delegated_account_id from delegations) as holding
    join owner_accounts
        on owner_accounts.source_name = holding.source_name
        and owner_accounts.account_id = holding.delegated_account_id
    join delegation.expected_owners
        on expected_owners.source_name = owner_accounts.source_name
        and expected_owners.owner = owner_accounts.owner
    group by expected_owners.source_name, expected_owners.service_id, owner_accounts.account_id
),
-- Only where the owner is known can somebody not be it: the spec names it, it has accounts, and all accounts were read.
known_owners as materialized (
    select distinct expected_owners.source_name, expected_owners.service_id
    from delegation.expected_owners
    join (select distinct owner_accounts.source_name, owner_accounts.owner from owner_accounts where owner_accounts.is_match) as matched
        on matched.source_name = expected_owners.source_name
        and matched.owner = expected_owners.owner
    join complete_sources on complete_sources.source_name = expected_owners.source_name
)
select
    counted.*,
    case
        when owner_matches.is_match then true
        when owner_matches.account_id is null and known_owners.service_id is not null then false
    end as is_expected_owner
from counted
left join owner_matches
    on owner_matches.source_name = counted.source_name
    and owner_matches.service_id = counted.service_id
    and owner_matches.account_id = counted.delegated_account_id
left join known_owners
    on known_owners.source_name = counted.source_name
    and known_owners.service_id = counted.service_id;
comment on view delegation.holders is 'Who holds what, as people count it: one row per source, service and holder. delegation.delegations tells the single delegations.';
comment on column delegation.holders.source_name is 'Name of the source in its spec.';
comment on column delegation.holders.organization_id is 'ID of the organization.';
comment on column delegation.holders.service_id is 'ID of the service in the catalogue. A registration with a principal that two services share counts with the one that names the same holder itself; where none does, with the first of them, for both.';
comment on column delegation.holders.service_name is 'Name of the service, or of both services of a shared principal.';
comment on column delegation.holders.category is 'security, identity, networking, ...; unknown for a principal that the catalogue does not know.';
comment on column delegation.holders.delegated_account_id is 'Account that holds it; for the delegation policy the principal where it names no account (*).';
comment on column delegation.holders.account_name is 'Name of the holder; null where it is no account of the organization, or accounts were not read.';
comment on column delegation.holders.ou_path is 'Path of the holder by names.';
comment on column delegation.holders.account_state is 'State of the holder.';
comment on column delegation.holders.is_management_account is 'True where the management account holds it; null where the organization was not read.';
comment on column delegation.holders.methods is 'List of organizations, service, resource_policy: who names this holder.';
comment on column delegation.holders.regions is 'List of the Regions in which the service names it; empty for a delegation that is not regional.';
comment on column delegation.holders.region_count is 'Number of these Regions.';
comment on column delegation.holders.since is 'The earliest time that is known, in UTC.';
comment on column delegation.holders.statuses is 'List of the statuses that the service gives, each once.';
comment on column delegation.holders.is_held is 'True where at least one of its delegations is held, see delegation.delegations; never null.';
comment on column delegation.holders.is_expected_owner is 'Whether the holder is an account of the owner that should hold the service; null where no owner is expected, the spec does not name it, or accounts were not read.';

-- views/service_regions.sql
create or replace view delegation.enabled_regions as
select region._cq_source_name as source_name, region.region_name as region
from delegation.current_aws_ec2_regions as region
where region.opt_in_status in ('opt-in-not-required', 'opted-in');
comment on view delegation.enabled_regions is 'Regions that are enabled in the account that asked.';
comment on column delegation.enabled_regions.source_name is 'Name of the source in its spec.';
comment on column delegation.enabled_regions.region is 'Name of the Region.';

create or replace view delegation.live_service_regions as
with reads as materialized (
    select reads.*
    from delegation.reads
),
table_reads as materialized (
    select table_reads.*
    from delegation.table_reads
),
through_organizations as (
    -- Services that share a principal are one question.
    select distinct on (services.source_name, services.group_id)
        services.source_name,
        services.group_id as service_id,
        'organizations' as method,
        null::text as region,
        coalesce(administrators.was_read and delegated.was_read, false) as was_read,
        case
            when 'unread' in (administrators.unknown_cause, delegated.unknown_cause) then 'unread'
            else coalesce(administrators.unknown_cause, delegated.unknown_cause)
        end as unknown_cause,
        coalesce(administrators.read_error, delegated.read_error) as read_error
    from delegation.services
    left join table_reads as administrators
        on administrators.source_name = services.source_name
        and administrators.table_name = 'aws_organizations_delegated_administrators'
    left join table_reads as delegated
        on delegated.source_name = services.source_name
        and delegated.table_name = 'aws_organizations_delegated_services'
    where services.methods ? 'organizations'
    order by services.source_name, services.group_id, services.service_id
),
through_policy as (
    select
        services.source_name,
        services.service_id,
        'resource_policy' as method,
        null::text as region,
        coalesce(policy.was_read and statements.was_read, false) as was_read,
        case
            when 'unread' in (policy.unknown_cause, statements.unknown_cause) then 'unread'
            else coalesce(policy.unknown_cause, statements.unknown_cause)
        end as unknown_cause,
        coalesce(statements.read_error, policy.read_error) as read_error
    from delegation.services
    left join table_reads as policy
        on policy.source_name = services.source_name
        and policy.table_name = 'aws_organization_resource_policies'
    left join table_reads as statements
        on statements.source_name = services.source_name
        and statements.table_name = 'aws_organization_resource_policy_statements'
    where services.methods ? 'resource_policy'
),
asked_services as (
    select
        services.source_name,
        services.service_id,
        services.is_regional,
        services.admin_table_name,
        services.admin_read_scope,
        services.list_admin_action,
        services.service_regions
    from delegation.services
    where services.methods ? 'service' and services.admin_table_name is not null
),
regional_reads as (
    select
        asked_services.source_name,
        asked_services.service_id,
        reads.region,
        reads.outcome,
        -- Codes of the sync; no other `absent` says that there is nothing to be asked.
        reads.outcome = 'absent' and coalesce(reads.error_code, '') in ('ServiceNotInRegion', 'RegionDisabled') as is_nothing_to_ask,
        delegation.read_problem(reads.outcome, reads.table_name, reads.operation, reads.region, reads.scope, reads.error_code, reads.error_message) as problem
    from asked_services
    join reads
        on reads.source_name = asked_services.source_name
        and reads.table_name = asked_services.admin_table_name
        -- What another operation adds to a row does not say who is an administrator.
        and reads.operation = asked_services.list_admin_action
        -- Two services can share a table. A table that the spec left out has one row for both, without Region and scope.
        and (reads.scope = asked_services.admin_read_scope or (reads.scope = '' and reads.region = ''))
),
candidates as (
    -- Where the service should be asked by what is known of Regions,
    select asked_services.source_name, asked_services.service_id, enabled_regions.region
    from asked_services
    join delegation.enabled_regions on enabled_regions.source_name = asked_services.source_name
    where asked_services.is_regional
        and (asked_services.service_regions is null or asked_services.service_regions ? enabled_regions.region)
    union
    -- where it was asked (a Region that is newer than the catalogue),
    select regional_reads.source_name, regional_reads.service_id, regional_reads.region
    from regional_reads
    join asked_services
        on asked_services.source_name = regional_reads.source_name
        and asked_services.service_id = regional_reads.service_id
    where asked_services.is_regional
        and regional_reads.region <> ''
        and regional_reads.outcome <> 'skipped'
    union
    -- and where somebody was found.
    select delegations.source_name, delegations.service_id, delegations.region
    from delegation.delegations
    where delegations.method = 'service'
    union
    select asked_services.source_name, asked_services.service_id, null
    from asked_services
    where asked_services.is_regional is not true
    union
    -- A Region that nobody has heard of may be missing: that is a question without an answer.
    select asked_services.source_name, asked_services.service_id, null
    from asked_services
    left join table_reads
        on table_reads.source_name = asked_services.source_name
        and table_reads.table_name = 'aws_ec2_regions'
    where asked_services.is_regional
        and coalesce(table_reads.was_read, false) is false
),
through_service as (
    select
        candidates.source_name,
        candidates.service_id,
        'service' as method,
        candidates.region,
        coalesce(bool_and(regional_reads.outcome in ('ok', 'absent')), false)
            and (candidates.region is not null or asked_services.is_regional is not true) as was_read,
        case
            when candidates.region is null and asked_services.is_regional then coalesce(regions_read.unknown_cause, 'unread')
            when coalesce(bool_and(regional_reads.outcome in ('ok', 'absent')), false) then null
            when count(regional_reads.outcome) > 0 and bool_and(regional_reads.outcome in ('ok', 'absent', 'skipped')) then 'not_configured'
            else 'unread'
        end as unknown_cause,
        case
            when candidates.region is null and asked_services.is_regional then 'the enabled Regions are not known: ' || coalesce(regions_read.read_error, 'aws_ec2_regions was not read')
            when coalesce(bool_and(regional_reads.outcome in ('ok', 'absent')), false) then null
            else coalesce(min(regional_reads.problem) filter (where regional_reads.outcome not in ('ok', 'absent')), format('no read of %s is recorded%s; sync again', asked_services.admin_table_name, ' in ' || candidates.region))
        end as read_error
    from candidates
    join asked_services
        on asked_services.source_name = candidates.source_name
        and asked_services.service_id = candidates.service_id
    left join regional_reads
        on regional_reads.source_name = candidates.source_name
        and regional_reads.service_id = candidates.service_id
        -- An empty Region speaks of all of them: the spec left the table out.
        and (regional_reads.region in ('', candidates.region) or (candidates.region is null and asked_services.is_regional is not true))
    left join table_reads as regions_read
        on regions_read.source_name = candidates.source_name
        and regions_read.table_name = 'aws_ec2_regions'
    group by candidates.source_name, candidates.service_id, candidates.region, asked_services.is_regional, asked_services.admin_table_name, regions_read.unknown_cause, regions_read.read_error
    having coalesce(not bool_and(regional_reads.is_nothing_to_ask), true)
),
unasked_services as (
    -- The service could tell, and this version does not ask it: no verdict may rest on the other methods alone.
    select
        services.source_name,
        services.service_id,
        'service' as method,
        null::text as region,
        false as was_read,
        'not_observable' as unknown_cause,
        format('this version does not ask %s itself (%s)', services.service_name, services.list_admin_action) as read_error
    from delegation.services
    where services.methods ? 'service'
        and services.admin_table_name is null
        and services.list_admin_action is not null
        and services.list_admin_action not like 'organizations:%'
),
asked as (
    select * from through_organizations
    union all
    select * from through_policy
    union all
    select * from through_service
    union all
    select * from unasked_services
)
select
    asked.source_name,
    organization.id as organization_id,
    organization.master_account_id as management_account_id,
    asked.service_id,
    case when asked.method = 'organizations' then services.group_name else services.service_name end as service_name,
    services.category,
    services.is_security_service,
    asked.method,
    asked.region,
    asked.was_read,
    asked.unknown_cause,
    asked.read_error
from asked
join delegation.services
    on services.source_name = asked.source_name
    and services.service_id = asked.service_id
left join delegation.current_aws_organizations as organization on organization._cq_source_name = asked.source_name;

-- The settings are for tables that were just filled: without statistics the planner takes 50,000 accounts for one.
create or replace function delegation.noted_service_regions() returns setof delegation.live_service_regions
language plpgsql stable
set jit = off
set enable_nestloop = off
set enable_mergejoin = off
as $$
declare
    noted text := current_setting('delegation.noted_service_regions', true);
begin
    if noted = 'wanted' then
        noted := delegation.note_view('service_regions');
    end if;
    if noted <> '' then
        return query select noted_row.* from jsonb_populate_recordset(null::delegation.live_service_regions, noted::jsonb) as noted_row;
    else
        return query select live.* from delegation.live_service_regions as live;
    end if;
end
$$;
comment on function delegation.noted_service_regions() is 'The rows of delegation.service_regions: as noted in this run of rules, otherwise worked out.';

create or replace view delegation.service_regions as
select noted.*
from delegation.noted_service_regions() as noted;
comment on view delegation.service_regions is 'What has to be asked to know who holds a service: one row per source, service, method and Region.';
comment on column delegation.service_regions.source_name is 'Name of the source in its spec.';
comment on column delegation.service_regions.organization_id is 'ID of the organization.';
comment on column delegation.service_regions.management_account_id is 'ID of the management account.';
comment on column delegation.service_regions.service_id is 'ID of the service in the catalogue; for the method organizations the first of those that share a principal.';
comment on column delegation.service_regions.service_name is 'Name of the service.';
comment on column delegation.service_regions.category is 'Category of the service.';
comment on column delegation.service_regions.is_security_service is 'True for a security service; never null.';
comment on column delegation.service_regions.method is 'organizations, service or resource_policy.';
comment on column delegation.service_regions.region is 'Region; null where the question is not regional, or where the enabled Regions are not known.';
comment on column delegation.service_regions.was_read is 'True where the answer is complete; never null.';
comment on column delegation.service_regions.unknown_cause is 'unread, not_configured (the spec left it out) or not_observable (this version does not ask the service itself); null where it was read.';
comment on column delegation.service_regions.read_error is 'What is missing and what to do; null where it was read.';

create or replace view delegation.open_questions as
with catalogues as (
    select
        newest_syncs.source_name,
        coalesce(catalogue.was_read, false) as was_read,
        catalogue.unknown_cause,
        catalogue.read_error,
        coalesce(access.was_read, false) as was_access_read,
        coalesce(access.unknown_cause, 'unread') as access_cause,
        coalesce(access.read_error, 'trusted access was not read') as access_error
    from delegation.newest_syncs
    left join delegation.table_reads as catalogue
        on catalogue.source_name = newest_syncs.source_name
        and catalogue.table_name = 'aws_delegation_services'
    left join delegation.table_reads as access
        on access.source_name = newest_syncs.source_name
        and access.table_name = 'aws_organizations_service_access'
),
trusted_services as (
    select distinct trusted_access.source_name, trusted_access.service_id
    from delegation.trusted_access
    where trusted_access.service_id is not null
)
select
    service_regions.source_name,
    service_regions.service_id,
    service_regions.service_name,
    service_regions.method,
    service_regions.region,
    case
        when service_regions.unknown_cause = 'not_observable' and not catalogues.was_access_read then catalogues.access_cause
        else coalesce(service_regions.unknown_cause, 'unread')
    end as unknown_cause,
    case
        when service_regions.unknown_cause = 'not_observable' and not catalogues.was_access_read then format('%s, and whether it has trusted access is not known: %s', service_regions.read_error, catalogues.access_error)
        else service_regions.read_error
    end as read_error
from delegation.service_regions
join catalogues on catalogues.source_name = service_regions.source_name
left join trusted_services
    on trusted_services.source_name = service_regions.source_name
    and trusted_services.service_id = service_regions.service_id
where not service_regions.was_read
    -- Without trusted access no service can have an administrator: then it does not matter that this version cannot ask.
    and (service_regions.unknown_cause is distinct from 'not_observable' or trusted_services.service_id is not null or not catalogues.was_access_read)
union all
-- Without the catalogue nobody knows which questions there are.
select
    catalogues.source_name,
    null,
    null,
    null,
    null,
    coalesce(catalogues.unknown_cause, 'unread'),
    'which services there are is not known: ' || coalesce(catalogues.read_error, 'aws_delegation_services has no row; sync again')
from catalogues
where not catalogues.was_read
    or not exists (select from delegation.services where services.source_name = catalogues.source_name);
comment on view delegation.open_questions is 'What was not answered and may hide a delegation: the questions of delegation.service_regions without an answer, but for services that this version cannot ask and that have no trusted access. No row: all delegations are known.';
comment on column delegation.open_questions.source_name is 'Name of the source in its spec.';
comment on column delegation.open_questions.service_id is 'As in delegation.service_regions; null where the catalogue was not read, so that any question may be missing.';
comment on column delegation.open_questions.service_name is 'As in delegation.service_regions.';
comment on column delegation.open_questions.method is 'organizations, service or resource_policy.';
comment on column delegation.open_questions.region is 'Region; null where the question is not regional, or where the enabled Regions are not known.';
comment on column delegation.open_questions.unknown_cause is 'unread, not_configured (the spec left it out) or not_observable (this version does not ask the service itself); never null.';
comment on column delegation.open_questions.read_error is 'What is missing and what to do.';

create or replace view delegation.unseen_delegations as
select
    open_questions.source_name,
    case
        when bool_or(open_questions.unknown_cause = 'unread') then 'unread'
        when bool_or(open_questions.unknown_cause = 'not_configured') then 'not_configured'
        else 'not_observable'
    end as unknown_cause,
    concat(
        min(open_questions.read_error collate "C"),
        case when count(distinct open_questions.read_error) > 1 then format(' (and %s more like it)', count(distinct open_questions.read_error) - 1) end
    ) as read_error
from delegation.open_questions
group by open_questions.source_name;
comment on view delegation.unseen_delegations is 'One row per source of which not all delegations are known: more accounts may hold something than delegation.delegations shows.';
comment on column delegation.unseen_delegations.source_name is 'Name of the source in its spec.';
comment on column delegation.unseen_delegations.unknown_cause is 'unread, not_configured or not_observable: the first of these that an open question has; never null.';
comment on column delegation.unseen_delegations.read_error is 'What is missing and what to do: one of them, and how many more there are.';

-- views/expected.sql
create or replace view delegation.expected as
with services as (
    select
        services.source_name,
        services.service_id,
        services.service_name,
        services.category,
        services.is_security_service,
        services.group_id,
        array_agg(expected_owners.owner order by expected_owners.owner collate "C") as owners,
        min(expected_owners.origin) as origin
    from delegation.services
    join delegation.expected_owners
        on expected_owners.source_name = services.source_name
        and expected_owners.service_id = services.service_id
    group by services.source_name, services.service_id, services.service_name, services.category, services.is_security_service, services.group_id
),
expected as materialized (
    -- Services that Organizations cannot tell apart are one row, unless they are expected with different owners.
    select
        services.source_name,
        min(services.service_id) as service_id,
        string_agg(services.service_name, ' and ' order by services.service_id collate "C" desc) as service_name,
        min(services.category) as category,
        bool_or(services.is_security_service) as is_security_service,
        services.owners,
        services.origin,
        array_agg(services.service_id) as service_ids
    from services
    group by services.source_name, services.group_id, services.owners, services.origin
),
owned as (
    select expected.source_name, expected.service_id, owner_accounts.account_id, bool_or(owner_accounts.is_match) as is_match
    from expected
    join delegation.owner_accounts
        on owner_accounts.source_name = expected.source_name
        and owner_accounts.owner = any (expected.owners)
    group by expected.source_name, expected.service_id, owner_accounts.account_id
),
owner_lists as (
    select owned.source_name, owned.service_id, array_agg(owned.account_id order by owned.account_id) as account_ids
    from owned
    where owned.is_match
    group by owned.source_name, owned.service_id
),
holders as (
    -- Method 1 speaks of all services of a group, under the first: so does the row that this one is in.
    select
        expected.source_name,
        expected.service_id,
        delegations.delegated_account_id as account_id,
        -- Who is suspended, or just being made or removed, holds nothing.
        bool_or(delegations.is_held and delegations.account_state = 'ACTIVE') as is_working
    from expected
    join delegation.delegations
        on delegations.source_name = expected.source_name
        and delegations.service_id = any (expected.service_ids)
    group by expected.source_name, expected.service_id, delegations.delegated_account_id
),
needed (table_name) as (
    values ('aws_delegation_services'), ('aws_delegation_expectations'), ('aws_delegation_owners'), ('aws_organizations_accounts')
),
intents as materialized (
    -- Whom an owner is, and that there is no other expectation, must be known as well.
    select
        table_reads.source_name,
        bool_and(table_reads.was_read) as was_read,
        case when bool_or(table_reads.unknown_cause = 'unread') then 'unread' else min(table_reads.unknown_cause) end as unknown_cause,
        min(table_reads.read_error) as read_error
    from delegation.table_reads
    join needed on needed.table_name = table_reads.table_name
    group by table_reads.source_name
),
questions as (
    select
        expected.source_name,
        expected.service_id,
        bool_and(asked.was_read) as was_read,
        case
            when bool_or(asked.unknown_cause = 'unread') then 'unread'
            when bool_or(asked.unknown_cause = 'not_configured') then 'not_configured'
            else min(asked.unknown_cause)
        end as unknown_cause,
        min(asked.read_error) as read_error
    from expected
    join delegation.service_regions as asked
        on asked.source_name = expected.source_name
        and asked.service_id = any (expected.service_ids)
    group by expected.source_name, expected.service_id
),
compared as (
    select
        holders.source_name,
        holders.service_id,
        array_agg(holders.account_id order by holders.account_id collate "C") as account_ids,
        array_agg(holders.account_id order by holders.account_id collate "C") filter (where owned.account_id is null) as stranger_ids,
        bool_or(coalesce(owned.is_match and holders.is_working, false)) as has_expected,
        bool_or(owned.account_id is not null and owned.is_match is null and holders.is_working is not false) as has_open
    from holders
    left join owned
        on owned.source_name = holders.source_name
        and owned.service_id = holders.service_id
        and owned.account_id = holders.account_id
    group by holders.source_name, holders.service_id
)
select
    expected.source_name,
    organization.id as organization_id,
    expected.service_id,
    expected.service_name,
    expected.category,
    expected.is_security_service,
    expected.owners,
    expected.origin,
    coalesce(owner_lists.account_ids, '{}') as owner_account_ids,
    coalesce(compared.account_ids, '{}') as holder_account_ids,
    case when coalesce(intents.was_read, false) then coalesce(compared.stranger_ids, '{}') end as unexpected_account_ids,
    case
        when intents.was_read is not true then null
        when compared.has_expected then false
        when compared.has_open then null
        when judged.was_read then true
    end as is_missing,
    judged.was_read,
    case
        when judged.was_read then null
        when 'unread' in (questions.unknown_cause, intents.unknown_cause) then 'unread'
        when intents.source_name is null then 'unread'
        when 'not_configured' in (questions.unknown_cause, intents.unknown_cause) then 'not_configured'
        else 'not_observable'
    end as unknown_cause,
    case
        when judged.was_read then null
        when questions.source_name is null then concat_ws('; ', intents.read_error, format('this version has no way to ask who holds %s alone', expected.service_name))
        else concat_ws('; ', intents.read_error, questions.read_error)
    end as read_error
from expected
left join owner_lists on owner_lists.source_name = expected.source_name and owner_lists.service_id = expected.service_id
left join compared on compared.source_name = expected.source_name and compared.service_id = expected.service_id
left join questions on questions.source_name = expected.source_name and questions.service_id = expected.service_id
left join intents on intents.source_name = expected.source_name
left join delegation.current_aws_organizations as organization on organization._cq_source_name = expected.source_name
cross join lateral (
    select coalesce(questions.was_read and intents.was_read, false) as was_read
) as judged;
comment on view delegation.expected is 'Who should hold a service and who does: one row per source, service (or services that Organizations cannot tell apart) and set of expected owners. Services of which nobody expects anything have no row.';
comment on column delegation.expected.source_name is 'Name of the source in its spec.';
comment on column delegation.expected.organization_id is 'ID of the organization; null where it was not read.';
comment on column delegation.expected.service_id is 'ID of the service in the catalogue; the first of several that share a principal and are expected with the same owners.';
comment on column delegation.expected.service_name is 'Name of the service, or of all of them.';
comment on column delegation.expected.category is 'Category of the service.';
comment on column delegation.expected.is_security_service is 'True for a security service; never null.';
comment on column delegation.expected.owners is 'Names of the expected owners, any of which is fine.';
comment on column delegation.expected.origin is 'spec or catalogue: who expects it.';
comment on column delegation.expected.owner_account_ids is 'Accounts that these owners certainly match; empty where none does, or accounts or owners were not read.';
comment on column delegation.expected.holder_account_ids is 'Accounts that hold it, by any method and in any Region; * where the delegation policy lets everybody. Empty where nobody was found.';
comment on column delegation.expected.unexpected_account_ids is 'Holders that certainly belong to none of these owners; null where accounts, owners or expectations were not read.';
comment on column delegation.expected.is_missing is 'True where no holder, in any Region, is an ACTIVE account of these owners that is not just being made or removed, also where they match no account at all; null where that is not known.';
comment on column delegation.expected.was_read is 'True where every question of delegation.service_regions about it was answered, and catalogue, expectations, owners and accounts were read; never null.';
comment on column delegation.expected.unknown_cause is 'unread, not_configured (the spec left it out) or not_observable (this version cannot ask); null where all was read.';
comment on column delegation.expected.read_error is 'What is missing and what to do; null where all was read.';

-- views/service_answers.sql
create or replace view delegation.live_service_answers as
with asked_services as (
    -- Those that keep a list of administrators themselves, whether or not this version asks for it.
    select services.*
    from delegation.services
    where services.methods ? 'service'
        and (services.admin_table_name is not null or (services.list_admin_action is not null and services.list_admin_action not like 'organizations:%'))
),
questions as materialized (
    select
        service_regions.source_name,
        service_regions.service_id,
        service_regions.region,
        service_regions.was_read or coalesce(without_access.was_read, false) as was_read,
        case when without_access.service_id is null then service_regions.unknown_cause else without_access.unknown_cause end as unknown_cause,
        case when without_access.service_id is null then service_regions.read_error else without_access.read_error end as read_error
    from delegation.service_regions
    left join (
        select asked_services.source_name, asked_services.service_id, access_read.was_read, access_read.unknown_cause, access_read.read_error
        from asked_services
        join delegation.table_reads as access_read
            on access_read.source_name = asked_services.source_name
            and access_read.table_name = 'aws_organizations_service_access'
        left join delegation.trusted_access
            on trusted_access.source_name = asked_services.source_name
            and trusted_access.service_id = asked_services.service_id
        where trusted_access.service_id is null
    ) as without_access
        -- Of a service that this version does not ask so much is known, or can be: without trusted access it has no administrator.
        on service_regions.unknown_cause = 'not_observable'
        and without_access.source_name = service_regions.source_name
        and without_access.service_id = service_regions.service_id
    where service_regions.method = 'service'
),
state_reads as materialized (
    -- These name nobody, but only they can say that somebody who is listed is on the way in or out, or never worked.
    select
        asked_services.source_name,
        asked_services.service_id,
        case when asked_services.is_regional then reads.region end as region,
        case when bool_or(reads.outcome in ('denied', 'failed')) then 'unread' else 'not_configured' end as unknown_cause,
        min(delegation.read_problem(reads.outcome, reads.table_name, reads.operation, reads.region, reads.scope, reads.error_code, reads.error_message) collate "C") as read_error
    from asked_services
    join delegation.reads
        on reads.source_name = asked_services.source_name
        and reads.table_name = asked_services.admin_table_name
    where reads.operation in ('inspector2:GetDelegatedAdminAccount', 'fms:GetAdminAccount')
        and reads.outcome not in ('ok', 'absent')
    group by asked_services.source_name, asked_services.service_id, case when asked_services.is_regional then reads.region end
),
administrators as materialized (
    select
        delegations.*,
        coalesce(account_read.was_read, false) as were_accounts_read
    from delegation.delegations
    left join delegation.table_reads as account_read
        on account_read.source_name = delegations.source_name
        and account_read.table_name = 'aws_organizations_accounts'
    where delegations.method = 'service'
),
sources_with_regions as (
    select distinct enabled_regions.source_name
    from delegation.enabled_regions
),
answers as materialized (
    select
        asked_services.source_name,
        asked_services.service_id,
        asked_services.service_name,
        asked_services.group_id,
        coalesce(asked_services.is_regional, false) as is_regional,
        questions.region,
        questions.service_id is not null or sources_with_regions.source_name is null as is_asked,
        coalesce(questions.was_read, sources_with_regions.source_name is not null) as was_listed,
        case
            when questions.service_id is null then sources_with_regions.source_name is not null
            else questions.was_read and (administrators.delegated_account_id is null or state_reads.source_name is null)
        end as was_read,
        case
            when questions.service_id is null then case when sources_with_regions.source_name is null then 'unread' end
            when not questions.was_read then questions.unknown_cause
            when administrators.delegated_account_id is not null then state_reads.unknown_cause
        end as unknown_cause,
        case
            when questions.service_id is null then case when sources_with_regions.source_name is null then 'no enabled Region is known; sync again' end
            when not questions.was_read then questions.read_error
            when administrators.delegated_account_id is not null then state_reads.read_error
        end as read_error,
        administrators.delegated_account_id,
        case
            when administrators.delegated_account_id is not null then delegation.with_remark(
                delegation.account_label(administrators.delegated_account_id, administrators.account_name, administrators.ou_path),
                concat_ws(
                    ', ',
                    case when administrators.is_management_account then 'the management account' end,
                    case
                        when administrators.account_state <> 'ACTIVE' then administrators.account_state
                        when administrators.account_state is null and administrators.were_accounts_read then 'no account of this organization'
                    end,
                    case when not administrators.is_held then format('status %s', coalesce(administrators.status, 'unknown')) end
                )
            )
        end as label,
        administrators.status,
        administrators.is_held,
        case
            when administrators.delegated_account_id is null then null
            when administrators.account_state in ('ACTIVE', 'PENDING_CLOSURE') then true
            when administrators.account_state is not null or administrators.were_accounts_read then false
        end as is_active,
        case when administrators.delegated_account_id is not null then coalesce(administrators.is_management_account, false) end as is_management_account
    from asked_services
    left join questions
        on questions.source_name = asked_services.source_name
        and questions.service_id = asked_services.service_id
    left join administrators
        on administrators.source_name = questions.source_name
        and administrators.service_id = questions.service_id
        and administrators.region is not distinct from questions.region
    left join state_reads
        on state_reads.source_name = questions.source_name
        and state_reads.service_id = questions.service_id
        and state_reads.region is not distinct from questions.region
    left join sources_with_regions on sources_with_regions.source_name = asked_services.source_name
),
named_services as (
    select distinct answers.source_name, answers.service_id
    from answers
    where answers.delegated_account_id is not null
),
unread as (
    select distinct
        answers.source_name,
        answers.service_id,
        answers.service_name,
        answers.region,
        case when named_services.service_id is not null then answers.region end as problem_region,
        answers.unknown_cause,
        answers.read_error
    from answers
    left join named_services
        on named_services.source_name = answers.source_name
        and named_services.service_id = answers.service_id
    where not answers.was_read
),
problems as (
    -- Where nobody is known to administer the service anywhere, the question is whether it is delegated at all, and it is one.
    select
        unread.source_name,
        unread.service_id,
        unread.problem_region,
        case
            when bool_or(unread.unknown_cause = 'unread') then 'unread'
            when bool_or(unread.unknown_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as problem_cause,
        concat(
            format('what %s says of its administrators', unread.service_name),
            ' in ' || string_agg(unread.region, ', ' order by unread.region collate "C"),
            ' is not all known: ',
            min(unread.read_error collate "C"),
            case when count(*) > 1 then format(' (and %s more like it)', count(*) - 1) end
        ) as problem
    from unread
    group by unread.source_name, unread.service_id, unread.service_name, unread.problem_region
)
select
    answers.*,
    problems.problem_region,
    problems.problem_cause,
    problems.problem
from answers
left join unread
    on unread.source_name = answers.source_name
    and unread.service_id = answers.service_id
    and unread.region is not distinct from answers.region
    and not answers.was_read
left join problems
    on problems.source_name = unread.source_name
    and problems.service_id = unread.service_id
    and problems.problem_region is not distinct from unread.problem_region;

-- The settings are for tables that were just filled: without statistics the planner takes 50,000 accounts for one.
create or replace function delegation.noted_service_answers() returns setof delegation.live_service_answers
language plpgsql stable
set jit = off
set enable_nestloop = off
set enable_mergejoin = off
as $$
declare
    noted text := current_setting('delegation.noted_service_answers', true);
begin
    if noted = 'wanted' then
        noted := delegation.note_view('service_answers');
    end if;
    if noted <> '' then
        return query select noted_row.* from jsonb_populate_recordset(null::delegation.live_service_answers, noted::jsonb) as noted_row;
    else
        return query select live.* from delegation.live_service_answers as live;
    end if;
end
$$;
comment on function delegation.noted_service_answers() is 'The rows of delegation.service_answers: as noted in this run of rules, otherwise worked out.';

create or replace view delegation.service_answers as
select noted.*
from delegation.noted_service_answers() as noted;
comment on view delegation.service_answers is 'What the services say themselves: one row per service, Region and administrator, and one without an administrator where there is none, or none is known.';
comment on column delegation.service_answers.source_name is 'Name of the source in its spec.';
comment on column delegation.service_answers.service_id is 'ID of the service in the catalogue.';
comment on column delegation.service_answers.service_name is 'Name of the service.';
comment on column delegation.service_answers.group_id is 'First of the services that share a principal with this one.';
comment on column delegation.service_answers.is_regional is 'True where each Region has an administrator of its own; never null.';
comment on column delegation.service_answers.region is 'Region; null where the question is not regional, where the enabled Regions are not known, or where the service is in none of them.';
comment on column delegation.service_answers.is_asked is 'False where there is nothing to ask, because the service is in none of the enabled Regions; never null.';
comment on column delegation.service_answers.was_listed is 'True where the administrators there are all known, if not their states; never null.';
comment on column delegation.service_answers.was_read is 'True where the administrators there and their states are all known; never null.';
comment on column delegation.service_answers.unknown_cause is 'unread, not_configured (the spec left it out) or not_observable (this version does not ask the service itself); null where it was read.';
comment on column delegation.service_answers.read_error is 'What is missing and what to do; null where it was read.';
comment on column delegation.service_answers.delegated_account_id is 'Account that the service names; null where it names none.';
comment on column delegation.service_answers.label is 'The account as a reason names it: with name, OU path, and what is special about it.';
comment on column delegation.service_answers.status is 'Status as the service gives it; null where it gives none.';
comment on column delegation.service_answers.is_held is 'False while the service is still making or already removing this administrator, or says that it no longer is one.';
comment on column delegation.service_answers.is_active is 'Whether the account is one of the organization that can work (ACTIVE or PENDING_CLOSURE); null where accounts were not read.';
comment on column delegation.service_answers.is_management_account is 'True where it is the management account.';
comment on column delegation.service_answers.problem_region is 'Where it was not read, the Region that the problem is about; null where it is about the whole service, as where nobody is known to administer it anywhere.';
comment on column delegation.service_answers.problem_cause is 'unknown_cause of the problem.';
comment on column delegation.service_answers.problem is 'What is not known, why, and what to do: one text for all that has the same problem_region; null where it was read.';

-- views/service_ownership.sql
create or replace view delegation.live_service_use as
with table_reads as materialized (
    select table_reads.*
    from delegation.table_reads
),
sources as materialized (
    select
        organizations.source_name,
        coalesce(access.was_read, false) as was_access_read,
        access.unknown_cause as access_cause,
        coalesce(access.read_error, 'trusted access was not read') as access_error,
        coalesce(account_read.was_read, false) as were_accounts_read,
        -- Without the expectations of the spec the owner would be another one.
        coalesce(owner_read.was_read and expectation_read.was_read, false) as were_owners_read,
        coalesce(owner_read.unknown_cause, expectation_read.unknown_cause, 'unread') as owners_cause,
        coalesce(owner_read.read_error, expectation_read.read_error, 'aws_delegation_owners was not read') as owners_error
    from delegation.organizations
    left join table_reads as access on access.source_name = organizations.source_name and access.table_name = 'aws_organizations_service_access'
    left join table_reads as account_read on account_read.source_name = organizations.source_name and account_read.table_name = 'aws_organizations_accounts'
    left join table_reads as owner_read on owner_read.source_name = organizations.source_name and owner_read.table_name = 'aws_delegation_owners'
    left join table_reads as expectation_read on expectation_read.source_name = organizations.source_name and expectation_read.table_name = 'aws_delegation_expectations'
),
-- Who should hold it.
named_owners as materialized (
    select distinct owner._cq_source_name as source_name, owner.owner
    from delegation.current_aws_delegation_owners as owner
),
owners_with_accounts as materialized (
    -- An account of which tags or place were not read may be the owner's.
    select distinct owner_accounts.source_name, owner_accounts.owner
    from delegation.owner_accounts
),
expectations as materialized (
    select
        expected_owners.source_name,
        expected_owners.service_id,
        array_agg(expected_owners.owner order by expected_owners.owner collate "C") as owners,
        string_agg(expected_owners.owner, ' or ' order by expected_owners.owner collate "C") as owner_names,
        array_agg(named_owners.owner order by named_owners.owner collate "C") filter (where named_owners.owner is not null) as named_owners,
        bool_or(owners_with_accounts.owner is not null) as has_accounts,
        coalesce(
            array_agg(expected_owners.owner order by expected_owners.owner collate "C")
                filter (where named_owners.owner is null or (owners_with_accounts.owner is null and sources.were_accounts_read)),
            '{}'
        ) as unclear_owners
    from delegation.expected_owners
    join sources on sources.source_name = expected_owners.source_name
    left join named_owners on named_owners.source_name = expected_owners.source_name and named_owners.owner = expected_owners.owner
    left join owners_with_accounts on owners_with_accounts.source_name = expected_owners.source_name and owners_with_accounts.owner = expected_owners.owner
    group by expected_owners.source_name, expected_owners.service_id
),
asked as materialized (
    select service_regions.source_name, service_regions.service_id, service_regions.method, service_regions.was_read, service_regions.unknown_cause, service_regions.read_error
    from delegation.service_regions
),
-- A service that can speak for itself, and does not name anybody.
speaking as materialized (
    select distinct asked.source_name, asked.service_id
    from asked
    where asked.method <> 'organizations'
),
delegations as materialized (
    select distinct delegations.source_name, delegations.service_id, delegations.method
    from delegation.delegations
),
held_by_themselves as materialized (
    select distinct delegations.source_name, delegations.service_id
    from delegations
    where delegations.method <> 'organizations'
),
services as materialized (
    select
        services.source_name,
        services.service_id,
        services.service_name,
        services.group_id,
        services.is_security_service,
        held_by_themselves.service_id is not null as is_held_by_itself,
        speaking.service_id is not null as is_speaking
    from delegation.services
    left join held_by_themselves on held_by_themselves.source_name = services.source_name and held_by_themselves.service_id = services.service_id
    left join speaking on speaking.source_name = services.source_name and speaking.service_id = services.service_id
),
told_by_organizations as (
    select services.source_name, services.group_id
    from services
    join delegation.trusted_access
        on trusted_access.source_name = services.source_name
        and trusted_access.service_id = services.service_id
    union
    select delegations.source_name, delegations.service_id
    from delegations
    where delegations.method = 'organizations'
),
group_use as materialized (
    select
        services.source_name,
        services.group_id,
        bool_or(services.is_held_by_itself) as is_held_by_itself,
        bool_or(told_by_organizations.group_id is not null) as is_told
    from services
    left join told_by_organizations
        on told_by_organizations.source_name = services.source_name
        and told_by_organizations.group_id = services.group_id
    group by services.source_name, services.group_id
),
-- A service is in use where somebody holds it, or where Organizations knows it: by trusted access, or by a registration. Of services
-- that share a principal Organizations cannot tell which is meant, so there it counts only where none of them names an administrator,
-- and for those that have no other way to be known.
told_services as materialized (
    select
        services.*,
        group_use.is_told,
        group_use.is_held_by_itself and services.is_speaking as is_told_of_another
    from services
    join group_use on group_use.source_name = services.source_name and group_use.group_id = services.group_id
),
use as materialized (
    select
        services.source_name,
        services.service_id,
        services.service_name,
        services.group_id,
        services.is_security_service,
        services.is_told_of_another,
        services.is_held_by_itself or (services.is_told and not services.is_told_of_another) as is_used,
        -- What this version cannot ask does not count: without trusted access no service can have an administrator.
        coalesce(bool_or(not asked.was_read and asked.unknown_cause <> 'not_observable'), false)
            or (not sources.was_access_read and not services.is_told_of_another) as may_be_used,
        case
            when not sources.was_access_read and coalesce(sources.access_cause, 'unread') = 'unread' then 'unread'
            when bool_or(asked.unknown_cause = 'unread') then 'unread'
            else 'not_configured'
        end as unknown_cause,
        concat_ws('; ', case when not sources.was_access_read then sources.access_error end, min(asked.read_error) filter (where asked.unknown_cause <> 'not_observable')) as problem
    from told_services as services
    join sources on sources.source_name = services.source_name
    left join asked
        on asked.source_name = services.source_name
        and (
            (asked.method <> 'organizations' and asked.service_id = services.service_id)
            -- Where one of the group names an administrator, Organizations has nothing to add to whether the others are in use.
            or (asked.method = 'organizations' and asked.service_id = services.group_id and not services.is_told_of_another)
        )
    group by
        services.source_name, services.service_id, services.service_name, services.group_id, services.is_security_service,
        services.is_held_by_itself, services.is_told, services.is_told_of_another,
        sources.was_access_read, sources.access_cause, sources.access_error
)
select
    use.source_name,
    use.service_id,
    use.service_name,
    use.group_id,
    use.is_security_service,
    case
        when use.is_used then true
        when not use.may_be_used then false
    end as is_used,
    case
        when use.is_used then null
        when use.may_be_used then format('whether %s is in use is not known: %s', use.service_name, use.problem)
        when use.is_told_of_another then format('%s is not in use: it has no administrator, and another service with the same principal has', use.service_name)
        else format('%s is not in use: it has no trusted access and no administrator', use.service_name)
    end as use_reason,
    case when not use.is_used and use.may_be_used then use.unknown_cause end as use_unknown_cause,
    case when not use.is_used and use.may_be_used then use.problem end as use_read_error,
    expectations.owners,
    expectations.owner_names,
    coalesce(expectations.unclear_owners, '{}') as unclear_owners,
    case
        when not use.is_used then null
        when not sources.were_owners_read then format('who should hold %s is not known: %s', use.service_name, sources.owners_error)
        when expectations.service_id is null
            then format('%s is in use, and neither the spec nor the catalogue says who should hold it; add `expectations: {%s: [infra_ops]}` with the name of the owner that you want, and sync again', use.service_name, use.service_id)
        when expectations.named_owners is null
            then format('%s is in use, and the spec does not say who is %s; add `owners: {%s: {accounts: [''111122223333'']}}` with your account, and sync again', use.service_name, expectations.owner_names, expectations.owners[1])
        when sources.were_accounts_read and not expectations.has_accounts
            then format('%s is in use, and %s of the spec matches no account of the organization; correct `owners: {%s: ...}`, and sync again', use.service_name, array_to_string(expectations.named_owners, ' or '), expectations.named_owners[1])
    end as owner_reason,
    case
        when not use.is_used then null
        when not sources.were_owners_read then sources.owners_cause
        when expectations.service_id is null or expectations.named_owners is null or (sources.were_accounts_read and not expectations.has_accounts) then 'not_configured'
    end as owner_unknown_cause
from use
join sources on sources.source_name = use.source_name
left join expectations on expectations.source_name = use.source_name and expectations.service_id = use.service_id;

-- The settings are for tables that were just filled: without statistics the planner takes 50,000 accounts for one.
create or replace function delegation.noted_service_use() returns setof delegation.live_service_use
language plpgsql stable
set jit = off
set enable_nestloop = off
set enable_mergejoin = off
as $$
declare
    noted text := current_setting('delegation.noted_service_use', true);
begin
    if noted = 'wanted' then
        noted := delegation.note_view('service_use');
    end if;
    if noted <> '' then
        return query select noted_row.* from jsonb_populate_recordset(null::delegation.live_service_use, noted::jsonb) as noted_row;
    else
        return query select live.* from delegation.live_service_use as live;
    end if;
end
$$;
comment on function delegation.noted_service_use() is 'The rows of delegation.service_use: as noted in this run of rules, otherwise worked out.';

create or replace view delegation.service_use as
select noted.*
from delegation.noted_service_use() as noted;
comment on view delegation.service_use is 'Whether a service is in use, and who should hold it: one row per source and service of the catalogue.';
comment on column delegation.service_use.source_name is 'Name of the source in its spec.';
comment on column delegation.service_use.service_id is 'ID of the service in the catalogue.';
comment on column delegation.service_use.service_name is 'Name of the service.';
comment on column delegation.service_use.group_id is 'First of the services that share a principal with this one; its own ID where none does.';
comment on column delegation.service_use.is_security_service is 'True for a security service; never null.';
comment on column delegation.service_use.is_used is 'True where it has trusted access or an administrator by any method; null where that is not known.';
comment on column delegation.service_use.use_reason is 'Why it is not in use, or why that is not known; null where it is in use.';
comment on column delegation.service_use.use_unknown_cause is 'unread or not_configured; null where is_used is not.';
comment on column delegation.service_use.use_read_error is 'What is missing and what to do; null where is_used is not.';
comment on column delegation.service_use.owners is 'Names of the owners that should hold it, any of which is fine; null where nobody expects anything.';
comment on column delegation.service_use.owner_names is 'The same as text: infra_ops or networking.';
comment on column delegation.service_use.unclear_owners is 'Those of them that the spec does not name, or that match no account; never null.';
comment on column delegation.service_use.owner_reason is 'Why it is not known who should hold this service, and what to do; null where it is known, and where the service is not in use.';
comment on column delegation.service_use.owner_unknown_cause is 'unread or not_configured; null where owner_reason is.';

create or replace view delegation.service_ownership as
with sources as materialized (
    select
        organizations.source_name,
        organizations.organization_id,
        organizations.management_account_id,
        coalesce(account_read.was_read, false) as were_accounts_read,
        coalesce(account_read.unknown_cause, 'unread') as accounts_cause,
        coalesce(account_read.read_error, 'aws_organizations_accounts was not read') as accounts_error
    from delegation.organizations
    left join delegation.table_reads as account_read on account_read.source_name = organizations.source_name and account_read.table_name = 'aws_organizations_accounts'
    where organizations.was_read
        and not organizations.is_absent
),
services as materialized (
    select service_use.*
    from delegation.service_use
    join sources on sources.source_name = service_use.source_name
),
asked as materialized (
    select service_regions.*
    from delegation.service_regions
),
delegations as materialized (
    select delegations.*
    from delegation.delegations
),
-- An owner can be half of the organization, and few of its accounts hold anything.
owners_of_holders as materialized (
    select owner_accounts.source_name, owner_accounts.owner, owner_accounts.account_id, owner_accounts.is_match
    from (select distinct delegations.source_name, delegations.delegated_account_id from delegations) as holding
    join delegation.owner_accounts
        on owner_accounts.source_name = holding.source_name
        and owner_accounts.account_id = holding.delegated_account_id
),
owner_matches as materialized (
    select services.source_name, services.service_id, owners_of_holders.account_id, bool_or(owners_of_holders.is_match) as is_match
    from services
    join owners_of_holders
        on owners_of_holders.source_name = services.source_name
        and owners_of_holders.owner = any (services.owners)
    group by services.source_name, services.service_id, owners_of_holders.account_id
),
-- What Organizations says of a group is judged once for those that should have the same owner: with the first of them that is in use.
judged_services as materialized (
    select distinct on (services.source_name, services.group_id, services.is_security_service, services.owners)
        services.source_name,
        services.group_id,
        services.is_security_service,
        services.owners,
        services.service_id
    from services
    order by services.source_name, services.group_id, services.is_security_service, services.owners, coalesce(services.is_used, false) desc, services.service_id collate "C"
),
speaking as materialized (
    select distinct asked.source_name, asked.service_id
    from asked
    where asked.method <> 'organizations'
),
-- Where services that share a principal should have different owners, a registration is for those that name its holder themselves, and
-- for those that cannot.
judged_with as materialized (
    select
        services.source_name,
        services.group_id,
        services.service_id,
        judged_services.service_id as judged_service_id,
        speaking.service_id is not null as is_speaking
    from services
    join judged_services
        on judged_services.source_name = services.source_name
        and judged_services.group_id = services.group_id
        and judged_services.is_security_service = services.is_security_service
        and judged_services.owners is not distinct from services.owners
    left join speaking on speaking.source_name = services.source_name and speaking.service_id = services.service_id
),
silent as materialized (
    select distinct judged_with.source_name, judged_with.judged_service_id
    from judged_with
    where not judged_with.is_speaking
),
named_by_services as materialized (
    select
        judged_with.source_name,
        judged_with.group_id,
        delegations.delegated_account_id,
        array_agg(judged_with.judged_service_id) as judged_service_ids
    from judged_with
    join delegations
        on delegations.source_name = judged_with.source_name
        and delegations.service_id = judged_with.service_id
        and delegations.method = 'service'
    group by judged_with.source_name, judged_with.group_id, delegations.delegated_account_id
),
questions as materialized (
    select
        asked.source_name,
        asked.service_id,
        asked.service_name,
        asked.method,
        asked.region,
        asked.was_read,
        asked.unknown_cause,
        asked.read_error,
        case when asked.method = 'organizations' then judged_services.service_id else asked.service_id end as judged_service_id
    from asked
    left join judged_services
        on judged_services.source_name = asked.source_name
        and judged_services.group_id = asked.service_id
        and asked.method = 'organizations'
),
-- Who holds what.
holders as materialized (
    select
        delegations.source_name,
        questions.judged_service_id,
        delegations.method,
        delegations.region,
        concat(
            delegation.account_label(delegations.delegated_account_id, delegations.account_name, delegations.ou_path),
            case when delegations.is_management_account then ', the management account' end,
            case
                when delegations.account_state <> 'ACTIVE' then format(', which is %s', delegations.account_state)
                when delegations.account_state is null and sources.were_accounts_read then ', which is no account of this organization'
            end,
            case when not delegations.is_held then format(', with status %s', coalesce(delegations.status, 'unknown')) end
        ) as label,
        owner_matches.is_match as is_owner,
        -- An account of which tags or place were not read may be the owner's.
        owner_matches.account_id is not null and owner_matches.is_match is null as is_owner_open,
        -- So may any other account of the organization where the spec does not say who one of several owners is.
        owner_matches.account_id is null and cardinality(services.unclear_owners) > 0 and delegations.account_state is not null as is_owner_unclear,
        owner_matches.account_id is null and (
            cardinality(services.unclear_owners) = 0 and delegations.account_state is not null
            or delegations.account_state is null and sources.were_accounts_read
        ) as is_stranger,
        delegations.is_held and delegations.account_state = 'ACTIVE' as is_held
    from delegations
    join sources on sources.source_name = delegations.source_name
    join questions
        on questions.source_name = delegations.source_name
        and questions.service_id = delegations.service_id
        and questions.method = delegations.method
        and questions.region is not distinct from delegations.region
    join services
        on services.source_name = questions.source_name
        and services.service_id = questions.judged_service_id
    left join named_by_services
        on delegations.method = 'organizations'
        and named_by_services.source_name = delegations.source_name
        and named_by_services.group_id = delegations.service_id
        and named_by_services.delegated_account_id = delegations.delegated_account_id
    left join silent
        on silent.source_name = questions.source_name
        and silent.judged_service_id = questions.judged_service_id
    left join owner_matches
        on owner_matches.source_name = delegations.source_name
        and owner_matches.service_id = questions.judged_service_id
        and owner_matches.account_id = delegations.delegated_account_id
    where named_by_services.delegated_account_id is null
        or silent.judged_service_id is not null
        or questions.judged_service_id = any (named_by_services.judged_service_ids)
),
answers as materialized (
    select
        asked.source_name,
        asked.judged_service_id as service_id,
        asked.service_name,
        asked.method,
        asked.region,
        asked.was_read,
        asked.unknown_cause,
        asked.read_error,
        count(holders.label) as holder_count,
        string_agg(holders.label, ' and ' order by holders.label collate "C") as holder_labels,
        coalesce(bool_or(holders.is_owner and holders.is_held), false) as is_held_by_owner,
        coalesce(bool_or(holders.is_stranger), false) as has_stranger,
        coalesce(bool_or(holders.is_owner_open), false) as has_open_holder,
        coalesce(bool_or(holders.is_owner_unclear), false) as has_unclear_holder
    from questions as asked
    left join holders
        on holders.source_name = asked.source_name
        and holders.judged_service_id = asked.judged_service_id
        and holders.method = asked.method
        and holders.region is not distinct from asked.region
    group by asked.source_name, asked.judged_service_id, asked.service_name, asked.method, asked.region, asked.was_read, asked.unknown_cause, asked.read_error
),
-- Only another call can say that somebody who is listed is on the way in or out, or never worked.
unread_states as materialized (
    select distinct service_answers.source_name, service_answers.service_id, service_answers.region, service_answers.unknown_cause, service_answers.read_error
    from delegation.service_answers
    where service_answers.was_listed
        and not service_answers.was_read
        and service_answers.delegated_account_id is not null
),
judged_answers as materialized (
    select
        answers.*,
        services.owner_names,
        concat(
            case answers.method
                when 'organizations' then 'through Organizations'
                when 'service' then 'by the service itself'
                else 'by the delegation policy'
            end,
            ' in ' || answers.region
        ) as place,
        case
            -- A found fault beats a missing read.
            when answers.has_stranger then 'fail'
            when answers.holder_count = 0 and answers.was_read then 'fail'
            when not sources.were_accounts_read then 'unknown'
            when answers.has_open_holder or answers.has_unclear_holder then 'unknown'
            when answers.holder_count > 0 and not answers.is_held_by_owner then 'fail'
            when not answers.was_read or unread_states.service_id is not null then 'unknown'
            else 'pass'
        end as status,
        case
            when not sources.were_accounts_read then sources.accounts_cause
            when answers.has_open_holder then 'unread'
            -- The line in the spec alone would not be enough.
            when answers.has_unclear_holder then case when answers.unknown_cause = 'unread' then 'unread' else 'not_configured' end
            when not answers.was_read then answers.unknown_cause
            else unread_states.unknown_cause
        end as open_cause,
        case
            when not sources.were_accounts_read then format('accounts are not known: %s', sources.accounts_error)
            when answers.has_open_holder then format('whether %s belongs to %s is not known: its tags or its place were not read', answers.holder_labels, services.owner_names)
            when answers.has_unclear_holder
                then concat_ws(
                    '; ',
                    format(
                        'whether %s belongs to %s is not known: the spec does not name an account that is %s; see to `owners: {%s: {accounts: [''111122223333'']}}` with your account, and sync again',
                        answers.holder_labels,
                        services.owner_names,
                        array_to_string(services.unclear_owners, ' or '),
                        services.unclear_owners[1]
                    ),
                    answers.read_error
                )
            when not answers.was_read then answers.read_error
            else format('%s is listed, and whether it works there is not: %s', answers.holder_labels, unread_states.read_error)
        end as open_problem
    from answers
    left join unread_states
        on answers.method = 'service'
        and unread_states.source_name = answers.source_name
        and unread_states.service_id = answers.service_id
        and unread_states.region is not distinct from answers.region
    join services on services.source_name = answers.source_name and services.service_id = answers.service_id
    join sources on sources.source_name = answers.source_name
    where services.is_used
        and services.owners is not null
        and services.owner_reason is null
),
of_differences as (
    select
        judged_answers.source_name,
        judged_answers.service_id,
        judged_answers.region,
        case when bool_or(judged_answers.status = 'fail') then 'fail' else 'unknown' end as status,
        string_agg(
            case
                when judged_answers.status = 'unknown' then format('who holds %s %s is not known: %s', judged_answers.service_name, judged_answers.place, judged_answers.open_problem)
                when judged_answers.holder_count = 0 then format('nobody holds %s %s; make an account of %s its administrator', judged_answers.service_name, judged_answers.place, judged_answers.owner_names)
                when judged_answers.has_stranger then format('%s %s is held by %s, and should be held by %s alone; change the administrator', judged_answers.service_name, judged_answers.place, judged_answers.holder_labels, judged_answers.owner_names)
                else format('%s %s is registered to %s, which does not count as held by %s; settle it or make another account its administrator', judged_answers.service_name, judged_answers.place, judged_answers.holder_labels, judged_answers.owner_names)
            end,
            '; ' order by judged_answers.status collate "C", judged_answers.method collate "C"
        ) as reason,
        case
            when bool_or(judged_answers.status = 'fail') then null
            when bool_or(judged_answers.open_cause = 'unread') then 'unread'
            when bool_or(judged_answers.open_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause
    from judged_answers
    where judged_answers.status <> 'pass'
    group by judged_answers.source_name, judged_answers.service_id, judged_answers.region
),
of_agreement as (
    select
        judged_answers.source_name,
        judged_answers.service_id,
        null::text as region,
        'pass' as status,
        concat(
            format('%s is held by %s (%s)', min(judged_answers.service_name), min(judged_answers.owner_names), string_agg(distinct judged_answers.holder_labels collate "C", ' and ')),
            case when bool_or(judged_answers.method = 'organizations') then ', through Organizations' end,
            case when bool_or(judged_answers.method = 'resource_policy') then ', by the delegation policy' end,
            case when count(judged_answers.region) > 0 then format(', and by the service itself in all %s enabled Regions where it exists', count(judged_answers.region)) end,
            case when bool_or(judged_answers.method = 'service' and judged_answers.region is null) then ', and by the service itself' end
        ) as reason,
        null::text as unknown_cause
    from judged_answers
    group by judged_answers.source_name, judged_answers.service_id
    having bool_and(judged_answers.status = 'pass')
),
-- One row per service where nothing has to be told apart.
has_question as materialized (
    select
        judged_with.source_name,
        judged_with.service_id,
        -- A service without a question of its own is judged with the one that it shares a principal with.
        judged_with.is_speaking or (judged_with.judged_service_id = judged_with.service_id and asked.source_name is not null) as is_asked,
        judged_with.is_speaking or asked.source_name is not null as is_known
    from judged_with
    left join asked
        on asked.source_name = judged_with.source_name
        and asked.service_id = judged_with.group_id
        and asked.method = 'organizations'
),
found_unasked as (
    select
        delegations.source_name,
        delegations.service_id,
        string_agg(
            distinct delegation.account_label(delegations.delegated_account_id, delegations.account_name, delegations.ou_path) collate "C",
            ' and '
            order by delegation.account_label(delegations.delegated_account_id, delegations.account_name, delegations.ou_path) collate "C"
        ) as labels
    from delegations
    group by delegations.source_name, delegations.service_id
),
of_services as (
    select
        services.source_name,
        services.service_id,
        null::text as region,
        case
            when not has_question.is_known then case when found_unasked.labels is null and catalogue.is_delegation_supported is false then 'not_applicable' else 'unknown' end
            when services.is_used is false then 'not_applicable'
            else 'unknown'
        end as status,
        case
            when not has_question.is_known and found_unasked.labels is not null then format('this version does not know how %s is delegated, and %s holds it', services.service_name, found_unasked.labels)
            when not has_question.is_known and catalogue.is_delegation_supported is false then format('%s cannot be delegated; take it out of `expectations`', services.service_name)
            when not has_question.is_known then format('this version has no way to ask who holds %s', services.service_name)
            else coalesce(services.use_reason, services.owner_reason)
        end as reason,
        case
            when not has_question.is_known then case when found_unasked.labels is null and catalogue.is_delegation_supported is false then null else 'not_observable' end
            else coalesce(services.use_unknown_cause, services.owner_unknown_cause)
        end as unknown_cause
    from services
    join has_question on has_question.source_name = services.source_name and has_question.service_id = services.service_id
    join delegation.services as catalogue on catalogue.source_name = services.source_name and catalogue.service_id = services.service_id
    left join found_unasked on found_unasked.source_name = services.source_name and found_unasked.service_id = services.service_id
    where services.owners is not null
        and (
            not has_question.is_known
            or has_question.is_asked and (services.is_used is not true or services.owner_reason is not null)
        )
),
of_all_services as (
    select * from of_services
    union all
    select * from of_differences
    union all
    select * from of_agreement
)
select
    of_all_services.source_name,
    sources.organization_id,
    sources.management_account_id,
    of_all_services.service_id,
    services.service_name,
    services.is_security_service,
    of_all_services.region,
    of_all_services.status,
    of_all_services.reason,
    of_all_services.unknown_cause
from of_all_services
join sources on sources.source_name = of_all_services.source_name
join services on services.source_name = of_all_services.source_name and services.service_id = of_all_services.service_id;
comment on view delegation.service_ownership is 'Whether each service is held by the owner that should hold it and by nobody else, as rules say it: one row per source and service where all agree, one per service and Region that differ. Services of which nobody expects anything have no row, nor has an organization that was not read.';
comment on column delegation.service_ownership.source_name is 'Name of the source in its spec.';
comment on column delegation.service_ownership.organization_id is 'ID of the organization.';
comment on column delegation.service_ownership.management_account_id is 'ID of the management account.';
comment on column delegation.service_ownership.service_id is 'ID of the service in the catalogue; of several that share a principal and should have the same owner, the first in use for what Organizations says of them.';
comment on column delegation.service_ownership.service_name is 'Name of the service.';
comment on column delegation.service_ownership.is_security_service is 'True for a security service; never null.';
comment on column delegation.service_ownership.region is 'Region; null where the row is not about one.';
comment on column delegation.service_ownership.status is 'pass, fail, unknown or not_applicable.';
comment on column delegation.service_ownership.reason is 'Why, naming the holders, and what to do.';
comment on column delegation.service_ownership.unknown_cause is 'unread, not_configured or not_observable; null where status is not unknown.';

-- views/approvals.sql
create or replace view delegation.live_approvals as
with approved as materialized (
    select approval._cq_id as approval_id, approval._cq_source_name as source_name, approval.*
    from delegation.current_aws_delegation_approvals as approval
    where approval.kind = 'delegation'
),
granted as (
    -- Where everybody but one principal is meant, the principal of the statement is the one that is not.
    select distinct
        resource_policy_grants.source_name,
        resource_policy_grants.delegated_account_id,
        case when resource_policy_grants.delegated_account_id = '*' then '*' else resource_policy_grants.principal end as principal
    from delegation.resource_policy_grants
    where resource_policy_grants.is_policy_work and not resource_policy_grants.is_denied
),
held as materialized (
    -- As small as an approval can be: one row per service principal of Organizations, and per principal of the delegation policy.
    select
        row_number() over () as held_id,
        delegations.*,
        registered.principal as registered_principal,
        granted.principal as granted_principal
    from delegation.delegations
    left join lateral unnest(string_to_array(delegations.service_principal, ', ')) as registered (principal) on true
    left join granted
        on delegations.method = 'resource_policy'
        and granted.source_name = delegations.source_name
        and granted.delegated_account_id = delegations.delegated_account_id
),
known as materialized (
    select service_principals.source_name, service_principals.service_principal, service_principals.service_id
    from delegation.service_principals
),
-- Organizations knows principals only; one that stands for two services is approved by the name of either.
names as (
    select held.held_id, held.registered_principal as name
    from held
    where held.method = 'organizations'
    union
    select held.held_id, known.service_id
    from held
    join known on known.source_name = held.source_name and known.service_principal = held.registered_principal
    where held.method = 'organizations'
    union
    select held.held_id, held.service_id
    from held
    where held.method <> 'organizations'
    union
    select held.held_id, known.service_principal
    from held
    join known on known.source_name = held.source_name and known.service_id = held.service_id
    where held.method <> 'organizations'
),
covered as (
    select approved.approval_id, held.held_id
    from held
    join names on names.held_id = held.held_id
    join approved
        on approved.source_name = held.source_name
        and approved.service = names.name
    where approved.principal in (held.delegated_account_id, held.granted_principal)
        and approved.method in ('', held.method)
        and approved.region in ('', held.region)
)
select
    coalesce(held.source_name, approved.source_name) as source_name,
    organization.id as organization_id,
    approved.approval_id is not null as has_approval,
    held.held_id is not null as has_delegation,
    held.service_id,
    held.service_name,
    held.method,
    held.region,
    held.registered_principal as service_principal,
    held.delegated_account_id,
    held.granted_principal,
    approved.service as approved_service,
    approved.principal as approved_principal,
    nullif(approved.method, '') as approved_method,
    nullif(approved.region, '') as approved_region,
    approved.approved_by,
    approved.approved_on,
    approved.review_by,
    approved.reason
from approved
left join covered on covered.approval_id = approved.approval_id
full join held on held.held_id = covered.held_id
left join delegation.current_aws_organizations as organization on organization._cq_source_name = coalesce(held.source_name, approved.source_name);

-- The settings are for tables that were just filled: without statistics the planner takes 50,000 accounts for one.
create or replace function delegation.noted_approvals() returns setof delegation.live_approvals
language plpgsql stable
set jit = off
set enable_nestloop = off
set enable_mergejoin = off
as $$
declare
    noted text := current_setting('delegation.noted_approvals', true);
begin
    if noted = 'wanted' then
        noted := delegation.note_view('approvals');
    end if;
    if noted <> '' then
        return query select noted_row.* from jsonb_populate_recordset(null::delegation.live_approvals, noted::jsonb) as noted_row;
    else
        return query select live.* from delegation.live_approvals as live;
    end if;
end
$$;
comment on function delegation.noted_approvals() is 'The rows of delegation.approvals: as noted in this run of rules, otherwise worked out.';

create or replace view delegation.approvals as
select noted.*
from delegation.noted_approvals() as noted;
comment on view delegation.approvals is 'Approvals and the delegations that they cover, one row per pair; a delegation that no approval covers and an approval that covers none have a row of their own. A delegation has one row per service principal and per principal of the delegation policy, because each can be approved.';
comment on column delegation.approvals.source_name is 'Name of the source in its spec.';
comment on column delegation.approvals.organization_id is 'ID of the organization.';
comment on column delegation.approvals.has_approval is 'False for a delegation that nobody approved; never null.';
comment on column delegation.approvals.has_delegation is 'False for an approval of what is not there, or was not read; never null.';
comment on column delegation.approvals.service_id is 'As in delegation.delegations; null without a delegation.';
comment on column delegation.approvals.service_name is 'As in delegation.delegations.';
comment on column delegation.approvals.method is 'Method of the delegation.';
comment on column delegation.approvals.region is 'Region of the delegation.';
comment on column delegation.approvals.service_principal is 'Principal that is registered with Organizations; null for the other methods.';
comment on column delegation.approvals.delegated_account_id is 'Account that holds it; * where the delegation policy lets everybody.';
comment on column delegation.approvals.granted_principal is 'Principal of the delegation policy; null for the other methods.';
comment on column delegation.approvals.approved_service is 'Service as the approval names it: an ID of the catalogue or a service principal; null without an approval.';
comment on column delegation.approvals.approved_principal is 'Account or principal as the approval names it.';
comment on column delegation.approvals.approved_method is 'Method that is approved; null for any.';
comment on column delegation.approvals.approved_region is 'Region that is approved; null for every one.';
comment on column delegation.approvals.approved_by is 'Who approved it.';
comment on column delegation.approvals.approved_on is 'Day of the approval: 00:00 UTC.';
comment on column delegation.approvals.review_by is 'Day by which somebody has to look at it again: 00:00 UTC; null for never.';
comment on column delegation.approvals.reason is 'Why it was approved.';

create or replace view delegation.waivers as
select
    waiver._cq_source_name as source_name,
    waiver.rule,
    waiver.resource,
    nullif(waiver.waived_account_id, '') as account_id,
    nullif(waiver.region, '') as region,
    waiver.reason,
    waiver.approved_by,
    waiver.expires,
    waiver.expires <= now() at time zone 'UTC' as is_expired,
    waiver.owner,
    waiver.ticket,
    waiver._cq_id as waiver_id
from delegation.current_aws_delegation_waivers as waiver;
comment on view delegation.waivers is 'Findings that a person has accepted until a day.';
comment on column delegation.waivers.source_name is 'Name of the source in its spec.';
comment on column delegation.waivers.rule is 'ID of the rule, with * for anything.';
comment on column delegation.waivers.resource is 'resource_id of the findings with * for anything; * alone for all.';
comment on column delegation.waivers.account_id is 'Account of the findings, with * for anything; null for every one.';
comment on column delegation.waivers.region is 'Region of the findings, with * for anything; null for every one, and for findings without a Region.';
comment on column delegation.waivers.reason is 'Why it is accepted.';
comment on column delegation.waivers.approved_by is 'Who accepted it.';
comment on column delegation.waivers.expires is 'From then on the waiver no longer counts: 00:00 UTC of the day.';
comment on column delegation.waivers.is_expired is 'True where that day has come; compared with the clock of the database.';
comment on column delegation.waivers.owner is 'Who has to mend it.';
comment on column delegation.waivers.ticket is 'Where the work on it is followed.';
comment on column delegation.waivers.waiver_id is 'The same for a waiver from sync to sync.';

-- views/changes.sql
-- Who changed the organization, its policies, or who administers what, as CloudTrail tells it.

create or replace view delegation.change_kinds (event_source, event_name, category, is_significant, risk) as
values
    -- What AWS says to look for: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_security_incident-response.html
    ('organizations.amazonaws.com', 'AttachPolicy', 'policy', true, 'a policy that is attached binds every account below at once: it can lock people out, or let them through where it replaces a stricter one'),
    ('organizations.amazonaws.com', 'DetachPolicy', 'policy', true, 'every account below loses the guardrail at once'),
    ('organizations.amazonaws.com', 'UpdatePolicy', 'policy', true, 'a guardrail can be emptied while it stays attached and keeps its name'),
    ('organizations.amazonaws.com', 'DeletePolicy', 'policy', true, 'the guardrail is gone, and its text with it'),
    ('organizations.amazonaws.com', 'DisablePolicyType', 'policy', true, 'all policies of the type are detached in the whole organization'),
    ('organizations.amazonaws.com', 'EnablePolicyType', 'policy', false, 'policies of a further type can bind accounts from now on'),
    ('organizations.amazonaws.com', 'EnableAWSServiceAccess', 'trusted_access', true, 'the service may see the organization and make roles in every account of it'),
    ('organizations.amazonaws.com', 'DisableAWSServiceAccess', 'trusted_access', true, 'the service stops working for the organization, and what it watched is no longer watched'),
    ('organizations.amazonaws.com', 'RegisterDelegatedAdministrator', 'delegated_administrator', true, 'the account can see the whole organization and administer the service in every account of it'),
    ('organizations.amazonaws.com', 'DeregisterDelegatedAdministrator', 'delegated_administrator', true, 'the account loses the service, and what it watched or ran there may stop'),
    ('organizations.amazonaws.com', 'PutResourcePolicy', 'delegation_policy', true, 'whoever the delegation policy names can change policies of the organization'),
    ('organizations.amazonaws.com', 'DeleteResourcePolicy', 'delegation_policy', true, 'those who manage policies by the delegation policy no longer can'),
    ('organizations.amazonaws.com', 'DeleteOrganization', 'organization', true, 'every guardrail and every delegation ends with the organization'),
    ('organizations.amazonaws.com', 'RemoveAccountFromOrganization', 'organization', true, 'the account is out of the reach of every guardrail and of every delegated administrator'),
    ('organizations.amazonaws.com', 'LeaveOrganization', 'organization', true, 'the account is out of the reach of every guardrail and of every delegated administrator'),
    ('organizations.amazonaws.com', 'MoveAccount', 'organization', false, 'other guardrails bind the account from now on'),
    ('organizations.amazonaws.com', 'CloseAccount', 'organization', false, 'everything in the account is lost after 90 days'),
    ('organizations.amazonaws.com', 'InviteAccountToOrganization', 'organization', false, 'an account of somebody else can become a member'),
    ('organizations.amazonaws.com', 'EnableAllFeatures', 'organization', false, 'guardrails can bind members once they have agreed'),
    ('fms.amazonaws.com', 'PutAdminAccount', 'delegated_administrator', true, 'the account can administer AWS Firewall Manager in the accounts and Regions of its scope'),
    ('iam.amazonaws.com', 'EnableOrganizationsRootCredentialsManagement', 'root_access', true, 'who administers it can remove root credentials of every member, or let somebody recover them'),
    ('iam.amazonaws.com', 'DisableOrganizationsRootCredentialsManagement', 'root_access', true, 'root credentials of members are no longer managed centrally, and new ones can be made'),
    ('iam.amazonaws.com', 'EnableOrganizationsRootSessions', 'root_access', true, 'who administers it can act as root in every member'),
    ('iam.amazonaws.com', 'DisableOrganizationsRootSessions', 'root_access', true, 'tasks that need root in a member can no longer be done without its root user');
comment on view delegation.change_kinds is 'The changes that this version knows by name. What else a sync finds is a call by which a service takes or loses its administrator.';
comment on column delegation.change_kinds.event_source is 'As in CloudTrail.';
comment on column delegation.change_kinds.event_name is 'As in CloudTrail.';
comment on column delegation.change_kinds.category is 'policy, trusted_access, delegated_administrator, delegation_policy, organization or root_access.';
comment on column delegation.change_kinds.is_significant is 'True where somebody has to have approved it.';
comment on column delegation.change_kinds.risk is 'What can go wrong by it.';

create or replace view delegation.live_changes as
with recorded as materialized (
    select
        event._cq_source_name as source_name,
        event.region,
        event.recipient_account_id,
        event.event_id,
        event.event_time,
        event.event_name,
        event.event_source,
        split_part(event.event_source, '.', 1) || ':' || event.event_name as action,
        event.username,
        event.source_ip_address,
        event.user_agent,
        event.error_code,
        event.error_message,
        event.request_parameters,
        case when jsonb_typeof(event.user_identity) = 'object' then event.user_identity else '{}' end as identity,
        -- Some services write the names of a request in another letter case than their API has them.
        case when jsonb_typeof(event.request_parameters) = 'object' then delegation.lower_keys(event.request_parameters) else '{}' end as request
    from delegation.current_aws_cloudtrail_organization_events as event
),
read as materialized (
    select
        recorded.*,
        asked_for.fields,
        coalesce(kinds.category, 'delegated_administrator') as category,
        coalesce(kinds.is_significant, true) as is_significant,
        kinds.risk,
        recorded.event_name ~ '^(Disable|Deregister|Disassociate|Delete)' as is_end,
        recorded.identity ->> 'type' as principal_type,
        nullif(recorded.identity ->> 'arn', '') as caller_arn,
        nullif(recorded.identity #>> '{sessionContext,sessionIssuer,arn}', '') as issuer_arn,
        case when recorded.identity ->> 'type' = 'AWSService' then nullif(recorded.identity ->> 'invokedBy', '') end as calling_service,
        nullif(recorded.identity ->> 'invokedBy', '') as invoked_by
    from recorded
    left join delegation.change_kinds as kinds
        on kinds.event_source = recorded.event_source
        and kinds.event_name = recorded.event_name
    -- EC2 puts the request into an object of its own: {"EnableIpamOrganizationAdminAccountRequest": {...}}.
    cross join lateral (
        select recorded.request || case
            when jsonb_typeof(recorded.request -> lower(recorded.event_name || 'Request')) = 'object'
                then delegation.lower_keys(recorded.request -> lower(recorded.event_name || 'Request'))
            else '{}'
        end as fields
    ) as asked_for
),
told as materialized (
    select
        read.*,
        -- What the joins below go by: one that compares nulls would look at each pair of rows.
        row_number() over () as number,
        jsonb_build_array(read.issuer_arn, read.caller_arn, read.calling_service)::text as caller_key,
        coalesce(
            read.issuer_arn,
            read.caller_arn,
            read.calling_service,
            case when read.identity ->> 'accountId' = 'ANONYMOUS_PRINCIPAL' then 'anonymous' end,
            case when read.principal_type = 'Root' then format('arn:aws:iam::%s:root', read.identity ->> 'accountId') end,
            nullif(read.identity ->> 'principalId', ''),
            nullif(read.username, '')
        ) as principal,
        substring(
            coalesce(read.identity #>> '{sessionContext,sessionIssuer,accountId}', read.identity ->> 'accountId', split_part(coalesce(read.issuer_arn, read.caller_arn), ':', 5))
            from '^[0-9]{12}$'
        ) as principal_account_id,
        read.fields ->> 'serviceprincipal' as service_principal,
        read.fields ->> 'policyid' as policy_id,
        -- Each service has a name of its own for the account that it is about.
        coalesce(
            read.fields ->> 'adminaccountid',
            read.fields ->> 'delegatedadminaccountid',
            read.fields ->> 'memberaccountid',
            read.fields ->> 'adminaccount',
            read.fields ->> 'accountid'
        ) as about_account_id,
        case when read.event_source = 'securityhub.amazonaws.com' then coalesce(read.fields ->> 'feature', 'SecurityHub') end as feature
    from read
),
-- Which service: as the request names it, or the one whose call it is.
asked as materialized (
    select told.*, jsonb_build_array(told.event_source, told.action, told.service_principal, told.feature)::text as question_key
    from told
),
questions as materialized (
    select distinct asked.source_name, asked.question_key, asked.event_source, asked.action, asked.category, asked.service_principal, asked.feature
    from asked
),
services as materialized (
    select distinct on (questions.source_name, questions.question_key)
        questions.source_name,
        questions.question_key,
        case when by_principal.service_principal is null then services.service_id else services.group_id end as service_id,
        case when by_principal.service_principal is null then services.service_name else services.group_name end as service_name,
        services.is_regional
    from questions
    join delegation.services on services.source_name = questions.source_name
    left join delegation.service_principals as by_principal
        on by_principal.source_name = services.source_name
        and by_principal.service_id = services.service_id
        and by_principal.service_principal = questions.service_principal
    cross join lateral (
        select case
            when questions.service_principal is not null then case when by_principal.service_principal is not null then 1 end
            when questions.category = 'delegation_policy' then case when services.methods ? 'resource_policy' then 1 end
            when questions.category not in ('delegated_administrator', 'root_access') then null
            when questions.feature is not null and services.admin_read_scope <> case questions.feature when 'SecurityHub' then '' else questions.feature end then null
            when questions.action in (services.register_action, services.deregister_action) then 1
            when split_part(questions.action, ':', 1) = split_part(services.list_admin_action, ':', 1) then 2
            when services.service_principals ? questions.event_source then 3
        end as place
    ) as match
    where match.place is not null
    order by questions.source_name, questions.question_key, match.place, services.service_id
),
-- Who may do what: by the ARN of the role or user, by that of the session, or by the name of a service that acts as itself.
callers as materialized (
    select distinct told.source_name, told.caller_key, told.issuer_arn, told.caller_arn, told.calling_service
    from told
),
approvals as materialized (
    select
        approval._cq_source_name as source_name,
        approval._cq_id as approval_id,
        approval.principal,
        approval.action,
        approval.approved_by,
        approval.approved_on,
        delegation.like_pattern(approval.principal) as principal_pattern
    from delegation.current_aws_delegation_approvals as approval
    where approval.kind = 'principal'
),
allowed_callers as (
    select callers.source_name, callers.caller_key, approvals.approval_id
    from callers
    join approvals
        on approvals.source_name = callers.source_name
        and (
            callers.issuer_arn like approvals.principal_pattern
            or callers.caller_arn like approvals.principal_pattern
            or callers.calling_service like approvals.principal_pattern
        )
),
allowed_actions as (
    select actions.source_name, actions.action, approvals.approval_id
    from (select distinct questions.source_name, questions.action from questions) as actions
    join approvals
        on approvals.source_name = actions.source_name
        and delegation.action_matches(actions.action, array[approvals.action])
),
approved as materialized (
    select distinct on (allowed_callers.source_name, allowed_callers.caller_key, allowed_actions.action)
        allowed_callers.source_name,
        allowed_callers.caller_key,
        allowed_actions.action,
        approvals.approved_by,
        approvals.approved_on,
        approvals.principal as approved_principal,
        approvals.action as approved_action
    from allowed_callers
    join allowed_actions
        on allowed_actions.source_name = allowed_callers.source_name
        and allowed_actions.approval_id = allowed_callers.approval_id
    join approvals
        on approvals.source_name = allowed_callers.source_name
        and approvals.approval_id = allowed_callers.approval_id
    order by allowed_callers.source_name, allowed_callers.caller_key, allowed_actions.action, approvals.approved_on desc nulls last, approvals.principal, approvals.action
),
-- What it left behind, of which thing, and what must have been before, because AWS refuses the call otherwise (the API page of each
-- names the exception: DuplicatePolicyAttachmentException, AccountAlreadyRegisteredException, ...).
stated as (
    select
        told.source_name,
        told.number,
        told.event_id,
        told.event_time,
        state.thing,
        state.before,
        state.after
    from asked as told
    left join services
        on services.source_name = told.source_name
        and services.question_key = told.question_key
    cross join lateral (
        select case
            when told.category = 'policy' and told.fields ? 'targetid' then concat_ws(' ', 'attachment', told.policy_id, told.fields ->> 'targetid')
            when told.category = 'policy' and told.fields ? 'policytype' then concat_ws(' ', 'type', told.fields ->> 'rootid', told.fields ->> 'policytype')
            when told.category = 'policy' and (told.fields ? 'content' or told.event_name = 'DeletePolicy') then 'policy ' || told.policy_id
            when told.category = 'trusted_access' then 'access ' || told.service_principal
            when told.category = 'delegation_policy' then 'delegation policy'
            when told.category = 'root_access' then regexp_replace(told.event_name, '^(Enable|Disable)', '')
            when told.category <> 'delegated_administrator' then null
            when told.event_source = 'organizations.amazonaws.com' then concat_ws(' ', 'administrator', told.service_principal, told.about_account_id)
            -- These end whoever is there and name nobody, so the thing is the service.
            when told.event_source in ('detective.amazonaws.com', 'securitylake.amazonaws.com')
                then concat_ws(' ', 'administrator', told.event_source, case when services.is_regional then told.region end)
            -- One that ends itself names nobody; where Regions are not known to be one or many, neighbours are not known.
            when told.event_source = 'fms.amazonaws.com' or services.is_regional is null then null
            when told.about_account_id is not null
                then concat_ws(' ', 'administrator', told.event_source, told.feature, case when services.is_regional then told.region end, told.about_account_id)
        end as key
    ) as thing
    cross join lateral (
        select
            thing.key as thing,
            case
                when told.event_name = 'AttachPolicy' then 'not attached'
                when told.event_name = 'DetachPolicy' then 'attached'
                when told.event_name = 'EnablePolicyType' then 'not enabled'
                when told.event_name = 'DisablePolicyType' then 'enabled'
                when told.event_name in ('RemoveAccountFromOrganization', 'LeaveOrganization') then 'member'
                when told.event_name = 'MoveAccount' then told.fields ->> 'sourceparentid'
                when told.event_source <> 'organizations.amazonaws.com' then null
                when told.event_name = 'RegisterDelegatedAdministrator' then 'not held by ' || told.about_account_id
                when told.event_name = 'DeregisterDelegatedAdministrator' then 'held by ' || told.about_account_id
            end as before,
            case
                when told.event_name = 'AttachPolicy' then 'attached'
                when told.event_name = 'DetachPolicy' then 'not attached'
                when told.event_name = 'UpdatePolicy' or told.event_name = 'PutResourcePolicy'
                    -- CloudTrail does not keep the text of a delegation policy.
                    then case when jsonb_typeof(told.fields -> 'content') = 'string' then nullif(told.fields ->> 'content', 'HIDDEN_DUE_TO_SECURITY_REASONS') end
                when told.event_name = 'DeletePolicy' or told.event_name = 'DeleteOrganization' then 'deleted'
                when told.event_name = 'DeleteResourcePolicy' then 'none'
                when told.event_name in ('RemoveAccountFromOrganization', 'LeaveOrganization') then 'not a member'
                when told.event_name = 'MoveAccount' then told.fields ->> 'destinationparentid'
                when told.event_name = 'InviteAccountToOrganization' then 'invited'
                when told.category in ('trusted_access', 'root_access') or told.event_name in ('EnablePolicyType', 'DisablePolicyType')
                    then case when told.is_end then 'not enabled' else 'enabled' end
                when told.category = 'delegated_administrator' and told.about_account_id is not null
                    then case when told.is_end then 'not held by ' else 'held by ' end || told.about_account_id
                when told.is_end and told.event_source in ('detective.amazonaws.com', 'securitylake.amazonaws.com') then 'held by nobody'
            end as after
    ) as state
    where told.error_code is null
),
-- The event before it on the same thing tells what was there, where there is one.
known as materialized (
    select
        stated.number,
        stated.after,
        coalesce(
            stated.before,
            case
                when stated.thing is not null
                    then lag(stated.after) over (partition by stated.source_name, stated.thing order by stated.event_time, stated.event_id)
            end
        ) as before
    from stated
),
policies as materialized (
    select policy._cq_source_name as source_name, policy.id, min(policy.name) as name
    from delegation.current_aws_organizations_policies as policy
    group by policy._cq_source_name, policy.id
),
aimed as (
    select
        told.*,
        case
            when told.category = 'policy' and told.fields ? 'targetid'
                then case when told.fields ->> 'targetid' like 'r-%' then 'root' when told.fields ->> 'targetid' like 'ou-%' then 'organizational_unit' else 'account' end
            when told.category = 'policy' and told.fields ? 'policytype' then 'policy_type'
            when told.category = 'policy' then 'policy'
            when told.category = 'trusted_access' then 'service_principal'
            when told.category = 'delegation_policy' then 'delegation_policy'
            when told.category = 'root_access' then 'root_access'
            when told.event_name in ('DeleteOrganization', 'EnableAllFeatures') then 'organization'
            when told.event_name = 'InviteAccountToOrganization' and told.fields #>> '{target,type}' = 'EMAIL' then 'email'
            else 'account'
        end as target_type,
        case
            when told.category = 'policy' then coalesce(told.fields ->> 'targetid', told.fields ->> 'policytype', told.policy_id)
            when told.category = 'trusted_access' then told.service_principal
            when told.category = 'root_access' then regexp_replace(told.event_name, '^(Enable|Disable)Organizations', '')
            when told.category = 'delegation_policy' or told.event_name in ('DeleteOrganization', 'EnableAllFeatures') then organization.id
            when told.event_name = 'InviteAccountToOrganization' then told.fields #>> '{target,id}'
            when told.event_name = 'LeaveOrganization' then told.recipient_account_id
            else told.about_account_id
        end as target_id,
        organization.id as organization_id
    from asked as told
    left join delegation.current_aws_organizations as organization on organization._cq_source_name = told.source_name
)
select
    aimed.source_name,
    aimed.organization_id,
    aimed.event_time as changed_at,
    aimed.region,
    aimed.recipient_account_id,
    aimed.event_id,
    aimed.event_name,
    aimed.event_source,
    aimed.action,
    aimed.category,
    services.service_id,
    services.service_name,
    aimed.service_principal,
    aimed.principal_type,
    aimed.principal,
    aimed.principal_account_id,
    caller.account_name as principal_account_name,
    caller.ou_path as principal_ou_path,
    case when aimed.issuer_arn is not null then aimed.caller_arn end as session_arn,
    substring(aimed.caller_arn from ':assumed-role/(?:.*/)?([^/]+)$') as session_name,
    aimed.invoked_by,
    aimed.source_ip_address,
    aimed.user_agent,
    aimed.target_type,
    aimed.target_id,
    coalesce(target_account.account_name, target_unit.ou_path, case aimed.target_type when 'policy' then policies.name when 'root' then '/' end) as target_name,
    aimed.policy_id,
    policies.name as policy_name,
    aimed.error_code is null as was_allowed,
    aimed.error_code,
    aimed.error_message,
    known.before,
    known.after,
    aimed.is_significant,
    coalesce(aimed.event_time >= newest_syncs.sync_time - make_interval(days => settings.events_lookback_days), false) as is_in_window,
    approved.source_name is not null as is_approved,
    approved.approved_by,
    approved.approved_on,
    approved.approved_principal,
    approved.approved_action,
    coalesce(
        aimed.risk,
        case
            when aimed.is_end then format('%s may be watched by nobody, or from the management account', coalesce(services.service_name, aimed.event_source))
            else format('the account can administer %s in every account of the organization', coalesce(services.service_name, aimed.event_source))
        end
    ) as risk,
    aimed.request_parameters
from aimed
left join services
    on services.source_name = aimed.source_name
    and services.question_key = aimed.question_key
left join approved
    on approved.source_name = aimed.source_name
    and approved.caller_key = aimed.caller_key
    and approved.action = aimed.action
left join known on known.number = aimed.number
left join policies on policies.source_name = aimed.source_name and policies.id = aimed.policy_id
left join delegation.accounts as caller on caller.source_name = aimed.source_name and caller.account_id = aimed.principal_account_id
left join delegation.accounts as target_account
    on target_account.source_name = aimed.source_name
    and aimed.target_type = 'account'
    and target_account.account_id = aimed.target_id
left join delegation.organizational_units as target_unit
    on target_unit.source_name = aimed.source_name
    and target_unit.organizational_unit_id = aimed.target_id
left join delegation.newest_syncs on newest_syncs.source_name = aimed.source_name
left join delegation.settings on settings.source_name = aimed.source_name;

-- The settings are for tables that were just filled: without statistics the planner takes 50,000 accounts for one.
create or replace function delegation.noted_changes() returns setof delegation.live_changes
language plpgsql stable
set jit = off
set enable_nestloop = off
set enable_mergejoin = off
as $$
begin
    return query select live.* from delegation.live_changes as live;
end
$$;
comment on function delegation.noted_changes() is 'The rows of delegation.changes: as noted in this run of rules, otherwise worked out.';

create or replace view delegation.changes as
select noted.*
from delegation.noted_changes() as noted;
comment on view delegation.changes is 'Who changed the organization, its policies, or who administers what: one row per event of CloudTrail, refused attempts included, of all syncs.';
comment on column delegation.changes.source_name is 'Name of the source in its spec.';
comment on column delegation.changes.organization_id is 'ID of the organization.';
comment on column delegation.changes.changed_at is 'When, in UTC.';
comment on column delegation.changes.region is 'Region in whose event history it is.';
comment on column delegation.changes.recipient_account_id is 'Account in whose event history it is: the one that acted.';
comment on column delegation.changes.event_id is 'ID of the event.';
comment on column delegation.changes.event_name is 'The operation, such as RegisterDelegatedAdministrator.';
comment on column delegation.changes.event_source is 'The service that was called, such as organizations.amazonaws.com.';
comment on column delegation.changes.action is 'The operation as approvals name it, such as organizations:AttachPolicy.';
comment on column delegation.changes.category is 'policy, trusted_access, delegated_administrator, delegation_policy, organization or root_access; never null.';
comment on column delegation.changes.service_id is 'Service that it is about, in the catalogue: the first of those that share a principal; null where it is about none, or the catalogue does not know it.';
comment on column delegation.changes.service_name is 'Name of the service, or of those that share the principal.';
comment on column delegation.changes.service_principal is 'Service principal that the request names; null where it names none.';
comment on column delegation.changes.principal_type is 'Type of the identity as CloudTrail has it: Root, IAMUser, AssumedRole, AWSService, ...';
comment on column delegation.changes.principal is 'Who: the ARN of the role (not of its session), of the user or of root, the name of a service that acts as itself, or anonymous; where CloudTrail has none of these, what it has.';
comment on column delegation.changes.principal_account_id is 'Account of the principal; null for a service.';
comment on column delegation.changes.principal_account_name is 'Name of that account.';
comment on column delegation.changes.principal_ou_path is 'Place of that account, by names.';
comment on column delegation.changes.session_arn is 'ARN of the session, where it was one.';
comment on column delegation.changes.session_name is 'Name of the session of a role: often the person.';
comment on column delegation.changes.invoked_by is 'Service that made the call, for itself or for the principal; null where none did.';
comment on column delegation.changes.source_ip_address is 'Address, or AWS service, that the request came from.';
comment on column delegation.changes.user_agent is 'Tool that sent it.';
comment on column delegation.changes.target_type is 'account, organizational_unit, root, policy, policy_type, service_principal, delegation_policy, root_access, organization or email; never null.';
comment on column delegation.changes.target_id is 'What it was about; null where the request does not say.';
comment on column delegation.changes.target_name is 'Name of the account or policy, or path of the organizational unit, as it is now; null where it is not known.';
comment on column delegation.changes.policy_id is 'Policy that it was about; null for none.';
comment on column delegation.changes.policy_name is 'Name of that policy now; null where it is gone.';
comment on column delegation.changes.was_allowed is 'False for an attempt that AWS refused; never null.';
comment on column delegation.changes.error_code is 'Why it was refused.';
comment on column delegation.changes.error_message is 'What AWS said when it refused.';
comment on column delegation.changes.before is 'What was there before: as the call implies it, or as the event before it in this table left it (a history that was not read can have another in between); null where neither says, and for a refused attempt.';
comment on column delegation.changes.after is 'What it left: the text of a policy, attached, held by an account, enabled, ...; null where the event does not say, and for a refused attempt.';
comment on column delegation.changes.is_significant is 'True where somebody has to have approved it; never null.';
comment on column delegation.changes.is_in_window is 'True where it is in the days that the newest sync looked back on (`events.lookback_days`); older ones are history and are not judged. Never null.';
comment on column delegation.changes.is_approved is 'True where an approval names the principal (role, user, session or service) and the action; never null.';
comment on column delegation.changes.approved_by is 'Who approved it; of several approvals the newest.';
comment on column delegation.changes.approved_on is 'Day of the approval: 00:00 UTC.';
comment on column delegation.changes.approved_principal is 'The principal as the approval names it.';
comment on column delegation.changes.approved_action is 'The action as the approval names it.';
comment on column delegation.changes.risk is 'What can go wrong by it; never null.';
comment on column delegation.changes.request_parameters is 'What was asked for, as CloudTrail has it.';

-- views/guardrail_statements.sql
-- What guardrails are about, and what SCPs say of it, wherever they are attached.

create or replace view delegation.guardrail_actions (control, service_id, action, resource_probes) as
values
    -- An action without resource types is asked on `*`, and an ARN in Resource never covers that.
    -- https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
    ('leave_organization', null, 'organizations:LeaveOrganization', array['*']),
    ('cloudtrail', 'cloudtrail', 'cloudtrail:StopLogging', array['arn:{partition}:cloudtrail:{region}:{account}:trail/{name}']),
    ('cloudtrail', 'cloudtrail', 'cloudtrail:DeleteTrail', array['arn:{partition}:cloudtrail:{region}:{account}:trail/{name}']),
    ('cloudtrail', 'cloudtrail', 'cloudtrail:UpdateTrail', array['arn:{partition}:cloudtrail:{region}:{account}:trail/{name}']),
    -- The same on the organization trail alone: AWS's own example of an SCP names a trail.
    ('organization_trail', 'cloudtrail', 'cloudtrail:StopLogging', array['{organization_trail}']),
    ('organization_trail', 'cloudtrail', 'cloudtrail:DeleteTrail', array['{organization_trail}']),
    ('organization_trail', 'cloudtrail', 'cloudtrail:UpdateTrail', array['{organization_trail}']),
    ('config', 'config', 'config:StopConfigurationRecorder', array['arn:{partition}:config:{region}:{account}:configuration-recorder/{name}/{name}']),
    ('config', 'config', 'config:DeleteConfigurationRecorder', array['arn:{partition}:config:{region}:{account}:configuration-recorder/{name}/{name}']),
    ('config', 'config', 'config:DeleteDeliveryChannel', array['*']),
    ('guardduty', 'guardduty', 'guardduty:DeleteDetector', array['arn:{partition}:guardduty:{region}:{account}:detector/{name}']),
    ('guardduty', 'guardduty', 'guardduty:UpdateDetector', array['arn:{partition}:guardduty:{region}:{account}:detector/{name}']),
    ('guardduty', 'guardduty', 'guardduty:DisassociateFromMasterAccount', array['*']),
    ('guardduty', 'guardduty', 'guardduty:DisassociateFromAdministratorAccount', array['*']),
    -- The hub is an optional resource of these, so an ARN need not be what the request is about.
    ('securityhub', 'security-hub-cspm', 'securityhub:DisableSecurityHub', array['*']),
    ('securityhub', 'security-hub-cspm', 'securityhub:DisassociateFromMasterAccount', array['*']),
    ('securityhub', 'security-hub-cspm', 'securityhub:DisassociateFromAdministratorAccount', array['*']),
    ('macie', 'macie', 'macie2:DisableMacie', array['*']),
    ('access-analyzer', 'access-analyzer', 'access-analyzer:DeleteAnalyzer', array['arn:{partition}:access-analyzer:{region}:{account}:analyzer/{name}']),
    ('detective', 'detective', 'detective:DeleteGraph', array['arn:{partition}:detective:{region}:{account}:graph:{name}']),
    ('detective', 'detective', 'detective:DisassociateMembership', array['arn:{partition}:detective:{region}:{account}:graph:{name}']),
    ('inspector', 'inspector', 'inspector2:Disable', array['*']),
    ('audit-manager', 'audit-manager', 'auditmanager:DeregisterAccount', array['*']),
    ('security-lake', 'security-lake', 'securitylake:DeleteDataLake', array['arn:{partition}:securitylake:{region}:{account}:data-lake/default']),
    ('security-lake', 'security-lake', 'securitylake:UpdateDataLake', array['arn:{partition}:securitylake:{region}:{account}:data-lake/default']),
    ('security-lake', 'security-lake', 'securitylake:DeleteDataLakeOrganizationConfiguration', array['arn:{partition}:securitylake:{region}:{account}:data-lake/default']);
comment on view delegation.guardrail_actions is 'The actions that guardrails are about: the least that keeps a control alive. A new control is some lines here.';
comment on column delegation.guardrail_actions.control is 'What the guardrail protects. organization_trail is CloudTrail again, for the trail of the organization alone.';
comment on column delegation.guardrail_actions.service_id is 'ID of the service in the catalogue; null where the control is no service.';
comment on column delegation.guardrail_actions.action is 'IAM action that should be denied.';
comment on column delegation.guardrail_actions.resource_probes is
    'What Resource of a whole Deny has to cover: * alone, an ARN with {partition} and with {region}, {account} and {name} for any, or {organization_trail} for each trail of the organization (any trail where there is none).';

-- Of which actions a statement is asked.
create or replace function delegation.guardrail_questions(wanted_control text)
returns table (
    wanted_id bigint,
    control text,
    service_id text,
    action text,
    label text,
    probe text,
    resource_probes text[],
    is_about_organization_trail boolean,
    is_about_regions boolean
)
language sql stable
rows 100
as $$
select
    row_number() over (order by guardrail_actions.control collate "C", guardrail_actions.action collate "C"),
    guardrail_actions.control,
    guardrail_actions.service_id,
    guardrail_actions.action,
    guardrail_actions.action,
    guardrail_actions.action,
    guardrail_actions.resource_probes,
    '{organization_trail}' = any (guardrail_actions.resource_probes),
    false
from delegation.guardrail_actions
where wanted_control is null or wanted_control in (guardrail_actions.control, '*')
union all
-- Every action at once, as far as Regions go, and only where it is asked for: here a condition on the Region is what is wanted. The
-- probe is an action that nobody has, so that only a pattern for all actions matches it.
select 0, 'allowed_regions', null, '*', 'the use of Regions that are not allowed', repeat(chr(1), 40) || ':' || repeat(chr(1), 40), array['*'], false, true
where wanted_control = 'allowed_regions'
    or (wanted_control = '*' and exists (select from delegation.settings where settings.has_allowed_regions))
$$;
comment on function delegation.guardrail_questions(text) is
    'What is asked of each statement: the actions of one control, of all controls for null, with allowed_regions whether everything is denied outside the Regions that the spec allows, or with * the last two together, the Regions where a spec names them.';

-- Everything that policies say, before anybody asks where they are attached.
create or replace function delegation.guardrail_statements(wanted_control text)
returns table (
    source_name text,
    policy_id text,
    policy_name text,
    policy_label text,
    text_state text,
    text_problem text,
    wanted_id bigint,
    control text,
    action text,
    statement_id bigint,
    statement_index integer,
    statement text,
    effect text,
    label text,
    whole_label text,
    partial_reason text,
    is_unsure boolean,
    exceptions text[],
    wide_exceptions text[],
    member_conditions jsonb,
    account_patterns text[],
    partition text
)
language sql stable
rows 10000
set search_path = pg_catalog
set enable_nestloop = off
set enable_mergejoin = off
set jit = off
set work_mem = '64MB'
as $$
with wanted as materialized (
    select guardrail_questions.*
    from delegation.guardrail_questions(wanted_control)
),
organizations as materialized (
    select organizations.*
    from delegation.organizations
    where organizations.source_name is not null
),

-- 1. Policies.
policies as materialized (
    select
        policy._cq_source_name as source_name,
        policy.id as policy_id,
        policy.name as policy_name,
        policy.id || case when policy.name is not null then format(' (%s)', policy.name) else '' end as label,
        policy.content,
        case
            when policy.content is not null then 'read'
            when policy.id = 'p-FullAWSAccess' then 'full_access'
            when policy.content_text is null then 'unread'
            else 'invalid'
        end as text_state
    from delegation.current_aws_organizations_policies as policy
    where policy.type = 'SERVICE_CONTROL_POLICY' or policy.type is null
),
strangers as (
    -- A policy that is not in the list of policies may be an SCP.
    select distinct target._cq_source_name as source_name, target.policy_id
    from delegation.current_aws_organizations_policy_targets as target
    left join delegation.current_aws_organizations_policies as policy
        on policy._cq_source_name = target._cq_source_name
        and policy.id = target.policy_id
    where policy.id is null
),
all_policies as (
    select policies.source_name, policies.policy_id, policies.policy_name, policies.label, policies.content, policies.text_state
    from policies
    union all
    select
        strangers.source_name,
        strangers.policy_id,
        null,
        strangers.policy_id,
        null,
        case when strangers.policy_id = 'p-FullAWSAccess' then 'full_access' else 'unread' end
    from strangers
),

-- 2. Each statement once, and each pattern of an action once.
statements as materialized (
    select
        row_number() over (order by all_policies.source_name, all_policies.policy_id collate "C", statement.statement_index) as statement_id,
        all_policies.source_name,
        all_policies.policy_id,
        statement.*
    from all_policies
    cross join lateral delegation.policy_statements(all_policies.content) as statement
    where all_policies.text_state = 'read'
),
invalid as (
    select statements.source_name, statements.policy_id, min(statements.problem) as problem
    from statements
    where statements.problem is not null
    group by statements.source_name, statements.policy_id
),
known_policies as materialized (
    select
        all_policies.source_name,
        all_policies.policy_id,
        all_policies.policy_name,
        all_policies.label,
        case when invalid.policy_id is not null then 'invalid' else all_policies.text_state end as text_state,
        case
            when invalid.policy_id is not null then format('the text of %s cannot be judged: %s', all_policies.label, invalid.problem)
            when all_policies.text_state = 'invalid' then format('the text of %s is not JSON that can be judged', all_policies.label)
            when all_policies.text_state = 'unread' and policies_read.unknown_cause = 'not_configured' then format('the text of %s is not known: %s', all_policies.label, policies_read.read_error)
            when all_policies.text_state = 'unread' then format('the text of %s was not read; grant organizations:DescribePolicy and sync again', all_policies.label)
        end as text_problem
    from all_policies
    left join invalid on invalid.source_name = all_policies.source_name and invalid.policy_id = all_policies.policy_id
    left join delegation.table_reads as policies_read on policies_read.source_name = all_policies.source_name and policies_read.table_name = 'aws_organizations_policies'
),
known_statements as materialized (
    select
        statements.*,
        coalesce(nullif(statements.sid, ''), statements.statement_index::text) as statement,
        format('statement %s of %s', coalesce(nullif(statements.sid, ''), statements.statement_index::text), known_policies.label) as label,
        organizations.partition
    from statements
    join known_policies on known_policies.source_name = statements.source_name and known_policies.policy_id = statements.policy_id
    join organizations on organizations.source_name = statements.source_name
    where known_policies.text_state = 'read'
),
statement_patterns as materialized (
    select known_statements.statement_id, lower(listed.pattern) as pattern
    from known_statements
    cross join lateral unnest(coalesce(known_statements.actions, known_statements.not_actions)) as listed (pattern)
),
pattern_hits as materialized (
    select patterns.pattern, wanted.wanted_id
    from (select distinct statement_patterns.pattern from statement_patterns) as patterns
    join wanted on lower(wanted.probe) like delegation.like_pattern(patterns.pattern)
),
listed_actions as materialized (
    select distinct statement_patterns.statement_id, pattern_hits.wanted_id
    from statement_patterns
    join pattern_hits on pattern_hits.pattern = statement_patterns.pattern
),
matching as materialized (
    select listed_actions.statement_id, listed_actions.wanted_id
    from listed_actions
    join known_statements on known_statements.statement_id = listed_actions.statement_id
    where known_statements.actions is not null
    union all
    select known_statements.statement_id, wanted.wanted_id
    from known_statements
    cross join wanted
    left join listed_actions
        on listed_actions.statement_id = known_statements.statement_id
        and listed_actions.wanted_id = wanted.wanted_id
    where known_statements.not_actions is not null
        and listed_actions.statement_id is null
),
deny_statements as materialized (
    select known_statements.*
    from known_statements
    where known_statements.effect = 'Deny'
        and known_statements.statement_id in (select matching.statement_id from matching)
),

-- 3. Does its Resource cover all that the action can be about?
organization_trails as materialized (
    select organizations.source_name, table_reads.was_read, table_reads.read_error, array_agg(distinct trail.trail_arn) filter (where trail.is_organization_trail) as trail_arns
    from organizations
    join delegation.table_reads on table_reads.source_name = organizations.source_name and table_reads.table_name = 'aws_cloudtrail_trails'
    left join delegation.current_aws_cloudtrail_trails as trail on trail._cq_source_name = organizations.source_name
    group by organizations.source_name, table_reads.was_read, table_reads.read_error
),
fillings (filling) as (
    -- Two that share no character and no length, with letters that no ARN above has: a pattern that matches both asks for none.
    values
        ('{"region": "X", "account": "000000000000", "name": "X"}'::jsonb),
        ('{"region": "ZZZZZZZZ", "account": "111111111111", "name": "ZZZZZZZZ"}'::jsonb)
),
templates as (
    select
        organizations.source_name,
        organizations.partition,
        wanted.wanted_id,
        case
            when template.text <> '{organization_trail}' then template.text
            when not organization_trails.was_read or organization_trails.trail_arns is null then 'arn:{partition}:cloudtrail:{region}:{account}:trail/{name}'
        end as text,
        organization_trails.trail_arns
    from organizations
    cross join wanted
    cross join lateral unnest(wanted.resource_probes) as template (text)
    left join organization_trails on organization_trails.source_name = organizations.source_name
),
probes as materialized (
    -- One row for what one and the same pattern has to match.
    select
        templates.source_name,
        templates.wanted_id,
        array_agg(
            replace(
                replace(
                    replace(replace(templates.text, '{partition}', templates.partition), '{region}', fillings.filling ->> 'region'),
                    '{account}',
                    fillings.filling ->> 'account'
                ),
                '{name}',
                fillings.filling ->> 'name'
            )
        ) as resources
    from templates
    cross join fillings
    where templates.text is not null
    group by templates.source_name, templates.wanted_id, templates.text
    union all
    select templates.source_name, templates.wanted_id, array[trail.trail_arn]
    from templates
    cross join lateral unnest(templates.trail_arns) as trail (trail_arn)
    where templates.text is null
),
covering as materialized (
    select
        deny_statements.statement_id,
        probes.wanted_id,
        bool_and(
            exists (
                select
                from unnest(deny_statements.resources) as listed (pattern)
                where not exists (select from unnest(probes.resources) as probe (resource) where not probe.resource like delegation.like_pattern(listed.pattern))
                    -- All, or an ARN; in an ARN a star crosses a colon only at the end of its part.
                    -- https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
                    and (listed.pattern ~ '^\*+$' or (listed.pattern like 'arn:%' and listed.pattern !~ '^([^:]*:){0,4}[^:]*\*[^:*]'))
            )
        ) as covers_resources
    from matching
    join deny_statements on deny_statements.statement_id = matching.statement_id
    join probes on probes.source_name = deny_statements.source_name and probes.wanted_id = matching.wanted_id
    group by deny_statements.statement_id, probes.wanted_id
),

-- 4. Its conditions: constants of the member, exemptions of principals, the Region where that is the question, and everything else.
conditions as materialized (
    select
        deny_statements.source_name,
        deny_statements.statement_id,
        deny_statements.partition,
        deny_statements.has_variables,
        condition.*,
        case
            when condition.key in ('aws:principalaccount', 'aws:principalorgid', 'aws:principalorgpaths')
                and cardinality(condition.expected) > 0
                and not exists (select from unnest(condition.expected) as value (text) where value.text like '%${%')
                and (
                    condition.operator in ('stringequals', 'stringnotequals', 'stringequalsignorecase', 'stringnotequalsignorecase', 'stringlike', 'stringnotlike')
                    or (condition.operator = 'null' and cardinality(condition.expected) = 1 and lower(condition.expected[1]) in ('true', 'false'))
                ) then 'constant'
            when condition.key in ('aws:principalarn', 'aws:assumedroot')
                and condition.qualifier is null
                and cardinality(condition.expected) > 0
                and condition.operator in ('arnnotequals', 'arnnotlike', 'stringnotequals', 'stringnotequalsignorecase', 'stringnotlike') then 'exemption'
            when condition.key = 'aws:requestedregion'
                and condition.qualifier is null
                and cardinality(condition.expected) > 0
                and condition.operator in ('stringnotequals', 'stringnotequalsignorecase', 'stringnotlike') then 'region'
            else 'other'
        end as kind
    from deny_statements
    cross join lateral delegation.policy_conditions(deny_statements.condition) as condition
),
constants as materialized (
    select
        conditions.source_name,
        conditions.statement_id,
        conditions.key,
        -- Null asks whether the key is missing; these three never are.
        case when conditions.operator = 'null' then lower(conditions.expected[1]) = 'true' else conditions.operator like 'stringnot%' end as is_negated,
        conditions.operator like '%ignorecase' as is_any_case,
        case
            when conditions.operator = 'null' then array['%']
            else (
                select array_agg(
                    case
                        when conditions.operator like '%like' then delegation.like_pattern(value.text)
                        when conditions.operator like '%ignorecase' then delegation.like_literal(lower(value.text))
                        else delegation.like_literal(value.text)
                    end
                )
                from unnest(conditions.expected) as value (text)
            )
        end as patterns
    from conditions
    where conditions.kind = 'constant'
),
exempted as materialized (
    select
        conditions.source_name,
        conditions.statement_id,
        conditions.partition,
        conditions.key,
        value.text as exemption,
        -- The member's own account, whichever it is, becomes any twelve characters.
        regexp_replace(value.text, '\$\{aws:PrincipalAccount\}', repeat(chr(1), 12), 'gi') as plain,
        conditions.operator,
        conditions.operator not like 'string%equals%' as has_wildcards,
        conditions.has_variables
    from conditions
    cross join lateral unnest(conditions.expected) as value (text)
    where conditions.kind = 'exemption'
),
exemption_patterns as materialized (
    select
        exempted.*,
        replace(
            case
                -- ArnNotEquals knows wildcards as ArnNotLike does; StringNotEquals does not.
                when exempted.operator like '%ignorecase' then delegation.like_literal(lower(exempted.plain))
                when not exempted.has_wildcards then delegation.like_literal(exempted.plain)
                else delegation.like_pattern(exempted.plain)
            end,
            chr(1),
            '_'
        ) as pattern
    from exempted
),
principals (service, first_name, second_name) as (
    -- Two names that share no character: a pattern that matches both asks for none.
    values
        ('iam', ':root', ':root'),
        ('iam', ':role/' || repeat('a', 32), ':role/' || repeat('0', 32)),
        ('iam', ':user/' || repeat('a', 32), ':user/' || repeat('0', 32)),
        -- What a user becomes with sts:GetFederationToken, under a name of his choosing.
        ('sts', ':federated-user/' || repeat('a', 32), ':federated-user/' || repeat('0', 32))
),
tried_exemptions as (
    select
        exemption_patterns.source_name,
        exemption_patterns.statement_id,
        exemption_patterns.exemption,
        exemption_patterns.key,
        exemption_patterns.pattern,
        exemption_patterns.plain,
        exemption_patterns.has_variables,
        -- Wider than principals that have a name: a wildcard in it (not in the account, and not where only AWS makes roles), or the
        -- root user of an account, who may do everything there.
        bool_or(
            exemption_patterns.key = 'aws:principalarn'
            and (
                case when exemption_patterns.operator like '%ignorecase' then lower(exemption_patterns.plain) else exemption_patterns.plain end like '%:root'
                or (
                    exemption_patterns.has_wildcards
                    and exemption_patterns.plain ~ '[*?]'
                    and exemption_patterns.plain !~ '^arn:[^:]*:(iam|sts)::[^:/]*:((role|user|federated-user)/[^*?]+|assumed-role/[^*?/]+/.*|role/aws-(reserved|service-role)/.*)$'
                )
            )
        ) as is_wide,
        bool_or(
            'arn:' || exemption_patterns.partition || ':' || principals.service || '::000000000000' || principals.first_name like exemption_patterns.pattern
            and 'arn:' || exemption_patterns.partition || ':' || principals.service || '::000000000000' || principals.second_name like exemption_patterns.pattern
            and 'arn:' || exemption_patterns.partition || ':' || principals.service || '::111111111111' || principals.first_name like exemption_patterns.pattern
            and 'arn:' || exemption_patterns.partition || ':' || principals.service || '::111111111111' || principals.second_name like exemption_patterns.pattern
        ) as covers_everywhere,
        bool_or(
            'arn:' || exemption_patterns.partition || ':' || principals.service || '::000000000000' || principals.first_name like regexp_replace(exemption_patterns.pattern, '[0-9]', '_', 'g')
            and 'arn:' || exemption_patterns.partition || ':' || principals.service || '::000000000000' || principals.second_name like regexp_replace(exemption_patterns.pattern, '[0-9]', '_', 'g')
        ) as may_cover_somewhere
    from exemption_patterns
    cross join principals
    group by
        exemption_patterns.source_name, exemption_patterns.statement_id, exemption_patterns.exemption,
        exemption_patterns.key, exemption_patterns.pattern, exemption_patterns.plain, exemption_patterns.has_variables
),
exemptions as materialized (
    select
        tried_exemptions.*,
        case
            when tried_exemptions.key = 'aws:assumedroot' then
                case when lower(tried_exemptions.exemption) <> 'true' then 'its condition on aws:AssumedRoot is not true alone' end
            when tried_exemptions.plain like '%${%' or (not tried_exemptions.has_variables and tried_exemptions.exemption like '%${%')
                then format('the variable in %s can stand for anybody', tried_exemptions.exemption)
            when tried_exemptions.covers_everywhere then format('%s exempts the root user, all roles or all users', tried_exemptions.exemption)
        end as problem,
        tried_exemptions.key = 'aws:principalarn'
            and not tried_exemptions.covers_everywhere
            and tried_exemptions.may_cover_somewhere
            and tried_exemptions.pattern ~ '[0-9]' as depends_on_account
    from tried_exemptions
),
exemptions_of_statements as (
    select
        exemptions.source_name,
        exemptions.statement_id,
        array_agg(distinct case when exemptions.key = 'aws:assumedroot' then 'aws:AssumedRoot ' else '' end || exemptions.exemption) as exceptions,
        array_agg(distinct exemptions.exemption) filter (where exemptions.is_wide) as wide_exceptions,
        string_agg(distinct exemptions.problem collate "C", '; ') as problem,
        array_agg(distinct exemptions.pattern) filter (where exemptions.depends_on_account) as account_patterns
    from exemptions
    group by exemptions.source_name, exemptions.statement_id
),
let_through as (
    -- A pattern is never within the list: it lets Regions through that AWS adds one day.
    select
        conditions.statement_id,
        'but for ' || string_agg(distinct value.text collate "C", ', ') filter (where not coalesce(settings.allowed_regions ? lower(value.text), false)) || ', which the spec does not allow' as problem
    from conditions
    cross join lateral unnest(conditions.expected) as value (text)
    left join delegation.settings on settings.source_name = conditions.source_name
    where conditions.kind = 'region'
    group by conditions.statement_id
),
constants_of_statements as (
    select
        constants.statement_id,
        jsonb_agg(jsonb_build_object('key', constants.key, 'is_negated', constants.is_negated, 'is_any_case', constants.is_any_case, 'patterns', constants.patterns)) as member_conditions
    from constants
    group by constants.statement_id
),
topics as (
    select distinct wanted.is_about_regions
    from wanted
),
other_conditions as (
    select
        conditions.statement_id,
        topics.is_about_regions,
        string_agg(conditions.shown, ' and ' order by conditions.shown collate "C") as shown
    from conditions
    cross join topics
    where conditions.kind = 'other'
        or (conditions.kind = 'region' and not topics.is_about_regions)
    group by conditions.statement_id, topics.is_about_regions
),
judged_statements as materialized (
    select
        deny_statements.statement_id,
        topics.is_about_regions,
        deny_statements.source_name,
        deny_statements.label,
        deny_statements.resources,
        deny_statements.not_resources,
        deny_statements.not_actions,
        coalesce(exemptions_of_statements.exceptions, '{}') as exceptions,
        coalesce(exemptions_of_statements.wide_exceptions, '{}') as wide_exceptions,
        nullif(concat_ws('; ', 'only when ' || other_conditions.shown, exemptions_of_statements.problem, let_through.problem), '') as condition_problem,
        let_through.statement_id is not null as names_regions,
        exemptions_of_statements.account_patterns,
        constants_of_statements.member_conditions
    from deny_statements
    cross join topics
    left join exemptions_of_statements on exemptions_of_statements.statement_id = deny_statements.statement_id
    left join constants_of_statements on constants_of_statements.statement_id = deny_statements.statement_id
    left join let_through on let_through.statement_id = deny_statements.statement_id and topics.is_about_regions
    left join other_conditions on other_conditions.statement_id = deny_statements.statement_id and other_conditions.is_about_regions = topics.is_about_regions
),
judged_denies as (
    select
        matching.statement_id,
        matching.wanted_id,
        judged_statements.exceptions,
        judged_statements.wide_exceptions,
        judged_statements.account_patterns,
        judged_statements.member_conditions,
        judged_statements.label || case when asides.told <> '' then format(' (%s)', asides.told) else '' end as whole_label,
        nullif(concat_ws(
            '; ',
            case when judged_statements.not_resources is not null then format('not on %s', array_to_string(judged_statements.not_resources, ', ')) end,
            case when judged_statements.not_resources is null and not covering.covers_resources then format('only on %s', array_to_string(judged_statements.resources, ', ')) end,
            judged_statements.condition_problem,
            -- All services but some, wherever they are used, is another guardrail.
            case when wanted.is_about_regions and judged_statements.not_actions is not null and not judged_statements.names_regions
                then format('but for %s, which it lets through in every Region', array_to_string(judged_statements.not_actions, ', ')) end,
            case when wanted.is_about_regions and exists (select from unnest(judged_statements.not_actions) as listed (pattern) where split_part(listed.pattern, ':', 1) ~ '[*?]')
                then format('but for %s, and a wildcard there stands for more than one service', array_to_string(judged_statements.not_actions, ', ')) end
        ), '') as partial_reason,
        -- It may be the organization trail that the statement names.
        wanted.is_about_organization_trail
            and not coalesce(organization_trails.was_read, false)
            and judged_statements.condition_problem is null
            and judged_statements.not_resources is null
            and not covering.covers_resources as is_unsure
    from matching
    join wanted on wanted.wanted_id = matching.wanted_id
    join judged_statements on judged_statements.statement_id = matching.statement_id and judged_statements.is_about_regions = wanted.is_about_regions
    join covering on covering.statement_id = matching.statement_id and covering.wanted_id = matching.wanted_id
    left join organization_trails on organization_trails.source_name = judged_statements.source_name
    cross join lateral (
        select concat_ws(
            '; ',
            case when wanted.is_about_regions and judged_statements.not_actions is not null then format('but for %s', array_to_string(judged_statements.not_actions, ', ')) end,
            case when cardinality(judged_statements.exceptions) > 0 then format('exempt: %s', array_to_string(judged_statements.exceptions, ', ')) end
        ) as told
    ) as asides
)
select
    known_policies.source_name,
    known_policies.policy_id,
    known_policies.policy_name,
    known_policies.label,
    known_policies.text_state,
    known_policies.text_problem,
    wanted.wanted_id,
    wanted.control,
    wanted.action,
    known_statements.statement_id,
    known_statements.statement_index,
    known_statements.statement,
    known_statements.effect,
    known_statements.label,
    judged_denies.whole_label,
    judged_denies.partial_reason,
    coalesce(judged_denies.is_unsure, false),
    coalesce(judged_denies.exceptions, '{}'),
    coalesce(judged_denies.wide_exceptions, '{}'),
    judged_denies.member_conditions,
    judged_denies.account_patterns,
    known_statements.partition
from known_policies
left join (
    matching
    join known_statements on known_statements.statement_id = matching.statement_id
    join wanted on wanted.wanted_id = matching.wanted_id
    left join judged_denies on judged_denies.statement_id = matching.statement_id and judged_denies.wanted_id = matching.wanted_id
) on known_statements.source_name = known_policies.source_name and known_statements.policy_id = known_policies.policy_id
$$;
comment on function delegation.guardrail_statements(text) is
    'What SCPs say of the questions of delegation.guardrail_questions, wherever they are attached: one row per source, policy, statement and action, and one without a statement for a policy that says nothing of them or cannot be judged (text_problem). partial_reason is why a Deny is not whole, wide_exceptions are exemptions without a full name.';

-- views/guardrail_classes.sql
-- "Effectively denied", once for all guardrails: which members SCPs keep from an action, and through which statement.
--
-- Everything that does not depend on the account is worked out before accounts come in: each pattern of an action once, each
-- statement once, each place (a path, or the policies on an account) once. Accounts for which all of that is the same are one
-- class, and only the views of guardrails.sql take a class apart.
-- https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html

create or replace function delegation.guardrail_classes(wanted_control text)
returns table (
    source_name text,
    organization_id text,
    class_id bigint,
    ou_path text,
    control text,
    service_id text,
    action text,
    denial text,
    policy_id text,
    policy_name text,
    statement text,
    attached_to_type text,
    attached_to text,
    attached_to_name text,
    exceptions text[],
    reason text,
    unknown_cause text,
    account_ids text[],
    account_names text[]
)
language sql stable
rows 100000
set search_path = pg_catalog
-- The planner cannot know how many statements a document has, and tables that were just filled have no statistics: it would
-- choose joins that are right for a few rows, and those take minutes for 50,000 accounts. A hash join is never far off.
set enable_nestloop = off
set enable_mergejoin = off
set jit = off
set work_mem = '64MB'
as $$
with wanted as materialized (
    select guardrail_questions.*
    from delegation.guardrail_questions(wanted_control)
),
organizations as materialized (
    select organizations.*
    from delegation.organizations
    where organizations.source_name is not null
),
table_reads as materialized (
    select table_reads.*
    from delegation.table_reads
),
judged as materialized (
    select guardrail_statements.*
    from delegation.guardrail_statements(wanted_control)
),
known_policies as materialized (
    select distinct judged.source_name, judged.policy_id, judged.policy_name, judged.policy_label as label, judged.text_state, judged.text_problem
    from judged
),
judged_denies as materialized (
    select
        row_number() over (order by judged.statement_id, judged.wanted_id) as deny_id,
        judged.*,
        judged.member_conditions is not null or judged.account_patterns is not null as is_conditional
    from judged
    where judged.effect = 'Deny'
),
judged_statements as materialized (
    -- The same for each of its actions.
    select distinct on (judged_denies.statement_id) judged_denies.*
    from judged_denies
    order by judged_denies.statement_id
),
constants as materialized (
    select
        judged_statements.source_name,
        judged_statements.statement_id,
        constant.value ->> 'key' as key,
        (constant.value ->> 'is_negated')::boolean as is_negated,
        (constant.value ->> 'is_any_case')::boolean as is_any_case,
        delegation.text_list(constant.value -> 'patterns') as patterns,
        constant.value ->> 'key' = 'aws:principalaccount'
            and (constant.value ->> 'is_negated')::boolean
            and not jsonb_path_exists(constant.value, '$.patterns[*] ? (!(@ like_regex "^[0-9]{12}$"))') as is_list_of_others
    from judged_statements
    cross join lateral jsonb_array_elements(judged_statements.member_conditions) as constant (value)
),
allowing_policies as materialized (
    select distinct judged.source_name, judged.policy_id, judged.wanted_id
    from judged
    where judged.effect = 'Allow'
    union all
    select known_policies.source_name, known_policies.policy_id, wanted.wanted_id
    from known_policies
    cross join wanted
    where known_policies.text_state = 'full_access'
),

-- 1. What may hang anywhere, because its attachments (or the list of policies) were not read.
attached as materialized (
    select target._cq_source_name as source_name, target.target_id, target.policy_id
    from delegation.current_aws_organizations_policy_targets as target
    left join delegation.current_aws_organizations_policies as policy
        on policy._cq_source_name = target._cq_source_name
        and policy.id = target.policy_id
    -- A policy that is not in the list of policies may be an SCP.
    where policy.type = 'SERVICE_CONTROL_POLICY' or policy.type is null
),
target_reads as materialized (
    select
        reads.source_name,
        reads.scope,
        delegation.read_problem(reads.outcome, reads.table_name, reads.operation, reads.region, reads.scope, reads.error_code, reads.error_message) as problem,
        reads.outcome
    from delegation.reads
    where reads.table_name = 'aws_organizations_policy_targets'
),
unread_attachments as materialized (
    select known_policies.source_name, known_policies.policy_id, known_policies.text_problem, min(target_reads.problem) as problem
    from known_policies
    join target_reads
        on target_reads.source_name = known_policies.source_name
        and target_reads.scope in ('', known_policies.policy_id)
    where target_reads.outcome not in ('ok', 'absent')
    group by known_policies.source_name, known_policies.policy_id, known_policies.text_problem
),
floating as (
    select unread_attachments.source_name, wanted.wanted_id, true as may_allow, true as may_deny, unread_attachments.problem
    from unread_attachments
    cross join wanted
    where unread_attachments.text_problem is not null
    union all
    select unread_attachments.source_name, allowing_policies.wanted_id, true, false, unread_attachments.problem
    from unread_attachments
    join allowing_policies on allowing_policies.source_name = unread_attachments.source_name and allowing_policies.policy_id = unread_attachments.policy_id
    union all
    select unread_attachments.source_name, judged_denies.wanted_id, false, true, unread_attachments.problem
    from unread_attachments
    join judged_denies on judged_denies.source_name = unread_attachments.source_name and judged_denies.policy_id = unread_attachments.policy_id
    where judged_denies.partial_reason is null or judged_denies.is_unsure
    union all
    select organizations.source_name, wanted.wanted_id, true, true, coalesce(table_reads.read_error, table_names.table_name || ' was not read')
    from organizations
    cross join wanted
    cross join (values ('aws_organizations_policies'), ('aws_organizations_policy_targets')) as table_names (table_name)
    left join table_reads
        on table_reads.source_name = organizations.source_name
        and table_reads.table_name = table_names.table_name
    where not coalesce(table_reads.was_read, false)
        and (
            table_names.table_name = 'aws_organizations_policies'
            -- One list of attachments that is missing is told above, with its policy.
            or table_reads.source_name is null
            or not exists (select from target_reads where target_reads.source_name = organizations.source_name and target_reads.scope = '' and target_reads.outcome in ('ok', 'absent'))
        )
),
floating_of_sources as materialized (
    select
        floating.source_name,
        floating.wanted_id,
        bool_or(floating.may_allow) as may_allow,
        bool_or(floating.may_deny) as may_deny,
        min(floating.problem) filter (where floating.may_deny) as deny_problem,
        min(floating.problem) filter (where floating.may_allow) as problem
    from floating
    group by floating.source_name, floating.wanted_id
),

-- 2. Each place once: a path from the root, and a set of policies on accounts themselves.
target_sets as materialized (
    select attached.source_name, attached.target_id, string_agg(distinct attached.policy_id, ',' order by attached.policy_id) as policy_set
    from attached
    group by attached.source_name, attached.target_id
),
members as materialized (
    select
        accounts.source_name,
        accounts.account_id,
        accounts.account_name,
        coalesce(accounts.ou_path, accounts.id_path) as ou_path,
        -- Empty where the place is not known: places are joined on it, and null cannot be hashed.
        coalesce(accounts.id_path, '') as id_path,
        case when accounts.is_management_account then 'yes' when not accounts.is_management_account then 'no' else 'unknown' end as is_management,
        coalesce(target_sets.policy_set, '') as own_set
    from delegation.accounts
    left join target_sets
        on target_sets.source_name = accounts.source_name
        and target_sets.target_id = accounts.account_id
    where accounts.account_state = 'ACTIVE'
        -- Nothing to go through where nothing is asked.
        and exists (select from wanted)
),
places as materialized (
    select row_number() over () as place_id, found.*
    from (
        select distinct members.source_name, 'path' as kind, members.id_path as name
        from members
        union all
        select distinct members.source_name, 'account', members.own_set
        from members
    ) as found
),
unit_names as (
    select unit._cq_source_name as source_name, unit.id, coalesce(unit.ou_path, unit.name) as name
    from delegation.current_aws_organizations_organizational_units as unit
),
place_levels as materialized (
    select
        row_number() over () as level_id,
        found.*
    from (
        select
            places.place_id,
            places.source_name,
            level.ordinality as level,
            case when level.target_id like 'r-%' then 'ROOT' else 'ORGANIZATIONAL_UNIT' end as attached_to_type,
            level.target_id as attached_to,
            case when level.target_id like 'r-%' then '/' else unit_names.name end as attached_to_name,
            level.target_id || case
                when unit_names.name is not null then format(' (%s)', unit_names.name)
                when level.target_id like 'r-%' then ' (the root)'
                else ''
            end as label,
            coalesce(target_sets.policy_set, '') as policy_set
        from places
        join organizations on organizations.source_name = places.source_name
        -- The root is above everybody, also where the rest of the path is not known.
        cross join lateral unnest(string_to_array(coalesce(nullif(places.name, ''), organizations.root_id), '/')) with ordinality as level (target_id, ordinality)
        left join target_sets
            on target_sets.source_name = places.source_name
            and target_sets.target_id = level.target_id
        left join unit_names
            on unit_names.source_name = places.source_name
            and unit_names.id = level.target_id
        where places.kind = 'path'
        union all
        select places.place_id, places.source_name, 99, 'ACCOUNT', null, null, 'the account itself', places.name
        from places
        where places.kind = 'account'
    ) as found
),
level_policies as materialized (
    select place_levels.level_id, place_levels.place_id, place_levels.level, place_levels.source_name, member.policy_id
    from place_levels
    cross join lateral unnest(string_to_array(place_levels.policy_set, ',')) as member (policy_id)
),
level_problems as materialized (
    select level_policies.level_id, min(known_policies.text_problem) as text_problem
    from level_policies
    join known_policies on known_policies.source_name = level_policies.source_name and known_policies.policy_id = level_policies.policy_id
    where known_policies.text_problem is not null
    group by level_policies.level_id
),
place_problems as materialized (
    select
        place_levels.place_id,
        (array_agg(format('%s (attached to %s)', level_problems.text_problem, place_levels.label) order by place_levels.level) filter (where level_problems.text_problem is not null))[1] as text_problem,
        (array_agg(place_levels.label order by place_levels.level) filter (where place_levels.policy_set = ''))[1] as empty_level
    from place_levels
    left join level_problems on level_problems.level_id = place_levels.level_id
    group by place_levels.place_id
),

-- 3. (b) No Allow: the levels at which nothing that is known allows it.
policy_sets as materialized (
    -- AWS keeps one SCP everywhere: none at all is a gap in the reads.
    select row_number() over () as set_id, found.*
    from (
        select distinct place_levels.source_name, place_levels.policy_set
        from place_levels
        where place_levels.policy_set <> ''
    ) as found
),
set_policies as materialized (
    select policy_sets.set_id, policy_sets.source_name, member.policy_id
    from policy_sets
    cross join lateral unnest(string_to_array(policy_sets.policy_set, ',')) as member (policy_id)
),
allowed_sets as materialized (
    select set_policies.set_id, allowing_policies.wanted_id
    from set_policies
    join allowing_policies on allowing_policies.source_name = set_policies.source_name and allowing_policies.policy_id = set_policies.policy_id
),
closed_sets as materialized (
    select policy_sets.source_name, policy_sets.policy_set, wanted.wanted_id
    from policy_sets
    cross join wanted
    left join allowed_sets on allowed_sets.set_id = policy_sets.set_id and allowed_sets.wanted_id = wanted.wanted_id
    where allowed_sets.set_id is null
        -- A level that allows some services allows them in every Region.
        and not wanted.is_about_regions
),
closed_places as materialized (
    select
        place_levels.place_id,
        closed_sets.wanted_id,
        -- The highest level at which nothing that was not read could allow it either.
        min(array[place_levels.level, place_levels.level_id]) filter (
            where level_problems.level_id is null and not coalesce(floating_of_sources.may_allow, false)
        ) as closed
    from place_levels
    join closed_sets on closed_sets.source_name = place_levels.source_name and closed_sets.policy_set = place_levels.policy_set
    left join level_problems on level_problems.level_id = place_levels.level_id
    left join floating_of_sources on floating_of_sources.source_name = place_levels.source_name and floating_of_sources.wanted_id = closed_sets.wanted_id
    group by place_levels.place_id, closed_sets.wanted_id
),

-- 4. Statements that ask who the member is, for the accounts below them. Only those that they do not bind are kept.
place_questions as materialized (
    select distinct level_policies.place_id, judged_statements.statement_id
    from level_policies
    join judged_statements on judged_statements.source_name = level_policies.source_name and judged_statements.policy_id = level_policies.policy_id
    where judged_statements.is_conditional
),
placed_members as materialized (
    select
        row_number() over () as member_id,
        members.*,
        paths.place_id as path_place,
        own.place_id as own_place
    from members
    join places as paths on paths.kind = 'path' and paths.source_name = members.source_name and paths.name = members.id_path
    join places as own on own.kind = 'account' and own.source_name = members.source_name and own.name = members.own_set
),
member_places as (
    select placed_members.member_id, placed_members.path_place as place_id
    from placed_members
    union all
    select placed_members.member_id, placed_members.own_place
    from placed_members
),
account_patterns as materialized (
    select
        judged_statements.statement_id,
        judged_statements.source_name,
        judged_statements.partition,
        listed.pattern,
        substring(listed.pattern from '^arn:[^:]*:(?:iam|sts)::([0-9]{12}):') as account_id
    from judged_statements
    cross join lateral unnest(judged_statements.account_patterns) as listed (pattern)
),
-- Most of them name accounts by their IDs: those are looked up, and not tried on every account.
named_accounts as materialized (
    select constants.statement_id, constants.source_name, listed.account_id
    from constants
    cross join lateral unnest(constants.patterns) as listed (account_id)
    where constants.is_list_of_others
    union
    select account_patterns.statement_id, account_patterns.source_name, account_patterns.account_id
    from account_patterns
    where account_patterns.account_id is not null
),
named_members as materialized (
    select distinct placed_members.member_id, named_accounts.statement_id
    from named_accounts
    join placed_members on placed_members.source_name = named_accounts.source_name and placed_members.account_id = named_accounts.account_id
    join place_questions on place_questions.statement_id = named_accounts.statement_id
    where place_questions.place_id in (placed_members.path_place, placed_members.own_place)
),
asked_members as materialized (
    select distinct member_places.member_id, place_questions.statement_id
    from member_places
    join place_questions on place_questions.place_id = member_places.place_id
    where place_questions.statement_id in (select constants.statement_id from constants where not constants.is_list_of_others)
        or place_questions.statement_id in (select account_patterns.statement_id from account_patterns where account_patterns.account_id is null)
),
tested_constants as (
    select
        asked_members.member_id,
        asked_members.statement_id,
        tested.holds
    from asked_members
    join constants on constants.statement_id = asked_members.statement_id and not constants.is_list_of_others
    join placed_members on placed_members.member_id = asked_members.member_id
    join organizations on organizations.source_name = placed_members.source_name
    cross join lateral (
        select case constants.key
            when 'aws:principalaccount' then placed_members.account_id
            when 'aws:principalorgid' then organizations.organization_id
            else organizations.organization_id || '/' || nullif(placed_members.id_path, '') || '/'
        end as value
    ) as actual
    cross join lateral (
        select (case when constants.is_any_case then lower(actual.value) else actual.value end like any (constants.patterns)) <> constants.is_negated as holds
    ) as tested
    where tested.holds is not true
    union all
    select named_members.member_id, named_members.statement_id, false
    from named_members
    join placed_members on placed_members.member_id = named_members.member_id
    join constants on constants.statement_id = named_members.statement_id and constants.is_list_of_others
    where placed_members.account_id = any (constants.patterns)
),
broken_constants as materialized (
    select tested_constants.member_id, tested_constants.statement_id, bool_or(tested_constants.holds is false) as is_void
    from tested_constants
    group by tested_constants.member_id, tested_constants.statement_id
),
pattern_members as (
    select account_patterns.*, placed_members.member_id, placed_members.account_id as member_account_id
    from named_members
    join placed_members on placed_members.member_id = named_members.member_id
    join account_patterns on account_patterns.statement_id = named_members.statement_id and account_patterns.account_id = placed_members.account_id
    union all
    select account_patterns.*, placed_members.member_id, placed_members.account_id
    from account_patterns
    join asked_members on asked_members.statement_id = account_patterns.statement_id
    join placed_members on placed_members.member_id = asked_members.member_id
    where account_patterns.account_id is null
),
exempt_members as materialized (
    select distinct pattern_members.member_id, pattern_members.statement_id
    from pattern_members
    cross join lateral (select 'arn:' || pattern_members.partition || ':iam::' || pattern_members.member_account_id as arn) as member
    where member.arn || ':root' like pattern_members.pattern
        or (
            member.arn || ':role/' || repeat('a', 32) like pattern_members.pattern
            and member.arn || ':role/' || repeat('0', 32) like pattern_members.pattern
        )
        or (
            member.arn || ':user/' || repeat('a', 32) like pattern_members.pattern
            and member.arn || ':user/' || repeat('0', 32) like pattern_members.pattern
        )
        or (
            replace(member.arn, ':iam:', ':sts:') || ':federated-user/' || repeat('a', 32) like pattern_members.pattern
            and replace(member.arn, ':iam:', ':sts:') || ':federated-user/' || repeat('0', 32) like pattern_members.pattern
        )
),
unbound_members as materialized (
    select
        coalesce(broken_constants.member_id, exempt_members.member_id) as member_id,
        coalesce(broken_constants.statement_id, exempt_members.statement_id) as statement_id,
        case when broken_constants.is_void then 'void' when exempt_members.member_id is not null then 'exempt' else 'open' end as answer
    from broken_constants
    full join exempt_members
        on exempt_members.member_id = broken_constants.member_id
        and exempt_members.statement_id = broken_constants.statement_id
),
answers_of_members as (
    select unbound_members.member_id, string_agg(unbound_members.statement_id || ':' || unbound_members.answer, ',' order by unbound_members.statement_id) as answers
    from unbound_members
    group by unbound_members.member_id
),

-- 5. Each class of accounts once.
classes as materialized (
    select row_number() over () as class_id, found.*
    from (
        select
            placed_members.source_name,
            placed_members.ou_path,
            placed_members.id_path,
            placed_members.is_management,
            placed_members.path_place,
            placed_members.own_place,
            coalesce(answers_of_members.answers, '') as answers,
            array_agg(placed_members.account_id order by placed_members.account_id collate "C") as account_ids,
            array_agg(placed_members.account_name order by placed_members.account_id collate "C") as account_names
        from placed_members
        left join answers_of_members on answers_of_members.member_id = placed_members.member_id
        group by
            placed_members.source_name, placed_members.ou_path, placed_members.id_path, placed_members.is_management,
            placed_members.path_place, placed_members.own_place, coalesce(answers_of_members.answers, '')
    ) as found
),

-- 6. (a) A Deny: each place once more for each way in which its statements answer.
variants as materialized (
    select row_number() over () as variant_id, found.*
    from (
        select classes.path_place as place_id, classes.answers
        from classes
        union
        select classes.own_place, classes.answers
        from classes
    ) as found
),
variant_answers as materialized (
    select variants.variant_id, split_part(answered.pair, ':', 1)::bigint as statement_id, split_part(answered.pair, ':', 2) as answer
    from variants
    cross join lateral unnest(string_to_array(variants.answers, ',')) as answered (pair)
),
judged_variants as materialized (
    select
        variants.variant_id,
        judged_denies.wanted_id,
        -- Arrays are compared from the left: the Deny with the fewest exceptions, then the highest.
        min(array[cardinality(judged_denies.exceptions), place_levels.level, judged_denies.deny_id, place_levels.level_id]) filter (where judged.verdict = 'whole') as whole,
        min(array[place_levels.level, judged_denies.deny_id, place_levels.level_id]) filter (where judged.verdict = 'partial') as partial,
        min(judged_denies.label) filter (where judged.verdict = 'open') as open_label,
        bool_or(judged.verdict = 'unsure') as is_unsure,
        string_agg(judged.said || ' (attached to ' || place_levels.label || ')', '; ' order by place_levels.level, judged_denies.deny_id) as said
    from variants
    join level_policies on level_policies.place_id = variants.place_id
    join place_levels on place_levels.level_id = level_policies.level_id
    join judged_denies on judged_denies.source_name = level_policies.source_name and judged_denies.policy_id = level_policies.policy_id
    left join variant_answers on variant_answers.variant_id = variants.variant_id and variant_answers.statement_id = judged_denies.statement_id
    cross join lateral (
        select
            case
                when variant_answers.answer = 'void' then 'void'
                when variant_answers.answer is null and judged_denies.is_unsure then 'unsure'
                when variant_answers.answer = 'exempt' or judged_denies.partial_reason is not null then 'partial'
                when variant_answers.answer = 'open' then 'open'
                else 'whole'
            end as verdict,
            case
                when variant_answers.answer = 'void' then format('%s does not bind this account: its condition is never true here', judged_denies.label)
                when variant_answers.answer = 'exempt' then format('%s does not bind this account: it exempts the root user, all roles or all users here', judged_denies.label)
                when judged_denies.partial_reason is not null then format('%s denies it %s', judged_denies.label, judged_denies.partial_reason)
            end as said
    ) as judged
    group by variants.variant_id, judged_denies.wanted_id
),

-- 7. Each class and action once. What does not depend on the action comes first.
placed_classes as materialized (
    select
        classes.class_id,
        classes.source_name,
        classes.ou_path,
        classes.id_path,
        classes.is_management,
        classes.path_place,
        classes.own_place,
        organizations.organization_id,
        organizations.service_control_policy_status,
        coalesce(organizations.read_error, 'aws_organizations was not read') as organization_error,
        coalesce(organizations.unknown_cause, 'unread') as organization_cause,
        coalesce(roots.read_error, 'aws_organizations_roots was not read') as roots_error,
        coalesce(roots.unknown_cause, 'unread') as roots_cause,
        coalesce(trails.read_error, 'aws_cloudtrail_trails was not read') as trails_error,
        coalesce(trails.unknown_cause, 'unread') as trails_cause,
        paths.variant_id as path_variant,
        own.variant_id as own_variant,
        coalesce(path_problems.text_problem, own_problems.text_problem) as text_problem,
        coalesce(path_problems.empty_level, own_problems.empty_level) as empty_level
    from classes
    join organizations on organizations.source_name = classes.source_name
    join variants as paths on paths.place_id = classes.path_place and paths.answers = classes.answers
    join variants as own on own.place_id = classes.own_place and own.answers = classes.answers
    left join place_problems as path_problems on path_problems.place_id = classes.path_place
    left join place_problems as own_problems on own_problems.place_id = classes.own_place
    left join table_reads as roots on roots.source_name = classes.source_name and roots.table_name = 'aws_organizations_roots'
    left join table_reads as trails on trails.source_name = classes.source_name and trails.table_name = 'aws_cloudtrail_trails'
),
asked_questions as materialized (
    select
        organizations.source_name,
        wanted.*,
        floating_of_sources.may_allow,
        floating_of_sources.may_deny,
        'where policies are attached is not fully known: ' || floating_of_sources.deny_problem as deny_problem,
        'where policies are attached is not fully known: ' || floating_of_sources.problem as allow_problem
    from organizations
    cross join wanted
    left join floating_of_sources on floating_of_sources.source_name = organizations.source_name and floating_of_sources.wanted_id = wanted.wanted_id
),
facts as (
    select
        placed_classes.*,
        asked_questions.control,
        asked_questions.service_id,
        asked_questions.action,
        asked_questions.label as wanted_label,
        -- A level that does not allow it leaves nobody out, so it tells more than a Deny with exceptions.
        case when chosen.closed is null or chosen.whole[1] = 0 then chosen.whole end as whole,
        case when chosen.whole is null or chosen.whole[1] > 0 then chosen.closed end as closed,
        chosen.partial,
        nullif(concat_ws('; ', path_denies.said, own_denies.said), '') as said,
        case
            when placed_classes.text_problem is not null then placed_classes.text_problem
            when asked_questions.may_deny then asked_questions.deny_problem
            when coalesce(path_denies.open_label, own_denies.open_label) is not null
                then format('whether %s binds this account is not known', coalesce(path_denies.open_label, own_denies.open_label))
            when placed_classes.id_path = '' then 'the place of the account in the organization is not known'
            when placed_classes.empty_level is not null
                then format('no SCP was read on %s, and AWS always keeps one there', placed_classes.empty_level)
            when coalesce(path_closed.wanted_id, own_closed.wanted_id) is not null and asked_questions.may_allow
                then asked_questions.allow_problem
        end as gap,
        case
            when path_denies.is_unsure or own_denies.is_unsure then 'which trail is the organization''s is not known: ' || placed_classes.trails_error
        end as trails_gap
    from placed_classes
    join asked_questions on asked_questions.source_name = placed_classes.source_name
    left join judged_variants as path_denies on path_denies.variant_id = placed_classes.path_variant and path_denies.wanted_id = asked_questions.wanted_id
    left join judged_variants as own_denies on own_denies.variant_id = placed_classes.own_variant and own_denies.wanted_id = asked_questions.wanted_id
    left join closed_places as path_closed on path_closed.place_id = placed_classes.path_place and path_closed.wanted_id = asked_questions.wanted_id
    left join closed_places as own_closed on own_closed.place_id = placed_classes.own_place and own_closed.wanted_id = asked_questions.wanted_id
    cross join lateral (
        select
            least(path_denies.whole, own_denies.whole) as whole,
            least(path_closed.closed, own_closed.closed) as closed,
            least(path_denies.partial, own_denies.partial) as partial
    ) as chosen
),
verdicts as (
    select
        facts.*,
        case
            when facts.is_management = 'yes' then 'not_applicable'
            when facts.is_management = 'unknown' or facts.service_control_policy_status is null then 'unknown'
            when facts.service_control_policy_status <> 'ENABLED' then 'none'
            when facts.whole is not null or facts.closed is not null then 'whole'
            when coalesce(facts.gap, facts.trails_gap) is not null then 'unknown'
            when facts.partial is not null then 'partial'
            else 'none'
        end as denial
    from facts
),
gap_causes as (
    -- What nobody wanted to be read is not missing.
    select table_reads.source_name, case when bool_and(table_reads.unknown_cause = 'not_configured') then 'not_configured' end as unknown_cause
    from table_reads
    where table_reads.table_name in ('aws_organizations_policies', 'aws_organizations_policy_targets')
        and not table_reads.was_read
    group by table_reads.source_name
),
named as (
    select
        verdicts.*,
        case when verdicts.denial = 'whole' then verdicts.whole[3] when verdicts.denial = 'partial' then verdicts.partial[2] end as deny_id,
        case
            when verdicts.denial = 'whole' then coalesce(verdicts.whole[4], verdicts.closed[2])
            when verdicts.denial = 'partial' then verdicts.partial[3]
        end as level_id
    from verdicts
)
select
    named.source_name,
    named.organization_id,
    named.class_id,
    named.ou_path,
    named.control,
    named.service_id,
    named.action,
    named.denial,
    judged_denies.policy_id,
    judged_denies.policy_name,
    judged_denies.statement,
    place_levels.attached_to_type,
    place_levels.attached_to,
    place_levels.attached_to_name,
    coalesce(judged_denies.exceptions, '{}') as exceptions,
    case
        when named.is_management = 'yes' then 'it is the management account, and SCPs never bind it'
        when named.is_management = 'unknown' then format('whether this is the management account is not known: %s', named.organization_error)
        when named.service_control_policy_status is null then format('whether SCPs are enabled at the root is not known: %s', named.roots_error)
        when named.service_control_policy_status <> 'ENABLED'
            then format('SCPs are %s at the root, so nothing denies %s; enable the policy type SERVICE_CONTROL_POLICY', named.service_control_policy_status, named.wanted_label)
        when named.whole is not null then format('%s is denied by %s, attached to %s', named.wanted_label, judged_denies.whole_label, place_levels.label)
        when named.closed is not null then format('no SCP on %s allows %s', place_levels.label, named.wanted_label)
        when named.denial = 'unknown' then format('whether %s is denied is not known: %s', named.wanted_label, coalesce(named.gap, named.trails_gap))
        else format(
            '%s is %s: %s; attach an SCP that denies it on * to the root or to its OU',
            named.wanted_label,
            case named.denial when 'partial' then 'denied in part only' else 'not denied' end,
            coalesce(named.said, 'no SCP on its path denies it')
        )
    end as reason,
    case
        when named.denial <> 'unknown' then null
        when named.is_management = 'unknown' then named.organization_cause
        when named.service_control_policy_status is null then named.roots_cause
        when named.gap is not null then coalesce(gap_causes.unknown_cause, 'unread')
        else named.trails_cause
    end as unknown_cause,
    classes.account_ids,
    classes.account_names
from named
join classes on classes.class_id = named.class_id
left join gap_causes on gap_causes.source_name = named.source_name
left join judged_denies on judged_denies.deny_id = named.deny_id
left join place_levels on place_levels.level_id = named.level_id
$$;
comment on function delegation.guardrail_classes(text) is
    'What delegation.guardrails tells, once for all accounts for which it is the same (account_ids, and account_names in the same order): for the questions of delegation.guardrail_questions. attached_to is null for the account itself.';

-- views/guardrails.sql
-- The classes of guardrail_classes.sql taken apart by account, and put together by control.

-- No settings of its own, so that PostgreSQL puts it into the query that asks, and a filter on accounts is not applied at the end.
create or replace function delegation.guardrail_verdicts(wanted_control text)
returns table (
    source_name text,
    organization_id text,
    account_id text,
    account_name text,
    ou_path text,
    control text,
    service_id text,
    action text,
    denial text,
    policy_id text,
    policy_name text,
    statement text,
    attached_to_type text,
    attached_to text,
    attached_to_name text,
    exceptions text[],
    reason text,
    unknown_cause text
)
language sql stable
rows 1000000
as $$
select
    class.source_name,
    class.organization_id,
    member.account_id,
    member.account_name,
    class.ou_path,
    class.control,
    class.service_id,
    class.action,
    class.denial,
    class.policy_id,
    class.policy_name,
    class.statement,
    class.attached_to_type,
    case class.attached_to_type when 'ACCOUNT' then member.account_id else class.attached_to end,
    case class.attached_to_type when 'ACCOUNT' then member.account_name else class.attached_to_name end,
    class.exceptions,
    class.reason,
    class.unknown_cause
from delegation.guardrail_classes(wanted_control) as class
cross join lateral unnest(class.account_ids, class.account_names) as member (account_id, account_name)
$$;
comment on function delegation.guardrail_verdicts(text) is
    'The rows of delegation.guardrails for one control, or for all with null. One control is a fraction of the work.';

create or replace view delegation.guardrails as
select
    verdict.source_name,
    verdict.organization_id,
    verdict.account_id,
    verdict.account_name,
    verdict.ou_path,
    verdict.control,
    verdict.service_id,
    verdict.action,
    verdict.denial,
    verdict.policy_id,
    verdict.policy_name,
    verdict.statement,
    verdict.attached_to_type,
    verdict.attached_to,
    verdict.attached_to_name,
    verdict.exceptions,
    verdict.reason,
    verdict.unknown_cause
from delegation.guardrail_verdicts(null) as verdict;
comment on view delegation.guardrails is 'Which ACTIVE account is kept from which action by SCPs: one row per source, account, control and action.';
comment on column delegation.guardrails.source_name is 'Name of the source in its spec.';
comment on column delegation.guardrails.organization_id is 'ID of the organization; null where it was not read.';
comment on column delegation.guardrails.account_id is 'Account ID.';
comment on column delegation.guardrails.account_name is 'Name of the account.';
comment on column delegation.guardrails.ou_path is 'Path by names, / directly at the root; by IDs where names were not read.';
comment on column delegation.guardrails.control is 'What the guardrail protects.';
comment on column delegation.guardrails.service_id is 'ID of the service in the catalogue; null where the control is no service.';
comment on column delegation.guardrails.action is 'IAM action.';
comment on column delegation.guardrails.denial is
    'whole (nobody but the exceptions may do it), partial (some Deny exists, but not for every resource, principal or request), none, unknown, or not_applicable for the management account.';
comment on column delegation.guardrails.policy_id is 'ID of the SCP with the Deny, where denial is whole or partial; null where it is whole because a level does not allow the action.';
comment on column delegation.guardrails.policy_name is 'Name of that SCP.';
comment on column delegation.guardrails.statement is 'Sid of the statement in it, or its number from 1.';
comment on column delegation.guardrails.attached_to_type is 'ROOT, ORGANIZATIONAL_UNIT or ACCOUNT: where that SCP is attached, or the level that does not allow the action.';
comment on column delegation.guardrails.attached_to is 'ID of that root, organizational unit or account.';
comment on column delegation.guardrails.attached_to_name is 'Its path by names, or the name of the account.';
comment on column delegation.guardrails.exceptions is 'What the Deny exempts, of several whole ones the one with the fewest; never null.';
comment on column delegation.guardrails.reason is 'Why, naming policy and statement, and what to do.';
comment on column delegation.guardrails.unknown_cause is 'unread or not_configured; null where denial is not unknown.';

create or replace view delegation.live_class_guardrails as
select
    controls.source_name,
    controls.organization_id,
    controls.class_id,
    controls.ou_path,
    controls.control,
    controls.service_id,
    (array['none', 'partial', 'unknown', 'whole', 'not_applicable'])[controls.worst] as denial,
    controls.actions_total,
    controls.actions_denied,
    controls.actions_not_denied,
    controls.actions_unknown,
    controls.reason,
    controls.unknown_cause,
    controls.account_ids,
    controls.account_names
from (
    select
        class.source_name,
        class.organization_id,
        class.class_id,
        class.ou_path,
        class.control,
        class.service_id,
        -- A found fault beats a missing read.
        min(ranked.rank) as worst,
        (array_agg(class.reason order by ranked.rank, class.action collate "C"))[1] as reason,
        (array_agg(class.unknown_cause order by ranked.rank, class.action collate "C"))[1] as unknown_cause,
        count(*) as actions_total,
        count(*) filter (where class.denial = 'whole') as actions_denied,
        coalesce(array_agg(class.action order by class.action collate "C") filter (where class.denial in ('none', 'partial')), '{}') as actions_not_denied,
        coalesce(array_agg(class.action order by class.action collate "C") filter (where class.denial = 'unknown'), '{}') as actions_unknown,
        -- The same in each row of a class.
        min(class.account_ids) as account_ids,
        min(class.account_names) as account_names
    from delegation.guardrail_classes('*') as class
    cross join lateral (select array_position(array['none', 'partial', 'unknown', 'whole', 'not_applicable'], class.denial) as rank) as ranked
    where class.control <> 'allowed_regions'
        or class.source_name in (select settings.source_name from delegation.settings where settings.has_allowed_regions)
    group by class.source_name, class.organization_id, class.class_id, class.ou_path, class.control, class.service_id
) as controls;

-- The settings are for tables that were just filled: without statistics the planner takes 50,000 accounts for one.
create or replace function delegation.noted_class_guardrails() returns setof delegation.live_class_guardrails
language plpgsql stable
set jit = off
set enable_nestloop = off
set enable_mergejoin = off
as $$
begin
    if pg_catalog.to_regclass('pg_temp.aws_delegation_class_guardrails') is not null then
        return query execute 'select kept.* from pg_temp.aws_delegation_class_guardrails as kept';
    else
        return query select live.* from delegation.live_class_guardrails as live;
    end if;
end
$$;
comment on function delegation.noted_class_guardrails() is 'The rows of delegation.class_guardrails: as noted in this run of rules, otherwise worked out.';

create or replace view delegation.class_guardrails as
select noted.*
from delegation.noted_class_guardrails() as noted;
comment on view delegation.class_guardrails is
    'delegation.account_guardrails once for all accounts for which it is the same, and with control allowed_regions whether they can use the allowed Regions only, where the spec names some.';
comment on column delegation.class_guardrails.source_name is 'Name of the source in its spec.';
comment on column delegation.class_guardrails.organization_id is 'ID of the organization; null where it was not read.';
comment on column delegation.class_guardrails.class_id is 'Number of the class, of this query alone.';
comment on column delegation.class_guardrails.ou_path is 'Path by names, / directly at the root; by IDs where names were not read.';
comment on column delegation.class_guardrails.control is 'What the guardrail protects.';
comment on column delegation.class_guardrails.service_id is 'ID of the service in the catalogue; null where the control is no service.';
comment on column delegation.class_guardrails.denial is 'The worst of its actions: none, partial, unknown, whole, or not_applicable for the management account.';
comment on column delegation.class_guardrails.actions_total is 'How many actions the control has.';
comment on column delegation.class_guardrails.actions_denied is 'How many of them are denied whole.';
comment on column delegation.class_guardrails.actions_not_denied is 'The actions that are denied in part or not at all; never null.';
comment on column delegation.class_guardrails.actions_unknown is 'The actions of which it is not known; never null.';
comment on column delegation.class_guardrails.reason is 'The reason of the worst action.';
comment on column delegation.class_guardrails.unknown_cause is 'unread or not_configured, of that action; null where it is not unknown.';
comment on column delegation.class_guardrails.account_ids is 'The ACTIVE accounts of the class.';
comment on column delegation.class_guardrails.account_names is 'Their names, in the same order.';

create or replace view delegation.account_guardrails as
select
    controls.source_name,
    controls.organization_id,
    member.account_id,
    member.account_name,
    controls.ou_path,
    controls.control,
    controls.service_id,
    controls.denial,
    controls.actions_total,
    controls.actions_denied,
    controls.actions_not_denied,
    controls.actions_unknown,
    controls.reason,
    controls.unknown_cause
from delegation.class_guardrails as controls
cross join lateral unnest(controls.account_ids, controls.account_names) as member (account_id, account_name)
where controls.control <> 'allowed_regions';
comment on view delegation.account_guardrails is 'delegation.guardrails in short: one row per source, ACTIVE account and control.';
comment on column delegation.account_guardrails.source_name is 'Name of the source in its spec.';
comment on column delegation.account_guardrails.organization_id is 'ID of the organization; null where it was not read.';
comment on column delegation.account_guardrails.account_id is 'Account ID.';
comment on column delegation.account_guardrails.account_name is 'Name of the account.';
comment on column delegation.account_guardrails.ou_path is 'Path by names, / directly at the root; by IDs where names were not read.';
comment on column delegation.account_guardrails.control is 'What the guardrail protects.';
comment on column delegation.account_guardrails.service_id is 'ID of the service in the catalogue; null where the control is no service.';
comment on column delegation.account_guardrails.denial is 'The worst of its actions: none, partial, unknown, whole, or not_applicable for the management account.';
comment on column delegation.account_guardrails.actions_total is 'How many actions the control has.';
comment on column delegation.account_guardrails.actions_denied is 'How many of them are denied whole.';
comment on column delegation.account_guardrails.actions_not_denied is 'The actions that are denied in part or not at all; never null.';
comment on column delegation.account_guardrails.actions_unknown is 'The actions of which it is not known; never null.';
comment on column delegation.account_guardrails.reason is 'The reason of the worst action.';
comment on column delegation.account_guardrails.unknown_cause is 'unread or not_configured, of that action; null where it is not unknown.';

-- views/service_linked_roles.sql
create or replace view delegation.service_linked_roles as
with organizations as materialized (
    select organizations.source_name, organizations.organization_id, organizations.management_account_id, organizations.unknown_cause, organizations.read_error
    from delegation.organizations
    -- An account that stands alone has no management account whose roles could be missing.
    where not organizations.is_absent
),
table_reads as materialized (
    select table_reads.source_name, table_reads.was_read, table_reads.unknown_cause, table_reads.read_error
    from delegation.table_reads
    where table_reads.table_name = 'aws_iam_service_linked_roles'
),
asking_accounts as (
    select recorded._cq_source_name as source_name, min(recorded.account_id) as account_id, array_agg(recorded.account_id) as account_ids
    from delegation.current_aws_delegation_reads as recorded
    where recorded.table_name = 'aws_iam_service_linked_roles'
    group by recorded._cq_source_name
),
roles_read as (
    select
        organizations.source_name,
        organizations.organization_id,
        organizations.management_account_id,
        -- The roles of another account say nothing of those of the management account.
        coalesce(table_reads.was_read and organizations.management_account_id = any (asking_accounts.account_ids), false) as was_read,
        case
            when not coalesce(table_reads.was_read, false) then coalesce(table_reads.unknown_cause, 'unread')
            when organizations.management_account_id is null then coalesce(organizations.unknown_cause, 'unread')
            when not coalesce(organizations.management_account_id = any (asking_accounts.account_ids), false) then 'not_observable'
        end as unknown_cause,
        case
            when not coalesce(table_reads.was_read, false) then coalesce(table_reads.read_error, 'aws_iam_service_linked_roles has no read recorded; sync again with this version')
            when organizations.management_account_id is null then 'the management account is not known: ' || coalesce(organizations.read_error, 'aws_organizations was not read')
            when not coalesce(organizations.management_account_id = any (asking_accounts.account_ids), false)
                then format(
                    'iam:ListRoles was asked by %s and shows the roles of the account that asks; sync with credentials of the management account %s',
                    coalesce(asking_accounts.account_id, 'an account that is not recorded'),
                    organizations.management_account_id
                )
        end as read_error
    from organizations
    left join table_reads on table_reads.source_name = organizations.source_name
    left join asking_accounts on asking_accounts.source_name = organizations.source_name
)
select
    catalogue._cq_source_name as source_name,
    roles_read.organization_id,
    roles_read.management_account_id,
    catalogue.service_id,
    catalogue.name as service_name,
    expected.role_name,
    case when roles_read.was_read then role.arn is not null end as is_present,
    roles_read.was_read,
    roles_read.unknown_cause,
    roles_read.read_error,
    case when roles_read.was_read then role.arn end as arn,
    case when roles_read.was_read then role.create_date end as create_date
from delegation.current_aws_delegation_services as catalogue
cross join lateral jsonb_array_elements_text(delegation.as_list(catalogue.service_linked_roles)) as expected (role_name)
join roles_read on roles_read.source_name = catalogue._cq_source_name
left join delegation.current_aws_iam_service_linked_roles as role
    on role._cq_source_name = catalogue._cq_source_name
    and role.account_id = roles_read.management_account_id
    and role.role_name = expected.role_name;
comment on view delegation.service_linked_roles is 'Roles that a service needs in the management account and that Organizations alone does not make: one row per source, service and role.';
comment on column delegation.service_linked_roles.source_name is 'Name of the source in its spec.';
comment on column delegation.service_linked_roles.organization_id is 'ID of the organization; null where it was not read.';
comment on column delegation.service_linked_roles.management_account_id is 'ID of the management account; null where the organization was not read.';
comment on column delegation.service_linked_roles.service_id is 'ID of the service in the catalogue.';
comment on column delegation.service_linked_roles.service_name is 'Name of the service.';
comment on column delegation.service_linked_roles.role_name is 'Name of the role, such as AWSServiceRoleForCloudTrail.';
comment on column delegation.service_linked_roles.is_present is 'True where the management account has the role; null where its roles were not read.';
comment on column delegation.service_linked_roles.was_read is 'True where all service-linked roles of the management account were read; never null.';
comment on column delegation.service_linked_roles.unknown_cause is 'unread, not_configured (the spec left the table out) or not_observable (another account asked); null where it was read.';
comment on column delegation.service_linked_roles.read_error is 'What is missing and what to do; null where it was read.';
comment on column delegation.service_linked_roles.arn is 'ARN of the role; null where there is none, or where it was not read.';
comment on column delegation.service_linked_roles.create_date is 'When the role was made, in UTC.';

-- views/organization_configurations.sql
-- What only the administrators of a service can show: how its members are enrolled, its aggregators and its analyzers.

-- Where each of them has to be asked.
create or replace view delegation.delegate_places as
with asked_tables (service_id, table_name, principal, is_management_asked) as (
    values
        -- These name their administrators themselves, Region by Region.
        ('guardduty', 'aws_guardduty_organization_configurations', null, false),
        ('security-hub-cspm', 'aws_securityhub_organization_configurations', null, false),
        ('macie', 'aws_macie2_organization_configurations', null, false),
        ('inspector', 'aws_inspector2_organization_configurations', null, false),
        ('detective', 'aws_detective_organization_configurations', null, false),
        -- Of these Organizations alone knows them, for all Regions.
        ('security-lake', 'aws_securitylake_organization_configurations', 'securitylake.amazonaws.com', false),
        ('config', 'aws_config_configuration_aggregators', 'config.amazonaws.com', true),
        ('access-analyzer', 'aws_accessanalyzer_analyzers', 'access-analyzer.amazonaws.com', true)
),
organizations as materialized (
    select organizations.source_name, organizations.organization_id, organizations.management_account_id
    from delegation.organizations
    where organizations.was_read
        and not organizations.is_absent
),
services as materialized (
    select
        organizations.source_name,
        organizations.organization_id,
        organizations.management_account_id,
        services.service_id,
        services.service_name,
        services.group_id,
        services.service_regions,
        asked_tables.table_name,
        asked_tables.principal,
        asked_tables.is_management_asked,
        coalesce(account_read.was_read, false) as were_accounts_read,
        coalesce(region_read.was_read, false) as were_regions_read,
        coalesce(region_read.unknown_cause, 'unread') as regions_cause,
        coalesce(region_read.read_error, 'aws_ec2_regions was not read') as regions_error
    from asked_tables
    join delegation.services on services.service_id = asked_tables.service_id
    join organizations on organizations.source_name = services.source_name
    left join delegation.table_reads as account_read
        on account_read.source_name = services.source_name
        and account_read.table_name = 'aws_organizations_accounts'
    left join delegation.table_reads as region_read
        on region_read.source_name = services.source_name
        and region_read.table_name = 'aws_ec2_regions'
),
of_services as (
    select
        services.source_name,
        services.service_id,
        answers.region,
        answers.delegated_account_id as admin_account_id,
        answers.label as admin_label,
        answers.is_held and answers.is_active is distinct from false as is_administrator,
        answers.was_read as was_listed,
        case when not answers.was_read then answers.problem_cause end as list_cause,
        case when not answers.was_read then answers.problem end as list_problem
    from services
    join delegation.service_answers as answers
        on answers.source_name = services.source_name
        and answers.service_id = services.service_id
    where services.principal is null
        and answers.is_asked
),
reads as materialized (
    select reads.source_name, reads.table_name, reads.region, reads.outcome, reads.error_code
    from delegation.reads
    join services
        on services.source_name = reads.source_name
        and services.table_name = reads.table_name
    where services.principal is not null
        and reads.scope = ''
        and reads.region <> ''
        -- Who is to be asked was asked where Organizations is, wherever the service is.
        and reads.operation not like 'organizations:%'
),
candidates as (
    select services.source_name, services.service_id, enabled_regions.region
    from services
    join delegation.enabled_regions on enabled_regions.source_name = services.source_name
    where services.principal is not null
        and (services.service_regions is null or services.service_regions ? enabled_regions.region)
    union
    -- A Region that is newer than the catalogue, or that the list of Regions lacks.
    select services.source_name, services.service_id, reads.region
    from services
    join reads on reads.source_name = services.source_name and reads.table_name = services.table_name
    where reads.outcome <> 'skipped'
    union
    select services.source_name, services.service_id, null
    from services
    where services.principal is not null
        and not services.were_regions_read
),
named as (
    select services.source_name, services.service_id, delegations.delegated_account_id as account_id
    from services
    join delegation.delegations
        on delegations.source_name = services.source_name
        and delegations.service_id = services.group_id
        and delegations.method = 'organizations'
        and services.principal = any (string_to_array(delegations.service_principal, ', '))
    union
    select services.source_name, services.service_id, services.management_account_id
    from services
    where services.is_management_asked
),
administrators as materialized (
    select
        services.source_name,
        services.service_id,
        named.account_id as admin_account_id,
        delegation.with_remark(
            delegation.account_label(named.account_id, accounts.account_name, accounts.ou_path),
            concat_ws(
                ', ',
                case when named.account_id = services.management_account_id then 'the management account' end,
                case
                    when accounts.account_state <> 'ACTIVE' then accounts.account_state
                    when accounts.account_state is null and services.were_accounts_read then 'no account of this organization'
                end
            )
        ) as admin_label,
        case
            when accounts.account_state in ('ACTIVE', 'PENDING_CLOSURE') then true
            when accounts.account_state is not null or services.were_accounts_read then false
        end as is_active
    from services
    join named on named.source_name = services.source_name and named.service_id = services.service_id
    left join delegation.accounts
        on accounts.source_name = named.source_name
        and accounts.account_id = named.account_id
),
of_organizations as (
    select
        services.source_name,
        services.service_id,
        candidates.region,
        administrators.admin_account_id,
        administrators.admin_label,
        administrators.admin_account_id is not null and administrators.is_active is distinct from false as is_administrator,
        candidates.region is not null and coalesce(question.was_read, false) as was_listed,
        case
            when candidates.region is null then services.regions_cause
            when not coalesce(question.was_read, false) then coalesce(question.unknown_cause, 'unread')
        end as list_cause,
        case
            when candidates.region is null then 'the enabled Regions are not known: ' || services.regions_error
            when not coalesce(question.was_read, false)
                then format('who administers %s is not all known: %s', services.service_name, coalesce(question.read_error, 'Organizations was not asked; sync again'))
        end as list_problem
    from services
    join candidates on candidates.source_name = services.source_name and candidates.service_id = services.service_id
    left join delegation.service_regions as question
        on question.source_name = services.source_name
        and question.service_id = services.group_id
        and question.method = 'organizations'
    left join administrators
        on administrators.source_name = services.source_name
        and administrators.service_id = services.service_id
        and candidates.region is not null
    where not exists (
        select
        from reads
        where reads.source_name = services.source_name
            and reads.table_name = services.table_name
            and reads.region = candidates.region
            and reads.outcome = 'absent'
            -- Codes of the sync; no other `absent` says that there is nothing to be asked.
            and reads.error_code in ('ServiceNotInRegion', 'RegionDisabled')
    )
),
places as (
    select * from of_services
    union all
    select * from of_organizations
)
select
    places.source_name,
    services.organization_id,
    services.management_account_id,
    places.service_id,
    services.service_name,
    services.table_name as source_table,
    places.region,
    places.admin_account_id,
    places.admin_label,
    coalesce(places.is_administrator, false) as is_administrator,
    places.was_listed,
    places.list_cause,
    places.list_problem
from places
join services on services.source_name = places.source_name and services.service_id = places.service_id;
comment on view delegation.delegate_places is 'Whom to ask for what only administrators can show, and where: one row per source, service, Region and account to be asked; one without an account where there is none, or none is known.';
comment on column delegation.delegate_places.source_name is 'Name of the source in its spec.';
comment on column delegation.delegate_places.organization_id is 'ID of the organization.';
comment on column delegation.delegate_places.management_account_id is 'ID of the management account.';
comment on column delegation.delegate_places.service_id is 'ID of the service in the catalogue.';
comment on column delegation.delegate_places.service_name is 'Name of the service.';
comment on column delegation.delegate_places.source_table is 'Table that the answer goes into.';
comment on column delegation.delegate_places.region is 'Region to be asked; null where the enabled Regions are not known.';
comment on column delegation.delegate_places.admin_account_id is 'Account to be asked: an administrator, and for AWS Config and IAM Access Analyzer also the management account; null where nobody is known.';
comment on column delegation.delegate_places.admin_label is 'The same as reasons name it.';
comment on column delegation.delegate_places.is_administrator is 'False without an account, for one that is being made or removed, and for one that is suspended or has left; never null.';
comment on column delegation.delegate_places.was_listed is 'True where it is known who is to be asked; never null.';
comment on column delegation.delegate_places.list_cause is 'unread, not_configured or not_observable; null where was_listed is true.';
comment on column delegation.delegate_places.list_problem is 'What is not known of the administrators, and what to do; null where was_listed is true.';

create or replace view delegation.delegate_reads as
with places as materialized (
    select distinct delegate_places.source_name, delegate_places.service_id, delegate_places.source_table, delegate_places.region, delegate_places.admin_account_id
    from delegation.delegate_places
    where delegate_places.admin_account_id is not null
        and delegate_places.region is not null
),
reads as materialized (
    select reads.*
    from delegation.reads
    where reads.table_name in (select places.source_table from places)
        -- A role that could not be assumed stands at the operations of the table as well; by itself it would also speak of
        -- accounts into which no role is needed.
        and reads.operation <> 'sts:AssumeRole'
),
-- What ended in another way for one account has a row of its own, and the row without a scope is about the others.
of_accounts as (
    select places.*, reads.outcome, reads.operation, reads.error_code, reads.error_message
    from places
    join reads
        on reads.source_name = places.source_name
        and reads.table_name = places.source_table
        and reads.region in ('', places.region)
    left join reads as own_read
        on own_read.source_name = places.source_name
        and own_read.table_name = places.source_table
        and own_read.operation = reads.operation
        and own_read.region = places.region
        and own_read.scope = places.admin_account_id
    where reads.scope = places.admin_account_id
        or (reads.scope = '' and own_read.scope is null)
)
select
    places.source_name,
    places.service_id,
    places.source_table,
    places.region,
    places.admin_account_id,
    coalesce(bool_and(of_accounts.outcome in ('ok', 'absent')), false) as was_read,
    case
        when coalesce(bool_and(of_accounts.outcome in ('ok', 'absent')), false) then null
        when bool_or(of_accounts.outcome in ('denied', 'failed')) or count(of_accounts.outcome) = 0 then 'unread'
        else 'not_configured'
    end as unknown_cause,
    case
        when count(of_accounts.outcome) = 0 then format('no read of %s is recorded in %s; sync again', places.source_table, places.region)
        else
            min(
                delegation.read_problem(
                    of_accounts.outcome, places.source_table, of_accounts.operation, places.region, places.admin_account_id, of_accounts.error_code, of_accounts.error_message
                ) collate "C"
            ) filter (where of_accounts.outcome not in ('ok', 'absent'))
    end as read_error
from places
left join of_accounts
    on of_accounts.source_name = places.source_name
    and of_accounts.source_table = places.source_table
    and of_accounts.region = places.region
    and of_accounts.admin_account_id = places.admin_account_id
group by places.source_name, places.service_id, places.source_table, places.region, places.admin_account_id;
comment on view delegation.delegate_reads is 'Whether an account was read that alone can show something: one row per source, service, Region and account to be asked.';
comment on column delegation.delegate_reads.source_name is 'Name of the source in its spec.';
comment on column delegation.delegate_reads.service_id is 'ID of the service in the catalogue.';
comment on column delegation.delegate_reads.source_table is 'Table that the answer goes into.';
comment on column delegation.delegate_reads.region is 'Region to be asked.';
comment on column delegation.delegate_reads.admin_account_id is 'Account to be asked.';
comment on column delegation.delegate_reads.was_read is 'True where each of its reads is ok or absent; never null.';
comment on column delegation.delegate_reads.unknown_cause is 'unread, or not_configured where the spec lends no access or left it out; null where it was read.';
comment on column delegation.delegate_reads.read_error is 'What is missing and what to do; null where it was read.';

create or replace function delegation.policy_regions(value jsonb) returns text[]
language sql immutable parallel safe
as $$
    select case
        when value is null then '{}'
        when jsonb_typeof(value) = 'array' then case when jsonb_array_length(value) = 0 then '{}' when delegation.is_text_list(value) then delegation.text_list(value) end
        when jsonb_typeof(value) <> 'object' then null
        when value - array['@@assign', '@@append', '@@operators_allowed_for_child_policies'] <> '{}' then null
        else delegation.policy_regions(value -> '@@assign') || delegation.policy_regions(value -> '@@append')
    end
$$;
comment on function delegation.policy_regions(jsonb) is 'A list of Regions as a management policy has it, with or without @@assign and @@append; empty where there is none, null where it is written in another way.';

create or replace function delegation.policy_says(value jsonb, region text) returns text
language sql immutable parallel safe
as $$
    select case
        when value is null then null
        when jsonb_typeof(value) <> 'object' or listed.enabled is null or listed.disabled is null then 'unclear'
        -- AWS lets the second list win.
        when listed.disabled && array[region, 'ALL_SUPPORTED'] then 'off'
        when listed.enabled && array[region, 'ALL_SUPPORTED'] then 'on'
    end
    from (
        select delegation.policy_regions(value -> 'enable_in_regions') as enabled, delegation.policy_regions(value -> 'disable_in_regions') as disabled
    ) as listed
$$;
comment on function delegation.policy_says(jsonb, text) is 'What enable_in_regions and disable_in_regions of a management policy say of a Region: on, off, unclear, or null where they leave it alone.';

create or replace function delegation.guardduty_policy_says(document jsonb, region text) returns text
language sql immutable parallel safe
as $$
    select case
        when jsonb_typeof(document) is distinct from 'object' then 'unclear'
        when not exists (select from jsonb_object_keys(document) as block (name) where block.name = 'default' or block.name ~ '^[a-z]{2,}(-[a-z]+)+-[0-9]+$') then 'unclear'
        -- A block of the Region replaces the default, and what it leaves out is not managed.
        when feature.value is null then null
        when words.are_on then 'on'
        when words.are_off then 'off'
        else 'unclear'
    end
    from (select coalesce(document -> region, document -> 'default') -> 'foundational' as value) as feature
    cross join lateral (
        select
            bool_and(lower(leaf.value #>> '{}') in ('enabled', 'enable', 'true')) as are_on,
            bool_and(lower(leaf.value #>> '{}') in ('disabled', 'disable', 'false')) as are_off
        from jsonb_path_query(feature.value, '$.** ? (@.type() == "string" || @.type() == "boolean")') as leaf (value)
        -- Operators that children may use.
        where left(leaf.value #>> '{}', 2) <> '@@'
    ) as words
$$;
comment on function delegation.guardduty_policy_says(jsonb, text) is 'What a policy of GuardDuty says of foundational threat detection in a Region: on, off, unclear, or null where it leaves it alone.';

-- https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_management_policies.html
create or replace view delegation.enrolment_policies as
with policy_types (service_id, policy_type, part, path) as (
    -- A part is what a policy switches by itself.
    values
        ('guardduty', 'GUARDDUTY_POLICY', '', '{guardduty}'::text[]),
        ('security-hub', 'SECURITYHUB_POLICY', '', '{securityhub}'),
        ('security-hub-cspm', 'SECURITYHUB_CSPM_POLICY', '', null),
        ('inspector', 'INSPECTOR_POLICY', 'ec2', '{inspector, enablement, ec2_scanning}'),
        ('inspector', 'INSPECTOR_POLICY', 'ecr', '{inspector, enablement, ecr_scanning}'),
        ('inspector', 'INSPECTOR_POLICY', 'lambda', '{inspector, enablement, lambda_standard_scanning}')
),
table_reads as materialized (
    select table_reads.source_name, table_reads.table_name, table_reads.was_read, table_reads.unknown_cause, table_reads.read_error
    from delegation.table_reads
    where table_reads.table_name in ('aws_organizations_roots', 'aws_organizations_policies', 'aws_organizations_policy_targets')
),
sources as materialized (
    select
        organizations.source_name,
        organizations.root_id,
        case when jsonb_typeof(root.policy_types) = 'array' and root_read.was_read then root.policy_types end as policy_types,
        coalesce(root_read.unknown_cause, 'unread') as roots_cause,
        coalesce(root_read.read_error, 'aws_organizations_roots has no list of policy types; sync again') as roots_error,
        coalesce(policy_read.was_read, false) as were_policies_read,
        coalesce(policy_read.unknown_cause, 'unread') as policies_cause,
        coalesce(policy_read.read_error, 'aws_organizations_policies was not read') as policies_error
    from delegation.organizations
    left join delegation.current_aws_organizations_roots as root
        on root._cq_source_name = organizations.source_name
        and root.id = organizations.root_id
    left join table_reads as root_read on root_read.source_name = organizations.source_name and root_read.table_name = 'aws_organizations_roots'
    left join table_reads as policy_read on policy_read.source_name = organizations.source_name and policy_read.table_name = 'aws_organizations_policies'
    where organizations.was_read
        and not organizations.is_absent
),
regions as materialized (
    select delegate_places.source_name, delegate_places.service_id, delegate_places.region
    from delegation.delegate_places
    where delegate_places.region is not null
    union
    -- The policies of Security Hub V2 are all that enrolls there, and its administrator is one for all Regions.
    select services.source_name, services.service_id, enabled_regions.region
    from delegation.services
    join delegation.enabled_regions on enabled_regions.source_name = services.source_name
    where services.service_id = 'security-hub'
        and (services.service_regions is null or services.service_regions ? enabled_regions.region)
),
types as (
    select
        sources.*,
        policy_types.service_id,
        policy_types.policy_type,
        policy_types.part,
        policy_types.path,
        case
            when sources.policy_types is not null
                then sources.policy_types @> jsonb_build_array(jsonb_build_object('Type', policy_types.policy_type, 'Status', 'ENABLED'))
        end as is_enabled
    from sources
    cross join policy_types
),
target_reads as materialized (
    select
        reads.source_name,
        reads.scope as policy_id,
        case when bool_or(reads.outcome in ('denied', 'failed')) then 'unread' else 'not_configured' end as unknown_cause,
        min(delegation.read_problem(reads.outcome, reads.table_name, reads.operation, reads.region, reads.scope, reads.error_code, reads.error_message) collate "C") as problem
    from delegation.reads
    where reads.table_name = 'aws_organizations_policy_targets'
        and reads.outcome not in ('ok', 'absent')
    group by reads.source_name, reads.scope
),
text_reads as materialized (
    select
        reads.source_name,
        reads.scope as policy_id,
        case when bool_or(reads.outcome in ('denied', 'failed')) then 'unread' else 'not_configured' end as unknown_cause,
        min(delegation.read_problem(reads.outcome, reads.table_name, reads.operation, reads.region, reads.scope, reads.error_code, reads.error_message) collate "C") as problem
    from delegation.reads
    where reads.table_name = 'aws_organizations_policies'
        and reads.operation = 'organizations:DescribePolicy'
        and reads.outcome not in ('ok', 'absent')
    group by reads.source_name, reads.scope
),
attachments as materialized (
    select
        sources.source_name,
        target.policy_id,
        bool_or(target.target_id = sources.root_id) as is_on_root,
        bool_or(target.target_id <> sources.root_id) as is_below_root
    from delegation.current_aws_organizations_policy_targets as target
    join sources on sources.source_name = target._cq_source_name
    group by sources.source_name, target.policy_id
),
policies as materialized (
    select
        policy._cq_source_name as source_name,
        policy.type as policy_type,
        policy.id as policy_id,
        policy.id || coalesce(' (' || policy.name || ')', '') as label,
        policy.content,
        -- Of two texts that assign, AWS takes one.
        policy.content::text like '%@@assign%' or policy.content::text not like '%@@append%' as is_assigning,
        coalesce(attachments.is_on_root, false) as is_on_root,
        coalesce(attachments.is_below_root, false) as is_below_root,
        coalesce(own_targets.problem, all_targets.problem) as targets_problem,
        coalesce(own_targets.unknown_cause, all_targets.unknown_cause) as targets_cause,
        case when policy.content is null then coalesce(own_text.problem, all_texts.problem, format('the text of %s was not read, or is no JSON; sync again', policy.id)) end as text_problem,
        case when policy.content is null then coalesce(own_text.unknown_cause, all_texts.unknown_cause, 'unread') end as text_cause
    from delegation.current_aws_organizations_policies as policy
    join sources on sources.source_name = policy._cq_source_name
    left join attachments on attachments.source_name = policy._cq_source_name and attachments.policy_id = policy.id
    left join target_reads as own_targets on own_targets.source_name = policy._cq_source_name and own_targets.policy_id = policy.id
    left join target_reads as all_targets on all_targets.source_name = policy._cq_source_name and all_targets.policy_id = ''
    left join text_reads as own_text on own_text.source_name = policy._cq_source_name and own_text.policy_id = policy.id
    left join text_reads as all_texts on all_texts.source_name = policy._cq_source_name and all_texts.policy_id = ''
    where policy.type in (select policy_types.policy_type from policy_types)
),
answers as (
    select
        types.source_name,
        types.service_id,
        types.policy_type,
        types.part,
        regions.region,
        types.is_enabled,
        types.roots_cause,
        types.roots_error,
        types.were_policies_read,
        types.policies_cause,
        types.policies_error,
        policies.label,
        policies.is_on_root,
        policies.is_below_root,
        policies.is_assigning,
        policies.targets_problem,
        policies.targets_cause,
        case when policies.is_on_root then policies.text_problem end as text_problem,
        case when policies.is_on_root then policies.text_cause end as text_cause,
        case
            when not policies.is_on_root or policies.content is null then null
            when types.policy_type = 'GUARDDUTY_POLICY' then delegation.guardduty_policy_says(policies.content #> types.path, regions.region)
            when types.policy_type = 'SECURITYHUB_CSPM_POLICY' then (
                -- AWS's page names this key; what stands around it does not matter.
                select case when count(*) = 1 then min(delegation.policy_says(found.value, regions.region)) else 'unclear' end
                from jsonb_path_query(policies.content, '$.**.cspm_enablement') as found (value)
            )
            when policies.content #> types.path[1:1] is null then 'unclear'
            else delegation.policy_says(policies.content #> types.path, regions.region)
        end as says
    from types
    join regions on regions.source_name = types.source_name and regions.service_id = types.service_id
    left join policies on types.is_enabled and policies.source_name = types.source_name and policies.policy_type = types.policy_type
),
combined as (
    select
        answers.source_name,
        answers.service_id,
        answers.policy_type,
        answers.part,
        answers.region,
        answers.is_enabled,
        min(answers.roots_cause) as roots_cause,
        min(answers.roots_error) as roots_error,
        bool_and(answers.were_policies_read) as were_policies_read,
        min(answers.policies_cause) as policies_cause,
        min(answers.policies_error) as policies_error,
        string_agg(answers.label, ', ' order by answers.label collate "C") filter (where answers.is_on_root and answers.says is not null) as policy_labels,
        string_agg(answers.label, ', ' order by answers.label collate "C") filter (where answers.is_below_root) as labels_below_root,
        min(coalesce(answers.targets_problem, answers.text_problem) collate "C") as problem,
        case
            when bool_or(coalesce(answers.targets_cause, answers.text_cause) = 'unread') then 'unread'
            else min(coalesce(answers.targets_cause, answers.text_cause))
        end as problem_cause,
        coalesce(bool_or(answers.says = 'unclear'), false) as has_unclear,
        coalesce(bool_or(answers.says = 'off'), false) as has_off,
        coalesce(bool_or(answers.says = 'on'), false) as has_on,
        coalesce(bool_and(answers.says is not distinct from 'on' or not answers.is_on_root or not answers.is_assigning), true) as do_agree
    from answers
    group by answers.source_name, answers.service_id, answers.policy_type, answers.part, answers.region, answers.is_enabled
)
select
    combined.source_name,
    combined.service_id,
    combined.policy_type,
    combined.part,
    combined.region,
    case
        when combined.is_enabled is false or not judged.was_read then null
        when combined.has_unclear then 'unclear'
        when combined.has_off then 'off'
        when combined.has_on and not combined.do_agree then 'unclear'
        when combined.has_on then 'on'
    end as says,
    case when combined.is_enabled then combined.policy_labels end as policy_labels,
    case when combined.is_enabled then combined.labels_below_root end as labels_below_root,
    judged.was_read,
    case
        when judged.was_read then null
        when combined.is_enabled is null then combined.roots_cause
        when not combined.were_policies_read then combined.policies_cause
        else combined.problem_cause
    end as unknown_cause,
    case
        when judged.was_read then null
        when combined.is_enabled is null then combined.roots_error
        when not combined.were_policies_read then combined.policies_error
        else combined.problem
    end as read_error
from combined
cross join lateral (
    -- Where the root does not have the type, nothing that is attached counts.
    select combined.is_enabled is false or coalesce(combined.is_enabled and combined.were_policies_read and combined.problem is null, false) as was_read
) as judged;
comment on view delegation.enrolment_policies is 'What policies that are attached to the root say of a service in new accounts: one row per source, service with such policies, Region, and part of the service that they switch by itself.';
comment on column delegation.enrolment_policies.source_name is 'Name of the source in its spec.';
comment on column delegation.enrolment_policies.service_id is 'ID of the service in the catalogue.';
comment on column delegation.enrolment_policies.policy_type is 'Type of the policies.';
comment on column delegation.enrolment_policies.part is 'ec2, ecr or lambda for Inspector, otherwise empty.';
comment on column delegation.enrolment_policies.region is 'Region.';
comment on column delegation.enrolment_policies.says is 'on, off, unclear where this version cannot tell, or null where no policy speaks of it, or that was not read.';
comment on column delegation.enrolment_policies.policy_labels is 'The policies on the root that speak of it.';
comment on column delegation.enrolment_policies.labels_below_root is 'Policies of the type that are attached to an OU or an account, where they may say something else.';
comment on column delegation.enrolment_policies.was_read is 'True where all policies that count were read, or the root does not have the type enabled; never null.';
comment on column delegation.enrolment_policies.unknown_cause is 'unread or not_configured; null where was_read is true.';
comment on column delegation.enrolment_policies.read_error is 'What is missing and what to do; null where was_read is true.';

create or replace view delegation.organization_configurations as
with places as materialized (
    select delegate_places.*
    from delegation.delegate_places
    where delegate_places.source_table like '%\_organization\_configurations'
),
delegate_reads as materialized (
    select delegate_reads.*
    from delegation.delegate_reads
),
policies as materialized (
    select
        enrolment_policies.source_name,
        enrolment_policies.service_id,
        enrolment_policies.region,
        min(enrolment_policies.policy_type) as policy_type,
        bool_and(enrolment_policies.was_read) as was_read,
        min(enrolment_policies.unknown_cause) as unknown_cause,
        min(enrolment_policies.read_error collate "C") as read_error,
        coalesce(bool_or(enrolment_policies.says = 'unclear'), false) as is_unclear,
        coalesce(bool_or(enrolment_policies.says = 'off'), false) as is_off,
        coalesce(bool_and(enrolment_policies.says is not distinct from 'on'), false) as is_on,
        jsonb_object_agg(enrolment_policies.part, enrolment_policies.says) as says,
        string_agg(distinct enrolment_policies.policy_labels collate "C", ', ') as policy_labels,
        min(enrolment_policies.labels_below_root) as labels_below_root
    from delegation.enrolment_policies
    group by enrolment_policies.source_name, enrolment_policies.service_id, enrolment_policies.region
),
-- What the administrators have set. In an account that answers for several detectors or graphs of a Region all of them count.
of_guardduty as (
    select
        configuration._cq_source_name as source_name,
        configuration.region,
        configuration.admin_account_id,
        case
            when bool_or(coalesce(configuration.auto_enable_organization_members = 'NONE', not configuration.auto_enable)) then 'none'
            when bool_and(configuration.auto_enable_organization_members = 'ALL') then 'all'
            when bool_and(coalesce(configuration.auto_enable_organization_members in ('ALL', 'NEW'), configuration.auto_enable)) then 'new'
        end as enrolment,
        case
            when count(configuration.auto_enable_organization_members) = count(*) then 'AutoEnableOrganizationMembers ' || string_agg(distinct configuration.auto_enable_organization_members collate "C", ' and ')
            else 'AutoEnable ' || case when bool_and(configuration.auto_enable) then 'true' when bool_or(not configuration.auto_enable) then 'false' else 'not given' end
        end as setting,
        bool_or(configuration.member_account_limit_reached) as member_limit_reached,
        null::jsonb as scans
    from delegation.current_aws_guardduty_organization_configurations as configuration
    group by configuration._cq_source_name, configuration.region, configuration.admin_account_id
),
of_security_hub as (
    select
        configuration._cq_source_name as source_name,
        configuration.region,
        configuration.admin_account_id,
        case
            -- Under central configuration AWS sets AutoEnable to false, and configuration policies enroll.
            when central.type = 'CENTRAL' then case when central.status = 'ENABLED' then 'central' when central.status is not null then 'none' end
            when configuration.auto_enable then 'new'
            when not configuration.auto_enable then 'none'
        end as enrolment,
        case
            when central.type = 'CENTRAL' then concat(
                format('ConfigurationType CENTRAL with Status %s', coalesce(central.status, 'not given')),
                case when central.status = 'ENABLED' then ', AutoEnable ' || coalesce(configuration.auto_enable::text, 'not given') end,
                case
                    when central.status = 'PENDING' then ': it is not in force yet'
                    when central.status = 'FAILED' then ': it could not be put into force'
                end,
                ' (' || nullif(configuration.organization_configuration ->> 'StatusMessage', '') || ')'
            )
            else concat(
                'AutoEnable ' || coalesce(configuration.auto_enable::text, 'not given'),
                ' with ConfigurationType ' || central.type
            )
        end as setting,
        configuration.member_account_limit_reached as member_limit_reached,
        null::jsonb as scans
    from delegation.current_aws_securityhub_organization_configurations as configuration
    cross join lateral (
        select configuration.organization_configuration ->> 'ConfigurationType' as type, configuration.organization_configuration ->> 'Status' as status
    ) as central
),
of_macie as (
    select
        configuration._cq_source_name as source_name,
        configuration.region,
        configuration.admin_account_id,
        case when configuration.auto_enable then 'new' when not configuration.auto_enable then 'none' end as enrolment,
        'autoEnable ' || coalesce(configuration.auto_enable::text, 'not given') as setting,
        configuration.max_account_limit_reached as member_limit_reached,
        null::jsonb as scans
    from delegation.current_aws_macie2_organization_configurations as configuration
),
of_inspector as (
    select
        configuration._cq_source_name as source_name,
        configuration.region,
        configuration.admin_account_id,
        null::text as enrolment,
        null::text as setting,
        configuration.max_account_limit_reached as member_limit_reached,
        configuration.auto_enable as scans
    from delegation.current_aws_inspector2_organization_configurations as configuration
),
of_detective as (
    select
        configuration._cq_source_name as source_name,
        configuration.region,
        configuration.admin_account_id,
        case when bool_or(not configuration.auto_enable) then 'none' when bool_and(configuration.auto_enable) and count(configuration.auto_enable) = count(*) then 'new' end as enrolment,
        'AutoEnable ' || case when bool_or(not configuration.auto_enable) then 'false' when count(configuration.auto_enable) = count(*) then 'true' else 'not given' end as setting,
        null::boolean as member_limit_reached,
        null::jsonb as scans
    from delegation.current_aws_detective_organization_configurations as configuration
    group by configuration._cq_source_name, configuration.region, configuration.admin_account_id
),
-- AWS does not say whether Security Lake answers for the Region that is asked or for all of them, so every answer counts.
lake_answers as (
    select
        configuration._cq_source_name as source_name,
        configuration.admin_account_id,
        answer.value ->> 'region' as region,
        string_agg(distinct (source.value ->> 'sourceName') collate "C", ', ') as sources
    from delegation.current_aws_securitylake_organization_configurations as configuration
    cross join lateral jsonb_array_elements(delegation.as_list(configuration.auto_enable_new_account)) as answer (value)
    cross join lateral jsonb_array_elements(delegation.as_list(answer.value -> 'sources')) as source (value)
    group by configuration._cq_source_name, configuration.admin_account_id, answer.value ->> 'region'
),
lake_gaps as (
    select
        delegate_reads.source_name,
        delegate_reads.admin_account_id,
        case when bool_or(delegate_reads.unknown_cause = 'unread') then 'unread' else min(delegate_reads.unknown_cause) end as unknown_cause,
        min(delegate_reads.read_error collate "C") as read_error
    from delegate_reads
    where delegate_reads.service_id = 'security-lake'
        and not delegate_reads.was_read
    group by delegate_reads.source_name, delegate_reads.admin_account_id
),
of_security_lake as (
    select
        places.source_name,
        places.region,
        places.admin_account_id,
        case when lake_answers.sources is not null then 'new' else 'none' end as enrolment,
        case when lake_answers.sources is not null then 'autoEnableNewAccount with ' || lake_answers.sources else 'no sources in autoEnableNewAccount' end as setting,
        null::boolean as member_limit_reached,
        null::jsonb as scans
    from places
    left join lake_answers
        on lake_answers.source_name = places.source_name
        and lake_answers.admin_account_id = places.admin_account_id
        and lake_answers.region = places.region
    where places.service_id = 'security-lake'
        and places.admin_account_id is not null
),
settings as materialized (
    select 'guardduty' as service_id, of_guardduty.* from of_guardduty
    union all
    select 'security-hub-cspm', of_security_hub.* from of_security_hub
    union all
    select 'macie', of_macie.* from of_macie
    union all
    select 'inspector', of_inspector.* from of_inspector
    union all
    select 'detective', of_detective.* from of_detective
    union all
    select 'security-lake', of_security_lake.* from of_security_lake
),
-- One row per administrator that can enroll members, and one without for a Region that has none.
asked as (
    select
        places.source_name,
        places.organization_id,
        places.management_account_id,
        places.service_id,
        places.service_name,
        places.source_table,
        places.region,
        places.admin_account_id,
        places.admin_label,
        places.was_listed,
        places.list_cause,
        places.list_problem,
        null::text as others
    from places
    where places.is_administrator
    union all
    select
        places.source_name,
        min(places.organization_id),
        min(places.management_account_id),
        places.service_id,
        min(places.service_name),
        min(places.source_table),
        places.region,
        null,
        null,
        bool_and(places.was_listed),
        min(places.list_cause),
        min(places.list_problem collate "C"),
        string_agg(places.admin_label, ' and ' order by places.admin_label collate "C")
    from places
    group by places.source_name, places.service_id, places.region
    having not bool_or(places.is_administrator)
    union all
    -- The administrator of V2 is one for the organization, and has nothing to set: only policies enroll.
    select
        answers.source_name,
        organizations.organization_id,
        organizations.management_account_id,
        'security-hub',
        answers.service_name,
        'aws_organizations_policies',
        regions.region,
        null,
        null,
        regions.region is not null,
        case when regions.region is null then coalesce(region_read.unknown_cause, 'unread') end,
        case when regions.region is null then 'the enabled Regions are not known: ' || coalesce(region_read.read_error, 'aws_ec2_regions was not read') end,
        null
    from delegation.services as answers
    join delegation.organizations on organizations.source_name = answers.source_name and organizations.was_read and not organizations.is_absent
    left join delegation.table_reads as region_read on region_read.source_name = answers.source_name and region_read.table_name = 'aws_ec2_regions'
    cross join lateral (
        select enabled_regions.region
        from delegation.enabled_regions
        where enabled_regions.source_name = answers.source_name
            and (answers.service_regions is null or answers.service_regions ? enabled_regions.region)
        union all
        select null
        where not coalesce(region_read.was_read, false)
    ) as regions
    where answers.service_id = 'security-hub'
),
found as (
    select
        asked.*,
        settings.source_name is not null as has_settings,
        settings.enrolment as set_enrolment,
        settings.setting,
        settings.member_limit_reached,
        settings.scans,
        policies.is_on as is_on_by_policy,
        policies.is_off as is_off_by_policy,
        policies.is_unclear as is_unclear_by_policy,
        policies.says,
        policies.policy_type,
        policies.policy_labels,
        policies.labels_below_root,
        coalesce(policies.was_read, true) as were_policies_read,
        policies.unknown_cause as policies_cause,
        policies.read_error as policies_error,
        -- What one Region of Security Lake does not say, another that was not read may.
        case
            when asked.service_id <> 'security-lake' then delegate_reads.unknown_cause
            when settings.enrolment = 'none' then lake_gaps.unknown_cause
        end as settings_cause,
        case
            when asked.service_id <> 'security-lake' then delegate_reads.read_error
            when settings.enrolment = 'none' then lake_gaps.read_error
        end as settings_error,
        coalesce(delegate_reads.was_read, false) as was_asked,
        delegate_reads.unknown_cause as read_cause,
        delegate_reads.read_error
    from asked
    left join settings
        on settings.source_name = asked.source_name
        and settings.service_id = asked.service_id
        and settings.region = asked.region
        and settings.admin_account_id = asked.admin_account_id
    left join policies
        on policies.source_name = asked.source_name
        and policies.service_id = asked.service_id
        and policies.region = asked.region
    left join delegate_reads
        on delegate_reads.source_name = asked.source_name
        and delegate_reads.service_id = asked.service_id
        and delegate_reads.region = asked.region
        and delegate_reads.admin_account_id = asked.admin_account_id
    left join lake_gaps
        on lake_gaps.source_name = asked.source_name
        and lake_gaps.admin_account_id = asked.admin_account_id
),
scanned as (
    -- A policy overrules what the administrator has set for the scan of which it speaks, and for no other.
    -- https://docs.aws.amazon.com/inspector/latest/user/managing-multiple-accounts.html
    select
        found.*,
        scans.on_count,
        scans.off_names,
        scans.on_names
    from found
    cross join lateral (
        select
            count(*) filter (where coalesce(found.says ->> scan.name, found.scans ->> scan.name) in ('on', 'true')) as on_count,
            string_agg(scan.name, ' and ' order by scan.position) filter (where coalesce(found.says ->> scan.name, found.scans ->> scan.name) in ('on', 'true')) as on_names,
            string_agg(scan.name, ' and ' order by scan.position) filter (where coalesce(found.says ->> scan.name, found.scans ->> scan.name, '') not in ('on', 'true')) as off_names
        from (values (1, 'ec2'), (2, 'ecr'), (3, 'lambda')) as scan (position, name)
        where found.service_id = 'inspector'
    ) as scans
),
judged as (
    select
        scanned.*,
        case
            when scanned.region is null then null
            when not scanned.were_policies_read or coalesce(scanned.is_unclear_by_policy, false) then null
            when scanned.is_on_by_policy then 'policy'
            when scanned.is_off_by_policy and scanned.service_id <> 'inspector' then 'none'
            when scanned.service_id = 'security-hub' then 'none'
            when not scanned.was_listed or scanned.admin_account_id is null then null
            when scanned.settings_error is not null then null
            when not scanned.has_settings then 'none'
            when scanned.service_id = 'inspector' then case when jsonb_typeof(scanned.scans) is distinct from 'object' then null when scanned.on_count = 3 then 'new' when scanned.on_count > 0 then 'some' else 'none' end
            else scanned.set_enrolment
        end as enrolment
    from scanned
)
select
    judged.source_name,
    judged.organization_id,
    judged.management_account_id,
    judged.service_id,
    judged.service_name,
    judged.region,
    judged.admin_account_id,
    judged.admin_label,
    judged.others as other_labels,
    judged.was_listed and (judged.was_asked or judged.admin_account_id is null) and (judged.were_policies_read or judged.service_id <> 'security-hub') as was_read,
    case
        when not judged.was_listed then judged.list_cause
        when judged.service_id = 'security-hub' then judged.policies_cause
        when judged.was_asked or judged.admin_account_id is null then null
        else judged.read_cause
    end as unknown_cause,
    case
        when not judged.was_listed then judged.list_problem
        when judged.service_id = 'security-hub' then judged.policies_error
        when judged.was_asked or judged.admin_account_id is null then null
        else judged.read_error
    end as read_error,
    judged.enrolment,
    concat(
        case
            when judged.enrolment is null then null
            when judged.enrolment = 'policy' then format('%s %s', judged.policy_type, judged.policy_labels)
            when judged.is_off_by_policy and judged.service_id <> 'inspector' then format('%s %s switches it off', judged.policy_type, judged.policy_labels)
            when judged.service_id = 'security-hub' then 'no SECURITYHUB_POLICY on the root switches it on, and nothing else does'
            when not judged.has_settings then format('%s answers that it is not on in its own account there', judged.admin_label)
            when judged.service_id = 'inspector' then concat(
                'autoEnable ',
                concat_ws(', ', judged.on_names || ' on', judged.off_names || ' off'),
                ' together with INSPECTOR_POLICY ' || judged.policy_labels,
                ', lambdaCode ' || case judged.scans ->> 'lambdaCode' when 'true' then 'on' when 'false' then 'off' end,
                ', codeRepository ' || case judged.scans ->> 'codeRepository' when 'true' then 'on' when 'false' then 'off' end,
                ' of ' || judged.admin_label
            )
            else judged.setting || coalesce(' of ' || judged.admin_label, '')
        end,
        case when judged.policy_labels is not null and judged.enrolment is not null then '; ' || judged.labels_below_root || ' below the root may say something else' end
    ) as setting,
    case
        when judged.enrolment is not null then null
        when judged.region is null then judged.list_cause
        when not judged.were_policies_read then judged.policies_cause
        when judged.is_unclear_by_policy then 'not_observable'
        when not judged.was_listed then judged.list_cause
        when judged.admin_account_id is null then null
        else coalesce(judged.settings_cause, 'unread')
    end as enrolment_cause,
    case
        when judged.enrolment is not null then null
        when judged.region is null then judged.list_problem
        when not judged.were_policies_read then judged.policies_error
        when judged.is_unclear_by_policy then format('what %s %s means there cannot be told by this version', judged.policy_type, judged.policy_labels)
        when not judged.was_listed then judged.list_problem
        when judged.admin_account_id is null then null
        when judged.settings_error is not null then judged.settings_error
        when judged.setting is not null then format('%s says %s, which does not tell how members are enrolled; sync again', judged.admin_label, judged.setting)
        else format('%s did not say how members are enrolled; sync again', judged.admin_label)
    end as enrolment_problem,
    judged.member_limit_reached,
    judged.was_asked and not judged.has_settings as is_absent,
    judged.source_table
from judged;
comment on view delegation.organization_configurations is 'What services do with members, as their administrators and policies have set it: one row per source, service, Region and administrator there, and one without an administrator where there is none, or none is known.';
comment on column delegation.organization_configurations.source_name is 'Name of the source in its spec.';
comment on column delegation.organization_configurations.organization_id is 'ID of the organization.';
comment on column delegation.organization_configurations.management_account_id is 'ID of the management account.';
comment on column delegation.organization_configurations.service_id is 'ID of the service in the catalogue.';
comment on column delegation.organization_configurations.service_name is 'Name of the service.';
comment on column delegation.organization_configurations.region is 'Region in which the service exists; null where the enabled Regions are not known.';
comment on column delegation.organization_configurations.admin_account_id is 'Administrator of the service in this Region; null where it has none, and for Security Hub V2, whose administrator has nothing to set.';
comment on column delegation.organization_configurations.admin_label is 'The same as reasons name it.';
comment on column delegation.organization_configurations.other_labels is 'Who is named there and does not count as an administrator: it is being made or removed, is suspended or has left.';
comment on column delegation.organization_configurations.was_read is 'True where this administrator was read; never null.';
comment on column delegation.organization_configurations.unknown_cause is 'unread, not_configured or not_observable; null where there is an administrator that was read, or none.';
comment on column delegation.organization_configurations.read_error is 'What is missing and what to do; null where unknown_cause is.';
comment on column delegation.organization_configurations.enrolment is 'How new accounts become members: all (those of before too), new, central (central configuration of Security Hub), policy (policies on the root), some (not every scan of Inspector), none; null where that is not known, or nobody administers the service.';
comment on column delegation.organization_configurations.setting is 'What says so, in the words of AWS, and whose it is; null or empty where enrolment is not known.';
comment on column delegation.organization_configurations.enrolment_cause is 'unread, not_configured or not_observable where enrolment is not known; otherwise null.';
comment on column delegation.organization_configurations.enrolment_problem is 'Why enrolment is not known, and what to do; otherwise null.';
comment on column delegation.organization_configurations.member_limit_reached is 'True where no further member is taken; null where it was not read, and for services that do not tell.';
comment on column delegation.organization_configurations.is_absent is 'True where the administrator answers that the service is not on in its own account there; never null.';
comment on column delegation.organization_configurations.source_table is 'Table that the setting comes from.';

-- views/history.sql
-- What delegations and verdicts were over time. The tables stand beside aws_policy_results and are filled by delegation.keep_history() and
-- delegation.keep_results(). A sync replaces what the one before has read, so what is not kept here cannot be had again.
do $tables$
begin
    -- Where they are there, nothing is locked.
    if pg_catalog.to_regclass(format('%I.aws_delegation_history', pg_catalog.current_schema())) is null then
        create table aws_delegation_history (
            source_name text not null,
            organization_id text not null,
            service_id text not null,
            service_name text,
            category text,
            service_principal text,
            method text not null,
            region text,
            delegated_account_id text not null,
            account_name text,
            ou_path text,
            id_path text,
            account_state text,
            status text,
            is_held boolean not null,
            since timestamp with time zone,
            valid_from timestamp with time zone not null,
            valid_to timestamp with time zone,
            began_by text not null,
            ended_by text,
            not_seen_at timestamp with time zone,
            last_seen timestamp with time zone not null,
            account_last_seen timestamp with time zone
        );
    end if;
    if pg_catalog.to_regclass(format('%I.aws_delegation_history_syncs', pg_catalog.current_schema())) is null then
        create table aws_delegation_history_syncs (
            source_name text not null,
            organization_id text not null,
            sync_time timestamp with time zone not null,
            ended_at timestamp with time zone not null,
            kept_at timestamp with time zone not null,
            pack_version text not null
        );
    end if;
    if pg_catalog.to_regclass(format('%I.aws_delegation_history_reads', pg_catalog.current_schema())) is null then
        create table aws_delegation_history_reads (
            source_name text not null,
            organization_id text not null,
            method text not null,
            service_id text,
            region text,
            first_read timestamp with time zone,
            last_read timestamp with time zone,
            last_off timestamp with time zone,
            last_asked timestamp with time zone not null,
            unknown_cause text,
            read_error text
        );
    end if;
    if pg_catalog.to_regclass(format('%I.aws_policy_result_history', pg_catalog.current_schema())) is null then
        create table aws_policy_result_history (
            check_id text not null,
            organization_id text,
            account_id text,
            region text,
            resource_id text not null,
            status text not null,
            severity text,
            reason text,
            unknown_cause text,
            waiver text,
            valid_from timestamp with time zone not null,
            valid_to timestamp with time zone,
            began_by text not null,
            pack_version text
        );
    end if;
end
$tables$;
comment on table aws_delegation_history is 'What delegation.delegation_history shows.';
comment on table aws_delegation_history_syncs is 'What delegation.history_syncs shows.';
comment on table aws_delegation_history_reads is 'What delegation.history_reads shows.';
comment on table aws_policy_result_history is 'What delegation.result_history shows.';

create or replace view delegation.history_syncs as
select
    kept.source_name,
    kept.organization_id,
    kept.sync_time,
    kept.ended_at,
    kept.kept_at,
    kept.pack_version
from aws_delegation_history_syncs as kept;
comment on view delegation.history_syncs is 'The syncs of which the history knows: one row per source, organization and sync. Its first one is where the history begins.';
comment on column delegation.history_syncs.source_name is 'Name of the source in its spec.';
comment on column delegation.history_syncs.organization_id is 'ID of the organization.';
comment on column delegation.history_syncs.sync_time is 'Time of the sync.';
comment on column delegation.history_syncs.ended_at is 'When its last read had ended.';
comment on column delegation.history_syncs.kept_at is 'When it came into the history.';
comment on column delegation.history_syncs.pack_version is 'Version of the views that saw it.';

create or replace view delegation.history_reads as
select
    asked.source_name,
    asked.organization_id,
    asked.method,
    asked.service_id,
    asked.region,
    asked.first_read,
    asked.last_read,
    asked.last_off,
    newest.sync_time as newest_sync,
    coalesce(asked.last_read = newest.sync_time, false) as is_confirmed,
    case
        when asked.last_read = newest.sync_time then null
        when asked.last_asked = newest.sync_time then asked.unknown_cause
        else 'not_configured'
    end as unknown_cause,
    case
        when asked.last_read = newest.sync_time then null
        when asked.last_asked = newest.sync_time then asked.read_error
        else 'the newest sync had no reason to ask: the Region is off, or the service is not there'
    end as read_error
from aws_delegation_history_reads as asked
left join (
    select kept.source_name, kept.organization_id, max(kept.sync_time) as sync_time
    from aws_delegation_history_syncs as kept
    group by kept.source_name, kept.organization_id
) as newest
    on newest.source_name = asked.source_name
    and newest.organization_id = asked.organization_id;
comment on view delegation.history_reads is 'When it was last read who holds what: one row per source, organization and question. What changed between last_read and the next read is told with that one.';
comment on column delegation.history_reads.source_name is 'Name of the source in its spec.';
comment on column delegation.history_reads.organization_id is 'ID of the organization.';
comment on column delegation.history_reads.method is 'organizations or resource_policy (one question each), service (one for each service and Region), or accounts: names, states and places of the holders.';
comment on column delegation.history_reads.service_id is 'ID of the service in the catalogue; null where the method is not service.';
comment on column delegation.history_reads.region is 'Region; null where the question is not regional.';
comment on column delegation.history_reads.first_read is 'The first sync that had the whole answer; null for none.';
comment on column delegation.history_reads.last_read is 'The newest sync that had the whole answer; null for none.';
comment on column delegation.history_reads.last_off is 'The newest sync in which the Region was off, so that nobody could be asked; null for none.';
comment on column delegation.history_reads.newest_sync is 'The newest sync of the history.';
comment on column delegation.history_reads.is_confirmed is 'True where the newest sync had the whole answer; never null.';
comment on column delegation.history_reads.unknown_cause is 'Why it had not: unread, not_configured or not_observable.';
comment on column delegation.history_reads.read_error is 'What was missing, and what to do.';

create or replace view delegation.delegation_history as
select
    history.source_name,
    history.organization_id,
    history.service_id,
    history.service_name,
    history.category,
    history.service_principal,
    history.method,
    history.region,
    history.delegated_account_id,
    history.account_name,
    history.ou_path,
    history.id_path,
    history.account_state,
    history.status,
    history.is_held,
    history.since,
    history.valid_from,
    history.valid_to,
    history.began_by,
    history.ended_by,
    history.not_seen_at,
    history.last_seen,
    history.account_last_seen,
    history.valid_to is null as is_open,
    case
        when history.valid_to is null then coalesce(history.last_seen = newest.sync_time, false)
    end as is_confirmed
from aws_delegation_history as history
left join (
    select kept.source_name, kept.organization_id, max(kept.sync_time) as sync_time
    from aws_delegation_history_syncs as kept
    group by kept.source_name, kept.organization_id
) as newest
    on newest.source_name = history.source_name
    and newest.organization_id = history.organization_id;
comment on view delegation.delegation_history is 'Who held which delegation when: one row per state of one delegation, with the first sync that found it so and the first that did not. At a time: valid_from <= time and (valid_to is null or valid_to > time).';
comment on column delegation.delegation_history.source_name is 'Name of the source in its spec.';
comment on column delegation.delegation_history.organization_id is 'ID of the organization.';
comment on column delegation.delegation_history.service_id is 'ID of the service in the catalogue, as the newest version that saw it has it; for a principal that the catalogue does not know, the principal.';
comment on column delegation.delegation_history.service_name is 'Name of the service, or of both services of a shared principal.';
comment on column delegation.delegation_history.category is 'security, identity, networking, ...; unknown for a principal that the catalogue does not know.';
comment on column delegation.delegation_history.service_principal is 'Principal that was registered with Organizations: each is a delegation of its own here; null for the other methods.';
comment on column delegation.delegation_history.method is 'organizations, service or resource_policy.';
comment on column delegation.delegation_history.region is 'Region; null for organizations, resource_policy and global calls.';
comment on column delegation.delegation_history.delegated_account_id is 'Account that held it; for resource_policy the principal where it names no account (*).';
comment on column delegation.delegation_history.account_name is 'Name of the holder then; null where it was no account of the organization, or accounts were never read.';
comment on column delegation.delegation_history.ou_path is 'Path of the holder by names.';
comment on column delegation.delegation_history.id_path is 'Path of the holder by IDs: another one is a move, the same with other names is a renamed organizational unit.';
comment on column delegation.delegation_history.account_state is 'State of the holder.';
comment on column delegation.delegation_history.status is 'Status as the service gave it.';
comment on column delegation.delegation_history.is_held is 'As in delegation.delegations; never null.';
comment on column delegation.delegation_history.since is 'When it was delegated, as AWS says; only Organizations and Detective tell.';
comment on column delegation.delegation_history.valid_from is 'Time of the first sync that found it in this state; never null.';
comment on column delegation.delegation_history.valid_to is 'Time of the sync that found it gone or in another state; null while none has.';
comment on column delegation.delegation_history.began_by is 'added (an earlier sync had looked and had not found it, or is older than it is by what AWS says), first_read (nobody had looked before, so it can be older) or changed (the row before is its earlier state).';
comment on column delegation.delegation_history.ended_by is 'removed or changed; null while it is open.';
comment on column delegation.delegation_history.not_seen_at is 'For added: time of the newest sync at which it was not there.';
comment on column delegation.delegation_history.last_seen is 'Time of the newest sync that found the delegation. An open row whose question could not be asked since then stays open.';
comment on column delegation.delegation_history.account_last_seen is 'Time of the newest sync that read the accounts while the row was open; null where none did.';
comment on column delegation.delegation_history.is_open is 'True while valid_to is null; never null.';
comment on column delegation.delegation_history.is_confirmed is 'Of an open row: true where the newest sync found it, false where that could not ask (see delegation.history_reads).';

create or replace view delegation.result_history as
select
    history.check_id,
    history.severity,
    history.organization_id,
    history.account_id,
    history.region,
    history.resource_id,
    history.status,
    history.reason,
    history.unknown_cause,
    history.waiver,
    history.valid_from,
    history.valid_to,
    history.began_by,
    history.valid_to is null as is_open,
    history.pack_version
from aws_policy_result_history as history;
comment on view delegation.result_history is 'What the rules said when: one row per state of one verdict, with the first run that said it and the first that did not. An open row is the latest verdict.';
comment on column delegation.result_history.check_id is 'ID of the rule.';
comment on column delegation.result_history.severity is 'critical, high, medium or low, as it was then.';
comment on column delegation.result_history.organization_id is 'ID of the organization; null where it was not known.';
comment on column delegation.result_history.account_id is 'Account that the verdict is about, or that asked.';
comment on column delegation.result_history.region is 'Region that the verdict is about; null for all of them.';
comment on column delegation.result_history.resource_id is 'What is judged.';
comment on column delegation.result_history.status is 'pass, fail, unknown, not_applicable or waived; of several verdicts on the same thing the worst.';
comment on column delegation.result_history.reason is 'Why, as the run said that began this state.';
comment on column delegation.result_history.unknown_cause is 'unread, not_configured or not_observable; null where the status is not unknown.';
comment on column delegation.result_history.waiver is 'Who had accepted it, where it is waived.';
comment on column delegation.result_history.valid_from is 'Time of the first run with this status; never null.';
comment on column delegation.result_history.valid_to is 'Time of the run with another status, or that judged it no more; null while none did.';
comment on column delegation.result_history.began_by is 'first_run (nobody had run the rule on the organization before) or changed.';
comment on column delegation.result_history.is_open is 'True while valid_to is null; never null.';
comment on column delegation.result_history.pack_version is 'Version of the views and rules that said it.';

-- functions/history.sql
-- The history: kept from sync to sync, compared between two times, and cut where it is too long.

create or replace function delegation.utc_text(moment timestamp with time zone) returns text
language sql stable parallel safe
as $$
    select to_char(moment at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"')
$$;
comment on function delegation.utc_text(timestamp with time zone) is 'A time as people read it, in UTC.';

create or replace function delegation.history_state(service_principal text, status text, is_held boolean) returns text
language sql immutable parallel safe
as $$
    select coalesce(nullif(concat_ws(', ', service_principal, status, case when not is_held then 'not held' end), ''), 'held')
$$;
comment on function delegation.history_state(text, text, boolean) is 'How a delegation stands, in a few words; never null.';

create or replace function delegation.keep_history()
returns table (
    source_name text,
    organization_id text,
    sync_time timestamp with time zone,
    is_kept boolean,
    note text
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
    -- By keep_results, which forgets it again.
    is_noted constant boolean := coalesce(current_setting('delegation.noted_reads', true), '') <> '';
begin
    if bound_to is distinct from pg_catalog.current_schema() then
        raise exception 'The views are bound to the tables of schema "%", and the current schema is "%".', bound_to, coalesce(pg_catalog.current_schema(), 'none')
            using hint = 'Connect with the search_path of the sync, or install the views for the other schema.';
    end if;

    -- Two that keep the same sync would both find that it is not kept.
    lock table aws_delegation_history in share row exclusive mode;

    drop table if exists pg_temp.aws_delegation_newest;
    create temporary table aws_delegation_newest on commit drop as
    select
        organizations.source_name,
        organizations.organization_id,
        organizations.sync_time at time zone 'UTC' as sync_time,
        kept.sync_time as kept_before,
        case
            -- Whose state it is, is not known: the credentials may belong to another organization by now.
            when not organizations.was_read then format('not kept, because the organization is not known: %s', coalesce(organizations.read_error, 'AWS said that there is none'))
            when kept.sync_time = organizations.sync_time at time zone 'UTC' then 'kept already'
            when kept.sync_time > organizations.sync_time at time zone 'UTC' then format('not kept, because the history has a newer one: %s', kept.sync_time)
        end as problem
    from delegation.organizations
    left join (
        select syncs.source_name, syncs.organization_id, max(syncs.sync_time) as sync_time
        from aws_delegation_history_syncs as syncs
        group by syncs.source_name, syncs.organization_id
    ) as kept
        on kept.source_name = organizations.source_name
        and kept.organization_id = organizations.organization_id
    where organizations.source_name is not null;

    if exists (select from pg_temp.aws_delegation_newest as newest where newest.problem is null) then
        if not is_noted then
            perform delegation.note_views();
        end if;

        -- What this sync asked, and what was known of the same question before it.
        drop table if exists pg_temp.aws_delegation_asked;
        create temporary table aws_delegation_asked on commit drop as
        with questions as (
            select
                table_reads.source_name,
                tables.method,
                '' as service_id,
                '' as region,
                bool_and(table_reads.was_read) as was_read,
                false as is_region_off,
                case when bool_or(table_reads.unknown_cause = 'unread') then 'unread' else min(table_reads.unknown_cause) end as unknown_cause,
                min(table_reads.read_error) as read_error
            from delegation.table_reads
            join (
                values
                    ('organizations', 'aws_organizations_delegated_administrators'),
                    ('organizations', 'aws_organizations_delegated_services'),
                    ('resource_policy', 'aws_organization_resource_policies'),
                    ('resource_policy', 'aws_organization_resource_policy_statements'),
                    ('accounts', 'aws_organizations_accounts')
            ) as tables (method, table_name) on tables.table_name = table_reads.table_name
            group by table_reads.source_name, tables.method
            union all
            select
                service_regions.source_name,
                'service',
                service_regions.service_id,
                coalesce(service_regions.region, ''),
                bool_and(service_regions.was_read),
                false,
                case when bool_or(service_regions.unknown_cause = 'unread') then 'unread' else min(service_regions.unknown_cause) end,
                min(service_regions.read_error)
            from delegation.service_regions
            where service_regions.method = 'service'
            group by service_regions.source_name, service_regions.service_id, coalesce(service_regions.region, '')
            union all
            -- Nobody can be asked there, and nobody holds anything there that works.
            select reads.source_name, 'service', services.service_id, reads.region, false, true, 'not_configured', 'the Region is off'
            from delegation.reads
            join delegation.services
                on services.source_name = reads.source_name
                and services.admin_table_name = reads.table_name
                and services.list_admin_action = reads.operation
                and services.admin_read_scope = reads.scope
            where reads.outcome = 'absent' and reads.error_code = 'RegionDisabled' and reads.region <> '' and services.is_regional
            group by reads.source_name, services.service_id, reads.region
        )
        select distinct on (newest.source_name, newest.organization_id, questions.method, questions.service_id, questions.region)
            newest.source_name,
            newest.organization_id,
            newest.sync_time,
            questions.method,
            questions.service_id,
            questions.region,
            questions.was_read,
            questions.is_region_off,
            questions.unknown_cause,
            questions.read_error,
            known.method is not null as is_known,
            -- Where the Region was off nobody could be found.
            greatest(known.last_read, known.last_off) as read_before
        from pg_temp.aws_delegation_newest as newest
        join questions on questions.source_name = newest.source_name
        left join aws_delegation_history_reads as known
            on known.source_name = newest.source_name
            and known.organization_id = newest.organization_id
            and known.method = questions.method
            and coalesce(known.service_id, '') = questions.service_id
            and coalesce(known.region, '') = questions.region
        where newest.problem is null
        -- A Region that is off and in which somebody was found all the same.
        order by newest.source_name, newest.organization_id, questions.method, questions.service_id, questions.region, questions.is_region_off;

        -- Each delegation that this sync found, once. What one question of an organization answers is told in each Region that was asked.
        drop table if exists pg_temp.aws_delegation_found;
        create temporary table aws_delegation_found on commit drop as
        with unsure as (
            -- Where a second call adds the state and was not answered, the state is what was known of it.
            select distinct services.source_name, services.service_id, reads.region
            from delegation.reads
            join delegation.services
                on services.source_name = reads.source_name
                and services.admin_table_name = reads.table_name
                and services.list_admin_action <> reads.operation
            where reads.outcome not in ('ok', 'absent')
        ),
        registered as (
            select delegated._cq_source_name as source_name, delegated.service_principal, delegated.delegated_account_id, min(delegated.delegation_enabled_date) as since
            from delegation.current_aws_organizations_delegated_services as delegated
            group by delegated._cq_source_name, delegated.service_principal, delegated.delegated_account_id
        )
        select
            newest.source_name,
            newest.organization_id,
            newest.sync_time,
            delegations.method,
            coalesce(principal.value, delegations.service_id) as subject,
            coalesce(delegations.region, '') as region,
            delegations.delegated_account_id,
            min(delegations.service_id) as service_id,
            min(delegations.service_name) as service_name,
            min(delegations.category) as category,
            min(principal.value) as service_principal,
            string_agg(distinct delegations.status, ', ') as status,
            bool_or(delegations.is_held) as is_held,
            min(coalesce(registered.since, delegations.since)) at time zone 'UTC' as since,
            bool_and(not exists (
                select
                from unsure
                where unsure.source_name = delegations.source_name
                    and unsure.service_id = delegations.service_id
                    and (delegations.region is null or unsure.region in ('', delegations.region))
            ) or delegations.method <> 'service') as is_state_known
        from pg_temp.aws_delegation_newest as newest
        join delegation.delegations on delegations.source_name = newest.source_name
        left join lateral unnest(string_to_array(delegations.service_principal, ', ')) as principal (value) on true
        left join registered
            on registered.source_name = delegations.source_name
            and registered.service_principal = principal.value
            and registered.delegated_account_id = delegations.delegated_account_id
        where newest.problem is null
        group by
            newest.source_name, newest.organization_id, newest.sync_time, delegations.method, coalesce(principal.value, delegations.service_id),
            coalesce(delegations.region, ''), delegations.delegated_account_id;

        -- The state of each delegation before and after. The delegation and its holder are read apart, and what was not read stays as it was.
        drop table if exists pg_temp.aws_delegation_states;
        create temporary table aws_delegation_states on commit drop as
        with known as (
            select
                history.*,
                history.ctid as row_id,
                newest.sync_time,
                coalesce(history.service_principal, history.service_id) as subject
            from pg_temp.aws_delegation_newest as newest
            join aws_delegation_history as history
                on history.source_name = newest.source_name
                and history.organization_id = newest.organization_id
            where newest.problem is null and history.valid_to is null
        ),
        paired as (
            select
                coalesce(found.source_name, known.source_name) as source_name,
                coalesce(found.organization_id, known.organization_id) as organization_id,
                coalesce(found.sync_time, known.sync_time) as sync_time,
                coalesce(found.method, known.method) as method,
                coalesce(found.region, known.region, '') as region,
                coalesce(found.delegated_account_id, known.delegated_account_id) as delegated_account_id,
                coalesce(found.service_id, known.service_id) as service_id,
                coalesce(found.service_name, known.service_name) as service_name,
                coalesce(found.category, known.category) as category,
                coalesce(found.service_principal, known.service_principal) as service_principal,
                found.subject is not null as is_found,
                found.status,
                found.is_held,
                found.since,
                coalesce(found.is_state_known, false) as is_state_known,
                known.row_id,
                known.status as known_status,
                known.is_held as known_is_held,
                known.since as known_since,
                known.account_name as known_account_name,
                known.account_state as known_account_state,
                known.ou_path as known_ou_path,
                known.id_path as known_id_path,
                known.last_seen as known_last_seen,
                known.account_last_seen as known_account_last_seen
            from pg_temp.aws_delegation_found as found
            full join known
                on known.source_name = found.source_name
                and known.organization_id = found.organization_id
                and known.method = found.method
                and known.subject = found.subject
                and coalesce(known.region, '') = found.region
                and known.delegated_account_id = found.delegated_account_id
        ),
        seen as (
            select
                paired.*,
                coalesce(question.was_read, false) as was_asked,
                -- What AWS says to be younger than the sync before cannot have been there.
                greatest(question.read_before, case when paired.since > newest.kept_before then newest.kept_before end) as read_before,
                coalesce(account_list.was_read, false) or account.account_id is not null as is_account_known,
                account.account_name,
                account.account_state,
                -- A path that could not be worked out is no move.
                coalesce(account.ou_path, case when account.account_id is not null then paired.known_ou_path end) as ou_path,
                coalesce(account.id_path, case when account.account_id is not null then paired.known_id_path end) as id_path
            from paired
            join pg_temp.aws_delegation_newest as newest
                on newest.source_name = paired.source_name
                and newest.organization_id = paired.organization_id
            left join pg_temp.aws_delegation_asked as question
                on question.source_name = paired.source_name
                and question.organization_id = paired.organization_id
                and question.method = paired.method
                and question.service_id = case paired.method when 'service' then paired.service_id else '' end
                and question.region = paired.region
            left join pg_temp.aws_delegation_asked as account_list
                on account_list.source_name = paired.source_name
                and account_list.organization_id = paired.organization_id
                and account_list.method = 'accounts'
            left join delegation.accounts as account
                on account.source_name = paired.source_name
                and account.account_id = paired.delegated_account_id
        ),
        -- What was not known before is filled in; only what was known can have changed.
        next as (
            select
                seen.source_name,
                seen.organization_id,
                seen.sync_time,
                seen.method,
                seen.region,
                seen.delegated_account_id,
                seen.service_id,
                seen.service_name,
                seen.category,
                seen.service_principal,
                seen.row_id,
                seen.is_found,
                seen.was_asked,
                seen.read_before,
                case when seen.row_id is null or seen.is_state_known then seen.status else seen.known_status end as status,
                case when seen.row_id is null or seen.is_state_known then seen.is_held else seen.known_is_held end as is_held,
                coalesce(seen.since, seen.known_since) as since,
                case when seen.is_account_known then seen.account_name else seen.known_account_name end as account_name,
                case when seen.is_account_known then seen.account_state else seen.known_account_state end as account_state,
                case when seen.is_account_known then seen.ou_path else seen.known_ou_path end as ou_path,
                case when seen.is_account_known then seen.id_path else seen.known_id_path end as id_path,
                case when seen.is_found then seen.sync_time else seen.known_last_seen end as last_seen,
                case when seen.is_account_known then seen.sync_time else seen.known_account_last_seen end as account_last_seen,
                seen.row_id is not null and (
                    (seen.is_state_known and (seen.status is distinct from seen.known_status or seen.is_held <> seen.known_is_held))
                    or seen.since <> seen.known_since
                    or (
                        seen.is_account_known
                        and seen.known_account_last_seen is not null
                        and (
                            seen.account_name is distinct from seen.known_account_name
                            or seen.account_state is distinct from seen.known_account_state
                            or (seen.ou_path is distinct from seen.known_ou_path and (seen.known_ou_path is not null or seen.known_account_state is null))
                            or (seen.id_path is distinct from seen.known_id_path and (seen.known_id_path is not null or seen.known_account_state is null))
                        )
                    )
                ) as is_other
            from seen
        )
        select
            next.*,
            case
                when next.row_id is null then case when next.read_before is null then 'first_read' else 'added' end
                when not next.is_found and next.was_asked then 'removed'
                when next.is_other then 'changed'
                else 'same'
            end as became
        from next;

        update aws_delegation_history as history
        set
            -- A catalogue that knows the service by now is no change of who holds what.
            service_id = states.service_id,
            service_name = states.service_name,
            category = states.category,
            valid_to = case when states.became <> 'same' then states.sync_time end,
            ended_by = case when states.became <> 'same' then states.became end,
            last_seen = case when states.became = 'same' then states.last_seen else history.last_seen end,
            account_last_seen = case when states.became = 'same' then states.account_last_seen else history.account_last_seen end,
            since = case when states.became = 'same' then states.since else history.since end,
            account_name = case when states.became = 'same' then states.account_name else history.account_name end,
            account_state = case when states.became = 'same' then states.account_state else history.account_state end,
            ou_path = case when states.became = 'same' then states.ou_path else history.ou_path end,
            id_path = case when states.became = 'same' then states.id_path else history.id_path end
        from pg_temp.aws_delegation_states as states
        where history.ctid = states.row_id;

        insert into aws_delegation_history (
            source_name, organization_id, service_id, service_name, category, service_principal, method, region, delegated_account_id,
            account_name, ou_path, id_path, account_state, status, is_held, since, valid_from, began_by, not_seen_at, last_seen, account_last_seen
        )
        select
            states.source_name, states.organization_id, states.service_id, states.service_name, states.category, states.service_principal,
            states.method, nullif(states.region, ''), states.delegated_account_id,
            states.account_name, states.ou_path, states.id_path, states.account_state, states.status, states.is_held, states.since, states.sync_time,
            states.became, case states.became when 'added' then states.read_before end, states.last_seen, states.account_last_seen
        from pg_temp.aws_delegation_states as states
        where states.became in ('first_read', 'added', 'changed');

        update aws_delegation_history_reads as known
        set
            first_read = coalesce(known.first_read, case when asked.was_read then asked.sync_time end),
            last_read = case when asked.was_read then asked.sync_time else known.last_read end,
            last_off = case when asked.is_region_off then asked.sync_time else known.last_off end,
            last_asked = asked.sync_time,
            unknown_cause = case when not asked.was_read then asked.unknown_cause end,
            read_error = case when not asked.was_read then asked.read_error end
        from pg_temp.aws_delegation_asked as asked
        where known.source_name = asked.source_name
            and known.organization_id = asked.organization_id
            and known.method = asked.method
            and coalesce(known.service_id, '') = asked.service_id
            and coalesce(known.region, '') = asked.region;
        insert into aws_delegation_history_reads (
            source_name, organization_id, method, service_id, region, first_read, last_read, last_off, last_asked, unknown_cause, read_error
        )
        select
            asked.source_name, asked.organization_id, asked.method, nullif(asked.service_id, ''), nullif(asked.region, ''),
            case when asked.was_read then asked.sync_time end,
            case when asked.was_read then asked.sync_time end,
            case when asked.is_region_off then asked.sync_time end,
            asked.sync_time,
            case when not asked.was_read then asked.unknown_cause end,
            case when not asked.was_read then asked.read_error end
        from pg_temp.aws_delegation_asked as asked
        where not asked.is_known;

        insert into aws_delegation_history_syncs (source_name, organization_id, sync_time, ended_at, kept_at, pack_version)
        select
            newest.source_name,
            newest.organization_id,
            newest.sync_time,
            greatest(newest.sync_time, max(reads.started_at + make_interval(secs => reads.duration_ms / 1000.0)) at time zone 'UTC'),
            now(),
            version
        from pg_temp.aws_delegation_newest as newest
        left join delegation.reads on reads.source_name = newest.source_name
        where newest.problem is null
        group by newest.source_name, newest.organization_id, newest.sync_time;

        if not is_noted then
            perform delegation.forget_views();
        end if;
    end if;

    return query
        select newest.source_name, newest.organization_id, newest.sync_time, newest.problem is null, coalesce(newest.problem, 'kept')
        from pg_temp.aws_delegation_newest as newest
        order by newest.source_name;
end
$$;
comment on function delegation.keep_history() is
    'Takes the newest sync of each source into delegation.delegation_history, once: what it found, and what it looked for and did not find. delegation.keep_results() does it, too. What a sync could not ask stays open; a sync that is older than the one kept changes nothing.';

create or replace function delegation.drift(since timestamp with time zone, until timestamp with time zone)
returns table (
    source_name text,
    organization_id text,
    at timestamp with time zone,
    kind text,
    service_id text,
    service_name text,
    method text,
    region text,
    account_id text,
    account_name text,
    rule_id text,
    resource_id text,
    before text,
    after text,
    event_id text,
    event_time timestamp with time zone,
    actor text,
    severity text,
    reason text
)
language plpgsql stable
rows 1000
-- As in raw_verdicts.
set jit = off
set enable_nestloop = off
set enable_mergejoin = off
set work_mem = '64MB'
as $$
#variable_conflict use_column
declare
    -- Null is no limit. After `since`, and up to and with `until`: intervals that follow each other tell each change once.
    from_time constant timestamp with time zone := coalesce($1, '-infinity');
    to_time constant timestamp with time zone := coalesce($2, 'infinity');
begin
    return query
    with history as materialized (
        select
            delegation_history.*,
            coalesce(delegation_history.service_principal, delegation_history.service_id) as subject,
            delegation.history_state(delegation_history.service_principal, delegation_history.status, delegation_history.is_held) as state,
            -- Of the row before, which a changed one has.
            lag(delegation.history_state(delegation_history.service_principal, delegation_history.status, delegation_history.is_held)) over earlier as known_state,
            lag(delegation_history.since) over earlier as known_since,
            lag(delegation_history.is_held) over earlier as known_is_held,
            lag(delegation_history.account_name) over earlier as known_account_name,
            lag(delegation_history.account_state) over earlier as known_account_state,
            lag(delegation_history.ou_path) over earlier as known_ou_path,
            lag(delegation_history.id_path) over earlier as known_id_path,
            lag(delegation_history.last_seen) over earlier as known_last_seen,
            lag(delegation_history.account_last_seen) over earlier as known_account_last_seen
        from delegation.delegation_history
        window earlier as (
            partition by
                delegation_history.source_name, delegation_history.organization_id, delegation_history.method,
                coalesce(delegation_history.service_principal, delegation_history.service_id), coalesce(delegation_history.region, ''), delegation_history.delegated_account_id
            order by delegation_history.valid_from
        )
    ),
    -- Who keeps the service in another Region has lost or won a Region, and not the service.
    steps as (
        select
            history.source_name,
            history.organization_id,
            history.valid_from as at,
            case when exists (
                select
                from history as elsewhere
                where elsewhere.source_name = history.source_name
                    and elsewhere.organization_id = history.organization_id
                    and elsewhere.method = history.method
                    and elsewhere.service_id = history.service_id
                    and elsewhere.delegated_account_id = history.delegated_account_id
                    and elsewhere.region <> history.region
                    and elsewhere.is_held
                    and elsewhere.valid_from < history.valid_from
                    and coalesce(elsewhere.valid_to, 'infinity') >= history.valid_from
            ) then 'region_gained' else 'delegation_added' end as kind,
            history.service_id,
            history.service_name,
            history.service_principal,
            history.method,
            history.region,
            history.delegated_account_id,
            history.account_name,
            null::text as before,
            history.state as after,
            history.not_seen_at as known_at,
            false as is_end,
            null::text as parent_id,
            false as is_left
        from history
        where history.began_by = 'added' and history.valid_from > from_time and history.valid_from <= to_time
        union all
        select
            history.source_name,
            history.organization_id,
            history.valid_to,
            case when exists (
                select
                from history as elsewhere
                where elsewhere.source_name = history.source_name
                    and elsewhere.organization_id = history.organization_id
                    and elsewhere.method = history.method
                    and elsewhere.service_id = history.service_id
                    and elsewhere.delegated_account_id = history.delegated_account_id
                    and elsewhere.region <> history.region
                    and elsewhere.is_held
                    and elsewhere.valid_from <= history.valid_to
                    and coalesce(elsewhere.valid_to, 'infinity') > history.valid_to
            ) then 'region_lost' else 'delegation_removed' end,
            history.service_id,
            history.service_name,
            history.service_principal,
            history.method,
            history.region,
            history.delegated_account_id,
            history.account_name,
            history.state,
            null,
            history.last_seen,
            true,
            null,
            false
        from history
        where history.ended_by = 'removed' and history.valid_to > from_time and history.valid_to <= to_time
        union all
        select
            history.source_name,
            history.organization_id,
            history.valid_from,
            'holder_changed',
            history.service_id,
            history.service_name,
            history.service_principal,
            history.method,
            history.region,
            history.delegated_account_id,
            history.account_name,
            concat_ws(', ', case when history.state <> history.known_state then history.known_state end, case when history.since <> history.known_since then 'since ' || delegation.utc_text(history.known_since) end),
            concat_ws(', ', case when history.state <> history.known_state then history.state end, case when history.since <> history.known_since then 'since ' || delegation.utc_text(history.since) end),
            history.known_last_seen,
            not history.is_held,
            null,
            false
        from history
        where history.began_by = 'changed' and history.valid_from > from_time and history.valid_from <= to_time
            and (history.state <> history.known_state or history.since <> history.known_since)
        union all
        -- An account has moved once, whatever it holds.
        select
            history.source_name,
            history.organization_id,
            history.valid_from,
            account_change.kind,
            case when count(distinct history.service_id) = 1 then min(history.service_id) end,
            string_agg(distinct history.service_name, ', '),
            null,
            null,
            null,
            history.delegated_account_id,
            min(history.account_name),
            account_change.before,
            account_change.after,
            min(history.known_account_last_seen),
            false,
            min(case when account_change.kind = 'holder_moved' then regexp_replace(history.id_path, '^.*/', '') end),
            account_change.is_left
        from history
        cross join lateral (
            select
                'holder_moved' as kind,
                coalesce(history.known_ou_path, history.known_id_path) as before,
                coalesce(history.ou_path, history.id_path) as after,
                false as is_left
            where history.account_state is not null and history.known_account_state is not null
                and case
                    when history.id_path is null or history.known_id_path is null then history.ou_path <> history.known_ou_path
                    else history.id_path <> history.known_id_path
                end
            union all
            select
                'holder_changed',
                changed.before,
                changed.after,
                history.account_state is null
            from (
                select
                    concat_ws(
                        ', ',
                        case when history.account_state is distinct from history.known_account_state then coalesce('account ' || history.known_account_state, 'no account of the organization') end,
                        case when history.account_name <> history.known_account_name then 'named ' || history.known_account_name end,
                        case when history.ou_path <> history.known_ou_path and history.id_path = history.known_id_path then 'in an organizational unit named ' || history.known_ou_path end
                    ) as before,
                    concat_ws(
                        ', ',
                        case when history.account_state is distinct from history.known_account_state then coalesce('account ' || history.account_state, 'no account of the organization') end,
                        case when history.account_name <> history.known_account_name then 'named ' || history.account_name end,
                        case when history.ou_path <> history.known_ou_path and history.id_path = history.known_id_path then 'in an organizational unit named ' || history.ou_path end
                    ) as after
            ) as changed
            where changed.before <> '' or changed.after <> ''
        ) as account_change
        -- Of the first reading of the account nothing is known before.
        where history.began_by = 'changed' and history.valid_from > from_time and history.valid_from <= to_time
            and history.known_account_last_seen is not null
        group by
            history.source_name, history.organization_id, history.valid_from, history.delegated_account_id,
            account_change.kind, account_change.before, account_change.after, account_change.is_left
    ),
    numbered as materialized (
        select row_number() over () as number, steps.*
        from steps
    ),
    -- By what an event is told to be the one: the surest first, and one that is not alone is none.
    step_keys as (
        select
            numbered.number,
            numbered.source_name,
            numbered.region,
            numbered.parent_id,
            numbered.known_at,
            coalesce(history_syncs.ended_at, numbered.at) as ended_at,
            step_key.rank,
            step_key.key
        from numbered
        left join delegation.history_syncs
            on history_syncs.source_name = numbered.source_name
            and history_syncs.organization_id = numbered.organization_id
            and history_syncs.sync_time = numbered.at
        cross join lateral (
            values
                (1, case when numbered.method = 'organizations' then format('registration %s %s %s', numbered.is_end, numbered.service_principal, numbered.delegated_account_id) end),
                (1, case when numbered.method = 'service' then format('service %s %s %s', numbered.is_end, numbered.service_id, numbered.delegated_account_id) end),
                -- What ends whoever is there names nobody.
                (1, case when numbered.method = 'service' and numbered.is_end then format('service %s %s ', numbered.is_end, numbered.service_id) end),
                (1, case when numbered.method = 'resource_policy' then format('policy %s', false) end),
                (1, case when numbered.method = 'resource_policy' and numbered.is_end then format('policy %s', true) end),
                (1, case when numbered.kind = 'holder_moved' then format('move %s', numbered.delegated_account_id) end),
                (1, case when numbered.kind = 'holder_changed' and numbered.method is null and numbered.after like 'account %' then format('close %s', numbered.delegated_account_id) end),
                (1, case when numbered.is_left then format('left %s', numbered.delegated_account_id) end),
                (2, case when numbered.is_end and numbered.after is null then format('left %s', numbered.delegated_account_id) end)
        ) as step_key (rank, key)
        where step_key.key is not null
    ),
    events as materialized (
        select
            changes.source_name,
            changes.event_id,
            changes.changed_at at time zone 'UTC' as changed_at,
            changes.region,
            changes.after,
            concat(changes.principal, ' (' || changes.session_name || ')') as actor,
            case
                when changes.event_source = 'organizations.amazonaws.com' and changes.category = 'delegated_administrator'
                    then format('registration %s %s %s', told.is_end, changes.service_principal, changes.target_id)
                when changes.category = 'delegated_administrator' then format('service %s %s %s', told.is_end, changes.service_id, changes.target_id)
                when changes.category = 'delegation_policy' then format('policy %s', told.is_end)
                when changes.event_name = 'MoveAccount' then format('move %s', changes.target_id)
                when changes.event_name = 'CloseAccount' then format('close %s', changes.target_id)
                when changes.event_name in ('RemoveAccountFromOrganization', 'LeaveOrganization') then format('left %s', changes.target_id)
            end as key
        from delegation.changes
        cross join lateral (
            select changes.event_name ~ '^(Disable|Deregister|Disassociate|Delete)' as is_end
        ) as told
        where changes.was_allowed
    ),
    matched as (
        select
            step_keys.number,
            step_keys.rank,
            count(distinct events.event_id) as event_count,
            min(events.event_id) as event_id,
            min(events.changed_at) as event_time,
            min(events.actor) as actor
        from step_keys
        join events
            on events.source_name = step_keys.source_name
            and events.key = step_keys.key
            and events.changed_at > step_keys.known_at
            and events.changed_at <= step_keys.ended_at
            and (events.key not like 'service %' or step_keys.region is null or events.region = step_keys.region)
            and (step_keys.parent_id is null or events.after is null or events.after = step_keys.parent_id)
        group by step_keys.number, step_keys.rank
    ),
    surest as (
        select distinct on (matched.number) matched.*
        from matched
        order by matched.number, matched.rank
    ),
    opened as (
        select result_history.*
        from delegation.result_history
        where result_history.began_by = 'changed' and result_history.valid_from > from_time and result_history.valid_from <= to_time
    ),
    closed as (
        select result_history.*
        from delegation.result_history
        where result_history.valid_to > from_time and result_history.valid_to <= to_time
    ),
    verdicts as materialized (
        select
            coalesce(opened.organization_id, closed.organization_id) as organization_id,
            coalesce(opened.valid_from, closed.valid_to) as at,
            coalesce(opened.check_id, closed.check_id) as check_id,
            coalesce(opened.severity, closed.severity) as severity,
            coalesce(opened.account_id, closed.account_id) as account_id,
            coalesce(opened.region, closed.region) as region,
            coalesce(opened.resource_id, closed.resource_id) as resource_id,
            closed.status as before,
            opened.status as after,
            opened.reason
        from opened
        full join closed
            on closed.check_id = opened.check_id
            and closed.resource_id = opened.resource_id
            and coalesce(closed.organization_id, '') = coalesce(opened.organization_id, '')
            and coalesce(closed.account_id, '') = coalesce(opened.account_id, '')
            and coalesce(closed.region, '') = coalesce(opened.region, '')
            and closed.valid_to = opened.valid_from
    ),
    sources as (
        -- A verdict is about an organization, whoever reads it.
        select history_syncs.organization_id, min(history_syncs.source_name) as source_name
        from delegation.history_syncs
        group by history_syncs.organization_id
        having count(distinct history_syncs.source_name) = 1
    ),
    names as (
        select distinct on (accounts.organization_id, accounts.account_id) accounts.organization_id, accounts.account_id, accounts.account_name
        from delegation.accounts
        where exists (select from verdicts where verdicts.account_id = accounts.account_id)
        order by accounts.organization_id, accounts.account_id, accounts.source_name
    ),
    catalogue as (
        select distinct on (services.service_id) services.service_id, services.service_name
        from delegation.services
        order by services.service_id, services.source_name
    ),
    told as (
        select
            numbered.source_name,
            numbered.organization_id,
            numbered.at,
            numbered.kind,
            numbered.service_id,
            numbered.service_name,
            numbered.method,
            numbered.region,
            numbered.delegated_account_id as account_id,
            numbered.account_name,
            null::text as rule_id,
            null::text as resource_id,
            numbered.before,
            numbered.after,
            surest.event_id,
            surest.event_time,
            surest.actor,
            null::text as severity,
            null::text as reason
        from numbered
        left join surest on surest.number = numbered.number and surest.event_count = 1
        union all
        select
            sources.source_name,
            verdicts.organization_id,
            verdicts.at,
            'verdict_changed',
            catalogue.service_id,
            catalogue.service_name,
            null,
            verdicts.region,
            verdicts.account_id,
            names.account_name,
            verdicts.check_id,
            verdicts.resource_id,
            verdicts.before,
            verdicts.after,
            null,
            null,
            null,
            verdicts.severity,
            verdicts.reason
        from verdicts
        left join sources on sources.organization_id = verdicts.organization_id
        left join names on names.organization_id = verdicts.organization_id and names.account_id = verdicts.account_id
        left join catalogue on catalogue.service_id = verdicts.resource_id
    )
    select told.*
    from told
    order by
        told.at, told.source_name collate "C", told.organization_id collate "C", told.kind collate "C", told.service_id collate "C", told.account_id collate "C",
        told.method collate "C", told.region collate "C", told.rule_id collate "C", told.resource_id collate "C", told.before collate "C", told.after collate "C";
end
$$;
comment on function delegation.drift(timestamp with time zone, timestamp with time zone) is
    'What changed after the one time and up to the other (null: no limit), each step of it: delegation_added, delegation_removed, region_gained, region_lost (the holder has the service elsewhere), holder_moved, holder_changed, verdict_changed. With the event of CloudTrail that did it, where exactly one fits.';

create or replace function delegation.prune_history(older_than timestamp with time zone)
returns table (table_name text, row_count bigint)
language plpgsql
as $$
#variable_conflict use_column
declare
    bound_to text := (select pack.live_schema from delegation.pack);
begin
    if bound_to is distinct from pg_catalog.current_schema() then
        raise exception 'The views are bound to the tables of schema "%", and the current schema is "%".', bound_to, coalesce(pg_catalog.current_schema(), 'none')
            using hint = 'Connect with the search_path of the sync.';
    end if;
    if older_than is null then
        raise exception 'prune_history needs the time before which the history is to go.';
    end if;
    lock table aws_delegation_history in share row exclusive mode;

    table_name := 'aws_delegation_history';
    delete from aws_delegation_history as history where history.valid_to < older_than;
    get diagnostics row_count = row_count;
    return next;

    -- The newest stays: by it an older sync is known to be old.
    table_name := 'aws_delegation_history_syncs';
    delete from aws_delegation_history_syncs as kept
    where kept.sync_time < older_than
        and exists (
            select
            from aws_delegation_history_syncs as newer
            where newer.source_name = kept.source_name
                and newer.organization_id = kept.organization_id
                and newer.sync_time > kept.sync_time
        );
    get diagnostics row_count = row_count;
    return next;

    table_name := 'aws_policy_result_history';
    delete from aws_policy_result_history as history where history.valid_to < older_than;
    get diagnostics row_count = row_count;
    return next;

    if pg_catalog.to_regclass('aws_policy_result_changes') is not null then
        table_name := 'aws_policy_result_changes';
        delete from aws_policy_result_changes as changes where changes.changed_at < older_than;
        get diagnostics row_count = row_count;
        return next;
    end if;
end
$$;
comment on function delegation.prune_history(timestamp with time zone) is
    'Removes what ended before this time; what was still so then stays, and the history begins with the first sync after it. Gives the rows removed from each table.';

-- notes
create or replace view delegation.noted_views (position, view_name, kept_for) as
values
    (1, 'owner_accounts', 'aws_delegation_owners'),
    (2, 'reads', null),
    (3, 'table_reads', null),
    (4, 'services', null),
    (5, 'delegations', null),
    (6, 'service_regions', null),
    (7, 'service_use', null),
    (8, 'service_answers', null),
    (9, 'approvals', null),
    (10, 'class_guardrails', 'aws_organizations_policy_targets');
comment on view delegation.noted_views is 'Views that a run of rules works out once; what is kept in a table, in this order.';
comment on column delegation.noted_views.position is 'Place in the order.';
comment on column delegation.noted_views.view_name is 'Name of the view in schema delegation.';
comment on column delegation.noted_views.kept_for is 'Where it is too large to be noted as text: the table whose readers need it, in a temporary table.';

do $comments$
declare
    live record;
begin
    for live in
        select named.view_name, pg_attribute.attname as column_name
        from unnest(array['owner_accounts', 'reads', 'table_reads', 'services', 'delegations', 'service_regions', 'service_use', 'service_answers', 'approvals', 'class_guardrails', 'changes']) as named (view_name)
        join pg_catalog.pg_attribute
            on pg_attribute.attrelid = format('delegation.%I', 'live_' || named.view_name)::regclass
            and pg_attribute.attnum > 0
    loop
        execute format('comment on view delegation.%I is %L', 'live_' || live.view_name, format('The query of delegation.%s.', live.view_name));
        execute format('comment on column delegation.%I.%I is %L', 'live_' || live.view_name, live.column_name, format('As in delegation.%s.', live.view_name));
    end loop;
end
$comments$;

-- rules
-- A rule that this version no longer has.
do $retired$
declare
    retired record;
begin
    for retired in
        select pg_class.relname as name
        from pg_catalog.pg_class
        where pg_class.relnamespace = 'delegation'::regnamespace
            and pg_class.relname like 'rule\_%'
            and pg_class.relname not in ('rule_access_analyzer_covers_organization', 'rule_admin_status_settled', 'rule_central_root_access_enabled', 'rule_config_aggregates_organization', 'rule_delegated_admin_account_active', 'rule_delegated_admin_covered_by_guardrails', 'rule_delegated_admin_hosts_no_workloads', 'rule_delegated_admin_limit', 'rule_delegation_has_trusted_access', 'rule_delegation_policy_no_self_escalation', 'rule_delegation_policy_no_wildcards', 'rule_delegation_policy_present', 'rule_delegation_policy_principals_are_owners', 'rule_delegation_policy_principals_known', 'rule_delegation_policy_types_in_use', 'rule_delegation_reviewed', 'rule_delegation_service_role_present', 'rule_delegations_approved', 'rule_detection_and_execution_separated', 'rule_every_region_has_admin', 'rule_execution_services_held_narrowly', 'rule_leaving_is_observable', 'rule_management_account_holds_no_delegation', 'rule_methods_agree', 'rule_new_accounts_enrolled', 'rule_no_open_invitation', 'rule_no_unapproved_significant_event', 'rule_org_all_features_enabled', 'rule_org_scp_type_enabled', 'rule_organization_trail_exists', 'rule_reads_complete', 'rule_region_guardrail_effective', 'rule_same_admin_in_every_region', 'rule_scp_exceptions_narrow', 'rule_scp_prevents_leaving', 'rule_scp_protects_security_controls', 'rule_security_hub_v1_and_v2_agree', 'rule_security_services_held_by_infosec', 'rule_service_member_limit_not_reached', 'rule_services_held_by_expected_owner', 'rule_sync_is_fresh', 'rule_trusted_access_has_administrator')
    loop
        execute format('drop view delegation.%I', retired.name);
    end loop;
end
$retired$;

create or replace view delegation.rule_access_analyzer_covers_organization as
with sources as materialized (
    select asked.*
    from delegation.asked_organizations(array['aws_delegation_services']) as asked
),
places as materialized (
    select
        delegate_places.source_name,
        delegate_places.service_name,
        delegate_places.region,
        delegate_places.admin_account_id,
        delegate_places.admin_label,
        delegate_places.was_listed and coalesce(delegate_reads.was_read, delegate_places.admin_account_id is null) as was_read,
        case when delegate_places.was_listed then delegate_reads.unknown_cause else delegate_places.list_cause end as unknown_cause,
        case when delegate_places.was_listed then delegate_reads.read_error else delegate_places.list_problem end as problem
    from delegation.delegate_places
    join sources on sources.source_name = delegate_places.source_name
    left join delegation.delegate_reads
        on delegate_reads.source_name = delegate_places.source_name
        and delegate_reads.service_id = delegate_places.service_id
        and delegate_reads.region = delegate_places.region
        and delegate_reads.admin_account_id = delegate_places.admin_account_id
    where sources.can_judge
        and delegate_places.service_id = 'access-analyzer'
),
analyzers as materialized (
    select
        analyzer._cq_source_name as source_name,
        analyzer.region,
        analyzer.type = 'ORGANIZATION' and analyzer.status = 'ACTIVE' as is_good,
        analyzer.type = 'ORGANIZATION' as is_of_organization,
        coalesce(places.admin_label, analyzer.admin_account_id) as admin_label,
        format(
            '%s of %s is %s',
            analyzer.name,
            coalesce(places.admin_label, analyzer.admin_account_id),
            case
                when analyzer.type = 'ORGANIZATION' then concat(
                    coalesce(analyzer.status, 'of no status'),
                    ' (' || (analyzer.status_reason ->> 'code') || ')',
                    case when analyzer.status_reason ->> 'code' = 'DELEGATED_ADMINISTRATOR_DEREGISTERED' then ': its account was deregistered as delegated administrator since' end
                )
                else format('of type %s', coalesce(analyzer.type, 'unknown'))
            end
        ) as told
    from delegation.current_aws_accessanalyzer_analyzers as analyzer
    left join places
        on places.source_name = analyzer._cq_source_name
        and places.region = analyzer.region
        and places.admin_account_id = analyzer.admin_account_id
),
found as materialized (
    select
        analyzers.source_name,
        analyzers.region,
        bool_or(analyzers.is_good) as has_good,
        string_agg(distinct analyzers.admin_label collate "C", ' and ') filter (where analyzers.is_good) as labels,
        string_agg(analyzers.told, '; ' order by analyzers.told collate "C") filter (where analyzers.is_good is not true) as others
    from analyzers
    group by analyzers.source_name, analyzers.region
),
regions as materialized (
    select
        places.source_name,
        min(places.service_name) as service_name,
        places.region,
        case
            when bool_or(found.has_good) then 'pass'
            when not bool_and(places.was_read) then 'unknown'
            else 'fail'
        end as verdict,
        min(found.labels) as labels,
        min(found.others) as others,
        case
            when bool_or(places.unknown_cause = 'unread') then 'unread'
            when bool_or(places.unknown_cause = 'not_configured') then 'not_configured'
            else min(places.unknown_cause)
        end as unknown_cause,
        concat(
            min(places.problem collate "C") filter (where not places.was_read),
            case when count(distinct places.problem) > 1 then format(' (and %s more like it)', count(distinct places.problem) - 1) end
        ) as problem
    from places
    left join found on found.source_name = places.source_name and found.region = places.region
    group by places.source_name, places.region
),
counts as materialized (
    select
        regions.source_name,
        count(*) as region_count,
        bool_and(regions.verdict = 'unknown') as are_all_unknown,
        bool_and(regions.verdict = 'fail') and count(regions.others) = 0 as are_all_empty,
        bool_and(regions.verdict = 'pass') as are_all_covered
    from regions
    group by regions.source_name
),
of_regions as (
    select
        regions.source_name,
        regions.region,
        regions.verdict as status,
        case
            when regions.verdict = 'fail' then concat(
                format('no active analyzer of the organization in %s', regions.region),
                ' (' || regions.others || ')',
                '; make one of type ORGANIZATION there'
            )
            else concat(
                format('whether an analyzer covers the organization%s is not known: %s', coalesce(' in ' || regions.region, ''), regions.problem),
                ' (seen: ' || regions.others || ')'
            )
        end as reason,
        case when regions.verdict = 'unknown' then coalesce(regions.unknown_cause, 'unread') end as unknown_cause
    from regions
    join counts on counts.source_name = regions.source_name
    where regions.verdict <> 'pass'
        and not (regions.verdict = 'unknown' and counts.are_all_unknown and counts.region_count > 1)
        and not (regions.verdict = 'fail' and counts.are_all_empty and counts.region_count > 1)
),
of_all as (
    select
        regions.source_name,
        null::text as region,
        min(regions.verdict) as status,
        case min(regions.verdict)
            when 'fail' then format(
                '%s has no analyzer of the organization in any of %s; make one of type ORGANIZATION in each',
                min(regions.service_name),
                string_agg(regions.region, ', ' order by regions.region collate "C")
            )
            when 'pass' then format(
                'an active analyzer of the organization is in each Region that is enabled for the account that asked (%s): %s',
                string_agg(regions.region, ', ' order by regions.region collate "C"),
                string_agg(distinct regions.labels collate "C", ' and ')
            )
            else concat(
                'whether an analyzer covers the organization',
                ' in ' || string_agg(regions.region, ', ' order by regions.region collate "C"),
                ' is not known: ',
                min(regions.problem collate "C"),
                case when count(distinct regions.problem) > 1 then format(' (and %s more like it)', count(distinct regions.problem) - 1) end
            )
        end as reason,
        case
            when min(regions.verdict) <> 'unknown' then null
            when bool_or(regions.unknown_cause = 'unread') then 'unread'
            when bool_or(regions.unknown_cause = 'not_configured') then 'not_configured'
            else coalesce(min(regions.unknown_cause), 'unread')
        end as unknown_cause
    from regions
    join counts on counts.source_name = regions.source_name
    where counts.are_all_covered
        or ((counts.are_all_unknown or counts.are_all_empty) and counts.region_count > 1)
    group by regions.source_name
),
judged as (
    select of_regions.source_name, 'access-analyzer' as resource_id, of_regions.region, of_regions.status, of_regions.reason, of_regions.unknown_cause from of_regions
    union all
    select of_all.source_name, 'access-analyzer', of_all.region, of_all.status, of_all.reason, of_all.unknown_cause from of_all
    union all
    select
        sources.source_name,
        case when sources.can_judge then 'access-analyzer' else sources.resource_id end,
        null,
        case when sources.can_judge then case when services.service_id is null then 'unknown' else 'not_applicable' end else sources.status end,
        case
            when not sources.can_judge then sources.reason
            when services.service_id is null then 'aws_delegation_services has no IAM Access Analyzer; sync again'
            else format('%s is in no Region that is enabled for the account that asked', services.service_name)
        end,
        case when sources.can_judge then case when services.service_id is null then 'unread' end else sources.unknown_cause end
    from sources
    left join delegation.services on services.source_name = sources.source_name and services.service_id = 'access-analyzer'
    where not sources.can_judge
        or not exists (select from places where places.source_name = sources.source_name)
)
select
    sources.organization_id,
    sources.account_id,
    judged.region,
    judged.resource_id,
    judged.status,
    judged.reason,
    judged.unknown_cause
from judged
join sources on sources.source_name is not distinct from judged.source_name
order by organization_id, resource_id, region;
comment on view delegation.rule_access_analyzer_covers_organization is 'An analyzer of IAM Access Analyzer covers the organization in every enabled Region.';

create or replace view delegation.rule_admin_status_settled as
with sources as materialized (
    select asked.*
    from delegation.asked_organizations(array['aws_delegation_services']) as asked
),
answers as materialized (
    select service_answers.*
    from delegation.service_answers
    join sources on sources.source_name = service_answers.source_name
    where sources.can_judge
),
of_organizations as (
    select
        sources.source_name,
        sources.resource_id as service_id,
        null::text as region,
        coalesce(sources.status, 'unknown') as status,
        coalesce(sources.reason, 'aws_delegation_services has no service with administrators of its own; sync again') as reason,
        case when sources.can_judge then 'unread' else sources.unknown_cause end as unknown_cause
    from sources
    where not sources.can_judge
        or not exists (select from answers where answers.source_name = sources.source_name)
),
services as materialized (
    select
        answers.source_name,
        answers.service_id,
        min(answers.service_name) as service_name,
        bool_or(answers.is_asked) as is_asked,
        bool_or(answers.delegated_account_id is not null) as is_used,
        count(distinct answers.region) filter (where answers.delegated_account_id is not null) as region_count,
        count(distinct answers.region) as asked_region_count,
        string_agg(distinct answers.label collate "C", ' and ') as labels,
        string_agg(distinct answers.status collate "C", ' and ') as statuses
    from answers
    group by answers.source_name, answers.service_id
),
of_unsettled as (
    select
        answers.source_name,
        answers.service_id,
        answers.region,
        'fail' as status,
        concat(
            format('%s names %s', answers.service_name, string_agg(answers.label, ' and ' order by answers.label collate "C")),
            ' in ' || answers.region,
            '; see that the change is brought to its end'
        ) as reason,
        null::text as unknown_cause
    from answers
    where not answers.is_held
    group by answers.source_name, answers.service_id, answers.service_name, answers.region
),
of_unread as (
    select distinct
        answers.source_name,
        answers.service_id,
        answers.problem_region as region,
        'unknown' as status,
        answers.problem as reason,
        answers.problem_cause as unknown_cause
    from answers
    where not answers.was_read
),
findings as materialized (
    select of_unsettled.*
    from of_unsettled
    union all
    select of_unread.*
    from of_unread
    where not exists (
        select
        from of_unsettled
        where of_unsettled.source_name = of_unread.source_name
            and of_unsettled.service_id = of_unread.service_id
            and of_unsettled.region is not distinct from of_unread.region
    )
),
of_others as (
    select
        services.source_name,
        services.service_id,
        null::text as region,
        case when services.is_used then 'pass' else 'not_applicable' end as status,
        case
            when services.is_used then concat(
                format('%s names %s', services.service_name, services.labels),
                case when services.region_count > 0 then format(' in %s of %s Regions', services.region_count, services.asked_region_count) end,
                case when services.statuses is null then ', and gives no status' else format(' (%s)', services.statuses) end
            )
            when not services.is_asked then format('%s is in no Region that is enabled for the account that asked', services.service_name)
            else format('%s is not delegated: it has no administrator', services.service_name)
        end as reason,
        null::text as unknown_cause
    from services
    where not exists (
        select
        from findings
        where findings.source_name = services.source_name
            and findings.service_id = services.service_id
    )
),
judged as (
    select * from of_organizations
    union all
    select * from findings
    union all
    select * from of_others
)
select
    sources.organization_id,
    sources.account_id,
    judged.region,
    judged.service_id as resource_id,
    judged.status,
    judged.reason,
    judged.unknown_cause
from judged
join sources on sources.source_name is not distinct from judged.source_name
order by organization_id, resource_id, region;
comment on view delegation.rule_admin_status_settled is 'No administrator is being made or removed.';

create or replace view delegation.rule_central_root_access_enabled as
with asked as (
    select asked_organizations.*
    from delegation.asked_organizations(array['aws_organizations'])
),
feature_reads as (
    select table_reads.*
    from delegation.table_reads
    where table_reads.table_name = 'aws_iam_organizations_features'
),
access_reads as (
    select table_reads.source_name, table_reads.was_read
    from delegation.table_reads
    where table_reads.table_name = 'aws_organizations_service_access'
),
wanted (feature) as (
    values ('RootCredentialsManagement'), ('RootSessions')
),
features as (
    select
        asked.source_name,
        count(feature.feature) as on_count,
        string_agg(wanted.feature, ' and ' order by wanted.feature collate "C") filter (where feature.feature is null) as missing
    from asked
    cross join wanted
    left join delegation.current_aws_iam_organizations_features as feature
        on feature._cq_source_name = asked.source_name
        and feature.feature = wanted.feature
        -- Other accounts of the spec are asked for what is their own.
        and feature.account_id = asked.asking_account_id
    where asked.can_judge
    group by asked.source_name
),
trusted as (
    select distinct trusted_access.source_name
    from delegation.trusted_access
    where trusted_access.service_principal = 'iam.amazonaws.com'
),
judged as (
    select
        asked.*,
        features.missing,
        features.on_count,
        feature_reads.is_absent as is_feature_absent,
        coalesce(feature_reads.read_error, 'aws_iam_organizations_features was not read') as feature_error,
        coalesce(feature_reads.unknown_cause, 'unread') as feature_cause,
        case when trusted.source_name is null and access_reads.was_read then '; IAM has no trusted access, which comes first' end as access_told,
        case
            when not asked.can_judge then asked.status
            -- Both were seen: no missing read can take that back.
            when features.on_count = 2 then 'pass'
            when feature_reads.was_read then 'fail'
            else 'unknown'
        end as verdict
    from asked
    left join features on features.source_name = asked.source_name
    left join feature_reads on feature_reads.source_name = asked.source_name
    left join access_reads on access_reads.source_name = asked.source_name
    left join trusted on trusted.source_name = asked.source_name
)
select
    judged.organization_id,
    judged.account_id,
    null::text as region,
    case when judged.can_judge then 'iam-root-access' else judged.resource_id end as resource_id,
    judged.verdict as status,
    case
        when not judged.can_judge then judged.reason
        when judged.verdict = 'pass' then format('%s manages root credentials of members centrally (RootCredentialsManagement), and allows root sessions (RootSessions)', judged.organization_id)
        when judged.verdict = 'unknown' then format('whether %s manages root access centrally is not known: %s', judged.organization_id, judged.feature_error)
        when judged.on_count = 0 then concat(format('%s manages no root access of members centrally: neither RootCredentialsManagement nor RootSessions is on', judged.organization_id), judged.access_told, '; enable both')
        else format('%s is not on for %s; enable it', judged.missing, judged.organization_id)
    end as reason,
    case
        when not judged.can_judge then judged.unknown_cause
        when judged.verdict = 'unknown' then judged.feature_cause
    end as unknown_cause
from judged
order by organization_id, resource_id;
comment on view delegation.rule_central_root_access_enabled is 'Root access of members is managed centrally.';

create or replace view delegation.rule_config_aggregates_organization as
with sources as materialized (
    select asked.*
    from delegation.asked_organizations(array['aws_delegation_services']) as asked
),
services as materialized (
    select
        service_use.*,
        coalesce(owner_read.unknown_cause, 'unread') as accounts_cause,
        coalesce(owner_read.read_error, 'aws_organizations_accounts was not read') as accounts_error,
        coalesce(owner_read.was_read, false) as were_accounts_read,
        coalesce(spec_read.was_read, false) as were_owners_read,
        coalesce(spec_read.unknown_cause, 'unread') as owners_cause,
        spec_read.read_error as owners_error
    from delegation.service_use
    left join delegation.table_reads as owner_read
        on owner_read.source_name = service_use.source_name
        and owner_read.table_name = 'aws_organizations_accounts'
    left join (
        select
            table_reads.source_name,
            bool_and(table_reads.was_read) as was_read,
            case when bool_or(table_reads.unknown_cause = 'unread') then 'unread' else min(table_reads.unknown_cause) end as unknown_cause,
            min(table_reads.read_error) as read_error
        from delegation.table_reads
        where table_reads.table_name in ('aws_delegation_owners', 'aws_delegation_expectations')
        group by table_reads.source_name
    ) as spec_read on spec_read.source_name = service_use.source_name
    where service_use.service_id = 'config'
),
expectations as materialized (
    select
        expected_owners.source_name,
        array_agg(expected_owners.owner order by expected_owners.owner collate "C") as owners,
        string_agg(expected_owners.owner, ' or ' order by expected_owners.owner collate "C") as owner_names
    from delegation.expected_owners
    where expected_owners.service_id = 'config'
    group by expected_owners.source_name
),
owner_matches as materialized (
    select owner_accounts.source_name, owner_accounts.account_id, bool_or(owner_accounts.is_match) as is_match
    from delegation.owner_accounts
    join expectations
        on expectations.source_name = owner_accounts.source_name
        and owner_accounts.owner = any (expectations.owners)
    group by owner_accounts.source_name, owner_accounts.account_id
),
known_owners as materialized (
    -- Only where all owners are known can an account be none of theirs.
    select
        expectations.source_name,
        bool_and(named.owner is not null) as are_all_named,
        array_agg(expectations_owner.owner order by expectations_owner.owner collate "C") filter (where named.owner is null) as unnamed
    from expectations
    cross join lateral unnest(expectations.owners) as expectations_owner (owner)
    left join (
        select distinct owner_accounts.source_name, owner_accounts.owner
        from delegation.owner_accounts
    ) as named
        on named.source_name = expectations.source_name
        and named.owner = expectations_owner.owner
    group by expectations.source_name
),
owned_services as materialized (
    select
        services.*,
        services.were_accounts_read and services.were_owners_read and coalesce(known_owners.are_all_named, false) as are_owners_known
    from services
    left join known_owners on known_owners.source_name = services.source_name
),
places as materialized (
    select
        delegate_places.source_name,
        delegate_places.region,
        delegate_places.admin_account_id,
        delegate_places.was_listed,
        delegate_places.list_cause,
        delegate_places.list_problem,
        delegate_reads.was_read,
        delegate_reads.unknown_cause,
        delegate_reads.read_error,
        case
            when delegate_places.admin_account_id is null then null
            when owner_matches.account_id is not null then owner_matches.is_match
            when services.are_owners_known then false
        end as is_expected
    from delegation.delegate_places
    join owned_services as services on services.source_name = delegate_places.source_name
    left join owner_matches
        on owner_matches.source_name = delegate_places.source_name
        and owner_matches.account_id = delegate_places.admin_account_id
    left join delegation.delegate_reads
        on delegate_reads.source_name = delegate_places.source_name
        and delegate_reads.service_id = delegate_places.service_id
        and delegate_reads.region = delegate_places.region
        and delegate_reads.admin_account_id = delegate_places.admin_account_id
    where delegate_places.service_id = 'config'
),
regions as materialized (
    select distinct places.source_name, places.region
    from places
    where places.region is not null
),
aggregators as materialized (
    select
        aggregator._cq_source_name as source_name,
        format('%s in %s', coalesce(aggregator.configuration_aggregator_name, aggregator.configuration_aggregator_arn), aggregator.region) as name,
        delegation.with_remark(
            delegation.account_label(aggregator.admin_account_id, accounts.account_name, accounts.ou_path),
            concat_ws(
                ', ',
                case when aggregator.admin_account_id = sources.management_account_id then 'the management account' end,
                case when accounts.account_state <> 'ACTIVE' then accounts.account_state end
            )
        ) as admin_label,
        case
            when owner_matches.account_id is not null then owner_matches.is_match
            when services.are_owners_known then false
        end as is_expected,
        coalesce(jsonb_typeof(aggregator.organization_aggregation_source), '') = 'object' as is_of_organization,
        case
            when coalesce(jsonb_typeof(aggregator.organization_aggregation_source), '') <> 'object' or missing.region_names is not null then false
            when aggregator.organization_aggregation_source ->> 'AllAwsRegions' = 'true' then true
            -- A Region that nobody has heard of may be missing.
            when exists (select from places where places.source_name = aggregator._cq_source_name and places.region is null) then null
            else true
        end as is_complete,
        missing.region_names as missing_regions,
        case when aggregator.aggregator_filters <> '{}' then format('; %s has filters: see that they leave out nothing that is needed', aggregator.configuration_aggregator_name) end as aside
    from delegation.current_aws_config_configuration_aggregators as aggregator
    join sources on sources.source_name = aggregator._cq_source_name
    join owned_services as services on services.source_name = aggregator._cq_source_name
    left join owner_matches
        on owner_matches.source_name = aggregator._cq_source_name
        and owner_matches.account_id = aggregator.admin_account_id
    left join delegation.accounts
        on accounts.source_name = aggregator._cq_source_name
        and accounts.account_id = aggregator.admin_account_id
    cross join lateral (
        select string_agg(regions.region, ', ' order by regions.region collate "C") as region_names
        from regions
        where regions.source_name = aggregator._cq_source_name
            and jsonb_typeof(aggregator.organization_aggregation_source) = 'object'
            and coalesce(aggregator.organization_aggregation_source ->> 'AllAwsRegions', '') <> 'true'
            and not coalesce(delegation.as_list(aggregator.organization_aggregation_source -> 'AwsRegions') ? regions.region, false)
    ) as missing
),
counted as (
    select
        aggregators.source_name,
        string_agg(format('%s of %s', aggregators.name, aggregators.admin_label), ' and ' order by aggregators.name collate "C") filter (where aggregators.is_complete and aggregators.is_expected) as good,
        string_agg(aggregators.aside, '' order by aggregators.name collate "C") filter (where aggregators.is_complete and aggregators.is_expected) as asides,
        string_agg(format('%s of %s', aggregators.name, aggregators.admin_label), ' and ' order by aggregators.name collate "C") filter (where aggregators.is_complete and aggregators.is_expected is null) as open,
        string_agg(
            format(
                '%s of %s %s',
                aggregators.name,
                aggregators.admin_label,
                concat_ws(
                    ' and ',
                    case when not aggregators.is_of_organization then 'aggregates single accounts, not the organization' end,
                    case when aggregators.is_of_organization and not aggregators.is_complete then 'lacks ' || aggregators.missing_regions end,
                    case when aggregators.is_expected is false then 'is in no account of ' || expectations.owner_names end
                )
            ),
            '; '
            order by aggregators.name collate "C", aggregators.admin_label collate "C"
        ) filter (where not aggregators.is_complete or aggregators.is_expected is false) as lacking
    from aggregators
    left join expectations on expectations.source_name = aggregators.source_name
    group by aggregators.source_name
),
gaps as (
    -- What an account that is not the owner's has does not matter.
    select
        places.source_name,
        case
            when bool_or(coalesce(places.unknown_cause, places.list_cause) = 'unread') then 'unread'
            when bool_or(coalesce(places.unknown_cause, places.list_cause) = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause,
        concat(
            min(coalesce(places.read_error, places.list_problem) collate "C"),
            case
                when count(distinct coalesce(places.read_error, places.list_problem)) > 1 then format(' (and %s more like it)', count(distinct coalesce(places.read_error, places.list_problem)) - 1)
            end
        ) as problem
    from places
    where not places.was_listed
        or (not places.was_read and places.is_expected is distinct from false)
    group by places.source_name
),
judged as (
    select
        services.*,
        counted.good,
        counted.asides,
        counted.open,
        counted.lacking,
        gaps.problem,
        gaps.unknown_cause as gap_cause,
        expectations.owner_names as expected_names,
        known_owners.unnamed,
        case
            when not exists (select from places where places.source_name = services.source_name) then 'not_applicable'
            when counted.good is not null then 'pass'
            when gaps.problem is not null or counted.open is not null then 'unknown'
            else 'fail'
        end as verdict
    from services
    left join counted on counted.source_name = services.source_name
    left join gaps on gaps.source_name = services.source_name
    left join expectations on expectations.source_name = services.source_name
    left join known_owners on known_owners.source_name = services.source_name
)
select
    sources.organization_id,
    sources.account_id,
    null::text as region,
    case when judged.source_name is null then sources.resource_id else 'config' end as resource_id,
    case when not sources.can_judge then sources.status else coalesce(judged.verdict, 'unknown') end as status,
    case
        when not sources.can_judge then sources.reason
        when judged.source_name is null then 'aws_delegation_services has no AWS Config; sync again'
        when judged.verdict = 'not_applicable' then format('%s is in no Region that is enabled for the account that asked', judged.service_name)
        when judged.verdict = 'pass' then concat(format('%s aggregates all Regions of %s for %s', judged.good, sources.organization_id, judged.expected_names), judged.asides)
        when judged.verdict = 'unknown' then format(
            'whether %s is aggregated by %s is not known: %s',
            sources.organization_id,
            coalesce(judged.expected_names, 'the expected account'),
            concat_ws(
                '; ',
                case
                    when judged.open is null then null
                    when not judged.were_owners_read then format('%s is complete, and who should have it is not known: %s', judged.open, judged.owners_error)
                    when not judged.were_accounts_read then format('%s is complete, and accounts are not known: %s', judged.open, judged.accounts_error)
                    when judged.expected_names is null then format('%s is complete, and nobody says who should have it; add `expectations: {config: [infosec]}` with the name of the owner that you want, and sync again', judged.open)
                    when judged.unnamed is not null
                        then format('%s is complete, and the spec does not name an account that is %s; add `owners: {%s: {accounts: [''111122223333'']}}` with your account, and sync again', judged.open, array_to_string(judged.unnamed, ' or '), judged.unnamed[1])
                    else format('%s is complete, and whether it belongs to %s is not known: its tags or its place were not read', judged.open, judged.expected_names)
                end,
                judged.problem,
                judged.lacking
            )
        )
        when judged.lacking is not null then format('no aggregator of %s is complete: %s; make one of the organization for all Regions in an account of %s', sources.organization_id, judged.lacking, coalesce(judged.expected_names, 'the security team'))
        else format('%s has no aggregator of AWS Config; make one of the organization for all Regions in an account of %s', sources.organization_id, coalesce(judged.expected_names, 'the security team'))
    end as reason,
    case
        when not sources.can_judge then sources.unknown_cause
        when judged.source_name is null then 'unread'
        when judged.verdict <> 'unknown' then null
        when judged.gap_cause = 'unread' then 'unread'
        when judged.open is null then judged.gap_cause
        when not judged.were_owners_read then judged.owners_cause
        when not judged.were_accounts_read then judged.accounts_cause
        when judged.expected_names is null or judged.unnamed is not null then 'not_configured'
        else 'unread'
    end as unknown_cause
from sources
left join judged on sources.can_judge and judged.source_name = sources.source_name
order by organization_id, resource_id;
comment on view delegation.rule_config_aggregates_organization is 'AWS Config aggregates the whole organization in the expected account.';

create or replace view delegation.rule_delegated_admin_account_active as
with sources as materialized (
    select
        asked.*,
        coalesce(account_read.was_read, false) and exists (select from delegation.accounts where accounts.source_name = asked.source_name) as were_accounts_read,
        coalesce(account_read.unknown_cause, 'unread') as accounts_cause,
        coalesce(account_read.read_error, 'organizations:ListAccounts gave no account; sync again') as accounts_error
    from delegation.asked_organizations('{}') as asked
    left join delegation.table_reads as account_read
        on account_read.source_name = asked.source_name
        and account_read.table_name = 'aws_organizations_accounts'
),
holders as materialized (
    select
        holders.source_name,
        holders.delegated_account_id,
        holders.delegated_account_id ~ '^[0-9]{12}$' as is_account,
        bool_or(coalesce(holders.is_management_account, false)) as is_management_account,
        string_agg(
            concat(holders.service_name, case when not holders.is_held then format(' (%s)', coalesce(nullif(array_to_string(holders.statuses, ', '), ''), 'not settled')) end),
            ', ' order by holders.service_name collate "C", holders.service_id collate "C"
        ) as service_names
    from delegation.holders
    group by holders.source_name, holders.delegated_account_id
),
of_holders as (
    select
        sources.source_name,
        holders.delegated_account_id as resource_id,
        case when holders.is_account then holders.delegated_account_id else sources.account_id end as account_id,
        case
            when not holders.is_account or holders.is_management_account then 'not_applicable'
            when accounts.account_state = 'ACTIVE' then 'pass'
            when accounts.account_state in ('SUSPENDED', 'CLOSED', 'PENDING_CLOSURE', 'PENDING_ACTIVATION') then 'fail'
            when accounts.account_id is null and sources.were_accounts_read then 'fail'
            else 'unknown'
        end as status,
        case
            when not holders.is_account
                then format('%s is a principal of the delegation policy and no single account; delegation_policy_principals_known judges it', named.label)
            when holders.is_management_account then format('%s is the management account and holds %s; management_account_holds_no_delegation judges it', named.label, holders.service_names)
            when accounts.account_state = 'ACTIVE' then format('%s is ACTIVE and holds %s', named.label, holders.service_names)
            when accounts.account_state in ('SUSPENDED', 'CLOSED', 'PENDING_CLOSURE')
                then format('%s is %s and holds %s; give that to an active account and take it away from this one, or have AWS Support reopen the account', named.label, accounts.account_state, holders.service_names)
            when accounts.account_state = 'PENDING_ACTIVATION' then format('%s is PENDING_ACTIVATION and holds %s; finish its activation, or give that to an active account', named.label, holders.service_names)
            when accounts.account_state is not null then format('%s holds %s and has the state %s, which this version does not know; look at the account, and sync with a newer version', named.label, holders.service_names, accounts.account_state)
            when accounts.account_id is not null then format('%s holds %s, and AWS gave no state for it; sync again', named.label, holders.service_names)
            when sources.were_accounts_read then format('%s holds %s and is no account of this organization; take it away from there', named.label, holders.service_names)
            else format('%s holds %s, and its state is not known: %s', named.label, holders.service_names, sources.accounts_error)
        end as reason,
        case when accounts.account_id is null then sources.accounts_cause else 'unread' end as open_cause
    from holders
    join sources on sources.source_name = holders.source_name
    left join delegation.accounts
        on accounts.source_name = holders.source_name
        and accounts.account_id = holders.delegated_account_id
    cross join lateral (select delegation.account_label(holders.delegated_account_id, accounts.account_name, accounts.ou_path) as label) as named
    where sources.can_judge
),
of_unseen as (
    select
        sources.source_name,
        sources.resource_id,
        sources.account_id,
        'unknown' as status,
        format('whether any other account holds a delegation is not known: %s', unseen_delegations.read_error) as reason,
        unseen_delegations.unknown_cause as open_cause
    from delegation.unseen_delegations
    join sources on sources.source_name = unseen_delegations.source_name
    where sources.can_judge
),
judged as (
    select * from of_holders
    union all
    select * from of_unseen
)
select
    sources.organization_id,
    coalesce(judged.account_id, sources.account_id) as account_id,
    null::text as region,
    coalesce(judged.resource_id, sources.resource_id) as resource_id,
    coalesce(judged.status, sources.status, 'not_applicable') as status,
    coalesce(judged.reason, sources.reason, format('no account of %s holds a delegation', sources.organization_id)) as reason,
    case coalesce(judged.status, sources.status) when 'unknown' then coalesce(judged.open_cause, sources.unknown_cause) end as unknown_cause
from sources
left join judged on judged.source_name = sources.source_name
order by organization_id, resource_id;
comment on view delegation.rule_delegated_admin_account_active is 'Every delegated administrator is an active member of the organization.';

create or replace view delegation.rule_delegated_admin_covered_by_guardrails as
with asked as materialized (
    select asked_organizations.*
    from delegation.asked_organizations(array[]::text[]) as asked_organizations
),
table_reads as materialized (
    select table_reads.*
    from delegation.table_reads
),
held as (
    select delegations.source_name, delegations.delegated_account_id as account_id, delegations.service_name
    from delegation.delegations
    union
    -- Which services it administers may not have been read.
    select administrator._cq_source_name, administrator.id, null
    from delegation.current_aws_organizations_delegated_administrators as administrator
),
holders as materialized (
    select
        held.source_name,
        held.account_id,
        count(held.service_name) as service_count,
        (array_agg(held.service_name order by held.service_name collate "C") filter (where held.service_name is not null))[1:3] as service_names
    from held
    where held.account_id is not null
    group by held.source_name, held.account_id
),
verdicts as materialized (
    select verdict.source_name, verdict.account_id, verdict.denial, verdict.reason, verdict.unknown_cause
    from delegation.account_guardrails as verdict
    where verdict.control = 'leave_organization'
),
findings as (
    select
        asked.organization_id,
        holders.account_id,
        format(
            '%s, which holds %s',
            delegation.account_label(holders.account_id, accounts.account_name, accounts.ou_path),
            case
                when holders.service_count = 0 then 'services that were not read'
                else concat(array_to_string(holders.service_names, ', '), case when holders.service_count > 3 then format(' and %s more', holders.service_count - 3) end)
            end
        ) as label,
        accounts.account_state,
        verdicts.denial,
        verdicts.reason,
        verdicts.unknown_cause,
        coalesce(account_read.unknown_cause, 'unread') as accounts_cause,
        coalesce(account_read.read_error, 'aws_organizations_accounts was not read') as accounts_error,
        case
            when holders.account_id = asked.management_account_id then 'management'
            when holders.account_id = '*' then 'everyone'
            when accounts.account_id is null and coalesce(account_read.was_read, false) then 'no member'
            when accounts.account_id is null then 'not read'
            when accounts.account_state in ('PENDING_ACTIVATION', 'SUSPENDED', 'PENDING_CLOSURE', 'CLOSED') then 'not active'
            when accounts.account_state = 'ACTIVE' then 'judged'
            else 'state not known'
        end as finding
    from holders
    join asked on asked.source_name = holders.source_name
    left join delegation.accounts on accounts.source_name = holders.source_name and accounts.account_id = holders.account_id
    left join table_reads as account_read on account_read.source_name = holders.source_name and account_read.table_name = 'aws_organizations_accounts'
    left join verdicts on verdicts.source_name = holders.source_name and verdicts.account_id = holders.account_id
    where asked.can_judge
),
of_holders as (
    select
        findings.organization_id,
        findings.account_id,
        case
            when findings.finding in ('management', 'everyone', 'no member', 'not active') then 'not_applicable'
            when findings.finding = 'judged' and findings.denial = 'whole' then 'pass'
            when findings.finding = 'judged' and findings.denial in ('none', 'partial') then 'fail'
            else 'unknown'
        end as status,
        case findings.finding
            when 'management' then format('%s: SCPs never bind the management account', findings.label)
            when 'everyone' then format('%s: no account is named, so none can be judged; name the accounts in the delegation policy', findings.label)
            when 'no member' then format('%s: no account of this organization, so its SCPs do not apply', findings.label)
            when 'not active' then format('%s: it is %s, and only ACTIVE members are judged', findings.label, findings.account_state)
            when 'not read' then format('%s: whether it is a member is not known: %s', findings.label, findings.accounts_error)
            when 'judged' then format('%s: %s', findings.label, coalesce(findings.reason, 'what SCPs do there is not known; sync again'))
            else format('%s: it has a state that is not known: %s', findings.label, coalesce(findings.account_state, 'none was given'))
        end as reason,
        case
            when findings.finding = 'not read' then findings.accounts_cause
            when findings.finding = 'state not known' then 'unread'
            when findings.finding = 'judged' and findings.denial in ('whole', 'none', 'partial') then null
            when findings.finding = 'judged' then coalesce(findings.unknown_cause, 'unread')
        end as unknown_cause
    from findings
),
-- What was not read and could show a holder that nobody saw.
missing as (
    select table_reads.source_name, table_reads.unknown_cause, table_reads.read_error
    from table_reads
    where not table_reads.was_read
        and table_reads.table_name in ('aws_organizations_delegated_administrators', 'aws_delegation_services')
    union all
    select service_regions.source_name, service_regions.unknown_cause, service_regions.read_error
    from delegation.service_regions
    where not service_regions.was_read
        -- Its administrators are listed in any case: that list is above.
        and service_regions.method <> 'organizations'
        and service_regions.unknown_cause <> 'not_observable'
    union all
    -- What this version cannot ask matters where the service is in use: without trusted access it has no administrator.
    select
        service_regions.source_name,
        case when service_use.is_used then 'not_observable' else access.unknown_cause end,
        case when service_use.is_used then service_regions.read_error else access.read_error end
    from delegation.service_regions
    join delegation.service_use
        on service_use.source_name = service_regions.source_name
        and service_use.service_id = service_regions.service_id
    join table_reads as access
        on access.source_name = service_regions.source_name
        and access.table_name = 'aws_organizations_service_access'
    where service_regions.unknown_cause = 'not_observable'
        and (service_use.is_used or not access.was_read)
),
missing_reads as (
    select
        missing.source_name,
        case
            when bool_or(missing.unknown_cause = 'unread') then 'unread'
            when bool_or(missing.unknown_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause,
        concat(min(missing.read_error), case when count(distinct missing.read_error) > 1 then format(' (and %s more like it)', count(distinct missing.read_error) - 1) end) as read_error
    from missing
    group by missing.source_name
),
of_organizations as (
    select
        asked.organization_id,
        asked.account_id,
        asked.resource_id,
        case
            when not asked.can_judge then asked.status
            when missing_reads.source_name is not null then 'unknown'
            else 'not_applicable'
        end as status,
        case
            when not asked.can_judge then asked.reason
            when missing_reads.source_name is not null then format('whether anybody else holds a delegation is not known: %s', missing_reads.read_error)
            else 'no account holds a delegation'
        end as reason,
        case
            when not asked.can_judge then asked.unknown_cause
            else missing_reads.unknown_cause
        end as unknown_cause
    from asked
    left join missing_reads on missing_reads.source_name = asked.source_name
    where not asked.can_judge
        or missing_reads.source_name is not null
        or not exists (select from holders where holders.source_name = asked.source_name)
)
select
    of_holders.organization_id,
    of_holders.account_id,
    null::text as region,
    of_holders.account_id as resource_id,
    of_holders.status,
    of_holders.reason,
    of_holders.unknown_cause
from of_holders
union all
select
    of_organizations.organization_id,
    of_organizations.account_id,
    null::text as region,
    of_organizations.resource_id,
    of_organizations.status,
    of_organizations.reason,
    of_organizations.unknown_cause
from of_organizations
order by organization_id, resource_id;
comment on view delegation.rule_delegated_admin_covered_by_guardrails is 'Accounts that hold a delegation cannot leave the organization.';

create or replace view delegation.rule_delegated_admin_hosts_no_workloads as
with table_reads as materialized (
    select table_reads.source_name, table_reads.table_name, table_reads.was_read, table_reads.unknown_cause, table_reads.read_error
    from delegation.table_reads
    where table_reads.table_name in ('aws_organizations_accounts', 'aws_organizations_organizational_units')
),
sources as materialized (
    select
        asked.*,
        delegation.text_list(settings.workload_ous) as workload_ous,
        coalesce(account_read.was_read, false) and exists (select from delegation.accounts where accounts.source_name = asked.source_name) as were_accounts_read,
        coalesce(account_read.unknown_cause, 'unread') as accounts_cause,
        coalesce(account_read.read_error, 'organizations:ListAccounts gave no account; sync again') as accounts_error,
        coalesce(unit_read.was_read, false) as were_units_read,
        coalesce(unit_read.unknown_cause, 'unread') as units_cause,
        coalesce(unit_read.read_error, 'aws_organizations_organizational_units was not read') as units_error
    from delegation.asked_organizations(array['aws_delegation_settings']) as asked
    left join delegation.settings on settings.source_name = asked.source_name
    left join table_reads as account_read on account_read.source_name = asked.source_name and account_read.table_name = 'aws_organizations_accounts'
    left join table_reads as unit_read on unit_read.source_name = asked.source_name and unit_read.table_name = 'aws_organizations_organizational_units'
),
-- A slip of the pen in the spec would let everybody pass.
missing_units as materialized (
    select
        sources.source_name,
        string_agg(named.ou, ', ' order by named.ou collate "C") as ous
    from sources
    cross join lateral unnest(sources.workload_ous) as named (ou)
    where rtrim(named.ou, '/') <> ''
        and named.ou is distinct from sources.root_id
        and not exists (
            select
            from delegation.organizational_units as unit
            where unit.source_name = sources.source_name
                and (unit.organizational_unit_id = named.ou or rtrim(unit.ou_path, '/') = rtrim(named.ou, '/'))
        )
        -- Where the OUs were not read, those that have accounts are known all the same.
        and not exists (
            select
            from delegation.accounts
            where accounts.source_name = sources.source_name
                and delegation.is_below(named.ou, accounts.ou_path, accounts.id_path)
        )
    group by sources.source_name
),
held as materialized (
    select
        holders.source_name,
        holders.delegated_account_id,
        holders.delegated_account_id ~ '^[0-9]{12}$' as is_account,
        bool_or(coalesce(holders.is_management_account, false)) as is_management_account,
        string_agg(
            concat(holders.service_name, case when not holders.is_held then format(' (%s)', coalesce(nullif(array_to_string(holders.statuses, ', '), ''), 'not settled')) end),
            ', ' order by holders.service_name collate "C", holders.service_id collate "C"
        ) as service_names
    from delegation.holders
    group by holders.source_name, holders.delegated_account_id
),
-- An inner join first: on the other side of an outer one PostgreSQL works out the path of every account.
accounts as materialized (
    select accounts.*
    from held
    join delegation.accounts
        on accounts.source_name = held.source_name
        and accounts.account_id = held.delegated_account_id
),
placed as (
    select
        sources.*,
        held.delegated_account_id,
        held.is_account,
        held.is_management_account,
        held.service_names,
        accounts.account_id is not null as is_member,
        accounts.account_state,
        delegation.account_label(held.delegated_account_id, accounts.account_name, accounts.ou_path) as label,
        workload.ous,
        workload.is_open,
        coalesce(accounts.parent_id like 'r-%', false) or coalesce(accounts.ou_path = '/', false) or coalesce(accounts.id_path not like '%/%', false) as is_at_root,
        accounts.parent_id is null and accounts.ou_path is null and accounts.id_path is null as is_place_unknown
    from held
    join sources on sources.source_name = held.source_name
    left join accounts
        on accounts.source_name = held.source_name
        and accounts.account_id = held.delegated_account_id
    cross join lateral (
        select
            string_agg(named.ou, ' and ' order by named.ou collate "C") filter (where delegation.is_below(named.ou, accounts.ou_path, accounts.id_path)) as ous,
            bool_or(delegation.is_below(named.ou, accounts.ou_path, accounts.id_path) is null) as is_open
        from unnest(sources.workload_ous) as named (ou)
    ) as workload
    where sources.can_judge and sources.workload_ous is not null
),
weighed as (
    select
        placed.*,
        missing_units.ous as missing_ous,
        case
            when not placed.is_account or placed.is_management_account then 'elsewhere'
            when not placed.is_member then case when placed.were_accounts_read then 'elsewhere' else 'unread' end
            when placed.account_state in ('SUSPENDED', 'CLOSED', 'PENDING_CLOSURE', 'PENDING_ACTIVATION') then 'elsewhere'
            when placed.ous is not null then 'workloads'
            when placed.is_at_root then 'root'
            when placed.is_open or placed.is_place_unknown then 'open'
            when missing_units.ous is not null then 'misnamed'
            else 'apart'
        end as verdict
    from placed
    left join missing_units on missing_units.source_name = placed.source_name
),
of_holders as (
    select
        weighed.source_name,
        weighed.delegated_account_id as resource_id,
        case when weighed.is_account then weighed.delegated_account_id else weighed.account_id end as account_id,
        case
            when weighed.verdict = 'elsewhere' then 'not_applicable'
            when weighed.verdict in ('workloads', 'root') then 'fail'
            when weighed.verdict = 'apart' then 'pass'
            else 'unknown'
        end as status,
        case
            when not weighed.is_account then format('%s is a principal of the delegation policy and no single account; delegation_policy_principals_known judges it', weighed.label)
            when weighed.is_management_account then format('%s is the management account and holds %s; management_account_holds_no_delegation judges it', weighed.label, weighed.service_names)
            when weighed.verdict = 'elsewhere' and not weighed.is_member then format('%s holds %s and is no account of this organization; delegated_admin_account_active judges it', weighed.label, weighed.service_names)
            when weighed.verdict = 'elsewhere' then format('%s holds %s and is %s; delegated_admin_account_active judges it', weighed.label, weighed.service_names, weighed.account_state)
            when weighed.verdict = 'workloads' then format('%s holds %s and is in or below %s of `workload_ous`; move it to an OU of its own, or make another account the administrator', weighed.label, weighed.service_names, weighed.ous)
            when weighed.verdict = 'root' then format('%s holds %s and is directly at the root; move it to an OU of its own', weighed.label, weighed.service_names)
            when weighed.verdict = 'unread' then format('%s holds %s, and its place is not known: %s', weighed.label, weighed.service_names, weighed.accounts_error)
            when weighed.verdict = 'open' then format(
                '%s holds %s, and whether it is in or below %s is not known: its place was not read; let the role that syncs call organizations:ListRoots and organizations:ListOrganizationalUnitsForParent, and sync again',
                weighed.label, weighed.service_names, array_to_string(weighed.workload_ous, ' or ')
            )
            when weighed.verdict = 'misnamed' and weighed.were_units_read then format('%s holds %s, and %s of `workload_ous` is no OU of this organization, so that it may be among workloads; correct `workload_ous` in the spec, and sync again', weighed.label, weighed.service_names, weighed.missing_ous)
            when weighed.verdict = 'misnamed' then format('%s holds %s, and whether %s of `workload_ous` is an OU of this organization is not known: %s', weighed.label, weighed.service_names, weighed.missing_ous, weighed.units_error)
            else format('%s holds %s and is neither in or below %s nor directly at the root', weighed.label, weighed.service_names, array_to_string(weighed.workload_ous, ' or '))
        end as reason,
        case
            when weighed.verdict = 'unread' then weighed.accounts_cause
            when weighed.verdict = 'misnamed' then case when weighed.were_units_read then 'not_configured' else weighed.units_cause end
            else 'unread'
        end as open_cause
    from weighed
),
of_organizations as (
    select
        sources.source_name,
        sources.resource_id,
        sources.account_id,
        'unknown' as status,
        'the spec does not say where workloads are; add `workload_ous: [''/Workloads'']` with your OUs to it, and sync again' as reason,
        'not_configured' as open_cause
    from sources
    where sources.can_judge and sources.workload_ous is null
    union all
    select
        sources.source_name,
        sources.resource_id,
        sources.account_id,
        'unknown',
        format('whether any other account holds a delegation is not known: %s', unseen_delegations.read_error),
        unseen_delegations.unknown_cause
    from delegation.unseen_delegations
    join sources on sources.source_name = unseen_delegations.source_name
    where sources.can_judge and sources.workload_ous is not null
),
judged as (
    select * from of_holders
    union all
    select * from of_organizations
)
select
    sources.organization_id,
    coalesce(judged.account_id, sources.account_id) as account_id,
    null::text as region,
    coalesce(judged.resource_id, sources.resource_id) as resource_id,
    coalesce(judged.status, sources.status, 'not_applicable') as status,
    coalesce(judged.reason, sources.reason, format('no account of %s holds a delegation', sources.organization_id)) as reason,
    case coalesce(judged.status, sources.status) when 'unknown' then coalesce(judged.open_cause, sources.unknown_cause) end as unknown_cause
from sources
left join judged on judged.source_name = sources.source_name
order by organization_id, resource_id;
comment on view delegation.rule_delegated_admin_hosts_no_workloads is 'No delegated administrator lives among workloads.';

create or replace view delegation.rule_delegated_admin_limit as
with sources as materialized (
    select asked.*
    from delegation.asked_organizations(array['aws_delegation_services']) as asked
),
-- Organizations speaks of all services of a group under the first, which may not be the one with the smallest maximum.
services as materialized (
    select
        services.source_name,
        services.service_id,
        services.service_name,
        services.group_name,
        services.max_delegated_admins as own_maximum,
        min(services.max_delegated_admins) over (partition by services.source_name, services.group_id) as group_maximum,
        services.service_id = services.group_id as is_first_of_group
    from delegation.services
),
open_questions as materialized (
    select open_questions.*
    from delegation.open_questions
),
lists as (
    select
        delegations.source_name,
        delegations.service_id,
        delegations.method,
        delegations.region,
        count(distinct delegations.delegated_account_id) filter (where delegations.is_held) as admin_count,
        string_agg(distinct named.label, ', ' order by named.label) filter (where delegations.is_held) as labels,
        string_agg(distinct format('%s (%s)', named.label, coalesce(delegations.status, 'no status')) collate "C", ', ') filter (where not delegations.is_held) as unsettled_labels
    from delegation.delegations
    cross join lateral (
        select concat(
            delegation.account_label(delegations.delegated_account_id, delegations.account_name, delegations.ou_path) collate "C",
            case when delegations.account_state <> 'ACTIVE' then format(', which is %s', delegations.account_state) end
        ) as label
    ) as named
    where delegations.method in ('organizations', 'service')
    group by delegations.source_name, delegations.service_id, delegations.method, delegations.region
),
longest as (
    select distinct on (lists.source_name, lists.service_id)
        lists.source_name,
        lists.service_id,
        lists.method,
        lists.region,
        lists.admin_count,
        lists.labels,
        lists.unsettled_labels
    from lists
    order by lists.source_name, lists.service_id, lists.admin_count desc, lists.method collate "C" desc, lists.region collate "C"
),
open_services as (
    select
        open_questions.source_name,
        open_questions.service_id,
        case
            when bool_or(open_questions.unknown_cause = 'unread') then 'unread'
            when bool_or(open_questions.unknown_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause,
        concat(
            min(open_questions.read_error collate "C"),
            case when count(distinct open_questions.read_error) > 1 then format(' (and %s more like it)', count(distinct open_questions.read_error) - 1) end
        ) as read_error
    from open_questions
    where open_questions.method in ('organizations', 'service')
    group by open_questions.source_name, open_questions.service_id
),
counted as (
    select
        services.source_name,
        services.service_id,
        case when longest.method = 'service' or not services.is_first_of_group then services.service_name else services.group_name end as service_name,
        case when longest.method = 'service' or not services.is_first_of_group then services.own_maximum else services.group_maximum end as maximum,
        coalesce(longest.admin_count, 0) as admin_count,
        longest.labels,
        longest.unsettled_labels,
        case
            when longest.method = 'service' and longest.region is not null then format(' in %s', longest.region)
            when longest.method = 'organizations' then ' by Organizations'
        end as place,
        open_services.unknown_cause as open_cause,
        open_services.read_error
    from services
    left join longest on longest.source_name = services.source_name and longest.service_id = services.service_id
    left join open_services on open_services.source_name = services.source_name and open_services.service_id = services.service_id
    where longest.service_id is not null or open_services.service_id is not null
),
weighed as (
    select
        counted.*,
        counted.admin_count > counted.maximum as is_exceeded,
        counted.admin_count >= counted.maximum and (counted.maximum > 1 or counted.admin_count > 1) as is_full,
        concat(
            format('%s has %s of %s administrators%s', counted.service_name, counted.admin_count, counted.maximum, counted.place),
            ': ' || counted.labels,
            '; not counted: ' || counted.unsettled_labels
        ) as count_text
    from counted
    where counted.maximum is not null
),
of_services as (
    select
        weighed.source_name,
        weighed.service_id,
        case
            when weighed.is_full then 'fail'
            when weighed.open_cause is not null then 'unknown'
            else 'pass'
        end as status,
        case
            when weighed.is_exceeded then format('%s; that is more than AWS is known to allow; take those away that are needed no longer', weighed.count_text)
            when weighed.is_full then format('%s; AWS will refuse the next one; take those away that are needed no longer', weighed.count_text)
            when weighed.open_cause is not null then format('%s, and there may be more: %s', weighed.count_text, weighed.read_error)
            else weighed.count_text
        end as reason,
        weighed.open_cause
    from weighed
),
judged as (
    select
        sources.source_name,
        of_services.service_id,
        case when has_catalogue.is_true then of_services.status else 'unknown' end as status,
        case when has_catalogue.is_true then of_services.reason else 'aws_delegation_services has no service; sync again' end as reason,
        case when has_catalogue.is_true then of_services.open_cause else 'unread' end as open_cause
    from sources
    cross join lateral (select exists (select from services where services.source_name = sources.source_name) as is_true) as has_catalogue
    left join of_services on of_services.source_name = sources.source_name
    where sources.can_judge
)
select
    sources.organization_id,
    sources.account_id,
    null::text as region,
    coalesce(judged.service_id, sources.resource_id) as resource_id,
    coalesce(judged.status, sources.status, 'not_applicable') as status,
    coalesce(judged.reason, sources.reason, format('no service of %s of which AWS''s maximum is known has an administrator', sources.organization_id)) as reason,
    case coalesce(judged.status, sources.status) when 'unknown' then coalesce(judged.open_cause, sources.unknown_cause) end as unknown_cause
from sources
left join judged on judged.source_name = sources.source_name
order by organization_id, resource_id;
comment on view delegation.rule_delegated_admin_limit is 'Each service has room for another delegated administrator.';

create or replace view delegation.rule_delegation_has_trusted_access as
with table_reads as materialized (
    select table_reads.*
    from delegation.table_reads
),
sources as materialized (
    select
        asked.*,
        coalesce(catalogue.was_read, false) and exists (select from delegation.services where services.source_name = asked.source_name) as has_catalogue,
        coalesce(catalogue.unknown_cause, 'unread') as catalogue_cause,
        coalesce(catalogue.read_error, 'aws_delegation_services has no service; sync again') as catalogue_error,
        coalesce(access.was_read, false) as was_access_read,
        coalesce(access.unknown_cause, 'unread') as access_cause,
        coalesce(access.read_error, 'aws_organizations_service_access was not read') as access_error,
        coalesce(administrator_read.was_read and service_read.was_read, false) as were_registrations_read,
        case when 'unread' in (administrator_read.unknown_cause, service_read.unknown_cause) then 'unread' else coalesce(administrator_read.unknown_cause, service_read.unknown_cause, 'unread') end as registrations_cause,
        coalesce(administrator_read.read_error, service_read.read_error, 'aws_organizations_delegated_services was not read') as registrations_error
    from delegation.asked_organizations('{}') as asked
    left join table_reads as catalogue on catalogue.source_name = asked.source_name and catalogue.table_name = 'aws_delegation_services'
    left join table_reads as access on access.source_name = asked.source_name and access.table_name = 'aws_organizations_service_access'
    left join table_reads as administrator_read on administrator_read.source_name = asked.source_name and administrator_read.table_name = 'aws_organizations_delegated_administrators'
    left join table_reads as service_read on service_read.source_name = asked.source_name and service_read.table_name = 'aws_organizations_delegated_services'
),
registrations as materialized (
    select
        delegations.source_name,
        delegations.service_id,
        delegations.service_name,
        delegations.delegated_account_id,
        delegation.account_label(delegations.delegated_account_id, delegations.account_name, delegations.ou_path) collate "C" as label,
        registered.principal
    from delegation.delegations
    cross join lateral unnest(string_to_array(delegations.service_principal, ', ')) as registered (principal)
    where delegations.method = 'organizations'
),
registered_services as (
    select
        registrations.source_name,
        registrations.service_id,
        min(registrations.service_name) as service_name,
        string_agg(distinct registrations.label, ' and ' order by registrations.label) as labels,
        string_agg(distinct format('`aws organizations enable-aws-service-access --service-principal %s`', registrations.principal) collate "C", ' and ') as enable_commands,
        string_agg(distinct format('`aws organizations deregister-delegated-administrator --account-id %s --service-principal %s`', registrations.delegated_account_id, registrations.principal) collate "C", ' and ') as deregister_commands
    from registrations
    group by registrations.source_name, registrations.service_id
),
trusted as (
    select
        trusted_access.source_name,
        coalesce(services.group_id, trusted_access.service_principal) as service_id,
        string_agg(distinct trusted_access.service_principal collate "C", ' and ') as principals
    from delegation.trusted_access
    left join delegation.services
        on services.source_name = trusted_access.source_name
        and services.service_id = trusted_access.service_id
    group by trusted_access.source_name, coalesce(services.group_id, trusted_access.service_principal)
),
of_services as (
    select
        registered_services.source_name,
        registered_services.service_id as resource_id,
        case
            when trusted.service_id is not null then 'pass'
            when not sources.was_access_read or not sources.has_catalogue then 'unknown'
            else 'fail'
        end as status,
        case
            when trusted.service_id is not null then format('%s is registered to %s, and has trusted access by %s', registered_services.service_name, registered_services.labels, trusted.principals)
            when not sources.was_access_read then format('%s is registered to %s, and whether it has trusted access is not known: %s', registered_services.service_name, registered_services.labels, sources.access_error)
            when not sources.has_catalogue then format('%s is registered to %s, and whether another principal of the same service has trusted access is not known: %s', registered_services.service_name, registered_services.labels, sources.catalogue_error)
            else format(
                '%s is registered to %s and has no trusted access; switch it on with %s, or take the registration away with %s',
                registered_services.service_name, registered_services.labels, registered_services.enable_commands, registered_services.deregister_commands
            )
        end as reason,
        case when not sources.was_access_read then sources.access_cause else sources.catalogue_cause end as open_cause
    from registered_services
    join sources on sources.source_name = registered_services.source_name
    left join trusted
        on trusted.source_name = registered_services.source_name
        and trusted.service_id = registered_services.service_id
    where sources.can_judge
),
of_unseen as (
    select
        sources.source_name,
        sources.resource_id,
        'unknown' as status,
        format('whether any other service is registered with Organizations is not known: %s', sources.registrations_error) as reason,
        sources.registrations_cause as open_cause
    from sources
    where sources.can_judge and not sources.were_registrations_read
),
judged as (
    select * from of_services
    union all
    select * from of_unseen
)
select
    sources.organization_id,
    sources.account_id,
    null::text as region,
    coalesce(judged.resource_id, sources.resource_id) as resource_id,
    coalesce(judged.status, sources.status, 'not_applicable') as status,
    coalesce(judged.reason, sources.reason, format('no service of %s has an administrator that is registered with Organizations', sources.organization_id)) as reason,
    case coalesce(judged.status, sources.status) when 'unknown' then coalesce(judged.open_cause, sources.unknown_cause) end as unknown_cause
from sources
left join judged on judged.source_name = sources.source_name
order by organization_id, resource_id;
comment on view delegation.rule_delegation_has_trusted_access is 'A service that is registered with Organizations has trusted access.';

create or replace view delegation.rule_delegation_policy_no_self_escalation as
with table_reads as materialized (
    select table_reads.*
    from delegation.table_reads
    where table_reads.table_name in ('aws_organizations_accounts', 'aws_delegation_owners')
),
policies as materialized (
    select
        resource_policies.*,
        coalesce(account_read.was_read, false) as were_accounts_read,
        coalesce(account_read.unknown_cause, 'unread') as accounts_cause,
        coalesce(account_read.read_error, 'aws_organizations_accounts was not read; sync again') as accounts_error,
        coalesce(owner_read.was_read, false) as were_owners_read,
        coalesce(owner_read.unknown_cause, 'unread') as owners_cause,
        coalesce(owner_read.read_error, 'aws_delegation_owners was not read; sync again') as owners_error
    from delegation.resource_policies
    left join table_reads as account_read on account_read.source_name = resource_policies.source_name and account_read.table_name = 'aws_organizations_accounts'
    left join table_reads as owner_read on owner_read.source_name = resource_policies.source_name and owner_read.table_name = 'aws_delegation_owners'
),
owner_sizes as (
    select owners.source_name, max(owners.account_count) as account_count
    from delegation.owners
    where owners.owner = 'infosec'
    group by owners.source_name
),
owner_matches as materialized (
    select owner_accounts.source_name, owner_accounts.account_id, bool_or(owner_accounts.is_match) as is_match
    from delegation.owner_accounts
    where owner_accounts.owner = 'infosec'
    group by owner_accounts.source_name, owner_accounts.account_id
),
open_owners as (
    select distinct owner_matches.source_name
    from owner_matches
    where owner_matches.is_match is null
),
principals as materialized (
    select
        principals.*,
        policies.organization_id,
        -- Whom the targets of a grant cannot be told from may be bound by any of them.
        principals.account_id is null or (not principals.is_found and policies.were_accounts_read) as is_bound_everywhere,
        principals.account_id is not null and principals.id_path is null and not (not principals.is_found and policies.were_accounts_read) as is_place_open,
        array['account/' || policies.organization_id || '/' || principals.account_id]
            || array(
                select 'ou/' || policies.organization_id || '/' || above.id
                from unnest(string_to_array(principals.id_path, '/')) as above (id)
                where above.id not like 'r-%'
            ) as targets
    from policies
    join delegation.resource_policy_principals as principals on principals.source_name = policies.source_name
    where policies.can_judge
),
statement_names as (
    select distinct statements.source_name, statements.statement_index, statements.statement
    from delegation.resource_policy_statements as statements
),
grants as materialized (
    select
        row_number() over () as grant_id,
        granted.source_name,
        statement_names.statement,
        case when granted.is_not_principal then '*' else granted.principal end as principal,
        case
            when granted.is_not_principal then coalesce(substring(granted.principal from '^arn:[^:]+:(?:iam|sts)::([0-9]{12}):'), granted.principal)
        end as excluded_account_id,
        granted.action,
        granted.action_group,
        granted.resources,
        case
            when jsonb_typeof(granted.conditions) = 'object' and not jsonb_path_exists(granted.conditions, '$.* ? (@.type() != "object")') then granted.conditions
        end as conditions
    from delegation.resource_policy_grants as granted
    join statement_names on statement_names.source_name = granted.source_name and statement_names.statement_index = granted.statement_index
    where granted.is_policy_work and not granted.is_denied
),
grants_of_principals as materialized (
    -- An account can use what the policy gives to any of its roles and to everybody.
    select principals.principal as judged_principal, grants.*
    from principals
    join grants on grants.source_name = principals.source_name
    join principals as named on named.source_name = grants.source_name and named.principal = grants.principal
    where named.principal = principals.principal
        or named.account_id = principals.account_id
        or (named.is_pattern and principals.account_id is not null and grants.excluded_account_id is distinct from principals.account_id)
),
guardrail_types (type) as (
    values ('SERVICE_CONTROL_POLICY'), ('RESOURCE_CONTROL_POLICY')
),
excluded as (
    -- Each of these requests says its policy type, so IfExists, ForAllValues and ForAnyValue change nothing.
    select distinct grants.grant_id, guardrail_types.type
    from grants
    cross join lateral delegation.policy_conditions(grants.conditions) as condition
    cross join guardrail_types
    where condition.key = 'organizations:policytype'
        and cardinality(condition.expected) > 0
        and not exists (select from unnest(condition.expected) as expected (value) where coalesce(expected.value, '$') like '%$%')
        and case condition.operator
            when 'stringequals' then not delegation.action_matches(guardrail_types.type, condition.expected)
            when 'stringequalsignorecase' then not delegation.action_matches(guardrail_types.type, condition.expected)
            when 'stringlike' then not delegation.action_matches(guardrail_types.type, condition.expected)
            when 'stringnotequals' then guardrail_types.type = any (condition.expected)
            when 'stringnotequalsignorecase' then exists (select from unnest(condition.expected) as expected (value) where upper(expected.value) = guardrail_types.type)
            when 'stringnotlike' then exists (select from unnest(condition.expected) as expected (value) where guardrail_types.type like delegation.like_pattern(expected.value))
            else false
        end
),
-- Statements share few lists of resources, and each is taken apart once.
lists as materialized (
    select
        resource_lists.source_name,
        resource_lists.list,
        guardrail_types.type,
        delegation.resource_may_match(
            case
                when resource_lists.resources is not null then array(
                    select listed.pattern
                    from unnest(resource_lists.resources) as listed (pattern)
                    where coalesce(
                        lower(guardrail_types.type) like delegation.like_pattern(
                            regexp_replace(substring(lower(listed.pattern) from '^arn:[^:]*:organizations:[^:]*:[^:]*:policy/[^/]*/([^/]*)/[^/]*$'), '\$\{[^}]*\}', '*', 'g')
                        ),
                        true
                    )
                )
            end,
            array['policy/' || resource_lists.organization_id || '/' || lower(guardrail_types.type) || '/', 'policy/' || lower(guardrail_types.type) || '/'],
            '{}'
        ) as is_on_type,
        delegation.resource_may_match(resource_lists.resources, '{policy/}', '{}') as is_on_policies,
        delegation.resource_may_match(resource_lists.resources, '{root/, ou/, account/}', '{}') as is_on_targets,
        delegation.resource_may_match(resource_lists.resources, '{root/}', '{}') as is_on_root,
        delegation.resource_may_match(resource_lists.resources, '{ou/}', '{}') as is_on_ous
    from (
        select distinct grants.source_name, policies.organization_id, coalesce(grants.resources::text, '') as list, grants.resources
        from grants
        join policies on policies.source_name = grants.source_name
    ) as resource_lists
    cross join guardrail_types
),
denials as materialized (
    -- A Deny on these types and nothing else takes them away, as one without conditions takes everything.
    select statements.source_name, statements.principal, statements.actions, statements.not_actions, guardrail_types.type
    from delegation.resource_policy_statements as statements
    cross join guardrail_types
    where statements.effect = 'Deny'
        and statements.problem is null
        and '*' = any (statements.resources)
        and not statements.is_not_principal
        and statements.principal_type in ('*', 'AWS')
        and jsonb_typeof(statements.conditions) = 'object'
        and not jsonb_path_exists(statements.conditions, '$.* ? (@.type() != "object")')
        and not exists (
            select
            from delegation.policy_conditions(
                case when jsonb_typeof(statements.conditions) = 'object' and not jsonb_path_exists(statements.conditions, '$.* ? (@.type() != "object")') then statements.conditions end
            ) as condition
            where (
                condition.key = 'organizations:policytype'
                and case condition.operator
                    when 'stringequals' then guardrail_types.type = any (condition.expected)
                    when 'stringlike' then exists (select from unnest(condition.expected) as expected (value) where guardrail_types.type like delegation.like_pattern(expected.value))
                    else false
                end
            ) is not true
        )
),
typed as materialized (
    -- One row per grant and type that its conditions leave: what its Resource can be about.
    select
        grants.source_name,
        grants.judged_principal as principal,
        grants.statement,
        grants.action,
        guardrail_types.type,
        lists.is_on_type,
        lists.is_on_policies,
        lists.is_on_targets,
        lists.is_on_root,
        lists.is_on_root
            or (principals.is_bound_everywhere and lists.is_on_targets)
            or delegation.resource_may_match(grants.resources, '{}', principals.targets) as is_on_itself,
        principals.is_place_open and lists.is_on_ous as may_be_on_itself
    from grants_of_principals as grants
    join principals on principals.source_name = grants.source_name and principals.principal = grants.judged_principal
    cross join guardrail_types
    join lists on lists.source_name = grants.source_name and lists.type = guardrail_types.type and lists.list = coalesce(grants.resources::text, '')
    left join excluded on excluded.grant_id = grants.grant_id and excluded.type = guardrail_types.type
    where grants.action_group in ('policy_management', 'policy_type_switching')
        and excluded.grant_id is null
        and not exists (
            select
            from denials
            where denials.source_name = grants.source_name
                and denials.type = guardrail_types.type
                and denials.principal in ('*', grants.principal)
                and (
                    delegation.action_matches(grants.action, denials.actions)
                    or (denials.not_actions is not null and not delegation.action_matches(grants.action, denials.not_actions))
                )
        )
),
-- Policy and target are asked for each by itself, so two statements can give them together.
together as (
    select
        typed.source_name,
        typed.principal,
        typed.action,
        typed.type,
        array_agg(distinct typed.statement) as statements,
        bool_or(typed.is_on_type) as is_on_type,
        bool_or(typed.is_on_type) or not bool_or(typed.is_on_policies) as is_for_type,
        bool_or(typed.is_on_root) as is_on_root,
        bool_or(typed.is_on_itself) or not bool_or(typed.is_on_targets) as is_on_itself,
        bool_or(typed.may_be_on_itself) as may_be_on_itself
    from typed
    group by typed.source_name, typed.principal, typed.action, typed.type
),
reached as (
    select
        together.source_name,
        together.principal,
        together.action,
        together.statements,
        together.type,
        case together.type when 'SERVICE_CONTROL_POLICY' then 'SCPs' else 'RCPs' end as kind,
        case
            when together.action in ('organizations:UpdatePolicy', 'organizations:DeletePolicy') then together.is_on_type
            when together.action in ('organizations:AttachPolicy', 'organizations:DetachPolicy') then together.is_for_type and together.is_on_itself
            when together.action = 'organizations:DisablePolicyType' then together.is_on_root
            else false
        end as is_reached,
        together.action in ('organizations:AttachPolicy', 'organizations:DetachPolicy') and together.is_for_type and together.may_be_on_itself as is_place_open,
        false as is_action_open
    from together
    union all
    select
        grants.source_name,
        grants.judged_principal,
        grants.action,
        array[grants.statement],
        null,
        null,
        case grants.action_group
            when 'delegation_policy' then delegation.resource_may_match(grants.resources, '{resourcepolicy/}', '{}')
            when 'structure' then delegation.resource_may_match(grants.resources, '{account/}', '{}')
            else false
        end,
        false,
        -- What belongs to another service gives nothing in a delegation policy.
        grants.action_group = 'other' and (grants.action !~ ':' or 'organizations' like delegation.like_pattern(lower(split_part(grants.action, ':', 1))))
    from grants_of_principals as grants
    where grants.action_group not in ('policy_management', 'policy_type_switching')
),
reached_actions as (
    select
        reached.source_name,
        reached.principal,
        reached.action,
        bool_or(reached.is_reached) as is_reached,
        bool_or(reached.is_place_open) as is_place_open,
        bool_or(reached.is_action_open) as is_action_open,
        reached.action || coalesce(' of ' || string_agg(reached.kind, ' and ' order by reached.type desc) filter (where reached.is_reached or reached.is_place_open), '') as label
    from reached
    where reached.is_reached or reached.is_place_open or reached.is_action_open
    group by reached.source_name, reached.principal, reached.action
),
giving_statements as (
    select
        reached.source_name,
        reached.principal,
        concat(
            case when count(distinct giving.statement) > 1 then 'statements ' else 'statement ' end,
            string_agg(distinct giving.statement collate "C", ', ' order by giving.statement collate "C")
        ) as statements
    from reached
    cross join lateral unnest(reached.statements) as giving (statement)
    where reached.is_reached or reached.is_place_open or reached.is_action_open
    group by reached.source_name, reached.principal
),
powers as (
    select
        reached_actions.source_name,
        reached_actions.principal,
        bool_or(reached_actions.is_reached) as is_reached,
        bool_or(reached_actions.is_place_open) as is_place_open,
        string_agg(reached_actions.label, ', ' order by reached_actions.action collate "C") filter (where reached_actions.is_reached) as powers,
        string_agg(reached_actions.label, ', ' order by reached_actions.action collate "C") filter (where reached_actions.is_place_open) as open_powers,
        string_agg(reached_actions.action, ', ' order by reached_actions.action collate "C") filter (where reached_actions.is_action_open) as open_actions
    from reached_actions
    group by reached_actions.source_name, reached_actions.principal
),
answers as (
    select
        principals.*,
        coalesce(giving_statements.statements, principals.statements) as giving_statements,
        powers.powers,
        powers.open_powers,
        powers.open_actions,
        case
            when principals.is_management_account then 'management account'
            when powers.source_name is null then 'no power'
            when powers.is_reached and principals.account_id is null then 'no account'
            when powers.is_reached and not principals.is_found and policies.were_accounts_read then 'no member'
            when policies.were_owners_read and owner_matches.is_match then 'infosec'
            when not powers.is_reached and powers.is_place_open then 'place open'
            when not powers.is_reached then 'action open'
            when not policies.were_owners_read then 'owners not read'
            when owner_sizes.source_name is null then 'owner not named'
            when not principals.is_found then 'accounts not read'
            when owner_matches.account_id is not null then 'owner open'
            when owner_sizes.account_count = 0 and not policies.were_accounts_read then 'accounts not read'
            when owner_sizes.account_count = 0 and open_owners.source_name is null then 'owner empty'
            else 'not infosec'
        end as answer
    from principals
    join policies on policies.source_name = principals.source_name
    left join powers on powers.source_name = principals.source_name and powers.principal = principals.principal
    left join giving_statements on giving_statements.source_name = principals.source_name and giving_statements.principal = principals.principal
    left join owner_sizes on owner_sizes.source_name = principals.source_name
    left join open_owners on open_owners.source_name = principals.source_name
    left join owner_matches on owner_matches.source_name = principals.source_name and owner_matches.account_id = principals.account_id
),
judged as (
    select
        answers.source_name,
        answers.account_id,
        answers.principal as resource_id,
        case
            when answers.answer = 'management account' then 'not_applicable'
            when answers.answer in ('no power', 'infosec') then 'pass'
            when answers.answer in ('no account', 'no member', 'not infosec') then 'fail'
            else 'unknown'
        end as status,
        case answers.answer
            when 'management account' then format('%s (%s of %s) is the management account, which no SCP binds', answers.label, answers.giving_statements, policies.policy_id)
            when 'no power' then format('%s (%s of %s) may change no SCP, RCP or delegation policy that binds it', answers.label, answers.giving_statements, policies.policy_id)
            when 'infosec' then format('%s, an account of infosec, may do %s by %s', answers.label, coalesce(answers.powers, answers.open_powers, answers.open_actions), policies.policy_id)
            when 'place open' then
                format('%s (%s of %s) may do %s on OUs, and whether its account is below them is not known: %s', answers.label, answers.giving_statements, policies.policy_id, answers.open_powers,
                    case when policies.were_accounts_read then 'its place was not read; grant organizations:ListParents to the role that syncs and sync again' else policies.accounts_error end)
            when 'action open' then
                format('%s (%s of %s) may do %s, and this version does not know what that gives; take it from the policy or look it up', answers.label, answers.giving_statements, policies.policy_id, answers.open_actions)
            else concat(
                format('%s (%s of %s) may do %s, which reaches guardrails that bind it', answers.label, answers.giving_statements, policies.policy_id, coalesce(answers.powers, answers.open_powers, answers.open_actions)),
                case answers.answer
                    when 'no account' then '; name accounts of infosec instead'
                    when 'no member' then format(', and is no account of %s; take it out of the policy', policies.organization_id)
                    when 'not infosec' then ', and is no account of infosec; limit it to other policy types, or to OUs and accounts elsewhere'
                    when 'owners not read' then format(', and who infosec is is not known: %s', policies.owners_error)
                    when 'owner not named' then ', and the spec does not say who is infosec; add `owners: {infosec: {accounts: [''111122223333'']}}` with your account, and sync again'
                    when 'owner empty' then ', and infosec of the spec matches no account of the organization; correct `owners: {infosec: ...}`, and sync again'
                    when 'owner open' then ', and whether it belongs to infosec is not known: its tags or its place were not read; sync again with `account_tags: true`, and with organizations:ListParents and organizations:ListTagsForResource allowed'
                    else format(', and whether it belongs to infosec is not known: %s', policies.accounts_error)
                end
            )
        end as reason,
        case answers.answer
            when 'place open' then case when policies.were_accounts_read then 'unread' else policies.accounts_cause end
            when 'action open' then 'not_observable'
            when 'owners not read' then policies.owners_cause
            when 'owner not named' then 'not_configured'
            when 'owner empty' then 'not_configured'
            when 'owner open' then 'unread'
            when 'accounts not read' then policies.accounts_cause
        end as unknown_cause
    from answers
    join policies on policies.source_name = answers.source_name
    union all
    select
        statements.source_name,
        null,
        statements.policy_id || '/' || statements.statement,
        'unknown',
        format('what statement %s of %s gives is not known: %s; look at it with `aws organizations describe-resource-policy` and mend it', statements.statement, statements.policy_id, min(statements.problem)),
        'unread'
    from policies
    join delegation.resource_policy_statements as statements on statements.source_name = policies.source_name
    where policies.can_judge and statements.problem is not null and statements.effect is distinct from 'Deny'
    group by statements.source_name, statements.policy_id, statements.statement
)
select
    policies.organization_id,
    coalesce(judged.account_id, policies.account_id) as account_id,
    null::text as region,
    coalesce(judged.resource_id, policies.resource_id) as resource_id,
    coalesce(judged.status, policies.status, 'not_applicable') as status,
    coalesce(judged.reason, policies.reason, format('%s has no statement with Effect Allow', policies.policy_id)) as reason,
    case when judged.source_name is not null then judged.unknown_cause else policies.unknown_cause end as unknown_cause
from policies
left join judged on judged.source_name = policies.source_name
order by organization_id, resource_id;
comment on view delegation.rule_delegation_policy_no_self_escalation is 'Nobody but infosec can loosen the guardrails that bind itself.';

create or replace view delegation.rule_delegation_policy_no_wildcards as
with policies as materialized (
    select resource_policies.*
    from delegation.resource_policies
),
statements as materialized (
    select statements.*
    from delegation.resource_policy_statements as statements
),
-- Condition is the same in all rows of a statement.
conditions as (
    select
        statements.source_name,
        statements.statement_index,
        condition.key,
        condition.operator,
        coalesce(condition.qualifier, '') as qualifier,
        condition.expected,
        condition.shown ~* '^[^ ]*ifexists ' as is_if_exists
    from (
        select distinct statements.source_name, statements.statement_index, statements.conditions
        from statements
        where jsonb_typeof(statements.conditions) = 'object' and not jsonb_path_exists(statements.conditions, '$.* ? (@.type() != "object")')
    ) as statements
    cross join lateral delegation.policy_conditions(statements.conditions) as condition
),
bounded as (
    select distinct conditions.source_name, conditions.statement_index
    from conditions
    join policies on policies.source_name = conditions.source_name
    where not conditions.is_if_exists
        and conditions.operator in ('stringequals', 'stringlike')
        and cardinality(conditions.expected) > 0
        and case
            when conditions.key in ('aws:principalorgid', 'aws:sourceorgid') then
                conditions.qualifier in ('', 'foranyvalue')
                and not exists (select from unnest(conditions.expected) as expected (value) where expected.value is distinct from policies.organization_id)
            when conditions.key = 'aws:principalorgpaths' then
                conditions.qualifier = 'foranyvalue'
                and not exists (
                    select
                    from unnest(conditions.expected) as expected (value)
                    where coalesce(left(expected.value, length(policies.organization_id) + 1), '') <> policies.organization_id || '/'
                )
            else false
        end
),
wide_actions as (
    select statements.source_name, statements.statement_index, string_agg(distinct listed.pattern collate "C", ', ' order by listed.pattern collate "C") as patterns
    from statements
    cross join lateral unnest(statements.actions) as listed (pattern)
    where listed.pattern ~ '[*?]'
        and listed.pattern !~* '^organizations:(describe|list|get|tag|untag)'
        and (listed.pattern !~ ':' or 'organizations' like delegation.like_pattern(lower(split_part(listed.pattern, ':', 1))))
    group by statements.source_name, statements.statement_index
),
whole_statements as (
    select
        statements.source_name,
        statements.policy_id,
        statements.statement_index,
        min(statements.statement) as statement,
        min(statements.effect) as effect,
        min(statements.problem) as problem,
        string_agg(statements.principal, ', ' order by statements.principal collate "C") filter (where statements.is_not_principal) as not_principals,
        string_agg(statements.principal, ', ' order by statements.principal collate "C") filter (where statements.principal ~ '[*?]' and not statements.is_not_principal) as wide_principals,
        bool_or(statements.not_actions is not null) as has_not_action,
        min(array_to_string(statements.not_actions, ', ')) as not_actions
    from statements
    group by statements.source_name, statements.policy_id, statements.statement_index
),
faults as (
    select
        whole_statements.*,
        nullif(
            concat_ws(
                '; ',
                case
                    when whole_statements.wide_principals is not null and bounded.source_name is null then
                        format('its principal %s is anybody, as no condition keeps it within %s: name the accounts', whole_statements.wide_principals, policies.organization_id)
                end,
                case when wide_actions.patterns is not null then format('its action %s takes in policy work, now or when AWS adds actions: name the actions', wide_actions.patterns) end,
                case when whole_statements.has_not_action then format('NotAction gives everything but %s: name the actions in Action', coalesce(whole_statements.not_actions, 'nothing')) end,
                case when whole_statements.not_principals is not null then format('NotPrincipal means everybody but %s: name the accounts in Principal', whole_statements.not_principals) end
            ),
            ''
        ) as faults
    from whole_statements
    join policies on policies.source_name = whole_statements.source_name
    left join bounded
        on bounded.source_name = whole_statements.source_name
        and bounded.statement_index = whole_statements.statement_index
    left join wide_actions
        on wide_actions.source_name = whole_statements.source_name
        and wide_actions.statement_index = whole_statements.statement_index
),
judged as (
    select
        faults.*,
        case
            when faults.effect = 'Deny' then 'not_applicable'
            when faults.effect = 'Allow' and faults.faults is not null then 'fail'
            when faults.problem is not null then 'unknown'
            else 'pass'
        end as verdict
    from faults
)
select
    policies.organization_id,
    policies.account_id,
    null::text as region,
    case when policies.can_judge then judged.policy_id || '/' || judged.statement else policies.resource_id end as resource_id,
    case when policies.can_judge then judged.verdict else policies.status end as status,
    case
        when not policies.can_judge then policies.reason
        when judged.verdict = 'not_applicable' then format('statement %s of %s is a Deny and gives nothing to anybody', judged.statement, judged.policy_id)
        when judged.verdict = 'fail' then format('statement %s of %s is too wide: %s', judged.statement, judged.policy_id, judged.faults)
        when judged.verdict = 'unknown' then format('statement %s of %s cannot be judged: %s; look at it with `aws organizations describe-resource-policy` and mend it', judged.statement, judged.policy_id, judged.problem)
        when judged.wide_principals is not null then format('statement %s of %s names its actions, and a condition keeps its principal %s within %s', judged.statement, judged.policy_id, judged.wide_principals, policies.organization_id)
        else format('statement %s of %s names its principals and its actions', judged.statement, judged.policy_id)
    end as reason,
    case
        when not policies.can_judge then policies.unknown_cause
        when judged.verdict = 'unknown' then 'unread'
    end as unknown_cause
from policies
left join judged on judged.source_name = policies.source_name and policies.can_judge
order by organization_id, resource_id;
comment on view delegation.rule_delegation_policy_no_wildcards is 'The delegation policy names whom it lets do what, without wildcards.';

create or replace view delegation.rule_delegation_policy_present as
with policies as materialized (
    select
        resource_policies.*,
        coalesce(account_read.was_read, false) as were_accounts_read,
        coalesce(account_read.unknown_cause, 'unread') as accounts_cause,
        coalesce(account_read.read_error, 'aws_organizations_accounts was not read; sync again') as accounts_error
    from delegation.resource_policies
    left join delegation.table_reads as account_read
        on account_read.source_name = resource_policies.source_name
        and account_read.table_name = 'aws_organizations_accounts'
),
workers as (
    select distinct
        granted.source_name,
        case when granted.is_not_principal then '*' else granted.principal end as principal
    from delegation.resource_policy_grants as granted
    where granted.action_group in ('policy_management', 'policy_type_switching')
        and not granted.is_denied
        and granted.policy_types is distinct from '{}'
),
found as (
    select
        principals.source_name,
        bool_or(principals.is_pattern or principals.account_state = 'ACTIVE' and not principals.is_management_account) as has_member,
        bool_or(not principals.is_management_account and principals.account_id is not null and (not principals.is_found or principals.account_state is null)) as may_have_member,
        string_agg(principals.label, ' and ' order by principals.label collate "C") filter (
            where principals.is_pattern or principals.account_state = 'ACTIVE' and not principals.is_management_account
        ) as members,
        string_agg(
            concat(
                principals.label,
                case
                    when principals.is_management_account then ', the management account'
                    when principals.account_state is not null then ', which is ' || principals.account_state
                end
            ),
            ' and ' order by principals.label collate "C"
        ) as labels
    from workers
    join delegation.resource_policy_principals as principals
        on principals.source_name = workers.source_name
        and principals.principal = workers.principal
    group by principals.source_name
),
unreadable as (
    select named.source_name, string_agg(format('statement %s cannot be judged: %s', named.statement, named.problem), '; ' order by named.statement collate "C") as problems
    from (
        select distinct statements.source_name, statements.statement, statements.problem
        from delegation.resource_policy_statements as statements
        where statements.problem is not null and statements.effect is distinct from 'Deny'
    ) as named
    group by named.source_name
),
judged as (
    select
        policies.*,
        found.members,
        found.labels,
        unreadable.problems,
        case
            when policies.is_absent then 'none'
            when not policies.can_judge then 'not known'
            when found.has_member then 'delegated'
            when unreadable.source_name is not null then 'unreadable'
            when found.may_have_member and not policies.were_accounts_read then 'nobody known'
            when found.source_name is not null then 'no member'
            else 'no work'
        end as answer
    from policies
    left join found on found.source_name = policies.source_name
    left join unreadable on unreadable.source_name = policies.source_name
)
select
    judged.organization_id,
    judged.account_id,
    null::text as region,
    judged.resource_id,
    case judged.answer
        when 'not known' then judged.status
        when 'delegated' then 'pass'
        when 'unreadable' then 'unknown'
        when 'nobody known' then 'unknown'
        else 'fail'
    end as status,
    case judged.answer
        when 'not known' then judged.reason
        when 'none' then format('%s has no delegation policy, so policies can be changed from the management account %s alone; let an account of the security team do policy work by `aws organizations put-resource-policy`', judged.organization_id, judged.management_account_id)
        when 'delegated' then format('%s gives policy work to %s', judged.policy_id, judged.members)
        when 'unreadable' then format('whether %s gives anybody policy work is not known: %s; look at it with `aws organizations describe-resource-policy` and mend it', judged.policy_id, judged.problems)
        when 'nobody known' then format('%s gives policy work to %s, and whether that is an ACTIVE member is not known: %s', judged.policy_id, judged.labels, judged.accounts_error)
        when 'no member' then format('%s gives policy work to %s, and to no ACTIVE member account; let an account of the security team do it by `aws organizations put-resource-policy`', judged.policy_id, judged.labels)
        else format('%s lets nobody do policy work, at most look and tag, so policies can be changed from the management account %s alone; let an account of the security team do policy work by `aws organizations put-resource-policy`', judged.policy_id, judged.management_account_id)
    end as reason,
    case judged.answer
        when 'not known' then judged.unknown_cause
        when 'unreadable' then 'unread'
        when 'nobody known' then judged.accounts_cause
    end as unknown_cause
from judged
order by organization_id, resource_id;
comment on view delegation.rule_delegation_policy_present is 'Policy administration is delegated to a member account.';

create or replace view delegation.rule_delegation_policy_principals_are_owners as
with table_reads as materialized (
    select table_reads.*
    from delegation.table_reads
    where table_reads.table_name in ('aws_organizations_accounts', 'aws_delegation_owners', 'aws_delegation_expectations')
),
-- What the catalogue recommends is infosec too, so the verdict does not lean on it.
expected_owners as (
    select expected_owners.source_name, array_agg(expected_owners.owner order by expected_owners.owner collate "C") as owners
    from delegation.expected_owners
    where expected_owners.service_id = 'organizations-delegation-policy'
    group by expected_owners.source_name
),
policies as materialized (
    select
        resource_policies.*,
        coalesce(expected_owners.owners, array['infosec']) as owners,
        array_to_string(coalesce(expected_owners.owners, array['infosec']), ' or ') as owner_names,
        coalesce(account_read.was_read, false) as were_accounts_read,
        coalesce(account_read.unknown_cause, 'unread') as accounts_cause,
        coalesce(account_read.read_error, 'aws_organizations_accounts was not read; sync again') as accounts_error,
        coalesce(owner_read.was_read and expectation_read.was_read, false) as were_owners_read,
        coalesce(owner_read.unknown_cause, expectation_read.unknown_cause, 'unread') as owners_cause,
        coalesce(owner_read.read_error, expectation_read.read_error, 'aws_delegation_owners was not read; sync again') as owners_error
    from delegation.resource_policies
    left join expected_owners on expected_owners.source_name = resource_policies.source_name
    left join table_reads as account_read on account_read.source_name = resource_policies.source_name and account_read.table_name = 'aws_organizations_accounts'
    left join table_reads as owner_read on owner_read.source_name = resource_policies.source_name and owner_read.table_name = 'aws_delegation_owners'
    left join table_reads as expectation_read on expectation_read.source_name = resource_policies.source_name and expectation_read.table_name = 'aws_delegation_expectations'
),
owner_sizes as (
    select policies.source_name, sum(owners.account_count) as account_count
    from policies
    join (select distinct owners.source_name, owners.owner, owners.account_count from delegation.owners) as owners
        on owners.source_name = policies.source_name
        and owners.owner = any (policies.owners)
    group by policies.source_name
),
owner_matches as materialized (
    select policies.source_name, owner_accounts.account_id, bool_or(owner_accounts.is_match) as is_match
    from policies
    join delegation.owner_accounts
        on owner_accounts.source_name = policies.source_name
        and owner_accounts.owner = any (policies.owners)
    group by policies.source_name, owner_accounts.account_id
),
open_owners as (
    select distinct owner_matches.source_name
    from owner_matches
    where owner_matches.is_match is null
),
work as (
    select
        granted.source_name,
        case when granted.is_not_principal then '*' else granted.principal end as principal,
        string_agg(distinct granted.action collate "C", ', ' order by granted.action collate "C") as actions
    from delegation.resource_policy_grants as granted
    where granted.is_policy_work
        and not granted.is_denied
        and granted.policy_types is distinct from '{}'
    group by granted.source_name, case when granted.is_not_principal then '*' else granted.principal end
),
principals as (
    select
        principals.*,
        work.actions,
        case
            when work.source_name is null then 'no work'
            when principals.account_id is null then 'no account'
            when not principals.is_found and policies.were_accounts_read then 'no member'
            when principals.account_state <> 'ACTIVE' then 'not active'
            when not policies.were_owners_read then 'owners not read'
            when owner_matches.is_match and principals.account_state = 'ACTIVE' then 'owner'
            when owner_sizes.source_name is null then 'owner not named'
            when not principals.is_found then 'accounts not read'
            when owner_matches.account_id is not null then 'owner open'
            when owner_sizes.account_count = 0 and not policies.were_accounts_read then 'accounts not read'
            when owner_sizes.account_count = 0 and open_owners.source_name is null then 'owner empty'
            else 'not owner'
        end as answer
    from policies
    join delegation.resource_policy_principals as principals on principals.source_name = policies.source_name
    left join work
        on work.source_name = principals.source_name
        and work.principal = principals.principal
    left join owner_sizes on owner_sizes.source_name = principals.source_name
    left join open_owners on open_owners.source_name = principals.source_name
    left join owner_matches
        on owner_matches.source_name = principals.source_name
        and owner_matches.account_id = principals.account_id
    where policies.can_judge
),
judged as (
    select
        principals.source_name,
        principals.account_id,
        principals.principal as resource_id,
        case
            when principals.answer = 'no work' then 'not_applicable'
            when principals.answer = 'owner' then 'pass'
            when principals.answer in ('no account', 'no member', 'not active', 'not owner') then 'fail'
            else 'unknown'
        end as status,
        case
            when principals.answer = 'no work' then format('%s (%s of %s) may do no policy work, at most look and tag', principals.label, principals.statements, policies.policy_id)
            when principals.answer = 'owner' then format('%s, an account of %s, may do policy work (%s) by %s', principals.label, policies.owner_names, principals.actions, policies.policy_id)
            else concat(
                format('%s (%s of %s) may do policy work (%s)', principals.label, principals.statements, policies.policy_id, principals.actions),
                case principals.answer
                    when 'no account' then format(' and is no account of %s; let the policy name an account of it', policies.owner_names)
                    when 'no member' then format(' and is no account of %s; take it out of the policy', policies.organization_id)
                    when 'not active' then format(' and is %s; let the policy name an ACTIVE account of %s', principals.account_state, policies.owner_names)
                    when 'not owner' then format(' and is no account of %s; take policy work from it', policies.owner_names)
                    when 'owners not read' then format(', and who should is not known: %s', policies.owners_error)
                    when 'owner not named' then format(', and the spec does not say who is %s; add `owners: {%s: {accounts: [''111122223333'']}}` with your account, and sync again', policies.owner_names, policies.owners[1])
                    when 'owner empty' then format(', and %s of the spec matches no account of the organization; correct `owners: {%s: ...}`, and sync again', policies.owner_names, policies.owners[1])
                    when 'owner open' then format(', and whether it belongs to %s is not known: its tags, its place or its state were not read; sync again with `account_tags: true`, and with organizations:ListParents and organizations:ListTagsForResource allowed', policies.owner_names)
                    else format(', and whether it belongs to %s is not known: %s', policies.owner_names, policies.accounts_error)
                end
            )
        end as reason,
        case principals.answer
            when 'owners not read' then policies.owners_cause
            when 'owner not named' then 'not_configured'
            when 'owner empty' then 'not_configured'
            when 'owner open' then 'unread'
            when 'accounts not read' then policies.accounts_cause
        end as unknown_cause
    from principals
    join policies on policies.source_name = principals.source_name
    union all
    select
        statements.source_name,
        null,
        statements.policy_id || '/' || statements.statement,
        'unknown',
        format('whom statement %s of %s lets do policy work is not known: %s; look at it with `aws organizations describe-resource-policy` and mend it', statements.statement, statements.policy_id, min(statements.problem)),
        'unread'
    from policies
    join delegation.resource_policy_statements as statements on statements.source_name = policies.source_name
    where policies.can_judge and statements.problem is not null and statements.effect is distinct from 'Deny'
    group by statements.source_name, statements.policy_id, statements.statement
)
select
    policies.organization_id,
    coalesce(judged.account_id, policies.account_id) as account_id,
    null::text as region,
    coalesce(judged.resource_id, policies.resource_id) as resource_id,
    coalesce(judged.status, policies.status, 'not_applicable') as status,
    coalesce(judged.reason, policies.reason, format('%s has no statement with Effect Allow', policies.policy_id)) as reason,
    case when judged.source_name is not null then judged.unknown_cause else policies.unknown_cause end as unknown_cause
from policies
left join judged on judged.source_name = policies.source_name
order by organization_id, resource_id;
comment on view delegation.rule_delegation_policy_principals_are_owners is 'Only the expected owner does policy work by the delegation policy.';

create or replace view delegation.rule_delegation_policy_principals_known as
with policies as materialized (
    select
        resource_policies.*,
        coalesce(account_read.was_read, false) as were_accounts_read,
        coalesce(account_read.unknown_cause, 'unread') as accounts_cause,
        coalesce(account_read.read_error, 'aws_organizations_accounts was not read; sync again') as accounts_error
    from delegation.resource_policies
    left join delegation.table_reads as account_read
        on account_read.source_name = resource_policies.source_name
        and account_read.table_name = 'aws_organizations_accounts'
),
principals as (
    select
        principals.*,
        case
            when principals.is_pattern then 'everybody'
            when principals.account_id is null then 'no account'
            when principals.is_management_account then 'management account'
            when principals.is_found and principals.account_state is null then 'state not known'
            when principals.account_state = 'ACTIVE' then 'active'
            when principals.is_found then 'not active'
            when policies.were_accounts_read then 'no member'
            else 'not known'
        end as answer
    from policies
    join delegation.resource_policy_principals as principals on principals.source_name = policies.source_name
    where policies.can_judge
),
judged as (
    select
        principals.source_name,
        principals.account_id,
        principals.principal as resource_id,
        case
            when principals.answer = 'everybody' then 'not_applicable'
            when principals.answer = 'active' then 'pass'
            when principals.answer in ('not known', 'state not known') then 'unknown'
            else 'fail'
        end as status,
        case principals.answer
            when 'everybody' then format('%s (%s of %s) names no account; delegation_policy_no_wildcards judges it', principals.label, principals.statements, policies.policy_id)
            when 'no account' then format('%s (%s of %s) is no account of %s; take it out of the policy', principals.label, principals.statements, policies.policy_id, policies.organization_id)
            when 'management account' then format('%s (%s of %s) is the management account, which needs no delegation; take it out of the policy', principals.label, principals.statements, policies.policy_id)
            when 'active' then format('%s (%s of %s) is an ACTIVE member', principals.label, principals.statements, policies.policy_id)
            when 'not active' then format('%s (%s of %s) is %s; take it out of the policy', principals.label, principals.statements, policies.policy_id, principals.account_state)
            when 'no member' then format('%s (%s of %s) is no account of %s; take it out of the policy', principals.label, principals.statements, policies.policy_id, policies.organization_id)
            when 'state not known' then format('%s (%s of %s) is a member, and AWS gave no state for it; sync again', principals.label, principals.statements, policies.policy_id)
            else format('whether %s (%s of %s) is an ACTIVE member is not known: %s', principals.label, principals.statements, policies.policy_id, policies.accounts_error)
        end as reason,
        case principals.answer
            when 'state not known' then 'unread'
            when 'not known' then policies.accounts_cause
        end as unknown_cause
    from principals
    join policies on policies.source_name = principals.source_name
    union all
    select
        statements.source_name,
        null,
        statements.policy_id || '/' || statements.statement,
        'unknown',
        format('whom statement %s of %s lets do something is not known: %s; look at it with `aws organizations describe-resource-policy` and mend it', statements.statement, statements.policy_id, min(statements.problem)),
        'unread'
    from policies
    join delegation.resource_policy_statements as statements on statements.source_name = policies.source_name
    where policies.can_judge and statements.problem is not null and statements.effect is distinct from 'Deny'
    group by statements.source_name, statements.policy_id, statements.statement
)
select
    policies.organization_id,
    coalesce(judged.account_id, policies.account_id) as account_id,
    null::text as region,
    coalesce(judged.resource_id, policies.resource_id) as resource_id,
    coalesce(judged.status, policies.status, 'not_applicable') as status,
    coalesce(judged.reason, policies.reason, format('%s has no statement with Effect Allow', policies.policy_id)) as reason,
    case when judged.source_name is not null then judged.unknown_cause else policies.unknown_cause end as unknown_cause
from policies
left join judged on judged.source_name = policies.source_name
order by organization_id, resource_id;
comment on view delegation.rule_delegation_policy_principals_known is 'Everybody named in the delegation policy is an active member of the organization.';

create or replace view delegation.rule_delegation_policy_types_in_use as
with policies as materialized (
    select
        resource_policies.*,
        coalesce(root_read.was_read, false) as was_root_read,
        coalesce(root_read.unknown_cause, 'unread') as root_cause,
        coalesce(root_read.read_error, 'AWS gave no root with its policy types; sync again') as root_error
    from delegation.resource_policies
    left join delegation.table_reads as root_read
        on root_read.source_name = resource_policies.source_name
        and root_read.table_name = 'aws_organizations_roots'
),
roots as (
    select root._cq_source_name as source_name, root.id as root_id, root.policy_types
    from delegation.current_aws_organizations_roots as root
    where jsonb_typeof(root.policy_types) = 'array'
),
root_types as materialized (
    select roots.source_name, upper(listed.value ->> 'Type') as type, listed.value ->> 'Status' as status
    from roots
    cross join lateral jsonb_array_elements(roots.policy_types) as listed (value)
),
granted as materialized (
    select granted.source_name, granted.statement_index, granted.action, granted.policy_types
    from delegation.resource_policy_grants as granted
    where granted.action_group in ('policy_management', 'policy_type_switching')
        and not granted.is_denied
),
statement_names as (
    select distinct statements.source_name, statements.statement_index, statements.statement
    from delegation.resource_policy_statements as statements
),
types as (
    select
        granted.source_name,
        upper(coalesce(named.type, '*')) as type,
        concat(case when count(distinct statement_names.statement) > 1 then 'statements ' else 'statement ' end, string_agg(distinct statement_names.statement collate "C", ', ' order by statement_names.statement collate "C")) as statements
    from granted
    left join lateral unnest(granted.policy_types) as named (type) on true
    join statement_names on statement_names.source_name = granted.source_name and statement_names.statement_index = granted.statement_index
    -- Where Condition and Resource contradict each other there is no type at all.
    where granted.policy_types is distinct from '{}'
    group by granted.source_name, upper(coalesce(named.type, '*'))
),
compared as (
    select
        types.source_name,
        types.type,
        types.statements,
        types.type = '*' as is_every_type,
        count(roots.source_name) > 0 as is_root_known,
        coalesce(bool_or(root_types.status = 'ENABLED'), false) as is_enabled,
        string_agg(root_types.type, ', ' order by root_types.type collate "C") filter (where root_types.status = 'ENABLED') as enabled_types,
        string_agg(format('%s is %s', root_types.type, coalesce(root_types.status, 'without a status')), ', ' order by root_types.type collate "C") filter (where root_types.type is not null and root_types.status is distinct from 'ENABLED') as other_states
    from types
    left join roots on roots.source_name = types.source_name
    left join root_types
        on root_types.source_name = types.source_name
        and root_types.type like delegation.like_pattern(types.type)
    group by types.source_name, types.type, types.statements
),
judged as (
    select
        compared.source_name,
        compared.type as resource_id,
        case
            when compared.is_every_type then 'not_applicable'
            when compared.is_enabled and policies.was_root_read then 'pass'
            when not policies.was_root_read or not compared.is_root_known then 'unknown'
            else 'fail'
        end as status,
        case
            when compared.is_every_type then format('policy work on every type is delegated (%s of %s), so there is no type to compare', compared.statements, policies.policy_id)
            when not policies.was_root_read or not compared.is_root_known then
                format('%s is delegated (%s of %s), and whether it is enabled is not known: %s', compared.type, compared.statements, policies.policy_id, policies.root_error)
            when compared.is_enabled then
                format('%s is delegated (%s of %s), and %s at the root', compared.type, compared.statements, policies.policy_id, case when compared.enabled_types = compared.type then 'ENABLED' else compared.enabled_types || ' is ENABLED' end)
            when compared.other_states is not null then
                format('%s is delegated (%s of %s), and %s at the root; enable it or take it out of the policy', compared.type, compared.statements, policies.policy_id, compared.other_states)
            else format('%s is delegated (%s of %s) and not enabled at the root; enable it or take it out of the policy', compared.type, compared.statements, policies.policy_id)
        end as reason,
        case
            when compared.is_every_type then null
            when not policies.was_root_read then policies.root_cause
            when not compared.is_root_known then 'unread'
        end as unknown_cause
    from compared
    join policies on policies.source_name = compared.source_name
    where policies.can_judge
    union all
    select
        statements.source_name,
        statements.policy_id || '/' || statements.statement,
        'unknown',
        format('which types statement %s of %s delegates is not known: %s; look at it with `aws organizations describe-resource-policy` and mend it', statements.statement, statements.policy_id, min(statements.problem)),
        'unread'
    from policies
    join delegation.resource_policy_statements as statements on statements.source_name = policies.source_name
    where policies.can_judge and statements.problem is not null and statements.effect is distinct from 'Deny'
    group by statements.source_name, statements.policy_id, statements.statement
)
select
    policies.organization_id,
    policies.account_id,
    null::text as region,
    coalesce(judged.resource_id, policies.resource_id) as resource_id,
    coalesce(judged.status, policies.status, 'not_applicable') as status,
    coalesce(judged.reason, policies.reason, format('%s gives nobody policy work', policies.policy_id)) as reason,
    case when judged.source_name is not null then judged.unknown_cause else policies.unknown_cause end as unknown_cause
from policies
left join judged on judged.source_name = policies.source_name
order by organization_id, resource_id;
comment on view delegation.rule_delegation_policy_types_in_use is 'Each policy type that is delegated is enabled.';

create or replace view delegation.rule_delegation_reviewed as
with sources as materialized (
    select
        asked.*,
        coalesce(settings.has_approvals, false) as has_approvals
    from delegation.asked_organizations(array['aws_delegation_approvals', 'aws_delegation_settings']) as asked
    left join delegation.settings on settings.source_name = asked.source_name
),
-- One row per approval, however many delegations it covers.
approved as materialized (
    select
        sources.source_name,
        approvals.approved_service,
        approvals.approved_principal,
        approvals.approved_method,
        approvals.approved_region,
        coalesce(min(approvals.approved_by), 'somebody') as approved_by,
        coalesce(to_char(min(approvals.approved_on), 'YYYY-MM-DD'), 'an unknown day') as approved_on,
        min(approvals.review_by)::date as review_by,
        (now() at time zone 'UTC')::date as today
    from delegation.approvals
    join sources on sources.source_name = approvals.source_name
    where sources.can_judge
        and sources.has_approvals
        and approvals.has_approval
    group by sources.source_name, approvals.approved_service, approvals.approved_principal, approvals.approved_method, approvals.approved_region
),
of_approvals as (
    select
        approved.source_name,
        format('%s/%s/%s', approved.approved_service, approved.approved_principal, coalesce(approved.approved_method, 'any')) as resource_id,
        case when approved.approved_principal ~ '^[0-9]{12}$' then approved.approved_principal end as account_id,
        approved.approved_region as region,
        case when approved.today > approved.review_by then 'fail' else 'pass' end as status,
        format(
            '%s held by %s%s was approved by %s on %s, and %s',
            approved.approved_service,
            delegation.account_label(approved.approved_principal, accounts.account_name, accounts.ou_path),
            concat(
                case approved.approved_method when 'organizations' then ' through Organizations' when 'service' then ' by the service itself' when 'resource_policy' then ' by the delegation policy' end,
                ' in ' || approved.approved_region
            ),
            approved.approved_by,
            approved.approved_on,
            case
                when approved.today > approved.review_by then format('its review was due by %s; look at it again, and set a new `review_by` or take it away', to_char(approved.review_by, 'YYYY-MM-DD'))
                else format('its next review is due by %s', to_char(approved.review_by, 'YYYY-MM-DD'))
            end
        ) as reason
    from approved
    left join delegation.accounts
        on accounts.source_name = approved.source_name
        and accounts.account_id = approved.approved_principal
    where approved.review_by is not null
),
of_organizations as (
    select
        sources.source_name,
        case when sources.has_approvals then 'not_applicable' else 'unknown' end as status,
        case
            when not sources.has_approvals then 'the spec has no approvals; add `approvals: approvals.yml` to it, with who may hold what and a `review_by` for each, and sync again'
            when undated.approval_count = 0 then 'the approvals name no delegation'
            else format('%s without a `review_by`, so that nobody has to look at %s again', case undated.approval_count when 1 then '1 approval is' else undated.approval_count || ' approvals are' end, case undated.approval_count when 1 then 'it' else 'them' end)
        end as reason,
        case when not sources.has_approvals then 'not_configured' end as unknown_cause
    from sources
    cross join lateral (
        select
            count(approved.source_name) as all_count,
            count(approved.source_name) filter (where approved.review_by is null) as approval_count
        from approved
        where approved.source_name = sources.source_name
    ) as undated
    where sources.can_judge
        and (undated.approval_count > 0 or undated.all_count = 0)
)
select
    sources.organization_id,
    coalesce(of_approvals.account_id, sources.account_id) as account_id,
    of_approvals.region,
    of_approvals.resource_id,
    of_approvals.status,
    of_approvals.reason,
    null::text as unknown_cause
from of_approvals
join sources on sources.source_name = of_approvals.source_name
union all
select
    sources.organization_id,
    sources.account_id,
    null,
    sources.resource_id,
    coalesce(of_organizations.status, sources.status),
    coalesce(of_organizations.reason, sources.reason),
    coalesce(of_organizations.unknown_cause, sources.unknown_cause)
from sources
left join of_organizations on of_organizations.source_name = sources.source_name
where not sources.can_judge or of_organizations.source_name is not null
order by organization_id, resource_id, region;
comment on view delegation.rule_delegation_reviewed is 'No approval of a delegation is overdue for review.';

create or replace view delegation.rule_delegation_service_role_present as
with table_reads as materialized (
    select table_reads.source_name, table_reads.table_name, table_reads.was_read, table_reads.unknown_cause, table_reads.read_error
    from delegation.table_reads
    where table_reads.table_name in ('aws_organizations_delegated_administrators', 'aws_organizations_delegated_services')
),
sources as materialized (
    select
        asked.*,
        exists (select from delegation.services where services.source_name = asked.source_name) as has_catalogue,
        coalesce(administrator_read.was_read and service_read.was_read, false) as were_registrations_read,
        case when 'unread' in (administrator_read.unknown_cause, service_read.unknown_cause) then 'unread' else coalesce(administrator_read.unknown_cause, service_read.unknown_cause, 'unread') end as registrations_cause,
        coalesce(administrator_read.read_error, service_read.read_error, 'aws_organizations_delegated_services was not read') as registrations_error
    from delegation.asked_organizations(array['aws_delegation_services']) as asked
    left join table_reads as administrator_read
        on administrator_read.source_name = asked.source_name
        and administrator_read.table_name = 'aws_organizations_delegated_administrators'
    left join table_reads as service_read
        on service_read.source_name = asked.source_name
        and service_read.table_name = 'aws_organizations_delegated_services'
),
registered as (
    select
        delegations.source_name,
        delegations.service_id,
        string_agg(delegation.account_label(delegations.delegated_account_id, delegations.account_name, delegations.ou_path), ' and ' order by delegations.delegated_account_id collate "C") as labels
    from delegation.delegations
    where delegations.method = 'organizations'
    group by delegations.source_name, delegations.service_id
),
needed as (
    select
        roles.source_name,
        roles.service_id,
        min(roles.service_name) as service_name,
        bool_and(roles.was_read) as was_read,
        coalesce(bool_and(roles.is_present), false) as are_present,
        string_agg(roles.role_name, ' and ' order by roles.role_name collate "C") as role_names,
        string_agg(roles.role_name, ' and ' order by roles.role_name collate "C") filter (where not roles.is_present) as missing_roles,
        min(roles.unknown_cause) as unknown_cause,
        min(roles.read_error) as read_error
    from delegation.service_linked_roles as roles
    group by roles.source_name, roles.service_id
),
of_services as (
    select
        needed.source_name,
        needed.service_id,
        case
            when registered.service_id is null and sources.were_registrations_read then 'not_applicable'
            when needed.was_read and needed.are_present then 'pass'
            when registered.service_id is null or not needed.was_read then 'unknown'
            else 'fail'
        end as status,
        case
            when registered.service_id is null and sources.were_registrations_read then format('%s is not delegated through Organizations', needed.service_name)
            when registered.service_id is null and needed.are_present
                then format('whether %s is delegated through Organizations is not known, and the management account has %s either way', needed.service_name, needed.role_names)
            when registered.service_id is null
                then format('whether %s is delegated through Organizations, so that the management account needs %s, is not known: %s', needed.service_name, needed.role_names, sources.registrations_error)
            when not needed.was_read then format('%s is delegated to %s through Organizations, and whether the management account has %s is not known: %s', needed.service_name, registered.labels, needed.role_names, needed.read_error)
            when needed.are_present then format('%s is delegated to %s through Organizations, and the management account %s has %s', needed.service_name, registered.labels, sources.management_account_id, needed.role_names)
            else format(
                '%s is delegated to %s through Organizations, and the management account %s has no %s; make it there with `aws iam create-service-linked-role --aws-service-name %s`',
                needed.service_name, registered.labels, sources.management_account_id, needed.missing_roles, coalesce(services.service_principals ->> 0, 'SERVICE_PRINCIPAL')
            )
        end as reason,
        case
            when registered.service_id is not null then needed.unknown_cause
            when sources.registrations_cause = 'unread' then 'unread'
            else coalesce(sources.registrations_cause, needed.unknown_cause)
        end as open_cause
    from needed
    join sources on sources.source_name = needed.source_name
    join delegation.services
        on services.source_name = needed.source_name
        and services.service_id = needed.service_id
    left join registered
        on registered.source_name = services.source_name
        and registered.service_id = services.group_id
    where sources.can_judge
)
select
    sources.organization_id,
    sources.account_id,
    null::text as region,
    coalesce(of_services.service_id, sources.resource_id) as resource_id,
    coalesce(of_services.status, sources.status, case when sources.has_catalogue then 'not_applicable' else 'unknown' end) as status,
    coalesce(of_services.reason, sources.reason, case when sources.has_catalogue then 'no service of the catalogue needs a role that Organizations does not make' else 'aws_delegation_services has no service; sync again' end) as reason,
    case
        when of_services.service_id is not null then case when of_services.status = 'unknown' then of_services.open_cause end
        when sources.can_judge then case when not sources.has_catalogue then 'unread' end
        else sources.unknown_cause
    end as unknown_cause
from sources
left join of_services on of_services.source_name = sources.source_name
order by organization_id, resource_id;
comment on view delegation.rule_delegation_service_role_present is 'A service that was delegated through Organizations has the role that it needs.';

create or replace view delegation.rule_delegations_approved as
with sources as materialized (
    select
        asked.*,
        coalesce(settings.has_approvals, false) as has_approvals
    from delegation.asked_organizations(array['aws_delegation_approvals', 'aws_delegation_services', 'aws_delegation_settings']) as asked
    left join delegation.settings on settings.source_name = asked.source_name
),
pairs as materialized (
    select approvals.*
    from delegation.approvals
    join sources on sources.source_name = approvals.source_name
    where sources.can_judge and sources.has_approvals
),
open_questions as materialized (
    select open_questions.*
    from delegation.open_questions
    join sources on sources.source_name = open_questions.source_name
    where sources.can_judge and sources.has_approvals
),
-- What is there: each part that can be approved by itself, then the delegation, then its Regions together.
parts as (
    select
        pairs.source_name,
        pairs.service_id,
        pairs.service_name,
        pairs.method,
        pairs.region,
        pairs.delegated_account_id,
        coalesce(pairs.granted_principal, pairs.service_principal) as part,
        bool_or(pairs.has_approval) as is_approved,
        array_agg(distinct format('%s on %s', coalesce(pairs.approved_by, 'somebody'), coalesce(to_char(pairs.approved_on, 'YYYY-MM-DD'), 'an unknown day')) collate "C") filter (where pairs.has_approval) as signatures
    from pairs
    where pairs.has_delegation
    group by pairs.source_name, pairs.service_id, pairs.service_name, pairs.method, pairs.region, pairs.delegated_account_id, coalesce(pairs.granted_principal, pairs.service_principal)
),
held as (
    select
        parts.source_name,
        parts.service_id,
        parts.service_name,
        parts.method,
        parts.region,
        parts.delegated_account_id,
        bool_and(parts.is_approved) as is_approved,
        bool_or(parts.is_approved) as is_approved_in_part,
        string_agg(parts.part, ', ' order by parts.part collate "C") filter (where parts.part <> parts.delegated_account_id) as parts,
        string_agg(parts.part, ', ' order by parts.part collate "C") filter (where not parts.is_approved) as unapproved_parts
    from parts
    group by parts.source_name, parts.service_id, parts.service_name, parts.method, parts.region, parts.delegated_account_id
),
signed as (
    select
        parts.source_name,
        parts.service_id,
        parts.method,
        parts.region,
        parts.delegated_account_id,
        string_agg(distinct signature.text collate "C", ' and by ') as signatures
    from parts
    cross join lateral unnest(parts.signatures) as signature (text)
    group by parts.source_name, parts.service_id, parts.method, parts.region, parts.delegated_account_id
),
shaped as (
    select
        held.*,
        signed.signatures,
        bool_or(held.is_approved) over same_holder and bool_or(not held.is_approved) over same_holder as is_mixed
    from held
    left join signed
        on signed.source_name = held.source_name
        and signed.service_id = held.service_id
        and signed.method = held.method
        and signed.region is not distinct from held.region
        and signed.delegated_account_id = held.delegated_account_id
    window same_holder as (partition by held.source_name, held.service_id, held.method, held.delegated_account_id)
),
grouped as (
    select
        shaped.source_name,
        shaped.service_id,
        min(shaped.service_name) as service_name,
        shaped.method,
        shaped.delegated_account_id,
        case when shaped.is_mixed then shaped.region end as region,
        shaped.is_approved,
        bool_or(shaped.is_approved_in_part) as is_approved_in_part,
        string_agg(shaped.region, ', ' order by shaped.region collate "C") as regions,
        min(shaped.parts) as parts,
        min(shaped.unapproved_parts) as unapproved_parts,
        string_agg(distinct shaped.signatures collate "C", ' and by ') as signatures
    from shaped
    group by shaped.source_name, shaped.service_id, shaped.method, shaped.delegated_account_id, case when shaped.is_mixed then shaped.region end, shaped.is_approved
),
of_delegations as (
    select
        grouped.source_name,
        format('%s/%s/%s', grouped.service_id, grouped.delegated_account_id, grouped.method) as resource_id,
        case when grouped.delegated_account_id ~ '^[0-9]{12}$' then grouped.delegated_account_id end as account_id,
        grouped.region,
        case when grouped.is_approved then 'pass' else 'fail' end as status,
        case
            when grouped.is_approved then format('%s, approved by %s', named.delegation, grouped.signatures)
            else format(
                '%s, and nobody approved %s; add {service: %s, account: ''%s'', method: %s%s} to the approvals with `approved_by` and `approved_on`, or take the delegation away',
                named.delegation,
                case when grouped.is_approved_in_part then grouped.unapproved_parts else 'it' end,
                case when missing.part is not null and grouped.method = 'organizations' then missing.part else grouped.service_id end,
                case when missing.part is not null and grouped.method = 'resource_policy' then missing.part else grouped.delegated_account_id end,
                grouped.method,
                ', region: ' || grouped.region
            )
        end as reason,
        null::text as unknown_cause
    from grouped
    left join delegation.accounts
        on accounts.source_name = grouped.source_name
        and accounts.account_id = grouped.delegated_account_id
    cross join lateral (
        select format(
            '%s is held by %s %s%s%s',
            grouped.service_name,
            delegation.account_label(grouped.delegated_account_id, accounts.account_name, accounts.ou_path),
            case grouped.method when 'organizations' then 'through Organizations' when 'service' then 'by the service itself' else 'by the delegation policy' end,
            ' in ' || grouped.regions,
            ' (' || grouped.parts || ')'
        ) as delegation
    ) as named
    -- Where the rest is approved, the line to add is about that one alone.
    cross join lateral (
        select case when grouped.is_approved_in_part and grouped.unapproved_parts not like '%, %' then grouped.unapproved_parts end as part
    ) as missing
),
-- What is approved and not there, or not to be seen.
left_over as materialized (
    select distinct
        pairs.source_name,
        pairs.approved_service,
        pairs.approved_principal,
        pairs.approved_method,
        pairs.approved_region,
        coalesce(pairs.approved_by, 'somebody') as approved_by,
        coalesce(to_char(pairs.approved_on, 'YYYY-MM-DD'), 'an unknown day') as approved_on
    from pairs
    where not pairs.has_delegation
),
meant_services as materialized (
    select distinct left_over.source_name, left_over.approved_service, services.service_id, services.group_id, services.is_regional
    from left_over
    join delegation.services on services.source_name = left_over.source_name
    where left_over.approved_service = services.service_id
        or services.service_principals ? left_over.approved_service
),
hidden as (
    select
        left_over.source_name,
        left_over.approved_service,
        left_over.approved_principal,
        left_over.approved_method,
        left_over.approved_region,
        case
            when bool_or(open_questions.unknown_cause = 'unread') then 'unread'
            when bool_or(open_questions.unknown_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause,
        concat(
            min(open_questions.read_error collate "C"),
            case when count(distinct open_questions.read_error) > 1 then format(' (and %s more like it)', count(distinct open_questions.read_error) - 1) end
        ) as read_error
    from left_over
    join open_questions on open_questions.source_name = left_over.source_name
    left join meant_services
        on meant_services.source_name = left_over.source_name
        and meant_services.approved_service = left_over.approved_service
    where coalesce(left_over.approved_method, open_questions.method) = open_questions.method
        -- Of a principal that the catalogue does not know only Organizations can tell.
        and case open_questions.method
            when 'organizations' then left_over.approved_region is null and coalesce(meant_services.group_id, open_questions.service_id) = open_questions.service_id
            when 'resource_policy' then left_over.approved_region is null and meant_services.service_id = open_questions.service_id
            else meant_services.service_id = open_questions.service_id
                and (
                    left_over.approved_region is null
                    or left_over.approved_region = open_questions.region
                    or (open_questions.region is null and meant_services.is_regional is distinct from false)
                )
        end
    group by left_over.source_name, left_over.approved_service, left_over.approved_principal, left_over.approved_method, left_over.approved_region
),
of_approvals as (
    select
        left_over.source_name,
        format('%s/%s/%s', left_over.approved_service, left_over.approved_principal, coalesce(left_over.approved_method, 'any')) as resource_id,
        case when left_over.approved_principal ~ '^[0-9]{12}$' then left_over.approved_principal end as account_id,
        left_over.approved_region as region,
        case when hidden.source_name is null then 'fail' else 'unknown' end as status,
        case
            when hidden.source_name is null then format('%s is approved, and not there: remove the approval or make the delegation', named.delegation)
            else format('%s is approved, and whether it is there is not known: %s', named.delegation, hidden.read_error)
        end as reason,
        hidden.unknown_cause
    from left_over
    left join hidden
        on hidden.source_name = left_over.source_name
        and hidden.approved_service = left_over.approved_service
        and hidden.approved_principal = left_over.approved_principal
        and hidden.approved_method is not distinct from left_over.approved_method
        and hidden.approved_region is not distinct from left_over.approved_region
    left join delegation.accounts
        on accounts.source_name = left_over.source_name
        and accounts.account_id = left_over.approved_principal
    cross join lateral (
        select format(
            'that %s holds %s%s (by %s on %s)',
            delegation.account_label(left_over.approved_principal, accounts.account_name, accounts.ou_path),
            left_over.approved_service,
            concat(
                case left_over.approved_method when 'organizations' then ' through Organizations' when 'service' then ' by the service itself' when 'resource_policy' then ' by the delegation policy' end,
                ' in ' || left_over.approved_region
            ),
            left_over.approved_by,
            left_over.approved_on
        ) as delegation
    ) as named
),
of_questions as (
    select
        open_questions.source_name,
        open_questions.service_id || '/' || open_questions.method as resource_id,
        null::text as account_id,
        null::text as region,
        'unknown' as status,
        format(
            'whether %s is delegated %s%s without an approval is not known: %s%s',
            coalesce(min(open_questions.service_name), 'any service'),
            case open_questions.method when 'organizations' then 'through Organizations' when 'service' then 'by the service itself' when 'resource_policy' then 'by the delegation policy' end,
            ' in ' || string_agg(open_questions.region, ', ' order by open_questions.region collate "C"),
            min(open_questions.read_error collate "C"),
            case when count(distinct open_questions.read_error) > 1 then format(' (and %s more like it)', count(distinct open_questions.read_error) - 1) end
        ) as reason,
        case
            when bool_or(open_questions.unknown_cause = 'unread') then 'unread'
            when bool_or(open_questions.unknown_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause
    from open_questions
    group by open_questions.source_name, open_questions.service_id, open_questions.method
),
without_approvals as (
    select
        sources.source_name,
        sources.resource_id,
        null::text as account_id,
        null::text as region,
        'unknown' as status,
        'the spec has no approvals; add `approvals: approvals.yml` to it, with who may hold what, and sync again' as reason,
        'not_configured' as unknown_cause
    from sources
    where sources.can_judge and not sources.has_approvals
),
judged as (
    select * from of_delegations
    union all
    select * from of_approvals
    union all
    select * from of_questions
    union all
    select * from without_approvals
)
select
    sources.organization_id,
    coalesce(judged.account_id, sources.account_id) as account_id,
    judged.region,
    coalesce(judged.resource_id, sources.resource_id) as resource_id,
    coalesce(judged.status, sources.status, 'not_applicable') as status,
    coalesce(judged.reason, sources.reason, format('nothing of %s is delegated, and no delegation is approved', sources.organization_id)) as reason,
    case coalesce(judged.status, sources.status) when 'unknown' then coalesce(judged.unknown_cause, sources.unknown_cause) end as unknown_cause
from sources
left join judged on judged.source_name = sources.source_name
order by organization_id, resource_id, region;
comment on view delegation.rule_delegations_approved is 'Every delegation is approved, and every approval is of one that exists.';

create or replace view delegation.rule_detection_and_execution_separated as
with sides (service_id, side) as (
    values
        ('guardduty', 'detection'),
        ('security-hub', 'detection'),
        ('security-hub-cspm', 'detection'),
        ('cloudtrail', 'detection'),
        ('config', 'detection'),
        ('stacksets', 'execution'),
        ('systems-manager', 'execution'),
        ('systems-manager-quick-setup', 'execution'),
        ('identity-center', 'execution'),
        ('iam-root-access', 'execution')
),
asked as materialized (
    select asked_organizations.*, coalesce(settings.separation_of_duties, false) as is_wanted
    from delegation.asked_organizations(array['aws_delegation_settings']) as asked_organizations
    left join delegation.settings on settings.source_name = asked_organizations.source_name
),
table_reads as materialized (
    select table_reads.*
    from delegation.table_reads
    where table_reads.table_name in ('aws_organizations_accounts', 'aws_organizations_delegated_administrators', 'aws_organizations_delegated_services', 'aws_delegation_services')
),
services as materialized (
    select
        asked.source_name,
        sides.service_id,
        sides.side,
        services.group_id
    from asked
    cross join sides
    left join delegation.services
        on services.source_name = asked.source_name
        and services.service_id = sides.service_id
    where asked.can_judge
        and asked.is_wanted
),
holdings as materialized (
    select
        services.source_name,
        services.side,
        services.group_id,
        delegations.method,
        delegations.service_name,
        delegations.delegated_account_id as account_id,
        coalesce(bool_or(delegations.is_management_account), false) as is_management_account,
        bool_or(delegations.is_held) as is_held,
        string_agg(distinct delegations.status collate "C", ' and ' order by delegations.status collate "C") as statuses
    from services
    join delegation.delegations
        on delegations.source_name = services.source_name
        -- Whoever is registered with a principal that services share holds each of them.
        and delegations.service_id = case when delegations.method = 'organizations' then services.group_id else services.service_id end
    group by services.source_name, services.side, services.group_id, delegations.method, delegations.service_name, delegations.delegated_account_id
),
named as materialized (
    select
        holdings.*,
        concat(holdings.service_name, case when not holdings.is_held then format(' (with status %s)', coalesce(holdings.statuses, 'unknown')) end) collate "C" as label
    from holdings
    where holdings.method <> 'organizations'
        -- Of a shared principal a reason names the services that name the account themselves, where one does.
        or not exists (
            select
            from holdings as itself
            where itself.source_name = holdings.source_name
                and itself.side = holdings.side
                and itself.group_id = holdings.group_id
                and itself.account_id = holdings.account_id
                and itself.method = 'service'
        )
),
names as materialized (
    select
        named.source_name,
        named.account_id,
        string_agg(distinct named.label, ', ' order by named.label) filter (where named.side = 'detection') as detection_names,
        string_agg(distinct named.label, ', ' order by named.label) filter (where named.side = 'execution') as execution_names
    from named
    group by named.source_name, named.account_id
),
-- What an administrator of one service may hold besides was not read for this one, or for all of them.
service_list_problems as materialized (
    select
        reads.source_name,
        reads.scope as account_id,
        min(delegation.read_problem(reads.outcome, reads.table_name, reads.operation, reads.region, reads.scope, reads.error_code, reads.error_message)) as problem,
        bool_or(reads.outcome in ('denied', 'failed')) as is_unread
    from delegation.reads
    where reads.table_name = 'aws_organizations_delegated_services'
        and reads.outcome not in ('ok', 'absent')
    group by reads.source_name, reads.scope
),
open_for_all as materialized (
    select
        table_reads.source_name,
        case when bool_or(table_reads.unknown_cause = 'unread') then 'unread' else 'not_configured' end as unknown_cause,
        min(table_reads.read_error) as problem
    from table_reads
    where not table_reads.was_read
        and (
            table_reads.table_name in ('aws_organizations_delegated_administrators', 'aws_delegation_services')
            or table_reads.table_name = 'aws_organizations_delegated_services' and (
                exists (select from service_list_problems where service_list_problems.source_name = table_reads.source_name and service_list_problems.account_id = '')
                or not exists (select from service_list_problems where service_list_problems.source_name = table_reads.source_name)
            )
        )
    group by table_reads.source_name
),
open_questions as (
    select
        services.source_name,
        services.side,
        asked_itself.unknown_cause,
        asked_itself.read_error as problem
    from services
    join delegation.service_regions as asked_itself
        on asked_itself.source_name = services.source_name
        and asked_itself.service_id = services.service_id
        and asked_itself.method <> 'organizations'
    where not asked_itself.was_read
    union all
    select services.source_name, services.side, open_for_all.unknown_cause, open_for_all.problem
    from services
    join open_for_all on open_for_all.source_name = services.source_name
    union all
    select services.source_name, services.side, 'unread', format('the catalogue has no %s; sync again with this version', services.service_id)
    from services
    where services.group_id is null
        -- Where it was not read at all, that is said above.
        and services.source_name not in (select open_for_all.source_name from open_for_all)
),
open_sides as materialized (
    select
        open_questions.source_name,
        open_questions.side,
        case
            when bool_or(open_questions.unknown_cause = 'unread') then 'unread'
            when bool_or(open_questions.unknown_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause,
        min(open_questions.problem) as problem
    from open_questions
    group by open_questions.source_name, open_questions.side
),
candidates as (
    select holdings.source_name, holdings.account_id
    from holdings
    union
    -- An administrator of something: of what is not known.
    select service_list_problems.source_name, service_list_problems.account_id
    from service_list_problems
    where service_list_problems.account_id <> ''
),
held_accounts as (
    select
        candidates.source_name,
        candidates.account_id,
        coalesce(bool_or(holdings.is_management_account), false) as is_management_account,
        coalesce(bool_or(holdings.side = 'detection' and holdings.is_held), false) as has_detection,
        coalesce(bool_or(holdings.side = 'execution' and holdings.is_held), false) as has_execution,
        coalesce(bool_or(holdings.side = 'detection'), false) as may_have_detection,
        coalesce(bool_or(holdings.side = 'execution'), false) as may_have_execution,
        names.detection_names,
        names.execution_names
    from candidates
    left join holdings on holdings.source_name = candidates.source_name and holdings.account_id = candidates.account_id
    left join names on names.source_name = candidates.source_name and names.account_id = candidates.account_id
    group by candidates.source_name, candidates.account_id, names.detection_names, names.execution_names
),
findings as (
    select
        held_accounts.*,
        asked.organization_id,
        accounts.account_state,
        concat(
            delegation.account_label(held_accounts.account_id, accounts.account_name, accounts.ou_path),
            case when held_accounts.is_management_account then ', the management account,' end,
            case when accounts.account_id is null and coalesce(account_read.was_read, false) then ', which is no account of this organization,' end
        ) as label,
        concat_ws('; ', own.problem, open_detection.problem) as detection_problem,
        concat_ws('; ', own.problem, open_execution.problem) as execution_problem,
        case when own.is_unread then 'unread' when own.account_id is not null then coalesce(nullif(open_detection.unknown_cause, 'not_observable'), 'not_configured') else open_detection.unknown_cause end as detection_cause,
        case when own.is_unread then 'unread' when own.account_id is not null then coalesce(nullif(open_execution.unknown_cause, 'not_observable'), 'not_configured') else open_execution.unknown_cause end as execution_cause,
        case
            when accounts.account_state in ('PENDING_ACTIVATION', 'SUSPENDED', 'PENDING_CLOSURE', 'CLOSED') then 'not active'
            when held_accounts.is_management_account and (held_accounts.has_detection or held_accounts.has_execution) then 'management'
            when held_accounts.has_detection and held_accounts.has_execution then 'both'
            when held_accounts.may_have_detection and held_accounts.may_have_execution then 'perhaps both'
            when held_accounts.is_management_account then 'perhaps management'
            when not held_accounts.may_have_detection and not held_accounts.may_have_execution then 'nothing read'
            when not held_accounts.may_have_execution and (own.account_id is not null or open_execution.source_name is not null) then 'execution not read'
            when not held_accounts.may_have_detection and (own.account_id is not null or open_detection.source_name is not null) then 'detection not read'
            else 'one'
        end as finding
    from held_accounts
    join asked on asked.source_name = held_accounts.source_name
    left join delegation.accounts on accounts.source_name = held_accounts.source_name and accounts.account_id = held_accounts.account_id
    left join table_reads as account_read on account_read.source_name = held_accounts.source_name and account_read.table_name = 'aws_organizations_accounts'
    left join service_list_problems as own on own.source_name = held_accounts.source_name and own.account_id = held_accounts.account_id
    left join open_sides as open_detection on open_detection.source_name = held_accounts.source_name and open_detection.side = 'detection'
    left join open_sides as open_execution on open_execution.source_name = held_accounts.source_name and open_execution.side = 'execution'
    where asked.can_judge
        and asked.is_wanted
),
of_accounts as (
    select
        findings.organization_id,
        findings.account_id,
        findings.account_id as resource_id,
        case
            when findings.finding = 'not active' then 'not_applicable'
            when findings.finding in ('management', 'both') then 'fail'
            when findings.finding = 'one' then 'pass'
            else 'unknown'
        end as status,
        case findings.finding
            when 'not active' then format('%s is %s; only ACTIVE accounts are judged (it is named for %s)', findings.label, findings.account_state, coalesce(nullif(concat_ws(', ', findings.detection_names, findings.execution_names), ''), 'services that were not read'))
            when 'management' then format('%s can act in every member and take every detection away by itself, and it holds %s; make a member the administrator', findings.label, concat_ws(', ', findings.detection_names, findings.execution_names))
            when 'both' then format('%s holds both what detects (%s) and what acts in members (%s); make another account the administrator of one side', findings.label, findings.detection_names, findings.execution_names)
            when 'perhaps both' then format('%s is named both for what detects (%s) and for what acts in members (%s), and not all of it is settled; settle it, and sync again', findings.label, findings.detection_names, findings.execution_names)
            when 'perhaps management' then format('%s is named for %s, which is not settled; settle it, and sync again', findings.label, concat_ws(', ', findings.detection_names, findings.execution_names))
            when 'nothing read' then format('what %s holds is not known: %s', findings.label, concat_ws('; ', findings.detection_problem, nullif(findings.execution_problem, findings.detection_problem)))
            when 'execution not read' then format('%s holds %s; whether it also holds what acts in members is not known: %s', findings.label, findings.detection_names, findings.execution_problem)
            when 'detection not read' then format('%s holds %s; whether it also holds what detects is not known: %s', findings.label, findings.execution_names, findings.detection_problem)
            else format(
                '%s holds %s, and nothing that %s',
                findings.label,
                coalesce(findings.detection_names, findings.execution_names),
                case when findings.may_have_detection then 'acts in members' else 'detects' end
            )
        end as reason,
        case findings.finding
            when 'perhaps both' then 'not_observable'
            when 'perhaps management' then 'not_observable'
            when 'nothing read' then case when 'unread' in (findings.detection_cause, findings.execution_cause) then 'unread' else 'not_configured' end
            when 'execution not read' then findings.execution_cause
            when 'detection not read' then findings.detection_cause
        end as unknown_cause
    from findings
),
of_organizations as (
    select
        asked.organization_id,
        asked.account_id,
        asked.resource_id,
        case
            when not asked.can_judge then asked.status
            when open_detection.source_name is not null and open_execution.source_name is not null and asked.is_wanted then 'unknown'
            else 'not_applicable'
        end as status,
        case
            when not asked.can_judge then asked.reason
            when not asked.is_wanted then 'the spec does not ask for it; `separation_of_duties: true` does'
            when open_detection.source_name is not null and open_execution.source_name is not null
                then format('whether an account that shows nowhere yet holds both sides is not known: %s', concat_ws('; ', open_detection.problem, nullif(open_execution.problem, open_detection.problem)))
            else 'no account holds any of the services that detect or that act in members'
        end as reason,
        case
            when not asked.can_judge then asked.unknown_cause
            when asked.is_wanted and open_detection.source_name is not null and open_execution.source_name is not null then case
                -- Either side, once read, would settle it.
                when 'unread' in (open_detection.unknown_cause, open_execution.unknown_cause) then 'unread'
                when 'not_configured' in (open_detection.unknown_cause, open_execution.unknown_cause) then 'not_configured'
                else 'not_observable'
            end
        end as unknown_cause
    from asked
    left join open_sides as open_detection on open_detection.source_name = asked.source_name and open_detection.side = 'detection'
    left join open_sides as open_execution on open_execution.source_name = asked.source_name and open_execution.side = 'execution'
    where not asked.can_judge
        or not asked.is_wanted
        or open_detection.source_name is not null and open_execution.source_name is not null
        or not exists (select from findings where findings.source_name = asked.source_name)
)
select
    of_accounts.organization_id,
    of_accounts.account_id,
    null::text as region,
    of_accounts.resource_id,
    of_accounts.status,
    of_accounts.reason,
    of_accounts.unknown_cause
from of_accounts
union all
select
    of_organizations.organization_id,
    of_organizations.account_id,
    null::text as region,
    of_organizations.resource_id,
    of_organizations.status,
    of_organizations.reason,
    of_organizations.unknown_cause
from of_organizations
order by organization_id, resource_id;
comment on view delegation.rule_detection_and_execution_separated is 'No account both watches members and runs code in them.';

create or replace view delegation.rule_every_region_has_admin as
with sources as materialized (
    select asked.*
    from delegation.asked_organizations(array['aws_delegation_services']) as asked
),
answers as materialized (
    select service_answers.*
    from delegation.service_answers
    join sources on sources.source_name = service_answers.source_name
    where sources.can_judge
        and service_answers.is_regional
),
of_organizations as (
    select
        sources.source_name,
        sources.resource_id as service_id,
        null::text as region,
        coalesce(sources.status, 'unknown') as status,
        coalesce(sources.reason, 'aws_delegation_services has no regional service with administrators of its own; sync again') as reason,
        case when sources.can_judge then 'unread' else sources.unknown_cause end as unknown_cause
    from sources
    where not sources.can_judge
        or not exists (select from answers where answers.source_name = sources.source_name)
),
services as materialized (
    select
        answers.source_name,
        answers.service_id,
        min(answers.service_name) as service_name,
        bool_or(answers.is_asked) as is_asked,
        coalesce(bool_or(answers.is_held), false) as is_used,
        count(distinct answers.region) as region_count,
        string_agg(distinct answers.label collate "C", ' and ') filter (where answers.is_held) as labels,
        string_agg(distinct answers.label collate "C", ' and ') filter (where answers.is_held and answers.is_active is not false) as working_labels,
        string_agg(distinct format('%s in %s', answers.label, answers.region) collate "C", ' and ') filter (where not answers.is_held) as unsettled_places
    from answers
    group by answers.source_name, answers.service_id
),
regions as materialized (
    select
        answers.source_name,
        answers.service_id,
        answers.region,
        answers.was_listed,
        answers.was_read,
        coalesce(bool_or(answers.is_held and answers.is_active), false) as is_administered,
        -- Nobody knows whether that account is one that can work.
        coalesce(bool_or(answers.is_held and answers.is_active is null), false) as is_open,
        string_agg(answers.label, ' and ' order by answers.label collate "C") as labels
    from answers
    where answers.is_asked
    group by answers.source_name, answers.service_id, answers.region, answers.was_listed, answers.was_read
),
of_lacking_regions as (
    select
        services.source_name,
        services.service_id,
        regions.region,
        'fail' as status,
        concat(
            format('%s has no administrator in %s, which is enabled for the account that asked', services.service_name, regions.region),
            ' (' || regions.labels || ' does not count)',
            coalesce('; designate its administrator here too (elsewhere it has ' || services.working_labels || ')', '; make an ACTIVE account its administrator')
        ) as reason,
        null::text as unknown_cause
    from services
    join regions
        on regions.source_name = services.source_name
        and regions.service_id = services.service_id
    where services.is_used
        and regions.was_listed
        and not regions.is_administered
        and not regions.is_open
),
of_unread as (
    select distinct
        answers.source_name,
        answers.service_id,
        answers.problem_region as region,
        'unknown' as status,
        answers.problem as reason,
        answers.problem_cause as unknown_cause
    from answers
    where not answers.was_read
    union all
    select
        services.source_name,
        services.service_id,
        null,
        'unknown',
        format(
            'whether %s can work as administrator of %s in %s is not known: %s',
            string_agg(distinct regions.labels collate "C", ' and '),
            services.service_name,
            string_agg(regions.region, ', ' order by regions.region collate "C"),
            coalesce(min(account_read.read_error), 'its state is not known; sync again')
        ),
        coalesce(min(account_read.unknown_cause), 'unread')
    from services
    join regions
        on regions.source_name = services.source_name
        and regions.service_id = services.service_id
    left join delegation.table_reads as account_read
        on account_read.source_name = services.source_name
        and account_read.table_name = 'aws_organizations_accounts'
    where regions.was_read
        and regions.is_open
        and not regions.is_administered
    group by services.source_name, services.service_id, services.service_name
),
findings as materialized (
    select * from of_lacking_regions
    union all
    select * from of_unread
),
of_differences as (
    select
        findings.source_name,
        findings.service_id,
        findings.region,
        min(findings.status) as status,
        string_agg(findings.reason, '; ' order by findings.status collate "C", findings.reason collate "C") as reason,
        case
            when bool_or(findings.status = 'fail') then null
            when bool_or(findings.unknown_cause = 'unread') then 'unread'
            when bool_or(findings.unknown_cause = 'not_configured') then 'not_configured'
            when bool_or(findings.unknown_cause = 'not_observable') then 'not_observable'
        end as unknown_cause
    from findings
    group by findings.source_name, findings.service_id, findings.region
),
of_others as (
    select
        services.source_name,
        services.service_id,
        null::text as region,
        case when services.is_used then 'pass' else 'not_applicable' end as status,
        concat(
            case
                when services.is_used then format('%s has an administrator in all %s Regions that are enabled for the account that asked and where it exists: %s', services.service_name, services.region_count, services.labels)
                when not services.is_asked then format('%s is in no Region that is enabled for the account that asked', services.service_name)
                else format('%s is not delegated: it has no administrator in any Region that is enabled for the account that asked', services.service_name)
            end,
            '; ' || services.unsettled_places || ' does not count'
        ) as reason,
        null::text as unknown_cause
    from services
    where not exists (
        select
        from findings
        where findings.source_name = services.source_name
            and findings.service_id = services.service_id
    )
),
judged as (
    select * from of_organizations
    union all
    select * from of_differences
    union all
    select * from of_others
)
select
    sources.organization_id,
    sources.account_id,
    judged.region,
    judged.service_id as resource_id,
    judged.status,
    judged.reason,
    judged.unknown_cause
from judged
join sources on sources.source_name is not distinct from judged.source_name
order by organization_id, resource_id, region;
comment on view delegation.rule_every_region_has_admin is 'A delegated regional service has an administrator in every enabled Region.';

create or replace view delegation.rule_execution_services_held_narrowly as
with execution_services (service_id) as (
    values
        ('identity-center'),
        ('stacksets'),
        ('systems-manager'),
        ('systems-manager-quick-setup'),
        ('account-management'),
        ('iam-root-access')
),
asked as materialized (
    select asked_organizations.*
    from delegation.asked_organizations(array['aws_delegation_services']) as asked_organizations
),
account_reads as materialized (
    select table_reads.source_name, table_reads.was_read, table_reads.unknown_cause, table_reads.read_error
    from delegation.table_reads
    where table_reads.table_name = 'aws_organizations_accounts'
),
services as materialized (
    select
        asked.source_name,
        asked.organization_id,
        asked.management_account_id,
        execution_services.service_id,
        service_use.service_name,
        service_use.group_id,
        service_use.is_used,
        service_use.use_reason,
        service_use.use_unknown_cause,
        service_use.owners,
        service_use.owner_names,
        service_use.unclear_owners,
        service_use.owner_reason,
        service_use.owner_unknown_cause,
        coalesce(account_reads.was_read, false) as were_accounts_read,
        coalesce(account_reads.unknown_cause, 'unread') as accounts_cause,
        coalesce(account_reads.read_error, 'aws_organizations_accounts was not read') as accounts_error
    from asked
    cross join execution_services
    left join delegation.service_use
        on service_use.source_name = asked.source_name
        and service_use.service_id = execution_services.service_id
    left join account_reads on account_reads.source_name = asked.source_name
    where asked.can_judge
),
owner_matches as materialized (
    select services.source_name, services.service_id, owner_accounts.account_id, bool_or(owner_accounts.is_match) as is_match
    from services
    join delegation.owner_accounts
        on owner_accounts.source_name = services.source_name
        and owner_accounts.owner = any (services.owners)
    group by services.source_name, services.service_id, owner_accounts.account_id
),
-- However many principals, methods and Regions name it, an account is one holder.
held as materialized (
    select
        services.source_name,
        services.service_id,
        delegations.delegated_account_id,
        delegations.account_name,
        delegations.ou_path,
        delegations.account_state,
        coalesce(delegations.is_management_account, false) as is_management_account,
        bool_or(delegations.is_held) as is_held,
        string_agg(distinct delegations.status collate "C", ' and ' order by delegations.status collate "C") as statuses
    from services
    join delegation.delegations
        on delegations.source_name = services.source_name
        -- Whoever is registered with a principal that services share holds each of them.
        and delegations.service_id = case when delegations.method = 'organizations' then services.group_id else services.service_id end
    group by
        services.source_name, services.service_id, delegations.delegated_account_id, delegations.account_name, delegations.ou_path,
        delegations.account_state, delegations.is_management_account
),
holders as materialized (
    select
        held.source_name,
        held.service_id,
        concat(
            delegation.account_label(held.delegated_account_id, held.account_name, held.ou_path),
            case when held.is_management_account then ', the management account' end,
            case
                when held.account_state <> 'ACTIVE' then format(', which is %s', held.account_state)
                when held.account_state is null and services.were_accounts_read then ', which is no account of this organization'
            end,
            case when not held.is_held then format(', with status %s', coalesce(held.statuses, 'unknown')) end
        ) as label,
        -- Null where the account may be able to act: its state is not known, or the service is still making or removing it.
        case
            when held.account_state in ('PENDING_ACTIVATION', 'SUSPENDED', 'PENDING_CLOSURE', 'CLOSED') then false
            when not held.is_held then null
            when held.account_state = 'ACTIVE' then true
            when held.account_state is null and services.were_accounts_read then true
        end as is_counted,
        held.account_state is null and services.were_accounts_read as is_outside,
        case
            when owner_matches.is_match then true
            when owner_matches.account_id is null and held.account_state is not null and services.owner_reason is null and cardinality(services.unclear_owners) = 0 then false
        end as is_owner
    from held
    join services on services.source_name = held.source_name and services.service_id = held.service_id
    left join owner_matches
        on owner_matches.source_name = held.source_name
        and owner_matches.service_id = held.service_id
        and owner_matches.account_id = held.delegated_account_id
),
counted as materialized (
    select
        holders.source_name,
        holders.service_id,
        count(*) filter (where holders.is_counted) as sure_count,
        count(*) filter (where holders.is_counted is null) as open_count,
        string_agg(holders.label, ' and ' order by holders.label collate "C") filter (where holders.is_counted) as sure_labels,
        string_agg(holders.label, ' and ' order by holders.label collate "C") filter (where holders.is_counted is null) as open_labels,
        string_agg(holders.label, ' and ' order by holders.label collate "C") filter (where holders.is_counted is false) as other_labels,
        bool_and(holders.is_owner) filter (where holders.is_counted) as is_owner,
        bool_or(holders.is_outside) filter (where holders.is_counted) as is_outside
    from holders
    group by holders.source_name, holders.service_id
),
questions as materialized (
    select
        services.source_name,
        services.service_id,
        bool_and(asked.was_read) as was_read,
        case
            when bool_or(asked.unknown_cause = 'unread') then 'unread'
            when bool_or(asked.unknown_cause = 'not_configured') then 'not_configured'
            else min(asked.unknown_cause)
        end as unknown_cause,
        min(asked.read_error) as read_error
    from services
    join delegation.service_regions as asked
        on asked.source_name = services.source_name
        and asked.service_id = case when asked.method = 'organizations' then services.group_id else services.service_id end
    group by services.source_name, services.service_id
),
judged as (
    select
        services.*,
        coalesce(counted.sure_count, 0) as sure_count,
        counted.sure_labels,
        counted.open_labels,
        counted.other_labels,
        counted.is_owner,
        questions.read_error,
        questions.unknown_cause as read_cause,
        case
            when services.service_name is null then 'not in the catalogue'
            -- A found fault beats a missing read, and a missing expectation.
            when counted.sure_count > 1 then 'several'
            when services.is_used is false then 'not used'
            when services.is_used is null then 'use not known'
            when counted.is_outside then 'stranger'
            when counted.is_owner is false then 'stranger'
            when not services.were_accounts_read and (counted.open_count > 0 or (counted.sure_count > 0 and counted.is_owner is null)) then 'accounts not known'
            when counted.open_count > 0 then 'open'
            when questions.was_read is not true then 'not read'
            when services.owner_reason is not null then 'owner not known'
            when coalesce(counted.sure_count, 0) = 0 then 'nobody'
            when counted.is_owner then 'owner'
            when cardinality(services.unclear_owners) > 0 then 'owner not named'
            else 'owner not certain'
        end as finding
    from services
    left join counted on counted.source_name = services.source_name and counted.service_id = services.service_id
    left join questions on questions.source_name = services.source_name and questions.service_id = services.service_id
),
told as (
    select
        judged.*,
        case when judged.other_labels is not null then format('; also registered, and not counted: %s', judged.other_labels) end as told_too
    from judged
)
select
    told.organization_id,
    told.management_account_id as account_id,
    null::text as region,
    told.service_id as resource_id,
    case
        when told.finding in ('several', 'stranger', 'nobody') then 'fail'
        when told.finding = 'not used' then 'not_applicable'
        when told.finding = 'owner' then 'pass'
        else 'unknown'
    end as status,
    case told.finding
        when 'not in the catalogue' then format('the catalogue has no %s; sync again with this version', told.service_id)
        when 'several' then concat(format('%s has %s holders: %s; leave one%s', told.service_name, told.sure_count, told.sure_labels, ', an account of ' || told.owner_names), told.told_too)
        when 'not used' then told.use_reason
        when 'use not known' then told.use_reason
        when 'stranger' then concat(format('%s is held by %s, and should be held by %s alone; change the administrator', told.service_name, told.sure_labels, coalesce(told.owner_names, 'an account of this organization')), told.told_too)
        when 'accounts not known' then format('whether %s is held by one account of its owner is not known (registered: %s): %s', told.service_name, concat_ws(' and ', told.sure_labels, told.open_labels), told.accounts_error)
        when 'open' then concat(format('whether %s is held by one account is not known: %s may hold it%s; settle it, and sync again', told.service_name, told.open_labels, ' besides ' || told.sure_labels), told.told_too)
        when 'not read' then format('whether anybody else holds %s%s is not known: %s', told.service_name, ' than ' || told.sure_labels, coalesce(told.read_error, 'this version has no way to ask'))
        when 'owner not known' then concat(told.owner_reason, '; it is held by ' || told.sure_labels, told.told_too)
        when 'nobody' then concat(format('nobody holds %s; make an account of %s its administrator', told.service_name, told.owner_names), told.told_too)
        when 'owner' then concat(format('%s is held by %s alone, an account of %s', told.service_name, told.sure_labels, told.owner_names), told.told_too)
        when 'owner not named' then format('whether %s, which holds %s, belongs to %s is not known: the spec does not name an account that is %s; see to `owners: {%s: {accounts: [''111122223333'']}}` with your account, and sync again', told.sure_labels, told.service_name, told.owner_names, array_to_string(told.unclear_owners, ' or '), told.unclear_owners[1])
        else format('whether %s, which holds %s, belongs to %s is not known: its tags or its place were not read', told.sure_labels, told.service_name, told.owner_names)
    end as reason,
    case told.finding
        when 'not in the catalogue' then 'unread'
        when 'use not known' then told.use_unknown_cause
        when 'accounts not known' then told.accounts_cause
        when 'open' then 'not_observable'
        when 'not read' then coalesce(told.read_cause, 'not_observable')
        when 'owner not known' then told.owner_unknown_cause
        when 'owner not named' then 'not_configured'
        when 'owner not certain' then 'unread'
    end as unknown_cause
from told
union all
select
    asked.organization_id,
    asked.account_id,
    null::text as region,
    asked.resource_id,
    asked.status,
    asked.reason,
    asked.unknown_cause
from asked
where not asked.can_judge
order by organization_id, resource_id;
comment on view delegation.rule_execution_services_held_narrowly is 'Each service that runs code or grants access in members has one administrator, and the right one.';

create or replace view delegation.rule_leaving_is_observable as
with asked as (
    select asked_organizations.*
    from delegation.asked_organizations(array['aws_organizations']) as asked_organizations
),
logs as (
    select
        trail._cq_source_name as source_name,
        format(
            '%s (%s)',
            trail.trail_arn,
            concat_ws(
                ', ',
                'bucket ' || trail.s3_bucket_name,
                case when trail.is_logging is null then 'whether it logs is not known' when not trail.is_logging then 'it does not log' end,
                case when not trail.is_multi_region_trail then format('only %s', coalesce(trail.home_region, trail.region)) end
            )
        ) as label,
        trail.is_logging is true as is_working
    from delegation.current_aws_cloudtrail_trails as trail
    where trail.is_organization_trail
    union all
    select
        store._cq_source_name,
        format('%s (event data store%s)', store.event_data_store_arn, case when store.status is distinct from 'ENABLED' then ', ' || coalesce(store.status, 'status not known') end),
        store.status is not distinct from 'ENABLED'
    from delegation.current_aws_cloudtrail_event_data_stores as store
    where store.organization_enabled
),
found as (
    select
        logs.source_name,
        string_agg(distinct logs.label collate "C", ' and ') filter (where logs.is_working) as working,
        string_agg(distinct logs.label collate "C", ' and ') filter (where not logs.is_working) as idle
    from logs
    group by logs.source_name
),
gaps as (
    select table_reads.source_name, string_agg(table_reads.read_error, '; ' order by table_reads.table_name collate "C") as problem
    from delegation.table_reads
    where table_reads.table_name in ('aws_cloudtrail_trails', 'aws_cloudtrail_event_data_stores')
        and not table_reads.was_read
    group by table_reads.source_name
)
select
    asked.organization_id,
    asked.account_id,
    null::text as region,
    asked.resource_id,
    case when asked.can_judge then 'unknown' else asked.status end as status,
    case
        when not asked.can_judge then asked.reason
        else format(
            'LeaveOrganization is logged in the member that leaves, whose events are not read here; %s',
            case
                when found.working is not null then format('search what %s has of it', found.working)
                when gaps.problem is not null then format('whether something of %s logs every member is not known: %s', asked.organization_id, gaps.problem)
                when found.idle is not null then format('what is to log every member does not: %s', found.idle)
                else format('nothing of %s was seen that logs every member: make an organization trail (organization_trail_exists)', asked.organization_id)
            end
        )
    end as reason,
    case when asked.can_judge then 'not_observable' else asked.unknown_cause end as unknown_cause
from asked
left join found on found.source_name = asked.source_name
left join gaps on gaps.source_name = asked.source_name
order by organization_id, resource_id;
comment on view delegation.rule_leaving_is_observable is 'It would be noticed that an account leaves the organization.';

create or replace view delegation.rule_management_account_holds_no_delegation as
with asked as materialized (
    select
        asked_organizations.*,
        delegation.account_label(asked_organizations.management_account_id, accounts.account_name, accounts.ou_path) as label,
        asked_organizations.can_judge and asked_organizations.management_account_id is not null as has_account,
        exists (select from delegation.services where services.source_name = asked_organizations.source_name) as has_catalogue
    from delegation.asked_organizations(array['aws_delegation_services'])
    left join delegation.accounts
        on accounts.source_name = asked_organizations.source_name
        and accounts.account_id = asked_organizations.management_account_id
),
questions as materialized (
    select
        service_regions.source_name,
        service_regions.service_id,
        service_regions.service_name,
        service_regions.region,
        -- A service that nobody can ask, and that refuses the management account.
        service_regions.unknown_cause is not distinct from 'not_observable' and services.management_account_may_be_admin is false as is_refused,
        service_regions.was_read,
        service_regions.unknown_cause,
        service_regions.read_error
    from delegation.service_regions
    join delegation.services
        on services.source_name = service_regions.source_name
        and services.service_id = service_regions.service_id
    where service_regions.method = 'service'
),
held as materialized (
    select
        delegations.source_name,
        delegations.service_id,
        delegations.service_name,
        delegations.region,
        string_agg(
            concat(
                case delegations.method when 'organizations' then 'through Organizations' else 'by the service itself' end,
                case when not delegations.is_held or delegations.status is not null then format(' (status %s)', coalesce(delegations.status, 'unknown')) end
            ),
            ' and ' order by delegations.method collate "C", delegations.status collate "C"
        ) as told
    from delegation.delegations
    where delegations.is_management_account
        and delegations.method in ('organizations', 'service')
    group by delegations.source_name, delegations.service_id, delegations.service_name, delegations.region
),
found as (
    select
        coalesce(questions.source_name, held.source_name) as source_name,
        coalesce(questions.service_id, held.service_id) as service_id,
        coalesce(questions.service_name, held.service_name) as service_name,
        coalesce(questions.region, held.region) as region,
        held.told,
        coalesce(questions.is_refused, false) as is_refused,
        questions.unknown_cause,
        questions.read_error,
        case
            when held.source_name is not null then 'fail'
            when questions.was_read or questions.is_refused then 'pass'
            else 'unknown'
        end as status
    from questions
    full join held
        on held.source_name = questions.source_name
        and held.service_id = questions.service_id
        and coalesce(held.region, '') = coalesce(questions.region, '')
),
answers as materialized (
    select found.*, asked.label
    from found
    join asked on asked.source_name = found.source_name
    where asked.has_account
),
judged as (
    select
        answers.source_name,
        answers.service_id as resource_id,
        answers.region,
        answers.status,
        case answers.status
            when 'fail' then format('%s holds %s%s %s; make a member account the administrator', answers.label, answers.service_name, ' in ' || answers.region, answers.told)
            else format('whether %s holds %s%s is not known: %s', answers.label, answers.service_name, ' in ' || answers.region, answers.read_error)
        end as reason,
        case answers.status when 'unknown' then answers.unknown_cause end as unknown_cause
    from answers
    where answers.status <> 'pass'
    union all
    select
        answers.source_name,
        answers.service_id,
        null,
        'pass',
        case
            when bool_and(answers.is_refused) then format('%s refuses the management account %s', min(answers.service_name), min(answers.label))
            when count(answers.region) > 0 then format('%s is not held by the management account %s, by its own answer in each enabled Region where it exists (%s)', min(answers.service_name), min(answers.label), count(answers.region))
            else format('%s is not held by the management account %s, by its own answer', min(answers.service_name), min(answers.label))
        end,
        null
    from answers
    group by answers.source_name, answers.service_id
    having bool_and(answers.status = 'pass')
)
select
    asked.organization_id,
    asked.account_id,
    judged.region,
    coalesce(judged.resource_id, asked.resource_id) as resource_id,
    case
        when not asked.can_judge then asked.status
        when not asked.has_account then 'unknown'
        when judged.source_name is null then case when asked.has_catalogue then 'not_applicable' else 'unknown' end
        else judged.status
    end as status,
    case
        when not asked.can_judge then asked.reason
        when not asked.has_account then format('%s has no management account in the answer of organizations:DescribeOrganization; sync again', asked.organization_id)
        when judged.source_name is null and not asked.has_catalogue then 'aws_delegation_services has no service; sync again'
        when judged.source_name is null then format('the catalogue of %s has no service that could name the management account', asked.organization_id)
        else judged.reason
    end as reason,
    case
        when not asked.can_judge then asked.unknown_cause
        when not asked.has_account or (judged.source_name is null and not asked.has_catalogue) then 'unread'
        else judged.unknown_cause
    end as unknown_cause
from asked
left join judged on judged.source_name = asked.source_name
order by organization_id, resource_id, region;
comment on view delegation.rule_management_account_holds_no_delegation is 'The management account holds no delegation.';

create or replace view delegation.rule_methods_agree as
with sources as materialized (
    select asked.*
    from delegation.asked_organizations(array['aws_delegation_services']) as asked
),
services as materialized (
    select services.source_name, services.service_id, services.service_name, services.group_id, services.group_name
    from delegation.services
    join sources on sources.source_name = services.source_name
    where sources.can_judge
        and services.methods ?& array['organizations', 'service']
        and services.admin_table_name is not null
),
of_organizations as (
    select
        sources.source_name,
        sources.resource_id as service_id,
        null::text as region,
        coalesce(sources.status, 'unknown') as status,
        coalesce(sources.reason, 'aws_delegation_services has no service with both methods; sync again') as reason,
        case when sources.can_judge then 'unread' else sources.unknown_cause end as unknown_cause
    from sources
    where not sources.can_judge
        or not exists (select from services where services.source_name = sources.source_name)
),
answers as materialized (
    select service_answers.*
    from delegation.service_answers
    join services
        on services.source_name = service_answers.source_name
        and services.service_id = service_answers.service_id
),
registered as materialized (
    select
        delegations.source_name,
        delegations.service_id as group_id,
        delegations.delegated_account_id,
        delegation.with_remark(
            delegation.account_label(delegations.delegated_account_id, delegations.account_name, delegations.ou_path),
            nullif(delegations.account_state, 'ACTIVE')
        ) as label
    from delegation.delegations
    where delegations.method = 'organizations'
),
registrations as materialized (
    select
        asked.source_name,
        asked.service_id as group_id,
        asked.was_read,
        asked.unknown_cause,
        asked.read_error,
        string_agg(registered.label, ' and ' order by registered.label collate "C") as labels
    from delegation.service_regions as asked
    left join registered
        on registered.source_name = asked.source_name
        and registered.group_id = asked.service_id
    where asked.method = 'organizations'
    group by asked.source_name, asked.service_id, asked.was_read, asked.unknown_cause, asked.read_error
),
-- What a group of services says together: Organizations cannot tell them apart.
groups as materialized (
    select
        services.source_name,
        services.group_id,
        min(services.service_id collate "C") as service_id,
        min(services.group_name) as group_name,
        bool_and(answers.was_read) and bool_or(answers.is_asked) as could_say,
        array_agg(answers.delegated_account_id) filter (where answers.is_held) as held_account_ids,
        string_agg(distinct answers.label collate "C", ' and ') filter (where answers.is_held) as held_labels,
        string_agg(distinct answers.label collate "C", ' and ') filter (where not answers.is_held) as unsettled_labels
    from services
    join answers
        on answers.source_name = services.source_name
        and answers.service_id = services.service_id
    -- A service that only Organizations knows may be the one that is meant.
    where not exists (
        select
        from delegation.services as other
        where other.source_name = services.source_name
            and other.group_id = services.group_id
            and not (other.methods ? 'service' and other.admin_table_name is not null)
    )
    group by services.source_name, services.group_id
),
-- An account that the service names and Organizations does not.
of_unregistered as materialized (
    select
        services.source_name,
        services.service_id,
        services.group_id,
        answers.region,
        'fail' as status,
        concat(
            format('%s itself names %s', services.service_name, string_agg(answers.label, ' and ' order by answers.label collate "C")),
            ' in ' || answers.region,
            case
                when registrations.was_read then concat(
                    format(', and Organizations names %s', coalesce(registrations.labels, 'nobody')),
                    ' for ' || nullif(services.group_name, services.service_name)
                )
            end,
            case
                when bool_or(answers.is_management_account) then '; Organizations can never name the management account: make a member account the administrator'
                else '; settle on one, and make it the administrator by the call of the service'
            end
        ) as reason,
        null::text as unknown_cause
    from services
    join answers
        on answers.source_name = services.source_name
        and answers.service_id = services.service_id
    join registrations
        on registrations.source_name = services.source_name
        and registrations.group_id = services.group_id
    left join registered
        on registered.source_name = services.source_name
        and registered.group_id = services.group_id
        and registered.delegated_account_id = answers.delegated_account_id
    where answers.is_held
    group by services.source_name, services.service_id, services.service_name, services.group_id, services.group_name, answers.region, registrations.was_read, registrations.labels
    -- The management account is in no list of Organizations, read or not.
    having bool_or(registered.delegated_account_id is null and (registrations.was_read or answers.is_management_account))
),
-- An account that Organizations names, and that no service of the group names anywhere.
of_unnamed as (
    select
        groups.source_name,
        groups.service_id,
        null::text as region,
        'fail' as status,
        concat(
            format('Organizations names %s for %s, and ', string_agg(registered.label, ' and ' order by registered.label collate "C"), groups.group_name),
            case when groups.held_labels is null then 'the service itself names nobody' else format('the service itself names %s', groups.held_labels) end,
            case when groups.unsettled_labels is not null then format(' (%s does not count)', groups.unsettled_labels) end,
            '; make it the administrator by the call of the service, or deregister it'
        ) as reason,
        null::text as unknown_cause
    from groups
    join registered
        on registered.source_name = groups.source_name
        and registered.group_id = groups.group_id
    -- Otherwise the answer that is missing has a row of its own; and what differs in a Region shows both lists.
    where groups.could_say
        and not exists (
            select
            from of_unregistered
            where of_unregistered.source_name = groups.source_name
                and of_unregistered.group_id = groups.group_id
        )
        and not registered.delegated_account_id = any (coalesce(groups.held_account_ids, '{}'))
    group by groups.source_name, groups.service_id, groups.group_name, groups.held_labels, groups.unsettled_labels
),
of_unread as (
    select
        services.source_name,
        services.service_id,
        null::text as region,
        'unknown' as status,
        format('whether Organizations names the same for %s is not known: %s', services.service_name, registrations.read_error) as reason,
        registrations.unknown_cause
    from services
    join registrations
        on registrations.source_name = services.source_name
        and registrations.group_id = services.group_id
    where not registrations.was_read
        and exists (select from answers where answers.source_name = services.source_name and answers.service_id = services.service_id and answers.is_asked)
    union all
    select distinct
        answers.source_name,
        answers.service_id,
        answers.problem_region,
        'unknown',
        answers.problem,
        answers.problem_cause
    from answers
    where not answers.was_read
),
-- An account that Organizations names for a group, and that only a service of it may name which was not read. Told where the
-- group is told, unless what was not read there is told already.
of_unsaid as (
    select
        groups.source_name,
        groups.service_id,
        null::text as region,
        'unknown' as status,
        format(
            'whether one of %s names %s, as Organizations does, is not known: %s',
            groups.group_name,
            string_agg(distinct registered.label collate "C", ' and '),
            min(others.problem collate "C")
        ) as reason,
        case
            when bool_or(others.problem_cause = 'unread') then 'unread'
            when bool_or(others.problem_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause
    from groups
    join registered
        on registered.source_name = groups.source_name
        and registered.group_id = groups.group_id
    join services as siblings
        on siblings.source_name = groups.source_name
        and siblings.group_id = groups.group_id
        and siblings.service_id <> groups.service_id
    join answers as others
        on others.source_name = siblings.source_name
        and others.service_id = siblings.service_id
        and not others.was_read
    where not registered.delegated_account_id = any (coalesce(groups.held_account_ids, '{}'))
        and not exists (
            select
            from answers
            where answers.source_name = groups.source_name
                and answers.service_id = groups.service_id
                and not answers.was_read
        )
    group by groups.source_name, groups.service_id, groups.group_name
),
findings as materialized (
    select of_unregistered.source_name, of_unregistered.service_id, of_unregistered.region, of_unregistered.status, of_unregistered.reason, of_unregistered.unknown_cause
    from of_unregistered
    union all
    select * from of_unnamed
    union all
    select * from of_unread
    union all
    select * from of_unsaid
),
of_differences as (
    select
        findings.source_name,
        findings.service_id,
        findings.region,
        min(findings.status) as status,
        string_agg(findings.reason, '; ' order by findings.status collate "C", findings.reason collate "C") as reason,
        case
            when bool_or(findings.status = 'fail') then null
            when bool_or(findings.unknown_cause = 'unread') then 'unread'
            when bool_or(findings.unknown_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause
    from findings
    group by findings.source_name, findings.service_id, findings.region
),
of_agreement as (
    select
        services.source_name,
        services.service_id,
        null::text as region,
        case when bool_or(answers.is_held) then 'pass' else 'not_applicable' end as status,
        concat(
            case
                when bool_or(answers.is_held) then concat(
                    format('%s: Organizations and the service itself name %s', services.service_name, string_agg(distinct answers.label collate "C", ' and ') filter (where answers.is_held)),
                    case when count(answers.region) > 0 then format(', the service in %s of %s Regions', count(distinct answers.region) filter (where answers.is_held), count(distinct answers.region)) end
                )
                when not bool_or(answers.is_asked) then format('%s is in no Region that is enabled for the account that asked', services.service_name)
                when registrations.labels is null then format('nobody administers %s: neither Organizations nor the service itself names anybody', services.service_name)
                else format('%s itself names nobody; Organizations names %s for %s together', services.service_name, registrations.labels, services.group_name)
            end,
            case when bool_or(not answers.is_held) then format('; %s does not count', string_agg(distinct concat(answers.label, ' in ' || answers.region) collate "C", ' and ') filter (where not answers.is_held)) end
        ) as reason,
        null::text as unknown_cause
    from services
    join answers
        on answers.source_name = services.source_name
        and answers.service_id = services.service_id
    left join registrations
        on registrations.source_name = services.source_name
        and registrations.group_id = services.group_id
    where not exists (
        select
        from findings
        where findings.source_name = services.source_name
            and findings.service_id = services.service_id
    )
    group by services.source_name, services.service_id, services.service_name, services.group_name, registrations.labels
),
judged as (
    select * from of_organizations
    union all
    select * from of_differences
    union all
    select * from of_agreement
)
select
    sources.organization_id,
    sources.account_id,
    judged.region,
    judged.service_id as resource_id,
    judged.status,
    judged.reason,
    judged.unknown_cause
from judged
join sources on sources.source_name is not distinct from judged.source_name
order by organization_id, resource_id, region;
comment on view delegation.rule_methods_agree is 'Organizations and the service name the same administrators.';

create or replace view delegation.rule_new_accounts_enrolled as
with sources as materialized (
    select asked.*
    from delegation.asked_organizations(array['aws_delegation_services']) as asked
),
services as materialized (
    select service_use.source_name, service_use.service_id, service_use.service_name, service_use.is_used, service_use.use_reason, service_use.use_unknown_cause
    from delegation.service_use
    join sources on sources.source_name = service_use.source_name
    where sources.can_judge
        and service_use.service_id in ('guardduty', 'security-hub-cspm', 'security-hub', 'macie', 'inspector', 'detective', 'security-lake')
),
configurations as materialized (
    select organization_configurations.*
    from delegation.organization_configurations
    join services
        on services.source_name = organization_configurations.source_name
        and services.service_id = organization_configurations.service_id
    where services.is_used
),
judged as (
    select
        configurations.*,
        case
            when configurations.enrolment in ('all', 'new', 'central', 'policy') then 'pass'
            when configurations.enrolment is not null then 'fail'
            when configurations.enrolment_problem is null then 'lacking'
            else 'unknown'
        end as verdict
    from configurations
),
regions as materialized (
    -- Of several administrators each has to enroll: nobody knows whose word counts.
    select
        judged.source_name,
        judged.service_id,
        min(judged.service_name) as service_name,
        judged.region,
        case
            when bool_or(judged.verdict = 'fail') then 'fail'
            when bool_or(judged.verdict = 'unknown') then 'unknown'
            else min(judged.verdict)
        end as verdict,
        case
            when bool_or(judged.enrolment_cause = 'unread') then 'unread'
            when bool_or(judged.enrolment_cause = 'not_configured') then 'not_configured'
            else min(judged.enrolment_cause)
        end as unknown_cause,
        string_agg(distinct judged.setting collate "C", ' and ') filter (where judged.verdict = 'fail') as faults,
        string_agg(distinct judged.enrolment_problem collate "C", '; ') filter (where judged.verdict = 'unknown') as problems,
        string_agg(distinct judged.setting collate "C", ' and ') filter (where judged.verdict = 'pass') as settings,
        bool_or(judged.enrolment = 'new' and judged.service_id = 'guardduty') as has_new,
        bool_or(judged.enrolment = 'central') as has_central,
        bool_or(judged.enrolment = 'policy') as has_policy,
        bool_or(judged.enrolment = 'policy' and judged.admin_account_id is null and judged.service_id <> 'security-hub') as has_none_beside_policy,
        string_agg(distinct judged.other_labels collate "C", ' and ') as other_labels
    from judged
    group by judged.source_name, judged.service_id, judged.region
),
counts as materialized (
    select
        regions.source_name,
        regions.service_id,
        count(*) as region_count,
        bool_and(regions.verdict = 'unknown') as are_all_unknown,
        bool_and(regions.verdict = 'pass') as are_all_enrolled,
        -- Policies are all that enrolls there, and one mends all Regions.
        regions.service_id = 'security-hub' and bool_and(regions.verdict = 'fail') and count(distinct regions.faults) = 1 and count(*) > 1 as is_one_fault
    from regions
    group by regions.source_name, regions.service_id
),
of_faults as (
    select
        regions.source_name,
        regions.service_id,
        case when not counts.is_one_fault then regions.region end as region,
        'fail' as status,
        concat(
            format('%s does not enroll new accounts in %s: %s', min(regions.service_name), string_agg(regions.region, ', ' order by regions.region collate "C"), min(regions.faults)),
            '; what others have set there is not known: ' || min(regions.problems),
            '; switch it on'
        ) as reason,
        null::text as unknown_cause
    from regions
    join counts on counts.source_name = regions.source_name and counts.service_id = regions.service_id
    where regions.verdict = 'fail'
    group by regions.source_name, regions.service_id, case when not counts.is_one_fault then regions.region end
),
of_lacking as (
    select
        regions.source_name,
        regions.service_id,
        null::text as region,
        'fail' as status,
        concat(
            format('%s has nobody who could enroll new accounts in %s', min(regions.service_name), string_agg(regions.region, ', ' order by regions.region collate "C")),
            ' (not counted: ' || string_agg(distinct regions.other_labels collate "C", ' and ') || ')',
            '; make an account its administrator there, which switches it on'
        ) as reason,
        null::text as unknown_cause
    from regions
    where regions.verdict = 'lacking'
    group by regions.source_name, regions.service_id
),
of_unknown as (
    select
        regions.source_name,
        regions.service_id,
        case when not counts.are_all_unknown or counts.region_count = 1 then regions.region end as region,
        'unknown' as status,
        concat(
            format('whether %s enrolls new accounts', min(regions.service_name)),
            ' in ' || string_agg(regions.region, ', ' order by regions.region collate "C"),
            ' is not known: ',
            min(regions.problems collate "C"),
            case when count(distinct regions.problems) > 1 then format(' (and %s more like it)', count(distinct regions.problems) - 1) end
        ) as reason,
        case
            when bool_or(regions.unknown_cause = 'unread') then 'unread'
            when bool_or(regions.unknown_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause
    from regions
    join counts on counts.source_name = regions.source_name and counts.service_id = regions.service_id
    where regions.verdict = 'unknown'
    group by regions.source_name, regions.service_id, case when not counts.are_all_unknown or counts.region_count = 1 then regions.region end
),
of_enrolled as (
    select
        regions.source_name,
        regions.service_id,
        null::text as region,
        'pass' as status,
        concat(
            format('%s enrolls new accounts in all %s enabled Regions where it exists: ', min(regions.service_name), count(*)),
            (
                select string_agg(format('%s in %s', told.settings, told.region_names), ', ' order by told.settings collate "C")
                from (
                    select alike.settings, string_agg(alike.region, ', ' order by alike.region collate "C") as region_names
                    from regions as alike
                    where alike.source_name = regions.source_name
                        and alike.service_id = regions.service_id
                    group by alike.settings
                ) as told
            ),
            case when bool_or(regions.has_new) then '; NEW leaves members of before as they are' end,
            case when bool_or(regions.has_central) then '; under central configuration AutoEnable is false by design, and what its configuration policies say is not read' end,
            case when bool_or(regions.has_none_beside_policy) then '; where only the policy enrolls, there is no administrator who sees the findings' end
        ) as reason,
        null::text as unknown_cause
    from regions
    join counts on counts.source_name = regions.source_name and counts.service_id = regions.service_id
    where counts.are_all_enrolled
    group by regions.source_name, regions.service_id
),
of_services as (
    select
        services.source_name,
        services.service_id,
        null::text as region,
        case when services.is_used is null then 'unknown' else 'not_applicable' end as status,
        case when services.is_used then format('%s is in no Region that is enabled for the account that asked', services.service_name) else services.use_reason end as reason,
        case when services.is_used is null then services.use_unknown_cause end as unknown_cause
    from services
    where services.is_used is not true
        or not exists (select from regions where regions.source_name = services.source_name and regions.service_id = services.service_id)
),
findings as (
    select * from of_faults
    union all
    select * from of_lacking
    union all
    select * from of_unknown
    union all
    select * from of_enrolled
    union all
    select * from of_services
),
verdicts as (
    select
        findings.source_name,
        findings.service_id,
        findings.region,
        -- A found fault beats a missing read.
        min(findings.status) as status,
        string_agg(findings.reason, '; ' order by findings.status collate "C", findings.reason collate "C") as reason,
        case when min(findings.status) = 'unknown' then min(findings.unknown_cause) end as unknown_cause
    from findings
    group by findings.source_name, findings.service_id, findings.region
    union all
    select
        sources.source_name,
        sources.resource_id,
        null,
        coalesce(sources.status, 'unknown'),
        coalesce(sources.reason, 'aws_delegation_services has no service that enrolls accounts; sync again'),
        case when sources.can_judge then 'unread' else sources.unknown_cause end
    from sources
    where not sources.can_judge
        or not exists (select from services where services.source_name = sources.source_name)
)
select
    sources.organization_id,
    sources.account_id,
    verdicts.region,
    verdicts.service_id as resource_id,
    verdicts.status,
    verdicts.reason,
    verdicts.unknown_cause
from verdicts
join sources on sources.source_name is not distinct from verdicts.source_name
order by organization_id, resource_id, region;
comment on view delegation.rule_new_accounts_enrolled is 'New accounts are enrolled in the security services that are in use.';

create or replace view delegation.rule_no_open_invitation as
with asked as (
    select asked_organizations.*
    from delegation.asked_organizations(array['aws_organizations'])
),
invited as (
    select
        handshake._cq_source_name as source_name,
        handshake.id,
        string_agg(party.value ->> 'Id', ' and ' order by party.value ->> 'Id' collate "C") as names
    from delegation.current_aws_organizations_handshakes as handshake
    cross join lateral jsonb_array_elements(case when jsonb_typeof(handshake.parties) = 'array' then handshake.parties end) as party (value)
    where party.value ->> 'Type' is distinct from 'ORGANIZATION'
    group by handshake._cq_source_name, handshake.id
),
invitations as (
    select
        asked.source_name,
        handshake.id,
        case
            when handshake.requested_timestamp is null then 'unknown'
            when handshake.requested_timestamp < asked.sync_time - interval '3 days' then 'fail'
            else 'pass'
        end as status,
        concat(
            format('invitation %s', handshake.id),
            ' of ' || invited.names,
            format(' is %s', coalesce(handshake.state, 'in no known state')),
            ' since ' || to_char(handshake.requested_timestamp, 'YYYY-MM-DD HH24:MI'),
            format(', and expires %s', coalesce('on ' || to_char(handshake.expiration_timestamp, 'YYYY-MM-DD'), 'at an unknown date'))
        ) as told
    from asked
    join delegation.current_aws_organizations_handshakes as handshake on handshake._cq_source_name = asked.source_name
    left join invited on invited.source_name = handshake._cq_source_name and invited.id = handshake.id
    where asked.can_judge
        and handshake.action = 'INVITE'
        -- A state that AWS adds one day must not hide an invitation.
        and coalesce(handshake.state, '') not in ('CANCELED', 'ACCEPTED', 'DECLINED', 'EXPIRED')
),
of_organizations as (
    -- What was found stands by itself; this row is for what was not.
    select
        asked.source_name,
        asked.resource_id,
        case
            when not asked.can_judge then asked.status
            when not coalesce(handshake_reads.was_read, false) then 'unknown'
            else 'pass'
        end as status,
        case
            when not asked.can_judge then asked.reason
            when not coalesce(handshake_reads.was_read, false) then format('not all invitations to %s are known: %s', asked.organization_id, coalesce(handshake_reads.read_error, 'aws_organizations_handshakes was not read'))
            else format('no invitation to %s is open', asked.organization_id)
        end as reason,
        case
            when not asked.can_judge then asked.unknown_cause
            when not coalesce(handshake_reads.was_read, false) then coalesce(handshake_reads.unknown_cause, 'unread')
        end as unknown_cause
    from asked
    left join delegation.table_reads as handshake_reads
        on handshake_reads.source_name = asked.source_name
        and handshake_reads.table_name = 'aws_organizations_handshakes'
    where not asked.can_judge
        or not coalesce(handshake_reads.was_read, false)
        or not exists (select from invitations where invitations.source_name = asked.source_name)
),
judged as (
    select of_organizations.source_name, of_organizations.resource_id, of_organizations.status, of_organizations.reason, of_organizations.unknown_cause
    from of_organizations
    union all
    select
        invitations.source_name,
        invitations.id,
        invitations.status,
        case invitations.status
            when 'fail' then format('%s: longer than three days; let it be accepted, or cancel it', invitations.told)
            when 'unknown' then format('%s, and since when is not known; sync again, or cancel it', invitations.told)
            else format('%s: not longer than three days', invitations.told)
        end,
        case invitations.status when 'unknown' then 'unread' end
    from invitations
)
select
    asked.organization_id,
    asked.account_id,
    null::text as region,
    judged.resource_id,
    judged.status,
    judged.reason,
    judged.unknown_cause
from judged
join asked on asked.source_name is not distinct from judged.source_name
order by organization_id, resource_id;
comment on view delegation.rule_no_open_invitation is 'No invitation to the organization is open longer than three days.';

create or replace view delegation.rule_no_unapproved_significant_event as
with sources as materialized (
    select
        asked.source_name,
        asked.organization_id,
        asked.management_account_id,
        asked.account_id,
        asked.resource_id,
        asked.can_judge and settings.events_lookback_days is not null as can_judge,
        coalesce(settings.has_approvals, false) as has_approvals,
        case asked.partition when 'aws-cn' then 'cn-northwest-1' when 'aws-us-gov' then 'us-gov-west-1' else 'us-east-1' end as organizations_region,
        format('the %s days before %s UTC', settings.events_lookback_days, to_char(asked.sync_time, 'YYYY-MM-DD HH24:MI')) as stretch,
        case when asked.can_judge and settings.events_lookback_days is null then 'unknown' else asked.status end as status,
        case
            when asked.can_judge and settings.events_lookback_days is null then 'how far the sync looked back is not known; sync again with this version'
            else asked.reason
        end as reason,
        case when asked.can_judge and settings.events_lookback_days is null then 'unread' else asked.unknown_cause end as unknown_cause
    from delegation.asked_organizations(array['aws_delegation_approvals', 'aws_delegation_settings']) as asked
    left join delegation.settings on settings.source_name = asked.source_name
),
significant as materialized (
    select changes.*
    from delegation.changes
    join sources on sources.source_name = changes.source_name
    where sources.can_judge
        and changes.is_significant
        and changes.is_in_window
),
reads as materialized (
    select reads.*
    from delegation.reads
    join sources on sources.source_name = reads.source_name
    where sources.can_judge
        and sources.has_approvals
        and reads.table_name = 'aws_cloudtrail_organization_events'
),
histories as materialized (
    select reads.*
    from reads
    where reads.operation = 'cloudtrail:LookupEvents'
),
-- Where the events should be: those of the management account in each Region, those of the delegates where Organizations is.
delegates as (
    select statement._cq_source_name as source_name, substring(statement.principal from '^(?:arn:[^:]*:(?:iam|sts)::)?([0-9]{12})(?::|$)') as account_id
    from delegation.current_aws_organization_resource_policy_statements as statement
    union
    select histories.source_name, histories.scope
    from histories
),
-- Only then were those asked whom the policy names.
known_policies as (
    select distinct reads.source_name, reads.region
    from reads
    where reads.operation = 'organizations:DescribeResourcePolicy'
        and reads.outcome = 'ok'
),
regions as (
    select enabled_regions.source_name, enabled_regions.region
    from delegation.enabled_regions
    union
    select histories.source_name, histories.region
    from histories
    where histories.region <> ''
),
places as (
    select sources.source_name, sources.management_account_id as account_id, regions.region, true as is_management_account
    from sources
    left join regions on regions.source_name = sources.source_name
    where sources.can_judge and sources.has_approvals
    union
    select sources.source_name, delegates.account_id, sources.organizations_region, false
    from sources
    join delegates on delegates.source_name = sources.source_name
    where sources.can_judge
        and sources.has_approvals
        and delegates.account_id ~ '^[0-9]{12}$'
        and delegates.account_id <> sources.management_account_id
),
-- What ended otherwise for one account has its name as scope; a table that the spec left out has one row, without a Region.
answers as (
    select distinct on (places.source_name, places.account_id, places.region)
        places.*,
        histories.outcome,
        histories.outcome = 'absent' and coalesce(histories.error_code, '') in ('ServiceNotInRegion', 'RegionDisabled') as is_nothing_to_ask,
        coalesce(histories.outcome in ('ok', 'absent'), false) and asked.was_asked as was_read,
        case when histories.outcome = 'skipped' then 'not_configured' else 'unread' end as unknown_cause,
        case
            when histories.outcome in ('ok', 'absent') then 'the sync did not know that the delegation policy names it; let organizations:DescribeResourcePolicy be read and sync again'
            when histories.outcome is null then 'cloudtrail:LookupEvents has no read recorded; sync again with this version'
            else delegation.read_problem(histories.outcome, histories.table_name, histories.operation, histories.region, histories.scope, histories.error_code, histories.error_message)
        end as problem
    from places
    left join histories
        on histories.source_name = places.source_name
        and histories.region in (places.region, '')
        and histories.scope in (places.account_id, '')
    left join known_policies
        on known_policies.source_name = places.source_name
        and known_policies.region = places.region
    cross join lateral (
        select places.is_management_account or histories.scope = places.account_id or known_policies.source_name is not null as was_asked
    ) as asked
    order by places.source_name, places.account_id, places.region, histories.scope desc nulls last, histories.region desc
),
unapproved as (
    select significant.*
    from significant
    join sources on sources.source_name = significant.source_name
    where sources.has_approvals and not significant.is_approved
),
seen as (
    select
        significant.source_name,
        significant.recipient_account_id as account_id,
        significant.region,
        count(*) as event_count,
        bool_or(not significant.is_approved) as has_unapproved,
        count(*) filter (where not significant.was_allowed) as refused_count
    from significant
    group by significant.source_name, significant.recipient_account_id, significant.region
),
judged_places as materialized (
    select
        answers.*,
        coalesce(seen.event_count, 0) as event_count,
        coalesce(seen.has_unapproved, false) as has_unapproved,
        coalesce(seen.refused_count, 0) as refused_count,
        bool_or(answers.was_read) over (partition by answers.source_name, answers.account_id) as has_region,
        delegation.account_label(answers.account_id, accounts.account_name, accounts.ou_path) as account_label
    from answers
    left join seen
        on seen.source_name = answers.source_name
        and seen.account_id = answers.account_id
        and seen.region = answers.region
    left join delegation.accounts
        on accounts.source_name = answers.source_name
        and accounts.account_id = answers.account_id
    where not coalesce(answers.is_nothing_to_ask, false)
),
of_events as (
    select
        unapproved.source_name,
        unapproved.action || '/' || unapproved.event_id as resource_id,
        unapproved.recipient_account_id as account_id,
        unapproved.region,
        'fail' as status,
        format(
            '%s %s %s%s at %s UTC in %s, from %s with %s%s; nobody approved that: %s; %s',
            who.label,
            case when unapproved.was_allowed then 'called' else 'tried to call' end,
            unapproved.action,
            what.label,
            to_char(unapproved.changed_at, 'YYYY-MM-DD HH24:MI:SS'),
            unapproved.region,
            coalesce(unapproved.source_ip_address, 'an unknown address'),
            coalesce(left(unapproved.user_agent, 150), 'an unknown tool'),
            case when not unapproved.was_allowed then format(', and AWS refused it (%s), so that nothing was changed', unapproved.error_code) end,
            case when unapproved.was_allowed then unapproved.risk else 'had it been allowed, ' || unapproved.risk end,
            case
                when unapproved.principal ~ '^arn:[a-z-]+:(iam|sts)::[0-9]{12}:[^ *?]+$' or unapproved.principal_type = 'AWSService'
                    then format('if it was right, add {principal: ''%s'', actions: [''%s'']} to `principals` of the approvals with `approved_by` and `approved_on`; otherwise %s', unapproved.principal, unapproved.action, howto.mend)
                else format('no approval can name such a principal: %s', howto.mend)
            end
        ) as reason,
        null::text as unknown_cause
    from unapproved
    left join delegation.accounts as recipient
        on recipient.source_name = unapproved.source_name
        and recipient.account_id = unapproved.recipient_account_id
    cross join lateral (
        select concat(
            coalesce(unapproved.principal, 'somebody whom the event does not name'),
            case
                when unapproved.principal_account_id is not null
                    then format(' of %s', delegation.account_label(unapproved.principal_account_id, unapproved.principal_account_name, unapproved.principal_ou_path))
                else format(' in the history of %s', delegation.account_label(unapproved.recipient_account_id, recipient.account_name, recipient.ou_path))
            end,
            ' in session ' || unapproved.session_name,
            case when unapproved.invoked_by <> unapproved.principal then ' through ' || unapproved.invoked_by end
        ) as label
    ) as who
    cross join lateral (
        select concat(
            case
                when unapproved.policy_id is not null and unapproved.target_type <> 'policy' then format(' for policy %s', delegation.with_remark(unapproved.policy_id, unapproved.policy_name))
            end,
            case
                when unapproved.target_id is null or unapproved.target_type in ('delegation_policy', 'root_access', 'organization') then null
                when unapproved.target_type = 'account' then format(' on account %s', delegation.with_remark(unapproved.target_id, unapproved.target_name))
                else format(' on %s', delegation.with_remark(unapproved.target_id, unapproved.target_name))
            end,
            case when unapproved.target_type <> 'service_principal' then ' for ' || unapproved.service_principal end
        ) as label
    ) as what
    cross join lateral (
        select case when unapproved.was_allowed then 'undo it and find out who it was' else 'find out who it was, and why' end as mend
    ) as howto
),
of_histories as (
    select
        judged_places.source_name,
        judged_places.account_id as resource_id,
        judged_places.account_id,
        case when count(*) = 1 then min(judged_places.region) end as region,
        'pass' as status,
        format(
            'the event history of %s in %s has %s in %s',
            min(judged_places.account_label),
            string_agg(judged_places.region, ', ' order by judged_places.region collate "C"),
            case
                when sum(judged_places.event_count) = 0 then 'no significant change'
                else format(
                    '%s significant %s, all by approved principals%s',
                    sum(judged_places.event_count),
                    case when sum(judged_places.event_count) = 1 then 'change' else 'changes' end,
                    case when sum(judged_places.refused_count) > 0 then format(' (%s refused)', sum(judged_places.refused_count)) end
                )
            end,
            min(sources.stretch)
        ) as reason,
        null::text as unknown_cause
    from judged_places
    join sources on sources.source_name = judged_places.source_name
    where judged_places.was_read and not judged_places.has_unapproved
    group by judged_places.source_name, judged_places.account_id
    union all
    select
        judged_places.source_name,
        judged_places.account_id,
        judged_places.account_id,
        case when count(*) = 1 then min(judged_places.region) end,
        'unknown',
        format(
            'whether somebody changed something without approval is not known of the event history of %s%s: %s%s',
            min(judged_places.account_label),
            ' in ' || string_agg(judged_places.region, ', ' order by judged_places.region collate "C"),
            min(judged_places.problem collate "C"),
            case when count(distinct judged_places.problem) > 1 then format(' (and %s more like it)', count(distinct judged_places.problem) - 1) end
        ),
        case when bool_or(judged_places.unknown_cause = 'unread') then 'unread' else 'not_configured' end
    from judged_places
    where not judged_places.was_read
    -- Beside Regions that were read each has a row of its own.
    group by judged_places.source_name, judged_places.account_id, case when judged_places.has_region then judged_places.region end
),
-- Whom the delegation policy names says where else to look.
of_delegates as (
    select
        reads.source_name,
        'delegation-policy' as resource_id,
        null::text as account_id,
        reads.region,
        'unknown' as status,
        format(
            'in whose event history else a change could be is not known: %s',
            min(delegation.read_problem(reads.outcome, reads.table_name, reads.operation, reads.region, reads.scope, reads.error_code, reads.error_message) collate "C")
        ) as reason,
        case when bool_and(reads.outcome = 'skipped') then 'not_configured' else 'unread' end as unknown_cause
    from reads
    where reads.operation = 'organizations:DescribeResourcePolicy'
        and reads.outcome not in ('ok', 'absent')
    group by reads.source_name, reads.region
    union all
    -- The sync could take no names from such a text either.
    select
        unlisted.source_name,
        'delegation-policy',
        null,
        sources.organizations_region,
        'unknown',
        format('in whose event history else a change could be is not known: %s; look at it with `aws organizations describe-resource-policy`, mend it, and sync again', min(unlisted.error_message collate "C")),
        'unread'
    from delegation.reads as unlisted
    join sources on sources.source_name = unlisted.source_name
    where sources.can_judge
        and sources.has_approvals
        and unlisted.table_name = 'aws_organization_resource_policy_statements'
        and unlisted.error_code = 'no_statements'
    group by unlisted.source_name, sources.organizations_region
    union all
    select
        resource_policy_grants.source_name,
        'delegation-policy/everybody',
        null,
        sources.organizations_region,
        'unknown',
        format(
            'the delegation policy lets everybody (%s) call %s: such a call is in the event history of whoever made it, and those are not all read; name the accounts in the policy, or search the events of an organization trail',
            string_agg(distinct resource_policy_grants.principal collate "C", ', '),
            string_agg(distinct resource_policy_grants.action collate "C", ', ')
        ),
        'not_observable'
    from delegation.resource_policy_grants
    join sources on sources.source_name = resource_policy_grants.source_name
    where sources.can_judge
        and sources.has_approvals
        and resource_policy_grants.is_policy_work
        and not resource_policy_grants.is_denied
        and resource_policy_grants.delegated_account_id = '*'
    group by resource_policy_grants.source_name, sources.organizations_region
),
without_approvals as (
    select
        sources.source_name,
        sources.resource_id,
        null::text as account_id,
        null::text as region,
        'unknown' as status,
        format(
            'the spec has no approvals, so nobody is known who may change what (%s seen in %s); add `approvals: approvals.yml` to it, with who may do it: `principals: [{principal: ''arn:aws:iam::%s:role/NAME'', actions: [''organizations:*''], approved_by: NAME, approved_on: DATE}]`, and sync again; `aws-delegation approvals write` makes a beginning',
            case count(significant.event_id) when 1 then '1 significant change' else count(significant.event_id) || ' significant changes' end,
            min(sources.stretch),
            min(sources.management_account_id)
        ) as reason,
        'not_configured' as unknown_cause
    from sources
    left join significant on significant.source_name = sources.source_name
    where sources.can_judge and not sources.has_approvals
    group by sources.source_name, sources.resource_id
),
judged as (
    select * from of_events
    union all
    select * from of_histories
    union all
    select * from of_delegates
    union all
    select * from without_approvals
)
select
    sources.organization_id,
    coalesce(judged.account_id, sources.account_id) as account_id,
    judged.region,
    coalesce(judged.resource_id, sources.resource_id) as resource_id,
    -- Where there is nothing to ask and nothing was found, nobody has looked.
    coalesce(judged.status, sources.status, 'unknown') as status,
    coalesce(judged.reason, sources.reason, format('the event history of %s could be asked in no Region', sources.management_account_id)) as reason,
    case when coalesce(judged.status, sources.status, 'unknown') = 'unknown' then coalesce(judged.unknown_cause, sources.unknown_cause, 'not_observable') end as unknown_cause
from sources
left join judged on judged.source_name = sources.source_name
order by organization_id, resource_id, region;
comment on view delegation.rule_no_unapproved_significant_event is 'Nobody changed the organization, its policies or its administrators without approval.';

create or replace view delegation.rule_org_all_features_enabled as
with pending as (
    select
        handshake._cq_source_name as source_name,
        string_agg(format('%s (%s, %s, expires %s)', handshake.id, handshake.action, handshake.state, coalesce(to_char(handshake.expiration_timestamp, 'YYYY-MM-DD'), 'at an unknown date')), ', ' order by handshake.id collate "C") as handshakes
    from delegation.current_aws_organizations_handshakes as handshake
    where handshake.action in ('ENABLE_ALL_FEATURES', 'APPROVE_ALL_FEATURES')
        and handshake.state in ('REQUESTED', 'OPEN')
    group by handshake._cq_source_name
)
select
    organizations.organization_id,
    coalesce(organizations.management_account_id, organizations.asking_account_id) as account_id,
    null::text as region,
    coalesce(organizations.organization_id, organizations.asking_account_id, 'organization') as resource_id,
    case
        when organizations.is_absent then 'fail'
        when not organizations.was_read or organizations.feature_set is null then 'unknown'
        when organizations.feature_set = 'ALL' then 'pass'
        else 'fail'
    end as status,
    case
        when organizations.is_absent then format('account %s is in no organization; create one with all features, or sync with the management account', coalesce(organizations.asking_account_id, '(unknown)'))
        when not organizations.was_read then format('the organization is not known: %s', organizations.read_error)
        when organizations.feature_set is null then format('%s has no FeatureSet in the answer of organizations:DescribeOrganization; sync again', organizations.organization_id)
        when organizations.feature_set = 'ALL' then format('%s (management account %s) uses all features', organizations.organization_id, organizations.management_account_id)
        else concat(
            format('%s (management account %s) has FeatureSet %s', organizations.organization_id, organizations.management_account_id, organizations.feature_set),
            case
                when pending.handshakes is not null then format(', and a request for all features is pending: %s; see that it is accepted and finalized', pending.handshakes)
                when coalesce(handshake_read.was_read, false) then ', and no request for all features is pending; enable all features'
                else '; whether a request for all features is pending was not read; enable all features'
            end
        )
    end as reason,
    case
        when organizations.is_absent then null
        when not organizations.was_read then organizations.unknown_cause
        when organizations.feature_set is null then 'unread'
    end as unknown_cause
from delegation.organizations
left join pending on pending.source_name = organizations.source_name
left join delegation.table_reads as handshake_read
    on handshake_read.source_name = organizations.source_name
    and handshake_read.table_name = 'aws_organizations_handshakes'
order by organization_id, resource_id;
comment on view delegation.rule_org_all_features_enabled is 'The organization uses all features.';

create or replace view delegation.rule_org_scp_type_enabled as
with asked as (
    select asked_organizations.*, coalesce(organizations.feature_set = 'CONSOLIDATED_BILLING', false) as has_no_policies
    from delegation.asked_organizations(array['aws_organizations_roots'])
    left join delegation.organizations on organizations.source_name = asked_organizations.source_name
)
select
    asked.organization_id,
    asked.account_id,
    null::text as region,
    asked.resource_id,
    case
        when not asked.can_judge then asked.status
        when asked.service_control_policy_status is null and not asked.has_no_policies then 'unknown'
        when asked.service_control_policy_status = 'ENABLED' then 'pass'
        else 'fail'
    end as status,
    case
        when not asked.can_judge then asked.reason
        when asked.has_no_policies then format('%s has FeatureSet CONSOLIDATED_BILLING, which knows no SCPs; enable all features, then the policy type', asked.organization_id)
        when asked.service_control_policy_status is null then format('%s: organizations:ListRoots gave no root with a list of policy types; sync again', asked.organization_id)
        when asked.service_control_policy_status = 'ENABLED' then format('root %s of %s has SERVICE_CONTROL_POLICY enabled', asked.root_id, asked.organization_id)
        when asked.service_control_policy_status = 'PENDING_ENABLE'
            then format('root %s of %s is still enabling SERVICE_CONTROL_POLICY (PENDING_ENABLE): until that is done no SCP denies anything; sync again later', asked.root_id, asked.organization_id)
        when asked.service_control_policy_status = 'PENDING_DISABLE'
            then format('root %s of %s is disabling SERVICE_CONTROL_POLICY (PENDING_DISABLE): no SCP will deny anything; find out who asked for it, and enable the policy type again', asked.root_id, asked.organization_id)
        else format('root %s of %s has SERVICE_CONTROL_POLICY %s: no SCP denies anything; enable the policy type', asked.root_id, asked.organization_id, asked.service_control_policy_status)
    end as reason,
    case
        when not asked.can_judge then asked.unknown_cause
        when asked.service_control_policy_status is null and not asked.has_no_policies then 'unread'
    end as unknown_cause
from asked
order by organization_id, resource_id;
comment on view delegation.rule_org_scp_type_enabled is 'Service control policies are enabled at the root.';

create or replace view delegation.rule_organization_trail_exists as
with asked as (
    select asked_organizations.*
    from delegation.asked_organizations(array['aws_organizations'])
),
gaps as (
    select
        table_reads.source_name,
        case when bool_or(table_reads.unknown_cause = 'unread') then 'unread' else min(table_reads.unknown_cause) end as unknown_cause,
        string_agg(table_reads.read_error, '; ' order by table_reads.table_name collate "C") as problem
    from delegation.table_reads
    where table_reads.table_name in ('aws_cloudtrail_trails', 'aws_ec2_regions')
        and not table_reads.was_read
    group by table_reads.source_name
),
status_reads as (
    select
        reads.source_name,
        reads.scope as trail_arn,
        case when bool_or(reads.outcome = 'skipped') then 'not_configured' else 'unread' end as unknown_cause,
        min(delegation.read_problem(reads.outcome, reads.table_name, reads.operation, reads.region, reads.scope, reads.error_code, reads.error_message)) as problem
    from delegation.reads
    where reads.table_name = 'aws_cloudtrail_trails'
        and reads.operation = 'cloudtrail:GetTrailStatus'
        and reads.outcome not in ('ok', 'absent')
    group by reads.source_name, reads.scope
),
trails as (
    select
        trail._cq_source_name as source_name,
        trail.is_organization_trail,
        format('%s in %s', trail.trail_arn, coalesce(trail.home_region, trail.region)) as label,
        nullif(concat_ws(
            ', ',
            case when not trail.is_multi_region_trail then 'is of one Region' end,
            case when not trail.is_logging then 'does not log' end,
            case when not trail.log_file_validation_enabled then 'has no log-file validation' end
        ), '') as lacks,
        nullif(concat_ws(
            ', ',
            case when trail.is_organization_trail is null then 'whether it is of the organization' end,
            case when trail.is_multi_region_trail is null then 'whether it is of all Regions' end,
            case when trail.is_logging is null then 'whether it logs' end,
            case when trail.log_file_validation_enabled is null then 'whether it has log-file validation' end
        ), '') as open,
        case when trail.is_logging is null then coalesce(own_status.problem, all_status.problem) end as open_problem,
        case when trail.is_logging is null then coalesce(own_status.unknown_cause, all_status.unknown_cause) end as open_cause,
        concat(
            case when trail.has_custom_event_selectors then format('; %s has event selectors of its own: see that management events are among them', trail.name) end,
            case when nullif(trail.latest_delivery_error, '') is not null then format('; the last delivery of %s to S3 failed: %s', trail.name, trail.latest_delivery_error) end
        ) as aside
    from delegation.current_aws_cloudtrail_trails as trail
    left join status_reads as own_status on own_status.source_name = trail._cq_source_name and own_status.trail_arn = trail.trail_arn
    left join status_reads as all_status on all_status.source_name = trail._cq_source_name and all_status.trail_arn = ''
    where trail.is_organization_trail is not false
),
counted as (
    select
        trails.source_name,
        string_agg(distinct trails.label collate "C", ' and ') filter (where trails.lacks is null and trails.open is null) as complete,
        string_agg(distinct trails.aside collate "C", '') filter (where trails.lacks is null and trails.open is null) as asides,
        string_agg(distinct format('%s %s', trails.label, trails.lacks), '; ') filter (where trails.lacks is not null and trails.is_organization_trail) as lacking,
        string_agg(distinct format('of %s it is not known %s: %s', trails.label, trails.open, coalesce(trails.open_problem, 'AWS did not say; sync again')), '; ') filter (where trails.lacks is null and trails.open is not null) as open,
        case
            when bool_and(trails.open_cause = 'not_configured') filter (where trails.lacks is null and trails.open is not null) then 'not_configured'
            else 'unread'
        end as open_cause
    from trails
    group by trails.source_name
),
judged as (
    select
        asked.*,
        counted.complete,
        counted.asides,
        counted.lacking,
        counted.open,
        counted.open_cause,
        gaps.problem,
        gaps.unknown_cause as gap_cause,
        case
            when not asked.can_judge then asked.status
            when counted.complete is not null then 'pass'
            when counted.open is not null or gaps.problem is not null then 'unknown'
            else 'fail'
        end as verdict
    from asked
    left join counted on counted.source_name = asked.source_name
    left join gaps on gaps.source_name = asked.source_name
)
select
    judged.organization_id,
    judged.account_id,
    null::text as region,
    judged.resource_id,
    judged.verdict as status,
    case
        when not judged.can_judge then judged.reason
        when judged.verdict = 'pass' then concat(format('%s logs all accounts and Regions of %s, with log-file validation', judged.complete, judged.organization_id), judged.asides)
        when judged.verdict = 'unknown' then format('whether %s has a complete trail of the organization is not known: %s', judged.organization_id, concat_ws('; ', judged.open, judged.problem, judged.lacking))
        when judged.lacking is not null then format('no trail of %s is complete: %s; mend it, or make another', judged.organization_id, judged.lacking)
        else format('%s has no trail of the organization; make one for all Regions, with log-file validation', judged.organization_id)
    end as reason,
    case
        when not judged.can_judge then judged.unknown_cause
        when judged.verdict <> 'unknown' then null
        when (judged.open is not null and judged.open_cause = 'unread') or judged.gap_cause = 'unread' then 'unread'
        else 'not_configured'
    end as unknown_cause
from judged
order by organization_id, resource_id;
comment on view delegation.rule_organization_trail_exists is 'A trail of the organization logs every account and Region.';

create or replace view delegation.rule_reads_complete as
with sources as materialized (
    select organizations.*
    from delegation.organizations
),
reads as materialized (
    select reads.*
    from delegation.reads
),
stale_tables as materialized (
    select stale_tables.*
    from delegation.stale_tables
),
gaps as materialized (
    select
        reads.source_name,
        reads.account_id,
        reads.table_name,
        case when gap.is_of_table then '' else reads.operation end as operation,
        case when gap.is_of_table then '' else reads.region end as region,
        case when gap.is_of_table then '' else reads.scope end as scope,
        reads.outcome,
        reads.error_code,
        reads.error_message
    from reads
    cross join lateral (
        -- These are about the table as a whole, and stand at every read of it.
        select coalesce(reads.error_code in ('rows_missing', 'views_stale', 'columns_missing'), false) as is_of_table
    ) as gap
    where reads.outcome not in ('ok', 'absent', 'skipped')
),
of_same_error as (
    select
        gaps.source_name,
        gaps.account_id,
        gaps.table_name,
        gaps.operation,
        gaps.outcome,
        gaps.error_code,
        min(gaps.error_message collate "C") as error_message,
        array_agg(distinct gaps.region collate "C" order by gaps.region collate "C") filter (where gaps.region <> '') as regions,
        array_agg(distinct gaps.scope collate "C" order by gaps.scope collate "C") filter (where gaps.scope <> '') as scopes
    from gaps
    group by gaps.source_name, gaps.account_id, gaps.table_name, gaps.operation, gaps.outcome, gaps.error_code
),
of_reads as (
    select
        of_same_error.source_name,
        of_same_error.account_id,
        of_same_error.table_name,
        of_same_error.operation,
        string_agg(
            delegation.read_problem(
                of_same_error.outcome,
                of_same_error.table_name,
                of_same_error.operation,
                array_to_string(of_same_error.regions, ', '),
                case
                    when cardinality(of_same_error.scopes) > 5 then format('%s and %s more', array_to_string(of_same_error.scopes[1:5], ', '), cardinality(of_same_error.scopes) - 5)
                    else array_to_string(of_same_error.scopes, ', ')
                end,
                of_same_error.error_code,
                of_same_error.error_message
            ),
            '; ' order by of_same_error.outcome collate "C", of_same_error.error_code collate "C"
        ) as problem
    from of_same_error
    group by of_same_error.source_name, of_same_error.account_id, of_same_error.table_name, of_same_error.operation
),
of_unrecorded_tables as (
    select
        table_reads.source_name,
        sources.asking_account_id as account_id,
        table_reads.table_name,
        '' as operation,
        table_reads.read_error as problem
    from delegation.table_reads
    join sources on sources.source_name = table_reads.source_name
    where table_reads.table_name <> 'aws_delegation_reads'
        and not exists (select from reads where reads.source_name = table_reads.source_name and reads.table_name = table_reads.table_name)
),
-- The record itself is in no record.
of_the_record as (
    select
        sources.source_name,
        sources.asking_account_id as account_id,
        stale_tables.table_name,
        '' as operation,
        delegation.read_problem(
            'failed',
            stale_tables.table_name,
            '',
            '',
            '',
            stale_tables.problem,
            case
                when stale_tables.problem = 'views_stale' then format('the views are older than %s (%s)', stale_tables.table_name, stale_tables.column_names)
                else format('%s has no %s: it comes from an older version', stale_tables.table_name, stale_tables.column_names)
            end
        ) as problem
    from sources
    join stale_tables on stale_tables.table_name = 'aws_delegation_reads'
    where sources.source_name is not null
),
-- A Region in which a service should have been asked, and of which no record speaks.
of_unrecorded_regions as (
    select
        services.source_name,
        sources.asking_account_id as account_id,
        services.admin_table_name as table_name,
        services.list_admin_action as operation,
        format('no read is recorded in %s; sync again', string_agg(distinct enabled_regions.region collate "C", ', ')) as problem
    from delegation.services
    join sources on sources.source_name = services.source_name
    join delegation.enabled_regions
        on enabled_regions.source_name = services.source_name
        and (services.service_regions is null or services.service_regions ? enabled_regions.region)
    where services.is_regional
        and exists (select from reads where reads.source_name = services.source_name and reads.table_name = services.admin_table_name)
        and not exists (
            select
            from reads
            where reads.source_name = services.source_name
                and reads.table_name = services.admin_table_name
                and reads.operation = services.list_admin_action
                and reads.region in ('', enabled_regions.region)
                and (reads.scope = services.admin_read_scope or reads.region = '')
        )
    group by services.source_name, sources.asking_account_id, services.admin_table_name, services.list_admin_action
),
problems as (
    select * from of_reads
    union all
    select * from of_unrecorded_tables
    union all
    select * from of_the_record
    union all
    select * from of_unrecorded_regions
),
rows_of_gaps as materialized (
    select
        problems.source_name,
        problems.account_id,
        concat_ws(' / ', problems.table_name, nullif(problems.operation, '')) as resource_id,
        'unknown' as status,
        string_agg(problems.problem, '; ' order by problems.problem collate "C") as reason,
        'unread' as unknown_cause
    from problems
    group by problems.source_name, problems.account_id, problems.table_name, problems.operation
),
counts as (
    select
        reads.source_name,
        count(*) as read_count,
        count(*) filter (where reads.outcome = 'ok') as ok_count,
        count(*) filter (where reads.outcome = 'absent') as absent_count,
        count(*) filter (where reads.outcome = 'skipped') as skipped_count
    from reads
    group by reads.source_name
),
of_sources as (
    select
        sources.source_name,
        coalesce(sources.management_account_id, sources.asking_account_id) as account_id,
        coalesce(sources.organization_id, sources.asking_account_id, 'organization') as resource_id,
        case when counts.read_count > 0 then 'pass' else 'unknown' end as status,
        case
            when counts.read_count > 0 then format(
                'the sync of %s recorded %s reads: %s ok, %s absent, %s left out by the spec, and no gap',
                to_char(sources.sync_time, 'YYYY-MM-DD HH24:MI "UTC"'), counts.read_count, counts.ok_count, counts.absent_count, counts.skipped_count
            )
            when sources.source_name is null then sources.read_error
            else 'the newest sync recorded no read; sync again'
        end as reason,
        case when counts.read_count > 0 then null else 'unread' end as unknown_cause
    from sources
    left join counts on counts.source_name = sources.source_name
    where not exists (select from rows_of_gaps where rows_of_gaps.source_name = sources.source_name)
),
judged as (
    select * from rows_of_gaps
    union all
    select * from of_sources
)
select
    sources.organization_id,
    judged.account_id,
    null::text as region,
    judged.resource_id,
    judged.status,
    judged.reason,
    judged.unknown_cause
from judged
join sources on sources.source_name is not distinct from judged.source_name
order by organization_id, resource_id, account_id;
comment on view delegation.rule_reads_complete is 'Everything that the sync wanted to read was read.';

create or replace view delegation.rule_region_guardrail_effective as
with asked as materialized (
    select
        asked_organizations.*,
        asked_organizations.can_judge and coalesce(settings.has_allowed_regions, false) as has_regions,
        coalesce(account_reads.was_read, false) as were_accounts_read,
        coalesce(account_reads.unknown_cause, 'unread') as accounts_cause,
        coalesce(account_reads.read_error, 'aws_organizations_accounts was not read') as accounts_error,
        exists (select from delegation.accounts where accounts.source_name = asked_organizations.source_name) as has_accounts
    from delegation.asked_organizations(array['aws_delegation_settings'])
    left join delegation.settings on settings.source_name = asked_organizations.source_name
    left join delegation.table_reads as account_reads
        on account_reads.source_name = asked_organizations.source_name
        and account_reads.table_name = 'aws_organizations_accounts'
),
of_organizations as (
    select
        asked.source_name,
        asked.account_id,
        asked.resource_id,
        case
            when not asked.can_judge then asked.status
            when not asked.has_regions then 'not_applicable'
            else 'unknown'
        end as status,
        case
            when not asked.can_judge then asked.reason
            when not asked.has_regions then format('the spec names no allowed_regions, so no Region guardrail of %s is judged', asked.organization_id)
            when not asked.were_accounts_read then format('not all accounts of %s are known: %s', asked.organization_id, asked.accounts_error)
            else 'organizations:ListAccounts gave no account; sync again'
        end as reason,
        case
            when not asked.can_judge then asked.unknown_cause
            when not asked.has_regions then null
            when not asked.were_accounts_read then asked.accounts_cause
            else 'unread'
        end as unknown_cause
    from asked
    where not asked.has_regions
        or not asked.were_accounts_read
        or not asked.has_accounts
),
of_active_accounts as (
    select
        class.source_name,
        member.account_id,
        case class.denial
            when 'whole' then 'pass'
            when 'partial' then 'fail'
            when 'none' then 'fail'
            else class.denial
        end as status,
        format('%s: %s', delegation.account_label(member.account_id, member.account_name, class.ou_path), class.reason) as reason,
        class.unknown_cause
    from delegation.class_guardrails as class
    cross join lateral unnest(class.account_ids, class.account_names) as member (account_id, account_name)
    where class.control = 'allowed_regions'
),
of_members as (
    select of_active_accounts.source_name, of_active_accounts.account_id, of_active_accounts.status, of_active_accounts.reason, of_active_accounts.unknown_cause
    from of_active_accounts
    union all
    select unjudged_members.source_name, unjudged_members.account_id, unjudged_members.status, unjudged_members.reason, unjudged_members.unknown_cause
    from delegation.unjudged_members
),
judged as (
    select of_organizations.source_name, of_organizations.account_id, of_organizations.resource_id, of_organizations.status, of_organizations.reason, of_organizations.unknown_cause
    from of_organizations
    union all
    select of_members.source_name, of_members.account_id, of_members.account_id, of_members.status, of_members.reason, of_members.unknown_cause
    from of_members
    join asked on asked.source_name = of_members.source_name
    where asked.has_regions
)
select
    asked.organization_id,
    judged.account_id,
    null::text as region,
    judged.resource_id,
    judged.status,
    judged.reason,
    judged.unknown_cause
from judged
join asked on asked.source_name is not distinct from judged.source_name
order by organization_id, resource_id;
comment on view delegation.rule_region_guardrail_effective is 'Members can use the allowed Regions only.';

create or replace view delegation.rule_same_admin_in_every_region as
with sources as materialized (
    select asked.*
    from delegation.asked_organizations(array['aws_delegation_services']) as asked
),
answers as materialized (
    select service_answers.*
    from delegation.service_answers
    join sources on sources.source_name = service_answers.source_name
    where sources.can_judge
        and service_answers.is_regional
),
of_organizations as (
    select
        sources.source_name,
        sources.resource_id as service_id,
        coalesce(sources.status, 'unknown') as status,
        coalesce(sources.reason, 'aws_delegation_services has no regional service with administrators of its own; sync again') as reason,
        case when sources.can_judge then 'unread' else sources.unknown_cause end as unknown_cause
    from sources
    where not sources.can_judge
        or not exists (select from answers where answers.source_name = sources.source_name)
),
places_of_administrators as (
    select
        answers.source_name,
        answers.service_id,
        answers.delegated_account_id,
        format('%s in %s', min(answers.label), coalesce(string_agg(answers.region, ', ' order by answers.region collate "C"), 'no Region')) as place
    from answers
    where answers.is_held
    group by answers.source_name, answers.service_id, answers.delegated_account_id
),
administrators as (
    select
        places_of_administrators.source_name,
        places_of_administrators.service_id,
        count(*) as account_count,
        string_agg(places_of_administrators.place, '; ' order by places_of_administrators.place collate "C") as places
    from places_of_administrators
    group by places_of_administrators.source_name, places_of_administrators.service_id
),
unsettled as (
    select
        answers.source_name,
        answers.service_id,
        string_agg(format('%s in %s', answers.label, answers.region), ' and ' order by answers.region collate "C", answers.label collate "C") as places
    from answers
    where not answers.is_held
    group by answers.source_name, answers.service_id
),
unread_regions as (
    select distinct answers.source_name, answers.service_id, answers.region, answers.unknown_cause, answers.read_error
    from answers
    where not answers.was_read
),
unread as (
    select
        unread_regions.source_name,
        unread_regions.service_id,
        case
            when bool_or(unread_regions.unknown_cause = 'unread') then 'unread'
            when bool_or(unread_regions.unknown_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause,
        concat(
            case when count(unread_regions.region) > 1 then format('%s are missing: ', string_agg(unread_regions.region, ', ' order by unread_regions.region collate "C")) end,
            min(unread_regions.read_error collate "C"),
            case when count(*) > 1 then format(' (and %s more like it)', count(*) - 1) end
        ) as problem
    from unread_regions
    group by unread_regions.source_name, unread_regions.service_id
),
asked as (
    select answers.source_name, answers.service_id, bool_or(answers.is_asked) as is_asked, count(distinct answers.region) as region_count, count(distinct answers.region) filter (where answers.is_held) as held_region_count
    from answers
    group by answers.source_name, answers.service_id
),
verdicts as (
    select
        asked.source_name,
        asked.service_id,
        case
            when services.must_be_same_account_across_regions is false or not asked.is_asked then 'not_applicable'
            when administrators.account_count > 1 then 'fail'
            when unread.service_id is not null then 'unknown'
            when administrators.account_count = 1 then 'pass'
            else 'not_applicable'
        end as status,
        services.service_name,
        services.must_be_same_account_across_regions is false as may_differ,
        asked.is_asked,
        asked.region_count,
        asked.held_region_count,
        administrators.account_count,
        administrators.places,
        unsettled.places as unsettled_places,
        unread.problem,
        unread.unknown_cause
    from asked
    join delegation.services
        on services.source_name = asked.source_name
        and services.service_id = asked.service_id
    left join administrators
        on administrators.source_name = asked.source_name
        and administrators.service_id = asked.service_id
    left join unsettled
        on unsettled.source_name = asked.source_name
        and unsettled.service_id = asked.service_id
    left join unread
        on unread.source_name = asked.source_name
        and unread.service_id = asked.service_id
),
judged as (
    select
        of_organizations.source_name,
        of_organizations.service_id,
        of_organizations.status,
        of_organizations.reason,
        of_organizations.unknown_cause
    from of_organizations
    union all
    select
        verdicts.source_name,
        verdicts.service_id,
        verdicts.status,
        concat(
            case
                when verdicts.may_differ then concat(
                    format('%s may have another administrator in each Region by design', verdicts.service_name),
                    ' (' || verdicts.places || ')'
                )
                when not verdicts.is_asked then format('%s is in no Region that is enabled for the account that asked', verdicts.service_name)
                when verdicts.status = 'fail' then format('%s has %s administrators: %s; make one account the administrator in every Region', verdicts.service_name, verdicts.account_count, verdicts.places)
                when verdicts.status = 'unknown' then concat(
                    format('whether %s has the same administrator in every Region is not known', verdicts.service_name),
                    ' (what was read: ' || verdicts.places || ')',
                    ': ',
                    verdicts.problem
                )
                when verdicts.status = 'pass' then format('%s has one administrator, in %s of the %s enabled Regions where it exists: %s', verdicts.service_name, verdicts.held_region_count, verdicts.region_count, verdicts.places)
                else format('%s is not delegated: it has no administrator in any enabled Region', verdicts.service_name)
            end,
            '; ' || verdicts.unsettled_places || ' does not count'
        ),
        case when verdicts.status = 'unknown' then verdicts.unknown_cause end
    from verdicts
)
select
    sources.organization_id,
    sources.account_id,
    null::text as region,
    judged.service_id as resource_id,
    judged.status,
    judged.reason,
    judged.unknown_cause
from judged
join sources on sources.source_name is not distinct from judged.source_name
order by organization_id, resource_id;
comment on view delegation.rule_same_admin_in_every_region is 'A regional service has the same administrator in every Region.';

create or replace view delegation.rule_scp_exceptions_narrow as
with asked as materialized (
    select
        asked_organizations.*,
        asked_organizations.can_judge and coalesce(asked_organizations.service_control_policy_status, 'ENABLED') = 'ENABLED' as may_have_guardrails
    from delegation.asked_organizations(array['aws_organizations'])
),
statements as materialized (
    select guardrail_statements.*
    from delegation.guardrail_statements(null)
),
attached as materialized (
    select target._cq_source_name as source_name, target.policy_id, count(*) as target_count
    from delegation.current_aws_organizations_policy_targets as target
    group by target._cq_source_name, target.policy_id
),
attachment_gaps as materialized (
    select
        reads.source_name,
        reads.scope,
        case when bool_and(reads.outcome = 'skipped') then 'not_configured' else 'unread' end as unknown_cause,
        min(delegation.read_problem(reads.outcome, reads.table_name, reads.operation, reads.region, reads.scope, reads.error_code, reads.error_message)) as problem
    from delegation.reads
    where reads.table_name = 'aws_organizations_policy_targets'
        and reads.outcome not in ('ok', 'absent')
    group by reads.source_name, reads.scope
),
table_gaps as materialized (
    select table_reads.source_name, table_reads.table_name, table_reads.unknown_cause, table_reads.read_error
    from delegation.table_reads
    where table_reads.table_name in ('aws_organizations_policies', 'aws_organizations_policy_targets', 'aws_cloudtrail_trails')
        and not table_reads.was_read
),
policies as materialized (
    select
        found.*,
        coalesce(attached.target_count, 0) as target_count,
        coalesce(own_gap.problem, all_gap.problem, unrecorded.read_error) as attachment_problem,
        coalesce(own_gap.unknown_cause, all_gap.unknown_cause, unrecorded.unknown_cause) as attachment_cause
    from (
        select distinct statements.source_name, statements.policy_id, statements.policy_label, statements.text_problem
        from statements
    ) as found
    left join attached on attached.source_name = found.source_name and attached.policy_id = found.policy_id
    left join attachment_gaps as own_gap on own_gap.source_name = found.source_name and own_gap.scope = found.policy_id
    left join attachment_gaps as all_gap on all_gap.source_name = found.source_name and all_gap.scope = ''
    -- No read at all is recorded.
    left join table_gaps as unrecorded
        on unrecorded.source_name = found.source_name
        and unrecorded.table_name = 'aws_organizations_policy_targets'
        and not exists (select from attachment_gaps where attachment_gaps.source_name = found.source_name)
    -- Attached to nothing, and that is known: it denies nothing to anybody.
    where attached.target_count > 0
        or coalesce(own_gap.problem, all_gap.problem, unrecorded.read_error) is not null
),
guardrails as materialized (
    select
        statements.source_name,
        statements.policy_id,
        statements.statement_id,
        min(statements.statement) as statement,
        min(statements.statement_index) as statement_index,
        min(statements.label) as label,
        bool_or(statements.partial_reason is null) as is_whole,
        bool_or(statements.member_conditions is not null) as is_conditional,
        min(statements.exceptions) as exceptions,
        min(statements.wide_exceptions) as wide_exceptions,
        min(statements.action collate "C") filter (where statements.partial_reason is null or statements.is_unsure) as first_action,
        count(distinct statements.action) filter (where statements.partial_reason is null or statements.is_unsure) as action_count
    from statements
    where statements.effect = 'Deny'
        and (statements.partial_reason is null or statements.is_unsure)
    group by statements.source_name, statements.policy_id, statements.statement_id
),
-- A Sid names a statement for longer than its number does, where it is no number and there once.
sids as (
    select statements.source_name, statements.policy_id, statements.statement
    from statements
    where statements.statement is not null
    group by statements.source_name, statements.policy_id, statements.statement
    having count(distinct statements.statement_id) = 1
        and statements.statement !~ '^[0-9]+$'
),
judged_statements as (
    select
        guardrails.source_name,
        guardrails.policy_id || '/' || coalesce(sids.statement, guardrails.statement_index::text) as resource_id,
        case
            when policies.target_count = 0 or not guardrails.is_whole then 'unknown'
            when cardinality(guardrails.wide_exceptions) > 0 then 'fail'
            else 'pass'
        end as status,
        concat(
            guardrails.label,
            format(', which denies %s', guardrails.first_action),
            case when guardrails.action_count > 1 then format(' and %s more', guardrails.action_count - 1) end,
            ', ',
            case
                when policies.target_count = 0 then format('is attached to nothing that is known: %s', policies.attachment_problem)
                when not guardrails.is_whole then format('may be about the trail of the organization, and which that is is not known: %s', coalesce(trail_gaps.read_error, 'aws_cloudtrail_trails was not read'))
                when cardinality(guardrails.wide_exceptions) > 0
                    then format('exempts more than named principals: %s; exempt single roles by their full names instead', array_to_string(guardrails.wide_exceptions, ', '))
                when cardinality(guardrails.exceptions) > 0 then format('has narrow exemptions only: %s', array_to_string(guardrails.exceptions, ', '))
                else 'exempts nobody'
            end,
            case when guardrails.is_conditional then '; it holds only in accounts that its conditions on the account, its OU or its organization mean' end
        ) as reason,
        case
            when policies.target_count = 0 then policies.attachment_cause
            when not guardrails.is_whole then coalesce(trail_gaps.unknown_cause, 'unread')
        end as unknown_cause
    from guardrails
    join policies on policies.source_name = guardrails.source_name and policies.policy_id = guardrails.policy_id
    left join sids on sids.source_name = guardrails.source_name and sids.policy_id = guardrails.policy_id and sids.statement = guardrails.statement
    left join table_gaps as trail_gaps on trail_gaps.source_name = guardrails.source_name and trail_gaps.table_name = 'aws_cloudtrail_trails'
),
judged_texts as (
    select
        policies.source_name,
        policies.policy_id as resource_id,
        'unknown' as status,
        concat(policies.text_problem, case when policies.text_problem not like '%sync again' then '; look at it in AWS Organizations' end, case when policies.target_count = 0 then '; ' || policies.attachment_problem end) as reason,
        coalesce(text_gaps.unknown_cause, 'unread') as unknown_cause
    from policies
    left join table_gaps as text_gaps on text_gaps.source_name = policies.source_name and text_gaps.table_name = 'aws_organizations_policies'
    where policies.text_problem is not null
),
judged_policies as materialized (
    select * from judged_statements
    union all
    select * from judged_texts
),
of_organizations as (
    select
        asked.source_name,
        asked.resource_id,
        case
            when not asked.can_judge then asked.status
            when not asked.may_have_guardrails then 'not_applicable'
            when policy_gaps.source_name is not null then 'unknown'
            else 'not_applicable'
        end as status,
        case
            when not asked.can_judge then asked.reason
            when not asked.may_have_guardrails then format('SCPs are %s at the root of %s, so none is a guardrail', asked.service_control_policy_status, asked.organization_id)
            when policy_gaps.source_name is not null then format('not all SCPs of %s are known: %s', asked.organization_id, policy_gaps.read_error)
            else format('no SCP that is attached in %s denies a core action as a whole, so there is no exemption to judge', asked.organization_id)
        end as reason,
        case
            when not asked.can_judge then asked.unknown_cause
            when asked.may_have_guardrails then policy_gaps.unknown_cause
        end as unknown_cause
    from asked
    left join table_gaps as policy_gaps on policy_gaps.source_name = asked.source_name and policy_gaps.table_name = 'aws_organizations_policies'
    where not asked.may_have_guardrails
        or policy_gaps.source_name is not null
        or not exists (select from judged_policies where judged_policies.source_name = asked.source_name)
),
judged as (
    select of_organizations.source_name, of_organizations.resource_id, of_organizations.status, of_organizations.reason, of_organizations.unknown_cause
    from of_organizations
    union all
    select judged_policies.source_name, judged_policies.resource_id, judged_policies.status, judged_policies.reason, judged_policies.unknown_cause
    from judged_policies
    join asked on asked.source_name = judged_policies.source_name
    where asked.may_have_guardrails
)
select
    asked.organization_id,
    asked.account_id,
    null::text as region,
    judged.resource_id,
    judged.status,
    judged.reason,
    judged.unknown_cause
from judged
join asked on asked.source_name is not distinct from judged.source_name
order by organization_id, resource_id;
comment on view delegation.rule_scp_exceptions_narrow is 'Guardrails exempt named principals only.';

create or replace view delegation.rule_scp_prevents_leaving as
with account_reads as (
    select
        organizations.*,
        coalesce(table_reads.was_read, false) as were_accounts_read,
        coalesce(table_reads.unknown_cause, 'unread') as accounts_cause,
        coalesce(table_reads.read_error, organizations.read_error, 'aws_organizations_accounts was not read') as accounts_error,
        exists (select from delegation.accounts where accounts.source_name = organizations.source_name) as has_accounts
    from delegation.organizations
    left join delegation.table_reads
        on table_reads.source_name = organizations.source_name
        and table_reads.table_name = 'aws_organizations_accounts'
),
of_organizations as (
    select
        account_reads.organization_id,
        coalesce(account_reads.management_account_id, account_reads.asking_account_id) as account_id,
        coalesce(account_reads.organization_id, account_reads.asking_account_id, 'organization') as resource_id,
        case when account_reads.is_absent then 'not_applicable' else 'unknown' end as status,
        case
            when account_reads.is_absent then format('account %s is in no organization', account_reads.asking_account_id)
            when not account_reads.were_accounts_read then format('not all accounts are known: %s', account_reads.accounts_error)
            else 'organizations:ListAccounts gave no account; sync again'
        end as reason,
        case
            when account_reads.is_absent then null
            when not account_reads.were_accounts_read then account_reads.accounts_cause
            else 'unread'
        end as unknown_cause
    from account_reads
    where account_reads.is_absent
        or not account_reads.were_accounts_read
        or not account_reads.has_accounts
),
of_active_accounts as (
    select
        account_reads.organization_id,
        verdict.account_id,
        verdict.account_id as resource_id,
        case verdict.denial
            when 'whole' then 'pass'
            when 'partial' then 'fail'
            when 'none' then 'fail'
            else verdict.denial
        end as status,
        format('%s: %s', delegation.account_label(verdict.account_id, verdict.account_name, verdict.ou_path), verdict.reason) as reason,
        verdict.unknown_cause
    from delegation.account_guardrails as verdict
    join account_reads on account_reads.source_name = verdict.source_name
    where verdict.control = 'leave_organization'
        and not account_reads.is_absent
),
of_other_accounts as (
    select
        account_reads.organization_id,
        unjudged_members.account_id,
        unjudged_members.account_id as resource_id,
        unjudged_members.status,
        unjudged_members.reason,
        unjudged_members.unknown_cause
    from delegation.unjudged_members
    join account_reads on account_reads.source_name = unjudged_members.source_name
),
judged as (
    select * from of_organizations
    union all
    select * from of_active_accounts
    union all
    select * from of_other_accounts
)
select
    judged.organization_id,
    judged.account_id,
    null::text as region,
    judged.resource_id,
    judged.status,
    judged.reason,
    judged.unknown_cause
from judged
order by organization_id, resource_id;
comment on view delegation.rule_scp_prevents_leaving is 'Members cannot leave the organization.';

create or replace view delegation.rule_scp_protects_security_controls as
with asked as materialized (
    select
        asked_organizations.*,
        coalesce(account_reads.was_read, false) as were_accounts_read,
        coalesce(account_reads.unknown_cause, 'unread') as accounts_cause,
        coalesce(account_reads.read_error, 'aws_organizations_accounts was not read') as accounts_error,
        exists (select from delegation.accounts where accounts.source_name = asked_organizations.source_name) as has_accounts
    from delegation.asked_organizations(array['aws_delegation_services'])
    left join delegation.table_reads as account_reads
        on account_reads.source_name = asked_organizations.source_name
        and account_reads.table_name = 'aws_organizations_accounts'
),
controls as materialized (
    select
        service_use.source_name,
        service_use.service_id,
        service_use.service_name,
        coalesce(service_use.is_used, false) as is_used,
        service_use.is_used is null as may_be_used,
        service_use.use_unknown_cause as unknown_cause,
        service_use.use_read_error as read_error
    from delegation.service_use
    where service_use.service_id in (select guardrail_actions.service_id from delegation.guardrail_actions)
),
-- CloudTrail has two: all trails, and the trail of the organization. Either is enough, so the better of the two counts.
guarded as materialized (
    select distinct on (class_guardrails.class_id, class_guardrails.service_id) class_guardrails.*
    from delegation.class_guardrails
    where class_guardrails.service_id is not null
    order by
        class_guardrails.class_id, class_guardrails.service_id,
        array_position(array['whole', 'unknown', 'partial', 'none'], class_guardrails.denial), class_guardrails.control collate "C"
),
judged_controls as materialized (
    select
        guarded.class_id,
        guarded.source_name,
        guarded.ou_path,
        guarded.account_ids,
        guarded.account_names,
        guarded.service_id,
        controls.service_name,
        controls.is_used,
        case
            when guarded.denial = 'not_applicable' then 'not_applicable'
            -- Nobody may do it, whether it is in use or not.
            when guarded.denial = 'whole' then 'pass'
            when controls.is_used and guarded.denial in ('partial', 'none') then 'fail'
            else 'unknown'
        end as status,
        case
            when controls.is_used then format('%s: %s', controls.service_name, guarded.reason)
            else format('%s: whether it is in use is not known, and it is not protected for certain: %s', controls.service_name, controls.read_error)
        end || case
            when cardinality(opened.actions) > 1 or not controls.is_used then format('; open: %s', array_to_string(opened.actions, ', '))
            else ''
        end as reason,
        case
            when not controls.is_used and guarded.denial in ('partial', 'none') then controls.unknown_cause
            when not controls.is_used and 'unread' in (controls.unknown_cause, guarded.unknown_cause) then 'unread'
            else guarded.unknown_cause
        end as unknown_cause
    from guarded
    join controls on controls.source_name = guarded.source_name and controls.service_id = guarded.service_id
    -- Without the prefix, which is that of the first: there can be ten such rows for each of 50,000 accounts.
    cross join lateral (
        select array_agg(case when listed.position = 1 then listed.action else split_part(listed.action, ':', 2) end order by listed.position) as actions
        from unnest(guarded.actions_not_denied || guarded.actions_unknown) with ordinality as listed (action, position)
    ) as opened
    where controls.is_used or controls.may_be_used
),
protected_classes as (
    select
        judged_controls.class_id,
        judged_controls.source_name,
        judged_controls.ou_path,
        min(judged_controls.account_ids) as account_ids,
        min(judged_controls.account_names) as account_names,
        case
            when count(*) filter (where judged_controls.is_used) > 0
                then format(
                    '%s of %s controls in use are protected%s',
                    count(*) filter (where judged_controls.is_used and judged_controls.status = 'pass'),
                    count(*) filter (where judged_controls.is_used),
                    ': ' || string_agg(judged_controls.service_name, ', ' order by judged_controls.service_name collate "C") filter (where judged_controls.is_used and judged_controls.status = 'pass')
                )
            else 'no control is known to be in use'
        end
        || coalesce('; protected in any case: ' || string_agg(judged_controls.service_name, ', ' order by judged_controls.service_name collate "C") filter (where not judged_controls.is_used and judged_controls.status = 'pass'), '') as told
    from judged_controls
    group by judged_controls.class_id, judged_controls.source_name, judged_controls.ou_path
    having bool_or(judged_controls.status = 'pass')
),
management_classes as (
    -- It is told also where no control is in use.
    select distinct on (guarded.class_id) guarded.class_id, guarded.source_name, guarded.ou_path, guarded.account_ids, guarded.account_names, guarded.reason
    from guarded
    where guarded.denial = 'not_applicable'
    order by guarded.class_id, guarded.service_id collate "C"
),
of_classes as (
    select judged_controls.source_name, judged_controls.ou_path, judged_controls.account_ids, judged_controls.account_names, judged_controls.service_id, judged_controls.status, judged_controls.reason, judged_controls.unknown_cause
    from judged_controls
    where judged_controls.status in ('fail', 'unknown')
    union all
    select protected_classes.source_name, protected_classes.ou_path, protected_classes.account_ids, protected_classes.account_names, null, 'pass', protected_classes.told, null
    from protected_classes
    union all
    select management_classes.source_name, management_classes.ou_path, management_classes.account_ids, management_classes.account_names, null, 'not_applicable', management_classes.reason, null
    from management_classes
),
of_organizations as (
    select
        asked.source_name,
        asked.account_id,
        asked.resource_id,
        case
            when not asked.can_judge then asked.status
            when not asked.were_accounts_read or not asked.has_accounts or in_catalogue.control_count = 0 then 'unknown'
            else 'not_applicable'
        end as status,
        case
            when not asked.can_judge then asked.reason
            when not asked.were_accounts_read then format('not all accounts of %s are known: %s', asked.organization_id, asked.accounts_error)
            when not asked.has_accounts then 'organizations:ListAccounts gave no account; sync again'
            when in_catalogue.control_count = 0 then 'aws_delegation_services has no service that an SCP can protect; sync again'
            else format('no security control that an SCP can protect is in use in %s', asked.organization_id)
        end as reason,
        case
            when not asked.can_judge then asked.unknown_cause
            when not asked.were_accounts_read then asked.accounts_cause
            when not asked.has_accounts or in_catalogue.control_count = 0 then 'unread'
        end as unknown_cause
    from asked
    cross join lateral (
        select count(*) as control_count, count(*) filter (where controls.is_used or controls.may_be_used) as use_count
        from controls
        where controls.source_name = asked.source_name
    ) as in_catalogue
    where not asked.can_judge
        or not asked.were_accounts_read
        or not asked.has_accounts
        or in_catalogue.use_count = 0
),
judged as (
    select of_organizations.source_name, of_organizations.account_id, of_organizations.resource_id, of_organizations.status, of_organizations.reason, of_organizations.unknown_cause
    from of_organizations
    union all
    select
        of_classes.source_name,
        member.account_id,
        coalesce(of_classes.service_id, member.account_id),
        of_classes.status,
        format('%s: %s', delegation.account_label(member.account_id, member.account_name, of_classes.ou_path), of_classes.reason),
        of_classes.unknown_cause
    from of_classes
    join asked on asked.source_name = of_classes.source_name
    cross join lateral unnest(of_classes.account_ids, of_classes.account_names) as member (account_id, account_name)
    where asked.can_judge
    union all
    select unjudged_members.source_name, unjudged_members.account_id, unjudged_members.account_id, unjudged_members.status, unjudged_members.reason, unjudged_members.unknown_cause
    from delegation.unjudged_members
    join asked on asked.source_name = unjudged_members.source_name
    where asked.can_judge
)
select
    asked.organization_id,
    judged.account_id,
    null::text as region,
    judged.resource_id,
    judged.status,
    judged.reason,
    judged.unknown_cause
from judged
join asked on asked.source_name is not distinct from judged.source_name
order by organization_id, resource_id, account_id;
comment on view delegation.rule_scp_protects_security_controls is 'Members cannot switch off the security controls in use.';

create or replace view delegation.rule_security_hub_v1_and_v2_agree as
with sources as materialized (
    select asked.*
    from delegation.asked_organizations(array['aws_delegation_services']) as asked
),
answers as materialized (
    select service_answers.*
    from delegation.service_answers
    join sources on sources.source_name = service_answers.source_name
    where sources.can_judge
        and service_answers.service_id in ('security-hub', 'security-hub-cspm')
),
unified as materialized (
    select
        answers.source_name,
        bool_and(answers.was_read) as was_read,
        array_agg(answers.delegated_account_id order by answers.delegated_account_id) filter (where answers.is_held) as account_ids,
        string_agg(answers.label, ' and ' order by answers.label collate "C") filter (where answers.is_held) as labels
    from answers
    where answers.service_id = 'security-hub'
    group by answers.source_name
),
regions as materialized (
    select
        answers.source_name,
        answers.region,
        answers.was_read,
        array_agg(answers.delegated_account_id order by answers.delegated_account_id) filter (where answers.is_held) as account_ids,
        string_agg(answers.label, ' and ' order by answers.label collate "C") filter (where answers.is_held) as labels
    from answers
    where answers.service_id = 'security-hub-cspm'
    group by answers.source_name, answers.region, answers.was_read
),
cspm as materialized (
    select
        regions.source_name,
        bool_and(regions.was_read) as was_read,
        bool_or(regions.account_ids is not null) as is_used,
        count(regions.account_ids) as held_region_count,
        count(*) as region_count,
        string_agg(distinct regions.labels collate "C", ' and ') as labels
    from regions
    group by regions.source_name
),
unsettled as (
    select answers.source_name, string_agg(distinct format('%s of %s', answers.label, answers.service_name) collate "C", ' and ') as labels
    from answers
    where not answers.is_held
    group by answers.source_name
),
verdicts as materialized (
    select
        sources.*,
        unified.was_read as was_unified_read,
        unified.account_ids is not null as is_unified_used,
        unified.account_ids,
        unified.labels as unified_labels,
        cspm.was_read as was_cspm_read,
        cspm.is_used as is_cspm_used,
        cspm.held_region_count,
        cspm.region_count,
        cspm.labels as cspm_labels,
        -- Nobody in one of the two, and that is all there is to know of it.
        coalesce(unified.was_read and unified.account_ids is null, false) or coalesce(cspm.was_read and not cspm.is_used, false) as is_one_unused,
        unsettled.labels as unsettled_labels
    from sources
    left join unified on unified.source_name = sources.source_name
    left join cspm on cspm.source_name = sources.source_name
    left join unsettled on unsettled.source_name = sources.source_name
),
unread_answers as (
    select distinct answers.source_name, answers.service_id, answers.problem_region as region, answers.problem, answers.problem_cause as unknown_cause
    from answers
    where not answers.was_read
),
of_different_regions as (
    select
        verdicts.source_name,
        regions.region,
        'fail' as status,
        format(
            'Security Hub CSPM has %s in %s, and Security Hub V2 has %s for the organization; make one account the administrator of both',
            regions.labels,
            coalesce(regions.region, 'all Regions'),
            verdicts.unified_labels
        ) as reason,
        null::text as unknown_cause
    from verdicts
    join regions on regions.source_name = verdicts.source_name
    where regions.account_ids <> verdicts.account_ids
),
of_unread as (
    select
        verdicts.source_name,
        case when unread_answers.service_id = 'security-hub-cspm' then unread_answers.region end as region,
        'unknown' as status,
        string_agg(
            concat(
                unread_answers.problem,
                case when unread_answers.service_id = 'security-hub' then coalesce('; Security Hub CSPM has ' || verdicts.cspm_labels, '') else coalesce('; Security Hub V2 has ' || verdicts.unified_labels, '') end
            ),
            '; ' order by unread_answers.service_id collate "C"
        ) as reason,
        case
            when bool_or(unread_answers.unknown_cause = 'unread') then 'unread'
            when bool_or(unread_answers.unknown_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause
    from verdicts
    join unread_answers on unread_answers.source_name = verdicts.source_name
    where verdicts.can_judge
        and not verdicts.is_one_unused
        and not exists (
            select
            from of_different_regions
            where of_different_regions.source_name = verdicts.source_name
                and of_different_regions.region is not distinct from unread_answers.region
        )
    group by verdicts.source_name, case when unread_answers.service_id = 'security-hub-cspm' then unread_answers.region end
),
findings as materialized (
    select * from of_different_regions
    union all
    select * from of_unread
),
of_sources as (
    select
        verdicts.source_name,
        null::text as region,
        case
            when not verdicts.can_judge then verdicts.status
            when verdicts.was_unified_read is null or verdicts.was_cspm_read is null then 'unknown'
            when verdicts.is_one_unused then 'not_applicable'
            else 'pass'
        end as status,
        case
            when not verdicts.can_judge then verdicts.reason
            when verdicts.was_unified_read is null or verdicts.was_cspm_read is null
                then 'aws_delegation_services does not say how both Security Hub CSPM and Security Hub V2 are asked; sync again with this version'
            else concat(
                case
                    when not verdicts.is_one_unused then format('Security Hub CSPM has %s in %s of %s Regions, and Security Hub V2 has the same for the organization', verdicts.cspm_labels, verdicts.held_region_count, verdicts.region_count)
                    when verdicts.is_unified_used then format('only Security Hub V2 has an administrator: %s', verdicts.unified_labels)
                    when verdicts.is_cspm_used then format('only Security Hub CSPM has an administrator: %s', verdicts.cspm_labels)
                    when not (verdicts.was_unified_read and verdicts.was_cspm_read) then format('%s has no administrator, so the two cannot differ', case when verdicts.was_unified_read then 'Security Hub V2' else 'Security Hub CSPM' end)
                    else 'neither Security Hub CSPM nor Security Hub V2 has an administrator'
                end,
                '; ' || verdicts.unsettled_labels || ' does not count'
            )
        end as reason,
        case
            when not verdicts.can_judge then verdicts.unknown_cause
            when verdicts.was_unified_read is null or verdicts.was_cspm_read is null then 'unread'
        end as unknown_cause
    from verdicts
    where not exists (select from findings where findings.source_name = verdicts.source_name)
),
judged as (
    select * from findings
    union all
    select * from of_sources
)
select
    sources.organization_id,
    sources.account_id,
    judged.region,
    case when sources.can_judge then 'security-hub-cspm' else sources.resource_id end as resource_id,
    judged.status,
    judged.reason,
    judged.unknown_cause
from judged
join sources on sources.source_name is not distinct from judged.source_name
order by organization_id, resource_id, region;
comment on view delegation.rule_security_hub_v1_and_v2_agree is 'Security Hub CSPM and Security Hub have the same administrator.';

create or replace view delegation.rule_security_services_held_by_infosec as
with asked as materialized (
    select asked_organizations.*
    from delegation.asked_organizations(array['aws_delegation_services']) as asked_organizations
),
ownership as materialized (
    select service_ownership.*
    from delegation.service_ownership
    where service_ownership.is_security_service
),
infosec as materialized (
    select owner_accounts.source_name, owner_accounts.account_id
    from delegation.owner_accounts
    where owner_accounts.owner = 'infosec'
        and owner_accounts.is_match
        and owner_accounts.account_state = 'ACTIVE'
),
-- AWS adds services faster than a catalogue does.
of_unknown_services as (
    select
        asked.organization_id,
        asked.account_id,
        delegations.service_id as resource_id,
        bool_and(infosec.account_id is not null) as is_with_infosec,
        string_agg(
            delegation.account_label(delegations.delegated_account_id, delegations.account_name, delegations.ou_path)
                || case when delegations.account_state <> 'ACTIVE' then format(', which is %s', delegations.account_state) else '' end,
            ' and ' order by delegations.delegated_account_id collate "C"
        ) as labels
    from asked
    join delegation.delegations
        on delegations.source_name = asked.source_name
        and delegations.method = 'organizations'
    left join infosec
        on infosec.source_name = delegations.source_name
        and infosec.account_id = delegations.delegated_account_id
    where asked.can_judge
        and delegations.category = 'unknown'
        -- Where the catalogue is empty every principal is unknown, and that is told.
        and exists (select from ownership where ownership.source_name = asked.source_name)
    group by asked.source_name, asked.organization_id, asked.account_id, delegations.service_id
),
of_organizations as (
    select
        asked.organization_id,
        asked.account_id,
        asked.resource_id,
        coalesce(asked.status, 'unknown') as status,
        coalesce(asked.reason, 'which services there are is not known: aws_delegation_services has no security service; sync again') as reason,
        case when asked.can_judge then 'unread' else asked.unknown_cause end as unknown_cause
    from asked
    where not asked.can_judge
        or not exists (select from ownership where ownership.source_name = asked.source_name)
)
select
    ownership.organization_id,
    ownership.management_account_id as account_id,
    ownership.region,
    ownership.service_id as resource_id,
    ownership.status,
    ownership.reason,
    ownership.unknown_cause
from ownership
union all
select
    of_unknown_services.organization_id,
    of_unknown_services.account_id,
    null::text as region,
    of_unknown_services.resource_id,
    case when of_unknown_services.is_with_infosec then 'pass' else 'unknown' end as status,
    format(
        case
            when of_unknown_services.is_with_infosec then '%s is not in the catalogue of this version, and held by %s, of infosec, through Organizations'
            else '%s is not in the catalogue of this version, so whether it is a security service is not known, and it is held by %s through Organizations; look up what it is, and sync with a version that knows it'
        end,
        of_unknown_services.resource_id,
        of_unknown_services.labels
    ) as reason,
    case when not of_unknown_services.is_with_infosec then 'not_observable' end as unknown_cause
from of_unknown_services
union all
select
    of_organizations.organization_id,
    of_organizations.account_id,
    null::text as region,
    of_organizations.resource_id,
    of_organizations.status,
    of_organizations.reason,
    of_organizations.unknown_cause
from of_organizations
order by organization_id, resource_id, region;
comment on view delegation.rule_security_services_held_by_infosec is 'InfoSec holds the delegation of every security service.';

create or replace view delegation.rule_service_member_limit_not_reached as
with sources as materialized (
    select asked.*
    from delegation.asked_organizations(array['aws_delegation_services']) as asked
),
services as materialized (
    select service_use.source_name, service_use.service_id, service_use.service_name, service_use.is_used, service_use.use_reason, service_use.use_unknown_cause
    from delegation.service_use
    join sources on sources.source_name = service_use.source_name
    where sources.can_judge
        and service_use.service_id in ('guardduty', 'security-hub-cspm', 'macie', 'inspector')
),
judged as (
    select
        configurations.*,
        case
            when configurations.member_limit_reached then 'fail'
            when not configurations.was_read then 'unknown'
            when configurations.admin_account_id is null then 'lacking'
            when not configurations.member_limit_reached then 'pass'
            -- It answers that the service is not on in its own account, so it has no members.
            when configurations.is_absent then 'pass'
            else 'unknown'
        end as verdict
    from delegation.organization_configurations as configurations
    join services
        on services.source_name = configurations.source_name
        and services.service_id = configurations.service_id
    where services.is_used
),
regions as materialized (
    select
        judged.source_name,
        judged.service_id,
        min(judged.service_name) as service_name,
        judged.region,
        case
            when bool_or(judged.verdict = 'fail') then 'fail'
            when bool_or(judged.verdict = 'unknown') then 'unknown'
            else min(judged.verdict)
        end as verdict,
        case
            when bool_or(judged.verdict = 'unknown' and coalesce(judged.unknown_cause, 'unread') = 'unread') then 'unread'
            when bool_or(judged.unknown_cause = 'not_configured') then 'not_configured'
            else min(judged.unknown_cause)
        end as unknown_cause,
        string_agg(distinct judged.admin_label collate "C", ' and ') filter (where judged.verdict in ('fail', 'pass')) as labels,
        string_agg(distinct judged.admin_label collate "C", ' and ') filter (where judged.verdict = 'fail') as full_labels,
        string_agg(distinct coalesce(judged.read_error, format('%s did not say whether the limit is reached; sync again', judged.admin_label)) collate "C", '; ') filter (where judged.verdict = 'unknown') as problems
    from judged
    group by judged.source_name, judged.service_id, judged.region
),
counts as materialized (
    select
        regions.source_name,
        regions.service_id,
        count(*) filter (where regions.verdict <> 'lacking') as asked_count,
        bool_and(regions.verdict = 'unknown') filter (where regions.verdict <> 'lacking') as are_all_unknown,
        bool_and(regions.verdict = 'pass') filter (where regions.verdict <> 'lacking') as are_all_free
    from regions
    group by regions.source_name, regions.service_id
),
of_full as (
    select
        regions.source_name,
        regions.service_id,
        regions.region,
        'fail' as status,
        format('%s takes no further member in %s: %s has reached the limit; have it raised, or take closed accounts out', regions.service_name, regions.region, regions.full_labels) as reason,
        null::text as unknown_cause
    from regions
    where regions.verdict = 'fail'
),
of_unknown as (
    select
        regions.source_name,
        regions.service_id,
        case when not counts.are_all_unknown or counts.asked_count = 1 then regions.region end as region,
        'unknown' as status,
        concat(
            format('whether %s takes further members', min(regions.service_name)),
            ' in ' || string_agg(regions.region, ', ' order by regions.region collate "C"),
            ' is not known: ',
            min(regions.problems collate "C"),
            case when count(distinct regions.problems) > 1 then format(' (and %s more like it)', count(distinct regions.problems) - 1) end
        ) as reason,
        case
            when bool_or(regions.unknown_cause = 'unread') then 'unread'
            when bool_or(regions.unknown_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause
    from regions
    join counts on counts.source_name = regions.source_name and counts.service_id = regions.service_id
    where regions.verdict = 'unknown'
    group by regions.source_name, regions.service_id, case when not counts.are_all_unknown or counts.asked_count = 1 then regions.region end
),
of_free as (
    select
        regions.source_name,
        regions.service_id,
        null::text as region,
        'pass' as status,
        format(
            '%s takes further members in %s: %s has not reached the limit',
            min(regions.service_name),
            string_agg(regions.region, ', ' order by regions.region collate "C"),
            string_agg(distinct regions.labels collate "C", ' and ')
        ) as reason,
        null::text as unknown_cause
    from regions
    join counts on counts.source_name = regions.source_name and counts.service_id = regions.service_id
    where counts.are_all_free
        and regions.verdict = 'pass'
    group by regions.source_name, regions.service_id
),
of_services as (
    select
        services.source_name,
        services.service_id,
        null::text as region,
        case when services.is_used is null then 'unknown' else 'not_applicable' end as status,
        case when services.is_used then format('%s has no administrator in any Region that is enabled for the account that asked, so it has no members', services.service_name) else services.use_reason end as reason,
        case when services.is_used is null then services.use_unknown_cause end as unknown_cause
    from services
    left join counts on counts.source_name = services.source_name and counts.service_id = services.service_id
    where services.is_used is not true
        or coalesce(counts.asked_count, 0) = 0
),
verdicts as (
    select * from of_full
    union all
    select * from of_unknown
    union all
    select * from of_free
    union all
    select * from of_services
    union all
    select
        sources.source_name,
        sources.resource_id,
        null,
        coalesce(sources.status, 'unknown'),
        coalesce(sources.reason, 'aws_delegation_services has no service that limits its members; sync again'),
        case when sources.can_judge then 'unread' else sources.unknown_cause end
    from sources
    where not sources.can_judge
        or not exists (select from services where services.source_name = sources.source_name)
)
select
    sources.organization_id,
    sources.account_id,
    verdicts.region,
    verdicts.service_id as resource_id,
    verdicts.status,
    verdicts.reason,
    verdicts.unknown_cause
from verdicts
join sources on sources.source_name is not distinct from verdicts.source_name
order by organization_id, resource_id, region;
comment on view delegation.rule_service_member_limit_not_reached is 'No security service has reached the limit of its members.';

create or replace view delegation.rule_services_held_by_expected_owner as
with asked as materialized (
    select asked_organizations.*
    from delegation.asked_organizations(array['aws_delegation_services', 'aws_delegation_expectations']) as asked_organizations
),
ownership as materialized (
    select service_ownership.*
    from delegation.service_ownership
    where not service_ownership.is_security_service
),
of_organizations as (
    select
        asked.organization_id,
        asked.account_id,
        asked.resource_id,
        coalesce(asked.status, 'not_applicable') as status,
        coalesce(asked.reason, 'neither the spec nor the catalogue says who should hold a service that is no security service') as reason,
        asked.unknown_cause
    from asked
    where not asked.can_judge
        or not exists (select from ownership where ownership.source_name = asked.source_name)
)
select
    ownership.organization_id,
    ownership.management_account_id as account_id,
    ownership.region,
    ownership.service_id as resource_id,
    ownership.status,
    ownership.reason,
    ownership.unknown_cause
from ownership
union all
select
    of_organizations.organization_id,
    of_organizations.account_id,
    null::text as region,
    of_organizations.resource_id,
    of_organizations.status,
    of_organizations.reason,
    of_organizations.unknown_cause
from of_organizations
order by organization_id, resource_id, region;
comment on view delegation.rule_services_held_by_expected_owner is 'Every other service is held by the owner that is expected to hold it.';

create or replace view delegation.rule_sync_is_fresh as
with sources as (
    select
        organizations.source_name,
        organizations.organization_id,
        coalesce(organizations.management_account_id, organizations.asking_account_id) as account_id,
        coalesce(organizations.organization_id, organizations.asking_account_id, 'organization') as resource_id,
        organizations.sync_time,
        organizations.read_error,
        settings.max_age_hours,
        coalesce(settings.was_read and settings_read.was_read, false) as were_settings_read,
        coalesce(settings_read.unknown_cause, 'unread') as settings_cause,
        coalesce(settings_read.read_error, 'aws_delegation_settings has no row of this sync; sync again') as settings_error,
        extract(epoch from now() at time zone 'utc' - organizations.sync_time) / 3600 as age_hours
    from delegation.organizations
    left join delegation.settings on settings.source_name = organizations.source_name
    left join delegation.table_reads as settings_read
        on settings_read.source_name = organizations.source_name
        and settings_read.table_name = 'aws_delegation_settings'
),
verdicts as (
    select
        sources.*,
        case
            when sources.sync_time is null then 'unknown'
            when sources.age_hours < -1 then 'fail'
            when not sources.were_settings_read then 'unknown'
            when sources.age_hours < sources.max_age_hours then 'pass'
            else 'fail'
        end as status,
        format(
            'the newest sync (source %s) is of %s',
            coalesce(sources.source_name, 'unknown'),
            to_char(sources.sync_time, 'YYYY-MM-DD HH24:MI "UTC"')
        ) as sync_words,
        case
            when sources.age_hours < 1 then 'less than an hour'
            when sources.age_hours < 2 then '1 hour'
            else format('%s hours', floor(sources.age_hours))
        end as age_words
    from sources
)
select
    verdicts.organization_id,
    verdicts.account_id,
    null::text as region,
    verdicts.resource_id,
    verdicts.status,
    case
        when verdicts.sync_time is null then coalesce(verdicts.read_error, 'the newest sync has no time; sync again')
        when verdicts.age_hours < -1 then format('%s, %s hours in the future; set the clock of the machine that syncs or of the database right, remove the rows with that time, and sync again', verdicts.sync_words, round(- verdicts.age_hours))
        when verdicts.status = 'unknown' then format('%s, %s ago, and what age is too old is not known: %s', verdicts.sync_words, verdicts.age_words, verdicts.settings_error)
        when verdicts.status = 'pass' then format('%s, %s ago, less than the %s hours of `max_age_hours`', verdicts.sync_words, verdicts.age_words, verdicts.max_age_hours)
        else format('%s, %s ago, and should be younger than the %s hours of `max_age_hours`; sync again', verdicts.sync_words, verdicts.age_words, verdicts.max_age_hours)
    end as reason,
    case
        when verdicts.status <> 'unknown' then null
        when verdicts.sync_time is null then 'unread'
        else verdicts.settings_cause
    end as unknown_cause
from verdicts
order by organization_id, resource_id;
comment on view delegation.rule_sync_is_fresh is 'The last sync is younger than the spec asks for.';

create or replace view delegation.rule_trusted_access_has_administrator as
with sources as materialized (
    select
        asked.*,
        exists (select from delegation.services where services.source_name = asked.source_name) as has_catalogue,
        coalesce(account_read.was_read, false) and exists (select from delegation.accounts where accounts.source_name = asked.source_name) as were_accounts_read,
        coalesce(account_read.unknown_cause, 'unread') as accounts_cause,
        coalesce(account_read.read_error, 'organizations:ListAccounts gave no account; sync again') as accounts_error
    from delegation.asked_organizations(array['aws_organizations_service_access', 'aws_delegation_services']) as asked
    left join delegation.table_reads as account_read
        on account_read.source_name = asked.source_name
        and account_read.table_name = 'aws_organizations_accounts'
),
services as materialized (
    select services.*
    from delegation.services
),
-- Services that share a principal have the trusted access together, and one administrator is enough for it.
trusted as materialized (
    select
        trusted_access.source_name,
        coalesce(services.group_id, trusted_access.service_principal) as group_id,
        coalesce(min(services.group_name), format('unknown service (%s)', min(trusted_access.service_principal))) as service_name,
        string_agg(distinct trusted_access.service_principal collate "C", ' and ') as principals,
        bool_or(services.service_id is not null) as is_known,
        bool_or(services.is_delegation_supported) as is_supported
    from delegation.trusted_access
    left join services
        on services.source_name = trusted_access.source_name
        and services.service_id = trusted_access.service_id
    group by trusted_access.source_name, coalesce(services.group_id, trusted_access.service_principal)
),
administrators as (
    select
        delegations.source_name,
        coalesce(services.group_id, delegations.service_id) as group_id,
        bool_or(delegations.is_held and delegations.account_state = 'ACTIVE') as is_held,
        bool_or(delegations.is_held and delegations.account_state is null) as has_open_holder,
        string_agg(distinct named.label, ' and ' order by named.label) filter (where delegations.is_held and delegations.account_state = 'ACTIVE') as holder_labels,
        string_agg(distinct named.label, ' and ' order by named.label) as labels
    from delegation.delegations
    join sources on sources.source_name = delegations.source_name
    left join services
        on services.source_name = delegations.source_name
        and services.service_id = delegations.service_id
    cross join lateral (
        select concat(
            delegation.account_label(delegations.delegated_account_id, delegations.account_name, delegations.ou_path) collate "C",
            case when delegations.is_management_account then ', the management account' end,
            case
                when delegations.account_state <> 'ACTIVE' then format(', which is %s', delegations.account_state)
                when delegations.account_state is null and sources.were_accounts_read then ', which is no account of this organization'
            end,
            case when not delegations.is_held then format(', with status %s', coalesce(delegations.status, 'unknown')) end
        ) as label
    ) as named
    where delegations.method in ('organizations', 'service')
    group by delegations.source_name, coalesce(services.group_id, delegations.service_id)
),
open_groups as (
    select
        open_questions.source_name,
        open_questions.group_id,
        case
            when bool_or(open_questions.unknown_cause = 'unread') then 'unread'
            when bool_or(open_questions.unknown_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause,
        concat(
            min(open_questions.read_error collate "C"),
            case when count(distinct open_questions.read_error) > 1 then format(' (and %s more like it)', count(distinct open_questions.read_error) - 1) end
        ) as read_error
    from (
        select open_questions.source_name, services.group_id, open_questions.unknown_cause, open_questions.read_error
        from delegation.open_questions
        join services
            on services.source_name = open_questions.source_name
            and services.service_id = open_questions.service_id
        where open_questions.method in ('organizations', 'service')
        union all
        -- Of a principal that the catalogue does not know only Organizations can tell.
        select trusted.source_name, trusted.group_id, open_questions.unknown_cause, open_questions.read_error
        from trusted
        join delegation.open_questions on open_questions.source_name = trusted.source_name
        where not trusted.is_known
            and open_questions.method = 'organizations'
    ) as open_questions
    group by open_questions.source_name, open_questions.group_id
),
of_services as (
    select
        sources.source_name,
        trusted.group_id as resource_id,
        case
            when trusted.is_known and trusted.is_supported is null then 'not_applicable'
            when not trusted.is_known and administrators.group_id is null and open_groups.group_id is null then 'not_applicable'
            when administrators.is_held then 'pass'
            -- Who stands in no list of accounts that is complete is nobody's administrator.
            when administrators.has_open_holder and not sources.were_accounts_read then 'unknown'
            when open_groups.group_id is not null then 'unknown'
            else 'fail'
        end as status,
        case
            when trusted.is_known and trusted.is_supported is null then format('%s has trusted access, and no source says whether it can be delegated', trusted.service_name)
            when not trusted.is_known and administrators.group_id is null and open_groups.group_id is null
                then format('the principal %s has trusted access, is not in the catalogue, and nobody is registered with it; whether it can be delegated is not known', trusted.group_id)
            when administrators.is_held then format('%s has trusted access (%s), and its administrator is %s', trusted.service_name, trusted.principals, administrators.holder_labels)
            when administrators.has_open_holder and not sources.were_accounts_read
                then format('%s has trusted access (%s), and whether its administrator %s is ACTIVE is not known: %s', trusted.service_name, trusted.principals, administrators.labels, sources.accounts_error)
            when open_groups.group_id is not null then format('%s has trusted access (%s), and whether it has an administrator is not known: %s', trusted.service_name, trusted.principals, open_groups.read_error)
            when administrators.group_id is not null
                then format('%s has trusted access (%s), and no administrator that counts: there is %s; make an ACTIVE member account the administrator', trusted.service_name, trusted.principals, administrators.labels)
            else format('%s has trusted access (%s) and no administrator; make a member account one, or take the trusted access away', trusted.service_name, trusted.principals)
        end as reason,
        case when administrators.has_open_holder and not sources.were_accounts_read then sources.accounts_cause else open_groups.unknown_cause end as open_cause
    from trusted
    join sources on sources.source_name = trusted.source_name
    left join administrators on administrators.source_name = trusted.source_name and administrators.group_id = trusted.group_id
    left join open_groups on open_groups.source_name = trusted.source_name and open_groups.group_id = trusted.group_id
    where sources.can_judge
        and sources.has_catalogue
        and trusted.is_supported is distinct from false
)
select
    sources.organization_id,
    sources.account_id,
    null::text as region,
    coalesce(of_services.resource_id, sources.resource_id) as resource_id,
    coalesce(of_services.status, sources.status, case when sources.has_catalogue then 'not_applicable' else 'unknown' end) as status,
    coalesce(
        of_services.reason,
        sources.reason,
        case when sources.has_catalogue then format('no service that can be delegated has trusted access to %s', sources.organization_id) else 'aws_delegation_services has no service; sync again' end
    ) as reason,
    case
        when of_services.resource_id is not null then case when of_services.status = 'unknown' then of_services.open_cause end
        when sources.can_judge then case when not sources.has_catalogue then 'unread' end
        else sources.unknown_cause
    end as unknown_cause
from sources
left join of_services on of_services.source_name = sources.source_name
order by organization_id, resource_id;
comment on view delegation.rule_trusted_access_has_administrator is 'A service with trusted access has a delegated administrator.';

create or replace view delegation.rules (check_id, title, severity, frameworks, reads, why, decides, unknown, remediation, source) as
values
    ('access_analyzer_covers_organization', 'An analyzer of IAM Access Analyzer covers the organization in every enabled Region', 'medium', '{"aws_sra":["security_tooling_account"]}'::jsonb, array['aws_organizations', 'aws_organizations_accounts', 'aws_organizations_delegated_administrators', 'aws_organizations_delegated_services', 'aws_accessanalyzer_analyzers', 'aws_ec2_regions', 'aws_delegation_services']::text[], 'An analyzer of the organization tells which buckets, roles and keys of any member somebody outside can reach. It sees its own Region alone, and stops without a word when its account is no longer the delegated administrator.', 'In every Region that is enabled for the account that asked and where Access Analyzer exists, the management account or a delegated administrator has an analyzer of type ORGANIZATION that is ACTIVE. Analyzers of one account, and those for unused or internal access (ORGANIZATION_UNUSED_ACCESS, ORGANIZATION_INTERNAL_ACCESS), do not count: they do not look for access from outside. One row per Region that lacks one, with what is there instead; one row where no Region has one, and where all have.', 'No such analyzer was seen in the Region, and one may be there: the management account or a delegated administrator was not read, or it is not known who is one. Where that is so in all Regions it is one row.', 'In the delegated administrator of {service_name} run `aws accessanalyzer create-analyzer --analyzer-name organization --type ORGANIZATION --region REGION` in {region}; delete an analyzer that is DISABLED because its account was deregistered, after registering the account again.', 'https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-create-external.html'),
    ('admin_status_settled', 'No administrator is being made or removed', 'medium', '{"aws_sra":["delegated_administration"]}'::jsonb, array['aws_organizations', 'aws_organizations_service_access', 'aws_*_organization_admin_accounts', 'aws_ec2_regions', 'aws_delegation_services']::text[], 'While a service says DISABLE_IN_PROGRESS or OFFBOARDING the account stands in the list and has no power, or not for long. A change that has got stuck there leaves the organization without an administrator that anybody would miss.', 'Every status that a service itself gives for an administrator is one of a finished change: ENABLED, or ONBOARDING_COMPLETE of Firewall Manager; for Inspector also what GetDelegatedAdminAccount says (ENABLED or CREATED), for the default administrator of Firewall Manager also its role (READY). A status that AWS adds one day is not settled. Amazon Detective and AWS Audit Manager give no status: who is named there is settled. One row per service and Region that is not settled, one per service where all are; a service without an administrator is not judged.', 'The Region, the list of enabled Regions, or the second call that tells the status was not answered; or this version does not ask the service, which has trusted access. Where nobody is known to administer the service anywhere, one row speaks of all Regions that were not read.', 'Wait some minutes and sync again. If {service_name} still says so in {region}, repeat the change: `{register_command}` to keep the account, `{deregister_command}` to let it go.', 'https://docs.aws.amazon.com/guardduty/latest/APIReference/API_AdminAccount.html'),
    ('central_root_access_enabled', 'Root access of members is managed centrally', 'high', '{"cis_aws_7.0":["2.1.1"],"aws_sra":["central_root_access"]}'::jsonb, array['aws_organizations', 'aws_iam_organizations_features']::text[], 'Each member has a root user whom its own policies do not bind. Managed centrally, members need no root credentials at all, and what only root can do is done in a short session that is logged.', 'iam:ListOrganizationsFeatures names both RootCredentialsManagement and RootSessions. Where IAM has no trusted access AWS says so instead, and then neither is on.', 'iam:ListOrganizationsFeatures was not answered.', 'In the management account run `aws organizations enable-aws-service-access --service-principal iam.amazonaws.com`, then `aws iam enable-organizations-root-credentials-management` and `aws iam enable-organizations-root-sessions`.', 'https://docs.aws.amazon.com/IAM/latest/UserGuide/id_root-user.html#id_root-user-access-management'),
    ('config_aggregates_organization', 'AWS Config aggregates the whole organization in the expected account', 'medium', '{"aws_sra":["security_tooling_account"]}'::jsonb, array['aws_organizations', 'aws_organizations_accounts', 'aws_organizations_service_access', 'aws_organizations_delegated_administrators', 'aws_organizations_delegated_services', 'aws_config_configuration_aggregators', 'aws_ec2_regions', 'aws_delegation_services', 'aws_delegation_owners', 'aws_delegation_expectations']::text[], 'What Config records lies in each account and Region by itself. Without an aggregator of the organization nobody can ask for all of it at once, and an aggregator of single accounts lacks every account that joined since.', 'At least one aggregator has an OrganizationAggregationSource with AllAwsRegions, or with AwsRegions that name every enabled Region where Config exists, and is in an account of the expected owner of Config (infosec, unless `expectations` of the spec says otherwise). The Region that it is in does not matter. Where none is so, each is named with what it lacks. Whether Config records anything in members, and whether the role of the aggregator works, is not read; filters of an aggregator are told and not judged.', 'No such aggregator was seen, and one may be there: an account that may have it, or a Region, was not read; or the spec does not say who the owner is.', 'In the account that should have it run `aws configservice put-configuration-aggregator --configuration-aggregator-name organization --organization-aggregation-source RoleArn=ROLE_ARN,AllAwsRegions=true`, after `aws organizations register-delegated-administrator --account-id ACCOUNT_ID --service-principal config.amazonaws.com` in the management account.', 'https://docs.aws.amazon.com/config/latest/developerguide/aggregate-data.html'),
    ('delegated_admin_account_active', 'Every delegated administrator is an active member of the organization', 'high', '{"aws_sra":["delegated_administration"]}'::jsonb, array['aws_organizations', 'aws_organizations_accounts', 'aws_organizations_service_access', 'aws_organizations_delegated_administrators', 'aws_organizations_delegated_services', 'aws_organization_resource_policies', 'aws_organization_resource_policy_statements', 'aws_*_organization_admin_accounts', 'aws_ec2_regions', 'aws_delegation_services']::text[], 'A suspended or closed account still stands in the lists as the administrator, and nobody can sign in to it: findings go nowhere. An account that is not of this organization has power over it from outside.', 'Each account that holds something, by any method, is in organizations:ListAccounts with state ACTIVE. SUSPENDED, CLOSED, PENDING_CLOSURE and PENDING_ACTIVATION fail, and so does an account that is not in the list. The management account is judged by management_account_holds_no_delegation. A principal of the delegation policy that names no account, such as *, is judged by delegation_policy_principals_known. What is still being made or removed counts: the account is named there.', 'The accounts were not read, AWS gave no state that this version knows, or a question was not answered that may hide another administrator (then one row for the organization).', 'Make an active account of the expected owner the administrator of each service named in the reason, and take account {account_id} away, for Organizations with `aws organizations deregister-delegated-administrator --account-id {account_id} --service-principal SERVICE_PRINCIPAL`.', 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_delegated_admin.html'),
    ('delegated_admin_covered_by_guardrails', 'Accounts that hold a delegation cannot leave the organization', 'medium', '{"cis_aws_7.0":["2.1.2"],"aws_sra":["organization_policies"]}'::jsonb, array['aws_organizations', 'aws_organizations_roots', 'aws_organizations_accounts', 'aws_organizations_policies', 'aws_organizations_policy_targets', 'aws_organizations_service_access', 'aws_organizations_delegated_administrators', 'aws_organization_resource_policies', 'aws_organization_resource_policy_statements', 'aws_*_organization_admin_accounts', 'aws_ec2_regions', 'aws_delegation_services']::text[], 'An account that administers a service for the whole organization is the one that must not slip out of its guardrails; and an OU of its own is where an SCP is easily forgotten.', 'For each account that holds any delegation, by any method and in any Region, whether organizations:LeaveOrganization is effectively denied there, as scp_prevents_leaving has it. Only ACTIVE members are judged: SCPs never bind the management account (management_account_holds_no_delegation judges that one), and a holder that is suspended or no member is judged by delegated_admin_account_active and delegation_policy_principals_known.', 'What decides the guardrail of that account was not read; or a read of administrators is missing, so that there may be holders that nobody saw (one row for the organization).', 'Attach an SCP with `{"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}` to the root or to the OU of that account: `aws organizations attach-policy --policy-id <policy> --target-id <root, OU or account>`.', 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html'),
    ('delegated_admin_hosts_no_workloads', 'No delegated administrator lives among workloads', 'high', '{"cis_aws_7.0":["2.1.3"],"aws_sra":["ou_structure"]}'::jsonb, array['aws_organizations', 'aws_organizations_accounts', 'aws_organizations_organizational_units', 'aws_organizations_service_access', 'aws_organizations_delegated_administrators', 'aws_organizations_delegated_services', 'aws_organization_resource_policies', 'aws_organization_resource_policy_statements', 'aws_*_organization_admin_accounts', 'aws_ec2_regions', 'aws_delegation_services', 'aws_delegation_settings']::text[], 'Whoever breaks into a workload of such an account, or deploys to it, has its power over the whole organization. And the SCPs made for workloads are not those that an administrator needs.', 'Each ACTIVE member that holds something, by any method, is in none of the `workload_ous` of the spec nor below one, and not directly at the root, where no OU sets it apart. Without `workload_ous` nothing is judged, the root included: the spec has not said how this organization is laid out. An OU of the spec that does not exist lets nobody pass. The management account is judged by management_account_holds_no_delegation; accounts that are not ACTIVE, or of no organization, by delegated_admin_account_active.', 'The spec names no workload OUs, or one that does not exist; the place of the account was not read; or a question was not answered that may hide another administrator (then one row for the organization).', 'Move account {account_id} to an OU for security or infrastructure with `aws organizations move-account --account-id {account_id} --source-parent-id PARENT_ID --destination-parent-id OU_ID` and its workloads to other accounts, or make another account the administrator.', 'https://docs.aws.amazon.com/whitepapers/latest/organizing-your-aws-environment/security-ou-and-accounts.html'),
    ('delegated_admin_limit', 'Each service has room for another delegated administrator', 'low', '{"aws_sra":["delegated_administration"]}'::jsonb, array['aws_organizations', 'aws_organizations_service_access', 'aws_organizations_delegated_administrators', 'aws_organizations_delegated_services', 'aws_*_organization_admin_accounts', 'aws_ec2_regions', 'aws_delegation_services']::text[], 'Where AWS''s maximum is reached, the next registration is refused, as a rule on the day on which somebody else has to take over. And each of many administrators has the power over the whole service.', 'For each service of which AWS''s maximum is known and that has an administrator: how many accounts are one, each counted once per list (of Organizations, or of the service itself in one Region); the longest list counts. Administrators that are being made or removed are told and not counted; suspended ones count, because AWS counts them. Reaching a maximum of more than one fails. A maximum of one is there to be reached: only more than one fails.', 'A list that may be longer was not read.', 'Take the delegation of {service_name} away from accounts that need it no longer: {deregister_command}.', 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html'),
    ('delegation_has_trusted_access', 'A service that is registered with Organizations has trusted access', 'medium', '{"aws_sra":["trusted_access"]}'::jsonb, array['aws_organizations', 'aws_organizations_service_access', 'aws_organizations_delegated_administrators', 'aws_organizations_delegated_services', 'aws_delegation_services']::text[], 'Without trusted access the service may not look into the organization: the administrator stands in the list and administers nothing. Often somebody switched the service off and forgot the registration, which works again for whoever switches it on.', 'Each service that has an administrator registered with Organizations has trusted access, by any of its principals. A principal that the catalogue does not know is judged by itself.', 'Trusted access was not read, or the registrations were not (then one row for the organization); or the catalogue was not, so that another principal of the service may have it.', 'Switch the service on with `aws organizations enable-aws-service-access --service-principal SERVICE_PRINCIPAL`, or take the registration away with `aws organizations deregister-delegated-administrator --account-id ACCOUNT_ID --service-principal SERVICE_PRINCIPAL`.', 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services.html'),
    ('delegation_policy_no_self_escalation', 'Nobody but infosec can loosen the guardrails that bind itself', 'critical', '{"aws_sra":["delegated_administration","organization_policies"]}'::jsonb, array['aws_organizations', 'aws_organizations_accounts', 'aws_organization_resource_policies', 'aws_organization_resource_policy_statements', 'aws_delegation_owners']::text[], 'An account that may change the SCPs or RCPs above itself, or the delegation policy, is bound by nothing: it can give itself what it lacks, and switch off the guardrails of everybody else.', 'Each principal of a statement with Effect Allow is judged by all that the policy gives its account, the roles of the account and everybody, and no Deny takes away whole. It reaches its own guardrails with UpdatePolicy or DeletePolicy on SCPs or RCPs, whichever they are attached to; with AttachPolicy or DetachPolicy of SCPs or RCPs to the root, an OU above its account or its account itself; with DisablePolicyType of these types at the root; with PutResourcePolicy or DeleteResourcePolicy; and with MoveAccount or RemoveAccountFromOrganization. Only a condition on organizations:PolicyType that leaves both types out, or a Resource that plainly names something else (ARNs of other policy types, OUs and accounts elsewhere), frees it; other conditions, NotResource and a Resource that is no full ARN do not, nor does it help that policy and target stand in two statements. A Deny on every resource for these types, or without conditions, takes them away. Policies without a target, or targets without a policy, count as reaching what is not said. Who reaches them passes only as an account of the owner infosec of the spec, whatever `expectations` says. Everybody (`*`), services and accounts that are no members fail whoever infosec is; the management account, which no SCP binds, is not_applicable.', 'The delegation policy, the accounts with their tags and places, or the owners of the spec were not read, a statement cannot be judged, it has an action that this version does not know, or the spec does not say who infosec is.', 'In the management account run `aws organizations describe-resource-policy`, limit the statement by `"Condition": {"StringEquals": {"organizations:PolicyType": [...]}}` to types other than SERVICE_CONTROL_POLICY and RESOURCE_CONTROL_POLICY, or its Resource to OUs and accounts elsewhere, and put the policy back with `aws organizations put-resource-policy --content file://delegation-policy.json`.', 'https://docs.aws.amazon.com/organizations/latest/userguide/security_iam_resource-based-policy-examples.html'),
    ('delegation_policy_no_wildcards', 'The delegation policy names whom it lets do what, without wildcards', 'critical', '{"aws_sra":["delegated_administration","organization_policies"]}'::jsonb, array['aws_organizations', 'aws_organization_resource_policies', 'aws_organization_resource_policy_statements']::text[], 'A wildcard gives power over every guardrail to accounts that nobody thought of, or hands out actions that AWS adds later.', 'Each statement with Effect Allow is judged, all its faults in one row; a Deny gives nothing to anybody and is not_applicable, and a Deny elsewhere does not mend a fault. Faults are (1) a principal with `*`, unless a condition keeps it within this organization; (2) an action with `*` or `?` that does not begin with organizations:Describe, List, Get, Tag or Untag, as those only look and tag: so `*`, `organizations:*` and `organizations:Attach*` are faults, and actions of other services do not count; (3) NotAction; (4) NotPrincipal. The conditions that keep it within this organization are StringEquals or StringLike on aws:PrincipalOrgID or aws:SourceOrgID with this ID and nothing else, and ForAnyValue:StringEquals or ForAnyValue:StringLike on aws:PrincipalOrgPaths with paths that begin with this ID and a slash. IfExists and ForAllValues also hold where there is no organization, so they keep nobody out; of a condition on accounts or roles the rule takes no notice, as they belong into Principal.', 'The delegation policy was not read, or the statement cannot be judged because its Effect, Action or Principal is not where AWS has it.', 'In the management account run `aws organizations describe-resource-policy`, write account IDs and actions one by one into the statement, and put it back with `aws organizations put-resource-policy --content file://delegation-policy.json`.', 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs-policy-delegate.html'),
    ('delegation_policy_present', 'Policy administration is delegated to a member account', 'medium', '{"aws_sra":["delegated_administration","organization_policies"]}'::jsonb, array['aws_organizations', 'aws_organizations_accounts', 'aws_organization_resource_policies', 'aws_organization_resource_policy_statements']::text[], 'Without a delegation policy every change of an SCP, a tag policy or a backup policy needs somebody in the management account, which no SCP binds and which should hardly ever be used.', 'The organization has a delegation policy, and it gives an ACTIVE member account, or everybody, at least one action of policy work (create, update, delete, attach or detach policies, switch policy types) that no Deny takes away whole. That AWS knows no such policy is an answer, and fails. So does a policy that lets accounts only look and tag, or that names only the management account or accounts that are no ACTIVE members. Who holds it is for other rules.', 'The delegation policy was not read, one of its statements cannot be judged, or whether the account that it names is an ACTIVE member was not read.', 'In the management account run `aws organizations put-resource-policy --content file://delegation-policy.json` with a policy that lets an account of the security team do policy work, for the policy types and targets that it needs and no others.', 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs-policy-delegate.html'),
    ('delegation_policy_principals_are_owners', 'Only the expected owner does policy work by the delegation policy', 'high', '{"aws_sra":["delegated_administration","organization_policies"]}'::jsonb, array['aws_organizations', 'aws_organizations_accounts', 'aws_organization_resource_policies', 'aws_organization_resource_policy_statements', 'aws_delegation_owners', 'aws_delegation_expectations']::text[], 'Who may create and attach policies decides what every other account may do. That belongs to the team that answers for the guardrails.', 'Each principal to which a statement with Effect Allow gives policy work (everything but looking and tagging) that no Deny takes away whole is judged by its account. It passes where that is an ACTIVE account of the expected owner of organizations-delegation-policy: infosec, unless `expectations` of the spec says otherwise. Everybody (`*`), services, accounts that are no members and accounts that are not ACTIVE fail whoever the owner is. Who may only look and tag is not_applicable.', 'The delegation policy, the accounts with their tags and places, or the owners and expectations of the spec were not read, a statement cannot be judged, or the spec does not say who the owner is.', 'In the management account run `aws organizations describe-resource-policy`, take policy work from this principal, and put the policy back with `aws organizations put-resource-policy --content file://delegation-policy.json`; or name its account in `owners` or its owner in `expectations` of the spec, if it should do policy work.', 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs-policy-delegate.html'),
    ('delegation_policy_principals_known', 'Everybody named in the delegation policy is an active member of the organization', 'high', '{"aws_sra":["delegated_administration","organization_policies"]}'::jsonb, array['aws_organizations', 'aws_organizations_accounts', 'aws_organization_resource_policies', 'aws_organization_resource_policy_statements']::text[], 'A grant to an account that has left, was closed or never was a member waits for whoever gets hold of it, and shows that nobody looks after the policy.', 'Each principal of a statement with Effect Allow is judged: an account ID, or the account in the ARN of its root, a role or a user. It passes where that is an ACTIVE member account. The management account fails, as it needs no delegation; so does a service, a canonical user, a federated identity and the ID of a deleted role, as none of these is a member account. Everybody (`*`), everybody but one (NotPrincipal) and a name with a wildcard are judged by delegation_policy_no_wildcards and not_applicable here.', 'The delegation policy was not read, a statement cannot be judged, or the accounts of the organization were not read and this one is not among those that are known.', 'In the management account run `aws organizations describe-resource-policy`, take the principal out or write the member account into its place, and put the policy back with `aws organizations put-resource-policy --content file://delegation-policy.json`.', 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs-policy-delegate.html'),
    ('delegation_policy_types_in_use', 'Each policy type that is delegated is enabled', 'medium', '{"aws_sra":["delegated_administration","organization_policies"]}'::jsonb, array['aws_organizations', 'aws_organizations_roots', 'aws_organization_resource_policies', 'aws_organization_resource_policy_statements']::text[], 'Power over a policy type that is not enabled is power that nobody uses and nobody watches, until somebody enables it.', 'Each policy type to which a statement with Effect Allow limits policy work, by organizations:PolicyType or by the ARN of the policies, is ENABLED at the root. A type with a wildcard passes where it takes in a type that is ENABLED. Policy work on every type is a row of its own (`*`) that is not_applicable, as there is no type to compare. What a Deny takes away whole does not count.', 'The delegation policy or the root was not read, or a statement cannot be judged.', 'In the management account run `aws organizations enable-policy-type` with the root and the type if you want to use it; otherwise take the type out of the delegation policy and put that back with `aws organizations put-resource-policy --content file://delegation-policy.json`.', 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_enable-disable.html'),
    ('delegation_reviewed', 'No approval of a delegation is overdue for review', 'low', '{"aws_sra":["delegated_administration"]}'::jsonb, array['aws_organizations', 'aws_delegation_approvals', 'aws_delegation_settings']::text[], 'Who needed a power two years ago may not need it today. A review that nobody does is how such powers stay.', 'Today, in UTC by the clock of the database, is not past the `review_by` of an approval; the day itself is in time. One row for each approval of a delegation that has such a day, whether or not the delegation is there (delegations_approved tells); those without one are counted in a row for the organization.', 'The spec has no approvals, or the sync left them out.', 'Look at the delegation again. Where it is still needed, set a new `review_by` in the approvals; where it is not, take it and its approval away.', 'https://docs.aws.amazon.com/prescriptive-guidance/latest/security-reference-architecture/security-tooling.html'),
    ('delegation_service_role_present', 'A service that was delegated through Organizations has the role that it needs', 'medium', '{"aws_sra":["delegated_administration"]}'::jsonb, array['aws_organizations', 'aws_organizations_delegated_administrators', 'aws_organizations_delegated_services', 'aws_iam_service_linked_roles', 'aws_delegation_services']::text[], 'CloudTrail, IPAM, Security Lake and a few more make their service-linked role only when they are delegated by their own call or in their console. Registered with Organizations alone the administrator stands in the list, and cannot work.', 'Each service that the catalogue says needs such a role, and that is registered with Organizations, has the role in the management account. A service that is not registered is not_applicable.', 'The roles of the management account were not read, or were read in another account; or Organizations was not asked and the role is missing.', 'Make the role in the management account with `aws iam create-service-linked-role --aws-service-name SERVICE_PRINCIPAL`, or take the registration away and delegate {service_name} by its own call: {register_command}.', 'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator.html'),
    ('delegations_approved', 'Every delegation is approved, and every approval is of one that exists', 'high', '{"cis_aws_7.0":["2.1.6"],"aws_sra":["delegated_administration"]}'::jsonb, array['aws_organizations', 'aws_organizations_service_access', 'aws_organizations_delegated_administrators', 'aws_organizations_delegated_services', 'aws_organization_resource_policies', 'aws_organization_resource_policy_statements', 'aws_*_organization_admin_accounts', 'aws_ec2_regions', 'aws_delegation_services', 'aws_delegation_approvals', 'aws_delegation_settings']::text[], 'A delegation that nobody decided on is power over the whole organization that nobody watches. An approval that is left over lets somebody take that power again without being asked.', 'Each delegation, by each method and in each Region, is named by an approval of the spec, with all its service principals and all principals of the delegation policy; and each approval names one that is there. Regions of one holder, service and method are one row where the verdict is the same in all of them. An empty list of approvals approves nothing. Of the delegation policy only grants of policy work count.', 'The spec has no approvals; or a question was not answered that may hide a delegation (one row per service and method), or the one that an approval is about.', 'Let the one who answers for it add the delegation to the approvals of the spec, or take it away; and take an approval away whose delegation is not to be.', 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_delegated_admin.html'),
    ('detection_and_execution_separated', 'No account both watches members and runs code in them', 'high', '{"aws_sra":["security_tooling_account"]}'::jsonb, array['aws_organizations', 'aws_organizations_delegated_administrators', 'aws_organizations_delegated_services', 'aws_guardduty_organization_admin_accounts', 'aws_securityhub_organization_admin_accounts', 'aws_ec2_regions', 'aws_delegation_services', 'aws_delegation_settings']::text[], 'Who can act in every member and also blind what would notice it leaves no trace. With the two in different accounts, a break-in into one is seen by the other.', 'Only with `separation_of_duties: true` in the spec. For each account that administers GuardDuty, Security Hub (either), CloudTrail or Config, or StackSets, Systems Manager (or its Quick Setup), Identity Center or IAM root access, through Organizations or by the service itself in any Region: it holds none of the first or none of the second. The management account can act in every member and take every detection away by itself, so whatever it holds of these fails. Accounts that are not ACTIVE are not judged.', 'A question was not answered that could show the other side in the hands of the same account, or of an account that shows nowhere yet.', 'Make another account the administrator of one of the two sides; docs/services has the commands for each service that the reason names. The catalogue recommends infosec for GuardDuty as well as for Identity Center and root access: name the other owner in the spec, `expectations: {identity-center: [identity], iam-root-access: [identity]}`.', 'https://docs.aws.amazon.com/prescriptive-guidance/latest/security-reference-architecture/dedicated-accounts.html'),
    ('every_region_has_admin', 'A delegated regional service has an administrator in every enabled Region', 'high', '{"aws_sra":["delegated_administration"]}'::jsonb, array['aws_organizations', 'aws_organizations_accounts', 'aws_*_organization_admin_accounts', 'aws_ec2_regions', 'aws_delegation_services']::text[], 'An administrator of GuardDuty, Macie or Inspector sees the Regions in which it was made one, and no other. In the Region that was forgotten nobody enrolls members or reads findings.', 'A regional service that itself names an administrator in one Region names one in every Region that is enabled for the account that asked, and in which the service exists. Regions that only members have enabled are not seen. An administrator counts that is settled, and an account of the organization that is ACTIVE or PENDING_CLOSURE: one that is suspended, has left, or is being made or removed is told, and the Region lacks one. A registration with Organizations alone is no administrator in any Region. One row per service and Region that lacks one, one per service where all have one; a service that nobody administers anywhere is not judged.', 'The Region, the list of enabled Regions, or the state of the account that is named was not read. Where nobody is known to administer the service anywhere, one row speaks of all Regions that were not read.', 'Make the account that administers {service_name} elsewhere its administrator in {region} too: `{register_command}`.', 'https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_organizations.html'),
    ('execution_services_held_narrowly', 'Each service that runs code or grants access in members has one administrator, and the right one', 'critical', '{"cis_aws_7.0":["2.1.6"],"aws_sra":["delegated_administration"]}'::jsonb, array['aws_organizations', 'aws_organizations_accounts', 'aws_organizations_service_access', 'aws_organizations_delegated_administrators', 'aws_organizations_delegated_services', 'aws_delegation_services', 'aws_delegation_owners', 'aws_delegation_expectations']::text[], 'Who administers Identity Center, StackSets, Systems Manager, Account Management or root access can act in every member. Each further account with such a power is a further way into all of them.', 'Identity Center, CloudFormation StackSets, Systems Manager (and its Quick Setup), Account Management and IAM root access, where they are in use, are each held by one account, by whatever method, and it belongs to the expected owner. Accounts that are not ACTIVE do not count as holders and are told in the reason. Two holders fail whoever they are.', 'A read is missing that could hide a second holder, or the spec does not say who should hold the service: the reason has the line to add.', 'Leave one account of the expected owner: take every other administrator of {service_name} away with `{deregister_command}`, and make that one, where there is none, with `{register_command}`.', 'https://docs.aws.amazon.com/singlesignon/latest/userguide/delegated-admin.html'),
    ('leaving_is_observable', 'It would be noticed that an account leaves the organization', 'medium', '{"aws_sra":["log_archive_account"]}'::jsonb, array['aws_organizations', 'aws_cloudtrail_trails', 'aws_cloudtrail_event_data_stores']::text[], 'LeaveOrganization is logged in the member that leaves, and in no history of the management account. An account that has left is just no longer there, and with it goes the event history that says who did it.', 'This version reads the event histories of the management account and of the accounts that the delegation policy names, and no log files. So it cannot see the event, and never passes. The reason says whether a trail of the organization logs, or an event data store collects, from every member, where one would have to search.', 'Always, where there is an organization (not_observable); or the organization was not read.', 'Search the log files of the organization trail, or the event data store, for `eventName = LeaveOrganization`, and let an alarm do so from now on; scp_prevents_leaving says who can leave at all.', 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_leave.html'),
    ('management_account_holds_no_delegation', 'The management account holds no delegation', 'high', '{"cis_aws_7.0":["2.1.6"],"aws_sra":["management_account"]}'::jsonb, array['aws_organizations', 'aws_*_organization_admin_accounts', 'aws_ec2_regions', 'aws_delegation_services']::text[], 'SCPs never bind the management account, so work that is done there is done without guardrails. Some services accept it as their administrator by their own call, and Organizations, which refuses it, then lists nobody.', 'No service names the management account as its administrator, asked itself in every enabled Region where it exists, whatever the status; nor does Organizations. One row per service and Region that differ, one per service where all agree. Services that can be delegated through Organizations alone have no row: it refuses the management account. Grants of the delegation policy do not count: the management account has these powers anyway.', 'The service was not asked in that Region, or this version cannot ask it and AWS does not say that it refuses the management account.', 'Make a member account the administrator of {service_name} in {region} instead, after `{deregister_command}` for {account_id}.', 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_best-practices_mgmt-acct.html'),
    ('methods_agree', 'Organizations and the service name the same administrators', 'high', '{"aws_sra":["delegated_administration"]}'::jsonb, array['aws_organizations', 'aws_organizations_delegated_administrators', 'aws_organizations_delegated_services', 'aws_*_organization_admin_accounts', 'aws_ec2_regions', 'aws_delegation_services']::text[], 'Organizations and the service keep a list of administrators each, and only the one of the service says who has the power. Who reads the list of Organizations alone is told "nobody" where the management account is the administrator, and the wrong account where one of the lists was changed behind the other.', 'For each service that can be delegated through Organizations and by its own call: every account that the service itself names, in any Region, is registered with Organizations, and every account registered there is named by the service in at least one Region. Organizations knows no Regions, so a Region without an administrator is no disagreement here (every_region_has_admin judges it). The management account as administrator fails: Organizations can never name it, and its list then says less than is true. Administrators that are being made or removed do not count as named, and are told. Services that share a principal (Security Hub CSPM and V2) are one registration: it is enough that one of them names the account. States of accounts do not matter here. One row per service where all agree, otherwise one per service and Region that differ; without a Region where it is about the service as a whole.', 'One of the two lists was not read, for the whole service or in that Region, and what is missing could contradict the other; or another service with the same principal was not read, and it may name the account that is registered.', 'Decide who should administer {service_name}, and make that account the administrator by the call of the service in {region} (`{register_command}`), which registers it with Organizations too; take others away with `{deregister_command}`, or with `aws organizations deregister-delegated-administrator` where only Organizations names them.', 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html'),
    ('new_accounts_enrolled', 'New accounts are enrolled in the security services that are in use', 'high', '{"aws_sra":["security_tooling_account"]}'::jsonb, array['aws_organizations', 'aws_organizations_accounts', 'aws_organizations_roots', 'aws_organizations_policies', 'aws_organizations_policy_targets', 'aws_organizations_service_access', 'aws_organizations_delegated_administrators', 'aws_organizations_delegated_services', 'aws_*_organization_admin_accounts', 'aws_*_organization_configurations', 'aws_ec2_regions', 'aws_delegation_services']::text[], 'An account that joins and is not enrolled is watched by nobody, and stands in no list of what is missing. Whoever can have an account made, or invite one, then has a place to work unseen.', 'GuardDuty, Security Hub CSPM, Security Hub V2, Macie, Inspector, Detective and Security Lake, each where it is in use (trusted access, or an administrator by any method), in every enabled Region where it exists. What counts is what each administrator has set there. GuardDuty: ALL or NEW of AutoEnableOrganizationMembers, or the older AutoEnable; NEW leaves members of before as they are. Security Hub CSPM: AutoEnable, or central configuration that is ENABLED, under which AutoEnable is false by design; its configuration policies are not read. Inspector: ec2, ecr and lambda all on; lambdaCode and codeRepository are told and not judged, because code scanning is not in every Region, and a repository has to be connected first. Macie and Detective: AutoEnable. Security Lake: the Region is in autoEnableNewAccount with a source, whichever Region said so. A policy of the organization (GUARDDUTY_POLICY, SECURITYHUB_CSPM_POLICY, INSPECTOR_POLICY, and for Security Hub V2 SECURITYHUB_POLICY alone) that is attached to the root, of a type that is enabled there, overrules the administrator: where it switches the service on, new accounts are enrolled even without one, and where it switches it off they are not. Policies further down are told and not judged. One row per service and Region in which new accounts are not enrolled (one for all Regions where Security Hub V2 lacks a policy); the Regions without an administrator, which every_region_has_admin tells one by one, are one row here; one row per service where all agree.', 'The administrator, or what it has set, was not read: the spec lends no access to it, the role cannot be assumed there, or the read was denied. Or a policy that counts was not read, or is written in a way that this version cannot tell. Where that is so in all Regions of a service it is one row.', 'In the administrator of {service_name}, switch auto-enable on in {region} (`aws guardduty update-organization-configuration --auto-enable-organization-members ALL`, `aws securityhub update-organization-configuration --auto-enable`, and so on), or attach a policy of the organization that does to the root.', 'https://docs.aws.amazon.com/guardduty/latest/ug/set-guardduty-auto-enable-preferences.html'),
    ('no_open_invitation', 'No invitation to the organization is open longer than three days', 'low', '{}'::jsonb, array['aws_organizations', 'aws_organizations_handshakes']::text[], 'Whoever can sign in to the invited account can bring it into the organization until the invitation lapses, with whatever it has in it. One that nobody answers is forgotten, or was sent to the wrong account.', 'Each handshake with Action INVITE that is not CANCELED, ACCEPTED, DECLINED or EXPIRED was requested at most three days before the sync. A request for all features is the matter of org_all_features_enabled.', 'organizations:ListHandshakesForOrganization was not answered, or does not say since when an invitation is open.', 'Let the invited account accept, or in the management account run `aws organizations cancel-handshake --handshake-id ID` with the ID in the finding.', 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_invites.html'),
    ('no_unapproved_significant_event', 'Nobody changed the organization, its policies or its administrators without approval', 'high', '{"aws_sra":["delegated_administration","organization_policies"]}'::jsonb, array['aws_organizations', 'aws_cloudtrail_organization_events', 'aws_organization_resource_policy_statements', 'aws_ec2_regions', 'aws_delegation_services', 'aws_delegation_approvals', 'aws_delegation_settings']::text[], 'A guardrail can be off for an hour and back on before anybody looks at what is there, and a delegation can be made for as long as it takes to use it. Only the history of events shows that, and who it was.', 'Each event of the last `events.lookback_days` before the sync is by a principal whom an entry of `principals` in the approvals names for that action, by the ARN of the role, user or session (a service that acts as itself: by its principal). Judged are AttachPolicy, DetachPolicy, UpdatePolicy, DeletePolicy, DisablePolicyType, DeleteOrganization, RemoveAccountFromOrganization, LeaveOrganization, EnableAWSServiceAccess, DisableAWSServiceAccess, RegisterDelegatedAdministrator, DeregisterDelegatedAdministrator, PutResourcePolicy and DeleteResourcePolicy of Organizations, the calls by which a service takes or loses an administrator, fms:PutAdminAccount, and those that switch central root access. Each unapproved event is a row, so that a waiver can accept the one and not the next. An attempt that AWS refused fails as well, because somebody who may not do it tried; its reason says that nothing was changed. Older events, and what else delegation.changes shows, are not judged. What nobody has to approve is one row per account. Events of the last minutes before the sync may not have reached CloudTrail''s history yet.', 'The spec has no approvals; the event history of the management account or of an account of the delegation policy was not read in a Region, or the spec lends no access to it (delegated_admin_role_name); or the delegation policy lets everybody change something, so that any history could have it. Not judged is what an administrator does with a call of its own (fms:DisassociateAdminAccount, and IAM''s switches for root access by who administers it): that is in its own history, which is read only where the delegation policy names the account.', 'Find out who it was and why. If it was right, let the one who answers for it add the principal and the action to `principals` of the approvals, or a waiver for this one event; otherwise undo it, and take the permission away.', 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_security_incident-response.html'),
    ('org_all_features_enabled', 'The organization uses all features', 'critical', '{"cis_aws_7.0":["2.1.2"],"aws_sra":["organization_policies"]}'::jsonb, array['aws_organizations', 'aws_organizations_handshakes']::text[], 'With consolidated billing alone there are no policies, no trusted access and no delegated administrators: nothing that this pack looks at can work.', 'The FeatureSet of organizations:DescribeOrganization is ALL. An account that is in no organization fails. A request for all features that waits for somebody is told in the reason.', 'organizations:DescribeOrganization was not answered.', 'In the management account run `aws organizations enable-all-features`, let each invited account accept, then finalize the request in the console; SCPs and delegation need it.', 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_org_support-all-features.html'),
    ('org_scp_type_enabled', 'Service control policies are enabled at the root', 'high', '{"cis_aws_7.0":["2.1.2"],"aws_sra":["organization_policies"]}'::jsonb, array['aws_organizations', 'aws_organizations_roots']::text[], 'All features alone switch no policy on. Unless the root has this policy type enabled, no SCP denies anything, however good it looks.', 'The PolicyTypes of the root in organizations:ListRoots have SERVICE_CONTROL_POLICY with Status ENABLED. PENDING_ENABLE and PENDING_DISABLE fail, and are told.', 'The organization or its root was not read.', 'In the management account run `aws organizations enable-policy-type --root-id ROOT --policy-type SERVICE_CONTROL_POLICY`, with the ID that `aws organizations list-roots` gives.', 'https://docs.aws.amazon.com/organizations/latest/userguide/enable-policy-type.html'),
    ('organization_trail_exists', 'A trail of the organization logs every account and Region', 'high', '{"aws_sra":["log_archive_account"]}'::jsonb, array['aws_organizations', 'aws_cloudtrail_trails', 'aws_ec2_regions']::text[], 'A trail of the organization logs members whether they like it or not. Without one, what happened in a member is known to that member alone, and only for as long as it does not switch its own trail off.', 'At least one trail has IsOrganizationTrail, IsMultiRegionTrail and LogFileValidationEnabled in cloudtrail:DescribeTrails, and IsLogging in cloudtrail:GetTrailStatus. Where none has all four, each is named with what it lacks.', 'No complete trail was seen, and one may be there: trails of a Region, the Regions or the status of a trail were not read.', 'In the management account or the CloudTrail administrator run `aws cloudtrail create-trail --name organization --s3-bucket-name BUCKET --is-organization-trail --is-multi-region-trail --enable-log-file-validation`, then `aws cloudtrail start-logging --name organization`; `aws cloudtrail update-trail` mends one that is there.', 'https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html'),
    ('reads_complete', 'Everything that the sync wanted to read was read', 'high', '{}'::jsonb, array['*']::text[], 'What was not read is not known, however green the rest is. Elsewhere a gap shows as an unknown of the rules that it touches; here every gap is named once, with what ends it.', 'Every read of the newest sync in aws_delegation_reads ended ok, as absent (AWS said that there is none), or was left out by the spec. An ok counts only where the rows are there: not where a sync was cut short, nor where the views are older than the table. A table, or an enabled Region of a service, without any record of a read is a gap as well. One row per table and operation with a gap, which names the Regions and some of what was asked there; one pass where there is none. Also judged for an account that is in no organization.', 'The read in question was denied, failed or is not recorded. This rule has no other finding.', 'Grant the action that the reason names to the role that syncs, or take away what stopped the call, and sync again; or leave the table out with `skip_tables`, and let the rules that lean on it say so.', 'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html'),
    ('region_guardrail_effective', 'Members can use the allowed Regions only', 'medium', '{"aws_sra":["organization_policies"]}'::jsonb, array['aws_organizations', 'aws_organizations_roots', 'aws_organizations_accounts', 'aws_organizations_policies', 'aws_organizations_policy_targets', 'aws_delegation_settings']::text[], 'What runs in a Region that nobody looks at is not seen by the services that look for it, and data may rest where it must not.', 'Only where the spec names allowed_regions. For each ACTIVE member, whether an SCP at the root, in an OU of its path or on the account denies every action (Action *, or NotAction, whose list is shown) by StringNotEquals or StringNotLike on aws:RequestedRegion, with no Region that the spec does not allow, on every resource, and otherwise without a condition that lets anybody else through. Exemptions of single principals are named in the reason. A pattern of Regions fails, for AWS may add one that it matches; so does a NotAction with a wildcard for the service. A Deny of everything in every Region is one too; an Allow is none.', 'A policy, its text, its attachments, the root, the accounts or the settings were not read, and what is missing could change the verdict.', 'Attach an SCP to the root with a Deny of NotAction (the global services that you use: iam:*, organizations:*, sts:*, ...) on * under StringNotEquals aws:RequestedRegion with exactly the Regions of `allowed_regions`.', 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html'),
    ('same_admin_in_every_region', 'A regional service has the same administrator in every Region', 'high', '{"aws_sra":["delegated_administration"]}'::jsonb, array['aws_organizations', 'aws_*_organization_admin_accounts', 'aws_ec2_regions', 'aws_delegation_services']::text[], 'Each Region of GuardDuty, Security Hub CSPM, Macie, Inspector or Audit Manager has an administrator of its own. Where they differ, findings end in two places, and one of the two is watched by nobody, or by the wrong people.', 'For each regional service: the accounts that the service itself names, over all enabled Regions, are one and the same. Two accounts in one Region fail as well. A Region without an administrator is no difference (every_region_has_admin judges it), and an administrator that is being made or removed does not count, and is told. A suspended account counts: it is named all the same. Amazon Detective may differ by design and is not judged; a service of which no source says that it may differ is. One row per service.', 'Nobody differs in what was read, and at least one Region, or the list of enabled Regions, was not read.', 'Decide which account should administer {service_name}; where it is another one, take that away (`{deregister_command}`) and make the right one the administrator (`{register_command}`), Region by Region.', 'https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_organizations.html'),
    ('scp_exceptions_narrow', 'Guardrails exempt named principals only', 'high', '{"cis_aws_7.0":["2.1.2"],"aws_sra":["organization_policies"]}'::jsonb, array['aws_organizations', 'aws_organizations_policies', 'aws_organizations_policy_targets', 'aws_cloudtrail_trails']::text[], 'Who may make roles in a member can make one whose name fits a wildcard, and is exempt from the guardrail. An exemption that names its role in full leaves only that one to be guarded.', 'Guardrails are the Denies in attached SCPs that are whole, by the tests of scp_prevents_leaving, for an action of delegation.guardrail_actions. None of them exempts by aws:PrincipalArn a role or user with a wildcard in its name or path, anything wider, or the root user of an account. A wildcard in the account of the ARN is fine, and so is one below role/aws-reserved/ and role/aws-service-role/, where only AWS makes roles. One row per policy and statement. Conditions on the account or its OU say where a guardrail holds; the rules about members judge that.', 'The list of SCPs, the text of one that is attached, or where a guardrail is attached was not read.', 'Write out each role in the ArnNotLike condition of the statement (`arn:aws:iam::*:role/Name`), and run `aws organizations update-policy --policy-id POLICY --content file://policy.json`.', 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html'),
    ('scp_prevents_leaving', 'Members cannot leave the organization', 'critical', '{"cis_aws_7.0":["2.1.2"],"aws_sra":["organization_policies"]}'::jsonb, array['aws_organizations', 'aws_organizations_roots', 'aws_organizations_accounts', 'aws_organizations_policies', 'aws_organizations_policy_targets']::text[], 'A member that leaves is out of reach of every guardrail, of the organization trail and of the security services at once.', 'For each ACTIVE member, whether organizations:LeaveOrganization is effectively denied: by a Deny in an SCP at the root, in an OU of its path or on the account, on every resource and without a condition that lets anybody else through, or because a level has no Allow for it. Exemptions of single roles are named in the reason. SCPs never bind the management account.', 'A policy, its text, its attachments, the root or the accounts were not read, and what is missing could change the verdict.', 'Attach an SCP with `{"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}` to the root, without a condition.', 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html'),
    ('scp_protects_security_controls', 'Members cannot switch off the security controls in use', 'critical', '{"cis_aws_7.0":["2.1.2"],"aws_sra":["organization_policies"]}'::jsonb, array['aws_organizations', 'aws_organizations_roots', 'aws_organizations_accounts', 'aws_organizations_policies', 'aws_organizations_policy_targets', 'aws_organizations_service_access', 'aws_organizations_delegated_administrators', 'aws_organizations_delegated_services', 'aws_*_organization_admin_accounts', 'aws_ec2_regions', 'aws_cloudtrail_trails', 'aws_delegation_services']::text[], 'An intruder who is administrator in a member first stops what would notice him: the trail, the recorder, the detector. Only an SCP keeps him from it.', 'For each ACTIVE member and each security control in use (trusted access, or an administrator by any method), whether each core action of the control (delegation.guardrail_actions) is effectively denied, by the tests of scp_prevents_leaving. For CloudTrail it is enough that the trail of the organization is covered. A control that is not in use is not judged. One row per member and control that is not protected, and one per member for those that are. SCPs never bind the management account.', 'A policy, its text, its attachments, the root, the accounts, or for CloudTrail the trails were not read; or nobody can say whether the control is in use, and it is not protected.', 'Attach an SCP to the root that denies the core actions of {service_name} (named in the reason) on *, with an exemption for a single role at most.', 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples.html'),
    ('security_hub_v1_and_v2_agree', 'Security Hub CSPM and Security Hub have the same administrator', 'medium', '{"aws_sra":["delegated_administration"]}'::jsonb, array['aws_organizations', 'aws_securityhub_organization_admin_accounts', 'aws_ec2_regions', 'aws_delegation_services']::text[], 'The two are designated apart, by one operation with another feature, and look like one service in the list of Organizations. Where they differ, findings of the organization are in the hands of two teams, and one list says that all is well.', 'The account that Security Hub CSPM names in a Region is the one that Security Hub (V2) names for the organization. Where only one of the two is used, or none, nothing is judged. A Region in which CSPM names nobody is no difference (every_region_has_admin judges it). An administrator that is being made or removed does not count, and is told. One row per Region of CSPM that differs, one where all agree.', 'One of the two was not read, for the organization or in a Region, and the other is used.', 'Decide on one account, and designate it for both: `aws securityhub enable-organization-admin-account --admin-account-id ACCOUNT --feature SecurityHub --region {region}` in each Region, and once with `--feature SecurityHubV2`. What has another administrator needs `aws securityhub disable-organization-admin-account` first.', 'https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_EnableOrganizationAdminAccount.html'),
    ('security_services_held_by_infosec', 'InfoSec holds the delegation of every security service', 'critical', '{"cis_aws_7.0":["2.1.6"],"aws_sra":["delegated_administration","security_tooling_account"]}'::jsonb, array['aws_organizations', 'aws_organizations_accounts', 'aws_organizations_service_access', 'aws_organizations_delegated_administrators', 'aws_organizations_delegated_services', 'aws_organization_resource_policies', 'aws_organization_resource_policy_statements', 'aws_*_organization_admin_accounts', 'aws_ec2_regions', 'aws_delegation_services', 'aws_delegation_owners', 'aws_delegation_expectations']::text[], 'Who administers GuardDuty, Security Hub or CloudTrail can switch detection off for the whole organization. That belongs to the security team, in every Region and by every method.', 'Each security service that is in use (trusted access, or an administrator by any method) is held by its expected owner (infosec, unless `expectations` of the spec says otherwise) and by nobody else, by every method that can tell, in every enabled Region where the service exists. One row per service and Region that differ, one per service where all agree. Of the delegation policy only grants of policy work count. A principal that the catalogue does not know may be that of a security service: it passes where ACTIVE accounts of infosec alone are registered with it.', 'A question that could change the verdict was not answered in that Region, the spec does not say who the owner is, this version has no way to ask, or anybody else is registered with a principal that the catalogue does not know.', 'In the management account, take away {service_name} in {region} from whoever else has it ({deregister_command}), and make an account of the expected owner its administrator ({register_command}).', 'https://docs.aws.amazon.com/prescriptive-guidance/latest/security-reference-architecture/security-tooling.html'),
    ('service_member_limit_not_reached', 'No security service has reached the limit of its members', 'high', '{"aws_sra":["security_tooling_account"]}'::jsonb, array['aws_organizations', 'aws_organizations_accounts', 'aws_organizations_service_access', 'aws_organizations_delegated_administrators', 'aws_organizations_delegated_services', 'aws_*_organization_admin_accounts', 'aws_*_organization_configurations', 'aws_ec2_regions', 'aws_delegation_services']::text[], 'At the limit a service takes no further member, and says so in a flag alone: the next account that joins is not watched, while auto-enable still says that it would be.', 'MemberAccountLimitReached of GuardDuty and Security Hub CSPM and maxAccountLimitReached of Macie and Inspector are false for every administrator, in every enabled Region where the service exists. Detective, Security Lake and Security Hub V2 tell nothing of the kind. One row per service and Region at the limit, one per service where none is. A Region without an administrator has no members to count: every_region_has_admin tells it.', 'The administrator, or what it says, was not read: the spec lends no access to it, the role cannot be assumed there, or the read was denied. Where that is so in all Regions of a service it is one row.', 'Have the quota of member accounts of {service_name} raised in {region} with AWS Support, or take closed accounts out of its members.', 'https://docs.aws.amazon.com/guardduty/latest/APIReference/API_DescribeOrganizationConfiguration.html'),
    ('services_held_by_expected_owner', 'Every other service is held by the owner that is expected to hold it', 'high', '{"cis_aws_7.0":["2.1.6"],"aws_sra":["delegated_administration"]}'::jsonb, array['aws_organizations', 'aws_organizations_accounts', 'aws_organizations_service_access', 'aws_organizations_delegated_administrators', 'aws_organizations_delegated_services', 'aws_delegation_services', 'aws_delegation_owners', 'aws_delegation_expectations']::text[], 'Who administers Backup can delete the backups of every member, and who administers IPAM its address plan. Such power belongs to the team that runs the service, and to nobody else.', 'Each service that is no security service, and of which the spec (`expectations`) or else the catalogue says who should hold it, is held by an account of that owner and by nobody else, if it is in use: if it has trusted access, or an administrator by any method. One row per service and Region that differ, one per service where all agree.', 'A question that could change the verdict was not answered, or the spec does not say who the owner is: the reason has the line to add.', 'Make an account of the expected owner the administrator of {service_name}: `{register_command}`. Take every other one away: `{deregister_command}`.', 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_delegated_admin.html'),
    ('sync_is_fresh', 'The last sync is younger than the spec asks for', 'medium', '{}'::jsonb, array['aws_organizations', 'aws_delegation_settings']::text[], 'A verdict is one about the day of the sync. A schedule that stopped leaves green results that nobody may rely on.', 'The newest sync of the source in aws_delegation_reads is less than `max_age_hours` of the spec old (24 where it says nothing), by the clock of the database. A sync that started less than an hour in the future is young: clocks differ. One further in the future fails, because its clock or that of the database is wrong, and until that time comes every later sync counts as older. Also judged for an account that is in no organization.', 'Nothing was synced, or the sync left out or lacks aws_delegation_settings, so that the age that is wanted is not known.', 'Sync again (`aws-delegation sync`, or `cloudquery sync`), and see why the schedule did not. Set `max_age_hours` of the spec to what your schedule promises.', 'https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config.html'),
    ('trusted_access_has_administrator', 'A service with trusted access has a delegated administrator', 'medium', '{"cis_aws_7.0":["2.1.6"],"aws_sra":["trusted_access"]}'::jsonb, array['aws_organizations', 'aws_organizations_accounts', 'aws_organizations_service_access', 'aws_organizations_delegated_administrators', 'aws_organizations_delegated_services', 'aws_*_organization_admin_accounts', 'aws_ec2_regions', 'aws_delegation_services']::text[], 'A service that works for the whole organization and has no administrator is run from the management account, which is to be used for nothing that a member could do, and which no SCP binds.', 'Each service with trusted access, by any of its principals, that can be delegated has an administrator by some method: an ACTIVE account that is not just being made or removed. One Region is enough. The management account as a service''s own administrator counts here, and management_account_holds_no_delegation judges it. A principal that the catalogue does not know is judged where somebody is registered with it, and not_applicable otherwise. A service that cannot be delegated has no row.', 'Trusted access was not read; or a question that may hide the administrator was not answered; or the accounts were not read, so that the administrator may be a suspended one.', 'Make a member account the administrator of {service_name}: {register_command}. Where nobody uses the service, take its trusted access away with `aws organizations disable-aws-service-access --service-principal SERVICE_PRINCIPAL`.', 'https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html');
comment on view delegation.rules is 'The rules, and what there is to say of each. delegation.rule_<check_id> gives its verdicts.';
comment on column delegation.rules.check_id is 'ID of the rule.';
comment on column delegation.rules.title is 'What holds where it passes.';
comment on column delegation.rules.severity is 'critical, high, medium or low.';
comment on column delegation.rules.frameworks is 'Numbers of the controls that it answers, by framework.';
comment on column delegation.rules.reads is 'Tables on which it leans; * stands for a part of the name.';
comment on column delegation.rules.why is 'What goes wrong where it does not hold.';
comment on column delegation.rules.decides is 'How a verdict comes about.';
comment on column delegation.rules.unknown is 'What an unknown means.';
comment on column delegation.rules.remediation is 'What to do, with {placeholders} for the row.';
comment on column delegation.rules.source is 'Page of AWS that it rests on.';

do $comments$
declare
    view_name text;
begin
    for view_name in
        select format('rule_%s', rules.check_id)
        from delegation.rules
    loop
        execute format('comment on column delegation.%I.organization_id is %L', view_name, 'ID of the organization; null where it is not known.');
        execute format('comment on column delegation.%I.account_id is %L', view_name, 'Account that the verdict is about, or that asked.');
        execute format('comment on column delegation.%I.region is %L', view_name, 'Region that the verdict is about; null for all of them.');
        execute format('comment on column delegation.%I.resource_id is %L', view_name, 'What is judged: a service of the catalogue, a policy, an account, a principal, the organization.');
        execute format('comment on column delegation.%I.status is %L', view_name, 'pass, fail, unknown or not_applicable.');
        execute format('comment on column delegation.%I.reason is %L', view_name, 'Why, and what to do.');
        execute format('comment on column delegation.%I.unknown_cause is %L', view_name, 'unread, not_configured or not_observable; null where the status is not unknown.');
    end loop;
end
$comments$;

-- functions/judge.sql
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

-- By what the next installation sees that it has nothing to do.
do $pack$
declare
    live_state text;
begin
    execute 'select md5(concat(current_schema(), E''\n'', string_agg(part, E''\n'' order by part collate "C"))) as state
from (
    select format(''view %s %s'', pg_class.relname, md5(pg_rewrite.ev_action::text)) as part
    from pg_catalog.pg_rewrite
    join pg_catalog.pg_class on pg_class.oid = pg_rewrite.ev_class
    where pg_class.relnamespace = ''delegation''::regnamespace and pg_class.relname <> ''pack''
    union all
    select format(''function %s %s %s %s %s'', pg_proc.proname, pg_proc.proargtypes, pg_proc.proconfig, pg_proc.provolatile, md5(pg_proc.prosrc))
    from pg_catalog.pg_proc
    where pg_proc.pronamespace = ''delegation''::regnamespace
    union all
    select format(''column %s %s %s %s'', pg_class.relname, pg_attribute.attname, pg_attribute.atttypid, pg_attribute.atttypmod)
    from pg_catalog.pg_class
    join pg_catalog.pg_attribute on pg_attribute.attrelid = pg_class.oid and pg_attribute.attnum > 0 and not pg_attribute.attisdropped
    where pg_class.relnamespace = pg_catalog.to_regnamespace(quote_ident(current_schema()))
        and pg_class.relname in (select pack_columns.table_name from delegation.pack_columns)
) as parts' into live_state;
    execute format('create or replace view delegation.pack (pack_version, live_schema, fingerprint) as select %L::text, %L::text, %L::text', '0.1.0', current_schema(), '862791271d82e204cb4926d0896fca2a ' || live_state);
end
$pack$;
comment on column delegation.pack.fingerprint is 'Of what was installed, and of the tables to which it was bound.';

commit;
