import type { PageOpenQuestion } from '../../report/page_data.js';
import { causeNames, methodNames } from '../model/kinds.js';
import { capital } from '../model/words.js';
import type { Column } from '../parts/data_table.js';
import { Regions } from '../parts/regions.js';
import { Name } from '../parts/text.js';

export const questionColumns: readonly Column<PageOpenQuestion>[] = [
  { id: 'service', title: 'Service', isHead: true, value: ({ serviceName }) => serviceName ?? 'any service' },
  {
    id: 'method',
    title: 'Asked by',
    value: ({ method }) =>
      method === null ? '' : capital((methodNames as Readonly<Record<string, string>>)[method] ?? method),
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
