import type { JSX } from 'preact';
import { SectionHeading } from '../parts/heading.js';
import { Notice } from '../parts/notice.js';
import { usePage } from '../parts/page_state.js';
import { Name } from '../parts/text.js';
import { Approvals } from './approvals.js';
import { Owners } from './owners.js';
import { WaiverTable } from './waiver_table.js';

export function Waivers(): JSX.Element {
  const { tables } = usePage().model.organization;
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
      <WaiverTable />
      <Approvals />
      <Owners />
    </>
  );
}
