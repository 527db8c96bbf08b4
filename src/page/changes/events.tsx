import type { JSX } from 'preact';
import type { PageChange } from '../../report/page_data.js';
import { timeText } from '../model/times.js';
import { plural } from '../model/words.js';
import type { Column } from '../parts/data_table.js';
import { usePage } from '../parts/state.js';
import { StatusIcon } from '../parts/status.js';
import { Code, Name, Parts } from '../parts/text.js';

export const isOpen = ({ isSignificant, approvedBy }: PageChange): boolean => isSignificant && approvedBy === null;

export const changeColumns: readonly Column<PageChange>[] = [
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
export function Short({ text }: { readonly text: string }): JSX.Element {
  const { isPrinting } = usePage();
  if (text.length <= 60) return <Name>{text}</Name>;
  return (
    <details open={isPrinting}>
      <summary>a text of {plural(text.length, 'character')}</summary>
      <pre>{text}</pre>
    </details>
  );
}
