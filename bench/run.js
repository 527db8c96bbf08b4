// `npm run bench`: docs/benchmark.md says what is measured and how to read it. It uses what `npm run build` made, a server
// and sockets of its own in a temporary folder, and no network.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import { measureEvents } from './events.js';
import { runSync } from './plugins.js';
import { measureRates } from './rates.js';
import { measureRegions } from './regions.js';
import { measureWrites } from './writes.js';

// The SDK takes a minute or three for its rows: no further round begins after this.
const schedulerLimitMs = 240_000;

const parts = {
  scheduler: measureScheduler,
  memory: measureMemory,
  writes: measureDatabase,
  regions: measureApis,
  events: measureHistory,
  rates: measureAtRates,
};

const { values, positionals } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    // Of the part `regions`.
    tables: { type: 'string', default: '*' },
  },
  allowPositionals: true,
});
const rounds = Number(values.rounds);
const chosen = positionals.length > 0 ? positionals : Object.keys(parts);
if (!Number.isInteger(rounds) || rounds < 1 || chosen.some((name) => parts[name] === undefined)) {
  console.error(`usage: npm run bench -- [--rounds N] [--tables PATTERN,...] [${Object.keys(parts).join('] [')}]`);
  process.exit(3);
}

const directory = mkdtempSync(join(tmpdir(), 'aws-delegation-bench-'));
// As root, PostgreSQL runs as another user.
chmodSync(directory, 0o755);
const interruption = new AbortController();
process.once('SIGINT', () => interruption.abort());
const { signal } = interruption;
let runs = 0;
const results = [];
let apis;
try {
  for (const name of chosen) await parts[name]();
  print();
} catch (error) {
  if (!signal.aborted) throw error;
  process.exitCode = 130;
} finally {
  rmSync(directory, { recursive: true, force: true });
}

/** Our plugin and the SDK's in turn, so that whatever else the machine does reaches both. */
async function measureScheduler() {
  const rows = 50_000;
  const measured = { our: [], sdk: [] };
  const startedAt = performance.now();
  for (let round = 1; round <= rounds && performance.now() - startedAt < schedulerLimitMs; round++) {
    for (const kind of ['our', 'sdk']) measured[kind].push(await sync(kind, rows, round));
  }
  const [our, sdk] = [measured.our, measured.sdk].map((all) => median(all.map(({ seconds }) => seconds)));
  add('rows to the client, beside the SDK', rows, perSecond(rows / our), perSecond(rows / sdk), {
    ratio: sdk / our,
    target: ['at least', 20],
  });
  const [ourPeak, sdkPeak] = [measured.our, measured.sdk].map((all) => median(all.map(({ peakBytes }) => peakBytes)));
  add('peak memory, beside the SDK', rows, megabytes(ourPeak), megabytes(sdkPeak), { ratio: ourPeak / sdkPeak });
}

async function measureMemory() {
  const sizes = [20_000, 100_000, 500_000];
  const peaks = new Map(sizes.map((rows) => [rows, []]));
  for (let round = 1; round <= rounds; round++) {
    for (const rows of sizes) peaks.get(rows).push((await sync('our', rows, round)).peakBytes);
  }
  const [small, medium, large] = sizes.map((rows) => median(peaks.get(rows)));
  add('peak memory, beside 100,000 rows', sizes[0], megabytes(small), megabytes(medium), { ratio: small / medium });
  add('peak memory, beside 100,000 rows', sizes[2], megabytes(large), megabytes(medium), {
    ratio: large / medium,
    target: ['at most', 1.2],
  });
}

async function measureDatabase() {
  const rows = 50_000;
  tell(`writes: ${rows} rows, ${rounds} rounds`);
  const all = await measureWrites({ rows, rounds, home: join(directory, 'home'), signal });
  const [first, second, copy, bare] = [all.first, all.second, all.copy, all.copyWithoutKeys].map(median);
  const target = ['at most', 3];
  add('first sync into PostgreSQL, beside COPY', rows, seconds(first), seconds(copy), { ratio: first / copy, target });
  add('sync over the same rows, beside COPY', rows, seconds(second), seconds(copy), { ratio: second / copy });
  add('first sync, beside COPY without keys', rows, seconds(first), seconds(bare), { ratio: first / bare });
}

async function measureApis() {
  tell(`regions: ${rounds} rounds`);
  const measured = await measureRegions({
    tables: values.tables.split(','),
    rounds,
    home: join(directory, 'regions'),
    signal,
  });
  apis = measured.apis;
  const requests = sum(apis.map((each) => each.requests));
  const took = median(measured.seconds);
  // No request waits for another, and none for its rate.
  const allowed = (requests * measured.latencyMs) / measured.concurrency / 1000;
  const what = `sync, ${measured.latencyMs} ms an answer, beside ${measured.concurrency} requests at a time`;
  add(what, requests, seconds(took), seconds(allowed), { ratio: took / allowed });
}

