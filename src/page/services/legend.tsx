import type { JSX } from 'preact';
import { HolderCode, holderName } from '../parts/holder.js';
import { CellMark, DiffersMark, UnsettledMark } from '../parts/marks.js';
import { usePage } from '../parts/page_state.js';
import { Name } from '../parts/text.js';

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
        <DiffersMark /> methods or Regions name different holders
      </li>
      <li>
        <UnsettledMark /> about to begin or to end
      </li>
    </ul>
  );
}
