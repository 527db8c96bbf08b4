import type { JSX } from 'preact';
import type { PageOpenQuestion } from '../../report/page_data.js';
import { causeNames, methodTitle } from '../model/kinds.js';
import { DataTable, type Column } from '../parts/data_table.js';
import { usePage } from '../parts/page_state.js';
import { Regions } from '../parts/regions.js';
import { Name } from '../parts/text.js';

export function OpenQuestions(): JSX.Element | null {
  const { openQuestions } = usePage().model.organization;
  if (openQuestions.length === 0) return null;
  return (
    <section>
      <h2>Questions without an answer</h2>
      <DataTable
        caption="What was not answered and may hide a delegation"
        columns={questionColumns}
        rows={openQuestions}
        what="questions"
        empty=""
      />
    </section>
  );
}

const questionColumns: readonly Column<PageOpenQuestion>[] = [
  { id: 'service', title: 'Service', isHead: true, value: ({ serviceName }) => serviceName ?? 'any service' },
  {
    id: 'method',
    title: 'Asked by',
    value: ({ method }) => (method === null ? '' : methodTitle(method)),
  },
  {
    id: 'regions',
    title: 'Regions',
    value: ({ regions }) => regions.join(' '),
    cell: ({ regions }) => <Regions regions={regions} />,
  },
  {
    id: 'error',
    title: 'What is missing, and what to do',
    value: ({ error, cause }) => `${error} ${cause}`,
    cell: ({ error, cause }) => (
      <>
        <Name>{error}</Name> <span class="note">{causeNames[cause] ?? cause}</span>
      </>
    ),
  },
];
