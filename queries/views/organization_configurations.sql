-- What only the administrators of a service can show: how its members are enrolled, its aggregators and its analyzers.

-- Where each of them has to be asked.
create or replace view delegation.delegate_places as
with asked_tables (service_id, table_name, principal, is_management_asked) as (
    values
        -- These name their administrators themselves, Region by Region.
        ('guardduty', 'aws_guardduty_organization_configurations', null, false),
        ('security-hub-cspm', 'aws_securityhub_organization_configurations', null, false),
        ('macie', 'aws_macie2_organization_configurations', null, false),
        ('inspector', 'aws_inspector2_organization_configurations', null, false),
        ('detective', 'aws_detective_organization_configurations', null, false),
        -- Of these Organizations alone knows them, for all Regions.
        ('security-lake', 'aws_securitylake_organization_configurations', 'securitylake.amazonaws.com', false),
        ('config', 'aws_config_configuration_aggregators', 'config.amazonaws.com', true),
        ('access-analyzer', 'aws_accessanalyzer_analyzers', 'access-analyzer.amazonaws.com', true)
),
organizations as materialized (
    select organizations.source_name, organizations.organization_id, organizations.management_account_id
    from delegation.organizations
    where organizations.was_read
        and not organizations.is_absent
),
services as materialized (
    select
        organizations.source_name,
        organizations.organization_id,
        organizations.management_account_id,
        services.service_id,
        services.service_name,
        services.group_id,
        services.service_regions,
        asked_tables.table_name,
        asked_tables.principal,
        asked_tables.is_management_asked,
        coalesce(account_read.was_read, false) as were_accounts_read,
        coalesce(region_read.was_read, false) as were_regions_read,
        coalesce(region_read.unknown_cause, 'unread') as regions_cause,
        coalesce(region_read.read_error, 'aws_ec2_regions was not read') as regions_error
    from asked_tables
    join delegation.services on services.service_id = asked_tables.service_id
    join organizations on organizations.source_name = services.source_name
    left join delegation.table_reads as account_read
        on account_read.source_name = services.source_name
        and account_read.table_name = 'aws_organizations_accounts'
    left join delegation.table_reads as region_read
        on region_read.source_name = services.source_name
        and region_read.table_name = 'aws_ec2_regions'
),
of_services as (
    select
        services.source_name,
        services.service_id,
        answers.region,
        answers.delegated_account_id as admin_account_id,
        answers.label as admin_label,
        answers.is_held and answers.is_active is distinct from false as is_administrator,
        answers.was_read as was_listed,
        case when not answers.was_read then answers.problem_cause end as list_cause,
        case when not answers.was_read then answers.problem end as list_problem
    from services
    join delegation.service_answers as answers
        on answers.source_name = services.source_name
        and answers.service_id = services.service_id
    where services.principal is null
        and answers.is_asked
),
reads as materialized (
    select reads.source_name, reads.table_name, reads.region, reads.outcome, reads.error_code
    from delegation.reads
    join services
        on services.source_name = reads.source_name
        and services.table_name = reads.table_name
    where services.principal is not null
        and reads.scope = ''
        and reads.region <> ''
        -- Who is to be asked was asked where Organizations is, wherever the service is.
        and reads.operation not like 'organizations:%'
),
candidates as (
    select services.source_name, services.service_id, enabled_regions.region
    from services
    join delegation.enabled_regions on enabled_regions.source_name = services.source_name
    where services.principal is not null
        and (services.service_regions is null or services.service_regions ? enabled_regions.region)
    union
    -- A Region that is newer than the catalogue, or that the list of Regions lacks.
    select services.source_name, services.service_id, reads.region
    from services
    join reads on reads.source_name = services.source_name and reads.table_name = services.table_name
    where reads.outcome <> 'skipped'
    union
    select services.source_name, services.service_id, null
    from services
    where services.principal is not null
        and not services.were_regions_read
),
named as (
    select services.source_name, services.service_id, delegations.delegated_account_id as account_id
    from services
    join delegation.delegations
        on delegations.source_name = services.source_name
        and delegations.service_id = services.group_id
        and delegations.method = 'organizations'
        and services.principal = any (string_to_array(delegations.service_principal, ', '))
    union
    select services.source_name, services.service_id, services.management_account_id
    from services
    where services.is_management_asked
),
administrators as materialized (
    select
        services.source_name,
        services.service_id,
        named.account_id as admin_account_id,
        delegation.with_remark(
            delegation.account_label(named.account_id, accounts.account_name, accounts.ou_path),
            concat_ws(
                ', ',
                case when named.account_id = services.management_account_id then 'the management account' end,
                case
                    when accounts.account_state <> 'ACTIVE' then accounts.account_state
                    when accounts.account_state is null and services.were_accounts_read then 'no account of this organization'
                end
            )
        ) as admin_label,
        case
            when accounts.account_state in ('ACTIVE', 'PENDING_CLOSURE') then true
            when accounts.account_state is not null or services.were_accounts_read then false
        end as is_active
    from services
    join named on named.source_name = services.source_name and named.service_id = services.service_id
    left join delegation.accounts
        on accounts.source_name = named.source_name
        and accounts.account_id = named.account_id
),
of_organizations as (
    select
        services.source_name,
        services.service_id,
        candidates.region,
        administrators.admin_account_id,
        administrators.admin_label,
        administrators.admin_account_id is not null and administrators.is_active is distinct from false as is_administrator,
        candidates.region is not null and coalesce(question.was_read, false) as was_listed,
        case
            when candidates.region is null then services.regions_cause
            when not coalesce(question.was_read, false) then coalesce(question.unknown_cause, 'unread')
        end as list_cause,
        case
            when candidates.region is null then 'the enabled Regions are not known: ' || services.regions_error
            when not coalesce(question.was_read, false)
                then format('who administers %s is not all known: %s', services.service_name, coalesce(question.read_error, 'Organizations was not asked; sync again'))
        end as list_problem
    from services
    join candidates on candidates.source_name = services.source_name and candidates.service_id = services.service_id
    left join delegation.service_regions as question
        on question.source_name = services.source_name
        and question.service_id = services.group_id
        and question.method = 'organizations'
    left join administrators
        on administrators.source_name = services.source_name
        and administrators.service_id = services.service_id
        and candidates.region is not null
    where not exists (
        select
        from reads
        where reads.source_name = services.source_name
            and reads.table_name = services.table_name
            and reads.region = candidates.region
            and reads.outcome = 'absent'
            -- Codes of the sync; no other `absent` says that there is nothing to be asked.
            and reads.error_code in ('ServiceNotInRegion', 'RegionDisabled')
    )
),
places as (
    select * from of_services
    union all
    select * from of_organizations
)
select
    places.source_name,
    services.organization_id,
    services.management_account_id,
    places.service_id,
    services.service_name,
    services.table_name as source_table,
    places.region,
    places.admin_account_id,
    places.admin_label,
    coalesce(places.is_administrator, false) as is_administrator,
    places.was_listed,
    places.list_cause,
    places.list_problem
