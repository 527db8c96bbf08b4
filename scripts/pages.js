import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';

export const root = join(import.meta.dirname, '..');

const parsers = { md: 'markdown', json: 'json', yaml: 'yaml' };

export async function write(path, text) {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  // Formatted as what is written by hand is; SQL is as it is made.
  const parser = parsers[path.split('.').at(-1)];
  writeFileSync(file, parser === undefined ? text : await format(text, { ...(await resolveConfig(file)), parser }));
}

/** Replaces what stands between `<!-- name -->` and `<!-- /name -->`. */
export async function writeBetween(path, name, text) {
  const file = readFileSync(join(root, path), 'utf8');
  const [before, rest = ''] = file.split(`<!-- ${name} -->`);
  const after = rest.split(`<!-- /${name} -->`)[1];
  if (after === undefined) throw new Error(`${path} has no <!-- ${name} --> ... <!-- /${name} -->`);
  await write(path, `${before}<!-- ${name} -->\n\n${text}\n<!-- /${name} -->${after}`);
}
