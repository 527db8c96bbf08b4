import type { Client } from 'pg';
import { DatabaseError, errorCode, errorMessage } from '../postgres/index.js';

/** The one moment in which a broken connection leaves open what happened. */
export async function commit(client: Client): Promise<void> {
  try {
    await client.query('commit');
  } catch (error) {
    if (isServerAnswer(error)) throw error;
    throw new CommitUnknown(
      `The connection to PostgreSQL broke while this sync was being committed (${errorMessage(error)}): it is stored as a whole or not ` +
        'at all, and which of the two is not known. Run the sync again: that is right in both cases.',
      { cause: error, code: errorCode(error) },
    );
  }
}

/** Not to be covered by a message that says that nothing was changed. */
export class CommitUnknown extends DatabaseError {}

function isServerAnswer(error: unknown): boolean {
  return error instanceof Error && 'severity' in error && !errorCode(error)?.startsWith('57P');
}
