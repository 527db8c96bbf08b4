import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Kills, type Moment, type Victim } from './kills.js';

const rounds: [Victim, Moment][] = [
  ['runner', { at: 'request', share: 0.5 }],
  ['runner', { at: 'commit', when: 'sent', delayMs: 1 }],
  ['plugin', { at: 'request', share: 0.7 }],
  ['plugin', { at: 'bytes', share: 0 }],
  ['backend', { at: 'bytes', share: 0.5 }],
  ['backend', { at: 'commit', when: 'answered', delayMs: 0 }],
  ['postmaster', { at: 'request', share: 0.3 }],
  ['postmaster', { at: 'commit', when: 'before', delayMs: 0 }],
  ['everything', { at: 'bytes', share: 0.7 }],
  ['everything', { at: 'time, with the server', share: 0.4 }],
];

describe('killed with SIGKILL', () => {
  let kills: Kills;
  beforeAll(async () => {
    kills = await Kills.open({ worlds: 2 });
  });
  afterAll(() => kills.close());

  it('the database holds one whole sync, and the next one mends everything', { timeout: 300_000 }, async () => {
    const missed: Moment[] = [];
    for (const [index, [victim, moment]] of rounds.entries()) {
      if (!(await kills.kill(victim, moment, index))) missed.push(moment);
      if (index % 5 === 4) await kills.mend();
    }
    expect(missed).toEqual([]);
  });

  it('the results of a check are of one run', { timeout: 120_000 }, async () => {
    expect(await kills.killCheck('runner', 0.2)).toBe(true);
    expect(await kills.killCheck('backend', 0.2)).toBe(true);
  });
});
