import {
  GetDelegatedAdminAccountCommand,
  type DelegatedAdmin,
  type DelegatedAdminAccount,
} from '@aws-sdk/client-inspector2';
import { defineTable, text } from '../../src/schema/index.js';
import { administrators } from './administrators.js';

interface Administrator extends DelegatedAdminAccount {
  relationshipStatus?: DelegatedAdmin['relationshipStatus'];
  delegatedAdminAccountId?: string | undefined;
}

/** Its two calls have different words for the same fact: both are kept. */
export const inspector2OrganizationAdminAccounts = defineTable<Administrator>()({
  name: 'aws_inspector2_organization_admin_accounts',
  description: 'The Inspector delegated administrator in each Region, as Inspector itself knows it.',
  source: 'https://docs.aws.amazon.com/inspector/v2/APIReference/API_ListDelegatedAdminAccounts.html',
  permissions: ['inspector2:ListDelegatedAdminAccounts', 'inspector2:GetDelegatedAdminAccount'],
  regionalService: 'inspector',
  primaryKey: ['account_id', 'region', 'admin_account_id'],
  columns: {
    admin_account_id: text('accountId', 'Account ID of the delegated administrator.'),
    admin_status: text('status', 'ENABLED, or DISABLE_IN_PROGRESS while it is being removed.'),
    relationship_status: text(
      'relationshipStatus',
      'What GetDelegatedAdminAccount says of it, such as ENABLED or REMOVED; null where that names another account.',
    ),
    delegated_admin_account_id: text('delegatedAdminAccountId', 'Account ID that GetDelegatedAdminAccount names.'),
  },
  async *list({ use }) {
    yield* await use(administrators);
  },
  detail: {
    scopeColumn: 'admin_account_id',
    scope: ({ accountId }) => accountId ?? '',
    async read({ inspector2 }, { accountId }) {
      const { delegatedAdmin } = await inspector2.send(new GetDelegatedAdminAccountCommand({}));
      return {
        ...(delegatedAdmin?.accountId === accountId && { relationshipStatus: delegatedAdmin?.relationshipStatus }),
        delegatedAdminAccountId: delegatedAdmin?.accountId,
      };
    },
  },
});
