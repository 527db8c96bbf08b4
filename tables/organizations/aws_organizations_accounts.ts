import { paginateListAccounts, type Account } from '@aws-sdk/client-organizations';
import { defineTable, json, text, timestamp, type ReadContext } from '../../src/schema/index.js';
import { accountParents } from './aws_organizations_account_parents.js';
import { tagsOf } from './aws_organizations_roots.js';
import { keptUntil } from './kept_until.js';
import { organizationalUnits, placements, type PlacedAccount } from './readings.js';

export const accounts = defineTable<PlacedAccount>()({
  name: 'aws_organizations_accounts',
  description: 'All accounts of the organization, the management account included.',
  source: 'https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html',
  permissions: [
    'organizations:ListAccounts',
    'organizations:ListRoots',
    'organizations:ListOrganizationalUnitsForParent',
  ],
  optionalPermissions: [
    { permission: 'organizations:ListTagsForResource', isWanted: (settings) => settings.accountTags },
  ],
  primaryKey: ['request_account_id', 'arn'],
  columns: {
    arn: text('Arn', 'ARN of the account.'),
    id: text('Id', 'Account ID, 12 digits.'),
    email: text('Email', 'E-mail address of the account.'),
    name: text('Name', 'Name of the account.'),
    status: text('Status', 'Retired by AWS in favour of state; null where it is no longer sent.'),
    state: text('State', 'PENDING_ACTIVATION, ACTIVE, SUSPENDED, PENDING_CLOSURE or CLOSED.'),
    paths: json('Paths', "AWS's paths by IDs, the account's ID last; null where the server does not send them."),
    joined_method: text('JoinedMethod', 'INVITED or CREATED.'),
    joined_timestamp: timestamp('JoinedTimestamp', 'When the account joined, in UTC.'),
    parent_id: text('ParentId', 'ID of the root or organizational unit that the account is in.'),
    ou_path: text('OuPath', 'Path by names, / directly below the root; null where it could not be read.'),
    tags: json('Tags', 'Tags by key; null where they were not read (`account_tags: false`).'),
  },
  async *list(context) {
    // The walk over the OUs and the pages of the list have rates of their own: neither waits for the other.
    const units = context.tryToUse(organizationalUnits);
    for await (const account of keptUntil(units, listed(context))) yield await placed(context, account);
  },
  detail: {
    scopeColumn: 'id',
    scope: (account) => account.Id ?? '',
    isWanted: (_account, settings) => settings.accountTags,
    read: async (context, account) => ({ Tags: await tagsOf(context, account.Id) }),
  },
  relations: [accountParents],
});

async function* listed({ organizations }: ReadContext): AsyncIterable<Account> {
  for await (const page of paginateListAccounts({ client: organizations }, {})) yield* page.Accounts ?? [];
}

async function placed(context: ReadContext, account: Account): Promise<PlacedAccount> {
  const units = await context.tryToUse(organizationalUnits);
  // o-aa111bb222/r-a1b2/ou-a1b2-11111111/111122223333/
  const parentId = account.Paths?.[0]?.split('/').at(-3) ?? (await context.tryToUse(placements))?.get(account.Id ?? '');
  if (parentId === undefined) return account;
  return { ...account, ParentId: parentId, OuPath: parentId.startsWith('r-') ? '/' : units?.get(parentId)?.OuPath };
}
