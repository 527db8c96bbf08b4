import type { JSX } from 'preact';
import type { PageRead } from '../../report/page_data.js';
import { outcomeNames } from '../model/kinds.js';
import { plural } from '../model/words.js';
import type { Column } from '../parts/data_table.js';
import { Regions } from '../parts/regions.js';
import { StatusIcon } from '../parts/status.js';
import { Code, Name } from '../parts/text.js';

/** Told on paper by a number. */
export const isCalm = ({ outcome }: PageRead): boolean => outcome === 'ok' || outcome === 'absent';

function Outcome({ outcome }: { readonly outcome: string }): JSX.Element {
  const status = outcome === 'ok' ? 'pass' : outcome === 'absent' ? 'not_applicable' : 'unknown';
  return (
    <span class={`status status-${status}`}>
      <StatusIcon status={status} /> {outcomeNames[outcome] ?? outcome}
    </span>
  );
}

export const readColumns: readonly Column<PageRead>[] = [
  {
    id: 'operation',
    title: 'Operation and table',
    isHead: true,
    value: ({ operation, table }) => `${operation} ${table}`,
    cell: ({ operation, table }) => (
      <>
        {operation !== '' && <Code>{operation}</Code>}
        <span class="id">
          <Code>{table}</Code>
        </span>
      </>
    ),
  },
  {
    id: 'outcome',
    title: 'Outcome',
    value: ({ outcome }) => outcome,
    cell: ({ outcome }) => <Outcome outcome={outcome} />,
  },
  { id: 'count', title: 'Reads', isNumber: true, value: ({ count }) => count },
  { id: 'rows', title: 'Rows', isNumber: true, value: ({ rows }) => rows },
  {
    id: 'where',
    title: 'Regions',
    value: ({ regions }) => regions.join(' '),
    cell: ({ regions }) => (regions.length === 0 ? <span class="quiet">global</span> : <Regions regions={regions} />),
  },
  {
    id: 'said',
    title: 'What came back',
    value: ({ code, message, accounts }) => [code, message, ...accounts].join(' '),
    cell: ({ code, message, accounts, outcome }) =>
      outcome === 'ok' ? (
        <span class="quiet">{accounts.length === 1 ? accounts[0] : plural(accounts.length, 'account')}</span>
      ) : (
        <>
          <b>
            <Name>{code}</Name>
          </b>{' '}
          <span class="message">
            <Name>{message}</Name>
          </span>
        </>
      ),
  },
];
