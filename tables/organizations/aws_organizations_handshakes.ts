import { paginateListHandshakesForOrganization as paginate, type Handshake } from '@aws-sdk/client-organizations';
import { defineTable, json, text, timestamp } from '../../src/schema/index.js';

export const handshakes = defineTable<Handshake>()({
  name: 'aws_organizations_handshakes',
  description: 'Invitations and requests for all features; finished ones stay visible for 30 days.',
  source: 'https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListHandshakesForOrganization.html',
  permissions: ['organizations:ListHandshakesForOrganization'],
  primaryKey: ['account_id', 'id'],
  columns: {
    id: text('Id', 'ID of the handshake (h-...).'),
    arn: text('Arn', 'ARN of the handshake.'),
    parties: json('Parties', 'Who takes part, as [{"Id", "Type"}].'),
    state: text('State', 'REQUESTED, OPEN, CANCELED, ACCEPTED, DECLINED or EXPIRED.'),
    requested_timestamp: timestamp('RequestedTimestamp', 'When it was asked, in UTC.'),
    expiration_timestamp: timestamp('ExpirationTimestamp', 'When it lapses, in UTC.'),
    action: text('Action', 'INVITE, ENABLE_ALL_FEATURES, APPROVE_ALL_FEATURES, ...'),
    resources: json('Resources', 'What it is about, as AWS tells it.'),
  },
  async *list({ organizations }) {
    for await (const page of paginate({ client: organizations }, {})) yield* page.Handshakes ?? [];
  },
});
