-- id:          trusted_access_has_administrator
-- title:       A service with trusted access has a delegated administrator
-- severity:    medium
-- frameworks:  cis_aws_7.0: 2.1.6; aws_sra: trusted_access
-- reads:       aws_organizations, aws_organizations_accounts, aws_organizations_service_access, aws_organizations_delegated_administrators, aws_organizations_delegated_services, aws_*_organization_admin_accounts, aws_ec2_regions, aws_delegation_services
-- why:         A service that works for the whole organization and has no administrator is run from the management account, which is
--              to be used for nothing that a member could do, and which no SCP binds.
-- decides:     Each service with trusted access, by any of its principals, that can be delegated has an administrator by some
--              method: an ACTIVE account that is not just being made or removed. One Region is enough. The management account as a
--              service's own administrator counts here, and management_account_holds_no_delegation judges it. A principal that the
--              catalogue does not know is judged where somebody is registered with it, and not_applicable otherwise. A service that
--              cannot be delegated has no row.
-- unknown:     Trusted access was not read; or a question that may hide the administrator was not answered; or the accounts were
--              not read, so that the administrator may be a suspended one.
-- remediation: Make a member account the administrator of {service_name}: {register_command}. Where nobody uses the service, take its trusted access away with `aws organizations disable-aws-service-access --service-principal SERVICE_PRINCIPAL`.
-- source:      https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services_list.html
with sources as materialized (
    select
        asked.*,
        exists (select from delegation.services where services.source_name = asked.source_name) as has_catalogue,
        coalesce(account_read.was_read, false) and exists (select from delegation.accounts where accounts.source_name = asked.source_name) as were_accounts_read,
        coalesce(account_read.unknown_cause, 'unread') as accounts_cause,
        coalesce(account_read.read_error, 'organizations:ListAccounts gave no account; sync again') as accounts_error
    from delegation.asked_organizations(array['aws_organizations_service_access', 'aws_delegation_services']) as asked
    left join delegation.table_reads as account_read
        on account_read.source_name = asked.source_name
        and account_read.table_name = 'aws_organizations_accounts'
),
services as materialized (
    select services.*
    from delegation.services
),
-- Services that share a principal have the trusted access together, and one administrator is enough for it.
trusted as materialized (
    select
        trusted_access.source_name,
        coalesce(services.group_id, trusted_access.service_principal) as group_id,
        coalesce(min(services.group_name), format('unknown service (%s)', min(trusted_access.service_principal))) as service_name,
        string_agg(distinct trusted_access.service_principal collate "C", ' and ') as principals,
        bool_or(services.service_id is not null) as is_known,
        bool_or(services.is_delegation_supported) as is_supported
    from delegation.trusted_access
    left join services
        on services.source_name = trusted_access.source_name
        and services.service_id = trusted_access.service_id
    group by trusted_access.source_name, coalesce(services.group_id, trusted_access.service_principal)
),
administrators as (
    select
        delegations.source_name,
        coalesce(services.group_id, delegations.service_id) as group_id,
        bool_or(delegations.is_held and delegations.account_state = 'ACTIVE') as is_held,
        bool_or(delegations.is_held and delegations.account_state is null) as has_open_holder,
        string_agg(distinct named.label, ' and ' order by named.label) filter (where delegations.is_held and delegations.account_state = 'ACTIVE') as holder_labels,
        string_agg(distinct named.label, ' and ' order by named.label) as labels
    from delegation.delegations
    join sources on sources.source_name = delegations.source_name
    left join services
        on services.source_name = delegations.source_name
        and services.service_id = delegations.service_id
    cross join lateral (
        select concat(
            delegation.account_label(delegations.delegated_account_id, delegations.account_name, delegations.ou_path) collate "C",
            case when delegations.is_management_account then ', the management account' end,
            case
                when delegations.account_state <> 'ACTIVE' then format(', which is %s', delegations.account_state)
                when delegations.account_state is null and sources.were_accounts_read then ', which is no account of this organization'
            end,
            case when not delegations.is_held then format(', with status %s', coalesce(delegations.status, 'unknown')) end
        ) as label
    ) as named
    where delegations.method in ('organizations', 'service')
    group by delegations.source_name, coalesce(services.group_id, delegations.service_id)
),
open_groups as (
    select
        open_questions.source_name,
        open_questions.group_id,
        case
            when bool_or(open_questions.unknown_cause = 'unread') then 'unread'
            when bool_or(open_questions.unknown_cause = 'not_configured') then 'not_configured'
            else 'not_observable'
        end as unknown_cause,
        concat(
            min(open_questions.read_error collate "C"),
            case when count(distinct open_questions.read_error) > 1 then format(' (and %s more like it)', count(distinct open_questions.read_error) - 1) end
        ) as read_error
    from (
        select open_questions.source_name, services.group_id, open_questions.unknown_cause, open_questions.read_error
        from delegation.open_questions
        join services
            on services.source_name = open_questions.source_name
            and services.service_id = open_questions.service_id
        where open_questions.method in ('organizations', 'service')
        union all
        -- Of a principal that the catalogue does not know only Organizations can tell.
        select trusted.source_name, trusted.group_id, open_questions.unknown_cause, open_questions.read_error
        from trusted
        join delegation.open_questions on open_questions.source_name = trusted.source_name
        where not trusted.is_known
            and open_questions.method = 'organizations'
    ) as open_questions
    group by open_questions.source_name, open_questions.group_id
),
of_services as (
    select
        sources.source_name,
        trusted.group_id as resource_id,
        case
            when trusted.is_known and trusted.is_supported is null then 'not_applicable'
            when not trusted.is_known and administrators.group_id is null and open_groups.group_id is null then 'not_applicable'
            when administrators.is_held then 'pass'
            -- Who stands in no list of accounts that is complete is nobody's administrator.
            when administrators.has_open_holder and not sources.were_accounts_read then 'unknown'
            when open_groups.group_id is not null then 'unknown'
            else 'fail'
        end as status,
        case
            when trusted.is_known and trusted.is_supported is null then format('%s has trusted access, and no source says whether it can be delegated', trusted.service_name)
            when not trusted.is_known and administrators.group_id is null and open_groups.group_id is null
                then format('the principal %s has trusted access, is not in the catalogue, and nobody is registered with it; whether it can be delegated is not known', trusted.group_id)
            when administrators.is_held then format('%s has trusted access (%s), and its administrator is %s', trusted.service_name, trusted.principals, administrators.holder_labels)
            when administrators.has_open_holder and not sources.were_accounts_read
                then format('%s has trusted access (%s), and whether its administrator %s is ACTIVE is not known: %s', trusted.service_name, trusted.principals, administrators.labels, sources.accounts_error)
            when open_groups.group_id is not null then format('%s has trusted access (%s), and whether it has an administrator is not known: %s', trusted.service_name, trusted.principals, open_groups.read_error)
            when administrators.group_id is not null
                then format('%s has trusted access (%s), and no administrator that counts: there is %s; make an ACTIVE member account the administrator', trusted.service_name, trusted.principals, administrators.labels)
            else format('%s has trusted access (%s) and no administrator; make a member account one, or take the trusted access away', trusted.service_name, trusted.principals)
        end as reason,
        case when administrators.has_open_holder and not sources.were_accounts_read then sources.accounts_cause else open_groups.unknown_cause end as open_cause
    from trusted
    join sources on sources.source_name = trusted.source_name
    left join administrators on administrators.source_name = trusted.source_name and administrators.group_id = trusted.group_id
    left join open_groups on open_groups.source_name = trusted.source_name and open_groups.group_id = trusted.group_id
    where sources.can_judge
        and sources.has_catalogue
        and trusted.is_supported is distinct from false
)
select
    sources.organization_id,
    sources.account_id,
    null::text as region,
    coalesce(of_services.resource_id, sources.resource_id) as resource_id,
    coalesce(of_services.status, sources.status, case when sources.has_catalogue then 'not_applicable' else 'unknown' end) as status,
    coalesce(
        of_services.reason,
        sources.reason,
        case when sources.has_catalogue then format('no service that can be delegated has trusted access to %s', sources.organization_id) else 'aws_delegation_services has no service; sync again' end
    ) as reason,
    case
        when of_services.resource_id is not null then case when of_services.status = 'unknown' then of_services.open_cause end
        when sources.can_judge then case when not sources.has_catalogue then 'unread' end
        else sources.unknown_cause
    end as unknown_cause
from sources
left join of_services on of_services.source_name = sources.source_name
order by organization_id, resource_id;
