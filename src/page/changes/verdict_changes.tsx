import type { JSX } from 'preact';
import type { PageResultChange } from '../../report/page_data.js';
import { timeText } from '../model/times.js';
import { DataTable, type Column } from '../parts/data_table.js';
import { RuleLink } from '../parts/link.js';
import { usePage } from '../parts/page_state.js';
import { Name } from '../parts/text.js';

/** The same verdict on the same thing, with another status in the next run. */
export function VerdictChanges(): JSX.Element | null {
  const { drift, resultChanges, changesSince } = usePage().model.organization;
  // Where there is a history, it has them.
  if (drift !== null && resultChanges.length === 0) return null;
  return (
    <section>
      <h2>Verdicts that changed</h2>
      <DataTable
        caption={`Verdicts that changed from run to run since ${timeText(changesSince)}, those of one run, rule and status together`}
        columns={resultColumns}
        rows={resultChanges}
        what="changes"
        empty={`No verdict changed since ${timeText(changesSince)}.`}
      />
    </section>
  );
}

const resultColumns: readonly Column<PageResultChange>[] = [
  { id: 'at', title: 'Run', value: ({ at }) => at, cell: ({ at }) => timeText(at), class: 'time' },
  {
    id: 'rule',
    title: 'Rule',
    isHead: true,
    value: ({ rule }) => rule,
    cell: ({ rule }) => <RuleLink id={rule} />,
  },
  {
    id: 'effect',
    title: 'From and to',
    value: ({ before, after }) => `${before ?? 'new'} to ${after ?? 'no longer judged'}`,
    cell: ({ before, after }) => `${before ?? 'new'} → ${after ?? 'no longer judged'}`,
  },
  { id: 'count', title: 'How many', isNumber: true, value: ({ count }) => count },
  {
    id: 'reason',
    title: 'One of them',
    value: ({ resource, reason }) => `${resource} ${reason ?? ''}`,
    cell: ({ resource, reason }) => <Name>{reason ?? resource}</Name>,
  },
];
