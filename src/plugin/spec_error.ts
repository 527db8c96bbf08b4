import type { z } from 'zod';
import { oneLine, suggestion } from '../text/index.js';

/** The spec, or a file that it names, does not hold. The message names each key, what was expected and what was found. */
export class SpecError extends Error {
  override readonly name = 'SpecError';
}

// What stands in a spec can have any character and any length; a message is for a terminal.
const longestName = 80;
const longestText = 500;
const mostLines = 50;

/** The problems of a spec or a file, one a line. */
export function specError(problems: readonly Problem[], line: (problem: Problem) => string): SpecError {
  const more = problems.length - mostLines;
  const lines = problems.slice(0, mostLines).map((problem) => oneLine(line(problem)));
  return new SpecError([...lines, ...(more > 0 ? [`... and ${more} more like it.`] : [])].join('\n'));
}

/** One thing that is wrong. */
export interface Problem {
  readonly path: readonly PropertyKey[];
  readonly text: string;
  /** The key below `path` that should not be there. */
  readonly key?: string;
}

export interface Shape {
  /** Names of the keys that the map at a path may have. */
  readonly knownKeys: (path: readonly PropertyKey[]) => readonly string[];
  /** True where a value must not be shown: it may be a secret. */
  readonly mayBeSecret: (path: readonly PropertyKey[]) => boolean;
}

/** What a failed parse (with `reportInput`) is to tell the user. */
export function problemsOf(error: z.ZodError, shape: Shape): Problem[] {
  return error.issues.flatMap((issue) => describe(issue, shape));
}

/** `spec.accounts[0].id` */
export function placeOf(root: string, path: readonly PropertyKey[]): string {
  return path.reduce<string>((place, key) => {
    if (typeof key === 'number') return `${place}[${key}]`;
    const name = cut(String(key), longestName);
    return place === '' ? name : `${place}.${name}`;
  }, root);
}

/** What no schema can refuse: keys that JavaScript has for itself, and text that no database stores. */
export function unfitProblems(given: unknown): Problem[] {
  const problems: Problem[] = [];
  // An alias of YAML can lead back to what is around it.
  const seen = new Set<unknown>();
  const open: { value: unknown; path: readonly PropertyKey[] }[] = [{ value: given, path: [] }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, path } = next;
    if (typeof value === 'string' && unstorable.test(value)) problems.push({ path, text: notStorable });
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    for (const [key, inner] of Object.entries(value)) {
      if (key === '__proto__') problems.push({ path, text: "'__proto__' cannot be a key.", key });
      else if (unstorable.test(key))
        problems.push({ path, text: `the key '${cut(key, longestName)}': ${notStorable}`, key });
      else open.push({ value: inner, path: [...path, Array.isArray(value) ? Number(key) : key] });
    }
  }
  return problems.reverse();
}

// eslint-disable-next-line no-control-regex -- NUL is looked for
const unstorable = /\u0000|\p{Surrogate}/u;
const notStorable = 'expected text that a database can store, found a NUL or half of a surrogate pair in it.';

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}

type Issue = z.core.$ZodIssue;

function describe(issue: Issue, shape: Shape): Problem[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const known = shape.knownKeys(path);
    return issue.keys.map((key) => {
      const meant = suggestion(key, known);
      const guess = meant === undefined ? '' : ` Did you mean '${meant}'?`;
      return { path, text: `unknown key ${named(key)}.${guess} Known here: ${known.join(', ')}.`, key };
    });
  }
  if (issue.code === 'invalid_union') {
    // The one of the choices that it was meant to be; what is wrong inside of that is the better message.
    const isOtherType = ({ code, path: within }: Issue): boolean => code === 'invalid_type' && within.length === 0;
    const meant = issue.errors.find((issues) => !issues.some(isOtherType)) ?? [];
    if (meant.length > 0) {
      return meant.flatMap((inner) => describe({ ...inner, path: [...path, ...inner.path] }, shape));
    }
  }
  if (issue.code === 'invalid_key') {
    return issue.issues.map((inner) => ({
      path,
      text: `'${cut(String(path.at(-1)), longestName)}': ${inner.message}.`,
    }));
  }
  const expected = issue.message.replace(/^Invalid (input|option): /, '').replace(/, received .*$/, '');
  const isHidden =
    issue.input !== '' && (path.length === 0 || shape.mayBeSecret(path) || typeof issue.input === 'object');
  const found = issue.code === 'custom' ? '' : `, found ${isHidden ? kindOf(issue.input) : shorten(issue.input)}`;
  return [{ path, text: `${cut(expected, longestText)}${found}.` }];
}

/** Without the space, `{session_token:value}` is a key, value included. */
function named(key: string): string {
  if (/^[A-Za-z_][\w-]{0,39}$/.test(key) && !/[A-Z\d]{16}/.test(key)) return `'${key}'`;
  const name = /^[a-z][a-z_]{0,39}(?=[:=\s])/.exec(key)?.[0] ?? '';
  return `'${name}…' (the rest may be a secret and is not shown; a space belongs after the colon)`;
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'object' && value !== null)
    return !Array.isArray(value) ? 'a map' : value.length === 0 ? 'an empty list' : 'a list';
  return value === null ? 'null' : `a ${typeof value}`;
}

function shorten(value: unknown): string {
  return value === undefined ? 'nothing' : cut(JSON.stringify(value), longestName);
}
