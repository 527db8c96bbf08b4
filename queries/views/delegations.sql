create or replace view delegation.policy_grants as
with policy_work (action) as (
    -- What makes somebody an administrator of policies. Reading and tagging do not.
    -- https://docs.aws.amazon.com/organizations/latest/userguide/orgs_delegate_policies.html
    values
        ('organizations:CreatePolicy'),
        ('organizations:UpdatePolicy'),
        ('organizations:DeletePolicy'),
        ('organizations:AttachPolicy'),
        ('organizations:DetachPolicy'),
        ('organizations:EnablePolicyType'),
        ('organizations:DisablePolicyType'),
        ('organizations:PutResourcePolicy'),
        ('organizations:DeleteResourcePolicy')
),
statements as (
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
        nullif(nullif(statement.condition, 'null'), '{}') as condition
    from delegation.current_aws_organization_resource_policy_statements as statement
),
matched as (
    select statements.*, policy_work.action
    from statements
    cross join policy_work
    where delegation.action_matches(policy_work.action, statements.actions)
        or (statements.not_actions is not null and not delegation.action_matches(policy_work.action, statements.not_actions))
)
select
    granted.source_name,
    granted.statement_index,
    granted.sid,
    granted.principal_type,
    granted.principal,
    granted.action,
    case
        -- Everybody but the one named.
        when granted.is_not_principal then '*'
        when granted.principal ~ '^[0-9]{12}$' then granted.principal
        else coalesce(substring(granted.principal from '^arn:[^:]+:(?:iam|sts)::([0-9]{12}):'), granted.principal)
    end as delegated_account_id,
    granted.condition
from matched as granted
where granted.effect = 'Allow'
    and not exists (
        -- Only a Deny without any ifs takes the whole grant away.
        select
        from matched as denied
        where denied.source_name = granted.source_name
            and denied.effect = 'Deny'
            and denied.action = granted.action
            and denied.condition is null
            and '*' = any (denied.resources)
            and not denied.is_not_principal
            and not granted.is_not_principal
            and denied.principal in ('*', granted.principal)
    );
comment on view delegation.policy_grants is 'Policy work that the delegation policy of the organization lets somebody do: one row per statement, principal and action.';
comment on column delegation.policy_grants.source_name is 'Name of the source in its spec.';
comment on column delegation.policy_grants.statement_index is 'Place of the statement in the policy, from 0.';
comment on column delegation.policy_grants.sid is 'Sid of the statement.';
comment on column delegation.policy_grants.principal_type is 'AWS, Service, ...';
comment on column delegation.policy_grants.principal is 'Principal as the policy has it.';
comment on column delegation.policy_grants.action is 'What the principal may do.';
comment on column delegation.policy_grants.delegated_account_id is 'Account of the principal; the principal itself where it names no account (*).';
comment on column delegation.policy_grants.condition is 'Condition of the statement.';

create or replace view delegation.service_administrators as
-- One branch per table that holds the answer of a service itself.
select
    administrator._cq_source_name as source_name,
    'aws_guardduty_organization_admin_accounts' as source_table,
    administrator.region,
    administrator.admin_account_id,
    administrator.admin_status as status
from delegation.current_aws_guardduty_organization_admin_accounts as administrator;
comment on view delegation.service_administrators is 'Administrators as the services themselves name them.';
comment on column delegation.service_administrators.source_name is 'Name of the source in its spec.';
comment on column delegation.service_administrators.source_table is 'Table that the row comes from.';
comment on column delegation.service_administrators.region is 'Region that was asked.';
comment on column delegation.service_administrators.admin_account_id is 'Account that is the administrator there.';
comment on column delegation.service_administrators.status is 'Status as the service gives it.';

