import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../pages.js';

const folder = join(root, 'dashboards/queries');

/**
 * The datasets of dashboards/queries by name, which is the name of the file: `title`, `row`, `shows` and `trap` of the header, and the
 * SQL without it. `columns` has the type in PostgreSQL of each column, as test/dashboards/queries.test.ts found it.
 */
export function loadQueries() {
  const columns = JSON.parse(readFileSync(join(root, 'dashboards/queries/columns.json'), 'utf8'));
  const names = readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.slice(0, -'.sql'.length));
  return Object.fromEntries(
    names.map((name) => [
      name,
      { name, columns: columns[name] ?? {}, ...parseQuery(readFileSync(join(folder, `${name}.sql`), 'utf8')) },
    ]),
  );
}

function parseQuery(text) {
  const lines = text.trimEnd().split('\n');
  const end = lines.findIndex((line) => !line.startsWith('-- '));
  const header = Object.fromEntries(
    lines.slice(0, end).map((line) => {
      const [, key, value] = /^-- (\w+): +(.*)$/.exec(line);
      return [key, value];
    }),
  );
  return { ...header, sql: lines.slice(end).join('\n') };
}

/** `account_name` as people read it: Account name. */
export function labelOf(column) {
  if (column === 'check_id') return 'Rule';
  const text = column.replaceAll('_', ' ').replace(/\b(id|ip|ou)\b/g, (word) => word.toUpperCase());
  return text[0].toUpperCase() + text.slice(1);
}
