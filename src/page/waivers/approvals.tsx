import type { JSX } from 'preact';
import type { PageApproval, PageMethod } from '../../report/page_data.js';
import { methodNames } from '../model/kinds.js';
import { timeText } from '../model/times.js';
import { capital } from '../model/words.js';
import { AccountById } from '../parts/account.js';
import type { Column } from '../parts/data_table.js';
import { Regions } from '../parts/regions.js';
import { usePage } from '../parts/state.js';
import { StatusIcon } from '../parts/status.js';
import { Name, Parts } from '../parts/text.js';

export type ApprovalState = 'open' | 'idle' | 'approved';

export function stateOf({ hasApproval, hasDelegation }: PageApproval): ApprovalState {
  return !hasApproval ? 'open' : hasDelegation ? 'approved' : 'idle';
}

const approvalStates: Readonly<Record<ApprovalState, string>> = {
  open: 'not approved',
  idle: 'approved, not there',
  approved: 'approved',
};

export const approvalColumns: readonly Column<PageApproval>[] = [
  {
    id: 'service',
    title: 'Service',
    isHead: true,
    value: ({ serviceName, service }) => serviceName ?? service ?? 'any',
  },
  {
    id: 'account',
    title: 'Held by',
    value: ({ account, principal }) => `${account ?? 'any'} ${principal ?? ''}`,
    cell: ({ account, principal }) => (
      <>
        {account === null ? 'anybody' : <AccountById id={account} />}
        {principal !== null && (
          <span class="id arn">
            <Parts>{principal}</Parts>
          </span>
        )}
      </>
    ),
  },
  {
    id: 'method',
    title: 'Method and Regions',
    value: ({ method, regions }) => [method, ...regions].join(' '),
    cell: ({ method, regions }) => (
      <>
        {method === null ? 'any method' : capital((methodNames[method as PageMethod] as string | undefined) ?? method)}{' '}
        {regions.length > 0 && <Regions regions={regions} />}
      </>
    ),
  },
  {
    id: 'state',
    title: 'State',
    value: (approval) => approvalStates[stateOf(approval)],
    cell: (approval) => {
      const state = stateOf(approval);
      const status = state === 'approved' ? 'pass' : state === 'open' ? 'fail' : 'unknown';
      return (
        <span class={`status status-${status}`}>
          <StatusIcon status={status} /> {approvalStates[state]}
        </span>
      );
    },
  },
  {
    id: 'by',
    title: 'Approved by',
    value: ({ approvedBy, reason, approvedOn }) =>
      [approvedBy, approvedOn, reason].filter((part) => part !== null).join(' '),
    cell: ({ approvedBy, approvedOn, reason }) =>
      approvedBy === null ? (
        <span class="quiet">nobody</span>
      ) : (
        <>
          <Parts>{approvedBy}</Parts>
          <span class="id">
            {timeText(approvedOn)} <Name>{reason}</Name>
          </span>
        </>
      ),
  },
  {
    id: 'review',
    title: 'To be reviewed by',
    value: ({ reviewBy }) => reviewBy ?? '',
    cell: ({ reviewBy, hasApproval }) => (hasApproval ? <Review day={reviewBy} /> : ''),
    class: 'time',
  },
];

function Review({ day }: { readonly day: string | null }): JSX.Element {
  const { now } = usePage();
  if (day === null) return <span class="quiet">never</span>;
  const isDue = Date.parse(day) <= now;
  return isDue ? (
    <span class="fail-text">
      <StatusIcon status="fail" /> {timeText(day)}, overdue
    </span>
  ) : (
    <>{timeText(day)}</>
  );
}
