import { defineTable, text, timestamp, type Waiver } from '../../src/schema/index.js';

/** What a waiver leaves open is '' (or * for `resource`) and not null, because it is a part of the key. */
export const delegationWaivers = defineTable<Waiver>()({
  name: 'aws_delegation_waivers',
  description: 'Findings that a person has accepted until a day: the `waivers` of the spec, one row each.',
  source: 'docs/spec.md',
  permissions: [],
  primaryKey: ['account_id', 'rule', 'resource', 'waived_account_id', 'region'],
  columns: {
    rule: text('Rule', 'ID of the rule, with * for anything.'),
    resource: text('Resource', 'resource_id of the findings with * for anything; * alone for all.'),
    waived_account_id: text('Account', "Account ID of the findings, with * for anything; '' for every one."),
    region: text(
      'Region',
      "Region of the findings, with * for anything; '' for every one, and for findings without a Region.",
    ),
    reason: text('Reason', 'Why it is accepted.'),
    owner: text('Owner', 'Who has to mend it; null where nobody wrote it down.'),
    ticket: text('Ticket', 'Where the work on it is followed; null where nobody wrote it down.'),
    approved_by: text('ApprovedBy', 'Who accepted it.'),
    expires: timestamp('Expires', 'From then on the waiver no longer counts: 00:00 UTC of the day.'),
  },
  isAlwaysSynced: true,
  // eslint-disable-next-line @typescript-eslint/require-await -- nothing is asked: a file of the user has said it
  async *list({ settings }) {
    yield* settings.waivers;
  },
});
