import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { PageSeverity, PageStatus } from '../report/page_data.js';
import {
  byUrgency,
  causeNames,
  numberText,
  plural,
  severities,
  statusName,
  statuses,
  type RuleState,
} from './model.js';
import {
  Choice,
  Empty,
  Link,
  Marked,
  Notice,
  SectionHeading,
  Severity,
  Shortened,
  Status,
  StatusIcon,
  usePage,
  VerdictList,
} from './parts.js';
import { matcher } from './search.js';

export function Rules(): JSX.Element {
  const { model, route, isPrinting } = usePage();
  const chosen = route.section === 'rules' ? route.path[0] : undefined;
  const [severity, setSeverity] = useState<PageSeverity | 'all'>('all');
  const [status, setStatus] = useState<PageStatus | 'all'>('all');
  const [framework, setFramework] = useState('');
  const [words, setWords] = useState('');
  const rules = useMemo(() => [...model.rules].sort(byUrgency), [model]);
  const alone = rules.find(({ rule }) => rule.id === chosen);
  if (alone && !isPrinting) {
    return (
      <>
        <p class="trail">
          <Link to={['rules']}>Rules</Link>
        </p>
        <RuleDetails state={alone} isAlone />
      </>
    );
  }
  const matches = matcher(words);
  const inFramework = model.data.frameworks.find(({ id }) => id === framework);
  const shown = rules.filter(
    ({ rule, counts }) =>
      isPrinting ||
      ((severity === 'all' || rule.severity === severity) &&
        (status === 'all' || counts[status] > 0) &&
        (framework === '' || inFramework?.controls.some((control) => control.rules.includes(rule.id)) === true) &&
        (words.trim() === '' || matches(rule.id, rule.title, rule.why, rule.remediation))),
  );
  return (
    <>
      <SectionHeading title="Rules">
        What should hold, and whether it does. What is not known is told as unknown, and never as a pass.
      </SectionHeading>
      {model.data.toldOnly !== null && (
        <Notice
          title={`Told one by one are verdicts that ${model.data.toldOnly.map(statusName).join(' or ')} only.`}
          tone="plain"
        >
          {' '}
          The counts are of all.
        </Notice>
      )}
      {!isPrinting && (
        <div class="filters">
          <span class="filter">
            <label for="rule-words">Filter</label>
            <input
              id="rule-words"
              type="search"
              placeholder="words in rules"
              value={words}
              onInput={({ currentTarget }) => {
                setWords(currentTarget.value);
              }}
            />
          </span>
          <Choice
            label="Severity"
            value={severity}
            onChange={setSeverity}
            values={[['all', 'All'], ...severities.map((each) => [each, each] as const)]}
          />
          <Choice
            label="Status"
            value={status}
            onChange={setStatus}
            values={[['all', 'All'], ...statuses.map((each) => [each, statusName(each)] as const)]}
          />
          <span class="filter">
            <label for="rule-framework">Framework</label>
            <select
              id="rule-framework"
              value={framework}
              onChange={({ currentTarget }) => {
                setFramework(currentTarget.value);
              }}
            >
              <option value="">any</option>
              {model.data.frameworks.map(({ id, title }) => (
                <option key={id} value={id}>
                  {title}
                </option>
              ))}
            </select>
          </span>
          <span class="found" role="status">
            {numberText(shown.length)} of {plural(rules.length, 'rule')}
          </span>
        </div>
      )}
      {shown.length === 0 && <Empty>No rule is like that.</Empty>}
      {inFramework && !isPrinting ? (
        inFramework.controls.map((control) => {
          const own = shown.filter(({ rule }) => control.rules.includes(rule.id));
          return (
            <section key={control.id} class="control-group">
              <h2>
                {control.id === 'all' ? '' : `${control.id} `}
                {control.title}
              </h2>
              {control.manual.map((question) => (
                <p class="manual" key={question}>
                  <span class="flag">for a person to answer</span> {question}
                </p>
              ))}
              {own.length === 0 ? (
                <Empty>{control.rules.length === 0 ? 'No rule judges it.' : 'None of its rules is like that.'}</Empty>
              ) : (
                <RuleList rules={own} />
              )}
            </section>
          );
        })
      ) : isPrinting ? (
        shown.map((state) => <RuleDetails key={state.rule.id} state={state} />)
      ) : (
        <RuleList rules={shown} />
      )}
    </>
  );
}

function RuleList({ rules }: { readonly rules: readonly RuleState[] }): JSX.Element {
  return (
    <ul class="rule-list">
      {rules.map((state) => (
        <RuleLine key={state.rule.id} state={state} />
      ))}
    </ul>
  );
}

