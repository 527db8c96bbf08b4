import type { JSX } from 'preact';
import type { Cell, MatrixRow } from '../model/matrix.js';
import { numberText } from '../model/words.js';
import { HolderChip } from '../parts/holder.js';
import { CellMark, DiffersMark, UnsettledMark } from '../parts/marks.js';
import { usePage } from '../parts/page_state.js';
import { Regions } from '../parts/regions.js';
import { Name } from '../parts/text.js';
import { cellNames, cellText } from './cell.js';

export function CellWords({ cell, isWhole = false }: { readonly cell: Cell; readonly isWhole?: boolean }): JSX.Element {
  const shown = isWhole ? cell.holders : cell.holders.slice(0, 6);
  const { kind, holders, unsettled, problem } = cell;
  return (
    <>
      {kind === 'held' ? (
        <>
          {shown.map((holder) => (
            <HolderChip key={holder.account} holder={holder} />
          ))}
          {shown.length < holders.length && (
            <span class="quiet">and {numberText(holders.length - shown.length)} more</span>
          )}
        </>
      ) : (
        <span class={`word word-${kind}`}>
          <CellMark kind={kind} /> {cellNames[kind]}
        </span>
      )}
      {unsettled.length > 0 && (
        <span class="word word-unsettled">
          <UnsettledMark /> <Name>{unsettled.join(', ')}</Name>
        </span>
      )}
      {problem !== null && (
        <span class="unknown-text problem">
          <Name>{problem}</Name>
        </span>
      )}
    </>
  );
}

/** One sentence for each thing that does not fit together. */
export function Differences({ cell }: { readonly cell: Cell }): JSX.Element {
  return (
    <>
      {cell.differences.map((text) => (
        <p class="difference" key={text}>
          <DiffersMark /> <Name>{text}</Name>
        </p>
      ))}
    </>
  );
}

/** The same by holder, for a narrow screen and for the page of the service. */
export function CellList({ row }: { readonly row: MatrixRow }): JSX.Element {
  const { model } = usePage();
  const groups = new Map<string, { cell: Cell; regions: string[] }>();
  row.cells?.forEach((cell, place) => {
    const key = cellText(cell);
    const found = groups.get(key) ?? { cell, regions: [] };
    found.regions.push(model.regions[place] ?? '');
    groups.set(key, found);
  });
  return (
    <ul class="cell-list">
      {row.registered && (
        <li>
          <CellWords cell={row.registered} /> <span class="quiet">registered with Organizations</span>
        </li>
      )}
      {[...groups.values()].map(({ cell, regions }) => (
        <li key={regions[0]}>
          <CellWords cell={cell} /> <Regions regions={regions} all={model.regions.length} />
          <Differences cell={cell} />
        </li>
      ))}
    </ul>
  );
}
