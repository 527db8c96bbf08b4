-- id:          every_region_has_admin
-- title:       A delegated regional service has an administrator in every enabled Region
-- severity:    high
-- frameworks:  aws_sra: delegated_administration
-- reads:       aws_organizations, aws_organizations_accounts, aws_*_organization_admin_accounts, aws_ec2_regions, aws_delegation_services
-- why:         An administrator of GuardDuty, Macie or Inspector sees the Regions in which it was made one, and no other. In the
--              Region that was forgotten nobody enrolls members or reads findings.
-- decides:     A regional service that itself names an administrator in one Region names one in every Region that is enabled for
--              the account that asked, and in which the service exists. Regions that only members have enabled are not seen. An
--              administrator counts that is settled, and an account of the organization that is ACTIVE or PENDING_CLOSURE: one
--              that is suspended, has left, or is being made or removed is told, and the Region lacks one. A registration with
--              Organizations alone is no administrator in any Region. One row per service and Region that lacks one, one per
--              service where all have one; a service that nobody administers anywhere is not judged.
-- unknown:     The Region, the list of enabled Regions, or the state of the account that is named was not read. Where nobody is
--              known to administer the service anywhere, one row speaks of all Regions that were not read.
-- remediation: Make the account that administers {service_name} elsewhere its administrator in {region} too: `{register_command}`.
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
        null::text as region,
        coalesce(sources.status, 'unknown') as status,
        coalesce(sources.reason, 'aws_delegation_services has no regional service with administrators of its own; sync again') as reason,
        case when sources.can_judge then 'unread' else sources.unknown_cause end as unknown_cause
    from sources
    where not sources.can_judge
        or not exists (select from answers where answers.source_name = sources.source_name)
),
services as materialized (
    select
        answers.source_name,
        answers.service_id,
        min(answers.service_name) as service_name,
        bool_or(answers.is_asked) as is_asked,
        coalesce(bool_or(answers.is_held), false) as is_used,
        count(distinct answers.region) as region_count,
        string_agg(distinct answers.label collate "C", ' and ') filter (where answers.is_held) as labels,
        string_agg(distinct answers.label collate "C", ' and ') filter (where answers.is_held and answers.is_active is not false) as working_labels,
        string_agg(distinct format('%s in %s', answers.label, answers.region) collate "C", ' and ') filter (where not answers.is_held) as unsettled_places
    from answers
    group by answers.source_name, answers.service_id
),
regions as materialized (
    select
        answers.source_name,
        answers.service_id,
        answers.region,
        answers.was_listed,
        answers.was_read,
        coalesce(bool_or(answers.is_held and answers.is_active), false) as is_administered,
        -- Nobody knows whether that account is one that can work.
        coalesce(bool_or(answers.is_held and answers.is_active is null), false) as is_open,
        string_agg(answers.label, ' and ' order by answers.label collate "C") as labels
    from answers
    where answers.is_asked
    group by answers.source_name, answers.service_id, answers.region, answers.was_listed, answers.was_read
),
of_lacking_regions as (
    select
        services.source_name,
        services.service_id,
        regions.region,
        'fail' as status,
        concat(
            format('%s has no administrator in %s, which is enabled for the account that asked', services.service_name, regions.region),
            ' (' || regions.labels || ' does not count)',
            coalesce('; designate its administrator here too (elsewhere it has ' || services.working_labels || ')', '; make an ACTIVE account its administrator')
        ) as reason,
        null::text as unknown_cause
    from services
    join regions
        on regions.source_name = services.source_name
        and regions.service_id = services.service_id
    where services.is_used
        and regions.was_listed
        and not regions.is_administered
        and not regions.is_open
),
of_unread as (
    select distinct
        answers.source_name,
        answers.service_id,
        answers.problem_region as region,
        'unknown' as status,
        answers.problem as reason,
        answers.problem_cause as unknown_cause
    from answers
    where not answers.was_read
    union all
    select
        services.source_name,
        services.service_id,
        null,
        'unknown',
        format(
            'whether %s can work as administrator of %s in %s is not known: %s',
            string_agg(distinct regions.labels collate "C", ' and '),
            services.service_name,
            string_agg(regions.region, ', ' order by regions.region collate "C"),
            coalesce(min(account_read.read_error), 'its state is not known; sync again')
        ),
        coalesce(min(account_read.unknown_cause), 'unread')
    from services
    join regions
        on regions.source_name = services.source_name
        and regions.service_id = services.service_id
    left join delegation.table_reads as account_read
        on account_read.source_name = services.source_name
        and account_read.table_name = 'aws_organizations_accounts'
    where regions.was_read
        and regions.is_open
        and not regions.is_administered
    group by services.source_name, services.service_id, services.service_name
),
findings as materialized (
    select * from of_lacking_regions
    union all
    select * from of_unread
),
of_differences as (
    select
        findings.source_name,
        findings.service_id,
        findings.region,
        min(findings.status) as status,
        string_agg(findings.reason, '; ' order by findings.status collate "C", findings.reason collate "C") as reason,
        case
            when bool_or(findings.status = 'fail') then null
            when bool_or(findings.unknown_cause = 'unread') then 'unread'
            when bool_or(findings.unknown_cause = 'not_configured') then 'not_configured'
            when bool_or(findings.unknown_cause = 'not_observable') then 'not_observable'
        end as unknown_cause
    from findings
    group by findings.source_name, findings.service_id, findings.region
),
of_others as (
    select
        services.source_name,
        services.service_id,
        null::text as region,
        case when services.is_used then 'pass' else 'not_applicable' end as status,
        concat(
            case
                when services.is_used then format('%s has an administrator in all %s Regions that are enabled for the account that asked and where it exists: %s', services.service_name, services.region_count, services.labels)
                when not services.is_asked then format('%s is in no Region that is enabled for the account that asked', services.service_name)
                else format('%s is not delegated: it has no administrator in any Region that is enabled for the account that asked', services.service_name)
            end,
            '; ' || services.unsettled_places || ' does not count'
        ) as reason,
        null::text as unknown_cause
    from services
    where not exists (
        select
        from findings
        where findings.source_name = services.source_name
            and findings.service_id = services.service_id
    )
),
judged as (
    select * from of_organizations
    union all
    select * from of_differences
    union all
    select * from of_others
)
select
    sources.organization_id,
    sources.account_id,
    judged.region,
    judged.service_id as resource_id,
    judged.status,
    judged.reason,
    judged.unknown_cause
from judged
join sources on sources.source_name is not distinct from judged.source_name
order by organization_id, resource_id, region;
