create or replace view delegation.approvals as
with approved as materialized (
    select approval._cq_id as approval_id, approval._cq_source_name as source_name, approval.*
    from delegation.current_aws_delegation_approvals as approval
    where approval.kind = 'delegation'
),
granted as (
    -- Where everybody but one principal is meant, the principal of the statement is the one that is not.
    select distinct
        resource_policy_grants.source_name,
        resource_policy_grants.delegated_account_id,
        case when resource_policy_grants.delegated_account_id = '*' then '*' else resource_policy_grants.principal end as principal
    from delegation.resource_policy_grants
    where resource_policy_grants.is_policy_work and not resource_policy_grants.is_denied
),
held as materialized (
    -- As small as an approval can be: one row per service principal of Organizations, and per principal of the delegation policy.
    select
        row_number() over () as held_id,
        delegations.*,
        registered.principal as registered_principal,
        granted.principal as granted_principal
    from delegation.delegations
    left join lateral unnest(string_to_array(delegations.service_principal, ', ')) as registered (principal) on true
    left join granted
        on delegations.method = 'resource_policy'
        and granted.source_name = delegations.source_name
        and granted.delegated_account_id = delegations.delegated_account_id
),
known as materialized (
    select service_principals.source_name, service_principals.service_principal, service_principals.service_id
    from delegation.service_principals
),
-- Organizations knows principals only; one that stands for two services is approved by the name of either.
names as (
    select held.held_id, held.registered_principal as name
    from held
    where held.method = 'organizations'
    union
    select held.held_id, known.service_id
    from held
    join known on known.source_name = held.source_name and known.service_principal = held.registered_principal
    where held.method = 'organizations'
    union
    select held.held_id, held.service_id
    from held
    where held.method <> 'organizations'
    union
    select held.held_id, known.service_principal
    from held
    join known on known.source_name = held.source_name and known.service_id = held.service_id
    where held.method <> 'organizations'
),
covered as (
    select approved.approval_id, held.held_id
    from held
    join names on names.held_id = held.held_id
    join approved
        on approved.source_name = held.source_name
        and approved.service = names.name
    where approved.principal in (held.delegated_account_id, held.granted_principal)
        and approved.method in ('', held.method)
        and approved.region in ('', held.region)
)
select
    coalesce(held.source_name, approved.source_name) as source_name,
    organization.id as organization_id,
    approved.approval_id is not null as has_approval,
    held.held_id is not null as has_delegation,
    held.service_id,
    held.service_name,
    held.method,
    held.region,
    held.registered_principal as service_principal,
    held.delegated_account_id,
    held.granted_principal,
    approved.service as approved_service,
    approved.principal as approved_principal,
    nullif(approved.method, '') as approved_method,
    nullif(approved.region, '') as approved_region,
    approved.approved_by,
    approved.approved_on,
    approved.review_by,
    approved.reason
from approved
left join covered on covered.approval_id = approved.approval_id
full join held on held.held_id = covered.held_id
left join delegation.current_aws_organizations as organization on organization._cq_source_name = coalesce(held.source_name, approved.source_name);
comment on view delegation.approvals is 'Approvals and the delegations that they cover, one row per pair; a delegation that no approval covers and an approval that covers none have a row of their own. A delegation has one row per service principal and per principal of the delegation policy, because each can be approved.';
comment on column delegation.approvals.source_name is 'Name of the source in its spec.';
comment on column delegation.approvals.organization_id is 'ID of the organization.';
comment on column delegation.approvals.has_approval is 'False for a delegation that nobody approved; never null.';
comment on column delegation.approvals.has_delegation is 'False for an approval of what is not there, or was not read; never null.';
comment on column delegation.approvals.service_id is 'As in delegation.delegations; null without a delegation.';
comment on column delegation.approvals.service_name is 'As in delegation.delegations.';
comment on column delegation.approvals.method is 'Method of the delegation.';
comment on column delegation.approvals.region is 'Region of the delegation.';
comment on column delegation.approvals.service_principal is 'Principal that is registered with Organizations; null for the other methods.';
comment on column delegation.approvals.delegated_account_id is 'Account that holds it; * where the delegation policy lets everybody.';
comment on column delegation.approvals.granted_principal is 'Principal of the delegation policy; null for the other methods.';
comment on column delegation.approvals.approved_service is 'Service as the approval names it: an ID of the catalogue or a service principal; null without an approval.';
comment on column delegation.approvals.approved_principal is 'Account or principal as the approval names it.';
comment on column delegation.approvals.approved_method is 'Method that is approved; null for any.';
comment on column delegation.approvals.approved_region is 'Region that is approved; null for every one.';
comment on column delegation.approvals.approved_by is 'Who approved it.';
comment on column delegation.approvals.approved_on is 'Day of the approval: 00:00 UTC.';
comment on column delegation.approvals.review_by is 'Day by which somebody has to look at it again: 00:00 UTC; null for never.';
comment on column delegation.approvals.reason is 'Why it was approved.';

create or replace view delegation.waivers as
select
    waiver._cq_source_name as source_name,
    waiver.rule,
    waiver.resource,
    nullif(waiver.waived_account_id, '') as account_id,
    nullif(waiver.region, '') as region,
    waiver.reason,
    waiver.approved_by,
    waiver.expires,
    waiver.expires <= now() at time zone 'UTC' as is_expired,
    waiver.owner,
    waiver.ticket,
    waiver._cq_id as waiver_id
from delegation.current_aws_delegation_waivers as waiver;
comment on view delegation.waivers is 'Findings that a person has accepted until a day.';
comment on column delegation.waivers.source_name is 'Name of the source in its spec.';
comment on column delegation.waivers.rule is 'ID of the rule, with * for anything.';
comment on column delegation.waivers.resource is 'resource_id of the findings with * for anything; * alone for all.';
comment on column delegation.waivers.account_id is 'Account of the findings, with * for anything; null for every one.';
comment on column delegation.waivers.region is 'Region of the findings, with * for anything; null for every one, and for findings without a Region.';
comment on column delegation.waivers.reason is 'Why it is accepted.';
comment on column delegation.waivers.approved_by is 'Who accepted it.';
comment on column delegation.waivers.expires is 'From then on the waiver no longer counts: 00:00 UTC of the day.';
comment on column delegation.waivers.is_expired is 'True where that day has come; compared with the clock of the database.';
comment on column delegation.waivers.owner is 'Who has to mend it.';
comment on column delegation.waivers.ticket is 'Where the work on it is followed.';
comment on column delegation.waivers.waiver_id is 'The same for a waiver from sync to sync.';
