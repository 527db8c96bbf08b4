-- id:          scp_exceptions_narrow
-- title:       Guardrails exempt named principals only
-- severity:    high
-- frameworks:  cis_aws_7.0: 2.1.2; aws_sra: organization_policies
-- reads:       aws_organizations, aws_organizations_policies, aws_organizations_policy_targets, aws_cloudtrail_trails
-- why:         Who may make roles in a member can make one whose name fits a wildcard, and is exempt from the guardrail. An exemption
--              that names its role in full leaves only that one to be guarded.
-- decides:     Guardrails are the Denies in attached SCPs that are whole, by the tests of scp_prevents_leaving, for an action of
--              delegation.guardrail_actions. None of them exempts by aws:PrincipalArn a role or user with a wildcard in its name or
--              path, anything wider, or the root user of an account. A wildcard in the account of the ARN is fine, and so is one
--              below role/aws-reserved/ and role/aws-service-role/, where only AWS makes roles. One row per policy and statement.
--              Conditions on the account or its OU say where a guardrail holds; the rules about members judge that.
-- unknown:     The list of SCPs, the text of one that is attached, or where a guardrail is attached was not read.
-- remediation: Write out each role in the ArnNotLike condition of the statement (`arn:aws:iam::*:role/Name`), and run `aws organizations update-policy --policy-id POLICY --content file://policy.json`.
-- source:      https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps_syntax.html
with asked as materialized (
    select
        asked_organizations.*,
        asked_organizations.can_judge and coalesce(asked_organizations.service_control_policy_status, 'ENABLED') = 'ENABLED' as may_have_guardrails
    from delegation.asked_organizations(array['aws_organizations'])
),
statements as materialized (
    select guardrail_statements.*
    from delegation.guardrail_statements(null)
),
attached as materialized (
    select target._cq_source_name as source_name, target.policy_id, count(*) as target_count
    from delegation.current_aws_organizations_policy_targets as target
    group by target._cq_source_name, target.policy_id
),
attachment_gaps as materialized (
    select
        reads.source_name,
        reads.scope,
        case when bool_and(reads.outcome = 'skipped') then 'not_configured' else 'unread' end as unknown_cause,
        min(delegation.read_problem(reads.outcome, reads.table_name, reads.operation, reads.region, reads.scope, reads.error_code, reads.error_message)) as problem
    from delegation.reads
    where reads.table_name = 'aws_organizations_policy_targets'
        and reads.outcome not in ('ok', 'absent')
    group by reads.source_name, reads.scope
),
table_gaps as materialized (
    select table_reads.source_name, table_reads.table_name, table_reads.unknown_cause, table_reads.read_error
    from delegation.table_reads
    where table_reads.table_name in ('aws_organizations_policies', 'aws_organizations_policy_targets', 'aws_cloudtrail_trails')
        and not table_reads.was_read
),
policies as materialized (
    select
        found.*,
        coalesce(attached.target_count, 0) as target_count,
        coalesce(own_gap.problem, all_gap.problem, unrecorded.read_error) as attachment_problem,
        coalesce(own_gap.unknown_cause, all_gap.unknown_cause, unrecorded.unknown_cause) as attachment_cause
    from (
        select distinct statements.source_name, statements.policy_id, statements.policy_label, statements.text_problem
        from statements
    ) as found
    left join attached on attached.source_name = found.source_name and attached.policy_id = found.policy_id
    left join attachment_gaps as own_gap on own_gap.source_name = found.source_name and own_gap.scope = found.policy_id
    left join attachment_gaps as all_gap on all_gap.source_name = found.source_name and all_gap.scope = ''
    -- No read at all is recorded.
    left join table_gaps as unrecorded
        on unrecorded.source_name = found.source_name
        and unrecorded.table_name = 'aws_organizations_policy_targets'
        and not exists (select from attachment_gaps where attachment_gaps.source_name = found.source_name)
    -- Attached to nothing, and that is known: it denies nothing to anybody.
    where attached.target_count > 0
        or coalesce(own_gap.problem, all_gap.problem, unrecorded.read_error) is not null
),
guardrails as materialized (
    select
        statements.source_name,
        statements.policy_id,
        statements.statement_id,
        min(statements.statement) as statement,
        min(statements.statement_index) as statement_index,
        min(statements.label) as label,
        bool_or(statements.partial_reason is null) as is_whole,
        bool_or(statements.member_conditions is not null) as is_conditional,
        min(statements.exceptions) as exceptions,
        min(statements.wide_exceptions) as wide_exceptions,
        min(statements.action collate "C") filter (where statements.partial_reason is null or statements.is_unsure) as first_action,
        count(distinct statements.action) filter (where statements.partial_reason is null or statements.is_unsure) as action_count
    from statements
    where statements.effect = 'Deny'
        and (statements.partial_reason is null or statements.is_unsure)
    group by statements.source_name, statements.policy_id, statements.statement_id
),
-- A Sid names a statement for longer than its number does, where it is no number and there once.
sids as (
    select statements.source_name, statements.policy_id, statements.statement
    from statements
    where statements.statement is not null
    group by statements.source_name, statements.policy_id, statements.statement
    having count(distinct statements.statement_id) = 1
        and statements.statement !~ '^[0-9]+$'
),
judged_statements as (
    select
        guardrails.source_name,
        guardrails.policy_id || '/' || coalesce(sids.statement, guardrails.statement_index::text) as resource_id,
        case
            when policies.target_count = 0 or not guardrails.is_whole then 'unknown'
            when cardinality(guardrails.wide_exceptions) > 0 then 'fail'
            else 'pass'
        end as status,
        concat(
            guardrails.label,
            format(', which denies %s', guardrails.first_action),
            case when guardrails.action_count > 1 then format(' and %s more', guardrails.action_count - 1) end,
            ', ',
            case
                when policies.target_count = 0 then format('is attached to nothing that is known: %s', policies.attachment_problem)
                when not guardrails.is_whole then format('may be about the trail of the organization, and which that is is not known: %s', coalesce(trail_gaps.read_error, 'aws_cloudtrail_trails was not read'))
                when cardinality(guardrails.wide_exceptions) > 0
                    then format('exempts more than named principals: %s; exempt single roles by their full names instead', array_to_string(guardrails.wide_exceptions, ', '))
                when cardinality(guardrails.exceptions) > 0 then format('has narrow exemptions only: %s', array_to_string(guardrails.exceptions, ', '))
                else 'exempts nobody'
            end,
            case when guardrails.is_conditional then '; it holds only in accounts that its conditions on the account, its OU or its organization mean' end
        ) as reason,
        case
            when policies.target_count = 0 then policies.attachment_cause
            when not guardrails.is_whole then coalesce(trail_gaps.unknown_cause, 'unread')
        end as unknown_cause
    from guardrails
    join policies on policies.source_name = guardrails.source_name and policies.policy_id = guardrails.policy_id
    left join sids on sids.source_name = guardrails.source_name and sids.policy_id = guardrails.policy_id and sids.statement = guardrails.statement
    left join table_gaps as trail_gaps on trail_gaps.source_name = guardrails.source_name and trail_gaps.table_name = 'aws_cloudtrail_trails'
),
judged_texts as (
    select
        policies.source_name,
        policies.policy_id as resource_id,
        'unknown' as status,
        concat(policies.text_problem, case when policies.text_problem not like '%sync again' then '; look at it in AWS Organizations' end, case when policies.target_count = 0 then '; ' || policies.attachment_problem end) as reason,
        coalesce(text_gaps.unknown_cause, 'unread') as unknown_cause
    from policies
    left join table_gaps as text_gaps on text_gaps.source_name = policies.source_name and text_gaps.table_name = 'aws_organizations_policies'
    where policies.text_problem is not null
),
judged_policies as materialized (
    select * from judged_statements
    union all
    select * from judged_texts
),
of_organizations as (
    select
        asked.source_name,
        asked.resource_id,
        case
            when not asked.can_judge then asked.status
            when not asked.may_have_guardrails then 'not_applicable'
            when policy_gaps.source_name is not null then 'unknown'
            else 'not_applicable'
        end as status,
        case
            when not asked.can_judge then asked.reason
            when not asked.may_have_guardrails then format('SCPs are %s at the root of %s, so none is a guardrail', asked.service_control_policy_status, asked.organization_id)
            when policy_gaps.source_name is not null then format('not all SCPs of %s are known: %s', asked.organization_id, policy_gaps.read_error)
            else format('no SCP that is attached in %s denies a core action as a whole, so there is no exemption to judge', asked.organization_id)
        end as reason,
        case
            when not asked.can_judge then asked.unknown_cause
            when asked.may_have_guardrails then policy_gaps.unknown_cause
        end as unknown_cause
    from asked
    left join table_gaps as policy_gaps on policy_gaps.source_name = asked.source_name and policy_gaps.table_name = 'aws_organizations_policies'
    where not asked.may_have_guardrails
        or policy_gaps.source_name is not null
        or not exists (select from judged_policies where judged_policies.source_name = asked.source_name)
),
judged as (
    select of_organizations.source_name, of_organizations.resource_id, of_organizations.status, of_organizations.reason, of_organizations.unknown_cause
    from of_organizations
    union all
    select judged_policies.source_name, judged_policies.resource_id, judged_policies.status, judged_policies.reason, judged_policies.unknown_cause
    from judged_policies
    join asked on asked.source_name = judged_policies.source_name
    where asked.may_have_guardrails
)
select
    asked.organization_id,
    asked.account_id,
    null::text as region,
    judged.resource_id,
    judged.status,
    judged.reason,
    judged.unknown_cause
from judged
join asked on asked.source_name is not distinct from judged.source_name
order by organization_id, resource_id;
