import {
  paginateListDelegatedAdministrators as paginate,
  type DelegatedAdministrator,
} from '@aws-sdk/client-organizations';
import { defineTable, text, timestamp } from '../../src/schema/index.js';
import { delegatedServices } from './aws_organizations_delegated_services.js';

/** `account_id` is the account that asked; `id` is the account delegated to. */
export const delegatedAdministrators = defineTable<DelegatedAdministrator>()({
  name: 'aws_organizations_delegated_administrators',
  description: 'Member accounts that administer at least one AWS service.',
  source: 'https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListDelegatedAdministrators.html',
  permissions: ['organizations:ListDelegatedAdministrators'],
  primaryKey: ['account_id', 'arn'],
  columns: {
    arn: text('Arn', 'ARN of the delegated administrator account.'),
    delegation_enabled_date: timestamp('DelegationEnabledDate', 'First delegation, in UTC.'),
    email: text('Email', 'E-mail address of the delegated administrator account.'),
    id: text('Id', 'Account ID of the delegated administrator.'),
    joined_method: text('JoinedMethod', 'INVITED or CREATED.'),
    joined_timestamp: timestamp('JoinedTimestamp', 'When the account joined the organization, in UTC.'),
    name: text('Name', 'Name of the delegated administrator account.'),
    status: text('Status', 'Retired by AWS in favour of state; null where it is no longer sent.'),
    state: text('State', 'PENDING_ACTIVATION, ACTIVE, SUSPENDED, PENDING_CLOSURE or CLOSED.'),
  },
  async *list({ organizations }) {
    for await (const page of paginate({ client: organizations }, {})) yield* page.DelegatedAdministrators ?? [];
  },
  relations: [delegatedServices],
});
