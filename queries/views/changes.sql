-- Who changed the organization, its policies, or who administers what, as CloudTrail tells it.

create or replace view delegation.change_kinds (event_source, event_name, category, is_significant, risk) as
values
    -- What AWS says to look for: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_security_incident-response.html
    ('organizations.amazonaws.com', 'AttachPolicy', 'policy', true, 'a policy that is attached binds every account below at once: it can lock people out, or let them through where it replaces a stricter one'),
    ('organizations.amazonaws.com', 'DetachPolicy', 'policy', true, 'every account below loses the guardrail at once'),
    ('organizations.amazonaws.com', 'UpdatePolicy', 'policy', true, 'a guardrail can be emptied while it stays attached and keeps its name'),
    ('organizations.amazonaws.com', 'DeletePolicy', 'policy', true, 'the guardrail is gone, and its text with it'),
    ('organizations.amazonaws.com', 'DisablePolicyType', 'policy', true, 'all policies of the type are detached in the whole organization'),
    ('organizations.amazonaws.com', 'EnablePolicyType', 'policy', false, 'policies of a further type can bind accounts from now on'),
    ('organizations.amazonaws.com', 'EnableAWSServiceAccess', 'trusted_access', true, 'the service may see the organization and make roles in every account of it'),
    ('organizations.amazonaws.com', 'DisableAWSServiceAccess', 'trusted_access', true, 'the service stops working for the organization, and what it watched is no longer watched'),
    ('organizations.amazonaws.com', 'RegisterDelegatedAdministrator', 'delegated_administrator', true, 'the account can see the whole organization and administer the service in every account of it'),
    ('organizations.amazonaws.com', 'DeregisterDelegatedAdministrator', 'delegated_administrator', true, 'the account loses the service, and what it watched or ran there may stop'),
    ('organizations.amazonaws.com', 'PutResourcePolicy', 'delegation_policy', true, 'whoever the delegation policy names can change policies of the organization'),
    ('organizations.amazonaws.com', 'DeleteResourcePolicy', 'delegation_policy', true, 'those who manage policies by the delegation policy no longer can'),
    ('organizations.amazonaws.com', 'DeleteOrganization', 'organization', true, 'every guardrail and every delegation ends with the organization'),
    ('organizations.amazonaws.com', 'RemoveAccountFromOrganization', 'organization', true, 'the account is out of the reach of every guardrail and of every delegated administrator'),
    ('organizations.amazonaws.com', 'LeaveOrganization', 'organization', true, 'the account is out of the reach of every guardrail and of every delegated administrator'),
    ('organizations.amazonaws.com', 'MoveAccount', 'organization', false, 'other guardrails bind the account from now on'),
    ('organizations.amazonaws.com', 'CloseAccount', 'organization', false, 'everything in the account is lost after 90 days'),
    ('organizations.amazonaws.com', 'InviteAccountToOrganization', 'organization', false, 'an account of somebody else can become a member'),
    ('organizations.amazonaws.com', 'EnableAllFeatures', 'organization', false, 'guardrails can bind members once they have agreed'),
    ('fms.amazonaws.com', 'PutAdminAccount', 'delegated_administrator', true, 'the account can administer AWS Firewall Manager in the accounts and Regions of its scope'),
    ('iam.amazonaws.com', 'EnableOrganizationsRootCredentialsManagement', 'root_access', true, 'who administers it can remove root credentials of every member, or let somebody recover them'),
    ('iam.amazonaws.com', 'DisableOrganizationsRootCredentialsManagement', 'root_access', true, 'root credentials of members are no longer managed centrally, and new ones can be made'),
    ('iam.amazonaws.com', 'EnableOrganizationsRootSessions', 'root_access', true, 'who administers it can act as root in every member'),
    ('iam.amazonaws.com', 'DisableOrganizationsRootSessions', 'root_access', true, 'tasks that need root in a member can no longer be done without its root user');
comment on view delegation.change_kinds is 'The changes that this version knows by name. What else a sync finds is a call by which a service takes or loses its administrator.';
comment on column delegation.change_kinds.event_source is 'As in CloudTrail.';
comment on column delegation.change_kinds.event_name is 'As in CloudTrail.';
comment on column delegation.change_kinds.category is 'policy, trusted_access, delegated_administrator, delegation_policy, organization or root_access.';
comment on column delegation.change_kinds.is_significant is 'True where somebody has to have approved it.';
comment on column delegation.change_kinds.risk is 'What can go wrong by it.';

