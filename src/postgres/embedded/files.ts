import { chown, stat } from 'node:fs/promises';
import { DatabaseError, errorCode, errorMessage } from '../errors.js';
import type { ServiceUser } from './process.js';

export const giveOwnDatabase = 'give a database of your own with --database or DATABASE_URL.';
export const orOwnDatabase = `Or ${giveOwnDatabase}`;

export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return false;
    throw unusable(path, error);
  }
}

export function unusable(path: string, error: unknown): DatabaseError {
  return new DatabaseError(
    `embedded PostgreSQL: ${path} cannot be used (${errorCode(error) ?? errorMessage(error)}). Let AWS_DELEGATION_HOME ` +
      `name a directory that you can write to. ${orOwnDatabase}`,
    { cause: error, code: errorCode(error) },
  );
}

export async function give(user: ServiceUser | undefined, ...paths: string[]): Promise<void> {
  if (user === undefined) return;
  for (const path of paths) await chown(path, user.uid, user.gid);
}
