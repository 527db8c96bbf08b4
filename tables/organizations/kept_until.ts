import { deserialize, serialize } from 'node:v8';
import { deflateRawSync, inflateRawSync } from 'node:zlib';

/**
 * The values in their order, none before `ready` has ended; meanwhile they are read on and kept. Those that came before an
 * error are not lost.
 */
export async function* keptUntil<Value extends object>(
  ready: Promise<unknown>,
  values: AsyncIterable<Value>,
): AsyncIterable<Value> {
  const kept = new Kept<Value>();
  const waiting = { isOver: false };
  const end = (): void => {
    waiting.isOver = true;
  };
  const ended = ready.then(end, end);
  let failure: { error: unknown } | undefined;
  try {
    for await (const value of values) {
      kept.add(value);
      if (waiting.isOver) yield* kept.emptied();
    }
  } catch (error) {
    failure = { error };
  }
  await ended;
  yield* kept.emptied();
  if (failure) throw failure.error;
}

/** As objects 50,000 accounts take more memory than all the rest of a sync; packed they take a fortieth. */
class Kept<Value extends object> {
  readonly #packed: Buffer[] = [];
  #loose: Value[] = [];

  add(value: Value): void {
    this.#loose.push(value);
    if (this.#loose.length < 1000) return;
    this.#packed.push(deflateRawSync(serialize(this.#loose), { level: 1 }));
    this.#loose = [];
  }

  /** Lets go of what it hands out. */
  *emptied(): Iterable<Value> {
    for (let packed = this.#packed.shift(); packed; packed = this.#packed.shift()) {
      yield* deserialize(inflateRawSync(packed)) as Value[];
    }
    const loose = this.#loose;
    this.#loose = [];
    yield* loose;
  }
}
