import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { PageApproval, PageMethod, PageOwner, PageWaiver } from '../report/page_data.js';
import { capital, methodNames, plural, timeText } from './model.js';
import {
  AccountById,
  Choice,
  Code,
  DataTable,
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

export function Waivers(): JSX.Element {
  const { model, isPrinting } = usePage();
  const { waivers, approvals, owners, tables } = model.organization;
  const [filter, setFilter] = useState<ApprovalState | 'all'>('all');
  const shown = useMemo(
    () => approvals.filter((approval) => filter === 'all' || stateOf(approval) === filter),
    [approvals, filter],
  );
  const missing = tables.filter(
    ({ name, wasRead }) =>
      ['aws_delegation_waivers', 'aws_delegation_approvals', 'aws_delegation_owners'].includes(name) && !wasRead,
  );
  return (
    <>
      <SectionHeading title="Waivers and approvals">
        What people have agreed to: findings that are accepted until a day, and delegations that somebody answers for.
      </SectionHeading>
      {missing.map(({ name, error }) => (
        <Notice key={name} title={`${name} was not read:`}>
          {' '}
          <Name>{error}</Name>
        </Notice>
      ))}
      <section>
        <h2>Waivers</h2>
        <DataTable
          caption="Findings that are accepted until a day"
          columns={waiverColumns}
          rows={waivers}
          what="waivers"
          empty="No finding is waived."
        />
      </section>
      <section>
        <h2>Approvals</h2>
        <DataTable
          caption="Delegations and who approved them"
          columns={approvalColumns}
          rows={shown}
          what="approvals"
          empty={filter === 'all' ? 'Nothing is delegated and nothing approved.' : 'None is like that.'}
        >
          {!isPrinting && (
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
          )}
        </DataTable>
      </section>
      <section>
        <h2>Owners</h2>
        <DataTable
          caption="Who is meant by the owners of the spec"
          columns={ownerColumns}
          rows={owners}
          what="owners"
          isFilterable={false}
          empty="The spec names no owner."
        />
      </section>
    </>
  );
}

const waiverStates: Readonly<Record<PageWaiver['state'], string>> = {
  used: 'counts',
  expired: 'has run out, no longer counts',
  unused: 'covers no finding',
};

const any = (text: string | null): string => (text === null || text === '' || text === '*' ? 'any' : text);

const waiverColumns: readonly Column<PageWaiver>[] = [
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
    id: 'scope',
    title: 'For',
    value: ({ resource, account, region }) => [resource, account, region].join(' '),
    cell: ({ resource, account, region }) => (
      <Name>{`resource ${any(resource)}, account ${any(account)}, Region ${any(region)}`}</Name>
    ),
  },
  { id: 'reason', title: 'Reason', value: ({ reason }) => reason },
  {
    id: 'by',
    title: 'Accepted by',
    value: ({ approvedBy, owner, ticket }) => [approvedBy, owner, ticket].join(' '),
    cell: ({ approvedBy, owner, ticket }) => (
      <>
        <Parts>{approvedBy}</Parts>
        <span class="id">
          <Name>
            {[owner === null ? null : `to be mended by ${owner}`, ticket].filter((part) => part !== null).join(', ')}
          </Name>
        </span>
      </>
    ),
  },
  {
    id: 'expires',
    title: 'Until',
    value: ({ expires }) => expires,
    cell: ({ expires }) => timeText(expires),
    class: 'time',
  },
  {
    id: 'state',
    title: 'State',
    value: ({ state }) => waiverStates[state],
    cell: ({ state }) => (
      <span class={state === 'used' ? 'status status-waived' : 'status status-unknown'}>
        <StatusIcon status={state === 'used' ? 'waived' : 'unknown'} /> {waiverStates[state]}
      </span>
    ),
  },
];

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

const ownerColumns: readonly Column<PageOwner>[] = [
  { id: 'owner', title: 'Owner', isHead: true, value: ({ owner }) => owner },
  { id: 'selectors', title: 'Chosen by', value: ({ selectors }) => selectors ?? 'nothing' },
  {
    id: 'accounts',
    title: 'Accounts',
    value: ({ accountCount, accounts }) => `${accountCount} ${accounts.join(' ')}`,
    cell: ({ accounts, accountCount }) => (
      <>
        {accountCount === 0 && (
          <span class="unknown-text">
            <StatusIcon status="unknown" /> none
          </span>
        )}
        <span class="chips">
          {accounts.slice(0, 8).map((id) => (
            <AccountById key={id} id={id} />
          ))}
        </span>
        {accountCount > 8 && <span class="quiet"> and {plural(accountCount - 8, 'more account')}</span>}
      </>
    ),
  },
];
