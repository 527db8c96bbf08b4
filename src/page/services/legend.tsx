import type { JSX } from 'preact';
import { HolderCode, holderName } from '../parts/holder.js';
import { usePage } from '../parts/state.js';
import { Name } from '../parts/text.js';
import { CellMark } from './cell.js';

export function Legend(): JSX.Element {
  const { model } = usePage();
  const example = model.holders.find(({ isManagement }) => !isManagement);
  const management = model.holders.find(({ isManagement }) => isManagement);
  return (
    <ul class="legend-line" aria-label="What the cells mean">
      {example && (
        <li>
          <HolderCode holder={example} /> held by <Name>{holderName(example)}</Name>
        </li>
      )}
      {management && (
        <li>
          <HolderCode holder={management} /> held by the management account
        </li>
      )}
      <li>
        <CellMark kind="nobody" /> nobody
      </li>
      <li>
        <CellMark kind="unread" /> not read: nobody knows
      </li>
      <li>
        <CellMark kind="absent" /> the service is not in this Region
      </li>
      <li>
        <span class="differs" aria-hidden="true">
          ≠
        </span>{' '}
        methods or Regions name different holders
      </li>
      <li>
        <span class="unsettled-mark" aria-hidden="true">
          …
        </span>{' '}
        about to begin or to end
      </li>
    </ul>
  );
}
