import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pieces } from '../../rules/index.js';
import { queriesDirectory } from '../package.js';

/** The files of the pack, in the order of the installation, on which a rule stands, directly or by another. */
export function piecesUnder(ruleId: string): string[] {
  const { makes, names } = packIndex();
  const found = new Set<string>();
  const open = [...namesIn(readFileSync(join(queriesDirectory, 'rules', `${ruleId}.sql`), 'utf8'))];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const piece = makes.get(name);
    if (piece === undefined || found.has(piece)) continue;
    found.add(piece);
    open.push(...(names.get(piece) ?? []));
  }
  return pieces.filter((piece) => found.has(piece));
}

interface PackIndex {
  /** The piece that makes a view or a function of the schema. */
  readonly makes: ReadonlyMap<string, string>;
  /** What a piece names. */
  readonly names: ReadonlyMap<string, ReadonlySet<string>>;
}

let index: PackIndex | undefined;

function packIndex(): PackIndex {
  if (index) return index;
  const makes = new Map<string, string>();
  const names = new Map<string, Set<string>>();
  for (const piece of pieces) {
    const sql = readFileSync(join(queriesDirectory, piece), 'utf8');
    names.set(piece, namesIn(sql));
    for (const [, name = ''] of sql.matchAll(/create or replace (?:view|function) delegation\.(\w+)/g))
      makes.set(name, piece);
  }
  // One statement makes them all: by their names in pack_columns.
  for (const name of namesOfCurrentViews()) makes.set(name, 'views/current.sql');
  return (index = { makes, names });
}

function namesOfCurrentViews(): string[] {
  const sql = readFileSync(join(queriesDirectory, 'views', 'current.sql'), 'utf8');
  return [...sql.matchAll(/'(current_\w+)'/g)].map(([, name = '']) => name);
}

function namesIn(sql: string): Set<string> {
  return new Set([...sql.matchAll(/\bdelegation\.(\w+)/g)].map(([, name = '']) => name));
}
