import type { PageRow } from '../rules/index.js';
import type { Denial, PageAccounts, PageGuardrails, PageUnit } from './page_data.js';

export interface UnitRow {
  readonly id: string;
  readonly name: string | null;
  readonly path: string | null;
  readonly idPath: string;
  readonly parentId: string;
}

export function unitsOf(organization: PageRow, rows: readonly UnitRow[]): PageUnit[] {
  const rootId =
    (organization['root_id'] as string | null) ??
    rows.find(({ parentId }) => parentId.startsWith('r-'))?.parentId ??
    '';
  const places = new Map([[rootId, 0]]);
  const units: PageUnit[] = [{ id: rootId, name: 'Root', path: '/', parent: -1 }];
  // Paths by IDs, sorted, have each unit after the one above.
  for (const { id, name, path, parentId } of rows) {
    places.set(id, units.length);
    units.push({ id, name: name ?? id, path: path ?? id, parent: places.get(parentId) ?? 0 });
  }
  return units;
}

export interface AccountRow {
  readonly id: string;
  readonly name: string | null;
  readonly state: string | null;
  readonly idPath: string | null;
}

export function accountsOf(
  rows: readonly AccountRow[],
  units: readonly PageUnit[],
  classOf: ReadonlyMap<string, number>,
): PageAccounts {
  const places = new Map(units.map(({ id }, index) => [id, index]));
  const stateNames = [...new Set(rows.map(({ state }) => state ?? 'not known'))].sort();
  const stateIndex = new Map(stateNames.map((name, index) => [name, index]));
  return {
    ids: rows.map(({ id }) => id),
    names: rows.map(({ name }) => name),
    states: rows.map(({ state }) => stateIndex.get(state ?? 'not known') ?? 0),
    stateNames,
    units: rows.map(({ idPath }) => (idPath === null ? -1 : (places.get(idPath.split('/').at(-1) ?? '') ?? -1))),
    classes: rows.map(({ id }) => classOf.get(id) ?? -1),
  };
}

export function guardrailsOf(rows: readonly PageRow[]): { guardrails: PageGuardrails; classOf: Map<string, number> } {
  const controls = [...new Set(rows.map(({ control }) => control as string))].sort();
  const controlIndex = new Map(controls.map((control, index) => [control, index]));
  const reasons = new Map<string, number>();
  const numbers = new Map<string, number>();
  const classes: ([Denial, number] | null)[][] = [];
  const classOf = new Map<string, number>();
  for (const { class_id, control, denial, reason, account_ids } of rows) {
    const id = String(class_id);
    const number = numbers.get(id) ?? classes.push(controls.map(() => null)) - 1;
    numbers.set(id, number);
    const text = (reason as string | null) ?? '';
    const place = reasons.get(text) ?? reasons.size;
    reasons.set(text, place);
    const own = classes[number];
    if (own) own[controlIndex.get(control as string) ?? 0] = [denial as Denial, place];
    for (const account of (account_ids as string[] | null) ?? []) classOf.set(account, number);
  }
  return { guardrails: { controls, reasons: [...reasons.keys()], classes }, classOf };
}
