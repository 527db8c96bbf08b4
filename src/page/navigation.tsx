import type { JSX } from 'preact';
import { numberText } from './model/words.js';
import { usePage } from './parts/page_state.js';
import { hashOf, sections, type Route, type SectionId } from './route.js';

export function Sections({ route }: { readonly route: Route }): JSX.Element {
  const { model } = usePage();
  const { organization, totals, holders, matrix } = model;
  const numbers: Partial<Record<SectionId, number>> = {
    services: matrix.filter(({ isShown }) => isShown).length,
    organization: organization.accounts.ids.length,
    holders: holders.length,
    policy: organization.principals.length,
    rules: totals.fail,
    changes: organization.changes.length,
    waivers: organization.waivers.length,
  };
  return (
    <nav class="sections" aria-label="Sections">
      <ul>
        {sections.map(({ id, title }) => (
          <li key={id}>
            <a href={hashOf(id, [], route.source)} aria-current={route.section === id ? 'page' : undefined}>
              {title}
              {numbers[id] !== undefined && (
                <span class={`nav-count${id === 'rules' && totals.fail > 0 ? ' nav-fail' : ''}`}>
                  {numberText(numbers[id])}
                  {id === 'rules' && <span class="visually-hidden"> findings</span>}
                </span>
              )}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
