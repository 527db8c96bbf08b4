/** How a read of AWS ended. `ok` and `absent` are knowledge; the others are not, and no rule may pass on them. */
export type Outcome = 'ok' | 'absent' | 'denied' | 'failed' | 'skipped';

/**
 * A call to AWS that did not end in an answer, already judged. Thrown by every client that this room hands out, so that
 * nothing above it has to know an AWS error code. `cause` keeps what the SDK threw.
 */
export class AwsReadError extends Error {
  override readonly name = 'AwsReadError';

  constructor(
    readonly outcome: 'absent' | 'denied' | 'failed',
    /** IAM action form: `organizations:ListAccounts`. */
    readonly operation: string,
    readonly region: string,
    /** AWS's own error code, or ours where no AWS answer came back (`RequestTimeout`, `UnreadableAnswer`). */
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The worst of two outcomes for one operation: what is missing outweighs what was read. */
export function worse(left: Outcome, right: Outcome): Outcome {
  return severity[left] >= severity[right] ? left : right;
}

// `absent` beside `ok` reads as `ok`: something was there.
const severity: Record<Outcome, number> = { skipped: 0, absent: 1, ok: 2, denied: 3, failed: 4 };
