import { commandsIn, services, type DelegationService } from '../../src/catalog/index.js';
import { bigint, boolean, defineTable, json, text } from '../../src/schema/index.js';

type Row = { [Member in keyof DelegationService]: DelegationService[Member] };

export const delegationServices = defineTable<Row>()({
  name: 'aws_delegation_services',
  description: 'What can be delegated, and how: the catalogue of this version.',
  source: 'docs/services.md',
  permissions: [],
  primaryKey: ['account_id', 'service_id'],
  columns: {
    service_id: text('id', 'ID in this catalogue, such as guardduty.'),
    name: text('name', 'Name of the service.'),
    category: text('category', 'security, identity, networking, operations, governance, cost or data.'),
    is_security_service: boolean('isSecurityService', 'True where the rules for security services apply.'),
    is_delegation_supported: boolean('isDelegationSupported', 'Null where no source says.'),
    service_principals: json('servicePrincipals', 'What Organizations calls it; two services can share one.'),
    methods: json('methods', 'organizations, service, resource_policy: the ways in which it is delegated.'),
    is_regional: boolean('isRegional', 'True where each Region has an administrator of its own.'),
    admin_table_name: text('adminTableName', "Table with the service's own answer; null where none reads it."),
    admin_read_scope: text(
      'adminReadScope',
      "Scope of the reads of that table that speak of this service; '' where it is about this one alone.",
    ),
    service_regions: json('serviceRegions', 'Regions to ask, in the partition that asked; null: every enabled one.'),
    max_delegated_admins: bigint('maxDelegatedAdmins', "AWS's limit; null where none is known."),
    management_account_may_be_admin: boolean('managementAccountMayBeAdmin', 'Null where no source says.'),
    must_be_same_account_across_regions: boolean('mustBeSameAccountAcrossRegions', 'Null where no source says.'),
    recommended_owners: json('recommendedOwners', 'Names of owners, any of which is fine; empty: no recommendation.'),
    register_action: text('registerAction', 'IAM action that makes an administrator.'),
    deregister_action: text('deregisterAction', 'IAM action that removes one.'),
    list_admin_action: text('listAdminAction', 'IAM action that lists them.'),
    register_command: text(
      'registerCommand',
      'AWS CLI command that makes an administrator, with {admin_account_id} and {region} to fill in; null where none is known.',
    ),
    deregister_command: text('deregisterCommand', 'AWS CLI command that removes one, likewise.'),
    service_linked_roles: json(
      'serviceLinkedRoles',
      'Roles of the management account that Organizations alone does not make; empty: none is known.',
    ),
    administrator_power: text(
      'administratorPower',
      'The strongest of what an administrator can do to members: reads_members, configures_members, acts_in_members or controls_access; null where no source says.',
    ),
    administrator_can: text('administratorCan', 'What the administrator can do; null where no source says.'),
    administrator_cannot: text('administratorCannot', 'What AWS says that it cannot do; null where no source says.'),
    notes: text('notes', 'What one should know.'),
    confidence: text('confidence', 'high, medium or low.'),
    sources: json('sources', 'Where the facts come from.'),
  },
  isAlwaysSynced: true,
  // eslint-disable-next-line @typescript-eslint/require-await -- nothing is asked: the catalogue has said it
  async *list({ identity }) {
    for (const service of services) {
      const regions = service.serviceRegions as Readonly<Record<string, readonly string[]>> | null;
      yield {
        ...service,
        ...commandsIn(service, identity.partition),
        serviceRegions: regions?.[identity.partition] ?? null,
      } as unknown as Row;
    }
  },
});
