-- id:          services_held_by_expected_owner
-- title:       Every other service is held by the owner that is expected to hold it
-- severity:    high
-- frameworks:  cis_aws_7.0: 2.1.6; aws_sra: delegated_administration
-- reads:       aws_organizations, aws_organizations_accounts, aws_organizations_service_access, aws_organizations_delegated_administrators, aws_organizations_delegated_services, aws_delegation_services, aws_delegation_owners, aws_delegation_expectations
-- why:         Who administers Backup can delete the backups of every member, and who administers IPAM its address plan. Such power
--              belongs to the team that runs the service, and to nobody else.
-- decides:     Each service that is no security service, and of which the spec (`expectations`) or else the catalogue says who should
--              hold it, is held by an account of that owner and by nobody else, if it is in use: if it has trusted access, or an
--              administrator by any method. One row per service and Region that differ, one per service where all agree.
-- unknown:     A question that could change the verdict was not answered, or the spec does not say who the owner is: the reason has
--              the line to add.
-- remediation: Make an account of the expected owner the administrator of {service_name}: `{register_command}`. Take every other one away: `{deregister_command}`.
-- source:      https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_delegated_admin.html
with asked as materialized (
    select asked_organizations.*
    from delegation.asked_organizations(array['aws_delegation_services', 'aws_delegation_expectations']) as asked_organizations
),
ownership as materialized (
    select service_ownership.*
    from delegation.service_ownership
    where not service_ownership.is_security_service
),
of_organizations as (
    select
        asked.organization_id,
        asked.account_id,
        asked.resource_id,
        coalesce(asked.status, 'not_applicable') as status,
        coalesce(asked.reason, 'neither the spec nor the catalogue says who should hold a service that is no security service') as reason,
        asked.unknown_cause
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
