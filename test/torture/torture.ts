import { Loss, type Counts, type Part, type Rounds } from './part.js';
import { Random } from './random.js';

export interface TortureOptions {
  parts: readonly Part[];
  seed: string;
  durationMs: number;
  /** Only this round of each part, to see again what a run has found. */
  round?: number | undefined;
  signal: AbortSignal;
  tell: (line: string) => void;
}

export interface Tortured {
  counts: Counts;
  losses: number;
  crashes: number;
}

/** Rounds of each part in turn until the time is over. What one finds does not end the others. */
export async function torture({ parts, seed, durationMs, round, signal, tell }: TortureOptions): Promise<Tortured> {
  const startedAt = performance.now();
  const isOver = (): boolean => signal.aborted || performance.now() - startedAt >= durationMs;
  const counts = Object.fromEntries(parts.flatMap((part) => part.counts.map((what) => [what, 0])));
  const opened = new Map<Part, Rounds>();
  let losses = 0;
  let crashes = 0;
  try {
    for (let number = round ?? 1; !isOver(); number++) {
      for (const part of parts) {
        if (isOver()) break;
        try {
          const rounds = opened.get(part) ?? (await part.open());
          opened.set(part, rounds);
          const did = await rounds.round(new Random(`${seed} ${part.name} ${number}`), number);
          for (const [what, count] of Object.entries(did)) counts[what] = (counts[what] ?? 0) + count;
        } catch (error) {
          if (error instanceof Loss) losses++;
          else crashes++;
          const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
          tell(`${part.name}, round ${number}: ${text}`);
          tell(`Again: npm run torture -- --seed ${seed} --part ${part.name} --round ${number}`);
        }
      }
      if (round !== undefined) break;
    }
    return { counts, losses, crashes };
  } finally {
    for (const rounds of opened.values()) await rounds.close();
  }
}
