import { readFile, readdir } from 'node:fs/promises';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { longFiles, mostLines } from './long_files.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * What a room may import, besides itself and packages:
 *
 *     text <- aws, catalog <- schema <- tables, sync <- plugin
 *     postgres <- runner      postgres <- rules <- report <- cli, page
 */
const arrows: Readonly<Record<string, readonly string[]>> = {
  text: [],
  aws: [],
  catalog: ['text'],
  schema: ['aws', 'catalog'],
  // Tables are data: they reach AWS only through what `list` is handed. The catalogue is a table as well.
  tables: ['schema', 'catalog'],
  sync: ['schema', 'aws', 'catalog'],
  plugin: ['sync', 'tables', 'schema', 'aws', 'catalog', 'text'],
  postgres: [],
  // It meets the plugin over gRPC only.
  runner: ['postgres', 'text'],
  rules: ['postgres'],
  report: ['rules', 'text'],
  // Runs in a browser: what it needs of ours lies in the file that it is in.
  page: ['report'],
  // An import here could share our mistakes with what is to find them.
  simulator: [],
  cli: [
    'text',
    'aws',
    'catalog',
    'schema',
    'tables',
    'sync',
    'plugin',
    'postgres',
    'runner',
    'rules',
    'report',
    'simulator',
  ],
};

/** Rooms of pure functions or data: whoever reads them need not think of files and networks. */
const withoutIo: readonly string[] = ['text', 'catalog', 'schema', 'report', 'page'];
const io = /^(node:)?(fs|net|http|https|http2|tls|dgram|dns|child_process|worker_threads)(\/.*)?$|^pg$|^@grpc\//;

/** The package of embedded PostgreSQL has another name on each platform. */
const mayImportByName: readonly string[] = ['src/postgres/embedded/binaries.ts'];

interface Import {
  readonly line: number;
  /** Undefined where it is not a literal, and nobody can say what it imports. */
  readonly specifier: string | undefined;
}

interface Parsed {
  readonly imports: readonly Import[];
  readonly defaultExports: readonly number[];
}

function parse(path: string, source: string): Parsed {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  const defaultExports: number[] = [];
  const lineOf = (node: ts.Node) => file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1;
  const add = (node: ts.Node, specifier: ts.Node | undefined) => {
    const isText = specifier !== undefined && ts.isStringLiteralLike(specifier);
    imports.push({ line: lineOf(node), specifier: isText ? specifier.text : undefined });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier);
    if (ts.isExportDeclaration(node)) {
      if (node.moduleSpecifier !== undefined) add(node, node.moduleSpecifier);
      const isDefault = ({ name }: ts.ExportSpecifier) => name.text === 'default';
      if (node.exportClause !== undefined && ts.isNamedExports(node.exportClause)) {
        defaultExports.push(...node.exportClause.elements.filter(isDefault).map(lineOf));
      }
    }
    if (ts.isExternalModuleReference(node)) add(node, node.expression);
    if (ts.isImportTypeNode(node)) add(node, ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined);
    if (ts.isCallExpression(node)) {
      const isRequire = ts.isIdentifier(node.expression) && node.expression.text === 'require';
      if (isRequire || node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node, node.arguments[0]);
    }
    if (ts.isExportAssignment(node)) defaultExports.push(lineOf(node));
    const modifiers = ts.canHaveModifiers(node) ? (ts.getModifiers(node) ?? []) : [];
    if (modifiers.some(({ kind }) => kind === ts.SyntaxKind.DefaultKeyword)) defaultExports.push(lineOf(node));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { imports, defaultExports };
}

/** `aws` for `src/aws/...`, `tables` for `tables/...`; undefined for anything else. */
function roomOf(path: string): string | undefined {
  const [top, second, third] = path.split('/');
  if (top === 'tables') return 'tables';
  return top === 'src' && third !== undefined ? second : undefined;
}

/** One line per fault, `file:line` first. Paths are relative to the project, with forward slashes. */
function faults(sources: ReadonlyMap<string, string>): string[] {
  const found: string[] = [];
  const graph = new Map<string, Map<string, string>>();

  for (const [path, source] of sources) {
    const room = roomOf(path);
    const allowed = room === undefined ? undefined : arrows[room];
    if (room === undefined || allowed === undefined) {
      found.push(`${path} is in no room: move it to one of ${Object.keys(arrows).join(', ')}`);
      continue;
    }
    const { imports, defaultExports } = parse(path, source);
    for (const line of defaultExports) found.push(`${path}:${line} has a default export: give it a name`);

    for (const { line, specifier } of imports) {
      const where = `${path}:${line}`;
      if (specifier === undefined) {
        if (!mayImportByName.includes(path)) {
          found.push(`${where} imports what only the run knows: write the path out`);
        }
      } else if (!specifier.startsWith('.')) {
        if (withoutIo.includes(room) && io.test(specifier)) {
          found.push(`${where} imports ${specifier}: ${room} does no I/O`);
        }
      } else {
        const target = posix.join(posix.dirname(path), specifier);
        if (target === 'package.json') continue;
        const targetRoom = roomOf(target);
        if (targetRoom === undefined) {
          found.push(`${where} imports ${target}: ${room} may import rooms of src/ and tables/, nothing beside them`);
        } else if (targetRoom !== room) {
          const edges = graph.get(room) ?? new Map<string, string>();
          graph.set(room, edges.set(targetRoom, where));
          if (!allowed.includes(targetRoom)) {
            const choice = allowed.length === 0 ? 'no other room' : allowed.join(', ');
            found.push(
              `${where} imports ${target}: ${room} -> ${targetRoom} is no arrow (${room} may import ${choice})`,
            );
          }
        }
      }
    }
  }
  return [...found, ...cycles(graph)];
}

