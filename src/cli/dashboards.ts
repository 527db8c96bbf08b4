import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import JSZip from 'jszip';
import { parseDocument } from 'yaml';
import { RunError, UsageError } from './errors.js';

/** Of these a person takes what the tool at hand needs; Superset takes its own as one file. */
const asTheyAre = ['grafana', 'metabase', 'powerbi', 'queries'];
const connectionFile = join('databases', 'aws_delegation.yaml');

/** Every bundle of a version is the same file, whenever it is made. */
const madeOn = new Date('2026-01-01T00:00:00Z');

/**
 * Writes the dashboards into a folder, over what is there of the same name.
 *
 * @param uri where Superset connects to.
 * @returns what was written, relative to the folder.
 */
export async function writeDashboards(from: string, to: string, uri: string): Promise<string[]> {
  const bundle = await supersetBundle(join(from, 'superset'), uri);
  try {
    await mkdir(to, { recursive: true });
    await writeFile(join(to, 'superset.zip'), bundle);
    for (const folder of asTheyAre) await cp(join(from, folder), join(to, folder), { recursive: true });
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new RunError(
      `The dashboards could not be written: ${path ?? to}: ${code}. Name another folder with --output.`,
    );
  }
  const copied = await Promise.all(asTheyAre.map((folder) => filesOf(join(from, folder))));
  return ['superset.zip', ...copied.flat().map((file) => relative(from, file))];
}

/** As `superset import-dashboards` reads it: one folder, with everything in it. */
async function supersetBundle(folder: string, uri: string): Promise<Buffer> {
  const zip = new JSZip();
  for (const file of await filesOf(folder)) {
    const path = relative(folder, file);
    let text = await readFile(file, 'utf8');
    if (path === connectionFile) {
      const connection = parseDocument(text);
      connection.set('sqlalchemy_uri', uri);
      text = connection.toString({ lineWidth: 0 });
    }
    zip.file(`aws_delegation/${path.split(sep).join('/')}`, text, { date: madeOn, createFolders: false });
  }
  return zip.generateAsync({ type: 'nodebuffer', compression: 'DEFLATE', platform: 'UNIX' });
}

/** What SQLAlchemy calls the database of this URL, for another user; a password is in neither. */
export function sqlalchemyUri(databaseUrl: string, user: string): string {
  let url: URL;
  try {
    url = new URL(databaseUrl);
  } catch {
    // Not quoted: there may be a password in it.
    throw new UsageError(
      'The database is not named by a URL, such as postgresql://db.example.com:5432/inventory. Name one with --database.',
    );
  }
  if (!/^postgres(ql)?:$/.test(url.protocol)) {
    throw new UsageError(
      `The database is no PostgreSQL: its URL begins with ${url.protocol} Name one with --database.`,
    );
  }
  // The schema is the one of the role; what else there is may be of this client alone.
  const kept = ['host', 'port', 'sslmode', 'sslrootcert'].flatMap((name) => {
    const value = url.searchParams.get(name);
    return value === null ? [] : [`${name}=${encodeURIComponent(value)}`];
  });
  const query = kept.length === 0 ? '' : `?${kept.join('&')}`;
  return `postgresql+psycopg2://${encodeURIComponent(user)}@${url.host}${url.pathname}${query}`;
}

async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
