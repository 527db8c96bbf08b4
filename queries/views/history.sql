-- What delegations and verdicts were over time. The tables stand beside aws_policy_results and are filled by delegation.keep_history() and
-- delegation.keep_results(). A sync replaces what the one before has read, so what is not kept here cannot be had again.
do $tables$
begin
    -- Where they are there, nothing is locked.
    if pg_catalog.to_regclass(format('%I.aws_delegation_history', pg_catalog.current_schema())) is null then
        create table aws_delegation_history (
            source_name text not null,
            organization_id text not null,
            service_id text not null,
            service_name text,
            category text,
            service_principal text,
            method text not null,
            region text,
            delegated_account_id text not null,
            account_name text,
            ou_path text,
            id_path text,
            account_state text,
            status text,
            is_held boolean not null,
            since timestamp with time zone,
            valid_from timestamp with time zone not null,
            valid_to timestamp with time zone,
            began_by text not null,
            ended_by text,
            not_seen_at timestamp with time zone,
            last_seen timestamp with time zone not null,
            account_last_seen timestamp with time zone
        );
    end if;
    if pg_catalog.to_regclass(format('%I.aws_delegation_history_syncs', pg_catalog.current_schema())) is null then
        create table aws_delegation_history_syncs (
            source_name text not null,
            organization_id text not null,
            sync_time timestamp with time zone not null,
            ended_at timestamp with time zone not null,
            kept_at timestamp with time zone not null,
            pack_version text not null
        );
    end if;
    if pg_catalog.to_regclass(format('%I.aws_delegation_history_reads', pg_catalog.current_schema())) is null then
        create table aws_delegation_history_reads (
            source_name text not null,
            organization_id text not null,
            method text not null,
            service_id text,
            region text,
            first_read timestamp with time zone,
            last_read timestamp with time zone,
            last_off timestamp with time zone,
            last_asked timestamp with time zone not null,
            unknown_cause text,
            read_error text
        );
    end if;
    if pg_catalog.to_regclass(format('%I.aws_policy_result_history', pg_catalog.current_schema())) is null then
        create table aws_policy_result_history (
            check_id text not null,
            organization_id text,
            account_id text,
            region text,
            resource_id text not null,
            status text not null,
            severity text,
            reason text,
            unknown_cause text,
            waiver text,
            valid_from timestamp with time zone not null,
            valid_to timestamp with time zone,
            began_by text not null,
            pack_version text
        );
    end if;
end
$tables$;
comment on table aws_delegation_history is 'What delegation.delegation_history shows.';
comment on table aws_delegation_history_syncs is 'What delegation.history_syncs shows.';
comment on table aws_delegation_history_reads is 'What delegation.history_reads shows.';
comment on table aws_policy_result_history is 'What delegation.result_history shows.';

create or replace view delegation.history_syncs as
select
    kept.source_name,
    kept.organization_id,
    kept.sync_time,
    kept.ended_at,
    kept.kept_at,
    kept.pack_version
from aws_delegation_history_syncs as kept;
comment on view delegation.history_syncs is 'The syncs of which the history knows: one row per source, organization and sync. Its first one is where the history begins.';
comment on column delegation.history_syncs.source_name is 'Name of the source in its spec.';
comment on column delegation.history_syncs.organization_id is 'ID of the organization.';
comment on column delegation.history_syncs.sync_time is 'Time of the sync.';
comment on column delegation.history_syncs.ended_at is 'When its last read had ended.';
comment on column delegation.history_syncs.kept_at is 'When it came into the history.';
comment on column delegation.history_syncs.pack_version is 'Version of the views that saw it.';

