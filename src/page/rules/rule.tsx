import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { causeNames, isCalm, statuses, statusName } from '../model/kinds.js';
import type { RuleState } from '../model/rule_state.js';
import { numberText, plural } from '../model/words.js';
import { SectionHeading } from '../parts/heading.js';
import { usePage } from '../parts/page_state.js';
import { Shortened } from '../parts/shortened.js';
import { Severity } from '../parts/status.js';
import { Marked } from '../parts/text.js';
import { VerdictList } from '../parts/verdicts.js';
import { RuleCounts } from './rule_counts.js';

export function RuleDetails({
  state,
  isAlone = false,
}: {
  readonly state: RuleState;
  readonly isAlone?: boolean;
}): JSX.Element {
  const { rule } = state;
  return (
    <article class="rule-page">
      {isAlone ? <SectionHeading title={rule.title} /> : <h2>{rule.title}</h2>}
      <p class="rule-counts">
        <Severity severity={rule.severity} /> <RuleCounts state={state} />
      </p>
      <RuleBody state={state} />
    </article>
  );
}

export function RuleBody({ state }: { readonly state: RuleState }): JSX.Element {
  const { model, isPrinting } = usePage();
  const { rule, verdicts, counts, causes } = state;
  const told = verdicts.filter(({ status }) => !isCalm(status));
  const calm = verdicts.filter(({ status }) => isCalm(status));
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
              .filter((status) => isCalm(status) && counts[status] > 0)
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
