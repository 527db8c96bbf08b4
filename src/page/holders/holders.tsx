import type { JSX } from 'preact';
import { nobodyHolds, type Holder } from '../model/holder.js';
import { methodList } from '../model/kinds.js';
import type { Model } from '../model/model.js';
import { largestReach } from '../model/reach.js';
import { numberText, plural } from '../model/words.js';
import { DataTable, type Column } from '../parts/data_table.js';
import { SectionHeading } from '../parts/heading.js';
import { HolderChip, HolderCode, holderName } from '../parts/holder.js';
import { Link } from '../parts/link.js';
import { Notice } from '../parts/notice.js';
import { usePage } from '../parts/page_state.js';
import { Name } from '../parts/text.js';
import { AccountPage } from './account_page.js';
import { Holdings } from './holdings.js';

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
        empty={nobodyHolds(model.organization)}
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
