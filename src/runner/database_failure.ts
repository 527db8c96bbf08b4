import { DatabaseError, errorCode, errorMessage, lockNotAvailable } from '../postgres/index.js';
import { isForUser, rowsAreSafe } from './errors.js';

/** PostgreSQL's own errors, said for somebody who runs a sync. */
export function syncFailure(error: unknown): Error {
  return isForUser(error) ? error : databaseFailure(error);
}

const brokenConnection =
  /terminated|ECONNRESET|ECONNABORTED|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENETDOWN|not queryable|ended/i;

/** Whatever went wrong before the commit. */
export function databaseFailure(error: unknown): Error {
  const code = errorCode(error);
  const message = errorMessage(error);
  const say = (what: string, todo: string) =>
    new DatabaseError(`Writing to PostgreSQL failed: ${what}. ${rowsAreSafe} ${todo}`, { cause: error, code });
  const { hint } = error as { hint?: string };
  const detail =
    error instanceof Error && 'detail' in error && typeof error.detail === 'string' ? ` (${error.detail})` : '';
  const diskIsFull = () => say(`${message}${detail}`, 'Make room on the disk of the database, and run the sync again.');
  switch (code) {
    case '57P01':
    case '57P02':
    case '57P03':
      return say(`the server stopped or ended the connection: ${message}`, 'When it runs again, run the sync again.');
    case lockNotAvailable:
      return say(
        message,
        `${hint ?? 'See pg_stat_activity for a transaction that was left open.'} Then run the sync again.`,
      );
    case '40P01':
    case '40001':
      return say(`it was in the way of another transaction: ${message}`, 'Run the sync again.');
    case '42501':
      if (message.startsWith('must be owner')) {
        return say(message, 'To change a table, run the sync once as its owner.');
      }
      return say(
        message,
        'Grant this user TEMPORARY on the database, CREATE on the schema, and INSERT, UPDATE, DELETE and SELECT on the tables.',
      );
    case '53100':
      return diskIsFull();
    case '25006':
      return say(message, 'This is a read-only server: give the address of the primary.');
    case '3F000':
      return say(message, 'Create the schema of search_path first.');
  }
  // A limit of the file size or a quota has no SQLSTATE of its own.
  if (/^could not (extend|write)/.test(message)) return diskIsFull();
  if (code?.startsWith('08') || brokenConnection.test(`${code ?? ''} ${message}`)) {
    return say(`the connection broke: ${message}`, 'When the server can be reached again, run the sync again.');
  }
  if (code === undefined && error instanceof Error) return error;
  return say(`${message}${detail}${code === undefined ? '' : ` (${code})`}`, 'Correct that, and run the sync again.');
}
