import { status as Status, type ServiceError } from '@grpc/grpc-js';
import { errorMessage } from '../postgres/index.js';
import { rowsAreSafe, SyncError, UsageError } from './errors.js';
import type { PluginProcess } from './plugin_process.js';
import { within } from './within.js';

export async function pluginFailure(error: unknown, plugin: PluginProcess): Promise<unknown> {
  if (!isServiceError(error) && !(error instanceof Error && /deadline/i.test(error.message))) return error;
  if (isServiceError(error)) {
    // What the plugin says is written for the user: it is shown as it is.
    if (error.code === Status.INVALID_ARGUMENT) return new UsageError(error.details);
    if (error.code !== Status.UNAVAILABLE && error.code !== Status.CANCELLED) {
      return new SyncError(
        error.details === '' ? `The plugin ended the sync with ${Status[error.code]}. ${rowsAreSafe}` : error.details,
      );
    }
  }
  // The connection breaks a moment before the process is seen to end.
  const end = await within(2000, plugin.ended);
  const how =
    end === undefined ? `the connection to it broke (${errorMessage(error)})` : `its process ended with ${end}`;
  return new SyncError(
    `The plugin broke off in mid-sync: ${how}${lastLines(plugin.stderr)}. ${ifKilled(end)}${rowsAreSafe} Run the sync again.`,
  );
}

function isServiceError(error: unknown): error is ServiceError {
  return error instanceof Error && 'details' in error && 'code' in error && typeof error.code === 'number';
}

/** A question and a space, or nothing. */
export function ifKilled(end: string | undefined): string {
  return end === 'signal SIGKILL' ? 'Was the machine out of memory, or was it killed by hand? ' : '';
}

/** ` (its last words: ...)`, or nothing. */
export function lastLines(stderr: string): string {
  const text = stderr.trim().split('\n').slice(-5).join(' / ').trim();
  return text === '' ? '' : ` (its last words: ${text})`;
}
