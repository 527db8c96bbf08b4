import type { JSX } from 'preact';
import { plural } from '../model/words.js';
import { usePage } from './page_state.js';

/** A few by their names; where they are many, how many, and their names on demand. */
export function Regions({
  regions,
  all: total,
}: {
  readonly regions: readonly (string | null)[];
  readonly all?: number;
}): JSX.Element {
  const { isPrinting } = usePage();
  const names = regions.filter((region) => region !== null);
  if (names.length === 0) return <span class="quiet">all Regions</span>;
  if (names.length <= 3) return <span class="regions">{names.join(', ')}</span>;
  return (
    <details class="regions" open={isPrinting}>
      <summary>{total === names.length ? `all ${names.length} Regions` : plural(names.length, 'Region')}</summary>
      <span>{names.join(', ')}</span>
    </details>
  );
}
