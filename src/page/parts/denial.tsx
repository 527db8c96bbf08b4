import type { JSX } from 'preact';
import type { Denial } from '../../report/page_data.js';
import { numberText } from '../model/words.js';

export const denialNames: Readonly<Record<Denial, string>> = {
  whole: 'denied',
  partial: 'denied in part',
  none: 'not denied',
  unknown: 'not known',
  not_applicable: 'not bound by SCPs',
};

const denialShapes: Readonly<Record<Denial, JSX.Element>> = {
  whole: <circle cx="8" cy="8" r="6.5" class="filled" />,
  partial: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 2a6 6 0 0 1 0 12z" class="filled" />
    </>
  ),
  none: <circle cx="8" cy="8" r="6" />,
  unknown: (
    <>
      <circle cx="8" cy="8" r="6.5" class="dashed" />
      <path d="M6.3 6.4a1.8 1.8 0 1 1 2.6 1.6c-.6.3-.9.6-.9 1.3M8 11.2v.1" />
    </>
  ),
  not_applicable: <path d="M4 8h8" />,
};

export function DenialIcon({ denial }: { readonly denial: Denial }): JSX.Element {
  return (
    <svg class={`denial denial-${denial}`} viewBox="0 0 16 16" aria-hidden="true">
      {denialShapes[denial]}
    </svg>
  );
}

const denialOrder: readonly Denial[] = ['whole', 'partial', 'none', 'unknown', 'not_applicable'];

export function DenialLegend(): JSX.Element {
  return (
    <ul class="legend-line" aria-label="What the cells mean">
      {denialOrder.map((denial) => (
        <li key={denial}>
          <DenialIcon denial={denial} />{' '}
          {
            {
              whole: 'denied in all accounts',
              partial: 'denied in part, or in some accounts only',
              none: 'not denied',
              unknown: 'not known for at least one account',
              not_applicable: 'SCPs never bind the management account',
            }[denial]
          }
        </li>
      ))}
    </ul>
  );
}

export function denialText(denials: Readonly<Record<Denial, number>>): string {
  const parts = denialOrder
    .filter((denial) => denials[denial] > 0)
    .map((denial) => `${numberText(denials[denial])} ${denialNames[denial]}`);
  return parts.length === 0 ? 'no active account' : parts.join(', ');
}
