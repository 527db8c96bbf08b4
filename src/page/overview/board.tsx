import type { JSX } from 'preact';
import { severities, statuses, statusName } from '../model/kinds.js';
import type { Model } from '../model/model.js';
import { byUrgency, type RuleState } from '../model/rule_state.js';
import { numberText, plural } from '../model/words.js';
import { Link } from '../parts/link.js';
import { Severity, StatusIcon } from '../parts/status.js';

/** One tile for each rule: nobody has to weigh fifty thousand passes against three failures. */
export function Board({ model }: { readonly model: Model }): JSX.Element {
  return (
    <section class="card board" aria-labelledby="board-title">
      <h2 id="board-title">Verdicts by severity</h2>
      <p class="quiet">A tile is a rule, by the worst that it says. The numbers count verdicts.</p>
      <table>
        <caption class="visually-hidden">Verdicts by severity and status</caption>
        <thead>
          <tr>
            <th scope="col">Severity</th>
            <th scope="col" class="tiles-head">
              Rules
            </th>
            {statuses.map((status) => (
              <th scope="col" class="number" key={status}>
                <span class={`status status-${status}`}>
                  {status === 'not_applicable' ? 'n/a' : statusName(status)}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {severities.map((severity) => {
            const rules = model.rules.filter(({ rule }) => rule.severity === severity).sort(byUrgency);
            const counts = model.bySeverity[severity];
            return (
              <tr key={severity}>
                <th scope="row">
                  <Severity severity={severity} />
                </th>
                <td class="tiles">
                  <ul>
                    {rules.map((state) => (
                      <li key={state.rule.id}>
                        <Tile state={state} />
                      </li>
                    ))}
                  </ul>
                </td>
                {statuses.map((status) => (
                  <td key={status} class={`number count-${status}${counts[status] === 0 ? ' zero' : ''}`}>
                    {numberText(counts[status])}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">All</th>
            <td class="quiet">{plural(model.rules.length, 'rule')}</td>
            {statuses.map((status) => (
              <td key={status} class={`number count-${status}${model.totals[status] === 0 ? ' zero' : ''}`}>
                {numberText(model.totals[status])}
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </section>
  );
}

function Tile({ state: { rule, worst, counts } }: { readonly state: RuleState }): JSX.Element {
  const said =
    worst === null
      ? 'not run'
      : statuses
          .filter((status) => counts[status] > 0)
          .map((status) => `${numberText(counts[status])} ${statusName(status)}`)
          .join(', ');
  return (
    <Link to={['rules', rule.id]} class={`tile tile-${worst ?? 'not_run'}`} label={`${rule.title}: ${said}`}>
      <span title={`${rule.title}: ${said}`}>
        {worst === null ? <span class="not-run">·</span> : <StatusIcon status={worst} />}
      </span>
    </Link>
  );
}
