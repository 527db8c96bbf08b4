import type { ReportInput } from '../rules/index.js';
import { countsOf } from './summary.js';

/** One JSON document, indented, with all of the input and the counts. Member names stay from version to version. */
export function jsonReport(input: ReportInput): string {
  const { organizations, delegations, results, executionTime, packVersion } = input;
  const { byStatus, unknownByCause } = countsOf(results);
  const report = {
    executionTime: executionTime.toISOString(),
    packVersion,
    organizations,
    counts: { ...byStatus, unknownByCause },
    delegations,
    results: results.map(({ rule, ...result }) => ({
      checkId: rule.id,
      title: rule.title,
      severity: rule.severity,
      frameworks: rule.frameworks,
      ...result,
      source: rule.source,
    })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}
