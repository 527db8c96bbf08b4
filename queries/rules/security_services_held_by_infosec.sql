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
-- unknown:     A question that could change the verdict was not answered in that Region, the spec does not say who the owner is, or
--              this version has no way to ask.
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
    of_organizations.organization_id,
    of_organizations.account_id,
    null::text as region,
    of_organizations.resource_id,
    of_organizations.status,
    of_organizations.reason,
    of_organizations.unknown_cause
from of_organizations
order by organization_id, resource_id, region;
