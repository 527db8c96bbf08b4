import {
  GetOrganizationAdminAccountCommand,
  type GetOrganizationAdminAccountResponse,
} from '@aws-sdk/client-auditmanager';
import { defineTable, text } from '../../src/schema/index.js';

export const auditmanagerOrganizationAdminAccounts = defineTable<GetOrganizationAdminAccountResponse>()({
  name: 'aws_auditmanager_organization_admin_accounts',
  description: 'The Audit Manager delegated administrator in each Region, as Audit Manager itself knows it.',
  source: 'https://docs.aws.amazon.com/audit-manager/latest/APIReference/API_GetOrganizationAdminAccount.html',
  permissions: ['auditmanager:GetOrganizationAdminAccount'],
  regionalService: 'audit-manager',
  primaryKey: ['account_id', 'region', 'admin_account_id'],
  columns: {
    admin_account_id: text('adminAccountId', 'Account ID of the delegated administrator.'),
    organization_id: text('organizationId', 'ID of the organization.'),
  },
  async *list({ auditmanager }) {
    const administrator = await auditmanager.send(new GetOrganizationAdminAccountCommand({}));
    if (administrator.adminAccountId !== undefined) yield administrator;
  },
});
