import type { JSX } from 'preact';
import { Name } from '../parts/text.js';

export function NothingRead({ reason }: { readonly reason: string | null }): JSX.Element {
  return (
    <div class="nothing">
      <svg viewBox="0 0 120 60" aria-hidden="true">
        <path d="M60 8v14M60 22H22v14M60 22v14M60 22h38v14" />
        <rect x="12" y="36" width="20" height="14" rx="3" />
        <rect x="50" y="36" width="20" height="14" rx="3" />
        <rect x="88" y="36" width="20" height="14" rx="3" />
      </svg>
      <h1 tabIndex={-1}>Nothing was read yet</h1>
      <p>
        <Name>{reason ?? 'No reason is known.'}</Name>
      </p>
      <p>
        This is no statement about any organization: neither good nor bad. Run <code>aws-delegation sync spec.yml</code>
        , then <code>aws-delegation report</code> again.
      </p>
    </div>
  );
}
