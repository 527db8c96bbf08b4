import type { Schema } from '@cloudquery/plugin-sdk-javascript/arrow';
import { arrowSchemaOf, cloudQueryColumns, cqId, type AnnouncedKey } from '../schema/arrow.js';
import type { Table } from '../schema/index.js';
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
  readonly #key: readonly { name: string; index: number }[];
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
    this.#key = table.primaryKey
      .map((name) => ({ name, index: columns.findIndex((column) => column.name === name) }))
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
    for (const { name, member } of this.table.columns) {
      if (name === this.table.accountColumn) row.push(this.accountId);
      else if (member === 'region' && isAskedIn(this.table)) row.push(region);
      else row.push(members[member]);
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
    if (this.#written.has(id)) return null;
    row[0] = id;
    this.#batch.append(row);
    this.#written.add(id);
    if (!this.had(id)) this.lastId = id;
    this.rowCount++;
    if (this.#batch.length >= rowsPerBatch || this.#batch.textBytes >= textBytesPerBatch) await this.flush();
    return id;
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
