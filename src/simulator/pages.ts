import { createHash } from 'node:crypto';
import type { Call } from './call.js';
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

const PAGING = ['NextToken', 'nextToken', 'MaxResults', 'maxResults', 'Marker', 'MaxItems'];

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

function open(call: Call, token: string): { offset: number; step: number } | undefined {
  const [, offset, step] = /^(\d{1,9})-(\d{1,9})$/.exec(unseal(call, token) ?? '') ?? [];
  if (offset === undefined || step === undefined) return undefined;
  return { offset: Number(offset), step: Number(step) };
}

/**
 * One page of a list. With `empty_pages` every third answer, the first one included, is empty and has a token:
 * "These operations can occasionally return an empty set of results even when more results are available."
 */
export function page<Item>(call: Call, all: readonly Item[], { size, nextToken, invalid }: PageOptions): Page<Item> {
  const at = nextToken === undefined ? { offset: 0, step: 0 } : open(call, nextToken);
  if (!at) throw invalid();
  const { offset, step } = at;
  if (call.world.scenario.empty_pages && step % 3 === 0) {
    return { items: [], nextToken: seal(call, `${offset}-${step + 1}`) };
  }
  const end = offset + Math.min(size, call.world.scenario.page_size ?? size);
  return {
    items: all.slice(offset, end),
    nextToken: end < all.length ? seal(call, `${end}-${step + 1}`) : undefined,
  };
}

/** For the fault `repeat_token`: a token that this simulator would take. */
export function anyToken(call: Call): string {
  return seal(call, '0-1');
}
