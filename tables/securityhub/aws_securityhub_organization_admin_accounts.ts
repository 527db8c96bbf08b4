import type { AdminAccount, SecurityHubFeature } from '@aws-sdk/client-securityhub';
import { defineTable, text } from '../../src/schema/index.js';
import { administrators, administratorsOfV2 } from './administrators.js';

interface Administrator extends AdminAccount {
  Feature: SecurityHubFeature;
}

/** One operation, two designations: CSPM has an administrator in each Region, V2 has one for the organization. */
export const securityhubOrganizationAdminAccounts = defineTable<Administrator>()({
  name: 'aws_securityhub_organization_admin_accounts',
  description: 'The delegated administrators of Security Hub CSPM in each Region and of Security Hub V2.',
  source: 'https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_ListOrganizationAdminAccounts.html',
  permissions: ['securityhub:ListOrganizationAdminAccounts'],
  regionalService: 'security-hub-cspm',
  once: { service: 'security-hub', scope: 'SecurityHubV2', scopeColumn: 'feature' },
  primaryKey: ['account_id', 'region', 'admin_account_id', 'feature'],
  columns: {
    admin_account_id: text('AccountId', 'Account ID of the delegated administrator.'),
    admin_status: text('Status', 'ENABLED, or DISABLE_IN_PROGRESS while it is being removed; V2 gives none.'),
    feature: text('Feature', 'SecurityHub (CSPM, in this Region) or SecurityHubV2 (the whole organization).'),
  },
  async *list({ use, scope }) {
    const Feature = scope === 'SecurityHubV2' ? 'SecurityHubV2' : 'SecurityHub';
    const found = await use(Feature === 'SecurityHubV2' ? administratorsOfV2 : administrators);
    for (const administrator of found) yield { ...administrator, Feature };
  },
});
