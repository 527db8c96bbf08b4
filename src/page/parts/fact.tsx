import type { ComponentChildren, JSX } from 'preact';

/** Stands in a `dl` of the class `facts`. */
export function Fact({
  title,
  class: className,
  children,
}: {
  readonly title: string;
  readonly class?: string | undefined;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <div class={className}>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}
