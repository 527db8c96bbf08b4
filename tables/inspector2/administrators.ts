import { paginateListDelegatedAdminAccounts as paginate, type DelegatedAdminAccount } from '@aws-sdk/client-inspector2';
import { collect, membersOf, type ReadContext, type Reading } from '../../src/schema/index.js';

/** One per Region, as a rule. */
export const administrators: Reading<DelegatedAdminAccount[]> = {
  name: 'Inspector administrators',
  permissions: ['inspector2:ListDelegatedAdminAccounts'],
  read: (context) => collect(listed(context)),
};

async function* listed({ inspector2 }: ReadContext): AsyncIterable<DelegatedAdminAccount> {
  for await (const page of paginate({ client: inspector2 }, {})) yield* page.delegatedAdminAccounts ?? [];
}

export const administratorIds = membersOf(administrators, 'accountId');
