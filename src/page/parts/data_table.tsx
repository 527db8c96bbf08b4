import {
  createSortedRowModel,
  rowSortingFeature,
  sortFn_alphanumeric,
  sortFn_basic,
  tableFeatures,
  useTable,
} from '@tanstack/preact-table';
import type { ComponentChildren, JSX } from 'preact';
import { useId, useMemo, useState } from 'preact/hooks';
import { matcher } from '../matcher.js';
import { numberText, plural } from '../model/words.js';
import { Empty } from './notice.js';
import { usePage } from './page_state.js';
import { Shortened } from './shortened.js';
import { Name } from './text.js';

export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** What is sorted and searched by. */
  readonly value: (row: Row) => string | number;
  /** What is shown, where it is more than `value`. */
  readonly cell?: (row: Row) => ComponentChildren;
  readonly isNumber?: boolean;
  /** Names the row. */
  readonly isHead?: boolean;
  readonly class?: string;
}

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
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
  const table = useTable({ features, columns: definitions, data });
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
                          <SortButton
                            title={title}
                            sorted={sorted}
                            onClick={() => {
                              column.toggleSorting();
                            }}
                          />
                        )}
                      </th>
                    );
                  })}
                </tr>
              </thead>
              <tbody>
                {shown.map((row) => (
                  <tr key={row.id}>
                    {columns.map((column) => (
                      <DataCell key={column.id} column={column} row={row.original} />
                    ))}
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

function SortButton({
  title,
  sorted,
  onClick,
}: {
  readonly title: string;
  readonly sorted: 'asc' | 'desc' | false;
  readonly onClick: () => void;
}): JSX.Element {
  return (
    <button type="button" class="sort" onClick={onClick}>
      {title}
      <svg viewBox="0 0 8 12" aria-hidden="true" class={sorted === false ? 'unsorted' : undefined}>
        <path d="M4 1l3 4H1z" class={sorted === 'desc' ? 'pale' : undefined} />
        <path d="M4 11l3-4H1z" class={sorted === 'asc' ? 'pale' : undefined} />
      </svg>
    </button>
  );
}

function DataCell<Row>({ column, row }: { readonly column: Column<Row>; readonly row: Row }): JSX.Element {
  const { title, cell, isNumber = false, isHead = false } = column;
  const content = cell ? cell(row) : <Name>{textOf(column, row)}</Name>;
  const className = [isNumber ? 'number' : '', column.class ?? ''].join(' ').trim() || undefined;
  return isHead ? (
    <th scope="row" class={className} data-title={title}>
      {content}
    </th>
  ) : (
    <td class={className} data-title={title}>
      {content}
    </td>
  );
}

function textOf<Row>({ value }: Column<Row>, row: Row): string {
  const found = value(row);
  return typeof found === 'number' ? numberText(found) : found;
}
