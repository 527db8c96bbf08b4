import type { JSX } from 'preact';
import { nobodyHolds } from '../model/holder.js';
import type { Model } from '../model/model.js';
import { numberText, plural } from '../model/words.js';
import { HolderChip } from '../parts/holder.js';
import { Link } from '../parts/link.js';
import { Empty } from '../parts/notice.js';
import { usePage } from '../parts/page_state.js';

export function LeadingHolders({ model }: { readonly model: Model }): JSX.Element {
  const { isPrinting } = usePage();
  const { holders } = model;
  const shown = isPrinting ? 5 : 8;
  const most = Math.max(1, ...holders.map(({ holdings }) => holdings.length));
  return (
    <section aria-labelledby="leading-title">
      <h2 id="leading-title">Who holds most</h2>
      {holders.length === 0 ? (
        <Empty>{nobodyHolds(model.organization)}</Empty>
      ) : (
        <ul class="leading">
          {holders.slice(0, shown).map((holder) => (
            <li key={holder.account}>
              <HolderChip holder={holder} />
              <span class="track" aria-hidden="true">
                <span
                  class={`hue-bar-${holder.isManagement ? 'management' : holder.hue}`}
                  style={{ width: `${(holder.holdings.length / most) * 100}%` }}
                />
              </span>
              <span class="number">{plural(holder.holdings.length, 'service')}</span>
            </li>
          ))}
        </ul>
      )}
      {holders.length > shown && (
        <p class="onward">
          <Link to={['holders']}>All {numberText(holders.length)} holders</Link>
        </p>
      )}
    </section>
  );
}
