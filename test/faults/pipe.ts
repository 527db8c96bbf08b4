import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Server } from '@grpc/grpc-js';
import type pg from 'pg';
import { createServer, listen } from '../../src/plugin/server.js';
import { Source } from '../../src/plugin/source.js';
import { installViews, runRules, type RuleResult } from '../../src/rules/index.js';
import { runSync, type SyncSummary } from '../../src/runner/index.js';
import { pacing } from './cells.js';

const queriesDir = fileURLToPath(new URL('../../queries', import.meta.url));

/** Empty, and nobody else's. */
export interface Database {
  readonly url: string;
  connect(): Promise<pg.Client>;
  drop(): Promise<void>;
}

/** The runner looks for the socket at an address of its own, and ends the process that it started. */
const standIn = `ln -s "$1" "$6"
exec cat`;

/** Plugin, runner and a database of its own: the plugin is served by this process, so that a sync costs no start. */
export class Pipe {
  #source: Source | undefined;

  private constructor(
    readonly database: Database,
    readonly client: pg.Client,
    readonly server: Server,
    readonly directory: string,
  ) {}

  static async open(database: Database): Promise<Pipe> {
    const directory = await mkdtemp(join(tmpdir(), 'faults-'));
    await writeFile(join(directory, 'plugin.sh'), standIn);
    const log = (): void => undefined;
    const server = createServer({
      version: 'test',
      log,
      source: () => {
        if (!pipe.#source) throw new Error('nobody syncs');
        return Promise.resolve(pipe.#source);
      },
    });
    const pipe: Pipe = new Pipe(database, await database.connect(), server, directory);
    await listen(server, `unix:${join(directory, 'plugin.sock')}`);
    return pipe;
  }

  /** @throws what `aws-delegation sync` would end with. */
  async sync(pluginSpec: object): Promise<SyncSummary> {
    this.#source = new Source('test', () => undefined, pacing);
    return runSync({
      spec: {
        name: 'faults',
        tables: ['*'],
        skipTables: [],
        skipDependentTables: true,
        deterministicCqId: false,
        pluginSpec: { ...pluginSpec },
      },
      databaseUrl: this.database.url,
      pluginCommand: ['/bin/sh', join(this.directory, 'plugin.sh'), join(this.directory, 'plugin.sock')],
      migrateMode: 'safe',
    });
  }

  install(): Promise<void> {
    return installViews(this.client, queriesDir);
  }

  async verdicts(): Promise<readonly RuleResult[]> {
    return (await runRules(this.client, { queriesDir, write: false })).all;
  }

  /**
   * Every row of the synced tables: `table _cq_id`, and when it was synced. Without the reads, which are others in each sync,
   * unless `withReads`.
   */
  async rows(withReads = false): Promise<Map<string, string>> {
    const { rows: tables } = await this.client.query<{ name: string }>(
      `select relname as name
        from pg_class
        join pg_attribute on attrelid = pg_class.oid and attname = '_cq_sync_time'
        where relkind = 'r' and relnamespace = 'public'::regnamespace and ($1 or relname <> 'aws_delegation_reads')`,
      [withReads],
    );
    const texts = tables.map(
      ({ name }) => `select '${name} ' || _cq_id as key, _cq_sync_time::text as time from ${name}`,
    );
    const { rows } = await this.client.query<{ key: string; time: string }>(texts.join(' union all '));
    return new Map(rows.map(({ key, time }) => [key, time]));
  }

  async close(): Promise<void> {
    this.server.forceShutdown();
    await this.client.end();
    await this.database.drop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
