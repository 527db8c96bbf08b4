import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import pg from 'pg';
import { startEmbedded, stopEmbedded } from '../../src/postgres/index.js';
import { approvalsProperties, specFileProperties } from '../properties/files.js';
import { patternProperties } from '../properties/patterns.js';
import { syncedOrganizations } from '../properties/pipe.js';
import { hold } from '../properties/property.js';
import { reportProperties } from '../properties/reports.js';
import { specProperties } from '../properties/specs.js';
import { valueProperties } from '../properties/values.js';
import { Loss, type Part } from './part.js';
import type { Random } from './random.js';

const properties = [
  ...[...specProperties, ...approvalsProperties, ...specFileProperties],
  ...[...patternProperties, ...valueProperties, ...reportProperties],
];
const inputsPerRound = 500;
/** Two syncs take as long as many thousands of inputs of a parser. */
const roundsPerPipe = 40;

const seedOf = (random: Random): number => random.int(0, 0x7fffffff);

/** Inputs of each parser and each report, as many of one as of the other. */
export async function fuzz(random: Random, count: number): Promise<number> {
  const each = Math.ceil(count / properties.length);
  for (const property of properties) {
    for (const input of fc.sample(property.inputs, { seed: seedOf(random), numRuns: each })) {
      try {
        await hold(property, input);
      } catch (error) {
        const shown = JSON.stringify(input).slice(0, 2_000);
        throw new Loss(`${property.name}: ${String(error)}, with ${shown}`, { cause: error });
      }
    }
  }
  return each * properties.length;
}

/**
 * Bad input: through parsers and reports, and every so often as the names, tags and texts of an organization through the
 * simulator, the plugin, PostgreSQL, the views, the rules and every report.
 */
export const inputs: Part = {
  name: 'inputs',
  counts: ['inputs fuzzed', 'inputs through the pipe'],
  async open() {
    const home = await mkdtemp(join(tmpdir(), 'aws-delegation-inputs-'));
    // As root the server runs as another user.
    await chmod(home, 0o755);
    const { url } = await startEmbedded({ name: 'inputs', home, fsync: false });
    const server = new pg.Client({ connectionString: url });
    await server.connect();
    let databases = 0;
    const onDatabase = async <Result>(work: (databaseUrl: string) => Promise<Result>): Promise<Result> => {
      const name = `inputs_${++databases}`;
      await server.query(`create database ${name}`);
      const databaseUrl = new URL(url);
      databaseUrl.pathname = `/${name}`;
      try {
        return await work(databaseUrl.href);
      } finally {
        await server.query(`drop database ${name} with (force)`);
      }
    };
    return {
      async round(random, number) {
        // The first round, so that a short run has one too.
        if (number % roundsPerPipe === 1) {
          return { 'inputs through the pipe': await syncedOrganizations(seedOf(random), onDatabase) };
        }
        return { 'inputs fuzzed': await fuzz(random, inputsPerRound) };
      },
      async close() {
        await server.end();
        await stopEmbedded({ name: 'inputs', home });
        await rm(home, { recursive: true, force: true });
      },
    };
  },
};
