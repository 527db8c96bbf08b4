import type { ClientBase } from 'pg';
import { BinaryCopy, errorCode } from '../postgres/index.js';
import { fieldWriters } from './encode.js';
import { SyncError } from './errors.js';
import { addKeys, migrateTables, planMigration, quote, type MigrateOptions } from './migrate.js';
import { columnName, decodeRecords, decodeSchema, tableName, type TableSchema, type WriteMode } from './schema.js';

export const readsTable = 'aws_delegation_reads';

const analyzeFromRows = 1000;
// 300 rows are sampled for each of these: as many as it takes to tell how many values a column has. By default it is four
// times as many, and a fifth of the time of a sync over the same rows.
const statisticsTarget = 25;
const uniqueViolation = '23505';

interface Staged {
  readonly table: TableSchema;
  /**
   * A temporary table; the table itself in write mode `append`, and where this transaction created it. Either way the order
   * of ctid is the order of the rows: into a table of the same transaction, COPY only ever appends (TABLE_INSERT_SKIP_FSM in
   * PostgreSQL's copyfrom.c).
   */
  readonly target: string;
  /** Columns that the records have; a record of another set of columns is an error. */
  readonly columns: readonly string[];
  rows: number;
}

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
      if (this.progress.get(table.name) === 'created') rows.set(table.name, await this.completeNew(table, staged));
      else if (staged !== undefined) rows.set(table.name, this.isAppend ? staged.rows : await this.merge(staged));
    }
    await this.analyze();

    const written: WrittenTable[] = [];
    const removesStale = this.options.writeMode === 'overwrite-delete-stale' && this.staged.has(readsTable);
    for (const table of this.announced.values()) {
      const stale = removesStale ? await this.removeStale(table) : { removed: 0, kept: 0 };
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

  /** Building an index once is a fraction of what it takes to keep it up to date while rows come in. */
  private async completeNew(table: TableSchema, staged: Staged | undefined): Promise<number> {
    const isUnique = await this.attempt(async () => {
      await addKeys(this.client, table);
      return true;
    });
    if (isUnique) return staged?.rows ?? 0;
    const name = quote(table.name);
    // The same key twice in one sync: the last one stays, as it does where rows are written one by one.
    const { rowCount } = await this.client.query(
      `delete from ${name} as earlier
        using (
          select ctid as place, row_number() over (partition by ${keyOf(table)} order by ctid desc) as position
          from ${name}
        ) as numbered
        where earlier.ctid = numbered.place and numbered.position > 1`,
    );
    await addKeys(this.client, table);
    return (staged?.rows ?? 0) - (rowCount ?? 0);
  }

  private async merge(staged: Staged): Promise<number> {
    const isMerged = await this.attempt(() => this.mergeDistinct(staged));
    return isMerged ? staged.rows : await this.mergeAny(staged);
  }

  /**
   * Where each key comes once, and no other source has one of them: false where that turns out to be wrong. Joined as a whole
   * it takes a fraction of what `on conflict` takes, which looks up each key on its own and writes to the indexes
   * each time.
   */
  private async mergeDistinct({ table, target, rows }: Staged): Promise<boolean> {
    const name = quote(table.name);
    const names = table.columns.map((column) => quote(column.name));
    const isSame = table.primaryKey.map((key) => `kept.${quote(key)} = staged.${quote(key)}`).join(' and ');
    const updated = await this.client.query(
      `update ${name} as kept set ${names.map((column) => `${column} = staged.${column}`).join(', ')}
        from ${target} as staged
        where ${isSame} and kept._cq_source_name = $1`,
      [this.sourceName],
    );
    const left = rows - (updated.rowCount ?? 0);
    if (left === 0) return true;
    // In the order of the keys, so that two syncs that bring the same ones do not wait for each other.
    const inserted = await this.client.query(
      `insert into ${name} (${names.join(', ')})
        select ${names.join(', ')}
        from ${target} as staged
        where not exists (select from ${name} as kept where ${isSame})
        order by ${keyOf(table)}
        on conflict do nothing`,
    );
    return inserted.rowCount === left;
  }

  private async mergeAny({ table, target }: Staged): Promise<number> {
    const names = table.columns.map(({ name }) => quote(name));
    const key = keyOf(table);
    const updates = names.map((name) => `${name} = excluded.${name}`).join(', ');
    const { rowCount } = await this.client.query(
      `insert into ${quote(table.name)} (${names.join(', ')})
        select distinct on (${key}) ${names.join(', ')} from ${target} order by ${key}, ctid desc
        on conflict (${key}) do update set ${updates}`,
    );
    return rowCount ?? 0;
  }

  /** Undone where the work says false, or breaks a key. */
  private async attempt(work: () => Promise<boolean>): Promise<boolean> {
    await this.client.query('savepoint attempt');
    let isDone = false;
    try {
      isDone = await work();
    } catch (error) {
      if (errorCode(error) !== uniqueViolation) throw error;
    }
    await this.client.query(isDone ? 'release attempt' : 'rollback to attempt; release attempt');
    return isDone;
  }

  /**
   * Removes the rows of earlier syncs of this source, except where this sync could not look. That is asked of the reads
   * that came in the same stream: a read that was denied or failed keeps its Region, its scope, or without these the whole
   * table; a table without a single read is left alone. A Region that the spec left out (`skipped`) keeps nothing: it is no
   * longer part of the sync, as with the CloudQuery CLI. Incremental tables and their relations only grow, where there is a
   * state that they go by.
   */
  private async removeStale(table: TableSchema): Promise<{ removed: number; kept: number }> {
    if (this.options.hasState && this.isIncremental(table)) return { removed: 0, kept: 0 };
    const values = [this.sourceName, timestampText(this.syncTime)];
    const stale = 'stale._cq_source_name = $1 and stale._cq_sync_time < $2::timestamp';
    const name = quote(table.name);
    if (table.name === readsTable) {
      const { rowCount } = await this.client.query(`delete from ${name} as stale where ${stale}`, values);
      return { removed: rowCount ?? 0, kept: 0 };
    }
    const ofThisSync = `reads._cq_source_name = $1 and reads._cq_sync_time = $2::timestamp`;
    const names = [table.name, ...this.ancestors(table)];
    const { rows } = await this.client.query<{ any: boolean; incomplete: boolean }>(
      `select
          count(*) filter (where reads.table_name = $3) > 0 as any,
          count(*) filter (where ${isIncomplete}) > 0 as incomplete
        from ${readsTable} as reads
        where ${ofThisSync} and reads.table_name = any ($4)`,
      [...values, table.name, names],
    );
    const found = rows[0];
    if (found?.any !== true) {
      this.withoutReads.push(table.name);
      return { removed: 0, kept: await this.count(table, stale, values) };
    }
    if (this.progress.get(table.name) === 'created') return { removed: 0, kept: 0 };
    if (!found.incomplete) {
      const { rowCount } = await this.client.query(`delete from ${name} as stale where ${stale}`, values);
      return { removed: rowCount ?? 0, kept: 0 };
    }
    const { rowCount } = await this.client.query(
      `delete from ${name} as stale
        where ${stale}
          and not exists (
            select
            from ${readsTable} as reads
            where ${ofThisSync} and reads.table_name = any ($4) and ${isIncomplete} and ${coversStaleRow(table)}
          )`,
      [...values, table.name, names],
    );
    return { removed: rowCount ?? 0, kept: await this.count(table, stale, values) };
  }

  private async count(table: TableSchema, condition: string, values: readonly string[]): Promise<number> {
    const { rows } = await this.client.query<{ count: number }>(
      `select count(*)::int as count from ${quote(table.name)} as stale where ${condition}`,
      [...values],
    );
    return rows[0]?.count ?? 0;
  }

  private isIncremental(table: TableSchema): boolean {
    return (
      table.isIncremental || this.ancestors(table).some((name) => this.announced.get(name)?.isIncremental === true)
    );
  }

  /** A child's rows hang on its parents': where a parent was not read, nobody asked for its children. */
  private ancestors(table: TableSchema): string[] {
    const names: string[] = [];
    let parent = table.parent;
    while (parent !== undefined && !names.includes(parent)) {
      names.push(parent);
      parent = this.announced.get(parent)?.parent;
    }
    return names;
  }
}

