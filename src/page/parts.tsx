// What every section is put together from.
import { createContext, Fragment, type ComponentChildren, type JSX } from 'preact';
import { useContext, useId, useMemo, useState } from 'preact/hooks';
import {
  columnFilteringFeature,
  createFilteredRowModel,
  createSortedRowModel,
  globalFilteringFeature,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
  useTable,
} from '@tanstack/preact-table';
import type { Denial, PageService, PageStatus, PageVerdict } from '../report/page_data.js';
import {
  accountLabel,
  causeNames,
  fromRuns,
  lengthOfRuns,
  numberText,
  plural,
  statusName,
  type Holder,
  type Model,
} from './model.js';
import { hashOf, type Route } from './route.js';
import { matcher } from './search.js';

export interface PageState {
  readonly model: Model;
  readonly route: Route;
  /** Everything is laid out at once, without anything that has to be clicked. */
  readonly isPrinting: boolean;
  /** When it is looked at. */
  readonly now: number;
}

export const PageContext = createContext<PageState | null>(null);

export function usePage(): PageState {
  const state = useContext(PageContext);
  if (state === null) throw new Error('There is no page around this part of it.');
  return state;
}

export function Link({
  to,
  class: className,
  label,
  children,
}: {
  readonly to: readonly [Route['section'], ...string[]];
  readonly class?: string;
  readonly label?: string;
  readonly children: ComponentChildren;
}): JSX.Element {
  const { route } = usePage();
  const [section, ...path] = to;
  return (
    <a href={hashOf(section, path, route.source)} class={className} aria-label={label}>
      {children}
    </a>
  );
}

/** A name that somebody chose: its reading direction is its own affair. */
export function Name({ children }: { readonly children: string | null | undefined }): JSX.Element {
  return <bdi>{children ?? ''}</bdi>;
}

