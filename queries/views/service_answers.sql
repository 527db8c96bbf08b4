create or replace view delegation.service_answers as
with asked_services as (
    -- Those that keep a list of administrators themselves, whether or not this version asks for it.
    select services.*
    from delegation.services
    where services.methods ? 'service'
        and (services.admin_table_name is not null or (services.list_admin_action is not null and services.list_admin_action not like 'organizations:%'))
),
questions as materialized (
    select
        service_regions.source_name,
        service_regions.service_id,
        service_regions.region,
        service_regions.was_read or coalesce(without_access.was_read, false) as was_read,
        case when without_access.service_id is null then service_regions.unknown_cause else without_access.unknown_cause end as unknown_cause,
        case when without_access.service_id is null then service_regions.read_error else without_access.read_error end as read_error
    from delegation.service_regions
    left join (
        select asked_services.source_name, asked_services.service_id, access_read.was_read, access_read.unknown_cause, access_read.read_error
        from asked_services
        join delegation.table_reads as access_read
            on access_read.source_name = asked_services.source_name
            and access_read.table_name = 'aws_organizations_service_access'
        left join delegation.trusted_access
            on trusted_access.source_name = asked_services.source_name
            and trusted_access.service_id = asked_services.service_id
        where trusted_access.service_id is null
    ) as without_access
        -- Of a service that this version does not ask so much is known, or can be: without trusted access it has no administrator.
        on service_regions.unknown_cause = 'not_observable'
        and without_access.source_name = service_regions.source_name
        and without_access.service_id = service_regions.service_id
    where service_regions.method = 'service'
),
state_reads as materialized (
    -- These name nobody, but only they can say that somebody who is listed is on the way in or out, or never worked.
    select
        asked_services.source_name,
        asked_services.service_id,
        case when asked_services.is_regional then reads.region end as region,
        case when bool_or(reads.outcome in ('denied', 'failed')) then 'unread' else 'not_configured' end as unknown_cause,
        min(delegation.read_problem(reads.outcome, reads.table_name, reads.operation, reads.region, reads.scope, reads.error_code, reads.error_message) collate "C") as read_error
    from asked_services
    join delegation.reads
        on reads.source_name = asked_services.source_name
        and reads.table_name = asked_services.admin_table_name
    where reads.operation in ('inspector2:GetDelegatedAdminAccount', 'fms:GetAdminAccount')
        and reads.outcome not in ('ok', 'absent')
    group by asked_services.source_name, asked_services.service_id, case when asked_services.is_regional then reads.region end
),
administrators as materialized (
    select
        delegations.*,
        coalesce(account_read.was_read, false) as were_accounts_read
    from delegation.delegations
    left join delegation.table_reads as account_read
        on account_read.source_name = delegations.source_name
        and account_read.table_name = 'aws_organizations_accounts'
    where delegations.method = 'service'
),
sources_with_regions as (
    select distinct enabled_regions.source_name
    from delegation.enabled_regions
),
answers as materialized (
    select
        asked_services.source_name,
        asked_services.service_id,
        asked_services.service_name,
        asked_services.group_id,
        coalesce(asked_services.is_regional, false) as is_regional,
        questions.region,
        questions.service_id is not null or sources_with_regions.source_name is null as is_asked,
        coalesce(questions.was_read, sources_with_regions.source_name is not null) as was_listed,
        case
            when questions.service_id is null then sources_with_regions.source_name is not null
            else questions.was_read and (administrators.delegated_account_id is null or state_reads.source_name is null)
        end as was_read,
        case
            when questions.service_id is null then case when sources_with_regions.source_name is null then 'unread' end
            when not questions.was_read then questions.unknown_cause
            when administrators.delegated_account_id is not null then state_reads.unknown_cause
        end as unknown_cause,
        case
            when questions.service_id is null then case when sources_with_regions.source_name is null then 'no enabled Region is known; sync again' end
            when not questions.was_read then questions.read_error
            when administrators.delegated_account_id is not null then state_reads.read_error
        end as read_error,
        administrators.delegated_account_id,
        case
            when administrators.delegated_account_id is not null then delegation.with_remark(
                delegation.account_label(administrators.delegated_account_id, administrators.account_name, administrators.ou_path),
                concat_ws(
                    ', ',
                    case when administrators.is_management_account then 'the management account' end,
                    case
                        when administrators.account_state <> 'ACTIVE' then administrators.account_state
                        when administrators.account_state is null and administrators.were_accounts_read then 'no account of this organization'
                    end,
                    case when not administrators.is_held then format('status %s', coalesce(administrators.status, 'unknown')) end
                )
            )
        end as label,
        administrators.status,
        administrators.is_held,
        case
            when administrators.delegated_account_id is null then null
            when administrators.account_state in ('ACTIVE', 'PENDING_CLOSURE') then true
            when administrators.account_state is not null or administrators.were_accounts_read then false
        end as is_active,
        case when administrators.delegated_account_id is not null then coalesce(administrators.is_management_account, false) end as is_management_account
    from asked_services
    left join questions
        on questions.source_name = asked_services.source_name
        and questions.service_id = asked_services.service_id
    left join administrators
        on administrators.source_name = questions.source_name
        and administrators.service_id = questions.service_id
        and administrators.region is not distinct from questions.region
    left join state_reads
        on state_reads.source_name = questions.source_name
        and state_reads.service_id = questions.service_id
        and state_reads.region is not distinct from questions.region
    left join sources_with_regions on sources_with_regions.source_name = asked_services.source_name
),
named_services as (
    select distinct answers.source_name, answers.service_id
    from answers
    where answers.delegated_account_id is not null
),
unread as (
    select distinct
        answers.source_name,
        answers.service_id,
        answers.service_name,
        answers.region,
        case when named_services.service_id is not null then answers.region end as problem_region,
        answers.unknown_cause,
        answers.read_error
    from answers
    left join named_services
        on named_services.source_name = answers.source_name
        and named_services.service_id = answers.service_id
    where not answers.was_read
),
problems as (
    -- Where nobody is known to administer the service anywhere, the question is whether it is delegated at all, and it is one.
    select
        unread.source_name,
        unread.service_id,
        unread.problem_region,
        case
            when bool_or(unread.unknown_cause = 'unread') then 'unread'
            when bool_or(unread.unknown_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as problem_cause,
        concat(
            format('what %s says of its administrators', unread.service_name),
            ' in ' || string_agg(unread.region, ', ' order by unread.region collate "C"),
            ' is not all known: ',
            min(unread.read_error collate "C"),
            case when count(*) > 1 then format(' (and %s more like it)', count(*) - 1) end
        ) as problem
    from unread
    group by unread.source_name, unread.service_id, unread.service_name, unread.problem_region
)
select
    answers.*,
    problems.problem_region,
    problems.problem_cause,
    problems.problem
from answers
left join unread
    on unread.source_name = answers.source_name
    and unread.service_id = answers.service_id
    and unread.region is not distinct from answers.region
    and not answers.was_read
left join problems
    on problems.source_name = unread.source_name
    and problems.service_id = unread.service_id
    and problems.problem_region is not distinct from unread.problem_region;
comment on view delegation.service_answers is 'What the services say themselves: one row per service, Region and administrator, and one without an administrator where there is none, or none is known.';
comment on column delegation.service_answers.source_name is 'Name of the source in its spec.';
comment on column delegation.service_answers.service_id is 'ID of the service in the catalogue.';
comment on column delegation.service_answers.service_name is 'Name of the service.';
comment on column delegation.service_answers.group_id is 'First of the services that share a principal with this one.';
comment on column delegation.service_answers.is_regional is 'True where each Region has an administrator of its own; never null.';
comment on column delegation.service_answers.region is 'Region; null where the question is not regional, where the enabled Regions are not known, or where the service is in none of them.';
comment on column delegation.service_answers.is_asked is 'False where there is nothing to ask, because the service is in none of the enabled Regions; never null.';
comment on column delegation.service_answers.was_listed is 'True where the administrators there are all known, if not their states; never null.';
comment on column delegation.service_answers.was_read is 'True where the administrators there and their states are all known; never null.';
comment on column delegation.service_answers.unknown_cause is 'unread, not_configured (the spec left it out) or not_observable (this version does not ask the service itself); null where it was read.';
comment on column delegation.service_answers.read_error is 'What is missing and what to do; null where it was read.';
comment on column delegation.service_answers.delegated_account_id is 'Account that the service names; null where it names none.';
comment on column delegation.service_answers.label is 'The account as a reason names it: with name, OU path, and what is special about it.';
comment on column delegation.service_answers.status is 'Status as the service gives it; null where it gives none.';
comment on column delegation.service_answers.is_held is 'False while the service is still making or already removing this administrator, or says that it no longer is one.';
comment on column delegation.service_answers.is_active is 'Whether the account is one of the organization that can work (ACTIVE or PENDING_CLOSURE); null where accounts were not read.';
comment on column delegation.service_answers.is_management_account is 'True where it is the management account.';
comment on column delegation.service_answers.problem_region is 'Where it was not read, the Region that the problem is about; null where it is about the whole service, as where nobody is known to administer it anywhere.';
comment on column delegation.service_answers.problem_cause is 'unknown_cause of the problem.';
comment on column delegation.service_answers.problem is 'What is not known, why, and what to do: one text for all that has the same problem_region; null where it was read.';
