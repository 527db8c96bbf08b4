import type { JSX } from 'preact';
import { AccountById } from '../parts/account.js';
import { SectionHeading } from '../parts/heading.js';
import { Empty, Notice } from '../parts/notice.js';
import { usePage } from '../parts/page_state.js';
import { Name } from '../parts/text.js';
import { GrantList } from './grants.js';

export function Policy(): JSX.Element {
  const { model } = usePage();
  const { policyState, grants, principals } = model.organization;
  return (
    <>
      <SectionHeading title="Delegation policy">
        What the resource policy of the organization lets member accounts do in AWS Organizations itself, wildcards
        written out.
      </SectionHeading>
      {policyState.status !== null ? (
        policyState.isAbsent ? (
          <Empty>There is no delegation policy: nobody but the management account manages policies.</Empty>
        ) : (
          <Notice title="What it grants is not known.">
            {' '}
            <Name>{policyState.reason}</Name>
          </Notice>
        )
      ) : principals.length === 0 ? (
        <Empty>It grants nobody anything.</Empty>
      ) : (
        principals.map((principal) => {
          const own = grants.filter(
            (grant) => grant.principal === principal.principal || (principal.principal === '*' && grant.isNotPrincipal),
          );
          return (
            <section key={principal.principal} class="card principal">
              <h2>
                {principal.account === null ? (
                  <Name>{principal.principal}</Name>
                ) : (
                  <AccountById id={principal.account} />
                )}
              </h2>
              <p class="quiet">
                <Name>{principal.principal}</Name>, by <Name>{principal.statements}</Name>
              </p>
              {principal.isPattern && <Notice title="Not one principal, but a pattern." tone="fail" />}
              {principal.account !== null && !principal.isFound && (
                <Notice title="No account of this organization." tone="fail" />
              )}
              <GrantList grants={own} />
            </section>
          );
        })
      )}
    </>
  );
}
