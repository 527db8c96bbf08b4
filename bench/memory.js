import { runSync } from './plugins.js';
import { median, result } from './results.js';

/** The peak memory of the plugin for few rows and for many. */
export async function measureMemory(context) {
  const sizes = [20_000, 100_000, 500_000].map(context.scaled);
  const [few, beside, many] = sizes;
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
  return { results: [compared(few, null), compared(many, { of: 'ratio', atMost: 1.2 })] };
}
