import type { Table } from '../src/schema/index.js';
import { delegationOwners } from './delegation/aws_delegation_owners.js';
import { delegationReads } from './delegation/aws_delegation_reads.js';
import { delegationServices } from './delegation/aws_delegation_services.js';
import { ec2Regions } from './ec2/aws_ec2_regions.js';
import { guarddutyOrganizationAdminAccounts } from './guardduty/aws_guardduty_organization_admin_accounts.js';
import { resourcePolicies } from './organizations/aws_organization_resource_policies.js';
import { organizations } from './organizations/aws_organizations.js';
import { accounts } from './organizations/aws_organizations_accounts.js';
import { delegatedAdministrators } from './organizations/aws_organizations_delegated_administrators.js';
import { handshakes } from './organizations/aws_organizations_handshakes.js';
import { organizationsOrganizationalUnits } from './organizations/aws_organizations_organizational_units.js';
import { policies } from './organizations/aws_organizations_policies.js';
import { organizationsRoots } from './organizations/aws_organizations_roots.js';
import { serviceAccess } from './organizations/aws_organizations_service_access.js';

export { delegationReads } from './delegation/aws_delegation_reads.js';
export { regions } from './ec2/aws_ec2_regions.js';

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
  delegationServices,
  delegationOwners,
  delegationReads,
];
