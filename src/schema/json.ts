/**
 * Levels of lists and maps that a value may have. JSON.stringify and PostgreSQL's jsonb take a level of their stack for each
 * and end somewhere beyond five thousand; what AWS sends has a dozen.
 */
export const deepestJson = 1000;

/** The value that `text` holds, or undefined where it is no JSON, or is nested deeper than any database takes it. */
export function parseJson(text: string | undefined): unknown {
  if (text === undefined || outlineOf(text).depth > deepestJson) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/**
 * As {@link parseJson}, for a text that a verdict hangs on; undefined also where the value is not all that the text says: a
 * key that is there twice (one of the two would hide the other), a number that is none of JavaScript's, and a character that
 * no database can store or that stands for bytes that were no UTF-8.
 */
export function parseExactly(text: string | undefined): unknown {
  const value = parseJson(text);
  if (text === undefined || value === undefined) return undefined;
  let members = 0;
  const isExact = (inner: unknown): boolean => {
    if (typeof inner === 'string') return !inexact.test(inner);
    if (typeof inner === 'number')
      return Number.isInteger(inner) ? Number.isSafeInteger(inner) : Number.isFinite(inner);
    if (typeof inner !== 'object' || inner === null) return true;
    if (Array.isArray(inner)) return inner.every(isExact);
    const entries = Object.entries(inner);
    members += entries.length;
    return entries.every(([key, each]) => isExact(key) && isExact(each));
  };
  return isExact(value) && members === outlineOf(text).members ? value : undefined;
}

// eslint-disable-next-line no-control-regex -- NUL is looked for
const inexact = /[\u0000\ufffd]|\p{Surrogate}/u;

/** Of a text that is JSON, or not. */
function outlineOf(text: string): { depth: number; members: number } {
  let depth = 0;
  let deepest = 0;
  let members = 0;
  for (let index = 0; index < text.length; index++) {
    switch (text[index]) {
      case '"':
        for (index++; index < text.length && text[index] !== '"'; index++) if (text[index] === '\\') index++;
        break;
      case '[':
      case '{':
        deepest = Math.max(deepest, ++depth);
        break;
      case ']':
      case '}':
        depth--;
        break;
      case ':':
        members++;
        break;
    }
  }
  return { depth: deepest, members };
}