create or replace view delegation.history_reads as
select
    asked.source_name,
    asked.organization_id,
    asked.method,
    asked.service_id,
    asked.region,
    asked.first_read,
    asked.last_read,
    asked.last_off,
    newest.sync_time as newest_sync,
    coalesce(asked.last_read = newest.sync_time, false) as is_confirmed,
    case
        when asked.last_read = newest.sync_time then null
        when asked.last_asked = newest.sync_time then asked.unknown_cause
        else 'not_configured'
    end as unknown_cause,
    case
        when asked.last_read = newest.sync_time then null
        when asked.last_asked = newest.sync_time then asked.read_error
        else 'the newest sync had no reason to ask: the Region is off, or the service is not there'
    end as read_error
from aws_delegation_history_reads as asked
left join (
    select kept.source_name, kept.organization_id, max(kept.sync_time) as sync_time
    from aws_delegation_history_syncs as kept
    group by kept.source_name, kept.organization_id
) as newest
    on newest.source_name = asked.source_name
    and newest.organization_id = asked.organization_id;
comment on view delegation.history_reads is 'When it was last read who holds what: one row per source, organization and question. What changed between last_read and the next read is told with that one.';
comment on column delegation.history_reads.source_name is 'Name of the source in its spec.';
comment on column delegation.history_reads.organization_id is 'ID of the organization.';
comment on column delegation.history_reads.method is 'organizations or resource_policy (one question each), service (one for each service and Region), or accounts: names, states and places of the holders.';
comment on column delegation.history_reads.service_id is 'ID of the service in the catalogue; null where the method is not service.';
comment on column delegation.history_reads.region is 'Region; null where the question is not regional.';
comment on column delegation.history_reads.first_read is 'The first sync that had the whole answer; null for none.';
comment on column delegation.history_reads.last_read is 'The newest sync that had the whole answer; null for none.';
comment on column delegation.history_reads.last_off is 'The newest sync in which the Region was off, so that nobody could be asked; null for none.';
comment on column delegation.history_reads.newest_sync is 'The newest sync of the history.';
comment on column delegation.history_reads.is_confirmed is 'True where the newest sync had the whole answer; never null.';
comment on column delegation.history_reads.unknown_cause is 'Why it had not: unread, not_configured or not_observable.';
comment on column delegation.history_reads.read_error is 'What was missing, and what to do.';

create or replace view delegation.delegation_history as
select
    history.source_name,
    history.organization_id,
    history.service_id,
    history.service_name,
    history.category,
    history.service_principal,
    history.method,
    history.region,
    history.delegated_account_id,
    history.account_name,
    history.ou_path,
    history.id_path,
    history.account_state,
    history.status,
    history.is_held,
    history.since,
    history.valid_from,
    history.valid_to,
    history.began_by,
    history.ended_by,
    history.not_seen_at,
    history.last_seen,
    history.account_last_seen,
    history.valid_to is null as is_open,
    case
        when history.valid_to is null then coalesce(history.last_seen = newest.sync_time, false)
    end as is_confirmed
from aws_delegation_history as history
left join (
    select kept.source_name, kept.organization_id, max(kept.sync_time) as sync_time
    from aws_delegation_history_syncs as kept
    group by kept.source_name, kept.organization_id
) as newest
    on newest.source_name = history.source_name
    and newest.organization_id = history.organization_id;
