import type { JSX } from 'preact';
import {
  ageText,
  capital,
  byUrgency,
  isTooOld,
  methodNames,
  methods,
  numberText,
  plural,
  severities,
  statusName,
  statuses,
  timeText,
  type Model,
  type RuleState,
} from './model.js';
import { Empty, HolderChip, Link, Name, Notice, Sentence, Severity, Status, StatusIcon, usePage } from './parts.js';

export function Overview(): JSX.Element {
  const { model, now } = usePage();
  const { organization } = model;
  if (organization.sourceName === null) return <NothingRead reason={organization.readError} />;
  return (
    <>
      <Headline model={model} now={now} />
      <Gaps model={model} />
      <div class="overview-grid">
        <Board model={model} />
        <Delegations model={model} />
        <Coverage model={model} />
      </div>
      <First model={model} />
      <Leading model={model} />
    </>
  );
}

export function NothingRead({ reason }: { readonly reason: string | null }): JSX.Element {
  return (
    <div class="nothing">
      <svg viewBox="0 0 120 60" aria-hidden="true">
        <path d="M60 8v14M60 22H22v14M60 22v14M60 22h38v14" />
        <rect x="12" y="36" width="20" height="14" rx="3" />
        <rect x="50" y="36" width="20" height="14" rx="3" />
        <rect x="88" y="36" width="20" height="14" rx="3" />
      </svg>
      <h1 tabIndex={-1}>Nothing was read yet</h1>
      <p>
        <Name>{reason ?? 'No reason is known.'}</Name>
      </p>
      <p>
        This is no statement about any organization: neither good nor bad. Run <code>aws-delegation sync spec.yml</code>
        , then <code>aws-delegation report</code> again.
      </p>
    </div>
  );
}

/** Says in a sentence how things stand, and nothing better than they are. */
function Headline({ model, now }: { readonly model: Model; readonly now: number }): JSX.Element {
  const { organization, totals, rules, memberCount, data } = model;
  const failing = rules.filter(({ counts }) => counts.fail > 0);
  const unread = rules.reduce((sum, { causes }) => sum + (causes['unread'] ?? 0), 0);
  const isOld = isTooOld(organization, now);
  const { accounts, managementAccountId } = organization;
  const management = model.accountIndex.get(managementAccountId ?? '');
  const worst = severities.find((severity) => model.bySeverity[severity].fail > 0);
  return (
    <header class="headline">
      <p class="eyebrow">
        {organization.isAbsent ? (
          'No organization'
        ) : (
          <Name>{`Organization ${organization.organizationId ?? '(not read)'}`}</Name>
        )}
      </p>
      <h1 tabIndex={-1}>
        {totals.fail > 0 ? (
          <>
            <em class="fail">{plural(totals.fail, 'finding')}</em> in {numberText(failing.length)} of{' '}
            {plural(rules.filter(({ worst: own }) => own !== null).length, 'rule')}
            {worst !== undefined && (
              <>
                , {numberText(model.bySeverity[worst].fail)} of them {worst}
              </>
            )}
            .
          </>
        ) : totals.unknown > 0 ? (
          <>No finding in what is known.</>
        ) : totals.pass > 0 ? (
          <>No finding.</>
        ) : (
          <>No verdict.</>
        )}{' '}
        {totals.unknown > 0 && (
          <>
            <em class="unknown">{plural(totals.unknown, 'verdict')}</em> {totals.unknown === 1 ? 'is' : 'are'} not known
            {unread > 0 ? `, ${numberText(unread)} for want of a read.` : '.'}
          </>
        )}
      </h1>
      <dl class="facts">
        <div>
          <dt>Management account</dt>
          <dd>
            <Name>
              {management === undefined
                ? (managementAccountId ?? 'not read')
                : (accounts.names[management] ?? managementAccountId)}
            </Name>
            {management !== undefined && <span class="id">{managementAccountId}</span>}
          </dd>
        </div>
        <div>
          <dt>Accounts</dt>
          <dd>
            {memberCount === null ? 'not all read' : numberText(accounts.ids.length)}
            {memberCount !== null && <span class="id">{plural(memberCount, 'active member')}</span>}
          </dd>
        </div>
        <div>
          <dt>Delegated to</dt>
          <dd>
            {plural(model.holders.length, 'account')}
            <span class="id">
              {plural(new Set(organization.delegations.map(({ service }) => service)).size, 'service')}
            </span>
          </dd>
        </div>
        <div class={isOld ? 'is-old' : undefined}>
          <dt>Synced</dt>
          <dd>
            {isOld && <StatusIcon status="unknown" />}
            {organization.syncTime === null ? 'at an unknown time' : ageText(organization.syncTime, now)}
            <span class="id">
              {timeText(organization.syncTime)}
              {isOld && ', too old to go by'}
            </span>
          </dd>
        </div>
      </dl>
      {data.ranOnly !== null && (
        <Notice title={`${numberText(data.ranOnly.length)} of ${plural(data.rules.length, 'rule')} were run.`}>
          {' '}
          Of the others this report says nothing.
        </Notice>
      )}
    </header>
  );
}

