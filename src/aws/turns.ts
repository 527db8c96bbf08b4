/** How many tokens a bucket of AWS's gets each second, and how many it holds. */
export interface TokenRate {
  readonly perSecond: number;
  readonly burst: number;
}

/** What AWS documents of an operation. */
export interface Rate {
  /** For the account that calls. */
  readonly account: TokenRate;
  /** For all accounts of the organization together; null where AWS documents none. */
  readonly organization: TokenRate | null;
  /** True where each Region has a bucket of its own. */
  readonly isPerRegion: boolean;
}

/** Requests in flight at once, over all services and Regions. */
export class Slots {
  #taken = 0;
  readonly #urgent: (() => void)[] = [];
  readonly #waiting: (() => void)[] = [];

  constructor(readonly count: number) {}

  /** @param isUrgent for what has waited for AWS already: it goes before what has not. */
  async take(isUrgent: boolean): Promise<void> {
    if (this.#taken < this.count) {
      this.#taken++;
      return;
    }
    await new Promise<void>((resolve) => (isUrgent ? this.#urgent : this.#waiting).push(resolve));
  }

  release(): void {
    const next = this.#urgent.shift() ?? this.#waiting.shift();
    if (next) next();
    else this.#taken--;
  }
}

interface Waiter {
  go: () => void;
  stop: (reason: unknown) => void;
}

/** Requests that wait for the tokens of one operation. A request takes its slot with its token, and not while it waits. */
export class Line {
  readonly #urgent: Waiter[] = [];
  readonly #waiting: Waiter[] = [];
  #isMoving = false;

  constructor(
    /** Of the account, and of the organization where it has one. */
    readonly buckets: readonly Bucket[],
    readonly slots: Slots,
    readonly signal: AbortSignal,
  ) {}

  /**
   * Resolves with a slot taken.
   *
   * @param isUrgent goes before what is not, in the order of coming.
   */
  turn(isUrgent: boolean): Promise<void> {
    return new Promise<void>((go, stop) => {
      (isUrgent ? this.#urgent : this.#waiting).push({ go, stop });
      if (!this.#isMoving) void this.#move();
    });
  }

  answered(): void {
    for (const bucket of this.buckets) bucket.answered();
  }

  /** Which of the buckets was empty AWS does not say. */
  throttled(sentAt: number): void {
    for (const bucket of this.buckets) bucket.throttled(sentAt);
  }

  async #move(): Promise<void> {
    this.#isMoving = true;
    try {
      while (this.#urgent.length + this.#waiting.length > 0) {
        const ms = this.#msUntilToken();
        if (ms > 0) {
          await sleep(ms, this.signal);
          continue;
        }
        await this.slots.take(true);
        // Another line of the organization may have been faster, or the caller has stopped meanwhile.
        if (this.signal.aborted || this.#msUntilToken() > 0) {
          this.slots.release();
          this.signal.throwIfAborted();
          continue;
        }
        for (const bucket of this.buckets) bucket.take();
        (this.#urgent.shift() ?? this.#waiting.shift())?.go();
      }
    } catch (reason) {
      for (const { stop } of [...this.#urgent.splice(0), ...this.#waiting.splice(0)]) stop(reason);
    } finally {
      this.#isMoving = false;
    }
  }

  #msUntilToken(): number {
    return Math.max(...this.buckets.map((bucket) => bucket.msUntilToken()));
  }
}

/** What is left of the rate after a throttle: AIMD, as TCP shares a line between those who do not know of each other. */
const decrease = 0.7;
/** Of the documented rate, for each answer. */
const increase = 0.01;
const smallestShare = 0.02;
/** Where throttles are further apart than so many answers, nobody takes much of the bucket. */
const rarely = 50;
/** Tokens that are left to AWS, because requests do not arrive as evenly as they are sent. */
const mostSpare = 2;

/**
 * A token bucket of AWS's as it is seen from here. Others may take of it too: throttles make it slower, answers make it
 * faster again, up to what AWS documents.
 */
export class Bucket {
  readonly #perMs: number;
  /** Without any, every second request would find a bucket with a little less than one token in it. */
  readonly #spare: number;
  readonly #most: number;
  #tokens: number;
  #at = performance.now();
  /** Of the documented rate. */
  #share = 1;
  #throttledAt = -Infinity;
  #answersSince = Infinity;

  /** @param isKept false for a rate that nobody promises here: it is kept to from the first throttle on. */
  constructor(
    { perSecond, burst }: TokenRate,
    private isKept: boolean,
  ) {
    this.#perMs = perSecond / 1000;
    // The rest of the burst is for a timer that is late.
    this.#spare = Math.min(mostSpare, (burst - 1) / 2);
    this.#most = burst - this.#spare;
    this.#tokens = this.#most;
  }

  /** Whole ones, as timers have them. */
  msUntilToken(): number {
    if (!this.isKept) return 0;
    this.#fill();
    return this.#tokens >= 1 ? 0 : Math.ceil((1 - this.#tokens) / (this.#perMs * this.#share));
  }

  take(): void {
    if (this.isKept) this.#tokens--;
  }

  answered(): void {
    this.#answersSince++;
    if (this.#share === 1) return;
    this.#fill();
    this.#share = Math.min(1, this.#share + increase);
  }

  throttled(sentAt: number): void {
    // What was on its way when the last throttle came says nothing new.
    if (sentAt <= this.#throttledAt) return;
    this.#fill();
    // A bucket that was not full at first, or a request that was late, is no reason to go slower.
    if (this.#answersSince < rarely) this.#share = Math.max(smallestShare, this.#share * decrease);
    this.isKept = true;
    this.#tokens = -this.#spare;
    this.#throttledAt = this.#at;
    this.#answersSince = 0;
  }

  #fill(): void {
    const now = performance.now();
    this.#tokens = Math.min(this.#most, this.#tokens + (now - this.#at) * this.#perMs * this.#share);
    this.#at = now;
  }
}

/** The timer of the global object, and not that of node:timers/promises: a test can turn its clock. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}
