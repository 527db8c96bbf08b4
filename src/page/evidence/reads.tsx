import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { PageRead } from '../../report/page_data.js';
import { outcomeNames } from '../model/kinds.js';
import { plural } from '../model/words.js';
import { Choice } from '../parts/choice.js';
import { DataTable, type Column } from '../parts/data_table.js';
import { usePage } from '../parts/page_state.js';
import { Regions } from '../parts/regions.js';
import { MarkedAs } from '../parts/status.js';
import { Code, Name } from '../parts/text.js';

export function Reads(): JSX.Element {
  const { model, isPrinting } = usePage();
  const { organization, coverage } = model;
  const { reads } = organization;
  const [outcome, setOutcome] = useState('all');
  const shown = useMemo(
    () => reads.filter((read) => (isPrinting ? !isSettled(read) : outcome === 'all' || read.outcome === outcome)),
    [reads, outcome, isPrinting],
  );
  const settled = reads.filter(isSettled).reduce((sum, { count }) => sum + count, 0);
  return (
    <section>
      <h2>What each read said</h2>
      <DataTable
        caption="Reads of the newest sync, those with one outcome together"
        columns={readColumns}
        rows={shown}
        what="reads"
        first={30}
        onPaper={300}
        empty={reads.length === 0 ? 'No read is recorded.' : 'Each read was answered.'}
      >
        <Choice
          label="Outcome"
          value={outcome}
          onChange={setOutcome}
          values={[
            ['all', 'All'],
            ...Object.keys(coverage)
              .filter((each) => (coverage[each] ?? 0) > 0)
              .map((each) => [each, each] as const),
          ]}
        />
      </DataTable>
      {isPrinting && settled > 0 && (
        <p class="more-on-paper">
          Not printed, and in the file: {plural(settled, 'read')} that AWS answered, or that had nothing there to ask.
        </p>
      )}
    </section>
  );
}

/** Told on paper by a number. */
const isSettled = ({ outcome }: PageRead): boolean => outcome === 'ok' || outcome === 'absent';

function Outcome({ outcome }: { readonly outcome: string }): JSX.Element {
  const status = outcome === 'ok' ? 'pass' : outcome === 'absent' ? 'not_applicable' : 'unknown';
  return <MarkedAs status={status}>{outcomeNames[outcome] ?? outcome}</MarkedAs>;
}

const readColumns: readonly Column<PageRead>[] = [
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
