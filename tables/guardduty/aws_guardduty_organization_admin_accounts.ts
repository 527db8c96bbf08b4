import type { AdminAccount } from '@aws-sdk/client-guardduty';
import { defineTable, text } from '../../src/schema/index.js';
import { administrators } from './administrators.js';

export const guarddutyOrganizationAdminAccounts = defineTable<AdminAccount>()({
  name: 'aws_guardduty_organization_admin_accounts',
  description: 'The GuardDuty delegated administrator in each Region, as GuardDuty itself knows it.',
  source: 'https://docs.aws.amazon.com/guardduty/latest/APIReference/API_ListOrganizationAdminAccounts.html',
  permissions: ['guardduty:ListOrganizationAdminAccounts'],
  regionalService: 'guardduty',
  primaryKey: ['account_id', 'region', 'admin_account_id'],
  columns: {
    admin_account_id: text('AdminAccountId', 'Account ID of the delegated administrator.'),
    admin_status: text('AdminStatus', 'ENABLED, or DISABLE_IN_PROGRESS while it is being removed.'),
  },
  async *list({ use }) {
    yield* await use(administrators);
  },
});
