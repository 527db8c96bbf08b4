import type { JSX, TargetedKeyboardEvent } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { MatrixRow } from '../model/matrix.js';
import { Link } from '../parts/link.js';
import { usePage } from '../parts/page_state.js';
import { hashOf } from '../route.js';
import { CellContent } from './cell.js';
import { CellList } from './cell_words.js';

/** One stop of the Tab key; the arrows go from cell to cell. */
export function Matrix({ rows }: { readonly rows: readonly MatrixRow[] }): JSX.Element {
  const { model, route, isPrinting } = usePage();
  const { regions } = model;
  const [active, setActive] = useState<readonly [number, number]>([0, 0]);
  const table = useRef<HTMLTableElement>(null);
  const width = regions.length + 2;
  const move = (event: TargetedKeyboardEvent<HTMLTableElement>): void => {
    const [line, place] = active;
    const to: Readonly<Record<string, readonly [number, number]>> = {
      ArrowRight: [line, Math.min(place + 1, width - 1)],
      ArrowLeft: [line, Math.max(place - 1, 0)],
      ArrowDown: [Math.min(line + 1, rows.length - 1), place],
      ArrowUp: [Math.max(line - 1, 0), place],
      Home: [line, 0],
      End: [line, width - 1],
    };
    const next = to[event.key];
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    setActive(next);
    table.current?.querySelector<HTMLElement>(`[data-cell="${next[0]}-${next[1]}"]`)?.focus();
  };
  const cellProps = (line: number, place: number): { 'data-cell': string; tabIndex: number; onFocus: () => void } => ({
    'data-cell': `${line}-${place}`,
    tabIndex: active[0] === line && active[1] === place ? 0 : -1,
    onFocus: () => {
      setActive([line, place]);
    },
  });
  return (
    <>
      <div class="matrix-frame">
        <table
          class={`matrix${regions.length > 24 ? ' matrix-dense' : ''}`}
          role="grid"
          ref={table}
          onKeyDown={move}
          aria-label="Holder of each service in each Region"
        >
          <thead>
            <tr>
              <th scope="col">Service</th>
              <th scope="col" class="registered">
                Registered with Organizations
              </th>
              {regions.map((region) => (
                <th key={region} scope="col" class="region">
                  <span>{region}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, line) => (
              <tr key={row.id}>
                <th scope="row">
                  <a href={hashOf('services', [row.id], route.source)} {...cellProps(line, 0)}>
                    {row.name}
                  </a>
                </th>
                <td class="registered">
                  <span {...cellProps(line, 1)}>
                    {row.registered === null ? (
                      <span class="quiet">has no say</span>
                    ) : (
                      <CellContent cell={row.registered} />
                    )}
                  </span>
                </td>
                {regions.map((region, place) => {
                  const cell = row.cells?.[place];
                  return (
                    <td
                      key={region}
                      class={
                        cell ? `cell-${cell.kind}${cell.differences.length > 0 ? ' is-different' : ''}` : undefined
                      }
                    >
                      {cell && (
                        <a href={hashOf('services', [row.id, region], route.source)} {...cellProps(line, place + 2)}>
                          <CellContent cell={cell} />
                        </a>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {!isPrinting && (
        <ul class="matrix-list">
          {rows.map((row) => (
            <li key={row.id} class="card">
              <h3>
                <Link to={['services', row.id]}>{row.name}</Link>
              </h3>
              <CellList row={row} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
