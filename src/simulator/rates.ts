import type { Call, Service } from './call.js';

interface Bucket {
  tokens: number;
  at: number;
}

/** One token bucket per operation and account, and one per operation for the organization; some in each Region. */
export class Rates {
  readonly #buckets = new Map<string, Bucket>();

  /** True where the request is over the rate. A refused request takes no token. */
  exceeded(call: Call, service: Service): boolean {
    const { rates } = call.world.scenario;
    const limits = service.rates?.[call.operation.slice(service.name.length + 1)];
    if (rates === false || !limits) return false;
    const faster = rates === true ? 1 : rates;
    const counted = limits.isPerRegion === true ? `${call.operation} ${call.region}` : call.operation;
    const asked: [string, readonly [number, number]][] = [[`${counted} ${call.caller.accountId}`, limits.account]];
    if (limits.organization) asked.push([`${counted} organization`, limits.organization]);
    const buckets = asked.map(([key, [perSecond, burst]]) => this.#fill(key, perSecond * faster, burst));
    if (buckets.some((bucket) => bucket.tokens < 1)) return true;
    for (const bucket of buckets) bucket.tokens -= 1;
    return false;
  }

  #fill(key: string, perSecond: number, burst: number): Bucket {
    const now = performance.now();
    const bucket = this.#buckets.get(key) ?? { tokens: burst, at: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) / 1000) * perSecond);
    bucket.at = now;
    this.#buckets.set(key, bucket);
    return bucket;
  }
}
