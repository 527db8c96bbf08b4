import type { ResourcePolicy } from '@aws-sdk/client-organizations';
import { defineTable, json, text } from '../../src/schema/index.js';
import { resourcePolicyStatements } from './aws_organization_resource_policy_statements.js';
import { resourcePolicy } from './readings.js';

export const resourcePolicies = defineTable<ResourcePolicy>()({
  name: 'aws_organization_resource_policies',
  description: "The organization's resource-based delegation policy; no row where there is none.",
  source: 'https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeResourcePolicy.html',
  permissions: ['organizations:DescribeResourcePolicy'],
  primaryKey: ['account_id'],
  columns: {
    content: text('Content', 'Text of the policy as AWS keeps it.'),
    resource_policy_summary: json('ResourcePolicySummary', 'ID and ARN of the policy, as {"Id", "Arn"}.'),
  },
  async *list({ use }) {
    const policy = await use(resourcePolicy);
    if (policy) yield policy;
  },
  relations: [resourcePolicyStatements],
});
