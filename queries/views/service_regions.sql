create or replace view delegation.enabled_regions as
select region._cq_source_name as source_name, region.region_name as region
from delegation.current_aws_ec2_regions as region
where region.opt_in_status in ('opt-in-not-required', 'opted-in');
comment on view delegation.enabled_regions is 'Regions that are enabled in the account that asked.';
comment on column delegation.enabled_regions.source_name is 'Name of the source in its spec.';
comment on column delegation.enabled_regions.region is 'Name of the Region.';

create or replace view delegation.service_regions as
with reads as materialized (
    select reads.*
    from delegation.reads
),
table_reads as materialized (
    select table_reads.*
    from delegation.table_reads
),
through_organizations as (
    -- Services that share a principal are one question.
    select distinct on (services.source_name, services.group_id)
        services.source_name,
        services.group_id as service_id,
        'organizations' as method,
        null::text as region,
        coalesce(administrators.was_read and delegated.was_read, false) as was_read,
        case
            when 'unread' in (administrators.unknown_cause, delegated.unknown_cause) then 'unread'
            else coalesce(administrators.unknown_cause, delegated.unknown_cause)
        end as unknown_cause,
        coalesce(administrators.read_error, delegated.read_error) as read_error
    from delegation.services
    left join table_reads as administrators
        on administrators.source_name = services.source_name
        and administrators.table_name = 'aws_organizations_delegated_administrators'
    left join table_reads as delegated
        on delegated.source_name = services.source_name
        and delegated.table_name = 'aws_organizations_delegated_services'
    where services.methods ? 'organizations'
    order by services.source_name, services.group_id, services.service_id
),
through_policy as (
    select
        services.source_name,
        services.service_id,
        'resource_policy' as method,
        null::text as region,
        coalesce(policy.was_read and statements.was_read, false) as was_read,
        case
            when 'unread' in (policy.unknown_cause, statements.unknown_cause) then 'unread'
            else coalesce(policy.unknown_cause, statements.unknown_cause)
        end as unknown_cause,
        coalesce(statements.read_error, policy.read_error) as read_error
    from delegation.services
    left join table_reads as policy
        on policy.source_name = services.source_name
        and policy.table_name = 'aws_organization_resource_policies'
    left join table_reads as statements
        on statements.source_name = services.source_name
        and statements.table_name = 'aws_organization_resource_policy_statements'
    where services.methods ? 'resource_policy'
),
asked_services as (
    select
        services.source_name,
        services.service_id,
        services.is_regional,
        services.admin_table_name,
        services.admin_read_scope,
        services.list_admin_action,
        services.service_regions
    from delegation.services
    where services.methods ? 'service' and services.admin_table_name is not null
),
regional_reads as (
    select
        asked_services.source_name,
        asked_services.service_id,
        reads.region,
        reads.outcome,
        -- Codes of the sync; no other `absent` says that there is nothing to be asked.
        reads.outcome = 'absent' and coalesce(reads.error_code, '') in ('ServiceNotInRegion', 'RegionDisabled') as is_nothing_to_ask,
        delegation.read_problem(reads.outcome, reads.table_name, reads.operation, reads.region, reads.scope, reads.error_code, reads.error_message) as problem
    from asked_services
    join reads
        on reads.source_name = asked_services.source_name
        and reads.table_name = asked_services.admin_table_name
        -- What another operation adds to a row does not say who is an administrator.
        and reads.operation = asked_services.list_admin_action
        -- Two services can share a table. A table that the spec left out has one row for both, without Region and scope.
        and (reads.scope = asked_services.admin_read_scope or (reads.scope = '' and reads.region = ''))
),
candidates as (
    -- Where the service should be asked by what is known of Regions,
    select asked_services.source_name, asked_services.service_id, enabled_regions.region
    from asked_services
    join delegation.enabled_regions on enabled_regions.source_name = asked_services.source_name
    where asked_services.is_regional
        and (asked_services.service_regions is null or asked_services.service_regions ? enabled_regions.region)
    union
    -- where it was asked (a Region that is newer than the catalogue),
    select regional_reads.source_name, regional_reads.service_id, regional_reads.region
    from regional_reads
    join asked_services
        on asked_services.source_name = regional_reads.source_name
        and asked_services.service_id = regional_reads.service_id
    where asked_services.is_regional
        and regional_reads.region <> ''
        and regional_reads.outcome <> 'skipped'
    union
    -- and where somebody was found.
    select delegations.source_name, delegations.service_id, delegations.region
    from delegation.delegations
    where delegations.method = 'service'
    union
    select asked_services.source_name, asked_services.service_id, null
    from asked_services
    where asked_services.is_regional is not true
    union
    -- A Region that nobody has heard of may be missing: that is a question without an answer.
    select asked_services.source_name, asked_services.service_id, null
    from asked_services
    left join table_reads
        on table_reads.source_name = asked_services.source_name
        and table_reads.table_name = 'aws_ec2_regions'
    where asked_services.is_regional
        and coalesce(table_reads.was_read, false) is false
),
through_service as (
    select
        candidates.source_name,
        candidates.service_id,
        'service' as method,
        candidates.region,
        coalesce(bool_and(regional_reads.outcome in ('ok', 'absent')), false)
            and (candidates.region is not null or asked_services.is_regional is not true) as was_read,
        case
            when candidates.region is null and asked_services.is_regional then coalesce(regions_read.unknown_cause, 'unread')
            when coalesce(bool_and(regional_reads.outcome in ('ok', 'absent')), false) then null
            when count(regional_reads.outcome) > 0 and bool_and(regional_reads.outcome in ('ok', 'absent', 'skipped')) then 'not_configured'
            else 'unread'
        end as unknown_cause,
        case
            when candidates.region is null and asked_services.is_regional then 'the enabled Regions are not known: ' || coalesce(regions_read.read_error, 'aws_ec2_regions was not read')
            when coalesce(bool_and(regional_reads.outcome in ('ok', 'absent')), false) then null
            else coalesce(min(regional_reads.problem) filter (where regional_reads.outcome not in ('ok', 'absent')), format('no read of %s is recorded%s; sync again', asked_services.admin_table_name, ' in ' || candidates.region))
        end as read_error
    from candidates
    join asked_services
        on asked_services.source_name = candidates.source_name
        and asked_services.service_id = candidates.service_id
    left join regional_reads
        on regional_reads.source_name = candidates.source_name
        and regional_reads.service_id = candidates.service_id
        -- An empty Region speaks of all of them: the spec left the table out.
        and (regional_reads.region in ('', candidates.region) or (candidates.region is null and asked_services.is_regional is not true))
    left join table_reads as regions_read
        on regions_read.source_name = candidates.source_name
        and regions_read.table_name = 'aws_ec2_regions'
    group by candidates.source_name, candidates.service_id, candidates.region, asked_services.is_regional, asked_services.admin_table_name, regions_read.unknown_cause, regions_read.read_error
    having coalesce(not bool_and(regional_reads.is_nothing_to_ask), true)
),
unasked_services as (
    -- The service could tell, and this version does not ask it: no verdict may rest on the other methods alone.
    select
        services.source_name,
        services.service_id,
        'service' as method,
        null::text as region,
        false as was_read,
        'not_observable' as unknown_cause,
        format('this version does not ask %s itself (%s)', services.service_name, services.list_admin_action) as read_error
    from delegation.services
    where services.methods ? 'service'
        and services.admin_table_name is null
        and services.list_admin_action is not null
        and services.list_admin_action not like 'organizations:%'
),
asked as (
    select * from through_organizations
    union all
    select * from through_policy
    union all
    select * from through_service
    union all
    select * from unasked_services
)
select
    asked.source_name,
    organization.id as organization_id,
    organization.master_account_id as management_account_id,
    asked.service_id,
    case when asked.method = 'organizations' then services.group_name else services.service_name end as service_name,
    services.category,
    services.is_security_service,
    asked.method,
    asked.region,
    asked.was_read,
    asked.unknown_cause,
    asked.read_error
