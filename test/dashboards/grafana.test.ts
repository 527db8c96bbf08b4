import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { freshDatabase, type FreshDatabase } from '../support/postgres.js';
import { dashboards, judgedTwice } from './database.js';

/**
 * Of the classic model, https://grafana.com/docs/grafana/latest/dashboards/build-dashboards/view-dashboard-json-model/. Grafana itself is in
 * none of the registries that CI reaches.
 */
interface Dashboard {
  readonly uid: string;
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly Variable[] };
  readonly [field: string]: unknown;
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number };
  readonly datasource?: Source;
  readonly targets?: readonly {
    readonly refId: string;
    readonly datasource: Source;
    readonly format: string;
    readonly rawQuery: boolean;
    readonly rawSql: string;
  }[];
  readonly transformations?: readonly { readonly id: string; readonly options: Record<string, string> }[];
  readonly fieldConfig?: {
    readonly defaults: { readonly mappings: readonly { readonly options: Record<string, unknown> }[] };
    readonly overrides: readonly { readonly matcher: { readonly id: string; readonly options: string } }[];
  };
  readonly options?: { readonly xField?: string };
}

interface Source {
  readonly type: string;
  readonly uid: string;
}

interface Variable {
  readonly name: string;
  readonly type: string;
  readonly query: string;
  readonly datasource?: Source;
}

const source: Source = { type: 'grafana-postgresql-datasource', uid: '${datasource}' };

