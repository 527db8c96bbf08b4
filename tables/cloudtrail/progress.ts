import type { Event } from '@aws-sdk/client-cloudtrail';
import { parseJson, type ReadContext } from '../../src/schema/index.js';

/** What is remembered of one event name in one account and Region. Times are milliseconds since 1970. */
interface Reached {
  /** From here on everything was read, until the look-up began that ended last. */
  from: number;
  through: number;
  /** Event sources that were looked for, in alphabetical order. */
  sources: string;
  /** IDs of the events that the next look-up will meet again. */
  seen: string[];
}

/**
 * How far behind an event can be: CloudTrail delivers within 15 minutes as a rule, and does not promise it.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html
 */
const lateMs = 60 * 60_000;

const dayMs = 24 * 60 * 60_000;

/** One look-up: from `start` on, which overlaps the one before, without the events that it had. */
export interface Stretch {
  start: Date;
  isNew: (event: Event) => boolean;
  /** To be called when every event of it was read. */
  end: () => void;
}

/** How far the events of one account and Region were read; kept as one entry of the state. */
export class Progress {
  readonly #key: string;
  readonly #names: Record<string, unknown>;
  readonly #now = Date.now();

  constructor(readonly context: Pick<ReadContext, 'identity' | 'askedAccountId' | 'region' | 'settings' | 'state'>) {
    const { identity, askedAccountId, region, state } = context;
    this.#key = `${identity.accountId}/${askedAccountId}/${region}`;
    const names = parseJson(state.get(this.#key));
    this.#names = isRecord(names) ? { ...names } : {};
  }

  next(name: string, sources: ReadonlySet<string>): Stretch {
    const { settings, state } = this.context;
    const wanted = [...sources].sort().join(' ');
    const windowStart = this.#now - settings.eventsLookbackDays * dayMs;
    const before = this.#usable(name, windowStart, wanted);
    const start = before ? Math.max(windowStart, before.through - lateMs) : windowStart;
    const seenBefore = new Set(before?.seen);
    const seen: string[] = [];
    return {
      start: new Date(start),
      isNew: ({ EventId = '', EventTime }) => {
        if ((EventTime?.getTime() ?? 0) >= this.#now - lateMs) seen.push(EventId);
        return !seenBefore.has(EventId);
      },
      end: () => {
        const reached: Reached = { from: before?.from ?? start, through: this.#now, sources: wanted, seen };
        this.#names[name] = reached;
        state.set(this.#key, JSON.stringify(this.#names));
      },
    };
  }

  /** What an earlier sync reached, unless it leaves something out that is to be read now. */
  #usable(name: string, windowStart: number, sources: string): Reached | undefined {
    const before = this.#names[name];
    if (!isReached(before)) return undefined;
    // A longer window than before, one more service under this name, or a clock that was ahead.
    const isWhole = before.from <= windowStart && before.sources === sources && before.through <= this.#now;
    return isWhole ? before : undefined;
  }
}

/** It comes from a database that anybody may have written to. */
function isReached(value: unknown): value is Reached {
  if (!isRecord(value)) return false;
  const { from, through, sources, seen } = value;
  return (
    Number.isFinite(from) &&
    Number.isFinite(through) &&
    typeof sources === 'string' &&
    Array.isArray(seen) &&
    seen.every((id) => typeof id === 'string')
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
