import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { errorCode } from '../errors.js';
import { give, unusable } from './files.js';
import type { Instance } from './instance.js';

const longestLog = 1024 * 1024;

/** Each start and stop adds lines, for years. */
export async function rotateLog({ logFile, user }: Instance): Promise<void> {
  if ((await sizeOf(logFile)) < longestLog) return;
  try {
    await rename(logFile, `${logFile}.1`);
    await writeFile(logFile, '', { mode: 0o600, flag: 'wx' });
    await give(user, logFile);
  } catch (error) {
    // Another run was faster.
    if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'EEXIST') throw unusable(logFile, error);
  }
}

export async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

export async function readFrom(path: string, start: number): Promise<string> {
  try {
    return (await readFile(path)).subarray(start).toString('utf8');
  } catch {
    return '';
  }
}

export function lastLines(text: string): string {
  return text.trim().split('\n').slice(-3).join(' / ');
}
