import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Lexer } from 'yaml';
import { oneLine } from '../text/index.js';
import { UsageError } from './errors.js';

const placeholder = /\$\{([^}]+)\}/g;

export interface PlaceholderContext {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Begins the error: `spec.yml`. */
  readonly file: string;
}

/** Applies `change` to all but the comments: a `${VAR}` in a comment asks for nothing. */
function outsideComments(text: string, change: (part: string) => string): string {
  let result = '';
  let code = '';
  let position = 0;
  // A placeholder is no YAML in every position, so the lexer sees digits of the same length instead.
  for (const token of new Lexer().lex(masked(text))) {
    // The lexer marks documents and scalars with control characters of its own.
    const length = token === '\u0002' || token === '\u0018' || token === '\u001f' ? 0 : token.length;
    const part = text.slice(position, position + length);
    position += length;
    if (token.startsWith('#')) {
      result += change(code) + part;
      code = '';
    } else {
      code += part;
    }
  }
  return result + change(code + text.slice(position));
}

/** The text with digits in place of each placeholder, so that positions stay what they are. */
export function masked(text: string): string {
  return text.replace(placeholder, (match) => '1'.repeat(match.length));
}

/** As the CloudQuery CLI: `${file:path}` first, then `${VAR}`, both inserted as text before the YAML is read. */
export function expandPlaceholders(text: string, context: PlaceholderContext): string {
  return outsideComments(text, (part) => {
    const withFiles = part.replace(/\$\{file:([^}]+)\}/g, (_, path: string) => readFileValue(path, context));
    return withFiles.replace(placeholder, (_, name: string) => {
      const shown = oneLine(name);
      if (name.startsWith('time:')) {
        throw new UsageError(
          `${context.file}: \${${shown}} is not supported here. Only \${VARIABLE} and \${file:path} are: write the time itself.`,
        );
      }
      const value = context.env[name];
      if (value === undefined) {
        throw new UsageError(
          `${context.file}: the environment variable ${shown} of \${${shown}} is not set. Set it, or write the value into the file.`,
        );
      }
      return value;
    });
  });
}

function readFileValue(path: string, context: PlaceholderContext): string {
  const shown = oneLine(path);
  let bytes: Buffer;
  try {
    bytes = readFileSync(resolve(context.cwd, path));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    throw new UsageError(
      `${context.file}: the file ${shown} of \${file:${shown}} cannot be read (${code}). ` +
        'The path is relative to the directory in which the command runs: check it.',
    );
  }
  if (!isUtf8(bytes)) {
    throw new UsageError(`${context.file}: the file ${shown} of \${file:${shown}} is not UTF-8. Save it as UTF-8.`);
  }
  const content = bytes.toString('utf8');
  // A JSON document of several lines (a service account key) goes inside quotes that are in the spec already.
  if (/[\n\r]/.test(content) && isJson(content)) return JSON.stringify(content).slice(1, -1);
  return content;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
