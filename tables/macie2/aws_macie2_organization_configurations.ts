import {
  DescribeOrganizationConfigurationCommand,
  type DescribeOrganizationConfigurationResponse,
} from '@aws-sdk/client-macie2';
import { boolean, defineTable } from '../../src/schema/index.js';
import { administratorIds } from './administrators.js';

type Configuration = Omit<DescribeOrganizationConfigurationResponse, '$metadata'>;

export const macie2OrganizationConfigurations = defineTable<Configuration>()({
  name: 'aws_macie2_organization_configurations',
  description: 'What Macie does with members, as its administrator has set it in each Region.',
  source: 'https://docs.aws.amazon.com/macie/latest/APIReference/admin-configuration.html',
  permissions: ['macie2:DescribeOrganizationConfiguration'],
  regionalService: 'macie',
  delegates: {
    accounts: administratorIds,
    column: 'admin_account_id',
    description: 'Account ID that was asked: an administrator of the service in this Region.',
  },
  primaryKey: ['account_id', 'region', 'admin_account_id'],
  columns: {
    auto_enable: boolean('autoEnable', 'True where it is on in accounts that join.'),
    max_account_limit_reached: boolean('maxAccountLimitReached', 'True where no further member is taken.'),
  },
  async *list({ macie2 }) {
    yield await macie2.send(new DescribeOrganizationConfigurationCommand({}));
  },
});
