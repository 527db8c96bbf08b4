import type { JSX } from 'preact';
import type { PageService } from '../../report/page_data.js';
import type { Holding } from '../model/holder.js';
import { methodList, methods } from '../model/kinds.js';
import type { Cell, MatrixRow } from '../model/matrix.js';
import { timeText } from '../model/times.js';
import { verdictsAbout } from '../model/verdicts.js';
import { EnrolmentList } from '../parts/enrolments.js';
import { Fact } from '../parts/fact.js';
import { SectionHeading } from '../parts/heading.js';
import { holderName } from '../parts/holder.js';
import { Link } from '../parts/link.js';
import { usePage } from '../parts/page_state.js';
import { Powers } from '../parts/powers.js';
import { StatusIcon } from '../parts/status.js';
import { Findings } from '../parts/verdicts.js';
import { CellList, CellWords, Differences } from './cell_words.js';

export function ServicePage({
  row,
  region,
}: {
  readonly row: MatrixRow;
  readonly region: string | undefined;
}): JSX.Element {
  const { model } = usePage();
  const { organization } = model;
  const service = organization.services.find(({ id }) => id === row.id);
  const place = region === undefined ? -1 : model.regions.indexOf(region);
  const cell = row.cells?.[place];
  const findings = verdictsAbout(model, row.id, cell ? region : undefined);
  return (
    <>
      <p class="trail">
        <Link to={['services']}>Services</Link>
        {cell && (
          <>
            {' / '}
            <Link to={['services', row.id]}>{row.name}</Link>
          </>
        )}
      </p>
      <SectionHeading title={cell ? `${row.name} in ${region ?? ''}` : row.name} />
      <Powers service={service} />
      {service?.notes != null && <p class="quiet">{service.notes}</p>}
      {cell ? <InRegion row={row} cell={cell} /> : <Everywhere row={row} service={service} />}
      <Findings findings={findings} />
    </>
  );
}

/** As it is in one Region. */
function InRegion({ row, cell }: { readonly row: MatrixRow; readonly cell: Cell }): JSX.Element {
  return (
    <section class="card">
      <h2>Here</h2>
      <ul class="cell-list">
        <li>
          <CellWords cell={cell} isWhole /> <span class="quiet">as the service says itself</span>
          <Differences cell={cell} />
        </li>
        {row.registered && (
          <li>
            <CellWords cell={row.registered} isWhole />{' '}
            <span class="quiet">registered with Organizations, for all Regions</span>
          </li>
        )}
      </ul>
    </section>
  );
}

function Everywhere({
  row,
  service,
}: {
  readonly row: MatrixRow;
  readonly service: PageService | undefined;
}): JSX.Element {
  const { model } = usePage();
  const holders = model.holders.flatMap((holder): { holder: typeof holder; holding: Holding }[] =>
    holder.holdings
      .filter(({ service: id }) => id === row.id || id === service?.group)
      .map((holding) => ({ holder, holding })),
  );
  const enrolments = model.organization.enrolments.filter(({ service: id }) => id === row.id);
  return (
    <>
      <section class="card">
        <h2>Who administers it</h2>
        {row.cells ? (
          <CellList row={row} />
        ) : (
          <ul class="cell-list">
            {row.registered && (
              <li>
                <CellWords cell={row.registered} isWhole /> <span class="quiet">registered with Organizations</span>
              </li>
            )}
            {row.whole && (
              <li>
                <CellWords cell={row.whole} isWhole />{' '}
                <span class="quiet">by the service or the delegation policy</span>
                <Differences cell={row.whole} />
              </li>
            )}
          </ul>
        )}
      </section>
      {service && <ServiceFacts service={service} />}
      {holders.some(({ holding }) => holding.since !== null) && (
        <p class="quiet">
          {holders
            .filter(({ holding }) => holding.since !== null)
            .map(({ holder, holding }) => `${holderName(holder)} since ${timeText(holding.since)}`)
            .join('; ')}
          .
        </p>
      )}
      {enrolments.length > 0 && (
        <section>
          <h2>New accounts</h2>
          <EnrolmentList enrolments={enrolments} />
        </section>
      )}
    </>
  );
}

function ServiceFacts({ service }: { readonly service: PageService }): JSX.Element {
  return (
    <dl class="facts facts-small">
      <Fact title="In use">
        {service.isUsed === null ? (
          <>
            <StatusIcon status="unknown" /> not known
          </>
        ) : service.isUsed ? (
          'yes'
        ) : (
          'no'
        )}
        {service.isUsed !== true && service.useReason !== null && <span class="id">{service.useReason}</span>}
      </Fact>
      <Fact title="Trusted access">{service.isTrusted ? `since ${timeText(service.trustedSince)}` : 'none seen'}</Fact>
      <Fact title="Should be held by">{service.owners ?? 'nobody says'}</Fact>
      <Fact title="Administrators at most">{service.maxAdministrators ?? 'no limit known'}</Fact>
      <Fact title="Ways to delegate">
        {methodList(methods.filter((method) => service.methods.includes(method))) || 'none known'}
      </Fact>
      <Fact title="Service principals">
        <span class="id">{service.principals.join(', ') || 'none known'}</span>
      </Fact>
    </dl>
  );
}
