import { stringify } from 'csv-stringify/sync';
import type { ReportInput } from '../rules/index.js';
import { visible } from './characters.js';
import { idleWaivers, manualQuestions, waiverText } from './summary.js';

const columns = [
  'record',
  'status',
  'severity',
  'check_id',
  'title',
  'organization_id',
  'account_id',
  'region',
  'resource_id',
  'reason',
  'unknown_cause',
  'raw_status',
  'waiver',
  'remediation',
  'frameworks',
] as const;
type Row = Partial<Record<(typeof columns)[number], string | null>>;

/**
 * One line per verdict, then one per waiver that is not used any more and per manual question; `record` tells them apart.
 * As RFC 4180 has it, and no cell is a formula to a spreadsheet.
 */
export function csvReport(input: ReportInput): string {
  const rows: Row[] = [
    ...input.results.map((result): Row => ({
      record: 'verdict',
      status: result.status,
      severity: result.rule.severity,
      check_id: result.rule.id,
      title: result.rule.title,
      organization_id: result.organizationId,
      account_id: result.accountId,
      region: result.region,
      resource_id: result.resourceId,
      reason: result.reason,
      unknown_cause: result.unknownCause,
      raw_status: result.rawStatus,
      waiver: result.waiver,
      remediation: result.remediation,
      frameworks: Object.entries(result.rule.frameworks)
        .map(([id, numbers]) => `${id}: ${numbers.join(', ')}`)
        .join('; '),
    })),
    ...idleWaivers(input).map((waiver): Row => ({
      record: 'waiver',
      status: waiver.state,
      check_id: waiver.rule,
      organization_id: waiver.organizationId,
      account_id: waiver.accountId,
      region: waiver.region,
      resource_id: waiver.resource,
      reason: waiverText(waiver),
    })),
    ...manualQuestions(input).map(({ controlId, question }): Row => ({
      record: 'manual',
      status: 'manual',
      reason: question,
      frameworks: `${input.framework?.id ?? ''}: ${controlId}`,
    })),
  ];
  return stringify(rows, {
    header: true,
    columns: [...columns],
    escape_formulas: true,
    record_delimiter: 'windows',
    // Half of a line break ends a line to a spreadsheet too.
    quoted_match: /[\r\n]/,
    cast: { string: visible },
  });
}
