import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { ApprovalsFile } from '../../src/cli/approvals_file.js';
import { UsageError as CliUsageError } from '../../src/cli/errors.js';
import { readIntents, parseApprovals, textOf } from '../../src/plugin/intents.js';
import { parseSpec } from '../../src/plugin/spec.js';
import { SpecError } from '../../src/plugin/spec_error.js';
import { readSpecFile, UsageError, type SpecFile } from '../../src/runner/index.js';
import { isStorable, mutated, mutatedBytes, nastyText, storableText, textsIn } from './nasty.js';
import { parsed, property, same, type Property } from './property.js';
import { delegationEntries, validSpec, waiverEntries } from './specs.js';

/** The ways in which people and programs write the same thing. */
export function written(value: unknown): fc.Arbitrary<string> {
  const yaml = fc
    .record({
      // The library folds some lines at other widths into another text.
      lineWidth: fc.constant(0),
      defaultStringType: fc.constantFrom('PLAIN' as const, 'QUOTE_DOUBLE' as const, 'QUOTE_SINGLE' as const),
      // Nor does it read again what it writes of texts that begin with spaces, where it indents by more.
      indent: fc.constant(2),
      collectionStyle: fc.constantFrom('any' as const, 'flow' as const, 'block' as const),
      aliasDuplicateObjects: fc.boolean(),
    })
    .map((options) => stringify(value, options));
  return fc
    .tuple(
      fc.oneof(yaml, fc.constant(JSON.stringify(value)), fc.constant(JSON.stringify(value, null, 2))),
      fc.constantFrom('', '# a comment with ${NOTHING} in it\n', '\ufeff'),
      fc.constantFrom('', '\n', '\n# the end'),
    )
    .map(([text, before, after]) => before + text + after);
}

/** As JSON has it: without what JSON cannot say. */
function plain<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

const approvals = fc.oneof(fc.record({ delegations: delegationEntries }), delegationEntries);
const waivers = fc.oneof(fc.record({ waivers: waiverEntries }), waiverEntries);
const withText = (values: fc.Arbitrary<unknown>): fc.Arbitrary<{ value: unknown; text: string }> =>
  values.map(plain).chain((value) => written(value).map((text) => ({ value, text })));

