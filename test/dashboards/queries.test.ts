import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { freshDatabase, type FreshDatabase } from '../support/postgres.js';
import { dashboards, judgedTwice, projectRoot } from './database.js';

let database: FreshDatabase;
let client: pg.Client;
/** The datasets by name, without the header. */
const queries = new Map<string, string>();

beforeAll(async () => {
  for (const [file, text] of await read('queries', '.sql')) queries.set(file.slice(0, -4), withoutHeader(text));
  database = await freshDatabase(judgedTwice);
  client = await database.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

describe('the datasets', () => {
  it('have the columns that the dashboards were made with', async () => {
    const columns: Record<string, Record<string, string>> = {};
    for (const [name, sql] of queries) {
      const { fields } = await client.query(`${sql} limit 0`);
      const types: [string, string][] = [];
      for (const { name: column, dataTypeID } of fields) {
        const { rows } = await client.query<{ type: string }>('select format_type($1, null) as type', [dataTypeID]);
        types.push([column, rows[0]?.type ?? '']);
      }
      expect(new Set(types.map(([column]) => column)).size, name).toBe(types.length);
      columns[name] = Object.fromEntries(types);
    }
    await expect(`${JSON.stringify(columns, null, 2)}\n`).toMatchFileSnapshot(join(dashboards, 'queries/columns.json'));
  });

  it('have rows, each with an organization to filter by', async () => {
    expect([...queries.keys()]).toHaveLength(10);
    for (const [name, sql] of queries) {
      const { rows } = await client.query<{ rows: number; nameless: number }>(
        `select count(*)::int as rows, count(*) filter (where organization_id is null)::int as nameless from (${sql}) as dataset`,
      );
      expect([name, rows[0]?.nameless]).toEqual([name, 0]);
      expect([name, rows[0]?.rows]).not.toEqual([name, 0]);
    }
  });

  it('lose nothing and double nothing of what they stand on', async () => {
    const of: Record<string, string> = {
      verdicts: 'aws_policy_results',
      verdict_changes: 'aws_policy_result_changes',
      reads: 'delegation.reads',
      holders: 'delegation.holders',
      delegations: 'delegation.delegations',
      guardrails: 'delegation.class_guardrails',
      changes: 'delegation.changes',
      syncs: 'delegation.newest_syncs',
      service_regions: `(select from delegation.service_regions where method = 'service' and region is not null)`,
    };
    for (const [name, source] of Object.entries(of)) {
      const { rows } = await client.query<{ dataset: string; source: string }>(
        `select (select count(*) from (${query(name)}) as dataset) as dataset, (select count(*) from ${source} as source) as source`,
      );
      expect([name, rows[0]?.dataset]).toEqual([name, rows[0]?.source]);
    }
    const { rows: actions } = await client.query(
      `select (select sum(actions) from (${query('policy_grants')}) as dataset) = (select count(*) from delegation.resource_policy_grants where not is_denied) as all_of_them`,
    );
    expect(actions).toEqual([{ all_of_them: true }]);
  });

  it('keep what other packs have in the same table, and a source that read no organization, apart', async () => {
    await client.query('begin');
    await client.query(`
      insert into aws_policy_results (execution_time, framework, check_id, status) values (now(), 'another', 'theirs', 'fail');
      update aws_policy_results set organization_id = null where check_id = 'sync_is_fresh';`);
    const { rows } = await client.query(`
      select check_id, organization_id from (${query('verdicts')}) as verdicts where check_id in ('theirs', 'sync_is_fresh')`);
    await client.query('rollback');
    expect(rows).toEqual([{ check_id: 'sync_is_fresh', organization_id: 'not read' }]);
  });

  it('call a Region that was not asked not read, whoever held the service there before', async () => {
    const { rows } = await client.query(`
      select service_id, region, state, state_code, holder
      from (${query('service_regions')}) as cells
      where service_id in ('detective', 'inspector') and region = 'eu-central-1'
      order by service_id`);
    expect(rows).toMatchObject([
      { service_id: 'detective', state: 'not read', state_code: 1 },
      // A fault that was found stands, whatever was not read.
      { service_id: 'inspector', state: 'somebody else', state_code: 0, holder: 'Payments Prod 121212121212' },
    ]);
    const { rows: states } = await client.query<{ state: string; state_code: number }>(
      `select distinct state, state_code from (${query('service_regions')}) as cells order by state_code`,
    );
    expect(states.map(({ state }) => state)).toEqual(['somebody else', 'not read', 'unclear', 'nobody', 'as expected']);
  });

  it('tell what the second check found to be another way', async () => {
    const { rows } = await client.query<{ direction: string }>(
      `select direction, count(*)::int as verdicts from (${query('verdict_changes')}) as changes group by direction order by direction`,
    );
    expect(rows.map(({ direction }) => direction)).toEqual(
      expect.arrayContaining(['finding gone', 'new finding', 'no longer known']),
    );
  });

  it('say of a sync that is too old that it is', async () => {
    await client.query('begin');
    await client.query(
      `update aws_organizations set _cq_sync_time = _cq_sync_time; update aws_delegation_settings set max_age_hours = 0`,
    );
    const { rows } = await client.query(
      `select is_too_old, judged_at >= synced_at as is_judged from (${query('syncs')}) as syncs`,
    );
    await client.query('rollback');
    expect(rows).toEqual([{ is_too_old: true, is_judged: true }]);
  });
});

describe('the copies', () => {
  it('of Superset have the SQL, the columns and a description', async () => {
    const files = await read('superset/datasets/aws_delegation', '.yaml');
    expect(files.map(([file]) => file.slice(0, -5))).toEqual([...queries.keys()]);
    const columns = JSON.parse(await readFile(join(dashboards, 'queries/columns.json'), 'utf8')) as Record<
      string,
      object
    >;
    for (const [file, text] of files) {
      const name = file.slice(0, -5);
      const dataset = parse(text) as {
        sql: string;
        columns: { column_name: string }[];
        metrics: { expression: string }[];
      };
      expect([name, dataset.sql]).toEqual([name, query(name)]);
      expect(dataset.columns.map((column) => column.column_name)).toEqual(Object.keys(columns[name] ?? {}));
      // Superset would take these for a template of Jinja.
      expect(dataset.sql).not.toMatch(/\{[{%#]/);
      const measures = dataset.metrics.map(({ expression }) => expression).join(', ');
      await client.query(`select ${measures} from (${dataset.sql}) as dataset`);
    }
  });

  it('of Metabase run, with an organization and without', async () => {
    const files = await read('metabase', '.sql');
    expect(files.map(([file]) => file.slice(0, -4))).toEqual([...queries.keys()]);
    for (const [file, text] of files) {
      expect([file, sameText(text).includes(sameText(query(file.slice(0, -4))))]).toEqual([file, true]);
      // As Metabase does: an optional clause whose variable has no value goes, and a value is quoted.
      const clauses = text.match(/\[\[[^\]]*\]\]/g) ?? [];
      expect([file, clauses.length]).toEqual([file, 1]);
      const open = text.replaceAll(/\[\[([^\]]*)\]\]/g, '');
      const closed = text.replaceAll(/\[\[([^\]]*)\]\]/g, '$1');
      await client.query(`explain ${open}`);
      const rowsOf = async (organization: string): Promise<number> =>
        (await client.query(closed.replaceAll('{{organization}}', `'${organization}'`))).rowCount ?? 0;
      expect([file, await rowsOf('o-exampleorgid')]).not.toEqual([file, 0]);
      expect([file, await rowsOf('o-other')]).toEqual([file, 0]);
    }
  });

  it('of Power BI say the same in the text literals of M', async () => {
    const files = await read('powerbi', '.pq');
    expect(files.map(([file]) => file.slice(0, -3))).toEqual([...queries.keys()]);
    for (const [file, text] of files) {
      const code = text.replaceAll(/^\/\/.*\n/gm, '');
      // Until the quotation mark that is not doubled.
      const [, literal, rest] = /Value\.NativeQuery\(Source, "((?:[^"]|"")*)"(.*)/s.exec(code) ?? [];
      expect([file, rest]).toEqual([file, ', null, [EnableFolding = true])\nin\n    Rows\n']);
      const sql = (literal ?? '').replaceAll('""', '"').replaceAll('#(#)', '#');
      expect([file, sql]).toEqual([file, query(file.slice(0, -3))]);
      // Power BI puts its own steps around what the datasets were asked above.
      await client.query(`explain select * from (${sql}) as "_" limit 1`);
    }
  });
});

describe('docs/bi.md', () => {
  it('has SQL that runs, and has rows', async () => {
    const text = await readFile(join(projectRoot, 'docs/bi.md'), 'utf8');
    const statements = [...text.matchAll(/^```sql\n(.*?)^```$/gms)].map(([, sql = '']) => sql);
    expect(statements.length).toBeGreaterThan(5);
    for (const sql of statements) expect([sql, (await client.query(sql)).rowCount]).not.toEqual([sql, 0]);
  });

  it('names every dataset and file that there is', async () => {
    const text = await readFile(join(projectRoot, 'docs/bi.md'), 'utf8');
    for (const name of queries.keys()) expect(text).toContain(`\`${name}\``);
    for (const [, path = ''] of text.matchAll(/\((\.\.\/dashboards\/[^)#]*)\)/g)) {
      await readdir(join(projectRoot, 'docs', path)).catch(() => readFile(join(projectRoot, 'docs', path)));
    }
  });
});

function query(name: string): string {
  const sql = queries.get(name);
  if (sql === undefined) throw new Error(`there is no dashboards/queries/${name}.sql`);
  return sql;
}

function withoutHeader(text: string): string {
  return text.replace(/^(-- .*\n)+/, '').trimEnd();
}

/** Whatever the indentation. */
function sameText(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}

async function read(folder: string, end: string): Promise<[file: string, text: string][]> {
  const files = (await readdir(join(dashboards, folder))).filter((file) => file.endsWith(end)).sort();
  return Promise.all(
    files.map(async (file): Promise<[string, string]> => [
      file,
      await readFile(join(dashboards, folder, file), 'utf8'),
    ]),
  );
}
