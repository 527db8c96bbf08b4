import { createHash } from 'node:crypto';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** The same choices for the same seed. */
export class Random {
  readonly #generator;

  constructor(readonly seed: string) {
    this.#generator = xoroshiro128plus(createHash('sha256').update(seed).digest().readInt32BE());
  }

  /** Both ends included. */
  int(least: number, most: number): number {
    return uniformInt(this.#generator, least, most);
  }

  pick<Choice>(choices: readonly Choice[]): Choice {
    if (choices.length === 0) throw new RangeError('there is nothing to pick from');
    return choices[this.int(0, choices.length - 1)] as Choice;
  }
}
