import {
  GetDataLakeOrganizationConfigurationCommand,
  type GetDataLakeOrganizationConfigurationResponse,
} from '@aws-sdk/client-securitylake';
import { defineTable, json } from '../../src/schema/index.js';
import { delegatesOf } from '../organizations/administrators.js';

type Configuration = Omit<GetDataLakeOrganizationConfigurationResponse, '$metadata'>;

/** Asked in every Region: no source says whether each answers for all of them. */
export const securitylakeOrganizationConfigurations = defineTable<Configuration>()({
  name: 'aws_securitylake_organization_configurations',
  description: 'What Security Lake collects from accounts that join, as its administrator has set it.',
  source: 'https://docs.aws.amazon.com/security-lake/latest/APIReference/API_GetDataLakeOrganizationConfiguration.html',
  permissions: ['securitylake:GetDataLakeOrganizationConfiguration'],
  regionalService: 'security-lake',
  delegates: {
    accounts: delegatesOf('securitylake.amazonaws.com'),
    column: 'admin_account_id',
    description: 'Account ID that was asked: an administrator of the service, as Organizations names it.',
  },
  primaryKey: ['account_id', 'region', 'admin_account_id'],
  columns: {
    auto_enable_new_account: json(
      'autoEnableNewAccount',
      'What is collected where, as [{"region", "sources": [{"sourceName", "sourceVersion"}]}].',
    ),
  },
  async *list({ securitylake }) {
    yield await securitylake.send(new GetDataLakeOrganizationConfigurationCommand({}));
  },
});
