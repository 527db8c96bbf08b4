import type { Table } from '../src/schema/index.js';
import { accessanalyzerAnalyzers } from './accessanalyzer/aws_accessanalyzer_analyzers.js';
import { auditmanagerOrganizationAdminAccounts } from './auditmanager/aws_auditmanager_organization_admin_accounts.js';
import { cloudtrailEventDataStores } from './cloudtrail/aws_cloudtrail_event_data_stores.js';
import { cloudtrailOrganizationEvents } from './cloudtrail/aws_cloudtrail_organization_events.js';
import { cloudtrailTrails } from './cloudtrail/aws_cloudtrail_trails.js';
import { configConfigurationAggregators } from './config/aws_config_configuration_aggregators.js';
import { delegationApprovals } from './delegation/aws_delegation_approvals.js';
import { delegationExpectations } from './delegation/aws_delegation_expectations.js';
import { delegationOwners } from './delegation/aws_delegation_owners.js';
import { delegationReads } from './delegation/aws_delegation_reads.js';
import { delegationServices } from './delegation/aws_delegation_services.js';
import { delegationSettings } from './delegation/aws_delegation_settings.js';
import { delegationWaivers } from './delegation/aws_delegation_waivers.js';
import { detectiveOrganizationAdminAccounts } from './detective/aws_detective_organization_admin_accounts.js';
import { detectiveOrganizationConfigurations } from './detective/aws_detective_organization_configurations.js';
import { ec2Ipams } from './ec2/aws_ec2_ipams.js';
import { ec2Regions } from './ec2/aws_ec2_regions.js';
import { fmsOrganizationAdminAccounts } from './fms/aws_fms_organization_admin_accounts.js';
import { guarddutyOrganizationAdminAccounts } from './guardduty/aws_guardduty_organization_admin_accounts.js';
import { guarddutyOrganizationConfigurations } from './guardduty/aws_guardduty_organization_configurations.js';
import { iamOrganizationsFeatures } from './iam/aws_iam_organizations_features.js';
import { iamServiceLinkedRoles } from './iam/aws_iam_service_linked_roles.js';
import { inspector2OrganizationAdminAccounts } from './inspector2/aws_inspector2_organization_admin_accounts.js';
import { inspector2OrganizationConfigurations } from './inspector2/aws_inspector2_organization_configurations.js';
import { macie2OrganizationAdminAccounts } from './macie2/aws_macie2_organization_admin_accounts.js';
import { macie2OrganizationConfigurations } from './macie2/aws_macie2_organization_configurations.js';
import { networkmanagerOrganizationServiceAccess } from './networkmanager/aws_networkmanager_organization_service_access.js';
import { resourcePolicies } from './organizations/aws_organization_resource_policies.js';
import { organizations } from './organizations/aws_organizations.js';
import { accounts } from './organizations/aws_organizations_accounts.js';
import { delegatedAdministrators } from './organizations/aws_organizations_delegated_administrators.js';
import { handshakes } from './organizations/aws_organizations_handshakes.js';
import { organizationsOrganizationalUnits } from './organizations/aws_organizations_organizational_units.js';
import { policies } from './organizations/aws_organizations_policies.js';
import { organizationsRoots } from './organizations/aws_organizations_roots.js';
import { serviceAccess } from './organizations/aws_organizations_service_access.js';
import { securityhubOrganizationAdminAccounts } from './securityhub/aws_securityhub_organization_admin_accounts.js';
import { securityhubOrganizationConfigurations } from './securityhub/aws_securityhub_organization_configurations.js';
import { securitylakeOrganizationConfigurations } from './securitylake/aws_securitylake_organization_configurations.js';

export { delegationReads } from './delegation/aws_delegation_reads.js';
export { regions } from './ec2/aws_ec2_regions.js';
export { organization } from './organizations/readings.js';

/** Every table there is, relations under their parents, in the order in which they are started. A new one is one line. */
export const tables: readonly Table[] = [
  ec2Regions,
  organizations,
  organizationsRoots,
  organizationsOrganizationalUnits,
  accounts,
  policies,
  serviceAccess,
  delegatedAdministrators,
  resourcePolicies,
  handshakes,
  guarddutyOrganizationAdminAccounts,
  securityhubOrganizationAdminAccounts,
  macie2OrganizationAdminAccounts,
  detectiveOrganizationAdminAccounts,
  inspector2OrganizationAdminAccounts,
  auditmanagerOrganizationAdminAccounts,
  fmsOrganizationAdminAccounts,
  iamOrganizationsFeatures,
  iamServiceLinkedRoles,
  cloudtrailTrails,
  cloudtrailEventDataStores,
  ec2Ipams,
  networkmanagerOrganizationServiceAccess,
  guarddutyOrganizationConfigurations,
  securityhubOrganizationConfigurations,
  macie2OrganizationConfigurations,
  inspector2OrganizationConfigurations,
  detectiveOrganizationConfigurations,
  securitylakeOrganizationConfigurations,
  configConfigurationAggregators,
  accessanalyzerAnalyzers,
  cloudtrailOrganizationEvents,
  delegationServices,
  delegationOwners,
  delegationExpectations,
  delegationApprovals,
  delegationWaivers,
  delegationSettings,
  delegationReads,
];

/** Those whose rows come from the spec and the files that it names. */
export const statedTables: readonly Table[] = [
  delegationOwners,
  delegationExpectations,
  delegationApprovals,
  delegationWaivers,
  delegationSettings,
];
