import type { JSX } from 'preact';
import { methods, methodTitle } from '../model/kinds.js';
import type { Model } from '../model/model.js';
import { numberText, plural } from '../model/words.js';
import { Link } from '../parts/link.js';
import { DiffersMark } from '../parts/marks.js';
import { StatusIcon } from '../parts/status.js';

export function Delegations({ model }: { readonly model: Model }): JSX.Element {
  const { organization } = model;
  const rows = methods.map((method) => {
    const own = organization.delegations.filter((delegation) => delegation.method === method);
    return {
      method,
      pairs: new Set(own.map(({ service, account }) => `${service} ${account}`)).size,
      holders: new Set(own.map(({ account }) => account)).size,
      unsettled: own.filter(({ isHeld }) => !isHeld).length,
      open: organization.questions.filter((question) => question.method === method && !question.wasRead).length,
    };
  });
  const most = Math.max(1, ...rows.map(({ pairs }) => pairs));
  const differing = model.matrix.filter(({ hasDifference }) => hasDifference);
  return (
    <section class="card" aria-labelledby="methods-title">
      <h2 id="methods-title">Delegations by method</h2>
      <ul class="measures">
        {rows.map(({ method, pairs, holders, unsettled, open }) => (
          <li key={method}>
            <p class="measure">
              <span>{methodTitle(method)}</span>
              <b>{numberText(pairs)}</b>
            </p>
            <div class="track" aria-hidden="true">
              <span style={{ width: `${(pairs / most) * 100}%` }} />
            </div>
            <p class="quiet">
              {method === 'resource_policy'
                ? plural(holders, 'principal account')
                : `services by ${plural(holders, 'account')}`}
              {unsettled > 0 && `, ${unsettled} not settled`}
              {open > 0 && (
                <span class="unknown-text">
                  {' '}
                  <StatusIcon status="unknown" /> {plural(open, 'question')} without an answer
                </span>
              )}
            </p>
          </li>
        ))}
      </ul>
      {differing.length > 0 && (
        <p class="differing">
          <DiffersMark />{' '}
          <Link to={['services']}>
            {plural(differing.length, 'service')} {differing.length === 1 ? 'names' : 'name'} different holders
          </Link>{' '}
          by method or Region.
        </p>
      )}
    </section>
  );
}
