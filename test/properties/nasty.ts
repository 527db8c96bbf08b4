import fc from 'fast-check';

// eslint-disable-next-line no-control-regex -- a message must have none of them, but for its line breaks
const unprintable = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]|\p{Surrogate}/u;

/** Pieces that somebody's parser, shell, spreadsheet, browser, terminal or SQL would take for more than text. */
const pieces: readonly string[] = [
  ...[
    "'",
    "''",
    '"',
    '`',
    '\\',
    '\\\\',
    '\\.',
    '\\N',
    '\\n',
    '\\x00',
    '\\u0000',
    '\\ud800',
    '$$',
    '$1',
    '$&',
    '$body$',
  ],
  ...["'); drop table canary; --", "' or '1'='1", '; select pg_sleep(60)', '/*', '*/', '--', '\\copy', "E'\\'"],
  ...['%s', '%1$s', '%I', '%n', '%', '_', '{service_name}', '{register_command}', '{', '}', '${HOME}', '$(id)', '@@x'],
  ...['<script>alert(1)</script>', '<b>', ']]>', '<!--', '-->', '&amp;', '&#0;', '<?xml', '&lt;'],
  ...['=cmd|x', '+1', '-1', '@sum', '\t=1', '|', ',', ';', '\r\n', '\n', '\r', '\t', '\u0085', '\u2028', '\u2029'],
  ...['\u001b[31m', '\u001b]0;title\u0007', '\u009b1m', '\u0007', '\u0008', '\u007f', '\u0001', '\u001f'],
  ...['\u202e', '\u202d', '\u2066', '\u200f', '\u200b', '\ufeff', '\ufffe', '\uffff', '\ufffd'],
  ...['\u{1f600}', '\u{1f468}\u200d\u{1f469}', 'e\u0301', '\u0130', 'ß', '漢', 'العربية', '\u{10ffff}'],
  ...['`code`', '**bold**', '[x](javascript:y)', '# h', '- li', '1. li', '| a | b |', '~~~', '@team', '![i](x)'],
  ...['__proto__', 'constructor', 'toString', 'null', 'true', '~', '0x10', '1e400', 'NaN', '.', '..', '/', '//'],
  ...[': ', ' #', '- ', '? ', '&a', '*a', '!!js', '<<', '---', '...', '%YAML', '|', '>', '[', '{{', '\u00a0'],
  ...['', ' ', '  ', 'a', 'Security', 'x'.repeat(300)],
];

/** What PostgreSQL cannot hold, or UTF-8 not write. */
const unstorablePieces: readonly string[] = ['\0', '\ud800', '\udc00', '\udfff\ud800', 'a\0b', '\0\0'];

const joined = (parts: readonly string[], longest: number): fc.Arbitrary<string> =>
  fc
    .array(
      fc.oneof(
        { weight: 4, arbitrary: fc.constantFrom(...parts) },
        { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
        { weight: 1, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 8 }) },
      ),
      { minLength: 1, maxLength: 5 },
    )
    .map((list) => cut(list.join(''), longest));

/** By units of UTF-16, and no pair in two. */
function cut(text: string, longest: number): string {
  const short = text.slice(0, longest);
  return text.length > longest && /[\ud800-\udbff]$/.test(short) ? short.slice(0, -1) : short;
}

/** Text that a database stores as it is. */
export function storableText(longest = 400): fc.Arbitrary<string> {
  return joined(pieces, longest).map((text) => (isStorable(text) ? text : stored(text)));
}

/** Any text, also what no database stores. */
export function nastyText(longest = 400): fc.Arbitrary<string> {
  return joined([...pieces, ...unstorablePieces, ...unstorablePieces], longest);
}

export function isStorable(text: string): boolean {
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit === 0 || (unit >= 0xdc00 && unit <= 0xdfff)) return false;
    if (unit >= 0xd800 && unit <= 0xdbff) {
      const next = text.charCodeAt(++index);
      if (!(next >= 0xdc00 && next <= 0xdfff)) return false;
    }
  }
  return true;
}

/** What the database has of it, as docs/reads.md says: U+FFFD for a NUL and for half of a surrogate pair. */
export function stored(text: string): string {
  let result = '';
  for (const character of text) {
    const isHalf = character.length === 1 && character >= '\ud800' && character <= '\udfff';
    result += character === '\0' || isHalf ? '\ufffd' : character;
  }
  return result;
}

/** @throws where a text that is to be shown would do something to the terminal that shows it. */
export function expectPrintable(text: string): void {
  const found = unprintable.exec(text);
  if (found) throw new Error(`U+${found[0].charCodeAt(0).toString(16)} in ${JSON.stringify(text.slice(0, 2000))}`);
}

