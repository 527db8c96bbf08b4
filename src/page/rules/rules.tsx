import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { PageSeverity, PageStatus } from '../../report/page_data.js';
import { matcher } from '../matcher.js';
import { severities, statuses, statusName } from '../model/kinds.js';
import { byUrgency } from '../model/rule_state.js';
import { numberText, plural } from '../model/words.js';
import { Choice } from '../parts/choice.js';
import { SectionHeading } from '../parts/heading.js';
import { Link } from '../parts/link.js';
import { Empty, Notice } from '../parts/notice.js';
import { usePage } from '../parts/page_state.js';
import { RuleDetails } from './rule.js';
import { RuleList } from './rule_list.js';

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
