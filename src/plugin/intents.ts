import { open, type FileHandle } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import type { Approval, Waiver } from '../schema/index.js';
import { isTooDeep, oneLine, textOfUtf8 } from '../text/index.js';
import { approvalRows, approvalsContent, knownKeysOfApprovals, type ApprovalsContent } from './approvals.js';
import { knownKeysOfWaivers, waiverRows, waiversContent, type WaiversContent } from './waivers.js';
import type { Spec } from './spec.js';
import { placeOf, problemsOf, specError, SpecError, unfitProblems, type Problem, type Shape } from './spec_error.js';

/** What people have signed. */
export interface Intents {
  readonly approvals: readonly Approval[];
  readonly waivers: readonly Waiver[];
}

export const noIntents: Intents = { approvals: [], waivers: [] };

/** What is wrong with the `rule` of a waiver; undefined for one that is there. The rules are not the plugin's to know. */
export type RuleProblem = (pattern: string) => string | undefined;

/**
 * Approvals and waivers of a spec, from their files where it names files.
 *
 * @throws {SpecError}
 */
export async function readIntents(
  { approvals, waivers }: Spec,
  ruleProblem: RuleProblem = () => undefined,
): Promise<Intents> {
  const approved =
    typeof approvals === 'string' ? parseApprovals(approvals, await readText('approvals', approvals)) : undefined;
  return {
    approvals: approvalRows(approved?.content ?? (typeof approvals === 'string' ? [] : (approvals ?? []))),
    waivers: waiverRows(await readWaivers(waivers ?? [], ruleProblem)),
  };
}

async function readWaivers(given: string | WaiversContent, ruleProblem: RuleProblem): Promise<WaiversContent> {
  const problemsIn = (content: WaiversContent): Problem[] => {
    const [list, path] = Array.isArray(content) ? [content, []] : [content.waivers, ['waivers']];
    return list.flatMap(({ rule }, index) => {
      const text = ruleProblem(rule);
      return text === undefined ? [] : [{ path: [...path, index, 'rule'], text }];
    });
  };
  if (typeof given === 'string') {
    const shape: Shape = { knownKeys: knownKeysOfWaivers, mayBeSecret: () => false };
    return parseContent(given, await readText('waivers', given), waiversContent, shape, problemsIn).content;
  }
  const problems = problemsIn(given);
  if (problems.length === 0) return given;
  throw specError(problems, ({ path, text }) => `${placeOf('spec.waivers', path)}: ${text}`);
}

/**
 * The text of an approvals file; `path` is for the errors.
 *
 * @throws {SpecError}
 */
export function parseApprovals(path: string, text: string): Parsed<ApprovalsContent> {
  return parseContent(path, text, approvalsContent, { knownKeys: knownKeysOfApprovals, mayBeSecret: () => false });
}

export interface Parsed<Content> {
  content: Content;
  /** With its comments. */
  document: Document.Parsed;
}

function parseContent<Schema extends z.ZodType>(
  path: string,
  text: string,
  schema: Schema,
  shape: Shape,
  furtherProblems: (content: z.output<Schema>) => readonly Problem[] = () => [],
): Parsed<z.output<Schema>> {
  refuseDeepYaml(path, text);
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false, logLevel: 'error' });
  const fault = document.errors[0];
  if (fault) {
    const { line, col } = counter.linePos(fault.pos[0]);
    throw new SpecError(oneLine(`${path}, line ${line}, column ${col}: ${faultText(fault.message)}`));
  }
  let given: unknown;
  try {
    given = document.toJS();
  } catch (error) {
    // An alias that leads nowhere, or to far too much.
    throw new SpecError(oneLine(`${path}: ${faultText((error as Error).message)}`));
  }
  const refuse = (problems: readonly Problem[]): SpecError =>
    specError(problems, ({ path: keys, key, text: what }) => {
      const place = placeOf('', keys);
      const inFile = key === undefined ? keys : [...keys, key];
      return `${path}, line ${lineOf(document, counter, inFile)}: ${place === '' ? '' : `${place}: `}${what}`;
    });
  const unfit = unfitProblems(given);
  if (unfit.length > 0) throw refuse(unfit);
  const result = schema.safeParse(given, { reportInput: true });
  const problems = result.success ? furtherProblems(result.data) : problemsOf(result.error, shape);
  if (result.success && problems.length === 0) return { content: result.data, document };
  throw refuse(problems);
}

/** @throws {SpecError} where a parser should not be let near it. */
export function refuseDeepYaml(path: string, text: string): void {
  if (isTooDeep(text)) throw new SpecError(oneLine(`${path}: this is nested too deeply. Correct it there.`));
}

/** The parser's own words. */
function faultText(message: string): string {
  const shown = message.length > 200 ? `${message.slice(0, 200)}…` : message;
  return `this is no valid YAML: ${shown}. Correct it there.`;
}

async function readText(key: string, path: string): Promise<string> {
  try {
    const file = await open(path);
    try {
      return textOf(path, await firstBytes(file, longestFile + 1));
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof SpecError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new SpecError(
      oneLine(
        `spec.${key}: expected the path of a YAML file, found ${code === 'ENOENT' ? 'no file' : `what cannot be read (${code})`} at ` +
          `${resolve(path)}. A relative path starts at the folder of the spec file; with the CloudQuery CLI, at the plugin's working directory.`,
      ),
      { cause: error },
    );
  }
}

/** As many bytes as there are, or as are wanted: a device has no end. */
async function firstBytes(file: FileHandle, wanted: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  while (length < wanted) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(Math.min(wanted - length, 1 << 20)));
    if (bytesRead === 0) break;
    chunks.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
  }
  return Buffer.concat(chunks);
}

/** Bytes of a file of approvals or waivers. YAML takes seconds for so much, and a hundred times its memory. */
const longestFile = 4_000_000;

/**
 * The text of a file of approvals or waivers.
 *
 * @throws {SpecError} where a character would not be what its author wrote
 */
export function textOf(path: string, bytes: Uint8Array): string {
  if (bytes.length > longestFile) {
    throw new SpecError(
      oneLine(`${path}: expected at most ${longestFile} bytes. Take out what nobody needs any more, or use patterns.`),
    );
  }
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return textOfUtf8(
    buffer,
    (line) => new SpecError(oneLine(`${path}, line ${line}: this is not UTF-8. Save the file as UTF-8.`)),
  );
}

/** The line of what is at a path, or of the nearest thing around it that is in the file. */
function lineOf(document: Document, counter: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return counter.linePos(node.range[0]).line;
  }
  return counter.linePos(document.contents?.range?.[0] ?? 0).line;
}
