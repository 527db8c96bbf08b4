create or replace view delegation.organizations as
with asked as (
    select newest_syncs.source_name, newest_syncs.sync_time
    from delegation.newest_syncs
    union all
    -- Absence gets a row: a rule that starts here says `unknown` where nothing was synced, and not nothing.
    select null, null
    where not exists (select from delegation.newest_syncs)
),
asking_accounts as (
    select distinct on (recorded._cq_source_name) recorded._cq_source_name as source_name, recorded.account_id
    from delegation.current_aws_delegation_reads as recorded
    -- Other accounts of a spec lend credentials for their own settings; the organization is read by the first.
    order by recorded._cq_source_name, recorded.table_name <> 'aws_organizations', recorded.account_id
),
table_reads as materialized (
    select table_reads.*
    from delegation.table_reads
    where table_reads.table_name in ('aws_organizations', 'aws_organizations_roots')
)
select
    asked.source_name,
    asked.sync_time,
    asking_accounts.account_id as asking_account_id,
    organization.id as organization_id,
    organization.arn as organization_arn,
    coalesce(nullif(split_part(organization.arn, ':', 2), ''), 'aws') as partition,
    organization.feature_set,
    organization.master_account_id as management_account_id,
    organization.master_account_email as management_account_email,
    root.id as root_id,
    case
        when not coalesce(root_read.was_read, false) or coalesce(jsonb_typeof(root.policy_types), '') <> 'array' then null
        else coalesce(
            (
                select max(policy_type.value ->> 'Status')
                from jsonb_array_elements(root.policy_types) as policy_type (value)
                where policy_type.value ->> 'Type' = 'SERVICE_CONTROL_POLICY'
            ),
            'NOT_ENABLED'
        )
    end as service_control_policy_status,
    coalesce(read.was_read, false) and organization.id is not null as was_read,
    coalesce(read.is_absent, false) and organization.id is null as is_absent,
    case
        when asked.source_name is null then 'unread'
        when not coalesce(read.was_read, false) then coalesce(read.unknown_cause, 'unread')
        when organization.id is null and not coalesce(read.is_absent, false) then 'unread'
    end as unknown_cause,
    case
        when asked.source_name is null then 'nothing was synced into this schema; run `aws-delegation sync`, or `cloudquery sync`'
        when not coalesce(read.was_read, false) then read.read_error
        when organization.id is null and not coalesce(read.is_absent, false) then 'organizations:DescribeOrganization gave no organization; sync again'
    end as read_error
from asked
left join asking_accounts on asking_accounts.source_name = asked.source_name
left join table_reads as read on read.source_name = asked.source_name and read.table_name = 'aws_organizations'
left join table_reads as root_read on root_read.source_name = asked.source_name and root_read.table_name = 'aws_organizations_roots'
left join delegation.current_aws_organizations as organization on organization._cq_source_name = asked.source_name
left join delegation.current_aws_organizations_roots as root on root._cq_source_name = asked.source_name;
comment on view delegation.organizations is 'One row per source: the organization it reads, or why it is not known. One row of nulls where nothing was ever synced.';
comment on column delegation.organizations.source_name is 'Name of the source in its spec; null where nothing was synced.';
comment on column delegation.organizations.sync_time is 'Time of the newest sync, in UTC.';
comment on column delegation.organizations.asking_account_id is 'Account that asked for the organization.';
comment on column delegation.organizations.organization_id is 'ID of the organization (o-...).';
comment on column delegation.organizations.organization_arn is 'ARN of the organization.';
comment on column delegation.organizations.partition is 'aws, aws-cn, aws-us-gov, ...';
comment on column delegation.organizations.feature_set is 'ALL or CONSOLIDATED_BILLING.';
comment on column delegation.organizations.management_account_id is 'ID of the management account.';
comment on column delegation.organizations.management_account_email is 'E-mail address of the management account.';
comment on column delegation.organizations.root_id is 'ID of the root (r-...).';
comment on column delegation.organizations.service_control_policy_status is 'Whether service control policies work at the root: ENABLED, PENDING_ENABLE, PENDING_DISABLE, NOT_ENABLED; null where not read.';
comment on column delegation.organizations.was_read is 'True where the organization is known; never null.';
comment on column delegation.organizations.is_absent is 'True where AWS said that the account is in no organization; never null.';
comment on column delegation.organizations.unknown_cause is 'unread or not_configured; null where it was read.';
comment on column delegation.organizations.read_error is 'What is missing and what to do; null where it was read.';

