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
} from './approvals.js';
import type { Spec } from './spec.js';
import { placeOf, problemsOf, SpecError, type Shape } from './spec_error.js';

/** What people have signed. */
export interface Intents {
  readonly approvals: readonly Approval[];
  readonly waivers: readonly Waiver[];
}

export const noIntents: Intents = { approvals: [], waivers: [] };

/**
 * Approvals and waivers of a spec, from their files where it names files.
 *
 * @throws {SpecError}
 */
export async function readIntents({ approvals, waivers }: Spec): Promise<Intents> {
  const shapeOf = (knownKeys: Shape['knownKeys']): Shape => ({ knownKeys, mayBeSecret: () => false });
  return {
    approvals: approvalRows(
      typeof approvals === 'string'
        ? await readContent('approvals', approvals, approvalsContent, shapeOf(knownKeysOfApprovals))
        : (approvals ?? []),
    ),
    waivers: waiverRows(
      typeof waivers === 'string'
        ? await readContent('waivers', waivers, waiversContent, shapeOf(knownKeysOfWaivers))
        : (waivers ?? []),
    ),
  };
}

async function readContent<Schema extends z.ZodType>(
  key: string,
  path: string,
  schema: Schema,
  shape: Shape,
): Promise<z.output<Schema>> {
  const counter = new LineCounter();
  const document = parseDocument(await readText(key, path), { lineCounter: counter, prettyErrors: false });
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
  if (result.success) return result.data;
  throw new SpecError(
    problemsOf(result.error, shape)
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
