import type { Parent } from '@aws-sdk/client-organizations';
import { defineTable, text } from '../../src/schema/index.js';
import { placements, type PlacedAccount } from './readings.js';

/** Comes with the accounts; ListParents, one call per account, is never needed. */
export const accountParents = defineTable<Parent & { AccountId: string | undefined }, PlacedAccount>()({
  name: 'aws_organizations_account_parents',
  description: 'The root or organizational unit that each account is in.',
  source: 'https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListParents.html',
  permissions: ['organizations:ListAccounts'],
  primaryKey: ['request_account_id', 'id', 'parent_id', 'type'],
  columns: {
    id: text('AccountId', 'Account ID.'),
    parent_id: text('Id', 'ID of the root or organizational unit.'),
    type: text('Type', 'ROOT or ORGANIZATIONAL_UNIT.'),
  },
  async *list(context, account) {
    const parentId = account.ParentId ?? (await context.use(placements)).get(account.Id ?? '');
    if (parentId === undefined) return;
    yield {
      AccountId: account.Id,
      Id: parentId,
      Type: parentId.startsWith('r-') ? 'ROOT' : 'ORGANIZATIONAL_UNIT',
    };
  },
});