create or replace view delegation.settings as
select
    newest_syncs.source_name,
    given.workload_ous,
    given.allowed_regions,
    coalesce(given.separation_of_duties, false) as separation_of_duties,
    coalesce(given.max_age_hours, 24) as max_age_hours,
    coalesce(given.has_approvals, false) as has_approvals,
    given._cq_source_name is not null as was_read,
    given.events_lookback_days,
    coalesce(jsonb_array_length(case when jsonb_typeof(given.allowed_regions) = 'array' then given.allowed_regions end), 0) > 0 as has_allowed_regions
from delegation.newest_syncs
left join delegation.current_aws_delegation_settings as given on given._cq_source_name = newest_syncs.source_name;
comment on view delegation.settings is 'What the spec says of how to judge: one row per source.';
comment on column delegation.settings.source_name is 'Name of the source in its spec.';
comment on column delegation.settings.workload_ous is 'List of OUs, by path or ID, where a delegated administrator must not live; null where the spec says nothing.';
comment on column delegation.settings.allowed_regions is 'List of the Regions that members may use; null where the spec says nothing.';
comment on column delegation.settings.separation_of_duties is 'Whether no account may hold both what detects and what runs code in members; false where the spec says nothing.';
comment on column delegation.settings.max_age_hours is 'Age from which a sync is too old, in hours; 24 where the spec says nothing.';
comment on column delegation.settings.has_approvals is 'True where the spec has approvals, be it an empty list; never null.';
comment on column delegation.settings.has_allowed_regions is 'True where the spec names at least one Region that members may use; never null.';
comment on column delegation.settings.was_read is 'False where the sync left the settings out, so that the others are what goes without saying; never null.';
comment on column delegation.settings.events_lookback_days is 'Days of events that the newest sync looked back on; null where it did not say.';

create or replace function delegation.asked_organizations(needed_tables text[])
returns table (
    source_name text,
    sync_time timestamp without time zone,
    organization_id text,
    asking_account_id text,
    management_account_id text,
    partition text,
    root_id text,
    service_control_policy_status text,
    account_id text,
    resource_id text,
    can_judge boolean,
    status text,
    reason text,
    unknown_cause text
)
language sql stable
rows 10
as $$
with missing as (
    select
        table_reads.source_name,
        case when bool_or(table_reads.unknown_cause = 'unread') then 'unread' else 'not_configured' end as unknown_cause,
        string_agg(table_reads.read_error, '; ' order by table_reads.table_name collate "C") as read_error
    from delegation.table_reads
    where not table_reads.was_read
        and exists (select from unnest(needed_tables) as needed (pattern) where table_reads.table_name like delegation.like_pattern(needed.pattern))
    group by table_reads.source_name
)
select
    organizations.source_name,
    organizations.sync_time,
    organizations.organization_id,
    organizations.asking_account_id,
    organizations.management_account_id,
    organizations.partition,
    organizations.root_id,
    organizations.service_control_policy_status,
    coalesce(organizations.management_account_id, organizations.asking_account_id),
    coalesce(organizations.organization_id, organizations.asking_account_id, 'organization'),
    not organizations.is_absent and organizations.was_read and missing.source_name is null,
    case
        when organizations.is_absent then 'not_applicable'
        when not organizations.was_read or missing.source_name is not null then 'unknown'
    end,
    case
        when organizations.is_absent then format('account %s is in no organization', organizations.asking_account_id)
        when not organizations.was_read then format('the organization is not known: %s', organizations.read_error)
        when missing.source_name is not null then format('%s cannot be judged: %s', organizations.organization_id, missing.read_error)
    end,
    case
        when organizations.is_absent then null
        when not organizations.was_read then organizations.unknown_cause
        when missing.source_name is not null then missing.unknown_cause
    end
from delegation.organizations
left join missing on missing.source_name = organizations.source_name
$$;
comment on function delegation.asked_organizations(text[]) is
    'Where a rule starts: one row per source (one in all where nothing was synced). can_judge is true where the organization and all of these tables (* for a part of a name) were read; otherwise status, reason and unknown_cause are the verdict of the rule. account_id and resource_id are what a row about the whole organization has in these columns.';
