import type { JSX } from 'preact';
import type { PageWaiver } from '../../report/page_data.js';
import { timeText } from '../model/times.js';
import { DataTable, type Column } from '../parts/data_table.js';
import { RuleLink } from '../parts/link.js';
import { usePage } from '../parts/page_state.js';
import { MarkedAs } from '../parts/status.js';
import { Breakable, Name } from '../parts/text.js';

const waiverStates: Readonly<Record<PageWaiver['state'], string>> = {
  used: 'counts',
  expired: 'has run out, no longer counts',
  unused: 'covers no finding',
};

const anyOr = (text: string | null): string => (text === null || text === '' || text === '*' ? 'any' : text);

export function WaiverTable(): JSX.Element {
  const { waivers } = usePage().model.organization;
  return (
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
  );
}

const waiverColumns: readonly Column<PageWaiver>[] = [
  {
    id: 'rule',
    title: 'Rule',
    isHead: true,
    value: ({ rule }) => rule,
    cell: ({ rule }) => <RuleLink id={rule} />,
  },
  {
    id: 'scope',
    title: 'For',
    value: ({ resource, account, region }) => [resource, account, region].join(' '),
    cell: ({ resource, account, region }) => (
      <Name>{`resource ${anyOr(resource)}, account ${anyOr(account)}, Region ${anyOr(region)}`}</Name>
    ),
  },
  { id: 'reason', title: 'Reason', value: ({ reason }) => reason },
  {
    id: 'by',
    title: 'Accepted by',
    value: ({ approvedBy, owner, ticket }) => [approvedBy, owner, ticket].join(' '),
    cell: ({ approvedBy, owner, ticket }) => (
      <>
        <Breakable>{approvedBy}</Breakable>
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
    cell: ({ state }) => <MarkedAs status={state === 'used' ? 'waived' : 'unknown'}>{waiverStates[state]}</MarkedAs>,
  },
];
