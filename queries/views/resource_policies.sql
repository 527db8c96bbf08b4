create or replace view delegation.resource_policies as
with policies as (
    select policy._cq_source_name as source_name, max(policy.resource_policy_summary ->> 'Id') as policy_id
    from delegation.current_aws_organization_resource_policies as policy
    group by policy._cq_source_name
),
statements as (
    select statement._cq_source_name as source_name
    from delegation.current_aws_organization_resource_policy_statements as statement
    group by statement._cq_source_name
),
statement_reads as materialized (
    select table_reads.*
    from delegation.table_reads
    where table_reads.table_name = 'aws_organization_resource_policy_statements'
),
unlisted as (
    select reads.source_name
    from delegation.reads
    where reads.table_name = 'aws_organization_resource_policy_statements'
        and reads.error_code = 'no_statements'
    group by reads.source_name
)
select
    asked.source_name,
    asked.organization_id,
    asked.management_account_id,
    asked.root_id,
    found.policy_id,
    asked.account_id,
    asked.resource_id,
    found.state = 'absent' as is_absent,
    found.state = 'statements' as can_judge,
    case found.state
        when 'not asked' then asked.status
        when 'absent' then 'not_applicable'
        when 'statements' then null
        else 'unknown'
    end as status,
    case found.state
        when 'not asked' then asked.reason
        when 'absent' then format('%s has no delegation policy, so nobody has anything by it', asked.organization_id)
        when 'unread' then format('the statements of %s are not known: %s', found.policy_id, coalesce(statement_reads.read_error, 'aws_organization_resource_policy_statements was not read; sync again'))
        when 'empty' then format('%s has no statement that could be listed; look at it with `aws organizations describe-resource-policy`, mend it, and sync again', found.policy_id)
    end as reason,
    case found.state
        when 'not asked' then asked.unknown_cause
        when 'unread' then coalesce(statement_reads.unknown_cause, 'unread')
        when 'empty' then 'unread'
    end as unknown_cause
from delegation.asked_organizations(array['aws_organization_resource_policies']) as asked
left join policies on policies.source_name = asked.source_name
left join statements on statements.source_name = asked.source_name
left join statement_reads on statement_reads.source_name = asked.source_name
left join unlisted on unlisted.source_name = asked.source_name
cross join lateral (
    select
        coalesce(policies.policy_id, 'delegation-policy') as policy_id,
        case
            when not asked.can_judge then 'not asked'
            when policies.source_name is null and statements.source_name is null then 'absent'
            when unlisted.source_name is not null then 'empty'
            when statement_reads.was_read is not true then 'unread'
            else 'statements'
        end as state
) as found;
comment on view delegation.resource_policies is 'One row per source: its delegation policy, or why nothing can be said of it; one row in all where nothing was synced. can_judge is true where its statements were read; otherwise status, reason and unknown_cause are the verdict of a rule about it.';
comment on column delegation.resource_policies.source_name is 'Name of the source in its spec; null where nothing was synced.';
comment on column delegation.resource_policies.organization_id is 'ID of the organization.';
comment on column delegation.resource_policies.management_account_id is 'ID of the management account.';
comment on column delegation.resource_policies.root_id is 'ID of the root; null where it was not read.';
comment on column delegation.resource_policies.policy_id is 'ID of the policy (rp-...); delegation-policy where there is none or AWS gave none.';
comment on column delegation.resource_policies.account_id is 'What a row about the whole organization has as account_id.';
comment on column delegation.resource_policies.resource_id is 'What a row about the whole organization has as resource_id.';
comment on column delegation.resource_policies.is_absent is 'True where AWS said that there is no delegation policy; never null.';
comment on column delegation.resource_policies.can_judge is 'True where there is a policy and its statements were read; never null.';
comment on column delegation.resource_policies.status is 'not_applicable or unknown; null where it can be judged.';
comment on column delegation.resource_policies.reason is 'Why nothing can be said, and what to do; null where it can be judged.';
comment on column delegation.resource_policies.unknown_cause is 'unread or not_configured; null where the status is not unknown.';

