import type { AdminAccount } from '@aws-sdk/client-macie2';
import { defineTable, text } from '../../src/schema/index.js';
import { administrators } from './administrators.js';

export const macie2OrganizationAdminAccounts = defineTable<AdminAccount>()({
  name: 'aws_macie2_organization_admin_accounts',
  description: 'The Macie delegated administrator in each Region, as Macie itself knows it.',
  source: 'https://docs.aws.amazon.com/macie/latest/APIReference/admin.html',
  permissions: ['macie2:ListOrganizationAdminAccounts'],
  regionalService: 'macie',
  primaryKey: ['account_id', 'region', 'admin_account_id'],
  columns: {
    admin_account_id: text('accountId', 'Account ID of the delegated administrator.'),
    admin_status: text('status', 'ENABLED, or DISABLING_IN_PROGRESS while it is being removed.'),
  },
  async *list({ use }) {
    yield* await use(administrators);
  },
});
