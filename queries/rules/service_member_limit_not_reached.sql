-- id:          service_member_limit_not_reached
-- title:       No security service has reached the limit of its members
-- severity:    high
-- frameworks:  aws_sra: security_tooling_account
-- reads:       aws_organizations, aws_organizations_accounts, aws_organizations_service_access, aws_organizations_delegated_administrators, aws_organizations_delegated_services, aws_*_organization_admin_accounts, aws_*_organization_configurations, aws_ec2_regions, aws_delegation_services
-- why:         At the limit a service takes no further member, and says so in a flag alone: the next account that joins is not
--              watched, while auto-enable still says that it would be.
-- decides:     MemberAccountLimitReached of GuardDuty and Security Hub CSPM and maxAccountLimitReached of Macie and Inspector are false
--              for every administrator, in every enabled Region where the service exists. Detective, Security Lake and Security
--              Hub V2 tell nothing of the kind. One row per service and Region at the limit, one per service where none is. A
--              Region without an administrator has no members to count: every_region_has_admin tells it.
-- unknown:     The administrator, or what it says, was not read: the spec lends no access to it, the role cannot be assumed there,
--              or the read was denied. Where that is so in all Regions of a service it is one row.
-- remediation: Have the quota of member accounts of {service_name} raised in {region} with AWS Support, or take closed accounts out of its members.
-- source:      https://docs.aws.amazon.com/guardduty/latest/APIReference/API_DescribeOrganizationConfiguration.html
with sources as materialized (
    select asked.*
    from delegation.asked_organizations(array['aws_delegation_services']) as asked
),
services as materialized (
    select service_use.source_name, service_use.service_id, service_use.service_name, service_use.is_used, service_use.use_reason, service_use.use_unknown_cause
    from delegation.service_use
    join sources on sources.source_name = service_use.source_name
    where sources.can_judge
        and service_use.service_id in ('guardduty', 'security-hub-cspm', 'macie', 'inspector')
),
judged as (
    select
        configurations.*,
        case
            when configurations.member_limit_reached then 'fail'
            when not configurations.was_read then 'unknown'
            when configurations.admin_account_id is null then 'lacking'
            when not configurations.member_limit_reached then 'pass'
            -- It answers that the service is not on in its own account, so it has no members.
            when configurations.is_absent then 'pass'
            else 'unknown'
        end as verdict
    from delegation.organization_configurations as configurations
    join services
        on services.source_name = configurations.source_name
        and services.service_id = configurations.service_id
    where services.is_used
),
regions as materialized (
    select
        judged.source_name,
        judged.service_id,
        min(judged.service_name) as service_name,
        judged.region,
        case
            when bool_or(judged.verdict = 'fail') then 'fail'
            when bool_or(judged.verdict = 'unknown') then 'unknown'
            else min(judged.verdict)
        end as verdict,
        case
            when bool_or(judged.verdict = 'unknown' and coalesce(judged.unknown_cause, 'unread') = 'unread') then 'unread'
            when bool_or(judged.unknown_cause = 'not_configured') then 'not_configured'
            else min(judged.unknown_cause)
        end as unknown_cause,
        string_agg(distinct judged.admin_label collate "C", ' and ') filter (where judged.verdict in ('fail', 'pass')) as labels,
        string_agg(distinct judged.admin_label collate "C", ' and ') filter (where judged.verdict = 'fail') as full_labels,
        string_agg(distinct coalesce(judged.read_error, format('%s did not say whether the limit is reached; sync again', judged.admin_label)) collate "C", '; ') filter (where judged.verdict = 'unknown') as problems
    from judged
    group by judged.source_name, judged.service_id, judged.region
),
counts as materialized (
    select
        regions.source_name,
        regions.service_id,
        count(*) filter (where regions.verdict <> 'lacking') as asked_count,
        bool_and(regions.verdict = 'unknown') filter (where regions.verdict <> 'lacking') as are_all_unknown,
        bool_and(regions.verdict = 'pass') filter (where regions.verdict <> 'lacking') as are_all_free
    from regions
    group by regions.source_name, regions.service_id
),
of_full as (
    select
        regions.source_name,
        regions.service_id,
        regions.region,
        'fail' as status,
        format('%s takes no further member in %s: %s has reached the limit; have it raised, or take closed accounts out', regions.service_name, regions.region, regions.full_labels) as reason,
        null::text as unknown_cause
    from regions
    where regions.verdict = 'fail'
),
of_unknown as (
    select
        regions.source_name,
        regions.service_id,
        case when not counts.are_all_unknown or counts.asked_count = 1 then regions.region end as region,
        'unknown' as status,
        concat(
            format('whether %s takes further members', min(regions.service_name)),
            ' in ' || string_agg(regions.region, ', ' order by regions.region collate "C"),
            ' is not known: ',
            min(regions.problems collate "C"),
            case when count(distinct regions.problems) > 1 then format(' (and %s more like it)', count(distinct regions.problems) - 1) end
        ) as reason,
        case
            when bool_or(regions.unknown_cause = 'unread') then 'unread'
            when bool_or(regions.unknown_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause
    from regions
    join counts on counts.source_name = regions.source_name and counts.service_id = regions.service_id
    where regions.verdict = 'unknown'
    group by regions.source_name, regions.service_id, case when not counts.are_all_unknown or counts.asked_count = 1 then regions.region end
),
of_free as (
    select
        regions.source_name,
        regions.service_id,
        null::text as region,
        'pass' as status,
        format(
            '%s takes further members in %s: %s has not reached the limit',
            min(regions.service_name),
            string_agg(regions.region, ', ' order by regions.region collate "C"),
            string_agg(distinct regions.labels collate "C", ' and ')
        ) as reason,
        null::text as unknown_cause
    from regions
    join counts on counts.source_name = regions.source_name and counts.service_id = regions.service_id
    where counts.are_all_free
        and regions.verdict = 'pass'
    group by regions.source_name, regions.service_id
),
of_services as (
    select
        services.source_name,
        services.service_id,
        null::text as region,
        case when services.is_used is null then 'unknown' else 'not_applicable' end as status,
        case when services.is_used then format('%s has no administrator in any Region that is enabled for the account that asked, so it has no members', services.service_name) else services.use_reason end as reason,
        case when services.is_used is null then services.use_unknown_cause end as unknown_cause
    from services
    left join counts on counts.source_name = services.source_name and counts.service_id = services.service_id
    where services.is_used is not true
        or coalesce(counts.asked_count, 0) = 0
),
verdicts as (
    select * from of_full
    union all
    select * from of_unknown
    union all
    select * from of_free
    union all
    select * from of_services
    union all
    select
        sources.source_name,
        sources.resource_id,
        null,
        coalesce(sources.status, 'unknown'),
        coalesce(sources.reason, 'aws_delegation_services has no service that limits its members; sync again'),
        case when sources.can_judge then 'unread' else sources.unknown_cause end
    from sources
    where not sources.can_judge
        or not exists (select from services where services.source_name = sources.source_name)
)
select
    sources.organization_id,
    sources.account_id,
    verdicts.region,
    verdicts.service_id as resource_id,
    verdicts.status,
    verdicts.reason,
    verdicts.unknown_cause
from verdicts
join sources on sources.source_name is not distinct from verdicts.source_name
order by organization_id, resource_id, region;
