import type { Random } from './random.js';

/** What a round did, by what it is called: `{ kills: 1 }`. Sums of them are the last line of a run. */
export type Counts = Readonly<Record<string, number>>;

export interface Part {
  readonly name: string;
  /** What its rounds count in any case: told as 0 where there was no time for one. */
  readonly counts: readonly string[];
  /** What all rounds share: a simulator, a database. */
  open(): Promise<Rounds>;
}

export interface Rounds {
  /**
   * One attempt, which depends on nothing but `random` and its `number`: the same seed makes the same one.
   *
   * @param number counts from 1
   *
   * @throws Loss where a row or a verdict is not what it has to be; anything else that is thrown counts as a crash.
   */
  round(random: Random, number: number): Promise<Counts>;
  close(): Promise<void>;
}

/** A row that is gone or half written, or a verdict that is not true. */
export class Loss extends Error {
  override readonly name = 'Loss';
}
