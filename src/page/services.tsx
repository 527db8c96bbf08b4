import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';
import {
  methodList,
  methods,
  numberText,
  plural,
  timeText,
  verdictsAbout,
  type Cell,
  type CellKind,
  type Holding,
  type MatrixRow,
} from './model.js';
import {
  Choice,
  Empty,
  Findings,
  HolderChip,
  HolderCode,
  holderName,
  Link,
  Name,
  Powers,
  Regions,
  SectionHeading,
  StatusIcon,
  usePage,
} from './parts.js';
import { hashOf } from './route.js';

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

const kindNames: Readonly<Record<CellKind, string>> = {
  held: 'held',
  nobody: 'nobody',
  unread: 'not read',
  absent: 'not in this Region',
};

function Legend(): JSX.Element {
  const { model } = usePage();
  const example = model.holders.find(({ isManagement }) => !isManagement);
  const management = model.holders.find(({ isManagement }) => isManagement);
  return (
    <ul class="legend-line" aria-label="What the cells mean">
      {example && (
        <li>
          <HolderCode holder={example} /> held by <Name>{holderName(example)}</Name>
        </li>
      )}
      {management && (
        <li>
          <HolderCode holder={management} /> held by the management account
        </li>
      )}
      <li>
        <CellMark kind="nobody" /> nobody
      </li>
      <li>
        <CellMark kind="unread" /> not read: nobody knows
      </li>
      <li>
        <CellMark kind="absent" /> the service is not in this Region
      </li>
      <li>
        <span class="differs" aria-hidden="true">
          ≠
        </span>{' '}
        methods or Regions name different holders
      </li>
      <li>
        <span class="unsettled-mark" aria-hidden="true">
          …
        </span>{' '}
        about to begin or to end
      </li>
    </ul>
  );
}

function CellMark({ kind }: { readonly kind: Exclude<CellKind, 'held'> }): JSX.Element {
  return (
    <span class={`mark mark-${kind}`} aria-hidden="true">
      {kind === 'nobody' ? '–' : kind === 'unread' ? '?' : ''}
    </span>
  );
}

function cellText({ kind, holders, differences, unsettled, problem }: Cell): string {
  const who = kind === 'held' ? holders.map(holderName).join(' and ') : kindNames[kind];
  return [
    who,
    ...(unsettled.length > 0 ? [`not settled: ${unsettled.join(', ')}`] : []),
    ...differences,
    ...(problem === null || kind !== 'held' ? [] : ['not all of it was read']),
  ].join('; ');
}

/** What fits into a cell of the matrix; the words for it are beside it, out of sight. */
function CellContent({ cell }: { readonly cell: Cell }): JSX.Element {
  const { kind, holders, differences, unsettled, problem } = cell;
  return (
    <span class="cell-content" title={cellText(cell)}>
      {kind === 'held' ? (
        <span class="codes" aria-hidden="true">
          {holders.slice(0, 2).map((holder) => (
            <HolderCode key={holder.account} holder={holder} />
          ))}
          {holders.length > 2 && <span class="code-more">+{holders.length - 2}</span>}
        </span>
      ) : (
        <CellMark kind={kind} />
      )}
      {differences.length > 0 && (
        <span class="differs" aria-hidden="true">
          ≠
        </span>
      )}
      {unsettled.length > 0 && (
        <span class="unsettled-mark" aria-hidden="true">
          …
        </span>
      )}
      {kind === 'held' && problem !== null && (
        <span class="part-unread" aria-hidden="true">
          ?
        </span>
      )}
      <span class="visually-hidden">{cellText(cell)}</span>
    </span>
  );
}

