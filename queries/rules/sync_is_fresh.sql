-- id:          sync_is_fresh
-- title:       The last sync is younger than the spec asks for
-- severity:    medium
-- frameworks:  none
-- reads:       aws_organizations, aws_delegation_settings
-- why:         A verdict is one about the day of the sync. A schedule that stopped leaves green results that nobody may rely on.
-- decides:     The newest sync of the source in aws_delegation_reads is less than `max_age_hours` of the spec old (24 where it says
--              nothing), by the clock of the database. A sync that started less than an hour in the future is young: clocks
--              differ. One further in the future fails, because its clock or that of the database is wrong, and until that time
--              comes every later sync counts as older. Also judged for an account that is in no organization.
-- unknown:     Nothing was synced, or the sync left out or lacks aws_delegation_settings, so that the age that is wanted is not
--              known.
-- remediation: Sync again (`aws-delegation sync`, or `cloudquery sync`), and see why the schedule did not. Set `max_age_hours` of the spec to what your schedule promises.
-- source:      https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config.html
with sources as (
    select
        organizations.source_name,
        organizations.organization_id,
        coalesce(organizations.management_account_id, organizations.asking_account_id) as account_id,
        coalesce(organizations.organization_id, organizations.asking_account_id, 'organization') as resource_id,
        organizations.sync_time,
        organizations.read_error,
        settings.max_age_hours,
        coalesce(settings.was_read and settings_read.was_read, false) as were_settings_read,
        coalesce(settings_read.unknown_cause, 'unread') as settings_cause,
        coalesce(settings_read.read_error, 'aws_delegation_settings has no row of this sync; sync again') as settings_error,
        extract(epoch from now() at time zone 'utc' - organizations.sync_time) / 3600 as age_hours
    from delegation.organizations
    left join delegation.settings on settings.source_name = organizations.source_name
    left join delegation.table_reads as settings_read
        on settings_read.source_name = organizations.source_name
        and settings_read.table_name = 'aws_delegation_settings'
),
verdicts as (
    select
        sources.*,
        case
            when sources.sync_time is null then 'unknown'
            when sources.age_hours < -1 then 'fail'
            when not sources.were_settings_read then 'unknown'
            when sources.age_hours < sources.max_age_hours then 'pass'
            else 'fail'
        end as status,
        format(
            'the newest sync (source %s) is of %s',
            coalesce(sources.source_name, 'unknown'),
            to_char(sources.sync_time, 'YYYY-MM-DD HH24:MI "UTC"')
        ) as sync_words,
        case
            when sources.age_hours < 1 then 'less than an hour'
            when sources.age_hours < 2 then '1 hour'
            else format('%s hours', floor(sources.age_hours))
        end as age_words
    from sources
)
select
    verdicts.organization_id,
    verdicts.account_id,
    null::text as region,
    verdicts.resource_id,
    verdicts.status,
    case
        when verdicts.sync_time is null then coalesce(verdicts.read_error, 'the newest sync has no time; sync again')
        when verdicts.age_hours < -1 then format('%s, %s hours in the future; set the clock of the machine that syncs or of the database right, remove the rows with that time, and sync again', verdicts.sync_words, round(- verdicts.age_hours))
        when verdicts.status = 'unknown' then format('%s, %s ago, and what age is too old is not known: %s', verdicts.sync_words, verdicts.age_words, verdicts.settings_error)
        when verdicts.status = 'pass' then format('%s, %s ago, less than the %s hours of `max_age_hours`', verdicts.sync_words, verdicts.age_words, verdicts.max_age_hours)
        else format('%s, %s ago, and should be younger than the %s hours of `max_age_hours`; sync again', verdicts.sync_words, verdicts.age_words, verdicts.max_age_hours)
    end as reason,
    case
        when verdicts.status <> 'unknown' then null
        when verdicts.sync_time is null then 'unread'
        else verdicts.settings_cause
    end as unknown_cause
from verdicts
order by organization_id, resource_id;
