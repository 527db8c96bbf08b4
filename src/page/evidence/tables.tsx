import type { PageTable } from '../../report/page_data.js';
import { causeNames } from '../model/kinds.js';
import type { Column } from '../parts/data_table.js';
import { StatusIcon } from '../parts/status.js';
import { Code, Name } from '../parts/text.js';

export const tableColumns: readonly Column<PageTable>[] = [
  { id: 'name', title: 'Table', isHead: true, value: ({ name }) => name, cell: ({ name }) => <Code>{name}</Code> },
  {
    id: 'state',
    title: 'Read',
    value: ({ wasRead, isAbsent }) => (wasRead ? (isAbsent ? 'nothing there' : 'whole') : 'not whole'),
    cell: ({ wasRead, isAbsent }) => (
      <span class={`status status-${wasRead ? (isAbsent ? 'not_applicable' : 'pass') : 'unknown'}`}>
        <StatusIcon status={wasRead ? (isAbsent ? 'not_applicable' : 'pass') : 'unknown'} />{' '}
        {wasRead ? (isAbsent ? 'nothing there' : 'whole') : 'not whole'}
      </span>
    ),
  },
  {
    id: 'error',
    title: 'What is missing',
    value: ({ error, cause }) => `${error ?? ''} ${cause ?? ''}`,
    cell: ({ error, cause }) => (
      <>
        <Name>{error}</Name>
        {cause !== null && <span class="note"> {causeNames[cause] ?? cause}</span>}
      </>
    ),
  },
];
