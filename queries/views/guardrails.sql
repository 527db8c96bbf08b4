-- "Effectively denied", once for all guardrails: which members an SCP keeps from an action, and through which statement.
--
-- Everything that does not depend on the account is worked out before accounts come in: each statement once, each set of
-- policies that hangs somewhere once, each class (path and own policies) once. Only then the accounts, by join.
-- https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_evaluation.html

create or replace view delegation.guardrail_actions (control, action, resource_probes) as
values
    -- An action without resource types is asked on `*`, and an ARN in Resource never covers that.
    -- https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html
    ('leave_organization', 'organizations:LeaveOrganization', array['*']);
comment on view delegation.guardrail_actions is 'The actions that guardrails are about. A new control is a line here.';
comment on column delegation.guardrail_actions.control is 'What the guardrail protects.';
comment on column delegation.guardrail_actions.action is 'IAM action that should be denied.';
comment on column delegation.guardrail_actions.resource_probes is 'What Resource of a whole Deny has to cover; {partition} stands for the partition.';

create or replace function delegation.guardrail_verdicts(wanted_control text)
returns table (source_name text, account_id text, control text, action text, status text, reason text, unknown_cause text)
language sql stable
set search_path = pg_catalog
-- The planner cannot know how many statements a document has, and tables that were just filled have no statistics: it would
-- choose joins that are right for a few rows, and those take minutes for 50,000 accounts. A hash join is never far off.
set enable_nestloop = off
set enable_mergejoin = off
set jit = off
as $$
with wanted as materialized (
    select guardrail_actions.control, guardrail_actions.action, guardrail_actions.resource_probes
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
    select policies.source_name, policies.policy_id, policies.label, policies.content, policies.text_state
    from policies
    union all
    select
        strangers.source_name,
        strangers.policy_id,
        strangers.policy_id,
        null,
        case when strangers.policy_id = 'p-FullAWSAccess' then 'full_access' else 'unread' end
    from (select distinct attached.source_name, attached.policy_id from attached) as strangers
    left join policies on policies.source_name = strangers.source_name and policies.policy_id = strangers.policy_id
    where policies.policy_id is null
),

