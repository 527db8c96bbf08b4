import type { JSX } from 'preact';
import type { Model } from '../model/model.js';
import { byUrgency } from '../model/rule_state.js';
import { Link } from '../parts/link.js';
import { Sentence } from '../parts/sentence.js';
import { Severity, Status } from '../parts/status.js';

/** The gravest findings, each with what to do. */
export function Gravest({ model }: { readonly model: Model }): JSX.Element | null {
  const failing = model.rules.filter(({ worst }) => worst === 'fail').sort(byUrgency);
  if (failing.length === 0) return null;
  return (
    <section class="first" aria-labelledby="first-title">
      <h2 id="first-title">To look at first</h2>
      <ol>
        {failing.slice(0, 6).map(({ rule, counts, verdicts }) => {
          const verdict = verdicts.find(({ status }) => status === 'fail');
          return (
            <li key={rule.id} class="card">
              <p class="first-head">
                <Severity severity={rule.severity} />
                <Status status="fail" count={counts.fail} />
              </p>
              <h3>
                <Link to={['rules', rule.id]}>{rule.title}</Link>
              </h3>
              {verdict && (
                <p class="clamped">
                  <Sentence verdict={verdict} />
                </p>
              )}
            </li>
          );
        })}
      </ol>
      {failing.length > 6 && (
        <p class="onward">
          <Link to={['rules']}>All {failing.length} rules with findings</Link>
        </p>
      )}
    </section>
  );
}
