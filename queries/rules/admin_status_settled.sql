-- id:          admin_status_settled
-- title:       No administrator is being made or removed
-- severity:    medium
-- frameworks:  aws_sra: delegated_administration
-- reads:       aws_organizations, aws_organizations_service_access, aws_*_organization_admin_accounts, aws_ec2_regions, aws_delegation_services
-- why:         While a service says DISABLE_IN_PROGRESS or OFFBOARDING the account stands in the list and has no power, or not for
--              long. A change that has got stuck there leaves the organization without an administrator that anybody would miss.
-- decides:     Every status that a service itself gives for an administrator is one of a finished change: ENABLED, or
--              ONBOARDING_COMPLETE of Firewall Manager; for Inspector also what GetDelegatedAdminAccount says (ENABLED or
--              CREATED), for the default administrator of Firewall Manager also its role (READY). A status that AWS adds one day
--              is not settled. Amazon Detective and AWS Audit Manager give no status: who is named there is settled. One row per
--              service and Region that is not settled, one per service where all are; a service without an administrator is not
--              judged.
-- unknown:     The Region, the list of enabled Regions, or the second call that tells the status was not answered; or this version
--              does not ask the service, which has trusted access. Where nobody is known to administer the service anywhere, one
--              row speaks of all Regions that were not read.
-- remediation: Wait some minutes and sync again. If {service_name} still says so in {region}, repeat the change: `{register_command}` to keep the account, `{deregister_command}` to let it go.
-- source:      https://docs.aws.amazon.com/guardduty/latest/APIReference/API_AdminAccount.html
with sources as materialized (
    select asked.*
    from delegation.asked_organizations(array['aws_delegation_services']) as asked
),
answers as materialized (
    select service_answers.*
    from delegation.service_answers
    join sources on sources.source_name = service_answers.source_name
    where sources.can_judge
),
of_organizations as (
    select
        sources.source_name,
        sources.resource_id as service_id,
        null::text as region,
        coalesce(sources.status, 'unknown') as status,
        coalesce(sources.reason, 'aws_delegation_services has no service with administrators of its own; sync again') as reason,
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
        bool_or(answers.delegated_account_id is not null) as is_used,
        count(distinct answers.region) filter (where answers.delegated_account_id is not null) as region_count,
        count(distinct answers.region) as asked_region_count,
        string_agg(distinct answers.label collate "C", ' and ') as labels,
        string_agg(distinct answers.status collate "C", ' and ') as statuses
    from answers
    group by answers.source_name, answers.service_id
),
of_unsettled as (
    select
        answers.source_name,
        answers.service_id,
        answers.region,
        'fail' as status,
        concat(
            format('%s names %s', answers.service_name, string_agg(answers.label, ' and ' order by answers.label collate "C")),
            ' in ' || answers.region,
            '; see that the change is brought to its end'
        ) as reason,
        null::text as unknown_cause
    from answers
    where not answers.is_held
    group by answers.source_name, answers.service_id, answers.service_name, answers.region
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
),
findings as materialized (
    select of_unsettled.*
    from of_unsettled
    union all
    select of_unread.*
    from of_unread
    where not exists (
        select
        from of_unsettled
        where of_unsettled.source_name = of_unread.source_name
            and of_unsettled.service_id = of_unread.service_id
            and of_unsettled.region is not distinct from of_unread.region
    )
),
of_others as (
    select
        services.source_name,
        services.service_id,
        null::text as region,
        case when services.is_used then 'pass' else 'not_applicable' end as status,
        case
            when services.is_used then concat(
                format('%s names %s', services.service_name, services.labels),
                case when services.region_count > 0 then format(' in %s of %s Regions', services.region_count, services.asked_region_count) end,
                case when services.statuses is null then ', and gives no status' else format(' (%s)', services.statuses) end
            )
            when not services.is_asked then format('%s is in no Region that is enabled for the account that asked', services.service_name)
            else format('%s is not delegated: it has no administrator', services.service_name)
        end as reason,
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
    select * from findings
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
