import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { Denial, PagePolicy } from '../report/page_data.js';
import {
  accountsBelow,
  controlName,
  denialOfAll,
  holdersBelow,
  numberText,
  plural,
  reasonsOf,
  type UnitState,
} from './model.js';
import {
  DataTable,
  DenialIcon,
  denialNames,
  Empty,
  HolderChip,
  HolderCode,
  Link,
  Name,
  SectionHeading,
  Shortened,
  StatusIcon,
  usePage,
  type Column,
} from './parts.js';

/** Rows that are open at first: a screenful, however large the organization is. */
const firstRows = 40;

export function Organization(): JSX.Element {
  const { model, route, isPrinting } = usePage();
  const { units, organization } = model;
  const id = route.section === 'organization' ? route.path[0] : undefined;
  const chosen = units.find(({ unit }) => unit.id === id);
  const [opened, setOpened] = useState<ReadonlySet<number>>(() => openAtFirst(units));
  const rows = useMemo(() => visibleRows(units, isPrinting ? null : opened), [units, opened, isPrinting]);
  if (chosen && !isPrinting) return <UnitPage state={chosen} />;
  const isEmpty = organization.accounts.ids.length === 0 && units.length < 2;
  const placeless = organization.accounts.units.filter((place) => place < 0).length;
  const toggle = (index: number): void => {
    const next = new Set(opened);
    if (!next.delete(index)) next.add(index);
    setOpened(next);
  };
  return (
    <>
      <SectionHeading title="Organization">
        Where the holders of power live, and which guardrails reach where. A mark stands for the active accounts of a
        unit and of all below: whether service control policies keep them from switching off, or from doing, what its
        column names.
      </SectionHeading>
      {isEmpty ? (
        <Empty>Neither accounts nor organizational units were read.</Empty>
      ) : (
        <>
          <DenialLegend />
          <Shortened rows={rows} first={isPrinting ? 250 : 400} step={400} onPaper={250} what="organizational units">
            {(shown) => <Tree rows={shown} opened={opened} toggle={toggle} />}
          </Shortened>
          {placeless > 0 && (
            <p class="quiet">{plural(placeless, 'account')} stand nowhere in this tree: their place is not known.</p>
          )}
        </>
      )}
      <Policies />
    </>
  );
}

function openAtFirst(units: readonly UnitState[]): Set<number> {
  const opened = new Set<number>();
  let count = 1;
  for (const { index, children } of [...units].sort(
    (left, right) => left.depth - right.depth || left.index - right.index,
  )) {
    if (children.length === 0) continue;
    if (count + children.length > firstRows && opened.size > 0) break;
    opened.add(index);
    count += children.length;
  }
  return opened;
}

function visibleRows(units: readonly UnitState[], opened: ReadonlySet<number> | null): UnitState[] {
  const rows: UnitState[] = [];
  const visit = (index: number): void => {
    const state = units[index];
    if (!state) return;
    rows.push(state);
    if (opened === null || opened.has(index)) state.children.forEach(visit);
  };
  visit(0);
  return rows;
}

const denialOrder: readonly Denial[] = ['whole', 'partial', 'none', 'unknown', 'not_applicable'];

function DenialLegend(): JSX.Element {
  return (
    <ul class="legend-line" aria-label="What the cells mean">
      {denialOrder.map((denial) => (
        <li key={denial}>
          <DenialIcon denial={denial} />{' '}
          {
            {
              whole: 'denied in all accounts',
              partial: 'denied in part, or in some accounts only',
              none: 'not denied',
              unknown: 'not known for at least one account',
              not_applicable: 'SCPs never bind the management account',
            }[denial]
          }
        </li>
      ))}
    </ul>
  );
}

function denialText(denials: Readonly<Record<Denial, number>>): string {
  const parts = denialOrder
    .filter((denial) => denials[denial] > 0)
    .map((denial) => `${numberText(denials[denial])} ${denialNames[denial]}`);
  return parts.length === 0 ? 'no active account' : parts.join(', ');
}

