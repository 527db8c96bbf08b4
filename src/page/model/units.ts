import type { Denial, PageOrganization, PageUnit } from '../../report/page_data.js';
import type { Holder } from './holder.js';

export interface UnitState {
  readonly index: number;
  readonly unit: PageUnit;
  readonly depth: number;
  readonly children: readonly number[];
  /** Accounts directly in it. */
  readonly accounts: readonly number[];
  /** Of it and of all below. */
  readonly accountCount: number;
  readonly holders: readonly Holder[];
  /** For each control, how many accounts of it and below are in which state. */
  readonly denials: readonly Readonly<Record<Denial, number>>[];
}

const noDenials = (): Record<Denial, number> => ({ whole: 0, partial: 0, none: 0, unknown: 0, not_applicable: 0 });

export function unitStates(
  { units, accounts, guardrails }: PageOrganization,
  holders: readonly Holder[],
  accountIndex: ReadonlyMap<string, number>,
): UnitState[] {
  const states = units.map((unit, index) => ({
    index,
    unit,
    depth: 0,
    children: [] as number[],
    accounts: [] as number[],
    accountCount: 0,
    holders: [] as Holder[],
    denials: guardrails.controls.map(noDenials),
  }));
  for (const state of states) {
    const above = states[state.unit.parent];
    if (above === undefined || above === state) continue;
    state.depth = above.depth + 1;
    above.children.push(state.index);
  }
  accounts.units.forEach((place, index) => {
    const state = states[place];
    if (!state) return;
    state.accounts.push(index);
    state.accountCount++;
    guardrails.classes[accounts.classes[index] ?? -1]?.forEach((found, control) => {
      const denials = state.denials[control];
      if (found && denials) denials[found[0]]++;
    });
  });
  // Each comes after the one above.
  for (const state of [...states].reverse()) {
    const above = states[state.unit.parent];
    if (above === undefined || above === state) continue;
    above.accountCount += state.accountCount;
    state.denials.forEach((denials, control) => {
      const sum = above.denials[control];
      if (sum) for (const denial of Object.keys(denials) as Denial[]) sum[denial] += denials[denial];
    });
  }
  for (const holder of holders) {
    const index = accountIndex.get(holder.account);
    if (index !== undefined) states[accounts.units[index] ?? -1]?.holders.push(holder);
  }
  return states;
}

/** Holders in a unit and below, the first of the organization first. */
export function holdersBelow(units: readonly UnitState[], index: number): Holder[] {
  const state = units[index];
  if (!state) return [];
  return [...state.holders, ...state.children.flatMap((child) => holdersBelow(units, child))];
}

/** The accounts of a unit and of all below. */
export function accountsBelow(units: readonly UnitState[], index: number): number[] {
  const state = units[index];
  if (!state) return [];
  return [...state.accounts, ...state.children.flatMap((child) => accountsBelow(units, child))];
}
