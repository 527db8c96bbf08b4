import type { JSX } from 'preact';
import { outcomeNames } from '../model/kinds.js';
import type { Model } from '../model/model.js';
import { numberText, plural } from '../model/words.js';
import { Link } from '../parts/link.js';
import { Empty } from '../parts/notice.js';

function Bar({
  parts,
  label,
}: {
  readonly parts: readonly { readonly kind: string; readonly count: number }[];
  readonly label: string;
}): JSX.Element {
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  return (
    <div class="bar" role="img" aria-label={label}>
      {parts
        .filter(({ count }) => count > 0)
        .map(({ kind, count }) => (
          // Something is never drawn as nothing.
          <span key={kind} class={`bar-${kind}`} style={{ flexGrow: count / total, flexBasis: '4px' }} />
        ))}
    </div>
  );
}

export function Coverage({ model }: { readonly model: Model }): JSX.Element {
  const { coverage, organization } = model;
  const outcomes = Object.entries(coverage);
  const total = outcomes.reduce((sum, [, count]) => sum + count, 0);
  const unread = organization.tables.filter(({ wasRead }) => !wasRead);
  return (
    <section class="card" aria-labelledby="coverage-title">
      <h2 id="coverage-title">What was read</h2>
      {total === 0 ? (
        <Empty>No read is recorded.</Empty>
      ) : (
        <>
          <Bar
            parts={outcomes.map(([kind, count]) => ({ kind, count }))}
            label={outcomes
              .map(([outcome, count]) => `${numberText(count)} ${outcomeNames[outcome] ?? outcome}`)
              .join(', ')}
          />
          <dl class="legend">
            {outcomes.map(([outcome, count]) => (
              <div key={outcome} class={count === 0 ? 'zero' : undefined}>
                <dt>
                  <span class={`swatch bar-${outcome}`} aria-hidden="true" />
                  {outcomeNames[outcome] ?? outcome}
                </dt>
                <dd>{numberText(count)}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      <p class="quiet">
        {unread.length === 0
          ? `All ${organization.tables.length} tables are whole.`
          : `${plural(unread.length, 'table')} of ${organization.tables.length} ${unread.length === 1 ? 'is' : 'are'} not whole: ${unread
              .slice(0, 2)
              .map(({ name }) => name)
              .join(', ')}${unread.length > 2 ? ' and others' : ''}.`}{' '}
        <Link to={['evidence']}>Evidence</Link>
      </p>
    </section>
  );
}
