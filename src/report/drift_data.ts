import { stringify } from 'csv-stringify/sync';
import { gapsOf, turnOf, type Change, type Drift } from '../rules/index.js';
import { jsonText, visible } from './characters.js';

/** One JSON document, indented: the changes as they are, what the history covers, and what the newest sync could not ask. */
export function jsonDrift(drift: Drift): string {
  const { since, until, packVersion, histories, changes, unread } = drift;
  const counts = Object.fromEntries(
    [...new Set(changes.map(({ kind }) => kind))]
      .sort()
      .map((kind) => [kind, changes.filter((one) => one.kind === kind).length]),
  );
  const document = {
    since,
    until,
    packVersion,
    counts,
    gaps: gapsOf(drift).map(({ history, kind }) => ({ sourceName: history?.sourceName ?? null, kind })),
    histories,
    changes: changes.map((change) =>
      change.kind === 'verdict_changed' ? { ...change, turn: turnOf(change) } : change,
    ),
    unread,
  };
  return `${jsonText(document)}\n`;
}

const columns: Readonly<Record<string, keyof Change>> = {
  at: 'at',
  kind: 'kind',
  source_name: 'sourceName',
  organization_id: 'organizationId',
  service_id: 'serviceId',
  service_name: 'serviceName',
  method: 'method',
  region: 'region',
  account_id: 'accountId',
  account_name: 'accountName',
  rule_id: 'ruleId',
  resource_id: 'resourceId',
  before: 'before',
  after: 'after',
  event_id: 'eventId',
  event_time: 'eventTime',
  actor: 'actor',
  severity: 'severity',
  reason: 'reason',
};

/** One line per change, with the columns of `delegation.drift`. As RFC 4180 has it, and no cell is a formula to a spreadsheet. */
export function csvDrift({ changes }: Drift): string {
  return stringify(
    changes.map((change) =>
      Object.fromEntries(Object.entries(columns).map(([name, member]) => [name, change[member]])),
    ),
    {
      header: true,
      columns: Object.keys(columns),
      escape_formulas: true,
      record_delimiter: 'windows',
      quoted_match: /[\r\n]/,
      cast: { string: visible },
    },
  );
}
