import type { JSX } from 'preact';
import type { Model } from '../model/model.js';
import { plural } from '../model/words.js';
import { Link } from '../parts/link.js';
import { Notice } from '../parts/notice.js';
import { Name } from '../parts/text.js';

/** What is missing stands on the first screen, whatever else is well. */
export function Gaps({ model }: { readonly model: Model }): JSX.Element | null {
  const { organization, coverage } = model;
  const missing = (coverage['denied'] ?? 0) + (coverage['failed'] ?? 0);
  const unseen = organization.openQuestions;
  if (missing === 0 && unseen.length === 0 && organization.wasRead) return null;
  const worst = organization.reads.filter(({ outcome }) => outcome === 'denied' || outcome === 'failed');
  const lines = [
    ...(organization.wasRead || organization.isAbsent
      ? []
      : [`The organization itself was not read: ${organization.readError ?? 'no reason is known'}.`]),
    ...unseen.slice(0, 2).map(({ serviceName, error }) => `${serviceName ?? 'Any service'}: ${error}`),
    ...(unseen.length === 0
      ? worst.slice(0, 2).map(({ operation, outcome, code, regions, accounts }) => {
          const where = regions.length === 0 ? '' : ` in ${regions.slice(0, 3).join(', ')}`;
          return `${operation}${where} was ${outcome}${code === null ? '' : ` (${code})`} for ${accounts.slice(0, 3).join(', ')}`;
        })
      : []),
  ];
  return (
    <Notice title={gapTitle(missing, unseen.length)}>
      <ul>
        {lines.map((line) => (
          <li key={line}>
            <Name>{line}</Name>
          </li>
        ))}
      </ul>
      <p class="onward">
        <Link to={['evidence']}>What each read said</Link>
      </p>
    </Notice>
  );
}

function gapTitle(missing: number, unseen: number): string {
  if (unseen > 0) return 'More accounts may hold something than this report shows.';
  if (missing > 0)
    return `${plural(missing, 'read')} did not get through. No holder is hidden by it, but settings of theirs may be.`;
  return 'The organization was not read.';
}
