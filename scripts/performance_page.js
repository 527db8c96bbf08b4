import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cells, head } from '../bench/results.js';
import { markdownTable } from './markdown.js';
import { root, write, writeBetween } from './pages.js';

const kept = 'bench/results.json';

/** What was measured, by part, over what was kept of these parts; the page then says the same. */
export async function keepResults(measured) {
  await write(kept, JSON.stringify({ ...readKept(), ...measured }));
  await writePerformancePage();
}

/** Each part's table, from bench/results.json, where docs/performance.md marks it. */
export async function writePerformancePage() {
  for (const [part, results] of Object.entries(readKept())) {
    await writeBetween('docs/performance.md', part, partTable(results));
  }
}

function partTable({ measured, rounds, results }) {
  const { at, node, platform, processors, memoryGiB, load } = measured;
  const many = rounds === 1 ? 'One round' : `Medians of ${rounds} rounds`;
  return [
    markdownTable(head, results.map(cells)),
    `${many}, ${at}: Node ${node}, ${platform}, ${processors} processors, ${memoryGiB} GiB, load ${load}.`,
    '',
  ].join('\n');
}

function readKept() {
  return JSON.parse(readFileSync(join(root, kept), 'utf8'));
}
