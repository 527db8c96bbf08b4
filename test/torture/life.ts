import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { openEmbedded, type Embedded } from '../../src/postgres/index.js';
import { installViews, lockViews, runRules, uninstallViews } from '../../src/rules/index.js';
import { runSync } from '../../src/runner/index.js';
import { startSimulator, type ScenarioInput, type Simulator } from '../../src/simulator/index.js';
import { messagesOf, RunningPlugin } from '../support/plugin.js';
import { Loss, type Part, type Rounds } from './part.js';
import type { Random } from './random.js';

const root = join(import.meta.dirname, '..', '..');
const queriesDir = join(root, 'queries');
const management = '111111111111';
const tables = ['aws_organizations*', 'aws_organization_*', 'aws_delegation_*', 'aws_ec2_regions'];
const spec = { regions: ['us-east-1'] };

/** What there is after so many syncs, when garbage was collected and the database vacuumed. */
export interface Life {
  syncs: number;
  /** Of the plugin process that has served all of them, in bytes. */
  heap: number;
  /** Of its resident memory; undefined where there is no /proc. */
  resident: number | undefined;
  /** Open in that process; undefined where there is no /proc. */
  descriptors: number | undefined;
  /** In the TMPDIR of all processes, and in the home of the database beside its data. */
  files: number;
  /** To the database, apart from the one that counts. */
  connections: number;
  /** Synced tables with their indexes, in bytes. What is kept of them grows with each change. */
  tables: number;
  /** PostgreSQL's catalogs with their indexes, in bytes. */
  catalogs: number;
  /** In all tables, catalogs included. */
  deadRows: number;
  /** In aws_policy_result_changes, and how many it should have. */
  history: number;
  changes: number;
}

/** One plugin process and one database that live through many syncs of an organization that changes. */
export class LongLife {
  #syncs = 0;
  #changes = 0;
  #holder: number | undefined;

  private constructor(
    readonly home: string,
    readonly temporary: string,
    readonly embedded: Embedded,
    readonly simulator: Simulator,
    readonly plugin: RunningPlugin,
    readonly heapFile: string,
  ) {}

  static async begin(): Promise<LongLife> {
    const home = await mkdtemp(join(tmpdir(), 'aws-delegation-life-'));
    // As root the server runs as another user.
    await chmod(home, 0o755);
    const temporary = await mkdtemp(join(tmpdir(), 'life-'));
    const embedded = await openEmbedded({ home, fsync: false });
    const simulator = await startSimulator({ scenario: organization(0, 20) });
    const heapFile = join(home, 'heap');
    const plugin = await RunningPlugin.start({
      env: {
        ...credentials(simulator),
        HEAP_PROBE_FILE: heapFile,
        NODE_OPTIONS: `--import ${pathToFileURL(join(import.meta.dirname, 'heap_probe.js')).href}`,
      },
    });
    return new LongLife(home, temporary, embedded, simulator, plugin, heapFile);
  }

  /** Once through the process that stays, and once as `aws-delegation sync` and `check` do it. */
  async sync(random: Random): Promise<void> {
    const holder = random.int(2, 4);
    const accounts = random.int(10, 40);
    this.simulator.setScenario(organization(holder, accounts));
    await this.plugin.init(spec);
    const messages = await messagesOf(this.plugin.sync(tables));
    if (!messages.some(({ has_insert }) => has_insert)) throw new Loss('the plugin that stays sent no row');

    const { exitCode } = await runSync({
      spec: {
        name: 'life',
        tables,
        skipTables: [],
        skipDependentTables: false,
        deterministicCqId: false,
        pluginSpec: spec,
      },
      databaseUrl: this.embedded.url,
      pluginCommand: [process.execPath, join(root, 'bin', 'aws-delegation')],
      env: { PATH: process.env['PATH'], TMPDIR: this.temporary, ...credentials(this.simulator) },
      install: (client) => installViews(client, queriesDir),
      uninstall: (client) => uninstallViews(client),
      lockViews,
    });
    if (exitCode !== 0) throw new Error(`a sync ended with ${exitCode}`);
    const client = await this.#connect();
    try {
      await installViews(client, queriesDir);
      await runRules(client, { queriesDir, rules: ['delegated_admin_account_active'] });
      const { rows } = await client.query<{ count: number }>(
        'select count(*)::int as count from aws_organizations_accounts',
      );
      if (rows[0]?.count !== accounts) throw new Loss(`${rows[0]?.count ?? 0} accounts are stored of ${accounts}`);
    } finally {
      await client.end();
    }
    this.#syncs++;
    // The old holder is no longer judged, and the new one is: two changes of a status.
    if (this.#holder !== undefined && this.#holder !== holder) this.#changes += 2;
    this.#holder = holder;
  }

  async measure(): Promise<Life> {
    const process = this.plugin.process.pid ?? 0;
    await rm(this.heapFile, { force: true });
    this.plugin.process.kill('SIGUSR2');
    let heap = 0;
    while (heap === 0) {
      await delay(20);
      heap = Number(await readFile(this.heapFile, 'utf8').catch(() => '0'));
    }
    await rm(this.heapFile, { force: true });
    const status = await readFile(`/proc/${process}/status`, 'utf8').catch(() => undefined);
    const descriptors = await readdir(`/proc/${process}/fd`).catch(() => undefined);
    const entries = await Promise.all(
      [this.temporary, this.plugin.temporary, join(this.home, 'postgres'), join(this.home, 'postgres', 'default')].map(
        (path) => readdir(path),
      ),
    );
    const client = await this.#connect();
    try {
      await client.query('vacuum');
      const { rows } = await client.query<Pick<Life, 'connections' | 'tables' | 'catalogs' | 'deadRows' | 'history'>>(
        `select
          (select count(*)::int from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend') as connections,
          sum(pg_total_relation_size(pg_class.oid)) filter (where pg_class.relname like 'aws\\_%' and pg_class.relname !~ '^aws_(policy|delegation_history)')::int as tables,
          sum(pg_total_relation_size(pg_class.oid)) filter (where pg_class.relnamespace = 'pg_catalog'::regnamespace)::int as catalogs,
          sum(pg_stat_get_dead_tuples(pg_class.oid))::int as "deadRows",
          (select count(*)::int from aws_policy_result_changes) as history
        from pg_class
        where pg_class.relkind = 'r'`,
      );
      const [found] = rows;
      if (!found) throw new TypeError('nothing was measured');
      return {
        syncs: this.#syncs,
        heap,
        resident: status === undefined ? undefined : Number(/VmRSS:\s*(\d+)/.exec(status)?.[1]) * 1024,
        descriptors: descriptors?.length,
        files: entries.flat().length,
        ...found,
        changes: this.#changes,
      };
    } finally {
      await client.end();
    }
  }

  async end(): Promise<void> {
    await this.plugin.stop();
    await this.simulator.close();
    await this.embedded.release();
    for (const path of [this.home, this.temporary]) await rm(path, { recursive: true, force: true });
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.embedded.url });
    await client.connect();
    return client;
  }
}

