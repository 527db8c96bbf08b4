-- id:          delegation_policy_no_wildcards
-- title:       The delegation policy names whom it lets do what, without wildcards
-- severity:    critical
-- frameworks:  aws_sra: delegated_administration, organization_policies
-- reads:       aws_organizations, aws_organization_resource_policies, aws_organization_resource_policy_statements
-- why:         A wildcard gives power over every guardrail to accounts that nobody thought of, or hands out actions that AWS adds
--              later.
-- decides:     Each statement with Effect Allow is judged, all its faults in one row; a Deny gives nothing to anybody and is
--              not_applicable, and a Deny elsewhere does not mend a fault. Faults are (1) a principal with `*`, unless a condition
--              keeps it within this organization; (2) an action with `*` or `?` that does not begin with organizations:Describe,
--              List, Get, Tag or Untag, as those only look and tag: so `*`, `organizations:*` and `organizations:Attach*` are
--              faults, and actions of other services do not count; (3) NotAction; (4) NotPrincipal. The conditions that keep it
--              within this organization are StringEquals or StringLike on aws:PrincipalOrgID or aws:SourceOrgID with this ID and
--              nothing else, and ForAnyValue:StringEquals or ForAnyValue:StringLike on aws:PrincipalOrgPaths with paths that begin
--              with this ID and a slash. IfExists and ForAllValues also hold where there is no organization, so they keep nobody
--              out; of a condition on accounts or roles the rule takes no notice, as they belong into Principal.
-- unknown:     The delegation policy was not read, or the statement cannot be judged because its Effect, Action or Principal is not
--              where AWS has it.
-- remediation: In the management account run `aws organizations describe-resource-policy`, write account IDs and actions one by one into the statement, and put it back with `aws organizations put-resource-policy --content file://delegation-policy.json`.
-- source:      https://docs.aws.amazon.com/organizations/latest/userguide/orgs-policy-delegate.html
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