create or replace view delegation.resource_policy_statements as
with statements as (
    select
        statement._cq_source_name as source_name,
        statement.statement_index,
        statement.sid,
        statement.effect,
        statement.principal_type,
        statement.principal,
        coalesce(statement.is_not_principal, false) as is_not_principal,
        statement.actions,
        statement.not_actions,
        delegation.text_list(statement.resources) as resources,
        delegation.text_list(statement.not_resources) as not_resources,
        nullif(nullif(statement.condition, 'null'), '{}') as conditions
    from delegation.current_aws_organization_resource_policy_statements as statement
),
sids as (
    select statements.source_name, statements.sid, count(distinct statements.statement_index) as statement_count
    from statements
    group by statements.source_name, statements.sid
),
policies as (
    select policy._cq_source_name as source_name, max(policy.resource_policy_summary ->> 'Id') as policy_id
    from delegation.current_aws_organization_resource_policies as policy
    group by policy._cq_source_name
)
select
    statements.source_name,
    coalesce(policies.policy_id, 'delegation-policy') as policy_id,
    statements.statement_index,
    case
        -- A number could be the place of another statement.
        when sids.statement_count = 1 and statements.sid !~ '^[0-9]*$' then statements.sid
        else statements.statement_index::text
    end as statement,
    statements.effect,
    statements.principal_type,
    statements.principal,
    statements.is_not_principal,
    case when statements.is_not_principal then '*' else statements.principal end as judged_principal,
    delegation.text_list(statements.actions) as actions,
    delegation.text_list(statements.not_actions) as not_actions,
    statements.resources,
    statements.not_resources,
    statements.conditions,
    -- A mistake: such a statement may grant something, and none of its rows says so.
    case
        when coalesce(statements.effect, '') not in ('Allow', 'Deny') then 'its Effect is neither Allow nor Deny'
        when (statements.actions is null) = (statements.not_actions is null) then 'it should have one of Action and NotAction'
        when not delegation.is_text_list(coalesce(statements.actions, statements.not_actions)) then 'its Action is not a list of strings'
        when coalesce(statements.principal, '') = '' then 'it has no Principal'
    end as problem
from statements
left join sids on sids.source_name = statements.source_name and sids.sid = statements.sid
left join policies on policies.source_name = statements.source_name;
comment on view delegation.resource_policy_statements is 'The statements of the delegation policy as they are written: one row per source, statement and principal.';
comment on column delegation.resource_policy_statements.source_name is 'Name of the source in its spec.';
comment on column delegation.resource_policy_statements.policy_id is 'ID of the policy (rp-...); delegation-policy where AWS gave none.';
comment on column delegation.resource_policy_statements.statement_index is 'Place of the statement in the policy, from 0.';
comment on column delegation.resource_policy_statements.statement is 'How a reason names it: its Sid, or its place where it has none, shares it with another, or has a number.';
comment on column delegation.resource_policy_statements.effect is 'Allow or Deny, as the policy has it.';
comment on column delegation.resource_policy_statements.principal_type is 'AWS, Service, ...; * for a bare *.';
comment on column delegation.resource_policy_statements.principal is 'Principal as the policy has it.';
comment on column delegation.resource_policy_statements.is_not_principal is 'True where the statement says NotPrincipal: everybody but this one; never null.';
comment on column delegation.resource_policy_statements.judged_principal is 'The principal, or * for everybody but one.';
comment on column delegation.resource_policy_statements.actions is 'Action of the statement; null where it has none.';
comment on column delegation.resource_policy_statements.not_actions is 'NotAction of the statement; null where it has none.';
comment on column delegation.resource_policy_statements.resources is 'Resource of the statement; null where it has none.';
comment on column delegation.resource_policy_statements.not_resources is 'NotResource of the statement; null where it has none.';
comment on column delegation.resource_policy_statements.conditions is 'Condition of the statement; null where it has none.';
comment on column delegation.resource_policy_statements.problem is 'Why the statement cannot be judged; null where it can.';