/** What is missing stands on the first screen, whatever else is well. */
function Gaps({ model }: { readonly model: Model }): JSX.Element | null {
  const { organization, coverage } = model;
  const missing = (coverage['denied'] ?? 0) + (coverage['failed'] ?? 0);
  const unseen = organization.openQuestions;
  if (missing === 0 && unseen.length === 0 && organization.wasRead) return null;
  const worst = organization.reads.filter(({ outcome }) => outcome === 'denied' || outcome === 'failed');
  const lines = [
    ...(organization.wasRead || organization.isAbsent
      ? []
      : [`The organization itself was not read: ${organization.readError ?? 'no reason is known'}.`]),
    ...unseen.slice(0, 2).map(({ serviceName, error }) => `${serviceName ?? 'Any service'}: ${error}`),
    ...(unseen.length === 0
      ? worst.slice(0, 2).map(({ operation, outcome, code, regions, accounts }) => {
          const where = regions.length === 0 ? '' : ` in ${regions.slice(0, 3).join(', ')}`;
          return `${operation}${where} was ${outcome}${code === null ? '' : ` (${code})`} for ${accounts.slice(0, 3).join(', ')}`;
        })
      : []),
  ];
  return (
    <Notice title={gapTitle(missing, unseen.length)}>
      <ul>
        {lines.map((line) => (
          <li key={line}>
            <Name>{line}</Name>
          </li>
        ))}
      </ul>
      <p class="onward">
        <Link to={['evidence']}>What each read said</Link>
      </p>
    </Notice>
  );
}

function gapTitle(missing: number, unseen: number): string {
  if (unseen > 0) return 'More accounts may hold something than this report shows.';
  if (missing > 0)
    return `${plural(missing, 'read')} did not get through. No holder is hidden by it, but settings of theirs may be.`;
  return 'The organization was not read.';
}

