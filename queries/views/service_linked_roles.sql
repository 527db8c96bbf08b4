create or replace view delegation.service_linked_roles as
with organizations as materialized (
    select organizations.source_name, organizations.organization_id, organizations.management_account_id, organizations.unknown_cause, organizations.read_error
    from delegation.organizations
    -- An account that stands alone has no management account whose roles could be missing.
    where not organizations.is_absent
),
table_reads as materialized (
    select table_reads.source_name, table_reads.was_read, table_reads.unknown_cause, table_reads.read_error
    from delegation.table_reads
    where table_reads.table_name = 'aws_iam_service_linked_roles'
),
asking_accounts as (
    select recorded._cq_source_name as source_name, min(recorded.account_id) as account_id, array_agg(recorded.account_id) as account_ids
    from delegation.current_aws_delegation_reads as recorded
    where recorded.table_name = 'aws_iam_service_linked_roles'
    group by recorded._cq_source_name
),
roles_read as (
    select
        organizations.source_name,
        organizations.organization_id,
        organizations.management_account_id,
        -- The roles of another account say nothing of those of the management account.
        coalesce(table_reads.was_read and organizations.management_account_id = any (asking_accounts.account_ids), false) as was_read,
        case
            when not coalesce(table_reads.was_read, false) then coalesce(table_reads.unknown_cause, 'unread')
            when organizations.management_account_id is null then coalesce(organizations.unknown_cause, 'unread')
            when not coalesce(organizations.management_account_id = any (asking_accounts.account_ids), false) then 'not_observable'
        end as unknown_cause,
        case
            when not coalesce(table_reads.was_read, false) then coalesce(table_reads.read_error, 'aws_iam_service_linked_roles has no read recorded; sync again with this version')
            when organizations.management_account_id is null then 'the management account is not known: ' || coalesce(organizations.read_error, 'aws_organizations was not read')
            when not coalesce(organizations.management_account_id = any (asking_accounts.account_ids), false)
                then format(
                    'iam:ListRoles was asked by %s and shows the roles of the account that asks; sync with credentials of the management account %s',
                    coalesce(asking_accounts.account_id, 'an account that is not recorded'),
                    organizations.management_account_id
                )
        end as read_error
    from organizations
    left join table_reads on table_reads.source_name = organizations.source_name
    left join asking_accounts on asking_accounts.source_name = organizations.source_name
)
select
    catalogue._cq_source_name as source_name,
    roles_read.organization_id,
    roles_read.management_account_id,
    catalogue.service_id,
    catalogue.name as service_name,
    expected.role_name,
    case when roles_read.was_read then role.arn is not null end as is_present,
    roles_read.was_read,
    roles_read.unknown_cause,
    roles_read.read_error,
    case when roles_read.was_read then role.arn end as arn,
    case when roles_read.was_read then role.create_date end as create_date
from delegation.current_aws_delegation_services as catalogue
cross join lateral jsonb_array_elements_text(delegation.as_list(catalogue.service_linked_roles)) as expected (role_name)
join roles_read on roles_read.source_name = catalogue._cq_source_name
left join delegation.current_aws_iam_service_linked_roles as role
    on role._cq_source_name = catalogue._cq_source_name
    and role.account_id = roles_read.management_account_id
    and role.role_name = expected.role_name;
comment on view delegation.service_linked_roles is 'Roles that a service needs in the management account and that Organizations alone does not make: one row per source, service and role.';
comment on column delegation.service_linked_roles.source_name is 'Name of the source in its spec.';
comment on column delegation.service_linked_roles.organization_id is 'ID of the organization; null where it was not read.';
comment on column delegation.service_linked_roles.management_account_id is 'ID of the management account; null where the organization was not read.';
comment on column delegation.service_linked_roles.service_id is 'ID of the service in the catalogue.';
comment on column delegation.service_linked_roles.service_name is 'Name of the service.';
comment on column delegation.service_linked_roles.role_name is 'Name of the role, such as AWSServiceRoleForCloudTrail.';
comment on column delegation.service_linked_roles.is_present is 'True where the management account has the role; null where its roles were not read.';
comment on column delegation.service_linked_roles.was_read is 'True where all service-linked roles of the management account were read; never null.';
comment on column delegation.service_linked_roles.unknown_cause is 'unread, not_configured (the spec left the table out) or not_observable (another account asked); null where it was read.';
comment on column delegation.service_linked_roles.read_error is 'What is missing and what to do; null where it was read.';
comment on column delegation.service_linked_roles.arn is 'ARN of the role; null where there is none, or where it was not read.';
comment on column delegation.service_linked_roles.create_date is 'When the role was made, in UTC.';
