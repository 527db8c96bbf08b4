import { expect, it } from 'vitest';
import { inputs } from './inputs.js';
import { Random } from './random.js';

it('stores what hurts, executes none of it, and judges it as anything else', async () => {
  const rounds = await inputs.open();
  try {
    expect((await rounds.round(new Random('1'), 1))['inputs through the pipe']).toBeGreaterThan(900);
    expect((await rounds.round(new Random('2'), 2))['inputs fuzzed']).toBeGreaterThanOrEqual(500);
  } finally {
    await rounds.close();
  }
}, 180_000);
