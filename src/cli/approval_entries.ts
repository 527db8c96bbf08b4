import type { HeldDelegation, HeldDelegations, OpenQuestion } from '../rules/index.js';

/** What an entry of `delegations` in an approvals file approves. */
export interface ApprovalEntry {
  readonly service: string;
  readonly account: string;
  readonly method?: HeldDelegation['method'] | undefined;
  readonly region?: string | undefined;
}

/** Entries and delegations of one organization, set beside each other as the view delegation.approvals does it. */
export class Approving {
  readonly #principals: ReadonlyMap<string, ReadonlySet<string>>;

  constructor(readonly there: HeldDelegations) {
    this.#principals = new Map(there.services.map(({ id, principals }) => [id, new Set(principals)]));
  }

  covers({ service, account, method, region }: ApprovalEntry, held: HeldDelegation): boolean {
    if (account !== held.accountId && account !== held.grantedPrincipal) return false;
    if (method !== undefined && method !== held.method) return false;
    if (region !== undefined && region !== held.region) return false;
    if (held.method !== 'organizations') {
      return service === held.serviceId || this.#principalsOf(held.serviceId).has(service);
    }
    const principal = held.servicePrincipal ?? '';
    return service === principal || this.#principalsOf(service).has(principal);
  }

  isThere(entry: ApprovalEntry): boolean {
    return this.there.held.some((held) => this.covers(entry, held));
  }

  /** Whether what the entry approves may be there, because a question about it has no whole answer. */
  isOpen({ service, method }: ApprovalEntry): boolean {
    const names = this.#namesOf(service);
    const isAbout = ({ serviceId, method: asked }: OpenQuestion): boolean => {
      if (method !== undefined && method !== asked) return false;
      // Of a principal that nobody knows, only Organizations can tell.
      if (asked === 'organizations' && !this.#isKnown(service)) return true;
      return serviceId === '' || [...this.#namesOf(serviceId)].some((name) => names.has(name));
    };
    return this.there.open.some(isAbout);
  }

  /**
   * The fewest entries for what `given` leaves without approval, none of which approves more than is there now: an entry
   * says no method, or no Region, only where its holder has every one that there is. `unapprovable` is what no such entry
   * is about.
   */
  entriesBeside(given: readonly ApprovalEntry[]): { entries: ApprovalEntry[]; unapprovable: HeldDelegation[] } {
    const entries: ApprovalEntry[] = [];
    const unapprovable: HeldDelegation[] = [];
    const open = this.there.held.filter((held) => !given.some((entry) => this.covers(entry, held)));
    const byHolder = new Map<string, HeldDelegation[]>();
    for (const held of open) byHolder.set(holderOf(held), [...(byHolder.get(holderOf(held)) ?? []), held]);
    for (const [holder, wanted] of byHolder) {
      const owned = this.there.held.filter((held) => [held.accountId, held.grantedPrincipal].includes(holder));
      let left = wanted;
      for (const entry of this.#candidates(holder, wanted)) {
        if (!left.some((held) => this.covers(entry, held)) || this.#approvesMore(entry, owned)) continue;
        entries.push(entry);
        left = left.filter((held) => !this.covers(entry, held));
      }
      unapprovable.push(...left);
    }
    return { entries: entries.sort(byText), unapprovable };
  }

  /** From the widest to the narrowest. */
  *#candidates(account: string, wanted: readonly HeldDelegation[]): Iterable<ApprovalEntry> {
    const principals = unique(wanted.map(({ servicePrincipal }) => servicePrincipal));
    const ofPrincipals = this.there.services.filter((service) =>
      service.principals.some((principal) => principals.includes(principal)),
    );
    const ids = unique([...wanted.map(({ serviceId }) => serviceId), ...ofPrincipals.map(({ id }) => id)]);
    // Of a service that has several, some may be held: the principal then says less than the ID.
    const named = unique([...principals, ...ids.flatMap((id) => [...this.#principalsOf(id)])]);
    const names = [...ids, ...named];
    for (const service of names) yield { service, account };
    for (const method of ['organizations', 'service', 'resource_policy'] as const) {
      for (const service of names) yield { service, account, method };
    }
    const regions = unique(wanted.map(({ region }) => region));
    for (const service of ids) for (const region of regions) yield { service, account, region };
  }

  #approvesMore(entry: ApprovalEntry, owned: readonly HeldDelegation[]): boolean {
    return this.#possible(entry).some(
      (possible) => this.covers(entry, possible) && !owned.some((held) => isSame(held, possible)),
    );
  }

  /** What the account of an entry could hold of the services that the entry may be about, by what was asked. */
  *#possibleOf({ service, account }: ApprovalEntry): Iterable<HeldDelegation> {
    const names = this.#namesOf(service);
    const about = this.there.services.filter(({ id }) => [...this.#namesOf(id)].some((name) => names.has(name)));
    const none = { region: null, servicePrincipal: null, accountId: account, grantedPrincipal: null };
    for (const { id, methods, principals } of about) {
      for (const servicePrincipal of principals) {
        yield { ...none, serviceId: id, method: 'organizations', servicePrincipal };
      }
      if (!methods.includes('service')) continue;
      const regions = this.there.askedRegions.filter(({ serviceId }) => serviceId === id);
      // This version cannot ask: what is there is not known, so nothing may be approved unseen.
      if (regions.length === 0) yield { ...none, serviceId: id, method: 'service' };
      for (const { region } of regions) yield { ...none, serviceId: id, method: 'service', region };
    }
    // How else a service is delegated that the catalogue does not know, nobody knows.
    if (about.length === 0) yield { ...none, serviceId: service, method: 'service' };
  }

  #possible(entry: ApprovalEntry): HeldDelegation[] {
    return [...this.#possibleOf(entry)];
  }

  #principalsOf(serviceId: string): ReadonlySet<string> {
    return this.#principals.get(serviceId) ?? new Set();
  }

  #isKnown(service: string): boolean {
    return this.#principals.has(service) || [...this.#principals.values()].some((known) => known.has(service));
  }

  /** An ID or a principal, and the principals that go with it. */
  #namesOf(service: string): Set<string> {
    return new Set([service, ...this.#principalsOf(service)]);
  }
}

/** The delegation policy can name several principals of one account. */
function holderOf({ method, accountId, grantedPrincipal }: HeldDelegation): string {
  return method === 'resource_policy' ? (grantedPrincipal ?? accountId) : accountId;
}

/** Organizations cannot tell services apart that share a principal. */
function isSame(held: HeldDelegation, possible: HeldDelegation): boolean {
  if (held.method !== possible.method || held.region !== possible.region) return false;
  return held.method === 'organizations'
    ? held.servicePrincipal === possible.servicePrincipal
    : held.serviceId === possible.serviceId;
}

function unique(names: readonly (string | null)[]): string[] {
  return [...new Set(names)].filter((name) => name !== null).sort();
}

function byText(left: ApprovalEntry, right: ApprovalEntry): number {
  const key = ({ service, account, method, region }: ApprovalEntry): string =>
    [service, account, method ?? '', region ?? ''].join(' ');
  return key(left) < key(right) ? -1 : 1;
}

/** `guardduty, 222233334444, service, eu-central-1` */
export function textOf({ service, account, method, region }: ApprovalEntry): string {
  return [service, account, method, region].filter((part) => part !== undefined).join(', ');
}