create or replace view delegation.delegations as
with principals_of_groups as (
    -- One principal is one delegation, also where it stands for two services.
    select distinct service_principals.source_name, service_principals.service_principal, services.group_id
    from delegation.service_principals
    join delegation.services
        on services.source_name = service_principals.source_name
        and services.service_id = service_principals.service_id
),
through_organizations as (
    select
        delegated._cq_source_name as source_name,
        coalesce(known.group_id, delegated.service_principal) as service_id,
        string_agg(delegated.service_principal, ', ' order by delegated.service_principal collate "C") as service_principal,
        null::text as region,
        'organizations' as method,
        delegated.delegated_account_id,
        min(delegated.delegation_enabled_date) as since,
        null::text as status,
        'aws_organizations_delegated_services' as source_table
    from delegation.current_aws_organizations_delegated_services as delegated
    left join principals_of_groups as known
        on known.source_name = delegated._cq_source_name
        and known.service_principal = delegated.service_principal
    group by delegated._cq_source_name, coalesce(known.group_id, delegated.service_principal), delegated.delegated_account_id
),
through_service as (
    select
        administrator.source_name,
        coalesce(services.service_id, administrator.source_table) as service_id,
        null::text as service_principal,
        case when coalesce(services.is_regional, true) then administrator.region end as region,
        'service' as method,
        administrator.admin_account_id as delegated_account_id,
        null::timestamp as since,
        administrator.status,
        administrator.source_table
    from delegation.service_administrators as administrator
    left join delegation.services
        on services.source_name = administrator.source_name
        and services.admin_table_name = administrator.source_table
),
through_policy as (
    select
        policy_grants.source_name,
        coalesce(services.service_id, 'organizations-delegation-policy') as service_id,
        null::text as service_principal,
        null::text as region,
        'resource_policy' as method,
        policy_grants.delegated_account_id,
        null::timestamp as since,
        null::text as status,
        'aws_organization_resource_policy_statements' as source_table
    from delegation.policy_grants
    left join delegation.services
        on services.source_name = policy_grants.source_name
        and services.methods ? 'resource_policy'
    group by policy_grants.source_name, coalesce(services.service_id, 'organizations-delegation-policy'), policy_grants.delegated_account_id
),
found as (
    select * from through_organizations
    union all
    select * from through_service
    union all
    select * from through_policy
)
select
    found.source_name,
    organization.id as organization_id,
    found.service_id,
    case
        when services.service_id is null then format('unknown service (%s)', found.service_id)
        when found.method = 'organizations' then services.group_name
        else services.service_name
    end as service_name,
    coalesce(services.category, 'unknown') as category,
    found.service_principal,
    found.region,
    found.method,
    found.delegated_account_id,
    accounts.account_name,
    accounts.ou_path,
    accounts.account_state,
    found.delegated_account_id = organization.master_account_id as is_management_account,
    found.since,
    found.status,
    found.source_table
from found
left join delegation.current_aws_organizations as organization on organization._cq_source_name = found.source_name
left join delegation.services
    on services.source_name = found.source_name
    and services.service_id = found.service_id
left join delegation.accounts
    on accounts.source_name = found.source_name
    and accounts.account_id = found.delegated_account_id;
comment on view delegation.delegations is 'Who holds which delegation: one row per source, service, Region, holder and method.';
comment on column delegation.delegations.source_name is 'Name of the source in its spec.';
comment on column delegation.delegations.organization_id is 'ID of the organization.';
comment on column delegation.delegations.service_id is 'ID of the service in the catalogue. Where one principal stands for two services, the method organizations speaks of both and has the first ID; for a principal that the catalogue does not know, the principal.';
comment on column delegation.delegations.service_name is 'Name of the service, or of both services of a shared principal.';
comment on column delegation.delegations.category is 'security, identity, networking, ...; unknown for a principal that the catalogue does not know.';
comment on column delegation.delegations.service_principal is 'Principals that were registered with Organizations; null for the other methods.';
comment on column delegation.delegations.region is 'Region; null for organizations, resource_policy and global calls.';
comment on column delegation.delegations.method is 'organizations, service or resource_policy.';
comment on column delegation.delegations.delegated_account_id is 'Account that holds it; for resource_policy the principal where it names no account (*).';
comment on column delegation.delegations.account_name is 'Name of the holder; null where it is no account of the organization, or accounts were not read.';
comment on column delegation.delegations.ou_path is 'Path of the holder by names.';
comment on column delegation.delegations.account_state is 'State of the holder.';
comment on column delegation.delegations.is_management_account is 'True where the management account holds it; null where the organization was not read.';
comment on column delegation.delegations.since is 'When it was delegated, in UTC; only Organizations tells.';
comment on column delegation.delegations.status is 'Status as the service gives it.';
comment on column delegation.delegations.source_table is 'Table that the row comes from.';