function Tree({
  rows,
  opened,
  toggle,
}: {
  readonly rows: readonly UnitState[];
  readonly opened: ReadonlySet<number>;
  readonly toggle: (index: number) => void;
}): JSX.Element {
  const { model, isPrinting } = usePage();
  const { controls } = model.organization.guardrails;
  return (
    <div class="tree-frame">
      <table class="tree">
        <caption class="visually-hidden">
          Organizational units, the holders in them, and the guardrails that reach them
        </caption>
        <thead>
          <tr>
            <th scope="col">Organizational unit</th>
            <th scope="col" class="number">
              Accounts
            </th>
            <th scope="col">Holders</th>
            {controls.map((control) => (
              <th scope="col" class="control" key={control}>
                <span>{controlName(control)}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((state) => {
            const { index, unit, depth, children, accountCount, holders, denials } = state;
            const isOpen = opened.has(index);
            const shown = isOpen || isPrinting ? holders : holdersBelow(model.units, index);
            return (
              <tr key={unit.id} class={index === 0 ? 'root' : undefined}>
                <th scope="row" style={{ '--depth': depth }}>
                  <span class="unit-name">
                    {children.length > 0 && !isPrinting ? (
                      <button
                        type="button"
                        class="twisty"
                        aria-expanded={isOpen}
                        aria-label={`${isOpen ? 'Close' : 'Open'} ${unit.path}`}
                        onClick={() => {
                          toggle(index);
                        }}
                      >
                        <svg viewBox="0 0 12 12" aria-hidden="true">
                          <path d="M4 2l4 4-4 4" />
                        </svg>
                      </button>
                    ) : (
                      <span class="twisty" />
                    )}
                    <Link to={['organization', unit.id]}>
                      <Name>{unit.name}</Name>
                    </Link>
                  </span>
                </th>
                <td class="number" data-title="Accounts">
                  {numberText(accountCount)}
                </td>
                <td data-title="Holders">
                  <span class="codes">
                    {shown.slice(0, 6).map((holder) => (
                      <Link
                        key={holder.account}
                        to={['holders', holder.account]}
                        label={`${holder.code}: ${holder.name ?? holder.account}`}
                      >
                        <span title={holder.name ?? holder.account}>
                          <HolderCode holder={holder} />
                        </span>
                      </Link>
                    ))}
                    {shown.length > 6 && <span class="code-more">+{shown.length - 6}</span>}
                  </span>
                </td>
                {denials.map((counts, control) => (
                  <td key={control} class="control" data-title={controlName(controls[control] ?? '')}>
                    <span title={`${controlName(controls[control] ?? '')}: ${denialText(counts)}`}>
                      <DenialIcon denial={denialOfAll(counts)} />
                      <span class="visually-hidden">{denialText(counts)}</span>
                    </span>
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

const typeNames: Readonly<Record<string, string>> = {
  SERVICE_CONTROL_POLICY: 'service control policy',
  RESOURCE_CONTROL_POLICY: 'resource control policy',
  TAG_POLICY: 'tag policy',
  BACKUP_POLICY: 'backup policy',
};

export function policyTypeName(type: string | null): string {
  return type === null ? 'type not known' : (typeNames[type] ?? type.toLowerCase().replaceAll('_', ' '));
}

interface PolicyRow {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly attachment: PagePolicy['attachment'];
  readonly targets: readonly string[];
}

function Policies(): JSX.Element {
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

function UnitPage({ state }: { readonly state: UnitState }): JSX.Element {
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

/** Each control with its state, and why. */
export function Guardrails({
  members,
  denials,
}: {
  readonly members: readonly number[];
  readonly denials?: readonly Readonly<Record<Denial, number>>[];
}): JSX.Element {
  const { model } = usePage();
  const { controls } = model.organization.guardrails;
  const found = controls.map((control, index) => ({
    control,
    index,
    reasons: reasonsOf(model.organization, members, index),
  }));
  if (found.every(({ reasons }) => reasons.length === 0))
    return <Empty>No active account to be kept from anything.</Empty>;
  return (
    <ul class="guardrails">
      {found.map(({ control, index, reasons }) => {
        const counts = denials?.[index];
        const denial = counts ? denialOfAll(counts) : (reasons[0]?.denial ?? 'not_applicable');
        return (
          <li key={control}>
            <p class="guardrail-head">
              <DenialIcon denial={denial} /> <b>{controlName(control)}</b>{' '}
              <span class="quiet">{counts ? denialText(counts) : denialNames[denial]}</span>
            </p>
            <Shortened rows={reasons} first={3} step={20} what="reasons">
              {(shown) => (
                <ul>
                  {shown.map(({ reason, count }) => (
                    <li key={reason}>
                      {members.length > 1 && <span class="quiet">{plural(count, 'account')}: </span>}
                      <Name>{reason}</Name>
                    </li>
                  ))}
                </ul>
              )}
            </Shortened>
          </li>
        );
      })}
    </ul>
  );
}
