import {
  paginateListAWSServiceAccessForOrganization as paginate,
  type EnabledServicePrincipal,
} from '@aws-sdk/client-organizations';
import { defineTable, text, timestamp } from '../../src/schema/index.js';

export const serviceAccess = defineTable<EnabledServicePrincipal>()({
  name: 'aws_organizations_service_access',
  description: 'Services with trusted access to the organization.',
  source: 'https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAWSServiceAccessForOrganization.html',
  permissions: ['organizations:ListAWSServiceAccessForOrganization'],
  primaryKey: ['account_id', 'service_principal'],
  columns: {
    service_principal: text('ServicePrincipal', 'Service principal, such as guardduty.amazonaws.com.'),
    date_enabled: timestamp('DateEnabled', 'When trusted access was enabled, in UTC.'),
  },
  async *list({ organizations }) {
    for await (const page of paginate({ client: organizations }, {})) yield* page.EnabledServicePrincipals ?? [];
  },
});
