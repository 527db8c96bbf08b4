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
