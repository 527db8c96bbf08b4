import {
  paginateDescribeConfigurationAggregators as paginate,
  type ConfigurationAggregator,
} from '@aws-sdk/client-config-service';
import { defineTable, json, text, timestamp } from '../../src/schema/index.js';
import { administratorsOf } from '../organizations/administrators.js';

export const configConfigurationAggregators = defineTable<ConfigurationAggregator>()({
  name: 'aws_config_configuration_aggregators',
  description: 'Aggregators of AWS Config in the accounts that may aggregate the organization.',
  source: 'https://docs.aws.amazon.com/config/latest/APIReference/API_DescribeConfigurationAggregators.html',
  permissions: ['config:DescribeConfigurationAggregators'],
  regionalService: 'config',
  delegates: {
    accounts: administratorsOf('config.amazonaws.com'),
    isManagementAccountAsked: true,
    column: 'admin_account_id',
    description:
      'Account ID that was asked, and whose aggregator it is: the management account, or one that administers Config.',
  },
  primaryKey: ['account_id', 'region', 'configuration_aggregator_arn'],
  columns: {
    configuration_aggregator_arn: text('ConfigurationAggregatorArn', 'ARN of the aggregator.'),
    configuration_aggregator_name: text('ConfigurationAggregatorName', 'Name of the aggregator.'),
    organization_aggregation_source: json(
      'OrganizationAggregationSource',
      'The organization, as {"RoleArn", "AllAwsRegions", "AwsRegions"}; null where it aggregates single accounts.',
    ),
    account_aggregation_sources: json('AccountAggregationSources', 'Single accounts that it aggregates.'),
    aggregator_filters: json('AggregatorFilters', 'What it leaves out.'),
    created_by: text('CreatedBy', 'AWS service that made it.'),
    creation_time: timestamp('CreationTime', 'When it was made, in UTC.'),
    last_updated_time: timestamp('LastUpdatedTime', 'When it was last changed, in UTC.'),
  },
  async *list({ config }) {
    for await (const page of paginate({ client: config }, {})) yield* page.ConfigurationAggregators ?? [];
  },
});
