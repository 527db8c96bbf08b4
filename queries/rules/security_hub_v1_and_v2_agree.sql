-- id:          security_hub_v1_and_v2_agree
-- title:       Security Hub CSPM and Security Hub have the same administrator
-- severity:    medium
-- frameworks:  aws_sra: delegated_administration
-- reads:       aws_organizations, aws_securityhub_organization_admin_accounts, aws_ec2_regions, aws_delegation_services
-- why:         The two are designated apart, by one operation with another feature, and look like one service in the list of
--              Organizations. Where they differ, findings of the organization are in the hands of two teams, and one list says
--              that all is well.
-- decides:     The account that Security Hub CSPM names in a Region is the one that Security Hub (V2) names for the organization.
--              Where only one of the two is used, or none, nothing is judged. A Region in which CSPM names nobody is no difference
--              (every_region_has_admin judges it). An administrator that is being made or removed does not count, and is told.
--              One row per Region of CSPM that differs, one where all agree.
-- unknown:     One of the two was not read, for the organization or in a Region, and the other is used.
-- remediation: Decide on one account, and designate it for both: `aws securityhub enable-organization-admin-account --admin-account-id ACCOUNT --feature SecurityHub --region {region}` in each Region, and once with `--feature SecurityHubV2`. What has another administrator needs `aws securityhub disable-organization-admin-account` first.
-- source:      https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_EnableOrganizationAdminAccount.html
with sources as materialized (
    select asked.*
    from delegation.asked_organizations(array['aws_delegation_services']) as asked
),
answers as materialized (
    select service_answers.*
    from delegation.service_answers
    join sources on sources.source_name = service_answers.source_name
    where sources.can_judge
        and service_answers.service_id in ('security-hub', 'security-hub-cspm')
),
unified as materialized (
    select
        answers.source_name,
        bool_and(answers.was_read) as was_read,
        array_agg(answers.delegated_account_id order by answers.delegated_account_id) filter (where answers.is_held) as account_ids,
        string_agg(answers.label, ' and ' order by answers.label collate "C") filter (where answers.is_held) as labels
    from answers
    where answers.service_id = 'security-hub'
    group by answers.source_name
),
regions as materialized (
    select
        answers.source_name,
        answers.region,
        answers.was_read,
        array_agg(answers.delegated_account_id order by answers.delegated_account_id) filter (where answers.is_held) as account_ids,
        string_agg(answers.label, ' and ' order by answers.label collate "C") filter (where answers.is_held) as labels
    from answers
    where answers.service_id = 'security-hub-cspm'
    group by answers.source_name, answers.region, answers.was_read
),
cspm as materialized (
    select
        regions.source_name,
        bool_and(regions.was_read) as was_read,
        bool_or(regions.account_ids is not null) as is_used,
        count(regions.account_ids) as held_region_count,
        count(*) as region_count,
        string_agg(distinct regions.labels collate "C", ' and ') as labels
    from regions
    group by regions.source_name
),
unsettled as (
    select answers.source_name, string_agg(distinct format('%s of %s', answers.label, answers.service_name) collate "C", ' and ') as labels
    from answers
    where not answers.is_held
    group by answers.source_name
),
verdicts as materialized (
    select
        sources.*,
        unified.was_read as was_unified_read,
        unified.account_ids is not null as is_unified_used,
        unified.account_ids,
        unified.labels as unified_labels,
        cspm.was_read as was_cspm_read,
        cspm.is_used as is_cspm_used,
        cspm.held_region_count,
        cspm.region_count,
        cspm.labels as cspm_labels,
        -- Nobody in one of the two, and that is all there is to know of it.
        coalesce(unified.was_read and unified.account_ids is null, false) or coalesce(cspm.was_read and not cspm.is_used, false) as is_one_unused,
        unsettled.labels as unsettled_labels
    from sources
    left join unified on unified.source_name = sources.source_name
    left join cspm on cspm.source_name = sources.source_name
    left join unsettled on unsettled.source_name = sources.source_name
),
unread_answers as (
    select distinct answers.source_name, answers.service_id, answers.problem_region as region, answers.problem, answers.problem_cause as unknown_cause
    from answers
    where not answers.was_read
),
of_different_regions as (
    select
        verdicts.source_name,
        regions.region,
        'fail' as status,
        format(
            'Security Hub CSPM has %s in %s, and Security Hub V2 has %s for the organization; make one account the administrator of both',
            regions.labels,
            coalesce(regions.region, 'all Regions'),
            verdicts.unified_labels
        ) as reason,
        null::text as unknown_cause
    from verdicts
    join regions on regions.source_name = verdicts.source_name
    where regions.account_ids <> verdicts.account_ids
),
of_unread as (
    select
        verdicts.source_name,
        case when unread_answers.service_id = 'security-hub-cspm' then unread_answers.region end as region,
        'unknown' as status,
        string_agg(
            concat(
                unread_answers.problem,
                case when unread_answers.service_id = 'security-hub' then coalesce('; Security Hub CSPM has ' || verdicts.cspm_labels, '') else coalesce('; Security Hub V2 has ' || verdicts.unified_labels, '') end
            ),
            '; ' order by unread_answers.service_id collate "C"
        ) as reason,
        case
            when bool_or(unread_answers.unknown_cause = 'unread') then 'unread'
            when bool_or(unread_answers.unknown_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause
    from verdicts
    join unread_answers on unread_answers.source_name = verdicts.source_name
    where verdicts.can_judge
        and not verdicts.is_one_unused
        and not exists (
            select
            from of_different_regions
            where of_different_regions.source_name = verdicts.source_name
                and of_different_regions.region is not distinct from unread_answers.region
        )
    group by verdicts.source_name, case when unread_answers.service_id = 'security-hub-cspm' then unread_answers.region end
),
findings as materialized (
    select * from of_different_regions
    union all
    select * from of_unread
),
of_sources as (
    select
        verdicts.source_name,
        null::text as region,
        case
            when not verdicts.can_judge then verdicts.status
            when verdicts.was_unified_read is null or verdicts.was_cspm_read is null then 'unknown'
            when verdicts.is_one_unused then 'not_applicable'
            else 'pass'
        end as status,
        case
            when not verdicts.can_judge then verdicts.reason
            when verdicts.was_unified_read is null or verdicts.was_cspm_read is null
                then 'aws_delegation_services does not say how both Security Hub CSPM and Security Hub V2 are asked; sync again with this version'
            else concat(
                case
                    when not verdicts.is_one_unused then format('Security Hub CSPM has %s in %s of %s Regions, and Security Hub V2 has the same for the organization', verdicts.cspm_labels, verdicts.held_region_count, verdicts.region_count)
                    when verdicts.is_unified_used then format('only Security Hub V2 has an administrator: %s', verdicts.unified_labels)
                    when verdicts.is_cspm_used then format('only Security Hub CSPM has an administrator: %s', verdicts.cspm_labels)
                    when not (verdicts.was_unified_read and verdicts.was_cspm_read) then format('%s has no administrator, so the two cannot differ', case when verdicts.was_unified_read then 'Security Hub V2' else 'Security Hub CSPM' end)
                    else 'neither Security Hub CSPM nor Security Hub V2 has an administrator'
                end,
                '; ' || verdicts.unsettled_labels || ' does not count'
            )
        end as reason,
        case
            when not verdicts.can_judge then verdicts.unknown_cause
            when verdicts.was_unified_read is null or verdicts.was_cspm_read is null then 'unread'
        end as unknown_cause
    from verdicts
    where not exists (select from findings where findings.source_name = verdicts.source_name)
),
judged as (
    select * from findings
    union all
    select * from of_sources
)
select
    sources.organization_id,
    sources.account_id,
    judged.region,
    case when sources.can_judge then 'security-hub-cspm' else sources.resource_id end as resource_id,
    judged.status,
    judged.reason,
    judged.unknown_cause
from judged
join sources on sources.source_name is not distinct from judged.source_name
order by organization_id, resource_id, region;