/** Grafana's plugin writes the range of the dashboard in UTC, and `sqlstring` quotes each value: what docs/bi.md says of both. */
function expand(
  sql: string,
  given: { organization?: string[]; severity?: string[]; from?: string; to?: string } = {},
): string {
  const { organization = ['o-exampleorgid'], severity = ['critical', 'high', 'medium', 'low'] } = given;
  const { from = '2026-01-01T00:00:00Z', to = '2999-01-01T00:00:00Z' } = given;
  const quoted = (values: string[]): string => values.map((value) => `'${value.replaceAll("'", "''")}'`).join(',');
  const expanded = sql
    .replaceAll(/\$__timeFilter\(([^)]+)\)/g, (_, column: string) => `${column} BETWEEN '${from}' AND '${to}'`)
    .replaceAll('${organization:sqlstring}', quoted(organization))
    .replaceAll('${severity:sqlstring}', quoted(severity));
  // Whatever else there is of it, this does not know.
  expect(expanded).not.toMatch(/\$\{|\$__|\[\[/);
  return expanded;
}

let dashboard: Dashboard;
let database: FreshDatabase;
let client: pg.Client;

beforeAll(async () => {
  dashboard = JSON.parse(await readFile(join(dashboards, 'grafana/aws_delegation.json'), 'utf8')) as Dashboard;
  database = await freshDatabase(judgedTwice);
  client = await database.connect();
});

afterAll(async () => {
  await client.end();
  await database.drop();
});

const asking = (): (Panel & { sql: string })[] =>
  dashboard.panels.flatMap((panel) => panel.targets?.map(({ rawSql }) => ({ ...panel, sql: rawSql })) ?? []);

describe('the dashboard of Grafana', () => {
  it('has the shape that Grafana documents', () => {
    expect(dashboard).toMatchObject({
      // It gets a number where it is stored.
      id: null,
      uid: 'aws-delegation',
      title: expect.any(String) as string,
      tags: expect.any(Array) as string[],
      timezone: 'utc',
      time: { from: 'now-90d', to: 'now' },
      annotations: { list: [] },
      schemaVersion: 39,
    });
    const { panels } = dashboard;
    expect(panels.map(({ id }) => id)).toEqual(panels.map((_, index) => index + 1));
    for (const panel of panels) {
      const { title, type, gridPos, targets = [] } = panel;
      expect([title, gridPos.x + gridPos.w <= 24 && gridPos.h > 0]).toEqual([title, true]);
      expect(['row', 'stat', 'barchart', 'timeseries', 'table']).toContain(type);
      if (type === 'row') continue;
      expect(panel.datasource).toEqual(source);
      expect(targets).toHaveLength(1);
      expect(targets[0]).toMatchObject({
        refId: 'A',
        datasource: source,
        rawQuery: true,
        format: type === 'timeseries' ? 'time_series' : 'table',
      });
      const overlapping = panels.filter(
        ({ id, gridPos: other }) =>
          id !== panel.id &&
          other.x < gridPos.x + gridPos.w &&
          gridPos.x < other.x + other.w &&
          other.y < gridPos.y + gridPos.h &&
          gridPos.y < other.y + other.h,
      );
      expect([title, overlapping.map((other) => other.title)]).toEqual([title, []]);
    }
    expect(asking()).toHaveLength(17);
  });

  it('lets the data source, the organization and the severity be chosen', async () => {
    const [chosen, organization, severity] = dashboard.templating.list;
    expect(chosen).toMatchObject({ name: 'datasource', type: 'datasource', query: source.type });
    expect(organization).toMatchObject({
      name: 'organization',
      type: 'query',
      datasource: source,
      multi: true,
      includeAll: true,
    });
    expect((await client.query(expand(organization?.query ?? ''))).rows).toEqual([
      { organization_id: 'o-exampleorgid' },
    ]);
    expect(severity).toMatchObject({
      name: 'severity',
      type: 'custom',
      query: 'critical,high,medium,low',
      multi: true,
    });
  });

  it('has rows in every panel, and the fields that the panel speaks of', async () => {
    for (const panel of asking()) {
      const { title, type, sql, options, fieldConfig, transformations = [] } = panel;
      const { rows, fields } = await client.query<Record<string, unknown>>(expand(sql));
      const names = fields.map(({ name }) => name);
      expect([title, rows.length > 0]).toEqual([title, true]);
      const matrix = transformations.find(({ id }) => id === 'groupingToMatrix')?.options;
      const known =
        matrix === undefined ? names : [...names, `${matrix['rowField'] ?? ''}\\${matrix['columnField'] ?? ''}`];
      for (const { matcher } of fieldConfig?.overrides ?? []) {
        expect([title, matcher.id]).toEqual([title, 'byName']);
        expect([title, known]).toEqual([title, expect.arrayContaining([matcher.options])]);
      }
      if (type === 'barchart') expect([title, names[0]]).toEqual([title, options?.xField]);
      if (type === 'stat')
        expect([title, rows.length, Object.values(rows[0] ?? {})[0] !== null]).toEqual([title, 1, true]);
      if (type === 'timeseries') expect([title, names[0]]).toEqual([title, 'time']);
      if (matrix !== undefined) {
        expect(names).toEqual(
          expect.arrayContaining(['columnField', 'rowField', 'valueField'].map((field) => matrix[field])),
        );
        const [mapping] = fieldConfig?.defaults.mappings ?? [];
        const states = new Set(rows.map(({ state }) => String(state)));
        expect(Object.keys(mapping?.options ?? {})).toEqual(expect.arrayContaining([...states]));
      }
    }
  });

  it('counts in the parts of its bars whatever there is', async () => {
    const whole: Record<string, string> = {
      'Verdicts by status and severity': `select status, count(*) from aws_policy_results group by status`,
      'Findings by rule': `select check_id, count(*) from aws_policy_results where status = 'fail' group by check_id`,
      'Not known, by cause': `select check_id, count(*) from aws_policy_results where status = 'unknown' group by check_id`,
      'Holders, and how many services each holds': `select concat_ws(' ', account_name, delegated_account_id), count(*) from delegation.holders group by 1`,
      'Accounts that each guardrail covers': `select control, sum(cardinality(account_ids)) from delegation.class_guardrails group by control`,
      'How verdicts changed': `select date_trunc('day', changed_at, 'UTC'), count(*) from aws_policy_result_changes group by 1`,
    };
    for (const [title, sql] of Object.entries(whole)) {
      const panel = asking().find((each) => each.title === title);
      const drawn = await client.query<unknown[]>({ text: expand(panel?.sql ?? ''), rowMode: 'array' });
      const counted = await client.query<unknown[]>({ text: sql, rowMode: 'array' });
      const sums = drawn.rows.map(([by, ...parts]) => [
        String(by),
        parts.map(Number).reduce((sum, part) => sum + part, 0),
      ]);
      expect([title, sums.sort()]).toEqual([
        title,
        counted.rows.map(([by, count]) => [String(by), Number(count)]).sort(),
      ]);
    }
  });

  it('shows nothing of another organization, of other severities or of another time', async () => {
    for (const { title, type, sql } of asking()) {
      const { rows } = await client.query<Record<string, unknown>>(expand(sql, { organization: [`o'other`] }));
      // Without a row there is still a number.
      if (type === 'stat') expect([title, Number(Object.values(rows[0] ?? {})[0] ?? 0)]).toEqual([title, 0]);
      else expect([title, rows]).toEqual([title, []]);
    }
    const list = asking().find(({ title }) => title === 'Findings, the worst first')?.sql ?? '';
    const { rows: chosen } = await client.query<Record<string, unknown>>(
      expand(list, { severity: ['critical', 'medium'] }),
    );
    expect(new Set(chosen.map(({ Severity }) => Severity))).toEqual(new Set(['critical', 'medium']));
    const inTime = asking().filter(({ sql }) => sql.includes('$__timeFilter'));
    expect(inTime.map(({ title }) => title)).toEqual([
      'How verdicts changed',
      'Changes of the organization and its administrators',
    ]);
    for (const { sql } of inTime) {
      const { rows } = await client.query(expand(sql, { from: '2001-01-01T00:00:00Z', to: '2001-02-01T00:00:00Z' }));
      expect(rows).toEqual([]);
    }
  });

  it('is provisioned with a connection whose parts come from outside', async () => {
    const folder = join(dashboards, 'grafana/provisioning');
    const sources = parse(await readFile(join(folder, 'datasources/aws_delegation.yml'), 'utf8')) as object;
    expect(sources).toMatchObject({
      apiVersion: 1,
      datasources: [
        {
          type: 'postgres',
          url: '$__env{PGHOST}:$__env{PGPORT}',
          user: '$__env{PGUSER}',
          secureJsonData: { password: '$__env{PGPASSWORD}' },
          jsonData: { database: '$__env{PGDATABASE}', sslmode: '$__env{PGSSLMODE}' },
        },
      ],
    });
    const providers = parse(await readFile(join(folder, 'dashboards/aws_delegation.yml'), 'utf8')) as object;
    expect(providers).toMatchObject({
      apiVersion: 1,
      providers: [{ type: 'file', options: { path: '/var/lib/grafana/dashboards' } }],
    });
  });
});
