import { describe, expect, it } from 'vitest';
import { FirstAnswers } from '../../src/aws/index.js';

type Output = Record<string, unknown>;

/** Answers in turn; says how often it was asked. */
function server(answers: (Output | Error)[]): { send: () => Promise<Output>; asked: () => number } {
  let asked = 0;
  return {
    send: () => {
      const answer = answers[asked++];
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer ?? {});
    },
    asked: () => asked,
  };
}

describe('an operation that is only tried', () => {
  it('is asked once, ends after its first page, and then has no further items', async () => {
    const first = new FirstAnswers();
    const { send, asked } = server([{ Roots: [1, 2], NextToken: 'more', $metadata: { a: 1 } }]);
    expect(await first.ask('o:ListRoots', send)).toEqual({ Roots: [1, 2], $metadata: { a: 1 } });
    expect(await first.ask('o:ListRoots', send)).toEqual({ Roots: [], $metadata: { a: 1 } });
    expect(asked()).toBe(1);
  });

  it('is asked on while there is no item', async () => {
    const first = new FirstAnswers();
    const { send, asked } = server([{ adminAccounts: [], nextToken: 'a' }, { adminAccounts: [1] }]);
    expect(await first.ask('g:List', send)).toEqual({ adminAccounts: [], nextToken: 'a' });
    expect(await first.ask('g:List', send)).toEqual({ adminAccounts: [1] });
    expect(await first.ask('g:List', send)).toEqual({ adminAccounts: [] });
    expect(asked()).toBe(2);
  });

  it('is asked once where nothing hangs on an item', async () => {
    const first = new FirstAnswers(true);
    const { send, asked } = server([{ Events: [], NextToken: 'more' }]);
    expect(await first.ask('c:LookupEvents', send)).toEqual({ Events: [] });
    expect(await first.ask('c:LookupEvents', send)).toEqual({ Events: [] });
    expect(asked()).toBe(1);
  });

  it('that describes one thing gives the same answer again', async () => {
    const first = new FirstAnswers();
    const { send, asked } = server([{ Policy: { Content: '{}' } }]);
    await first.ask('o:DescribePolicy', send);
    expect(await first.ask('o:DescribePolicy', send)).toEqual({ Policy: { Content: '{}' } });
    expect(asked()).toBe(1);
  });

  it('is refused once, also where several ask at the same time', async () => {
    const first = new FirstAnswers();
    const { send, asked } = server([new Error('no')]);
    const ends = await Promise.allSettled([1, 2, 3].map(() => first.ask('o:List', send)));
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(asked()).toBe(1);
  });

  it('does not answer for another one', async () => {
    const first = new FirstAnswers();
    const { send, asked } = server([{ A: [1] }, { B: [1] }]);
    await first.ask('o:ListA', send);
    expect(await first.ask('o:ListB', send)).toEqual({ B: [1] });
    expect(asked()).toBe(2);
  });
});
