-- id:          delegation_has_trusted_access
-- title:       A service that is registered with Organizations has trusted access
-- severity:    medium
-- frameworks:  aws_sra: trusted_access
-- reads:       aws_organizations, aws_organizations_service_access, aws_organizations_delegated_administrators, aws_organizations_delegated_services, aws_delegation_services
-- why:         Without trusted access the service may not look into the organization: the administrator stands in the list and
--              administers nothing. Often somebody switched the service off and forgot the registration, which works again for
--              whoever switches it on.
-- decides:     Each service that has an administrator registered with Organizations has trusted access, by any of its principals.
--              A principal that the catalogue does not know is judged by itself.
-- unknown:     Trusted access was not read, or the registrations were not (then one row for the organization); or the catalogue was
--              not, so that another principal of the service may have it.
-- remediation: Switch the service on with `aws organizations enable-aws-service-access --service-principal SERVICE_PRINCIPAL`, or take the registration away with `aws organizations deregister-delegated-administrator --account-id ACCOUNT_ID --service-principal SERVICE_PRINCIPAL`.
-- source:      https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services.html
with table_reads as materialized (
    select table_reads.*
    from delegation.table_reads
),
sources as materialized (
    select
        asked.*,
        coalesce(catalogue.was_read, false) and exists (select from delegation.services where services.source_name = asked.source_name) as has_catalogue,
        coalesce(catalogue.unknown_cause, 'unread') as catalogue_cause,
        coalesce(catalogue.read_error, 'aws_delegation_services has no service; sync again') as catalogue_error,
        coalesce(access.was_read, false) as was_access_read,
        coalesce(access.unknown_cause, 'unread') as access_cause,
        coalesce(access.read_error, 'aws_organizations_service_access was not read') as access_error,
        coalesce(administrator_read.was_read and service_read.was_read, false) as were_registrations_read,
        case when 'unread' in (administrator_read.unknown_cause, service_read.unknown_cause) then 'unread' else coalesce(administrator_read.unknown_cause, service_read.unknown_cause, 'unread') end as registrations_cause,
        coalesce(administrator_read.read_error, service_read.read_error, 'aws_organizations_delegated_services was not read') as registrations_error
    from delegation.asked_organizations('{}') as asked
    left join table_reads as catalogue on catalogue.source_name = asked.source_name and catalogue.table_name = 'aws_delegation_services'
    left join table_reads as access on access.source_name = asked.source_name and access.table_name = 'aws_organizations_service_access'
    left join table_reads as administrator_read on administrator_read.source_name = asked.source_name and administrator_read.table_name = 'aws_organizations_delegated_administrators'
    left join table_reads as service_read on service_read.source_name = asked.source_name and service_read.table_name = 'aws_organizations_delegated_services'
),
registrations as materialized (
    select
        delegations.source_name,
        delegations.service_id,
        delegations.service_name,
        delegations.delegated_account_id,
        delegation.account_label(delegations.delegated_account_id, delegations.account_name, delegations.ou_path) collate "C" as label,
        registered.principal
    from delegation.delegations
    cross join lateral unnest(string_to_array(delegations.service_principal, ', ')) as registered (principal)
    where delegations.method = 'organizations'
),
registered_services as (
    select
        registrations.source_name,
        registrations.service_id,
        min(registrations.service_name) as service_name,
        string_agg(distinct registrations.label, ' and ' order by registrations.label) as labels,
        string_agg(distinct format('`aws organizations enable-aws-service-access --service-principal %s`', registrations.principal) collate "C", ' and ') as enable_commands,
        string_agg(distinct format('`aws organizations deregister-delegated-administrator --account-id %s --service-principal %s`', registrations.delegated_account_id, registrations.principal) collate "C", ' and ') as deregister_commands
    from registrations
    group by registrations.source_name, registrations.service_id
),
trusted as (
    select
        trusted_access.source_name,
        coalesce(services.group_id, trusted_access.service_principal) as service_id,
        string_agg(distinct trusted_access.service_principal collate "C", ' and ') as principals
    from delegation.trusted_access
    left join delegation.services
        on services.source_name = trusted_access.source_name
        and services.service_id = trusted_access.service_id
    group by trusted_access.source_name, coalesce(services.group_id, trusted_access.service_principal)
),
of_services as (
    select
        registered_services.source_name,
        registered_services.service_id as resource_id,
        case
            when trusted.service_id is not null then 'pass'
            when not sources.was_access_read or not sources.has_catalogue then 'unknown'
            else 'fail'
        end as status,
        case
            when trusted.service_id is not null then format('%s is registered to %s, and has trusted access by %s', registered_services.service_name, registered_services.labels, trusted.principals)
            when not sources.was_access_read then format('%s is registered to %s, and whether it has trusted access is not known: %s', registered_services.service_name, registered_services.labels, sources.access_error)
            when not sources.has_catalogue then format('%s is registered to %s, and whether another principal of the same service has trusted access is not known: %s', registered_services.service_name, registered_services.labels, sources.catalogue_error)
            else format(
                '%s is registered to %s and has no trusted access; switch it on with %s, or take the registration away with %s',
                registered_services.service_name, registered_services.labels, registered_services.enable_commands, registered_services.deregister_commands
            )
        end as reason,
        case when not sources.was_access_read then sources.access_cause else sources.catalogue_cause end as open_cause
    from registered_services
    join sources on sources.source_name = registered_services.source_name
    left join trusted
        on trusted.source_name = registered_services.source_name
        and trusted.service_id = registered_services.service_id
    where sources.can_judge
),
of_unseen as (
    select
        sources.source_name,
        sources.resource_id,
        'unknown' as status,
        format('whether any other service is registered with Organizations is not known: %s', sources.registrations_error) as reason,
        sources.registrations_cause as open_cause
    from sources
    where sources.can_judge and not sources.were_registrations_read
),
judged as (
    select * from of_services
    union all
    select * from of_unseen
)
select
    sources.organization_id,
    sources.account_id,
    null::text as region,
    coalesce(judged.resource_id, sources.resource_id) as resource_id,
    coalesce(judged.status, sources.status, 'not_applicable') as status,
    coalesce(judged.reason, sources.reason, format('no service of %s has an administrator that is registered with Organizations', sources.organization_id)) as reason,
    case coalesce(judged.status, sources.status) when 'unknown' then coalesce(judged.open_cause, sources.unknown_cause) end as unknown_cause
from sources
left join judged on judged.source_name = sources.source_name
order by organization_id, resource_id;
