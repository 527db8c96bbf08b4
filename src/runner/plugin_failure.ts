import { status as Status, type ServiceError } from '@grpc/grpc-js';
import { errorMessage } from '../postgres/index.js';
import { rowsAreSafe, SyncError, UsageError } from './errors.js';
import { inSpecFile } from './in_spec_file.js';
import type { PluginProcess } from './plugin_process.js';
import { within } from './within.js';

/** What a failed call is to tell the user; errors that are not of a call are given back as they are. */
export async function pluginFailure(
  error: unknown,
  plugin: PluginProcess,
  specPath: string | undefined,
): Promise<unknown> {
  if (!isServiceError(error) && !(error instanceof Error && /deadline/i.test(error.message))) return error;
  if (isServiceError(error)) {
    // What the plugin says is written for the user: it is shown as it is.
    if (error.code === Status.INVALID_ARGUMENT) return new UsageError(inSpecFile(error.details, specPath));
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

/** Before it could be asked anything. */
export function didNotStart({ program, stderr }: Pick<PluginProcess, 'program' | 'stderr'>, how: string): SyncError {
  // A signal came from outside, and is no fault of an installation.
  const todo = how.startsWith('signal ')
    ? `${ifKilled(how)}Run the sync again.`
    : 'From a checkout, run `npm ci && npm run build` first.';
  return new SyncError(
    `The plugin (${program}) did not start: ${how}${lastLines(stderr)}. Nothing was read or written. ${todo}`,
  );
}

/** A question and a space, or nothing. */
function ifKilled(end: string | undefined): string {
  return end === 'signal SIGKILL' ? 'Was the machine out of memory, or was it killed by hand? ' : '';
}

/** ` (its last words: ...)`, or nothing. */
function lastLines(stderr: string): string {
  const text = stderr.trim().split('\n').slice(-5).join(' / ').trim();
  return text === '' ? '' : ` (its last words: ${text})`;
}
