import { randomUUID } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { startEmbedded, stopEmbedded } from '../../src/postgres/index.js';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { findPlugin, processes, start, type Ended, type Running } from '../support/cli.js';
import { Proxy } from '../support/proxy.js';
import { Loss, type Counts, type Part, type Rounds } from './part.js';
import type { Random } from './random.js';
import { world } from './worlds.js';

export const victims = ['plugin', 'runner', 'backend', 'postmaster', 'everything'] as const;
export type Victim = (typeof victims)[number];

/** When it happens. A `share` is one of what a sync that nothing happens to takes. */
export type Moment =
  | { at: 'time'; share: number }
  /** As `time`, and the sync starts and stops the embedded server itself. */
  | { at: 'time, with the server'; share: number }
  | { at: 'request'; share: number }
  /** Of what goes to PostgreSQL from the beginning of the transaction on. */
  | { at: 'bytes'; share: number }
  /** COMMIT has not reached PostgreSQL, is there `delayMs` ago, or was answered and the runner does not know it. */
  | { at: 'commit'; when: 'before' | 'sent' | 'answered'; delayMs: number };

/** Of a user who is killed, or rather what he started; afterwards the database is looked at as a whole. */
export const kills: Part = { name: 'kills', counts: ['kills'], open: () => Kills.open({ worlds: 4 }) };

interface Options {
  /** How many organizations there are to be synced in turn. */
  worlds: number;
}

/** Rows as they are, by table. */
type Tables = Readonly<Record<string, readonly string[]>>;

interface Measured {
  durationMs: number;
  durationWithServerMs: number;
  requests: number;
  bytes: number;
}

const eventsTable = 'aws_cloudtrail_organization_events';
const stateTable = 'aws_delegation_state';
const spec = `kind: source
spec:
  name: kills
  registry: local
  path: bin/aws-delegation
  tables: ['*']
  destinations: [postgresql]
  backend_options: {table_name: ${stateTable}, connection: '@@plugins.postgresql.connection'}
  spec: {regions: [us-east-1], owners: {infosec: {ous: ['/Security']}}}
`;
const endTimeoutMs = 120_000;
const orphanTimeoutMs = 20_000;
const beginning = Buffer.from('set local statement_timeout = 0');
// A message of type Q: its length, and the text with its end.
const commit = Buffer.from('Q\0\0\0\x0bcommit\0');
const isSafe = /the rows of the previous sync are all still there|every stored row stays as it was/i;
const saysWhatToDo = /run the sync again|try again|run it again|start it/i;

export class Kills implements Rounds {
  readonly #events: { id: string; time: Date }[] = [];
  readonly #expected: Tables[] = [];
  #world = 0;
  #leftovers: readonly string[] = [];
  #measured: Measured = { durationMs: 0, durationWithServerMs: 0, requests: 0, bytes: 0 };

  private constructor(
    readonly folder: string,
    readonly simulator: Simulator,
    readonly proxy: Proxy,
    readonly ground: Ground,
  ) {}

