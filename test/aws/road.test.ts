import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AwsReadError, certain } from '../../src/aws/index.js';
import { Road, type CallReport, type RoadOptions } from '../../src/aws/road.js';

class ListThingsCommand {
  constructor(readonly input: Record<string, unknown> = {}) {}
}

const place = { service: 'things', region: 'eu-west-1', certainty: certain };

function road(options: Partial<RoadOptions> = {}): Road {
  return new Road({
    maxRetries: 3,
    maxBackoffMs: 1,
    requestTimeoutMs: 1_000,
    concurrency: 5,
    signal: new AbortController().signal,
    ...options,
  });
}

type Send = (command: ListThingsCommand, options: { abortSignal: AbortSignal }) => Promise<unknown>;

function along(
  send: Send,
  options: Partial<RoadOptions> = {},
): { send: (command: ListThingsCommand) => Promise<unknown>; calls: CallReport[] } {
  const calls: CallReport[] = [];
  const client = road(options).along({ send }, place, (call) => calls.push(call));
  return { send: (command) => client.send(command, undefined as never), calls };
}

function throttled(): Error {
  return Object.assign(new Error('slow down'), { name: 'TooManyRequestsException', $fault: 'client', $metadata: {} });
}

describe('the road', () => {
  it('tries again while that can help, and counts each try', async () => {
    let tries = 0;
    const { send, calls } = along(() => (++tries < 3 ? Promise.reject(throttled()) : Promise.resolve({ Things: [] })));
    expect(await send(new ListThingsCommand())).toEqual({ Things: [] });
    expect(calls).toMatchObject([{ operation: 'things:ListThings', requests: 3 }]);
    expect(calls[0]?.error).toBeUndefined();
  });

  it('gives up after the last try and says how often it tried', async () => {
    const { send, calls } = along(() => Promise.reject(throttled()));
    await expect(send(new ListThingsCommand())).rejects.toThrow('slow down (after 4 tries)');
    expect(calls).toMatchObject([{ requests: 4, error: { outcome: 'failed', code: 'TooManyRequestsException' } }]);
  });

  it('ends a try that is never answered', async () => {
    const never: Send = (_command, { abortSignal }) =>
      new Promise((_resolve, reject) => {
        abortSignal.addEventListener('abort', () => {
          reject(new Error('Request aborted'));
        });
      });
    const { send } = along(never, { requestTimeoutMs: 5, maxRetries: 1 });
    await expect(send(new ListThingsCommand())).rejects.toMatchObject({ outcome: 'failed', code: 'RequestTimeout' });
  });

  it('ends a try whose credentials never come, and hears the caller meanwhile', async () => {
    const deaf: Send = () => new Promise(() => undefined);
    const { send } = along(deaf, { requestTimeoutMs: 5, maxRetries: 0 });
    await expect(send(new ListThingsCommand())).rejects.toMatchObject({ outcome: 'failed', code: 'RequestTimeout' });

    const controller = new AbortController();
    const { send: stopped } = along(deaf, { requestTimeoutMs: 3_600_000, signal: controller.signal });
    const ended = expect(stopped(new ListThingsCommand())).rejects.toThrow(/abort/i);
    controller.abort();
    await ended;
  });

  it('sends nothing that was still waiting for its turn when the caller stopped', async () => {
    let sent = 0;
    const controller = new AbortController();
    const { send } = along(
      () => {
        sent++;
        return new Promise(() => undefined);
      },
      { concurrency: 1, requestTimeoutMs: 3_600_000, signal: controller.signal },
    );
    const calls = Array.from({ length: 5 }, () => send(new ListThingsCommand()));
    await vi.waitUntil(() => sent > 0);
    controller.abort();
    const ends = await Promise.allSettled(calls);
    expect(ends.map(({ status }) => status)).toEqual(Array(5).fill('rejected'));
    expect(sent).toBe(1);
  });

  it('may have many requests in flight without being taken for a leak', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on('warning', onWarning);
    try {
      const { send } = along(
        async () => {
          await new Promise(setImmediate);
          return { Things: [] };
        },
        { concurrency: 50 },
      );
      await Promise.all(Array.from({ length: 50 }, () => send(new ListThingsCommand())));
      // Node tells of a warning a moment after it arose.
      await new Promise(setImmediate);
      expect(warnings).toEqual([]);
    } finally {
      process.off('warning', onWarning);
    }
  });

  it.each([
    ['no member', { $metadata: {}, Things: undefined }],
    ['an empty token and no list', { $metadata: {}, NextToken: '' }],
    ['a text instead of an object, as the SDK reads it', { $metadata: {}, 0: 'x' }],
  ])('takes an answer with %s for none', async (_what, answer) => {
    const { send } = along(() => Promise.resolve(answer), { maxRetries: 0 });
    await expect(send(new ListThingsCommand())).rejects.toMatchObject({ outcome: 'failed', code: 'UnreadableAnswer' });
  });

  it('refuses a page token that was followed before, at once or in a circle', async () => {
    const tokens = ['b', 'c', 'b'];
    let page = 0;
    const { send, calls } = along(() => Promise.resolve({ Things: [], NextToken: tokens[page++] }));
    await send(new ListThingsCommand());
    await send(new ListThingsCommand({ NextToken: 'b' }));
    await expect(send(new ListThingsCommand({ NextToken: 'c' }))).rejects.toMatchObject({
      outcome: 'failed',
      code: 'RepeatedPageToken',
    });
    expect(calls.at(-1)?.error).toBeInstanceOf(AwsReadError);
  });

  it('gives up a list that always has one more page', async () => {
    let page = 0;
    const { send } = along(() => Promise.resolve({ Things: [], NextToken: String(++page) }));
    const readAll = async (): Promise<void> => {
      for (let input = {}; ; input = { NextToken: String(page) }) await send(new ListThingsCommand(input));
    };
    await expect(readAll()).rejects.toMatchObject({ outcome: 'failed', code: 'EndlessList' });
  });

  it('lets the same list be read twice', async () => {
    const { send } = along((command) =>
      Promise.resolve({ Things: [], NextToken: command.input['NextToken'] === undefined ? 'b' : undefined }),
    );
    for (let round = 0; round < 2; round++) {
      await send(new ListThingsCommand());
      await send(new ListThingsCommand({ NextToken: 'b' }));
    }
  });

  describe('of a list whose page token is refused', () => {
    const refused = (name = 'ValidationException'): Error =>
      Object.assign(new Error('no such token'), { name, $fault: 'client', $metadata: { httpStatusCode: 400 } });

    /** Pages 1, 2 and 3, whose tokens are refused so many times. */
    function pages(refusals: number, name?: string): { send: Send; asked: unknown[] } {
      const asked: unknown[] = [];
      const send: Send = ({ input }) => {
        const { NextToken } = input;
        asked.push(NextToken);
        if (NextToken !== undefined && refusals-- > 0) return Promise.reject(refused(name));
        const page = NextToken === undefined ? 1 : Number(NextToken);
        return Promise.resolve({ Things: [page], ...(page < 3 && { NextToken: String(page + 1) }) });
      };
      return { send, asked };
    }
    const list = (NextToken?: string): ListThingsCommand =>
      new ListThingsCommand({ Kind: 'a', ...(NextToken !== undefined && { NextToken }) });

    it('the first page comes instead, and the others after it', async () => {
      const { send: answer, asked } = pages(1);
      const { send, calls } = along(answer);
      expect(await send(list())).toEqual({ Things: [1], NextToken: '2' });
      expect(await send(list('2'))).toEqual({ Things: [1], NextToken: '2' });
      expect(await send(list('2'))).toEqual({ Things: [2], NextToken: '3' });
      expect(await send(list('3'))).toEqual({ Things: [3] });
      expect(asked).toEqual([undefined, '2', undefined, '2', '3']);
      expect(calls.map(({ requests, error }) => [requests, error])).toEqual(
        [1, 2, 1, 1].map((count) => [count, undefined]),
      );
    });

    it('it fails the third time, and another list has turns of its own', async () => {
      const { send: answer } = pages(Infinity);
      const { send, calls } = along(answer);
      for (let reading = 0; reading < 2; reading++) expect(await send(list('2'))).toMatchObject({ Things: [1] });
      await expect(send(list('2'))).rejects.toMatchObject({
        ...{ outcome: 'failed', code: 'ValidationException', message: 'the page token was refused: no such token' },
      });
      expect(calls.at(-1)?.error?.code).toBe('ValidationException');
      const other = new ListThingsCommand({ Kind: 'b', NextToken: '2' });
      expect(await send(other)).toMatchObject({ Things: [1] });
    });

    it('it may be read again as often once it has come to its end', async () => {
      let refusals = 2;
      const { send } = along(({ input }) => {
        if (input['NextToken'] === undefined) return Promise.resolve({ Things: [1], NextToken: '2' });
        return refusals-- > 0 ? Promise.reject(refused()) : Promise.resolve({ Things: [2] });
      });
      for (let time = 0; time < 2; time++) {
        refusals = 2;
        await send(list('2'));
        await send(list('2'));
        expect(await send(list('2'))).toEqual({ Things: [2] });
      }
    });

    it('nothing else is taken for that: a denial, and a first page', async () => {
      const { send: answer, asked } = pages(1, 'AccessDeniedException');
      const { send } = along(answer);
      await expect(send(list('2'))).rejects.toMatchObject({ outcome: 'denied' });
      expect(asked).toEqual(['2']);
      const first = along(() => Promise.reject(refused()));
      await expect(first.send(list())).rejects.toMatchObject({ outcome: 'failed', message: 'no such token' });
    });
  });

  it('keeps no more requests in flight than it may', async () => {
    let inFlight = 0;
    let most = 0;
    const send: Send = async () => {
      most = Math.max(most, ++inFlight);
      await new Promise(setImmediate);
      inFlight--;
      return { Things: [] };
    };
    const shared = road({ concurrency: 3 });
    const client = shared.along({ send }, place, () => undefined);
    await Promise.all(
      Array.from({ length: 20 }, () => client.send(new ListThingsCommand() as never, undefined as never)),
    );
    expect(most).toBe(3);
  });

  it('stops when the caller does, in the middle of a pause too', async () => {
    const controller = new AbortController();
    const { send } = along(
      () => {
        setImmediate(() => {
          controller.abort();
        });
        return Promise.reject(throttled());
      },
      { signal: controller.signal, maxBackoffMs: 3_600_000, maxRetries: 100 },
    );
    await expect(send(new ListThingsCommand())).rejects.toThrow(/abort/i);
  });
});

