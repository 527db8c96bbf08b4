import { ListOrganizationsFeaturesCommand, type FeatureType } from '@aws-sdk/client-iam';
import { defineTable, text } from '../../src/schema/index.js';

interface Feature {
  OrganizationId: string | undefined;
  Feature: FeatureType;
}

export const iamOrganizationsFeatures = defineTable<Feature>()({
  name: 'aws_iam_organizations_features',
  description: 'What IAM manages centrally: one row per feature of central root access that is on.',
  source: 'https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListOrganizationsFeatures.html',
  permissions: ['iam:ListOrganizationsFeatures'],
  primaryKey: ['account_id', 'feature'],
  columns: {
    organization_id: text('OrganizationId', 'ID of the organization.'),
    feature: text('Feature', 'RootCredentialsManagement or RootSessions.'),
  },
  async *list({ iam }) {
    const { OrganizationId, EnabledFeatures } = await iam.send(new ListOrganizationsFeaturesCommand({}));
    for (const Feature of EnabledFeatures ?? []) yield { OrganizationId, Feature };
  },
});
