-- id:          delegation_policy_principals_known
-- title:       Everybody named in the delegation policy is an active member of the organization
-- severity:    high
-- frameworks:  aws_sra: delegated_administration, organization_policies
-- reads:       aws_organizations, aws_organizations_accounts, aws_organization_resource_policies, aws_organization_resource_policy_statements
-- why:         A grant to an account that has left, was closed or never was a member waits for whoever gets hold of it, and shows that
--              nobody looks after the policy.
-- decides:     Each principal of a statement with Effect Allow is judged: an account ID, or the account in the ARN of its root, a role
--              or a user. It passes where that is an ACTIVE member account. The management account fails, as it needs no delegation;
--              so does a service, a canonical user, a federated identity and the ID of a deleted role, as none of these is a member
--              account. Everybody (`*`), everybody but one (NotPrincipal) and a name with a wildcard are judged by
--              delegation_policy_no_wildcards and not_applicable here.
-- unknown:     The delegation policy was not read, a statement cannot be judged, or the accounts of the organization were not read and
--              this one is not among those that are known.
-- remediation: In the management account run `aws organizations describe-resource-policy`, take the principal out or write the member account into its place, and put the policy back with `aws organizations put-resource-policy --content file://delegation-policy.json`.
-- source:      https://docs.aws.amazon.com/organizations/latest/userguide/orgs-policy-delegate.html
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
