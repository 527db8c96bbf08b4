import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isMap, isNode, isScalar, LineCounter, parseDocument, type Document, type YAMLError } from 'yaml';
import { z } from 'zod';
import { isTooDeep, textOfUtf8 } from '../text/index.js';
import { suggestion, UsageError } from './errors.js';
import type { MigrateMode } from './migrate.js';
import { expandPlaceholders, masked } from './placeholders.js';
import type { WriteMode } from './schema.js';

const strings = z.array(z.string().min(1));

const plugin = {
  name: z.string().min(1),
  path: z.string().min(1),
  registry: z.enum(['', 'cloudquery', 'docker', 'github', 'grpc', 'local']).optional(),
  version: z.string().optional(),
  docker_registry_auth_token: z.string().optional(),
};

const sourceSchema = z.strictObject({
  ...plugin,
  tables: strings.min(1),
  skip_tables: strings.nullish(),
  skip_dependent_tables: z.boolean().nullish(),
  destinations: strings.min(1),
  backend_options: z.strictObject({ table_name: z.string().min(1), connection: z.string().min(1) }).nullish(),
  deterministic_cq_id: z.boolean().nullish(),
  otel_endpoint: z.string().nullish(),
  otel_endpoint_insecure: z.boolean().nullish(),
  spec: z.record(z.string(), z.unknown()).nullish(),
});

const destinationSchema = z.strictObject({
  ...plugin,
  write_mode: z.enum(['overwrite-delete-stale', 'overwrite', 'append']).nullish(),
  migrate_mode: z.enum(['safe', 'forced']).nullish(),
  pk_mode: z.enum(['default', 'cq-id-only']).nullish(),
  send_sync_summary: z.boolean().nullish(),
  sync_summary: z.unknown().optional(),
  sync_group_id: z.string().nullish(),
  transformers: strings.nullish(),
  spec: z.looseObject({ connection_string: z.string().min(1).optional() }).nullish(),
});

/** One sync: the source block of ours, and where it goes. */
export interface SourceSpec {
  readonly name: string;
  readonly tables: readonly string[];
  readonly skipTables: readonly string[];
  readonly skipDependentTables: boolean;
  readonly deterministicCqId: boolean;
  /** Table for what incremental tables remember, beside the rows; undefined where each sync reads their whole window. */
  readonly stateTable?: string | undefined;
  /** The nested `spec`, for the plugin to judge. */
  readonly pluginSpec: Record<string, unknown> | null;
}

export interface DestinationSpec {
  readonly name: string;
  readonly connectionString: string | undefined;
  readonly writeMode: WriteMode;
  readonly migrateMode: MigrateMode;
}

export interface SpecFile {
  readonly path: string;
  readonly source: SourceSpec;
  readonly destination: DestinationSpec | undefined;
  /** What the file has besides, and what is not done with it: to be shown to the user. */
  readonly notices: readonly string[];
}

interface Block {
  kind: 'source' | 'destination';
  /** `spec.yml, line 3` */
  at: (path: readonly PropertyKey[]) => string;
  value: unknown;
}

