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
