import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fromArrowSchema } from '@cloudquery/plugin-sdk-javascript/schema/table';
import { arrowSchemaOf, cloudQueryColumns } from '../../schema/arrow.js';
import type { Table } from '../../schema/index.js';
import { UsageError } from '../errors.js';
import { hubPages } from './docs.js';

/** An image of the package, in a file of it. The keys are those of the hub. */
export interface SupportedTarget {
  readonly os: string;
  readonly arch: string;
  /** Below the package. */
  readonly path: string;
  /** SHA-256 of the file, in hexadecimal digits. */
  readonly checksum: string;
  readonly docker_image_tag: string;
}

export interface HubPackage {
  /** The checkout that is packaged. */
  readonly checkout: string;
  readonly team: string;
  readonly name: string;
  /** `v1.2.3` */
  readonly version: string;
  readonly message: string;
  readonly tables: readonly Table[];
}

/**
 * What the hub is handed, apart from the images: `docs/`, `tables.json`, and at the end `package.json`, without which nobody can publish the rest.
 * `buildImages` writes the images into the directory.
 */
export async function writeHubPackage(
  directory: string,
  { checkout, team, name, version, message, tables }: HubPackage,
  buildImages: () => Promise<readonly SupportedTarget[]>,
): Promise<void> {
  for (const { path, text } of await hubPages(checkout, { path: `${team}/${name}`, version })) {
    const file = join(directory, 'docs', path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  await writeFile(join(directory, 'tables.json'), jsonOf(tables.flatMap((table) => describe(table, null))));
  const metadata = {
    schema_version: 1,
    name,
    team,
    kind: 'source',
    version,
    message,
    protocols: [3],
    supported_targets: await buildImages(),
    package_type: 'docker',
  };
  await writeFile(join(directory, 'package.json'), jsonOf(metadata));
}

/** A table and its relations, from the schema that a client is told. */
function describe(table: Table, parent: Table | null): unknown[] {
  const { name, title, description, isIncremental, columns } = fromArrowSchema(arrowSchemaOf(table, parent));
  const described = new Map(
    [...cloudQueryColumns, ...table.columns].map((column) => [column.name, column.description]),
  );
  return [
    {
      name,
      title,
      description,
      is_incremental: isIncremental,
      parent: parent?.name ?? null,
      relations: table.relations.map((relation) => relation.name),
      columns: columns.map((column) => ({
        name: column.name,
        // A schema of Arrow has none.
        description: described.get(column.name),
        // eslint-disable-next-line @typescript-eslint/no-base-to-string -- Arrow's types have one, which its declarations leave out
        type: String(column.type),
        incremental_key: column.incrementalKey,
        not_null: column.notNull,
        primary_key: column.primaryKey,
        unique: column.unique,
      })),
    },
    ...table.relations.flatMap((relation) => describe(relation, table)),
  ];
}

function jsonOf(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

const pages = ['overview.md', 'configuration.md', 'authentication.md', 'tables/README.md'];

/**
 * That the directory is a checkout of ours, of this version.
 *
 * @throws {UsageError}
 */
export async function checkCheckout(directory: string, version: string): Promise<void> {
  // As https://semver.org has it, with the v that the hub wants.
  if (!/^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)*)?$/.test(version))
    throw new UsageError(
      `package: the version "${version}" is none for the hub. It is a v and a semantic version, such as v1.2.3.`,
    );
  const read = async (file: string): Promise<string> => {
    try {
      return await readFile(join(directory, file), 'utf8');
    } catch (error) {
      const { code = '' } = error as NodeJS.ErrnoException;
      throw new UsageError(
        `package: ${directory} is no checkout of aws-delegation: ${file} cannot be read (${code}). Name the folder of a checkout after the version; what npm installs has no Dockerfile.`,
        { cause: error },
      );
    }
  };
  const { name, version: own } = nameAndVersion(await read('package.json'));
  if (name !== 'aws-delegation')
    throw new UsageError(`package: ${directory} is no checkout of aws-delegation: its package.json is of "${name}".`);
  if (version !== `v${own}`)
    throw new UsageError(
      `package: the checkout is of version ${own}, so its image cannot be published as ${version}. Set the version in package.json first, or say v${own}.`,
    );
  for (const file of ['Dockerfile', ...pages.map((page) => `docs/${page}`)]) await read(file);
}

function nameAndVersion(text: string): { name: string; version: string } {
  try {
    const { name = '', version = '' } = JSON.parse(text) as { name?: string; version?: string };
    return { name, version };
  } catch {
    return { name: '', version: '' };
  }
}