/** Reads a CloudQuery spec. Throws a UsageError that says what is wrong, where, and what is allowed. */
export function readSpecFile(path: string, options: { env: NodeJS.ProcessEnv; cwd: string }): SpecFile {
  const blocks = readBlocks(path, options);
  const notices: string[] = [];

  const sources = blocks.filter(({ kind }) => kind === 'source');
  const ours = ourSource(sources, path, notices);
  const source = check(sourceSchema, ours, 'source');

  const named = new Set(source.destinations);
  const destinations = blocks.filter(({ kind }) => kind === 'destination');
  const wanted = destinations.filter(({ value }) => named.has(nameIn(value, 'name')));
  const first = wanted[0];
  if (first === undefined && destinations.length > 0) {
    throw new UsageError(
      `${ours.at(['spec', 'destinations'])}: the source "${source.name}" writes to ${source.destinations.join(', ')}, which this file ` +
        `does not define; it defines ${destinations.map(({ value }) => nameIn(value, 'name')).join(', ')}.`,
    );
  }
  const postgresql = wanted.find(({ value }) => isPostgresql(value));
  if (first !== undefined && postgresql === undefined) {
    throw new UsageError(
      `${first.at(['spec', 'path'])}: the destination "${nameIn(first.value, 'name')}" (${nameIn(first.value, 'path')}) is no ` +
        'PostgreSQL. `aws-delegation sync` writes to PostgreSQL only; for another destination run `cloudquery sync`.',
    );
  }
  const destination = postgresql === undefined ? undefined : readDestination(postgresql);
  const { backend_options: backend } = source;
  // Without a destination in the file the rows go to another database, under any name that the source has for it.
  if (backend) checkConnection(backend.connection, destination ? [destination.name] : source.destinations, ours);
  const left = destinations.filter((block) => block !== postgresql).map(({ value }) => nameIn(value, 'name'));
  if (left.length > 0) notices.push(`destination ${left.join(', ')} of ${path} is left out: one PostgreSQL is written`);

  return {
    path,
    source: {
      name: source.name,
      tables: source.tables,
      skipTables: source.skip_tables ?? [],
      skipDependentTables: source.skip_dependent_tables ?? true,
      deterministicCqId: source.deterministic_cq_id ?? false,
      stateTable: backend?.table_name,
      pluginSpec: source.spec ? withPaths(source.spec, dirname(resolve(options.cwd, path))) : null,
    },
    destination,
    notices,
  };
}

/** The state is written together with the rows, or it would tell of rows that are not there: so it goes where they go. */
function checkConnection(connection: string, names: readonly string[], block: Block): void {
  const allowed = names.map((name) => `@@plugins.${name}.connection`);
  if (allowed.includes(connection)) return;
  throw new UsageError(
    `${block.at(['spec', 'backend_options', 'connection'])}: connection is '${connection}'; \`aws-delegation sync\` keeps the state beside the ` +
      `rows only. Write '${allowed.join("' or '")}', or use \`cloudquery sync\` for another backend.`,
  );
}

/** The plugin is told the spec and not where it stands, so that relative paths in it must be made absolute here. */
function withPaths(spec: Record<string, unknown>, folder: string): Record<string, unknown> {
  const result = { ...spec };
  for (const key of ['approvals', 'waivers']) {
    const path = result[key];
    // An empty one is the plugin's to refuse.
    if (typeof path === 'string' && path !== '') result[key] = resolve(folder, path);
  }
  return result;
}

function ourSource(sources: readonly Block[], path: string, notices: string[]): Block {
  if (sources.length === 0) {
    throw new UsageError(
      `${path}: there is no document with \`kind: source\`. See spec.yml of aws-delegation for an example.`,
    );
  }
  const ours = sources.find(isOurs);
  // A plugin that somebody runs at an address, or an image, can have any name.
  const anyName = sources.length === 1 && ['grpc', 'docker'].includes(nameIn(sources[0]?.value, 'registry'));
  const chosen = ours ?? (anyName ? sources[0] : undefined);
  if (chosen === undefined) {
    const first = sources[0];
    const missing = first !== undefined && inSpec(first.value, 'path') === undefined;
    // The missing key is the better message than a path that is not ours.
    if (first !== undefined && missing) check(sourceSchema, first, 'source');
    throw new UsageError(
      `${path}: none of its sources is aws-delegation (${sources.map(({ value }) => nameIn(value, 'path')).join(', ')}). ` +
        'The `path` of the source must name the program bin/aws-delegation; other sources are synced by `cloudquery sync`.',
    );
  }
  const others = sources.filter((source) => source !== chosen);
  const namesOf = (blocks: readonly Block[]) => blocks.map(({ value }) => nameIn(value, 'name')).join(', ');
  const [alsoOurs, foreign] = [others.filter(isOurs), others.filter((source) => !isOurs(source))];
  if (foreign.length > 0)
    notices.push(`source ${namesOf(foreign)} of ${path} is left out: \`cloudquery sync\` runs them`);
  if (alsoOurs.length > 0)
    notices.push(
      `source ${namesOf(alsoOurs)} of ${path} is left out: one is run at a time, each from a file of its own`,
    );
  const registry = inSpec(chosen.value, 'registry');
  if (registry === 'grpc' || registry === 'docker') {
    notices.push(`registry: ${registry} is for the CloudQuery CLI; this command starts the plugin itself`);
  }
  return chosen;
}