/** Any value of JSON and YAML, with such texts. */
export function nastyValue(): fc.Arbitrary<unknown> {
  return fc.oneof(
    { depthSize: 'small' },
    nastyText(60),
    fc.constantFrom<unknown>(null, true, false, 0, -1, 1e308, 1.5, [], {}, '', '*', ['*'], [[]], [null]),
    fc.integer(),
    fc.array(nastyText(20), { maxLength: 3 }),
    fc.dictionary(nastyText(20), nastyText(20), { maxKeys: 3 }),
    fc.constantFrom<unknown>({ toString: 'x' }, { constructor: { prototype: { polluted: true } } }, { then: 'x' }),
    fc.constant(JSON.parse('{"__proto__": {"polluted": true}}') as unknown),
    fc.integer({ min: 10, max: 150 }).map(nestedList),
  );
}

function nestedList(depth: number): unknown {
  let value: unknown = [];
  for (let level = 1; level < depth; level++) value = [value];
  return value;
}

type Path = readonly (string | number)[];

/** The places below a value, its own not among them, and not all too deep. */
function placesIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null || path.length > 8) return [];
  return Object.entries(value).flatMap(([key, inner]) => {
    const here: Path = [...path, Array.isArray(value) ? Number(key) : key];
    return [here, ...placesIn(inner, here)];
  });
}

/** A value with one thing wrong with it, or two: a key dropped, renamed or added, a value replaced or repeated. */
export function mutated(valid: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const step = fc.record({
    at: fc.nat(),
    kind: fc.constantFrom('drop', 'replace', 'rename', 'add', 'repeat', 'wrap'),
    key: nastyText(30),
    value: nastyValue(),
  });
  return fc.tuple(valid, fc.array(step, { minLength: 1, maxLength: 2 })).map(([value, steps]) => {
    let result: unknown = structuredClone(value);
    for (const { at, kind, key, value: given } of steps) {
      // Values that the generator has once: a change in one place would be one in all inputs.
      const with_: unknown = structuredClone(given);
      const places = placesIn(result).slice(0, 200);
      const place = places[at % Math.max(1, places.length)];
      if (place === undefined) {
        result = with_;
        continue;
      }
      const last = place.at(-1) as string;
      const parent = place.slice(0, -1).reduce<unknown>((each, part) => Reflect.get(each as object, part), result);
      const holder = parent as Record<string, unknown>;
      const old = holder[last];
      const set = (name: string, to: unknown): void => {
        Object.defineProperty(holder, name, { value: to, enumerable: true, writable: true, configurable: true });
      };
      if (kind === 'replace') set(last, with_);
      else if (kind === 'wrap') set(last, [old]);
      else if (Array.isArray(parent)) {
        if (kind === 'drop') parent.splice(Number(last), 1);
        else parent.push(kind === 'repeat' ? structuredClone(old) : with_);
      } else if (kind === 'drop') Reflect.deleteProperty(holder, last);
      else if (kind === 'rename') {
        Reflect.deleteProperty(holder, last);
        set(key, old);
      } else set(key, kind === 'repeat' ? structuredClone(old) : with_);
    }
    return result;
  });
}

/** Bytes of a text with some of them changed, cut off, put in or doubled. */
export function mutatedBytes(texts: fc.Arbitrary<string>): fc.Arbitrary<Buffer> {
  const bytes = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 4 }).map((list) => Buffer.from(list)),
    fc
      .constantFrom('\ufeff', '\t', '\r\n', '\0', '&a ', '*a', '<<: *a\n', '---\n', '\n---\n', '${X}', '${', '}', '#')
      .map((text) => Buffer.from(text)),
    nastyText(20).map((text) => Buffer.from(text)),
  );
  const step = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    drop: fc.integer({ min: 0, max: 5 }),
    bytes,
  });
  return fc.tuple(texts, fc.array(step, { minLength: 1, maxLength: 3 })).map(([text, steps]) => {
    let result = Buffer.from(text);
    for (const { at, drop, bytes: more } of steps) {
      const place = Math.floor(at * result.length);
      result = Buffer.concat([result.subarray(0, place), more, result.subarray(place + drop)]);
    }
    return result;
  });
}

/** Nothing that was parsed may have reached what all objects share. */
export function expectNoPollution(): void {
  const shared = Object.keys(Object.prototype);
  if (shared.length > 0 || 'polluted' in {}) throw new Error(`Object.prototype has ${shared.join(', ') || 'polluted'}`);
}

/** Every text in a value, keys too. */
export function textsIn(value: unknown): string[] {
  const found: string[] = [];
  const open = [value];
  for (let next = open.pop(); next !== undefined || open.length > 0; next = open.pop()) {
    if (typeof next === 'string') found.push(next);
    else if (typeof next === 'object' && next !== null) {
      if (!Array.isArray(next)) found.push(...Object.keys(next));
      for (const inner of Object.values(next)) open.push(inner);
    }
  }
  return found;
}