-- 2. Each statement once.
statements as materialized (
    select all_policies.source_name, all_policies.policy_id, statement.*
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
matching as materialized (
    select
        wanted.control,
        wanted.action,
        wanted.resource_probes,
        statements.*,
        statements.policy_id || '#' || statements.statement_index as statement_key,
        format('statement %s of %s', coalesce(statements.sid, statements.statement_index::text), known_policies.label) as label,
        organizations.partition
    from statements
    join known_policies on known_policies.source_name = statements.source_name and known_policies.policy_id = statements.policy_id
    join organizations on organizations.source_name = statements.source_name
    cross join wanted
    where known_policies.text_state = 'read'
        and (
            delegation.action_matches(wanted.action, statements.actions)
            or (statements.not_actions is not null and not delegation.action_matches(wanted.action, statements.not_actions))
        )
),
denies as materialized (
    select
        matching.*,
        exists (
            select
            from unnest(matching.resources) as listed (pattern)
            where not exists (
                select
                from unnest(matching.resource_probes) as probe (resource)
                where not replace(probe.resource, '{partition}', matching.partition) like delegation.like_pattern(listed.pattern)
            )
        ) as covers_resources
    from matching
    where matching.effect = 'Deny'
),

-- 3. Its conditions: constants of the member, exemptions of principals, and everything else.
conditions as materialized (
    select
        denies.source_name,
        denies.control,
        denies.action,
        denies.statement_key,
        denies.partition,
        denies.has_variables,
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
    from denies
    cross join lateral delegation.policy_conditions(denies.condition) as condition
),
constants as materialized (
    select
        conditions.source_name,
        conditions.control,
        conditions.action,
        conditions.statement_key,
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
        conditions.control,
        conditions.action,
        conditions.statement_key,
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
                when exempted.operator like 'string%equals%' then delegation.like_literal(exempted.plain)
                else delegation.like_pattern(exempted.plain)
            end,
            chr(1),
            '_'
        ) as pattern
    from exempted
),
probes (principal, first_name, second_name) as (
    -- Two names that share no character: a pattern that matches both asks for none.
    values
        ('root', ':root', ':root'),
        ('roles', ':role/' || repeat('a', 32), ':role/' || repeat('0', 32)),
        ('users', ':user/' || repeat('a', 32), ':user/' || repeat('0', 32))
),
tried_exemptions as (
    select
        exemption_patterns.source_name,
        exemption_patterns.control,
        exemption_patterns.action,
        exemption_patterns.statement_key,
        exemption_patterns.exemption,
        exemption_patterns.key,
        exemption_patterns.pattern,
        exemption_patterns.plain,
        exemption_patterns.has_variables,
        bool_or(
            'arn:' || exemption_patterns.partition || ':iam::000000000000' || probes.first_name like exemption_patterns.pattern
            and 'arn:' || exemption_patterns.partition || ':iam::000000000000' || probes.second_name like exemption_patterns.pattern
            and 'arn:' || exemption_patterns.partition || ':iam::111111111111' || probes.first_name like exemption_patterns.pattern
            and 'arn:' || exemption_patterns.partition || ':iam::111111111111' || probes.second_name like exemption_patterns.pattern
        ) as covers_everywhere,
        bool_or(
            'arn:' || exemption_patterns.partition || ':iam::000000000000' || probes.first_name like regexp_replace(exemption_patterns.pattern, '[0-9]', '_', 'g')
            and 'arn:' || exemption_patterns.partition || ':iam::000000000000' || probes.second_name like regexp_replace(exemption_patterns.pattern, '[0-9]', '_', 'g')
        ) as may_cover_somewhere
    from exemption_patterns
    cross join probes
    group by
        exemption_patterns.source_name, exemption_patterns.control, exemption_patterns.action, exemption_patterns.statement_key, exemption_patterns.exemption,
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
        exemptions.control,
        exemptions.action,
        exemptions.statement_key,
        string_agg(distinct case when exemptions.key = 'aws:assumedroot' then 'aws:AssumedRoot ' else '' end || exemptions.exemption, ', ') as exemption_list,
        string_agg(distinct exemptions.problem, '; ') as problem,
        array_agg(distinct exemptions.pattern) filter (where exemptions.depends_on_account) as account_patterns
    from exemptions
    group by exemptions.source_name, exemptions.control, exemptions.action, exemptions.statement_key
),
other_conditions as (
    select
        conditions.source_name,
        conditions.control,
        conditions.action,
        conditions.statement_key,
        string_agg(conditions.shown, ' and ' order by conditions.shown collate "C") as shown
    from conditions
    where conditions.kind = 'other'
    group by conditions.source_name, conditions.control, conditions.action, conditions.statement_key
),
judged_denies as materialized (
    select
        denies.source_name,
        denies.control,
        denies.action,
        denies.policy_id,
        denies.statement_key,
        denies.partition,
        denies.label,
        denies.label || case when exemptions_of_statements.exemption_list is not null then format(' (exempt: %s)', exemptions_of_statements.exemption_list) else '' end as whole_label,
        nullif(concat_ws(
            '; ',
            case when denies.not_resources is not null then format('not on %s', array_to_string(denies.not_resources, ', ')) end,
            case when denies.not_resources is null and not denies.covers_resources then format('only on %s', array_to_string(denies.resources, ', ')) end,
            'only when ' || other_conditions.shown,
            exemptions_of_statements.problem
        ), '') as partial_reason,
        exemptions_of_statements.account_patterns,
        exists (
            select
            from constants
            where constants.source_name = denies.source_name
                and constants.control = denies.control
                and constants.action = denies.action
                and constants.statement_key = denies.statement_key
        ) as has_constants
    from denies
    left join exemptions_of_statements
        on exemptions_of_statements.source_name = denies.source_name
        and exemptions_of_statements.control = denies.control
        and exemptions_of_statements.action = denies.action
        and exemptions_of_statements.statement_key = denies.statement_key
    left join other_conditions
        on other_conditions.source_name = denies.source_name
        and other_conditions.control = denies.control
        and other_conditions.action = denies.action
        and other_conditions.statement_key = denies.statement_key
),

