import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isNode, LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import type { Approval, Waiver } from '../schema/index.js';
import {
  approvalRows,
  approvalsContent,
  knownKeysOfApprovals,
  knownKeysOfWaivers,
  waiverRows,
  waiversContent,
  type ApprovalsContent,
  type WaiversContent,
} from './approvals.js';
import type { Spec } from './spec.js';
import { placeOf, problemsOf, SpecError, type Problem, type Shape } from './spec_error.js';

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
  throw new SpecError(problems.map(({ path, text }) => `${placeOf('spec.waivers', path)}: ${text}`).join('\n'));
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
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  const fault = document.errors[0];
  if (fault) {
    const { line, col } = counter.linePos(fault.pos[0]);
    throw new SpecError(
      `${path}, line ${line}, column ${col}: this is no valid YAML: ${fault.message}. Correct it there.`,
    );
  }
  let given: unknown;
  try {
    given = document.toJS();
  } catch (error) {
    // An alias that leads nowhere, or to far too much.
    throw new SpecError(`${path}: this is no valid YAML: ${(error as Error).message}. Correct it there.`);
  }
  const result = schema.safeParse(given, { reportInput: true });
  const problems = result.success ? furtherProblems(result.data) : problemsOf(result.error, shape);
  if (result.success && problems.length === 0) return { content: result.data, document };
  throw new SpecError(
    problems
      .map((problem) => {
        const place = placeOf('', problem.path);
        const inFile = problem.key === undefined ? problem.path : [...problem.path, problem.key];
        return `${path}, line ${lineOf(document, counter, inFile)}: ${place === '' ? '' : `${place}: `}${problem.text}`;
      })
      .join('\n'),
  );
}

async function readText(key: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new SpecError(
      `spec.${key}: expected the path of a YAML file, found ${code === 'ENOENT' ? 'no file' : `what cannot be read (${code})`} at ` +
        `${resolve(path)}. A relative path starts at the folder of the spec file; with the CloudQuery CLI, at the plugin's working directory.`,
      { cause: error },
    );
  }
}

/** The line of what is at a path, or of the nearest thing around it that is in the file. */
function lineOf(document: Document, counter: LineCounter, path: readonly PropertyKey[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return counter.linePos(node.range[0]).line;
  }
  return counter.linePos(document.contents?.range?.[0] ?? 0).line;
}
