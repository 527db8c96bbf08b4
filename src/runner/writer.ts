import type { ClientBase } from 'pg';
import { BinaryCopy } from '../postgres/index.js';
import { fieldWriters } from './encode.js';
import { SyncError } from './errors.js';
import { completeNew, merge, type Staged } from './merge.js';
import { migrateTables, type MigrateOptions } from './migrate.js';
import { quote, readsTable } from './names.js';
import { planMigration } from './plan_migration.js';
import { columnName, decodeRecords, decodeSchema, tableName, type TableSchema, type WriteMode } from './schema.js';
import { noStaleRows, removeStaleRows, type StaleRows } from './stale_rows.js';

const analyzeFromRows = 1000;
// 300 rows are sampled for each of these: as many as it takes to tell how many values a column has. By default it is four
// times as many, and a fifth of the time of a sync over the same rows.
const statisticsTarget = 25;

/**
 * How far a table is. `there`: it existed before this transaction, and is not migrated yet. `created`: by this transaction; it has
 * no keys before `finish`.
 */
type Progress = 'announced' | 'there' | 'created' | 'migrated';

export interface WriterOptions {
  readonly sourceName: string;
  /** Microseconds since 1970. */
  readonly syncTime: bigint;
  readonly writeMode: WriteMode;
  readonly migration: MigrateOptions;
  /** Takes the locks that writing to these tables needs; the first to be called. */
  readonly takeTurn: (tables: readonly TableSchema[]) => Promise<void>;
  /** The plugin remembers how far it read incremental tables, so that a sync brings no more than what is new in them. */
  readonly hasState: boolean;
}

/** What became of one table. */
export interface WrittenTable {
  readonly name: string;
  /** Rows of this sync. */
  readonly rows: number;
  /** Earlier rows that AWS no longer has. */
  readonly staleRemoved: number;
  /** Earlier rows that stay because what would replace them could not be read. */
  readonly staleKept: number;
}

/**
 * Writes one sync inside a transaction that the caller opened and ends. Tables that are not there yet are created with the
 * first record, which nobody else can see, and get their keys in `finish`. For the others records go by COPY into temporary
 * tables, and `finish` migrates the tables, merges the rows and removes what is stale: until then nobody is in anybody's way.
 * In write mode `append` the tables are migrated first, and records go straight into them.
 */
export class SyncWriter {
  /** Tables of which the plugin reported no read at all, known after `finish`. */
  readonly withoutReads: string[] = [];
  private readonly announced = new Map<string, TableSchema>();
  private readonly progress = new Map<string, Progress>();
  private readonly staged = new Map<string, Staged>();
  private copying: { readonly staged: Staged; readonly copy: BinaryCopy } | undefined;
  private readonly sourceName: string;
  private readonly syncTime: bigint;
  private readonly isAppend: boolean;

  constructor(
    private readonly client: ClientBase,
    private readonly options: WriterOptions,
  ) {
    this.sourceName = options.sourceName;
    this.syncTime = options.syncTime;
    this.isAppend = options.writeMode === 'append';
  }

  announce(schema: Uint8Array): void {
    const table = decodeSchema(schema, this.options);
    this.announced.set(table.name, table);
    this.progress.set(table.name, 'announced');
  }

  async insert(record: Uint8Array): Promise<{ table: string; rows: number }> {
    const { schema, batches } = decodeRecords(record);
    const name = tableName(schema);
    const columns = schema.fields.map((field) => columnName(field.name));
    const { staged, copy } = await this.copyInto(name, columns);
    for (const batch of batches) {
      const writers = fieldWriters(name, batch);
      for (let row = 0; row < batch.numRows; row++) {
        copy.startRow();
        for (const write of writers) write(row, copy);
        if (copy.isFull) await copy.flush();
      }
      staged.rows += batch.numRows;
    }
    return { table: name, rows: batches.reduce((total, batch) => total + batch.numRows, 0) };
  }

  /** Makes the connection usable for a rollback. */
  async abort(): Promise<void> {
    const open = this.copying;
    this.copying = undefined;
    await open?.copy.abort();
  }

  /** Ends the COPY that is open, so that the connection can be used for something else. */
  private async endCopy(): Promise<void> {
    const open = this.copying;
    this.copying = undefined;
    await open?.copy.end();
  }

  private async migrate(): Promise<void> {
    const tables = this.those('announced', 'there');
    if (tables.length === 0) return;
    await this.endCopy();
    await this.options.takeTurn(tables);
    const keysLater = this.isAppend;
    const created = await migrateTables(this.client, tables, { ...this.options.migration, keysLater });
    for (const { name } of tables) this.progress.set(name, keysLater && created.has(name) ? 'created' : 'migrated');
  }

