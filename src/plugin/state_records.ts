import {
  Table as ArrowTable,
  makeData,
  RecordBatch,
  Struct,
  tableFromIPC,
  tableToIPC,
  Uint64,
  Utf8,
  vectorFromArray,
  type Data,
  type Schema,
  type Vector,
} from '@cloudquery/plugin-sdk-javascript/arrow';
import { createColumn } from '@cloudquery/plugin-sdk-javascript/schema/column';
import { createTable, toArrowSchema } from '@cloudquery/plugin-sdk-javascript/schema/table';

export interface Entry {
  value: string;
  version: bigint;
}

/** As in Go: the key may be null in the schema, and the destination makes it `not null`. */
export function stateSchema(name: string): Schema {
  return toArrowSchema(
    createTable({
      name,
      columns: [
        createColumn({ name: 'key', type: new Utf8(), primaryKey: true }),
        createColumn({ name: 'value', type: new Utf8() }),
        createColumn({ name: 'version', type: new Uint64() }),
      ],
    }),
  );
}

export function recordOf(schema: Schema, entries: readonly (Entry & { key: string })[]): Uint8Array {
  const texts = (values: string[]): readonly Data[] => vectorFromArray(values, new Utf8()).data;
  const numbers = (values: bigint[]): readonly Data[] => vectorFromArray(values, new Uint64()).data;
  const children = [
    ...texts(entries.map(({ key }) => key)),
    ...texts(entries.map(({ value }) => value)),
    ...numbers(entries.map(({ version }) => version)),
  ];
  const data = makeData({ type: new Struct(schema.fields), length: entries.length, nullCount: 0, children });
  return tableToIPC(new ArrowTable(schema, [new RecordBatch(schema, data)]), 'stream');
}

export function batchesOf(record: Uint8Array): readonly RecordBatch[] {
  const unreadable = (cause?: unknown): Error =>
    new UnreadableError(`${record.length} bytes that are no Arrow record`, { cause });
  let table: ArrowTable;
  try {
    table = tableFromIPC(record);
  } catch (error) {
    throw unreadable(error);
  }
  // What Arrow makes of a few bytes of anything.
  if (table.schema.fields.length === 0) throw unreadable();
  return table.batches;
}

export function columnOf(record: RecordBatch, name: string): Vector {
  const column: Vector | null = record.getChild(name as never);
  if (column === null) {
    const names = record.schema.fields.map((field) => field.name);
    throw new UnreadableError(`a record without the column ${name} (${names.join(', ')})`);
  }
  return column;
}

export class UnreadableError extends Error {}
