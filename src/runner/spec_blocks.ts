import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document, type YAMLError } from 'yaml';
import { isTooDeep, textOfUtf8 } from '../text/index.js';
import { UsageError } from './errors.js';
import { expandPlaceholders, masked } from './placeholders.js';
import { unknownKey } from './unknown_key.js';

export interface Block {
  kind: 'source' | 'destination';
  /** `spec.yml, line 3` */
  at: (path: readonly PropertyKey[]) => string;
  value: unknown;
}

export function readBlocks(path: string, options: { env: NodeJS.ProcessEnv; cwd: string }): Block[] {
  const text = readText(path, options.cwd);
  const blocks: Block[] = [];
  const names = new Set<string>();
  let firstLine = 1;
  // CloudQuery splits at such a line before it reads any YAML.
  for (const section of text.split('\n---\n')) {
    const block = readBlock(section, firstLine, path, options);
    firstLine += section.split('\n').length + 1;
    if (block === undefined) continue;
    const key = `${block.kind} "${nameIn(block.value, 'name')}"`;
    if (names.has(key))
      throw new UsageError(`${block.at(['spec', 'name'])}: the ${key} is defined twice. Give each a name of its own.`);
    names.add(key);
    blocks.push(block);
  }
  if (blocks.length === 0)
    throw new UsageError(`${path}: the file is empty. See spec.yml of aws-delegation for an example.`);
  return blocks;
}

/** YAML takes a second for so much, and a hundred times its memory. */
const longestFile = 1_000_000;

function readText(path: string, cwd: string): string {
  const resolved = resolve(cwd, path);
  try {
    if (statSync(resolved).isDirectory()) {
      throw new UsageError(
        `${path}: this is a directory. Name one spec file; \`cloudquery sync\` reads whole directories.`,
      );
    }
    const bytes = readFileSync(resolved);
    if (bytes.length > longestFile) {
      throw new UsageError(
        `${path}: a spec has at most ${longestFile} bytes, and this file has ${bytes.length}. Long lists go into files of their own (approvals, waivers).`,
      );
    }
    const refuse = (line: number): UsageError =>
      new UsageError(`${path}, line ${line}: this is not UTF-8. Save the file as UTF-8.`);
    return textOfUtf8(bytes, refuse).replaceAll('\r\n', '\n');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    const what = code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code})`;
    throw new UsageError(`${path}: ${what}. Give the path of a spec, for example \`aws-delegation sync spec.yml\`.`);
  }
}

function readBlock(
  section: string,
  firstLine: number,
  path: string,
  options: { env: NodeJS.ProcessEnv; cwd: string },
): Block | undefined {
  // First with the placeholders hidden: its errors have true positions and cannot show a secret.
  const tooDeep = (): UsageError =>
    new UsageError(`${path}: the document that begins in line ${firstLine} is nested too deeply. Correct it there.`);
  const hidden = masked(section);
  if (isTooDeep(hidden)) throw tooDeep();
  const counter = new LineCounter();
  const outline = parseDocument(hidden, { lineCounter: counter, prettyErrors: false, logLevel: 'error' });
  const fault = outline.errors[0];
  if (fault) {
    const { line, col } = counter.linePos(fault.pos[0]);
    throw new UsageError(
      `${path}, line ${firstLine + line - 1}, column ${col}: this is no valid YAML: ${withoutSource(fault)}. Correct it there.`,
    );
  }
  if (outline.contents === null) return undefined;

  const expanded = expandPlaceholders(section, { ...options, file: path });
  if (isTooDeep(expanded)) throw tooDeep();
  const document = parseDocument(expanded, { prettyErrors: false, logLevel: 'error' });
  let value: unknown;
  try {
    if (document.errors.length > 0) throw new Error(document.errors[0]?.code);
    value = document.toJS();
  } catch {
    throw new UsageError(
      `${path}: with the values of its placeholders inserted, the document that begins in line ${firstLine} is no valid YAML. ` +
        "Values go in as text: put quotes around the placeholder ('${NAME}').",
    );
  }
  checkJson(value, `${path}: the document that begins in line ${firstLine}`);
  const at = (keys: readonly PropertyKey[]) => `${path}, line ${firstLine + lineOf(outline, counter, keys) - 1}`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError(
      `${at([])}: expected a document with \`kind\` and \`spec\`. See spec.yml of aws-delegation for an example.`,
    );
  }
  for (const key of Object.keys(value)) {
    if (key !== 'kind' && key !== 'spec')
      throw new UsageError(unknownKey(at([key]), key, ['kind', 'spec'], 'the document'));
  }
  const kind = (value as { kind?: unknown }).kind;
  if (kind === 'transformer') return undefined;
  if (kind !== 'source' && kind !== 'destination') {
    throw new UsageError(
      `${at(['kind'])}: kind is ${kind === undefined ? 'missing' : JSON.stringify(kind)}; it must be source or destination.`,
    );
  }
  if (typeof (value as { spec?: unknown }).spec !== 'object' || (value as { spec?: unknown }).spec === null) {
    throw new UsageError(
      `${at(['kind'])}: the ${kind} has no \`spec\`. See spec.yml of aws-delegation for an example.`,
    );
  }
  return { kind, at, value };
}

/** The parser's words, without what it quotes of the file: that may be a password. */
function withoutSource({ code, message }: YAMLError): string {
  if (code === 'BAD_DQ_ESCAPE') return 'Invalid escape sequence in double quotes; put single quotes around the value';
  // `Unexpected scalar token in YAML stream: "…"`
  return message.replace(/: .*$/s, '');
}

/** The spec goes on as JSON, and what stands in it goes into the database. */
function checkJson(value: unknown, where: string): void {
  let json: string;
  const keys = new Set<string>();
  try {
    json = JSON.stringify(value ?? null, (key, inner: unknown) => {
      keys.add(key);
      return inner;
    });
  } catch {
    throw new UsageError(
      `${where} is nested too deeply, or an alias in it stands for what is around it. Write it out.`,
    );
  }
  if (keys.has('__proto__'))
    throw new UsageError(`${where} has the key __proto__, which cannot be a key. Take it out.`);
  // What follows another backslash is no escape.
  for (const [escape] of json.matchAll(/\\(?:u0000|ud[89a-f]|[^])/g)) {
    if (escape.length === 2) continue;
    throw new UsageError(
      `${where} has a NUL or half of a surrogate pair in it (\\0, \\uD800), which no database can store. Take it out.`,
    );
  }
}

/** The line of a key, or of the nearest thing around it that is in the file. */
function lineOf(document: Document, counter: LineCounter, keys: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const key of keys) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (pair === undefined) break;
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else {
      node = document.getIn(keys.slice(0, keys.indexOf(key) + 1), true);
      if (isNode(node)) offset = node.range?.[0] ?? offset;
    }
  }
  return counter.linePos(offset).line;
}

/** As text, whatever it is: to be compared, and to be shown. */
export function nameIn(block: unknown, key: string): string {
  const value = inSpec(block, key);
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? (Array.isArray(value) ? 'a list' : 'a map') : String(value);
}

export function inSpec(block: unknown, key: string): unknown {
  const spec = (block as { spec?: unknown } | undefined)?.spec;
  return typeof spec === 'object' && spec !== null ? (spec as Record<string, unknown>)[key] : undefined;
}
