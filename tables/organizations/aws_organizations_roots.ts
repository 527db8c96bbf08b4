import { paginateListTagsForResource, type Root } from '@aws-sdk/client-organizations';
import { defineTable, json, text, type ReadContext } from '../../src/schema/index.js';
import { roots } from './readings.js';

export const organizationsRoots = defineTable<Root & { Tags?: Record<string, string> }>()({
  name: 'aws_organizations_roots',
  description: 'The root of the organization, with the policy types that are enabled.',
  source: 'https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListRoots.html',
  permissions: ['organizations:ListRoots'],
  optionalPermissions: [
    { permission: 'organizations:ListTagsForResource', isWanted: (settings) => settings.accountTags },
  ],
  primaryKey: ['request_account_id', 'arn'],
  columns: {
    arn: text('Arn', 'ARN of the root.'),
    id: text('Id', 'ID of the root (r-...).'),
    name: text('Name', 'Name of the root.'),
    policy_types: json('PolicyTypes', 'Policy types of the root, as [{"Type", "Status"}].'),
    tags: json('Tags', 'Tags by key; null where they were not read (`account_tags: false`).'),
  },
  async *list(context) {
    yield* await context.use(roots);
  },
  detail: {
    scopeColumn: 'id',
    scope: (root) => root.Id ?? '',
    isWanted: (_root, settings) => settings.accountTags,
    read: async (context, root) => ({ Tags: await tagsOf(context, root.Id) }),
  },
});

/** Tags of a root or an account by key. */
export async function tagsOf({ organizations }: ReadContext, id: string | undefined): Promise<Record<string, string>> {
  const tags: [string, string][] = [];
  for await (const page of paginateListTagsForResource({ client: organizations }, { ResourceId: id })) {
    for (const { Key, Value } of page.Tags ?? []) if (Key !== undefined) tags.push([Key, Value ?? '']);
  }
  return Object.fromEntries(tags);
}
