-- id:          organization_trail_exists
-- title:       A trail of the organization logs every account and Region
-- severity:    high
-- frameworks:  aws_sra: log_archive_account
-- reads:       aws_organizations, aws_cloudtrail_trails, aws_ec2_regions
-- why:         A trail of the organization logs members whether they like it or not. Without one, what happened in a member is known
--              to that member alone, and only for as long as it does not switch its own trail off.
-- decides:     At least one trail has IsOrganizationTrail, IsMultiRegionTrail and LogFileValidationEnabled in
--              cloudtrail:DescribeTrails, and IsLogging in cloudtrail:GetTrailStatus. Where none has all four, each is named with
--              what it lacks.
-- unknown:     No complete trail was seen, and one may be there: trails of a Region, the Regions or the status of a trail were not
--              read.
-- remediation: In the management account or the CloudTrail administrator run `aws cloudtrail create-trail --name organization --s3-bucket-name BUCKET --is-organization-trail --is-multi-region-trail --enable-log-file-validation`, then `aws cloudtrail start-logging --name organization`; `aws cloudtrail update-trail` mends one that is there.
-- source:      https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-trail-organization.html
with asked as (
    select asked_organizations.*
    from delegation.asked_organizations(array['aws_organizations'])
),
gaps as (
    select
        table_reads.source_name,
        case when bool_or(table_reads.unknown_cause = 'unread') then 'unread' else min(table_reads.unknown_cause) end as unknown_cause,
        string_agg(table_reads.read_error, '; ' order by table_reads.table_name collate "C") as problem
    from delegation.table_reads
    where table_reads.table_name in ('aws_cloudtrail_trails', 'aws_ec2_regions')
        and not table_reads.was_read
    group by table_reads.source_name
),
status_reads as (
    select
        reads.source_name,
        reads.scope as trail_arn,
        case when bool_or(reads.outcome = 'skipped') then 'not_configured' else 'unread' end as unknown_cause,
        min(delegation.read_problem(reads.outcome, reads.table_name, reads.operation, reads.region, reads.scope, reads.error_code, reads.error_message)) as problem
    from delegation.reads
    where reads.table_name = 'aws_cloudtrail_trails'
        and reads.operation = 'cloudtrail:GetTrailStatus'
        and reads.outcome not in ('ok', 'absent')
    group by reads.source_name, reads.scope
),
trails as (
    select
        trail._cq_source_name as source_name,
        trail.is_organization_trail,
        format('%s in %s', trail.trail_arn, coalesce(trail.home_region, trail.region)) as label,
        nullif(concat_ws(
            ', ',
            case when not trail.is_multi_region_trail then 'is of one Region' end,
            case when not trail.is_logging then 'does not log' end,
            case when not trail.log_file_validation_enabled then 'has no log-file validation' end
        ), '') as lacks,
        nullif(concat_ws(
            ', ',
            case when trail.is_organization_trail is null then 'whether it is of the organization' end,
            case when trail.is_multi_region_trail is null then 'whether it is of all Regions' end,
            case when trail.is_logging is null then 'whether it logs' end,
            case when trail.log_file_validation_enabled is null then 'whether it has log-file validation' end
        ), '') as open,
        case when trail.is_logging is null then coalesce(own_status.problem, all_status.problem) end as open_problem,
        case when trail.is_logging is null then coalesce(own_status.unknown_cause, all_status.unknown_cause) end as open_cause,
        concat(
            case when trail.has_custom_event_selectors then format('; %s has event selectors of its own: see that management events are among them', trail.name) end,
            case when nullif(trail.latest_delivery_error, '') is not null then format('; the last delivery of %s to S3 failed: %s', trail.name, trail.latest_delivery_error) end
        ) as aside
    from delegation.current_aws_cloudtrail_trails as trail
    left join status_reads as own_status on own_status.source_name = trail._cq_source_name and own_status.trail_arn = trail.trail_arn
    left join status_reads as all_status on all_status.source_name = trail._cq_source_name and all_status.trail_arn = ''
    where trail.is_organization_trail is not false
),
counted as (
    select
        trails.source_name,
        string_agg(distinct trails.label collate "C", ' and ') filter (where trails.lacks is null and trails.open is null) as complete,
        string_agg(distinct trails.aside collate "C", '') filter (where trails.lacks is null and trails.open is null) as asides,
        string_agg(distinct format('%s %s', trails.label, trails.lacks), '; ') filter (where trails.lacks is not null and trails.is_organization_trail) as lacking,
        string_agg(distinct format('of %s it is not known %s: %s', trails.label, trails.open, coalesce(trails.open_problem, 'AWS did not say; sync again')), '; ') filter (where trails.lacks is null and trails.open is not null) as open,
        case
            when bool_and(trails.open_cause = 'not_configured') filter (where trails.lacks is null and trails.open is not null) then 'not_configured'
            else 'unread'
        end as open_cause
    from trails
    group by trails.source_name
),
judged as (
    select
        asked.*,
        counted.complete,
        counted.asides,
        counted.lacking,
        counted.open,
        counted.open_cause,
        gaps.problem,
        gaps.unknown_cause as gap_cause,
        case
            when not asked.can_judge then asked.status
            when counted.complete is not null then 'pass'
            when counted.open is not null or gaps.problem is not null then 'unknown'
            else 'fail'
        end as verdict
    from asked
    left join counted on counted.source_name = asked.source_name
    left join gaps on gaps.source_name = asked.source_name
)
select
    judged.organization_id,
    judged.account_id,
    null::text as region,
    judged.resource_id,
    judged.verdict as status,
    case
        when not judged.can_judge then judged.reason
        when judged.verdict = 'pass' then concat(format('%s logs all accounts and Regions of %s, with log-file validation', judged.complete, judged.organization_id), judged.asides)
        when judged.verdict = 'unknown' then format('whether %s has a complete trail of the organization is not known: %s', judged.organization_id, concat_ws('; ', judged.open, judged.problem, judged.lacking))
        when judged.lacking is not null then format('no trail of %s is complete: %s; mend it, or make another', judged.organization_id, judged.lacking)
        else format('%s has no trail of the organization; make one for all Regions, with log-file validation', judged.organization_id)
    end as reason,
    case
        when not judged.can_judge then judged.unknown_cause
        when judged.verdict <> 'unknown' then null
        when (judged.open is not null and judged.open_cause = 'unread') or judged.gap_cause = 'unread' then 'unread'
        else 'not_configured'
    end as unknown_cause
from judged
order by organization_id, resource_id;
