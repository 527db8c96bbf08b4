-- The classes of guardrail_classes.sql taken apart by account, and put together by control.

-- No settings of its own, so that PostgreSQL puts it into the query that asks, and a filter on accounts is not applied at the end.
create or replace function delegation.guardrail_verdicts(wanted_control text)
returns table (
    source_name text,
    organization_id text,
    account_id text,
    account_name text,
    ou_path text,
    control text,
    service_id text,
    action text,
    denial text,
    policy_id text,
    policy_name text,
    statement text,
    attached_to_type text,
    attached_to text,
    attached_to_name text,
    exceptions text[],
    reason text,
    unknown_cause text
)
language sql stable
rows 1000000
as $$
select
    class.source_name,
    class.organization_id,
    member.account_id,
    member.account_name,
    class.ou_path,
    class.control,
    class.service_id,
    class.action,
    class.denial,
    class.policy_id,
    class.policy_name,
    class.statement,
    class.attached_to_type,
    case class.attached_to_type when 'ACCOUNT' then member.account_id else class.attached_to end,
    case class.attached_to_type when 'ACCOUNT' then member.account_name else class.attached_to_name end,
    class.exceptions,
    class.reason,
    class.unknown_cause
from delegation.guardrail_classes(wanted_control) as class
cross join lateral unnest(class.account_ids, class.account_names) as member (account_id, account_name)
$$;
comment on function delegation.guardrail_verdicts(text) is
    'The rows of delegation.guardrails for one control, or for all with null. One control is a fraction of the work.';

create or replace view delegation.guardrails as
select
    verdict.source_name,
    verdict.organization_id,
    verdict.account_id,
    verdict.account_name,
    verdict.ou_path,
    verdict.control,
    verdict.service_id,
    verdict.action,
    verdict.denial,
    verdict.policy_id,
    verdict.policy_name,
    verdict.statement,
    verdict.attached_to_type,
    verdict.attached_to,
    verdict.attached_to_name,
    verdict.exceptions,
    verdict.reason,
    verdict.unknown_cause
from delegation.guardrail_verdicts(null) as verdict;
comment on view delegation.guardrails is 'Which ACTIVE account is kept from which action by SCPs: one row per source, account, control and action.';
comment on column delegation.guardrails.source_name is 'Name of the source in its spec.';
comment on column delegation.guardrails.organization_id is 'ID of the organization; null where it was not read.';
comment on column delegation.guardrails.account_id is 'Account ID.';
comment on column delegation.guardrails.account_name is 'Name of the account.';
comment on column delegation.guardrails.ou_path is 'Path by names, / directly at the root; by IDs where names were not read.';
comment on column delegation.guardrails.control is 'What the guardrail protects.';
comment on column delegation.guardrails.service_id is 'ID of the service in the catalogue; null where the control is no service.';
comment on column delegation.guardrails.action is 'IAM action.';
comment on column delegation.guardrails.denial is
    'whole (nobody but the exceptions may do it), partial (some Deny exists, but not for every resource, principal or request), none, unknown, or not_applicable for the management account.';
comment on column delegation.guardrails.policy_id is 'ID of the SCP with the Deny, where denial is whole or partial; null where it is whole because a level does not allow the action.';
comment on column delegation.guardrails.policy_name is 'Name of that SCP.';
comment on column delegation.guardrails.statement is 'Sid of the statement in it, or its number from 1.';
comment on column delegation.guardrails.attached_to_type is 'ROOT, ORGANIZATIONAL_UNIT or ACCOUNT: where that SCP is attached, or the level that does not allow the action.';
comment on column delegation.guardrails.attached_to is 'ID of that root, organizational unit or account.';
comment on column delegation.guardrails.attached_to_name is 'Its path by names, or the name of the account.';
comment on column delegation.guardrails.exceptions is 'What the Deny exempts, of several whole ones the one with the fewest; never null.';
comment on column delegation.guardrails.reason is 'Why, naming policy and statement, and what to do.';
comment on column delegation.guardrails.unknown_cause is 'unread or not_configured; null where denial is not unknown.';

create or replace view delegation.class_guardrails as
select
    controls.source_name,
    controls.organization_id,
    controls.class_id,
    controls.ou_path,
    controls.control,
    controls.service_id,
    (array['none', 'partial', 'unknown', 'whole', 'not_applicable'])[controls.worst] as denial,
    controls.actions_total,
    controls.actions_denied,
    controls.actions_not_denied,
    controls.actions_unknown,
    controls.reason,
    controls.unknown_cause,
    controls.account_ids,
    controls.account_names
