import { setMaxListeners } from 'node:events';
import { classify, type Certainty } from './classify.js';
import { tokenMembers, type FirstAnswers } from './first_answers.js';
import { AwsReadError } from './outcome.js';
import { Secrets } from './secrets.js';

/** One call of the API, all its tries and not its pages: what `aws_delegation_reads` counts. */
export interface CallReport {
  operation: string;
  region: string;
  requests: number;
  startedAt: Date;
  durationMs: number;
  error?: AwsReadError;
}

export interface RoadOptions {
  /** Tries after the first one. */
  maxRetries: number;
  maxBackoffMs: number;
  /** For one try, connection and body included. */
  requestTimeoutMs: number;
  /** Requests in flight at once, over all services and Regions. */
  concurrency: number;
  /** How fast AWS lets an operation (`cloudtrail:LookupEvents`) be called; undefined where nobody says. */
  rateOf?: (operation: string) => Rate | undefined;
  signal: AbortSignal;
}

/** What AWS documents of an operation, for the account that calls. */
export interface Rate {
  readonly account: { readonly perSecond: number; readonly burst: number };
  /** True where each Region has a bucket of its own. */
  readonly isPerRegion: boolean;
}

/** The part of an SDK client that everything in the SDK, paginators included, goes through. */
export interface SdkClient {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each client types `send` by its own commands
  send: (...args: any[]) => any;
}

interface SdkCommand {
  input: Record<string, unknown>;
  constructor: { name: string };
}

interface Place {
  /** IAM prefix: `organizations`, `guardduty`. */
  service: string;
  region: string;
  certainty: Certainty;
  /** Tells accounts apart, which have rates of their own; one for all by default. */
  account?: object | undefined;
  /** For credentials that a request waits for which has its turn: another turn may come only after it. */
  isWithinTurn?: boolean;
}

/**
 * The road to AWS: every request waits here for its turn, is timed, is repeated while that can help, and ends either in
 * an answer or in an {@link AwsReadError}.
 */
export class Road {
  /** Of every session on this road: one may be quoted in an error of another. */
  readonly secrets = new Secrets();
  #inFlight = 0;
  readonly #waiting: (() => void)[] = [];
  /** By account and then by operation, and Region where each has its own. */
  readonly #paces = new Map<object | undefined, Map<string, Pace>>();

  constructor(readonly options: RoadOptions) {
    // Each request in flight listens; Node 20 takes more than ten of them for a leak.
    setMaxListeners(0, options.signal);
  }

  /**
   * A view of `client` whose calls are told to `report`. It stays an instance of the client's class, because the SDK's
   * paginators ask for one.
   *
   * @param first for trying calls only: what it answers itself is neither sent nor reported.
   */
  along<Client extends SdkClient>(
    client: Client,
    place: Place,
    report: (call: CallReport) => void,
    first?: FirstAnswers,
  ): Client {
    const view = Object.create(client) as Client;
    const pages = new PageGuard();
    const ask = async (operation: string, command: SdkCommand): Promise<Record<string, unknown>> => {
      const startedAt = new Date();
      const started = performance.now();
      const call = { operation, region: place.region, requests: 0 };
      const close = (error?: AwsReadError): void => {
        report({ ...call, startedAt, durationMs: Math.round(performance.now() - started), ...(error && { error }) });
      };
      try {
        const output = await this.#untilAnswered(client, command, place, call);
        pages.check(operation, place.region, command.input, output);
        close();
        return output;
      } catch (error) {
        if (error instanceof AwsReadError) close(error);
        throw error;
      }
    };
    view.send = (command: SdkCommand): Promise<unknown> => {
      const operation = `${place.service}:${command.constructor.name.replace(/Command$/, '')}`;
      return first ? first.ask(operation, () => ask(operation, command)) : ask(operation, command);
    };
    return view;
  }

