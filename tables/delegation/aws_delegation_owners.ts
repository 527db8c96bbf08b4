import { defineTable, text, type OwnerSelector } from '../../src/schema/index.js';

export const delegationOwners = defineTable<OwnerSelector>()({
  name: 'aws_delegation_owners',
  description: 'Who is who: the `owners` of the spec, one row per selector.',
  source: 'docs/spec.md',
  permissions: [],
  primaryKey: ['account_id', 'owner', 'selector_type', 'selector'],
  columns: {
    owner: text('Owner', 'Name of the owner: infosec, infra_ops, or one of your own.'),
    selector_type: text('SelectorType', 'account, name, ou or tag.'),
    selector: text('Selector', 'An account ID, an account name, an OU by ID or path, or key=value of a tag.'),
  },
  isAlwaysSynced: true,
  // eslint-disable-next-line @typescript-eslint/require-await -- nothing is asked: the spec has said it
  async *list({ settings }) {
    yield* settings.owners;
  },
});
