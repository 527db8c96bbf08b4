-- The history: kept from sync to sync, compared between two times, and cut where it is too long.

create or replace function delegation.utc_text(moment timestamp with time zone) returns text
language sql stable parallel safe
as $$
    select to_char(moment at time zone 'UTC', 'YYYY-MM-DD HH24:MI "UTC"')
$$;
comment on function delegation.utc_text(timestamp with time zone) is 'A time as people read it, in UTC.';

create or replace function delegation.history_state(service_principal text, status text, is_held boolean) returns text
language sql immutable parallel safe
as $$
    select coalesce(nullif(concat_ws(', ', service_principal, status, case when not is_held then 'not held' end), ''), 'held')
$$;
comment on function delegation.history_state(text, text, boolean) is 'How a delegation stands, in a few words; never null.';

create or replace function delegation.keep_history()
returns table (
    source_name text,
    organization_id text,
    sync_time timestamp with time zone,
    is_kept boolean,
    note text
)
language plpgsql
set client_min_messages = warning
-- As in raw_verdicts.
set jit = off
set enable_nestloop = off
set enable_mergejoin = off
set work_mem = '64MB'
as $$
#variable_conflict use_column
declare
    bound_to text := (select pack.live_schema from delegation.pack);
    version text := (select pack.pack_version from delegation.pack);
    -- By keep_results, which forgets it again.
    is_noted constant boolean := coalesce(current_setting('delegation.noted_reads', true), '') <> '';