describe('the pace', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const twoPerSecond = { account: { perSecond: 2, burst: 2 }, organization: null, isPerRegion: true };
  const here = { ...place, account: {} };
  const ask = ({ send }: { send: (...args: never[]) => unknown }): Promise<unknown> =>
    Promise.resolve((send as (command: ListThingsCommand) => unknown)(new ListThingsCommand()));

  /** AWS's side: a bucket that is full at first. */
  class AwsBucket {
    perSecond: number;
    #tokens: number;
    #filledAt = Date.now();
    readonly #started = Date.now();
    /** When each request was answered, in milliseconds. */
    readonly at: number[] = [];
    /** After how many answers each throttle came. */
    readonly throttles: number[] = [];

    constructor(readonly rate: { perSecond: number; burst: number }) {
      this.perSecond = rate.perSecond;
      this.#tokens = rate.burst;
    }

    take(): boolean {
      const now = Date.now();
      this.#tokens = Math.min(this.rate.burst, this.#tokens + ((now - this.#filledAt) / 1000) * this.perSecond);
      this.#filledAt = now;
      if (this.#tokens < 1) {
        this.throttles.push(this.at.length);
        return false;
      }
      this.#tokens--;
      this.at.push(now - this.#started);
      return true;
    }

    send = (): Promise<object> => (this.take() ? Promise.resolve({ Things: [] }) : Promise.reject(throttled()));
  }

  describe('where AWS promises its rates', () => {
    const paced = { concurrency: 10, maxRetries: 10, maxBackoffMs: 1_000, isRatePromised: true };

    async function askAll(client: Parameters<typeof ask>[0], count: number): Promise<void> {
      const ends = Promise.all(Array.from({ length: count }, () => ask(client)));
      await vi.runAllTimersAsync();
      await ends;
    }

    it.each([
      { perSecond: 2, burst: 2 },
      { perSecond: 1, burst: 3 },
      { perSecond: 8, burst: 12 },
    ])('is the burst and then the rate, and nobody is throttled: %j', async (account) => {
      const bucket = new AwsBucket(account);
      const shared = road({ ...paced, rateOf: () => ({ ...twoPerSecond, account }) });
      await askAll(
        shared.along({ send: bucket.send }, here, () => undefined),
        200,
      );
      expect(bucket.throttles).toEqual([]);
      const bound = ((200 - account.burst) / account.perSecond) * 1000;
      // Never later than the token that is left to AWS, and a millisecond of a timer for each request.
      expect(bucket.at.at(-1)).toBeLessThan(bound + 1000 / account.perSecond + 200);
    });

    it('leaves room for requests that arrive unevenly', async () => {
      const account = { perSecond: 8, burst: 12 };
      const bucket = new AwsBucket(account);
      const shared = road({ ...paced, rateOf: () => ({ ...twoPerSecond, account }) });
      let sent = 0;
      const late: Send = async () => {
        await new Promise((resolve) => setTimeout(resolve, sent++ % 2 === 0 ? 10 : 110));
        return bucket.send();
      };
      await askAll(
        shared.along({ send: late }, here, () => undefined),
        200,
      );
      expect(bucket.throttles).toEqual([]);
    });

    it('holds for all accounts of an organization together', async () => {
      const organization = { perSecond: 3, burst: 3 };
      const bucket = new AwsBucket(organization);
      const shared = road({ ...paced, rateOf: () => ({ ...twoPerSecond, organization }) });
      const clients = [{}, {}, {}].map((account) =>
        shared.along({ send: bucket.send }, { ...here, account }, () => undefined),
      );
      const ends = Promise.all(clients.flatMap((client) => Array.from({ length: 30 }, () => ask(client))));
      await vi.runAllTimersAsync();
      await ends;
      expect(bucket.throttles).toEqual([]);
      expect(bucket.at.at(-1)).toBeLessThan(((90 - 3) / 3) * 1000 + 500);
    });

    it('is slower while somebody else takes of the bucket, and comes back', async () => {
      const account = { perSecond: 2, burst: 2 };
      const bucket = new AwsBucket(account);
      const calls: CallReport[] = [];
      const shared = road({ ...paced, rateOf: () => ({ ...twoPerSecond, account }) });
      const client = shared.along({ send: bucket.send }, here, (call) => calls.push(call));
      bucket.perSecond = 1;
      await askAll(client, 300);
      expect(calls.filter(({ error }) => error)).toEqual([]);
      const inCompetition = bucket.throttles.length;
      expect(inCompetition / 300).toBeLessThan(0.1);
      // What is left is used: four fifths of it at least.
      expect(bucket.at.at(-1)).toBeLessThan(300_000 / 0.8);

      bucket.perSecond = 2;
      await askAll(client, 300);
      expect(bucket.throttles.length - inCompetition).toBeLessThan(3);
      const last = bucket.at.slice(-100);
      expect((last.at(-1) ?? 0) - (last[0] ?? 0)).toBeLessThan(99 * 510);
    });

    it('takes no slot while it waits, and holds up no other operation', async () => {
      const shared = road({
        ...paced,
        concurrency: 1,
        rateOf: (operation) => (operation === 'things:ListThings' ? twoPerSecond : undefined),
      });
      class ListOthersCommand extends ListThingsCommand {}
      const started = Date.now();
      const client = shared.along({ send: () => Promise.resolve({ Things: [] }) }, here, () => undefined);
      const slow = Promise.all(Array.from({ length: 20 }, () => ask(client)));
      for (let call = 0; call < 20; call++) {
        await (client.send as unknown as (command: ListOthersCommand) => Promise<unknown>)(new ListOthersCommand());
      }
      expect(Date.now()).toBe(started);
      await vi.runAllTimersAsync();
      await slow;
      expect(Date.now() - started).toBeGreaterThan(9_000);
    });

    it('gives the next slot to whoever has waited for a rate', async () => {
      const order: string[] = [];
      class ListOthersCommand extends ListThingsCommand {}
      const shared = road({
        ...paced,
        concurrency: 1,
        rateOf: (operation) => (operation === 'things:ListThings' ? twoPerSecond : undefined),
      });
      const send = async (command: object): Promise<object> => {
        order.push(command.constructor.name);
        await new Promise((resolve) => setTimeout(resolve, 100));
        return { Things: [] };
      };
      const client = shared.along({ send }, here, () => undefined);
      const others = [1, 2, 3, 4].map(() =>
        (client.send as unknown as (command: ListOthersCommand) => Promise<unknown>)(new ListOthersCommand()),
      );
      const paced1 = ask(client);
      await vi.runAllTimersAsync();
      await Promise.all([...others, paced1]);
      expect(order.indexOf('ListThingsCommand')).toBe(1);
    });

    it('asks for the next page of a list before it begins with other lists, which can be asked side by side', async () => {
      const order: unknown[] = [];
      const shared = road({ ...paced, rateOf: () => twoPerSecond });
      const send = (command: ListThingsCommand): Promise<object> => {
        order.push(command.input['Of'] ?? command.input['NextToken']);
        return Promise.resolve({ Things: [] });
      };
      const client = shared.along({ send }, here, () => undefined);
      const ends = [{ Of: 1 }, { Of: 2 }, { Of: 3 }, { NextToken: 'b' }].map((input) =>
        (client.send as unknown as (command: ListThingsCommand) => Promise<unknown>)(new ListThingsCommand(input)),
      );
      await vi.runAllTimersAsync();
      await Promise.all(ends);
      expect(order.indexOf('b')).toBeLessThan(2);
    });

    it('stops with the caller', async () => {
      const controller = new AbortController();
      const shared = road({ ...paced, signal: controller.signal, rateOf: () => twoPerSecond });
      const client = shared.along({ send: () => Promise.resolve({ Things: [] }) }, here, () => undefined);
      const ended = Promise.allSettled(Array.from({ length: 50 }, () => ask(client)));
      await vi.advanceTimersByTimeAsync(1_000);
      controller.abort();
      const ends = await ended;
      expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    });
  });

  describe('where nobody does', () => {
    it('is the documented one from the first throttle on, so that a long list neither fails nor asks in vain', async () => {
      const bucket = new AwsBucket(twoPerSecond.account);
      const shared = road({ concurrency: 10, maxRetries: 3, maxBackoffMs: 100, rateOf: () => twoPerSecond });
      const client = shared.along({ send: bucket.send }, here, () => undefined);
      const ends = Promise.all(Array.from({ length: 40 }, () => ask(client)));
      await vi.runAllTimersAsync();
      await ends;
      expect(bucket.at).toHaveLength(40);
      // What was on its way when the first throttle came, and nothing afterwards.
      expect(bucket.throttles.length).toBeLessThan(10);
      const last = bucket.at.at(-1) ?? 0;
      expect(last).toBeGreaterThanOrEqual(19_000);
      expect(last).toBeLessThan(20_500);
    });

    it('is not kept before', async () => {
      const shared = road({ rateOf: () => twoPerSecond });
      const started = Date.now();
      const client = shared.along({ send: () => Promise.resolve({ Things: [] }) }, here, () => undefined);
      for (let call = 0; call < 20; call++) await ask(client);
      expect(Date.now()).toBe(started);
    });

    it.each([
      ['another account', { ...here, account: {} }, true],
      ['another Region, which has its own bucket', { ...here, region: 'us-east-1' }, true],
      ['another Region, where all share one', { ...here, region: 'us-east-1' }, false],
      ['the same account and Region', here, true],
    ])('counts or not for %s', async (what, other, isPerRegion) => {
      const shared = road({ rateOf: () => ({ ...twoPerSecond, isPerRegion }) });
      let isFirst = true;
      const slowed = shared.along(
        {
          send: () => {
            const answer = isFirst ? Promise.reject(throttled()) : Promise.resolve({ Things: [] });
            isFirst = false;
            return answer;
          },
        },
        here,
        () => undefined,
      );
      const end = ask(slowed);
      await vi.runAllTimersAsync();
      await end;
      const started = Date.now();
      const client = shared.along({ send: () => Promise.resolve({ Things: [] }) }, other, () => undefined);
      const calls = Promise.all([1, 2, 3].map(() => ask(client)));
      await vi.runAllTimersAsync();
      await calls;
      const isSlowed = what === 'the same account and Region' || !isPerRegion;
      expect(Date.now() - started).toBe(isSlowed ? 1_500 : 0);
    });

    it('is the backoff alone where AWS documents no rate', async () => {
      const bucket = new AwsBucket(twoPerSecond.account);
      const shared = road({ concurrency: 10, maxRetries: 0, rateOf: () => undefined });
      const client = shared.along({ send: bucket.send }, here, () => undefined);
      const ends = Promise.allSettled(Array.from({ length: 5 }, () => ask(client)));
      await vi.runAllTimersAsync();
      expect((await ends).filter(({ status }) => status === 'rejected')).toHaveLength(3);
    });

    it('stops with the caller', async () => {
      const controller = new AbortController();
      const shared = road({
        signal: controller.signal,
        rateOf: () => ({ ...twoPerSecond, account: { perSecond: 0.001, burst: 1 } }),
      });
      const client = shared.along({ send: () => Promise.reject(throttled()) }, here, () => undefined);
      const ended = expect(ask(client)).rejects.toThrow(/abort/i);
      await vi.advanceTimersByTimeAsync(1_000);
      controller.abort();
      await ended;
    });
  });
});