from (
    select
        class.source_name,
        class.organization_id,
        class.class_id,
        class.ou_path,
        class.control,
        class.service_id,
        -- A found fault beats a missing read.
        min(ranked.rank) as worst,
        (array_agg(class.reason order by ranked.rank, class.action collate "C"))[1] as reason,
        (array_agg(class.unknown_cause order by ranked.rank, class.action collate "C"))[1] as unknown_cause,
        count(*) as actions_total,
        count(*) filter (where class.denial = 'whole') as actions_denied,
        coalesce(array_agg(class.action order by class.action collate "C") filter (where class.denial in ('none', 'partial')), '{}') as actions_not_denied,
        coalesce(array_agg(class.action order by class.action collate "C") filter (where class.denial = 'unknown'), '{}') as actions_unknown,
        -- The same in each row of a class.
        min(class.account_ids) as account_ids,
        min(class.account_names) as account_names
    from delegation.guardrail_classes('*') as class
    cross join lateral (select array_position(array['none', 'partial', 'unknown', 'whole', 'not_applicable'], class.denial) as rank) as ranked
    where class.control <> 'allowed_regions'
        or class.source_name in (select settings.source_name from delegation.settings where settings.has_allowed_regions)
    group by class.source_name, class.organization_id, class.class_id, class.ou_path, class.control, class.service_id
) as controls;
comment on view delegation.class_guardrails is
    'delegation.account_guardrails once for all accounts for which it is the same, and with control allowed_regions whether they can use the allowed Regions only, where the spec names some.';
comment on column delegation.class_guardrails.source_name is 'Name of the source in its spec.';
comment on column delegation.class_guardrails.organization_id is 'ID of the organization; null where it was not read.';
comment on column delegation.class_guardrails.class_id is 'Number of the class, of this query alone.';
comment on column delegation.class_guardrails.ou_path is 'Path by names, / directly at the root; by IDs where names were not read.';
comment on column delegation.class_guardrails.control is 'What the guardrail protects.';
comment on column delegation.class_guardrails.service_id is 'ID of the service in the catalogue; null where the control is no service.';
comment on column delegation.class_guardrails.denial is 'The worst of its actions: none, partial, unknown, whole, or not_applicable for the management account.';
comment on column delegation.class_guardrails.actions_total is 'How many actions the control has.';
comment on column delegation.class_guardrails.actions_denied is 'How many of them are denied whole.';
comment on column delegation.class_guardrails.actions_not_denied is 'The actions that are denied in part or not at all; never null.';
comment on column delegation.class_guardrails.actions_unknown is 'The actions of which it is not known; never null.';
comment on column delegation.class_guardrails.reason is 'The reason of the worst action.';
comment on column delegation.class_guardrails.unknown_cause is 'unread or not_configured, of that action; null where it is not unknown.';
comment on column delegation.class_guardrails.account_ids is 'The ACTIVE accounts of the class.';
comment on column delegation.class_guardrails.account_names is 'Their names, in the same order.';

create or replace view delegation.account_guardrails as
select
    controls.source_name,
    controls.organization_id,
    member.account_id,
    member.account_name,
    controls.ou_path,
    controls.control,
    controls.service_id,
    controls.denial,
    controls.actions_total,
    controls.actions_denied,
    controls.actions_not_denied,
    controls.actions_unknown,
    controls.reason,
    controls.unknown_cause
from delegation.class_guardrails as controls
cross join lateral unnest(controls.account_ids, controls.account_names) as member (account_id, account_name)
where controls.control <> 'allowed_regions';
comment on view delegation.account_guardrails is 'delegation.guardrails in short: one row per source, ACTIVE account and control.';
comment on column delegation.account_guardrails.source_name is 'Name of the source in its spec.';
comment on column delegation.account_guardrails.organization_id is 'ID of the organization; null where it was not read.';
comment on column delegation.account_guardrails.account_id is 'Account ID.';
comment on column delegation.account_guardrails.account_name is 'Name of the account.';
comment on column delegation.account_guardrails.ou_path is 'Path by names, / directly at the root; by IDs where names were not read.';
comment on column delegation.account_guardrails.control is 'What the guardrail protects.';
comment on column delegation.account_guardrails.service_id is 'ID of the service in the catalogue; null where the control is no service.';
comment on column delegation.account_guardrails.denial is 'The worst of its actions: none, partial, unknown, whole, or not_applicable for the management account.';
comment on column delegation.account_guardrails.actions_total is 'How many actions the control has.';
comment on column delegation.account_guardrails.actions_denied is 'How many of them are denied whole.';
comment on column delegation.account_guardrails.actions_not_denied is 'The actions that are denied in part or not at all; never null.';
comment on column delegation.account_guardrails.actions_unknown is 'The actions of which it is not known; never null.';
comment on column delegation.account_guardrails.reason is 'The reason of the worst action.';
comment on column delegation.account_guardrails.unknown_cause is 'unread or not_configured, of that action; null where it is not unknown.';