from places
join services on services.source_name = places.source_name and services.service_id = places.service_id;
comment on view delegation.delegate_places is 'Whom to ask for what only administrators can show, and where: one row per source, service, Region and account to be asked; one without an account where there is none, or none is known.';
comment on column delegation.delegate_places.source_name is 'Name of the source in its spec.';
comment on column delegation.delegate_places.organization_id is 'ID of the organization.';
comment on column delegation.delegate_places.management_account_id is 'ID of the management account.';
comment on column delegation.delegate_places.service_id is 'ID of the service in the catalogue.';
comment on column delegation.delegate_places.service_name is 'Name of the service.';
comment on column delegation.delegate_places.source_table is 'Table that the answer goes into.';
comment on column delegation.delegate_places.region is 'Region to be asked; null where the enabled Regions are not known.';
comment on column delegation.delegate_places.admin_account_id is 'Account to be asked: an administrator, and for AWS Config and IAM Access Analyzer also the management account; null where nobody is known.';
comment on column delegation.delegate_places.admin_label is 'The same as reasons name it.';
comment on column delegation.delegate_places.is_administrator is 'False without an account, for one that is being made or removed, and for one that is suspended or has left; never null.';
comment on column delegation.delegate_places.was_listed is 'True where it is known who is to be asked; never null.';
comment on column delegation.delegate_places.list_cause is 'unread, not_configured or not_observable; null where was_listed is true.';
comment on column delegation.delegate_places.list_problem is 'What is not known of the administrators, and what to do; null where was_listed is true.';

create or replace view delegation.delegate_reads as
with places as materialized (
    select distinct delegate_places.source_name, delegate_places.service_id, delegate_places.source_table, delegate_places.region, delegate_places.admin_account_id
    from delegation.delegate_places
    where delegate_places.admin_account_id is not null
        and delegate_places.region is not null
),
reads as materialized (
    select reads.*
    from delegation.reads
    where reads.table_name in (select places.source_table from places)
        -- A role that could not be assumed stands at the operations of the table as well; by itself it would also speak of
        -- accounts into which no role is needed.
        and reads.operation <> 'sts:AssumeRole'
),
-- What ended in another way for one account has a row of its own, and the row without a scope is about the others.
of_accounts as (
    select places.*, reads.outcome, reads.operation, reads.error_code, reads.error_message
    from places
    join reads
        on reads.source_name = places.source_name
        and reads.table_name = places.source_table
        and reads.region in ('', places.region)
    left join reads as own_read
        on own_read.source_name = places.source_name
        and own_read.table_name = places.source_table
        and own_read.operation = reads.operation
        and own_read.region = places.region
        and own_read.scope = places.admin_account_id
    where reads.scope = places.admin_account_id
        or (reads.scope = '' and own_read.scope is null)
)
select
    places.source_name,
    places.service_id,
    places.source_table,
    places.region,
    places.admin_account_id,
    coalesce(bool_and(of_accounts.outcome in ('ok', 'absent')), false) as was_read,
    case
        when coalesce(bool_and(of_accounts.outcome in ('ok', 'absent')), false) then null
        when bool_or(of_accounts.outcome in ('denied', 'failed')) or count(of_accounts.outcome) = 0 then 'unread'
        else 'not_configured'
    end as unknown_cause,
    case
        when count(of_accounts.outcome) = 0 then format('no read of %s is recorded in %s; sync again', places.source_table, places.region)
        else
            min(
                delegation.read_problem(
                    of_accounts.outcome, places.source_table, of_accounts.operation, places.region, places.admin_account_id, of_accounts.error_code, of_accounts.error_message
                ) collate "C"
            ) filter (where of_accounts.outcome not in ('ok', 'absent'))
    end as read_error
from places
left join of_accounts
    on of_accounts.source_name = places.source_name
    and of_accounts.source_table = places.source_table
    and of_accounts.region = places.region
    and of_accounts.admin_account_id = places.admin_account_id
