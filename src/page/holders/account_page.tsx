import type { JSX } from 'preact';
import { largestReach } from '../model/reach.js';
import { verdictsOnAccount } from '../model/verdicts.js';
import { countText, plural } from '../model/words.js';
import { Fact } from '../parts/fact.js';
import { Guardrails } from '../parts/guardrails.js';
import { SectionHeading } from '../parts/heading.js';
import { HolderCode, holderName } from '../parts/holder.js';
import { Link } from '../parts/link.js';
import { Empty, Notice } from '../parts/notice.js';
import { usePage } from '../parts/page_state.js';
import { Name } from '../parts/text.js';
import { Findings } from '../parts/verdicts.js';
import { Holdings } from './holdings.js';

/** Of a holder, and of any other account: all that is known of it here. */
export function AccountPage({ id }: { readonly id: string }): JSX.Element {
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
            <Fact title="Members in reach">{holder ? countText(largestReach(model, holder)) : 'none'}</Fact>
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
