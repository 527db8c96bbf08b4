import type { JSX } from 'preact';
import { accountLabel } from '../../report/account_label.js';
import { HolderChip } from './holder.js';
import { Link } from './link.js';
import { usePage } from './page_state.js';
import { Name } from './text.js';

export function AccountLink({ index }: { readonly index: number }): JSX.Element {
  const { model } = usePage();
  const { accounts, units } = model.organization;
  return (
    <Link to={['holders', accounts.ids[index] ?? '']}>
      <Name>{accountLabel(accounts, units, index)}</Name>
    </Link>
  );
}

export function AccountById({ id }: { readonly id: string }): JSX.Element {
  const { model } = usePage();
  const holder = model.holderOf.get(id);
  if (holder) return <HolderChip holder={holder} hasId />;
  const index = model.accountIndex.get(id);
  return index === undefined ? <span class="id">{id}</span> : <AccountLink index={index} />;
}