function isOurs({ value }: Block): boolean {
  return nameIn(value, 'path').includes('aws-delegation');
}

function readDestination(block: Block): DestinationSpec {
  const destination = check(destinationSchema, block, 'destination');
  const refuse = (key: string, why: string) => {
    throw new UsageError(`${block.at(['spec', key])}: ${why}`);
  };
  if (destination.pk_mode === 'cq-id-only') {
    refuse('pk_mode', 'pk_mode: cq-id-only is not run by this version. Use default, or `cloudquery sync`.');
  }
  if (destination.sync_group_id) {
    refuse('sync_group_id', 'sync_group_id is not run by this version. Remove it, or use `cloudquery sync`.');
  }
  if (destination.transformers && destination.transformers.length > 0) {
    refuse('transformers', 'transformers are plugins of the CloudQuery CLI. Remove them, or use `cloudquery sync`.');
  }
  return {
    name: destination.name,
    connectionString: destination.spec?.connection_string,
    writeMode: destination.write_mode ?? 'overwrite-delete-stale',
    migrateMode: destination.migrate_mode ?? 'safe',
  };
}

function isPostgresql(block: unknown): boolean {
  return /postgres/i.test(`${nameIn(block, 'path')} ${nameIn(block, 'name')}`);
}

function inSpec(block: unknown, key: string): unknown {
  const spec = (block as { spec?: unknown } | undefined)?.spec;
  return typeof spec === 'object' && spec !== null ? (spec as Record<string, unknown>)[key] : undefined;
}

/** As text, whatever it is: to be compared, and to be shown. */
function nameIn(block: unknown, key: string): string {
  const value = inSpec(block, key);
  if (typeof value === 'string') return value;
  return typeof value === 'object' && value !== null ? (Array.isArray(value) ? 'a list' : 'a map') : String(value);
}

function readBlocks(path: string, options: { env: NodeJS.ProcessEnv; cwd: string }): Block[] {
  const text = readText(path, options.cwd);
  const blocks: Block[] = [];
  const names = new Set<string>();
  let firstLine = 1;
  // CloudQuery splits at such a line before it reads any YAML.
  for (const section of text.split('\n---\n')) {
    const block = readBlock(section, firstLine, path, options);
    firstLine += section.split('\n').length + 1;
    if (block === undefined) continue;
    const key = `${block.kind} "${nameIn(block.value, 'name')}"`;
    if (names.has(key))
      throw new UsageError(`${block.at(['spec', 'name'])}: the ${key} is defined twice. Give each a name of its own.`);
    names.add(key);
    blocks.push(block);
  }
  if (blocks.length === 0)
    throw new UsageError(`${path}: the file is empty. See spec.yml of aws-delegation for an example.`);
  return blocks;
}

