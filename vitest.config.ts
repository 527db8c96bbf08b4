import { defineConfig } from 'vitest/config';
import { SlowestFirst } from './test/support/slowest_first.js';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/postgres_server.ts'],
    // For what hangs. A machine that is slow today must not look like that: some tests sync every Region several times.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Two cores are the smallest machine that this has to pass on.
    maxWorkers: 2,
    sequence: { sequencer: SlowestFirst },
  },
});
