import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { RuleState } from '../model/rule_state.js';
import { Severity, StatusIcon } from '../parts/status.js';
import { RuleBody } from './rule.js';
import { RuleCounts } from './rule_counts.js';

export function RuleList({ rules }: { readonly rules: readonly RuleState[] }): JSX.Element {
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
  const { rule, worst } = state;
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
            <RuleCounts state={state} />
          </span>
        </summary>
        {isOpen && <RuleBody state={state} />}
      </details>
    </li>
  );
}
