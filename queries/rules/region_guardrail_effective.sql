-- id:          region_guardrail_effective
-- title:       Members can use the allowed Regions only
-- severity:    medium
-- frameworks:  aws_sra: organization_policies
-- reads:       aws_organizations, aws_organizations_roots, aws_organizations_accounts, aws_organizations_policies, aws_organizations_policy_targets, aws_delegation_settings
-- why:         What runs in a Region that nobody looks at is not seen by the services that look for it, and data may rest where it
--              must not.
-- decides:     Only where the spec names allowed_regions. For each ACTIVE member, whether an SCP at the root, in an OU of its path or
--              on the account denies every action (Action *, or NotAction, whose list is shown) by StringNotEquals or StringNotLike
--              on aws:RequestedRegion, with no Region that the spec does not allow, on every resource, and otherwise without a
--              condition that lets anybody else through. Exemptions of single principals are named in the reason. A pattern of
--              Regions fails, for AWS may add one that it matches; so does a NotAction with a wildcard for the service. A Deny of
--              everything in every Region is one too; an Allow is none.
-- unknown:     A policy, its text, its attachments, the root, the accounts or the settings were not read, and what is missing could
--              change the verdict.
-- remediation: Attach an SCP to the root with a Deny of NotAction (the global services that you use: iam:*, organizations:*, sts:*, ...) on * under StringNotEquals aws:RequestedRegion with exactly the Regions of `allowed_regions`.
-- source:      https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html
with asked as materialized (
    select
        asked_organizations.*,
        asked_organizations.can_judge and coalesce(settings.has_allowed_regions, false) as has_regions,
        coalesce(account_reads.was_read, false) as were_accounts_read,
        coalesce(account_reads.unknown_cause, 'unread') as accounts_cause,
        coalesce(account_reads.read_error, 'aws_organizations_accounts was not read') as accounts_error,
        exists (select from delegation.accounts where accounts.source_name = asked_organizations.source_name) as has_accounts
    from delegation.asked_organizations(array['aws_delegation_settings'])
    left join delegation.settings on settings.source_name = asked_organizations.source_name
    left join delegation.table_reads as account_reads
        on account_reads.source_name = asked_organizations.source_name
        and account_reads.table_name = 'aws_organizations_accounts'
),
of_organizations as (
    select
        asked.source_name,
        asked.account_id,
        asked.resource_id,
        case
            when not asked.can_judge then asked.status
            when not asked.has_regions then 'not_applicable'
            else 'unknown'
        end as status,
        case
            when not asked.can_judge then asked.reason
            when not asked.has_regions then format('the spec names no allowed_regions, so no Region guardrail of %s is judged', asked.organization_id)
            when not asked.were_accounts_read then format('not all accounts of %s are known: %s', asked.organization_id, asked.accounts_error)
            else 'organizations:ListAccounts gave no account; sync again'
        end as reason,
        case
            when not asked.can_judge then asked.unknown_cause
            when not asked.has_regions then null
            when not asked.were_accounts_read then asked.accounts_cause
            else 'unread'
        end as unknown_cause
    from asked
    where not asked.has_regions
        or not asked.were_accounts_read
        or not asked.has_accounts
),
of_active_accounts as (
    select
        class.source_name,
        member.account_id,
        case class.denial
            when 'whole' then 'pass'
            when 'partial' then 'fail'
            when 'none' then 'fail'
            else class.denial
        end as status,
        format('%s: %s', delegation.account_label(member.account_id, member.account_name, class.ou_path), class.reason) as reason,
        class.unknown_cause
    from delegation.class_guardrails as class
    cross join lateral unnest(class.account_ids, class.account_names) as member (account_id, account_name)
    where class.control = 'allowed_regions'
),
of_members as (
    select of_active_accounts.source_name, of_active_accounts.account_id, of_active_accounts.status, of_active_accounts.reason, of_active_accounts.unknown_cause
    from of_active_accounts
    union all
    select unjudged_members.source_name, unjudged_members.account_id, unjudged_members.status, unjudged_members.reason, unjudged_members.unknown_cause
    from delegation.unjudged_members
),
judged as (
    select of_organizations.source_name, of_organizations.account_id, of_organizations.resource_id, of_organizations.status, of_organizations.reason, of_organizations.unknown_cause
    from of_organizations
    union all
    select of_members.source_name, of_members.account_id, of_members.account_id, of_members.status, of_members.reason, of_members.unknown_cause
    from of_members
    join asked on asked.source_name = of_members.source_name
    where asked.has_regions
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
order by organization_id, resource_id;
