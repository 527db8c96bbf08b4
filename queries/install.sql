-- Generated from queries/functions and queries/views: installs the schema "delegation" for the tables of the current schema
-- (search_path). Run it after a first sync, when a table is new, and after an upgrade; it can be run again at any time.
begin;

set local client_min_messages = warning;
-- Two at once would stumble over each other.
do $lock$ begin perform pg_advisory_xact_lock(hashtext('delegation.install')); end $lock$;

create schema if not exists delegation;
comment on schema delegation is 'Views and functions of aws-delegation: who holds which power in an AWS organization.';

do $pack$
begin
    execute format('create or replace view delegation.pack (pack_version, live_schema) as select %L::text, %L::text', '0.1.0', current_schema());
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
            when outcome = 'denied' then format('; grant %s to the role that syncs and sync again', coalesce(nullif(operation, ''), 'the read'))
            when outcome = 'skipped' then format('; let the spec read %s, then sync again', table_name)
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
    listed as (
        select
            whole.fields ->> 'version' as version,
            element.ordinality::integer as statement_index,
            case when jsonb_typeof(element.value) = 'object' then delegation.lower_keys(element.value) else '{}' end as fields,
            case
                when jsonb_typeof(element.value) <> 'object' then 'a statement is not an object'
                when delegation.has_key_twice(element.value) then 'an element of a statement is there twice'
            end as problem
        from whole
        cross join lateral jsonb_array_elements(delegation.as_list(whole.fields -> 'statement')) with ordinality as element (value, ordinality)
        where whole.problem is null
    )
    select
        listed.statement_index,
        listed.fields ->> 'sid' as sid,
        listed.fields ->> 'effect' as effect,
        delegation.text_list(listed.fields -> 'action') as actions,
        delegation.text_list(listed.fields -> 'notaction') as not_actions,
        delegation.text_list(listed.fields -> 'resource') as resources,
        delegation.text_list(listed.fields -> 'notresource') as not_resources,
        nullif(listed.fields -> 'condition', 'null') as condition,
        -- Only this version knows policy variables; in an older one ${...} is plain text.
        listed.version is not distinct from '2012-10-17' as has_variables,
        case
            when listed.problem is not null then listed.problem
            when coalesce(listed.fields ->> 'effect', '') not in ('Allow', 'Deny') then 'Effect is neither Allow nor Deny'
            when (listed.fields ? 'action') = (listed.fields ? 'notaction') then 'there must be one of Action and NotAction'
            when not delegation.is_text_list(coalesce(listed.fields -> 'action', listed.fields -> 'notaction')) then 'Action is not a list of strings'
            when listed.fields ? 'resource' and listed.fields ? 'notresource' then 'there are both Resource and NotResource'
            -- An Allow of a guardrail counts whatever its Resource says.
            when listed.fields ->> 'effect' = 'Deny' and not delegation.is_text_list(coalesce(listed.fields -> 'resource', listed.fields -> 'notresource')) then 'Resource is not a list of strings'
            when nullif(listed.fields -> 'condition', 'null') is not null and not (
                jsonb_typeof(listed.fields -> 'condition') = 'object'
                and not jsonb_path_exists(listed.fields -> 'condition', '$.* ? (@.type() != "object")')
            ) then 'Condition is not an object of objects'
        end as problem
    from listed
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
        -- IfExists changes nothing for a key that each request has; for the others it does not matter to us, see guardrails.sql.
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
-- cut short does not count. The views are bound when this runs: a table that is not there yet gives an empty view, a
-- column that the table lacks gives null. delegation.reads notices when the binding is older than the tables.