/** Of its own reads every one that is not complete; of a parent's only the whole ones: a scope there names a row of the parent. */
const isIncomplete = `reads.outcome in ('denied', 'failed') and (reads.table_name = $3 or reads.scope = '')`;

/** Whether the stale row belongs to what the read did not bring; in doubt it does. */
function coversStaleRow(table: TableSchema): string {
  const has = (name: string | undefined): name is string =>
    name !== undefined && table.columns.some((column) => column.name === name);
  const conditions: string[] = [];
  const asker = ['request_account_id', 'account_id'].find(has);
  if (asker !== undefined) conditions.push(`stale.${quote(asker)} = reads.account_id`);
  if (has(table.regionColumn)) {
    conditions.push(
      `(reads.region = '' or stale.${quote(table.regionColumn)} = reads.region or reads.table_name <> $3)`,
    );
  }
  if (has(table.scopeColumn))
    conditions.push(`(reads.scope = '' or stale.${quote(table.scopeColumn)}::text = reads.scope)`);
  return conditions.length === 0 ? 'true' : conditions.join(' and ');
}

function keyOf(table: TableSchema): string {
  return table.primaryKey.map(quote).join(', ');
}

function sameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name, index) => name === right[index]);
}

/** `2026-11-23T04:51:34.123456`, in UTC. */
export function timestampText(microseconds: bigint): string {
  const seconds = microseconds / 1_000_000n;
  const fraction = (microseconds % 1_000_000n).toString().padStart(6, '0');
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}.${fraction}`;
}
