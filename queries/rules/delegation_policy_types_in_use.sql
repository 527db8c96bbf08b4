-- id:          delegation_policy_types_in_use
-- title:       Each policy type that is delegated is enabled
-- severity:    medium
-- frameworks:  aws_sra: delegated_administration, organization_policies
-- reads:       aws_organizations, aws_organizations_roots, aws_organization_resource_policies, aws_organization_resource_policy_statements
-- why:         Power over a policy type that is not enabled is power that nobody uses and nobody watches, until somebody enables it.
-- decides:     Each policy type to which a statement with Effect Allow limits policy work, by organizations:PolicyType or by the ARN of
--              the policies, is ENABLED at the root. A type with a wildcard passes where it takes in a type that is ENABLED. Policy work
--              on every type is a row of its own (`*`) that is not_applicable, as there is no type to compare. What a Deny takes away
--              whole does not count.
-- unknown:     The delegation policy or the root was not read, or a statement cannot be judged.
-- remediation: In the management account run `aws organizations enable-policy-type` with the root and the type if you want to use it; otherwise take the type out of the delegation policy and put that back with `aws organizations put-resource-policy --content file://delegation-policy.json`.
-- source:      https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_enable-disable.html
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
