/**
 * The values in their order, none before `ready` has ended; meanwhile they are read on and kept. Those that came before an
 * error are not lost.
 */
export async function* keptUntil<Value extends object>(
  ready: Promise<unknown>,
  values: AsyncIterable<Value>,
): AsyncIterable<Value> {
  const kept: Value[] = [];
  const waiting = { isOver: false };
  const end = (): void => {
    waiting.isOver = true;
  };
  const ended = ready.then(end, end);
  let failure: { error: unknown } | undefined;
  try {
    for await (const value of values) {
      kept.push(value);
      if (waiting.isOver) yield* emptied(kept);
    }
  } catch (error) {
    failure = { error };
  }
  await ended;
  yield* emptied(kept);
  if (failure) throw failure.error;
}

/** Lets go of each value that it hands out. */
function* emptied<Value>(values: Value[]): Iterable<Value> {
  values.reverse();
  for (let value = values.pop(); value !== undefined; value = values.pop()) yield value;
}
