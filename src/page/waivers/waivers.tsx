import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { Notice, SectionHeading } from '../parts/blocks.js';
import { Choice } from '../parts/choice.js';
import { DataTable } from '../parts/data_table.js';
import { usePage } from '../parts/state.js';
import { Name } from '../parts/text.js';
import { approvalColumns, stateOf, type ApprovalState } from './approvals.js';
import { ownerColumns } from './owners.js';
import { waiverColumns } from './waiver_columns.js';

export function Waivers(): JSX.Element {
  const { model, isPrinting } = usePage();
  const { waivers, approvals, owners, tables } = model.organization;
  const [filter, setFilter] = useState<ApprovalState | 'all'>('all');
  const shown = useMemo(
    () => approvals.filter((approval) => filter === 'all' || stateOf(approval) === filter),
    [approvals, filter],
  );
  const missing = tables.filter(
    ({ name, wasRead }) =>
      ['aws_delegation_waivers', 'aws_delegation_approvals', 'aws_delegation_owners'].includes(name) && !wasRead,
  );
  return (
    <>
      <SectionHeading title="Waivers and approvals">
        What people have agreed to: findings that are accepted until a day, and delegations that somebody answers for.
      </SectionHeading>
      {missing.map(({ name, error }) => (
        <Notice key={name} title={`${name} was not read:`}>
          {' '}
          <Name>{error}</Name>
        </Notice>
      ))}
      <section>
        <h2>Waivers</h2>
        <DataTable
          caption="Findings that are accepted until a day"
          columns={waiverColumns}
          rows={waivers}
          what="waivers"
          empty="No finding is waived."
        />
      </section>
      <section>
        <h2>Approvals</h2>
        <DataTable
          caption="Delegations and who approved them"
          columns={approvalColumns}
          rows={shown}
          what="approvals"
          empty={filter === 'all' ? 'Nothing is delegated and nothing approved.' : 'None is like that.'}
        >
          {!isPrinting && (
            <Choice
              label="Show"
              value={filter}
              onChange={setFilter}
              values={[
                ['all', 'All'],
                ['open', 'Not approved'],
                ['idle', 'Approved, not there'],
                ['approved', 'Approved'],
              ]}
            />
          )}
        </DataTable>
      </section>
      <section>
        <h2>Owners</h2>
        <DataTable
          caption="Who is meant by the owners of the spec"
          columns={ownerColumns}
          rows={owners}
          what="owners"
          isFilterable={false}
          empty="The spec names no owner."
        />
      </section>
    </>
  );
}
