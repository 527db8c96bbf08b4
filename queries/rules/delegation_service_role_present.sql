-- id:          delegation_service_role_present
-- title:       A service that was delegated through Organizations has the role that it needs
-- severity:    medium
-- frameworks:  aws_sra: delegated_administration
-- reads:       aws_organizations, aws_organizations_delegated_administrators, aws_organizations_delegated_services, aws_iam_service_linked_roles, aws_delegation_services
-- why:         CloudTrail, IPAM, Security Lake and a few more make their service-linked role only when they are delegated by their
--              own call or in their console. Registered with Organizations alone the administrator stands in the list, and cannot work.
-- decides:     Each service that the catalogue says needs such a role, and that is registered with Organizations, has the role in
--              the management account. A service that is not registered is not_applicable.
-- unknown:     The roles of the management account were not read, or were read in another account; or Organizations was not asked
--              and the role is missing.
-- remediation: Make the role in the management account with `aws iam create-service-linked-role --aws-service-name SERVICE_PRINCIPAL`, or take the registration away and delegate {service_name} by its own call: {register_command}.
-- source:      https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator.html
with table_reads as materialized (
    select table_reads.source_name, table_reads.table_name, table_reads.was_read, table_reads.unknown_cause, table_reads.read_error
    from delegation.table_reads
    where table_reads.table_name in ('aws_organizations_delegated_administrators', 'aws_organizations_delegated_services')
),
sources as materialized (
    select
        asked.*,
        exists (select from delegation.services where services.source_name = asked.source_name) as has_catalogue,
        coalesce(administrator_read.was_read and service_read.was_read, false) as were_registrations_read,
        case when 'unread' in (administrator_read.unknown_cause, service_read.unknown_cause) then 'unread' else coalesce(administrator_read.unknown_cause, service_read.unknown_cause, 'unread') end as registrations_cause,
        coalesce(administrator_read.read_error, service_read.read_error, 'aws_organizations_delegated_services was not read') as registrations_error
    from delegation.asked_organizations(array['aws_delegation_services']) as asked
    left join table_reads as administrator_read
        on administrator_read.source_name = asked.source_name
        and administrator_read.table_name = 'aws_organizations_delegated_administrators'
    left join table_reads as service_read
        on service_read.source_name = asked.source_name
        and service_read.table_name = 'aws_organizations_delegated_services'
),
registered as (
    select
        delegations.source_name,
        delegations.service_id,
        string_agg(delegation.account_label(delegations.delegated_account_id, delegations.account_name, delegations.ou_path), ' and ' order by delegations.delegated_account_id collate "C") as labels
    from delegation.delegations
    where delegations.method = 'organizations'
    group by delegations.source_name, delegations.service_id
),
needed as (
    select
        roles.source_name,
        roles.service_id,
        min(roles.service_name) as service_name,
        bool_and(roles.was_read) as was_read,
        coalesce(bool_and(roles.is_present), false) as are_present,
        string_agg(roles.role_name, ' and ' order by roles.role_name collate "C") as role_names,
        string_agg(roles.role_name, ' and ' order by roles.role_name collate "C") filter (where not roles.is_present) as missing_roles,
        min(roles.unknown_cause) as unknown_cause,
        min(roles.read_error) as read_error
    from delegation.service_linked_roles as roles
    group by roles.source_name, roles.service_id
),
of_services as (
    select
        needed.source_name,
        needed.service_id,
        case
            when registered.service_id is null and sources.were_registrations_read then 'not_applicable'
            when needed.was_read and needed.are_present then 'pass'
            when registered.service_id is null or not needed.was_read then 'unknown'
            else 'fail'
        end as status,
        case
            when registered.service_id is null and sources.were_registrations_read then format('%s is not delegated through Organizations', needed.service_name)
            when registered.service_id is null and needed.are_present
                then format('whether %s is delegated through Organizations is not known, and the management account has %s either way', needed.service_name, needed.role_names)
            when registered.service_id is null
                then format('whether %s is delegated through Organizations, so that the management account needs %s, is not known: %s', needed.service_name, needed.role_names, sources.registrations_error)
            when not needed.was_read then format('%s is delegated to %s through Organizations, and whether the management account has %s is not known: %s', needed.service_name, registered.labels, needed.role_names, needed.read_error)
            when needed.are_present then format('%s is delegated to %s through Organizations, and the management account %s has %s', needed.service_name, registered.labels, sources.management_account_id, needed.role_names)
            else format(
                '%s is delegated to %s through Organizations, and the management account %s has no %s; make it there with `aws iam create-service-linked-role --aws-service-name %s`',
                needed.service_name, registered.labels, sources.management_account_id, needed.missing_roles, coalesce(services.service_principals ->> 0, 'SERVICE_PRINCIPAL')
            )
        end as reason,
        case
            when registered.service_id is not null then needed.unknown_cause
            when sources.registrations_cause = 'unread' then 'unread'
            else coalesce(sources.registrations_cause, needed.unknown_cause)
        end as open_cause
    from needed
    join sources on sources.source_name = needed.source_name
    join delegation.services
        on services.source_name = needed.source_name
        and services.service_id = needed.service_id
    left join registered
        on registered.source_name = services.source_name
        and registered.service_id = services.group_id
    where sources.can_judge
)
select
    sources.organization_id,
    sources.account_id,
    null::text as region,
    coalesce(of_services.service_id, sources.resource_id) as resource_id,
    coalesce(of_services.status, sources.status, case when sources.has_catalogue then 'not_applicable' else 'unknown' end) as status,
    coalesce(of_services.reason, sources.reason, case when sources.has_catalogue then 'no service of the catalogue needs a role that Organizations does not make' else 'aws_delegation_services has no service; sync again' end) as reason,
    case
        when of_services.service_id is not null then case when of_services.status = 'unknown' then of_services.open_cause end
        when sources.can_judge then case when not sources.has_catalogue then 'unread' end
        else sources.unknown_cause
    end as unknown_cause
from sources
left join of_services on of_services.source_name = sources.source_name
order by organization_id, resource_id;
