import type { JSX } from 'preact';
import type { Cell, CellKind } from '../model/matrix.js';
import { HolderCode, holderName } from '../parts/holder.js';
import { CellMark, DiffersMark, UnsettledMark } from '../parts/marks.js';

export const cellNames: Readonly<Record<CellKind, string>> = {
  held: 'held',
  nobody: 'nobody',
  unread: 'not read',
  absent: 'not in this Region',
};

export function cellText({ kind, holders, differences, unsettled, problem }: Cell): string {
  const who = kind === 'held' ? holders.map(holderName).join(' and ') : cellNames[kind];
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
      {differences.length > 0 && <DiffersMark />}
      {unsettled.length > 0 && <UnsettledMark />}
      {kind === 'held' && problem !== null && (
        <span class="part-unread" aria-hidden="true">
          ?
        </span>
      )}
      <span class="visually-hidden">{cellText(cell)}</span>
    </span>
  );
}
