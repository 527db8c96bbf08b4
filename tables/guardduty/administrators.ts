import { paginateListOrganizationAdminAccounts as paginate, type AdminAccount } from '@aws-sdk/client-guardduty';
import { collect, membersOf, type ReadContext, type Reading } from '../../src/schema/index.js';

/** One per Region, as a rule. */
export const administrators: Reading<AdminAccount[]> = {
  name: 'GuardDuty administrators',
  permissions: ['guardduty:ListOrganizationAdminAccounts'],
  read: (context) => collect(listed(context)),
};

async function* listed({ guardduty }: ReadContext): AsyncIterable<AdminAccount> {
  for await (const page of paginate({ client: guardduty }, {})) yield* page.AdminAccounts ?? [];
}

export const administratorIds = membersOf(administrators, 'AdminAccountId');
