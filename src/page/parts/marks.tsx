import type { JSX } from 'preact';
import type { CellKind } from '../model/matrix.js';

/** Methods or Regions name different holders. */
export function DiffersMark(): JSX.Element {
  return (
    <span class="differs" aria-hidden="true">
      ≠
    </span>
  );
}

/** The service is about to begin or to end it. */
export function UnsettledMark(): JSX.Element {
  return (
    <span class="unsettled-mark" aria-hidden="true">
      …
    </span>
  );
}

export function CellMark({ kind }: { readonly kind: Exclude<CellKind, 'held'> }): JSX.Element {
  return (
    <span class={`mark mark-${kind}`} aria-hidden="true">
      {kind === 'nobody' ? '–' : kind === 'unread' ? '?' : ''}
    </span>
  );
}