async function measureHistory() {
  // One round: AWS's rate decides the time, and it takes minutes.
  const sizes = [1_000, 10_000];
  const measured = [];
  for (const events of sizes) {
    const one = await measureEvents({ events, signal });
    tell(
      `${events} events: ${one.requests} look-ups, where the events are ${one.answered} answered and ${one.refused} refused, ` +
        `${seconds(one.seconds)}, peak ${megabytes(one.peakBytes)}`,
    );
    measured.push(one);
    const { seconds: took, allowedSeconds: allowed, answered } = one;
    add(`${events.toLocaleString('en')} events, beside their rate`, answered, seconds(took), seconds(allowed), {
      ratio: took / allowed,
    });
  }
  const [few, many] = measured.map(({ peakBytes }) => peakBytes);
  add('peak memory, beside 1,000 events', sizes[1], megabytes(many), megabytes(few), { ratio: many / few });
}

async function measureAtRates() {
  // One round, as the rates decide the time. The larger organizations are faster by a factor, simulator and plugin alike.
  const sizes = [
    { accounts: 100, factor: 1 },
    { accounts: 1_000, factor: 1 },
    { accounts: 10_000, factor: 2 },
    { accounts: 50_000, factor: 3 },
  ];
  const peaks = new Map();
  for (const { accounts, factor } of sizes) {
    const one = await measureRates({ accounts, factor, signal });
    const { failed = 0, denied = 0 } = one.outcomes;
    const share = (100 * one.cpuSeconds) / one.seconds;
    tell(
      `${accounts} accounts, AWS's rates times ${factor}: ${seconds(one.seconds)}, of which ${one.slowest} takes ${seconds(one.boundSeconds)}; ` +
        `${one.sent} requests, ${one.throttled} throttled, reads: ${failed} failed, ${denied} denied; CPU ${share.toFixed(1)} %, peak ${megabytes(one.peakBytes)}; ` +
        `above the fewest: ${JSON.stringify(one.aboveTheFewest)}`,
    );
    peaks.set(accounts, one.peakBytes);
    const name = `${accounts.toLocaleString('en')} accounts`;
    add(`${name} at AWS's rates, beside the rates alone`, one.sent, seconds(one.seconds), seconds(one.boundSeconds), {
      ratio: one.seconds / one.boundSeconds,
      target: ['at most', 1.1],
    });
    add(`${name}, beside the fewest requests`, one.sent, one.sentBesideHistory, one.fewest, {
      ratio: one.sentBesideHistory / one.fewest,
      target: ['at most', 1.02],
    });
  }
  const [few, many] = [peaks.get(1_000), peaks.get(50_000)];
  add('peak memory of 50,000 accounts, beside 1,000', 50_000, megabytes(many), megabytes(few), { ratio: many / few });
}

async function sync(kind, rows, round) {
  const result = await runSync({ kind, rows, address: `unix:${join(directory, `${++runs}.sock`)}`, signal });
  tell(`${kind} plugin, ${rows} rows, round ${round}: ${seconds(result.seconds)}, peak ${megabytes(result.peakBytes)}`);
  return result;
}

function add(what, rows, ours, other, { ratio, target }) {
  const isMet = target === undefined || (target[0] === 'at least' ? ratio >= target[1] : ratio <= target[1]);
  const wanted = target === undefined ? '' : `${target.join(' ')}${isMet ? '' : ': missed'}`;
  results.push([what, rows.toLocaleString('en'), ours, other, ratio.toFixed(2), wanted]);
}

function print() {
  const table = new Table({
    head: ['what', 'rows or requests', 'ours', 'beside', 'ratio', 'target'],
    style: { head: [], border: [] },
  });
  table.push(...results);
  if (apis) console.log(apiTable(apis).toString());
  const memory = Math.round(totalmem() / 2 ** 30);
  console.log(table.toString());
  console.log(
    `Medians of ${rounds} rounds. Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} processors, ${memory} GiB.`,
  );
}

/** What was asked, what `sync --plan` said, and the fewest that tell structure, policies and administrators. */
function apiTable(all) {
  const table = new Table({ head: ['API', 'requests', 'planned', 'fewest'], style: { head: [], border: [] } });
  for (const each of all) table.push([each.operation, each.requests, each.planned ?? '', each.fewest ?? '']);
  const total = (member) => sum(all.map((each) => each[member] ?? 0));
  table.push(['all', total('requests'), total('planned'), total('fewest')]);
  return table;
}

function sum(numbers) {
  return numbers.reduce((total, number) => total + number, 0);
}

function median(numbers) {
  const sorted = numbers.toSorted((left, right) => left - right);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

function tell(text) {
  process.stderr.write(`${text}\n`);
}

function perSecond(number) {
  return `${Math.round(number).toLocaleString('en')} rows/s`;
}

function megabytes(bytes) {
  return `${Math.round(bytes / 1e6)} MB`;
}

function seconds(number) {
  return `${number.toFixed(2)} s`;
}
