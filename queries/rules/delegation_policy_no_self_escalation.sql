-- id:          delegation_policy_no_self_escalation
-- title:       Nobody but infosec can loosen the guardrails that bind itself
-- severity:    critical
-- frameworks:  aws_sra: delegated_administration, organization_policies
-- reads:       aws_organizations, aws_organizations_accounts, aws_organization_resource_policies, aws_organization_resource_policy_statements, aws_delegation_owners
-- why:         An account that may change the SCPs or RCPs above itself, or the delegation policy, is bound by nothing: it can give
--              itself what it lacks, and switch off the guardrails of everybody else.
-- decides:     Each principal of a statement with Effect Allow is judged by all that the policy gives its account, the roles of the account
--              and everybody, and no Deny takes away whole.
--              It reaches its own guardrails with UpdatePolicy or DeletePolicy on SCPs or RCPs, whichever they are attached to; with
--              AttachPolicy or DetachPolicy of SCPs or RCPs to the root, an OU above its account or its account itself; with
--              DisablePolicyType of these types at the root; with PutResourcePolicy or DeleteResourcePolicy; and with MoveAccount or
--              RemoveAccountFromOrganization. Only a condition on organizations:PolicyType that leaves both types out, or a Resource
--              that plainly names something else (ARNs of other policy types, OUs and accounts elsewhere), frees it; other conditions,
--              NotResource and a Resource that is no full ARN do not, nor does it help that policy and target stand in two statements.
--              A Deny on every resource for these types, or without conditions, takes them away. Policies without a target, or targets without a policy, count as reaching what is not said. Who reaches them passes
--              only as an account of the owner infosec of the spec, whatever `expectations` says. Everybody (`*`), services and accounts
--              that are no members fail whoever infosec is; the management account, which no SCP binds, is not_applicable.
-- unknown:     The delegation policy, the accounts with their tags and places, or the owners of the spec were not read, a statement cannot
--              be judged, it has an action that this version does not know, or the spec does not say who infosec is.
-- remediation: In the management account run `aws organizations describe-resource-policy`, limit the statement by `"Condition": {"StringEquals": {"organizations:PolicyType": [...]}}` to types other than SERVICE_CONTROL_POLICY and RESOURCE_CONTROL_POLICY, or its Resource to OUs and accounts elsewhere, and put the policy back with `aws organizations put-resource-policy --content file://delegation-policy.json`.
-- source:      https://docs.aws.amazon.com/organizations/latest/userguide/security_iam_resource-based-policy-examples.html
with table_reads as materialized (
    select table_reads.*
    from delegation.table_reads
    where table_reads.table_name in ('aws_organizations_accounts', 'aws_delegation_owners')
),
policies as materialized (
    select
        resource_policies.*,
        coalesce(account_read.was_read, false) as were_accounts_read,
        coalesce(account_read.unknown_cause, 'unread') as accounts_cause,
        coalesce(account_read.read_error, 'aws_organizations_accounts was not read; sync again') as accounts_error,
        coalesce(owner_read.was_read, false) as were_owners_read,
        coalesce(owner_read.unknown_cause, 'unread') as owners_cause,
        coalesce(owner_read.read_error, 'aws_delegation_owners was not read; sync again') as owners_error
    from delegation.resource_policies
    left join table_reads as account_read on account_read.source_name = resource_policies.source_name and account_read.table_name = 'aws_organizations_accounts'
    left join table_reads as owner_read on owner_read.source_name = resource_policies.source_name and owner_read.table_name = 'aws_delegation_owners'
),
owner_sizes as (
    select owners.source_name, max(owners.account_count) as account_count
    from delegation.owners
    where owners.owner = 'infosec'
    group by owners.source_name
),
owner_matches as materialized (
    select owner_accounts.source_name, owner_accounts.account_id, bool_or(owner_accounts.is_match) as is_match
    from delegation.owner_accounts
    where owner_accounts.owner = 'infosec'
    group by owner_accounts.source_name, owner_accounts.account_id
),
open_owners as (
    select distinct owner_matches.source_name
    from owner_matches
    where owner_matches.is_match is null
),
principals as materialized (
    select
        principals.*,
        policies.organization_id,
        -- Whom the targets of a grant cannot be told from may be bound by any of them.
        principals.account_id is null or (not principals.is_found and policies.were_accounts_read) as is_bound_everywhere,
        principals.account_id is not null and principals.id_path is null and not (not principals.is_found and policies.were_accounts_read) as is_place_open,
        array['account/' || policies.organization_id || '/' || principals.account_id]
            || array(
                select 'ou/' || policies.organization_id || '/' || above.id
                from unnest(string_to_array(principals.id_path, '/')) as above (id)
                where above.id not like 'r-%'
            ) as targets
    from policies
    join delegation.resource_policy_principals as principals on principals.source_name = policies.source_name
    where policies.can_judge
),
statement_names as (
    select distinct statements.source_name, statements.statement_index, statements.statement
    from delegation.resource_policy_statements as statements
),
grants as materialized (
    select
        row_number() over () as grant_id,
        granted.source_name,
        statement_names.statement,
        case when granted.is_not_principal then '*' else granted.principal end as principal,
        case
            when granted.is_not_principal then coalesce(substring(granted.principal from '^arn:[^:]+:(?:iam|sts)::([0-9]{12}):'), granted.principal)
        end as excluded_account_id,
        granted.action,
        granted.action_group,
        granted.resources,
        case
            when jsonb_typeof(granted.conditions) = 'object' and not jsonb_path_exists(granted.conditions, '$.* ? (@.type() != "object")') then granted.conditions
        end as conditions
    from delegation.resource_policy_grants as granted
    join statement_names on statement_names.source_name = granted.source_name and statement_names.statement_index = granted.statement_index
    where granted.is_policy_work and not granted.is_denied
),
grants_of_principals as materialized (
    -- An account can use what the policy gives to any of its roles and to everybody.
    select principals.principal as judged_principal, grants.*
    from principals
    join grants on grants.source_name = principals.source_name
    join principals as named on named.source_name = grants.source_name and named.principal = grants.principal
    where named.principal = principals.principal
        or named.account_id = principals.account_id
        or (named.is_pattern and principals.account_id is not null and grants.excluded_account_id is distinct from principals.account_id)
),
guardrail_types (type) as (
    values ('SERVICE_CONTROL_POLICY'), ('RESOURCE_CONTROL_POLICY')
),
excluded as (
    -- Each of these requests says its policy type, so IfExists, ForAllValues and ForAnyValue change nothing.
    select distinct grants.grant_id, guardrail_types.type
    from grants
    cross join lateral delegation.policy_conditions(grants.conditions) as condition
    cross join guardrail_types
    where condition.key = 'organizations:policytype'
        and cardinality(condition.expected) > 0
        and not exists (select from unnest(condition.expected) as expected (value) where coalesce(expected.value, '$') like '%$%')
        and case condition.operator
            when 'stringequals' then not delegation.action_matches(guardrail_types.type, condition.expected)
            when 'stringequalsignorecase' then not delegation.action_matches(guardrail_types.type, condition.expected)
            when 'stringlike' then not delegation.action_matches(guardrail_types.type, condition.expected)
            when 'stringnotequals' then guardrail_types.type = any (condition.expected)
            when 'stringnotequalsignorecase' then exists (select from unnest(condition.expected) as expected (value) where upper(expected.value) = guardrail_types.type)
            when 'stringnotlike' then exists (select from unnest(condition.expected) as expected (value) where guardrail_types.type like delegation.like_pattern(expected.value))
            else false
        end
),
-- Statements share few lists of resources, and each is taken apart once.
lists as materialized (
    select
        resource_lists.source_name,
        resource_lists.list,
        guardrail_types.type,
        delegation.resource_may_match(
            case
                when resource_lists.resources is not null then array(
                    select listed.pattern
                    from unnest(resource_lists.resources) as listed (pattern)
                    where coalesce(
                        lower(guardrail_types.type) like delegation.like_pattern(
                            regexp_replace(substring(lower(listed.pattern) from '^arn:[^:]*:organizations:[^:]*:[^:]*:policy/[^/]*/([^/]*)/[^/]*$'), '\$\{[^}]*\}', '*', 'g')
                        ),
                        true
                    )
                )
            end,
            array['policy/' || resource_lists.organization_id || '/' || lower(guardrail_types.type) || '/', 'policy/' || lower(guardrail_types.type) || '/'],
            '{}'
        ) as is_on_type,
        delegation.resource_may_match(resource_lists.resources, '{policy/}', '{}') as is_on_policies,
        delegation.resource_may_match(resource_lists.resources, '{root/, ou/, account/}', '{}') as is_on_targets,
        delegation.resource_may_match(resource_lists.resources, '{root/}', '{}') as is_on_root,
        delegation.resource_may_match(resource_lists.resources, '{ou/}', '{}') as is_on_ous
    from (
        select distinct grants.source_name, policies.organization_id, coalesce(grants.resources::text, '') as list, grants.resources
        from grants
        join policies on policies.source_name = grants.source_name
    ) as resource_lists
    cross join guardrail_types
),
denials as materialized (
    -- A Deny on these types and nothing else takes them away, as one without conditions takes everything.
    select statements.source_name, statements.principal, statements.actions, statements.not_actions, guardrail_types.type
    from delegation.resource_policy_statements as statements
    cross join guardrail_types
    where statements.effect = 'Deny'
        and statements.problem is null
        and '*' = any (statements.resources)
        and not statements.is_not_principal
        and statements.principal_type in ('*', 'AWS')
        and jsonb_typeof(statements.conditions) = 'object'
        and not jsonb_path_exists(statements.conditions, '$.* ? (@.type() != "object")')
        and not exists (
            select
            from delegation.policy_conditions(
                case when jsonb_typeof(statements.conditions) = 'object' and not jsonb_path_exists(statements.conditions, '$.* ? (@.type() != "object")') then statements.conditions end
            ) as condition
            where (
                condition.key = 'organizations:policytype'
                and case condition.operator
                    when 'stringequals' then guardrail_types.type = any (condition.expected)
                    when 'stringlike' then exists (select from unnest(condition.expected) as expected (value) where guardrail_types.type like delegation.like_pattern(expected.value))
                    else false
                end
            ) is not true
        )
),
typed as materialized (
    -- One row per grant and type that its conditions leave: what its Resource can be about.
    select
        grants.source_name,
        grants.judged_principal as principal,
        grants.statement,
        grants.action,
        guardrail_types.type,
        lists.is_on_type,
        lists.is_on_policies,
        lists.is_on_targets,
        lists.is_on_root,
        lists.is_on_root
            or (principals.is_bound_everywhere and lists.is_on_targets)
            or delegation.resource_may_match(grants.resources, '{}', principals.targets) as is_on_itself,
        principals.is_place_open and lists.is_on_ous as may_be_on_itself
    from grants_of_principals as grants
    join principals on principals.source_name = grants.source_name and principals.principal = grants.judged_principal
    cross join guardrail_types
    join lists on lists.source_name = grants.source_name and lists.type = guardrail_types.type and lists.list = coalesce(grants.resources::text, '')
    left join excluded on excluded.grant_id = grants.grant_id and excluded.type = guardrail_types.type
    where grants.action_group in ('policy_management', 'policy_type_switching')
        and excluded.grant_id is null
        and not exists (
            select
            from denials
            where denials.source_name = grants.source_name
                and denials.type = guardrail_types.type
                and denials.principal in ('*', grants.principal)
                and (
                    delegation.action_matches(grants.action, denials.actions)
                    or (denials.not_actions is not null and not delegation.action_matches(grants.action, denials.not_actions))
                )
        )
),
-- Policy and target are asked for each by itself, so two statements can give them together.
together as (
    select
        typed.source_name,
        typed.principal,
        typed.action,
        typed.type,
        array_agg(distinct typed.statement) as statements,
        bool_or(typed.is_on_type) as is_on_type,
        bool_or(typed.is_on_type) or not bool_or(typed.is_on_policies) as is_for_type,
        bool_or(typed.is_on_root) as is_on_root,
        bool_or(typed.is_on_itself) or not bool_or(typed.is_on_targets) as is_on_itself,
        bool_or(typed.may_be_on_itself) as may_be_on_itself
    from typed
    group by typed.source_name, typed.principal, typed.action, typed.type
),
reached as (
    select
        together.source_name,
        together.principal,
        together.action,
        together.statements,
        together.type,
        case together.type when 'SERVICE_CONTROL_POLICY' then 'SCPs' else 'RCPs' end as kind,
        case
            when together.action in ('organizations:UpdatePolicy', 'organizations:DeletePolicy') then together.is_on_type
            when together.action in ('organizations:AttachPolicy', 'organizations:DetachPolicy') then together.is_for_type and together.is_on_itself
            when together.action = 'organizations:DisablePolicyType' then together.is_on_root
            else false
        end as is_reached,
        together.action in ('organizations:AttachPolicy', 'organizations:DetachPolicy') and together.is_for_type and together.may_be_on_itself as is_place_open,
        false as is_action_open
    from together
    union all
    select
        grants.source_name,
        grants.judged_principal,
        grants.action,
        array[grants.statement],
        null,
        null,
        case grants.action_group
            when 'delegation_policy' then delegation.resource_may_match(grants.resources, '{resourcepolicy/}', '{}')
            when 'structure' then delegation.resource_may_match(grants.resources, '{account/}', '{}')
            else false
        end,
        false,
        -- What belongs to another service gives nothing in a delegation policy.
        grants.action_group = 'other' and (grants.action !~ ':' or 'organizations' like delegation.like_pattern(lower(split_part(grants.action, ':', 1))))
    from grants_of_principals as grants
    where grants.action_group not in ('policy_management', 'policy_type_switching')
),
reached_actions as (
    select
        reached.source_name,
        reached.principal,
        reached.action,
        bool_or(reached.is_reached) as is_reached,
        bool_or(reached.is_place_open) as is_place_open,
        bool_or(reached.is_action_open) as is_action_open,
        reached.action || coalesce(' of ' || string_agg(reached.kind, ' and ' order by reached.type desc) filter (where reached.is_reached or reached.is_place_open), '') as label
    from reached
    where reached.is_reached or reached.is_place_open or reached.is_action_open
    group by reached.source_name, reached.principal, reached.action
),
giving_statements as (
    select
        reached.source_name,
        reached.principal,
        concat(
            case when count(distinct giving.statement) > 1 then 'statements ' else 'statement ' end,
            string_agg(distinct giving.statement collate "C", ', ' order by giving.statement collate "C")
        ) as statements
    from reached
    cross join lateral unnest(reached.statements) as giving (statement)
    where reached.is_reached or reached.is_place_open or reached.is_action_open
    group by reached.source_name, reached.principal
),
powers as (
    select
        reached_actions.source_name,
        reached_actions.principal,
        bool_or(reached_actions.is_reached) as is_reached,
        bool_or(reached_actions.is_place_open) as is_place_open,
        string_agg(reached_actions.label, ', ' order by reached_actions.action collate "C") filter (where reached_actions.is_reached) as powers,
        string_agg(reached_actions.label, ', ' order by reached_actions.action collate "C") filter (where reached_actions.is_place_open) as open_powers,
        string_agg(reached_actions.action, ', ' order by reached_actions.action collate "C") filter (where reached_actions.is_action_open) as open_actions
    from reached_actions
    group by reached_actions.source_name, reached_actions.principal
),
answers as (
    select
        principals.*,
        coalesce(giving_statements.statements, principals.statements) as giving_statements,
        powers.powers,
        powers.open_powers,
        powers.open_actions,
        case
            when principals.is_management_account then 'management account'
            when powers.source_name is null then 'no power'
            when powers.is_reached and principals.account_id is null then 'no account'
            when powers.is_reached and not principals.is_found and policies.were_accounts_read then 'no member'
            when policies.were_owners_read and owner_matches.is_match then 'infosec'
            when not powers.is_reached and powers.is_place_open then 'place open'
            when not powers.is_reached then 'action open'
            when not policies.were_owners_read then 'owners not read'
            when owner_sizes.source_name is null then 'owner not named'
            when not principals.is_found then 'accounts not read'
            when owner_matches.account_id is not null then 'owner open'
            when owner_sizes.account_count = 0 and not policies.were_accounts_read then 'accounts not read'
            when owner_sizes.account_count = 0 and open_owners.source_name is null then 'owner empty'
            else 'not infosec'
        end as answer
    from principals
    join policies on policies.source_name = principals.source_name
    left join powers on powers.source_name = principals.source_name and powers.principal = principals.principal
    left join giving_statements on giving_statements.source_name = principals.source_name and giving_statements.principal = principals.principal
    left join owner_sizes on owner_sizes.source_name = principals.source_name
    left join open_owners on open_owners.source_name = principals.source_name
    left join owner_matches on owner_matches.source_name = principals.source_name and owner_matches.account_id = principals.account_id
),
judged as (
    select
        answers.source_name,
        answers.account_id,
        answers.principal as resource_id,
        case
            when answers.answer = 'management account' then 'not_applicable'
            when answers.answer in ('no power', 'infosec') then 'pass'
            when answers.answer in ('no account', 'no member', 'not infosec') then 'fail'
            else 'unknown'
        end as status,
        case answers.answer
            when 'management account' then format('%s (%s of %s) is the management account, which no SCP binds', answers.label, answers.giving_statements, policies.policy_id)
            when 'no power' then format('%s (%s of %s) may change no SCP, RCP or delegation policy that binds it', answers.label, answers.giving_statements, policies.policy_id)
            when 'infosec' then format('%s, an account of infosec, may do %s by %s', answers.label, coalesce(answers.powers, answers.open_powers, answers.open_actions), policies.policy_id)
            when 'place open' then
                format('%s (%s of %s) may do %s on OUs, and whether its account is below them is not known: %s', answers.label, answers.giving_statements, policies.policy_id, answers.open_powers,
                    case when policies.were_accounts_read then 'its place was not read; grant organizations:ListParents to the role that syncs and sync again' else policies.accounts_error end)
            when 'action open' then
                format('%s (%s of %s) may do %s, and this version does not know what that gives; take it from the policy or look it up', answers.label, answers.giving_statements, policies.policy_id, answers.open_actions)
            else concat(
                format('%s (%s of %s) may do %s, which reaches guardrails that bind it', answers.label, answers.giving_statements, policies.policy_id, coalesce(answers.powers, answers.open_powers, answers.open_actions)),
                case answers.answer
                    when 'no account' then '; name accounts of infosec instead'
                    when 'no member' then format(', and is no account of %s; take it out of the policy', policies.organization_id)
                    when 'not infosec' then ', and is no account of infosec; limit it to other policy types, or to OUs and accounts elsewhere'
                    when 'owners not read' then format(', and who infosec is is not known: %s', policies.owners_error)
                    when 'owner not named' then ', and the spec does not say who is infosec; add `owners: {infosec: {accounts: [''111122223333'']}}` with your account, and sync again'
                    when 'owner empty' then ', and infosec of the spec matches no account of the organization; correct `owners: {infosec: ...}`, and sync again'
                    when 'owner open' then ', and whether it belongs to infosec is not known: its tags or its place were not read; sync again with `account_tags: true`, and with organizations:ListParents and organizations:ListTagsForResource allowed'
                    else format(', and whether it belongs to infosec is not known: %s', policies.accounts_error)
                end
            )
        end as reason,
        case answers.answer
            when 'place open' then case when policies.were_accounts_read then 'unread' else policies.accounts_cause end
            when 'action open' then 'not_observable'
            when 'owners not read' then policies.owners_cause
            when 'owner not named' then 'not_configured'
            when 'owner empty' then 'not_configured'
            when 'owner open' then 'unread'
            when 'accounts not read' then policies.accounts_cause
        end as unknown_cause
    from answers
    join policies on policies.source_name = answers.source_name
    union all
    select
        statements.source_name,
        null,
        statements.policy_id || '/' || statements.statement,
        'unknown',
        format('what statement %s of %s gives is not known: %s; look at it with `aws organizations describe-resource-policy` and mend it', statements.statement, statements.policy_id, min(statements.problem)),
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
