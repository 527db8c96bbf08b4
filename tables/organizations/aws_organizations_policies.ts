import { DescribePolicyCommand, paginateListPolicies, type PolicySummary } from '@aws-sdk/client-organizations';
import { boolean, defineTable, json, parseExactly, text } from '../../src/schema/index.js';
import { policyTargets } from './aws_organizations_policy_targets.js';
import { roots } from './readings.js';

export const policies = defineTable<PolicySummary & { Content?: unknown; ContentText?: string | undefined }>()({
  name: 'aws_organizations_policies',
  description: 'Policies of every type that is enabled on the root, with their text.',
  source: 'https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListPolicies.html',
  permissions: ['organizations:ListPolicies', 'organizations:ListRoots', 'organizations:DescribePolicy'],
  primaryKey: ['account_id', 'arn'],
  columns: {
    arn: text('Arn', 'ARN of the policy.'),
    id: text('Id', 'ID of the policy (p-...).'),
    name: text('Name', 'Name of the policy.'),
    description: text('Description', 'Description of the policy.'),
    type: text('Type', 'SERVICE_CONTROL_POLICY, RESOURCE_CONTROL_POLICY, TAG_POLICY, ...'),
    aws_managed: boolean('AwsManaged', 'True for the policies that AWS ships.'),
    content: json(
      'Content',
      'Text of the policy as JSON; null where it was not read, or where JSON does not hold all that it says.',
    ),
    content_text: text('ContentText', 'Text of the policy as AWS keeps it; null where it was not read.'),
  },
  async *list(context) {
    const [root] = await context.use(roots);
    for (const { Type, Status } of root?.PolicyTypes ?? []) {
      if (Status !== 'ENABLED') continue;
      for await (const page of paginateListPolicies({ client: context.organizations }, { Filter: Type })) {
        yield* page.Policies ?? [];
      }
    }
  },
  detail: {
    scopeColumn: 'id',
    scope: (policy) => policy.Id ?? '',
    async read({ organizations }, policy) {
      const { Policy } = await organizations.send(new DescribePolicyCommand({ PolicyId: policy.Id }));
      if (Policy?.Content === undefined) throw new TypeError('organizations:DescribePolicy answered without a text');
      return { Content: parseExactly(Policy.Content), ContentText: Policy.Content };
    },
  },
  relations: [policyTargets],
});
