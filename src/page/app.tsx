import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { PageData } from '../report/page_data.js';
import { Banner } from './banner.js';
import { Changes } from './changes/changes.js';
import { Evidence } from './evidence/evidence.js';
import { Holders } from './holders/holders.js';
import { makeModel } from './model/model.js';
import { timeText } from './model/times.js';
import { Sections } from './navigation.js';
import { Organization } from './organization/organization.js';
import { NothingRead } from './overview/nothing_read.js';
import { Overview } from './overview/overview.js';
import { PageContext, usePage } from './parts/page_state.js';
import { Policy } from './policy/policy.js';
import { parseRoute, sections, type SectionId } from './route.js';
import { Rules } from './rules/rules.js';
import { Results } from './search/results.js';
import { Services } from './services/services.js';
import { Waivers } from './waivers/waivers.js';

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