  static async open({ worlds }: Options): Promise<Kills> {
    const folder = await mkdtemp(join(tmpdir(), 'kills-'));
    // As root the server runs as another user.
    await chmod(folder, 0o755);
    await mkdir(join(folder, 'tmp'), { mode: 0o700 });
    await writeFile(join(folder, 'spec.yml'), spec);
    const ground = new Ground(join(folder, 'home'));
    await ground.start();
    const simulator = await startSimulator({ scenario: world(0, []) });
    const proxy = await Proxy.to(() => ground.port);
    const kills = new Kills(folder, simulator, proxy, ground);
    try {
      await kills.#prepare(worlds);
      return kills;
    } catch (error) {
      await kills.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.proxy.close();
    await this.ground.stop();
    await this.simulator.close();
    await rm(this.folder, { recursive: true, force: true });
  }

  async round(random: Random): Promise<Counts> {
    const counts: Record<string, number> = { kills: 0 };
    for (let attempt = random.int(2, 4); attempt > 0; attempt--) {
      const victim = random.pick(victims);
      const moment = momentOf(random);
      const choice = random.int(0, 1000);
      if (!(await this.kill(victim, moment, choice))) continue;
      counts['kills'] = (counts['kills'] ?? 0) + 1;
      counts[`kills of ${victim}`] = (counts[`kills of ${victim}`] ?? 0) + 1;
    }
    if (random.int(1, 6) === 1) {
      const way = random.pick(['AWS', 'PostgreSQL'] as const);
      await this.outage(way, random.pick(['hold', 'cut'] as const), random.int(1, 1000) / 1000, 10_000);
      counts['outages'] = 1;
    }
    await this.mend();
    if (random.int(1, 3) === 1) {
      const victim = random.pick(['runner', 'backend', 'postmaster'] as const);
      if (await this.killCheck(victim, random.int(0, 1000) / 1000)) {
        counts['kills'] = (counts['kills'] ?? 0) + 1;
        counts['kills of check'] = 1;
      }
    }
    return counts;
  }

  /**
   * A sync of the next world that does not come to its end; the database has to hold the whole sync before it, or all of
   * this one.
   *
   * @returns whether there was something to kill.
   */
  async kill(victim: Victim, moment: Moment, choice: number): Promise<boolean> {
    const before = await this.ground.dump();
    this.#next();
    const aim = async (running: Running): Promise<number[]> => this.#aim(victim, running, choice);
    const { killed, ended } = await this.#syncUntil(moment, aim);
    await this.#settle();
    await this.#judge(before, ended, `${victim} killed at ${JSON.stringify(moment)}`);
    return killed;
  }

  /** The network goes away in mid-sync and comes back; where nothing but time was lost, the sync goes on. */
  async outage(way: 'AWS' | 'PostgreSQL', how: 'hold' | 'cut', share: number, ms: number): Promise<void> {
    const before = await this.ground.dump();
    this.#next();
    const aws = await Proxy.to(() => Number(new URL(this.simulator.url).port));
    const proxy = way === 'AWS' ? aws : this.proxy;
    let seen = 0;
    let ending: Promise<void> | undefined;
    // In requests to AWS, or in bytes of the transaction: as far as a sync without an outage comes.
    const until = share * (way === 'AWS' ? this.#measured.requests : this.#measured.bytes);
    proxy.onRequest = async (chunk) => {
      if (way === 'PostgreSQL' && seen === 0 && !isIn(chunk, beginning)) return;
      seen += way === 'AWS' ? 1 : chunk.length;
      if (seen < until || ending) return;
      ending = delay(ms).then(() => proxy.heal());
      await proxy[how]();
    };
    const url = this.proxy.through(this.ground.url);
    const running = this.#start(['sync', 'spec.yml', '--database', url], aws.through(this.simulator.url));
    const ended = await this.#endOf(running);
    await ending;
    proxy.onRequest = undefined;
    await aws.close();
    await this.#settle();
    const what = `${way}, ${how} at ${share} for ${ms} ms`;
    await this.#judge(before, ended, what);
    if (how === 'hold' && ended.code !== 0) throw new Error(`it did not go on: ${what}: ${ended.stderr}`);
  }

  /** What the sync says of the rows has to be true, and they have to be whole. */
  async #judge(before: Tables, ended: Ended, event: string): Promise<void> {
    const after = await this.ground.dump();
    const what = `${event}: exit code ${String(ended.code)}, ${ended.stderr}`;
    const became = this.#whole(before, after, what);
    if (ended.code === null) return;
    if (ended.code === 0) {
      if (became !== 'new') throw new Loss(`the sync ended with 0, and its rows are not there: ${what}`);
      return;
    }
    if (ended.code !== 4) throw new Loss(`an exit code that says something else: ${what}`);
    if (isSafe.test(ended.stderr) && became === 'new') throw new Loss(`it says that nothing was changed: ${what}`);
    if (ended.stderr.includes('mistake in aws-delegation')) throw new Error(`no clear text: ${what}`);
    if (!saysWhatToDo.test(ended.stderr)) throw new Error(`it does not say what to do: ${what}`);
    const isSaid = ['stored as a whole or not at all', 'Nothing was read or written', 'PostgreSQL'].some((text) =>
      ended.stderr.includes(text),
    );
    if (!isSafe.test(ended.stderr) && !isSaid) throw new Error(`it does not say what became of the rows: ${what}`);
  }

  /** The same again, and nothing happens to it: then everything is as if nothing ever had. */
  async mend(): Promise<void> {
    const ended = await this.#endOf(this.#start(['sync', 'spec.yml', '--database', this.ground.url]));
    if (ended.code !== 0) throw new Loss(`the next sync ended with ${String(ended.code)}: ${ended.stderr}`);
    const tables = await this.ground.dump();
    this.#expectNew(tables, 'after the next sync');
    this.#expectEvents(tables, 'after the next sync');
    const leftovers = await this.#listLeftovers();
    const more = leftovers.filter((path) => !this.#leftovers.includes(path));
    if (more.length > 0) throw new Loss(`left behind after the next sync: ${more.join(', ')}`);
  }

  /** The results of a check that is killed are those of the run before, or all of this one. */
  async killCheck(victim: Exclude<Victim, 'plugin' | 'everything'>, share: number): Promise<boolean> {
    const args = ['check', 'spec.yml', '--database', this.ground.url, '--format', 'json'];
    const before = await this.ground.dump();
    const running = this.#start(args);
    const ending = new AbortController();
    const over = this.#endOf(running).finally(() => {
      ending.abort();
    });
    await delay(share * this.#measured.durationMs);
    let killed = false;
    // Who is not there yet is waited for.
    while (!killed && !ending.signal.aborted) {
      killed = fire(await this.#aim(victim, running, 0));
      if (!killed) await delay(5);
    }
    const ended = await over;
    await this.#settle();
    const after = await this.ground.dump();
    const what = `check, ${victim} killed at ${share}: exit code ${String(ended.code)}, ${ended.stderr}`;
    const times = new Set(column(after['aws_policy_results'], 'execution_time'));
    if (times.size > 1) throw new Loss(`results of several runs: ${what}`);
    const isUnchanged = sameList(before['aws_policy_results'] ?? [], after['aws_policy_results'] ?? []);
    const beside = ['aws_policy_result_changes', 'aws_policy_result_history', 'aws_delegation_history'];
    for (const table of isUnchanged ? beside : []) {
      if (!sameList(before[table] ?? [], after[table] ?? [])) throw new Loss(`${table} without results: ${what}`);
    }
    if (ended.code !== null && ended.code < 3 && isUnchanged) throw new Loss(`results that are not there: ${what}`);
    const whole = await this.#endOf(this.#start(args));
    if (whole.code === null || whole.code > 2) throw new Loss(`the next check: ${String(whole.code)}, ${whole.stderr}`);
    const again = verdicts(await this.ground.dump());
    if (!isUnchanged && !sameList(verdicts(after), again)) throw new Loss(`half of the results: ${what}`);
    const { results } = JSON.parse(whole.stdout) as { results: unknown[] };
    if (results.length !== again.length) throw new Loss(`${again.length} of ${results.length} results: ${what}`);
    return killed;
  }

  async #prepare(worlds: number): Promise<void> {
    for (let number = 0; number < worlds; number++) {
      this.simulator.setScenario(world(number, []));
      const url = await this.ground.create(`expected_${number}`);
      const ended = await this.#endOf(this.#start(['sync', 'spec.yml', '--database', url]));
      if (ended.code !== 0) throw new Error(`world ${number} cannot be synced: ${ended.stderr}`);
      this.#expected.push(comparable(await this.ground.dump(url)));
    }
    // The first one also installs the views, which is most of what goes to PostgreSQL, and the next ones do not.
    await this.#mustEnd(this.#start(['sync', 'spec.yml', '--database', this.ground.url]));
    // Measured, and the rows that the first kill has to leave.
    this.#world = worlds - 1;
    this.#next();
    this.simulator.requests.length = 0;
    let hasBegun = false;
    let bytes = 0;
    this.proxy.onRequest = (chunk) => {
      hasBegun ||= isIn(chunk, beginning);
      if (hasBegun) bytes += chunk.length;
    };
    const startedAt = performance.now();
    await this.#mustEnd(this.#start(['sync', 'spec.yml', '--database', this.proxy.through(this.ground.url)]));
    const durationMs = performance.now() - startedAt;
    this.proxy.onRequest = undefined;
    const requests = this.simulator.requests.length;
    await this.ground.stop();
    const withServerAt = performance.now();
    await this.#mustEnd(this.#start(['sync', 'spec.yml']));
    const durationWithServerMs = performance.now() - withServerAt;
    await this.ground.start();
    this.#measured = { durationMs, durationWithServerMs, requests, bytes };
    await this.#mustEnd(this.#start(['check', 'spec.yml', '--database', this.ground.url]));
    this.#leftovers = await this.#listLeftovers();
    if (this.#leftovers.some((path) => path.startsWith('tmp/'))) {
      throw new Loss(`left behind by a sync that nothing happened to: ${this.#leftovers.join(', ')}`);
    }
  }

  /** Another organization, and one event more than there was. */
  #next(): void {
    this.#world = (this.#world + 1) % this.#expected.length;
    // Older than the newest minute: CloudTrail's whole seconds, and clocks, have nothing to do with what is tried here.
    const time = new Date(Math.floor(Date.now() / 1000) * 1000 - 60_000);
    this.#events.push({ id: randomUUID(), time });
    this.simulator.setScenario(world(this.#world, this.#events));
  }

  #start(args: readonly string[], awsUrl = this.simulator.url): Running {
    return start(args, {
      cwd: this.folder,
      env: {
        TMPDIR: join(this.folder, 'tmp'),
        AWS_DELEGATION_HOME: join(this.folder, 'home'),
        AWS_ENDPOINT_URL: awsUrl,
        AWS_ACCESS_KEY_ID: 'simulated',
        AWS_SECRET_ACCESS_KEY: 'simulated',
        AWS_REGION: 'us-east-1',
      },
    });
  }

  async #endOf(running: Running): Promise<Ended> {
    const ending = new AbortController();
    const late = delay(endTimeoutMs, undefined, { signal: ending.signal }).catch(() => undefined);
    const ended = await Promise.race([running.ended, late]);
    ending.abort();
    if (ended !== undefined) return ended;
    running.child.kill('SIGKILL');
    throw new Error(`it did not end within ${endTimeoutMs / 1000} s: ${(await running.ended).stderr}`);
  }