create or replace view delegation.pack_columns (table_name, view_name, is_incremental, position, column_name, column_type) as
values
    ('aws_auditmanager_organization_admin_accounts', 'current_aws_auditmanager_organization_admin_accounts', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_auditmanager_organization_admin_accounts', 'current_aws_auditmanager_organization_admin_accounts', false, 2, '_cq_source_name', 'text'),
    ('aws_auditmanager_organization_admin_accounts', 'current_aws_auditmanager_organization_admin_accounts', false, 3, '_cq_id', 'uuid'),
    ('aws_auditmanager_organization_admin_accounts', 'current_aws_auditmanager_organization_admin_accounts', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_auditmanager_organization_admin_accounts', 'current_aws_auditmanager_organization_admin_accounts', false, 5, 'account_id', 'text'),
    ('aws_auditmanager_organization_admin_accounts', 'current_aws_auditmanager_organization_admin_accounts', false, 6, 'region', 'text'),
    ('aws_auditmanager_organization_admin_accounts', 'current_aws_auditmanager_organization_admin_accounts', false, 7, 'admin_account_id', 'text'),
    ('aws_auditmanager_organization_admin_accounts', 'current_aws_auditmanager_organization_admin_accounts', false, 8, 'organization_id', 'text'),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 2, '_cq_source_name', 'text'),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 3, '_cq_id', 'uuid'),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 5, 'account_id', 'text'),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 6, 'region', 'text'),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 7, 'event_data_store_arn', 'text'),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 8, 'name', 'text'),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 9, 'status', 'text'),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 10, 'organization_enabled', 'boolean'),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 11, 'multi_region_enabled', 'boolean'),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 12, 'federation_status', 'text'),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 13, 'federation_role_arn', 'text'),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 14, 'advanced_event_selectors', 'jsonb'),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 15, 'retention_period', 'integer'),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 16, 'billing_mode', 'text'),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 17, 'termination_protection_enabled', 'boolean'),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 18, 'kms_key_id', 'text'),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 19, 'partition_keys', 'jsonb'),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 20, 'created_timestamp', 'timestamp without time zone'),
    ('aws_cloudtrail_event_data_stores', 'current_aws_cloudtrail_event_data_stores', false, 21, 'updated_timestamp', 'timestamp without time zone'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 2, '_cq_source_name', 'text'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 3, '_cq_id', 'uuid'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 5, 'account_id', 'text'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 6, 'region', 'text'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 7, 'trail_arn', 'text'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 8, 'name', 'text'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 9, 'home_region', 'text'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 10, 'is_organization_trail', 'boolean'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 11, 'is_multi_region_trail', 'boolean'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 12, 'include_global_service_events', 'boolean'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 13, 'log_file_validation_enabled', 'boolean'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 14, 'is_logging', 'boolean'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 15, 'start_logging_time', 'timestamp without time zone'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 16, 'stop_logging_time', 'timestamp without time zone'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 17, 'latest_delivery_time', 'timestamp without time zone'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 18, 'latest_delivery_error', 'text'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 19, 'latest_digest_delivery_time', 'timestamp without time zone'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 20, 'latest_digest_delivery_error', 'text'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 21, 'latest_cloud_watch_logs_delivery_time', 'timestamp without time zone'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 22, 'latest_cloud_watch_logs_delivery_error', 'text'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 23, 'latest_notification_time', 'timestamp without time zone'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 24, 'latest_notification_error', 'text'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 25, 's3_bucket_name', 'text'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 26, 's3_key_prefix', 'text'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 27, 'sns_topic_name', 'text'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 28, 'sns_topic_arn', 'text'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 29, 'cloud_watch_logs_log_group_arn', 'text'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 30, 'cloud_watch_logs_role_arn', 'text'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 31, 'kms_key_id', 'text'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 32, 'has_custom_event_selectors', 'boolean'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 33, 'has_insight_selectors', 'boolean'),
    ('aws_cloudtrail_trails', 'current_aws_cloudtrail_trails', false, 34, 'recursive_logging', 'boolean'),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 2, '_cq_source_name', 'text'),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 3, '_cq_id', 'uuid'),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 5, 'account_id', 'text'),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 6, 'kind', 'text'),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 7, 'service', 'text'),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 8, 'principal', 'text'),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 9, 'method', 'text'),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 10, 'region', 'text'),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 11, 'action', 'text'),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 12, 'approved_by', 'text'),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 13, 'approved_on', 'timestamp without time zone'),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 14, 'review_by', 'timestamp without time zone'),
    ('aws_delegation_approvals', 'current_aws_delegation_approvals', false, 15, 'reason', 'text'),
    ('aws_delegation_expectations', 'current_aws_delegation_expectations', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_delegation_expectations', 'current_aws_delegation_expectations', false, 2, '_cq_source_name', 'text'),
    ('aws_delegation_expectations', 'current_aws_delegation_expectations', false, 3, '_cq_id', 'uuid'),
    ('aws_delegation_expectations', 'current_aws_delegation_expectations', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_delegation_expectations', 'current_aws_delegation_expectations', false, 5, 'account_id', 'text'),
    ('aws_delegation_expectations', 'current_aws_delegation_expectations', false, 6, 'service_id', 'text'),
    ('aws_delegation_expectations', 'current_aws_delegation_expectations', false, 7, 'owner', 'text'),
    ('aws_delegation_owners', 'current_aws_delegation_owners', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_delegation_owners', 'current_aws_delegation_owners', false, 2, '_cq_source_name', 'text'),
    ('aws_delegation_owners', 'current_aws_delegation_owners', false, 3, '_cq_id', 'uuid'),
    ('aws_delegation_owners', 'current_aws_delegation_owners', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_delegation_owners', 'current_aws_delegation_owners', false, 5, 'account_id', 'text'),
    ('aws_delegation_owners', 'current_aws_delegation_owners', false, 6, 'owner', 'text'),
    ('aws_delegation_owners', 'current_aws_delegation_owners', false, 7, 'selector_type', 'text'),
    ('aws_delegation_owners', 'current_aws_delegation_owners', false, 8, 'selector', 'text'),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 2, '_cq_source_name', 'text'),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 3, '_cq_id', 'uuid'),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 5, 'account_id', 'text'),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 6, 'region', 'text'),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 7, 'table_name', 'text'),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 8, 'operation', 'text'),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 9, 'scope', 'text'),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 10, 'service', 'text'),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 11, 'outcome', 'text'),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 12, 'error_code', 'text'),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 13, 'error_message', 'text'),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 14, 'request_count', 'bigint'),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 15, 'row_count', 'bigint'),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 16, 'started_at', 'timestamp without time zone'),
    ('aws_delegation_reads', 'current_aws_delegation_reads', false, 17, 'duration_ms', 'bigint'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 2, '_cq_source_name', 'text'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 3, '_cq_id', 'uuid'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 5, 'account_id', 'text'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 6, 'service_id', 'text'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 7, 'name', 'text'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 8, 'category', 'text'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 9, 'is_security_service', 'boolean'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 10, 'is_delegation_supported', 'boolean'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 11, 'service_principals', 'jsonb'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 12, 'methods', 'jsonb'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 13, 'is_regional', 'boolean'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 14, 'admin_table_name', 'text'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 15, 'admin_read_scope', 'text'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 16, 'service_regions', 'jsonb'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 17, 'max_delegated_admins', 'bigint'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 18, 'management_account_may_be_admin', 'boolean'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 19, 'must_be_same_account_across_regions', 'boolean'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 20, 'recommended_owners', 'jsonb'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 21, 'register_action', 'text'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 22, 'deregister_action', 'text'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 23, 'list_admin_action', 'text'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 24, 'service_linked_roles', 'jsonb'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 25, 'notes', 'text'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 26, 'confidence', 'text'),
    ('aws_delegation_services', 'current_aws_delegation_services', false, 27, 'sources', 'jsonb'),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 2, '_cq_source_name', 'text'),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 3, '_cq_id', 'uuid'),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 5, 'account_id', 'text'),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 6, 'workload_ous', 'jsonb'),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 7, 'allowed_regions', 'jsonb'),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 8, 'separation_of_duties', 'boolean'),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 9, 'max_age_hours', 'integer'),
    ('aws_delegation_settings', 'current_aws_delegation_settings', false, 10, 'has_approvals', 'boolean'),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 2, '_cq_source_name', 'text'),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 3, '_cq_id', 'uuid'),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 5, 'account_id', 'text'),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 6, 'rule', 'text'),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 7, 'resource', 'text'),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 8, 'waived_account_id', 'text'),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 9, 'region', 'text'),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 10, 'reason', 'text'),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 11, 'owner', 'text'),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 12, 'ticket', 'text'),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 13, 'approved_by', 'text'),
    ('aws_delegation_waivers', 'current_aws_delegation_waivers', false, 14, 'expires', 'timestamp without time zone'),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 2, '_cq_source_name', 'text'),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 3, '_cq_id', 'uuid'),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 5, 'account_id', 'text'),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 6, 'region', 'text'),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 7, 'admin_account_id', 'text'),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 8, 'graph_arn', 'text'),
    ('aws_detective_organization_admin_accounts', 'current_aws_detective_organization_admin_accounts', false, 9, 'delegation_time', 'timestamp without time zone'),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 2, '_cq_source_name', 'text'),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 3, '_cq_id', 'uuid'),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 5, 'account_id', 'text'),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 6, 'region', 'text'),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 7, 'ipam_arn', 'text'),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 8, 'ipam_id', 'text'),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 9, 'owner_id', 'text'),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 10, 'ipam_region', 'text'),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 11, 'operating_regions', 'jsonb'),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 12, 'state', 'text'),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 13, 'state_message', 'text'),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 14, 'tier', 'text'),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 15, 'description', 'text'),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 16, 'public_default_scope_id', 'text'),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 17, 'private_default_scope_id', 'text'),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 18, 'scope_count', 'integer'),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 19, 'default_resource_discovery_id', 'text'),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 20, 'default_resource_discovery_association_id', 'text'),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 21, 'resource_discovery_association_count', 'integer'),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 22, 'enable_private_gua', 'boolean'),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 23, 'metered_account', 'text'),
    ('aws_ec2_ipams', 'current_aws_ec2_ipams', false, 24, 'tags', 'jsonb'),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 2, '_cq_source_name', 'text'),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 3, '_cq_id', 'uuid'),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 5, 'account_id', 'text'),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 6, 'region_name', 'text'),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 7, 'endpoint', 'text'),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 8, 'opt_in_status', 'text'),
    ('aws_ec2_regions', 'current_aws_ec2_regions', false, 9, 'geography', 'jsonb'),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 2, '_cq_source_name', 'text'),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 3, '_cq_id', 'uuid'),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 5, 'account_id', 'text'),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 6, 'region', 'text'),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 7, 'admin_account_id', 'text'),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 8, 'default_admin', 'boolean'),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 9, 'admin_status', 'text'),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 10, 'role_status', 'text'),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 11, 'admin_scope', 'jsonb'),
    ('aws_fms_organization_admin_accounts', 'current_aws_fms_organization_admin_accounts', false, 12, 'scope_status', 'text'),
    ('aws_guardduty_organization_admin_accounts', 'current_aws_guardduty_organization_admin_accounts', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_guardduty_organization_admin_accounts', 'current_aws_guardduty_organization_admin_accounts', false, 2, '_cq_source_name', 'text'),
    ('aws_guardduty_organization_admin_accounts', 'current_aws_guardduty_organization_admin_accounts', false, 3, '_cq_id', 'uuid'),
    ('aws_guardduty_organization_admin_accounts', 'current_aws_guardduty_organization_admin_accounts', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_guardduty_organization_admin_accounts', 'current_aws_guardduty_organization_admin_accounts', false, 5, 'account_id', 'text'),
    ('aws_guardduty_organization_admin_accounts', 'current_aws_guardduty_organization_admin_accounts', false, 6, 'region', 'text'),
    ('aws_guardduty_organization_admin_accounts', 'current_aws_guardduty_organization_admin_accounts', false, 7, 'admin_account_id', 'text'),
    ('aws_guardduty_organization_admin_accounts', 'current_aws_guardduty_organization_admin_accounts', false, 8, 'admin_status', 'text'),
    ('aws_iam_organizations_features', 'current_aws_iam_organizations_features', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_iam_organizations_features', 'current_aws_iam_organizations_features', false, 2, '_cq_source_name', 'text'),
    ('aws_iam_organizations_features', 'current_aws_iam_organizations_features', false, 3, '_cq_id', 'uuid'),
    ('aws_iam_organizations_features', 'current_aws_iam_organizations_features', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_iam_organizations_features', 'current_aws_iam_organizations_features', false, 5, 'account_id', 'text'),
    ('aws_iam_organizations_features', 'current_aws_iam_organizations_features', false, 6, 'organization_id', 'text'),
    ('aws_iam_organizations_features', 'current_aws_iam_organizations_features', false, 7, 'feature', 'text'),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 2, '_cq_source_name', 'text'),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 3, '_cq_id', 'uuid'),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 5, 'account_id', 'text'),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 6, 'arn', 'text'),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 7, 'role_name', 'text'),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 8, 'role_id', 'text'),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 9, 'path', 'text'),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 10, 'create_date', 'timestamp without time zone'),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 11, 'description', 'text'),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 12, 'assume_role_policy_document', 'text'),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 13, 'max_session_duration', 'integer'),
    ('aws_iam_service_linked_roles', 'current_aws_iam_service_linked_roles', false, 14, 'source_role_template', 'jsonb'),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 2, '_cq_source_name', 'text'),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 3, '_cq_id', 'uuid'),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 5, 'account_id', 'text'),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 6, 'region', 'text'),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 7, 'admin_account_id', 'text'),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 8, 'admin_status', 'text'),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 9, 'relationship_status', 'text'),
    ('aws_inspector2_organization_admin_accounts', 'current_aws_inspector2_organization_admin_accounts', false, 10, 'delegated_admin_account_id', 'text'),
    ('aws_macie2_organization_admin_accounts', 'current_aws_macie2_organization_admin_accounts', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_macie2_organization_admin_accounts', 'current_aws_macie2_organization_admin_accounts', false, 2, '_cq_source_name', 'text'),
    ('aws_macie2_organization_admin_accounts', 'current_aws_macie2_organization_admin_accounts', false, 3, '_cq_id', 'uuid'),
    ('aws_macie2_organization_admin_accounts', 'current_aws_macie2_organization_admin_accounts', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_macie2_organization_admin_accounts', 'current_aws_macie2_organization_admin_accounts', false, 5, 'account_id', 'text'),
    ('aws_macie2_organization_admin_accounts', 'current_aws_macie2_organization_admin_accounts', false, 6, 'region', 'text'),
    ('aws_macie2_organization_admin_accounts', 'current_aws_macie2_organization_admin_accounts', false, 7, 'admin_account_id', 'text'),
    ('aws_macie2_organization_admin_accounts', 'current_aws_macie2_organization_admin_accounts', false, 8, 'admin_status', 'text'),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 2, '_cq_source_name', 'text'),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 3, '_cq_id', 'uuid'),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 5, 'account_id', 'text'),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 6, 'region', 'text'),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 7, 'organization_id', 'text'),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 8, 'organization_aws_service_access_status', 'text'),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 9, 'slr_deployment_status', 'text'),
    ('aws_networkmanager_organization_service_access', 'current_aws_networkmanager_organization_service_access', false, 10, 'account_status_list', 'jsonb'),
    ('aws_organization_resource_policies', 'current_aws_organization_resource_policies', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_organization_resource_policies', 'current_aws_organization_resource_policies', false, 2, '_cq_source_name', 'text'),
    ('aws_organization_resource_policies', 'current_aws_organization_resource_policies', false, 3, '_cq_id', 'uuid'),
    ('aws_organization_resource_policies', 'current_aws_organization_resource_policies', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_organization_resource_policies', 'current_aws_organization_resource_policies', false, 5, 'account_id', 'text'),
    ('aws_organization_resource_policies', 'current_aws_organization_resource_policies', false, 6, 'content', 'text'),
    ('aws_organization_resource_policies', 'current_aws_organization_resource_policies', false, 7, 'resource_policy_summary', 'jsonb'),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 2, '_cq_source_name', 'text'),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 3, '_cq_id', 'uuid'),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 5, 'account_id', 'text'),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 6, 'statement_index', 'integer'),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 7, 'principal_type', 'text'),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 8, 'principal', 'text'),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 9, 'is_not_principal', 'boolean'),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 10, 'sid', 'text'),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 11, 'effect', 'text'),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 12, 'actions', 'jsonb'),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 13, 'not_actions', 'jsonb'),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 14, 'resources', 'jsonb'),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 15, 'not_resources', 'jsonb'),
    ('aws_organization_resource_policy_statements', 'current_aws_organization_resource_policy_statements', false, 16, 'condition', 'jsonb'),
    ('aws_organizations', 'current_aws_organizations', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_organizations', 'current_aws_organizations', false, 2, '_cq_source_name', 'text'),
    ('aws_organizations', 'current_aws_organizations', false, 3, '_cq_id', 'uuid'),
    ('aws_organizations', 'current_aws_organizations', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_organizations', 'current_aws_organizations', false, 5, 'request_account_id', 'text'),
    ('aws_organizations', 'current_aws_organizations', false, 6, 'arn', 'text'),
    ('aws_organizations', 'current_aws_organizations', false, 7, 'feature_set', 'text'),
    ('aws_organizations', 'current_aws_organizations', false, 8, 'id', 'text'),
    ('aws_organizations', 'current_aws_organizations', false, 9, 'master_account_arn', 'text'),
    ('aws_organizations', 'current_aws_organizations', false, 10, 'master_account_email', 'text'),
    ('aws_organizations', 'current_aws_organizations', false, 11, 'master_account_id', 'text'),
    ('aws_organizations_account_parents', 'current_aws_organizations_account_parents', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_organizations_account_parents', 'current_aws_organizations_account_parents', false, 2, '_cq_source_name', 'text'),
    ('aws_organizations_account_parents', 'current_aws_organizations_account_parents', false, 3, '_cq_id', 'uuid'),
    ('aws_organizations_account_parents', 'current_aws_organizations_account_parents', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_organizations_account_parents', 'current_aws_organizations_account_parents', false, 5, 'request_account_id', 'text'),
    ('aws_organizations_account_parents', 'current_aws_organizations_account_parents', false, 6, 'id', 'text'),
    ('aws_organizations_account_parents', 'current_aws_organizations_account_parents', false, 7, 'parent_id', 'text'),
    ('aws_organizations_account_parents', 'current_aws_organizations_account_parents', false, 8, 'type', 'text'),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 2, '_cq_source_name', 'text'),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 3, '_cq_id', 'uuid'),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 5, 'request_account_id', 'text'),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 6, 'arn', 'text'),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 7, 'id', 'text'),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 8, 'email', 'text'),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 9, 'name', 'text'),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 10, 'status', 'text'),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 11, 'state', 'text'),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 12, 'paths', 'jsonb'),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 13, 'joined_method', 'text'),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 14, 'joined_timestamp', 'timestamp without time zone'),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 15, 'parent_id', 'text'),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 16, 'ou_path', 'text'),
    ('aws_organizations_accounts', 'current_aws_organizations_accounts', false, 17, 'tags', 'jsonb'),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 2, '_cq_source_name', 'text'),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 3, '_cq_id', 'uuid'),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 5, 'account_id', 'text'),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 6, 'arn', 'text'),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 7, 'delegation_enabled_date', 'timestamp without time zone'),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 8, 'email', 'text'),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 9, 'id', 'text'),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 10, 'joined_method', 'text'),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 11, 'joined_timestamp', 'timestamp without time zone'),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 12, 'name', 'text'),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 13, 'status', 'text'),
    ('aws_organizations_delegated_administrators', 'current_aws_organizations_delegated_administrators', false, 14, 'state', 'text'),
    ('aws_organizations_delegated_services', 'current_aws_organizations_delegated_services', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_organizations_delegated_services', 'current_aws_organizations_delegated_services', false, 2, '_cq_source_name', 'text'),
    ('aws_organizations_delegated_services', 'current_aws_organizations_delegated_services', false, 3, '_cq_id', 'uuid'),
    ('aws_organizations_delegated_services', 'current_aws_organizations_delegated_services', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_organizations_delegated_services', 'current_aws_organizations_delegated_services', false, 5, 'account_id', 'text'),
    ('aws_organizations_delegated_services', 'current_aws_organizations_delegated_services', false, 6, 'delegated_account_id', 'text'),
    ('aws_organizations_delegated_services', 'current_aws_organizations_delegated_services', false, 7, 'delegation_enabled_date', 'timestamp without time zone'),
    ('aws_organizations_delegated_services', 'current_aws_organizations_delegated_services', false, 8, 'service_principal', 'text'),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 2, '_cq_source_name', 'text'),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 3, '_cq_id', 'uuid'),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 5, 'account_id', 'text'),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 6, 'id', 'text'),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 7, 'arn', 'text'),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 8, 'parties', 'jsonb'),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 9, 'state', 'text'),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 10, 'requested_timestamp', 'timestamp without time zone'),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 11, 'expiration_timestamp', 'timestamp without time zone'),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 12, 'action', 'text'),
    ('aws_organizations_handshakes', 'current_aws_organizations_handshakes', false, 13, 'resources', 'jsonb'),
    ('aws_organizations_organizational_unit_parents', 'current_aws_organizations_organizational_unit_parents', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_organizations_organizational_unit_parents', 'current_aws_organizations_organizational_unit_parents', false, 2, '_cq_source_name', 'text'),
    ('aws_organizations_organizational_unit_parents', 'current_aws_organizations_organizational_unit_parents', false, 3, '_cq_id', 'uuid'),
    ('aws_organizations_organizational_unit_parents', 'current_aws_organizations_organizational_unit_parents', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_organizations_organizational_unit_parents', 'current_aws_organizations_organizational_unit_parents', false, 5, 'request_account_id', 'text'),
    ('aws_organizations_organizational_unit_parents', 'current_aws_organizations_organizational_unit_parents', false, 6, 'id', 'text'),
    ('aws_organizations_organizational_unit_parents', 'current_aws_organizations_organizational_unit_parents', false, 7, 'parent_id', 'text'),
    ('aws_organizations_organizational_unit_parents', 'current_aws_organizations_organizational_unit_parents', false, 8, 'type', 'text'),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 2, '_cq_source_name', 'text'),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 3, '_cq_id', 'uuid'),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 5, 'request_account_id', 'text'),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 6, 'arn', 'text'),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 7, 'id', 'text'),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 8, 'name', 'text'),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 9, 'parent_id', 'text'),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 10, 'path', 'text'),
    ('aws_organizations_organizational_units', 'current_aws_organizations_organizational_units', false, 11, 'ou_path', 'text'),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 2, '_cq_source_name', 'text'),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 3, '_cq_id', 'uuid'),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 5, 'account_id', 'text'),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 6, 'arn', 'text'),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 7, 'id', 'text'),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 8, 'name', 'text'),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 9, 'description', 'text'),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 10, 'type', 'text'),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 11, 'aws_managed', 'boolean'),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 12, 'content', 'jsonb'),
    ('aws_organizations_policies', 'current_aws_organizations_policies', false, 13, 'content_text', 'text'),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 2, '_cq_source_name', 'text'),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 3, '_cq_id', 'uuid'),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 5, 'account_id', 'text'),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 6, 'policy_id', 'text'),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 7, 'target_id', 'text'),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 8, 'arn', 'text'),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 9, 'name', 'text'),
    ('aws_organizations_policy_targets', 'current_aws_organizations_policy_targets', false, 10, 'target_type', 'text'),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 2, '_cq_source_name', 'text'),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 3, '_cq_id', 'uuid'),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 5, 'request_account_id', 'text'),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 6, 'arn', 'text'),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 7, 'id', 'text'),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 8, 'name', 'text'),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 9, 'policy_types', 'jsonb'),
    ('aws_organizations_roots', 'current_aws_organizations_roots', false, 10, 'tags', 'jsonb'),
    ('aws_organizations_service_access', 'current_aws_organizations_service_access', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_organizations_service_access', 'current_aws_organizations_service_access', false, 2, '_cq_source_name', 'text'),
    ('aws_organizations_service_access', 'current_aws_organizations_service_access', false, 3, '_cq_id', 'uuid'),
    ('aws_organizations_service_access', 'current_aws_organizations_service_access', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_organizations_service_access', 'current_aws_organizations_service_access', false, 5, 'account_id', 'text'),
    ('aws_organizations_service_access', 'current_aws_organizations_service_access', false, 6, 'service_principal', 'text'),
    ('aws_organizations_service_access', 'current_aws_organizations_service_access', false, 7, 'date_enabled', 'timestamp without time zone'),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 1, '_cq_sync_time', 'timestamp without time zone'),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 2, '_cq_source_name', 'text'),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 3, '_cq_id', 'uuid'),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 4, '_cq_parent_id', 'uuid'),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 5, 'account_id', 'text'),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 6, 'region', 'text'),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 7, 'admin_account_id', 'text'),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 8, 'admin_status', 'text'),
    ('aws_securityhub_organization_admin_accounts', 'current_aws_securityhub_organization_admin_accounts', false, 9, 'feature', 'text');
