import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { parseSpec } from '../../src/plugin/spec.js';
import { readSpecFile } from '../../src/runner/index.js';
import { defineScenario, startSimulator, type Simulator } from '../../src/simulator/index.js';
import { run } from '../support/cli.js';
import { hasPsql } from '../support/machine_postgres.js';
import { freshDatabase, serverUrl, type FreshDatabase, type Template } from '../support/postgres.js';
import { blocksOf, pages, root, type Block } from './blocks.js';
import { elsewhere } from './elsewhere.js';
import { commandsOf, makeShell, type Shell } from './shell.js';

/** What is told at the end: how much of the docs was run. */
const counts = { commands: 0, 'commands of other programs, by their arguments': 0, queries: 0, files: 0 };

if (!hasPsql) console.info('commands of the docs that need psql left out: there is none');

const aws = { AWS_ACCESS_KEY_ID: 'simulated', AWS_SECRET_ACCESS_KEY: 'simulated', AWS_REGION: 'us-east-1' };

let simulator: Simulator;
let organization: Template;
beforeAll(async () => {
  simulator = await startSimulator({ scenario: 'demo' });
  organization = {
    name: 'docs',
    async prepare({ host, port, user, password, database }) {
      const url = new URL(await serverUrl());
      Object.assign(url, { hostname: host, port: String(port), username: user ?? '', password: password ?? '' });
      url.pathname = `/${database ?? ''}`;
      const env = { ...aws, AWS_ENDPOINT_URL: simulator.url };
      for (const args of [['sync', 'spec.yml'], ['check']]) {
        const { code, stderr } = await run([...args, '--database', url.href], { cwd: root, env });
        if (code === null || code > 2) throw new Error(stderr);
      }
    },
  };
});
afterAll(async () => {
  await simulator.close();
  console.info(
    `docs: ${Object.entries(counts)
      .map(([what, count]) => `${count} ${what}`)
      .join(', ')}`,
  );
});

const withBlocks = pages()
  .map((page) => ({ page, blocks: blocksOf(page) }))
  .filter(({ blocks }) => blocks.length > 0);

// Whoever only asks leaves the database as it was, and most pages do: a copy for each would take longer than all the queries.
const onlyAsks = ({ blocks }: { blocks: readonly Block[] }): boolean =>
  blocks.every(({ language }) => language === 'sql');
const asking = withBlocks.filter(onlyAsks);
const doing = withBlocks.filter((page) => !onlyAsks(page));

it('nothing is excused that is not there', () => {
  const blocks = withBlocks.flatMap(({ blocks }) => blocks);
  for (const { page, has, by } of elsewhere) {
    expect(
      blocks.filter((block) => block.page === page && block.text.includes(has)),
      `${page}: ${has}`,
    ).toHaveLength(1);
    if (by !== undefined) expect(existsSync(join(root, by)), by).toBe(true);
  }
});

function isExcused(block: Block): boolean {
  return elsewhere.some(({ page, has }) => page === block.page && block.text.includes(has));
}

async function ask(client: pg.Client, { text }: Pick<Block, 'text'>): Promise<void> {
  const results = (await client.query(text)) as unknown as pg.QueryResult | pg.QueryResult[];
  counts.queries += [results].flat().length;
  // One of them has something to show; others ask for times that a new database knows nothing of.
  expect([results].flat().some(({ rowCount }) => (rowCount ?? 0) > 0)).toBe(true);
}

describe('pages that only ask', () => {
  let database: FreshDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    database = await freshDatabase(organization);
    client = await database.connect();
    await client.query('set default_transaction_read_only = on');
  });
  afterAll(() => database.drop());

  it.each(asking)('$page', async ({ blocks }) => {
    for (const block of blocks) if (!isExcused(block)) await ask(client, block);
  });

  it('are those of the tables, each of them', () => {
    const tables = readdirSync(join(root, 'docs/tables')).filter((name) => name !== 'README.md');
    expect(asking.map(({ page }) => page)).toEqual(expect.arrayContaining(tables.map((name) => `docs/tables/${name}`)));
  });
});

