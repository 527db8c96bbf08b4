import { editDistance, visible } from '../text/index.js';

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

/** The key of `allowed` that somebody who wrote `given` may have meant. */
export function suggestion(given: string, allowed: readonly string[]): string | undefined {
  let best: string | undefined;
  // One slip in a short word, two in a long one.
  let bestDistance = given.length < 5 ? 2 : 3;
  for (const candidate of given.length > 100 ? [] : allowed) {
    const distance = editDistance(given.toLowerCase().replaceAll('-', '_'), candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}
