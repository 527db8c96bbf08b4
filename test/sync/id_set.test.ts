import { describe, expect, it } from 'vitest';
import { cqId } from '../../src/schema/arrow.js';
import { IdSet } from '../../src/sync/id_set.js';

const idOf = (number: number): Uint8Array => cqId([['id', String(number)]]);

describe('ids that were there before', () => {
  it('are known, and no other one is, while the set grows', () => {
    const ids = new IdSet();
    const wrong: number[] = [];
    for (let number = 0; number < 20_000; number++) {
      if (ids.has(idOf(number))) wrong.push(number);
      ids.add(idOf(number));
      ids.add(idOf(number));
    }
    for (let number = 0; number < 20_000; number++) if (!ids.has(idOf(number))) wrong.push(number);
    expect(wrong).toEqual([]);
  });

  it('are told apart where they would share a place', () => {
    const ids = new IdSet();
    const id = idOf(1);
    ids.add(id);
    for (const byte of [4, 7, 8, 12, 15]) {
      const other = Uint8Array.from(id);
      other[byte] = (other[byte] ?? 0) ^ 1;
      expect(ids.has(other)).toBe(false);
      ids.add(other);
      expect(ids.has(other)).toBe(true);
    }
    expect(ids.has(id)).toBe(true);
  });
});
