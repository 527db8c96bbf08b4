import {
  DescribeOrganizationConfigurationCommand,
  type DescribeOrganizationConfigurationResponse,
} from '@aws-sdk/client-inspector2';
import { boolean, defineTable, json } from '../../src/schema/index.js';
import { administratorIds } from './administrators.js';

type Configuration = Omit<DescribeOrganizationConfigurationResponse, '$metadata'>;

export const inspector2OrganizationConfigurations = defineTable<Configuration>()({
  name: 'aws_inspector2_organization_configurations',
  description: 'What Inspector scans in members, as its administrator has set it in each Region.',
  source: 'https://docs.aws.amazon.com/inspector/v2/APIReference/API_DescribeOrganizationConfiguration.html',
  permissions: ['inspector2:DescribeOrganizationConfiguration'],
  regionalService: 'inspector',
  delegates: {
    accounts: administratorIds,
    column: 'admin_account_id',
    description: 'Account ID that was asked: an administrator of the service in this Region.',
  },
  primaryKey: ['account_id', 'region', 'admin_account_id'],
  columns: {
    auto_enable: json(
      'autoEnable',
      'Which scans are on in accounts that join, as {"ec2", "ecr", "lambda", "lambdaCode", ...}.',
    ),
    max_account_limit_reached: boolean('maxAccountLimitReached', 'True where no further member is taken.'),
  },
  async *list({ inspector2 }) {
    yield await inspector2.send(new DescribeOrganizationConfigurationCommand({}));
  },
});