from asked
join delegation.services
    on services.source_name = asked.source_name
    and services.service_id = asked.service_id
left join delegation.current_aws_organizations as organization on organization._cq_source_name = asked.source_name;
comment on view delegation.service_regions is 'What has to be asked to know who holds a service: one row per source, service, method and Region.';
comment on column delegation.service_regions.source_name is 'Name of the source in its spec.';
comment on column delegation.service_regions.organization_id is 'ID of the organization.';
comment on column delegation.service_regions.management_account_id is 'ID of the management account.';
comment on column delegation.service_regions.service_id is 'ID of the service in the catalogue; for the method organizations the first of those that share a principal.';
comment on column delegation.service_regions.service_name is 'Name of the service.';
comment on column delegation.service_regions.category is 'Category of the service.';
comment on column delegation.service_regions.is_security_service is 'True for a security service; never null.';
comment on column delegation.service_regions.method is 'organizations, service or resource_policy.';
comment on column delegation.service_regions.region is 'Region; null where the question is not regional, or where the enabled Regions are not known.';
comment on column delegation.service_regions.was_read is 'True where the answer is complete; never null.';
comment on column delegation.service_regions.unknown_cause is 'unread, not_configured (the spec left it out) or not_observable (this version does not ask the service itself); null where it was read.';
comment on column delegation.service_regions.read_error is 'What is missing and what to do; null where it was read.';

