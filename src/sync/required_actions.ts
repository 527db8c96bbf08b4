import { iamActionOf, iamActionsOf } from '../catalog/index.js';
import { flatten, type Reading, type Settings, type Table } from '../schema/index.js';

export interface RequiredActions {
  /** Operations that the credentials of a sync are used for, as `guardduty:ListDetectors`, in alphabetical order. */
  operations: string[];
  /** IAM actions without which one of `operations` is denied. */
  reader: string[];
  /** IAM actions that another setting of the spec would need besides. */
  unasked: string[];
  /** IAM actions that are needed in each account of {@link Table.delegates}; none where no table has any. */
  delegate: string[];
  /** The one role that `sts:AssumeRole` is for, path included; undefined where it is not among the operations. */
  assumedRole: string | undefined;
}

export const assumeRole = 'sts:AssumeRole';

/**
 * The IAM actions that reading these tables takes. What only a server unlike AWS makes necessary is not among them; see
 * docs/permissions.md.
 */
export function requiredActions(
  selected: readonly Table[],
  settings: Settings,
  regions: Reading<unknown>,
): RequiredActions {
  const tables = flatten(selected);
  const operations = wanted(tables, settings);
  // Which Regions to ask is asked also where the table of them is left out.
  if (tables.some(({ regionalService }) => regionalService !== null)) {
    for (const permission of regions.permissions) operations.add(permission);
  }
  // The asking account needs what the tables need as well: it may hold the service itself, or have an aggregator of its own.
  const delegated = selected.filter(({ delegates }) => delegates !== null);
  for (const { delegates } of delegated) {
    for (const permission of delegates?.accounts.permissions ?? []) operations.add(permission);
  }
  const assumedRole = delegated.length === 0 ? undefined : settings.delegatedAdminRoleName;
  if (assumedRole !== undefined) operations.add(assumeRole);

  const reader = iamActionsOf(operations);
  const optional = tables.flatMap(({ optionalPermissions }) => optionalPermissions);
  const unasked = new Set(optional.map(({ permission }) => iamActionOf(permission)));
  return {
    operations: [...operations].sort(),
    reader,
    unasked: [...unasked].filter((each) => !reader.includes(each)).sort(),
    delegate: iamActionsOf(wanted(flatten(delegated), settings)),
    assumedRole,
  };
}

function wanted(tables: readonly Table[], settings: Settings): Set<string> {
  return new Set(
    tables.flatMap(({ permissions, optionalPermissions }) => [
      ...permissions,
      ...optionalPermissions.filter(({ isWanted }) => isWanted(settings)).map(({ permission }) => permission),
    ]),
  );
}