comment on view delegation.pack_columns is 'The tables and columns that this version of the views knows.';
comment on column delegation.pack_columns.table_name is 'Name of the synced table.';
comment on column delegation.pack_columns.view_name is 'Name of the view with its current rows, in schema delegation.';
comment on column delegation.pack_columns.is_incremental is 'True where rows of all syncs are current.';
comment on column delegation.pack_columns.position is 'Place of the column.';
comment on column delegation.pack_columns.column_name is 'Name of the column.';
comment on column delegation.pack_columns.column_type is 'Its PostgreSQL type.';

do $install$
declare
    live_schema constant text := pg_catalog.current_schema();
    live_reads regclass;
    pack_table record;
    live_table regclass;
    select_list text;
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
            select pack_columns.column_name, pack_columns.column_type, pack_columns.position
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
                wanted.position as new_position
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
        )
        into select_list
        from chosen
        left join live on live.column_name = chosen.column_name;

        execute format(
            'create or replace view delegation.%I as select %s %s',
            pack_table.view_name,
            select_list,
            case
                when live_table is null then 'where false'
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
            execute format('analyze %s', live_table);
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
select current_aws_auditmanager_organization_admin_accounts._cq_source_name, 'aws_auditmanager_organization_admin_accounts', count(*) from delegation.current_aws_auditmanager_organization_admin_accounts group by current_aws_auditmanager_organization_admin_accounts._cq_source_name
union all
select current_aws_cloudtrail_event_data_stores._cq_source_name, 'aws_cloudtrail_event_data_stores', count(*) from delegation.current_aws_cloudtrail_event_data_stores group by current_aws_cloudtrail_event_data_stores._cq_source_name
union all
select current_aws_cloudtrail_trails._cq_source_name, 'aws_cloudtrail_trails', count(*) from delegation.current_aws_cloudtrail_trails group by current_aws_cloudtrail_trails._cq_source_name
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
select current_aws_ec2_ipams._cq_source_name, 'aws_ec2_ipams', count(*) from delegation.current_aws_ec2_ipams group by current_aws_ec2_ipams._cq_source_name
union all
select current_aws_ec2_regions._cq_source_name, 'aws_ec2_regions', count(*) from delegation.current_aws_ec2_regions group by current_aws_ec2_regions._cq_source_name
union all
select current_aws_fms_organization_admin_accounts._cq_source_name, 'aws_fms_organization_admin_accounts', count(*) from delegation.current_aws_fms_organization_admin_accounts group by current_aws_fms_organization_admin_accounts._cq_source_name
union all
select current_aws_guardduty_organization_admin_accounts._cq_source_name, 'aws_guardduty_organization_admin_accounts', count(*) from delegation.current_aws_guardduty_organization_admin_accounts group by current_aws_guardduty_organization_admin_accounts._cq_source_name
union all
select current_aws_iam_organizations_features._cq_source_name, 'aws_iam_organizations_features', count(*) from delegation.current_aws_iam_organizations_features group by current_aws_iam_organizations_features._cq_source_name
union all
select current_aws_iam_service_linked_roles._cq_source_name, 'aws_iam_service_linked_roles', count(*) from delegation.current_aws_iam_service_linked_roles group by current_aws_iam_service_linked_roles._cq_source_name
union all
select current_aws_inspector2_organization_admin_accounts._cq_source_name, 'aws_inspector2_organization_admin_accounts', count(*) from delegation.current_aws_inspector2_organization_admin_accounts group by current_aws_inspector2_organization_admin_accounts._cq_source_name
union all
select current_aws_macie2_organization_admin_accounts._cq_source_name, 'aws_macie2_organization_admin_accounts', count(*) from delegation.current_aws_macie2_organization_admin_accounts group by current_aws_macie2_organization_admin_accounts._cq_source_name
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
select current_aws_securityhub_organization_admin_accounts._cq_source_name, 'aws_securityhub_organization_admin_accounts', count(*) from delegation.current_aws_securityhub_organization_admin_accounts group by current_aws_securityhub_organization_admin_accounts._cq_source_name;
comment on view delegation.current_row_counts is 'How many rows of a table are current. A source without any has no row.';
comment on column delegation.current_row_counts.source_name is 'Name of the source in its spec.';
comment on column delegation.current_row_counts.table_name is 'Name of the table.';
comment on column delegation.current_row_counts.row_count is 'Number of current rows.';

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

-- A function, and in PL/pgSQL, because the views and rules lean on it in many places: there it is planned once for a session,
-- where a view would be planned again, with a count of every table, wherever its name is written.
create or replace function delegation.judge_reads()
returns table (
    source_name text,
    sync_time timestamp without time zone,
    account_id text,
    region text,
    service text,
    table_name text,
    operation text,
    scope text,
    outcome text,
    error_code text,
    error_message text,
    request_count bigint,
    row_count bigint,
    started_at timestamp without time zone,
    duration_ms bigint,
    recorded_outcome text
)
language plpgsql stable
set jit = off
set enable_nestloop = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
begin
    return query
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
                -- Rows of an incremental table come from many syncs; the reads table does not count itself.
                and counted.table_name in (select pack_columns.table_name from delegation.pack_columns where not pack_columns.is_incremental)
                and counted.table_name <> 'aws_delegation_reads'
        ),
        stale_tables as materialized (
            select stale_tables.*
            from delegation.stale_tables
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
        cross join lateral (
            select case
                when stale_tables.problem is not null then stale_tables.problem
                when missing_rows.table_name is not null then 'rows_missing'
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
end
$$;
comment on function delegation.judge_reads() is 'The rows of delegation.reads.';

create or replace view delegation.reads as
select
    judged.source_name,
    judged.sync_time,
    judged.account_id,
    judged.region,
    judged.service,
    judged.table_name,
    judged.operation,
    judged.scope,
    judged.outcome,
    judged.error_code,
    judged.error_message,
    judged.request_count,
    judged.row_count,
    judged.started_at,
    judged.duration_ms,
    judged.recorded_outcome
from delegation.judge_reads() as judged;
comment on view delegation.reads is 'How each read of the newest sync ended, as rules take it: an ok becomes failed where the rows that are current are not what was read.';
comment on column delegation.reads.source_name is 'Name of the source in its spec.';
comment on column delegation.reads.sync_time is 'Time of the sync, in UTC.';
comment on column delegation.reads.account_id is 'Account that asked.';
comment on column delegation.reads.region is 'Region that was asked, or an empty text.';
comment on column delegation.reads.service is 'IAM prefix of the service.';
comment on column delegation.reads.table_name is 'Table that the read is for.';
comment on column delegation.reads.operation is 'IAM action.';
comment on column delegation.reads.scope is 'Empty for the read as a whole, otherwise what the one call that was not ok was about.';
comment on column delegation.reads.outcome is 'ok, absent, denied, failed or skipped.';
comment on column delegation.reads.error_code is 'Error code of AWS; or rows_missing, views_stale, columns_missing.';
comment on column delegation.reads.error_message is 'What came back.';
comment on column delegation.reads.request_count is 'Requests sent.';
comment on column delegation.reads.row_count is 'Rows read.';
comment on column delegation.reads.started_at is 'Start, in UTC.';
comment on column delegation.reads.duration_ms is 'Duration in milliseconds.';
comment on column delegation.reads.recorded_outcome is 'The outcome as the sync recorded it.';

create or replace view delegation.table_reads as
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
    given._cq_source_name is not null as was_read
from delegation.newest_syncs
left join delegation.current_aws_delegation_settings as given on given._cq_source_name = newest_syncs.source_name;
comment on view delegation.settings is 'What the spec says of how to judge: one row per source.';
comment on column delegation.settings.source_name is 'Name of the source in its spec.';
comment on column delegation.settings.workload_ous is 'List of OUs, by path or ID, where a delegated administrator must not live; null where the spec says nothing.';
comment on column delegation.settings.allowed_regions is 'List of the Regions that members may use; null where the spec says nothing.';
comment on column delegation.settings.separation_of_duties is 'Whether no account may hold both what detects and what runs code in members; false where the spec says nothing.';
comment on column delegation.settings.max_age_hours is 'Age from which a sync is too old, in hours; 24 where the spec says nothing.';
comment on column delegation.settings.has_approvals is 'True where the spec has approvals, be it an empty list; never null.';
comment on column delegation.settings.was_read is 'False where the sync left the settings out, so that the others are what goes without saying; never null.';

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
    case
        -- One path is the place. None (older servers) or several (not documented) leave it to the parents.
        when jsonb_typeof(account.paths) = 'array' and jsonb_array_length(account.paths) = 1
            and account.paths ->> 0 ~ '^o-[^/]+/r-.*/[0-9]{12}/?$' then substring(account.paths ->> 0 from '^o-[^/]+/(r-.*)/[0-9]{12}/?$')
        when account.parent_id like 'r-%' then account.parent_id
        else parent.id_path
    end as id_path,
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

-- views/owners.sql
create or replace view delegation.owner_accounts as
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

create or replace view delegation.services as
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
    coalesce(catalogue.admin_read_scope, '') as admin_read_scope
from delegation.current_aws_delegation_services as catalogue
left join groups
    on groups.source_name = catalogue._cq_source_name
    and groups.service_id = catalogue.service_id
left join group_names
    on group_names.source_name = groups.source_name
    and group_names.group_id = groups.group_id;
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
    granted.action_group in ('policy_management', 'policy_type_switching', 'delegation_policy', 'other') as is_policy_work
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
comment on column delegation.resource_policy_grants.action_group is 'policy_management, policy_type_switching, delegation_policy (editing it), tagging, viewing, or other for an action that this version does not know and that is no reading.';
comment on column delegation.resource_policy_grants.policy_types is 'Types that the Condition (with * and ? as there) and the Resource leave, such as SERVICE_CONTROL_POLICY; empty where they contradict each other; null: every type, or the action is not about one.';
comment on column delegation.resource_policy_grants.resources is 'Resource of the statement; null where it has none.';
comment on column delegation.resource_policy_grants.not_resources is 'NotResource of the statement; null where it has none.';
comment on column delegation.resource_policy_grants.conditions is 'Condition of the statement; null where it has none.';
comment on column delegation.resource_policy_grants.is_denied is 'True where a Deny without conditions, on every resource and for the same principal or everybody, takes it away whole; never null.';
comment on column delegation.resource_policy_grants.is_conditional is 'True where there is a condition that policy_types does not tell; never null.';
comment on column delegation.resource_policy_grants.is_policy_work is 'True where who may do it counts as holding the delegation policy: everything but tagging and viewing; never null.';

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

create or replace view delegation.delegations as
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
    select expected_owners.source_name, expected_owners.service_id, owner_accounts.account_id, bool_or(owner_accounts.is_match) as is_match
    from delegation.expected_owners
    join owner_accounts
        on owner_accounts.source_name = expected_owners.source_name
        and owner_accounts.owner = expected_owners.owner
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

create or replace view delegation.service_regions as
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

-- views/service_answers.sql
-- A function in PL/pgSQL for the reason that delegation.judge_reads() gives: several rules stand on it, and it is long to plan.
create or replace function delegation.ask_services()
returns table (
    source_name text,
    service_id text,
    service_name text,
    group_id text,
    is_regional boolean,
    region text,
    is_asked boolean,
    was_listed boolean,
    was_read boolean,
    unknown_cause text,
    read_error text,
    delegated_account_id text,
    label text,
    status text,
    is_held boolean,
    is_active boolean,
    is_management_account boolean,
    problem_region text,
    problem_cause text,
    problem text
)
language plpgsql stable
rows 300
set jit = off
set enable_nestloop = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
begin
    return query
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
                service_regions.was_read or without_access.service_id is not null as was_read,
                case when without_access.service_id is null then service_regions.unknown_cause end as unknown_cause,
                case when without_access.service_id is null then service_regions.read_error end as read_error
            from delegation.service_regions
            left join (
                select asked_services.source_name, asked_services.service_id
                from asked_services
                join delegation.table_reads as access_read
                    on access_read.source_name = asked_services.source_name
                    and access_read.table_name = 'aws_organizations_service_access'
                left join delegation.trusted_access
                    on trusted_access.source_name = asked_services.source_name
                    and trusted_access.service_id = asked_services.service_id
                where access_read.was_read
                    and trusted_access.service_id is null
            ) as without_access
                -- Of a service that this version does not ask so much is known: without trusted access it has no administrator.
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
end
$$;
comment on function delegation.ask_services() is 'The rows of delegation.service_answers.';

create or replace view delegation.service_answers as
select
    answers.source_name,
    answers.service_id,
    answers.service_name,
    answers.group_id,
    answers.is_regional,
    answers.region,
    answers.is_asked,
    answers.was_listed,
    answers.was_read,
    answers.unknown_cause,
    answers.read_error,
    answers.delegated_account_id,
    answers.label,
    answers.status,
    answers.is_held,
    answers.is_active,
    answers.is_management_account,
    answers.problem_region,
    answers.problem_cause,
    answers.problem
from delegation.ask_services() as answers;
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
    select distinct expected.source_name, expected.service_id, delegations.delegated_account_id as account_id
    from expected
    join delegation.delegations
        on delegations.source_name = expected.source_name
        and delegations.service_id = any (expected.service_ids)
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
        bool_or(coalesce(owned.is_match, false)) as has_expected,
        bool_or(owned.account_id is not null and owned.is_match is null) as has_open
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
comment on column delegation.expected.is_missing is 'True where no holder, in any Region, is an account of these owners, also where they match no account at all; null where that is not known.';
comment on column delegation.expected.was_read is 'True where every question of delegation.service_regions about it was answered, and catalogue, expectations, owners and accounts were read; never null.';
comment on column delegation.expected.unknown_cause is 'unread, not_configured (the spec left it out) or not_observable (this version cannot ask); null where all was read.';
comment on column delegation.expected.read_error is 'What is missing and what to do; null where all was read.';

-- views/approvals.sql
create or replace view delegation.approvals as
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
covered as (
    select approved.approval_id, held.held_id
    from held
    join approved
        on approved.source_name = held.source_name
        and approved.principal in (held.delegated_account_id, held.granted_principal)
        and approved.method in ('', held.method)
        and approved.region in ('', held.region)
    where case
        -- Organizations knows principals only; one that stands for two services is approved by the name of either.
        when held.method = 'organizations' then approved.service = held.registered_principal
        else approved.service = held.service_id
    end
    or exists (
        select
        from delegation.service_principals as known
        where known.source_name = held.source_name
            and case
                when held.method = 'organizations' then known.service_principal = held.registered_principal and known.service_id = approved.service
                else known.service_id = held.service_id and known.service_principal = approved.service
            end
    )
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

-- views/guardrails.sql
-- "Effectively denied", once for all guardrails: which members SCPs keep from an action, and through which statement.
--
-- Everything that does not depend on the account is worked out before accounts come in: each pattern of an action once, each
-- statement once, each place (a path, or the policies on an account) once. Accounts for which all of that is the same are one
-- class, and only the views at the end take a class apart.
-- https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html

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
as $$
with wanted as materialized (
    select
        row_number() over (order by guardrail_actions.control collate "C", guardrail_actions.action collate "C") as wanted_id,
        guardrail_actions.*,
        '{organization_trail}' = any (guardrail_actions.resource_probes) as is_about_organization_trail
    from delegation.guardrail_actions
    where wanted_control is null or guardrail_actions.control = wanted_control
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

-- 1. Policies and where they are attached.
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
attached as materialized (
    select target._cq_source_name as source_name, target.target_id, target.policy_id
    from delegation.current_aws_organizations_policy_targets as target
    left join delegation.current_aws_organizations_policies as policy
        on policy._cq_source_name = target._cq_source_name
        and policy.id = target.policy_id
    -- A policy that is not in the list of policies may be an SCP.
    where policy.type = 'SERVICE_CONTROL_POLICY' or policy.type is null
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
    from (select distinct attached.source_name, attached.policy_id from attached) as strangers
    left join policies on policies.source_name = strangers.source_name and policies.policy_id = strangers.policy_id
    where policies.policy_id is null
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
            when all_policies.text_state = 'invalid' then format('the text of %s is not JSON', all_policies.label)
            when all_policies.text_state = 'unread' then format('the text of %s was not read; grant organizations:DescribePolicy and sync again', all_policies.label)
        end as text_problem
    from all_policies
    left join invalid on invalid.source_name = all_policies.source_name and invalid.policy_id = all_policies.policy_id
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
    join wanted on lower(wanted.action) like delegation.like_pattern(patterns.pattern)
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
    join table_reads on table_reads.source_name = organizations.source_name and table_reads.table_name = 'aws_cloudtrail_trails'
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

-- 4. Its conditions: constants of the member, exemptions of principals, and everything else.
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
                when exempted.operator like 'string%equals%' then delegation.like_literal(exempted.plain)
                else delegation.like_pattern(exempted.plain)
            end,
            chr(1),
            '_'
        ) as pattern
    from exempted
),
principals (principal, first_name, second_name) as (
    -- Two names that share no character: a pattern that matches both asks for none.
    values
        ('root', ':root', ':root'),
        ('roles', ':role/' || repeat('a', 32), ':role/' || repeat('0', 32)),
        ('users', ':user/' || repeat('a', 32), ':user/' || repeat('0', 32))
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
        bool_or(
            'arn:' || exemption_patterns.partition || ':iam::000000000000' || principals.first_name like exemption_patterns.pattern
            and 'arn:' || exemption_patterns.partition || ':iam::000000000000' || principals.second_name like exemption_patterns.pattern
            and 'arn:' || exemption_patterns.partition || ':iam::111111111111' || principals.first_name like exemption_patterns.pattern
            and 'arn:' || exemption_patterns.partition || ':iam::111111111111' || principals.second_name like exemption_patterns.pattern
        ) as covers_everywhere,
        bool_or(
            'arn:' || exemption_patterns.partition || ':iam::000000000000' || principals.first_name like regexp_replace(exemption_patterns.pattern, '[0-9]', '_', 'g')
            and 'arn:' || exemption_patterns.partition || ':iam::000000000000' || principals.second_name like regexp_replace(exemption_patterns.pattern, '[0-9]', '_', 'g')
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
        string_agg(distinct exemptions.problem, '; ') as problem,
        array_agg(distinct exemptions.pattern) filter (where exemptions.depends_on_account) as account_patterns
    from exemptions
    group by exemptions.source_name, exemptions.statement_id
),
other_conditions as (
    select conditions.statement_id, string_agg(conditions.shown, ' and ' order by conditions.shown collate "C") as shown
    from conditions
    where conditions.kind = 'other'
    group by conditions.statement_id
),
judged_statements as materialized (
    select
        deny_statements.statement_id,
        deny_statements.source_name,
        deny_statements.policy_id,
        deny_statements.statement,
        deny_statements.label,
        deny_statements.resources,
        deny_statements.not_resources,
        deny_statements.partition,
        coalesce(exemptions_of_statements.exceptions, '{}') as exceptions,
        nullif(concat_ws('; ', 'only when ' || other_conditions.shown, exemptions_of_statements.problem), '') as condition_problem,
        exemptions_of_statements.account_patterns,
        exemptions_of_statements.account_patterns is not null
            or deny_statements.statement_id in (select constants.statement_id from constants) as is_conditional
    from deny_statements
    left join exemptions_of_statements on exemptions_of_statements.statement_id = deny_statements.statement_id
    left join other_conditions on other_conditions.statement_id = deny_statements.statement_id
),
judged_denies as materialized (
    select
        row_number() over (order by judged_statements.statement_id, matching.wanted_id) as deny_id,
        matching.statement_id,
        matching.wanted_id,
        judged_statements.source_name,
        judged_statements.policy_id,
        judged_statements.statement,
        judged_statements.exceptions,
        judged_statements.is_conditional,
        judged_statements.label,
        judged_statements.label || case when cardinality(judged_statements.exceptions) > 0 then format(' (exempt: %s)', array_to_string(judged_statements.exceptions, ', ')) else '' end as whole_label,
        nullif(concat_ws(
            '; ',
            case when judged_statements.not_resources is not null then format('not on %s', array_to_string(judged_statements.not_resources, ', ')) end,
            case when judged_statements.not_resources is null and not covering.covers_resources then format('only on %s', array_to_string(judged_statements.resources, ', ')) end,
            judged_statements.condition_problem
        ), '') as partial_reason,
        -- It may be the organization trail that the statement names.
        wanted.is_about_organization_trail
            and not coalesce(organization_trails.was_read, false)
            and judged_statements.condition_problem is null
            and judged_statements.not_resources is null
            and not covering.covers_resources as is_unsure
    from matching
    join wanted on wanted.wanted_id = matching.wanted_id
    join judged_statements on judged_statements.statement_id = matching.statement_id
    join covering on covering.statement_id = matching.statement_id and covering.wanted_id = matching.wanted_id
    left join organization_trails on organization_trails.source_name = judged_statements.source_name
),
allowing_policies as materialized (
    select distinct known_statements.source_name, known_statements.policy_id, matching.wanted_id
    from matching
    join known_statements on known_statements.statement_id = matching.statement_id
    where known_statements.effect = 'Allow'
    union all
    select known_policies.source_name, known_policies.policy_id, wanted.wanted_id
    from known_policies
    cross join wanted
    where known_policies.text_state = 'full_access'
),

-- 5. What may hang anywhere, because its attachments (or the list of policies) were not read.
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

-- 6. Each place once: a path from the root, and a set of policies on accounts themselves.
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

-- 7. (b) No Allow: the levels at which nothing that is known allows it.
allowed_levels as materialized (
    select distinct level_policies.level_id, allowing_policies.wanted_id
    from level_policies
    join allowing_policies on allowing_policies.source_name = level_policies.source_name and allowing_policies.policy_id = level_policies.policy_id
),
closed_places as materialized (
    select
        place_levels.place_id,
        wanted.wanted_id,
        -- The highest level at which nothing that was not read could allow it either.
        min(array[place_levels.level, place_levels.level_id]) filter (
            where level_problems.level_id is null and not coalesce(floating_of_sources.may_allow, false)
        ) as closed
    from place_levels
    cross join wanted
    left join allowed_levels on allowed_levels.level_id = place_levels.level_id and allowed_levels.wanted_id = wanted.wanted_id
    left join level_problems on level_problems.level_id = place_levels.level_id
    left join floating_of_sources on floating_of_sources.source_name = place_levels.source_name and floating_of_sources.wanted_id = wanted.wanted_id
    where allowed_levels.level_id is null
        -- AWS keeps one SCP everywhere: none at all is a gap in the reads.
        and place_levels.policy_set <> ''
    group by place_levels.place_id, wanted.wanted_id
),

-- 8. Statements that ask who the member is, for the accounts below them. Only those that they do not bind are kept.
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
asked_members as materialized (
    select distinct member_places.member_id, place_questions.statement_id
    from member_places
    join place_questions on place_questions.place_id = member_places.place_id
),
broken_constants as materialized (
    select
        asked_members.member_id,
        asked_members.statement_id,
        bool_or(tested.holds is false) as is_void
    from asked_members
    join constants on constants.statement_id = asked_members.statement_id
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
    group by asked_members.member_id, asked_members.statement_id
),
exempt_members as materialized (
    select asked_members.member_id, asked_members.statement_id
    from asked_members
    join judged_statements on judged_statements.statement_id = asked_members.statement_id
    join placed_members on placed_members.member_id = asked_members.member_id
    where judged_statements.account_patterns is not null
        and exists (
            select
            from unnest(judged_statements.account_patterns) as listed (pattern)
            where 'arn:' || judged_statements.partition || ':iam::' || placed_members.account_id || ':root' like listed.pattern
                or (
                    'arn:' || judged_statements.partition || ':iam::' || placed_members.account_id || ':role/' || repeat('a', 32) like listed.pattern
                    and 'arn:' || judged_statements.partition || ':iam::' || placed_members.account_id || ':role/' || repeat('0', 32) like listed.pattern
                )
                or (
                    'arn:' || judged_statements.partition || ':iam::' || placed_members.account_id || ':user/' || repeat('a', 32) like listed.pattern
                    and 'arn:' || judged_statements.partition || ':iam::' || placed_members.account_id || ':user/' || repeat('0', 32) like listed.pattern
                )
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

-- 9. (a) A Deny: each place once more for each way in which its statements answer.
answered_members as materialized (
    select placed_members.*, coalesce(answers_of_members.answers, '') as answers
    from placed_members
    left join answers_of_members on answers_of_members.member_id = placed_members.member_id
),
variants as materialized (
    select row_number() over () as variant_id, found.*
    from (
        select answered_members.path_place as place_id, answered_members.answers
        from answered_members
        union
        select answered_members.own_place, answered_members.answers
        from answered_members
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

-- 10. Each class of accounts once.
classes as materialized (
    select
        row_number() over () as class_id,
        answered_members.source_name,
        answered_members.ou_path,
        answered_members.is_management,
        answered_members.id_path = '' as is_place_unknown,
        answered_members.path_place,
        answered_members.own_place,
        paths.variant_id as path_variant,
        own.variant_id as own_variant,
        array_agg(answered_members.account_id order by answered_members.account_id) as account_ids,
        array_agg(answered_members.account_name order by answered_members.account_id) as account_names
    from answered_members
    join variants as paths on paths.place_id = answered_members.path_place and paths.answers = answered_members.answers
    join variants as own on own.place_id = answered_members.own_place and own.answers = answered_members.answers
    group by
        answered_members.source_name, answered_members.ou_path, answered_members.is_management, answered_members.id_path = '',
        answered_members.path_place, answered_members.own_place, paths.variant_id, own.variant_id
),
facts as (
    select
        classes.class_id,
        classes.source_name,
        organizations.organization_id,
        classes.ou_path,
        classes.account_ids,
        classes.account_names,
        wanted.control,
        wanted.service_id,
        wanted.action,
        classes.is_management,
        organizations.service_control_policy_status,
        coalesce(organizations.read_error, 'aws_organizations was not read') as organization_error,
        coalesce(organizations.unknown_cause, 'unread') as organization_cause,
        coalesce(roots.read_error, 'aws_organizations_roots was not read') as roots_error,
        coalesce(roots.unknown_cause, 'unread') as roots_cause,
        coalesce(trails.unknown_cause, 'unread') as trails_cause,
        -- A level that does not allow it leaves nobody out, so it tells more than a Deny with exceptions.
        case when chosen.closed is null or chosen.whole[1] = 0 then chosen.whole end as whole,
        case when chosen.whole is null or chosen.whole[1] > 0 then chosen.closed end as closed,
        chosen.partial,
        nullif(concat_ws('; ', path_denies.said, own_denies.said), '') as said,
        case
            when coalesce(path_problems.text_problem, own_problems.text_problem) is not null then coalesce(path_problems.text_problem, own_problems.text_problem)
            when floating_of_sources.may_deny then 'where policies are attached is not fully known: ' || floating_of_sources.deny_problem
            when coalesce(path_denies.open_label, own_denies.open_label) is not null
                then format('whether %s binds this account is not known', coalesce(path_denies.open_label, own_denies.open_label))
            when classes.is_place_unknown then 'the place of the account in the organization is not known'
            when coalesce(path_problems.empty_level, own_problems.empty_level) is not null
                then format('no SCP was read on %s, and AWS always keeps one there', coalesce(path_problems.empty_level, own_problems.empty_level))
            when coalesce(path_closed.wanted_id, own_closed.wanted_id) is not null and floating_of_sources.may_allow
                then 'where policies are attached is not fully known: ' || floating_of_sources.problem
        end as gap,
        case
            when path_denies.is_unsure or own_denies.is_unsure
                then 'which trail is the organization''s is not known: ' || coalesce(trails.read_error, 'aws_cloudtrail_trails was not read')
        end as trails_gap
    from classes
    cross join wanted
    join organizations on organizations.source_name = classes.source_name
    left join judged_variants as path_denies on path_denies.variant_id = classes.path_variant and path_denies.wanted_id = wanted.wanted_id
    left join judged_variants as own_denies on own_denies.variant_id = classes.own_variant and own_denies.wanted_id = wanted.wanted_id
    left join closed_places as path_closed on path_closed.place_id = classes.path_place and path_closed.wanted_id = wanted.wanted_id
    left join closed_places as own_closed on own_closed.place_id = classes.own_place and own_closed.wanted_id = wanted.wanted_id
    left join place_problems as path_problems on path_problems.place_id = classes.path_place
    left join place_problems as own_problems on own_problems.place_id = classes.own_place
    left join floating_of_sources on floating_of_sources.source_name = classes.source_name and floating_of_sources.wanted_id = wanted.wanted_id
    left join table_reads as roots on roots.source_name = classes.source_name and roots.table_name = 'aws_organizations_roots'
    left join table_reads as trails on trails.source_name = classes.source_name and trails.table_name = 'aws_cloudtrail_trails'
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
    known_policies.policy_name,
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
            then format('SCPs are %s at the root, so nothing denies %s; enable the policy type SERVICE_CONTROL_POLICY', named.service_control_policy_status, named.action)
        when named.whole is not null then format('%s is denied by %s, attached to %s', named.action, judged_denies.whole_label, place_levels.label)
        when named.closed is not null then format('no SCP on %s allows %s', place_levels.label, named.action)
        when named.denial = 'unknown' then format('whether %s is denied is not known: %s', named.action, coalesce(named.gap, named.trails_gap))
        else format(
            '%s is %s: %s; attach an SCP that denies it on * to the root or to its OU',
            named.action,
            case named.denial when 'partial' then 'denied in part only' else 'not denied' end,
            coalesce(named.said, 'no SCP on its path denies it')
        )
    end as reason,
    case
        when named.denial <> 'unknown' then null
        when named.is_management = 'unknown' then named.organization_cause
        when named.service_control_policy_status is null then named.roots_cause
        when named.gap is not null then 'unread'
        else named.trails_cause
    end as unknown_cause,
    named.account_ids,
    named.account_names
from named
left join judged_denies on judged_denies.deny_id = named.deny_id
left join known_policies on known_policies.source_name = judged_denies.source_name and known_policies.policy_id = judged_denies.policy_id
left join place_levels on place_levels.level_id = named.level_id
$$;
comment on function delegation.guardrail_classes(text) is
    'What delegation.guardrails tells, once for all accounts for which it is the same (account_ids, and account_names in the same order): for the actions of one control, or of all for null. attached_to is null for the account itself.';

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
    'The rows of delegation.guardrails for one control, or for all with null. Rules ask for what they need: one control is a fraction of the work.';

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

create or replace view delegation.account_guardrails as
with controls as (
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
    from delegation.guardrail_classes(null) as class
    cross join lateral (select array_position(array['none', 'partial', 'unknown', 'whole', 'not_applicable'], class.denial) as rank) as ranked
    group by class.source_name, class.organization_id, class.class_id, class.ou_path, class.control, class.service_id
)
select
    controls.source_name,
    controls.organization_id,
    member.account_id,
    member.account_name,
    controls.ou_path,
    controls.control,
    controls.service_id,
    (array['none', 'partial', 'unknown', 'whole', 'not_applicable'])[controls.worst] as denial,
    controls.actions_total,
    controls.actions_denied,
    controls.actions_not_denied,
    controls.actions_unknown,
    controls.reason,
    controls.unknown_cause
from controls
cross join lateral unnest(controls.account_ids, controls.account_names) as member (account_id, account_name);
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

commit;