group by places.source_name, places.service_id, places.source_table, places.region, places.admin_account_id;
comment on view delegation.delegate_reads is 'Whether an account was read that alone can show something: one row per source, service, Region and account to be asked.';
comment on column delegation.delegate_reads.source_name is 'Name of the source in its spec.';
comment on column delegation.delegate_reads.service_id is 'ID of the service in the catalogue.';
comment on column delegation.delegate_reads.source_table is 'Table that the answer goes into.';
comment on column delegation.delegate_reads.region is 'Region to be asked.';
comment on column delegation.delegate_reads.admin_account_id is 'Account to be asked.';
comment on column delegation.delegate_reads.was_read is 'True where each of its reads is ok or absent; never null.';
comment on column delegation.delegate_reads.unknown_cause is 'unread, or not_configured where the spec lends no access or left it out; null where it was read.';
comment on column delegation.delegate_reads.read_error is 'What is missing and what to do; null where it was read.';

create or replace function delegation.policy_regions(value jsonb) returns text[]
language sql immutable parallel safe
as $$
    select case
        when value is null then '{}'
        when jsonb_typeof(value) = 'array' then case when jsonb_array_length(value) = 0 then '{}' when delegation.is_text_list(value) then delegation.text_list(value) end
        when jsonb_typeof(value) <> 'object' then null
        when value - array['@@assign', '@@append', '@@operators_allowed_for_child_policies'] <> '{}' then null
        else delegation.policy_regions(value -> '@@assign') || delegation.policy_regions(value -> '@@append')
    end
$$;
comment on function delegation.policy_regions(jsonb) is 'A list of Regions as a management policy has it, with or without @@assign and @@append; empty where there is none, null where it is written in another way.';

create or replace function delegation.policy_says(value jsonb, region text) returns text
language sql immutable parallel safe
as $$
    select case
        when value is null then null
        when jsonb_typeof(value) <> 'object' or listed.enabled is null or listed.disabled is null then 'unclear'
        -- AWS lets the second list win.
        when listed.disabled && array[region, 'ALL_SUPPORTED'] then 'off'
        when listed.enabled && array[region, 'ALL_SUPPORTED'] then 'on'
    end
    from (
        select delegation.policy_regions(value -> 'enable_in_regions') as enabled, delegation.policy_regions(value -> 'disable_in_regions') as disabled
    ) as listed
$$;
comment on function delegation.policy_says(jsonb, text) is 'What enable_in_regions and disable_in_regions of a management policy say of a Region: on, off, unclear, or null where they leave it alone.';

