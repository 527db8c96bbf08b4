-- id:          delegated_admin_limit
-- title:       Each service has room for another delegated administrator
-- severity:    low
-- frameworks:  aws_sra: delegated_administration
-- reads:       aws_organizations, aws_organizations_service_access, aws_organizations_delegated_administrators, aws_organizations_delegated_services, aws_*_organization_admin_accounts, aws_ec2_regions, aws_delegation_services
-- why:         Where AWS's maximum is reached, the next registration is refused, as a rule on the day on which somebody else has
--              to take over. And each of many administrators has the power over the whole service.
-- decides:     For each service of which AWS's maximum is known and that has an administrator: how many accounts are one, each
--              counted once per list (of Organizations, or of the service itself in one Region); the longest list counts.
--              Administrators that are being made or removed are told and not counted; suspended ones count, because AWS counts
--              them. Reaching a maximum of more than one fails. A maximum of one is there to be reached: only more than one fails.
-- unknown:     A list that may be longer was not read.
-- remediation: Take the delegation of {service_name} away from accounts that need it no longer: {deregister_command}.
-- source:      https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html
with sources as materialized (
    select asked.*
    from delegation.asked_organizations(array['aws_delegation_services']) as asked
),
-- Organizations speaks of all services of a group under the first, which may not be the one with the smallest maximum.
services as materialized (
    select
        services.source_name,
        services.service_id,
        services.service_name,
        services.group_name,
        services.max_delegated_admins as own_maximum,
        min(services.max_delegated_admins) over (partition by services.source_name, services.group_id) as group_maximum,
        services.service_id = services.group_id as is_first_of_group
    from delegation.services
),
open_questions as materialized (
    select open_questions.*
    from delegation.open_questions
),
lists as (
    select
        delegations.source_name,
        delegations.service_id,
        delegations.method,
        delegations.region,
        count(distinct delegations.delegated_account_id) filter (where delegations.is_held) as admin_count,
        string_agg(distinct named.label, ', ' order by named.label) filter (where delegations.is_held) as labels,
        string_agg(distinct format('%s (%s)', named.label, coalesce(delegations.status, 'no status')) collate "C", ', ') filter (where not delegations.is_held) as unsettled_labels
    from delegation.delegations
    cross join lateral (
        select concat(
            delegation.account_label(delegations.delegated_account_id, delegations.account_name, delegations.ou_path) collate "C",
            case when delegations.account_state <> 'ACTIVE' then format(', which is %s', delegations.account_state) end
        ) as label
    ) as named
    where delegations.method in ('organizations', 'service')
    group by delegations.source_name, delegations.service_id, delegations.method, delegations.region
),
longest as (
    select distinct on (lists.source_name, lists.service_id)
        lists.source_name,
        lists.service_id,
        lists.method,
        lists.region,
        lists.admin_count,
        lists.labels,
        lists.unsettled_labels
    from lists
    order by lists.source_name, lists.service_id, lists.admin_count desc, lists.method collate "C" desc, lists.region collate "C"
),
open_services as (
    select
        open_questions.source_name,
        open_questions.service_id,
        case
            when bool_or(open_questions.unknown_cause = 'unread') then 'unread'
            when bool_or(open_questions.unknown_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause,
        concat(
            min(open_questions.read_error collate "C"),
            case when count(distinct open_questions.read_error) > 1 then format(' (and %s more like it)', count(distinct open_questions.read_error) - 1) end
        ) as read_error
    from open_questions
    where open_questions.method in ('organizations', 'service')
    group by open_questions.source_name, open_questions.service_id
),
counted as (
    select
        services.source_name,
        services.service_id,
        case when longest.method = 'service' or not services.is_first_of_group then services.service_name else services.group_name end as service_name,
        case when longest.method = 'service' or not services.is_first_of_group then services.own_maximum else services.group_maximum end as maximum,
        coalesce(longest.admin_count, 0) as admin_count,
        longest.labels,
        longest.unsettled_labels,
        case
            when longest.method = 'service' and longest.region is not null then format(' in %s', longest.region)
            when longest.method = 'organizations' then ' by Organizations'
        end as place,
        open_services.unknown_cause as open_cause,
        open_services.read_error
    from services
    left join longest on longest.source_name = services.source_name and longest.service_id = services.service_id
    left join open_services on open_services.source_name = services.source_name and open_services.service_id = services.service_id
    where longest.service_id is not null or open_services.service_id is not null
),
weighed as (
    select
        counted.*,
        counted.admin_count > counted.maximum as is_exceeded,
        counted.admin_count >= counted.maximum and (counted.maximum > 1 or counted.admin_count > 1) as is_full,
        concat(
            format('%s has %s of %s administrators%s', counted.service_name, counted.admin_count, counted.maximum, counted.place),
            ': ' || counted.labels,
            '; not counted: ' || counted.unsettled_labels
        ) as count_text
    from counted
    where counted.maximum is not null
),
of_services as (
    select
        weighed.source_name,
        weighed.service_id,
        case
            when weighed.is_full then 'fail'
            when weighed.open_cause is not null then 'unknown'
            else 'pass'
        end as status,
        case
            when weighed.is_exceeded then format('%s; that is more than AWS is known to allow; take those away that are needed no longer', weighed.count_text)
            when weighed.is_full then format('%s; AWS will refuse the next one; take those away that are needed no longer', weighed.count_text)
            when weighed.open_cause is not null then format('%s, and there may be more: %s', weighed.count_text, weighed.read_error)
            else weighed.count_text
        end as reason,
        weighed.open_cause
    from weighed
),
judged as (
    select
        sources.source_name,
        of_services.service_id,
        case when has_catalogue.is_true then of_services.status else 'unknown' end as status,
        case when has_catalogue.is_true then of_services.reason else 'aws_delegation_services has no service; sync again' end as reason,
        case when has_catalogue.is_true then of_services.open_cause else 'unread' end as open_cause
    from sources
    cross join lateral (select exists (select from services where services.source_name = sources.source_name) as is_true) as has_catalogue
    left join of_services on of_services.source_name = sources.source_name
    where sources.can_judge
)
select
    sources.organization_id,
    sources.account_id,
    null::text as region,
    coalesce(judged.service_id, sources.resource_id) as resource_id,
    coalesce(judged.status, sources.status, 'not_applicable') as status,
    coalesce(judged.reason, sources.reason, format('no service of %s of which AWS''s maximum is known has an administrator', sources.organization_id)) as reason,
    case coalesce(judged.status, sources.status) when 'unknown' then coalesce(judged.open_cause, sources.unknown_cause) end as unknown_cause
from sources
left join judged on judged.source_name = sources.source_name
order by organization_id, resource_id;
