import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from './blocks.js';

const sources = ['src', 'tables', 'queries/views'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|sql)$/.test(name) && !name.startsWith('simulator'))
    .map((name) => readFileSync(join(root, folder, name), 'utf8')),
);
const messages = [...readFileSync(join(root, 'docs/troubleshooting.md'), 'utf8').matchAll(/^### `(.*)`$/gm)].map(
  ([, message = '']) => message,
);

it.each(messages)('the program says: %s', (message) => {
  // What differs from time to time stands between the parts.
  const parts = message.split('…').filter((part) => part.trim().length > 2);
  expect(parts).not.toEqual([]);
  const has = (source: string): boolean =>
    parts.every((part) => source.includes(part) || source.includes(part.replaceAll("'", "\\'")));
  expect(sources.some(has)).toBe(true);
});

it('has messages of every kind', () => {
  expect(messages.length).toBeGreaterThan(10);
});
