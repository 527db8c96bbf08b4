import { createHash } from 'node:crypto';

/** A number from 0 up to 1, without 1, that is the same for the same words. */
export function chance(...words: readonly unknown[]): number {
  return createHash('sha256').update(JSON.stringify(words)).digest().readUInt32BE() / 2 ** 32;
}
