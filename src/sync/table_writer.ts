import type { Schema } from '@cloudquery/plugin-sdk-javascript/arrow';
import { arrowSchemaOf, cloudQueryColumns, cqId, type AnnouncedKey } from '../schema/arrow.js';
import type { Table, TableColumn } from '../schema/index.js';
import { IdSet } from './id_set.js';
import { BatchBuilder } from './record_batch.js';
import { SpoolError, type Spool } from './spool.js';

const rowsPerBatch = 5_000;
/** Long texts fill a batch before its rows do: a client that is slow has several batches waiting for it, all in memory. */
const textBytesPerBatch = 1_000_000;

/** Turns the items of one table into rows and these into spooled record batches. */
export class TableWriter {
  readonly schema: Schema;
  readonly #batch: BatchBuilder;
  /** In alphabetical order. */
  readonly #key: readonly TableColumn[];
  readonly #isAskedIn: boolean;
  readonly #written = new IdSet();
  rowCount = 0;
  /** `_cq_id` of the row that was written last, of those that the client did not have. */
  lastId: Uint8Array | undefined;

  constructor(
    readonly table: Table,
    parent: Table | null,
    readonly spool: Spool,
    readonly accountId: string,
    key: AnnouncedKey = 'natural',
    readonly had: (id: Uint8Array) => boolean = () => false,
  ) {
    this.schema = arrowSchemaOf(table, parent, key);
    const columns = [...cloudQueryColumns, ...table.columns];
    this.#batch = new BatchBuilder(this.schema, columns);
    this.#key = table.columns
      .filter(({ name }) => table.primaryKey.includes(name))
      .sort((left, right) => (left.name < right.name ? -1 : 1));
    this.#isAskedIn = isAskedIn(table);
  }

  /**
   * @returns the row's `_cq_id`, for its children; null for an item whose key was there before. AWS can repeat one when a
   * list changes between two pages, and in PostgreSQL it is one row: counted twice, a row would seem to be missing.
   * @throws {TypeError} for an item without a part of its key: PostgreSQL could not hold the row, and it must not get lost.
   */
  claim(item: object, region: string): Uint8Array | null {
    const id = cqId(
      this.#key.map((column) => {
        const value = this.#valueOf(column, item, region);
        if (value === null || value === undefined) {
          throw new TypeError(`${this.table.name}: AWS sent an item without ${column.name}, which is part of its key`);
        }
        return [column.name, typeof value === 'string' ? value : JSON.stringify(value)];
      }),
    );
    if (this.#written.has(id)) return null;
    this.#written.add(id);
    return id;
  }

  /** {@link claim} and {@link write} in one. */
  async add(item: object, region: string, parentId: Uint8Array | null): Promise<Uint8Array | null> {
    const id = this.claim(item, region);
    if (id !== null) await this.write(id, item, region, parentId);
    return id;
  }

  /** @param id as {@link claim} gave it for this item. */
  async write(id: Uint8Array, item: object, region: string, parentId: Uint8Array | null): Promise<void> {
    const row: unknown[] = [id, parentId];
    for (const column of this.table.columns) row.push(this.#valueOf(column, item, region));
    this.#batch.append(row);
    if (!this.had(id)) this.lastId = id;
    this.rowCount++;
    if (this.#batch.length >= rowsPerBatch || this.#batch.textBytes >= textBytesPerBatch) await this.flush();
  }

  #valueOf({ name, member }: TableColumn, item: object, region: string): unknown {
    if (name === this.table.accountColumn) return this.accountId;
    if (member === 'region' && this.#isAskedIn) return region;
    return (item as Readonly<Record<string, unknown>>)[member];
  }

  async flush(): Promise<void> {
    if (this.#batch.length === 0) return;
    try {
      await this.spool.append(this.table.name, this.#batch.encode());
    } catch (error) {
      throw new SpoolError(this.table.name, error);
    }
  }
}

/** Such a table has a column for the Region that was asked. */
function isAskedIn({ regionalService, globalService }: Table): boolean {
  return regionalService !== null || globalService !== null;
}
