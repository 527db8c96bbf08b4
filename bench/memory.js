import { runSync } from './plugins.js';
import { median, result } from './results.js';

const beside = 100_000;
const sizes = [20_000, beside, 500_000];

/** The peak memory of the plugin for few rows and for many. */
export async function measureMemory(context) {
  const peaks = new Map(sizes.map((rows) => [rows, []]));
  for (let round = 1; round <= context.rounds; round++) {
    for (const rows of sizes) peaks.get(rows).push((await runSync({ kind: 'our', rows, round, ...context })).peakBytes);
  }
  const compared = (rows, target) =>
    result({
      what: `peak memory, beside ${beside.toLocaleString('en')} rows`,
      count: rows,
      of: 'rows',
      unit: 'bytes',
      ours: median(peaks.get(rows)),
      beside: median(peaks.get(beside)),
      target,
    });
  return { results: [compared(20_000, null), compared(500_000, { of: 'ratio', atMost: 1.2 })] };
}
