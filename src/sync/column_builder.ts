import { makeData, type Data, type DataType } from '@cloudquery/plugin-sdk-javascript/arrow';
import type { TableColumn } from '../schema/index.js';

const firstCapacity = 64;

/** The values of one column, in the buffers that Arrow sends. They are used again for the next batch. */
export abstract class ColumnBuilder {
  protected validity: Uint8Array = new Uint8Array(firstCapacity / 8);

  constructor(protected readonly type: DataType) {}

  abstract set(place: number, value: unknown): void;
  abstract data(length: number): Data;

  setNull(place: number): void {
    this.setValid(place, false);
  }

  /** Bits of the batch before may still be there, so each is written either way. */
  protected setValid(place: number, isValid: boolean): void {
    this.validity = withRoomFor(this.validity, (place >> 3) + 1);
    setBit(this.validity, place, isValid);
  }

  protected make(length: number, buffers: object): Data {
    const nullBitmap = this.validity.subarray(0, (length + 7) >> 3);
    return makeData({ type: this.type, length, nullCount: -1, nullBitmap, ...buffers } as Parameters<
      typeof makeData
    >[0]);
  }
}

/** Text, and JSON as text. */
export class TextBuilder extends ColumnBuilder {
  #offsets = new Int32Array(firstCapacity);
  #bytes = Buffer.allocUnsafe(firstCapacity * 16);

  constructor(
    type: DataType,
    readonly encode: (value: unknown) => string,
  ) {
    super(type);
  }

  size(length: number): number {
    return this.#offsets[length] ?? 0;
  }

  override set(place: number, value: unknown): void {
    const text = this.encode(value);
    const start = this.#offsets[place] ?? 0;
    // UTF-8 takes at most three bytes for what is one unit of UTF-16.
    this.#bytes = withRoomFor(this.#bytes, start + text.length * 3);
    this.#end(place, start + this.#bytes.write(text, start));
    this.setValid(place, true);
  }

  override setNull(place: number): void {
    this.#end(place, this.#offsets[place] ?? 0);
    super.setNull(place);
  }

  override data(length: number): Data {
    const valueOffsets = this.#offsets.subarray(0, length + 1);
    return this.make(length, { valueOffsets, data: this.#bytes.subarray(0, this.size(length)) });
  }

  #end(place: number, end: number): void {
    this.#offsets = withRoomFor(this.#offsets, place + 2);
    this.#offsets[place + 1] = end;
  }
}

/** How the values of a type lie in memory. */
interface Storage<Values extends Buffers = Buffers> {
  readonly empty: () => Values;
  /** Elements of the array for so many values. */
  readonly size: (values: number) => number;
  readonly put: (values: Values, place: number, value: unknown) => void;
}

type Buffers = Uint8Array | Int32Array | BigInt64Array;

const storage = <Values extends Buffers>(
  empty: () => Values,
  put: Storage<Values>['put'],
  size: Storage['size'] = (values) => values,
): Storage => ({ empty, put: put as Storage['put'], size });

const storages: Record<Exclude<TableColumn['type'], 'text' | 'json'>, Storage> = {
  boolean: storage(
    () => new Uint8Array(firstCapacity / 8),
    (values, place, value) => {
      setBit(values, place, value === true);
    },
    (values) => (values + 7) >> 3,
  ),
  integer: storage(
    () => new Int32Array(firstCapacity),
    (values, place, value) => {
      values[place] = Number(value);
    },
  ),
  bigint: storage(
    () => new BigInt64Array(firstCapacity),
    (values, place, value) => {
      values[place] = BigInt(value as number);
    },
  ),
  timestamp: storage(
    () => new BigInt64Array(firstCapacity),
    (values, place, value) => {
      values[place] = BigInt((value as Date).getTime()) * 1000n;
    },
  ),
  uuid: storage(
    () => new Uint8Array(firstCapacity * 16),
    (values, place, value) => {
      values.set(value as Uint8Array, place * 16);
    },
    (values) => values * 16,
  ),
};

class FixedBuilder extends ColumnBuilder {
  #values: Buffers;

  constructor(
    type: DataType,
    readonly storage: Storage,
  ) {
    super(type);
    this.#values = storage.empty();
  }

  override set(place: number, value: unknown): void {
    this.#reserve(place + 1);
    this.storage.put(this.#values, place, value);
    this.setValid(place, true);
  }

  override setNull(place: number): void {
    this.#reserve(place + 1);
    super.setNull(place);
  }

  override data(length: number): Data {
    return this.make(length, { data: this.#values.subarray(0, this.storage.size(length)) });
  }

  #reserve(values: number): void {
    this.#values = withRoomFor(this.#values, this.storage.size(values));
  }
}

export function builderOf(type: DataType, column: TableColumn['type']): ColumnBuilder {
  if (column === 'text') return new TextBuilder(type, textOf);
  if (column === 'json') return new TextBuilder(type, jsonOf);
  return new FixedBuilder(type, storages[column]);
}

/** The array itself, or a copy of twice its size. */
function withRoomFor<Values extends Buffers>(values: Values, length: number): Values {
  if (length <= values.length) return values;
  const size = Math.max(length, values.length * 2);
  const larger = (
    Buffer.isBuffer(values) ? Buffer.allocUnsafe(size) : new (values.constructor as new (size: number) => Buffers)(size)
  ) as Values;
  larger.set(values as never);
  return larger;
}

function setBit(bytes: Uint8Array, place: number, isSet: boolean): void {
  const byte = bytes[place >> 3] ?? 0;
  const bit = 1 << (place & 7);
  bytes[place >> 3] = isSet ? byte | bit : byte & ~bit;
}

// PostgreSQL has no NUL, and UTF-8 no half of a surrogate pair. A sign takes the place of each: left out, it would make another
// name of a name, which could then match. In UTF-8 the second becomes that sign by itself.
const sign = '\ufffd';

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : jsonOf(value);
  return text.includes('\0') ? text.replaceAll('\0', sign) : text;
}

/** JSON.stringify escapes both. What follows another backslash is no escape. */
function jsonOf(value: unknown): string {
  const json = JSON.stringify(value);
  if (!json.includes('\\u')) return json;
  return json.replace(/\\(?:u(?:0000|d[89a-f][\da-f]{2})|[^])/g, (escape) => (escape.length > 2 ? sign : escape));
}
