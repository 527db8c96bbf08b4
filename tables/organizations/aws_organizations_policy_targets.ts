import {
  paginateListTargetsForPolicy,
  type PolicySummary,
  type PolicyTargetSummary,
} from '@aws-sdk/client-organizations';
import { defineTable, text } from '../../src/schema/index.js';

/**
 * At 50,000 accounts its list would have 2,600 pages and take nine minutes, to say what is known:
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps_evaluation.html
 */
const attachedToAll = 'p-RCPFullAWSAccess';

export const policyTargets = defineTable<PolicyTargetSummary & { PolicyId: string | undefined }, PolicySummary>()({
  name: 'aws_organizations_policy_targets',
  description:
    'Roots, organizational units and accounts that each policy is attached to. RCPFullAWSAccess, which AWS attaches to all of them and lets nobody detach, is left out.',
  source: 'https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListTargetsForPolicy.html',
  permissions: ['organizations:ListTargetsForPolicy'],
  primaryKey: ['account_id', 'policy_id', 'target_id'],
  columns: {
    policy_id: text('PolicyId', 'ID of the policy.'),
    target_id: text('TargetId', 'ID of the root, organizational unit or account.'),
    arn: text('Arn', 'ARN of the target.'),
    name: text('Name', 'Name of the target.'),
    target_type: text('Type', 'ROOT, ORGANIZATIONAL_UNIT or ACCOUNT.'),
  },
  fanOut: { scopeColumn: 'policy_id', scope: (policy) => policy.Id },
  async *list({ organizations }, policy) {
    if (policy.Id === attachedToAll) return;
    for await (const page of paginateListTargetsForPolicy({ client: organizations }, { PolicyId: policy.Id })) {
      for (const target of page.Targets ?? []) yield { ...target, PolicyId: policy.Id };
    }
  },
});
