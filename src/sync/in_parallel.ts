import { SpoolError } from './spool.js';

/** Hands the values to `work`, up to `width` at once, and stops at the first error. */
export async function inParallel<Value>(
  values: AsyncIterable<Value>,
  width: number,
  work: (value: Value) => Promise<void>,
): Promise<void> {
  if (width === 1) {
    for await (const value of values) await work(value);
    return;
  }
  const errors: unknown[] = [];
  let underWay = 0;
  let onEnd = (): void => undefined;
  const untilAtMost = async (count: number): Promise<void> => {
    while (underWay > count) await new Promise<void>((resolve) => (onEnd = resolve));
  };
  const begin = async (value: Value): Promise<void> => {
    underWay++;
    try {
      await work(value);
    } catch (error) {
      errors.push(error);
    } finally {
      underWay--;
      onEnd();
    }
  };
  try {
    for await (const value of values) {
      void begin(value);
      await untilAtMost(width - 1);
      if (errors.length > 0) break;
    }
  } catch (error) {
    errors.push(error);
  }
  await untilAtMost(0);
  // What AWS said can be recorded; a row that could not be kept must end the sync.
  if (errors.length > 0) throw errors.find((error) => error instanceof SpoolError) ?? errors[0];
}
