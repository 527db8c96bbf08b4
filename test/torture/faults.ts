import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startEmbedded, stopEmbedded } from '../../src/postgres/index.js';
import { FAULT_KINDS, type FaultInput } from '../../src/simulator/index.js';
import { faultOf, kinds } from '../faults/kinds.js';
import { Lane } from '../faults/lane.js';
import { betterThan, lost } from '../faults/verdicts.js';
import { badWorld, goodWorld } from '../faults/worlds.js';
import { Loss, type Counts, type Part, type Rounds } from './part.js';
import type { Random } from './random.js';

/** Faults of any kind, one or several, anywhere and as often as chance has it, through plugin, runner and rules. */
export const faults: Part = {
  name: 'faults',
  counts: ['faults', 'syncs under faults'],
  open: () => FaultRounds.open(),
};

const messageIsComplete = /\d+ reads? of AWS did not succeed|^sts:GetCallerIdentity in /;
const saysWhatToDo = /Run the sync again|Grant the actions|Check the credentials/;

class FaultRounds implements Rounds {
  private constructor(
    readonly home: string,
    readonly lanes: readonly Lane[],
  ) {}

  static async open(): Promise<FaultRounds> {
    const home = await mkdtemp(join(tmpdir(), 'aws-delegation-faults-'));
    // As root the server runs as another user.
    await chmod(home, 0o755);
    const lanes: Lane[] = [];
    const rounds = new FaultRounds(home, lanes);
    try {
      const { url } = await startEmbedded({ name: 'faults', home, fsync: false });
      for (const scenario of [goodWorld(), badWorld()])
        lanes.push(await Lane.open(scenario, await databaseOn(url, scenario.name)));
      return rounds;
    } catch (error) {
      await rounds.close();
      throw error;
    }
  }

  async round(random: Random): Promise<Counts> {
    const lane = random.pick(this.lanes);
    const met = Array.from({ length: random.pick([1, 1, 1, 2, 4]) }, () => faultFor(lane, random));
    const isReported = random.int(1, 4) > 1;
    const spec = {
      on_failure: isReported ? 'report' : 'fail',
      on_denied: random.pick(['report', 'fail']),
      // What never ends costs its whole timeout.
      request_timeout: met.some(({ kind }) => kinds[kind].isEndless) ? 1 : 30,
    };
    const hits = await this.#syncUnder(lane, met, spec);
    return { faults: hits, 'syncs under faults': 1 };
  }

  async close(): Promise<void> {
    for (const lane of this.lanes) await lane.close();
    await stopEmbedded({ name: 'faults', home: this.home });
    await rm(this.home, { recursive: true, force: true });
  }

  async #syncUnder(lane: Lane, met: readonly FaultInput[], spec: object): Promise<number> {
    const before = await lane.pipe.rows(true);
    const said = `under ${JSON.stringify({ world: lane.simulator.scenario.name, faults: met, ...spec })}`;
    let hits: number;
    try {
      const synced = await lane.sync(met, spec);
      hits = synced.hits;
      const isComplete = synced.summary.problems.length === 0;
      if (synced.summary.exitCode !== (isComplete ? 0 : 2)) {
        throw new Loss(`exit code ${synced.summary.exitCode}, and ${synced.summary.problems.length} problems ${said}`);
      }
    } catch (error) {
      if (error instanceof Loss || !(error instanceof Error)) throw error;
      expectError(error, said);
      const after = await lane.pipe.rows(true);
      const changed = [...before].filter(([row, time]) => after.get(row) !== time);
      if (changed.length > 0 || after.size !== before.size) {
        throw new Loss(`a sync that failed has changed ${changed.length} rows, ${String(changed[0]?.[0])} ${said}`);
      }
      return 1;
    }
    const missing = lost(lane.rows, await lane.pipe.rows());
    if (missing.length > 0) throw new Loss(`${missing.length} rows are gone, ${String(missing[0])} ${said}`);
    const better = betterThan(await lane.pipe.verdicts(), lane.truth);
    if (better.length > 0) throw new Loss(`${better.join('\n')}\n${said}`);
    return hits;
  }
}

/** Some operation, most often; or all of a service, or of everything. */
function faultFor({ operations }: Lane, random: Random): FaultInput {
  const kind = random.pick(FAULT_KINDS);
  const operation = random.pick(operations);
  const where = random.pick([
    operation,
    operation,
    operation,
    `${operation.split(':')[0] ?? '*'}:*`,
    operation.replace(/:.*/, ':List*'),
  ]);
  const more: Partial<FaultInput> = {};
  if (random.int(0, 2) === 0) more.region = random.pick(['us-gov-east-1', 'us-gov-west-1']);
  if (random.int(0, 3) === 0) more.account = random.pick(['111122223333', '222233334444']);
  if (random.int(0, 2) === 0) more.after = random.int(1, 5);
  if (random.int(0, 2) === 0) more.times = random.int(1, 5);
  if (random.int(0, 3) === 0) more.share = random.int(1, 9) / 10;
  more.seed = random.int(1, 1_000_000);
  return faultOf(where, kind, more);
}

function expectError(error: Error, said: string): void {
  const { exitCode } = error as { exitCode?: unknown };
  const { message } = error;
  // A mistake of ours, and no answer of AWS's.
  if (exitCode !== 4) throw new Error(`the sync ended with ${error.name} ${said}`, { cause: error });
  if (!messageIsComplete.test(message) || !saysWhatToDo.test(message) || /^\s+at /m.test(message)) {
    throw new Error(`the error does not say what, where and what to do ${said}: ${message}`);
  }
}

async function databaseOn(
  url: string,
  name: string,
): Promise<{ url: string; connect(): Promise<pg.Client>; drop(): Promise<void> }> {
  const connectTo = async (to: string): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: to });
    await client.connect();
    return client;
  };
  const client = await connectTo(url);
  await client.query(`create database ${client.escapeIdentifier(name)}`);
  await client.end();
  const own = new URL(url);
  own.pathname = `/${name}`;
  return {
    url: own.href,
    connect: () => connectTo(own.href),
    // It goes with the server.
    drop: () => Promise.resolve(),
  };
}
