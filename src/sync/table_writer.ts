import type { Schema } from '@cloudquery/plugin-sdk-javascript/arrow';
import { arrowSchemaOf, cloudQueryColumns, cqId, type AnnouncedKey } from '../schema/arrow.js';
import type { Table, TableColumn } from '../schema/index.js';
import { encodeRecordBatch, type Row } from './record_batch.js';
import { SpoolError, type Spool } from './spool.js';

const rowsPerBatch = 5_000;
/** Long policy texts fill a batch before its rows do. In UTF-16 units, roughly. */
const charactersPerBatch = 8_000_000;

/** Turns the items of one table into rows and these into spooled record batches. */
export class TableWriter {
  readonly schema: Schema;
  readonly #columns: readonly TableColumn[];
  readonly #key: readonly { name: string; index: number }[];
  #rows: Row[] = [];
  #characters = 0;
  readonly #written = new Set<string>();
  rowCount = 0;

  constructor(
    readonly table: Table,
    parent: Table | null,
    readonly spool: Spool,
    readonly accountId: string,
    key: AnnouncedKey = 'natural',
  ) {
    this.schema = arrowSchemaOf(table, parent, key);
    this.#columns = [...cloudQueryColumns, ...table.columns];
    this.#key = table.primaryKey
      .map((name) => ({ name, index: this.#columns.findIndex((column) => column.name === name) }))
      .sort((left, right) => (left.name < right.name ? -1 : 1));
  }

  /**
   * @returns the row's `_cq_id`, for its children; null for an item whose key was there before. AWS can repeat one when a
   * list changes between two pages, and in PostgreSQL it is one row: counted twice, a row would seem to be missing.
   * @throws {TypeError} for an item without a part of its key: PostgreSQL could not hold the row, and it must not get lost.
   */
  async write(item: object, region: string, parentId: Uint8Array | null): Promise<Uint8Array | null> {
    const members = item as Readonly<Record<string, unknown>>;
    const row: unknown[] = [null, parentId];
    let characters = 0;
    for (const { name, member } of this.table.columns) {
      if (name === this.table.accountColumn) row.push(this.accountId);
      else if (member === 'region' && this.table.regionalService !== null) row.push(region);
      else {
        const value = members[member];
        row.push(value);
        if (typeof value === 'string') characters += value.length;
      }
    }
    const id = cqId(
      this.#key.map(({ name, index }) => {
        const value = row[index];
        if (value === null || value === undefined) {
          throw new TypeError(`${this.table.name}: AWS sent an item without ${name}, which is part of its key`);
        }
        return [name, typeof value === 'string' ? value : JSON.stringify(value)];
      }),
    );
    const name = Buffer.from(id).toString('latin1');
    if (this.#written.has(name)) return null;
    this.#written.add(name);
    row[0] = id;
    this.#rows.push(row);
    this.#characters += characters;
    this.rowCount++;
    if (this.#rows.length >= rowsPerBatch || this.#characters >= charactersPerBatch) await this.flush();
    return id;
  }

  async flush(): Promise<void> {
    if (this.#rows.length === 0) return;
    const rows = this.#rows;
    this.#rows = [];
    this.#characters = 0;
    try {
      await this.spool.append(this.table.name, encodeRecordBatch(this.schema, this.#columns, rows));
    } catch (error) {
      throw new SpoolError(this.table.name, error);
    }
  }
}
