import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, posix, relative, resolve, sep } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { RunError, UsageError } from '../errors.js';

/** The hash of each file, as `sha256sum` writes and checks them. */
const manifestName = 'MANIFEST';
/** The hash of the manifest, which stands for the whole. */
const digestName = 'DIGEST';
/** What may differ between two bundles of the same data: in neither of these. */
const runName = 'run.json';

const outside: readonly string[] = [manifestName, digestName, runName];

/** What {@link writeBundle} hands out: a path with slashes, and the text or the pieces of it. */
export interface BundleWriter {
  add(path: string, content: string | AsyncIterable<string | Uint8Array>): Promise<void>;
}

export interface Written {
  /** Of the manifest: SHA-256, in hexadecimal digits. */
  readonly digest: string;
  readonly fileCount: number;
}

/**
 * Writes a bundle beside its place and puts it there when it is whole: nobody sees half of one, and an earlier one stays until
 * then. `fill` gives back what goes into the file that is outside of the digest.
 *
 * @throws {UsageError} where something else is in the directory, or the bundle there is not as it was written
 */
export async function writeBundle(
  directory: string,
  fill: (writer: BundleWriter) => Promise<string>,
  signal?: AbortSignal,
): Promise<Written> {
  const { target, holds } = await placeOf(directory);
  const temporary = await onDisk(`making a folder beside ${target}`, async () => {
    await mkdir(dirname(target), { recursive: true });
    return mkdtemp(join(dirname(target), `.${basename(target)}.partial-`));
  });
  try {
    const hashes = new Map<string, string>();
    const run = await fill({
      add: async (path, content) => {
        signal?.throwIfAborted();
        if (!pathPattern.test(path) || hashes.has(path))
          throw new Error(`evidence: the path ${path} is wrong, or twice`);
        hashes.set(path, await onDisk(`writing ${path}`, () => writeHashed(join(temporary, path), content)));
      },
    });
    signal?.throwIfAborted();
    const manifest = [...hashes]
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([path, hash]) => `${hash}  ${path}\n`)
      .join('');
    const digest = sha256(manifest);
    await onDisk(`writing ${target}`, async () => {
      await writeFile(join(temporary, runName), run);
      await writeFile(join(temporary, manifestName), manifest);
      await writeFile(join(temporary, digestName), `${digest}  ${manifestName}\n`);
      await putInPlace(temporary, target, holds);
    });
    return { digest, fileCount: hashes.size };
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

/** Folders that a run which was killed has left beside the place of a bundle. */
export async function leftovers(directory: string): Promise<string[]> {
  const target = resolve(directory);
  const entries = await readdir(dirname(target)).catch(() => []);
  const names = [`.${basename(target)}.partial-`, `.${basename(target)}.old-`];
  return entries
    .filter((entry) => names.some((name) => entry.startsWith(name)))
    .map((entry) => join(dirname(target), entry));
}

export interface Verified {
  /** As it was written: SHA-256 of the manifest, in hexadecimal digits. */
  readonly digest: string;
  readonly fileCount: number;
  /** A line each; none where all is as it was written. */
  readonly differences: readonly string[];
}

/**
 * Compares a bundle with its manifest and the manifest with its digest.
 *
 * @throws {UsageError} where there is no bundle
 */
export async function verifyBundle(directory: string): Promise<Verified> {
  const [manifest, written] = await Promise.all([
    readRegular(join(directory, manifestName)),
    readRegular(join(directory, digestName)),
  ]);
  if (manifest === undefined || written === undefined) {
    throw new UsageError(
      `${directory} is no evidence bundle: it has no ${manifest === undefined ? manifestName : digestName}. Name the folder that \`evidence -o\` made.`,
    );
  }
  const digest = sha256(manifest);
  const differences: string[] = [];
  if (written !== `${digest}  ${manifestName}\n`) differences.push(`${manifestName} is not what ${digestName} says`);
  const expected = new Map<string, string>();
  for (const line of manifest.split('\n').slice(0, -1)) {
    const [, hash = '', path = ''] = /^([0-9a-f]{64}) {2}(.+)$/.exec(line) ?? [];
    // What another has written could lead out of the folder.
    if (!pathPattern.test(path) || expected.has(path))
      differences.push(`${manifestName} has a line that is none: ${line}`);
    else expected.set(path, hash);
  }
  if (!manifest.endsWith('\n')) differences.push(`${manifestName} has no end`);
  const found = await filesIn(directory);
  for (const [path, hash] of expected) {
    if (found.others.includes(path)) differences.push(`${path} is no regular file`);
    else if (!found.files.has(path)) differences.push(`${path} is missing`);
    else if ((await hashOfFile(join(directory, path))) !== hash) differences.push(`${path} has changed`);
  }
  if (!found.files.has(runName)) differences.push(`${runName} is missing`);
  for (const path of [...found.files, ...found.others]) {
    if (!expected.has(path) && !outside.includes(path)) differences.push(`${path} is not of the bundle`);
  }
  return { digest, fileCount: expected.size, differences };
}

// Lower-case names of ours alone: none is absolute, and none leads up.
const pathPattern = /^(?!(MANIFEST|DIGEST|run\.json)$)[A-Za-z0-9_][A-Za-z0-9_.-]*(\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/;

/** Where the bundle goes, and what is there: nothing, or a bundle that may be replaced. */
async function placeOf(directory: string): Promise<{ target: string; holds: 'nothing' | 'a bundle' }> {
  const found = await lstat(directory).catch(() => undefined);
  if (!found) return { target: resolve(directory), holds: 'nothing' };
  // A link would be replaced instead of what it leads to.
  const target = await realpath(directory).catch(() => resolve(directory));
  const entries = await readdir(target).catch(() => undefined);
  if (!entries)
    throw new UsageError(
      `${directory} is there and no folder, so that nothing was written. Name another place with -o.`,
    );
  if (entries.length === 0) return { target, holds: 'nothing' };
  if (!entries.includes(manifestName) || !entries.includes(digestName)) {
    throw new UsageError(
      `${directory} is not empty and no evidence bundle, so that nothing was written. Name an empty folder, or one that is not there yet.`,
    );
  }
  const { differences } = await verifyBundle(target);
  if (differences.length > 0) {
    throw new UsageError(
      `${directory} has a bundle that is not as it was written (${differences.slice(0, 3).join('; ')}${differences.length > 3 ? '; ...' : ''}), ` +
        'so that it was not replaced. Move it away, or name another folder.',
    );
  }
  return { target, holds: 'a bundle' };
}

async function putInPlace(temporary: string, target: string, holds: 'nothing' | 'a bundle'): Promise<void> {
  if (holds === 'nothing') {
    // Takes the place of an empty folder, too, and fails where something has come into it meanwhile.
    await rename(temporary, target);
    return;
  }
  const old = await mkdtemp(join(dirname(target), `.${basename(target)}.old-`));
  await rename(target, old);
  try {
    await rename(temporary, target);
  } catch (error) {
    await rename(old, target);
    throw error;
  }
  // What somebody has put or changed there since it was looked at stays.
  const { differences } = await verifyBundle(old);
  if (differences.length === 0) await rm(old, { recursive: true });
}

async function writeHashed(path: string, content: string | AsyncIterable<string | Uint8Array>): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  const pieces = typeof content === 'string' ? [content] : content;
  await pipeline(Readable.from(pieces), hashing, createWriteStream(path, { flags: 'wx' }));
  return hash.digest('hex');
}

async function hashOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** Paths with slashes; `others` are links, pipes and empty folders, which no bundle has. */
async function filesIn(directory: string): Promise<{ files: Set<string>; others: string[] }> {
  const entries = (await readdir(directory, { recursive: true, withFileTypes: true })).map((entry) => ({
    path: relative(directory, join(entry.parentPath, entry.name)).split(sep).join('/'),
    kind: entry.isFile() ? 'file' : entry.isDirectory() ? 'folder' : 'other',
  }));
  const holding = new Set(entries.map(({ path }) => posix.dirname(path)));
  const files = entries.filter(({ kind }) => kind === 'file').map(({ path }) => path);
  const others = entries.filter(({ kind, path }) => kind === 'other' || (kind === 'folder' && !holding.has(path)));
  return { files: new Set(files), others: others.map(({ path }) => path).sort() };
}

async function readRegular(path: string): Promise<string | undefined> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isFile() === true ? readFile(path, 'utf8') : undefined;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const whatToDo: Readonly<Record<string, string>> = {
  EACCES: 'Name a place with -o where you may write, its parent folder included.',
  EPERM: 'Name a place with -o where you may write, its parent folder included.',
  ENOSPC: 'The disk is full: make room, or name another place with -o.',
  // A volume cannot be renamed into.
  EBUSY: 'It may be a mount point: name a folder in it with -o.',
  EXDEV: 'It may be a mount point: name a folder in it with -o.',
  ENOTEMPTY: 'Something has come into it meanwhile: look at it, and name another folder with -o.',
  EEXIST: 'Something has come into it meanwhile: look at it, and name another folder with -o.',
};

/** An error of the file system becomes one that says what was done; others are somebody else's. */
async function onDisk<Result>(doing: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const { code, syscall, message } = error as NodeJS.ErrnoException;
    if (code === undefined || syscall === undefined) throw error;
    throw new RunError(
      `The evidence bundle: ${doing} failed (${code}: ${message}). What was there before is as it was. ${whatToDo[code] ?? 'Then run it again.'}`,
      { cause: error },
    );
  }
}
