import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { PageApproval } from '../../report/page_data.js';
import { methodTitle } from '../model/kinds.js';
import { timeText } from '../model/times.js';
import { AccountById } from '../parts/account.js';
import { Choice } from '../parts/choice.js';
import { DataTable, type Column } from '../parts/data_table.js';
import { usePage } from '../parts/page_state.js';
import { Regions } from '../parts/regions.js';
import { MarkedAs, StatusIcon } from '../parts/status.js';
import { Breakable, Name } from '../parts/text.js';

export function Approvals(): JSX.Element {
  const { model } = usePage();
  const { approvals } = model.organization;
  const [filter, setFilter] = useState<ApprovalState | 'all'>('all');
  const shown = useMemo(
    () => approvals.filter((approval) => filter === 'all' || stateOf(approval) === filter),
    [approvals, filter],
  );
  return (
    <section>
      <h2>Approvals</h2>
      <DataTable
        caption="Delegations and who approved them"
        columns={approvalColumns}
        rows={shown}
        what="approvals"
        empty={filter === 'all' ? 'Nothing is delegated and nothing approved.' : 'None is like that.'}
      >
        <Choice
          label="Show"
          value={filter}
          onChange={setFilter}
          values={[
            ['all', 'All'],
            ['open', 'Not approved'],
            ['idle', 'Approved, not there'],
            ['approved', 'Approved'],
          ]}
        />
      </DataTable>
    </section>
  );
}

type ApprovalState = 'open' | 'idle' | 'approved';

function stateOf({ hasApproval, hasDelegation }: PageApproval): ApprovalState {
  return !hasApproval ? 'open' : hasDelegation ? 'approved' : 'idle';
}

const approvalStates: Readonly<Record<ApprovalState, string>> = {
  open: 'not approved',
  idle: 'approved, not there',
  approved: 'approved',
};

const approvalColumns: readonly Column<PageApproval>[] = [
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
            <Breakable>{principal}</Breakable>
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
        {method === null ? 'any method' : methodTitle(method)} {regions.length > 0 && <Regions regions={regions} />}
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
      return <MarkedAs status={status}>{approvalStates[state]}</MarkedAs>;
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
          <Breakable>{approvedBy}</Breakable>
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
