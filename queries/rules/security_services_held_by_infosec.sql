-- id:          security_services_held_by_infosec
-- title:       InfoSec holds the delegation of every security service
-- severity:    critical
-- frameworks:  cis_aws_7.0: 2.1.6; aws_sra: delegated_administration, security_tooling_account
-- reads:       aws_organizations, aws_organizations_accounts, aws_organizations_service_access, aws_organizations_delegated_administrators, aws_organizations_delegated_services, aws_organization_resource_policies, aws_organization_resource_policy_statements, aws_*_organization_admin_accounts, aws_ec2_regions, aws_delegation_services, aws_delegation_owners, aws_delegation_expectations
-- why:         Who administers GuardDuty, Security Hub or CloudTrail can switch detection off for the whole organization. That
--              belongs to the security team, in every Region and by every method.
-- decides:     Each security service that is in use (trusted access, or an administrator by any method) is held by its expected
--              owner (infosec, unless `expectations` of the spec says otherwise) and by nobody else, by every method that can tell,
--              in every enabled Region where the service exists. One row per service and Region that differ, one per service where
--              all agree. Of the delegation policy only grants of policy work count.
--              A principal that the catalogue does not know may be that of a security service: it passes where ACTIVE accounts of
--              infosec alone are registered with it.
-- unknown:     A question that could change the verdict was not answered in that Region, the spec does not say who the owner is,
--              this version has no way to ask, or anybody else is registered with a principal that the catalogue does not know.
-- remediation: In the management account, take away {service_name} in {region} from whoever else has it ({deregister_command}), and
--              make an account of the expected owner its administrator ({register_command}).
-- source:      https://docs.aws.amazon.com/prescriptive-guidance/latest/security-reference-architecture/security-tooling.html
with asked as materialized (
    select asked_organizations.*
    from delegation.asked_organizations(array['aws_delegation_services']) as asked_organizations
),
ownership as materialized (
    select service_ownership.*
    from delegation.service_ownership
    where service_ownership.is_security_service
),
infosec as materialized (
    select owner_accounts.source_name, owner_accounts.account_id
    from delegation.owner_accounts
    where owner_accounts.owner = 'infosec'
        and owner_accounts.is_match
        and owner_accounts.account_state = 'ACTIVE'
),
-- AWS adds services faster than a catalogue does.
of_unknown_services as (
    select
        asked.organization_id,
        asked.account_id,
        delegations.service_id as resource_id,
        bool_and(infosec.account_id is not null) as is_with_infosec,
        string_agg(
            delegation.account_label(delegations.delegated_account_id, delegations.account_name, delegations.ou_path)
                || case when delegations.account_state <> 'ACTIVE' then format(', which is %s', delegations.account_state) else '' end,
            ' and ' order by delegations.delegated_account_id collate "C"
        ) as labels
    from asked
    join delegation.delegations
        on delegations.source_name = asked.source_name
        and delegations.method = 'organizations'
    left join infosec
        on infosec.source_name = delegations.source_name
        and infosec.account_id = delegations.delegated_account_id
    where asked.can_judge
        and delegations.category = 'unknown'
        -- Where the catalogue is empty every principal is unknown, and that is told.
        and exists (select from ownership where ownership.source_name = asked.source_name)
    group by asked.source_name, asked.organization_id, asked.account_id, delegations.service_id
),
of_organizations as (
    select
        asked.organization_id,
        asked.account_id,
        asked.resource_id,
        coalesce(asked.status, 'unknown') as status,
        coalesce(asked.reason, 'which services there are is not known: aws_delegation_services has no security service; sync again') as reason,
        case when asked.can_judge then 'unread' else asked.unknown_cause end as unknown_cause
    from asked
    where not asked.can_judge
        or not exists (select from ownership where ownership.source_name = asked.source_name)
)
select
    ownership.organization_id,
    ownership.management_account_id as account_id,
    ownership.region,
    ownership.service_id as resource_id,
    ownership.status,
    ownership.reason,
    ownership.unknown_cause
from ownership
union all
select
    of_unknown_services.organization_id,
    of_unknown_services.account_id,
    null::text as region,
    of_unknown_services.resource_id,
    case when of_unknown_services.is_with_infosec then 'pass' else 'unknown' end as status,
    format(
        case
            when of_unknown_services.is_with_infosec then '%s is not in the catalogue of this version, and held by %s, of infosec, through Organizations'
            else '%s is not in the catalogue of this version, so whether it is a security service is not known, and it is held by %s through Organizations; look up what it is, and sync with a version that knows it'
        end,
        of_unknown_services.resource_id,
        of_unknown_services.labels
    ) as reason,
    case when not of_unknown_services.is_with_infosec then 'not_observable' end as unknown_cause
from of_unknown_services
union all
select
    of_organizations.organization_id,
    of_organizations.account_id,
    null::text as region,
    of_organizations.resource_id,
    of_organizations.status,
    of_organizations.reason,
    of_organizations.unknown_cause
from of_organizations
order by organization_id, resource_id, region;