function readText(path: string, cwd: string): string {
  const resolved = resolve(cwd, path);
  try {
    if (statSync(resolved).isDirectory()) {
      throw new UsageError(
        `${path}: this is a directory. Name one spec file; \`cloudquery sync\` reads whole directories.`,
      );
    }
    const bytes = readFileSync(resolved);
    if (bytes.length > longestFile) {
      throw new UsageError(
        `${path}: a spec has at most ${longestFile} bytes, and this file has ${bytes.length}. Long lists go into files of their own (approvals, waivers).`,
      );
    }
    const refuse = (line: number): UsageError =>
      new UsageError(`${path}, line ${line}: this is not UTF-8. Save the file as UTF-8.`);
    return textOfUtf8(bytes, refuse).replaceAll('\r\n', '\n');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    const what = code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code})`;
    throw new UsageError(`${path}: ${what}. Give the path of a spec, for example \`aws-delegation sync spec.yml\`.`);
  }
}

/** YAML takes a second for so much, and a hundred times its memory. */
const longestFile = 1_000_000;

function readBlock(
  section: string,
  firstLine: number,
  path: string,
  options: { env: NodeJS.ProcessEnv; cwd: string },
): Block | undefined {
  // First with the placeholders hidden: its errors have true positions and cannot show a secret.
  const tooDeep = (): UsageError =>
    new UsageError(`${path}: the document that begins in line ${firstLine} is nested too deeply. Correct it there.`);
  const hidden = masked(section);
  if (isTooDeep(hidden)) throw tooDeep();
  const counter = new LineCounter();
  const outline = parseDocument(hidden, { lineCounter: counter, prettyErrors: false, logLevel: 'error' });
  const fault = outline.errors[0];
  if (fault) {
    const { line, col } = counter.linePos(fault.pos[0]);
    throw new UsageError(
      `${path}, line ${firstLine + line - 1}, column ${col}: this is no valid YAML: ${withoutSource(fault)}. Correct it there.`,
    );
  }
  if (outline.contents === null) return undefined;

  const expanded = expandPlaceholders(section, { ...options, file: path });
  if (isTooDeep(expanded)) throw tooDeep();
  const document = parseDocument(expanded, { prettyErrors: false, logLevel: 'error' });
  let value: unknown;
  try {
    if (document.errors.length > 0) throw new Error(document.errors[0]?.code);
    value = document.toJS();
  } catch {
    throw new UsageError(
      `${path}: with the values of its placeholders inserted, the document that begins in line ${firstLine} is no valid YAML. ` +
        "Values go in as text: put quotes around the placeholder ('${NAME}').",
    );
  }
  checkJson(value, `${path}: the document that begins in line ${firstLine}`);
  const at = (keys: readonly PropertyKey[]) => `${path}, line ${firstLine + lineOf(outline, counter, keys) - 1}`;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError(
      `${at([])}: expected a document with \`kind\` and \`spec\`. See spec.yml of aws-delegation for an example.`,
    );
  }
  for (const key of Object.keys(value)) {
    if (key !== 'kind' && key !== 'spec')
      throw new UsageError(unknownKey(at([key]), key, ['kind', 'spec'], 'the document'));
  }
  const kind = (value as { kind?: unknown }).kind;
  if (kind === 'transformer') return undefined;
  if (kind !== 'source' && kind !== 'destination') {
    throw new UsageError(
      `${at(['kind'])}: kind is ${kind === undefined ? 'missing' : JSON.stringify(kind)}; it must be source or destination.`,
    );
  }
  if (typeof (value as { spec?: unknown }).spec !== 'object' || (value as { spec?: unknown }).spec === null) {
    throw new UsageError(
      `${at(['kind'])}: the ${kind} has no \`spec\`. See spec.yml of aws-delegation for an example.`,
    );
  }
  return { kind, at, value };
}

/** The parser's words, without what it quotes of the file: that may be a password. */
function withoutSource({ code, message }: YAMLError): string {
  if (code === 'BAD_DQ_ESCAPE') return 'Invalid escape sequence in double quotes; put single quotes around the value';
  // `Unexpected scalar token in YAML stream: "…"`
  return message.replace(/: .*$/s, '');
}

