import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { plural } from '../model/words.js';
import { DenialLegend } from '../parts/denial.js';
import { SectionHeading } from '../parts/heading.js';
import { Empty } from '../parts/notice.js';
import { usePage } from '../parts/page_state.js';
import { Shortened } from '../parts/shortened.js';
import { Policies } from './policies.js';
import { openAtFirst, Tree, visibleRows } from './tree.js';
import { UnitPage } from './unit_page.js';

export function Organization(): JSX.Element {
  const { model, route, isPrinting } = usePage();
  const { units, organization } = model;
  const id = route.section === 'organization' ? route.path[0] : undefined;
  const chosen = units.find(({ unit }) => unit.id === id);
  const [opened, setOpened] = useState<ReadonlySet<number>>(() => openAtFirst(units));
  const rows = useMemo(() => visibleRows(units, isPrinting ? null : opened), [units, opened, isPrinting]);
  if (chosen && !isPrinting) return <UnitPage state={chosen} />;
  const isEmpty = organization.accounts.ids.length === 0 && units.length < 2;
  const placeless = organization.accounts.units.filter((place) => place < 0).length;
  const toggle = (index: number): void => {
    const next = new Set(opened);
    if (!next.delete(index)) next.add(index);
    setOpened(next);
  };
  return (
    <>
      <SectionHeading title="Organization">
        Where the holders of power live, and which guardrails reach where. A mark stands for the active accounts of a
        unit and of all below: whether service control policies keep them from switching off, or from doing, what its
        column names.
      </SectionHeading>
      {isEmpty ? (
        <Empty>Neither accounts nor organizational units were read.</Empty>
      ) : (
        <>
          <DenialLegend />
          <Shortened rows={rows} first={isPrinting ? 250 : 400} step={400} onPaper={250} what="organizational units">
            {(shown) => <Tree rows={shown} opened={opened} toggle={toggle} />}
          </Shortened>
          {placeless > 0 && (
            <p class="quiet">{plural(placeless, 'account')} stand nowhere in this tree: their place is not known.</p>
          )}
        </>
      )}
      <Policies />
    </>
  );
}
