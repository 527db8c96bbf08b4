/** How large an organization is, as far as that decides the number of calls. What is left out is not known. */
export interface Sizes {
  /** Opt-in status by Region. */
  optInStatus?: ReadonlyMap<string, string>;
  accounts?: number;
  /** Direct children of the root and of each OU that can have any: those of the fifth level are not asked. */
  unitsPerParent?: readonly number[];
  /** For each policy type that is enabled. */
  policiesPerType?: readonly number[];
  /** Policies that AWS did not write. */
  customerPolicies?: number;
  targetsPerPolicy?: readonly number[];
  servicePrincipals?: number;
  delegates?: number;
  servicesPerDelegate?: readonly number[];
  handshakes?: number;
  serviceLinkedRoles?: number;
  firewallAdministrators?: number;
  /** By Region, the ones that were read. */
  inspectorAdministrators?: ReadonlyMap<string, number>;
  trails?: ReadonlyMap<string, number>;
  eventDataStores?: ReadonlyMap<string, number>;
  /** Requests in the accounts that administer services, by operation and Region as `guardduty:ListDetectors eu-west-1`. */
  delegateRequests?: ReadonlyMap<string, number>;
  /** Accounts in which a role was assumed, or was to be, by table. */
  assumedRoles?: ReadonlyMap<string, readonly string[]>;
}

/** Sizes with the smallest in the place of what is not known; keeps what it had to assume. */
export class KnownSizes {
  readonly #assumed = new Set<string>();

  constructor(readonly given: Sizes) {}

  /** In the words for a user, in the order in which they were needed. */
  get assumed(): readonly string[] {
    return [...this.#assumed];
  }

  get accounts(): number {
    return this.#or(this.given.accounts, 1, '1 account');
  }

  get unitsPerParent(): readonly number[] {
    return this.#or(this.given.unitsPerParent, [0], 'no OUs');
  }

  get policiesPerType(): readonly number[] {
    return this.#or(this.given.policiesPerType, [], 'no policies: no policy type is enabled');
  }

  get policies(): number {
    return this.policiesPerType.reduce((sum, each) => sum + each, 0);
  }

  get customerPolicies(): number {
    return this.given.customerPolicies ?? this.policies;
  }

  get targetsPerPolicy(): readonly number[] {
    return this.given.targetsPerPolicy ?? this.#each(this.policies, 'at most 20 targets per policy');
  }

  get servicePrincipals(): number {
    return this.#or(this.given.servicePrincipals, 0, 'at most 20 services with trusted access');
  }

  get delegates(): number {
    return this.#or(this.given.delegates, 0, 'no delegated administrators');
  }

  get servicesPerDelegate(): readonly number[] {
    return (
      this.given.servicesPerDelegate ?? this.#each(this.delegates, 'at most 20 services per delegated administrator')
    );
  }

  get handshakes(): number {
    return this.#or(this.given.handshakes, 0, 'at most 20 handshakes');
  }

  get serviceLinkedRoles(): number {
    return this.#or(this.given.serviceLinkedRoles, 0, 'at most 1,000 service-linked roles');
  }

  get firewallAdministrators(): number {
    return this.#or(this.given.firewallAdministrators, 0, 'no Firewall Manager administrator');
  }

  inspectorAdministrators(region: string): number {
    return this.#or(
      this.given.inspectorAdministrators?.get(region),
      0,
      'no Inspector administrator where none was read',
    );
  }

  trails(region: string): number {
    return this.#or(this.given.trails?.get(region), 0, 'no trails where none were read');
  }

  eventDataStores(region: string): number {
    return this.#or(this.given.eventDataStores?.get(region), 0, 'no event data stores where none were read');
  }

  /** @param smallest where nobody knows; none of an account that is asked in any case. */
  delegateRequests(operation: string, region: string, smallest: { requests: number; isSure: boolean }): number {
    const given = this.given.delegateRequests?.get(`${operation} ${region}`);
    if (given === undefined && smallest.isSure) return smallest.requests;
    return this.#or(given, smallest.requests, 'one administrator for each service and Region that only it can show');
  }

  /** For several tables; what several of them need is assumed once. */
  assumedRoles(tables: readonly string[]): number {
    const { assumedRoles } = this.given;
    return assumedRoles ? new Set(tables.flatMap((table) => assumedRoles.get(table) ?? [])).size : this.delegates;
  }

  #or<Value>(given: Value | undefined, smallest: Value, words: string): Value {
    if (given !== undefined) return given;
    this.#assumed.add(words);
    return smallest;
  }

  /** So many lists of one page. Where there are none, nothing is assumed. */
  #each(count: number, words: string): readonly number[] {
    if (count > 0) this.#assumed.add(words);
    return Array.from({ length: count }, () => 0);
  }
}
