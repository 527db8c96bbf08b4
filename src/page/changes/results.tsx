import type { PageResultChange } from '../../report/page_data.js';
import { timeText } from '../model/times.js';
import type { Column } from '../parts/data_table.js';
import { Link } from '../parts/link.js';
import { Code, Name } from '../parts/text.js';

export const resultColumns: readonly Column<PageResultChange>[] = [
  { id: 'at', title: 'Run', value: ({ at }) => at, cell: ({ at }) => timeText(at), class: 'time' },
  {
    id: 'rule',
    title: 'Rule',
    isHead: true,
    value: ({ rule }) => rule,
    cell: ({ rule }) => (
      <Link to={['rules', rule]}>
        <Code>{rule}</Code>
      </Link>
    ),
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
