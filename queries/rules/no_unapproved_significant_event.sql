-- id:          no_unapproved_significant_event
-- title:       Nobody changed the organization, its policies or its administrators without approval
-- severity:    high
-- frameworks:  aws_sra: delegated_administration, organization_policies
-- reads:       aws_organizations, aws_cloudtrail_organization_events, aws_organization_resource_policy_statements, aws_ec2_regions, aws_delegation_services, aws_delegation_approvals, aws_delegation_settings
-- why:         A guardrail can be off for an hour and back on before anybody looks at what is there, and a delegation can be made for
--              as long as it takes to use it. Only the history of events shows that, and who it was.
-- decides:     Each event of the last `events.lookback_days` before the sync is by a principal whom an entry of `principals` in the
--              approvals names for that action, by the ARN of the role, user or session (a service that acts as itself: by its
--              principal). Judged are AttachPolicy, DetachPolicy, UpdatePolicy, DeletePolicy, DisablePolicyType, DeleteOrganization,
--              RemoveAccountFromOrganization, LeaveOrganization, EnableAWSServiceAccess, DisableAWSServiceAccess,
--              RegisterDelegatedAdministrator, DeregisterDelegatedAdministrator, PutResourcePolicy and DeleteResourcePolicy of
--              Organizations, the calls by which a service takes or loses an administrator, fms:PutAdminAccount, and those that switch
--              central root access. Each unapproved event is a row, so that a waiver can accept the one and not the next. An attempt that
--              AWS refused fails as well, because somebody who may not do it tried; its reason says that nothing was changed. Older
--              events, and what else delegation.changes shows, are not judged. What nobody has to approve is one row per account.
--              Events of the last minutes before the sync may not have reached CloudTrail's history yet.
-- unknown:     The spec has no approvals; the event history of the management account or of an account of the delegation policy was
--              not read in a Region, or the spec lends no access to it (delegated_admin_role_name); or the delegation policy lets
--              everybody change something, so that any history could have it. Not judged is what an administrator does with a call of
--              its own (fms:DisassociateAdminAccount, and IAM's switches for root access by who administers it): that is in its own
--              history, which is read only where the delegation policy names the account.
-- remediation: Find out who it was and why. If it was right, let the one who answers for it add the principal and the action to `principals` of the approvals, or a waiver for this one event; otherwise undo it, and take the permission away.
-- source:      https://docs.aws.amazon.com/organizations/latest/userguide/orgs_security_incident-response.html
with sources as materialized (
    select
        asked.source_name,
        asked.organization_id,
        asked.management_account_id,
        asked.account_id,
        asked.resource_id,
        asked.can_judge and settings.events_lookback_days is not null as can_judge,
        coalesce(settings.has_approvals, false) as has_approvals,
        case asked.partition when 'aws-cn' then 'cn-northwest-1' when 'aws-us-gov' then 'us-gov-west-1' else 'us-east-1' end as organizations_region,
        format('the %s days before %s UTC', settings.events_lookback_days, to_char(asked.sync_time, 'YYYY-MM-DD HH24:MI')) as stretch,
        case when asked.can_judge and settings.events_lookback_days is null then 'unknown' else asked.status end as status,
        case
            when asked.can_judge and settings.events_lookback_days is null then 'how far the sync looked back is not known; sync again with this version'
            else asked.reason
        end as reason,
        case when asked.can_judge and settings.events_lookback_days is null then 'unread' else asked.unknown_cause end as unknown_cause
    from delegation.asked_organizations(array['aws_delegation_approvals', 'aws_delegation_settings']) as asked
    left join delegation.settings on settings.source_name = asked.source_name
),
significant as materialized (
    select changes.*
    from delegation.changes
    join sources on sources.source_name = changes.source_name
    where sources.can_judge
        and changes.is_significant
        and changes.is_in_window
),
reads as materialized (
    select reads.*
    from delegation.reads
    join sources on sources.source_name = reads.source_name
    where sources.can_judge
        and sources.has_approvals
        and reads.table_name = 'aws_cloudtrail_organization_events'
),
histories as materialized (
    select reads.*
    from reads
    where reads.operation = 'cloudtrail:LookupEvents'
),
-- Where the events should be: those of the management account in each Region, those of the delegates where Organizations is.
delegates as (
    select statement._cq_source_name as source_name, substring(statement.principal from '^(?:arn:[^:]*:(?:iam|sts)::)?([0-9]{12})(?::|$)') as account_id
    from delegation.current_aws_organization_resource_policy_statements as statement
    union
    select histories.source_name, histories.scope
    from histories
),
-- Only then were those asked whom the policy names.
known_policies as (
    select distinct reads.source_name, reads.region
    from reads
    where reads.operation = 'organizations:DescribeResourcePolicy'
        and reads.outcome = 'ok'
),
regions as (
    select enabled_regions.source_name, enabled_regions.region
    from delegation.enabled_regions
    union
    select histories.source_name, histories.region
    from histories
    where histories.region <> ''
),
places as (
    select sources.source_name, sources.management_account_id as account_id, regions.region, true as is_management_account
    from sources
    left join regions on regions.source_name = sources.source_name
    where sources.can_judge and sources.has_approvals
    union
    select sources.source_name, delegates.account_id, sources.organizations_region, false
    from sources
    join delegates on delegates.source_name = sources.source_name
    where sources.can_judge
        and sources.has_approvals
        and delegates.account_id ~ '^[0-9]{12}$'
        and delegates.account_id <> sources.management_account_id
),
-- What ended otherwise for one account has its name as scope; a table that the spec left out has one row, without a Region.
answers as (
    select distinct on (places.source_name, places.account_id, places.region)
        places.*,
        histories.outcome,
        histories.outcome = 'absent' and coalesce(histories.error_code, '') in ('ServiceNotInRegion', 'RegionDisabled') as is_nothing_to_ask,
        coalesce(histories.outcome in ('ok', 'absent'), false) and asked.was_asked as was_read,
        case when histories.outcome = 'skipped' then 'not_configured' else 'unread' end as unknown_cause,
        case
            when histories.outcome in ('ok', 'absent') then 'the sync did not know that the delegation policy names it; let organizations:DescribeResourcePolicy be read and sync again'
            when histories.outcome is null then 'cloudtrail:LookupEvents has no read recorded; sync again with this version'
            else delegation.read_problem(histories.outcome, histories.table_name, histories.operation, histories.region, histories.scope, histories.error_code, histories.error_message)
        end as problem
    from places
    left join histories
        on histories.source_name = places.source_name
        and histories.region in (places.region, '')
        and histories.scope in (places.account_id, '')
    left join known_policies
        on known_policies.source_name = places.source_name
        and known_policies.region = places.region
    cross join lateral (
        select places.is_management_account or histories.scope = places.account_id or known_policies.source_name is not null as was_asked
    ) as asked
    order by places.source_name, places.account_id, places.region, histories.scope desc nulls last, histories.region desc
),
unapproved as (
    select significant.*
    from significant
    join sources on sources.source_name = significant.source_name
    where sources.has_approvals and not significant.is_approved
),
seen as (
    select
        significant.source_name,
        significant.recipient_account_id as account_id,
        significant.region,
        count(*) as event_count,
        bool_or(not significant.is_approved) as has_unapproved,
        count(*) filter (where not significant.was_allowed) as refused_count
    from significant
    group by significant.source_name, significant.recipient_account_id, significant.region
),
judged_places as materialized (
    select
        answers.*,
        coalesce(seen.event_count, 0) as event_count,
        coalesce(seen.has_unapproved, false) as has_unapproved,
        coalesce(seen.refused_count, 0) as refused_count,
        bool_or(answers.was_read) over (partition by answers.source_name, answers.account_id) as has_region,
        delegation.account_label(answers.account_id, accounts.account_name, accounts.ou_path) as account_label
    from answers
    left join seen
        on seen.source_name = answers.source_name
        and seen.account_id = answers.account_id
        and seen.region = answers.region
    left join delegation.accounts
        on accounts.source_name = answers.source_name
        and accounts.account_id = answers.account_id
    where not coalesce(answers.is_nothing_to_ask, false)
),
of_events as (
    select
        unapproved.source_name,
        unapproved.action || '/' || unapproved.event_id as resource_id,
        unapproved.recipient_account_id as account_id,
        unapproved.region,
        'fail' as status,
        format(
            '%s %s %s%s at %s UTC in %s, from %s with %s%s; nobody approved that: %s; %s',
            who.label,
            case when unapproved.was_allowed then 'called' else 'tried to call' end,
            unapproved.action,
            what.label,
            to_char(unapproved.changed_at, 'YYYY-MM-DD HH24:MI:SS'),
            unapproved.region,
            coalesce(unapproved.source_ip_address, 'an unknown address'),
            coalesce(left(unapproved.user_agent, 150), 'an unknown tool'),
            case when not unapproved.was_allowed then format(', and AWS refused it (%s), so that nothing was changed', unapproved.error_code) end,
            case when unapproved.was_allowed then unapproved.risk else 'had it been allowed, ' || unapproved.risk end,
            case
                when unapproved.principal ~ '^arn:[a-z-]+:(iam|sts)::[0-9]{12}:[^ *?]+$' or unapproved.principal_type = 'AWSService'
                    then format('if it was right, add {principal: ''%s'', actions: [''%s'']} to `principals` of the approvals with `approved_by` and `approved_on`; otherwise %s', unapproved.principal, unapproved.action, howto.mend)
                else format('no approval can name such a principal: %s', howto.mend)
            end
        ) as reason,
        null::text as unknown_cause
    from unapproved
    left join delegation.accounts as recipient
        on recipient.source_name = unapproved.source_name
        and recipient.account_id = unapproved.recipient_account_id
    cross join lateral (
        select concat(
            coalesce(unapproved.principal, 'somebody whom the event does not name'),
            case
                when unapproved.principal_account_id is not null
                    then format(' of %s', delegation.account_label(unapproved.principal_account_id, unapproved.principal_account_name, unapproved.principal_ou_path))
                else format(' in the history of %s', delegation.account_label(unapproved.recipient_account_id, recipient.account_name, recipient.ou_path))
            end,
            ' in session ' || unapproved.session_name,
            case when unapproved.invoked_by <> unapproved.principal then ' through ' || unapproved.invoked_by end
        ) as label
    ) as who
    cross join lateral (
        select concat(
            case
                when unapproved.policy_id is not null and unapproved.target_type <> 'policy' then format(' for policy %s', delegation.with_remark(unapproved.policy_id, unapproved.policy_name))
            end,
            case
                when unapproved.target_id is null or unapproved.target_type in ('delegation_policy', 'root_access', 'organization') then null
                when unapproved.target_type = 'account' then format(' on account %s', delegation.with_remark(unapproved.target_id, unapproved.target_name))
                else format(' on %s', delegation.with_remark(unapproved.target_id, unapproved.target_name))
            end,
            case when unapproved.target_type <> 'service_principal' then ' for ' || unapproved.service_principal end
        ) as label
    ) as what
    cross join lateral (
        select case when unapproved.was_allowed then 'undo it and find out who it was' else 'find out who it was, and why' end as mend
    ) as howto
),
of_histories as (
    select
        judged_places.source_name,
        judged_places.account_id as resource_id,
        judged_places.account_id,
        case when count(*) = 1 then min(judged_places.region) end as region,
        'pass' as status,
        format(
            'the event history of %s in %s has %s in %s',
            min(judged_places.account_label),
            string_agg(judged_places.region, ', ' order by judged_places.region collate "C"),
            case
                when sum(judged_places.event_count) = 0 then 'no significant change'
                else format(
                    '%s significant %s, all by approved principals%s',
                    sum(judged_places.event_count),
                    case when sum(judged_places.event_count) = 1 then 'change' else 'changes' end,
                    case when sum(judged_places.refused_count) > 0 then format(' (%s refused)', sum(judged_places.refused_count)) end
                )
            end,
            min(sources.stretch)
        ) as reason,
        null::text as unknown_cause
    from judged_places
    join sources on sources.source_name = judged_places.source_name
    where judged_places.was_read and not judged_places.has_unapproved
    group by judged_places.source_name, judged_places.account_id
    union all
    select
        judged_places.source_name,
        judged_places.account_id,
        judged_places.account_id,
        case when count(*) = 1 then min(judged_places.region) end,
        'unknown',
        format(
            'whether somebody changed something without approval is not known of the event history of %s%s: %s%s',
            min(judged_places.account_label),
            ' in ' || string_agg(judged_places.region, ', ' order by judged_places.region collate "C"),
            min(judged_places.problem collate "C"),
            case when count(distinct judged_places.problem) > 1 then format(' (and %s more like it)', count(distinct judged_places.problem) - 1) end
        ),
        case when bool_or(judged_places.unknown_cause = 'unread') then 'unread' else 'not_configured' end
    from judged_places
    where not judged_places.was_read
    -- Beside Regions that were read each has a row of its own.
    group by judged_places.source_name, judged_places.account_id, case when judged_places.has_region then judged_places.region end
),
-- Whom the delegation policy names says where else to look.
of_delegates as (
    select
        reads.source_name,
        'delegation-policy' as resource_id,
        null::text as account_id,
        reads.region,
        'unknown' as status,
        format(
            'in whose event history else a change could be is not known: %s',
            min(delegation.read_problem(reads.outcome, reads.table_name, reads.operation, reads.region, reads.scope, reads.error_code, reads.error_message) collate "C")
        ) as reason,
        case when bool_and(reads.outcome = 'skipped') then 'not_configured' else 'unread' end as unknown_cause
    from reads
    where reads.operation = 'organizations:DescribeResourcePolicy'
        and reads.outcome not in ('ok', 'absent')
    group by reads.source_name, reads.region
    union all
    -- The sync could take no names from such a text either.
    select
        unlisted.source_name,
        'delegation-policy',
        null,
        sources.organizations_region,
        'unknown',
        format('in whose event history else a change could be is not known: %s; look at it with `aws organizations describe-resource-policy`, mend it, and sync again', min(unlisted.error_message collate "C")),
        'unread'
    from delegation.reads as unlisted
    join sources on sources.source_name = unlisted.source_name
    where sources.can_judge
        and sources.has_approvals
        and unlisted.table_name = 'aws_organization_resource_policy_statements'
        and unlisted.error_code = 'no_statements'
    group by unlisted.source_name, sources.organizations_region
    union all
    select
        resource_policy_grants.source_name,
        'delegation-policy/everybody',
        null,
        sources.organizations_region,
        'unknown',
        format(
            'the delegation policy lets everybody (%s) call %s: such a call is in the event history of whoever made it, and those are not all read; name the accounts in the policy, or search the events of an organization trail',
            string_agg(distinct resource_policy_grants.principal collate "C", ', '),
            string_agg(distinct resource_policy_grants.action collate "C", ', ')
        ),
        'not_observable'
    from delegation.resource_policy_grants
    join sources on sources.source_name = resource_policy_grants.source_name
    where sources.can_judge
        and sources.has_approvals
        and resource_policy_grants.is_policy_work
        and not resource_policy_grants.is_denied
        and resource_policy_grants.delegated_account_id = '*'
    group by resource_policy_grants.source_name, sources.organizations_region
),
without_approvals as (
    select
        sources.source_name,
        sources.resource_id,
        null::text as account_id,
        null::text as region,
        'unknown' as status,
        format(
            'the spec has no approvals, so nobody is known who may change what (%s seen in %s); add `approvals: approvals.yml` to it, with who may do it: `principals: [{principal: ''arn:aws:iam::%s:role/NAME'', actions: [''organizations:*''], approved_by: NAME, approved_on: DATE}]`, and sync again; `aws-delegation approvals write` makes a beginning',
            case count(significant.event_id) when 1 then '1 significant change' else count(significant.event_id) || ' significant changes' end,
            min(sources.stretch),
            min(sources.management_account_id)
        ) as reason,
        'not_configured' as unknown_cause
    from sources
    left join significant on significant.source_name = sources.source_name
    where sources.can_judge and not sources.has_approvals
    group by sources.source_name, sources.resource_id
),
judged as (
    select * from of_events
    union all
    select * from of_histories
    union all
    select * from of_delegates
    union all
    select * from without_approvals
)
select
    sources.organization_id,
    coalesce(judged.account_id, sources.account_id) as account_id,
    judged.region,
    coalesce(judged.resource_id, sources.resource_id) as resource_id,
    -- Where there is nothing to ask and nothing was found, nobody has looked.
    coalesce(judged.status, sources.status, 'unknown') as status,
    coalesce(judged.reason, sources.reason, format('the event history of %s could be asked in no Region', sources.management_account_id)) as reason,
    case when coalesce(judged.status, sources.status, 'unknown') = 'unknown' then coalesce(judged.unknown_cause, sources.unknown_cause, 'not_observable') end as unknown_cause
from sources
left join judged on judged.source_name = sources.source_name
order by organization_id, resource_id, region;
