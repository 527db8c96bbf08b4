import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Planted } from '../support/planted.js';

const secret = 'Zq7#kP2/vR9+mX4w&hT6"yB1\\nL8=cD3%sF5';

it.each([
  ['raw', secret],
  ['its beginning', secret.slice(0, 12)],
  ['its end', secret.slice(-12)],
  ['JSON', JSON.stringify({ password: secret })],
  ['JSON in JSON', JSON.stringify(JSON.stringify({ password: secret }))],
  ['a URL', `postgresql://audit:${encodeURIComponent(secret)}@localhost/x`],
  ['hex', Buffer.from(`x${secret}x`).toString('hex')],
  ...[0, 1, 2].map((offset) => [
    `base64 at ${offset}`,
    Buffer.from(`${'x'.repeat(3 + offset)}${secret}${'y'.repeat(7)}`).toString('base64'),
  ]),
  ...[0, 1, 2].map((offset) => [
    `base64url at ${offset}`,
    Buffer.from(`${'x'.repeat(offset)}${secret}`).toString('base64url'),
  ]),
])('a planted secret is found: %s', (_form, written) => {
  const planted = new Planted();
  planted.add('the secret', secret);
  expect(planted.find('here', `before ${written} after`)).not.toEqual([]);
  expect(planted.find('here', `before ${written.slice(0, 3)} after`)).toEqual([]);
});

it('a planted secret is found in a file of a folder, in its name, and not in our own', () => {
  const planted = new Planted();
  planted.add('the secret', 'abcdefghijklmnop');
  const folder = mkdtempSync(join(tmpdir(), 'planted-'));
  try {
    mkdirSync(join(folder, 'deep'));
    writeFileSync(join(folder, 'deep', 'log'), '{"message":"abcdefghijklm"}');
    writeFileSync(join(folder, 'abcdefghijklmnop'), '');
    writeFileSync(join(folder, 'spec.yml'), 'abcdefghijklmnop');
    const found = planted.findInFiles(folder, new Set([join(folder, 'spec.yml')]));
    expect(new Set(found.map(({ where }) => where))).toEqual(
      new Set([join(folder, 'deep', 'log'), `the name of ${join(folder, 'abcdefghijklmnop')}`]),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});