create or replace function delegation.guardduty_policy_says(document jsonb, region text) returns text
language sql immutable parallel safe
as $$
    select case
        when jsonb_typeof(document) is distinct from 'object' then 'unclear'
        when not exists (select from jsonb_object_keys(document) as block (name) where block.name = 'default' or block.name ~ '^[a-z]{2,}(-[a-z]+)+-[0-9]+$') then 'unclear'
        -- A block of the Region replaces the default, and what it leaves out is not managed.
        when feature.value is null then null
        when words.are_on then 'on'
        when words.are_off then 'off'
        else 'unclear'
    end
    from (select coalesce(document -> region, document -> 'default') -> 'foundational' as value) as feature
    cross join lateral (
        select
            bool_and(lower(leaf.value #>> '{}') in ('enabled', 'enable', 'true')) as are_on,
            bool_and(lower(leaf.value #>> '{}') in ('disabled', 'disable', 'false')) as are_off
        from jsonb_path_query(feature.value, '$.** ? (@.type() == "string" || @.type() == "boolean")') as leaf (value)
        -- Operators that children may use.
        where left(leaf.value #>> '{}', 2) <> '@@'
    ) as words
$$;
comment on function delegation.guardduty_policy_says(jsonb, text) is 'What a policy of GuardDuty says of foundational threat detection in a Region: on, off, unclear, or null where it leaves it alone.';

-- https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_management_policies.html
create or replace view delegation.enrolment_policies as
with policy_types (service_id, policy_type, part, path) as (
    -- A part is what a policy switches by itself.
    values
        ('guardduty', 'GUARDDUTY_POLICY', '', '{guardduty}'::text[]),
        ('security-hub', 'SECURITYHUB_POLICY', '', '{securityhub}'),
        ('security-hub-cspm', 'SECURITYHUB_CSPM_POLICY', '', null),
        ('inspector', 'INSPECTOR_POLICY', 'ec2', '{inspector, enablement, ec2_scanning}'),
        ('inspector', 'INSPECTOR_POLICY', 'ecr', '{inspector, enablement, ecr_scanning}'),
        ('inspector', 'INSPECTOR_POLICY', 'lambda', '{inspector, enablement, lambda_standard_scanning}')
),
table_reads as materialized (
    select table_reads.source_name, table_reads.table_name, table_reads.was_read, table_reads.unknown_cause, table_reads.read_error
    from delegation.table_reads
    where table_reads.table_name in ('aws_organizations_roots', 'aws_organizations_policies', 'aws_organizations_policy_targets')
),
sources as materialized (
    select
        organizations.source_name,
        organizations.root_id,
        case when jsonb_typeof(root.policy_types) = 'array' and root_read.was_read then root.policy_types end as policy_types,
        coalesce(root_read.unknown_cause, 'unread') as roots_cause,
        coalesce(root_read.read_error, 'aws_organizations_roots has no list of policy types; sync again') as roots_error,
        coalesce(policy_read.was_read, false) as were_policies_read,
        coalesce(policy_read.unknown_cause, 'unread') as policies_cause,
        coalesce(policy_read.read_error, 'aws_organizations_policies was not read') as policies_error
    from delegation.organizations
    left join delegation.current_aws_organizations_roots as root
        on root._cq_source_name = organizations.source_name
        and root.id = organizations.root_id
    left join table_reads as root_read on root_read.source_name = organizations.source_name and root_read.table_name = 'aws_organizations_roots'
    left join table_reads as policy_read on policy_read.source_name = organizations.source_name and policy_read.table_name = 'aws_organizations_policies'
    where organizations.was_read
        and not organizations.is_absent
),
regions as materialized (
    select delegate_places.source_name, delegate_places.service_id, delegate_places.region
    from delegation.delegate_places
    where delegate_places.region is not null
    union
    -- The policies of Security Hub V2 are all that enrolls there, and its administrator is one for all Regions.
    select services.source_name, services.service_id, enabled_regions.region
    from delegation.services
    join delegation.enabled_regions on enabled_regions.source_name = services.source_name
    where services.service_id = 'security-hub'
        and (services.service_regions is null or services.service_regions ? enabled_regions.region)
),
types as (
    select
        sources.*,
        policy_types.service_id,
        policy_types.policy_type,
        policy_types.part,
        policy_types.path,
        case
            when sources.policy_types is not null
                then sources.policy_types @> jsonb_build_array(jsonb_build_object('Type', policy_types.policy_type, 'Status', 'ENABLED'))
        end as is_enabled
    from sources
    cross join policy_types
),
target_reads as materialized (
    select
        reads.source_name,
        reads.scope as policy_id,
        case when bool_or(reads.outcome in ('denied', 'failed')) then 'unread' else 'not_configured' end as unknown_cause,
        min(delegation.read_problem(reads.outcome, reads.table_name, reads.operation, reads.region, reads.scope, reads.error_code, reads.error_message) collate "C") as problem
    from delegation.reads
    where reads.table_name = 'aws_organizations_policy_targets'
        and reads.outcome not in ('ok', 'absent')
    group by reads.source_name, reads.scope
),
text_reads as materialized (
    select
        reads.source_name,
        reads.scope as policy_id,
        case when bool_or(reads.outcome in ('denied', 'failed')) then 'unread' else 'not_configured' end as unknown_cause,
        min(delegation.read_problem(reads.outcome, reads.table_name, reads.operation, reads.region, reads.scope, reads.error_code, reads.error_message) collate "C") as problem
    from delegation.reads
    where reads.table_name = 'aws_organizations_policies'
        and reads.operation = 'organizations:DescribePolicy'
        and reads.outcome not in ('ok', 'absent')
    group by reads.source_name, reads.scope
),
attachments as materialized (
    select
        sources.source_name,
        target.policy_id,
        bool_or(target.target_id = sources.root_id) as is_on_root,
        bool_or(target.target_id <> sources.root_id) as is_below_root
    from delegation.current_aws_organizations_policy_targets as target
    join sources on sources.source_name = target._cq_source_name
    group by sources.source_name, target.policy_id
),
policies as materialized (
    select
        policy._cq_source_name as source_name,
        policy.type as policy_type,
        policy.id as policy_id,
        policy.id || coalesce(' (' || policy.name || ')', '') as label,
        policy.content,
        -- Of two texts that assign, AWS takes one.
        policy.content::text like '%@@assign%' or policy.content::text not like '%@@append%' as is_assigning,
        coalesce(attachments.is_on_root, false) as is_on_root,
        coalesce(attachments.is_below_root, false) as is_below_root,
        coalesce(own_targets.problem, all_targets.problem) as targets_problem,
        coalesce(own_targets.unknown_cause, all_targets.unknown_cause) as targets_cause,
        case when policy.content is null then coalesce(own_text.problem, all_texts.problem, format('the text of %s was not read, or is no JSON; sync again', policy.id)) end as text_problem,
        case when policy.content is null then coalesce(own_text.unknown_cause, all_texts.unknown_cause, 'unread') end as text_cause
    from delegation.current_aws_organizations_policies as policy
    join sources on sources.source_name = policy._cq_source_name
    left join attachments on attachments.source_name = policy._cq_source_name and attachments.policy_id = policy.id
    left join target_reads as own_targets on own_targets.source_name = policy._cq_source_name and own_targets.policy_id = policy.id
    left join target_reads as all_targets on all_targets.source_name = policy._cq_source_name and all_targets.policy_id = ''
    left join text_reads as own_text on own_text.source_name = policy._cq_source_name and own_text.policy_id = policy.id
    left join text_reads as all_texts on all_texts.source_name = policy._cq_source_name and all_texts.policy_id = ''
    where policy.type in (select policy_types.policy_type from policy_types)
),
answers as (
    select
        types.source_name,
        types.service_id,
        types.policy_type,
        types.part,
        regions.region,
        types.is_enabled,
        types.roots_cause,
        types.roots_error,
        types.were_policies_read,
        types.policies_cause,
        types.policies_error,
        policies.label,
        policies.is_on_root,
        policies.is_below_root,
        policies.is_assigning,
        policies.targets_problem,
        policies.targets_cause,
        case when policies.is_on_root then policies.text_problem end as text_problem,
        case when policies.is_on_root then policies.text_cause end as text_cause,
        case
            when not policies.is_on_root or policies.content is null then null
            when types.policy_type = 'GUARDDUTY_POLICY' then delegation.guardduty_policy_says(policies.content #> types.path, regions.region)
            when types.policy_type = 'SECURITYHUB_CSPM_POLICY' then (
                -- AWS's page names this key; what stands around it does not matter.
                select case when count(*) = 1 then min(delegation.policy_says(found.value, regions.region)) else 'unclear' end
                from jsonb_path_query(policies.content, '$.**.cspm_enablement') as found (value)
            )
            when policies.content #> types.path[1:1] is null then 'unclear'
            else delegation.policy_says(policies.content #> types.path, regions.region)
        end as says
    from types
    join regions on regions.source_name = types.source_name and regions.service_id = types.service_id
    left join policies on types.is_enabled and policies.source_name = types.source_name and policies.policy_type = types.policy_type
),
combined as (
    select
        answers.source_name,
        answers.service_id,
        answers.policy_type,
        answers.part,
        answers.region,
        answers.is_enabled,
        min(answers.roots_cause) as roots_cause,
        min(answers.roots_error) as roots_error,
        bool_and(answers.were_policies_read) as were_policies_read,
        min(answers.policies_cause) as policies_cause,
        min(answers.policies_error) as policies_error,
        string_agg(answers.label, ', ' order by answers.label collate "C") filter (where answers.is_on_root and answers.says is not null) as policy_labels,
        string_agg(answers.label, ', ' order by answers.label collate "C") filter (where answers.is_below_root) as labels_below_root,
        min(coalesce(answers.targets_problem, answers.text_problem) collate "C") as problem,
        case
            when bool_or(coalesce(answers.targets_cause, answers.text_cause) = 'unread') then 'unread'
            else min(coalesce(answers.targets_cause, answers.text_cause))
        end as problem_cause,
        coalesce(bool_or(answers.says = 'unclear'), false) as has_unclear,
        coalesce(bool_or(answers.says = 'off'), false) as has_off,
        coalesce(bool_or(answers.says = 'on'), false) as has_on,
        coalesce(bool_and(answers.says is not distinct from 'on' or not answers.is_on_root or not answers.is_assigning), true) as do_agree
    from answers
    group by answers.source_name, answers.service_id, answers.policy_type, answers.part, answers.region, answers.is_enabled
)
select
    combined.source_name,
    combined.service_id,
    combined.policy_type,
    combined.part,
    combined.region,
    case
        when combined.is_enabled is false or not judged.was_read then null
        when combined.has_unclear then 'unclear'
        when combined.has_off then 'off'
        when combined.has_on and not combined.do_agree then 'unclear'
        when combined.has_on then 'on'
    end as says,
    case when combined.is_enabled then combined.policy_labels end as policy_labels,
    case when combined.is_enabled then combined.labels_below_root end as labels_below_root,
    judged.was_read,
    case
        when judged.was_read then null
        when combined.is_enabled is null then combined.roots_cause
        when not combined.were_policies_read then combined.policies_cause
        else combined.problem_cause
    end as unknown_cause,
    case
        when judged.was_read then null
        when combined.is_enabled is null then combined.roots_error
        when not combined.were_policies_read then combined.policies_error
        else combined.problem
    end as read_error
from combined
cross join lateral (
    -- Where the root does not have the type, nothing that is attached counts.
    select combined.is_enabled is false or coalesce(combined.is_enabled and combined.were_policies_read and combined.problem is null, false) as was_read
) as judged;
comment on view delegation.enrolment_policies is 'What policies that are attached to the root say of a service in new accounts: one row per source, service with such policies, Region, and part of the service that they switch by itself.';
comment on column delegation.enrolment_policies.source_name is 'Name of the source in its spec.';
comment on column delegation.enrolment_policies.service_id is 'ID of the service in the catalogue.';
comment on column delegation.enrolment_policies.policy_type is 'Type of the policies.';
comment on column delegation.enrolment_policies.part is 'ec2, ecr or lambda for Inspector, otherwise empty.';
comment on column delegation.enrolment_policies.region is 'Region.';
comment on column delegation.enrolment_policies.says is 'on, off, unclear where this version cannot tell, or null where no policy speaks of it, or that was not read.';
comment on column delegation.enrolment_policies.policy_labels is 'The policies on the root that speak of it.';
comment on column delegation.enrolment_policies.labels_below_root is 'Policies of the type that are attached to an OU or an account, where they may say something else.';
comment on column delegation.enrolment_policies.was_read is 'True where all policies that count were read, or the root does not have the type enabled; never null.';
comment on column delegation.enrolment_policies.unknown_cause is 'unread or not_configured; null where was_read is true.';
comment on column delegation.enrolment_policies.read_error is 'What is missing and what to do; null where was_read is true.';

create or replace view delegation.organization_configurations as
with places as materialized (
    select delegate_places.*
    from delegation.delegate_places
    where delegate_places.source_table like '%\_organization\_configurations'
),
delegate_reads as materialized (
    select delegate_reads.*
    from delegation.delegate_reads
),
policies as materialized (
    select
        enrolment_policies.source_name,
        enrolment_policies.service_id,
        enrolment_policies.region,
        min(enrolment_policies.policy_type) as policy_type,
        bool_and(enrolment_policies.was_read) as was_read,
        min(enrolment_policies.unknown_cause) as unknown_cause,
        min(enrolment_policies.read_error collate "C") as read_error,
        coalesce(bool_or(enrolment_policies.says = 'unclear'), false) as is_unclear,
        coalesce(bool_or(enrolment_policies.says = 'off'), false) as is_off,
        coalesce(bool_and(enrolment_policies.says is not distinct from 'on'), false) as is_on,
        jsonb_object_agg(enrolment_policies.part, enrolment_policies.says) as says,
        string_agg(distinct enrolment_policies.policy_labels collate "C", ', ') as policy_labels,
        min(enrolment_policies.labels_below_root) as labels_below_root
    from delegation.enrolment_policies
    group by enrolment_policies.source_name, enrolment_policies.service_id, enrolment_policies.region
),
-- What the administrators have set. In an account that answers for several detectors or graphs of a Region all of them count.
of_guardduty as (
    select
        configuration._cq_source_name as source_name,
        configuration.region,
        configuration.admin_account_id,
        case
            when bool_or(coalesce(configuration.auto_enable_organization_members = 'NONE', not configuration.auto_enable)) then 'none'
            when bool_and(configuration.auto_enable_organization_members = 'ALL') then 'all'
            when bool_and(coalesce(configuration.auto_enable_organization_members in ('ALL', 'NEW'), configuration.auto_enable)) then 'new'
        end as enrolment,
        case
            when count(configuration.auto_enable_organization_members) = count(*) then 'AutoEnableOrganizationMembers ' || string_agg(distinct configuration.auto_enable_organization_members collate "C", ' and ')
            else 'AutoEnable ' || case when bool_and(configuration.auto_enable) then 'true' when bool_or(not configuration.auto_enable) then 'false' else 'not given' end
        end as setting,
        bool_or(configuration.member_account_limit_reached) as member_limit_reached,
        null::jsonb as scans
    from delegation.current_aws_guardduty_organization_configurations as configuration
    group by configuration._cq_source_name, configuration.region, configuration.admin_account_id
),
of_security_hub as (
    select
        configuration._cq_source_name as source_name,
        configuration.region,
        configuration.admin_account_id,
        case
            -- Under central configuration AWS sets AutoEnable to false, and configuration policies enroll.
            when central.type = 'CENTRAL' then case when central.status = 'ENABLED' then 'central' when central.status is not null then 'none' end
            when configuration.auto_enable then 'new'
            when not configuration.auto_enable then 'none'
        end as enrolment,
        case
            when central.type = 'CENTRAL' then concat(
                format('ConfigurationType CENTRAL with Status %s', coalesce(central.status, 'not given')),
                case when central.status = 'ENABLED' then ', AutoEnable ' || coalesce(configuration.auto_enable::text, 'not given') end,
                case
                    when central.status = 'PENDING' then ': it is not in force yet'
                    when central.status = 'FAILED' then ': it could not be put into force'
                end,
                ' (' || nullif(configuration.organization_configuration ->> 'StatusMessage', '') || ')'
            )
            else concat(
                'AutoEnable ' || coalesce(configuration.auto_enable::text, 'not given'),
                ' with ConfigurationType ' || central.type
            )
        end as setting,
        configuration.member_account_limit_reached as member_limit_reached,
        null::jsonb as scans
    from delegation.current_aws_securityhub_organization_configurations as configuration
    cross join lateral (
        select configuration.organization_configuration ->> 'ConfigurationType' as type, configuration.organization_configuration ->> 'Status' as status
    ) as central
),
of_macie as (
    select
        configuration._cq_source_name as source_name,
        configuration.region,
        configuration.admin_account_id,
        case when configuration.auto_enable then 'new' when not configuration.auto_enable then 'none' end as enrolment,
        'autoEnable ' || coalesce(configuration.auto_enable::text, 'not given') as setting,
        configuration.max_account_limit_reached as member_limit_reached,
        null::jsonb as scans
    from delegation.current_aws_macie2_organization_configurations as configuration
),
of_inspector as (
    select
        configuration._cq_source_name as source_name,
        configuration.region,
        configuration.admin_account_id,
        null::text as enrolment,
        null::text as setting,
        configuration.max_account_limit_reached as member_limit_reached,
        configuration.auto_enable as scans
    from delegation.current_aws_inspector2_organization_configurations as configuration
),
of_detective as (
    select
        configuration._cq_source_name as source_name,
        configuration.region,
        configuration.admin_account_id,
        case when bool_or(not configuration.auto_enable) then 'none' when bool_and(configuration.auto_enable) and count(configuration.auto_enable) = count(*) then 'new' end as enrolment,
        'AutoEnable ' || case when bool_or(not configuration.auto_enable) then 'false' when count(configuration.auto_enable) = count(*) then 'true' else 'not given' end as setting,
        null::boolean as member_limit_reached,
        null::jsonb as scans
    from delegation.current_aws_detective_organization_configurations as configuration
    group by configuration._cq_source_name, configuration.region, configuration.admin_account_id
),
-- AWS does not say whether Security Lake answers for the Region that is asked or for all of them, so every answer counts.
lake_answers as (
    select
        configuration._cq_source_name as source_name,
        configuration.admin_account_id,
        answer.value ->> 'region' as region,
        string_agg(distinct (source.value ->> 'sourceName') collate "C", ', ') as sources
    from delegation.current_aws_securitylake_organization_configurations as configuration
    cross join lateral jsonb_array_elements(delegation.as_list(configuration.auto_enable_new_account)) as answer (value)
    cross join lateral jsonb_array_elements(delegation.as_list(answer.value -> 'sources')) as source (value)
    group by configuration._cq_source_name, configuration.admin_account_id, answer.value ->> 'region'
),
lake_gaps as (
    select
        delegate_reads.source_name,
        delegate_reads.admin_account_id,
        case when bool_or(delegate_reads.unknown_cause = 'unread') then 'unread' else min(delegate_reads.unknown_cause) end as unknown_cause,
        min(delegate_reads.read_error collate "C") as read_error
    from delegate_reads
    where delegate_reads.service_id = 'security-lake'
        and not delegate_reads.was_read
    group by delegate_reads.source_name, delegate_reads.admin_account_id
),
of_security_lake as (
    select
        places.source_name,
        places.region,
        places.admin_account_id,
        case when lake_answers.sources is not null then 'new' else 'none' end as enrolment,
        case when lake_answers.sources is not null then 'autoEnableNewAccount with ' || lake_answers.sources else 'no sources in autoEnableNewAccount' end as setting,
        null::boolean as member_limit_reached,
        null::jsonb as scans
    from places
    left join lake_answers
        on lake_answers.source_name = places.source_name
        and lake_answers.admin_account_id = places.admin_account_id
        and lake_answers.region = places.region
    where places.service_id = 'security-lake'
        and places.admin_account_id is not null
),
settings as materialized (
    select 'guardduty' as service_id, of_guardduty.* from of_guardduty
    union all
    select 'security-hub-cspm', of_security_hub.* from of_security_hub
    union all
    select 'macie', of_macie.* from of_macie
    union all
    select 'inspector', of_inspector.* from of_inspector
    union all
    select 'detective', of_detective.* from of_detective
    union all
    select 'security-lake', of_security_lake.* from of_security_lake
),
-- One row per administrator that can enroll members, and one without for a Region that has none.
asked as (
    select
        places.source_name,
        places.organization_id,
        places.management_account_id,
        places.service_id,
        places.service_name,
        places.source_table,
        places.region,
        places.admin_account_id,
        places.admin_label,
        places.was_listed,
        places.list_cause,
        places.list_problem,
        null::text as others
    from places
    where places.is_administrator
    union all
    select
        places.source_name,
        min(places.organization_id),
        min(places.management_account_id),
        places.service_id,
        min(places.service_name),
        min(places.source_table),
        places.region,
        null,
        null,
        bool_and(places.was_listed),
        min(places.list_cause),
        min(places.list_problem collate "C"),
        string_agg(places.admin_label, ' and ' order by places.admin_label collate "C")
    from places
    group by places.source_name, places.service_id, places.region
    having not bool_or(places.is_administrator)
    union all
    -- The administrator of V2 is one for the organization, and has nothing to set: only policies enroll.
    select
        answers.source_name,
        organizations.organization_id,
        organizations.management_account_id,
        'security-hub',
        answers.service_name,
        'aws_organizations_policies',
        regions.region,
        null,
        null,
        regions.region is not null,
        case when regions.region is null then coalesce(region_read.unknown_cause, 'unread') end,
        case when regions.region is null then 'the enabled Regions are not known: ' || coalesce(region_read.read_error, 'aws_ec2_regions was not read') end,
        null
    from delegation.services as answers
    join delegation.organizations on organizations.source_name = answers.source_name and organizations.was_read and not organizations.is_absent
    left join delegation.table_reads as region_read on region_read.source_name = answers.source_name and region_read.table_name = 'aws_ec2_regions'
    cross join lateral (
        select enabled_regions.region
        from delegation.enabled_regions
        where enabled_regions.source_name = answers.source_name
            and (answers.service_regions is null or answers.service_regions ? enabled_regions.region)
        union all
        select null
        where not coalesce(region_read.was_read, false)
    ) as regions
    where answers.service_id = 'security-hub'
),
found as (
    select
        asked.*,
        settings.source_name is not null as has_settings,
        settings.enrolment as set_enrolment,
        settings.setting,
        settings.member_limit_reached,
        settings.scans,
        policies.is_on as is_on_by_policy,
        policies.is_off as is_off_by_policy,
        policies.is_unclear as is_unclear_by_policy,
        policies.says,
        policies.policy_type,
        policies.policy_labels,
        policies.labels_below_root,
        coalesce(policies.was_read, true) as were_policies_read,
        policies.unknown_cause as policies_cause,
        policies.read_error as policies_error,
        -- What one Region of Security Lake does not say, another that was not read may.
        case
            when asked.service_id <> 'security-lake' then delegate_reads.unknown_cause
            when settings.enrolment = 'none' then lake_gaps.unknown_cause
        end as settings_cause,
        case
            when asked.service_id <> 'security-lake' then delegate_reads.read_error
            when settings.enrolment = 'none' then lake_gaps.read_error
        end as settings_error,
        coalesce(delegate_reads.was_read, false) as was_asked,
        delegate_reads.unknown_cause as read_cause,
        delegate_reads.read_error
    from asked
    left join settings
        on settings.source_name = asked.source_name
        and settings.service_id = asked.service_id
        and settings.region = asked.region
        and settings.admin_account_id = asked.admin_account_id
    left join policies
        on policies.source_name = asked.source_name
        and policies.service_id = asked.service_id
        and policies.region = asked.region
    left join delegate_reads
        on delegate_reads.source_name = asked.source_name
        and delegate_reads.service_id = asked.service_id
        and delegate_reads.region = asked.region
        and delegate_reads.admin_account_id = asked.admin_account_id
    left join lake_gaps
        on lake_gaps.source_name = asked.source_name
        and lake_gaps.admin_account_id = asked.admin_account_id
),
scanned as (
    -- A policy overrules what the administrator has set for the scan of which it speaks, and for no other.
    -- https://docs.aws.amazon.com/inspector/latest/user/managing-multiple-accounts.html
    select
        found.*,
        scans.on_count,
        scans.off_names,
        scans.on_names
    from found
    cross join lateral (
        select
            count(*) filter (where coalesce(found.says ->> scan.name, found.scans ->> scan.name) in ('on', 'true')) as on_count,
            string_agg(scan.name, ' and ' order by scan.position) filter (where coalesce(found.says ->> scan.name, found.scans ->> scan.name) in ('on', 'true')) as on_names,
            string_agg(scan.name, ' and ' order by scan.position) filter (where coalesce(found.says ->> scan.name, found.scans ->> scan.name, '') not in ('on', 'true')) as off_names
        from (values (1, 'ec2'), (2, 'ecr'), (3, 'lambda')) as scan (position, name)
        where found.service_id = 'inspector'
    ) as scans
),
judged as (
    select
        scanned.*,
        case
            when scanned.region is null then null
            when not scanned.were_policies_read or coalesce(scanned.is_unclear_by_policy, false) then null
            when scanned.is_on_by_policy then 'policy'
            when scanned.is_off_by_policy and scanned.service_id <> 'inspector' then 'none'
            when scanned.service_id = 'security-hub' then 'none'
            when not scanned.was_listed or scanned.admin_account_id is null then null
            when scanned.settings_error is not null then null
            when not scanned.has_settings then 'none'
            when scanned.service_id = 'inspector' then case when jsonb_typeof(scanned.scans) is distinct from 'object' then null when scanned.on_count = 3 then 'new' when scanned.on_count > 0 then 'some' else 'none' end
            else scanned.set_enrolment
        end as enrolment
    from scanned
)
select
    judged.source_name,
    judged.organization_id,
    judged.management_account_id,
    judged.service_id,
    judged.service_name,
    judged.region,
    judged.admin_account_id,
    judged.admin_label,
    judged.others as other_labels,
    judged.was_listed and (judged.was_asked or judged.admin_account_id is null) and (judged.were_policies_read or judged.service_id <> 'security-hub') as was_read,
    case
        when not judged.was_listed then judged.list_cause
        when judged.service_id = 'security-hub' then judged.policies_cause
        when judged.was_asked or judged.admin_account_id is null then null
        else judged.read_cause
    end as unknown_cause,
    case
        when not judged.was_listed then judged.list_problem
        when judged.service_id = 'security-hub' then judged.policies_error
        when judged.was_asked or judged.admin_account_id is null then null
        else judged.read_error
    end as read_error,
    judged.enrolment,
    concat(
        case
            when judged.enrolment is null then null
            when judged.enrolment = 'policy' then format('%s %s', judged.policy_type, judged.policy_labels)
            when judged.is_off_by_policy and judged.service_id <> 'inspector' then format('%s %s switches it off', judged.policy_type, judged.policy_labels)
            when judged.service_id = 'security-hub' then 'no SECURITYHUB_POLICY on the root switches it on, and nothing else does'
            when not judged.has_settings then format('%s answers that it is not on in its own account there', judged.admin_label)
            when judged.service_id = 'inspector' then concat(
                'autoEnable ',
                concat_ws(', ', judged.on_names || ' on', judged.off_names || ' off'),
                ' together with INSPECTOR_POLICY ' || judged.policy_labels,
                ', lambdaCode ' || case judged.scans ->> 'lambdaCode' when 'true' then 'on' when 'false' then 'off' end,
                ', codeRepository ' || case judged.scans ->> 'codeRepository' when 'true' then 'on' when 'false' then 'off' end,
                ' of ' || judged.admin_label
            )
            else judged.setting || coalesce(' of ' || judged.admin_label, '')
        end,
        case when judged.policy_labels is not null and judged.enrolment is not null then '; ' || judged.labels_below_root || ' below the root may say something else' end
    ) as setting,
    case
        when judged.enrolment is not null then null
        when judged.region is null then judged.list_cause
        when not judged.were_policies_read then judged.policies_cause
        when judged.is_unclear_by_policy then 'not_observable'
        when not judged.was_listed then judged.list_cause
        when judged.admin_account_id is null then null
        else coalesce(judged.settings_cause, 'unread')
    end as enrolment_cause,
    case
        when judged.enrolment is not null then null
        when judged.region is null then judged.list_problem
        when not judged.were_policies_read then judged.policies_error
        when judged.is_unclear_by_policy then format('what %s %s means there cannot be told by this version', judged.policy_type, judged.policy_labels)
        when not judged.was_listed then judged.list_problem
        when judged.admin_account_id is null then null
        when judged.settings_error is not null then judged.settings_error
        when judged.setting is not null then format('%s says %s, which does not tell how members are enrolled; sync again', judged.admin_label, judged.setting)
        else format('%s did not say how members are enrolled; sync again', judged.admin_label)
    end as enrolment_problem,
    judged.member_limit_reached,
    judged.was_asked and not judged.has_settings as is_absent,
    judged.source_table
from judged;
comment on view delegation.organization_configurations is 'What services do with members, as their administrators and policies have set it: one row per source, service, Region and administrator there, and one without an administrator where there is none, or none is known.';
comment on column delegation.organization_configurations.source_name is 'Name of the source in its spec.';
comment on column delegation.organization_configurations.organization_id is 'ID of the organization.';
comment on column delegation.organization_configurations.management_account_id is 'ID of the management account.';
comment on column delegation.organization_configurations.service_id is 'ID of the service in the catalogue.';
comment on column delegation.organization_configurations.service_name is 'Name of the service.';
comment on column delegation.organization_configurations.region is 'Region in which the service exists; null where the enabled Regions are not known.';
comment on column delegation.organization_configurations.admin_account_id is 'Administrator of the service in this Region; null where it has none, and for Security Hub V2, whose administrator has nothing to set.';
comment on column delegation.organization_configurations.admin_label is 'The same as reasons name it.';
comment on column delegation.organization_configurations.other_labels is 'Who is named there and does not count as an administrator: it is being made or removed, is suspended or has left.';
comment on column delegation.organization_configurations.was_read is 'True where this administrator was read; never null.';
comment on column delegation.organization_configurations.unknown_cause is 'unread, not_configured or not_observable; null where there is an administrator that was read, or none.';
comment on column delegation.organization_configurations.read_error is 'What is missing and what to do; null where unknown_cause is.';
comment on column delegation.organization_configurations.enrolment is 'How new accounts become members: all (those of before too), new, central (central configuration of Security Hub), policy (policies on the root), some (not every scan of Inspector), none; null where that is not known, or nobody administers the service.';
comment on column delegation.organization_configurations.setting is 'What says so, in the words of AWS, and whose it is; null or empty where enrolment is not known.';
comment on column delegation.organization_configurations.enrolment_cause is 'unread, not_configured or not_observable where enrolment is not known; otherwise null.';
comment on column delegation.organization_configurations.enrolment_problem is 'Why enrolment is not known, and what to do; otherwise null.';
comment on column delegation.organization_configurations.member_limit_reached is 'True where no further member is taken; null where it was not read, and for services that do not tell.';
comment on column delegation.organization_configurations.is_absent is 'True where the administrator answers that the service is not on in its own account there; never null.';
comment on column delegation.organization_configurations.source_table is 'Table that the setting comes from.';