function cycles(graph: ReadonlyMap<string, ReadonlyMap<string, string>>): string[] {
  const found = new Map<string, string>();
  const follow = (path: readonly string[], places: readonly string[]): void => {
    for (const [next, place] of graph.get(path.at(-1) ?? '') ?? []) {
      const start = path.indexOf(next);
      if (start < 0) {
        follow([...path, next], [...places, place]);
      } else {
        const loop = path.slice(start);
        const message = `cycle ${[...loop, next].join(' -> ')} (${[...places.slice(start), place].join(', ')})`;
        found.set([...loop].sort().join(), found.get([...loop].sort().join()) ?? message);
      }
    }
  };
  for (const room of graph.keys()) follow([room], []);
  return [...found.values()];
}

/** Files that are too long without a reason, and reasons that no file needs (any more). */
function lengthFaults(sources: ReadonlyMap<string, string>, reasons: Readonly<Record<string, string>>): string[] {
  const lineCount = (source: string): number => source.replace(/\n$/, '').split('\n').length;
  const tooLong = [...sources].flatMap(([path, source]) => {
    const lines = lineCount(source);
    if (lines <= mostLines || Object.hasOwn(reasons, path)) return [];
    return [`${path} has ${lines} lines: split it by topic, or say in test/long_files.ts why it is one file`];
  });
  const needless = Object.keys(reasons).flatMap((path) => {
    const source = sources.get(path);
    if (source !== undefined && lineCount(source) > mostLines) return [];
    const what = source === undefined ? 'is not there' : `has no more than ${mostLines} lines`;
    return [`${path} ${what}: take it out of test/long_files.ts`];
  });
  return [...tooLong, ...needless];
}

async function projectSources(): Promise<Map<string, string>> {
  const sources = new Map<string, string>();
  for (const top of ['src', 'tables']) {
    for (const entry of await readdir(posix.join(root, top), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.[cm]?tsx?$/.test(entry.name)) continue;
      const absolute = posix.join(entry.parentPath, entry.name);
      sources.set(posix.relative(root, absolute), await readFile(absolute, 'utf8'));
    }
  }
  return sources;
}

describe('the rooms', () => {
  it('import along the arrows only', async () => {
    const sources = await projectSources();
    expect([...sources.keys()]).toContain('src/catalog/index.ts');
    expect(faults(sources)).toEqual([]);
  });

  it('have arrows without a cycle', () => {
    // cli may open any door, but no door leads back to it.
    const graph = new Map(
      Object.entries(arrows).map(([room, targets]) => [room, new Map(targets.map((target) => [target, 'arrows']))]),
    );
    expect(cycles(graph)).toEqual([]);
  });
});

describe('a source file', () => {
  it(`of more than ${mostLines} lines has a reason`, async () => {
    expect(lengthFaults(await projectSources(), longFiles)).toEqual([]);
  });

  it('is told of where it has grown, and its reason where that is not needed', () => {
    const lines = (count: number): string => 'a;\n'.repeat(count);
    const sources = new Map([
      ['src/aws/fits.ts', lines(mostLines)],
      ['src/aws/grown.ts', lines(mostLines + 1)],
      ['src/aws/excused.ts', lines(mostLines + 1)],
      ['src/aws/shrunk.ts', lines(mostLines)],
    ]);
    const reasons = { 'src/aws/excused.ts': 'data', 'src/aws/shrunk.ts': 'data', 'src/aws/gone.ts': 'data' };
    expect(lengthFaults(sources, reasons)).toEqual([
      `src/aws/grown.ts has ${mostLines + 1} lines: split it by topic, or say in test/long_files.ts why it is one file`,
      `src/aws/shrunk.ts has no more than ${mostLines} lines: take it out of test/long_files.ts`,
      'src/aws/gone.ts is not there: take it out of test/long_files.ts',
    ]);
    expect(lengthFaults(sources, {}).map((fault) => fault.split(' ')[0])).toEqual([
      'src/aws/grown.ts',
      'src/aws/excused.ts',
    ]);
  });
});

