import { expect, it } from 'vitest';
import { Loss, type Part } from './part.js';
import { torture } from './torture.js';

const never = new AbortController().signal;

function partOf(name: string, round: (choice: number) => Record<string, number>): Part & { isClosed: boolean } {
  return {
    name,
    counts: [],
    isClosed: false,
    open() {
      return Promise.resolve({
        round: (random) => Promise.resolve(round(random.int(0, 1_000_000))),
        close: () => {
          this.isClosed = true;
          return Promise.resolve();
        },
      });
    },
  };
}

it('counts what was lost and what crashed, tells how to see it again, and goes on with the others', async () => {
  const told: string[] = [];
  const losing = partOf('losing', () => {
    throw new Loss('a row is gone');
  });
  const crashing = partOf('crashing', () => {
    throw new TypeError('of undefined');
  });
  const fine = partOf('fine', () => ({ kills: 2 }));
  const tell = (line: string): void => void told.push(line);
  const parts = [losing, crashing, fine];
  const { counts, losses, crashes } = await torture({
    parts,
    seed: '7',
    durationMs: 1e6,
    round: 3,
    signal: never,
    tell,
  });
  expect({ counts, losses, crashes }).toEqual({ counts: { kills: 2 }, losses: 1, crashes: 1 });
  expect(told[0]).toContain('losing, round 3: Loss: a row is gone');
  expect(told[1]).toBe('Again: npm run torture -- --seed 7 --part losing --round 3');
  expect(parts.map(({ isClosed }) => isClosed)).toEqual([true, true, true]);
});

it('makes the same choices for the same seed, other ones in each round, and ends when the time is over', async () => {
  const choices: number[][] = [];
  for (const seed of ['1', '1', '2']) {
    const made: number[] = [];
    const ending = new AbortController();
    const part = partOf('choosing', (choice) => {
      if (made.push(choice) === 20) ending.abort();
      return {};
    });
    await torture({ parts: [part], seed, durationMs: 1e6, signal: ending.signal, tell: () => undefined });
    choices.push(made);
  }
  expect(choices[0]).toEqual(choices[1]);
  expect(choices[0]).not.toEqual(choices[2]);
  expect(new Set(choices[0]).size).toBe(20);
});

it('says what it would have counted where there was no time for a round', async () => {
  const part = { ...partOf('counting', () => ({ kills: 1 })), counts: ['kills'] };
  const options = { parts: [part], seed: '1', signal: never, tell: (): void => undefined };
  expect((await torture({ ...options, durationMs: 0 })).counts).toEqual({ kills: 0 });
  expect((await torture({ ...options, durationMs: 1e6, round: 1 })).counts).toEqual({ kills: 1 });
});
