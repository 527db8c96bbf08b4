-- Whether anybody uses a service in the organization, so that a rule about it has something to say.

create or replace view delegation.service_use as
with services as materialized (
    select services.*
    from delegation.services
),
asked as materialized (
    select service_regions.*
    from delegation.service_regions
),
access_reads as materialized (
    select table_reads.*
    from delegation.table_reads
    where table_reads.table_name = 'aws_organizations_service_access'
),
delegations as materialized (
    select delegations.source_name, delegations.service_id, delegations.method
    from delegation.delegations
),
held_by_themselves as materialized (
    select distinct delegations.source_name, delegations.service_id
    from delegations
    where delegations.method <> 'organizations'
),
told_by_organizations as (
    select services.source_name, services.group_id
    from services
    join delegation.trusted_access
        on trusted_access.source_name = services.source_name
        and trusted_access.service_id = services.service_id
    union
    select delegations.source_name, delegations.service_id
    from delegations
    where delegations.method = 'organizations'
),
group_use as materialized (
    select
        services.source_name,
        services.group_id,
        bool_or(held_by_themselves.service_id is not null) as is_held_by_itself,
        bool_or(told_by_organizations.group_id is not null) as is_told
    from services
    left join held_by_themselves
        on held_by_themselves.source_name = services.source_name
        and held_by_themselves.service_id = services.service_id
    left join told_by_organizations
        on told_by_organizations.source_name = services.source_name
        and told_by_organizations.group_id = services.group_id
    group by services.source_name, services.group_id
),
gaps as materialized (
    -- Questions without an answer that could name an administrator. Organizations speaks of a group of services as one, and has
    -- nothing to add where one of the group names an administrator itself. What this version cannot ask does not count: without
    -- trusted access no service can have an administrator.
    select
        services.source_name,
        services.service_id,
        bool_or(asked.unknown_cause = 'unread') as is_unread,
        min(asked.read_error) as read_error
    from services
    join group_use on group_use.source_name = services.source_name and group_use.group_id = services.group_id
    join asked
        on asked.source_name = services.source_name
        and asked.service_id = case when asked.method = 'organizations' then services.group_id else services.service_id end
        and not (asked.method = 'organizations' and group_use.is_held_by_itself)
    where not asked.was_read
        and asked.unknown_cause <> 'not_observable'
    group by services.source_name, services.service_id
)
select
    services.source_name,
    services.service_id,
    services.service_name,
    services.group_id,
    services.is_security_service,
    found.is_used,
    case when not found.is_used and problems.unread + problems.left_out > 0 then true else false end as may_be_used,
    case
        when found.is_used then null
        when problems.unread > 0 then 'unread'
        when problems.left_out > 0 then 'not_configured'
    end as unknown_cause,
    case when not found.is_used then nullif(concat_ws('; ', case when access.is_gap then access.read_error end, gaps.read_error), '') end as read_error
from services
join group_use on group_use.source_name = services.source_name and group_use.group_id = services.group_id
left join held_by_themselves
    on held_by_themselves.source_name = services.source_name
    and held_by_themselves.service_id = services.service_id
left join gaps on gaps.source_name = services.source_name and gaps.service_id = services.service_id
left join access_reads on access_reads.source_name = services.source_name
cross join lateral (
    select held_by_themselves.service_id is not null or (group_use.is_told and not group_use.is_held_by_itself) as is_used
) as found
cross join lateral (
    select
        not coalesce(access_reads.was_read, false) and not group_use.is_held_by_itself as is_gap,
        coalesce(access_reads.unknown_cause, 'unread') as unknown_cause,
        coalesce(access_reads.read_error, 'trusted access was not read') as read_error
) as access
cross join lateral (
    select
        case when access.is_gap and access.unknown_cause = 'unread' then 1 else 0 end + case when gaps.is_unread then 1 else 0 end as unread,
        case when access.is_gap and access.unknown_cause <> 'unread' then 1 else 0 end + case when not gaps.is_unread then 1 else 0 end as left_out
) as problems;
comment on view delegation.service_use is
    'Which services are in use: by an administrator, or by trusted access. Of services that share a principal Organizations cannot tell which is meant, so what it says counts only where none of them names an administrator itself.';
comment on column delegation.service_use.source_name is 'Name of the source in its spec.';
comment on column delegation.service_use.service_id is 'ID of the service in the catalogue.';
comment on column delegation.service_use.service_name is 'Name of the service.';
comment on column delegation.service_use.group_id is 'First of the services that share a principal with this one.';
comment on column delegation.service_use.is_security_service is 'True for a security service; never null.';
comment on column delegation.service_use.is_used is 'True where it has trusted access or an administrator by any method; never null.';
comment on column delegation.service_use.may_be_used is 'True where it is not known to be in use, and a read that could tell is missing; never null.';
comment on column delegation.service_use.unknown_cause is 'unread or not_configured, where it may be in use.';
comment on column delegation.service_use.read_error is 'What is missing and what to do, where it may be in use.';
