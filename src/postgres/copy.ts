import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { ClientBase } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';

const signature = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const trailer = Buffer.from([0xff, 0xff]);
const chunkBytes = 256 * 1024;
// Up to here a loop is faster than a view of the bytes that lives for one copy.
const inlineBytes = 64;

/** COPY ... TO STDOUT as CSV with a heading: bytes as PostgreSQL writes them, a null empty and an empty text in quotes. */
export function csvOf(client: ClientBase, query: string): Readable {
  return client.query(copyTo(`copy (${query}) to stdout with (format csv, header)`));
}

/**
 * COPY ... FROM STDIN in PostgreSQL's binary format: bytes that came as Arrow go out as they are, nothing is escaped, and a
 * microsecond stays one. Fields are written in the order of the columns.
 */
export class BinaryCopy {
  private readonly stream: ReturnType<typeof copyFrom>;
  private buffer = Buffer.allocUnsafe(chunkBytes);
  private used = 0;
  private failure: Error | undefined;
  /** What each row begins with: the number of its fields, and those that are the same in all rows. */
  private readonly head: Buffer;

  constructor(client: ClientBase, target: string, fieldCount: number, sameFields?: (copy: BinaryCopy) => void) {
    this.stream = client.query(copyFrom(`copy ${target} from stdin with (format binary)`));
    // Without a listener an error between two writes would end the process.
    this.stream.on('error', (error) => (this.failure ??= error));
    this.used = this.buffer.writeInt16BE(fieldCount, 0);
    sameFields?.(this);
    this.head = Buffer.from(this.buffer.subarray(0, this.used));
    this.used = 0;
    this.append(signature, 0, signature.length);
  }

  startRow(): void {
    this.append(this.head, 0, this.head.length);
  }

  nullField(): void {
    this.reserve(4);
    this.length(-1);
  }

  bytes(source: Uint8Array, start = 0, end = source.length): void {
    this.reserve(4);
    this.length(end - start);
    this.append(source, start, end);
  }

  /** jsonb: one byte for the version of the format, then the text. */
  jsonb(source: Uint8Array, start = 0, end = source.length): void {
    this.reserve(5);
    this.length(end - start + 1);
    this.buffer[this.used++] = 1;
    this.append(source, start, end);
  }

  bool(value: boolean): void {
    this.reserve(5);
    this.length(1);
    this.buffer[this.used++] = value ? 1 : 0;
  }

  int2(value: number): void {
    this.reserve(6);
    this.length(2);
    this.used = this.buffer.writeInt16BE(value, this.used);
  }

  int4(value: number): void {
    this.reserve(8);
    this.length(4);
    this.used = this.buffer.writeInt32BE(value, this.used);
  }

  int8(value: bigint): void {
    this.reserve(12);
    this.length(8);
    this.used = this.buffer.writeBigInt64BE(value, this.used);
  }

  float4(value: number): void {
    this.reserve(8);
    this.length(4);
    this.used = this.buffer.writeFloatBE(value, this.used);
  }

  float8(value: number): void {
    this.reserve(12);
    this.length(8);
    this.used = this.buffer.writeDoubleBE(value, this.used);
  }

  /** Microseconds since 1970 in UTC; PostgreSQL counts from 2000. */
  timestamp(microseconds: bigint): void {
    this.int8(microseconds - 946_684_800_000_000n);
  }

  /** Days since 1970. */
  date(days: number): void {
    this.int4(days - 10_957);
  }

  /** Asked between rows: whether it is time to {@link flush}. */
  get isFull(): boolean {
    return this.used >= chunkBytes;
  }

  /** Waits while the server is slower. */
  async flush(): Promise<void> {
    if (this.failure) throw this.failure;
    const chunk = this.buffer.subarray(0, this.used);
    // The stream keeps the chunk until it is written.
    this.buffer = Buffer.allocUnsafe(chunkBytes);
    this.used = 0;
    if (!this.stream.write(chunk)) await once(this.stream, 'drain');
  }

  async end(): Promise<void> {
    this.append(trailer, 0, trailer.length);
    await this.flush();
    const finished = once(this.stream, 'finish');
    this.stream.end();
    await finished;
    if (this.failure) throw this.failure;
  }

  /** Ends the COPY without a row of it; the transaction can only be rolled back afterwards. */
  async abort(): Promise<void> {
    if (this.failure) return;
    const closed = once(this.stream, 'close').catch(() => undefined);
    this.stream.destroy(new Error('aborted'));
    await closed;
  }

  private append(source: Uint8Array, start: number, end: number): void {
    this.reserve(end - start);
    if (end - start > inlineBytes) {
      this.buffer.set(source.subarray(start, end), this.used);
      this.used += end - start;
    } else {
      const { buffer } = this;
      let to = this.used;
      for (let from = start; from < end; from++) buffer[to++] = source[from] ?? 0;
      this.used = to;
    }
  }

  private length(value: number): void {
    const { buffer, used } = this;
    buffer[used] = value >>> 24;
    buffer[used + 1] = value >>> 16;
    buffer[used + 2] = value >>> 8;
    buffer[used + 3] = value;
    this.used = used + 4;
  }

  private reserve(size: number): void {
    if (this.used + size <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.used + size));
    this.buffer.copy(larger, 0, 0, this.used);
    this.buffer = larger;
  }
}
