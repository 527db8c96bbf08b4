import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { outcomeNames } from '../model/kinds.js';
import { ageText, timeText } from '../model/times.js';
import { numberText, plural } from '../model/words.js';
import { Fact, SectionHeading } from '../parts/blocks.js';
import { Choice } from '../parts/choice.js';
import { DataTable } from '../parts/data_table.js';
import { usePage } from '../parts/state.js';
import { Name } from '../parts/text.js';
import { questionColumns } from './questions.js';
import { isCalm, readColumns } from './reads.js';
import { tableColumns } from './tables.js';

export function Evidence(): JSX.Element {
  const { model, now, isPrinting } = usePage();
  const { data, organization, coverage } = model;
  const { reads, tables, openQuestions } = organization;
  const [outcome, setOutcome] = useState('all');
  const shown = useMemo(
    () => reads.filter((read) => (isPrinting ? !isCalm(read) : outcome === 'all' || read.outcome === outcome)),
    [reads, outcome, isPrinting],
  );
  const notWhole = tables.filter(({ wasRead }) => !wasRead).length;
  const calm = reads.filter(isCalm).reduce((sum, { count }) => sum + count, 0);
  const total = Object.values(coverage).reduce((sum, count) => sum + count, 0);
  return (
    <>
      <SectionHeading title="Evidence">
        What this report rests on: when it was read, by what, and how each read ended.
      </SectionHeading>
      <dl class="facts facts-wide">
        <Fact title="Synced">
          {timeText(organization.syncTime)}
          <span class="id">
            {organization.syncTime === null
              ? ''
              : `${ageText(organization.syncTime, now)}; too old after ${plural(organization.maxAgeHours, 'hour')}`}
          </span>
        </Fact>
        <Fact title="Judged">
          {timeText(data.executedAt)}
          <span class="id">{ageText(data.executedAt, now)}</span>
        </Fact>
        <Fact title="Program">aws-delegation {data.version}</Fact>
        <Fact title="Views and rules">
          {data.packVersion}
          <span class="id">
            {data.ranOnly === null
              ? `all ${data.rules.length} rules were run`
              : `${data.ranOnly.length} of ${data.rules.length} rules were run`}
          </span>
        </Fact>
        <Fact title="Tables">
          {plural(tables.length, 'table')}
          <span class="id">{notWhole === 0 ? 'all whole' : `${numberText(notWhole)} not whole`}</span>
        </Fact>
        <Fact title="Source">
          <Name>{organization.sourceName}</Name>
          <span class="id">asked as {organization.askingAccountId ?? 'an account that is not known'}</span>
        </Fact>
        <Fact title="Organization">
          <Name>{organization.organizationId ?? 'not read'}</Name>
          <span class="id">
            {[
              organization.partition,
              organization.featureSet === 'ALL' ? 'all features' : organization.featureSet,
              organization.scpStatus === null ? 'SCPs not known' : `SCPs ${organization.scpStatus}`,
            ]
              .filter((part) => part !== null)
              .join(', ')}
          </span>
        </Fact>
        <Fact title="Reads">
          {numberText(total)}
          <span class="id">
            {Object.entries(coverage)
              .filter(([, count]) => count > 0)
              .map(([name, count]) => `${numberText(count)} ${outcomeNames[name] ?? name}`)
              .join(', ')}
          </span>
        </Fact>
      </dl>
      {openQuestions.length > 0 && (
        <section>
          <h2>Questions without an answer</h2>
          <DataTable
            caption="What was not answered and may hide a delegation"
            columns={questionColumns}
            rows={openQuestions}
            what="questions"
            empty=""
          />
        </section>
      )}
      <section>
        <h2>Tables</h2>
        <DataTable
          caption="Whether all rows of each table were read"
          columns={tableColumns}
          rows={tables}
          what="tables"
          first={12}
          onPaper={100}
          empty="No table is known: nothing was synced."
        />
      </section>
      <section>
        <h2>What each read said</h2>
        <DataTable
          caption="Reads of the newest sync, those with one outcome together"
          columns={readColumns}
          rows={shown}
          what="reads"
          first={30}
          onPaper={300}
          empty={reads.length === 0 ? 'No read is recorded.' : 'Each read was answered.'}
        >
          {!isPrinting && (
            <Choice
              label="Outcome"
              value={outcome}
              onChange={setOutcome}
              values={[
                ['all', 'All'],
                ...Object.keys(coverage)
                  .filter((each) => (coverage[each] ?? 0) > 0)
                  .map((each) => [each, each] as const),
              ]}
            />
          )}
        </DataTable>
        {isPrinting && calm > 0 && (
          <p class="more-on-paper">
            Not printed, and in the file: {plural(calm, 'read')} that AWS answered, or that had nothing there to ask.
          </p>
        )}
      </section>
    </>
  );
}