  async #mustEnd(running: Running): Promise<void> {
    const { code, stderr } = await this.#endOf(running);
    if (code === null || code > 2) throw new Error(`exit code ${String(code)}: ${stderr}`);
  }

  async #syncUntil(
    moment: Moment,
    aim: (running: Running) => Promise<number[]>,
  ): Promise<{ killed: boolean; ended: Ended }> {
    const requestsBefore = this.simulator.requests.length;
    const isWithServer = moment.at === 'time, with the server';
    if (isWithServer) await this.ground.stop();
    const isWatched = moment.at === 'bytes' || moment.at === 'commit';
    const url = isWatched ? this.proxy.through(this.ground.url) : this.ground.url;
    const running = this.#start(['sync', 'spec.yml', ...(isWithServer ? [] : ['--database', url])]);
    const ending = new AbortController();
    const end = this.#endOf(running).finally(() => {
      ending.abort();
    });
    let killed = false;
    // Nobody is there yet at the very beginning: then it is whoever comes first.
    const strike = async (): Promise<void> => {
      for (;;) {
        killed = fire(await aim(running));
        if (killed || ending.signal.aborted) return;
        await delay(5);
      }
    };
    switch (moment.at) {
      case 'time':
      case 'time, with the server': {
        const { durationMs, durationWithServerMs } = this.#measured;
        const wait = moment.share * (isWithServer ? durationWithServerMs : durationMs);
        await Promise.race([delay(wait, undefined, { signal: ending.signal }).catch(() => undefined), end]);
        if (!ending.signal.aborted) await strike();
        break;
      }
      case 'request': {
        const until = requestsBefore + Math.ceil(moment.share * this.#measured.requests);
        while (this.simulator.requests.length < until && !ending.signal.aborted) await delay(1);
        if (!ending.signal.aborted) await strike();
        break;
      }
      case 'bytes': {
        let hasBegun = false;
        let bytes = 0;
        this.proxy.onRequest = async (chunk) => {
          hasBegun ||= isIn(chunk, beginning);
          if (!hasBegun) return;
          bytes += chunk.length;
          if (bytes < moment.share * this.#measured.bytes) return;
          this.proxy.onRequest = undefined;
          await strike();
        };
        break;
      }
      case 'commit':
        this.proxy.onRequest = async (chunk) => {
          if (!isIn(chunk, commit)) return;
          this.proxy.onRequest = undefined;
          const found = await aim(running);
          const hit = (): void => {
            if (fire(found)) killed = true;
          };
          if (moment.when === 'before') hit();
          else if (moment.when === 'sent') setTimeout(hit, moment.delayMs);
          else
            this.proxy.onResponse = () => {
              this.proxy.onResponse = undefined;
              hit();
            };
        };
    }
    const ended = await end;
    this.proxy.onRequest = this.proxy.onResponse = undefined;
    return { killed, ended };
  }

  async #aim(victim: Victim, running: Running, choice: number): Promise<number[]> {
    const { pid } = running.child;
    const runner = pid === undefined || running.child.exitCode !== null ? [] : [pid];
    const plugin = findPlugin(running) ?? [];
    switch (victim) {
      case 'runner':
        return runner;
      case 'plugin':
        return [plugin].flat();
      case 'backend': {
        const backends = await this.ground.backends();
        return backends.slice(choice % Math.max(backends.length, 1)).slice(0, 1);
      }
      case 'postmaster':
        return this.ground.postmaster();
      case 'everything':
        return [runner, plugin, await this.ground.postmaster()].flat();
    }
  }

  /** Until nothing of the killed sync runs any more: no plugin that goes on reading AWS, no backend in its transaction. */
  async #settle(): Promise<void> {
    const until = performance.now() + orphanTimeoutMs;
    const socketFolder = join(this.folder, 'tmp');
    for (;;) {
      const orphans = processes().filter(
        ({ args }) => args.includes('serve') && args.some((arg) => arg.startsWith(socketFolder)),
      );
      if (orphans.length === 0) break;
      if (performance.now() > until) {
        fire(orphans.map(({ pid }) => pid));
        throw new Error(`a plugin whose runner is gone was still there after ${orphanTimeoutMs / 1000} s`);
      }
      await delay(20);
    }
    await this.ground.start();
    while ((await this.ground.backends()).length > 0) {
      if (performance.now() > until) throw new Error('a backend of the killed sync is still there');
      await delay(20);
    }
  }

  #whole(before: Tables, after: Tables, what: string): 'old' | 'new' {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    const changed = [...names].filter((name) => !sameList(before[name] ?? [], after[name] ?? []));
    if (changed.length === 0) return 'old';
    this.#expectNew(after, what);
    const [eventsBefore, eventsAfter] = [before, after].map((tables) => column(tables[eventsTable], 'event_id'));
    if (eventsBefore?.some((id) => eventsAfter?.includes(id) !== true)) throw new Loss(`events are gone: ${what}`);
    this.#expectEvents(after, what);
    return 'new';
  }

  /** All rows of the current world, from one sync. */
  #expectNew(tables: Tables, what: string): void {
    const expected = this.#expected[this.#world] ?? {};
    const found = comparable(tables);
    for (const name of new Set([...Object.keys(expected), ...Object.keys(found)])) {
      const missing = (expected[name] ?? []).filter((row) => found[name]?.includes(row) !== true);
      const surplus = (found[name] ?? []).filter((row) => expected[name]?.includes(row) !== true);
      if (missing.length + surplus.length === 0) continue;
      throw new Loss(
        `${name}: ${missing.length} rows missing (${missing[0] ?? ''}), ${surplus.length} too many (${surplus[0] ?? ''}): ${what}`,
      );
    }
    const times = new Set(
      Object.entries(tables)
        .filter(([name]) => name !== eventsTable)
        .flatMap(([, rows]) => column(rows, '_cq_sync_time'))
        .filter((time) => time !== undefined),
    );
    if (times.size !== 1) throw new Loss(`rows of ${times.size} syncs: ${what}`);
  }

  /** Every event that ever was, and a state that tells of events that are there. */
  #expectEvents(tables: Tables, what: string): void {
    const stored = column(tables[eventsTable], 'event_id');
    const missing = this.#events.filter(({ id }) => !stored.includes(id));
    if (missing.length > 0) throw new Loss(`${missing.length} of ${this.#events.length} events are missing: ${what}`);
    const ids = column(tables[eventsTable], '_cq_id');
    const states = (tables[stateTable] ?? []).map((row) => JSON.parse(row) as { key: string; value: string });
    const lastRows = states.filter(({ key }) => key.endsWith('/last rows')).flatMap(({ value }) => value.split(' '));
    if (states.length === 0 || lastRows.length === 0) throw new Loss(`no state: ${what}`);
    const unknown = lastRows.filter((id) => !ids.includes(id));
    if (unknown.length > 0)
      throw new Loss(`the state tells of rows that are not there: ${unknown.join(', ')}: ${what}`);
  }

  async #listLeftovers(): Promise<string[]> {
    const found: string[] = [];
    const list = async (path: string): Promise<void> => {
      for (const entry of await readdir(join(this.folder, path), { withFileTypes: true })) {
        const inside = `${path}/${entry.name}`;
        // What PostgreSQL keeps is its own, but for the files of temporary tables.
        const isTemporary = /\/base\/(\d+\/t\d+_|pgsql_tmp\/)/.test(inside);
        if (!inside.includes('/data/') || isTemporary) found.push(inside);
        if (entry.isDirectory() && !inside.startsWith('home/server/')) await list(inside).catch(() => undefined);
      }
    };
    await list('tmp');
    await list('home');
    return found;
  }
}