begin
    if bound_to is distinct from pg_catalog.current_schema() then
        raise exception 'The views are bound to the tables of schema "%", and the current schema is "%".', bound_to, coalesce(pg_catalog.current_schema(), 'none')
            using hint = 'Connect with the search_path of the sync, or install the views for the other schema.';
    end if;

    -- Two that keep the same sync would both find that it is not kept.
    lock table aws_delegation_history in share row exclusive mode;

    drop table if exists pg_temp.aws_delegation_newest;
    create temporary table aws_delegation_newest on commit drop as
    select
        organizations.source_name,
        organizations.organization_id,
        organizations.sync_time at time zone 'UTC' as sync_time,
        kept.sync_time as kept_before,
        case
            -- Whose state it is, is not known: the credentials may belong to another organization by now.
            when not organizations.was_read then format('not kept, because the organization is not known: %s', coalesce(organizations.read_error, 'AWS said that there is none'))
            when kept.sync_time = organizations.sync_time at time zone 'UTC' then 'kept already'
            when kept.sync_time > organizations.sync_time at time zone 'UTC' then format('not kept, because the history has a newer one: %s', kept.sync_time)
        end as problem
    from delegation.organizations
    left join (
        select syncs.source_name, syncs.organization_id, max(syncs.sync_time) as sync_time
        from aws_delegation_history_syncs as syncs
        group by syncs.source_name, syncs.organization_id
    ) as kept
        on kept.source_name = organizations.source_name
        and kept.organization_id = organizations.organization_id
    where organizations.source_name is not null;

    if exists (select from pg_temp.aws_delegation_newest as newest where newest.problem is null) then
        if not is_noted then
            perform delegation.note_views();
        end if;

        -- What this sync asked, and what was known of the same question before it.
        drop table if exists pg_temp.aws_delegation_asked;
        create temporary table aws_delegation_asked on commit drop as
        with questions as (
            select
                table_reads.source_name,
                tables.method,
                '' as service_id,
                '' as region,
                bool_and(table_reads.was_read) as was_read,
                false as is_region_off,
                case when bool_or(table_reads.unknown_cause = 'unread') then 'unread' else min(table_reads.unknown_cause) end as unknown_cause,
                min(table_reads.read_error) as read_error
            from delegation.table_reads
            join (
                values
                    ('organizations', 'aws_organizations_delegated_administrators'),
                    ('organizations', 'aws_organizations_delegated_services'),
                    ('resource_policy', 'aws_organization_resource_policies'),
                    ('resource_policy', 'aws_organization_resource_policy_statements'),
                    ('accounts', 'aws_organizations_accounts')
            ) as tables (method, table_name) on tables.table_name = table_reads.table_name
            group by table_reads.source_name, tables.method
            union all
            select
                service_regions.source_name,
                'service',
                service_regions.service_id,
                coalesce(service_regions.region, ''),
                bool_and(service_regions.was_read),
                false,
                case when bool_or(service_regions.unknown_cause = 'unread') then 'unread' else min(service_regions.unknown_cause) end,
                min(service_regions.read_error)
            from delegation.service_regions
            where service_regions.method = 'service'
            group by service_regions.source_name, service_regions.service_id, coalesce(service_regions.region, '')
            union all
            -- Nobody can be asked there, and nobody holds anything there that works.
            select reads.source_name, 'service', services.service_id, reads.region, false, true, 'not_configured', 'the Region is off'
            from delegation.reads
            join delegation.services
                on services.source_name = reads.source_name
                and services.admin_table_name = reads.table_name
                and services.list_admin_action = reads.operation
                and services.admin_read_scope = reads.scope
            where reads.outcome = 'absent' and reads.error_code = 'RegionDisabled' and reads.region <> '' and services.is_regional
            group by reads.source_name, services.service_id, reads.region
        )
        select distinct on (newest.source_name, newest.organization_id, questions.method, questions.service_id, questions.region)
            newest.source_name,
            newest.organization_id,
            newest.sync_time,
            questions.method,
            questions.service_id,
            questions.region,
            questions.was_read,
            questions.is_region_off,
            questions.unknown_cause,
            questions.read_error,
            known.method is not null as is_known,
            -- Where the Region was off nobody could be found.
            greatest(known.last_read, known.last_off) as read_before
        from pg_temp.aws_delegation_newest as newest
        join questions on questions.source_name = newest.source_name
        left join aws_delegation_history_reads as known
            on known.source_name = newest.source_name
            and known.organization_id = newest.organization_id
            and known.method = questions.method
            and coalesce(known.service_id, '') = questions.service_id
            and coalesce(known.region, '') = questions.region
        where newest.problem is null
        -- A Region that is off and in which somebody was found all the same.
        order by newest.source_name, newest.organization_id, questions.method, questions.service_id, questions.region, questions.is_region_off;

        -- Each delegation that this sync found, once. What one question of an organization answers is told in each Region that was asked.
        drop table if exists pg_temp.aws_delegation_found;
        create temporary table aws_delegation_found on commit drop as
        with unsure as (
            -- Where a second call adds the state and was not answered, the state is what was known of it.
            select distinct services.source_name, services.service_id, reads.region
            from delegation.reads
            join delegation.services
                on services.source_name = reads.source_name
                and services.admin_table_name = reads.table_name
                and services.list_admin_action <> reads.operation
            where reads.outcome not in ('ok', 'absent')
        ),
        registered as (
            select delegated._cq_source_name as source_name, delegated.service_principal, delegated.delegated_account_id, min(delegated.delegation_enabled_date) as since
            from delegation.current_aws_organizations_delegated_services as delegated
            group by delegated._cq_source_name, delegated.service_principal, delegated.delegated_account_id
        )
        select
            newest.source_name,
            newest.organization_id,
            newest.sync_time,
            delegations.method,
            coalesce(principal.value, delegations.service_id) as subject,
            coalesce(delegations.region, '') as region,
            delegations.delegated_account_id,
            min(delegations.service_id) as service_id,
            min(delegations.service_name) as service_name,
            min(delegations.category) as category,
            min(principal.value) as service_principal,
            string_agg(distinct delegations.status, ', ') as status,
            bool_or(delegations.is_held) as is_held,
            min(coalesce(registered.since, delegations.since)) at time zone 'UTC' as since,
            bool_and(not exists (
                select
                from unsure
                where unsure.source_name = delegations.source_name
                    and unsure.service_id = delegations.service_id
                    and (delegations.region is null or unsure.region in ('', delegations.region))
            ) or delegations.method <> 'service') as is_state_known
        from pg_temp.aws_delegation_newest as newest
        join delegation.delegations on delegations.source_name = newest.source_name
        left join lateral unnest(string_to_array(delegations.service_principal, ', ')) as principal (value) on true
        left join registered
            on registered.source_name = delegations.source_name
            and registered.service_principal = principal.value
            and registered.delegated_account_id = delegations.delegated_account_id
        where newest.problem is null
        group by
            newest.source_name, newest.organization_id, newest.sync_time, delegations.method, coalesce(principal.value, delegations.service_id),
            coalesce(delegations.region, ''), delegations.delegated_account_id;

        -- The state of each delegation before and after. The delegation and its holder are read apart, and what was not read stays as it was.
        drop table if exists pg_temp.aws_delegation_states;
        create temporary table aws_delegation_states on commit drop as
        with known as (
            select
                history.*,
                history.ctid as row_id,
                newest.sync_time,
                coalesce(history.service_principal, history.service_id) as subject
            from pg_temp.aws_delegation_newest as newest
            join aws_delegation_history as history
                on history.source_name = newest.source_name
                and history.organization_id = newest.organization_id
            where newest.problem is null and history.valid_to is null
        ),
        paired as (
            select
                coalesce(found.source_name, known.source_name) as source_name,
                coalesce(found.organization_id, known.organization_id) as organization_id,
                coalesce(found.sync_time, known.sync_time) as sync_time,
                coalesce(found.method, known.method) as method,
                coalesce(found.region, known.region, '') as region,
                coalesce(found.delegated_account_id, known.delegated_account_id) as delegated_account_id,
                coalesce(found.service_id, known.service_id) as service_id,
                coalesce(found.service_name, known.service_name) as service_name,
                coalesce(found.category, known.category) as category,
                coalesce(found.service_principal, known.service_principal) as service_principal,
                found.subject is not null as is_found,
                found.status,
                found.is_held,
                found.since,
                coalesce(found.is_state_known, false) as is_state_known,
                known.row_id,
                known.status as known_status,
                known.is_held as known_is_held,
                known.since as known_since,
                known.account_name as known_account_name,
                known.account_state as known_account_state,
                known.ou_path as known_ou_path,
                known.id_path as known_id_path,
                known.last_seen as known_last_seen,
                known.account_last_seen as known_account_last_seen
            from pg_temp.aws_delegation_found as found
            full join known
                on known.source_name = found.source_name
                and known.organization_id = found.organization_id
                and known.method = found.method
                and known.subject = found.subject
                and coalesce(known.region, '') = found.region
                and known.delegated_account_id = found.delegated_account_id
        ),
        seen as (
            select
                paired.*,
                coalesce(question.was_read, false) as was_asked,
                -- What AWS says to be younger than the sync before cannot have been there.
                greatest(question.read_before, case when paired.since > newest.kept_before then newest.kept_before end) as read_before,
                coalesce(account_list.was_read, false) or account.account_id is not null as is_account_known,
                account.account_name,
                account.account_state,
                -- A path that could not be worked out is no move.
                coalesce(account.ou_path, case when account.account_id is not null then paired.known_ou_path end) as ou_path,
                coalesce(account.id_path, case when account.account_id is not null then paired.known_id_path end) as id_path
            from paired
            join pg_temp.aws_delegation_newest as newest
                on newest.source_name = paired.source_name
                and newest.organization_id = paired.organization_id
            left join pg_temp.aws_delegation_asked as question
                on question.source_name = paired.source_name
                and question.organization_id = paired.organization_id
                and question.method = paired.method
                and question.service_id = case paired.method when 'service' then paired.service_id else '' end
                and question.region = paired.region
            left join pg_temp.aws_delegation_asked as account_list
                on account_list.source_name = paired.source_name
                and account_list.organization_id = paired.organization_id
                and account_list.method = 'accounts'
            left join delegation.accounts as account
                on account.source_name = paired.source_name
                and account.account_id = paired.delegated_account_id
        ),
        -- What was not known before is filled in; only what was known can have changed.
        next as (
            select
                seen.source_name,
                seen.organization_id,
                seen.sync_time,
                seen.method,
                seen.region,
                seen.delegated_account_id,
                seen.service_id,
                seen.service_name,
                seen.category,
                seen.service_principal,
                seen.row_id,
                seen.is_found,
                seen.was_asked,
                seen.read_before,
                case when seen.row_id is null or seen.is_state_known then seen.status else seen.known_status end as status,
                case when seen.row_id is null or seen.is_state_known then seen.is_held else seen.known_is_held end as is_held,
                coalesce(seen.since, seen.known_since) as since,
                case when seen.is_account_known then seen.account_name else seen.known_account_name end as account_name,
                case when seen.is_account_known then seen.account_state else seen.known_account_state end as account_state,
                case when seen.is_account_known then seen.ou_path else seen.known_ou_path end as ou_path,
                case when seen.is_account_known then seen.id_path else seen.known_id_path end as id_path,
                case when seen.is_found then seen.sync_time else seen.known_last_seen end as last_seen,
                case when seen.is_account_known then seen.sync_time else seen.known_account_last_seen end as account_last_seen,
                seen.row_id is not null and (
                    (seen.is_state_known and (seen.status is distinct from seen.known_status or seen.is_held <> seen.known_is_held))
                    or seen.since <> seen.known_since
                    or (
                        seen.is_account_known
                        and seen.known_account_last_seen is not null
                        and (
                            seen.account_name is distinct from seen.known_account_name
                            or seen.account_state is distinct from seen.known_account_state
                            or (seen.ou_path is distinct from seen.known_ou_path and (seen.known_ou_path is not null or seen.known_account_state is null))
                            or (seen.id_path is distinct from seen.known_id_path and (seen.known_id_path is not null or seen.known_account_state is null))
                        )
                    )
                ) as is_other
            from seen
        )
        select
            next.*,
            case
                when next.row_id is null then case when next.read_before is null then 'first_read' else 'added' end
                when not next.is_found and next.was_asked then 'removed'
                when next.is_other then 'changed'
                else 'same'
            end as became
        from next;

        update aws_delegation_history as history
        set
            -- A catalogue that knows the service by now is no change of who holds what.
            service_id = states.service_id,
            service_name = states.service_name,
            category = states.category,
            valid_to = case when states.became <> 'same' then states.sync_time end,
            ended_by = case when states.became <> 'same' then states.became end,
            last_seen = case when states.became = 'same' then states.last_seen else history.last_seen end,
            account_last_seen = case when states.became = 'same' then states.account_last_seen else history.account_last_seen end,
            since = case when states.became = 'same' then states.since else history.since end,
            account_name = case when states.became = 'same' then states.account_name else history.account_name end,
            account_state = case when states.became = 'same' then states.account_state else history.account_state end,
            ou_path = case when states.became = 'same' then states.ou_path else history.ou_path end,
            id_path = case when states.became = 'same' then states.id_path else history.id_path end
        from pg_temp.aws_delegation_states as states
        where history.ctid = states.row_id;

        insert into aws_delegation_history (
            source_name, organization_id, service_id, service_name, category, service_principal, method, region, delegated_account_id,
            account_name, ou_path, id_path, account_state, status, is_held, since, valid_from, began_by, not_seen_at, last_seen, account_last_seen
        )
        select
            states.source_name, states.organization_id, states.service_id, states.service_name, states.category, states.service_principal,
            states.method, nullif(states.region, ''), states.delegated_account_id,
            states.account_name, states.ou_path, states.id_path, states.account_state, states.status, states.is_held, states.since, states.sync_time,
            states.became, case states.became when 'added' then states.read_before end, states.last_seen, states.account_last_seen
        from pg_temp.aws_delegation_states as states
        where states.became in ('first_read', 'added', 'changed');

        update aws_delegation_history_reads as known
        set
            first_read = coalesce(known.first_read, case when asked.was_read then asked.sync_time end),
            last_read = case when asked.was_read then asked.sync_time else known.last_read end,
            last_off = case when asked.is_region_off then asked.sync_time else known.last_off end,
            last_asked = asked.sync_time,
            unknown_cause = case when not asked.was_read then asked.unknown_cause end,
            read_error = case when not asked.was_read then asked.read_error end
        from pg_temp.aws_delegation_asked as asked
        where known.source_name = asked.source_name
            and known.organization_id = asked.organization_id
            and known.method = asked.method
            and coalesce(known.service_id, '') = asked.service_id
            and coalesce(known.region, '') = asked.region;
        insert into aws_delegation_history_reads (
            source_name, organization_id, method, service_id, region, first_read, last_read, last_off, last_asked, unknown_cause, read_error
        )
        select
            asked.source_name, asked.organization_id, asked.method, nullif(asked.service_id, ''), nullif(asked.region, ''),
            case when asked.was_read then asked.sync_time end,
            case when asked.was_read then asked.sync_time end,
            case when asked.is_region_off then asked.sync_time end,
            asked.sync_time,
            case when not asked.was_read then asked.unknown_cause end,
            case when not asked.was_read then asked.read_error end
        from pg_temp.aws_delegation_asked as asked
        where not asked.is_known;

        insert into aws_delegation_history_syncs (source_name, organization_id, sync_time, ended_at, kept_at, pack_version)
        select
            newest.source_name,
            newest.organization_id,
            newest.sync_time,
            greatest(newest.sync_time, max(reads.started_at + make_interval(secs => reads.duration_ms / 1000.0)) at time zone 'UTC'),
            now(),
            version
        from pg_temp.aws_delegation_newest as newest
        left join delegation.reads on reads.source_name = newest.source_name
        where newest.problem is null
        group by newest.source_name, newest.organization_id, newest.sync_time;

        if not is_noted then
            perform delegation.forget_views();
        end if;
    end if;

    return query
        select newest.source_name, newest.organization_id, newest.sync_time, newest.problem is null, coalesce(newest.problem, 'kept')
        from pg_temp.aws_delegation_newest as newest
        order by newest.source_name;
