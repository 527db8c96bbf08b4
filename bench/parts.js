import { measureDemo } from './demo.js';
import { measureEvents } from './events.js';
import { measureMemory } from './memory.js';
import { measureRates } from './rates.js';
import { measureRegions } from './regions.js';
import { measureReport } from './report.js';
import { measureRules } from './rules.js';
import { measureScheduler } from './scheduler.js';
import { measureStart } from './start.js';
import { measureWrites } from './writes.js';

/**
 * By name, in the order in which they run. A part is handed `{ rounds, scaled, tables, each, directory, signal, tell }`:
 * how often to repeat, what becomes of a size under `--quick`, two options, a temporary folder that it may fill, what ends it
 * early, and where to say how far it is. It returns
 * `{ results, lists }` in the shape that bench/results.js describes; `lists` may be left out.
 */
export const parts = {
  scheduler: measureScheduler,
  memory: measureMemory,
  writes: measureWrites,
  rules: measureRules,
  report: measureReport,
  start: measureStart,
  demo: measureDemo,
  regions: measureRegions,
  events: measureEvents,
  rates: measureRates,
};
