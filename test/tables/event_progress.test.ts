import type { Event } from '@aws-sdk/client-cloudtrail';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Settings } from '../../src/schema/index.js';
import { Progress, type Stretch } from '../../tables/cloudtrail/progress.js';

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;
const start = Date.parse('2026-03-01T12:00:00Z');
const key = '111122223333/111122223333/us-east-1';
const sources = new Set(['organizations.amazonaws.com']);

const stored = new Map<string, string>();
beforeEach(() => {
  stored.clear();
  vi.useFakeTimers({ now: start, toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

function next(name: string, days = 30, wanted = sources): Stretch {
  const progress = new Progress({
    identity: { accountId: '111122223333', arn: '', partition: 'aws' },
    askedAccountId: '111122223333',
    region: 'us-east-1',
    settings: { eventsLookbackDays: days } as Settings,
    state: { get: (one) => stored.get(one), set: (one, value) => void stored.set(one, value) },
  });
  return progress.next(name, wanted);
}

const event = (EventId: string, EventTime: number): Event => ({ EventId, EventTime: new Date(EventTime) });

test('a look-up goes on an hour before the one before began, without the events that it had', () => {
  const first = next('MoveAccount');
  expect(first.start).toEqual(new Date(start - 30 * dayMs));
  expect(first.isNew(event('a', start - hourMs / 2))).toBe(true);
  first.end();
  vi.setSystemTime(start + 3 * hourMs);
  const second = next('MoveAccount');
  expect(second.start).toEqual(new Date(start - hourMs));
  expect(second.isNew(event('a', start - hourMs / 2))).toBe(false);
  // Delivered late.
  expect(second.isNew(event('b', start - hourMs / 3))).toBe(true);
  // Another name has a window of its own.
  expect(next('AttachPolicy').start).toEqual(new Date(start + 3 * hourMs - 30 * dayMs));
});

test('what was never ended is looked up again', () => {
  next('MoveAccount').isNew(event('a', start));
  expect(stored.size).toBe(0);
  expect(next('MoveAccount').start).toEqual(new Date(start - 30 * dayMs));
});

test.each([
  ['a longer window', 60, sources],
  ['one more service', 30, new Set([...sources, 'guardduty.amazonaws.com'])],
])('%s is read whole', (_what, days, wanted) => {
  next('MoveAccount').end();
  expect(next('MoveAccount', days, wanted).start).toEqual(new Date(start - days * dayMs));
});

test('a clock that was ahead has not read what came after', () => {
  vi.setSystemTime(start + 5 * dayMs);
  next('MoveAccount').end();
  vi.setSystemTime(start);
  expect(next('MoveAccount').start).toEqual(new Date(start - 30 * dayMs));
});

const reached = { from: start - 40 * dayMs, through: start - dayMs, sources: [...sources].join(' '), seen: ['a'] };

test.each([
  ['no JSON', '{'],
  ['a list', '[]'],
  ['null', 'null'],
  ['no object under the name', JSON.stringify({ MoveAccount: null })],
  ['a time that is none', JSON.stringify({ MoveAccount: { ...reached, through: 'yesterday' } })],
  ['no end', JSON.stringify({ MoveAccount: { ...reached, from: null } })],
  ['no sources', JSON.stringify({ MoveAccount: { ...reached, sources: undefined } })],
  ['events without an ID', JSON.stringify({ MoveAccount: { ...reached, seen: 5 } })],
])('%s in the state: the window is read whole', (_what, value) => {
  stored.set(key, value);
  const stretch = next('MoveAccount');
  expect(stretch.start).toEqual(new Date(start - 30 * dayMs));
  stretch.end();
  expect(JSON.parse(stored.get(key) ?? '')).toMatchObject({ MoveAccount: { through: start } });
});

test('the same state, unspoilt, is gone on with', () => {
  stored.set(key, JSON.stringify({ MoveAccount: reached }));
  const stretch = next('MoveAccount');
  expect(stretch.start).toEqual(new Date(start - dayMs - hourMs));
  expect(stretch.isNew(event('a', start - dayMs))).toBe(false);
});
