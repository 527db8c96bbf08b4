import type { PageDrift } from '../../report/page_data.js';
import { methodNames } from '../model/kinds.js';
import { timeText } from '../model/times.js';
import { capital, numberText } from '../model/words.js';
import type { Column } from '../parts/data_table.js';
import { Link } from '../parts/link.js';
import { Regions } from '../parts/regions.js';
import { Code, Name, Parts } from '../parts/text.js';
import { Short } from './events.js';

const kindNames: Readonly<Record<string, string>> = {
  delegation_added: 'delegation added',
  delegation_removed: 'delegation removed',
  region_gained: 'Region gained',
  region_lost: 'Region lost',
  holder_moved: 'holder moved',
  holder_changed: 'holder changed',
  verdict_changed: 'verdict changed',
};

export const driftColumns: readonly Column<PageDrift>[] = [
  { id: 'at', title: 'Seen', value: ({ at }) => at, cell: ({ at }) => timeText(at), class: 'time' },
  {
    id: 'kind',
    title: 'What',
    isHead: true,
    value: ({ kind, rule, serviceName, service }) => [kindNames[kind] ?? kind, serviceName ?? service, rule].join(' '),
    cell: ({ kind, rule, serviceName, service, count }) => (
      <>
        {kindNames[kind] ?? kind}
        {count > 1 && <span class="note"> {numberText(count)} times</span>}
        {service !== null && (
          <span class="id">
            <Link to={['services', service]}>{serviceName ?? service}</Link>
          </span>
        )}
        {service === null && serviceName !== null && (
          <span class="id">
            <Name>{serviceName}</Name>
          </span>
        )}
        {rule !== null && (
          <span class="id">
            <Link to={['rules', rule]}>
              <Code>{rule}</Code>
            </Link>
          </span>
        )}
      </>
    ),
  },
  {
    id: 'holder',
    title: 'Of whom',
    value: ({ account, accountName, resource }) => [accountName, account, resource].join(' '),
    cell: ({ account, accountName, resource }) =>
      account === null ? (
        <Name>{resource}</Name>
      ) : (
        <Link to={['holders', account]}>
          <Name>{accountName ?? account}</Name>
        </Link>
      ),
  },
  {
    id: 'where',
    title: 'Method and Regions',
    value: ({ method, regions }) => [method, ...regions].join(' '),
    cell: ({ method, regions }) => (
      <>
        {method !== null && capital((methodNames[method as keyof typeof methodNames] as string | undefined) ?? method)}{' '}
        {regions.length > 0 && <Regions regions={regions} />}
      </>
    ),
  },
  {
    id: 'effect',
    title: 'From and to',
    value: ({ before, after }) => `${before ?? ''} ${after ?? ''}`,
    cell: ({ before, after }) => (
      <span class="from-to">
        <Short text={before ?? 'nothing'} /> → <Short text={after ?? 'nothing'} />
      </span>
    ),
  },
  {
    id: 'actor',
    title: 'By whom',
    value: ({ actor }) => actor ?? '',
    cell: ({ actor, eventTime }) =>
      actor === null ? (
        <span class="quiet">no event seen</span>
      ) : (
        <>
          <span class="arn">
            <Parts>{actor}</Parts>
          </span>
          {eventTime !== null && <span class="id">{timeText(eventTime)}</span>}
        </>
      ),
  },
];
