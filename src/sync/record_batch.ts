import {
  Binary,
  makeData,
  RecordBatch,
  Struct,
  Table as ArrowTable,
  tableToIPC,
  type Data,
  type DataType,
  type Schema,
} from '@cloudquery/plugin-sdk-javascript/arrow';
import type { TableColumn } from '../schema/index.js';

/** Values by column, in the order of the columns; null and undefined are SQL's null. */
export type Row = readonly unknown[];

/** Some thousands of rows of one table as an Arrow IPC stream, schema included. */
export function encodeRecordBatch(schema: Schema, columns: readonly TableColumn[], rows: readonly Row[]): Uint8Array {
  const children = columns.map((column, index) =>
    columnData(column, (schema.fields[index]?.type ?? new Binary()) as DataType, rows, index),
  );
  const data = makeData({ type: new Struct(schema.fields), length: rows.length, nullCount: 0, children });
  return tableToIPC(new ArrowTable(schema, [new RecordBatch(schema, data)]), 'stream');
}

function columnData(column: TableColumn, type: DataType, rows: readonly Row[], index: number): Data {
  const length = rows.length;
  const nullBitmap = new Uint8Array(Math.ceil(length / 8));
  let nullCount = 0;
  /** Calls `put` for each value that is there, and marks the others as null. */
  const each = (put: (value: unknown, place: number) => void): void => {
    for (let place = 0; place < length; place++) {
      const value = rows[place]?.[index];
      if (value === null || value === undefined) {
        nullCount++;
      } else {
        nullBitmap[place >> 3] = (nullBitmap[place >> 3] ?? 0) | (1 << (place & 7));
        put(value, place);
      }
    }
  };
  const fixed = (data: Uint8Array | Int32Array | BigInt64Array): Data =>
    makeData({ type, length, nullCount, nullBitmap, data } as Parameters<typeof makeData>[0]);

  switch (column.type) {
    case 'text':
    case 'json': {
      const encode = column.type === 'json' ? (value: unknown) => JSON.stringify(value) : textOf;
      const parts: Buffer[] = [];
      const valueOffsets = new Int32Array(length + 1);
      const sizes = new Int32Array(length);
      each((value, place) => {
        const bytes = Buffer.from(encode(value));
        parts.push(bytes);
        sizes[place] = bytes.length;
      });
      for (let place = 0; place < length; place++) {
        valueOffsets[place + 1] = (valueOffsets[place] ?? 0) + (sizes[place] ?? 0);
      }
      const data = Buffer.concat(parts);
      return makeData({ type, length, nullCount, nullBitmap, valueOffsets, data } as Parameters<typeof makeData>[0]);
    }
    case 'boolean': {
      const data = new Uint8Array(Math.ceil(length / 8));
      each((value, place) => {
        if (value === true) data[place >> 3] = (data[place >> 3] ?? 0) | (1 << (place & 7));
      });
      return fixed(data);
    }
    case 'integer': {
      const data = new Int32Array(length);
      each((value, place) => {
        data[place] = Number(value);
      });
      return fixed(data);
    }
    case 'bigint': {
      const data = new BigInt64Array(length);
      each((value, place) => {
        data[place] = BigInt(value as number);
      });
      return fixed(data);
    }
    case 'timestamp': {
      const data = new BigInt64Array(length);
      each((value, place) => {
        data[place] = BigInt((value as Date).getTime()) * 1000n;
      });
      return fixed(data);
    }
    case 'uuid': {
      const data = new Uint8Array(length * 16);
      each((value, place) => {
        data.set(value as Uint8Array, place * 16);
      });
      return fixed(data);
    }
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
