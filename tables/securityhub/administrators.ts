import { paginateListOrganizationAdminAccounts as paginate, type AdminAccount } from '@aws-sdk/client-securityhub';
import { collect, membersOf, type ReadContext, type Reading } from '../../src/schema/index.js';

type Feature = 'SecurityHub' | 'SecurityHubV2';

function administratorsOf(feature: Feature): Reading<AdminAccount[]> {
  return {
    name: `administrators of ${feature}`,
    permissions: ['securityhub:ListOrganizationAdminAccounts'],
    read: (context) => collect(listed(context, feature)),
  };
}

async function* listed({ securityhub }: ReadContext, Feature: Feature): AsyncIterable<AdminAccount> {
  for await (const page of paginate({ client: securityhub }, { Feature })) yield* page.AdminAccounts ?? [];
}

/** Of Security Hub CSPM in this Region. */
export const administrators = administratorsOf('SecurityHub');

/** Of Security Hub V2, for the whole organization. */
export const administratorsOfV2 = administratorsOf('SecurityHubV2');

export const administratorIds = membersOf(administrators, 'AccountId');
