import { expect, it } from 'vitest';
import { concurrent } from './concurrent.js';
import { Random } from './random.js';

it(
  'syncs, runs of the rules and readers at once: no deadlock, and each reader sees one sync whole',
  { timeout: 240_000 },
  async () => {
    const rounds = await concurrent.open();
    try {
      for (const seed of ['1', '2']) {
        const counts = await rounds.round(new Random(seed), 1);
        for (const count of Object.values(counts)) expect(count).toBeGreaterThan(3);
      }
    } finally {
      await rounds.close();
    }
  },
);
