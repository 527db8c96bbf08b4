import { bigint, defineTable, text, timestamp, type ReadRecord } from '../../src/schema/index.js';

/** Filled by the sync itself when every outcome is known, and sent last. */
export const delegationReads = defineTable<ReadRecord>()({
  name: 'aws_delegation_reads',
  description: 'What was to be read, and how it ended: one row per Region, table and operation.',
  source: 'docs/reads.md',
  permissions: [],
  primaryKey: ['account_id', 'region', 'table_name', 'operation', 'scope'],
  columns: {
    region: text('Region', "Region that was asked; '' where none applies."),
    table_name: text('TableName', 'Table that the read is for.'),
    operation: text('Operation', "IAM action, such as organizations:ListAccounts; '' where AWS is not asked."),
    scope: text('Scope', "'' for the read as a whole; otherwise what the one call that was not ok was about."),
    service: text('Service', 'IAM prefix of the service.'),
    outcome: text('Outcome', 'ok, absent, denied, failed or skipped.'),
    error_code: text('ErrorCode', "AWS's error code, or ours where no AWS answer came back."),
    error_message: text('ErrorMessage', 'What came back, or why nothing was asked.'),
    request_count: bigint('RequestCount', 'Requests sent, repeats included.'),
    row_count: bigint('RowCount', 'Rows of the table that came from this operation.'),
    started_at: timestamp('StartedAt', 'Start of the first request, in UTC.'),
    duration_ms: bigint('DurationMs', 'From the start of the first request to the end of the last, in milliseconds.'),
  },
  isAlwaysSynced: true,
  list: () => none(),
});

// eslint-disable-next-line @typescript-eslint/require-await -- an empty list
async function* none(): AsyncIterable<never> {
  yield* [];
}
