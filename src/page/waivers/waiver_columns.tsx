import type { PageWaiver } from '../../report/page_data.js';
import { timeText } from '../model/times.js';
import type { Column } from '../parts/data_table.js';
import { Link } from '../parts/link.js';
import { StatusIcon } from '../parts/status.js';
import { Code, Name, Parts } from '../parts/text.js';

const waiverStates: Readonly<Record<PageWaiver['state'], string>> = {
  used: 'counts',
  expired: 'has run out, no longer counts',
  unused: 'covers no finding',
};

const any = (text: string | null): string => (text === null || text === '' || text === '*' ? 'any' : text);

export const waiverColumns: readonly Column<PageWaiver>[] = [
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
