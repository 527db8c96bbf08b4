import type { ComponentChildren, JSX } from 'preact';
import { hashOf, type Route } from '../route.js';
import { usePage } from './page_state.js';
import { Code } from './text.js';

export function Link({
  to,
  class: className,
  label,
  children,
}: {
  readonly to: readonly [Route['section'], ...string[]];
  readonly class?: string;
  readonly label?: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { route } = usePage();
  const [section, ...path] = to;
  return (
    <a href={hashOf(section, path, route.source)} class={className} aria-label={label}>
      {children}
    </a>
  );
}

export function RuleLink({ id }: { readonly id: string }): JSX.Element {
  return (
    <Link to={['rules', id]}>
      <Code>{id}</Code>
    </Link>
  );
}
