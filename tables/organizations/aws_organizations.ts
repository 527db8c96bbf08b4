import type { Organization } from '@aws-sdk/client-organizations';
import { defineTable, text } from '../../src/schema/index.js';
import { organization } from './readings.js';

export const organizations = defineTable<Organization>()({
  name: 'aws_organizations',
  description: 'The organization of the account that asked.',
  source: 'https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html',
  permissions: ['organizations:DescribeOrganization'],
  primaryKey: ['request_account_id', 'arn'],
  columns: {
    arn: text('Arn', 'ARN of the organization.'),
    feature_set: text('FeatureSet', 'ALL or CONSOLIDATED_BILLING.'),
    id: text('Id', 'ID of the organization (o-...).'),
    master_account_arn: text('MasterAccountArn', 'ARN of the management account.'),
    master_account_email: text('MasterAccountEmail', 'E-mail address of the management account.'),
    master_account_id: text('MasterAccountId', 'Account ID of the management account.'),
  },
  omit: { AvailablePolicyTypes: 'deprecated and incomplete; policy_types of aws_organizations_roots is the true list' },
  async *list(context) {
    const found = await context.use(organization);
    if (found) yield found;
  },
});
