import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { openEmbedded, type Embedded } from '../../src/postgres/index.js';
import { installViews, lockViews, runRules, uninstallViews } from '../../src/rules/index.js';
import { runSync, SyncError } from '../../src/runner/index.js';
import { startSimulator, type Simulator } from '../../src/simulator/index.js';
import { Loss, type Counts, type Part, type Rounds } from './part.js';
import type { Random } from './random.js';

const root = join(import.meta.dirname, '..', '..');
const queriesDir = join(root, 'queries');
const bin = join(root, 'bin', 'aws-delegation');

const worlds = ['dawn', 'dusk'] as const;
type World = (typeof worlds)[number];
const sources = ['first', 'second'] as const;
type SourceName = (typeof sources)[number];
const judgedBy = 'delegated_admin_account_active';

const management: Readonly<Record<SourceName, string>> = { first: '111111111111', second: '222222222222' };
/** Who holds CloudTrail. */
const holder = (source: SourceName, world: World): string =>
  `${world === 'dawn' ? 3 : 4}${management[source].slice(1)}`;

/** The same organization twice; everything that a reader looks at tells which of the two it is. */
async function startWorld(source: SourceName, world: World): Promise<Simulator> {
  const own = holder(source, world);
  // One account more in one of them, so that each sync has rows to remove or to add, and the reads tell as well.
  const more = world === 'dusk' ? [{ id: `5${own.slice(1)}`, name: 'dusk' }] : [];
  return startSimulator({
    scenario: {
      name: world,
      organization: {
        id: `o-${source}orgid0`,
        management_account_id: management[source],
        accounts: [{ id: management[source], name: world }, { id: own, name: world }, ...more],
        service_access: [{ service_principal: 'cloudtrail.amazonaws.com', enabled: '2024-01-20' }],
        delegated_administrators: [
          { account: own, service_principal: 'cloudtrail.amazonaws.com', since: '2024-01-21' },
        ],
      },
    },
  });
}

/** What a table or a view says of a source: which sync, and which world. */
interface Seen {
  what: string;
  source: SourceName;
  sync: string | null;
  world: string;
}

const holderWorld = (column: string): string => `case left(${column}, 1) when '3' then 'dawn' when '4' then 'dusk' end`;
/** Each of (source, sync, world); together they have to tell one story. */
const looks: readonly (readonly [what: string, sql: string])[] = [
  ['the accounts', 'select _cq_source_name, _cq_sync_time, name from aws_organizations_accounts'],
  [
    'the administrators',
    `select _cq_source_name, _cq_sync_time, ${holderWorld('id')} from aws_organizations_delegated_administrators`,
  ],
  [
    'the services of administrators',
    `select _cq_source_name, _cq_sync_time, ${holderWorld('delegated_account_id')} from aws_organizations_delegated_services`,
  ],
  [
    'the reads',
    `select _cq_source_name, _cq_sync_time, case row_count when 2 then 'dawn' when 3 then 'dusk' end from aws_delegation_reads
      where table_name = 'aws_organizations_accounts' and operation = 'organizations:ListAccounts'`,
  ],
  ['the view of accounts', 'select source_name, null::timestamp, account_name from delegation.accounts'],
  [
    'the view of delegations',
    `select source_name, null::timestamp, ${holderWorld('delegated_account_id')} from delegation.delegations`,
  ],
];
const asSeen = ([what, sql]: readonly [string, string]): string =>
  `select distinct '${what}' as what, told.source, told.sync::text as sync, told.world from (${sql}) as told (source, sync, world)`;

/** That of a run of the rules is another transaction: its verdicts are of one sync, which need not be the newest. */
const verdicts = `select resource_id as holder, organization_id, to_char(sync_time, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as sync, execution_time::text as execution
  from aws_policy_results where check_id = '${judgedBy}' and framework = 'aws_delegation' and resource_id ~ '^[0-9]{12}$'`;

/** Syncs, runs of the rules and readers at once on one database, in a seeded order; some find tables or views that have to be changed. */
export const concurrent: Part = {
  name: 'concurrent',
  counts: ['syncs at once', 'checks at once', 'reads meanwhile'],
  async open(): Promise<Rounds> {
    const home = await mkdtemp(join(tmpdir(), 'aws-delegation-torture-'));
    // As root the server runs as another user.
    await chmod(home, 0o755);
    const embedded = await openEmbedded({ name: 'concurrent', home, fsync: false });
    const simulators = new Map<string, Simulator>();
    for (const source of sources) {
      for (const world of worlds) simulators.set(`${source} ${world}`, await startWorld(source, world));
    }
    let number = 0;
    return {
      async round(random) {
        const database = `round_${++number}`;
        await onServer(embedded, `create database ${database}`);
        try {
          return await new Round(random, inDatabase(embedded.url, database), simulators).run();
        } finally {
          await onServer(embedded, `drop database ${database} with (force)`);
        }
      },
      async close() {
        for (const simulator of simulators.values()) await simulator.close();
        await embedded.release();
        await rm(home, { recursive: true, force: true });
      },
    };
  },
};

