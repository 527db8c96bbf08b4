import { expect, test } from 'vitest';
import { storableJson, withoutNul } from '../../src/postgres/index.js';

test.each([
  ['{"a":1}', '{"a":1}'],
  [String.raw`"a\u0000b"`, '"ab"'],
  [String.raw`"a\\u0000b"`, String.raw`"a\\u0000b"`],
  [String.raw`"\\\u0000"`, String.raw`"\\"`],
  [String.raw`"\ud83e\udd80"`, String.raw`"\ud83e\udd80"`],
  [String.raw`"\uD83E\uDD80"`, String.raw`"\uD83E\uDD80"`],
  [String.raw`"\ud83e"`, String.raw`"\ufffd"`],
  [String.raw`"\udd80\ud83e"`, String.raw`"\ufffd\ufffd"`],
  [String.raw`"\ud83e\ud83e\udd80"`, String.raw`"\ufffd\ud83e\udd80"`],
  [String.raw`"\u00e4\n\"\/"`, String.raw`"\u00e4\n\"\/"`],
])('%s is stored as %s', (given, stored) => {
  expect(storableJson(given)).toBe(stored);
});

test('text without its NUL bytes; without any it is not copied', () => {
  const clean = Buffer.from('Ünïcödé');
  expect(withoutNul(clean)).toBe(clean);
  expect(Buffer.from(withoutNul(Buffer.from('\u0000a\u0000b\u0000'))).toString()).toBe('ab');
});
