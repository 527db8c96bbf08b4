import type { JSX } from 'preact';
import { usePage } from '../parts/page_state.js';
import { Board } from './board.js';
import { Coverage } from './coverage.js';
import { Delegations } from './delegations.js';
import { Gaps } from './gaps.js';
import { Gravest } from './gravest.js';
import { Headline } from './headline.js';
import { LeadingHolders } from './leading_holders.js';
import { NothingRead } from './nothing_read.js';

export function Overview(): JSX.Element {
  const { model, now } = usePage();
  const { organization } = model;
  if (organization.sourceName === null) return <NothingRead reason={organization.readError} />;
  return (
    <>
      <Headline model={model} now={now} />
      <Gaps model={model} />
      <div class="overview-grid">
        <Board model={model} />
        <Delegations model={model} />
        <Coverage model={model} />
      </div>
      <Gravest model={model} />
      <LeadingHolders model={model} />
    </>
  );
}