class Round {
  readonly #counts = { 'syncs at once': 0, 'checks at once': 0, 'reads meanwhile': 0 };
  /** By source and time. */
  readonly #synced = new Map<string, World>();
  readonly #last = new Map<SourceName, World>();
  #isOver = false;

  constructor(
    readonly random: Random,
    readonly url: string,
    readonly simulators: ReadonlyMap<string, Simulator>,
  ) {}

  async run(): Promise<Counts> {
    const { random } = this;
    // All choices are made here: what runs at once must not draw in an order of its own.
    const plans = sources.map((source) => ({
      source,
      steps: Array.from({ length: random.int(3, 5) }, () => ({
        world: random.pick(worlds),
        pauseMs: random.int(0, 300),
        hasRival: random.int(1, 4) === 1,
        // What the sync then finds changed.
        spoil: random.pick([
          '',
          '',
          'alter table aws_organizations_accounts drop column if exists paths cascade',
          'drop table if exists aws_organizations_roots cascade',
          'drop view if exists delegation.rule_org_all_features_enabled',
        ]),
      })),
    }));
    const checks = [1, 2].map(() => ({ write: true, pauseMs: random.int(0, 500) }));
    checks.push({ write: false, pauseMs: random.int(0, 500) });
    const readers = [1, 2, 3].map(() => ({ isOneStatement: random.int(1, 3) === 1, pauseMs: random.int(0, 80) }));

    const syncing = Promise.all(plans.map(({ source, steps }) => this.#sync(source, steps))).finally(() => {
      this.#isOver = true;
    });
    const all = await Promise.allSettled([
      syncing,
      ...checks.map((check) => this.#check(check)),
      ...readers.map((reader) => this.#read(reader)),
    ]);
    const failures = all.flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
    const [failure] = failures.sort((left, right) => Number(right instanceof Loss) - Number(left instanceof Loss));
    if (failure) throw failure;

    await this.#connected('end', async (client) => {
      await runRules(client, { queriesDir, rules: [judgedBy] });
      this.#compare(await oneStatement(client));
      this.#judge((await client.query<Verdict>(verdicts)).rows, this.#last);
      for (const { what, source, world } of await oneStatement(client)) {
        if (world !== this.#last.get(source))
          throw new Loss(`at the end ${what} of ${source} are of the ${world}, and the last sync is not`);
      }
    });
    return this.#counts;
  }

  async #sync(
    source: SourceName,
    steps: readonly { world: World; pauseMs: number; hasRival: boolean; spoil: string }[],
  ): Promise<void> {
    for (const { world, pauseMs, hasRival, spoil } of steps) {
      await delay(pauseMs);
      if (spoil !== '') await this.#spoil(spoil);
      const rival = hasRival ? this.#syncOnce(source, world).catch(refusedOnly) : undefined;
      const own = this.#syncOnce(source, world).catch(hasRival ? refusedOnly : fail);
      const ended = await Promise.allSettled([own, rival]);
      for (const one of ended) if (one.status === 'rejected') throw one.reason;
    }
  }

