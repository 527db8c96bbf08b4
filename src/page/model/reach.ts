import type { Holder } from './holder.js';
import { isActiveMember } from './members.js';
import type { Model } from './model.js';
import { accountsBelow } from './units.js';

export interface Reach {
  /** ACTIVE member accounts other than its own; null where accounts were not read. */
  readonly count: number | null;
  readonly note: string | null;
}

interface Scope {
  readonly AccountScope?: { Accounts?: string[]; AllAccountsEnabled?: boolean; ExcludeSpecifiedAccounts?: boolean };
  readonly OrganizationalUnitScope?: {
    OrganizationalUnits?: string[];
    AllOrganizationalUnitsEnabled?: boolean;
    ExcludeSpecifiedOrganizationalUnits?: boolean;
  };
}

/** How far a holder reaches: to every member, unless its service says less; only Firewall Manager does. */
export function reachOf(model: Model, holder: Holder, service: string): Reach {
  const { organization, accountIndex, memberCount } = model;
  if (memberCount === null) return { count: null, note: 'accounts were not read' };
  const own = accountIndex.get(holder.account);
  const all = memberCount - (own !== undefined && isActiveMember(organization, own) ? 1 : 0);
  const scoped = organization.scopes.find((scope) => scope.service === service && scope.account === holder.account);
  if (scoped === undefined) return { count: all, note: null };
  const { AccountScope: accounts = {}, OrganizationalUnitScope: units = {} } = (scoped.scope ?? {}) as Scope;
  if (accounts.AllAccountsEnabled !== false && units.AllOrganizationalUnitsEnabled !== false)
    return { count: all, note: null };
  const inUnits = new Set<number>();
  for (const id of units.OrganizationalUnits ?? []) {
    const state = model.units.find(({ unit }) => unit.id === id);
    if (state) for (const account of accountsBelow(model.units, state.index)) inUnits.add(account);
  }
  const named = new Set((accounts.Accounts ?? []).flatMap((id) => accountIndex.get(id) ?? []));
  const isIn = (account: number): boolean =>
    (accounts.AllAccountsEnabled !== true &&
      named.has(account) !== (accounts.ExcludeSpecifiedAccounts === true) &&
      named.size > 0) ||
    (units.AllOrganizationalUnitsEnabled !== true &&
      inUnits.has(account) !== (units.ExcludeSpecifiedOrganizationalUnits === true) &&
      inUnits.size > 0);
  const count = organization.accounts.ids.filter(
    (id, index) => id !== holder.account && isActiveMember(organization, index) && isIn(index),
  ).length;
  return { count, note: 'its scope in the service' };
}

/** Of the service that reaches furthest. */
export function largestReach(model: Model, holder: Holder): number | null {
  const counts = holder.holdings.map(({ service }) => reachOf(model, holder, service).count);
  return counts.includes(null) ? null : Math.max(0, ...counts.filter((count) => count !== null));
}
