import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { partition } from '../dist/src/catalog/index.js';
import { readEarlierSync } from '../dist/src/cli/earlier_sync.js';
import { Source } from '../dist/src/plugin/source.js';
import { openEmbedded, stopEmbedded } from '../dist/src/postgres/index.js';
import { runSync } from '../dist/src/runner/index.js';
import { startSimulator } from '../dist/src/simulator/index.js';
import { median, result, sum } from './results.js';

const latencyMs = 100;
const concurrency = 20;
/** With those that no account can switch off, as many as an organization that works everywhere had in 2025. */
const enabledRegions = 33;
const bin = fileURLToPath(new URL('../bin/aws-delegation', import.meta.url));

/** The way to AWS where nothing but the distance limits it, and the requests of each API. */
export async function measureRegions({ tables, rounds, directory, signal }) {
  const { apis, seconds } = await syncEverywhere({ tables, rounds, home: join(directory, 'regions'), signal });
  const total = (member) => sum(apis.map((api) => api[member] ?? 0));
  const requests = total('requests');
  return {
    results: [
      result({
        what: `sync, ${latencyMs} ms an answer, beside ${concurrency} requests at a time`,
        count: requests,
        of: 'requests',
        unit: 's',
        ours: median(seconds),
        // No request waits for another, and none for its rate.
        beside: (requests * latencyMs) / concurrency / 1000,
      }),
    ],
    lists: [
      {
        head: ['API', 'requests', 'planned', 'fewest'],
        rows: [
          ...apis.map((api) => [api.operation, api.requests, api.planned ?? '', api.fewest ?? '']),
          ['all', requests, total('planned'), total('fewest')],
        ],
      },
    ],
  };
}

/**
 * A sync of the demo organization in 33 Regions, each answer 100 ms away: the requests of each API, what `sync --plan` says
 * of them and which of them are the fewest, and the seconds of each round.
 */
async function syncEverywhere({ tables, rounds, home, signal }) {
  const simulator = await startSimulator({ scenario: 'demo' });
  try {
    const kinds = partition('aws').regions;
    const alwaysOn = kinds.filter(({ kind }) => kind === 'default').length;
    const optIn = kinds.filter(({ kind }) => kind === 'opt-in').map(({ name }) => name);
    simulator.change((scenario) => {
      scenario.opted_in_regions = optIn.slice(0, enabledRegions - alwaysOn);
    });
    const spec = {
      accounts: [{ id: 'bench', access_key_id: 'bench', secret_access_key: 'bench', default_region: 'us-east-1' }],
      custom_endpoint_url: simulator.url,
      concurrency,
      // A service that the simulator does not have is shown as such, and not a reason to stop.
      on_failure: 'report',
    };
    const selection = { tables, skipTables: [], skipDependentTables: true };
    const sizes = await sizesFromSync({ spec, selection, home, signal });
    const bytes = Buffer.from(JSON.stringify(spec));
    const { operations } = new Source('bench', () => undefined).plan(bytes, selection, sizes);

    simulator.change((scenario) => {
      scenario.latency_ms = latencyMs;
    });
    const seconds = [];
    for (let round = 0; round < rounds; round++) {
      signal.throwIfAborted();
      simulator.requests.length = 0;
      seconds.push(await timed(() => sync(bytes, selection, signal)));
    }
    return { apis: besideThePlan(simulator.requests, operations), seconds };
  } finally {
    await simulator.close();
  }
}

/** As `sync --plan` learns them: from the database of a sync before. */
async function sizesFromSync({ spec, selection, home, signal }) {
  const embedded = await openEmbedded({ name: 'bench', home });
  try {
    await runSync({
      spec: { name: 'bench', ...selection, deterministicCqId: false, pluginSpec: spec },
      databaseUrl: embedded.url,
      pluginCommand: [process.execPath, bin],
      env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'))),
      signal,
      migrateMode: 'forced',
      confirmDrop: () => Promise.resolve(true),
      onProgress: () => undefined,
      onNotice: () => undefined,
    });
    return (await readEarlierSync(embedded.url, 'bench')).sizes;
  } finally {
    await embedded.release();
    await stopEmbedded({ name: 'bench', home });
  }
}

async function sync(spec, selection, signal) {
  const source = new Source('bench', () => undefined);
  source.init(spec, false);
  const messages = source.sync({ selection, deterministicCqId: false, shards: 1 }, signal);
  // What is sent is read and let go: this is about the way to AWS.
  while (!(await messages.next()).done);
}

async function timed(work) {
  const startedAt = performance.now();
  await work();
  return (performance.now() - startedAt) / 1000;
}

/** One entry per API, those with the most requests first. */
function besideThePlan(requests, operations) {
  const counts = new Map(operations.map(({ operation }) => [operation, 0]));
  for (const { operation, service } of requests) {
    const name = operation === '' ? `${service}: not simulated` : operation;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts]
    .map(([operation, count]) => {
      const planned = operations.find((each) => each.operation === operation);
      return { operation, requests: count, planned: planned?.calls, fewest: planned?.fewestCalls };
    })
    .filter((api) => api.requests > 0 || api.planned > 0)
    .sort((left, right) => right.requests - left.requests || (left.operation < right.operation ? -1 : 1));
}
