import { defineTable, text, timestamp, type Approval } from '../../src/schema/index.js';

/** What an approval leaves open is '' and not null, because it is a part of the key. */
export const delegationApprovals = defineTable<Approval>()({
  name: 'aws_delegation_approvals',
  description:
    'What a person has approved: the `approvals` of the spec, one row per delegation, and one per principal and action.',
  source: 'docs/spec.md',
  permissions: [],
  primaryKey: ['account_id', 'kind', 'service', 'principal', 'method', 'region', 'action'],
  columns: {
    kind: text('Kind', 'delegation or principal: which list of the approvals the row comes from.'),
    service: text('Service', "ID of the service in the catalogue, or a service principal; '' for the kind principal."),
    principal: text(
      'Principal',
      'Account ID of the holder, or a principal of the delegation policy; for the kind principal an ARN with * for anything, or the principal of a service that acts as itself.',
    ),
    method: text('Method', "organizations, service or resource_policy; '' for any."),
    region: text('Region', "Region of the delegation; '' for every one, and for delegations without a Region."),
    action: text('Action', "IAM action with * for anything, * alone for all; '' for the kind delegation."),
    approved_by: text('ApprovedBy', 'Who approved it.'),
    approved_on: timestamp('ApprovedOn', 'Day of the approval: 00:00 UTC.'),
    review_by: timestamp('ReviewBy', 'Day by which somebody has to look at it again: 00:00 UTC; null for never.'),
    reason: text('Reason', 'Why; null where nobody wrote it down.'),
  },
  isAlwaysSynced: true,
  // eslint-disable-next-line @typescript-eslint/require-await -- nothing is asked: a file of the user has said it
  async *list({ settings }) {
    yield* settings.approvals;
  },
});