create or replace view delegation.open_questions as
with catalogues as (
    select
        newest_syncs.source_name,
        coalesce(catalogue.was_read, false) as was_read,
        catalogue.unknown_cause,
        catalogue.read_error,
        coalesce(access.was_read, false) as was_access_read,
        coalesce(access.unknown_cause, 'unread') as access_cause,
        coalesce(access.read_error, 'trusted access was not read') as access_error
    from delegation.newest_syncs
    left join delegation.table_reads as catalogue
        on catalogue.source_name = newest_syncs.source_name
        and catalogue.table_name = 'aws_delegation_services'
    left join delegation.table_reads as access
        on access.source_name = newest_syncs.source_name
        and access.table_name = 'aws_organizations_service_access'
),
trusted_services as (
    select distinct trusted_access.source_name, trusted_access.service_id
    from delegation.trusted_access
    where trusted_access.service_id is not null
)
select
    service_regions.source_name,
    service_regions.service_id,
    service_regions.service_name,
    service_regions.method,
    service_regions.region,
    case
        when service_regions.unknown_cause = 'not_observable' and not catalogues.was_access_read then catalogues.access_cause
        else coalesce(service_regions.unknown_cause, 'unread')
    end as unknown_cause,
    case
        when service_regions.unknown_cause = 'not_observable' and not catalogues.was_access_read then format('%s, and whether it has trusted access is not known: %s', service_regions.read_error, catalogues.access_error)
        else service_regions.read_error
    end as read_error
from delegation.service_regions
join catalogues on catalogues.source_name = service_regions.source_name
left join trusted_services
    on trusted_services.source_name = service_regions.source_name
    and trusted_services.service_id = service_regions.service_id
where not service_regions.was_read
    -- Without trusted access no service can have an administrator: then it does not matter that this version cannot ask.
    and (service_regions.unknown_cause is distinct from 'not_observable' or trusted_services.service_id is not null or not catalogues.was_access_read)
union all
-- Without the catalogue nobody knows which questions there are.
select
    catalogues.source_name,
    null,
    null,
    null,
    null,
    coalesce(catalogues.unknown_cause, 'unread'),
    'which services there are is not known: ' || coalesce(catalogues.read_error, 'aws_delegation_services has no row; sync again')
from catalogues
where not catalogues.was_read
    or not exists (select from delegation.services where services.source_name = catalogues.source_name);
comment on view delegation.open_questions is 'What was not answered and may hide a delegation: the questions of delegation.service_regions without an answer, but for services that this version cannot ask and that have no trusted access. No row: all delegations are known.';
comment on column delegation.open_questions.source_name is 'Name of the source in its spec.';
comment on column delegation.open_questions.service_id is 'As in delegation.service_regions; null where the catalogue was not read, so that any question may be missing.';
comment on column delegation.open_questions.service_name is 'As in delegation.service_regions.';
comment on column delegation.open_questions.method is 'organizations, service or resource_policy.';
comment on column delegation.open_questions.region is 'Region; null where the question is not regional, or where the enabled Regions are not known.';
comment on column delegation.open_questions.unknown_cause is 'unread, not_configured (the spec left it out) or not_observable (this version does not ask the service itself); never null.';
comment on column delegation.open_questions.read_error is 'What is missing and what to do.';

create or replace view delegation.unseen_delegations as
select
    open_questions.source_name,
    case
        when bool_or(open_questions.unknown_cause = 'unread') then 'unread'
        when bool_or(open_questions.unknown_cause = 'not_configured') then 'not_configured'
        else 'not_observable'
    end as unknown_cause,
    concat(
        min(open_questions.read_error collate "C"),
        case when count(distinct open_questions.read_error) > 1 then format(' (and %s more like it)', count(distinct open_questions.read_error) - 1) end
    ) as read_error
from delegation.open_questions
group by open_questions.source_name;
comment on view delegation.unseen_delegations is 'One row per source of which not all delegations are known: more accounts may hold something than delegation.delegations shows.';
comment on column delegation.unseen_delegations.source_name is 'Name of the source in its spec.';
comment on column delegation.unseen_delegations.unknown_cause is 'unread, not_configured or not_observable: the first of these that an open question has; never null.';
comment on column delegation.unseen_delegations.read_error is 'What is missing and what to do: one of them, and how many more there are.';
