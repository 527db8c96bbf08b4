import { Fragment, type JSX } from 'preact';

/** A name that somebody chose: its reading direction is its own affair. */
export function Name({ children }: { readonly children: string | null | undefined }): JSX.Element {
  return <bdi>{children ?? ''}</bdi>;
}

/** What stands between backticks is code, as in the Markdown that rules are written in. */
export function Marked({ children }: { readonly children: string }): JSX.Element {
  return (
    <bdi>
      {children
        .split(/(`[^`]+`)/)
        .map((part, place) => (place % 2 === 1 ? <code key={place}>{part.slice(1, -1)}</code> : part))}
    </bdi>
  );
}

/** A path, an ARN, an address: it breaks where its parts do. */
export function Breakable({ children }: { readonly children: string }): JSX.Element {
  return (
    <bdi>
      {children.split(/(?<=[:_./@])/).map((part, place) => (
        <Fragment key={place}>
          {place > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </bdi>
  );
}

export function Code({ children }: { readonly children: string }): JSX.Element {
  return (
    <code>
      <Breakable>{children}</Breakable>
    </code>
  );
}