/** The spec goes on as JSON, and what stands in it goes into the database. */
function checkJson(value: unknown, where: string): void {
  let json: string;
  const keys = new Set<string>();
  try {
    json = JSON.stringify(value ?? null, (key, inner: unknown) => {
      keys.add(key);
      return inner;
    });
  } catch {
    throw new UsageError(
      `${where} is nested too deeply, or an alias in it stands for what is around it. Write it out.`,
    );
  }
  if (keys.has('__proto__'))
    throw new UsageError(`${where} has the key __proto__, which cannot be a key. Take it out.`);
  // What follows another backslash is no escape.
  for (const [escape] of json.matchAll(/\\(?:u0000|ud[89a-f]|[^])/g)) {
    if (escape.length === 2) continue;
    throw new UsageError(
      `${where} has a NUL or half of a surrogate pair in it (\\0, \\uD800), which no database can store. Take it out.`,
    );
  }
}

/** The line of a key, or of the nearest thing around it that is in the file. */
function lineOf(document: Document, counter: LineCounter, keys: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = isNode(node) ? (node.range?.[0] ?? 0) : 0;
  for (const key of keys) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && item.key.value === key);
      if (pair === undefined) break;
      if (isNode(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else {
      node = document.getIn(keys.slice(0, keys.indexOf(key) + 1), true);
      if (isNode(node)) offset = node.range?.[0] ?? offset;
    }
  }
  return counter.linePos(offset).line;
}

function unknownKey(at: string, given: string, allowed: readonly string[], where: string): string {
  const meant = suggestion(given, allowed);
  // Without the space, `{connection_string:value}` is a key, value included, and that may be a password.
  const key = /^[A-Za-z_][\w-]{0,39}$/.test(given) ? given : `${/^[a-z][a-z_]*/.exec(given)?.[0] ?? ''}…`;
  return `${at}: ${where} has no key "${key}".${meant === undefined ? '' : ` Did you mean "${meant}"?`} Allowed are ${allowed.join(', ')}.`;
}

function check<Schema extends z.ZodObject>(
  schema: Schema,
  block: Block,
  kind: 'source' | 'destination',
): z.output<Schema> {
  const given = (block.value as { spec: unknown }).spec;
  const result = schema.safeParse(given, { reportInput: true });
  if (result.success) return result.data;
  // A misspelt key is missing under its right name, too: the slip is the better message.
  const { issues } = result.error;
  const issue = issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0];
  if (issue === undefined) throw new UsageError(`${block.at([])}: the ${kind} is not valid.`);
  const path = issue.path.map(String);
  const name = path.join('.').replace(/\.(\d+)/g, '[$1]');
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0] ?? '';
    const allowed = path[0] === 'backend_options' ? ['table_name', 'connection'] : Object.keys(schema.shape);
    const nested = kind === 'source' ? ' Settings of the plugin itself go under the inner `spec`.' : '';
    throw new UsageError(
      unknownKey(block.at(['spec', ...issue.path, key]), key, allowed, name === '' ? `the ${kind}` : name) +
        (name === '' ? nested : ''),
    );
  }
  const found = issue.input === undefined ? 'nothing' : Array.isArray(issue.input) ? 'a list' : typeof issue.input;
  const expected =
    issue.code === 'invalid_type'
      ? ({ array: 'a list', record: 'a map', object: 'a map' }[String(issue.expected)] ?? `a ${String(issue.expected)}`)
      : issue.code === 'invalid_value'
        ? `one of ${issue.values.map(String).filter(Boolean).join(', ')}`
        : issue.message.toLowerCase();
  const what = issue.input === undefined ? `\`${name}\` is missing` : `\`${name}\` must be ${expected}, not ${found}`;
  const because = issue.code === 'too_small' ? `\`${name}\` must not be empty` : what;
  throw new UsageError(
    `${block.at(['spec', ...issue.path])}: ${because} (${kind}).${issue.input === undefined ? ` Expected is ${expected}.` : ''}`,
  );
}
