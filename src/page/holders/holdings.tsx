import type { JSX } from 'preact';
import type { Holder, Holding } from '../model/holder.js';
import { methodList } from '../model/kinds.js';
import type { Model } from '../model/model.js';
import { reachOf } from '../model/reach.js';
import { timeText } from '../model/times.js';
import { numberText } from '../model/words.js';
import { Fact } from '../parts/blocks.js';
import { EnrolmentList } from '../parts/enrolments.js';
import { Link } from '../parts/link.js';
import { Powers } from '../parts/powers.js';
import { Regions } from '../parts/regions.js';
import { usePage } from '../parts/state.js';
import { StatusIcon } from '../parts/status.js';
import { Name } from '../parts/text.js';
import { GrantList } from '../policy/grants.js';

export function Holdings({ holder }: { readonly holder: Holder }): JSX.Element {
  const { model } = usePage();
  return (
    <ul class="holdings">
      {holder.holdings.map((holding) => (
        <HoldingItem key={holding.service} holder={holder} holding={holding} model={model} />
      ))}
    </ul>
  );
}

function HoldingItem({
  holder,
  holding,
  model,
}: {
  readonly holder: Holder;
  readonly holding: Holding;
  readonly model: Model;
}): JSX.Element {
  const { isPrinting } = usePage();
  const { organization, regions: all } = model;
  const service = organization.services.find(({ id }) => id === holding.service);
  const reach = reachOf(model, holder, holding.service);
  const enrolments = organization.enrolments.filter(
    ({ service: id, account }) => id === holding.service && account === holder.account,
  );
  const scope = organization.scopes.find(
    ({ service: id, account }) => id === holding.service && account === holder.account,
  );
  return (
    <li class="card">
      <h3>
        <Link to={['services', holding.service]}>{holding.serviceName}</Link>{' '}
        <span class="quiet">{holding.category}</span>
      </h3>
      <Powers service={service} />
      <dl class="facts facts-small">
        <Fact title="Named by">{methodList(holding.methods)}</Fact>
        <Fact title="Regions">
          <Regions regions={holding.regions} all={all.length} />
        </Fact>
        <Fact title="Members in reach">
          {reach.count === null ? 'not known' : numberText(reach.count)}
          {reach.note !== null && <span class="id">{reach.note}</span>}
        </Fact>
        <Fact title="Since">{holding.since === null ? 'not told by AWS' : timeText(holding.since)}</Fact>
      </dl>
      {holding.unsettled.map(({ status, regions }) => (
        <p class="unknown-text" key={status}>
          <StatusIcon status="unknown" /> {holding.isHeld ? 'Not settled' : 'Not held'}: <Name>{status}</Name>{' '}
          <Regions regions={regions} />
        </p>
      ))}
      {enrolments.length > 0 && <EnrolmentList enrolments={enrolments} />}
      {scope !== undefined && (
        <details open={isPrinting}>
          <summary>Its scope in the service</summary>
          <pre>{JSON.stringify(scope.scope, null, 2)}</pre>
        </details>
      )}
      {holding.methods.includes('resource_policy') && (
        <GrantList grants={organization.grants.filter(({ account }) => account === holder.account)} />
      )}
    </li>
  );
}
