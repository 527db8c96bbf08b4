import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { PageChange } from '../../report/page_data.js';
import { timeText } from '../model/times.js';
import { plural } from '../model/words.js';
import { Choice } from '../parts/choice.js';
import { DataTable, type Column } from '../parts/data_table.js';
import { Notice } from '../parts/notice.js';
import { usePage } from '../parts/page_state.js';
import { StatusIcon } from '../parts/status.js';
import { Breakable, Code, Name } from '../parts/text.js';
import { LongText } from './long_text.js';
import { isOpen } from './open.js';
import { Timeline } from './timeline.js';

export function Events(): JSX.Element {
  const { model } = usePage();
  const { changes, tables, lookbackDays } = model.organization;
  const eventTable = tables.find(({ name }) => name === 'aws_cloudtrail_organization_events');
  const [filter, setFilter] = useState<'all' | 'open' | 'refused'>('all');
  const shown = useMemo(
    () => changes.filter((change) => filter === 'all' || (filter === 'open' ? isOpen(change) : !change.wasAllowed)),
    [changes, filter],
  );
  return (
    <section>
      <h2>Events of CloudTrail</h2>
      {eventTable !== undefined && !eventTable.wasRead && (
        <Notice title="Not all events were read:">
          {' '}
          <Name>{eventTable.error}</Name>
        </Notice>
      )}
      {changes.length > 0 && <Timeline changes={changes} />}
      <DataTable
        caption={`Events${lookbackDays === null ? '' : `; the newest sync looked back on ${plural(lookbackDays, 'day')}`}`}
        columns={eventColumns}
        rows={shown}
        what="events"
        empty={filter === 'all' ? 'No event is in the history that was read.' : 'No event is like that.'}
      >
        <Choice
          label="Show"
          value={filter}
          onChange={setFilter}
          values={[
            ['all', 'All'],
            ['open', 'Significant, not approved'],
            ['refused', 'Refused'],
          ]}
        />
      </DataTable>
    </section>
  );
}

const eventColumns: readonly Column<PageChange>[] = [
  { id: 'at', title: 'When', value: ({ at }) => at, cell: ({ at }) => timeText(at), class: 'time' },
  {
    id: 'action',
    title: 'What',
    isHead: true,
    value: ({ action, serviceName, eventId, category }) => [action, serviceName, category, eventId].join(' '),
    cell: ({ action, serviceName, risk, isSignificant }) => (
      <>
        <Code>{action}</Code>
        {serviceName !== null && <span class="id">{serviceName}</span>}
        {isSignificant && <p class="quiet risk">{risk}</p>}
      </>
    ),
  },
  {
    id: 'target',
    title: 'On what',
    value: ({ target, targetName, targetType }) => [targetName, target, targetType].join(' '),
    cell: ({ target, targetName, targetType }) => (
      <>
        <Breakable>{targetName ?? target ?? targetType.replaceAll('_', ' ')}</Breakable>
        {targetName !== null && (
          <span class="id">
            <Name>{target}</Name>
          </span>
        )}
      </>
    ),
  },
  {
    id: 'who',
    title: 'By whom',
    value: ({ principal, session, address }) => [principal, session, address].join(' '),
    cell: ({ principal, session, address }) => (
      <>
        <span class="arn">
          <Breakable>{principal ?? 'nobody named'}</Breakable>
        </span>
        <span class="id">
          <Name>{[session, address].filter((part) => part !== null).join(', ')}</Name>
        </span>
      </>
    ),
  },
  {
    id: 'effect',
    title: 'From and to',
    value: ({ before, after, errorCode }) => [before, after, errorCode].join(' '),
    cell: ({ before, after, wasAllowed, errorCode }) =>
      wasAllowed ? (
        <span class="from-to">
          <LongText text={before ?? 'not known'} /> → <LongText text={after ?? 'not known'} />
        </span>
      ) : (
        <span class="flag">refused{errorCode === null ? '' : `: ${errorCode}`}</span>
      ),
  },
  {
    id: 'approved',
    title: 'Approved',
    value: ({ approvedBy, isSignificant }) => approvedBy ?? (isSignificant ? 'nobody' : ''),
    cell: ({ approvedBy, isSignificant }) =>
      approvedBy !== null ? (
        <Breakable>{`by ${approvedBy}`}</Breakable>
      ) : isSignificant ? (
        <span class="fail-text">
          <StatusIcon status="fail" /> nobody
        </span>
      ) : (
        <span class="quiet">need not be</span>
      ),
  },
];
