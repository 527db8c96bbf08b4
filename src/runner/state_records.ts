import { status } from '@grpc/grpc-js';
import {
  Table as ArrowTable,
  DataType,
  makeData,
  RecordBatch,
  Struct,
  tableFromIPC,
  tableToIPC,
  vectorFromArray,
  type Field,
  type Schema,
} from '@cloudquery/plugin-sdk-javascript/arrow';
import { errorMessage } from '../postgres/index.js';
import { intOf } from './schema.js';

export interface Entry {
  readonly value: string | null;
  readonly version: string | null;
}

export function* entriesOf(batch: RecordBatch): Generator<[key: string, Entry]> {
  const [keys, values, versions] = ['key', 'value', 'version'].map((name) => batch.getChild(name as never));
  for (let row = 0; row < batch.numRows; row++) {
    const [key, value, version] = [keys?.get(row), values?.get(row), versions?.get(row)] as unknown[];
    if (typeof key !== 'string') throw new RefusedError(status.INVALID_ARGUMENT, 'an entry of the state has no key');
    yield [
      key,
      {
        value: typeof value === 'string' ? value : null,
        version: typeof version === 'bigint' ? version.toString() : null,
      },
    ];
  }
}

export function recordOf(schema: Schema, rows: readonly (string | null)[][]): Uint8Array {
  const children = schema.fields.flatMap((field, column) => {
    const parse = parserOf(field);
    const values = rows.map((row) => {
      const text = row[column] ?? null;
      return text === null ? null : parse(text);
    });
    return vectorFromArray(values, field.type as DataType).data;
  });
  const data = makeData({ type: new Struct(schema.fields), length: rows.length, nullCount: 0, children });
  return tableToIPC(new ArrowTable(schema, [new RecordBatch(schema, data)]), 'stream');
}

export function decoded<Result>(decode: () => Result): Result {
  try {
    return decode();
  } catch (error) {
    throw new RefusedError(status.INVALID_ARGUMENT, `what came is no Arrow stream of a table: ${errorMessage(error)}`);
  }
}

export function decodeSchema(ipc: Uint8Array): Schema {
  return decoded(() => tableFromIPC(ipc).schema);
}

/** Of PostgreSQL's text, for the types of a state and of the IDs of rows. */
function parserOf(field: Field): (text: string) => unknown {
  const type = field.type as DataType;
  if (DataType.isUtf8(type)) return (text) => text;
  if (DataType.isInt(type) && intOf(type).bitWidth === 64) return (text) => BigInt(text);
  if (DataType.isFixedSizeBinary(type)) return (text) => Buffer.from(text.replaceAll('-', ''), 'hex');
  throw new RefusedError(status.INVALID_ARGUMENT, `${field.name}: a column of this type is not read here`);
}

export class RefusedError extends Error {
  constructor(
    readonly code: status,
    message: string,
  ) {
    super(message);
  }
}
