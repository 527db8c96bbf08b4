import type { JSX } from 'preact';
import { plural } from '../model/words.js';
import { usePage } from '../parts/page_state.js';
import { Name } from '../parts/text.js';

/** A policy's text is long; it is all there when it is opened. */
export function LongText({ text }: { readonly text: string }): JSX.Element {
  const { isPrinting } = usePage();
  if (text.length <= 60) return <Name>{text}</Name>;
  return (
    <details open={isPrinting}>
      <summary>a text of {plural(text.length, 'character')}</summary>
      <pre>{text}</pre>
    </details>
  );
}
