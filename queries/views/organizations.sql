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
