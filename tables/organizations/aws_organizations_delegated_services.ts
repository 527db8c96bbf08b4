import {
  paginateListDelegatedServicesForAccount as paginate,
  type DelegatedAdministrator,
  type DelegatedService,
} from '@aws-sdk/client-organizations';
import { defineTable, text, timestamp } from '../../src/schema/index.js';

type Row = DelegatedService & { DelegatedAccountId: string | undefined };

/** The delegate is part of the key: two administrators of one service are two rows. */
export const delegatedServices = defineTable<Row, DelegatedAdministrator>()({
  name: 'aws_organizations_delegated_services',
  description:
    'The services that each delegated administrator account administers. CloudTrail, IPAM and Security Lake have no list call of their own: their administrators are read here, by principal.',
  source: 'https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListDelegatedServicesForAccount.html',
  permissions: ['organizations:ListDelegatedServicesForAccount'],
  primaryKey: ['account_id', 'delegated_account_id', 'service_principal'],
  columns: {
    delegated_account_id: text('DelegatedAccountId', 'Account ID of the delegated administrator.'),
    delegation_enabled_date: timestamp('DelegationEnabledDate', 'When the service was delegated, in UTC.'),
    service_principal: text('ServicePrincipal', 'Service principal, such as guardduty.amazonaws.com.'),
  },
  fanOut: { scopeColumn: 'delegated_account_id', scope: (administrator) => administrator.Id },
  async *list({ organizations }, administrator) {
    for await (const page of paginate({ client: organizations }, { AccountId: administrator.Id })) {
      for (const service of page.DelegatedServices ?? []) yield { ...service, DelegatedAccountId: administrator.Id };
    }
  },
});
