import type { JSX } from 'preact';
import type { Holder, Holding } from '../model/holder.js';
import { methodList } from '../model/kinds.js';
import { reachOf } from '../model/reach.js';
import { timeText } from '../model/times.js';
import { countText } from '../model/words.js';
import { EnrolmentList } from '../parts/enrolments.js';
import { Fact } from '../parts/fact.js';
import { Link } from '../parts/link.js';
import { usePage } from '../parts/page_state.js';
import { Powers } from '../parts/powers.js';
import { Regions } from '../parts/regions.js';
import { StatusIcon } from '../parts/status.js';
import { Name } from '../parts/text.js';
import { GrantList } from '../policy/grants.js';

export function Holdings({ holder }: { readonly holder: Holder }): JSX.Element {
  return (
    <ul class="holdings">
      {holder.holdings.map((holding) => (
        <HoldingItem key={holding.service} holder={holder} holding={holding} />
      ))}
    </ul>
  );
}

function HoldingItem({ holder, holding }: { readonly holder: Holder; readonly holding: Holding }): JSX.Element {
  const { model, isPrinting } = usePage();
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
          {countText(reach.count)}
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