comment on view delegation.delegation_history is 'Who held which delegation when: one row per state of one delegation, with the first sync that found it so and the first that did not. At a time: valid_from <= time and (valid_to is null or valid_to > time).';
comment on column delegation.delegation_history.source_name is 'Name of the source in its spec.';
comment on column delegation.delegation_history.organization_id is 'ID of the organization.';
comment on column delegation.delegation_history.service_id is 'ID of the service in the catalogue, as the newest version that saw it has it; for a principal that the catalogue does not know, the principal.';
comment on column delegation.delegation_history.service_name is 'Name of the service, or of both services of a shared principal.';
comment on column delegation.delegation_history.category is 'security, identity, networking, ...; unknown for a principal that the catalogue does not know.';
comment on column delegation.delegation_history.service_principal is 'Principal that was registered with Organizations: each is a delegation of its own here; null for the other methods.';
comment on column delegation.delegation_history.method is 'organizations, service or resource_policy.';
comment on column delegation.delegation_history.region is 'Region; null for organizations, resource_policy and global calls.';
comment on column delegation.delegation_history.delegated_account_id is 'Account that held it; for resource_policy the principal where it names no account (*).';
comment on column delegation.delegation_history.account_name is 'Name of the holder then; null where it was no account of the organization, or accounts were never read.';
comment on column delegation.delegation_history.ou_path is 'Path of the holder by names.';
comment on column delegation.delegation_history.id_path is 'Path of the holder by IDs: another one is a move, the same with other names is a renamed organizational unit.';
comment on column delegation.delegation_history.account_state is 'State of the holder.';
comment on column delegation.delegation_history.status is 'Status as the service gave it.';
comment on column delegation.delegation_history.is_held is 'As in delegation.delegations; never null.';
comment on column delegation.delegation_history.since is 'When it was delegated, as AWS says; only Organizations and Detective tell.';
comment on column delegation.delegation_history.valid_from is 'Time of the first sync that found it in this state; never null.';
comment on column delegation.delegation_history.valid_to is 'Time of the sync that found it gone or in another state; null while none has.';
comment on column delegation.delegation_history.began_by is 'added (an earlier sync had looked and had not found it, or is older than it is by what AWS says), first_read (nobody had looked before, so it can be older) or changed (the row before is its earlier state).';
comment on column delegation.delegation_history.ended_by is 'removed or changed; null while it is open.';
comment on column delegation.delegation_history.not_seen_at is 'For added: time of the newest sync at which it was not there.';
comment on column delegation.delegation_history.last_seen is 'Time of the newest sync that found the delegation. An open row whose question could not be asked since then stays open.';
comment on column delegation.delegation_history.account_last_seen is 'Time of the newest sync that read the accounts while the row was open; null where none did.';
comment on column delegation.delegation_history.is_open is 'True while valid_to is null; never null.';
comment on column delegation.delegation_history.is_confirmed is 'Of an open row: true where the newest sync found it, false where that could not ask (see delegation.history_reads).';

create or replace view delegation.result_history as
select
    history.check_id,
    history.severity,
    history.organization_id,
    history.account_id,
    history.region,
    history.resource_id,
    history.status,
    history.reason,
    history.unknown_cause,
    history.waiver,
    history.valid_from,
    history.valid_to,
    history.began_by,
    history.valid_to is null as is_open,
    history.pack_version
from aws_policy_result_history as history;
comment on view delegation.result_history is 'What the rules said when: one row per state of one verdict, with the first run that said it and the first that did not. An open row is the latest verdict.';
comment on column delegation.result_history.check_id is 'ID of the rule.';
comment on column delegation.result_history.severity is 'critical, high, medium or low, as it was then.';
comment on column delegation.result_history.organization_id is 'ID of the organization; null where it was not known.';
comment on column delegation.result_history.account_id is 'Account that the verdict is about, or that asked.';
comment on column delegation.result_history.region is 'Region that the verdict is about; null for all of them.';
comment on column delegation.result_history.resource_id is 'What is judged.';
comment on column delegation.result_history.status is 'pass, fail, unknown, not_applicable or waived; of several verdicts on the same thing the worst.';
comment on column delegation.result_history.reason is 'Why, as the run said that began this state.';
comment on column delegation.result_history.unknown_cause is 'unread, not_configured or not_observable; null where the status is not unknown.';
comment on column delegation.result_history.waiver is 'Who had accepted it, where it is waived.';
comment on column delegation.result_history.valid_from is 'Time of the first run with this status; never null.';
comment on column delegation.result_history.valid_to is 'Time of the run with another status, or that judged it no more; null while none did.';
comment on column delegation.result_history.began_by is 'first_run (nobody had run the rule on the organization before) or changed.';
comment on column delegation.result_history.is_open is 'True while valid_to is null; never null.';
comment on column delegation.result_history.pack_version is 'Version of the views and rules that said it.';
