/** A rule or a view that does not work. The message is whole: what, where, what came back, what to do. */
export class RulesError extends Error {
  override readonly name = 'RulesError';
  /** As `check` ends with it. */
  readonly exitCode: number;
  /** PostgreSQL's SQLSTATE, where that is what came back. */
  readonly code: string | undefined;

  constructor(message: string, options: ErrorOptions & { exitCode?: 3 | 4; code?: string | undefined } = {}) {
    super(message, options);
    this.exitCode = options.exitCode ?? 4;
    this.code = options.code;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** PostgreSQL's SQLSTATE. */
export function sqlState(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}
