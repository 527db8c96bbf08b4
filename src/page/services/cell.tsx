import type { JSX } from 'preact';
import type { Cell, CellKind, MatrixRow } from '../model/matrix.js';
import { numberText } from '../model/words.js';
import { HolderChip, HolderCode, holderName } from '../parts/holder.js';
import { Regions } from '../parts/regions.js';
import { usePage } from '../parts/state.js';
import { Name } from '../parts/text.js';

const kindNames: Readonly<Record<CellKind, string>> = {
  held: 'held',
  nobody: 'nobody',
  unread: 'not read',
  absent: 'not in this Region',
};

export function CellMark({ kind }: { readonly kind: Exclude<CellKind, 'held'> }): JSX.Element {
  return (
    <span class={`mark mark-${kind}`} aria-hidden="true">
      {kind === 'nobody' ? '–' : kind === 'unread' ? '?' : ''}
    </span>
  );
}

function cellText({ kind, holders, differences, unsettled, problem }: Cell): string {
  const who = kind === 'held' ? holders.map(holderName).join(' and ') : kindNames[kind];
  return [
    who,
    ...(unsettled.length > 0 ? [`not settled: ${unsettled.join(', ')}`] : []),
    ...differences,
    ...(problem === null || kind !== 'held' ? [] : ['not all of it was read']),
  ].join('; ');
}

/** What fits into a cell of the matrix; the words for it are beside it, out of sight. */
export function CellContent({ cell }: { readonly cell: Cell }): JSX.Element {
  const { kind, holders, differences, unsettled, problem } = cell;
  return (
    <span class="cell-content" title={cellText(cell)}>
      {kind === 'held' ? (
        <span class="codes" aria-hidden="true">
          {holders.slice(0, 2).map((holder) => (
            <HolderCode key={holder.account} holder={holder} />
          ))}
          {holders.length > 2 && <span class="code-more">+{holders.length - 2}</span>}
        </span>
      ) : (
        <CellMark kind={kind} />
      )}
      {differences.length > 0 && (
        <span class="differs" aria-hidden="true">
          ≠
        </span>
      )}
      {unsettled.length > 0 && (
        <span class="unsettled-mark" aria-hidden="true">
          …
        </span>
      )}
      {kind === 'held' && problem !== null && (
        <span class="part-unread" aria-hidden="true">
          ?
        </span>
      )}
      <span class="visually-hidden">{cellText(cell)}</span>
    </span>
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
          {cell.differences.map((text) => (
            <p class="difference" key={text}>
              <span class="differs" aria-hidden="true">
                ≠
              </span>{' '}
              <Name>{text}</Name>
            </p>
          ))}
        </li>
      ))}
    </ul>
  );
}

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
          <CellMark kind={kind} /> {kindNames[kind]}
        </span>
      )}
      {unsettled.length > 0 && (
        <span class="word word-unsettled">
          <span class="unsettled-mark" aria-hidden="true">
            …
          </span>{' '}
          <Name>{unsettled.join(', ')}</Name>
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
