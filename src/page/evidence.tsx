import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { PageOpenQuestion, PageRead, PageTable } from '../report/page_data.js';
import { ageText, capital, causeNames, methodNames, numberText, plural, timeText } from './model.js';
import { Choice, Code, DataTable, Name, Regions, SectionHeading, StatusIcon, usePage, type Column } from './parts.js';
import { outcomeNames } from './overview.js';
import { Fact } from './services.js';

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

/** Told on paper by a number. */
const isCalm = ({ outcome }: PageRead): boolean => outcome === 'ok' || outcome === 'absent';

function Outcome({ outcome }: { readonly outcome: string }): JSX.Element {
  const status = outcome === 'ok' ? 'pass' : outcome === 'absent' ? 'not_applicable' : 'unknown';
  return (
    <span class={`status status-${status}`}>
      <StatusIcon status={status} /> {outcomeNames[outcome] ?? outcome}
    </span>
  );
}

const readColumns: readonly Column<PageRead>[] = [
  {
    id: 'operation',
    title: 'Operation and table',
    isHead: true,
    value: ({ operation, table }) => `${operation} ${table}`,
    cell: ({ operation, table }) => (
      <>
        {operation !== '' && <Code>{operation}</Code>}
        <span class="id">
          <Code>{table}</Code>
        </span>
      </>
    ),
  },
  {
    id: 'outcome',
    title: 'Outcome',
    value: ({ outcome }) => outcome,
    cell: ({ outcome }) => <Outcome outcome={outcome} />,
  },
  { id: 'count', title: 'Reads', isNumber: true, value: ({ count }) => count },
  { id: 'rows', title: 'Rows', isNumber: true, value: ({ rows }) => rows },
  {
    id: 'where',
    title: 'Regions',
    value: ({ regions }) => regions.join(' '),
    cell: ({ regions }) => (regions.length === 0 ? <span class="quiet">global</span> : <Regions regions={regions} />),
  },
  {
    id: 'said',
    title: 'What came back',
    value: ({ code, message, accounts }) => [code, message, ...accounts].join(' '),
    cell: ({ code, message, accounts, outcome }) =>
      outcome === 'ok' ? (
        <span class="quiet">{accounts.length === 1 ? accounts[0] : plural(accounts.length, 'account')}</span>
      ) : (
        <>
          <b>
            <Name>{code}</Name>
          </b>{' '}
          <span class="message">
            <Name>{message}</Name>
          </span>
        </>
      ),
  },
];

const tableColumns: readonly Column<PageTable>[] = [
  { id: 'name', title: 'Table', isHead: true, value: ({ name }) => name, cell: ({ name }) => <Code>{name}</Code> },
  {
    id: 'state',
    title: 'Read',
    value: ({ wasRead, isAbsent }) => (wasRead ? (isAbsent ? 'nothing there' : 'whole') : 'not whole'),
    cell: ({ wasRead, isAbsent }) => (
      <span class={`status status-${wasRead ? (isAbsent ? 'not_applicable' : 'pass') : 'unknown'}`}>
        <StatusIcon status={wasRead ? (isAbsent ? 'not_applicable' : 'pass') : 'unknown'} />{' '}
        {wasRead ? (isAbsent ? 'nothing there' : 'whole') : 'not whole'}
      </span>
    ),
  },
  {
    id: 'error',
    title: 'What is missing',
    value: ({ error, cause }) => `${error ?? ''} ${cause ?? ''}`,
    cell: ({ error, cause }) => (
      <>
        <Name>{error}</Name>
        {cause !== null && <span class="note"> {causeNames[cause] ?? cause}</span>}
      </>
    ),
  },
];

const questionColumns: readonly Column<PageOpenQuestion>[] = [
  { id: 'service', title: 'Service', isHead: true, value: ({ serviceName }) => serviceName ?? 'any service' },
  {
    id: 'method',
    title: 'Asked by',
    value: ({ method }) =>
      method === null ? '' : capital((methodNames as Readonly<Record<string, string>>)[method] ?? method),
  },
  {
    id: 'regions',
    title: 'Regions',
    value: ({ regions }) => regions.join(' '),
    cell: ({ regions }) => <Regions regions={regions} />,
  },
  {
    id: 'error',
    title: 'What is missing, and what to do',
    value: ({ error, cause }) => `${error} ${cause}`,
    cell: ({ error, cause }) => (
      <>
        <Name>{error}</Name> <span class="note">{causeNames[cause] ?? cause}</span>
      </>
    ),
  },
];