end
$$;
comment on function delegation.keep_history() is
    'Takes the newest sync of each source into delegation.delegation_history, once: what it found, and what it looked for and did not find. delegation.keep_results() does it, too. What a sync could not ask stays open; a sync that is older than the one kept changes nothing.';

create or replace function delegation.drift(since timestamp with time zone, until timestamp with time zone)
returns table (
    source_name text,
    organization_id text,
    at timestamp with time zone,
    kind text,
    service_id text,
    service_name text,
    method text,
    region text,
    account_id text,
    account_name text,
    rule_id text,
    resource_id text,
    before text,
    after text,
    event_id text,
    event_time timestamp with time zone,
    actor text,
    severity text,
    reason text
)
language plpgsql stable
rows 1000
-- As in raw_verdicts.
set jit = off
set enable_nestloop = off
set enable_mergejoin = off
set work_mem = '64MB'
as $$
#variable_conflict use_column
declare
    -- Null is no limit. After `since`, and up to and with `until`: intervals that follow each other tell each change once.
    from_time constant timestamp with time zone := coalesce($1, '-infinity');
    to_time constant timestamp with time zone := coalesce($2, 'infinity');
begin
    return query
    with history as materialized (
        select
            delegation_history.*,
            coalesce(delegation_history.service_principal, delegation_history.service_id) as subject,
            delegation.history_state(delegation_history.service_principal, delegation_history.status, delegation_history.is_held) as state,
            -- Of the row before, which a changed one has.
            lag(delegation.history_state(delegation_history.service_principal, delegation_history.status, delegation_history.is_held)) over earlier as known_state,
            lag(delegation_history.since) over earlier as known_since,
            lag(delegation_history.is_held) over earlier as known_is_held,
            lag(delegation_history.account_name) over earlier as known_account_name,
            lag(delegation_history.account_state) over earlier as known_account_state,
            lag(delegation_history.ou_path) over earlier as known_ou_path,
            lag(delegation_history.id_path) over earlier as known_id_path,
            lag(delegation_history.last_seen) over earlier as known_last_seen,
            lag(delegation_history.account_last_seen) over earlier as known_account_last_seen
        from delegation.delegation_history
        window earlier as (
            partition by
                delegation_history.source_name, delegation_history.organization_id, delegation_history.method,
                coalesce(delegation_history.service_principal, delegation_history.service_id), coalesce(delegation_history.region, ''), delegation_history.delegated_account_id
            order by delegation_history.valid_from
        )
    ),
    -- Who keeps the service in another Region has lost or won a Region, and not the service.
    steps as (
        select
            history.source_name,
            history.organization_id,
            history.valid_from as at,
            case when exists (
                select
                from history as elsewhere
                where elsewhere.source_name = history.source_name
                    and elsewhere.organization_id = history.organization_id
                    and elsewhere.method = history.method
                    and elsewhere.service_id = history.service_id
                    and elsewhere.delegated_account_id = history.delegated_account_id
                    and elsewhere.region <> history.region
                    and elsewhere.is_held
                    and elsewhere.valid_from < history.valid_from
                    and coalesce(elsewhere.valid_to, 'infinity') >= history.valid_from
            ) then 'region_gained' else 'delegation_added' end as kind,
            history.service_id,
            history.service_name,
            history.service_principal,
            history.method,
            history.region,
            history.delegated_account_id,
            history.account_name,
            null::text as before,
            history.state as after,
            history.not_seen_at as known_at,
            false as is_end,
            null::text as parent_id,
            false as is_left
        from history
        where history.began_by = 'added' and history.valid_from > from_time and history.valid_from <= to_time
        union all
        select
            history.source_name,
            history.organization_id,
            history.valid_to,
            case when exists (
                select
                from history as elsewhere
                where elsewhere.source_name = history.source_name
                    and elsewhere.organization_id = history.organization_id
                    and elsewhere.method = history.method
                    and elsewhere.service_id = history.service_id
                    and elsewhere.delegated_account_id = history.delegated_account_id
                    and elsewhere.region <> history.region
                    and elsewhere.is_held
                    and elsewhere.valid_from <= history.valid_to
                    and coalesce(elsewhere.valid_to, 'infinity') > history.valid_to
            ) then 'region_lost' else 'delegation_removed' end,
            history.service_id,
            history.service_name,
            history.service_principal,
            history.method,
            history.region,
            history.delegated_account_id,
            history.account_name,
            history.state,
            null,
            history.last_seen,
            true,
            null,
            false
        from history
        where history.ended_by = 'removed' and history.valid_to > from_time and history.valid_to <= to_time
        union all
        select
            history.source_name,
            history.organization_id,
            history.valid_from,
            'holder_changed',
            history.service_id,
            history.service_name,
            history.service_principal,
            history.method,
            history.region,
            history.delegated_account_id,
            history.account_name,
            concat_ws(', ', case when history.state <> history.known_state then history.known_state end, case when history.since <> history.known_since then 'since ' || delegation.utc_text(history.known_since) end),
            concat_ws(', ', case when history.state <> history.known_state then history.state end, case when history.since <> history.known_since then 'since ' || delegation.utc_text(history.since) end),
            history.known_last_seen,
            not history.is_held,
            null,
            false
        from history
        where history.began_by = 'changed' and history.valid_from > from_time and history.valid_from <= to_time
            and (history.state <> history.known_state or history.since <> history.known_since)
        union all
        -- An account has moved once, whatever it holds.
        select
            history.source_name,
            history.organization_id,
            history.valid_from,
            account_change.kind,
            case when count(distinct history.service_id) = 1 then min(history.service_id) end,
            string_agg(distinct history.service_name, ', '),
            null,
            null,
            null,
            history.delegated_account_id,
            min(history.account_name),
            account_change.before,
            account_change.after,
            min(history.known_account_last_seen),
            false,
            min(case when account_change.kind = 'holder_moved' then regexp_replace(history.id_path, '^.*/', '') end),
            account_change.is_left
        from history
        cross join lateral (
            select
                'holder_moved' as kind,
                coalesce(history.known_ou_path, history.known_id_path) as before,
                coalesce(history.ou_path, history.id_path) as after,
                false as is_left
            where history.account_state is not null and history.known_account_state is not null
                and case
                    when history.id_path is null or history.known_id_path is null then history.ou_path <> history.known_ou_path
                    else history.id_path <> history.known_id_path
                end
            union all
            select
                'holder_changed',
                changed.before,
                changed.after,
                history.account_state is null
            from (
                select
                    concat_ws(
                        ', ',
                        case when history.account_state is distinct from history.known_account_state then coalesce('account ' || history.known_account_state, 'no account of the organization') end,
                        case when history.account_name <> history.known_account_name then 'named ' || history.known_account_name end,
                        case when history.ou_path <> history.known_ou_path and history.id_path = history.known_id_path then 'in an organizational unit named ' || history.known_ou_path end
                    ) as before,
                    concat_ws(
                        ', ',
                        case when history.account_state is distinct from history.known_account_state then coalesce('account ' || history.account_state, 'no account of the organization') end,
                        case when history.account_name <> history.known_account_name then 'named ' || history.account_name end,
                        case when history.ou_path <> history.known_ou_path and history.id_path = history.known_id_path then 'in an organizational unit named ' || history.ou_path end
                    ) as after
            ) as changed
            where changed.before <> '' or changed.after <> ''
        ) as account_change
        -- Of the first reading of the account nothing is known before.
        where history.began_by = 'changed' and history.valid_from > from_time and history.valid_from <= to_time
            and history.known_account_last_seen is not null
        group by
            history.source_name, history.organization_id, history.valid_from, history.delegated_account_id,
            account_change.kind, account_change.before, account_change.after, account_change.is_left
    ),
    numbered as materialized (
        select row_number() over () as number, steps.*
        from steps
    ),
    -- By what an event is told to be the one: the surest first, and one that is not alone is none.
    step_keys as (
        select
            numbered.number,
            numbered.source_name,
            numbered.region,
            numbered.parent_id,
            numbered.known_at,
            coalesce(history_syncs.ended_at, numbered.at) as ended_at,
            step_key.rank,
            step_key.key
        from numbered
        left join delegation.history_syncs
            on history_syncs.source_name = numbered.source_name
            and history_syncs.organization_id = numbered.organization_id
            and history_syncs.sync_time = numbered.at
        cross join lateral (
            values
                (1, case when numbered.method = 'organizations' then format('registration %s %s %s', numbered.is_end, numbered.service_principal, numbered.delegated_account_id) end),
                (1, case when numbered.method = 'service' then format('service %s %s %s', numbered.is_end, numbered.service_id, numbered.delegated_account_id) end),
                -- What ends whoever is there names nobody.
                (1, case when numbered.method = 'service' and numbered.is_end then format('service %s %s ', numbered.is_end, numbered.service_id) end),
                (1, case when numbered.method = 'resource_policy' then format('policy %s', false) end),
                (1, case when numbered.method = 'resource_policy' and numbered.is_end then format('policy %s', true) end),
                (1, case when numbered.kind = 'holder_moved' then format('move %s', numbered.delegated_account_id) end),
                (1, case when numbered.kind = 'holder_changed' and numbered.method is null and numbered.after like 'account %' then format('close %s', numbered.delegated_account_id) end),
                (1, case when numbered.is_left then format('left %s', numbered.delegated_account_id) end),
                (2, case when numbered.is_end and numbered.after is null then format('left %s', numbered.delegated_account_id) end)
        ) as step_key (rank, key)
        where step_key.key is not null
    ),
    events as materialized (
        select
            changes.source_name,
            changes.event_id,
            changes.changed_at at time zone 'UTC' as changed_at,
            changes.region,
            changes.after,
            concat(changes.principal, ' (' || changes.session_name || ')') as actor,
            case
                when changes.event_source = 'organizations.amazonaws.com' and changes.category = 'delegated_administrator'
                    then format('registration %s %s %s', told.is_end, changes.service_principal, changes.target_id)
                when changes.category = 'delegated_administrator' then format('service %s %s %s', told.is_end, changes.service_id, changes.target_id)
                when changes.category = 'delegation_policy' then format('policy %s', told.is_end)
                when changes.event_name = 'MoveAccount' then format('move %s', changes.target_id)
                when changes.event_name = 'CloseAccount' then format('close %s', changes.target_id)
                when changes.event_name in ('RemoveAccountFromOrganization', 'LeaveOrganization') then format('left %s', changes.target_id)
            end as key
        from delegation.changes
        cross join lateral (
            select changes.event_name ~ '^(Disable|Deregister|Disassociate|Delete)' as is_end
        ) as told
        where changes.was_allowed
    ),
    matched as (
        select
            step_keys.number,
            step_keys.rank,
            count(distinct events.event_id) as event_count,
            min(events.event_id) as event_id,
            min(events.changed_at) as event_time,
            min(events.actor) as actor
        from step_keys
        join events
            on events.source_name = step_keys.source_name
            and events.key = step_keys.key
            and events.changed_at > step_keys.known_at
            and events.changed_at <= step_keys.ended_at
            and (events.key not like 'service %' or step_keys.region is null or events.region = step_keys.region)
            and (step_keys.parent_id is null or events.after is null or events.after = step_keys.parent_id)
        group by step_keys.number, step_keys.rank
    ),
    surest as (
        select distinct on (matched.number) matched.*
        from matched
        order by matched.number, matched.rank
    ),
    opened as (
        select result_history.*
        from delegation.result_history
        where result_history.began_by = 'changed' and result_history.valid_from > from_time and result_history.valid_from <= to_time
    ),
    closed as (
        select result_history.*
        from delegation.result_history
        where result_history.valid_to > from_time and result_history.valid_to <= to_time
    ),
    verdicts as materialized (
        select
            coalesce(opened.organization_id, closed.organization_id) as organization_id,
            coalesce(opened.valid_from, closed.valid_to) as at,
            coalesce(opened.check_id, closed.check_id) as check_id,
            coalesce(opened.severity, closed.severity) as severity,
            coalesce(opened.account_id, closed.account_id) as account_id,
            coalesce(opened.region, closed.region) as region,
            coalesce(opened.resource_id, closed.resource_id) as resource_id,
            closed.status as before,
            opened.status as after,
            opened.reason
        from opened
        full join closed
            on closed.check_id = opened.check_id
            and closed.resource_id = opened.resource_id
            and coalesce(closed.organization_id, '') = coalesce(opened.organization_id, '')
            and coalesce(closed.account_id, '') = coalesce(opened.account_id, '')
            and coalesce(closed.region, '') = coalesce(opened.region, '')
            and closed.valid_to = opened.valid_from
    ),
    sources as (
        -- A verdict is about an organization, whoever reads it.
        select history_syncs.organization_id, min(history_syncs.source_name) as source_name
        from delegation.history_syncs
        group by history_syncs.organization_id
        having count(distinct history_syncs.source_name) = 1
    ),
    names as (
        select distinct on (accounts.organization_id, accounts.account_id) accounts.organization_id, accounts.account_id, accounts.account_name
        from delegation.accounts
        where exists (select from verdicts where verdicts.account_id = accounts.account_id)
        order by accounts.organization_id, accounts.account_id, accounts.source_name
    ),
    catalogue as (
        select distinct on (services.service_id) services.service_id, services.service_name
        from delegation.services
        order by services.service_id, services.source_name
    ),
    told as (
        select
            numbered.source_name,
            numbered.organization_id,
            numbered.at,
            numbered.kind,
            numbered.service_id,
            numbered.service_name,
            numbered.method,
            numbered.region,
            numbered.delegated_account_id as account_id,
            numbered.account_name,
            null::text as rule_id,
            null::text as resource_id,
            numbered.before,
            numbered.after,
            surest.event_id,
            surest.event_time,
            surest.actor,
            null::text as severity,
            null::text as reason
        from numbered
        left join surest on surest.number = numbered.number and surest.event_count = 1
        union all
        select
            sources.source_name,
            verdicts.organization_id,
            verdicts.at,
            'verdict_changed',
            catalogue.service_id,
            catalogue.service_name,
            null,
            verdicts.region,
            verdicts.account_id,
            names.account_name,
            verdicts.check_id,
            verdicts.resource_id,
            verdicts.before,
            verdicts.after,
            null,
            null,
            null,
            verdicts.severity,
            verdicts.reason
        from verdicts
        left join sources on sources.organization_id = verdicts.organization_id
        left join names on names.organization_id = verdicts.organization_id and names.account_id = verdicts.account_id
        left join catalogue on catalogue.service_id = verdicts.resource_id
    )
    select told.*
    from told
    order by
        told.at, told.source_name collate "C", told.organization_id collate "C", told.kind collate "C", told.service_id collate "C", told.account_id collate "C",
        told.method collate "C", told.region collate "C", told.rule_id collate "C", told.resource_id collate "C", told.before collate "C", told.after collate "C";
