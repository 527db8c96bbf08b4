import { visible } from '../text/index.js';

/** The command or the spec is wrong: exit code 3. Nothing was read or written. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly exitCode = 3;

  /** What stands in a spec can have any character and any length; a message is for a terminal. */
  constructor(message: string, options?: ErrorOptions) {
    const shown = message.length > longestMessage ? `${message.slice(0, longestMessage)}…` : message;
    super(visible(shown), options);
  }
}

const longestMessage = 30_000;

/** The run failed, and every row of the sync before it is still there: exit code 4. */
export class SyncError extends Error {
  override readonly name = 'SyncError';
  readonly exitCode = 4;
}

/** Ctrl-C: exit code 130, and every row of the sync before it is still there. */
export class SyncInterrupted extends Error {
  override readonly name = 'SyncInterrupted';
  readonly exitCode = 130;
}

export const rowsAreSafe = 'Nothing was changed in the database: the rows of the previous sync are all still there.';

/** Whether it says all that a user needs: an error with an exit code does, whichever room it comes from. */
export function isForUser(error: unknown): error is Error {
  return error instanceof Error && 'exitCode' in error && typeof error.exitCode === 'number';
}
