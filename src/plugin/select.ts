import { flatten, matchesWildcard, type Table } from '../schema/index.js';
import { oneLine } from '../text/index.js';

export interface Selection {
  tables: readonly string[];
  skipTables: readonly string[];
  skipDependentTables: boolean;
}

/** The client's `tables` or `skip_tables` do not fit. */
export class SelectionError extends Error {
  override readonly name = 'SelectionError';
}

/**
 * The tables that a spec names, with the rules of CloudQuery's Go SDK: `*` is the only wildcard, case counts, a pattern
 * that matches nothing is an error, a relation brings its parent, and a skipped parent takes its relations along.
 * Beyond that, tables that explain the others come with every sync unless `skip_tables` names them; the reads always.
 */
export function selectTables(all: readonly Table[], selection: Selection): Table[] {
  const names = flatten(all).map((table) => table.name);
  check('tables', selection.tables, names);
  check('skip_tables', selection.skipTables, names);
  if (selection.skipTables.includes('aws_delegation_reads')) {
    throw new SelectionError(
      'skip_tables: aws_delegation_reads cannot be left out: without it nobody could tell "none" from "not read".',
    );
  }
  const isIncluded = matcher(selection.tables);
  const isSkipped = matcher(selection.skipTables);

  const choose = (tables: readonly Table[], withParent: boolean): Table[] =>
    tables.flatMap((table) => {
      const isReads = table.name === 'aws_delegation_reads';
      if (isSkipped(table.name) && !isReads) return [];
      const isWanted = isIncluded(table.name) || withParent;
      const relations = choose(table.relations, isWanted && !selection.skipDependentTables);
      return isWanted || table.isAlwaysSynced || relations.length > 0 ? [{ ...table, relations }] : [];
    });

  const chosen = choose(all, false);
  if (!flatten(chosen).some((table) => isIncluded(table.name))) {
    throw new SelectionError('tables and skip_tables together leave no table to sync.');
  }
  return chosen;
}

function check(key: string, patterns: readonly string[], names: readonly string[]): void {
  for (const pattern of patterns) {
    const matches = matcher([pattern]);
    if (names.some(matches)) continue;
    const shown = oneLine(pattern.length > 80 ? `${pattern.slice(0, 80)}…` : pattern);
    throw new SelectionError(
      `${key}: '${shown}' matches no table. \`aws-delegation tables\` lists them; * is the only wildcard, and case counts.`,
    );
  }
}

function matcher(patterns: readonly string[]): (name: string) => boolean {
  return (name) => patterns.some((pattern) => matchesWildcard(pattern, name));
}
