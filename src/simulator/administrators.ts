import type { Call } from './call.js';

/** Administrators of a service by Region: one, several, or null for nobody; `*` is every Region that is not named. */
export type ByRegion<Administrator> = Readonly<Record<string, Administrator | readonly Administrator[] | null>>;

/** Regions where a service was never switched on in the account that asks. */
export type NotEnabled = '*' | readonly string[];

export function administratorsIn<Administrator extends object>(
  administrators: ByRegion<Administrator>,
  region: string,
): readonly Administrator[] {
  const found = region in administrators ? administrators[region] : administrators['*'];
  if (found === undefined || found === null) return [];
  return isList(found) ? found : [found];
}

/** Whether the account that asks administers the service in the Region where it asks. */
export function isAdministrator(
  administrators: ByRegion<{ readonly account: string }>,
  { caller, region }: Call,
): boolean {
  return administratorsIn(administrators, region).some(({ account }) => account === caller.accountId);
}

export function isNotEnabled(notEnabled: NotEnabled, region: string): boolean {
  return notEnabled === '*' || notEnabled.includes(region);
}

/** Array.isArray does not narrow a readonly array. */
function isList<Item>(value: Item | readonly Item[]): value is readonly Item[] {
  return Array.isArray(value);
}
