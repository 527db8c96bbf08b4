import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const program = fileURLToPath(new URL('../../bench/run.js', import.meta.url));

interface Part {
  results: { what: string; unit: string; ours: number; beside: number | null; ratio: number | null }[];
}

// What it says of speed means nothing here: this is about a benchmark that still runs when somebody needs it.
test('the benchmark runs, prints its table, and writes the same for a program', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aws-delegation-bench-test-'));
  try {
    const json = join(folder, 'results.json');
    const chosen = ['scheduler', 'writes', 'start', '--quick', '--rounds', '1', '--json', json];
    const { stdout } = await promisify(execFile)(process.execPath, [program, ...chosen], { cwd: folder });
    const written = JSON.parse(await readFile(json, 'utf8')) as Record<string, Part>;
    expect(Object.keys(written)).toEqual(['scheduler', 'writes', 'start']);
    const results = Object.values(written).flatMap((part) => part.results);
    expect(results).toHaveLength(7);
    for (const { what, ours, beside, ratio } of results) {
      expect(stdout).toContain(what);
      expect(ours, what).toBeGreaterThan(0);
      expect(ratio, what).toBeCloseTo(ours / Number(beside), 10);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}, 180_000);

test('an unknown part is wrong usage, and the answer names those that there are', async () => {
  await expect(promisify(execFile)(process.execPath, [program, 'speed'])).rejects.toMatchObject({
    code: 3,
    stderr: expect.stringContaining('[writes]') as string,
  });
});
