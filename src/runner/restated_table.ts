import type { Client } from 'pg';
import { BinaryCopy } from '../postgres/index.js';
import { fieldWriters } from './encode.js';
import { quote, readsTable } from './names.js';
import type { Target } from './newest_sync.js';
import { columnName, decodeRecords } from './schema.js';
import { timestampText } from './sync_time.js';

/** Rows of a table that come from the spec and its files, as a sync would send them. */
export interface StatedTable {
  readonly name: string;
  /** CloudQuery's two columns first, those that the client adds left out. */
  readonly columns: readonly string[];
  readonly key: readonly string[];
  /** Columns that tell what the sync did, and stay as it wrote them. */
  readonly asSynced: readonly string[];
  /** Arrow IPC streams. */
  readonly records: readonly Uint8Array[];
}

/** The rows of one stated table, beside those that are stored: they are compared, and may replace them. */
export class Replacement {
  rows = 0n;
  #staging = '';
  readonly #columns: readonly string[];
  readonly #list: string;
  readonly #table: string;
  readonly #values: readonly string[];

  constructor(
    readonly client: Client,
    readonly sourceName: string,
    readonly syncTime: bigint,
    readonly stated: StatedTable,
    readonly target: Target,
  ) {
    this.#columns = stated.columns.map(columnName).filter((column) => target.columns.has(column));
    this.#list = ['_cq_sync_time', '_cq_source_name', ...this.#columns].map(quote).join(', ');
    this.#table = quote(stated.name);
    this.#values = [sourceName, timestampText(syncTime)];
  }

  async stage(number: number): Promise<void> {
    const name = quote(`_cq_stated_${number + 1}`);
    await this.client.query(`create temporary table ${name} (like ${this.#table}) on commit drop`);
    this.#staging = `pg_temp.${name}`;
    const target = `${this.#staging} (${this.#list})`;
    const copy = new BinaryCopy(this.client, target, this.#columns.length + 2, (row) => {
      row.timestamp(this.syncTime);
      row.bytes(Buffer.from(this.sourceName));
    });
    for (const record of this.stated.records) {
      for (const batch of decodeRecords(record).batches) {
        const writers = fieldWriters(this.stated.name, batch).filter((_, index) =>
          this.target.columns.has(columnName(batch.schema.fields[index]?.name ?? '')),
        );
        for (let row = 0; row < batch.numRows; row++) {
          copy.startRow();
          for (const write of writers) write(row, copy);
          this.rows++;
          if (copy.isFull) await copy.flush();
        }
      }
    }
    await copy.end();
    await this.#takeOver(this.stated.asSynced.filter((column) => this.target.columns.has(column)));
  }

  /** From the row with the same key. Without one nobody knows what the sync did. */
  async #takeOver(columns: readonly string[]): Promise<void> {
    if (columns.length === 0) return;
    const assigned = columns.map((column) => `${quote(column)} = stored.${quote(column)}`).join(', ');
    await this.client.query(
      `update ${this.#staging} as stated set ${assigned}
        from ${this.#staging} as same
        left join ${this.#table} as stored
          on stored._cq_id = same._cq_id and stored._cq_source_name = $1 and stored._cq_sync_time = $2::timestamp
        where same._cq_id = stated._cq_id`,
      [...this.#values],
    );
  }

  async isAsStored(): Promise<boolean> {
    const stored = `select ${this.#list} from ${this.#table} where _cq_source_name = $1 and _cq_sync_time = $2::timestamp`;
    const stated = `select ${this.#list} from ${this.#staging}`;
    const { rows } = await this.client.query<{ differs: boolean }>(
      `select exists ((${stored}) except all (${stated})) or exists ((${stated}) except all (${stored})) as differs`,
      [...this.#values],
    );
    return rows[0]?.differs === false;
  }

  async replace(): Promise<void> {
    await this.client.query(`delete from ${this.#table} where _cq_source_name = $1 and _cq_sync_time = $2::timestamp`, [
      ...this.#values,
    ]);
    if (this.target.isKeyed) {
      // Write mode `overwrite` leaves rows of earlier syncs, which a sync would have overwritten, too.
      await this.client.query(
        `delete from ${this.#table} as earlier using ${this.#staging} as stated where earlier._cq_id = stated._cq_id`,
      );
    }
    await this.client.query(`insert into ${this.#table} (${this.#list}) select ${this.#list} from ${this.#staging}`);
    await this.client.query(
      `update ${readsTable} set row_count = $3
        where _cq_source_name = $1 and _cq_sync_time = $2::timestamp and table_name = $4 and operation = '' and scope = ''`,
      [...this.#values, this.rows.toString(), this.stated.name],
    );
  }
}