-- 4. Each policy once.
denies_of_policies as (
    select
        judged_denies.source_name,
        judged_denies.control,
        judged_denies.action,
        judged_denies.policy_id,
        min(judged_denies.whole_label) filter (
            where judged_denies.partial_reason is null and not judged_denies.has_constants and judged_denies.account_patterns is null
        ) as whole,
        array_agg(format('%s denies it %s', judged_denies.label, judged_denies.partial_reason) order by judged_denies.statement_key collate "C") filter (where judged_denies.partial_reason is not null) as partials,
        array_agg(judged_denies.statement_key) filter (
            where judged_denies.partial_reason is null and (judged_denies.has_constants or judged_denies.account_patterns is not null)
        ) as dependents
    from judged_denies
    group by judged_denies.source_name, judged_denies.control, judged_denies.action, judged_denies.policy_id
),
allows_of_policies as (
    select distinct matching.source_name, matching.control, matching.action, matching.policy_id
    from matching
    where matching.effect = 'Allow'
),
judged_policies as materialized (
    select
        known_policies.source_name,
        wanted.control,
        wanted.action,
        known_policies.policy_id,
        known_policies.label,
        known_policies.text_problem,
        known_policies.text_state = 'full_access' or allows_of_policies.policy_id is not null as allows,
        denies_of_policies.whole,
        denies_of_policies.partials,
        denies_of_policies.dependents
    from known_policies
    cross join wanted
    left join denies_of_policies
        on denies_of_policies.source_name = known_policies.source_name
        and denies_of_policies.policy_id = known_policies.policy_id
        and denies_of_policies.control = wanted.control
        and denies_of_policies.action = wanted.action
    left join allows_of_policies
        on allows_of_policies.source_name = known_policies.source_name
        and allows_of_policies.policy_id = known_policies.policy_id
        and allows_of_policies.control = wanted.control
        and allows_of_policies.action = wanted.action
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
unread_attachments as (
    select known_policies.source_name, known_policies.policy_id, min(target_reads.problem) as problem
    from known_policies
    join target_reads
        on target_reads.source_name = known_policies.source_name
        and target_reads.scope in ('', known_policies.policy_id)
    where target_reads.outcome not in ('ok', 'absent')
    group by known_policies.source_name, known_policies.policy_id
),
floating as materialized (
    select
        judged_policies.source_name,
        judged_policies.control,
        judged_policies.action,
        bool_or(judged_policies.allows or judged_policies.text_problem is not null) as may_allow,
        bool_or(judged_policies.whole is not null or judged_policies.dependents is not null or judged_policies.text_problem is not null) as may_deny,
        min(unread_attachments.problem) as problem
    from judged_policies
    join unread_attachments
        on unread_attachments.source_name = judged_policies.source_name
        and unread_attachments.policy_id = judged_policies.policy_id
    group by judged_policies.source_name, judged_policies.control, judged_policies.action
    union all
    select organizations.source_name, wanted.control, wanted.action, true, true, coalesce(table_reads.read_error, table_names.table_name || ' was not read')
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
        floating.control,
        floating.action,
        bool_or(floating.may_allow) as may_allow,
        bool_or(floating.may_deny) as may_deny,
        min(floating.problem) filter (where floating.may_deny) as deny_problem,
        min(floating.problem) as problem
    from floating
    group by floating.source_name, floating.control, floating.action
),

-- 6. Each set of policies that hangs somewhere, once.
target_sets as materialized (
    select attached.source_name, attached.target_id, string_agg(distinct attached.policy_id, ',' order by attached.policy_id) as policy_set
    from attached
    group by attached.source_name, attached.target_id
),
sets as (
    select distinct target_sets.source_name, target_sets.policy_set
    from target_sets
),
set_policies as (
    select sets.source_name, sets.policy_set, member.policy_id
    from sets
    cross join lateral unnest(string_to_array(sets.policy_set, ',')) as member (policy_id)
),
judged_sets as materialized (
    select
        set_policies.source_name,
        set_policies.policy_set,
        judged_policies.control,
        judged_policies.action,
        bool_or(judged_policies.allows) as allows,
        min(judged_policies.whole) as whole,
        string_agg(array_to_string(judged_policies.partials, '; '), '; ' order by judged_policies.policy_id collate "C") as partials,
        string_agg(array_to_string(judged_policies.dependents, ','), ',') as dependents,
        min(judged_policies.text_problem) as text_problem
    from set_policies
    join judged_policies
        on judged_policies.source_name = set_policies.source_name
        and judged_policies.policy_id = set_policies.policy_id
    group by set_policies.source_name, set_policies.policy_set, judged_policies.control, judged_policies.action
),

-- 7. Each class of accounts once: the same path, and the same policies on the account itself.
members as materialized (
    select
        accounts.source_name,
        accounts.account_id,
        accounts.account_name,
        accounts.ou_path,
        -- Empty where the place is not known: classes are joined on it, and null cannot be hashed.
        coalesce(accounts.id_path, '') as id_path,
        accounts.is_management_account,
        coalesce(target_sets.policy_set, '') as own_set
    from delegation.accounts
    left join target_sets
        on target_sets.source_name = accounts.source_name
        and target_sets.target_id = accounts.account_id
    where accounts.account_state = 'ACTIVE'
),
classes as materialized (
    select
        distinct_classes.*,
        row_number() over () as class_id
    from (select distinct members.source_name, members.id_path, members.own_set from members) as distinct_classes
),
unit_names as (
    select unit._cq_source_name as source_name, unit.id, coalesce(unit.ou_path, unit.name) as name
    from delegation.current_aws_organizations_organizational_units as unit
),
class_levels as materialized (
    select
        classes.class_id,
        classes.source_name,
        level.ordinality as level,
        level.target_id || case
            when unit_names.name is not null then format(' (%s)', unit_names.name)
            when level.target_id like 'r-%' then ' (the root)'
            else ''
        end as label,
        coalesce(target_sets.policy_set, '') as policy_set
    from classes
    join organizations on organizations.source_name = classes.source_name
    -- The root is above everybody, also where the rest of the path is not known.
    cross join lateral unnest(string_to_array(coalesce(nullif(classes.id_path, ''), organizations.root_id), '/')) with ordinality as level (target_id, ordinality)
    left join target_sets
        on target_sets.source_name = classes.source_name
        and target_sets.target_id = level.target_id
    left join unit_names
        on unit_names.source_name = classes.source_name
        and unit_names.id = level.target_id
    union all
    select classes.class_id, classes.source_name, 99, 'the account itself', classes.own_set
    from classes
),
judged_classes as materialized (
    select
        class_levels.class_id,
        wanted.control,
        wanted.action,
        (array_agg(format('%s, attached to %s', judged_sets.whole, class_levels.label) order by class_levels.level) filter (where judged_sets.whole is not null))[1] as whole,
        -- Nothing here allows it, and nothing that was not read could.
        (array_agg(class_levels.label order by class_levels.level) filter (
            where not judged_sets.allows
                and judged_sets.text_problem is null
                and not coalesce(floating_of_sources.may_allow, false)
        ))[1] as closed_level,
        string_agg(judged_sets.partials || ' (attached to ' || class_levels.label || ')', '; ' order by class_levels.level) as partials,
        string_agg(judged_sets.dependents, ',' order by class_levels.level) as dependents,
        (array_agg(format('%s (attached to %s)', judged_sets.text_problem, class_levels.label) order by class_levels.level) filter (where judged_sets.text_problem is not null))[1] as text_problem,
        (array_agg(class_levels.label order by class_levels.level) filter (where class_levels.policy_set = ''))[1] as empty_level,
        -- A level without an Allow that was read, where one that was not read could be missing.
        bool_or(judged_sets.policy_set is not null and not judged_sets.allows) as has_level_without_allow
    from class_levels
    cross join wanted
    left join judged_sets
        on judged_sets.source_name = class_levels.source_name
        and judged_sets.policy_set = class_levels.policy_set
        and judged_sets.control = wanted.control
        and judged_sets.action = wanted.action
    left join floating_of_sources
        on floating_of_sources.source_name = class_levels.source_name
        and floating_of_sources.control = wanted.control
        and floating_of_sources.action = wanted.action
    group by class_levels.class_id, wanted.control, wanted.action
),

-- 8. Statements that ask who the member is, for the accounts below them.
class_dependents as (
    select judged_classes.class_id, judged_classes.control, judged_classes.action, dependent.statement_key
    from judged_classes
    cross join lateral unnest(string_to_array(judged_classes.dependents, ',')) as dependent (statement_key)
    where judged_classes.whole is null
),
asked_members as materialized (
    select
        members.source_name,
        members.account_id,
        members.id_path,
        class_dependents.control,
        class_dependents.action,
        class_dependents.statement_key,
        organizations.organization_id,
        organizations.partition
    from members
    join classes
        on classes.source_name = members.source_name
        and classes.id_path = members.id_path
        and classes.own_set = members.own_set
    join class_dependents on class_dependents.class_id = classes.class_id
    join organizations on organizations.source_name = members.source_name
),
held_constants as (
    select
        asked_members.source_name,
        asked_members.account_id,
        asked_members.control,
        asked_members.action,
        asked_members.statement_key,
        bool_or(tested.holds is false) as is_void,
        bool_or(tested.holds is null) as is_open
    from asked_members
    join constants
        on constants.source_name = asked_members.source_name
        and constants.control = asked_members.control
        and constants.action = asked_members.action
        and constants.statement_key = asked_members.statement_key
    cross join lateral (
        select case constants.key
            when 'aws:principalaccount' then asked_members.account_id
            when 'aws:principalorgid' then asked_members.organization_id
            else asked_members.organization_id || '/' || nullif(asked_members.id_path, '') || '/'
        end as value
    ) as actual
    cross join lateral (
        select (case when constants.is_any_case then lower(actual.value) else actual.value end like any (constants.patterns)) <> constants.is_negated as holds
    ) as tested
    group by asked_members.source_name, asked_members.account_id, asked_members.control, asked_members.action, asked_members.statement_key
),
answered_members as (
    select
        asked_members.source_name,
        asked_members.account_id,
        asked_members.control,
        asked_members.action,
        judged_denies.whole_label,
        judged_denies.label,
        coalesce(held_constants.is_void, false) as is_void,
        coalesce(held_constants.is_open, false) as is_open,
        judged_denies.account_patterns is not null and exists (
            select
            from unnest(judged_denies.account_patterns) as listed (pattern)
            where 'arn:' || asked_members.partition || ':iam::' || asked_members.account_id || ':root' like listed.pattern
                or (
                    'arn:' || asked_members.partition || ':iam::' || asked_members.account_id || ':role/' || repeat('a', 32) like listed.pattern
                    and 'arn:' || asked_members.partition || ':iam::' || asked_members.account_id || ':role/' || repeat('0', 32) like listed.pattern
                )
                or (
                    'arn:' || asked_members.partition || ':iam::' || asked_members.account_id || ':user/' || repeat('a', 32) like listed.pattern
                    and 'arn:' || asked_members.partition || ':iam::' || asked_members.account_id || ':user/' || repeat('0', 32) like listed.pattern
                )
        ) as is_exempt
    from asked_members
    join judged_denies
        on judged_denies.source_name = asked_members.source_name
        and judged_denies.control = asked_members.control
        and judged_denies.action = asked_members.action
        and judged_denies.statement_key = asked_members.statement_key
    left join held_constants
        on held_constants.source_name = asked_members.source_name
        and held_constants.account_id = asked_members.account_id
        and held_constants.control = asked_members.control
        and held_constants.action = asked_members.action
        and held_constants.statement_key = asked_members.statement_key
),
judged_members as materialized (
    select
        answered_members.source_name,
        answered_members.account_id,
        answered_members.control,
        answered_members.action,
        min(answered_members.whole_label) filter (where not answered_members.is_void and not answered_members.is_open and not answered_members.is_exempt) as whole,
        min(answered_members.label) filter (where not answered_members.is_void and answered_members.is_open and not answered_members.is_exempt) as open,
        string_agg(
            format('%s does not bind this account: %s', answered_members.label, case when answered_members.is_void then 'its condition is never true here' else 'it exempts the root user, all roles or all users here' end),
            '; ' order by answered_members.label collate "C"
        ) filter (where answered_members.is_void or answered_members.is_exempt) as partials
    from answered_members
    group by answered_members.source_name, answered_members.account_id, answered_members.control, answered_members.action
),

-- 9. The verdicts.
verdicts as (
    select
        members.source_name,
        members.account_id,
        wanted.control,
        wanted.action,
        delegation.account_label(members.account_id, members.account_name, coalesce(members.ou_path, nullif(members.id_path, ''))) as account_label,
        members.is_management_account,
        organizations.service_control_policy_status,
        coalesce(organizations.read_error, 'aws_organizations was not read') as organization_error,
        coalesce(organizations.unknown_cause, 'unread') as organization_cause,
        roots.read_error as roots_error,
        coalesce(roots.unknown_cause, 'unread') as roots_cause,
        coalesce(judged_classes.whole, judged_members.whole || ', attached on its path') as whole,
        judged_classes.closed_level,
        nullif(concat_ws('; ', judged_classes.partials, judged_members.partials), '') as partials,
        case
            when judged_classes.text_problem is not null then judged_classes.text_problem
            when floating_of_sources.may_deny then 'where policies are attached is not fully known: ' || floating_of_sources.deny_problem
            when judged_members.open is not null then format('whether %s binds this account is not known', judged_members.open)
            when members.id_path = '' then 'the place of the account in the organization is not known'
            when judged_classes.empty_level is not null then format('no SCP was read on %s, and AWS always keeps one there', judged_classes.empty_level)
            when judged_classes.has_level_without_allow and floating_of_sources.may_allow then 'where policies are attached is not fully known: ' || floating_of_sources.problem
        end as gap
    from members
    cross join wanted
    join organizations on organizations.source_name = members.source_name
    join classes
        on classes.source_name = members.source_name
        and classes.id_path = members.id_path
        and classes.own_set = members.own_set
    left join judged_classes
        on judged_classes.class_id = classes.class_id
        and judged_classes.control = wanted.control
        and judged_classes.action = wanted.action
    left join judged_members
        on judged_members.source_name = members.source_name
        and judged_members.account_id = members.account_id
        and judged_members.control = wanted.control
        and judged_members.action = wanted.action
    left join floating_of_sources
        on floating_of_sources.source_name = members.source_name
        and floating_of_sources.control = wanted.control
        and floating_of_sources.action = wanted.action
    left join table_reads as roots
        on roots.source_name = members.source_name
        and roots.table_name = 'aws_organizations_roots'
)
select
    verdicts.source_name,
    verdicts.account_id,
    verdicts.control,
    verdicts.action,
    case
        when verdicts.is_management_account then 'not_applicable'
        when verdicts.is_management_account is null then 'unknown'
        when verdicts.service_control_policy_status is null then 'unknown'
        when verdicts.service_control_policy_status <> 'ENABLED' then 'fail'
        when verdicts.whole is not null or verdicts.closed_level is not null then 'pass'
        when verdicts.gap is not null then 'unknown'
        else 'fail'
    end as status,
    case
        when verdicts.is_management_account then format('%s is the management account, and SCPs never bind it', verdicts.account_label)
        when verdicts.is_management_account is null then format('%s: whether this is the management account is not known: %s', verdicts.account_label, verdicts.organization_error)
        when verdicts.service_control_policy_status is null then format('%s: whether SCPs are enabled at the root is not known: %s', verdicts.account_label, coalesce(verdicts.roots_error, 'aws_organizations_roots was not read'))
        when verdicts.service_control_policy_status <> 'ENABLED' then format('%s: SCPs are %s at the root, so nothing denies %s; enable the policy type SERVICE_CONTROL_POLICY', verdicts.account_label, verdicts.service_control_policy_status, verdicts.action)
        when verdicts.whole is not null then format('%s: %s is denied by %s', verdicts.account_label, verdicts.action, verdicts.whole)
        when verdicts.closed_level is not null then format('%s: no SCP on %s allows %s', verdicts.account_label, verdicts.closed_level, verdicts.action)
        when verdicts.gap is not null then format('%s: whether %s is denied is not known: %s', verdicts.account_label, verdicts.action, verdicts.gap)
        else format(
            '%s: %s is not denied: %s; attach an SCP that denies it on * to the root or to its OU',
            verdicts.account_label,
            verdicts.action,
            coalesce(verdicts.partials, 'no SCP on its path denies it')
        )
    end as reason,
    case
        when verdicts.is_management_account then null
        when verdicts.is_management_account is null then verdicts.organization_cause
        when verdicts.service_control_policy_status is null then verdicts.roots_cause
        when verdicts.service_control_policy_status <> 'ENABLED' or verdicts.whole is not null or verdicts.closed_level is not null then null
        when verdicts.gap is not null then 'unread'
    end as unknown_cause
from verdicts
$$;
comment on function delegation.guardrail_verdicts(text) is
    'Per ACTIVE account and action of guardrail_actions (of one control, or of all for null): whether it is effectively denied. The management account is not_applicable.';

create or replace view delegation.guardrails as
select verdict.source_name, verdict.account_id, verdict.control, verdict.action, verdict.status, verdict.reason, verdict.unknown_cause
from delegation.guardrail_verdicts(null) as verdict;
comment on view delegation.guardrails is 'Which ACTIVE accounts are kept from which action by SCPs.';
comment on column delegation.guardrails.source_name is 'Name of the source in its spec.';
comment on column delegation.guardrails.account_id is 'Account ID.';
comment on column delegation.guardrails.control is 'What the guardrail protects.';
comment on column delegation.guardrails.action is 'IAM action.';
comment on column delegation.guardrails.status is 'pass where it is effectively denied, fail, unknown, or not_applicable for the management account.';
comment on column delegation.guardrails.reason is 'Why, naming policy and statement, and what to do.';
comment on column delegation.guardrails.unknown_cause is 'unread or not_configured.';
