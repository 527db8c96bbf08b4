import type { JSX } from 'preact';
import type { PageService } from '../../report/page_data.js';

const powerNames = {
  reads_members: 'reads members',
  configures_members: 'configures members',
  acts_in_members: 'acts in members',
  controls_access: 'controls access',
} as const;

/** What its administrator can do to members, and what not. */
export function Powers({ service }: { readonly service: PageService | undefined }): JSX.Element {
  const { power, can, cannot } = service ?? { power: null, can: null, cannot: null };
  if (can === null) return <p class="quiet">AWS does not say what its administrator can do.</p>;
  return (
    <>
      <p>
        {power !== null && <span class="severity">{powerNames[power]}</span>} The administrator can {can}.
      </p>
      {cannot !== null && <p class="quiet">It cannot {cannot}.</p>}
    </>
  );
}
