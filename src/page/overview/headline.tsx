import type { JSX } from 'preact';
import { severities } from '../model/kinds.js';
import type { Model } from '../model/model.js';
import { ageText, isTooOld, timeText } from '../model/times.js';
import { numberText, plural } from '../model/words.js';
import { Fact } from '../parts/fact.js';
import { Notice } from '../parts/notice.js';
import { StatusIcon } from '../parts/status.js';
import { Name } from '../parts/text.js';

/** Says in a sentence how things stand, and nothing better than they are. */
export function Headline({ model, now }: { readonly model: Model; readonly now: number }): JSX.Element {
  const { organization, totals, rules, memberCount, data } = model;
  const failing = rules.filter(({ counts }) => counts.fail > 0);
  const unread = rules.reduce((sum, { causes }) => sum + (causes['unread'] ?? 0), 0);
  const isOld = isTooOld(organization, now);
  const { accounts, managementAccountId } = organization;
  const management = model.accountIndex.get(managementAccountId ?? '');
  const worst = severities.find((severity) => model.bySeverity[severity].fail > 0);
  return (
    <header class="headline">
      <p class="eyebrow">
        {organization.isAbsent ? (
          'No organization'
        ) : (
          <Name>{`Organization ${organization.organizationId ?? '(not read)'}`}</Name>
        )}
      </p>
      <h1 tabIndex={-1}>
        {totals.fail > 0 ? (
          <>
            <em class="fail">{plural(totals.fail, 'finding')}</em> in {numberText(failing.length)} of{' '}
            {plural(rules.filter(({ worst: own }) => own !== null).length, 'rule')}
            {worst !== undefined && (
              <>
                , {numberText(model.bySeverity[worst].fail)} of them {worst}
              </>
            )}
            .
          </>
        ) : totals.unknown > 0 ? (
          <>No finding in what is known.</>
        ) : totals.pass > 0 ? (
          <>No finding.</>
        ) : (
          <>No verdict.</>
        )}{' '}
        {totals.unknown > 0 && (
          <>
            <em class="unknown">{plural(totals.unknown, 'verdict')}</em> {totals.unknown === 1 ? 'is' : 'are'} not known
            {unread > 0 ? `, ${numberText(unread)} for want of a read.` : '.'}
          </>
        )}
      </h1>
      <dl class="facts">
        <Fact title="Management account">
          <Name>
            {management === undefined
              ? (managementAccountId ?? 'not read')
              : (accounts.names[management] ?? managementAccountId)}
          </Name>
          {management !== undefined && <span class="id">{managementAccountId}</span>}
        </Fact>
        <Fact title="Accounts">
          {memberCount === null ? 'not all read' : numberText(accounts.ids.length)}
          {memberCount !== null && <span class="id">{plural(memberCount, 'active member')}</span>}
        </Fact>
        <Fact title="Delegated to">
          {plural(model.holders.length, 'account')}
          <span class="id">
            {plural(new Set(organization.delegations.map(({ service }) => service)).size, 'service')}
          </span>
        </Fact>
        <Fact title="Synced" class={isOld ? 'is-old' : undefined}>
          {isOld && <StatusIcon status="unknown" />}
          {organization.syncTime === null ? 'at an unknown time' : ageText(organization.syncTime, now)}
          <span class="id">
            {timeText(organization.syncTime)}
            {isOld && ', too old to go by'}
          </span>
        </Fact>
      </dl>
      {data.ranOnly !== null && (
        <Notice title={`${numberText(data.ranOnly.length)} of ${plural(data.rules.length, 'rule')} were run.`}>
          {' '}
          Of the others this report says nothing.
        </Notice>
      )}
    </header>
  );
}