create or replace view delegation.resource_policy_principals as
with principals as materialized (
    select
        statements.source_name,
        statements.judged_principal as principal,
        bool_and(lower(statements.principal_type) = 'aws') as is_aws,
        string_agg(distinct statements.principal_type collate "C", ', ' order by statements.principal_type collate "C") as principal_types,
        statements.judged_principal ~ '[*?]' as is_pattern,
        string_agg(distinct statements.principal collate "C", ', ' order by statements.principal collate "C") filter (where statements.is_not_principal) as excluded,
        concat(case when count(distinct statements.statement) > 1 then 'statements ' else 'statement ' end, string_agg(distinct statements.statement collate "C", ', ' order by statements.statement collate "C")) as statements
    from delegation.resource_policy_statements as statements
    where statements.effect = 'Allow' and statements.principal <> ''
    group by statements.source_name, statements.judged_principal
),
named as (
    select
        principals.*,
        case
            when principals.is_pattern or not principals.is_aws then null
            when principals.principal ~ '^[0-9]{12}$' then principals.principal
            else substring(principals.principal from '^arn:[^:]+:(?:iam|sts)::([0-9]{12}):')
        end as account_id
    from principals
),
-- An inner join first: on the other side of an outer one PostgreSQL works out the path of every account.
named_accounts as materialized (
    select accounts.source_name, accounts.account_id, accounts.account_name, accounts.ou_path, accounts.id_path, accounts.account_state
    from (select distinct named.source_name, named.account_id from named) as sought
    join delegation.accounts
        on accounts.source_name = sought.source_name
        and accounts.account_id = sought.account_id
)
select
    named.source_name,
    named.principal,
    named.principal_types,
    named.is_pattern,
    named.account_id,
    accounts.account_id is not null as is_found,
    accounts.account_name,
    accounts.ou_path,
    accounts.id_path,
    accounts.account_state,
    coalesce(named.account_id = organization.master_account_id, false) as is_management_account,
    case
        when named.excluded is not null then format('everyone but %s (NotPrincipal)', named.excluded)
        when named.principal = '*' then 'everyone (*)'
        when named.is_pattern then format('everyone like %s', named.principal)
        when named.account_id is null then format('%s (%s)', named.principal, named.principal_types)
        when named.principal = named.account_id then delegation.account_label(named.account_id, accounts.account_name, accounts.ou_path)
        else format('%s of %s', named.principal, delegation.account_label(named.account_id, accounts.account_name, accounts.ou_path))
    end as label,
    named.statements
from named
left join delegation.current_aws_organizations as organization on organization._cq_source_name = named.source_name
left join named_accounts as accounts
    on accounts.source_name = named.source_name
    and accounts.account_id = named.account_id;
comment on view delegation.resource_policy_principals is 'Whom the delegation policy names in an Allow: one row per source and principal, everybody but one being *.';
comment on column delegation.resource_policy_principals.source_name is 'Name of the source in its spec.';
comment on column delegation.resource_policy_principals.principal is 'Principal as the policy has it; * also where a statement says NotPrincipal.';
comment on column delegation.resource_policy_principals.principal_types is 'AWS, Service, ...; * for a bare *.';
comment on column delegation.resource_policy_principals.is_pattern is 'True for everybody, everybody but one, and a name with a wildcard; never null.';
comment on column delegation.resource_policy_principals.account_id is 'Account of the principal; null where it names none.';
comment on column delegation.resource_policy_principals.is_found is 'True where this account is among the accounts of the organization that were read; never null.';
comment on column delegation.resource_policy_principals.account_name is 'Name of the account.';
comment on column delegation.resource_policy_principals.ou_path is 'Path of the account by names.';
comment on column delegation.resource_policy_principals.id_path is 'Path of the account by IDs from the root, without the account.';
comment on column delegation.resource_policy_principals.account_state is 'State of the account.';
comment on column delegation.resource_policy_principals.is_management_account is 'True where it is the management account; never null.';
comment on column delegation.resource_policy_principals.label is 'How a reason names it.';
comment on column delegation.resource_policy_principals.statements is 'The Allow statements that name it, as a reason tells them: statements 0, 2.';

create or replace function delegation.resource_may_match(resources text[], beginnings text[], targets text[]) returns boolean
language sql immutable parallel safe
as $$
    -- What cannot be taken apart may match: an ARN with fewer parts, or a wildcard where the service should be.
    select resources is null or coalesce(bool_or(
        case
            when arn.rest is not null then
                exists (select from unnest(beginnings) as beginning (text) where left(beginning.text, length(arn.literal)) = left(arn.literal, length(beginning.text)))
                or exists (select from unnest(targets) as target (text) where lower(target.text) like delegation.like_pattern(arn.rest))
            when listed.pattern ~ '^arn:[^:]*:[^:*?$]+:' then split_part(lower(listed.pattern), ':', 3) = 'organizations'
            else true
        end
    ), false)
    from unnest(resources) as listed (pattern)
    cross join lateral (
        select regexp_replace(substring(lower(listed.pattern) from '^arn:[^:]*:organizations:[^:]*:[^:]*:(.*)$'), '\$\{[^}]*\}', '*', 'g') as rest
    ) as parsed
    cross join lateral (
        select parsed.rest, substring(parsed.rest from '^[^*?]*') as literal
    ) as arn
$$;
comment on function delegation.resource_may_match(text[], text[], text[]) is 'Whether a Resource may match an ARN of Organizations of which the part after the account begins with one of these, or is one of the targets (root/o-.../r-..., ou/..., account/...); true without a Resource.';
