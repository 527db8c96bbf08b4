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
