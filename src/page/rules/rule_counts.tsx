import type { JSX } from 'preact';
import { statuses } from '../model/kinds.js';
import type { RuleState } from '../model/rule_state.js';
import { Status } from '../parts/status.js';

/** How many verdicts of each status. */
export function RuleCounts({ state: { worst, counts } }: { readonly state: RuleState }): JSX.Element {
  if (worst === null) return <span class="quiet">not run</span>;
  return (
    <>
      {statuses
        .filter((status) => counts[status] > 0)
        .map((status) => (
          <Status key={status} status={status} count={counts[status]} />
        ))}
    </>
  );
}
