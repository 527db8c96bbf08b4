import type { PageVerdict } from '../../report/page_data.js';
import { isCalm, severities, statuses } from './kinds.js';
import type { Model } from './model.js';
import { inRuns } from './runs.js';

/** Verdicts about a service (and a Region of it), by what they name as their resource. */
export function verdictsAbout(model: Model, service: string, region?: string): PageVerdict[] {
  return byWeight(
    model,
    ({ resource, regions }) =>
      (resource === service || resource?.startsWith(`${service} `) === true) &&
      (region === undefined || regions.length === 0 || regions.includes(region)),
  );
}

export function verdictsOnAccount(model: Model, account: string): PageVerdict[] {
  const index = model.accountIndex.get(account);
  return byWeight(
    model,
    ({ labels, accounts, accountIds }) =>
      accountIds.includes(account) || (index !== undefined && (inRuns(labels, index) || inRuns(accounts, index))),
  );
}

/** What is no pass, the worst and the most severe first. */
function byWeight({ organization, data }: Model, isWanted: (verdict: PageVerdict) => boolean): PageVerdict[] {
  const weight = ({ status, rule }: PageVerdict): number =>
    statuses.indexOf(status) * severities.length + severities.indexOf(data.rules[rule]?.severity ?? 'low');
  return organization.verdicts
    .filter((verdict) => !isCalm(verdict.status) && isWanted(verdict))
    .sort((left, right) => weight(left) - weight(right));
}
