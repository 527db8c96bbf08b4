import {
  Binary,
  makeData,
  RecordBatch,
  Struct,
  Table as ArrowTable,
  tableToIPC,
  type DataType,
  type Schema,
} from '@cloudquery/plugin-sdk-javascript/arrow';
import type { TableColumn } from '../schema/index.js';
import { builderOf, TextBuilder, type ColumnBuilder } from './column_builder.js';

/** Values by column, in the order of the columns; null and undefined are SQL's null. */
export type Row = readonly unknown[];

/**
 * Rows of one table on their way to a record batch. Each value goes into the buffer of its column at once, and the buffers
 * are used again for the next batch: rows that waited as objects would outlive their youth, and the heap would grow with
 * the organization.
 */
export class BatchBuilder {
  readonly #schema: Schema;
  readonly #columns: readonly ColumnBuilder[];
  readonly #texts: readonly TextBuilder[];
  #length = 0;

  constructor(schema: Schema, columns: readonly TableColumn[]) {
    this.#schema = schema;
    this.#columns = columns.map((column, index) =>
      builderOf((schema.fields[index]?.type ?? new Binary()) as DataType, column.type),
    );
    this.#texts = this.#columns.filter((column) => column instanceof TextBuilder);
  }

  get length(): number {
    return this.#length;
  }

  /** Of the texts, in bytes: what can make a batch large. */
  get textBytes(): number {
    return this.#texts.reduce((sum, column) => sum + column.size(this.#length), 0);
  }

  /** A row that cannot be encoded throws and is not there; the next one takes its place. */
  append(row: Row): void {
    const place = this.#length;
    for (const [index, column] of this.#columns.entries()) {
      const value = row[index];
      if (value === null || value === undefined) column.setNull(place);
      else column.set(place, value);
    }
    this.#length++;
  }

  /** The rows as an Arrow IPC stream, schema included; the builder is empty afterwards. */
  encode(): Uint8Array {
    const length = this.#length;
    const children = this.#columns.map((column) => column.data(length));
    const data = makeData({ type: new Struct(this.#schema.fields), length, nullCount: 0, children });
    this.#length = 0;
    return tableToIPC(new ArrowTable(this.#schema, [new RecordBatch(this.#schema, data)]), 'stream');
  }
}
