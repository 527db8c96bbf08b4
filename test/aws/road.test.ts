import { describe, expect, it } from 'vitest';
import { AwsReadError } from '../../src/aws/index.js';
import { Road, type CallReport, type RoadOptions } from '../../src/aws/road.js';

class ListThingsCommand {
  constructor(readonly input: Record<string, unknown> = {}) {}
}

const place = { service: 'things', region: 'eu-west-1', isRegionKnownEnabled: true };

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

  it('takes an answer without any member for none', async () => {
    const { send } = along(() => Promise.resolve({ $metadata: {}, Things: undefined }), { maxRetries: 0 });
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
