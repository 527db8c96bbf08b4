import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import type { PagePolicy } from '../../report/page_data.js';
import { policyTypeName } from '../model/kinds.js';
import { DataTable, type Column } from '../parts/data_table.js';
import { usePage } from '../parts/page_state.js';
import { StatusIcon } from '../parts/status.js';
import { Name } from '../parts/text.js';

interface PolicyRow {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly attachment: PagePolicy['attachment'];
  readonly targets: readonly string[];
}

export function Policies(): JSX.Element {
  const { model } = usePage();
  const { organization, units, accountIndex } = model;
  const placeOf = useMemo(() => {
    const paths = new Map(units.map(({ unit }) => [unit.id, unit.path]));
    return (id: string): string =>
      paths.get(id) ?? (accountIndex.has(id) ? (organization.accounts.names[accountIndex.get(id) ?? -1] ?? id) : id);
  }, [model]);
  const rows = useMemo(
    () =>
      organization.policies.map(({ id, name, type, attachment, targets }): PolicyRow => ({
        attachment,
        id,
        name: name ?? id,
        type: policyTypeName(type),
        targets: targets.map(placeOf),
      })),
    [model],
  );
  return (
    <section>
      <h2>Policies and where they are attached</h2>
      <DataTable
        caption="Policies of the organization"
        columns={policyColumns}
        rows={rows}
        what="policies"
        first={25}
        onPaper={200}
        empty="No policy was read."
      />
    </section>
  );
}

const policyColumns: readonly Column<PolicyRow>[] = [
  {
    id: 'name',
    title: 'Policy',
    isHead: true,
    value: ({ name, id }) => `${name} ${id}`,
    cell: ({ name, id }) => (
      <>
        <Name>{name}</Name> <span class="id">{id}</span>
      </>
    ),
  },
  { id: 'type', title: 'Type', value: ({ type }) => type },
  {
    id: 'targets',
    title: 'Attached to',
    value: ({ targets }) => targets.join(' '),
    cell: ({ targets, attachment }) =>
      attachment === 'everywhere' ? (
        'everything: AWS attaches it, and nobody can detach it'
      ) : attachment === 'unread' ? (
        <span class="unknown-text">
          <StatusIcon status="unknown" /> not read
          {targets.length > 0 && <Name>{`, at least ${targets.slice(0, 5).join(', ')}`}</Name>}
        </span>
      ) : targets.length === 0 ? (
        <span class="quiet">nothing</span>
      ) : (
        <Name>{`${targets.slice(0, 5).join(', ')}${targets.length > 5 ? ` and ${targets.length - 5} more` : ''}`}</Name>
      ),
  },
];
