import type { JSX } from 'preact';
import type { Denial } from '../../report/page_data.js';
import { denialOfAll, reasonsOf } from '../model/guardrails.js';
import { controlName } from '../model/kinds.js';
import { plural } from '../model/words.js';
import { DenialIcon, denialNames, denialText } from './denial.js';
import { Empty } from './notice.js';
import { usePage } from './page_state.js';
import { Shortened } from './shortened.js';
import { Name } from './text.js';

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