/** One stop of the Tab key; the arrows go from cell to cell. */
function Matrix({ rows }: { readonly rows: readonly MatrixRow[] }): JSX.Element {
  const { model, route, isPrinting } = usePage();
  const { regions } = model;
  const [active, setActive] = useState<readonly [number, number]>([0, 0]);
  const table = useRef<HTMLTableElement>(null);
  const width = regions.length + 2;
  const move = (event: JSX.TargetedKeyboardEvent<HTMLTableElement>): void => {
    const [line, place] = active;
    const to: Readonly<Record<string, readonly [number, number]>> = {
      ArrowRight: [line, Math.min(place + 1, width - 1)],
      ArrowLeft: [line, Math.max(place - 1, 0)],
      ArrowDown: [Math.min(line + 1, rows.length - 1), place],
      ArrowUp: [Math.max(line - 1, 0), place],
      Home: [line, 0],
      End: [line, width - 1],
    };
    const next = to[event.key];
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    setActive(next);
    table.current?.querySelector<HTMLElement>(`[data-cell="${next[0]}-${next[1]}"]`)?.focus();
  };
  const cellProps = (line: number, place: number): { 'data-cell': string; tabIndex: number; onFocus: () => void } => ({
    'data-cell': `${line}-${place}`,
    tabIndex: active[0] === line && active[1] === place ? 0 : -1,
    onFocus: () => {
      setActive([line, place]);
    },
  });
  return (
    <>
      <div class="matrix-frame">
        <table
          class={`matrix${regions.length > 24 ? ' matrix-dense' : ''}`}
          role="grid"
          ref={table}
          onKeyDown={move}
          aria-label="Holder of each service in each Region"
        >
          <thead>
            <tr>
              <th scope="col">Service</th>
              <th scope="col" class="registered">
                Registered with Organizations
              </th>
              {regions.map((region) => (
                <th key={region} scope="col" class="region">
                  <span>{region}</span>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, line) => (
              <tr key={row.id}>
                <th scope="row">
                  <a href={hashOf('services', [row.id], route.source)} {...cellProps(line, 0)}>
                    {row.name}
                  </a>
                </th>
                <td class="registered">
                  <span {...cellProps(line, 1)}>
                    {row.registered === null ? (
                      <span class="quiet">has no say</span>
                    ) : (
                      <CellContent cell={row.registered} />
                    )}
                  </span>
                </td>
                {regions.map((region, place) => {
                  const cell = row.cells?.[place];
                  return (
                    <td
                      key={region}
                      class={
                        cell ? `cell-${cell.kind}${cell.differences.length > 0 ? ' is-different' : ''}` : undefined
                      }
                    >
                      {cell && (
                        <a href={hashOf('services', [row.id, region], route.source)} {...cellProps(line, place + 2)}>
                          <CellContent cell={cell} />
                        </a>
                      )}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {!isPrinting && (
        <ul class="matrix-list">
          {rows.map((row) => (
            <li key={row.id} class="card">
              <h3>
                <Link to={['services', row.id]}>{row.name}</Link>
              </h3>
              <CellList row={row} />
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** The same by holder, for a narrow screen and for the page of the service. */
function CellList({ row }: { readonly row: MatrixRow }): JSX.Element {
  const { model } = usePage();
  const groups = new Map<string, { cell: Cell; regions: string[] }>();
  row.cells?.forEach((cell, place) => {
    const key = cellText(cell);
    const found = groups.get(key) ?? { cell, regions: [] };
    found.regions.push(model.regions[place] ?? '');
    groups.set(key, found);
  });
  return (
    <ul class="cell-list">
      {row.registered && (
        <li>
          <CellWords cell={row.registered} /> <span class="quiet">registered with Organizations</span>
        </li>
      )}
      {[...groups.values()].map(({ cell, regions }) => (
        <li key={regions[0]}>
          <CellWords cell={cell} /> <Regions regions={regions} all={model.regions.length} />
          {cell.differences.map((text) => (
            <p class="difference" key={text}>
              <span class="differs" aria-hidden="true">
                ≠
              </span>{' '}
              <Name>{text}</Name>
            </p>
          ))}
        </li>
      ))}
    </ul>
  );
}

function CellWords({ cell, isWhole = false }: { readonly cell: Cell; readonly isWhole?: boolean }): JSX.Element {
  const shown = isWhole ? cell.holders : cell.holders.slice(0, 6);
  const { kind, holders, unsettled, problem } = cell;
  return (
    <>
      {kind === 'held' ? (
        <>
          {shown.map((holder) => (
            <HolderChip key={holder.account} holder={holder} />
          ))}
          {shown.length < holders.length && (
            <span class="quiet">and {numberText(holders.length - shown.length)} more</span>
          )}
        </>
      ) : (
        <span class={`word word-${kind}`}>
          <CellMark kind={kind} /> {kindNames[kind]}
        </span>
      )}
      {unsettled.length > 0 && (
        <span class="word word-unsettled">
          <span class="unsettled-mark" aria-hidden="true">
            …
          </span>{' '}
          <Name>{unsettled.join(', ')}</Name>
        </span>
      )}
      {problem !== null && (
        <span class="unknown-text problem">
          <Name>{problem}</Name>
        </span>
      )}
    </>
  );
}

/** Some are in use in the whole organization, and no account but that of the management can administer them. */
const canBeDelegated = ({ registered, whole }: MatrixRow): boolean => registered !== null || whole !== null;

function WholeServices({ rows }: { readonly rows: readonly MatrixRow[] }): JSX.Element {
  return (
    <table class="whole-services">
      <caption>Who administers these services</caption>
      <thead>
        <tr>
          <th scope="col">Service</th>
          <th scope="col">Registered with Organizations</th>
          <th scope="col">By the service or the delegation policy</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id}>
            <th scope="row">
              <Link to={['services', row.id]}>{row.name}</Link> <span class="quiet">{row.category}</span>
            </th>
            <td data-title="Registered with Organizations">
              {row.registered ? (
                <CellWords cell={row.registered} />
              ) : (
                <span class="quiet">{canBeDelegated(row) ? 'not by Organizations' : 'cannot be delegated'}</span>
              )}
            </td>
            <td data-title="By the service or the delegation policy">
              {row.whole ? (
                <CellWords cell={row.whole} />
              ) : (
                <span class="quiet">{canBeDelegated(row) ? 'only Organizations tells' : ''}</span>
              )}
              {row.whole?.differences.map((text) => (
                <p class="difference" key={text}>
                  <span class="differs" aria-hidden="true">
                    ≠
                  </span>{' '}
                  <Name>{text}</Name>
                </p>
              ))}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ServicePage({ row, region }: { readonly row: MatrixRow; readonly region: string | undefined }): JSX.Element {
  const { model } = usePage();
  const { organization } = model;
  const service = organization.services.find(({ id }) => id === row.id);
  const holders = model.holders.flatMap((holder): { holder: typeof holder; holding: Holding }[] =>
    holder.holdings
      .filter(({ service: id }) => id === row.id || id === service?.group)
      .map((holding) => ({ holder, holding })),
  );
  const place = region === undefined ? -1 : model.regions.indexOf(region);
  const cell = row.cells?.[place];
  const findings = verdictsAbout(model, row.id, cell ? region : undefined);
  const enrolments = organization.enrolments.filter(({ service: id }) => id === row.id);
  return (
    <>
      <p class="trail">
        <Link to={['services']}>Services</Link>
        {cell && (
          <>
            {' / '}
            <Link to={['services', row.id]}>{row.name}</Link>
          </>
        )}
      </p>
      <SectionHeading title={cell ? `${row.name} in ${region ?? ''}` : row.name} />
      <Powers service={service} />
      {service?.notes != null && <p class="quiet">{service.notes}</p>}
      {cell ? (
        <section class="card">
          <h2>Here</h2>
          <ul class="cell-list">
            <li>
              <CellWords cell={cell} isWhole /> <span class="quiet">as the service says itself</span>
              {cell.differences.map((text) => (
                <p class="difference" key={text}>
                  <span class="differs" aria-hidden="true">
                    ≠
                  </span>{' '}
                  <Name>{text}</Name>
                </p>
              ))}
            </li>
            {row.registered && (
              <li>
                <CellWords cell={row.registered} isWhole />{' '}
                <span class="quiet">registered with Organizations, for all Regions</span>
              </li>
            )}
          </ul>
        </section>
      ) : (
        <>
          <section class="card">
            <h2>Who administers it</h2>
            {row.cells ? (
              <CellList row={row} />
            ) : (
              <ul class="cell-list">
                {row.registered && (
                  <li>
                    <CellWords cell={row.registered} isWhole /> <span class="quiet">registered with Organizations</span>
                  </li>
                )}
                {row.whole && (
                  <li>
                    <CellWords cell={row.whole} isWhole />{' '}
                    <span class="quiet">by the service or the delegation policy</span>
                    {row.whole.differences.map((text) => (
                      <p class="difference" key={text}>
                        <span class="differs" aria-hidden="true">
                          ≠
                        </span>{' '}
                        <Name>{text}</Name>
                      </p>
                    ))}
                  </li>
                )}
              </ul>
            )}
          </section>
          {service && (
            <dl class="facts facts-small">
              <Fact title="In use">
                {service.isUsed === null ? (
                  <>
                    <StatusIcon status="unknown" /> not known
                  </>
                ) : service.isUsed ? (
                  'yes'
                ) : (
                  'no'
                )}
                {service.isUsed !== true && service.useReason !== null && <span class="id">{service.useReason}</span>}
              </Fact>
              <Fact title="Trusted access">
                {service.isTrusted ? `since ${timeText(service.trustedSince)}` : 'none seen'}
              </Fact>
              <Fact title="Should be held by">{service.owners ?? 'nobody says'}</Fact>
              <Fact title="Administrators at most">{service.maxAdministrators ?? 'no limit known'}</Fact>
              <Fact title="Ways to delegate">
                {methodList(methods.filter((method) => service.methods.includes(method))) || 'none known'}
              </Fact>
              <Fact title="Service principals">
                <span class="id">{service.principals.join(', ') || 'none known'}</span>
              </Fact>
            </dl>
          )}
          {holders.some(({ holding }) => holding.since !== null) && (
            <p class="quiet">
              {holders
                .filter(({ holding }) => holding.since !== null)
                .map(({ holder, holding }) => `${holderName(holder)} since ${timeText(holding.since)}`)
                .join('; ')}
              .
            </p>
          )}
          {enrolments.length > 0 && (
            <section>
              <h2>New accounts</h2>
              <EnrolmentList enrolments={enrolments} />
            </section>
          )}
        </>
      )}
      <Findings findings={findings} />
    </>
  );
}

export function Fact({
  title,
  children,
}: {
  readonly title: string;
  readonly children: JSX.Element | (JSX.Element | string | number | false | null)[] | string | number;
}): JSX.Element {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  );
}

const enrolmentNames: Readonly<Record<string, string>> = {
  all: 'all accounts become members, those of before too',
  new: 'new accounts become members',
  central: 'configured centrally',
  policy: 'new accounts become members by a policy',
  some: 'new accounts become members, but not for everything',
  none: 'new accounts do not become members',
};

export function EnrolmentList({
  enrolments,
}: {
  readonly enrolments: readonly {
    readonly enrolment: string | null;
    readonly setting: string | null;
    readonly problem: string | null;
    readonly regions: readonly (string | null)[];
  }[];
}): JSX.Element {
  return (
    <ul class="plain-list">
      {enrolments.map(({ enrolment, setting, problem, regions }, index) => (
        <li key={index}>
          {enrolment === null ? (
            <span class="unknown-text">
              <StatusIcon status="unknown" /> not known: <Name>{problem}</Name>
            </span>
          ) : (
            <>
              {enrolmentNames[enrolment] ?? enrolment}{' '}
              <span class="quiet">
                <Name>{setting}</Name>
              </span>
            </>
          )}{' '}
          <Regions regions={regions} />
        </li>
      ))}
    </ul>
  );
}
