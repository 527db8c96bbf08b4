import { expect, it } from 'vitest';
import { faults } from './faults.js';
import { Random } from './random.js';

it('no row is lost and no verdict is better than the truth, whatever happens to the requests', async () => {
  const rounds = await faults.open();
  let hits = 0;
  try {
    for (let round = 1; round <= 6; round++) {
      const { faults: met = 0 } = await rounds.round(new Random(`tests ${round}`), round);
      hits += met;
    }
  } finally {
    await rounds.close();
  }
  expect(hits).toBeGreaterThan(10);
}, 300_000);
