import { paginateListOrganizationAdminAccounts as paginate, type AdminAccount } from '@aws-sdk/client-macie2';
import { collect, membersOf, type ReadContext, type Reading } from '../../src/schema/index.js';

/** One per Region, as a rule. */
export const administrators: Reading<AdminAccount[]> = {
  name: 'Macie administrators',
  permissions: ['macie2:ListOrganizationAdminAccounts'],
  read: (context) => collect(listed(context)),
};

async function* listed({ macie2 }: ReadContext): AsyncIterable<AdminAccount> {
  for await (const page of paginate({ client: macie2 }, {})) yield* page.adminAccounts ?? [];
}

export const administratorIds = membersOf(administrators, 'accountId');
