-- id:          delegation_policy_present
-- title:       Policy administration is delegated to a member account
-- severity:    medium
-- frameworks:  aws_sra: delegated_administration, organization_policies
-- reads:       aws_organizations, aws_organizations_accounts, aws_organization_resource_policies, aws_organization_resource_policy_statements
-- why:         Without a delegation policy every change of an SCP, a tag policy or a backup policy needs somebody in the
--              management account, which no SCP binds and which should hardly ever be used.
-- decides:     The organization has a delegation policy, and it gives an ACTIVE member account, or everybody, at least one action of
--              policy work (create, update, delete, attach or detach policies, switch policy types) that no Deny takes away whole.
--              That AWS knows no such policy is an answer, and fails. So does a policy that lets accounts only look and tag, or that
--              names only the management account or accounts that are no ACTIVE members. Who holds it is for other rules.
-- unknown:     The delegation policy was not read, one of its statements cannot be judged, or whether the account that it names is an
--              ACTIVE member was not read.
-- remediation: In the management account run `aws organizations put-resource-policy --content file://delegation-policy.json` with a policy that lets an account of the security team do policy work, for the policy types and targets that it needs and no others.
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
