-- id:          scp_prevents_leaving
-- title:       Members cannot leave the organization
-- severity:    critical
-- frameworks:  cis_aws_7.0: 2.1.2; aws_sra: organization_policies
-- reads:       aws_organizations, aws_organizations_roots, aws_organizations_accounts, aws_organizations_policies, aws_organizations_policy_targets
-- why:         A member that leaves is out of reach of every guardrail, of the organization trail and of the security services at
--              once.
-- decides:     For each ACTIVE member, whether organizations:LeaveOrganization is effectively denied: by a Deny in an SCP at the
--              root, in an OU of its path or on the account, on every resource and without a condition that lets anybody else
--              through, or because a level has no Allow for it. Exemptions of single roles are named in the reason. SCPs never bind
--              the management account.
-- unknown:     A policy, its text, its attachments, the root or the accounts were not read, and what is missing could change the
--              verdict.
-- remediation: Attach an SCP with `{"Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"}` to the root, without a condition.
-- source:      https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_examples_general.html
with account_reads as (
    select
        organizations.*,
        coalesce(table_reads.was_read, false) as were_accounts_read,
        coalesce(table_reads.unknown_cause, 'unread') as accounts_cause,
        coalesce(table_reads.read_error, organizations.read_error, 'aws_organizations_accounts was not read') as accounts_error,
        exists (select from delegation.accounts where accounts.source_name = organizations.source_name) as has_accounts
    from delegation.organizations
    left join delegation.table_reads
        on table_reads.source_name = organizations.source_name
        and table_reads.table_name = 'aws_organizations_accounts'
),
of_organizations as (
    select
        account_reads.organization_id,
        coalesce(account_reads.management_account_id, account_reads.asking_account_id) as account_id,
        coalesce(account_reads.organization_id, account_reads.asking_account_id, 'organization') as resource_id,
        case when account_reads.is_absent then 'not_applicable' else 'unknown' end as status,
        case
            when account_reads.is_absent then format('account %s is in no organization', account_reads.asking_account_id)
            when not account_reads.were_accounts_read then format('not all accounts are known: %s', account_reads.accounts_error)
            else 'organizations:ListAccounts gave no account; sync again'
        end as reason,
        case
            when account_reads.is_absent then null
            when not account_reads.were_accounts_read then account_reads.accounts_cause
            else 'unread'
        end as unknown_cause
    from account_reads
    where account_reads.is_absent
        or not account_reads.were_accounts_read
        or not account_reads.has_accounts
),
of_active_accounts as (
    select
        account_reads.organization_id,
        verdict.account_id,
        verdict.account_id as resource_id,
        case verdict.denial
            when 'whole' then 'pass'
            when 'partial' then 'fail'
            when 'none' then 'fail'
            else verdict.denial
        end as status,
        format('%s: %s', delegation.account_label(verdict.account_id, verdict.account_name, verdict.ou_path), verdict.reason) as reason,
        verdict.unknown_cause
    from delegation.account_guardrails as verdict
    join account_reads on account_reads.source_name = verdict.source_name
    where verdict.control = 'leave_organization'
        and not account_reads.is_absent
),
of_other_accounts as (
    select
        account_reads.organization_id,
        unjudged_members.account_id,
        unjudged_members.account_id as resource_id,
        unjudged_members.status,
        unjudged_members.reason,
        unjudged_members.unknown_cause
    from delegation.unjudged_members
    join account_reads on account_reads.source_name = unjudged_members.source_name
),
judged as (
    select * from of_organizations
    union all
    select * from of_active_accounts
    union all
    select * from of_other_accounts
)
select
    judged.organization_id,
    judged.account_id,
    null::text as region,
    judged.resource_id,
    judged.status,
    judged.reason,
    judged.unknown_cause
from judged
order by organization_id, resource_id;
