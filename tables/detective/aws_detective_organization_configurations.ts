import {
  DescribeOrganizationConfigurationCommand,
  paginateListGraphs,
  type DescribeOrganizationConfigurationResponse,
} from '@aws-sdk/client-detective';
import { boolean, defineTable, text } from '../../src/schema/index.js';
import { administratorIds } from './administrators.js';

type Configuration = Omit<DescribeOrganizationConfigurationResponse, '$metadata'> & { GraphArn: string | undefined };

export const detectiveOrganizationConfigurations = defineTable<Configuration>()({
  name: 'aws_detective_organization_configurations',
  description: 'What Detective does with members, as its administrator has set it in each Region.',
  source: 'https://docs.aws.amazon.com/detective/latest/APIReference/API_DescribeOrganizationConfiguration.html',
  permissions: ['detective:DescribeOrganizationConfiguration', 'detective:ListGraphs'],
  regionalService: 'detective',
  delegates: {
    accounts: administratorIds,
    column: 'admin_account_id',
    description: 'Account ID that was asked: an administrator of the service in this Region.',
  },
  primaryKey: ['account_id', 'region', 'admin_account_id', 'graph_arn'],
  columns: {
    graph_arn: text('GraphArn', 'ARN of the behavior graph of the administrator in this Region.'),
    auto_enable: boolean('AutoEnable', 'True where accounts that join become members of the graph.'),
  },
  async *list({ detective }) {
    for await (const page of paginateListGraphs({ client: detective }, {})) {
      for (const { Arn: GraphArn } of page.GraphList ?? []) {
        yield { ...(await detective.send(new DescribeOrganizationConfigurationCommand({ GraphArn }))), GraphArn };
      }
    }
  },
});