end
$$;
comment on function delegation.drift(timestamp with time zone, timestamp with time zone) is
    'What changed after the one time and up to the other (null: no limit), each step of it: delegation_added, delegation_removed, region_gained, region_lost (the holder has the service elsewhere), holder_moved, holder_changed, verdict_changed. With the event of CloudTrail that did it, where exactly one fits.';

create or replace function delegation.prune_history(older_than timestamp with time zone)
returns table (table_name text, row_count bigint)
language plpgsql
as $$
#variable_conflict use_column
declare
    bound_to text := (select pack.live_schema from delegation.pack);
begin
    if bound_to is distinct from pg_catalog.current_schema() then
        raise exception 'The views are bound to the tables of schema "%", and the current schema is "%".', bound_to, coalesce(pg_catalog.current_schema(), 'none')
            using hint = 'Connect with the search_path of the sync.';
    end if;
    if older_than is null then
        raise exception 'prune_history needs the time before which the history is to go.';
    end if;
    lock table aws_delegation_history in share row exclusive mode;

    table_name := 'aws_delegation_history';
    delete from aws_delegation_history as history where history.valid_to < older_than;
    get diagnostics row_count = row_count;
    return next;

    -- The newest stays: by it an older sync is known to be old.
    table_name := 'aws_delegation_history_syncs';
    delete from aws_delegation_history_syncs as kept
    where kept.sync_time < older_than
        and exists (
            select
            from aws_delegation_history_syncs as newer
            where newer.source_name = kept.source_name
                and newer.organization_id = kept.organization_id
                and newer.sync_time > kept.sync_time
        );
    get diagnostics row_count = row_count;
    return next;

    table_name := 'aws_policy_result_history';
    delete from aws_policy_result_history as history where history.valid_to < older_than;
    get diagnostics row_count = row_count;
    return next;

    if pg_catalog.to_regclass('aws_policy_result_changes') is not null then
        table_name := 'aws_policy_result_changes';
        delete from aws_policy_result_changes as changes where changes.changed_at < older_than;
        get diagnostics row_count = row_count;
        return next;
    end if;
end
$$;
comment on function delegation.prune_history(timestamp with time zone) is
    'Removes what ended before this time; what was still so then stays, and the history begins with the first sync after it. Gives the rows removed from each table.';
