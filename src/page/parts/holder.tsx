import type { JSX } from 'preact';
import type { Holder } from '../model/holder.js';
import { Link } from './link.js';
import { Name } from './text.js';

/** Two letters in a colour: neither of them alone has to be told apart. */
export function HolderCode({ holder }: { readonly holder: Holder }): JSX.Element {
  return <span class={`code hue-${holder.isManagement ? 'management' : holder.hue}`}>{holder.code}</span>;
}

export function holderName({ account, name }: { readonly account: string; readonly name: string | null }): string {
  return account === '*' ? 'everyone (*)' : (name ?? account);
}

export function HolderChip({
  holder,
  hasId = false,
}: {
  readonly holder: Holder;
  readonly hasId?: boolean;
}): JSX.Element {
  return (
    <Link to={['holders', holder.account]} class="chip">
      <HolderCode holder={holder} />
      <span class="chip-name">
        <Name>{holderName(holder)}</Name>
        {hasId && holder.name !== null && <span class="id">{holder.account}</span>}
      </span>
    </Link>
  );
}