function momentOf(random: Random): Moment {
  const share = random.int(0, 1000) / 1000;
  const kind = random.int(1, 10);
  if (kind <= 2) return { at: 'time', share };
  if (kind === 3) return { at: 'time, with the server', share };
  if (kind <= 5) return { at: 'request', share };
  if (kind <= 8) return { at: 'bytes', share };
  return { at: 'commit', when: random.pick(['before', 'sent', 'answered'] as const), delayMs: random.int(0, 5) };
}

/** True where at least one of them was there to be killed. */
function fire(pids: readonly number[]): boolean {
  let isHit = false;
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
      isHit = true;
    } catch {
      // It has ended by itself.
    }
  }
  return isHit;
}

/** The embedded server of the product, and what is looked up in it. */
class Ground {
  #url = '';

  constructor(readonly home: string) {}

  get url(): string {
    return this.#url;
  }

  get port(): number {
    return Number(new URL(this.#url).port);
  }

  /** Runs afterwards, and until `stop`; recovers from whatever was done to it. */
  async start(): Promise<void> {
    const { url } = await startEmbedded({ home: this.home, fsync: false });
    this.#url = url;
  }

  async stop(): Promise<void> {
    await stopEmbedded({ home: this.home });
  }

  async create(name: string): Promise<string> {
    await this.#ask(`create database ${name}`);
    const url = new URL(this.#url);
    url.pathname = `/${name}`;
    return url.href;
  }

  async postmaster(): Promise<number[]> {
    const path = join(this.home, 'postgres', 'default', 'data', 'postmaster.pid');
    const [pid] = (await readFile(path, 'utf8').catch(() => '')).split('\n');
    return pid === undefined || pid === '' ? [] : [Number(pid)];
  }

  /** Of a sync or a check; none where the server is not there. */
  async backends(): Promise<number[]> {
    try {
      const { rows } = await this.#ask<{ pid: number }>(
        `select pid from pg_stat_activity
          where application_name ~ '^aws-delegation( |$)' and backend_type = 'client backend' and datname = 'aws_delegation'
          order by pid`,
      );
      return rows.map(({ pid }) => pid);
    } catch {
      return [];
    }
  }

  async dump(url = this.#url): Promise<Tables> {
    const tables: Record<string, string[]> = {};
    const client = await connected(url);
    try {
      const { rows: names } = await client.query<{ name: string }>(
        `select relname as name from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace order by relname`,
      );
      for (const { name } of names) tables[name] = [];
      const each = names.map(
        ({ name }) =>
          `select ${client.escapeLiteral(name)} as name, to_jsonb(dumped)::text as row from ${client.escapeIdentifier(name)} as dumped`,
      );
      if (each.length === 0) return tables;
      const { rows } = await client.query<{ name: string; row: string }>(
        `${each.join(' union all ')} order by name, row`,
      );
      for (const { name, row } of rows) tables[name]?.push(row);
      return tables;
    } finally {
      await client.end();
    }
  }

  async #ask<Row extends pg.QueryResultRow>(text: string): Promise<pg.QueryResult<Row>> {
    const client = await connected(this.#url);
    try {
      return await client.query<Row>(text);
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

async function connected(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString, application_name: 'torture', connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Without what differs from sync to sync although AWS is the same: times, and what incremental tables remember. */
function comparable(tables: Tables): Tables {
  const left: Record<string, string[]> = {};
  for (const [name, rows] of Object.entries(tables)) {
    if (name === eventsTable || name === stateTable || /^aws_(policy|delegation_history)/.test(name)) continue;
    left[name] = rows.map((text) => without(text, ignoredOf(name, text))).sort();
  }
  return left;
}

function ignoredOf(table: string, row: string): string[] {
  if (table !== 'aws_delegation_reads') return ['_cq_sync_time'];
  const isOfEvents = row.includes(`"${eventsTable}"`);
  // Requests are counted with their retries.
  return ['_cq_sync_time', 'started_at', 'duration_ms', 'request_count', ...(isOfEvents ? ['row_count'] : [])];
}

/** What the rules said, without when; the age of the sync is not the same from run to run. */
function verdicts(tables: Tables): string[] {
  return (tables['aws_policy_results'] ?? [])
    .map((text) => without(text, ['execution_time', ...(text.includes('"sync_is_fresh"') ? ['reason'] : [])]))
    .sort();
}

function without(row: string, names: readonly string[]): string {
  const entries = Object.entries(JSON.parse(row) as Record<string, unknown>);
  return JSON.stringify(Object.fromEntries(entries.filter(([name]) => !names.includes(name))));
}

function isIn(chunk: Buffer, bytes: Buffer): boolean {
  return chunk.includes(bytes);
}

function column(rows: readonly string[] | undefined, name: string): unknown[] {
  return (rows ?? []).map((row) => (JSON.parse(row) as Record<string, unknown>)[name]);
}

function sameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((row, index) => row === right[index]);
}
