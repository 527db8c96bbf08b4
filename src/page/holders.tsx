import type { JSX } from 'preact';
import {
  methodList,
  numberText,
  plural,
  reachOf,
  timeText,
  verdictsOnAccount,
  type Holder,
  type Holding,
  type Model,
} from './model.js';
import {
  DataTable,
  Empty,
  Findings,
  HolderChip,
  HolderCode,
  holderName,
  Link,
  Name,
  Notice,
  Powers,
  Regions,
  SectionHeading,
  StatusIcon,
  usePage,
  type Column,
} from './parts.js';
import { Guardrails } from './organization.js';
import { EnrolmentList, Fact } from './services.js';
import { GrantList } from './policy.js';

export function Holders(): JSX.Element {
  const { model, route, isPrinting } = usePage();
  const id = route.section === 'holders' ? route.path[0] : undefined;
  if (id !== undefined && !isPrinting) return <AccountPage id={id} />;
  const { holders, organization } = model;
  return (
    <>
      <SectionHeading title="Holders">
        Accounts that hold a delegated power, by any method. Who holds a service can use it on the member accounts of
        the organization.
      </SectionHeading>
      {organization.openQuestions.length > 0 && (
        <Notice title="There may be more of them:">
          {' '}
          {plural(organization.openQuestions.length, 'question')} to AWS{' '}
          {organization.openQuestions.length === 1 ? 'has' : 'have'} no answer. <Link to={['evidence']}>Evidence</Link>
        </Notice>
      )}
      <DataTable
        caption="Who holds what"
        columns={columnsOf(model)}
        rows={holders}
        what="holders"
        first={50}
        empty={
          organization.openQuestions.length > 0
            ? 'Nobody holds a delegation, as far as it was read.'
            : 'Nobody holds a delegation.'
        }
      />
      {isPrinting &&
        holders.slice(0, 40).map((holder) => (
          <section key={holder.account} class="on-paper-holder">
            <h2>
              <HolderCode holder={holder} /> <Name>{holderName(holder)}</Name> <span class="id">{holder.account}</span>
            </h2>
            <Holdings holder={holder} />
          </section>
        ))}
      {isPrinting && holders.length > 40 && (
        <p class="more-on-paper">… and what {numberText(holders.length - 40)} more accounts hold is in the file.</p>
      )}
    </>
  );
}

const columnCache = new WeakMap<Model, readonly Column<Holder>[]>();

/** The same columns for the same model, so that a table keeps its order. */
function columnsOf(model: Model): readonly Column<Holder>[] {
  const known = columnCache.get(model);
  if (known) return known;
  const columns: readonly Column<Holder>[] = [
    {
      id: 'holder',
      title: 'Holder',
      isHead: true,
      value: ({ account, name }) => `${name ?? ''} ${account}`,
      cell: (holder) => (
        <>
          <HolderChip holder={holder} hasId />
          {holder.isManagement && <span class="flag">management account</span>}
          {holder.state !== null && holder.state !== 'ACTIVE' && <span class="flag">{holder.state}</span>}
          {holder.name === null && holder.account !== '*' && <span class="flag">no account of this organization</span>}
        </>
      ),
    },
    { id: 'path', title: 'Organizational unit', value: ({ path }) => path ?? 'not known' },
    { id: 'count', title: 'Services', isNumber: true, value: ({ holdings }) => holdings.length },
    {
      id: 'services',
      title: 'Which',
      value: ({ holdings }) => holdings.map(({ serviceName }) => serviceName).join(', '),
    },
    {
      id: 'methods',
      title: 'By',
      value: ({ methods }) => methodList(methods),
    },
    {
      id: 'reach',
      title: 'Members in reach',
      isNumber: true,
      value: (holder) => largestReach(model, holder) ?? -1,
      cell: (holder) => {
        const count = largestReach(model, holder);
        return count === null ? <span class="unknown-text">not known</span> : numberText(count);
      },
    },
  ];
  columnCache.set(model, columns);
  return columns;
}

/** Of the service that reaches furthest. */
function largestReach(model: Model, holder: Holder): number | null {
  const counts = holder.holdings.map(({ service }) => reachOf(model, holder, service).count);
  return counts.includes(null) ? null : Math.max(0, ...counts.filter((count) => count !== null));
}

function Holdings({ holder }: { readonly holder: Holder }): JSX.Element {
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

/** Of a holder, and of any other account: all that is known of it here. */
function AccountPage({ id }: { readonly id: string }): JSX.Element {
  const { model } = usePage();
  const { organization, holderOf, accountIndex } = model;
  const holder = holderOf.get(id);
  const index = accountIndex.get(id);
  const { accounts, units } = organization;
  const unit = index === undefined ? undefined : units[accounts.units[index] ?? -1];
  const name = index === undefined ? (holder?.name ?? null) : (accounts.names[index] ?? null);
  const findings = verdictsOnAccount(model, id);
  const approvals = organization.approvals.filter(
    ({ account, hasDelegation, hasApproval }) => account === id && hasDelegation && !hasApproval,
  );
  return (
    <>
      <p class="trail">
        <Link to={['holders']}>Holders</Link>
        {unit && (
          <>
            {' / '}
            <Link to={['organization', unit.id]}>
              <Name>{unit.path}</Name>
            </Link>
          </>
        )}
      </p>
      <SectionHeading title={holderName({ account: id, name })}>
        {holder && <HolderCode holder={holder} />} <span class="id">{id}</span>
        {holder?.isManagement === true || id === organization.managementAccountId ? (
          <span class="flag">management account</span>
        ) : null}
      </SectionHeading>
      {index === undefined && !holder ? (
        <Empty>No account with this ID is in what was read.</Empty>
      ) : (
        <>
          <dl class="facts">
            <Fact title="State">
              {index === undefined
                ? 'no account of this organization'
                : (accounts.stateNames[accounts.states[index] ?? -1] ?? 'not known')}
            </Fact>
            <Fact title="Organizational unit">{unit?.path ?? 'not known'}</Fact>
            <Fact title="Holds">{plural(holder?.holdings.length ?? 0, 'service')}</Fact>
            <Fact title="Members in reach">{holder ? numberTextOr(largestReach(model, holder)) : 'none'}</Fact>
          </dl>
          <section>
            <h2>What it holds</h2>
            {holder ? (
              <Holdings holder={holder} />
            ) : (
              <Empty>{organization.openQuestions.length > 0 ? 'Nothing, as far as it was read.' : 'Nothing.'}</Empty>
            )}
          </section>
          {approvals.length > 0 && (
            <Notice title={`${plural(approvals.length, 'delegation')} of it nobody approved.`}>
              {' '}
              <Link to={['waivers']}>Approvals</Link>
            </Notice>
          )}
          <Findings findings={findings} />
          {index !== undefined && (
            <section>
              <h2>Guardrails on it</h2>
              <Guardrails members={[index]} />
            </section>
          )}
        </>
      )}
    </>
  );
}

function numberTextOr(count: number | null): string {
  return count === null ? 'not known' : numberText(count);
}
