import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { stopEmbedded } from '../../src/postgres/index.js';

declare module 'vitest' {
  export interface ProvidedContext {
    postgresHome: string;
  }
}

/** One server for the whole run: the first test that asks for a database starts it, and this stops it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), 'aws-delegation-test-'));
  // As root the server runs as another user.
  await chmod(home, 0o755);
  project.provide('postgresHome', home);
  return async () => {
    await stopEmbedded({ name: 'test', home });
    await rm(home, { recursive: true, force: true });
  };
}
