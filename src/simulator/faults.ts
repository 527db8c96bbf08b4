import type { Call, Operation, Output } from './call.js';
import { chance } from './chance.js';
import { matches } from './glob.js';
import { hasPages, positionAsked, tokenIn, tokenOf } from './pages.js';
import type { Fault } from './scenario.js';
import type { FaultKind } from './schema/faults.js';

export interface ActiveFault {
  readonly fault: Fault;
  /** Requests that it answered. */
  hits: number;
  /** Requests that it let through because of `after`. */
  passed: number;
  /** By request, tries included: how often it came, and how often this fault answered it. */
  readonly each: Map<string, { came: number; hits: number }>;
  /** For `expired_credentials`, by access key. */
  readonly keys: Map<string, { readonly since: number; uses: number }>;
}

/** A page token that was given out. */
interface GivenToken {
  readonly at: number;
  uses: number;
  /** The last item of each list on the page that it came with. */
  readonly last: Readonly<Record<string, unknown>>;
}

/** They are for operations with pages, and leave the others alone. */
export const KINDS_FOR_PAGES: readonly FaultKind[] = [
  'repeat_token',
  'empty_pages',
  'overlapping_pages',
  'expired_token',
];

/** For these it must be known when a token was given out, and with what. */
const KINDS_THAT_REMEMBER: readonly FaultKind[] = ['overlapping_pages', 'expired_token'];

// What AWS's messages name; https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html: "Your request
// must reach AWS within five minutes of the time stamp in the request."
const SKEW_ALLOWED_MINUTES = 5;

export class Faults {
  #active: ActiveFault[] = [];
  readonly #tokens = new Map<string, GivenToken>();

  add(fault: Fault): ActiveFault {
    const active = { fault, hits: 0, passed: 0, each: new Map(), keys: new Map() };
    this.#active.push(active);
    return active;
  }

  remove(active: ActiveFault): void {
    this.#active = this.#active.filter((other) => other !== active);
  }

  clear(): void {
    this.#active = [];
  }

  /** The first fault that wants this request; it is counted. */
  take(call: Call, operation: Operation): Fault | undefined {
    for (const active of this.#active) {
      const { fault } = active;
      if (!wants(fault, call) || isOver(active)) continue;
      if (KINDS_FOR_PAGES.includes(fault.kind) && !hasPages(operation)) continue;
      if (active.passed < fault.after) {
        active.passed += 1;
        continue;
      }
      if (!this.#comesToPass(active, call) || !isDrawn(active, call, operation)) continue;
      active.hits += 1;
      return fault;
    }
    return undefined;
  }

  /** How far the server's clock is ahead of ours for this request, in milliseconds. */
  skewOf(call: Call): number {
    const skewed = this.#active.find(
      (active) =>
        active.fault.kind === 'clock_skew' && wants(active.fault, call) && !isOver(active) && hasBegun(active),
    );
    return (skewed?.fault.minutes ?? 0) * 60_000;
  }

