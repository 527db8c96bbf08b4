import type { Administrator } from '@aws-sdk/client-detective';
import { defineTable, text, timestamp } from '../../src/schema/index.js';
import { administrators } from './administrators.js';

export const detectiveOrganizationAdminAccounts = defineTable<Administrator>()({
  name: 'aws_detective_organization_admin_accounts',
  description: 'The Detective administrator in each Region, as Detective itself knows it; it gives no status.',
  source: 'https://docs.aws.amazon.com/detective/latest/APIReference/API_ListOrganizationAdminAccounts.html',
  permissions: ['detective:ListOrganizationAdminAccounts'],
  regionalService: 'detective',
  primaryKey: ['account_id', 'region', 'admin_account_id'],
  columns: {
    admin_account_id: text('AccountId', 'Account ID of the administrator.'),
    graph_arn: text('GraphArn', "ARN of the organization's behavior graph."),
    delegation_time: timestamp('DelegationTime', 'When the account became the administrator, in UTC.'),
  },
  async *list({ use }) {
    yield* await use(administrators);
  },
});
