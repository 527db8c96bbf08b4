import { defineTable, text, type Expectation } from '../../src/schema/index.js';

export const delegationExpectations = defineTable<Expectation>()({
  name: 'aws_delegation_expectations',
  description: 'Who should hold what: the `expectations` of the spec, one row per service and owner.',
  source: 'docs/spec.md',
  permissions: [],
  primaryKey: ['account_id', 'service_id', 'owner'],
  columns: {
    service_id: text('ServiceId', 'ID of the service in the catalogue.'),
    owner: text('Owner', 'Name of an owner, any of which is fine.'),
  },
  isAlwaysSynced: true,
  // eslint-disable-next-line @typescript-eslint/require-await -- nothing is asked: the spec has said it
  async *list({ settings }) {
    yield* settings.expectations;
  },
});
