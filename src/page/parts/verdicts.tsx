import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { PageVerdict } from '../../report/page_data.js';
import { causeNames, statusName } from '../model/kinds.js';
import { lengthOfRuns } from '../model/runs.js';
import { numberText, plural } from '../model/words.js';
import { Link } from './link.js';
import { Empty } from './notice.js';
import { usePage } from './page_state.js';
import { Sentence, subjectsOf } from './sentence.js';
import { Shortened } from './shortened.js';
import { Severity, StatusIcon } from './status.js';
import { Marked, Name } from './text.js';

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
              <Shortened rows={subjectsOf(verdict)} first={100} step={500} what="of them">
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
