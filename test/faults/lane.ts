import { startSimulator, type FaultInput, type Scenario, type Simulator } from '../../src/simulator/index.js';
import type { RuleResult } from '../../src/rules/index.js';
import type { SyncSummary } from '../../src/runner/index.js';
import { Pipe, type Database } from './pipe.js';
import { byKey } from './verdicts.js';
import { govSpec } from './worlds.js';

/** A world that was synced whole into a database of its own, and what the rules say of it. */
export class Lane {
  private constructor(
    readonly simulator: Simulator,
    readonly pipe: Pipe,
    /** See {@link Pipe.rows}. */
    readonly rows: ReadonlyMap<string, string>,
    readonly truth: ReadonlyMap<string, RuleResult>,
    /** Everything that was asked, in alphabetical order. */
    readonly operations: readonly string[],
  ) {}

  static async open(scenario: Scenario, database: Database): Promise<Lane> {
    const simulator = await startSimulator({ scenario });
    const pipe = await Pipe.open(database);
    await pipe.sync(govSpec(simulator.url));
    await pipe.install();
    const operations = [...new Set(simulator.requests.map(({ operation }) => operation))].sort();
    return new Lane(simulator, pipe, await pipe.rows(), byKey(await pipe.verdicts()), operations);
  }

  /** @throws what `aws-delegation sync` would end with. */
  async sync(faults: readonly FaultInput[], spec: object = {}): Promise<{ summary: SyncSummary; hits: number }> {
    const met = faults.map((fault) => this.simulator.fault(fault));
    try {
      const summary = await this.pipe.sync(govSpec(this.simulator.url, spec));
      return { summary, hits: met.reduce((sum, { hits }) => sum + hits, 0) };
    } finally {
      for (const fault of met) fault.remove();
      this.simulator.requests.length = 0;
    }
  }

  async close(): Promise<void> {
    await this.simulator.close();
    await this.pipe.close();
  }
}