function RuleLine({ state }: { readonly state: RuleState }): JSX.Element {
  const [isOpen, setOpen] = useState(false);
  const { rule, counts, worst } = state;
  return (
    <li class={`rule rule-${worst ?? 'not_run'}`}>
      <details
        onToggle={({ currentTarget }) => {
          setOpen(currentTarget.open);
        }}
      >
        <summary>
          {worst === null ? <span class="not-run">·</span> : <StatusIcon status={worst} />}
          <span class="rule-title">{rule.title}</span>
          <Severity severity={rule.severity} />
          <span class="rule-counts">
            {worst === null ? (
              <span class="quiet">not run</span>
            ) : (
              statuses
                .filter((status) => counts[status] > 0)
                .map((status) => <Status key={status} status={status} count={counts[status]} />)
            )}
          </span>
        </summary>
        {isOpen && <RuleBody state={state} />}
      </details>
    </li>
  );
}

function RuleDetails({
  state,
  isAlone = false,
}: {
  readonly state: RuleState;
  readonly isAlone?: boolean;
}): JSX.Element {
  const { rule, counts, worst } = state;
  const counted =
    worst === null ? (
      <span class="quiet">not run</span>
    ) : (
      statuses
        .filter((status) => counts[status] > 0)
        .map((status) => <Status key={status} status={status} count={counts[status]} />)
    );
  return (
    <article class="rule-page">
      {isAlone ? <SectionHeading title={rule.title} /> : <h2>{rule.title}</h2>}
      <p class="rule-counts">
        <Severity severity={rule.severity} /> {counted}
      </p>
      <RuleBody state={state} />
    </article>
  );
}

function RuleBody({ state }: { readonly state: RuleState }): JSX.Element {
  const { model, isPrinting } = usePage();
  const { rule, verdicts, counts, causes } = state;
  const told = verdicts.filter(({ status }) => status === 'fail' || status === 'unknown' || status === 'waived');
  const calm = verdicts.filter(({ status }) => status === 'pass' || status === 'not_applicable');
  const [hasCalm, setCalm] = useState(false);
  useEffect(() => {
    setCalm(false);
  }, [state]);
  const untold = state.total - [...told, ...calm].reduce((sum, { count }) => sum + count, 0);
  return (
    <div class="rule-body">
      <dl class="rule-facts">
        <dt>Why</dt>
        <dd>
          <Marked>{rule.why}</Marked>
        </dd>
        <dt>How it is decided</dt>
        <dd>
          <Marked>{rule.decides}</Marked>
        </dd>
        {counts.unknown > 0 && (
          <>
            <dt>What unknown means</dt>
            <dd>
              <Marked>{rule.unknown}</Marked>{' '}
              <span class="quiet">
                {Object.entries(causes)
                  .map(([cause, count]) => `${numberText(count)}: ${causeNames[cause] ?? cause}`)
                  .join('; ')}
              </span>
            </dd>
          </>
        )}
        <dt>What mends it</dt>
        <dd>
          <Marked>{rule.remediation}</Marked>
        </dd>
        <dt>Rests on</dt>
        <dd>
          <a href={rule.source} rel="noreferrer">
            {rule.source.replace('https://', '')}
          </a>
          <span class="quiet">
            {' '}
            {rule.id}
            {Object.entries(rule.frameworks).map(([name, numbers]) => ` · ${name} ${numbers.join(', ')}`)}
          </span>
        </dd>
      </dl>
      {told.length > 0 && (
        <Shortened rows={told} first={10} step={50} onPaper={30} what="verdicts">
          {(shown) => <VerdictList verdicts={shown} />}
        </Shortened>
      )}
      {calm.length > 0 &&
        (isPrinting ? (
          <p class="quiet">
            {statuses
              .filter((status) => (status === 'pass' || status === 'not_applicable') && counts[status] > 0)
              .map((status) => `${numberText(counts[status])} ${statusName(status)}`)
              .join(', ')}
            .
          </p>
        ) : (
          <>
            <button
              type="button"
              class="more"
              aria-expanded={hasCalm}
              onClick={() => {
                setCalm(!hasCalm);
              }}
            >
              {hasCalm ? 'Hide' : 'Show'} what passes or does not apply (
              {numberText(counts.pass + counts.not_applicable)})
            </button>
            {hasCalm && (
              <Shortened rows={calm} first={20} step={100} what="verdicts">
                {(shown) => <VerdictList verdicts={shown} />}
              </Shortened>
            )}
          </>
        ))}
      {untold > 0 && (
        <p class="quiet">
          {plural(untold, 'verdict')} of other statuses {untold === 1 ? 'is' : 'are'} counted and not told here.
        </p>
      )}
      {state.worst === null && (
        <p class="quiet">
          {model.data.ranOnly === null
            ? 'It gave no verdict about this organization.'
            : 'It was not run: nothing is known of it.'}
        </p>
      )}
    </div>
  );
}
