import { readdir, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

// What is made aside takes seconds; what is so old belongs to nobody.
const leftoverAgeMs = 600_000;

/**
 * Removes what runs that were killed have made aside, to be renamed to `path`: `<path>.<12 hexadecimal digits>`. Never throws: what
 * cannot be removed is the next run's.
 */
export async function removeLeftovers(path: string): Promise<void> {
  const parent = dirname(path);
  const start = `${basename(path)}.`;
  const names = await readdir(parent).catch(() => []);
  for (const name of names) {
    if (!name.startsWith(start) || !/^[0-9a-f]{12}$/.test(name.slice(start.length))) continue;
    const { mtimeMs } = await stat(join(parent, name)).catch(() => ({ mtimeMs: Infinity }));
    if (mtimeMs > Date.now() - leftoverAgeMs) continue;
    await rm(join(parent, name), { recursive: true, force: true }).catch(() => undefined);
  }
}
