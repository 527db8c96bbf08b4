import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { code, markdownTable } from '../markdown.js';
import { root, write, writeBetween } from '../pages.js';
import { metabaseQuestion, powerQuery } from './copies.js';
import { grafanaDashboard } from './grafana.js';
import { loadQueries } from './queries.js';
import { supersetBundle } from './superset.js';

/** Writes what each tool reads from the one place that has it: dashboards/queries and charts.js. */
export async function writeDashboards() {
  const queries = loadQueries();
  const all = Object.values(queries);
  await writeFolder('dashboards/superset', supersetBundle(queries));
  await writeFolder(
    'dashboards/metabase',
    Object.fromEntries(all.map((query) => [`${query.name}.sql`, metabaseQuestion(query)])),
  );
  await writeFolder(
    'dashboards/powerbi',
    Object.fromEntries(all.map((query) => [`${query.name}.pq`, powerQuery(query)])),
  );
  // Beside it lie files that are written by hand.
  await write('dashboards/grafana/aws_delegation.json', JSON.stringify(grafanaDashboard(queries)));
  await writeBetween('docs/bi.md', 'datasets', datasetTable(all));
}

function datasetTable(queries) {
  return markdownTable(
    ['dataset', 'one row is', 'shows', 'trap'],
    queries.map(({ name, row, shows, trap }) => [code(name), row, shows, trap]),
  );
}

async function writeFolder(folder, files) {
  rmSync(join(root, folder), { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) await write(`${folder}/${path}`, text);
}
