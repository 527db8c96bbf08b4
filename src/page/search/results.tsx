import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { numberText, plural } from '../model/words.js';
import { SectionHeading } from '../parts/heading.js';
import { Link } from '../parts/link.js';
import { Empty } from '../parts/notice.js';
import { usePage } from '../parts/page_state.js';
import { Name } from '../parts/text.js';
import { search } from './search.js';

export function Results({ query }: { readonly query: string }): JSX.Element {
  const { model } = usePage();
  const groups = useMemo(() => search(model, query), [model, query]);
  const total = groups.reduce((sum, group) => sum + group.total, 0);
  return (
    <>
      <SectionHeading title={query.trim() === '' ? 'Search' : `“${query}”`} />
      <p role="status">{query.trim() === '' ? 'Type words into the field above.' : `${plural(total, 'hit')}.`}</p>
      {total === 0 && query.trim() !== '' && <Empty>Nothing in this report has all of these words in it.</Empty>}
      {groups.map(({ kind, hits, total: all }) => (
        <section key={kind}>
          <h2>
            {kind} <span class="quiet">{numberText(all)}</span>
          </h2>
          <ul class="hits">
            {hits.map((hit, index) => (
              <li key={index}>
                <Link to={hit.path}>
                  <Name>{hit.title}</Name>
                </Link>
                <p class="quiet">
                  <Name>{hit.detail}</Name>
                </p>
              </li>
            ))}
          </ul>
          {all > hits.length && (
            <p class="quiet">… and {numberText(all - hits.length)} more. A further word narrows it.</p>
          )}
        </section>
      ))}
    </>
  );
}
