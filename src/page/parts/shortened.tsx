import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { numberText } from '../model/words.js';
import { usePage } from './page_state.js';

/** So many at first, and the others on demand; on paper a number says how many there are. */
export function Shortened<Row>({
  rows,
  first,
  step = 100,
  onPaper,
  what,
  children,
}: {
  readonly rows: readonly Row[];
  readonly first: number;
  readonly step?: number;
  readonly onPaper?: number;
  /** As `accounts`. */
  readonly what: string;
  readonly children: (rows: readonly Row[]) => JSX.Element;
}): JSX.Element {
  const { isPrinting } = usePage();
  const [shown, setShown] = useState(first);
  const count = isPrinting ? Math.max(shown, onPaper ?? first) : shown;
  const remaining = rows.length - count;
  return (
    <>
      {children(rows.slice(0, count))}
      {remaining > 0 &&
        (isPrinting ? (
          <p class="more-on-paper">
            … and {numberText(remaining)} more {what}: they are in the file.
          </p>
        ) : (
          <button
            type="button"
            class="more"
            onClick={() => {
              setShown(count + step);
            }}
          >
            Show {numberText(Math.min(step, remaining))} more of {numberText(remaining)} further {what}
          </button>
        ))}
    </>
  );
}
