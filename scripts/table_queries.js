/**
 * What one asks of each table, for its page; by name.
 * The tests run them on the demo, where at least one of each table has to answer with a row. Some tables are empty there, as they are in an
 * organization without such a thing: theirs end with the question whether somebody looked.
 */
export const tableQueries = {
  aws_accessanalyzer_analyzers: `-- Which analyzers look at the whole organization, and where?
select region, admin_account_id, name, type, status
from aws_accessanalyzer_analyzers
where type like 'ORGANIZATION%'
order by type, region;

${wasRead('aws_accessanalyzer_analyzers')}`,

  aws_auditmanager_organization_admin_accounts: `-- Who administers Audit Manager, in which Regions?
select admin_account_id, array_agg(region order by region) as regions
from aws_auditmanager_organization_admin_accounts
group by admin_account_id;

${wasRead('aws_auditmanager_organization_admin_accounts')}`,

  aws_cloudtrail_event_data_stores: `-- Which event data stores hold events of the whole organization, for how long, and can they be deleted?
select region, name, status, organization_enabled, retention_period, termination_protection_enabled, federation_status
from aws_cloudtrail_event_data_stores
order by region, name;`,

  aws_cloudtrail_organization_events: `-- Who changed the organization, and whom did AWS refuse?
select event_time, event_name, username, source_ip_address, error_code
from aws_cloudtrail_organization_events
order by event_time desc
limit 20;`,

  aws_cloudtrail_trails: `-- Does a trail log every account in every Region, and does it log now?
select name, home_region, is_organization_trail, is_multi_region_trail, is_logging, log_file_validation_enabled, latest_delivery_error
from aws_cloudtrail_trails
order by is_organization_trail desc, name;`,

  aws_config_configuration_aggregators: `-- Which aggregators gather the whole organization?
select region, admin_account_id, configuration_aggregator_name, organization_aggregation_source
from aws_config_configuration_aggregators
where organization_aggregation_source is not null
order by admin_account_id, region;

${wasRead('aws_config_configuration_aggregators')}`,

  aws_delegation_approvals: `-- Which approvals are to be reviewed within a month?
select kind, service, principal, approved_by, approved_on, review_by
from aws_delegation_approvals
where review_by < now() at time zone 'utc' + interval '30 days'
order by review_by;

-- Without approvals in the spec nothing is judged against them. Does it have any?
select has_approvals from aws_delegation_settings;`,

  aws_delegation_expectations: `-- Who should hold a service, by the spec and else by the catalogue?
select
    services.service_id,
    coalesce(string_agg(expectations.owner, ', ' order by expectations.owner), services.recommended_owners::text) as owners,
    count(expectations.owner) > 0 as is_from_spec
from aws_delegation_services as services
left join aws_delegation_expectations as expectations
    on expectations.service_id = services.service_id
    and expectations.account_id = services.account_id
    and expectations._cq_source_name = services._cq_source_name
where services.is_delegation_supported
group by services.service_id, services.recommended_owners
order by services.service_id;`,

  aws_delegation_owners: `-- By what is each owner known?
select owner, selector_type, selector
from aws_delegation_owners
order by owner, selector_type, selector;

-- Without owners in the spec nobody can say whether the right one holds a service. How many are there?
select count(distinct owner) as owners from aws_delegation_owners;`,

  aws_delegation_reads: `-- What could not be read, and why?
select table_name, operation, outcome, error_code, array_agg(distinct region order by region) as regions, min(error_message) as error_message
from aws_delegation_reads
where outcome not in ('ok', 'absent')
group by table_name, operation, outcome, error_code
order by table_name;`,

  aws_delegation_services: `-- What can an administrator of a security service do to members?
select service_id, name, is_regional, max_delegated_admins, administrator_power, administrator_can
from aws_delegation_services
where is_security_service and is_delegation_supported
order by service_id;`,

  aws_delegation_settings: `-- By what does this source want to be judged?
select account_id, workload_ous, allowed_regions, separation_of_duties, max_age_hours, has_approvals, events_lookback_days
from aws_delegation_settings;`,

  aws_delegation_waivers: `-- Which findings are accepted, by whom, and for how long yet?
select rule, resource, region, owner, approved_by, expires, expires < now() at time zone 'utc' as is_over
from aws_delegation_waivers
order by expires;

-- How many are there at all?
select count(*) as waivers from aws_delegation_waivers;`,

  aws_detective_organization_admin_accounts: `-- Who administers Detective, in how many Regions, since when?
select admin_account_id, count(*) as regions, min(delegation_time) as since
from aws_detective_organization_admin_accounts
group by admin_account_id
order by regions desc;`,

  aws_detective_organization_configurations: `-- Where does Detective leave new accounts out?
select region, admin_account_id, auto_enable
from aws_detective_organization_configurations
where auto_enable is not true
order by region;

${wasRead('aws_detective_organization_configurations')}`,

  aws_ec2_ipams: `-- Who owns the IPAMs, and where do they work?
select owner_id, ipam_id, ipam_region, state, tier, operating_regions
from aws_ec2_ipams
order by owner_id, ipam_id;`,

  aws_ec2_regions: `-- Which Regions are enabled?
select region_name, opt_in_status
from aws_ec2_regions
where opt_in_status <> 'not-opted-in'
order by region_name;`,

  aws_fms_organization_admin_accounts: `-- Who administers Firewall Manager, and of what?
select admin_account_id, default_admin, admin_status, admin_scope
from aws_fms_organization_admin_accounts
order by default_admin desc, admin_account_id;`,

  aws_guardduty_organization_admin_accounts: `-- Who administers GuardDuty, and in which Regions?
select admin_account_id, admin_status, count(*), array_agg(region order by region) as regions
from aws_guardduty_organization_admin_accounts
group by admin_account_id, admin_status
order by count(*) desc;`,

  aws_guardduty_organization_configurations: `-- Where does GuardDuty not switch itself on in all members?
select region, admin_account_id, auto_enable_organization_members, member_account_limit_reached
from aws_guardduty_organization_configurations
where auto_enable_organization_members is distinct from 'ALL'
order by region;

${wasRead('aws_guardduty_organization_configurations')}`,

  aws_iam_organizations_features: `-- What of root access is managed centrally?
select feature from aws_iam_organizations_features order by feature;`,

  aws_iam_service_linked_roles: `-- Which services have a service-linked role here, and since when?
select role_name, path, create_date
from aws_iam_service_linked_roles
order by create_date;`,

  aws_inspector2_organization_admin_accounts: `-- Who administers Inspector, and in which Regions is it not settled?
select admin_account_id, admin_status, relationship_status, array_agg(region order by region) as regions
from aws_inspector2_organization_admin_accounts
group by admin_account_id, admin_status, relationship_status
order by admin_account_id;`,

  aws_inspector2_organization_configurations: `-- What does Inspector scan in new members?
select region, admin_account_id, auto_enable, max_account_limit_reached
from aws_inspector2_organization_configurations
order by region;

${wasRead('aws_inspector2_organization_configurations')}`,

  aws_macie2_organization_admin_accounts: `-- Who administers Macie, and in which Regions?
select admin_account_id, admin_status, array_agg(region order by region) as regions
from aws_macie2_organization_admin_accounts
group by admin_account_id, admin_status
order by admin_account_id;`,

  aws_macie2_organization_configurations: `-- Where does Macie leave new accounts out, or has no room for them?
select admin_account_id, auto_enable, max_account_limit_reached, array_agg(region order by region) as regions
from aws_macie2_organization_configurations
group by admin_account_id, auto_enable, max_account_limit_reached
order by admin_account_id;`,

  aws_networkmanager_organization_service_access: `-- May Network Manager work in the whole organization, and are its roles there?
select organization_id, organization_aws_service_access_status, slr_deployment_status
from aws_networkmanager_organization_service_access;`,

  aws_organization_resource_policies: `-- The delegation policy as it stands.
select jsonb_pretty(content::jsonb) as policy from aws_organization_resource_policies;`,

  aws_organization_resource_policy_statements: `-- Whom does the delegation policy let do what?
select sid, effect, principal, actions, resources, condition
from aws_organization_resource_policy_statements
order by statement_index, principal;`,

  aws_organizations: `-- Which organization is this, who manages it, and does it use all features?
select id, master_account_id, master_account_email, feature_set from aws_organizations;`,

  aws_organizations_account_parents: `-- How many accounts lie in each OU, and how many right below the root?
select coalesce(units.ou_path, '/') as ou_path, count(*) as accounts
from aws_organizations_account_parents as parents
left join aws_organizations_organizational_units as units
    on units.id = parents.parent_id
    and units.request_account_id = parents.request_account_id
    and units._cq_source_name = parents._cq_source_name
group by 1
order by 1;`,

  aws_organizations_accounts: `-- Which accounts are not active, and which joined in the last 90 days?
select id, name, state, ou_path, joined_method, joined_timestamp
from aws_organizations_accounts
where state <> 'ACTIVE' or joined_timestamp > now() at time zone 'utc' - interval '90 days'
order by state, joined_timestamp desc;

-- How many of each state?
select state, count(*) from aws_organizations_accounts group by state order by state;`,

  aws_organizations_delegated_administrators: `-- Which accounts administer how many services?
select administrators.id, administrators.name, administrators.state, count(services.service_principal) as services
from aws_organizations_delegated_administrators as administrators
left join aws_organizations_delegated_services as services
    on services.delegated_account_id = administrators.id
    and services.account_id = administrators.account_id
    and services._cq_source_name = administrators._cq_source_name
group by administrators.id, administrators.name, administrators.state
order by services desc;`,

  aws_organizations_delegated_services: `-- Which services have more than one administrator?
select service_principal, array_agg(delegated_account_id order by delegated_account_id) as administrators
from aws_organizations_delegated_services
group by service_principal
having count(*) > 1
order by service_principal;

-- The newest delegations.
select service_principal, delegated_account_id, delegation_enabled_date
from aws_organizations_delegated_services
order by delegation_enabled_date desc
limit 10;`,

  aws_organizations_handshakes: `-- Which invitations are open, or ended lately?
select id, action, state, requested_timestamp, expiration_timestamp, parties
from aws_organizations_handshakes
order by requested_timestamp desc;`,

  aws_organizations_organizational_unit_parents: `-- Which OUs have the most OUs below them?
select units.ou_path, count(*) as below
from aws_organizations_organizational_unit_parents as parents
join aws_organizations_organizational_units as units
    on units.id = parents.parent_id
    and units.request_account_id = parents.request_account_id
    and units._cq_source_name = parents._cq_source_name
group by units.ou_path
order by below desc, units.ou_path;

-- Which ones are right below the root?
select id from aws_organizations_organizational_unit_parents where type = 'ROOT' order by id;`,

  aws_organizations_organizational_units: `-- The tree, with the accounts in each OU.
select units.ou_path, units.id, count(accounts.id) as accounts
from aws_organizations_organizational_units as units
left join aws_organizations_accounts as accounts
    on accounts.parent_id = units.id
    and accounts.request_account_id = units.request_account_id
    and accounts._cq_source_name = units._cq_source_name
group by units.ou_path, units.id
order by units.ou_path;`,

  aws_organizations_policies: `-- Which policies of your own are attached nowhere?
select policies.type, policies.name, policies.id
from aws_organizations_policies as policies
where not policies.aws_managed
    and not exists (
        select 1
        from aws_organizations_policy_targets as targets
        where targets.policy_id = policies.id
            and targets.account_id = policies.account_id
            and targets._cq_source_name = policies._cq_source_name
    )
order by policies.type, policies.name;

-- How many of each type?
select type, aws_managed, count(*) from aws_organizations_policies group by type, aws_managed order by type, aws_managed;`,

  aws_organizations_policy_targets: `-- What is attached where, apart from the policies of AWS itself?
select targets.target_type, targets.name as target, policies.type, policies.name as policy
from aws_organizations_policy_targets as targets
join aws_organizations_policies as policies
    on policies.id = targets.policy_id
    and policies.account_id = targets.account_id
    and policies._cq_source_name = targets._cq_source_name
where not policies.aws_managed
order by targets.target_type, targets.name, policies.type, policies.name;`,

  aws_organizations_roots: `-- Which policy types are enabled?
select roots.id, policy_type ->> 'Type' as type, policy_type ->> 'Status' as status
from aws_organizations_roots as roots
cross join jsonb_array_elements(roots.policy_types) as policy_type
order by type;`,

  aws_organizations_service_access: `-- Which services have trusted access, but no administrator that Organizations knows of?
select access.service_principal, access.date_enabled
from aws_organizations_service_access as access
left join aws_organizations_delegated_services as services
    on services.service_principal = access.service_principal
    and services.account_id = access.account_id
    and services._cq_source_name = access._cq_source_name
where services.service_principal is null
order by access.service_principal;`,

  aws_securityhub_organization_admin_accounts: `-- Who administers Security Hub CSPM and Security Hub, and in which Regions?
select feature, admin_account_id, admin_status, array_agg(region order by region) as regions
from aws_securityhub_organization_admin_accounts
group by feature, admin_account_id, admin_status
order by feature, admin_account_id;`,

  aws_securityhub_organization_configurations: `-- Where is Security Hub CSPM configured locally, Region by Region, instead of centrally?
select region, admin_account_id, auto_enable, auto_enable_standards, organization_configuration
from aws_securityhub_organization_configurations
where organization_configuration ->> 'ConfigurationType' is distinct from 'CENTRAL'
order by region;

${wasRead('aws_securityhub_organization_configurations')}`,

  aws_securitylake_organization_configurations: `-- What does Security Lake collect from accounts that join?
select region, admin_account_id, auto_enable_new_account
from aws_securitylake_organization_configurations
order by region;

${wasRead('aws_securitylake_organization_configurations')}`,
};

function wasRead(table) {
  return `-- No row: is there none, or could nobody look?
select outcome, error_code, count(*), min(error_message) as error_message
from aws_delegation_reads
where table_name = '${table}'
group by outcome, error_code;`;
}