function credentials({ url }: Simulator): NodeJS.ProcessEnv {
  return {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: management,
    AWS_SECRET_ACCESS_KEY: 'simulated',
    AWS_REGION: 'us-east-1',
  };
}

/** @param holder which of the accounts holds CloudTrail. */
function organization(holder: number, accounts: number): ScenarioInput {
  const id = (number: number): string => String(Number(management) + number);
  const since = '2024-01-21';
  return {
    name: 'life',
    organization: {
      id: 'o-lifeorgid00',
      management_account_id: management,
      accounts: Array.from({ length: accounts }, (_, number) => ({
        id: id(number),
        name: `account ${number} of ${accounts}`,
      })),
      service_access: [{ service_principal: 'cloudtrail.amazonaws.com', enabled: since }],
      delegated_administrators: [{ account: id(holder + 1), service_principal: 'cloudtrail.amazonaws.com', since }],
    },
  };
}

const mebibyte = 1024 * 1024;

/** What has grown from one measure to a later one by more than chance, as one line each. */
export function growth(before: Life, after: Life): string[] {
  const grown: string[] = [];
  const bounded = (what: keyof Life, most: number): void => {
    const value = after[what];
    if (value !== undefined && value > most)
      grown.push(`${what}: ${before[what] ?? 0} after ${before.syncs} syncs, ${value} after ${after.syncs}`);
  };
  bounded('heap', before.heap + 16 * mebibyte);
  // The allocator gives back what it likes, and when.
  if (before.resident !== undefined) bounded('resident', before.resident * 1.5 + 64 * mebibyte);
  // One connection to AWS more or less.
  if (before.descriptors !== undefined) bounded('descriptors', before.descriptors + 8);
  bounded('files', before.files);
  bounded('connections', before.connections);
  bounded('tables', before.tables * 1.5 + mebibyte);
  bounded('catalogs', before.catalogs * 1.5 + 4 * mebibyte);
  bounded('deadRows', 1000);
  if (after.history !== after.changes) grown.push(`history: ${after.history} rows for ${after.changes} changes`);
  return grown;
}

const syncsPerRound = 5;
const settledAfter = 10;

/** The rounds share one life: a later one has all of those before it behind it. */
export const life: Part = {
  name: 'life',
  counts: ['syncs in a row'],
  async open(): Promise<Rounds> {
    const long = await LongLife.begin();
    const measured: Life[] = [];
    return {
      async round(random) {
        for (let sync = 0; sync < syncsPerRound; sync++) await long.sync(random);
        const now = await long.measure();
        measured.push(now);
        const settled = measured.find(({ syncs }) => syncs >= settledAfter);
        const grown = settled ? growth(settled, now) : [];
        if (grown.length > 0) throw new Loss(`not flat: ${grown.join('; ')}`);
        return { 'syncs in a row': syncsPerRound };
      },
      async close() {
        console.error(tableOf(measured));
        await long.end();
      },
    };
  },
};

function tableOf(measured: readonly Life[]): string {
  const columns = [
    'syncs',
    'heap',
    'resident',
    'descriptors',
    'files',
    'connections',
    'tables',
    'catalogs',
    'deadRows',
    'history',
  ] as const;
  const inMebibytes: readonly string[] = ['heap', 'resident', 'tables', 'catalogs'];
  const cell = (one: Life, column: (typeof columns)[number]): string => {
    const value = one[column];
    if (value === undefined) return '-';
    return inMebibytes.includes(column) ? `${(value / mebibyte).toFixed(1)} MiB` : String(value);
  };
  const lines = [columns.map(String), ...measured.map((one) => columns.map((column) => cell(one, column)))];
  return lines.map((line) => line.map((text) => text.padStart(12)).join(' ')).join('\n');
}
