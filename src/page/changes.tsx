import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { PageChange, PageDrift, PageResultChange } from '../report/page_data.js';
import { capital, methodNames, numberText, plural, timeText } from './model.js';
import {
  Choice,
  Code,
  DataTable,
  Empty,
  Link,
  Name,
  Notice,
  Parts,
  Regions,
  SectionHeading,
  StatusIcon,
  usePage,
  type Column,
} from './parts.js';

export function Changes(): JSX.Element {
  const { model, isPrinting } = usePage();
  const { organization } = model;
  const { changes, drift, resultChanges, changesSince, tables, lookbackDays } = organization;
  const eventTable = tables.find(({ name }) => name === 'aws_cloudtrail_organization_events');
  const [filter, setFilter] = useState<'all' | 'open' | 'refused'>('all');
  const shown = useMemo(
    () => changes.filter((change) => filter === 'all' || (filter === 'open' ? isOpen(change) : !change.wasAllowed)),
    [changes, filter],
  );
  return (
    <>
      <SectionHeading title="Changes">
        Who changed the organization, its policies or its administrators, and what became different from sync to sync.
      </SectionHeading>
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
      {(drift === null || resultChanges.length > 0) && (
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
      )}
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
          columns={changeColumns}
          rows={shown}
          what="events"
          empty={filter === 'all' ? 'No event is in the history that was read.' : 'No event is like that.'}
        >
          {!isPrinting && (
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
          )}
        </DataTable>
      </section>
    </>
  );
}

const isOpen = ({ isSignificant, approvedBy }: PageChange): boolean => isSignificant && approvedBy === null;

/** A stroke for each event, by day; the table below has them in words. */
function Timeline({ changes }: { readonly changes: readonly PageChange[] }): JSX.Element | null {
  const times = changes.map(({ at }) => Date.parse(at)).filter((time) => !Number.isNaN(time));
  const first = Math.min(...times);
  const last = Math.max(...times);
  if (times.length < 2 || last === first) return null;
  const width = 1000;
  const day = 86_400_000;
  const start = Math.floor(first / day) * day;
  const end = (Math.floor(last / day) + 1) * day;
  const heights = new Map<number, number>();
  const most = 8;
  return (
    <figure class="timeline">
      <svg
        viewBox={`0 0 ${width} 74`}
        role="img"
        aria-label={`${plural(changes.length, 'event')} between ${timeText(new Date(first).toISOString())} and ${timeText(new Date(last).toISOString())}`}
      >
        <line x1="0" y1="70" x2={width} y2="70" />
        {changes.map((change, index) => {
          const place = Math.floor(Date.parse(change.at) / day);
          const height = heights.get(place) ?? 0;
          heights.set(place, height + 1);
          if (height >= most || Number.isNaN(place)) return null;
          const x = 8 + ((place * day - start) / (end - start)) * (width - 16);
          return (
            <rect
              key={index}
              class={isOpen(change) ? 'open' : change.wasAllowed ? 'calm' : 'refused'}
              x={x}
              y={61 - height * 8}
              width="7"
              height="7"
              rx="1.5"
            />
          );
        })}
      </svg>
      <figcaption>
        <span>{timeText(new Date(first).toISOString().slice(0, 10))}</span>
        <span class="timeline-legend">
          <i class="open" /> significant, not approved <i class="calm" /> other <i class="refused" /> refused
        </span>
        <span>{timeText(new Date(last).toISOString().slice(0, 10))}</span>
      </figcaption>
    </figure>
  );
}

const changeColumns: readonly Column<PageChange>[] = [
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
        <Parts>{targetName ?? target ?? targetType.replaceAll('_', ' ')}</Parts>
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
          <Parts>{principal ?? 'nobody named'}</Parts>
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
          <Short text={before ?? 'not known'} /> → <Short text={after ?? 'not known'} />
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
        <Parts>{`by ${approvedBy}`}</Parts>
      ) : isSignificant ? (
        <span class="fail-text">
          <StatusIcon status="fail" /> nobody
        </span>
      ) : (
        <span class="quiet">need not be</span>
      ),
  },
];

/** A policy's text is long; it is all there when it is opened. */
function Short({ text }: { readonly text: string }): JSX.Element {
  const { isPrinting } = usePage();
  if (text.length <= 60) return <Name>{text}</Name>;
  return (
    <details open={isPrinting}>
      <summary>a text of {plural(text.length, 'character')}</summary>
      <pre>{text}</pre>
    </details>
  );
}

const kindNames: Readonly<Record<string, string>> = {
  delegation_added: 'delegation added',
  delegation_removed: 'delegation removed',
  region_gained: 'Region gained',
  region_lost: 'Region lost',
  holder_moved: 'holder moved',
  holder_changed: 'holder changed',
  verdict_changed: 'verdict changed',
};

const driftColumns: readonly Column<PageDrift>[] = [
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

const resultColumns: readonly Column<PageResultChange>[] = [
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