describe.each(doing)('$page', ({ blocks }) => {
  let folder: string;
  let shell: Shell;
  let database: FreshDatabase;
  let client: pg.Client;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'docs-'));
    // As root the embedded server runs as another user.
    chmodSync(folder, 0o755);
    database = await freshDatabase(organization);
    client = await database.connect();
    mkdirSync(join(folder, '.aws'));
    const credentials = `aws_access_key_id = simulated\naws_secret_access_key = simulated\nregion = us-east-1\n`;
    writeFileSync(join(folder, '.aws', 'config'), `[profile org-audit]\n${credentials}`);
    writeFileSync(join(folder, 'spec.yml'), readFileSync(join(root, 'spec.yml')));
    shell = makeShell(folder, {
      ...aws,
      AWS_ENDPOINT_URL: simulator.url,
      AWS_DELEGATION_HOME: join(folder, 'home'),
      DATABASE_URL: database.url,
      ADMIN_URL: database.url,
      GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
    });
  });
  afterAll(async () => {
    // What `db start` of the page has left running.
    await shell.run('aws-delegation db stop');
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(blocks.map((block) => ({ ...block, name: `line ${block.line}, ${block.language}` })))(
    '$name',
    async (block) => {
      if (isExcused(block)) return;
      await ways[block.language]?.(block);
      expect(ways[block.language], `nobody runs a block of ${block.language}`).toBeDefined();
    },
    // A block may sync, judge and report.
    240_000,
  );

  const ways: Readonly<Record<string, (block: Pick<Block, 'text'>) => Promise<void>>> = {
    async sh({ text }) {
      if (!hasPsql && text.includes('psql')) return;
      const { code, output, commands } = await shell.run(text);
      expect(code, output).toBe(0);
      for (const { isRun } of commands) counts[isRun ? 'commands' : 'commands of other programs, by their arguments']++;
    },
    sql: (block) => ask(client, block),
    async yaml({ text }) {
      counts.files++;
      const steps: unknown = parse(text.split(/^---$/m)[0] ?? '');
      // Of a workflow of GitHub Actions.
      if (Array.isArray(steps)) {
        for (const { run: command } of steps as { run?: string }[])
          if (command !== undefined) await ways['sh']?.({ text: command });
        return;
      }
      readYaml(text, folder);
      // A whole spec is the one that the commands after it name.
      if (/^kind: destination$/m.test(text)) writeFileSync(join(folder, 'spec.yml'), text);
    },
    /** Of ~/.aws/config, where the profiles of the commands are ours. */
    ini({ text }) {
      counts.files++;
      for (const line of text.split('\n')) expect(line).toMatch(/^(\[profile [\w-]+\]|\w+ = \S+)$/);
      return Promise.resolve();
    },
    /** What a program says. */
    text: () => Promise.resolve(),
    json({ text }) {
      counts.files++;
      expect(JSON.parse(text)).toBeDefined();
      return Promise.resolve();
    },
  };
});

/** Commands of ours, as `docs/commands.md` lists them. */
const commands = [...readFileSync(join(root, 'docs/commands.md'), 'utf8').matchAll(/^\| `([\w-]+)/gm)].map(
  ([, name]) => name,
);

/** A part of compose.yml or of a pod, a spec, a part of its source, or a scenario of the simulator: each is read by what reads it for a user. */
function readYaml(text: string, folder: string): void {
  const [first] = text.split(/^---$/m).map((document) => parse(document) as Record<string, unknown>);
  if (first !== undefined && 'services' in first) {
    const { services } = parse(readFileSync(join(root, 'compose.yml'), 'utf8'), { merge: true }) as {
      services: object;
    };
    expect(Object.keys(services)).toEqual(expect.arrayContaining(Object.keys(first['services'] as object)));
    return;
  }
  if (first !== undefined && 'accounts' in first) {
    parseSpec(Buffer.from(JSON.stringify(first)));
    return;
  }
  if (first !== undefined && 'readinessProbe' in first) {
    const { exec } = first['readinessProbe'] as { exec: { command: string[] } };
    expect(commands).toContain(exec.command[1]);
    return;
  }
  const file = join(folder, 'read.yml');
  const isPart = first !== undefined && 'registry' in first;
  if (first?.['kind'] === undefined && !isPart) {
    const { organization = { management_account_id: '111122223333', accounts: [] }, ...rest } = first ?? {};
    defineScenario({ name: 'docs', organization, ...rest });
    return;
  }
  const source = `kind: source\nspec:\n  name: docs\n  tables: ['*']\n  destinations: [postgresql]\n`;
  writeFileSync(file, isPart ? `${source}${text.replace(/^/gm, '  ')}\n` : text);
  const env = new Proxy<NodeJS.ProcessEnv>({}, { get: () => 'set', has: () => true });
  const { source: read } = readSpecFile(file, { env, cwd: folder });
  parseSpec(Buffer.from(JSON.stringify(read.pluginSpec ?? {})));
}

it('commands end where lines end, but for those that go on', () => {
  expect(commandsOf(`# only a comment\na \\\n  b\nc 'd\ne' # f\n\ng "it's"`)).toEqual([
    'a \\\n  b',
    "c 'd\ne' # f",
    `g "it's"`,
  ]);
  expect(() => commandsOf('a "b')).toThrow('no end');
});