  async #syncOnce(source: SourceName, world: World): Promise<void> {
    const simulator = this.simulators.get(`${source} ${world}`);
    if (!simulator) throw new TypeError('no such world');
    const { syncTime, exitCode } = await runSync({
      spec: {
        name: source,
        tables: ['aws_organizations*', 'aws_organization_*', 'aws_delegation_*', 'aws_ec2_regions'],
        skipTables: [],
        skipDependentTables: false,
        deterministicCqId: false,
        pluginSpec: { regions: ['us-east-1'] },
      },
      databaseUrl: this.url,
      pluginCommand: [process.execPath, bin],
      env: {
        PATH: process.env['PATH'],
        TMPDIR: process.env['TMPDIR'],
        AWS_ENDPOINT_URL: simulator.url,
        AWS_ACCESS_KEY_ID: management[source],
        AWS_SECRET_ACCESS_KEY: 'simulated',
        AWS_REGION: 'us-east-1',
      },
      install: (client) => installViews(client, queriesDir),
      uninstall: (client) => uninstallViews(client),
      lockViews,
    });
    if (exitCode !== 0) throw new Error(`a sync of ${source} ended with ${exitCode}`);
    this.#synced.set(`${source} ${syncTime}`, world);
    this.#last.set(source, world);
    this.#counts['syncs at once']++;
  }

  /** As somebody does by hand: it is not what is tried here, so it waits for nobody. */
  async #spoil(statement: string): Promise<void> {
    await this.#connected('spoiler', async (client) => {
      await client.query("set lock_timeout = '100ms'; set deadlock_timeout = '50ms'");
      await client.query(statement).catch(ignore('42P01', '55P03', '40P01', '3F000', '2BP01'));
    });
  }

  async #check({ write, pauseMs }: { write: boolean; pauseMs: number }): Promise<void> {
    while (!this.#isOver) {
      await delay(pauseMs);
      await this.#connected('check', async (client) => {
        if (write) await installViews(client, queriesDir);
        try {
          await runRules(client, { queriesDir, write, rules: [judgedBy] });
        } catch (error) {
          // Nothing is installed yet, or a view was just dropped by hand.
          if (!/are not installed|of another version/.test((error as Error).message)) throw error;
        }
        this.#counts['checks at once']++;
      });
    }
  }

  async #read({ isOneStatement, pauseMs }: { isOneStatement: boolean; pauseMs: number }): Promise<void> {
    await this.#connected('reader', async (client) => {
      while (!this.#isOver) {
        await delay(pauseMs);
        try {
          const seen = isOneStatement ? await oneStatement(client) : await oneTransaction(client, pauseMs);
          this.#compare(seen);
          this.#judge((await client.query<Verdict>(verdicts)).rows);
          this.#counts['reads meanwhile']++;
        } catch (error) {
          if (error instanceof Loss) throw error;
          await client.query('rollback').catch(() => undefined);
          // Before the first sync, and after a view or a table was dropped by hand. A deadlock is none of them.
          ignore('42P01', '3F000', '42703')(error);
        }
      }
    });
  }

  #compare(seen: readonly Seen[]): void {
    for (const source of sources) {
      const own = seen.filter((one) => one.source === source);
      const syncs = new Set(own.flatMap(({ sync }) => (sync === null ? [] : [sync])));
      const found = new Set(own.map(({ world }) => world));
      const whats = new Set(own.map(({ what }) => what));
      const isWhole = own.length === 0 || (syncs.size === 1 && found.size === 1 && whats.size === looks.length);
      if (!isWhole) throw new Loss(`a reader saw two syncs of ${source}, or half of one: ${JSON.stringify(own)}`);
    }
  }

  /** @param expected where the verdicts have to be of these. */
  #judge(rows: readonly Verdict[], expected?: ReadonlyMap<SourceName, World>): void {
    for (const source of sources) {
      const own = rows.filter(({ organization_id }) => organization_id === `o-${source}orgid0`);
      const syncs = new Set(own.map(({ sync }) => sync));
      const executions = new Set(rows.map(({ execution }) => execution));
      if (syncs.size > 1 || executions.size > 1) throw new Loss(`verdicts of two runs: ${JSON.stringify(rows)}`);
      const [sync] = syncs;
      const world = this.#synced.get(`${source} ${sync ?? ''}`);
      const isTrue = own.every((row) => row.holder === (world && holder(source, world)));
      // A sync is known here a moment after it was committed.
      if (world !== undefined && !isTrue)
        throw new Loss(`verdicts of the ${world} name another holder: ${JSON.stringify(own)}`);
      if (expected && world !== expected.get(source))
        throw new Loss(`verdicts of ${source} are not of the last sync: ${JSON.stringify(own)}`);
    }
  }

  async #connected(name: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
    const client = new pg.Client({ connectionString: this.url, application_name: name });
    await client.connect();
    try {
      await work(client);
    } finally {
      await client.end();
    }
  }
}

interface Verdict {
  holder: string;
  organization_id: string | null;
  sync: string | null;
  execution: string;
}

async function oneStatement(client: pg.Client): Promise<Seen[]> {
  return (await client.query<Seen>(looks.map(asSeen).join(' union all '))).rows;
}

async function oneTransaction(client: pg.Client, pauseMs: number): Promise<Seen[]> {
  await client.query('begin isolation level repeatable read read only');
  const seen: Seen[] = [];
  for (const look of looks) {
    seen.push(...(await client.query<Seen>(asSeen(look))).rows);
    await delay(pauseMs);
  }
  await client.query('commit');
  return seen;
}

function refusedOnly(error: unknown): void {
  if (!(error instanceof SyncError && error.message.startsWith('Another sync of'))) throw error;
}

function fail(error: unknown): never {
  throw error;
}

function ignore(...codes: readonly string[]): (error: unknown) => void {
  return (error) => {
    if (!codes.includes(String((error as { code?: unknown }).code))) throw error;
  };
}

async function onServer({ url }: Embedded, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: inDatabase(url, 'postgres') });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}

function inDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.href;
}