/** One tile for each rule: nobody has to weigh fifty thousand passes against three failures. */
function Board({ model }: { readonly model: Model }): JSX.Element {
  return (
    <section class="card board" aria-labelledby="board-title">
      <h2 id="board-title">Verdicts by severity</h2>
      <p class="quiet">A tile is a rule, by the worst that it says. The numbers count verdicts.</p>
      <table>
        <caption class="visually-hidden">Verdicts by severity and status</caption>
        <thead>
          <tr>
            <th scope="col">Severity</th>
            <th scope="col" class="tiles-head">
              Rules
            </th>
            {statuses.map((status) => (
              <th scope="col" class="number" key={status}>
                <span class={`status status-${status}`}>
                  {status === 'not_applicable' ? 'n/a' : statusName(status)}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {severities.map((severity) => {
            const rules = model.rules.filter(({ rule }) => rule.severity === severity).sort(byUrgency);
            const counts = model.bySeverity[severity];
            return (
              <tr key={severity}>
                <th scope="row">
                  <Severity severity={severity} />
                </th>
                <td class="tiles">
                  <ul>
                    {rules.map((state) => (
                      <li key={state.rule.id}>
                        <Tile state={state} />
                      </li>
                    ))}
                  </ul>
                </td>
                {statuses.map((status) => (
                  <td key={status} class={`number count-${status}${counts[status] === 0 ? ' zero' : ''}`}>
                    {numberText(counts[status])}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">All</th>
            <td class="quiet">{plural(model.rules.length, 'rule')}</td>
            {statuses.map((status) => (
              <td key={status} class={`number count-${status}${model.totals[status] === 0 ? ' zero' : ''}`}>
                {numberText(model.totals[status])}
              </td>
            ))}
          </tr>
        </tfoot>
      </table>
    </section>
  );
}

function Tile({ state: { rule, worst, counts } }: { readonly state: RuleState }): JSX.Element {
  const said =
    worst === null
      ? 'not run'
      : statuses
          .filter((status) => counts[status] > 0)
          .map((status) => `${numberText(counts[status])} ${statusName(status)}`)
          .join(', ');
  return (
    <Link to={['rules', rule.id]} class={`tile tile-${worst ?? 'not_run'}`} label={`${rule.title}: ${said}`}>
      <span title={`${rule.title}: ${said}`}>
        {worst === null ? <span class="not-run">·</span> : <StatusIcon status={worst} />}
      </span>
    </Link>
  );
}

function Bar({
  parts,
  label,
}: {
  readonly parts: readonly { readonly kind: string; readonly count: number }[];
  readonly label: string;
}): JSX.Element {
  const total = parts.reduce((sum, { count }) => sum + count, 0);
  return (
    <div class="bar" role="img" aria-label={label}>
      {parts
        .filter(({ count }) => count > 0)
        .map(({ kind, count }) => (
          // Something is never drawn as nothing.
          <span key={kind} class={`bar-${kind}`} style={{ flexGrow: count / total, flexBasis: '4px' }} />
        ))}
    </div>
  );
}

function Delegations({ model }: { readonly model: Model }): JSX.Element {
  const { organization } = model;
  const rows = methods.map((method) => {
    const own = organization.delegations.filter((delegation) => delegation.method === method);
    return {
      method,
      pairs: new Set(own.map(({ service, account }) => `${service} ${account}`)).size,
      holders: new Set(own.map(({ account }) => account)).size,
      unsettled: own.filter(({ isHeld }) => !isHeld).length,
      open: organization.questions.filter((question) => question.method === method && !question.wasRead).length,
    };
  });
  const most = Math.max(1, ...rows.map(({ pairs }) => pairs));
  const differing = model.matrix.filter(({ hasDifference }) => hasDifference);
  return (
    <section class="card" aria-labelledby="methods-title">
      <h2 id="methods-title">Delegations by method</h2>
      <ul class="measures">
        {rows.map(({ method, pairs, holders, unsettled, open }) => (
          <li key={method}>
            <p class="measure">
              <span>{capital(methodNames[method])}</span>
              <b>{numberText(pairs)}</b>
            </p>
            <div class="track" aria-hidden="true">
              <span style={{ width: `${(pairs / most) * 100}%` }} />
            </div>
            <p class="quiet">
              {method === 'resource_policy'
                ? plural(holders, 'principal account')
                : `services by ${plural(holders, 'account')}`}
              {unsettled > 0 && `, ${unsettled} not settled`}
              {open > 0 && (
                <span class="unknown-text">
                  {' '}
                  <StatusIcon status="unknown" /> {plural(open, 'question')} without an answer
                </span>
              )}
            </p>
          </li>
        ))}
      </ul>
      {differing.length > 0 && (
        <p class="differing">
          <span class="differs" aria-hidden="true">
            ≠
          </span>{' '}
          <Link to={['services']}>
            {plural(differing.length, 'service')} {differing.length === 1 ? 'names' : 'name'} different holders
          </Link>{' '}
          by method or Region.
        </p>
      )}
    </section>
  );
}

export const outcomeNames: Readonly<Record<string, string>> = {
  ok: 'answered',
  absent: 'nothing there to ask',
  skipped: 'left out by the spec',
  denied: 'denied',
  failed: 'failed',
};

function Coverage({ model }: { readonly model: Model }): JSX.Element {
  const { coverage, organization } = model;
  const outcomes = Object.entries(coverage);
  const total = outcomes.reduce((sum, [, count]) => sum + count, 0);
  const unread = organization.tables.filter(({ wasRead }) => !wasRead);
  return (
    <section class="card" aria-labelledby="coverage-title">
      <h2 id="coverage-title">What was read</h2>
      {total === 0 ? (
        <Empty>No read is recorded.</Empty>
      ) : (
        <>
          <Bar
            parts={outcomes.map(([kind, count]) => ({ kind, count }))}
            label={outcomes
              .map(([outcome, count]) => `${numberText(count)} ${outcomeNames[outcome] ?? outcome}`)
              .join(', ')}
          />
          <dl class="legend">
            {outcomes.map(([outcome, count]) => (
              <div key={outcome} class={count === 0 ? 'zero' : undefined}>
                <dt>
                  <span class={`swatch bar-${outcome}`} aria-hidden="true" />
                  {outcomeNames[outcome] ?? outcome}
                </dt>
                <dd>{numberText(count)}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      <p class="quiet">
        {unread.length === 0
          ? `All ${organization.tables.length} tables are whole.`
          : `${plural(unread.length, 'table')} of ${organization.tables.length} ${unread.length === 1 ? 'is' : 'are'} not whole: ${unread
              .slice(0, 2)
              .map(({ name }) => name)
              .join(', ')}${unread.length > 2 ? ' and others' : ''}.`}{' '}
        <Link to={['evidence']}>Evidence</Link>
      </p>
    </section>
  );
}

/** The gravest findings, each with what to do. */
function First({ model }: { readonly model: Model }): JSX.Element | null {
  const failing = model.rules.filter(({ worst }) => worst === 'fail').sort(byUrgency);
  if (failing.length === 0) return null;
  return (
    <section class="first" aria-labelledby="first-title">
      <h2 id="first-title">To look at first</h2>
      <ol>
        {failing.slice(0, 6).map(({ rule, counts, verdicts }) => {
          const verdict = verdicts.find(({ status }) => status === 'fail');
          return (
            <li key={rule.id} class="card">
              <p class="first-head">
                <Severity severity={rule.severity} />
                <Status status="fail" count={counts.fail} />
              </p>
              <h3>
                <Link to={['rules', rule.id]}>{rule.title}</Link>
              </h3>
              {verdict && (
                <p class="clamped">
                  <Sentence verdict={verdict} />
                </p>
              )}
            </li>
          );
        })}
      </ol>
      {failing.length > 6 && (
        <p class="onward">
          <Link to={['rules']}>All {failing.length} rules with findings</Link>
        </p>
      )}
    </section>
  );
}

function Leading({ model }: { readonly model: Model }): JSX.Element {
  const { isPrinting } = usePage();
  const { holders } = model;
  const shown = isPrinting ? 5 : 8;
  const most = Math.max(1, ...holders.map(({ holdings }) => holdings.length));
  return (
    <section aria-labelledby="leading-title">
      <h2 id="leading-title">Who holds most</h2>
      {holders.length === 0 ? (
        <Empty>
          {model.organization.openQuestions.length > 0
            ? 'Nobody holds a delegation, as far as it was read.'
            : 'Nobody holds a delegation.'}
        </Empty>
      ) : (
        <ul class="leading">
          {holders.slice(0, shown).map((holder) => (
            <li key={holder.account}>
              <HolderChip holder={holder} />
              <span class="track" aria-hidden="true">
                <span
                  class={`hue-bar-${holder.isManagement ? 'management' : holder.hue}`}
                  style={{ width: `${(holder.holdings.length / most) * 100}%` }}
                />
              </span>
              <span class="number">{plural(holder.holdings.length, 'service')}</span>
            </li>
          ))}
        </ul>
      )}
      {holders.length > shown && (
        <p class="onward">
          <Link to={['holders']}>All {numberText(holders.length)} holders</Link>
        </p>
      )}
    </section>
  );
}