  /** Keeps what the faults have to know of the pages that were given out. */
  remember(output: Output): void {
    const token = tokenIn(output);
    if (token === undefined) return;
    if (!this.#active.some(({ fault }) => KINDS_THAT_REMEMBER.includes(fault.kind))) return;
    const lists = Object.entries(output).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
    const last = Object.fromEntries(lists.flatMap(([member, items]) => items.slice(-1).map((item) => [member, item])));
    this.#tokens.set(token, { at: performance.now(), uses: 0, last });
  }

  /** The items that the page before ended with. */
  lastOfPageBefore(call: Call): GivenToken['last'] | undefined {
    const token = tokenOf(call.input);
    const last = token === undefined ? undefined : this.#tokens.get(token)?.last;
    return last && Object.keys(last).length > 0 ? last : undefined;
  }

  /** Whether there is anything for the fault to do with this request. */
  #comesToPass(active: ActiveFault, call: Call): boolean {
    const { fault, keys } = active;
    switch (fault.kind) {
      case 'empty_pages':
        return call.emptyPages < fault.pages;
      case 'overlapping_pages':
        return this.lastOfPageBefore(call) !== undefined;
      case 'expired_token': {
        const asked = tokenOf(call.input);
        if (asked === undefined) return false;
        const token = this.#tokens.get(asked);
        return token === undefined || isSpent(fault, { since: token.at, uses: token.uses++ });
      }
      case 'expired_credentials': {
        const key = keys.get(call.accessKeyId) ?? { since: performance.now(), uses: 0 };
        keys.set(call.accessKeyId, key);
        return isSpent(fault, { since: key.since, uses: key.uses++ });
      }
      case 'clock_skew': {
        const { signedAt } = call;
        if (signedAt === undefined) return false;
        const serverTime = Date.now() + fault.minutes * 60_000;
        return Math.abs(signedAt.getTime() - serverTime) > SKEW_ALLOWED_MINUTES * 60_000;
      }
      default:
        return true;
    }
  }
}

/** In AWS's words: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html */
export function skewMessage(signedAt: Date, skewMs: number): string {
  const serverTime = Date.now() + skewMs;
  const allowed = SKEW_ALLOWED_MINUTES * 60_000;
  const [signed, now] = [basicTime(signedAt.getTime()), basicTime(serverTime)];
  return signedAt.getTime() < serverTime
    ? `Signature expired: ${signed} is now earlier than ${basicTime(serverTime - allowed)} (${now} - ${SKEW_ALLOWED_MINUTES} min.)`
    : `Signature not yet current: ${signed} is still later than ${basicTime(serverTime + allowed)} (${now} + ${SKEW_ALLOWED_MINUTES} min.)`;
}

/** `20260131T120000Z` */
function basicTime(time: number): string {
  return new Date(time).toISOString().replace(/[-:]|\.\d+/g, '');
}

function wants(fault: Fault, call: Call): boolean {
  return (
    matches(fault.operation, call.operation) &&
    (fault.region === undefined || fault.region === call.region) &&
    (fault.account === undefined || fault.account === call.caller.accountId) &&
    Object.entries(fault.match ?? {}).every(
      ([member, value]) => JSON.stringify(call.input[member]) === JSON.stringify(value),
    )
  );
}

function isOver({ fault, hits }: ActiveFault): boolean {
  return fault.times !== undefined && hits >= fault.times;
}

function hasBegun({ fault, passed }: ActiveFault): boolean {
  return passed >= fault.after;
}

/** `uses` are those before this one. */
function isSpent({ ms, uses: most }: Fault, { since, uses }: { since: number; uses: number }): boolean {
  if (ms !== undefined && performance.now() - since > ms) return true;
  return uses >= (most ?? (ms === undefined ? 0 : Infinity));
}

/** By chance, but the same each time: see `share` and `times_each`. */
function isDrawn({ fault, each }: ActiveFault, call: Call, operation: Operation): boolean {
  const { share, times_each: most } = fault;
  if (share === 1 && most === undefined) return true;
  const request = nameOf(call, operation);
  const count = each.get(request) ?? { came: 0, hits: 0 };
  each.set(request, count);
  count.came += 1;
  if (most !== undefined && count.hits >= most) return false;
  const seed = fault.seed ?? call.world.scenario.seed;
  if (share < 1 && chance(seed, fault.kind, fault.operation, request, count.came) >= share) return false;
  count.hits += 1;
  return true;
}

/** What is asked, where and by whom; without times, which are others in the next run. */
function nameOf(call: Call, operation: Operation): string {
  const input = Object.entries(call.input)
    .filter(([member]) => operation.input[member]?.type !== 'timestamp' && call.input[member] !== tokenOf(call.input))
    .sort(([left], [right]) => (left < right ? -1 : 1));
  const page = [positionAsked(call), call.emptyPages];
  return JSON.stringify([call.operation, call.region, call.caller.accountId, input, page]);
}
