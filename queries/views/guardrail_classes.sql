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
