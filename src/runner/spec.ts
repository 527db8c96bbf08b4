import { dirname, resolve } from 'node:path';
import { UsageError } from './errors.js';
import type { MigrateMode } from './migrate.js';
import type { WriteMode } from './schema.js';
import { inSpec, nameIn, readBlocks, type Block } from './spec_blocks.js';
import { check, destinationSchema, sourceSchema } from './spec_check.js';

/** One sync: the source block of ours, and where it goes. */
export interface SourceSpec {
  readonly name: string;
  /** The file, as it was named: for messages. */
  readonly path?: string;
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
      path,
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
