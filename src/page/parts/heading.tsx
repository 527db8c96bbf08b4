import type { ComponentChildren, JSX } from 'preact';

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