describe('the check itself', () => {
  const check = (files: Record<string, string>) => faults(new Map(Object.entries(files)));

  it('accepts what is allowed', () => {
    expect(
      check({
        'src/schema/table.ts': `import type { Outcome } from '../aws/index.js';\nimport { Schema } from 'apache-arrow';`,
        'tables/ec2/regions.ts': `import { defineTable } from '../../src/schema/index.js';\nimport { EC2Client } from '@aws-sdk/client-ec2';`,
        'tables/delegation/services.ts': `import { services } from '../../src/catalog/index.js';`,
        'src/plugin/serve.ts': `export * from '../sync/index.js';\nimport { all } from '../../tables/index.js';\nimport p from '../../package.json' with { type: 'json' };`,
        'src/simulator/server.ts': `import { createServer } from 'node:http';\nimport { pages } from './pages.js';`,
        'src/cli/main.ts': `const { runner } = await import('../runner/index.js');\nimport '../simulator/index.js';`,
      }),
    ).toEqual([]);
  });

  it.each([
    ['src/sync/walk.ts', '../../tables/ec2/regions.js', 'sync -> tables'],
    ['src/runner/run.ts', '../plugin/serve.js', 'runner -> plugin'],
    ['src/runner/run.ts', '../rules/index.js', 'runner -> rules'],
    ['src/simulator/server.ts', '../catalog/index.js', 'simulator -> catalog'],
    ['src/catalog/index.ts', '../schema/index.js', 'catalog -> schema'],
    ['src/rules/run.ts', '../sync/index.js', 'rules -> sync'],
    ['src/report/text.ts', '../postgres/index.js', 'report -> postgres'],
    ['src/plugin/serve.ts', '../cli/index.js', 'plugin -> cli'],
    ['tables/ec2/regions.ts', '../../src/aws/index.js', 'tables -> aws'],
    ['src/page/main.tsx', '../rules/index.js', 'page -> rules'],
    ['src/report/page.ts', '../page/model.js', 'report -> page'],
  ])('%s may not import %s', (path, specifier, arrow) => {
    const target = posix.join(posix.dirname(path), specifier);
    const [fault, ...others] = check({ [path]: `// why\nimport { a } from '${specifier}';` });
    expect(fault).toContain(`${path}:2 imports ${target}: ${arrow} is no arrow`);
    expect(others).toEqual([]);
  });

  it('sees every way to import', () => {
    const path = 'src/simulator/server.ts';
    const ways = [
      `import type { A } from '../aws/index.js';`,
      `import '../aws/index.js';`,
      `export { a } from '../aws/index.js';`,
      `export * as aws from '../aws/index.js';`,
      `const a = await import('../aws/index.js');`,
      `let a: import('../aws/index.js').A;`,
      `import a = require('../aws/index.js');`,
      `const a = require('../aws/index.js');`,
      `function f() { return () => import(\`../aws/index.js\`); }`,
    ];
    for (const way of ways) {
      expect(check({ [path]: way }), way).toEqual([
        `${path}:1 imports src/aws/index.js: simulator -> aws is no arrow (simulator may import no other room)`,
      ]);
    }
    expect(check({ [path]: `await import(name);` })).toEqual([
      `${path}:1 imports what only the run knows: write the path out`,
    ]);
    expect(check({ [path]: `// import '../aws/index.js';\nconst text = "import '../aws/index.js'";` })).toEqual([]);
  });

  it('keeps sources away from tests and scripts, and I/O out of the pure rooms', () => {
    expect(
      check({
        'tables/ec2/regions.ts': `import { x } from '../../test/support/x.js';`,
        'src/aws/road.ts': `import { x } from '../../scripts/setup.js';`,
        'src/report/html.ts': `import { readFileSync } from 'node:fs';`,
        'src/schema/table.ts': `import { Pool } from 'pg';`,
        'src/main.ts': ``,
        'src/extra/thing.ts': ``,
      }),
    ).toEqual([
      'tables/ec2/regions.ts:1 imports test/support/x.js: tables may import rooms of src/ and tables/, nothing beside them',
      'src/aws/road.ts:1 imports scripts/setup.js: aws may import rooms of src/ and tables/, nothing beside them',
      'src/report/html.ts:1 imports node:fs: report does no I/O',
      'src/schema/table.ts:1 imports pg: schema does no I/O',
      expect.stringMatching(/^src\/main\.ts is in no room/),
      expect.stringMatching(/^src\/extra\/thing\.ts is in no room/),
    ]);
  });

  it('finds default exports', () => {
    const path = 'src/aws/road.ts';
    for (const source of [
      'export default 1;',
      'export default function f() {}',
      'export default class {}',
      'const a = 1; export { a as default };',
      `export { default } from './other.js';`,
      'export = 1;',
    ]) {
      expect(check({ [path]: source }), source).toEqual([`${path}:1 has a default export: give it a name`]);
    }
    expect(check({ [path]: `export { default as named } from 'package';` })).toEqual([]);
  });

  it('finds a cycle, with the places that make it', () => {
    const found = check({
      'src/schema/a.ts': `import '../aws/a.js';`,
      'src/aws/a.ts': `import '../catalog/a.js';`,
      'src/catalog/a.ts': `import '../schema/a.js';`,
    });
    expect(found.filter((fault) => fault.startsWith('cycle'))).toEqual([
      'cycle schema -> aws -> catalog -> schema (src/schema/a.ts:1, src/aws/a.ts:1, src/catalog/a.ts:1)',
    ]);
  });
});
