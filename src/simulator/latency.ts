import { chance } from './chance.js';
import type { Scenario } from './scenario.js';

/** Of the standard normal distribution; what is left above it is one in a hundred. */
const ONE_IN_A_HUNDRED = 2.326;

/** How long answers take. The same request has the same times in each run, whatever else is asked meanwhile. */
export class Latencies {
  readonly #came = new Map<string, number>();

  /** In milliseconds. */
  next({ latency_ms: latency, seed }: Scenario, ...request: readonly unknown[]): number {
    if (typeof latency === 'number') return latency;
    const name = JSON.stringify(request);
    const came = this.#came.get(name) ?? 0;
    this.#came.set(name, came + 1);
    // Log-normal, as the times of services mostly are: a long tail, and nothing below zero. Box and Muller's way makes a
    // normal distribution of two even ones.
    const [first, second] = [chance(seed, 'latency', 1, name, came), chance(seed, 'latency', 2, name, came)];
    const normal = Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
    return latency.median * (latency.p99 / latency.median) ** (normal / ONE_IN_A_HUNDRED);
  }
}