/** YAML that is made to hurt whoever reads it. */
export const yamlBombs: fc.Arbitrary<string> = fc.oneof(
  fc.integer({ min: 2, max: 12 }).map((levels) => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < levels; level++) {
      lines.push(`a${level}: &a${level} [${Array.from({ length: 9 }, () => `*a${level - 1}`).join(', ')}]`);
    }
    return lines.join('\n');
  }),
  fc.integer({ min: 100, max: 20_000 }).map((depth) => '['.repeat(depth)),
  fc.integer({ min: 100, max: 20_000 }).map((depth) => '- '.repeat(depth)),
  fc.integer({ min: 100, max: 8_000 }).map((depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`),
  fc.integer({ min: 100, max: 8_000 }).map((depth) => `${'{a: '.repeat(depth)}1${'}'.repeat(depth)}`),
  fc
    .integer({ min: 1, max: 300 })
    .map((depth) => Array.from({ length: depth }, (_, level) => `${' '.repeat(level)}a:`).join('\n')),
  fc.constantFrom(
    ...['&a [*a, *a]', 'delegations: &a {delegations: *a}', '&a {waivers: [*a]}', '*a', '<<: *a', '- &a x\n- <<: *a'],
    ...[
      'delegations: [{<<: {service: macie}}]',
      '? {a: b}\n: c',
      '? [a]\n: [b]',
      '!!binary x',
      '!<tag:x> y',
      '!!set {a}',
    ],
    ...[
      '%YAML 9.9\n---\na',
      '%TAG ! x\n---\n!a b',
      '\tdelegations: []',
      'delegations:\t[]',
      'a: b: c',
      '"\\ud800"',
      '"\\0"',
    ],
    ...[
      '---\n---\n',
      '...\n...',
      '--- a\n--- b',
      '!!js/function "x"',
      '!!python/object:os.system x',
      '2026-01-01',
      '0o17',
    ],
    ...['__proto__: {polluted: true}', '{"__proto__": {"polluted": true}}', 'constructor: {prototype: {polluted: 1}}'],
    ...[
      '- __proto__: {polluted: true}',
      'delegations: [{__proto__: {service: macie}}]',
      '"": ""',
      '? ""',
      '~: ~',
      'y: n',
    ],
  ),
  nastyText(200),
  fc
    .tuple(
      fc.constantFrom('x', '*', '&', '#', '"', "'", '|', '>', '\t', '\n', ' ', '?', '!', '%', '{', ':', '- a\n'),
      fc.integer({ min: 1, max: 3_000 }),
    )
    .map(([text, times]) => text.repeat(times)),
);

/** Files in a folder that is gone afterwards: a worker of vitest is ended without a word to whoever would tidy up. */
async function inFolder<Result>(
  files: Readonly<Record<string, string | Uint8Array>>,
  work: (path: string) => Promise<Result>,
): Promise<Result> {
  const path = mkdtempSync(join(tmpdir(), 'aws-delegation-inputs-'));
  try {
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(path, name), bytes);
    return await work(path);
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

const fileName = 'people.yml';
const readApprovals = (bytes: string | Uint8Array): Promise<unknown> =>
  parsed(() => parseApprovals(fileName, textOf(fileName, Buffer.from(bytes))).content, SpecError, fileName);

/** As a sync does: by way of a file that the spec names. */
function readWaivers(
  bytes: string | Uint8Array,
): Promise<Awaited<ReturnType<typeof readIntents>>['waivers'] | undefined> {
  return inFolder({ 'waivers.yml': bytes }, (path) => {
    const spec = parseSpec(Buffer.from(JSON.stringify({ waivers: join(path, 'waivers.yml') })));
    return parsed(async () => (await readIntents(spec)).waivers, SpecError, 'waivers.yml');
  });
}

function listOf(value: unknown, key: string): Record<string, string>[] {
  return (Array.isArray(value) ? value : ((value as Record<string, unknown>)[key] ?? [])) as Record<string, string>[];
}

export const approvalsProperties: readonly Property[] = [
  property(
    'approvals that hold are what they say, however they are written',
    withText(approvals),
    async ({ value, text }) => {
      same(await readApprovals(text), value, text);
    },
  ),
  property('waivers that hold are the rows that they say', withText(waivers), async ({ value, text }) => {
    const rows = (await readWaivers(text))?.map(({ Rule, Resource, Reason, Owner, Ticket, ApprovedBy }) => [
      ...[Rule, Resource, Reason, Owner, Ticket, ApprovedBy],
    ]);
    const meant = listOf(value, 'waivers').map((entry) => [
      ...[
        entry['rule'],
        entry['resource'] ?? '*',
        entry['reason'],
        entry['owner'],
        entry['ticket'],
        entry['approved_by'],
      ],
    ]);
    same(rows, meant, text);
  }),
  property(
    'approvals with something wrong in them are refused, or are what they say',
    withText(mutated(approvals)),
    async ({ value, text }) => {
      const found = await readApprovals(text);
      if (found === undefined) return;
      same(found, value, text);
      if (!textsIn(found).every(isStorable)) throw new Error(`what no database stores was accepted: ${text}`);
    },
  ),
  property(
    'waivers with something wrong in them are refused, or are rows that can be stored',
    withText(mutated(waivers)),
    async ({ text }) => {
      const rows = await readWaivers(text);
      if (!textsIn(rows).every(isStorable)) throw new Error(`what no database stores was accepted: ${text}`);
    },
  ),
  property(
    'any bytes are approvals, or are refused',
    mutatedBytes(approvals.chain((each) => written(plain(each)))),
    async (bytes) => {
      const found = await readApprovals(bytes);
      if (!textsIn(found).every(isStorable)) throw new Error('what no database stores was accepted');
    },
  ),
  property(
    'any bytes are waivers, or are refused',
    mutatedBytes(waivers.chain((each) => written(plain(each)))),
    async (bytes) => {
      const rows = await readWaivers(bytes);
      if (!textsIn(rows).every(isStorable)) throw new Error('what no database stores was accepted');
    },
  ),
  property('YAML that is made to hurt does not', yamlBombs, async (text) => {
    await readApprovals(text);
    await readWaivers(text);
  }),
  property(
    'an approvals file that was changed can be read again, with all that was in it',
    withText(approvals),
    async ({ value, text }) => {
      const added = { service: 'detective', account: '333344445555' };
      const changed = await parsed(
        () => {
          const file = ApprovalsFile.parse(fileName, textOf(fileName, Buffer.from(text)));
          file.change(new Set(), [added], { approved_by: 'Ada', approved_on: '2026-01-01' });
          return file.text();
        },
        CliUsageError,
        'Nothing was written',
      );
      // Anchors are for a person to take out.
      if (changed === undefined) return;
      const entries = listOf((await readApprovals(changed)) ?? {}, 'delegations');
      same(entries.slice(0, -1), listOf(value, 'delegations'), changed);
      same(entries.at(-1)?.['service'], 'detective', changed);
    },
  ),
];

const source = fc.record(
  {
    name: storableText(60).filter((text) => text !== ''),
    path: fc.constantFrom('bin/aws-delegation', './aws-delegation'),
    registry: fc.constantFrom('local', 'grpc', ''),
    tables: fc.array(
      storableText(20).filter((text) => text !== ''),
      { minLength: 1, maxLength: 3 },
    ),
    skip_tables: fc.array(fc.constantFrom('aws_*', 'x'), { maxLength: 2 }),
    destinations: fc.constant(['postgresql']),
    deterministic_cq_id: fc.boolean(),
    spec: validSpec,
  },
  { requiredKeys: ['name', 'path', 'tables', 'destinations'] },
);

const environment: NodeJS.ProcessEnv = {
  PLAIN: 'value',
  EMPTY: '',
  NESTED: '${PLAIN}',
  QUOTES: '\'"',
  LINES: 'a\nb: c\n',
  YAML: '{a: [b',
  ANCHOR: '*a',
  CONTROL: '\u001b[31m\0',
};

const specFileName = 'spec.yml';
/** With a file for a placeholder beside it. */
function readSpec(bytes: string | Uint8Array): Promise<(SpecFile & { folder: string }) | undefined> {
  return inFolder({ [specFileName]: bytes, 'value.txt': 'of a file with ${PLAIN}' }, (folder) =>
    parsed(
      () => ({ ...readSpecFile(specFileName, { env: environment, cwd: folder }), folder }),
      UsageError,
      specFileName,
    ),
  );
}

const documents = source.map((spec) => plain({ kind: 'source', spec }));
/** `$` begins a placeholder, which is not what these texts are about; a line of dashes ends a document for CloudQuery. */
const withoutPlaceholders = (text: string): string => text.replaceAll('${', '$').replaceAll('\n---\n', '\n');

function expectSource(file: SpecFile & { folder: string }, meant: { spec: Record<string, unknown> }): void {
  const { spec } = meant;
  same(file.source.name, spec['name'], 'name');
  same(file.source.tables, spec['tables'], 'tables');
  same(file.source.skipTables, spec['skip_tables'] ?? [], 'skip_tables');
  const inner = { ...(spec['spec'] as Record<string, unknown> | null | undefined) };
  for (const key of ['approvals', 'waivers']) {
    if (typeof inner[key] === 'string' && inner[key] !== '') inner[key] = resolve(file.folder, inner[key]);
  }
  same(plain(file.source.pluginSpec ?? {}), inner, 'spec');
}

export const specFileProperties: readonly Property[] = [
  property(
    'a spec file that holds is what it says, however it is written',
    documents
      .map((value) => JSON.parse(withoutPlaceholders(JSON.stringify(value))) as typeof value)
      .chain((value) => written(value).map((text) => ({ value, text }))),
    async ({ value, text }) => {
      // Where a text has such a line in it, CloudQuery would split there too.
      if (text.includes('\n---\n') || text.includes('${')) return;
      const file = await readSpec(text);
      if (file === undefined) throw new Error(`it was refused: ${text}`);
      expectSource(file, value);
    },
  ),
  property(
    'a spec file with something wrong in it is refused, or is what it says',
    withText(mutated(documents)),
    async ({ value, text }) => {
      const file = await readSpec(text);
      if (file === undefined || text.includes('${') || text.includes('\n---\n')) return;
      expectSource(file, value as { spec: Record<string, unknown> });
    },
  ),
  property('any bytes are a spec file, or are refused', mutatedBytes(documents.chain(written)), async (bytes) => {
    const file = await readSpec(bytes);
    if (!textsIn(file?.source).every(isStorable)) throw new Error('what no database stores was accepted');
  }),
  property(
    'placeholders are filled in or refused',
    fc.array(
      fc.oneof(
        fc
          .constantFrom(
            ...Object.keys(environment),
            'MISSING',
            'file:missing.txt',
            'file:.',
            'file:value.txt',
            'file:\0',
            'time:now',
            '',
            '${PLAIN}',
            'a b',
          )
          .map((name) => `\${${name}}`),
        fc.constantFrom('x', ' ', '"', "'", '$', '{', '}', '${', '\n', '# ', ': '),
        nastyText(10),
      ),
      { maxLength: 6 },
    ),
    async (parts) => {
      await readSpec(
        `kind: source\nspec:\n  name: ${parts.join('')}\n  path: aws-delegation\n  tables: ['*']\n  destinations: [p]\n`,
      );
    },
  ),
  property('YAML that is made to hurt does not', yamlBombs, async (text) => {
    await readSpec(text);
    await readSpec(
      `kind: source\nspec:\n  name: a\n  path: aws-delegation\n  tables: ['*']\n  destinations: [p]\n  spec:\n    x: ${text.replaceAll('\n', '\n      ')}\n`,
    );
  }),
];