  private async createMissing(): Promise<void> {
    const unseen = this.those('announced');
    if (unseen.length === 0) return;
    for (const { name } of unseen) this.progress.set(name, 'there');
    await this.endCopy();
    const missing = await this.notThere(unseen);
    if (missing.length === 0) return;
    await this.options.takeTurn(missing);
    // Another sync may have created them while this one waited for its turn.
    const tables = await this.notThere(missing);
    const created = await migrateTables(this.client, tables, { ...this.options.migration, keysLater: true });
    for (const name of created) this.progress.set(name, 'created');
  }

  private those(...wanted: readonly Progress[]): TableSchema[] {
    return [...this.announced.values()].filter(({ name }) => wanted.includes(this.progress.get(name) ?? 'announced'));
  }

  private async notThere(tables: readonly TableSchema[]): Promise<TableSchema[]> {
    return (await planMigration(this.client, tables)).filter(({ isNew }) => isNew).map(({ table }) => table);
  }

  private async copyInto(name: string, columns: readonly string[]): Promise<NonNullable<SyncWriter['copying']>> {
    await (this.isAppend ? this.migrate() : this.createMissing());
    if (this.copying?.staged.table.name !== name) {
      await this.endCopy();
      const staged = this.staged.get(name) ?? (await this.stage(name, columns));
      const all = ['_cq_sync_time', '_cq_source_name', ...staged.columns];
      const target = `${staged.target} (${all.map(quote).join(', ')})`;
      const copy = new BinaryCopy(this.client, target, all.length, (row) => {
        row.timestamp(this.syncTime);
        row.bytes(Buffer.from(this.sourceName));
      });
      this.copying = { staged, copy };
    }
    if (!sameList(this.copying.staged.columns, columns)) {
      throw new SyncError(`${name}: the plugin sent records with different columns. Update aws-delegation.`);
    }
    return this.copying;
  }

  private async stage(name: string, columns: readonly string[]): Promise<Staged> {
    const table = this.announced.get(name);
    if (table === undefined) {
      throw new SyncError(`${name}: the plugin sent rows of a table that it did not announce. Update aws-delegation.`);
    }
    const missing = columns.find((column) => !table.columns.some((one) => one.name === column));
    if (missing !== undefined) {
      throw new SyncError(
        `${name}: the plugin sent the column ${missing}, which it did not announce. Update aws-delegation.`,
      );
    }
    const isDirect = this.isAppend || this.progress.get(name) === 'created';
    const target = isDirect ? quote(name) : await this.createStaging(table);
    const staged: Staged = { table, target, columns, rows: 0 };
    this.staged.set(name, staged);
    return staged;
  }

  private async createStaging(table: TableSchema): Promise<string> {
    const definitions = table.columns.map((column) => `${quote(column.name)} ${column.type}`);
    // Named by number: the name of the table may have all the 63 bytes that there are.
    const staging = quote(`_cq_staging_${this.staged.size + 1}`);
    await this.client.query(`create temporary table ${staging} (${definitions.join(', ')}) on commit drop`);
    return `pg_temp.${staging}`;
  }

  async finish(): Promise<WrittenTable[]> {
    await this.migrate();
    await this.endCopy();
    const rows = new Map<string, number>();
    for (const table of this.announced.values()) {
      const staged = this.staged.get(table.name);
      if (this.progress.get(table.name) === 'created')
        rows.set(table.name, await completeNew(this.client, table, staged));
      else if (staged !== undefined)
        rows.set(table.name, this.isAppend ? staged.rows : await merge(this.client, staged, this.sourceName));
    }
    await this.analyze();

    const written: WrittenTable[] = [];
    const removesStale = this.options.writeMode === 'overwrite-delete-stale' && this.staged.has(readsTable);
    for (const table of this.announced.values()) {
      const stale = removesStale ? await this.removeStale(table) : noStaleRows;
      if (stale.isWithoutReads === true) this.withoutReads.push(table.name);
      written.push({
        name: table.name,
        rows: rows.get(table.name) ?? 0,
        staleRemoved: stale.removed,
        staleKept: stale.kept,
      });
    }
    return written;
  }

  /** Autovacuum looks a minute later at the earliest, and the rules join these tables now. Who vacuums one is not waited for. */
  private async analyze(): Promise<void> {
    const large = [...this.staged.values()].filter(({ rows }) => rows >= analyzeFromRows);
    if (large.length === 0) return;
    const names = large.map(({ table }) => quote(table.name)).join(', ');
    await this.client.query(
      `set local default_statistics_target = ${statisticsTarget};
        analyze (skip_locked) ${names};
        set local default_statistics_target to default`,
    );
  }

  private removeStale(table: TableSchema): Promise<StaleRows> {
    return removeStaleRows(this.client, table, {
      sourceName: this.sourceName,
      syncTime: this.syncTime,
      hasState: this.options.hasState,
      announced: this.announced,
      isCreated: (name) => this.progress.get(name) === 'created',
    });
  }
}

function sameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name, index) => name === right[index]);
}
