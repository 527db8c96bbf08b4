-- id:          methods_agree
-- title:       Organizations and the service name the same administrators
-- severity:    high
-- frameworks:  aws_sra: delegated_administration
-- reads:       aws_organizations, aws_organizations_delegated_administrators, aws_organizations_delegated_services, aws_*_organization_admin_accounts, aws_ec2_regions, aws_delegation_services
-- why:         Organizations and the service keep a list of administrators each, and only the one of the service says who has the
--              power. Who reads the list of Organizations alone is told "nobody" where the management account is the
--              administrator, and the wrong account where one of the lists was changed behind the other.
-- decides:     For each service that can be delegated through Organizations and by its own call: every account that the service
--              itself names, in any Region, is registered with Organizations, and every account registered there is named by the
--              service in at least one Region. Organizations knows no Regions, so a Region without an administrator is no
--              disagreement here (every_region_has_admin judges it). The management account as administrator fails: Organizations
--              can never name it, and its list then says less than is true. Administrators that are being made or removed do not
--              count as named, and are told. Services that share a principal (Security Hub CSPM and V2) are one registration:
--              it is enough that one of them names the account. States of accounts do not matter here. One row per service where
--              all agree, otherwise one per service and Region that differ; without a Region where it is about the service as a
--              whole.
-- unknown:     One of the two lists was not read, for the whole service or in that Region, and what is missing could contradict
--              the other; or another service with the same principal was not read, and it may name the account that is registered.
-- remediation: Decide who should administer {service_name}, and make that account the administrator by the call of the service in {region} (`{register_command}`), which registers it with Organizations too; take others away with `{deregister_command}`, or with `aws organizations deregister-delegated-administrator` where only Organizations names them.
-- source:      https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html
with sources as materialized (
    select asked.*
    from delegation.asked_organizations(array['aws_delegation_services']) as asked
),
services as materialized (
    select services.source_name, services.service_id, services.service_name, services.group_id, services.group_name
    from delegation.services
    join sources on sources.source_name = services.source_name
    where sources.can_judge
        and services.methods ?& array['organizations', 'service']
        and services.admin_table_name is not null
),
of_organizations as (
    select
        sources.source_name,
        sources.resource_id as service_id,
        null::text as region,
        coalesce(sources.status, 'unknown') as status,
        coalesce(sources.reason, 'aws_delegation_services has no service with both methods; sync again') as reason,
        case when sources.can_judge then 'unread' else sources.unknown_cause end as unknown_cause
    from sources
    where not sources.can_judge
        or not exists (select from services where services.source_name = sources.source_name)
),
answers as materialized (
    select service_answers.*
    from delegation.service_answers
    join services
        on services.source_name = service_answers.source_name
        and services.service_id = service_answers.service_id
),
registered as materialized (
    select
        delegations.source_name,
        delegations.service_id as group_id,
        delegations.delegated_account_id,
        delegation.with_remark(
            delegation.account_label(delegations.delegated_account_id, delegations.account_name, delegations.ou_path),
            nullif(delegations.account_state, 'ACTIVE')
        ) as label
    from delegation.delegations
    where delegations.method = 'organizations'
),
registrations as materialized (
    select
        asked.source_name,
        asked.service_id as group_id,
        asked.was_read,
        asked.unknown_cause,
        asked.read_error,
        string_agg(registered.label, ' and ' order by registered.label collate "C") as labels
    from delegation.service_regions as asked
    left join registered
        on registered.source_name = asked.source_name
        and registered.group_id = asked.service_id
    where asked.method = 'organizations'
    group by asked.source_name, asked.service_id, asked.was_read, asked.unknown_cause, asked.read_error
),
-- What a group of services says together: Organizations cannot tell them apart.
groups as materialized (
    select
        services.source_name,
        services.group_id,
        min(services.service_id collate "C") as service_id,
        min(services.group_name) as group_name,
        bool_and(answers.was_read) and bool_or(answers.is_asked) as could_say,
        array_agg(answers.delegated_account_id) filter (where answers.is_held) as held_account_ids,
        string_agg(distinct answers.label collate "C", ' and ') filter (where answers.is_held) as held_labels,
        string_agg(distinct answers.label collate "C", ' and ') filter (where not answers.is_held) as unsettled_labels
    from services
    join answers
        on answers.source_name = services.source_name
        and answers.service_id = services.service_id
    -- A service that only Organizations knows may be the one that is meant.
    where not exists (
        select
        from delegation.services as other
        where other.source_name = services.source_name
            and other.group_id = services.group_id
            and not (other.methods ? 'service' and other.admin_table_name is not null)
    )
    group by services.source_name, services.group_id
),
-- An account that the service names and Organizations does not.
of_unregistered as materialized (
    select
        services.source_name,
        services.service_id,
        services.group_id,
        answers.region,
        'fail' as status,
        concat(
            format('%s itself names %s', services.service_name, string_agg(answers.label, ' and ' order by answers.label collate "C")),
            ' in ' || answers.region,
            case
                when registrations.was_read then concat(
                    format(', and Organizations names %s', coalesce(registrations.labels, 'nobody')),
                    ' for ' || nullif(services.group_name, services.service_name)
                )
            end,
            case
                when bool_or(answers.is_management_account) then '; Organizations can never name the management account: make a member account the administrator'
                else '; settle on one, and make it the administrator by the call of the service'
            end
        ) as reason,
        null::text as unknown_cause
    from services
    join answers
        on answers.source_name = services.source_name
        and answers.service_id = services.service_id
    join registrations
        on registrations.source_name = services.source_name
        and registrations.group_id = services.group_id
    left join registered
        on registered.source_name = services.source_name
        and registered.group_id = services.group_id
        and registered.delegated_account_id = answers.delegated_account_id
    where answers.is_held
    group by services.source_name, services.service_id, services.service_name, services.group_id, services.group_name, answers.region, registrations.was_read, registrations.labels
    -- The management account is in no list of Organizations, read or not.
    having bool_or(registered.delegated_account_id is null and (registrations.was_read or answers.is_management_account))
),
-- An account that Organizations names, and that no service of the group names anywhere.
of_unnamed as (
    select
        groups.source_name,
        groups.service_id,
        null::text as region,
        'fail' as status,
        concat(
            format('Organizations names %s for %s, and ', string_agg(registered.label, ' and ' order by registered.label collate "C"), groups.group_name),
            case when groups.held_labels is null then 'the service itself names nobody' else format('the service itself names %s', groups.held_labels) end,
            case when groups.unsettled_labels is not null then format(' (%s does not count)', groups.unsettled_labels) end,
            '; make it the administrator by the call of the service, or deregister it'
        ) as reason,
        null::text as unknown_cause
    from groups
    join registered
        on registered.source_name = groups.source_name
        and registered.group_id = groups.group_id
    -- Otherwise the answer that is missing has a row of its own; and what differs in a Region shows both lists.
    where groups.could_say
        and not exists (
            select
            from of_unregistered
            where of_unregistered.source_name = groups.source_name
                and of_unregistered.group_id = groups.group_id
        )
        and not registered.delegated_account_id = any (coalesce(groups.held_account_ids, '{}'))
    group by groups.source_name, groups.service_id, groups.group_name, groups.held_labels, groups.unsettled_labels
),
of_unread as (
    select
        services.source_name,
        services.service_id,
        null::text as region,
        'unknown' as status,
        format('whether Organizations names the same for %s is not known: %s', services.service_name, registrations.read_error) as reason,
        registrations.unknown_cause
    from services
    join registrations
        on registrations.source_name = services.source_name
        and registrations.group_id = services.group_id
    where not registrations.was_read
        and exists (select from answers where answers.source_name = services.source_name and answers.service_id = services.service_id and answers.is_asked)
    union all
    select distinct
        answers.source_name,
        answers.service_id,
        answers.problem_region,
        'unknown',
        answers.problem,
        answers.problem_cause
    from answers
    where not answers.was_read
),
-- An account that Organizations names for a group, and that only a service of it may name which was not read. Told where the
-- group is told, unless what was not read there is told already.
of_unsaid as (
    select
        groups.source_name,
        groups.service_id,
        null::text as region,
        'unknown' as status,
        format(
            'whether one of %s names %s, as Organizations does, is not known: %s',
            groups.group_name,
            string_agg(distinct registered.label collate "C", ' and '),
            min(others.problem collate "C")
        ) as reason,
        case
            when bool_or(others.problem_cause = 'unread') then 'unread'
            when bool_or(others.problem_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause
    from groups
    join registered
        on registered.source_name = groups.source_name
        and registered.group_id = groups.group_id
    join services as siblings
        on siblings.source_name = groups.source_name
        and siblings.group_id = groups.group_id
        and siblings.service_id <> groups.service_id
    join answers as others
        on others.source_name = siblings.source_name
        and others.service_id = siblings.service_id
        and not others.was_read
    where not registered.delegated_account_id = any (coalesce(groups.held_account_ids, '{}'))
        and not exists (
            select
            from answers
            where answers.source_name = groups.source_name
                and answers.service_id = groups.service_id
                and not answers.was_read
        )
    group by groups.source_name, groups.service_id, groups.group_name
),
findings as materialized (
    select of_unregistered.source_name, of_unregistered.service_id, of_unregistered.region, of_unregistered.status, of_unregistered.reason, of_unregistered.unknown_cause
    from of_unregistered
    union all
    select * from of_unnamed
    union all
    select * from of_unread
    union all
    select * from of_unsaid
),
of_differences as (
    select
        findings.source_name,
        findings.service_id,
        findings.region,
        min(findings.status) as status,
        string_agg(findings.reason, '; ' order by findings.status collate "C", findings.reason collate "C") as reason,
        case
            when bool_or(findings.status = 'fail') then null
            when bool_or(findings.unknown_cause = 'unread') then 'unread'
            when bool_or(findings.unknown_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause
    from findings
    group by findings.source_name, findings.service_id, findings.region
),
of_agreement as (
    select
        services.source_name,
        services.service_id,
        null::text as region,
        case when bool_or(answers.is_held) then 'pass' else 'not_applicable' end as status,
        concat(
            case
                when bool_or(answers.is_held) then concat(
                    format('%s: Organizations and the service itself name %s', services.service_name, string_agg(distinct answers.label collate "C", ' and ') filter (where answers.is_held)),
                    case when count(answers.region) > 0 then format(', the service in %s of %s Regions', count(distinct answers.region) filter (where answers.is_held), count(distinct answers.region)) end
                )
                when not bool_or(answers.is_asked) then format('%s is in no Region that is enabled for the account that asked', services.service_name)
                when registrations.labels is null then format('nobody administers %s: neither Organizations nor the service itself names anybody', services.service_name)
                else format('%s itself names nobody; Organizations names %s for %s together', services.service_name, registrations.labels, services.group_name)
            end,
            case when bool_or(not answers.is_held) then format('; %s does not count', string_agg(distinct concat(answers.label, ' in ' || answers.region) collate "C", ' and ') filter (where not answers.is_held)) end
        ) as reason,
        null::text as unknown_cause
    from services
    join answers
        on answers.source_name = services.source_name
        and answers.service_id = services.service_id
    left join registrations
        on registrations.source_name = services.source_name
        and registrations.group_id = services.group_id
    where not exists (
        select
        from findings
        where findings.source_name = services.source_name
            and findings.service_id = services.service_id
    )
    group by services.source_name, services.service_id, services.service_name, services.group_name, registrations.labels
),
judged as (
    select * from of_organizations
    union all
    select * from of_differences
    union all
    select * from of_agreement
)
select
    sources.organization_id,
    sources.account_id,
    judged.region,
    judged.service_id as resource_id,
    judged.status,
    judged.reason,
    judged.unknown_cause
from judged
join sources on sources.source_name is not distinct from judged.source_name
order by organization_id, resource_id, region;
