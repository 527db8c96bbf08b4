// Looks for words in everything that the page shows.
import { accountLabel } from '../../report/account_label.js';
import { matcher } from '../matcher.js';
import type { Model } from '../model/model.js';
import { lengthOfRuns } from '../model/runs.js';
import type { SectionId } from '../route.js';

export interface Hit {
  readonly kind: string;
  readonly title: string;
  readonly detail: string;
  readonly path: readonly [SectionId, ...string[]];
}

export interface HitGroup {
  readonly kind: string;
  readonly hits: readonly Hit[];
  /** How many there are, with those that are not in `hits`. */
  readonly total: number;
}

export function search(model: Model, query: string, atMost = 25): HitGroup[] {
  const { organization, holders, matrix, rules, units, data } = model;
  const matches = matcher(query);
  const groups: HitGroup[] = [];
  const add = <Row>(
    kind: string,
    rows: readonly Row[],
    isHit: (row: Row, index: number) => boolean,
    hitOf: (row: Row, index: number) => Omit<Hit, 'kind'>,
  ): void => {
    const hits: Hit[] = [];
    let total = 0;
    rows.forEach((row, index) => {
      if (!isHit(row, index)) return;
      total++;
      if (hits.length < atMost) hits.push({ kind, ...hitOf(row, index) });
    });
    if (total > 0) groups.push({ kind, hits, total });
  };
  const { accounts } = organization;
  const pathOf = (index: number): string => organization.units[accounts.units[index] ?? -1]?.path ?? '';
  add(
    'Holders',
    holders,
    ({ account, name, path, holdings }) =>
      matches(account, name, path, ...holdings.map(({ serviceName }) => serviceName)),
    ({ account, name, holdings }) => ({
      title: name === null ? account : `${name} (${account})`,
      detail: holdings.map(({ serviceName }) => serviceName).join(', '),
      path: ['holders', account],
    }),
  );
  add(
    'Services',
    matrix,
    ({ id, name, category }) => matches(id, name, category),
    ({ id, name, category }) => ({ title: name, detail: category, path: ['services', id] }),
  );
  add(
    'Rules',
    rules,
    ({ rule }) => matches(rule.id, rule.title, rule.why, rule.severity),
    ({ rule, worst }) => ({ title: rule.title, detail: `${rule.id}: ${worst ?? 'not run'}`, path: ['rules', rule.id] }),
  );
  add(
    'Verdicts',
    organization.verdicts,
    ({ before, after, names, resource, regions, accountIds, waiver }) =>
      matches(before, after, resource, waiver, ...names, ...regions, ...accountIds),
    ({ before, after, names, labels, rule, status }) => ({
      title: `${before}${someOf(model, labels, names)}${after}`,
      detail: `${status.replace('_', ' ')}: ${data.rules[rule]?.title ?? ''}`,
      path: ['rules', data.rules[rule]?.id ?? ''],
    }),
  );
  add(
    'Accounts',
    accounts.ids,
    (id, index) => matches(id, accounts.names[index], pathOf(index)),
    (id, index) => ({
      title: `${accounts.names[index] ?? 'without a name'} (${id})`,
      detail: pathOf(index),
      path: ['holders', id],
    }),
  );
  add(
    'Organizational units',
    units,
    ({ unit }) => matches(unit.id, unit.path),
    ({ unit, accountCount }) => ({
      title: unit.path,
      detail: `${unit.id}, ${accountCount} accounts`,
      path: ['organization', unit.id],
    }),
  );
  add(
    'Policies',
    organization.policies,
    ({ id, name, type }) => matches(id, name, type),
    ({ id, name, type, targets }) => ({
      title: `${name ?? id} (${id})`,
      detail: `${type ?? 'type not known'}, attached ${targets.length} times`,
      path: ['organization'],
    }),
  );
  add(
    'Grants of the delegation policy',
    organization.grants,
    ({ principal, sid, actions, policyTypes }) => matches(principal, sid, ...actions, ...(policyTypes ?? [])),
    ({ principal, sid, statement, actions }) => ({
      title: principal,
      detail: `${sid ?? `statement ${statement}`}: ${actions.join(', ')}`,
      path: ['policy'],
    }),
  );
  add(
    'Changes',
    organization.changes,
    (change) =>
      matches(
        change.action,
        change.principal,
        change.session,
        change.target,
        change.targetName,
        change.serviceName,
        change.after,
        change.eventId,
      ),
    ({ action, principal, at, target }) => ({
      title: `${action} ${target ?? ''}`,
      detail: `${at.slice(0, 10)}, ${principal ?? 'nobody named'}`,
      path: ['changes'],
    }),
  );
  add(
    'Waivers and approvals',
    [
      ...organization.waivers.map((waiver) => ({
        title: `Waiver of ${waiver.rule}`,
        detail: waiver.reason,
        more: [waiver.resource, waiver.account, waiver.approvedBy, waiver.ticket, waiver.owner],
      })),
      ...organization.approvals
        .filter(({ hasApproval }) => hasApproval)
        .map((approval) => ({
          title: `Approval of ${approval.serviceName ?? approval.service ?? 'any service'} for ${approval.account ?? 'any account'}`,
          detail: approval.reason ?? '',
          more: [approval.approvedBy, approval.principal],
        })),
    ],
    ({ title, detail, more }) => matches(title, detail, ...more),
    ({ title, detail }) => ({ title, detail, path: ['waivers'] }),
  );
  add(
    'Reads',
    organization.reads,
    ({ table, operation, outcome, code, message }) => matches(table, operation, outcome, code, message),
    ({ table, operation, outcome, count }) => ({
      title: operation,
      detail: `${table}: ${count} × ${outcome}`,
      path: ['evidence'],
    }),
  );
  return groups;
}

/** The first of the accounts or Regions that a verdict is about. */
function someOf({ organization }: Model, labels: readonly number[], names: readonly string[]): string {
  const [first] = labels;
  const shown =
    first === undefined ? names.slice(0, 2) : [accountLabel(organization.accounts, organization.units, first)];
  const rest = lengthOfRuns(labels) + names.length - shown.length;
  return `${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}
