create or replace view delegation.service_administrators as
-- One branch per table that holds the answer of a service itself. Which states are settled is decided here and nowhere else: by the
-- states that are known to be, because a state that AWS adds is no proof that somebody holds anything.
select
    administrator._cq_source_name as source_name,
    'aws_guardduty_organization_admin_accounts' as source_table,
    administrator.region,
    administrator.admin_account_id,
    administrator.admin_status as status,
    'guardduty' as service_id,
    coalesce(administrator.admin_status, 'ENABLED') = 'ENABLED' as is_settled,
    null::timestamp as since,
    null::boolean as is_default,
    null::jsonb as scope
from delegation.current_aws_guardduty_organization_admin_accounts as administrator
union all
select
    administrator._cq_source_name,
    'aws_securityhub_organization_admin_accounts',
    -- The designation for V2 is one for the organization, whichever Region was asked.
    case when administrator.feature is distinct from 'SecurityHubV2' then administrator.region end,
    administrator.admin_account_id,
    administrator.admin_status,
    case when administrator.feature = 'SecurityHubV2' then 'security-hub' else 'security-hub-cspm' end,
    coalesce(administrator.admin_status, 'ENABLED') = 'ENABLED',
    null,
    null,
    null
from delegation.current_aws_securityhub_organization_admin_accounts as administrator
union all
select
    administrator._cq_source_name,
    'aws_macie2_organization_admin_accounts',
    administrator.region,
    administrator.admin_account_id,
    administrator.admin_status,
    'macie',
    coalesce(administrator.admin_status, 'ENABLED') = 'ENABLED',
    null,
    null,
    null
from delegation.current_aws_macie2_organization_admin_accounts as administrator
union all
select
    administrator._cq_source_name,
    'aws_detective_organization_admin_accounts',
    administrator.region,
    administrator.admin_account_id,
    null,
    'detective',
    true,
    administrator.delegation_time,
    null,
    null
from delegation.current_aws_detective_organization_admin_accounts as administrator
union all
select
    administrator._cq_source_name,
    'aws_inspector2_organization_admin_accounts',
    administrator.region,
    administrator.admin_account_id,
    -- Of its two words for the state, the one that says what is wrong.
    case when settled.by_list and not settled.by_get then coalesce(administrator.relationship_status, administrator.admin_status) else administrator.admin_status end,
    'inspector',
    settled.by_list and settled.by_get,
    null,
    null,
    null
from delegation.current_aws_inspector2_organization_admin_accounts as administrator
cross join lateral (
    select
        coalesce(administrator.admin_status, 'ENABLED') = 'ENABLED' as by_list,
        -- INVITED and EMAIL_VERIFICATION_* are on their way; DISABLED, REMOVED, RESIGNED, DELETED, REGION_DISABLED, ACCOUNT_SUSPENDED and
        -- CANNOT_CREATE_DETECTOR_IN_ORG_MASTER have ended or never worked. Where the get call names somebody else, a change is under way.
        coalesce(administrator.relationship_status, 'ENABLED') in ('ENABLED', 'CREATED')
            and coalesce(administrator.delegated_admin_account_id, administrator.admin_account_id) = administrator.admin_account_id as by_get
) as settled
union all
select
    administrator._cq_source_name,
    'aws_auditmanager_organization_admin_accounts',
    administrator.region,
    administrator.admin_account_id,
    null,
    'audit-manager',
    true,
    null,
    null,
    null
from delegation.current_aws_auditmanager_organization_admin_accounts as administrator
union all
select
    administrator._cq_source_name,
    'aws_fms_organization_admin_accounts',
    null,
    administrator.admin_account_id,
    case when settled.by_list and not settled.by_role then administrator.role_status else administrator.admin_status end,
    'firewall-manager',
    settled.by_list and settled.by_role,
    null,
    administrator.default_admin,
    administrator.admin_scope
from delegation.current_aws_fms_organization_admin_accounts as administrator
cross join lateral (
    select
        coalesce(administrator.admin_status, 'ONBOARDING_COMPLETE') = 'ONBOARDING_COMPLETE' as by_list,
        -- Only the default administrator has one: CREATING, PENDING_DELETION, DELETING and DELETED are not held.
        coalesce(administrator.role_status, 'READY') = 'READY' as by_role
) as settled;
comment on view delegation.service_administrators is 'Administrators as the services themselves name them.';
comment on column delegation.service_administrators.source_name is 'Name of the source in its spec.';
comment on column delegation.service_administrators.source_table is 'Table that the row comes from.';
comment on column delegation.service_administrators.region is 'Region that was asked; null where the answer is one for the whole organization.';
comment on column delegation.service_administrators.admin_account_id is 'Account that is the administrator there.';
comment on column delegation.service_administrators.status is 'Status as the service gives it; null where it gives none.';
comment on column delegation.service_administrators.service_id is 'ID of the service in the catalogue.';
comment on column delegation.service_administrators.is_settled is 'False for an administrator that is being made, is being removed, or no longer is one; never null.';
comment on column delegation.service_administrators.since is 'When it became the administrator, in UTC; only Detective tells.';
comment on column delegation.service_administrators.is_default is 'True for the default administrator of Firewall Manager; null for other services.';
comment on column delegation.service_administrators.scope is 'Accounts, OUs, Regions and policy types that an administrator of Firewall Manager may manage; null where it was not read, and for other services.';

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
        'aws_organizations_delegated_services' as source_table,
        true as is_held
    from delegation.current_aws_organizations_delegated_services as delegated
    left join principals_of_groups as known
        on known.source_name = delegated._cq_source_name
        and known.service_principal = delegated.service_principal
    group by delegated._cq_source_name, coalesce(known.group_id, delegated.service_principal), delegated.delegated_account_id
),
through_service as (
    select
        administrator.source_name,
        administrator.service_id,
        null::text as service_principal,
        administrator.region,
        'service' as method,
        administrator.admin_account_id as delegated_account_id,
        administrator.since,
        administrator.status,
        administrator.source_table,
        administrator.is_settled as is_held
    from delegation.service_administrators as administrator
),
through_policy as (
    select
        resource_policy_grants.source_name,
        coalesce(services.service_id, 'organizations-delegation-policy') as service_id,
        null::text as service_principal,
        null::text as region,
        'resource_policy' as method,
        resource_policy_grants.delegated_account_id,
        null::timestamp as since,
        null::text as status,
        'aws_organization_resource_policy_statements' as source_table,
        true as is_held
    from delegation.resource_policy_grants
    left join delegation.services
        on services.source_name = resource_policy_grants.source_name
        and services.methods ? 'resource_policy'
    where resource_policy_grants.is_policy_work
        and not resource_policy_grants.is_denied
    group by resource_policy_grants.source_name, coalesce(services.service_id, 'organizations-delegation-policy'), resource_policy_grants.delegated_account_id
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
    found.source_table,
    found.is_held
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
comment on column delegation.delegations.since is 'When it was delegated, in UTC; only Organizations and Detective tell.';
comment on column delegation.delegations.status is 'Status as the service gives it.';
comment on column delegation.delegations.source_table is 'Table that the row comes from.';
comment on column delegation.delegations.is_held is 'False while the service is still making or already removing this administrator, or says that it no longer is one; whatever the state of the account. Never null.';
