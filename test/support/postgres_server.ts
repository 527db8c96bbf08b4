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

/**
 * One server for the whole run: the first test that asks for a database starts it, and this stops it. And one place for what
 * Node compiles: our program starts hundreds of times, and loads the same modules each time.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = await mkdtemp(join(tmpdir(), 'aws-delegation-test-'));
  // As root the server runs as another user.
  await chmod(home, 0o755);
  project.provide('postgresHome', home);
  const compiled = await mkdtemp(join(tmpdir(), 'aws-delegation-test-compiled-'));
  // Since Node 22; others take no notice of it.
  process.env['NODE_COMPILE_CACHE'] = compiled;
  return async () => {
    // A process that is just ending may still write to it.
    await rm(compiled, { recursive: true, force: true, maxRetries: 10 });
    await stopEmbedded({ name: 'test', home });
    await rm(home, { recursive: true, force: true });
  };
}
