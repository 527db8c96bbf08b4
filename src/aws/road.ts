import { setMaxListeners } from 'node:events';
import { classify, isExpiryOfCredentials, isPageTokenRefused, type Certainty } from './classify.js';
import { tokenMembers, type FirstAnswers } from './first_answers.js';
import { AwsReadError } from './outcome.js';
import { PageGuard } from './page_guard.js';
import { Secrets } from './secrets.js';
import { Bucket, Line, sleep, Slots, type Rate } from './turns.js';

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
  rateOf?: ((operation: string) => Rate | undefined) | undefined;
  /** False where nobody promises these rates: each is kept to once a request was throttled, and not before. */
  isRatePromised?: boolean;
  signal: AbortSignal;
}

/** The part of an SDK client that everything in the SDK, paginators included, goes through. */
export interface SdkClient {
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- each client types `send` by its own commands
  send: (...args: any[]) => any;
}

interface SdkCommand {
  input: Record<string, unknown>;
  constructor: { name: string } & (new (input: Record<string, unknown>) => SdkCommand);
}

interface Place {
  /** IAM prefix: `organizations`, `guardduty`. */
  service: string;
  region: string;
  certainty: Certainty;
  /** Tells accounts apart, which have rates of their own; one for all by default. */
  account?: object | undefined;
  /**
   * Gets other credentials than those that were used at a time (of `performance`), which AWS calls expired; false where there
   * are none.
   */
  renewCredentials?: ((usedAt: number) => Promise<boolean>) | undefined;
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
  readonly #slots: Slots;
  /** When any request was answered last. */
  #answeredAt: number | undefined;
  /** By account and then by operation, and Region where each has its own. */
  readonly #lines = new Map<object | undefined, Map<string, Line>>();
  readonly #bucketsOfOrganization = new Map<string, Bucket>();

  constructor(readonly options: RoadOptions) {
    // Each request in flight listens; Node 20 takes more than ten of them for a leak.
    setMaxListeners(0, options.signal);
    this.#slots = new Slots(options.concurrency);
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
      for (let asked = command; ; asked = fromTheStart(asked)) {
        try {
          const output = await this.#untilAnswered(client, asked, place, call);
          pages.check(operation, place.region, asked.input, output);
          close();
          return output;
        } catch (error) {
          if (!(error instanceof AwsReadError)) throw error;
          // Whoever reads the list gets its first page once more; of an item that comes twice one row is written.
          if (isPageTokenRefused(error.code, asked.input) && pages.mayStartAgain(operation, asked.input)) continue;
          close(error);
          throw error;
        }
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
    let renewals = 0;
    const line = this.#lineOf(place, call.operation);
    for (let attempt = 0; ; attempt++) {
      signal.throwIfAborted();
      const hasSlot = place.isWithinTurn !== true;
      // The pages of a list follow each other, however many can be asked at once: the longest list must not come last.
      const isUrgent = attempt > 0 || tokenMembers.some((name) => command.input[name] !== undefined);
      if (hasSlot) await (line ? line.turn(isUrgent) : this.#slots.take(isUrgent));
      call.requests++;
      const sentAt = performance.now();
      try {
        let output: Record<string, unknown>;
        try {
          output = await this.#once(client, command);
        } finally {
          if (hasSlot) this.#slots.release();
        }
        line?.answered();
        this.#answeredAt = performance.now();
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
        if (verdict.isThrottle === true) line?.throttled(sentAt);
        if (!verdict.isRetryable && isExpiryOfCredentials(verdict.code) && renewals < mostRenewals) {
          renewals++;
          if (await this.#renew(place, call, sentAt)) continue;
        }
        // Nobody listens there: more often a wrong endpoint than an AWS that is about to come up. Where others were answered
        // before and are not any more, it is the way there, such as a proxy that starts again.
        const isWayDown = this.#answeredAt !== undefined && this.#answeredAt < sentAt;
        const retries = verdict.code === 'ECONNREFUSED' && !isWayDown ? Math.min(maxRetries, 3) : maxRetries;
        if (!verdict.isRetryable || attempt >= retries) {
          // Where AWS answers in the end, how often it was asked before says nothing, and would be another row from sync to sync.
          const after = verdict.isRetryable && attempt > 0 ? ` (after ${attempt + 1} tries)` : '';
          throw new AwsReadError(
            verdict.outcome,
            call.operation,
            place.region,
            verdict.code,
            `${verdict.message}${after}`,
            { cause: error },
          );
        }
        // Full jitter: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
        await sleep(Math.random() * Math.min(maxBackoffMs, 100 * 2 ** attempt), signal);
      }
    }
  }

  async #renew(place: Place, { operation }: { operation: string }, usedAt: number): Promise<boolean> {
    try {
      return (await place.renewCredentials?.(usedAt)) ?? false;
    } catch (error) {
      this.options.signal.throwIfAborted();
      const { outcome, code, message } =
        error instanceof AwsReadError ? error : classify(error, operation, place.certainty, {}, this.secrets);
      throw new AwsReadError(outcome, operation, place.region, code, message, { cause: error });
    }
  }

  /** Undefined where there is no rate to wait for. */
  #lineOf({ account, region }: Place, operation: string): Line | undefined {
    const rate = this.options.rateOf?.(operation);
    if (!rate) return undefined;
    const lines = this.#lines.get(account) ?? new Map<string, Line>();
    this.#lines.set(account, lines);
    const name = rate.isPerRegion ? `${operation} ${region}` : operation;
    const line = lines.get(name) ?? this.#newLine(name, rate);
    lines.set(name, line);
    return line;
  }

  #newLine(name: string, rate: Rate): Line {
    const isKept = this.options.isRatePromised ?? false;
    const buckets = [new Bucket(rate.account, isKept)];
    if (rate.organization) {
      const shared = this.#bucketsOfOrganization.get(name) ?? new Bucket(rate.organization, isKept);
      this.#bucketsOfOrganization.set(name, shared);
      buckets.push(shared);
    }
    return new Line(buckets, this.#slots, this.options.signal);
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

/** Of the credentials for one request: others may have used up the new ones before its turn came. */
const mostRenewals = 3;

/** The same list from its first page on. */
function fromTheStart(command: SdkCommand): SdkCommand {
  const input = Object.fromEntries(Object.entries(command.input).filter(([member]) => !tokenMembers.includes(member)));
  return new command.constructor(input);
}
