import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { numberText, plural } from '../model/words.js';
import { Choice } from '../parts/choice.js';
import { SectionHeading } from '../parts/heading.js';
import { Empty } from '../parts/notice.js';
import { usePage } from '../parts/page_state.js';
import { Legend } from './legend.js';
import { Matrix } from './matrix.js';
import { ServicePage } from './service_page.js';
import { WholeServices } from './whole_services.js';

type Filter = 'used' | 'different' | 'unread' | 'all';

export function Services(): JSX.Element {
  const { model, route, isPrinting } = usePage();
  const [service, region] = route.section === 'services' ? route.path : [];
  const row = model.matrix.find(({ id }) => id === service);
  const [filter, setFilter] = useState<Filter>('used');
  const rows = model.matrix.filter(
    (each) =>
      filter === 'all' ||
      (filter === 'used' && each.isShown) ||
      (filter === 'different' && each.hasDifference) ||
      (filter === 'unread' && each.hasUnread),
  );
  const left = model.matrix.filter(({ isShown }) => !isShown);
  const regional = rows.filter(({ cells }) => cells !== null);
  const others = rows.filter(({ cells }) => cells === null);
  if (row && !isPrinting) return <ServicePage row={row} region={region} />;
  return (
    <>
      <SectionHeading title="Services">
        Who administers what, in each Region: as AWS Organizations has it registered, and as each service says itself.
      </SectionHeading>
      {model.matrix.length === 0 ? (
        <Empty>The catalogue of services was not read, and nobody is known to hold anything.</Empty>
      ) : (
        <>
          {!isPrinting && (
            <div class="filters">
              <Choice
                label="Show"
                value={filter}
                onChange={setFilter}
                values={[
                  ['used', 'In use or held'],
                  ['different', 'With disagreements'],
                  ['unread', 'Not all read'],
                  ['all', `All ${model.matrix.length}`],
                ]}
              />
              <span class="found" role="status">
                {numberText(rows.length)} of {plural(model.matrix.length, 'service')}
              </span>
            </div>
          )}
          <Legend />
          <h2>Services with an administrator in each Region</h2>
          {regional.length === 0 ? <Empty>None of these services.</Empty> : <Matrix rows={regional} />}
          <h2>Services with one administrator for all Regions</h2>
          {others.length === 0 ? <Empty>None of these services.</Empty> : <WholeServices rows={others} />}
          {filter === 'used' && left.length > 0 && (
            <p class="quiet">
              {isPrinting
                ? `Neither in use nor held by anybody: ${left.map(({ name }) => name).join(', ')}.`
                : `${plural(left.length, 'service')} of the catalogue ${left.length === 1 ? 'is' : 'are'} not shown: neither in use nor held by anybody.`}
            </p>
          )}
        </>
      )}
    </>
  );
}
