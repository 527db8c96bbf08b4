// `npm run bench`: docs/performance.md says what is measured and how to read it. It uses what `npm run build` made, servers
// and sockets of its own in a temporary folder, and no network.
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { keepResults } from '../scripts/performance_page.js';
import { parts } from './parts.js';
import { cells, head } from './results.js';

const { values, positionals } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    // Of the part `regions`.
    tables: { type: 'string', default: '*' },
    // Of the part `rules`: also each rule on its own.
    each: { type: 'boolean', default: false },
    // A hundredth of the rows, to see that it works.
    quick: { type: 'boolean', default: false },
    // Where the results go, for a program to read.
    json: { type: 'string', default: 'bench-results.json' },
    // Also into bench/results.json and docs/performance.md; parts that did not run keep what is there.
    write: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const rounds = Number(values.rounds);
const chosen = positionals.length > 0 ? positionals : Object.keys(parts);
if (!Number.isInteger(rounds) || rounds < 1 || chosen.some((name) => parts[name] === undefined)) {
  console.error(
    `usage: npm run bench -- [--rounds N] [--tables PATTERN,...] [--each] [--quick] [--json FILE] [--write] [${Object.keys(parts).join('] [')}]`,
  );
  process.exit(3);
}

const directory = mkdtempSync(join(tmpdir(), 'aws-delegation-bench-'));
// As root, PostgreSQL runs as another user.
chmodSync(directory, 0o755);
const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());
const { signal } = interruption;
const tell = (text) => process.stderr.write(`${text}\n`);
const measured = {};
try {
  for (const name of chosen) {
    const { results, lists = [] } = await parts[name]({
      rounds,
      tables: values.tables.split(','),
      each: values.each,
      scaled: (count) => (values.quick ? Math.ceil(count / 100) : count),
      directory,
      signal,
      tell,
    });
    measured[name] = { measured: surroundings(), rounds, results, lists };
  }
} catch (error) {
  if (!signal.aborted) throw error;
  process.exitCode = 130;
} finally {
  rmSync(directory, { recursive: true, force: true });
}
if (!signal.aborted) {
  print();
  writeFileSync(values.json, `${JSON.stringify(measured, null, 2)}\n`);
  tell(`The same for a program: ${resolve(values.json)}`);
  if (values.write) await keepResults(measured);
}

function print() {
  const all = Object.values(measured);
  for (const { head: columns, rows } of all.flatMap(({ lists }) => lists)) console.log(table(columns, rows));
  console.log(
    table(
      head,
      all.flatMap(({ results }) => results.map(cells)),
    ),
  );
  const { node, platform, processors, memoryGiB, load } = surroundings();
  console.log(
    `Medians of ${rounds} rounds. Node ${node}, ${platform}, ${processors} processors, ${memoryGiB} GiB, load ${load}.`,
  );
}

function table(columns, rows) {
  const drawn = new Table({ head: columns, style: { head: [], border: [] } });
  drawn.push(...rows);
  return drawn.toString();
}

/** What the figures depend on; the load is the average of the last five minutes, this run included. */
function surroundings() {
  return {
    at: new Date().toISOString().slice(0, 10),
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    processors: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    load: Number(loadavg()[1].toFixed(1)),
  };
}
