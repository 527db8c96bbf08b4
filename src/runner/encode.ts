import { DataType, Precision, type Data, type Field, type RecordBatch } from '@cloudquery/plugin-sdk-javascript/arrow';
import { storableJson, withoutNul, type BinaryCopy } from '../postgres/index.js';
import { SyncError } from './errors.js';
import { intOf, microsecondsPer } from './schema.js';

type WriteField = (row: number, copy: BinaryCopy) => void;

/** The columns of the batch as writers of one field each, in the order of the fields. */
export function fieldWriters(table: string, batch: RecordBatch): WriteField[] {
  return batch.schema.fields.map((field, index) => {
    const data = batch.data.children[index];
    if (data === undefined)
      throw new SyncError(`${table}.${field.name}: the plugin sent a record without this column.`);
    const write = valueWriter(table, field, data);
    if (data.nullCount === 0) return write;
    return (row, copy) => {
      if (data.getValid(row)) write(row, copy);
      else copy.nullField();
    };
  });
}

function valueWriter(table: string, field: Field, data: Data): WriteField {
  const extension = field.metadata.get('ARROW:extension:name');
  const type = field.type as DataType;
  if (extension === 'uuid') {
    const values = data.values as Uint8Array;
    return (row, copy) => {
      copy.bytes(values, row * 16, row * 16 + 16);
    };
  }
  if (DataType.isUtf8(type) || DataType.isLargeUtf8(type) || DataType.isBinary(type) || DataType.isLargeBinary(type)) {
    return bytesWriter(
      data,
      extension === 'json' ? 'json' : DataType.isUtf8(type) || DataType.isLargeUtf8(type) ? 'text' : 'bytes',
    );
  }
  if (DataType.isBool(type)) {
    const values = data.values as Uint8Array;
    return (row, copy) => {
      const bit = data.offset + row;
      copy.bool((((values[bit >> 3] ?? 0) >> (bit & 7)) & 1) === 1);
    };
  }
  if (DataType.isInt(type)) {
    const { bitWidth, isSigned } = intOf(type);
    if (bitWidth === 64) {
      const values = data.values as BigInt64Array;
      return (row, copy) => {
        copy.int8(values[row] ?? 0n);
      };
    }
    const values = data.values as Int32Array;
    if (bitWidth === 32 && !isSigned) {
      return (row, copy) => {
        copy.int8(BigInt(values[row] ?? 0));
      };
    }
    const isSmall = bitWidth === 8 || (bitWidth === 16 && isSigned);
    return (row, copy) => {
      if (isSmall) copy.int2(values[row] ?? 0);
      else copy.int4(values[row] ?? 0);
    };
  }
  if (DataType.isFloat(type)) {
    const values = data.values as Float64Array;
    return (row, copy) => {
      if (type.precision === Precision.SINGLE) copy.float4(values[row] ?? 0);
      else copy.float8(values[row] ?? 0);
    };
  }
  if (DataType.isTimestamp(type)) {
    const values = data.values as BigInt64Array;
    const factor = microsecondsPer[type.unit];
    return (row, copy) => {
      const value = values[row] ?? 0n;
      copy.timestamp(factor === 0n ? value / 1000n : value * factor);
    };
  }
  if (DataType.isDate(type)) {
    const values = data.values as Int32Array | BigInt64Array;
    return (row, copy) => {
      const value = values[row] ?? 0;
      copy.date(typeof value === 'bigint' ? Number(value / 86_400_000n) : value);
    };
  }
  throw new SyncError(`${table}.${field.name}: the Arrow type ${String(field.type)} cannot be written.`);
}

/** The bytes go from Arrow to PostgreSQL as they are; only a column that has something unstorable is looked at value by value. */
function bytesWriter(data: Data, kind: 'text' | 'json' | 'bytes'): WriteField {
  const offsets = data.valueOffsets as Int32Array | BigInt64Array;
  const { buffer, byteOffset, byteLength } = data.values as Uint8Array;
  const values = Buffer.from(buffer, byteOffset, byteLength);
  const from = Number(offsets[0] ?? 0);
  const to = Number(offsets[data.length] ?? 0);
  const column = values.subarray(from, to);
  const needsCare = kind === 'text' ? column.includes(0) : kind === 'json' ? column.includes('\\u') : false;
  return (row, copy) => {
    const start = Number(offsets[row] ?? 0);
    const end = Number(offsets[row + 1] ?? 0);
    if (kind === 'json') {
      if (needsCare) copy.jsonb(Buffer.from(storableJson(values.toString('utf8', start, end))));
      else copy.jsonb(values, start, end);
    } else if (needsCare) {
      copy.bytes(withoutNul(values.subarray(start, end)));
    } else {
      copy.bytes(values, start, end);
    }
  };
}
