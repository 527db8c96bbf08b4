import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json: above src/ in a checkout's tests, above dist/ otherwise. */
export const packageRoot = findRoot(dirname(fileURLToPath(import.meta.url)));

export const version = (JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string })
  .version;

export const binPath = join(packageRoot, 'bin', 'aws-delegation');
export const queriesDirectory = join(packageRoot, 'queries');

/** How whoever runs this can run it again: by name where it is installed, by its path in a checkout. */
export function commandName(): string {
  const started = process.argv[1] ?? '';
  const path = relative(process.cwd(), started);
  if (path === join('bin', 'aws-delegation')) return path;
  // What a folder's own node_modules holds is in nobody's PATH.
  return started.includes(join('node_modules', '.bin')) ? 'npx aws-delegation' : 'aws-delegation';
}

function findRoot(directory: string): string {
  if (existsSync(join(directory, 'package.json'))) return directory;
  const above = dirname(directory);
  if (above === directory)
    throw new Error('aws-delegation: its own package.json is missing; install the package again.');
  return findRoot(above);
}
