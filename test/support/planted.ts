import { randomBytes } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Needle {
  readonly secret: string;
  readonly form: string;
  readonly bytes: Buffer;
}

export interface Leak {
  readonly secret: string;
  readonly form: string;
  readonly where: string;
  /** Around it. */
  readonly text: string;
}

/** Enough to be found by, and to be of use to somebody. */
const fragmentLength = 12;

/** Secrets that were put somewhere on purpose, to be looked for in everything that is written. */
export class Planted {
  /** By their first two bytes, so that a search is one walk through a database and not a thousand. */
  readonly #needles = new Map<number, Needle[]>();
  readonly #searched: string[] = [];

  /** Adds a value: its first and last characters are looked for too, raw and encoded. */
  add(name: string, value: string): string {
    if (value.length < fragmentLength) throw new Error(`${name} is too short to be told from other text`);
    const parts = { whole: value, beginning: value.slice(0, fragmentLength), end: value.slice(-fragmentLength) };
    for (const [part, text] of Object.entries(parts)) {
      const bytes = Buffer.from(text);
      const forms: Record<string, string> = {
        raw: text,
        JSON: JSON.stringify(text).slice(1, -1),
        'percent-encoded': encodeURIComponent(text),
        hex: bytes.toString('hex'),
        HEX: bytes.toString('hex').toUpperCase(),
      };
      // Within something longer a text can begin at each of three places of a group; its own edges are left out.
      for (const offset of [0, 1, 2]) {
        const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
        const inner = encoded.slice(offset === 0 ? 0 : offset + 1, -4);
        forms[`base64 at ${offset}`] = inner;
        forms[`base64url at ${offset}`] = inner.replaceAll('+', '-').replaceAll('/', '_');
      }
      for (const [form, needle] of Object.entries(forms)) {
        const one = { secret: name, form: `${part}, ${form}`, bytes: Buffer.from(needle) };
        const beginning = one.bytes.readUInt16BE(0);
        this.#needles.set(beginning, [...(this.#needles.get(beginning) ?? []), one]);
      }
    }
    return value;
  }

  /** A random text that begins with `prefix`; the characters that encodings change stand in its middle. */
  make(name: string, prefix: string, awkward = ''): string {
    const random = (): string => randomBytes(12).toString('hex');
    return this.add(name, `${prefix}${random()}${awkward}${random()}`);
  }

  find(where: string, content: string | Buffer): Leak[] {
    this.#searched.push(where);
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    const hasNeedle = new Uint8Array(0x1_00_00);
    for (const beginning of this.#needles.keys()) hasNeedle[beginning] = 1;
    const found = new Map<Needle, Leak>();
    for (let at = 0; at + fragmentLength <= bytes.length; at++) {
      const beginning = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
      if (hasNeedle[beginning] !== 1) continue;
      for (const needle of this.#needles.get(beginning) ?? []) {
        const end = at + needle.bytes.length;
        if (found.has(needle) || !bytes.subarray(at, end).equals(needle.bytes)) continue;
        const text = bytes.toString('latin1', Math.max(0, at - 60), end + 20);
        found.set(needle, { secret: needle.secret, form: needle.form, where, text });
      }
    }
    return [...found.values()];
  }

  /** In the names and contents of all files of a folder, apart from `ours`. */
  findInFiles(folder: string, ours: ReadonlySet<string> = new Set()): Leak[] {
    return readdirSync(folder).flatMap((name) => {
      const path = join(folder, name);
      const status = lstatSync(path);
      if (ours.has(path)) return [];
      const named = this.find(`the name of ${path}`, name);
      if (status.isDirectory()) return [...named, ...this.findInFiles(path, ours)];
      return status.isFile() ? [...named, ...this.find(path, readFileSync(path))] : named;
    });
  }

  /** What was looked at so far. */
  get searched(): readonly string[] {
    return this.#searched;
  }
}
