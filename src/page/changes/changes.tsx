import type { JSX } from 'preact';
import { SectionHeading } from '../parts/heading.js';
import { Drift } from './drift.js';
import { Events } from './events.js';
import { VerdictChanges } from './verdict_changes.js';

export function Changes(): JSX.Element {
  return (
    <>
      <SectionHeading title="Changes">
        Who changed the organization, its policies or its administrators, and what became different from sync to sync.
      </SectionHeading>
      <Drift />
      <VerdictChanges />
      <Events />
    </>
  );
}