  async #untilAnswered(
    client: SdkClient,
    command: SdkCommand,
    place: Place,
    call: { operation: string; requests: number },
  ): Promise<Record<string, unknown>> {
    const { maxRetries, maxBackoffMs, signal } = this.options;
    for (let attempt = 0; ; attempt++) {
      signal.throwIfAborted();
      const pace = this.#paceOf(place, call.operation);
      if (pace) await pace.turn(signal);
      call.requests++;
      try {
        const once = (): Promise<Record<string, unknown>> => this.#once(client, command);
        const output = await (place.isWithinTurn === true ? once() : this.#inTurn(once));
        // AWS sends a list even where it is empty. An object with nothing in it comes from a proxy or a login page.
        if (!Object.entries(output).some(isContent)) {
          throw new EmptyAnswerError('the answer has none of the members of this operation');
        }
        return output;
      } catch (error) {
        signal.throwIfAborted();
        // Of the credentials, which had tries of their own.
        if (error instanceof AwsReadError) {
          const { outcome, code, message, cause } = error;
          throw new AwsReadError(outcome, call.operation, place.region, code, message, { cause });
        }
        const verdict = classify(error, call.operation, place.certainty, command.input, this.secrets);
        // Nobody listens there: more often a wrong endpoint than an AWS that is about to come up.
        const retries = verdict.code === 'ECONNREFUSED' ? Math.min(maxRetries, 3) : maxRetries;
        if (!verdict.isRetryable || attempt >= retries) {
          const after = attempt > 0 ? ` (after ${attempt + 1} tries)` : '';
          throw new AwsReadError(
            verdict.outcome,
            call.operation,
            place.region,
            verdict.code,
            `${verdict.message}${after}`,
            { cause: error },
          );
        }
        if (verdict.isThrottle === true) this.#slowDown(place, call.operation);
        // Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
        await sleep(Math.random() * Math.min(maxBackoffMs, 100 * 2 ** attempt), signal);
      }
    }
  }

  #paceOf({ account, region }: Place, operation: string): Pace | undefined {
    const paces = this.#paces.get(account);
    return paces?.get(operation) ?? paces?.get(`${operation} ${region}`);
  }

  /** From now on the operation is called at the rate that AWS documents, if it does. */
  #slowDown({ account, region }: Place, operation: string): void {
    const rate = this.options.rateOf?.(operation);
    if (rate === undefined) return;
    const paces = this.#paces.get(account) ?? new Map<string, Pace>();
    this.#paces.set(account, paces);
    const bucket = rate.isPerRegion ? `${operation} ${region}` : operation;
    const pace = paces.get(bucket) ?? new Pace(rate.account.perSecond);
    paces.set(bucket, pace);
    pace.isEmpty();
  }

  async #once(client: SdkClient, command: SdkCommand): Promise<Record<string, unknown>> {
    const { requestTimeoutMs, signal } = this.options;
    // Stopped while it waited for its turn: a listener that is added now would not hear of it.
    signal.throwIfAborted();
    const attempt = new AbortController();
    // The SDK listens once it has credentials; what they come from (a process, a proxy) may never end.
    const aborted = new Promise<never>((_resolve, reject) => {
      attempt.signal.addEventListener('abort', () => {
        reject(attempt.signal.reason as Error);
      });
    });
    const timer = setTimeout(() => {
      attempt.abort(new RequestTimeoutError(`no answer within ${requestTimeoutMs / 1000} s`));
    }, requestTimeoutMs);
    const onAbort = (): void => {
      attempt.abort();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const answer = client.send(command, { abortSignal: attempt.signal }) as Promise<Record<string, unknown>>;
      return await Promise.race([answer, aborted]);
    } catch (error) {
      // The SDK tells of any abort in the same words.
      const reason: unknown = attempt.signal.reason;
      throw reason instanceof RequestTimeoutError ? reason : error;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  }

  async #inTurn<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    if (this.#inFlight >= this.options.concurrency) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#inFlight++;
    }
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#inFlight--;
    }
  }
}

/**
 * Turns for one bucket of AWS's, one by one and never in bursts: it begins with a throttle, so with a bucket that is empty.
 * Where other callers share the bucket that is still too fast, and the backoff of each call does the rest.
 */
class Pace {
  #next = 0;
  readonly #intervalMs: number;

  constructor(perSecond: number) {
    // A little slower, because requests do not arrive as evenly as they are sent.
    this.#intervalMs = (1000 / perSecond) * 1.1;
  }

  /** AWS has just said so. Turns that were given already stay. */
  isEmpty(): void {
    this.#next = Math.max(this.#next, Date.now() + this.#intervalMs);
  }

  async turn(signal: AbortSignal): Promise<void> {
    const now = Date.now();
    const at = Math.max(this.#next, now);
    this.#next = at + this.#intervalMs;
    if (at > now) await sleep(at - now, signal);
  }
}

/** The timer of the global object, and not that of node:timers/promises: a test can turn its clock. */
function sleep(ms: number, signal: AbortSignal): Promise<void> {
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

class RequestTimeoutError extends Error {
  override readonly name = 'RequestTimeout';
}

class EmptyAnswerError extends Error {
  override readonly name = 'Error';
}

/** A member of AWS's with something in it; a JSON text or list instead of an object has members called 0, 1, ... */
function isContent([member, value]: [string, unknown]): boolean {
  return /^[A-Za-z]/.test(member) && value !== undefined && value !== '';
}

/** Of one list. AWS's longest, 50,000 accounts in pages of 20, has a quarter of it. */
const mostPages = 10_000;

/** Refuses a page token that was handed out before, or one too many: following it would never end. */
class PageGuard {
  readonly #seen = new Map<string, Set<unknown>>();

  check(operation: string, region: string, input: Record<string, unknown>, output: Record<string, unknown>): void {
    const member = tokenMembers.find((name) => typeof output[name] === 'string' && output[name] !== '');
    const list = `${operation} ${JSON.stringify(input, (name, value: unknown) => (tokenMembers.includes(name) ? undefined : value))}`;
    if (member === undefined) {
      this.#seen.delete(list);
      return;
    }
    const isFirstPage = tokenMembers.every((name) => input[name] === undefined);
    const seen = isFirstPage ? new Set<unknown>() : (this.#seen.get(list) ?? new Set());
    this.#seen.set(list, seen);
    if (seen.has(output[member])) {
      throw new AwsReadError(
        'failed',
        operation,
        region,
        'RepeatedPageToken',
        `${member} of page ${seen.size + 1} is one that was followed before: the list has no end`,
      );
    }
    seen.add(output[member]);
    if (seen.size >= mostPages) {
      throw new AwsReadError(
        'failed',
        operation,
        region,
        'EndlessList',
        `after ${seen.size} pages there is still one more`,
      );
    }
  }
}
