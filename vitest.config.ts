import { defineConfig } from 'vitest/config';
import { SlowestFirst } from './test/support/slowest_first.js';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/postgres_server.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores are the smallest machine that this has to pass on.
    maxWorkers: 2,
    sequence: { sequencer: SlowestFirst },
  },
});
