import type { ClientBase } from 'pg';
import { rowsAreSafe, SyncError } from './errors.js';
import { existingTables, type Existing } from './existing_tables.js';
import { quote } from './names.js';
import type { Column, TableSchema } from './schema.js';

/** What one table needs. */
export interface Change {
  readonly table: TableSchema;
  readonly isNew: boolean;
  /** By name; none where the table is new. */
  readonly existingColumns: ReadonlySet<string>;
  readonly steps: readonly Step[];
  /** What no step can reach without losing rows: for a person to decide. */
  readonly problems: readonly string[];
}

interface Step {
  readonly statement: string;
  /** For the user. */
  readonly notice: string;
}

/** What the tables need, and nothing is done. */
export async function planMigration(client: ClientBase, tables: readonly TableSchema[]): Promise<Change[]> {
  const existing = await existingTables(
    client,
    tables.map(({ name }) => name),
  );
  return tables.map((table) => {
    const found = existing.get(table.name);
    return found === undefined
      ? { table, isNew: true, existingColumns: new Set(), steps: [], problems: [] }
      : compare(table, found);
  });
}

function compare(table: TableSchema, found: Existing): Change {
  const steps: Step[] = [];
  const problems: string[] = [];
  const alter = `alter table ${quote(table.name)}`;
  const toCqId = becomesCqId(table, found);
  for (const column of table.columns) {
    const there = found.columns.get(column.name);
    if (there === undefined) {
      if (column.isNotNull) {
        problems.push(`the column ${column.name} is missing, and it may not be null`);
      } else {
        steps.push({
          statement: `${alter} add column if not exists ${quote(column.name)} ${column.type}`,
          notice: `added the column ${column.name}`,
        });
      }
      continue;
    }
    if (there.type !== column.type) {
      problems.push(`the column ${column.name} is ${there.type} in the database, ${column.type} is expected`);
    } else if (there.isNotNull !== column.isNotNull && !isKeyOf(column, found)) {
      problems.push(
        `the column ${column.name} is ${there.isNotNull ? 'not null' : 'nullable'} in the database, the opposite is expected`,
      );
    }
  }
  if (toCqId) {
    const name = quote(found.key.name ?? '');
    const nullable = found.key.columns.filter((key) =>
      table.columns.some((column) => column.name === key && !column.isNotNull),
    );
    steps.push({
      statement: [
        `${alter} drop constraint ${name}`,
        `${alter} add constraint ${name} primary key (${quote('_cq_id')})`,
        ...nullable.map((key) => `${alter} alter column ${quote(key)} drop not null`),
      ].join('; '),
      notice: `_cq_id is the primary key now, instead of (${found.key.columns.join(', ')})`,
    });
  } else if (!sameSet(table.primaryKey, found.key.columns)) {
    problems.push(keyProblem(table, found));
  }
  for (const { name, column } of found.uniques) {
    if (!table.columns.some((one) => one.name === column && !one.isUnique)) continue;
    if (name === defaultUniqueName(table.name, column)) {
      steps.push({ statement: `${alter} drop constraint ${quote(name)}`, notice: `dropped the constraint ${name}` });
    } else {
      problems.push(`the column ${column} has the unique constraint ${name}, which is not ours; none is expected`);
    }
  }
  for (const [name, column] of found.columns) {
    const isOurs = table.columns.some((one) => one.name === name);
    if (column.isNotNull && !isOurs && !(toCqId && found.key.columns.includes(name))) {
      problems.push(`the column ${name} is not null in the database, and this version does not fill it`);
    }
  }
  return { table, isNew: false, existingColumns: new Set(found.columns.keys()), steps, problems };
}

/** What the official destination, too, does without being asked: `_cq_id` is as unique as the key that it was made from. */
function becomesCqId(table: TableSchema, found: Existing): boolean {
  const [key, ...more] = table.primaryKey;
  return (
    key === '_cq_id' &&
    more.length === 0 &&
    found.columns.has('_cq_id') &&
    found.key.columns.length > 0 &&
    !found.key.columns.includes('_cq_id')
  );
}

function keyProblem(table: TableSchema, found: Existing): string {
  const has = found.key.columns.join(', ');
  const needs = table.primaryKey.join(', ');
  if (has === '')
    return `there is no primary key in the database, as write_mode: append has it; (${needs}) is expected`;
  if (needs === '') return `the primary key is (${has}) in the database; write_mode: append expects none`;
  return `the primary key is (${has}) in the database, (${needs}) is expected`;
}

/** A key that differs is said once, for the key. */
function isKeyOf(column: Column, found: Existing): boolean {
  return column.isPrimaryKey || found.key.columns.includes(column.name);
}

/** As PostgreSQL names it: of a name that is too long the longer part is cut. */
function defaultUniqueName(table: string, column: string): string {
  let [left, right] = [table, column];
  while (`${left}_${right}_key`.length > 63) {
    if (left.length > right.length) left = left.slice(0, -1);
    else right = right.slice(0, -1);
  }
  return `${left}_${right}_key`;
}

function sameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name) => right.includes(name));
}

/** One line per difference. */
export function problemLines(changes: readonly Change[]): string {
  return changes.flatMap(({ table, problems }) => problems.map((problem) => `  ${table.name}: ${problem}`)).join('\n');
}

export function unfitError(changes: readonly Change[]): SyncError {
  return new SyncError(
    `The tables in the database differ from what this sync writes, in a way that cannot be changed without losing rows:\n` +
      `${problemLines(changes)}\n${rowsAreSafe} Choose one: the write_mode and the deterministic_cq_id that these tables were filled ` +
      'with; another schema for this sync (add ?search_path=NAME to the connection string); rename these tables and sync again; ' +
      'or --migrate-mode forced, which drops them with all their rows and creates them anew.',
  );
}
