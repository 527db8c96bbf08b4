import { boolean, defineTable, integer, json, type RuleSettings } from '../../src/schema/index.js';

export const delegationSettings = defineTable<RuleSettings>()({
  name: 'aws_delegation_settings',
  description: 'What the spec says of how to judge: one row.',
  source: 'docs/spec.md',
  permissions: [],
  primaryKey: ['account_id'],
  columns: {
    workload_ous: json(
      'WorkloadOus',
      'List of OUs (path or ID) where a delegated administrator must not live; null where the spec says nothing.',
    ),
    allowed_regions: json(
      'AllowedRegions',
      'List of the Regions that members may use; null where the spec says nothing.',
    ),
    separation_of_duties: boolean(
      'SeparationOfDuties',
      'True where no account may hold both what detects and what runs code in members.',
    ),
    max_age_hours: integer('MaxAgeHours', 'Age from which a sync is too old, in hours.'),
    has_approvals: boolean('HasApprovals', 'True where the spec has `approvals`, be it an empty list.'),
    events_lookback_days: integer('EventsLookbackDays', 'Days of events that the sync looked back on.'),
  },
  // Events of a longer window, which the spec may ask for by now, were not read.
  asSynced: ['events_lookback_days'],
  isAlwaysSynced: true,
  // eslint-disable-next-line @typescript-eslint/require-await -- nothing is asked: the spec has said it
  async *list({ settings }) {
    yield settings.rules;
  },
});
