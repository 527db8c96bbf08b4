-- id:          new_accounts_enrolled
-- title:       New accounts are enrolled in the security services that are in use
-- severity:    high
-- frameworks:  aws_sra: security_tooling_account
-- reads:       aws_organizations, aws_organizations_accounts, aws_organizations_roots, aws_organizations_policies, aws_organizations_policy_targets, aws_organizations_service_access, aws_organizations_delegated_administrators, aws_organizations_delegated_services, aws_*_organization_admin_accounts, aws_*_organization_configurations, aws_ec2_regions, aws_delegation_services
-- why:         An account that joins and is not enrolled is watched by nobody, and stands in no list of what is missing. Whoever can
--              have an account made, or invite one, then has a place to work unseen.
-- decides:     GuardDuty, Security Hub CSPM, Security Hub V2, Macie, Inspector, Detective and Security Lake, each where it is in use
--              (trusted access, or an administrator by any method), in every enabled Region where it exists. What counts is what
--              each administrator has set there. GuardDuty: ALL or NEW of AutoEnableOrganizationMembers, or the older AutoEnable;
--              NEW leaves members of before as they are. Security Hub CSPM: AutoEnable, or central configuration that is ENABLED,
--              under which AutoEnable is false by design; its configuration policies are not read. Inspector: ec2, ecr and lambda
--              all on; lambdaCode and codeRepository are told and not judged, because code scanning is not in every Region, and a
--              repository has to be connected first. Macie and Detective: AutoEnable. Security Lake: the Region is in
--              autoEnableNewAccount with a source, whichever Region said so. A policy of the organization (GUARDDUTY_POLICY,
--              SECURITYHUB_CSPM_POLICY, INSPECTOR_POLICY, and for Security Hub V2 SECURITYHUB_POLICY alone) that is attached to the
--              root, of a type that is enabled there, overrules the administrator: where it switches the service on, new accounts
--              are enrolled even without one, and where it switches it off they are not. Policies further down are told and not
--              judged. One row per service and Region in which new accounts are not enrolled (one for all Regions where Security Hub
--              V2 lacks a policy); the Regions without an administrator, which every_region_has_admin tells one by one, are one row
--              here; one row per service where all agree.
-- unknown:     The administrator, or what it has set, was not read: the spec lends no access to it, the role cannot be assumed
--              there, or the read was denied. Or a policy that counts was not read, or is written in a way that this version
--              cannot tell. Where that is so in all Regions of a service it is one row.
-- remediation: In the administrator of {service_name}, switch auto-enable on in {region} (`aws guardduty update-organization-configuration --auto-enable-organization-members ALL`, `aws securityhub update-organization-configuration --auto-enable`, and so on), or attach a policy of the organization that does to the root.
-- source:      https://docs.aws.amazon.com/guardduty/latest/ug/set-guardduty-auto-enable-preferences.html
with sources as materialized (
    select asked.*
    from delegation.asked_organizations(array['aws_delegation_services']) as asked
),
services as materialized (
    select service_use.source_name, service_use.service_id, service_use.service_name, service_use.is_used, service_use.use_reason, service_use.use_unknown_cause
    from delegation.service_use
    join sources on sources.source_name = service_use.source_name
    where sources.can_judge
        and service_use.service_id in ('guardduty', 'security-hub-cspm', 'security-hub', 'macie', 'inspector', 'detective', 'security-lake')
),
configurations as materialized (
    select organization_configurations.*
    from delegation.organization_configurations
    join services
        on services.source_name = organization_configurations.source_name
        and services.service_id = organization_configurations.service_id
    where services.is_used
),
judged as (
    select
        configurations.*,
        case
            when configurations.enrolment in ('all', 'new', 'central', 'policy') then 'pass'
            when configurations.enrolment is not null then 'fail'
            when configurations.enrolment_problem is null then 'lacking'
            else 'unknown'
        end as verdict
    from configurations
),
regions as materialized (
    -- Of several administrators each has to enroll: nobody knows whose word counts.
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
            when bool_or(judged.enrolment_cause = 'unread') then 'unread'
            when bool_or(judged.enrolment_cause = 'not_configured') then 'not_configured'
            else min(judged.enrolment_cause)
        end as unknown_cause,
        string_agg(distinct judged.setting collate "C", ' and ') filter (where judged.verdict = 'fail') as faults,
        string_agg(distinct judged.enrolment_problem collate "C", '; ') filter (where judged.verdict = 'unknown') as problems,
        string_agg(distinct judged.setting collate "C", ' and ') filter (where judged.verdict = 'pass') as settings,
        bool_or(judged.enrolment = 'new' and judged.service_id = 'guardduty') as has_new,
        bool_or(judged.enrolment = 'central') as has_central,
        bool_or(judged.enrolment = 'policy') as has_policy,
        bool_or(judged.enrolment = 'policy' and judged.admin_account_id is null and judged.service_id <> 'security-hub') as has_none_beside_policy,
        string_agg(distinct judged.other_labels collate "C", ' and ') as other_labels
    from judged
    group by judged.source_name, judged.service_id, judged.region
),
counts as materialized (
    select
        regions.source_name,
        regions.service_id,
        count(*) as region_count,
        bool_and(regions.verdict = 'unknown') as are_all_unknown,
        bool_and(regions.verdict = 'pass') as are_all_enrolled,
        -- Policies are all that enrolls there, and one mends all Regions.
        regions.service_id = 'security-hub' and bool_and(regions.verdict = 'fail') and count(distinct regions.faults) = 1 and count(*) > 1 as is_one_fault
    from regions
    group by regions.source_name, regions.service_id
),
of_faults as (
    select
        regions.source_name,
        regions.service_id,
        case when not counts.is_one_fault then regions.region end as region,
        'fail' as status,
        concat(
            format('%s does not enroll new accounts in %s: %s', min(regions.service_name), string_agg(regions.region, ', ' order by regions.region collate "C"), min(regions.faults)),
            '; what others have set there is not known: ' || min(regions.problems),
            '; switch it on'
        ) as reason,
        null::text as unknown_cause
    from regions
    join counts on counts.source_name = regions.source_name and counts.service_id = regions.service_id
    where regions.verdict = 'fail'
    group by regions.source_name, regions.service_id, case when not counts.is_one_fault then regions.region end
),
of_lacking as (
    select
        regions.source_name,
        regions.service_id,
        null::text as region,
        'fail' as status,
        concat(
            format('%s has nobody who could enroll new accounts in %s', min(regions.service_name), string_agg(regions.region, ', ' order by regions.region collate "C")),
            ' (not counted: ' || string_agg(distinct regions.other_labels collate "C", ' and ') || ')',
            '; make an account its administrator there, which switches it on'
        ) as reason,
        null::text as unknown_cause
    from regions
    where regions.verdict = 'lacking'
    group by regions.source_name, regions.service_id
),
of_unknown as (
    select
        regions.source_name,
        regions.service_id,
        case when not counts.are_all_unknown or counts.region_count = 1 then regions.region end as region,
        'unknown' as status,
        concat(
            format('whether %s enrolls new accounts', min(regions.service_name)),
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
    group by regions.source_name, regions.service_id, case when not counts.are_all_unknown or counts.region_count = 1 then regions.region end
),
of_enrolled as (
    select
        regions.source_name,
        regions.service_id,
        null::text as region,
        'pass' as status,
        concat(
            format('%s enrolls new accounts in all %s enabled Regions where it exists: ', min(regions.service_name), count(*)),
            (
                select string_agg(format('%s in %s', told.settings, told.region_names), ', ' order by told.settings collate "C")
                from (
                    select alike.settings, string_agg(alike.region, ', ' order by alike.region collate "C") as region_names
                    from regions as alike
                    where alike.source_name = regions.source_name
                        and alike.service_id = regions.service_id
                    group by alike.settings
                ) as told
            ),
            case when bool_or(regions.has_new) then '; NEW leaves members of before as they are' end,
            case when bool_or(regions.has_central) then '; under central configuration AutoEnable is false by design, and what its configuration policies say is not read' end,
            case when bool_or(regions.has_none_beside_policy) then '; where only the policy enrolls, there is no administrator who sees the findings' end
        ) as reason,
        null::text as unknown_cause
    from regions
    join counts on counts.source_name = regions.source_name and counts.service_id = regions.service_id
    where counts.are_all_enrolled
    group by regions.source_name, regions.service_id
),
of_services as (
    select
        services.source_name,
        services.service_id,
        null::text as region,
        case when services.is_used is null then 'unknown' else 'not_applicable' end as status,
        case when services.is_used then format('%s is in no Region that is enabled for the account that asked', services.service_name) else services.use_reason end as reason,
        case when services.is_used is null then services.use_unknown_cause end as unknown_cause
    from services
    where services.is_used is not true
        or not exists (select from regions where regions.source_name = services.source_name and regions.service_id = services.service_id)
),
findings as (
    select * from of_faults
    union all
    select * from of_lacking
    union all
    select * from of_unknown
    union all
    select * from of_enrolled
    union all
    select * from of_services
),
verdicts as (
    select
        findings.source_name,
        findings.service_id,
        findings.region,
        -- A found fault beats a missing read.
        min(findings.status) as status,
        string_agg(findings.reason, '; ' order by findings.status collate "C", findings.reason collate "C") as reason,
        case when min(findings.status) = 'unknown' then min(findings.unknown_cause) end as unknown_cause
    from findings
    group by findings.source_name, findings.service_id, findings.region
    union all
    select
        sources.source_name,
        sources.resource_id,
        null,
        coalesce(sources.status, 'unknown'),
        coalesce(sources.reason, 'aws_delegation_services has no service that enrolls accounts; sync again'),
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
