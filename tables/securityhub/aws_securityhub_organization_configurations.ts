import {
  DescribeOrganizationConfigurationCommand,
  type DescribeOrganizationConfigurationResponse,
} from '@aws-sdk/client-securityhub';
import { boolean, defineTable, json, text } from '../../src/schema/index.js';
import { administratorIds } from './administrators.js';

type Configuration = Omit<DescribeOrganizationConfigurationResponse, '$metadata'>;

/** Of CSPM; V2 is switched on in members by organization policies alone. */
export const securityhubOrganizationConfigurations = defineTable<Configuration>()({
  name: 'aws_securityhub_organization_configurations',
  description: 'What Security Hub CSPM does with members, as its administrator has set it in each Region.',
  source: 'https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_DescribeOrganizationConfiguration.html',
  permissions: ['securityhub:DescribeOrganizationConfiguration'],
  regionalService: 'security-hub-cspm',
  delegates: {
    accounts: administratorIds,
    column: 'admin_account_id',
    description: 'Account ID that was asked: an administrator of the service in this Region.',
  },
  primaryKey: ['account_id', 'region', 'admin_account_id'],
  columns: {
    auto_enable: boolean(
      'AutoEnable',
      'True where it is on in accounts that join; false by design under central configuration.',
    ),
    auto_enable_standards: text(
      'AutoEnableStandards',
      'DEFAULT: accounts that join get the default standards. NONE: they do not.',
    ),
    member_account_limit_reached: boolean('MemberAccountLimitReached', 'True where no further member is taken.'),
    organization_configuration: json(
      'OrganizationConfiguration',
      'Central or local configuration, as {"ConfigurationType", "Status", "StatusMessage"}.',
    ),
  },
  async *list({ securityhub }) {
    yield await securityhub.send(new DescribeOrganizationConfigurationCommand({}));
  },
});
