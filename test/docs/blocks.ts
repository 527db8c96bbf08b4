import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

export const root = join(import.meta.dirname, '..', '..');

/** What stands between two lines of three backticks. */
export interface Block {
  /** `docs/commands.md` */
  readonly page: string;
  /** Of its first line in the page, from 1. */
  readonly line: number;
  /** As after the backticks: `sh`, `sql`, `yaml`, ... */
  readonly language: string;
  readonly text: string;
}

/** The pages that a user reads, from the root of the project. */
export function pages(): string[] {
  const below = (folder: string): string[] =>
    readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
      const path = posix.join(folder, entry.name);
      return entry.isDirectory() ? below(path) : path.endsWith('.md') ? [path] : [];
    });
  const atTop = readdirSync(root).filter((name) => name.endsWith('.md'));
  const folders = ['docs', 'dashboards', 'examples'].filter((name) => readdirSync(root).includes(name));
  return [...atTop, ...folders.flatMap(below)];
}

export function blocksOf(page: string): Block[] {
  const blocks: Block[] = [];
  let open: { fence: string; indent: string; language: string; line: number; text: string[] } | undefined;
  for (const [index, line] of readFileSync(join(root, page), 'utf8').split('\n').entries()) {
    const [, indent = '', fence = '', language = ''] = /^(\s*)(`{3,})(\S*)/.exec(line) ?? [];
    if (open === undefined) {
      if (fence !== '') open = { fence, indent, language, line: index + 2, text: [] };
    } else if (line.trim() === open.fence) {
      blocks.push({ page, line: open.line, language: open.language, text: open.text.join('\n') });
      open = undefined;
    } else {
      open.text.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
    }
  }
  if (open !== undefined) throw new Error(`${page}, line ${open.line}: this block has no end`);
  return blocks;
}
