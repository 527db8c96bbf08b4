import type { ComponentChildren, JSX } from 'preact';
import { StatusIcon } from './status.js';

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

/** Why there is nothing to be seen. */
export function Empty({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return <p class="empty">{children}</p>;
}
