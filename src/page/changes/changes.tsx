import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { timeText } from '../model/times.js';
import { plural } from '../model/words.js';
import { Empty, Notice, SectionHeading } from '../parts/blocks.js';
import { Choice } from '../parts/choice.js';
import { DataTable } from '../parts/data_table.js';
import { usePage } from '../parts/state.js';
import { Name } from '../parts/text.js';
import { driftColumns } from './drift.js';
import { changeColumns, isOpen } from './events.js';
import { resultColumns } from './results.js';
import { Timeline } from './timeline.js';

export function Changes(): JSX.Element {
  const { model, isPrinting } = usePage();
  const { organization } = model;
  const { changes, drift, resultChanges, changesSince, tables, lookbackDays } = organization;
  const eventTable = tables.find(({ name }) => name === 'aws_cloudtrail_organization_events');
  const [filter, setFilter] = useState<'all' | 'open' | 'refused'>('all');
  const shown = useMemo(
    () => changes.filter((change) => filter === 'all' || (filter === 'open' ? isOpen(change) : !change.wasAllowed)),
    [changes, filter],
  );
  return (
    <>
      <SectionHeading title="Changes">
        Who changed the organization, its policies or its administrators, and what became different from sync to sync.
      </SectionHeading>
      <section>
        <h2>From sync to sync</h2>
        {drift === null ? (
          <Empty>This database keeps no history of delegations yet.</Empty>
        ) : (
          <DataTable
            caption={`What became different since ${timeText(changesSince)}`}
            columns={driftColumns}
            rows={drift}
            what="changes"
            empty={`Nothing became different since ${timeText(changesSince)}.`}
          />
        )}
      </section>
      {(drift === null || resultChanges.length > 0) && (
        <section>
          <h2>Verdicts that changed</h2>
          <DataTable
            caption={`Verdicts that changed from run to run since ${timeText(changesSince)}, those of one run, rule and status together`}
            columns={resultColumns}
            rows={resultChanges}
            what="changes"
            empty={`No verdict changed since ${timeText(changesSince)}.`}
          />
        </section>
      )}
      <section>
        <h2>Events of CloudTrail</h2>
        {eventTable !== undefined && !eventTable.wasRead && (
          <Notice title="Not all events were read:">
            {' '}
            <Name>{eventTable.error}</Name>
          </Notice>
        )}
        {changes.length > 0 && <Timeline changes={changes} />}
        <DataTable
          caption={`Events${lookbackDays === null ? '' : `; the newest sync looked back on ${plural(lookbackDays, 'day')}`}`}
          columns={changeColumns}
          rows={shown}
          what="events"
          empty={filter === 'all' ? 'No event is in the history that was read.' : 'No event is like that.'}
        >
          {!isPrinting && (
            <Choice
              label="Show"
              value={filter}
              onChange={setFilter}
              values={[
                ['all', 'All'],
                ['open', 'Significant, not approved'],
                ['refused', 'Refused'],
              ]}
            />
          )}
        </DataTable>
      </section>
    </>
  );
}
