import type { JSX } from 'preact';
import type { PageStatus, PageTable } from '../../report/page_data.js';
import { causeNames } from '../model/kinds.js';
import { DataTable, type Column } from '../parts/data_table.js';
import { usePage } from '../parts/page_state.js';
import { MarkedAs } from '../parts/status.js';
import { Code, Name } from '../parts/text.js';

export function Tables(): JSX.Element {
  const { tables } = usePage().model.organization;
  return (
    <section>
      <h2>Tables</h2>
      <DataTable
        caption="Whether all rows of each table were read"
        columns={tableColumns}
        rows={tables}
        what="tables"
        first={12}
        onPaper={100}
        empty="No table is known: nothing was synced."
      />
    </section>
  );
}

function stateOf({ wasRead, isAbsent }: PageTable): readonly [PageStatus, string] {
  if (!wasRead) return ['unknown', 'not whole'];
  return isAbsent ? ['not_applicable', 'nothing there'] : ['pass', 'whole'];
}

const tableColumns: readonly Column<PageTable>[] = [
  { id: 'name', title: 'Table', isHead: true, value: ({ name }) => name, cell: ({ name }) => <Code>{name}</Code> },
  {
    id: 'state',
    title: 'Read',
    value: (table) => stateOf(table)[1],
    cell: (table) => {
      const [status, text] = stateOf(table);
      return <MarkedAs status={status}>{text}</MarkedAs>;
    },
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
