import type { JSX } from 'preact';
import { outcomeNames } from '../model/kinds.js';
import { ageText, timeText } from '../model/times.js';
import { numberText, plural } from '../model/words.js';
import { Fact } from '../parts/fact.js';
import { usePage } from '../parts/page_state.js';
import { Name } from '../parts/text.js';

/** When it was read and judged, and by what. */
export function Facts(): JSX.Element {
  const { model, now } = usePage();
  const { data, organization, coverage } = model;
  const { tables } = organization;
  const notWhole = tables.filter(({ wasRead }) => !wasRead).length;
  const total = Object.values(coverage).reduce((sum, count) => sum + count, 0);
  return (
    <dl class="facts facts-wide">
      <Fact title="Synced">
        {timeText(organization.syncTime)}
        <span class="id">
          {organization.syncTime === null
            ? ''
            : `${ageText(organization.syncTime, now)}; too old after ${plural(organization.maxAgeHours, 'hour')}`}
        </span>
      </Fact>
      <Fact title="Judged">
        {timeText(data.executedAt)}
        <span class="id">{ageText(data.executedAt, now)}</span>
      </Fact>
      <Fact title="Program">aws-delegation {data.version}</Fact>
      <Fact title="Views and rules">
        {data.packVersion}
        <span class="id">
          {data.ranOnly === null
            ? `all ${data.rules.length} rules were run`
            : `${data.ranOnly.length} of ${data.rules.length} rules were run`}
        </span>
      </Fact>
      <Fact title="Tables">
        {plural(tables.length, 'table')}
        <span class="id">{notWhole === 0 ? 'all whole' : `${numberText(notWhole)} not whole`}</span>
      </Fact>
      <Fact title="Source">
        <Name>{organization.sourceName}</Name>
        <span class="id">asked as {organization.askingAccountId ?? 'an account that is not known'}</span>
      </Fact>
      <Fact title="Organization">
        <Name>{organization.organizationId ?? 'not read'}</Name>
        <span class="id">
          {[
            organization.partition,
            organization.featureSet === 'ALL' ? 'all features' : organization.featureSet,
            organization.scpStatus === null ? 'SCPs not known' : `SCPs ${organization.scpStatus}`,
          ]
            .filter((part) => part !== null)
            .join(', ')}
        </span>
      </Fact>
      <Fact title="Reads">
        {numberText(total)}
        <span class="id">
          {Object.entries(coverage)
            .filter(([, count]) => count > 0)
            .map(([name, count]) => `${numberText(count)} ${outcomeNames[name] ?? name}`)
            .join(', ')}
        </span>
      </Fact>
    </dl>
  );
}
