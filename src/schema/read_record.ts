import type { Outcome } from '../aws/index.js';

/** One row of aws_delegation_reads: what was to be read, and how that ended. */
export interface ReadRecord {
  readonly Region: string;
  readonly Service: string;
  readonly TableName: string;
  /** IAM action: `organizations:ListAccounts`. */
  readonly Operation: string;
  /** '' for the read as a whole, otherwise what the one call that was not ok was about. */
  readonly Scope: string;
  readonly Outcome: Outcome;
  readonly ErrorCode: string | undefined;
  readonly ErrorMessage: string | undefined;
  readonly RequestCount: number;
  readonly RowCount: number;
  readonly StartedAt: Date;
  readonly DurationMs: number;
}
