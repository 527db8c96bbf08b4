import { z } from 'zod';

/** Two with one key would be one row. */
export function refuseRepeats<Entry>(what: string, keysOf: (entry: Entry) => readonly (readonly string[])[]) {
  return (entries: readonly Entry[], context: z.RefinementCtx): void => {
    const seen = new Map<string, number>();
    for (const [index, entry] of entries.entries()) {
      for (const key of keysOf(entry)) {
        const first = seen.get(JSON.stringify(key));
        if (first === undefined) seen.set(JSON.stringify(key), index);
        else {
          const where = first === index ? `the same ${what} twice` : `the same ${what} as [${first}]`;
          context.addIssue({ code: 'custom', path: [index], message: `${where}: ${key.filter(Boolean).join(', ')}` });
        }
      }
    }
  };
}
