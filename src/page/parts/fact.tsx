import type { JSX } from 'preact';

/** Stands in a `dl` of the class `facts`. */
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
