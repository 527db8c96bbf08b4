import { exitCode } from './exit_code.js';

/** Wrong arguments, or a file that does not fit them. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly exitCode = exitCode.usage;
}

/** The run itself failed: no credentials, nobody answers. */
export class RunError extends Error {
  override readonly name = 'RunError';
  readonly exitCode = exitCode.failed;
}

/** Ctrl-C. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
  readonly exitCode = exitCode.interrupted;
}

/** What the user reads, and what a script gets. A stack is shown only for a mistake of ours. */
export function explain(error: unknown): { text: string; code: number } {
  if (!(error instanceof Error)) return { text: `aws-delegation: ${String(error)}`, code: exitCode.failed };
  const { exitCode: code } = error as Error & { exitCode?: unknown };
  if (typeof code === 'number') return { text: error.message, code };
  return {
    text: `aws-delegation: ${error.message}\nThis is a mistake in aws-delegation; please report it with these lines:\n${error.stack ?? ''}`,
    code: exitCode.failed,
  };
}
