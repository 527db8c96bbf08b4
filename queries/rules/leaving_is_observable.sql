-- id:          leaving_is_observable
-- title:       It would be noticed that an account leaves the organization
-- severity:    medium
-- frameworks:  aws_sra: log_archive_account
-- reads:       aws_organizations, aws_cloudtrail_trails, aws_cloudtrail_event_data_stores
-- why:         LeaveOrganization is logged in the member that leaves, and in no history of the management account. An account that has
--              left is just no longer there, and with it goes the event history that says who did it.
-- decides:     This version reads the event histories of the management account and of the accounts that the delegation policy names, and
--              no log files. So it cannot see the event, and never passes. The reason says whether a trail of the organization logs, or an
--              event data store collects, from every member, where one would have to search.
-- unknown:     Always, where there is an organization (not_observable); or the organization was not read.
-- remediation: Search the log files of the organization trail, or the event data store, for `eventName = LeaveOrganization`, and let an alarm do so from now on; scp_prevents_leaving says who can leave at all.
-- source:      https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_leave.html
with asked as (
    select asked_organizations.*
    from delegation.asked_organizations(array['aws_organizations']) as asked_organizations
),
logs as (
    select
        trail._cq_source_name as source_name,
        format(
            '%s (%s)',
            trail.trail_arn,
            concat_ws(
                ', ',
                'bucket ' || trail.s3_bucket_name,
                case when trail.is_logging is null then 'whether it logs is not known' when not trail.is_logging then 'it does not log' end,
                case when not trail.is_multi_region_trail then format('only %s', coalesce(trail.home_region, trail.region)) end
            )
        ) as label,
        trail.is_logging is true as is_working
    from delegation.current_aws_cloudtrail_trails as trail
    where trail.is_organization_trail
    union all
    select
        store._cq_source_name,
        format('%s (event data store%s)', store.event_data_store_arn, case when store.status is distinct from 'ENABLED' then ', ' || coalesce(store.status, 'status not known') end),
        store.status is not distinct from 'ENABLED'
    from delegation.current_aws_cloudtrail_event_data_stores as store
    where store.organization_enabled
),
found as (
    select
        logs.source_name,
        string_agg(distinct logs.label collate "C", ' and ') filter (where logs.is_working) as working,
        string_agg(distinct logs.label collate "C", ' and ') filter (where not logs.is_working) as idle
    from logs
    group by logs.source_name
),
gaps as (
    select table_reads.source_name, string_agg(table_reads.read_error, '; ' order by table_reads.table_name collate "C") as problem
    from delegation.table_reads
    where table_reads.table_name in ('aws_cloudtrail_trails', 'aws_cloudtrail_event_data_stores')
        and not table_reads.was_read
    group by table_reads.source_name
)
select
    asked.organization_id,
    asked.account_id,
    null::text as region,
    asked.resource_id,
    case when asked.can_judge then 'unknown' else asked.status end as status,
    case
        when not asked.can_judge then asked.reason
        else format(
            'LeaveOrganization is logged in the member that leaves, whose events are not read here; %s',
            case
                when found.working is not null then format('search what %s has of it', found.working)
                when gaps.problem is not null then format('whether something of %s logs every member is not known: %s', asked.organization_id, gaps.problem)
                when found.idle is not null then format('what is to log every member does not: %s', found.idle)
                else format('nothing of %s was seen that logs every member: make an organization trail (organization_trail_exists)', asked.organization_id)
            end
        )
    end as reason,
    case when asked.can_judge then 'not_observable' else asked.unknown_cause end as unknown_cause
from asked
left join found on found.source_name = asked.source_name
left join gaps on gaps.source_name = asked.source_name
order by organization_id, resource_id;
