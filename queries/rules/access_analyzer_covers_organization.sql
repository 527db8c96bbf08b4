-- id:          access_analyzer_covers_organization
-- title:       An analyzer of IAM Access Analyzer covers the organization in every enabled Region
-- severity:    medium
-- frameworks:  aws_sra: security_tooling_account
-- reads:       aws_organizations, aws_organizations_accounts, aws_organizations_delegated_administrators, aws_organizations_delegated_services, aws_accessanalyzer_analyzers, aws_ec2_regions, aws_delegation_services
-- why:         An analyzer of the organization tells which buckets, roles and keys of any member somebody outside can reach. It sees its
--              own Region alone, and stops without a word when its account is no longer the delegated administrator.
-- decides:     In every Region that is enabled for the account that asked and where Access Analyzer exists, the management account
--              or a delegated administrator has an analyzer of type ORGANIZATION that is ACTIVE. Analyzers of one account, and
--              those for unused or internal access (ORGANIZATION_UNUSED_ACCESS, ORGANIZATION_INTERNAL_ACCESS), do not count:
--              they do not look for access from outside. One row per Region that lacks one, with what is there instead; one row
--              where no Region has one, and where all have.
-- unknown:     No such analyzer was seen in the Region, and one may be there: the management account or a delegated administrator was
--              not read, or it is not known who is one. Where that is so in all Regions it is one row.
-- remediation: In the delegated administrator of {service_name} run `aws accessanalyzer create-analyzer --analyzer-name organization --type ORGANIZATION --region REGION` in {region}; delete an analyzer that is DISABLED because its account was deregistered, after registering the account again.
-- source:      https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-create-external.html
with sources as materialized (
    select asked.*
    from delegation.asked_organizations(array['aws_delegation_services']) as asked
),
places as materialized (
    select
        delegate_places.source_name,
        delegate_places.service_name,
        delegate_places.region,
        delegate_places.admin_account_id,
        delegate_places.admin_label,
        delegate_places.was_listed and coalesce(delegate_reads.was_read, delegate_places.admin_account_id is null) as was_read,
        case when delegate_places.was_listed then delegate_reads.unknown_cause else delegate_places.list_cause end as unknown_cause,
        case when delegate_places.was_listed then delegate_reads.read_error else delegate_places.list_problem end as problem
    from delegation.delegate_places
    join sources on sources.source_name = delegate_places.source_name
    left join delegation.delegate_reads
        on delegate_reads.source_name = delegate_places.source_name
        and delegate_reads.service_id = delegate_places.service_id
        and delegate_reads.region = delegate_places.region
        and delegate_reads.admin_account_id = delegate_places.admin_account_id
    where sources.can_judge
        and delegate_places.service_id = 'access-analyzer'
),
analyzers as materialized (
    select
        analyzer._cq_source_name as source_name,
        analyzer.region,
        analyzer.type = 'ORGANIZATION' and analyzer.status = 'ACTIVE' as is_good,
        analyzer.type = 'ORGANIZATION' as is_of_organization,
        coalesce(places.admin_label, analyzer.admin_account_id) as admin_label,
        format(
            '%s of %s is %s',
            analyzer.name,
            coalesce(places.admin_label, analyzer.admin_account_id),
            case
                when analyzer.type = 'ORGANIZATION' then concat(
                    coalesce(analyzer.status, 'of no status'),
                    ' (' || (analyzer.status_reason ->> 'code') || ')',
                    case when analyzer.status_reason ->> 'code' = 'DELEGATED_ADMINISTRATOR_DEREGISTERED' then ': its account was deregistered as delegated administrator since' end
                )
                else format('of type %s', coalesce(analyzer.type, 'unknown'))
            end
        ) as told
    from delegation.current_aws_accessanalyzer_analyzers as analyzer
    left join places
        on places.source_name = analyzer._cq_source_name
        and places.region = analyzer.region
        and places.admin_account_id = analyzer.admin_account_id
),
found as materialized (
    select
        analyzers.source_name,
        analyzers.region,
        bool_or(analyzers.is_good) as has_good,
        string_agg(distinct analyzers.admin_label collate "C", ' and ') filter (where analyzers.is_good) as labels,
        string_agg(analyzers.told, '; ' order by analyzers.told collate "C") filter (where analyzers.is_good is not true) as others
    from analyzers
    group by analyzers.source_name, analyzers.region
),
regions as materialized (
    select
        places.source_name,
        min(places.service_name) as service_name,
        places.region,
        case
            when bool_or(found.has_good) then 'pass'
            when not bool_and(places.was_read) then 'unknown'
            else 'fail'
        end as verdict,
        min(found.labels) as labels,
        min(found.others) as others,
        case
            when bool_or(places.unknown_cause = 'unread') then 'unread'
            when bool_or(places.unknown_cause = 'not_configured') then 'not_configured'
            else min(places.unknown_cause)
        end as unknown_cause,
        concat(
            min(places.problem collate "C") filter (where not places.was_read),
            case when count(distinct places.problem) > 1 then format(' (and %s more like it)', count(distinct places.problem) - 1) end
        ) as problem
    from places
    left join found on found.source_name = places.source_name and found.region = places.region
    group by places.source_name, places.region
),
counts as materialized (
    select
        regions.source_name,
        count(*) as region_count,
        bool_and(regions.verdict = 'unknown') as are_all_unknown,
        bool_and(regions.verdict = 'fail') and count(regions.others) = 0 as are_all_empty,
        bool_and(regions.verdict = 'pass') as are_all_covered
    from regions
    group by regions.source_name
),
of_regions as (
    select
        regions.source_name,
        regions.region,
        regions.verdict as status,
        case
            when regions.verdict = 'fail' then concat(
                format('no active analyzer of the organization in %s', regions.region),
                ' (' || regions.others || ')',
                '; make one of type ORGANIZATION there'
            )
            else concat(
                format('whether an analyzer covers the organization%s is not known: %s', coalesce(' in ' || regions.region, ''), regions.problem),
                ' (seen: ' || regions.others || ')'
            )
        end as reason,
        case when regions.verdict = 'unknown' then coalesce(regions.unknown_cause, 'unread') end as unknown_cause
    from regions
    join counts on counts.source_name = regions.source_name
    where regions.verdict <> 'pass'
        and not (regions.verdict = 'unknown' and counts.are_all_unknown and counts.region_count > 1)
        and not (regions.verdict = 'fail' and counts.are_all_empty and counts.region_count > 1)
),
of_all as (
    select
        regions.source_name,
        null::text as region,
        min(regions.verdict) as status,
        case min(regions.verdict)
            when 'fail' then format(
                '%s has no analyzer of the organization in any of %s; make one of type ORGANIZATION in each',
                min(regions.service_name),
                string_agg(regions.region, ', ' order by regions.region collate "C")
            )
            when 'pass' then format(
                'an active analyzer of the organization is in each Region that is enabled for the account that asked (%s): %s',
                string_agg(regions.region, ', ' order by regions.region collate "C"),
                string_agg(distinct regions.labels collate "C", ' and ')
            )
            else concat(
                'whether an analyzer covers the organization',
                ' in ' || string_agg(regions.region, ', ' order by regions.region collate "C"),
                ' is not known: ',
                min(regions.problem collate "C"),
                case when count(distinct regions.problem) > 1 then format(' (and %s more like it)', count(distinct regions.problem) - 1) end
            )
        end as reason,
        case
            when min(regions.verdict) <> 'unknown' then null
            when bool_or(regions.unknown_cause = 'unread') then 'unread'
            when bool_or(regions.unknown_cause = 'not_configured') then 'not_configured'
            else coalesce(min(regions.unknown_cause), 'unread')
        end as unknown_cause
    from regions
    join counts on counts.source_name = regions.source_name
    where counts.are_all_covered
        or ((counts.are_all_unknown or counts.are_all_empty) and counts.region_count > 1)
    group by regions.source_name
),
judged as (
    select of_regions.source_name, 'access-analyzer' as resource_id, of_regions.region, of_regions.status, of_regions.reason, of_regions.unknown_cause from of_regions
    union all
    select of_all.source_name, 'access-analyzer', of_all.region, of_all.status, of_all.reason, of_all.unknown_cause from of_all
    union all
    select
        sources.source_name,
        case when sources.can_judge then 'access-analyzer' else sources.resource_id end,
        null,
        case when sources.can_judge then case when services.service_id is null then 'unknown' else 'not_applicable' end else sources.status end,
        case
            when not sources.can_judge then sources.reason
            when services.service_id is null then 'aws_delegation_services has no IAM Access Analyzer; sync again'
            else format('%s is in no Region that is enabled for the account that asked', services.service_name)
        end,
        case when sources.can_judge then case when services.service_id is null then 'unread' end else sources.unknown_cause end
    from sources
    left join delegation.services on services.source_name = sources.source_name and services.service_id = 'access-analyzer'
    where not sources.can_judge
        or not exists (select from places where places.source_name = sources.source_name)
)
select
    sources.organization_id,
    sources.account_id,
    judged.region,
    judged.resource_id,
    judged.status,
    judged.reason,
    judged.unknown_cause
from judged
join sources on sources.source_name is not distinct from judged.source_name
order by organization_id, resource_id, region;
