import type { ComponentChildren, JSX } from 'preact';
import { StatusIcon } from './status.js';

export function SectionHeading({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ComponentChildren;
}): JSX.Element {
  return (
    <header class="section-heading">
      <h1 tabIndex={-1}>{title}</h1>
      {children !== undefined && <p class="lead">{children}</p>}
    </header>
  );
}

export function Empty({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return <p class="empty">{children}</p>;
}

export function Notice({
  title,
  children,
  tone = 'unknown',
}: {
  readonly title: string;
  readonly children?: ComponentChildren;
  readonly tone?: 'unknown' | 'fail' | 'plain';
}): JSX.Element {
  return (
    <div class={`notice notice-${tone}`} role="note">
      {tone !== 'plain' && <StatusIcon status={tone} />}
      <div>
        <strong>{title}</strong>
        {children}
      </div>
    </div>
  );
}

export function Fact({
  title,
  children,
}: {
  readonly title: string;
  readonly children: JSX.Element | (JSX.Element | string | number | false | null)[] | string | number;
}): JSX.Element {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}
