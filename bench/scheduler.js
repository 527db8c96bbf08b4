import { runSync } from './plugins.js';
import { median, result } from './results.js';

// The SDK takes a minute or three for its rows: no further round begins after this.
const limitMs = 240_000;

/** Our plugin and the SDK's in turn, so that whatever else the machine does reaches both. */
export async function measureScheduler(context) {
  const rows = context.scaled(50_000);
  const measured = { our: [], sdk: [] };
  const startedAt = performance.now();
  for (let round = 1; round <= context.rounds && performance.now() - startedAt < limitMs; round++) {
    for (const kind of ['our', 'sdk']) measured[kind].push(await runSync({ kind, rows, round, ...context }));
  }
  const of = (kind, member) => median(measured[kind].map((run) => run[member]));
  return {
    results: [
      result({
        what: 'rows to the client, beside the SDK',
        count: rows,
        of: 'rows',
        unit: 'rows/s',
        ours: rows / of('our', 'seconds'),
        beside: rows / of('sdk', 'seconds'),
        target: { of: 'ratio', atLeast: 20 },
      }),
      result({
        what: 'peak memory, beside the SDK',
        count: rows,
        of: 'rows',
        unit: 'bytes',
        ours: of('our', 'peakBytes'),
        beside: of('sdk', 'peakBytes'),
      }),
    ],
  };
}
