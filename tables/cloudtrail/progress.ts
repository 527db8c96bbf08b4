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
  readonly #names: Record<string, Reached>;
  readonly #now = Date.now();

  constructor(readonly context: Pick<ReadContext, 'identity' | 'askedAccountId' | 'region' | 'settings' | 'state'>) {
    const { identity, askedAccountId, region, state } = context;
    this.#key = `${identity.accountId}/${askedAccountId}/${region}`;
    this.#names = (parseJson(state.get(this.#key)) ?? {}) as Record<string, Reached>;
  }

  next(name: string, sources: ReadonlySet<string>): Stretch {
    const { settings, state } = this.context;
    const wanted = [...sources].sort().join(' ');
    const windowStart = this.#now - settings.eventsLookbackDays * dayMs;
    const before = this.#names[name];
    // A longer window than before, or one more service under this name: what was left out then is still to be read.
    const isUsable = before !== undefined && before.from <= windowStart && before.sources === wanted;
    const start = isUsable ? Math.max(windowStart, before.through - lateMs) : windowStart;
    const seenBefore = new Set(isUsable ? before.seen : []);
    const seen: string[] = [];
    return {
      start: new Date(start),
      isNew: ({ EventId = '', EventTime }) => {
        if ((EventTime?.getTime() ?? 0) >= this.#now - lateMs) seen.push(EventId);
        return !seenBefore.has(EventId);
      },
      end: () => {
        this.#names[name] = { from: isUsable ? before.from : start, through: this.#now, sources: wanted, seen };
        state.set(this.#key, JSON.stringify(this.#names));
      },
    };
  }
}
