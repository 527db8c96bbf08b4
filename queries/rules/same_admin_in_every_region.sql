-- id:          same_admin_in_every_region
-- title:       A regional service has the same administrator in every Region
-- severity:    high
-- frameworks:  aws_sra: delegated_administration
-- reads:       aws_organizations, aws_*_organization_admin_accounts, aws_ec2_regions, aws_delegation_services
-- why:         Each Region of GuardDuty, Security Hub CSPM, Macie, Inspector or Audit Manager has an administrator of its own. Where
--              they differ, findings end in two places, and one of the two is watched by nobody, or by the wrong people.
-- decides:     For each regional service: the accounts that the service itself names, over all enabled Regions, are one and the
--              same. Two accounts in one Region fail as well. A Region without an administrator is no difference
--              (every_region_has_admin judges it), and an administrator that is being made or removed does not count, and is
--              told. A suspended account counts: it is named all the same. Amazon Detective may differ by design and is not
--              judged; a service of which no source says that it may differ is. One row per service.
-- unknown:     Nobody differs in what was read, and at least one Region, or the list of enabled Regions, was not read.
-- remediation: Decide which account should administer {service_name}; where it is another one, take that away (`{deregister_command}`) and make the right one the administrator (`{register_command}`), Region by Region.
-- source:      https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_organizations.html
with sources as materialized (
    select asked.*
    from delegation.asked_organizations(array['aws_delegation_services']) as asked
),
answers as materialized (
    select service_answers.*
    from delegation.service_answers
    join sources on sources.source_name = service_answers.source_name
    where sources.can_judge
        and service_answers.is_regional
),
of_organizations as (
    select
        sources.source_name,
        sources.resource_id as service_id,
        coalesce(sources.status, 'unknown') as status,
        coalesce(sources.reason, 'aws_delegation_services has no regional service with administrators of its own; sync again') as reason,
        case when sources.can_judge then 'unread' else sources.unknown_cause end as unknown_cause
    from sources
    where not sources.can_judge
        or not exists (select from answers where answers.source_name = sources.source_name)
),
places_of_administrators as (
    select
        answers.source_name,
        answers.service_id,
        answers.delegated_account_id,
        format('%s in %s', min(answers.label), coalesce(string_agg(answers.region, ', ' order by answers.region collate "C"), 'no Region')) as place
    from answers
    where answers.is_held
    group by answers.source_name, answers.service_id, answers.delegated_account_id
),
administrators as (
    select
        places_of_administrators.source_name,
        places_of_administrators.service_id,
        count(*) as account_count,
        string_agg(places_of_administrators.place, '; ' order by places_of_administrators.place collate "C") as places
    from places_of_administrators
    group by places_of_administrators.source_name, places_of_administrators.service_id
),
unsettled as (
    select
        answers.source_name,
        answers.service_id,
        string_agg(format('%s in %s', answers.label, answers.region), ' and ' order by answers.region collate "C", answers.label collate "C") as places
    from answers
    where not answers.is_held
    group by answers.source_name, answers.service_id
),
unread_regions as (
    select distinct answers.source_name, answers.service_id, answers.region, answers.unknown_cause, answers.read_error
    from answers
    where not answers.was_read
),
unread as (
    select
        unread_regions.source_name,
        unread_regions.service_id,
        case
            when bool_or(unread_regions.unknown_cause = 'unread') then 'unread'
            when bool_or(unread_regions.unknown_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause,
        concat(
            case when count(unread_regions.region) > 1 then format('%s are missing: ', string_agg(unread_regions.region, ', ' order by unread_regions.region collate "C")) end,
            min(unread_regions.read_error collate "C"),
            case when count(*) > 1 then format(' (and %s more like it)', count(*) - 1) end
        ) as problem
    from unread_regions
    group by unread_regions.source_name, unread_regions.service_id
),
asked as (
    select answers.source_name, answers.service_id, bool_or(answers.is_asked) as is_asked, count(distinct answers.region) as region_count, count(distinct answers.region) filter (where answers.is_held) as held_region_count
    from answers
    group by answers.source_name, answers.service_id
),
verdicts as (
    select
        asked.source_name,
        asked.service_id,
        case
            when services.must_be_same_account_across_regions is false or not asked.is_asked then 'not_applicable'
            when administrators.account_count > 1 then 'fail'
            when unread.service_id is not null then 'unknown'
            when administrators.account_count = 1 then 'pass'
            else 'not_applicable'
        end as status,
        services.service_name,
        services.must_be_same_account_across_regions is false as may_differ,
        asked.is_asked,
        asked.region_count,
        asked.held_region_count,
        administrators.account_count,
        administrators.places,
        unsettled.places as unsettled_places,
        unread.problem,
        unread.unknown_cause
    from asked
    join delegation.services
        on services.source_name = asked.source_name
        and services.service_id = asked.service_id
    left join administrators
        on administrators.source_name = asked.source_name
        and administrators.service_id = asked.service_id
    left join unsettled
        on unsettled.source_name = asked.source_name
        and unsettled.service_id = asked.service_id
    left join unread
        on unread.source_name = asked.source_name
        and unread.service_id = asked.service_id
),
judged as (
    select
        of_organizations.source_name,
        of_organizations.service_id,
        of_organizations.status,
        of_organizations.reason,
        of_organizations.unknown_cause
    from of_organizations
    union all
    select
        verdicts.source_name,
        verdicts.service_id,
        verdicts.status,
        concat(
            case
                when verdicts.may_differ then concat(
                    format('%s may have another administrator in each Region by design', verdicts.service_name),
                    ' (' || verdicts.places || ')'
                )
                when not verdicts.is_asked then format('%s is in no Region that is enabled for the account that asked', verdicts.service_name)
                when verdicts.status = 'fail' then format('%s has %s administrators: %s; make one account the administrator in every Region', verdicts.service_name, verdicts.account_count, verdicts.places)
                when verdicts.status = 'unknown' then concat(
                    format('whether %s has the same administrator in every Region is not known', verdicts.service_name),
                    ' (what was read: ' || verdicts.places || ')',
                    ': ',
                    verdicts.problem
                )
                when verdicts.status = 'pass' then format('%s has one administrator, in %s of the %s enabled Regions where it exists: %s', verdicts.service_name, verdicts.held_region_count, verdicts.region_count, verdicts.places)
                else format('%s is not delegated: it has no administrator in any enabled Region', verdicts.service_name)
            end,
            '; ' || verdicts.unsettled_places || ' does not count'
        ),
        case when verdicts.status = 'unknown' then verdicts.unknown_cause end
    from verdicts
)
select
    sources.organization_id,
    sources.account_id,
    null::text as region,
    judged.service_id as resource_id,
    judged.status,
    judged.reason,
    judged.unknown_cause
from judged
join sources on sources.source_name is not distinct from judged.source_name
order by organization_id, resource_id;
