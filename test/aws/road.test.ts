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

  it('stops soon where nobody listens, unless the way was there before and nobody else gets through either', async () => {
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    let isUp = false;
    const send: Send = async ({ input }) => {
      if (isUp || input['isOpen'] === true) return { Things: [] };
      if (input['isAlone'] === false) await ask(new ListThingsCommand({ isOpen: true }));
      throw refused;
    };
    const { send: ask, calls } = along(send, { maxRetries: 8 });
    await expect(ask(new ListThingsCommand())).rejects.toThrow('(after 4 tries)');
    isUp = true;
    await ask(new ListThingsCommand());
    isUp = false;
    await expect(ask(new ListThingsCommand())).rejects.toThrow('(after 9 tries)');
    // Others are answered during each try of this one.
    await expect(ask(new ListThingsCommand({ isAlone: false }))).rejects.toThrow('(after 4 tries)');
    expect(calls.filter(({ error }) => error === undefined)).toHaveLength(5);
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

describe('the pace after a throttle', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const twoPerSecond = { account: { perSecond: 2, burst: 2 }, isPerRegion: true };
  const here = { ...place, account: {} };
  const ask = ({ send }: { send: (...args: never[]) => unknown }): Promise<unknown> =>
    Promise.resolve((send as (command: ListThingsCommand) => unknown)(new ListThingsCommand()));

  /** AWS's side: a bucket of two tokens that gets two more each second. */
  function bucketed(): { send: Send; at: number[]; throttles: number } {
    const started = Date.now();
    let [tokens, filledAt] = [2, started];
    const seen = {
      at: [] as number[],
      throttles: 0,
      send: () => {
        const now = Date.now();
        tokens = Math.min(2, tokens + ((now - filledAt) / 1000) * 2);
        filledAt = now;
        if (tokens < 1) {
          seen.throttles++;
          return Promise.reject(throttled());
        }
        tokens--;
        seen.at.push(now - started);
        return Promise.resolve({ Things: [] });
      },
    };
    return seen;
  }

  it('is the documented one, so that a long list neither fails nor asks in vain', async () => {
    const bucket = bucketed();
    const shared = road({ concurrency: 10, maxRetries: 3, maxBackoffMs: 100, rateOf: () => twoPerSecond });
    const client = shared.along({ send: bucket.send }, here, () => undefined);
    const ends = Promise.all(Array.from({ length: 40 }, () => ask(client)));
    await vi.runAllTimersAsync();
    await ends;
    expect(bucket.at).toHaveLength(40);
    // What was on its way when the first throttle came, and nothing afterwards.
    expect(bucket.throttles).toBe(38);
    const last = bucket.at.at(-1) ?? 0;
    expect(last).toBeGreaterThanOrEqual(19_000);
    expect(last).toBeLessThan(23_000);
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
    expect(Date.now() - started).toBe(isSlowed ? 1_650 : 0);
  });

  it('is the backoff alone where AWS documents no rate', async () => {
    const bucket = bucketed();
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
