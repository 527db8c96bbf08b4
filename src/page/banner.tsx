import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { PageData } from '../report/page_data.js';
import { Link } from './parts/link.js';
import { usePage } from './parts/page_state.js';
import { Name } from './parts/text.js';
import { hashOf, type Route } from './route.js';
import { ThemeSwitch } from './theme.js';

export function Banner({
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
