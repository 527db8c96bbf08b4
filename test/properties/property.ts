import fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { expectNoPollution, expectPrintable } from './nasty.js';

/** A generator of input, and what has to hold for each one; `check` throws where it does not. */
export interface Property<Input = unknown> {
  readonly name: string;
  readonly inputs: fc.Arbitrary<Input>;
  readonly check: (input: Input) => void | Promise<void>;
}

export function property<Input>(name: string, inputs: fc.Arbitrary<Input>, check: Property<Input>['check']): Property {
  return { name, inputs, check } as Property;
}

/** One input takes milliseconds; what takes seconds would take for ever with a larger one. */
const longestMs = 4_000;

/** `check` within its time, and without a trace in what all objects share. */
export async function hold({ check }: Property, input: unknown): Promise<void> {
  const startedAt = performance.now();
  await check(input);
  const tookMs = performance.now() - startedAt;
  if (tookMs > longestMs) throw new Error(`it took ${Math.round(tookMs)} ms`);
  expectNoPollution();
}

/** So many inputs, the same ones for the same seed; the smallest that fails is in the error. */
export async function holds(each: Property, seed: number, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(each.inputs, (input) => hold(each, input)),
    { seed, numRuns },
  );
}

export type Refusal = new (...args: never[]) => Error;

/** What `parse` returns; undefined where it refuses the input as it should: `names` is in a message that any terminal can show. */
export async function parsed<Value>(
  parse: () => Value | Promise<Value>,
  refusal: Refusal,
  names: string | RegExp,
): Promise<Value | undefined> {
  try {
    return await parse();
  } catch (error) {
    if (!(error instanceof refusal)) throw error;
    const { message } = error;
    if (typeof names === 'string' ? !message.includes(names) : !names.test(message)) {
      throw new Error(`the message does not name ${String(names)}: ${message.slice(0, 500)}`, { cause: error });
    }
    if (/\n\s+at \S/.test(message)) throw new Error(`a stack in ${message}`, { cause: error });
    if (message.length > 60_000) throw new Error(`a message of ${message.length} characters`, { cause: error });
    expectPrintable(message);
    return undefined;
  }
}

export function same(found: unknown, expected: unknown, what: string): void {
  if (isDeepStrictEqual(found, expected)) return;
  const text = (value: unknown): string => JSON.stringify(value ?? 'undefined');
  const [left, right] = [text(found), text(expected)];
  let differs = 0;
  while (differs < left.length && left[differs] === right[differs]) differs++;
  const shown = (value: unknown): string => text(value).slice(Math.max(0, differs - 80), differs + 400);
  throw new Error(`${what}: found ${shown(found)}, expected ${shown(expected)}`);
}
