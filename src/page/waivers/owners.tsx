import type { JSX } from 'preact';
import type { PageOwner } from '../../report/page_data.js';
import { plural } from '../model/words.js';
import { AccountById } from '../parts/account.js';
import { DataTable, type Column } from '../parts/data_table.js';
import { usePage } from '../parts/page_state.js';
import { StatusIcon } from '../parts/status.js';

export function Owners(): JSX.Element {
  const { owners } = usePage().model.organization;
  return (
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
