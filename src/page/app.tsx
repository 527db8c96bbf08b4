import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { PageData } from '../report/page_data.js';
import { Changes } from './changes.js';
import { Evidence } from './evidence.js';
import { Holders } from './holders.js';
import { makeModel, numberText, plural, timeText } from './model.js';
import { Organization } from './organization.js';
import { NothingRead, Overview } from './overview.js';
import { Empty, Link, Name, PageContext, SectionHeading, usePage } from './parts.js';
import { Policy } from './policy.js';
import { hashOf, parseRoute, sections, type Route, type SectionId } from './route.js';
import { Rules } from './rules.js';
import { search } from './search.js';
import { Services } from './services.js';
import { Waivers } from './waivers.js';

const views: Readonly<Record<SectionId, () => JSX.Element>> = {
  overview: Overview,
  services: Services,
  organization: Organization,
  holders: Holders,
  policy: Policy,
  rules: Rules,
  changes: Changes,
  waivers: Waivers,
  evidence: Evidence,
};

export function App({
  data,
  isPrinting,
  print,
}: {
  readonly data: PageData;
  readonly isPrinting: boolean;
  readonly print: () => void;
}): JSX.Element {
  const [route, setRoute] = useState(() => parseRoute(location.hash));
  const [now] = useState(() => Date.now());
  const isFirst = useRef(true);
  useEffect(() => {
    const onHash = (): void => {
      setRoute(parseRoute(location.hash));
    };
    addEventListener('hashchange', onHash);
    return () => {
      removeEventListener('hashchange', onHash);
    };
  }, []);
  const organization =
    data.organizations.find(({ sourceName }) => sourceName === route.source) ?? data.organizations[0];
  const model = useMemo(() => (organization ? makeModel(data, organization) : null), [data, organization]);
  const title = route.section === 'search' ? 'Search' : (sections.find(({ id }) => id === route.section)?.title ?? '');
  useEffect(() => {
    document.title = `${title}: AWS delegation of ${organization?.organizationId ?? 'nothing read'}`;
  }, [title, organization]);
  // Who reads by ear or by keyboard goes on where the new section begins; a search goes on where one types.
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false;
      return;
    }
    if (route.section === 'search') return;
    scrollTo(0, 0);
    document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true });
  }, [route.section, route.path.join('/'), route.source]);
  if (model === null) return <NothingRead reason="There is no row about any organization." />;
  const state = { model, route, isPrinting, now };
  if (isPrinting) {
    return (
      <PageContext.Provider value={state}>
        <OnPaper />
      </PageContext.Provider>
    );
  }
  return (
    <PageContext.Provider value={state}>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.querySelector<HTMLElement>('main h1')?.focus();
        }}
      >
        Skip to the content
      </a>
      <Banner data={data} route={route} print={print} />
      <Sections route={route} />
      <main id="main">
        {route.section === 'search' ? (
          <Results query={route.path.join('/')} />
        ) : (
          <View key={`${route.section} ${route.source ?? ''}`} id={route.section} />
        )}
      </main>
      <footer class="foot">
        Judged {timeText(data.executedAt)} by aws-delegation {data.version}. This file asks nobody anything: all that it
        shows is in it.
      </footer>
    </PageContext.Provider>
  );
}

function View({ id }: { readonly id: SectionId }): JSX.Element {
  const Shown = views[id];
  return <Shown />;
}

/** Section after section, each on a page of its own. */
function OnPaper(): JSX.Element {
  const { model } = usePage();
  const { data } = model;
  return (
    <main class="paper">
      {sections.map(({ id }) => (
        <section key={id} class={`paper-section paper-${id}`}>
          <View id={id} />
        </section>
      ))}
      <footer class="foot">
        Judged {timeText(data.executedAt)} by aws-delegation {data.version}.
      </footer>
    </main>
  );
}

function Banner({
  data,
  route,
  print,
}: {
  readonly data: PageData;
  readonly route: Route;
  readonly print: () => void;
}): JSX.Element {
  const { model } = usePage();
  const field = useRef<HTMLInputElement>(null);
  const query = route.section === 'search' ? route.path.join('/') : '';
  const [text, setText] = useState(query);
  useEffect(() => {
    if (field.current !== document.activeElement) setText(query);
  }, [query]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const isTyping = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
      if (event.key !== '/' || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      field.current?.focus();
    };
    addEventListener('keydown', onKey);
    return () => {
      removeEventListener('keydown', onKey);
    };
  }, []);
  const go = (words: string): void => {
    setText(words);
    const hash = words.trim() === '' ? hashOf('overview', [], route.source) : hashOf('search', [words], route.source);
    // One step back leaves the search, however many letters it took.
    if (route.section === 'search') {
      history.replaceState(null, '', hash);
      dispatchEvent(new HashChangeEvent('hashchange'));
    } else {
      location.hash = hash;
    }
  };
  return (
    <header class="banner">
      <Link to={['overview']} class="brand" label="AWS delegation: overview">
        <svg viewBox="0 0 24 24" aria-hidden="true">
          <path d="M12 4.5v5M12 9.5H5.5v4.5M12 9.5h6.5v4.5M12 9.5v4.5" />
          <circle cx="12" cy="4" r="2.2" />
          <circle cx="5.5" cy="16.5" r="2.2" />
          <circle cx="12" cy="16.5" r="2.2" class="held" />
          <circle cx="18.5" cy="16.5" r="2.2" />
        </svg>
        <span>AWS delegation</span>
      </Link>
      {data.organizations.length > 1 ? (
        <span class="filter">
          <label for="source">Organization</label>
          <select
            id="source"
            value={model.organization.sourceName ?? ''}
            onChange={({ currentTarget }) => {
              location.hash = hashOf(route.section === 'search' ? 'overview' : route.section, [], currentTarget.value);
            }}
          >
            {data.organizations.map(({ sourceName, organizationId }) => (
              <option key={sourceName} value={sourceName ?? ''}>
                {organizationId ?? 'not read'} ({sourceName})
              </option>
            ))}
          </select>
        </span>
      ) : (
        <span class="which">
          <Name>{model.organization.organizationId ?? ''}</Name>
        </span>
      )}
      <search>
        <label class="visually-hidden" for="search">
          Search everything
        </label>
        <input
          id="search"
          ref={field}
          type="search"
          placeholder="Search everything  ( / )"
          value={text}
          onInput={({ currentTarget }) => {
            go(currentTarget.value);
          }}
        />
      </search>
      <ThemeSwitch />
      <button type="button" class="tool" onClick={print}>
        Print
      </button>
    </header>
  );
}

type Theme = 'light' | 'dark';

function ThemeSwitch(): JSX.Element {
  const [theme, setTheme] = useState<Theme>(
    () =>
      (document.documentElement.dataset['theme'] as Theme | undefined) ??
      (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'),
  );
  const other: Theme = theme === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      class="tool"
      aria-label={`Switch to ${other} colours`}
      onClick={() => {
        document.documentElement.dataset['theme'] = other;
        setTheme(other);
        try {
          localStorage.setItem('aws-delegation-theme', other);
        } catch {
          // A file may have no storage; then it is for this visit.
        }
      }}
    >
      {other === 'dark' ? 'Dark' : 'Light'}
    </button>
  );
}

function Sections({ route }: { readonly route: Route }): JSX.Element {
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

function Results({ query }: { readonly query: string }): JSX.Element {
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
                <Link to={[...hit.path]}>
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
