-- id:          management_account_holds_no_delegation
-- title:       The management account holds no delegation
-- severity:    high
-- frameworks:  cis_aws_7.0: 2.1.6; aws_sra: management_account
-- reads:       aws_organizations, aws_*_organization_admin_accounts, aws_ec2_regions, aws_delegation_services
-- why:         SCPs never bind the management account, so work that is done there is done without guardrails. Some services accept it
--              as their administrator by their own call, and Organizations, which refuses it, then lists nobody.
-- decides:     No service names the management account as its administrator, asked itself in every enabled Region where it exists,
--              whatever the status; nor does Organizations. One row per service and Region that differ, one per service where all
--              agree. Services that can be delegated through Organizations alone have no row: it refuses the management account.
--              Grants of the delegation policy do not count: the management account has these powers anyway.
-- unknown:     The service was not asked in that Region, or this version cannot ask it and AWS does not say that it refuses the
--              management account.
-- remediation: Make a member account the administrator of {service_name} in {region} instead, after `{deregister_command}` for {account_id}.
-- source:      https://docs.aws.amazon.com/organizations/latest/userguide/orgs_best-practices_mgmt-acct.html
with asked as materialized (
    select
        asked_organizations.*,
        delegation.account_label(asked_organizations.management_account_id, accounts.account_name, accounts.ou_path) as label,
        asked_organizations.can_judge and asked_organizations.management_account_id is not null as has_account,
        exists (select from delegation.services where services.source_name = asked_organizations.source_name) as has_catalogue
    from delegation.asked_organizations(array['aws_delegation_services'])
    left join delegation.accounts
        on accounts.source_name = asked_organizations.source_name
        and accounts.account_id = asked_organizations.management_account_id
),
questions as materialized (
    select
        service_regions.source_name,
        service_regions.service_id,
        service_regions.service_name,
        service_regions.region,
        -- A service that nobody can ask, and that refuses the management account.
        service_regions.unknown_cause is not distinct from 'not_observable' and services.management_account_may_be_admin is false as is_refused,
        service_regions.was_read,
        service_regions.unknown_cause,
        service_regions.read_error
    from delegation.service_regions
    join delegation.services
        on services.source_name = service_regions.source_name
        and services.service_id = service_regions.service_id
    where service_regions.method = 'service'
),
held as materialized (
    select
        delegations.source_name,
        delegations.service_id,
        delegations.service_name,
        delegations.region,
        string_agg(
            concat(
                case delegations.method when 'organizations' then 'through Organizations' else 'by the service itself' end,
                case when not delegations.is_held or delegations.status is not null then format(' (status %s)', coalesce(delegations.status, 'unknown')) end
            ),
            ' and ' order by delegations.method collate "C", delegations.status collate "C"
        ) as told
    from delegation.delegations
    where delegations.is_management_account
        and delegations.method in ('organizations', 'service')
    group by delegations.source_name, delegations.service_id, delegations.service_name, delegations.region
),
found as (
    select
        coalesce(questions.source_name, held.source_name) as source_name,
        coalesce(questions.service_id, held.service_id) as service_id,
        coalesce(questions.service_name, held.service_name) as service_name,
        coalesce(questions.region, held.region) as region,
        held.told,
        coalesce(questions.is_refused, false) as is_refused,
        questions.unknown_cause,
        questions.read_error,
        case
            when held.source_name is not null then 'fail'
            when questions.was_read or questions.is_refused then 'pass'
            else 'unknown'
        end as status
    from questions
    full join held
        on held.source_name = questions.source_name
        and held.service_id = questions.service_id
        and coalesce(held.region, '') = coalesce(questions.region, '')
),
answers as materialized (
    select found.*, asked.label
    from found
    join asked on asked.source_name = found.source_name
    where asked.has_account
),
judged as (
    select
        answers.source_name,
        answers.service_id as resource_id,
        answers.region,
        answers.status,
        case answers.status
            when 'fail' then format('%s holds %s%s %s; make a member account the administrator', answers.label, answers.service_name, ' in ' || answers.region, answers.told)
            else format('whether %s holds %s%s is not known: %s', answers.label, answers.service_name, ' in ' || answers.region, answers.read_error)
        end as reason,
        case answers.status when 'unknown' then answers.unknown_cause end as unknown_cause
    from answers
    where answers.status <> 'pass'
    union all
    select
        answers.source_name,
        answers.service_id,
        null,
        'pass',
        case
            when bool_and(answers.is_refused) then format('%s refuses the management account %s', min(answers.service_name), min(answers.label))
            when count(answers.region) > 0 then format('%s is not held by the management account %s, by its own answer in each enabled Region where it exists (%s)', min(answers.service_name), min(answers.label), count(answers.region))
            else format('%s is not held by the management account %s, by its own answer', min(answers.service_name), min(answers.label))
        end,
        null
    from answers
    group by answers.source_name, answers.service_id
    having bool_and(answers.status = 'pass')
)
select
    asked.organization_id,
    asked.account_id,
    judged.region,
    coalesce(judged.resource_id, asked.resource_id) as resource_id,
    case
        when not asked.can_judge then asked.status
        when not asked.has_account then 'unknown'
        when judged.source_name is null then case when asked.has_catalogue then 'not_applicable' else 'unknown' end
        else judged.status
    end as status,
    case
        when not asked.can_judge then asked.reason
        when not asked.has_account then format('%s has no management account in the answer of organizations:DescribeOrganization; sync again', asked.organization_id)
        when judged.source_name is null and not asked.has_catalogue then 'aws_delegation_services has no service; sync again'
        when judged.source_name is null then format('the catalogue of %s has no service that could name the management account', asked.organization_id)
        else judged.reason
    end as reason,
    case
        when not asked.can_judge then asked.unknown_cause
        when not asked.has_account or (judged.source_name is null and not asked.has_catalogue) then 'unread'
        else judged.unknown_cause
    end as unknown_cause
from asked
left join judged on judged.source_name = asked.source_name
order by organization_id, resource_id, region;
