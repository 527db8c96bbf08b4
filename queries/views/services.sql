create or replace view delegation.service_principals as
select
    catalogue._cq_source_name as source_name,
    principal.value as service_principal,
    catalogue.service_id,
    catalogue.name as service_name
from delegation.current_aws_delegation_services as catalogue
cross join lateral jsonb_array_elements_text(delegation.as_list(catalogue.service_principals)) as principal (value);
comment on view delegation.service_principals is 'The principals by which Organizations knows a service. Two services can share one.';
comment on column delegation.service_principals.source_name is 'Name of the source in its spec.';
comment on column delegation.service_principals.service_principal is 'Service principal, such as guardduty.amazonaws.com.';
comment on column delegation.service_principals.service_id is 'ID of the service in the catalogue.';
comment on column delegation.service_principals.service_name is 'Name of the service.';

create or replace view delegation.services as
with groups as (
    -- Organizations cannot tell services apart that share a principal: it speaks of the group, named after its first service.
    select own.source_name, own.service_id, min(sharing.service_id) as group_id
    from delegation.service_principals as own
    join delegation.service_principals as sharing
        on sharing.source_name = own.source_name
        and sharing.service_principal = own.service_principal
    group by own.source_name, own.service_id
),
group_names as (
    select groups.source_name, groups.group_id, string_agg(catalogue.name, ' and ' order by catalogue.service_id collate "C" desc) as group_name
    from groups
    join delegation.current_aws_delegation_services as catalogue
        on catalogue._cq_source_name = groups.source_name
        and catalogue.service_id = groups.service_id
    group by groups.source_name, groups.group_id
)
select
    catalogue._cq_source_name as source_name,
    catalogue.service_id,
    catalogue.name as service_name,
    catalogue.category,
    coalesce(catalogue.is_security_service, false) as is_security_service,
    catalogue.is_delegation_supported,
    catalogue.service_principals,
    coalesce(delegation.as_list(catalogue.methods), '[]') as methods,
    catalogue.is_regional,
    catalogue.admin_table_name,
    catalogue.service_regions,
    catalogue.max_delegated_admins,
    catalogue.management_account_may_be_admin,
    catalogue.must_be_same_account_across_regions,
    case
        when jsonb_array_length(delegation.as_list(catalogue.recommended_owners)) > 0 then delegation.as_list(catalogue.recommended_owners)
        when catalogue.is_security_service then '["infosec"]'
        else '[]'
    end as recommended_owners,
    catalogue.register_action,
    catalogue.deregister_action,
    catalogue.list_admin_action,
    coalesce(groups.group_id, catalogue.service_id) as group_id,
    coalesce(group_names.group_name, catalogue.name) as group_name,
    coalesce(catalogue.admin_read_scope, '') as admin_read_scope,
    catalogue.register_command,
    catalogue.deregister_command,
    catalogue.administrator_power,
    catalogue.administrator_can,
    catalogue.administrator_cannot
from delegation.current_aws_delegation_services as catalogue
left join groups
    on groups.source_name = catalogue._cq_source_name
    and groups.service_id = catalogue.service_id
left join group_names
    on group_names.source_name = groups.source_name
    and group_names.group_id = groups.group_id;
comment on view delegation.services is 'The catalogue: what can be delegated, and how.';
comment on column delegation.services.source_name is 'Name of the source in its spec.';
comment on column delegation.services.service_id is 'ID of the service in the catalogue.';
comment on column delegation.services.service_name is 'Name of the service.';
comment on column delegation.services.category is 'security, identity, networking, operations, governance, cost or data.';
comment on column delegation.services.is_security_service is 'True where the rules for security services apply; never null.';
comment on column delegation.services.is_delegation_supported is 'Null where no source says.';
comment on column delegation.services.service_principals is 'List of its principals.';
comment on column delegation.services.methods is 'List of organizations, service, resource_policy; never null.';
comment on column delegation.services.is_regional is 'True where each Region has an administrator of its own.';
comment on column delegation.services.admin_table_name is 'Table with the answer of the service itself; null where this version reads none.';
comment on column delegation.services.service_regions is 'List of Regions to ask; null: every enabled one.';
comment on column delegation.services.max_delegated_admins is 'Limit of AWS; null where none is known.';
comment on column delegation.services.management_account_may_be_admin is 'Null where no source says.';
comment on column delegation.services.must_be_same_account_across_regions is 'Null where no source says.';
comment on column delegation.services.recommended_owners is 'List of owners, any of which is fine; infosec for a security service where nobody recommends one.';
comment on column delegation.services.register_action is 'IAM action that makes an administrator.';
comment on column delegation.services.deregister_action is 'IAM action that removes one.';
comment on column delegation.services.list_admin_action is 'IAM action that lists them; null where the service has none.';
comment on column delegation.services.group_id is 'First of the services that share a principal with this one, as Organizations cannot tell them apart; its own ID where none does.';
comment on column delegation.services.group_name is 'Names of the services of the group.';
comment on column delegation.services.admin_read_scope is 'Scope of the reads of admin_table_name that speak of this service; empty where the reads as a whole do; never null.';
comment on column delegation.services.register_command is 'AWS CLI command of the management account that makes an administrator, with {admin_account_id} and {region} to fill in; null where none is known.';
comment on column delegation.services.deregister_command is 'AWS CLI command that removes one, likewise.';
comment on column delegation.services.administrator_power is 'The strongest of what an administrator can do to members: reads_members, configures_members, acts_in_members or controls_access, in rising order; null where no source says.';
comment on column delegation.services.administrator_can is 'What the administrator can do to members, as it follows "can"; null where no source says.';
comment on column delegation.services.administrator_cannot is 'What AWS says that it cannot do, as it follows "cannot"; null where no source says.';

create or replace view delegation.expected_owners as
select
    expectation._cq_source_name as source_name,
    expectation.service_id,
    expectation.owner,
    'spec' as origin
from delegation.current_aws_delegation_expectations as expectation
union all
select
    services.source_name,
    services.service_id,
    recommended.value as owner,
    'catalogue' as origin
from delegation.services
cross join lateral jsonb_array_elements_text(services.recommended_owners) as recommended (value)
where not exists (
    select
    from delegation.current_aws_delegation_expectations as expectation
    where expectation._cq_source_name = services.source_name
        and expectation.service_id = services.service_id
);
comment on view delegation.expected_owners is 'Who should hold a service: any of the owners named here. What the spec expects of a service replaces what the catalogue recommends for it.';
comment on column delegation.expected_owners.source_name is 'Name of the source in its spec.';
comment on column delegation.expected_owners.service_id is 'ID of the service in the catalogue.';
comment on column delegation.expected_owners.owner is 'Name of an owner.';
comment on column delegation.expected_owners.origin is 'spec or catalogue.';

create or replace view delegation.trusted_access as
select
    access._cq_source_name as source_name,
    access.service_principal,
    service_principals.service_id,
    access.date_enabled
from delegation.current_aws_organizations_service_access as access
left join delegation.service_principals
    on service_principals.source_name = access._cq_source_name
    and service_principals.service_principal = access.service_principal;
comment on view delegation.trusted_access is 'Services with trusted access to the organization, one row per principal and service that it stands for.';
comment on column delegation.trusted_access.source_name is 'Name of the source in its spec.';
comment on column delegation.trusted_access.service_principal is 'Service principal.';
comment on column delegation.trusted_access.service_id is 'ID of the service in the catalogue; null for a principal that it does not know.';
comment on column delegation.trusted_access.date_enabled is 'Since when, in UTC.';
