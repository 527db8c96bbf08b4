import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';
import { policyTypeName } from '../model/kinds.js';
import { accountsBelow, holdersBelow, type UnitState } from '../model/units.js';
import { plural } from '../model/words.js';
import { DataTable, type Column } from '../parts/data_table.js';
import { Guardrails } from '../parts/guardrails.js';
import { SectionHeading } from '../parts/heading.js';
import { HolderChip } from '../parts/holder.js';
import { Link } from '../parts/link.js';
import { Empty } from '../parts/notice.js';
import { usePage } from '../parts/page_state.js';
import { Name } from '../parts/text.js';

interface AccountRow {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly path: string;
}

const accountColumns: readonly Column<AccountRow>[] = [
  {
    id: 'name',
    title: 'Account',
    isHead: true,
    value: ({ name }) => name,
    cell: ({ id, name }) => (
      <Link to={['holders', id]}>
        <Name>{name}</Name>
      </Link>
    ),
  },
  { id: 'id', title: 'Account ID', value: ({ id }) => id, cell: ({ id }) => <span class="id">{id}</span> },
  { id: 'state', title: 'State', value: ({ state }) => state },
  { id: 'path', title: 'Organizational unit', value: ({ path }) => path },
];

export function UnitPage({ state }: { readonly state: UnitState }): JSX.Element {
  const { model } = usePage();
  const { organization, units } = model;
  const { unit, index, denials, children } = state;
  const members = useMemo(() => accountsBelow(units, index), [model, index]);
  const holders = useMemo(() => holdersBelow(units, index), [model, index]);
  const above: UnitState[] = [];
  for (let at = units[unit.parent]; at !== undefined; at = units[at.unit.parent]) {
    above.unshift(at);
    if (at.index === at.unit.parent) break;
  }
  const rows = useMemo(
    () =>
      members.map((member): AccountRow => {
        const { accounts } = organization;
        return {
          id: accounts.ids[member] ?? '',
          name: accounts.names[member] ?? 'without a name',
          state: accounts.stateNames[accounts.states[member] ?? -1] ?? 'not known',
          path: organization.units[accounts.units[member] ?? -1]?.path ?? 'not known',
        };
      }),
    [members],
  );
  return (
    <>
      <p class="trail">
        <Link to={['organization']}>Organization</Link>
        {above.map((each) => (
          <>
            {' / '}
            <Link key={each.unit.id} to={['organization', each.unit.id]}>
              <Name>{each.unit.name}</Name>
            </Link>
          </>
        ))}
      </p>
      <SectionHeading title={unit.name}>
        <span class="id">{unit.id}</span> {plural(members.length, 'account')} in it and below,{' '}
        {plural(children.length, 'unit')} directly below.
      </SectionHeading>
      <section>
        <h2>Holders in it and below</h2>
        {holders.length === 0 ? (
          <Empty>No account here holds a delegation.</Empty>
        ) : (
          <p class="chips">
            {holders.map((holder) => (
              <HolderChip key={holder.account} holder={holder} hasId />
            ))}
          </p>
        )}
      </section>
      <section>
        <h2>Policies that reach it</h2>
        <ul class="plain-list">
          {[...above, state].map((each) => {
            const own = organization.policies.filter(({ targets }) => targets.includes(each.unit.id));
            return own.map(({ id, name, type }) => (
              <li key={`${each.unit.id} ${id}`}>
                <Name>{name ?? id}</Name> <span class="id">{id}</span>{' '}
                <span class="quiet">
                  {policyTypeName(type)}, attached to {each === state ? 'this unit' : <Name>{each.unit.path}</Name>}
                </span>
              </li>
            ));
          })}
        </ul>
      </section>
      <section>
        <h2>Guardrails</h2>
        <Guardrails members={members} denials={denials} />
      </section>
      <section>
        <h2>Accounts</h2>
        <DataTable
          caption={`Accounts in ${unit.path} and below`}
          columns={accountColumns}
          rows={rows}
          what="accounts"
          first={100}
          empty="No account is in it."
        />
      </section>
    </>
  );
}