create or replace view delegation.changes as
with recorded as materialized (
    select
        event._cq_source_name as source_name,
        event.region,
        event.recipient_account_id,
        event.event_id,
        event.event_time,
        event.event_name,
        event.event_source,
        split_part(event.event_source, '.', 1) || ':' || event.event_name as action,
        event.username,
        event.source_ip_address,
        event.user_agent,
        event.error_code,
        event.error_message,
        event.request_parameters,
        case when jsonb_typeof(event.user_identity) = 'object' then event.user_identity else '{}' end as identity,
        -- Some services write the names of a request in another letter case than their API has them.
        case when jsonb_typeof(event.request_parameters) = 'object' then delegation.lower_keys(event.request_parameters) else '{}' end as request
    from delegation.current_aws_cloudtrail_organization_events as event
),
read as materialized (
    select
        recorded.*,
        asked_for.fields,
        coalesce(kinds.category, 'delegated_administrator') as category,
        coalesce(kinds.is_significant, true) as is_significant,
        kinds.risk,
        recorded.event_name ~ '^(Disable|Deregister|Disassociate|Delete)' as is_end,
        recorded.identity ->> 'type' as principal_type,
        nullif(recorded.identity ->> 'arn', '') as caller_arn,
        nullif(recorded.identity #>> '{sessionContext,sessionIssuer,arn}', '') as issuer_arn,
        case when recorded.identity ->> 'type' = 'AWSService' then nullif(recorded.identity ->> 'invokedBy', '') end as calling_service,
        nullif(recorded.identity ->> 'invokedBy', '') as invoked_by
    from recorded
    left join delegation.change_kinds as kinds
        on kinds.event_source = recorded.event_source
        and kinds.event_name = recorded.event_name
    -- EC2 puts the request into an object of its own: {"EnableIpamOrganizationAdminAccountRequest": {...}}.
    cross join lateral (
        select recorded.request || case
            when jsonb_typeof(recorded.request -> lower(recorded.event_name || 'Request')) = 'object'
                then delegation.lower_keys(recorded.request -> lower(recorded.event_name || 'Request'))
            else '{}'
        end as fields
    ) as asked_for
),
told as materialized (
    select
        read.*,
        -- What the joins below go by: one that compares nulls would look at each pair of rows.
        row_number() over () as number,
        jsonb_build_array(read.issuer_arn, read.caller_arn, read.calling_service)::text as caller_key,
        coalesce(
            read.issuer_arn,
            read.caller_arn,
            read.calling_service,
            case when read.identity ->> 'accountId' = 'ANONYMOUS_PRINCIPAL' then 'anonymous' end,
            case when read.principal_type = 'Root' then format('arn:aws:iam::%s:root', read.identity ->> 'accountId') end,
            nullif(read.identity ->> 'principalId', ''),
            nullif(read.username, '')
        ) as principal,
        substring(
            coalesce(read.identity #>> '{sessionContext,sessionIssuer,accountId}', read.identity ->> 'accountId', split_part(coalesce(read.issuer_arn, read.caller_arn), ':', 5))
            from '^[0-9]{12}$'
        ) as principal_account_id,
        read.fields ->> 'serviceprincipal' as service_principal,
        read.fields ->> 'policyid' as policy_id,
        -- Each service has a name of its own for the account that it is about.
        coalesce(
            read.fields ->> 'adminaccountid',
            read.fields ->> 'delegatedadminaccountid',
            read.fields ->> 'memberaccountid',
            read.fields ->> 'adminaccount',
            read.fields ->> 'accountid'
        ) as about_account_id,
        case when read.event_source = 'securityhub.amazonaws.com' then coalesce(read.fields ->> 'feature', 'SecurityHub') end as feature
    from read
),
-- Which service: as the request names it, or the one whose call it is.
asked as materialized (
    select told.*, jsonb_build_array(told.event_source, told.action, told.service_principal, told.feature)::text as question_key
    from told
),
questions as materialized (
    select distinct asked.source_name, asked.question_key, asked.event_source, asked.action, asked.category, asked.service_principal, asked.feature
    from asked
),
services as materialized (
    select distinct on (questions.source_name, questions.question_key)
        questions.source_name,
        questions.question_key,
        case when by_principal.service_principal is null then services.service_id else services.group_id end as service_id,
        case when by_principal.service_principal is null then services.service_name else services.group_name end as service_name,
        services.is_regional
    from questions
    join delegation.services on services.source_name = questions.source_name
    left join delegation.service_principals as by_principal
        on by_principal.source_name = services.source_name
        and by_principal.service_id = services.service_id
        and by_principal.service_principal = questions.service_principal
    cross join lateral (
        select case
            when questions.service_principal is not null then case when by_principal.service_principal is not null then 1 end
            when questions.category = 'delegation_policy' then case when services.methods ? 'resource_policy' then 1 end
            when questions.category not in ('delegated_administrator', 'root_access') then null
            when questions.feature is not null and services.admin_read_scope <> case questions.feature when 'SecurityHub' then '' else questions.feature end then null
            when questions.action in (services.register_action, services.deregister_action) then 1
            when split_part(questions.action, ':', 1) = split_part(services.list_admin_action, ':', 1) then 2
            when services.service_principals ? questions.event_source then 3
        end as place
    ) as match
    where match.place is not null
    order by questions.source_name, questions.question_key, match.place, services.service_id
),
-- Who may do what: by the ARN of the role or user, by that of the session, or by the name of a service that acts as itself.
callers as materialized (
    select distinct told.source_name, told.caller_key, told.issuer_arn, told.caller_arn, told.calling_service
    from told
),
approvals as materialized (
    select
        approval._cq_source_name as source_name,
        approval._cq_id as approval_id,
        approval.principal,
        approval.action,
        approval.approved_by,
        approval.approved_on,
        delegation.like_pattern(approval.principal) as principal_pattern
    from delegation.current_aws_delegation_approvals as approval
    where approval.kind = 'principal'
),
allowed_callers as (
    select callers.source_name, callers.caller_key, approvals.approval_id
    from callers
    join approvals
        on approvals.source_name = callers.source_name
        and (
            callers.issuer_arn like approvals.principal_pattern
            or callers.caller_arn like approvals.principal_pattern
            or callers.calling_service like approvals.principal_pattern
        )
),
allowed_actions as (
    select actions.source_name, actions.action, approvals.approval_id
    from (select distinct questions.source_name, questions.action from questions) as actions
    join approvals
        on approvals.source_name = actions.source_name
        and delegation.action_matches(actions.action, array[approvals.action])
),
approved as materialized (
    select distinct on (allowed_callers.source_name, allowed_callers.caller_key, allowed_actions.action)
        allowed_callers.source_name,
        allowed_callers.caller_key,
        allowed_actions.action,
        approvals.approved_by,
        approvals.approved_on,
        approvals.principal as approved_principal,
        approvals.action as approved_action
    from allowed_callers
    join allowed_actions
        on allowed_actions.source_name = allowed_callers.source_name
        and allowed_actions.approval_id = allowed_callers.approval_id
    join approvals
        on approvals.source_name = allowed_callers.source_name
        and approvals.approval_id = allowed_callers.approval_id
    order by allowed_callers.source_name, allowed_callers.caller_key, allowed_actions.action, approvals.approved_on desc nulls last, approvals.principal, approvals.action
),
-- What it left behind, of which thing, and what must have been before, because AWS refuses the call otherwise (the API page of each
-- names the exception: DuplicatePolicyAttachmentException, AccountAlreadyRegisteredException, ...).
stated as (
    select
        told.source_name,
        told.number,
        told.event_id,
        told.event_time,
        state.thing,
        state.before,
        state.after
    from asked as told
    left join services
        on services.source_name = told.source_name
        and services.question_key = told.question_key
    cross join lateral (
        select case
            when told.category = 'policy' and told.fields ? 'targetid' then concat_ws(' ', 'attachment', told.policy_id, told.fields ->> 'targetid')
            when told.category = 'policy' and told.fields ? 'policytype' then concat_ws(' ', 'type', told.fields ->> 'rootid', told.fields ->> 'policytype')
            when told.category = 'policy' and (told.fields ? 'content' or told.event_name = 'DeletePolicy') then 'policy ' || told.policy_id
            when told.category = 'trusted_access' then 'access ' || told.service_principal
            when told.category = 'delegation_policy' then 'delegation policy'
            when told.category = 'root_access' then regexp_replace(told.event_name, '^(Enable|Disable)', '')
            when told.category <> 'delegated_administrator' then null
            when told.event_source = 'organizations.amazonaws.com' then concat_ws(' ', 'administrator', told.service_principal, told.about_account_id)
            -- These end whoever is there and name nobody, so the thing is the service.
            when told.event_source in ('detective.amazonaws.com', 'securitylake.amazonaws.com')
                then concat_ws(' ', 'administrator', told.event_source, case when services.is_regional then told.region end)
            -- One that ends itself names nobody; where Regions are not known to be one or many, neighbours are not known.
            when told.event_source = 'fms.amazonaws.com' or services.is_regional is null then null
            when told.about_account_id is not null
                then concat_ws(' ', 'administrator', told.event_source, told.feature, case when services.is_regional then told.region end, told.about_account_id)
        end as key
    ) as thing
    cross join lateral (
        select
            thing.key as thing,
            case
                when told.event_name = 'AttachPolicy' then 'not attached'
                when told.event_name = 'DetachPolicy' then 'attached'
                when told.event_name = 'EnablePolicyType' then 'not enabled'
                when told.event_name = 'DisablePolicyType' then 'enabled'
                when told.event_name in ('RemoveAccountFromOrganization', 'LeaveOrganization') then 'member'
                when told.event_name = 'MoveAccount' then told.fields ->> 'sourceparentid'
                when told.event_source <> 'organizations.amazonaws.com' then null
                when told.event_name = 'RegisterDelegatedAdministrator' then 'not held by ' || told.about_account_id
                when told.event_name = 'DeregisterDelegatedAdministrator' then 'held by ' || told.about_account_id
            end as before,
            case
                when told.event_name = 'AttachPolicy' then 'attached'
                when told.event_name = 'DetachPolicy' then 'not attached'
                when told.event_name = 'UpdatePolicy' or told.event_name = 'PutResourcePolicy'
                    -- CloudTrail does not keep the text of a delegation policy.
                    then case when jsonb_typeof(told.fields -> 'content') = 'string' then nullif(told.fields ->> 'content', 'HIDDEN_DUE_TO_SECURITY_REASONS') end
                when told.event_name = 'DeletePolicy' or told.event_name = 'DeleteOrganization' then 'deleted'
                when told.event_name = 'DeleteResourcePolicy' then 'none'
                when told.event_name in ('RemoveAccountFromOrganization', 'LeaveOrganization') then 'not a member'
                when told.event_name = 'MoveAccount' then told.fields ->> 'destinationparentid'
                when told.event_name = 'InviteAccountToOrganization' then 'invited'
                when told.category in ('trusted_access', 'root_access') or told.event_name in ('EnablePolicyType', 'DisablePolicyType')
                    then case when told.is_end then 'not enabled' else 'enabled' end
                when told.category = 'delegated_administrator' and told.about_account_id is not null
                    then case when told.is_end then 'not held by ' else 'held by ' end || told.about_account_id
                when told.is_end and told.event_source in ('detective.amazonaws.com', 'securitylake.amazonaws.com') then 'held by nobody'
            end as after
    ) as state
    where told.error_code is null
),
-- The event before it on the same thing tells what was there, where there is one.
known as materialized (
    select
        stated.number,
        stated.after,
        coalesce(
            stated.before,
            case
                when stated.thing is not null
                    then lag(stated.after) over (partition by stated.source_name, stated.thing order by stated.event_time, stated.event_id)
            end
        ) as before
    from stated
),
policies as materialized (
    select policy._cq_source_name as source_name, policy.id, min(policy.name) as name
    from delegation.current_aws_organizations_policies as policy
    group by policy._cq_source_name, policy.id
),
aimed as (
    select
        told.*,
        case
            when told.category = 'policy' and told.fields ? 'targetid'
                then case when told.fields ->> 'targetid' like 'r-%' then 'root' when told.fields ->> 'targetid' like 'ou-%' then 'organizational_unit' else 'account' end
            when told.category = 'policy' and told.fields ? 'policytype' then 'policy_type'
            when told.category = 'policy' then 'policy'
            when told.category = 'trusted_access' then 'service_principal'
            when told.category = 'delegation_policy' then 'delegation_policy'
            when told.category = 'root_access' then 'root_access'
            when told.event_name in ('DeleteOrganization', 'EnableAllFeatures') then 'organization'
            when told.event_name = 'InviteAccountToOrganization' and told.fields #>> '{target,type}' = 'EMAIL' then 'email'
            else 'account'
        end as target_type,
        case
            when told.category = 'policy' then coalesce(told.fields ->> 'targetid', told.fields ->> 'policytype', told.policy_id)
            when told.category = 'trusted_access' then told.service_principal
            when told.category = 'root_access' then regexp_replace(told.event_name, '^(Enable|Disable)Organizations', '')
            when told.category = 'delegation_policy' or told.event_name in ('DeleteOrganization', 'EnableAllFeatures') then organization.id
            when told.event_name = 'InviteAccountToOrganization' then told.fields #>> '{target,id}'
            when told.event_name = 'LeaveOrganization' then told.recipient_account_id
            else told.about_account_id
        end as target_id,
        organization.id as organization_id
    from asked as told
    left join delegation.current_aws_organizations as organization on organization._cq_source_name = told.source_name
)
select
    aimed.source_name,
    aimed.organization_id,
    aimed.event_time as changed_at,
    aimed.region,
    aimed.recipient_account_id,
    aimed.event_id,
    aimed.event_name,
    aimed.event_source,
    aimed.action,
    aimed.category,
    services.service_id,
    services.service_name,
    aimed.service_principal,
    aimed.principal_type,
    aimed.principal,
    aimed.principal_account_id,
    caller.account_name as principal_account_name,
    caller.ou_path as principal_ou_path,
    case when aimed.issuer_arn is not null then aimed.caller_arn end as session_arn,
    substring(aimed.caller_arn from ':assumed-role/(?:.*/)?([^/]+)$') as session_name,
    aimed.invoked_by,
    aimed.source_ip_address,
    aimed.user_agent,
    aimed.target_type,
    aimed.target_id,
    coalesce(target_account.account_name, target_unit.ou_path, case aimed.target_type when 'policy' then policies.name when 'root' then '/' end) as target_name,
    aimed.policy_id,
    policies.name as policy_name,
    aimed.error_code is null as was_allowed,
    aimed.error_code,
    aimed.error_message,
    known.before,
    known.after,
    aimed.is_significant,
    coalesce(aimed.event_time >= newest_syncs.sync_time - make_interval(days => settings.events_lookback_days), false) as is_in_window,
    approved.source_name is not null as is_approved,
    approved.approved_by,
    approved.approved_on,
    approved.approved_principal,
    approved.approved_action,
    coalesce(
        aimed.risk,
        case
            when aimed.is_end then format('%s may be watched by nobody, or from the management account', coalesce(services.service_name, aimed.event_source))
            else format('the account can administer %s in every account of the organization', coalesce(services.service_name, aimed.event_source))
        end
    ) as risk,
    aimed.request_parameters
from aimed
left join services
    on services.source_name = aimed.source_name
    and services.question_key = aimed.question_key
left join approved
    on approved.source_name = aimed.source_name
    and approved.caller_key = aimed.caller_key
    and approved.action = aimed.action
left join known on known.number = aimed.number
left join policies on policies.source_name = aimed.source_name and policies.id = aimed.policy_id
left join delegation.accounts as caller on caller.source_name = aimed.source_name and caller.account_id = aimed.principal_account_id
left join delegation.accounts as target_account
    on target_account.source_name = aimed.source_name
    and aimed.target_type = 'account'
    and target_account.account_id = aimed.target_id
left join delegation.organizational_units as target_unit
    on target_unit.source_name = aimed.source_name
    and target_unit.organizational_unit_id = aimed.target_id
left join delegation.newest_syncs on newest_syncs.source_name = aimed.source_name
left join delegation.settings on settings.source_name = aimed.source_name;
comment on view delegation.changes is 'Who changed the organization, its policies, or who administers what: one row per event of CloudTrail, refused attempts included, of all syncs.';
comment on column delegation.changes.source_name is 'Name of the source in its spec.';
comment on column delegation.changes.organization_id is 'ID of the organization.';
comment on column delegation.changes.changed_at is 'When, in UTC.';
comment on column delegation.changes.region is 'Region in whose event history it is.';
comment on column delegation.changes.recipient_account_id is 'Account in whose event history it is: the one that acted.';
comment on column delegation.changes.event_id is 'ID of the event.';
comment on column delegation.changes.event_name is 'The operation, such as RegisterDelegatedAdministrator.';
comment on column delegation.changes.event_source is 'The service that was called, such as organizations.amazonaws.com.';
comment on column delegation.changes.action is 'The operation as approvals name it, such as organizations:AttachPolicy.';
comment on column delegation.changes.category is 'policy, trusted_access, delegated_administrator, delegation_policy, organization or root_access; never null.';
comment on column delegation.changes.service_id is 'Service that it is about, in the catalogue: the first of those that share a principal; null where it is about none, or the catalogue does not know it.';
comment on column delegation.changes.service_name is 'Name of the service, or of those that share the principal.';
comment on column delegation.changes.service_principal is 'Service principal that the request names; null where it names none.';
comment on column delegation.changes.principal_type is 'Type of the identity as CloudTrail has it: Root, IAMUser, AssumedRole, AWSService, ...';
comment on column delegation.changes.principal is 'Who: the ARN of the role (not of its session), of the user or of root, the name of a service that acts as itself, or anonymous; where CloudTrail has none of these, what it has.';
comment on column delegation.changes.principal_account_id is 'Account of the principal; null for a service.';
comment on column delegation.changes.principal_account_name is 'Name of that account.';
comment on column delegation.changes.principal_ou_path is 'Place of that account, by names.';
comment on column delegation.changes.session_arn is 'ARN of the session, where it was one.';
comment on column delegation.changes.session_name is 'Name of the session of a role: often the person.';
comment on column delegation.changes.invoked_by is 'Service that made the call, for itself or for the principal; null where none did.';
comment on column delegation.changes.source_ip_address is 'Address, or AWS service, that the request came from.';
comment on column delegation.changes.user_agent is 'Tool that sent it.';
comment on column delegation.changes.target_type is 'account, organizational_unit, root, policy, policy_type, service_principal, delegation_policy, root_access, organization or email; never null.';
comment on column delegation.changes.target_id is 'What it was about; null where the request does not say.';
comment on column delegation.changes.target_name is 'Name of the account or policy, or path of the organizational unit, as it is now; null where it is not known.';
comment on column delegation.changes.policy_id is 'Policy that it was about; null for none.';
comment on column delegation.changes.policy_name is 'Name of that policy now; null where it is gone.';
comment on column delegation.changes.was_allowed is 'False for an attempt that AWS refused; never null.';
comment on column delegation.changes.error_code is 'Why it was refused.';
comment on column delegation.changes.error_message is 'What AWS said when it refused.';
comment on column delegation.changes.before is 'What was there before: as the call implies it, or as the event before it in this table left it (a history that was not read can have another in between); null where neither says, and for a refused attempt.';
comment on column delegation.changes.after is 'What it left: the text of a policy, attached, held by an account, enabled, ...; null where the event does not say, and for a refused attempt.';
comment on column delegation.changes.is_significant is 'True where somebody has to have approved it; never null.';
comment on column delegation.changes.is_in_window is 'True where it is in the days that the newest sync looked back on (`events.lookback_days`); older ones are history and are not judged. Never null.';
comment on column delegation.changes.is_approved is 'True where an approval names the principal (role, user, session or service) and the action; never null.';
comment on column delegation.changes.approved_by is 'Who approved it; of several approvals the newest.';
comment on column delegation.changes.approved_on is 'Day of the approval: 00:00 UTC.';
comment on column delegation.changes.approved_principal is 'The principal as the approval names it.';
comment on column delegation.changes.approved_action is 'The action as the approval names it.';
comment on column delegation.changes.risk is 'What can go wrong by it; never null.';
comment on column delegation.changes.request_parameters is 'What was asked for, as CloudTrail has it.';
