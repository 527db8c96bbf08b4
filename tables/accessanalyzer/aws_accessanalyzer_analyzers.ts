import { paginateListAnalyzers as paginate, type AnalyzerSummary } from '@aws-sdk/client-accessanalyzer';
import { defineTable, json, text, timestamp } from '../../src/schema/index.js';
import { administratorsOf } from '../organizations/administrators.js';

export const accessanalyzerAnalyzers = defineTable<AnalyzerSummary>()({
  name: 'aws_accessanalyzer_analyzers',
  description: 'Analyzers of IAM Access Analyzer in the accounts that may analyze the organization.',
  source: 'https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ListAnalyzers.html',
  permissions: ['access-analyzer:ListAnalyzers'],
  regionalService: 'access-analyzer',
  delegates: {
    accounts: administratorsOf('access-analyzer.amazonaws.com'),
    isManagementAccountAsked: true,
    column: 'admin_account_id',
    description:
      'Account ID that was asked, and whose analyzer it is: the management account, or one that administers Access Analyzer.',
  },
  primaryKey: ['account_id', 'region', 'arn'],
  columns: {
    arn: text('arn', 'ARN of the analyzer.'),
    name: text('name', 'Name of the analyzer.'),
    type: text('type', 'ORGANIZATION, ACCOUNT, ORGANIZATION_UNUSED_ACCESS, ...'),
    status: text('status', 'ACTIVE, CREATING, DISABLED or FAILED.'),
    status_reason: json(
      'statusReason',
      'Why it is not active, as {"code"}, such as DELEGATED_ADMINISTRATOR_DEREGISTERED.',
    ),
    configuration: json('configuration', 'What it looks for, and what it leaves out.'),
    managed_by: text('managedBy', 'AWS service that manages it.'),
    created_at: timestamp('createdAt', 'When it was made, in UTC.'),
    last_resource_analyzed: text('lastResourceAnalyzed', 'ARN of the resource that was analyzed last.'),
    last_resource_analyzed_at: timestamp('lastResourceAnalyzedAt', 'When that was, in UTC.'),
    tags: json('tags', 'Tags of the analyzer.'),
  },
  async *list({ accessanalyzer }) {
    for await (const page of paginate({ client: accessanalyzer }, {})) yield* page.analyzers ?? [];
  },
});
