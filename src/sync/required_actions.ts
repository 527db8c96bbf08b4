import { flatten, type Reading, type Settings, type Table } from '../schema/index.js';

export interface RequiredActions {
  /** IAM actions without which a read of the selected tables is denied, in alphabetical order. */
  required: string[];
  /** Actions that another setting of the spec would need besides. */
  unasked: string[];
}

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
  const required = new Set(tables.flatMap(({ permissions }) => permissions));
  // Which Regions to ask is asked also where the table of them is left out.
  if (tables.some(({ regionalService }) => regionalService !== null)) {
    for (const permission of regions.permissions) required.add(permission);
  }
  const unasked = new Set<string>();
  for (const { permission, isWanted } of tables.flatMap(({ optionalPermissions }) => optionalPermissions)) {
    (isWanted(settings) ? required : unasked).add(permission);
  }
  return { required: [...required].sort(), unasked: [...unasked].filter((each) => !required.has(each)).sort() };
}
