import { createHash } from 'node:crypto';
import type { Call, Input, Operation, Output } from './call.js';
import type { AwsError } from './errors.js';

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextToken: string | undefined;
}

interface PageOptions {
  readonly size: number;
  readonly nextToken: string | undefined;
  readonly invalid: () => AwsError;
}

const TOKENS = ['NextToken', 'nextToken', 'Marker'];
const PAGING = [...TOKENS, 'MaxResults', 'maxResults', 'MaxItems'];

/**
 * A token for a position without dots. It is bound to the operation, the caller and the filter; MaxResults may change from page
 * to page.
 */
export function seal(call: Call, position: string): string {
  const filter = Object.entries(call.input)
    .filter(([member]) => !PAGING.includes(member))
    .sort(([left], [right]) => (left < right ? -1 : 1));
  const bound = JSON.stringify([call.operation, call.region, call.caller.accountId, filter, position]);
  const digest = createHash('sha256').update(bound).digest('base64url');
  return Buffer.from(`${position}.${digest}`).toString('base64url');
}

/** The position that a token was given out for, or undefined where it was not given out for this call. */
export function unseal(call: Call, token: string): string | undefined {
  const position = Buffer.from(token, 'base64url').toString().split('.')[0] ?? '';
  return seal(call, position) === token ? position : undefined;
}

interface Position {
  readonly offset: number;
  readonly step: number;
  /** Of the last item that was shown; empty before the first one. */
  readonly after: string;
}

function open(call: Call, token: string): Position | undefined {
  const [, offset, step, after] = /^(\d{1,9})-(\d{1,9})-?(\w*)$/.exec(unseal(call, token) ?? '') ?? [];
  if (offset === undefined || step === undefined || after === undefined) return undefined;
  return { offset: Number(offset), step: Number(step), after };
}

/**
 * One page of a list. With `empty_pages` every third answer, the first one included, is empty and has a token:
 * "These operations can occasionally return an empty set of results even when more results are available."
 */
export function page<Item>(call: Call, all: readonly Item[], { size, nextToken, invalid }: PageOptions): Page<Item> {
  const at = nextToken === undefined ? { offset: 0, step: 0, after: '' } : open(call, nextToken);
  if (!at) throw invalid();
  const { step, after } = at;
  if (call.world.scenario.empty_pages && step % 3 === 0) {
    return { items: [], nextToken: seal(call, positionOf({ offset: at.offset, step: step + 1, after })) };
  }
  const offset = startOf(all, at);
  const end = offset + Math.min(size, call.world.scenario.page_size ?? size);
  const next = { offset: end, step: step + 1, after: nameOf(all[end - 1]) };
  return { items: all.slice(offset, end), nextToken: end < all.length ? seal(call, positionOf(next)) : undefined };
}

function positionOf({ offset, step, after }: Position): string {
  return after === '' ? `${offset}-${step}` : `${offset}-${step}-${after}`;
}

/**
 * Behind the item that was shown last, wherever that is now: a token of AWS's marks an item and does not count, or a list that
 * changes between two pages would lose items that were there all the time. Where that item itself is gone, its successor may
 * have moved up.
 */
function startOf(all: readonly unknown[], { offset, after }: Position): number {
  if (after === '' || (offset > 0 && nameOf(all[offset - 1]) === after)) return offset;
  const found = all.findIndex((item) => nameOf(item) === after);
  return found === -1 ? Math.max(0, offset - 1) : found + 1;
}

/** A short name of an item that stays the same when the item changes, if it has an id. */
function nameOf(item: unknown): string {
  if (item === undefined) return '';
  const { id, account } = (typeof item === 'object' && item !== null ? item : {}) as Readonly<Record<string, unknown>>;
  const named = id ?? (account as { id?: unknown } | undefined)?.id ?? item;
  return createHash('sha256').update(JSON.stringify(named)).digest('hex').slice(0, 8);
}

/** For the fault `repeat_token`: a token that this simulator would take. */
export function anyToken(call: Call): string {
  return seal(call, '0-1');
}

export function hasPages({ input }: Operation): boolean {
  return TOKENS.some((member) => Object.hasOwn(input, member));
}

/** The token that a request came with. */
export function tokenOf(input: Input): string | undefined {
  const token = TOKENS.map((member) => input[member]).find((value) => value !== undefined && value !== '');
  return typeof token === 'string' ? token : undefined;
}

/** The same request without a token, or with another one. */
function withTokenAsked(input: Input, token: string | undefined): Input {
  const member = TOKENS.find((name) => Object.hasOwn(input, name));
  if (member === undefined) return input;
  const rest = Object.fromEntries(Object.entries(input).filter(([name]) => name !== member));
  return token === undefined ? rest : { ...rest, [member]: token };
}

/** The same answer with a token, in the service's own way. */
export function withToken(output: Output, token: string): Output {
  if ('IsTruncated' in output) return { ...output, IsTruncated: true, Marker: token };
  return { ...output, ['nextToken' in output ? 'nextToken' : 'NextToken']: token };
}

/** The token of a further page that an answer has. */
export function tokenIn(output: Output): string | undefined {
  return tokenOf(output);
}

/** Which page a request asks for; tokens themselves may differ from one day to the next. */
export function positionAsked(call: Call): string | undefined {
  const token = tokenOf(call.input);
  return token === undefined ? undefined : (unseal(call, token) ?? token);
}

/** For the fault `empty_pages`: a token of an empty page, which leads to the page that was asked for. */
export function tokenOfEmptyPage(call: Call): string {
  return seal(call, `empty~${call.emptyPages + 1}~${tokenOf(call.input) ?? ''}`);
}

/** What such a token leads to, or undefined where it is none. */
export function behindEmptyPage(call: Call): { input: Input; emptyPages: number } | undefined {
  const token = tokenOf(call.input);
  const position = token === undefined ? undefined : unseal(call, token);
  const [, count, inner] = /^empty~(\d+)~([\w-]*)$/.exec(position ?? '') ?? [];
  if (count === undefined || inner === undefined) return undefined;
  return { input: withTokenAsked(call.input, inner === '' ? undefined : inner), emptyPages: Number(count) };
}
