import { lstat, mkdtemp, open, readdir, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The rows that were read could not be kept. No fault of AWS, so it is none of its outcomes: the sync ends. */
export class SpoolError extends Error {
  override readonly name = 'SpoolError';

  /** @param rows whose: a table, or of all of them. */
  constructor(rows: string, cause: unknown) {
    const what = cause instanceof Error ? cause.message : String(cause);
    super(
      `keeping the rows of ${rows} in a temporary file under ${tmpdir()}: ${what}. Nothing was sent, so every stored row ` +
        'stays as it was. Make room there or let TMPDIR name another folder, and run the sync again.',
      { cause },
    );
  }
}

const prefix = 'aws-delegation-spool-';
const staleAfterMs = 600_000;

interface Piece {
  offset: number;
  length: number;
}

/**
 * Where record batches wait until every outcome is known: a private temporary file. Its name is removed as soon as it is
 * open, so that nothing is left behind even by a process that is killed; what one leaves that is killed in between, a later
 * one removes.
 */
export class Spool {
  readonly #pieces = new Map<string, Piece[]>();
  readonly #file: FileHandle;
  readonly #directory: string;
  #end = 0;

  private constructor(file: FileHandle, directory: string) {
    this.#file = file;
    this.#directory = directory;
  }

  static async open(): Promise<Spool> {
    await removeStale(tmpdir());
    const directory = await mkdtemp(join(tmpdir(), prefix)).catch((error: unknown) => {
      throw new SpoolError('all tables', error);
    });
    try {
      const file = await open(join(directory, 'spool'), 'wx+', 0o600);
      // Windows does not let go of a name that is open; there close() removes it.
      if (process.platform !== 'win32') await rm(directory, { recursive: true });
      return new Spool(file, directory);
    } catch (error) {
      await rm(directory, { recursive: true, force: true });
      throw new SpoolError('all tables', error);
    }
  }

  async append(table: string, bytes: Uint8Array): Promise<void> {
    const piece = { offset: this.#end, length: bytes.length };
    this.#end += bytes.length;
    let written = 0;
    while (written < bytes.length) {
      const { bytesWritten } = await this.#file.write(bytes, written, bytes.length - written, piece.offset + written);
      written += bytesWritten;
    }
    const pieces = this.#pieces.get(table) ?? [];
    pieces.push(piece);
    this.#pieces.set(table, pieces);
  }

  /** The batches of a table in the order in which they were appended. */
  async *read(table: string): AsyncIterable<Uint8Array> {
    for (const { offset, length } of this.#pieces.get(table) ?? []) {
      const bytes = Buffer.allocUnsafe(length);
      const { bytesRead } = await this.#file.read(bytes, 0, length, offset);
      if (bytesRead !== length) throw new Error(`the spool of ${table} ends after ${bytesRead} of ${length} bytes`);
      yield bytes;
    }
  }

  async close(): Promise<void> {
    await this.#file.close();
    await rm(this.#directory, { recursive: true, force: true });
  }
}

/** On Windows, where a spool keeps its name, one that is in use cannot be removed. */
async function removeStale(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(prefix))) {
    const directory = join(parent, name);
    try {
      const { uid, mtimeMs } = await lstat(directory);
      if (uid !== (process.getuid?.() ?? uid) || mtimeMs > Date.now() - staleAfterMs) continue;
      await rm(directory, { recursive: true });
    } catch {
      // Another sync was faster, or it is in use.
    }
  }
}
