import { paginateListOrganizationAdminAccounts as paginate, type Administrator } from '@aws-sdk/client-detective';
import { collect, membersOf, type ReadContext, type Reading } from '../../src/schema/index.js';

/** One per Region, as a rule. */
export const administrators: Reading<Administrator[]> = {
  name: 'Detective administrators',
  permissions: ['detective:ListOrganizationAdminAccounts'],
  read: (context) => collect(listed(context)),
};

async function* listed({ detective }: ReadContext): AsyncIterable<Administrator> {
  for await (const page of paginate({ client: detective }, {})) yield* page.Administrators ?? [];
}

export const administratorIds = membersOf(administrators, 'AccountId');
