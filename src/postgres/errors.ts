/** The database could not do what was asked: the run fails with exit code 4. The message never holds a password. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly exitCode = 4;
  /** PostgreSQL's SQLSTATE, or the operating system's error code, where there is one. */
  readonly code: string | undefined;

  constructor(message: string, options: { cause?: unknown; code?: string | undefined } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.code = options.code;
  }
}

/** `code` of a PostgreSQL, TLS or operating system error; undefined for anything else. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

export function errorMessage(error: unknown): string {
  // Node reports a host with several addresses as an AggregateError with an empty message.
  if (error instanceof AggregateError && error.message === '') return error.errors.map(errorMessage).join('; ');
  return error instanceof Error ? error.message : String(error);
}
