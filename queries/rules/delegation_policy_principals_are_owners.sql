-- id:          delegation_policy_principals_are_owners
-- title:       Only the expected owner does policy work by the delegation policy
-- severity:    high
-- frameworks:  aws_sra: delegated_administration, organization_policies
-- reads:       aws_organizations, aws_organizations_accounts, aws_organization_resource_policies, aws_organization_resource_policy_statements, aws_delegation_owners, aws_delegation_expectations
-- why:         Who may create and attach policies decides what every other account may do. That belongs to the team that answers for
--              the guardrails.
-- decides:     Each principal to which a statement with Effect Allow gives policy work (everything but looking and tagging) that no Deny
--              takes away whole is judged by its account. It passes where that is an ACTIVE account of the expected owner of
--              organizations-delegation-policy: infosec, unless `expectations` of the spec says otherwise. Everybody (`*`), services,
--              accounts that are no members and accounts that are not ACTIVE fail whoever the owner is. Who may only look and tag is
--              not_applicable.
-- unknown:     The delegation policy, the accounts with their tags and places, or the owners and expectations of the spec were not read, a
--              statement cannot be judged, or the spec does not say who the owner is.
-- remediation: In the management account run `aws organizations describe-resource-policy`, take policy work from this principal, and put the policy back with `aws organizations put-resource-policy --content file://delegation-policy.json`; or name its account in `owners` or its owner in `expectations` of the spec, if it should do policy work.
-- source:      https://docs.aws.amazon.com/organizations/latest/userguide/orgs-policy-delegate.html
with table_reads as materialized (
    select table_reads.*
    from delegation.table_reads
    where table_reads.table_name in ('aws_organizations_accounts', 'aws_delegation_owners', 'aws_delegation_expectations')
),
-- What the catalogue recommends is infosec too, so the verdict does not lean on it.
expected_owners as (
    select expected_owners.source_name, array_agg(expected_owners.owner order by expected_owners.owner collate "C") as owners
    from delegation.expected_owners
    where expected_owners.service_id = 'organizations-delegation-policy'
    group by expected_owners.source_name
),
policies as materialized (
    select
        resource_policies.*,
        coalesce(expected_owners.owners, array['infosec']) as owners,
        array_to_string(coalesce(expected_owners.owners, array['infosec']), ' or ') as owner_names,
        coalesce(account_read.was_read, false) as were_accounts_read,
        coalesce(account_read.unknown_cause, 'unread') as accounts_cause,
        coalesce(account_read.read_error, 'aws_organizations_accounts was not read; sync again') as accounts_error,
        coalesce(owner_read.was_read and expectation_read.was_read, false) as were_owners_read,
        coalesce(owner_read.unknown_cause, expectation_read.unknown_cause, 'unread') as owners_cause,
        coalesce(owner_read.read_error, expectation_read.read_error, 'aws_delegation_owners was not read; sync again') as owners_error
    from delegation.resource_policies
    left join expected_owners on expected_owners.source_name = resource_policies.source_name
    left join table_reads as account_read on account_read.source_name = resource_policies.source_name and account_read.table_name = 'aws_organizations_accounts'
    left join table_reads as owner_read on owner_read.source_name = resource_policies.source_name and owner_read.table_name = 'aws_delegation_owners'
    left join table_reads as expectation_read on expectation_read.source_name = resource_policies.source_name and expectation_read.table_name = 'aws_delegation_expectations'
),
owner_sizes as (
    select policies.source_name, sum(owners.account_count) as account_count
    from policies
    join (select distinct owners.source_name, owners.owner, owners.account_count from delegation.owners) as owners
        on owners.source_name = policies.source_name
        and owners.owner = any (policies.owners)
    group by policies.source_name
),
owner_matches as materialized (
    select policies.source_name, owner_accounts.account_id, bool_or(owner_accounts.is_match) as is_match
    from policies
    join delegation.owner_accounts
        on owner_accounts.source_name = policies.source_name
        and owner_accounts.owner = any (policies.owners)
    group by policies.source_name, owner_accounts.account_id
),
open_owners as (
    select distinct owner_matches.source_name
    from owner_matches
    where owner_matches.is_match is null
),
work as (
    select
        granted.source_name,
        case when granted.is_not_principal then '*' else granted.principal end as principal,
        string_agg(distinct granted.action collate "C", ', ' order by granted.action collate "C") as actions
    from delegation.resource_policy_grants as granted
    where granted.is_policy_work
        and not granted.is_denied
        and granted.policy_types is distinct from '{}'
    group by granted.source_name, case when granted.is_not_principal then '*' else granted.principal end
),
principals as (
    select
        principals.*,
        work.actions,
        case
            when work.source_name is null then 'no work'
            when principals.account_id is null then 'no account'
            when not principals.is_found and policies.were_accounts_read then 'no member'
            when principals.account_state <> 'ACTIVE' then 'not active'
            when not policies.were_owners_read then 'owners not read'
            when owner_matches.is_match and principals.account_state = 'ACTIVE' then 'owner'
            when owner_sizes.source_name is null then 'owner not named'
            when not principals.is_found then 'accounts not read'
            when owner_matches.account_id is not null then 'owner open'
            when owner_sizes.account_count = 0 and not policies.were_accounts_read then 'accounts not read'
            when owner_sizes.account_count = 0 and open_owners.source_name is null then 'owner empty'
            else 'not owner'
        end as answer
    from policies
    join delegation.resource_policy_principals as principals on principals.source_name = policies.source_name
    left join work
        on work.source_name = principals.source_name
        and work.principal = principals.principal
    left join owner_sizes on owner_sizes.source_name = principals.source_name
    left join open_owners on open_owners.source_name = principals.source_name
    left join owner_matches
        on owner_matches.source_name = principals.source_name
        and owner_matches.account_id = principals.account_id
    where policies.can_judge
),
judged as (
    select
        principals.source_name,
        principals.account_id,
        principals.principal as resource_id,
        case
            when principals.answer = 'no work' then 'not_applicable'
            when principals.answer = 'owner' then 'pass'
            when principals.answer in ('no account', 'no member', 'not active', 'not owner') then 'fail'
            else 'unknown'
        end as status,
        case
            when principals.answer = 'no work' then format('%s (%s of %s) may do no policy work, at most look and tag', principals.label, principals.statements, policies.policy_id)
            when principals.answer = 'owner' then format('%s, an account of %s, may do policy work (%s) by %s', principals.label, policies.owner_names, principals.actions, policies.policy_id)
            else concat(
                format('%s (%s of %s) may do policy work (%s)', principals.label, principals.statements, policies.policy_id, principals.actions),
                case principals.answer
                    when 'no account' then format(' and is no account of %s; let the policy name an account of it', policies.owner_names)
                    when 'no member' then format(' and is no account of %s; take it out of the policy', policies.organization_id)
                    when 'not active' then format(' and is %s; let the policy name an ACTIVE account of %s', principals.account_state, policies.owner_names)
                    when 'not owner' then format(' and is no account of %s; take policy work from it', policies.owner_names)
                    when 'owners not read' then format(', and who should is not known: %s', policies.owners_error)
                    when 'owner not named' then format(', and the spec does not say who is %s; add `owners: {%s: {accounts: [''111122223333'']}}` with your account, and sync again', policies.owner_names, policies.owners[1])
                    when 'owner empty' then format(', and %s of the spec matches no account of the organization; correct `owners: {%s: ...}`, and sync again', policies.owner_names, policies.owners[1])
                    when 'owner open' then format(', and whether it belongs to %s is not known: its tags, its place or its state were not read; sync again with `account_tags: true`, and with organizations:ListParents and organizations:ListTagsForResource allowed', policies.owner_names)
                    else format(', and whether it belongs to %s is not known: %s', policies.owner_names, policies.accounts_error)
                end
            )
        end as reason,
        case principals.answer
            when 'owners not read' then policies.owners_cause
            when 'owner not named' then 'not_configured'
            when 'owner empty' then 'not_configured'
            when 'owner open' then 'unread'
            when 'accounts not read' then policies.accounts_cause
        end as unknown_cause
    from principals
    join policies on policies.source_name = principals.source_name
    union all
    select
        statements.source_name,
        null,
        statements.policy_id || '/' || statements.statement,
        'unknown',
        format('whom statement %s of %s lets do policy work is not known: %s; look at it with `aws organizations describe-resource-policy` and mend it', statements.statement, statements.policy_id, min(statements.problem)),
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
