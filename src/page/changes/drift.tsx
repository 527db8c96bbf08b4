import type { JSX } from 'preact';
import type { PageDrift } from '../../report/page_data.js';
import { methodTitle } from '../model/kinds.js';
import { timeText } from '../model/times.js';
import { numberText } from '../model/words.js';
import { DataTable, type Column } from '../parts/data_table.js';
import { Link, RuleLink } from '../parts/link.js';
import { Empty } from '../parts/notice.js';
import { usePage } from '../parts/page_state.js';
import { Regions } from '../parts/regions.js';
import { Breakable, Name } from '../parts/text.js';
import { LongText } from './long_text.js';

const driftNames: Readonly<Record<string, string>> = {
  delegation_added: 'delegation added',
  delegation_removed: 'delegation removed',
  region_gained: 'Region gained',
  region_lost: 'Region lost',
  holder_moved: 'holder moved',
  holder_changed: 'holder changed',
  verdict_changed: 'verdict changed',
};

/** What became different from sync to sync. */
export function Drift(): JSX.Element {
  const { drift, changesSince } = usePage().model.organization;
  return (
    <section>
      <h2>From sync to sync</h2>
      {drift === null ? (
        <Empty>This database keeps no history of delegations yet.</Empty>
      ) : (
        <DataTable
          caption={`What became different since ${timeText(changesSince)}`}
          columns={driftColumns}
          rows={drift}
          what="changes"
          empty={`Nothing became different since ${timeText(changesSince)}.`}
        />
      )}
    </section>
  );
}

const driftColumns: readonly Column<PageDrift>[] = [
  { id: 'at', title: 'Seen', value: ({ at }) => at, cell: ({ at }) => timeText(at), class: 'time' },
  {
    id: 'kind',
    title: 'What',
    isHead: true,
    value: ({ kind, rule, serviceName, service }) => [driftNames[kind] ?? kind, serviceName ?? service, rule].join(' '),
    cell: ({ kind, rule, serviceName, service, count }) => (
      <>
        {driftNames[kind] ?? kind}
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
            <RuleLink id={rule} />
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
        {method !== null && methodTitle(method)} {regions.length > 0 && <Regions regions={regions} />}
      </>
    ),
  },
  {
    id: 'effect',
    title: 'From and to',
    value: ({ before, after }) => `${before ?? ''} ${after ?? ''}`,
    cell: ({ before, after }) => (
      <span class="from-to">
        <LongText text={before ?? 'nothing'} /> → <LongText text={after ?? 'nothing'} />
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
            <Breakable>{actor}</Breakable>
          </span>
          {eventTime !== null && <span class="id">{timeText(eventTime)}</span>}
        </>
      ),
  },
];
