import type { JSX } from 'preact';
import { denialOfAll } from '../model/guardrails.js';
import { controlName } from '../model/kinds.js';
import { holdersBelow, type UnitState } from '../model/units.js';
import { numberText } from '../model/words.js';
import { DenialIcon, denialText } from '../parts/denial.js';
import { HolderCode } from '../parts/holder.js';
import { Link } from '../parts/link.js';
import { usePage } from '../parts/page_state.js';
import { Name } from '../parts/text.js';

/** Rows that are open at first: a screenful, however large the organization is. */
const firstRows = 40;

export function openAtFirst(units: readonly UnitState[]): Set<number> {
  const opened = new Set<number>();
  let count = 1;
  for (const { index, children } of [...units].sort(
    (left, right) => left.depth - right.depth || left.index - right.index,
  )) {
    if (children.length === 0) continue;
    if (count + children.length > firstRows && opened.size > 0) break;
    opened.add(index);
    count += children.length;
  }
  return opened;
}

export function visibleRows(units: readonly UnitState[], opened: ReadonlySet<number> | null): UnitState[] {
  const rows: UnitState[] = [];
  const visit = (index: number): void => {
    const state = units[index];
    if (!state) return;
    rows.push(state);
    if (opened === null || opened.has(index)) state.children.forEach(visit);
  };
  visit(0);
  return rows;
}

export function Tree({
  rows,
  opened,
  toggle,
}: {
  readonly rows: readonly UnitState[];
  readonly opened: ReadonlySet<number>;
  readonly toggle: (index: number) => void;
}): JSX.Element {
  const { model, isPrinting } = usePage();
  const { controls } = model.organization.guardrails;
  return (
    <div class="tree-frame">
      <table class="tree">
        <caption class="visually-hidden">
          Organizational units, the holders in them, and the guardrails that reach them
        </caption>
        <thead>
          <tr>
            <th scope="col">Organizational unit</th>
            <th scope="col" class="number">
              Accounts
            </th>
            <th scope="col">Holders</th>
            {controls.map((control) => (
              <th scope="col" class="control" key={control}>
                <span>{controlName(control)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((state) => {
            const { index, unit, depth, children, accountCount, holders, denials } = state;
            const isOpen = opened.has(index);
            const shown = isOpen || isPrinting ? holders : holdersBelow(model.units, index);
            return (
              <tr key={unit.id} class={index === 0 ? 'root' : undefined}>
                <th scope="row" style={{ '--depth': depth }}>
                  <span class="unit-name">
                    {children.length > 0 && !isPrinting ? (
                      <button
                        type="button"
                        class="twisty"
                        aria-expanded={isOpen}
                        aria-label={`${isOpen ? 'Close' : 'Open'} ${unit.path}`}
                        onClick={() => {
                          toggle(index);
                        }}
                      >
                        <svg viewBox="0 0 12 12" aria-hidden="true">
                          <path d="M4 2l4 4-4 4" />
                        </svg>
                      </button>
                    ) : (
                      <span class="twisty" />
                    )}
                    <Link to={['organization', unit.id]}>
                      <Name>{unit.name}</Name>
                    </Link>
                  </span>
                </th>
                <td class="number" data-title="Accounts">
                  {numberText(accountCount)}
                </td>
                <td data-title="Holders">
                  <span class="codes">
                    {shown.slice(0, 6).map((holder) => (
                      <Link
                        key={holder.account}
                        to={['holders', holder.account]}
                        label={`${holder.code}: ${holder.name ?? holder.account}`}
                      >
                        <span title={holder.name ?? holder.account}>
                          <HolderCode holder={holder} />
                        </span>
                      </Link>
                    ))}
                    {shown.length > 6 && <span class="code-more">+{shown.length - 6}</span>}
                  </span>
                </td>
                {denials.map((counts, control) => (
                  <td key={control} class="control" data-title={controlName(controls[control] ?? '')}>
                    <span title={`${controlName(controls[control] ?? '')}: ${denialText(counts)}`}>
                      <DenialIcon denial={denialOfAll(counts)} />
                      <span class="visually-hidden">{denialText(counts)}</span>
                    </span>
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
