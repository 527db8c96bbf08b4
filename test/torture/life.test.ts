import { expect, it } from 'vitest';
import { growth, LongLife } from './life.js';
import { Random } from './random.js';

it('nothing grows from sync to sync', { timeout: 240_000 }, async () => {
  const long = await LongLife.begin();
  const random = new Random('life');
  try {
    for (let sync = 0; sync < 4; sync++) await long.sync(random);
    const before = await long.measure();
    for (let sync = 0; sync < 4; sync++) await long.sync(random);
    const after = await long.measure();
    expect(growth(before, after)).toEqual([]);
    expect(after).toMatchObject({ syncs: 8, connections: 0 });
    expect(after.changes).toBeGreaterThan(0);
  } finally {
    await long.end();
  }
});

it('what grows is told', () => {
  const before = {
    syncs: 10,
    heap: 50e6,
    resident: 100e6,
    descriptors: 30,
    files: 3,
    connections: 0,
    tables: 2e6,
    catalogs: 12e6,
    deadRows: 0,
    history: 4,
    changes: 4,
  };
  expect(growth(before, { ...before, syncs: 50 })).toEqual([]);
  const after = {
    ...before,
    syncs: 50,
    heap: 80e6,
    resident: 300e6,
    descriptors: 70,
    files: 43,
    connections: 1,
    tables: 10e6,
    catalogs: 60e6,
    deadRows: 5000,
    history: 8,
  };
  expect(growth(before, after)).toHaveLength(9);
  expect(
    growth(
      { ...before, resident: undefined, descriptors: undefined },
      { ...before, resident: undefined, descriptors: undefined },
    ),
  ).toEqual([]);
});
