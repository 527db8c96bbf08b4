import type { JSX } from 'preact';
import type { PageStatus } from '../../report/page_data.js';
import { statusName } from '../model/kinds.js';
import { numberText } from '../model/words.js';

const statusShapes: Readonly<Record<PageStatus, JSX.Element>> = {
  fail: <path d="M5 5l6 6M11 5l-6 6" />,
  unknown: <path d="M5.9 6.1a2.1 2.1 0 1 1 3 1.9c-.6.3-.9.7-.9 1.4M8 11.6v.1" />,
  waived: <path d="M4.5 8.6c1-1.6 2.3-1.6 3.5-.6s2.5 1 3.5-.6" />,
  pass: <path d="M4.7 8.3l2.3 2.3 4.3-4.9" />,
  not_applicable: <path d="M5 8h6" />,
};

/** A shape of its own for each status, beside its colour. */
export function StatusIcon({ status }: { readonly status: PageStatus }): JSX.Element {
  return (
    <svg class={`icon icon-${status}`} viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r="7" />
      {statusShapes[status]}
    </svg>
  );
}

export function Status({ status, count }: { readonly status: PageStatus; readonly count?: number }): JSX.Element {
  return (
    <span class={`status status-${status}`}>
      <StatusIcon status={status} />
      {count === undefined ? statusName(status) : `${numberText(count)} ${statusName(status)}`}
    </span>
  );
}

/** Something else than a verdict, marked like one. */
export function MarkedAs({
  status,
  children,
}: {
  readonly status: PageStatus;
  readonly children: string;
}): JSX.Element {
  return (
    <span class={`status status-${status}`}>
      <StatusIcon status={status} /> {children}
    </span>
  );
}

export function Severity({ severity }: { readonly severity: string }): JSX.Element {
  return <span class={`severity severity-${severity}`}>{severity}</span>;
}
