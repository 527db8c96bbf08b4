import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ofTheMachine, run } from '../support/cli.js';
import { freshDatabase, type FreshDatabase } from '../support/postgres.js';
import { dashboards, judgedTwice } from './database.js';

/** A Python that has what requirements.txt names. */
const python = process.env['SUPERSET_PYTHON'];
/** Superset's own database, new and with an administrator `admin`: CI keeps one, because making it takes half a minute. */
const metadata = process.env['SUPERSET_METADATA'];

if (python === undefined) {
  process.stdout.write(
    'tests with Superset left out: set SUPERSET_PYTHON to a Python that has test/dashboards/requirements.txt\n',
  );
}

interface Answer {
  readonly rows: number;
  readonly columns: readonly string[];
  readonly error: string | null;
  readonly left_out: readonly string[];
  readonly data: readonly Record<string, unknown>[];
}

interface Told {
  readonly dashboard: { readonly slug: string; readonly published: boolean; readonly charts: readonly string[] };
  readonly charts: Readonly<Record<string, { viz_type: string; dataset: string; as_it_is: Answer; another: Answer }>>;
  readonly filters: Readonly<
    Record<string, { values: unknown[]; left_out: readonly string[]; without_the_column: readonly string[] }>
  >;
  readonly imported_again: Imported;
  readonly overwritten: Imported;
}

interface Imported {
  readonly exit_code: number;
  readonly output: string;
  readonly uri: string;
  readonly sql: string;
}

describe.skipIf(python === undefined)('the bundle in a real Superset', { timeout: 300_000 }, () => {
  let folder: string;
  let database: FreshDatabase;
  let told: Told;
  let imported: { code: number | null; stdout: string; stderr: string };

  async function start(command: string, ...args: string[]): Promise<typeof imported> {
    const { username, password } = new URL(database.url);
    const env = {
      ...ofTheMachine(),
      HOME: folder,
      SUPERSET_HOME: folder,
      SUPERSET_SECRET_KEY: secret,
      FLASK_APP: 'superset.app:create_app()',
      PYTHONWARNINGS: 'ignore',
      // The bundle has none.
      PGUSER: decodeURIComponent(username),
      PGPASSWORD: decodeURIComponent(password),
      // Found by CI where a process is left running.
      AWS_DELEGATION_CI_RUN: process.env['AWS_DELEGATION_CI_RUN'],
    };
    const child = spawn(command, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, stdout, stderr };
  }
  const superset = (...args: string[]): Promise<typeof imported> =>
    start(join(dirname(python ?? ''), 'superset'), ...args);
  const secret = randomBytes(32).toString('base64url');

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'aws-delegation-superset-'));
    database = await freshDatabase(judgedTwice);
    if (metadata === undefined) {
      for (const command of [
        ['db', 'upgrade'],
        [
          'fab',
          'create-admin',
          '--username',
          'admin',
          '--firstname',
          'Ada',
          '--lastname',
          'L',
          '--email',
          'ada@example.com',
          '--password',
          secret,
        ],
        ['init'],
      ]) {
        expect(await superset(...command)).toMatchObject({ code: 0 });
      }
    } else {
      await copyFile(metadata, join(folder, 'superset.db'));
    }
    const { username } = new URL(database.url);
    const made = await run([
      'dashboards',
      '-o',
      join(folder, 'made'),
      '--database',
      database.url,
      '--reader',
      username,
    ]);
    expect(made).toMatchObject({ code: 0 });
    imported = await superset('import-dashboards', '-p', join(folder, 'made/superset.zip'), '-u', 'admin');
    expect(imported, imported.stderr).toMatchObject({ code: 0 });
    const asked = await start(
      python ?? '',
      join(import.meta.dirname, 'ask_superset.py'),
      join(folder, 'made/superset.zip'),
      join(dashboards, 'superset'),
    );
    expect(asked, asked.stderr).toMatchObject({ code: 0 });
    told = JSON.parse(asked.stdout) as Told;
  }, 300_000);

  afterAll(async () => {
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  });

  it('is imported by its own command line, without an error', async () => {
    expect(imported.stdout + imported.stderr).not.toMatch(/ERROR|Traceback/);
    expect(told.dashboard).toMatchObject({ slug: 'aws-delegation', published: true });
    expect(told.dashboard.charts).toHaveLength((await readdir(join(dashboards, 'superset/charts'))).length);
    expect(new Set(Object.values(told.charts).map(({ dataset }) => dataset)).size).toBe(10);
  });

  it('has rows in every chart, and none of another organization', () => {
    expect(Object.keys(told.charts)).toHaveLength(17);
    for (const [title, { viz_type: type, as_it_is: whole, another }] of Object.entries(told.charts)) {
      expect([title, whole.error, whole.left_out]).toEqual([title, null, []]);
      expect([title, whole.rows > 0]).toEqual([title, true]);
      if (type === 'big_number_total') {
        const numberOf = ({ data }: Answer): unknown => Object.values(data[0] ?? {})[0];
        expect([title, numberOf(whole)]).not.toEqual([title, null]);
        expect([title, Number(numberOf(another) ?? 0)]).toEqual([title, 0]);
      } else {
        expect([title, another.rows]).toEqual([title, 0]);
      }
    }
  });

  it('is filtered by organization, source and severity, each where a chart has that', () => {
    expect(told.filters).toMatchObject({
      Organization: { values: ['o-exampleorgid'], left_out: [] },
      Source: { values: ['dashboards'] },
      Severity: { values: ['critical', 'high', 'low', 'medium'] },
    });
    for (const { left_out: leftOut, without_the_column: without } of Object.values(told.filters)) {
      expect(leftOut).toEqual(without);
    }
  });

  it('has a color for each part of its bars', async () => {
    const { parse } = await import('yaml');
    const { metadata: style } = parse(
      await readFile(join(dashboards, 'superset/dashboards/aws_delegation.yaml'), 'utf8'),
    ) as { metadata: { label_colors: Record<string, string> } };
    for (const [title, { viz_type: type, as_it_is: answer }] of Object.entries(told.charts)) {
      if (type !== 'echarts_timeseries_bar' || answer.columns.length < 3) continue;
      const part = answer.columns[1] ?? '';
      for (const row of answer.data)
        expect([title, Object.keys(style.label_colors)]).toEqual([title, expect.arrayContaining([row[part]])]);
    }
  });

  it('keeps the connection that is there when it is imported again, and the datasets too; overwriting takes all of the new ones', () => {
    expect(told.imported_again, told.imported_again.output).toMatchObject({
      exit_code: 0,
      uri: 'postgresql+psycopg2://somebody@db.example.com/inventory',
      sql: "select 'older' as organization_id",
    });
    expect(told.overwritten, told.overwritten.output).toMatchObject({
      exit_code: 0,
      uri: 'postgresql+psycopg2://aws_delegation_reader@localhost:5432/aws_delegation',
      sql: expect.stringContaining('from delegation.holders') as string,
    });
  });
});
