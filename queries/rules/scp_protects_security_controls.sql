-- id:          scp_protects_security_controls
-- title:       Members cannot switch off the security controls in use
-- severity:    critical
-- frameworks:  cis_aws_7.0: 2.1.2; aws_sra: organization_policies
-- reads:       aws_organizations, aws_organizations_roots, aws_organizations_accounts, aws_organizations_policies, aws_organizations_policy_targets, aws_organizations_service_access, aws_organizations_delegated_administrators, aws_organizations_delegated_services, aws_*_organization_admin_accounts, aws_ec2_regions, aws_cloudtrail_trails, aws_delegation_services
-- why:         An intruder who is administrator in a member first stops what would notice him: the trail, the recorder, the
--              detector. Only an SCP keeps him from it.
-- decides:     For each ACTIVE member and each security control in use (trusted access, or an administrator by any method), whether
--              each core action of the control (delegation.guardrail_actions) is effectively denied, by the tests of
--              scp_prevents_leaving. For CloudTrail it is enough that the trail of the organization is covered. A control that is
--              not in use is not judged. One row per member and control that is not protected, and one per member for those that
--              are. SCPs never bind the management account.
-- unknown:     A policy, its text, its attachments, the root, the accounts, or for CloudTrail the trails were not read; or nobody can
--              say whether the control is in use, and it is not protected.
-- remediation: Attach an SCP to the root that denies the core actions of {service_name} (named in the reason) on *, with an exemption for a single role at most.
-- source:      https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples.html
with asked as materialized (
    select
        asked_organizations.*,
        coalesce(account_reads.was_read, false) as were_accounts_read,
        coalesce(account_reads.unknown_cause, 'unread') as accounts_cause,
        coalesce(account_reads.read_error, 'aws_organizations_accounts was not read') as accounts_error,
        exists (select from delegation.accounts where accounts.source_name = asked_organizations.source_name) as has_accounts
    from delegation.asked_organizations(array['aws_delegation_services'])
    left join delegation.table_reads as account_reads
        on account_reads.source_name = asked_organizations.source_name
        and account_reads.table_name = 'aws_organizations_accounts'
),
controls as materialized (
    select
        service_use.source_name,
        service_use.service_id,
        service_use.service_name,
        coalesce(service_use.is_used, false) as is_used,
        service_use.is_used is null as may_be_used,
        service_use.use_unknown_cause as unknown_cause,
        service_use.use_read_error as read_error
    from delegation.service_use
    where service_use.service_id in (select guardrail_actions.service_id from delegation.guardrail_actions)
),
-- CloudTrail has two: all trails, and the trail of the organization. Either is enough, so the better of the two counts.
guarded as materialized (
    select distinct on (class_guardrails.class_id, class_guardrails.service_id) class_guardrails.*
    from delegation.class_guardrails
    where class_guardrails.service_id is not null
    order by
        class_guardrails.class_id, class_guardrails.service_id,
        array_position(array['whole', 'unknown', 'partial', 'none'], class_guardrails.denial), class_guardrails.control collate "C"
),
judged_controls as materialized (
    select
        guarded.class_id,
        guarded.source_name,
        guarded.ou_path,
        guarded.account_ids,
        guarded.account_names,
        guarded.service_id,
        controls.service_name,
        controls.is_used,
        case
            when guarded.denial = 'not_applicable' then 'not_applicable'
            -- Nobody may do it, whether it is in use or not.
            when guarded.denial = 'whole' then 'pass'
            when controls.is_used and guarded.denial in ('partial', 'none') then 'fail'
            else 'unknown'
        end as status,
        case
            when controls.is_used then format('%s: %s', controls.service_name, guarded.reason)
            else format('%s: whether it is in use is not known, and it is not protected for certain: %s', controls.service_name, controls.read_error)
        end || case
            when cardinality(opened.actions) > 1 or not controls.is_used then format('; open: %s', array_to_string(opened.actions, ', '))
            else ''
        end as reason,
        case
            when not controls.is_used and guarded.denial in ('partial', 'none') then controls.unknown_cause
            when not controls.is_used and 'unread' in (controls.unknown_cause, guarded.unknown_cause) then 'unread'
            else guarded.unknown_cause
        end as unknown_cause
    from guarded
    join controls on controls.source_name = guarded.source_name and controls.service_id = guarded.service_id
    -- Without the prefix, which is that of the first: there can be ten such rows for each of 50,000 accounts.
    cross join lateral (
        select array_agg(case when listed.position = 1 then listed.action else split_part(listed.action, ':', 2) end order by listed.position) as actions
        from unnest(guarded.actions_not_denied || guarded.actions_unknown) with ordinality as listed (action, position)
    ) as opened
    where controls.is_used or controls.may_be_used
),
protected_classes as (
    select
        judged_controls.class_id,
        judged_controls.source_name,
        judged_controls.ou_path,
        min(judged_controls.account_ids) as account_ids,
        min(judged_controls.account_names) as account_names,
        case
            when count(*) filter (where judged_controls.is_used) > 0
                then format(
                    '%s of %s controls in use are protected%s',
                    count(*) filter (where judged_controls.is_used and judged_controls.status = 'pass'),
                    count(*) filter (where judged_controls.is_used),
                    ': ' || string_agg(judged_controls.service_name, ', ' order by judged_controls.service_name collate "C") filter (where judged_controls.is_used and judged_controls.status = 'pass')
                )
            else 'no control is known to be in use'
        end
        || coalesce('; protected in any case: ' || string_agg(judged_controls.service_name, ', ' order by judged_controls.service_name collate "C") filter (where not judged_controls.is_used and judged_controls.status = 'pass'), '') as told
    from judged_controls
    group by judged_controls.class_id, judged_controls.source_name, judged_controls.ou_path
    having bool_or(judged_controls.status = 'pass')
),
management_classes as (
    -- It is told also where no control is in use.
    select distinct on (guarded.class_id) guarded.class_id, guarded.source_name, guarded.ou_path, guarded.account_ids, guarded.account_names, guarded.reason
    from guarded
    where guarded.denial = 'not_applicable'
    order by guarded.class_id, guarded.service_id collate "C"
),
of_classes as (
    select judged_controls.source_name, judged_controls.ou_path, judged_controls.account_ids, judged_controls.account_names, judged_controls.service_id, judged_controls.status, judged_controls.reason, judged_controls.unknown_cause
    from judged_controls
    where judged_controls.status in ('fail', 'unknown')
    union all
    select protected_classes.source_name, protected_classes.ou_path, protected_classes.account_ids, protected_classes.account_names, null, 'pass', protected_classes.told, null
    from protected_classes
    union all
    select management_classes.source_name, management_classes.ou_path, management_classes.account_ids, management_classes.account_names, null, 'not_applicable', management_classes.reason, null
    from management_classes
),
of_organizations as (
    select
        asked.source_name,
        asked.account_id,
        asked.resource_id,
        case
            when not asked.can_judge then asked.status
            when not asked.were_accounts_read or not asked.has_accounts or in_catalogue.control_count = 0 then 'unknown'
            else 'not_applicable'
        end as status,
        case
            when not asked.can_judge then asked.reason
            when not asked.were_accounts_read then format('not all accounts of %s are known: %s', asked.organization_id, asked.accounts_error)
            when not asked.has_accounts then 'organizations:ListAccounts gave no account; sync again'
            when in_catalogue.control_count = 0 then 'aws_delegation_services has no service that an SCP can protect; sync again'
            else format('no security control that an SCP can protect is in use in %s', asked.organization_id)
        end as reason,
        case
            when not asked.can_judge then asked.unknown_cause
            when not asked.were_accounts_read then asked.accounts_cause
            when not asked.has_accounts or in_catalogue.control_count = 0 then 'unread'
        end as unknown_cause
    from asked
    cross join lateral (
        select count(*) as control_count, count(*) filter (where controls.is_used or controls.may_be_used) as use_count
        from controls
        where controls.source_name = asked.source_name
    ) as in_catalogue
    where not asked.can_judge
        or not asked.were_accounts_read
        or not asked.has_accounts
        or in_catalogue.use_count = 0
),
judged as (
    select of_organizations.source_name, of_organizations.account_id, of_organizations.resource_id, of_organizations.status, of_organizations.reason, of_organizations.unknown_cause
    from of_organizations
    union all
    select
        of_classes.source_name,
        member.account_id,
        coalesce(of_classes.service_id, member.account_id),
        of_classes.status,
        format('%s: %s', delegation.account_label(member.account_id, member.account_name, of_classes.ou_path), of_classes.reason),
        of_classes.unknown_cause
    from of_classes
    join asked on asked.source_name = of_classes.source_name
    cross join lateral unnest(of_classes.account_ids, of_classes.account_names) as member (account_id, account_name)
    where asked.can_judge
    union all
    select unjudged_members.source_name, unjudged_members.account_id, unjudged_members.account_id, unjudged_members.status, unjudged_members.reason, unjudged_members.unknown_cause
    from delegation.unjudged_members
    join asked on asked.source_name = unjudged_members.source_name
    where asked.can_judge
)
select
    asked.organization_id,
    judged.account_id,
    null::text as region,
    judged.resource_id,
    judged.status,
    judged.reason,
    judged.unknown_cause
from judged
join asked on asked.source_name is not distinct from judged.source_name
order by organization_id, resource_id, account_id;