/** What stands between backticks is code, as in the Markdown that rules are written in. */
export function Marked({ children }: { readonly children: string }): JSX.Element {
  return (
    <bdi>
      {children
        .split(/(`[^`]+`)/)
        .map((part, place) => (place % 2 === 1 ? <code key={place}>{part.slice(1, -1)}</code> : part))}
    </bdi>
  );
}

/** A path, an ARN, an address: it breaks where its parts do. */
export function Parts({ children }: { readonly children: string }): JSX.Element {
  return (
    <bdi>
      {children.split(/(?<=[:_./@])/).map((part, place) => (
        <Fragment key={place}>
          {place > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </bdi>
  );
}

export function Code({ children }: { readonly children: string }): JSX.Element {
  return (
    <code>
      <Parts>{children}</Parts>
    </code>
  );
}

const statusShapes: Readonly<Record<PageStatus, JSX.Element>> = {
  fail: <path d="M5 5l6 6M11 5l-6 6" />,
  unknown: <path d="M5.9 6.1a2.1 2.1 0 1 1 3 1.9c-.6.3-.9.7-.9 1.4M8 11.6v.1" />,
  waived: <path d="M4.5 8.6c1-1.6 2.3-1.6 3.5-.6s2.5 1 3.5-.6" />,
  pass: <path d="M4.7 8.3l2.3 2.3 4.3-4.9" />,
  not_applicable: <path d="M5 8h6" />,
};

/** A shape of its own for each status, beside its colour. */
export function StatusIcon({ status }: { readonly status: PageStatus }): JSX.Element {
  return (
    <svg class={`icon icon-${status}`} viewBox="0 0 16 16" aria-hidden="true">
      <circle cx="8" cy="8" r="7" />
      {statusShapes[status]}
    </svg>
  );
}

export function Status({ status, count }: { readonly status: PageStatus; readonly count?: number }): JSX.Element {
  return (
    <span class={`status status-${status}`}>
      <StatusIcon status={status} />
      {count === undefined ? statusName(status) : `${numberText(count)} ${statusName(status)}`}
    </span>
  );
}

export function Severity({ severity }: { readonly severity: string }): JSX.Element {
  return <span class={`severity severity-${severity}`}>{severity}</span>;
}

export const denialNames: Readonly<Record<Denial, string>> = {
  whole: 'denied',
  partial: 'denied in part',
  none: 'not denied',
  unknown: 'not known',
  not_applicable: 'not bound by SCPs',
};

const denialShapes: Readonly<Record<Denial, JSX.Element>> = {
  whole: <circle cx="8" cy="8" r="6.5" class="filled" />,
  partial: (
    <>
      <circle cx="8" cy="8" r="6" />
      <path d="M8 2a6 6 0 0 1 0 12z" class="filled" />
    </>
  ),
  none: <circle cx="8" cy="8" r="6" />,
  unknown: (
    <>
      <circle cx="8" cy="8" r="6.5" class="dashed" />
      <path d="M6.3 6.4a1.8 1.8 0 1 1 2.6 1.6c-.6.3-.9.6-.9 1.3M8 11.2v.1" />
    </>
  ),
  not_applicable: <path d="M4 8h8" />,
};

export function DenialIcon({ denial }: { readonly denial: Denial }): JSX.Element {
  return (
    <svg class={`denial denial-${denial}`} viewBox="0 0 16 16" aria-hidden="true">
      {denialShapes[denial]}
    </svg>
  );
}

/** Two letters in a colour: neither of them alone has to be told apart. */
export function HolderCode({ holder }: { readonly holder: Holder }): JSX.Element {
  return <span class={`code hue-${holder.isManagement ? 'management' : holder.hue}`}>{holder.code}</span>;
}

export function holderName({ account, name }: { readonly account: string; readonly name: string | null }): string {
  return account === '*' ? 'everyone (*)' : (name ?? account);
}

export function HolderChip({
  holder,
  hasId = false,
}: {
  readonly holder: Holder;
  readonly hasId?: boolean;
}): JSX.Element {
  return (
    <Link to={['holders', holder.account]} class="chip">
      <HolderCode holder={holder} />
      <span class="chip-name">
        <Name>{holderName(holder)}</Name>
        {hasId && holder.name !== null && <span class="id">{holder.account}</span>}
      </span>
    </Link>
  );
}

export function AccountLink({ index }: { readonly index: number }): JSX.Element {
  const { model } = usePage();
  const { accounts, units } = model.organization;
  return (
    <Link to={['holders', accounts.ids[index] ?? '']}>
      <Name>{accountLabel(accounts, units, index)}</Name>
    </Link>
  );
}

export function AccountById({ id }: { readonly id: string }): JSX.Element {
  const { model } = usePage();
  const holder = model.holderOf.get(id);
  if (holder) return <HolderChip holder={holder} hasId />;
  const index = model.accountIndex.get(id);
  return index === undefined ? <span class="id">{id}</span> : <AccountLink index={index} />;
}

const powerNames = {
  reads_members: 'reads members',
  configures_members: 'configures members',
  acts_in_members: 'acts in members',
  controls_access: 'controls access',
} as const;

/** What its administrator can do to members, and what not. */
export function Powers({ service }: { readonly service: PageService | undefined }): JSX.Element {
  const { power, can, cannot } = service ?? { power: null, can: null, cannot: null };
  if (can === null) return <p class="quiet">AWS does not say what its administrator can do.</p>;
  return (
    <>
      <p>
        {power !== null && <span class="severity">{powerNames[power]}</span>} The administrator can {can}.
      </p>
      {cannot !== null && <p class="quiet">It cannot {cannot}.</p>}
    </>
  );
}

export function SectionHeading({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ComponentChildren;
}): JSX.Element {
  return (
    <header class="section-heading">
      <h1 tabIndex={-1}>{title}</h1>
      {children !== undefined && <p class="lead">{children}</p>}
    </header>
  );
}

export function Empty({ children }: { readonly children: ComponentChildren }): JSX.Element {
  return <p class="empty">{children}</p>;
}

export function Notice({
  title,
  children,
  tone = 'unknown',
}: {
  readonly title: string;
  readonly children?: ComponentChildren;
  readonly tone?: 'unknown' | 'fail' | 'plain';
}): JSX.Element {
  return (
    <div class={`notice notice-${tone}`} role="note">
      {tone !== 'plain' && <StatusIcon status={tone} />}
      <div>
        <strong>{title}</strong>
        {children}
      </div>
    </div>
  );
}

/** So many at first, and the others on demand; on paper a number says how many there are. */
export function Shortened<Row>({
  rows,
  first,
  step = 100,
  onPaper,
  what,
  children,
}: {
  readonly rows: readonly Row[];
  readonly first: number;
  readonly step?: number;
  readonly onPaper?: number;
  /** As `accounts`. */
  readonly what: string;
  readonly children: (rows: readonly Row[]) => JSX.Element;
}): JSX.Element {
  const { isPrinting } = usePage();
  const [shown, setShown] = useState(first);
  const count = isPrinting ? Math.max(shown, onPaper ?? first) : shown;
  const remaining = rows.length - count;
  return (
    <>
      {children(rows.slice(0, count))}
      {remaining > 0 &&
        (isPrinting ? (
          <p class="more-on-paper">
            … and {numberText(remaining)} more {what}: they are in the file.
          </p>
        ) : (
          <button
            type="button"
            class="more"
            onClick={() => {
              setShown(count + step);
            }}
          >
            Show {numberText(Math.min(step, remaining))} more of {numberText(remaining)} further {what}
          </button>
        ))}
    </>
  );
}

export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** What is sorted and searched by. */
  readonly value: (row: Row) => string | number;
  /** What is searched besides. */
  readonly cell?: (row: Row) => ComponentChildren;
  readonly isNumber?: boolean;
  /** Names the row. */
  readonly isHead?: boolean;
  readonly class?: string;
}

const features = tableFeatures({
  rowSortingFeature,
  columnFilteringFeature,
  globalFilteringFeature,
  sortedRowModel: createSortedRowModel(),
  filteredRowModel: createFilteredRowModel(),
  sortFns: { alphanumeric: sortFn_alphanumeric, basic: sortFn_basic },
});

/** Can be sorted by each column and filtered by words; on a narrow screen each row is a card. */
export function DataTable<Row extends object>({
  caption,
  columns,
  rows,
  what,
  first = 50,
  onPaper = 400,
  isFilterable = true,
  empty,
  children,
}: {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly what: string;
  readonly first?: number;
  readonly onPaper?: number;
  readonly isFilterable?: boolean;
  readonly empty: string;
  /** Further filters, beside the one by words. */
  readonly children?: ComponentChildren;
}): JSX.Element {
  const { isPrinting } = usePage();
  const inputId = useId();
  const [words, setWords] = useState('');
  const definitions = useMemo(
    () =>
      columns.map(({ id, value, isNumber = false }) => ({
        id,
        accessorFn: value,
        sortFn: isNumber ? ('basic' as const) : ('alphanumeric' as const),
        sortDescFirst: isNumber,
      })),
    [columns],
  );
  const filter = useMemo(() => {
    const matches = matcher(words);
    return words.trim() === '' ? null : (row: Row) => matches(...columns.map(({ value }) => String(value(row))));
  }, [words, columns]);
  const data = useMemo(() => (filter === null ? rows : rows.filter(filter)), [rows, filter]);
  const table = useTable({ features, columns: definitions, data: data as Row[] });
  const found = table.getRowModel().rows;
  const heads = table.getHeaderGroups()[0]?.headers ?? [];
  return (
    <div class="data-table">
      {!isPrinting && (isFilterable || children !== undefined) && rows.length > 0 && (
        <div class="filters">
          {isFilterable && rows.length > 5 && (
            <span class="filter">
              <label for={inputId}>Filter</label>
              <input
                id={inputId}
                type="search"
                value={words}
                placeholder={`words in ${what}`}
                onInput={({ currentTarget }) => {
                  setWords(currentTarget.value);
                }}
              />
            </span>
          )}
          {children}
          <span class="found" role="status">
            {data.length === rows.length
              ? plural(rows.length, 'row')
              : `${numberText(data.length)} of ${plural(rows.length, 'row')}`}
          </span>
        </div>
      )}
      {found.length === 0 ? (
        <Empty>{rows.length === 0 ? empty : `None of ${numberText(rows.length)} has these words in it.`}</Empty>
      ) : (
        <Shortened rows={found} first={first} onPaper={onPaper} what={what} key={words}>
          {(shown) => (
            <table>
              <caption>{caption}</caption>
              <thead>
                <tr>
                  {heads.map(({ column }, place) => {
                    const { title, isNumber } = columns[place] ?? { title: '', isNumber: false };
                    const sorted = column.getIsSorted();
                    return (
                      <th
                        key={column.id}
                        scope="col"
                        class={isNumber === true ? 'number' : undefined}
                        aria-sort={sorted === false ? undefined : sorted === 'asc' ? 'ascending' : 'descending'}
                      >
                        {isPrinting || rows.length < 2 ? (
                          title
                        ) : (
                          <button
                            type="button"
                            class="sort"
                            onClick={() => {
                              column.toggleSorting();
                            }}
                          >
                            {title}
                            <svg
                              viewBox="0 0 8 12"
                              aria-hidden="true"
                              class={sorted === false ? 'unsorted' : undefined}
                            >
                              <path d="M4 1l3 4H1z" class={sorted === 'desc' ? 'pale' : undefined} />
                              <path d="M4 11l3-4H1z" class={sorted === 'asc' ? 'pale' : undefined} />
                            </svg>
                          </button>
                        )}
                      </th>
                    );
                  })}
                </tr>
              </thead>
              <tbody>
                {shown.map((row) => (
                  <tr key={row.id}>
                    {columns.map((column) => {
                      const content = column.cell ? (
                        column.cell(row.original)
                      ) : (
                        <Name>{textOf(column, row.original)}</Name>
                      );
                      const className =
                        [column.isNumber === true ? 'number' : '', column.class ?? ''].join(' ').trim() || undefined;
                      return column.isHead === true ? (
                        <th key={column.id} scope="row" class={className} data-title={column.title}>
                          {content}
                        </th>
                      ) : (
                        <td key={column.id} class={className} data-title={column.title}>
                          {content}
                        </td>
                      );
                    })}
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Shortened>
      )}
    </div>
  );
}

function textOf<Row>({ value }: Column<Row>, row: Row): string {
  const found = value(row);
  return typeof found === 'number' ? numberText(found) : found;
}

/** One choice of several, as a row of buttons. */
export function Choice<Value extends string>({
  label,
  values,
  value,
  onChange,
}: {
  readonly label: string;
  readonly values: readonly (readonly [Value, string])[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}): JSX.Element {
  return (
    <span class="choice-field">
      <span class="choice-label" aria-hidden="true">
        {label}
      </span>
      <span class="choice" role="group" aria-label={label}>
        {values.map(([each, title]) => (
          <button
            key={each}
            type="button"
            aria-pressed={each === value}
            onClick={() => {
              onChange(each);
            }}
          >
            {title}
          </button>
        ))}
      </span>
    </span>
  );
}

/** What comes between the two halves of a reason: the accounts or Regions for which it is the same. */
export function Sentence({ verdict }: { readonly verdict: PageVerdict }): JSX.Element {
  const { before, after, labels, names } = verdict;
  const total = lengthOfRuns(labels) + names.length;
  const first = [
    ...fromRuns(labels.slice(0, 2))
      .slice(0, 3)
      .map((index) => <AccountLink key={index} index={index} />),
    ...names.slice(0, 3).map((name) => <Name key={name}>{name}</Name>),
  ];
  const shown = total <= 3 ? all(verdict) : first.slice(0, 3);
  const rest = total - shown.length;
  const noun = lengthOfRuns(labels) > 0 || before === '' ? 'account' : 'Region';
  return (
    <span class="sentence">
      <bdi>{before}</bdi>
      {shown.map((part, place) => (
        <Fragment key={place}>
          {place > 0 && (rest === 0 && place === shown.length - 1 ? ' and ' : ', ')}
          {part}
        </Fragment>
      ))}
      {rest > 0 && <strong> and {plural(rest, `more ${noun}`)}</strong>}
      <bdi>{after}</bdi>
    </span>
  );
}

function all({ labels, names }: PageVerdict): JSX.Element[] {
  return [
    ...fromRuns(labels).map((index) => <AccountLink key={index} index={index} />),
    ...names.map((name) => <Name key={name}>{name}</Name>),
  ];
}

/** What rules found about one thing. */
export function Findings({ findings }: { readonly findings: readonly PageVerdict[] }): JSX.Element {
  return (
    <section>
      <h2>Findings</h2>
      {findings.length === 0 ? (
        <Empty>No rule has a finding about it.</Empty>
      ) : (
        <Shortened rows={findings} first={20} what="findings">
          {(shown) => <VerdictList verdicts={shown} hasRule />}
        </Shortened>
      )}
    </section>
  );
}

export function VerdictList({
  verdicts,
  hasRule = false,
}: {
  readonly verdicts: readonly PageVerdict[];
  readonly hasRule?: boolean;
}): JSX.Element {
  return (
    <ul class="verdicts">
      {verdicts.map((verdict, index) => (
        <VerdictItem key={index} verdict={verdict} hasRule={hasRule} />
      ))}
    </ul>
  );
}

function VerdictItem({
  verdict,
  hasRule = false,
}: {
  readonly verdict: PageVerdict;
  readonly hasRule?: boolean;
}): JSX.Element {
  const { model, isPrinting } = usePage();
  const [isOpen, setOpen] = useState(false);
  const { status, cause, waiver, remediations, count, labels, names } = verdict;
  const rule = model.data.rules[verdict.rule];
  const subjects = lengthOfRuns(labels) + names.length;
  return (
    <li class={`verdict verdict-${status}`}>
      <StatusIcon status={status} />
      <div>
        {hasRule && rule && (
          <p class="verdict-rule">
            <Link to={['rules', rule.id]}>{rule.title}</Link> <Severity severity={rule.severity} />
          </p>
        )}
        <p>
          <span class="visually-hidden">{statusName(status)}: </span>
          <Sentence verdict={verdict} />
          {cause !== null && <span class="note"> {causeNames[cause] ?? cause}</span>}
          {count > 1 && <span class="note"> {plural(count, 'verdict')}</span>}
        </p>
        {waiver !== null && (
          <p class="waiver-line">
            <b>Waived</b> <Name>{waiver}</Name>
          </p>
        )}
        {remediations.slice(0, 3).map((text) => (
          <p class="remedy" key={text}>
            <b>To do</b> <Marked>{text}</Marked>
          </p>
        ))}
        {remediations.length > 3 && (
          <p class="remedy">… and {plural(remediations.length - 3, 'further remedy', 'further remedies')} like it.</p>
        )}
        {subjects > 3 && !isPrinting && (
          <>
            <button
              type="button"
              class="more"
              aria-expanded={isOpen}
              onClick={() => {
                setOpen(!isOpen);
              }}
            >
              {isOpen ? 'Hide' : 'Show'} all {numberText(subjects)}
            </button>
            {isOpen && (
              <Shortened rows={all(verdict)} first={100} step={500} what="of them">
                {(rows) => (
                  <ul class="plain-list">
                    {rows.map((row, place) => (
                      <li key={place}>{row}</li>
                    ))}
                  </ul>
                )}
              </Shortened>
            )}
          </>
        )}
      </div>
    </li>
  );
}

/** Where accounts or Regions are many: some of them, and how many more there are. */
export function Regions({
  regions,
  all: total,
}: {
  readonly regions: readonly (string | null)[];
  readonly all?: number;
}): JSX.Element {
  const { isPrinting } = usePage();
  const names = regions.filter((region) => region !== null);
  if (names.length === 0) return <span class="quiet">all Regions</span>;
  if (names.length <= 3) return <span class="regions">{names.join(', ')}</span>;
  return (
    <details class="regions" open={isPrinting}>
      <summary>{total === names.length ? `all ${names.length} Regions` : plural(names.length, 'Region')}</summary>
      <span>{names.join(', ')}</span>
    </details>
  );
}
